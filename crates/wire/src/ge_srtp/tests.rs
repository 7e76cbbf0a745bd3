//! SRTP frames made by hand, field by field as packets between drivers and controllers have them.

use plant::Intent;

use super::ENTRY;
use crate::testing::{Collector, identify_tcp, never_panics, run, truncations};
use crate::{Effect, Guess, Operation, Side, Step};

const CLIENT: Side = Side::Client;
const SERVER: Side = Side::Server;

/// A header with its fixed places filled.
pub(crate) fn header(kind: u8, sequence: u16, text: u16, message: u8) -> Vec<u8> {
    let mut bytes = vec![0; 56];
    bytes[0] = kind;
    bytes[2..4].copy_from_slice(&sequence.to_le_bytes());
    bytes[4..6].copy_from_slice(&text.to_le_bytes());
    bytes[9] = 1;
    bytes[17] = 1;
    bytes[30] = 6;
    bytes[31] = message;
    bytes[40] = 1; // packet 1
    bytes[41] = 1; // of 1
    bytes
}

/// Service, selector, index from 0 and count inside the header, with up to 6 bytes of data.
pub(crate) fn short(
    sequence: u16,
    service: u8,
    selector: u8,
    place: [u16; 2],
    data: &[u8],
) -> Vec<u8> {
    let mut bytes = header(2, sequence, 0, 0xc0);
    bytes[36..38].copy_from_slice(&[0x10, 0x0e]); // mailbox of the CPU in slot 1
    bytes[42] = service;
    bytes[43] = selector;
    bytes[44..46].copy_from_slice(&place[0].to_le_bytes());
    bytes[46..48].copy_from_slice(&place[1].to_le_bytes());
    bytes[48..48 + data.len()].copy_from_slice(data);
    bytes
}

/// The same with the data behind the header.
pub(crate) fn long(
    sequence: u16,
    service: u8,
    selector: u8,
    place: [u16; 2],
    data: &[u8],
) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    let mut bytes = header(2, sequence, length, 0x80);
    bytes[36..38].copy_from_slice(&[0x10, 0x0e]);
    bytes[42..44].copy_from_slice(&length.to_le_bytes());
    bytes[48..52].copy_from_slice(&[1, 1, service, selector]);
    bytes[52..54].copy_from_slice(&place[0].to_le_bytes());
    bytes[54..56].copy_from_slice(&place[1].to_le_bytes());
    bytes.extend_from_slice(data);
    bytes
}

/// A reply with data inside the header (up to 6 bytes) or behind it.
pub(crate) fn reply(sequence: u16, message: u8, status: [u8; 2], data: &[u8]) -> Vec<u8> {
    let text = if message == 0x94 { u16::try_from(data.len()).unwrap() } else { 0 };
    let mut bytes = header(3, sequence, text, message);
    bytes[32..38].copy_from_slice(&[0x10, 0x0e, 0, 0, 0x30, 0x3a]);
    bytes[42..44].copy_from_slice(&status);
    bytes[54..56].copy_from_slice(&[0x7c, 0x21]); // PLC status: stop, i/o disabled
    if message == 0x94 {
        bytes.extend_from_slice(data);
    } else {
        bytes[44..44 + data.len()].copy_from_slice(data);
    }
    bytes
}

#[test]
fn a_connection_is_opened_by_zeros_and_session_control() {
    let mut ack = vec![0; 56];
    ack[0] = 1;
    ack[8] = 1;
    let control = short(1, 0x4f, 1, [0, 0], &[]);
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &[0; 56]),
            (SERVER, &ack),
            (CLIENT, &control),
            (SERVER, &reply(1, 0xd4, [0, 0], &[])),
        ],
    );
    let lines: Vec<_> = seen.iter().map(crate::testing::Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request init [session]",
            "response init [session] = ok",
            "request session control [session]",
            "response session control [session] = ok",
        ]
    );
    assert!(seen.iter().all(|seen| seen.protocol == "ge-srtp" && seen.facts.is_empty()));
}

#[test]
fn reads_show_memory_and_what_came_back() {
    // %AI11, one word, answered inside the header; %R2043..2082 answered behind it
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &short(0xae, 4, 0x0a, [10, 1], &[])),
            (SERVER, &reply(0xae, 0xd4, [0, 0], &[0x30, 0x02])),
            (CLIENT, &short(6, 4, 0x08, [0x07fa, 40], &[])),
            (SERVER, &reply(6, 0x94, [0, 0], &[b'L'; 80])),
        ],
    );
    assert_eq!(seen[0].line(), "request read system memory [observe] %AI 11");
    assert_eq!(seen[1].line(), "response read system memory [observe] %AI 11 = ok");
    assert_eq!(seen[1].values, "560");
    assert_eq!(seen[2].line(), "request read system memory [observe] %R 2043..2082");
    assert!(seen[3].values.starts_with("19532 19532 ") && seen[3].values.ends_with(" .."));
    assert_eq!((seen[3].id, seen[3].anomalies.len()), (Some(6), 0));
}

#[test]
fn writes_show_their_values_in_both_forms() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &long(0x68fd, 7, 0x08, [0, 1], &[0xd2, 0x04])), // %R1 = 1234
            (CLIENT, &short(2, 7, 0x08, [9, 2], &[1, 0, 2, 0])),
            (CLIENT, &long(3, 7, 0x46, [9, 1], &[0x02])), // %I10 on
        ],
    );
    assert_eq!(seen[0].line(), "request write system memory [operate] %R 1");
    assert_eq!((seen[0].values.as_str(), seen[0].id), ("1234", Some(0x68fd)));
    assert_eq!((seen[1].object.as_str(), seen[1].values.as_str()), ("%R 10..11", "1 2"));
    assert_eq!((seen[2].object.as_str(), seen[2].values.as_str()), ("%I 10", "02"));
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn refusals_are_errors_with_and_without_a_status() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &short(1, 4, 0x08, [0, 1], &[])),
            (SERVER, &reply(1, 0xd1, [5, 0xf4], &[])),
            (CLIENT, &short(2, 7, 0x10, [0, 1], &[1])),
            (SERVER, &reply(2, 0xd1, [0, 0], &[])),
            (SERVER, &reply(9, 0xd4, [0, 0], &[])),
        ],
    );
    assert_eq!(seen[1].outcome, "service request error");
    assert_eq!(seen[3].line(), "response write system memory [operate] %I byte 1 = refused");
    assert_eq!(seen[4].line(), "response response [unknown] = ok");
    assert_eq!(seen[4].anomalies, ["response without a request seen"]);
}

#[test]
fn what_stops_loads_or_forces_a_plc_is_judged_so() {
    let judged = |service: u8| {
        let seen = run(&ENTRY, &[(CLIENT, &short(1, service, 0, [0, 0], &[]))]);
        let row = Operation::find(super::codes::SERVICES, service.into());
        (seen[0].intent, row.map(|row| row.effect))
    };
    assert_eq!(judged(0x23), (Intent::Administer, Some(Effect::Stop)));
    assert_eq!(judged(0x40), (Intent::Program, Some(Effect::Download)));
    assert_eq!(judged(0x3f), (Intent::Observe, Some(Effect::Upload)));
    assert_eq!(judged(0x44), (Intent::Operate, Some(Effect::Plain)));
    assert_eq!(judged(0x77), (Intent::Unknown, None));
}

#[test]
fn the_short_status_tells_what_the_cpu_does() {
    let seen = run(
        &ENTRY,
        &[(CLIENT, &short(1, 0, 0, [0, 0], &[])), (SERVER, &reply(1, 0xd4, [0, 0], &[]))],
    );
    assert_eq!(seen[1].values, "stop, i/o disabled");
}

#[test]
fn data_that_does_not_fit_the_count_is_malformed() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &long(1, 7, 0x08, [0, 2], &[1, 0])), // two words announced, one sent
            (CLIENT, &short(2, 4, 0x08, [0, 4], &[])),
            (SERVER, &reply(2, 0xd4, [0, 0], &[])), // 8 bytes do not fit inside the header
            (CLIENT, &short(3, 4, 0x99, [0, 4], &[])),
            (CLIENT, &short(4, 4, 0x08, [0xffff, 0xffff], &[])),
        ],
    );
    assert_eq!(seen[0].anomalies, ["data does not match the number of points"]);
    assert_eq!(seen[2].anomalies, ["data does not match the number of points"]);
    assert_eq!(seen[3].anomalies, ["memory selector is not listed"]);
    assert_eq!(seen[4].object, "%R 65536..131070");
}

#[test]
fn several_packets_of_one_message_are_marked() {
    let mut first = reply(1, 0x94, [0, 0], &[1, 2]);
    first[41] = 2; // of 2
    let seen = run(&ENTRY, &[(CLIENT, &short(1, 0x38, 0, [0, 0], &[])), (SERVER, &first)]);
    assert_eq!(seen[1].anomalies, ["several packets make this message"]);
}

#[test]
fn addresses_identify_a_request_and_zeros_want_the_port() {
    let ask = |bytes: &[u8], hinted| identify_tcp(&ENTRY, bytes, hinted);
    assert_eq!(ask(&short(1, 4, 8, [0, 1], &[]), false), Guess::Yes(Some(CLIENT)));
    assert_eq!(ask(&reply(1, 0xd4, [0, 0], &[]), false), Guess::Yes(Some(SERVER)));
    assert_eq!(ask(&[0; 56], true), Guess::Yes(Some(CLIENT)));
    assert_eq!(ask(&[0; 56], false), Guess::No);
    assert_eq!(ask(&[0; 20], true), Guess::More);
    assert_eq!(ask(&[0; 20], false), Guess::No);
    let mut elsewhere = short(1, 4, 8, [0, 1], &[]);
    elsewhere[37] = 0x0f; // not the mailbox of a CPU
    assert_eq!(ask(&elsewhere, true), Guess::No);
    assert_eq!(ask(b"GET / HTTP/1.1\r\n", true), Guess::No);
    assert_eq!(ask(&[3, 0, 0, 22, 17, 0xe0, 0, 0, 0, 1, 0], true), Guess::More); // TPKT, short
    assert_eq!(ask(&[&[3, 0, 0, 60, 2, 0xf0, 0x80][..], &[7; 53]].concat(), true), Guess::No);
}

#[test]
fn foreign_bytes_lose_the_stream() {
    let mut sink = Collector::default();
    let mut parse = |bytes: &[u8]| (ENTRY.open)().parse(CLIENT, bytes, &mut sink);
    assert_eq!(parse(&[2, 1, 0, 0]), Step::Lost);
    assert_eq!(parse(&header(2, 1, 0, 0xd4)), Step::Lost); // a reply's message type
    assert_eq!(parse(&[&[0; 20][..], &[1], &[0; 35]].concat()), Step::Lost);
    // the largest text
    let mut largest = long(1, 7, 8, [0, 1], &[]);
    largest[4..6].copy_from_slice(&[0xff, 0xff]);
    assert_eq!(parse(&largest), Step::Need(56 + 61_440));
    largest.resize(56 + 61_440, 0);
    assert_eq!(parse(&largest), Step::Read(56 + 65_535));
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, CLIENT, &long(1, 7, 0x08, [0, 2], &[1, 0, 2, 0]));
    truncations(&ENTRY, SERVER, &reply(1, 0x94, [0, 0], &[1, 2, 3, 4, 5, 6, 7, 8]));
    truncations(&ENTRY, CLIENT, &[0; 56]);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &long(1, 7, 0x46, [9, 100], &[1, 0, 2, 0]));
    never_panics(&ENTRY, &reply(1, 0x94, [0, 0], &[1; 40]));
}
