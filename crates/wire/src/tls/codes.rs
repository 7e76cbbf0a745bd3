//! TLS code points: record and handshake types, versions, alerts.
//!
//! Sources: RFC 8446 (TLS 1.3) appendix B, RFC 5246 (TLS 1.2), RFC 6101 (SSL 3.0), RFC 6520.

use plant::Intent::{Session, Unknown};

use crate::table::Operation;

/// First message of a client.
pub const CLIENT_HELLO: &Operation = &Operation::new(1, "client hello", Session, "RFC 8446 4.1.2");
/// First message of a server.
pub const SERVER_HELLO: &Operation = &Operation::new(2, "server hello", Session, "RFC 8446 4.1.3");
/// A chain of certificates in the clear, up to TLS 1.2.
pub const CERTIFICATE: &Operation = &Operation::new(11, "certificate", Session, "RFC 5246 7.4.2");
/// Anything wrong, or the end.
pub const ALERT: &Operation = &Operation::new(0x15, "alert", Session, "RFC 8446 6");
/// Encrypted content, which nobody but its ends can judge; said once per conversation.
pub const DATA: &Operation = &Operation::new(0x17, "application data", Unknown, "RFC 8446 5.2");
/// A keep-alive that is still in the clear.
pub const HEARTBEAT: &Operation = &Operation::new(0x18, "heartbeat", Session, "RFC 6520 4");

/// Every row.
pub static OPERATIONS: &[Operation] =
    &[*CLIENT_HELLO, *SERVER_HELLO, *CERTIFICATE, *ALERT, *DATA, *HEARTBEAT];

/// Record types (RFC 8446 B.1).
pub const RECORD_CHANGE_CIPHER_SPEC: u8 = 20;
/// Record type of alerts.
pub const RECORD_ALERT: u8 = 21;
/// Record type of the handshake.
pub const RECORD_HANDSHAKE: u8 = 22;
/// Record type of encrypted content.
pub const RECORD_DATA: u8 = 23;
/// Record type of heartbeats (RFC 6520 7).
pub const RECORD_HEARTBEAT: u8 = 24;

/// Extension: the name of the server that is wanted (RFC 6066 3).
pub const EXTENSION_SERVER_NAME: u16 = 0;
/// Extension: application protocols (RFC 7301 3.1).
pub const EXTENSION_ALPN: u16 = 16;
/// Extension: versions (RFC 8446 4.2.1).
pub const EXTENSION_SUPPORTED_VERSIONS: u16 = 43;

/// A version as on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u16);

impl Version {
    /// Its name; empty if unlisted.
    pub const fn name(self) -> &'static str {
        match self.0 {
            0x0002 => "SSL 2.0",
            0x0300 => "SSL 3.0",
            0x0301 => "TLS 1.0",
            0x0302 => "TLS 1.1",
            0x0303 => "TLS 1.2",
            0x0304 => "TLS 1.3",
            0x7f00..=0x7fff => "TLS 1.3 draft",
            _ => "",
        }
    }

    /// Whether it is forbidden by now (RFC 6176, RFC 7568, RFC 8996).
    pub const fn is_obsolete(self) -> bool {
        self.0 < 0x0303
    }
}

/// Name of an alert (RFC 8446 6, RFC 5246 7.2); empty if unlisted.
pub const fn alert(description: u8) -> &'static str {
    match description {
        0 => "close notify",
        10 => "unexpected message",
        20 => "bad record mac",
        21 => "decryption failed",
        22 => "record overflow",
        30 => "decompression failure",
        40 => "handshake failure",
        41 => "no certificate",
        42 => "bad certificate",
        43 => "unsupported certificate",
        44 => "certificate revoked",
        45 => "certificate expired",
        46 => "certificate unknown",
        47 => "illegal parameter",
        48 => "unknown ca",
        49 => "access denied",
        50 => "decode error",
        51 => "decrypt error",
        60 => "export restriction",
        70 => "protocol version",
        71 => "insufficient security",
        80 => "internal error",
        86 => "inappropriate fallback",
        90 => "user canceled",
        100 => "no renegotiation",
        109 => "missing extension",
        110 => "unsupported extension",
        112 => "unrecognized name",
        113 => "bad certificate status response",
        115 => "unknown psk identity",
        116 => "certificate required",
        120 => "no application protocol",
        _ => "",
    }
}
