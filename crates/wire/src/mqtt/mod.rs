//! MQTT 3.1, 3.1.1 and 5.
//!
//! ```text
//!  +-----------+------------------+-----------------+---------+
//!  | type|flags| remaining length | variable header | payload |   lengths of strings big endian
//!  +-----------+------------------+-----------------+---------+
//!       1 byte   1..4 bytes of 7 bits, least significant first
//! ```
//! Responses name the packet that they answer by its identifier only, so its topics wait in
//! [`Pending`]. Of a PUBLISH the topic and the first bytes of the payload are read; the rest is
//! passed over, except for Sparkplug, whose payload is read by `sparkplug_b`. MQTT over WebSocket
//! and MQTT-SN are not read here. Sources: OASIS MQTT Version 5.0 ("MQTT 5"), Version 3.1.1
//! ("MQTT 3.1.1"); MQTT V3.1 Protocol Specification (IBM, Eurotech).

pub mod codes;
mod connect;
mod identify;
mod packet;
mod publish;
mod subscribe;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write as _};

use arrayvec::ArrayString;

use crate::message::{Anomaly, Kind, Message, Object, Outcome};
use crate::session::{Depth, Entry, Hint, Session, Side, Sink, Step};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader, Text};
use identify::Shape;
use packet::Fixed;
pub(crate) use packet::TopicName;

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "mqtt",
    title: "MQTT",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(1883)],
    operations: &[codes::PACKETS, codes::PARTS],
    identify: Some(identify::identify),
    open: || Box::<Mqtt>::default(),
};

/// Packets whose acknowledgement is awaited: paho and mosquitto have at most 20 under way unless
/// they are told otherwise. Of what is pushed out only the topic is missing.
const WAITING_MAX: usize = 24;
/// Longest topic, or list of filters, that an acknowledgement repeats.
const TOPIC_BYTES_MAX: usize = 192;
/// Longest packet other than PUBLISH that is read: beyond it only its type is told.
const PACKET_BYTES_MAX: usize = 64 * 1024;
/// The level of version 5 in CONNECT (MQTT 5 3.1.2.2).
const LEVEL_5: u8 = 5;

const BROKEN: Anomaly = Anomaly::malformed("packet does not have the form of its type");
const FLAGS: Anomaly = Anomaly::violation("flags are not those of the packet type");
const TYPE: Anomaly = Anomaly::violation("packet type is reserved");
const LONG: Anomaly = Anomaly::oddity("packet is too long to be read");
const DIRECTION: Anomaly = Anomaly::violation("packet type is not for this direction");
const NO_ID: Anomaly = Anomaly::violation("packet identifier is 0");

/// What a packet that waits for its acknowledgement was about.
type Topic = ArrayString<TOPIC_BYTES_MAX>;

/// One MQTT connection.
#[derive(Default)]
struct Mqtt {
    /// Protocol level of CONNECT: 3, 4 or 5; 0 while unknown, which is read as 4.
    level: u8,
    /// A CONNECT was seen that no DISCONNECT has followed.
    connected: bool,
    /// A CONNECT was seen that no CONNACK has followed; a client may leave before it comes.
    asked: bool,
    /// The CONNECT that was asked last named no user and no authentication method.
    anonymous: bool,
    /// The client's identifier as far as it fits, for CONNACK.
    client: Topic,
    /// Per side, whether the next bytes begin a packet for sure.
    aligned: [bool; 2],
    aliases: [publish::Aliases; 2],
    /// Topics of packets by the side that sent them and their identifier.
    waiting: Pending<(Side, u16), Topic, WAITING_MAX>,
}

impl Session for Mqtt {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let fixed = match Fixed::read(bytes) {
            Ok(Some(fixed)) => fixed,
            Ok(None) => return Step::Need(2.max(bytes.len() + 1)),
            Err(()) => return Step::Lost,
        };
        let aligned = self.aligned.get(from.index()).copied().unwrap_or(false);
        let sure = aligned
            || match identify::shape(bytes, fixed) {
                Shape::Foreign => return Step::Lost,
                Shape::Certain | Shape::Fitting => true,
                Shape::Part => false,
            };
        if let Some(aligned) = self.aligned.get_mut(from.index()) {
            *aligned = sure;
        }
        if fixed.kind == codes::PUBLISH {
            return self.publish(from, bytes, fixed, out);
        }
        if fixed.bytes > PACKET_BYTES_MAX {
            emit_bare(from, fixed, LONG, out);
            return Step::Read(fixed.bytes);
        }
        let Some(body) = bytes.get(fixed.head..fixed.bytes) else {
            return Step::Need(fixed.bytes);
        };
        if self.packet(from, fixed, Reader::new(body), out).is_none() {
            let anomaly = if fixed.kind == 0 { TYPE } else { BROKEN };
            emit_bare(from, fixed, anomaly, out);
        }
        Step::Read(fixed.bytes)
    }

    fn gap(&mut self, from: Side) {
        if let Some(aligned) = self.aligned.get_mut(from.index()) {
            *aligned = false;
        }
        self.waiting.clear();
    }

    fn held_bytes(&self) -> usize {
        self.aliases.iter().map(publish::Aliases::held_bytes).sum()
    }
}

impl Mqtt {
    /// Reads a packet that is whole; `None` if it is not what its type demands.
    fn packet(
        &mut self,
        from: Side,
        fixed: Fixed,
        body: Reader<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        match fixed.kind {
            codes::CONNECT => self.connect(from, fixed, body, out),
            codes::CONNACK => self.connack(from, fixed, body, out),
            codes::PUBACK | codes::PUBREC | codes::PUBREL | codes::PUBCOMP => {
                self.acknowledge(from, fixed, body, out)
            }
            codes::SUBSCRIBE | codes::UNSUBSCRIBE => self.subscribe(from, fixed, body, out),
            codes::SUBACK | codes::UNSUBACK => self.granted(from, fixed, body, out),
            codes::PINGREQ | codes::PINGRESP => {
                let trailing: &[Anomaly] =
                    if body.is_empty() { wrong(from, fixed) } else { &[Anomaly::TRAILING] };
                out.message(&base(from, fixed).with_anomalies(trailing));
                Some(())
            }
            codes::DISCONNECT | codes::AUTH => self.leave(from, fixed, body, out),
            _ => None,
        }
    }

    /// PUBACK, PUBREC, PUBREL, PUBCOMP.
    fn acknowledge(
        &mut self,
        from: Side,
        fixed: Fixed,
        mut body: Reader<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        let id = body.be16()?;
        if !body.is_empty() {
            self.level = LEVEL_5;
        }
        let ended = Ended::read(&mut body, self.level)?;
        // PUBREL comes from the one who published, the others from the one who was told
        let publisher = if fixed.kind == codes::PUBREL { from } else { from.other() };
        let topic = self.waiting.take(&(publisher, id));
        let goes_on = match fixed.kind {
            codes::PUBREC => ended.code < codes::FAILURE,
            codes::PUBREL => true,
            _ => false,
        };
        if let (true, Some(topic)) = (goes_on, topic) {
            self.waiting.insert((publisher, id), topic);
        }
        let anomalies = match (topic, wrong(from, fixed)) {
            (_, wrong @ [_, ..]) => wrong,
            (None, []) if fixed.kind != codes::PUBREL && !self.waiting.spilled() => {
                &[Anomaly::UNASKED]
            }
            (_, []) => &[],
        };
        let named = topic.as_ref().map(|topic| Text(topic.as_bytes()));
        out.message(&Message {
            object: named.as_ref().map_or(Object::Nothing, |topic| Object::Named(topic)),
            outcome: if fixed.kind == codes::PUBREL { Outcome::Open } else { ended.outcome() },
            id: Some(id.into()),
            values: ended.said.as_ref().map(|said| said as &dyn fmt::Display),
            anomalies,
            ..base(from, fixed)
        });
        Some(())
    }

    /// DISCONNECT and AUTH, which carry a reason in version 5.
    fn leave(
        &mut self,
        from: Side,
        fixed: Fixed,
        mut body: Reader<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        let level = if body.is_empty() { self.level } else { LEVEL_5 };
        let ended = Ended::read(&mut body, level)?;
        if fixed.kind == codes::DISCONNECT {
            self.connected = false;
        }
        let tells = ended.code >= codes::FAILURE || from == Side::Server;
        out.message(&Message {
            outcome: if tells { ended.outcome() } else { Outcome::Open },
            values: ended.said.as_ref().map(|said| said as &dyn fmt::Display),
            anomalies: wrong(from, fixed),
            ..base(from, fixed)
        });
        Some(())
    }

    /// `object` awaits the acknowledgement of packet `id`; one that is too long is not repeated.
    fn await_answer(&mut self, from: Side, id: u16, object: &dyn fmt::Display) {
        let mut topic = Topic::new();
        if write!(topic, "{object}").is_err() {
            topic.clear();
        }
        self.waiting.insert((from, id), topic);
    }
}

/// How something ended: reason code and reason string of version 5; success where none stands.
struct Ended<'a> {
    code: u8,
    said: Option<Text<'a>>,
}

impl<'a> Ended<'a> {
    /// Reads to the end of the packet; `None` if that does not work out.
    fn read(body: &mut Reader<'a>, level: u8) -> Option<Self> {
        if body.is_empty() {
            return Some(Self { code: 0, said: None });
        }
        if level < LEVEL_5 {
            return None;
        }
        let code = body.u8()?;
        // the property length may be left out (MQTT 5 3.4.2.2.1)
        let said = if body.is_empty() { None } else { packet::properties(body)?.reason };
        body.is_empty().then_some(Self { code, said: said.map(Text) })
    }

    fn outcome(&self) -> Outcome {
        outcome(self.code)
    }
}

/// The outcome of a reason code of version 5.
fn outcome(code: u8) -> Outcome {
    if code < codes::FAILURE {
        Outcome::Ok
    } else {
        Outcome::Error { code: code.into(), name: codes::reason(code) }
    }
}

/// What every message of a packet type has.
fn base(from: Side, fixed: Fixed) -> Message<'static> {
    let kind = match (fixed.kind, from) {
        (codes::PUBLISH | codes::DISCONNECT, Side::Server) => Kind::Notice,
        (codes::AUTH, Side::Server) => Kind::Response,
        (
            codes::CONNACK
            | codes::PUBACK
            | codes::PUBREC
            | codes::PUBCOMP
            | codes::SUBACK
            | codes::UNSUBACK
            | codes::PINGRESP,
            _,
        ) => Kind::Response,
        _ => Kind::Request,
    };
    let row = Operation::find(codes::PACKETS, fixed.kind.into()).unwrap_or(&codes::RESERVED);
    Message::new(Protocol::MQTT, kind, row, fixed.kind.into())
}

/// A message of which only the packet type can be told.
fn emit_bare(from: Side, fixed: Fixed, anomaly: Anomaly, out: &mut dyn Sink) {
    out.message(&base(from, fixed).with_anomalies(&[anomaly]));
}

/// What is wrong with the first byte, where only one thing is told.
fn wrong(from: Side, fixed: Fixed) -> &'static [Anomaly] {
    let client = matches!(
        fixed.kind,
        codes::CONNECT | codes::SUBSCRIBE | codes::UNSUBSCRIBE | codes::PINGREQ
    );
    let server =
        matches!(fixed.kind, codes::CONNACK | codes::SUBACK | codes::UNSUBACK | codes::PINGRESP);
    match from {
        _ if !fixed.flags_valid() => &[FLAGS],
        Side::Client if server => &[DIRECTION],
        Side::Server if client => &[DIRECTION],
        Side::Client | Side::Server => &[],
    }
}
