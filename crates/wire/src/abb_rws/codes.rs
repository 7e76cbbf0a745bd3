//! Requests of Robot Web Services: resource and action.
//!
//! RWS 1.0 (RobotWare 6) names the action in the query (`?action=start`), RWS 2.0 (OmniCore) in
//! the last segment (`/start`). Sources: ABB's Robot Web Services 1.0 and 2.0 references ("RWS",
//! by resource); the requests of `abb_librws` ("librws") and its port to 2.0 ("librws 2"); path
//! tables of a public client that was run against virtual controllers of RobotWare 6.16, 7.21
//! and 8.1 ("VC"). File service: deleting and renaming takes a program away from the controller.

use plant::Intent;

use crate::http::rest::{FILE_CONTENT, Method, Rule, rest_rows};
use crate::table::{Effect, Operation};

rest_rows! {
    1 Change "/rw/rapid/execution" "start" ""
        => "start program" Operate Start "librws startRAPIDExecution";
    2 Change "/rw/rapid/execution" "startprodentry" ""
        => "start from production entry" Operate Start "VC rapid";
    3 Change "/rw/rapid/execution" "stop" ""
        => "stop program" Operate Stop "librws stopRAPIDExecution";
    4 Change "/rw/rapid/execution" "resetpp" ""
        => "reset program pointer" Operate Command "librws resetRAPIDProgramPointer";
    5 Change "/rw/rapid/execution" "cycle|setcycle" ""
        => "set run cycle" Operate Plain "VC rapid";
    6 Change "/rw/rapid/execution" "" ""
        => "command execution" Operate Command "RWS rapid execution";
    7 Safe "/rw/rapid/execution" "" ""
        => "read execution state" Observe Plain "librws getRAPIDExecution";
    8 Change "/rw/rapid/tasks" "loadmod" ""
        => "load module" Program Download "RWS rapid tasks, VC rapid";
    9 Change "/rw/rapid/tasks" "unloadmod" ""
        => "unload module" Program DeleteFile "RWS rapid tasks, VC rapid";
    10 Change "/rw/rapid/tasks" "load|loadprog" ""
        => "load program" Program Download "VC rapid";
    11 Change "/rw/rapid/tasks" "text|range|modify-position" ""
        => "edit module" Program Download "VC rapid";
    12 Change "/rw/rapid/tasks" "save|savemod" ""
        => "save program" Program Plain "VC rapid";
    13 Change "/rw/rapid/modules" "save" "" => "save module" Program Plain "VC rapid";
    14 Change "/rw/rapid/tasks" "activate" ""
        => "activate task" Operate Command "VC rapid";
    15 Change "/rw/rapid/tasks" "deactivate" ""
        => "deactivate task" Operate Command "VC rapid";
    16 Change "/rw/rapid/tasks"
        "routine|cursor|prev-inst|next-inst|reset|set-pp-routine|routine-from-url" ""
        => "set program pointer" Operate Command "VC rapid";
    17 Change "/rw/rapid/tasks" "" ""
        => "command task" Operate Command "RWS rapid tasks";
    18 Change "/rw/rapid/symbol" "validate" ""
        => "validate rapid value" Observe Plain "VC rapid";
    19 Change "/rw/rapid/symbol" "" ""
        => "write rapid data" Operate Plain "librws setRAPIDSymbolData";
    20 Safe "/rw/rapid/symbol" "" ""
        => "read rapid data" Observe Plain "librws getRAPIDSymbolData";
    21 Change "/rw/rapid/symbols" "search|search-symbol" ""
        => "search rapid symbols" Observe Plain "VC rapid";
    22 Change "/rw/rapid/uiinstr" "" ""
        => "answer operator dialog" Operate Plain "VC rapid";
    23 Change "/rw/rapid" "" "" => "change rapid" Unknown Plain "RWS rapid";
    24 Change "/rw/panel/ctrlstate" "keyless-motoron" ""
        => "motors on" Operate Command "VC panel";
    25 Change "/rw/panel/ctrlstate" "" "ctrl-state=motoron"
        => "motors on" Operate Command "librws setMotorsOn";
    26 Change "/rw/panel/ctrlstate" "" "ctrl-state=motoroff"
        => "motors off" Operate Command "librws setMotorsOff";
    27 Change "/rw/panel/ctrlstate" "" ""
        => "set controller state" Operate Command "VC panel";
    28 Safe "/rw/panel/ctrlstate" "" ""
        => "read controller state" Observe Plain "librws getPanelControllerState";
    29 Change "/rw/panel/opmode" "lock|unlock" ""
        => "lock operating mode" Administer Plain "VC panel";
    30 Change "/rw/panel/opmode" "" ""
        => "set operating mode" Operate Command "VC panel";
    31 Safe "/rw/panel/opmode" "" ""
        => "read operating mode" Observe Plain "librws getPanelOperationMode";
    32 Change "/rw/panel/speedratio" "" ""
        => "set speed ratio" Operate Plain "librws setSpeedRatio";
    33 Safe "/rw/panel/speedratio" "" ""
        => "read speed ratio" Observe Plain "librws getSpeedRatio";
    34 Change "/rw/panel/external-emergency-stop" "" ""
        => "simulate emergency stop circuit" Safety Plain "VC panel";
    35 Change "/rw/panel/emergency-stop" "" ""
        => "simulate emergency stop" Safety Plain "VC panel";
    36 Change "/rw/panel/general-stop" "" ""
        => "simulate general stop" Safety Plain "VC panel";
    37 Change "/rw/panel/auto-stop" "" "" => "simulate auto stop" Safety Plain "VC panel";
    38 Change "/rw/panel/enable-switch" "" ""
        => "simulate enabling switch" Safety Plain "VC panel";
    39 Change "/rw/panel" "restart" ""
        => "restart controller" Administer Restart "VC panel, RWS 1.0";
    40 Change "/rw/panel" "" "" => "change panel" Unknown Plain "RWS panel";
    41 Change "/rw/iosystem/signals" "signal-search|signal-search-ex" ""
        => "search signals" Observe Plain "VC iosystem";
    42 Change "/rw/iosystem/signals" "set|set-value" ""
        => "set signal" Operate Plain "librws setIOSignal";
    43 Change "/rw/iosystem/signals" "set-lstate|unblock-signal" ""
        => "simulate or unblock signal" Operate Plain "VC iosystem";
    44 Change "/rw/iosystem/devices" "" ""
        => "enable or disable i/o device" Operate Plain "VC iosystem";
    45 Change "/rw/iosystem/networks" "" ""
        => "start or stop i/o network" Operate Plain "VC iosystem";
    46 Change "/rw/iosystem" "" "" => "change i/o" Operate Plain "RWS iosystem";
    47 Safe "/rw/iosystem" "" "" => "read i/o" Observe Plain "librws getIOSignal";
    48 Change "/rw/motionsystem" "jog" "" => "jog" Operate Motion "VC motionsystem";
    49 Change "/rw/motionsystem/mechunits" "position" ""
        => "set position" Operate Motion "VC motionsystem";
    50 Change "/rw/motionsystem" "set-mechunit|set-target" ""
        => "prepare jog" Operate Plain "VC motionsystem";
    51 Change "/rw/motionsystem/mechunits" "lead-through" ""
        => "set lead-through" Operate Command "librws 2 setLeadThrough";
    52 Change "/rw/motionsystem/mechunits"
        "joints-from-cartesian|CalcJointsFromPose|all-joints-solution" ""
        => "calculate joints" Observe Plain "VC motionsystem";
    53 Change "/rw/motionsystem/mechunits" "baseframe" ""
        => "set base frame" Administer Plain "VC motionsystem";
    54 Change "/rw/motionsystem" "mode|level|collisionprediction|nonmotionexecution" ""
        => "set motion supervision" Administer Plain "VC motionsystem";
    55 Change "/rw/motionsystem" "" ""
        => "change motion system" Operate Plain "RWS motionsystem";
    56 Safe "/rw/motionsystem" "" ""
        => "read motion system" Observe Plain "librws getMechanicalUnitJointTarget";
    57 Change "/rw/mastership" "" "" => "mastership" Session Plain "librws 2, VC mastership";
    58 Change "/rw/controlstation" "" ""
        => "write access" Session Plain "VC controlstation, RobotWare 8";
    59 Change "/rw/cfg" "load" ""
        => "load configuration" Administer Download "VC cfg";
    60 Change "/rw/cfg" "saveas|validate-instances" ""
        => "save configuration" Observe Plain "VC cfg";
    61 Change "/rw/cfg" "" "" => "change configuration" Administer Plain "VC cfg";
    62 Safe "/rw/cfg" "" ""
        => "read configuration" Observe Plain "librws getConfigurationInstances";
    63 Change "/rw/elog" "clear|clearall" ""
        => "clear event log" Administer Silence "VC elog";
    64 Change "/rw/elog" "saveraw" "" => "save event log" Observe Plain "VC elog";
    65 Safe "/rw/elog" "" "" => "read event log" Observe Plain "VC elog";
    66 Change "/rw/dipc" "" "" => "send message to program" Operate Plain "VC dipc";
    67 Change "/rw/vision" "" "" => "trigger vision job" Operate Plain "VC vision";
    68 Safe "/rw/system" "" "" => "read system" Observe Plain "librws getRobotWareSystem";
    69 Change "/ctrl/restart" "" ""
        => "restart controller" Administer Restart "VC ctrl, RWS 2.0";
    70 Change "/ctrl/clock" "" "" => "set clock" Administer SetClock "VC ctrl";
    71 Change "/ctrl/safety" "" "" => "change safety" Safety Plain "VC ctrl";
    72 Change "/ctrl/backup" "restore" ""
        => "restore backup" Administer Download "VC ctrl";
    73 Change "/ctrl/backup" "check-restore" "" => "check backup" Observe Plain "VC ctrl";
    74 Change "/ctrl/backup" "" "" => "create backup" Administer Plain "VC ctrl";
    75 Change "/ctrl/system/update" "" ""
        => "update software" Administer Firmware "VC ctrl (listed, not run)";
    76 Change "/ctrl/certstore" "" ""
        => "change certificates" Administer Plain "VC ctrl";
    77 Change "/ctrl" "" "" => "change controller" Administer Plain "RWS ctrl";
    78 Change "/subscription" "" "" => "subscribe" Session Plain "librws startSubscription";
    79 Change "/users/rmmp" "" ""
        => "request manual privilege" Administer Login "VC users";
    80 Change "/users" "" "" => "register user" Session Plain "librws registerLocalUser";
    81 Safe "/logout" "" "" => "logout" Session Plain "librws logout";
    82 Safe "/poll" "" "" => "open subscription" Session Plain "librws 2 startSubscription";
    83 Put "/fileservice" "" "" => "write file" Program Download "librws uploadFile";
    84 Delete "/fileservice" "" "" => "delete file" Program DeleteFile "librws deleteFile";
    85 Post "/fileservice" "rename" "" => "rename file" Program DeleteFile "VC fileservice";
    86 Post "/fileservice" "" "fs-action=rename"
        => "rename file" Program DeleteFile "VC fileservice, RWS 1.0";
    87 Post "/fileservice" "create" "" => "create directory" Program Plain "VC fileservice";
    88 Post "/fileservice" "" "fs-action=create"
        => "create directory" Program Plain "VC fileservice, RWS 1.0";
    89 Post "/fileservice" "copy" "" => "copy file" Program Plain "VC fileservice";
    90 Post "/fileservice" "" "fs-action=copy"
        => "copy file" Program Plain "VC fileservice, RWS 1.0";
    91 Change "/fileservice" "" "" => "change files" Program Plain "RWS fileservice";
    92 Safe "/fileservice" "" ""
        => "read file" Observe Upload "librws getFile";
    93 Safe "/" "" "" => "read" Observe Plain "RFC 9110 9.2.1";
}

/// A request that no row is for, and pieces of files.
pub static OTHERS: &[Operation] = &[*UNLISTED, *DIRECTORY, FILE_CONTENT];

/// A change to a resource that no row has.
pub const UNLISTED: &Operation =
    &Operation::new(100, "unlisted change", Intent::Unknown, "RFC 9110 9.3");
/// A read of the file service that is no file's.
pub const DIRECTORY: &Operation =
    &Operation::new(101, "list directory", Intent::Observe, "VC fileservice");

/// Services below `/rw`, by which its requests are known.
pub(super) const SERVICES: &[&[u8]] = &[
    b"rapid",
    b"panel",
    b"iosystem",
    b"motionsystem",
    b"mastership",
    b"controlstation",
    b"cfg",
    b"elog",
    b"dipc",
    b"vision",
    b"system",
];
