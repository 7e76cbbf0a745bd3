//! Simple message code points: message types, motion commands, results.
//!
//! Sources: ROS-Industrial `industrial_core`, `simple_message.h` ("SM") and `joint_traj_pt.h`;
//! MotoROS of `ros-industrial/motoman`, `MotoPlus/SimpleMessage.h` ("MotoROS"). Types of other
//! vendors' ranges are not listed there and stay unlisted.

use plant::Intent::{Observe, Operate, Session, Unknown};

use crate::table::{Effect, Operation};

const SM: &str = "simple_message.h, StandardMsgTypes";
const MOTO: &str = "MotoROS SimpleMessage.h, SmMsgType";
const COMMAND: &str = "MotoROS SimpleMessage.h, SmCommandType";
const SEQUENCE: &str = "joint_traj_pt.h, SpecialSeqValues";

/// Message types.
pub static TYPES: &[Operation] = &[
    Operation::new(1, "ping", Session, SM),
    Operation::new(2, "get version", Observe, MOTO).with(Effect::Discover),
    Operation::new(10, "joint", Operate, SM).with(Effect::Motion),
    Operation::new(11, "joint traj pt", Operate, SM).with(Effect::Motion),
    Operation::new(12, "joint traj", Operate, SM).with(Effect::Motion),
    Operation::new(13, "status", Observe, SM),
    Operation::new(14, "joint traj pt full", Operate, SM).with(Effect::Motion),
    Operation::new(15, "joint feedback", Observe, SM),
    Operation::new(20, "read input", Observe, SM),
    Operation::new(21, "write output", Operate, SM),
    Operation::new(2001, "motion ctrl", Unknown, MOTO),
    Operation::new(2003, "read io bit", Observe, MOTO),
    Operation::new(2005, "write io bit", Operate, MOTO),
    Operation::new(2007, "read io group", Observe, MOTO),
    Operation::new(2009, "write io group", Operate, MOTO),
    Operation::new(2012, "read mregister", Observe, MOTO),
    Operation::new(2013, "write mregister", Operate, MOTO),
    Operation::new(2016, "joint traj pt full ex", Operate, MOTO).with(Effect::Motion),
    Operation::new(2017, "joint feedback ex", Observe, MOTO),
    Operation::new(2018, "select tool", Operate, MOTO),
    Operation::new(2020, "get dh parameters", Observe, MOTO),
];

/// Commands of motion ctrl.
pub static COMMANDS: &[Operation] = &[
    Operation::new(200_101, "check motion ready", Observe, COMMAND),
    Operation::new(200_102, "check queue cnt", Observe, COMMAND),
    Operation::new(200_111, "stop motion", Operate, COMMAND).with(Effect::Stop),
    Operation::new(200_112, "start servos", Operate, COMMAND).with(Effect::Command),
    Operation::new(200_113, "stop servos", Operate, COMMAND).with(Effect::Stop),
    Operation::new(200_114, "reset alarm", Operate, COMMAND).with(Effect::Reset),
    Operation::new(200_121, "start traj mode", Operate, COMMAND).with(Effect::Start),
    Operation::new(200_122, "stop traj mode", Operate, COMMAND).with(Effect::Stop),
    Operation::new(200_130, "disconnect", Session, COMMAND),
];

/// Points of a trajectory that are no points, by their sequence number.
pub static SEQUENCES: &[Operation] = &[
    Operation::new(0xffff_ffff, "start trajectory download", Operate, SEQUENCE).with(Effect::Start),
    Operation::new(0xffff_fffe, "start trajectory streaming", Operate, SEQUENCE)
        .with(Effect::Start),
    Operation::new(0xffff_fffd, "end trajectory", Operate, SEQUENCE),
    Operation::new(0xffff_fffc, "stop trajectory", Operate, SEQUENCE).with(Effect::Stop),
];

/// What a controller sends under the type of `joint`.
pub static POSITIONS: &[Operation] = &[Operation::new(10, "joint position", Observe, SM)];

/// Any type or command that no list has.
pub static UNLISTED: Operation = Operation::new(0, "unlisted message", Unknown, SM);

/// `joint`, which both sides send.
pub const JOINT: u32 = 10;
/// `joint traj pt`.
pub const TRAJ_PT: u32 = 11;
/// `joint traj pt full`.
pub const TRAJ_PT_FULL: u32 = 14;
/// `motion ctrl`.
pub const MOTION_CTRL: u32 = 2001;
/// The reply to it, and to points and tools of MotoROS.
pub const MOTION_REPLY: u32 = 2002;
/// The reply to I/O that could not be carried out.
pub const IO_REPLY: u32 = 2011;

/// The type of the request that a reply of this type answers.
pub const fn asked(kind: u32) -> u32 {
    match kind {
        2004 | 2006 | 2008 | 2010 => kind - 1,
        _ => kind,
    }
}

/// Whether a request or topic of this type may have a body of so many bytes: the fixed structures
/// of both sources, with ten joints.
pub const fn fits(kind: u32, bytes: usize) -> bool {
    match kind {
        1 | 2 | 2020 => bytes == 0,
        JOINT => bytes == 44,
        TRAJ_PT | MOTION_CTRL => bytes == 52,
        12 => bytes > 0 && bytes.is_multiple_of(52),
        13 => bytes == 28,
        TRAJ_PT_FULL => bytes == 136,
        15 => bytes == 132,
        2003 | 2007 | 2012 => bytes == 4,
        2005 | 2009 | 2013 => bytes == 8,
        2016 => bytes > 8 && (bytes - 8).is_multiple_of(132),
        2017 => bytes > 4 && (bytes - 4).is_multiple_of(132),
        2018 => bytes == 12,
        _ => false,
    }
}

/// Name of a result or subcode of motion reply, or of an I/O result; empty if unlisted.
pub const fn result(code: u32) -> &'static str {
    match code {
        1 => "busy",
        2 => "failure",
        3 => "invalid",
        4 => "alarm",
        5 => "not ready",
        6 => "motoplus failure",
        1001 => "read address invalid",
        1002 => "write address invalid",
        1003 => "write value invalid",
        1004 => "read api error",
        1005 => "write api error",
        3000 => "invalid",
        3001 => "invalid message size",
        3002 => "invalid message header",
        3003 => "invalid message type",
        3004 => "invalid group number",
        3005 => "invalid sequence",
        3006 => "invalid command",
        3010 => "invalid data",
        3011 => "invalid start position",
        3012 => "invalid position",
        3013 => "invalid speed",
        3014 => "invalid acceleration",
        3015 => "insufficient data",
        3016 => "invalid time",
        3017 => "invalid tool number",
        5000 => "not ready",
        5001 => "not ready: alarm",
        5002 => "not ready: error",
        5003 => "not ready: emergency stop",
        5004 => "not ready: not in play",
        5005 => "not ready: not remote",
        5006 => "not ready: servo off",
        5007 => "not ready: hold",
        5008 => "not ready: not started",
        5009 => "not ready: waiting for ROS",
        5010 => "not ready: skillsend",
        5011 => "not ready: pfl active",
        5012 => "not ready: increment error",
        _ => "",
    }
}
