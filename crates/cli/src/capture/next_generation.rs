//! pcapng: sections of blocks, several interfaces each with its own link type and clock.

use flow::LinkType;
use pcap_parser::{
    InterfaceDescriptionBlock, OptionCode, parse_enhancedpacketblock_be,
    parse_enhancedpacketblock_le, parse_interfacedescriptionblock_be,
    parse_interfacedescriptionblock_le, parse_simplepacketblock_be, parse_simplepacketblock_le,
};
use plant::Time;

use super::buffer::Buffer;
use super::{Damage, Record};

/// Block types, draft-ietf-opsawg-pcapng section 11.1.
mod block {
    pub(super) const SECTION: u32 = 0x0a0d_0d0a;
    pub(super) const INTERFACE: u32 = 1;
    pub(super) const SIMPLE_PACKET: u32 = 3;
    pub(super) const ENHANCED_PACKET: u32 = 6;
}

/// Interfaces of one section that are remembered.
const INTERFACES_MAX: usize = 4096;

#[derive(Clone, Copy)]
struct Interface {
    link: Option<LinkType>,
    /// Units of the timestamp in a second.
    resolution: u64,
    offset_seconds: i64,
    snap_bytes: u32,
}

impl Interface {
    /// `pcap-parser` 0.17 reads the offset in little endian always and refuses resolutions that
    /// are powers of two, so both come from the raw options here.
    fn new(described: &InterfaceDescriptionBlock<'_>, big_endian: bool) -> Self {
        let exponent = u32::from(described.if_tsresol & 0x7f);
        let resolution = if described.if_tsresol & 0x80 == 0 {
            10_u64.checked_pow(exponent)
        } else {
            1_u64.checked_shl(exponent)
        };
        let mut options = described.options.iter();
        let offset = options.find(|option| option.code == OptionCode::IfTsoffset);
        let offset = offset.and_then(|option| option.value.first_chunk().copied());
        let offset = offset.map(if big_endian { i64::from_be_bytes } else { i64::from_le_bytes });
        Self {
            link: u32::try_from(described.linktype.0).ok().and_then(LinkType::from_number),
            resolution: resolution.filter(|units| *units > 0).unwrap_or(1_000_000),
            offset_seconds: offset.unwrap_or(0),
            snap_bytes: described.snaplen,
        }
    }

    #[inline]
    fn time(&self, high: u32, low: u32) -> Time {
        let units = u64::from(high) << 32 | u64::from(low);
        let (seconds, rest) = (units / self.resolution, units % self.resolution);
        let ns = u128::from(rest) * u128::from(Time::SECOND_NS) / u128::from(self.resolution);
        let seconds = seconds.saturating_add_signed(self.offset_seconds);
        Time::from_parts(seconds, u64::try_from(ns).unwrap_or(0))
    }
}

/// What the blocks so far say of the packets to come.
#[derive(Default)]
pub(super) struct Section {
    big_endian: bool,
    interfaces: Vec<Interface>,
    /// Simple packets have no time: they get that of the packet before.
    latest: Time,
}

impl Section {
    pub(super) fn next<'b>(
        &mut self,
        buffer: &'b mut Buffer,
    ) -> Result<Option<Record<'b>>, Damage> {
        let (kind, length) = loop {
            let Some((kind, length)) = self.block(buffer)? else { return Ok(None) };
            match kind {
                block::INTERFACE => self.interface(buffer.pass(length)),
                block::ENHANCED_PACKET | block::SIMPLE_PACKET => break (kind, length),
                _ => drop(buffer.pass(length)),
            }
        };
        let offset = buffer.offset();
        let bytes = buffer.pass(length);
        let record = if kind == block::SIMPLE_PACKET {
            self.simple_packet(bytes)
        } else {
            self.enhanced_packet(bytes)
        };
        let unreadable = Damage::Format { what: "a packet block that cannot be read", offset };
        record.map(Some).ok_or(unreadable)
    }

    /// Type and length of the next block, which is then at hand as a whole.
    #[inline]
    fn block(&mut self, buffer: &mut Buffer) -> Result<Option<(u32, usize)>, Damage> {
        let offset = buffer.offset();
        if !buffer.want(12)? {
            return if buffer.bytes().is_empty() { Ok(None) } else { Err(Damage::Cut { offset }) };
        }
        let [kind, length, magic] = words(buffer.bytes());
        if u32::from_le_bytes(kind) == block::SECTION {
            self.big_endian = match u32::from_le_bytes(magic) {
                0x1a2b_3c4d => false,
                0x4d3c_2b1a => true,
                _ => {
                    return Err(Damage::Format { what: "a section without a byte order", offset });
                }
            };
            self.interfaces.clear();
        }
        let length = self.word(length) as usize;
        if length < 12 || !length.is_multiple_of(4) {
            return Err(Damage::Format { what: "a block with an impossible length", offset });
        }
        if !buffer.want(length)? {
            return Err(Damage::Cut { offset });
        }
        Ok(Some((self.word(kind), length)))
    }

    const fn word(&self, bytes: [u8; 4]) -> u32 {
        if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }

    fn interface(&mut self, bytes: &[u8]) {
        let parsed = if self.big_endian {
            parse_interfacedescriptionblock_be(bytes)
        } else {
            parse_interfacedescriptionblock_le(bytes)
        };
        // An interface that cannot be read keeps its number: its packets have no link type.
        let unknown =
            Interface { link: None, resolution: 1_000_000, offset_seconds: 0, snap_bytes: 0 };
        let interface =
            parsed.map_or(unknown, |(_, described)| Interface::new(&described, self.big_endian));
        if self.interfaces.len() < INTERFACES_MAX {
            self.interfaces.push(interface);
        }
    }

    #[inline]
    fn enhanced_packet<'b>(&mut self, bytes: &'b [u8]) -> Option<Record<'b>> {
        let parsed = if self.big_endian {
            parse_enhancedpacketblock_be(bytes)
        } else {
            parse_enhancedpacketblock_le(bytes)
        };
        let (_, packet) = parsed.ok()?;
        let interface = self.interfaces.get(packet.if_id as usize)?;
        self.latest = interface.time(packet.ts_high, packet.ts_low);
        let captured = packet.caplen as usize;
        Some(Record {
            time: self.latest,
            link: interface.link,
            bytes: packet.data.get(..captured).unwrap_or(packet.data),
            wire_bytes: packet.origlen,
        })
    }

    fn simple_packet<'b>(&self, bytes: &'b [u8]) -> Option<Record<'b>> {
        let parsed = if self.big_endian {
            parse_simplepacketblock_be(bytes)
        } else {
            parse_simplepacketblock_le(bytes)
        };
        let (_, packet) = parsed.ok()?;
        let interface = self.interfaces.first()?;
        let snap = if interface.snap_bytes == 0 { u32::MAX } else { interface.snap_bytes };
        let captured = packet.origlen.min(snap) as usize;
        Some(Record {
            time: self.latest,
            link: interface.link,
            bytes: packet.data.get(..captured).unwrap_or(packet.data),
            wire_bytes: packet.origlen,
        })
    }
}

/// The first three words of a block.
fn words(bytes: &[u8]) -> [[u8; 4]; 3] {
    let mut words = [[0; 4]; 3];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *word = *bytes;
    }
    words
}
