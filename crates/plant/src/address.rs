//! Where an asset can be reached: an Ethernet or an IP address.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// An Ethernet (MAC) address, as on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// Whether the frame goes to more than one station: broadcast or multicast (IEEE 802, I/G bit).
    pub const fn is_group(self) -> bool {
        self.0[0] & 1 == 1
    }

    /// Whether the address was made up by software (IEEE 802, U/L bit), so no vendor stands in it.
    pub const fn is_local(self) -> bool {
        self.0[0] & 2 == 2
    }

    /// Whether all bytes are zero: a capture without link addresses, or an unset field.
    pub const fn is_unset(self) -> bool {
        matches!(self.0, [0, 0, 0, 0, 0, 0])
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

/// Reads `00:30:d6:12:34:56` and `00-30-D6-12-34-56`.
impl FromStr for Mac {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut bytes = [0; 6];
        let mut parts = text.split([':', '-']);
        for byte in &mut bytes {
            let part = parts.next().filter(|part| part.len() == 2).ok_or(())?;
            *byte = u8::from_str_radix(part, 16).map_err(|_| ())?;
        }
        if parts.next().is_some() { Err(()) } else { Ok(Self(bytes)) }
    }
}

/// Where an asset can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// On its own Ethernet segment only.
    Mac(Mac),
    /// Over IP.
    Ip(IpAddr),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mac(mac) => mac.fmt(f),
            Self::Ip(ip) => ip.fmt(f),
        }
    }
}

impl FromStr for Address {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.parse() {
            Ok(ip) => Ok(Self::Ip(ip)),
            Err(_) => text.parse().map(Self::Mac),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Mac};

    #[test]
    fn addresses_read_back_as_printed() {
        for text in ["00:30:d6:12:34:56", "10.20.7.10", "fe80::1"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        for text in ["00:30:d6:12:34", "00:30:d6:12:34:56:78", "0:30:d6:12:34:56", "robot"] {
            assert_eq!(text.parse::<Address>(), Err(()));
        }
    }

    #[test]
    fn group_and_local_bits_are_those_of_the_first_byte() {
        assert!(Mac([0x01, 0x0e, 0xcf, 0, 0, 0]).is_group());
        assert!(Mac([0x02, 0, 0, 0, 0, 1]).is_local());
        assert!(!Mac([0x00, 0x30, 0xd6, 0, 0, 1]).is_group());
    }
}
