//! The blocks inside a PROFINET call, and the views of those that are read.
//!
//! ```text
//!  0      2        4         6
//!  +------+--------+---------+--------
//!  | type | length | version | body ...      big endian; length counts version and body
//!  +------+--------+---------+--------
//! ```
//! Whatever the byte order of the RPC, blocks are big endian. A record header is followed by its
//! record, which need not be blocks. Source: IEC 61158-6-10:2019 clause 5.2.

use std::fmt;

use super::codes;
use super::rpc::{Order, Uuid};
use crate::{Reader, Text};

/// One block.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) kind: u16,
    pub(super) body: Reader<'a>,
}

/// Reads the block at the cursor: `None` if it does not fit, and the cursor stays.
pub(super) fn block<'a>(reader: &mut Reader<'a>) -> Option<Block<'a>> {
    let mut ahead = *reader;
    let kind = ahead.be16()?;
    let length = ahead.be16()?;
    let mut body = ahead.sub(length.into())?;
    body.skip(2)?;
    *reader = ahead;
    Some(Block { kind, body })
}

/// Where something stands in a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) api: u32,
    pub(crate) slot: u16,
    pub(crate) subslot: u16,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.api != 0 {
            write!(f, "api 0x{:x} ", self.api)?;
        }
        write!(f, "slot {} subslot 0x{:04x}", self.slot, self.subslot)
    }
}

/// A vendor by its PROFINET number (assigned by PROFIBUS & PROFINET International).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Vendor(pub(crate) u16);

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0x002a => f.write_str("Siemens"),
            0x00b0 => f.write_str("Phoenix Contact"),
            number => write!(f, "PROFINET vendor 0x{number:04x}"),
        }
    }
}

/// Header of a record that is read or written, request or response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// UUID of the relation that it belongs to.
    pub(super) relation: [u8; 16],
    pub(super) place: Place,
    pub(super) index: u16,
    pub(super) length: u32,
    /// Of write responses.
    pub(super) status: Option<u32>,
}

impl Record {
    pub(super) fn read(kind: u16, mut body: Reader<'_>) -> Option<Self> {
        body.skip(2)?; // sequence
        let relation = body.array()?;
        let place = Place { api: body.be32()?, slot: body.be16()?, subslot: body.be16()? };
        body.skip(2)?; // padding
        let (index, length) = (body.be16()?, body.be32()?);
        let status = if kind == codes::block::WRITE | codes::block::RESPONSE {
            body.skip(4)?; // additional values
            Some(body.be32()?)
        } else {
            None
        };
        Some(Self { relation, place, index, length, status })
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} index 0x{:04x}", self.place, self.index)?;
        match codes::index(self.index) {
            "" => Ok(()),
            name => write!(f, " {name}"),
        }
    }
}

/// What a connect request says of the relation that it opens.
#[derive(Clone, Copy)]
pub(super) struct Relation<'a> {
    pub(super) kind: u16,
    pub(super) initiator: Uuid,
    /// The relation reads and writes records only.
    pub(super) device_access: bool,
    pub(super) station: Text<'a>,
}

impl<'a> Relation<'a> {
    pub(super) fn read(mut body: Reader<'a>) -> Option<Self> {
        let kind = body.be16()?;
        body.skip(16 + 2 + 6)?; // AR UUID, session key, MAC address of the initiator
        let initiator = Order::Big.uuid(&mut body)?;
        let properties = body.be32()?;
        body.skip(4)?; // activity timeout, UDP port
        let length = body.be16()?;
        let station = Text::trimmed(body.take(length.into())?);
        Some(Self { kind, initiator, device_access: properties & 0x100 != 0, station })
    }
}

impl fmt::Display for Relation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let access = if self.device_access { " for device access" } else { "" };
        match codes::ar_type(self.kind) {
            "" => write!(f, "ar type 0x{:02x}{access}", self.kind),
            name => write!(f, "{name}{access}"),
        }
    }
}

/// The vendor number at the end of a PROFINET object UUID, if it is one.
pub(super) fn vendor(object: Uuid) -> Option<Vendor> {
    let [.., high, low] = object.0.to_be_bytes();
    let number = u16::from_be_bytes([high, low]);
    (object.0 & codes::OBJECT_MASK == codes::OBJECT && number != 0).then_some(Vendor(number))
}

/// The blocks of a connect, release or control, as text.
#[derive(Clone, Copy)]
pub(super) struct Summary<'a>(pub(super) Reader<'a>);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reader = self.0;
        let mut separator = "";
        while let Some(block) = block(&mut reader) {
            let mut body = block.body;
            match block.kind {
                codes::block::AR => {
                    if let Some(relation) = Relation::read(body) {
                        write!(f, "{separator}{relation} of {}", relation.station)?;
                    }
                }
                codes::block::IOCR => iocr(&mut body, f, separator)?,
                0x8102 => {
                    if let (Some(kind), Some(_), Some(id)) = (body.be16(), body.be16(), body.be16())
                    {
                        write!(f, "{separator}{} frame {id}", codes::iocr_type(kind))?;
                    }
                }
                codes::block::MODULE_DIFF => write!(f, "{separator}modules differ")?,
                _ => continue,
            }
            separator = ", ";
        }
        Ok(())
    }
}

/// Kind, frame id, bytes and cycle of one cyclic relation: 31.25 us times clock factor times ratio.
fn iocr(body: &mut Reader<'_>, f: &mut fmt::Formatter<'_>, separator: &str) -> fmt::Result {
    let mut read = || {
        let kind = body.be16()?;
        body.skip(2 + 2 + 4)?; // reference, EtherType, properties
        let (length, frame) = (body.be16()?, body.be16()?);
        let cycle = u32::from(body.be16()?) * u32::from(body.be16()?);
        Some((kind, length, frame, cycle))
    };
    match read() {
        Some((kind, length, frame, cycle)) => {
            let (kind, us) = (codes::iocr_type(kind), u64::from(cycle) * 125 / 4);
            write!(f, "{separator}{kind} frame {frame} {length} bytes every {us} us")
        }
        None => Ok(()),
    }
}

/// A record's content: text of the identification records, else bytes.
#[derive(Clone, Copy)]
pub(super) struct Content<'a> {
    pub(super) index: u16,
    pub(super) data: &'a [u8],
}

/// Bytes of a record that are shown.
const SHOWN_MAX: usize = 64;

impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |f: &mut fmt::Formatter<'_>| {
            let block = block(&mut Reader::new(self.data))?;
            Some(Text::trimmed(block.body.rest()).fmt(f))
        };
        if let Some(result) = matches!(self.index, 0xaff1..=0xaff3).then(|| text(f)).flatten() {
            return result;
        }
        write!(f, "{} bytes", self.data.len())?;
        f.write_str(if self.data.is_empty() { "" } else { ": " })?;
        self.data.iter().take(SHOWN_MAX).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What I&M0 tells of a module (6-10 5.2.4 I&M0).
pub(super) struct Identification<'a> {
    pub(super) vendor: Vendor,
    pub(super) order: Text<'a>,
    pub(super) serial: Text<'a>,
    pub(super) hardware: u16,
    pub(super) software: Software,
}

impl<'a> Identification<'a> {
    /// From the record's bytes, which begin with the block I&M0.
    pub(super) fn read(data: &'a [u8]) -> Option<Self> {
        let Block { kind, mut body } = block(&mut Reader::new(data))?;
        if kind != codes::block::IM0 {
            return None;
        }
        Some(Self {
            vendor: Vendor(body.be16()?),
            order: Text::trimmed(body.take(20)?),
            serial: Text::trimmed(body.take(16)?),
            hardware: body.be16()?,
            software: Software(body.array()?),
        })
    }
}

/// Software revision: a letter (V released, R revision, P prototype, U under test, T test) and
/// three numbers.
pub(super) struct Software([u8; 4]);

impl fmt::Display for Software {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [letter, major, minor, patch] = self.0;
        write!(f, "{}{major}.{minor}.{patch}", Text::trimmed(&[letter]))
    }
}
