//! DCP from constant bytes, laid out by hand after IEC 61158-6-10 clause 4.3.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

/// A frame with transaction 7; service type 0 asks, 1 answers, 5 refuses.
fn frame(id: u16, service: u8, service_type: u8, blocks: &[u8]) -> Vec<u8> {
    let mut bytes = id.to_be_bytes().to_vec();
    bytes.extend([service, service_type, 0, 0, 0, 7, 0, 0]);
    bytes.extend(u16::try_from(blocks.len()).unwrap().to_be_bytes());
    bytes.extend(blocks);
    bytes.resize(bytes.len().max(46), 0); // Ethernet padding
    bytes
}

/// Option, suboption, length, data, pad.
fn block(option: u8, suboption: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap().to_be_bytes();
    let mut bytes = [&[option, suboption], &length[..], data].concat();
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

fn set(blocks: &[u8]) -> Vec<u8> {
    frame(0xfefd, 4, 0, blocks)
}

fn only(bytes: &[u8]) -> Seen {
    let seen = run(&ENTRY, &[(Side::Client, bytes)]);
    assert_eq!(seen.len(), 1);
    seen[0].clone()
}

const ADDRESS: [u8; 14] = [0, 1, 192, 0, 2, 5, 255, 255, 255, 0, 192, 0, 2, 1];

#[test]
fn a_set_of_the_name_administers_and_its_answer_repeats_it() {
    let request = set(&block(2, 2, b"\x00\x01robot-7"));
    let response = frame(0xfefd, 4, 1, &block(5, 4, &[2, 2, 0]));
    let seen = run(&ENTRY, &[(Side::Client, &request), (Side::Server, &response)]);
    assert_eq!(seen[0].line(), "request set name of station [administer] robot-7");
    assert_eq!(seen[0].values, "name of station=robot-7, permanent");
    assert_eq!(seen[1].line(), "response set name of station [administer] robot-7 = ok");
    assert_eq!(seen[1].facts, ["name=robot-7"]);
    assert_eq!((seen[0].code, seen[1].code, seen[0].id), (0x04_0202, 0x04_0202, Some(7)));
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn a_refused_set_is_an_error_by_name_and_names_nobody() {
    let request = set(&block(2, 2, b"\x00\x00robot-7"));
    let response = frame(0xfefd, 4, 1, &block(5, 4, &[2, 2, 6]));
    let seen = run(&ENTRY, &[(Side::Client, &request), (Side::Server, &response)]);
    assert_eq!(seen[0].values, "name of station=robot-7, temporary");
    assert_eq!(seen[1].outcome, "in operation, set not possible");
    assert!(seen[1].facts.is_empty());
    let refused = frame(0xfefd, 4, 5, &block(5, 4, &[2, 2, 0]));
    let seen = run(&ENTRY, &[(Side::Client, &request), (Side::Server, &refused)]);
    assert_eq!(seen[1].outcome, "service not supported");
}

#[test]
fn a_set_of_the_address_imposes_it_on_the_receiver() {
    let seen = only(&set(&block(1, 2, &ADDRESS)));
    assert_eq!(seen.line(), "request set ip parameter [administer] 192.0.2.5/24 gateway 192.0.2.1");
    assert_eq!(seen.facts, ["address=Receiver 192.0.2.5"]);
    let mut deleted = ADDRESS;
    deleted[2..].fill(0);
    assert!(only(&set(&block(1, 2, &deleted))).facts.is_empty());
}

#[test]
fn every_block_of_a_set_is_a_message_of_its_own() {
    let blocks = [block(2, 2, b"\x00\x01a"), block(1, 2, &ADDRESS), block(5, 2, &[0, 0])];
    let results = [[2, 2, 0], [1, 2, 5], [5, 2, 0]].map(|result| block(5, 4, &result));
    let response = frame(0xfefd, 4, 1, &results.concat());
    let seen = run(&ENTRY, &[(Side::Client, &set(&blocks.concat())), (Side::Server, &response)]);
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request set name of station [administer] a",
            "request set ip parameter [administer] 192.0.2.5/24 gateway 192.0.2.1",
            "request end transaction [session]",
            "response set name of station [administer] a = ok",
            "response set ip parameter [administer] 192.0.2.5/24 gateway 192.0.2.1 = \
             set not possible by local reasons",
            "response end transaction [session] = ok",
        ]
    );
}

#[test]
fn controls_are_told_apart() {
    let line = |suboption, data: &[u8]| only(&set(&block(5, suboption, data))).line();
    assert_eq!(line(1, &[0, 0]), "request start transaction [session]");
    assert_eq!(line(3, &[0, 0, 1, 0]), "request signal [operate]");
    assert_eq!(line(5, &[0, 0]), "request reset factory settings [administer]");
    assert_eq!(line(6, &[0, 4]), "request reset to factory [administer]");
    let reset = only(&set(&block(5, 6, &[0, 4])));
    assert_eq!(reset.values, "reset to factory=communication parameters");
    assert_eq!(only(&set(&block(0x80, 1, &[0, 0, 1]))).intent, plant::Intent::Unknown);
    assert_eq!(only(&set(&block(3, 61, &[0, 1, 1]))).operation, "set dhcp option");
}

#[test]
fn effects_are_those_that_findings_depend_on() {
    use crate::Effect;
    let effect = |option| super::codes::set(option).effect;
    assert_eq!(effect(0x0202), Effect::SetName);
    assert_eq!(effect(0x0102), Effect::SetAddress);
    assert_eq!(effect(0x0103), Effect::SetAddress);
    assert_eq!(effect(0x0505), Effect::FactoryReset);
    assert_eq!(effect(0x0506), Effect::FactoryReset);
    assert_eq!(super::codes::IDENTIFY_ALL.effect, Effect::Discover);
}

#[test]
fn identify_for_all_is_told_from_identify_for_one() {
    let all = only(&frame(0xfefe, 5, 0, &[0xff, 0xff, 0, 0]));
    assert_eq!(all.line(), "request identify all [observe] all");
    let one = only(&frame(0xfefe, 5, 0, &block(2, 2, b"io-3")));
    assert_eq!(one.line(), "request identify [observe] name of station=io-3");
}

#[test]
fn an_identify_response_tells_name_type_vendor_role_and_address() {
    let blocks = [
        block(2, 2, b"\x00\x00io-3"),
        block(2, 1, b"\x00\x00S-200"),
        block(2, 3, &[0, 0, 0, 0x2a, 3, 1]),
        block(2, 4, &[0, 0, 1, 0]),
        block(1, 2, &ADDRESS),
    ];
    let seen = only(&frame(0xfeff, 5, 1, &blocks.concat()));
    assert_eq!(seen.line(), "response identify [observe] = ok");
    assert_eq!(
        seen.facts,
        ["name=io-3", "product=S-200", "vendor=Siemens", "role=device", "address=Sender 192.0.2.5"]
    );
    assert!(seen.values.contains("device id=vendor 0x002a device 0x0301"), "{}", seen.values);
}

#[test]
fn controllers_and_supervisors_have_their_own_role() {
    let role = |bits| only(&frame(0xfefc, 6, 0, &block(2, 4, &[0, 0, bits, 0]))).facts;
    assert_eq!(role(2), ["role=plc"]);
    assert_eq!(role(3), ["role=plc"]);
    assert_eq!(role(8), ["role=engineering"]);
    assert_eq!(role(4), ["role=device"]);
    assert!(role(0).is_empty());
}

#[test]
fn a_get_lists_what_it_asks_for_and_pairs_with_its_answer() {
    let request = frame(0xfefd, 3, 0, &[2, 2, 1, 2]);
    let blocks = [block(2, 2, b"\x00\x00io-3"), block(5, 4, &[1, 2, 2])].concat();
    let response = frame(0xfefd, 3, 1, &blocks);
    let seen = run(&ENTRY, &[(Side::Client, &request), (Side::Server, &response)]);
    assert_eq!(seen[0].line(), "request get [observe] name of station, ip parameter");
    assert_eq!(seen[1].facts, ["name=io-3"]);
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
    let alone = run(&ENTRY, &[(Side::Server, &response)]);
    assert_eq!(alone[0].anomalies, ["response without a request seen"]);
}

#[test]
fn the_service_type_decides_and_not_the_side() {
    let response = frame(0xfeff, 5, 1, &block(2, 2, b"\x00\x00io-3"));
    for side in [Side::Client, Side::Server] {
        assert_eq!(run(&ENTRY, &[(side, &response)])[0].kind, "response");
    }
}

#[test]
fn what_is_wrong_with_blocks_is_said() {
    let what = |blocks: &[u8]| only(&set(blocks)).anomalies;
    assert_eq!(what(&[2, 2, 0, 9, 0, 1, b'a', 0]), ["block length passes the data length"]);
    assert_eq!(what(&[2, 2, 0, 3, 0, 1, b'a', 9]), ["odd block is not padded with zero"]);
    assert_eq!(what(&[2, 2, 0, 1, 0, 0]), ["block is too short for its option"]);
    assert_eq!(what(&[1, 2, 0, 4, 0, 1, 10, 0]), ["block is too short for its option"]);
    assert_eq!(what(&[]), ["message is shorter than it announces"]);
    let name = "name of station has bytes that the standard forbids";
    assert_eq!(what(&block(2, 2, b"\x00\x01Robot_7")), [name]);
    let mut address = ADDRESS;
    address[6..10].copy_from_slice(&[255, 0, 255, 0]);
    let wrong = ["no station can have this address and mask"];
    assert_eq!(what(&block(1, 2, &address)), wrong);
    let mut address = ADDRESS;
    address[2] = 224;
    assert_eq!(what(&block(1, 2, &address)), wrong);
}

#[test]
fn an_address_conflict_that_a_station_reports_is_told() {
    let mut address = ADDRESS;
    address[1] = 0x81;
    let seen = only(&frame(0xfeff, 5, 1, &block(1, 2, &address)));
    assert_eq!(seen.anomalies, ["station reports an IP address conflict"]);
}

#[test]
fn a_service_on_anothers_frame_id_is_a_violation() {
    let seen = only(&frame(0xfefe, 4, 0, &block(2, 2, b"\x00\x01a")));
    assert_eq!(seen.operation, "set name of station");
    assert_eq!(seen.anomalies, ["service does not belong to the frame id"]);
    assert_eq!(only(&frame(0xfefd, 1, 0, &[])).intent, plant::Intent::Unknown);
}

#[test]
fn every_truncation_is_reported_or_waited_for() {
    let blocks = block(1, 2, &ADDRESS);
    let bytes = &set(&blocks)[..12 + blocks.len()];
    for end in 1..12 {
        assert!(run(&ENTRY, &[(Side::Client, &bytes[..end])]).is_empty());
    }
    for end in 12..bytes.len() {
        let seen = only(&bytes[..end]);
        assert!(seen.anomalies.contains(&"message is shorter than it announces"), "{end}");
    }
    assert!(only(bytes).anomalies.is_empty());
}

#[test]
fn a_name_longer_than_is_kept_is_clipped_in_the_answer_only() {
    let name = [b'a'; 100];
    let request = set(&block(2, 2, &[&[0, 1], &name[..]].concat()));
    let response = frame(0xfefd, 4, 1, &block(5, 4, &[2, 2, 0]));
    let seen = run(&ENTRY, &[(Side::Client, &request), (Side::Server, &response)]);
    assert_eq!((seen[0].object.len(), seen[1].object.len()), (100, 63));
    assert!(seen[1].facts.is_empty(), "a clipped name is no fact");
}

#[test]
fn frame_ids_of_dcp_decide_and_the_service_type_tells_the_side() {
    let ether = Transport::Ether(0x8892);
    let request = frame(0xfefe, 5, 0, &[0xff, 0xff, 0, 0]);
    assert_eq!(identify(&ENTRY, ether, &request, true), Guess::Yes(Some(Side::Client)));
    let response = frame(0xfeff, 5, 1, &[]);
    assert_eq!(identify(&ENTRY, ether, &response, true), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify(&ENTRY, ether, &[0xc0, 0, 5, 0], true), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Ether(0x0806), &request, true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &set(&[block(2, 2, b"\x00\x01robot-7"), block(1, 2, &ADDRESS)].concat()));
    never_panics(&ENTRY, &frame(0xfeff, 5, 1, &block(2, 1, b"\x00\x00S-200")));
}
