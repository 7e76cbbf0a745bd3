//! A range of IP addresses that share a prefix.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A network as `10.20.7.0/24` or `fd00:7::/64`; the address has no bits beside the prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    first: IpAddr,
    bits: u8,
}

/// Why text is not a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNetwork {
    /// Not `address/bits`.
    Shape,
    /// The prefix is longer than the address.
    Bits,
    /// The address has bits beside the prefix; this is the network that it lies in.
    HostBits(Network),
}

impl Network {
    /// The network of `bits` in which `ip` lies; bits beyond the address are cut.
    pub fn of(ip: IpAddr, bits: u8) -> Self {
        match ip {
            IpAddr::V4(v4) => {
                let bits = bits.min(32);
                let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
                Self { first: IpAddr::V4((v4.to_bits() & mask).into()), bits }
            }
            IpAddr::V6(v6) => {
                let bits = bits.min(128);
                let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
                Self { first: IpAddr::V6((v6.to_bits() & mask).into()), bits }
            }
        }
    }

    /// The lowest address.
    pub const fn first(self) -> IpAddr {
        self.first
    }

    /// The highest address: of IPv4 networks the directed broadcast.
    pub fn last(self) -> IpAddr {
        match self.first {
            IpAddr::V4(v4) => {
                let host = u32::MAX.checked_shr(self.bits.into()).unwrap_or(0);
                IpAddr::V4((v4.to_bits() | host).into())
            }
            IpAddr::V6(v6) => {
                let host = u128::MAX.checked_shr(self.bits.into()).unwrap_or(0);
                IpAddr::V6((v6.to_bits() | host).into())
            }
        }
    }

    /// Length of the prefix.
    pub const fn bits(self) -> u8 {
        self.bits
    }

    /// Whether `ip` lies in it.
    pub fn contains(self, ip: IpAddr) -> bool {
        ip.is_ipv4() == self.first.is_ipv4() && Self::of(ip, self.bits) == self
    }

    /// Whether `other` lies in it, or is the same.
    pub fn covers(self, other: Self) -> bool {
        self.bits <= other.bits && self.contains(other.first)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.bits)
    }
}

impl FromStr for Network {
    type Err = NotNetwork;

    fn from_str(text: &str) -> Result<Self, NotNetwork> {
        let (address, bits) = text.split_once('/').ok_or(NotNetwork::Shape)?;
        let ip: IpAddr = address.parse().map_err(|_| NotNetwork::Shape)?;
        let bits: u8 = bits.parse().map_err(|_| NotNetwork::Bits)?;
        if bits > if ip.is_ipv4() { 32 } else { 128 } {
            return Err(NotNetwork::Bits);
        }
        let network = Self::of(ip, bits);
        if network.first == ip { Ok(network) } else { Err(NotNetwork::HostBits(network)) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Network, NotNetwork};

    #[test]
    fn networks_contain_their_addresses_and_no_others() {
        let network: Network = "10.20.7.0/24".parse().unwrap();
        for (ip, inside) in [
            ("10.20.7.0", true),
            ("10.20.7.255", true),
            ("10.20.8.0", false),
            ("10.20.6.255", false),
            ("::", false),
        ] {
            assert_eq!(network.contains(ip.parse().unwrap()), inside, "{ip}");
        }
        assert_eq!(network.last().to_string(), "10.20.7.255");
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.covers(network) && !network.covers(all) && network.covers(network));
        let one: Network = "fd00::1/128".parse().unwrap();
        assert!(one.contains("fd00::1".parse().unwrap()) && one.first() == one.last());
        assert_eq!(
            "fd00:7::/64".parse::<Network>().unwrap().last().to_string(),
            "fd00:7::ffff:ffff:ffff:ffff"
        );
    }

    #[test]
    fn text_that_is_no_network_says_why() {
        assert_eq!("10.20.7.0".parse::<Network>(), Err(NotNetwork::Shape));
        assert_eq!("10.20.7/24".parse::<Network>(), Err(NotNetwork::Shape));
        assert_eq!("10.20.7.0/33".parse::<Network>(), Err(NotNetwork::Bits));
        let inside = Network::of("10.20.7.0".parse().unwrap(), 24);
        assert_eq!("10.20.7.9/24".parse::<Network>(), Err(NotNetwork::HostBits(inside)));
    }
}
