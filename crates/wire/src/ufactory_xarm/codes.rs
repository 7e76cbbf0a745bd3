//! Function codes of the UFACTORY private protocol.
//!
//! Source: UFACTORY xArm-Python-SDK (the vendor's own), `x_config.py` class `UxbusReg` for the
//! codes and names, `uxbus_cmd.py` and `xarm_api.py` for what each carries and does; the vendor's
//! protocol document is "UFACTORY Modbus TCP Manual".

use plant::Intent::{Administer, Observe, Operate, Program, Safety, Session, Unknown};

use crate::table::{Effect, Operation};

const REG: &str = "xArm-Python-SDK, UxbusReg";
const API: &str = "xArm-Python-SDK, xarm_api";

/// Functions by their code. Limits that protect people beside the arm count as safety.
pub static FUNCTIONS: &[Operation] = &[
    Operation::new(1, "get version", Observe, REG).with(Effect::Discover),
    Operation::new(2, "get robot sn", Observe, REG).with(Effect::Discover),
    Operation::new(3, "check verify", Observe, REG),
    Operation::new(4, "reload dynamics", Administer, REG).with(Effect::Parameter),
    Operation::new(5, "get report tau or i", Observe, REG),
    Operation::new(6, "get tcp rotation radius", Observe, REG),
    Operation::new(7, "get allow approx motion", Observe, REG),
    Operation::new(11, "motion en", Operate, REG).with(Effect::Command),
    Operation::new(13, "get state", Observe, REG),
    Operation::new(14, "get cmdnum", Observe, REG),
    Operation::new(15, "get error", Observe, REG),
    Operation::new(16, "clean err", Operate, REG).with(Effect::Reset),
    Operation::new(17, "clean war", Operate, REG).with(Effect::Reset),
    Operation::new(18, "set brake", Operate, REG).with(Effect::Command),
    Operation::new(19, "set mode", Operate, REG).with(Effect::Command),
    Operation::new(21, "move line", Operate, REG).with(Effect::Motion),
    Operation::new(22, "move lineb", Operate, REG).with(Effect::Motion),
    Operation::new(23, "move joint", Operate, REG).with(Effect::Motion),
    Operation::new(24, "move jointb", Operate, REG).with(Effect::Motion),
    Operation::new(25, "move home", Operate, REG).with(Effect::Motion),
    Operation::new(26, "sleep instt", Operate, REG),
    Operation::new(27, "move circle", Operate, REG).with(Effect::Motion),
    Operation::new(28, "move line tool", Operate, REG).with(Effect::Motion),
    Operation::new(29, "move servoj", Operate, REG).with(Effect::Motion),
    Operation::new(30, "move servo cart", Operate, REG).with(Effect::Motion),
    Operation::new(31, "set tcp jerk", Operate, REG),
    Operation::new(32, "set tcp maxacc", Operate, REG),
    Operation::new(33, "set joint jerk", Operate, REG),
    Operation::new(34, "set joint maxacc", Operate, REG),
    Operation::new(35, "set tcp offset", Operate, REG),
    Operation::new(36, "set load param", Operate, REG),
    Operation::new(37, "set collis sens", Safety, REG),
    Operation::new(38, "set teach sens", Operate, REG),
    Operation::new(39, "clean conf", Administer, REG).with(Effect::FactoryReset),
    Operation::new(40, "save conf", Administer, REG).with(Effect::Parameter),
    Operation::new(41, "get tcp pose", Observe, REG),
    Operation::new(42, "get joint pos", Observe, REG),
    Operation::new(43, "get ik", Observe, REG),
    Operation::new(44, "get fk", Observe, REG),
    Operation::new(45, "is joint limit", Observe, REG),
    Operation::new(46, "is tcp limit", Observe, REG),
    Operation::new(47, "set reduced trsv", Safety, REG),
    Operation::new(48, "set reduced p2pv", Safety, REG),
    Operation::new(49, "get reduced mode", Observe, REG),
    Operation::new(50, "set reduced mode", Safety, REG),
    Operation::new(51, "set gravity dir", Operate, REG),
    Operation::new(52, "set limit xyz", Safety, REG),
    Operation::new(53, "get reduced state", Observe, REG),
    Operation::new(54, "set servot", Operate, REG).with(Effect::Motion),
    Operation::new(55, "get joint tau", Observe, REG),
    Operation::new(56, "set safe level", Safety, REG),
    Operation::new(57, "get safe level", Observe, REG),
    Operation::new(58, "set reduced jrange", Safety, REG),
    Operation::new(59, "set fense on", Safety, REG),
    Operation::new(60, "set collis reb", Safety, REG),
    Operation::new(61, "set traj record", Operate, REG),
    Operation::new(62, "save traj", Program, REG).with(Effect::Download),
    Operation::new(63, "load traj", Operate, REG),
    Operation::new(64, "play traj", Operate, REG).with(Effect::Start),
    Operation::new(65, "get traj rw status", Observe, REG),
    Operation::new(66, "set allow approx motion", Operate, REG),
    Operation::new(67, "get dh", Observe, REG),
    Operation::new(68, "set dh", Administer, REG).with(Effect::Parameter),
    Operation::new(69, "get movement", Observe, REG),
    Operation::new(70, "report tau or i", Session, REG),
    Operation::new(71, "set timer", Operate, REG),
    Operation::new(72, "cancel timer", Operate, REG),
    Operation::new(73, "set world offset", Operate, REG),
    Operation::new(74, "cnter reset", Operate, REG),
    Operation::new(75, "cnter plus", Operate, REG),
    Operation::new(76, "cal pose offset", Observe, REG),
    Operation::new(77, "set self collis check", Safety, REG),
    Operation::new(78, "set collis tool", Safety, REG),
    Operation::new(79, "set simulation robot", Operate, REG),
    Operation::new(80, "set cartv continue", Operate, REG),
    Operation::new(81, "vc set jointv", Operate, REG).with(Effect::Motion),
    Operation::new(82, "vc set cartv", Operate, REG).with(Effect::Motion),
    Operation::new(83, "move relative", Operate, REG).with(Effect::Motion),
    Operation::new(91, "get tcp pose aa", Observe, REG),
    Operation::new(92, "move line aa", Operate, REG).with(Effect::Motion),
    Operation::new(93, "move servo cart aa", Operate, REG).with(Effect::Motion),
    Operation::new(101, "servo w16b", Administer, REG).with(Effect::Parameter),
    Operation::new(102, "servo r16b", Observe, REG),
    Operation::new(103, "servo w32b", Administer, REG).with(Effect::Parameter),
    Operation::new(104, "servo r32b", Observe, REG),
    Operation::new(105, "servo zero", Administer, REG).with(Effect::Parameter),
    Operation::new(106, "servo dbmsg", Observe, REG),
    Operation::new(107, "servo error", Observe, REG),
    Operation::new(111, "cali tcp pose", Observe, REG),
    Operation::new(112, "cali tcp orient", Observe, REG),
    Operation::new(113, "cali wrld orient", Observe, REG),
    Operation::new(114, "cali wrld pose", Observe, REG),
    Operation::new(115, "iden fric", Operate, REG).with(Effect::Motion),
    Operation::new(123, "tgpio mb tiout", Session, REG),
    Operation::new(124, "rs485 rtu", Unknown, REG),
    Operation::new(125, "tgpio err", Observe, REG),
    Operation::new(127, "tgpio w16b", Operate, REG),
    Operation::new(128, "tgpio r16b", Observe, REG),
    Operation::new(129, "tgpio w32b", Operate, REG),
    Operation::new(130, "tgpio r32b", Observe, REG),
    Operation::new(131, "cgpio get digit", Observe, REG),
    Operation::new(132, "cgpio get analog1", Observe, REG),
    Operation::new(133, "cgpio get analog2", Observe, REG),
    Operation::new(134, "cgpio set digit", Operate, REG),
    Operation::new(135, "cgpio set analog1", Operate, REG),
    Operation::new(136, "cgpio set analog2", Operate, REG),
    Operation::new(137, "cgpio set in fun", Operate, REG),
    Operation::new(138, "cgpio set out fun", Operate, REG),
    Operation::new(139, "cgpio get state", Observe, REG),
    Operation::new(140, "get pwr version", Observe, REG),
    Operation::new(141, "get hd types", Observe, REG),
    Operation::new(142, "delayed cgpio set", Operate, REG),
    Operation::new(143, "delayed tgpio set", Operate, REG),
    Operation::new(144, "position cgpio set", Operate, REG),
    Operation::new(145, "position tgpio set", Operate, REG),
    Operation::new(146, "set io stop reset", Operate, REG),
    Operation::new(147, "position cgpio set analog", Operate, REG),
    Operation::new(150, "ftsensor get data old", Observe, REG),
    Operation::new(200, "ftsensor get data", Observe, REG),
    Operation::new(201, "ftsensor enable", Operate, REG),
    Operation::new(202, "ftsensor set mode", Operate, REG),
    Operation::new(203, "ftsensor get mode", Observe, REG),
    Operation::new(204, "iden load", Operate, REG).with(Effect::Motion),
    Operation::new(205, "ftsensor set load offset", Operate, REG),
    Operation::new(206, "ftsensor set zero", Operate, REG),
    Operation::new(207, "admittance config", Operate, REG),
    Operation::new(208, "force ctrl pid", Operate, REG),
    Operation::new(209, "force ctrl config", Operate, REG),
    Operation::new(210, "admittance ctrl mkb", Operate, REG),
    Operation::new(211, "admittance ctrl config", Operate, REG),
    Operation::new(212, "ftsensor get config", Observe, REG),
    Operation::new(230, "get traj speeding", Observe, REG),
    Operation::new(231, "get max joint velocity", Observe, REG),
    Operation::new(232, "set common param", Administer, REG).with(Effect::Parameter),
    Operation::new(233, "get common param", Observe, REG),
    Operation::new(234, "get common info", Observe, REG),
    Operation::new(240, "tgpio com tiout", Session, REG),
    Operation::new(241, "rs485 agent", Unknown, REG),
    Operation::new(253, "feedback check", Observe, REG),
    Operation::new(254, "set feedback type", Session, REG),
];

/// What `set state` sets; the code is the state.
pub static STATES: &[Operation] = &[
    Operation::new(0, "set state motion", Operate, API).with(Effect::Command),
    Operation::new(3, "set state pause", Operate, API).with(Effect::Stop),
    Operation::new(4, "set state stop", Operate, API).with(Effect::Stop),
    Operation::new(6, "set state deceleration stop", Operate, API).with(Effect::Stop),
];

/// Any other state.
pub static STATE: Operation = Operation::new(12, "set state", Unknown, API);

/// What `system control` does; the code is its value.
pub static CONTROLS: &[Operation] = &[
    Operation::new(1, "system control shutdown", Administer, API).with(Effect::Stop),
    Operation::new(2, "system control reboot", Administer, API).with(Effect::Restart),
];

/// Any other value.
pub static CONTROL: Operation = Operation::new(10, "system control", Unknown, API);

/// What neither side answers: the client's sign of life, the controller's word that a motion it was
/// asked for began or ended.
pub static NOTICES: &[Operation] = &[
    Operation::new(0, "heartbeat", Session, "xArm-Python-SDK, socket_port"),
    Operation::new(0xff, "feedback", Observe, "xArm-Python-SDK, FeedbackType"),
];

/// Any function that no list has.
pub static UNLISTED: Operation = Operation::new(0, "unlisted function", Unknown, REG);

/// `set state`.
pub const SET_STATE: u8 = 12;
/// `system control`.
pub const SYSTEM_CONTROL: u8 = 10;
/// The controller's feedback.
pub const FEEDBACK: u8 = 0xff;
/// Version of the firmware, as text.
pub const GET_VERSION: u8 = 1;
/// Serial number, as text.
pub const GET_ROBOT_SN: u8 = 2;

/// The row of a function whose first byte of data is `value`.
pub fn operation(function: u8, value: Option<u8>) -> &'static Operation {
    let (table, other) = match function {
        SET_STATE => (STATES, &STATE),
        SYSTEM_CONTROL => (CONTROLS, &CONTROL),
        _ => {
            return Operation::find(FUNCTIONS, function.into()).unwrap_or(&UNLISTED);
        }
    };
    value.and_then(|value| Operation::find(table, value.into())).unwrap_or(other)
}

/// The word for a mode of `set mode`.
pub const fn mode(code: u8) -> &'static str {
    match code {
        0 => "position control",
        1 => "servo motion",
        2 => "joint teaching",
        3 => "cartesian teaching",
        4 => "joint velocity control",
        5 => "cartesian velocity control",
        6 => "joint online trajectory planning",
        7 => "cartesian online trajectory planning",
        _ => "",
    }
}

/// Functions that carry floating-point numbers: targets, speeds, offsets.
pub const fn floats(function: u8) -> bool {
    matches!(
        function,
        21..=36 | 43..=48 | 51 | 58 | 73 | 76 | 81..=83 | 92 | 93 | 111..=114 | 205
    )
}

/// Functions whose response carries floating-point numbers.
pub const fn answers_floats(function: u8) -> bool {
    matches!(function, 41..=44 | 55 | 67 | 76 | 91 | 111..=114 | 150 | 200 | 231)
}
