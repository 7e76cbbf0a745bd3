//! One LLDPDU read TLV by TLV.
//!
//! Keeps what it could read when a TLV is cut short, and says so. Order and number of the mandatory
//! TLVs: IEEE 802.1AB-2016 9.2.7.

use std::fmt;
use std::net::IpAddr;

use arrayvec::ArrayVec;
use plant::Mac;

use super::codes::{self, tlv};
use crate::message::{Anomaly, Field, Subject};
use crate::{Reader, Text};

pub(super) const OVERRUN: Anomaly = Anomaly::malformed("TLV length passes the end of the frame");
pub(super) const SHORT: Anomaly = Anomaly::malformed("TLV is too short for its type");
pub(super) const ORDER: Anomaly =
    Anomaly::violation("chassis id, port id and time to live are not the first three TLVs");
pub(super) const REPEATED: Anomaly = Anomaly::violation("TLV stands more than once");

/// Anomalies kept of one unit.
const ANOMALIES_MAX: usize = 4;
/// Management addresses kept of one unit; stations name one per IP version and interface.
const ADDRESSES_MAX: usize = 4;

/// What one LLDPDU says.
#[derive(Default)]
pub(super) struct Unit<'a> {
    pub(super) chassis: Option<Identifier<'a>>,
    pub(super) port: Option<Identifier<'a>>,
    pub(super) time_to_live: Option<u16>,
    pub(super) system_name: Option<Text<'a>>,
    pub(super) description: Option<&'a [u8]>,
    /// The enabled ones.
    pub(super) capabilities: Option<u16>,
    pub(super) addresses: ArrayVec<IpAddr, ADDRESSES_MAX>,
    /// The sender told something in PROFINET's own TLVs.
    pub(super) profinet: bool,
    /// The interface behind the port, which has the IP address, as PROFINET stations tell it.
    pub(super) interface: Option<Mac>,
    pub(super) inventory: ArrayVec<(Field, Text<'a>), 12>,
    pub(super) anomalies: ArrayVec<Anomaly, ANOMALIES_MAX>,
}

impl<'a> Unit<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let mut unit = Self::default();
        let mut reader = Reader::new(bytes);
        let mut place = 0_u8;
        while let Some(head) = reader.be16() {
            let (kind, length) = ((head >> 9).to_le_bytes()[0], usize::from(head & 0x1ff));
            if kind == tlv::END {
                break;
            }
            place = place.saturating_add(1);
            unit.order(place, kind);
            let Some(value) = reader.sub(length) else {
                unit.note(OVERRUN);
                break;
            };
            if unit.tlv(kind, value).is_none() {
                unit.note(SHORT);
            }
        }
        if place < 3 {
            unit.note(Anomaly::TRUNCATED);
        }
        unit
    }

    /// The first three TLVs are the mandatory ones, and those stand nowhere else.
    fn order(&mut self, place: u8, kind: u8) {
        let repeated = match kind {
            tlv::CHASSIS => self.chassis.is_some(),
            tlv::PORT => self.port.is_some(),
            tlv::TIME_TO_LIVE => self.time_to_live.is_some(),
            _ => false,
        };
        if place <= 3 && kind != place {
            self.note(ORDER);
        } else if repeated {
            self.note(REPEATED);
        }
    }

    fn note(&mut self, anomaly: Anomaly) {
        if !self.anomalies.contains(&anomaly) {
            let _ = self.anomalies.try_push(anomaly);
        }
    }

    fn tlv(&mut self, kind: u8, mut value: Reader<'a>) -> Option<()> {
        match kind {
            tlv::CHASSIS => {
                let read = Identifier::read(&mut value, codes::CHASSIS_MAC, codes::CHASSIS_NETWORK);
                self.chassis = self.chassis.or(Some(read?));
            }
            tlv::PORT => {
                let read = Identifier::read(&mut value, codes::PORT_MAC, codes::PORT_NETWORK);
                self.port = self.port.or(Some(read?));
            }
            tlv::TIME_TO_LIVE => {
                self.time_to_live = self.time_to_live.or(Some(value.be16()?));
            }
            tlv::SYSTEM_NAME => self.system_name = Some(Text::trimmed(value.rest())),
            tlv::SYSTEM_DESCRIPTION => self.description = Some(value.rest()),
            tlv::CAPABILITIES => {
                value.skip(2)?;
                self.capabilities = Some(value.be16()?);
            }
            tlv::MANAGEMENT_ADDRESS => self.management_address(value)?,
            tlv::ORGANIZATION => self.organization(value)?,
            _ => {}
        }
        Some(())
    }

    /// IEEE 802.1AB-2016 8.5.9: length, address family, address; the interface is not kept.
    fn management_address(&mut self, mut value: Reader<'a>) -> Option<()> {
        let length = value.u8()?;
        let address = network_address(value.take(length.into())?);
        if let Some(ip) = address {
            let _ = self.addresses.try_push(ip);
        }
        Some(())
    }

    fn organization(&mut self, mut value: Reader<'a>) -> Option<()> {
        let organization = value.array::<3>()?;
        let subtype = value.u8()?;
        match organization {
            codes::PROFINET => {
                self.profinet = true;
                if subtype == codes::PROFINET_INTERFACE {
                    self.interface = Some(Mac(value.array()?));
                }
            }
            codes::MED => {
                if let Some(field) = codes::inventory(subtype) {
                    let _ = self.inventory.try_push((field, Text::trimmed(value.rest())));
                }
            }
            _ => {}
        }
        Some(())
    }

    /// PROFINET stations of the first generations give their station name as chassis id; later
    /// ones give a line of fixed columns there, and the name behind the port: `port-001.name`.
    pub(super) fn station_name(&self) -> Option<Text<'a>> {
        if !self.profinet {
            return None;
        }
        let port = self.port.and_then(Identifier::local).unwrap_or_default();
        let behind = port.iter().position(|byte| *byte == b'.').and_then(|dot| port.get(dot + 1..));
        let chassis = self.chassis.and_then(Identifier::local);
        let name = behind.filter(|name| !name.is_empty()).or(chassis)?;
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        name.iter().all(plain).then_some(Text(name))
    }

    /// The station that has the port. Frames come from the port, which may have an address of its
    /// own, so that a switch would be as many stations as it has ports.
    pub(super) fn station(&self) -> Subject {
        let chassis = match self.chassis {
            Some(Identifier::Mac(mac)) => Some(mac),
            Some(Identifier::Ip(_) | Identifier::Local(_) | Identifier::Other(_)) | None => None,
        };
        let mac = self.interface.or(chassis).filter(|mac| !mac.is_group() && !mac.is_unset());
        mac.map_or(Subject::Sender, Subject::Mac)
    }

    /// The port of the chassis, as the message's object.
    pub(super) const fn place(&self) -> Place<'a> {
        Place { chassis: self.chassis, port: self.port }
    }
}

impl fmt::Display for Unit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(seconds) = self.time_to_live {
            write!(f, "ttl {seconds} s")?;
        }
        if let Some(description) = self.description {
            write!(f, ", description {}", Text::trimmed(description))?;
        }
        let mut set = self.addresses.iter().filter(|ip| !ip.is_unspecified());
        set.try_for_each(|ip| write!(f, ", management {ip}"))
    }
}

/// `PORT of CHASSIS`.
pub(super) struct Place<'a> {
    chassis: Option<Identifier<'a>>,
    port: Option<Identifier<'a>>,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.port, self.chassis) {
            (Some(port), Some(chassis)) => write!(f, "{port} of {chassis}"),
            (Some(only), None) | (None, Some(only)) => only.fmt(f),
            (None, None) => Ok(()),
        }
    }
}

/// Chassis or port id.
#[derive(Clone, Copy)]
pub(super) enum Identifier<'a> {
    Mac(Mac),
    Ip(IpAddr),
    Local(&'a [u8]),
    Other(&'a [u8]),
}

impl<'a> Identifier<'a> {
    /// `mac` and `network` are the subtypes that chassis and port number differently.
    fn read(value: &mut Reader<'a>, mac: u8, network: u8) -> Option<Self> {
        let subtype = value.u8()?;
        let mut bytes = *value;
        if bytes.is_empty() {
            return None;
        }
        let special = if subtype == mac && bytes.len() == 6 {
            bytes.array().map(|mac| Self::Mac(Mac(mac)))
        } else if subtype == network {
            network_address(bytes.rest()).map(Self::Ip)
        } else {
            None
        };
        Some(special.unwrap_or(if subtype == codes::LOCAL {
            Self::Local(value.rest())
        } else {
            Self::Other(value.rest())
        }))
    }

    const fn local(self) -> Option<&'a [u8]> {
        match self {
            Self::Local(bytes) => Some(bytes),
            Self::Mac(_) | Self::Ip(_) | Self::Other(_) => None,
        }
    }
}

impl fmt::Display for Identifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mac(mac) => mac.fmt(f),
            Self::Ip(ip) => ip.fmt(f),
            Self::Local(bytes) | Self::Other(bytes) => Text::trimmed(bytes).fmt(f),
        }
    }
}

/// An address with its family in front (IANA address family numbers: 1 IPv4, 2 IPv6).
fn network_address(bytes: &[u8]) -> Option<IpAddr> {
    let mut reader = Reader::new(bytes);
    match (reader.u8()?, reader.len()) {
        (1, 4) => reader.array::<4>().map(IpAddr::from),
        (2, 16) => reader.array::<16>().map(IpAddr::from),
        _ => None,
    }
}
