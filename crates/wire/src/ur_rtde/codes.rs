//! Packages, value types and mode names of RTDE.
//!
//! Source: Universal Robots, "Real-Time Data Exchange (RTDE) Guide" ("RTDE Guide"), by its tables.

use plant::Intent::{Observe, Operate, Session, Unknown};

use crate::table::Operation;

const GUIDE: &str = "RTDE Guide, RTDE packages";

/// Packages of a client. Setting up inputs claims them: no other client may then write them.
pub static REQUESTS: &[Operation] = &[
    Operation::new(0x56, "request protocol version", Session, GUIDE),
    Operation::new(0x76, "get urcontrol version", Observe, GUIDE),
    Operation::new(0x4d, "send text message", Operate, GUIDE),
    Operation::new(0x55, "input data package", Operate, GUIDE),
    Operation::new(0x4f, "control package setup outputs", Observe, GUIDE),
    Operation::new(0x49, "control package setup inputs", Operate, GUIDE),
    Operation::new(0x53, "control package start", Session, GUIDE),
    Operation::new(0x50, "control package pause", Session, GUIDE),
];

/// Packages that only a controller sends unasked.
pub static NOTICES: &[Operation] = &[
    Operation::new(0x4d, "text message", Observe, GUIDE),
    Operation::new(0x55, "output data package", Observe, GUIDE),
];

/// Any package type that no list above has.
pub static UNLISTED: Operation = Operation::new(0, "unlisted package", Unknown, GUIDE);

/// Package types, by their letters.
pub const VERSION: u8 = b'V';
/// Asks the controller's software version.
pub const CONTROLLER: u8 = b'v';
/// Text in either direction.
pub const TEXT: u8 = b'M';
/// Values in either direction.
pub const DATA: u8 = b'U';
/// Names the fields that the controller shall send.
pub const OUTPUTS: u8 = b'O';
/// Names the fields that the client will send.
pub const INPUTS: u8 = b'I';
/// Begins the exchange of data.
pub const START: u8 = b'S';
/// Pauses it.
pub const PAUSE: u8 = b'P';

/// Type of a field's value, by the guide's table "Data types".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// One byte, 0 or 1.
    Bool,
    /// One byte.
    Uint8,
    /// 32 bits.
    Uint32,
    /// 64 bits.
    Uint64,
    /// 32 bits, signed.
    Int32,
    /// IEEE 754, 64 bits.
    Double,
    /// Three doubles.
    Vector3d,
    /// Six doubles.
    Vector6d,
    /// Six 32-bit signed integers.
    Vector6int32,
    /// Six 32-bit integers.
    Vector6uint32,
    /// The controller has no such field.
    NotFound,
    /// Another client has claimed this input.
    InUse,
}

impl Type {
    /// The type by its name in setup answers.
    pub fn by_name(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"BOOL" => Self::Bool,
            b"UINT8" => Self::Uint8,
            b"UINT32" => Self::Uint32,
            b"UINT64" => Self::Uint64,
            b"INT32" => Self::Int32,
            b"DOUBLE" => Self::Double,
            b"VECTOR3D" => Self::Vector3d,
            b"VECTOR6D" => Self::Vector6d,
            b"VECTOR6INT32" => Self::Vector6int32,
            b"VECTOR6UINT32" => Self::Vector6uint32,
            b"NOT_FOUND" => Self::NotFound,
            b"IN_USE" => Self::InUse,
            _ => return None,
        })
    }

    /// Bytes of one value.
    pub const fn bytes(self) -> usize {
        match self {
            Self::NotFound | Self::InUse => 0,
            Self::Bool | Self::Uint8 => 1,
            Self::Uint32 | Self::Int32 => 4,
            Self::Uint64 | Self::Double => 8,
            Self::Vector3d | Self::Vector6int32 | Self::Vector6uint32 => 24,
            Self::Vector6d => 48,
        }
    }
}

/// Name of a robot mode; empty if unlisted.
pub const fn robot_mode(mode: i32) -> &'static str {
    match mode {
        -1 => "NO_CONTROLLER",
        0 => "DISCONNECTED",
        1 => "CONFIRM_SAFETY",
        2 => "BOOTING",
        3 => "POWER_OFF",
        4 => "POWER_ON",
        5 => "IDLE",
        6 => "BACKDRIVE",
        7 => "RUNNING",
        8 => "UPDATING_FIRMWARE",
        _ => "",
    }
}

/// Name of a safety mode or safety status; empty if unlisted.
pub const fn safety_mode(mode: i32) -> &'static str {
    match mode {
        1 => "NORMAL",
        2 => "REDUCED",
        3 => "PROTECTIVE_STOP",
        4 => "RECOVERY",
        5 => "SAFEGUARD_STOP",
        6 => "SYSTEM_EMERGENCY_STOP",
        7 => "ROBOT_EMERGENCY_STOP",
        8 => "VIOLATION",
        9 => "FAULT",
        10 => "VALIDATE_JOINT_ID",
        11 => "UNDEFINED_SAFETY_MODE",
        12 => "AUTOMATIC_MODE_SAFEGUARD_STOP",
        13 => "SYSTEM_THREE_POSITION_ENABLING_STOP",
        _ => "",
    }
}

/// Name of a program's runtime state; empty if unlisted.
pub const fn runtime_state(state: u32) -> &'static str {
    match state {
        0 => "STOPPING",
        1 => "STOPPED",
        2 => "PLAYING",
        3 => "PAUSING",
        4 => "PAUSED",
        5 => "RESUMING",
        6 => "RETRACTING",
        _ => "",
    }
}
