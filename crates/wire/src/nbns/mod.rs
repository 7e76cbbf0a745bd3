//! NetBIOS name service: names of Windows stations on UDP 137.
//!
//! ```text
//!  the header of DNS; names are 32 letters A to P, each half a byte of a name of 15 bytes and a
//!  suffix that tells what it names
//! ```
//! Sources: RFC 1001 clause 14.1, RFC 1002 clause 4.2; suffixes by MS-NBTE 1.8.

#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;
use plant::Intent;

use crate::Text;
use crate::dns::packet::Packet;
use crate::message::{Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Effect, Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "nbns",
    title: "NetBIOS name service",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Udp(137)],
    operations: &[OPCODES, OTHERS],
    identify: Some(identify),
    open: || Box::new(Nbns),
};

/// Opcodes (RFC 1002 4.2.1.1).
static OPCODES: &[Operation] = &[
    Operation::new(0, "query", Intent::Observe, "RFC 1002 4.2.12"),
    Operation::new(5, "registration", Intent::Session, "RFC 1002 4.2.2"),
    Operation::new(6, "release", Intent::Session, "RFC 1002 4.2.9"),
    Operation::new(7, "wait", Intent::Session, "RFC 1002 4.2.16"),
    Operation::new(8, "refresh", Intent::Session, "RFC 1002 4.2.4"),
];
const STATUS: &Operation =
    &Operation::new(0, "node status", Intent::Observe, "RFC 1002 4.2.17").with(Effect::Discover);
const UNLISTED: &Operation =
    &Operation::new(16, "unlisted opcode", Intent::Unknown, "RFC 1002 4.2.1.1");
static OTHERS: &[Operation] = &[*STATUS, *UNLISTED];

/// Record type of node status (RFC 1002 4.2.1.2).
const NBSTAT: u16 = 0x21;
/// Record type of names.
const NB: u16 = 0x20;
/// Bytes of a name and its suffix.
const NAME_BYTES: usize = 16;
/// Suffix of a workstation's own name (MS-NBTE 1.8).
const WORKSTATION: u8 = 0x00;
/// Flag of a name that a group shares (RFC 1002 4.2.18).
const GROUP: u16 = 0x8000;

/// One conversation; nothing needs to be kept.
struct Nbns;

impl Session for Nbns {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let Some(packet) = Packet::read(bytes) else { return Step::Lost };
        let Some(name) = asked(&packet) else { return Step::Lost };
        let kind = if packet.is_response() { Kind::Response } else { Kind::Request };
        let told = told(&packet, &name);
        let facts: ArrayVec<Fact<'_>, 1> = told
            .iter()
            .map(|name| Fact::Identity {
                about: Subject::Sender,
                field: Field::Hostname,
                value: name as &Text<'_>,
            })
            .collect();
        let code = packet.response_code();
        let outcome = Outcome::from_code(code.into(), error(code));
        out.message(&Message {
            object: Object::Named(&name),
            outcome: if packet.is_response() { outcome } else { Outcome::Open },
            facts: &facts,
            ..Message::new(Protocol::NBNS, kind, operation(&packet), packet.opcode().into())
                .with_id(packet.id.into())
        });
        Step::Read(bytes.len())
    }
}

/// A name with its suffix.
struct Name([u8; NAME_BYTES]);

impl Name {
    fn decode(label: &[u8]) -> Option<Self> {
        let mut name = [0; NAME_BYTES];
        let (pairs, rest) = label.as_chunks::<2>();
        if pairs.len() != NAME_BYTES || !rest.is_empty() {
            return None;
        }
        let half = |letter: u8| letter.checked_sub(b'A').filter(|half| *half < 16);
        for (byte, [high, low]) in name.iter_mut().zip(pairs) {
            *byte = half(*high)? << 4 | half(*low)?;
        }
        Some(Self(name))
    }

    fn text(&self) -> Text<'_> {
        let [text @ .., _suffix] = &self.0;
        Text::trimmed(text)
    }

    const fn suffix(&self) -> u8 {
        let [.., suffix] = self.0;
        suffix
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}<{:02x}>", self.text(), self.suffix())
    }
}

/// The name that the message is about: of its question, or of its first record.
fn asked(packet: &Packet<'_>) -> Option<Name> {
    let head = packet
        .questions()
        .next()
        .or_else(|| packet.answers().next().map(|record| record.head))
        .filter(|head| matches!(head.kind, NB | NBSTAT))?;
    Name::decode(head.name.labels().next()?)
}

/// The name that the sender says it has: it registers it, or lists it in its node status.
fn told<'a>(packet: &Packet<'a>, asked: &'a Name) -> Option<Text<'a>> {
    let own = matches!(packet.opcode(), 5 | 8) && !packet.is_response();
    if own && asked.suffix() == WORKSTATION {
        let group = packet.records().last().and_then(|record| record.data().be16());
        return group.is_none_or(|flags| flags & GROUP == 0).then(|| asked.text());
    }
    let record = packet.answers().find(|record| record.head.kind == NBSTAT)?;
    let mut data = record.data();
    for _ in 0..data.u8()? {
        let (name, flags) = (data.take(NAME_BYTES)?, data.be16()?);
        let (suffix, text) = name.split_last()?;
        if *suffix == WORKSTATION && flags & GROUP == 0 {
            return Some(Text::trimmed(text));
        }
    }
    None
}

fn operation(packet: &Packet<'_>) -> &'static Operation {
    let status = |kind| kind == NBSTAT;
    let asks = packet.questions().any(|question| status(question.kind));
    if asks || packet.answers().any(|record| status(record.head.kind)) {
        return STATUS;
    }
    Operation::find(OPCODES, packet.opcode().into()).unwrap_or(UNLISTED)
}

/// Name of a result code (RFC 1002 4.2.6); empty if unlisted.
const fn error(code: u16) -> &'static str {
    match code {
        1 => "format error",
        2 => "server failure",
        3 => "name does not exist",
        4 => "unsupported request",
        5 => "refused",
        6 => "active",
        7 => "in conflict",
        _ => "",
    }
}

/// Names in this encoding are beyond doubt.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Udp {
        return Guess::No;
    }
    match Packet::read(probe.bytes).filter(|packet| asked(packet).is_some()) {
        Some(packet) if packet.is_response() => Guess::Yes(Some(Side::Server)),
        Some(_) => Guess::Yes(Some(Side::Client)),
        None => Guess::No,
    }
}
