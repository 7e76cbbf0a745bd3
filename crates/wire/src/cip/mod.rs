//! CIP, the Common Industrial Protocol: explicit messages to the objects of a device.
//!
//! ```text
//!  request    service(1) path words(1) path data...
//!  response   service|0x80(1) 0(1) status(1) extended words(1) extended status data...
//! ```
//! Travels inside EtherNet/IP, whose session calls [`Explicit`]. Messages that carry others
//! (Multiple Service Packet, Unconnected Send, Execute PCCC) are emitted, and after them what they
//! carry. What touches safety is emitted as `cip-safety`. I/O data is not read here. Little endian.
//! Sources: CIP Networks Library Volume 1 chapters 2 and 3, appendices A to C; 1756-PM020;
//! 1770-6.5.16.

pub mod codes;
pub(crate) mod cyclic;
mod file;
pub(crate) mod identity;
mod open;
mod pairing;
mod path;
mod pccc;
pub mod pccc_codes;
mod request;
mod response;
mod status;
#[cfg(test)]
pub(crate) mod tests;
mod values;

use std::fmt;

use arrayvec::ArrayVec;

use crate::message::{Anomaly, Kind, Message, Object};
use crate::session::{Depth, Entry, Session, Side, Sink, Step};
use crate::table::Protocol;
pub(crate) use pairing::Carrier;
use pairing::Requests;
use path::Target;
use request::{Request, SafetyConnections, service};
pub(crate) use values::hex;

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "cip",
    title: "Common Industrial Protocol (CIP)",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[],
    operations: codes::ALL,
    identify: None,
    open: || Box::new(Bare(Explicit::new())),
};

/// Messages inside messages inside messages that are followed: an Unconnected Send, a Multiple
/// Service Packet in it, and an Execute PCCC in that.
const DEPTH_MAX: u8 = 4;

const PATH: Anomaly = Anomaly::malformed("path cannot be read");
const INNER: Anomaly = Anomaly::malformed("offset leads to no message");
const NESTED: Anomaly = Anomaly::violation("messages inside messages too deep");
const OTHER_SERVICE: Anomaly =
    Anomaly::malformed("response is of another service than its request");

/// Explicit messages of one conversation.
pub(crate) struct Explicit {
    requests: Requests,
    safety: SafetyConnections,
}

/// What a message inherits from what carries it.
#[derive(Clone, Copy)]
struct Frame {
    id: u32,
    slot: Option<u16>,
    depth: u8,
}

impl Frame {
    const fn inner(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

impl Explicit {
    /// Nothing was seen yet.
    pub(crate) const fn new() -> Self {
        Self { requests: Requests::new(), safety: SafetyConnections::new() }
    }

    /// Reads one message.
    pub(crate) fn read(&mut self, carrier: Carrier, bytes: &[u8], out: &mut dyn Sink) {
        let id = carrier.id();
        if is_response(bytes) {
            let (asked, slot) = self.requests.take(carrier).unzip();
            let frame = Frame { id, slot: slot.flatten(), depth: 0 };
            if let Some(connection) = response::emit(frame, asked, bytes, &mut self.safety, out) {
                self.requests.connect(connection);
            }
        } else {
            let slot = self.requests.insert(carrier, bytes);
            emit(Frame { id, slot, depth: 0 }, bytes, &mut self.safety, out);
        }
    }

    /// Bytes were lost.
    pub(crate) fn gap(&mut self) {
        self.requests.forget();
    }
}

/// Whether the message answers another.
pub(crate) fn is_response(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|service| service & codes::RESPONSE_BIT != 0)
}

/// Messages without anything around them, each in one datagram.
struct Bare(Explicit);

impl Session for Bare {
    fn parse(&mut self, _: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        self.0.read(Carrier::Unconnected { context: 0 }, bytes, out);
        Step::Read(bytes.len().max(1))
    }

    fn gap(&mut self, _: Side) {
        self.0.gap();
    }
}

/// Emits a request and what it carries.
fn emit(frame: Frame, bytes: &[u8], safety: &mut SafetyConnections, out: &mut dyn Sink) {
    let Some(mut request) = Request::read(bytes) else {
        let service = bytes.first().copied().unwrap_or(0);
        let operation = codes::operation(service, &Target::default(), &[]);
        let message = Message::new(Protocol::CIP, Kind::Request, operation, service.into());
        out.message(&message.with_id(frame.id).with_anomalies(&[Anomaly::TRUNCATED]));
        return;
    };
    safety.mark(&mut request);
    let carried = Carried::of(&request, frame);
    let mut anomalies = ArrayVec::<Anomaly, 4>::new();
    if request.target.unread {
        anomalies.push(PATH);
    }
    anomalies.extend(carried.anomaly());
    let object = request.object();
    let values = request.values();
    let name = file::Name::of(&request);
    let piece = file::requested(&request, &name);
    out.message(&Message {
        piece: piece.as_ref(),
        intent: request.intent(),
        object: object.object(),
        unit: request.connection_slot().or(frame.slot),
        id: Some(frame.id),
        values: values.as_ref().map(|values| values as &dyn fmt::Display),
        anomalies: &anomalies,
        ..Message::new(request.protocol(), Kind::Request, request.operation, request.service.into())
    });
    carried.emit(frame, safety, out);
}

/// What a request carries inside.
enum Carried<'a> {
    Nothing,
    Services(&'a [u8]),
    Forwarded(&'a [u8], Option<u16>),
    Pccc(pccc::Command<'a>),
    /// It should carry something that cannot be read.
    Unread(Anomaly),
}

impl<'a> Carried<'a> {
    fn of(request: &Request<'a>, frame: Frame) -> Self {
        let forwards =
            request.is_for_connection_manager() && request.service == service::UNCONNECTED_SEND;
        let carries = forwards || request.is_pccc() || request.service == service::MULTIPLE;
        if carries && frame.depth >= DEPTH_MAX {
            Self::Unread(NESTED)
        } else if request.service == service::MULTIPLE {
            if open::Services::are_whole(request.data) {
                Self::Services(request.data)
            } else {
                Self::Unread(INNER)
            }
        } else if forwards {
            request.unconnected().map_or(Self::Unread(Anomaly::TRUNCATED), |(inner, route)| {
                Self::Forwarded(inner, route.target().slot)
            })
        } else if request.is_pccc() {
            pccc::Command::read(request.data).map_or(Self::Unread(Anomaly::TRUNCATED), Self::Pccc)
        } else {
            Self::Nothing
        }
    }

    const fn anomaly(&self) -> Option<Anomaly> {
        match self {
            Self::Unread(anomaly) => Some(*anomaly),
            Self::Nothing | Self::Services(_) | Self::Forwarded(..) | Self::Pccc(_) => None,
        }
    }

    fn emit(&self, frame: Frame, safety: &mut SafetyConnections, out: &mut dyn Sink) {
        match self {
            Self::Nothing | Self::Unread(_) => {}
            Self::Services(data) => {
                for service in open::Services::read(data).into_iter().flatten().flatten() {
                    emit(frame.inner(), service, safety, out);
                }
            }
            Self::Forwarded(inner, slot) => {
                let frame = Frame { slot: slot.or(frame.slot), ..frame.inner() };
                emit(frame, inner, safety, out);
            }
            Self::Pccc(command) => emit_pccc(frame, command, out),
        }
    }
}

fn emit_pccc(frame: Frame, command: &pccc::Command<'_>, out: &mut dyn Sink) {
    let values = command.values();
    out.message(&Message {
        object: pccc_object(&command.address),
        unit: frame.slot,
        values: values.as_ref().map(|values| values as &dyn fmt::Display),
        ..Message::new(Protocol::CIP, Kind::Request, command.operation, command.code)
            .with_id(command.transaction.into())
    });
}

fn pccc_object<'a>(address: &'a pccc::Address<'_>) -> Object<'a> {
    if matches!(address, pccc::Address::None) { Object::Nothing } else { Object::Named(address) }
}
