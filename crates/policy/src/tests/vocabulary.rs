//! The words of rules: every protocol, every operation, and what a protocol brings along.

use std::collections::{BTreeMap, BTreeSet};

use plant::{Intent, Time};
use wire::{Message, Protocol, Side, Sink, Step};

use super::{addresses, policy};
use crate::compile::CARRIERS;
use crate::{Decision, Policy, Verdict};

/// A plant in which 10.20.0.5 may say to 10.20.7.11 what `rules` permit.
pub(super) fn permitting(rules: &[&str]) -> Policy {
    let listed: Vec<_> = rules.iter().map(|rule| format!("{rule:?}")).collect();
    policy(&format!(
        r#"
        [plant]
        name = "test"
        [zone.line]
        level = 2
        networks = ["10.20.0.0/24"]
        [zone.cell]
        level = 1
        networks = ["10.20.7.0/24"]
        [[conduit]]
        name = "c"
        from = ["zone:line"]
        to = ["zone:cell"]
        allow = [{}]
        "#,
        listed.join(", ")
    ))
}

/// The verdict on a message of the one to the other.
pub(super) fn judge(policy: &Policy, message: &Message<'_>) -> Verdict {
    let [source, target] = ["10.20.0.5", "10.20.7.11"];
    let path = policy.path(policy.station(&addresses(source)), policy.station(&addresses(target)));
    policy.judge(&path, Time::from_parts(0, 0), message)
}

fn decide(policy: &Policy, message: &Message<'_>) -> Decision {
    judge(policy, message).decision()
}

#[test]
fn rules_can_name_every_protocol_and_every_operation() {
    for protocol in Protocol::all() {
        permitting(&[&format!("{protocol} observe")]);
        for operation in protocol.entry().operations.iter().copied().flatten() {
            let name = operation.name;
            let quote = if name.contains('\'') { '"' } else { '\'' };
            let policy = permitting(&[&format!("{protocol} {quote}{name}{quote}")]);
            let message = Message::new(protocol, wire::Kind::Request, operation, operation.code);
            assert_eq!(decide(&policy, &message), Decision::Permit, "{protocol} {name}");
        }
    }
}

/// Operations whose rows differ in intent: a rule with such a name permits up to the strongest.
/// Each is one operation of its protocol whose object, or direction, decides what it does; the page
/// on objects lists them.
pub(super) const GRADED: &[(&str, &str)] = &[
    ("cip", "protected typed logical masked-write with three address fields"),
    ("cip", "protected typed logical write with three address fields"),
    ("cip", "protected typed logical write with two address fields"),
    ("cip", "reset"),
    ("cip", "set attribute list"),
    ("cip", "set attribute single"),
    ("cip", "set attributes all"),
    ("cip", "start"),
    ("cip", "stop"),
    ("s7comm", "download block"),
    ("s7comm", "download ended"),
    ("smb", "create"),
    ("sparkplug-b", "ncmd"),
    ("tftp", "data"),
    ("tftp", "write request"),
];

#[test]
fn a_name_means_one_intent_but_where_its_object_decides() {
    let mut graded = BTreeSet::new();
    for protocol in Protocol::all() {
        let mut intents = BTreeMap::<_, BTreeSet<Intent>>::new();
        for row in protocol.entry().operations.iter().copied().flatten() {
            intents.entry(row.name).or_default().insert(row.intent);
        }
        let several = intents.into_iter().filter(|(_, intents)| intents.len() > 1);
        graded.extend(several.map(|(name, _)| (protocol.name(), name)));
    }
    assert_eq!(graded, GRADED.iter().copied().collect());
}

#[test]
fn what_never_begins_a_conversation_has_a_carrier() {
    for protocol in Protocol::all().filter(|one| one.entry().identify.is_none()) {
        let carriers = CARRIERS.iter().filter(|(carried, _)| *carried == protocol);
        assert!(carriers.count() > 0, "{protocol}");
    }
}

/// Judges what a dissector reads.
struct Listener<'a> {
    policy: &'a Policy,
    said: Vec<String>,
}

impl Sink for Listener<'_> {
    fn message(&mut self, message: &Message<'_>) {
        let decision = decide(self.policy, message).name();
        self.said.push(format!("{decision} {} {}", message.protocol, message.operation.name));
    }
}

/// The verdicts on what `protocol`'s dissector reads from these parts.
fn judged(rules: &[&str], protocol: Protocol, parts: &[(Side, &[u8])]) -> Vec<String> {
    let policy = permitting(rules);
    let mut session = (protocol.entry().open)();
    let mut listener = Listener { policy: &policy, said: Vec::new() };
    for (from, bytes) in parts {
        let mut rest = *bytes;
        while !rest.is_empty() {
            let Step::Read(read) = session.parse(*from, rest, &mut listener) else { break };
            rest = &rest[read.min(rest.len())..];
        }
    }
    listener.said
}

/// CONNECT of MQTT 3.1.1 as `n`, its CONNACK, NDATA of node `n` in group `p`, DISCONNECT.
const SPARKPLUG: &[(Side, &[u8])] = &[
    (Side::Client, b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01n"),
    (Side::Server, b"\x20\x02\x00\x00"),
    (Side::Client, b"\x30\x13\x00\x11spBv1.0/p/NDATA/n"),
    (Side::Client, b"\xe0\x00"),
];

#[test]
fn a_rule_for_what_is_carried_brings_the_session_of_its_carrier_along() {
    let said = judged(&["sparkplug-b observe 'p/n'"], Protocol::MQTT, SPARKPLUG);
    let expected = [
        "permit mqtt connect",
        "permit mqtt connack",
        "permit sparkplug-b ndata",
        "permit mqtt disconnect",
    ];
    assert_eq!(said, expected);
    // and no more than that: another node's data, a plain publication, the carrier by itself
    let others = judged(&["sparkplug-b observe 'p/m'"], Protocol::MQTT, SPARKPLUG);
    assert_eq!(others[2], "deny sparkplug-b ndata");
    let publish: &[_] = &[(Side::Client, b"\x30\x03\x00\x01p".as_slice())];
    assert_eq!(judged(&["sparkplug-b operate"], Protocol::MQTT, publish), ["deny mqtt publish"]);
    let carrier = judged(&["mqtt operate"], Protocol::MQTT, SPARKPLUG);
    assert_eq!(carrier[0], "permit mqtt connect");
    assert_eq!(carrier[2], "deny sparkplug-b ndata");
}

#[test]
fn a_will_is_a_publication() {
    // CONNECT with the will `cell/7/cmd`
    let connect: &[_] = &[(
        Side::Client,
        b"\x10\x1c\x00\x04MQTT\x04\x06\x00\x3c\x00\x01n\x00\x0acell/7/cmd\x00\x01x".as_slice(),
    )];
    let said = |rule: &str| judged(&[rule], Protocol::MQTT, connect);
    assert_eq!(said("mqtt observe"), ["permit mqtt connect", "deny mqtt will"]);
    assert_eq!(said("mqtt operate 'cell/8/+'")[1], "deny mqtt will");
    assert_eq!(said("mqtt operate 'cell/7/+'")[1], "permit mqtt will");
}

#[test]
fn no_name_in_a_message_makes_a_pattern_permit_more() {
    let subscribe = |filters: &[&[u8]]| {
        let mut body = vec![0, 1];
        for filter in filters {
            body.extend_from_slice(&[0, u8::try_from(filter.len()).unwrap()]);
            body.extend_from_slice(filter);
            body.push(1);
        }
        [&[0x82, u8::try_from(body.len()).unwrap()], &body[..]].concat()
    };
    let publish = |topic: &[u8]| {
        let length = u8::try_from(topic.len()).unwrap();
        [&[0x30, length + 2, 0, length], topic].concat()
    };
    let nine = [b"cell/7/a".as_slice(); 9];
    let hidden = [&nine[..], &[b"line/1"]].concat();
    for (rule, packet, expected) in [
        ("mqtt observe 'cell/7/#'", subscribe(&[b"cell/7/a", b"cell/7/b/#"]), "permit"),
        ("mqtt observe 'cell/7/#'", subscribe(&[b"cell/7/a", b"line/1"]), "deny"),
        ("mqtt observe 'cell/7/#'", subscribe(&nine), "permit"),
        ("mqtt observe 'cell/7/#'", subscribe(&hidden), "deny"),
        ("mqtt observe 'cell/7/a'", subscribe(&[b"cell/7/a"]), "permit"),
        ("mqtt observe 'cell/7/*'", subscribe(&[b"cell/7/#"]), "deny"),
        ("mqtt observe 'cell/7/a, cell/7/b'", subscribe(&[b"cell/7/a, cell/7/b"]), "deny"),
        ("mqtt operate 'cell/+'", publish(b"cell/1"), "permit"),
        // one topic of two levels and a comma, not two topics
        ("mqtt operate 'cell/+'", publish(b"cell/1, cell/2"), "deny"),
        ("mqtt operate 'cell/7/*'", publish(b"cell/7/a qos 1"), "permit"),
        ("mqtt operate 'cell/7/*'", publish(b"line, cell/7/a"), "deny"),
        ("mqtt operate 'cell/7'", publish(b"cell/7 qos 1"), "deny"),
    ] {
        let said = judged(&[rule], Protocol::MQTT, &[(Side::Client, &packet)]);
        assert!(said[0].starts_with(expected), "{rule} {:?}: {said:?}", packet.escape_ascii());
    }
}
