//! LDAP code points: operations, extended operations, result codes.
//!
//! Who changes a directory changes who may log in where, so all changes administer.

use plant::Intent::{Administer, Observe, Session, Unknown};

use crate::table::{Effect, Operation};

/// Operations by the application tag of the request (RFC 4511 4.2 to 4.12, appendix B).
pub static OPERATIONS: &[Operation] = &[
    Operation::new(0, "bind", Session, "RFC 4511 4.2").with(Effect::Login),
    Operation::new(2, "unbind", Session, "RFC 4511 4.3"),
    Operation::new(3, "search", Observe, "RFC 4511 4.5"),
    Operation::new(6, "modify", Administer, "RFC 4511 4.6"),
    Operation::new(8, "add", Administer, "RFC 4511 4.7"),
    Operation::new(10, "delete", Administer, "RFC 4511 4.8"),
    Operation::new(12, "modify dn", Administer, "RFC 4511 4.9"),
    Operation::new(14, "compare", Observe, "RFC 4511 4.10"),
    Operation::new(16, "abandon", Session, "RFC 4511 4.11"),
    Operation::new(23, "extended", Unknown, "RFC 4511 4.12"),
    Operation::new(4, "search result entry", Observe, "RFC 4511 4.5.2"),
    Operation::new(19, "search result reference", Observe, "RFC 4511 4.5.2"),
    Operation::new(25, "intermediate response", Unknown, "RFC 4511 4.13"),
];

/// Extended operations that can be judged, as `0x100` and on; by their object identifiers.
pub static EXTENDED: &[Operation] = &[
    Operation::new(0x100, "start tls", Session, "RFC 4511 4.14"),
    Operation::new(0x101, "modify password", Administer, "RFC 3062 2"),
    Operation::new(0x102, "who am i", Observe, "RFC 4532 2"),
    Operation::new(0x103, "cancel", Session, "RFC 3909 2"),
    Operation::new(0x104, "fast bind", Session, "MS-ADTS 3.1.1.3.4.2.3").with(Effect::Login),
];

/// What a security layer of SASL protects; said once per conversation.
pub const PROTECTED: &Operation =
    &Operation::new(0x200, "protected", Unknown, "RFC 4422 3.7, RFC 4511 5.2");
/// An operation that no list has.
pub const UNLISTED: &Operation = &Operation::new(0x201, "unlisted", Unknown, "RFC 4511 4.2");
/// Rows beside the operations.
pub static OTHERS: &[Operation] = &[*PROTECTED, *UNLISTED];

/// Application tags that are read further.
pub(super) mod tag {
    pub(in super::super) const BIND: u8 = 0;
    pub(in super::super) const SEARCH: u8 = 3;
    pub(in super::super) const ENTRY: u8 = 4;
    pub(in super::super) const DELETE: u8 = 10;
    pub(in super::super) const EXTENDED: u8 = 23;
}

/// The request's tag of a response with a result; `None` for all else.
pub(super) const fn answered(tag: u8) -> Option<u8> {
    match tag {
        1 | 7 | 9 | 11 | 13 | 15 | 24 => Some(tag - 1),
        5 => Some(tag::SEARCH),
        _ => None,
    }
}

/// The row of an extended operation.
pub(super) fn extended(name: &[u8]) -> Option<&'static Operation> {
    let code = match name {
        b"1.3.6.1.4.1.1466.20037" => 0x100,
        b"1.3.6.1.4.1.4203.1.11.1" => 0x101,
        b"1.3.6.1.4.1.4203.1.11.3" => 0x102,
        b"1.3.6.1.1.8" => 0x103,
        b"1.2.840.113556.1.4.1781" => 0x104,
        _ => return None,
    };
    Operation::find(EXTENDED, code)
}

/// Result codes that are steps and no failures (RFC 4511 4.1.9): success, both answers to a
/// comparison, referral, and that the login goes on.
pub const fn is_progress(code: u32) -> bool {
    matches!(code, 0 | 5 | 6 | 10 | 14)
}

/// Name of a result code (RFC 4511 appendix A, RFC 3909, RFC 4528); empty if unlisted.
pub const fn result(code: u32) -> &'static str {
    match code {
        1 => "operations error",
        2 => "protocol error",
        3 => "time limit exceeded",
        4 => "size limit exceeded",
        7 => "auth method not supported",
        8 => "stronger auth required",
        11 => "admin limit exceeded",
        12 => "unavailable critical extension",
        13 => "confidentiality required",
        16 => "no such attribute",
        17 => "undefined attribute type",
        18 => "inappropriate matching",
        19 => "constraint violation",
        20 => "attribute or value exists",
        21 => "invalid attribute syntax",
        32 => "no such object",
        33 => "alias problem",
        34 => "invalid dn syntax",
        36 => "alias dereferencing problem",
        48 => "inappropriate authentication",
        49 => "invalid credentials",
        50 => "insufficient access rights",
        51 => "busy",
        52 => "unavailable",
        53 => "unwilling to perform",
        54 => "loop detect",
        64 => "naming violation",
        65 => "object class violation",
        66 => "not allowed on non leaf",
        67 => "not allowed on rdn",
        68 => "entry already exists",
        69 => "object class mods prohibited",
        71 => "affects multiple dsas",
        80 => "other",
        118 => "canceled",
        119 => "no such operation",
        120 => "too late",
        121 => "cannot cancel",
        122 => "assertion failed",
        _ => "",
    }
}

/// Name of a search scope (RFC 4511 4.5.1.2).
pub const fn scope(code: u8) -> &'static str {
    match code {
        0 => "base",
        1 => "one",
        2 => "sub",
        3 => "children",
        _ => "unknown scope",
    }
}
