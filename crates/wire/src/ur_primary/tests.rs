//! Client interface packages made by hand from the Client Interfaces manual, and URScript.

use plant::Intent;

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, pieces, run, truncations};
use crate::{Effect, Guess, Side, Step};

const CLIENT: Side = Side::Client;
const SERVER: Side = Side::Server;

/// Size (with itself), type, payload: packages and sub-packages alike.
fn framed(kind: u8, payload: &[u8]) -> Vec<u8> {
    let size = u32::try_from(payload.len() + 5).unwrap().to_be_bytes();
    [&size[..], &[kind], payload].concat()
}

/// Sub-package 0 of 5.x: stops, program running and paused, robot mode 7, speed 25 %.
fn mode_data(emergency: u8, protective: u8, running: u8) -> Vec<u8> {
    let mut payload = vec![0, 0, 0, 0, 0, 0, 0, 1]; // timestamp
    payload.extend_from_slice(&[1, 1, 1, emergency, protective, running, 0]);
    payload.extend_from_slice(&[7, 1]); // robot mode running, control mode
    for fraction in [0.25_f64, 1.0, 1.0] {
        payload.extend_from_slice(&fraction.to_be_bytes()); // target speed, scaling, limit
    }
    payload.push(0);
    framed(0, &payload)
}

fn masterboard(safety_mode: u8) -> Vec<u8> {
    let mut payload = vec![0; 60];
    payload.extend_from_slice(&[safety_mode, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    framed(3, &payload)
}

fn configuration(robot_type: u8) -> Vec<u8> {
    let mut payload = vec![0; 424 + 4 + 4];
    payload.extend_from_slice(&[0, 0, 0, robot_type, 0, 0, 0, 1]);
    framed(6, &payload)
}

fn message(kind: u8, payload: &[u8]) -> Vec<u8> {
    framed(20, &[&[0, 0, 0, 0, 0, 0, 0, 9, 0xfe, kind], payload].concat())
}

/// `URControl` 5.15.2, build 7, with its date.
fn version() -> Vec<u8> {
    message(3, b"\x09URControl\x05\x0f\0\0\0\x02\0\0\0\x0720-08-2023, 10:00:00")
}

/// A real-time packet of 5.10 with robot mode 7, safety mode 1 and program state 2.
fn realtime(time: f64) -> Vec<u8> {
    let mut columns = [0_f64; 152];
    columns[0] = time;
    columns[1] = -1.57;
    columns[94] = 7.0;
    columns[101] = 1.0;
    columns[131] = 2.0;
    let mut bytes = 1220_u32.to_be_bytes().to_vec();
    columns.iter().for_each(|column| bytes.extend_from_slice(&column.to_be_bytes()));
    bytes
}

fn scripts(text: &[u8]) -> Vec<Seen> {
    run(&ENTRY, &[(CLIENT, text)])
}

#[test]
fn robot_state_shows_mode_program_and_stops() {
    let running = framed(16, &[mode_data(0, 0, 1), masterboard(1)].concat());
    let stopped = framed(16, &[mode_data(1, 1, 0), masterboard(7)].concat());
    let seen = run(&ENTRY, &[(SERVER, &running), (SERVER, &stopped)]);
    assert_eq!(seen[0].line(), "notice robot state [observe]");
    assert_eq!(
        seen[0].values,
        "robot mode RUNNING, program running, speed 25%, safety mode NORMAL"
    );
    assert_eq!(
        seen[1].values,
        "robot mode RUNNING, program stopped, speed 25%, emergency stop, protective stop, \
         safety mode ROBOT_EMERGENCY_STOP"
    );
}

#[test]
fn the_model_is_told_once() {
    let state = framed(16, &[mode_data(0, 0, 0), configuration(2)].concat());
    let seen = run(&ENTRY, &[(SERVER, &state), (SERVER, &state)]);
    assert_eq!(seen[0].facts, ["product=UR10", "role=robot"]);
    assert!(seen[1].facts.is_empty());
}

#[test]
fn messages_show_what_people_read_on_the_pendant() {
    let code = b"\0\0\0\xcc\0\0\0\x02";
    let cases: [(u8, Vec<u8>, &str, &str); 7] = [
        (0, b"hello".to_vec(), "text message", "hello"),
        (1, b"\0\0\0\x03MoveJ".to_vec(), "program label message", "3: MoveJ"),
        (2, b"\0\0\0\x01\0\0\0\x01\x04Stopcheck it".to_vec(), "popup message", "Stop: check it"),
        (
            5,
            [&code[..], b"\x03\0\0\0\0\0\0\0\0"].concat(),
            "safety mode message",
            "C204A2 safety mode PROTECTIVE_STOP",
        ),
        (6, [&code[..], &[0; 12], b"path"].concat(), "robot comm message", "C204A2 path"),
        (
            7,
            b"\0\0\0\0\0\0\0\0\x13PROGRAM_XXX_STARTEDweld".to_vec(),
            "key message",
            "C0A0 PROGRAM_XXX_STARTED: weld",
        ),
        (
            10,
            b"\0\0\0\x04\0\0\0\x01type error".to_vec(),
            "runtime exception message",
            "line 4 column 1: type error",
        ),
    ];
    for (kind, payload, operation, values) in cases {
        let seen = run(&ENTRY, &[(SERVER, &message(kind, &payload))]);
        assert_eq!((seen[0].operation, seen[0].values.as_str()), (operation, values));
        assert_eq!((seen[0].intent, seen[0].anomalies.len()), (Intent::Observe, 0));
    }
}

#[test]
fn the_version_message_tells_the_firmware_with_and_without_a_build() {
    let facts = |bytes: &[u8]| run(&ENTRY, &[(SERVER, bytes)])[0].facts.clone();
    let rest = ["software=URControl", "vendor=Universal Robots", "role=robot"];
    assert_eq!(facts(&version())[0], "firmware=5.15.2.7");
    assert_eq!(facts(&version())[1..], rest);
    let old = message(3, b"\x09URControl\x03\x02\0\0\x4a\xdfOct 28 2015, 10:44:44");
    assert_eq!(facts(&old)[0], "firmware=3.2.19167");
}

#[test]
fn realtime_packets_are_known_by_their_size() {
    let seen = run(&ENTRY, &[(SERVER, &realtime(12.5)), (SERVER, &realtime(0.0))]);
    assert_eq!(seen[0].line(), "notice realtime data [observe]");
    assert_eq!(
        seen[0].values,
        "time 12.500, robot mode RUNNING, safety mode NORMAL, program PLAYING"
    );
    assert_eq!(seen[1].values.get(..10), Some("time 0.000"));
}

#[test]
fn a_whole_program_is_one_message_told_by_its_first_line() {
    let program = b"# moves\ndef weld():\n  if True:\n    movej([0,0,0,0,0,0])\n  end\nend\n";
    let seen = scripts(program);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].line(), "request urscript [program] def weld");
    assert_eq!(ENTRY.operations[3][0].effect, Effect::Script);
    let seen =
        scripts(b"sec out():\n set_digital_out(1, True)\nend\ndef x():\nend\npopup(\"hi\")\n");
    let objects: Vec<_> = seen.iter().map(|seen| seen.object.as_str()).collect();
    assert_eq!(objects, ["sec out", "def x", "popup(\"hi\")"]);
}

#[test]
fn a_block_is_a_program_from_its_first_line_to_its_end() {
    let text = b"# moves\ndef weld():\n  if True:\n    stopj(2)\n  end\nend\npopup(\"hi\")\n";
    assert_eq!(
        pieces(&ENTRY, &[(CLIENT, text)]),
        [
            "First URScript weld to Server, 12 bytes",
            "Next URScript  to Server, 11 bytes",
            "Next URScript  to Server, 13 bytes",
            "Next URScript  to Server, 6 bytes",
            "Last URScript  to Server, 4 bytes",
        ]
    );
}

#[test]
fn a_program_over_several_segments_is_still_one_message() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, b"def a():\n  movej([0])\n"),
            (CLIENT, b"  end_point = 1\n"),
            (CLIENT, b"end\n"),
        ],
    );
    assert_eq!(seen.len(), 1);
    let seen = scripts(b"set_digital_out(0, True)\nstopj(2)\n");
    assert_eq!(seen[0].line(), "request urscript [program] set_digital_out(0, True)");
    assert_eq!(seen.len(), 2);
}

#[test]
fn long_statements_are_clipped_and_endless_lines_are_read_in_parts() {
    let seen = scripts(&[&b"a".repeat(500)[..], b"()\n"].concat());
    assert_eq!(seen[0].object.len(), 120);
    let mut sink = crate::testing::Collector::default();
    assert_eq!((ENTRY.open)().parse(CLIENT, &[b'x'; 8191], &mut sink), Step::Need(8192));
    assert_eq!((ENTRY.open)().parse(CLIENT, &[b'x'; 8192], &mut sink), Step::Read(8192));
    assert_eq!((ENTRY.open)().parse(CLIENT, b"\x00\x01\n", &mut sink), Step::Lost);
}

#[test]
fn a_sub_package_past_its_package_is_malformed() {
    let mut state = framed(16, &mode_data(0, 0, 1));
    state[8] += 1; // size of the sub-package
    let seen = run(&ENTRY, &[(SERVER, &state)]);
    assert_eq!(seen[0].anomalies, ["sub-package does not fit its package"]);
    let seen = run(&ENTRY, &[(SERVER, &message(7, &[0; 8]))]);
    assert_eq!(seen[0].anomalies, ["message is shorter than it announces"]);
}

#[test]
fn types_that_are_not_documented_are_unknown() {
    let seen = run(&ENTRY, &[(SERVER, &framed(33, &[1, 2])), (SERVER, &framed(25, &[0; 9]))]);
    assert_eq!((seen[0].intent, seen[0].code), (Intent::Unknown, 33));
    assert_eq!(seen[1].line(), "notice program state message [observe]");
    let mut sink = crate::testing::Collector::default();
    assert_eq!((ENTRY.open)().parse(SERVER, &framed(0x47, &[1]), &mut sink), Step::Lost);
    assert_eq!((ENTRY.open)().parse(SERVER, &[0, 0, 0, 4, 16], &mut sink), Step::Lost);
    // of a large package only the beginning is needed
    let large = [&100_000_u32.to_be_bytes()[..], &[25], &[0; 16_379]].concat();
    assert_eq!((ENTRY.open)().parse(SERVER, &large, &mut sink), Step::Read(100_000));
}

#[test]
fn content_identifies_the_stream_and_the_script() {
    let ask = |bytes: &[u8], hinted| identify_tcp(&ENTRY, bytes, hinted);
    let state = framed(16, &[mode_data(0, 0, 1), masterboard(1)].concat());
    assert_eq!(ask(&state, false), Guess::Yes(Some(SERVER)));
    assert_eq!(ask(&state[..30], false), Guess::More);
    assert_eq!(ask(&version(), false), Guess::Yes(Some(SERVER)));
    assert_eq!(ask(&realtime(3.0), false), Guess::Yes(Some(SERVER)));
    assert_eq!(ask(&realtime(3.0)[..100], true), Guess::More);
    assert_eq!(ask(b"movej([0,1,2,3,4,5])\n", false), Guess::Yes(Some(CLIENT)));
    assert_eq!(ask(b"def a():\n stopj(2)\nend\n", false), Guess::Yes(Some(CLIENT)));
    assert_eq!(ask(b"def a():\n return 1\n", false), Guess::No);
    assert_eq!(ask(b"def a():\n return 1\n", true), Guess::Yes(Some(CLIENT)));
    assert_eq!(ask(b"GET / HTTP/1.1\r\nHost: a\r\n", true), Guess::No);
    assert_eq!(ask(&[0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1], true), Guess::No); // Modbus
    assert_eq!(ask(b"\0\0\0\x10\xffSMB\x72\0\0\0\0\0\0\0\0\0\0\0", true), Guess::No);
    assert_eq!(ask(&[3, 0, 0, 22, 17, 0xe0], true), Guess::No); // TPKT
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, SERVER, &version());
    truncations(&ENTRY, SERVER, &realtime(1.0));
    truncations(&ENTRY, CLIENT, b"stopj(2)\n");
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &framed(16, &[mode_data(0, 0, 1), configuration(2)].concat()));
    never_panics(&ENTRY, b"def a():\n stopj(2)\nend\nmovej([0])\n");
}
