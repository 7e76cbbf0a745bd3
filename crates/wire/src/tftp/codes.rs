//! TFTP code points: opcodes and errors.
//!
//! Whoever writes a file to a controller programs it, or changes its firmware; who reads from a
//! server takes what lies there.

use plant::Intent::{Administer, Observe, Program, Session, Unknown};

use crate::table::{Effect, Operation};

/// Opcodes (RFC 1350 5, RFC 2347).
pub static OPCODES: &[Operation] = &[
    Operation::new(1, "read request", Observe, "RFC 1350 5").with(Effect::Upload),
    Operation::new(2, "write request", Program, "RFC 1350 5").with(Effect::Download),
    Operation::new(3, "data", Observe, "RFC 1350 5"),
    Operation::new(4, "acknowledgment", Session, "RFC 1350 5"),
    Operation::new(5, "error", Session, "RFC 1350 5"),
    Operation::new(6, "option acknowledgment", Session, "RFC 2347"),
];

/// A write request whose file is firmware by its name.
pub const WRITE_FIRMWARE: &Operation =
    &Operation::new(2, "write request", Administer, "RFC 1350 5, name of a firmware file")
        .with(Effect::Firmware);
/// Data that the client sends: the content of a write.
pub const WRITE_DATA: &Operation = &Operation::new(3, "data", Program, "RFC 1350 4, of a write");
/// An opcode that no list has.
pub const UNLISTED: &Operation = &Operation::new(0, "unlisted", Unknown, "RFC 1350 5");

/// Rows beside the opcodes.
pub static OTHERS: &[Operation] = &[*WRITE_FIRMWARE, *WRITE_DATA, *UNLISTED];

/// Opcodes as numbers.
pub(super) mod opcode {
    pub(in super::super) const READ: u16 = 1;
    pub(in super::super) const WRITE: u16 = 2;
    pub(in super::super) const DATA: u16 = 3;
    pub(in super::super) const ACKNOWLEDGMENT: u16 = 4;
    pub(in super::super) const ERROR: u16 = 5;
    pub(in super::super) const OPTIONS: u16 = 6;
}

/// Name of an error (RFC 1350 appendix, RFC 2347); empty if unlisted.
pub const fn error(code: u16) -> &'static str {
    match code {
        0 => "not defined",
        1 => "file not found",
        2 => "access violation",
        3 => "disk full or allocation exceeded",
        4 => "illegal operation",
        5 => "unknown transfer id",
        6 => "file already exists",
        7 => "no such user",
        8 => "options refused",
        _ => "",
    }
}
