//! Frames in, messages out: connections made here packet by packet, in every disorder.

use std::net::Ipv4Addr;

use plant::Time;
use proptest::prelude::*;

use crate::{Event, Frame, Limits, LinkType, Observer, Seen, Tracker, World};

const CLIENT: (u8, u16) = (1, 40_000);
const SERVER: (u8, u16) = (2, 502);
const SYN: u8 = 0x02;
const ACK: u8 = 0x10;
const FIN: u8 = 0x01;

/// Modbus/TCP: transaction `id` reads one holding register.
fn request(id: u8) -> Vec<u8> {
    vec![0, id, 0, 0, 0, 6, 1, 3, 0, id, 0, 1]
}

fn response(id: u8) -> Vec<u8> {
    vec![0, id, 0, 0, 0, 5, 1, 3, 2, 0, 7]
}

/// An IPv4 packet of station 10.0.0.`source`.
fn ipv4(source: u8, target: u8, protocol: u8, fragment: u16, payload: &[u8]) -> Vec<u8> {
    let total = u16::try_from(20 + payload.len()).unwrap().to_be_bytes();
    let [offset_high, offset_low] = fragment.to_be_bytes();
    let mut bytes =
        vec![0x45, 0, total[0], total[1], 0, 9, offset_high, offset_low, 64, protocol, 0, 0];
    bytes.extend(Ipv4Addr::new(10, 0, 0, source).octets());
    bytes.extend(Ipv4Addr::new(10, 0, 0, target).octets());
    bytes.extend(payload);
    bytes
}

fn ethernet(source: u8, target: u8, ether_type: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, target, 2, 0, 0, 0, 0, source];
    bytes.extend(ether_type.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// A TCP segment from one end to the other: sequence, acknowledgement, flags.
fn tcp(from: (u8, u16), to: (u8, u16), numbers: (u32, u32), flags: u8, payload: &[u8]) -> Vec<u8> {
    let mut segment = Vec::new();
    segment.extend(from.1.to_be_bytes());
    segment.extend(to.1.to_be_bytes());
    segment.extend(numbers.0.to_be_bytes());
    segment.extend(numbers.1.to_be_bytes());
    segment.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    segment.extend(payload);
    ethernet(from.0, to.0, 0x0800, &ipv4(from.0, to.0, 6, 0, &segment))
}

fn up(sequence: u32, acknowledged: u32, payload: &[u8]) -> Vec<u8> {
    tcp(CLIENT, SERVER, (sequence, acknowledged), ACK, payload)
}

fn down(sequence: u32, acknowledged: u32, payload: &[u8]) -> Vec<u8> {
    tcp(SERVER, CLIENT, (sequence, acknowledged), ACK, payload)
}

/// The three segments of a handshake; first bytes are 1001 and 5001.
fn handshake() -> [Vec<u8>; 3] {
    [
        tcp(CLIENT, SERVER, (1000, 0), SYN, &[]),
        tcp(SERVER, CLIENT, (5000, 1001), SYN | ACK, &[]),
        up(1001, 5001, &[]),
    ]
}

/// Remembers messages as `frame kind id sender`, and events.
#[derive(Default)]
struct Notes {
    messages: Vec<String>,
    events: Vec<Event>,
}

impl Observer for Notes {
    fn message(&mut self, world: &World, seen: &Seen<'_>) {
        let sender = world.stations.get(seen.sender.station).unwrap().address;
        let id = seen.message.id.unwrap_or(0);
        self.messages.push(format!("{} {} {id} {sender}", seen.frame, seen.message.kind.name()));
    }

    fn event(&mut self, _: &World, _: u64, _: Time, event: &Event) {
        self.events.push(*event);
    }
}

fn run(frames: &[Vec<u8>]) -> (Notes, Tracker) {
    let mut tracker = Tracker::new(Limits::default(), &[], 1);
    let mut notes = Notes::default();
    for (number, bytes) in (1..).zip(frames) {
        let frame = Frame {
            number,
            time: Time::from_parts(number, 0),
            link: LinkType::Ethernet,
            bytes,
            wire_bytes: u32::try_from(bytes.len()).unwrap(),
        };
        tracker.handle_frame(&frame, &mut notes);
    }
    tracker.finish(&mut notes);
    (notes, tracker)
}

fn after_handshake(frames: &[Vec<u8>]) -> (Notes, Tracker) {
    run(&[&handshake()[..], frames].concat())
}

#[test]
fn an_exchange_is_one_conversation_of_two_messages() {
    let (notes, tracker) =
        after_handshake(&[up(1001, 5001, &request(1)), down(5001, 1013, &response(1))]);
    assert_eq!(notes.messages, ["4 request 1 10.0.0.1", "5 response 1 10.0.0.2"]);
    let (_, one) = tracker.world().conversations().next().unwrap();
    assert_eq!((one.messages(), one.frames, one.operations.len()), (2, 5, 1));
    assert_eq!((one.operations[0].requests, one.operations[0].responses), (1, 1));
}

#[test]
fn a_message_in_pieces_and_two_in_one_segment_are_the_same_messages() {
    let both = [request(1), request(2)].concat();
    let whole = after_handshake(&[up(1001, 5001, &both)]).0.messages;
    assert_eq!(whole, ["4 request 1 10.0.0.1", "4 request 2 10.0.0.1"]);
    for cut in 1..both.len() {
        let first = u32::try_from(cut).unwrap();
        let pieces = [up(1001, 5001, &both[..cut]), up(1001 + first, 5001, &both[cut..])];
        let messages = after_handshake(&pieces).0.messages;
        assert_eq!(messages.len(), 2, "cut at {cut}: {messages:?}");
    }
}

#[test]
fn reordered_repeated_and_overlapping_segments_are_read_once_and_in_order() {
    let (notes, tracker) = after_handshake(&[
        up(1013, 5001, &request(2)),
        up(1001, 5001, &request(1)),
        up(1001, 5001, &request(1)),
        up(1013, 5001, &[request(2), request(3)].concat()),
    ]);
    let order: Vec<_> = notes.messages.iter().filter_map(|line| line.split(' ').nth(2)).collect();
    assert_eq!(order, ["1", "2", "3"]);
    assert_eq!(tracker.counters().reordered, 1);
    assert_eq!(tracker.counters().retransmitted, 1);
}

#[test]
fn a_segment_that_the_capture_lost_costs_its_messages_only() {
    let (notes, tracker) = after_handshake(&[
        up(1001, 5001, &request(1)),
        down(5001, 1013, &response(1)),
        up(1025, 5012, &request(3)), // request 2 was not captured, its answer neither
        down(5023, 1037, &response(3)),
        up(1037, 5034, &[]),
    ]);
    assert_eq!(
        notes.messages,
        [
            "4 request 1 10.0.0.1",
            "5 response 1 10.0.0.2",
            "6 request 3 10.0.0.1",
            "7 response 3 10.0.0.2"
        ]
    );
    assert_eq!(tracker.counters().gaps, 2);
    assert!(!notes.events.iter().any(|event| matches!(event, Event::Unreadable { .. })));
}

#[test]
fn a_connection_joined_midway_knows_who_asks_whoever_speaks_first() {
    for first in [down(9000, 77, &response(1)), up(77, 9000, &request(1))] {
        let (_, tracker) = run(&[first, up(89, 9011, &request(2)), down(9011, 101, &response(2))]);
        let (_, one) = tracker.world().conversations().next().unwrap();
        let source = tracker.world().stations.get(one.source).unwrap().address;
        assert_eq!(source.to_string(), "10.0.0.1");
        assert_eq!(tracker.world().conversations().count(), 1);
    }
}

#[test]
fn a_forged_syn_turns_nothing_around() {
    let (notes, tracker) = after_handshake(&[
        up(1001, 5001, &request(1)),
        tcp(SERVER, CLIENT, (1, 0), SYN, &[]),
        tcp(CLIENT, SERVER, (4, 9), SYN | ACK, &[]),
        down(5001, 1013, &response(1)),
    ]);
    assert_eq!(notes.messages, ["4 request 1 10.0.0.1", "7 response 1 10.0.0.2"]);
    assert_eq!(tracker.world().conversations().count(), 1);
}

#[test]
fn the_same_ports_may_begin_a_new_connection() {
    let anew = [
        tcp(CLIENT, SERVER, (70_000, 0), SYN, &[]),
        tcp(SERVER, CLIENT, (90_000, 70_001), SYN | ACK, &[]),
        up(70_001, 90_001, &request(2)),
        down(90_001, 70_013, &response(2)),
    ];
    let end = tcp(CLIENT, SERVER, (1013, 5012), FIN | ACK, &[]);
    for closed in [true, false] {
        let mut frames = vec![up(1001, 5001, &request(1)), down(5001, 1013, &response(1))];
        frames.extend(closed.then(|| end.clone()));
        frames.extend(anew.clone());
        let (notes, tracker) = after_handshake(&frames);
        assert_eq!(notes.messages.len(), 4, "closed: {closed}");
        assert_eq!(tracker.counters().gaps, 0);
        let opened = notes.events.iter().filter(|event| matches!(event, Event::Opened { .. }));
        assert_eq!(opened.count(), 2, "closed: {closed}");
    }
}

#[test]
fn a_reset_that_answers_a_syn_is_a_refusal() {
    let (notes, _) =
        run(&[tcp(CLIENT, SERVER, (1000, 0), SYN, &[]), tcp(SERVER, CLIENT, (0, 1001), 0x14, &[])]);
    assert!(notes.events.iter().any(|event| matches!(event, Event::Refused { port: 502, .. })));
}

#[test]
fn fragments_are_one_datagram_and_vlan_tags_are_noted() {
    // A DNS question of 10.0.0.1 in two fragments, inside VLAN 7.
    let mut question = vec![0x30, 0x39, 0, 53, 0, 37, 0, 0];
    question.extend([0, 5, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    question.extend(b"\x05robot\x04cell\x00\x00\x01\x00\x01");
    let tagged = |packet: &[u8]| ethernet(1, 2, 0x8100, &[&[0, 7, 8, 0], packet].concat());
    let (notes, tracker) = run(&[
        tagged(&ipv4(1, 2, 17, 0x2000, &question[..16])),
        tagged(&ipv4(1, 2, 17, 2, &question[16..])),
    ]);
    assert_eq!(notes.messages, ["2 request 5 10.0.0.1"]);
    let sender = tracker.world().stations.find("10.0.0.1".parse().unwrap()).unwrap();
    assert_eq!(tracker.world().stations.get(sender).unwrap().vlans, [7]);
}

#[test]
fn flows_past_the_bound_push_out_the_oldest_and_memory_stays_bounded() {
    let limits = Limits { flows_max: 64, ..Limits::default() };
    let mut tracker = Tracker::new(limits, &[], 1);
    let mut notes = Notes::default();
    for number in 1..=5000_u64 {
        let port = 10_000 + u16::try_from(number % 5000).unwrap();
        let bytes = tcp((1, port), SERVER, (1000, 0), SYN, &[]);
        let frame = Frame {
            number,
            time: Time::from_ns(number),
            link: LinkType::Ethernet,
            bytes: &bytes,
            wire_bytes: 54,
        };
        tracker.handle_frame(&frame, &mut notes);
        assert!(tracker.flows.len() <= 64);
    }
    assert_eq!(tracker.counters().flows_shed, 5000 - 64);
}

/// A valid frame, bytes of it that are changed, and where it is cut.
type Damaged = (prop::sample::Index, Vec<(prop::sample::Index, u8)>, prop::sample::Index);

fn damaged() -> impl Strategy<Value = Vec<Damaged>> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8);
    prop::collection::vec(
        (any::<prop::sample::Index>(), changes, any::<prop::sample::Index>()),
        1..40,
    )
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_and_damaged_frames_never_panic(frames in damaged(), link in 0_usize..5) {
        let mut valid = handshake().to_vec();
        valid.push(up(1001, 5001, &request(1)));
        valid.push(down(5001, 1013, &response(1)));
        valid.push(up(1020, 5012, &request(3)));
        let links = [
            LinkType::Ethernet,
            LinkType::Cooked,
            LinkType::Cooked2,
            LinkType::Raw,
            LinkType::Loopback,
        ];
        let limits = Limits { late_segments_max: 2, ..Limits::default() };
        let mut tracker = Tracker::new(limits, &[], 1);
        let mut notes = Notes::default();
        for (number, (which, changes, cut)) in (1..).zip(&frames) {
            let mut bytes = valid[which.index(valid.len())].clone();
            for (place, value) in changes {
                let place = place.index(bytes.len());
                bytes[place] = *value;
            }
            bytes.truncate(cut.index(bytes.len() * 4 + 1));
            let (time, link) = (Time::from_ns(number), links[link]);
            let frame = Frame { number, time, link, bytes: &bytes, wire_bytes: 60 };
            tracker.handle_frame(&frame, &mut notes);
        }
        tracker.finish(&mut notes);
        prop_assert_eq!(tracker.counters().frames, frames.len() as u64);
    }
}

#[test]
fn conversations_past_the_bound_are_credited_to_nobody_real() {
    let limits = Limits { conversations_max: 1, ..Limits::default() };
    let mut tracker = Tracker::new(limits, &[], 1);
    let mut notes = Notes::default();
    for (number, client) in (1..).zip([1, 3, 4]) {
        let bytes = tcp((client, 40_000), SERVER, (1000, 1), ACK, &request(1));
        let (time, link) = (Time::from_ns(number), LinkType::Ethernet);
        let frame = Frame { number, time, link, bytes: &bytes, wire_bytes: 66 };
        tracker.handle_frame(&frame, &mut notes);
    }
    tracker.finish(&mut notes);
    let all: Vec<_> = tracker.world().conversations().map(|(_, one)| one).collect();
    assert_eq!(all.iter().map(|one| one.messages()).collect::<Vec<_>>(), [1, 2]);
    let source = tracker.world().stations.get(all[1].source).unwrap();
    assert!(source.is_unset());
    assert!(tracker.counters().conversations_shed > 0);
}

#[test]
fn all_flows_together_keep_no_more_than_the_bound_and_the_heaviest_go_first() {
    let limits = Limits { held_bytes_max: 64 * 1024, ..Limits::default() };
    let mut tracker = Tracker::new(limits, &[], 1);
    let mut notes = Notes::default();
    let mut number = 0;
    let mut say = |from, sequence, bytes: &[u8]| {
        number += 1;
        let bytes = tcp(from, SERVER, (sequence, 1), ACK, bytes);
        let (time, link) = (Time::from_ns(number), LinkType::Ethernet);
        let frame = Frame { number, time, link, bytes: &bytes, wire_bytes: 66 };
        tracker.handle_frame(&frame, &mut notes);
        assert!(tracker.flows.held_bytes() <= 64 * 1024);
    };
    say(CLIENT, 1001, &request(1));
    for port in 0..200 {
        say((3, 30_000 + port), 1, &request(2));
        say((3, 30_000 + port), 20, &[7; 1400]);
        say((3, 30_000 + port), 2000, &[7; 1400]);
    }
    // Half a message: its other half is only understood by a flow that is still there.
    say(CLIENT, 1013, &request(9)[..8]);
    say(CLIENT, 1021, &request(9)[8..]);
    tracker.finish(&mut notes);
    assert_eq!(tracker.flows.held_bytes(), 0);
    assert!(tracker.counters().flows_shed > 100, "{:?}", tracker.counters());
    assert!(notes.messages.iter().any(|line| line.ends_with("request 9 10.0.0.1")));
}

/// A script port of a robot.
const SCRIPT: &str = "0a5820be7191f6667406adba833860ebe4fbab585429a9fa768c0107f8023999";
const ROBOT: (u8, u16) = (2, 30_001);

#[test]
fn a_script_that_was_sent_is_a_program_with_the_hash_of_its_text() {
    let script = |sequence, text| tcp(CLIENT, ROBOT, (sequence, 5001), ACK, text);
    let (notes, tracker) = run(&[
        tcp(CLIENT, ROBOT, (1000, 0), SYN, &[]),
        tcp(ROBOT, CLIENT, (5000, 1001), SYN | ACK, &[]),
        script(1001, b"def weld():\n  st"),
        script(1017, b"opj(2)\nend\n"),
    ]);
    let [program] = tracker.world().programs.all() else { panic!() };
    assert_eq!((program.kind, program.name.as_str(), program.bytes), ("URScript", "weld", 27));
    // printf 'def weld():\n  stopj(2)\nend\n' | sha256sum
    assert_eq!(program.hash.unwrap().to_string(), format!("sha256:{SCRIPT}"));
    assert!(notes.events.iter().any(|event| matches!(event, Event::Received { .. })));
}

#[test]
fn a_script_with_a_gap_has_no_hash() {
    let script = |sequence, text| tcp(CLIENT, ROBOT, (sequence, 5001), ACK, text);
    let (_, tracker) = run(&[
        tcp(CLIENT, ROBOT, (1000, 0), SYN, &[]),
        tcp(ROBOT, CLIENT, (5000, 1001), SYN | ACK, &[]),
        script(1001, b"def weld():\n"),
        script(1023, b"  stopj(2)\n"),
        tcp(ROBOT, CLIENT, (5001, 1034), ACK, &[]),
        script(1034, b"end\n"),
    ]);
    let programs = tracker.world().programs.all();
    assert!(programs.iter().all(|program| program.hash.is_err()), "{programs:?}");
}

/// What an FTP client and its server say to each other, each line a segment.
fn ftp(lines: &[(bool, &str)]) -> Vec<Vec<u8>> {
    const CONTROL: (u8, u16) = (2, 21);
    const CALLER: (u8, u16) = (1, 39_000);
    let (mut up, mut down) = (101, 501);
    let mut frames = vec![
        tcp(CALLER, CONTROL, (100, 0), SYN, &[]),
        tcp(CONTROL, CALLER, (500, 101), SYN | ACK, &[]),
    ];
    for (asks, line) in lines {
        let bytes = format!("{line}\r\n").into_bytes();
        let length = u32::try_from(bytes.len()).unwrap();
        if *asks {
            frames.push(tcp(CALLER, CONTROL, (up, down), ACK, &bytes));
            up += length;
        } else {
            frames.push(tcp(CONTROL, CALLER, (down, up), ACK, &bytes));
            down += length;
        }
    }
    frames
}

#[test]
fn a_file_that_ftp_announces_is_hashed_under_its_name() {
    const DATA: (u8, u16) = (2, 5_200);
    let mut frames = ftp(&[
        (false, "220 FTP server ready"),
        (true, "PASV"),
        (false, "227 Entering Passive Mode (10,0,0,2,20,80)"),
        (true, "STOR WELD.TP"),
        (false, "150 go on"),
    ]);
    frames.extend([
        tcp(CLIENT, DATA, (1000, 0), SYN, &[]),
        tcp(DATA, CLIENT, (5000, 1001), SYN | ACK, &[]),
        tcp(CLIENT, DATA, (1001, 5001), ACK, b"abc"),
        tcp(CLIENT, DATA, (1004, 5001), ACK | FIN, &[]),
    ]);
    let (_, tracker) = run(&frames);
    let [program] = tracker.world().programs.all() else { panic!() };
    assert_eq!((program.kind, program.name.as_str()), ("FANUC TP program", "WELD.TP"));
    // FIPS 180-4, example: the hash of `abc`
    let hash = program.hash.unwrap().to_string();
    assert!(hash.starts_with("sha256:ba7816bf8f01cfea"), "{hash}");
}

#[test]
fn an_announcement_does_not_hide_what_is_said_to_a_machine() {
    let own = ftp(&[
        (false, "220 FTP server ready"),
        (true, "PORT 10,0,0,1,156,64"),
        (false, "200 well"),
        (true, "PASV"),
        (false, "227 Entering Passive Mode (10,0,0,2,1,246)"),
    ]);
    // from the port that the client announced, and to the port that the server did
    let frames = [&own[..], &handshake(), &[up(1001, 5001, &request(1))]].concat();
    let (notes, _) = run(&frames);
    let last = notes.messages.last().unwrap();
    assert_eq!(last, "11 request 1 10.0.0.1");
}
