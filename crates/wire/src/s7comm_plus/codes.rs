//! S7comm-plus code points: functions, and what some of them do to well-known objects.
//!
//! Siemens publishes no specification. Sources: function codes of ICSNPP-S7COMM's constants
//! ("ICSNPP"), Snort's `s7commplus_func` rule option ("Snort"), the notes of the S7CommPlusDriver
//! and s7commwireshark projects on object and attribute ids ("S7CommPlus notes").

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

const ICSNPP: &str = "ICSNPP, s7comm-plus functions; Snort";
const NOTES: &str = "S7CommPlus notes";

/// Functions of requests and responses.
pub static FUNCTIONS: &[Operation] = &[
    Operation::new(0x04bb, "explore", Observe, ICSNPP).with(Effect::Discover),
    Operation::new(0x04ca, "create object", Unknown, ICSNPP),
    Operation::new(0x04d4, "delete object", Unknown, ICSNPP),
    Operation::new(0x04f2, "set variable", Operate, ICSNPP),
    Operation::new(0x04fc, "get variable", Observe, NOTES),
    Operation::new(0x0506, "add link", Unknown, NOTES),
    Operation::new(0x051a, "remove link", Unknown, NOTES),
    Operation::new(0x0524, "get link", Observe, ICSNPP),
    Operation::new(0x0542, "set multi variables", Operate, ICSNPP),
    Operation::new(0x054c, "get multi variables", Observe, ICSNPP),
    Operation::new(0x0556, "begin sequence", Unknown, ICSNPP),
    Operation::new(0x0560, "end sequence", Unknown, ICSNPP),
    Operation::new(0x056b, "invoke", Unknown, ICSNPP),
    Operation::new(0x057c, "set var substreamed", Unknown, NOTES),
    Operation::new(0x0586, "get var substreamed", Observe, ICSNPP),
    Operation::new(0x0590, "get variables address", Observe, NOTES),
    Operation::new(0x059a, "abort", Session, NOTES),
    Operation::new(0x05a9, "error", Session, NOTES),
    Operation::new(0x05b3, "init ssl", Session, NOTES),
];

/// `set variable` of the CPU's requested operating state, value 1.
pub static CPU_STOP: Operation =
    Operation::new(0x04f2, "set variable (cpu stop)", Administer, NOTES).with(Effect::Stop);
/// `set variable` of the CPU's requested operating state, value 3.
pub static CPU_START: Operation =
    Operation::new(0x04f2, "set variable (cpu start)", Operate, NOTES).with(Effect::Start);
/// `create object` below the container of sessions.
pub static CREATE_SESSION: Operation =
    Operation::new(0x04ca, "create object (session)", Session, NOTES);
/// `create object` below the PLC program.
pub static CREATE_BLOCK: Operation =
    Operation::new(0x04ca, "create object (block)", Program, NOTES).with(Effect::Download);

/// `set variable` of the session's answer to the challenge for a password.
pub static LEGITIMATION: Operation =
    Operation::new(0x04f2, "set variable (legitimation)", Administer, NOTES).with(Effect::Login);

/// Rows for what functions do to well-known objects.
pub static SPECIAL: &[Operation] =
    &[CPU_STOP, CPU_START, CREATE_SESSION, CREATE_BLOCK, LEGITIMATION];

/// What is no request and no response: by opcode, or by protocol version.
pub static NOTICES: &[Operation] = &[
    Operation::new(0x33, "notification", Observe, "ICSNPP, s7comm-plus opcodes"),
    Operation::new(0xfe, "system event", Session, NOTES),
    Operation::new(0xff, "keep alive", Session, NOTES),
    Operation::new(0x17, "tls record", Unknown, "RFC 8446 5.1, after init ssl; S7CommPlus notes"),
];

/// Any function that no list here has, and PDUs of which the function cannot be read.
pub static UNLISTED: Operation = Operation::new(0, "unlisted function", Unknown, NOTES);

/// Object: container of the server's sessions.
pub const SESSIONS: u32 = 285;
/// Object: the PLC program, parent of blocks.
pub const PROGRAM: u32 = 3;
/// Object: the CPU's execution unit.
pub const EXECUTION_UNIT: u32 = 52;
/// Attribute of the execution unit: requested operating state.
pub const OPERATING_STATE: u32 = 2167;

/// Attributes of a session: answer to a challenge, of older and newer firmware.
pub const LEGITIMATIONS: [u32; 2] = [304, 1846];
/// Class of subscriptions.
pub const SUBSCRIPTION: u32 = 1001;

/// Whether an attribute belongs to subscriptions: route, active, cycle, credit, ticks ...
pub const fn is_of_subscription(attribute: u32) -> bool {
    matches!(attribute, 1040 | 1041 | 1048..=1054)
}

/// The row of a notice.
pub fn notice(code: u8) -> &'static Operation {
    Operation::find(NOTICES, code.into()).unwrap_or(&UNLISTED)
}

/// Name of a negative return value; empty if unlisted.
pub const fn error(code: i16) -> &'static str {
    match code {
        -12 => "object not found",
        -17 => "invalid crc",
        -134 => "service multi-es not supported",
        -255 => "invalid lid",
        _ => "",
    }
}
