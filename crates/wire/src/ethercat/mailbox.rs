//! The EtherCAT mailbox: CoE, FoE, SoE, EoE and AoE by name, with what they act on.
//!
//! ```text
//!  0        2         4          5            6
//!  +--------+---------+----------+------------+------
//!  | length | address | prio,chn | type:4 cnt | data       little endian
//!  +--------+---------+----------+------------+------
//! ```
//! Mailboxes lie where the master put them, so content tells them from other memory. Segments,
//! and fragments are counted as messages and not joined; files of FoE pass as pieces.
//! Source: IEC 61158-4-12:2019 clause 5.6.

use std::fmt;

use arrayvec::ArrayVec;
use plant::Intent;

use super::codes;
use crate::message::{Anomaly, Kind, Message, Object, Outcome};
use crate::session::{Side, Sink};
use crate::table::{Operation, Protocol};
use crate::{Part, Piece, Reader, Text, program_kind};

const HEADER_BYTES: usize = 6;
/// Type of File over EtherCAT.
const FOE: u8 = 4;
/// Characters of a file name that are kept.
const NAME_MAX: usize = 64;

/// Whether `bytes` look like a mailbox: a length that fits, a listed type, reserved bits zero.
pub(super) fn fits(bytes: &[u8]) -> bool {
    read(bytes).is_some()
}

/// Type and service data.
fn read(bytes: &[u8]) -> Option<(u8, Reader<'_>)> {
    let mut reader = Reader::new(bytes);
    let length = usize::from(reader.le16()?);
    reader.skip(2)?;
    let (channel, kind) = (reader.u8()?, reader.u8()?);
    let listed = matches!(kind & 0x0f, 0..=5 | 15);
    if length < 2 || length > bytes.len().checked_sub(HEADER_BYTES)? || !listed {
        return None;
    }
    (channel & 0x3f == 0 && kind & 0x80 == 0).then_some((kind & 0x0f, reader.sub(length)?))
}

/// Files followed at a time: masters update one device after the other.
const FILES_MAX: usize = 8;

/// The files of FoE on their way.
#[derive(Default)]
pub(super) struct Files(ArrayVec<File, FILES_MAX>);

/// A file on its way to or from a device.
struct File {
    unit: Option<u16>,
    to: Side,
    kind: &'static str,
    /// Bytes of its packets but the last.
    packet_bytes: usize,
}

impl Files {
    /// The piece that an FoE request or data packet is; `full` says that the mailbox is.
    fn piece<'a>(
        &mut self,
        mut data: Reader<'a>,
        (unit, full): (Option<u16>, bool),
        said: &'a Said<'_>,
    ) -> Option<Piece<'a>> {
        let opcode = data.u8()?;
        data.skip(1)?;
        let number = data.le32()?;
        let transfer = u32::from(unit.unwrap_or(0));
        let place = self.0.iter().position(|file| file.unit == unit);
        match opcode {
            FOE_READ | FOE_WRITE => {
                let Target::File(name) = said.target else { return None };
                let written = opcode == FOE_WRITE;
                let other = if written { "firmware" } else { "file" };
                let kind = std::str::from_utf8(name.0).ok().and_then(program_kind).unwrap_or(other);
                let to = if written { Side::Server } else { Side::Client };
                if let Some(place) = place.or(self.0.is_full().then_some(0)) {
                    self.0.remove(place);
                }
                self.0.push(File { unit, to, kind, packet_bytes: 0 });
                let (offset, bytes, part) = (None, &[][..], Part::First);
                Some(Piece { transfer, kind, name: &said.target, to, offset, bytes, part })
            }
            FOE_DATA => {
                let file = self.0.get_mut(place?)?;
                let bytes = data.rest();
                if number == 1 {
                    file.packet_bytes = bytes.len();
                }
                let before = u64::from(number.saturating_sub(1));
                let offset = Some(before.saturating_mul(file.packet_bytes as u64));
                let last = !full || bytes.len() < file.packet_bytes;
                let part = if last { Part::Last } else { Part::Next };
                let (to, kind) = (file.to, file.kind);
                Some(Piece { transfer, kind, name: &"", to, offset, bytes, part })
            }
            _ => None,
        }
    }
}

const FOE_READ: u8 = 1;
const FOE_WRITE: u8 = 2;
const FOE_DATA: u8 = 3;

/// Emits the mailbox message in `bytes`; false if there is none.
pub(super) fn emit(
    bytes: &[u8],
    kind: Kind,
    unit: Option<u16>,
    files: &mut Files,
    out: &mut dyn Sink,
) -> bool {
    let Some((service, data)) = read(bytes) else { return false };
    let full = HEADER_BYTES + data.len() == bytes.len();
    let said = match service {
        2 => eoe(data),
        3 => coe(data, kind),
        FOE => foe(data, kind),
        5 => soe(data),
        0 => error(data),
        _ => Some(Said::plain(codes::row(codes::FRAMES, service.into()))),
    };
    let cut = said.is_none();
    let said = said.unwrap_or_else(|| Said::plain(codes::row(codes::FRAMES, 0xff)));
    let anomalies: &[_] = if cut { &[Anomaly::TRUNCATED] } else { &[] };
    let silent = said.outcome == Outcome::Open && kind == Kind::Response;
    let outcome = if silent { Outcome::Ok } else { said.outcome };
    let piece = if service == FOE { files.piece(data, (unit, full), &said) } else { None };
    out.message(&Message {
        intent: said.intent,
        piece: piece.as_ref(),
        object: if said.target.is_nothing() {
            Object::Nothing
        } else {
            Object::Named(&said.target)
        },
        outcome,
        unit,
        anomalies,
        ..Message::new(Protocol::ETHERCAT, kind, said.operation, service.into())
    });
    true
}

/// What a service says.
struct Said<'a> {
    operation: &'static Operation,
    intent: Intent,
    target: Target<'a>,
    outcome: Outcome,
}

impl Said<'_> {
    const fn plain(operation: &'static Operation) -> Self {
        let target = Target::Nothing;
        Self { operation, intent: operation.intent, target, outcome: Outcome::Open }
    }
}

/// What a service acts on.
enum Target<'a> {
    Nothing,
    Object { index: u16, sub: u8 },
    File(Text<'a>),
    Packet(u32),
    Idn { drive: u8, idn: u16 },
}

impl Target<'_> {
    const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}

impl fmt::Display for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Object { index, sub } => write!(f, "0x{index:04x}:{sub:02x}"),
            Self::File(name) => name.fmt(f),
            Self::Packet(number) => write!(f, "packet {number}"),
            Self::Idn { drive, idn } => {
                let class = if idn & 0x8000 == 0 { 'S' } else { 'P' };
                write!(f, "drive {drive} {class}-{}-{:04}", (idn >> 12) & 7, idn & 0x0fff)
            }
        }
    }
}

fn coe(mut data: Reader<'_>, kind: Kind) -> Option<Said<'static>> {
    let service = data.le16()? >> 12;
    if !matches!(service, 2 | 3) {
        return Some(Said::plain(codes::row(codes::COE, 0x10 | u32::from(service))));
    }
    let command = data.u8()? >> 5;
    // Specifiers of requests and responses are numbered differently (IEC 61158-6-12 5.6.2).
    let command = match (service, command) {
        (3, 3) => 1,
        (3, 1) => 0,
        (3, 0) => 3,
        (_, command) => command,
    };
    let named = matches!(command, 1 | 2 | 4);
    let operation = codes::row(codes::COE, command.into());
    if !named {
        return Some(Said::plain(operation));
    }
    let (index, sub) = (data.le16()?, data.u8()?);
    let target = Target::Object { index, sub };
    let outcome = match (command, kind) {
        (4, _) => {
            let code = data.le32()?;
            Outcome::Error { code, name: codes::abort(code) }
        }
        _ => Outcome::Open,
    };
    let operation = match command {
        1 => Operation::find(codes::OBJECTS, index.into()).unwrap_or(operation),
        _ => operation,
    };
    let intent = match (command, index) {
        (1, 0x1000..=0x1fff) => Intent::Administer,
        (1, 0x6000..=0x7fff) => Intent::Operate,
        _ => operation.intent,
    };
    Some(Said { operation, intent, target, outcome })
}

fn foe(mut data: Reader<'_>, kind: Kind) -> Option<Said<'_>> {
    let opcode = data.u8()?;
    data.skip(1)?;
    let operation = codes::row(codes::FOE, opcode.into());
    let word = data.le32()?;
    let target = match opcode {
        1 | 2 => Target::File(Text::clipped(Text::trimmed(data.rest()).0, NAME_MAX)),
        3 | 4 => Target::Packet(word),
        _ => Target::Nothing,
    };
    let outcome = match opcode {
        5 => Outcome::Error { code: word, name: codes::foe_error(word) },
        _ => Outcome::Open,
    };
    let intent = match (opcode, kind) {
        (3, Kind::Response) => Intent::Observe,
        _ => operation.intent,
    };
    Some(Said { operation, intent, target, outcome })
}

fn eoe(mut data: Reader<'_>) -> Option<Said<'static>> {
    let header = data.le16()?;
    let result = data.le16()?;
    let operation = codes::row(codes::EOE, u32::from(header & 0x0f));
    let outcome = match header & 0x0f {
        3 | 5 if result != 0 => Outcome::Error { code: result.into(), name: "" },
        _ => Outcome::Open,
    };
    Some(Said { outcome, ..Said::plain(operation) })
}

fn soe(mut data: Reader<'_>) -> Option<Said<'static>> {
    let head = data.u8()?;
    data.skip(1)?;
    let idn = data.le16()?;
    let operation = codes::row(codes::SOE, u32::from(head & 0x07));
    let outcome = if head & 0x10 == 0 {
        Outcome::Open
    } else {
        Outcome::Error { code: data.le16().unwrap_or(0).into(), name: "" }
    };
    let target = Target::Idn { drive: head >> 5, idn };
    Some(Said { target, outcome, ..Said::plain(operation) })
}

fn error(mut data: Reader<'_>) -> Option<Said<'static>> {
    data.skip(2)?;
    let code = data.le16()?;
    let name = match code {
        1 => "mailbox syntax",
        2 => "unsupported protocol",
        3 => "invalid channel",
        4 => "service not supported",
        5 => "invalid header",
        6 => "size too short",
        7 => "no more memory",
        8 => "invalid size",
        _ => "",
    };
    let outcome = Outcome::Error { code: code.into(), name };
    Some(Said { outcome, ..Said::plain(codes::row(codes::FRAMES, 0)) })
}
