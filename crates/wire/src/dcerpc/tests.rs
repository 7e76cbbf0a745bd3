//! DCE/RPC from constant bytes, composed after C706 clause 12.6 and appendix L.

use super::ENTRY;
use crate::testing::{Seen, identify, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Transport};

/// 367abb81-9844-35f1-ad32-98f038001003 as on the wire, least significant byte first.
const SVCCTL: [u8; 16] =
    [0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35, 0xad, 0x32, 0x98, 0xf0, 0x38, 0, 0x10, 3];
/// e1af8308-5d1f-11c9-91a4-08002b14a0fa.
const MAPPER: [u8; 16] =
    [8, 0x83, 0xaf, 0xe1, 0x1f, 0x5d, 0xc9, 0x11, 0x91, 0xa4, 8, 0, 0x2b, 0x14, 0xa0, 0xfa];

fn pdu(kind: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(16 + body.len()).unwrap().to_le_bytes();
    [&[5, 0, kind, flags, 0x10, 0, 0, 0][..], &length, &[0, 0, 7, 0, 0, 0], body].concat()
}

/// Context 1 with one transfer syntax.
fn bind(interface: &[u8; 16]) -> Vec<u8> {
    let head = [0xb8, 0x10, 0xb8, 0x10, 0, 0, 0, 0, 1, 0, 0, 0];
    pdu(11, 3, &[&head[..], &[1, 0, 1, 0], interface, &[2, 0, 0, 0], &[9; 20]].concat())
}

fn bind_ack(result: u8, reason: u8) -> Vec<u8> {
    let head = [0xb8, 0x10, 0xb8, 0x10, 0, 0, 0, 0, 4, 0];
    let results = [1, 0, 0, 0, result, 0, reason, 0];
    pdu(12, 3, &[&head[..], b"135\0", &[0, 0], &results, &[0; 20]].concat())
}

fn request(flags: u8, opnum: u8, stub: &[u8]) -> Vec<u8> {
    pdu(0, flags, &[&[0, 0, 0, 0, 1, 0, opnum, 0][..], stub].concat())
}

fn lines(parts: &[(Side, &[u8])]) -> Vec<String> {
    run(&ENTRY, parts).iter().map(Seen::line).collect()
}

#[test]
fn a_call_is_named_and_judged_by_its_interface() {
    let (ask, answer) = (bind(&SVCCTL), bind_ack(0, 0));
    let (create, unlisted) = (request(3, 12, &[1; 8]), request(3, 200, &[]));
    let done = pdu(2, 3, &[0; 12]);
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &ask),
            (Side::Server, &answer),
            (Side::Client, &create),
            (Side::Server, &done),
            (Side::Client, &unlisted),
        ],
    );
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request bind [session] svcctl",
            "response bind [session] svcctl = ok",
            "request create service w [administer] svcctl",
            "response create service w [administer] svcctl = ok",
            "request request [unknown] svcctl opnum 200",
        ]
    );
    assert_eq!(seen[1].values, "135");
    assert_eq!(seen[1].facts, ["role=server"]);
    assert_eq!((seen[2].code, seen[2].id), (12, Some(7)));
}

#[test]
fn unknown_interfaces_show_their_uuid_and_unbound_contexts_none() {
    let mut other = SVCCTL;
    other[0] = 0;
    let ask = bind(&other);
    assert_eq!(
        lines(&[(Side::Client, &ask), (Side::Client, &request(3, 2, &[]))])[1],
        "request request [unknown] 367abb00-9844-35f1-ad32-98f038001003 opnum 2"
    );
    assert_eq!(
        lines(&[(Side::Client, &request(3, 2, &[]))]),
        ["request request [unknown] unbound opnum 2"]
    );
}

#[test]
fn refusals_and_faults_have_names() {
    let ask = bind(&SVCCTL);
    let answer = |bytes: &[u8]| lines(&[(Side::Client, &ask), (Side::Server, bytes)]).remove(1);
    assert_eq!(
        answer(&bind_ack(2, 1)),
        "response bind [session] svcctl = abstract syntax not supported"
    );
    assert_eq!(
        answer(&pdu(13, 3, &[2, 0])),
        "response bind [session] svcctl = local limit exceeded"
    );
    let fault = pdu(3, 3, &[0, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0]);
    let seen = lines(&[
        (Side::Client, &ask),
        (Side::Client, &request(3, 12, &[])),
        (Side::Server, &fault),
    ]);
    assert_eq!(seen[2], "response create service w [administer] svcctl = access denied");
}

#[test]
fn only_the_first_fragment_of_a_call_is_a_message() {
    let ask = bind(&SVCCTL);
    let parts = [request(1, 12, &[0; 40]), request(0, 12, &[0; 40]), request(2, 12, &[0; 4])];
    assert_eq!(lines(&[(Side::Client, &[ask, parts.concat()].concat())]).len(), 2);
}

#[test]
fn the_endpoint_mapper_tells_where_an_interface_answers() {
    let tower = |port: u16| {
        [
            &[0, 0, 2, 0, 75, 0, 0, 0, 75, 0, 0, 0, 5, 0][..], // pointer, lengths, floors
            &[19, 0, 0x0d],
            &SVCCTL,
            &[2, 0, 2, 0, 0, 0],
            &[19, 0, 0x0d],
            &[7; 18],
            &[2, 0, 0, 0],
            &[1, 0, 0x0b, 2, 0, 0, 0],
            &[1, 0, 7, 2, 0],
            &port.to_be_bytes(),
            &[1, 0, 9, 4, 0, 0, 0, 0, 0],
        ]
        .concat()
    };
    let response = pdu(2, 3, &[&[0; 8][..], &[0; 36], &tower(49_153)].concat());
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &bind(&MAPPER)),
            (Side::Client, &request(3, 3, &tower(0))),
            (Side::Server, &response),
        ],
    );
    assert_eq!(seen[1].line(), "request ept map [session] epmapper");
    assert_eq!(seen[1].values, "svcctl");
    assert_eq!(seen[2].values, "svcctl at tcp 49153");
}

#[test]
fn the_login_in_an_authentication_tells_names_and_no_secret() {
    let token = [
        &b"NTLMSSP\0\x03\0\0\0"[..],
        &[0; 16],
        &[0, 0, 0, 0, 64, 0, 0, 0],
        &[6, 0, 6, 0, 64, 0, 0, 0],
        &[0, 0, 0, 0, 70, 0, 0, 0],
        &[0; 12],
        b"b\0o\0b\0",
    ]
    .concat();
    let mut auth3 = pdu(16, 3, &[&[0; 4][..], &[10, 5, 0, 0, 0, 0, 0, 0], &token].concat());
    auth3[10] = u8::try_from(token.len()).unwrap();
    let seen = run(&ENTRY, &[(Side::Client, &auth3)]);
    assert_eq!(seen[0].line(), "request auth3 [session]");
    assert_eq!(seen[0].facts, ["login=DCE/RPC NTLM bob"]);
}

#[test]
fn more_contexts_than_fit_push_out_the_oldest() {
    let contexts: Vec<_> = (0..30)
        .flat_map(|number| [&[number, 0, 0, 0][..], &SVCCTL, &[2, 0, 0, 0]].concat())
        .collect();
    let head = [0xb8, 0x10, 0xb8, 0x10, 0, 0, 0, 0, 30, 0, 0, 0];
    let ask = pdu(14, 3, &[&head[..], &contexts].concat());
    let call = request(3, 12, &[]); // context 1 is gone
    let seen = lines(&[(Side::Client, &ask), (Side::Client, &call)]);
    assert_eq!(seen[0], "request alter context [session] svcctl");
    assert_eq!(seen[1], "request request [unknown] unbound opnum 12");
}

#[test]
fn a_count_that_lies_is_a_truncation() {
    let mut ask = bind(&SVCCTL);
    ask[24] = 255;
    assert_eq!(
        run(&ENTRY, &[(Side::Client, &ask)])[0].anomalies,
        ["message is shorter than it announces"]
    );
    let mut long = bind(&SVCCTL);
    long[10] = 0xff; // authentication longer than the message
    assert!(run(&ENTRY, &[(Side::Client, &long)]).is_empty());
}

#[test]
fn only_version_5_over_tcp_is_dcerpc() {
    let ask = bind(&SVCCTL);
    assert_eq!(identify_tcp(&ENTRY, &ask, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, &bind_ack(0, 0), false), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, &ask[..9], true), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, &ask[..9], false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &[5, 1, 0], true), Guess::No); // SOCKS 5
    assert_eq!(identify(&ENTRY, Transport::Udp, &ask, true), Guess::No);
    let connectionless = [&[4, 0, 0x20, 0, 0x10, 0, 0, 0][..], &[0; 80]].concat();
    assert_eq!(identify(&ENTRY, Transport::Udp, &connectionless, true), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &bind(&SVCCTL));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &[bind(&MAPPER), request(0x83, 3, &[19, 0, 0x0d, 1])].concat());
    never_panics(&ENTRY, &bind_ack(0, 0));
}
