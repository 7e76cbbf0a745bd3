//! Ethernet KRL documents made by hand after configurations in use.

use super::{DOCUMENT_BYTES_MAX, ENTRY, OPERATIONS};
use crate::testing::{Collector, identify, identify_tcp, never_panics, run, truncations};
use crate::{Effect, Guess, Side, Step, Transport, kuka_c3, kuka_varproxy};

const CLIENT: Side = Side::Client;
const SERVER: Side = Side::Server;

const STATE: &[u8] =
    b"<RobotState><Pos A1=\"0.5\" A2=\"-90.0\"/><RobotCommand Size=\"2\"/></RobotState>";
const COMMAND: &[u8] = b"<RobotCommand><Pos A1=\"1.0\" A2=\"-90.0\"></Pos></RobotCommand>";

#[test]
fn names_after_the_vendors_examples_tell_who_sends_to_whom() {
    let seen = run(
        &ENTRY,
        &[
            (SERVER, STATE),
            (CLIENT, COMMAND),
            (CLIENT, b"<Sensor><Nmb>3</Nmb></Sensor>\r\n<ExternalData><Go>1</Go></ExternalData>"),
            (CLIENT, b"<Data><A1>1</A1></Data>"),
            (SERVER, b"<Data/>"),
        ],
    );
    assert_eq!(seen[0].line(), "notice robot data [observe] RobotState");
    assert_eq!(seen[0].values, "Pos A1=0.5 A2=-90.0, RobotCommand Size=2");
    assert_eq!(seen[1].line(), "request external axes [operate] RobotCommand");
    assert_eq!(OPERATIONS[2].effect, Effect::Motion);
    assert_eq!(seen[2].line(), "request external data [operate] Sensor");
    assert_eq!(seen[2].values, "Nmb 3");
    assert_eq!(seen[3].line(), "request external data [operate] ExternalData");
    assert_eq!(seen[4].line(), "request data [unknown] Data");
    assert_eq!(seen[5].line(), "notice data [unknown] Data");
}

#[test]
fn documents_follow_each_other_and_may_come_in_parts() {
    let both = [STATE, b"\r\n", STATE].concat();
    assert_eq!(run(&ENTRY, &[(SERVER, &both)]).len(), 2);
    let mut sink = Collector::default();
    let mut parse = |bytes: &[u8]| (ENTRY.open)().parse(SERVER, bytes, &mut sink);
    assert_eq!(parse(&STATE[..20]), Step::Need(21));
    assert_eq!(parse(b"no XML"), Step::Lost);
    assert_eq!(parse(&[0, 7, 0, 10, 0, 0, 7]), Step::Lost);
    let endless = [&b"<A>"[..], &vec![b'x'; DOCUMENT_BYTES_MAX - 4]].concat();
    assert_eq!(parse(&endless), Step::Need(DOCUMENT_BYTES_MAX));
    assert_eq!(parse(&[&endless[..], b"x"].concat()), Step::Lost);
}

#[test]
fn only_a_port_lets_xml_be_ethernet_krl() {
    let ask = |bytes: &[u8], hinted| identify_tcp(&ENTRY, bytes, hinted);
    assert_eq!(ask(STATE, true), Guess::Yes(None));
    assert_eq!(ask(STATE, false), Guess::No);
    assert_eq!(ask(&STATE[..20], true), Guess::More);
    assert_eq!(ask(b"<?xml version=\"1.0\"?><Robot/>", true), Guess::Yes(None));
    assert_eq!(ask(b"<?xml version=\"1.0\"?><methodCall></methodCall>", true), Guess::No);
    assert_eq!(ask(b"<SOAP-ENV:Envelope></SOAP-ENV:Envelope>", true), Guess::No);
    let udp = |bytes: &[u8]| identify(&ENTRY, Transport::Udp, bytes, true);
    assert_eq!(udp(COMMAND), Guess::Yes(None));
    assert_eq!(udp(b"<Rob Type='KUKA'><IPOC>1</IPOC></Rob>"), Guess::No); // RSI
    assert_eq!(udp(&STATE[..20]), Guess::No);
}

#[test]
fn at_port_7000_xml_is_ethernet_krl_and_frames_are_not() {
    let read = kuka_varproxy::tests::read(7, b"$POS_ACT");
    assert_eq!(identify_tcp(&ENTRY, &read, true), Guess::No);
    for other in [&kuka_varproxy::ENTRY, &kuka_c3::ENTRY] {
        for end in 1..STATE.len() {
            let guess = identify_tcp(other, &STATE[..end], true);
            assert!(guess == Guess::No || end < 4 && guess == Guess::More, "{end}");
        }
    }
}

#[test]
fn the_whole_range_of_ports_is_hinted() {
    for port in 54600..=54615 {
        assert!(ENTRY.hints.contains(&crate::Hint::Tcp(port)));
        assert!(ENTRY.hints.contains(&crate::Hint::Udp(port)));
    }
    assert!(ENTRY.hints.contains(&crate::Hint::Tcp(7000)));
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, SERVER, STATE);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, STATE);
    never_panics(&ENTRY, COMMAND);
}
