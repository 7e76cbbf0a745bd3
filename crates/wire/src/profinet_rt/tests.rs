//! PROFINET RT from constant bytes, laid out by hand after IEC 61158-6-10.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

/// 40 bytes of process data and an APDU status with this data status and transfer status.
fn cyclic(frame_id: u16, status: u8, transfer: u8) -> Vec<u8> {
    let mut bytes = frame_id.to_be_bytes().to_vec();
    bytes.extend([0x80; 40]);
    bytes.extend([0x12, 0x34, status, transfer]);
    bytes
}

fn send(side: Side, bytes: &[u8]) -> Seen {
    let seen = run(&ENTRY, &[(side, bytes)]);
    assert_eq!(seen.len(), 1);
    seen[0].clone()
}

/// An RTA PDU of this type around a variable part.
fn rta(frame_id: u16, kind: u8, part: &[u8]) -> Vec<u8> {
    let mut bytes = frame_id.to_be_bytes().to_vec();
    bytes.extend([0, 1, 0, 2, 0x10 | kind, 0x11, 0, 5, 0, 4]);
    bytes.extend(u16::try_from(part.len()).unwrap().to_be_bytes());
    bytes.extend(part);
    bytes
}

/// A pull alarm, sequence 3, for slot 2 subslot 1.
const PULL: [u8; 28] = [
    0, 1, 0, 24, 1, 0, // block: high priority, 24 bytes follow, version 1.0
    0, 3, 0, 0, 0, 0, 0, 2, 0, 1, // pull, API, slot, subslot
    0, 0, 0, 7, 0, 0, 0, 1, // module, submodule
    0x80, 3, 0, 0, // specifier: AR diagnosis state, sequence 3; two bytes of user structure
];

/// Its acknowledgement with this PNIO status.
fn acknowledgement(status: [u8; 4]) -> Vec<u8> {
    let head = [0x80, 1, 0, 18, 1, 0, 0, 3, 0, 0, 0, 0, 0, 2, 0, 1, 0x80, 3];
    [&head[..], &status].concat()
}

#[test]
fn cyclic_data_operate_from_the_client_and_observe_from_the_server() {
    let seen = send(Side::Client, &cyclic(0xc002, 0x35, 0));
    assert_eq!(seen.line(), "notice cyclic data [operate] frame 49154");
    assert_eq!(seen.values, "cycle 4660, valid, run");
    assert_eq!(seen.code, 0xc002);
    let seen = send(Side::Server, &cyclic(0x8001, 0x35, 0));
    assert_eq!(seen.line(), "notice cyclic data [observe] frame 32769");
}

#[test]
fn frame_id_ranges_end_where_the_standard_says() {
    let operation = |frame_id| send(Side::Client, &cyclic(frame_id, 0x35, 0)).operation;
    let cases = [
        (0x0020, "sync with follow up"),
        (0x0081, "sync"),
        (0x00ff, "reserved frame id"),
        (0x0100, "isochronous cyclic data"),
        (0x0fff, "isochronous cyclic data"),
        (0x1000, "reserved frame id"),
        (0x7fff, "reserved frame id"),
        (0x8000, "cyclic data"),
        (0xbbff, "cyclic data"),
        (0xbc00, "multicast cyclic data"),
        (0xbfff, "multicast cyclic data"),
        (0xc000, "cyclic data"),
        (0xf7ff, "cyclic data"),
        (0xf800, "multicast cyclic data"),
        (0xfbff, "multicast cyclic data"),
        (0xfc00, "reserved frame id"),
        (0xfe02, "remote service interface"),
        (0xff00, "announce"),
        (0xff20, "follow up"),
        (0xff40, "delay request"),
        (0xff43, "delay response"),
        (0xff44, "reserved frame id"),
        (0xff80, "fragment"),
        (0xff8f, "fragment"),
        (0xff90, "reserved frame id"),
    ];
    for (frame_id, expected) in cases {
        assert_eq!(operation(frame_id), expected, "{frame_id:#06x}");
    }
}

#[test]
fn a_provider_that_stops_is_told_once() {
    let frames = [0x35, 0x25, 0x25, 0x35, 0x05];
    let frames: Vec<_> = frames.iter().map(|status| cyclic(0x8001, *status, 0)).collect();
    let parts: Vec<_> = frames.iter().map(|frame| (Side::Server, &frame[..])).collect();
    let anomalies: Vec<_> = run(&ENTRY, &parts).into_iter().map(|seen| seen.anomalies).collect();
    let (none, stopped) = (vec![], vec!["provider stopped"]);
    let both = vec!["provider stopped", "station reports a problem"];
    assert_eq!(anomalies, [none.clone(), stopped, none.clone(), none, both]);
}

#[test]
fn each_frame_id_and_side_has_a_status_of_its_own() {
    let (run_a, stop_b) = (cyclic(0x8001, 0x35, 0), cyclic(0x8002, 0x25, 0));
    let parts: Vec<(Side, &[u8])> =
        [&run_a, &stop_b, &run_a, &stop_b].map(|frame| (Side::Server, &frame[..])).to_vec();
    let told = run(&ENTRY, &parts).iter().filter(|seen| !seen.anomalies.is_empty()).count();
    assert_eq!(told, 1);
}

#[test]
fn more_frame_ids_than_are_remembered_do_no_harm() {
    let frames: Vec<_> = (0..40).map(|id| cyclic(0x8000 + id, 0x35, 0)).collect();
    let parts: Vec<_> = frames.iter().map(|frame| (Side::Client, &frame[..])).collect();
    assert!(run(&ENTRY, &parts).iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn a_transfer_status_other_than_zero_is_a_violation() {
    let seen = send(Side::Server, &cyclic(0x8001, 0x35, 1));
    assert_eq!(seen.anomalies, ["transfer status is not zero"]);
}

#[test]
fn an_alarm_names_its_kind_and_place_and_its_acknowledgement_the_result() {
    let seen = send(Side::Server, &rta(0xfc01, 1, &PULL));
    assert_eq!(seen.line(), "notice alarm notification [observe] slot 2 subslot 0x0001");
    assert_eq!((seen.values.as_str(), seen.id, seen.unit), ("pull", Some(3), Some(2)));
    assert!(seen.anomalies.is_empty(), "{:?}", seen.anomalies);
    let seen = send(Side::Client, &rta(0xfc01, 1, &acknowledgement([0; 4])));
    assert_eq!(seen.line(), "response alarm ack [session] slot 2 subslot 0x0001 = ok");
    assert!(seen.anomalies.is_empty());
    let seen = send(Side::Client, &rta(0xfc01, 1, &acknowledgement([0xda, 0x81, 0x3c, 1])));
    assert_eq!(seen.outcome, "alarm ack error");
}

#[test]
fn an_rta_error_says_why_the_relation_ended() {
    let seen = send(Side::Client, &rta(0xfe01, 4, &[0xcf, 0x81, 0xfd, 0x1f]));
    assert_eq!(seen.line(), "notice rta error [session] = ar station name changed by dcp");
    assert_eq!(send(Side::Client, &rta(0xfe01, 3, &[])).operation, "transport ack");
    assert_eq!(send(Side::Client, &rta(0xfe01, 2, &[])).operation, "transport nack");
}

#[test]
fn alarms_that_contradict_themselves_are_anomalies() {
    let mut version = rta(0xfc01, 3, &[]);
    version[6] = 0x23;
    assert_eq!(send(Side::Client, &version).anomalies, ["RTA version is not 1"]);
    let reserved = rta(0xfc01, 9, &[]);
    assert_eq!(send(Side::Client, &reserved).anomalies, ["RTA PDU type is reserved"]);
    let mut length = PULL;
    length[3] = 25;
    let seen = send(Side::Client, &rta(0xfc01, 1, &length));
    assert_eq!(seen.anomalies, ["block length does not fit the alarm"]);
    let mut block = PULL;
    block[1] = 9;
    let seen = send(Side::Client, &rta(0xfc01, 1, &block));
    assert_eq!(seen.anomalies, ["block is neither an alarm nor its acknowledgement"]);
}

#[test]
fn every_truncation_is_reported() {
    let alarm = rta(0xfc01, 1, &PULL);
    for end in 2..alarm.len() {
        let seen = send(Side::Server, &alarm[..end]);
        assert!(seen.anomalies.contains(&"message is shorter than it announces"), "{end}");
    }
    for end in 2..6 {
        let seen = send(Side::Server, &cyclic(0x8001, 0x35, 0)[..end]);
        assert_eq!(seen.anomalies, ["message is shorter than it announces"]);
    }
    assert!(run(&ENTRY, &[(Side::Client, &[0x80])]).is_empty());
}

#[test]
fn dcp_between_the_same_stations_is_read_by_the_same_session() {
    // a Set of the name `a`, between two cyclic frames
    let set = [0xfe, 0xfd, 4, 0, 0, 0, 0, 1, 0, 0, 0, 8, 2, 2, 0, 3, 0, 1, b'a', 0];
    let data = cyclic(0x8001, 0x35, 0);
    let seen = run(&ENTRY, &[(Side::Client, &data), (Side::Client, &set), (Side::Client, &data)]);
    let protocols: Vec<_> = seen.iter().map(|seen| seen.protocol).collect();
    assert_eq!(protocols, ["profinet-rt", "profinet-dcp", "profinet-rt"]);
    assert_eq!(seen[1].line(), "request set name of station [administer] a");
}

#[test]
fn frames_of_dcp_are_left_to_dcp() {
    let ether = Transport::Ether(0x8892);
    assert_eq!(identify(&ENTRY, ether, &cyclic(0x8001, 0x35, 0), true), Guess::Yes(None));
    assert_eq!(identify(&ENTRY, ether, &[0xfe, 0xfd, 4, 0], true), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Udp, &cyclic(0x8001, 0x35, 0), true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &rta(0xfc01, 1, &PULL));
    never_panics(&ENTRY, &cyclic(0x8001, 0x35, 0));
}
