//! SLMP from constant bytes, made by hand from the layouts of SH-080956ENG clauses 4 and 5.

use super::ENTRY;
use crate::testing::{Collector, Seen, identify, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Step, Transport};

/// A binary 3E request: network 0, station ff, module 03ff, timer 16.
fn request(command: u16, subcommand: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 6).unwrap().to_le_bytes();
    let (command, subcommand) = (command.to_le_bytes(), subcommand.to_le_bytes());
    [&[0x50, 0, 0, 0xff, 0xff, 3, 0], &length[..], &[16, 0], &command, &subcommand, data].concat()
}

fn response(end_code: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_le_bytes();
    [&[0xd0, 0, 0, 0xff, 0xff, 3, 0], &length[..], &end_code.to_le_bytes(), data].concat()
}

fn only(command: u16, subcommand: u16, data: &[u8]) -> Seen {
    run(&ENTRY, &[(Side::Client, &request(command, subcommand, data))]).remove(0)
}

#[test]
fn read_pairs_the_words_with_their_devices() {
    let (ask, answer) = (request(0x0401, 0, &[100, 0, 0, 0xa8, 2, 0]), response(0, &[7, 0, 0, 1]));
    let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)]);
    assert_eq!(seen[0].line(), "request read [observe] D 100..101");
    assert_eq!(seen[1].line(), "response read [observe] D 100..101 = ok");
    assert_eq!(seen[1].values, "[7, 256]");
    assert_eq!((seen[1].unit, seen[1].id), (Some(0x00ff), None));
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn devices_are_numbered_as_the_manual_numbers_them() {
    let object = |subcommand, data: &[u8]| only(0x0401, subcommand, data).object;
    assert_eq!(object(1, &[0x10, 0, 0, 0x9c, 4, 0]), "X 10..13");
    assert_eq!(object(0, &[0x10, 0, 0, 0x90, 2, 0]), "M 16..47", "words of bits");
    assert_eq!(object(0, &[0xff, 0, 0, 0xb4, 2, 0]), "W FF..100");
    assert_eq!(object(2, &[0, 0, 1, 0, 0xa8, 0, 1, 0]), "D 65536", "iQ-R long form");
    assert_eq!(only(0x0401, 0, &[0, 0, 0, 0x11, 1, 0]).anomalies, [super::DEVICE.what]);
}

#[test]
fn writes_operate_and_show_their_values() {
    let words = only(0x1401, 0, &[1, 0, 0, 0xa8, 2, 0, 1, 0, 2, 0]);
    assert_eq!(words.line(), "request write [operate] D 1..2");
    assert_eq!(words.values, "[1, 2]");
    let bits = only(0x1401, 1, &[0, 0, 0, 0x90, 3, 0, 0x10, 0x10]);
    assert_eq!((bits.object.as_str(), bits.values.as_str()), ("M 0..2", "[1, 0, 1]"));
    assert!(bits.anomalies.is_empty());
    let short = only(0x1401, 0, &[1, 0, 0, 0xa8, 2, 0, 1, 0]);
    assert_eq!(short.anomalies, ["number of points does not match the data"]);
}

#[test]
fn random_and_block_access_name_all_their_devices() {
    // 1 word and 1 double word: D 7 and D 1500
    let read = only(0x0403, 0, &[1, 1, 7, 0, 0, 0xa8, 0xdc, 5, 0, 0xa8]);
    assert_eq!(read.line(), "request read random [observe] D 7, D 1500");
    assert!(read.anomalies.is_empty());
    let write = [1, 1, 7, 0, 0, 0xa8, 1, 0, 9, 0, 0, 0xa8, 2, 0, 0, 0];
    assert_eq!(only(0x1402, 0, &write).line(), "request write random [operate] D 7, D 9");
    let bits = [2, 50, 0, 0, 0x90, 1, 0x2f, 0, 0, 0x9d, 0];
    assert_eq!(only(0x1402, 1, &bits).line(), "request write random [operate] M 50, Y 2F");
    // a word block D 0..3 and a bit block M 0..31
    let blocks = [1, 1, 0, 0, 0, 0xa8, 4, 0, 0, 0, 0, 0x90, 2, 0];
    let read = only(0x0406, 0, &blocks);
    assert_eq!(read.line(), "request read block [observe] D 0..3, M 0..31");
    let short = only(0x1402, 0, &write[..12]);
    assert_eq!(short.anomalies, ["number of points does not match the data"]);
    // a device that is not listed does not hide behind the first
    let hidden = only(0x1402, 1, &[2, 50, 0, 0, 0x90, 1, 0, 0, 0, 0x11, 1]);
    assert_eq!(hidden.object, "M 50, and 1 more");
    let many = only(0x0403, 0, &[&[255, 0][..], &[7, 0, 0, 0xa8].repeat(255)].concat());
    assert!(many.object.ends_with("D 7, and 247 more"), "{}", many.object);
    assert!(many.anomalies.is_empty());
}

#[test]
fn a_remote_password_crosses_in_the_clear() {
    let seen = only(0x1630, 0, &[4, 0, b'1', b'2', b'3', b'4']);
    assert_eq!(seen.facts, ["login=SLMP remote password remote password cleartext"]);
    assert!(only(0x1631, 0, &[4, 0, b'1', b'2', b'3', b'4']).facts.is_empty());
}

#[test]
fn remote_control_carries_its_effect() {
    assert_eq!(only(0x1001, 0, &[1, 0, 0, 0]).line(), "request remote run [operate]");
    assert_eq!(only(0x1001, 0, &[3, 0, 0, 0]).line(), "request remote run [operate] forced");
    assert_eq!(only(0x1002, 0, &[1, 0]).line(), "request remote stop [administer]");
    assert_eq!(only(0x1006, 0, &[1, 0]).line(), "request remote reset [administer]");
    let effect = |code| crate::Operation::find(super::codes::COMMANDS, code).unwrap().effect;
    assert_eq!(effect(0x1001), crate::Effect::Start);
    assert_eq!(effect(0x1002), crate::Effect::Stop);
    assert_eq!(effect(0x1006), crate::Effect::Restart);
    assert_eq!(effect(0x1829), crate::Effect::Download);
}

#[test]
fn read_type_name_tells_the_model() {
    let (ask, answer) = (request(0x0101, 0, &[]), response(0, b"Q03UDVCPU       \x66\x03"));
    let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)]);
    assert_eq!(seen[1].facts, ["vendor=Mitsubishi Electric", "product=Q03UDVCPU", "role=plc"]);
}

#[test]
fn errors_are_named_and_repeat_their_command() {
    // route, then command 1401 and subcommand 0
    let answer = response(0xc056, &[0, 0xff, 0xff, 3, 0, 0x01, 0x14, 0, 0]);
    let seen = run(&ENTRY, &[(Side::Server, &answer)]).remove(0);
    assert_eq!(seen.line(), "response write [operate] = address range exceeded");
    let unasked = run(&ENTRY, &[(Side::Server, &response(0, &[]))]).remove(0);
    assert_eq!(unasked.line(), "response response [unknown] = ok");
    assert_eq!(unasked.anomalies, ["response without a request seen"]);
}

#[test]
fn ascii_frames_say_the_same() {
    // length 0x18 = timer, command, subcommand, device, number, points
    let ask = b"500000FF03FF000018001004010000D*0001000002";
    let seen =
        run(&ENTRY, &[(Side::Client, ask), (Side::Server, b"D00000FF03FF00000C000000070100")]);
    assert_eq!(seen[0].line(), "request read [observe] D 100..101");
    assert_eq!(seen[1].values, "[7, 256]");
    let bits = b"500000FF03FF00001C001014010001M*0000030004" as &[u8];
    let bits = run(&ENTRY, &[(Side::Client, &[bits, b"1101"].concat())]).remove(0);
    assert_eq!((bits.object.as_str(), bits.values.as_str()), ("M 3..6", "[1, 1, 0, 1]"));
}

#[test]
fn the_serial_number_of_4e_frames_pairs() {
    // serial 0x1234; length 6: timer, remote stop, subcommand
    let ask = [0x54, 0, 0x34, 0x12, 0, 0, 0, 0xff, 0xff, 3, 0, 6, 0, 16, 0, 2, 0x10, 0, 0];
    let answer = [0xd4, 0, 0x34, 0x12, 0, 0, 0, 0xff, 0xff, 3, 0, 2, 0, 0, 0];
    let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)]);
    assert_eq!(seen[1].line(), "response remote stop [administer] = ok");
    assert_eq!(seen[1].id, Some(0x1234));
}

#[test]
fn unlisted_commands_are_unknown_and_keep_their_code() {
    let seen = only(0x7777, 0, &[]);
    assert_eq!((seen.intent, seen.code), (plant::Intent::Unknown, 0x7777));
}

#[test]
fn lengths_are_judged_at_and_past_their_limit() {
    let step = |length: u16| {
        let [low, high] = length.to_le_bytes();
        let bytes = [0x50, 0, 0, 0xff, 0xff, 3, 0, low, high, 0, 0, 0, 0, 0, 0];
        (ENTRY.open)().parse(Side::Client, &bytes, &mut Collector::default())
    };
    assert_eq!(step(5), Step::Lost);
    assert_eq!(step(6), Step::Read(15));
    assert_eq!(step(2048), Step::Need(2057));
    assert_eq!(step(2049), Step::Lost);
}

#[test]
fn content_identifies_it_and_leaves_its_neighbours_alone() {
    let read = request(0x0401, 0, &[100, 0, 0, 0xa8, 2, 0]);
    assert_eq!(identify_tcp(&ENTRY, &read, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, &response(0, &[1, 0]), false), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, &read[..8], true), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, &read[..8], false), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Udp, &read[..20], true), Guess::No);
    // CC-Link IE Field Basic: cyclic data is command 0e70, and its answer looks like SLMP's
    let cyclic = request(0x0e70, 0, &[1, 0, 0, 0]);
    assert_eq!(identify(&ENTRY, Transport::Udp, &cyclic, false), Guess::No);
    let answer = response(0, &[1, 0, 0, 0]);
    assert_eq!(identify(&ENTRY, Transport::Udp, &answer, false), Guess::No);
    // Denso b-CAP on 5007: 01, length, ...; MELSOFT on 5562: d7 00 00 00 00 11 11
    assert_eq!(
        identify_tcp(&ENTRY, &[1, 16, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4], true),
        Guess::No
    );
    assert_eq!(identify_tcp(&ENTRY, &[0xd7, 0, 0, 0, 0, 0x11, 0x11, 0x7f, 0], true), Guess::No);
    assert_eq!(
        identify_tcp(&ENTRY, &[0x50, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], true),
        Guess::No
    );
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &request(0x1401, 0, &[1, 0, 0, 0xa8, 1, 0, 5, 0]));
    truncations(&ENTRY, Side::Client, b"500000FF03FF000018001004010000D*0001000002");
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &request(0x1401, 1, &[1, 0, 0, 0xa8, 1, 0, 5, 0]));
    never_panics(&ENTRY, b"500000FF03FF000018001004010000D*0001000002");
    never_panics(&ENTRY, &request(0x1406, 0, &[2, 1, 0, 0, 0, 0xa8, 1, 0, 5, 0]));
}
