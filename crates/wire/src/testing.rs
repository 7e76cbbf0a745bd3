//! What every dissector's tests need: a sink that remembers, and the checks that all must pass.

use std::fmt::Write as _;

use plant::Intent;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::{Effect, Entry, Fact, Guess, Message, Piece, Probe, Side, Sink, Step, Transport};

/// One message, rendered and owned.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) protocol: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) code: u32,
    pub(crate) intent: Intent,
    pub(crate) effect: Effect,
    pub(crate) object: String,
    pub(crate) outcome: String,
    pub(crate) values: String,
    pub(crate) id: Option<u32>,
    pub(crate) unit: Option<u16>,
    pub(crate) anomalies: Vec<&'static str>,
    /// `field=value`, `role=plc`, `address=SUBJECT IP`, `login=SCHEME ACCOUNT`, `obsolete=NAME`.
    pub(crate) facts: Vec<String>,
    /// `First URScript move.script to Server, 12 bytes`, with ` at 512` where it has a place.
    pub(crate) piece: Option<String>,
}

impl Seen {
    /// `kind operation [intent] object = outcome`, without what is empty.
    pub(crate) fn line(&self) -> String {
        let mut line = format!("{} {} [{}]", self.kind, self.operation, self.intent);
        if !self.object.is_empty() {
            write!(line, " {}", self.object).unwrap();
        }
        if !self.outcome.is_empty() {
            write!(line, " = {}", self.outcome).unwrap();
        }
        line
    }
}

fn fact(fact: &Fact<'_>) -> String {
    match fact {
        Fact::Identity { field, value, .. } => format!("{}={value}", field.name()),
        Fact::Role { role, .. } => format!("role={}", role.name()),
        Fact::Address { about, ip, .. } => format!("address={about:?} {ip}"),
        Fact::Credential { scheme, account, cleartext, default } => {
            let clear = if *cleartext { " cleartext" } else { "" };
            let default = if *default { " default" } else { "" };
            format!("login={scheme} {account}{clear}{default}")
        }
        Fact::Obsolete { name } => format!("obsolete={name}"),
        Fact::Unprotected { what, .. } => format!("unprotected={what}"),
        Fact::Overreach { what } => format!("overreach={what}"),
        Fact::Expects { about, port, protocol, name, .. } => {
            let port = port.map_or("own".to_owned(), |port| port.to_string());
            format!("expects={protocol} at {about:?} {port} {name}")
        }
        Fact::Joined { what, name, commands } => {
            format!("joined={what} {name}{}", if *commands { " commands" } else { "" })
        }
    }
}

fn piece(piece: &Piece<'_>) -> String {
    let Piece { kind, name, to, bytes, part, .. } = piece;
    let at = piece.offset.map(|offset| format!(" at {offset}")).unwrap_or_default();
    format!("{part:?} {kind} {name} to {to:?}, {} bytes{at}", bytes.len())
}

/// A sink that remembers.
#[derive(Default)]
pub(crate) struct Collector(
    pub(crate) Vec<Seen>,
    pub(crate) Vec<String>,
    /// Notes, latest last.
    pub(crate) Vec<(Vec<u8>, Vec<u8>)>,
    /// Sender and receiver of what is sent.
    pub(crate) Option<[plant::Address; 2]>,
);

impl Sink for Collector {
    fn message(&mut self, message: &Message<'_>) {
        self.0.push(Seen {
            protocol: message.protocol.name(),
            kind: message.kind.name(),
            operation: message.operation.name,
            code: message.code,
            intent: message.intent,
            effect: message.effect,
            object: message.object.to_string(),
            outcome: message.outcome.to_string(),
            values: message.values.map(ToString::to_string).unwrap_or_default(),
            id: message.id,
            unit: message.unit,
            anomalies: message.anomalies.iter().map(|anomaly| anomaly.what).collect(),
            facts: message.facts.iter().map(fact).collect(),
            piece: message.piece.map(piece),
        });
    }

    fn note(&mut self, _: crate::Protocol, key: &[u8], value: &[u8]) {
        self.2.push((key.to_vec(), value.to_vec()));
    }

    fn noted(&self, _: crate::Protocol, key: &[u8]) -> Option<crate::Noted> {
        let known = self.2.iter().rfind(|(known, _)| known == key)?;
        known.1.iter().copied().collect::<crate::Noted>().into()
    }

    fn ends(&self) -> Option<[plant::Address; 2]> {
        self.3
    }

    fn piece(&mut self, _: crate::Protocol, one: &Piece<'_>) {
        self.1.push(piece(one));
    }
}

/// All messages of a new conversation in which these bytes were sent, each part to its end.
pub(crate) fn run(entry: &Entry, parts: &[(Side, &[u8])]) -> Vec<Seen> {
    let mut session = (entry.open)();
    let mut seen = Collector::default();
    for (from, bytes) in parts {
        let mut rest = *bytes;
        while !rest.is_empty() {
            match session.parse(*from, rest, &mut seen) {
                Step::Read(count) => {
                    assert!(count > 0, "a step must advance");
                    rest = rest.get(count..).unwrap_or_default();
                }
                Step::Need(count) => {
                    assert!(count > rest.len(), "needs {count} of {} at hand", rest.len());
                    break;
                }
                Step::Lost => break,
            }
        }
    }
    seen.0
}

/// All messages of several conversations, told apart by a number, that share their notes. Each part
/// is one datagram or frame.
pub(crate) fn flows(parts: &[(&Entry, u8, Side, &[u8])]) -> Vec<Seen> {
    let mut sessions = std::collections::BTreeMap::new();
    let mut seen = Collector::default();
    for (entry, flow, from, bytes) in parts {
        sessions.entry(flow).or_insert_with(entry.open).parse(*from, bytes, &mut seen);
    }
    seen.0
}

/// The pieces that pass in a new conversation without a message of their own.
pub(crate) fn pieces(entry: &Entry, parts: &[(Side, &[u8])]) -> Vec<String> {
    let mut session = (entry.open)();
    let mut seen = Collector::default();
    for (from, bytes) in parts {
        let mut rest = *bytes;
        while let Some(Step::Read(count)) =
            (!rest.is_empty()).then(|| session.parse(*from, rest, &mut seen))
        {
            rest = rest.get(count..).unwrap_or_default();
        }
    }
    seen.1
}

/// What `entry` says to the first bytes of a TCP stream whose handshake was not seen.
pub(crate) fn identify_tcp(entry: &Entry, bytes: &[u8], hinted: bool) -> Guess {
    identify(entry, Transport::Tcp, bytes, hinted)
}

/// What `entry` says to these bytes.
pub(crate) fn identify(entry: &Entry, transport: Transport, bytes: &[u8], hinted: bool) -> Guess {
    entry
        .identify
        .map_or(Guess::No, |identify| identify(&Probe { transport, bytes, hinted, from: None }))
}

/// Of a stream protocol: every proper prefix of `bytes`, one whole PDU, asks for more, never for
/// less than it has, and emits nothing.
pub(crate) fn truncations(entry: &Entry, from: Side, bytes: &[u8]) {
    for end in 1..bytes.len() {
        let mut seen = Collector::default();
        let step = (entry.open)().parse(from, &bytes[..end], &mut seen);
        assert!(
            matches!(step, Step::Need(need) if need > end && need <= bytes.len()),
            "{end} of {}: {step:?}",
            bytes.len()
        );
        assert!(seen.0.is_empty(), "a message from {end} of {} bytes", bytes.len());
    }
    let mut seen = Collector::default();
    assert_eq!((entry.open)().parse(from, bytes, &mut seen), Step::Read(bytes.len()));
    assert!(!seen.0.is_empty());
}

/// Arbitrary bytes, and `valid` with bytes changed, cut off and repeated, neither panic nor stall,
/// in either direction and for every transport that `identify` may be asked about.
pub(crate) fn never_panics(entry: &Entry, valid: &[u8]) {
    let side = prop_oneof![Just(Side::Client), Just(Side::Server)];
    let mutated = (
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        any::<prop::sample::Index>(),
    )
        .prop_map({
            let valid = valid.to_vec();
            move |(changes, cut)| {
                let mut bytes = valid.clone();
                for (place, value) in changes {
                    if let Some(byte) = bytes.get_mut(place.index(valid.len().max(1))) {
                        *byte = value;
                    }
                }
                bytes.truncate(cut.index(valid.len() + 1));
                bytes
            }
        });
    let bytes = prop_oneof![prop::collection::vec(any::<u8>(), 0..300), mutated];
    let parts = prop::collection::vec((side, bytes), 1..6);
    let config = Config { cases: 256, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&parts, |parts| {
            for (_, bytes) in parts.iter().filter(|(_, bytes)| !bytes.is_empty()) {
                for transport in
                    [Transport::Tcp, Transport::Udp, Transport::Ether(0x8892), Transport::Ip(1)]
                {
                    identify(entry, transport, bytes, true);
                    identify(entry, transport, bytes, false);
                }
            }
            let parts: Vec<_> = parts.iter().map(|(side, bytes)| (*side, &bytes[..])).collect();
            run(entry, &parts);
            Ok(())
        })
        .unwrap();
}
