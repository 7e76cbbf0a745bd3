//! The UFACTORY private protocol from constant bytes, made by hand from the SDK's layout.

use super::ENTRY;
use crate::testing::{Seen, identify, identify_tcp, never_panics, run, truncations};
use crate::{Effect, Guess, Side, Step, Transport};

/// A frame: transaction, protocol id, function, data.
fn frame(transaction: u16, protocol: u16, function: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 1).unwrap();
    let header = [transaction, protocol, length].map(u16::to_be_bytes).concat();
    [&header[..], &[function], data].concat()
}

fn only(function: u8, data: &[u8]) -> Seen {
    run(&ENTRY, &[(Side::Client, &frame(1, 2, function, data))]).remove(0)
}

#[test]
fn enabling_motion_names_the_axes() {
    // the vendor's own example: function 0b, all axes, on
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &[0, 1, 0, 2, 0, 3, 0x0b, 8, 1]),
            (Side::Server, &[0, 1, 0, 2, 0, 2, 0x0b, 0]),
        ],
    );
    assert_eq!(seen[0].line(), "request motion en [operate] all axes on");
    assert_eq!(seen[1].line(), "response motion en [operate] all axes on = ok");
    assert_eq!((seen[1].id, seen[1].facts.join(" ")), (Some(1), "role=robot".into()));
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
    assert_eq!(only(18, &[3, 0]).object, "axis 3 off");
}

#[test]
fn a_move_shows_its_target() {
    let target: Vec<u8> = [300.0_f32, 0.0, 150.5].iter().flat_map(|v| v.to_le_bytes()).collect();
    let seen = only(21, &target);
    assert_eq!(seen.line(), "request move line [operate]");
    assert_eq!(seen.values, "[300, 0, 150.5]");
    let effect = |code| crate::Operation::find(super::codes::FUNCTIONS, code).unwrap().effect;
    assert!([21, 23, 25, 27, 29, 30, 81, 83, 92].into_iter().all(|c| effect(c) == Effect::Motion));
    assert_eq!((effect(16), effect(39)), (Effect::Reset, Effect::FactoryReset));
}

#[test]
fn a_state_is_an_operation_of_its_own() {
    assert_eq!(only(12, &[4]).line(), "request set state stop [operate]");
    assert_eq!(only(12, &[0]).line(), "request set state motion [operate]");
    assert_eq!(only(12, &[9]).line(), "request set state [unknown]");
    assert_eq!(only(10, &[2]).line(), "request system control reboot [administer]");
    assert_eq!(only(19, &[1]).line(), "request set mode [operate] servo motion");
}

#[test]
fn limits_that_protect_people_are_safety() {
    assert_eq!(only(37, &[0]).line(), "request set collis sens [safety]");
    assert_eq!(only(59, &[0]).line(), "request set fense on [safety] off");
    assert_eq!(only(50, &[1]).line(), "request set reduced mode [safety] on");
}

#[test]
fn registers_outputs_and_trajectories_are_named() {
    let servo = only(101, &[2, 0x01, 0x10, 0, 0, 0x80, 0x3f]);
    assert_eq!(servo.line(), "request servo w16b [administer] servo register 272");
    assert_eq!(servo.unit, Some(2));
    assert_eq!(only(134, &[0x04, 0x04]).object, "digital output 2");
    assert_eq!(only(134, &[0, 0, 0x02, 0x02]).object, "digital output 9");
    assert_eq!(only(134, &[0x06, 0]).object, "");
    let mut name = b"pick.traj".to_vec();
    name.resize(81, 0);
    assert_eq!(only(63, &name).line(), "request load traj [operate] pick.traj");
    assert_eq!(only(63, &[b'x'; 200]).object.len(), 81);
}

#[test]
fn the_state_byte_of_a_response_tells_failure_from_a_pending_error() {
    let ask = frame(7, 2, 41, &[]);
    let answer = |state: u8| {
        let pose: Vec<u8> = [1.0_f32, 2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        let answer = frame(7, 2, 41, &[&[state], &pose[..]].concat());
        run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)]).remove(1)
    };
    assert_eq!(answer(0).line(), "response get tcp pose [observe] = ok");
    assert_eq!(answer(0).values, "[1, 2]");
    assert_eq!(answer(0x50).values, "[1, 2], error not cleared, not ready to move");
    assert_eq!(answer(0x08).outcome, "not carried out");
    let unasked = run(&ENTRY, &[(Side::Server, &frame(7, 2, 41, &[0]))]).remove(0);
    assert_eq!(unasked.anomalies, ["response without a request seen"]);
    let other = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &frame(7, 2, 42, &[0]))]);
    assert_eq!(other[1].anomalies, ["response to another function"]);
    let empty = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &frame(7, 2, 41, &[]))]);
    assert_eq!(empty[1].outcome, "response without a state");
}

#[test]
fn version_and_serial_number_are_told() {
    let told = |function, text: &[u8]| {
        let answer = frame(1, 2, function, &[&[0], text].concat());
        let parts = [(Side::Client, &frame(1, 2, function, &[])[..]), (Side::Server, &answer)];
        run(&ENTRY, &parts).remove(1).facts
    };
    let version = told(1, b"6,6,XI1300,AC1300,v2.5.0\0\0\0");
    assert_eq!(version, ["firmware=6,6,XI1300,AC1300,v2.5.0", "vendor=UFACTORY", "role=robot"]);
    assert_eq!(told(2, b"XI130506D43L0Q\0")[0], "serial=XI130506D43L0Q");
    assert_eq!(told(2, b"\0"), ["role=robot"]);
}

#[test]
fn one_connection_carries_heartbeats_feedback_and_modbus_beside() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &[0, 0, 0, 1, 0, 2, 0, 0]),
            // feedback of transaction 5: type 2 at the ninth byte, code 0 at the thirteenth
            (Side::Server, &frame(5, 2, 0xff, &[0, 2, 0, 0, 0, 0, 0])),
            (Side::Client, &[0, 3, 0, 0, 0, 6, 1, 3, 0, 0x20, 0, 2]),
            (Side::Server, &[0, 3, 0, 0, 0, 7, 1, 3, 4, 0, 1, 0, 2]),
        ],
    );
    assert_eq!(seen[0].line(), "notice heartbeat [session]");
    assert_eq!(seen[1].line(), "notice feedback [observe]");
    assert_eq!(seen[2].line(), "request read holding registers [observe] holding 32..33");
    assert_eq!((seen[2].protocol, seen[1].protocol), ("modbus", "ufactory-xarm"));
    assert_eq!(seen[3].line(), "response read holding registers [observe] holding 32..33 = ok");
}

#[test]
fn every_truncation_asks_for_more() {
    truncations(&ENTRY, Side::Client, &frame(1, 2, 11, &[8, 1]));
    truncations(&ENTRY, Side::Server, &frame(1, 2, 41, &[0; 25]));
}

#[test]
fn lengths_at_their_limits() {
    let mut seen = crate::testing::Collector::default();
    let mut parse = |bytes: &[u8]| (ENTRY.open)().parse(Side::Client, bytes, &mut seen);
    assert_eq!(parse(&[0, 1, 0, 2, 0, 0, 1]), Step::Lost);
    assert_eq!(parse(&[0, 1, 0, 2, 0, 1, 1]), Step::Read(7));
    assert_eq!(parse(&[0, 1, 0, 2, 4, 0, 1]), Step::Need(1030));
    assert_eq!(parse(&[0, 1, 0, 2, 4, 1, 1]), Step::Lost);
    assert_eq!(parse(&[0, 1, 0, 4]), Step::Lost);
}

#[test]
fn xarm_and_modbus_on_port_502_do_not_take_each_other() {
    let modbus = &crate::modbus::ENTRY;
    for hinted in [true, false] {
        for xarm in [frame(1, 2, 11, &[8, 1]), frame(2, 2, 13, &[]), frame(3, 2, 3, &[0, 0, 0, 1])]
        {
            assert_eq!(identify_tcp(modbus, &xarm, hinted), Guess::No);
            assert!(matches!(identify_tcp(&ENTRY, &xarm, hinted), Guess::Yes(_)));
        }
        // read holding registers, its response, write single coil, an exception, an unlisted one
        let others: [&[u8]; 5] = [
            &[0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1],
            &[0, 1, 0, 0, 0, 5, 1, 3, 2, 0, 7],
            &[0, 2, 0, 0, 0, 6, 1, 5, 0, 1, 0xff, 0],
            &[0, 2, 0, 0, 0, 3, 1, 0x83, 2],
            &[0, 2, 0, 0, 0, 3, 1, 0x0b, 1],
        ];
        for other in others {
            assert_eq!(identify_tcp(&ENTRY, other, hinted), Guess::No);
        }
    }
    let beat = [0, 0, 0, 1, 0, 2, 0, 0];
    assert_eq!(identify_tcp(modbus, &beat, true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &beat, true), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, &beat, false), Guess::No);
}

#[test]
fn a_frame_begun_wants_a_hint_and_a_stream() {
    let ask = frame(1, 2, 13, &[]);
    assert_eq!(identify_tcp(&ENTRY, &ask[..3], true), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, &ask[..3], false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &frame(1, 2, 250, &[]), false), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Udp, &ask, true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &frame(1, 2, 134, &[4, 4, 2, 2]));
    never_panics(&ENTRY, &frame(1, 2, 41, &[0; 25]));
}
