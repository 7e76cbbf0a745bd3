//! ARP code points: operations of RFC 826, RFC 903 and RFC 2390, and the special requests and
//! replies that RFC 5227 and RFC 5944 tell apart by their addresses.

use plant::Intent::{Session, Unknown};

use crate::table::{Effect, Operation};

/// Operations, by opcode.
pub static OPERATIONS: &[Operation] = &[
    Operation::new(1, "request", Session, "RFC 826, packet format").with(Effect::Discover),
    Operation::new(2, "reply", Session, "RFC 826, packet format"),
    Operation::new(3, "reverse request", Session, "RFC 903, section 2"),
    Operation::new(4, "reverse reply", Session, "RFC 903, section 2"),
    Operation::new(8, "inverse request", Session, "RFC 2390, section 7"),
    Operation::new(9, "inverse reply", Session, "RFC 2390, section 7"),
];

/// A request from nobody: is this address free?
pub static PROBE: Operation = Operation::new(1, "probe", Session, "RFC 5227, section 1.1");

/// A request for the sender's own address: it is mine now.
pub static ANNOUNCEMENT: Operation =
    Operation::new(1, "announcement", Session, "RFC 5227, section 1.1");

/// A reply that nobody asked for, about the sender's own address to itself or to all.
pub static GRATUITOUS_REPLY: Operation =
    Operation::new(2, "gratuitous reply", Session, "RFC 5944, section 4.6");

/// Any opcode that no list above has.
pub static UNLISTED: Operation =
    Operation::new(0, "unlisted operation", Unknown, "RFC 826, packet format");

/// Whether an operation answers.
pub const fn is_reply(opcode: u16) -> bool {
    matches!(opcode, 2 | 4 | 9)
}
