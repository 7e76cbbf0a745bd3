//! Kerberos from constant bytes, composed after RFC 4120 clause 5.

use super::ENTRY;
use crate::testing::{Seen, identify, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Transport};

/// An element; bodies of tests stay below 256 bytes.
fn tlv(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u8::try_from(body.len()).unwrap();
    let long = [0x81, length];
    [&[tag][..], if length < 0x80 { &long[1..] } else { &long }, body].concat()
}

fn sequence(fields: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let fields: Vec<_> = fields.iter().map(|(number, body)| tlv(0xa0 + number, body)).collect();
    tlv(0x30, &fields.concat())
}

fn number(value: u8) -> Vec<u8> {
    vec![2, 1, value]
}

fn text(text: &str) -> Vec<u8> {
    tlv(0x1b, text.as_bytes())
}

fn principal(names: &[&str]) -> Vec<u8> {
    let names: Vec<_> = names.iter().map(|name| text(name)).collect();
    sequence(&[(0, number(1)), (1, tlv(0x30, &names.concat()))])
}

fn encrypted(etype: u8) -> Vec<u8> {
    sequence(&[(0, number(etype)), (2, tlv(4, &[7; 9]))])
}

fn request(code: u8, proofs: &[u8], etypes: &[u8]) -> Vec<u8> {
    let etypes: Vec<_> = etypes.iter().flat_map(|etype| number(*etype)).collect();
    let host = sequence(&[(0, number(20)), (1, tlv(4, b"EWS-1           "))]);
    let body = sequence(&[
        (0, vec![3, 5, 0, 0x40, 0x81, 0, 0x10]),
        (1, principal(&["bob"])),
        (2, text("CELL")),
        (3, principal(&["krbtgt", "CELL"])),
        (8, tlv(0x30, &etypes)),
        (9, tlv(0x30, &host)),
    ]);
    let fields = [(1, number(5)), (2, number(code)), (3, tlv(0x30, proofs)), (4, body)];
    tlv(0x60 + code, &sequence(&fields))
}

fn reply(code: u8, ticket: u8, part: u8) -> Vec<u8> {
    let ticket = sequence(&[
        (0, number(5)),
        (1, text("CELL")),
        (2, principal(&["cifs", "robot-7"])),
        (3, encrypted(ticket)),
    ]);
    let fields = sequence(&[
        (0, number(5)),
        (1, number(code)),
        (3, text("CELL")),
        (4, principal(&["bob"])),
        (5, tlv(0x61, &ticket)),
        (6, encrypted(part)),
    ]);
    tlv(0x60 + code, &fields)
}

/// An encrypted time of this type.
fn proof(etype: u8) -> Vec<u8> {
    sequence(&[(1, number(2)), (2, tlv(4, &encrypted(etype)))])
}

fn error(code: u8) -> Vec<u8> {
    let fields = sequence(&[
        (0, number(5)),
        (1, number(30)),
        (6, number(code)),
        (9, text("CELL")),
        (10, principal(&["krbtgt", "CELL"])),
    ]);
    tlv(0x7e, &fields)
}

fn framed(message: &[u8]) -> Vec<u8> {
    [&u32::try_from(message.len()).unwrap().to_be_bytes()[..], message].concat()
}

fn one(from: Side, bytes: &[u8]) -> Seen {
    let mut seen = run(&ENTRY, &[(from, bytes)]);
    assert_eq!(seen.len(), 1);
    seen.remove(0)
}

#[test]
fn a_login_names_client_service_and_station() {
    let seen = one(Side::Client, &request(10, &proof(18), &[18, 17, 23]));
    assert_eq!(seen.line(), "request as-req [session] krbtgt/CELL@CELL");
    assert_eq!(
        seen.values,
        "client bob@CELL offers aes256-cts-hmac-sha1-96,aes128-cts-hmac-sha1-96,rc4-hmac \
         uses aes256-cts-hmac-sha1-96"
    );
    assert_eq!(seen.facts, ["login=Kerberos bob@CELL", "hostname=EWS-1"]);
    assert!(seen.anomalies.is_empty());
}

#[test]
fn a_ticket_is_as_weak_as_what_encrypts_it() {
    let facts = |ticket, part| one(Side::Server, &reply(13, ticket, part)).facts;
    assert_eq!(facts(18, 18), ["role=server"]);
    assert_eq!(facts(23, 18), ["role=server", "obsolete=Kerberos RC4"]);
    assert_eq!(facts(18, 3), ["role=server", "obsolete=Kerberos DES"]);
    let seen = one(Side::Server, &reply(13, 18, 18));
    assert_eq!(seen.line(), "response tgs-rep [session] cifs/robot-7@CELL = ok");
}

#[test]
fn an_offer_is_weak_only_if_it_has_nothing_better() {
    let facts = |etypes: &[u8]| one(Side::Client, &request(12, &[], etypes)).facts;
    assert_eq!(facts(&[23, 18]), ["hostname=EWS-1"]);
    assert_eq!(facts(&[23, 3]), ["hostname=EWS-1", "obsolete=Kerberos RC4"]);
    assert_eq!(facts(&[]), ["hostname=EWS-1"]);
}

#[test]
fn a_ticket_for_a_login_without_proof_is_unprotected() {
    let answer = reply(11, 18, 18);
    let facts = |ask: &[u8]| {
        let seen = run(&ENTRY, &[(Side::Client, ask), (Side::Server, &answer)]);
        seen[1].facts.clone()
    };
    let unprotected = "unprotected=Kerberos account without pre-authentication";
    assert_eq!(facts(&request(10, &[], &[18])), ["role=server", unprotected]);
    assert_eq!(facts(&request(10, &proof(18), &[18])), ["role=server"]);
    assert_eq!(one(Side::Server, &answer).facts, ["role=server"]);
}

#[test]
fn errors_have_names() {
    let seen = one(Side::Server, &error(25));
    assert_eq!(
        seen.line(),
        "response krb-error [session] krbtgt/CELL@CELL = pre-authentication required"
    );
    assert_eq!(one(Side::Server, &error(99)).outcome, "error 0x63");
}

#[test]
fn over_tcp_a_length_precedes_each_message() {
    let stream = [framed(&error(24)), framed(&error(6))].concat();
    let seen = run(&ENTRY, &[(Side::Server, &stream)]);
    assert_eq!(seen.len(), 2);
    assert!(run(&ENTRY, &[(Side::Server, &[0, 4, 0, 1, 0x6a])]).is_empty());
}

#[test]
fn a_cut_datagram_is_shown_as_far_as_it_goes() {
    let whole = reply(13, 18, 18);
    for end in 2..whole.len() {
        let seen = run(&ENTRY, &[(Side::Server, &whole[..end])]);
        assert!(
            seen.iter().all(|seen| seen.anomalies == ["message is shorter than it announces"]),
            "{end}"
        );
    }
}

#[test]
fn only_messages_whose_type_is_their_tag_are_kerberos() {
    let message = request(10, &[], &[18]);
    let udp = |bytes: &[u8]| identify(&ENTRY, Transport::Udp, bytes, false);
    assert_eq!(udp(&message), Guess::Yes(Some(Side::Client)));
    assert_eq!(udp(&error(6)), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, &framed(&message), false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, &[0, 0], true), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, &[0, 0], false), Guess::No);
    let mut other = message.clone();
    other[0] = 0x6c;
    assert_eq!(udp(&other), Guess::No);
    // at the port of Kerberos an error without its version is one
    let odd = [0x7e, 14, 0x30, 12, 0xa6, 3, 2, 1, 25, 0xac, 5, 0x30, 3, 7, 1, 0];
    assert_eq!(udp(&odd), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Udp, &odd, true), Guess::Yes(Some(Side::Server)));
    // LDAP bind response
    assert_eq!(udp(&[0x61, 7, 10, 1, 0, 4, 0, 4, 0]), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &framed(&request(10, &proof(18), &[18])));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &framed(&request(10, &proof(18), &[18])));
    never_panics(&ENTRY, &reply(11, 23, 23));
}
