//! Programs, parameters and files that FINS commands and responses carry.
//!
//! ```text
//! 0202, 0201 response   area 2 · first word 2 · words 2, bit 15 marks the last · data
//! 0307, 0306 response   program 2 · first byte 4 · bytes 2, bit 15 marks the last · data
//! 2203                  disk 2 · mode 2 · name 12 · position 4 · length 2 · data
//! 2202 response         size of the file 4 · position 4 · length 2 · data
//! ```
//! Source: OMRON W342 clauses 5-3-6 to 5-3-12, 5-3-27, 5-3-28; files also icsnpp-omron-fins.

use std::fmt;

use super::frame::FILE_NAME_BYTES;
use crate::piece::{Part, Piece, program_kind};
use crate::session::Side;
use crate::{Reader, Text};

/// Marks the last block in a count.
const LAST: u16 = 0x8000;

/// The name of a file, padded.
pub(super) type FileName = [u8; FILE_NAME_BYTES];

/// What is carried.
pub(super) struct Carried<'a> {
    what: What,
    offset: u64,
    bytes: &'a [u8],
    part: Part,
}

enum What {
    Program(u16),
    Parameters(u16),
    File(FileName),
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // There is one program area, which is number ffff.
            Self::Program(0xffff) => f.write_str("program area"),
            Self::Program(number) => write!(f, "program area {number}"),
            Self::Parameters(area) => write!(f, "parameter area 0x{area:04x}"),
            Self::File(name) => Text::trimmed(name).fmt(f),
        }
    }
}

impl<'a> Carried<'a> {
    /// What a command carries.
    pub(super) fn sent(command: u16, mut data: Reader<'a>) -> Option<Self> {
        match command {
            0x0202 | 0x0307 => Self::area(command == 0x0307, data),
            0x2203 => {
                data.skip(4)?;
                let name = data.array()?;
                let (position, length) = (data.be32()?, data.be16()?);
                Self::file(name, position, None, data.take(length.into())?)
            }
            _ => None,
        }
    }

    /// What a response carries, behind its end code; `name` is the file that was asked for.
    pub(super) fn answered(
        command: u16,
        name: Option<FileName>,
        mut data: Reader<'a>,
    ) -> Option<Self> {
        match command {
            0x0201 | 0x0306 => Self::area(command == 0x0306, data),
            0x2202 => {
                let (size, position, length) = (data.be32()?, data.be32()?, data.be16()?);
                Self::file(name?, position, Some(size), data.take(length.into())?)
            }
            _ => None,
        }
    }

    fn area(program: bool, mut data: Reader<'a>) -> Option<Self> {
        let number = data.be16()?;
        let first = if program { data.be32()?.into() } else { u64::from(data.be16()?) * 2 };
        let count = data.be16()?;
        let size = if program { 1 } else { 2 };
        let bytes = data.take(usize::from(count & !LAST) * size)?;
        let what = if program { What::Program(number) } else { What::Parameters(number) };
        Some(Self { what, offset: first, bytes, part: part(first == 0, count & LAST != 0) })
    }

    fn file(name: FileName, position: u32, size: Option<u32>, bytes: &'a [u8]) -> Option<Self> {
        let offset = u64::from(position);
        let end = offset + u64::try_from(bytes.len()).ok()?;
        let last = size.is_some_and(|size| end >= size.into());
        Some(Self { what: What::File(name), offset, bytes, part: part(position == 0, last) })
    }

    /// As a piece on its way `to` a side.
    pub(super) fn piece(&'a self, to: Side) -> Piece<'a> {
        let (transfer, kind) = match &self.what {
            What::Program(_) => (0x0307, "OMRON program"),
            What::Parameters(area) => (u32::from(*area), "OMRON parameters"),
            What::File(name) => {
                let name = std::str::from_utf8(name).unwrap_or_default().trim_end();
                (0x2203, program_kind(name).unwrap_or("file"))
            }
        };
        let offset = Some(self.offset);
        Piece { transfer, kind, name: &self.what, to, offset, bytes: self.bytes, part: self.part }
    }
}

const fn part(first: bool, last: bool) -> Part {
    match (first, last) {
        (true, true) => Part::Whole,
        (true, false) => Part::First,
        (false, true) => Part::Last,
        (false, false) => Part::Next,
    }
}
