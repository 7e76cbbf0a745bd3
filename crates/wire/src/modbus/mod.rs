//! Modbus/TCP.
//!
//! ```text
//!  0      2      4      6      7      8
//!  +------+------+------+------+------+------------
//!  | id   | 0    | len  | unit | func | data ...       big endian; len counts unit, func and data
//!  +------+------+------+------+------+------------
//! ```
//! Requests and responses look alike; the side that sent them decides which it is, and a response
//! repeats no address, so requests wait in [`Pending`] for theirs. Modbus RTU and ASCII over TCP
//! are not read here; function 90 is handed to `umas`. Sources: MODBUS Messaging on TCP/IP
//! Implementation Guide V1.0b clause 3.1; MODBUS Application Protocol Specification V1.1b3
//! ("V1.1b3").

pub mod codes;
mod data;
#[cfg(test)]
mod tests;

use arrayvec::ArrayVec;

use crate::message::{Anomaly, Fact, Kind, Message, Object, Outcome, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step};
use crate::table::{Operation, Protocol};
use crate::umas::{self, Umas};
use crate::{Pending, Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "modbus",
    title: "Modbus/TCP",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(502)],
    operations: &[codes::FUNCTIONS, codes::DIAGNOSTICS, codes::ENCAPSULATED, codes::USER_DEFINED],
    identify: Some(identify),
    open: || Box::<Modbus>::default(),
};

/// Bytes of the MBAP header without the unit id.
const PREFIX_BYTES: usize = 6;
/// Smallest length field: unit and function.
const LENGTH_MIN: u16 = 2;
/// Largest length field: unit and a PDU of 253 bytes (V1.1b3 4.1).
const LENGTH_MAX: u16 = 254;
/// Largest length field of a message that carries UMAS: its frames pass the limit of Modbus, and
/// have 1024 bytes on newer controllers (apache/plc4x `umas.mspec`, maxFrameSize).
const LENGTH_MAX_UMAS: u16 = 1100;
/// Requests kept for pairing; the guide's clients keep 1 to 16 open (clause 4.2.1).
const REQUESTS_MAX: usize = 16;

const QUANTITY: Anomaly = Anomaly::violation("quantity out of bounds");
const BYTE_COUNT: Anomaly = Anomaly::malformed("byte count does not match the data");
const COIL_VALUE: Anomaly = Anomaly::violation("coil value is neither 0x0000 nor 0xff00");
const ADDRESS: Anomaly = Anomaly::violation("address range passes 65535");

/// A frame cut out of the stream.
struct Frame<'a> {
    transaction: u16,
    unit: u8,
    function: u8,
    data: Reader<'a>,
    bytes: usize,
}

/// Reads the frame at the start of `bytes`: `Err` says how to go on when there is none.
fn frame(bytes: &[u8]) -> Result<Frame<'_>, Step> {
    let mut reader = Reader::new(bytes);
    let header = (reader.be16(), reader.be16(), reader.be16());
    let (Some(transaction), protocol, length) = header else { return Err(Step::Need(8)) };
    let umas = reader.rest().get(1).is_none_or(|function| *function == umas::MODBUS_FUNCTION);
    let length_max = if umas { LENGTH_MAX_UMAS } else { LENGTH_MAX };
    if protocol.is_some_and(|protocol| protocol != 0)
        || length.is_some_and(|length| !(LENGTH_MIN..=length_max).contains(&length))
    {
        return Err(Step::Lost);
    }
    let Some(length) = length else { return Err(Step::Need(8)) };
    let bytes = PREFIX_BYTES + usize::from(length);
    if length > LENGTH_MAX && reader.len() < 2 {
        return Err(Step::Need(8));
    }
    let mut body = reader.sub(usize::from(length)).ok_or(Step::Need(bytes))?;
    match (body.u8(), body.u8()) {
        (Some(unit), Some(function)) => {
            Ok(Frame { transaction, unit, function, data: body, bytes })
        }
        _ => Err(Step::Lost),
    }
}

/// What a request said that its response does not repeat.
#[derive(Clone, Copy, Debug)]
struct Asked {
    operation: &'static Operation,
    first: u16,
    count: u16,
}

/// One Modbus/TCP conversation.
#[derive(Default)]
struct Modbus {
    asked: Pending<(u16, u8, u8), Asked, REQUESTS_MAX>,
    umas: Umas,
}

impl Session for Modbus {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let frame = match frame(bytes) {
            Ok(frame) => frame,
            Err(step) => return step,
        };
        let key = (frame.transaction, frame.unit);
        match from {
            Side::Server if frame.function == umas::MODBUS_FUNCTION | codes::EXCEPTION_BIT => {
                let code = frame.data.peek().unwrap_or(0);
                let name = codes::exception(code);
                self.umas.refused(key, Outcome::Error { code: code.into(), name }, out);
                return Step::Read(frame.bytes);
            }
            _ if frame.function != umas::MODBUS_FUNCTION => {}
            Side::Client => {
                self.umas.request(key, frame.data, out);
                return Step::Read(frame.bytes);
            }
            Side::Server => {
                self.umas.response(key, frame.data, out);
                return Step::Read(frame.bytes);
            }
        }
        // No request has the exception bit: a controller that opened the connection from its own
        // port 502 answers here.
        match from {
            Side::Client if frame.function & codes::EXCEPTION_BIT == 0 => self.request(&frame, out),
            Side::Client | Side::Server => self.response(&frame, out),
        }
        Step::Read(frame.bytes)
    }

    fn gap(&mut self, _from: Side) {
        self.umas.gap();
    }
}

impl Modbus {
    fn request(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let data = data::Request::read(frame.function, frame.data);
        let asked = Asked {
            operation: operation(frame.function, frame.data.peek_be16()),
            first: data.first,
            count: data.count,
        };
        self.asked.insert((frame.transaction, frame.unit, frame.function), asked);
        let message =
            Message { unit: Some(frame.unit.into()), ..base(frame, asked, Kind::Request) };
        let mut anomalies = data.anomalies;
        if usize::from(data.first) + usize::from(data.count) > 0x1_0000 {
            let _ = anomalies.try_push(ADDRESS);
        }
        out.message(&Message {
            values: data.values.as_ref().map(|values| values as &dyn std::fmt::Display),
            anomalies: &anomalies,
            ..message
        });
    }

    fn response(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let function = frame.function & !codes::EXCEPTION_BIT;
        let exception = frame.function != function;
        let asked = self.asked.take(&(frame.transaction, frame.unit, function));
        let mut anomalies = ArrayVec::<Anomaly, 4>::new();
        if asked.is_none() {
            anomalies.push(Anomaly::UNASKED);
        }
        let data = if exception {
            data::Response::default()
        } else {
            data::Response::read(function, frame.data, asked.map(|asked| asked.count))
        };
        let sub_function = (!exception).then(|| frame.data.peek_be16()).flatten();
        let asked = asked.unwrap_or_else(|| Asked {
            operation: operation(function, sub_function),
            first: data.first.unwrap_or(0),
            count: data.first.map_or(0, |_| data.count),
        });
        let outcome = match frame.data.rest() {
            [code, ..] if exception => {
                Outcome::Error { code: (*code).into(), name: codes::exception(*code) }
            }
            [] if exception => Outcome::Error { code: 0, name: "exception without a code" },
            _ => Outcome::Ok,
        };
        for anomaly in data.anomalies {
            let _ = anomalies.try_push(anomaly);
        }
        let texts = data::identification(function, frame.data);
        let facts: ArrayVec<Fact<'_>, 8> = texts
            .iter()
            .map(|(field, text)| Fact::Identity {
                about: Subject::Sender,
                field: *field,
                value: text as &Text<'_>,
            })
            .collect();
        out.message(&Message {
            unit: Some(frame.unit.into()),
            outcome,
            values: data.values.as_ref().map(|values| values as &dyn std::fmt::Display),
            anomalies: &anomalies,
            facts: &facts,
            ..base(frame, asked, Kind::Response)
        });
    }
}

/// What request and response of one exchange have in common.
fn base<'a>(frame: &Frame<'_>, asked: Asked, kind: Kind) -> Message<'a> {
    let function = frame.function & !codes::EXCEPTION_BIT;
    let object = match codes::space(function) {
        Some(space) if asked.count > 0 => {
            Object::Range { space, first: asked.first.into(), count: asked.count.into() }
        }
        _ => Object::Nothing,
    };
    Message::new(Protocol::MODBUS, kind, asked.operation, function.into())
        .on(object)
        .with_id(frame.transaction.into())
}

/// The table row of a function; `next` are its first data bytes, where sub-functions stand.
fn operation(function: u8, next: Option<u16>) -> &'static Operation {
    let found = match (function, next) {
        (codes::DIAGNOSTIC, Some(sub)) => Operation::find(codes::DIAGNOSTICS, sub.into()),
        (codes::ENCAPSULATED_INTERFACE, Some(next)) => {
            Operation::find(codes::ENCAPSULATED, u32::from(next >> 8))
        }
        _ => Operation::find(codes::FUNCTIONS, function.into())
            .or_else(|| Operation::find(codes::USER_DEFINED, function.into())),
    };
    found.unwrap_or(&codes::UNLISTED)
}

/// A frame is weak evidence (a zero word, a small length), so without a hint its data must have
/// exactly the shape that its function asks for, and fill the bytes at hand.
fn identify(probe: &Probe<'_>) -> Guess {
    let frame = match frame(probe.bytes) {
        Ok(frame) => frame,
        Err(Step::Need(_)) if probe.hinted => return Guess::More,
        Err(_) => return Guess::No,
    };
    let listed = operation(frame.function & !codes::EXCEPTION_BIT, frame.data.peek_be16());
    if probe.transport != crate::Transport::Tcp {
        return Guess::No;
    }
    let shape = data::shape(frame.function, frame.data);
    let whole = frame.bytes == probe.bytes.len();
    match shape {
        data::Shape::Neither if !probe.hinted => Guess::No,
        _ if !probe.hinted && (!whole || *listed == codes::UNLISTED) => Guess::No,
        data::Shape::Request => Guess::Yes(Some(Side::Client)),
        data::Shape::Response => Guess::Yes(Some(Side::Server)),
        data::Shape::Either | data::Shape::Neither => Guess::Yes(None),
    }
}
