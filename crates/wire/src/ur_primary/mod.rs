//! Client interfaces of Universal Robots controllers: primary, secondary and real-time.
//!
//! ```text
//!  0      4      5                                0      4
//!  +------+------+------------                    +------+------------
//!  | size | type | payload ...    or, real-time:  | size | doubles ...     big endian, with size
//!  +------+------+------------                    +------+------------
//! ```
//! The controller streams; what a client sends is URScript text, which the controller runs at once
//! and does not answer. Interpreter mode is not read here. Sources: see [`codes`].

pub mod codes;
mod script;
mod state;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use self::script::Line;
use self::state::{Note, Realtime, State};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Part, Piece, Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ur-primary",
    title: "Universal Robots client interfaces",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("ur_rtde and urx"),
    hints: &[
        Hint::Tcp(30001),
        Hint::Tcp(30002),
        Hint::Tcp(30003),
        Hint::Tcp(30011),
        Hint::Tcp(30012),
        Hint::Tcp(30013),
    ],
    operations: &[codes::PACKAGES, codes::MESSAGES, codes::REALTIME, codes::SCRIPT],
    identify: Some(identify),
    open: || Box::<Primary>::default(),
};

/// Size and type.
const HEADER_BYTES: u32 = 5;
/// Packages are about 1.5 KiB; program states carry all variables.
const PACKAGE_BYTES_MAX: u32 = 1 << 20;
/// Of larger packages only the beginning is wanted.
const READ_BYTES_MAX: u32 = 16 * 1024;
/// Sub-packages of robot states have types below this; 12 is the last that is documented.
const SUB_PACKAGE_TYPE_MAX: u8 = 64;
/// Longest script line that is waited for; longer ones are read in parts.
const LINE_BYTES_MAX: usize = 8192;

const SUB_PACKAGE: Anomaly = Anomaly::malformed("sub-package does not fit its package");

/// What the bytes of a controller begin with.
enum Streamed<'a> {
    Realtime(Realtime<'a>),
    Package { kind: u8, body: Reader<'a> },
}

/// Reads what begins here, and its size.
fn streamed(bytes: &[u8]) -> Result<(Streamed<'_>, usize), Step> {
    let mut reader = Reader::new(bytes);
    let header = (reader.be32(), reader.peek());
    let (Some(size), Some(kind)) = header else { return Err(Step::Need(5)) };
    if !(HEADER_BYTES..=PACKAGE_BYTES_MAX).contains(&size) {
        return Err(Step::Lost);
    }
    let length = usize::try_from(size).map_err(|_| Step::Lost)?;
    if codes::REALTIME_BYTES.contains(&size) && !is_package(kind) {
        let doubles = reader.take(length - 4).ok_or(Step::Need(length))?;
        let packet = Realtime(doubles);
        return if packet.plausible() {
            Ok((Streamed::Realtime(packet), length))
        } else {
            Err(Step::Lost)
        };
    }
    if kind > 0x3f && kind != 0xff {
        return Err(Step::Lost);
    }
    let wanted = usize::try_from(size.min(READ_BYTES_MAX)).map_err(|_| Step::Lost)?;
    let mut body = reader.sub(wanted - 4).ok_or(Step::Need(wanted))?;
    let kind = body.u8().ok_or(Step::Lost)?;
    Ok((Streamed::Package { kind, body }, length))
}

/// Whether a byte is a listed package type. The first byte of a packet's time in seconds never is
/// one: doubles from 2^-1000 to 2^17 begin with 0x01, or 0x3b to 0x41; a zero begins with zero.
fn is_package(kind: u8) -> bool {
    kind == codes::ROBOT_MESSAGE || Operation::find(codes::PACKAGES, kind.into()).is_some()
}

/// One conversation with a client interface.
#[derive(Default)]
struct Primary {
    script: script::Depth,
    /// The robot was introduced by a fact.
    introduced: bool,
}

impl Session for Primary {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if from == Side::Client {
            return self.line(bytes, out);
        }
        let (streamed, size) = match streamed(bytes) {
            Ok(read) => read,
            Err(step) => return step,
        };
        match streamed {
            Streamed::Realtime(packet) => self.realtime(&packet, out),
            Streamed::Package { kind: codes::ROBOT_STATE, body } => self.state(body, out),
            Streamed::Package { kind: codes::ROBOT_MESSAGE, body } => note(body, out),
            Streamed::Package { kind, .. } => {
                let found = Operation::find(codes::PACKAGES, kind.into());
                out.message(&notice(found.unwrap_or(&codes::UNLISTED), kind));
            }
        }
        Step::Read(size)
    }

    fn gap(&mut self, from: Side) {
        if from == Side::Client {
            self.script = script::Depth::default();
        }
    }
}

impl Primary {
    /// One line of script.
    fn line(&mut self, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        if end.is_none() && bytes.len() < LINE_BYTES_MAX {
            return if script::is_text(bytes) { Step::Need(bytes.len() + 1) } else { Step::Lost };
        }
        let size = end.map_or(bytes.len(), |end| end + 1);
        let line = bytes.get(..size).unwrap_or_default();
        if !script::is_text(line) {
            return Step::Lost;
        }
        let text = line;
        let before = self.script.is_open();
        let line = self.script.line(line);
        self.pass(line, text, before, out);
        if let (Some(operation), true) = (codes::SCRIPT.first(), line != Line::Inside) {
            let message = Message::new(Protocol::UR_PRIMARY, Kind::Request, operation, 0);
            out.message(&message.on(Object::Named(&line)));
        }
        Step::Read(size)
    }

    /// The text of blocks is a program; what stands by itself is a statement of the moment.
    fn pass(&self, line: Line<'_>, text: &[u8], before: bool, out: &mut dyn Sink) {
        let part = match (before, self.script.is_open()) {
            (false, false) => return,
            (false, true) => Part::First,
            (true, true) => Part::Next,
            (true, false) => Part::Last,
        };
        let name = match line {
            Line::Block { name, .. } => name,
            Line::Inside | Line::Statement(_) => Text(b""),
        };
        let piece = Piece {
            transfer: 0,
            kind: "URScript",
            name: &name,
            to: Side::Server,
            offset: None,
            bytes: text,
            part,
        };
        out.piece(Protocol::UR_PRIMARY, &piece);
    }

    fn realtime(&mut self, packet: &Realtime<'_>, out: &mut dyn Sink) {
        let Some(operation) = codes::REALTIME.first() else { return };
        let facts: &[Fact<'_>] = if self.introduced { &[] } else { &[ROBOT] };
        self.introduced = true;
        out.message(&Message { values: Some(packet), facts, ..notice(operation, 0) });
    }

    fn state(&mut self, body: Reader<'_>, out: &mut dyn Sink) {
        let Some(operation) = Operation::find(codes::PACKAGES, codes::ROBOT_STATE.into()) else {
            return;
        };
        let state = State::read(body);
        let model = state.robot_type.and_then(state::model).filter(|_| !self.introduced);
        let mut facts = ArrayVec::<Fact<'_>, 2>::new();
        if let Some(model) = &model {
            self.introduced = true;
            facts.push(identity(Field::Product, model));
            facts.push(ROBOT);
        }
        out.message(&Message {
            values: Some(&state),
            anomalies: if state.cut { &[SUB_PACKAGE] } else { &[] },
            facts: &facts,
            ..notice(operation, codes::ROBOT_STATE)
        });
    }
}

const ROBOT: Fact<'static> = Fact::Role {
    about: Subject::Sender,
    role: Role::Robot,
    reason: "streams the state of a Universal Robots controller",
};

const fn identity<'a>(field: Field, value: &'a dyn fmt::Display) -> Fact<'a> {
    Fact::Identity { about: Subject::Sender, field, value }
}

fn notice<'a>(operation: &'static Operation, code: u8) -> Message<'a> {
    Message::new(Protocol::UR_PRIMARY, Kind::Notice, operation, code as u32)
}

/// A robot message: time stamp, source and type stand before its own fields.
fn note(mut body: Reader<'_>, out: &mut dyn Sink) {
    let kind = body.skip(8 + 1).and_then(|()| body.u8());
    let code = kind.unwrap_or(u8::MAX);
    let operation = Operation::find(codes::MESSAGES, code.into()).unwrap_or(&codes::UNLISTED);
    let note = kind.and_then(|kind| Note::read(kind, body));
    let mut facts = ArrayVec::<Fact<'_>, 4>::new();
    if let Some(Note::Version(version)) = &note {
        facts.push(identity(Field::Firmware, version));
        facts.push(identity(Field::Software, &version.project));
        facts.push(identity(Field::Vendor, &"Universal Robots"));
        facts.push(ROBOT);
    }
    out.message(&Message {
        values: note.as_ref().map(|note| note as &dyn fmt::Display),
        anomalies: if note.is_some() { &[] } else { &[Anomaly::TRUNCATED] },
        facts: &facts,
        ..notice(operation, code)
    });
}

/// Robot states whose sub-packages fill them exactly, version messages of the controller, real-time
/// packets one after the other, and script that calls URScript's own functions need no hint.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    if probe.from != Some(Side::Client) {
        let guess = identify_streamed(probe);
        if guess != Guess::No {
            return guess;
        }
    }
    if probe.from == Some(Side::Server) { Guess::No } else { identify_script(probe) }
}

fn identify_streamed(probe: &Probe<'_>) -> Guess {
    const SERVER: Guess = Guess::Yes(Some(Side::Server));
    match streamed(probe.bytes) {
        Err(Step::Need(size)) => unfinished(probe, size),
        Err(_) => Guess::No,
        Ok((Streamed::Realtime(_), size)) => {
            let next = probe.bytes.get(size..).unwrap_or_default();
            let repeated =
                next.len() >= 4 && probe.bytes.starts_with(next.get(..4).unwrap_or(next));
            if probe.hinted || repeated || next.is_empty() { SERVER } else { Guess::No }
        }
        Ok((Streamed::Package { kind: codes::ROBOT_STATE, mut body }, _)) => {
            let parts = std::iter::from_fn(|| state::sub_package(&mut body));
            let parts = parts.take_while(|(kind, _)| *kind < SUB_PACKAGE_TYPE_MAX).count();
            if body.is_empty() && parts > 0 { SERVER } else { Guess::No }
        }
        Ok((Streamed::Package { kind: codes::ROBOT_MESSAGE, mut body }, _)) => {
            let kind = body.skip(8 + 1).and_then(|()| body.u8());
            let listed =
                kind.filter(|kind| Operation::find(codes::MESSAGES, (*kind).into()).is_some());
            match listed.and_then(|kind| Note::read(kind, body)) {
                Some(Note::Version(version)) if version.project.0 == b"URControl" => SERVER,
                Some(_) if probe.hinted => SERVER,
                _ => Guess::No,
            }
        }
        Ok((Streamed::Package { kind, .. }, _)) => {
            if probe.hinted && is_package(kind) && kind != codes::DISCONNECT {
                SERVER
            } else {
                Guess::No
            }
        }
    }
}

/// A package or packet of which only the beginning is at hand.
fn unfinished(probe: &Probe<'_>, size: usize) -> Guess {
    let mut reader = Reader::new(probe.bytes);
    let small = probe.bytes.starts_with(&[0, 0]) || probe.bytes == [0];
    let _ = reader.be32();
    let kind = reader.u8();
    // the sign and exponent of a time between a millisecond and a day
    let time = |byte: u8| (0x3f..=0x40).contains(&byte);
    let begun = kind.is_none_or(|kind| is_package(kind) || time(kind));
    let state = kind == Some(codes::ROBOT_STATE)
        && reader.be32().is_some_and(|part| usize::try_from(part).is_ok_and(|part| part < size))
        && reader.u8().is_some_and(|part| part < SUB_PACKAGE_TYPE_MAX);
    if small && begun && (probe.hinted || state) { Guess::More } else { Guess::No }
}

fn identify_script(probe: &Probe<'_>) -> Guess {
    const CLIENT: Guess = Guess::Yes(Some(Side::Client));
    if !script::is_text(probe.bytes) {
        return Guess::No;
    }
    let mut lines = probe.bytes.split(|byte| *byte == b'\n').map(|line| Text::trimmed(line).0);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#")).unwrap_or_default();
    let shaped = script::shaped(first);
    if shaped && (probe.hinted || script::is_urscript(probe.bytes)) {
        CLIENT
    } else if probe.hinted && !probe.bytes.contains(&b'\n') && probe.bytes.len() < 64 {
        Guess::More
    } else {
        Guess::No
    }
}
