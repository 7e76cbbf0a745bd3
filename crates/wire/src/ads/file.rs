//! Files of the controller, as its system service opens, reads, writes and closes them.
//!
//! Opening names a file and answers a handle; what follows names the handle in the index offset.
//! Source: Beckhoff/ADS, AdsFile.cpp and AdsDevice.cpp (OpenFile, CloseFile).

use arrayvec::ArrayString;

use crate::piece::{Part, Piece, program_kind};
use crate::session::Side;
use crate::{Reader, Text};

/// Longest name that is kept.
const NAME_BYTES: usize = 128;
/// Files that may be open at once; more push out the oldest.
const OPEN_MAX: usize = 4;

/// A name, as far as it is kept.
pub(super) type Name = ArrayString<NAME_BYTES>;

/// A file that is open.
#[derive(Clone, Copy, Default)]
struct Open {
    handle: Option<u32>,
    name: Name,
    /// Who has received bytes of it.
    moved: Option<Side>,
}

/// The files that are open in one conversation.
#[derive(Default)]
pub(super) struct Files {
    /// The invoke id of the last opening, and what it opens.
    opening: Option<(u32, Name)>,
    open: [Open; OPEN_MAX],
    next: usize,
}

impl Files {
    pub(super) fn asked(&mut self, invoke: u32, text: Text<'_>) {
        let mut name = Name::new();
        // What does not fit is not written, and that is no fault.
        let _ =
            std::fmt::Write::write_fmt(&mut name, format_args!("{}", Text::clipped(text.0, 96)));
        self.opening = Some((invoke, name));
    }

    /// The answer to an opening: its handle behind the length of the data.
    pub(super) fn opened(&mut self, invoke: u32, mut data: Reader<'_>) {
        let opening = self.opening.filter(|(asked, _)| *asked == invoke);
        let handle = data.skip(4).and_then(|()| data.le32());
        let (Some((_, name)), Some(handle)) = (opening, handle) else { return };
        self.opening = None;
        let known = self.open.iter().position(|open| open.handle == Some(handle));
        let place = known.unwrap_or(self.next);
        self.next = (place + 1) % OPEN_MAX;
        if let Some(open) = self.open.get_mut(place) {
            *open = Open { handle: Some(handle), name, moved: None };
        }
    }

    /// The name of the file with this handle.
    pub(super) fn name(&self, handle: u32) -> Option<Name> {
        self.open.iter().find(|open| open.handle == Some(handle)).map(|open| open.name)
    }

    /// Bytes of an open file on their way `to` a side; none that follow others end a reading.
    pub(super) fn moved<'a>(
        &'a mut self,
        handle: u32,
        to: Side,
        bytes: &'a [u8],
    ) -> Option<Piece<'a>> {
        let open = self.open.iter_mut().find(|open| open.handle == Some(handle))?;
        let part = match (open.moved, bytes) {
            (None, []) => return None,
            (None, _) => Part::First,
            (Some(_), []) => Part::Last,
            (Some(_), _) => Part::Next,
        };
        open.moved = Some(to).filter(|_| part != Part::Last);
        Some(piece(open, handle, to, bytes, part))
    }

    /// The file with this handle is closed: the end of what moved.
    pub(super) fn close(&mut self, handle: u32) -> Option<(Name, Side)> {
        let open = self.open.iter_mut().find(|open| open.handle == Some(handle))?;
        let closed = std::mem::take(open);
        Some((closed.name, closed.moved?))
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

fn piece<'a>(open: &'a Open, handle: u32, to: Side, bytes: &'a [u8], part: Part) -> Piece<'a> {
    let kind = program_kind(&open.name).unwrap_or("file");
    Piece { transfer: handle, kind, name: &open.name, to, offset: None, bytes, part }
}

/// The end of a transfer that closing its file shows.
pub(super) fn end<'a>((name, to): &'a (Name, Side), handle: u32) -> Piece<'a> {
    let kind = program_kind(name).unwrap_or("file");
    Piece { transfer: handle, kind, name, to: *to, offset: None, bytes: &[], part: Part::Last }
}
