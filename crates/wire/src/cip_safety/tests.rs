//! Cyclic frames of every form: made by layout, and called correct in every checksum by tshark
//! 4.0.17, which knew the identity of the connection from a forward open.

use super::ENTRY;
use crate::testing::{Seen, never_panics, run};
use crate::{Side, ethernet_ip};

const BASE_SHORT: [&[u8]; 6] = [
    &[0x44, 0x84, 0xb8, 0xf4, 0x64, 0, 0x6b],
    &[0x45, 0x84, 0x8f, 0xcf, 0xb2, 0, 0xcf],
    &[0x46, 0x84, 0xd6, 0x82, 0, 1, 0xef],
    &[0x47, 0x84, 0xe1, 0xb9, 0x4e, 1, 1],
    &[0x48, 0x84, 0xeb, 0xfb, 0x9c, 1, 4],
    &[0x49, 0x84, 0xdc, 0xc0, 0xea, 1, 0x96],
];
const BASE_LONG: [&[u8]; 6] = [
    &[1, 2, 3, 0, 0x84, 0xa5, 0x88, 0xfe, 0xfd, 0xfc, 0xff, 0xbe, 0x8a, 0x64, 0, 0x6b],
    &[1, 2, 3, 1, 0x84, 0xaa, 0x80, 0xfe, 0xfd, 0xfc, 0xfe, 0xb1, 0x82, 0xb2, 0, 0xcf],
    &[1, 2, 3, 2, 0x84, 0xbb, 0x98, 0xfe, 0xfd, 0xfc, 0xfd, 0xa0, 0x9a, 0, 1, 0xef],
    &[1, 2, 3, 3, 0x84, 0xb4, 0x90, 0xfe, 0xfd, 0xfc, 0xfc, 0xaf, 0x92, 0x4e, 1, 1],
    &[1, 2, 3, 4, 0x84, 0x99, 0xa8, 0xfe, 0xfd, 0xfc, 0xfb, 0x82, 0xaa, 0x9c, 1, 4],
    &[1, 2, 3, 5, 0x84, 0x96, 0xa0, 0xfe, 0xfd, 0xfc, 0xfa, 0x8d, 0xa2, 0xea, 1, 0x96],
];
/// The next of them, with idle in its mode byte.
const IDLE: &[u8] =
    &[1, 2, 3, 6, 0x14, 0x5c, 0xa1, 0xfe, 0xfd, 0xfc, 0xf9, 0x47, 0xa3, 0x38, 2, 0xa2];
const EXTENDED_SHORT: [&[u8]; 6] = [
    &[0x44, 0, 0x84, 0x42, 0x16, 0x64, 0, 0],
    &[0x44, 1, 0x84, 0xcd, 0xc4, 0xb2, 0, 0x80],
    &[0x44, 2, 0x84, 0xc6, 0x8d, 0, 1, 0x72],
    &[0x44, 3, 0x84, 0x30, 0x2e, 0x4e, 1, 0x73],
    &[0x44, 4, 0x84, 0x7a, 0x77, 0x9c, 1, 0x54],
    &[0x44, 5, 0x84, 0x50, 0x89, 0xea, 1, 0x7f],
];
const EXTENDED_LONG: [&[u8]; 6] = [
    &[1, 2, 3, 0, 0x84, 0x6e, 0xf7, 0xfe, 0xfd, 0xfc, 0xff, 0x80, 0x0b, 0x64, 0, 0x4f],
    &[1, 2, 3, 1, 0x84, 0x61, 0xff, 0xfe, 0xfd, 0xfc, 0xfe, 0x0f, 0xd9, 0xb2, 0, 0xcf],
    &[1, 2, 3, 2, 0x84, 0x70, 0xe7, 0xfe, 0xfd, 0xfc, 0xfd, 4, 0x90, 0, 1, 0x3d],
    &[1, 2, 3, 3, 0x84, 0x7f, 0xef, 0xfe, 0xfd, 0xfc, 0xfc, 0xf2, 0x33, 0x4e, 1, 0x3c],
    &[1, 2, 3, 4, 0x84, 0x52, 0xd7, 0xfe, 0xfd, 0xfc, 0xfb, 0xb8, 0x6a, 0x9c, 1, 0x1b],
    &[1, 2, 3, 5, 0x84, 0x5d, 0xdf, 0xfe, 0xfd, 0xfc, 0xfa, 0x92, 0x94, 0xea, 1, 0x30],
];
const BASE_TIME: [&[u8]; 6] = [
    &[8, 0x67, 0, 0xf7, 0xa0, 0xdc],
    &[9, 0xed, 1, 0xf6, 0xc8, 0xbf],
    &[0x0a, 0x73, 3, 0xf5, 0xf4, 1],
    &[0x0b, 0xf9, 4, 0xf4, 0xbe, 0x52],
    &[8, 0x7f, 6, 0xf7, 0xe0, 0x50],
    &[9, 5, 8, 0xf6, 0x35, 0xf0],
];
const EXTENDED_TIME: [&[u8]; 6] = [
    &[8, 0x67, 0, 0x8e, 0x96, 0x86],
    &[9, 0xed, 1, 0xf1, 0x5c, 0x4c],
    &[0x0a, 0x73, 3, 0x24, 0x6d, 0x1a],
    &[0x0b, 0xf9, 4, 0x2a, 0xa6, 0x42],
    &[8, 0x7f, 6, 0x2c, 0x51, 0x91],
    &[9, 5, 8, 0x35, 0x4e, 0x95],
];

/// A datagram of cyclic data: two items, connection 0x1000, sequence 0.
fn io(data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0x02, 0x80, 8, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0xb1, 0];
    bytes.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
    bytes.extend(data);
    bytes
}

fn said(frames: &[&[u8]]) -> Vec<Seen> {
    let datagrams: Vec<_> = frames.iter().map(|frame| io(frame)).collect();
    let parts: Vec<_> = datagrams.iter().map(|bytes| (Side::Client, &bytes[..])).collect();
    run(&ethernet_ip::ENTRY, &parts)
}

fn protocols(frames: &[&[u8]]) -> Vec<&'static str> {
    said(frames).iter().map(|one| one.protocol).collect()
}

#[test]
fn every_form_is_recognised_when_four_frames_have_fitted_the_first() {
    for frames in [BASE_SHORT, BASE_LONG, EXTENDED_SHORT, EXTENDED_LONG, BASE_TIME, EXTENDED_TIME] {
        let (io, safety) = ("ethernet-ip", "cip-safety");
        assert_eq!(protocols(&frames), [io, io, io, io, safety, safety], "{frames:?}");
    }
}

#[test]
fn frames_are_notices_of_their_connection() {
    let line = |frames: &[&[u8]]| said(frames).last().unwrap().line();
    let place = "connection 0x00001000";
    assert_eq!(line(&BASE_SHORT), format!("notice safety data [safety] {place}"));
    assert_eq!(line(&EXTENDED_TIME), format!("notice time coordination [safety] {place}"));
    let idle = [&BASE_LONG[..], &[IDLE]].concat();
    assert_eq!(line(&idle), format!("notice safety data idle [safety] {place}"));
}

#[test]
fn one_frame_that_does_not_fit_begins_anew() {
    let mut frames = BASE_SHORT.map(<[u8]>::to_vec);
    frames[3][2] ^= 1;
    let frames: Vec<_> = frames.iter().map(|frame| &frame[..]).collect();
    assert!(protocols(&frames).iter().all(|protocol| *protocol == "ethernet-ip"));
}

#[test]
fn the_same_frame_again_and_again_proves_nothing() {
    let frames = [BASE_LONG[0]; 40];
    assert!(protocols(&frames).iter().all(|protocol| *protocol == "ethernet-ip"));
}

#[test]
fn plain_cyclic_data_of_the_same_lengths_stays_io() {
    for length in [6, 7, 8, 14, 16, 40] {
        let frames: Vec<Vec<u8>> = (0..200_u8)
            .map(|number| (0..length).map(|at| number.wrapping_mul(31) ^ at ^ 0x84).collect())
            .collect();
        let frames: Vec<_> = frames.iter().map(|frame| &frame[..]).collect();
        assert!(protocols(&frames).iter().all(|protocol| *protocol == "ethernet-ip"), "{length}");
    }
}

#[test]
fn a_frame_of_no_form_is_io_and_the_connection_stays_known() {
    let frames = [&BASE_SHORT[..], &[&[9; 20], BASE_SHORT[0]]].concat();
    let seen = protocols(&frames);
    assert_eq!(seen[5..], ["cip-safety", "ethernet-ip", "cip-safety"]);
}

#[test]
fn more_connections_than_are_followed_cost_no_more() {
    let datagrams: Vec<_> = (0..200_u8)
        .map(|number| {
            let mut bytes = io(BASE_SHORT[0]);
            bytes[6] = number;
            bytes
        })
        .collect();
    let parts: Vec<_> = datagrams.iter().map(|bytes| (Side::Client, &bytes[..])).collect();
    assert_eq!(run(&ethernet_ip::ENTRY, &parts).len(), 200);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ethernet_ip::ENTRY, &io(BASE_LONG[0]));
    never_panics(&ENTRY, BASE_LONG[0]);
}
