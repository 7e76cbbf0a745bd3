//! What S7 messages act on: kept as bytes, shown on demand.
//!
//! A request's target is borrowed from the packet; a copy waits with the request for its response,
//! which repeats none of it. Both are cut at the same bound, so that both sides of an exchange show
//! the same. Sources: wiki S7comm, block names and functions.

use std::fmt;

use arrayvec::ArrayVec;

use super::item::{Item, TestItem};
use crate::{Reader, Text};

/// Bytes of a target that are kept: count and 20 S7ANY specifications, the most that fit a job of
/// 240 bytes, the PDU size of most S7-300.
pub(super) const TARGET_BYTES_MAX: usize = 1 + 20 * 12;

/// How the bytes of a target are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing is acted on.
    #[default]
    Nothing,
    /// Count, then variable specifications.
    Items,
    /// A block's file name: `_0800001P`, or without the file identifier.
    Block,
    /// File names of blocks behind a count and a zero (`_INSE`, `_DELE`).
    Blocks,
    /// A block type: two characters (`08`) or zero and a number.
    BlockType,
    /// SZL id and index.
    Szl,
    /// Two bytes count, two of interval, then variable specifications (cyclic services).
    Cyclic,
    /// Two bytes count, then variables of a programmer command.
    TestItems,
    /// Function and number of a job of the programmer commands.
    Job,
    /// Text.
    Text,
    /// Number of an upload whose start was not seen.
    Upload,
}

/// A target in a message.
#[derive(Clone, Copy, Default)]
pub(super) struct Target<'a> {
    pub(super) shape: Shape,
    bytes: &'a [u8],
}

impl<'a> Target<'a> {
    pub(super) fn new(shape: Shape, bytes: &'a [u8]) -> Self {
        let shape = if bytes.is_empty() { Shape::Nothing } else { shape };
        Self { shape, bytes: bytes.get(..TARGET_BYTES_MAX).unwrap_or(bytes) }
    }

    /// The specifications of [`Shape::Items`] without their count.
    pub(super) fn items(&self) -> &'a [u8] {
        match (self.shape, self.bytes) {
            (Shape::Items, [_, items @ ..]) => items,
            _ => &[],
        }
    }

    /// How many variables are specified, if it is variables.
    pub(super) fn count(&self) -> Option<u8> {
        (self.shape == Shape::Items).then(|| self.bytes.first().copied())?
    }

    /// Function of the job of the programmer commands that is acted on.
    pub(super) fn job(&self) -> Option<u8> {
        (self.shape == Shape::Job).then(|| self.bytes.first().copied())?
    }
}

/// A copy that outlives the packet.
impl From<Target<'_>> for Kept {
    fn from(target: Target<'_>) -> Self {
        let mut bytes = ArrayVec::new();
        // Cannot fail: a target is cut at this capacity.
        let _ = bytes.try_extend_from_slice(target.bytes);
        Self { shape: target.shape, bytes }
    }
}

/// A target that waits for its response.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    shape: Shape,
    bytes: ArrayVec<u8, TARGET_BYTES_MAX>,
}

impl Kept {
    pub(super) fn target(&self) -> Target<'_> {
        Target { shape: self.shape, bytes: &self.bytes }
    }
}

impl fmt::Display for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reader = Reader::new(self.bytes);
        match self.shape {
            Shape::Nothing => Ok(()),
            Shape::Items => {
                let count = reader.u8().unwrap_or(0).into();
                list(f, count, || Item::read(&mut reader))
            }
            Shape::Cyclic => {
                let count = reader.be16().unwrap_or(0).into();
                let _ = reader.be16();
                list(f, count, || Item::read(&mut reader))
            }
            Shape::TestItems => {
                let count = reader.be16().unwrap_or(0).into();
                list(f, count, || TestItem::read(&mut reader))
            }
            Shape::Block => Block(self.bytes).fmt(f),
            Shape::Blocks => {
                let count = reader.u8().unwrap_or(0).into();
                let _ = reader.u8();
                list(f, count, || reader.take(8).map(Block))
            }
            Shape::BlockType => f.write_str(block_type(self.bytes)),
            Shape::Szl => match (reader.be16(), reader.be16()) {
                (Some(id), Some(index)) => write!(f, "SZL 0x{id:04x} index 0x{index:04x}"),
                _ => Ok(()),
            },
            Shape::Job => match self.bytes {
                [function, number] => {
                    let function = super::codes::userdata_function(1, *function);
                    write!(f, "job {number} ({})", function.name)
                }
                _ => Ok(()),
            },
            Shape::Text => Text::clipped(self.bytes, 64).fmt(f),
            Shape::Upload => match reader.be32() {
                Some(number) => write!(f, "upload {number}"),
                None => Ok(()),
            },
        }
    }
}

fn list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    count: u32,
    mut next: impl FnMut() -> Option<T>,
) -> fmt::Result {
    for place in 0..count {
        let Some(entry) = next() else {
            return write!(f, "{}{} more", if place > 0 { ", and " } else { "" }, count - place);
        };
        write!(f, "{}{entry}", if place > 0 { ", " } else { "" })?;
    }
    Ok(())
}

/// A block's file name: file identifier (`_` whole block, `$` header), type, number, file system
/// (`P` passive, `A` active, `B` both).
struct Block<'a>(&'a [u8]);

impl fmt::Display for Block<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            [b'_' | b'$', name @ ..] => name,
            name => name,
        };
        let Some((kind, [number @ .., system])) = name.split_at_checked(2) else {
            return Text::clipped(self.0, 64).fmt(f);
        };
        let digits = number.len() == 5 && number.iter().all(u8::is_ascii_digit);
        let word = block_type(kind);
        if !digits || word == "?" {
            return Text::clipped(self.0, 64).fmt(f);
        }
        let number = number.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit & 0x0f));
        let place = match system {
            b'P' => " passive",
            b'A' => " active",
            b'B' => " active and passive",
            _ => "",
        };
        write!(f, "{word} {number}{place}")
    }
}

/// The word for a block type, as two characters or with a zero before the number.
fn block_type(bytes: &[u8]) -> &'static str {
    match bytes {
        b"08" | [0, 0x08 | 0x38] => "OB",
        b"09" => "CMOD",
        b"0A" | [0, 0x0a | 0x41] => "DB",
        b"0B" | [0, 0x0b | 0x42] => "SDB",
        b"0C" | [0, 0x0c | 0x43] => "FC",
        b"0D" | [0, 0x0d | 0x44] => "SFC",
        b"0E" | [0, 0x0e | 0x45] => "FB",
        b"0F" | [0, 0x0f | 0x46] => "SFB",
        _ => "?",
    }
}
