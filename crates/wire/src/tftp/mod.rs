//! TFTP: which file goes where, and its content.
//!
//! ```text
//!  opcode (2) 1|2, file NUL mode NUL, option NUL value NUL ...   to port 69
//!  opcode 3, block (2), content  |  4, block  |  5, error (2), text NUL  |  6, options
//! ```
//! A server answers from a new port, so all but the request is a conversation of its own, which the
//! request announces. Blocks are numbered from 1,
//! and over 65535 from 0 again; a short block is the last. The mode `netascii` carries line ends as
//! CR LF, which is not undone. Sources: RFC 1350, RFC 2347, RFC 2348.

pub mod codes;
#[cfg(test)]
mod tests;

use std::fmt;

use codes::opcode;

use crate::message::{Anomaly, Fact, Kind, Message, Object, Outcome, Subject};
use crate::piece::{Part, Piece, program_kind};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "tftp",
    title: "TFTP",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Udp(69)],
    operations: &[codes::OPCODES, codes::OTHERS],
    identify: Some(identify),
    open: || Box::<Tftp>::default(),
};

/// Bytes of content in a block unless the options say otherwise (RFC 1350 2).
const BLOCK_BYTES: u16 = 512;
/// Longest file name that is kept.
const NAME_BYTES_MAX: usize = 256;

/// One conversation: a request, or the transfer that it began.
#[derive(Default)]
pub(crate) struct Tftp {
    /// The file of the request, where it was seen.
    file: Vec<u8>,
    /// Which transfer of this conversation it is.
    transfer: u32,
    /// Content of a full block; 0 until options say it.
    block_bytes: u16,
    /// The latest block, counted on over 65535.
    block: u64,
    /// Who answers: in a conversation that was announced, who speaks first.
    server: Option<Side>,
}

impl Session for Tftp {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let Some(opcode) = reader.be16() else { return Step::Lost };
        if !matches!(opcode, opcode::READ | opcode::WRITE) {
            self.server.get_or_insert(from);
        }
        match opcode {
            opcode::READ | opcode::WRITE => self.request(from, opcode, reader, out),
            opcode::DATA => self.data(from, reader, out),
            opcode::ACKNOWLEDGMENT => self.acknowledgment(from, reader, out),
            opcode::ERROR => self.error(from, reader, out),
            opcode::OPTIONS => self.options(from, reader, out),
            _ => return Step::Lost,
        }
        Step::Read(bytes.len())
    }

    fn held_bytes(&self) -> usize {
        self.file.capacity()
    }
}

impl Tftp {
    fn request(&mut self, from: Side, opcode: u16, mut reader: Reader<'_>, out: &mut dyn Sink) {
        let file = reader.until(0);
        let name = file.unwrap_or(reader.rest());
        self.file.clear();
        self.file.extend(name.iter().take(NAME_BYTES_MAX));
        self.transfer = self.transfer.wrapping_add(1);
        (self.block, self.block_bytes) = (0, 0);
        self.server = Some(from.other());
        let mode = file.and_then(|_| reader.until(0));
        let firmware = opcode == opcode::WRITE && self.kind() == "firmware";
        let operation = if firmware { codes::WRITE_FIRMWARE } else { row(opcode) };
        let asked = Asked { mode: mode.unwrap_or_default(), options: Options(reader) };
        let text = Text(name);
        let expected = Fact::Expects {
            about: Subject::Sender,
            port: None,
            transport: Transport::Udp,
            protocol: Protocol::TFTP,
            name: &text,
        };
        out.message(&Message {
            values: Some(&asked),
            anomalies: if mode.is_none() { &[Anomaly::TRUNCATED] } else { &[] },
            facts: &[expected],
            object: Object::Named(&text),
            ..Message::new(Protocol::TFTP, Kind::Request, operation, opcode.into())
        });
    }

    fn data(&mut self, from: Side, mut reader: Reader<'_>, out: &mut dyn Sink) {
        let block = reader.be16();
        let content = reader.rest();
        let to = from.other();
        let full = usize::from(if self.block_bytes == 0 { BLOCK_BYTES } else { self.block_bytes });
        let before = self.block;
        self.block = block.map_or(before, |block| near(before, block));
        let short = content.len() < full;
        let part = match (self.block, short) {
            (1, true) => Part::Whole,
            (1, false) => Part::First,
            (_, true) => Part::Last,
            (_, false) => Part::Next,
        };
        // a block that is sent again adds nothing
        let new = self.block > before && content.len() <= full;
        let full = u64::try_from(full).unwrap_or(u64::MAX);
        let offset = self.block.saturating_sub(1).saturating_mul(full);
        let name = Text(&self.file);
        let piece = Piece {
            transfer: self.transfer,
            kind: self.kind(),
            name: &name,
            to,
            offset: Some(offset),
            bytes: content,
            part,
        };
        let written = self.server == Some(to);
        let operation = if written { codes::WRITE_DATA } else { row(opcode::DATA) };
        out.message(&Message {
            id: block.map(u32::from),
            anomalies: if block.is_none() { &[Anomaly::TRUNCATED] } else { &[] },
            piece: new.then_some(&piece),
            ..self.about(&name, from, operation, opcode::DATA)
        });
    }

    fn acknowledgment(&mut self, from: Side, mut reader: Reader<'_>, out: &mut dyn Sink) {
        let block = reader.be16();
        let name = Text(&self.file);
        out.message(&Message {
            id: block.map(u32::from),
            anomalies: if block.is_none() { &[Anomaly::TRUNCATED] } else { &[] },
            ..self.about(&name, from, row(opcode::ACKNOWLEDGMENT), opcode::ACKNOWLEDGMENT)
        });
    }

    fn error(&mut self, from: Side, mut reader: Reader<'_>, out: &mut dyn Sink) {
        let code = reader.be16();
        let whole = reader.until(0);
        let text = Text(whole.unwrap_or(reader.rest()));
        let name = Text(&self.file);
        let cut = code.is_none() || whole.is_none();
        let code = code.unwrap_or(0);
        out.message(&Message {
            kind: Kind::Response,
            outcome: Outcome::Error { code: code.into(), name: codes::error(code) },
            values: (!text.0.is_empty()).then_some(&text),
            anomalies: if cut { &[Anomaly::TRUNCATED] } else { &[] },
            ..self.about(&name, from, row(opcode::ERROR), opcode::ERROR)
        });
    }

    fn options(&mut self, from: Side, reader: Reader<'_>, out: &mut dyn Sink) {
        let options = Options(reader);
        let size = options.find(b"blksize").and_then(|text| std::str::from_utf8(text).ok());
        if let Some(size) = size.and_then(|text| text.parse::<u16>().ok()) {
            self.block_bytes = size;
        }
        let name = Text(&self.file);
        out.message(&Message {
            values: Some(&options),
            ..self.about(&name, from, row(opcode::OPTIONS), opcode::OPTIONS)
        });
    }

    /// A message of the transfer: what the server sends answers.
    fn about<'a>(
        &self,
        name: &'a Text<'a>,
        from: Side,
        operation: &'static Operation,
        code: u16,
    ) -> Message<'a> {
        let (kind, outcome) = if self.server == Some(from) {
            (Kind::Response, Outcome::Ok)
        } else {
            (Kind::Request, Outcome::Open)
        };
        let named = !self.file.is_empty();
        Message {
            object: if named { Object::Named(name) } else { Object::Nothing },
            outcome,
            ..Message::new(Protocol::TFTP, kind, operation, code.into())
        }
    }

    /// What the file is by its name.
    fn kind(&self) -> &'static str {
        std::str::from_utf8(&self.file).ok().and_then(program_kind).unwrap_or("file")
    }
}

/// The block with this number that is nearest to `latest`.
const fn near(latest: u64, number: u16) -> u64 {
    let [.., high, low] = latest.to_be_bytes();
    let ahead = number.wrapping_sub(u16::from_be_bytes([high, low]));
    if ahead < 0x8000 {
        latest + ahead as u64
    } else {
        latest.saturating_sub(ahead.wrapping_neg() as u64)
    }
}

fn row(opcode: u16) -> &'static Operation {
    Operation::find(codes::OPCODES, opcode.into()).unwrap_or(codes::UNLISTED)
}

/// Mode and options of a request.
struct Asked<'a> {
    mode: &'a [u8],
    options: Options<'a>,
}

impl fmt::Display for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text(self.mode).fmt(f)?;
        if self.options.0.is_empty() { Ok(()) } else { write!(f, " {}", self.options) }
    }
}

/// Pairs of names and values (RFC 2347).
#[derive(Clone, Copy)]
struct Options<'a>(Reader<'a>);

impl<'a> Options<'a> {
    fn find(mut self, wanted: &[u8]) -> Option<&'a [u8]> {
        self.find_map(|(name, value)| name.eq_ignore_ascii_case(wanted).then_some(value))
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        Some((self.0.until(0)?, self.0.until(0)?))
    }
}

impl fmt::Display for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lead = "";
        for (name, value) in *self {
            write!(f, "{lead}{}={}", Text(name), Text(value))?;
            lead = " ";
        }
        Ok(())
    }
}

/// A request names a file and one of three modes, which is beyond doubt on any port. Of all else
/// only what begins a transfer is, and only where one is expected.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Udp {
        return Guess::No;
    }
    let mut reader = Reader::new(probe.bytes);
    match (reader.be16(), probe.hinted) {
        (Some(opcode::READ | opcode::WRITE), _) if is_request(reader) => {
            Guess::Yes(Some(Side::Client))
        }
        (Some(opcode::DATA), true) => match reader.be16() {
            Some(1) => Guess::Yes(Some(Side::Server)),
            Some(_) if reader.len() <= usize::from(BLOCK_BYTES) => Guess::Yes(None),
            Some(_) | None => Guess::No,
        },
        (Some(opcode::ACKNOWLEDGMENT), true) if reader.len() == 2 => match reader.be16() {
            Some(0) => Guess::Yes(Some(Side::Server)),
            Some(_) | None => Guess::Yes(None),
        },
        (Some(opcode::ERROR), true) if matches!(reader.be16(), Some(0..=8)) => {
            Guess::Yes(Some(Side::Server))
        }
        (Some(opcode::OPTIONS), true) if Options(reader).next().is_some() => {
            Guess::Yes(Some(Side::Server))
        }
        _ => Guess::No,
    }
}

/// A file name of visible bytes and a mode (RFC 1350 5).
fn is_request(mut reader: Reader<'_>) -> bool {
    let name = reader.until(0).is_some_and(|name| {
        !name.is_empty() && name.iter().all(|byte| *byte >= b' ' && *byte != 0x7f)
    });
    let modes: [&[u8]; 3] = [b"octet", b"netascii", b"mail"];
    let mode = reader.until(0);
    name && mode.is_some_and(|mode| modes.iter().any(|one| mode.eq_ignore_ascii_case(one)))
}
