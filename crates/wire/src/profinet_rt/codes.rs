//! PROFINET RT code points: frame id ranges, alarm types, RTA PDU types, data status bits.
//!
//! Source: IEC 61158-6-10:2019 ("6-10") by clause; the ranges are its table "FrameID".

use plant::Intent::{Observe, Operate, Session, Unknown};

use crate::table::{Effect, Operation};

/// Process data of RT_CLASS_1 and of the older RT_CLASS_2. From a device to its controller it
/// observes, which the session says per message.
pub static CYCLIC: Operation = Operation::new(0x8000, "cyclic data", Operate, "6-10 4.7 RTC");

/// Process data of RT_CLASS_3: sent by schedule, isochronous.
pub static ISOCHRONOUS: Operation =
    Operation::new(0x0100, "isochronous cyclic data", Operate, "6-10 4.7 RTC");

/// Process data from one provider to many consumers.
pub static MULTICAST: Operation =
    Operation::new(0xbc00, "multicast cyclic data", Operate, "6-10 4.7 RTC");

/// Acyclic alarm traffic, by what the PDU is. The code is that of [`rta`]; notifications and their
/// acknowledgements are both data PDUs, told apart by their block.
pub static ALARMS: &[Operation] = &[
    Operation::new(0x0001, "alarm notification", Observe, "6-10 4.8 RTA, 5.2.5 AlarmNotification"),
    Operation::new(0x8001, "alarm ack", Session, "6-10 4.8 RTA, 5.2.6 AlarmAck"),
    Operation::new(0x0200, "transport nack", Session, "6-10 4.8 RTA, NACK-RTA-PDU"),
    Operation::new(0x0300, "transport ack", Session, "6-10 4.8 RTA, ACK-RTA-PDU"),
    Operation::new(0x0400, "rta error", Session, "6-10 4.8 RTA, ERR-RTA-PDU"),
];

/// Clock synchronisation and line delay measurement (PTCP), by the first frame id of each.
pub static PTCP: &[Operation] = &[
    Operation::new(0x0020, "sync with follow up", Session, "6-10 4.5 PTCP"),
    Operation::new(0x0080, "sync", Session, "6-10 4.5 PTCP"),
    Operation::new(0xff00, "announce", Session, "6-10 4.5 PTCP"),
    Operation::new(0xff20, "follow up", Session, "6-10 4.5 PTCP"),
    Operation::new(0xff40, "delay request", Session, "6-10 4.5 PTCP"),
    Operation::new(0xff41, "delay response with follow up", Session, "6-10 4.5 PTCP"),
    Operation::new(0xff42, "delay follow up", Session, "6-10 4.5 PTCP"),
    Operation::new(0xff43, "delay response", Session, "6-10 4.5 PTCP"),
];

/// What is recognised and not read further.
pub static OTHERS: &[Operation] = &[
    Operation::new(0xfe02, "remote service interface", Unknown, "6-10 4.13 RSI"),
    Operation::new(0xff80, "fragment", Unknown, "6-10 4.9 fragmentation"),
];

/// A frame id that the standard reserves.
pub static RESERVED: Operation =
    Operation::new(0, "reserved frame id", Unknown, "6-10 FrameID").with(Effect::Plain);

/// Frame id of alarms with high priority.
pub const ALARM_HIGH: u16 = 0xfc01;
/// Frame id of alarms with low priority.
pub const ALARM_LOW: u16 = 0xfe01;

/// Types of RTA PDUs: low half of the PDUType byte.
pub mod rta {
    /// Carries an alarm or its acknowledgement.
    pub const DATA: u8 = 1;
    /// Refuses a data PDU.
    pub const NACK: u8 = 2;
    /// Accepts a data PDU.
    pub const ACK: u8 = 3;
    /// Ends the relation.
    pub const ERROR: u8 = 4;
}

/// Bits of the data status byte of cyclic data.
pub mod status {
    /// The provider is the primary one of a redundant pair.
    pub const PRIMARY: u8 = 1 << 0;
    /// The data are valid.
    pub const VALID: u8 = 1 << 2;
    /// The provider's application runs.
    pub const RUN: u8 = 1 << 4;
    /// The station has no problem to report.
    pub const NORMAL: u8 = 1 << 5;
}

/// Name of an alarm type; empty if unlisted.
pub const fn alarm(code: u16) -> &'static str {
    match code {
        0x01 => "diagnosis",
        0x02 => "process",
        0x03 => "pull",
        0x04 => "plug",
        0x05 => "status",
        0x06 => "update",
        0x07 => "media redundancy",
        0x08 => "controlled by supervisor",
        0x09 => "released",
        0x0a => "plug wrong submodule",
        0x0b => "return of submodule",
        0x0c => "diagnosis disappears",
        0x0d => "multicast communication mismatch",
        0x0e => "port data change",
        0x0f => "sync data changed",
        0x10 => "isochronous mode problem",
        0x11 => "network component problem",
        0x12 => "time data changed",
        0x13 => "dynamic frame packing problem",
        0x14 => "mrpd problem",
        0x1e => "upload and retrieval",
        0x1f => "pull module",
        _ => "",
    }
}
