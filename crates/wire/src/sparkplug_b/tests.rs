//! Sparkplug B inside MQTT, from constant bytes made by hand after the payload's definition
//! (Sparkplug 3.0 clause 6.4.1).

use crate::mqtt::ENTRY;
use crate::testing::{Collector, Seen, identify_tcp, never_panics, run};
use crate::{Effect, Guess, Side, Step};

/// PUBLISH qos 0 of `payload` to `topic`.
fn publish(topic: &str, payload: &[u8]) -> Vec<u8> {
    let rest = 2 + topic.len() + payload.len();
    let low = u8::try_from(rest & 0x7f).unwrap();
    let length =
        if rest < 128 { vec![low] } else { vec![low | 0x80, u8::try_from(rest >> 7).unwrap()] };
    let topic_length = u8::try_from(topic.len()).unwrap();
    [&[0x30], &length[..], &[0, topic_length], topic.as_bytes(), payload].concat()
}

fn sent(topic: &str, payload: &[u8]) -> Seen {
    run(&ENTRY, &[(Side::Client, &publish(topic, payload))]).remove(0)
}

/// One metric field around `bytes`.
fn metric(bytes: &[u8]) -> Vec<u8> {
    [&[0x12, u8::try_from(bytes.len()).unwrap()], bytes].concat()
}

#[test]
fn a_birth_shows_metrics_with_name_type_and_value() {
    let payload = [
        b"\x08\xe8\x07".to_vec(), // timestamp 1000
        // name `T`, alias 5, datatype 9 Float, float 21.5
        metric(b"\x0a\x01T\x10\x05\x20\x09\x65\x00\x00\xac\x41"),
        // name `n`, datatype 2 Int16, int_value -2 in 32 bits
        metric(b"\x0a\x01n\x20\x02\x50\xfe\xff\xff\xff\x0f"),
        // name `d`, datatype 10 Double, 0.5
        metric(b"\x0a\x01d\x20\x0a\x69\x00\x00\x00\x00\x00\x00\xe0\x3f"),
        // name `on`, datatype 11 Boolean, true
        metric(b"\x0a\x02on\x20\x0b\x70\x01"),
        // name `z`, datatype 4 Int64, is_null
        metric(b"\x0a\x01z\x20\x04\x38\x01"),
        b"\x18\x00".to_vec(), // seq 0
    ]
    .concat();
    let seen = sent("spBv1.0/plant/NBIRTH/edge1", &payload);
    assert_eq!(seen.protocol, "sparkplug-b");
    assert_eq!(seen.line(), "notice nbirth [observe] plant/edge1");
    assert_eq!(
        seen.values,
        "time 1000 ms seq 0 [T #5 Float = 21.5, n Int16 = -2, d Double = 0.5, on Boolean = true, \
         z Int64 = null]"
    );
    assert_eq!(seen.facts, ["name=plant/edge1"]);
    assert!(seen.anomalies.is_empty());
}

#[test]
fn every_message_type_has_its_intent() {
    for (kind, line) in [
        ("DBIRTH", "notice dbirth [observe] g/e/d"),
        ("NDATA", "notice ndata [observe] g/e/d"),
        ("DDATA", "notice ddata [observe] g/e/d"),
        ("NCMD", "request ncmd [operate] g/e/d"),
        ("DCMD", "request dcmd [operate] g/e/d"),
        ("NDEATH", "notice ndeath [observe] g/e/d"),
        ("DDEATH", "notice ddeath [observe] g/e/d"),
        ("ODATA", "notice unlisted type [unknown] g/e/d"),
        ("ddata", "notice unlisted type [unknown] g/e/d"),
    ] {
        assert_eq!(sent(&format!("spBv1.0/g/{kind}/e/d"), b"\x18\x01").line(), line);
    }
    let state = sent("spBv1.0/STATE/scada", b"{\"online\":true}");
    assert_eq!(state.line(), "notice state [observe] scada");
    assert_eq!(state.values, "{\"online\":true}");
    assert!(state.anomalies.is_empty());
}

#[test]
fn deaths_of_nodes_and_devices_have_their_effect() {
    for (kind, effect) in
        [("ndeath", Effect::Death), ("ddeath", Effect::Death), ("ncmd", Effect::Plain)]
    {
        let row = super::codes::TYPES.iter().find(|row| row.name == kind).unwrap();
        assert_eq!(row.effect, effect);
    }
}

#[test]
fn the_state_of_version_2_2_is_known_by_its_words() {
    let state = sent("STATE/scada", b"OFFLINE");
    assert_eq!(
        (state.protocol, state.line().as_str()),
        ("sparkplug-b", "notice state [observe] scada")
    );
    assert_eq!(state.values, "OFFLINE");
    assert_eq!(sent("STATE/scada", b"running").protocol, "mqtt");
}

#[test]
fn a_command_operates_also_on_its_way_from_the_broker() {
    let bytes = publish("spBv1.0/g/DCMD/e/d", &metric(b"\x10\x07\x50\x01"));
    let seen = run(&ENTRY, &[(Side::Server, &bytes)]);
    assert_eq!(seen[0].line(), "request dcmd [operate] g/e/d");
    assert_eq!(seen[0].values, "[#7 = 1]");
}

#[test]
fn a_node_command_is_judged_by_what_it_commands() {
    let rebirth = metric(b"\x0a\x14Node Control/Rebirth\x20\x0b\x70\x01");
    let reboot = metric(b"\x0a\x13Node Control/Reboot\x20\x0b\x70\x01");
    let other = metric(b"\x0a\x01x\x50\x01");
    let intent = |payload: &[u8]| sent("spBv1.0/g/NCMD/e", payload).intent;
    assert_eq!(intent(&rebirth), plant::Intent::Session);
    assert_eq!(intent(&[&rebirth[..], &other].concat()), plant::Intent::Operate);
    assert_eq!(intent(&[&rebirth[..], &reboot].concat()), plant::Intent::Administer);
    assert_eq!(intent(&other), plant::Intent::Operate);
}

#[test]
fn a_birth_tells_hardware_and_system() {
    let make = metric(b"\x0a\x18Properties/Hardware Make\x20\x0c\x7a\x04Acme");
    let seen = sent("spBv1.0/g/NBIRTH/e", &make);
    assert_eq!(seen.facts, ["name=g/e", "vendor=Acme"]);
}

#[test]
fn a_payload_of_another_form_is_said_to_be_none() {
    for payload in [&b"{\"x\":1}"[..], b"\x12\x05\x0a", b"\x12\x02\x0a\x09"] {
        assert_eq!(
            sent("spBv1.0/g/NDATA/e", payload).anomalies,
            ["payload is no sparkplug payload"]
        );
    }
}

#[test]
fn metrics_past_the_bound_are_counted() {
    let payload = metric(b"\x10\x01\x50\x02").repeat(10);
    let seen = sent("spBv1.0/g/DDATA/e/d", &payload);
    assert!(seen.values.ends_with("#1 = 2, 2 more]"), "{}", seen.values);
    let eight = metric(b"\x10\x01\x50\x02").repeat(8);
    assert!(sent("spBv1.0/g/DDATA/e/d", &eight).values.ends_with("#1 = 2]"));
}

#[test]
fn a_payload_is_waited_for_up_to_the_bound_and_then_said_to_be_cut() {
    let payload = metric(b"\x10\x01\x50\x02").repeat(100);
    let bytes = publish("spBv1.0/g/DDATA/e/d", &payload);
    let mut seen = Collector::default();
    let step = (ENTRY.open)().parse(Side::Client, &bytes[..300], &mut seen);
    assert_eq!(step, Step::Need(bytes.len()));
    // remaining length 100,000: the topic, and 64 KiB of the payload
    let head = b"\x30\xa0\x8d\x06\x00\x12spBv1.0/g/NCMD/e/d";
    let long = [&head[..], &[0; super::PAYLOAD_BYTES_MAX]].concat();
    let step = (ENTRY.open)().parse(Side::Client, &long[..long.len() - 1], &mut seen);
    assert_eq!(step, Step::Need(long.len()));
    let step = (ENTRY.open)().parse(Side::Client, &long, &mut seen);
    assert_eq!(step, Step::Read(100_004));
    assert_eq!(seen.0[0].anomalies, ["payload is too long to be read whole"]);
    assert_eq!(seen.0[0].intent, plant::Intent::Operate);
}

#[test]
fn a_sparkplug_topic_is_known_on_any_port() {
    let bytes = publish("spBv1.0/g/NDATA/e", b"\x18\x01");
    assert_eq!(identify_tcp(&ENTRY, &bytes, false), Guess::Yes(None));
    assert_eq!(identify_tcp(&ENTRY, &publish("a/b", b"x"), false), Guess::No);
}

#[test]
fn arbitrary_payloads_never_panic() {
    let payload = metric(b"\x0a\x01T\x10\x05\x20\x09\x65\x00\x00\xac\x41");
    never_panics(&ENTRY, &publish("spBv1.0/plant/NBIRTH/edge1", &payload));
}
