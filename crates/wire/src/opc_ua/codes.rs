//! OPC UA code points: transport messages, services by type id, security policies and modes.
//!
//! A service is known by the numeric node id of its binary encoding in namespace 0: the request's
//! is the row's code, the response's follows it (by 3, of later services by 1). Writes and method
//! calls act on the process; node management changes the server's own model.
//! Sources: OPC 10000-4 "Services" ("Part 4") and OPC 10000-6 "Mappings" ("Part 6"), both 1.04.

use plant::Intent::{Administer, Observe, Operate, Session, Unknown};

use crate::Reader;
use crate::message::Kind;
use crate::table::{Effect, Operation};

/// Message types of the transport and of secure conversation, as their three letters.
pub(super) mod kind {
    pub(in crate::opc_ua) const HELLO: [u8; 3] = *b"HEL";
    pub(in crate::opc_ua) const ACKNOWLEDGE: [u8; 3] = *b"ACK";
    pub(in crate::opc_ua) const ERROR: [u8; 3] = *b"ERR";
    pub(in crate::opc_ua) const REVERSE_HELLO: [u8; 3] = *b"RHE";
    pub(in crate::opc_ua) const OPEN: [u8; 3] = *b"OPN";
    pub(in crate::opc_ua) const MESSAGE: [u8; 3] = *b"MSG";
    pub(in crate::opc_ua) const CLOSE: [u8; 3] = *b"CLO";
}

/// Messages of the transport; the code is the message type, first letter highest.
pub static TRANSPORT: &[Operation] = &[HELLO, ERROR, REVERSE_HELLO];
/// Limits of both sides, and the endpoint that is wanted.
pub static HELLO: Operation = Operation::new(0x48_454c, "hello", Session, "Part 6 7.1.2.3");
/// The connection ends.
pub static ERROR: Operation = Operation::new(0x45_5252, "error", Session, "Part 6 7.1.2.5");
/// A server called the client.
pub static REVERSE_HELLO: Operation =
    Operation::new(0x52_4845, "reverse hello", Session, "Part 6 7.1.2.6");

/// Services, by type id of the request.
pub static SERVICES: &[Operation] = &[
    Operation::new(631, "read", Observe, "Part 4 5.10.2"),
    Operation::new(826, "publish", Observe, "Part 4 5.13.5"),
    Operation::new(673, "write", Operate, "Part 4 5.10.4"),
    Operation::new(712, "call", Operate, "Part 4 5.11.2"),
    Operation::new(527, "browse", Observe, "Part 4 5.8.2"),
    Operation::new(533, "browse next", Observe, "Part 4 5.8.3"),
    Operation::new(554, "translate browse paths to node ids", Observe, "Part 4 5.8.4"),
    Operation::new(560, "register nodes", Session, "Part 4 5.8.5"),
    Operation::new(566, "unregister nodes", Session, "Part 4 5.8.6"),
    Operation::new(422, "find servers", Observe, "Part 4 5.4.2").with(Effect::Discover),
    Operation::new(12208, "find servers on network", Observe, "Part 4 5.4.3")
        .with(Effect::Discover),
    Operation::new(428, "get endpoints", Observe, "Part 4 5.4.4").with(Effect::Discover),
    Operation::new(437, "register server", Session, "Part 4 5.4.5"),
    Operation::new(12211, "register server 2", Session, "Part 4 5.4.6"),
    Operation::new(446, "open secure channel", Session, "Part 4 5.5.2"),
    Operation::new(452, "close secure channel", Session, "Part 4 5.5.3"),
    Operation::new(461, "create session", Session, "Part 4 5.6.2"),
    Operation::new(467, "activate session", Session, "Part 4 5.6.3").with(Effect::Login),
    Operation::new(473, "close session", Session, "Part 4 5.6.4"),
    Operation::new(479, "cancel", Session, "Part 4 5.6.5"),
    Operation::new(488, "add nodes", Administer, "Part 4 5.7.2"),
    Operation::new(494, "add references", Administer, "Part 4 5.7.3"),
    Operation::new(500, "delete nodes", Administer, "Part 4 5.7.4"),
    Operation::new(506, "delete references", Administer, "Part 4 5.7.5"),
    Operation::new(615, "query first", Observe, "Part 4 5.9.3"),
    Operation::new(621, "query next", Observe, "Part 4 5.9.4"),
    Operation::new(664, "history read", Observe, "Part 4 5.10.3"),
    Operation::new(700, "history update", Operate, "Part 4 5.10.5"),
    Operation::new(751, "create monitored items", Observe, "Part 4 5.12.2"),
    Operation::new(763, "modify monitored items", Observe, "Part 4 5.12.3"),
    Operation::new(769, "set monitoring mode", Observe, "Part 4 5.12.4"),
    Operation::new(775, "set triggering", Observe, "Part 4 5.12.5"),
    Operation::new(781, "delete monitored items", Observe, "Part 4 5.12.6"),
    Operation::new(787, "create subscription", Observe, "Part 4 5.13.2"),
    Operation::new(793, "modify subscription", Observe, "Part 4 5.13.3"),
    Operation::new(799, "set publishing mode", Observe, "Part 4 5.13.4"),
    Operation::new(832, "republish", Observe, "Part 4 5.13.6"),
    Operation::new(841, "transfer subscriptions", Observe, "Part 4 5.13.7"),
    Operation::new(847, "delete subscriptions", Observe, "Part 4 5.13.8"),
];

/// What is no service of its own.
pub static OTHERS: &[Operation] = &[FAULT, ENCRYPTED, UNLISTED, ABORT];
/// A service failed as a whole.
pub static FAULT: Operation = Operation::new(397, "service fault", Session, "Part 4 7.30");
/// Only the two ends can read it.
pub static ENCRYPTED: Operation = Operation::new(0, "encrypted message", Unknown, "Part 6 6.7.2");
/// A type id outside the standard.
pub static UNLISTED: Operation = Operation::new(0, "unlisted service", Unknown, "Part 4 5");
/// The sender gave up a message in the middle.
pub static ABORT: Operation = Operation::new(0, "abort", Session, "Part 6 6.7.3");

/// Type ids that are handled by themselves.
pub(super) const OPEN_REQUEST: u32 = 446;
pub(super) const CLOSE_REQUEST: u32 = 452;
pub(super) const CREATE_SESSION: u32 = 461;
pub(super) const ACTIVATE_SESSION: u32 = 467;
pub(super) const CALL: u32 = 712;
pub(super) const SERVICE_FAULT: u32 = 397;

/// Services that need no session, and channels for them no protection (Part 4 5.4, 5.5).
pub(super) const DISCOVERY: [u32; 7] = [422, 12208, 428, 437, 12211, OPEN_REQUEST, CLOSE_REQUEST];

/// User identity tokens by type id of their binary encoding (Part 4 7.36, Part 6 A.1).
pub(super) mod token {
    pub(in crate::opc_ua) const ANONYMOUS: u32 = 321;
    pub(in crate::opc_ua) const USER_NAME: u32 = 324;
    pub(in crate::opc_ua) const X509: u32 = 327;
    pub(in crate::opc_ua) const ISSUED: u32 = 940;
}

/// The service with this type id, and whether it is its request or its response.
pub(super) fn service(type_id: u32) -> Option<(&'static Operation, Kind)> {
    if let Some(row) = Operation::find(SERVICES, type_id) {
        return Some((row, Kind::Request));
    }
    // the latest services have no XML encoding between request and response
    let after = if type_id > 12_000 { 1 } else { 3 };
    let row = Operation::find(SERVICES, type_id.checked_sub(after)?)?;
    Some((row, Kind::Response))
}

/// How a secure channel protects its messages, as far as it was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Policy {
    /// The channel was opened before the capture began.
    #[default]
    Unseen,
    /// Neither signed nor encrypted.
    None,
    /// Some policy: whether messages are also encrypted, their bytes show.
    Protected {
        /// Bytes of the signature that ends each chunk.
        signature_bytes: usize,
    },
}

impl Policy {
    /// The policy with this name, the last part of its URI. Signatures are HMAC with SHA-1 in the
    /// deprecated ones, with SHA-256 in all others (OPC 10000-7 6.6).
    pub(super) fn of(name: &[u8]) -> Self {
        match name {
            POLICY_NONE => Self::None,
            _ if obsolete(name).is_some() => Self::Protected { signature_bytes: 20 },
            _ => Self::Protected { signature_bytes: 32 },
        }
    }

    /// Bytes of the signature that ends each chunk.
    pub(super) const fn signature_bytes(self) -> usize {
        match self {
            Self::Unseen | Self::None => 0,
            Self::Protected { signature_bytes } => signature_bytes,
        }
    }
}

/// What all security policies begin with (OPC 10000-7 6.6).
pub(super) const POLICY_PREFIX: &[u8] = b"http://opcfoundation.org/UA/SecurityPolicy#";
/// The policy without protection.
pub(super) const POLICY_NONE: &[u8] = b"None";

/// A deprecated policy, as findings name it (OPC 10000-7 1.04 6.6.162 and 6.6.163: SHA-1, and
/// RSA keys from 1024 bits).
pub(super) fn obsolete(policy: &[u8]) -> Option<&'static str> {
    match policy {
        b"Basic128Rsa15" => Some("OPC UA Basic128Rsa15"),
        b"Basic256" => Some("OPC UA Basic256"),
        _ => None,
    }
}

/// Message security mode (Part 4 7.15) that the fields of an open secure channel request ask for.
pub(super) fn mode_of(mut fields: Reader<'_>) -> Option<&'static str> {
    fields.skip(8)?;
    Some(match fields.le32()? {
        1 => "None",
        2 => "Sign",
        3 => "SignAndEncrypt",
        _ => "invalid mode",
    })
}
