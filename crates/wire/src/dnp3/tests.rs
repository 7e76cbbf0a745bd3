//! DNP3 from constant bytes, made by hand from IEEE 1815 clauses 4, 8 and 9.

use super::ENTRY;
use super::link::checksum;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side};

/// A link frame around `user` bytes; master 1, outstation 10.
fn frame(control: u8, user: &[u8]) -> Vec<u8> {
    let (target, source) = if control & 0x80 != 0 { (10, 1) } else { (1, 10) };
    let mut bytes = vec![5, 0x64, u8::try_from(user.len() + 5).unwrap(), control];
    bytes.extend([target, 0, source, 0]);
    bytes.extend(checksum(&bytes).to_le_bytes());
    for block in user.chunks(16) {
        bytes.extend(block);
        bytes.extend(checksum(block).to_le_bytes());
    }
    bytes
}

/// A request in one segment; sequence 3.
fn request(application: &[u8]) -> Vec<u8> {
    frame(0xc4, &[&[0xc0, 0xc3], application].concat())
}

fn response(application: &[u8]) -> Vec<u8> {
    frame(0x44, &[&[0xc0, 0xc3], application].concat())
}

fn exchange(ask: &[u8], answer: &[u8]) -> Vec<Seen> {
    run(&ENTRY, &[(Side::Client, &request(ask)), (Side::Server, &response(answer))])
}

fn only(application: &[u8]) -> Seen {
    run(&ENTRY, &[(Side::Client, &request(application))]).remove(0)
}

/// A control relay output block: latch on, once, 100 ms, with a status.
fn control(status: u8) -> Vec<u8> {
    // g12v1, one index of one byte, count 1, index 5
    vec![12, 1, 0x17, 1, 5, 3, 1, 100, 0, 0, 0, 100, 0, 0, 0, status]
}

#[test]
fn the_checksum_is_that_of_the_standard() {
    // a frame of the field: reset link states to station 1 from 3
    assert_eq!(checksum(&[5, 0x64, 5, 0xc0, 1, 0, 0, 4]), 0x21e9);
}

#[test]
fn read_names_its_points_and_pairs() {
    let seen = exchange(&[1, 30, 1, 0, 2, 4], &[129, 0x80, 0, 30, 2, 0, 2, 2, 1, 7, 0]);
    assert_eq!(seen[0].line(), "request read [observe] g30v1 2..4");
    assert_eq!(seen[1].line(), "response read [observe] g30v2 2 = ok");
    assert_eq!(seen[1].values, "device restart");
    assert_eq!((seen[1].unit, seen[1].id), (Some(10), Some(3)));
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
    assert_eq!(only(&[1, 60, 2, 6, 60, 3, 6, 60, 4, 6]).object, "g60v2, g60v3, g60v4");
    // a read of a file names it in an object of its own size, here 2 bytes
    assert!(only(&[1, 70, 5, 0x5b, 1, 2, 0, 9, 9]).anomalies.is_empty());
}

#[test]
fn a_direct_operate_shows_its_control_and_how_it_ended() {
    let ask = [&[5][..], &control(0)].concat();
    let answer = [&[129, 0, 0][..], &control(4)].concat();
    let seen = exchange(&ask, &answer);
    assert_eq!(seen[0].line(), "request direct operate [operate] g12v1 5");
    assert_eq!(seen[0].values, "latch on");
    assert_eq!(seen[1].line(), "response direct operate [operate] g12v1 5 = not supported");
}

#[test]
fn restarts_and_stops_carry_their_effect() {
    assert_eq!(only(&[13]).line(), "request cold restart [administer]");
    assert_eq!(
        only(&[18, 90, 1, 0x5b, 1, 1, 0, 9]).line(),
        "request stop application [administer] g90v1 x1"
    );
    assert_eq!(only(&[21, 60, 2, 6]).line(), "request disable unsolicited [administer] g60v2");
    let effect = |code| crate::Operation::find(super::codes::FUNCTIONS, code).unwrap().effect;
    assert_eq!(effect(13), crate::Effect::Restart);
    assert_eq!(effect(18), crate::Effect::Stop);
}

#[test]
fn writes_are_judged_by_what_they_write() {
    assert_eq!(
        only(&[2, 50, 1, 7, 1, 0, 0, 0, 0, 0, 0]).line(),
        "request write time [administer] g50v1 x1"
    );
    assert_eq!(
        only(&[2, 80, 1, 0, 7, 7, 0]).line(),
        "request write internal indications [session] g80v1 7"
    );
    assert_eq!(only(&[2, 0, 240, 0, 0, 0]).operation, "write");
}

#[test]
fn indications_refuse() {
    let seen = exchange(&[1, 60, 2, 6], &[129, 0, 2]);
    assert_eq!(seen[1].line(), "response read [observe] = object unknown");
    let unasked = run(&ENTRY, &[(Side::Server, &response(&[129, 0, 0]))]).remove(0);
    assert_eq!(unasked.line(), "response response [unknown] = ok");
    assert_eq!(unasked.anomalies, ["response without a request seen"]);
}

#[test]
fn fragments_are_put_together_from_their_segments() {
    let first = frame(0xc4, &[0x41, 0xc3, 1, 30]);
    let second = frame(0xc4, &[0x82, 1, 0, 2, 4]);
    let seen = run(&ENTRY, &[(Side::Client, &first), (Side::Client, &second)]);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].line(), "request read [observe] g30v1 2..4");
    assert!(seen[0].anomalies.is_empty());
    let wrong = frame(0xc4, &[0x83, 1, 0, 2, 4]);
    let seen = run(&ENTRY, &[(Side::Client, &first), (Side::Client, &wrong)]);
    assert_eq!(seen[0].anomalies, ["segment does not follow the one before"]);
}

#[test]
fn fragments_are_judged_at_and_past_their_limit() {
    let anomalies = |bytes: usize| {
        let mut stream = Vec::new();
        // a function that no list has, so that its bytes are not read as objects
        let whole = [vec![0xc3, 1, 60, 2, 6], vec![60; bytes - 5]].concat();
        let count = whole.len().div_ceil(249);
        for (place, part) in whole.chunks(249).enumerate() {
            let first = if place == 0 { 0x40 } else { 0 };
            let last = if place + 1 == count { 0x80 } else { 0 };
            let header = first | last | u8::try_from(place).unwrap();
            stream.extend(frame(0xc4, &[&[header], part].concat()));
        }
        run(&ENTRY, &[(Side::Client, &stream)]).remove(0).anomalies
    };
    assert!(!anomalies(2048).contains(&"fragment passes 2048 bytes"));
    assert!(anomalies(2049).contains(&"fragment passes 2048 bytes"));
}

#[test]
fn link_frames_without_user_data_are_housekeeping() {
    let seen = run(&ENTRY, &[(Side::Client, &frame(0xc9, &[])), (Side::Server, &frame(0x0b, &[]))]);
    assert_eq!(seen[0].line(), "request request link status [session]");
    assert_eq!(seen[1].line(), "response link status [session]");
}

#[test]
fn what_is_wrong_is_said_of_a_message_that_is_still_shown() {
    let mut bytes = request(&[1, 30, 1, 0, 2, 4]);
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let seen = run(&ENTRY, &[(Side::Client, &bytes)]).remove(0);
    assert_eq!(seen.object, "g30v1 2..4");
    assert_eq!(seen.anomalies, ["checksum of user data does not match"]);
    assert_eq!(only(&[1, 30, 1, 0, 4, 2]).anomalies, [super::OBJECTS.what]);
    assert_eq!(only(&[1, 30, 1, 0, 2]).anomalies, [super::OBJECTS.what]);
    assert_eq!(only(&[1, 60, 2, 6, 60]).anomalies, [super::OBJECTS.what]);
    let empty = run(&ENTRY, &[(Side::Client, &frame(0xc4, &[0xc0, 0xc3]))]).remove(0);
    assert_eq!(empty.anomalies, ["no application header"]);
}

#[test]
fn unlisted_functions_are_unknown_and_keep_their_code() {
    let seen = only(&[77]);
    assert_eq!((seen.intent, seen.code), (plant::Intent::Unknown, 77));
}

#[test]
fn content_identifies_it_on_any_port() {
    let bytes = request(&[1, 60, 2, 6]);
    assert_eq!(identify_tcp(&ENTRY, &bytes, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(
        identify_tcp(&ENTRY, &response(&[129, 0, 0]), false),
        Guess::Yes(Some(Side::Server))
    );
    assert_eq!(identify_tcp(&ENTRY, &bytes[..9], false), Guess::More);
    let mut other = bytes;
    other[8] ^= 1;
    assert_eq!(identify_tcp(&ENTRY, &other, true), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    let bytes = request(&[1, 60, 2, 6, 60, 3, 6, 60, 4, 6, 60, 1, 6, 30, 0, 6]);
    for end in 10..bytes.len() {
        let mut sink = crate::testing::Collector::default();
        let step = (ENTRY.open)().parse(Side::Client, &bytes[..end], &mut sink);
        assert_eq!(step, crate::Step::Need(bytes.len()));
    }
    truncations(&ENTRY, Side::Client, &bytes);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &request(&[&[5][..], &control(0)].concat()));
}
