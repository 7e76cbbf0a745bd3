//! EtherCAT code points: commands, registers that a write changes, mailbox services, errors.
//!
//! Sources: IEC 61158-4-12:2019 (datagrams, registers, mailbox), IEC 61158-6-12:2019 (CoE, EoE,
//! FoE), IEC 61800-7-300 (SoE), ETG.1020 (AoE).

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

/// Commands of a datagram, by IEC 61158-4-12 5.4.1.2.
pub static COMMANDS: &[Operation] = &[
    Operation::new(0, "nop", Session, COMMAND),
    Operation::new(1, "aprd", Observe, COMMAND),
    Operation::new(2, "apwr", Administer, COMMAND),
    Operation::new(3, "aprw", Administer, COMMAND),
    Operation::new(4, "fprd", Observe, COMMAND),
    Operation::new(5, "fpwr", Administer, COMMAND),
    Operation::new(6, "fprw", Administer, COMMAND),
    Operation::new(7, "brd", Observe, COMMAND),
    Operation::new(8, "bwr", Administer, COMMAND),
    Operation::new(9, "brw", Administer, COMMAND),
    Operation::new(10, "lrd", Observe, COMMAND),
    Operation::new(11, "lwr", Operate, COMMAND),
    Operation::new(12, "lrw", Operate, COMMAND),
    Operation::new(13, "armw", Session, COMMAND),
    Operation::new(14, "frmw", Session, COMMAND),
];
const COMMAND: &str = "IEC 61158-4-12 5.4.1.2";

/// `armw` and `frmw` read a register of one device into that of all others: of the clock each
/// cycle, of any other it is a write.
pub static SPREAD: &[Operation] = &[Operation::new(0x10d, "spread register", Administer, COMMAND)];

/// The clock that is spread (IEC 61158-4-12 6.5): system time.
pub(super) const SYSTEM_TIME: u16 = 0x0910;
/// The register behind it.
pub(super) const SYSTEM_TIME_END: u16 = 0x0918;

/// A command that the standard does not list.
pub static UNLISTED: Operation = Operation::new(0xff, "unlisted command", Unknown, COMMAND);

/// States that a write of AL control asks for, by code of the state (IEC 61158-6-12 5.3.1).
pub static STATES: &[Operation] = &[
    Operation::new(1, "al control init", Administer, AL).with(Effect::Stop),
    Operation::new(2, "al control pre-operational", Administer, AL).with(Effect::Stop),
    Operation::new(3, "al control bootstrap", Administer, AL).with(Effect::Stop),
    Operation::new(4, "al control safe-operational", Administer, AL).with(Effect::Stop),
    Operation::new(8, "al control operational", Administer, AL).with(Effect::Start),
];
const AL: &str = "IEC 61158-6-12 5.3.1";

/// Writes of registers that do more than a plain write; the code is the first register.
pub static REGISTERS: &[Operation] = &[
    Operation::new(0x0010, "write station address", Administer, "IEC 61158-4-12 6.1.1")
        .with(Effect::SetAddress),
    Operation::new(
        0x0040,
        "write esc reset",
        Administer,
        "Beckhoff ESC datasheet, register 0x0040",
    )
    .with(Effect::Restart),
    Operation::new(0x0120, "write al control", Administer, AL),
    Operation::new(0x0300, "clear error counters", Administer, "IEC 61158-4-12 6.2.1")
        .with(Effect::Silence),
    Operation::new(0x0502, "read sii", Observe, "IEC 61158-4-12 6.4"),
    Operation::new(0x0503, "write sii", Administer, "IEC 61158-4-12 6.4").with(Effect::Download),
];

/// Mailbox services that carry another protocol, and the frames around datagrams.
pub static FRAMES: &[Operation] = &[
    Operation::new(0, "mailbox error", Session, "IEC 61158-4-12 5.6"),
    Operation::new(1, "aoe", Unknown, "ETG.1020 AoE"),
    Operation::new(4, "network variables", Operate, "IEC 61158-4-12 5.5"),
    Operation::new(15, "vendor mailbox", Unknown, "IEC 61158-4-12 5.6"),
    Operation::new(0xff, "unlisted mailbox", Unknown, "IEC 61158-4-12 5.6"),
];

/// CoE services; SDO by specifier, the others from 0x10 by type.
pub static COE: &[Operation] = &[
    Operation::new(0x00, "sdo download segment", Program, COE_SOURCE).with(Effect::Parameter),
    Operation::new(0x01, "sdo download", Program, COE_SOURCE).with(Effect::Parameter),
    Operation::new(0x02, "sdo upload", Observe, COE_SOURCE),
    Operation::new(0x03, "sdo upload segment", Observe, COE_SOURCE),
    Operation::new(0x04, "sdo abort", Session, COE_SOURCE),
    Operation::new(0x11, "emergency", Observe, COE_SOURCE),
    Operation::new(0x14, "txpdo", Observe, COE_SOURCE),
    Operation::new(0x15, "rxpdo", Operate, COE_SOURCE),
    Operation::new(0x16, "txpdo remote request", Observe, COE_SOURCE),
    Operation::new(0x17, "rxpdo remote request", Observe, COE_SOURCE),
    Operation::new(0x18, "sdo information", Observe, COE_SOURCE).with(Effect::Discover),
    Operation::new(0xff, "unlisted coe service", Unknown, COE_SOURCE),
];
const COE_SOURCE: &str = "IEC 61158-6-12 5.6";

/// SDO downloads whose object does more than a parameter; the code is the index.
pub static OBJECTS: &[Operation] = &[
    Operation::new(0x1010, "sdo download store parameters", Administer, "CiA 301 7.5.2.13")
        .with(Effect::Parameter),
    Operation::new(0x1011, "sdo download restore defaults", Administer, "CiA 301 7.5.2.14")
        .with(Effect::FactoryReset),
];

/// FoE opcodes.
pub static FOE: &[Operation] = &[
    Operation::new(1, "foe read", Observe, FOE_SOURCE).with(Effect::Upload),
    Operation::new(2, "foe write", Administer, FOE_SOURCE).with(Effect::Firmware),
    Operation::new(3, "foe data", Administer, FOE_SOURCE),
    Operation::new(4, "foe ack", Session, FOE_SOURCE),
    Operation::new(5, "foe error", Session, FOE_SOURCE),
    Operation::new(6, "foe busy", Session, FOE_SOURCE),
    Operation::new(0xff, "unlisted foe opcode", Unknown, FOE_SOURCE),
];
const FOE_SOURCE: &str = "IEC 61158-6-12 5.8";

/// EoE frame types.
pub static EOE: &[Operation] = &[
    Operation::new(0, "eoe fragment", Unknown, EOE_SOURCE),
    Operation::new(1, "eoe time stamp response", Session, EOE_SOURCE),
    Operation::new(2, "eoe set ip", Administer, EOE_SOURCE).with(Effect::SetAddress),
    Operation::new(3, "eoe set ip response", Administer, EOE_SOURCE),
    Operation::new(4, "eoe set address filter", Administer, EOE_SOURCE),
    Operation::new(5, "eoe set address filter response", Administer, EOE_SOURCE),
    Operation::new(0xff, "unlisted eoe type", Unknown, EOE_SOURCE),
];
const EOE_SOURCE: &str = "IEC 61158-6-12 5.7";

/// SoE opcodes.
pub static SOE: &[Operation] = &[
    Operation::new(1, "soe read", Observe, SOE_SOURCE),
    Operation::new(2, "soe read response", Observe, SOE_SOURCE),
    Operation::new(3, "soe write", Program, SOE_SOURCE).with(Effect::Parameter),
    Operation::new(4, "soe write response", Program, SOE_SOURCE),
    Operation::new(5, "soe notification", Observe, SOE_SOURCE),
    Operation::new(6, "soe slave information", Observe, SOE_SOURCE),
    Operation::new(7, "soe emergency", Observe, SOE_SOURCE),
    Operation::new(0xff, "unlisted soe opcode", Unknown, SOE_SOURCE),
];
const SOE_SOURCE: &str = "IEC 61800-7-304 (SoE)";

/// The row of `table` with this code, else its last one, which stands for all others.
pub(super) fn row(table: &'static [Operation], code: u32) -> &'static Operation {
    Operation::find(table, code).or(table.last()).unwrap_or(&UNLISTED)
}

/// What a write of `data` from `register` on would do, where that is more than a plain write.
pub(super) fn register_write(register: u16, data: &[u8]) -> Option<&'static Operation> {
    let first = data.first().copied().unwrap_or(0);
    match register {
        0x0010 => Operation::find(REGISTERS, 0x0010),
        0x0040 | 0x0041 => Operation::find(REGISTERS, 0x0040),
        0x0120 => Operation::find(STATES, u32::from(first & 0x0f))
            .or_else(|| Operation::find(REGISTERS, 0x0120)),
        0x0300..=0x0313 => Operation::find(REGISTERS, 0x0300),
        // Command in the high byte of SII control: 1 reads, 2 writes, 4 reloads; 0 clears errors.
        0x0502 => match data.get(1).map(|high| high & 0x07) {
            Some(2) => Operation::find(REGISTERS, 0x0503),
            _ => Operation::find(REGISTERS, 0x0502),
        },
        _ => None,
    }
}

/// Name of an SDO abort code (IEC 61158-6-12 table 41); empty if unlisted.
pub(super) const fn abort(code: u32) -> &'static str {
    match code {
        0x0503_0000 => "toggle bit not changed",
        0x0504_0000 => "sdo protocol timeout",
        0x0504_0001 => "command specifier not valid",
        0x0504_0005 => "out of memory",
        0x0601_0000 => "unsupported access",
        0x0601_0001 => "attempt to read a write only object",
        0x0601_0002 => "attempt to write a read only object",
        0x0601_0003 => "subindex cannot be written",
        0x0601_0004 => "complete access not supported",
        0x0602_0000 => "object does not exist",
        0x0604_0041 => "object cannot be mapped",
        0x0604_0042 => "mapped objects exceed the pdo length",
        0x0604_0043 => "parameter incompatibility",
        0x0604_0047 => "internal incompatibility",
        0x0606_0000 => "hardware error",
        0x0607_0010 => "data type does not match",
        0x0607_0012 => "data too long",
        0x0607_0013 => "data too short",
        0x0609_0011 => "subindex does not exist",
        0x0609_0030 => "value out of range",
        0x0609_0031 => "value too high",
        0x0609_0032 => "value too low",
        0x0609_0036 => "maximum below minimum",
        0x0800_0000 => "general error",
        0x0800_0020 => "data cannot be stored",
        0x0800_0021 => "data cannot be stored because of local control",
        0x0800_0022 => "data cannot be stored in this state",
        0x0800_0023 => "no object dictionary",
        _ => "",
    }
}

/// Name of a FoE error code (IEC 61158-6-12 5.8.5); empty if unlisted.
pub(super) const fn foe_error(code: u32) -> &'static str {
    match code {
        0x8000 => "not defined",
        0x8001 => "not found",
        0x8002 => "access denied",
        0x8003 => "disk full",
        0x8004 => "illegal",
        0x8005 => "packet number wrong",
        0x8006 => "already exists",
        0x8007 => "no user",
        0x8008 => "bootstrap only",
        0x8009 => "not in bootstrap",
        0x800a => "no rights",
        0x800b => "program error",
        _ => "",
    }
}
