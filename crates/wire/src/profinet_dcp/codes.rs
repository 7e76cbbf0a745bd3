//! DCP code points: services, options, block errors.
//!
//! Source: IEC 61158-6-10:2019 ("6-10") clause 4.3, DCP.

use plant::Intent::{Administer, Observe, Operate, Session, Unknown};

use crate::table::{Effect, Operation};

/// Services but Set, by service id; identify without a filter goes to every station.
pub static SERVICES: &[Operation] = &[
    Operation::new(0x03, "get", Observe, "6-10 4.3 DCP-Get"),
    Operation::new(0x05, "identify", Observe, "6-10 4.3 DCP-Identify"),
    Operation::new(0x06, "hello", Session, "6-10 4.3 DCP-Hello"),
];

/// Identify with the filter "all": every station answers.
pub static IDENTIFY_ALL: Operation =
    Operation::new(0x05, "identify all", Observe, "6-10 4.3 DCP-Identify, AllSelector")
        .with(Effect::Discover);

/// Set, by what is set: the code is 0x04, option, suboption.
pub static SETS: &[Operation] = &[
    Operation::new(0x04_0102, "set ip parameter", Administer, "6-10 4.3 IPParameter")
        .with(Effect::SetAddress),
    Operation::new(0x04_0103, "set full ip suite", Administer, "6-10 4.3 FullIPSuite")
        .with(Effect::SetAddress),
    Operation::new(0x04_0202, "set name of station", Administer, "6-10 4.3 NameOfStation")
        .with(Effect::SetName),
    Operation::new(0x04_0300, "set dhcp option", Administer, "6-10 4.3 DHCPOption")
        .with(Effect::SetAddress),
    Operation::new(0x04_0501, "start transaction", Session, "6-10 4.3 ControlOption Start"),
    Operation::new(0x04_0502, "end transaction", Session, "6-10 4.3 ControlOption Stop"),
    Operation::new(0x04_0503, "signal", Operate, "6-10 4.3 ControlOption Signal: flashes a LED"),
    Operation::new(0x04_0505, "reset factory settings", Administer, "6-10 4.3 ControlOption")
        .with(Effect::FactoryReset),
    Operation::new(0x04_0506, "reset to factory", Administer, "6-10 4.3 ControlOption")
        .with(Effect::FactoryReset),
    Operation::new(0x04_0601, "set device initiative", Administer, "6-10 4.3 DeviceInitiative"),
];

/// A Set of anything else: what it changes is not known.
pub static SET: Operation = Operation::new(0x04, "set", Unknown, "6-10 4.3 DCP-Set");

/// A service that no list above has.
pub static UNLISTED: Operation =
    Operation::new(0, "unlisted service", Unknown, "6-10 4.3 ServiceID");

/// Service ids.
pub mod service {
    /// Read options of one station.
    pub const GET: u8 = 3;
    /// Change options of one station.
    pub const SET: u8 = 4;
    /// Who is there?
    pub const IDENTIFY: u8 = 5;
    /// A station that starts announces itself.
    pub const HELLO: u8 = 6;
}

/// Frame ids.
pub mod frame {
    /// Hello.
    pub const HELLO: u16 = 0xfefc;
    /// Get and Set, both directions.
    pub const GET_SET: u16 = 0xfefd;
    /// Identify request, multicast.
    pub const IDENTIFY_REQUEST: u16 = 0xfefe;
    /// Identify response.
    pub const IDENTIFY_RESPONSE: u16 = 0xfeff;
}

/// Option and suboption in one number, as on the wire.
pub mod option {
    /// MAC address.
    pub const MAC: u16 = 0x0101;
    /// IP address, mask, gateway.
    pub const IP: u16 = 0x0102;
    /// The same with name servers.
    pub const IP_SUITE: u16 = 0x0103;
    /// Device vendor value: what the vendor calls the type of station.
    pub const VENDOR_VALUE: u16 = 0x0201;
    /// Name of station.
    pub const NAME: u16 = 0x0202;
    /// Vendor id and device id.
    pub const DEVICE_ID: u16 = 0x0203;
    /// Controller, device, supervisor.
    pub const ROLE: u16 = 0x0204;
    /// The options that the device knows.
    pub const OPTIONS: u16 = 0x0205;
    /// Alias: the name by its neighbour and port.
    pub const ALIAS: u16 = 0x0206;
    /// Instance number.
    pub const INSTANCE: u16 = 0x0207;
    /// Vendor and device id of the maker behind the brand.
    pub const OEM_ID: u16 = 0x0208;
    /// Standard gateway.
    pub const GATEWAY: u16 = 0x0209;
    /// Control: signal.
    pub const SIGNAL: u16 = 0x0503;
    /// Control: result of one option.
    pub const RESPONSE: u16 = 0x0504;
    /// Control: reset to factory, its qualifier says how much.
    pub const RESET: u16 = 0x0506;
    /// Device initiative.
    pub const INITIATIVE: u16 = 0x0601;
    /// Every station.
    pub const ALL: u16 = 0xffff;
}

/// Name of an option; empty if unlisted.
pub const fn name(option: u16) -> &'static str {
    match option {
        option::MAC => "mac address",
        option::IP => "ip parameter",
        option::IP_SUITE => "full ip suite",
        option::VENDOR_VALUE => "device vendor value",
        option::NAME => "name of station",
        option::DEVICE_ID => "device id",
        option::ROLE => "device role",
        option::OPTIONS => "device options",
        option::ALIAS => "alias name",
        option::INSTANCE => "device instance",
        option::OEM_ID => "oem device id",
        option::GATEWAY => "standard gateway",
        0x0300..=0x03ff => "dhcp option",
        0x0501 => "start transaction",
        0x0502 => "end transaction",
        option::SIGNAL => "signal",
        option::RESPONSE => "response",
        0x0505 => "reset factory settings",
        option::RESET => "reset to factory",
        option::INITIATIVE => "device initiative",
        option::ALL => "all",
        _ => "",
    }
}

/// The row of [`SETS`] for an option.
pub fn set(option: u16) -> &'static Operation {
    let option = if option >> 8 == 3 { 0x0300 } else { option };
    Operation::find(SETS, 0x04_0000 | u32::from(option)).unwrap_or(&SET)
}

/// Name of a block error; empty if unlisted.
pub const fn error(code: u8) -> &'static str {
    match code {
        1 => "option not supported",
        2 => "suboption not supported or no data set available",
        3 => "suboption not set",
        4 => "resource error",
        5 => "set not possible by local reasons",
        6 => "in operation, set not possible",
        _ => "",
    }
}

/// How much a reset to factory takes back: the qualifier without its lowest bit.
pub const fn reset(qualifier: u16) -> &'static str {
    match qualifier & !1 {
        0x02 => "application data",
        0x04 => "communication parameters",
        0x06 => "engineering parameters",
        0x08 => "all stored data",
        0x10 => "all stored data, to factory values",
        0x12 => "reset and restore data",
        _ => "",
    }
}
