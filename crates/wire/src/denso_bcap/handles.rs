//! Which object a handle of a b-CAP conversation is.
//!
//! The controller gives handles for names; later requests say only the handle. The latest 64 are
//! kept; what is older is shown by its number.

use std::fmt;

use arrayvec::ArrayVec;

use super::codes::Class;
use crate::Utf16;

/// Handles kept; the public clients open a controller, a robot and a few variables.
const HANDLES_MAX: usize = 64;
/// Bytes of UTF-16 kept of a name.
const NAME_BYTES_MAX: usize = 96;

/// A name that outlives its message.
#[derive(Clone, Debug, Default)]
pub(super) struct Name(ArrayVec<u8, NAME_BYTES_MAX>);

impl Name {
    pub(super) fn new(utf16: &[u8]) -> Self {
        Self(utf16.iter().copied().take(NAME_BYTES_MAX).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a file of this name is: `.pac` and `.pcs` are programs.
    pub(super) fn kind(&self) -> &'static str {
        let (units, _) = self.0.as_chunks::<2>();
        let mut end = units.iter().rev().map(|[low, high]| (low.to_ascii_lowercase(), *high));
        let end = [end.next(), end.next(), end.next(), end.next()];
        let program = [b"cap.", b"scp."].iter().any(|letters| {
            letters.iter().zip(end).all(|(letter, unit)| unit == Some((*letter, 0)))
        });
        if program { "Denso PAC program" } else { "file" }
    }

    /// The row of `table` of this name, whatever its case.
    pub(super) fn find(
        &self,
        table: &'static [crate::Operation],
    ) -> Option<&'static crate::Operation> {
        let (units, _) = self.0.as_chunks::<2>();
        table.iter().find(|row| {
            row.name.len() == units.len()
                && row
                    .name
                    .bytes()
                    .zip(units)
                    .all(|(letter, [low, high])| *high == 0 && low.to_ascii_lowercase() == letter)
        })
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Utf16(&self.0).fmt(f)
    }
}

/// The handles of one conversation.
#[derive(Default)]
pub(super) struct Handles {
    known: Vec<(Class, u32, Name)>,
    next: usize,
}

impl Handles {
    /// The controller gave `handle` for `name`.
    pub(super) fn learn(&mut self, class: Class, handle: u32, name: &Name) {
        let known =
            self.known.iter_mut().find(|(kind, number, _)| (*kind, *number) == (class, handle));
        if let Some((_, _, old)) = known {
            old.clone_from(name);
        } else if self.known.len() < HANDLES_MAX {
            self.known.push((class, handle, name.clone()));
        } else if let Some(slot) = self.known.get_mut(self.next) {
            *slot = (class, handle, name.clone());
            self.next = (self.next + 1) % HANDLES_MAX;
        }
    }

    /// What `handle` was given for.
    pub(super) fn name(&self, class: Class, handle: u32) -> Option<&Name> {
        let mut known = self.known.iter();
        known.find(|(kind, number, _)| (*kind, *number) == (class, handle)).map(|(.., name)| name)
    }

    /// Bytes on the heap.
    pub(super) fn held_bytes(&self) -> usize {
        self.known.capacity() * size_of::<(Class, u32, Name)>()
    }
}
