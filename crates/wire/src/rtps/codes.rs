//! RTPS code points: submessages, built-in writers, vendors, parameters.
//!
//! What user data does is not in RTPS but in its topic: see [`super::topic`]. Discovery and the
//! acknowledgements of reliable writers are housekeeping; a reader asks to see.
//! Sources: OMG DDSI-RTPS 2.5 ("RTPS 2.5"), OMG DDS Security 1.1 ("DDS Security"), OMG DDS-XTypes
//! 1.3 ("XTypes"); vendors from the DDS Foundation's list of RTPS vendor and product ids, as
//! RustDDS repeats it (`vendor_id.rs`); vendors' submessages from Eclipse Cyclone DDS
//! (`ddsi_protocol.h`) and Wireshark (`packet-rtps.c`).

use plant::Intent::{Observe, Session, Unknown};

use crate::table::{Effect, Operation};

/// Submessages that are messages of their own; the code is the submessage id.
pub static SUBMESSAGES: &[Operation] = &[
    Operation::new(0x06, "acknack", Session, "RTPS 2.5 8.3.8.1"),
    Operation::new(0x07, "heartbeat", Session, "RTPS 2.5 8.3.8.6"),
    Operation::new(0x08, "gap", Session, "RTPS 2.5 8.3.8.4"),
    Operation::new(0x12, "nack frag", Session, "RTPS 2.5 8.3.8.10"),
    Operation::new(0x13, "heartbeat frag", Session, "RTPS 2.5 8.3.8.7"),
    Operation::new(0x1c, "app ack", Session, "Wireshark packet-rtps.c (RTI)"),
    Operation::new(0x1d, "app ack conf", Session, "Wireshark packet-rtps.c (RTI)"),
    Operation::new(0x1e, "heartbeat virtual", Session, "Wireshark packet-rtps.c (RTI)"),
    Operation::new(0x30, "sec body", Unknown, "DDS Security 7.3.7.5"),
    Operation::new(0x33, "srtps prefix", Session, "DDS Security 7.3.7.8"),
];

/// What is none of the listed submessages.
pub static OTHERS: &[Operation] = &[PING, UNLISTED, BUILT_IN, BROKEN];
/// A header without submessages: RTI's participants look for each other's ports with it.
pub static PING: Operation = Operation::new(0, "ping", Session, "nDPI rtps.pcap (RTI NDDSPING)");
/// A submessage outside the table.
pub static UNLISTED: Operation =
    Operation::new(0, "unlisted submessage", Unknown, "RTPS 2.5 8.3.5.1");
/// Data of a built-in writer outside the table: a vendor's own.
pub static BUILT_IN: Operation =
    Operation::new(0x15, "publish built-in data", Unknown, "RTPS 2.5 9.3.1.2");
/// Submessages of which not even the kind can be told.
pub static BROKEN: Operation = Operation::new(0, "broken submessage", Unknown, "RTPS 2.5 8.3.4");

/// Data of built-in writers; the code is the writer's entity id.
pub static BUILT_INS: &[Operation] = &[
    Operation::new(SPDP, "announce participant", Session, "RTPS 2.5 8.5.3"),
    Operation::new(SEDP_WRITER, "announce writer", Session, "RTPS 2.5 8.5.4"),
    Operation::new(SEDP_READER, "announce reader", Observe, "RTPS 2.5 8.5.4"),
    Operation::new(SEDP_TOPIC, "announce topic", Session, "RTPS 2.5 8.5.4"),
    Operation::new(0x0002_00c2, "assert liveliness", Session, "RTPS 2.5 8.4.13"),
    Operation::new(0x0003_00c3, "type lookup request", Observe, "XTypes 7.6.3.3"),
    Operation::new(0x0003_01c3, "type lookup reply", Observe, "XTypes 7.6.3.3"),
    Operation::new(0x0002_01c3, "authentication handshake", Session, "DDS Security 7.4.3")
        .with(Effect::Login),
    Operation::new(0xff02_02c3, "exchange keys", Session, "DDS Security 7.4.4"),
    Operation::new(0xff01_01c2, "announce secure participant", Session, "DDS Security 7.4.1"),
    Operation::new(0xff00_03c2, "announce secure writer", Session, "DDS Security 7.4.2"),
    Operation::new(0xff00_04c2, "announce secure reader", Observe, "DDS Security 7.4.2"),
    Operation::new(0xff02_00c2, "assert secure liveliness", Session, "DDS Security 7.4.2"),
];

/// The same writers when they say that what they announced is gone.
pub static DISPOSALS: &[Operation] = &[
    Operation::new(SPDP, "dispose participant", Session, "RTPS 2.5 8.5.3"),
    Operation::new(SEDP_WRITER, "dispose writer", Session, "RTPS 2.5 8.5.4"),
    Operation::new(SEDP_READER, "dispose reader", Session, "RTPS 2.5 8.5.4"),
    Operation::new(SEDP_TOPIC, "dispose topic", Session, "RTPS 2.5 8.5.4"),
];

/// Built-in writers whose data is read (RTPS 2.5 table 9.3).
pub(super) const SPDP: u32 = 0x0001_00c2;
pub(super) const SEDP_WRITER: u32 = 0x0000_03c2;
pub(super) const SEDP_READER: u32 = 0x0000_04c2;
pub(super) const SEDP_TOPIC: u32 = 0x0000_02c2;

/// Submessage ids (RTPS 2.5 9.4.5.1.1; DDS Security 7.3.7).
pub(super) mod id {
    pub(in crate::rtps) const HEADER_EXTENSION: u8 = 0x00;
    pub(in crate::rtps) const PAD: u8 = 0x01;
    pub(in crate::rtps) const ACKNACK: u8 = 0x06;
    pub(in crate::rtps) const HEARTBEAT: u8 = 0x07;
    pub(in crate::rtps) const GAP: u8 = 0x08;
    pub(in crate::rtps) const INFO_TS: u8 = 0x09;
    pub(in crate::rtps) const INFO_SRC: u8 = 0x0c;
    pub(in crate::rtps) const INFO_REPLY_IP4: u8 = 0x0d;
    pub(in crate::rtps) const INFO_DST: u8 = 0x0e;
    pub(in crate::rtps) const INFO_REPLY: u8 = 0x0f;
    pub(in crate::rtps) const NACK_FRAG: u8 = 0x12;
    pub(in crate::rtps) const HEARTBEAT_FRAG: u8 = 0x13;
    pub(in crate::rtps) const DATA: u8 = 0x15;
    pub(in crate::rtps) const DATA_FRAG: u8 = 0x16;
    pub(in crate::rtps) const SEC_PREFIX: u8 = 0x31;
    pub(in crate::rtps) const SEC_POSTFIX: u8 = 0x32;
    pub(in crate::rtps) const SRTPS_POSTFIX: u8 = 0x34;
    /// Checksum of RTI; message length and entity of Cyclone DDS and OpenSplice.
    pub(in crate::rtps) const VENDOR_HOUSEKEEPING: [u8; 3] = [0x80, 0x81, 0x82];
    /// From here on vendors number their own.
    pub(in crate::rtps) const VENDOR: u8 = 0x80;
}

/// Parameter ids (RTPS 2.5 table 9.12 and 9.14; DDS Security 7.4.1).
pub(super) mod parameter {
    pub(in crate::rtps) const SENTINEL: u16 = 0x0001;
    pub(in crate::rtps) const LEASE: u16 = 0x0002;
    pub(in crate::rtps) const TOPIC_NAME: u16 = 0x0005;
    pub(in crate::rtps) const TYPE_NAME: u16 = 0x0007;
    pub(in crate::rtps) const DOMAIN: u16 = 0x000f;
    pub(in crate::rtps) const VENDOR: u16 = 0x0016;
    pub(in crate::rtps) const PARTITION: u16 = 0x0029;
    pub(in crate::rtps) const USER_DATA: u16 = 0x002c;
    pub(in crate::rtps) const DEFAULT_UNICAST: u16 = 0x0031;
    pub(in crate::rtps) const META_UNICAST: u16 = 0x0032;
    pub(in crate::rtps) const META_MULTICAST: u16 = 0x0033;
    pub(in crate::rtps) const DEFAULT_MULTICAST: u16 = 0x0048;
    pub(in crate::rtps) const PARTICIPANT_GUID: u16 = 0x0050;
    pub(in crate::rtps) const PROPERTIES: u16 = 0x0059;
    pub(in crate::rtps) const ENDPOINT_GUID: u16 = 0x005a;
    pub(in crate::rtps) const ENTITY_NAME: u16 = 0x0062;
    pub(in crate::rtps) const KEY_HASH: u16 = 0x0070;
    pub(in crate::rtps) const STATUS_INFO: u16 = 0x0071;
    pub(in crate::rtps) const IDENTITY_TOKEN: u16 = 0x1001;
    /// RTI's own domain id, of before the standard had one.
    pub(in crate::rtps) const RTI_DOMAIN: u16 = 0x800f;
    /// RTI's product version, four bytes.
    pub(in crate::rtps) const RTI_VERSION: u16 = 0x8000;
    /// Who does not know this parameter must ignore the whole list.
    pub(in crate::rtps) const MUST_UNDERSTAND: u16 = 0x4000;
}

/// RTI Connext, whose own parameters are read.
pub(super) const RTI: u16 = 0x0101;

/// The implementation that a vendor id stands for; empty where the list has none.
pub fn vendor(id: u16) -> &'static str {
    match id {
        0x0101 => "RTI Connext DDS",
        0x0102 => "ADLINK OpenSplice DDS",
        0x0103 => "OCI OpenDDS",
        0x0104 => "MilSoft Mil-DDS",
        0x0105 => "Kongsberg InterCOM DDS",
        0x0106 => "TwinOaks CoreDX DDS",
        0x0107 => "Lakota Technical Solutions",
        0x0108 => "ICOUP Consulting",
        0x0109 => "ETRI Diamond DDS",
        0x010a => "RTI Connext DDS Micro",
        0x010b => "ADLINK Vortex Cafe",
        0x010c => "PrismTech",
        0x010d => "ADLINK Vortex Lite",
        0x010e => "Technicolor Qeo",
        0x010f => "eProsima Fast DDS",
        0x0110 => "Eclipse Cyclone DDS",
        0x0111 => "GurumDDS",
        0x0112 => "Atostek RustDDS",
        0x0113 => "Zhenrong ZRDDS",
        0x0114 => "S2E Dust DDS",
        _ => "",
    }
}
