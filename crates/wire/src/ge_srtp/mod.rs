//! GE SRTP: service requests to GE Fanuc, GE Intelligent Platforms and Emerson PLCs.
//!
//! Reads every service with the memory that it reads or writes, data and status; the map of a
//! frame is in `frame.rs`. FANUC robots speak the same frames (SNPX): both rows of the protocol
//! table open the session of this file, and as soon as a robot's command is written to %G its
//! messages are those of `fanuc-snpx`. Port 18245 says GE, 60008 says robot. Several packets of one
//! message are shown each by itself. Sources: see [`codes`].

pub mod codes;
mod frame;
#[cfg(test)]
pub(crate) mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use self::frame::{Frame, HEADER_BYTES, Role as Part};
use crate::fanuc_snpx;
use crate::fanuc_snpx::assignments::{Assignment, Assignments};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ge-srtp",
    title: "GE SRTP",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Peer("gesrtp-py"),
    hints: &[Hint::Tcp(18245)],
    operations: &[codes::SERVICES, codes::CONNECTION],
    identify: Some(identify),
    open: || Box::new(Srtp::new(Protocol::GE_SRTP)),
};

/// A session of the same frames at the port of a robot.
pub(crate) fn open_robot() -> Box<dyn Session> {
    Box::new(Srtp::new(Protocol::FANUC_SNPX))
}

/// Requests kept for pairing; clients ask one at a time, or number what they ask.
const REQUESTS_MAX: usize = 8;
/// Values shown of one message.
const SHOWN_MAX: usize = 16;

const MEMORY: Anomaly = Anomaly::violation("memory selector is not listed");
const LENGTH: Anomaly = Anomaly::malformed("data does not match the number of points");
const CUT: Anomaly = Anomaly::oddity("text is longer than is read");
const PACKETS: Anomaly = Anomaly::oddity("several packets make this message");

/// What a reply does not repeat.
#[derive(Clone, Copy)]
struct Asked {
    operation: &'static Operation,
    code: u32,
    place: Option<Place>,
}

/// Memory that a request reads or writes.
#[derive(Clone, Copy)]
struct Place {
    selector: u8,
    first: u32,
    count: u32,
}

impl Place {
    const fn object(&self) -> Object<'static> {
        Object::Range { space: codes::memory(self.selector), first: self.first, count: self.count }
    }

    /// Bytes of its values.
    const fn bytes(&self) -> u32 {
        match self.selector {
            // points come in whole bytes, from the byte of the first to that of the last
            0x46.. => (((self.first - 1) % 8) + self.count).div_ceil(8),
            selector if codes::is_words(selector) => self.count * 2,
            _ => self.count,
        }
    }
}

/// Values as the memory has them: words, or bytes.
struct Values<'a> {
    data: &'a [u8],
    words: bool,
    /// What a robot has assigned to that memory.
    variable: Option<&'a Assignment>,
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reader = Reader::new(self.data);
        self.variable.iter().try_for_each(|variable| write!(f, "{variable}: "))?;
        for shown in 0.. {
            let value = if self.words { reader.le16() } else { reader.u8().map(u16::from) };
            let Some(value) = value else { break };
            if shown == SHOWN_MAX {
                return f.write_str(" ..");
            }
            if shown > 0 {
                f.write_str(" ")?;
            }
            if self.words { write!(f, "{value}")? } else { write!(f, "{value:02x}")? }
        }
        Ok(())
    }
}

/// One conversation.
struct Srtp {
    protocol: Protocol,
    asked: Pending<u16, Asked, REQUESTS_MAX>,
    introduced: bool,
    assignments: Assignments,
}

impl Srtp {
    fn new(protocol: Protocol) -> Self {
        let assignments = Assignments::default();
        Self { protocol, asked: Pending::new(), introduced: false, assignments }
    }
}

impl Session for Srtp {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let frame = match Frame::read(bytes) {
            Ok(frame) => frame,
            Err(step) => return step,
        };
        match frame.role {
            Part::Init => self.opening(Kind::Request, out),
            Part::InitAck => self.opening(Kind::Response, out),
            Part::Request => self.request(&frame, out),
            Part::Reply => self.reply(&frame, out),
        }
        Step::Read(frame.bytes)
    }

    fn gap(&mut self, _from: Side) {
        self.asked.clear();
    }

    fn held_bytes(&self) -> usize {
        self.assignments.held_bytes()
    }
}

impl Srtp {
    fn opening(&self, kind: Kind, out: &mut dyn Sink) {
        let Some(operation) = codes::CONNECTION.first() else { return };
        let outcome = if kind == Kind::Response { Outcome::Ok } else { Outcome::Open };
        out.message(&Message::new(self.protocol, kind, operation, operation.code).ended(outcome));
    }

    fn request(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        if let Some(text) = commands(frame, self.protocol == Protocol::FANUC_SNPX) {
            return self.commands(frame, text, out);
        }
        let operation = operation(frame.code);
        let mut anomalies = faults(frame);
        let place = place(frame);
        let moves = matches!(frame.code, codes::READ_SYSTEM | codes::WRITE_SYSTEM);
        if moves && place.is_none() {
            anomalies.push(MEMORY);
        }
        let writes = frame.code == codes::WRITE_SYSTEM;
        let data = place.and_then(|place| written(frame, &place)).filter(|_| writes);
        if writes && data.is_none() && place.is_some() {
            anomalies.push(LENGTH);
        }
        self.asked.insert(frame.sequence, Asked { operation, code: frame.code.into(), place });
        let variable = place.and_then(|place| self.variable(&place));
        let words = codes::is_words(frame.selector);
        let values = data.map(|data| Values { data, words, variable });
        let message = Message::new(self.protocol, Kind::Request, operation, frame.code.into());
        let system = writes && place.is_some_and(|place| self.changes_system(&place));
        out.message(&Message {
            intent: if system { plant::Intent::Administer } else { message.intent },
            object: place.as_ref().map_or(Object::Nothing, Place::object),
            values: values.as_ref().map(|values| values as &dyn fmt::Display),
            anomalies: &anomalies,
            id: Some(frame.sequence.into()),
            ..message
        });
    }

    /// Text for %G: from here on it is a robot.
    fn commands(&mut self, frame: &Frame<'_>, text: &[u8], out: &mut dyn Sink) {
        self.protocol = Protocol::FANUC_SNPX;
        let anomalies = faults(frame);
        for line in lines(text) {
            let (operation, arguments) = fanuc_snpx::command(line);
            self.asked
                .insert(frame.sequence, Asked { operation, code: operation.code, place: None });
            self.assignments.command(operation.name, arguments);
            let arguments = Text(arguments);
            let message = Message::new(self.protocol, Kind::Request, operation, operation.code);
            let object =
                if arguments.0.is_empty() { Object::Nothing } else { Object::Named(&arguments) };
            out.message(
                &message.on(object).with_id(frame.sequence.into()).with_anomalies(&anomalies),
            );
        }
    }

    /// The variable that lies where a request reads or writes.
    fn variable(&self, place: &Place) -> Option<&Assignment> {
        if place.selector == codes::REGISTERS { self.assignments.at(place.first) } else { None }
    }

    /// Whether a variable of the system lies in what is written.
    fn changes_system(&self, place: &Place) -> bool {
        place.selector == codes::REGISTERS && self.assignments.system(place.first, place.count)
    }

    fn reply(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let asked = self.asked.take(&frame.sequence);
        let mut anomalies = faults(frame);
        if asked.is_none() {
            anomalies.push(Anomaly::UNASKED);
        }
        let new = self.protocol == Protocol::FANUC_SNPX && !self.introduced;
        self.introduced |= new;
        let outcome = outcome(frame);
        let read = asked
            .filter(|asked| outcome == Outcome::Ok && asked.code == u32::from(codes::READ_SYSTEM));
        let place = asked.and_then(|asked| asked.place);
        let mut values = None;
        if let Some(place) = read.and_then(|asked| asked.place) {
            values = returned(frame, &place).map(|data| Values {
                data,
                words: codes::is_words(place.selector),
                variable: self.variable(&place),
            });
            if values.is_none() {
                anomalies.push(LENGTH);
            }
        }
        let state = codes::state(frame.state);
        let status = asked.is_some_and(|asked| asked.code == u32::from(codes::SHORT_STATUS));
        let told: Option<&dyn fmt::Display> = match &values {
            Some(values) => Some(values),
            None if status && outcome == Outcome::Ok && !state.is_empty() => Some(&state),
            None => None,
        };
        let operation = asked.map_or(&codes::RESPONSE, |asked| asked.operation);
        let code = asked.map_or(operation.code, |asked| asked.code);
        let message = Message::new(self.protocol, Kind::Response, operation, code);
        out.message(&Message {
            object: place.as_ref().map_or(Object::Nothing, Place::object),
            outcome,
            values: told,
            anomalies: &anomalies,
            facts: if new { ROBOT } else { &[] },
            id: Some(frame.sequence.into()),
            ..message
        });
    }
}

/// What a frame shows by itself; there is room for two more.
fn faults(frame: &Frame<'_>) -> ArrayVec<Anomaly, 4> {
    let mut anomalies = ArrayVec::new();
    if frame.packet.1 > 1 {
        anomalies.push(PACKETS);
    }
    if HEADER_BYTES + frame.text.len() < frame.bytes {
        anomalies.push(CUT);
    }
    anomalies
}

/// Lines of text that are not blank.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| matches!(byte, b'\r' | b'\n' | 0))
        .filter(|line| !Text::trimmed(line).0.is_empty())
}

/// What answers at a robot's port, or takes a robot's commands.
const ROBOT: &[Fact<'static>] = &[
    Fact::Identity { about: Subject::Sender, field: Field::Vendor, value: &"FANUC" },
    Fact::Role { about: Subject::Sender, role: Role::Robot, reason: "answers FANUC SNPX" },
];

fn operation(code: u8) -> &'static Operation {
    Operation::find(codes::SERVICES, code.into()).unwrap_or(&codes::UNLISTED)
}

/// A refusal says so in its message type; some leave the status bytes zero.
const fn outcome(frame: &Frame<'_>) -> Outcome {
    let code = u32::from_be_bytes([0, 0, frame.code, frame.selector]);
    match (frame.message_type, code) {
        (0xd1, 0) => Outcome::Error { code: 0, name: "refused" },
        (_, 0) => Outcome::Ok,
        _ => Outcome::Error { code, name: codes::status(frame.code) },
    }
}

/// The memory that a request names.
fn place(frame: &Frame<'_>) -> Option<Place> {
    let moves = matches!(frame.code, codes::READ_SYSTEM | codes::WRITE_SYSTEM);
    let listed = moves && !codes::memory(frame.selector).is_empty();
    listed.then(|| Place {
        selector: frame.selector,
        first: u32::from(frame.offset) + 1,
        count: frame.count.into(),
    })
}

/// The values that a write carries; points may come with less than their last byte.
fn written<'a>(frame: &Frame<'a>, place: &Place) -> Option<&'a [u8]> {
    let bytes = usize::try_from(place.bytes()).ok()?;
    let data = frame.data();
    let text = frame.message_type == 0x80;
    if place.selector >= 0x46 && text {
        return Some(data);
    }
    if text { (HEADER_BYTES + bytes == frame.bytes).then_some(data) } else { data.get(..bytes) }
}

/// The values that a reply brings: 6 bytes at most inside the header.
fn returned<'a>(frame: &Frame<'a>, place: &Place) -> Option<&'a [u8]> {
    let bytes = usize::try_from(place.bytes()).ok()?;
    let data = frame.data();
    if frame.message_type == 0x94 { Some(data) } else { data.get(..bytes) }
}

/// The text of a write to %G, if a robot takes it: of the short form as many bytes as it counts,
/// of the long one all, whatever it counts. One listed command in it is enough.
fn commands<'a>(frame: &Frame<'a>, robot: bool) -> Option<&'a [u8]> {
    if frame.code != codes::WRITE_SYSTEM || frame.selector != codes::GLOBAL_BYTES {
        return None;
    }
    let text = match frame.message_type {
        0x80 => frame.text,
        _ => frame.inline.get(..usize::from(frame.count)).unwrap_or(frame.inline),
    };
    let printed = |byte: &u8| matches!(byte, 0x20..=0x7e | b'\r' | b'\n' | 0);
    let known = lines(text).any(|line| *fanuc_snpx::command(line).0 != fanuc_snpx::UNLISTED);
    (text.iter().all(printed) && (known || robot)).then_some(text)
}

/// What a sight of the first bytes tells.
#[derive(Clone, Copy)]
pub(crate) struct Sight {
    /// The frame is not whole yet.
    pub(crate) more: bool,
    /// It carries a robot's command.
    pub(crate) robot: bool,
    /// Good enough where no port says the same.
    pub(crate) certain: bool,
    /// Who sent it.
    pub(crate) side: Option<Side>,
}

/// Looks at the first bytes of a stream; `None` if they are no SRTP.
pub(crate) fn sight(probe: &Probe<'_>) -> Option<Sight> {
    if probe.transport != Transport::Tcp {
        return None;
    }
    let frame = match Frame::read(probe.bytes) {
        Ok(frame) => frame,
        Err(Step::Need(_)) => {
            return Some(Sight { more: true, robot: false, certain: false, side: None });
        }
        Err(_) => return None,
    };
    let (side, certain) = match frame.role {
        Part::Init => (Side::Client, false),
        Part::InitAck => (Side::Server, false),
        Part::Request => (Side::Client, frame.addressed),
        Part::Reply => (Side::Server, frame.addressed),
    };
    if !certain && matches!(frame.role, Part::Request | Part::Reply) {
        return None;
    }
    let robot = frame.role == Part::Request && commands(&frame, false).is_some();
    Some(Sight { more: false, robot, certain, side: Some(side) })
}

/// Addresses and counts of a request or reply are signature enough; the zeros that open a
/// connection want the port. A robot's command is left to the robot's row.
fn identify(probe: &Probe<'_>) -> Guess {
    match sight(probe) {
        Some(sight) if sight.more => {
            if probe.hinted {
                Guess::More
            } else {
                Guess::No
            }
        }
        Some(sight) if !sight.robot && (sight.certain || probe.hinted) => Guess::Yes(sight.side),
        Some(_) | None => Guess::No,
    }
}
