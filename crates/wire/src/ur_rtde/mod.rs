//! Real-Time Data Exchange (RTDE) of Universal Robots controllers.
//!
//! ```text
//!  0      2      3
//!  +------+------+------------
//!  | size | type | payload ...     big endian; size counts the header; type is an ASCII letter
//!  +------+------+------------
//! ```
//! Both sides use the same types; who sent a package decides what it means. Data packages carry
//! values only: their names come from the recipe that was set up before, so values of a stream
//! joined midway are not shown. Source: Universal Robots, "Real-Time Data Exchange (RTDE) Guide".

pub mod codes;
mod recipe;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use self::recipe::{Asked, Names, Recipes, Setup};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ur-rtde",
    title: "Universal Robots RTDE",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("ur_rtde"),
    hints: &[Hint::Tcp(30004)],
    operations: &[codes::REQUESTS, codes::NOTICES],
    identify: Some(identify),
    open: || Box::<Rtde>::default(),
};

/// Size and type.
const HEADER_BYTES: usize = 3;

const UNFIT: Anomaly = Anomaly::malformed("data does not fit its recipe");

/// A package cut out of the stream.
struct Package<'a> {
    kind: u8,
    data: &'a [u8],
    bytes: usize,
}

fn package(bytes: &[u8]) -> Result<Package<'_>, Step> {
    let mut reader = Reader::new(bytes);
    let Some(size) = reader.be16() else { return Err(Step::Need(HEADER_BYTES)) };
    let size = usize::from(size);
    let Some(kind) = reader.u8() else {
        return Err(if size < HEADER_BYTES { Step::Lost } else { Step::Need(HEADER_BYTES) });
    };
    if size < HEADER_BYTES || !kind.is_ascii_alphabetic() {
        return Err(Step::Lost);
    }
    let data = reader.take(size - HEADER_BYTES).ok_or(Step::Need(size))?;
    Ok(Package { kind, data, bytes: size })
}

/// One RTDE conversation.
#[derive(Default)]
struct Rtde {
    outputs: Recipes,
    inputs: Recipes,
}

impl Session for Rtde {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let package = match package(bytes) {
            Ok(package) => package,
            Err(step) => return step,
        };
        match from {
            Side::Client => self.client(&package, out),
            Side::Server => self.server(&package, out),
        }
        Step::Read(package.bytes)
    }

    fn held_bytes(&self) -> usize {
        self.outputs.held_bytes() + self.inputs.held_bytes()
    }
}

impl Rtde {
    fn client(&mut self, package: &Package<'_>, out: &mut dyn Sink) {
        let message = base(package, Side::Client);
        match package.kind {
            codes::OUTPUTS => {
                let (frequency, names) = output_names(package.data);
                self.outputs.ask(names, frequency.is_some());
                let frequency = frequency.map(|hz| fmt::from_fn(move |f| write!(f, "{hz} Hz")));
                let values = frequency.as_ref().map(|shown| shown as &dyn fmt::Display);
                out.message(&Message { values, ..message.on(Object::Named(&Names(names))) });
            }
            codes::INPUTS => {
                self.inputs.ask(package.data, true);
                out.message(&message.on(Object::Named(&Names(package.data))));
            }
            codes::DATA => data(&self.inputs, package, message, out),
            codes::TEXT => text(package, message, out),
            codes::VERSION => {
                let version = Reader::new(package.data).be16();
                let anomalies = length(package.data, 2);
                let shown =
                    version.map(|version| fmt::from_fn(move |f| write!(f, "version {version}")));
                let object = shown.as_ref().map_or(Object::Nothing, |shown| Object::Named(shown));
                out.message(&message.on(object).with_anomalies(anomalies));
            }
            codes::CONTROLLER | codes::START | codes::PAUSE => {
                out.message(&message.with_anomalies(length(package.data, 0)));
            }
            _ => out.message(&message),
        }
    }

    fn server(&mut self, package: &Package<'_>, out: &mut dyn Sink) {
        let message = base(package, Side::Server);
        match package.kind {
            codes::OUTPUTS => setup(&mut self.outputs, package, message, out),
            codes::INPUTS => setup(&mut self.inputs, package, message, out),
            codes::DATA => data(&self.outputs, package, message, out),
            codes::TEXT => text(package, message, out),
            codes::CONTROLLER => controller(package, message, out),
            codes::VERSION | codes::START | codes::PAUSE => {
                let accepted = package.data.first().is_some_and(|accepted| *accepted != 0);
                let refused = Outcome::Error { code: 0, name: "not accepted" };
                let outcome = if accepted { Outcome::Ok } else { refused };
                out.message(&message.ended(outcome).with_anomalies(length(package.data, 1)));
            }
            _ => out.message(&message),
        }
    }
}

/// What the message of any package has.
fn base<'a>(package: &Package<'_>, from: Side) -> Message<'a> {
    let code = u32::from(package.kind);
    let notice = || Operation::find(codes::NOTICES, code).filter(|_| from == Side::Server);
    let operation = notice().or_else(|| Operation::find(codes::REQUESTS, code));
    let kind = match (package.kind, from) {
        (codes::DATA | codes::TEXT, _) => Kind::Notice,
        (_, Side::Client) => Kind::Request,
        (_, Side::Server) => Kind::Response,
    };
    Message::new(Protocol::UR_RTDE, kind, operation.unwrap_or(&codes::UNLISTED), code)
}

/// Anomalies of a payload that has exactly `expected` bytes.
fn length(data: &[u8], expected: usize) -> &'static [Anomaly] {
    match data.len().cmp(&expected) {
        std::cmp::Ordering::Less => &[Anomaly::TRUNCATED],
        std::cmp::Ordering::Equal => &[],
        std::cmp::Ordering::Greater => &[Anomaly::TRAILING],
    }
}

/// The frequency (protocol version 2 only) and the names of an output setup. Names begin with a
/// letter, which no plausible frequency does as a double (0x61 and above is past 10 to the 161).
fn output_names(data: &[u8]) -> (Option<f64>, &[u8]) {
    let mut reader = Reader::new(data);
    if reader.peek().is_some_and(|byte| byte.is_ascii_alphabetic() && byte >= b'a') {
        return (None, data);
    }
    let frequency = reader.be64().map(f64::from_bits);
    (frequency, reader.rest())
}

/// The number and the types of a setup answer whose request was not seen: protocol version 1 has
/// no number for outputs.
fn numbered(data: &[u8]) -> (Option<u8>, &[u8]) {
    let typed = |types: &[u8]| {
        let first = types.split(|byte| *byte == b',').next().unwrap_or_default();
        codes::Type::by_name(first).is_some()
    };
    match data.split_first() {
        Some((id, types)) if !typed(data) => (Some(*id), types),
        _ => (None, data),
    }
}

fn setup(recipes: &mut Recipes, package: &Package<'_>, message: Message<'_>, out: &mut dyn Sink) {
    let asked = recipes.take();
    let (id, types) =
        asked.as_ref().map_or_else(|| numbered(package.data), |asked| asked.split(package.data));
    let setup = Setup::of(types);
    let outcome = match setup {
        _ if id == Some(0) => Outcome::Error { code: 0, name: "no recipe" },
        Setup::Complete | Setup::Unlisted => Outcome::Ok,
        Setup::NotFound => Outcome::Error { code: 1, name: "variable not found" },
        Setup::InUse => Outcome::Error { code: 2, name: "variable in use" },
    };
    let names = asked.as_ref().map(Asked::names);
    let object = names.as_ref().map_or(Object::Nothing, |names| Object::Named(names));
    let anomalies: &[Anomaly] = if asked.is_some() { &[] } else { &[Anomaly::UNASKED] };
    out.message(&Message {
        id: id.map(u32::from),
        values: Some(&Names(types)),
        anomalies,
        facts: &[ROBOT],
        ..message.on(object).ended(outcome)
    });
    if let Some(asked) = asked.filter(|_| setup == Setup::Complete) {
        recipes.learn(asked, id, types);
    }
}

fn data(recipes: &Recipes, package: &Package<'_>, message: Message<'_>, out: &mut dyn Sink) {
    let Some((recipe, values)) = recipes.find(package.data) else {
        out.message(&message);
        return;
    };
    let fits = values.len() == recipe.bytes();
    let shown = recipe.values(values);
    let names = recipe.names();
    let input = message.intent == plant::Intent::Operate;
    let object = if input { Object::Named(&names) } else { Object::Nothing };
    out.message(&Message {
        values: Some(&shown),
        anomalies: if fits { &[] } else { &[UNFIT] },
        ..message.on(object)
    });
}

/// Message, source and level in protocol version 2; a level and the message in version 1.
fn text(package: &Package<'_>, message: Message<'_>, out: &mut dyn Sink) {
    let second = || {
        let mut reader = Reader::new(package.data);
        let length = reader.u8()?;
        let text = reader.take(length.into())?;
        let length = reader.u8()?;
        let source = reader.take(length.into())?;
        let level = reader.u8()?;
        reader.is_empty().then_some((text, source, level))
    };
    let (text, source, level) = second().unwrap_or_else(|| match package.data.split_first() {
        Some((level, text)) => (text, &[][..], *level),
        None => (&[][..], &[][..], 0),
    });
    let level = match level {
        0 => "exception",
        1 => "error",
        2 => "warning",
        3 => "info",
        _ => "level unlisted",
    };
    let (text, source) = (Text(text), Text(source));
    let shown = fmt::from_fn(|f: &mut fmt::Formatter<'_>| {
        let colon = if source.0.is_empty() { "" } else { ": " };
        write!(f, "{level}: {source}{colon}{text}")
    });
    out.message(&Message { values: Some(&shown), ..message });
}

const ROBOT: Fact<'static> = Fact::Role {
    about: Subject::Sender,
    role: Role::Robot,
    reason: "answers RTDE as a Universal Robots controller",
};

/// Major, minor, bugfix and build, 32 bits each; the build is missing before PolyScope 3.3.
fn controller(package: &Package<'_>, message: Message<'_>, out: &mut dyn Sink) {
    let mut reader = Reader::new(package.data);
    let numbers: ArrayVec<u32, 4> = std::iter::from_fn(|| reader.be32()).take(4).collect();
    let shown = fmt::from_fn(|f: &mut fmt::Formatter<'_>| {
        for (place, number) in numbers.iter().enumerate() {
            write!(f, "{}{number}", if place > 0 { "." } else { "" })?;
        }
        Ok(())
    });
    let identity = |field, value| Fact::Identity { about: Subject::Sender, field, value };
    let facts = [
        identity(Field::Firmware, &shown as &dyn fmt::Display),
        identity(Field::Vendor, &"Universal Robots"),
        ROBOT,
    ];
    let whole = numbers.len() >= 3;
    out.message(&Message {
        values: Some(&shown),
        anomalies: if whole { &[] } else { &[Anomaly::TRUNCATED] },
        facts: if whole { &facts } else { &[] },
        ..message.ended(Outcome::Ok)
    });
}

/// The version request that opens every conversation, and setups with names of known shape, are
/// signature enough. Data packages are so only where two of equal head follow each other.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let package = match package(probe.bytes) {
        Ok(package) => package,
        Err(Step::Need(size)) => return unfinished(probe, size),
        Err(_) => return Guess::No,
    };
    let rest = probe.bytes.get(package.bytes..).unwrap_or_default();
    let hinted = |side: Option<Side>| if probe.hinted { Guess::Yes(side) } else { Guess::No };
    match (package.kind, package.data) {
        (codes::VERSION, [0, 1 | 2]) => Guess::Yes(Some(Side::Client)),
        (codes::VERSION | codes::START | codes::PAUSE, [0 | 1]) => hinted(Some(Side::Server)),
        (codes::CONTROLLER | codes::START | codes::PAUSE, []) => hinted(Some(Side::Client)),
        (codes::CONTROLLER, data) if data.len() == 16 => {
            let small = data.as_chunks::<4>().0.iter().take(3).all(|[a, b, ..]| a | b == 0);
            if small { Guess::Yes(Some(Side::Server)) } else { Guess::No }
        }
        (codes::OUTPUTS, data) if are_names(output_names(data).1) => Guess::Yes(Some(Side::Client)),
        (codes::INPUTS, data) if are_names(data) => Guess::Yes(Some(Side::Client)),
        (codes::OUTPUTS | codes::INPUTS, data) if are_types(numbered(data).1) => {
            Guess::Yes(Some(Side::Server))
        }
        (codes::TEXT, [_, ..]) => hinted(None),
        (codes::DATA, [_, _, ..]) => {
            let head = probe.bytes.get(..HEADER_BYTES + 1).unwrap_or_default();
            if rest.starts_with(head) { Guess::Yes(None) } else { hinted(None) }
        }
        _ => Guess::No,
    }
}

/// A package of which only the beginning is at hand.
fn unfinished(probe: &Probe<'_>, size: usize) -> Guess {
    let known = probe.bytes.get(2).is_none_or(|kind| {
        Operation::find(codes::REQUESTS, (*kind).into()).is_some() && size <= 0x4000
    });
    if known && (probe.hinted || probe.bytes.starts_with(&[0, 5, b'V'])) {
        Guess::More
    } else {
        Guess::No
    }
}

/// Field names: lower-case words with underscores, `actual_TCP_pose` and the like.
fn are_names(names: &[u8]) -> bool {
    let letters = names.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_,".contains(byte));
    let first = names.first().is_some_and(u8::is_ascii_lowercase);
    letters && first && (names.contains(&b'_') || names == b"timestamp")
}

fn are_types(types: &[u8]) -> bool {
    types.split(|byte| *byte == b',').all(|name| codes::Type::by_name(name).is_some())
}
