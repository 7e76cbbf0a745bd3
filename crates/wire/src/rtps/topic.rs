//! Names of topics: what ROS 2 makes of them, and what writing to them does.
//!
//! ```text
//!  rt/cmd_vel                topic /cmd_vel             geometry_msgs::msg::dds_::Twist_
//!  rq/add_two_intsRequest    service /add_two_ints      rr/add_two_intsReply answers
//!  rq/arm/_action/send_goalRequest, rt/arm/_action/feedback    action /arm
//! ```
//! DDS carries any data, so only its topic tells what it does. By the words of the last level:
//! those of state observe, those of commands operate, and all others cannot be judged. A state word
//! at the end wins, as in `command_status`. The lists are of ROS 2's own interfaces and of robot
//! drivers for it; rules of a plant name topics and need no list. Sources: rmw
//! (`namespace_prefix.cpp` of `rmw_fastrtps`); the interfaces named at each row.

use std::fmt;

use plant::Intent::{Administer, Observe, Operate, Program, Safety, Unknown};

use super::codes::id;
use crate::Text;
use crate::table::{Effect, Operation};

const DATA: u32 = id::DATA as u32;

/// What user data does, by its topic; the code is that of the DATA submessage.
pub static TOPICS: &[Operation] =
    &[PUBLISH, STATE, MOTION, COMMAND, SCRIPT, EXECUTION, DISPOSE, UNREGISTER];
/// A topic that is not known, or tells nothing.
pub static PUBLISH: Operation = Operation::new(DATA, "publish", Unknown, "RTPS 2.5 8.3.8.2");
static STATE: Operation =
    Operation::new(DATA, "publish state", Observe, "REP 105, common_interfaces (names of state)");
static MOTION: Operation =
    Operation::new(DATA, "publish motion", Operate, "ros2_controllers, MoveIt Servo, Nav2")
        .with(Effect::Motion);
static COMMAND: Operation =
    Operation::new(DATA, "publish command", Operate, "ros2_controllers (names of commands)")
        .with(Effect::Command);
/// Script that the robot runs at once.
pub static SCRIPT: Operation = Operation::new(
    DATA,
    "publish script",
    Program,
    "Universal_Robots_ROS2_Driver (script_command)",
)
.with(Effect::Script);
static EXECUTION: Operation =
    Operation::new(DATA, "publish execution event", Operate, "MoveIt (trajectory_execution_event)")
        .with(Effect::Command);
/// An instance of a topic's data is gone.
pub static DISPOSE: Operation = Operation::new(DATA, "dispose instance", Unknown, "RTPS 2.5 8.7.4");
/// The writer no longer has an instance.
pub static UNREGISTER: Operation =
    Operation::new(DATA, "unregister instance", Observe, "RTPS 2.5 8.7.4");

/// Calls of ROS 2 services and actions; the code is that of the DATA submessage.
pub static SERVICES: &[Operation] = &[CALL, QUERY, GOAL, CANCEL, PARAMETERS, STATE_CHANGE];
static CALL: Operation = Operation::new(DATA, "call service", Unknown, "rmw (rq/ and rr/ topics)");
static QUERY: Operation =
    Operation::new(DATA, "call query", Observe, "rcl_interfaces, action get_result (get, list ..)");
static GOAL: Operation =
    Operation::new(DATA, "send goal", Operate, "design.ros2.org/articles/actions.html")
        .with(Effect::Motion);
static CANCEL: Operation =
    Operation::new(DATA, "cancel goal", Operate, "design.ros2.org/articles/actions.html")
        .with(Effect::Stop);
static PARAMETERS: Operation =
    Operation::new(DATA, "set parameters", Operate, "rcl_interfaces (SetParameters)")
        .with(Effect::Parameter);
static STATE_CHANGE: Operation =
    Operation::new(DATA, "change state", Operate, "lifecycle_msgs, controller_manager_msgs")
        .with(Effect::Command);

/// Services of robot drivers, by their last level; the code is that of the DATA submessage.
pub static DRIVER_SERVICES: &[Operation] = &[
    driver("play", Operate, Effect::Start),
    driver("pause", Operate, Effect::Command),
    driver("stop", Operate, Effect::Stop),
    driver("power_on", Operate, Effect::Command),
    driver("power_off", Operate, Effect::Command),
    driver("brake_release", Operate, Effect::Command),
    driver("load_program", Operate, Effect::Command),
    driver("load_installation", Program, Effect::Command),
    driver("resend_robot_program", Program, Effect::Script),
    driver("set_io", Operate, Effect::Plain),
    driver("set_analog_output", Operate, Effect::Plain),
    driver("set_speed_slider", Operate, Effect::Plain),
    driver("set_payload", Operate, Effect::Plain),
    driver("unlock_protective_stop", Safety, Effect::UnlockProtectiveStop),
    driver("restart_safety", Safety, Effect::SafetyRestart),
    driver("close_safety_popup", Safety, Effect::SafetyRestart),
    driver("shutdown", Administer, Effect::Restart),
];

const fn driver(name: &'static str, intent: plant::Intent, effect: Effect) -> Operation {
    let source = "Universal_Robots_ROS2_Driver (dashboard client, io and status controller)";
    Operation::new(DATA, name, intent, source).with(effect)
}

/// Words that end the name of a state, and whole names of such.
const STATE_WORDS: &[&str] = &[
    "state",
    "states",
    "status",
    "feedback",
    "info",
    "statistics",
    "stats",
    "description",
    "diagnostics",
    "event",
    "events",
    "actual",
    "measured",
    "odom",
    "odometry",
    "rosout",
    "imu",
    "scan",
    "image",
    "raw",
    "points",
    "joints",
];
const STATE_NAMES: &[&str] = &["tf", "tf_static", "ros_discovery_info"];
/// Words of which one anywhere in the name makes it a command.
const COMMAND_WORDS: &[&str] = &["cmd", "cmds", "command", "commands"];
/// Words of which one anywhere in the name moves.
const MOTION_WORDS: &[&str] =
    &["jog", "trajectory", "setpoint", "setpoints", "goal", "reference", "ackermann"];
/// Words that make a command one that moves.
const MOVING_WORDS: &[&str] = &[
    "vel", "velocity", "joint", "position", "effort", "twist", "pose", "servo", "drive", "arm",
    "gripper", "group",
];

/// What a topic is to ROS 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A topic, of ROS 2 or not.
    Topic,
    /// Requests to a service.
    Request,
    /// Answers of a service.
    Reply,
}

/// A topic's name without what ROS 2 puts around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    pub(super) role: Role,
    bare: &'a [u8],
}

impl Role {
    /// The byte that stands for it in notes.
    pub(super) const fn to_note(self) -> u8 {
        self as u8
    }

    /// The role that a byte of a note stands for.
    pub(super) const fn noted(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Topic),
            1 => Some(Self::Request),
            2 => Some(Self::Reply),
            _ => None,
        }
    }
}

/// The rows that data on a topic can have, in the order in which notes number them.
fn rows() -> impl Iterator<Item = &'static Operation> {
    TOPICS.iter().chain(SERVICES).chain(DRIVER_SERVICES)
}

/// The number of a row in notes.
pub(super) fn row_to_note(row: &Operation) -> Option<u8> {
    rows().position(|one| one == row)?.try_into().ok()
}

/// The row that a number of a note stands for.
pub(super) fn noted_row(number: u8) -> Option<&'static Operation> {
    rows().nth(number.into())
}

impl<'a> Name<'a> {
    /// The name behind `rt`, `rq` or `rr`, as `/cmd_vel`; other names as they are.
    pub(super) fn read(raw: &'a [u8]) -> Self {
        let service = |prefix: &[u8], end: &[u8]| {
            raw.strip_prefix(prefix).filter(|rest| rest.starts_with(b"/"))?.strip_suffix(end)
        };
        let topic = raw.strip_prefix(b"rt").filter(|rest| rest.starts_with(b"/"));
        if let Some(bare) = service(b"rq", b"Request") {
            Self { role: Role::Request, bare }
        } else if let Some(bare) = service(b"rr", b"Reply") {
            Self { role: Role::Reply, bare }
        } else {
            Self { role: Role::Topic, bare: topic.unwrap_or(raw) }
        }
    }

    /// The row for data that is written to it.
    pub(super) fn operation(self) -> &'static Operation {
        match self.role {
            Role::Topic => topic(self.bare),
            Role::Request | Role::Reply => service(self.bare),
        }
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text(self.bare).fmt(f)
    }
}

/// A type's name as ROS 2 shows it: `geometry_msgs/msg/Twist`.
pub(super) struct TypeName<'a>(pub(super) &'a [u8]);

impl fmt::Display for TypeName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = std::str::from_utf8(self.0).ok();
        match text.and_then(|text| text.strip_suffix('_')?.split_once("::dds_::")) {
            Some((package, name)) => {
                for level in package.split("::") {
                    write!(f, "{}/", Text(level.as_bytes()))?;
                }
                Text(name.as_bytes()).fmt(f)
            }
            None => Text(self.0).fmt(f),
        }
    }
}

/// The last level of a name, and what is before it.
fn last_level(name: &[u8]) -> (&[u8], &[u8]) {
    let at = name.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    name.split_at_checked(at).unwrap_or((&[], name))
}

fn topic(bare: &[u8]) -> &'static Operation {
    let (_, level) = last_level(bare);
    let has = |list: &[&str]| words(level).any(|word| listed(list, word));
    let whole = |list: &[&str]| listed(list, level);
    let state = words(level).last().is_some_and(|word| listed(STATE_WORDS, word));
    match () {
        () if whole(&["script_command"]) => &SCRIPT,
        () if whole(&["trajectory_execution_event"]) => &EXECUTION,
        () if state || whole(STATE_NAMES) => &STATE,
        () if has(MOTION_WORDS) => &MOTION,
        () if has(COMMAND_WORDS) => {
            let moves = has(MOVING_WORDS) || words(level).all(|word| listed(COMMAND_WORDS, word));
            if moves { &MOTION } else { &COMMAND }
        }
        () => &PUBLISH,
    }
}

fn service(bare: &[u8]) -> &'static Operation {
    let (before, level) = last_level(bare);
    let action = before.ends_with(b"/_action/");
    match level {
        b"send_goal" if action => &GOAL,
        b"cancel_goal" if action => &CANCEL,
        b"set_parameters" | b"set_parameters_atomically" => &PARAMETERS,
        b"change_state"
        | b"switch_controller"
        | b"load_controller"
        | b"unload_controller"
        | b"configure_controller"
        | b"set_hardware_component_state" => &STATE_CHANGE,
        _ if words(level)
            .next()
            .is_some_and(|word| listed(&["get", "list", "describe", "query", "is"], word)) =>
        {
            &QUERY
        }
        _ => DRIVER_SERVICES.iter().find(|row| row.name.as_bytes() == level).unwrap_or(&CALL),
    }
}

fn listed(list: &[&str], word: &[u8]) -> bool {
    list.iter().any(|one| one.as_bytes().eq_ignore_ascii_case(word))
}

/// The words of a name: between anything but letters and digits, and before each capital letter
/// that follows a small one.
fn words(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    name.split(|byte| !byte.is_ascii_alphanumeric())
        .flat_map(|part| part.chunk_by(|a, b| !(a.is_ascii_lowercase() && b.is_ascii_uppercase())))
        .filter(|word| !word.is_empty())
}
