//! Syslog from constant bytes; messages after the examples of RFC 3164 5.4 and RFC 5424 6.5.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

const OLD: &[u8] = b"<34>Oct 11 22:14:15 scalance-2 su: 'su root' failed";
const NEW: &[u8] = b"<165>1 2026-10-11T22:14:15.003Z plc7.test evntslog - ID47 - Link up";

fn reports(bytes: &[u8]) -> Vec<Seen> {
    run(&ENTRY, &[(Side::Client, bytes)])
}

#[test]
fn both_forms_tell_facility_severity_host_and_text() {
    let old = &reports(OLD)[0];
    assert_eq!(old.line(), "notice report [observe] auth.critical");
    assert_eq!((old.values.as_str(), old.code), ("su: 'su root' failed", 34));
    assert_eq!(old.facts, ["hostname=scalance-2"]);
    let new = &reports(NEW)[0];
    assert_eq!(new.line(), "notice report [observe] local4.notice");
    assert_eq!(
        (new.values.as_str(), new.facts[0].as_str()),
        ("evntslog - ID47 - Link up", "hostname=plc7.test")
    );
}

#[test]
fn a_report_without_time_or_host_is_still_shown() {
    let seen = reports(b"<190>%LINK-3-UPDOWN: down");
    assert_eq!((seen[0].values.as_str(), seen[0].facts.len()), ("%LINK-3-UPDOWN: down", 0));
    assert_eq!(seen[0].anomalies, ["report without a time"]);
    assert!(reports(b"<34>Oct 11 22:14:15 su: failed")[0].facts.is_empty());
}

#[test]
fn a_stream_holds_lines_or_counted_messages() {
    let lines = [OLD, b"\n", NEW, b"\n"].concat();
    assert_eq!(reports(&lines).len(), 2);
    let counted =
        [format!("{} ", OLD.len()).as_bytes(), OLD, format!("{} ", NEW.len()).as_bytes(), NEW]
            .concat();
    assert_eq!(reports(&counted).len(), 2);
    assert_eq!(reports(&counted[..20]).len(), 0);
}

#[test]
fn a_sender_cannot_write_escape_sequences_into_a_report() {
    assert_eq!(reports(b"<34>Oct 11 22:14:15 host1 \x1b[2J")[0].values, "\\x1b[2J");
}

#[test]
fn priorities_are_judged_at_and_past_their_limit() {
    assert_eq!(reports(b"<191>x")[0].object, "local7.debug");
    assert!(reports(b"<192>x").is_empty());
    assert!(reports(b"<+34>x").is_empty());
    assert!(reports(b"<1").is_empty());
}

#[test]
fn without_a_hint_a_time_or_version_must_follow() {
    let ask = |bytes: &[u8], hinted| identify(&ENTRY, Transport::Udp, bytes, hinted);
    assert_eq!(ask(OLD, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(ask(NEW, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(ask(&[OLD, b"\0"].concat(), false), Guess::Yes(Some(Side::Client)));
    assert_eq!(ask(b"<34>hello", false), Guess::No);
    assert_eq!(ask(b"<34>hello", true), Guess::Yes(Some(Side::Client)));
    assert_eq!(ask(b"<Sen Type=\"KUKA\">", true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, OLD);
    never_panics(&ENTRY, b"12 <34>x<34>Oct 11 22:14:15 a b\n");
}
