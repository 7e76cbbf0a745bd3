//! What S7comm-plus requests act on: objects, attributes, symbols of optimized blocks.
//!
//! Numbers are VLQ: seven bits a byte, most significant first, the high bit says that more follow.
//! An address of `get` and `set multi variables` without an object is checksum, area (blocks and
//! process image), number of local ids, local ids. Source: S7CommPlus notes.

use std::fmt;

use arrayvec::ArrayVec;

use crate::Reader;
use crate::message::Object;

/// Bytes of addresses that are kept for the response.
const ADDRESSES_BYTES_MAX: usize = 128;

/// Reads a number of at most 64 bits (nine bytes; the ninth gives eight bits).
pub(super) fn vlq(reader: &mut Reader<'_>) -> Option<u64> {
    let mut value = 0_u64;
    for place in 0..9 {
        let byte = reader.u8()?;
        if place == 8 {
            return Some(value << 8 | u64::from(byte));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn vlq32(reader: &mut Reader<'_>) -> Option<u32> {
    vlq(reader).and_then(|value| u32::try_from(value).ok())
}

/// Whether the server gave an object its id at run time: sessions, subscriptions.
pub(super) const fn is_dynamic(object: u32) -> bool {
    object >> 24 == 0x70
}

/// Whether an object is a block or an area of the program.
pub(super) const fn is_block(object: u32) -> bool {
    object >> 24 == 0x8a
}

/// What a request acts on.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    Nothing,
    Object(u32),
    /// The parent of an object to be created, and its class.
    Parent {
        object: u32,
        class: u32,
    },
    /// An attribute, and the number that it is set to.
    Attribute {
        object: u32,
        attribute: u32,
        value: Option<u64>,
    },
    /// Addresses of variables, or of attributes of `object` where that is not 0.
    Addresses {
        object: u32,
        count: u32,
        bytes: &'a [u8],
    },
}

impl<'a> Target<'a> {
    /// Of a request's data behind session and flags.
    pub(super) fn read(function: u16, mut data: Reader<'a>) -> Self {
        let Some(object) = data.be32() else { return Self::Nothing };
        match function {
            0x04f2 | 0x04fc => Self::attribute(object, data).unwrap_or(Self::Object(object)),
            0x0542 | 0x054c => Self::addresses(object, data).unwrap_or(Self::Object(object)),
            0x04ca => Self::parent(object, data).unwrap_or(Self::Object(object)),
            0x04bb | 0x04d4 | 0x0524 | 0x056b | 0x0506 | 0x051a | 0x057c | 0x0586 => {
                Self::Object(object)
            }
            _ => Self::Nothing,
        }
    }

    /// A value that says nothing here, a word, then the object: mark, id, class.
    fn parent(object: u32, mut data: Reader<'a>) -> Option<Self> {
        const OBJECT: u8 = 0xa1;
        data.skip(2)?; // flags and type of the value: a small number
        vlq(&mut data)?;
        data.skip(4)?;
        data.until(OBJECT)?;
        data.skip(4)?;
        Some(Self::Parent { object, class: vlq32(&mut data)? })
    }

    fn attribute(object: u32, mut data: Reader<'a>) -> Option<Self> {
        let _count = vlq(&mut data)?;
        let attribute = vlq32(&mut data)?;
        // Flags 0 (one value), then a type: integers of 7 to 9 are short and signed like VLQ.
        let value = match (data.u8(), data.u8()) {
            (Some(0), Some(0x07 | 0x03)) => data.be16().map(u64::from),
            (Some(0), Some(0x02 | 0x06 | 0x0a)) => data.u8().map(u64::from),
            (Some(0), Some(0x04 | 0x05 | 0x08 | 0x09)) => vlq(&mut data),
            _ => None,
        };
        Some(Self::Attribute { object, attribute, value })
    }

    fn addresses(object: u32, mut data: Reader<'a>) -> Option<Self> {
        let count = vlq32(&mut data)?;
        let _fields = vlq(&mut data)?;
        let bytes = data.rest();
        let bytes = bytes.get(..ADDRESSES_BYTES_MAX).unwrap_or(bytes);
        Some(Self::Addresses { object, count, bytes })
    }

    /// The object, if one is named.
    pub(super) const fn of(&self) -> Option<u32> {
        match *self {
            Self::Nothing => None,
            Self::Object(object)
            | Self::Parent { object, .. }
            | Self::Attribute { object, .. }
            | Self::Addresses { object, .. } => Some(object),
        }
    }

    /// As a message's object.
    pub(super) const fn object(&self) -> Object<'_> {
        match self {
            Self::Nothing => Object::Nothing,
            Self::Object(_)
            | Self::Parent { .. }
            | Self::Attribute { .. }
            | Self::Addresses { .. } => Object::Named(self),
        }
    }
}

impl fmt::Display for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Nothing => Ok(()),
            Self::Object(object) | Self::Parent { object, .. } => named(f, object),
            Self::Attribute { object, attribute, .. } => {
                named(f, object)?;
                match (object, attribute) {
                    (super::codes::EXECUTION_UNIT, super::codes::OPERATING_STATE) => {
                        f.write_str(" operating state")
                    }
                    _ => write!(f, " attribute {attribute}"),
                }
            }
            Self::Addresses { object: 0, count, bytes } => {
                let mut reader = Reader::new(bytes);
                for place in 0..count {
                    if address(f, &mut reader, place)?.is_none() {
                        return write!(f, ", and {} more", count - place);
                    }
                }
                Ok(())
            }
            Self::Addresses { object, count, bytes } => {
                named(f, object)?;
                let mut reader = Reader::new(bytes);
                for place in 0..count {
                    let Some(attribute) = vlq(&mut reader) else { break };
                    let lead = if place > 0 { ", " } else { " attributes " };
                    write!(f, "{lead}{attribute}")?;
                }
                Ok(())
            }
        }
    }
}

/// One address; `None` once they are cut short.
fn address(
    f: &mut fmt::Formatter<'_>,
    reader: &mut Reader<'_>,
    place: u32,
) -> Result<Option<()>, fmt::Error> {
    let mut read = || Some((vlq32(reader)?, vlq32(reader)?, vlq32(reader)?));
    let Some((checksum, area, ids)) = read() else { return Ok(None) };
    f.write_str(if place > 0 { ", " } else { "" })?;
    named(f, area)?;
    if checksum != 0 {
        write!(f, " symbol 0x{checksum:08x}")?;
    }
    for id in 0..ids {
        let Some(number) = vlq(reader) else { return Ok(None) };
        if id > 0 {
            write!(f, ".{number}")?; // the first is the kind of area
        }
    }
    Ok(Some(()))
}

/// An object by what its number says.
fn named(f: &mut fmt::Formatter<'_>, object: u32) -> fmt::Result {
    let number = object & 0xffff;
    match (object, object >> 16) {
        (super::codes::PROGRAM, _) => f.write_str("PLC program"),
        (super::codes::EXECUTION_UNIT, _) => f.write_str("CPU"),
        (super::codes::SESSIONS, _) => f.write_str("sessions"),
        (80, _) => f.write_str("I"),
        (81, _) => f.write_str("Q"),
        (82, _) => f.write_str("M"),
        (83, _) => f.write_str("C"),
        (84, _) => f.write_str("T"),
        (_, 0x8a0e) => write!(f, "DB{number}"),
        _ => write!(f, "object 0x{object:x}"),
    }
}

/// A target that waits for its response.
#[derive(Clone, Debug, Default)]
pub(super) enum Kept {
    #[default]
    Nothing,
    Object(u32),
    Attribute(u32, u32),
    Addresses(u32, u32, ArrayVec<u8, ADDRESSES_BYTES_MAX>),
}

impl Kept {
    pub(super) fn target(&self) -> Target<'_> {
        match self {
            Self::Nothing => Target::Nothing,
            Self::Object(object) => Target::Object(*object),
            Self::Attribute(object, attribute) => {
                Target::Attribute { object: *object, attribute: *attribute, value: None }
            }
            Self::Addresses(object, count, bytes) => {
                Target::Addresses { object: *object, count: *count, bytes }
            }
        }
    }
}

impl From<&Target<'_>> for Kept {
    fn from(target: &Target<'_>) -> Self {
        match *target {
            Target::Nothing => Self::Nothing,
            Target::Object(object) | Target::Parent { object, .. } => Self::Object(object),
            Target::Attribute { object, attribute, .. } => Self::Attribute(object, attribute),
            Target::Addresses { object, count, bytes } => {
                let mut kept = ArrayVec::new();
                // Cannot fail: addresses are cut at this capacity.
                let _ = kept.try_extend_from_slice(bytes);
                Self::Addresses(object, count, kept)
            }
        }
    }
}
