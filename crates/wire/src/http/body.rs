//! Bodies: passed over unseen, unless a file is in them.
//!
//! A body that is a program, or whose interface is a robot's, is handed out piece by piece as its
//! bytes arrive; nothing of it is kept. Compressed bodies and ranges are not: their bytes are not
//! those of the file. Source: RFC 9112 clauses 6.3 and 7.1.

use arrayvec::ArrayVec;
use plant::Intent;

use super::api::BODY_BYTES_MAX;
use super::head::{self, Head, Length};
use super::multipart::{Cut, Multipart};
use super::{Http, Next, codes, rest};
use crate::message::{Kind, Message};
use crate::piece::{Part, Piece, program_kind};
use crate::session::{Side, Sink, Step};
use crate::table::{Operation, Protocol};
use crate::{Object, Reader, Text};

/// Longest name of a file that is kept.
const NAME_BYTES_MAX: usize = 128;

/// Longest line that begins a chunk: a number and extensions that nobody uses.
const CHUNK_LINE_BYTES_MAX: usize = 256;
/// Longest body or chunk that is believed.
const LENGTH_MAX: u64 = 1 << 40;

/// The first bytes of a body that is `wanted`, up to a bound; `Err` asks for more. Chunks are put
/// together in `chunks`.
pub(super) fn beginning<'a>(
    bytes: &'a [u8],
    head: &Head<'_>,
    wanted: bool,
    chunks: &'a mut Vec<u8>,
) -> Result<&'a [u8], Step> {
    chunks.clear();
    match head.length {
        Length::Bytes(count) if wanted => {
            let count = usize::try_from(count).unwrap_or(usize::MAX).min(BODY_BYTES_MAX);
            let end = head.bytes + count;
            bytes.get(head.bytes..end).ok_or(Step::Need(end))
        }
        Length::Chunked if wanted => {
            let mut reader = Reader::new(bytes.get(head.bytes..).unwrap_or_default());
            while chunks.len() < BODY_BYTES_MAX {
                let left = reader.len();
                let Some(line) = reader.line() else {
                    let wait = left < CHUNK_LINE_BYTES_MAX;
                    return if wait { Err(Step::Need(bytes.len() + 1)) } else { Ok(chunks) };
                };
                let size = match head::chunk_size(line) {
                    Some(0) | None => break,
                    Some(size) => usize::try_from(size.min(LENGTH_MAX)).unwrap_or(usize::MAX / 2),
                };
                let wanted = size.min(BODY_BYTES_MAX - chunks.len());
                let Some(data) = reader.take(wanted) else {
                    return Err(Step::Need(bytes.len() + wanted - reader.len()));
                };
                chunks.extend_from_slice(data);
                if wanted == size && chunks.len() < BODY_BYTES_MAX && reader.line().is_none() {
                    return Err(Step::Need(bytes.len() + 1));
                }
            }
            Ok(chunks)
        }
        // what came with the head is all that can be had without waiting for the end
        Length::Open if wanted => {
            let body = bytes.get(head.bytes..).unwrap_or_default();
            Ok(body.get(..BODY_BYTES_MAX).unwrap_or(body))
        }
        Length::Bytes(_) | Length::Chunked | Length::Open => Ok(&[]),
    }
}

impl Http {
    /// Passes over the body that follows `head`, if it has one (RFC 9112 6.3), or looks at it.
    pub(super) fn body(&mut self, from: Side, head: &Head<'_>, present: bool) -> Step {
        let looked_at = self.transfers.get(from.index()).is_some_and(Option::is_some);
        match head.length {
            _ if !present => {}
            Length::Bytes(0) => {}
            Length::Bytes(left) if looked_at => {
                self.expect(from, Next::Body { left, chunked: false });
            }
            Length::Bytes(count) => {
                let count = usize::try_from(count.min(LENGTH_MAX)).unwrap_or(usize::MAX / 2);
                return Step::Read(head.bytes + count);
            }
            Length::Chunked => self.expect(from, Next::Chunk),
            Length::Open if looked_at => self.expect(from, Next::OpenBody),
            Length::Open => self.expect(from, Next::Foreign),
        }
        Step::Read(head.bytes)
    }

    /// Bytes of a body, or of a chunk of it, that is looked at.
    pub(super) fn content(
        &mut self,
        from: Side,
        bytes: &[u8],
        (left, chunked): (u64, bool),
        out: &mut dyn Sink,
    ) -> Step {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let left = left - count as u64;
        let ends = left == 0 && !chunked;
        self.transfer(from, bytes.get(..count).unwrap_or_default(), ends, out);
        self.expect(
            from,
            match (left, chunked) {
                (0, false) => Next::Head,
                (0, true) => Next::ChunkEnd,
                _ => Next::Body { left, chunked },
            },
        );
        Step::Read(count)
    }

    /// Gives bytes to the file that `from` sends.
    pub(super) fn transfer(&mut self, from: Side, bytes: &[u8], ends: bool, out: &mut dyn Sink) {
        let Some(place) = self.transfers.get_mut(from.index()) else { return };
        if let Some(transfer) = place {
            transfer.push(bytes, ends, out);
        }
        if ends {
            *place = None;
        }
    }

    pub(super) fn chunk(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let Some(line) = reader.line() else {
            let wait = bytes.len() < CHUNK_LINE_BYTES_MAX;
            return if wait { Step::Need(bytes.len() + 1) } else { self.lost(from) };
        };
        let read = bytes.len() - reader.len();
        let looked_at = self.transfers.get(from.index()).is_some_and(Option::is_some);
        match head::chunk_size(line) {
            Some(0) => {
                self.transfer(from, &[], true, out);
                self.expect(from, Next::Trailer);
                Step::Read(read)
            }
            Some(left) if looked_at => {
                self.expect(from, Next::Body { left, chunked: true });
                Step::Read(read)
            }
            Some(size) => {
                let size = usize::try_from(size.min(LENGTH_MAX)).unwrap_or(usize::MAX / 2);
                Step::Read(read + size + b"\r\n".len())
            }
            None => self.lost(from),
        }
    }

    pub(super) fn trailer(&mut self, from: Side, bytes: &[u8]) -> Step {
        let mut reader = Reader::new(bytes);
        match reader.line() {
            Some([]) => self.expect(from, Next::Head),
            Some(_) => {}
            None if bytes.len() < CHUNK_LINE_BYTES_MAX => return Step::Need(bytes.len() + 1),
            None => return self.lost(from),
        }
        Step::Read(bytes.len() - reader.len())
    }

    pub(super) fn lost(&mut self, from: Side) -> Step {
        if let Some(place) = self.transfers.get_mut(from.index()) {
            *place = None;
        }
        self.expect(from, Next::Head);
        Step::Lost
    }
}

/// A body with a file in it, on its way.
#[derive(Debug)]
pub(super) struct Transfer {
    protocol: Protocol,
    intent: Intent,
    to: Side,
    /// What it is, where its name tells.
    kind: Option<&'static str>,
    name: ArrayVec<u8, NAME_BYTES_MAX>,
    /// Bytes of the file that were handed out.
    passed: u64,
    begun: bool,
    multipart: Option<Multipart>,
    /// Whatever its name is, it is a file of a robot.
    robot: bool,
    /// Only the body tells that it is an upload: its first piece is told as one.
    untold: bool,
}

/// What a file is by its name; the name may be a path.
pub(super) fn kind(name: &[u8]) -> Option<&'static str> {
    program_kind(std::str::from_utf8(name).ok()?)
}

impl Transfer {
    /// A body that is a file as a whole.
    pub(super) fn plain(protocol: Protocol, intent: Intent, to: Side, name: &[u8]) -> Self {
        Self {
            protocol,
            intent,
            to,
            kind: kind(name),
            name: last(name),
            passed: 0,
            begun: false,
            multipart: None,
            robot: protocol != Protocol::HTTP,
            untold: false,
        }
    }

    /// The body of a request with this head; `None` if no file is to be expected in it.
    pub(super) fn upload(
        protocol: Protocol,
        intent: Intent,
        head: &Head<'_>,
        name: &[u8],
    ) -> Option<Self> {
        if head.encoded || head.length == Length::Open {
            return None;
        }
        let plain = Self::plain(protocol, intent, Side::Server, name);
        if let Some(multipart) = Multipart::new(head.content) {
            let untold = protocol == Protocol::HTTP;
            return Some(Self { multipart: Some(multipart), untold, ..plain });
        }
        (plain.kind.is_some() || (plain.robot && !name.is_empty())).then_some(plain)
    }

    /// Bytes on the heap.
    pub(super) fn held_bytes(&self) -> usize {
        self.multipart.as_ref().map_or(0, Multipart::held_bytes)
    }

    /// Takes the next bytes of the body; `ends` if none follow.
    pub(super) fn push(&mut self, bytes: &[u8], ends: bool, out: &mut dyn Sink) {
        let Some(mut multipart) = self.multipart.take() else {
            return self.hand_out(bytes, ends, out);
        };
        multipart.push(bytes, &mut |cut| match cut {
            Cut::Begin(name) => self.begin(name),
            Cut::Bytes(bytes) => self.hand_out(bytes, false, out),
            Cut::End => self.hand_out(&[], true, out),
        });
        if ends && self.begun {
            self.hand_out(&[], true, out); // the closing delimiter is missing
        }
        self.multipart = Some(multipart);
    }

    /// What a file is whose name does not tell.
    fn nameless(&self) -> &'static str {
        let program = matches!(self.intent, Intent::Program | Intent::Observe);
        if self.protocol == Protocol::UR_ROBOT_API && program { "UR program" } else { "file" }
    }

    fn begin(&mut self, name: &[u8]) {
        (self.kind, self.name) = (kind(name), last(name));
        (self.passed, self.begun) = (0, false);
    }

    fn hand_out(&mut self, bytes: &[u8], ends: bool, out: &mut dyn Sink) {
        let wanted = self.robot || self.kind.is_some();
        if !wanted || (bytes.is_empty() && !ends) {
            return;
        }
        let part = match (self.begun, ends) {
            (false, false) => Part::First,
            (false, true) => Part::Whole,
            (true, false) => Part::Next,
            (true, true) => Part::Last,
        };
        let told = if self.untold && !self.begun { Some(codes::UPLOAD) } else { None };
        let operation = told.unwrap_or_else(|| content(self.protocol));
        self.begun = !ends;
        let name = Text(&self.name);
        let piece = Piece {
            // an upload and a download may run at once
            transfer: u32::from(self.to == Side::Client),
            kind: self.kind.unwrap_or_else(|| self.nameless()),
            name: &name,
            to: self.to,
            offset: Some(self.passed),
            bytes,
            part,
        };
        out.message(
            &Message {
                intent: told.map_or(self.intent, |told| told.intent),
                object: Object::Named(&name),
                ..Message::new(self.protocol, Kind::Notice, operation, operation.code)
            }
            .carrying(&piece),
        );
        self.passed = if ends { 0 } else { self.passed + bytes.len() as u64 };
    }
}

/// The row of a piece of a file in a protocol's table.
fn content(protocol: Protocol) -> &'static Operation {
    let tables = protocol.entry().operations;
    let row = tables.iter().find_map(|table| Operation::find(table, rest::FILE_CONTENT.code));
    row.unwrap_or(codes::UNLISTED)
}

/// The last segment of a path, as far as it is kept.
fn last(name: &[u8]) -> ArrayVec<u8, NAME_BYTES_MAX> {
    let last = name.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
    last.iter().copied().take(NAME_BYTES_MAX).collect()
}
