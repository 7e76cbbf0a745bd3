//! Schneider Electric UMAS: how engineering tools reach Modicon controllers, in Modbus function 90.
//!
//! ```text
//! request   pairing key · function · data
//! response  pairing key · fe done, fd refused · data
//! signed    pairing key · 38 · 1 · signature 32 · 5a · pairing key · function · data
//! 10  owner id 4 · length · owner             20  range · block 2 · offset 2 · 0 0 · bytes 2
//! 31  0 · file · block 2 · length 2 · bytes   34  0 · file · block 2; answer: last · 0 · 2 · bytes
//! ```
//! Little endian. It only travels inside `modbus`, which hands its PDUs over. Blocks of programs
//! are pieces; what else memory and variables hold is not shown. Sources: see `codes.rs`.

pub mod codes;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::piece::{Part, Piece};
use crate::session::{Basis, Depth, Entry, Session, Side, Sink, Step};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader, Text};

/// The row of the protocol table. Its session reads single PDUs, as `modbus` cuts them out.
pub static ENTRY: Entry = Entry {
    name: "umas",
    title: "Schneider Electric UMAS",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: Basis::Captures,
    hints: &[],
    operations: &[codes::FUNCTIONS],
    identify: None,
    open: || Box::<Umas>::default(),
};

/// Function code of Modbus that carries it.
pub const MODBUS_FUNCTION: u8 = 0x5a;
/// Requests kept for pairing, as in `modbus`.
const REQUESTS_MAX: usize = 16;
/// Bytes before the data of a signed request: 1, signature, function 90, pairing key.
const SIGNATURE_BYTES: usize = 1 + 32 + 1 + 1;

const NO_FUNCTION: Anomaly = Anomaly::malformed("message has no function");
const BLOCK: Anomaly = Anomaly::malformed("block length does not match the data");

/// What a request acts on; answers do not repeat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Nothing,
    Memory { block: u16, first: u16, count: u16 },
    Block { file: u8, block: u16 },
    Variables { count: u8 },
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Nothing => Ok(()),
            Self::Memory { block, first, count } => {
                let last = u32::from(first) + u32::from(count.max(1)) - 1;
                write!(f, "block 0x{block:02x} byte {first}..{last}")
            }
            Self::Block { file, block } => write!(f, "file 0x{file:02x} block {block}"),
            Self::Variables { count } => write!(f, "{count} variables"),
        }
    }
}

/// A program on its way, in either direction.
#[derive(Clone, Copy, Default)]
struct Transfer {
    /// Block that came last, and where it begins and ends in the file.
    block: u16,
    start: u64,
    end: u64,
}

impl Transfer {
    /// Where `bytes` of `block` go: the last block may be sent again.
    fn place(&mut self, block: u16, bytes: &[u8]) -> (u64, Part) {
        if block != self.block {
            self.start = self.end;
            self.block = block;
        }
        self.end = self.start + u64::try_from(bytes.len()).unwrap_or(0);
        (self.start, if self.start == 0 { Part::First } else { Part::Next })
    }
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    function: u8,
    target: Target,
    signed: bool,
}

/// One conversation with a controller.
#[derive(Default)]
pub(crate) struct Umas {
    asked: Pending<(u16, u8), Asked, REQUESTS_MAX>,
    to_plc: Transfer,
    from_plc: Transfer,
}

impl Session for Umas {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        match from {
            Side::Client => self.request((0, 0), Reader::new(bytes), out),
            Side::Server => self.response((0, 0), Reader::new(bytes), out),
        }
        Step::Read(bytes.len().max(1))
    }
}

impl Umas {
    /// A request in the Modbus transaction and unit `key`; `data` begins at the pairing key.
    pub(crate) fn request(&mut self, key: (u16, u8), mut data: Reader<'_>, out: &mut dyn Sink) {
        let (Some(_pairing), Some(mut function)) = (data.u8(), data.u8()) else {
            let message = base(key, &codes::UNLISTED, 0, Kind::Request);
            return out.message(&message.with_anomalies(&[NO_FUNCTION]));
        };
        let signed = function == codes::SIGNED && data.len() > SIGNATURE_BYTES;
        if signed {
            let mut inner = data;
            let _ = inner.skip(SIGNATURE_BYTES);
            function = inner.u8().unwrap_or(function);
            data = inner;
        }
        let mut anomalies = ArrayVec::<Anomaly, 2>::new();
        let target = target(function, data).unwrap_or_else(|| {
            anomalies.push(Anomaly::TRUNCATED);
            Target::Nothing
        });
        self.asked.insert(key, Asked { function, target, signed });
        let owner = owner(function, data);
        let facts = owner.as_ref().map(|owner| Fact::Identity {
            about: Subject::Sender,
            field: Field::Name,
            value: owner,
        });
        let object = match (&owner, &target) {
            (Some(owner), _) => Object::Named(owner),
            (None, Target::Nothing) => Object::Nothing,
            (None, target) => Object::Named(target),
        };
        let name = Program(target);
        let piece = self.sent(function, target, data, &mut anomalies);
        let piece =
            piece.map(|(offset, bytes, part)| name.piece(Side::Server, offset, bytes, part));
        let message = base(key, codes::operation(function), function, Kind::Request).on(object);
        let message = message.with_anomalies(&anomalies).with_facts(facts.as_slice());
        out.message(&Message { piece: piece.as_ref(), ..message });
    }

    /// What a request carries of a program.
    fn sent<'a>(
        &mut self,
        function: u8,
        target: Target,
        mut data: Reader<'a>,
        anomalies: &mut ArrayVec<Anomaly, 2>,
    ) -> Option<(u64, &'a [u8], Part)> {
        match (function, target) {
            (0x30, _) => self.to_plc = Transfer::default(),
            (0x33, _) => self.from_plc = Transfer::default(),
            (0x31, Target::Block { block, .. }) => {
                data.skip(4)?;
                let length = usize::from(data.le16()?);
                if length != data.len() {
                    let _ = anomalies.try_push(BLOCK);
                }
                let bytes = data.take(length.min(data.len()))?;
                let (offset, part) = self.to_plc.place(block, bytes);
                return Some((offset, bytes, part));
            }
            (0x32, _) if self.to_plc.end > 0 => {
                let end = std::mem::take(&mut self.to_plc).end;
                return Some((end, &[], Part::Last));
            }
            _ => {}
        }
        None
    }

    /// A response in the Modbus transaction and unit `key`; `data` begins at the pairing key.
    pub(crate) fn response(&mut self, key: (u16, u8), mut data: Reader<'_>, out: &mut dyn Sink) {
        let asked = self.asked.take(&key);
        let mut anomalies = ArrayVec::<Anomaly, 2>::new();
        if asked.is_none() {
            anomalies.push(Anomaly::UNASKED);
        }
        let (_pairing, mut result) = (data.u8(), data.u8());
        if asked.is_some_and(|asked| asked.signed) && data.len() > SIGNATURE_BYTES {
            let _ = data.skip(SIGNATURE_BYTES);
            result = data.u8();
        }
        let outcome = match result {
            Some(codes::RESPONSE_OK) => Outcome::Ok,
            Some(codes::RESPONSE_ERROR) => {
                Outcome::Error { code: data.le16().unwrap_or(0).into(), name: "" }
            }
            _ => {
                anomalies.push(NO_FUNCTION);
                Outcome::Open
            }
        };
        let function = asked.map_or(0, |asked| asked.function);
        let target = asked.map_or(Target::Nothing, |asked| asked.target);
        let operation = asked.map_or(&codes::RESPONSE, |asked| codes::operation(asked.function));
        let ok = outcome == Outcome::Ok;
        let model = if ok && function == 0x02 { model(data) } else { None };
        let facts = model.as_ref().map(identity);
        let name = Program(target);
        let got = if ok { self.received(function, target, data) } else { None };
        let piece = got.map(|(offset, bytes, part)| name.piece(Side::Client, offset, bytes, part));
        let object =
            if target == Target::Nothing { Object::Nothing } else { Object::Named(&target) };
        let message = base(key, operation, function, Kind::Response).on(object).ended(outcome);
        let message = message.with_anomalies(&anomalies);
        let facts = facts.as_ref().map_or(&[][..], |facts| facts.as_slice());
        out.message(&Message { piece: piece.as_ref(), ..message.with_facts(facts) });
    }

    /// What an answer carries of a program: whether it is the last, 0, length, bytes.
    fn received<'a>(
        &mut self,
        function: u8,
        target: Target,
        mut data: Reader<'a>,
    ) -> Option<(u64, &'a [u8], Part)> {
        let Target::Block { block, .. } = target else { return None };
        if function != 0x34 {
            return None;
        }
        let last = data.u8()? == 1;
        data.skip(1)?;
        let length = usize::from(data.le16()?);
        let bytes = data.take(length.min(data.len()))?;
        let (offset, part) = self.from_plc.place(block, bytes);
        let part = match (part, last) {
            (Part::First, true) => Part::Whole,
            (_, true) => Part::Last,
            (part, false) => part,
        };
        Some((offset, bytes, part))
    }

    /// A request that Modbus itself refused, as controllers do that do not speak UMAS.
    pub(crate) fn refused(&mut self, key: (u16, u8), outcome: Outcome, out: &mut dyn Sink) {
        let asked = self.asked.take(&key);
        let anomalies: &[Anomaly] = if asked.is_some() { &[] } else { &[Anomaly::UNASKED] };
        let operation = asked.map_or(&codes::RESPONSE, |asked| codes::operation(asked.function));
        let function = asked.map_or(0, |asked| asked.function);
        let message = base(key, operation, function, Kind::Response).ended(outcome);
        out.message(&message.with_anomalies(anomalies));
    }

    /// Bytes were lost.
    pub(crate) fn gap(&mut self) {
        self.asked.clear();
    }
}

/// The name of a program on its way: its file number, as far as one message knows.
struct Program(Target);

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            // Metasploit: file 1 is the project (APX), 10 its back-up (APB).
            Target::Block { file: 0x01, .. } => f.write_str("project.apx"),
            Target::Block { file: 0x10, .. } => f.write_str("project.apb"),
            Target::Block { file, .. } => write!(f, "file 0x{file:02x}"),
            Target::Nothing | Target::Memory { .. } | Target::Variables { .. } => Ok(()),
        }
    }
}

impl Program {
    fn piece<'a>(&'a self, to: Side, offset: u64, bytes: &'a [u8], part: Part) -> Piece<'a> {
        // Uploads and downloads are one each at a time.
        let transfer = if to == Side::Server { 0x31 } else { 0x34 };
        Piece {
            transfer,
            kind: "Modicon project",
            name: self,
            to,
            offset: Some(offset),
            bytes,
            part,
        }
    }
}

/// What a request acts on; `None` if it is cut short.
fn target(function: u8, mut data: Reader<'_>) -> Option<Target> {
    Some(match function {
        0x20 => {
            data.skip(1)?;
            let (block, first) = (data.le16()?, data.le16()?);
            data.skip(2)?;
            Target::Memory { block, first, count: data.le16()? }
        }
        0x22 | 0x23 => {
            data.skip(4)?;
            Target::Variables { count: data.u8()? }
        }
        0x31 | 0x32 | 0x34 | 0x35 => {
            data.skip(1)?;
            Target::Block { file: data.u8()?, block: data.le16()? }
        }
        _ => Target::Nothing,
    })
}

/// Who takes the reservation.
fn owner(function: u8, mut data: Reader<'_>) -> Option<Text<'_>> {
    if function != 0x10 {
        return None;
    }
    data.skip(4)?;
    let length = data.u8()?;
    let owner = data.take(usize::from(length).min(data.len()))?;
    Some(Text::trimmed(owner)).filter(|owner| !owner.0.is_empty())
}

/// The model that READ ID tells, behind 23 bytes of numbers and its length.
fn model(mut data: Reader<'_>) -> Option<Text<'_>> {
    data.skip(22)?;
    let length = data.u8()?;
    let text = Text::trimmed(data.take(length.into())?);
    Some(text)
        .filter(|text| !text.0.is_empty() && text.0.iter().all(|byte| (32..127).contains(byte)))
}

fn identity<'a>(model: &'a Text<'_>) -> [Fact<'a>; 3] {
    let about = Subject::Sender;
    [
        Fact::Identity { about, field: Field::Vendor, value: &"Schneider Electric" },
        Fact::Identity { about, field: Field::Product, value: model },
        Fact::Role { about, role: Role::Plc, reason: "answers UMAS read id" },
    ]
}

fn base<'a>(
    (transaction, unit): (u16, u8),
    operation: &'static Operation,
    function: u8,
    kind: Kind,
) -> Message<'a> {
    let message = Message::new(Protocol::UMAS, kind, operation, function.into());
    Message { unit: Some(unit.into()), ..message.with_id(transaction.into()) }
}
