//! UMAS from constant bytes, made by hand from the layouts of `mod.rs`, alone and inside Modbus.

use super::ENTRY;
use crate::testing::{Collector, Seen, identify_tcp, never_panics, run, truncations};
use crate::{Entry, Guess, Side, Step, modbus};

/// A Modbus/TCP message of function 90 to unit 0 with pairing key 1.
fn framed(transaction: u8, function: u8, data: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(data.len() + 4).unwrap().to_be_bytes();
    [&[0, transaction, 0, 0, high, low, 0, 0x5a, 1, function][..], data].concat()
}

fn exchange(function: u8, asked: &[u8], answered: &[u8]) -> Vec<Seen> {
    let (ask, answer) = (framed(7, function, asked), framed(7, 0xfe, answered));
    run(&modbus::ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)])
}

fn only(function: u8, data: &[u8]) -> Seen {
    run(&modbus::ENTRY, &[(Side::Client, &framed(7, function, data))]).remove(0)
}

#[test]
fn modbus_hands_function_90_over() {
    let seen = exchange(0x41, &[0xff, 0], &[]);
    assert_eq!((seen[0].protocol, seen[0].code, seen[0].id), ("umas", 0x41, Some(7)));
    assert_eq!(seen[0].line(), "request stop plc [administer]");
    assert_eq!(seen[1].line(), "response stop plc [administer] = ok");
    assert_eq!(only(0x40, &[0xff, 0]).line(), "request start plc [operate]");
    assert_eq!(only(0x99, &[]).line(), "request unlisted function [unknown]");
    // controllers without UMAS refuse it as Modbus does
    let refused = [0, 7, 0, 0, 0, 3, 0, 0xda, 1];
    let ask = framed(7, 0x41, &[]);
    let seen = run(&modbus::ENTRY, &[(Side::Client, &ask), (Side::Server, &refused)]);
    assert_eq!(seen[1].line(), "response stop plc [administer] = illegal function");
    assert_eq!((seen[1].protocol, seen[1].anomalies.len()), ("umas", 0));
}

#[test]
fn effects_follow_the_direction_that_programs_take() {
    let effect = |function| super::codes::operation(function).effect;
    assert_eq!(effect(0x30), crate::Effect::Download, "UMAS uploads to the controller");
    assert_eq!(effect(0x34), crate::Effect::Upload);
    assert_eq!((effect(0x40), effect(0x41)), (crate::Effect::Start, crate::Effect::Stop));
}

#[test]
fn requests_show_what_they_act_on() {
    // range 0, block 0x14, offset 0x64, 0, 246 bytes
    let read = only(0x20, &[0, 0x14, 0, 0x64, 0, 0, 0, 0xf6, 0]);
    assert_eq!(read.line(), "request read memory block [observe] block 0x14 byte 100..345");
    let write = only(0x23, &[1, 2, 3, 4, 2, 0]);
    assert_eq!(write.line(), "request write variables [operate] 2 variables");
    let take = only(0x10, &[0x43, 0x4c, 0, 0, 5, b'P', b'C', b'-', b'0', b'7']);
    assert_eq!(take.line(), "request take plc reservation [administer] PC-07");
    assert_eq!(take.facts, ["name=PC-07"]);
    assert_eq!(only(0x20, &[0, 1]).anomalies, ["message is shorter than it announces"]);
}

#[test]
fn read_id_tells_the_model() {
    let mut answer = vec![0; 22];
    answer.extend(b"\x0e140 CPU 311 10\x01");
    let seen = exchange(0x02, &[], &answer);
    assert_eq!(seen[1].facts, ["vendor=Schneider Electric", "product=140 CPU 311 10", "role=plc"]);
}

#[test]
fn refusals_keep_their_code() {
    let (ask, answer) = (framed(7, 0x41, &[]), framed(7, 0xfd, &[0x81, 0x80]));
    let seen = run(&modbus::ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)]);
    assert_eq!(seen[1].outcome, "error 0x8081");
    let unasked = run(&modbus::ENTRY, &[(Side::Server, &answer)]).remove(0);
    assert_eq!(unasked.line(), "response response [unknown] = error 0x8081");
}

/// Block `number` of file 1 with these bytes.
fn upload(number: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).unwrap();
    framed(number, 0x31, &[&[0, 1, number, 0, length, 0][..], bytes].concat())
}

#[test]
fn blocks_are_pieces_and_a_block_that_repeats_takes_its_place_again() {
    let parts = [
        framed(0, 0x30, &[0, 1]),
        upload(1, b"APX"),
        upload(2, b"12"),
        upload(2, b"34"),
        upload(3, b"5"),
        framed(9, 0x32, &[0, 1, 3, 0]),
    ];
    let seen = run(&modbus::ENTRY, &[(Side::Client, &parts.concat())]);
    let pieces: Vec<_> = seen.iter().filter_map(|seen| seen.piece.as_deref()).collect();
    assert_eq!(
        pieces,
        [
            "First Modicon project project.apx to Server, 3 bytes at 0",
            "Next Modicon project project.apx to Server, 2 bytes at 3",
            "Next Modicon project project.apx to Server, 2 bytes at 3",
            "Next Modicon project project.apx to Server, 1 bytes at 5",
            "Last Modicon project project.apx to Server, 0 bytes at 6",
        ]
    );
    assert_eq!(seen[1].line(), "request upload block [program] file 0x01 block 1");
    let lie = only(0x31, &[0, 1, 1, 0, 9, 0, 1]);
    assert_eq!(lie.anomalies, ["block length does not match the data"]);
}

#[test]
fn downloads_come_back_in_answers() {
    let begin = framed(1, 0x33, &[0, 1, 0xfb, 0]);
    let ask = framed(2, 0x34, &[0, 1, 1, 0]);
    let answer = framed(2, 0xfe, &[1, 0, 3, 0, b'A', b'P', b'X']);
    let seen = run(
        &modbus::ENTRY,
        &[(Side::Client, &begin), (Side::Client, &ask), (Side::Server, &answer)],
    );
    let piece = "Whole Modicon project project.apx to Client, 3 bytes at 0";
    assert_eq!(seen[2].piece.as_deref(), Some(piece));
}

#[test]
fn signed_requests_are_read_inside() {
    let inside = [&[1][..], &[0xaa; 32], &[0x5a, 1, 0x41, 0xff, 0]].concat();
    assert_eq!(only(0x38, &inside).line(), "request stop plc [administer]");
    assert_eq!(only(0x38, &[1, 2]).line(), "request umas reserved [unknown]");
}

#[test]
fn long_frames_pass_the_limit_of_modbus_for_umas_only() {
    let long = framed(1, 0x31, &[&[0, 1, 1, 0, 0xf4, 3][..], &[0; 1012]].concat());
    let mut seen = Collector::default();
    let step = (modbus::ENTRY.open)().parse(Side::Client, &long, &mut seen);
    assert_eq!(step, Step::Read(long.len()));
    assert!(seen.0[0].anomalies.is_empty());
    truncations(&modbus::ENTRY, Side::Client, &long);
    let mut other = long;
    other[7] = 3;
    let step = (modbus::ENTRY.open)().parse(Side::Client, &other, &mut seen);
    assert_eq!(step, Step::Lost);
    let at = |length: u16| {
        let [high, low] = length.to_be_bytes();
        (modbus::ENTRY.open)().parse(
            Side::Client,
            &[0, 1, 0, 0, high, low, 0, 0x5a],
            &mut Collector::default(),
        )
    };
    assert_eq!(at(1100), Step::Need(1106));
    assert_eq!(at(1101), Step::Lost);
    assert_eq!(identify_tcp(&modbus::ENTRY, &[0, 1, 0, 0, 1, 0, 0, 3], true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    let entries: [&Entry; 2] = [&ENTRY, &modbus::ENTRY];
    for entry in entries {
        never_panics(entry, &framed(1, 0x31, &[0, 1, 1, 0, 2, 0, 1, 2]));
        never_panics(entry, &[1, 0x38, 1, 2, 3, 4]);
    }
}
