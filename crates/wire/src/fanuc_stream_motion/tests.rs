//! Stream Motion packets made by hand from the vendor's structures.

use plant::Intent;

use super::{ENTRY, codes};
use crate::testing::{identify, never_panics, run};
use crate::{Effect, Guess, Side, Transport};

const CLIENT: Side = Side::Client;
const SERVER: Side = Side::Server;

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A command to these joint angles.
fn command(sequence: u32, last: u8, motion: u8, axes: [f64; 9]) -> Vec<u8> {
    let mut bytes = words(&[201, 3, sequence]);
    bytes.extend_from_slice(&[last, motion, 0xff, 0xff]);
    axes.iter().for_each(|axis| bytes.extend_from_slice(&axis.to_be_bytes()));
    bytes.resize(344, 0); // i/o
    bytes
}

/// A status with contact stop `SAFE` and joint 1 at 12.5 degrees.
fn status(kind: u32, length: usize) -> Vec<u8> {
    let mut bytes = words(&[kind, 3, 77]);
    bytes.extend_from_slice(&[0x0d, 0x03, 1, 0, 0, 0, 0, 4]);
    bytes.extend_from_slice(&[0; 36]); // place
    bytes.extend_from_slice(&12.5_f32.to_be_bytes());
    bytes.extend_from_slice(&[0; 32 + 36]); // other joints, currents
    bytes.extend_from_slice(&1.0_f32.to_be_bytes());
    bytes.resize(length, 0);
    bytes
}

#[test]
fn a_command_moves_unless_it_only_writes_outputs() {
    let axes = [0.0, -90.0, 12.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let seen = run(&ENTRY, &[(CLIENT, &command(5, 0, 1, axes)), (CLIENT, &command(6, 1, 0, axes))]);
    assert_eq!(seen[0].line(), "request command [operate]");
    assert_eq!(seen[0].values, "move to 0.000 -90.000 12.250 0.000 0.000 0.000 0.000 0.000 0.000");
    assert_eq!(seen[0].id, Some(5));
    assert_eq!(seen[1].line(), "request command, i/o only [operate]");
    assert!(seen[1].values.starts_with("at ") && seen[1].values.ends_with(", last"));
    let effect = |code| codes::REQUESTS.iter().find(|row| row.code == code).map(|row| row.effect);
    assert_eq!(effect(201), Some(Effect::Motion));
}

#[test]
fn the_controller_streams_its_state_and_is_known_once() {
    let seen = run(&ENTRY, &[(SERVER, &status(202, 388)), (SERVER, &status(204, 416))]);
    assert_eq!(seen[0].line(), "notice status [observe]");
    assert_eq!(
        seen[0].values,
        "status 0x0d 0x03, contact stop safe, safety scale 1.00, joints 12.500 0.000 0.000 0.000 \
         0.000 0.000 0.000 0.000 0.000"
    );
    assert_eq!(seen[0].facts, ["vendor=FANUC", "role=robot"]);
    assert_eq!(seen[1].line(), "notice status with force [observe]");
    assert!(seen[1].facts.is_empty() && seen[1].anomalies.is_empty());
}

#[test]
fn configuration_is_asked_for_and_answered() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &words(&[200, 3])),
            (CLIENT, &words(&[7, 3, 1, 0, 0, 0, 0])),
            (SERVER, &words(&[7, 3, 1, 8, 0, 3, 0])),
            (CLIENT, &words(&[8, 3, 1, 0, 2, 0, 1])),
            (CLIENT, &[&words(&[203, 3])[..], &[0; 512]].concat()),
            (SERVER, &words(&[203, 0, 1])),
            (SERVER, &words(&[203, 6, 1])),
            (CLIENT, &words(&[2, 3])),
        ],
    );
    let lines: Vec<_> = seen.iter().map(crate::testing::Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request start [session]",
            "request get capability [observe]",
            "response get capability [observe] = ok",
            "request set capability [administer]",
            "request gpio config [operate]",
            "response gpio config [operate] = ok",
            "response gpio config [operate] = error 0x06",
            "request stop [session]",
        ]
    );
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn lengths_and_numbers_that_cannot_be_are_malformed() {
    let mut wild = [0.0; 9];
    wild[3] = f64::NAN;
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &command(1, 0, 1, wild)),
            (CLIENT, &command(1, 0, 1, [0.0; 9])[..300]),
            (CLIENT, &words(&[201, 3, 1])),
            (CLIENT, &words(&[200, 0])),
            (CLIENT, &words(&[99, 3])),
        ],
    );
    assert_eq!(seen[0].anomalies, ["position is not a number"]);
    assert_eq!(seen[1].anomalies, ["packet does not have the length of its type"]);
    assert_eq!(seen[2].anomalies, ["packet does not have the length of its type"]);
    assert_eq!(seen[2].line(), "request command [operate]"); // cut short, still a command
    assert_eq!(seen[3].anomalies, ["version is not listed"]);
    assert_eq!(seen[4].intent, Intent::Unknown);
}

#[test]
fn long_packets_identify_themselves_and_short_ones_want_the_port() {
    let ask = |bytes: &[u8], hinted| identify(&ENTRY, Transport::Udp, bytes, hinted);
    assert_eq!(ask(&command(1, 0, 1, [0.0; 9]), false), Guess::Yes(Some(CLIENT)));
    assert_eq!(ask(&status(204, 416), false), Guess::Yes(Some(SERVER)));
    assert_eq!(ask(&words(&[200, 3]), false), Guess::No);
    assert_eq!(ask(&words(&[200, 3]), true), Guess::Yes(Some(CLIENT)));
    assert_eq!(ask(&words(&[7, 3, 1, 0, 0, 0, 0]), true), Guess::Yes(None));
    assert_eq!(ask(&words(&[200, 300]), true), Guess::No);
    assert_eq!(ask(&status(202, 400), true), Guess::No);
    assert_eq!(ask(&[0, 0, 0, 200, 0, 0], true), Guess::No);
    let stream = identify(&ENTRY, Transport::Tcp, &command(1, 0, 1, [0.0; 9]), true);
    assert_eq!(stream, Guess::No);
}

#[test]
fn every_truncation_is_one_message_or_none() {
    let whole = status(202, 388);
    for end in 1..whole.len() {
        let seen = run(&ENTRY, &[(SERVER, &whole[..end])]);
        assert_eq!(seen.len(), usize::from(end >= 8), "{end}");
        assert!(seen.iter().all(|seen| !seen.anomalies.is_empty()), "{end}");
    }
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &command(1, 0, 1, [1.0; 9]));
    never_panics(&ENTRY, &status(204, 416));
}
