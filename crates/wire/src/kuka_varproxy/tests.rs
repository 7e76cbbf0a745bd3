//! VarProxy messages made by hand from its published source.

use plant::Intent;

use super::ENTRY;
use crate::kuka_c3;
use crate::testing::{identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side};

const CLIENT: Side = Side::Client;
const SERVER: Side = Side::Server;

fn framed(id: u16, mode: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 1).unwrap();
    [&id.to_be_bytes()[..], &length.to_be_bytes(), &[mode], payload].concat()
}

/// Length and bytes.
pub(crate) fn text(text: &[u8]) -> Vec<u8> {
    [&u16::try_from(text.len()).unwrap().to_be_bytes()[..], text].concat()
}

pub(crate) fn read(id: u16, name: &[u8]) -> Vec<u8> {
    framed(id, 0, &text(name))
}

pub(crate) fn write(id: u16, name: &[u8], value: &[u8]) -> Vec<u8> {
    framed(id, 1, &[text(name), text(value)].concat())
}

/// Value, then 0, 1 and whether it was done.
fn answer(id: u16, mode: u8, value: &[u8], done: u8) -> Vec<u8> {
    framed(id, mode, &[text(value), vec![0, 1, done]].concat())
}

#[test]
fn variables_are_read_and_written_by_name() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &read(7, b"$OV_PRO")),
            (SERVER, &answer(7, 0, b"100", 1)),
            (CLIENT, &write(8, b"$OV_PRO", b"35")),
            (SERVER, &answer(8, 1, b"35", 1)),
        ],
    );
    assert_eq!(seen[0].line(), "request read variable [observe] $OV_PRO");
    assert_eq!(seen[1].line(), "response read variable [observe] $OV_PRO = ok");
    assert_eq!((seen[1].values.as_str(), seen[1].id), ("100", Some(7)));
    assert_eq!(seen[1].facts, ["vendor=KUKA", "role=robot"]);
    assert_eq!(seen[2].line(), "request write variable [operate] $OV_PRO");
    assert_eq!(seen[2].values, "35");
    assert!(seen.iter().all(|seen| seen.protocol == "kuka-varproxy" && seen.anomalies.is_empty()));
    assert!(seen[3].facts.is_empty());
}

#[test]
fn what_was_not_done_is_an_error() {
    let seen = run(&ENTRY, &[(CLIENT, &read(1, b"NOT_THERE")), (SERVER, &answer(1, 0, b"", 0))]);
    assert_eq!(seen[1].line(), "response read variable [observe] NOT_THERE = not done");
    assert_eq!(seen[1].values, "");
    assert!(seen[1].facts.is_empty());
}

#[test]
fn arrays_are_words() {
    let request = framed(2, 3, &[text(b"VALS[]"), text(&[0, 7, 1, 0])].concat());
    let seen = run(&ENTRY, &[(CLIENT, &request), (SERVER, &answer(2, 3, &[0, 7], 1))]);
    assert_eq!(seen[0].line(), "request write array [operate] VALS[]");
    assert_eq!((seen[0].values.as_str(), seen[1].values.as_str()), ("7 256", "7"));
}

#[test]
fn the_robot_tells_who_it_is_when_asked() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &read(1, b"$model_name[]")),
            (SERVER, &answer(1, 0, b"\"#KR6R900\"", 1)),
            (CLIENT, &read(2, b"$KR_SERIALNO")),
            (SERVER, &answer(2, 0, b"584113", 1)),
            (CLIENT, &read(3, b"$ROBNAME[]")),
            (SERVER, &answer(3, 0, b"", 0)),
        ],
    );
    assert_eq!(seen[1].facts, ["vendor=KUKA", "role=robot", "product=\"#KR6R900\""]);
    assert_eq!(seen[3].facts, ["serial=584113"]);
    assert!(seen[5].facts.is_empty());
}

#[test]
fn lengths_that_contradict_each_other_are_malformed() {
    let mut long = read(1, b"$OV_PRO");
    long[6] += 1; // the name is longer than the message
    let seen = run(&ENTRY, &[(CLIENT, &long), (CLIENT, &framed(2, 0, &[0, 1, b'A', 0]))]);
    assert_eq!(seen[0].anomalies, ["message is shorter than it announces"]);
    assert_eq!(seen[1].anomalies, ["bytes follow the end of the message"]);
    let seen = run(&ENTRY, &[(SERVER, &framed(1, 0, &[0]))]);
    assert_eq!(
        seen[0].anomalies,
        ["response without a request seen", "message is shorter than it announces"]
    );
}

#[test]
fn a_name_longer_than_is_kept_is_cut_in_the_answer_only() {
    let name = [b'A'; 60_000];
    let seen = run(&ENTRY, &[(CLIENT, &read(1, &name)), (SERVER, &answer(1, 0, b"1", 1))]);
    assert_eq!((seen[0].object.len(), seen[1].object.len()), (60_000, 192));
}

#[test]
fn three_protocols_of_one_port_are_told_apart() {
    let proxy = |bytes: &[u8], hinted| identify_tcp(&ENTRY, bytes, hinted);
    let bridge = |bytes: &[u8], hinted| identify_tcp(&kuka_c3::ENTRY, bytes, hinted);
    let variable = read(7, b"$POS_ACT");
    assert_eq!(proxy(&variable, false), Guess::Yes(Some(CLIENT)));
    assert_eq!(bridge(&variable, true), Guess::No);
    let select = framed(7, 10, &[1, 0, 1]);
    assert_eq!(proxy(&select, true), Guess::No);
    assert_eq!(bridge(&select, true), Guess::Yes(Some(CLIENT)));
    for xml in [&b"<Robot><Status>1</Status></Robot>"[..], b"<?xml version=\"1.0\"?><A/>", b"<Ab2>"]
    {
        assert_eq!((proxy(xml, true), bridge(xml, true)), (Guess::No, Guess::No));
    }
}

#[test]
fn others_bytes_are_not_claimed() {
    let ask = |bytes: &[u8], hinted| identify_tcp(&ENTRY, bytes, hinted);
    assert_eq!(ask(&[0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1], true), Guess::No); // Modbus
    assert_eq!(ask(b"GET / HTTP/1.1\r\n\r\n", true), Guess::No);
    assert_eq!(ask(&[3, 0, 0, 22, 17, 0xe0, 0, 0, 0, 1, 0], true), Guess::No); // TPKT
    assert_eq!(ask(&framed(1, 0, &[0, 2, b'A', 1]), true), Guess::No); // no printable name
    assert_eq!(ask(&[0, 7, 0], true), Guess::More);
    assert_eq!(ask(&[0, 7, 0], false), Guess::No);
    assert_eq!(ask(&answer(7, 0, b"1", 1), false), Guess::No);
    assert_eq!(ask(&answer(7, 0, b"1", 1), true), Guess::Yes(Some(SERVER)));
}

#[test]
fn no_mode_that_writes_only_observes() {
    let intent = |code| super::MODES.iter().find(|row| row.code == code).map(|row| row.intent);
    assert_eq!((intent(1), intent(3)), (Some(Intent::Operate), Some(Intent::Operate)));
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, CLIENT, &write(8, b"$OV_PRO", b"35"));
    truncations(&ENTRY, SERVER, &answer(8, 1, b"35", 1));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &write(8, b"$OV_PRO", b"35"));
    never_panics(&ENTRY, &answer(8, 3, &[0, 7, 0, 8], 1));
}
