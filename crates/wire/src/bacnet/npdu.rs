//! BACnet/IP link and network headers.
//!
//! ```text
//!  0      1      2        4          10     4 or 10
//!  +------+------+--------+----------+------+------+-------------------------------+------
//!  | 0x81 | func | length | (origin) | 0x01 | ctrl | (DNET DLEN DADR) (SNET ..) hop | APDU
//!  +------+------+--------+----------+------+------+-------------------------------+------
//! ```
//! Source: ANSI/ASHRAE 135-2020 clauses 6.2 and J.2. Big endian.

use std::net::{IpAddr, Ipv4Addr};

use crate::Reader;

/// First byte of every BACnet/IP message.
const BACNET_IP: u8 = 0x81;
/// Functions with a network PDU: forwarded, distributed, unicast, broadcast.
const FORWARDED: u8 = 4;
/// Highest function.
const FUNCTION_MAX: u8 = 12;

/// A BACnet/IP message. Its body is all of the datagram, as devices take it: a length that is too
/// small would otherwise hide arguments.
pub(super) struct Link<'a> {
    pub(super) function: u8,
    /// Who sent it first, where somebody else passes it on.
    pub(super) origin: Option<IpAddr>,
    pub(super) body: Reader<'a>,
    /// Whether the length is that of the datagram.
    pub(super) exact: bool,
}

/// Reads the link header; `None` if these bytes are not BACnet/IP.
pub(super) fn link(bytes: &[u8]) -> Option<Link<'_>> {
    let mut reader = Reader::new(bytes);
    if reader.u8()? != BACNET_IP {
        return None;
    }
    let function = reader.u8().filter(|function| *function <= FUNCTION_MAX)?;
    let length = usize::from(reader.be16()?);
    let exact = length == bytes.len();
    let mut body = reader;
    let mut origin = None;
    if function == FORWARDED {
        origin = Some(IpAddr::V4(Ipv4Addr::from_bits(body.be32()?)));
        body.skip(2)?;
    }
    Some(Link { function, origin, body, exact })
}

/// Whether this function carries a network PDU.
pub(super) const fn carries(function: u8) -> bool {
    matches!(function, FORWARDED | 9 | 10 | 11)
}

/// The station behind a router: network, and the end of its address there.
pub(super) type Station = (u16, u32);

/// The network header.
pub(super) struct Network {
    pub(super) target: Option<Station>,
    pub(super) source: Option<Station>,
    /// The type of a network layer message; otherwise an APDU follows.
    pub(super) message: Option<u8>,
}

/// Reads the network header; the cursor stands at the APDU or message data afterwards.
pub(super) fn network(reader: &mut Reader<'_>) -> Option<Network> {
    if reader.u8()? != 1 {
        return None;
    }
    let control = reader.u8()?;
    let target = if control & 0x20 != 0 { Some(station(reader)?) } else { None };
    let source = if control & 0x08 != 0 { Some(station(reader)?) } else { None };
    if target.is_some() {
        reader.skip(1)?;
    }
    let message = if control & 0x80 != 0 { Some(reader.u8()?) } else { None };
    Some(Network { target, source, message })
}

fn station(reader: &mut Reader<'_>) -> Option<Station> {
    let network = reader.be16()?;
    let length = usize::from(reader.u8()?);
    let address = reader.take(length)?;
    Some((network, address.iter().fold(0, |value, byte| value << 8 | u32::from(*byte))))
}
