//! SSH from constant bytes, composed after RFC 4253.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side};

const BANNER: &[u8] = b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n";

fn packet(number: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 2 + 4).unwrap().to_be_bytes();
    [&length[..], &[4, number], body, &[0; 4]].concat()
}

fn exchange() -> Vec<u8> {
    packet(20, &[&[7; 16][..], b"\0\0\0\x04dh-a\0\0\0\x05rsa,x\0\0\0\0"].concat())
}

#[test]
fn both_sides_name_their_software_and_then_encrypt() {
    let keys = packet(21, &[]);
    let stream = [BANNER, &exchange(), &packet(30, &[1, 2, 3]), &keys, &[0xaa; 99]].concat();
    let seen = run(&ENTRY, &[(Side::Client, &stream), (Side::Server, &stream)]);
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request identification [session]",
            "request kexinit [session]",
            "notice encrypted [unknown]",
            "response identification [session]",
            "response kexinit [session]",
        ]
    );
    assert_eq!(seen[0].facts, ["software=OpenSSH_9.2p1 Debian-2"]);
    assert_eq!(seen[1].values, "kex dh-a host key rsa,x");
    assert_eq!(seen[4].values, "chosen kex dh-a host key rsa cipher - mac -");
}

/// An offer: exchange, host key, and for both ways the same ciphers and MACs.
fn offer(exchange: &str, key: &str, ciphers: &str, macs: &str) -> Vec<u8> {
    let mut body = vec![7; 16];
    for list in [exchange, key, ciphers, ciphers, macs, macs, "none", "none", "", ""] {
        body.extend(u32::try_from(list.len()).unwrap().to_be_bytes());
        body.extend(list.as_bytes());
    }
    packet(20, &[&body[..], &[0; 5]].concat())
}

fn chosen(first: (Side, &[u8]), second: (Side, &[u8])) -> Seen {
    let streams = [first, second].map(|(side, offer)| (side, [BANNER, offer].concat()));
    let parts: Vec<_> = streams.iter().map(|(side, bytes)| (*side, &bytes[..])).collect();
    run(&ENTRY, &parts).remove(3)
}

#[test]
fn chosen_is_the_first_of_the_client_that_the_server_has_too() {
    let client = offer("ext-info-c,new,diffie-hellman-group1-sha1,x", "a,b", "3des-cbc,c", "m,n");
    let server = offer("x,diffie-hellman-group1-sha1,ext-info-c", "b", "c,3des-cbc", "n");
    let shown = "chosen kex diffie-hellman-group1-sha1 host key b cipher 3des-cbc mac n";
    let weak = ["obsolete=SSH diffie-hellman-group1-sha1", "obsolete=SSH 3des-cbc"];
    for seen in [
        chosen((Side::Client, &client), (Side::Server, &server)),
        chosen((Side::Server, &server), (Side::Client, &client)),
    ] {
        assert_eq!((seen.values.as_str(), &seen.facts[..]), (shown, &weak.map(String::from)[..]));
    }
}

#[test]
fn weak_algorithms_that_are_only_offered_are_no_finding() {
    let client = offer("a,diffie-hellman-group1-sha1", "k,ssh-dss", "c,arcfour", "m,hmac-md5");
    let seen = chosen((Side::Client, &client), (Side::Server, &client));
    assert_eq!(seen.values, "chosen kex a host key k cipher c mac m");
    assert!(seen.facts.is_empty());
}

#[test]
fn a_cipher_with_integrity_of_its_own_makes_the_mac_idle() {
    let both = offer("a", "k", "aes128-gcm@openssh.com", "hmac-md5");
    let seen = chosen((Side::Client, &both), (Side::Server, &both));
    assert_eq!(seen.values, "chosen kex a host key k cipher aes128-gcm@openssh.com mac -");
    assert!(seen.facts.is_empty());
}

#[test]
fn endless_lists_are_searched_within_bounds() {
    let long = vec!["a"; 8000].join(",");
    let client = offer(&long, "k", "c", "m");
    let server = offer("b", "k", "c", "m");
    let seen = chosen((Side::Client, &client), (Side::Server, &server));
    assert_eq!(seen.values, "chosen kex - host key k cipher c mac m");
}

#[test]
fn version_1_is_obsolete_and_1_99_is_not() {
    let facts = |line: &[u8]| run(&ENTRY, &[(Side::Server, line)])[0].facts.clone();
    assert_eq!(facts(b"SSH-1.5-Cisco-1.25\n"), ["software=Cisco-1.25", "obsolete=SSH 1"]);
    assert_eq!(facts(b"SSH-1.99-Cisco-1.25\n"), ["software=Cisco-1.25"]);
}

#[test]
fn a_server_may_write_lines_before_it_names_itself() {
    let seen = run(&ENTRY, &[(Side::Server, &[b"Keep out\r\n", BANNER].concat())]);
    assert_eq!(seen.len(), 1);
}

#[test]
fn a_disconnect_before_encryption_is_shown() {
    let stream = [BANNER, &packet(1, &[0, 0, 0, 2])].concat();
    let seen = run(&ENTRY, &[(Side::Server, &stream)]);
    assert_eq!(seen[1].line(), "response disconnect [session]");
}

#[test]
fn only_an_identification_is_ssh() {
    assert_eq!(identify_tcp(&ENTRY, BANNER, false), Guess::Yes(None));
    assert_eq!(identify_tcp(&ENTRY, b"SS", false), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, b"SSH-3.0", true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, b"SSB", true), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, BANNER);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &[BANNER, &exchange()].concat());
}
