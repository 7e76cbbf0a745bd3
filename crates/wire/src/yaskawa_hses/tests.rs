//! HSES from constant bytes, made by hand from the layout of 160766-1CD.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Effect, Guess, Operation, Side, Transport};

/// A datagram: division, ack, request id 7, block, the last eight bytes of the header, payload.
fn datagram(head: (u8, u8, u32), sub: [u8; 8], payload: &[u8]) -> Vec<u8> {
    let (division, ack, block) = head;
    let size = u16::try_from(payload.len()).unwrap().to_le_bytes();
    let block = block.to_le_bytes();
    [
        &b"YERC"[..],
        &[0x20, 0],
        &size[..],
        &[3, division, ack, 7],
        &block,
        b"99999999",
        &sub,
        payload,
    ]
    .concat()
}

fn request(command: u16, instance: u16, service: u8, payload: &[u8]) -> Vec<u8> {
    let ([a, b], [c, d]) = (command.to_le_bytes(), instance.to_le_bytes());
    datagram((1, 0, 0), [a, b, c, d, 1, service, 0, 0], payload)
}

fn response(service: u8, status: u8, added: u16, payload: &[u8]) -> Vec<u8> {
    let ([a, b], size) = (added.to_le_bytes(), u8::from(added != 0));
    let sub = [service | 0x80, status, size, 0, a, b, 0, 0];
    datagram((1, 1, 0x8000_0000), sub, payload)
}

fn only(bytes: &[u8]) -> Seen {
    run(&ENTRY, &[(Side::Client, bytes)]).remove(0)
}

/// A datagram of file control: ack, block, service, payload.
fn file(ack: u8, block: u32, service: u8, payload: &[u8]) -> Vec<u8> {
    datagram((2, ack, block), [0, 0, 0, 0, 0, service, 0, 0], payload)
}

fn file_response(block: u32, service: u8, payload: &[u8]) -> Vec<u8> {
    datagram((2, 1, block), [service | 0x80, 0, 0, 0, 0, 0, 0, 0], payload)
}

#[test]
fn a_variable_is_read_and_its_value_shown_with_the_answer() {
    let (ask, answer) = (request(0x7b, 12, 0x0e, &[]), response(0x0e, 0, 0, &[0xfe, 0xff]));
    let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)]);
    assert_eq!(seen[0].line(), "request read integer variable [observe] I 12");
    assert_eq!(seen[1].line(), "response read integer variable [observe] I 12 = ok");
    assert_eq!((seen[1].values.as_str(), seen[1].id), ("[-2]", Some(7)));
    assert_eq!(seen[1].facts, ["role=robot"]);
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn the_service_tells_a_write_from_a_read() {
    let write = only(&request(0x7d, 3, 0x10, &1.5_f32.to_le_bytes()));
    assert_eq!(write.line(), "request write real variable [operate] R 3");
    assert_eq!(write.values, "[1.5]");
    assert_eq!(only(&request(0x7d, 3, 0x55, &[])).line(), "request unlisted command [unknown] R 3");
    assert_eq!(only(&request(0x99, 0, 0x10, &[])).line(), "request unlisted command [unknown]");
    assert_eq!(only(&request(0x86, 1, 0x0e, &[])).intent, plant::Intent::Unknown);
}

#[test]
fn plural_commands_name_all_their_cells() {
    let read = only(&request(0x304, 10, 0x33, &[4, 0, 0, 0]));
    let object = "request read plural double precision integer variables [observe] D 10..13";
    assert_eq!(read.line(), object);
    let write = only(&request(0x302, 0, 0x34, &[2, 0, 0, 0, 7, 8]));
    assert_eq!(write.line(), "request write plural byte variables [operate] B 0..1");
    assert_eq!(write.values, "[7, 8]");
    let hostile = only(&request(0x302, u16::MAX, 0x34, &[0xff; 4]));
    assert_eq!(hostile.object, "B 65535..4295032829");
}

#[test]
fn dangerous_commands_say_what_they_switch() {
    let on = [1, 0, 0, 0];
    let servo = only(&request(0x83, 2, 0x10, &on));
    assert_eq!(servo.line(), "request hold / servo on/off [operate] servo on");
    assert_eq!(only(&request(0x83, 1, 0x10, &[2, 0, 0, 0])).object, "hold off");
    assert_eq!(only(&request(0x84, 2, 0x10, &[3, 0, 0, 0])).object, "continuous");
    assert_eq!(only(&request(0x82, 1, 0x10, &on)).object, "alarm");
    let start = only(&request(0x86, 1, 0x10, &on));
    assert_eq!(start.line(), "request start-up (job start) [operate]");
    let mut select = b"WELD-A1".to_vec();
    select.resize(36, 0);
    let job = only(&request(0x87, 1, 0x02, &select));
    assert_eq!(job.line(), "request job select [operate] WELD-A1");
    let moved = only(&request(0x8a, 1, 0x02, &[1, 0, 0, 0, 0, 0, 0, 0]));
    assert_eq!(moved.line(), "request movement instruction (cartesian) [operate]");
    let effect = |code| Operation::find(super::codes::WRITES, code).unwrap().effect;
    assert_eq!((effect(0x82), effect(0x83)), (Effect::Reset, Effect::Command));
    assert_eq!((effect(0x86), effect(0x8b)), (Effect::Start, Effect::Motion));
}

#[test]
fn an_added_status_names_the_error() {
    let ask = request(0x86, 1, 0x10, &[1, 0, 0, 0]);
    let answer = response(0x10, 0x1f, 0x2070, &[]);
    let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)]);
    assert_eq!(seen[1].line(), "response start-up (job start) [operate] = servo off");
    let plain = response(0x10, 0x08, 0, &[]);
    let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &plain)]);
    assert_eq!(seen[1].outcome, "command not defined");
    let unasked = run(&ENTRY, &[(Side::Server, &plain)]).remove(0);
    assert_eq!(unasked.anomalies, ["response without a request seen"]);
}

#[test]
fn system_information_tells_the_robot_and_its_software() {
    let mut told = b"FS3.90A(EN/JP)-00".to_vec();
    told.resize(24, 0);
    told.extend_from_slice(b"MH5L-A00\0\0\0\0\0\0\0\0");
    let (ask, answer) = (request(0x89, 11, 0x01, &[]), response(0x01, 0, 0, &told));
    let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)]);
    let facts = ["firmware=FS3.90A(EN/JP)-00", "product=MH5L-A00", "vendor=Yaskawa", "role=robot"];
    assert_eq!(seen[1].facts, facts);
}

#[test]
fn a_job_that_is_loaded_is_handed_out_once_block_by_block() {
    let (name, part) = (file(0, 0, 0x15, b"WELD.JBI"), file(1, 1, 0x15, b"/JOB\r\n"));
    let last = file(1, 0x8000_0002, 0x15, b"END\r\n");
    let ack = |block| file_response(block, 0x15, &[]);
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &name),
            (Side::Server, &ack(0)),
            (Side::Client, &part),
            // not answered in time, and sent again
            (Side::Client, &part),
            (Side::Server, &ack(1)),
            (Side::Client, &last),
            (Side::Server, &ack(0x8000_0002)),
        ],
    );
    let pieces: Vec<_> = seen.iter().filter_map(|seen| seen.piece.clone()).collect();
    let expected = [
        "First INFORM job WELD.JBI to Server, 6 bytes",
        "Last INFORM job WELD.JBI to Server, 5 bytes",
    ];
    assert_eq!(pieces, expected);
    assert_eq!(seen[0].line(), "request file loading [program] WELD.JBI");
    assert_eq!(seen[6].line(), "response file loading [program] WELD.JBI = ok");
}

#[test]
fn a_job_that_is_saved_goes_to_the_client() {
    let ask = file(0, 0, 0x16, b"PICK.JBI");
    let (first, last) = (file_response(1, 0x16, b"/JOB"), file_response(0x8000_0002, 0x16, b"END"));
    let (got_first, got_last) = (file(1, 1, 0x16, &[]), file(1, 0x8000_0002, 0x16, &[]));
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &ask),
            (Side::Server, &first),
            (Side::Client, &got_first),
            (Side::Server, &last),
            (Side::Client, &got_last),
        ],
    );
    assert_eq!(seen[1].piece.as_deref(), Some("First INFORM job PICK.JBI to Client, 4 bytes"));
    assert_eq!(seen[2].line(), "notice block received [session] PICK.JBI");
    assert_eq!(seen[3].piece.as_deref(), Some("Last INFORM job PICK.JBI to Client, 3 bytes"));
    let single =
        [(Side::Client, &ask[..]), (Side::Server, &file_response(0x8000_0000, 0x16, b"A"))];
    let whole = run(&ENTRY, &single).remove(1).piece;
    assert_eq!(whole.as_deref(), Some("Whole INFORM job PICK.JBI to Client, 1 bytes"));
}

#[test]
fn a_missing_block_ends_what_can_be_hashed() {
    let parts = [
        file(0, 0, 0x15, b"A.JBI"),
        file(1, 1, 0x15, b"one"),
        file(1, 3, 0x15, b"three"),
        file(1, 0x8000_0004, 0x15, b"four"),
    ];
    let parts: Vec<_> = parts.iter().map(|part| (Side::Client, &part[..])).collect();
    let seen = run(&ENTRY, &parts);
    assert_eq!(seen[2].anomalies, ["blocks of the file are missing"]);
    assert!(seen[2].piece.is_none() && seen[3].piece.is_none());
}

#[test]
fn deleting_a_file_names_it() {
    let seen = only(&file(0, 0, 0x09, b"OLD.JBI"));
    assert_eq!(seen.line(), "request file deleting [program] OLD.JBI");
    assert_eq!(super::codes::FILES[0].effect, Effect::DeleteFile);
}

#[test]
fn a_payload_other_than_announced_is_said() {
    let whole = request(0x87, 1, 0x02, b"WELD-A1");
    for end in 32..whole.len() {
        assert_eq!(only(&whole[..end]).anomalies, ["message is shorter than it announces"]);
    }
    for end in 1..32 {
        assert!(run(&ENTRY, &[(Side::Client, &whole[..end])]).is_empty());
    }
    let trailing = [&whole[..], b"x"].concat();
    assert_eq!(only(&trailing).anomalies, ["bytes follow the end of the message"]);
    let limit = |bytes: usize| only(&request(0x85, 1, 0x10, &vec![b'x'; bytes])).anomalies;
    assert!(limit(479).is_empty());
    assert_eq!(limit(480), ["payload is longer than 479 bytes"]);
}

#[test]
fn the_header_is_recognised_on_any_port_and_nothing_else_is() {
    let probe = |bytes: &[u8]| identify(&ENTRY, Transport::Udp, bytes, false);
    assert_eq!(probe(&request(0x72, 1, 1, &[])), Guess::Yes(Some(Side::Client)));
    assert_eq!(probe(&file(1, 1, 0x15, b"x")), Guess::Yes(Some(Side::Client)));
    assert_eq!(probe(&response(0x01, 0, 0, &[0; 8])), Guess::Yes(Some(Side::Server)));
    let mut other = request(0x72, 1, 1, &[]);
    other[9] = 3;
    assert_eq!(probe(&other), Guess::No);
    assert_eq!(probe(b"YERC"), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Tcp, &request(0x72, 1, 1, &[]), true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &request(0x302, 0, 0x34, &[2, 0, 0, 0, 7, 8]));
    never_panics(&ENTRY, &file_response(1, 0x16, b"/JOB"));
}
