//! ADS code points: commands, states, discovery services, errors, index groups.
//!
//! Sources: Beckhoff Information System, "ADS/AMS specification" (TE1000), by its headings; the
//! maker's library Beckhoff/ADS.

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

const COMMAND: &str = "TE1000 AMS command id";
const STATE: &str = "TE1000 ADS write control, ADSSTATE";

/// AMS commands. What a read write does depends on its index group.
pub static COMMANDS: &[Operation] = &[
    Operation::new(1, "read device info", Observe, COMMAND).with(Effect::Discover),
    Operation::new(2, "read", Observe, COMMAND),
    Operation::new(3, "write", Operate, COMMAND),
    Operation::new(4, "read state", Observe, COMMAND),
    Operation::new(5, "write control", Administer, COMMAND),
    Operation::new(6, "add device notification", Observe, COMMAND),
    Operation::new(7, "delete device notification", Observe, COMMAND),
    Operation::new(8, "device notification", Observe, COMMAND),
    Operation::new(9, "read write", Operate, COMMAND),
];

/// Write control, by the ADS state that it asks for.
pub static CONTROL: &[Operation] = &[
    Operation::new(1, "write control idle", Administer, STATE).with(Effect::Stop),
    Operation::new(2, "write control reset", Administer, STATE).with(Effect::Restart),
    Operation::new(3, "write control init", Administer, STATE).with(Effect::Stop),
    Operation::new(4, "write control start", Administer, STATE).with(Effect::Start),
    Operation::new(5, "write control run", Administer, STATE).with(Effect::Start),
    Operation::new(6, "write control stop", Administer, STATE).with(Effect::Stop),
    Operation::new(7, "write control save config", Administer, STATE),
    Operation::new(8, "write control load config", Administer, STATE).with(Effect::Download),
    Operation::new(12, "write control shutdown", Administer, STATE).with(Effect::Stop),
    Operation::new(13, "write control suspend", Administer, STATE).with(Effect::Stop),
    Operation::new(14, "write control resume", Administer, STATE).with(Effect::Start),
    Operation::new(15, "write control config", Administer, STATE).with(Effect::Stop),
    Operation::new(16, "write control reconfig", Administer, STATE).with(Effect::Restart),
];

/// Messages of the AMS/TCP header that are no AMS packet.
pub static ROUTER: &[Operation] = &[
    Operation::new(0x0001, "port close", Session, "TE1000 AMS/TCP header"),
    Operation::new(0x1000, "port connect", Session, "TE1000 AMS/TCP header"),
    Operation::new(0x1001, "router note", Session, "TE1000 AMS/TCP header"),
    Operation::new(0x1002, "get local net id", Observe, "TE1000 AMS/TCP header"),
];

const SUM: &str = "Beckhoff/ADS AdsDef.h, ADSIGRP_SUMUP";

/// Sum commands, by index group; each item is told with what it acts on.
pub static SUMS: &[Operation] = &[
    Operation::new(0xf080, "sum read", Observe, SUM),
    Operation::new(0xf081, "sum write", Operate, SUM),
    Operation::new(SUM_READ_WRITE, "sum read write", Operate, SUM),
];

/// Index group that gives a symbol handle back: written, and nothing of the process.
pub(super) const RELEASE_HANDLE: u32 = 0xf006;

/// Index group of the sum command whose items have two lengths.
pub(super) const SUM_READ_WRITE: u32 = 0xf082;

/// Services of discovery datagrams.
pub static DISCOVERY: &[Operation] = &[
    Operation::new(SERVER_INFO, "server info", Observe, "Beckhoff/ADS AdsLib.cpp, UdpServiceId")
        .with(Effect::Discover),
    Operation::new(6, "add route", Administer, "Beckhoff/ADS AdsLib.cpp, UdpServiceId")
        .with(Effect::Route),
];

/// Service of discovery: who a controller is.
pub(super) const SERVER_INFO: u32 = 1;

/// Any command that is not listed.
pub static UNLISTED: Operation = Operation::new(0, "unlisted command", Unknown, COMMAND);

/// Index groups of the system service.
pub(super) const FILE_OPEN: u32 = 120;
pub(super) const FILE_CLOSE: u32 = 121;
pub(super) const FILE_READ: u32 = 122;
pub(super) const FILE_WRITE: u32 = 123;
pub(super) const FILE_DELETE: u32 = 131;
pub(super) const FILE_FIND: u32 = 133;

const SERVICE: &str = "Beckhoff/ADS AdsDef.h, nSystemServiceIndexGroups";

/// What the system service does to files and processes, by index group.
pub static FILES: &[Operation] = &[
    Operation::new(FILE_OPEN, "file open", Observe, SERVICE),
    Operation::new(FILE_CLOSE, "file close", Session, SERVICE),
    Operation::new(FILE_READ, "file read", Observe, SERVICE).with(Effect::Upload),
    Operation::new(FILE_WRITE, "file write", Program, SERVICE).with(Effect::Download),
    Operation::new(FILE_DELETE, "file delete", Program, SERVICE).with(Effect::DeleteFile),
    Operation::new(FILE_FIND, "file find", Observe, SERVICE),
    Operation::new(500, "start process", Administer, SERVICE).with(Effect::Start),
    Operation::new(1200, "set number of processors", Administer, SERVICE),
];

/// Port of the system service.
pub(super) const SYSTEM_SERVICE: u16 = 10000;

/// Index group of the system service that a read write asks for a registry value.
pub(super) const REGISTRY: u32 = 200;

/// The row of a command.
pub(super) fn command(code: u16) -> &'static Operation {
    Operation::find(COMMANDS, code.into()).unwrap_or(&UNLISTED)
}

/// The protocol's word for an index group; empty if it is the device's own.
pub(super) const fn group(group: u32) -> &'static str {
    match group {
        0x4020 => "memory byte",
        0x4021 => "memory bit",
        0xf003 => "symbol handle by name",
        0xf004 => "symbol value by name",
        0xf005 => "symbol value by handle",
        0xf006 => "symbol release handle",
        0xf007 => "symbol info by name",
        0xf008 => "symbol version",
        0xf009 => "symbol info by name ex",
        0xf00b => "symbol upload",
        0xf00c => "symbol upload info",
        0xf020 => "input byte",
        0xf021 => "input bit",
        0xf030 => "output byte",
        0xf031 => "output bit",
        _ => "",
    }
}

/// Whether a read write of this group only asks: names to handles and symbols, sums of reads.
pub(super) const fn asks(group: u32) -> bool {
    matches!(group, 0xf003 | 0xf004 | 0xf007 | 0xf009 | 0xf00b | 0xf00c | 0xf080)
}

/// Whether a read write of this group writes a name.
pub(super) const fn takes_name(group: u32) -> bool {
    matches!(group, 0xf003 | 0xf004 | 0xf007 | 0xf009)
}

/// Name of an error of the AMS header or an ADS result; empty if unlisted.
pub(super) const fn error(code: u32) -> &'static str {
    match code {
        0x01 => "internal error",
        0x06 => "target port not found",
        0x07 => "target computer not found",
        0x08 => "unknown command id",
        0x0c => "invalid ams length",
        0x0d => "invalid ams net id",
        0x12 => "port disabled",
        0x700 => "general device error",
        0x701 => "service is not supported by server",
        0x702 => "invalid index group",
        0x703 => "invalid index offset",
        0x704 => "reading or writing not permitted",
        0x705 => "parameter size not correct",
        0x706 => "invalid parameter value",
        0x707 => "device is not in a ready state",
        0x708 => "device is busy",
        0x709 => "invalid context",
        0x70a => "out of memory",
        0x70b => "invalid parameter",
        0x70c => "not found",
        0x70d => "syntax error",
        0x70e => "objects do not match",
        0x70f => "object already exists",
        0x710 => "symbol not found",
        0x711 => "symbol version is invalid",
        0x712 => "server is in an invalid state",
        0x713 => "trans mode is not supported",
        0x714 => "notification handle is invalid",
        0x715 => "notification client not registered",
        0x716 => "no more notification handles",
        0x717 => "notification size too large",
        0x718 => "device not initialized",
        0x719 => "device has a timeout",
        0x723 => "access denied",
        _ => "",
    }
}
