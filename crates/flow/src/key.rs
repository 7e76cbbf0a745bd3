//! Flow keys: one for both directions.

use plant::{Address, Mac};
use std::net::{IpAddr, Ipv6Addr};
use wire::Transport;

/// Two endpoints over one transport, the lower endpoint first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    addresses: [u128; 2],
    ports: u32,
    /// Transport, and its EtherType or IP protocol number.
    kind: u32,
}

const TCP: u32 = 1 << 16;
const UDP: u32 = 2 << 16;
const ETHER: u32 = 3 << 16;
const IP: u32 = 4 << 16;

/// Which of a key's endpoints sent a packet: 0 or 1.
pub(crate) type Direction = usize;

impl Key {
    /// The key of a packet, and which endpoint sent it.
    #[inline]
    pub(crate) fn of(
        transport: Transport,
        addresses: [u128; 2],
        ports: [u16; 2],
    ) -> (Self, Direction) {
        let kind = match transport {
            Transport::Tcp => TCP,
            Transport::Udp => UDP,
            Transport::Ether(ether_type) => ETHER | u32::from(ether_type),
            Transport::Ip(protocol) => IP | u32::from(protocol),
        };
        let [source, target] = addresses;
        let [from, to] = ports.map(u32::from);
        if (source, from) <= (target, to) {
            (Self { addresses, ports: from << 16 | to, kind }, 0)
        } else {
            (Self { addresses: [target, source], ports: to << 16 | from, kind }, 1)
        }
    }

    /// Port of an endpoint, 0 where the transport has none.
    pub(crate) const fn port(&self, endpoint: Direction) -> u16 {
        let [a, b, c, d] = self.ports.to_be_bytes();
        if endpoint == 0 { u16::from_be_bytes([a, b]) } else { u16::from_be_bytes([c, d]) }
    }

    /// Address of an endpoint.
    pub(crate) fn address(&self, endpoint: Direction) -> Address {
        let [lower, upper] = self.addresses;
        let address = if endpoint == 0 { lower } else { upper };
        if self.kind & ETHER == ETHER {
            Address::Mac(mac(address))
        } else {
            Address::Ip(ip(address))
        }
    }
}

/// An Ethernet address as a key.
#[inline]
pub(crate) fn of_mac(mac: Mac) -> u128 {
    let [a, b, c, d, e, f] = mac.0;
    u128::from(u64::from_be_bytes([0, 0, a, b, c, d, e, f]))
}

fn mac(address: u128) -> Mac {
    let [.., a, b, c, d, e, f] = address.to_be_bytes();
    Mac([a, b, c, d, e, f])
}

/// An address in the common form as people write it.
pub(crate) fn ip(address: u128) -> IpAddr {
    Ipv6Addr::from(address).to_canonical()
}

#[cfg(test)]
mod tests {
    use super::{Key, of_mac};
    use crate::ip::mapped;
    use plant::{Address, Mac};
    use wire::Transport;

    #[test]
    fn both_directions_have_one_key() {
        let (a, b) = (mapped([10, 0, 0, 1]), mapped([10, 0, 0, 2]));
        let (there, first) = Key::of(Transport::Tcp, [a, b], [40_000, 502]);
        let (back, second) = Key::of(Transport::Tcp, [b, a], [502, 40_000]);
        assert_eq!((there, first + second), (back, 1));
        assert_eq!(there.port(first), 40_000);
        assert_eq!(there.address(first), Address::Ip("10.0.0.1".parse().unwrap()));
        let (same_host, _) = Key::of(Transport::Tcp, [a, a], [502, 40_000]);
        assert_eq!(same_host, Key::of(Transport::Tcp, [a, a], [40_000, 502]).0);
    }

    #[test]
    fn ethernet_keys_read_back_as_addresses() {
        let macs = [Mac([2, 0, 0, 0, 0, 1]), Mac([0xff; 6])];
        let (key, from) = Key::of(Transport::Ether(0x8892), macs.map(of_mac), [0, 0]);
        assert_eq!(key.address(from), Address::Mac(macs[0]));
        assert_ne!(key, Key::of(Transport::Ether(0x88cc), macs.map(of_mac), [0, 0]).0);
    }
}
