//! Reads a service body by its shape, and tells what it comes across.
//!
//! Structures may hold values that hold structures: nesting is bounded by [`DEPTH_MAX`], the rest
//! by the bytes at hand, because every element takes at least one. Source: Part 6 5.2.2.

use std::fmt;

use super::schema::Shape;
use crate::message::Field;
use crate::{Reader, Text};

/// Deepest nesting of values in values that is read (Part 6 5.2.2.16 asks decoders for 100 at
/// most; nobody nests more than two or three).
const DEPTH_MAX: usize = 16;
/// Most bytes of a text value that are shown.
const TEXT_BYTES_MAX: usize = 64;

/// A node id (Part 6 5.2.2.9), shown as `ns=2;s=Line.Speed` (5.3.1.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId<'a> {
    namespace: u16,
    id: Identifier<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Identifier<'a> {
    Number(u32),
    Text(&'a [u8]),
    Guid([u8; 16]),
    Opaque(&'a [u8]),
}

impl<'a> NodeId<'a> {
    /// Reads a node id or expanded node id.
    pub(super) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let encoding = reader.u8()?;
        let node = match encoding & 0x3f {
            0 => Self { namespace: 0, id: Identifier::Number(reader.u8()?.into()) },
            1 => Self {
                namespace: reader.u8()?.into(),
                id: Identifier::Number(reader.le16()?.into()),
            },
            2 => Self { namespace: reader.le16()?, id: Identifier::Number(reader.le32()?) },
            3 => Self { namespace: reader.le16()?, id: Identifier::Text(blob(reader)?) },
            4 => Self { namespace: reader.le16()?, id: Identifier::Guid(reader.array()?) },
            5 => Self { namespace: reader.le16()?, id: Identifier::Opaque(blob(reader)?) },
            _ => return None,
        };
        if encoding & 0x80 != 0 {
            blob(reader)?;
        }
        if encoding & 0x40 != 0 {
            reader.le32()?;
        }
        Some(node)
    }

    /// Its number, if it is one of the standard's own namespace.
    pub(super) const fn standard(&self) -> Option<u32> {
        match self {
            Self { namespace: 0, id: Identifier::Number(number) } => Some(*number),
            Self { .. } => None,
        }
    }
}

impl fmt::Display for NodeId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace != 0 {
            write!(f, "ns={};", self.namespace)?;
        }
        match self.id {
            Identifier::Number(number) => write!(f, "i={number}"),
            Identifier::Text(text) => write!(f, "s={}", Text(text)),
            Identifier::Guid([a0, a1, a2, a3, b0, b1, c0, c1, d0, d1, rest @ ..]) => {
                let a = u32::from_le_bytes([a0, a1, a2, a3]);
                let (b, c) = (u16::from_le_bytes([b0, b1]), u16::from_le_bytes([c0, c1]));
                write!(f, "g={a:08x}-{b:04x}-{c:04x}-{d0:02x}{d1:02x}-")?;
                rest.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
            Identifier::Opaque(bytes) => {
                f.write_str("b=0x")?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

/// A value, as far as it is shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Single(f32),
    Double(f64),
    Text(&'a [u8]),
    Bytes(&'a [u8]),
    Node(NodeId<'a>),
    /// A structure, a time or another type that is not shown.
    Other,
    /// So many elements.
    Array(usize),
}

impl<'a> Value<'a> {
    /// Its text, if it is one.
    pub(super) const fn text(&self) -> Option<&'a [u8]> {
        if let Self::Text(text) = *self { Some(text) } else { None }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Signed(value) => write!(f, "{value}"),
            Self::Unsigned(value) => write!(f, "{value}"),
            Self::Single(value) => write!(f, "{value}"),
            Self::Double(value) => write!(f, "{value}"),
            Self::Text(text) => write!(f, "\"{}\"", Text::clipped(text, TEXT_BYTES_MAX)),
            Self::Bytes(bytes) => write!(f, "({} bytes)", bytes.len()),
            Self::Node(node) => write!(f, "{node}"),
            Self::Other => f.write_str("structure"),
            Self::Array(count) => write!(f, "array of {count}"),
        }
    }
}

/// What a body holds that a message tells.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event<'a> {
    /// The operation acts on this node.
    Target(NodeId<'a>),
    /// The next target belongs to this node.
    Owner(NodeId<'a>),
    /// This attribute of the target is meant.
    Attribute(u32),
    /// The request asks for this by name.
    Name(&'a [u8]),
    /// An operation ended so.
    Status(u32),
    /// A value is carried.
    Value(Value<'a>),
    /// The sender is described.
    Told(Field, &'a [u8]),
    /// The user, by type of token and its body.
    Identity(Option<u32>, &'a [u8]),
    /// The bytes ended in an element that so many follow; of nested arrays the outer tells last.
    Unread(u32),
}

/// Reads `shapes` from `reader`, tells `see` of each event; `None` where the bytes do not fit.
pub(super) fn walk<'a>(
    shapes: &'static [Shape],
    reader: &mut Reader<'a>,
    see: &mut dyn FnMut(Event<'a>),
) -> Option<()> {
    shapes.iter().try_for_each(|shape| field(*shape, reader, see))
}

fn field<'a>(shape: Shape, reader: &mut Reader<'a>, see: &mut dyn FnMut(Event<'a>)) -> Option<()> {
    match shape {
        Shape::Skip(count) => reader.skip(count),
        Shape::Blob => blob(reader).map(|_| ()),
        Shape::Node => NodeId::read(reader).map(|_| ()),
        Shape::Target => NodeId::read(reader).map(|node| see(Event::Target(node))),
        Shape::Owner => NodeId::read(reader).map(|node| see(Event::Owner(node))),
        Shape::Attribute => reader.le32().map(|attribute| see(Event::Attribute(attribute))),
        Shape::Name => blob(reader).map(|name| see(Event::Name(name))),
        Shape::Status => reader.le32().map(|status| see(Event::Status(status))),
        Shape::Qualified => qualified(reader).map(|_| ()),
        Shape::Localized => localized(reader).map(|_| ()),
        Shape::Tell(field) => blob(reader).map(|text| see(Event::Told(field, text))),
        Shape::TellText(field) => localized(reader).map(|text| see(Event::Told(field, text))),
        Shape::Extension => extension(reader).map(|_| ()),
        Shape::Details => {
            let (_, body) = extension(reader)?;
            if let Some(node) = NodeId::read(&mut Reader::new(body)) {
                see(Event::Target(node));
            }
            Some(())
        }
        Shape::Identity => {
            extension(reader).map(|(kind, body)| see(Event::Identity(kind.standard(), body)))
        }
        Shape::Variant => variant(reader, 0).map(|value| see(Event::Value(value))),
        Shape::DataValue => data_value(reader, 0).map(|(value, status)| {
            see(Event::Value(value));
            see(Event::Status(status));
        }),
        Shape::Diagnostic => diagnostic(reader),
        Shape::Struct(fields) => walk(fields, reader, see),
        Shape::Each(fields) => {
            let count = count(reader)?;
            (1..=count).try_for_each(|place| {
                let read = walk(fields, reader, see);
                if read.is_none() {
                    see(Event::Unread(count - place));
                }
                read
            })
        }
    }
}

/// Elements of an array; a null array has none (Part 6 5.2.5).
fn count(reader: &mut Reader<'_>) -> Option<u32> {
    reader.le32().map(|count| if count > i32::MAX.cast_unsigned() { 0 } else { count })
}

/// A string or byte string; null ones are empty (Part 6 5.2.2.4).
pub(super) fn blob<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let mut ahead = *reader;
    let bytes = count(&mut ahead)?;
    let blob = ahead.take(usize::try_from(bytes).ok()?)?;
    *reader = ahead;
    Some(blob)
}

fn qualified<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    reader.skip(2)?;
    blob(reader)
}

fn localized<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let mask = reader.u8()?;
    if mask & 1 != 0 {
        blob(reader)?;
    }
    if mask & 2 != 0 { blob(reader) } else { Some(&[]) }
}

fn extension<'a>(reader: &mut Reader<'a>) -> Option<(NodeId<'a>, &'a [u8])> {
    let kind = NodeId::read(reader)?;
    match reader.u8()? {
        0 => Some((kind, &[])),
        1 | 2 => Some((kind, blob(reader)?)),
        _ => None,
    }
}

/// Diagnostic information; what it holds inside comes last, so depth costs nothing.
fn diagnostic(reader: &mut Reader<'_>) -> Option<()> {
    loop {
        let mask = reader.u8()?;
        let indexes = usize::try_from((mask & 0x0f).count_ones()).ok()?;
        reader.skip(indexes * 4)?;
        if mask & 0x10 != 0 {
            blob(reader)?;
        }
        if mask & 0x20 != 0 {
            reader.skip(4)?;
        }
        if mask & 0x40 == 0 {
            return Some(());
        }
    }
}

fn variant<'a>(reader: &mut Reader<'a>, depth: usize) -> Option<Value<'a>> {
    let encoding = reader.u8()?;
    let kind = encoding & 0x3f;
    if encoding & 0x80 == 0 {
        return scalar(kind, reader, depth);
    }
    let elements = usize::try_from(count(reader)?).ok()?;
    for _ in 0..elements {
        if kind == 0 {
            return None;
        }
        scalar(kind, reader, depth)?;
    }
    if encoding & 0x40 != 0 {
        let dimensions = usize::try_from(count(reader)?).ok()?;
        reader.skip(dimensions.checked_mul(4)?)?;
    }
    Some(Value::Array(elements))
}

/// A value of one built-in type (Part 6 table 1).
fn scalar<'a>(kind: u8, reader: &mut Reader<'a>, depth: usize) -> Option<Value<'a>> {
    if depth > DEPTH_MAX {
        return None;
    }
    Some(match kind {
        0 => Value::Null,
        1 => Value::Bool(reader.u8()? != 0),
        2 => Value::Signed(reader.u8()?.cast_signed().into()),
        3 => Value::Unsigned(reader.u8()?.into()),
        4 => Value::Signed(reader.le16()?.cast_signed().into()),
        5 => Value::Unsigned(reader.le16()?.into()),
        6 => Value::Signed(reader.le32()?.cast_signed().into()),
        7 | 19 => Value::Unsigned(reader.le32()?.into()),
        8 => Value::Signed(reader.le64()?.cast_signed()),
        9 => Value::Unsigned(reader.le64()?),
        10 => Value::Single(f32::from_bits(reader.le32()?)),
        11 => Value::Double(f64::from_bits(reader.le64()?)),
        12 => Value::Text(blob(reader)?),
        13 => reader.skip(8).map(|()| Value::Other)?,
        14 => reader.skip(16).map(|()| Value::Other)?,
        17 | 18 => Value::Node(NodeId::read(reader)?),
        20 => Value::Text(qualified(reader)?),
        21 => Value::Text(localized(reader)?),
        22 => extension(reader).map(|_| Value::Other)?,
        23 => data_value(reader, depth + 1).map(|(value, _)| value)?,
        24 => variant(reader, depth + 1)?,
        25 => diagnostic(reader).map(|()| Value::Other)?,
        15 => Value::Bytes(blob(reader)?),
        16 | 26..=31 => blob(reader).map(|_| Value::Other)?,
        _ => return None,
    })
}

/// Value and status, good where none is told (Part 6 5.2.2.17).
fn data_value<'a>(reader: &mut Reader<'a>, depth: usize) -> Option<(Value<'a>, u32)> {
    let mask = reader.u8()?;
    let value = if mask & 1 != 0 { variant(reader, depth)? } else { Value::Null };
    let status = if mask & 2 != 0 { reader.le32()? } else { 0 };
    for (bit, bytes) in [(0x04, 8), (0x10, 2), (0x08, 8), (0x20, 2)] {
        if mask & bit != 0 {
            reader.skip(bytes)?;
        }
    }
    Some((value, status))
}
