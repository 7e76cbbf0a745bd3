//! Modbus/TCP from constant bytes. Expected values are from the specification's own examples
//! (V1.1b3 clause 6, each function's table) inside a hand-made MBAP header.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Step};

/// Transaction 1, unit 17 around a PDU.
fn framed(pdu: &[u8]) -> Vec<u8> {
    let length = u16::try_from(pdu.len() + 1).unwrap().to_be_bytes();
    [&[0, 1, 0, 0, length[0], length[1], 17], pdu].concat()
}

fn exchange(request: &[u8], response: &[u8]) -> Vec<Seen> {
    run(&ENTRY, &[(Side::Client, &framed(request)), (Side::Server, &framed(response))])
}

#[test]
fn read_holding_registers_pairs_the_answer_with_its_range() {
    // 6.3: read 3 registers from address 0x006b
    let seen = exchange(&[0x03, 0x00, 0x6b, 0x00, 0x03], &[3, 6, 0x02, 0x2b, 0, 0, 0, 0x64]);
    assert_eq!(seen[0].line(), "request read holding registers [observe] holding 107..109");
    assert_eq!(seen[1].line(), "response read holding registers [observe] holding 107..109 = ok");
    assert_eq!(seen[1].values, "[555, 0, 100]");
    assert_eq!((seen[0].unit, seen[0].id), (Some(17), Some(1)));
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn read_coils_shows_only_the_bits_that_were_asked_for() {
    // 6.1: coils 20..38
    let seen = exchange(&[0x01, 0, 0x13, 0, 0x13], &[1, 3, 0xcd, 0x6b, 0x05]);
    assert_eq!(seen[0].object, "coils 19..37");
    assert_eq!(seen[1].values, "[1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1]");
}

#[test]
fn every_write_operates_and_names_what_it_writes() {
    let cases: [(&[u8], &[u8], &str); 6] = [
        (&[5, 0, 0xac, 0xff, 0], &[5, 0, 0xac, 0xff, 0], "coils 172"),
        (&[6, 0, 1, 0, 3], &[6, 0, 1, 0, 3], "holding 1"),
        (&[15, 0, 0x13, 0, 10, 2, 0xcd, 1], &[15, 0, 0x13, 0, 10], "coils 19..28"),
        (&[16, 0, 1, 0, 2, 4, 0, 10, 1, 2], &[16, 0, 1, 0, 2], "holding 1..2"),
        (&[22, 0, 4, 0, 0xf2, 0, 0x25], &[22, 0, 4, 0, 0xf2, 0, 0x25], "holding 4"),
        (
            &[23, 0, 3, 0, 6, 0, 14, 0, 3, 6, 0, 255, 0, 255, 0, 255],
            &[23, 12, 0, 254, 10, 205, 0, 1, 0, 3, 0, 13, 0, 255],
            "holding 14..16",
        ),
    ];
    for (request, response, object) in cases {
        for seen in exchange(request, response) {
            assert_eq!((seen.object.as_str(), seen.intent), (object, plant::Intent::Operate));
            assert!(seen.anomalies.is_empty(), "{request:?} {:?}", seen.anomalies);
        }
    }
}

#[test]
fn an_exception_is_an_answer_with_the_name_of_the_error() {
    let seen = exchange(&[1, 0x04, 0xa1, 0, 1], &[0x81, 2]);
    assert_eq!(seen[1].line(), "response read coils [observe] coils 1185 = illegal data address");
}

#[test]
fn an_exception_is_an_answer_whoever_opened_the_connection() {
    let seen = run(&ENTRY, &[(Side::Client, &framed(&[0x81, 1]))]);
    assert_eq!(seen[0].line(), "response read coils [observe] = illegal function");
}

#[test]
fn diagnostics_have_the_intent_of_their_sub_function() {
    let seen = exchange(&[8, 0, 0, 0xa5, 0x37], &[8, 0, 0, 0xa5, 0x37]);
    assert_eq!(seen[0].line(), "request return query data [observe]");
    let seen = run(&ENTRY, &[(Side::Client, &framed(&[8, 0, 4, 0, 0]))]);
    assert_eq!(seen[0].line(), "request force listen only mode [administer]");
}

#[test]
fn device_identification_tells_vendor_product_and_version() {
    let mut response = vec![0x2b, 0x0e, 1, 1, 0, 0, 3, 0, 4];
    response.extend_from_slice(b"Acme");
    response.extend_from_slice(&[1, 2, b'X', b'1', 2, 4]);
    response.extend_from_slice(b"V2.1");
    let seen = exchange(&[0x2b, 0x0e, 1, 0], &response);
    assert_eq!(seen[0].operation, "read device identification");
    assert_eq!(seen[1].facts, ["vendor=Acme", "order_code=X1", "firmware=V2.1"]);
}

#[test]
fn unlisted_functions_are_unknown_and_keep_their_code() {
    let seen = exchange(&[0x64, 1, 2], &[0x64, 1]);
    assert_eq!((seen[0].intent, seen[0].code), (plant::Intent::Unknown, 0x64));
}

#[test]
fn answers_in_a_stream_joined_midway_are_an_oddity_and_nothing_worse() {
    let seen = run(&ENTRY, &[(Side::Server, &framed(&[3, 2, 0, 1]))]);
    assert_eq!(seen[0].line(), "response read holding registers [observe] = ok");
    assert_eq!(seen[0].anomalies, ["response without a request seen"]);
}

#[test]
fn quantities_are_judged_at_and_past_their_limit() {
    let anomalies = |function, count: u16| {
        let [high, low] = count.to_be_bytes();
        run(&ENTRY, &[(Side::Client, &framed(&[function, 0, 0, high, low]))])[0].anomalies.clone()
    };
    for (function, most) in [(1, 2000), (2, 2000), (3, 125), (4, 125)] {
        assert!(anomalies(function, most).is_empty());
        assert_eq!(anomalies(function, most + 1), ["quantity out of bounds"]);
        assert_eq!(anomalies(function, 0), ["quantity out of bounds"]);
    }
}

#[test]
fn contradicting_lengths_and_values_are_anomalies_of_a_message_that_is_still_shown() {
    let only = |pdu: &[u8]| run(&ENTRY, &[(Side::Client, &framed(pdu))])[0].anomalies.clone();
    assert_eq!(only(&[16, 0, 1, 0, 2, 3, 0, 10, 1]), ["byte count does not match the data"]);
    assert_eq!(only(&[5, 0, 1, 0x12, 0]), ["coil value is neither 0x0000 nor 0xff00"]);
    assert_eq!(only(&[3, 0, 1]), ["message is shorter than it announces"]);
    assert_eq!(only(&[3, 0, 1, 0, 1, 9]), ["bytes follow the end of the message"]);
    assert_eq!(only(&[3, 0xff, 0xff, 0, 2]), ["address range passes 65535"]);
}

#[test]
fn another_protocol_identifier_is_not_modbus() {
    let mut bytes = framed(&[3, 0, 0, 0, 1]);
    bytes[3] = 2; // uFactory xArm
    let mut session = (ENTRY.open)();
    let mut sink = crate::testing::Collector::default();
    assert_eq!(session.parse(Side::Client, &bytes, &mut sink), Step::Lost);
    assert_eq!(identify_tcp(&ENTRY, &bytes, true), Guess::No);
}

#[test]
fn content_tells_requests_from_responses_where_their_shapes_differ() {
    let request = framed(&[3, 0, 0, 0, 1]);
    assert_eq!(identify_tcp(&ENTRY, &request, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, &framed(&[3, 2, 0, 1]), false), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, &framed(&[6, 0, 1, 0, 3]), false), Guess::Yes(None));
    assert_eq!(identify_tcp(&ENTRY, b"GET / HTTP/1.1\r\n", true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &request[..5], true), Guess::More);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &framed(&[16, 0, 1, 0, 2, 4, 0, 10, 1, 2]));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &framed(&[3, 0, 0, 0, 1]));
}
