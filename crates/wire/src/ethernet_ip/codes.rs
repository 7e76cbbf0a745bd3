//! EtherNet/IP code points: encapsulation commands, status, item types.
//!
//! Source: CIP Networks Library Volume 2, EtherNet/IP Adaptation of CIP ("CIP V2"), clauses 2-3
//! (header), 2-4 (commands) and 2-6 (Common Packet Format); Volume 8 (DTLS).

use plant::Intent::{Observe, Operate, Session, Unknown};

use crate::table::{Effect, Operation};

/// Encapsulation commands.
pub static COMMANDS: &[Operation] = &[
    Operation::new(0x00, "nop", Session, "CIP V2 2-4"),
    Operation::new(0x04, "list services", Observe, "CIP V2 2-4").with(Effect::Discover),
    Operation::new(0x63, "list identity", Observe, "CIP V2 2-4").with(Effect::Discover),
    Operation::new(0x64, "list interfaces", Observe, "CIP V2 2-4").with(Effect::Discover),
    Operation::new(0x65, "register session", Session, "CIP V2 2-4"),
    Operation::new(0x66, "unregister session", Session, "CIP V2 2-4"),
    Operation::new(0x6f, "send rr data", Session, "CIP V2 2-4"),
    Operation::new(0x70, "send unit data", Session, "CIP V2 2-4"),
    Operation::new(0x72, "indicate status", Session, "CIP V2 2-3, reserved for legacy"),
    Operation::new(0x73, "cancel", Session, "CIP V2 2-3, reserved for legacy"),
    Operation::new(0xc8, "start dtls", Session, "CIP V8 3, EtherNet/IP confidentiality"),
];

/// Cyclic data; outputs from the originator operate, inputs from the target only tell.
pub static IO: Operation =
    Operation::new(0xb1, "io", Operate, "CIP V2 3-2, class 0 and 1 connections");

/// The row of [`IO`], as a table.
pub static IO_TABLE: &[Operation] = &[IO];

/// Any command that is not listed.
pub static UNLISTED: Operation = Operation::new(0, "unlisted command", Unknown, "CIP V2 2-3");

/// Commands that code asks for.
pub mod command {
    /// Does nothing, and is not answered.
    pub const NOP: u16 = 0x00;
    /// Which services a device offers.
    pub const LIST_SERVICES: u16 = 0x04;
    /// Who a device is.
    pub const LIST_IDENTITY: u16 = 0x63;
    /// Which interfaces other than CIP it has.
    pub const LIST_INTERFACES: u16 = 0x64;
    /// Opens a session.
    pub const REGISTER_SESSION: u16 = 0x65;
    /// Ends a session.
    pub const UNREGISTER_SESSION: u16 = 0x66;
    /// Carries a request or its response.
    pub const SEND_RR_DATA: u16 = 0x6f;
    /// Carries messages of a connection.
    pub const SEND_UNIT_DATA: u16 = 0x70;
}

/// Item types of the Common Packet Format.
pub mod item {
    /// Null address: the message is unconnected.
    pub const NULL_ADDRESS: u16 = 0x0000;
    /// List Identity response.
    pub const IDENTITY: u16 = 0x000c;
    /// Connected address: a connection id.
    pub const CONNECTED_ADDRESS: u16 = 0x00a1;
    /// Connected data: a sequence count and a message, or I/O data.
    pub const CONNECTED_DATA: u16 = 0x00b1;
    /// Unconnected data: a message.
    pub const UNCONNECTED_DATA: u16 = 0x00b2;
    /// List Services response.
    pub const SERVICES: u16 = 0x0100;
    /// Sequenced address: a connection id and a sequence number.
    pub const SEQUENCED_ADDRESS: u16 = 0x8002;
    /// Unconnected message over UDP.
    pub const UNCONNECTED_UDP: u16 = 0x8003;
}

/// Whether an item type is one that the Common Packet Format lists.
pub const fn is_item(kind: u16) -> bool {
    matches!(
        kind,
        0x0000 | 0x000c | 0x0085..=0x0088 | 0x00a1 | 0x00b1 | 0x00b2 | 0x0100 | 0x8000..=0x8003
    )
}

/// Name of an encapsulation status; empty if unlisted.
pub const fn status(code: u32) -> &'static str {
    match code {
        0x0000 => "success",
        0x0001 => "invalid/unsupported command",
        0x0002 => "insufficient memory resources",
        0x0003 => "malformed or incorrect data",
        0x0064 => "invalid session handle",
        0x0065 => "invalid length",
        0x0069 => "unsupported protocol version",
        0x006a => "cip service not allowed",
        _ => "",
    }
}
