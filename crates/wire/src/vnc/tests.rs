//! VNC from constant bytes, composed after RFC 6143 clause 7.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side};

const V8: &[u8] = b"RFB 003.008\n";

/// Size 1024 x 768, a format, and the name.
fn desktop(name: &str) -> Vec<u8> {
    let length = u32::try_from(name.len()).unwrap().to_be_bytes();
    [&[4, 0, 3, 0][..], &[0; 16], &length, name.as_bytes()].concat()
}

fn lines(seen: &[Seen]) -> Vec<String> {
    seen.iter().map(Seen::line).collect()
}

#[test]
fn a_desktop_without_authentication_is_told_and_its_keys_operate() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Server, V8),
            (Side::Client, V8),
            (Side::Server, &[2, 1, 2]),
            (Side::Client, &[1]),
            (Side::Server, &[0, 0, 0, 0]),
            (Side::Client, &[1]),
            (Side::Server, &desktop("HMI-3")),
            (Side::Client, &[2, 0, 0, 1, 0, 0, 0, 0]), // encodings
            (Side::Client, &[5, 0, 0, 9, 0, 9]),       // move
            (Side::Client, &[5, 1, 0, 9, 0, 9]),       // press
            (Side::Client, &[5, 1, 0, 8, 0, 9]),       // drag
            (Side::Client, &[4, 1, 0, 0, 0, 0, 0, 97]), // key down
            (Side::Client, &[4, 0, 0, 0, 0, 0, 0, 97]), // key up
            (Side::Client, &[6, 0, 0, 0, 0, 0, 0, 2, b'h', b'i']),
        ],
    );
    assert_eq!(
        lines(&seen),
        [
            "response version [session]",
            "request version [session]",
            "request security [session] none",
            "response result [session] = ok",
            "response desktop [session] HMI-3",
            "request pointer event [operate]",
            "request key event [operate]",
            "request client cut text [operate]",
        ]
    );
    assert_eq!(seen[2].facts, ["unprotected=VNC without authentication"]);
    assert_eq!(seen[2].anomalies, ["anybody may operate: no authentication"]);
    assert_eq!(seen[4].facts, ["name=HMI-3"]);
}

#[test]
fn a_password_is_a_challenge_and_its_result_is_shown() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Server, V8),
            (Side::Client, V8),
            (Side::Server, &[1, 2]),
            (Side::Client, &[2]),
            (Side::Server, &[0xaa; 16]),
            (Side::Client, &[0xbb; 16]),
            (Side::Server, &[0, 0, 0, 1]),
        ],
    );
    assert_eq!(seen[2].line(), "request security [session] vnc authentication");
    assert_eq!(seen[3].line(), "response result [session] = failed");
    assert!(seen[2].facts.is_empty());
}

#[test]
fn in_version_3_3_the_server_chooses() {
    let old = b"RFB 003.003\n";
    let seen = run(
        &ENTRY,
        &[
            (Side::Server, V8),
            (Side::Client, old),
            (Side::Server, &[0, 0, 0, 1]),
            (Side::Client, &[1]),
            (Side::Server, &desktop("panel")),
        ],
    );
    assert_eq!(
        lines(&seen)[2..],
        ["response security [session] none", "response desktop [session] panel"]
    );
}

#[test]
fn other_security_types_hide_what_follows() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Server, V8),
            (Side::Client, V8),
            (Side::Server, &[1, 19]),
            (Side::Client, &[19, 1, 2, 3, 4, 5, 6]),
            (Side::Server, &[7; 40]),
        ],
    );
    assert_eq!(
        lines(&seen)[2..],
        ["request security [session] vencrypt", "notice encrypted [unknown]"]
    );
}

#[test]
fn only_a_version_is_vnc() {
    assert_eq!(identify_tcp(&ENTRY, V8, false), Guess::Yes(None));
    assert_eq!(identify_tcp(&ENTRY, b"RFB 00", false), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, b"RFB 3.8     ", true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, b"RFC 003.008\n", true), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Server, V8);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &[V8, &[1, 4, 1, 0, 0, 0, 0, 0, 97]].concat());
}
