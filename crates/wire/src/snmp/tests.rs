//! SNMP from constant bytes, composed after RFC 1157, RFC 3412 and RFC 3416.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&[tag, u8::try_from(body.len()).unwrap()][..], &body].concat()
}

const SYS_DESCR: &[u8] = &[0x2b, 6, 1, 2, 1, 1, 1, 0];
const SYS_NAME: &[u8] = &[0x2b, 6, 1, 2, 1, 1, 5, 0];
const ENTERPRISE: &[u8] = &[0x2b, 6, 1, 4, 1, 0x83, 0x1d, 1];

fn pdu(kind: u8, status: u8, object: &[u8], value: &[u8]) -> Vec<u8> {
    let binding = tlv(0x30, &[&tlv(6, &[object]), value]);
    let list = tlv(0x30, &[&binding]);
    tlv(0xa0 | kind, &[&[2, 1, 77], &[2, 1, status], &[2, 1, 0], &list])
}

fn message(version: u8, community: &[u8], pdu: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&[2, 1, version], &tlv(4, &[community]), pdu])
}

fn get(community: &[u8]) -> Vec<u8> {
    message(1, community, &pdu(0, 0, SYS_DESCR, &[5, 0]))
}

fn of_client(bytes: &[u8]) -> Seen {
    run(&ENTRY, &[(Side::Client, bytes)]).remove(0)
}

#[test]
fn a_response_tells_what_the_device_is() {
    let answer = message(1, b"x", &pdu(2, 0, SYS_DESCR, b"\x04\x0bSCALANCE X2"));
    let seen = run(&ENTRY, &[(Side::Client, &get(b"x")), (Side::Server, &answer)]);
    assert_eq!(seen[0].line(), "request get-request [observe] 1.3.6.1.2.1.1.1.0");
    assert_eq!(seen[1].line(), "response get-request [observe] 1.3.6.1.2.1.1.1.0 = ok");
    assert_eq!((seen[1].values.as_str(), seen[1].id), ("[\"SCALANCE X2\"]", Some(77)));
    assert_eq!(seen[1].facts, ["product=SCALANCE X2"]);
}

#[test]
fn a_community_is_shown_only_if_everybody_knows_it() {
    assert_eq!(of_client(&get(b"public")).facts, ["login=SNMP community public cleartext default"]);
    assert_eq!(of_client(&get(b"s3cret")).facts, ["login=SNMP community (not shown) cleartext"]);
}

#[test]
fn a_set_is_judged_by_what_it_sets() {
    let set = |object| of_client(&message(0, b"x", &pdu(3, 0, object, &[2, 1, 1]))).line();
    assert_eq!(set(SYS_NAME), "request set-request sysname [administer] 1.3.6.1.2.1.1.5.0");
    assert_eq!(
        set(&SYS_DESCR[..7]),
        "request set-request configuration [administer] 1.3.6.1.2.1.1.1"
    );
    assert_eq!(set(ENTERPRISE), "request set-request [operate] 1.3.6.1.4.1.413.1");
}

#[test]
fn errors_have_names() {
    let answer = message(0, b"x", &pdu(2, 2, SYS_DESCR, &[5, 0]));
    let seen = run(&ENTRY, &[(Side::Server, &answer)]);
    assert_eq!(seen[0].line(), "response response [observe] 1.3.6.1.2.1.1.1.0 = no such name");
    assert_eq!(seen[0].anomalies, ["response without a request seen"]);
}

#[test]
fn traps_of_version_1_have_a_head_of_their_own() {
    let binding = tlv(0x30, &[&tlv(6, &[ENTERPRISE]), &[0x43, 1, 200]]);
    let trap = tlv(
        0xa4,
        &[
            &tlv(6, &[ENTERPRISE]),
            &[0x40, 4, 10, 0, 0, 7],
            &[2, 1, 6],
            &[2, 1, 5],
            &[0x43, 1, 9],
            &tlv(0x30, &[&binding]),
        ],
    );
    let seen = of_client(&message(0, b"public", &trap));
    assert_eq!(seen.line(), "notice trap [observe] 1.3.6.1.4.1.413.1");
    assert_eq!(seen.values, "[200]");
}

fn version_3(flags: u8, data: &[u8]) -> Vec<u8> {
    let header = tlv(0x30, &[&[2, 1, 1], &[2, 2, 5, 0xc0], &[4, 1, flags], &[2, 1, 3]]);
    let security =
        tlv(0x30, &[&[4, 1, 9], &[2, 1, 0], &[2, 1, 0], &tlv(4, &[b"bob"]), &[4, 0], &[4, 0]]);
    tlv(0x30, &[&[2, 1, 3], &header, &tlv(4, &[&security]), data])
}

#[test]
fn version_3_is_read_unless_it_is_encrypted() {
    let scoped = tlv(0x30, &[&[4, 0], &[4, 0], &pdu(0, 0, SYS_NAME, &[5, 0])]);
    let seen = of_client(&version_3(4, &scoped));
    assert_eq!(seen.line(), "request get-request [observe] 1.3.6.1.2.1.1.5.0");
    assert_eq!(seen.facts, ["login=SNMPv3 user bob"]);
    let seen = of_client(&version_3(7, &[4, 3, 1, 2, 3]));
    assert_eq!(
        (seen.line().as_str(), seen.values.as_str()),
        ("request encrypted [unknown]", "user bob")
    );
}

#[test]
fn a_message_in_which_not_all_fits_is_shown_with_anomalies() {
    let mut bytes = get(b"x");
    bytes.push(0);
    assert_eq!(of_client(&bytes).anomalies, ["bytes follow the end of the message"]);
    let empty = tlv(0xa0, &[&[2, 1, 77], &[2, 1, 0], &[2, 1, 0]]);
    assert_eq!(
        of_client(&message(0, b"x", &empty)).anomalies,
        ["message is shorter than it announces"]
    );
}

#[test]
fn a_head_without_a_pdu_is_malformed() {
    let bytes = message(0, b"public", &[0xbf, 4, 1, 0]);
    assert_eq!(of_client(&bytes).anomalies, ["no pdu behind the community or user"]);
    assert_eq!(identify(&ENTRY, Transport::Udp, &bytes, true), Guess::Yes(None));
    assert_eq!(identify(&ENTRY, Transport::Udp, &bytes, false), Guess::No);
}

#[test]
fn every_truncation_is_no_snmp() {
    let bytes = get(b"public");
    assert_eq!(identify(&ENTRY, Transport::Udp, &bytes, false), Guess::Yes(Some(Side::Client)));
    for end in 1..bytes.len() {
        assert_eq!(identify(&ENTRY, Transport::Udp, &bytes[..end], true), Guess::No);
        assert!(run(&ENTRY, &[(Side::Client, &bytes[..end])]).is_empty());
    }
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &get(b"public"));
    never_panics(&ENTRY, &version_3(7, &[4, 3, 1, 2, 3]));
}

#[test]
fn every_object_of_a_list_is_parted_by_a_comma() {
    let binding = tlv(0x30, &[&tlv(6, &[ENTERPRISE]), &[2, 1, 1]]);
    let list = tlv(0x30, &[&binding.repeat(2)]);
    let set = tlv(0xa3, &[&[2, 1, 1], &[2, 1, 0], &[2, 1, 0], &list]);
    let seen = of_client(&message(0, b"x", &set));
    assert_eq!(seen.object, "1.3.6.1.4.1.413.1, 1.3.6.1.4.1.413.1");
}
