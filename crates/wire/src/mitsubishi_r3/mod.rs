//! Mitsubishi MELFA R3 protocol of CRnQ-700, CR750 and CR800 controllers: the non-procedural form.
//!
//! Commands and answers are lines of text; the byte map is in [`line`]. Answers come in the order
//! of the commands and repeat none of them, so commands wait in a queue. The procedural form, for
//! serial lines, the real-time monitor and external control over UDP are not read here. Sources:
//! see [`codes`].

pub mod codes;
mod line;
mod programs;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use self::codes::Argument;
use self::line::{Answer, LINE_BYTES_MAX, Line, Request};
use self::programs::Open;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Part, Piece, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "mitsubishi-r3",
    title: "Mitsubishi MELFA R3",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("Robotics Library"),
    hints: &[Hint::Tcp(10001)],
    operations: &[codes::COMMANDS],
    identify: Some(identify),
    open: || Box::<R3>::default(),
};

/// Commands kept for pairing; clients wait for each answer.
const COMMANDS_MAX: usize = 8;
/// Bytes of an argument that are kept for its answer.
const NAME_BYTES_MAX: usize = 64;
/// Longest command (BFP-A4288 3.1).
const COMMAND_BYTES_MAX: usize = 255;
/// Characters shown of an argument or answer.
const SHOWN_BYTES_MAX: usize = 256;

const LONG: Anomaly = Anomaly::violation("command is longer than 255 bytes");
const BLOCK: Anomaly = Anomaly::malformed("block is not in hexadecimal digits");

/// A command that waits for its answer.
#[derive(Clone, Debug)]
struct Asked {
    operation: &'static Operation,
    target: Target,
    unit: u16,
}

/// What a command acts on.
#[derive(Clone, Debug, Default)]
enum Target {
    #[default]
    Nothing,
    Named(ArrayVec<u8, NAME_BYTES_MAX>),
    Numbered(&'static str, u32),
}

impl Target {
    fn named(name: &[u8]) -> Self {
        Self::Named(name.iter().copied().take(NAME_BYTES_MAX).collect())
    }

    /// `arguments` is what follows the command.
    fn read(operation: &Operation, arguments: &[u8]) -> Self {
        let until = |stop: u8| arguments.split(|byte| *byte == stop).next().unwrap_or_default();
        match codes::argument(operation.name) {
            Argument::Other | Argument::Secret => Self::Nothing,
            Argument::Name => Self::named(until(b';')),
            Argument::Whole => Self::named(arguments),
            Argument::Assigned => Self::named(until(b'=')),
            Argument::Number(space) => {
                let digits = arguments.iter().take_while(|byte| byte.is_ascii_digit());
                let number = digits.fold(0_u32, |n, digit| {
                    n.saturating_mul(10).saturating_add(u32::from(digit - b'0'))
                });
                Self::Numbered(space, number)
            }
        }
    }

    fn object(&self) -> Object<'_> {
        match self {
            Self::Named(name) if !name.is_empty() => Object::Named(self),
            Self::Numbered(space, first) => Object::Range { space, first: *first, count: 1 },
            Self::Nothing | Self::Named(_) => Object::Nothing,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => Text(name).fmt(f),
            Self::Nothing | Self::Numbered(..) => Ok(()),
        }
    }
}

/// One R3 conversation.
#[derive(Default)]
struct R3 {
    asked: ArrayVec<Asked, COMMANDS_MAX>,
    /// Whether a side was seen to terminate its lines.
    terminates: [bool; 2],
    open: Open,
}

impl Session for R3 {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let line = Line::read(bytes);
        if !line.is_text() {
            return Step::Lost;
        }
        let terminates = self.terminates.get_mut(from.index());
        let expected = terminates.as_ref().is_some_and(|terminates| **terminates);
        if !line.terminated && (expected || line.bytes > COMMAND_BYTES_MAX) {
            let more = line.bytes < LINE_BYTES_MAX;
            return if more { Step::Need(line.bytes + 1) } else { Step::Lost };
        }
        if let Some(terminates) = terminates {
            *terminates |= line.terminated;
        }
        let read = match from {
            _ if line.text.trim_ascii().is_empty() => Some(()),
            Side::Client => Request::read(line.text).map(|request| self.command(&request, out)),
            Side::Server => Answer::read(line.text).map(|answer| self.answer(answer, out)),
        };
        read.map_or(Step::Lost, |()| Step::Read(line.bytes))
    }

    fn gap(&mut self, _from: Side) {
        self.asked.clear();
        self.open.close();
    }
}

impl R3 {
    fn command(&mut self, request: &Request<'_>, out: &mut dyn Sink) {
        let (operation, arguments) = codes::command(request.command);
        let target = Target::read(operation, arguments);
        let secret = codes::argument(operation.name) == Argument::Secret;
        let mut marks = ArrayVec::<Anomaly, 2>::new();
        if request.command.len() > COMMAND_BYTES_MAX {
            marks.push(LONG);
        }
        let block = (operation.name == "fwrite").then(|| written(arguments));
        if let Some(None) = block {
            marks.push(BLOCK);
            self.open.close();
        }
        let part =
            self.part(operation.name, arguments, block.as_ref().is_some_and(Option::is_some));
        let name = self.open.name();
        let carried = block.as_ref().and_then(Option::as_ref).map_or(arguments, |block| block);
        let shown = Text::clipped(arguments, SHOWN_BYTES_MAX);
        let unit = u16::from_be_bytes([request.robot, request.slot]);
        let keyword = [Fact::Credential {
            scheme: "MELFA parameter keyword",
            account: &"keyword",
            cleartext: true,
            default: false,
        }];
        let message = base(operation, Kind::Request, unit);
        let sent = part.map(|part| {
            piece(&name, self.open.to(), (if part == Part::Last { &[] } else { carried }, part))
        });
        out.message(&Message {
            values: (!secret && !arguments.is_empty()).then_some(&shown),
            anomalies: &marks,
            facts: if secret { &keyword } else { &[] },
            piece: sent.as_ref(),
            ..message.on(target.object())
        });
        if matches!(operation.name, "save" | "new" | "load=" | "fclose") && part.is_some() {
            self.open.close();
        }
        if operation.name == "load=" {
            self.open.program(name_of(arguments));
        }
        if self.asked.is_full() {
            self.asked.remove(0);
        }
        let _ = self.asked.try_push(Asked { operation, target, unit });
    }

    /// Where what the command carries belongs in the program or file that is open.
    fn part(&mut self, command: &str, arguments: &[u8], is_block: bool) -> Option<Part> {
        match command {
            "fopen" => self.open.file(name_of(arguments)),
            "eclr" => self.open.clear(),
            "fdel" => self.open.delete(name_of(arguments)),
            "edata" | "emdat" => return self.open.line(),
            "fwrite" if is_block => return self.open.block(Side::Server),
            "save" | "fclose" if self.open.ends() => return Some(Part::Last),
            "save" | "new" | "fclose" => self.open.close(),
            _ => {}
        }
        None
    }

    fn answer(&mut self, answer: Answer<'_>, out: &mut dyn Sink) {
        let asked = self.asked.pop_at(0);
        let unasked: &[Anomaly] = if asked.is_some() { &[] } else { &[Anomaly::UNASKED] };
        let asked = asked.unwrap_or_else(|| Asked {
            operation: &codes::ANSWER,
            target: Target::Nothing,
            unit: 0x0101,
        });
        let (outcome, told) = match answer {
            Answer::Ok(told) => (Outcome::Ok, told),
            Answer::Error(told) => {
                let code = Answer::error_number(told);
                (Outcome::Error { code, name: "QeR" }, told)
            }
        };
        let reads = asked.operation.name == "fread" && outcome == Outcome::Ok;
        let block = reads.then(|| programs::bytes(name_of(told))).flatten();
        let part = if block.is_some() { self.open.block(Side::Client) } else { None };
        let name = self.open.name();
        let shown = Text::clipped(told, SHOWN_BYTES_MAX);
        let tells = outcome == Outcome::Ok && asked.operation.name == "open=";
        let texts = Opened::read(if tells { told } else { &[] });
        let facts = texts.facts();
        let message = base(asked.operation, Kind::Response, asked.unit);
        let sent = part
            .map(|part| piece(&name, self.open.to(), (block.as_deref().unwrap_or_default(), part)));
        out.message(&Message {
            values: (!told.is_empty()).then_some(&shown),
            anomalies: unasked,
            facts: &facts,
            piece: sent.as_ref(),
            ..message.on(asked.target.object()).ended(outcome)
        });
    }
}

/// The answer to `open=`: its seventh field is the robot, the eighth the controller, the eleventh
/// the version (BFP-A4288 5.2.1).
struct Opened<'a> {
    robot: Text<'a>,
    controller: Text<'a>,
    version: Text<'a>,
}

impl<'a> Opened<'a> {
    fn read(told: &'a [u8]) -> Self {
        let field = |place| {
            let field = told.split(|byte| *byte == b';').nth(place);
            Text::trimmed(field.unwrap_or_default())
        };
        Self { robot: field(6), controller: field(7), version: field(10) }
    }

    fn facts(&self) -> ArrayVec<Fact<'_>, 5> {
        let about = Subject::Sender;
        let fields = [
            (Field::Product, &self.robot),
            (Field::Hardware, &self.controller),
            (Field::Firmware, &self.version),
        ];
        let mut facts: ArrayVec<Fact<'_>, 5> = fields
            .into_iter()
            .filter(|(_, value)| !value.0.is_empty())
            .map(|(field, value)| Fact::Identity { about, field, value })
            .collect();
        if !facts.is_empty() {
            let vendor = &"Mitsubishi Electric";
            facts.push(Fact::Identity { about, field: Field::Vendor, value: vendor });
        }
        facts.push(ROBOT);
        facts
    }
}

const ROBOT: Fact<'static> =
    Fact::Role { about: Subject::Sender, role: Role::Robot, reason: "answers R3 commands" };

/// A field up to the first `;`.
fn name_of(arguments: &[u8]) -> &[u8] {
    arguments.split(|byte| *byte == b';').next().unwrap_or_default()
}

/// The bytes of `fwrite`: size and digits, parted by `;`, in one public client by `:`.
fn written(arguments: &[u8]) -> Option<programs::Block> {
    let at = arguments.iter().position(|byte| matches!(byte, b';' | b':'))?;
    programs::bytes(arguments.get(at + 1..)?.trim_ascii_end())
}

fn piece<'a>(name: &'a Text<'a>, to: Side, (bytes, part): (&'a [u8], Part)) -> Piece<'a> {
    Piece { transfer: 0, kind: "MELFA program", name, to, offset: None, bytes, part }
}

fn base<'a>(operation: &'static Operation, kind: Kind, unit: u16) -> Message<'a> {
    let message = Message::new(Protocol::MITSUBISHI_R3, kind, operation, operation.code);
    Message { unit: Some(unit), ..message }
}

/// A listed command behind robot and slot is signature enough where both are written; an answer
/// wants a hint.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let line = Line::read(probe.bytes);
    if !line.is_text() || line.bytes > LINE_BYTES_MAX {
        return Guess::No;
    }
    if let Some(request) = Request::read(line.text) {
        let (operation, _) = codes::command(request.command);
        let written = line.text.first().is_some_and(u8::is_ascii_digit)
            && line.text.get(1) == Some(&b';')
            && line.text.get(2).is_some_and(u8::is_ascii_digit);
        let listed = *operation != codes::UNLISTED;
        let strong =
            listed && written && operation.name.len() > 2 && line.text.len() <= COMMAND_BYTES_MAX;
        let client = probe.from != Some(Side::Server) && (strong || probe.hinted);
        return if client { Guess::Yes(Some(Side::Client)) } else { Guess::No };
    }
    let server = probe.hinted && probe.from != Some(Side::Client);
    match Answer::read(line.text) {
        Some(_) if server => Guess::Yes(Some(Side::Server)),
        None if server && line.text.len() < 3 && b"QoK".starts_with(line.text) => Guess::More,
        Some(_) | None => Guess::No,
    }
}
