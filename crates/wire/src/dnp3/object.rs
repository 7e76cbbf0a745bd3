//! Object headers: group, variation, qualifier, range, and the objects behind them.
//!
//! ```text
//! 0-1  group and variation
//! 2    qualifier: bits 6-4 prefix of each object, bits 3-0 range
//! 3-   start and stop (codes 0 to 2), nothing (6), count (7 to 9, 11)
//! ```
//! Source: IEEE 1815 clause 4.2.2.7 and annex A.

use std::fmt;

use super::codes;
use crate::Reader;

/// One header with its objects.
#[derive(Clone, Copy)]
pub(super) struct Header<'a> {
    pub(super) group: u8,
    pub(super) variation: u8,
    /// First point and how many; `None` where the header names no points.
    pub(super) points: Option<(u32, u32)>,
    /// Bytes of the index before each object.
    prefix: usize,
    count: u32,
    /// The objects, if the message carries any and their size is known.
    pub(super) objects: &'a [u8],
}

impl Header<'_> {
    /// Control relay output block, first of the header: operation code, count, on and off time,
    /// status.
    pub(super) fn control(&self) -> Option<(u8, u8)> {
        if (self.group, self.variation) != (12, 1) {
            return None;
        }
        let mut reader = Reader::new(self.objects);
        reader.skip(self.prefix)?;
        let code = reader.u8()?;
        reader.skip(9)?;
        Some((code, reader.u8()?))
    }

    /// Status of the first control or analog output of a response.
    pub(super) fn status(&self) -> Option<u8> {
        if let Some((_, status)) = self.control() {
            return Some(status);
        }
        let size = codes::object_bits(self.group, self.variation)? / 8;
        let object = self.objects.get(self.prefix..self.prefix + size)?;
        object.last().copied().filter(|_| self.group == 41)
    }
}

impl fmt::Display for Header<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "g{}v{}", self.group, self.variation)?;
        match self.points {
            Some((first, 0 | 1)) => write!(f, " {first}"),
            Some((first, count)) => {
                write!(f, " {first}..{}", u64::from(first) + u64::from(count) - 1)
            }
            None if self.count > 0 => write!(f, " x{}", self.count),
            None => Ok(()),
        }
    }
}

/// The headers of a message, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Headers<'a> {
    reader: Reader<'a>,
    /// Headers alone, as a read has them.
    bare: bool,
    /// Bytes that fit no header, or objects that pass the end, were met.
    pub(super) broken: bool,
}

impl<'a> Headers<'a> {
    pub(super) const fn new(bytes: &'a [u8], bare: bool) -> Self {
        Self { reader: Reader::new(bytes), bare, broken: false }
    }

    fn header(&mut self) -> Option<Header<'a>> {
        let reader = &mut self.reader;
        let (group, variation, qualifier) = (reader.u8()?, reader.u8()?, reader.u8()?);
        let range = match qualifier & 0x0f {
            0 => Some((u32::from(reader.u8()?), u32::from(reader.u8()?))),
            1 => Some((u32::from(reader.le16()?), u32::from(reader.le16()?))),
            2 => Some((reader.le32()?, reader.le32()?)),
            _ => None,
        };
        let count = match (qualifier & 0x0f, range) {
            (_, Some((start, stop))) => stop.checked_sub(start)?.checked_add(1)?,
            (6, _) => 0,
            (7 | 11, _) => reader.u8()?.into(),
            (8, _) => reader.le16()?.into(),
            (9, _) => reader.le32()?,
            _ => return None,
        };
        let prefix = match qualifier >> 4 & 7 {
            0 => 0,
            1 | 4 => 1,
            2 | 5 => 2,
            3 | 6 => 4,
            _ => return None,
        };
        let sized = qualifier >> 4 & 7 >= 4;
        let start = self.reader;
        if !self.bare || sized {
            self.objects(group, variation, (count, prefix, sized))?;
        } else if prefix > 0 && !sized {
            self.reader.skip(prefix.checked_mul(usize::try_from(count).ok()?)?)?;
        }
        let length = start.len() - self.reader.len();
        let objects = start.rest().get(..length)?;
        let points = match range {
            Some((start, _)) => Some((start, count)),
            None if prefix > 0 && !sized && count == 1 => index(objects, prefix).map(|i| (i, 1)),
            None => None,
        };
        Some(Header { group, variation, points, prefix, count, objects })
    }

    /// Passes over the objects; those of unlisted size end the list.
    fn objects(&mut self, group: u8, variation: u8, shape: (u32, usize, bool)) -> Option<()> {
        let (count, prefix, sized) = shape;
        let count = usize::try_from(count).ok()?;
        if sized {
            for _ in 0..count {
                let size = index(self.reader.take(prefix)?, prefix)?;
                self.reader.skip(usize::try_from(size).ok()?)?;
            }
            return Some(());
        }
        match codes::object_bits(group, variation) {
            Some(bits) if bits < 8 => self.reader.skip(count.checked_mul(bits)?.div_ceil(8)),
            Some(bits) => self.reader.skip(count.checked_mul(bits / 8 + prefix)?),
            None if count == 0 => Some(()),
            None => {
                self.reader.take_rest();
                Some(())
            }
        }
    }
}

fn index(bytes: &[u8], size: usize) -> Option<u32> {
    Some(bytes.get(..size)?.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

impl<'a> Iterator for Headers<'a> {
    type Item = Header<'a>;

    fn next(&mut self) -> Option<Header<'a>> {
        if self.broken || self.reader.is_empty() {
            return None;
        }
        let header = self.header();
        self.broken = header.is_none();
        header
    }
}

/// All headers, at most eight by name.
impl fmt::Display for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, header) in (*self).take(9).enumerate() {
            match place {
                0 => write!(f, "{header}")?,
                8 => f.write_str(", ..")?,
                _ => write!(f, ", {header}")?,
            }
        }
        Ok(())
    }
}
