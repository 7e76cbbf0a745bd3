//! Files that are written by calls: open, write, close of a `FileType` object.
//!
//! Servers number the methods of each file object as they like, so the shapes of arguments and
//! results tell: a call with a mode that writes answers with a handle, calls with that handle and
//! bytes write, and one with the handle alone that answers with nothing closes. Writes to a handle
//! whose open did not pass are calls like any other. Source: OPC 10000-5 1.04 Annex C.2.

use arrayvec::ArrayVec;

use super::walk::Value;

/// Files that are open for writing at once in one connection and followed.
const OPEN_MAX: usize = 8;
/// Bits of the mode of Open: write, and all that there are (C.2.1).
const MODE_WRITE: u64 = 0x02;
const MODE_ALL: u64 = 0x0f;

/// What a call to one method is to a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Access<'a> {
    /// Nothing.
    #[default]
    None,
    /// Opens one, if it answers with a handle.
    Open,
    /// Writes to an open one; `first` if nothing was written to it before.
    Write { handle: u32, bytes: &'a [u8], first: bool },
    /// Closes an open one, if it answers with nothing.
    Close { handle: u32 },
}

/// Handles of files that are open for writing, and whether something was written.
#[derive(Clone, Debug, Default)]
pub(super) struct Files(ArrayVec<(u32, bool), OPEN_MAX>);

impl Files {
    /// What a call with these arguments does.
    pub(super) fn called<'a>(&mut self, arguments: &[Value<'a>]) -> Access<'a> {
        let known = |handle: u64| self.0.iter().position(|(open, _)| u64::from(*open) == handle);
        match *arguments {
            [Value::Unsigned(handle)] => match known(handle).and_then(|at| self.0.get(at)) {
                Some((handle, _)) => Access::Close { handle: *handle },
                None if handle & MODE_WRITE != 0 && handle <= MODE_ALL => Access::Open,
                None => Access::None,
            },
            [Value::Unsigned(handle), Value::Bytes(bytes)] => {
                let at = known(handle);
                let Some((handle, begun)) = at.and_then(|at| self.0.get_mut(at)) else {
                    return Access::None;
                };
                let first = !std::mem::replace(begun, true);
                Access::Write { handle: *handle, bytes, first }
            }
            _ => Access::None,
        }
    }

    /// A call that opens was answered with `results`.
    pub(super) fn opened(&mut self, results: &[Value<'_>]) {
        let [Value::Unsigned(handle)] = *results else { return };
        let Ok(handle) = u32::try_from(handle) else { return };
        self.0.retain(|(open, _)| *open != handle);
        if self.0.is_full() {
            self.0.remove(0);
        }
        self.0.push((handle, false));
    }

    /// A file was closed; whether something had been written to it.
    pub(super) fn closed(&mut self, handle: u32) -> bool {
        let begun = self.0.contains(&(handle, true));
        self.0.retain(|(open, _)| *open != handle);
        begun
    }
}
