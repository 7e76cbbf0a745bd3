//! UMAS code points: functions. The names are those of the engineering tool's view, in which an
//! upload goes to the controller and a download comes from it.
//!
//! Sources: the UMAS dissector of B. Hutcheson ("packet-umas.h"); that of the talk "From
//! Pass-the-Hash to Code Execution on Schneider Electric M340 PLCs", Black Hat Europe 2024
//! ("M340 dissector"). Layouts: apache/plc4x `umas.mspec`, Metasploit `modicon_stux_transfer`.

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

const HUTCHESON: &str = "packet-umas.h, function codes";
const M340: &str = "M340 dissector, function codes";

/// Functions, by code.
pub static FUNCTIONS: &[Operation] = &[
    Operation::new(0x01, "init comm", Session, HUTCHESON),
    Operation::new(0x02, "read id", Observe, HUTCHESON).with(Effect::Discover),
    Operation::new(0x03, "read project info", Observe, HUTCHESON),
    Operation::new(0x04, "read plc info", Observe, HUTCHESON),
    Operation::new(0x05, "read loader info", Observe, M340),
    Operation::new(0x06, "read card info", Observe, HUTCHESON),
    Operation::new(0x07, "read block info", Observe, M340),
    Operation::new(0x0a, "repeat", Session, HUTCHESON),
    Operation::new(0x10, "take plc reservation", Administer, HUTCHESON).with(Effect::Login),
    Operation::new(0x11, "release plc reservation", Session, HUTCHESON),
    Operation::new(0x12, "keep alive", Session, HUTCHESON),
    Operation::new(0x20, "read memory block", Observe, HUTCHESON),
    Operation::new(0x21, "write memory block", Program, M340).with(Effect::Download),
    Operation::new(0x22, "read variables", Observe, HUTCHESON),
    Operation::new(0x23, "write variables", Operate, HUTCHESON),
    Operation::new(0x24, "read coils registers", Observe, HUTCHESON),
    Operation::new(0x25, "write coils registers", Operate, HUTCHESON),
    Operation::new(0x26, "data dictionary", Observe, HUTCHESON),
    Operation::new(0x27, "data dictionary preload", Observe, M340),
    Operation::new(0x28, "read physical address", Observe, M340),
    Operation::new(0x29, "write physical address", Program, M340).with(Effect::Download),
    Operation::new(0x2a, "browse events", Observe, M340),
    Operation::new(0x30, "initialize upload", Program, HUTCHESON).with(Effect::Download),
    Operation::new(0x31, "upload block", Program, HUTCHESON).with(Effect::Download),
    Operation::new(0x32, "end strategy upload", Program, HUTCHESON).with(Effect::Download),
    Operation::new(0x33, "initialize download", Observe, HUTCHESON).with(Effect::Upload),
    Operation::new(0x34, "download block", Observe, HUTCHESON).with(Effect::Upload),
    Operation::new(0x35, "end strategy download", Observe, HUTCHESON).with(Effect::Upload),
    Operation::new(0x36, "umas backup", Administer, M340),
    Operation::new(0x37, "preload blocks", Unknown, M340),
    Operation::new(SIGNED as u32, "umas reserved", Unknown, M340),
    Operation::new(0x39, "read eth master data", Observe, HUTCHESON),
    Operation::new(0x40, "start plc", Operate, HUTCHESON).with(Effect::Start),
    Operation::new(0x41, "stop plc", Administer, HUTCHESON).with(Effect::Stop),
    Operation::new(0x42, "init plc", Administer, M340).with(Effect::Restart),
    Operation::new(0x43, "swap", Administer, M340),
    Operation::new(0x50, "monitor plc", Observe, HUTCHESON),
    Operation::new(0x51, "get auto modif", Observe, M340),
    Operation::new(0x52, "get forced bits", Observe, M340),
    Operation::new(0x53, "get selected blocks", Observe, M340),
    Operation::new(0x58, "check plc", Observe, HUTCHESON),
    Operation::new(0x60, "bkpt set", Administer, M340).with(Effect::Stop),
    Operation::new(0x61, "bkpt del", Operate, M340),
    Operation::new(0x62, "step over", Operate, M340),
    Operation::new(0x63, "step in", Operate, M340),
    Operation::new(0x64, "step out", Operate, M340),
    Operation::new(0x65, "get call stack", Observe, M340),
    Operation::new(0x66, "check debug allowed", Observe, M340),
    Operation::new(0x6c, "process msg", Unknown, M340),
    Operation::new(0x6d, "private", Unknown, M340),
    Operation::new(0x6e, "reservation nonces", Session, M340),
    Operation::new(0x70, "read io object", Observe, HUTCHESON),
    Operation::new(0x71, "write io object", Operate, HUTCHESON),
    Operation::new(0x72, "read rack", Observe, M340),
    Operation::new(0x73, "get status module", Observe, HUTCHESON),
    Operation::new(0x74, "read device data", Observe, M340),
];

/// Any function that the list does not have.
pub static UNLISTED: Operation = Operation::new(0, "unlisted function", Unknown, HUTCHESON);

/// An answer whose question was not seen: it does not repeat the function.
pub static RESPONSE: Operation = Operation::new(0, "response", Unknown, HUTCHESON);

/// Function that carries another with its signature.
pub const SIGNED: u8 = 0x38;
/// Functions of answers.
pub const RESPONSE_OK: u8 = 0xfe;
/// Function of answers that refuse.
pub const RESPONSE_ERROR: u8 = 0xfd;

/// The row of a function.
pub(super) fn operation(function: u8) -> &'static Operation {
    Operation::find(FUNCTIONS, function.into()).unwrap_or(&UNLISTED)
}
