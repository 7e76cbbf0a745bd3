//! ARP from constant bytes, laid out by hand after RFC 826.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

/// A packet for IPv4 over Ethernet; the MAC addresses are `02:00:00:00:00:xx`.
fn packet(opcode: u8, sender: (u8, [u8; 4]), target: (u8, [u8; 4])) -> Vec<u8> {
    let mut bytes = vec![0, 1, 8, 0, 6, 4, 0, opcode];
    for (mac, ip) in [sender, target] {
        bytes.extend([2, 0, 0, 0, 0, mac]);
        bytes.extend(ip);
    }
    bytes.extend([0; 18]); // Ethernet padding
    bytes
}

fn only(bytes: &[u8]) -> Seen {
    let seen = run(&ENTRY, &[(Side::Client, bytes)]);
    assert_eq!(seen.len(), 1);
    seen[0].clone()
}

const ROBOT: [u8; 4] = [10, 0, 0, 1];
const PLC: [u8; 4] = [10, 0, 0, 2];

#[test]
fn a_request_names_whom_it_seeks_and_tells_the_senders_own_address() {
    let seen = only(&packet(1, (9, PLC), (0, ROBOT)));
    assert_eq!(seen.line(), "request request [session] 10.0.0.1");
    assert_eq!(seen.facts.len(), 1);
    assert!(seen.facts[0].ends_with("10.0.0.2"), "{:?}", seen.facts);
}

#[test]
fn a_reply_tells_who_has_the_address() {
    let seen = only(&packet(2, (7, ROBOT), (9, PLC)));
    assert_eq!(seen.line(), "response reply [session] 10.0.0.1");
    assert_eq!(seen.values, "02:00:00:00:00:07");
    assert!(seen.facts[0].ends_with("10.0.0.1"));
}

#[test]
fn probes_announcements_and_gratuitous_replies_are_told_from_the_rest() {
    let probe = only(&packet(1, (7, [0; 4]), (0, ROBOT)));
    assert_eq!(probe.line(), "request probe [session] 10.0.0.1");
    assert!(probe.facts.is_empty());
    let announcement = only(&packet(1, (7, ROBOT), (0, ROBOT)));
    assert_eq!(announcement.line(), "notice announcement [session] 10.0.0.1");
    assert_eq!(announcement.facts.len(), 1);
    let gratuitous = only(&packet(2, (7, ROBOT), (7, ROBOT)));
    assert_eq!(gratuitous.line(), "notice gratuitous reply [session] 10.0.0.1");
}

#[test]
fn an_impossible_sender_is_a_violation_and_no_fact() {
    let mut bytes = packet(2, (7, ROBOT), (9, PLC));
    bytes[8] = 3; // the group bit of the sender's MAC
    let seen = only(&bytes);
    assert_eq!(seen.anomalies, ["sender hardware address is a group address"]);
    assert!(seen.facts.is_empty());
    bytes[8] = 0;
    bytes[13] = 0;
    assert_eq!(only(&bytes).anomalies, ["sender hardware address is zero"]);
}

#[test]
fn what_is_not_ipv4_over_ethernet_is_shown_as_operation_only() {
    let mut bytes = packet(1, (9, PLC), (0, ROBOT));
    bytes[1] = 6;
    assert_eq!(only(&bytes).anomalies, ["address space is not IPv4 over Ethernet"]);
    let mut bytes = packet(1, (9, PLC), (0, ROBOT));
    bytes[4] = 8;
    assert_eq!(only(&bytes).anomalies, ["address lengths are not those of Ethernet and IPv4"]);
    let bytes = packet(77, (9, PLC), (0, ROBOT));
    assert_eq!(only(&bytes).intent, plant::Intent::Unknown);
}

#[test]
fn every_truncation_is_reported_or_waited_for() {
    let bytes = packet(1, (9, PLC), (0, ROBOT));
    for end in 1..8 {
        assert!(run(&ENTRY, &[(Side::Client, &bytes[..end])]).is_empty());
    }
    for end in 8..28 {
        assert_eq!(only(&bytes[..end]).anomalies, ["message is shorter than it announces"]);
    }
    assert!(only(&bytes[..28]).anomalies.is_empty());
}

#[test]
fn the_ethertype_decides_and_the_opcode_tells_the_side() {
    let ether = Transport::Ether(0x0806);
    let request = packet(1, (9, PLC), (0, ROBOT));
    assert_eq!(identify(&ENTRY, ether, &request, true), Guess::Yes(Some(Side::Client)));
    let reply = packet(2, (7, ROBOT), (9, PLC));
    assert_eq!(identify(&ENTRY, ether, &reply, true), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify(&ENTRY, Transport::Ether(0x8892), &request, true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &packet(2, (7, ROBOT), (9, PLC)));
}
