//! MQTT code points: packet types, reason and return codes, and the types of properties.
//!
//! A broker only passes on, so what a publication does is not in MQTT: from a client it may be a
//! command and counts as one, from the broker it is what the client has asked to see.
//! Sources: MQTT Version 5.0, OASIS Standard ("MQTT 5"); MQTT Version 3.1.1 ("MQTT 3.1.1").

use plant::Intent::{Observe, Operate, Session, Unknown};

use crate::table::{Effect, Operation};

/// Control packet types; the code is the type in the upper half of the first byte.
pub static PACKETS: &[Operation] = &[
    Operation::new(1, "connect", Session, "MQTT 5 3.1").with(Effect::Login),
    Operation::new(2, "connack", Session, "MQTT 5 3.2").with(Effect::Login),
    Operation::new(3, "publish", Operate, "MQTT 5 3.3"),
    Operation::new(4, "puback", Session, "MQTT 5 3.4"),
    Operation::new(5, "pubrec", Session, "MQTT 5 3.5"),
    Operation::new(6, "pubrel", Session, "MQTT 5 3.6"),
    Operation::new(7, "pubcomp", Session, "MQTT 5 3.7"),
    Operation::new(8, "subscribe", Observe, "MQTT 5 3.8"),
    Operation::new(9, "suback", Session, "MQTT 5 3.9"),
    Operation::new(10, "unsubscribe", Session, "MQTT 5 3.10"),
    Operation::new(11, "unsuback", Session, "MQTT 5 3.11"),
    Operation::new(12, "pingreq", Session, "MQTT 5 3.12"),
    Operation::new(13, "pingresp", Session, "MQTT 5 3.13"),
    Operation::new(14, "disconnect", Session, "MQTT 5 3.14"),
    Operation::new(15, "auth", Session, "MQTT 5 3.15").with(Effect::Login),
];

/// What a packet asks for beside its type: a CONNECT may name a message that the broker publishes
/// once the client is gone.
pub static PARTS: &[Operation] = &[Operation::new(16, "will", Operate, "MQTT 5 3.1.2.5")];

/// Type 0, which is forbidden.
pub static RESERVED: Operation = Operation::new(0, "reserved", Unknown, "MQTT 5 2.1.2");

pub(super) const CONNECT: u8 = 1;
pub(super) const CONNACK: u8 = 2;
pub(super) const PUBLISH: u8 = 3;
pub(super) const PUBACK: u8 = 4;
pub(super) const PUBREC: u8 = 5;
pub(super) const PUBREL: u8 = 6;
pub(super) const PUBCOMP: u8 = 7;
pub(super) const SUBSCRIBE: u8 = 8;
pub(super) const SUBACK: u8 = 9;
pub(super) const UNSUBSCRIBE: u8 = 10;
pub(super) const UNSUBACK: u8 = 11;
pub(super) const PINGREQ: u8 = 12;
pub(super) const PINGRESP: u8 = 13;
pub(super) const DISCONNECT: u8 = 14;
pub(super) const AUTH: u8 = 15;

/// Reason and return codes from here on are failures (MQTT 5 2.4).
pub(super) const FAILURE: u8 = 0x80;

/// The name of a CONNACK return code of 3.1 and 3.1.1 (MQTT 3.1.1 3.2.2.3); empty if unlisted.
pub fn return_code(code: u8) -> &'static str {
    match code {
        0 => "connection accepted",
        1 => "unacceptable protocol version",
        2 => "identifier rejected",
        3 => "server unavailable",
        4 => "bad user name or password",
        5 => "not authorized",
        _ => "",
    }
}

/// The name of a reason code of version 5 (MQTT 5 2.4); empty if unlisted.
pub fn reason(code: u8) -> &'static str {
    match code {
        0x00 => "success",
        0x01 => "granted qos 1",
        0x02 => "granted qos 2",
        0x04 => "disconnect with will message",
        0x10 => "no matching subscribers",
        0x11 => "no subscription existed",
        0x18 => "continue authentication",
        0x19 => "re-authenticate",
        _ => failure(code),
    }
}

fn failure(code: u8) -> &'static str {
    match code {
        0x80 => "unspecified error",
        0x81 => "malformed packet",
        0x82 => "protocol error",
        0x83 => "implementation specific error",
        0x84 => "unsupported protocol version",
        0x85 => "client identifier not valid",
        0x86 => "bad user name or password",
        0x87 => "not authorized",
        0x88 => "server unavailable",
        0x89 => "server busy",
        0x8a => "banned",
        0x8b => "server shutting down",
        0x8c => "bad authentication method",
        0x8d => "keep alive timeout",
        0x8e => "session taken over",
        0x8f => "topic filter invalid",
        0x90 => "topic name invalid",
        0x91 => "packet identifier in use",
        0x92 => "packet identifier not found",
        0x93 => "receive maximum exceeded",
        0x94 => "topic alias invalid",
        0x95 => "packet too large",
        0x96 => "message rate too high",
        0x97 => "quota exceeded",
        0x98 => "administrative action",
        0x99 => "payload format invalid",
        0x9a => "retain not supported",
        0x9b => "qos not supported",
        0x9c => "use another server",
        0x9d => "server moved",
        0x9e => "shared subscriptions not supported",
        0x9f => "connection rate exceeded",
        0xa0 => "maximum connect time",
        0xa1 => "subscription identifiers not supported",
        0xa2 => "wildcard subscriptions not supported",
        _ => "",
    }
}

/// How the value of a property is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// This many bytes.
    Fixed(usize),
    /// A variable byte integer.
    Varint,
    /// Text or bytes behind their 16-bit length.
    Bytes,
    /// Two texts.
    Pair,
}

pub(super) const ASSIGNED_CLIENT: u8 = 0x12;
pub(super) const AUTH_METHOD: u8 = 0x15;
pub(super) const REASON_STRING: u8 = 0x1f;
pub(super) const TOPIC_ALIAS: u8 = 0x23;

/// The shape of a property's value (MQTT 5 2.2.2.2); `None` if unlisted.
pub(super) const fn property(id: u8) -> Option<Shape> {
    match id {
        0x01 | 0x17 | 0x19 | 0x24 | 0x25 | 0x28..=0x2a => Some(Shape::Fixed(1)),
        0x13 | 0x21 | 0x22 | TOPIC_ALIAS => Some(Shape::Fixed(2)),
        0x02 | 0x11 | 0x18 | 0x27 => Some(Shape::Fixed(4)),
        0x0b => Some(Shape::Varint),
        0x03 | 0x08 | 0x09 | ASSIGNED_CLIENT | AUTH_METHOD | 0x16 | 0x1a | 0x1c | REASON_STRING => {
            Some(Shape::Bytes)
        }
        0x26 => Some(Shape::Pair),
        _ => None,
    }
}
