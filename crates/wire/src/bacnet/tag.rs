//! BACnet tags: the encoding of all service arguments.
//!
//! ```text
//!  +----------+-----+---------------+   number 15: next byte; length 5: next 1, 3 or 5 bytes
//!  | number:4 | c:1 | length:3      |   context tags: 6 opens, 7 closes a group
//!  +----------+-----+---------------+
//! ```
//! Source: ANSI/ASHRAE 135-2020 clause 20.2.

use std::fmt;

use super::names;
use crate::{Reader, Text};

/// Values that are shown of one message.
const SHOWN_MAX: usize = 32;
/// Characters of one string, and bytes of one octet string, that are shown.
const TEXT_MAX: usize = 64;

/// What a tag is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A value of a type that the tag number names.
    Application,
    /// A value whose meaning the service defines.
    Context,
    /// A group begins.
    Opening,
    /// A group ends.
    Closing,
}

/// One tag with its content, and how many groups are open around it.
#[derive(Clone, Copy)]
pub(super) struct Tag<'a> {
    pub(super) number: u8,
    pub(super) class: Class,
    pub(super) depth: u8,
    pub(super) content: &'a [u8],
    /// Length field of the first byte: the value itself of application booleans.
    short: u8,
}

/// Reads tags one after another; ends at the first that does not fit.
pub(super) struct Tags<'a> {
    reader: Reader<'a>,
    depth: u8,
}

impl<'a> Tags<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { reader: Reader::new(bytes), depth: 0 }
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        let head = self.reader.u8()?;
        let number = if head >> 4 == 15 { self.reader.u8()? } else { head >> 4 };
        let context = head & 8 != 0;
        let short = head & 7;
        let (class, length) = match (context, short) {
            (true, 6) => (Class::Opening, 0),
            (true, 7) => (Class::Closing, 0),
            (false, 6 | 7) => return None,
            (false, _) if number == 1 => (Class::Application, 0),
            (_, 5) => (class(context), length(&mut self.reader)?),
            _ => (class(context), usize::from(short)),
        };
        let content = self.reader.take(length)?;
        if class == Class::Closing {
            self.depth = self.depth.checked_sub(1)?;
        }
        let depth = self.depth;
        if class == Class::Opening {
            self.depth = self.depth.checked_add(1)?;
        }
        Some(Tag { number, class, depth, content, short })
    }
}

const fn class(context: bool) -> Class {
    if context { Class::Context } else { Class::Application }
}

fn length(reader: &mut Reader<'_>) -> Option<usize> {
    match reader.u8()? {
        254 => reader.be16().map(usize::from),
        255 => reader.be32().and_then(|length| usize::try_from(length).ok()),
        length => Some(length.into()),
    }
}

impl<'a> Tag<'a> {
    /// Whether it is the context tag `number` at this depth.
    pub(super) fn is(&self, depth: u8, number: u8) -> bool {
        self.class == Class::Context && (self.depth, self.number) == (depth, number)
    }

    /// Whether it opens the group `number` at this depth.
    pub(super) fn opens(&self, depth: u8, number: u8) -> bool {
        self.class == Class::Opening && (self.depth, self.number) == (depth, number)
    }

    /// The content as an unsigned integer of up to 4 bytes.
    pub(super) fn unsigned(&self) -> Option<u32> {
        if self.content.is_empty() || self.content.len() > 4 {
            return None;
        }
        Some(self.content.iter().fold(0, |value, byte| value << 8 | u32::from(*byte)))
    }

    /// The content as an object identifier, of whatever class the tag is.
    pub(super) fn object(&self) -> Option<u32> {
        self.content.try_into().ok().map(u32::from_be_bytes)
    }

    /// The content as a character string in UTF-8 (character set 0).
    pub(super) fn text(&self) -> Option<Text<'a>> {
        match self.content {
            [0, text @ ..] if self.class == Class::Application && self.number == 7 => {
                Some(Text::clipped(text, TEXT_MAX))
            }
            _ => None,
        }
    }
}

/// An object identifier as its type and instance: `analog-output 101`.
pub(super) struct ObjectId(pub(super) u32);

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.0 >> 22;
        match names::name(names::OBJECTS, kind) {
            "" => write!(f, "object-type-{kind}"),
            name => f.write_str(name),
        }?;
        write!(f, " {}", self.0 & 0x3f_ffff)
    }
}

/// One application value, by its type (135 20.2.1.4).
impl fmt::Display for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let real = <[u8; 4]>::try_from(self.content).map(f32::from_be_bytes);
        let double = <[u8; 8]>::try_from(self.content).map(f64::from_be_bytes);
        match (self.number, real, double) {
            (0, _, _) => f.write_str("null"),
            (1, _, _) => write!(f, "{}", self.short != 0),
            (4, Ok(real), _) => write!(f, "{real}"),
            (5, _, Ok(double)) => write!(f, "{double}"),
            (3, _, _) => self.signed().map_or(Ok(()), |value| write!(f, "{value}")),
            (7, _, _) if self.text().is_some() => {
                self.text().map_or(Ok(()), |text| write!(f, "`{text}`"))
            }
            (2 | 9, _, _) if self.unsigned().is_some() => {
                write!(f, "{}", self.unsigned().unwrap_or(0))
            }
            (12, _, _) => self.object().map_or(Ok(()), |id| ObjectId(id).fmt(f)),
            _ => {
                f.write_str("0x")?;
                self.content.iter().take(TEXT_MAX).try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

impl Tag<'_> {
    fn signed(&self) -> Option<i64> {
        let negative = self.content.first()? & 0x80 != 0;
        let start = if negative { -1 } else { 0 };
        (self.content.len() <= 4)
            .then(|| self.content.iter().fold(start, |value, byte| value << 8 | i64::from(*byte)))
    }
}

/// The application values among service arguments, in their order.
pub(super) struct Values<'a>(pub(super) &'a [u8]);

impl Values<'_> {
    pub(super) fn is_empty(&self) -> bool {
        !Tags::new(self.0).any(|tag| tag.class == Class::Application)
    }
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        let values = Tags::new(self.0).filter(|tag| tag.class == Class::Application);
        for (place, tag) in values.enumerate() {
            if place == SHOWN_MAX {
                f.write_str(", ...")?;
                break;
            }
            write!(f, "{}{tag}", if place == 0 { "" } else { ", " })?;
        }
        f.write_str("]")
    }
}
