//! Channels: what puts the services of CODESYS together from blocks.
//!
//! ```text
//! 01 block        flags · channel 2 · block 4 · acknowledges block 4; of first blocks
//!                 size of the whole 4 · its CRC-32 4; then content
//! 02 acknowledge  flags · channel 2 · block 4
//! 03 keep alive   flags · channel 2
//! c3 open         flags · version 2 · CRC-32 4 · message id 4 · buffer size 4
//! 83 opened       flags · version 2 · CRC-32 4 · message id 4 · reason 2 · channel 2 · buffer 4
//! c4 close, 84 error   flags · version 2 · CRC-32 4 · channel 2 · reason 2
//! ```
//! Flag 1 marks first blocks. Blocks that repeat are passed over, and a gap gives the service up.
//! What is larger than is kept is shown as far as it is kept. Source: CoDe16.

use super::codes;
use crate::Reader;
use crate::message::{Anomaly, Kind, Message, Outcome};
use crate::session::{Side, Sink};
use crate::table::{Operation, Protocol};

/// Flag of first blocks.
const FIRST: u8 = 0x01;
/// Services that are put together at once, both directions of every channel counted.
const KEPT: usize = 4;
/// Bytes kept of one service; engineering tools use buffers of about 50 000.
const KEPT_BYTES: usize = 128 << 10;

/// One package of the channel layer.
pub(super) enum Package<'a> {
    Block { channel: u16, block: u32, whole: Option<u32>, content: &'a [u8] },
    Other(Notice),
}

/// A package that carries no service.
pub(super) struct Notice {
    code: u8,
    channel: Option<u16>,
    id: Option<u32>,
    reason: u16,
}

impl<'a> Package<'a> {
    /// `None` if it is cut short.
    pub(super) fn read(mut body: Reader<'a>) -> Option<Self> {
        let (code, flags) = (body.u8()?, body.u8()?);
        let mut notice = Notice { code, channel: None, id: None, reason: 0 };
        match code {
            0x01 => {
                let channel = body.le16()?;
                let block = body.le32()?;
                let _acknowledged = body.le32()?;
                let whole = if flags & FIRST == 0 {
                    None
                } else {
                    let whole = body.le32()?;
                    let _checksum = body.le32()?;
                    Some(whole)
                };
                return Some(Self::Block { channel, block, whole, content: body.rest() });
            }
            0x02 | 0x03 => notice.channel = Some(body.le16()?),
            0x80.. => {
                body.skip(6)?;
                match code {
                    0xc3 => notice.id = Some(body.le32()?),
                    0x83 => {
                        notice.id = Some(body.le32()?);
                        notice.reason = body.le16()?;
                        notice.channel = Some(body.le16()?);
                    }
                    0xc4 | 0x84 => {
                        notice.channel = Some(body.le16()?);
                        notice.reason = body.le16()?;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        Some(Self::Other(notice))
    }
}

impl Notice {
    /// The channel that is gone with it.
    pub(super) fn closed(&self) -> Option<u16> {
        self.channel.filter(|_| matches!(self.code, 0xc4 | 0x84))
    }

    pub(super) fn emit(&self, out: &mut dyn Sink) {
        let (asked, kind) = match self.code {
            0x83 => (0xc3, Kind::Response),
            0xc2 | 0xc3 => (self.code, Kind::Request),
            other => (other, Kind::Notice),
        };
        let operation = Operation::find(codes::CHANNELS, asked.into()).unwrap_or(&codes::UNLISTED);
        let reason = u32::from(self.reason);
        let outcome = match self.code {
            0x83 | 0x84 => Outcome::from_code(reason, codes::error(reason)),
            _ => Outcome::Open,
        };
        let message = Message::new(Protocol::CODESYS, kind, operation, self.code.into());
        out.message(&Message { id: self.id.or(self.channel.map(u32::from)), outcome, ..message });
    }
}

/// A service of which blocks are still to come.
#[derive(Default)]
struct Growing {
    key: Option<(Side, u16)>,
    last_block: u32,
    whole: usize,
    /// Bytes seen, also those past what is kept.
    seen: usize,
    bytes: Vec<u8>,
}

/// Services that are being put together.
#[derive(Default)]
pub(super) struct Assembly {
    growing: [Growing; KEPT],
    next: usize,
}

impl Assembly {
    /// Takes a block in. `Some` is the service that it completes, and whether all of it is there.
    pub(super) fn block<'a>(
        &'a mut self,
        from: Side,
        package: &Package<'a>,
    ) -> Option<(u16, &'a [u8], &'static [Anomaly])> {
        let Package::Block { channel, block, whole, content } = *package else { return None };
        if let Some(whole) = whole {
            let whole = usize::try_from(whole).unwrap_or(usize::MAX);
            self.give_up(from, channel);
            if content.len() >= whole {
                let anomalies: &[Anomaly] =
                    if content.len() > whole { &[Anomaly::TRAILING] } else { &[] };
                return Some((channel, content.get(..whole)?, anomalies));
            }
            self.begin(from, channel, block, whole);
        }
        let key = Some((from, channel));
        let growing = self.growing.iter_mut().find(|growing| growing.key == key)?;
        if whole.is_none() && block != growing.last_block.wrapping_add(1) {
            if block.wrapping_sub(growing.last_block) < 0x8000_0000 && block != growing.last_block {
                growing.key = None;
            }
            return None;
        }
        growing.last_block = block;
        growing.seen = growing.seen.saturating_add(content.len());
        let room = KEPT_BYTES.min(growing.whole).saturating_sub(growing.bytes.len());
        growing.bytes.extend_from_slice(content.get(..room.min(content.len()))?);
        if growing.seen < growing.whole {
            return None;
        }
        growing.key = None;
        let anomalies: &[Anomaly] = match () {
            () if growing.whole > KEPT_BYTES => &[super::UNKEPT],
            () if growing.seen > growing.whole => &[Anomaly::TRAILING],
            () => &[],
        };
        Some((channel, &growing.bytes, anomalies))
    }

    fn begin(&mut self, from: Side, channel: u16, block: u32, whole: usize) {
        let free = self.growing.iter().position(|growing| growing.key.is_none());
        let place = free.unwrap_or(self.next);
        self.next = (place + 1) % KEPT;
        if let Some(growing) = self.growing.get_mut(place) {
            growing.bytes.clear();
            let bytes = std::mem::take(&mut growing.bytes);
            *growing =
                Growing { key: Some((from, channel)), last_block: block, whole, seen: 0, bytes };
        }
    }

    fn give_up(&mut self, from: Side, channel: u16) {
        for growing in &mut self.growing {
            if growing.key == Some((from, channel)) {
                growing.key = None;
            }
        }
    }

    /// Bytes of `from` were lost.
    pub(super) fn gap(&mut self, from: Side) {
        for growing in &mut self.growing {
            if growing.key.is_some_and(|(side, _)| side == from) {
                growing.key = None;
            }
        }
    }

    pub(super) fn held_bytes(&self) -> usize {
        self.growing.iter().map(|growing| growing.bytes.capacity()).sum()
    }
}
