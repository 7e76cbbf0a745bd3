//! DNS code points: opcodes, record types, response codes.
//!
//! An update may be a host that registers its own name or somebody who redirects another's, so it
//! cannot be judged. Sources: RFC 1035 clauses 3.2, 4.1; RFC 6895.

use plant::Intent::{Observe, Session, Unknown};

use crate::table::{Effect, Operation};

/// Opcodes.
pub static OPCODES: &[Operation] = &[
    Operation::new(0, "query", Observe, "RFC 1035 4.1.1"),
    Operation::new(1, "inverse query", Observe, "RFC 1035 6.4"),
    Operation::new(2, "status", Observe, "RFC 1035 4.1.1"),
    Operation::new(4, "notify", Session, "RFC 1996 3"),
    Operation::new(5, "update", Unknown, "RFC 2136 2"),
    Operation::new(6, "stateful operation", Session, "RFC 8490 5.4"),
];

/// A query for a whole zone: every name that the server holds.
pub const TRANSFER: &Operation =
    &Operation::new(0, "zone transfer", Observe, "RFC 5936 2").with(Effect::Discover);
/// An opcode that no list has.
pub const UNLISTED: &Operation = &Operation::new(16, "unlisted opcode", Unknown, "RFC 6895 2.2");

/// Rows that are no opcode.
pub static OTHERS: &[Operation] = &[*TRANSFER, *UNLISTED];

/// Record type of IPv4 addresses.
pub const A: u16 = 1;
/// Record type of name servers.
pub const NS: u16 = 2;
/// Record type of names that stand for another.
pub const CNAME: u16 = 5;
/// Record type of pointers to names.
pub const PTR: u16 = 12;
/// Record type of texts.
pub const TXT: u16 = 16;
/// Record type of IPv6 addresses.
pub const AAAA: u16 = 28;
/// Record type of services.
pub const SRV: u16 = 33;
/// Record type of trees that stand for another.
pub const DNAME: u16 = 39;
/// Query types for a whole zone, incremental and full.
pub const TRANSFERS: [u16; 2] = [251, 252];

/// Name of a record or query type (RFC 6895 3.1); empty if unlisted.
pub const fn record_type(code: u16) -> &'static str {
    match code {
        1 => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        10 => "NULL",
        12 => "PTR",
        13 => "HINFO",
        15 => "MX",
        16 => "TXT",
        17 => "RP",
        18 => "AFSDB",
        24 => "SIG",
        25 => "KEY",
        28 => "AAAA",
        29 => "LOC",
        33 => "SRV",
        35 => "NAPTR",
        39 => "DNAME",
        41 => "OPT",
        42 => "APL",
        43 => "DS",
        44 => "SSHFP",
        46 => "RRSIG",
        47 => "NSEC",
        48 => "DNSKEY",
        50 => "NSEC3",
        51 => "NSEC3PARAM",
        52 => "TLSA",
        64 => "SVCB",
        65 => "HTTPS",
        99 => "SPF",
        249 => "TKEY",
        250 => "TSIG",
        251 => "IXFR",
        252 => "AXFR",
        255 => "ANY",
        257 => "CAA",
        _ => "",
    }
}

/// Name of a response code (RFC 6895 2.3); empty if unlisted.
pub const fn response(code: u16) -> &'static str {
    match code {
        1 => "format error",
        2 => "server failure",
        3 => "name does not exist",
        4 => "not implemented",
        5 => "refused",
        6 => "name exists when it should not",
        7 => "record set exists when it should not",
        8 => "record set that should exist does not",
        9 => "not authorized",
        10 => "name not in zone",
        _ => "",
    }
}
