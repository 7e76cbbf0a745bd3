//! BACnet code points: link functions, network messages, services and what their arguments change.
//!
//! Source: ANSI/ASHRAE 135-2020 ("135"), by clause: services 13 to 16, network 6.4, Annex J.

use plant::Intent::{Administer, Observe, Operate, Program, Safety, Session, Unknown};

use crate::message::Field;
use crate::table::{Effect, Operation};

/// Confirmed services.
pub static CONFIRMED: &[Operation] = &[
    Operation::new(0, "acknowledge-alarm", Operate, "135 13.5"),
    Operation::new(1, "confirmed-cov-notification", Observe, "135 13.6"),
    Operation::new(2, "confirmed-event-notification", Observe, "135 13.8"),
    Operation::new(3, "get-alarm-summary", Observe, "135 13.10"),
    Operation::new(4, "get-enrollment-summary", Observe, "135 13.11"),
    Operation::new(5, "subscribe-cov", Observe, "135 13.14"),
    Operation::new(6, "atomic-read-file", Observe, "135 14.1").with(Effect::Upload),
    Operation::new(7, "atomic-write-file", Program, "135 14.2").with(Effect::Download),
    Operation::new(8, "add-list-element", Operate, "135 15.1"),
    Operation::new(9, "remove-list-element", Operate, "135 15.2"),
    Operation::new(10, "create-object", Program, "135 15.3"),
    Operation::new(11, "delete-object", Program, "135 15.4"),
    Operation::new(12, "read-property", Observe, "135 15.5"),
    Operation::new(13, "read-property-conditional", Observe, "135-2010 15.6"),
    Operation::new(14, "read-property-multiple", Observe, "135 15.7"),
    Operation::new(15, "write-property", Operate, "135 15.9"),
    Operation::new(16, "write-property-multiple", Operate, "135 15.10"),
    Operation::new(17, "device-communication-control", Administer, "135 16.1")
        .with(Effect::Silence),
    Operation::new(18, "confirmed-private-transfer", Unknown, "135 16.2"),
    Operation::new(19, "confirmed-text-message", Operate, "135 16.5"),
    Operation::new(20, "reinitialize-device", Administer, "135 16.4").with(Effect::Restart),
    Operation::new(21, "vt-open", Unknown, "135 17.2"),
    Operation::new(22, "vt-close", Unknown, "135 17.3"),
    Operation::new(23, "vt-data", Unknown, "135 17.4"),
    Operation::new(24, "authenticate", Session, "135-2008 24"),
    Operation::new(25, "request-key", Session, "135-2008 24"),
    Operation::new(26, "read-range", Observe, "135 15.8"),
    Operation::new(27, "life-safety-operation", Safety, "135 13.13"),
    Operation::new(28, "subscribe-cov-property", Observe, "135 13.15"),
    Operation::new(29, "get-event-information", Observe, "135 13.12"),
    Operation::new(30, "subscribe-cov-property-multiple", Observe, "135 13.16"),
    Operation::new(31, "confirmed-cov-notification-multiple", Observe, "135 13.17"),
    Operation::new(32, "confirmed-audit-notification", Observe, "135 13.20"),
    Operation::new(33, "audit-log-query", Observe, "135 13.19"),
];

/// Unconfirmed services.
pub static UNCONFIRMED: &[Operation] = &[
    Operation::new(0, "i-am", Observe, "135 16.10"),
    Operation::new(1, "i-have", Observe, "135 16.9"),
    Operation::new(2, "unconfirmed-cov-notification", Observe, "135 13.7"),
    Operation::new(3, "unconfirmed-event-notification", Observe, "135 13.9"),
    Operation::new(4, "unconfirmed-private-transfer", Unknown, "135 16.3"),
    Operation::new(5, "unconfirmed-text-message", Operate, "135 16.6"),
    Operation::new(6, "time-synchronization", Administer, "135 16.7").with(Effect::SetClock),
    Operation::new(7, "who-has", Observe, "135 16.9").with(Effect::Discover),
    Operation::new(8, "who-is", Observe, "135 16.10").with(Effect::Discover),
    Operation::new(9, "utc-time-synchronization", Administer, "135 16.8").with(Effect::SetClock),
    Operation::new(10, "write-group", Operate, "135 15.11"),
    Operation::new(11, "unconfirmed-cov-notification-multiple", Observe, "135 13.18"),
    Operation::new(12, "unconfirmed-audit-notification", Observe, "135 13.21"),
    Operation::new(13, "who-am-i", Observe, "135 16.11").with(Effect::Discover),
    Operation::new(14, "you-are", Administer, "135 16.11").with(Effect::SetAddress),
];

/// What device-communication-control asks for, by its enable-disable argument.
pub static COMMUNICATION: &[Operation] =
    &[Operation::new(0, "device-communication-control enable", Administer, "135 16.1.1.1.2")];

/// What reinitialize-device asks for, by its state argument; 0 and 1 restart.
pub static REINITIALIZE: &[Operation] = &[
    Operation::new(2, "reinitialize-device startbackup", Administer, "135 16.4.1.1.1")
        .with(Effect::Upload),
    Operation::new(3, "reinitialize-device endbackup", Administer, "135 16.4.1.1.1"),
    Operation::new(4, "reinitialize-device startrestore", Administer, "135 16.4.1.1.1")
        .with(Effect::Download),
    Operation::new(5, "reinitialize-device endrestore", Administer, "135 16.4.1.1.1"),
    Operation::new(6, "reinitialize-device abortrestore", Administer, "135 16.4.1.1.1"),
    Operation::new(7, "reinitialize-device activate-changes", Administer, "135 16.4.1.1.1")
        .with(Effect::Restart),
];

/// PDUs that name no service themselves, where the request was not seen; by APDU type.
pub static PDUS: &[Operation] = &[
    Operation::new(4, "segment-ack", Session, "135 20.1.6"),
    Operation::new(6, "reject", Session, "135 20.1.8"),
    Operation::new(7, "abort", Session, "135 20.1.9"),
    Operation::new(0xff, "unlisted service", Unknown, "135 21"),
];

/// BVLL functions that carry no network PDU.
pub static LINK: &[Operation] = &[
    Operation::new(0, "bvlc-result", Session, "135 J.2.1"),
    Operation::new(1, "write-broadcast-distribution-table", Administer, "135 J.2.2"),
    Operation::new(2, "read-broadcast-distribution-table", Observe, "135 J.2.3")
        .with(Effect::Discover),
    Operation::new(3, "read-broadcast-distribution-table-ack", Observe, "135 J.2.4"),
    Operation::new(5, "register-foreign-device", Session, "135 J.2.6"),
    Operation::new(6, "read-foreign-device-table", Observe, "135 J.2.7").with(Effect::Discover),
    Operation::new(7, "read-foreign-device-table-ack", Observe, "135 J.2.8"),
    Operation::new(8, "delete-foreign-device-table-entry", Administer, "135 J.2.9"),
    Operation::new(12, "secure-bvll", Unknown, "135-2008 J.2.13"),
];

/// Network layer messages.
pub static NETWORK: &[Operation] = &[
    Operation::new(0x00, "who-is-router-to-network", Observe, "135 6.4.1").with(Effect::Discover),
    Operation::new(0x01, "i-am-router-to-network", Session, "135 6.4.2"),
    Operation::new(0x02, "i-could-be-router-to-network", Session, "135 6.4.3"),
    Operation::new(0x03, "reject-message-to-network", Session, "135 6.4.4"),
    Operation::new(0x04, "router-busy-to-network", Session, "135 6.4.5"),
    Operation::new(0x05, "router-available-to-network", Session, "135 6.4.6"),
    Operation::new(0x06, "initialize-routing-table", Administer, "135 6.4.7"),
    Operation::new(0x07, "initialize-routing-table-ack", Administer, "135 6.4.8"),
    Operation::new(0x08, "establish-connection-to-network", Administer, "135 6.4.9"),
    Operation::new(0x09, "disconnect-connection-to-network", Administer, "135 6.4.10"),
    Operation::new(0x12, "what-is-network-number", Observe, "135 6.4.19").with(Effect::Discover),
    Operation::new(0x13, "network-number-is", Session, "135 6.4.20"),
    Operation::new(0xff, "unlisted network message", Unknown, "135 6.4"),
];

/// The row of `table` with this code, else the row for all that is not listed.
pub(super) fn row(table: &'static [Operation], code: u32) -> &'static Operation {
    Operation::find(table, code).or(PDUS.last()).unwrap_or(&OTHER)
}
static OTHER: Operation = Operation::new(0xff, "unlisted service", Unknown, "135 21");

/// Name of a BVLC result (135 J.2.1); empty if unlisted.
pub(super) const fn link_result(code: u16) -> &'static str {
    match code {
        0x10 => "write-broadcast-distribution-table nak",
        0x20 => "read-broadcast-distribution-table nak",
        0x30 => "register-foreign-device nak",
        0x40 => "read-foreign-device-table nak",
        0x50 => "delete-foreign-device-table-entry nak",
        0x60 => "distribute-broadcast-to-network nak",
        _ => "",
    }
}

/// What a property of a device object tells about the device (135 12.11).
pub(super) const fn identity(property: u32) -> Option<Field> {
    match property {
        12 => Some(Field::Software),
        44 => Some(Field::Firmware),
        58 => Some(Field::Location),
        70 => Some(Field::Product),
        77 => Some(Field::Name),
        121 => Some(Field::Vendor),
        372 => Some(Field::Serial),
        _ => None,
    }
}

/// Makers that are met often, by the vendor id that ASHRAE gave them; empty for others.
pub(super) const fn vendor(id: u32) -> &'static str {
    match id {
        2 => "The Trane Company",
        5 => "Johnson Controls",
        7 => "Siemens",
        8 => "Delta Controls",
        10 => "Schneider Electric",
        17 => "Honeywell",
        24 => "Automated Logic",
        35 => "Reliable Controls",
        36 => "Tridium",
        _ => "",
    }
}
