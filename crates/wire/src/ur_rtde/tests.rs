//! RTDE packages made by hand from the RTDE Guide, and what real clients send (`ur_rtde`).

use plant::Intent;

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Step};

const CLIENT: Side = Side::Client;
const SERVER: Side = Side::Server;

fn framed(kind: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(payload.len() + 3).unwrap().to_be_bytes();
    [&[high, low, kind], payload].concat()
}

/// An output setup of protocol version 2 at 125 Hz.
fn outputs(names: &str) -> Vec<u8> {
    framed(b'O', &[&125_f64.to_be_bytes()[..], names.as_bytes()].concat())
}

fn all(parts: &[(Side, Vec<u8>)]) -> Vec<Seen> {
    let parts: Vec<_> = parts.iter().map(|(side, bytes)| (*side, &bytes[..])).collect();
    run(&ENTRY, &parts)
}

#[test]
fn opening_tells_the_controllers_version() {
    let version = [0, 0, 0, 5, 0, 0, 0, 15, 0, 0, 0, 2, 0, 0, 0, 1]; // 5.15.2, build 1
    let seen = all(&[
        (CLIENT, framed(b'V', &[0, 2])),
        (SERVER, framed(b'V', &[1])),
        (CLIENT, framed(b'v', &[])),
        (SERVER, framed(b'v', &version)),
        (CLIENT, framed(b'S', &[])),
        (SERVER, framed(b'S', &[0])),
    ]);
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request request protocol version [session] version 2",
            "response request protocol version [session] = ok",
            "request get urcontrol version [observe]",
            "response get urcontrol version [observe] = ok",
            "request control package start [session]",
            "response control package start [session] = not accepted",
        ]
    );
    assert_eq!(seen[3].facts, ["firmware=5.15.2.1", "vendor=Universal Robots", "role=robot"]);
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn output_values_have_the_names_and_types_of_their_recipe() {
    let names = "timestamp,robot_mode,safety_mode,runtime_state,actual_q,actual_digital_input_bits";
    let mut values = vec![7];
    values.extend_from_slice(&1.5_f64.to_be_bytes());
    values.extend_from_slice(&[0, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0, 2]);
    (0..6_u8).for_each(|joint| values.extend_from_slice(&f64::from(joint).to_be_bytes()));
    values.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0, 129]);
    let seen = all(&[
        (CLIENT, outputs(names)),
        (SERVER, framed(b'O', b"\x07DOUBLE,INT32,INT32,UINT32,VECTOR6D,UINT64")),
        (SERVER, framed(b'U', &values)),
    ]);
    assert_eq!(seen[0].intent, Intent::Observe);
    assert_eq!(seen[0].values, "125 Hz");
    assert!(seen[0].object.starts_with("timestamp, robot_mode, safety_mode"));
    assert_eq!((seen[1].id, seen[1].outcome.as_str()), (Some(7), "ok"));
    assert_eq!(seen[2].line(), "notice output data package [observe]");
    assert_eq!(
        seen[2].values,
        "timestamp=1.5, robot_mode=7 RUNNING, safety_mode=3 PROTECTIVE_STOP, \
         runtime_state=2 PLAYING, actual_q=[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], \
         actual_digital_input_bits=129"
    );
    assert!(seen[2].anomalies.is_empty());
}

#[test]
fn input_data_operates_on_the_fields_of_its_recipe() {
    let mut values = vec![2, 0, 0, 0, 1];
    values.extend_from_slice(&0.25_f64.to_be_bytes());
    let seen = all(&[
        (CLIENT, framed(b'I', b"standard_digital_output_mask,standard_digital_output")),
        (SERVER, framed(b'I', b"\x01UINT8,UINT8")),
        (CLIENT, framed(b'I', b"speed_slider_mask,speed_slider_fraction")),
        (SERVER, framed(b'I', b"\x02UINT32,DOUBLE")),
        (CLIENT, framed(b'U', &values)),
        (CLIENT, framed(b'U', &[1, 4, 4])),
    ]);
    assert_eq!(
        seen[4].line(),
        "notice input data package [operate] speed_slider_mask, speed_slider_fraction"
    );
    assert_eq!(seen[4].values, "speed_slider_mask=1, speed_slider_fraction=0.25");
    assert_eq!(seen[5].values, "standard_digital_output_mask=4, standard_digital_output=4");
}

#[test]
fn a_comma_behind_the_last_name_names_no_field() {
    let seen = all(&[
        (CLIENT, outputs("timestamp,robot_mode,")), // as ur_rtde 1.6 sends it
        (SERVER, framed(b'O', b"\x01DOUBLE,INT32")),
        (SERVER, framed(b'U', &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5])),
    ]);
    assert_eq!(seen[0].object, "timestamp, robot_mode");
    assert_eq!(seen[2].values, "timestamp=0.0, robot_mode=5 IDLE");
}

#[test]
fn protocol_version_1_has_neither_frequency_nor_recipe_number() {
    let seen = all(&[
        (CLIENT, framed(b'O', b"target_speed_fraction")),
        (SERVER, framed(b'O', b"DOUBLE")),
        (SERVER, framed(b'U', &0.5_f64.to_be_bytes())),
    ]);
    assert_eq!(seen[0].object, "target_speed_fraction");
    assert_eq!(seen[2].values, "target_speed_fraction=0.5");
    assert!(seen[2].anomalies.is_empty());
}

#[test]
fn a_field_that_another_client_has_claimed_refuses_the_setup() {
    let seen = all(&[
        (CLIENT, framed(b'I', b"speed_slider_mask,speed_slider_fraction")),
        (SERVER, framed(b'I', b"\x00IN_USE,IN_USE")),
        (CLIENT, framed(b'I', b"speed_slider")),
        (SERVER, framed(b'I', b"\x03NOT_FOUND")),
    ]);
    assert_eq!(seen[1].outcome, "no recipe");
    assert_eq!(seen[3].outcome, "variable not found");
}

#[test]
fn data_that_does_not_fit_its_recipe_is_malformed_and_still_shown() {
    let seen = all(&[
        (CLIENT, outputs("robot_mode,speed_scaling")),
        (SERVER, framed(b'O', b"\x01INT32,DOUBLE")),
        (SERVER, framed(b'U', &[1, 0, 0, 0, 5, 1, 2])),
    ]);
    assert_eq!(seen[2].anomalies, ["data does not fit its recipe"]);
    assert_eq!(seen[2].values, "robot_mode=5 IDLE");
}

#[test]
fn data_of_a_stream_joined_midway_is_still_input_or_output() {
    let seen = all(&[(CLIENT, framed(b'U', &[1, 4, 4])), (SERVER, framed(b'U', &[1, 4, 4]))]);
    assert_eq!(seen[0].line(), "notice input data package [operate]");
    assert_eq!(seen[1].line(), "notice output data package [observe]");
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty() && seen.values.is_empty()));
}

#[test]
fn text_messages_show_level_source_and_text() {
    let seen = all(&[
        (SERVER, framed(b'M', b"\x04busy\x04RTDE\x02")),
        (CLIENT, framed(b'M', b"\x02hi\x02pc\x03")),
        (SERVER, framed(b'M', b"\x01old form")),
        (SERVER, framed(b'z', b"")),
    ]);
    assert_eq!(seen[0].line(), "notice text message [observe]");
    assert_eq!(seen[0].values, "warning: RTDE: busy");
    assert_eq!(seen[1].line(), "notice send text message [operate]");
    assert_eq!(seen[2].values, "error: old form");
    assert_eq!((seen[3].intent, seen[3].code), (Intent::Unknown, 0x7a));
}

#[test]
fn recipes_are_bounded_and_the_newest_stay() {
    let mut parts = Vec::new();
    for id in 1..=100_u8 {
        parts.push((CLIENT, framed(b'I', format!("input_int_register_{id}").as_bytes())));
        parts.push((SERVER, framed(b'I', &[&[id][..], b"INT32"].concat())));
    }
    parts.push((CLIENT, framed(b'U', &[100, 0, 0, 0, 9])));
    parts.push((CLIENT, framed(b'U', &[1, 0, 0, 0, 9])));
    let seen = all(&parts);
    assert_eq!(seen[200].values, "input_int_register_100=9");
    assert_eq!(seen[201].values, "");
}

#[test]
fn content_identifies_openings_setups_and_repeated_data() {
    let ask = |bytes: &[u8], hinted| identify_tcp(&ENTRY, bytes, hinted);
    assert_eq!(ask(&framed(b'V', &[0, 2]), false), Guess::Yes(Some(CLIENT)));
    assert_eq!(ask(&[0, 5, b'V'], false), Guess::More);
    assert_eq!(ask(&framed(b'V', &[1]), true), Guess::Yes(Some(SERVER)));
    assert_eq!(ask(&framed(b'V', &[1]), false), Guess::No);
    assert_eq!(ask(&outputs("timestamp"), false), Guess::Yes(Some(CLIENT)));
    assert_eq!(ask(&framed(b'I', b"speed_slider_mask"), false), Guess::Yes(Some(CLIENT)));
    assert_eq!(ask(&framed(b'I', b"\x01UINT8,BOOL"), false), Guess::Yes(Some(SERVER)));
    let data = framed(b'U', &[1, 0, 0, 0, 7]);
    assert_eq!(ask(&data, false), Guess::No);
    assert_eq!(ask(&data.repeat(2), false), Guess::Yes(None));
    assert_eq!(ask(b"GET / HTTP/1.1\r\n", true), Guess::No);
    assert_eq!(ask(&[0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1], true), Guess::No); // Modbus
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, CLIENT, &outputs("timestamp,robot_mode"));
    let mut sink = crate::testing::Collector::default();
    assert_eq!((ENTRY.open)().parse(CLIENT, &[0, 2, b'V'], &mut sink), Step::Lost);
    assert_eq!((ENTRY.open)().parse(CLIENT, &[0, 9, 0], &mut sink), Step::Lost);
}

#[test]
fn arbitrary_bytes_never_panic() {
    let mut bytes = outputs("timestamp,robot_mode");
    bytes.extend_from_slice(&framed(b'O', b"\x01DOUBLE,INT32"));
    bytes.extend_from_slice(&framed(b'U', &[1; 13]));
    never_panics(&ENTRY, &bytes);
}
