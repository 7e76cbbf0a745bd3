//! C3 Bridge messages made by hand from its specification.

use plant::Intent;

use super::{ENTRY, codes};
use crate::testing::{identify, identify_tcp, never_panics, run, truncations};
use crate::{Effect, Guess, Operation, Side, Transport};

const CLIENT: Side = Side::Client;
const SERVER: Side = Side::Server;

fn framed(tag: u16, kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 1).unwrap();
    [&tag.to_be_bytes()[..], &length.to_be_bytes(), &[kind], payload].concat()
}

/// Payload, error code 1 for success, flag.
fn answer(tag: u16, kind: u8, payload: &[u8], code: u16, done: u8) -> Vec<u8> {
    framed(tag, kind, &[payload, &code.to_be_bytes(), &[done]].concat())
}

/// Length in characters, then UTF-16 with the least significant byte first.
fn wide(text: &str) -> Vec<u8> {
    let units: Vec<_> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&u16::try_from(units.len() / 2).unwrap().to_be_bytes()[..], &units].concat()
}

fn row(code: u32) -> &'static Operation {
    [codes::MESSAGES, codes::COMMANDS]
        .iter()
        .find_map(|table| Operation::find(table, code))
        .unwrap()
}

#[test]
fn variables_come_in_wide_characters() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &framed(1, 4, &wide("$PRO_NAME1[]"))),
            (SERVER, &answer(1, 4, &wide("GRÜSSE"), 1, 1)),
            (CLIENT, &framed(2, 5, &[wide("SPEED"), wide("0.5")].concat())),
            (SERVER, &answer(2, 5, &wide(""), 2, 0)),
        ],
    );
    assert_eq!(seen[0].line(), "request read variable [observe] $PRO_NAME1[]");
    assert_eq!((seen[0].protocol, seen[1].values.as_str()), ("kuka-c3", "GRÜSSE"));
    assert_eq!(seen[2].line(), "request write variable [operate] SPEED");
    assert_eq!(seen[2].values, "0.5");
    assert_eq!(seen[3].line(), "response write variable [operate] SPEED = access denied");
}

#[test]
fn several_variables_in_one_message_are_all_named() {
    let read = [&[2][..], &wide("A"), &wide("B[1]")].concat();
    let write = [&[2][..], &wide("A"), &wide("1"), &wide("B[1]"), &wide("2")].concat();
    let seen = run(&ENTRY, &[(CLIENT, &framed(1, 6, &read)), (CLIENT, &framed(2, 7, &write))]);
    assert_eq!(seen[0].line(), "request read multiple [observe] A, B[1]");
    assert_eq!(seen[1].line(), "request write multiple [operate] A, B[1]");
    assert_eq!(seen[1].values, "1, 2");
    // more announced than there are
    let seen = run(&ENTRY, &[(CLIENT, &framed(1, 6, &[&[255][..], &wide("A")].concat()))]);
    assert_eq!(seen[0].anomalies, ["message is shorter than it announces"]);
    let many = [&[255][..], &wide("A").repeat(255)].concat();
    let seen = run(&ENTRY, &[(CLIENT, &framed(1, 6, &many))]);
    assert!(seen[0].object.ends_with("A, .."), "{}", seen[0].object);
}

#[test]
fn programs_are_selected_and_run_by_name() {
    let run_it = [&[6, 0, 1][..], &wide("/R1/WELD.SRC"), &wide(""), &[1]].concat();
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &framed(1, 10, &[3, 0, 1])),
            (SERVER, &answer(1, 10, &[3], 1, 1)),
            (CLIENT, &framed(2, 10, &run_it)),
            (SERVER, &answer(2, 10, &[6], 0, 0)),
            (CLIENT, &framed(3, 10, &[99, 0, 1])),
        ],
    );
    assert_eq!(seen[0].line(), "request program stop [operate]");
    assert_eq!(seen[1].line(), "response program stop [operate] = ok");
    assert_eq!(seen[2].line(), "request program run [operate] /R1/WELD.SRC");
    assert_eq!(seen[3].line(), "response program run [operate] /R1/WELD.SRC = general error");
    assert_eq!((seen[4].intent, seen[4].code), (Intent::Unknown, 0x0a63));
    assert_eq!(row(0x0a06).effect, Effect::Command);
}

#[test]
fn motion_and_keys_move_the_robot() {
    let target = [&[2][..], &wide("{POS: X 10, Y 0, Z 0}")].concat();
    let key = [3, 0, 0, 0, 2, 0, 0, 0, 7, 1, 0]; // jog, axis 2, key 7, +, pressed
    let seen = run(&ENTRY, &[(CLIENT, &framed(1, 11, &target)), (CLIENT, &framed(2, 12, &key))]);
    assert_eq!(seen[0].line(), "request motion lin [operate]");
    assert_eq!(seen[0].values, "{POS: X 10, Y 0, Z 0}");
    assert_eq!(seen[1].line(), "request kcp jog key [operate]");
    assert_eq!(seen[1].values, "2 key 7 + pressed");
    assert_eq!((row(0x0b02).effect, row(0x0c03).effect), (Effect::Motion, Effect::Motion));
}

#[test]
fn a_written_file_is_handed_out_and_named_at_its_end() {
    let data = [&[2, 0, 0, 0, 0, 0, 0, 0, 7][..], b"DEF A()"].concat();
    let more = [&[2, 0, 0, 0, 7, 0, 0, 0, 4][..], b"\nEND"].concat();
    let end = [&[4, 0, 0, 0, 64][..], &wide("KRC:\\R1\\Program\\A.SRC")].concat();
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &framed(1, 29, &[1, 0, 0, 0, 11])),
            (CLIENT, &framed(2, 29, &data)),
            (CLIENT, &framed(3, 29, &more)),
            (CLIENT, &framed(4, 29, &end)),
            (SERVER, &answer(4, 29, &[4], 1, 1)),
        ],
    );
    let pieces: Vec<_> = seen.iter().filter_map(|seen| seen.piece.clone()).collect();
    assert_eq!(
        pieces,
        [
            "First file  to Server, 0 bytes at 0",
            "Next file  to Server, 7 bytes at 0",
            "Next file  to Server, 4 bytes at 7",
            "Last KRL program KRC:\\R1\\Program\\A.SRC to Server, 0 bytes",
        ]
    );
    assert_eq!(seen[3].line(), "request file write end [program] KRC:\\R1\\Program\\A.SRC");
    assert_eq!(row(0x1d02).effect, Effect::Download);
}

#[test]
fn a_read_file_is_handed_out_with_the_name_it_was_asked_by() {
    let begin = [&[1, 0, 0, 0, 0][..], &wide("/R1/A.DAT")].concat();
    let chunk = |offset: u8, bytes: &[u8]| {
        let length = u8::try_from(bytes.len()).unwrap();
        [&[2, 0, 0, 0, offset, 0, 0, 0, length][..], bytes].concat()
    };
    let ask = [2, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &framed(1, 30, &begin)),
            (SERVER, &answer(1, 30, &[1, 0, 0, 0, 6], 1, 1)),
            (CLIENT, &framed(2, 30, &ask)),
            (SERVER, &answer(2, 30, &chunk(0, b"DEFD"), 1, 1)),
            (SERVER, &answer(3, 30, &chunk(4, b"AT"), 1, 1)),
            (SERVER, &answer(4, 30, &chunk(0, b"DEFDAT"), 1, 1)),
        ],
    );
    assert_eq!(seen[0].line(), "request file read begin [observe] /R1/A.DAT");
    assert_eq!(seen[2].values, "4294967295 bytes at 0");
    let pieces: Vec<_> = seen.iter().filter_map(|seen| seen.piece.clone()).collect();
    assert_eq!(
        pieces,
        [
            "First KRL data list /R1/A.DAT to Client, 4 bytes at 0",
            "Last KRL data list /R1/A.DAT to Client, 2 bytes at 4",
            "Whole KRL data list /R1/A.DAT to Client, 6 bytes at 0",
        ]
    );
}

#[test]
fn files_are_moved_and_deleted_by_name() {
    let source = [&[0, 0, 0, 64][..], &wide("/R1/A.SRC"), &wide("/R1/B.SRC")].concat();
    let delete = [&[1][..], &wide("/R1/B.SRC")].concat();
    let seen = run(&ENTRY, &[(CLIENT, &framed(1, 25, &source)), (CLIENT, &framed(2, 23, &delete))]);
    assert_eq!(seen[0].line(), "request file move [program] /R1/A.SRC, to /R1/B.SRC");
    assert_eq!(seen[1].line(), "request file delete [program] /R1/B.SRC");
    assert_eq!((row(25).effect, row(23).effect), (Effect::DeleteFile, Effect::DeleteFile));
}

#[test]
fn a_benchmark_observes_only_if_it_reads() {
    let reads = [&[0, 1, 0, 0, 0, 9][..], &wide("A")].concat();
    let writes = [&[1, 1, 0, 0, 0, 9][..], &wide("A"), &wide("1")].concat();
    let seen = run(&ENTRY, &[(CLIENT, &framed(1, 17, &reads)), (CLIENT, &framed(2, 17, &writes))]);
    assert_eq!((seen[0].intent, seen[1].intent), (Intent::Observe, Intent::Operate));
}

#[test]
fn the_proxy_tells_its_computer() {
    let info = [&[1, 4, 0][..], &[0; 16], &wide("KRC4-7")].concat();
    let seen = run(&ENTRY, &[(CLIENT, &framed(0, 13, &[])), (SERVER, &answer(0, 13, &info, 1, 1))]);
    assert_eq!(seen[1].values, "C3 Bridge 1.4 on KRC4-7");
    assert_eq!(seen[1].facts, ["vendor=KUKA", "role=robot", "hostname=KRC4-7"]);
}

#[test]
fn messages_of_varproxy_keep_their_name_in_the_same_stream() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &crate::kuka_varproxy::tests::read(1, b"$OV_PRO")),
            (CLIENT, &framed(2, 63, &[])),
        ],
    );
    assert_eq!((seen[0].protocol, seen[1].protocol), ("kuka-varproxy", "kuka-c3"));
    assert_eq!(seen[1].line(), "request confirm all [operate]");
    assert_eq!(row(63).effect, Effect::Reset);
}

#[test]
fn discovery_tells_model_and_serial_number() {
    let seen = run(&ENTRY, &[(CLIENT, b"WHEREAREYOU?"), (SERVER, b"KUKA|#KR6R900|584113")]);
    assert_eq!(seen[0].line(), "request whereareyou? [observe]");
    assert_eq!(seen[1].facts, ["vendor=KUKA", "role=robot", "product=#KR6R900", "serial=584113"]);
    let seen = run(&ENTRY, &[(SERVER, b"KUKA||")]);
    assert_eq!(seen[0].facts, ["vendor=KUKA", "role=robot"]);
    let seen = run(&ENTRY, &[(CLIENT, b"@PROXY_HOSTNAME"), (SERVER, b"KRC4-7")]);
    assert_eq!(seen[1].facts, ["hostname=KRC4-7"]);
    assert_eq!(seen[1].values, "KRC4-7");
}

#[test]
fn content_identifies_what_names_something_and_the_port_the_rest() {
    let ask = |bytes: &[u8], hinted| identify_tcp(&ENTRY, bytes, hinted);
    assert_eq!(ask(&framed(1, 4, &wide("$OV_PRO")), false), Guess::Yes(Some(CLIENT)));
    assert_eq!(ask(&framed(1, 14, &[]), false), Guess::No);
    assert_eq!(ask(&framed(1, 14, &[]), true), Guess::Yes(Some(CLIENT)));
    assert_eq!(ask(&framed(1, 99, &[]), true), Guess::No);
    assert_eq!(ask(&framed(1, 10, &[77, 0, 1]), true), Guess::No); // no such command
    assert_eq!(ask(&answer(1, 11, &[1], 1, 1), true), Guess::Yes(Some(SERVER)));
    let udp = |bytes: &[u8]| identify(&ENTRY, Transport::Udp, bytes, true);
    assert_eq!(udp(b"WHEREAREYOU?"), Guess::Yes(Some(CLIENT)));
    assert_eq!(udp(b"KUKA|#KR6|1"), Guess::Yes(Some(SERVER)));
    assert_eq!(udp(b"KUKA is here"), Guess::No);
    assert_eq!(udp(&framed(1, 4, &wide("$OV_PRO"))), Guess::No);
}

#[test]
fn chunks_that_do_not_fit_are_malformed() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &framed(1, 29, &[2, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1])),
            (SERVER, &answer(1, 30, &[2, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1], 1, 1)),
            (CLIENT, &framed(2, 29, &[])),
        ],
    );
    assert_eq!(seen[0].anomalies, ["message is shorter than it announces"]);
    assert!(seen.iter().all(|seen| seen.piece.is_none()));
    assert_eq!(seen[2].intent, Intent::Unknown);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, CLIENT, &framed(1, 5, &[wide("SPEED"), wide("0.5")].concat()));
    truncations(&ENTRY, SERVER, &answer(1, 11, &[1], 1, 1));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &framed(1, 7, &[&[1][..], &wide("A"), &wide("1")].concat()));
    never_panics(&ENTRY, &framed(1, 29, &[2, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2]));
    never_panics(&ENTRY, b"WHEREAREYOU?");
}
