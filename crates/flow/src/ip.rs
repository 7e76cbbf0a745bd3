//! IPv4 and IPv6 headers, and the TCP and UDP headers behind them.
//!
//! Checksums are not looked at: captures taken at the sender have none yet (offload), and the
//! receiver has judged them anyway. Sources: RFC 791, RFC 8200 section 4, RFC 9293, RFC 768.

use wire::Reader;

/// IP protocol numbers (IANA).
pub(crate) const TCP: u8 = 6;
pub(crate) const UDP: u8 = 17;

/// One IP packet or fragment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packet<'a> {
    /// Source and target; IPv4 as `::ffff:a.b.c.d`.
    pub(crate) addresses: [u128; 2],
    pub(crate) protocol: u8,
    /// What follows the IP headers, without link padding.
    pub(crate) payload: &'a [u8],
    /// The capture cut the packet short.
    pub(crate) cut: bool,
    pub(crate) fragment: Option<Fragment>,
}

/// Where a fragment belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fragment {
    pub(crate) id: u32,
    /// In bytes.
    pub(crate) offset: usize,
    pub(crate) more: bool,
}

/// An IPv4 address in the common form.
#[inline]
pub(crate) fn mapped(address: [u8; 4]) -> u128 {
    0xffff_0000_0000 | u128::from(u32::from_be_bytes(address))
}

#[inline]
pub(crate) fn v4(bytes: &[u8]) -> Option<Packet<'_>> {
    let mut reader = Reader::new(bytes);
    let version = reader.u8()?;
    let header = usize::from(version & 0x0f) * 4;
    reader.skip(1)?;
    let total = usize::from(reader.be16()?);
    let id = reader.be16()?;
    let flags = reader.be16()?;
    reader.skip(1)?;
    let protocol = reader.u8()?;
    reader.skip(2)?;
    let addresses = [mapped(reader.array()?), mapped(reader.array()?)];
    if version >> 4 != 4 || header < 20 {
        return None;
    }
    reader.skip(header - 20)?;
    // Total length 0 is what segmentation offload leaves in captures of large sends.
    let length = if total == 0 { reader.len() } else { total.checked_sub(header)? };
    let cut = length > reader.len();
    let payload = reader.take(length.min(reader.len()))?;
    let fragment = (flags & 0x3fff != 0).then(|| Fragment {
        id: id.into(),
        offset: usize::from(flags & 0x1fff) * 8,
        more: flags & 0x2000 != 0,
    });
    Some(Packet { addresses, protocol, payload, cut, fragment })
}

pub(crate) fn v6(bytes: &[u8]) -> Option<Packet<'_>> {
    let mut reader = Reader::new(bytes);
    let version = reader.be32()?;
    let length = usize::from(reader.be16()?);
    let mut next = reader.u8()?;
    reader.skip(1)?;
    let addresses = [u128::from_be_bytes(reader.array()?), u128::from_be_bytes(reader.array()?)];
    if version >> 28 != 6 {
        return None;
    }
    let length = if length == 0 { reader.len() } else { length };
    let cut = length > reader.len();
    let mut payload = reader.sub(length.min(reader.len()))?;
    let mut fragment = None;
    // Hop-by-hop, routing, fragment, authentication, destination options, mobility, HIP, shim6.
    while matches!(next, 0 | 43 | 44 | 51 | 60 | 135 | 139 | 140) && fragment.is_none() {
        let kind = next;
        next = payload.u8()?;
        let length = payload.u8()?;
        match kind {
            44 => {
                let offset = payload.be16()?;
                let id = payload.be32()?;
                let more = offset & 1 != 0;
                fragment = Some(Fragment { id, offset: usize::from(offset & 0xfff8), more });
            }
            51 => payload.skip((usize::from(length) + 2) * 4 - 2)?,
            _ => payload.skip((usize::from(length) + 1) * 8 - 2)?,
        }
    }
    Some(Packet { addresses, protocol: next, payload: payload.rest(), cut, fragment })
}

/// One TCP segment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment<'a> {
    pub(crate) ports: [u16; 2],
    pub(crate) sequence: u32,
    pub(crate) acknowledged: u32,
    pub(crate) flags: u8,
    pub(crate) payload: &'a [u8],
}

/// Flags of a TCP header, RFC 9293 section 3.1.
pub(crate) mod flag {
    pub(crate) const FIN: u8 = 0x01;
    pub(crate) const SYN: u8 = 0x02;
    pub(crate) const RST: u8 = 0x04;
    pub(crate) const ACK: u8 = 0x10;
}

#[inline]
pub(crate) fn tcp(bytes: &[u8]) -> Option<Segment<'_>> {
    let mut reader = Reader::new(bytes);
    let ports = [reader.be16()?, reader.be16()?];
    let sequence = reader.be32()?;
    let acknowledged = reader.be32()?;
    let [offset, flags] = reader.array()?;
    reader.skip(6)?;
    reader.skip((usize::from(offset >> 4) * 4).checked_sub(20)?)?;
    Some(Segment { ports, sequence, acknowledged, flags, payload: reader.rest() })
}

/// One UDP datagram: ports and payload, and whether it is shorter than it says.
#[inline]
pub(crate) fn udp(bytes: &[u8]) -> Option<([u16; 2], &[u8], bool)> {
    let mut reader = Reader::new(bytes);
    let ports = [reader.be16()?, reader.be16()?];
    let length = usize::from(reader.be16()?);
    reader.skip(2)?;
    let length = length.checked_sub(8).unwrap_or(reader.len());
    let cut = length > reader.len();
    Some((ports, reader.take(length.min(reader.len()))?, cut))
}

#[cfg(test)]
mod tests {
    use super::{mapped, tcp, udp, v4, v6};

    const V4: [u8; 24] = [
        0x45, 0, 0, 22, 0, 7, 0x20, 2, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, //
        0xaa, 0xbb, 0, 0, // two bytes of payload, two of link padding
    ];

    #[test]
    fn link_padding_is_not_payload_and_fragments_are_told() {
        let packet = v4(&V4).unwrap();
        assert_eq!(packet.payload, [0xaa, 0xbb]);
        assert_eq!(packet.addresses, [mapped([10, 0, 0, 1]), mapped([10, 0, 0, 2])]);
        let fragment = packet.fragment.unwrap();
        assert_eq!((fragment.id, fragment.offset, fragment.more), (7, 16, true));
        assert!(!packet.cut && v4(&V4[..21]).unwrap().cut);
    }

    #[test]
    fn ipv6_extension_headers_lead_to_the_transport() {
        let mut bytes = vec![0x60, 0, 0, 0, 0, 16, 0, 64];
        bytes.extend([0; 32]);
        bytes.extend([60, 0, 1, 4, 0, 0, 0, 0]); // hop-by-hop, then
        bytes.extend([17, 0, 1, 4, 0, 0, 0, 0]); // destination options, then UDP
        let packet = v6(&bytes).unwrap();
        assert_eq!((packet.protocol, packet.payload.len()), (17, 0));
    }

    #[test]
    fn impossible_headers_are_refused_at_every_length() {
        for end in 0..20 {
            assert!(v4(&V4[..end]).is_none(), "{end}");
        }
        assert!(v4(&[0x44; 40]).is_none(), "header length below 20");
        assert!(v6(&V4).is_none());
        assert!(tcp(&[0; 20]).is_none(), "data offset below 5");
        assert!(tcp(&[0; 19]).is_none());
        assert!(udp(&[0; 7]).is_none());
    }

    #[test]
    fn a_udp_length_longer_than_the_packet_is_a_cut() {
        let (ports, payload, cut) = udp(&[0, 53, 0, 99, 0, 12, 0, 0, 1, 2]).unwrap();
        assert_eq!((ports, payload, cut), ([53, 99], &[1, 2][..], true));
    }
}
