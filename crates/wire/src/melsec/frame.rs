//! 3E and 4E frames, binary and ASCII.
//!
//! ```text
//! 0-1    subheader: 50 00 request, D0 00 response; of 4E frames 54 00 and D4 00
//! 2-5    of 4E frames: serial number, 2 bytes, and two zeros
//! 2      network · 3 station · 4-5 module I/O · 6 multidrop station
//! 7-8    length of what follows
//! 9-10   request: monitoring timer · response: end code
//! 11-14  request: command and subcommand; then data
//! ```
//! Binary numbers are least significant byte first. ASCII frames write every byte as two
//! hexadecimal digits, numbers most significant digit first. Source: SLMP 4.2 and 4.3.

use crate::Reader;
use crate::session::Step;

/// Most bytes that a binary frame announces: 960 words of data and their addresses, with room for
/// the files of 1920 bytes (SLMP 5.2, 5.11).
const LENGTH_MAX: usize = 2048;

/// A cursor that reads numbers of either code.
#[derive(Clone, Copy)]
pub(super) struct Coded<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) ascii: bool,
}

impl Coded<'_> {
    /// A number of `bytes` bytes, at most 4.
    pub(super) fn number(&mut self, bytes: usize) -> Option<u32> {
        if self.ascii {
            return digits(self.reader.take(bytes * 2)?, 16);
        }
        let taken = self.reader.take(bytes)?;
        Some(taken.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        u8::try_from(self.number(1)?).ok()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        u16::try_from(self.number(2)?).ok()
    }
}

/// The number that these digits write.
pub(super) fn digits(text: &[u8], radix: u32) -> Option<u32> {
    text.iter().try_fold(0_u32, |number, byte| {
        let digit = char::from(*byte).to_digit(radix)?;
        number.checked_mul(radix)?.checked_add(digit)
    })
}

/// One frame.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) response: bool,
    /// Of 4E frames.
    pub(super) serial: Option<u16>,
    pub(super) network: u8,
    pub(super) station: u8,
    pub(super) module: u16,
    /// What the length counts, behind timer or end code.
    pub(super) body: Coded<'a>,
    /// End code of responses.
    pub(super) end_code: u16,
    pub(super) bytes: usize,
}

impl<'a> Frame<'a> {
    /// The frame at the start of `bytes`: `Err` says how to go on when there is none.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Step> {
        let (response, extended, ascii) = match bytes {
            [0x50, 0, ..] => (false, false, false),
            [0xd0, 0, ..] => (true, false, false),
            [0x54, 0, ..] => (false, true, false),
            [0xd4, 0, ..] => (true, true, false),
            [b'5', b'0', b'0', b'0', ..] => (false, false, true),
            [b'D', b'0', b'0', b'0', ..] => (true, false, true),
            [b'5', b'4', b'0', b'0', ..] => (false, true, true),
            [b'D', b'4', b'0', b'0', ..] => (true, true, true),
            [0x50 | 0xd0 | 0x54 | 0xd4] => return Err(Step::Need(2)),
            [b'5' | b'D'] | [b'5' | b'D', b'0' | b'4'] | [b'5' | b'D', b'0' | b'4', b'0'] => {
                return Err(Step::Need(4));
            }
            _ => return Err(Step::Lost),
        };
        let width = if ascii { 2 } else { 1 };
        let header_bytes = width * if extended { 13 } else { 9 };
        let need = Step::Need(header_bytes);
        let mut header = Coded { reader: Reader::new(bytes), ascii };
        header.reader.skip(width * 2).ok_or(need)?;
        let head = header.reader.sub(header_bytes - width * 2).ok_or(need)?;
        let mut rest = header.reader;
        header.reader = head;
        let frame = Self::header(header, extended).ok_or(Step::Lost)?;
        let (serial, network, station, module, length) = frame;
        let least = width * if response { 2 } else { 6 };
        if length < least || length > LENGTH_MAX * width {
            return Err(Step::Lost);
        }
        let bytes = header_bytes + length;
        let mut body = Coded { reader: rest.sub(length).ok_or(Step::Need(bytes))?, ascii };
        let end_code = body.u16().ok_or(Step::Lost)?;
        Ok(Self { response, serial, network, station, module, body, end_code, bytes })
    }

    /// Serial number, network, station, module and length.
    fn header(mut header: Coded<'_>, extended: bool) -> Option<Head> {
        let mut serial = None;
        if extended {
            serial = Some(header.u16()?);
            (header.u16()? == 0).then_some(())?;
        }
        let (network, station, module) = (header.u8()?, header.u8()?, header.u16()?);
        let _multidrop = header.u8()?;
        Some((serial, network, station, module, usize::from(header.u16()?)))
    }

    /// Whether the route is one that SLMP 4.2 lists.
    pub(super) const fn plausible(&self) -> bool {
        self.network <= 239
            && matches!(self.station, 0x00..=0x78 | 0x7d | 0x7e | 0xff)
            && matches!(self.module, 0x0000..=0x01ff | 0x03d0..=0x03ff)
    }
}

type Head = (Option<u16>, u8, u8, u16, usize);
