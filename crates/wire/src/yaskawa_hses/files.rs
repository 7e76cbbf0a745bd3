//! The file transfer that an HSES conversation is in the middle of.
//!
//! One at a time: requests name the file, blocks carry its bytes and count from 1. Blocks that come
//! twice are not handed out twice; after a hole nothing more of the file is.

use super::object::{Name, kept};
use crate::piece::Part;
use crate::{Text, program_kind};

/// A request of file control and what came of it so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Transfer {
    pub(super) service: u8,
    name: Name,
    block: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Waiting,
    Running,
    Ended,
    Broken,
}

/// How a block follows those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// It is new.
    New(Part),
    /// It was seen before, or belongs to what has ended or is broken.
    Old,
    /// Others are missing before it.
    Hole,
}

impl Transfer {
    /// A request `service` for the file that `payload` names.
    pub(super) fn new(service: u8, payload: &[u8]) -> Self {
        Self { service, name: kept(payload), block: 0, state: State::Waiting }
    }

    /// The file's name; empty if it is not known.
    pub(super) fn name(&self) -> Text<'_> {
        Text(&self.name)
    }

    /// What the file is, by its name.
    pub(super) fn kind(&self) -> &'static str {
        let name = str::from_utf8(&self.name).ok();
        let job = name.and_then(program_kind).filter(|kind| *kind == "INFORM job");
        job.unwrap_or("file")
    }

    /// The block `number`, which is the last or not, has come. A controller may number its last
    /// block as the one before, or a single one 0.
    pub(super) fn take(&mut self, number: u32, last: bool) -> Block {
        if matches!(self.state, State::Ended | State::Broken) {
            return Block::Old;
        }
        let next = self.block.wrapping_add(1);
        let closes = last && (number == self.block || number == 0 && self.block == 0);
        if number != next && !closes {
            if number <= self.block {
                return Block::Old;
            }
            self.state = State::Broken;
            return Block::Hole;
        }
        let first = self.state == State::Waiting;
        self.block = next;
        self.state = if last { State::Ended } else { State::Running };
        Block::New(match (first, last) {
            (true, true) => Part::Whole,
            (true, false) => Part::First,
            (false, true) => Part::Last,
            (false, false) => Part::Next,
        })
    }
}
