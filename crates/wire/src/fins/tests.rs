//! FINS from constant bytes, made by hand from OMRON W342 and W421.

use super::ENTRY;
use crate::testing::{Seen, identify, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Step, Transport};

/// A command from node 10 to node 1, service id 0x63.
fn command(command: [u8; 2], data: &[u8]) -> Vec<u8> {
    [&[0x80, 0, 2, 0, 1, 0, 0, 10, 0, 0x63], &command[..], data].concat()
}

/// The response of node 1.
fn response(command: [u8; 2], data: &[u8]) -> Vec<u8> {
    [&[0xc0, 0, 2, 0, 10, 0, 0, 1, 0, 0x63], &command[..], data].concat()
}

/// A FINS/TCP header of command 2 around a frame.
fn framed(frame: &[u8]) -> Vec<u8> {
    let length = u32::try_from(frame.len() + 8).unwrap().to_be_bytes();
    [b"FINS", &length[..], &[0, 0, 0, 2, 0, 0, 0, 0], frame].concat()
}

fn only(code: [u8; 2], data: &[u8]) -> Seen {
    run(&ENTRY, &[(Side::Client, &command(code, data))]).remove(0)
}

fn exchange(code: [u8; 2], asked: &[u8], answered: &[u8]) -> Vec<Seen> {
    let (command, response) = (command(code, asked), response(code, answered));
    run(&ENTRY, &[(Side::Client, &command), (Side::Server, &response)])
}

#[test]
fn memory_area_read_pairs_the_words_with_their_addresses() {
    // D100, 2 words
    let seen = exchange([1, 1], &[0x82, 0, 100, 0, 0, 2], &[0, 0, 0, 7, 1, 0]);
    assert_eq!(seen[0].line(), "request memory area read [observe] D 100..101");
    assert_eq!(seen[1].line(), "response memory area read [observe] D 100..101 = ok");
    assert_eq!(seen[1].values, "[7, 256]");
    assert_eq!((seen[1].id, seen[1].unit), (Some(0x63), Some(0x0100)));
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn addresses_are_named_as_engineers_write_them() {
    let cases: [(&[u8], &str); 9] = [
        (&[0x30, 0, 0, 5, 0, 1], "CIO 0.05"),
        (&[0x31, 0, 1, 14, 0, 4], "W 1.14..2.01"),
        (&[0xb0, 0, 10, 0, 0, 1], "CIO 10"),
        (&[0x89, 0, 3, 0, 0, 1], "T 3"),
        (&[0x89, 0x80, 3, 0, 0, 1], "C 3"),
        (&[0x81, 0x08, 3, 0, 0, 1], "C 3"),
        (&[0xa2, 0, 3, 0, 0, 2], "E2_ 3..4"),
        (&[0x98, 0, 3, 0, 0, 1], "E 3"),
        (&[0x55, 0, 3, 0, 0, 1], "area 0x55 3.00"),
    ];
    for (data, object) in cases {
        assert_eq!(only([1, 1], data).object, object);
    }
}

#[test]
fn places_that_follow_do_not_ride_along_behind_the_first() {
    // forced set of CIO 0.05 and CIO 0.06: specification 2, area and address 4 each
    let forced = [0, 2, 0, 1, 0x30, 0, 0, 5, 0, 1, 0x30, 0, 0, 6];
    let seen = only([0x23, 1], &forced);
    assert_eq!(seen.line(), "request forced set/reset [operate] CIO 0.05, and 1 more");
    assert_eq!(only([0x23, 1], &[0, 1, 0, 1, 0x30, 0, 0, 5]).object, "CIO 0.05");
    let read = only([1, 4], &[0x82, 0, 1, 0, 0x82, 0, 9, 0]);
    assert_eq!(read.object, "D 1, and 1 more");
}

#[test]
fn memory_writes_operate_and_show_their_values() {
    let seen = only([1, 2], &[0x82, 0, 1, 0, 0, 2, 0, 10, 1, 0]);
    assert_eq!(seen.line(), "request memory area write [operate] D 1..2");
    assert_eq!(seen.values, "[10, 256]");
    assert_eq!(only([1, 2], &[0x30, 0, 0, 3, 0, 2, 1, 0]).values, "[1, 0]");
    assert_eq!(only([1, 3], &[0x82, 0, 1, 0, 0, 9, 0, 0]).object, "D 1..9");
    let transfer = only([1, 5], &[0x82, 0, 1, 0, 0xb1, 0, 7, 0, 0, 2]);
    assert_eq!(transfer.line(), "request memory area transfer [operate] W 7..8");
}

#[test]
fn run_and_stop_carry_their_effect() {
    assert_eq!(only([4, 1], &[0xff, 0xff, 4]).line(), "request run [operate] run mode");
    assert_eq!(only([4, 1], &[]).line(), "request run [operate] monitor mode");
    assert_eq!(only([4, 2], &[]).line(), "request stop [administer]");
    let effect = |code| crate::Operation::find(super::codes::COMMANDS, code).map(|row| row.effect);
    assert_eq!(effect(0x0401), Some(crate::Effect::Start));
    assert_eq!(effect(0x0402), Some(crate::Effect::Stop));
    assert_eq!(effect(0x0307), Some(crate::Effect::Download));
}

#[test]
fn programs_parameters_and_files_are_named() {
    let program = only([3, 7], &[0xff, 0xff, 0, 0, 1, 0, 0x80, 2, 9, 9]);
    assert_eq!(program.line(), "request program area write [program] program byte 256..257");
    let setup = only([2, 1], &[0x80, 0x10, 0, 0, 0, 0x10]);
    assert_eq!(setup.line(), "request parameter area read [observe] plc setup 0..15");
    let write = [&[0, 1, 0, 2], &b"PROG.OBJ    "[..], &[0, 0, 0, 0, 0, 0]].concat();
    let file = only([0x22, 3], &write);
    assert_eq!(file.line(), "request single file write [program] disk 1 PROG.OBJ");
}

#[test]
fn what_clears_or_removes_is_told_apart_from_what_writes() {
    let effect = |code| crate::Operation::find(super::codes::COMMANDS, code).unwrap().effect;
    for code in [0x0308, 0x2204, 0x2205, 0x2208] {
        assert_eq!(effect(code), crate::Effect::DeleteFile, "{code:#x}");
    }
    assert_eq!((effect(0x0c01), effect(0x0c02)), (crate::Effect::Login, crate::Effect::Login));
    assert_eq!(effect(0x2101), crate::Effect::Reset);
}

#[test]
fn programs_and_files_cross_as_pieces() {
    let piece = |seen: &Seen| seen.piece.clone().unwrap_or_default();
    // program ffff, from byte 0x100, the last 2 bytes
    let last = only([3, 7], &[0xff, 0xff, 0, 0, 1, 0, 0x80, 2, 9, 9]);
    assert_eq!(piece(&last), "Last OMRON program program area to Server, 2 bytes at 256");
    let whole = only([2, 2], &[0x80, 0x10, 0, 0, 0x80, 1, 9, 9]);
    let expected = "Whole OMRON parameters parameter area 0x8010 to Server, 2 bytes at 0";
    assert_eq!(piece(&whole), expected);
    let write = [&[0, 1, 0, 0], &b"PROG.OBJ    "[..], &[0, 0, 0, 0, 0, 3, 1, 2, 3]].concat();
    let expected = "First file PROG.OBJ to Server, 3 bytes at 0";
    assert_eq!(piece(&only([0x22, 3], &write)), expected);
    let ask = [&[0, 1], &b"PROG.OBJ    "[..], &[0, 0, 0, 2, 0, 3]].concat();
    let answer = [0, 0, 0, 0, 0, 5, 0, 0, 0, 2, 0, 3, 7, 8, 9];
    let seen = exchange([0x22, 2], &ask, &answer);
    assert_eq!(piece(&seen[1]), "Last file PROG.OBJ to Client, 3 bytes at 2");
    let read = [0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 2, 9, 9];
    let seen = exchange([3, 6], &[0xff, 0xff, 0, 0, 0, 0, 0, 2], &read);
    assert_eq!(piece(&seen[1]), "First OMRON program program area to Client, 2 bytes at 0");
    let short = only([3, 7], &[0xff, 0xff, 0, 0, 1, 0, 0x80, 3, 9, 9]);
    assert_eq!(piece(&short), "", "a count that lies carries nothing");
}

#[test]
fn end_codes_have_their_name_and_flags_are_told_apart() {
    let ends = |code: [u8; 2]| exchange([1, 1], &[0x82, 0, 1, 0, 0, 1], &code).remove(1);
    assert_eq!(ends([0x11, 0x03]).outcome, "address range error");
    assert_eq!(ends([0x7f, 0x3f]).outcome, "error 0x7f3f");
    let flagged = ends([0x00, 0x40]);
    assert_eq!(flagged.outcome, "ok");
    assert_eq!(flagged.anomalies, ["end code tells an error in the cpu unit"]);
    assert_eq!(ends([0x82, 0x05]).outcome, "response timeout");
    assert_eq!(ends([0x82, 0x05]).anomalies, ["end code tells an error in a relay"]);
}

#[test]
fn controller_data_read_tells_model_and_version() {
    let mut data = vec![0, 0];
    data.extend_from_slice(b"CJ2M-CPU33          ");
    data.extend_from_slice(b"02.00               ");
    let seen = exchange([5, 1], &[], &data);
    assert_eq!(seen[1].facts, ["vendor=OMRON", "product=CJ2M-CPU33", "firmware=02.00", "role=plc"]);
    assert!(exchange([5, 1], &[1], &data)[1].facts.is_empty());
}

#[test]
fn fins_tcp_negotiates_nodes_and_carries_frames() {
    // client asks for any node address; server gives 0xfb and says that its own is 0xc8
    let ask = b"FINS\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00";
    let give =
        b"FINS\x00\x00\x00\x10\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\xfb\x00\x00\x00\xc8";
    let stop = framed(&command([4, 2], &[]));
    let seen = run(&ENTRY, &[(Side::Client, ask), (Side::Server, give), (Side::Client, &stop)]);
    assert_eq!(seen[0].line(), "request client node address send [session]");
    assert_eq!(seen[1].line(), "response server node address send [session] = ok");
    assert_eq!(seen[2].line(), "request stop [administer]");
    let refused = b"FINS\x00\x00\x00\x08\x00\x00\x00\x03\x00\x00\x00\x20";
    let seen = run(&ENTRY, &[(Side::Server, refused)]);
    assert_eq!(seen[0].outcome, "all connections are in use");
}

#[test]
fn what_is_wrong_is_said_of_a_message_that_is_still_shown() {
    let anomalies = |code, data: &[u8]| only(code, data).anomalies;
    assert_eq!(anomalies([1, 1], &[0x82, 0, 1]), ["message is shorter than it announces"]);
    assert_eq!(
        anomalies([1, 2], &[0x82, 0, 1, 0, 0, 2, 1, 1]),
        ["number of elements does not match the data"]
    );
    assert_eq!(anomalies([1, 1], &[0x30, 0, 1, 15, 0, 1]), [""; 0]);
    assert_eq!(anomalies([1, 1], &[0x30, 0, 1, 16, 0, 1]), ["bit number past 15"]);
    assert_eq!(anomalies([1, 1], &[0x55, 0, 1, 0, 0, 1]), ["memory area is not listed"]);
    let unasked = run(&ENTRY, &[(Side::Server, &response([4, 2], &[0, 0]))]).remove(0);
    assert_eq!(unasked.anomalies, ["response without a request seen"]);
    let stray = run(&ENTRY, &[(Side::Client, &framed(&[0; 12])), (Side::Client, &[0; 12])]);
    assert_eq!(stray.len(), 1, "zeros between FINS/TCP headers are no frame");
    let short = run(&ENTRY, &[(Side::Client, &framed(&[0x80, 0, 2]))]).remove(0);
    assert_eq!(short.anomalies, ["frame is shorter than a fins header"]);
}

#[test]
fn unlisted_commands_are_unknown_and_keep_their_code() {
    let seen = only([0x77, 1], &[]);
    assert_eq!((seen.intent, seen.code), (plant::Intent::Unknown, 0x7701));
}

#[test]
fn lengths_are_judged_at_and_past_their_limit() {
    let step = |length: u32| {
        let bytes = [b"FINS", &length.to_be_bytes()[..], &[0; 8]].concat();
        let mut sink = crate::testing::Collector::default();
        (ENTRY.open)().parse(Side::Client, &bytes, &mut sink)
    };
    assert_eq!(step(7), Step::Lost);
    assert_eq!(step(8), Step::Read(16));
    assert_eq!(step(2022), Step::Need(2030));
    assert_eq!(step(2023), Step::Lost);
}

#[test]
fn content_identifies_it_on_any_port_and_nothing_else() {
    let read = command([1, 1], &[0x82, 0, 1, 0, 0, 1]);
    let udp = |bytes: &[u8], hinted| identify(&ENTRY, Transport::Udp, bytes, hinted);
    assert_eq!(udp(&read, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(udp(&response([1, 1], &[0, 0]), false), Guess::Yes(Some(Side::Server)));
    assert_eq!(udp(&command([0x77, 1], &[]), false), Guess::No);
    assert_eq!(udp(&command([0x77, 1], &[]), true), Guess::Yes(Some(Side::Client)));
    assert_eq!(udp(&[0; 40], true), Guess::No);
    assert_eq!(udp(&[0xff; 40], true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &framed(&read), false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, b"FIN", false), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, b"FINISH the job", true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &read, true), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &framed(&command([1, 1], &[0x82, 0, 1, 0, 0, 1])));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &framed(&command([1, 2], &[0x82, 0, 1, 0, 0, 1, 0, 5])));
    never_panics(&ENTRY, &command([0x22, 7], &[0; 28]));
    never_panics(&ENTRY, &command([0x22, 3], &[0; 28]));
    never_panics(&ENTRY, &response([0x03, 6], &[0; 12]));
}

#[test]
fn a_command_on_several_files_does_not_pass_for_one_on_the_first() {
    let names = [&b"PROG.OBJ    "[..], b"EVIL.OBJ    "].concat();
    let delete = [&[0, 1, 0, 2], &names[..], &[0, 0]].concat();
    assert_eq!(only([0x22, 5], &delete).object, "disk 1 PROG.OBJ, and 1 more");
    let one = [&[0, 1, 0, 1], &names[..12], &[0, 0]].concat();
    assert_eq!(only([0x22, 5], &one).object, "disk 1 PROG.OBJ");
    let rename = [&[0, 1], &names[..], &[0, 0]].concat();
    assert_eq!(only([0x22, 8], &rename).object, "disk 1 PROG.OBJ, and 1 more");
}
