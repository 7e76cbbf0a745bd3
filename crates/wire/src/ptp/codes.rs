//! PTP code points: messages of both versions, management actions, names of what is managed.
//!
//! Who sets or commands a clock moves the time of every machine that follows it.

use plant::Intent::{Administer, Observe, Session, Unknown};

use crate::table::{Effect, Operation};

/// Messages by the type of version 2 (IEEE 1588-2008 table 19); version 1 has some of them.
pub static MESSAGES: &[Operation] = &[
    Operation::new(0x0, "sync", Session, "IEEE 1588-2008 13.6"),
    Operation::new(0x1, "delay request", Session, "IEEE 1588-2008 13.6"),
    Operation::new(0x2, "pdelay request", Session, "IEEE 1588-2008 13.9"),
    Operation::new(0x3, "pdelay response", Session, "IEEE 1588-2008 13.10"),
    Operation::new(0x8, "follow up", Session, "IEEE 1588-2008 13.7"),
    Operation::new(0x9, "delay response", Session, "IEEE 1588-2008 13.8"),
    Operation::new(0xa, "pdelay response follow up", Session, "IEEE 1588-2008 13.11"),
    Operation::new(0xb, "announce", Session, "IEEE 1588-2008 13.5"),
    Operation::new(0xc, "signaling", Session, "IEEE 1588-2008 13.12"),
];

/// Management of version 2, as `0xd00 + action` (IEEE 1588-2008 table 38).
pub static ACTIONS: &[Operation] = &[
    Operation::new(0xd00, "management get", Observe, "IEEE 1588-2008 15.4.1.6"),
    Operation::new(0xd01, "management set", Administer, "IEEE 1588-2008 15.4.1.6")
        .with(Effect::SetClock),
    Operation::new(0xd02, "management response", Observe, "IEEE 1588-2008 15.4.1.6"),
    Operation::new(0xd03, "management command", Administer, "IEEE 1588-2008 15.4.1.6")
        .with(Effect::SetClock),
    Operation::new(0xd04, "management acknowledge", Session, "IEEE 1588-2008 15.4.1.6"),
];

/// Management of version 1, as `0x100 + key` (IEEE 1588-2002 7.12); names as in the standard.
pub static KEYS: &[Operation] = &[
    Operation::new(0x100, "null", Session, KEY),
    Operation::new(0x101, "obtain identity", Observe, KEY).with(Effect::Discover),
    Operation::new(0x102, "clock identity", Observe, KEY),
    Operation::new(0x103, "initialize clock", Administer, KEY).with(Effect::SetClock),
    Operation::new(0x104, "set subdomain", Administer, KEY).with(Effect::SetClock),
    Operation::new(0x105, "clear designated preferred master", Administer, KEY)
        .with(Effect::SetClock),
    Operation::new(0x106, "set designated preferred master", Administer, KEY)
        .with(Effect::SetClock),
    Operation::new(0x107, "get default data set", Observe, KEY),
    Operation::new(0x108, "default data set", Observe, KEY),
    Operation::new(0x109, "update default data set", Administer, KEY).with(Effect::SetClock),
    Operation::new(0x10a, "get current data set", Observe, KEY),
    Operation::new(0x10b, "current data set", Observe, KEY),
    Operation::new(0x10c, "get parent data set", Observe, KEY),
    Operation::new(0x10d, "parent data set", Observe, KEY),
    Operation::new(0x10e, "get port data set", Observe, KEY),
    Operation::new(0x10f, "port data set", Observe, KEY),
    Operation::new(0x110, "get global time data set", Observe, KEY),
    Operation::new(0x111, "global time data set", Observe, KEY),
    Operation::new(0x112, "update global time properties", Administer, KEY).with(Effect::SetClock),
    Operation::new(0x113, "goto faulty state", Administer, KEY).with(Effect::SetClock),
    Operation::new(0x114, "get foreign data set", Observe, KEY),
    Operation::new(0x115, "foreign data set", Observe, KEY),
    Operation::new(0x116, "set sync interval", Administer, KEY).with(Effect::SetClock),
    Operation::new(0x117, "disable port", Administer, KEY).with(Effect::SetClock),
    Operation::new(0x118, "enable port", Administer, KEY).with(Effect::SetClock),
    Operation::new(0x119, "disable burst", Administer, KEY),
    Operation::new(0x11a, "enable burst", Administer, KEY),
    Operation::new(0x11b, "set time", Administer, KEY).with(Effect::SetClock),
];
const KEY: &str = "IEEE 1588-2002 7.12";

/// A type, action or key that no list has.
pub const UNLISTED: &Operation = &Operation::new(0xfff, "unlisted", Unknown, "IEEE 1588-2008 13.3");
/// Rows beside the tables.
pub static OTHERS: &[Operation] = &[*UNLISTED];

/// Message types of version 2 that are read further.
pub(super) mod kind {
    pub(in super::super) const PDELAY_REQUEST: u8 = 2;
    pub(in super::super) const PDELAY_RESPONSE: u8 = 3;
    pub(in super::super) const DELAY_REQUEST: u8 = 1;
    pub(in super::super) const DELAY_RESPONSE: u8 = 9;
    pub(in super::super) const PDELAY_RESPONSE_FOLLOW_UP: u8 = 0xa;
    pub(in super::super) const SYNC: u8 = 0;
    pub(in super::super) const FOLLOW_UP: u8 = 8;
    pub(in super::super) const ANNOUNCE: u8 = 0xb;
    pub(in super::super) const MANAGEMENT: u8 = 0xd;
}

/// The clock tells what it is (IEEE 1588-2008 15.5.3.1.2).
pub const CLOCK_DESCRIPTION: u16 = 0x0001;

/// Name of what a management message is about (IEEE 1588-2008 table 40); empty if unlisted.
pub const fn managed(id: u16) -> &'static str {
    match id {
        0x0000 => "null management",
        0x0001 => "clock description",
        0x0002 => "user description",
        0x0003 => "save in non volatile storage",
        0x0004 => "reset non volatile storage",
        0x0005 => "initialize",
        0x0006 => "fault log",
        0x0007 => "fault log reset",
        0x2000 => "default data set",
        0x2001 => "current data set",
        0x2002 => "parent data set",
        0x2003 => "time properties data set",
        0x2004 => "port data set",
        0x2005 => "priority1",
        0x2006 => "priority2",
        0x2007 => "domain",
        0x2008 => "slave only",
        0x2009 => "log announce interval",
        0x200a => "announce receipt timeout",
        0x200b => "log sync interval",
        0x200c => "version number",
        0x200d => "enable port",
        0x200e => "disable port",
        0x200f => "time",
        0x2010 => "clock accuracy",
        0x2011 => "utc properties",
        0x2012 => "traceability properties",
        0x2013 => "timescale properties",
        0x2014 => "unicast negotiation enable",
        0x2015 => "path trace list",
        0x2016 => "path trace enable",
        0x2017 => "grandmaster cluster table",
        0x2018 => "unicast master table",
        0x201a => "acceptable master table",
        0x201d => "alternate master",
        0x4000 => "transparent clock default data set",
        0x4001 => "transparent clock port data set",
        0x4002 => "primary domain",
        0x6000 => "delay mechanism",
        0x6001 => "log min pdelay req interval",
        _ => "",
    }
}

/// Name of a management error (IEEE 1588-2008 table 72); empty if unlisted.
pub const fn error(id: u16) -> &'static str {
    match id {
        1 => "response too big",
        2 => "no such id",
        3 => "wrong length",
        4 => "wrong value",
        5 => "not setable",
        6 => "not supported",
        0xfffe => "general error",
        _ => "",
    }
}
