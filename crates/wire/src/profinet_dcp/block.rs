//! The blocks of a DCP message: iteration, and their text.
//!
//! ```text
//!  0        1           2        4
//!  +--------+-----------+--------+--------------------------+-----
//!  | option | suboption | length | info or qualifier | data | pad     pad if length is odd
//!  +--------+-----------+--------+--------------------------+-----
//! ```
//! Source: IEC 61158-6-10:2019 ("6-10") clause 4.3, DCP blocks.

use std::fmt;
use std::net::Ipv4Addr;

use super::codes::{self, option};
use crate::message::Anomaly;
use crate::{Reader, Text};

pub(super) const OVERRUN: Anomaly = Anomaly::malformed("block length passes the data length");
pub(super) const SHORT: Anomaly = Anomaly::malformed("block is too short for its option");
pub(super) const PADDING: Anomaly = Anomaly::violation("odd block is not padded with zero");
const NAME: Anomaly = Anomaly::violation("name of station has bytes that the standard forbids");
const ADDRESS: Anomaly = Anomaly::violation("no station can have this address and mask");

/// Which blocks a message has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Option and suboption only: Get request.
    List,
    /// Data at once: Identify request, Set response.
    Bare,
    /// Two bytes of block info (in Set requests: qualifier) before the data.
    WithInfo,
}

/// One block.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    /// Option and suboption.
    pub(super) option: u16,
    pub(super) info: Option<u16>,
    pub(super) data: &'a [u8],
    pub(super) anomaly: Option<Anomaly>,
}

impl Block<'_> {
    /// What is wrong with a block and its value, the worst first.
    pub(super) fn judge(&self) -> Option<Anomaly> {
        if self.anomaly.is_some() {
            return self.anomaly;
        }
        match self.option {
            option::NAME if !self.data.iter().all(|byte| is_name_byte(*byte)) => Some(NAME),
            option::IP | option::IP_SUITE => match IpParameter::read(self.data) {
                None => Some(SHORT),
                Some(address) => address.is_impossible().then_some(ADDRESS),
            },
            _ => None,
        }
    }

    /// The station says that another one has its address (bit 7 of the block info).
    pub(super) fn reports_conflict(&self) -> bool {
        matches!(self.option, option::IP | option::IP_SUITE)
            && self.info.is_some_and(|info| info & 0x80 != 0)
    }
}

/// Names are DNS names in lower case (6-10 4.3 NameOfStation).
const fn is_name_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.')
}

/// Iterates over blocks; ends at the first that cannot be read, after telling so.
#[derive(Clone, Copy)]
pub(super) struct Blocks<'a> {
    reader: Reader<'a>,
    shape: Shape,
}

impl<'a> Blocks<'a> {
    pub(super) const fn new(reader: Reader<'a>, shape: Shape) -> Self {
        Self { reader, shape }
    }

    fn block(&mut self) -> Option<Block<'a>> {
        let option = self.reader.be16()?;
        let plain = Block { option, info: None, data: &[], anomaly: None };
        if self.shape == Shape::List {
            return Some(plain);
        }
        let length = usize::from(self.reader.be16()?);
        let Some(mut body) = self.reader.sub(length) else {
            let data = self.reader.take_rest();
            return Some(Block { data, anomaly: Some(OVERRUN), ..plain });
        };
        let padded = length % 2 == 0 || self.reader.u8() == Some(0);
        let with_info = self.shape == Shape::WithInfo && option != option::RESPONSE;
        let info = if with_info { body.be16() } else { None };
        let anomaly = if with_info && info.is_none() {
            Some(SHORT)
        } else if padded {
            None
        } else {
            Some(PADDING)
        };
        Some(Block { info, data: body.rest(), anomaly, ..plain })
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        if self.reader.is_empty() {
            return None;
        }
        self.block().or_else(|| {
            let data = self.reader.take_rest();
            Some(Block { option: 0, info: None, data, anomaly: Some(OVERRUN) })
        })
    }
}

/// IP address, mask and gateway of an IP parameter or full IP suite.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct IpParameter {
    pub(super) ip: Ipv4Addr,
    pub(super) mask: Ipv4Addr,
    pub(super) gateway: Ipv4Addr,
}

impl IpParameter {
    pub(super) fn read(data: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(data);
        Some(Self {
            ip: reader.array::<4>()?.into(),
            mask: reader.array::<4>()?.into(),
            gateway: reader.array::<4>()?.into(),
        })
    }

    /// The number of leading ones, if the mask is only those.
    fn prefix(self) -> Option<u32> {
        let bits = self.mask.to_bits();
        (bits.leading_ones() + bits.trailing_zeros() >= 32).then(|| bits.leading_ones())
    }

    /// An address that no station can have, or a mask with holes.
    pub(super) fn is_impossible(self) -> bool {
        self.prefix().is_none() || self.ip.is_multicast() || self.ip.is_broadcast()
    }
}

impl fmt::Display for IpParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.prefix() {
            Some(prefix) => write!(f, "{}/{prefix}", self.ip)?,
            None => write!(f, "{} mask {}", self.ip, self.mask)?,
        }
        if !self.gateway.is_unspecified() {
            write!(f, " gateway {}", self.gateway)?;
        }
        Ok(())
    }
}

/// The value of a block, without its name.
impl fmt::Display for Block<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reader = Reader::new(self.data);
        match self.option {
            option::VENDOR_VALUE | option::NAME | option::ALIAS => Text::trimmed(self.data).fmt(f),
            option::IP | option::IP_SUITE => match IpParameter::read(self.data) {
                Some(ip) => ip.fmt(f),
                None => hexadecimal(self.data, f),
            },
            option::MAC => match reader.array() {
                Some(mac) => plant::Mac(mac).fmt(f),
                None => hexadecimal(self.data, f),
            },
            option::DEVICE_ID | option::OEM_ID => match (reader.be16(), reader.be16()) {
                (Some(vendor), Some(device)) => {
                    write!(f, "vendor 0x{vendor:04x} device 0x{device:04x}")
                }
                _ => hexadecimal(self.data, f),
            },
            option::ROLE => f.write_str(role_name(self.data)),
            option::RESPONSE => match (reader.be16(), reader.u8()) {
                (Some(option), Some(error)) => {
                    let (name, error) = (Name(option), codes::error(error));
                    write!(f, "{name} {}", if error.is_empty() { "ok" } else { error })
                }
                _ => hexadecimal(self.data, f),
            },
            option::RESET => f.write_str(codes::reset(self.info.unwrap_or(0))),
            option::OPTIONS => write!(f, "{}", self.data.len() / 2),
            _ => hexadecimal(self.data, f),
        }
    }
}

/// Bytes that have no other form, at most the first 32.
fn hexadecimal(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().take(32).try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// The strongest role of a device role block: bits device, controller, multidevice, supervisor.
fn role_name(data: &[u8]) -> &'static str {
    match data.first().copied().unwrap_or(0) & 0x0f {
        bits if bits & 8 != 0 => "supervisor",
        bits if bits & 2 != 0 => "controller",
        bits if bits & 4 != 0 => "multidevice",
        bits if bits & 1 != 0 => "device",
        _ => "none",
    }
}

/// An option by its name, or by its number.
pub(super) struct Name(pub(super) u16);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match codes::name(self.0) {
            "" => write!(f, "option {}.{}", self.0 >> 8, self.0 & 0xff),
            name => f.write_str(name),
        }
    }
}

/// All blocks, `name=value` each.
impl fmt::Display for Blocks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, block) in self.enumerate() {
            f.write_str(if place == 0 { "" } else { ", " })?;
            Name(block.option).fmt(f)?;
            if !block.data.is_empty() {
                write!(f, "={block}")?;
            }
        }
        Ok(())
    }
}
