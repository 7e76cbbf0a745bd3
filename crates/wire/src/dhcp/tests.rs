//! DHCP from constant bytes, laid out by hand after RFC 2131 figure 1 and RFC 2132.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

/// Transaction 0x01020304 of client 02:00:00:00:00:07.
fn message(op: u8, client: [u8; 4], yours: [u8; 4], options: &[u8]) -> Vec<u8> {
    let mut bytes = vec![op, 1, 6, 0, 1, 2, 3, 4, 0, 0, 0, 0];
    bytes.extend(client);
    bytes.extend(yours);
    bytes.extend([0; 8]); // siaddr, giaddr
    bytes.extend([2, 0, 0, 0, 0, 7]);
    bytes.extend([0; 10 + 64 + 128]);
    bytes.extend([0x63, 0x82, 0x53, 0x63]);
    bytes.extend(options);
    bytes
}

fn only(bytes: &[u8]) -> Seen {
    let seen = run(&ENTRY, &[(Side::Client, bytes)]);
    assert_eq!(seen.len(), 1);
    seen[0].clone()
}

const NONE: [u8; 4] = [0; 4];
const LEASE: [u8; 4] = [192, 0, 2, 50];

#[test]
fn a_request_tells_hostname_and_system_of_its_client() {
    let mut options = vec![53, 1, 3, 50, 4, 192, 0, 2, 50, 12, 4];
    options.extend(b"hmi1");
    options.extend([60, 8]);
    options.extend(b"MSFT 5.0");
    options.push(255);
    let seen = only(&message(1, NONE, NONE, &options));
    assert_eq!(seen.line(), "request request [session] 192.0.2.50 for 02:00:00:00:00:07");
    assert_eq!(seen.facts, ["hostname=hmi1", "software=MSFT 5.0", "operating_system=Windows"]);
    assert_eq!((seen.id, seen.code), (Some(0x0102_0304), 3));
    assert_eq!(seen.values, "{hostname: hmi1, vendor class: MSFT 5.0, requested: 192.0.2.50}");
}

#[test]
fn an_ack_is_a_lease_and_shows_the_server() {
    let options = [53, 1, 5, 54, 4, 192, 0, 2, 1, 51, 4, 0, 0, 0x0e, 0x10, 255];
    let seen = only(&message(2, NONE, LEASE, &options));
    assert_eq!(seen.line(), "response ack [session] 192.0.2.50 for 02:00:00:00:00:07 = ok");
    assert_eq!(seen.facts[0], "role=server");
    assert!(seen.facts[1].ends_with("192.0.2.50"), "{:?}", seen.facts);
    assert_eq!(seen.values, "{server: 192.0.2.1, lease s: 3600}");
    let offer = only(&message(2, NONE, LEASE, &[53, 1, 2, 255]));
    assert_eq!(offer.facts, ["role=server"]);
}

#[test]
fn a_nak_is_an_error() {
    let seen = only(&message(2, NONE, NONE, &[53, 1, 6, 255]));
    assert_eq!(seen.line(), "response nak [session] 02:00:00:00:00:07 = nak");
}

#[test]
fn a_renewal_tells_the_address_that_the_client_has() {
    let seen = only(&message(1, LEASE, NONE, &[53, 1, 3, 255]));
    assert_eq!(seen.facts.len(), 1);
    assert!(seen.facts[0].ends_with("192.0.2.50"));
}

#[test]
fn without_a_message_type_it_is_bootp() {
    assert_eq!(only(&message(1, NONE, NONE, &[255])).operation, "bootp request");
    let mut reply = message(2, NONE, LEASE, &[]);
    reply.truncate(236);
    assert_eq!(only(&reply).operation, "bootp reply");
}

#[test]
fn options_in_file_and_server_name_are_read_when_announced() {
    let mut bytes = message(1, NONE, NONE, &[53, 1, 1, 52, 1, 3, 255]);
    bytes[108..115].copy_from_slice(&[12, 4, b'h', b'm', b'i', b'2', 255]);
    bytes[44..51].copy_from_slice(&[60, 4, b'A', b'c', b'm', b'e', 255]);
    assert_eq!(only(&bytes).facts, ["hostname=hmi2", "software=Acme"]);
    bytes[245] = 0; // no overload
    assert!(only(&bytes).facts.is_empty());
}

#[test]
fn contradictions_and_broken_options_are_anomalies() {
    let what = |op, options: &[u8]| only(&message(op, NONE, NONE, options)).anomalies;
    assert_eq!(what(1, &[53, 1, 5, 255]), ["message type contradicts the op field"]);
    assert_eq!(what(1, &[53, 1, 1, 12, 200, 1]), ["option length passes the end"]);
    assert_eq!(what(1, &[53, 1, 1]), ["options do not end with the end option"]);
    assert_eq!(what(1, &[53, 1, 1, 50, 2, 1, 1, 255]), ["option is too short for its kind"]);
    let mut bytes = message(1, NONE, NONE, &[53, 1, 1, 255]);
    bytes[2] = 16;
    assert!(only(&bytes).anomalies.is_empty());
    bytes[2] = 17;
    assert_eq!(only(&bytes).anomalies, ["hardware address is longer than its field"]);
}

#[test]
fn unlisted_messages_are_unknown() {
    let seen = only(&message(1, NONE, NONE, &[53, 1, 99, 255]));
    assert_eq!((seen.intent, seen.code), (plant::Intent::Unknown, 99));
}

#[test]
fn the_cookie_decides_on_any_port_and_bootp_needs_its_own() {
    let mut bytes = message(1, NONE, NONE, &[53, 1, 1, 255]);
    assert_eq!(identify(&ENTRY, Transport::Udp, &bytes, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify(&ENTRY, Transport::Tcp, &bytes, true), Guess::No);
    bytes[236] = 0;
    assert_eq!(identify(&ENTRY, Transport::Udp, &bytes, false), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Udp, &bytes, true), Guess::Yes(Some(Side::Client)));
    bytes[0] = 2;
    assert_eq!(identify(&ENTRY, Transport::Udp, &bytes, true), Guess::Yes(Some(Side::Server)));
}

#[test]
fn a_cut_fixed_part_says_nothing_and_cut_options_are_shown() {
    let bytes = message(1, NONE, NONE, &[53, 1, 1, 255]);
    for end in 1..236 {
        assert!(run(&ENTRY, &[(Side::Client, &bytes[..end])]).is_empty());
    }
    assert_eq!(only(&bytes[..240]).operation, "bootp request");
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &message(1, LEASE, NONE, &[53, 1, 3, 12, 1, b'a', 52, 1, 3, 255]));
}
