//! SLMP code points: commands, end codes, devices.
//!
//! Source: Mitsubishi Electric SH-080956ENG "SLMP Reference Manual" (SLMP), whose commands are
//! those of the MC protocol (SH-080008 "MELSEC Communication Protocol").

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

const DEVICE: &str = "SLMP 5.2, device";
const CONTROL: &str = "SLMP 5.6, remote control";
const FILE: &str = "SLMP 5.11, file";
const MEMORY: &str = "SLMP 5.4, memory and extend unit";
const OTHER: &str = "SLMP 5.1, command list";

/// Commands, by the list of clause 5.1.
pub static COMMANDS: &[Operation] = &[
    Operation::new(0x0101, "read type name", Observe, CONTROL).with(Effect::Discover),
    Operation::new(0x0401, "read", Observe, DEVICE),
    Operation::new(0x0403, "read random", Observe, DEVICE),
    Operation::new(0x0406, "read block", Observe, DEVICE),
    Operation::new(0x0601, "extend unit read", Observe, MEMORY),
    Operation::new(0x0613, "memory read", Observe, MEMORY),
    Operation::new(0x0619, "self test", Session, OTHER),
    Operation::new(0x0801, "entry monitor device", Observe, DEVICE),
    Operation::new(0x0802, "execute monitor", Observe, DEVICE),
    Operation::new(0x0e30, "node search", Observe, OTHER).with(Effect::Discover),
    Operation::new(0x0e31, "ip address set", Administer, OTHER).with(Effect::SetAddress),
    Operation::new(0x1001, "remote run", Operate, CONTROL).with(Effect::Start),
    Operation::new(0x1002, "remote stop", Administer, CONTROL).with(Effect::Stop),
    Operation::new(0x1003, "remote pause", Administer, CONTROL).with(Effect::Stop),
    Operation::new(0x1005, "remote latch clear", Administer, CONTROL),
    Operation::new(0x1006, "remote reset", Administer, CONTROL).with(Effect::Restart),
    Operation::new(0x1401, "write", Operate, DEVICE),
    Operation::new(0x1402, "write random", Operate, DEVICE),
    Operation::new(0x1406, "write block", Operate, DEVICE),
    Operation::new(0x1601, "extend unit write", Operate, MEMORY),
    Operation::new(0x1613, "memory write", Operate, MEMORY),
    Operation::new(0x1617, "clear error", Operate, OTHER).with(Effect::Reset),
    Operation::new(0x1630, "remote password unlock", Administer, OTHER).with(Effect::Login),
    Operation::new(0x1631, "remote password lock", Administer, OTHER),
    Operation::new(0x1810, "read directory/file", Observe, FILE),
    Operation::new(0x1811, "search directory/file", Observe, FILE),
    Operation::new(0x1820, "new file", Program, FILE).with(Effect::Download),
    Operation::new(0x1822, "delete file", Program, FILE).with(Effect::DeleteFile),
    Operation::new(0x1824, "copy file", Program, FILE).with(Effect::Download),
    Operation::new(0x1825, "change file state", Program, FILE),
    Operation::new(0x1826, "change file date", Program, FILE),
    Operation::new(0x1827, "open file", Observe, FILE),
    Operation::new(0x1828, "read file", Observe, FILE).with(Effect::Upload),
    Operation::new(0x1829, "write file", Program, FILE).with(Effect::Download),
    Operation::new(0x182a, "close file", Session, FILE),
    Operation::new(0x2101, "on demand", Observe, OTHER),
];

/// Any command that the list does not have.
pub static UNLISTED: Operation = Operation::new(0, "unlisted command", Unknown, OTHER);

/// A response whose request was not seen: it does not repeat its command.
pub static RESPONSE: Operation = Operation::new(0, "response", Unknown, "SLMP 4.3");

/// Command: tells the model of the CPU.
pub const READ_TYPE_NAME: u16 = 0x0101;

/// Command: unlocks what a password protects.
pub const REMOTE_PASSWORD_UNLOCK: u16 = 0x1630;

/// Name of an end code, by the troubleshooting table of the manual; empty if unlisted.
pub const fn end_code(code: u16) -> &'static str {
    match code {
        0x4001 | 0xc059 => "command or subcommand not supported",
        0x4002 => "request not supported",
        0x4010 => "not possible while running",
        0x4031 => "device out of range",
        0x4080 => "request data error",
        0x4b00 => "target station cannot be accessed",
        0xc050 => "ascii code cannot be converted",
        0xc051..=0xc054 => "number of points out of range",
        0xc056 => "address range exceeded",
        0xc058 => "data length does not match",
        0xc05b => "device cannot be accessed",
        0xc05c => "request content error",
        0xc05d => "monitor registration missing",
        0xc05f => "not possible for the target",
        0xc060 => "bit device data error",
        0xc061 => "request data length does not match",
        0xc06f => "ascii and binary do not match",
        0xc070 => "device memory extension not possible",
        0xc0b5 => "data not specified correctly",
        0xc200 => "remote password error",
        0xc201 => "port locked by remote password",
        0xc204 => "locked by another device",
        0xc810 => "remote password error, authentication failed",
        0xc815 => "remote password locked out",
        0xcee0 => "other request is being processed",
        0xcee1 => "request too long",
        0xcee2 => "response too long",
        _ => "",
    }
}

/// How a device is numbered, and what one number of it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// Code in binary frames.
    pub code: u8,
    /// Name, as programs and ASCII frames write it.
    pub name: &'static str,
    /// One number is one bit; else a word.
    pub bit: bool,
    /// Numbers are hexadecimal.
    pub hexadecimal: bool,
}

const fn device(code: u8, name: &'static str, bit: bool, hexadecimal: bool) -> Device {
    Device { code, name, bit, hexadecimal }
}

/// Devices, by the table of clause 5.2.
pub static DEVICES: &[Device] = &[
    device(0x91, "SM", true, false),
    device(0xa9, "SD", false, false),
    device(0x9c, "X", true, true),
    device(0x9d, "Y", true, true),
    device(0x90, "M", true, false),
    device(0x92, "L", true, false),
    device(0x93, "F", true, false),
    device(0x94, "V", true, false),
    device(0xa0, "B", true, true),
    device(0xa8, "D", false, false),
    device(0xb4, "W", false, true),
    device(0xc1, "TS", true, false),
    device(0xc0, "TC", true, false),
    device(0xc2, "TN", false, false),
    device(0xc7, "SS", true, false),
    device(0xc6, "SC", true, false),
    device(0xc8, "SN", false, false),
    device(0xc4, "CS", true, false),
    device(0xc3, "CC", true, false),
    device(0xc5, "CN", false, false),
    device(0xa1, "SB", true, true),
    device(0xb5, "SW", false, true),
    device(0x98, "S", true, false),
    device(0xa2, "DX", true, true),
    device(0xa3, "DY", true, true),
    device(0xcc, "Z", false, false),
    device(0xaf, "R", false, false),
    device(0xb0, "ZR", false, false),
    device(0x51, "LTS", true, false),
    device(0x50, "LTC", true, false),
    device(0x52, "LTN", false, false),
    device(0x59, "LSTS", true, false),
    device(0x58, "LSTC", true, false),
    device(0x5a, "LSTN", false, false),
    device(0x55, "LCS", true, false),
    device(0x54, "LCC", true, false),
    device(0x56, "LCN", false, false),
    device(0x62, "LZ", false, false),
    device(0x2c, "RD", false, false),
];
