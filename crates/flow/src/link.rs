//! The link layer: from a captured frame to its stations, EtherType and payload.
//!
//! Sources: IEEE 802.3 clause 3, IEEE 802.1Q clause 9 (and 802.1ad S-tags), the `pcap-linktype`
//! registry for Linux cooked v1 and v2, raw IP and BSD loopback. LLC frames (a length where the
//! EtherType stands) have no EtherType and are reported with 0.

use plant::Mac;
use wire::Reader;

/// How frames of a capture interface begin, by its number in the `pcap-linktype` registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkType {
    /// 1: Ethernet.
    Ethernet,
    /// 113: Linux cooked, version 1.
    Cooked,
    /// 276: Linux cooked, version 2.
    Cooked2,
    /// 12, 14, 101, 228, 229: an IP packet without a link header.
    Raw,
    /// 0 and 108: BSD loopback, an address family in either byte order.
    Loopback,
}

impl LinkType {
    /// The link type with this number in the registry, if frames of it can be read.
    pub const fn from_number(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::Ethernet),
            113 => Some(Self::Cooked),
            276 => Some(Self::Cooked2),
            12 | 14 | 101 | 228 | 229 => Some(Self::Raw),
            0 | 108 => Some(Self::Loopback),
            _ => None,
        }
    }
}

/// A frame without its link header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Linked<'a> {
    /// Sender and receiver; unset where the link type has none.
    pub(crate) macs: [Mac; 2],
    /// The innermost VLAN id, 0 if untagged.
    pub(crate) vlan: u16,
    pub(crate) ether_type: u16,
    pub(crate) payload: &'a [u8],
}

pub(crate) const IPV4: u16 = 0x0800;
pub(crate) const IPV6: u16 = 0x86dd;
/// Smallest EtherType; anything below is an IEEE 802.3 length.
const ETHER_TYPE_MIN: u16 = 0x0600;

/// Takes the link header off `bytes`; `None` if it does not fit.
#[inline]
pub(crate) fn decode(link: LinkType, bytes: &[u8]) -> Option<Linked<'_>> {
    let mut reader = Reader::new(bytes);
    match link {
        LinkType::Ethernet => {
            let target = Mac(reader.array()?);
            let source = Mac(reader.array()?);
            tagged([source, target], reader)
        }
        LinkType::Cooked => {
            reader.skip(6)?;
            let source = Mac(reader.array()?);
            reader.skip(2)?;
            tagged([source, Mac::default()], reader)
        }
        LinkType::Cooked2 => {
            let ether_type = reader.take(2)?;
            reader.skip(10)?;
            let source = Mac(reader.array()?);
            reader.skip(2)?;
            let macs = [source, Mac::default()];
            let ether_type = Reader::new(ether_type).be16()?;
            if is_tag(ether_type) {
                vlan(macs, reader)
            } else {
                untagged(macs, 0, ether_type, reader)
            }
        }
        LinkType::Raw => raw(reader),
        LinkType::Loopback => {
            reader.skip(4)?;
            raw(reader)
        }
    }
}

const fn is_tag(ether_type: u16) -> bool {
    matches!(ether_type, 0x8100 | 0x88a8 | 0x9100)
}

#[inline]
fn tagged(macs: [Mac; 2], mut reader: Reader<'_>) -> Option<Linked<'_>> {
    let ether_type = reader.be16()?;
    if is_tag(ether_type) {
        return vlan(macs, reader);
    }
    untagged(macs, 0, ether_type, reader)
}

fn vlan(macs: [Mac; 2], mut reader: Reader<'_>) -> Option<Linked<'_>> {
    loop {
        let id = reader.be16()? & 0x0fff;
        let ether_type = reader.be16()?;
        if !is_tag(ether_type) {
            return untagged(macs, id, ether_type, reader);
        }
    }
}

#[inline]
fn untagged(macs: [Mac; 2], vlan: u16, ether_type: u16, reader: Reader<'_>) -> Option<Linked<'_>> {
    let ether_type = if ether_type < ETHER_TYPE_MIN { 0 } else { ether_type };
    Some(Linked { macs, vlan, ether_type, payload: reader.rest() })
}

fn raw(reader: Reader<'_>) -> Option<Linked<'_>> {
    let ether_type = match reader.peek()? >> 4 {
        4 => IPV4,
        6 => IPV6,
        _ => return None,
    };
    untagged([Mac::default(); 2], 0, ether_type, reader)
}

#[cfg(test)]
mod tests {
    use super::{IPV4, LinkType, decode};
    use plant::Mac;

    const TARGET: [u8; 6] = [2, 0, 0, 0, 0, 2];
    const SOURCE: [u8; 6] = [2, 0, 0, 0, 0, 1];

    fn ethernet(rest: &[u8]) -> Vec<u8> {
        [&TARGET, &SOURCE, rest].concat()
    }

    #[test]
    fn q_in_q_shows_the_innermost_vlan() {
        let bytes = ethernet(&[0x88, 0xa8, 0, 100, 0x81, 0, 0x60, 207, 8, 0, 0x45]);
        let linked = decode(LinkType::Ethernet, &bytes).unwrap();
        assert_eq!((linked.vlan, linked.ether_type, linked.payload), (207, IPV4, &[0x45][..]));
        assert_eq!(linked.macs, [Mac(SOURCE), Mac(TARGET)]);
    }

    #[test]
    fn an_802_3_length_is_not_an_ether_type() {
        let bytes = ethernet(&[0, 38, 0x42, 0x42, 3]);
        assert_eq!(decode(LinkType::Ethernet, &bytes).unwrap().ether_type, 0);
    }

    #[test]
    fn cooked_frames_carry_the_sender_only() {
        let v1 = [&[0, 0, 0, 1, 0, 6][..], &SOURCE, &[0, 0, 8, 0, 0x45]].concat();
        let v2 = [&[8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6][..], &SOURCE, &[0, 0, 0x45]].concat();
        for (link, bytes) in [(LinkType::Cooked, v1), (LinkType::Cooked2, v2)] {
            let linked = decode(link, &bytes).unwrap();
            assert_eq!((linked.macs[0], linked.payload), (Mac(SOURCE), &[0x45][..]));
        }
    }

    #[test]
    fn raw_and_loopback_tell_ip_by_its_version() {
        assert_eq!(decode(LinkType::Raw, &[0x45, 0]).unwrap().ether_type, 0x0800);
        assert_eq!(decode(LinkType::Loopback, &[2, 0, 0, 0, 0x60, 0]).unwrap().ether_type, 0x86dd);
        assert!(decode(LinkType::Raw, &[0x10]).is_none());
    }

    #[test]
    fn every_truncated_header_is_refused() {
        let bytes = ethernet(&[0x81, 0, 0, 7, 8, 0]);
        for end in 0..bytes.len() {
            assert!(decode(LinkType::Ethernet, &bytes[..end]).is_none(), "{end}");
        }
        assert!(decode(LinkType::Ethernet, &bytes).is_some());
    }
}
