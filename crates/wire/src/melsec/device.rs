//! Devices of MELSEC controllers: `D 100..109`, `X 1F`.
//!
//! ```text
//! binary, subcommands 0000 and 0001   number 3 bytes · code 1 byte · points 2 bytes
//! binary, subcommands 0002 and 0003   number 4 bytes · code 2 bytes · points 2 bytes
//! ascii                               code 2 (4) characters · number 6 (8) digits · points 4
//! ```
//! The numbers of X, Y, B, W and their like are hexadecimal, and shown so. Source: SLMP 5.2.

use std::fmt;

use super::codes::{DEVICES, Device};
use super::frame::{Coded, digits};
use crate::message::Object;

/// Subcommand bit: in units of bits.
pub(super) const BITS: u16 = 0x0001;
/// Subcommand bit: codes and numbers of the long form.
pub(super) const LONG: u16 = 0x0002;

/// Devices that a command acts on.
#[derive(Clone, Copy)]
pub(super) struct Place {
    device: &'static Device,
    pub(super) first: u32,
    /// Numbers, not points: a word of a bit device is 16 of them.
    pub(super) count: u32,
    pub(super) bits: bool,
}

impl Place {
    /// Reads device, number and points. `None` if cut short or unlisted.
    pub(super) fn read(data: &mut Coded<'_>, subcommand: u16) -> Option<Self> {
        let mut place = Self::device(data, subcommand & LONG != 0)?;
        let points = u32::from(data.u16()?);
        place.bits = subcommand & BITS != 0;
        place.count = if place.device.bit && !place.bits { points * 16 } else { points };
        Some(place)
    }

    /// Reads one device and its number; the count is 1.
    pub(super) fn device(data: &mut Coded<'_>, long: bool) -> Option<Self> {
        let (device, first) = if data.ascii {
            let name = data.reader.take(if long { 4 } else { 2 })?;
            let number = data.reader.take(if long { 8 } else { 6 })?;
            let end = name.iter().position(|byte| *byte == b'*').unwrap_or(name.len());
            let name = match name.get(..end)? {
                // The long form names retentive timers otherwise.
                b"STS" => b"SS",
                b"STC" => b"SC",
                b"STN" => b"SN",
                name => name,
            };
            let device = DEVICES.iter().find(|device| device.name.as_bytes() == name)?;
            (device, digits(number, if device.hexadecimal { 16 } else { 10 })?)
        } else {
            let first = data.number(if long { 4 } else { 3 })?;
            let code = data.number(if long { 2 } else { 1 })?;
            (DEVICES.iter().find(|device| u32::from(device.code) == code)?, first)
        };
        Some(Self { device, first, count: 1, bits: false })
    }

    /// The same for `points` words.
    pub(super) fn words(&mut self, points: u32) {
        self.count = if self.device.bit { points * 16 } else { points };
    }

    /// Bytes that its values take.
    pub(super) fn bytes(&self, ascii: bool) -> usize {
        let count = usize::try_from(self.count).unwrap_or(usize::MAX);
        match (self.bits, ascii) {
            (true, true) => count,
            (true, false) => count.div_ceil(2),
            (false, ascii) => {
                let words = if self.device.bit { count.div_ceil(16) } else { count };
                words.saturating_mul(if ascii { 4 } else { 2 })
            }
        }
    }

    pub(super) fn object(&self) -> Object<'_> {
        if self.device.hexadecimal {
            return Object::Named(self);
        }
        Object::Range { space: self.device.name, first: self.first, count: self.count }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:X}", self.device.name, self.first)?;
        if self.count > 1 {
            write!(f, "..{:X}", u64::from(self.first) + u64::from(self.count) - 1)?;
        }
        Ok(())
    }
}

/// Values, words in decimal, bits as 0 and 1.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) data: Coded<'a>,
    /// Bits that are packed two to a byte, of which only `count` are meant; else words.
    pub(super) bits: Option<u32>,
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut data = self.data;
        let mut list = f.debug_list();
        match (self.bits, data.ascii) {
            (Some(count), ascii) => {
                let most = usize::try_from(count).unwrap_or(usize::MAX);
                let bytes = data.reader.rest().iter();
                let bits = bytes.flat_map(|byte| {
                    let (high, low) =
                        if ascii { (byte & 1, None) } else { (byte >> 4, Some(byte & 15)) };
                    std::iter::once(high).chain(low)
                });
                list.entries(bits.take(most));
            }
            (None, _) => {
                list.entries(std::iter::from_fn(|| data.u16()));
            }
        }
        list.finish()
    }
}
