//! What the Identity object tells of a device: the same fields answer List Identity and reads of
//! class 0x01.
//!
//! Vendors are listed where the name is that of a maker found in robot cells; others stay a
//! number. Sources: CIP Volume 1 chapter 5 (Identity Object) and 6-1 (device types); vendor ids as
//! registered with ODVA.

use std::fmt;

use arrayvec::ArrayVec;

use crate::message::{Fact, Field, Role, Subject};
use crate::{Reader, Text};

/// Fields of the Identity object, as far as they were told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Identity<'a> {
    vendor: Option<Vendor>,
    device_type: Option<u16>,
    product_code: Option<u16>,
    revision: Option<Revision>,
    serial: Option<Serial>,
    product: Option<Text<'a>>,
}

#[derive(Clone, Copy, Debug)]
struct Vendor(u16);

#[derive(Clone, Copy, Debug)]
struct Revision {
    major: u8,
    minor: u8,
}

#[derive(Clone, Copy, Debug)]
struct Serial(u32);

/// Most facts that one identity comes to.
pub(crate) const FACTS_MAX: usize = 6;

impl<'a> Identity<'a> {
    /// Attributes 1 to 7 one after the other, as in List Identity and Get Attributes All.
    pub(crate) fn all(mut data: Reader<'a>) -> Option<Self> {
        let mut identity = Self::default();
        for attribute in 1..=7 {
            identity.attribute(attribute, &mut data)?;
        }
        Some(identity)
    }

    /// Attributes in a Get Attribute List response: count, then number, status, value each.
    pub(crate) fn list(mut data: Reader<'a>) -> Self {
        let mut identity = Self::default();
        for _ in 0..data.le16().unwrap_or(0) {
            let (Some(attribute), Some(status)) = (data.le16(), data.le16()) else { break };
            if status == 0 && identity.attribute(u32::from(attribute), &mut data).is_none() {
                break;
            }
        }
        identity
    }

    /// The one attribute of a Get Attribute Single response.
    pub(crate) fn single(attribute: u32, mut data: Reader<'a>) -> Self {
        let mut identity = Self::default();
        let _ = identity.attribute(attribute, &mut data);
        identity
    }

    fn attribute(&mut self, attribute: u32, data: &mut Reader<'a>) -> Option<()> {
        match attribute {
            1 => self.vendor = Some(Vendor(data.le16()?)),
            2 => self.device_type = Some(data.le16()?),
            3 => self.product_code = Some(data.le16()?),
            4 => self.revision = Some(Revision { major: data.u8()?, minor: data.u8()? }),
            5 => data.skip(2)?, // status
            6 => self.serial = Some(Serial(data.le32()?)),
            7 => {
                let length = usize::from(data.u8()?);
                self.product = Some(Text::trimmed(data.take(length)?));
            }
            _ => return None, // of unknown length
        }
        Some(())
    }

    /// The facts, about the sender. Of a module `behind` the sender only the role is the station's.
    pub(crate) fn facts(&self, behind: bool) -> ArrayVec<Fact<'_>, FACTS_MAX> {
        let about = Subject::Sender;
        let mut facts = ArrayVec::new();
        if let Some(role) = self.device_type.and_then(role) {
            facts.push(Fact::Role { about, role, reason: "CIP device type" });
        }
        if behind {
            return facts;
        }
        let told: [(Field, Option<&dyn fmt::Display>); 5] = [
            (Field::Vendor, self.vendor.as_ref().filter(|vendor| vendor.0 != 0).map(|v| v as _)),
            (
                Field::Product,
                self.product.as_ref().filter(|text| !text.0.is_empty()).map(|p| p as _),
            ),
            (Field::OrderCode, self.product_code.as_ref().map(|code| code as _)),
            (Field::Serial, self.serial.as_ref().filter(|serial| serial.0 != 0).map(|s| s as _)),
            (Field::Firmware, self.revision.as_ref().map(|revision| revision as _)),
        ];
        for (field, value) in told {
            facts.extend(value.map(|value| Fact::Identity { about, field, value }));
        }
        facts
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match VENDORS.binary_search_by_key(&self.0, |(id, _)| *id) {
            Ok(place) => f.write_str(VENDORS.get(place).map_or("", |(_, name)| name)),
            Err(_) => write!(f, "CIP vendor {}", self.0),
        }
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// What a device of this type is (CIP Volume 1 chapter 6).
const fn role(device_type: u16) -> Option<Role> {
    match device_type {
        0x0e => Some(Role::Plc),
        0x18 => Some(Role::Hmi),
        0x2c => Some(Role::Network),
        0x02..=0x0c | 0x10..=0x17 | 0x1a..=0x2a | 0x2d..=0x35 => Some(Role::Device),
        _ => None, // generic, embedded and vendor specific types tell nothing
    }
}

/// By vendor id, ascending.
static VENDORS: &[(u16, &str)] = &[
    (1, "Rockwell Automation/Allen-Bradley"),
    (5, "Rockwell Automation/Reliance Electric"),
    (7, "SMC Corporation"),
    (8, "Molex Incorporated"),
    (12, "Banner Engineering"),
    (26, "Festo"),
    (40, "WAGO"),
    (43, "Balluff"),
    (44, "Yaskawa Electric America"),
    (46, "ABB Industrial Systems"),
    (47, "Omron"),
    (48, "Turck"),
    (52, "Numatics"),
    (57, "Pepperl+Fuchs"),
    (58, "Spectrum Controls"),
    (68, "Eaton Electrical"),
    (74, "Hitachi"),
    (75, "ABB Robotics"),
    (90, "HMS Industrial Networks"),
    (97, "Danfoss"),
    (100, "Bosch Rexroth Pneumatics"),
    (108, "Beckhoff Automation"),
    (121, "KUKA"),
    (145, "Siemens Energy & Automation/Drives"),
    (161, "Mitsubishi Electric"),
    (171, "Denso Wave"),
    (181, "Pilz"),
    (243, "Schneider Automation"),
    (255, "Bosch Rexroth"),
    (256, "Turck"),
    (283, "Hilscher"),
    (287, "Bosch Rexroth Indramat"),
    (309, "ProSoft Technology"),
    (315, "SEW-Eurodrive"),
    (319, "Fuji Electric"),
    (322, "ifm efector"),
    (326, "GE Fanuc Automation"),
    (351, "Kawasaki Robotics"),
    (356, "FANUC Robotics America"),
    (367, "Keyence"),
    (416, "Nordson"),
    (441, "Nachi-Fujikoshi"),
    (445, "Lenze"),
    (486, "Miller Electric"),
    (561, "Comau Robotics"),
    (562, "Phoenix Contact"),
    (591, "FANUC"),
    (634, "Hirschmann"),
    (640, "Murrelektronik"),
    (678, "Cognex"),
    (722, "ABB"),
    (796, "Siemens Energy & Automation"),
    (808, "SICK"),
    (887, "B&R Industrial Automation"),
    (900, "Schunk"),
    (939, "Cisco Systems"),
    (991, "Moxa"),
    (1009, "Seiko Epson"),
    (1015, "Weidmüller"),
];

#[cfg(test)]
mod tests {
    use super::{Identity, VENDORS, Vendor};
    use crate::Reader;

    #[test]
    fn vendors_are_in_order_of_their_ids() {
        assert!(VENDORS.is_sorted_by(|(a, _), (b, _)| a < b));
        assert_eq!(Vendor(1).to_string(), "Rockwell Automation/Allen-Bradley");
        assert_eq!(Vendor(2).to_string(), "CIP vendor 2");
    }

    #[test]
    fn a_module_behind_a_gateway_tells_only_what_the_station_is() {
        let bytes = [
            1, 0, 14, 0, 65, 0, 20, 11, 0x60, 0x30, 4, 3, 2, 1, 8, b'1', b'7', b'5', b'6', b'-',
            b'L', b'6', b'1',
        ];
        let identity = Identity::all(Reader::new(&bytes)).unwrap();
        assert_eq!(identity.facts(false).len(), 6);
        assert_eq!(identity.facts(true).len(), 1);
    }
}
