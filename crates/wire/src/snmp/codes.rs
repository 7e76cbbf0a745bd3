//! SNMP code points: PDU types, errors, and the objects that tell what a device is.
//!
//! A Set changes configuration where the object is one of the standard's own (names, interfaces,
//! protocols); below an enterprise's branch it may as well switch an output, so it operates.

use plant::Intent::{Administer, Observe, Operate, Session, Unknown};

use crate::message::Field;
use crate::table::{Effect, Operation};

/// PDU types, by their tag without the context-specific bits (RFC 3416 3, RFC 1157 4.1).
pub static PDUS: &[Operation] = &[
    Operation::new(0, "get-request", Observe, "RFC 3416 4.2.1"),
    Operation::new(1, "get-next-request", Observe, "RFC 3416 4.2.2"),
    Operation::new(3, "set-request", Operate, "RFC 3416 4.2.5"),
    Operation::new(4, "trap", Observe, "RFC 1157 4.1.6"),
    Operation::new(5, "get-bulk-request", Observe, "RFC 3416 4.2.3"),
    Operation::new(6, "inform-request", Observe, "RFC 3416 4.2.7"),
    Operation::new(7, "snmpv2-trap", Observe, "RFC 3416 4.2.6"),
    Operation::new(8, "report", Session, "RFC 3412 6"),
];

/// A response whose request was not seen.
pub const RESPONSE: &Operation = &Operation::new(2, "response", Observe, "RFC 3416 4.2.4");
/// A set-request on objects of the standard's own branches.
pub const CONFIGURE: &Operation =
    &Operation::new(3, "set-request configuration", Administer, "RFC 3416 4.2.5, RFC 3418 2");
/// A set-request on sysName.
pub const SET_NAME: &Operation =
    &Operation::new(3, "set-request sysname", Administer, "RFC 3418 2").with(Effect::SetName);
/// The PDU of SNMPv3 is encrypted.
pub const ENCRYPTED: &Operation = &Operation::new(256, "encrypted", Unknown, "RFC 3412 6");
/// A PDU type that the standard does not have.
pub const UNLISTED: &Operation = &Operation::new(257, "unlisted pdu", Unknown, "RFC 3416 3");

/// Rows beside [`PDUS`].
pub static OTHERS: &[Operation] = &[*RESPONSE, *CONFIGURE, *SET_NAME, *ENCRYPTED, *UNLISTED];

/// PDU type of a response.
pub const PDU_RESPONSE: u8 = 2;
/// PDU type of a set-request.
pub const PDU_SET: u8 = 3;
/// PDU type of an SNMPv1 trap, which has a head of its own.
pub const PDU_TRAP_V1: u8 = 4;

/// mib-2, 1.3.6.1.2.1, encoded.
pub const MIB_2: &[u8] = &[0x2b, 6, 1, 2, 1];
/// snmpV2, 1.3.6.1.6, encoded.
pub const SNMP_V2: &[u8] = &[0x2b, 6, 1, 6];
/// sysName.0, encoded (RFC 3418 2).
pub const SYS_NAME: &[u8] = &[0x2b, 6, 1, 2, 1, 1, 5, 0];

/// Identity that the value of an object tells (RFC 3418 2, RFC 6933 3); encoded object ids.
pub const fn identity(object: &[u8]) -> Option<Field> {
    match object {
        [0x2b, 6, 1, 2, 1, 1, 1, 0] => Some(Field::Product),
        [0x2b, 6, 1, 2, 1, 1, 5, 0] => Some(Field::Name),
        [0x2b, 6, 1, 2, 1, 1, 6, 0] => Some(Field::Location),
        // entPhysical HardwareRev, FirmwareRev, SerialNum, MfgName, ModelName of entity 1
        [0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1, 8, 1] => Some(Field::Hardware),
        [0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1, 9, 1] => Some(Field::Firmware),
        [0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11, 1] => Some(Field::Serial),
        [0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1, 12, 1] => Some(Field::Vendor),
        [0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1, 13, 1] => Some(Field::OrderCode),
        _ => None,
    }
}

/// Name of an error-status (RFC 3416 3); empty if unlisted.
pub const fn error(status: u32) -> &'static str {
    match status {
        1 => "too big",
        2 => "no such name",
        3 => "bad value",
        4 => "read only",
        5 => "general error",
        6 => "no access",
        7 => "wrong type",
        8 => "wrong length",
        9 => "wrong encoding",
        10 => "wrong value",
        11 => "no creation",
        12 => "inconsistent value",
        13 => "resource unavailable",
        14 => "commit failed",
        15 => "undo failed",
        16 => "authorization error",
        17 => "not writable",
        18 => "inconsistent name",
        _ => "",
    }
}
