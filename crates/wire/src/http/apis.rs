//! Web interfaces of robots, whose requests can be judged where others' cannot.
//!
//! A request belongs to the first rule whose method, path and word fit. ABB names the action in the
//! target, Universal Robots in the body. Sources: ABB Robot Web Services 1.0 and 2.0
//! reference ("RWS"), Universal Robots Robot API of PolyScope X ("UR API"). Paths that no rule has
//! keep their method's intent.

use plant::Intent::{Administer, Observe, Operate, Program, Safety, Session};

use super::head::contains;
use crate::table::{Effect, Operation};

/// Longest body that is waited for: the commands of these interfaces are a few words.
pub(super) const BODY_BYTES_MAX: u64 = 1024;

macro_rules! rows {
    ($($code:literal $method:literal $path:literal $word:literal
        => $name:literal $intent:ident $effect:ident $source:literal;)*) => {
        /// Requests that can be judged.
        pub(super) static OPERATIONS: &[Operation] = &[$(
            Operation::new($code, $name, $intent, $source).with(Effect::$effect),
        )*];

        static RULES: &[Rule] = &[$(
            Rule { code: $code, method: $method, path: $path, word: $word },
        )*];
    };
}

/// When a row applies.
struct Rule {
    code: u32,
    /// Lower case; empty for any that is not safe.
    method: &'static str,
    /// The target begins with it.
    path: &'static [u8],
    /// Lower case; empty if none is needed.
    word: &'static [u8],
}

rows! {
    200 "" b"/rw/rapid/execution" b"resetpp" => "rws reset program pointer" Operate Plain "RWS rapid";
    201 "" b"/rw/rapid/execution" b"stop" => "rws stop program" Operate Stop "RWS rapid";
    202 "" b"/rw/rapid/execution" b"start" => "rws start program" Operate Start "RWS rapid";
    203 "" b"/rw/rapid/tasks" b"unloadmod" => "rws unload module" Program Plain "RWS rapid";
    204 "" b"/rw/rapid/tasks" b"loadmod" => "rws load module" Program Download "RWS rapid";
    205 "" b"/rw/rapid/symbol" b"" => "rws write rapid data" Operate Plain "RWS rapid";
    206 "" b"/rw/panel/ctrlstate" b"" => "rws set controller state" Operate Plain "RWS panel";
    207 "" b"/rw/panel/opmode" b"" => "rws set operating mode" Operate Plain "RWS panel";
    208 "" b"/rw/panel/speedratio" b"" => "rws set speed ratio" Operate Plain "RWS panel";
    209 "" b"/rw/iosystem" b"" => "rws set signal or device" Operate Plain "RWS iosystem";
    210 "" b"/rw/motionsystem" b"" => "rws move or calibrate" Operate Plain "RWS motionsystem";
    211 "" b"/rw/mastership" b"" => "rws mastership" Session Plain "RWS mastership";
    212 "" b"/rw/cfg" b"" => "rws change configuration" Administer Plain "RWS cfg";
    213 "" b"/ctrl" b"restart" => "rws restart controller" Administer Restart "RWS ctrl";
    214 "" b"/ctrl/clock" b"" => "rws set clock" Administer SetClock "RWS ctrl";
    215 "" b"/subscription" b"" => "rws subscribe" Session Plain "RWS subscription";
    216 "get" b"/fileservice/" b"" => "rws read file" Observe Upload "RWS fileservice";
    217 "delete" b"/fileservice/" b"" => "rws delete file" Program Plain "RWS fileservice";
    218 "put" b"/fileservice/" b"" => "rws write file" Program Download "RWS fileservice";
    219 "" b"/users/rmmp" b"" => "rws request manual privilege" Administer Login "RWS users";
    230 "put" b"/universal-robots/robot-api/robotstate/v1/state" b"unlock_protective_stop"
        => "ur unlock protective stop" Safety UnlockProtectiveStop "UR API robotstate";
    231 "put" b"/universal-robots/robot-api/robotstate/v1/state" b"restart_safety"
        => "ur restart safety" Safety SafetyRestart "UR API robotstate";
    232 "put" b"/universal-robots/robot-api/robotstate/v1/state" b""
        => "ur power or brake" Operate Command "UR API robotstate";
    233 "put" b"/universal-robots/robot-api/program/v1/state" b"play"
        => "ur play" Operate Start "UR API program";
    234 "put" b"/universal-robots/robot-api/program/v1/state" b"resume"
        => "ur resume" Operate Start "UR API program";
    235 "put" b"/universal-robots/robot-api/program/v1/state" b""
        => "ur pause or stop" Operate Stop "UR API program";
    236 "put" b"/universal-robots/robot-api/program/v1/load" b""
        => "ur load program" Operate Command "UR API program";
    237 "" b"/universal-robots/robot-api/programs/" b""
        => "ur transfer program" Program Download "UR API programs";
}

/// Where the paths of Universal Robots begin.
const UR: &[u8] = b"/universal-robots/robot-api/";

/// Whether the body of such a request must be seen to judge it.
pub(super) fn wants_body(target: &[u8]) -> bool {
    target.starts_with(UR)
        && RULES.iter().any(|rule| !rule.word.is_empty() && target.starts_with(rule.path))
}

/// The row of a request; `None` if no rule has it.
pub(super) fn find(
    method: &'static Operation,
    target: &[u8],
    body: &[u8],
) -> Option<&'static Operation> {
    let words = if target.starts_with(UR) { body } else { target };
    let safe = matches!(method.intent, Observe);
    let fits = |rule: &&Rule| {
        (rule.method == method.name || (rule.method.is_empty() && !safe))
            && target.starts_with(rule.path)
            && (rule.word.is_empty() || contains(words, rule.word))
    };
    let rule = RULES.iter().find(fits)?;
    Operation::find(OPERATIONS, rule.code)
}
