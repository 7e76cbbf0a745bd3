//! Packets of FANUC Stream Motion.
//!
//! Source: FANUC's own driver (FANUC-CORPORATION, fanuc_driver, `stream_motion/packets.hpp`), which
//! quotes the tables of the Stream Motion manual. One number means another packet in either
//! direction, so there are two tables.

use plant::Intent::{Administer, Observe, Operate, Session, Unknown};

use crate::table::{Effect, Operation};

const START: &str = "fanuc_driver packets.hpp, tables 3.3(a) and 3.3(d)";
const COMMAND: &str = "fanuc_driver packets.hpp, command packet";
const STATUS: &str = "fanuc_driver packets.hpp, table 3.3(b)";
const LIMIT: &str = "fanuc_driver packets.hpp, tables B.3(a) and B.3(b)";
const CONFIG: &str = "fanuc_driver packets.hpp, tables 1.1, 1.3 and 1.4";
const FORCE: &str = "fanuc_driver packets.hpp, force sensor config packet";

/// What a client sends.
pub static REQUESTS: &[Operation] = &[
    Operation::new(2, "stop", Session, START),
    Operation::new(3, "threshold", Observe, LIMIT),
    Operation::new(7, "get capability", Observe, CONFIG),
    Operation::new(8, "set capability", Administer, CONFIG).with(Effect::Parameter),
    Operation::new(200, "start", Session, START),
    Operation::new(201, "command", Operate, COMMAND).with(Effect::Motion),
    Operation::new(203, "gpio config", Operate, CONFIG),
    Operation::new(205, "force sensor config", Operate, FORCE),
];

/// A command that writes inputs and outputs only: the same number, without motion.
pub static IO: &[Operation] = &[Operation::new(0x1_00c9, "command, i/o only", Operate, COMMAND)];

/// What a controller sends.
pub static RESPONSES: &[Operation] = &[
    Operation::new(3, "threshold", Observe, LIMIT),
    Operation::new(7, "get capability", Observe, CONFIG),
    Operation::new(8, "set capability", Administer, CONFIG).with(Effect::Parameter),
    Operation::new(202, "status", Observe, STATUS),
    Operation::new(203, "gpio config", Operate, CONFIG),
    Operation::new(204, "status with force", Observe, STATUS),
];

/// A packet type that no table has.
pub static UNLISTED: Operation = Operation::new(0, "unlisted packet", Unknown, STATUS);

/// Type of a command.
pub const COMMAND_TYPE: u32 = 201;
/// Types of a status, without and with force.
pub const STATUS_TYPES: [u32; 2] = [202, 204];

/// Bytes of a packet of this type from a client; 0 if the type is not listed.
pub const fn request_bytes(kind: u32) -> usize {
    match kind {
        2 | 200 => 8,
        3 | 205 => 16,
        7 | 8 => 28,
        COMMAND_TYPE => 344,
        203 => 520,
        _ => 0,
    }
}

/// Bytes of a packet of this type from a controller; 0 if the type is not listed.
pub const fn response_bytes(kind: u32) -> usize {
    match kind {
        3 => 184,
        7 | 8 => 28,
        202 => 388,
        203 => 12,
        204 => 416,
        _ => 0,
    }
}
