//! The samples are what they say: every protocol has some, and they read without a flaw.

#![cfg(test)]

#[path = "../samples/mod.rs"]
mod samples;

use wire::{Blame, Depth, Message, Protocol, Sink};

/// Messages of one protocol, and what was wrong with any.
struct Notes {
    of: Protocol,
    messages: usize,
    wrong: Vec<String>,
}

impl Sink for Notes {
    fn message(&mut self, message: &Message<'_>) {
        self.messages += usize::from(message.protocol == self.of);
        for anomaly in message.anomalies.iter().filter(|one| one.blame == Blame::Malformed) {
            let operation = message.operation.name;
            self.wrong.push(format!("{}, {operation}: {}", message.protocol, anomaly.what));
        }
    }
}

#[test]
fn every_protocol_that_is_read_has_a_sample() {
    let samples = samples::all().unwrap();
    let read = Protocol::all().filter(|one| one.entry().depth != Depth::Recognised);
    let bare: Vec<_> = read.filter(|one| samples.iter().all(|s| s.protocol != *one)).collect();
    assert!(bare.is_empty(), "crates/wire/samples/exchanges.txt has nothing of {bare:?}");
}

#[test]
fn samples_are_messages_of_their_protocol_without_malformed_bytes() {
    let mut wrong = Vec::new();
    for sample in samples::all().unwrap() {
        let mut session = sample.open();
        for round in 1..=3 {
            let mut notes = Notes { of: sample.protocol, messages: 0, wrong: Vec::new() };
            sample.round(&mut session, &mut notes);
            if notes.messages == 0 {
                notes.wrong.push("no message".to_owned());
            }
            let name = sample.protocol;
            wrong.extend(notes.wrong.iter().map(|what| format!("{name}, round {round}: {what}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
