//! Modbus code points: functions, diagnostic sub-functions, exceptions, identification objects.
//!
//! Source: MODBUS Application Protocol Specification V1.1b3 (modbus.org, 2012), by clause.

use plant::Intent::{Administer, Observe, Operate, Program, Unknown};

use crate::message::Field;
use crate::table::{Effect, Operation};

/// Public function codes, by clause 6.
pub static FUNCTIONS: &[Operation] = &[
    Operation::new(0x01, "read coils", Observe, "V1.1b3 6.1"),
    Operation::new(0x02, "read discrete inputs", Observe, "V1.1b3 6.2"),
    Operation::new(0x03, "read holding registers", Observe, "V1.1b3 6.3"),
    Operation::new(0x04, "read input registers", Observe, "V1.1b3 6.4"),
    Operation::new(0x05, "write single coil", Operate, "V1.1b3 6.5"),
    Operation::new(0x06, "write single register", Operate, "V1.1b3 6.6"),
    Operation::new(0x07, "read exception status", Observe, "V1.1b3 6.7"),
    Operation::new(0x0b, "get comm event counter", Observe, "V1.1b3 6.9"),
    Operation::new(0x0c, "get comm event log", Observe, "V1.1b3 6.10"),
    Operation::new(0x0f, "write multiple coils", Operate, "V1.1b3 6.11"),
    Operation::new(0x10, "write multiple registers", Operate, "V1.1b3 6.12"),
    Operation::new(0x11, "report server id", Observe, "V1.1b3 6.13").with(Effect::Discover),
    Operation::new(0x14, "read file record", Observe, "V1.1b3 6.14"),
    Operation::new(0x15, "write file record", Program, "V1.1b3 6.15").with(Effect::Download),
    Operation::new(0x16, "mask write register", Operate, "V1.1b3 6.16"),
    Operation::new(0x17, "read/write multiple registers", Operate, "V1.1b3 6.17"),
    Operation::new(0x18, "read fifo queue", Observe, "V1.1b3 6.18"),
];

/// Functions that makers added and that the standard leaves open (clause 5: user-defined codes).
pub static USER_DEFINED: &[Operation] =
    &[Operation::new(0x5a, "umas", Unknown, "Schneider Electric UMAS, user-defined by V1.1b3 5")];

/// Sub-functions of function 0x08, by clause 6.8.1.
pub static DIAGNOSTICS: &[Operation] = &[
    Operation::new(0x00, "return query data", Observe, "V1.1b3 6.8.1"),
    Operation::new(0x01, "restart communications option", Administer, "V1.1b3 6.8.1")
        .with(Effect::Restart),
    Operation::new(0x02, "return diagnostic register", Observe, "V1.1b3 6.8.1"),
    Operation::new(0x03, "change ascii input delimiter", Administer, "V1.1b3 6.8.1"),
    Operation::new(0x04, "force listen only mode", Administer, "V1.1b3 6.8.1")
        .with(Effect::Silence),
    Operation::new(0x0a, "clear counters and diagnostic register", Administer, "V1.1b3 6.8.1")
        .with(Effect::Silence),
    Operation::new(0x0b, "return bus message count", Observe, "V1.1b3 6.8.1"),
    Operation::new(0x0c, "return bus communication error count", Observe, "V1.1b3 6.8.1"),
    Operation::new(0x0d, "return bus exception error count", Observe, "V1.1b3 6.8.1"),
    Operation::new(0x0e, "return server message count", Observe, "V1.1b3 6.8.1"),
    Operation::new(0x0f, "return server no response count", Observe, "V1.1b3 6.8.1"),
    Operation::new(0x10, "return server nak count", Observe, "V1.1b3 6.8.1"),
    Operation::new(0x11, "return server busy count", Observe, "V1.1b3 6.8.1"),
    Operation::new(0x12, "return bus character overrun count", Observe, "V1.1b3 6.8.1"),
    Operation::new(0x14, "clear overrun counter and flag", Administer, "V1.1b3 6.8.1"),
];

/// MEI types of function 0x2b, by clauses 6.20 and 6.21.
pub static ENCAPSULATED: &[Operation] = &[
    Operation::new(0x0d, "canopen general reference", Unknown, "V1.1b3 6.20"),
    Operation::new(0x0e, "read device identification", Observe, "V1.1b3 6.21")
        .with(Effect::Discover),
];

/// Any function, sub-function or MEI type that no list above has.
pub static UNLISTED: Operation = Operation::new(0, "unlisted function", Unknown, "V1.1b3 5");

/// Function code of the diagnostics family.
pub const DIAGNOSTIC: u8 = 0x08;
/// Function code of the encapsulated interface transport.
pub const ENCAPSULATED_INTERFACE: u8 = 0x2b;
/// Set in the function code of an exception response (clause 7).
pub const EXCEPTION_BIT: u8 = 0x80;

/// Name of an exception code, by clause 7; empty if unlisted.
pub const fn exception(code: u8) -> &'static str {
    match code {
        0x01 => "illegal function",
        0x02 => "illegal data address",
        0x03 => "illegal data value",
        0x04 => "server device failure",
        0x05 => "acknowledge",
        0x06 => "server device busy",
        0x08 => "memory parity error",
        0x0a => "gateway path unavailable",
        0x0b => "gateway target device failed to respond",
        _ => "",
    }
}

/// What a device identification object tells, by clause 6.21 table "Objects".
pub const fn identification(object: u8) -> Option<Field> {
    match object {
        0x00 => Some(Field::Vendor),
        0x01 => Some(Field::OrderCode),
        0x02 => Some(Field::Firmware),
        0x04 | 0x05 => Some(Field::Product),
        0x06 => Some(Field::Name),
        _ => None,
    }
}

/// The word for the numbered cells that a function acts on; `None` if it acts on none.
pub const fn space(function: u8) -> Option<&'static str> {
    match function {
        0x01 | 0x05 | 0x0f => Some("coils"),
        0x02 => Some("inputs"),
        0x03 | 0x06 | 0x10 | 0x16 | 0x17 => Some("holding"),
        0x04 => Some("input-registers"),
        0x18 => Some("fifo"),
        _ => None,
    }
}

/// Most cells that one message may name, by the quantity limits of clause 6; 0 if it has none.
pub const fn quantity_max(function: u8) -> u16 {
    match function {
        0x01 | 0x02 => 2000,
        0x03 | 0x04 | 0x17 => 125,
        0x0f => 1968,
        0x10 => 123,
        _ => 0,
    }
}
