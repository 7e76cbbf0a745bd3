//! Devices of random and block access: several places in one command.
//!
//! ```text
//! 0403 read random    words 1 · double words 1 · devices
//! 1402 write random   words 1 · double words 1 · device, 2 bytes .. · device, 4 bytes ..
//!      in bits        points 1 · device, 1 byte ..; 2 bytes in the long form
//! 0406 read block     word blocks 1 · bit blocks 1 · device, points 2 ..
//! 1406 write block    likewise, and behind each block its words
//! ```
//! Source: SLMP 5.2; what clients send was compared with `pymcprotocol`.

use std::fmt;

use super::device::{BITS, LONG, Place};
use super::frame::Coded;

/// Devices that are shown of one command.
const SHOWN: usize = 8;

/// The devices of one command.
#[derive(Clone, Copy)]
pub(super) struct Several<'a> {
    data: Coded<'a>,
    command: u16,
    subcommand: u16,
}

/// The devices one after the other, and whether what was read so far fits.
struct Walk<'a> {
    data: Coded<'a>,
    command: u16,
    subcommand: u16,
    /// Of the first kind, and of the second: words and double words, or word and bit blocks.
    left: [u16; 2],
    cut: bool,
}

impl<'a> Several<'a> {
    /// `None` for other commands.
    pub(super) const fn read(command: u16, subcommand: u16, data: Coded<'a>) -> Option<Self> {
        match command {
            0x0403 | 0x0406 | 0x1402 | 0x1406 if subcommand & 0xfffc == 0 => {
                Some(Self { data, command, subcommand })
            }
            _ => None,
        }
    }

    /// Whether the devices and their values fill the command.
    pub(super) fn fits(&self) -> bool {
        let Some(mut walk) = self.walk() else { return false };
        while walk.next().is_some() {}
        !walk.cut && walk.data.reader.is_empty()
    }

    fn walk(&self) -> Option<Walk<'a>> {
        let (command, subcommand) = (self.command, self.subcommand);
        let mut data = self.data;
        let first = data.u8()?.into();
        let in_bits = command == 0x1402 && subcommand & BITS != 0;
        let second = if in_bits { 0 } else { data.u8()?.into() };
        Some(Walk { data, command, subcommand, left: [first, second], cut: false })
    }
}

impl Walk<'_> {
    fn one(&mut self, second: bool) -> Option<Place> {
        let long = self.subcommand & LONG != 0;
        let mut place = Place::device(&mut self.data, long)?;
        let bytes = match (self.command, second) {
            (0x0403, _) => 0,
            (0x1402, _) if self.subcommand & BITS != 0 => 1 + usize::from(long),
            (0x1402, false) => 2,
            (0x1402, true) => 4,
            (command, _) => {
                let points = self.data.u16()?;
                place.words(points.into());
                if command == 0x1406 { usize::from(points) * 2 } else { 0 }
            }
        };
        let width = if self.data.ascii { 2 } else { 1 };
        self.data.reader.skip(bytes * width)?;
        Some(place)
    }
}

impl Iterator for Walk<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        let [first, second] = &mut self.left;
        let later = *first == 0;
        let left = if later { second } else { first };
        *left = left.checked_sub(1)?;
        let place = self.one(later);
        self.cut |= place.is_none();
        place
    }
}

impl fmt::Display for Several<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(mut walk) = self.walk() else { return Ok(()) };
        for (number, place) in walk.by_ref().take(SHOWN).enumerate() {
            let separator = if number == 0 { "" } else { ", " };
            write!(f, "{separator}{}", place.object())?;
        }
        // What could not be read must not ride along behind the first.
        let more = u32::from(walk.cut) + walk.left.iter().copied().map(u32::from).sum::<u32>();
        if more == 0 { Ok(()) } else { write!(f, ", and {more} more") }
    }
}
