//! MQTT from constant bytes, made by hand after the packet figures of MQTT 3.1.1 and MQTT 5.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Step};

/// CONNECT 3.1.1: clean session, will (qos 1, retain), user, password, keep alive 60.
const CONNECT: &[u8] =
    b"\x10\x30\x00\x04MQTT\x04\xee\x00\x3c\x00\x05press\x00\x07press/w\x00\x03off\
    \x00\x05admin\x00\x05admin\x00\x00";
/// The same without its last two bytes, which no field has.
const CONNECT_BYTES: usize = 2 + 10 + 7 + 9 + 5 + 7 + 7;

fn connect() -> Vec<u8> {
    let mut bytes = CONNECT[..CONNECT_BYTES].to_vec();
    bytes[1] = u8::try_from(CONNECT_BYTES - 2).unwrap();
    bytes
}

/// CONNECT 5, empty client id, session expiry 10 s as the only property.
const CONNECT_5: &[u8] = b"\x10\x12\x00\x04MQTT\x05\x02\x00\x0a\x05\x11\x00\x00\x00\x0a\x00\x00";
/// SUBSCRIBE 3.1.1, packet 10: `a/+` qos 1, `#` qos 0.
const SUBSCRIBE: &[u8] = b"\x82\x0c\x00\x0a\x00\x03a/+\x01\x00\x01#\x00";

fn lines(seen: &[Seen]) -> Vec<String> {
    seen.iter().map(Seen::line).collect()
}

#[test]
fn a_connect_tells_who_comes_and_the_answer_whether_it_may() {
    let connect = connect();
    let parts: [(Side, &[u8]); 2] = [(Side::Client, &connect), (Side::Server, b"\x20\x02\x00\x05")];
    let seen = run(&ENTRY, &parts);
    assert_eq!(
        lines(&seen),
        [
            "request connect [session] press",
            "notice will [operate] press/w",
            "response connack [session] press = not authorized"
        ]
    );
    assert_eq!(
        seen[0].values,
        "version 3.1.1 user \"admin\" will \"press/w\" (3 bytes) qos 1 retain keep alive 60 s clean"
    );
    assert_eq!(seen[0].facts, ["name=press", "login=MQTT CONNECT admin cleartext default"]);
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn a_client_without_user_name_is_said_to_be_anonymous() {
    let connack = b"\x20\x0b\x00\x00\x08\x12\x00\x05auto1";
    let seen = run(&ENTRY, &[(Side::Client, CONNECT_5), (Side::Server, connack)]);
    assert_eq!(seen[0].anomalies, ["no user name: the client does not say who it is"]);
    assert_eq!(seen[0].values, "version 5 anonymous keep alive 10 s clean");
    assert_eq!(seen[1].line(), "response connack [session] auto1 = ok");
    assert_eq!(seen[1].facts, ["name=auto1", "unprotected=MQTT without authentication"]);
}

#[test]
fn only_a_broker_that_lets_anonymous_clients_in_is_unprotected() {
    let facts = |connect: &[u8], code: u8| {
        let connack = [0x20, 3, 0, code, 0];
        run(&ENTRY, &[(Side::Client, connect), (Side::Server, &connack)])[1].facts.clone()
    };
    assert_eq!(facts(CONNECT_5, 0), ["unprotected=MQTT without authentication"]);
    assert!(facts(CONNECT_5, 0x87).is_empty());
    // with a user name, and where the connect did not pass
    let named = run(&ENTRY, &[(Side::Client, &connect()), (Side::Server, b"\x20\x02\x00\x00")]);
    assert!(named[1].facts.is_empty());
    assert!(run(&ENTRY, &[(Side::Server, b"\x20\x02\x00\x00")])[0].facts.is_empty());
}

#[test]
fn version_3_1_has_another_protocol_name() {
    let seen = run(&ENTRY, &[(Side::Client, b"\x10\x0f\0\x06MQIsdp\x03\x02\0\x3c\0\x01x")]);
    assert_eq!(seen[0].values, "version 3.1 anonymous keep alive 60 s clean");
}

#[test]
fn a_client_may_leave_before_it_is_answered() {
    let all = [&connect()[..], b"\xe0\x00"].concat();
    let seen = run(&ENTRY, &[(Side::Client, &all), (Side::Server, b"\x20\x02\x00\x00")]);
    assert_eq!(seen[3].line(), "response connack [session] press = ok");
    assert!(seen[3].anomalies.is_empty());
}

#[test]
fn a_second_connect_is_a_violation_unless_the_client_left() {
    let connect = connect();
    let twice = [connect.clone(), connect.clone()].concat();
    let seen = run(&ENTRY, &[(Side::Client, &twice)]);
    assert_eq!(seen[2].anomalies, ["second connect on one connection"]);
    let apart = [connect.clone(), b"\xe0\x00".to_vec(), connect].concat();
    let seen = run(&ENTRY, &[(Side::Client, &apart)]);
    assert_eq!(seen[2].line(), "request disconnect [session]");
    assert!(seen[3].anomalies.is_empty());
}

#[test]
fn a_subscription_observes_its_filters_and_the_answer_repeats_them() {
    let suback = b"\x90\x04\x00\x0a\x01\x80";
    let seen = run(&ENTRY, &[(Side::Client, SUBSCRIBE), (Side::Server, suback)]);
    assert_eq!(
        lines(&seen),
        ["request subscribe [observe] a/+, #", "response suback [session] a/+, # = failure"]
    );
    assert_eq!(seen[0].values, "wants [qos 1, qos 0]");
    assert_eq!(seen[0].anomalies, ["subscribes to every topic"]);
    assert_eq!(seen[0].facts, ["overreach=MQTT subscription to #"]);
    assert_eq!((seen[1].id, seen[1].values.as_str()), (Some(10), "granted [qos 1, 0x80]"));
    let unsubscribe = b"\xa2\x07\x00\x0b\x00\x03a/+";
    let seen = run(&ENTRY, &[(Side::Client, unsubscribe), (Side::Server, b"\xb0\x02\x00\x0b")]);
    assert_eq!(seen[1].line(), "response unsuback [session] a/+ = ok");
}

#[test]
fn a_shared_subscription_to_everything_is_one_too() {
    let shared = b"\x82\x0f\x00\x0a\x00\x0a$share/g/#\x00";
    let seen = run(&ENTRY, &[(Side::Client, shared)]);
    assert_eq!(seen[0].facts, ["overreach=MQTT subscription to #"]);
    let facts = |bytes: &[u8]| run(&ENTRY, &[(Side::Client, bytes)])[0].facts.clone();
    assert!(facts(b"\x82\x08\x00\x0a\x00\x03a/#\x00").is_empty());
    assert!(!facts(b"\x82\x08\x00\x0a\x00\x03+/#\x00").is_empty());
    // to unsubscribe from everything asks for nothing
    assert!(facts(b"\xa2\x05\x00\x0b\x00\x01#").is_empty());
}

#[test]
fn a_publication_operates_from_the_client_and_observes_from_the_broker() {
    let publish: &[u8] = b"\x31\x08\x00\x03a/bon\x21";
    let seen = run(&ENTRY, &[(Side::Client, publish), (Side::Server, publish)]);
    assert_eq!(lines(&seen), ["request publish [operate] a/b", "notice publish [observe] a/b"]);
    assert_eq!(seen[0].values, "qos 0 retain \"on!\" (3 bytes)");
}

#[test]
fn exactly_once_keeps_its_topic_over_all_four_packets() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, b"\x34\x08\x00\x03a/b\x00\x07x"),
            (Side::Server, b"\x50\x02\x00\x07"),
            (Side::Client, b"\x62\x02\x00\x07"),
            (Side::Server, b"\x70\x02\x00\x07"),
            (Side::Server, b"\x70\x02\x00\x07"),
        ],
    );
    assert_eq!(
        lines(&seen),
        [
            "request publish [operate] a/b",
            "response pubrec [session] a/b = ok",
            "request pubrel [session] a/b",
            "response pubcomp [session] a/b = ok",
            "response pubcomp [session] = ok",
        ]
    );
    assert_eq!(seen[4].anomalies, ["response without a request seen"]);
}

#[test]
fn many_publications_under_way_are_no_unasked_acknowledgements() {
    let publish = |id| [0x32, 7, 0, 3, b'a', b'/', b'b', 0, id];
    let sent: Vec<[u8; 9]> = (1..=40).map(publish).collect();
    let acks: Vec<[u8; 4]> = (1..=40).map(|id| [0x40, 2, 0, id]).collect();
    let sent = sent.iter().map(|bytes| (Side::Client, bytes.as_slice()));
    let acks = acks.iter().map(|bytes| (Side::Server, bytes.as_slice()));
    let seen = run(&ENTRY, &sent.chain(acks).collect::<Vec<_>>());
    assert_eq!(seen.len(), 80);
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
    let named = "response puback [session] a/b = ok";
    let count = lines(&seen).iter().filter(|line| *line == named).count();
    assert_eq!(count, 24, "what fits is named");
}

#[test]
fn both_sides_may_use_the_same_packet_identifier() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, b"\x32\x08\x00\x03a/b\x00\x07x"),
            (Side::Server, b"\x32\x08\x00\x03c/d\x00\x07x"),
            (Side::Server, b"\x40\x02\x00\x07"),
            (Side::Client, b"\x40\x02\x00\x07"),
        ],
    );
    assert_eq!((seen[2].object.as_str(), seen[3].object.as_str()), ("a/b", "c/d"));
}

#[test]
fn a_topic_alias_stands_for_its_topic_in_its_direction_only() {
    // property 0x23: topic alias 1
    let set = b"\x30\x0a\x00\x03a/b\x03\x23\x00\x01x";
    let used = b"\x30\x07\x00\x00\x03\x23\x00\x01y";
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, CONNECT_5),
            (Side::Client, set),
            (Side::Client, used),
            (Side::Server, used),
        ],
    );
    assert_eq!(seen[2].line(), "request publish [operate] a/b");
    assert_eq!(seen[2].values, "qos 0 \"y\" (1 bytes)");
    assert_eq!(seen[3].object, "");
    assert_eq!(seen[3].anomalies, ["topic alias was set before the capture, or never"]);
}

#[test]
fn aliases_past_the_bound_are_forgotten_and_never_mistaken() {
    let mut bytes = CONNECT_5.to_vec();
    for alias in 1..=33 {
        bytes.extend([0x30, 9, 0, 3, b'a', b'/', alias + b' ' + 12, 3, 0x23, 0, alias]);
    }
    bytes.extend(b"\x30\x06\x00\x00\x03\x23\x00\x20");
    bytes.extend(b"\x30\x06\x00\x00\x03\x23\x00\x21");
    let seen = run(&ENTRY, &[(Side::Client, &bytes)]);
    assert_eq!(seen[34].object, "a/L");
    assert_eq!(seen[35].object, "");
}

#[test]
fn properties_of_all_shapes_are_passed_over() {
    // payload format 1, message expiry 5 s, content type "t", subscription id 200, user "k" = "v"
    let packet = b"\x30\x1f\x00\x03a/b\x18\x01\x01\x02\x00\x00\x00\x05\x03\x00\x01t\x0b\xc8\x01\
        \x26\x00\x01k\x00\x01v\x23\x00\x02x";
    let seen = run(&ENTRY, &[(Side::Client, CONNECT_5), (Side::Client, packet)]);
    assert_eq!(seen[1].values, "qos 0 \"x\" (1 bytes)");
    assert!(seen[1].anomalies.is_empty(), "{:?}", seen[1].anomalies);
}

#[test]
fn reasons_of_version_5_are_named() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, CONNECT_5),
            (Side::Client, b"\x32\x09\x00\x03a/b\x00\x07\x00x"),
            (Side::Server, b"\x40\x03\x00\x07\x87"),
            (Side::Server, b"\xe0\x07\x8e\x05\x1f\x00\x02no"),
        ],
    );
    assert_eq!(seen[2].line(), "response puback [session] a/b = not authorized");
    assert_eq!(seen[3].line(), "notice disconnect [session] = session taken over");
    assert_eq!(seen[3].values, "no");
}

#[test]
fn a_large_payload_is_passed_over_after_its_topic() {
    // remaining length 100,000 = 0xa0 0x8d 0x06
    let mut bytes = b"\x30\xa0\x8d\x06\x00\x03a/b".to_vec();
    bytes.resize(200, 0xff);
    let mut seen = crate::testing::Collector::default();
    let step = (ENTRY.open)().parse(Side::Client, &bytes, &mut seen);
    assert_eq!(step, Step::Read(100_004));
    assert_eq!(seen.0[0].values, "qos 0 (99995 bytes)");
}

#[test]
fn what_the_standard_forbids_is_said_and_the_stream_goes_on() {
    let bad: [(&[u8], &str); 6] = [
        (b"\x36\x07\x00\x03a/b\x00\x01", "qos is 3"),
        (b"\x00\x01\x00", "packet type is reserved"),
        (b"\x80\x06\x00\x01\x00\x01a\x00", "flags are not those of the packet type"),
        (b"\x82\x04\x00\x01\x00\x09", "packet does not have the form of its type"),
        (b"\xd0\x00", "packet type is not for this direction"),
        (b"\x30\x02\x00\x00", "topic name is empty"),
    ];
    for (packet, what) in bad {
        let bytes = [&connect()[..], packet, b"\xc0\x00"].concat();
        let seen = run(&ENTRY, &[(Side::Client, &bytes)]);
        assert_eq!(seen[2].anomalies, [what], "{packet:?}");
        assert_eq!(seen[3].line(), "request pingreq [session]");
    }
}

#[test]
fn a_list_shows_every_filter_and_no_comma_of_a_topic_parts_it() {
    let filter = b"\x00\x03a,b\x00";
    let subscribe = [&[0x82, 62, 0, 10][..], &filter.repeat(10)].concat();
    let publish = b"\x32\x08\x00\x04a, b\x00\x07";
    let parts: [(Side, &[u8]); 3] =
        [(Side::Client, &subscribe), (Side::Client, publish), (Side::Server, b"\x40\x02\x00\x07")];
    let seen = run(&ENTRY, &parts);
    assert_eq!(seen[0].object, ["a\\x2cb"; 10].join(", "));
    assert_eq!(seen[1].object, "a\\x2c b");
    assert_eq!(seen[2].line(), "response puback [session] a\\x2c b = ok");
}

#[test]
fn after_a_loss_only_what_fits_is_read() {
    let mut session = (ENTRY.open)();
    let mut seen = crate::testing::Collector::default();
    assert_eq!(session.parse(Side::Client, SUBSCRIBE, &mut seen), Step::Read(SUBSCRIBE.len()));
    session.gap(Side::Client);
    assert_eq!(session.parse(Side::Client, b"\x20image bytes", &mut seen), Step::Lost);
    assert_eq!(session.parse(Side::Client, SUBSCRIBE, &mut seen), Step::Read(SUBSCRIBE.len()));
}

#[test]
fn a_connect_is_known_on_any_port_and_the_rest_where_a_port_says_so() {
    let client = Guess::Yes(Some(Side::Client));
    assert_eq!(identify_tcp(&ENTRY, &connect(), false), client);
    assert_eq!(identify_tcp(&ENTRY, CONNECT_5, false), client);
    assert_eq!(identify_tcp(&ENTRY, &CONNECT_5[..5], false), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, SUBSCRIBE, true), client);
    assert_eq!(identify_tcp(&ENTRY, SUBSCRIBE, false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, b"\x20\x02\x00\x00", true), Guess::Yes(Some(Side::Server)));
    for foreign in
        [&b"GET / HTTP/1.1\r\n"[..], b"\x16\x03\x01\x02\x00", b"\x10\x0c\x00\x04MQTX\x04"]
    {
        assert_eq!(identify_tcp(&ENTRY, foreign, true), Guess::No);
    }
}

#[test]
fn truncated_packets_ask_for_the_rest() {
    truncations(&ENTRY, Side::Client, &connect());
    truncations(&ENTRY, Side::Client, CONNECT_5);
    truncations(&ENTRY, Side::Client, SUBSCRIBE);
    truncations(&ENTRY, Side::Client, b"\x34\x08\x00\x03a/b\x00\x07x");
}

#[test]
fn arbitrary_bytes_never_panic() {
    let stream = [&connect()[..], SUBSCRIBE, b"\x34\x08\x00\x03a/b\x00\x07x"].concat();
    never_panics(&ENTRY, &stream);
    let set = b"\x32\x1a\x00\x0aspBv1.0/aa\x00\x01\x03\x23\x00\x01\x08\x01\x12\x02\x08\x01x";
    never_panics(&ENTRY, &[CONNECT_5, set].concat());
}
