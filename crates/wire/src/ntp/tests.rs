//! NTP from constant bytes, composed after RFC 5905 figure 8 and RFC 9327.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

fn message(first: u8, stratum: u8, reference: &[u8; 4]) -> Vec<u8> {
    [&[first, stratum, 6, 0xec, 0, 0, 0, 0, 0, 0, 0, 0][..], reference, &[0; 32]].concat()
}

fn only(bytes: &[u8]) -> Seen {
    run(&ENTRY, &[(Side::Client, bytes)]).remove(0)
}

#[test]
fn a_server_answers_with_its_stratum_and_source() {
    let request = message(0x23, 0, &[0; 4]);
    let response = message(0x24, 1, b"GPS\0");
    let seen = run(&ENTRY, &[(Side::Client, &request), (Side::Server, &response)]);
    assert_eq!(seen[0].line(), "request time [observe]");
    assert_eq!(seen[1].line(), "response time [observe] = ok");
    assert_eq!(seen[1].values, "version 4 stratum 1 GPS");
    assert_eq!((seen[0].facts.len(), seen[1].facts.clone()), (0, vec!["role=server".to_owned()]));
    assert_eq!(only(&message(0x1c, 2, &[10, 0, 0, 1])).values, "version 3 stratum 2 10.0.0.1");
    assert_eq!(only(&message(0x25, 2, &[0; 4])).line(), "notice broadcast [session]");
}

#[test]
fn control_messages_that_write_administer() {
    let control = |flags: u8| [&[0x16, flags, 0, 9, 7, 0][..], &[0; 6]].concat();
    assert_eq!(only(&control(2)).line(), "request read variables [observe]");
    assert_eq!(only(&control(8)).line(), "request configure [administer]");
    assert_eq!(
        only(&control(0xc8)).line(),
        "response configure [administer] = administratively prohibited"
    );
    assert_eq!(only(&control(0x1e)).line(), "request unlisted control [unknown]");
}

#[test]
fn private_requests_that_change_the_server_administer() {
    assert_eq!(only(&[0x17, 0, 3, 42, 0, 0, 0, 0]).line(), "request monitor list [observe]");
    assert_eq!(only(&[0x97, 0, 3, 42, 0, 0, 0, 0]).line(), "response monitor list [observe] = ok");
    assert_eq!(only(&[0x17, 0, 3, 10, 0, 0, 0, 0]).line(), "request add peers [administer]");
    assert_eq!(only(&[0x17, 0, 3, 200, 0, 0, 0, 0]).line(), "request private [unknown]");
}

#[test]
fn reserved_values_and_short_messages_are_anomalies() {
    assert_eq!(only(&message(0x3b, 0, &[0; 4])).anomalies, ["version is none of 1 to 4"]);
    assert_eq!(only(&message(0x24, 17, &[0; 4])).anomalies, ["stratum is reserved"]);
    let whole = message(0x24, 16, &[0; 4]);
    assert!(only(&whole).anomalies.is_empty());
    for end in 1..whole.len() {
        assert_eq!(
            only(&whole[..end]).anomalies,
            ["message is shorter than it announces"],
            "{end}"
        );
    }
}

#[test]
fn only_a_hint_makes_such_bytes_ntp() {
    let bytes = message(0x23, 0, &[0; 4]);
    let ask = |bytes: &[u8], hinted| identify(&ENTRY, Transport::Udp, bytes, hinted);
    assert_eq!(ask(&bytes, true), Guess::Yes(Some(Side::Client)));
    assert_eq!(ask(&bytes, false), Guess::No);
    assert_eq!(ask(&bytes[..47], true), Guess::No);
    assert_eq!(ask(&message(0x3b, 0, &[0; 4]), true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &message(0x24, 1, b"GPS\0"));
    never_panics(&ENTRY, &[0x16, 2, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0]);
}
