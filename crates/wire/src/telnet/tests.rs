//! Telnet from constant bytes, composed after RFC 854 and what login services print.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side};

/// WILL ECHO, DO TERMINAL TYPE.
const OPTIONS: &[u8] = &[255, 251, 1, 255, 253, 24];

fn lines(parts: &[(Side, &[u8])]) -> Vec<String> {
    run(&ENTRY, parts).iter().map(Seen::line).collect()
}

#[test]
fn options_are_one_message_with_their_names() {
    let seen = run(&ENTRY, &[(Side::Server, OPTIONS)]);
    assert_eq!(seen[0].line(), "notice negotiate [session]");
    assert_eq!(seen[0].values, "will echo, do terminal type");
}

#[test]
fn a_login_typed_byte_by_byte_tells_account_and_outcome() {
    let mut parts: Vec<(Side, &[u8])> =
        vec![(Side::Server, b"VxWorks 6.9\r\n\r\nlogin: "), (Side::Client, b"rox")];
    parts.extend([(Side::Server, &b"rox"[..]), (Side::Client, b"\x7f"), (Side::Client, b"ot\r\0")]);
    parts.extend([(Side::Server, &b"\r\nPassword: "[..]), (Side::Client, b"easybot\r\0")]);
    parts.push((Side::Server, b"\r\nLogin incorrect\r\nlogin: "));
    let seen = run(&ENTRY, &parts);
    assert_eq!(
        seen.iter().map(Seen::line).collect::<Vec<_>>(),
        [
            "notice banner [session]",
            "request login [session] root",
            "response login [session] root = login refused",
        ]
    );
    assert_eq!(seen[0].facts, ["software=VxWorks 6.9"]);
    assert_eq!(seen[1].facts, ["login=Telnet login root cleartext default"]);
}

#[test]
fn what_is_typed_afterwards_is_of_unknown_intent() {
    let seen = lines(&[
        (Side::Server, b"Username: "),
        (Side::Client, b"bob\r\n"),
        (Side::Server, b"Password:"),
        (Side::Client, b"pw1\r\n"),
        (Side::Server, b"\r\nrobot> "),
        (Side::Client, b"reboot\r\n"),
    ]);
    assert_eq!(
        seen,
        [
            "request login [session] bob",
            "response login [session] bob = ok",
            "request input [unknown] reboot",
        ]
    );
}

#[test]
fn answers_to_other_questions_may_be_secrets_and_are_not_shown() {
    let seen = lines(&[(Side::Server, b"Enter key: "), (Side::Client, b"hunter2\r\n")]);
    assert_eq!(seen, ["request input [unknown]"]);
}

#[test]
fn a_login_without_any_refusal_or_prompt_stays_open() {
    let seen = lines(&[
        (Side::Server, b"Password: "),
        (Side::Client, b"x\r\n"),
        (Side::Server, b"\r\nWelcome\r\n"),
    ]);
    assert_eq!(seen, ["request login [session]"]);
}

#[test]
fn content_on_other_ports_needs_two_negotiations() {
    assert_eq!(identify_tcp(&ENTRY, OPTIONS, false), Guess::Yes(None));
    assert_eq!(identify_tcp(&ENTRY, &OPTIONS[..3], false), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, &OPTIONS[..3], true), Guess::Yes(None));
    assert_eq!(identify_tcp(&ENTRY, &[255, 251, 99, 255, 251, 98], true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, b"login: ", true), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, b"login: ", false), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &[255, 250, 24, 0, b'x', 255, 240]);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(
        &ENTRY,
        b"\xff\xfb\x01\xff\xfa\x18\x01\xff\xf0login: root\r\nPassword: x\r\n\xff\xff",
    );
}
