//! openSAFETY messages, services and access commands.
//!
//! Everything is a matter of safety. Cyclic data, guarding and reading keep the system running;
//! what brings a node up has [`Effect::SafetyStart`], what ends it [`Effect::SafetyStop`]; the rest
//! changes what is safe.
//! Source: the openSAFETY dissector that its maker, Bernecker + Rainer, gave to Wireshark
//! (`packet-opensafety.h`, "OSS").

use plant::Intent::Safety;

use crate::table::{Effect, Operation};

const MESSAGE: &str = "OSS message types";
const SERVICE: &str = "OSS SNMT extended services";
const ACCESS: &str = "OSS SSDO access commands";

/// Messages, by the id of the frame without the bits of the address.
pub static MESSAGES: &[Operation] = &[
    Operation::new(0xa0, "snmt request udid", Safety, MESSAGE).with(Effect::SafetyCycle),
    Operation::new(0xa4, "snmt response udid", Safety, MESSAGE),
    Operation::new(0xa8, "snmt assign sadr", Safety, MESSAGE).with(Effect::SafetyStart),
    Operation::new(0xac, "snmt sadr assigned", Safety, MESSAGE),
    Operation::new(0xb0, "snmt service request", Safety, MESSAGE),
    Operation::new(0xb4, "snmt service response", Safety, MESSAGE),
    Operation::new(0xbc, "snmt sn reset guarding scm", Safety, MESSAGE).with(Effect::SafetyCycle),
    Operation::new(0xc0, "spdo data only", Safety, MESSAGE).with(Effect::SafetyCycle),
    Operation::new(0xc8, "spdo data with time request", Safety, MESSAGE).with(Effect::SafetyCycle),
    Operation::new(0xd0, "spdo data with time response", Safety, MESSAGE).with(Effect::SafetyCycle),
    Operation::new(0xe0, "ssdo service request", Safety, MESSAGE),
    Operation::new(0xe4, "ssdo service response", Safety, MESSAGE),
    Operation::new(0xe8, "slim ssdo service request", Safety, MESSAGE),
    Operation::new(0xec, "slim ssdo service response", Safety, MESSAGE),
];

/// Services of the network management, by the first byte behind the header.
pub static SERVICES: &[Operation] = &[
    Operation::new(0x00, "sn set to pre operational", Safety, SERVICE).with(Effect::SafetyStart),
    Operation::new(0x01, "sn status pre operational", Safety, SERVICE),
    Operation::new(0x02, "sn set to operational", Safety, SERVICE).with(Effect::SafetyStart),
    Operation::new(0x03, "sn status operational", Safety, SERVICE),
    Operation::new(0x04, "scm set to stop", Safety, SERVICE).with(Effect::SafetyStop),
    Operation::new(0x05, "assigned additional sadr", Safety, SERVICE),
    Operation::new(0x06, "scm set to operational", Safety, SERVICE),
    Operation::new(0x07, "sn fail", Safety, SERVICE).with(Effect::SafetyStop),
    Operation::new(0x08, "scm guard sn", Safety, SERVICE).with(Effect::SafetyCycle),
    Operation::new(0x09, "sn busy", Safety, SERVICE),
    Operation::new(0x0a, "assign additional sadr", Safety, SERVICE).with(Effect::SafetyStart),
    Operation::new(0x0c, "sn acknowledge", Safety, SERVICE).with(Effect::SafetyStart),
    Operation::new(0x0e, "sn assign udid scm", Safety, SERVICE).with(Effect::SafetyStart),
    Operation::new(0x0f, "sn assigned udid scm", Safety, SERVICE),
    Operation::new(0x10, "assign initial ct for sn", Safety, SERVICE).with(Effect::SafetyStart),
    Operation::new(0x11, "acknowledge initial ct for sn", Safety, SERVICE),
];

/// Access to the safety object dictionary, by the bits that say what is done.
pub static ACCESSES: &[Operation] = &[
    Operation::new(0x00, "ssdo upload", Safety, ACCESS).with(Effect::SafetyCycle),
    Operation::new(0x01, "ssdo download", Safety, ACCESS).with(Effect::SafetyStart),
    Operation::new(0x04, "ssdo abort", Safety, ACCESS),
];

/// For services that no list has.
pub static UNLISTED: Operation = Operation::new(0xff, "unlisted service", Safety, SERVICE);

/// Objects that configure safety, by index (OSS safety object dictionary).
pub const fn object(index: u16) -> &'static str {
    match index {
        0x100c => "life guarding",
        0x100d => "number of retries for reset guarding",
        0x1018 => "device vendor information",
        0x1019 => "unique device id",
        0x101a => "parameter download",
        0x101b => "scm parameters",
        0x1200 => "common communication parameters",
        0x1400..=0x17fe => "rxspdo communication parameters",
        0x1800..=0x1bfe => "rxspdo mapping parameters",
        0x1c00..=0x1ffe => "txspdo communication parameters",
        0xc000..=0xc3fe => "txspdo mapping parameters",
        _ => "",
    }
}
