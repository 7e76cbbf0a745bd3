//! EGM code points: messages by their type, and states.
//!
//! Source: `egm.proto` of ABB's EGM, "ABB sensor interface V1.1", as `abb_libegm` carries it
//! ("egm.proto", by message).

use plant::Intent::{Observe, Operate, Unknown};

use crate::table::{Effect, Operation};

/// Messages; the code is the type in their header (`EgmHeader.MessageType`).
pub static MESSAGES: &[Operation] = &[
    Operation::new(1, "command", Unknown, "egm.proto EgmHeader MSGTYPE_COMMAND, for future use"),
    Operation::new(2, "robot feedback", Observe, "egm.proto EgmRobot MSGTYPE_DATA"),
    Operation::new(3, "position guidance", Operate, "egm.proto EgmSensor MSGTYPE_CORRECTION")
        .with(Effect::Motion),
    Operation::new(
        4,
        "path correction",
        Operate,
        "egm.proto EgmSensorPathCorr MSGTYPE_PATH_CORRECTION",
    )
    .with(Effect::Motion),
];

/// Type of what the controller sends.
pub(super) const DATA: u32 = 2;
/// Type of what guides the robot.
pub(super) const CORRECTION: u32 = 3;
/// Type of what corrects its path.
pub(super) const PATH_CORRECTION: u32 = 4;

/// The name of `EgmMotorState.MotorStateType`.
pub(super) const fn motors(state: u64) -> &'static str {
    match state {
        1 => "motors on",
        2 => "motors off",
        _ => "motors undefined",
    }
}

/// The name of `EgmMCIState.MCIStateType`.
pub(super) const fn guidance(state: u64) -> &'static str {
    match state {
        1 => "egm error",
        2 => "egm stopped",
        3 => "egm running",
        _ => "egm undefined",
    }
}

/// The name of `EgmRapidCtrlExecState.RapidCtrlExecStateType`.
pub(super) const fn rapid(state: u64) -> &'static str {
    match state {
        1 => "rapid stopped",
        2 => "rapid running",
        _ => "rapid undefined",
    }
}
