//! One EtherCAT datagram: command, address, data and working counter.

use std::fmt;

use super::codes;
use crate::Reader;
use crate::table::Operation;

/// Bytes of a datagram without its data: header and working counter.
pub(super) const BARE_BYTES: usize = 12;
/// Data bytes of a datagram that are shown.
const SHOWN_MAX: usize = 32;

/// One datagram, borrowed.
#[derive(Clone, Copy)]
pub(super) struct Datagram<'a> {
    pub(super) command: u8,
    pub(super) index: u8,
    pub(super) address: u32,
    pub(super) data: &'a [u8],
    pub(super) counter: u16,
    pub(super) more: bool,
}

/// How a command finds its devices.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Addressing {
    /// By place in the ring.
    Position,
    /// By configured station address.
    Station,
    /// All of them.
    All,
    /// By the logical process image.
    Logical,
    /// Nobody.
    Nobody,
}

impl<'a> Datagram<'a> {
    /// The datagram at the cursor; nothing moves if it is cut short.
    pub(super) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let mut at = *reader;
        let (command, index) = (at.u8()?, at.u8()?);
        let address = at.le32()?;
        let length = at.le16()?;
        at.skip(2)?;
        let data = at.take(usize::from(length & 0x07ff))?;
        let counter = at.le16()?;
        *reader = at;
        Some(Self { command, index, address, data, counter, more: length & 0x8000 != 0 })
    }

    pub(super) fn operation(&self) -> &'static Operation {
        Operation::find(codes::COMMANDS, self.command.into()).unwrap_or(&codes::UNLISTED)
    }

    pub(super) const fn addressing(&self) -> Addressing {
        match self.command {
            1..=3 | 13 => Addressing::Position,
            4..=6 | 14 => Addressing::Station,
            7..=9 => Addressing::All,
            10..=12 => Addressing::Logical,
            _ => Addressing::Nobody,
        }
    }

    /// Address of the device or its place: the low half of the address field.
    pub(super) const fn device(&self) -> u16 {
        let [low, high, _, _] = self.address.to_le_bytes();
        u16::from_le_bytes([low, high])
    }

    /// Register or memory inside the device: the high half.
    pub(super) const fn offset(&self) -> u16 {
        let [_, _, low, high] = self.address.to_le_bytes();
        u16::from_le_bytes([low, high])
    }

    /// Whether it writes: no read, and no clock distribution.
    pub(super) const fn writes(&self) -> bool {
        matches!(self.command, 2 | 3 | 5 | 6 | 8 | 9 | 11 | 12)
    }

    /// Whether a running master repeats it each cycle: process image, clock, state of all.
    pub(super) const fn cyclic(&self) -> bool {
        matches!(self.command, 0 | 7 | 10..=14) && !self.spreads()
    }

    /// Whether it copies a register of one device, other than the clock, into all the others.
    pub(super) const fn spreads(&self) -> bool {
        let clock = matches!(self.offset(), codes::SYSTEM_TIME..codes::SYSTEM_TIME_END);
        matches!(self.command, 13 | 14) && !clock
    }

    /// Which of a frame's cyclic commands names the frame: writes first.
    pub(super) const fn rank(&self) -> u8 {
        match self.command {
            12 => 6,
            11 => 5,
            10 => 4,
            13 | 14 => 3,
            7 => 2,
            _ => 1,
        }
    }

    pub(super) fn length(&self) -> u32 {
        u32::try_from(self.data.len()).unwrap_or(0)
    }
}

impl fmt::Display for Datagram<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation().name)?;
        let (device, offset) = (self.device(), self.offset());
        match self.addressing() {
            Addressing::Position => write!(f, " position 0x{device:04x} 0x{offset:04x}"),
            Addressing::Station => write!(f, " station {device} 0x{offset:04x}"),
            Addressing::All => write!(f, " all 0x{offset:04x}"),
            Addressing::Logical => write!(f, " logical 0x{:08x}", self.address),
            Addressing::Nobody => Ok(()),
        }?;
        write!(f, " {} bytes", self.data.len())?;
        for byte in self.data.iter().take(SHOWN_MAX) {
            write!(f, " {byte:02x}")?;
        }
        let more = if self.data.len() > SHOWN_MAX { " ..." } else { "" };
        write!(f, "{more} wkc {}", self.counter)
    }
}
