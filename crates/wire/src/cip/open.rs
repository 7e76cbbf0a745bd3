//! Forward Open and Forward Close: connections that further messages and cyclic data travel on.
//!
//! ```text
//!  ticks(2) o->t id(4) t->o id(4) serial(2) vendor(2) originator(4) multiplier(1) reserved(3)
//!  o->t rpi(4) o->t parameters(2|4) t->o rpi(4) t->o parameters(2|4) transport(1) path
//! ```
//! Parameters have 4 bytes in a Large Forward Open. Source: CIP Volume 1 clause 3-5.5.

use std::fmt;

use plant::Intent;

use super::codes::class;
use super::path::Path;
use crate::Reader;

/// What a Forward Open asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening<'a> {
    pub(crate) path: Path<'a>,
    /// Serial number of the connection, vendor and serial number of who opens it.
    pub(super) identity: [u8; 8],
    pub(super) o_t: Flow,
    pub(super) t_o: Flow,
    transport: u8,
}

/// One direction of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    /// Requested packet interval in microseconds.
    pub(super) rpi_us: u32,
    size_bytes: u32,
    multicast: bool,
    /// Nothing is sent in this direction.
    pub(super) null: bool,
}

impl<'a> Opening<'a> {
    /// Reads the data of a Forward Open (`large` by its other service).
    pub(crate) fn read(mut data: Reader<'a>, large: bool) -> Option<Self> {
        data.skip(10)?; // priority and time ticks, ids: those that count are in the response
        let identity = data.array()?;
        data.skip(4)?; // timeout multiplier, reserved
        let o_t = Flow::read(&mut data, large)?;
        let t_o = Flow::read(&mut data, large)?;
        let transport = data.u8()?;
        let path = counted_path(&mut data)?;
        Some(Self { path, identity, o_t, t_o, transport })
    }

    /// Whether cyclic data goes over it: classes 0 and 1.
    pub(super) const fn is_cyclic(&self) -> bool {
        self.transport & 0x0f < 2
    }

    /// Opening an explicit connection is housekeeping; an I/O connection acts on the process.
    pub(crate) fn intent(&self) -> Intent {
        match self.transport & 0x0f {
            _ if self.path.target().safety => Intent::Safety,
            2 | 3 => Intent::Session,
            _ => Intent::Operate,
        }
    }
}

impl Flow {
    fn read(data: &mut Reader<'_>, large: bool) -> Option<Self> {
        let rpi_us = data.le32()?;
        let (size_bytes, kind) = if large {
            let parameters = data.le32()?;
            (parameters & 0xffff, parameters >> 29 & 0b11)
        } else {
            let parameters = data.le16()?;
            (u32::from(parameters & 0x01ff), u32::from(parameters >> 13 & 0b11))
        };
        Some(Self { rpi_us, size_bytes, multicast: kind == 1, null: kind == 0 })
    }
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.multicast { " multicast" } else { "" };
        write!(f, "{} bytes every {} us{way}", self.size_bytes, self.rpi_us)
    }
}

impl fmt::Display for Opening<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = self.transport & 0x0f;
        write!(f, "transport class {class}, o->t {}, t->o {}", self.o_t, self.t_o)
    }
}

/// The connection ids that a successful response gives: from the originator, and to it.
pub(crate) fn granted(mut data: Reader<'_>) -> Option<(u32, u32)> {
    Some((data.le32()?, data.le32()?))
}

/// The path of a Forward Close: it names the connection as its Forward Open did.
pub(crate) fn closing(mut data: Reader<'_>) -> Option<Path<'_>> {
    data.skip(10)?; // priority and time ticks, serial, vendor, originator
    let words = usize::from(data.u8()?);
    data.skip(1)?;
    data.take(words * 2).map(Path)
}

/// Closing an I/O connection stops its data; an explicit one ends at the Message Router.
pub(crate) fn closing_intent(path: Path<'_>) -> Intent {
    let target = path.target();
    match target.class {
        _ if target.safety => Intent::Safety,
        Some(class::MESSAGE_ROUTER) | None => Intent::Session,
        Some(_) => Intent::Operate,
    }
}

fn counted_path<'a>(data: &mut Reader<'a>) -> Option<Path<'a>> {
    let words = usize::from(data.u8()?);
    data.take(words * 2).map(Path)
}

/// The message inside an Unconnected Send, and the way that it shall go.
pub(crate) fn unconnected(mut data: Reader<'_>) -> Option<(&[u8], Path<'_>)> {
    data.skip(2)?; // priority and time ticks
    let length = usize::from(data.le16()?);
    let inner = data.take(length)?;
    if length % 2 == 1 {
        data.skip(1)?;
    }
    let words = usize::from(data.u8()?);
    data.skip(1)?;
    Some((inner, Path(data.take(words * 2)?)))
}

/// Slices of a Multiple Service Packet: `None` where an offset does not lead to a message.
pub(crate) struct Services<'a> {
    whole: &'a [u8],
    offsets: Reader<'a>,
}

impl<'a> Services<'a> {
    /// Reads the count and the offsets.
    pub(crate) fn read(whole: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(whole);
        let count = usize::from(reader.le16()?);
        let offsets = reader.sub(count * 2)?;
        Some(Self { whole, offsets })
    }

    /// Whether every offset leads to a message.
    pub(crate) fn are_whole(data: &'a [u8]) -> bool {
        Self::read(data).is_some_and(|mut services| services.all(|service| service.is_some()))
    }
}

impl<'a> Iterator for Services<'a> {
    type Item = Option<&'a [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = usize::from(self.offsets.le16()?);
        let mut following = self.offsets;
        let end = following.le16().map_or(self.whole.len(), usize::from);
        Some(self.whole.get(start..end).filter(|service| !service.is_empty()))
    }
}
