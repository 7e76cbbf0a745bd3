//! UFACTORY xArm, 850 and Lite 6: the private protocol of the control box.
//!
//! ```text
//!  0      2      4      6      7
//!  +------+------+------+------+------------
//!  | id   | 2    | len  | func | data ...           big endian; len counts func and data
//!  +------+------+------+------+------------        a response has a state byte before its data
//! ```
//! The header is Modbus/TCP's with another protocol id on the same port, and one connection carries
//! both: frames with protocol id 0 are handed to the Modbus dissector. Id 1 is a heartbeat. The
//! controller's reports on ports 30000 to 30003 are not read. Sources: see [`codes`].

pub mod codes;
mod data;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use self::data::{INVALID, Target, Values};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ufactory-xarm",
    title: "UFACTORY xArm",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("xarm-python-sdk"),
    hints: &[Hint::Tcp(502), Hint::Tcp(503)],
    operations: &[codes::FUNCTIONS, codes::STATES, codes::CONTROLS, codes::NOTICES],
    identify: Some(identify),
    open: || Box::<XArm>::default(),
};

/// Bytes of the header before what its length counts.
const PREFIX_BYTES: usize = 6;
/// Largest length: the longest that the SDK sends or reads are below 400.
const LENGTH_MAX: u16 = 1024;
/// Requests kept for pairing; the SDK waits for each answer.
const REQUESTS_MAX: usize = 8;

const MODBUS: u16 = 0;
const HEARTBEAT: u16 = 1;
const PRIVATE: u16 = 2;
const PASSED_ON: u16 = 3;

const FUNCTION: Anomaly = Anomaly::violation("response to another function");

/// A frame cut out of the stream.
#[derive(Clone, Copy)]
struct Frame<'a> {
    transaction: u16,
    protocol: u16,
    function: u8,
    data: &'a [u8],
    bytes: usize,
}

/// Reads the frame at the start of `bytes`: `Err` says how to go on when there is none.
fn frame(bytes: &[u8]) -> Result<Frame<'_>, Step> {
    let mut reader = Reader::new(bytes);
    let header = (reader.be16(), reader.be16(), reader.be16());
    let (Some(transaction), protocol, length) = header else { return Err(Step::Need(7)) };
    if protocol.is_some_and(|id| !matches!(id, HEARTBEAT | PRIVATE | PASSED_ON))
        || length.is_some_and(|length| length == 0 || length > LENGTH_MAX)
    {
        return Err(Step::Lost);
    }
    let (Some(protocol), Some(length)) = (protocol, length) else { return Err(Step::Need(7)) };
    let bytes = PREFIX_BYTES + usize::from(length);
    let body = reader.take(usize::from(length)).ok_or(Step::Need(bytes))?;
    let (function, data) = body.split_first().ok_or(Step::Lost)?;
    Ok(Frame { transaction, protocol, function: *function, data, bytes })
}

/// What a request said that its response does not repeat.
#[derive(Clone, Debug)]
struct Asked {
    function: u8,
    operation: &'static Operation,
    target: Target,
}

/// One conversation with a control box.
struct XArm {
    asked: Pending<u16, Asked, REQUESTS_MAX>,
    modbus: Box<dyn Session>,
}

impl Default for XArm {
    fn default() -> Self {
        Self { asked: Pending::new(), modbus: (crate::modbus::ENTRY.open)() }
    }
}

impl Session for XArm {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let protocol = bytes.get(2..4).and_then(|id| Reader::new(id).be16());
        if protocol == Some(MODBUS) {
            return self.modbus.parse(from, bytes, out);
        }
        let frame = match frame(bytes) {
            Ok(frame) => frame,
            Err(step) => return step,
        };
        match (frame.protocol, from) {
            (HEARTBEAT, _) => notice(&frame, codes::NOTICES.first(), out),
            (_, Side::Server) if frame.function == codes::FEEDBACK => {
                notice(&frame, codes::NOTICES.get(1), out);
            }
            (_, Side::Client) => self.request(&frame, out),
            (_, Side::Server) => self.response(&frame, out),
        }
        Step::Read(frame.bytes)
    }

    fn gap(&mut self, from: Side) {
        self.asked.clear();
        self.modbus.gap(from);
    }

    fn held_bytes(&self) -> usize {
        size_of_val(&*self.modbus) + self.modbus.held_bytes()
    }
}

impl XArm {
    fn request(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let function = frame.function;
        let operation = if frame.protocol == PRIVATE {
            codes::operation(function, frame.data.first().copied())
        } else {
            &codes::UNLISTED
        };
        let target = Target::read(function, frame.data);
        let floats = if codes::floats(function) { frame.data } else { &[] };
        let values = Values { floats, state: None };
        let message = base(frame, Kind::Request, operation);
        out.message(&Message {
            unit: target.unit(),
            values: shown(&values),
            ..message.on(target.object())
        });
        self.asked.insert(frame.transaction, Asked { function, operation, target });
    }

    fn response(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let asked = self.asked.take(&frame.transaction);
        let mut marks = ArrayVec::<Anomaly, 2>::new();
        match &asked {
            None => marks.push(Anomaly::UNASKED),
            Some(asked) if asked.function != frame.function => marks.push(FUNCTION),
            Some(_) => {}
        }
        let asked = asked.filter(|asked| asked.function == frame.function);
        let asked = asked.unwrap_or_else(|| Asked {
            function: frame.function,
            operation: codes::operation(frame.function, None),
            target: Target::Nothing,
        });
        let (state, data) = frame
            .data
            .split_first()
            .map_or((None, frame.data), |(state, data)| (Some(*state), data));
        let outcome = match state {
            Some(state) if state & INVALID == 0 => Outcome::Ok,
            Some(state) => Outcome::Error { code: state.into(), name: "not carried out" },
            None => Outcome::Error { code: 0, name: "response without a state" },
        };
        let floats = if codes::answers_floats(frame.function) { data } else { &[] };
        let values = Values { floats, state };
        let text = Text(data.split(|byte| *byte == 0).next().unwrap_or_default());
        let facts = identity(frame.function, &text, outcome);
        let message = base(frame, Kind::Response, asked.operation);
        out.message(&Message {
            unit: asked.target.unit(),
            values: shown(&values),
            anomalies: &marks,
            facts: facts.as_ref().map_or(&[ROBOT], |facts| facts),
            ..message.on(asked.target.object()).ended(outcome)
        });
    }
}

const ROBOT: Fact<'static> = Fact::Role {
    about: Subject::Sender,
    role: Role::Robot,
    reason: "answers the UFACTORY private protocol",
};

/// What the answers to `get version` and `get robot sn` tell.
fn identity<'a>(function: u8, text: &'a Text<'a>, outcome: Outcome) -> Option<[Fact<'a>; 3]> {
    let field = match function {
        codes::GET_VERSION => Field::Firmware,
        codes::GET_ROBOT_SN => Field::Serial,
        _ => return None,
    };
    (outcome == Outcome::Ok && !text.0.is_empty()).then_some(())?;
    let about = Subject::Sender;
    let vendor = Fact::Identity { about, field: Field::Vendor, value: &"UFACTORY" };
    Some([Fact::Identity { about, field, value: text }, vendor, ROBOT])
}

fn notice(frame: &Frame<'_>, operation: Option<&'static Operation>, out: &mut dyn Sink) {
    out.message(&base(frame, Kind::Notice, operation.unwrap_or(&codes::UNLISTED)));
}

fn shown<'a>(values: &'a Values<'a>) -> Option<&'a dyn fmt::Display> {
    (!values.is_empty()).then_some(values)
}

fn base<'a>(frame: &Frame<'_>, kind: Kind, operation: &'static Operation) -> Message<'a> {
    Message::new(Protocol::UFACTORY_XARM, kind, operation, frame.function.into())
        .with_id(frame.transaction.into())
}

/// Modbus never has protocol id 2. Away from the usual ports the frame must also be whole and its
/// function listed. A request that reads has no data, and a response always has.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let frame = match frame(probe.bytes) {
        Ok(frame) => frame,
        Err(Step::Need(_)) if probe.hinted => return Guess::More,
        Err(_) => return Guess::No,
    };
    let beat = frame.protocol == HEARTBEAT;
    if beat && !(frame.function == 0 && frame.data == [0] && probe.hinted) {
        return Guess::No;
    }
    let listed = *codes::operation(frame.function, Some(0)) != codes::UNLISTED;
    let whole = frame.bytes == probe.bytes.len();
    if !(probe.hinted || frame.protocol == PRIVATE && listed && whole) {
        return Guess::No;
    }
    if beat || frame.data.is_empty() { Guess::Yes(Some(Side::Client)) } else { Guess::Yes(None) }
}
