//! ADS from constant bytes, made by hand after Beckhoff's description of AMS.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side};

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
}
