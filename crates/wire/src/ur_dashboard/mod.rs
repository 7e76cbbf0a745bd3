//! Dashboard server of Universal Robots controllers (CB3 and e-Series).
//!
//! ```text
//!  client:  command [argument] \n         server:  greeting \n, then one answer \n per command
//! ```
//! Answers come in the order of the commands and do not always name them, so commands wait in a
//! queue; an answer that does name its command realigns it. Commands are matched without regard to
//! case, because a rule must not be evaded by it. Sources: see [`codes`].

pub mod codes;
#[cfg(test)]
mod tests;

use arrayvec::ArrayVec;

use crate::Text;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ur-dashboard",
    title: "Universal Robots dashboard",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("ur_rtde and urx"),
    hints: &[Hint::Tcp(29999)],
    operations: &[codes::COMMANDS, codes::GREETING],
    identify: Some(identify),
    open: || Box::<Dashboard>::default(),
};

/// Longest line that is waited for; the documented ones are below 200 bytes.
const LINE_BYTES_MAX: usize = 4096;
/// Commands kept for pairing; clients of the vendor wait for each answer.
const COMMANDS_MAX: usize = 16;
/// Bytes of an argument that are kept for its answer: a program's path.
const ARGUMENT_BYTES_MAX: usize = 96;

/// A command that waits for its answer.
struct Asked {
    operation: &'static Operation,
    argument: ArrayVec<u8, ARGUMENT_BYTES_MAX>,
}

/// One dashboard conversation.
#[derive(Default)]
struct Dashboard {
    asked: ArrayVec<Asked, COMMANDS_MAX>,
}

impl Session for Dashboard {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            let text = bytes.len() < LINE_BYTES_MAX && is_text(bytes);
            return if text { Step::Need(bytes.len() + 1) } else { Step::Lost };
        };
        let line = bytes.get(..end).unwrap_or_default();
        if !is_text(line) {
            return Step::Lost;
        }
        let line = Text::trimmed(line).0;
        match from {
            _ if line.is_empty() => {}
            Side::Client => self.command(line, out),
            Side::Server if line.starts_with(codes::BANNER) => greeting(line, out),
            Side::Server => self.answer(line, out),
        }
        Step::Read(end + 1)
    }

    fn gap(&mut self, _from: Side) {
        self.asked.clear();
    }
}

impl Dashboard {
    fn command(&mut self, line: &[u8], out: &mut dyn Sink) {
        let (operation, argument) = command(line);
        let kept = argument.iter().copied().take(ARGUMENT_BYTES_MAX).collect();
        if self.asked.is_full() {
            self.asked.remove(0);
        }
        let _ = self.asked.try_push(Asked { operation, argument: kept });
        let argument = Text(argument);
        let message =
            Message::new(Protocol::UR_DASHBOARD, Kind::Request, operation, operation.code);
        out.message(&message.on(named(&argument)));
    }

    fn answer(&mut self, line: &[u8], out: &mut dyn Sink) {
        let answered = answered(line);
        let skipped = answered.and_then(|operation| {
            self.asked.iter().position(|asked| asked.operation.code == operation.code)
        });
        self.asked.drain(..skipped.unwrap_or(0));
        let asked = self.asked.pop_at(0);
        let operation =
            asked.as_ref().map(|asked| asked.operation).or(answered).unwrap_or(&codes::ANSWER);
        let argument = Text(asked.as_ref().map_or(&[], |asked| &asked.argument));
        let outcome = outcome(line);
        let told = Text(told(operation, line));
        let identity = field(operation).filter(|_| outcome == Outcome::Ok && !told.0.is_empty());
        let facts: ArrayVec<Fact<'_>, 2> =
            identity.into_iter().flat_map(|field| [identity_fact(field, &told), ROBOT]).collect();
        let text = Text(line);
        let message =
            Message::new(Protocol::UR_DASHBOARD, Kind::Response, operation, operation.code);
        out.message(&Message {
            values: Some(&text),
            anomalies: if asked.is_some() { &[] } else { &[Anomaly::UNASKED] },
            facts: &facts,
            ..message.on(named(&argument)).ended(outcome)
        });
    }
}

const ROBOT: Fact<'static> = Fact::Role {
    about: Subject::Sender,
    role: Role::Robot,
    reason: "answers as a Universal Robots dashboard server",
};

const fn identity_fact<'a>(field: Field, value: &'a Text<'a>) -> Fact<'a> {
    Fact::Identity { about: Subject::Sender, field, value }
}

fn greeting(line: &[u8], out: &mut dyn Sink) {
    let Some(operation) = codes::GREETING.first() else { return };
    let text = Text(line);
    let message = Message::new(Protocol::UR_DASHBOARD, Kind::Notice, operation, operation.code);
    out.message(&Message {
        values: Some(&text),
        facts: &[identity_fact(Field::Vendor, &Text(b"Universal Robots")), ROBOT],
        ..message
    });
}

const fn named<'a>(argument: &'a Text<'a>) -> Object<'a> {
    if argument.0.is_empty() { Object::Nothing } else { Object::Named(argument) }
}

/// Whether a line may be text: no control characters but white space.
fn is_text(line: &[u8]) -> bool {
    line.iter().all(|byte| *byte >= 0x20 || matches!(byte, b'\t' | b'\r'))
}

/// The command that begins a line, of those the longest, and what follows it.
fn command(line: &[u8]) -> (&'static Operation, &[u8]) {
    let found = codes::COMMANDS
        .iter()
        .filter_map(|row| {
            let (head, tail) = line.split_at_checked(row.name.len())?;
            let whole = tail.first().is_none_or(u8::is_ascii_whitespace);
            (whole && head.eq_ignore_ascii_case(row.name.as_bytes())).then_some((row, tail))
        })
        .max_by_key(|(row, _)| row.name.len());
    found.map_or((&codes::UNLISTED, line), |(row, tail)| (row, Text::trimmed(tail).0))
}

fn begins(line: &[u8], words: &str) -> bool {
    line.get(..words.len()).is_some_and(|head| head.eq_ignore_ascii_case(words.as_bytes()))
}

/// The command that an answer names.
fn answered(line: &[u8]) -> Option<&'static Operation> {
    let (_, name) = codes::ANSWERS.iter().find(|(words, _)| begins(line, words))?;
    codes::COMMANDS.iter().find(|row| row.name == *name)
}

fn outcome(line: &[u8]) -> Outcome {
    (1..)
        .zip(codes::REFUSALS)
        .find(|(_, (words, _))| begins(line, words))
        .map_or(Outcome::Ok, |(code, (_, name))| Outcome::Error { code, name })
}

/// What the answer to a command tells about the robot.
fn field(operation: &Operation) -> Option<Field> {
    match operation.name {
        "polyscopeversion" | "version" => Some(Field::Firmware),
        "get robot model" => Some(Field::Product),
        "get serial number" => Some(Field::Serial),
        _ => None,
    }
}

/// The value in an answer: `5.15.2.1` of `URSoftware 5.15.2.1 (Aug 20 2023)`.
fn told<'a>(operation: &Operation, line: &'a [u8]) -> &'a [u8] {
    if field(operation) != Some(Field::Firmware) {
        return line;
    }
    let value = if begins(line, "URSoftware ") { line.get(11..).unwrap_or_default() } else { line };
    let end = value.iter().position(|byte| *byte == b'(').unwrap_or(value.len());
    Text::trimmed(value.get(..end).unwrap_or_default()).0
}

/// The greeting and the longer commands and answers are signature enough; words as `stop` or
/// `version` are everybody's and want a hint.
fn identify(probe: &Probe<'_>) -> Guess {
    let bytes = probe.bytes;
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    if bytes.starts_with(codes::BANNER) {
        return Guess::Yes(Some(Side::Server));
    }
    if codes::BANNER.starts_with(bytes) {
        return Guess::More;
    }
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let partial = line.len() == bytes.len();
    if line.len() > LINE_BYTES_MAX || !is_text(line) {
        return Guess::No;
    }
    let line = Text::trimmed(line).0;
    let (operation, argument) = command(line);
    let listed = operation.code != codes::UNLISTED.code;
    if answered(line).is_some() && probe.from != Some(Side::Client) {
        Guess::Yes(Some(Side::Server))
    } else if partial && probe.hinted {
        Guess::More
    } else if !partial && listed && probe.from != Some(Side::Server) {
        let strong = codes::distinct(operation) && argument.len() < ARGUMENT_BYTES_MAX;
        if probe.hinted || strong { Guess::Yes(Some(Side::Client)) } else { Guess::No }
    } else {
        Guess::No
    }
}
