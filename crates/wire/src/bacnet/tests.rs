//! BACnet/IP from constant bytes, made by hand after ANSI/ASHRAE 135 annexes F and J.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

/// Unicast link header and a network header without routing around an APDU.
fn framed(apdu: &[u8]) -> Vec<u8> {
    routed(&[1, 4], apdu)
}

fn routed(network: &[u8], apdu: &[u8]) -> Vec<u8> {
    let length = u8::try_from(4 + network.len() + apdu.len()).unwrap();
    [&[0x81, 0x0a, 0, length], network, apdu].concat()
}

fn exchange(request: &[u8], response: &[u8]) -> Vec<Seen> {
    run(&ENTRY, &[(Side::Client, &framed(request)), (Side::Server, &framed(response))])
}

/// read-property of analog-input 5, present-value (F.3.5).
const READ: &[u8] = &[0x00, 0x04, 1, 12, 0x0c, 0, 0, 0, 5, 0x19, 85];

#[test]
fn read_property_names_object_property_and_value() {
    let answer =
        [0x30, 1, 12, 0x0c, 0, 0, 0, 5, 0x19, 85, 0x3e, 0x44, 0x42, 0x90, 0x99, 0x9a, 0x3f];
    let seen = exchange(READ, &answer);
    assert_eq!(seen[0].line(), "request read-property [observe] analog-input 5 present-value");
    assert_eq!(
        seen[1].line(),
        "response read-property [observe] analog-input 5 present-value = ok"
    );
    assert_eq!((seen[1].values.as_str(), seen[1].id), ("[72.3]", Some(1)));
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn write_property_operates_on_the_process_and_administers_the_device() {
    // analog-value 1 present-value, real 180.0; device 8 object-name[2]
    let value = [0, 4, 89, 15, 0x0c, 0, 0x80, 0, 1, 0x19, 85, 0x3e, 0x44, 0x43, 0x34, 0, 0, 0x3f];
    let seen = exchange(&value, &[0x20, 89, 15]);
    assert_eq!(seen[0].line(), "request write-property [operate] analog-value 1 present-value");
    assert_eq!(seen[0].values, "[180]");
    assert_eq!(
        seen[1].line(),
        "response write-property [operate] analog-value 1 present-value = ok"
    );
    let name = [0, 4, 90, 15, 0x0c, 2, 0, 0, 8, 0x19, 77, 0x29, 2, 0x3e, 0x72, 0, b'X', 0x3f];
    let seen = exchange(&name, &[0x50, 90, 15, 0x91, 2, 0x91, 40]);
    assert_eq!(seen[0].line(), "request write-property [administer] device 8 object-name[2]");
    assert_eq!(
        seen[1].line(),
        "response write-property [administer] device 8 object-name[2] = write-access-denied"
    );
}

#[test]
fn lists_name_their_first_property_and_count_the_others() {
    // read-property-multiple analog-input 16: present-value, reliability
    let request = [0, 4, 2, 14, 0x0c, 0, 0, 0, 16, 0x1e, 0x09, 85, 0x09, 103, 0x1f];
    let seen = run(&ENTRY, &[(Side::Client, &framed(&request))]);
    assert_eq!(
        seen[0].line(),
        "request read-property-multiple [observe] analog-input 16 present-value, and 1 more"
    );
}

#[test]
fn reinitialize_and_silence_are_told_apart_by_their_argument() {
    let line = |apdu: &[u8]| run(&ENTRY, &[(Side::Client, &framed(apdu))])[0].clone();
    // 17: duration 5 minutes, disable, password; and enable
    let seen = line(&[0, 4, 5, 17, 0x09, 5, 0x19, 1, 0x2d, 4, 0, b'#', b'e', b'g']);
    assert_eq!(seen.line(), "request device-communication-control [administer]");
    assert_eq!(seen.facts, ["login=BACnet device password device cleartext"]);
    let seen = line(&[0, 4, 5, 17, 0x19, 0]);
    assert_eq!(seen.line(), "request device-communication-control enable [administer]");
    // 20: warmstart; startrestore
    assert_eq!(line(&[0, 4, 2, 20, 0x09, 1]).line(), "request reinitialize-device [administer]");
    let seen = line(&[0, 4, 2, 20, 0x09, 4]);
    assert_eq!(seen.line(), "request reinitialize-device startrestore [administer]");
}

#[test]
fn reject_and_abort_answer_the_service_that_was_asked_for() {
    assert_eq!(
        exchange(READ, &[0x60, 1, 9])[1].line(),
        "response read-property [observe] analog-input 5 present-value = unrecognized-service"
    );
    assert_eq!(
        exchange(READ, &[0x71, 1, 4])[1].line(),
        "response read-property [observe] analog-input 5 present-value = segmentation-not-supported"
    );
    let alone = run(&ENTRY, &[(Side::Server, &framed(&[0x60, 9, 0]))]);
    assert_eq!(alone[0].line(), "response reject [session] = other");
    assert_eq!(alone[0].anomalies, ["response without a request seen"]);
}

#[test]
fn searches_and_announcements_are_named() {
    let only = |apdu: &[u8]| run(&ENTRY, &[(Side::Client, &framed(apdu))])[0].clone();
    assert_eq!(only(&[0x10, 8]).line(), "request who-is [observe]");
    assert_eq!(only(&[0x10, 8, 0x09, 3, 0x19, 9]).line(), "request who-is [observe] device 3..9");
    // i-am: device 108, 1476 bytes, no segmentation, vendor 36
    let seen = only(&[0x10, 0, 0xc4, 2, 0, 0, 108, 0x22, 5, 0xc4, 0x91, 3, 0x21, 36]);
    assert_eq!(seen.line(), "notice i-am [observe] device 108");
    assert_eq!(seen.facts, ["vendor=Tridium"]);
}

#[test]
fn nothing_is_told_of_a_router_by_the_devices_behind_it() {
    // source network 5, station 7
    let i_am = [0x10, 0, 0xc4, 2, 0, 0, 108, 0x22, 5, 0xc4, 0x91, 3, 0x21, 36];
    let seen = run(&ENTRY, &[(Side::Client, &routed(&[1, 8, 0, 5, 1, 7], &i_am))]);
    assert_eq!((seen[0].facts.len(), seen[0].unit), (0, Some(5)));
}

#[test]
fn equal_invoke_ids_of_stations_behind_one_router_are_kept_apart() {
    let other = [0x00, 0x04, 1, 12, 0x0c, 0, 0, 0, 6, 0x19, 85];
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &routed(&[1, 0x24, 0, 5, 1, 7, 255], READ)),
            (Side::Client, &routed(&[1, 0x24, 0, 5, 1, 8, 255], &other)),
            (Side::Server, &routed(&[1, 8, 0, 5, 1, 7], &[0x60, 1, 9])),
        ],
    );
    assert_eq!(seen[2].object, "analog-input 5 present-value");
}

#[test]
fn device_properties_tell_what_it_is() {
    // model-name of device 8
    let request = [0, 4, 1, 12, 0x0c, 2, 0, 0, 8, 0x19, 70];
    let answer = [0x30, 1, 12, 0x0c, 2, 0, 0, 8, 0x19, 70, 0x3e, 0x73, 0, b'X', b'7', 0x3f];
    assert_eq!(exchange(&request, &answer)[1].facts, ["product=X7"]);
    let list = [
        &[0x30, 1, 14, 0x0c, 2, 0, 0, 8, 0x1e, 0x29, 121, 0x4e, 0x73, 0, b'A', b'B', 0x4f][..],
        &[0x29, 44, 0x4e, 0x72, 0, b'9', 0x4f, 0x1f],
    ]
    .concat();
    let request = [0, 4, 1, 14, 0x0c, 2, 0, 0, 8, 0x1e, 0x09, 121, 0x09, 44, 0x1f];
    assert_eq!(exchange(&request, &list)[1].facts, ["vendor=AB", "firmware=9"]);
}

#[test]
fn later_segments_keep_the_object_of_the_first() {
    let first = [0x3c, 1, 0, 16, 12, 0x0c, 0, 0, 0, 5, 0x19, 85, 0x3e, 0x21];
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &framed(READ)),
            (Side::Server, &framed(&first)),
            (Side::Client, &framed(&[0x40, 1, 0, 16])),
            (Side::Server, &framed(&[0x38, 1, 1, 16, 12, 7, 0x3f])),
        ],
    );
    assert_eq!(seen[2].line(), "notice segment-ack [session] analog-input 5 present-value");
    assert_eq!(
        seen[3].line(),
        "response read-property [observe] analog-input 5 present-value = ok"
    );
    assert!(seen[3].anomalies.is_empty());
}

#[test]
fn link_and_network_messages_are_named() {
    let only = |bytes: &[u8]| run(&ENTRY, &[(Side::Client, bytes)])[0].line();
    assert_eq!(only(&[0x81, 5, 0, 6, 0, 60]), "request register-foreign-device [session]");
    assert_eq!(
        only(&[0x81, 0, 0, 6, 0, 0x30]),
        "response bvlc-result [session] = register-foreign-device nak"
    );
    // who-is-router-to-network
    assert_eq!(only(&routed(&[1, 0x80, 0], &[])), "request who-is-router-to-network [observe]");
}

#[test]
fn messages_cut_short_say_so_at_every_length() {
    let bytes = framed(READ);
    for end in 7..10 {
        let seen = run(&ENTRY, &[(Side::Client, &bytes[..end])]);
        assert_eq!(seen[0].anomalies, ["message is shorter than it announces"], "{end}");
    }
    for end in 10..bytes.len() {
        let seen = run(&ENTRY, &[(Side::Client, &bytes[..end])]);
        assert_eq!(seen[0].anomalies, ["link length is not that of the datagram"], "{end}");
    }
}

#[test]
fn arguments_past_a_link_length_that_is_too_small_are_seen() {
    let mut bytes = framed(&[0, 5, 1, 20, 0x09, 6, 0x1d, 4, 0, b'a', b'b', b'c']);
    bytes[3] -= 4;
    let seen = run(&ENTRY, &[(Side::Client, &bytes)]);
    assert_eq!(seen[0].line(), "request reinitialize-device abortrestore [administer]");
    assert_eq!(seen[0].anomalies, ["link length is not that of the datagram"]);
    assert_eq!(seen[0].facts, ["login=BACnet device password device cleartext"]);
}

#[test]
fn unlisted_services_are_unknown() {
    let seen = run(&ENTRY, &[(Side::Client, &framed(&[0, 4, 1, 200]))]);
    assert_eq!(seen[0].line(), "request unlisted service [unknown]");
    assert_eq!((seen[0].code, &seen[0].anomalies[..]), (200, &["service is not listed"][..]));
}

#[test]
fn content_tells_bacnet_and_its_side() {
    let yes = |bytes: &[u8], hinted| identify(&ENTRY, Transport::Udp, bytes, hinted);
    assert_eq!(yes(&framed(READ), false), Guess::Yes(Some(Side::Client)));
    assert_eq!(yes(&framed(&[0x20, 1, 15]), false), Guess::Yes(Some(Side::Server)));
    assert_eq!(yes(&framed(&[0x10, 8]), false), Guess::Yes(None));
    assert_eq!(yes(&[0x81, 5, 0, 6, 0, 60], true), Guess::Yes(None));
    assert_eq!(yes(&[0x81, 5, 0, 6, 0, 60], false), Guess::No);
    assert_eq!(yes(&framed(READ)[..12], false), Guess::No);
    assert_eq!(yes(&framed(READ)[..12], true), Guess::Yes(Some(Side::Client)));
    assert_eq!(yes(&framed(&[0x80, 8]), true), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Tcp, &framed(READ), true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &framed(READ));
    never_panics(&ENTRY, &framed(&[0, 4, 2, 14, 0x0c, 2, 0, 0, 8, 0x1e, 9, 85, 9, 103, 0x1f]));
}

#[test]
fn a_first_segment_of_a_list_says_that_more_follows() {
    // write-property-multiple of analog-output 5, present-value, in segments
    let write = [0x0c, 0x75, 1, 0, 4, 16, 0x0c, 0, 0x40, 0, 5, 0x1e, 0x09, 85];
    let seen = run(&ENTRY, &[(Side::Client, &framed(&write))]);
    assert_eq!(
        seen[0].line(),
        "request write-property-multiple [operate] analog-output 5 present-value, and 1 more"
    );
}
