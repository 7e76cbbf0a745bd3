//! The header of connectionless DCE/RPC, version 4.
//!
//! ```text
//!  0         1       2       3       4      7        8        24       40
//!  +---------+-------+-------+-------+------+--------+--------+--------+----------+
//!  | version | ptype | flags | flags2| drep | serial | object | if     | activity |
//!  +---------+-------+-------+-------+------+--------+--------+--------+----------+
//!   56: boot (4)  60: if version (4)  64: sequence (4)  68: opnum, ihint, ahint, length, fragment
//!   (2 each)  78: authentication, serial low (1 each)  80: body
//! ```
//! Integers have the byte order that `drep` says. Source: C706 DCE 1.1 RPC, clause 12.5.2.

use std::fmt;

use crate::Reader;

/// Bytes of the header.
pub(super) const HEADER_BYTES: usize = 80;

/// PDU types (C706 12.6.2).
pub(super) mod ptype {
    pub(in super::super) const REQUEST: u8 = 0;
    pub(in super::super) const PING: u8 = 1;
    pub(in super::super) const RESPONSE: u8 = 2;
    pub(in super::super) const FAULT: u8 = 3;
    pub(in super::super) const REJECT: u8 = 6;
    pub(in super::super) const MAX: u8 = 10;
}

/// Flag: this is the last fragment.
const LAST_FRAGMENT: u8 = 0x02;
/// Flag: this is a fragment of a larger body.
const FRAGMENT: u8 = 0x04;

/// Byte order of integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Big,
    Little,
}

impl Order {
    pub(crate) fn u16(self, reader: &mut Reader<'_>) -> Option<u16> {
        match self {
            Self::Big => reader.be16(),
            Self::Little => reader.le16(),
        }
    }

    pub(crate) fn u32(self, reader: &mut Reader<'_>) -> Option<u32> {
        match self {
            Self::Big => reader.be32(),
            Self::Little => reader.le32(),
        }
    }

    /// A UUID as a number: its first three fields have this byte order, the rest has none.
    pub(crate) fn uuid(self, reader: &mut Reader<'_>) -> Option<Uuid> {
        let mut bytes: [u8; 16] = reader.array()?;
        if self == Self::Little {
            let [a, b, c, d, e, f, g, h, ..] = &mut bytes;
            std::mem::swap(a, d);
            std::mem::swap(b, c);
            std::mem::swap(e, f);
            std::mem::swap(g, h);
        }
        Some(Uuid(u128::from_be_bytes(bytes)))
    }
}

/// A UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Uuid(pub(crate) u128);

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |shift: u32, bits: u32| self.0 >> shift & ((1 << bits) - 1);
        write!(f, "{:08x}-{:04x}-{:04x}-", part(96, 32), part(80, 16), part(64, 16))?;
        write!(f, "{:04x}-{:012x}", part(48, 16), part(0, 48))
    }
}

/// What a header says, as far as it is needed.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) ptype: u8,
    flags: u8,
    pub(super) order: Order,
    pub(super) object: Uuid,
    pub(super) interface: Uuid,
    pub(super) activity: Uuid,
    pub(super) sequence: u32,
    pub(super) opnum: u16,
    pub(super) length: u16,
    pub(super) fragment: u16,
    pub(super) authentication: u8,
}

impl Header {
    /// The header, if these bytes can be one: version, PDU type, data representation.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let [version, ptype, flags, _flags2, integers, floats, _reserved, _serial] =
            reader.array()?;
        let order = if integers >> 4 == 1 { Order::Little } else { Order::Big };
        let plausible = version & 0x0f == 4
            && ptype & 0x1f <= ptype::MAX
            && integers >> 4 <= 1
            && integers & 0x0f <= 1
            && floats <= 3;
        if !plausible {
            return None;
        }
        let object = order.uuid(reader)?;
        let interface = order.uuid(reader)?;
        let activity = order.uuid(reader)?;
        reader.skip(8)?; // server boot time, interface version
        let sequence = order.u32(reader)?;
        let opnum = order.u16(reader)?;
        reader.skip(4)?; // hints
        let length = order.u16(reader)?;
        let fragment = order.u16(reader)?;
        let [authentication, _serial_low] = reader.array()?;
        Some(Self {
            ptype: ptype & 0x1f,
            flags,
            order,
            object,
            interface,
            activity,
            sequence,
            opnum,
            length,
            fragment,
            authentication,
        })
    }

    /// The body does not stand in this datagram alone.
    pub(super) const fn is_fragment(&self) -> bool {
        self.flags & FRAGMENT != 0 && !(self.is_last() && self.fragment == 0)
    }

    /// No fragment follows.
    pub(super) const fn is_last(&self) -> bool {
        self.flags & LAST_FRAGMENT != 0
    }
}
