//! DNS from constant bytes, composed after RFC 1035 clause 4 and RFC 6762.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run, truncations};
use crate::{Guess, Side, Transport};

fn name(dotted: &str) -> Vec<u8> {
    let label = |label: &str| [&[u8::try_from(label.len()).unwrap()], label.as_bytes()].concat();
    [dotted.split('.').flat_map(label).collect(), vec![0]].concat()
}

fn message(flags: u16, counts: [u8; 4], body: &[&[u8]]) -> Vec<u8> {
    let [questions, answers, authorities, additionals] = counts;
    let counts = [0, questions, 0, answers, 0, authorities, 0, additionals];
    [&[0x12, 0x34][..], &flags.to_be_bytes(), &counts, &body.concat()].concat()
}

fn query(dotted: &str, kind: u8) -> Vec<u8> {
    message(0x0100, [1, 0, 0, 0], &[&name(dotted), &[0, kind, 0, 1]])
}

/// A record whose name is at byte 12, where the question stands.
fn record(kind: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap().to_be_bytes();
    [&[0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 60], &length[..], data].concat()
}

fn answer(dotted: &str, kind: u8, data: &[u8]) -> Vec<u8> {
    message(0x8180, [1, 1, 0, 0], &[&name(dotted), &[0, kind, 0, 1], &record(kind, data)])
}

fn of_server(bytes: &[u8]) -> Seen {
    run(&ENTRY, &[(Side::Server, bytes)]).remove(0)
}

#[test]
fn a_name_is_asked_for_and_answered() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &query("plc-7.cell.test", 1)),
            (Side::Server, &answer("plc-7.cell.test", 1, &[10, 0, 0, 7])),
        ],
    );
    assert_eq!(seen[0].line(), "request query [observe] plc-7.cell.test A");
    assert_eq!(seen[1].line(), "response query [observe] plc-7.cell.test A = ok");
    assert_eq!((seen[1].values.as_str(), seen[1].id), ("[A 10.0.0.7]", Some(0x1234)));
    assert_eq!(seen[1].facts, ["hostname=plc-7.cell.test", "role=server"]);
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn names_of_the_internet_are_no_names_of_stations() {
    assert_eq!(of_server(&answer("a.test", 1, &[8, 8, 8, 8])).facts, ["role=server"]);
    assert_eq!(of_server(&answer("a.test", 1, &[192, 168, 0, 1])).facts[0], "hostname=a.test");
}

#[test]
fn the_reverse_tree_names_addresses() {
    let seen = of_server(&answer("7.0.0.10.in-addr.arpa", 12, &name("plc-7.test")));
    assert_eq!(seen.facts[0], "hostname=plc-7.test");
    assert_eq!(seen.values, "[PTR plc-7.test]");
}

#[test]
fn errors_and_zone_transfers_have_names() {
    let refused = message(0x8185, [1, 0, 0, 0], &[&name("a.test"), &[0, 252, 0, 1]]);
    let seen = of_server(&refused);
    assert_eq!(seen.line(), "response zone transfer [observe] a.test AXFR = refused");
    assert_eq!(seen.anomalies, ["response without a request seen"]);
    let update = message(0x2800, [1, 0, 0, 0], &[&name("a.test"), &[0, 6, 0, 1]]);
    let seen = run(&ENTRY, &[(Side::Client, &update)]);
    assert_eq!(seen[0].line(), "request update [unknown] a.test SOA");
}

#[test]
fn over_tcp_each_message_has_its_length_before_it() {
    let framed = |message: Vec<u8>| {
        [&u16::try_from(message.len()).unwrap().to_be_bytes()[..], &message].concat()
    };
    let stream = [framed(query("a.test", 1)), framed(query("b.test", 28))].concat();
    let seen = run(&ENTRY, &[(Side::Client, &stream)]);
    assert_eq!((seen[0].object.as_str(), seen[1].object.as_str()), ("a.test A", "b.test AAAA"));
    assert_eq!(identify(&ENTRY, Transport::Tcp, &stream[..21], false), Guess::No);
    assert_eq!(
        identify(&ENTRY, Transport::Tcp, &framed(query("a.test", 1)), false),
        Guess::Yes(Some(Side::Client))
    );
    truncations(&ENTRY, Side::Client, &framed(query("a.test", 1)));
}

#[test]
fn a_station_tells_its_own_name_model_and_service_by_multicast() {
    let whole = |dotted: &str, kind: u8, data: &[u8]| {
        let length = u16::try_from(data.len()).unwrap().to_be_bytes();
        [&name(dotted)[..], &[0, kind, 0x80, 1, 0, 0, 0, 120], &length, data].concat()
    };
    let bytes = message(
        0x8400,
        [0, 1, 0, 2],
        &[
            &whole(
                "UR10._dashboard._tcp.local",
                33,
                &[&[0, 0, 0, 0, 0x75, 0x2f][..], &name("ur.local")].concat(),
            ),
            &whole("ur.local", 1, &[10, 0, 0, 9]),
            &whole("UR10._device-info._tcp.local", 16, b"\x0amodel=UR10"),
        ],
    );
    let seen = run(&crate::mdns::ENTRY, &[(Side::Server, &bytes)]);
    assert_eq!(seen[0].protocol, "mdns");
    assert_eq!(seen[0].object, "UR10._dashboard._tcp.local SRV");
    assert_eq!(seen[0].values, "[SRV ur.local]");
    assert_eq!(seen[0].facts, ["name=UR10", "hostname=ur.local", "product=UR10"]);
}

#[test]
fn a_pointer_that_leads_ahead_or_in_a_circle_ends_the_name() {
    let broken = |body: &[u8]| {
        run(&ENTRY, &[(Side::Client, &message(0x0100, [1, 0, 0, 0], &[body]))]).remove(0)
    };
    for body in
        [&[0xc0, 12, 0, 1, 0, 1][..], &[0xc0, 40, 0, 1, 0, 1], &[1, b'a', 0xc0, 12, 0, 1, 0, 1]]
    {
        assert_eq!(broken(body).anomalies, ["a name has no end"]);
    }
    assert_eq!(broken(&[0, 0, 2, 0, 1]).object, ". NS");
}

#[test]
fn sections_shorter_than_their_count_are_truncated_unless_the_sender_says_so() {
    let cut = |flags| {
        of_server(&message(flags, [1, 2, 0, 0], &[&name("a.test"), &[0, 1, 0, 1]])).anomalies
    };
    assert!(cut(0x8180).contains(&"message is shorter than it announces"));
    assert!(!cut(0x8380).contains(&"message is shorter than it announces"));
}

#[test]
fn without_a_hint_a_message_must_be_ordinary_to_its_last_byte() {
    let bytes = query("a.test", 1);
    let ask = |bytes: &[u8], hinted| identify(&ENTRY, Transport::Udp, bytes, hinted);
    assert_eq!(ask(&bytes, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(ask(&[&bytes[..], &[1]].concat(), false), Guess::No);
    assert_eq!(ask(&query("a.test", 32), false), Guess::No, "NetBIOS");
    assert_eq!(ask(&query("a.test", 32), true), Guess::Yes(Some(Side::Client)));
    for end in 1..bytes.len() {
        assert_eq!(ask(&bytes[..end], true), Guess::No);
    }
    let mdns = |hinted| identify(&crate::mdns::ENTRY, Transport::Udp, &bytes, hinted);
    assert_eq!((mdns(false), mdns(true)), (Guess::No, Guess::Yes(Some(Side::Client))));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &answer("plc-7.cell.test", 12, &name("x.y")));
    never_panics(
        &crate::mdns::ENTRY,
        &answer("plc-7.cell.test", 33, &[0, 0, 0, 0, 0, 0, 0xc0, 12]),
    );
    never_panics(&crate::llmnr::ENTRY, &query("a.test", 1));
}
