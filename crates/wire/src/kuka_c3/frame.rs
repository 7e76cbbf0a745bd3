//! Frames of VarProxy and C3 Bridge, and the strings inside them.
//!
//! ```text
//!  0     2        4      5                                    and at the end of answers
//!  +-----+--------+------+--------- .. ----+ +------------+---------+
//!  | tag | length | type | payload         | | error code | success |    big endian; text in
//!  +-----+--------+------+--------- .. ----+ +------------+---------+    UTF-16 is little endian
//! ```
//! `length` counts what follows it. Strings begin with their length in characters: of one byte in
//! types 0 to 3, of two in all others. Source: C3 3.1, 3.2 and 1.5.

use std::fmt;

use arrayvec::ArrayString;

use crate::session::Step;
use crate::{Reader, Text, Utf16};

/// Tag and length.
const HEADER_BYTES: usize = 4;
/// Error code and success flag.
const FOOTER_BYTES: usize = 3;
/// Characters of a name that are kept for the answer.
const NAME_BYTES_MAX: usize = 192;
/// Names shown of one message that carries several.
const NAMES_MAX: usize = 8;

/// One message.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) tag: u16,
    pub(super) kind: u8,
    pub(super) payload: &'a [u8],
    /// Bytes of the whole message.
    pub(super) bytes: usize,
}

impl<'a> Frame<'a> {
    /// Reads the message at the start of `bytes`.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Step> {
        let mut reader = Reader::new(bytes);
        let (Some(tag), Some(length)) = (reader.be16(), reader.be16()) else {
            return Err(Step::Need(HEADER_BYTES + 1));
        };
        let length = usize::from(length);
        if length == 0 {
            return Err(Step::Lost);
        }
        let whole = HEADER_BYTES + length;
        let mut body = reader.sub(length).ok_or(Step::Need(whole))?;
        let kind = body.u8().ok_or(Step::Lost)?;
        Ok(Self { tag, kind, payload: body.rest(), bytes: whole })
    }

    /// Payload and footer of an answer.
    pub(super) fn answer(&self) -> Option<(&'a [u8], Footer)> {
        let at = self.payload.len().checked_sub(FOOTER_BYTES)?;
        let (payload, footer) = self.payload.split_at_checked(at)?;
        let mut footer = Reader::new(footer);
        Some((payload, Footer { code: footer.be16()?, success: footer.u8()? }))
    }
}

/// How an answer ends.
#[derive(Clone, Copy)]
pub(super) struct Footer {
    pub(super) code: u16,
    pub(super) success: u8,
}

/// A string as the message has it.
#[derive(Clone, Copy)]
pub(super) enum Name<'a> {
    Narrow(Text<'a>),
    Wide(Utf16<'a>),
}

impl<'a> Name<'a> {
    /// Reads a string with its length before it.
    pub(super) fn read(reader: &mut Reader<'a>, wide: bool) -> Option<Self> {
        let mut ahead = *reader;
        let length = usize::from(ahead.be16()?);
        let name = if wide {
            Self::Wide(Utf16(ahead.take(length * 2)?))
        } else {
            Self::Narrow(Text(ahead.take(length)?))
        };
        *reader = ahead;
        Some(name)
    }

    /// Whether there is a name, all of it printable and none of it blank at its beginning.
    pub(super) fn plausible(&self) -> bool {
        let good = |place: usize, byte: u8| match place {
            0 => byte.is_ascii_alphanumeric() || matches!(byte, b'$' | b'@' | b'_' | b'/' | b'{'),
            _ => matches!(byte, 0x20..=0x7e),
        };
        match self {
            Self::Narrow(text) => {
                !text.0.is_empty() && (0..).zip(text.0).all(|(place, byte)| good(place, *byte))
            }
            Self::Wide(text) => {
                let (pairs, rest) = text.0.as_chunks::<2>();
                !pairs.is_empty()
                    && rest.is_empty()
                    && (0..).zip(pairs).all(|(place, [low, high])| *high == 0 && good(place, *low))
            }
        }
    }

    /// As much of it as is kept for the answer.
    pub(super) fn kept(&self) -> Kept {
        let mut kept = Kept::default();
        match self {
            Self::Narrow(text) => {
                for byte in text.0 {
                    kept.push(char::from(*byte));
                }
            }
            Self::Wide(text) => {
                let units = text.0.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
                for character in char::decode_utf16(units) {
                    kept.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
                }
            }
        }
        kept
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Narrow(text) => text.fmt(f),
            Self::Wide(text) => text.fmt(f),
        }
    }
}

/// A name that outlives its message.
#[derive(Clone, Copy, Default)]
pub(super) struct Kept(ArrayString<NAME_BYTES_MAX>);

impl Kept {
    fn push(&mut self, character: char) {
        let _ = self.0.try_push(character);
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text(self.0.as_bytes()).fmt(f)
    }
}

/// Several names, each followed by its value if these are `pairs`.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) list: Reader<'a>,
    pub(super) count: u8,
    pub(super) pairs: bool,
    /// Shows the values instead of the names.
    pub(super) values: bool,
}

impl Names<'_> {
    /// Bytes that follow the last; `None` if there are less names than announced.
    pub(super) fn rest(&self) -> Option<usize> {
        let mut list = self.list;
        for _ in 0..self.count {
            Name::read(&mut list, true)?;
            if self.pairs {
                Name::read(&mut list, true)?;
            }
        }
        Some(list.len())
    }
}

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = self.list;
        for shown in 0..usize::from(self.count) {
            let Some(mut name) = Name::read(&mut list, true) else { break };
            if self.pairs {
                let Some(value) = Name::read(&mut list, true) else { break };
                name = if self.values { value } else { name };
            }
            if shown == NAMES_MAX {
                return f.write_str(", ..");
            }
            let comma = if shown > 0 { ", " } else { "" };
            write!(f, "{comma}{name}")?;
        }
        Ok(())
    }
}

/// Array values: words of 16 bits, most significant byte first.
pub(super) struct Words<'a>(pub(super) &'a [u8]);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, word) in self.0.as_chunks::<2>().0.iter().enumerate() {
            let space = if place > 0 { " " } else { "" };
            write!(f, "{space}{}", u16::from_be_bytes(*word))?;
        }
        Ok(())
    }
}
