//! The header of a FINS frame and what its command acts on.
//!
//! ```text
//! 0    ICF: bit 7 gateway, bit 6 response, bit 0 no response wanted
//! 1    reserved, 0
//! 2    gateways that may still be passed
//! 3-5  destination: network, node, unit
//! 6-8  source: network, node, unit
//! 9    service id, which the response repeats
//! 10-  command, 2 bytes; of responses the end code, 2 bytes; data
//! ```
//! Source: OMRON W342 clauses 5-1 and 5-3.

use std::fmt;

use arrayvec::ArrayVec;

use super::area::{Cell, Place, Values};
use crate::message::{Anomaly, Object};
use crate::{Reader, Text};

/// Bytes before the data of a command.
pub(super) const HEADER_BYTES: usize = 12;
/// Most bytes of a frame: 2000 of data behind the header (W421 7-4) and an end code.
pub(super) const FRAME_BYTES_MAX: usize = 2014;
/// Bits of the ICF that are 0.
const ICF_RESERVED: u8 = 0x3e;

const RESERVED: Anomaly = Anomaly::violation("reserved header bits are set");
const DATA: Anomaly = Anomaly::malformed("number of elements does not match the data");

/// One frame.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) icf: u8,
    reserved: u8,
    pub(super) gateways: u8,
    /// Network, node, unit.
    pub(super) target: [u8; 3],
    pub(super) source: [u8; 3],
    pub(super) service: u8,
    pub(super) command: u16,
    pub(super) data: Reader<'a>,
}

impl<'a> Frame<'a> {
    /// `None` if the bytes are too few for a command.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let [icf, reserved, gateways] = reader.array()?;
        let (target, source) = (reader.array()?, reader.array()?);
        let (service, command) = (reader.u8()?, reader.be16()?);
        Some(Self { icf, reserved, gateways, target, source, service, command, data: reader })
    }

    pub(super) const fn is_response(&self) -> bool {
        self.icf & 0x40 != 0
    }

    pub(super) const fn wants_response(&self) -> bool {
        self.icf & 0x01 == 0
    }

    /// Node of the device: the one that a command goes to and a response comes from.
    pub(super) const fn unit(&self) -> u16 {
        let [_, node, unit] = if self.is_response() { self.source } else { self.target };
        u16::from_be_bytes([node, unit])
    }

    /// Whether every field of the header is one that a node would send.
    pub(super) const fn plausible(&self) -> bool {
        let [target_network, ..] = self.target;
        let [source_network, source_node, _] = self.source;
        !self.has_reserved_bits()
            && self.gateways <= 7
            && target_network <= 127
            && source_network <= 127
            && source_node <= 254
    }

    const fn has_reserved_bits(&self) -> bool {
        self.icf & ICF_RESERVED != 0 || self.reserved != 0
    }

    pub(super) fn anomaly(&self) -> Option<Anomaly> {
        self.has_reserved_bits().then_some(RESERVED)
    }
}

/// What a command says.
#[derive(Default)]
pub(super) struct Request<'a> {
    pub(super) what: What<'a>,
    pub(super) values: Option<Values<'a>>,
    pub(super) anomalies: ArrayVec<Anomaly, 4>,
}

/// What a command acts on.
#[derive(Clone, Copy, Default)]
pub(super) enum What<'a> {
    #[default]
    Nothing,
    /// A memory area.
    Memory(Place),
    /// Memory areas: the first, and how many follow.
    Several(Several),
    /// A place in a parameter or program area.
    Words { space: &'static str, first: u32, count: u32 },
    /// A file.
    File(File<'a>),
    /// Which data, or which mode, by name.
    Named(&'static str),
}

impl What<'_> {
    pub(super) fn object(&self) -> Object<'_> {
        match self {
            Self::Nothing => Object::Nothing,
            Self::Memory(place) => place.object(),
            Self::Several(several) => Object::Named(several),
            Self::Words { space, first, count } => {
                Object::Range { space, first: *first, count: *count }
            }
            Self::File(file) => Object::Named(file),
            Self::Named(name) => Object::Named(name),
        }
    }
}

/// The first of several places, and how many more there are.
#[derive(Clone, Copy)]
pub(super) struct Several {
    first: Place,
    more: usize,
}

impl fmt::Display for Several {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, and {} more", self.first.object(), self.more)
    }
}

impl What<'_> {
    /// A place that `more` follow.
    fn places(first: Place, more: usize) -> Self {
        if more == 0 { Self::Memory(first) } else { Self::Several(Several { first, more }) }
    }
}

/// A file in the controller: disk number and name.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    disk: u16,
    pub(super) name: &'a [u8],
    /// What else the command acts on: further files, the new name, a memory area.
    more: u16,
}

impl fmt::Display for File<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "disk {} {}", self.disk, Text::trimmed(self.name))?;
        if self.more == 0 { Ok(()) } else { write!(f, ", and {} more", self.more) }
    }
}

impl<'a> Request<'a> {
    pub(super) fn read(command: u16, data: Reader<'a>) -> Self {
        let mut request = Self::default();
        if request.fields(command, data).is_none() {
            let _ = request.anomalies.try_push(Anomaly::TRUNCATED);
        }
        if let What::Memory(place) = request.what
            && let Some(anomaly) = place.anomaly()
        {
            let _ = request.anomalies.try_push(anomaly);
        }
        request
    }

    fn fields(&mut self, command: u16, mut data: Reader<'a>) -> Option<()> {
        match command {
            0x0101..=0x0103 => self.memory(command, data)?,
            0x0104 => {
                if let Some(place) = Place::read(&mut data) {
                    self.what = What::places(place, data.len().div_ceil(4));
                }
            }
            0x0105 => {
                let _source = Place::read(&mut data)?;
                let mut target = Place::read(&mut data)?;
                target.count = data.be16()?;
                self.what = What::Memory(target);
            }
            0x0201..=0x0203 => self.parameters(data)?,
            0x0306..=0x0308 => self.program(command, data)?,
            0x0401 => self.what = What::Named(mode(data)),
            0x2202 | 0x2209 => self.file(data, 0)?,
            0x2203 | 0x2206 => self.file(data, 2)?,
            // the number of files stands before their names
            0x2205 => {
                let mut ahead = data;
                ahead.skip(2)?;
                self.file(data, 2)?;
                self.beside(ahead.be16()?.saturating_sub(1));
            }
            // the old name, and behind it the new one
            0x2208 => {
                self.file(data, 0)?;
                self.beside(1);
            }
            // the target of a copy, and the file that an area goes to or comes from
            0x2207 | 0x220a | 0x220b | 0x220c => {
                data.skip(match command {
                    0x2207 => 2 + FILE_NAME_BYTES,
                    0x220c => 12,
                    _ => 8,
                })?;
                self.file(data, 0)?;
                // the areas that go to a file or come from it
                self.beside(u16::from(command != 0x2207));
            }
            0x2301 => {
                let count = data.be16()?;
                data.skip(2)?;
                let place = Place::read(&mut data)?;
                self.what = What::places(place, data.len().div_ceil(6));
                if usize::from(count.saturating_sub(1)) * 6 != data.len() {
                    let _ = self.anomalies.try_push(DATA);
                }
            }
            _ => {}
        }
        Some(())
    }

    /// Area, address and number of elements; writes and fills have values.
    fn memory(&mut self, command: u16, mut data: Reader<'a>) -> Option<()> {
        let mut place = Place::read(&mut data)?;
        place.count = data.be16()?;
        self.what = What::Memory(place);
        let size = if place.cell == Cell::Word { 2 } else { 1 };
        let expected = match command {
            0x0101 => 0,
            0x0102 => usize::from(place.count) * size,
            _ => 2,
        };
        if command != 0x0101 {
            self.values = Some(Values { cell: place.cell, bytes: data.rest() });
        }
        if data.len() != expected && !place.space.is_empty() {
            let _ = self.anomalies.try_push(DATA);
        }
        Some(())
    }

    /// Parameter area code, first word and number of words, of which bit 15 says "last block".
    fn parameters(&mut self, mut data: Reader<'a>) -> Option<()> {
        let (area, first, count) = (data.be16()?, data.be16()?, data.be16()?);
        let space = match area {
            0x8000 => "all parameters",
            0x8002 => "cpu bus unit settings",
            0x8010 => "plc setup",
            0x8011 => "peripheral device settings",
            0x8012 => "i/o table",
            0x8013 => "routing tables",
            _ => "parameters",
        };
        self.what = What::Words { space, first: first.into(), count: (count & 0x7fff).into() };
        Some(())
    }

    /// Program number, and of reads and writes first byte and number of bytes.
    fn program(&mut self, command: u16, mut data: Reader<'a>) -> Option<()> {
        data.skip(2)?;
        self.what = What::Named("program");
        if command != 0x0308 {
            let (first, count) = (data.be32()?, data.be16()?);
            let count = u32::from(count & 0x7fff);
            self.what = What::Words { space: "program byte", first, count };
        }
        Some(())
    }

    /// Disk, `skipped` bytes of counts or modes, name.
    fn file(&mut self, mut data: Reader<'a>, skipped: usize) -> Option<()> {
        let disk = data.be16()?;
        data.skip(skipped)?;
        self.what = What::File(File { disk, name: data.take(FILE_NAME_BYTES)?, more: 0 });
        Some(())
    }

    /// The command acts on `more` things beside the file.
    const fn beside(&mut self, more: u16) {
        if let What::File(file) = &mut self.what {
            file.more = more;
        }
    }
}

/// Eight characters, a point, three characters (W342 5-2-3).
pub(super) const FILE_NAME_BYTES: usize = 12;

/// The mode that RUN asks for; monitor where it names none (W342 5-3-15).
fn mode(mut data: Reader<'_>) -> &'static str {
    match (data.be16(), data.u8()) {
        (Some(_), Some(0x04)) => "run mode",
        (Some(_), Some(0x01)) => "debug mode",
        _ => "monitor mode",
    }
}
