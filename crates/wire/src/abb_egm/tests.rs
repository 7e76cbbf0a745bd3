//! Datagrams written by hand after the definition of the messages.

use super::ENTRY;
use crate::testing::{identify, never_panics, run};
use crate::{Guess, Side, Transport};

/// `EgmRobot`: header (seqno 1, tm 1004, type 2), feedback with two joints, states.
const ROBOT: &[u8] = b"\x0a\x07\x08\x01\x10\xec\x07\x18\x02\
    \x12\x14\x0a\x12\x09\0\0\0\0\0\0\0\0\x09\0\0\0\0\0\0\x25\x40\
    \x22\x02\x08\x01\x2a\x02\x08\x03\x30\x00\x42\x02\x08\x02";
/// `EgmSensor`: header (seqno 7, tm 5, type 3), planned joints 1 and 2.
const JOINTS: &[u8] = b"\x0a\x06\x08\x07\x10\x05\x18\x03\
    \x12\x14\x0a\x12\x09\0\0\0\0\0\0\xf0\x3f\x09\0\0\0\0\0\0\0\x40";
/// `EgmSensor`: planned pose with position 1, 2, 3.
const POSE: &[u8] = b"\x0a\x06\x08\x01\x10\x05\x18\x03\x12\x1f\x12\x1d\x0a\x1b\
    \x09\0\0\0\0\0\0\xf0\x3f\x11\0\0\0\0\0\0\0\x40\x19\0\0\0\0\0\0\x08\x40";
/// `EgmSensorPathCorr`: position 0.5, 0, -0.5, age 3 ms.
const PATH: &[u8] = b"\x0a\x06\x08\x02\x10\x05\x18\x04\x12\x1f\x0a\x1b\
    \x09\0\0\0\0\0\0\xe0\x3f\x11\0\0\0\0\0\0\0\0\x19\0\0\0\0\0\0\xe0\xbf\x10\x03";

#[test]
fn each_message_shows_what_it_feeds_back_or_demands() {
    for (bytes, from, line, values) in [
        (
            ROBOT,
            Side::Client,
            "notice robot feedback [observe]",
            "seqno 1 feedback [0.000 10.500] motors on egm running rapid running",
        ),
        (
            JOINTS,
            Side::Server,
            "notice position guidance [operate] joints",
            "seqno 7 planned [1.000 2.000]",
        ),
        (
            POSE,
            Side::Server,
            "notice position guidance [operate] pose",
            "seqno 1 planned [1.000 2.000 3.000]",
        ),
        (
            PATH,
            Side::Server,
            "notice path correction [operate] path",
            "seqno 2 correction [0.500 0.000 -0.500]",
        ),
    ] {
        let seen = run(&ENTRY, &[(from, bytes)]).remove(0);
        assert_eq!((seen.line().as_str(), seen.values.as_str()), (line, values));
        assert!(seen.anomalies.is_empty());
        let guess = identify(&ENTRY, Transport::Udp, bytes, false);
        assert_eq!(guess, Guess::Yes(Some(from)));
    }
    assert_eq!(run(&ENTRY, &[(Side::Client, ROBOT)])[0].facts, ["role=robot", "vendor=ABB"]);
}

#[test]
fn packed_joints_are_joints_too() {
    let packed = b"\x0a\x06\x08\x07\x10\x05\x18\x03\x12\x0c\x0a\x0a\x0a\x08\0\0\0\0\0\0\xf0\x3f";
    assert_eq!(identify(&ENTRY, Transport::Udp, packed, false), Guess::Yes(Some(Side::Server)));
}

#[test]
fn a_field_of_another_message_is_no_egm() {
    // field 9, measured force, is the robot's only
    let foreign = [JOINTS, b"\x4a\x00"].concat();
    assert_eq!(identify(&ENTRY, Transport::Udp, &foreign, true), Guess::No);
    assert_eq!(
        run(&ENTRY, &[(Side::Server, &foreign)])[0].anomalies,
        ["field is none of its message"]
    );
    for bytes in [
        &b"\x0a\x06\x08\x07\x10\x05\x18\x05\x12\x00"[..], // type 5
        b"\x0a\x04\x08\x07\x10\x05\x12\x00",              // no type
        b"\x0a\x06\x08\x07\x10\x05\x18\x03",              // nothing but a header
        b"\x0a\x0bhello world",
    ] {
        assert_eq!(identify(&ENTRY, Transport::Udp, bytes, true), Guess::No, "{bytes:?}");
    }
    assert_eq!(identify(&ENTRY, Transport::Tcp, ROBOT, true), Guess::No);
}

#[test]
fn a_datagram_cut_short_is_none() {
    for end in 1..JOINTS.len() {
        assert_eq!(identify(&ENTRY, Transport::Udp, &JOINTS[..end], true), Guess::No, "{end}");
        let seen = run(&ENTRY, &[(Side::Server, &JOINTS[..end])]);
        assert!(seen.iter().all(|seen| !seen.anomalies.is_empty() || end == 8), "{end}");
    }
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, ROBOT);
    never_panics(&ENTRY, JOINTS);
}
