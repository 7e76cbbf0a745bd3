//! EtherCAT from constant bytes, made by hand after IEC 61158-4-12 and IEC 61158-6-12.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

/// A datagram: command, device, offset, data, working counter.
type Datagram<'a> = (u8, u16, u16, &'a [u8], u16);

/// Frame header of type 1 around datagrams.
fn frame(datagrams: &[Datagram<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (place, (command, device, offset, data, counter)) in datagrams.iter().enumerate() {
        let more = if place + 1 < datagrams.len() { 0x8000 } else { 0 };
        let length = u16::try_from(data.len()).unwrap() | more;
        body.extend([*command, 7]);
        body.extend(device.to_le_bytes());
        body.extend(offset.to_le_bytes());
        body.extend(length.to_le_bytes());
        body.extend([0, 0]); // interrupt
        body.extend_from_slice(data);
        body.extend(counter.to_le_bytes());
    }
    let header = u16::try_from(body.len()).unwrap() | 0x1000;
    [&header.to_le_bytes()[..], &body].concat()
}

fn seen(datagrams: &[Datagram<'_>]) -> Vec<Seen> {
    run(&ENTRY, &[(Side::Client, &frame(datagrams))])
}

/// A mailbox of 32 bytes: length, address 0, channel 0, type with counter 1, data, filling.
fn mailbox(kind: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = u16::try_from(data.len()).unwrap().to_le_bytes().to_vec();
    bytes.extend([0, 0, 0, 0x10 | kind]);
    bytes.extend_from_slice(data);
    bytes.resize(32, 0);
    bytes
}

/// A mailbox written to station 1001, and one read from it.
fn written(kind: u8, data: &[u8]) -> String {
    seen(&[(5, 1001, 0x1000, &mailbox(kind, data), 0)])[0].line()
}
fn answered(kind: u8, data: &[u8]) -> String {
    seen(&[(4, 1001, 0x1080, &mailbox(kind, data), 1)])[0].line()
}

#[test]
fn all_cyclic_datagrams_of_a_frame_are_one_message() {
    let cycle: [Datagram<'_>; 4] = [
        (10, 0, 0x0100, &[0], 0),
        (12, 0, 0x0101, &[1, 2], 0),
        (11, 0x10, 0x0101, &[3], 0),
        (7, 0, 0x0130, &[0, 0], 0),
    ];
    let seen = seen(&cycle);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].line(), "request lrw [operate] logical 16842752..16842768");
    assert_eq!(
        seen[0].values,
        "lrd logical 0x01000000 1 bytes 00 wkc 0; lrw logical 0x01010000 2 bytes 01 02 wkc 0; \
         lwr logical 0x01010010 1 bytes 03 wkc 0; brd all 0x0130 2 bytes 00 00 wkc 0"
    );
    assert_eq!(seen[0].facts, ["role=plc"]);
}

#[test]
fn a_working_counter_tells_the_answer_and_its_failure() {
    let back = seen(&[(10, 0, 1, &[0], 1), (7, 0, 0x0130, &[8, 0], 3)]);
    assert_eq!(back[0].line(), "response lrd [observe] logical 65536 = ok");
    let back = seen(&[(11, 0, 1, &[0], 0), (7, 0, 0x0130, &[8, 0], 3)]);
    assert_eq!(back[0].line(), "response lwr [operate] logical 65536 = working counter is zero");
}

#[test]
fn register_writes_are_named_by_what_they_do() {
    let line = |offset, data: &[u8]| seen(&[(5, 1001, offset, data, 0)])[0].line();
    assert_eq!(
        line(0x0120, &[8, 0]),
        "request al control operational [administer] register 288..289"
    );
    assert_eq!(line(0x0120, &[0x11, 0]), "request al control init [administer] register 288..289");
    assert_eq!(
        line(0x0010, &[0xe9, 3]),
        "request write station address [administer] register 16..17"
    );
    assert_eq!(line(0x0502, &[0, 1]), "request read sii [observe] register 1282..1283");
    assert_eq!(line(0x0502, &[1, 2]), "request write sii [administer] register 1282..1283");
    assert_eq!(line(0x0800, &[0; 8]), "request fpwr [administer] register 2048..2055");
    let read = seen(&[(4, 1001, 0x0130, &[8, 0], 1)]);
    assert_eq!(read[0].line(), "response fprd [observe] register 304..305 = ok");
    assert_eq!((read[0].unit, read[0].id), (Some(1001), Some(7)));
}

#[test]
fn sdo_is_named_with_index_and_subindex() {
    // CoE type 2 and 3; specifier, index, subindex, 4 data bytes
    assert_eq!(
        written(3, &[0, 0x20, 0x23, 0x40, 0x60, 0, 15, 0, 0, 0]),
        "request sdo download [operate] 0x6040:00"
    );
    assert_eq!(
        written(3, &[0, 0x20, 0x2f, 0x12, 0x1c, 1, 0, 0, 0, 0]),
        "request sdo download [administer] 0x1c12:01"
    );
    assert_eq!(
        written(3, &[0, 0x20, 0x23, 0x11, 0x10, 1, b'l', b'o', b'a', b'd']),
        "request sdo download restore defaults [administer] 0x1011:01"
    );
    assert_eq!(
        written(3, &[0, 0x20, 0x40, 0x18, 0x10, 1, 0, 0, 0, 0]),
        "request sdo upload [observe] 0x1018:01"
    );
    assert_eq!(
        answered(3, &[0, 0x30, 0x60, 0, 0x80, 1, 0, 0, 0, 0]),
        "response sdo download [program] 0x8000:01 = ok"
    );
    assert_eq!(
        answered(3, &[0, 0x20, 0x80, 0, 0x80, 1, 0, 0, 2, 6]),
        "response sdo abort [session] 0x8000:01 = object does not exist"
    );
}

#[test]
fn firmware_by_foe_has_its_file_name() {
    let mut write = vec![2, 0, 0, 0, 0, 0];
    write.extend_from_slice(b"EL7201_V2.efw");
    assert_eq!(written(4, &write), "request foe write [administer] EL7201_V2.efw");
    assert_eq!(written(4, &[3, 0, 1, 0, 0, 0, 9]), "request foe data [administer] packet 1");
    assert_eq!(answered(4, &[5, 0, 2, 0x80, 0, 0]), "response foe error [session] = access denied");
}

#[test]
fn firmware_is_a_file_that_ends_with_a_packet_that_does_not_fill_the_mailbox() {
    let mut write = vec![2, 0, 0, 0, 0, 0];
    write.extend_from_slice(b"EL7201_V2.efw");
    let packet = |number: u8, bytes: usize| {
        let mut data = vec![3, 0, number, 0, 0, 0];
        data.resize(6 + bytes, 0x5a);
        data
    };
    // a mailbox of 32 bytes has room for 20 bytes of a file
    let frames = [write, packet(1, 20), packet(2, 20), packet(3, 7)]
        .map(|data| frame(&[(5, 1001, 0x1000, &mailbox(4, &data), 0)]));
    let parts: Vec<_> = frames.iter().map(|bytes| (Side::Client, &bytes[..])).collect();
    let pieces: Vec<_> = run(&ENTRY, &parts).into_iter().filter_map(|seen| seen.piece).collect();
    assert_eq!(
        pieces,
        [
            "First firmware EL7201_V2.efw to Server, 0 bytes",
            "Next firmware  to Server, 20 bytes at 0",
            "Next firmware  to Server, 20 bytes at 20",
            "Last firmware  to Server, 7 bytes at 40",
        ]
    );
}

#[test]
fn soe_eoe_and_mailbox_errors_are_named() {
    assert_eq!(
        written(5, &[3, 0x40, 0x24, 0, 1, 0]),
        "request soe write [program] drive 0 S-0-0036"
    );
    assert_eq!(written(2, &[2, 0, 0, 0, 0, 0]), "request eoe set ip [administer]");
    assert_eq!(
        answered(0, &[1, 0, 2, 0]),
        "response mailbox error [session] = unsupported protocol"
    );
}

#[test]
fn a_mailbox_is_told_once_on_each_way() {
    let bytes = mailbox(3, &[0, 0x20, 0x40, 0x18, 0x10, 1, 0, 0, 0, 0]);
    let back = seen(&[(5, 1001, 0x1000, &bytes, 1)]);
    assert_eq!(back[0].line(), "response fpwr [administer] register 4096..4127 = ok");
    let empty = seen(&[(4, 1001, 0x1080, &[0; 32], 0)]);
    assert_eq!(empty[0].line(), "request fprd [observe] register 4224..4255");
}

#[test]
fn a_frame_cut_short_shows_what_is_whole_and_says_so() {
    let bytes = frame(&[(10, 0, 1, &[0], 0), (11, 0, 2, &[0, 1], 0)]);
    let seen = run(&ENTRY, &[(Side::Client, &bytes[..bytes.len() - 1])]);
    assert_eq!(seen[0].line(), "request lrd [observe] logical 65536");
    assert_eq!(seen[0].anomalies, ["message is shorter than it announces"]);
    for end in 2..bytes.len() {
        let seen = run(&ENTRY, &[(Side::Client, &bytes[..end])]);
        assert_eq!(seen[0].anomalies, ["message is shorter than it announces"], "{end}");
    }
}

#[test]
fn unlisted_commands_are_unknown() {
    let seen = seen(&[(200, 0, 0, &[0], 0)]);
    assert_eq!(seen[0].line(), "request unlisted command [unknown]");
    assert_eq!(seen[0].anomalies, ["command is not listed"]);
}

#[test]
fn in_udp_only_exact_lengths_on_its_port_are_ethercat() {
    let bytes = frame(&[(12, 0, 1, &[0, 1], 0)]);
    assert_eq!(identify(&ENTRY, Transport::Udp, &bytes, true), Guess::Yes(None));
    assert_eq!(identify(&ENTRY, Transport::Udp, &bytes, false), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Udp, &bytes[..14], true), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Ether(0x88a4), &bytes, true), Guess::Yes(None));
    assert_eq!(identify(&ENTRY, Transport::Ether(0x8892), &bytes, true), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Tcp, &bytes, true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    let mail = mailbox(3, &[0, 0x20, 0x40, 0x18, 0x10, 1, 0, 0, 0, 0]);
    never_panics(&ENTRY, &frame(&[(5, 1001, 0x1000, &mail, 0), (12, 0, 1, &[0, 1], 0)]));
}

#[test]
fn only_the_clock_may_be_spread_in_the_cycle() {
    let image: Datagram<'_> = (12, 0, 0x0101, &[1, 2], 0);
    let clock = seen(&[image, (14, 1001, 0x0910, &[0; 8], 0)]);
    assert_eq!(clock.len(), 1);
    let state = seen(&[image, (14, 1001, 0x0120, &[1, 0], 0)]);
    let lines: Vec<_> = state.iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request al control init [administer] register 288..289",
            "request lrw [operate] logical 16842752..16842753"
        ]
    );
    let other = seen(&[(13, 0, 0x0980, &[0], 0)]);
    assert_eq!(other[0].line(), "request spread register [administer] register 2432");
}
