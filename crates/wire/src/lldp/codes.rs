//! LLDP code points: TLV types, identifier subtypes, capabilities, and the organizations whose TLVs
//! are read (PROFIBUS & PROFINET International, LLDP-MED).

use plant::Intent::Session;

use crate::message::Field;
use crate::table::Operation;

/// A station tells who it is and where it is plugged in.
pub static ADVERTISEMENT: Operation =
    Operation::new(0, "advertisement", Session, "IEEE 802.1AB-2016 9.1.2.1");

/// A station takes back what it told: the same with a time to live of 0.
pub static SHUTDOWN: Operation =
    Operation::new(1, "shutdown", Session, "IEEE 802.1AB-2016 9.1.2.2");

/// TLV types (IEEE 802.1AB-2016 table 8-1).
pub mod tlv {
    /// End of the LLDPDU.
    pub const END: u8 = 0;
    /// Chassis id, mandatory and first.
    pub const CHASSIS: u8 = 1;
    /// Port id, mandatory and second.
    pub const PORT: u8 = 2;
    /// Time to live in seconds, mandatory and third.
    pub const TIME_TO_LIVE: u8 = 3;
    /// System name.
    pub const SYSTEM_NAME: u8 = 5;
    /// System description.
    pub const SYSTEM_DESCRIPTION: u8 = 6;
    /// System capabilities.
    pub const CAPABILITIES: u8 = 7;
    /// Management address.
    pub const MANAGEMENT_ADDRESS: u8 = 8;
    /// Organizationally specific.
    pub const ORGANIZATION: u8 = 127;
}

/// Identifier subtype "MAC address" of a chassis (table 8-2).
pub const CHASSIS_MAC: u8 = 4;
/// Identifier subtype "network address" of a chassis (table 8-2).
pub const CHASSIS_NETWORK: u8 = 5;
/// Identifier subtype "MAC address" of a port (table 8-3).
pub const PORT_MAC: u8 = 3;
/// Identifier subtype "network address" of a port (table 8-3).
pub const PORT_NETWORK: u8 = 4;
/// Identifier subtype "locally assigned" of chassis and port (tables 8-2 and 8-3).
pub const LOCAL: u8 = 7;

/// Capability bits (table 8-4): MAC bridge.
pub const BRIDGE: u16 = 1 << 2;
/// WLAN access point.
pub const ACCESS_POINT: u16 = 1 << 3;
/// Router.
pub const ROUTER: u16 = 1 << 4;
/// Telephone.
pub const TELEPHONE: u16 = 1 << 5;

/// OUI of PROFIBUS & PROFINET International (IEC 61158-6-10 4.12).
pub const PROFINET: [u8; 3] = [0x00, 0x0e, 0xcf];
/// Subtype of PROFINET's TLV with the MAC address of the interface (IEC 61158-6-10 4.12).
pub const PROFINET_INTERFACE: u8 = 5;
/// OUI of the Telecommunications Industry Association: LLDP-MED (ANSI/TIA-1057).
pub const MED: [u8; 3] = [0x00, 0x12, 0xbb];

/// What an LLDP-MED inventory TLV tells (ANSI/TIA-1057 10.2.6).
pub const fn inventory(subtype: u8) -> Option<Field> {
    match subtype {
        5 => Some(Field::Hardware),
        6 => Some(Field::Firmware),
        7 => Some(Field::Software),
        8 => Some(Field::Serial),
        9 => Some(Field::Vendor),
        10 => Some(Field::Product),
        _ => None,
    }
}
