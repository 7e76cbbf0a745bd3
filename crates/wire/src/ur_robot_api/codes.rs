//! Requests of the Robot API: method, resource and action.
//!
//! Sources: the requests of `ur_client_library`, the maker's own client, in
//! `dashboard_client_implementation_x.cpp` ("URCL"), and of a client for 10.12 by the maker's staff
//! ("10.12 client"). What is known only as a path that the controller has is judged by its method.

use plant::Intent;

use crate::http::rest::{FILE_CONTENT, Method, Rule, rest_rows};
use crate::table::{Effect, Operation};

rest_rows! {
    1 Put "/robotstate/v1/state" "" "unlock_protective_stop"
        => "unlock protective stop" Safety UnlockProtectiveStop "URCL commandUnlockProtectiveStop";
    2 Put "/robotstate/v1/state" "" "restart_safety"
        => "restart safety" Safety SafetyRestart "URCL commandRestartSafety";
    3 Put "/robotstate/v1/state" "" "power_on"
        => "power on" Operate Command "URCL commandPowerOn";
    4 Put "/robotstate/v1/state" "" "power_off"
        => "power off" Operate Command "URCL commandPowerOff";
    5 Put "/robotstate/v1/state" "" "brake_release"
        => "brake release" Operate Command "URCL commandBrakeRelease";
    6 Change "/robotstate/v1/state" "" ""
        => "set robot state" Unknown Command "URCL commandPowerOn (another action)";
    7 Safe "/robotstate/v1/robotmode" "" ""
        => "get robot mode" Observe Plain "URCL commandRobotMode";
    8 Safe "/robotstate/v1/safetymode" "" ""
        => "get safety mode" Observe Plain "URCL commandSafetyMode";
    9 Put "/program/v1/state" "" "play" => "play" Operate Start "URCL commandPlay";
    10 Put "/program/v1/state" "" "resume" => "resume" Operate Start "URCL commandResume";
    11 Put "/program/v1/state" "" "pause" => "pause" Operate Stop "URCL commandPause";
    12 Put "/program/v1/state" "" "stop" => "stop" Operate Stop "URCL commandStop";
    13 Change "/program/v1/state" "" ""
        => "set program state" Unknown Command "URCL commandPlay (another action)";
    14 Safe "/program/v1/state" "" ""
        => "get program state" Observe Plain "URCL commandProgramState";
    15 Put "/program/v1/load" "" ""
        => "load program" Operate Command "URCL commandLoadProgram, before API 3.1.4";
    16 Put "/program/v1/loaded" "" ""
        => "load program" Operate Command "URCL commandLoadProgram";
    17 Safe "/program/v1/loaded" "" ""
        => "get loaded program" Observe Plain "URCL commandGetLoadedProgram";
    18 Post "/programs/v1" "" ""
        => "upload program" Program Download "URCL commandUploadProgram";
    19 Put "/programs/v1" "" ""
        => "update program" Program Download "URCL commandUpdateProgram";
    20 Delete "/programs/v1" "" ""
        => "delete program" Program DeleteFile "RFC 9110 9.3.5 on URCL's /programs/v1";
    21 Safe "/programs/v1" "v1|" ""
        => "list programs" Observe Plain "URCL commandGetProgramList";
    22 Safe "/programs/v1" "" ""
        => "download program" Observe Upload "URCL commandDownloadProgram";
    23 Safe "/system/v1/controlmode" "" ""
        => "get control mode" Observe Plain "URCL commandIsInRemoteControl";
    24 Safe "/system/v1/operationalmode" "" ""
        => "get operational mode" Observe Plain "URCL commandGetOperationalMode";
    25 Safe "/system/v1/system-time" "" ""
        => "get system time" Observe Plain "10.12 client get_system_time";
    26 Safe "/openapi.json" "" ""
        => "get api description" Observe Plain "URCL connect";
    27 Delete "/urcaps/v1" "" ""
        => "remove urcap" Administer DeleteFile "RFC 9110 9.3.5 on the URCap endpoint";
    28 Change "/urcaps/v1" "" ""
        => "install urcap" Administer Download "URCap SDK installer, /urcaps/v1/urcaps/";
    29 Safe "/" "" "" => "read" Observe Plain "RFC 9110 9.2.1";
}

/// A request that no row is for, and pieces of files.
pub static OTHERS: &[Operation] = &[*UNLISTED, FILE_CONTENT];

/// A change to a resource that no row has.
pub const UNLISTED: &Operation =
    &Operation::new(100, "unlisted change", Intent::Unknown, "RFC 9110 9.3");
