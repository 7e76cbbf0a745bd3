//! ADS from constant bytes, made by hand after Beckhoff's description of AMS.

use super::ENTRY;
use crate::testing::{Seen, identify, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Transport};

/// An AMS packet to port 851 (PLC runtime 1), or back from it, with invoke id 7.
fn framed(command: u8, response: bool, error: u32, data: &[u8]) -> Vec<u8> {
    to(851, command, response, error, data)
}

fn to(port: u16, command: u8, response: bool, error: u32, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap();
    let plc = [&[5, 13, 117, 96, 1, 1][..], &port.to_le_bytes()].concat();
    let client = [192, 168, 1, 99, 1, 1, 0x11, 0x80];
    let (target, source) = if response { (&client[..], &plc[..]) } else { (&plc[..], &client[..]) };
    [
        &[0, 0][..],
        &(length + 32).to_le_bytes(),
        target,
        source,
        &[command, 0, 4 | u8::from(response), 0],
        &length.to_le_bytes(),
        &error.to_le_bytes(),
        &[7, 0, 0, 0],
        data,
    ]
    .concat()
}

/// Index group, offset and length.
fn index(group: u32, offset: u32, length: u32) -> Vec<u8> {
    [group.to_le_bytes(), offset.to_le_bytes(), length.to_le_bytes()].concat()
}

fn exchange(command: u8, request: &[u8], response: &[u8]) -> Vec<Seen> {
    run(
        &ENTRY,
        &[
            (Side::Client, &framed(command, false, 0, request)),
            (Side::Server, &framed(command, true, 0, response)),
        ],
    )
}

#[test]
fn reads_and_writes_name_group_and_offset() {
    let seen = exchange(2, &index(0x4020, 4, 2), &[0, 0, 0, 0, 2, 0, 0, 0, 1, 2]);
    assert_eq!(seen[0].line(), "request read [observe] memory byte offset 0x4 length 2");
    assert_eq!(seen[1].line(), "response read [observe] memory byte offset 0x4 length 2 = ok");
    let seen = exchange(3, &[index(0xf030, 1, 1), vec![9]].concat(), &[3, 7, 0, 0]);
    assert_eq!(seen[0].line(), "request write [operate] output byte offset 0x1 length 1");
    assert_eq!(
        seen[1].line(),
        "response write [operate] output byte offset 0x1 length 1 = invalid index offset"
    );
    assert_eq!((seen[0].unit, seen[1].unit, seen[0].id), (Some(851), Some(851), Some(7)));
}

#[test]
fn giving_a_handle_back_is_housekeeping() {
    let seen = exchange(3, &[index(0xf006, 0, 4), vec![9, 0, 0, 0]].concat(), &[0; 4]);
    assert_eq!(seen[0].intent, plant::Intent::Session);
    assert_eq!(seen[1].intent, plant::Intent::Session);
}

#[test]
fn write_control_has_the_effect_of_the_state_it_asks_for() {
    let line = |state| {
        let bytes = framed(5, false, 0, &[state, 0, 0, 0, 0, 0, 0, 0]);
        run(&ENTRY, &[(Side::Client, &bytes)])[0].line()
    };
    assert_eq!(line(5), "request write control run [administer]");
    assert_eq!(line(6), "request write control stop [administer]");
    assert_eq!(line(16), "request write control reconfig [administer]");
    assert_eq!(line(99), "request write control [administer]");
}

#[test]
fn symbols_are_asked_for_by_name() {
    let data = [index(0xf003, 0, 4), vec![9, 0, 0, 0], b"MAIN.bGo\0".to_vec()].concat();
    let seen = run(&ENTRY, &[(Side::Client, &framed(9, false, 0, &data))]);
    assert_eq!(seen[0].line(), "request read write [observe] symbol handle by name MAIN.bGo");
    let data = [index(0xf081, 1, 4), vec![0, 0, 0, 0]].concat();
    let seen = run(&ENTRY, &[(Side::Client, &framed(9, false, 0, &data))]);
    assert_eq!(seen[0].intent, plant::Intent::Operate);
}

#[test]
fn files_are_written_by_the_system_service() {
    let data = [index(120, 1, 4), vec![6, 0, 0, 0], b"C:\\a.b".to_vec()].concat();
    let seen = run(&ENTRY, &[(Side::Client, &to(10000, 9, false, 0, &data))]);
    assert_eq!(seen[0].line(), "request file open [observe] group 0x78 C:\\a.b");
    let data = [index(120, 2, 4), vec![6, 0, 0, 0], b"C:\\a.b".to_vec()].concat();
    let seen = run(&ENTRY, &[(Side::Client, &to(10000, 9, false, 0, &data))]);
    assert_eq!(seen[0].intent, plant::Intent::Program);
    let data = [index(123, 1, 0), vec![0, 0, 0, 0]].concat();
    let seen = run(&ENTRY, &[(Side::Client, &to(10000, 9, false, 0, &data))]);
    assert_eq!(seen[0].line(), "request file write [program] group 0x7b offset 0x1 length 0");
    let seen = run(&ENTRY, &[(Side::Client, &framed(9, false, 0, &data))]);
    assert_eq!(seen[0].line(), "request read write [operate] group 0x7b offset 0x1 length 0");
}

/// A read write of the system service: group, offset, length to read, what is written.
fn service(group: u32, offset: u32, read: u32, written: &[u8]) -> Vec<u8> {
    let length = u32::try_from(written.len()).unwrap().to_le_bytes();
    to(10000, 9, false, 0, &[&index(group, offset, read), &length[..], written].concat())
}

/// Its answer.
fn served(answer: &[u8]) -> Vec<u8> {
    let length = u32::try_from(answer.len()).unwrap().to_le_bytes();
    to(10000, 9, true, 0, &[&[0; 4][..], &length, answer].concat())
}

#[test]
fn files_that_cross_are_pieces_by_handle() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &service(120, 0x52, 4, b"C:\\Port_851.app\0")),
            (Side::Server, &served(&[5, 0, 0, 0])),
            (Side::Client, &service(123, 5, 0, b"abc")),
            (Side::Client, &service(123, 5, 0, b"de")),
            (Side::Client, &service(121, 5, 0, &[])),
        ],
    );
    assert_eq!(seen[2].line(), "request file write [program] group 0x7b C:\\Port_851.app");
    let pieces: Vec<_> = seen.iter().filter_map(|seen| seen.piece.as_deref()).collect();
    let file = "PLC program C:\\Port_851.app to Server";
    assert_eq!(
        pieces,
        [
            format!("First {file}, 3 bytes"),
            format!("Next {file}, 2 bytes"),
            format!("Last {file}, 0 bytes")
        ]
    );
    assert_eq!(seen[4].line(), "request file close [session] group 0x79 C:\\Port_851.app");
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &service(120, 0x51, 4, b"a.txt")),
            (Side::Server, &served(&[6, 0, 0, 0])),
            (Side::Client, &service(122, 6, 100, &[])),
            (Side::Server, &served(b"text")),
            (Side::Client, &service(122, 6, 100, &[])),
            (Side::Server, &served(&[])),
        ],
    );
    assert_eq!(seen[3].piece.as_deref(), Some("First file a.txt to Client, 4 bytes"));
    assert_eq!(seen[5].piece.as_deref(), Some("Last file a.txt to Client, 0 bytes"));
}

#[test]
fn sum_commands_tell_each_item() {
    let items = [index(0xf030, 1, 1), index(0x4020, 8, 2), vec![1, 2, 3]].concat();
    let length = [u8::try_from(items.len()).unwrap(), 0, 0, 0];
    let ask = [index(0xf081, 2, 8), length.to_vec(), items].concat();
    let seen = exchange(9, &ask, &[0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 3, 7, 0, 0]);
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request sum write [operate] output byte offset 0x1 length 1",
            "request sum write [operate] memory byte offset 0x8 length 2",
            "response sum write [operate] 2 items = invalid index offset",
        ]
    );
    // a handle by name, then a value written by handle
    let items = [index(0xf003, 0, 4), vec![4, 0, 0, 0], index(0xf005, 9, 0), vec![2, 0, 0, 0]];
    let data = [items.concat(), b"MAIN\x01\0".to_vec()].concat();
    let ask = [index(0xf082, 2, 16), vec![0; 4], data].concat();
    let seen = run(&ENTRY, &[(Side::Client, &framed(9, false, 0, &ask))]);
    assert_eq!(seen[0].line(), "request sum read write [observe] symbol handle by name MAIN");
    assert_eq!(seen[1].intent, plant::Intent::Operate);
    let ask = [index(0xf080, 0xffff_ffff, 0), vec![0; 4], index(1, 2, 3)].concat();
    let seen = run(&ENTRY, &[(Side::Client, &framed(9, false, 0, &ask))]);
    assert_eq!(seen.len(), 2, "a count that lies");
    assert_eq!(seen[0].anomalies, ["message is shorter than it announces"]);
    assert_eq!(seen[1].object, "4294967294 more items");
}

/// A datagram of discovery: service, then tags.
fn datagram(service: u32, tags: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0x03, 0x66, 0x14, 0x71, 0, 0, 0, 0];
    bytes.extend(service.to_le_bytes());
    bytes.extend([192, 168, 1, 99, 1, 1, 0x10, 0x27, u8::try_from(tags.len()).unwrap(), 0, 0, 0]);
    for (id, content) in tags {
        bytes.extend([*id, 0, u8::try_from(content.len()).unwrap(), 0]);
        bytes.extend(*content);
    }
    bytes
}

#[test]
fn a_route_is_added_with_an_account_in_the_clear() {
    let tags: [(u8, &[u8]); 5] = [
        (12, b"ENG\0"),
        (7, &[10, 0, 0, 9, 1, 1]),
        (13, b"Administrator\0"),
        (2, b"1\0"),
        (5, b"10.0.0.9\0"),
    ];
    let (ask, answer) = (datagram(6, &tags), datagram(0x8000_0006, &[(1, &[4, 7, 0, 0])]));
    let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)]);
    assert_eq!(seen[0].line(), "request add route [administer] ENG to 10.0.0.9.1.1 at 10.0.0.9");
    assert_eq!(seen[0].facts, ["login=ADS route Administrator cleartext default"]);
    let line =
        "response add route [administer] 192.168.1.99.1.1 = reading or writing not permitted";
    assert_eq!(seen[1].line(), line);
    let row = crate::Operation::find(super::codes::DISCOVERY, 6).unwrap();
    assert_eq!(row.effect, crate::Effect::Route);
    for end in 24..ask.len() {
        let seen = run(&ENTRY, &[(Side::Client, &ask[..end])]);
        assert_eq!(seen[0].anomalies, ["message is shorter than it announces"], "{end}");
    }
}

#[test]
fn discovery_tells_who_a_controller_is() {
    let (ask, answer) = (datagram(1, &[]), datagram(0x8000_0001, &[(5, b"CX-0A1B2C\0")]));
    let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)]);
    assert_eq!(seen[0].line(), "request server info [observe]");
    assert_eq!(seen[1].facts, ["hostname=CX-0A1B2C", "vendor=Beckhoff", "role=plc"]);
    let udp = |bytes: &[u8]| identify(&ENTRY, Transport::Udp, bytes, false);
    assert_eq!(udp(&ask), Guess::Yes(Some(Side::Client)));
    assert_eq!(udp(&answer), Guess::Yes(Some(Side::Server)));
    assert_eq!(udp(&ask[..19]), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &ask, true), Guess::No);
}

#[test]
fn device_info_tells_name_and_version() {
    let answer = [&[0, 0, 0, 0, 2, 11, 0x39, 5][..], b"TwinCAT PLC\0\0\0\0\0"].concat();
    let seen = exchange(1, &[], &answer);
    assert_eq!(
        seen[1].facts,
        ["vendor=Beckhoff", "software=TwinCAT PLC", "firmware=2.11.1337", "role=plc"]
    );
    let seen = exchange(4, &[], &[0, 0, 0, 0, 5, 0, 2, 0]);
    assert_eq!(seen[1].values, "run, device state 2");
}

#[test]
fn errors_of_the_router_are_outcomes() {
    let seen = run(&ENTRY, &[(Side::Server, &framed(3, true, 7, &[]))]);
    assert_eq!(seen[0].line(), "response write [operate] = target computer not found");
    assert_eq!(seen[0].anomalies, ["response without a request seen"]);
}

#[test]
fn unlisted_commands_are_unknown_and_short_ones_say_so() {
    let seen = run(&ENTRY, &[(Side::Client, &framed(77, false, 0, &[]))]);
    assert_eq!(seen[0].line(), "request unlisted command [unknown]");
    assert_eq!((seen[0].code, &seen[0].anomalies[..]), (77, &["command is not listed"][..]));
    let seen = run(&ENTRY, &[(Side::Client, &framed(3, false, 0, &[1, 0]))]);
    assert_eq!(seen[0].anomalies, ["message is shorter than it announces"]);
}

#[test]
fn large_writes_are_passed_over_after_their_head() {
    let bytes = framed(3, false, 0, &[index(1, 2, 5000), vec![0; 5000]].concat());
    let mut seen = crate::testing::Collector::default();
    let step = (ENTRY.open)().parse(Side::Client, &bytes[..400], &mut seen);
    assert_eq!(step, crate::Step::Read(bytes.len()));
    assert_eq!(seen.0[0].line(), "request write [operate] group 0x1 offset 0x2 length 5000");
}

#[test]
fn only_lengths_that_agree_are_ads() {
    let mut bytes = framed(4, false, 0, &[]);
    assert_eq!(identify_tcp(&ENTRY, &bytes, false), Guess::Yes(Some(Side::Client)));
    let answer = framed(4, true, 0, &[0; 8]);
    assert_eq!(identify_tcp(&ENTRY, &answer, false), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, &bytes[..20], true), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, &bytes[..20], false), Guess::No);
    bytes[2] += 1;
    assert_eq!(identify_tcp(&ENTRY, &bytes, true), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    let write = framed(3, false, 0, &[index(0xf030, 1, 1), vec![9]].concat());
    truncations(&ENTRY, Side::Client, &write);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &framed(9, false, 0, &index(0xf003, 0, 4)));
    never_panics(&ENTRY, &framed(9, false, 0, &[index(0xf082, 2, 4), vec![0; 40]].concat()));
    never_panics(&ENTRY, &service(123, 5, 0, b"abc"));
    never_panics(&ENTRY, &datagram(6, &[(12, b"ENG"), (7, &[1; 6])]));
}
