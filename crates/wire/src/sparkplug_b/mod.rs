//! Sparkplug B, which travels in MQTT publications.
//!
//! ```text
//!  spBv1.0/group/TYPE/edge node[/device]    payload: Protocol Buffers
//!  spBv1.0/STATE/host                       payload: JSON (2.2: STATE/host, ONLINE or OFFLINE)
//! ```
//! A Sparkplug message takes the place of the PUBLISH that carries it; its MQTT acknowledgements
//! stay MQTT. Commands operate on whichever leg they are seen; births, data and deaths observe.
//! Names that a birth gives to aliases are not carried over to later data. Source: Eclipse
//! Sparkplug Specification 3.0.0 ("Sparkplug 3.0") clauses 4 and 6.

pub mod codes;
mod payload;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use crate::Text;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Subject};
use crate::mqtt::TopicName;
use crate::session::{Depth, Entry, Session, Side, Sink, Step};
use crate::table::{Operation, Protocol};
use payload::Payload;

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "sparkplug-b",
    title: "Sparkplug B",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Peer("mqtt-spb-wrapper"),
    hints: &[],
    operations: &[codes::TYPES, codes::NODE_CONTROL],
    identify: None,
    open: || Box::new(Carried),
};

/// Longest payload that is waited for; a birth of some hundred metrics fits.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 64 * 1024;

const TYPE: Anomaly = Anomaly::violation("topic has no known sparkplug message type");
const PAYLOAD: Anomaly = Anomaly::malformed("payload is no sparkplug payload");
const CUT: Anomaly = Anomaly::oddity("payload is too long to be read whole");

/// Sparkplug never begins a stream: MQTT hands its publications over.
struct Carried;

impl Session for Carried {
    fn parse(&mut self, _from: Side, _bytes: &[u8], _out: &mut dyn Sink) -> Step {
        Step::Lost
    }
}

/// A topic in Sparkplug's namespace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Topic<'a> {
    operation: &'static Operation,
    group: &'a [u8],
    /// Edge node with device, or the host of STATE.
    edge: &'a [u8],
}

impl<'a> Topic<'a> {
    /// Reads a topic; `None` if it is none of Sparkplug's.
    pub(crate) fn read(topic: &'a [u8]) -> Option<Self> {
        let rest = topic.strip_prefix(b"spBv1.0/")?;
        if let Some(edge) = rest.strip_prefix(b"STATE/") {
            let operation = codes::by_name(b"STATE").unwrap_or(&codes::UNLISTED);
            return Some(Self { operation, group: &[], edge });
        }
        let mut levels = rest.splitn(3, |byte| *byte == b'/');
        let (group, kind, edge) = (levels.next()?, levels.next()?, levels.next()?);
        let operation = codes::by_name(kind).unwrap_or(&codes::UNLISTED);
        Some(Self { operation, group, edge })
    }

    /// Reads the STATE topic of version 2.2, which has no namespace; the payload must be one of its
    /// two words.
    pub(crate) fn read_old_state(topic: &'a [u8], payload: &[u8]) -> Option<Self> {
        let edge = topic.strip_prefix(b"STATE/").filter(|host| !host.contains(&b'/'))?;
        let operation = codes::by_name(b"STATE").unwrap_or(&codes::UNLISTED);
        matches!(payload, b"ONLINE" | b"OFFLINE").then_some(Self { operation, group: &[], edge })
    }

    /// Hands on the publication `carrier` with this topic, whose payload of `bytes` bytes is
    /// `payload` as far as it is at hand.
    pub(crate) fn tell(
        self,
        from: Side,
        payload: &[u8],
        bytes: usize,
        carrier: &Message<'_>,
        out: &mut dyn Sink,
    ) {
        let mut anomalies: ArrayVec<Anomaly, 8> = carrier.anomalies.iter().copied().collect();
        let mut add = |is_so: bool, anomaly| {
            if is_so {
                let _ = anomalies.try_push(anomaly);
            }
        };
        let state = self.operation.name == "state";
        let read = Payload::read(payload);
        add(self.operation.code == 0, TYPE);
        add(payload.len() < bytes, CUT);
        add(!state && payload.len() == bytes && !read.whole, PAYLOAD);
        let operation = if payload.len() == bytes { self.command(read) } else { self.operation };
        let command = matches!(operation.name, "ncmd" | "dcmd");
        let text = Text::clipped(payload, 128);
        let texts = self.properties(read);
        let mut facts = ArrayVec::<Fact<'_>, 8>::new();
        if from == Side::Client && operation.name == "nbirth" {
            facts.push(Fact::Identity { about: Subject::Sender, field: Field::Name, value: &self });
            for (field, text) in &texts {
                let about = Subject::Sender;
                let _ = facts.try_push(Fact::Identity { about, field: *field, value: text });
            }
        }
        out.message(&Message {
            object: Object::Named(&self),
            values: Some(if state { &text } else { &read as &dyn fmt::Display }),
            anomalies: &anomalies,
            facts: &facts,
            id: carrier.id,
            ..Message::new(
                Protocol::SPARKPLUG_B,
                if command { Kind::Request } else { Kind::Notice },
                operation,
                operation.code,
            )
        });
    }

    /// The row of a node command by what it commands; anything beside makes it a plain one.
    fn command(self, payload: Payload<'_>) -> &'static Operation {
        if self.operation.name != "ncmd" || !payload.whole {
            return self.operation;
        }
        let names = |wanted: &[u8]| {
            let same = payload.metrics().filter(|metric| metric.name == Some(wanted)).count();
            (same > 0, same == payload.metrics().count())
        };
        match (names(b"Node Control/Reboot"), names(b"Node Control/Rebirth")) {
            ((true, _), _) => &codes::REBOOT,
            (_, (true, true)) => &codes::REBIRTH,
            _ => self.operation,
        }
    }

    /// What a node tells of its hardware and software in its birth (Sparkplug 3.0 4.2.1).
    fn properties(self, payload: Payload<'_>) -> ArrayVec<(Field, Text<'_>), 5> {
        if self.operation.name != "nbirth" {
            return ArrayVec::new();
        }
        let named = |metric: payload::Metric<'_>| match metric.name? {
            b"Properties/Hardware Make" => Some(Field::Vendor),
            b"Properties/Hardware Model" => Some(Field::Product),
            b"Properties/OS" => Some(Field::OperatingSystem),
            _ => None,
        };
        payload
            .metrics()
            .filter_map(|metric| Some((named(metric)?, Text(metric.text()?))))
            .take(5)
            .collect()
    }
}

/// `group/edge node/device`, or the host of STATE.
impl fmt::Display for Topic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.group.is_empty() {
            write!(f, "{}/", TopicName(self.group))?;
        }
        write!(f, "{}", TopicName(self.edge))
    }
}
