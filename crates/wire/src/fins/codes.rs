//! FINS code points: commands, FINS/TCP commands and errors, end codes.
//!
//! Sources: OMRON W342 "SYSMAC CS/CJ/CP/NSJ Series Communications Commands Reference Manual"
//! (W342) clause 5; W227 "FINS Commands Reference Manual" (W227) clauses 5 and 6 for the CV series;
//! W421 "Ethernet Units" (W421) section 7-4 for FINS/TCP.

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

const W342: &str = "W342 5-3";
const W227: &str = "W227 5";
const W421: &str = "W421 7-4";

/// FINS commands, main and sub request code.
pub static COMMANDS: &[Operation] = &[
    Operation::new(0x0101, "memory area read", Observe, W342),
    Operation::new(0x0102, "memory area write", Operate, W342),
    Operation::new(0x0103, "memory area fill", Operate, W342),
    Operation::new(0x0104, "multiple memory area read", Observe, W342),
    Operation::new(0x0105, "memory area transfer", Operate, W342),
    Operation::new(0x0201, "parameter area read", Observe, W342).with(Effect::Upload),
    Operation::new(0x0202, "parameter area write", Program, W342).with(Effect::Download),
    Operation::new(0x0203, "parameter area clear", Program, W342).with(Effect::Download),
    Operation::new(0x0220, "data link table read", Observe, W227).with(Effect::Upload),
    Operation::new(0x0221, "data link table write", Program, W227).with(Effect::Download),
    Operation::new(0x0304, "program area protect", Administer, W227),
    Operation::new(0x0305, "program area protect clear", Administer, W227).with(Effect::Login),
    Operation::new(0x0306, "program area read", Observe, W342).with(Effect::Upload),
    Operation::new(0x0307, "program area write", Program, W342).with(Effect::Download),
    Operation::new(0x0308, "program area clear", Program, W342).with(Effect::DeleteFile),
    Operation::new(0x0401, "run", Operate, W342).with(Effect::Start),
    Operation::new(0x0402, "stop", Administer, W342).with(Effect::Stop),
    Operation::new(0x0501, "controller data read", Observe, W342).with(Effect::Discover),
    Operation::new(0x0502, "connection data read", Observe, W342).with(Effect::Discover),
    Operation::new(0x0601, "controller status read", Observe, W342),
    Operation::new(0x0602, "network status read", Observe, W227),
    Operation::new(0x0603, "data link status read", Observe, W227),
    Operation::new(0x0620, "cycle time read", Observe, W342),
    Operation::new(0x0701, "clock read", Observe, W342),
    Operation::new(0x0702, "clock write", Administer, W342).with(Effect::SetClock),
    Operation::new(0x0801, "loop back test", Session, W227),
    Operation::new(0x0802, "broadcast test results read", Observe, W227),
    Operation::new(0x0803, "broadcast test data send", Session, W227),
    Operation::new(0x0920, "message read/clear", Operate, W342),
    Operation::new(0x0c01, "access right acquire", Administer, W342).with(Effect::Login),
    Operation::new(0x0c02, "access right forced acquire", Administer, W342).with(Effect::Login),
    Operation::new(0x0c03, "access right release", Session, W342),
    Operation::new(0x2101, "error clear", Operate, W342).with(Effect::Reset),
    Operation::new(0x2102, "error log read", Observe, W342),
    Operation::new(0x2103, "error log clear", Administer, W342).with(Effect::Silence),
    Operation::new(0x2140, "fins write access log read", Observe, W342),
    Operation::new(0x2141, "fins write access log clear", Administer, W342).with(Effect::Silence),
    Operation::new(0x2201, "file name read", Observe, W342),
    Operation::new(0x2202, "single file read", Observe, W342).with(Effect::Upload),
    Operation::new(0x2203, "single file write", Program, W342).with(Effect::Download),
    Operation::new(0x2204, "memory card format", Program, W342).with(Effect::DeleteFile),
    Operation::new(0x2205, "file delete", Program, W342).with(Effect::DeleteFile),
    Operation::new(0x2206, "volume label create/delete", Program, W227),
    Operation::new(0x2207, "file copy", Program, W342).with(Effect::Download),
    Operation::new(0x2208, "file name change", Program, W342).with(Effect::DeleteFile),
    Operation::new(0x2209, "file data check", Observe, W227),
    Operation::new(0x220a, "memory area file transfer", Program, W342),
    Operation::new(0x220b, "parameter area file transfer", Program, W342).with(Effect::Download),
    Operation::new(0x220c, "program area file transfer", Program, W342).with(Effect::Download),
    Operation::new(0x220f, "file memory index read", Observe, W227),
    Operation::new(0x2210, "file memory read", Observe, W227).with(Effect::Upload),
    Operation::new(0x2211, "file memory write", Program, W227).with(Effect::Download),
    Operation::new(0x2215, "create/delete directory", Program, W342),
    Operation::new(0x2220, "memory cassette transfer", Program, W342).with(Effect::Download),
    Operation::new(0x2301, "forced set/reset", Operate, W342),
    Operation::new(0x2302, "forced set/reset cancel", Operate, W342),
    Operation::new(0x230a, "multiple forced status read", Observe, W227),
    Operation::new(0x2601, "name set", Administer, W227).with(Effect::SetName),
    Operation::new(0x2602, "name delete", Administer, W227).with(Effect::SetName),
    Operation::new(0x2603, "name read", Observe, W227).with(Effect::Discover),
];

/// What FINS/TCP itself says; the code is its command field.
pub static TRANSPORT: &[Operation] = &[
    Operation::new(0, "client node address send", Session, W421),
    Operation::new(1, "server node address send", Session, W421),
    Operation::new(2, "frame send", Unknown, W421),
    Operation::new(3, "frame send error notification", Session, W421),
    Operation::new(6, "connection confirmation", Session, W421),
];

/// Any command that no list above has.
pub static UNLISTED: Operation = Operation::new(0, "unlisted command", Unknown, W342);

/// Command: reads the model and version of the controller.
pub const CONTROLLER_DATA_READ: u16 = 0x0501;

/// Name of an error in the FINS/TCP header, by W421 7-4; empty if unlisted.
pub const fn transport_error(code: u32) -> &'static str {
    match code {
        0x01 => "header is not FINS",
        0x02 => "data length too long",
        0x03 => "command not supported",
        0x20 => "all connections are in use",
        0x21 => "node is already connected",
        0x22 => "protected node, address not allowed",
        0x23 => "client node address out of range",
        0x24 => "client and server have the same node address",
        0x25 => "no node address left to allocate",
        _ => "",
    }
}

/// Flags that a relay or the CPU adds to an end code (W342 5-1-3): relay error, fatal and
/// non-fatal CPU error.
pub const END_CODE_FLAGS: u16 = 0x80c0;

/// Name of an end code without [`END_CODE_FLAGS`], by W342 5-1-3; empty if unlisted.
pub const fn end_code(code: u16) -> &'static str {
    match code {
        0x0001 => "service canceled",
        0x0101 => "local node not in network",
        0x0102 => "token timeout",
        0x0103 => "retries failed",
        0x0104 => "too many send frames",
        0x0105 => "node address range error",
        0x0106 => "node address duplication",
        0x0201 => "destination node not in network",
        0x0202 => "unit missing",
        0x0203 => "third node missing",
        0x0204 => "destination node busy",
        0x0205 => "response timeout",
        0x0301 => "communications controller error",
        0x0302 => "cpu unit error",
        0x0303 => "controller error",
        0x0304 => "unit number error",
        0x0401 => "undefined command",
        0x0402 => "not supported by model/version",
        0x0501 => "destination address setting error",
        0x0502 => "no routing tables",
        0x0503 => "routing table error",
        0x0504 => "too many relays",
        0x1001 => "command too long",
        0x1002 => "command too short",
        0x1003 => "elements/data don't match",
        0x1004 => "command format error",
        0x1005 => "header error",
        _ => refusal(code),
    }
}

/// End codes of the destination's own refusals and faults.
const fn refusal(code: u16) -> &'static str {
    match code {
        0x1101 => "area classification missing",
        0x1102 => "access size error",
        0x1103 => "address range error",
        0x1104 => "address range exceeded",
        0x1106 | 0x2005 | 0x2105 => "program missing",
        0x1109 => "relational error",
        0x110a => "duplicate data access",
        0x110b => "response too long",
        0x110c => "parameter error",
        0x2002 | 0x2604 => "protected",
        0x2003 | 0x2401 => "table missing",
        0x2004 => "data missing",
        0x2006 | 0x2106 => "file missing",
        0x2007 => "data mismatch",
        0x2101 => "read-only",
        0x2102 => "protected, cannot write data link table",
        0x2103 => "cannot register",
        0x2107 => "file name already exists",
        0x2108 => "cannot change",
        0x2201 => "not possible during execution",
        0x2202 => "not possible while running",
        0x2203 => "plc is in program mode",
        0x2204 => "plc is in debug mode",
        0x2205 => "plc is in monitor mode",
        0x2206 => "plc is in run mode",
        0x2207 => "specified node is not the polling node",
        0x2208 => "step cannot be executed",
        0x2301 => "file device missing",
        0x2302 => "memory missing",
        0x2303 => "clock missing",
        0x2502 | 0x250f => "memory error",
        0x2503 => "i/o setting error",
        0x2504 => "too many i/o points",
        0x2505 => "cpu bus error",
        0x2506 => "i/o duplication",
        0x2507 => "i/o bus error",
        0x2509 => "sysmac bus/2 error",
        0x250a => "cpu bus unit error",
        0x250d => "sysmac bus number duplication",
        0x2510 => "sysmac bus terminator missing",
        0x2601 => "no protection",
        0x2602 => "incorrect password",
        0x2605 => "service already executing",
        0x2606 => "service stopped",
        0x2607 => "no execution right",
        0x2608 => "settings not complete",
        0x2609 => "necessary items not set",
        0x260a => "number already defined",
        0x260b => "error will not clear",
        0x3001 => "no access right",
        0x4001 => "service aborted",
        _ => "",
    }
}
