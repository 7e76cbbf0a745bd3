//! RDP from constant bytes, composed after the structures of MS-RDPBCGR 2.2.1.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side};

fn unit(code: u8, variable: &[u8]) -> Vec<u8> {
    let length = u8::try_from(variable.len()).unwrap();
    [&[3, 0, 0, length + 11, length + 6, code, 0, 0, 0, 0, 0][..], variable].concat()
}

fn request() -> Vec<u8> {
    unit(0xe0, b"Cookie: mstshash=bob\r\n\x01\0\x08\0\x03\0\0\0")
}

fn confirm(kind: u8, value: u8) -> Vec<u8> {
    unit(0xd0, &[kind, 0, 8, 0, value, 0, 0, 0])
}

fn exchange(response: &[u8]) -> Vec<Seen> {
    run(&ENTRY, &[(Side::Client, &request()), (Side::Server, response)])
}

#[test]
fn a_request_names_its_account_and_protocols() {
    let seen = exchange(&confirm(2, 2));
    assert_eq!(seen[0].line(), "request connect [session] bob");
    assert_eq!(seen[0].values, "tls,credssp");
    assert_eq!(
        (seen[1].line().as_str(), seen[1].values.as_str()),
        ("response connect [session] = ok", "credssp")
    );
    assert!(seen[1].facts.is_empty());
}

#[test]
fn the_protection_of_rdp_itself_is_obsolete() {
    for response in [confirm(2, 0), unit(0xd0, &[])] {
        assert_eq!(exchange(&response)[1].facts, ["obsolete=RDP standard security"]);
    }
    let seen = run(&ENTRY, &[(Side::Server, &[unit(0xd0, &[]), vec![3, 0, 0, 9, 1, 2]].concat())]);
    assert_eq!(seen[1].line(), "notice desktop [unknown]");
}

#[test]
fn a_refusal_has_a_name() {
    assert_eq!(exchange(&confirm(3, 5))[1].outcome, "credssp required by server");
}

#[test]
fn after_tls_was_chosen_the_stream_is_tls() {
    let stream = [confirm(2, 1), vec![21, 3, 1, 0, 2, 2, 40]].concat();
    let seen = run(&ENTRY, &[(Side::Server, &stream)]);
    assert_eq!((seen[1].protocol, seen[1].outcome.as_str()), ("tls", "handshake failure"));
}

#[test]
fn access_points_of_controllers_are_not_rdp() {
    // S7: source and destination TSAP, TPDU size
    let s7 = unit(0xe0, &[0xc1, 2, 1, 0, 0xc2, 2, 1, 2, 0xc0, 1, 10]);
    assert_eq!(identify_tcp(&ENTRY, &s7, true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &unit(0xe0, &[]), false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &unit(0xe0, &[]), true), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, &request(), false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, &confirm(2, 1), false), Guess::Yes(Some(Side::Server)));
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &request());
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &request());
    never_panics(&ENTRY, &confirm(2, 0));
}
