//! CIP from constant bytes, written after the message formats of CIP Volume 1 chapter 2 and
//! 1756-PM020, inside a hand-made encapsulation.

use plant::Intent;

use super::ENTRY;
use crate::ethernet_ip;
use crate::table::Effect;
use crate::testing::{Seen, never_panics, run};
use crate::{Message, Side, Sink};

/// SendRRData with sender context `context`: null address item, unconnected data item.
pub(crate) fn unconnected(context: u8, message: &[u8]) -> Vec<u8> {
    let items = [&[2, 0, 0, 0, 0, 0, 0xb2, 0][..], &le16(message.len()), message].concat();
    encapsulated(0x6f, context, &[&[0, 0, 0, 0, 10, 0], &items[..]].concat())
}

/// SendUnitData: connected address item, connected data item with a sequence count.
pub(crate) fn connected(connection: u8, sequence: u8, message: &[u8]) -> Vec<u8> {
    let address = [2, 0, 0xa1, 0, 4, 0, connection, 0, 0, 0];
    let length = le16(message.len() + 2);
    let data = [&[0xb1, 0][..], &length, &[sequence, 0], message].concat();
    encapsulated(0x70, 0, &[&[0, 0, 0, 0, 0, 0][..], &address, &data].concat())
}

/// Header with session 1, status 0, options 0.
pub(crate) fn encapsulated(command: u8, context: u8, data: &[u8]) -> Vec<u8> {
    let length = le16(data.len());
    let session = [1, 0, 0, 0, 0, 0, 0, 0];
    let context = [context, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    [&[command, 0][..], &length, &session, &context, data].concat()
}

fn le16(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap().to_le_bytes()
}

/// CIP messages of an unconnected request and its response.
fn exchange(request: &[u8], response: &[u8]) -> Vec<Seen> {
    let (request, response) = (unconnected(1, request), unconnected(1, response));
    only_cip(run(&ethernet_ip::ENTRY, &[(Side::Client, &request), (Side::Server, &response)]))
}

fn asked(request: &[u8]) -> Vec<Seen> {
    only_cip(run(&ethernet_ip::ENTRY, &[(Side::Client, &unconnected(1, request))]))
}

fn only_cip(seen: Vec<Seen>) -> Vec<Seen> {
    seen.into_iter().filter(|seen| seen.protocol.starts_with("cip")).collect()
}

fn lines(seen: &[Seen]) -> Vec<String> {
    seen.iter().map(Seen::line).collect()
}

/// The effect of the last message of a request.
fn effect(request: &[u8]) -> Effect {
    struct Last(Effect);
    impl Sink for Last {
        fn message(&mut self, message: &Message<'_>) {
            self.0 = message.effect;
        }
    }
    let mut last = Last(Effect::Plain);
    (ENTRY.open)().parse(Side::Client, request, &mut last);
    last.0
}

/// Attributes 1 to 7 of an Identity object.
pub(crate) const IDENTITY: &[u8] =
    b"\x01\0\x0e\0\x41\0\x14\x0b\x60\x30\x04\x03\x02\x01\x081756-L61";

#[test]
fn an_attribute_is_read_on_the_object_of_its_path() {
    let seen = exchange(&[0x0e, 3, 0x20, 1, 0x24, 1, 0x30, 7], b"\x8e\0\0\0\x041756");
    assert_eq!(
        lines(&seen),
        [
            "request get attribute single [observe] class 0x01 instance 1 attr 7",
            "response get attribute single [observe] class 0x01 instance 1 attr 7 = ok",
        ]
    );
    assert_eq!(seen[1].facts, ["product=1756"]);
    assert_eq!((seen[0].id, seen[1].id), (Some(1), Some(1)));
}

#[test]
fn the_identity_object_tells_who_a_device_is() {
    let response = [&[0x81, 0, 0, 0], IDENTITY].concat();
    let seen = exchange(&[0x01, 2, 0x20, 1, 0x24, 1], &response);
    assert_eq!(
        seen[1].facts,
        [
            "role=plc",
            "vendor=Rockwell Automation/Allen-Bradley",
            "product=1756-L61",
            "order_code=65",
            "serial=01020304",
            "firmware=20.11"
        ]
    );
    // attribute list: 2 attributes; 1 with status 0, 9 with an error
    let response = [0x83, 0, 0, 0, 2, 0, 1, 0, 0, 0, 47, 0, 9, 0, 0x14, 0];
    let seen = exchange(&[0x03, 2, 0x20, 1, 0x24, 1, 2, 0, 1, 0, 9, 0], &response);
    assert_eq!(seen[0].values, "attributes 1, 9");
    assert_eq!(seen[1].facts, ["vendor=Omron"]);
}

#[test]
fn a_file_passes_in_parts_without_its_checksum() {
    const DOWNLOAD: [u8; 6] = [0x50, 2, 0x20, 0x37, 0x24, 5];
    const UPLOAD: [u8; 6] = [0x4f, 2, 0x20, 0x37, 0x24, 0xc8];
    let down = |part: &[u8]| asked(&[&DOWNLOAD[..], part].concat())[0].piece.clone();
    assert_eq!(
        down(&[0, 0, b'a', b'b']).as_deref(),
        Some("First CIP file file instance 5 to Server, 2 bytes")
    );
    assert_eq!(
        down(&[1, 2, b'c', 0x34, 0x12]).as_deref(),
        Some("Last CIP file file instance 5 to Server, 1 bytes")
    );
    assert_eq!(down(&[2, 3]), None, "given up");
    assert_eq!(down(&[2, 2, 1]), None, "no room for a checksum");
    let seen = exchange(&[&UPLOAD[..], &[0]].concat(), &[0xcf, 0, 0, 0, 0, 4, b'$', 0, 0]);
    assert_eq!(
        seen[1].piece.as_deref(),
        Some("Whole EDS file file instance 200 to Client, 1 bytes")
    );
    let refused = exchange(&[&UPLOAD[..], &[0]].concat(), &[0xcf, 0, 0x0c, 0, 0, 4, b'$', 0, 0]);
    assert_eq!(refused[1].piece, None);
}

#[test]
fn a_host_name_is_a_fact() {
    let seen = exchange(&[0x0e, 3, 0x20, 0xf5, 0x24, 1, 0x30, 6], b"\x8e\0\0\0\x05\0robot\0");
    assert_eq!(seen[1].facts, ["hostname=robot"]);
}

#[test]
fn an_unconnected_send_is_unwrapped_and_its_route_gives_the_slot() {
    let inner = b"\x4c\x03\x91\x03Tag\0\x01\0";
    let mut request = vec![0x52, 2, 0x20, 6, 0x24, 1, 10, 5, 10, 0];
    request.extend_from_slice(inner);
    request.extend_from_slice(&[1, 0, 1, 3]); // route: one word, port 1 link 3
    let seen = exchange(&request, &[0xcc, 0, 0, 0, 0xc4, 0, 7, 0, 0, 0]);
    assert_eq!(
        lines(&seen),
        [
            "request unconnected send [session] port 1 link 3",
            "request read tag [observe] Tag",
            "response read tag [observe] Tag = ok",
        ]
    );
    assert_eq!((seen[1].unit, seen[2].unit), (Some(3), Some(3)));
    assert_eq!((seen[1].values.as_str(), seen[2].values.as_str()), ("count 1", "DINT [7]"));
    // without a route, the router is the target
    let local = [&[0x52, 2, 0x20, 6, 0x24, 1, 10, 5, 2, 0][..], &[0x01, 0, 0, 0]].concat();
    assert_eq!(asked(&local)[0].line(), "request unconnected send [session] class 0x06 instance 1");
    // the router itself answers that it cannot
    let seen = exchange(&request, &[0xd2, 0, 1, 1, 4, 2]);
    assert_eq!(
        seen[2].line(),
        "response unconnected send [session] port 1 link 3 = unconnected request timed out"
    );
}

#[test]
fn services_of_a_packet_follow_it_one_by_one_in_both_directions() {
    let mut request = vec![0x0a, 2, 0x20, 2, 0x24, 1, 2, 0, 6, 0, 16, 0];
    request.extend_from_slice(b"\x4c\x03\x91\x03One\0\x01\0");
    request.extend_from_slice(b"\x4d\x03\x91\x03Two\0\xc3\0\x01\0\x05\0");
    let mut response = vec![0x8a, 0, 0x1e, 0, 2, 0, 6, 0, 14, 0];
    response.extend_from_slice(&[0xcc, 0, 0, 0, 0xc3, 0, 9, 0]);
    response.extend_from_slice(&[0xcd, 0, 0xff, 1, 7, 0x21]);
    let seen = exchange(&request, &response);
    assert_eq!(
        lines(&seen),
        [
            "request multiple service packet [session] class 0x02 instance 1",
            "request read tag [observe] One",
            "request write tag [operate] Two",
            "response multiple service packet [session] class 0x02 instance 1 = \
             embedded service error",
            "response read tag [observe] One = ok",
            "response write tag [operate] Two = tag type does not match",
        ]
    );
    assert_eq!((seen[2].values.as_str(), seen[4].values.as_str()), ("INT [5]", "INT [9]"));
    assert_eq!(seen[5].values, "extended status 0x2107");
}

#[test]
fn a_packet_whose_offsets_lead_nowhere_is_malformed() {
    let seen = asked(&[0x0a, 2, 0x20, 2, 0x24, 1, 1, 0, 200, 0]);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].anomalies, ["offset leads to no message"]);
}

#[test]
fn messages_inside_messages_end_at_a_depth() {
    let mut message = vec![0x01, 0];
    for _ in 0..6 {
        let mut outer = vec![0x0a, 2, 0x20, 2, 0x24, 1, 1, 0, 4, 0];
        outer.extend_from_slice(&message);
        message = outer;
    }
    let seen = asked(&message);
    assert_eq!(seen.len(), 5);
    assert_eq!(seen[4].anomalies, ["messages inside messages too deep"]);
}

/// A Forward Open to the path, from originator id 0 to be chosen, to originator 0x20.
fn forward_open(transport: u8, path: &[u8]) -> Vec<u8> {
    let mut request = vec![0x54, 2, 0x20, 6, 0x24, 1, 10, 5, 0, 0, 0, 0, 0x20, 0, 0, 0];
    request.extend_from_slice(&[1, 0, 77, 0, 1, 0, 0, 0, 1, 0, 0, 0]); // serial .. reserved
    request.extend_from_slice(&[0x20, 0x4e, 0, 0, 0xf8, 0x43]); // 20 ms, 504 bytes
    request.extend_from_slice(&[0x20, 0x4e, 0, 0, 0xf8, 0x23]); // the same, multicast
    request.extend_from_slice(&[transport, u8::try_from(path.len() / 2).unwrap()]);
    request.extend_from_slice(path);
    request
}

const OPENED: &[u8] = &[
    0xd4, 0, 0, 0, 0x10, 0, 0, 0, 0x20, 0, 0, 0, 1, 0, 77, 0, 1, 0, 0, 0, 0x20, 0x4e, 0, 0, 0x20,
    0x4e, 0, 0, 0, 0,
];

#[test]
fn opening_an_explicit_connection_is_housekeeping_and_its_slot_is_remembered() {
    let open = unconnected(1, &forward_open(0xa3, &[1, 4, 0x20, 2, 0x24, 1]));
    let opened = unconnected(1, OPENED);
    let request = connected(0x10, 9, &[0x0e, 3, 0x20, 1, 0x24, 1, 0x30, 1]);
    let response = connected(0x20, 9, &[0x8e, 0, 0, 0, 1, 0]);
    let seen = only_cip(run(
        &ethernet_ip::ENTRY,
        &[
            (Side::Client, &open),
            (Side::Server, &opened),
            (Side::Client, &request),
            (Side::Server, &response),
        ],
    ));
    assert_eq!(
        lines(&seen),
        [
            "request forward open [session] class 0x02 instance 1",
            "response forward open [session] class 0x02 instance 1 = ok",
            "request get attribute single [observe] class 0x01 instance 1 attr 1",
            "response get attribute single [observe] class 0x01 instance 1 attr 1 = ok",
        ]
    );
    assert!(seen.iter().all(|seen| seen.unit == Some(4)));
    assert_eq!(seen[3].id, Some(9));
    assert_eq!(seen[3].facts.len(), 0, "the module in the slot is not the station");
    assert_eq!(
        seen[0].values,
        "transport class 3, o->t 504 bytes every 20000 us, t->o 504 bytes every 20000 us multicast"
    );
}

#[test]
fn opening_and_closing_an_io_connection_acts_on_the_process() {
    let assembly = [0x20, 4, 0x24, 102, 0x2c, 100, 0x2c, 101];
    let seen = asked(&forward_open(0x01, &assembly));
    assert_eq!(
        seen[0].line(),
        "request forward open [operate] class 0x04 instance 102 point 100 point 101"
    );
    let close = [&[0x4e, 2, 0x20, 6, 0x24, 1, 10, 5, 1, 0, 77, 0, 1, 0, 0, 0, 4, 0][..], &assembly];
    assert_eq!(asked(&close.concat())[0].intent, Intent::Operate);
    let close = [0x4e, 2, 0x20, 6, 0x24, 1, 10, 5, 1, 0, 77, 0, 1, 0, 0, 0, 2, 0, 1, 5, 0x20, 2];
    assert_eq!((asked(&close)[0].intent, asked(&close)[0].unit), (Intent::Session, Some(5)));
    let safety = [0x20, 4, 0x24, 1, 0x50, 1, 0, 0];
    assert_eq!(asked(&forward_open(0x00, &safety))[0].intent, Intent::Safety);
}

#[test]
fn closing_a_safety_connection_is_known_by_its_open() {
    let plain = [0x20, 4, 0x24, 1];
    let open = unconnected(1, &forward_open(0x00, &[0x20, 4, 0x24, 1, 0x50, 1, 0, 0]));
    let close = [&[0x4e, 2, 0x20, 6, 0x24, 1, 10, 5, 1, 0, 77, 0, 1, 0, 0, 0, 2, 0][..], &plain];
    let close = unconnected(2, &close.concat());
    let last = |parts: &[&[u8]]| {
        let parts: Vec<_> = parts.iter().map(|bytes| (Side::Client, *bytes)).collect();
        let seen = only_cip(run(&ethernet_ip::ENTRY, &parts)).pop().unwrap();
        (seen.protocol, seen.intent)
    };
    assert_eq!(last(&[&open]), ("cip-safety", Intent::Safety));
    assert_eq!(last(&[&open, &close]), ("cip-safety", Intent::Safety));
    assert_eq!(last(&[&close]), ("cip", Intent::Operate), "its open was not seen");
    let other = unconnected(3, &forward_open(0x00, &plain));
    assert_eq!(last(&[&open, &other, &close]).0, "cip", "opened anew without safety");
}

#[test]
fn a_refused_connection_names_the_reason() {
    let open = forward_open(0xa3, &[0x20, 2, 0x24, 1]);
    let seen = exchange(&open, &[0xd4, 0, 1, 1, 0x13, 1]);
    assert_eq!(
        seen[1].line(),
        "response forward open [session] class 0x02 instance 1 = out of connections"
    );
}

#[test]
fn what_a_service_does_depends_on_the_class() {
    let cases: [(&[u8], &str, Effect); 15] = [
        (&[0x07, 2, 0x20, 0x8e, 0x24, 1], "stop [administer]", Effect::Stop),
        (&[0x06, 2, 0x20, 0x8e, 0x24, 1], "start [administer]", Effect::Start),
        (&[0x07, 2, 0x20, 0x29, 0x24, 1], "stop [operate]", Effect::Stop),
        (&[0x05, 2, 0x20, 1, 0x24, 1], "reset [administer]", Effect::Restart),
        (&[0x05, 2, 0x20, 1, 0x24, 1, 0], "reset [administer]", Effect::Restart),
        (&[0x05, 2, 0x20, 1, 0x24, 1, 1], "reset [administer]", Effect::FactoryReset),
        (&[0x05, 2, 0x20, 1, 0x24, 1, 2], "reset [administer]", Effect::FactoryReset),
        (&[0x05, 2, 0x20, 0x39, 0x24, 1], "reset [safety]", Effect::SafetyRestart),
        (&[0x10, 3, 0x20, 0x5a, 0x24, 1, 0x30, 3], "set attribute single [safety]", Effect::Plain),
        (
            &[0x10, 3, 0x20, 0xf5, 0x24, 1, 0x30, 5],
            "set attribute single [administer]",
            Effect::SetAddress,
        ),
        (
            &[0x10, 3, 0x20, 0xf5, 0x24, 1, 0x30, 6],
            "set attribute single [administer]",
            Effect::SetName,
        ),
        (&[0x04, 2, 0x20, 0x8b, 0x24, 1], "set attribute list [administer]", Effect::SetClock),
        (&[0x50, 2, 0x20, 0x37, 0x24, 1], "download transfer [program]", Effect::Download),
        (&[0x4d, 2, 0x20, 0xa1, 0x24, 1], "transfer [administer]", Effect::Firmware),
        (
            &[0x4c, 4, 0x20, 0x8e, 0x24, 1, 0x20, 0x74, 0x24, 1],
            "unlock controller [administer]",
            Effect::Login,
        ),
    ];
    for (request, expected, does) in cases {
        let line = asked(request)[0].line();
        assert!(line.starts_with(&format!("request {expected}")), "{line}");
        assert_eq!(effect(request), does, "{line}");
    }
}

#[test]
fn the_same_code_is_another_service_on_another_class() {
    let name = |path: &[u8]| {
        let words = u8::try_from(path.len() / 2).unwrap();
        asked(&[&[0x4c, words][..], path].concat())[0].operation
    };
    assert_eq!(name(b"\x91\x03Tag\0"), "read tag");
    assert_eq!(name(&[0x20, 0x6b, 0x24, 5]), "read tag");
    assert_eq!(name(&[0x20, 0x6c, 0x24, 5]), "read template");
    assert_eq!(name(&[0x20, 0x39, 0x24, 1]), "recover");
    assert_eq!(name(&[0x20, 0xf3, 0x24, 1]), "open connection");
    assert_eq!(name(&[0x20, 0x04, 0x24, 1]), "object class specific service");
}

#[test]
fn unlisted_services_are_unknown_and_keep_their_code() {
    for (code, name) in [
        (0x4b, "object class specific service"),
        (0x32, "vendor specific service"),
        (0x7f, "reserved service"),
        (0x0b, "reserved service"),
    ] {
        let seen = asked(&[code, 2, 0x20, 4, 0x24, 1]);
        assert_eq!(
            (seen[0].operation, seen[0].intent, seen[0].code),
            (name, Intent::Unknown, u32::from(code))
        );
    }
}

#[test]
fn a_pccc_command_follows_its_carrier_and_its_answer_takes_its_name() {
    let mut request = vec![0x4b, 2, 0x20, 0x67, 0x24, 1, 7, 0x4d, 0, 1, 2, 3, 4];
    let mut response = vec![0xcb, 0, 0, 0, 7, 0x4d, 0, 1, 2, 3, 4];
    request.extend_from_slice(&[0x0f, 0, 5, 0, 0xaa, 2, 7, 0x89, 0, 0, 0xff, 0xff]);
    response.extend_from_slice(&[0x4f, 0, 5, 0]);
    let seen = exchange(&request, &response);
    assert_eq!(
        lines(&seen),
        [
            "request execute pccc [session] class 0x67 instance 1",
            "request protected typed logical write with three address fields [operate] N7:0",
            "response execute pccc [session] class 0x67 instance 1 = ok",
            "response protected typed logical write with three address fields [operate] N7:0 = ok",
        ]
    );
    assert_eq!((seen[1].values.as_str(), seen[1].code, seen[1].id), ("[-1]", 0x0faa, Some(5)));
}

#[test]
fn answers_in_a_stream_joined_midway_are_an_oddity_and_nothing_worse() {
    let response = unconnected(1, &[0x8e, 0, 0, 0, 1, 0]);
    let seen = only_cip(run(&ethernet_ip::ENTRY, &[(Side::Server, &response)]));
    assert_eq!(seen[0].line(), "response get attribute single [observe] = ok");
    assert_eq!(seen[0].anomalies, ["response without a request seen"]);
}

#[test]
fn an_answer_of_another_service_is_malformed() {
    let seen = exchange(&[0x0e, 3, 0x20, 1, 0x24, 1, 0x30, 7], &[0x90, 0, 0, 0]);
    assert_eq!(seen[1].line(), "response set attribute single [operate] = ok");
    assert_eq!(seen[1].anomalies, ["response is of another service than its request"]);
}

#[test]
fn more_data_to_come_is_no_error() {
    let seen = exchange(b"\x52\x03\x91\x03Tag\0\x01\0\0\0\0\0", &[0xd2, 0, 6, 0, 0xc2, 0, 0xff]);
    assert_eq!(seen[1].line(), "response read tag fragmented [observe] Tag = ok");
    assert_eq!(
        (seen[0].values.as_str(), seen[1].values.as_str()),
        ("count 1 at byte 0", "SINT [-1]")
    );
}

#[test]
fn every_truncation_of_a_message_is_shown_as_such_or_read() {
    let whole = [0x0e, 3, 0x20, 1, 0x24, 1, 0x30, 7];
    for end in 1..whole.len() {
        let seen = asked(&whole[..end]);
        assert_eq!(seen[0].anomalies, ["message is shorter than it announces"], "{end}");
    }
    assert!(asked(&whole)[0].anomalies.is_empty());
    let seen = asked(&[0x0e, 2, 0x20, 1, 0x25, 0]);
    assert_eq!(seen[0].anomalies, ["path cannot be read"]);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &forward_open(0xa3, &[1, 4, 0x20, 2, 0x24, 1]));
    let mut request = vec![0x0a, 2, 0x20, 2, 0x24, 1, 2, 0, 6, 0, 16, 0];
    request.extend_from_slice(b"\x4c\x03\x91\x03One\0\x01\0");
    request.extend_from_slice(&[0x4b, 2, 0x20, 0x67, 0x24, 1, 7, 0x4d, 0, 1, 2, 3, 4, 0x0f, 0]);
    request.extend_from_slice(&[5, 0, 0xa2, 2, 7, 0x89, 0, 0]);
    never_panics(&ENTRY, &request);
    let response = [&[0x81, 0, 0, 0], IDENTITY].concat();
    never_panics(&ethernet_ip::ENTRY, &unconnected(1, &response));
}
