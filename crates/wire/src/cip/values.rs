//! The values that CIP messages carry, shown only when somebody looks.
//!
//! Logix data types are shown as numbers; whatever has no type on the wire is shown as bytes.
//! Sources: CIP Volume 1 appendix C-6.1 (elementary data types); Logix 5000 Controllers Data
//! Access, 1756-PM020.

use std::fmt;

use super::open::Opening;
use crate::{Reader, Text};

/// Bytes shown of values without a type: a connection that is not large carries 511 at most (CIP
/// Volume 1 clause 3-5.5).
const SHOWN_BYTES_MAX: usize = 512;

/// Values as the message carries them.
#[derive(Clone, Copy)]
pub(super) enum Values<'a> {
    /// Whatever has no type on the wire.
    Bytes(&'a [u8]),
    /// Elements of a Logix data type.
    Tag { kind: u16, data: &'a [u8] },
    /// Elements of the Logix structure with this handle.
    Structure { handle: u16, data: &'a [u8] },
    /// A count and attribute numbers of 16 bits.
    Attributes(&'a [u8]),
    /// Additional status words of an error.
    Extended(&'a [u8]),
    /// What a Forward Open asks for.
    Opening(Opening<'a>),
    /// How many elements a Read Tag asks for, and from which byte on.
    Elements { count: u16, offset: Option<u32> },
    /// Words, signed.
    Words(&'a [u8]),
}

impl<'a> Values<'a> {
    /// Bytes, if there are any.
    pub(super) const fn bytes(bytes: &'a [u8]) -> Option<Self> {
        if bytes.is_empty() { None } else { Some(Self::Bytes(bytes)) }
    }

    /// The data of a Read Tag request.
    pub(super) fn elements(mut data: Reader<'a>) -> Option<Self> {
        Some(Self::Elements { count: data.le16()?, offset: data.le32() })
    }

    /// The typed data of a Read Tag response; a type and a count precede it in a Write Tag request.
    pub(super) fn tag(mut data: Reader<'a>, written: bool, fragmented: bool) -> Option<Self> {
        let kind = data.le16()?;
        let handle = if kind == STRUCTURE { Some(data.le16()?) } else { None };
        if written {
            data.skip(if fragmented { 6 } else { 2 })?; // count, byte offset
        }
        let data = data.take_rest();
        Some(handle.map_or(Self::Tag { kind, data }, |handle| Self::Structure { handle, data }))
    }
}

/// Type code that a structure handle follows (1756-PM020, structure tags).
const STRUCTURE: u16 = 0x02a0;

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => hex(bytes, f),
            Self::Tag { kind, data } => tag(*kind, data, f),
            Self::Structure { handle, data } => {
                write!(f, "structure 0x{handle:04x} ")?;
                hex(data, f)
            }
            Self::Attributes(bytes) => {
                f.write_str("attributes ")?;
                let count = words(bytes).next().map_or(0, usize::from);
                words(bytes).skip(1).take(count).try_for_each_list(f, |word, f| write!(f, "{word}"))
            }
            Self::Extended(bytes) => {
                f.write_str("extended status ")?;
                words(bytes).try_for_each_list(f, |word, f| write!(f, "0x{word:04x}"))
            }
            Self::Opening(opening) => opening.fmt(f),
            Self::Elements { count, offset: None } => write!(f, "count {count}"),
            Self::Elements { count, offset: Some(byte) } => {
                write!(f, "count {count} at byte {byte}")
            }
            Self::Words(bytes) => {
                f.debug_list().entries(words(bytes).map(u16::cast_signed)).finish()
            }
        }
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair))
}

trait List: Iterator + Sized {
    /// Writes the items with commas between them.
    fn try_for_each_list(
        self,
        f: &mut fmt::Formatter<'_>,
        mut write: impl FnMut(Self::Item, &mut fmt::Formatter<'_>) -> fmt::Result,
    ) -> fmt::Result {
        for (place, item) in self.enumerate() {
            f.write_str(if place == 0 { "" } else { ", " })?;
            write(item, f)?;
        }
        Ok(())
    }
}

impl<I: Iterator> List for I {}

/// Hexadecimal digits of the first bytes; `..` stands for what is left out.
pub(crate) fn hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().take(SHOWN_BYTES_MAX).try_for_each(|byte| write!(f, "{byte:02x}"))?;
    f.write_str(if bytes.len() > SHOWN_BYTES_MAX { ".." } else { "" })
}

fn tag(kind: u16, data: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    macro_rules! numbers {
        ($name:literal, $kind:ty, $bytes:literal) => {{
            f.write_str(concat!($name, " "))?;
            let chunks = data.as_chunks::<$bytes>().0.iter();
            f.debug_list().entries(chunks.map(|bytes| <$kind>::from_le_bytes(*bytes))).finish()
        }};
    }
    match kind & 0x0fff {
        0x00c1 => numbers!("BOOL", u8, 1),
        0x00c2 => numbers!("SINT", i8, 1),
        0x00c3 => numbers!("INT", i16, 2),
        0x00c4 => numbers!("DINT", i32, 4),
        0x00c5 => numbers!("LINT", i64, 8),
        0x00c6 => numbers!("USINT", u8, 1),
        0x00c7 => numbers!("UINT", u16, 2),
        0x00c8 => numbers!("UDINT", u32, 4),
        0x00c9 => numbers!("ULINT", u64, 8),
        0x00ca => numbers!("REAL", f32, 4),
        0x00cb => numbers!("LREAL", f64, 8),
        0x00d1 => numbers!("BYTE", u8, 1),
        0x00d2 => numbers!("WORD", u16, 2),
        0x00d3 => numbers!("DWORD", u32, 4),
        0x00d4 => numbers!("LWORD", u64, 8),
        0x00da => write!(f, "SHORT_STRING {}", Text(data.get(1..).unwrap_or_default())),
        kind => {
            write!(f, "type 0x{kind:04x} ")?;
            hex(data, f)
        }
    }
}
