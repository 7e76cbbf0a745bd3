//! IEC 60870-5-104 from constant bytes, made by hand from IEC 104 clause 5 and IEC 101 clause 7.

use super::ENTRY;
use crate::testing::{Collector, Seen, identify_tcp, never_panics, run, truncations};
use crate::{Effect, Guess, Side, Step};

/// An I-format frame around an ASDU.
fn framed(asdu: &[u8]) -> Vec<u8> {
    [&[0x68, u8::try_from(asdu.len() + 4).unwrap(), 2, 0, 4, 0], asdu].concat()
}

fn only(asdu: &[u8]) -> Seen {
    run(&ENTRY, &[(Side::Client, &framed(asdu))]).remove(0)
}

#[test]
fn a_command_operates_and_its_confirmation_ends_it() {
    // single command on, execute; station 3, object 5000
    let ask = only(&[45, 1, 6, 0, 3, 0, 0x88, 0x13, 0, 0x01]);
    assert_eq!(ask.line(), "request c_sc_na_1 [operate] ioa 5000");
    assert_eq!((ask.values.as_str(), ask.unit), ("activation, execute on", Some(3)));
    let answer = only(&[45, 1, 7, 0, 3, 0, 0x88, 0x13, 0, 0x01]);
    assert_eq!(answer.line(), "response c_sc_na_1 [operate] ioa 5000 = ok");
    let negative = only(&[46, 1, 0x47, 0, 3, 0, 0x88, 0x13, 0, 0x82]);
    assert_eq!(negative.outcome, "negative confirmation");
    assert_eq!(negative.values, "activation confirmation, select on");
    assert_eq!(
        only(&[45, 1, 47, 0, 3, 0, 1, 0, 0, 0]).outcome,
        "unknown information object address"
    );
}

#[test]
fn executing_what_was_not_selected_is_a_direct_operate() {
    let select = framed(&[45, 1, 6, 0, 3, 0, 0x88, 0x13, 0, 0x81]);
    let execute = framed(&[45, 1, 6, 0, 3, 0, 0x88, 0x13, 0, 0x01]);
    // scaled set point: two bytes of value before the qualifier
    let set = framed(&[49, 1, 6, 0, 3, 0, 0x89, 0x13, 0, 0x80, 0x80, 0x00]);
    let parts = [&select, &execute, &execute, &set].map(|bytes| (Side::Client, &bytes[..]));
    let effects: Vec<_> = run(&ENTRY, &parts).iter().map(|seen| seen.effect).collect();
    assert_eq!(
        effects,
        [Effect::Plain, Effect::Plain, Effect::DirectOperate, Effect::DirectOperate]
    );
}

#[test]
fn system_commands_have_their_intent_and_effect() {
    assert_eq!(
        only(&[100, 1, 6, 0, 3, 0, 0, 0, 0, 20]).line(),
        "request c_ic_na_1 [observe] ioa 0"
    );
    assert_eq!(
        only(&[105, 1, 6, 0, 3, 0, 0, 0, 0, 1]).line(),
        "request c_rp_na_1 [administer] ioa 0"
    );
    let effect = |code| crate::Operation::find(super::codes::TYPES, code).unwrap().effect;
    assert_eq!(effect(105), crate::Effect::Restart);
    assert_eq!(effect(103), crate::Effect::SetClock);
    assert_eq!(effect(110), crate::Effect::Download);
}

#[test]
fn measurements_are_notices_with_their_addresses() {
    let sequence = only(&[1, 0x83, 20, 0, 3, 0, 10, 0, 0, 1, 0, 1]);
    assert_eq!(sequence.line(), "notice m_sp_na_1 [observe] ioa 10..12");
    let single = only(&[1, 2, 3, 0, 3, 0, 10, 0, 0, 1, 20, 0, 0, 1]);
    assert_eq!((single.object.as_str(), single.values.as_str()), ("ioa 10,20", "spontaneous"));
    assert!(single.anomalies.is_empty());
}

#[test]
fn control_functions_are_housekeeping() {
    let line = |bytes: &[u8]| run(&ENTRY, &[(Side::Client, bytes)]).remove(0).line();
    assert_eq!(line(&[0x68, 4, 7, 0, 0, 0]), "request startdt act [session]");
    assert_eq!(line(&[0x68, 4, 0x83, 0, 0, 0]), "response testfr con [session] = ok");
    assert_eq!(line(&[0x68, 4, 1, 0, 6, 0]), "notice s-format [session]");
}

#[test]
fn what_is_wrong_is_said_of_a_message_that_is_still_shown() {
    let anomalies = |asdu: &[u8]| only(asdu).anomalies;
    assert_eq!(anomalies(&[45, 2, 6, 0, 3, 0, 1, 0, 0, 1]), [super::SIZE.what]);
    assert_eq!(anomalies(&[45, 1, 63, 0, 3, 0, 1, 0, 0, 1]), [super::CAUSE.what]);
    assert_eq!(anomalies(&[1, 0, 3, 0, 3, 0]), [super::NONE.what]);
    assert_eq!(anomalies(&[45, 1]), ["message is shorter than it announces"]);
    let other = run(&ENTRY, &[(Side::Client, &[0x68, 4, 0x0f, 0, 0, 0])]).remove(0);
    assert_eq!(other.anomalies, [super::CONTROL.what]);
}

#[test]
fn unlisted_types_are_unknown_and_keep_their_code() {
    let seen = only(&[200, 1, 3, 0, 3, 0, 1, 0, 0]);
    assert_eq!((seen.intent, seen.code), (plant::Intent::Unknown, 200));
}

#[test]
fn lengths_are_judged_at_and_past_their_limit() {
    let step = |length: u8| {
        (ENTRY.open)().parse(Side::Client, &[0x68, length, 1, 0, 0, 0], &mut Collector::default())
    };
    assert_eq!(step(3), Step::Lost);
    assert_eq!(step(4), Step::Read(6));
    assert_eq!(step(253), Step::Need(255));
    assert_eq!(step(254), Step::Lost);
}

#[test]
fn content_identifies_it_on_any_port() {
    let start = [0x68, 4, 7, 0, 0, 0];
    assert_eq!(identify_tcp(&ENTRY, &start, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, &[0x68, 4, 1, 0, 6, 0], false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &[0x68, 4, 1, 0, 6, 0], true), Guess::Yes(None));
    let command = framed(&[45, 1, 6, 0, 3, 0, 1, 0, 0, 1]);
    assert_eq!(identify_tcp(&ENTRY, &command, false), Guess::Yes(Some(Side::Client)));
    let wrong = framed(&[45, 2, 6, 0, 3, 0, 1, 0, 0, 1]);
    assert_eq!(identify_tcp(&ENTRY, &wrong, true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, b"hello, world", false), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    let bytes = framed(&[45, 1, 6, 0, 3, 0, 1, 0, 0, 1]);
    for end in 2..bytes.len() {
        let step = (ENTRY.open)().parse(Side::Client, &bytes[..end], &mut Collector::default());
        assert_eq!(step, Step::Need(bytes.len()));
    }
    truncations(&ENTRY, Side::Client, &bytes);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &framed(&[1, 2, 3, 0, 3, 0, 10, 0, 0, 1, 20, 0, 0, 1]));
}

#[test]
fn objects_of_an_unlisted_type_are_counted() {
    assert_eq!(only(&[200, 2, 6, 0, 3, 0, 0x88, 0x13, 0, 1]).object, "ioa , and 2 more");
}
