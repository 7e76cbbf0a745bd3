//! The 32-byte header of HSES datagrams.
//!
//! ```text
//!  0-3    "YERC"
//!  4-5    header size, 0x20 · 6-7 payload size, at most 0x1df
//!  8      3 · 9 division: 1 robot, 2 file · 10 ack: 0 request, 1 not a request · 11 request id
//!  12-15  block number; its highest bit marks the last block
//!  16-23  "99999999"
//!  24-31  request: command, 2 · instance, 2 · attribute, 1 · service, 1 · 0 0
//!         response: service + 0x80 · status · size of added status in words · 0 · added status, 4
//! ```
//! Least significant byte first. Source: 160766-1CD, data transmission; fs100, moto-hses.

use crate::Reader;

/// Bytes of the header.
pub(super) const HEADER_BYTES: usize = 32;
/// Most bytes of payload.
pub(super) const PAYLOAD_BYTES_MAX: usize = 0x1df;
const MAGIC: [u8; 4] = *b"YERC";
/// Marks the last block.
const LAST: u32 = 0x8000_0000;

/// What the last eight bytes of the header say.
#[derive(Clone, Copy)]
pub(super) enum Sub {
    /// Of requests, and of what a client sends in the course of a file transfer.
    Request { command: u16, instance: u16, service: u8 },
    /// Of responses, and of the blocks that a controller sends.
    Response { service: u8, status: u8, added: Option<u32> },
}

/// One datagram.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) header_bytes: u16,
    pub(super) announced: usize,
    pub(super) division: u8,
    /// Not a request.
    pub(super) ack: bool,
    pub(super) id: u8,
    pub(super) block: u32,
    pub(super) last: bool,
    pub(super) sub: Sub,
    pub(super) payload: &'a [u8],
    pub(super) left_over: usize,
}

impl<'a> Frame<'a> {
    /// The datagram in `bytes`; `None` if it has no HSES header.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        (reader.array()? == MAGIC).then_some(())?;
        let header_bytes = reader.le16()?;
        let announced = usize::from(reader.le16()?);
        let _reserved = reader.u8()?;
        let (division, ack, id, block) =
            (reader.u8()?, reader.u8()? != 0, reader.u8()?, reader.le32()?);
        let _reserved: [u8; 8] = reader.array()?;
        let sub = Sub::read(reader.array()?, ack);
        let rest = reader.take_rest();
        let payload = rest.get(..announced).unwrap_or(rest);
        Some(Self {
            header_bytes,
            announced,
            division,
            ack,
            id,
            block: block & !LAST,
            last: block & LAST != 0,
            sub,
            payload,
            left_over: rest.len().saturating_sub(announced),
        })
    }

    /// Whether the controller sent it.
    pub(super) const fn is_response(&self) -> bool {
        matches!(self.sub, Sub::Response { .. })
    }
}

impl Sub {
    /// A client's blocks and receipts are no requests, and yet begin with a command, which is 0 in
    /// file control: the highest bit of the first byte tells them from a response's service.
    fn read(bytes: [u8; 8], ack: bool) -> Self {
        let [a, b, c, d, e, f, g, h] = bytes;
        if ack && a & 0x80 != 0 {
            let added = match c {
                0 => None,
                1 => Some(u32::from_le_bytes([e, f, 0, 0])),
                _ => Some(u32::from_le_bytes([e, f, g, h])),
            };
            return Self::Response { service: a & !0x80, status: b, added };
        }
        let command = u16::from_le_bytes([a, b]);
        Self::Request { command, instance: u16::from_le_bytes([c, d]), service: f }
    }
}
