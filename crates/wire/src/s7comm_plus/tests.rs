//! S7comm-plus from constant bytes, made by hand from the layouts in the module headers.

use plant::Intent;

use super::ENTRY;
use crate::testing::{identify_tcp, never_panics, run, truncations};
use crate::{Effect, Guess, Side};

/// One TPKT with a COTP DT TPDU around user data.
fn dt(data: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(data.len() + 7).unwrap().to_be_bytes();
    [&[3, 0, high, low, 2, 0xf0, 0x80], data].concat()
}

/// A PDU of `version` with its trailer; version 3 gets a digest of 32 zero bytes.
fn pdu(version: u8, data: &[u8]) -> Vec<u8> {
    let mut digest = vec![];
    if version == 3 {
        digest.push(32);
        digest.resize(33, 0);
    }
    let [high, low] = u16::try_from(digest.len() + data.len()).unwrap().to_be_bytes();
    dt(&[&[0x72, version, high, low], &digest[..], data, &[0x72, version, 0, 0]].concat())
}

/// Request 9 of session 0x3be; `rest` begins with the object.
fn request(function: u16, rest: &[u8]) -> Vec<u8> {
    let [high, low] = function.to_be_bytes();
    [&[0x31, 0, 0, high, low, 0, 0, 0, 9, 0, 0, 3, 0xbe, 0x34], rest].concat()
}

/// Response 9 with a return value as VLQ.
fn response(function: u16, value: &[u8]) -> Vec<u8> {
    let [high, low] = function.to_be_bytes();
    [&[0x32, 0, 0, high, low, 0, 0, 0, 9, 0x34], value].concat()
}

fn line(function: u16, rest: &[u8]) -> String {
    run(&ENTRY, &[(Side::Client, &pdu(2, &request(function, rest)))])[0].line()
}

#[test]
fn requests_name_their_objects_in_every_version() {
    for version in 1..=3 {
        let get = request(
            0x054c,
            &[0, 0, 0, 0, 1, 5, 0x82, 0x34, 0x88, 0xd0, 0xb8, 0x80, 3, 2, 0x93, 0x76, 10],
        );
        let seen = run(
            &ENTRY,
            &[
                (Side::Client, &pdu(version, &get)),
                (Side::Server, &pdu(version, &response(0x054c, &[0]))),
            ],
        );
        let object = "DB3 symbol 0x00000134.10";
        assert_eq!(seen[0].line(), format!("request get multi variables [observe] {object}"));
        assert_eq!(seen[1].line(), format!("response get multi variables [observe] {object} = ok"));
        assert_eq!((seen[0].id, seen[0].values.as_str()), (Some(9), "session 0x3be"));
        assert_eq!(seen[1].facts, ["role=plc"]);
        assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
    }
}

#[test]
fn the_operating_state_of_the_cpu_is_stop_and_start() {
    // object 52, one attribute 2167, flags 0, type 8 (32-bit integer), value
    let set = |value| line(0x04f2, &[0, 0, 0, 52, 1, 0x90, 0x77, 0, 8, value]);
    assert_eq!(set(1), "request set variable (cpu stop) [administer] CPU operating state");
    assert_eq!(set(3), "request set variable (cpu start) [operate] CPU operating state");
    assert_eq!(set(2), "request set variable [operate] CPU operating state");
    assert_eq!(super::codes::CPU_STOP.effect, Effect::Stop);
    assert_eq!(super::codes::CPU_START.effect, Effect::Start);
}

#[test]
fn what_a_client_does_to_its_own_session_is_housekeeping() {
    let own = [0, 0, 3, 0xbe];
    let other = [0, 0, 0, 50];
    assert!(line(0x0542, &[&own[..], &[1, 1, 0x82, 0x32]].concat()).contains("[session]"));
    assert!(line(0x0542, &[&other[..], &[1, 1, 0x82, 0x32]].concat()).contains("[operate]"));
    assert!(line(0x04d4, &own).contains("[session]"));
    assert!(line(0x04d4, &other).contains("[unknown]"));
    assert!(line(0x04d4, &[0x8a, 0x0e, 0, 1]).ends_with("[program] DB1"));
    assert_eq!(line(0x04ca, &[0, 0, 0, 3]), "request create object (block) [program] PLC program");
    assert_eq!(
        line(0x04ca, &[0, 0, 1, 0x1d]),
        "request create object (session) [session] sessions"
    );
}

#[test]
fn subscriptions_observe_and_other_objects_made_at_run_time_are_unknown() {
    // parent is the session; value 0, word 0, mark, id 211, class 1001
    let subscribe =
        [&[0, 0, 3, 0xbe, 0, 4, 0, 0, 0, 0, 0, 0xa1, 0, 0, 0, 211][..], &[0x87, 0x69]].concat();
    assert!(line(0x04ca, &subscribe).contains("create object [observe]"));
    let set = |attribute: [u8; 2]| {
        line(0x04f2, &[&[0x70, 0, 0x0e, 0x51, 1][..], &attribute, &[0, 7, 0, 9]].concat())
    };
    assert!(set([0x88, 0x1d]).contains("[session]")); // 1053, credit
    assert!(set([0x95, 0x17]).contains("[unknown]")); // 2711
}

#[test]
fn the_answer_to_a_challenge_is_a_login() {
    let answer = request(0x04f2, &[0, 0, 3, 0xbe, 1, 0x8e, 0x36, 0x10, 2, 2, 1, 2]); // 1846
    let seen = run(&ENTRY, &[(Side::Client, &pdu(1, &answer))]);
    assert!(seen[0].line().starts_with("request set variable (legitimation) [administer]"));
    assert_eq!(seen[0].facts, ["login=S7comm-plus legitimation "]);
}

#[test]
fn the_answer_to_a_new_session_tells_order_number_and_firmware() {
    let text = b"1;6ES7 211-1BE31-0XB0 ;V3.0";
    let version = [&[0x11, 1, 0x87, 0x3e, 0xa1, 0x82, 0x3f, 0, 0x15, 27], &text[..]].concat();
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &pdu(1, &request(0x04ca, &[0, 0, 1, 0x1d]))),
            (Side::Server, &pdu(1, &response(0x04ca, &version))),
        ],
    );
    assert_eq!(seen[1].outcome, "ok"); // 17: session pre-legitimated
    let facts = ["role=plc", "order_code=6ES7 211-1BE31-0XB0", "firmware=V3.0"];
    assert_eq!(seen[1].facts, facts);
}

#[test]
fn negative_return_values_are_errors() {
    // -17 in the low 16 bits: 0xffef
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &pdu(2, &request(0x04bb, &[0, 0, 0, 3]))),
            (Side::Server, &pdu(2, &response(0x04bb, &[0x83, 0xff, 0x6f]))),
        ],
    );
    assert_eq!(seen[1].line(), "response explore [observe] PLC program = invalid crc");
}

#[test]
fn a_pdu_that_goes_on_is_one_message() {
    let first = request(0x056b, &[0, 0, 0, 3, 1, 2, 3]);
    let length = u8::try_from(first.len()).unwrap();
    let open = dt(&[&[0x72, 2, 0, length], &first[..]].concat());
    let stream = [&open[..], &pdu(2, &[0x31; 20]), &pdu(2, &request(0x0556, &[]))].concat();
    let seen = run(&ENTRY, &[(Side::Client, &stream)]);
    let names: Vec<_> = seen.iter().map(|seen| seen.operation).collect();
    assert_eq!(names, ["invoke", "begin sequence"]);
    assert!(seen.iter().all(|seen| seen.intent == Intent::Unknown));
}

#[test]
fn what_cannot_be_read_is_unknown() {
    for bytes in
        [pdu(3, &[0x99, 1, 2]), dt(&[0x17, 3, 3, 0, 2, 9, 9]), pdu(2, &request(0x0999, &[]))]
    {
        let seen = run(&ENTRY, &[(Side::Client, &bytes)]);
        assert_eq!((seen.len(), seen[0].intent), (1, Intent::Unknown));
        assert!(seen[0].anomalies.is_empty());
    }
}

#[test]
fn notifications_and_keep_alive_are_notices() {
    let seen = run(&ENTRY, &[(Side::Server, &pdu(3, &[0x33, 0x70, 0, 0x0e, 0x51, 4, 0]))]);
    assert_eq!(seen[0].line(), "notice notification [observe] object 0x70000e51");
    let seen = run(&ENTRY, &[(Side::Client, &dt(&[0x72, 0xff, 1, 0]))]);
    assert_eq!(seen[0].line(), "notice keep alive [session]");
}

#[test]
fn named_selectors_and_opcodes_identify() {
    let cr =
        b"\x03\x00\x00\x23\x1e\xe0\0\0\0\x01\0\xc1\x02\x06\0\xc2\x0fSIMATIC-ROOT-ES\xc0\x01\x0a";
    assert_eq!(identify_tcp(&ENTRY, cr, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&crate::s7comm::ENTRY, cr, true), Guess::No);
    let seen = run(&ENTRY, &[(Side::Client, cr)]);
    assert_eq!(seen[0].facts, ["role=engineering"]);
    let get = pdu(2, &request(0x054c, &[0, 0, 0, 0]));
    assert_eq!(identify_tcp(&ENTRY, &get, false), Guess::Yes(Some(Side::Client)));
    let notice = pdu(3, &[0x33, 0x70, 0, 0, 1]);
    assert_eq!(identify_tcp(&ENTRY, &notice, false), Guess::Yes(Some(Side::Server)));
    let record = dt(&[0x17, 3, 3, 0, 2, 9, 9]);
    assert_eq!(identify_tcp(&ENTRY, &record, false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &record, true), Guess::Yes(None));
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &pdu(2, &request(0x054c, &[0, 0, 0, 0])));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &pdu(2, &request(0x0542, &[0, 0, 0, 0, 1, 5, 1, 0x88, 0xd0, 2, 1, 1])));
    never_panics(&ENTRY, &pdu(3, &response(0x04ca, &[0x11, 0x82, 0x3f, 0, 0x15, 3, b'1', b';'])));
}
