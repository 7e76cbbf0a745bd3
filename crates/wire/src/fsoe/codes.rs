//! FSoE commands and the reasons of a reset.
//!
//! Sources: ETG.5100 by clause, as the headers of rt-labs' FSoE stack and two implementations that
//! drive Beckhoff and Synapticon devices name them ("FSoE implementations").

use plant::Intent::Safety;

use crate::table::{Effect, Operation};

/// Commands, by the first byte of a frame.
pub static COMMANDS: &[Operation] = &[
    Operation::new(0x08, "fail safe data", Safety, "FSoE implementations; ETG.5100 8.1")
        .with(Effect::SafetyStop),
    Operation::new(0x2a, "reset", Safety, "FSoE implementations; ETG.5100 8.1")
        .with(Effect::SafetyStop),
    Operation::new(0x36, "process data", Safety, "FSoE implementations; ETG.5100 8.1")
        .with(Effect::SafetyCycle),
    Operation::new(0x4e, "session", Safety, "FSoE implementations; ETG.5100 8.1.3.7"),
    Operation::new(0x52, "parameter", Safety, "FSoE implementations; ETG.5100 8.2.2.5"),
    Operation::new(0x64, "connection", Safety, "FSoE implementations; ETG.5100 8.2.2.4"),
];

/// Commands that code asks for.
pub(crate) mod command {
    pub(crate) const RESET: u8 = 0x2a;
    pub(crate) const SESSION: u8 = 0x4e;
}

/// Why a connection was reset: the first byte of a reset's data.
pub const fn reason(code: u8) -> &'static str {
    match code {
        0 => "local reset or acknowledged",
        1 => "unexpected command",
        2 => "unknown command",
        3 => "invalid connection id",
        4 => "checksum error",
        5 => "watchdog expired",
        6 => "invalid slave address",
        7 => "invalid safety data",
        8 => "invalid communication parameter length",
        9 => "invalid communication parameter",
        10 => "invalid application parameter length",
        11 => "invalid application parameter",
        0x80..=0xff => "device specific parameter error",
        _ => "unknown reason",
    }
}
