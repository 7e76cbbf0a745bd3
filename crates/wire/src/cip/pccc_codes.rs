//! PCCC commands and functions, as Allen-Bradley controllers of the DF1 age understand them.
//!
//! A code is the command byte and, where the command has functions, the function byte:
//! 0x0fa2 is command 0x0f, function 0xa2. Source: DF1 Protocol and Command Set Reference Manual,
//! 1770-6.5.16, chapters 7 and 8.

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

const DF1: &str = "1770-6.5.16 chapter 7";

const fn row(code: u32, name: &'static str, intent: plant::Intent) -> Operation {
    Operation::new(code, name, intent, DF1)
}

/// Commands and functions.
pub static COMMANDS: &[Operation] = &[
    row(0x0000, "protected write", Operate),
    row(0x0100, "unprotected read", Observe),
    row(0x0200, "protected bit write", Operate),
    row(0x0500, "unprotected bit write", Operate),
    row(0x0800, "unprotected write", Operate),
    row(0x0600, "echo", Observe),
    row(0x0601, "read diagnostic counters", Observe),
    row(0x0602, "set variables", Administer),
    row(0x0603, "diagnostic status", Observe).with(Effect::Discover),
    row(0x0604, "set timeout", Administer),
    row(0x0605, "set naks", Administer),
    row(0x0606, "set enqs", Administer),
    row(0x0607, "reset diagnostic counters", Administer).with(Effect::Silence),
    row(0x0608, "set data table size", Administer),
    row(0x0609, "read link parameters", Observe),
    row(0x060a, "set link parameters", Administer),
    row(0x0700, "disable outputs", Operate),
    row(0x0701, "enable outputs", Operate),
    row(0x0703, "enable plc scanning", Administer).with(Effect::Start),
    row(0x0704, "enter download mode", Program).with(Effect::Download),
    row(0x0705, "exit download/upload mode", Program),
    row(0x0706, "enter upload mode", Observe).with(Effect::Upload),
    row(0x0f00, "word range write", Operate),
    row(0x0f01, "word range read", Observe),
    row(0x0f02, "bit write", Operate),
    row(0x0f03, "file write", Operate),
    row(0x0f04, "file read", Observe),
    row(0x0f05, "download request", Program).with(Effect::Download),
    row(0x0f06, "upload", Observe).with(Effect::Upload),
    row(0x0f07, "shutdown", Administer).with(Effect::Stop),
    row(0x0f08, "physical write", Program).with(Effect::Download),
    row(0x0f09, "physical read", Observe).with(Effect::Upload),
    row(0x0f0a, "restart request", Administer).with(Effect::Restart),
    row(0x0f11, "get edit resource", Program),
    row(0x0f12, "return edit resource", Program),
    row(0x0f17, "read bytes physical", Observe).with(Effect::Upload),
    row(0x0f18, "write bytes physical", Program).with(Effect::Download),
    row(0x0f26, "read-modify-write", Operate),
    row(0x0f29, "read section size", Observe),
    row(0x0f3a, "set cpu mode", Administer),
    row(0x0f41, "disable forces", Operate),
    row(0x0f50, "download all request", Program).with(Effect::Download),
    row(0x0f52, "download completed", Program).with(Effect::Download),
    row(0x0f53, "upload all request", Observe).with(Effect::Upload),
    row(0x0f55, "upload completed", Observe).with(Effect::Upload),
    row(0x0f57, "initialize memory", Administer).with(Effect::FactoryReset),
    row(0x0f5e, "modify plc-2 compatibility file", Program),
    row(0x0f67, "typed write", Operate),
    row(0x0f68, "typed read", Observe),
    row(0x0f79, "read-modify-write n", Operate),
    row(0x0f80, "change mode", Administer),
    row(0x0f81, "open file", Session),
    row(0x0f82, "close file", Session),
    row(0x0f88, "execute multiple commands", Unknown),
    row(0x0f8f, "apply port configuration", Administer),
    row(0x0fa1, "protected typed logical read with two address fields", Observe),
    row(0x0fa2, "protected typed logical read with three address fields", Observe),
    row(0x0fa7, "protected typed file read", Observe),
    row(0x0fa9, "protected typed logical write with two address fields", Operate),
    row(0x0faa, "protected typed logical write with three address fields", Operate),
    row(0x0fab, "protected typed logical masked-write with three address fields", Operate),
    row(0x0faf, "protected typed file write", Operate),
];

/// Functions that set the processor's mode, when the mode is known: to program, to run.
pub static MODES: &[Operation] = &[
    row(0x0f3a, "set cpu mode", Administer).with(Effect::Stop),
    row(0x0f3a, "set cpu mode", Administer).with(Effect::Start),
    row(0x0f80, "change mode", Administer).with(Effect::Stop),
    row(0x0f80, "change mode", Administer).with(Effect::Start),
];

/// Typed reads and writes of ladder files: they move the program.
pub static LADDER: &[Operation] = &[
    row(0x0fa1, "protected typed logical read with two address fields", Observe)
        .with(Effect::Upload),
    row(0x0fa2, "protected typed logical read with three address fields", Observe)
        .with(Effect::Upload),
    row(0x0fa9, "protected typed logical write with two address fields", Program)
        .with(Effect::Download),
    row(0x0faa, "protected typed logical write with three address fields", Program)
        .with(Effect::Download),
    row(0x0fab, "protected typed logical masked-write with three address fields", Program)
        .with(Effect::Download),
];

/// Commands and functions that the manual does not list.
pub static UNLISTED: &[Operation] = &[Operation::new(0, "unlisted pccc function", Unknown, DF1)];

static FALLBACK: Operation = Operation::new(0, "unlisted pccc function", Unknown, DF1);

/// Set in the command of a response.
pub(super) const RESPONSE_BIT: u8 = 0x40;

/// Whether the second byte of a command is a function.
pub(super) const fn has_function(command: u8) -> bool {
    matches!(command, 0x06 | 0x07 | 0x0f)
}

/// The row of a command; `mode` is the byte behind the function.
pub(super) fn operation(code: u32, mode: Option<u8>) -> &'static Operation {
    let effect = match (code, mode) {
        (0x0f3a, Some(0)) | (0x0f80, Some(0x01)) => Some(Effect::Stop),
        (0x0f3a, Some(2)) | (0x0f80, Some(0x06)) => Some(Effect::Start),
        _ => None,
    };
    let moded =
        effect.and_then(|effect| MODES.iter().find(|row| row.code == code && row.effect == effect));
    moded.or_else(|| Operation::find(COMMANDS, code)).unwrap_or(&FALLBACK)
}

/// Name of a status: the local or remote error of its nibble, or the extended one.
pub(super) const fn status(status: u8, extended: u8) -> &'static str {
    match (status & 0xf0, status & 0x0f) {
        (0xf0, _) => extended_status(extended),
        (0x10, _) => "illegal command or format",
        (0x20, _) => "host has a problem and will not communicate",
        (0x30, _) => "remote node host is missing, disconnected, or shut down",
        (0x40, _) => "host could not complete function due to hardware fault",
        (0x50, _) => "addressing problem or memory protect rungs",
        (0x60, _) => "function not allowed due to command protection selection",
        (0x70, _) => "processor is in program mode",
        (0x80, _) => "compatibility mode file missing or communication zone problem",
        (0x90, _) => "remote node cannot buffer command",
        (0xa0 | 0xc0, _) => "wait ack (1775-ka buffer full)",
        (0xb0, _) => "remote node problem due to download",
        (_, 0x01) => "dst node is out of buffer space",
        (_, 0x02) => "cannot guarantee delivery",
        (_, 0x03) => "duplicate token holder detected",
        (_, 0x04) => "local port is disconnected",
        (_, 0x05) => "application layer timed out waiting for a response",
        (_, 0x06) => "duplicate node detected",
        (_, 0x07) => "station is offline",
        (_, 0x08) => "hardware fault",
        _ => "",
    }
}

const fn extended_status(code: u8) -> &'static str {
    match code {
        0x01 => "a field has an illegal value",
        0x02 => "less levels specified in address than minimum for any address",
        0x03 => "more levels specified in address than system supports",
        0x04 => "symbol not found",
        0x05 => "symbol is of improper format",
        0x06 => "address doesn't point to something usable",
        0x07 => "file is wrong size",
        0x08 => "cannot complete request, situation has changed since the start of the command",
        0x09 => "data or file is too large",
        0x0a => "transaction size plus word address is too large",
        0x0b => "access denied, improper privilege",
        0x0c => "condition cannot be generated",
        0x0d => "condition already exists",
        0x0e => "command cannot be executed",
        0x0f => "histogram overflow",
        0x10 => "no access",
        0x11 => "illegal data type",
        0x12 => "invalid parameter or invalid data",
        0x13 => "address reference exists to deleted area",
        0x14 => "command execution failure for unknown reason",
        0x15 => "data conversion error",
        0x16 => "scanner not able to communicate with 1771 rack adapter",
        0x17 => "type mismatch",
        0x18 => "1771 module response was not valid",
        0x19 => "duplicated label",
        0x1a => "file is open; another node owns it",
        0x1b => "another node is the program owner",
        0x1e => "data table element protection violation",
        0x1f => "temporary internal problem",
        0x22 => "remote rack fault",
        0x23 => "timeout",
        0x24 => "unknown error",
        _ => "",
    }
}

/// The letters of a file type, as in `N7:0`; empty if the manual lists none.
pub(super) const fn file_letters(kind: u8) -> &'static str {
    match kind {
        0x82 | 0x8b => "O",
        0x83 | 0x8c => "I",
        0x84 => "S",
        0x85 => "B",
        0x86 => "T",
        0x87 => "C",
        0x88 => "R",
        0x89 => "N",
        0x8a => "F",
        0x8d => "ST",
        0x8e => "A",
        0x8f => "D",
        0x91 => "L",
        0x92 => "MG",
        0x93 => "PD",
        _ => "",
    }
}

/// Type of the files that hold ladder logic.
pub(super) const LADDER_FILE: u8 = 0x22;
