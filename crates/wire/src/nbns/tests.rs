//! NetBIOS names from constant bytes, composed after RFC 1002 clause 4.2.

use super::ENTRY;
use crate::testing::{identify, never_panics, run};
use crate::{Guess, Side, Transport};

/// A name of 15 bytes and its suffix, in letters.
fn encoded(name: &str, suffix: u8) -> Vec<u8> {
    let mut bytes = format!("{name:<15}").into_bytes();
    bytes.push(suffix);
    let letters = bytes.iter().flat_map(|byte| [b'A' + (byte >> 4), b'A' + (byte & 15)]);
    [vec![32], letters.collect(), vec![0]].concat()
}

fn query(kind: u8) -> Vec<u8> {
    let head = [0, 9, 0x01, 0x10, 0, 1, 0, 0, 0, 0, 0, 0];
    [&head[..], &encoded("CELL-PC", 0x20), &[0, kind, 0, 1]].concat()
}

#[test]
fn a_query_names_what_it_asks_for() {
    let seen = run(&ENTRY, &[(Side::Client, &query(0x20))]);
    assert_eq!(seen[0].line(), "request query [observe] CELL-PC<20>");
    let seen = run(&ENTRY, &[(Side::Client, &query(0x21))]);
    assert_eq!(seen[0].line(), "request node status [observe] CELL-PC<20>");
}

#[test]
fn a_node_status_tells_the_name_of_the_station_and_not_its_group() {
    let head = [0, 9, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    let names = [
        &[2][..],
        b"WORKGROUP      \0\x84\0", // a group
        b"CELL-PC        \0\x04\0",
    ]
    .concat();
    let length = u8::try_from(names.len()).unwrap();
    let fixed = [0, 0x21, 0, 1, 0, 0, 0, 0, 0, length];
    let bytes = [&head[..], &encoded("*", 0), &fixed, &names].concat();
    let seen = run(&ENTRY, &[(Side::Server, &bytes)]);
    assert_eq!(seen[0].facts, ["hostname=CELL-PC"]);
    assert_eq!(seen[0].outcome, "ok");
}

#[test]
fn a_station_that_registers_a_name_has_it() {
    let registration = |flags: u8| {
        let head = [0, 9, 0x29, 0x10, 0, 1, 0, 0, 0, 0, 0, 1];
        let record = [0xc0, 12, 0, 0x20, 0, 1, 0, 0, 0, 0, 0, 6, flags, 0, 10, 0, 0, 7];
        let bytes = [&head[..], &encoded("HMI-3", 0), &[0, 0x20, 0, 1], &record].concat();
        run(&ENTRY, &[(Side::Client, &bytes)]).remove(0)
    };
    assert_eq!(registration(0).line(), "request registration [session] HMI-3<00>");
    assert_eq!(registration(0).facts, ["hostname=HMI-3"]);
    assert!(registration(0x80).facts.is_empty(), "a group");
}

#[test]
fn names_in_letters_are_netbios_and_others_are_not() {
    let bytes = query(0x20);
    let ask = |bytes: &[u8]| identify(&ENTRY, Transport::Udp, bytes, true);
    assert_eq!(ask(&bytes), Guess::Yes(Some(Side::Client)));
    let mut other = bytes.clone();
    other[20] = b'z';
    assert_eq!(ask(&other), Guess::No);
    for end in 1..bytes.len() {
        assert_eq!(ask(&bytes[..end]), Guess::No);
    }
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &query(0x21));
}
