//! Denso b-CAP: the ORiN2 interface of RC7, RC8, RC9 and COBOTTA controllers, over TCP and UDP.
//!
//! Requests call functions of objects by handle; responses repeat only the serial number. Names of
//! handles and commands of execute functions are kept, so that a rule can tell `slvMove` from
//! `TakeArm`. The packet's byte map is in [`frame`]. b-CAP over a serial line, with its checksum,
//! is not read. Sources: see [`codes`].

pub mod codes;
mod frame;
mod handles;
#[cfg(test)]
mod tests;

use arrayvec::ArrayVec;

use self::frame::{Arg, Args, Frame, PACKET_BYTES_MIN, Shown};
use self::handles::{Handles, Name};
use crate::message::{Anomaly, Fact, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Part, Pending, Piece};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "denso-bcap",
    title: "Denso b-CAP",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("bcap_core"),
    hints: &[Hint::Tcp(5007), Hint::Udp(5007)],
    operations: &[codes::FUNCTIONS, codes::COMMANDS],
    identify: Some(identify),
    open: || Box::<Bcap>::default(),
};

/// Requests kept for pairing; clients wait for each answer.
const REQUESTS_MAX: usize = 8;

const TERMINATOR: Anomaly = Anomaly::malformed("packet does not end with 04");
const ARGUMENTS: Anomaly = Anomaly::malformed("arguments do not fill the packet");

/// What a request said that its response does not repeat.
#[derive(Clone, Debug)]
struct Asked {
    function: u32,
    operation: &'static Operation,
    name: Name,
}

/// One b-CAP conversation.
#[derive(Default)]
struct Bcap {
    asked: Pending<u16, Asked, REQUESTS_MAX>,
    handles: Handles,
    /// Text of the latest file, of at most one packet.
    text: Vec<u8>,
}

impl Session for Bcap {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let frame = match Frame::read(bytes) {
            Ok(frame) => frame,
            Err(step) => return step,
        };
        let mut marks = ArrayVec::<Anomaly, 4>::new();
        if !frame.closed {
            marks.push(TERMINATOR);
        }
        if frame.whole && !frame.filled() {
            marks.push(ARGUMENTS);
        }
        match from {
            Side::Client => self.request(&frame, &marks, out),
            Side::Server => self.response(&frame, marks, out),
        }
        Step::Read(frame.bytes)
    }

    fn gap(&mut self, _from: Side) {
        self.asked.clear();
    }

    fn held_bytes(&self) -> usize {
        self.handles.held_bytes() + self.text.capacity()
    }
}

impl Bcap {
    fn request(&mut self, frame: &Frame<'_>, marks: &[Anomaly], out: &mut dyn Sink) {
        let function = frame.id;
        let listed = Operation::find(codes::FUNCTIONS, function).unwrap_or(&codes::UNLISTED);
        let name = self.subject(function, frame.args);
        let command = if codes::executes(function) { name.find(codes::COMMANDS) } else { None };
        let operation = command.unwrap_or(listed);
        let value = (function == codes::FILE_PUT_VALUE && frame.whole).then(|| frame.args.skip(1));
        let content = value.and_then(|mut args| content(args.next()?, &mut self.text));
        let message = base(frame, Kind::Request, operation, function);
        let shown = Shown(frame.args);
        let carried = content.map(|bytes| piece(frame, &name, (Side::Server, bytes)));
        out.message(&Message {
            values: has_values(frame.args).then_some(&shown),
            anomalies: marks,
            piece: carried.as_ref(),
            ..message.on(named(&name))
        });
        self.asked.insert(frame.serial, Asked { function, operation, name });
    }

    /// What a request is about: the name or command that it says, or what its handle was given for.
    fn subject(&self, function: u32, args: Args<'_>) -> Name {
        let mut rest = args;
        let first = rest.next();
        let Some(handle) = first.and_then(|arg| arg.handle()) else {
            let mut texts = args.filter_map(|arg| arg.text());
            return texts.find(|text| !text.is_empty()).map(Name::new).unwrap_or_default();
        };
        let said = codes::names(function).then(|| rest.next().and_then(|arg| arg.text()));
        let known = self.handles.name(codes::takes(function), handle);
        said.flatten().map(Name::new).or_else(|| known.cloned()).unwrap_or_default()
    }

    fn response(&mut self, frame: &Frame<'_>, mut marks: ArrayVec<Anomaly, 4>, out: &mut dyn Sink) {
        let outcome = outcome(frame.id);
        let Some(asked) = self.asked.take(&frame.serial) else {
            let _ = marks.try_push(Anomaly::UNASKED);
            let message = base(frame, Kind::Response, &codes::RESPONSE, 0).ended(outcome);
            out.message(&message.with_anomalies(&marks));
            return;
        };
        let class = codes::gives(asked.function);
        let mut args = frame.args;
        if outcome == Outcome::Ok
            && class != codes::Class::None
            && let Some(handle) = args.next().and_then(|arg| arg.handle())
        {
            self.handles.learn(class, handle, &asked.name);
        }
        let reads = asked.function == codes::FILE_GET_VALUE && frame.whole;
        let value = reads.then(|| frame.args.take(1));
        let content = value.and_then(|mut args| content(args.next()?, &mut self.text));
        let shown = Shown(frame.args);
        let message = base(frame, Kind::Response, asked.operation, asked.function);
        let carried = content.map(|bytes| piece(frame, &asked.name, (Side::Client, bytes)));
        out.message(&Message {
            values: has_values(frame.args).then_some(&shown),
            anomalies: &marks,
            facts: &[ROBOT],
            piece: carried.as_ref(),
            ..message.on(named(&asked.name)).ended(outcome)
        });
        if frame.id == codes::S_EXECUTING {
            self.asked.insert(frame.serial, asked);
        }
    }
}

const ROBOT: Fact<'static> =
    Fact::Role { about: Subject::Sender, role: Role::Robot, reason: "answers b-CAP requests" };

/// The content of a file: bytes as they are, text as UTF-8, which for program text in ASCII is what
/// lies in the controller.
fn content<'a>(value: Arg<'a>, room: &'a mut Vec<u8>) -> Option<&'a [u8]> {
    if let Some(bytes) = value.content() {
        return Some(bytes);
    }
    let (units, _) = value.text()?.as_chunks::<2>();
    room.clear();
    for character in char::decode_utf16(units.iter().map(|unit| u16::from_le_bytes(*unit))) {
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        room.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Some(room)
}

fn has_values(mut args: Args<'_>) -> bool {
    args.next().is_some()
}

fn named(name: &Name) -> Object<'_> {
    if name.is_empty() { Object::Nothing } else { Object::Named(name) }
}

fn base<'a>(
    frame: &Frame<'_>,
    kind: Kind,
    operation: &'static Operation,
    code: u32,
) -> Message<'a> {
    Message::new(Protocol::DENSO_BCAP, kind, operation, code).with_id(frame.serial.into())
}

/// The content of a file: one message carries all of it.
fn piece<'a>(frame: &Frame<'_>, name: &'a Name, (to, bytes): (Side, &'a [u8])) -> Piece<'a> {
    let transfer = u32::from(frame.serial);
    Piece { transfer, kind: name.kind(), name, to, offset: None, bytes, part: Part::Whole }
}

/// Results are negative if they failed; one says that the function still runs.
const fn outcome(result: u32) -> Outcome {
    match result {
        codes::S_EXECUTING => Outcome::Open,
        _ if result.cast_signed() >= 0 => Outcome::Ok,
        _ => Outcome::Error { code: result, name: codes::result(result) },
    }
}

/// A whole packet, ended by 04 and filled by its arguments to the byte, is signature enough; the
/// beginning of one wants a hint.
fn identify(probe: &Probe<'_>) -> Guess {
    if !matches!(probe.transport, Transport::Tcp | Transport::Udp) {
        return Guess::No;
    }
    let frame = match Frame::read(probe.bytes) {
        Ok(frame) => frame,
        Err(Step::Need(_)) if probe.hinted && probe.transport == Transport::Tcp => {
            return Guess::More;
        }
        Err(_) => return Guess::No,
    };
    if !frame.whole || !frame.closed || !frame.filled() {
        return Guess::No;
    }
    let listed = Operation::find(codes::FUNCTIONS, frame.id).is_some();
    let result = frame.id == 0 || frame.id == codes::S_EXECUTING || !outcome_ok(frame.id);
    match (listed, result) {
        (true, _) if frame.id > 1 || frame.bytes > PACKET_BYTES_MIN => {
            Guess::Yes(Some(Side::Client))
        }
        (_, true) => Guess::Yes(Some(Side::Server)),
        (true, false) => Guess::Yes(None),
        (false, false) => Guess::No,
    }
}

fn outcome_ok(result: u32) -> bool {
    matches!(outcome(result), Outcome::Ok | Outcome::Open)
}
