//! DHCP code points: message types and the options that are read.
//!
//! Sources: RFC 2131, RFC 2132, RFC 3203 (forcerenew), RFC 4388 (leasequery), RFC 951 (BOOTP).

use plant::Intent::{Administer, Observe, Session, Unknown};

use crate::table::{Effect, Operation};

/// Message types of option 53.
pub static MESSAGES: &[Operation] = &[
    Operation::new(1, "discover", Session, "RFC 2131 3.1"),
    Operation::new(2, "offer", Session, "RFC 2131 3.1"),
    Operation::new(3, "request", Session, "RFC 2131 3.1"),
    Operation::new(4, "decline", Session, "RFC 2131 3.1"),
    Operation::new(5, "ack", Session, "RFC 2131 3.1"),
    Operation::new(6, "nak", Session, "RFC 2131 3.1"),
    Operation::new(7, "release", Session, "RFC 2131 3.1"),
    Operation::new(8, "inform", Session, "RFC 2131 3.4"),
    Operation::new(9, "forcerenew", Administer, "RFC 3203 3"),
    Operation::new(10, "leasequery", Observe, "RFC 4388 6.1").with(Effect::Discover),
    Operation::new(11, "leaseunassigned", Observe, "RFC 4388 6.1"),
    Operation::new(12, "leaseunknown", Observe, "RFC 4388 6.1"),
    Operation::new(13, "leaseactive", Observe, "RFC 4388 6.1"),
];

/// BOOTP: the same frame without a message type. Its code is the op field.
pub static BOOTP: &[Operation] = &[
    Operation::new(1, "bootp request", Session, "RFC 951 3"),
    Operation::new(2, "bootp reply", Session, "RFC 951 3"),
];

/// Any message type that no list above has.
pub static UNLISTED: Operation = Operation::new(0, "unlisted message", Unknown, "RFC 2132 9.6");

/// Message type "offer".
pub const OFFER: u8 = 2;
/// Message type "ack".
pub const ACK: u8 = 5;
/// Message type "nak".
pub const NAK: u8 = 6;

/// The op field that fits a message type: 1 from clients, 2 from servers; 0 if unlisted.
pub const fn op(message: u8) -> u8 {
    match message {
        1 | 3 | 4 | 7 | 8 | 10 => 1,
        2 | 5 | 6 | 9 | 11..=13 => 2,
        _ => 0,
    }
}

/// Options (RFC 2132 by clause; 81: RFC 4702).
pub mod option {
    /// Filler without a length.
    pub const PAD: u8 = 0;
    /// Subnet mask (3.3).
    pub const MASK: u8 = 1;
    /// Routers (3.5).
    pub const ROUTER: u8 = 3;
    /// Domain name servers (3.8).
    pub const NAME_SERVER: u8 = 6;
    /// Host name (3.14).
    pub const HOSTNAME: u8 = 12;
    /// Domain name (3.17).
    pub const DOMAIN: u8 = 15;
    /// Requested IP address (9.1).
    pub const REQUESTED: u8 = 50;
    /// Lease time in seconds (9.2).
    pub const LEASE: u8 = 51;
    /// Fields `file` and `sname` hold options too (9.3).
    pub const OVERLOAD: u8 = 52;
    /// Message type (9.6).
    pub const MESSAGE: u8 = 53;
    /// Server identifier (9.7).
    pub const SERVER: u8 = 54;
    /// Text for people: why a request was refused (9.9).
    pub const TEXT: u8 = 56;
    /// Vendor class identifier (9.13).
    pub const VENDOR_CLASS: u8 = 60;
    /// Client FQDN (RFC 4702 2).
    pub const FQDN: u8 = 81;
    /// End of the options.
    pub const END: u8 = 255;
}
