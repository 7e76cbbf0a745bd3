//! EtherNet/IP from constant bytes, written after the command formats of CIP Volume 2 clause 2-4.

use plant::Intent;

use super::ENTRY;
use crate::cip::tests::{IDENTITY, connected, encapsulated, unconnected};
use crate::testing::{
    Collector, Seen, flows, identify, identify_tcp, never_panics, run, truncations,
};
use crate::{Guess, Side, Step, Transport};

/// A header without data and session.
fn bare(command: u8) -> Vec<u8> {
    let mut bytes = vec![0; 24];
    bytes[0] = command;
    bytes
}

/// A List Identity response of 10.20.7.10.
fn list_identity() -> Vec<u8> {
    let mut item = vec![1, 0, 0, 2, 0xaf, 0x12, 10, 20, 7, 10, 0, 0, 0, 0, 0, 0, 0, 0];
    item.extend_from_slice(IDENTITY);
    item.push(3); // state
    let length = u8::try_from(item.len()).unwrap();
    let mut bytes = encapsulated(0x63, 0, &[&[1, 0, 0x0c, 0, length, 0][..], &item].concat());
    bytes[4] = 0; // of no session
    bytes
}

/// Cyclic data of connection 0x10 with sequence number 7.
fn cyclic(data: &[u8]) -> Vec<u8> {
    let address = [2, 0, 0x02, 0x80, 8, 0, 0x10, 0, 0, 0, 7, 0, 0, 0, 0xb1, 0];
    [&address[..], &u16::try_from(data.len()).unwrap().to_le_bytes(), data].concat()
}

fn lines(seen: &[Seen]) -> Vec<String> {
    seen.iter().map(Seen::line).collect()
}

#[test]
fn a_session_is_registered_used_and_ended() {
    let mut register = encapsulated(0x65, 5, &[1, 0, 0, 0]);
    let registered = register.clone();
    register[4] = 0;
    let request = unconnected(6, &[0x01, 2, 0x20, 1, 0x24, 1]);
    let response = unconnected(6, &[0x81, 0, 8, 0]);
    let end = encapsulated(0x66, 0, &[]);
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &register),
            (Side::Server, &registered),
            (Side::Client, &request),
            (Side::Server, &response),
            (Side::Client, &end),
        ],
    );
    assert_eq!(
        lines(&seen),
        [
            "request register session [session]",
            "response register session [session] = ok",
            "request send rr data [session]",
            "request get attributes all [observe] class 0x01 instance 1",
            "response send rr data [session] = ok",
            "response get attributes all [observe] class 0x01 instance 1 = service not supported",
            "request unregister session [session]",
        ]
    );
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
    assert_eq!((seen[1].id, seen[1].values.as_str()), (Some(5), "session 0x00000001"));
}

#[test]
fn a_device_tells_who_it_is() {
    let (request, response) = (bare(0x63), list_identity());
    let seen = run(&ENTRY, &[(Side::Client, &request), (Side::Server, &response)]);
    assert_eq!(
        lines(&seen),
        ["request list identity [observe]", "response list identity [observe] = ok"]
    );
    assert_eq!(
        seen[1].facts,
        [
            "role=plc",
            "vendor=Rockwell Automation/Allen-Bradley",
            "product=1756-L61",
            "order_code=65",
            "serial=01020304",
            "firmware=20.11",
            "address=Sender 10.20.7.10"
        ]
    );
}

#[test]
fn offered_services_are_named() {
    let mut data = vec![1, 0, 0, 1, 20, 0, 1, 0, 0x20, 1];
    data.extend_from_slice(b"Communications\0\0");
    let seen = run(&ENTRY, &[(Side::Server, &encapsulated(0x04, 0, &data))]);
    assert_eq!(seen[0].line(), "response list services [observe] = ok");
    assert_eq!(seen[0].values, "Communications");
}

#[test]
fn a_refusal_names_the_reason() {
    let mut bytes = encapsulated(0x6f, 1, &[]);
    bytes[8] = 0x64;
    let seen = run(&ENTRY, &[(Side::Server, &bytes)]);
    assert_eq!(seen[0].line(), "response send rr data [session] = invalid session handle");
    assert!(seen[0].anomalies.is_empty());
}

#[test]
fn connected_messages_are_paired_by_sequence_count_without_their_forward_open() {
    let request = connected(1, 7, &[0x07, 2, 0x20, 0x8e, 0x24, 1]);
    let response = connected(2, 7, &[0x87, 0, 0x0f, 0]);
    let seen = run(&ENTRY, &[(Side::Client, &request), (Side::Server, &response)]);
    assert_eq!(
        seen[3].line(),
        "response stop [administer] class 0x8e instance 1 = privilege violation"
    );
    assert_eq!(seen[3].id, Some(7));
}

#[test]
fn cyclic_data_from_the_originator_operates_and_from_the_target_tells() {
    let outputs = cyclic(&[9, 0, 1, 0, 0, 0, 0xaa]); // sequence, run, data
    let inputs = cyclic(&[4, 0, 0xff, 0x55, 2, 3, 4]);
    let intents = |parts: &[(Side, &[u8])]| -> Vec<Intent> {
        run(&ENTRY, parts).iter().map(|seen| seen.intent).collect()
    };
    let parts: [(Side, &[u8]); 2] = [(Side::Client, &outputs), (Side::Server, &inputs)];
    assert_eq!(intents(&parts), [Intent::Operate, Intent::Observe]);
    // the target sent first and was taken for the client
    let parts: [(Side, &[u8]); 3] =
        [(Side::Server, &outputs), (Side::Client, &inputs), (Side::Server, &outputs)];
    assert_eq!(intents(&parts), [Intent::Observe, Intent::Observe, Intent::Operate]);
    let seen = run(&ENTRY, &[(Side::Client, &outputs)]);
    assert_eq!(seen[0].line(), "notice io [operate]");
    assert_eq!((seen[0].id, seen[0].values.as_str()), (Some(0x10), "090001000000aa"));
}

/// A Forward Open of class 1 and its response: configuration 151, outputs to 150, inputs from 100,
/// every 10 and 20 ms; `o_t` and `t_o` are the granted ids, `serial` who opens.
fn opened(o_t: u8, t_o: u8, serial: u8, path: &[u8]) -> [Vec<u8>; 2] {
    let mut open = vec![0x54, 2, 0x20, 6, 0x24, 1, 5, 99];
    open.extend([0, 0, 0, 0, t_o, 0, 0, 0]); // ids: o->t is the target's to choose
    open.extend([serial, 0, 0x34, 1, 0xdd, 0xcc, 0xbb, 0xaa]); // serial, vendor, originator
    open.extend([0, 0, 0, 0]); // timeout multiplier
    open.extend([0x10, 0x27, 0, 0, 0x0a, 0x48]); // 10 000 us, point to point, 10 bytes
    open.extend([0x20, 0x4e, 0, 0, 0x06, 0x48]);
    open.push(1); // class 1, cyclic
    open.push(u8::try_from(path.len() / 2).unwrap());
    open.extend(path);
    let mut grant = vec![0xd4, 0, 0, 0, o_t, 0, 0, 0, t_o, 0, 0, 0];
    grant.extend([serial, 0, 0x34, 1, 0xdd, 0xcc, 0xbb, 0xaa]);
    grant.extend([0x10, 0x27, 0, 0, 0x20, 0x4e, 0, 0, 0, 0]);
    [unconnected(1, &open), unconnected(1, &grant)]
}

/// Configuration 151, consuming 150, producing 100.
const ASSEMBLIES: [u8; 8] = [0x20, 4, 0x24, 151, 0x2c, 150, 0x2c, 100];

/// The bytes of flow 0, TCP, from client and server in turn, and then those of flow 1, UDP.
fn across(tcp: &[Vec<u8>], udp: &[(Side, Vec<u8>)]) -> Vec<Seen> {
    let sides = [Side::Client, Side::Server].into_iter().cycle();
    let mut parts: Vec<_> =
        tcp.iter().zip(sides).map(|(bytes, from)| (&ENTRY, 0, from, &bytes[..])).collect();
    parts.extend(udp.iter().map(|(from, bytes)| (&ENTRY, 1, *from, &bytes[..])));
    flows(&parts).into_iter().skip(tcp.len() * 2).collect()
}

#[test]
fn cyclic_data_has_assembly_and_direction_of_its_forward_open() {
    let mut inputs = cyclic(&[4, 0, 1, 0, 0, 0]); // as if it had a header that says run
    inputs[6] = 0x11;
    let sent = [(Side::Client, inputs), (Side::Client, cyclic(&[9, 0, 7, 0, 0, 0]))];
    let seen = across(&opened(0x10, 0x11, 1, &ASSEMBLIES), &sent);
    assert_eq!(
        lines(&seen),
        ["notice io [observe] assembly 100", "notice io [operate] assembly 150"]
    );
    let terms = "for vendor 308 serial 0xaabbccdd";
    assert_eq!(seen[0].values, format!("040001000000 every 20000 us {terms}"));
    assert_eq!(seen[1].values, format!("090007000000 every 10000 us {terms}"));
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
    // what does not name three assemblies is shown as it is
    let seen = across(&opened(0x10, 0x11, 1, &[0x20, 4, 0x24, 5, 0x2c, 6]), &sent);
    assert_eq!(seen[0].object, "class 0x04 instance 5 point 6");
}

#[test]
fn a_forward_open_that_comes_later_is_noticed_after_some_datagrams() {
    let mut session = (ENTRY.open)();
    let mut tcp = (ENTRY.open)();
    let mut sink = Collector::default();
    let data = cyclic(&[9, 0, 7, 0, 0, 0]);
    session.parse(Side::Client, &data, &mut sink);
    for (bytes, from) in opened(0x10, 0x11, 1, &ASSEMBLIES).iter().zip([Side::Client, Side::Server])
    {
        tcp.parse(from, bytes, &mut sink);
    }
    for _ in 0..64 {
        session.parse(Side::Client, &data, &mut sink);
    }
    assert_eq!(sink.0[0].object, "");
    assert_eq!(sink.0.last().unwrap().object, "assembly 150");
}

#[test]
fn connections_of_other_targets_do_not_mix() {
    use plant::Address::Ip;
    let [plc, robot, press] = [1, 2, 3].map(|last| Ip([10, 0, 0, last].into()));
    let mut sink = Collector::default();
    let mut tcp = (ENTRY.open)();
    let ends = [[plc, robot], [robot, plc]];
    for ((bytes, from), ends) in
        opened(0x10, 0x11, 1, &ASSEMBLIES).iter().zip([Side::Client, Side::Server]).zip(ends)
    {
        sink.3 = Some(ends);
        tcp.parse(from, bytes, &mut sink);
    }
    for (to, object) in [(robot, "assembly 150"), (press, "")] {
        sink.3 = Some([plc, to]);
        (ENTRY.open)().parse(Side::Client, &cyclic(&[9, 0, 7, 0, 0, 0]), &mut sink);
        assert_eq!(sink.0.last().unwrap().object, object);
    }
}

#[test]
fn a_second_forward_open_cannot_make_outputs_inputs() {
    let other = [0x20, 4, 0x24, 151, 0x2c, 150, 0x2c, 101];
    let sent = [(Side::Client, cyclic(&[9, 0, 7, 0, 0, 0]))];
    // 0x10 is granted once more, as that of the inputs of another connection
    let tcp = [opened(0x10, 0x11, 1, &ASSEMBLIES), opened(0x12, 0x10, 2, &other)].concat();
    let seen = across(&tcp, &sent);
    assert_eq!(seen[0].line(), "notice io [operate] assembly 150");
    assert_eq!(seen[0].anomalies, ["connection id was granted for both directions"]);
    // 0x11 leads elsewhere now, and that is told where it is granted
    let tcp = [opened(0x10, 0x11, 1, &ASSEMBLIES), opened(0x12, 0x11, 2, &other)].concat();
    let sides = [Side::Client, Side::Server].into_iter().cycle();
    let parts: Vec<_> = sides.zip(&tcp).map(|(from, bytes)| (from, &bytes[..])).collect();
    let told = run(&ENTRY, &parts).last().unwrap().anomalies.clone();
    assert_eq!(told, ["connection id was given to another connection before"]);
    // the same one opened again is nothing
    let again = [opened(0x10, 0x11, 1, &ASSEMBLIES), opened(0x10, 0x11, 1, &ASSEMBLIES)].concat();
    let sides = [Side::Client, Side::Server].into_iter().cycle();
    let parts: Vec<_> = sides.zip(&again).map(|(from, bytes)| (from, &bytes[..])).collect();
    assert!(run(&ENTRY, &parts).last().unwrap().anomalies.is_empty());
}

#[test]
fn more_connections_than_are_followed_are_asked_for_again() {
    let sent: Vec<_> = (0..40_u8)
        .map(|id| {
            let mut data = cyclic(&[9, 0, 7, 0, 0, 0]);
            data[6] = id % 20;
            (Side::Client, data)
        })
        .collect();
    let seen = across(&opened(0x10, 0x11, 1, &ASSEMBLIES), &sent);
    let named: Vec<_> = (0..40).filter(|at| seen[*at].object == "assembly 150").collect();
    assert_eq!(named, [16, 36]);
}

#[test]
fn cyclic_data_that_is_cut_or_too_long_is_shown_as_such() {
    let bytes = cyclic(&[9, 0, 1, 0, 0, 0]);
    let anomalies = |bytes: &[u8]| run(&ENTRY, &[(Side::Client, bytes)])[0].anomalies.clone();
    assert_eq!(anomalies(&bytes[..bytes.len() - 1]), ["message is shorter than it announces"]);
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(anomalies(&longer), ["bytes follow the end of the message"]);
    assert!(anomalies(&bytes).is_empty());
}

#[test]
fn content_tells_who_asks() {
    let request = unconnected(1, &[0x01, 2, 0x20, 1, 0x24, 1]);
    let response = unconnected(1, &[0x81, 0, 0, 0]);
    assert_eq!(identify_tcp(&ENTRY, &request, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, &response, false), Guess::Yes(Some(Side::Server)));
    let response = list_identity();
    assert_eq!(identify(&ENTRY, Transport::Udp, &response, false), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, &bare(0x63), true), Guess::Yes(Some(Side::Client)));
    let udp = |data: &[u8]| identify(&ENTRY, Transport::Udp, &cyclic(data), false);
    assert_eq!(udp(&[1, 0]), Guess::Yes(Some(Side::Client)), "a heartbeat");
    assert_eq!(udp(&[1, 0, 1, 0, 0, 0]), Guess::Yes(Some(Side::Client)), "run");
    assert_eq!(udp(&[1, 0, 0, 0, 0, 0]), Guess::Yes(None), "idle or inputs of 0");
    assert_eq!(udp(&[1, 0, 7, 0, 0, 0]), Guess::Yes(Some(Side::Server)), "inputs");
}

#[test]
fn others_bytes_are_not_claimed() {
    let tcp = |bytes: &[u8], hinted| identify_tcp(&ENTRY, bytes, hinted);
    assert_eq!(tcp(&bare(0x63), false), Guess::No, "a header of zeros proves nothing");
    assert_eq!(tcp(&bare(0x00), false), Guess::No);
    assert_eq!(tcp(b"GET / HTTP/1.1\r\nHost: robot\r\n\r\n", true), Guess::No);
    let mut options = unconnected(1, &[0x01, 2, 0x20, 1, 0x24, 1]);
    options[20] = 1;
    assert_eq!(tcp(&options, false), Guess::No);
    assert_eq!(tcp(&unconnected(1, &[0x01, 0])[..20], true), Guess::More);
    assert_eq!(tcp(&unconnected(1, &[0x01, 0])[..20], false), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Ether(0x8892), &cyclic(&[1, 0]), true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &cyclic(&[1, 0]), true), Guess::No, "has no header");
}

#[test]
fn forbidden_options_and_lengths_are_violations_of_a_message_that_is_still_shown() {
    let mut bytes = encapsulated(0x65, 0, &[1, 0, 0, 0]);
    bytes[20] = 1;
    let anomalies = |bytes: &[u8]| run(&ENTRY, &[(Side::Client, bytes)])[0].anomalies.clone();
    assert_eq!(anomalies(&bytes), ["options are not 0"]);
    let short = encapsulated(0x65, 0, &[1, 0]);
    assert_eq!(anomalies(&short), ["length does not fit the command"]);
    let cut = encapsulated(0x6f, 0, &[0, 0, 0, 0, 0, 0, 2, 0, 0, 0]);
    assert_eq!(anomalies(&cut), ["message is shorter than it announces"]);
    let other = encapsulated(0x6f, 0, &[1, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(anomalies(&other), ["interface is not CIP"]);
    let none = encapsulated(0x6f, 0, &[0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(anomalies(&none), ["items carry no message"]);
    let unlisted = encapsulated(0x77, 0, &[1]);
    let seen = run(&ENTRY, &[(Side::Client, &unlisted)]);
    assert_eq!(seen[0].line(), "request unlisted command [unknown]");
}

#[test]
fn after_a_loss_only_a_header_beyond_doubt_is_taken() {
    let mut session = (ENTRY.open)();
    let mut sink = Collector::default();
    session.gap(Side::Client);
    let mut doubtful = encapsulated(0x65, 0, &[1, 0, 0, 0]);
    doubtful[20] = 1;
    assert_eq!(session.parse(Side::Client, &doubtful, &mut sink), Step::Lost);
    let sound = encapsulated(0x65, 0, &[1, 0, 0, 0]);
    assert_eq!(session.parse(Side::Client, &sound, &mut sink), Step::Read(28));
    assert_eq!(session.parse(Side::Client, &doubtful, &mut sink), Step::Read(28));
    assert_eq!(sink.0.len(), 2);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &unconnected(1, &[0x0e, 3, 0x20, 1, 0x24, 1, 0x30, 7]));
    truncations(&ENTRY, Side::Server, &list_identity());
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &unconnected(1, &[0x0e, 3, 0x20, 1, 0x24, 1, 0x30, 7]));
    never_panics(&ENTRY, &connected(1, 1, &[0x0e, 3, 0x20, 1, 0x24, 1, 0x30, 7]));
    never_panics(&ENTRY, &list_identity());
    never_panics(&ENTRY, &cyclic(&[1, 0, 1, 0, 0, 0, 5]));
}

#[test]
fn a_client_may_register_again_with_the_handle_of_its_last_session() {
    let again = encapsulated(0x65, 0, &[1, 0, 0, 0]);
    let seen = run(&ENTRY, &[(Side::Client, &again)]);
    assert_eq!(seen[0].line(), "request register session [session]");
}
