//! Kerberos code points: messages, encryption types, errors.

use plant::Intent::{Session, Unknown};

use crate::table::{Effect, Operation};

/// Messages by their application tag (RFC 4120 5.10); it is also their message type.
pub static MESSAGES: &[Operation] = &[
    Operation::new(10, "as-req", Session, "RFC 4120 5.4.1").with(Effect::Login),
    Operation::new(11, "as-rep", Session, "RFC 4120 5.4.2"),
    Operation::new(12, "tgs-req", Session, "RFC 4120 5.4.1"),
    Operation::new(13, "tgs-rep", Session, "RFC 4120 5.4.2"),
    Operation::new(14, "ap-req", Session, "RFC 4120 5.5.1"),
    Operation::new(15, "ap-rep", Session, "RFC 4120 5.5.2"),
    Operation::new(20, "krb-safe", Unknown, "RFC 4120 5.6.1"),
    Operation::new(21, "krb-priv", Unknown, "RFC 4120 5.7.1"),
    Operation::new(22, "krb-cred", Session, "RFC 4120 5.8.1"),
    Operation::new(30, "krb-error", Session, "RFC 4120 5.9.1"),
];

/// Message types that are read further.
pub(super) mod kind {
    pub(in super::super) const AS_REQ: u8 = 10;
    pub(in super::super) const AS_REP: u8 = 11;
    pub(in super::super) const TGS_REQ: u8 = 12;
    pub(in super::super) const TGS_REP: u8 = 13;
    pub(in super::super) const AP_REQ: u8 = 14;
    pub(in super::super) const ERROR: u8 = 30;
}

/// Whether this kind of pre-authentication proves that the client has its key: an encrypted time,
/// a certificate, an armoured or challenged exchange, a one-time password, SPAKE (RFC 4120 7.5.2,
/// RFC 4556, RFC 6113, RFC 6560, RFC 9588).
pub(super) const fn proves(kind: i64) -> bool {
    matches!(kind, 2 | 14 | 16 | 136 | 138 | 142 | 151)
}

/// What to call a weak encryption type in findings: deprecated by RFC 6649 and RFC 8429, or
/// Microsoft's own variants of RC4 (MS-KILE 3.1.5.2); `None` for all others.
pub(super) const fn weak(etype: i64) -> Option<&'static str> {
    match etype {
        1..=3 => Some("Kerberos DES"),
        5 | 7 | 16 => Some("Kerberos 3DES"),
        23 | 24 | -128 | -133 | -135 => Some("Kerberos RC4"),
        _ => None,
    }
}

/// Name of an encryption type (IANA Kerberos parameters); empty if unlisted.
pub const fn etype(code: i64) -> &'static str {
    match code {
        1 => "des-cbc-crc",
        2 => "des-cbc-md4",
        3 => "des-cbc-md5",
        5 => "des3-cbc-md5",
        7 => "des3-cbc-sha1",
        16 => "des3-cbc-sha1-kd",
        17 => "aes128-cts-hmac-sha1-96",
        18 => "aes256-cts-hmac-sha1-96",
        19 => "aes128-cts-hmac-sha256-128",
        20 => "aes256-cts-hmac-sha384-192",
        23 => "rc4-hmac",
        24 => "rc4-hmac-exp",
        25 => "camellia128-cts-cmac",
        26 => "camellia256-cts-cmac",
        _ => "",
    }
}

/// Name of an error (RFC 4120 7.5.9, RFC 4556 3.1.3, RFC 6806 12); empty if unlisted.
pub const fn error(code: u32) -> &'static str {
    match code {
        1 => "client entry expired",
        2 => "server entry expired",
        3 => "bad protocol version",
        4 => "client key in old master key",
        5 => "server key in old master key",
        6 => "client unknown",
        7 => "server unknown",
        8 => "principal not unique",
        9 => "null key",
        10 => "cannot postdate",
        11 => "never valid",
        12 => "refused by policy",
        13 => "bad option",
        14 => "encryption type not supported",
        15 => "checksum type not supported",
        16 => "pre-authentication type not supported",
        17 => "transited type not supported",
        18 => "client revoked",
        19 => "service revoked",
        20 => "ticket granting ticket revoked",
        21 => "client not yet valid",
        22 => "server not yet valid",
        23 => "key expired",
        24 => "pre-authentication failed",
        25 => "pre-authentication required",
        26 => "server does not match",
        28 => "path not accepted",
        29 => "service unavailable",
        31 => "integrity check failed",
        32 => "ticket expired",
        33 => "ticket not yet valid",
        34 => "replay",
        35 => "ticket not for us",
        36 => "ticket does not match",
        37 => "clock skew too great",
        38 => "wrong address",
        39 => "protocol version does not match",
        40 => "wrong message type",
        41 => "message modified",
        42 => "message out of order",
        44 => "key version not available",
        45 => "service key not available",
        46 => "mutual authentication failed",
        47 => "wrong direction",
        48 => "other authentication method required",
        49 => "wrong sequence number",
        50 => "inappropriate checksum",
        51 => "policy rejects path",
        52 => "response too big for udp",
        60 => "generic error",
        61 => "field too long",
        62 => "client not trusted",
        63 => "kdc not trusted",
        64 => "invalid signature",
        65 => "key too weak",
        66 => "certificate mismatch",
        67 => "no ticket granting ticket",
        68 => "wrong realm",
        27 | 69 => "user to user required",
        70 => "cannot verify certificate",
        71 => "invalid certificate",
        72 => "revoked certificate",
        73 | 74 => "revocation status not known",
        75 => "client name mismatch",
        76 => "kdc name mismatch",
        _ => "",
    }
}
