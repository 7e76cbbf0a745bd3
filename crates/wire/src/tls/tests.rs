//! TLS from constant bytes, composed after the structures of RFC 8446 and RFC 5246.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side};

fn record(kind: u8, version: u16, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap();
    [&[kind][..], &version.to_be_bytes(), &length.to_be_bytes(), body].concat()
}

fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[kind][..], &length[1..], body].concat()
}

fn extension(kind: u16, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap();
    [&kind.to_be_bytes()[..], &length.to_be_bytes(), body].concat()
}

fn with_extensions(fixed: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let list = extensions.concat();
    let length = u16::try_from(list.len()).unwrap().to_be_bytes();
    [fixed, &length, &list].concat()
}

/// Random, empty session id, one cipher, no compression.
fn client_hello(version: u16, extensions: &[Vec<u8>]) -> Vec<u8> {
    let fixed = [&version.to_be_bytes()[..], &[7; 32], &[0], &[0, 2, 0x13, 0x01], &[1, 0]].concat();
    record(22, 0x0301, &handshake(1, &with_extensions(&fixed, extensions)))
}

fn server_hello(version: u16, extensions: &[Vec<u8>]) -> Vec<u8> {
    let fixed = [&version.to_be_bytes()[..], &[8; 32], &[0], &[0xc0, 0x2f], &[0]].concat();
    record(22, version, &handshake(2, &with_extensions(&fixed, extensions)))
}

fn modern_hello() -> Vec<u8> {
    client_hello(
        0x0303,
        &[
            extension(0, b"\0\x0c\0\0\x09cell.test"),
            extension(16, b"\0\x0c\x02h2\x08http/1.1"),
            extension(43, &[6, 0x3a, 0x3a, 3, 4, 3, 3]), // a reserved value, 1.3, 1.2
        ],
    )
}

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    [&[tag, 0x82][..], &length, &body].concat()
}

/// A name of a common name and an organization.
fn name(common: &[u8], organization: &[u8]) -> Vec<u8> {
    let part =
        |kind, value| der(0x31, &[&der(0x30, &[&[6, 3, 0x55, 4, kind], &der(0x0c, &[value])])]);
    der(0x30, &[&part(3, common), &part(10, organization)])
}

fn certificate(subject: &[u8], extensions: &[u8]) -> Vec<u8> {
    let body = der(
        0x30,
        &[
            &[0xa0, 3, 2, 1, 2],            // version 3
            &[2, 1, 9],                     // serial
            &der(0x30, &[]),                // algorithm
            &name(b"Root", b"Acme Trust"),  // issuer
            &der(0x30, &[]),                // validity
            &name(subject, b"South works"), // subject
            &der(0x30, &[]),                // key
            extensions,
        ],
    );
    let whole = der(0x30, &[&body, &der(0x30, &[]), &[3, 1, 0]]);
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_be_bytes()[1..].to_vec();
    let list = [length(&whole), whole].concat();
    handshake(11, &[length(&list), list].concat())
}

fn of_server(bytes: &[u8]) -> Vec<Seen> {
    run(&ENTRY, &[(Side::Server, bytes)])
}

#[test]
fn a_client_hello_names_the_server_and_what_it_offers() {
    let seen = run(&ENTRY, &[(Side::Client, &modern_hello())]);
    assert_eq!(seen[0].line(), "request client hello [session] cell.test");
    assert_eq!(seen[0].values, "TLS 1.3 alpn h2,http/1.1");
}

#[test]
fn the_chosen_version_of_tls_1_3_stands_in_an_extension() {
    let seen = of_server(&server_hello(0x0303, &[extension(43, &[3, 4])]));
    assert_eq!(seen[0].line(), "response server hello [session]");
    assert_eq!((seen[0].values.as_str(), seen[0].facts.len()), ("TLS 1.3 cipher 0xc02f", 0));
}

#[test]
fn versions_before_1_2_are_obsolete() {
    let fact = |version| of_server(&server_hello(version, &[]))[0].facts.clone();
    assert_eq!(fact(0x0300), ["obsolete=SSL 3.0"]);
    assert_eq!(fact(0x0301), ["obsolete=TLS 1.0"]);
    assert_eq!(fact(0x0302), ["obsolete=TLS 1.1"]);
    assert!(fact(0x0303).is_empty());
    // joined later: the record itself tells its version, but only without a server hello
    let data = |version| record(23, version, &[1, 2, 3]);
    assert_eq!(of_server(&data(0x0301))[0].facts, ["obsolete=TLS 1.0"]);
    let both = [server_hello(0x0303, &[]), data(0x0301)].concat();
    assert!(of_server(&both)[1].facts.is_empty());
}

#[test]
fn hellos_of_ssl_2_are_read() {
    // length 0x80 | 2 + type, version, cipher bytes 3, session 0, challenge 16
    let client = [&[0x80, 28, 1, 0, 2, 0, 3, 0, 0, 0, 16, 1, 0, 0x80][..], &[5; 16]].concat();
    // hit, certificate type, version, certificate 2, ciphers 3, connection id 1
    let server = [0x80, 17, 4, 0, 1, 0, 2, 0, 2, 0, 3, 0, 1, 9, 9, 1, 0, 0x80, 7];
    assert_eq!(identify_tcp(&ENTRY, &client, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, &server, false), Guess::Yes(Some(Side::Server)));
    let seen = run(&ENTRY, &[(Side::Client, &client), (Side::Server, &server)]);
    assert_eq!(seen[1].facts, ["obsolete=SSL 2.0"]);
    assert_eq!(seen.len(), 2);
}

#[test]
fn certificates_tell_names_and_cross_records() {
    let names = der(0x30, &[b"\x82\x0crobot-7.test", b"\x82\x06*.test", b"\x87\x04\x0a\0\0\x07"]);
    let san = der(0x30, &[&[6, 3, 0x55, 0x1d, 0x11], &der(4, &[&names])]);
    let message = certificate(b"old.test", &der(0xa3, &[&der(0x30, &[&san])]));
    let (head, tail) = message.split_at(50);
    let seen = of_server(&[record(22, 0x0303, head), record(22, 0x0303, tail)].concat());
    assert_eq!(seen[0].line(), "notice certificate [session]");
    assert_eq!(seen[0].values, "subject CN=old.test, O=South works issuer CN=Root, O=Acme Trust");
    assert_eq!(seen[0].facts, ["hostname=robot-7.test"]);
    let seen = of_server(&record(22, 0x0303, &certificate(b"old.test", &[])));
    assert_eq!(seen[0].facts, ["hostname=old.test"]);
    assert!(of_server(&record(22, 0x0303, &certificate(b"SIMATIC", &[])))[0].facts.is_empty());
}

#[test]
fn encrypted_content_is_one_message_of_unknown_intent() {
    let data = record(23, 0x0303, &[9; 40]);
    let stream = [
        record(20, 0x0303, &[1]),
        record(22, 0x0303, &[0xaa; 40]), // an encrypted Finished
        record(21, 0x0303, &[0xbb; 26]), // an encrypted alert
        data.clone(),
        data.clone(),
    ]
    .concat();
    let seen = run(&ENTRY, &[(Side::Client, &stream), (Side::Server, &data)]);
    assert_eq!(
        seen.iter().map(Seen::line).collect::<Vec<_>>(),
        ["notice application data [unknown]"]
    );
}

#[test]
fn a_second_hello_after_a_retry_request_is_still_read() {
    let stream = [record(20, 0x0303, &[1]), modern_hello()].concat();
    assert_eq!(run(&ENTRY, &[(Side::Client, &stream)]).len(), 1);
}

#[test]
fn alerts_have_names() {
    let seen = of_server(&record(21, 0x0303, &[2, 40]));
    assert_eq!(seen[0].line(), "notice alert [session] = handshake failure");
    assert_eq!(of_server(&record(21, 0x0303, &[1, 0]))[0].outcome, "ok");
}

#[test]
fn a_heartbeat_that_asks_for_more_than_it_carries_is_malformed() {
    let beat = |payload: u8| record(24, 0x0302, &[&[1, 0, payload][..], &[0; 20]].concat());
    let anomalies = |payload| run(&ENTRY, &[(Side::Client, &beat(payload))])[0].anomalies.clone();
    assert!(anomalies(4).is_empty());
    assert_eq!(anomalies(5), ["heartbeat asks for more than it carries"]);
}

#[test]
fn a_hello_cut_short_is_shown_as_truncated() {
    let seen = of_server(&record(22, 0x0303, &handshake(2, &[3, 3, 1])));
    assert_eq!(seen[0].anomalies, ["message is shorter than it announces"]);
}

#[test]
fn records_without_a_hello_must_lead_to_the_end_of_the_bytes_or_be_hinted() {
    let two = [record(23, 0x0303, &[1; 9]), record(23, 0x0303, &[1; 30])].concat();
    assert_eq!(identify_tcp(&ENTRY, &two, false), Guess::Yes(None));
    let half = &record(23, 0x0303, &[1; 90])[..50];
    assert_eq!(identify_tcp(&ENTRY, half, false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, half, true), Guess::Yes(None));
    let other = [record(23, 0x0303, &[1; 9]), vec![1, 2, 3, 4, 5]].concat();
    assert_eq!(identify_tcp(&ENTRY, &other, true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &modern_hello(), false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, b"GET / HTTP/1.1\r\n", true), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &modern_hello());
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &modern_hello());
    never_panics(&ENTRY, &record(22, 0x0303, &certificate(b"old.test", &[])));
}
