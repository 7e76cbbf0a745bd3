//! Frames through a tracker into a learner: the proposal is valid, permits what was seen, says
//! what it comes from, and denies what was not seen.

use std::collections::BTreeMap;

use flow::{Frame, Limits, LinkType, Observer, Seen, Tracker, World};
use plant::{Endpoint, Level, Plant, Source, Time};
use proptest::prelude::*;
use wire::Kind;

use super::Learner;
use crate::{Policy, Watch};

/// A Modbus message between two stations, by the last bytes of their addresses.
#[derive(Clone, Debug)]
struct Said {
    from: (u8, u8),
    to: (u8, u8),
    /// Function code and its data.
    pdu: Vec<u8>,
}

fn said(from: (u8, u8), to: (u8, u8), pdu: &[u8]) -> Said {
    Said { from, to, pdu: pdu.to_vec() }
}

/// Reads ten holding registers.
const READ: [u8; 5] = [0x03, 0x00, 0x00, 0x00, 0x0a];

/// Writes one holding register.
fn write(register: u16) -> [u8; 5] {
    let [high, low] = register.to_be_bytes();
    [0x06, high, low, 0x00, 0x01]
}

/// A side of a conversation: subnet, host and port.
type End = ((u8, u8), u16);

/// Ethernet, IPv4 and TCP around a Modbus message; stations of subnet `a` have the addresses
/// 10.0.a.b and 02:00:00:00:a:b.
fn frame((from, to): (End, End), sequence: u32, pdu: &[u8]) -> Vec<u8> {
    let ((from, from_port), (to, to_port)) = (from, to);
    let length = u16::try_from(pdu.len()).unwrap();
    let mut bytes = vec![2, 0, 0, 0, to.0, to.1, 2, 0, 0, 0, from.0, from.1, 0x08, 0x00];
    // IPv4: 20 bytes of header, protocol 6, checksum left out.
    bytes.extend([0x45, 0]);
    bytes.extend((20 + 20 + 7 + length).to_be_bytes());
    bytes.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
    bytes.extend([10, 0, from.0, from.1, 10, 0, to.0, to.1]);
    // TCP: PSH and ACK, window 1024.
    bytes.extend(from_port.to_be_bytes());
    bytes.extend(to_port.to_be_bytes());
    bytes.extend(sequence.to_be_bytes());
    bytes.extend([0, 0, 0, 1, 0x50, 0x18, 4, 0, 0, 0, 0, 0]);
    // Modbus/TCP header: transaction 1, unit 1.
    bytes.extend([0, 1, 0, 0]);
    bytes.extend((1 + length).to_be_bytes());
    bytes.push(1);
    bytes.extend(pdu);
    bytes
}

/// Runs the messages through a tracker, each with its answer: `illegal function`, which repeats
/// nothing.
fn run(messages: &[Said], observer: &mut impl Observer) -> Tracker {
    let mut tracker = Tracker::new(Limits::default(), &[], 1);
    let mut sequences: BTreeMap<_, u32> = BTreeMap::new();
    let mut number = 0;
    for Said { from, to, pdu } in messages {
        let client = (*from, 49152 + u16::from(from.1));
        let server = (*to, 502);
        let answer = [pdu[0] | 0x80, 0x01];
        for (ends, pdu) in [((client, server), &pdu[..]), ((server, client), &answer[..])] {
            let sequence = sequences.entry(ends).or_insert(1000);
            let bytes = frame(ends, *sequence, pdu);
            *sequence += u32::try_from(7 + pdu.len()).unwrap();
            number += 1;
            let wire_bytes = u32::try_from(bytes.len()).unwrap();
            let time = Time::from_parts(1_795_431_600 + number, 0);
            let link = LinkType::Ethernet;
            let frame = Frame { number, time, link, bytes: &bytes, wire_bytes };
            tracker.handle_frame(&frame, observer);
        }
    }
    tracker.finish(observer);
    tracker
}

/// The proposal from these messages, as text, plant and policy.
fn learn(messages: &[Said]) -> (String, Plant, Policy) {
    let mut learner = Learner::new();
    let tracker = run(messages, &mut learner);
    let text = learner.propose(tracker.world(), "learned");
    let source = Source { name: "learned.toml".into(), text: text.clone() };
    let plant = plant::parse(&[source]).unwrap_or_else(|all| panic!("{all:#?}\n{text}"));
    assert_eq!(plant.warnings, [], "{text}");
    let policy = Policy::compile(&plant).unwrap_or_else(|all| panic!("{all:#?}\n{text}"));
    (text, plant, policy)
}

struct Judging<'p> {
    watch: Watch<'p>,
    /// Of requests.
    decisions: Vec<&'static str>,
    /// Of all messages.
    denied: Vec<String>,
}

impl Observer for Judging<'_> {
    fn message(&mut self, world: &World, seen: &Seen<'_>) {
        let verdict = self.watch.judge(world, seen);
        if seen.message.kind == Kind::Request {
            self.decisions.push(verdict.decision().name());
        }
        if verdict.is_deny() {
            let (frame, why) = (seen.frame, self.watch.policy().explain(verdict));
            self.denied.push(format!("{frame}: {}: {why}", seen.message.operation.name));
        }
    }
}

fn judging<'p>(policy: &'p Policy, messages: &[Said]) -> Judging<'p> {
    let watch = Watch::new(policy);
    let mut judging = Judging { watch, decisions: Vec::new(), denied: Vec::new() };
    run(messages, &mut judging);
    judging
}

/// The decisions on the requests.
fn judge(policy: &Policy, messages: &[Said]) -> Vec<&'static str> {
    judging(policy, messages).decisions
}

#[test]
fn a_proposal_names_zones_by_level_and_rules_with_their_evidence() {
    let (panel, plc) = ((1, 5), (1, 11));
    let mut messages = vec![said(panel, plc, &READ); 3];
    messages.extend([100, 104, 102].map(|register| said(panel, plc, &write(register))));
    messages.push(said((2, 9), plc, &READ));
    let (text, plant, _) = learn(&messages);
    let zones: Vec<_> = plant.zones.iter().map(|zone| (zone.name.as_str(), zone.level)).collect();
    assert_eq!(
        zones,
        [
            ("level-2-10-0-1-0", Level::Supervision),
            ("level-1-10-0-1-0", Level::Control),
            ("level-2-10-0-2-0", Level::Supervision),
        ],
        "{text}"
    );
    let networks: Vec<_> = plant.zones.iter().map(|zone| zone.networks.len()).collect();
    assert_eq!(networks, [0, 0, 1], "a subnet that two zones share belongs to neither");
    let addresses: Vec<Vec<_>> = plant
        .assets
        .iter()
        .map(|asset| asset.addresses.iter().map(ToString::to_string).collect())
        .collect();
    assert_eq!(
        addresses,
        [
            ["10.0.1.5", "02:00:00:00:01:05"],
            ["10.0.1.11", "02:00:00:00:01:0b"],
            ["10.0.2.9", "02:00:00:00:02:09"],
        ]
    );
    let rules: Vec<Vec<_>> = plant
        .conduits
        .iter()
        .map(|conduit| conduit.allow.iter().map(|rule| rule.text.as_str()).collect())
        .collect();
    assert_eq!(
        rules,
        [vec!["modbus observe", "modbus operate holding 100..104"], vec!["modbus observe"]],
    );
    let evidence = "  # 6 messages, frames 7, 8, 9 .. 12, \
                    2026-11-23T11:00:07Z to 2026-11-23T11:00:12Z";
    assert!(text.lines().any(|line| line == evidence), "{text}");
}

#[test]
fn what_was_not_seen_is_denied() {
    let (panel, plc) = ((1, 5), (1, 11));
    let seen = [said(panel, plc, &READ), said(panel, plc, &write(100))];
    let (_, _, policy) = learn(&seen);
    assert_eq!(judge(&policy, &seen), ["permit", "permit"]);
    let other = (2, 9);
    for (message, why) in [
        (said(panel, plc, &write(101)), "another register"),
        (said(panel, plc, &[0x05, 0, 100, 0xff, 0]), "a coil"),
        (said(panel, plc, &[0x08, 0, 1, 0, 0]), "a restart"),
        (said(other, plc, &READ), "another station"),
        (said(plc, panel, &READ), "the other way"),
    ] {
        assert_eq!(judge(&policy, &[message]), ["deny"], "{why}");
    }
}

#[test]
fn sources_and_targets_share_a_conduit_only_as_a_full_product() {
    let (a, b, x, y) = ((1, 1), (1, 2), (3, 1), (3, 2));
    let full = [(a, x), (a, y), (b, x), (b, y)].map(|(from, to)| said(from, to, &READ));
    let (_, plant, _) = learn(&full);
    assert_eq!(plant.conduits.len(), 1);
    assert_eq!(plant.conduits[0].from.len() * plant.conduits[0].to.len(), 4);
    let (text, plant, policy) = learn(&full[..3]);
    assert_eq!(plant.conduits.len(), 2, "{text}");
    assert_eq!(judge(&policy, &full[3..]), ["deny"]);
}

#[test]
fn an_asset_that_is_acted_on_inside_its_zone_is_regulated_there() {
    let (master, slave, other) = ((1, 1), (1, 2), (1, 3));
    // Both controllers answer somebody, so both are machines of one zone.
    let ground = [said(other, master, &READ), said(master, slave, &READ)];
    let (_, plant, policy) = learn(&ground);
    assert_eq!(plant.assets[0].zone, plant.assets[1].zone);
    assert_eq!(judge(&policy, &[said(master, slave, &write(9))]), ["permit"]);
    let acting = [&ground[..], &[said(master, slave, &write(1))]].concat();
    let (_, plant, policy) = learn(&acting);
    let inside = plant.conduits.iter().find(|conduit| {
        matches!((&conduit.from[..], &conduit.to[..]),
            ([Endpoint::Asset(from)], [Endpoint::Asset(to)])
            if plant.asset(*from).unwrap().zone == plant.asset(*to).unwrap().zone)
    });
    assert_eq!(inside.unwrap().allow.len(), 2);
    assert_eq!(judge(&policy, &[said(master, slave, &write(9))]), ["deny"]);
    assert_eq!(judge(&policy, &acting), ["permit"; 3]);
}

#[test]
fn rules_that_change_the_machine_or_cannot_be_judged_ask_for_review() {
    let (panel, plc) = ((1, 5), (2, 11));
    let restart = [0x08, 0, 1, 0, 0];
    let (text, ..) = learn(&[said(panel, plc, &restart), said(panel, plc, &[0x64, 0, 1])]);
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let above = |rule: &str| {
        let at = lines.iter().position(|line| *line == format!("\"{rule}\","));
        lines[at.unwrap_or_else(|| panic!("{rule} in\n{text}")) - 1].to_owned()
    };
    assert!(above("modbus 'restart communications option'").contains("changes the machine"));
    assert!(above("modbus unknown").contains("cannot be judged"));
}

fn message() -> impl Strategy<Value = Said> {
    let station = || (1..4_u8, prop::sample::select(vec![1_u8, 2, 3, 255]));
    let pdu = prop_oneof![
        Just(READ.to_vec()),
        (0..80_u16).prop_map(|register| write(register).to_vec()),
        (0..9_u8).prop_map(|coil| vec![0x05, 0, coil, 0xff, 0]),
        Just(vec![0x08, 0, 1, 0, 0]),
        Just(vec![0x64, 0, 1]),
        Just(vec![0x2b, 0x0e, 1, 0]),
    ];
    let ends = (station(), station()).prop_filter("two stations", |(from, to)| from != to);
    (ends, pdu).prop_map(|((from, to), pdu)| Said { from, to, pdu })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150,
        failure_persistence: None,
        ..Default::default()
    })]

    /// Whatever was said, the proposal is a valid plant and denies none of it.
    #[test]
    fn a_proposal_permits_what_it_was_learned_from(
        messages in prop::collection::vec(message(), 1..80),
    ) {
        let (text, _, policy) = learn(&messages);
        let judged = judging(&policy, &messages);
        prop_assert!(!judged.decisions.is_empty());
        prop_assert!(judged.denied.is_empty(), "{:?}\n{}", judged.denied, text);
    }
}
