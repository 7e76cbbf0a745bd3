//! FINS memory areas: `D 100..109`, `CIO 0.05`.
//!
//! ```text
//! 0    area code: which area, and whether bits or words
//! 1-2  word address, or the number of a timer or counter
//! 3    bit, 0 to 15; 0 for words
//! ```
//! Source: OMRON W342 clause 5-2-2 (CS/CJ mode), W227 clause 3-5 (CV mode).

use std::fmt;

use crate::Reader;
use crate::message::{Anomaly, Object};

const BIT: Anomaly = Anomaly::violation("bit number past 15");
const AREA: Anomaly = Anomaly::violation("memory area is not listed");

/// What one element of an area is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// One bit of a word.
    Bit,
    /// One word.
    Word,
    /// One bit that has a number of its own: completion flags, tasks, steps.
    Flag,
}

/// The place that a command acts on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) space: &'static str,
    pub(super) cell: Cell,
    pub(super) code: u8,
    pub(super) word: u16,
    pub(super) bit: u8,
    /// Elements; 0 where the command says nothing of it.
    pub(super) count: u16,
}

impl Place {
    /// Reads area and address; the count is 1.
    pub(super) fn read(data: &mut Reader<'_>) -> Option<Self> {
        let mut four = data.sub(4)?;
        let (code, word, bit) = (four.u8()?, four.be16()?, four.u8()?);
        let (space, cell) = area(code).unwrap_or(("", Cell::Word));
        let (space, word) = match (space, code, word) {
            // CS/CJ counters begin at 0x8000, CV counters at 0x0800 (W342 5-2-2, W227 3-5)
            ("T", 0x09 | 0x89, 0x8000..) => ("C", word & 0x7fff),
            ("T", 0x01 | 0x81, 0x0800..) => ("C", word & 0x07ff),
            _ => (space, word),
        };
        Some(Self { space, cell, code, word, bit, count: 1 })
    }

    /// What is wrong with it by itself.
    pub(super) fn anomaly(self) -> Option<Anomaly> {
        match self {
            Self { space: "", .. } => Some(AREA),
            Self { bit: 16.., cell: Cell::Bit, .. } => Some(BIT),
            _ => None,
        }
    }

    /// Words and numbered flags as a range, bits and unlisted areas by name.
    pub(super) fn object(&self) -> Object<'_> {
        if self.space.is_empty() || self.cell == Cell::Bit {
            return Object::Named(self);
        }
        Object::Range { space: self.space, first: self.word.into(), count: self.count.into() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.space.is_empty() {
            return write!(f, "area 0x{:02x} {}.{:02}", self.code, self.word, self.bit);
        }
        write!(f, "{} {}.{:02}", self.space, self.word, self.bit)?;
        if self.count > 1 {
            let last = u32::from(self.word) * 16 + u32::from(self.bit) + u32::from(self.count) - 1;
            write!(f, "..{}.{:02}", last / 16, last % 16)?;
        }
        Ok(())
    }
}

/// Word spaces of the banks of extended memory.
static BANKS: [&str; 25] = [
    "E0_", "E1_", "E2_", "E3_", "E4_", "E5_", "E6_", "E7_", "E8_", "E9_", "EA_", "EB_", "EC_",
    "ED_", "EE_", "EF_", "E10_", "E11_", "E12_", "E13_", "E14_", "E15_", "E16_", "E17_", "E18_",
];

/// The area of a code, and what its elements are; `None` if unlisted.
fn area(code: u8) -> Option<(&'static str, Cell)> {
    let bank = |number: u8| BANKS.get(usize::from(number)).copied();
    Some(match code {
        0x00 | 0x30 | 0x70 => ("CIO", Cell::Bit),
        0x31 | 0x71 => ("W", Cell::Bit),
        0x32 | 0x72 => ("H", Cell::Bit),
        0x33 => ("A", Cell::Bit),
        0x80 | 0xb0 | 0xf0 => ("CIO", Cell::Word),
        0xb1 | 0xf1 => ("W", Cell::Word),
        0xb2 | 0xf2 => ("H", Cell::Word),
        0xb3 => ("A", Cell::Word),
        0x02 => ("D", Cell::Bit),
        0x82 => ("D", Cell::Word),
        0x01 | 0x09 | 0x41 | 0x49 => ("T", Cell::Flag),
        0x81 | 0x89 => ("T", Cell::Word),
        0x06 | 0x46 => ("TK", Cell::Flag),
        0x03 => ("TN", Cell::Flag),
        0x04 => ("ST", Cell::Flag),
        0x1b => ("action", Cell::Flag),
        0x05 => ("forced", Cell::Bit),
        0x85 => ("forced", Cell::Word),
        0x07 => ("clock pulse", Cell::Bit),
        0x0a => ("E", Cell::Bit),
        0x98 => ("E", Cell::Word),
        0xbc => ("E bank", Cell::Word),
        0xdc => ("IR", Cell::Word),
        0x9c | 0xbd => ("DR", Cell::Word),
        0x20..=0x2f => (bank(code - 0x20)?, Cell::Bit),
        0xe0..=0xe8 => (bank(code - 0xe0 + 16)?, Cell::Bit),
        0xa0..=0xaf => (bank(code - 0xa0)?, Cell::Word),
        0x60..=0x68 => (bank(code - 0x60 + 16)?, Cell::Word),
        0x90..=0x97 => (bank(code - 0x90)?, Cell::Word),
        _ => return None,
    })
}

/// Values of words in decimal, of bits and flags one byte each.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) cell: Cell,
    pub(super) bytes: &'a [u8],
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        if self.cell == Cell::Word {
            let words = self.bytes.as_chunks::<2>().0;
            list.entries(words.iter().map(|word| u16::from_be_bytes(*word)));
        } else {
            list.entries(self.bytes);
        }
        list.finish()
    }
}
