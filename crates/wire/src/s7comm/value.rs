//! Data items of read responses and write jobs.
//!
//! ```text
//!  +------+------+--------+------------
//!  | code | size | length | data ..  (fill byte to an even place, but for the last item)
//!  +------+------+--------+------------
//! ```
//! `size` says whether `length` counts bits (3, 4, 5) or bytes. The type that the variable
//! specification asked for says how to show the data. Source: wiki S7comm, data items.

use std::fmt::{self, Display as _};

use super::item::{Item, Type};
use crate::{Reader, Text};

/// Values of one item that are shown; a whole data block would drown everything else.
const SHOWN_MAX: usize = 32;
/// Return code of an item that was read or written.
pub(super) const SUCCESS: u8 = 0xff;

/// One data item.
#[derive(Clone, Copy)]
pub(super) struct DataItem<'a> {
    pub(super) code: u8,
    pub(super) bytes: &'a [u8],
}

impl<'a> DataItem<'a> {
    /// Reads the next item; `None` where it is cut short.
    pub(super) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let mut ahead = *reader;
        let (code, size, length) = (ahead.u8()?, ahead.u8()?, usize::from(ahead.be16()?));
        let bytes = if matches!(size, 3..=5) { length.div_ceil(8) } else { length };
        // A refused item has no data, whatever its length says.
        let bytes = if code == SUCCESS || code == 0 { bytes } else { bytes.min(ahead.len()) };
        let bytes = ahead.take(bytes)?;
        if bytes.len() % 2 == 1 && !ahead.is_empty() {
            ahead.skip(1)?;
        }
        *reader = ahead;
        Some(Self { code, bytes })
    }
}

/// All data items of a message, with the specifications that they answer or belong to.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) count: u8,
    pub(super) data: &'a [u8],
    /// Specifications without their count; may be fewer, or none where the job was not seen.
    pub(super) items: &'a [u8],
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut data, mut items) = (Reader::new(self.data), Reader::new(self.items));
        f.write_str("[")?;
        for place in 0..self.count {
            let Some(value) = DataItem::read(&mut data) else { break };
            let kind = Item::read(&mut items).map_or(Type(2), |item| item.kind());
            f.write_str(if place > 0 { ", " } else { "" })?;
            if value.bytes.is_empty() {
                f.write_str("-")?;
            } else {
                show(f, kind, value.bytes)?;
            }
        }
        f.write_str("]")
    }
}

fn show(f: &mut fmt::Formatter<'_>, kind: Type, bytes: &[u8]) -> fmt::Result {
    let width = kind.bytes();
    if kind == Type::CHAR {
        return write!(f, "\"{}\"", Text::clipped(bytes, 4 * SHOWN_MAX));
    }
    if bytes.len() == width {
        return number(f, kind, bytes);
    }
    if kind == Type(2) || !bytes.len().is_multiple_of(width) {
        return hex(f, bytes);
    }
    f.write_str("[")?;
    for (place, value) in bytes.chunks_exact(width).take(SHOWN_MAX).enumerate() {
        f.write_str(if place > 0 { ", " } else { "" })?;
        number(f, kind, value)?;
    }
    f.write_str(if bytes.len() / width > SHOWN_MAX { ", ..]" } else { "]" })
}

fn number(f: &mut fmt::Formatter<'_>, kind: Type, bytes: &[u8]) -> fmt::Result {
    match (kind, bytes) {
        (Type::INT, [a, b]) => i16::from_be_bytes([*a, *b]).fmt(f),
        (Type::DINT, [a, b, c, d]) => i32::from_be_bytes([*a, *b, *c, *d]).fmt(f),
        (Type::REAL, [a, b, c, d]) => write!(f, "{:?}", f32::from_be_bytes([*a, *b, *c, *d])),
        (_, [a]) => a.fmt(f),
        (_, [a, b]) => u16::from_be_bytes([*a, *b]).fmt(f),
        (_, [a, b, c, d]) => u32::from_be_bytes([*a, *b, *c, *d]).fmt(f),
        _ => hex(f, bytes),
    }
}

fn hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    f.write_str("0x")?;
    for byte in bytes.iter().take(2 * SHOWN_MAX) {
        write!(f, "{byte:02x}")?;
    }
    f.write_str(if bytes.len() > 2 * SHOWN_MAX { ".." } else { "" })
}
