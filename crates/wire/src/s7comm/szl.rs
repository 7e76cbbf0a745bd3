//! System status lists that tell what a CPU is.
//!
//! ```text
//!  +--------+-------+---------------+--------------+---------
//!  | SZL id | index | record length | record count | records
//!  +--------+-------+---------------+--------------+---------
//! ```
//! Lists xy11 (module identification) and xy1C (component identification) become facts; an answer
//! of several PDUs is joined first. Others are only named. Source: "System Software for
//! S7-300/400, System and Standard Functions", chapter "System Status Lists", W#16#xy11 and xy1C.

use std::fmt;

use arrayvec::ArrayVec;

use crate::message::Field;
use crate::{Reader, Text};

/// Most bytes of a list that are joined: 10 records of 34 bytes and some to spare.
const LIST_BYTES_MAX: usize = 1024;
/// Facts of one list: component identification has 11 records.
pub(super) const FACTS_MAX: usize = 12;

/// One value that a list tells.
pub(super) enum Value<'a> {
    Text(Text<'a>),
    /// Firmware: `V3.2.7`.
    Version([u8; 4]),
    /// Hardware: release number.
    Release(u16),
    Vendor,
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Version([letter, a, b, c]) => {
                write!(f, "{}{a}.{b}.{c}", Text(std::slice::from_ref(letter)))
            }
            Self::Release(number) => number.fmt(f),
            Self::Vendor => f.write_str("Siemens"),
        }
    }
}

/// What the list tells of its sender.
pub(super) fn identity(list: &[u8]) -> ArrayVec<(Field, Value<'_>), FACTS_MAX> {
    let mut values = ArrayVec::new();
    let mut reader = Reader::new(list);
    let head = (reader.be16(), reader.be16(), reader.be16(), reader.be16());
    let (Some(id), _, Some(length), Some(count)) = head else { return values };
    for _ in 0..count {
        let Some(mut record) = reader.sub(length.into()) else { break };
        let Some(index) = record.be16() else { break };
        let told = match id & 0xff {
            0x11 => module(index, record),
            0x1c => component(index, record),
            _ => break,
        };
        if let Some(value) = told {
            let _ = values.try_push(value);
        }
    }
    values
}

/// Record of xy11: order number (20), module type (2), versions (2 and 2).
fn module(index: u16, mut record: Reader<'_>) -> Option<(Field, Value<'_>)> {
    let order = Text::trimmed(record.take(20)?);
    record.skip(2)?;
    let version = record.array::<4>()?;
    match (index, version) {
        (1, _) if !order.0.is_empty() => Some((Field::OrderCode, Value::Text(order))),
        (6, [a, b, ..]) => Some((Field::Hardware, Value::Release(u16::from_be_bytes([a, b])))),
        (7, version) => Some((Field::Firmware, Value::Version(version))),
        _ => None,
    }
}

/// Record of xy1C: a text by index.
fn component(index: u16, record: Reader<'_>) -> Option<(Field, Value<'_>)> {
    let text = Text::trimmed(record.rest().split(|byte| *byte == 0).next()?);
    let field = match index {
        1 => Field::Name,
        4 if text.0.starts_with(b"Original Siemens") => {
            return Some((Field::Vendor, Value::Vendor));
        }
        5 => Field::Serial,
        7 => Field::Product,
        11 => Field::Location,
        _ => return None,
    };
    (!text.0.is_empty()).then_some((field, Value::Text(text)))
}

/// A list whose answer comes in several PDUs.
#[derive(Default)]
pub(super) struct Assembly {
    /// Number of the data unit that its PDUs share.
    unit: u8,
    bytes: Vec<u8>,
}

impl Assembly {
    /// The list, once `part`, the data of one response, is its last.
    pub(super) fn add<'a>(&'a mut self, unit: u8, last: bool, part: &'a [u8]) -> Option<&'a [u8]> {
        if unit == 0 {
            return Some(part);
        }
        if unit != self.unit {
            self.bytes.clear();
            self.unit = unit;
        }
        if self.bytes.is_empty() && last {
            return None; // its beginning was not seen
        }
        if self.bytes.len() + part.len() <= LIST_BYTES_MAX {
            self.bytes.extend_from_slice(part);
        }
        last.then_some(&self.bytes)
    }

    pub(super) const fn held_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    /// Forgets a list that will not be whole.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.unit = 0;
    }
}
