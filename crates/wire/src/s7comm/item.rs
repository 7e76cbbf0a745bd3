//! Variable specifications of read and write jobs, shown as STEP 7 writes addresses.
//!
//! ```text
//!  S7ANY (syntax 10)
//!  +----+----+----+------+-------+-------+------+-----------+
//!  | 12 | 0a | 10 | type | count | DB    | area | bit addr. |   address: 3 bytes
//!  +----+----+----+------+-------+-------+------+-----------+
//! ```
//! `DB1.DBX0.0 x4` is four bits from the first of DB 1. Optimized blocks of S7-1200 and later have
//! no addresses: they appear by checksum and local ids. Source: wiki S7comm, variable
//! specifications; "Statement of Communication with SIMATIC", ANY pointer.

use std::fmt;

use crate::Reader;

/// Data type of a variable (ANY pointer).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Type(pub(super) u8);

impl Type {
    pub(super) const BIT: Self = Self(1);
    pub(super) const CHAR: Self = Self(3);
    pub(super) const INT: Self = Self(5);
    pub(super) const DINT: Self = Self(7);
    pub(super) const REAL: Self = Self(8);

    /// Width in bytes; a bit travels in a byte of its own.
    pub(super) const fn bytes(self) -> usize {
        match self.0 {
            4 | 5 | 12 | 9 | 28 | 29 => 2,
            6 | 7 | 8 | 10 | 11 => 4,
            15 => 8,
            _ => 1,
        }
    }

    /// The letter of the width in addresses: `DBX`, `MB`, `IW`, `QD`.
    const fn letter(self) -> char {
        match (self, self.bytes()) {
            (Self::BIT, _) => 'X',
            (_, 2) => 'W',
            (_, 4) => 'D',
            _ => 'B',
        }
    }
}

/// One variable specification.
#[derive(Clone, Copy)]
pub(super) enum Item<'a> {
    Any {
        kind: Type,
        count: u16,
        db: u16,
        area: u8,
        address: u32,
    },
    /// S7-1200 symbolic: root (DB, or area), checksum of the symbol, local ids.
    Symbolic {
        root: u16,
        number: u16,
        checksum: u32,
        ids: &'a [u8],
    },
    /// Several stretches of data blocks: bytes, DB, first byte.
    Stretches(&'a [u8]),
    /// Variable of a numerical controller: area and unit, column, line, module, lines.
    Nck {
        unit: u8,
        column: u16,
        line: u16,
        module: u8,
        lines: u8,
    },
    /// A syntax that is not read here.
    Other(u8),
}

impl<'a> Item<'a> {
    /// Reads the next specification; `None` where it is cut short.
    pub(super) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let mut ahead = *reader;
        ahead.u8()?; // 0x12, a variable specification; others are not known
        let length = ahead.u8()?;
        let mut body = ahead.sub(length.into())?;
        *reader = ahead;
        // Specifications start at even places, but S7ANY ones have even length anyway.
        if length % 2 == 1 && !reader.is_empty() {
            reader.skip(1)?;
        }
        let syntax = body.u8()?;
        Some(Self::body(syntax, body).unwrap_or(Self::Other(syntax)))
    }

    fn body(syntax: u8, mut body: Reader<'a>) -> Option<Self> {
        Some(match syntax {
            0x10 => Self::Any {
                kind: Type(body.u8()?),
                count: body.be16()?,
                db: body.be16()?,
                area: body.u8()?,
                address: body.be24()?,
            },
            0xb2 => {
                body.skip(1)?;
                Self::Symbolic {
                    root: body.be16()?,
                    number: body.be16()?,
                    checksum: body.be32()?,
                    ids: body.take_rest(),
                }
            }
            0xb0 => {
                let count = usize::from(body.u8()?);
                Self::Stretches(body.take(count * 5)?)
            }
            0x82..=0x84 => Self::Nck {
                unit: body.u8()?,
                column: body.be16()?,
                line: body.be16()?,
                module: body.u8()?,
                lines: body.u8()?,
            },
            other => Self::Other(other),
        })
    }

    /// The type of its values, where the specification says one.
    pub(super) const fn kind(&self) -> Type {
        match self {
            Self::Any { kind, .. } => *kind,
            Self::Symbolic { .. } | Self::Stretches(_) | Self::Nck { .. } | Self::Other(_) => {
                Type(2)
            }
        }
    }
}

impl fmt::Display for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Any { kind, count, db, area, address } => {
                any(f, kind, db, area, address)?;
                times(f, count.into())
            }
            Self::Symbolic { root, number, checksum, ids } => {
                symbol_root(f, root, number)?;
                write!(f, " symbol 0x{checksum:08x}")?;
                for id in ids.as_chunks::<4>().0 {
                    write!(f, ".{}", u32::from_be_bytes(*id) & 0x0fff_ffff)?;
                }
                Ok(())
            }
            Self::Stretches(bytes) => {
                for (place, [count, db_high, db_low, high, low]) in
                    bytes.as_chunks::<5>().0.iter().enumerate()
                {
                    let db = u16::from_be_bytes([*db_high, *db_low]);
                    let first = u16::from_be_bytes([*high, *low]);
                    write!(f, "{}DB{db}.DBB{first}", if place > 0 { ", " } else { "" })?;
                    times(f, (*count).into())?;
                }
                Ok(())
            }
            Self::Nck { unit, column, line, module, lines } => {
                let area = ["N", "B", "C", "A", "T", "V", "M", "MMC"];
                let area = area.get(usize::from(unit >> 5)).copied().unwrap_or_default();
                write!(f, "NCK {area}{} module 0x{module:02x}", unit & 0x1f)?;
                write!(f, " column {column} line {line}")?;
                times(f, lines.into())
            }
            Self::Other(syntax) => write!(f, "item of syntax 0x{syntax:02x}"),
        }
    }
}

fn times(f: &mut fmt::Formatter<'_>, count: u32) -> fmt::Result {
    if count == 1 { Ok(()) } else { write!(f, " x{count}") }
}

/// An address in an area of classic CPUs; `address` counts bits, but counters and timers.
fn any(f: &mut fmt::Formatter<'_>, kind: Type, db: u16, area: u8, address: u32) -> fmt::Result {
    let (byte, bit) = (address >> 3, address & 7);
    let letter = kind.letter();
    let prefix = match area {
        0x84 => return block(f, "DB", db, kind, address),
        0x85 => return block(f, "DI", db, kind, address),
        0x1c => return write!(f, "C{address}"),
        0x1d => return write!(f, "T{address}"),
        0x1e => return write!(f, "IEC C{address}"),
        0x1f => return write!(f, "IEC T{address}"),
        0x80 => "P",
        0x81 => "I",
        0x82 => "Q",
        0x83 => "M",
        0x86 => "L",
        0x87 => "V",
        0x03 => "SYS",
        0x05 => "SM",
        0x06 => "AI",
        0x07 => "AQ",
        0x01 => "record ",
        _ => return write!(f, "area 0x{area:02x} {letter}{byte}.{bit}"),
    };
    if kind == Type::BIT {
        write!(f, "{prefix}{byte}.{bit}")
    } else {
        write!(f, "{prefix}{letter}{byte}")
    }
}

fn block(
    f: &mut fmt::Formatter<'_>,
    word: &str,
    number: u16,
    kind: Type,
    address: u32,
) -> fmt::Result {
    let (byte, bit) = (address >> 3, address & 7);
    write!(f, "{word}{number}.{word}{}{byte}", kind.letter())?;
    if kind == Type::BIT { write!(f, ".{bit}") } else { Ok(()) }
}

fn symbol_root(f: &mut fmt::Formatter<'_>, root: u16, number: u16) -> fmt::Result {
    match (root, number) {
        (0x8a0e, number) => write!(f, "DB{number}"),
        (0, 0x50) => f.write_str("I"),
        (0, 0x51) => f.write_str("Q"),
        (0, 0x52) => f.write_str("M"),
        (0, 0x53) => f.write_str("C"),
        (0, 0x54) => f.write_str("T"),
        _ => write!(f, "area 0x{root:04x} 0x{number:04x}"),
    }
}

/// Variables of the programmer commands (status, modify, force): area and width, repetition,
/// DB, first byte. Source: wiki S7comm, programmer commands.
pub(super) struct TestItem {
    pub(super) code: u8,
    pub(super) repetition: u8,
    pub(super) db: u16,
    pub(super) first: u16,
}

impl TestItem {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut body = reader.sub(6)?;
        Some(Self {
            code: body.u8()?,
            repetition: body.u8()?,
            db: body.be16()?,
            first: body.be16()?,
        })
    }
}

impl fmt::Display for TestItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, repetition, db, first } = *self;
        let area = match code >> 4 {
            0 => "M",
            1 => "I",
            2 => "Q",
            3 => "PI",
            5 => return write!(f, "T{first}").and_then(|()| times(f, repetition.into())),
            6 => return write!(f, "C{first}").and_then(|()| times(f, repetition.into())),
            7 => {
                write!(f, "DB{db}.")?;
                "DB"
            }
            _ => return write!(f, "area 0x{code:02x} {first}"),
        };
        let letter = match code & 0x0f {
            0 => 'X',
            1 => 'B',
            2 => 'W',
            _ => 'D',
        };
        // Of single bits, the bit number stands in the repetition.
        match letter {
            'X' if area == "DB" => write!(f, "DBX{first}.{repetition}"),
            'X' => write!(f, "{area}{first}.{repetition}"),
            _ => {
                write!(f, "{area}{letter}{first}")?;
                times(f, repetition.into())
            }
        }
    }
}
