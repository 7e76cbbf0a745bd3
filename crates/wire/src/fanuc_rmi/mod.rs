//! FANUC Remote Motion Interface (RMI): JSON over TCP that moves a robot.
//!
//! ```text
//!  {"Communication" | "Command" | "Instruction": "FRC_..", .. "SequenceID": n, "ErrorID": n} CR LF
//! ```
//! On port 16001 a client connects and is told the port that it works on, 16002 on most
//! controllers; the form is the same on both. Answers repeat the name. A packet that names several
//! commands is not judged by one of them, but is unknown. Sources: see [`codes`].

pub mod codes;
mod json;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::{ArrayString, ArrayVec};

use self::json::{Fields, Value};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "fanuc-rmi",
    title: "FANUC Remote Motion Interface",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("fanuc-rmi and fanuc-ucl"),
    hints: &[Hint::Tcp(16001), Hint::Tcp(16002)],
    operations: &[codes::PACKETS],
    identify: Some(identify),
    open: || Box::<Rmi>::default(),
};

/// Longest packet that is waited for; those with two positions are below 2 KiB.
const LINE_BYTES_MAX: usize = 8192;
/// Packets kept for pairing: a controller takes 8 instructions ahead.
const PACKETS_MAX: usize = 16;
/// Bytes of a name that are kept for its answer: variables have 64.
const NAME_BYTES_MAX: usize = 64;
/// Fields that name a packet.
const KEYS: [&[u8]; 4] = [b"Command", b"Instruction", b"Communication", b"ASCII"];

const JSON: Anomaly = Anomaly::malformed("line is no JSON object");
const NAMELESS: Anomaly = Anomaly::violation("packet has no name");
const SEVERAL: Anomaly = Anomaly::violation("packet has several names");

/// What a packet acts on, as long as its answer needs it.
#[derive(Clone, Copy, Default)]
struct Place {
    space: &'static str,
    number: Option<u32>,
    name: ArrayString<NAME_BYTES_MAX>,
    /// It names something else beside.
    more: bool,
}

impl Place {
    const fn object(&self) -> Object<'_> {
        match self.number {
            Some(first) if self.name.is_empty() && !self.more => {
                Object::Range { space: self.space, first, count: 1 }
            }
            None if self.name.is_empty() => Object::Nothing,
            _ => Object::Named(self),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) if self.name.is_empty() => write!(f, "{} {number}", self.space)?,
            _ => Text(self.name.as_bytes()).fmt(f)?,
        }
        f.write_str(if self.more || self.number.is_some() { ", and more" } else { "" })
    }
}

/// One packet.
#[derive(Clone, Copy)]
struct Packet<'a> {
    operation: &'static Operation,
    sequence: Option<u32>,
    error: Option<u32>,
    place: Place,
    fields: Fields<'a>,
    anomaly: Option<Anomaly>,
}

/// One conversation.
#[derive(Default)]
struct Rmi {
    asked: Pending<(u32, Option<u32>), Place, PACKETS_MAX>,
}

impl Session for Rmi {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            let begun = bytes.len() < LINE_BYTES_MAX && is_text(bytes);
            return if begun { Step::Need(bytes.len() + 1) } else { Step::Lost };
        };
        let line = Text::trimmed(bytes.get(..end).unwrap_or_default()).0;
        if !is_text(line) {
            return Step::Lost;
        }
        match Packet::read(line) {
            _ if line.is_empty() => {}
            None => return Step::Lost,
            Some(packet) if from == Side::Client => self.request(&packet, out),
            Some(packet) => self.answer(&packet, out),
        }
        Step::Read(end + 1)
    }

    fn gap(&mut self, _from: Side) {
        self.asked.clear();
    }
}

impl Rmi {
    fn request(&mut self, packet: &Packet<'_>, out: &mut dyn Sink) {
        self.asked.insert((packet.operation.code, packet.sequence), packet.place);
        packet.show(Kind::Request, &packet.place, &[], out);
    }

    fn answer(&mut self, packet: &Packet<'_>, out: &mut dyn Sink) {
        let told = matches!(packet.operation.code, 3..=5);
        let asked = self.asked.take(&(packet.operation.code, packet.sequence));
        let place = asked.unwrap_or(packet.place);
        let version = packet.operation.name.starts_with("frc_connect").then_some(Version(packet));
        let robot = [
            Fact::Identity { about: Subject::Sender, field: Field::Vendor, value: &"FANUC" },
            Fact::Role { about: Subject::Sender, role: Role::Robot, reason: "answers FANUC RMI" },
        ];
        let mut facts = ArrayVec::<Fact<'_>, 3>::new();
        if let Some(version) = &version {
            facts.extend(robot);
            let about = Subject::Sender;
            facts.push(Fact::Identity { about, field: Field::Software, value: version });
        }
        let kind = if told { Kind::Notice } else { Kind::Response };
        let unasked = asked.is_none() && !told;
        let packet = if unasked {
            &Packet { anomaly: packet.anomaly.or(Some(Anomaly::UNASKED)), ..*packet }
        } else {
            packet
        };
        packet.show(kind, &place, &facts, out);
    }
}

/// `RMI 1.2`.
struct Version<'a>(&'a Packet<'a>);

impl fmt::Display for Version<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |name: &[u8]| {
            self.0.fields.into_iter().find(|(key, _)| *key == name).and_then(|(_, v)| v.number())
        };
        write!(f, "RMI")?;
        if let (Some(major), Some(minor)) = (number(b"MajorVersion"), number(b"MinorVersion")) {
            write!(f, " {major}.{minor}")?;
        }
        Ok(())
    }
}

impl<'a> Packet<'a> {
    /// Reads a line; `None` if it does not begin an object.
    fn read(line: &'a [u8]) -> Option<Self> {
        let fields = Fields::of(line)?;
        let mut packet = Self {
            operation: &codes::UNLISTED,
            sequence: None,
            error: None,
            place: Place::default(),
            fields,
            anomaly: None,
        };
        let mut names = 0_usize;
        let mut walk = fields;
        for (key, value) in walk.by_ref() {
            if KEYS.contains(&key) {
                names += 1;
                packet.operation = name(key, value);
            }
            match key {
                b"SequenceID" => packet.sequence = value.number(),
                b"ErrorID" => packet.error = value.number(),
                _ => packet.place.take(key, value),
            }
        }
        if names > 1 {
            packet.operation = &codes::UNLISTED;
        }
        packet.anomaly = match names {
            _ if !walk.whole => Some(JSON),
            0 => Some(NAMELESS),
            1 => (!walk.rest().is_empty()).then_some(Anomaly::TRAILING),
            _ => Some(SEVERAL),
        };
        Some(packet)
    }

    fn show(&self, kind: Kind, place: &Place, facts: &[Fact<'_>], out: &mut dyn Sink) {
        let values = Values(self);
        let outcome = match self.error {
            Some(code) if kind != Kind::Request => Outcome::from_code(code, codes::error(code)),
            _ => Outcome::Open,
        };
        let message = Message::new(Protocol::FANUC_RMI, kind, self.operation, self.operation.code);
        out.message(&Message {
            object: place.object(),
            outcome,
            id: self.sequence,
            values: values.any().then_some(&values as &dyn fmt::Display),
            anomalies: self.anomaly.as_slice(),
            facts,
            ..message
        });
    }
}

impl Place {
    /// Keeps a field that says what the packet acts on.
    fn take(&mut self, key: &[u8], value: Value<'_>) {
        let space = match key {
            b"RegisterNumber" => "register",
            b"PortNumber" => "port",
            b"FrameNumber" | b"UFrameNumber" => "uframe",
            b"ToolNumber" => "utool",
            b"ScheduleNumber" => "payload",
            b"ProgramName" | b"VariableName" => {
                self.more |= !self.name.is_empty();
                for byte in value.bytes() {
                    self.more |= self.name.try_push(char::from(*byte)).is_err();
                }
                return;
            }
            _ => return,
        };
        if self.number.is_none() {
            self.space = space;
            self.number = value.number();
        } else {
            self.more = true;
        }
    }
}

/// Fields that are neither the name nor what pairs packets.
struct Values<'a>(&'a Packet<'a>);

impl Values<'_> {
    fn shown(&self) -> impl Iterator<Item = (&[u8], Value<'_>)> {
        let apart: [&[u8]; 2] = [b"SequenceID", b"ErrorID"];
        let ascii: &[u8] = b"ASCII";
        self.0
            .fields
            .filter(move |(key, _)| *key == ascii || !KEYS.contains(key) && !apart.contains(key))
    }

    fn any(&self) -> bool {
        self.shown().next().is_some()
    }
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (key, value)) in self.shown().enumerate() {
            let space = if place > 0 { " " } else { "" };
            write!(f, "{space}{}={}", Text(key), Text(value.bytes()))?;
        }
        Ok(())
    }
}

/// The row that a naming field means; the text of an ASCII packet is not its name.
fn name(key: &[u8], value: Value<'_>) -> &'static Operation {
    if key == b"ASCII" { codes::packet(key) } else { codes::packet(value.bytes()) }
}

/// Whether bytes may be a line of JSON: no control characters but white space.
fn is_text(line: &[u8]) -> bool {
    line.iter().all(|byte| *byte >= 0x20 || byte.is_ascii_whitespace())
}

/// A naming field whose value begins with `FRC_`; no other protocol has that.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let line = Text::trimmed(probe.bytes).0;
    let Some(mut fields) = Fields::of(line) else { return Guess::No };
    let mut error = false;
    let mut found = false;
    for (key, value) in fields.by_ref() {
        let text = matches!(value, Value::Text(text) if text.starts_with(b"FRC_"));
        found |= text && KEYS.contains(&key);
        error |= key == b"ErrorID";
    }
    match (found, fields.whole) {
        (true, true) => Guess::Yes(Some(if error { Side::Server } else { Side::Client })),
        (_, false) if probe.hinted && is_text(line) && line.len() < LINE_BYTES_MAX => Guess::More,
        _ => Guess::No,
    }
}
