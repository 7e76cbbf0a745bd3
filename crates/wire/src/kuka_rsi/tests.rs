//! RSI documents made by hand as controllers and sensors exchange them.

use super::{ENTRY, OPERATIONS};
use crate::testing::{identify, never_panics, run};
use crate::{Effect, Guess, Side, Transport};

const SENSOR: Side = Side::Client;
const ROBOT: Side = Side::Server;

const ROB: &[u8] = b"<Rob Type=\"KUKA\"><RIst X=\"1.0\" Y=\"0.0\" Z=\"0.0\" A=\"0.0\" B=\"0.0\" \
    C=\"0.0\"/><Delay D=\"0\"/><IPOC>4208163634</IPOC></Rob>";
const SEN: &[u8] =
    b"<Sen Type=\"ImFree\"><RKorr X=\"0.1\" Y=\"0\" Z=\"0\" A=\"0\" B=\"0\" C=\"0\"/>\
    <DiO>125</DiO><IPOC>4208163634</IPOC></Sen>";

#[test]
fn the_robot_tells_where_it_is_and_the_sensor_corrects_it() {
    let seen = run(&ENTRY, &[(ROBOT, ROB), (SENSOR, SEN), (ROBOT, ROB)]);
    assert_eq!(seen[0].line(), "notice rob [observe] KUKA");
    assert_eq!(
        seen[0].values,
        "RIst X=1.0 Y=0.0 Z=0.0 A=0.0 B=0.0 C=0.0, Delay D=0, IPOC 4208163634"
    );
    assert_eq!(seen[0].facts, ["vendor=KUKA", "role=robot"]);
    assert_eq!(seen[1].line(), "request sen, correction [operate] ImFree");
    assert_eq!(seen[1].id, Some(4_208_163_634));
    assert_eq!(OPERATIONS[1].effect, Effect::Motion);
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()) && seen[2].facts.is_empty());
}

#[test]
fn elements_with_axes_correct_whatever_they_are_called() {
    let purpose = |element: &str| {
        let text = format!("<Sen Type='PC'><EStr>hello</EStr>{element}<IPOC>1</IPOC></Sen>");
        run(&ENTRY, &[(SENSOR, text.as_bytes())])[0].operation
    };
    assert_eq!(purpose("<AK A1='0' A2='0'/>"), "sen, correction");
    assert_eq!(purpose("<Target E3='10'/>"), "sen, correction");
    assert_eq!(purpose("<Frame><Part Z='10'/></Frame>"), "sen, correction");
    assert_eq!(purpose("<RKorr/>"), "sen, correction");
    assert_eq!(purpose("<DiO>125</DiO>"), "sen, data");
    assert_eq!(purpose("<Tech T21='1'/>"), "sen, data");
    assert_eq!(purpose(""), "sen, answer only");
}

#[test]
fn an_answer_to_another_cycle_is_odd() {
    let old = b"<Sen Type='PC'><IPOC>7</IPOC></Sen>";
    let seen = run(&ENTRY, &[(ROBOT, ROB), (SENSOR, old)]);
    assert_eq!(seen[1].anomalies, ["ipoc is not that of the robot's last cycle"]);
    assert!(run(&ENTRY, &[(SENSOR, old)])[0].anomalies.is_empty());
    let none = run(&ENTRY, &[(SENSOR, b"<Sen Type='PC'><RKorr X='1'/></Sen>")]);
    assert_eq!(none[0].anomalies, ["document has no ipoc"]);
}

#[test]
fn a_document_cut_short_is_shown_as_far_as_it_goes() {
    for end in 6..SEN.len() {
        for seen in run(&ENTRY, &[(SENSOR, &SEN[..end])]) {
            assert_eq!(seen.anomalies, ["message is shorter than it announces"], "{end}");
            // the correction is known as soon as its tag is closed
            assert_eq!(seen.operation == "sen, correction", end >= 65, "{end}: {}", seen.values);
        }
    }
}

#[test]
fn outermost_element_and_ipoc_identify_it_at_any_port() {
    let ask = |bytes: &[u8]| identify(&ENTRY, Transport::Udp, bytes, false);
    assert_eq!(ask(ROB), Guess::Yes(Some(ROBOT)));
    assert_eq!(ask(SEN), Guess::Yes(Some(SENSOR)));
    assert_eq!(ask(b"<Rob Type='KUKA'><RIst X='1'/></Rob>"), Guess::No);
    assert_eq!(ask(b"<Robot><IPOC>1</IPOC></Robot>"), Guess::No);
    assert_eq!(ask(b"M-SEARCH * HTTP/1.1\r\n\r\n"), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Tcp, ROB, true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, SEN);
    never_panics(&ENTRY, ROB);
}
