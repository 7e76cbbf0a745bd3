//! DNP3 code points: link and application functions, indications, control status, object sizes.
//!
//! Source: IEEE Std 1815-2012 "Distributed Network Protocol (DNP3)" (IEEE 1815), by clause.

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

const APPLICATION: &str = "IEEE 1815 4.4, application function codes";
const LINK: &str = "IEEE 1815 9.2.4.1.3, link function codes";

/// Application functions, by clause 4.4. A write is judged by what it writes.
pub static FUNCTIONS: &[Operation] = &[
    Operation::new(0, "confirm", Session, APPLICATION),
    Operation::new(1, "read", Observe, APPLICATION),
    Operation::new(2, "write", Operate, APPLICATION),
    Operation::new(3, "select", Operate, APPLICATION),
    Operation::new(4, "operate", Operate, APPLICATION),
    Operation::new(5, "direct operate", Operate, APPLICATION).with(Effect::DirectOperate),
    Operation::new(6, "direct operate no ack", Operate, APPLICATION).with(Effect::DirectOperate),
    Operation::new(7, "immediate freeze", Operate, APPLICATION),
    Operation::new(8, "immediate freeze no ack", Operate, APPLICATION),
    Operation::new(9, "freeze and clear", Operate, APPLICATION),
    Operation::new(10, "freeze and clear no ack", Operate, APPLICATION),
    Operation::new(11, "freeze at time", Operate, APPLICATION),
    Operation::new(12, "freeze at time no ack", Operate, APPLICATION),
    Operation::new(13, "cold restart", Administer, APPLICATION).with(Effect::Restart),
    Operation::new(14, "warm restart", Administer, APPLICATION).with(Effect::Restart),
    Operation::new(15, "initialize data", Administer, APPLICATION),
    Operation::new(16, "initialize application", Administer, APPLICATION).with(Effect::Restart),
    Operation::new(17, "start application", Operate, APPLICATION).with(Effect::Start),
    Operation::new(18, "stop application", Administer, APPLICATION).with(Effect::Stop),
    Operation::new(19, "save configuration", Administer, APPLICATION),
    Operation::new(20, "enable unsolicited", Administer, APPLICATION),
    Operation::new(21, "disable unsolicited", Administer, APPLICATION).with(Effect::Silence),
    Operation::new(22, "assign class", Administer, APPLICATION),
    Operation::new(23, "delay measurement", Observe, APPLICATION),
    Operation::new(24, "record current time", Administer, APPLICATION),
    Operation::new(25, "open file", Observe, APPLICATION),
    Operation::new(26, "close file", Session, APPLICATION),
    Operation::new(27, "delete file", Program, APPLICATION).with(Effect::DeleteFile),
    Operation::new(28, "get file info", Observe, APPLICATION),
    Operation::new(29, "authenticate file", Session, APPLICATION).with(Effect::Login),
    Operation::new(30, "abort file", Session, APPLICATION),
    Operation::new(31, "activate configuration", Program, APPLICATION).with(Effect::Download),
    Operation::new(32, "authentication request", Session, APPLICATION).with(Effect::Login),
    Operation::new(33, "authentication request no ack", Session, APPLICATION),
    Operation::new(129, "response", Unknown, APPLICATION),
    Operation::new(130, "unsolicited response", Observe, APPLICATION),
    Operation::new(131, "authentication response", Session, APPLICATION),
];

/// Writes that are more than their function says, by the group that they write; the code is the
/// function's.
pub static WRITES: &[Operation] = &[
    Operation::new(2, "write time", Administer, "IEEE 1815 A.22, g50").with(Effect::SetClock),
    Operation::new(2, "write file", Program, "IEEE 1815 A.27, g70").with(Effect::Download),
    Operation::new(2, "write internal indications", Session, "IEEE 1815 A.31, g80"),
];

/// The row of a write of this group.
pub fn write(group: u8) -> Option<&'static Operation> {
    match group {
        50 => WRITES.first(),
        70 => WRITES.get(1),
        80 => WRITES.get(2),
        _ => None,
    }
}

/// Link functions of frames without user data; those of secondary stations plus 0x100.
pub static LINK_FUNCTIONS: &[Operation] = &[
    Operation::new(0, "reset link states", Session, LINK),
    Operation::new(2, "test link states", Session, LINK),
    Operation::new(9, "request link status", Session, LINK),
    Operation::new(0x100, "ack", Session, LINK),
    Operation::new(0x101, "nack", Session, LINK),
    Operation::new(0x10b, "link status", Session, LINK),
    Operation::new(0x10f, "not supported", Session, LINK),
];

/// Any function that no list above has.
pub static UNLISTED: Operation = Operation::new(255, "unlisted function", Unknown, APPLICATION);

/// The indication that makes a response an error, by clause 4.5.4; empty if none is set. `iin` has
/// the first octet in its high byte.
pub const fn refusal(iin: u16) -> &'static str {
    match iin {
        _ if iin & 0x01 != 0 => "function code not supported",
        _ if iin & 0x02 != 0 => "object unknown",
        _ if iin & 0x04 != 0 => "parameter error",
        _ if iin & 0x10 != 0 => "already executing",
        _ => "",
    }
}

/// Names of the indications, by bit from the lowest, by clause 4.5.4.
pub static INDICATIONS: [&str; 16] = [
    "no function code support",
    "object unknown",
    "parameter error",
    "event buffer overflow",
    "already executing",
    "configuration corrupt",
    "reserved 2",
    "reserved 1",
    "broadcast",
    "class 1 events",
    "class 2 events",
    "class 3 events",
    "need time",
    "local control",
    "device trouble",
    "device restart",
];

/// Name of a control status, by clause A.6; empty if unlisted.
pub const fn control_status(status: u8) -> &'static str {
    match status {
        1 => "timeout",
        2 => "no select",
        3 => "format error",
        4 => "not supported",
        5 => "already active",
        6 => "hardware error",
        7 => "local",
        8 => "too many operations",
        9 => "not authorized",
        10 => "automation inhibit",
        11 => "processing limited",
        12 => "out of range",
        126 => "non participating",
        127 => "undefined",
        _ => "",
    }
}

/// Bits of one object of a group and variation, by annex A; `None` if its size is its own or the
/// list does not have it.
pub const fn object_bits(group: u8, variation: u8) -> Option<usize> {
    Some(match (group, variation) {
        (1 | 10 | 80, 1) => 1,
        (3, 1) => 2,
        (1 | 3 | 10, 2) | (2 | 4 | 11 | 13, 1) => 8,
        (2 | 4 | 11 | 13, 2) => 56,
        (2 | 4, 3) => 24,
        (12, 1 | 2) => 88,
        (20 | 21 | 22 | 40, 1) | (40, 3) | (30 | 31 | 32 | 42, 1 | 5) => 40,
        (20 | 21 | 22 | 30 | 31 | 32 | 40 | 42, 2) => 24,
        (20, 5) | (21, 9) | (30, 3) => 32,
        (20, 6) | (21, 10) | (30, 4) => 16,
        (22 | 23, 5) | (32 | 33 | 42, 3 | 7) => 88,
        (22 | 23, 6) | (32 | 33 | 42, 4) => 72,
        (30, 6) | (40, 4) => 72,
        (41, 1 | 3) => 40,
        (41, 2) => 24,
        (41, 4) => 72,
        (50, 1 | 3) | (51, 1 | 2) => 48,
        (50, 2) => 80,
        (52, 1 | 2) => 16,
        _ => return None,
    })
}
