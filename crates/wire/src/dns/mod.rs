//! DNS over UDP and TCP; multicast DNS and LLMNR share all but their rows.
//!
//! Queries and answers by name, and the names that stations have: of private addresses in the
//! answers of a server, and what a station says of itself by multicast. Over TCP each message has
//! its length (2 bytes) before it. The map of bytes is in `packet.rs`. Sources: RFC 1035, RFC 6895,
//! RFC 6762, RFC 6763, RFC 4795.

pub mod codes;
pub(crate) mod packet;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use arrayvec::ArrayVec;

use self::packet::{Answers, HEADER_BYTES, Name, Packet, Record};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "dns",
    title: "DNS",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Udp(53), Hint::Tcp(53)],
    operations: &[codes::OPCODES, codes::OTHERS],
    identify: Some(identify),
    open: || Box::new(Dns::new(Flavour::Server)),
};

/// Queries kept to know which responses were asked for.
const QUERIES_MAX: usize = 16;
/// Most questions of one message; multicast DNS asks for many at once.
const QUESTIONS_MAX: u16 = 128;
/// Facts of one response.
const FACTS_MAX: usize = 8;

const BROKEN_NAME: Anomaly = Anomaly::malformed("a name has no end");

/// Which of the protocols that share the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// A server is asked.
    Server,
    /// All on the segment are asked, on port 5353.
    Multicast,
    /// All on the segment are asked, on port 5355.
    LinkLocal,
}

/// What carries the messages; the first bytes show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carrier {
    Unknown,
    Datagrams,
    Stream,
}

/// One conversation.
pub(crate) struct Dns {
    flavour: Flavour,
    carrier: Carrier,
    asked: Pending<u16, (), QUERIES_MAX>,
}

impl Dns {
    pub(crate) const fn new(flavour: Flavour) -> Self {
        Self { flavour, carrier: Carrier::Unknown, asked: Pending::new() }
    }
}

impl Session for Dns {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if self.carrier == Carrier::Unknown {
            let datagram = Packet::read(bytes).is_some_and(|packet| is_plausible(&packet));
            self.carrier = if datagram { Carrier::Datagrams } else { Carrier::Stream };
        }
        let (prefix, message) = match self.carrier {
            Carrier::Datagrams | Carrier::Unknown => (0, bytes),
            Carrier::Stream => {
                let mut reader = Reader::new(bytes);
                let Some(length) = reader.be16() else { return Step::Need(2 + HEADER_BYTES) };
                let whole = 2 + usize::from(length);
                let Some(message) = reader.take(length.into()) else { return Step::Need(whole) };
                (2, message)
            }
        };
        let Some(packet) = Packet::read(message).filter(is_plausible) else { return Step::Lost };
        self.message(&packet, out);
        Step::Read(prefix + message.len())
    }
}

impl Dns {
    fn message(&mut self, packet: &Packet<'_>, out: &mut dyn Sink) {
        let protocol = match self.flavour {
            Flavour::Server => Protocol::DNS,
            Flavour::Multicast => Protocol::MDNS,
            Flavour::LinkLocal => Protocol::LLMNR,
        };
        let question = packet.questions().next();
        let first = packet.answers().next().map(|record| record.head);
        let object = question.as_ref().or(first.as_ref());
        let mut anomalies = anomalies(packet);
        let told = if packet.is_response() { self.told(packet) } else { ArrayVec::new() };
        let mut facts = ArrayVec::new();
        if packet.is_response() {
            let unasked = self.asked.take(&packet.id).is_none();
            if unasked && self.flavour == Flavour::Server {
                anomalies.push(Anomaly::UNASKED);
            }
            self.facts(&told, &mut facts);
        } else {
            self.asked.insert(packet.id, ());
        }
        let code = packet.response_code();
        let outcome = Outcome::from_code(code.into(), codes::response(code));
        let kind = if packet.is_response() { Kind::Response } else { Kind::Request };
        let answers = Answers(*packet);
        out.message(&Message {
            object: object.map_or(Object::Nothing, |question| Object::Named(question)),
            outcome: if packet.is_response() { outcome } else { Outcome::Open },
            values: packet.answers().next().map(|_| &answers as &dyn std::fmt::Display),
            anomalies: &anomalies,
            facts: &facts,
            ..Message::new(protocol, kind, operation(packet), packet.opcode().into())
                .with_id(packet.id.into())
        });
    }

    /// What the records of a response tell of stations.
    fn told<'a>(&self, packet: &Packet<'a>) -> ArrayVec<Told<'a>, FACTS_MAX> {
        let mut told = ArrayVec::new();
        if self.flavour == Flavour::Server {
            let named = packet.answers().filter_map(|record| named(packet, &record));
            told.extend(named.take(FACTS_MAX));
        } else {
            let own = packet.records().filter_map(|record| own(&record));
            told.extend(own.take(FACTS_MAX));
        }
        told
    }

    fn facts<'a>(&self, told: &'a [Told<'_>], facts: &mut ArrayVec<Fact<'a>, { FACTS_MAX + 1 }>) {
        facts.extend(told.iter().map(|told| Fact::Identity {
            about: told.about,
            field: told.field,
            value: &told.value,
        }));
        if self.flavour == Flavour::Server {
            let reason = "answers DNS queries";
            facts.push(Fact::Role { about: Subject::Sender, role: Role::Server, reason });
        }
    }
}

/// One thing that a record tells.
struct Told<'a> {
    about: Subject,
    field: Field,
    value: Value<'a>,
}

enum Value<'a> {
    Name(Name<'a>),
    Text(Text<'a>),
}

impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// The name of a private address, from its record or from the reverse tree. Names of the internet
/// are no names of stations here.
fn named<'a>(packet: &Packet<'a>, record: &Record<'a>) -> Option<Told<'a>> {
    let (ip, name) = match record.head.kind {
        codes::A | codes::AAAA => {
            let asked = packet.questions().next()?.name;
            (record.address()?, asked)
        }
        codes::PTR => (record.head.name.reverse()?, record.target()?),
        _ => return None,
    };
    let value = Value::Name(name);
    is_private(ip).then_some(Told { about: Subject::Ip(ip), field: Field::Hostname, value })
}

/// What a station says of itself by multicast (RFC 6762 5.4, RFC 6763 4.1; `_device-info` by
/// common use).
fn own<'a>(record: &Record<'a>) -> Option<Told<'a>> {
    let (field, value) = match record.head.kind {
        codes::A | codes::AAAA => (Field::Hostname, Value::Name(record.head.name)),
        codes::SRV => (Field::Name, Value::Text(Text(record.head.name.labels().next()?))),
        codes::TXT if record.head.name.labels().nth(1) == Some(b"_device-info") => {
            let model = record.strings().find_map(|text| text.strip_prefix(b"model="))?;
            (Field::Product, Value::Text(Text(model)))
        }
        _ => return None,
    };
    Some(Told { about: Subject::Sender, field, value })
}

const fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

fn operation(packet: &Packet<'_>) -> &'static Operation {
    let transfer =
        packet.questions().next().is_some_and(|question| codes::TRANSFERS.contains(&question.kind));
    match packet.opcode() {
        0 if transfer => codes::TRANSFER,
        opcode => Operation::find(codes::OPCODES, opcode.into()).unwrap_or(codes::UNLISTED),
    }
}

fn anomalies(packet: &Packet<'_>) -> ArrayVec<Anomaly, 4> {
    let mut anomalies = ArrayVec::new();
    match packet.rest() {
        None if !packet.is_cut() => anomalies.push(Anomaly::TRUNCATED),
        Some(rest) if rest.iter().any(|byte| *byte != 0) => anomalies.push(Anomaly::TRAILING),
        None | Some(_) => {}
    }
    if packet.questions().any(|question| !question.name.is_whole()) {
        anomalies.push(BROKEN_NAME);
    }
    anomalies
}

/// Whether a header can be one, and its questions are as many as it says.
fn is_plausible(packet: &Packet<'_>) -> bool {
    let [questions, answers, ..] = packet.counts;
    packet.opcode() <= 6
        && questions <= QUESTIONS_MAX
        && (questions > 0 || answers > 0 || packet.is_response())
        && (packet.is_response() || packet.response_code() == 0)
        && packet.questions().count() == usize::from(questions)
}

/// Without a hint, a message must be one ordinary query or answer to its last byte.
fn is_certain(packet: &Packet<'_>) -> bool {
    let [questions, answers, authorities, additionals] = packet.counts;
    let ordinary = packet.questions().all(|question| {
        matches!(question.class, 1 | 255)
            && !codes::record_type(question.kind).is_empty()
            && question.name.is_whole()
    });
    let sections = if packet.is_response() {
        answers <= 64 && authorities <= 64 && additionals <= 64
    } else {
        answers == 0 && authorities == 0 && additionals <= 2
    };
    is_plausible(packet)
        && packet.opcode() == 0
        && packet.flags & 0x0040 == 0 // reserved (RFC 6895 2.1)
        && questions == 1
        && sections
        && ordinary
        && packet.rest().is_some_and(<[u8]>::is_empty)
}

fn identify(probe: &Probe<'_>) -> Guess {
    let message = match probe.transport {
        Transport::Udp => probe.bytes,
        Transport::Tcp => {
            let mut reader = Reader::new(probe.bytes);
            let Some(length) = reader.be16() else {
                return if probe.hinted { Guess::More } else { Guess::No };
            };
            match reader.take(length.into()) {
                Some(message) => message,
                None if probe.hinted
                    && usize::from(length) > HEADER_BYTES
                    && reader.len() < HEADER_BYTES =>
                {
                    return Guess::More;
                }
                None if probe.hinted => reader.rest(),
                None => return Guess::No,
            }
        }
        Transport::Ether(_) | Transport::Ip(_) => return Guess::No,
    };
    let Some(packet) = Packet::read(message) else { return Guess::No };
    let found = if probe.hinted { is_plausible(&packet) } else { is_certain(&packet) };
    let side = if packet.is_response() { Side::Server } else { Side::Client };
    if found { Guess::Yes(Some(side)) } else { Guess::No }
}

/// Rows whose conversations have no port of a server: only a hint may name them.
pub(crate) fn identify_hinted(probe: &Probe<'_>) -> Guess {
    if probe.hinted && probe.transport == Transport::Udp { identify(probe) } else { Guess::No }
}
