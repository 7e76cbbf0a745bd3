//! Files and pipes that are open in one conversation.
//!
//! What is written to or read from a program or firmware, by its name, is handed on as pieces; what
//! passes through a named pipe is read as remote calls. Both are bounded; what has no place is not
//! followed. Source: MS-SMB2 2.2.13 to 2.2.22, 2.2.31, 2.2.39.

use std::fmt;

use crate::dcerpc::Dcerpc;
use crate::piece::{Part, Piece, program_kind};
use crate::session::{Session, Side, Sink, Step};
use crate::{Text, Utf16};

/// Files that are followed at a time.
const FILES_MAX: usize = 32;
/// Longest name that is kept, in bytes of UTF-16.
const NAME_BYTES_MAX: usize = 512;
/// Longest file extension that is looked at.
const EXTENSION_MAX: usize = 12;

/// One open file or pipe.
pub(super) struct File {
    id: u64,
    /// UTF-16, without what it shares with nobody: the path below the share.
    pub(super) name: Vec<u8>,
    /// What a program it is by its name.
    kind: Option<&'static str>,
    transfer: u32,
    /// Its length when it was opened.
    length: u64,
    written: bool,
    /// Remote calls, if it is a pipe.
    calls: Option<Box<Dcerpc>>,
}

/// All of a conversation.
#[derive(Default)]
pub(super) struct Files {
    open: Vec<File>,
    transfers: u32,
    /// The latest that was opened: what a chain of messages means without naming it.
    latest: u64,
}

/// Content of a message that goes on behind what is at hand.
#[derive(Clone, Copy)]
pub(super) struct Passing {
    file: u64,
    offset: u64,
    pub(super) left: u64,
    /// Bytes of the frame behind the content.
    pub(super) behind: usize,
}

impl Passing {
    /// The same inside a frame of which `more` bytes are to come; `None` if it does not fit.
    pub(super) fn within(self, more: usize) -> Option<Self> {
        let left = usize::try_from(self.left).ok()?;
        Some(Self { behind: more.checked_sub(left)?, ..self })
    }
}

impl Files {
    /// What is kept of a name.
    pub(super) fn kept(name: &[u8]) -> &[u8] {
        name.get(..NAME_BYTES_MAX).unwrap_or(name)
    }

    /// `name` was opened as `id`; it has `length` bytes, and may be a pipe.
    pub(super) fn insert(&mut self, id: u64, name: &[u8], length: u64, pipe: bool) {
        self.latest = id;
        if self.open.len() >= FILES_MAX {
            self.open.remove(0);
        }
        self.transfers = self.transfers.wrapping_add(1);
        self.open.push(File {
            id,
            name: Self::kept(name).to_vec(),
            kind: kind(name).filter(|_| !pipe),
            transfer: self.transfers,
            length,
            written: false,
            calls: pipe.then(Box::default),
        });
    }

    /// The number of a file; all ones is the latest (MS-SMB2 3.3.5.2.7.2).
    pub(super) const fn resolve(&self, id: u64) -> u64 {
        if id == u64::MAX { self.latest } else { id }
    }

    pub(super) fn get(&self, id: u64) -> Option<&File> {
        let id = self.resolve(id);
        self.open.iter().rev().find(|file| file.id == id)
    }

    /// Content that `from` sent, of `whole` bytes of which `bytes` are at hand: the piece that it
    /// is, and what is to come.
    pub(super) fn content<'a>(
        &'a mut self,
        (id, offset): (u64, u64),
        from: Side,
        (bytes, whole): (&'a [u8], u64),
    ) -> Option<(Piece<'a>, Passing)> {
        let id = self.resolve(id);
        let file = self.open.iter_mut().rev().find(|file| file.id == id)?;
        let kind = file.kind?;
        file.written |= from == Side::Client;
        let end = offset.saturating_add(bytes.len() as u64);
        let read_whole = !file.written && end >= file.length;
        let part = match (offset, read_whole) {
            (0, true) => Part::Whole,
            (0, false) => Part::First,
            (_, true) => Part::Last,
            (_, false) => Part::Next,
        };
        let left = whole.saturating_sub(bytes.len() as u64);
        let name = file as &dyn fmt::Display;
        let (transfer, to) = (file.transfer, from.other());
        let piece = Piece { transfer, kind, name, to, offset: Some(offset), bytes, part };
        Some((piece, Passing { file: id, offset: end, left, behind: 0 }))
    }

    /// More content of a message whose beginning was seen. Returns how much of `bytes` it is.
    pub(super) fn more(
        &mut self,
        passing: &mut Passing,
        from: Side,
        bytes: &[u8],
        out: &mut dyn Sink,
    ) -> usize {
        let count = usize::try_from(passing.left).unwrap_or(usize::MAX).min(bytes.len());
        let bytes = bytes.get(..count).unwrap_or(bytes);
        let place = (passing.file, passing.offset);
        if let Some((piece, next)) = self.content(place, from, (bytes, passing.left)) {
            out.piece(crate::Protocol::SMB, &piece);
            *passing = Passing { behind: passing.behind, ..next };
        } else {
            passing.left -= count as u64;
        }
        count
    }

    /// What `from` sent through a pipe.
    pub(super) fn call(&mut self, id: u64, from: Side, bytes: &[u8], out: &mut dyn Sink) {
        let id = self.resolve(id);
        let Some(file) = self.open.iter_mut().rev().find(|file| file.id == id) else { return };
        let Some(calls) = &mut file.calls else { return };
        let mut rest = bytes;
        while !rest.is_empty() {
            let Step::Read(count) = calls.parse(from, rest, out) else { return };
            rest = rest.get(count..).unwrap_or_default();
        }
    }

    /// A file is closed: what was written to it is whole.
    pub(super) fn close(&mut self, id: u64, out: &mut dyn Sink) {
        let id = self.resolve(id);
        let Some(place) = self.open.iter().rposition(|file| file.id == id) else { return };
        let file = self.open.remove(place);
        if let Some(kind) = file.kind.filter(|_| file.written) {
            out.piece(
                crate::Protocol::SMB,
                &Piece {
                    transfer: file.transfer,
                    kind,
                    name: &file,
                    to: Side::Server,
                    offset: None,
                    bytes: &[],
                    part: Part::Last,
                },
            );
        }
    }

    pub(super) fn held_bytes(&self) -> usize {
        let each = |file: &File| {
            file.name.capacity() + file.calls.as_ref().map_or(0, |_| size_of::<Dcerpc>())
        };
        self.open.capacity() * size_of::<File>() + self.open.iter().map(each).sum::<usize>()
    }
}

impl File {
    pub(super) const fn is_pipe(&self) -> bool {
        self.calls.is_some()
    }

    pub(super) const fn kind(&self) -> Option<&'static str> {
        self.kind
    }
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() { Text(b".").fmt(f) } else { Utf16(&self.name).fmt(f) }
    }
}

/// What a program a name in UTF-16 is, by its extension.
fn kind(name: &[u8]) -> Option<&'static str> {
    let units = name.as_chunks::<2>().0;
    let dot = units.iter().rposition(|unit| *unit == [b'.', 0])?;
    let extension = units.get(dot + 1..).filter(|units| units.len() <= EXTENSION_MAX)?;
    let mut text = arrayvec::ArrayString::<{ EXTENSION_MAX + 2 }>::new();
    text.push_str("x.");
    for unit in extension {
        let [letter, 0] = *unit else { return None };
        letter.is_ascii_alphanumeric().then(|| text.push(char::from(letter)))?;
    }
    program_kind(&text)
}
