//! SNMP versions 1, 2c and 3 over UDP.
//!
//! Requests, responses and traps of all versions, with their objects and values; what SNMPv3
//! encrypts is of unknown intent. The community is a password in the clear: it is compared with
//! the shipped ones, and shown only if it is one of them. The map of bytes is in `pdu.rs`.
//! Sources: RFC 1157, RFC 1901, RFC 3412, RFC 3414, RFC 3416, RFC 3418.

pub mod codes;
mod pdu;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use self::pdu::{Content, Objects, Packet, Pdu};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "snmp",
    title: "SNMP",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Udp(161), Hint::Udp(162)],
    operations: &[codes::PDUS, codes::OTHERS],
    identify: Some(identify),
    open: || Box::<Snmp>::default(),
};

/// Requests kept for pairing; managers keep few open to one agent.
const REQUESTS_MAX: usize = 8;
/// Identity facts of one response.
const IDENTITIES_MAX: usize = 6;

const NO_PDU: Anomaly = Anomaly::malformed("no pdu behind the community or user");

/// One conversation.
#[derive(Default)]
struct Snmp {
    asked: Pending<u32, &'static Operation, REQUESTS_MAX>,
}

impl Session for Snmp {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let Some(packet) = Packet::read(bytes) else { return Step::Lost };
        let kind = if from == Side::Client { Kind::Request } else { Kind::Response };
        match &packet.content {
            Content::Clear(pdu) if pdu.kind == codes::PDU_RESPONSE => {
                self.response(&packet, pdu, out);
            }
            Content::Clear(pdu) => self.request(&packet, pdu, out),
            Content::Encrypted => {
                let user = User(Text(packet.principal));
                let message = Message::new(Protocol::SNMP, kind, codes::ENCRYPTED, 256);
                out.message(&Message { values: Some(&user), ..message });
            }
            Content::Broken => {
                let message = Message::new(Protocol::SNMP, kind, codes::UNLISTED, 257);
                out.message(&message.with_anomalies(&[NO_PDU]));
            }
        }
        Step::Read(bytes.len())
    }
}

impl Snmp {
    fn request(&mut self, packet: &Packet<'_>, pdu: &Pdu<'_>, out: &mut dyn Sink) {
        let operation = operation(pdu);
        let kind = match pdu.kind {
            codes::PDU_TRAP_V1 | 7 | 8 => Kind::Notice,
            _ => Kind::Request,
        };
        if kind == Kind::Request {
            self.asked.insert(pdu.id, operation);
        }
        let login = Login { version: packet.version, principal: packet.principal };
        let values = matches!(pdu.kind, codes::PDU_SET | codes::PDU_TRAP_V1 | 6 | 7);
        let credential = login.fact();
        let objects = Objects(pdu.bindings);
        out.message(&Message {
            values: values.then_some(&pdu.bindings as &dyn fmt::Display),
            anomalies: &anomalies(packet, pdu),
            facts: credential.as_slice(),
            ..base(kind, operation, pdu, &objects)
        });
    }

    fn response(&mut self, packet: &Packet<'_>, pdu: &Pdu<'_>, out: &mut dyn Sink) {
        let asked = self.asked.take(&pdu.id);
        let operation = asked.unwrap_or(codes::RESPONSE);
        let mut anomalies = anomalies(packet, pdu);
        if asked.is_none() {
            let _ = anomalies.try_push(Anomaly::UNASKED);
        }
        let told: ArrayVec<(Field, Text<'_>), IDENTITIES_MAX> = pdu
            .bindings
            .filter(|binding| pdu.status == 0 && binding.value.is_text())
            .filter_map(|binding| {
                Some((codes::identity(binding.object)?, Text::trimmed(binding.value.body)))
            })
            .take(IDENTITIES_MAX)
            .collect();
        let about = Subject::Sender;
        let facts: ArrayVec<Fact<'_>, IDENTITIES_MAX> = told
            .iter()
            .map(|(field, text)| Fact::Identity { about, field: *field, value: text as &Text<'_> })
            .collect();
        let objects = Objects(pdu.bindings);
        out.message(&Message {
            outcome: Outcome::from_code(pdu.status, codes::error(pdu.status)),
            values: Some(&pdu.bindings),
            anomalies: &anomalies,
            facts: &facts,
            ..base(Kind::Response, operation, pdu, &objects)
        });
    }
}

fn base<'a>(
    kind: Kind,
    operation: &'static Operation,
    pdu: &Pdu<'_>,
    objects: &'a Objects<'_>,
) -> Message<'a> {
    let named = { pdu.bindings }.next().is_some();
    let object = if named { Object::Named(objects) } else { Object::Nothing };
    let message = Message::new(Protocol::SNMP, kind, operation, pdu.kind.into()).on(object);
    if pdu.kind == codes::PDU_TRAP_V1 { message } else { message.with_id(pdu.id) }
}

fn operation(pdu: &Pdu<'_>) -> &'static Operation {
    if pdu.kind == codes::PDU_SET {
        let mut bindings = pdu.bindings;
        if { pdu.bindings }.any(|binding| binding.object == codes::SYS_NAME) {
            return codes::SET_NAME;
        }
        let own =
            |object: &[u8]| object.starts_with(codes::MIB_2) || object.starts_with(codes::SNMP_V2);
        if bindings.any(|binding| own(binding.object)) {
            return codes::CONFIGURE;
        }
    }
    Operation::find(codes::PDUS, pdu.kind.into()).unwrap_or(codes::UNLISTED)
}

fn anomalies(packet: &Packet<'_>, pdu: &Pdu<'_>) -> ArrayVec<Anomaly, 4> {
    let mut anomalies = ArrayVec::new();
    if pdu.truncated {
        anomalies.push(Anomaly::TRUNCATED);
    }
    if packet.trailing {
        anomalies.push(Anomaly::TRAILING);
    }
    anomalies
}

/// The community or user of a request.
struct Login<'a> {
    version: u8,
    principal: &'a [u8],
}

impl Login<'_> {
    /// `None` for the discovery of SNMPv3, which has no user yet (RFC 3414 4).
    fn fact(&self) -> Option<Fact<'_>> {
        let cleartext = self.version < 3;
        let scheme = if cleartext { "SNMP community" } else { "SNMPv3 user" };
        let default = self.is_default();
        let known = cleartext || !self.principal.is_empty();
        known.then_some(Fact::Credential { scheme, account: self, cleartext, default })
    }

    /// Communities that makers ship.
    fn is_default(&self) -> bool {
        let shipped = matches!(self.principal, b"public" | b"private" | b"admin" | b"snmp");
        self.version < 3 && shipped
    }
}

impl fmt::Display for Login<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.version == 3 || self.is_default();
        if shown { Text(self.principal).fmt(f) } else { f.write_str("(not shown)") }
    }
}

/// The user of an encrypted PDU.
struct User<'a>(Text<'a>);

impl fmt::Display for User<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "user {}", self.0)
    }
}

/// A whole message whose parts fit into each other is beyond doubt, on any port.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Udp {
        return Guess::No;
    }
    let Some(packet) = Packet::read(probe.bytes) else { return Guess::No };
    match packet.content {
        Content::Clear(pdu) if matches!(pdu.kind, codes::PDU_RESPONSE | 8) => {
            Guess::Yes(Some(Side::Server))
        }
        Content::Clear(_) => Guess::Yes(Some(Side::Client)),
        Content::Encrypted => Guess::Yes(None),
        Content::Broken if probe.hinted => Guess::Yes(None),
        Content::Broken => Guess::No,
    }
}
