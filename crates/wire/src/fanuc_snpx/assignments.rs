//! What a robot's %R holds: the assignments that were made in this conversation.
//!
//! `SETASG first words variable multiplier` puts a variable (a register, a position, `$` a system
//! variable) at a range of %R; the earlier of two that overlap wins; `CLRASG` forgets them all.
//! Assignments from before, or by others, are not known. Source: B-82604EN, assignments, as
//! HslCommunication and snpx-client send them.

use std::fmt;

use arrayvec::ArrayVec;

use crate::Text;

/// Places for assignments in a controller (`$SNPX_ASG`).
const ASSIGNMENTS_MAX: usize = 80;
/// Characters of a variable's name (`$VAR_NAME`).
const NAME_BYTES_MAX: usize = 37;

/// A variable and where it lies.
#[derive(Clone)]
pub(crate) struct Assignment {
    first: u32,
    words: u32,
    name: ArrayVec<u8, NAME_BYTES_MAX>,
}

impl fmt::Display for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text(&self.name).fmt(f)
    }
}

/// Those of one conversation.
#[derive(Default)]
pub(crate) struct Assignments(Vec<Assignment>);

impl Assignments {
    /// A command with its arguments was sent.
    pub(crate) fn command(&mut self, name: &str, arguments: &[u8]) {
        match name {
            "clrasg" => self.0.clear(),
            "setasg" if self.0.len() < ASSIGNMENTS_MAX => self.0.extend(assignment(arguments)),
            _ => {}
        }
    }

    /// The variable whose words begin at, or hold, this number of %R.
    pub(crate) fn at(&self, number: u32) -> Option<&Assignment> {
        self.0.iter().find(|one| number >= one.first && number - one.first < one.words)
    }

    /// Whether some of these words of %R are a variable of the system.
    pub(crate) fn system(&self, first: u32, count: u32) -> bool {
        let overlaps = |one: &&Assignment| {
            u64::from(one.first) < u64::from(first) + u64::from(count)
                && u64::from(first) < u64::from(one.first) + u64::from(one.words)
        };
        self.0.iter().filter(overlaps).any(|one| one.name.first() == Some(&b'$'))
    }

    pub(crate) const fn held_bytes(&self) -> usize {
        self.0.capacity() * size_of::<Assignment>()
    }
}

fn assignment(arguments: &[u8]) -> Option<Assignment> {
    let mut words = arguments.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let mut number = || str::from_utf8(words.next()?).ok()?.parse().ok();
    let (first, count) = (number()?, number()?);
    let name = words.next()?.iter().copied().take(NAME_BYTES_MAX).collect();
    Some(Assignment { first, words: count, name })
}
