//! Message types of the C3 Bridge, and what their command bytes mean.
//!
//! A row's code is the message type; where a message has a command byte, type and command.
//! Source: C3 Bridge Interface, "Application Protocol Specification" version 1 revision 5 ("C3")
//! and its `c3bi.h`. What the specification only names is judged by its name, or is unknown.

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

const VARIABLES: &str = "C3 3.5, variable handling";
const CONTROL: &str = "C3 3.6.1 and 3.6.2, program control";
const MOTION: &str = "C3 3.7.1, motion control";
const KEYS: &str = "C3 3.7.2, KCP key emulation";
const SERVICE: &str = "C3 3.8, service messages";
const FILES: &str = "C3 3.9, file operations";
const CROSS: &str = "C3 3.10 and 3.4, CrossCommEXE functions";
const DISCOVERY: &str = "C3 2, discovery protocol";

const fn sub(kind: u8, command: u8) -> u32 {
    u32::from_be_bytes([0, 0, kind, command])
}

/// Messages without a command byte.
pub static MESSAGES: &[Operation] = &[
    Operation::new(4, "read variable", Observe, VARIABLES),
    Operation::new(5, "write variable", Operate, VARIABLES),
    Operation::new(6, "read multiple", Observe, VARIABLES),
    Operation::new(7, "write multiple", Operate, VARIABLES),
    Operation::new(13, "proxy info", Observe, SERVICE),
    Operation::new(14, "proxy features", Observe, SERVICE),
    Operation::new(15, "proxy info ex", Observe, SERVICE),
    Operation::new(16, "proxy cross info", Observe, SERVICE),
    // reads, or writes as often as it is told
    Operation::new(17, "proxy benchmark", Operate, SERVICE),
    Operation::new(20, "file set attribute", Program, FILES),
    Operation::new(21, "file name list", Observe, FILES),
    Operation::new(22, "file create", Program, FILES).with(Effect::Download),
    Operation::new(23, "file delete", Program, FILES).with(Effect::DeleteFile),
    Operation::new(24, "file copy", Program, FILES),
    Operation::new(25, "file move", Program, FILES).with(Effect::DeleteFile),
    Operation::new(26, "file get properties", Observe, FILES),
    Operation::new(27, "file get full name", Observe, FILES),
    Operation::new(28, "file get krc name", Observe, FILES),
    Operation::new(50, "set info on", Unknown, CROSS),
    Operation::new(51, "set info off", Unknown, CROSS),
    Operation::new(52, "get robot directory", Observe, CROSS),
    Operation::new(53, "download disk to robot", Program, CROSS).with(Effect::Download),
    Operation::new(54, "download mem to robot", Program, CROSS).with(Effect::Download),
    Operation::new(55, "upload from robot to disk", Observe, CROSS).with(Effect::Upload),
    Operation::new(56, "upload from robot to mem", Observe, CROSS).with(Effect::Upload),
    Operation::new(57, "delete robot program", Program, CROSS).with(Effect::DeleteFile),
    Operation::new(58, "robot level stop", Operate, CROSS).with(Effect::Command),
    Operation::new(59, "control level stop", Operate, CROSS).with(Effect::Command),
    Operation::new(60, "run control level", Operate, CROSS).with(Effect::Command),
    Operation::new(61, "select modul", Operate, CROSS).with(Effect::Command),
    Operation::new(62, "cancel modul", Operate, CROSS).with(Effect::Command),
    Operation::new(63, "confirm all", Operate, CROSS).with(Effect::Reset),
    Operation::new(64, "krc ok", Observe, CROSS),
    Operation::new(65, "io restart", Administer, CROSS).with(Effect::Restart),
];

/// Messages with a command byte.
pub static COMMANDS: &[Operation] = &[
    Operation::new(sub(10, 1), "program reset", Operate, CONTROL).with(Effect::Command),
    Operation::new(sub(10, 2), "program start", Operate, CONTROL).with(Effect::Command),
    Operation::new(sub(10, 3), "program stop", Operate, CONTROL).with(Effect::Command),
    Operation::new(sub(10, 4), "program cancel", Operate, CONTROL).with(Effect::Command),
    Operation::new(sub(10, 5), "program select", Operate, CONTROL).with(Effect::Command),
    Operation::new(sub(10, 6), "program run", Operate, CONTROL).with(Effect::Command),
    Operation::new(sub(11, 1), "motion ptp", Operate, MOTION).with(Effect::Motion),
    Operation::new(sub(11, 2), "motion lin", Operate, MOTION).with(Effect::Motion),
    Operation::new(sub(11, 3), "motion ptp relative", Operate, MOTION).with(Effect::Motion),
    Operation::new(sub(11, 4), "motion lin relative", Operate, MOTION).with(Effect::Motion),
    Operation::new(sub(12, 1), "kcp start key", Operate, KEYS).with(Effect::Command),
    Operation::new(sub(12, 2), "kcp stop key", Operate, KEYS).with(Effect::Command),
    Operation::new(sub(12, 3), "kcp jog key", Operate, KEYS).with(Effect::Motion),
    Operation::new(sub(12, 4), "kcp space mouse", Operate, KEYS).with(Effect::Motion),
    Operation::new(sub(29, 1), "file write begin", Program, FILES).with(Effect::Download),
    Operation::new(sub(29, 2), "file write data", Program, FILES).with(Effect::Download),
    Operation::new(sub(29, 3), "file write get size", Observe, FILES),
    Operation::new(sub(29, 4), "file write end", Program, FILES).with(Effect::Download),
    Operation::new(sub(29, 5), "file write get checksum", Observe, FILES),
    Operation::new(sub(30, 1), "file read begin", Observe, FILES).with(Effect::Upload),
    Operation::new(sub(30, 2), "file read data", Observe, FILES).with(Effect::Upload),
    Operation::new(sub(30, 3), "file read get size", Observe, FILES),
    Operation::new(sub(30, 4), "file read end", Session, FILES),
    Operation::new(sub(30, 5), "file read get checksum", Observe, FILES),
];

/// Text requests over UDP, by their words; the code is only a number for reports.
pub static REQUESTS: &[Operation] = &[
    Operation::new(0x1_0001, "whereareyou?", Observe, DISCOVERY).with(Effect::Discover),
    Operation::new(0x1_0002, "@proxy_type", Observe, DISCOVERY).with(Effect::Discover),
    Operation::new(0x1_0003, "@proxy_version", Observe, DISCOVERY).with(Effect::Discover),
    Operation::new(0x1_0004, "@proxy_features", Observe, DISCOVERY).with(Effect::Discover),
    Operation::new(0x1_0005, "@proxy_hostname", Observe, DISCOVERY).with(Effect::Discover),
    Operation::new(0x1_0006, "@proxy_time", Observe, DISCOVERY).with(Effect::Discover),
    Operation::new(0x1_0007, "@proxy_address", Observe, DISCOVERY).with(Effect::Discover),
    Operation::new(0x1_0008, "@proxy_port", Observe, DISCOVERY).with(Effect::Discover),
    Operation::new(0x1_0009, "@proxy_enabled", Observe, DISCOVERY).with(Effect::Discover),
];

/// Any type or command that no list above has.
pub static UNLISTED: Operation = Operation::new(0xffff, "unlisted message", Unknown, "C3 3.4");

/// An answer over UDP that does not say to what.
pub static ANSWER: Operation = Operation::new(0x1_0000, "answer", Unknown, DISCOVERY);

/// Type: starts, stops and selects programs.
pub const PROGRAM_CONTROL: u8 = 10;
/// Type: moves the robot.
pub const MOTION_CONTROL: u8 = 11;
/// Type: presses keys of the teach pendant.
pub const KCP_ACTION: u8 = 12;
/// Type: tells version and computer name.
pub const PROXY_INFO: u8 = 13;
/// Type: puts a file into the controller.
pub const FILE_WRITE: u8 = 29;
/// Type: takes a file out of the controller.
pub const FILE_READ: u8 = 30;

/// Whether messages of this type begin with a command byte.
pub const fn has_command(kind: u8) -> bool {
    matches!(kind, PROGRAM_CONTROL | MOTION_CONTROL | KCP_ACTION | FILE_WRITE | FILE_READ)
}

/// Name of an error code (C3 3.3); empty if unlisted.
pub const fn error(code: u16) -> &'static str {
    match code {
        0 => "general error",
        1 => "not done",
        2 => "access denied",
        3 => "argument error",
        4 => "memory error",
        5 => "pointer error",
        6 => "unexpected error",
        7 => "not implemented",
        8 => "no such interface",
        9 => "protocol error",
        10 => "long answer",
        _ => "",
    }
}
