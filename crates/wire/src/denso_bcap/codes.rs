//! b-CAP code points: functions, commands of the execute functions, results, variant types.
//!
//! Sources, public code of Denso Wave: `bcap_core/bcap_funcid.h`, `dn_common.h` and
//! `bcap_common.h` of `denso_robot_ros`; the commands are those that `denso_robot_core` there
//! sends, and those in Denso's b-CAP samples. What a command of an execute function does is up to
//! the controller: of those that no list here has, nothing is assumed.

use plant::Intent::{Observe, Operate, Program, Safety, Session, Unknown};

use crate::table::{Effect, Operation};

const FUNCTIONS_H: &str = "b-CAP function ids, bcap_funcid.h";
const CORE: &str = "denso_robot_core, Execute";
const SAMPLES: &str = "Denso b-CAP samples, Execute";

/// Functions.
pub static FUNCTIONS: &[Operation] = &[
    Operation::new(1, "service start", Session, FUNCTIONS_H),
    Operation::new(2, "service stop", Session, FUNCTIONS_H),
    Operation::new(3, "controller connect", Session, FUNCTIONS_H),
    Operation::new(4, "controller disconnect", Session, FUNCTIONS_H),
    Operation::new(5, "controller get extension", Observe, FUNCTIONS_H),
    Operation::new(6, "controller get file", Observe, FUNCTIONS_H),
    Operation::new(7, "controller get robot", Observe, FUNCTIONS_H),
    Operation::new(8, "controller get task", Observe, FUNCTIONS_H),
    Operation::new(9, "controller get variable", Observe, FUNCTIONS_H),
    Operation::new(10, "controller get command", Observe, FUNCTIONS_H),
    Operation::new(11, "controller get extension names", Observe, FUNCTIONS_H),
    Operation::new(12, "controller get file names", Observe, FUNCTIONS_H),
    Operation::new(13, "controller get robot names", Observe, FUNCTIONS_H),
    Operation::new(14, "controller get task names", Observe, FUNCTIONS_H),
    Operation::new(15, "controller get variable names", Observe, FUNCTIONS_H),
    Operation::new(16, "controller get command names", Observe, FUNCTIONS_H),
    Operation::new(17, "controller execute", Unknown, FUNCTIONS_H),
    Operation::new(18, "controller get message", Observe, FUNCTIONS_H),
    Operation::new(19, "controller get attribute", Observe, FUNCTIONS_H),
    Operation::new(20, "controller get help", Observe, FUNCTIONS_H),
    Operation::new(21, "controller get name", Observe, FUNCTIONS_H),
    Operation::new(22, "controller get tag", Observe, FUNCTIONS_H),
    Operation::new(23, "controller put tag", Operate, FUNCTIONS_H),
    Operation::new(24, "controller get id", Observe, FUNCTIONS_H),
    Operation::new(25, "controller put id", Operate, FUNCTIONS_H),
    Operation::new(26, "extension get variable", Observe, FUNCTIONS_H),
    Operation::new(27, "extension get variable names", Observe, FUNCTIONS_H),
    Operation::new(28, "extension execute", Unknown, FUNCTIONS_H),
    Operation::new(29, "extension get attribute", Observe, FUNCTIONS_H),
    Operation::new(30, "extension get help", Observe, FUNCTIONS_H),
    Operation::new(31, "extension get name", Observe, FUNCTIONS_H),
    Operation::new(32, "extension get tag", Observe, FUNCTIONS_H),
    Operation::new(33, "extension put tag", Operate, FUNCTIONS_H),
    Operation::new(34, "extension get id", Observe, FUNCTIONS_H),
    Operation::new(35, "extension put id", Operate, FUNCTIONS_H),
    Operation::new(36, "extension release", Session, FUNCTIONS_H),
    Operation::new(37, "file get file", Observe, FUNCTIONS_H),
    Operation::new(38, "file get variable", Observe, FUNCTIONS_H),
    Operation::new(39, "file get file names", Observe, FUNCTIONS_H),
    Operation::new(40, "file get variable names", Observe, FUNCTIONS_H),
    Operation::new(41, "file execute", Unknown, FUNCTIONS_H),
    Operation::new(42, "file copy", Program, FUNCTIONS_H),
    Operation::new(43, "file delete", Program, FUNCTIONS_H).with(Effect::DeleteFile),
    Operation::new(44, "file move", Program, FUNCTIONS_H).with(Effect::DeleteFile),
    Operation::new(45, "file run", Operate, FUNCTIONS_H).with(Effect::Start),
    Operation::new(46, "file get date created", Observe, FUNCTIONS_H),
    Operation::new(47, "file get date last accessed", Observe, FUNCTIONS_H),
    Operation::new(48, "file get date last modified", Observe, FUNCTIONS_H),
    Operation::new(49, "file get path", Observe, FUNCTIONS_H),
    Operation::new(50, "file get size", Observe, FUNCTIONS_H),
    Operation::new(51, "file get type", Observe, FUNCTIONS_H),
    Operation::new(52, "file get value", Observe, FUNCTIONS_H).with(Effect::Upload),
    Operation::new(53, "file put value", Program, FUNCTIONS_H).with(Effect::Download),
    Operation::new(54, "file get attribute", Observe, FUNCTIONS_H),
    Operation::new(55, "file get help", Observe, FUNCTIONS_H),
    Operation::new(56, "file get name", Observe, FUNCTIONS_H),
    Operation::new(57, "file get tag", Observe, FUNCTIONS_H),
    Operation::new(58, "file put tag", Operate, FUNCTIONS_H),
    Operation::new(59, "file get id", Observe, FUNCTIONS_H),
    Operation::new(60, "file put id", Operate, FUNCTIONS_H),
    Operation::new(61, "file release", Session, FUNCTIONS_H),
    Operation::new(62, "robot get variable", Observe, FUNCTIONS_H),
    Operation::new(63, "robot get variable names", Observe, FUNCTIONS_H),
    Operation::new(64, "robot execute", Unknown, FUNCTIONS_H),
    Operation::new(65, "robot accelerate", Operate, FUNCTIONS_H),
    Operation::new(66, "robot change", Operate, FUNCTIONS_H),
    Operation::new(67, "robot chuck", Operate, FUNCTIONS_H),
    Operation::new(68, "robot drive", Operate, FUNCTIONS_H).with(Effect::Motion),
    Operation::new(69, "robot gohome", Operate, FUNCTIONS_H).with(Effect::Motion),
    Operation::new(70, "robot halt", Operate, FUNCTIONS_H).with(Effect::Stop),
    Operation::new(71, "robot hold", Operate, FUNCTIONS_H).with(Effect::Command),
    Operation::new(72, "robot move", Operate, FUNCTIONS_H).with(Effect::Motion),
    Operation::new(73, "robot rotate", Operate, FUNCTIONS_H).with(Effect::Motion),
    Operation::new(74, "robot speed", Operate, FUNCTIONS_H),
    Operation::new(75, "robot unchuck", Operate, FUNCTIONS_H),
    Operation::new(76, "robot unhold", Operate, FUNCTIONS_H).with(Effect::Command),
    Operation::new(77, "robot get attribute", Observe, FUNCTIONS_H),
    Operation::new(78, "robot get help", Observe, FUNCTIONS_H),
    Operation::new(79, "robot get name", Observe, FUNCTIONS_H),
    Operation::new(80, "robot get tag", Observe, FUNCTIONS_H),
    Operation::new(81, "robot put tag", Operate, FUNCTIONS_H),
    Operation::new(82, "robot get id", Observe, FUNCTIONS_H),
    Operation::new(83, "robot put id", Operate, FUNCTIONS_H),
    Operation::new(84, "robot release", Session, FUNCTIONS_H),
    Operation::new(85, "task get variable", Observe, FUNCTIONS_H),
    Operation::new(86, "task get variable names", Observe, FUNCTIONS_H),
    Operation::new(87, "task execute", Unknown, FUNCTIONS_H),
    Operation::new(88, "task start", Operate, FUNCTIONS_H).with(Effect::Start),
    Operation::new(89, "task stop", Operate, FUNCTIONS_H).with(Effect::Stop),
    Operation::new(90, "task delete", Program, FUNCTIONS_H).with(Effect::DeleteFile),
    Operation::new(91, "task get file name", Observe, FUNCTIONS_H),
    Operation::new(92, "task get attribute", Observe, FUNCTIONS_H),
    Operation::new(93, "task get help", Observe, FUNCTIONS_H),
    Operation::new(94, "task get name", Observe, FUNCTIONS_H),
    Operation::new(95, "task get tag", Observe, FUNCTIONS_H),
    Operation::new(96, "task put tag", Operate, FUNCTIONS_H),
    Operation::new(97, "task get id", Observe, FUNCTIONS_H),
    Operation::new(98, "task put id", Operate, FUNCTIONS_H),
    Operation::new(99, "task release", Session, FUNCTIONS_H),
    Operation::new(100, "variable get date time", Observe, FUNCTIONS_H),
    Operation::new(101, "variable get value", Observe, FUNCTIONS_H),
    Operation::new(102, "variable put value", Operate, FUNCTIONS_H),
    Operation::new(103, "variable get attribute", Observe, FUNCTIONS_H),
    Operation::new(104, "variable get help", Observe, FUNCTIONS_H),
    Operation::new(105, "variable get name", Observe, FUNCTIONS_H),
    Operation::new(106, "variable get tag", Observe, FUNCTIONS_H),
    Operation::new(107, "variable put tag", Operate, FUNCTIONS_H),
    Operation::new(108, "variable get id", Observe, FUNCTIONS_H),
    Operation::new(109, "variable put id", Operate, FUNCTIONS_H),
    Operation::new(110, "variable get microsecond", Observe, FUNCTIONS_H),
    Operation::new(111, "variable release", Session, FUNCTIONS_H),
    Operation::new(112, "command execute", Unknown, FUNCTIONS_H),
    Operation::new(113, "command cancel", Operate, FUNCTIONS_H),
    Operation::new(114, "command get timeout", Observe, FUNCTIONS_H),
    Operation::new(115, "command put timeout", Operate, FUNCTIONS_H),
    Operation::new(116, "command get state", Observe, FUNCTIONS_H),
    Operation::new(117, "command get parameters", Observe, FUNCTIONS_H),
    Operation::new(118, "command put parameters", Operate, FUNCTIONS_H),
    Operation::new(119, "command get result", Observe, FUNCTIONS_H),
    Operation::new(120, "command get attribute", Observe, FUNCTIONS_H),
    Operation::new(121, "command get help", Observe, FUNCTIONS_H),
    Operation::new(122, "command get name", Observe, FUNCTIONS_H),
    Operation::new(123, "command get tag", Observe, FUNCTIONS_H),
    Operation::new(124, "command put tag", Operate, FUNCTIONS_H),
    Operation::new(125, "command get id", Observe, FUNCTIONS_H),
    Operation::new(126, "command put id", Operate, FUNCTIONS_H),
    Operation::new(127, "command release", Session, FUNCTIONS_H),
    Operation::new(128, "message reply", Operate, FUNCTIONS_H),
    Operation::new(129, "message clear", Operate, FUNCTIONS_H),
    Operation::new(130, "message get date time", Observe, FUNCTIONS_H),
    Operation::new(131, "message get description", Observe, FUNCTIONS_H),
    Operation::new(132, "message get destination", Observe, FUNCTIONS_H),
    Operation::new(133, "message get number", Observe, FUNCTIONS_H),
    Operation::new(134, "message get serial number", Observe, FUNCTIONS_H),
    Operation::new(135, "message get source", Observe, FUNCTIONS_H),
    Operation::new(136, "message get value", Observe, FUNCTIONS_H),
    Operation::new(137, "message release", Session, FUNCTIONS_H),
];

/// Commands of the execute functions; the code is the function's.
pub static COMMANDS: &[Operation] = &[
    Operation::new(64, "takearm", Operate, CORE).with(Effect::Command),
    Operation::new(64, "givearm", Operate, CORE).with(Effect::Command),
    Operation::new(64, "motor", Operate, SAMPLES).with(Effect::Command),
    Operation::new(64, "extspeed", Operate, SAMPLES),
    Operation::new(64, "slvchangemode", Operate, CORE).with(Effect::Command),
    Operation::new(64, "slvmove", Operate, CORE).with(Effect::Motion),
    Operation::new(64, "slvsendformat", Session, CORE),
    Operation::new(64, "slvrecvformat", Session, CORE),
    Operation::new(64, "driveex", Operate, CORE).with(Effect::Motion),
    Operation::new(64, "driveaex", Operate, CORE).with(Effect::Motion),
    Operation::new(64, "motionpreparation", Operate, CORE).with(Effect::Command),
    Operation::new(64, "autocal", Operate, CORE).with(Effect::Motion),
    Operation::new(64, "highcurjntex", Observe, CORE),
    Operation::new(17, "clearerror", Operate, CORE).with(Effect::Reset),
    Operation::new(17, "getcurerrorcount", Observe, CORE),
    Operation::new(17, "getcurerrorinfo", Observe, CORE),
    Operation::new(17, "geterrordescription", Observe, CORE),
    Operation::new(17, "manualresetpreparation", Safety, CORE),
    Operation::new(17, "manualreset", Safety, CORE).with(Effect::SafetyRestart),
    Operation::new(17, "resetstostate", Safety, CORE).with(Effect::SafetyRestart),
];

/// Any function that the list does not have.
pub static UNLISTED: Operation = Operation::new(0, "unlisted function", Unknown, FUNCTIONS_H);

/// A response whose request was not seen: it does not repeat its function.
pub static RESPONSE: Operation =
    Operation::new(0, "response", Unknown, "b-CAP packet, bcap_common.h");

/// Function that writes the content of a file.
pub const FILE_PUT_VALUE: u32 = 53;
/// Function that reads the content of a file.
pub const FILE_GET_VALUE: u32 = 52;
/// Not done yet: the result follows under the same serial number.
pub const S_EXECUTING: u32 = 0x0000_0900;

/// Functions whose second argument is a name or a command.
pub const fn names(function: u32) -> bool {
    matches!(function, 5..=10 | 17 | 26 | 28 | 37 | 38 | 41 | 42 | 44 | 62 | 64 | 66 | 85 | 87)
}

/// Functions whose second argument is a command.
pub const fn executes(function: u32) -> bool {
    matches!(function, 17 | 28 | 41 | 64 | 87)
}

/// What kind of object a handle given to a function is of.
pub const fn takes(function: u32) -> Class {
    match function {
        4..=25 => Class::Controller,
        26..=36 => Class::Extension,
        37..=61 => Class::File,
        62..=84 => Class::Robot,
        85..=99 => Class::Task,
        100..=111 => Class::Variable,
        112..=127 => Class::Command,
        128..=137 => Class::Message,
        _ => Class::None,
    }
}

/// What kind of object a function's result is a handle of.
pub const fn gives(function: u32) -> Class {
    match function {
        3 => Class::Controller,
        5 => Class::Extension,
        6 | 37 => Class::File,
        7 => Class::Robot,
        8 => Class::Task,
        9 | 26 | 38 | 62 | 85 => Class::Variable,
        10 => Class::Command,
        18 => Class::Message,
        _ => Class::None,
    }
}

/// The kinds of objects that have handles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// No object.
    None,
    /// The controller, as a connection to it.
    Controller,
    /// An extension board.
    Extension,
    /// A file or folder.
    File,
    /// A robot arm.
    Robot,
    /// A task: a program that runs.
    Task,
    /// A variable.
    Variable,
    /// A command.
    Command,
    /// A message of the controller.
    Message,
}

/// Name of a result; empty if unlisted.
pub const fn result(code: u32) -> &'static str {
    match code {
        0x8000_4001 => "E_NOTIMPL",
        0x8000_4005 => "E_FAIL",
        0x8007_0005 => "E_ACCESSDENIED",
        0x8007_0006 => "E_HANDLE",
        0x8007_000e => "E_OUTOFMEMORY",
        0x8007_0057 => "E_INVALIDARG",
        0x8000_ffff => "E_UNEXPECTED",
        0x8002_0005 => "DISP_E_TYPEMISMATCH",
        0x8002_0008 => "DISP_E_BADVARTYPE",
        0x8002_000a => "DISP_E_OVERFLOW",
        0x8002_000b => "DISP_E_BADINDEX",
        0x8000_0900 => "E_TIMEOUT",
        0x8000_0902 => "E_NOT_CONNECTED",
        0x8000_0905 => "E_MAX_OBJECT",
        0x8000_0906 => "E_ALREADY_REGISTER",
        0x8000_0909 => "E_TOO_MUCH_DATA",
        0x8000_090b => "E_MAX_CONNECT",
        _ => "",
    }
}

/// Bytes of one element of a variant type, and whether it is one that b-CAP sends; strings and
/// variants say their own length.
pub const fn element(kind: u16) -> Option<usize> {
    match kind {
        0 | 1 | VT_BSTR | VT_VARIANT => Some(0),
        VT_UI1 => Some(1),
        2 | 11 | 18 => Some(2),
        3 | 4 | 10 | 19 => Some(4),
        5 | 6 | 7 | 20 | 21 => Some(8),
        _ => None,
    }
}

/// A string.
pub const VT_BSTR: u16 = 8;
/// A variant inside an array.
pub const VT_VARIANT: u16 = 12;
/// A byte.
pub const VT_UI1: u16 = 17;
/// Set for arrays.
pub const VT_ARRAY: u16 = 0x2000;
