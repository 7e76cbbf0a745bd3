//! openSAFETY frames built from the dissector's layout; every one of them was shown to tshark
//! 4.0.17, which calls both of their checksums valid.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

/// Node 5 gets the id of its safety manager: crc1, crc2 0xe5.
const ASSIGN: [u8; 25] = [
    0x05, 0xb0, 0x07, 0x03, // to node 5, service request, 7 bytes, counter 3
    0x0e, 0x00, 0x60, 0x65, 0x12, 0x34, 0x56, 0x6a, // sn assign udid scm, id, crc1
    0x04, 0xb0, 0x00, 0x01, 0x00, // node 5 in domain 1, from node 1
    0x0e, 0x00, 0x60, 0x65, 0x12, 0x34, 0x56, 0xe5,
];
/// Cyclic data of node 5, connection valid, 5 bytes.
const DATA: [u8; 21] = [
    0x05, 0xc4, 0x05, 0x00, 0x01, 0x02, 0x03, 0x04, 0x00, 0x1d, // payload 1 2 3 4 0, crc1
    0x04, 0xa4, 0x64, 0x13, 0x34, 0x57, 0x02, 0x03, 0x04, 0x00,
    0xec, // header hidden by the id
];
/// The safety manager 1 is set to stop by tool 77.
const STOP: [u8; 13] =
    [0x01, 0xb0, 0x01, 0x09, 0x04, 0x28, 0x00, 0xb0, 0x00, 0x4d, 0x00, 0x04, 0x65];

fn said(bytes: &[u8]) -> Vec<Seen> {
    run(&ENTRY, &[(Side::Client, bytes)])
}

#[test]
fn management_is_named_by_its_service() {
    let line = |bytes| said(bytes)[0].line();
    assert_eq!(line(&ASSIGN), "request sn assign udid scm [safety] node 5");
    assert_eq!(line(&STOP), "request scm set to stop [safety] node 1");
}

#[test]
fn cyclic_data_is_a_notice_of_its_producer() {
    let seen = said(&DATA);
    assert_eq!(seen[0].line(), "notice spdo data only [safety] node 5");
    assert_eq!((seen[0].id, seen[0].values.as_str()), (Some(5), "5 bytes 01 02 03 04 00"));
}

#[test]
fn downloads_name_the_object_that_they_change() {
    // node 5, download expedited initiate, object 0x101a, 4 bytes of data
    let download = [
        0x05, 0xe0, 0x08, 0x06, 0x21, 0x1a, 0x10, 0x00, 0x11, 0x22, 0x33, 0x44, 0xc3, 0x04, 0x80,
        0x65, 0x13, 0x34, 0x77, 0x1a, 0x10, 0x00, 0x11, 0x22, 0x33, 0x44, 0x7f,
    ];
    let seen = said(&download);
    assert_eq!(
        seen.iter().map(Seen::line).collect::<Vec<_>>(),
        ["request ssdo download [safety] node 5 object 0x101a/0 parameter download"]
    );
}

#[test]
fn frames_are_found_between_other_bytes() {
    let mut bytes = vec![0x11, 0x22, 0x33, 0x44, 0x00, 0xff, 0xc4];
    bytes.extend(DATA);
    bytes.extend([0, 0, 0]);
    bytes.extend(ASSIGN);
    let seen = said(&bytes);
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[1].operation, "sn assign udid scm");
}

#[test]
fn a_short_frame_is_believed_with_the_key_of_a_longer_one() {
    // node 6 of the same network, one byte of data: too little to prove itself
    let short = [0x06, 0xc4, 0x01, 0x01, 0x07, 0x09, 0x07, 0xa4, 0x64, 0x13, 0x34, 0x51, 0x20];
    let alone = said(&short);
    assert!(alone.is_empty(), "{alone:?}");
    let after = said(&[&DATA[..], &short].concat());
    assert_eq!(after[1].line(), "notice spdo data only [safety] node 6");
}

#[test]
fn any_changed_bit_of_a_management_frame_is_none() {
    for bit in 0..ASSIGN.len() * 8 {
        let mut bytes = ASSIGN;
        bytes[bit / 8] ^= 1 << (bit % 8);
        // sender and counter of the second part are not covered by anything but its checksum
        assert!(said(&bytes).is_empty(), "bit {bit}");
    }
}

#[test]
fn zeros_and_text_are_no_frames() {
    assert!(said(&[0; 1400]).is_empty());
    assert!(said(&[0xff; 1400]).is_empty());
    let text = "GET /index.html HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n".repeat(30);
    assert!(said(text.as_bytes()).is_empty());
}

#[test]
fn identification_wants_proof() {
    let yes = Guess::Yes(None);
    assert_eq!(identify(&ENTRY, Transport::Udp, &ASSIGN, true), yes);
    assert_eq!(identify(&ENTRY, Transport::Udp, &ASSIGN, false), yes, "78 bits");
    assert_eq!(identify(&ENTRY, Transport::Udp, &DATA, false), Guess::No, "40 bits");
    assert_eq!(identify(&ENTRY, Transport::Udp, &DATA, true), yes);
    assert_eq!(identify(&ENTRY, Transport::Tcp, &ASSIGN, true), Guess::No);
    // a POWERLINK frame: service, destination, source, flags, then process data
    let powerlink = [&[0x04, 0xff, 0x05, 0, 0, 0, 0, 0, 21, 0][..], &DATA].concat();
    assert_eq!(identify(&ENTRY, Transport::Ether(0x88ab), &powerlink, true), yes);
    assert_eq!(identify(&ENTRY, Transport::Ether(0x88ab), &powerlink[..25], true), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Ether(0x8892), &powerlink, true), Guess::No);
}

#[test]
fn a_frame_cut_anywhere_is_none() {
    for whole in [&ASSIGN[..], &DATA, &STOP] {
        (1..whole.len()).for_each(|end| assert!(said(&whole[..end]).is_empty(), "{end}"));
    }
}

#[test]
fn lengths_at_their_limits_stay_inside() {
    for length in [0, 1, 8, 9, 253, 254, 255] {
        let mut bytes = vec![0x05, 0xc4, length, 1];
        bytes.resize(600, 0x5a);
        assert!(said(&bytes).is_empty(), "{length}");
    }
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &ASSIGN);
    never_panics(&ENTRY, &DATA);
}
