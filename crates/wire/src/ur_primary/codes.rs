//! Packages and messages of the UR client interfaces.
//!
//! Sources: Universal Robots, "Client Interfaces" manual ("Client Interfaces"), sections on the
//! primary and secondary interfaces and the real-time interface; "URScript Programming Language".

use plant::Intent::{Observe, Program, Session, Unknown};

use crate::table::{Effect, Operation};

const PRIMARY: &str = "Client Interfaces, primary and secondary interfaces";

/// Packages of the controller, by type. Types whose layout the manual keeps to itself are named.
pub static PACKAGES: &[Operation] = &[
    Operation::new(0xff, "disconnect", Session, "UR client library, package types"),
    Operation::new(5, "modbus info message", Observe, "UR client library, package types"),
    Operation::new(16, "robot state", Observe, PRIMARY),
    Operation::new(22, "hmc message", Observe, "UR client library, package types"),
    Operation::new(23, "safety setup broadcast message", Observe, PRIMARY),
    Operation::new(24, "safety compliance tolerances message", Observe, PRIMARY),
    Operation::new(25, "program state message", Observe, PRIMARY),
];

/// Messages inside packages of type 20, by message type.
pub static MESSAGES: &[Operation] = &[
    Operation::new(0, "text message", Observe, PRIMARY),
    Operation::new(1, "program label message", Observe, PRIMARY),
    Operation::new(2, "popup message", Observe, PRIMARY),
    Operation::new(3, "version message", Observe, PRIMARY),
    Operation::new(5, "safety mode message", Observe, PRIMARY),
    Operation::new(6, "robot comm message", Observe, PRIMARY),
    Operation::new(7, "key message", Observe, PRIMARY),
    Operation::new(9, "request value message", Observe, PRIMARY),
    Operation::new(10, "runtime exception message", Observe, PRIMARY),
];

/// What the real-time interface sends.
pub static REALTIME: &[Operation] =
    &[Operation::new(0, "realtime data", Observe, "Client Interfaces, real-time interface")];

/// What a client sends: the controller runs it at once.
pub static SCRIPT: &[Operation] = &[Operation::new(
    0,
    "urscript",
    Program,
    "Client Interfaces, primary and secondary interfaces: script commands",
)
.with(Effect::Script)];

/// Any package or message type that no list above has.
pub static UNLISTED: Operation = Operation::new(0, "unlisted package", Unknown, PRIMARY);

/// Package type that ends a stream; also the first byte of every SMB message behind its length.
pub const DISCONNECT: u8 = 0xff;
/// Package type of the robot state with its sub-packages.
pub const ROBOT_STATE: u8 = 16;
/// Package type of robot messages.
pub const ROBOT_MESSAGE: u8 = 20;

/// Sizes of real-time packets by software version, from 1.5 to 5.10.
pub const REALTIME_BYTES: &[u32] = &[756, 764, 812, 1044, 1060, 1108, 1116, 1140, 1220];

/// Name of a robot type in the configuration data; empty if unlisted.
pub const fn robot_type(kind: u32) -> &'static str {
    match kind {
        1 => "UR5",
        2 => "UR10",
        3 => "UR3",
        4 => "UR16",
        6 => "UR8 Long",
        7 => "UR20",
        8 => "UR30",
        9 => "UR15",
        _ => "",
    }
}

/// Names of URScript functions that begin lines of no other language that we know of.
pub static FUNCTIONS: &[&str] = &[
    "movej",
    "movel",
    "movep",
    "movec",
    "servoj",
    "servoc",
    "speedj",
    "speedl",
    "stopj",
    "stopl",
    "freedrive_mode",
    "set_digital_out",
    "set_standard_digital_out",
    "set_analog_out",
    "set_configurable_digital_out",
    "set_tool_digital_out",
    "set_tool_voltage",
    "set_tcp",
    "set_payload",
    "set_gravity",
    "powerdown",
    "protective_stop",
    "textmsg",
    "force_mode",
    "write_output_integer_register",
    "write_output_boolean_register",
    "socket_open",
];
