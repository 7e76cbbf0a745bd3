//! LDAP from constant bytes, composed after RFC 4511.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side};

/// An element with a short length.
fn tlv(tag: u8, body: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(body.len()).unwrap()][..], body].concat()
}

fn message(id: u8, operation: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&[2, 1, id][..], operation].concat())
}

fn text(text: &str) -> Vec<u8> {
    tlv(4, text.as_bytes())
}

fn bind(name: &str, authentication: &[u8]) -> Vec<u8> {
    message(1, &tlv(0x60, &[&[2, 1, 3][..], &text(name), authentication].concat()))
}

fn result(tag: u8, code: u8, diagnostic: &str) -> Vec<u8> {
    tlv(tag, &[&[10, 1, code, 4, 0][..], &text(diagnostic)].concat())
}

fn search(base: &str, filter: &[u8]) -> Vec<u8> {
    let limits = [10, 1, 2, 10, 1, 0, 2, 1, 0, 2, 1, 0, 1, 1, 0];
    message(2, &tlv(0x63, &[&text(base)[..], &limits, filter, &[0x30, 0]].concat()))
}

fn one(from: Side, bytes: &[u8]) -> Seen {
    let mut seen = run(&ENTRY, &[(from, bytes)]);
    assert_eq!(seen.len(), 1);
    seen.remove(0)
}

#[test]
fn a_simple_bind_shows_its_account_and_never_its_password() {
    let seen = one(Side::Client, &bind("cn=admin,dc=cell", &tlv(0x80, b"geheim")));
    assert_eq!(seen.line(), "request bind [session] cn=admin,dc=cell");
    assert_eq!(seen.values, "version 3 simple");
    assert_eq!(seen.facts, ["login=LDAP simple bind cn=admin,dc=cell cleartext"]);
    let seen = one(Side::Client, &bind("cn=admin,dc=cell", &tlv(0x80, b"admin")));
    assert_eq!(seen.facts, ["login=LDAP simple bind cn=admin,dc=cell cleartext default"]);
}

#[test]
fn a_bind_without_password_is_odd_and_one_without_name_anonymous() {
    let seen = one(Side::Client, &bind("cn=bob", &tlv(0x80, b"")));
    assert_eq!(seen.anomalies, ["bind with a name and no password"]);
    let seen = one(Side::Client, &bind("", &tlv(0x80, b"")));
    assert_eq!((seen.values.as_str(), seen.facts.len()), ("version 3 anonymous", 0));
}

#[test]
fn sasl_names_its_mechanism_and_plain_its_account() {
    let sasl = |mechanism: &str, token: &[u8]| {
        let body = [text(mechanism), tlv(4, token)].concat();
        one(Side::Client, &bind("", &tlv(0xa3, &body)))
    };
    let seen = sasl("PLAIN", b"\0bob\0geheim");
    assert_eq!(seen.values, "version 3 sasl PLAIN");
    assert_eq!(seen.facts, ["login=LDAP SASL PLAIN bob cleartext"]);
    assert!(sasl("GSSAPI", b"\0bob\0geheim").facts.is_empty());
}

#[test]
fn answers_repeat_the_name_of_their_request() {
    let asked = bind("cn=bob", &tlv(0x80, b"x"));
    let refused = message(1, &result(0x61, 49, "no"));
    let seen = run(&ENTRY, &[(Side::Client, &asked), (Side::Server, &refused)]);
    assert_eq!(seen[1].line(), "response bind [session] cn=bob = invalid credentials");
    assert_eq!((seen[1].values.as_str(), seen[1].id), ("no", Some(1)));
    let seen = one(Side::Server, &message(9, &result(0x61, 0, "")));
    assert_eq!(seen.anomalies, ["response without a request seen"]);
    assert_eq!(seen.facts, ["role=server"]);
}

#[test]
fn a_search_shows_its_base_scope_and_filter() {
    let pair = |tag, name: &str, value: &str| tlv(tag, &[text(name), text(value)].concat());
    let filter = tlv(
        0xa0,
        &[
            pair(0xa3, "objectClass", "user"),
            tlv(0xa2, &tlv(0x87, b"mail")),
            tlv(
                0xa4,
                &[text("cn"), tlv(0x30, &[tlv(0x80, b"a"), tlv(0x81, b"b")].concat())].concat(),
            ),
            tlv(0xa9, &[tlv(0x81, b"1.2"), tlv(0x82, b"flags"), tlv(0x83, b"2")].concat()),
            tlv(0xa1, &[pair(0xa5, "n", "1"), pair(0xa6, "n", "9"), pair(0xa8, "n", "5")].concat()),
        ]
        .concat(),
    );
    let seen = one(Side::Client, &search("dc=cell", &filter));
    assert_eq!(seen.line(), "request search [observe] dc=cell");
    assert_eq!(
        seen.values,
        "sub (&(objectClass=user)(!(mail=*))(cn=a*b*)(flags:1.2:=2)(|(n>=1)(n<=9)(n~=5)))"
    );
}

#[test]
fn a_filter_nested_without_end_is_cut() {
    let mut filter = tlv(0x87, b"x");
    for _ in 0..40 {
        filter = tlv(0xa2, &filter);
    }
    let seen = one(Side::Client, &search("", &filter));
    assert_eq!(seen.values, format!("sub {}...{}", "(!".repeat(8), ")".repeat(8)));
}

#[test]
fn changes_administer_and_name_what_they_change() {
    let line = |tag, body: &[u8]| one(Side::Client, &message(3, &tlv(tag, body))).line();
    assert_eq!(line(0x66, &text("cn=a")), "request modify [administer] cn=a");
    assert_eq!(line(0x68, &text("cn=a")), "request add [administer] cn=a");
    assert_eq!(line(0x4a, b"cn=a"), "request delete [administer] cn=a");
    assert_eq!(line(0x6c, &text("cn=a")), "request modify dn [administer] cn=a");
    assert_eq!(line(0x42, b""), "request unbind [session]");
    assert_eq!(line(0x77, &tlv(0x80, b"1.2.3")), "request extended [unknown] 1.2.3");
    assert_eq!(line(0x7e, b""), "request unlisted [unknown]");
}

#[test]
fn the_entry_without_a_name_tells_the_host() {
    let attribute =
        |name: &str, value: &str| tlv(0x30, &[text(name), tlv(0x31, &text(value))].concat());
    let attributes =
        tlv(0x30, &[attribute("cn", "x"), attribute("dnsHostName", "dc1.cell")].concat());
    let entry = |name: &str| {
        one(Side::Server, &message(2, &tlv(0x64, &[text(name), attributes.clone()].concat())))
    };
    assert_eq!(entry("").facts, ["hostname=dc1.cell"]);
    assert!(entry("cn=x").facts.is_empty());
    assert_eq!(entry("cn=x").line(), "response search result entry [observe] cn=x");
}

#[test]
fn after_start_tls_the_stream_is_tls() {
    let ask = message(1, &tlv(0x77, &tlv(0x80, b"1.3.6.1.4.1.1466.20037")));
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &ask),
            (Side::Server, &message(1, &result(0x78, 0, ""))),
            (Side::Server, &[21, 3, 3, 0, 2, 2, 40]),
        ],
    );
    assert_eq!(seen[1].line(), "response start tls [session] = ok");
    assert_eq!(seen[2].protocol, "tls");
}

#[test]
fn what_a_security_layer_protects_is_said_once() {
    let frame = [&[0, 0, 0, 9][..], &[7; 9]].concat();
    let seen = run(&ENTRY, &[(Side::Client, &[&frame[..], &frame].concat())]);
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(lines, ["notice protected [unknown]"]);
}

#[test]
fn what_is_only_signed_is_read() {
    let messages = [bind("cn=a", &tlv(0x80, b"")), search("", &tlv(0x87, b"cn"))].concat();
    let framed = |token: &[u8]| {
        let length = u32::try_from(token.len()).unwrap().to_be_bytes();
        run(&ENTRY, &[(Side::Client, &[&length[..], token].concat())])
    };
    let kerberos = |flags, rotated| [5, 4, flags, 0xff, 0, 12, 0, rotated, 0, 0, 0, 0, 0, 0, 0, 9];
    let before = [&kerberos(4, 12)[..], &[7; 12], &messages].concat();
    let after = [&kerberos(4, 0)[..], &messages, &[7; 12]].concat();
    let ntlm = [&[1, 0, 0, 0][..], &[7; 12], &messages].concat();
    for token in [before, after, ntlm] {
        let operations: Vec<_> = framed(&token).iter().map(|seen| seen.operation).collect();
        assert_eq!(operations, ["bind", "search"]);
    }
    let sealed = [&kerberos(6, 12)[..], &[7; 12], &messages].concat();
    assert_eq!(framed(&sealed)[0].operation, "protected");
}

#[test]
fn a_long_message_is_read_from_its_window() {
    let body = [&[2, 1, 2][..], &[0x64, 0x82, 0x7f, 0xf0, 4, 4], b"cn=x", &[0; 0x7fea]].concat();
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    let long = [&[0x30, 0x82][..], &length, &body, &bind("cn=y", &tlv(0x80, b"z"))].concat();
    let lines: Vec<_> = run(&ENTRY, &[(Side::Server, &long)]).iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        ["response search result entry [observe] cn=x", "request bind [session] cn=y"]
    );
}

#[test]
fn only_operations_inside_fitting_lengths_are_ldap() {
    let asked = bind("cn=bob", &tlv(0x80, b"x"));
    assert_eq!(identify_tcp(&ENTRY, &asked, false), Guess::Yes(Some(Side::Client)));
    let answer = message(1, &result(0x61, 0, ""));
    assert_eq!(identify_tcp(&ENTRY, &answer, false), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, &asked[..4], true), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, &asked[..4], false), Guess::No);
    // SNMP: version and community
    let snmp = tlv(0x30, &[&[2, 1, 0][..], &text("public"), &[0xa0, 2, 2, 0]].concat());
    assert_eq!(identify_tcp(&ENTRY, &snmp, false), Guess::No);
    let mut long = asked;
    long[6] = 0x70; // the operation is longer than the message
    assert_eq!(identify_tcp(&ENTRY, &long, false), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &bind("cn=bob", &tlv(0x80, b"x")));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &bind("cn=bob", &tlv(0xa3, &[text("PLAIN"), tlv(4, b"\0a\0b")].concat())));
    never_panics(&ENTRY, &search("dc=x", &tlv(0xa0, &tlv(0x87, b"cn"))));
}
