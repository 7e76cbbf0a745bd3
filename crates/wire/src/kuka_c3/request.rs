//! What a request of VarProxy or C3 Bridge asks for.
//!
//! Source: C3 3.5 to 3.10; where a table of file messages and the published source of the server
//! disagree (the length of a name in message 30), the source is followed.

use std::fmt;

use super::codes::{FILE_READ, FILE_WRITE, KCP_ACTION, MOTION_CONTROL, PROGRAM_CONTROL};
use super::frame::{Name, Names, Words};
use crate::Reader;

/// Beside its type and command, what a request carries.
#[derive(Clone, Copy, Default)]
pub(super) struct Request<'a> {
    pub(super) name: Option<Name<'a>>,
    /// Where the first is copied or moved to.
    pub(super) target: Option<Name<'a>>,
    pub(super) names: Option<Names<'a>>,
    pub(super) value: Option<Value<'a>>,
    /// Bytes of a file and their place in it.
    pub(super) chunk: Option<(u32, &'a [u8])>,
    /// It only reads, though others of its type write.
    pub(super) reads: bool,
}

/// What is written, or done.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Name(Name<'a>),
    Words(&'a [u8]),
    Key { number: i32, key: i32, direction: bool, released: bool },
    Names(Names<'a>),
    Range { offset: u32, bytes: u32 },
    Bytes(u32),
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Words(words) => Words(words).fmt(f),
            Self::Key { number, key, direction, released } => {
                let direction = if *direction { '+' } else { '-' };
                let state = if *released { "released" } else { "pressed" };
                write!(f, "{number} key {key} {direction} {state}")
            }
            Self::Names(names) => names.fmt(f),
            Self::Range { offset, bytes } => write!(f, "{bytes} bytes at {offset}"),
            Self::Bytes(bytes) => write!(f, "{bytes} bytes"),
        }
    }
}

impl<'a> Request<'a> {
    /// Reads the payload of a request of this type; `None` if it is cut short. The second part is
    /// what is left.
    pub(super) fn read(kind: u8, payload: &'a [u8]) -> Option<(Self, usize)> {
        let mut reader = Reader::new(payload);
        let request = match kind {
            0..=5 => Self::variable(kind, &mut reader)?,
            6 | 7 => Self::several(&mut reader, kind == 7)?,
            PROGRAM_CONTROL => Self::program(&mut reader)?,
            MOTION_CONTROL => {
                reader.skip(1)?;
                let position = Name::read(&mut reader, true)?;
                Self { value: Some(Value::Name(position)), ..Self::default() }
            }
            KCP_ACTION => Self::key(&mut reader)?,
            17 => Self::benchmark(&mut reader)?,
            20..=28 => Self::file(kind, &mut reader)?,
            FILE_WRITE => Self::write(&mut reader)?,
            FILE_READ => Self::take(&mut reader)?,
            _ => {
                reader.take_rest();
                Self::default()
            }
        };
        Some((request, reader.len()))
    }

    fn variable(kind: u8, reader: &mut Reader<'a>) -> Option<Self> {
        let wide = kind > 3;
        let name = Some(Name::read(reader, wide)?);
        let value = match kind {
            1 | 5 => Some(Value::Name(Name::read(reader, wide)?)),
            3 => {
                let length = reader.be16()?;
                Some(Value::Words(reader.take(length.into())?))
            }
            _ => None,
        };
        Some(Self { name, value, ..Self::default() })
    }

    fn several(reader: &mut Reader<'a>, pairs: bool) -> Option<Self> {
        let count = reader.u8()?;
        let names = Names { list: *reader, count, pairs, values: false };
        let rest = names.rest()?;
        reader.skip(reader.len().checked_sub(rest)?)?;
        let value = pairs.then_some(Value::Names(Names { values: true, ..names }));
        Some(Self { names: Some(names), value, ..Self::default() })
    }

    fn program(reader: &mut Reader<'a>) -> Option<Self> {
        let command = reader.u8()?;
        reader.skip(2)?; // interpreter
        if !matches!(command, 5 | 6 | 12 | 13) {
            return Some(Self::default());
        }
        let (name, parameters) = (Name::read(reader, true)?, Name::read(reader, true)?);
        reader.skip(1)?; // force
        Some(Self { name: Some(name), value: Some(Value::Name(parameters)), ..Self::default() })
    }

    fn key(reader: &mut Reader<'a>) -> Option<Self> {
        reader.skip(1)?;
        let mut integer = || Some(i32::from_be_bytes(reader.array()?));
        let (number, key) = (integer()?, integer()?);
        let (direction, released) = (reader.u8()? != 0, reader.u8()? != 0);
        let value = Some(Value::Key { number, key, direction, released });
        Some(Self { value, ..Self::default() })
    }

    fn benchmark(reader: &mut Reader<'a>) -> Option<Self> {
        let writes = reader.u8()? != 0;
        let count = reader.u8()?;
        reader.skip(4)?; // iterations
        let names = Names { list: *reader, count, pairs: writes, values: false };
        let rest = names.rest()?;
        reader.skip(reader.len().checked_sub(rest)?)?;
        Some(Self { names: Some(names), reads: !writes, ..Self::default() })
    }

    fn file(kind: u8, reader: &mut Reader<'a>) -> Option<Self> {
        let head = match kind {
            20 | 21 => 8,
            22 | 24..=26 => 4,
            23 => 1,
            _ => 0,
        };
        reader.skip(head)?;
        let name = Some(Name::read(reader, true)?);
        let second = if matches!(kind, 22 | 24 | 25) { Name::read(reader, true) } else { None };
        if matches!(kind, 22 | 24 | 25) && second.is_none() {
            return None;
        }
        let target = second.filter(|_| kind != 22); // of 22 it is a template
        Some(Self { name, target, ..Self::default() })
    }

    fn write(reader: &mut Reader<'a>) -> Option<Self> {
        match reader.u8()? {
            1 => {
                let value = Some(Value::Bytes(reader.be32()?));
                Some(Self { value, ..Self::default() })
            }
            2 => {
                let (offset, bytes) = (reader.be32()?, reader.be32()?);
                let chunk = reader.take(usize::try_from(bytes).ok()?)?;
                let value = Some(Value::Range { offset, bytes });
                Some(Self { chunk: Some((offset, chunk)), value, ..Self::default() })
            }
            4 => {
                reader.skip(4)?; // flags
                Some(Self { name: Some(Name::read(reader, true)?), ..Self::default() })
            }
            _ => Some(Self::default()),
        }
    }

    fn take(reader: &mut Reader<'a>) -> Option<Self> {
        match reader.u8()? {
            1 => {
                reader.skip(4)?; // flags
                Some(Self { name: Some(Name::read(reader, true)?), ..Self::default() })
            }
            2 => {
                let (offset, bytes) = (reader.be32()?, reader.be32()?);
                Some(Self { value: Some(Value::Range { offset, bytes }), ..Self::default() })
            }
            _ => Some(Self::default()),
        }
    }
}
