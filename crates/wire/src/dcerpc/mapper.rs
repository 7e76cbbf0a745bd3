//! Towers of the endpoint mapper: an interface, and the TCP port at which it answers.
//!
//! ```text
//!  floors: length (2), what (1) and its data; length (2), data       little endian
//!  first floor: 0x0d, interface (16), version (2); minor version (2)
//!  TCP floor: 0x07; port (2, big endian)
//! ```
//! Pointers and padding before a tower vary, so its first floor is searched for. Source: C706
//! appendices I, L and O.

use std::fmt;

use super::bind::Named;
use super::{Call, interfaces};
use crate::Reader;
use crate::profinet_cm::rpc::{Order, Uuid};

/// Start of a first floor: length 19 and what it is.
const FIRST_FLOOR: &[u8] = &[19, 0, 0x0d];
/// What a floor with a TCP port is.
const TCP: u8 = 7;
/// Operation number of `ept map`.
const MAP: u16 = 3;
/// Most bytes in which a tower is searched for.
const SEARCH_BYTES_MAX: usize = 256;

/// What is sought or found.
pub(super) struct Tower {
    interface: Uuid,
    /// 0 in questions.
    port: u16,
}

impl Tower {
    /// The first tower in a request or response of `ept map`.
    pub(super) fn of(call: &Call, body: Reader<'_>) -> Option<Self> {
        let map = call.opnum == MAP && call.interface == Some(interfaces::MAPPER);
        map.then(|| Self::read(body.rest())).flatten()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..SEARCH_BYTES_MAX).unwrap_or(bytes);
        let start = bytes.windows(FIRST_FLOOR.len()).position(|window| window == FIRST_FLOOR)?;
        let mut reader = Reader::new(bytes.get(start + FIRST_FLOOR.len()..)?);
        let interface = Order::Little.uuid(&mut reader)?;
        reader.skip(2)?;
        value(&mut reader)?;
        let mut port = 0;
        // transfer syntax, kind of call, transport
        for _ in 0..3 {
            let left = value(&mut reader)?;
            let right = value(&mut reader)?;
            if left.first() == Some(&TCP) {
                port = Reader::new(right).be16()?;
            }
        }
        Some(Self { interface, port })
    }
}

fn value<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let length = reader.le16()?;
    reader.take(length.into())
}

impl fmt::Display for Tower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Named(self.interface))?;
        if self.port == 0 { Ok(()) } else { write!(f, " at tcp {}", self.port) }
    }
}
