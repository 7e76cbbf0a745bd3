//! HSES code points: robot commands, file services, status words.
//!
//! Sources: Yaskawa 160766-1CD "FS100 Options, Instructions for High-Speed Ethernet Server
//! Function" ("160766-1CD"), whose clauses are those of the DX100, DX200 and YRC1000 editions; read
//! in the public clients fs100 (FIH Mobile) and moto-hses, where each row names the one it is in.

use plant::Intent::{Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

/// Seen in both clients.
const BOTH: &str = "160766-1CD, robot control commands; fs100, moto-hses";
/// Seen in one client.
const FS100: &str = "160766-1CD, robot control commands; fs100";
const FILE: &str = "160766-1CD, file control commands; fs100, moto-hses";
/// Plural commands of which one client reads and the other also writes.
const PLURAL: &str = "160766-1CD, plural data commands; fs100, moto-hses";

/// Robot commands with a service that reads.
pub static READS: &[Operation] = &[
    Operation::new(0x70, "read alarm data", Observe, BOTH),
    Operation::new(0x71, "read alarm history", Observe, BOTH),
    Operation::new(0x72, "read status information", Observe, BOTH),
    Operation::new(0x73, "read executing job information", Observe, BOTH),
    Operation::new(0x74, "read axis configuration", Observe, FS100),
    Operation::new(0x75, "read robot position", Observe, BOTH),
    Operation::new(0x76, "read position error", Observe, FS100),
    Operation::new(0x77, "read torque", Observe, FS100),
    Operation::new(0x78, "read i/o", Observe, BOTH),
    Operation::new(0x79, "read register", Observe, BOTH),
    Operation::new(0x7a, "read byte variable", Observe, BOTH),
    Operation::new(0x7b, "read integer variable", Observe, BOTH),
    Operation::new(0x7c, "read double precision integer variable", Observe, BOTH),
    Operation::new(0x7d, "read real variable", Observe, BOTH),
    Operation::new(0x7e, "read character variable", Observe, BOTH),
    Operation::new(0x7f, "read robot position variable", Observe, FS100),
    Operation::new(0x80, "read base position variable", Observe, FS100),
    Operation::new(0x81, "read external axis variable", Observe, FS100),
    Operation::new(0x88, "read management time", Observe, FS100),
    Operation::new(0x89, "read system information", Observe, FS100).with(Effect::Discover),
    Operation::new(0x300, "read plural i/o", Observe, PLURAL),
    Operation::new(0x301, "read plural registers", Observe, PLURAL),
    Operation::new(0x302, "read plural byte variables", Observe, PLURAL),
    Operation::new(0x303, "read plural integer variables", Observe, PLURAL),
    Operation::new(0x304, "read plural double precision integer variables", Observe, PLURAL),
    Operation::new(0x305, "read plural real variables", Observe, PLURAL),
    Operation::new(0x306, "read plural character variables", Observe, PLURAL),
    Operation::new(0x307, "read plural robot position variables", Observe, PLURAL),
    Operation::new(0x308, "read plural base position variables", Observe, PLURAL),
    Operation::new(0x309, "read plural external axis variables", Observe, PLURAL),
];

/// Robot commands with a service that writes.
pub static WRITES: &[Operation] = &[
    Operation::new(0x78, "write i/o", Operate, BOTH),
    Operation::new(0x79, "write register", Operate, BOTH),
    Operation::new(0x7a, "write byte variable", Operate, BOTH),
    Operation::new(0x7b, "write integer variable", Operate, BOTH),
    Operation::new(0x7c, "write double precision integer variable", Operate, BOTH),
    Operation::new(0x7d, "write real variable", Operate, BOTH),
    Operation::new(0x7e, "write character variable", Operate, BOTH),
    Operation::new(0x7f, "write robot position variable", Operate, FS100),
    Operation::new(0x80, "write base position variable", Operate, FS100),
    Operation::new(0x81, "write external axis variable", Operate, FS100),
    Operation::new(0x82, "alarm reset / error cancel", Operate, BOTH).with(Effect::Reset),
    Operation::new(0x83, "hold / servo on/off", Operate, BOTH).with(Effect::Command),
    Operation::new(0x84, "step / cycle / continuous switching", Operate, BOTH)
        .with(Effect::Command),
    Operation::new(0x85, "character string display", Operate, FS100),
    Operation::new(0x86, "start-up (job start)", Operate, BOTH).with(Effect::Start),
    Operation::new(0x87, "job select", Operate, BOTH).with(Effect::Command),
    Operation::new(0x8a, "movement instruction (cartesian)", Operate, FS100).with(Effect::Motion),
    Operation::new(0x8b, "movement instruction (pulse)", Operate, FS100).with(Effect::Motion),
    Operation::new(0x300, "write plural i/o", Operate, PLURAL),
    Operation::new(0x301, "write plural registers", Operate, PLURAL),
    Operation::new(0x302, "write plural byte variables", Operate, PLURAL),
    Operation::new(0x303, "write plural integer variables", Operate, PLURAL),
    Operation::new(0x304, "write plural double precision integer variables", Operate, PLURAL),
    Operation::new(0x305, "write plural real variables", Operate, PLURAL),
    Operation::new(0x306, "write plural character variables", Operate, PLURAL),
];

/// File control: the service is the operation.
pub static FILES: &[Operation] = &[
    Operation::new(0x09, "file deleting", Program, FILE).with(Effect::DeleteFile),
    Operation::new(0x15, "file loading", Program, FILE).with(Effect::Download),
    Operation::new(0x16, "file saving", Observe, FILE).with(Effect::Upload),
    Operation::new(0x32, "file list acquiring", Observe, FILE),
];

/// What a client says to each block of a file that it receives.
pub static BLOCK_RECEIVED: &[Operation] =
    &[Operation::new(0x16, "block received", Session, "160766-1CD, file transfer; fs100")];

/// Any command or service that no list above has.
pub static UNLISTED: Operation =
    Operation::new(0, "unlisted command", Unknown, "160766-1CD, command lists");

/// A response whose request was not seen: it does not repeat its command.
pub static RESPONSE: Operation =
    Operation::new(0, "response", Unknown, "160766-1CD, data transmission");

/// Service that loads a file into the controller.
pub const LOAD: u8 = 0x15;
/// Service that saves a file of the controller.
pub const SAVE: u8 = 0x16;
/// Set in the service of a response.
pub const ANSWER_BIT: u8 = 0x80;

/// The row of a robot command with this service: `Get_Attribute_All`, `Get_Attribute_Single` and
/// the reading of plural data, or their `Set` counterparts.
pub fn robot(command: u16, service: u8) -> &'static Operation {
    let table = match service {
        0x01 | 0x0e | 0x33 => READS,
        0x02 | 0x10 | 0x34 => WRITES,
        _ => return &UNLISTED,
    };
    Operation::find(table, command.into()).unwrap_or(&UNLISTED)
}

/// Name of a status byte; empty if unlisted. With 0x1f the added status says more.
pub const fn status(code: u8) -> &'static str {
    match code {
        0x08 => "command not defined",
        0x09 => "invalid element number",
        0x28 => "instance does not exist",
        _ => "",
    }
}

/// Name of an added status; empty if unlisted.
pub const fn added(code: u32) -> &'static str {
    match code {
        0x1010 => "command error",
        0x1011 => "wrong number of operands",
        0x1012 => "operand out of range",
        0x1013 => "wrong operand length",
        0x1020 => "disk full",
        0x2010 => "manipulator operating",
        0x2020 => "hold by programming pendant",
        0x2030 => "hold by playback panel",
        0x2040 => "external hold",
        0x2050 => "command hold",
        0x2060 => "error or alarm occurring",
        0x2070 => "servo off",
        0x2080 => "incorrect mode",
        0x2090 => "file accessed by other function",
        0x2100 => "command remote not set",
        0x2110 => "data cannot be accessed",
        0x2120 => "data cannot be loaded",
        0x2130 => "editing",
        0x3010 => "servo power must be on",
        0x3040 => "home position needed",
        0x3220 => "panel lock: mode or cycle prohibited",
        0x3230 => "panel lock: start prohibited",
        0x3450 => "servo power cannot be turned on",
        0x4020 => "job editing prohibited",
        0x4030 => "job name exists",
        0x4040 => "no such job",
        0x4190 => "invalid character in job name",
        0x6010 => "robot in operation",
        0xa000 => "undefined command",
        0xa001 => "instance error",
        0xa002 => "attribute error",
        0xb003 => "wrong data size",
        0xb004 => "data out of range",
        0xb005 => "data undefined",
        0xb008 => "control group error",
        0xb009 => "speed error",
        0xe28b => "receive timeout",
        0xe28c => "file cannot be overwritten",
        0xe29c => "file does not exist or is empty",
        0xe2af => "file cannot be deleted",
        0xe2b2 => "remote is off",
        0xe2b3 => "file not found",
        0xe444 | 0xd8f1 | 0xfff6 => "busy",
        0xe4a1 => "block number error",
        0xe4a7 => "size mismatch",
        0xfffe => "remote mode: communication ended",
        _ => "",
    }
}
