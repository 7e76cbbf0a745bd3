//! What all sessions together keep stays below the bound that the limits set, counted by an
//! allocator that counts: the short form of `cargo xtask bench memory`.

#![cfg(test)]

#[path = "../samples/mod.rs"]
mod samples;

use flow::Limits;
use wire::Protocol;

/// Bytes of each protocol's stream.
const STREAM_BYTES: u64 = 600_000;
/// Room for what is no session: stations, conversations, programs, the table of flows.
const TABLES_BYTES: u64 = 2_000_000;

#[test]
fn an_endless_stream_of_the_worst_case_of_each_protocol_stays_below_the_bound() {
    let limits = Limits { flows_max: 256, held_bytes_max: 512 * 1024, ..Limits::default() };
    let bound = limits.held_bytes_max as u64 + TABLES_BYTES;
    let mut wrong = Vec::new();
    for protocol in Protocol::all() {
        let mut sent = None;
        let counted = allocation_counter::measure(|| {
            sent = Some(samples::run(protocol, STREAM_BYTES, limits));
        });
        let sent = sent.unwrap().unwrap();
        if counted.bytes_max > bound || (sent.bytes > 0 && sent.messages == 0) {
            wrong.push(format!("{protocol}: {sent:?}, {} bytes at most", counted.bytes_max));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_sample_is_known_for_what_it_is() {
    assert_eq!(samples::strange().unwrap(), []);
}
