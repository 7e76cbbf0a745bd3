//! Classic pcap: one header, then records.

use flow::LinkType;
use pcap_parser::nom;
use pcap_parser::{LegacyPcapBlock, PcapError};
use plant::Time;

use super::buffer::Buffer;
use super::{Damage, Record};

type ParseRecord =
    for<'a> fn(&'a [u8]) -> nom::IResult<&'a [u8], LegacyPcapBlock<'a>, PcapError<&'a [u8]>>;

/// What the file header says of all records.
pub(super) struct Header {
    link: Option<LinkType>,
    /// Nanoseconds in a unit of the sub-second field.
    unit_ns: u64,
    parse: ParseRecord,
}

impl Header {
    pub(super) fn read(buffer: &mut Buffer) -> Result<Self, Damage> {
        let (left, header) =
            pcap_parser::parse_pcap_header(buffer.bytes()).map_err(|_| Damage::NotACapture)?;
        let size = buffer.bytes().len() - left.len();
        // The upper bits of the link type field carry the frame check sequence length.
        let link = u32::try_from(header.network.0 & 0x0fff_ffff).ok();
        buffer.pass(size);
        Ok(Self {
            link: link.and_then(LinkType::from_number),
            unit_ns: if header.is_nanosecond_precision() { 1 } else { 1000 },
            parse: match (header.is_modified_format(), header.is_bigendian()) {
                (true, _) => pcap_parser::parse_pcap_frame_modified,
                (false, true) => pcap_parser::parse_pcap_frame_be,
                (false, false) => pcap_parser::parse_pcap_frame,
            },
        })
    }

    #[inline]
    pub(super) fn next<'b>(&self, buffer: &'b mut Buffer) -> Result<Option<Record<'b>>, Damage> {
        let offset = buffer.offset();
        let unreadable = Damage::Format { what: "a record that cannot be read", offset };
        let size = loop {
            let missing = match (self.parse)(buffer.bytes()) {
                Ok((left, _)) => break buffer.bytes().len() - left.len(),
                Err(nom::Err::Incomplete(nom::Needed::Size(more))) => more.get(),
                Err(nom::Err::Incomplete(nom::Needed::Unknown)) => 1,
                Err(nom::Err::Error(_) | nom::Err::Failure(_)) => return Err(unreadable),
            };
            let at_hand = buffer.bytes().len();
            if !buffer.want(at_hand.saturating_add(missing))? {
                return if buffer.bytes().is_empty() {
                    Ok(None)
                } else {
                    Err(Damage::Cut { offset })
                };
            }
        };
        let Ok((_, block)) = (self.parse)(buffer.pass(size)) else { return Err(unreadable) };
        Ok(Some(Record {
            time: Time::from_parts(block.ts_sec.into(), u64::from(block.ts_usec) * self.unit_ns),
            link: self.link,
            bytes: block.data,
            wire_bytes: block.origlen,
        }))
    }
}
