//! DCE/RPC code points: kinds of PDU, faults, reasons of refusal.

use plant::Intent::{Session, Unknown};

use crate::table::{Effect, Operation};

/// PDUs that are no call, as `0x100 + kind` (C706 12.6.4, MS-RPCE 2.2.2), and calls that no
/// interface lists.
pub static CALLS: &[Operation] = &[
    Operation::new(0x10b, "bind", Session, "C706 12.6.4.3"),
    Operation::new(0x10e, "alter context", Session, "C706 12.6.4.1"),
    Operation::new(0x110, "auth3", Session, "MS-RPCE 2.2.2.5").with(Effect::Login),
    Operation::new(0x111, "shutdown", Session, "C706 12.6.4.11"),
    Operation::new(0x112, "cancel", Session, "C706 12.6.4.6"),
    Operation::new(0x113, "orphaned", Session, "C706 12.6.4.8"),
    *REQUEST,
];

/// A call of an operation that is not listed.
pub const REQUEST: &Operation = &Operation::new(0x1000, "request", Unknown, "C706 12.6.4.9");

/// Kinds of PDU (C706 12.6.3.1, MS-RPCE 2.2.2.1).
pub(super) mod ptype {
    pub(in super::super) const REQUEST: u8 = 0;
    pub(in super::super) const RESPONSE: u8 = 2;
    pub(in super::super) const FAULT: u8 = 3;
    pub(in super::super) const BIND: u8 = 11;
    pub(in super::super) const BIND_ACK: u8 = 12;
    pub(in super::super) const BIND_NAK: u8 = 13;
    pub(in super::super) const ALTER_CONTEXT: u8 = 14;
    pub(in super::super) const ALTER_CONTEXT_RESPONSE: u8 = 15;
    pub(in super::super) const MAX: u8 = 19;
}

/// Name of a fault that Windows adds to those of the standard (MS-ERREF 2.2, MS-RPCE 3.1.1.5.5).
pub const fn fault(code: u32) -> &'static str {
    match code {
        1 => "nca_s_fault_other",
        5 => "access denied",
        0x6f7 => "bad stub data",
        0x6d8 => "cannot perform",
        0x721 => "security package error",
        0x8001_0108 => "object disconnected",
        0x8007_0005 => "access denied",
        _ => crate::profinet_cm::fault(code),
    }
}

/// Name of the reason why an association is refused (C706 12.6.3.1, MS-RPCE 2.2.2.5).
pub const fn refusal(reason: u16) -> &'static str {
    match reason {
        0 => "reason not specified",
        1 => "temporary congestion",
        2 => "local limit exceeded",
        4 => "protocol version not supported",
        8 => "authentication type not recognized",
        9 => "invalid checksum",
        _ => "",
    }
}

/// Name of the reason why a context is refused (C706 12.6.3.1).
pub const fn rejection(reason: u16) -> &'static str {
    match reason {
        1 => "abstract syntax not supported",
        2 => "transfer syntaxes not supported",
        3 => "local limit exceeded",
        _ => "context refused",
    }
}
