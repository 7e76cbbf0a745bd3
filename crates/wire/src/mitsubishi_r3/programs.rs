//! The file or program that an R3 conversation is writing or reading.
//!
//! Files go in blocks of hexadecimal digits between `fopen` and `fclose`. Lines of a program go
//! into the one that `load=` opened until `save`; they are the whole program only if `eclr` cleared
//! or `fdel` deleted it first, and only then are handed out. Source: BFP-A4288 5.2.4 to 5.2.8 and
//! 5.2.31 to 5.2.34.

use arrayvec::ArrayVec;

use crate::piece::Part;
use crate::{Side, Text};

/// Longest name that is kept.
const NAME_BYTES_MAX: usize = 64;
/// Bytes of one block: a command of 255 bytes holds fewer than 128 of two digits each; an answer of
/// a block that is read holds 120 in the manual's example.
const BLOCK_BYTES_MAX: usize = 512;

/// The bytes of one block.
pub(super) type Block = ArrayVec<u8, BLOCK_BYTES_MAX>;

/// What is open, and how far it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    name: ArrayVec<u8, NAME_BYTES_MAX>,
    deleted: ArrayVec<u8, NAME_BYTES_MAX>,
    state: State,
    begun: bool,
    to_client: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Nothing,
    /// A program for edit, of which it is not known what is in it.
    Edited,
    /// A program that was cleared.
    Cleared,
    /// A file.
    File,
}

impl Open {
    /// A program was opened for edit. One that was just deleted is empty.
    pub(super) fn program(&mut self, name: &[u8]) {
        let state = if self.deleted.as_slice() == name && !name.is_empty() {
            State::Cleared
        } else {
            State::Edited
        };
        *self = Self { name: kept(name), state, ..Self::default() };
    }

    /// A program or file was deleted.
    pub(super) fn delete(&mut self, name: &[u8]) {
        self.deleted = kept(name);
    }

    /// A file was opened for blocks.
    pub(super) fn file(&mut self, name: &[u8]) {
        *self = Self { name: kept(name), state: State::File, ..Self::default() };
    }

    /// The open program was cleared.
    pub(super) fn clear(&mut self) {
        if matches!(self.state, State::Edited | State::Cleared) {
            (self.state, self.begun) = (State::Cleared, false);
        }
    }

    /// Nothing is open any more.
    pub(super) fn close(&mut self) {
        *self = Self { deleted: self.deleted.clone(), ..Self::default() };
    }

    /// Its name.
    pub(super) fn name(&self) -> Text<'_> {
        Text(&self.name)
    }

    /// Where a line of a program belongs; `None` if the program is not known whole.
    pub(super) fn line(&mut self) -> Option<Part> {
        (self.state == State::Cleared).then(|| self.next())
    }

    /// Where a block of a file belongs that `to` receives; `None` if no file is open.
    pub(super) fn block(&mut self, to: Side) -> Option<Part> {
        self.to_client = to == Side::Client;
        (self.state == State::File).then(|| self.next())
    }

    /// Who receives what is open.
    pub(super) const fn to(&self) -> Side {
        if self.to_client { Side::Client } else { Side::Server }
    }

    /// Whether something was handed out that ends now.
    pub(super) const fn ends(&self) -> bool {
        self.begun
    }

    fn next(&mut self) -> Part {
        if std::mem::replace(&mut self.begun, true) { Part::Next } else { Part::First }
    }
}

fn kept(name: &[u8]) -> ArrayVec<u8, NAME_BYTES_MAX> {
    name.iter().copied().take(NAME_BYTES_MAX).collect()
}

/// The bytes that hexadecimal digits write; `None` if they do not, or are too many.
pub(super) fn bytes(digits: &[u8]) -> Option<Block> {
    let (pairs, rest) = digits.as_chunks::<2>();
    let mut block = Block::new();
    for [high, low] in pairs {
        let (high, low) = (char::from(*high).to_digit(16)?, char::from(*low).to_digit(16)?);
        block.try_push(u8::try_from(high * 16 + low).ok()?).ok()?;
    }
    rest.is_empty().then_some(block)
}
