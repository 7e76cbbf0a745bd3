//! What HSES robot commands act on, and the values that they carry.
//!
//! Variables, registers and I/O are numbered cells of one space; jobs have names.
//! Source: 160766-1CD, robot control commands and plural data commands.

use std::fmt;

use arrayvec::ArrayVec;

use super::frame::Frame;
use crate::message::Object;
use crate::{Reader, Text};

/// Longest name that is kept for its response: job names have at most 32 bytes, file names 36.
pub(super) const NAME_BYTES_MAX: usize = 64;
/// A name that outlives its message.
pub(super) type Name = ArrayVec<u8, NAME_BYTES_MAX>;

/// What a robot command acts on.
#[derive(Clone, Debug, Default)]
pub(super) enum Target {
    #[default]
    Nothing,
    Cells {
        space: &'static str,
        first: u32,
        count: u32,
    },
    Word(&'static str),
    Job(Name),
}

impl Target {
    /// Of a request: `payload` may hold a count, a name or a switch.
    pub(super) fn read(command: u16, instance: u16, payload: &[u8]) -> Self {
        let first = u32::from(instance);
        let mut reader = Reader::new(payload);
        let word = reader.le32();
        match command {
            0x83 => Self::Word(switch(instance, word)),
            0x84 => Self::Word(match word {
                Some(1) => "step",
                Some(2) => "one cycle",
                Some(3) => "continuous",
                _ => "",
            }),
            0x82 => Self::Word(match instance {
                1 => "alarm",
                2 => "error",
                _ => "",
            }),
            0x87 => Self::Job(kept(payload.get(..32).unwrap_or(payload))),
            0x300..=0x309 => {
                Self::Cells { space: space(command - 0x288), first, count: word.unwrap_or(0) }
            }
            _ if space(command).is_empty() => Self::Nothing,
            _ => Self::Cells { space: space(command), first, count: 1 },
        }
    }

    /// The same to be shown.
    pub(super) fn object(&self) -> Object<'_> {
        match self {
            Self::Cells { space, first, count } => {
                Object::Range { space, first: *first, count: *count }
            }
            Self::Word(word) if !word.is_empty() => Object::Named(word),
            Self::Job(name) if !name.is_empty() => Object::Named(self),
            Self::Nothing | Self::Word(_) | Self::Job(_) => Object::Nothing,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Job(name) => Text(name).fmt(f),
            Self::Nothing | Self::Cells { .. } | Self::Word(_) => Ok(()),
        }
    }
}

/// `bytes` without padding, cut to what is kept.
pub(super) fn kept(bytes: &[u8]) -> Name {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let text = Text::trimmed(bytes.get(..end).unwrap_or_default()).0;
    text.iter().copied().take(NAME_BYTES_MAX).collect()
}

/// Power types of command 0x83 are instances; the data word switches.
const fn switch(instance: u16, word: Option<u32>) -> &'static str {
    match (instance, word) {
        (1, Some(1)) => "hold on",
        (1, Some(2)) => "hold off",
        (2, Some(1)) => "servo on",
        (2, Some(2)) => "servo off",
        (3, Some(1)) => "hlock on",
        (3, Some(2)) => "hlock off",
        _ => "",
    }
}

/// The word for the cells that a command numbers with its instance.
const fn space(command: u16) -> &'static str {
    match command {
        0x70 => "alarm",
        0x71 => "alarm history",
        0x73 => "task",
        0x74..=0x77 => "group",
        0x78 => "io",
        0x79 => "register",
        0x7a => "B",
        0x7b => "I",
        0x7c => "D",
        0x7d => "R",
        0x7e => "S",
        0x7f => "P",
        0x80 => "BP",
        0x81 => "EX",
        0x88 => "time",
        0x89 => "system",
        _ => "",
    }
}

/// Values as the command's type reads them; at most the first sixteen are shown.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    command: u16,
    bytes: &'a [u8],
}

/// Values shown of one message.
const VALUES_MAX: usize = 16;

impl<'a> Values<'a> {
    /// The values in the payload of a write, or of the response to a read; plural commands put
    /// their count before them.
    pub(super) fn read(frame: &Frame<'a>, command: u16) -> Option<Self> {
        let counted = (0x300..=0x309).contains(&command);
        let bytes = frame.payload.get(if counted { 4 } else { 0 }..)?;
        let command = if counted { command - 0x288 } else { command };
        let typed = matches!(command, 0x72 | 0x74..=0x81 | 0x85 | 0x8a | 0x8b)
            || command == 0x73 && bytes.len() >= 32;
        (typed && !bytes.is_empty()).then_some(Self { command, bytes })
    }
}

impl Values<'_> {
    fn text(&self) -> Text<'_> {
        let end = self.bytes.iter().position(|byte| *byte == 0).unwrap_or(self.bytes.len());
        Text(self.bytes.get(..end).unwrap_or_default())
    }

    /// The next value, after `before`; `None` if none is left.
    fn write_next(
        &self,
        reader: &mut Reader<'_>,
        before: &str,
        f: &mut fmt::Formatter<'_>,
    ) -> Option<fmt::Result> {
        Some(match self.command {
            0x78 | 0x7a => write!(f, "{before}{}", reader.u8()?),
            0x79 => write!(f, "{before}{}", reader.le16()?),
            0x7b => write!(f, "{before}{}", reader.le16()?.cast_signed()),
            0x7d => write!(f, "{before}{}", f32::from_bits(reader.le32()?)),
            _ => write!(f, "{before}{}", reader.le32()?.cast_signed()),
        })
    }
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if matches!(self.command, 0x73 | 0x74 | 0x7e | 0x85) {
            return self.text().fmt(f);
        }
        let mut reader = Reader::new(self.bytes);
        f.write_str("[")?;
        for place in 0..VALUES_MAX {
            let before = if place == 0 { "" } else { ", " };
            match self.write_next(&mut reader, before, f) {
                Some(written) => written?,
                None => break,
            }
        }
        f.write_str(if reader.is_empty() { "]" } else { ", ..]" })
    }
}
