//! PTP from constant bytes, composed after IEEE 1588-2008 clause 13 and IEEE 1588-2002 clause 7.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

/// Header of version 2 in domain 5 with sequence 0x0102, from clock 0080e1.fffe.000001 port 1.
fn v2(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(34 + body.len()).unwrap().to_be_bytes();
    let clock = [0, 0x80, 0xe1, 0xff, 0xfe, 0, 0, 1, 0, 1];
    let rest = [&[0; 14][..], &[0], &clock, &[1, 2], &[5, 0]].concat();
    [&[kind, 2][..], &length, &[5], &rest, body].concat()
}

const ANNOUNCE: [u8; 30] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // time
    0, 37, 0, // offset to UTC, reserved
    128, 6, 0x21, 0x4e, 0x5d, 127, // priority 1, class, accuracy, variance, priority 2
    0, 0x1d, 0xc1, 0xff, 0xfe, 0x10, 0x20, 0x30, // grandmaster
    0, 2, 0x20, // steps, source
];

/// Of action `action`, to all clocks.
fn managed(action: u8, tlv: &[u8]) -> Vec<u8> {
    v2(0xd, &[&[0xff; 10][..], &[1, 1, action, 0], tlv].concat())
}

/// Header of version 1 in the default subdomain, sequence 7.
fn v1(control: u8, body: &[u8]) -> Vec<u8> {
    let head = [&[0, 1, 0, 1][..], b"_DFLT\0\0\0\0\0\0\0\0\0\0\0", &[1, 1]].concat();
    let source = [0, 0x80, 0x63, 1, 2, 3, 0, 1];
    [&head[..], &source, &[0, 7, control, 0, 0, 0, 0, 0, 0, 0], body].concat()
}

fn one(bytes: &[u8]) -> Seen {
    let mut seen = run(&ENTRY, &[(Side::Client, bytes)]);
    assert_eq!(seen.len(), 1);
    seen.remove(0)
}

#[test]
fn an_announce_names_the_grandmaster_and_how_good_it_is() {
    let seen = one(&v2(0xb, &ANNOUNCE));
    assert_eq!(seen.line(), "notice announce [session]");
    assert_eq!(
        seen.values,
        "grandmaster 001dc1.fffe.102030 class 6 accuracy 0x21 priority 128/127 steps 2 source 0x20"
    );
    assert_eq!((seen.id, seen.facts), (Some(0x0102), vec!["role=server".to_owned()]));
}

#[test]
fn requests_and_responses_are_told_by_type_and_not_by_side() {
    assert_eq!(one(&v2(1, &[0; 10])).line(), "request delay request [session]");
    assert_eq!(one(&v2(0x19, &[0; 20])).line(), "response delay response [session] = ok");
    let sync = one(&v2(0, &[0; 10]));
    assert_eq!(sync.values, "domain 5 clock 0080e1.fffe.000001");
    assert_eq!(sync.facts, ["role=server"]);
    assert_eq!(one(&v2(5, &[0; 10])).line(), "notice unlisted [unknown]");
}

#[test]
fn setting_a_clock_administers_it_and_reading_does_not() {
    let priority = [0, 1, 0, 4, 0x20, 5, 1, 0];
    assert_eq!(one(&managed(0, &priority)).line(), "request management get [observe] priority1");
    let set = one(&managed(1, &priority));
    assert_eq!(set.line(), "request management set [administer] priority1");
    let error = [0, 2, 0, 8, 0, 5, 0x20, 5, 0, 0, 0, 0];
    assert_eq!(
        one(&managed(2, &error)).line(),
        "response management response [observe] priority1 = not setable"
    );
    assert_eq!(
        one(&managed(3, &[0, 1, 0, 2, 0, 5])).line(),
        "request management command [administer] initialize"
    );
    assert_eq!(one(&managed(9, &priority)).line(), "request unlisted [unknown] priority1");
}

#[test]
fn a_clock_description_tells_what_the_device_is() {
    let description = [
        &[0, 1][..], // management
        &[0, 64],    // length
        &[0, 1],     // clock description
        &[0x80, 0],  // ordinary clock
        &[4],        // physical layer
        b"8023",
        &[0, 6, 0, 0x80, 0x63, 1, 2, 3], // physical address
        &[0, 1, 0, 4, 10, 0, 0, 9],      // UDP, 10.0.0.9
        &[0, 0x80, 0x63, 0],             // manufacturer, reserved
        &[14],
        b"Maker;RSP35;77",
        &[11],
        b"HW2;FW3;SW4",
        &[1, b'x'],                   // user description
        &[0x00, 0x1b, 0x19, 0, 1, 0], // profile
    ]
    .concat();
    let seen = one(&managed(2, &description));
    assert_eq!(seen.line(), "response management response [observe] clock description = ok");
    assert_eq!(
        seen.facts,
        ["vendor=Maker", "product=RSP35", "serial=77", "hardware=HW2", "firmware=FW3"]
    );
}

#[test]
fn version_1_names_the_grandmaster_in_its_sync() {
    let body = [
        &[0; 8][..],
        &[0, 0, 0, 0, 0, 1],       // epoch, offset, reserved, technology
        &[0, 0x80, 0x63, 9, 8, 7], // grandmaster
        &[0, 1, 0, 9, 0, 0, 0],    // port, sequence, reserved
        &[2],
        b"GPS\0",
        &[0; 52],
    ]
    .concat();
    let seen = one(&v1(0, &body));
    assert_eq!(seen.values, "grandmaster 00:80:63:09:08:07 stratum 2 identifier GPS");
    assert_eq!((seen.line().as_str(), seen.id), ("notice sync [session]", Some(7)));
    assert_eq!(one(&v1(3, &[0; 20])).line(), "response delay response [session] = ok");
    let set_time = [&[0; 15][..], &[27], &[0; 12]].concat();
    assert_eq!(one(&v1(4, &set_time)).line(), "request set time [administer] _DFLT");
    assert_eq!(one(&v1(9, &[])).line(), "notice unlisted [unknown]");
}

#[test]
fn a_cut_message_is_shown_with_its_truncation() {
    let whole = v2(0xb, &ANNOUNCE);
    for end in 34..whole.len() {
        assert_eq!(one(&whole[..end]).anomalies, ["message is shorter than it announces"]);
    }
    for end in 1..34 {
        assert!(run(&ENTRY, &[(Side::Client, &whole[..end])]).is_empty());
    }
    let whole = managed(1, &[0, 1, 0, 4, 0x20, 5, 1, 0]);
    assert_eq!(one(&whole[..50]).anomalies, ["message is shorter than it announces"]);
}

#[test]
fn only_whole_messages_at_the_port_or_ether_type_are_ptp() {
    let message = v2(0xb, &ANNOUNCE);
    let guess = |transport, bytes: &[u8], hinted| identify(&ENTRY, transport, bytes, hinted);
    assert_eq!(guess(Transport::Udp, &message, true), Guess::Yes(None));
    assert_eq!(guess(Transport::Udp, &message, false), Guess::No);
    assert_eq!(guess(Transport::Udp, &message[..60], true), Guess::No);
    assert_eq!(guess(Transport::Tcp, &message, true), Guess::No);
    assert_eq!(guess(Transport::Ether(0x88f7), &message, true), Guess::Yes(None));
    assert_eq!(guess(Transport::Ether(0x8892), &message, true), Guess::No);
    assert_eq!(guess(Transport::Udp, &v1(0, &[0; 84]), true), Guess::Yes(None));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &managed(2, &[0, 1, 0, 4, 0, 1, 0, 0]));
    never_panics(&ENTRY, &v1(0, &[1; 80]));
}
