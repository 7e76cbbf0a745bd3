//! Commands of the UR dashboard server and what its answers mean.
//!
//! The protocol has no numbers: a row's code is its place in this table, for reports only.
//! Sources: Universal Robots, "Dashboard Server e-Series, port 29999" ("e-Series") and
//! "Dashboard Server CB-Series, port 29999", article 15690 ("CB-Series"), their command tables.

use plant::Intent::{Administer, Observe, Operate, Program, Safety, Session, Unknown};

use crate::table::{Effect, Operation};

const E: &str = "UR Dashboard Server e-Series, command table";
const CB: &str = "UR Dashboard Server CB-Series (15690), command table";

/// Every documented command, by its own words in lower case.
pub static COMMANDS: &[Operation] = &[
    // what runs
    Operation::new(1, "load", Operate, E).with(Effect::Command),
    Operation::new(2, "load installation", Program, E).with(Effect::Command),
    Operation::new(3, "play", Operate, E).with(Effect::Command),
    Operation::new(4, "stop", Operate, E).with(Effect::Command),
    Operation::new(5, "pause", Operate, E).with(Effect::Command),
    Operation::new(6, "get loaded program", Observe, E),
    Operation::new(7, "isprogramsaved", Observe, E),
    Operation::new(8, "programstate", Observe, E),
    Operation::new(9, "running", Observe, E),
    // power and mode
    Operation::new(10, "power on", Operate, E).with(Effect::Command),
    Operation::new(11, "power off", Operate, E).with(Effect::Command),
    Operation::new(12, "brake release", Operate, E).with(Effect::Command),
    Operation::new(13, "robotmode", Observe, E),
    Operation::new(14, "set operational mode", Administer, E),
    Operation::new(15, "clear operational mode", Administer, E),
    Operation::new(16, "get operational mode", Observe, E),
    Operation::new(17, "is in remote control", Observe, E),
    Operation::new(18, "shutdown", Administer, E).with(Effect::Stop),
    // safety
    Operation::new(19, "safetymode", Observe, E),
    Operation::new(20, "safetystatus", Observe, E),
    Operation::new(21, "unlock protective stop", Safety, E).with(Effect::UnlockProtectiveStop),
    Operation::new(22, "restart safety", Safety, E).with(Effect::SafetyRestart),
    Operation::new(23, "close safety popup", Safety, E).with(Effect::SafetyRestart),
    // operator and log
    Operation::new(24, "popup", Operate, E),
    Operation::new(25, "close popup", Operate, E),
    Operation::new(26, "addtolog", Operate, E),
    Operation::new(27, "savelog", Administer, E),
    Operation::new(28, "generate flight report", Administer, E),
    Operation::new(29, "generate support file", Administer, E),
    Operation::new(30, "setuserrole", Administer, CB).with(Effect::Login),
    Operation::new(31, "getuserrole", Observe, CB),
    // who it is
    Operation::new(32, "polyscopeversion", Observe, E),
    Operation::new(33, "version", Observe, E),
    Operation::new(34, "get robot model", Observe, E),
    Operation::new(35, "get serial number", Observe, E),
    Operation::new(36, "quit", Session, E),
];

/// What the server sends unasked when a client connects.
pub static GREETING: &[Operation] = &[Operation::new(0, "greeting", Session, E)];

/// Any line that no row above begins.
pub static UNLISTED: Operation = Operation::new(0, "unlisted command", Unknown, E);

/// An answer whose request was not seen and whose words name none.
pub static ANSWER: Operation = Operation::new(0, "unlisted answer", Unknown, E);

/// The greeting, without what follows.
pub const BANNER: &[u8] = b"Connected: Universal Robots Dashboard Server";

/// Beginnings of answers that refuse, with the name of the error; its place is the error's code.
pub static REFUSALS: &[(&str, &str)] = &[
    ("failed to execute", "failed to execute"),
    ("could not understand", "could not understand"),
    ("file not found", "file not found"),
    ("error while loading program", "error while loading program"),
    ("error while loading installation", "error while loading installation"),
    ("failed to load installation", "failed to load installation"),
    ("cannot unlock protective stop", "cannot unlock protective stop yet"),
    ("failed setting user role", "failed setting user role"),
    ("failed setting operational mode", "failed setting operational mode"),
    ("failed", "failed"),
    ("error", "error"),
    ("cannot", "cannot"),
    ("command is not allowed", "not allowed"),
    ("not allowed", "not allowed"),
];

/// Beginnings of answers that name the command they answer.
pub static ANSWERS: &[(&str, &str)] = &[
    ("robotmode:", "robotmode"),
    ("program running:", "running"),
    ("robot running:", "running"),
    ("safetymode:", "safetymode"),
    ("safetystatus:", "safetystatus"),
    ("ursoftware ", "polyscopeversion"),
    ("loaded program:", "get loaded program"),
    ("loading program:", "load"),
    ("loading installation:", "load installation"),
    ("starting program", "play"),
    ("pausing program", "pause"),
    ("powering on", "power on"),
    ("powering off", "power off"),
    ("brake releasing", "brake release"),
    ("protective stop releasing", "unlock protective stop"),
    ("restarting safety", "restart safety"),
    ("closing safety popup", "close safety popup"),
];

/// Whether a command's own words are found in no other line protocol that we know of.
pub fn distinct(command: &Operation) -> bool {
    matches!(
        command.name,
        "load installation"
            | "get loaded program"
            | "isprogramsaved"
            | "programstate"
            | "brake release"
            | "robotmode"
            | "set operational mode"
            | "clear operational mode"
            | "get operational mode"
            | "is in remote control"
            | "safetymode"
            | "safetystatus"
            | "unlock protective stop"
            | "restart safety"
            | "close safety popup"
            | "generate flight report"
            | "setuserrole"
            | "getuserrole"
            | "polyscopeversion"
            | "get robot model"
    )
}
