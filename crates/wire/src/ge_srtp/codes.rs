//! Service requests, memory selectors and status codes of SRTP.
//!
//! Sources: G. Denton et al., "Leveraging the SRTP protocol for over-the-network memory
//! acquisition of a GE Fanuc Series 90-30", DFRWS 2017 ("DFRWS 2017"), tables 2 and 3; the same
//! codes in the parser of CISA, icsnpp-ge-srtp ("ICSNPP"), which names GE Fanuc GFK-0529 and
//! GFK-0582 for the status codes; session control as drivers of the field send it to controllers.

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

const SERVICE: &str = "DFRWS 2017, service request codes";
const FIELD: &str = "packets of a commercial driver, Fanuc_GESRTP_Driver";

/// Service requests, by their codes.
pub static SERVICES: &[Operation] = &[
    Operation::new(0x00, "plc short status", Observe, SERVICE),
    Operation::new(0x03, "return control program names", Observe, SERVICE),
    Operation::new(0x04, "read system memory", Observe, SERVICE),
    Operation::new(0x05, "read task memory", Observe, SERVICE),
    Operation::new(0x06, "read program memory", Observe, SERVICE).with(Effect::Upload),
    Operation::new(0x07, "write system memory", Operate, SERVICE),
    Operation::new(0x08, "write task memory", Operate, SERVICE),
    Operation::new(0x09, "write program block memory", Program, SERVICE).with(Effect::Download),
    Operation::new(0x20, "programmer logon", Administer, SERVICE).with(Effect::Login),
    Operation::new(0x21, "change plc cpu privilege level", Administer, SERVICE).with(Effect::Login),
    Operation::new(0x22, "set control id", Administer, SERVICE).with(Effect::SetName),
    Operation::new(0x23, "set plc run/stop", Administer, SERVICE).with(Effect::Stop),
    Operation::new(0x24, "set plc time/date", Administer, SERVICE).with(Effect::SetClock),
    Operation::new(0x25, "return plc time/date", Observe, SERVICE),
    Operation::new(0x38, "return fault table", Observe, SERVICE),
    Operation::new(0x39, "clear fault table", Operate, SERVICE).with(Effect::Reset),
    Operation::new(0x3f, "program store", Observe, SERVICE).with(Effect::Upload),
    Operation::new(0x40, "program load", Program, SERVICE).with(Effect::Download),
    Operation::new(0x43, "return controller type", Observe, SERVICE).with(Effect::Discover),
    Operation::new(0x44, "toggle force system memory", Operate, SERVICE),
    Operation::new(0x4f, "session control", Session, FIELD),
];

/// The packet that opens a connection, and its answer; not a service.
pub static CONNECTION: &[Operation] =
    &[Operation::new(0x100, "init", Session, "DFRWS 2017, initialisation")];

/// Any service that the list does not have.
pub static UNLISTED: Operation = Operation::new(0, "unlisted service", Unknown, SERVICE);

/// A response whose request was not seen: it does not repeat its service.
pub static RESPONSE: Operation = Operation::new(0x101, "response", Unknown, "ICSNPP, reply");

/// Service: tells the state of the CPU.
pub const SHORT_STATUS: u8 = 0x00;
/// Service: reads registers and points.
pub const READ_SYSTEM: u8 = 0x04;
/// Service: writes registers and points.
pub const WRITE_SYSTEM: u8 = 0x07;
/// Service: sets up the session.
pub const SESSION_CONTROL: u8 = 0x4f;

/// Selector of %G by bytes, where robots take their commands.
pub const GLOBAL_BYTES: u8 = 0x38;

/// Selector of %R.
pub const REGISTERS: u8 = 0x08;

/// The memory that a selector means; empty if unlisted. Discrete memory is numbered by points or
/// by bytes.
pub const fn memory(selector: u8) -> &'static str {
    match selector {
        0x08 => "%R",
        0x0a => "%AI",
        0x0c => "%AQ",
        0x10 => "%I byte",
        0x12 => "%Q byte",
        0x14 => "%T byte",
        0x16 => "%M byte",
        0x18 => "%SA byte",
        0x1a => "%SB byte",
        0x1c => "%SC byte",
        0x1e => "%S byte",
        0x38 => "%G byte",
        0x46 => "%I",
        0x48 => "%Q",
        0x4a => "%T",
        0x4c => "%M",
        0x4e => "%SA",
        0x50 => "%SB",
        0x52 => "%SC",
        0x54 => "%S",
        0x56 => "%G",
        _ => "",
    }
}

/// Whether a selector counts words of 16 bits.
pub const fn is_words(selector: u8) -> bool {
    matches!(selector, 0x08 | 0x0a | 0x0c)
}

/// Name of a major status (ICSNPP, error status); empty if unlisted.
pub const fn status(major: u8) -> &'static str {
    match major {
        0x01 => "illegal service request",
        0x02 => "insufficient privilege",
        0x04 => "protocol sequence error",
        0x05 => "service request error",
        0x06 => "illegal mailbox type",
        0x07 => "request queue full",
        _ => "",
    }
}

/// Name of what the CPU does, from the status word (ICSNPP, plc status); empty if unlisted.
pub const fn state(word: u16) -> &'static str {
    match word >> 12 {
        0 => "run, i/o enabled",
        1 => "run, i/o disabled",
        2 => "stop, i/o disabled",
        3 => "cpu stop, faulted",
        4 => "cpu halted",
        5 => "cpu suspended",
        6 => "stop, i/o enabled",
        _ => "",
    }
}
