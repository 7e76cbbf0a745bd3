//! C3 Bridge Interface: variables, programs, motion, keys and files of KUKA controllers.
//!
//! One session reads the messages of VarProxy (types 0 to 3) and of the C3 Bridge (all others) on
//! TCP, and the text of its discovery on UDP, see `discovery.rs`; the map of a message is in
//! `frame.rs`. Files are handed out as pieces: of those written, the name comes with the last
//! message, of those read with the first. The answers to the messages that list files or tell
//! their properties show their outcome only. Sources: see [`codes`].

pub mod codes;
mod discovery;
mod frame;
mod request;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use self::discovery::Discovery;
use self::frame::{Footer, Frame, Kept, Name, Words};
use self::request::Request;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::piece::{Part, Piece};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader, Text, Utf16, kuka_varproxy, program_kind};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "kuka-c3",
    title: "KUKA C3 Bridge Interface",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Documents,
    hints: &[Hint::Tcp(7000), Hint::Udp(6999), Hint::Udp(7000)],
    operations: &[codes::MESSAGES, codes::COMMANDS, codes::REQUESTS],
    identify: Some(identify),
    open,
};

/// A dissector for both protocols.
pub(crate) fn open() -> Box<dyn Session> {
    Box::<Bridge>::default()
}

/// Requests kept for pairing: most clients wait for each answer.
const REQUESTS_MAX: usize = 8;
/// Numbers of the transfers in a conversation: there is one of either way.
const WRITE: u32 = 1;
const READ: u32 = 2;

/// One conversation.
#[derive(Default)]
struct Bridge {
    asked: Pending<(u16, u8), Kept, REQUESTS_MAX>,
    /// The file that is being taken out, and its size.
    reading: (Kept, u32),
    introduced: bool,
    discovery: Discovery,
}

impl Session for Bridge {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if let Some(step) = self.discovery.parse(from, bytes, out) {
            return step;
        }
        let frame = match Frame::read(bytes) {
            Ok(frame) => frame,
            Err(step) => return step,
        };
        match from {
            Side::Client => self.request(&frame, out),
            Side::Server => self.answer(&frame, out),
        }
        Step::Read(frame.bytes)
    }

    fn gap(&mut self, _from: Side) {
        self.asked.clear();
    }
}

impl Bridge {
    fn request(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let (operation, code) = operation(frame);
        let read = Request::read(frame.kind, frame.payload);
        let (request, rest) = read.unwrap_or_default();
        let mut anomalies = ArrayVec::<Anomaly, 2>::new();
        if read.is_none() {
            anomalies.push(Anomaly::TRUNCATED);
        } else if rest > 0 {
            anomalies.push(Anomaly::TRAILING);
        }
        let kept = request.name.map(|name| name.kept()).unwrap_or_default();
        self.asked.insert((frame.tag, frame.kind), kept);
        if (frame.kind, code & 0xff) == (codes::FILE_READ, 1) {
            self.reading = (kept, 0);
        }
        let shown = Shown { request: &request };
        let message = Message::new(protocol(frame.kind), Kind::Request, operation, code);
        let intent = if request.reads { plant::Intent::Observe } else { message.intent };
        let piece = written(frame.kind, code, &request, &kept);
        out.message(&Message {
            intent,
            object: if shown.is_empty() { Object::Nothing } else { Object::Named(&shown) },
            values: request.value.as_ref().map(|value| value as &dyn fmt::Display),
            anomalies: &anomalies,
            id: Some(frame.tag.into()),
            piece: piece.as_ref(),
            ..message
        });
    }

    fn answer(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let (operation, code) = operation(frame);
        let asked = self.asked.take(&(frame.tag, frame.kind));
        let kept = asked.unwrap_or_default();
        let mut anomalies = ArrayVec::<Anomaly, 2>::new();
        if asked.is_none() {
            anomalies.push(Anomaly::UNASKED);
        }
        let (payload, footer) = match frame.answer() {
            Some(answer) => answer,
            None => {
                anomalies.push(Anomaly::TRUNCATED);
                (&[][..], Footer { code: 0, success: 0 })
            }
        };
        let outcome = outcome(frame.kind, footer);
        let told = Told::read(frame.kind, payload);
        let new = !self.introduced && outcome == Outcome::Ok;
        self.introduced |= new;
        let mut facts = ArrayVec::<Fact<'_>, 4>::new();
        if new {
            facts.extend(ROBOT);
        }
        if let Some((field, value)) = told.as_ref().and_then(|told| told.identity(&kept))
            && outcome == Outcome::Ok
        {
            facts.push(Fact::Identity { about: Subject::Sender, field, value });
        }
        let piece = self.taken(told.as_ref(), code);
        let message = Message::new(protocol(frame.kind), Kind::Response, operation, code);
        out.message(&Message {
            object: if kept.is_empty() { Object::Nothing } else { Object::Named(&kept) },
            outcome,
            values: told.as_ref().filter(|told| !told.is_empty()).map(|told| told as _),
            anomalies: &anomalies,
            facts: &facts,
            id: Some(frame.tag.into()),
            piece: piece.as_ref(),
            ..message
        });
        if let (Some(Told::Size(size)), codes::FILE_READ) = (&told, frame.kind) {
            self.reading.1 = *size;
        }
    }

    /// The piece of a file that an answer brings.
    fn taken<'a>(&'a self, told: Option<&Told<'a>>, code: u32) -> Option<Piece<'a>> {
        let Some(Told::Chunk { offset, bytes }) = told else { return None };
        if code >> 8 != u32::from(codes::FILE_READ) {
            return None;
        }
        let (name, total) = &self.reading;
        let end = u64::from(*offset) + bytes.len() as u64;
        let part = match (*offset == 0, *total > 0 && end >= u64::from(*total)) {
            (true, true) => Part::Whole,
            (true, false) => Part::First,
            (false, true) => Part::Last,
            (false, false) => Part::Next,
        };
        Some(Piece {
            transfer: READ,
            kind: program_kind(name.as_str()).unwrap_or("file"),
            name,
            to: Side::Client,
            offset: Some(u64::from(*offset)),
            bytes,
            part,
        })
    }
}

/// The piece of a file that a request carries: bytes, and at the end its name.
fn written<'a>(kind: u8, code: u32, request: &Request<'a>, name: &'a Kept) -> Option<Piece<'a>> {
    if kind != codes::FILE_WRITE {
        return None;
    }
    let piece = |offset, bytes, part| Piece {
        transfer: WRITE,
        kind: program_kind(name.as_str()).unwrap_or("file"),
        name,
        to: Side::Server,
        offset,
        bytes,
        part,
    };
    match (code & 0xff, request.chunk) {
        (1, _) => Some(piece(Some(0), &[], Part::First)),
        (2, Some((offset, bytes))) => Some(piece(Some(offset.into()), bytes, Part::Next)),
        (4, _) => Some(piece(None, &[], Part::Last)),
        _ => None,
    }
}

/// What a request acts on.
struct Shown<'a> {
    request: &'a Request<'a>,
}

impl Shown<'_> {
    const fn is_empty(&self) -> bool {
        self.request.name.is_none() && self.request.names.is_none()
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.request.name {
            name.fmt(f)?;
        }
        if let Some(target) = &self.request.target {
            write!(f, ", to {target}")?;
        }
        self.request.names.iter().try_for_each(|names| names.fmt(f))
    }
}

/// What an answer tells.
enum Told<'a> {
    Value(Name<'a>),
    Words(&'a [u8]),
    Info { version: [u8; 2], computer: Name<'a> },
    Size(u32),
    Chunk { offset: u32, bytes: &'a [u8] },
}

impl<'a> Told<'a> {
    fn read(kind: u8, payload: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(payload);
        match kind {
            0 | 1 => Name::read(&mut reader, false).map(Self::Value),
            2 | 3 => {
                let length = reader.be16()?;
                Some(Self::Words(reader.take(length.into())?))
            }
            4 | 5 | 27 | 28 => Name::read(&mut reader, true).map(Self::Value),
            codes::PROXY_INFO => {
                let version = reader.array()?;
                reader.skip(1 + 8 * 2)?; // kind of build, date and time
                Some(Self::Info { version, computer: Name::read(&mut reader, true)? })
            }
            codes::FILE_WRITE | codes::FILE_READ => match reader.u8()? {
                1 | 3 => reader.be32().map(Self::Size),
                2 if kind == codes::FILE_READ => {
                    let (offset, length) = (reader.be32()?, reader.be32()?);
                    let bytes = reader.take(usize::try_from(length).ok()?)?;
                    Some(Self::Chunk { offset, bytes })
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// A value without text, as refused requests have it.
    const fn is_empty(&self) -> bool {
        matches!(self, Self::Value(Name::Narrow(Text([])) | Name::Wide(Utf16([]))))
    }

    /// What the value of this variable says about the robot.
    fn identity(&self, name: &Kept) -> Option<(Field, &dyn fmt::Display)> {
        match self {
            Self::Value(value) => {
                let (_, field) = VARIABLES
                    .iter()
                    .find(|(variable, _)| name.as_str().eq_ignore_ascii_case(variable))?;
                Some((*field, value))
            }
            Self::Info { computer, .. } => Some((Field::Hostname, computer)),
            Self::Words(_) | Self::Size(_) | Self::Chunk { .. } => None,
        }
    }
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Words(words) => Words(words).fmt(f),
            Self::Info { version: [major, minor], computer } => {
                write!(f, "C3 Bridge {major}.{minor} on {computer}")
            }
            Self::Size(bytes) => write!(f, "{bytes} bytes"),
            Self::Chunk { offset, bytes } => write!(f, "{} bytes at {offset}", bytes.len()),
        }
    }
}

/// System variables that tell about the robot (C3 2.1; KSS system variables).
const VARIABLES: &[(&str, Field)] = &[
    ("$MODEL_NAME[]", Field::Product),
    ("$KR_SERIALNO", Field::Serial),
    ("$ROBNAME[]", Field::Name),
];

/// What answers such messages.
const ROBOT: [Fact<'static>; 2] = [
    Fact::Identity { about: Subject::Sender, field: Field::Vendor, value: &"KUKA" },
    Fact::Role { about: Subject::Sender, role: Role::Robot, reason: "answers KUKA VarProxy or C3" },
];

/// Whose message a type is.
const fn protocol(kind: u8) -> Protocol {
    if kuka_varproxy::owns(kind) { Protocol::KUKA_VARPROXY } else { Protocol::KUKA_C3 }
}

/// The row of a message, and its code: with the command byte where it has one.
fn operation(frame: &Frame<'_>) -> (&'static Operation, u32) {
    let kind = frame.kind;
    if kuka_varproxy::owns(kind) {
        let row = Operation::find(kuka_varproxy::MODES, kind.into());
        return (row.unwrap_or(&codes::UNLISTED), kind.into());
    }
    if codes::has_command(kind) {
        let command = frame.payload.first().copied().unwrap_or(0);
        let code = u32::from_be_bytes([0, 0, kind, command]);
        return (Operation::find(codes::COMMANDS, code).unwrap_or(&codes::UNLISTED), code);
    }
    let row = Operation::find(codes::MESSAGES, kind.into());
    (row.unwrap_or(&codes::UNLISTED), kind.into())
}

/// VarProxy says only whether it was done.
const fn outcome(kind: u8, footer: Footer) -> Outcome {
    match (footer.success, kuka_varproxy::owns(kind)) {
        (1.., _) => Outcome::Ok,
        (0, true) => Outcome::Error { code: 0, name: "not done" },
        (0, false) => Outcome::Error { code: footer.code as u32, name: codes::error(footer.code) },
    }
}

/// Whether the first bytes are a message of a type that `owned` says; lengths must fit to the
/// byte, and names be printable. Without a port that says so only whole requests that name
/// something are taken: two lengths and a text that agree.
pub(crate) fn guess(probe: &Probe<'_>, owned: fn(u8) -> bool) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let frame = match Frame::read(probe.bytes) {
        Ok(frame) => frame,
        Err(Step::Need(_)) => {
            let begun = probe.bytes.get(4).is_none_or(|kind| owned(*kind) && listed(*kind));
            // four letters are the start of a text, not of a message of 8 KiB and more
            let text = probe.bytes.iter().take(4).all(u8::is_ascii_graphic);
            return if probe.hinted && begun && !text { Guess::More } else { Guess::No };
        }
        Err(_) => return Guess::No,
    };
    if !owned(frame.kind) || !listed(frame.kind) {
        return Guess::No;
    }
    let whole = frame.bytes == probe.bytes.len();
    if probe.from != Some(Side::Server)
        && let Some((request, 0)) = Request::read(frame.kind, frame.payload)
    {
        let named = request.name.map(|name| name.plausible());
        let known = *operation(&frame).0 != codes::UNLISTED;
        if named == Some(true) && (whole || probe.hinted)
            || known && named.is_none() && probe.hinted
        {
            return Guess::Yes(Some(Side::Client));
        }
    }
    let answers = probe.from != Some(Side::Client)
        && probe.hinted
        && frame.answer().is_some_and(|(_, footer)| footer.success <= 1 && footer.code <= 10);
    if answers { Guess::Yes(Some(Side::Server)) } else { Guess::No }
}

/// Whether the specification lists a type.
fn listed(kind: u8) -> bool {
    kuka_varproxy::owns(kind)
        || codes::has_command(kind)
        || Operation::find(codes::MESSAGES, kind.into()).is_some()
}

fn identify(probe: &Probe<'_>) -> Guess {
    match probe.transport {
        Transport::Udp => discovery::guess(probe),
        Transport::Tcp => guess(probe, |kind| !kuka_varproxy::owns(kind)),
        Transport::Ether(_) | Transport::Ip(_) => Guess::No,
    }
}
