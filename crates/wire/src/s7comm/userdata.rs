//! Userdata: programmer commands, cyclic services, blocks, CPU functions, security, time.
//!
//! ```text
//!  parameters                                          |  data
//!  +----------+-----+------+----------+-----+-----+----|---+------+------+--------+--------
//!  | 00 01 12 | len |method|type,group| sub | seq | .. |   | code | size | length | payload
//!  +----------+-----+------+----------+-----+-----+----|---+------+------+--------+--------
//! ```
//! Type: 0 push, 4 request, 8 response (3, 7 and 11 of numerical controllers). Longer parameters go
//! on with data unit, "more follows" and error (2). An answer of several PDUs is fetched by empty
//! requests of the same function and sequence number. Source: wiki S7comm, userdata.

use std::fmt;

use arrayvec::ArrayVec;
use plant::Intent;

use super::target::{Kept, Shape, Target};
use super::value::SUCCESS;
use super::{Asked, Connection, Pdu, codes, object, outcome, szl};
use crate::message::{Anomaly, Fact, Kind, Message, Outcome, Subject};
use crate::session::{Side, Sink};
use crate::table::{Effect, Operation, Protocol};
use crate::{Reader, Text};

/// Return code of data that a message has none of.
const NO_DATA: u8 = 0x0a;

/// One userdata PDU.
struct Userdata<'a> {
    kind: Kind,
    group: u8,
    sub: u8,
    sequence: u8,
    /// Number that the PDUs of one answer share; 0 of a single one.
    unit: u8,
    last: bool,
    error: u16,
    /// Return code of the data.
    code: u8,
    payload: &'a [u8],
}

impl<'a> Userdata<'a> {
    /// `None` without whole parameters.
    fn read(pdu: &mut Pdu<'a>) -> Option<Self> {
        let mut params = pdu.params;
        params.skip(5)?; // head, length, method
        let kind = params.u8()?;
        let (sub, sequence) = (params.u8()?, params.u8()?);
        let unit = params.u8().unwrap_or(0);
        let last = params.u8().unwrap_or(0) == 0;
        let error = params.be16().unwrap_or(0);
        let mut data = pdu.data;
        let (code, _, length) = (data.u8().unwrap_or(NO_DATA), data.u8(), data.be16().unwrap_or(0));
        if usize::from(length) > data.len() {
            pdu.note(Anomaly::TRUNCATED);
        }
        let payload = data.take(usize::from(length).min(data.len())).unwrap_or_default();
        let (kind, group) = match kind >> 4 {
            4 | 7 => (Kind::Request, kind & 0x0f),
            8 | 11 => (Kind::Response, kind & 0x0f),
            _ => (Kind::Notice, kind & 0x0f),
        };
        Some(Self { kind, group, sub, sequence, unit, last, error, code, payload })
    }

    fn code(&self) -> u32 {
        codes::userdata(self.group, self.sub)
    }

    /// What a request acts on.
    fn target(&self) -> Target<'a> {
        let payload = self.payload;
        let tail = || payload.get(payload.len().saturating_sub(2)..).unwrap_or_default();
        match (self.group, self.sub) {
            (1, 0x02 | 0x08 | 0x09) => Target::new(Shape::TestItems, test_data(payload)),
            (1, 0x0d..=0x0f | 0x12) => Target::new(Shape::Job, tail()),
            (2, 0x01 | 0x05 | 0x07) => Target::new(Shape::Cyclic, payload),
            (3, 2) => Target::new(Shape::BlockType, payload),
            (3, 3) => Target::new(Shape::Block, payload),
            (4, 1) => Target::new(Shape::Szl, payload),
            (4, 2) => {
                let subscriber = Text::trimmed(payload.get(2..10).unwrap_or_default());
                Target::new(Shape::Text, subscriber.0)
            }
            _ => Target::default(),
        }
    }

    /// The operation's intent, but for commands to jobs that only show something, and for what is
    /// pushed: the results of a command, not the command. BSEND pushes data into the other's
    /// program.
    fn intent(&self, operation: &Operation, target: &Target<'_>) -> Intent {
        let told = self.kind == Kind::Notice && self.group != 6;
        let shows = target.job().is_some_and(|function| {
            codes::userdata_function(1, function).intent == Intent::Observe
        });
        if shows || told && operation.intent != Intent::Unknown {
            Intent::Observe
        } else {
            operation.intent
        }
    }

    fn outcome(&self) -> Outcome {
        match self.code {
            _ if self.error != 0 => outcome(self.error),
            SUCCESS => Outcome::Ok,
            NO_DATA if self.payload.is_empty() => Outcome::Ok,
            code => Outcome::Error { code: code.into(), name: codes::return_code(code) },
        }
    }

    /// What is worth showing of the data.
    fn shown(&self) -> Option<Shown<'a>> {
        if self.payload.is_empty() {
            return None;
        }
        let answers = self.kind == Kind::Response;
        match (self.group, self.sub) {
            (7, 1..=4) => Some(Shown::Clock(self.payload)),
            (3, 1) if answers => Some(Shown::Blocks(self.payload)),
            (3, 2) if answers => Some(Shown::Numbers(self.payload)),
            (4, 1) if answers && self.unit == 0 => Some(Shown::Szl(self.payload)),
            _ => None,
        }
    }
}

/// The data part of a programmer command: sizes of parameters and data, parameters, data.
fn test_data(payload: &[u8]) -> &[u8] {
    let mut reader = Reader::new(payload);
    let (Some(params), Some(_)) = (reader.be16(), reader.be16()) else { return &[] };
    match reader.skip(params.into()) {
        Some(()) => reader.rest(),
        None => &[],
    }
}

impl Connection {
    pub(super) fn userdata(&mut self, from: Side, mut pdu: Pdu<'_>, out: &mut dyn Sink) {
        let Some(userdata) = Userdata::read(&mut pdu) else {
            pdu.note(Anomaly::TRUNCATED);
            return self.unlisted(Kind::Notice, codes::USERDATA, &pdu.anomalies, out);
        };
        let asked = match userdata.kind {
            Kind::Request => self.question(from, &pdu, &userdata),
            Kind::Response => self.answered(from, &mut pdu, &userdata),
            Kind::Notice => asked(&userdata, Target::default()),
        };
        let target = asked.target.target();
        let role = self.role(from, userdata.kind, asked.operation);
        let unit = self.unit;
        let told = self.identity(&userdata);
        let mut facts = ArrayVec::<Fact<'_>, { szl::FACTS_MAX + 2 }>::new();
        facts.extend(role);
        if asked.operation.effect == Effect::Login && userdata.kind == Kind::Request {
            facts.push(Fact::Credential {
                scheme: "S7 PLC password (obfuscated)",
                account: &"",
                cleartext: true, // a fixed exclusive-or chain without a key
                default: false,
            });
        }
        facts.extend(told.iter().map(|(field, value)| Fact::Identity {
            about: Subject::Sender,
            field: *field,
            value,
        }));
        let outcome = match userdata.kind {
            Kind::Response => userdata.outcome(),
            Kind::Request | Kind::Notice => Outcome::Open,
        };
        let shown = userdata.shown();
        out.message(&Message {
            intent: asked.intent,
            object: object(&target),
            outcome,
            id: (userdata.kind != Kind::Notice).then(|| pdu.reference.into()),
            unit,
            values: shown.as_ref().map(|shown| shown as &dyn fmt::Display),
            anomalies: &pdu.anomalies,
            facts: &facts,
            ..Message::new(Protocol::S7COMM, userdata.kind, asked.operation, asked.code)
        });
    }

    fn question(&mut self, from: Side, pdu: &Pdu<'_>, userdata: &Userdata<'_>) -> Asked {
        let goes_on = userdata.payload.is_empty() && userdata.sequence != 0;
        let kept =
            goes_on.then(|| self.continued.take(&(userdata.code(), userdata.sequence))).flatten();
        let asked = match &kept {
            Some(kept) => asked(userdata, kept.target()),
            None => asked(userdata, userdata.target()),
        };
        self.asked.insert((from, pdu.reference), asked.clone());
        asked
    }

    fn answered(&mut self, from: Side, pdu: &mut Pdu<'_>, userdata: &Userdata<'_>) -> Asked {
        let waiting = self.asked.take(&(from.other(), pdu.reference));
        let waiting = waiting.filter(|asked| asked.code == userdata.code());
        if waiting.is_none() {
            pdu.note(Anomaly::UNASKED);
        }
        let asked = waiting.unwrap_or_else(|| {
            let told = match (userdata.group, userdata.sub) {
                // A status list repeats its id and index, but only in its first PDU.
                (4, 1) if userdata.unit == 0 => userdata.target(),
                _ => Target::default(),
            };
            asked(userdata, told)
        });
        if !userdata.last {
            let key = (userdata.code(), userdata.sequence);
            self.continued.insert(key, asked.target.clone());
        }
        asked
    }

    /// What a status list tells of its sender.
    fn identity<'a>(
        &'a mut self,
        userdata: &Userdata<'a>,
    ) -> ArrayVec<(crate::Field, szl::Value<'a>), { szl::FACTS_MAX }> {
        let list = (userdata.kind, userdata.group, userdata.sub) == (Kind::Response, 4, 1);
        if !list || userdata.code != SUCCESS {
            return ArrayVec::new();
        }
        let list = self.identity.add(userdata.unit, userdata.last, userdata.payload);
        list.map(szl::identity).unwrap_or_default()
    }
}

fn asked(userdata: &Userdata<'_>, target: Target<'_>) -> Asked {
    let operation = codes::userdata_function(userdata.group, userdata.sub);
    Asked {
        operation,
        code: userdata.code(),
        intent: userdata.intent(operation, &target),
        target: Kept::from(target),
    }
}

/// Data for people.
enum Shown<'a> {
    /// Reserved byte, century, then year to millisecond in BCD.
    Clock(&'a [u8]),
    /// Block type and number of blocks, 2 bytes each.
    Blocks(&'a [u8]),
    /// Block number (2), flags, language.
    Numbers(&'a [u8]),
    /// A status list.
    Szl(&'a [u8]),
}

/// Block numbers that are shown; CPUs hold thousands.
const NUMBERS_MAX: usize = 32;

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clock(bytes) => clock(f, bytes),
            Self::Blocks(bytes) => {
                for (place, [a, b, high, low]) in bytes.as_chunks::<4>().0.iter().enumerate() {
                    f.write_str(if place > 0 { ", " } else { "" })?;
                    let kind = [*a, *b];
                    Target::new(Shape::BlockType, &kind).fmt(f)?;
                    write!(f, " x{}", u16::from_be_bytes([*high, *low]))?;
                }
                Ok(())
            }
            Self::Numbers(bytes) => {
                let blocks = bytes.as_chunks::<4>().0;
                for (place, [high, low, ..]) in blocks.iter().take(NUMBERS_MAX).enumerate() {
                    f.write_str(if place > 0 { ", " } else { "" })?;
                    u16::from_be_bytes([*high, *low]).fmt(f)?;
                }
                f.write_str(if blocks.len() > NUMBERS_MAX { ", .." } else { "" })
            }
            Self::Szl(bytes) => {
                let mut reader = Reader::new(bytes);
                let head = (reader.be16(), reader.be16(), reader.be16(), reader.be16());
                let (Some(id), _, Some(length), Some(count)) = head else { return Ok(()) };
                if id & 0xff == 0x24 {
                    // W#16#xy24, mode transitions: the mode is in the low half of byte 3
                    let mode = reader.rest().get(3).map_or("", |mode| mode_name(mode & 0x0f));
                    return f.write_str(mode);
                }
                write!(f, "{count} records of {length} bytes")
            }
        }
    }
}

/// Operating mode (SZL W#16#xy24).
const fn mode_name(mode: u8) -> &'static str {
    match mode {
        1 => "STOP (update)",
        2 => "STOP (memory reset)",
        3 => "STOP (self initialization)",
        4 => "STOP (internal)",
        5 => "STARTUP (complete restart)",
        7 => "STARTUP (restart)",
        8 => "RUN",
        9 => "RUN (redundant)",
        10 => "HOLD",
        13 => "DEFECT",
        _ => "",
    }
}

fn clock(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    let [_, _, year, month, day, hour, minute, second, ..] = bytes else { return Ok(()) };
    // The century byte is 19 also after 1999: years below 90 are of this century (DATE_AND_TIME).
    let century = if *year < 0x90 { 20 } else { 19 };
    write!(f, "{century}{year:02x}-{month:02x}-{day:02x} {hour:02x}:{minute:02x}:{second:02x}")
}
