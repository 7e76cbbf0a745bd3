//! Packets of the FANUC Remote Motion Interface, and its errors.
//!
//! The protocol has no numbers: a row's code is its place in this table, for reports only. Sources:
//! FANUC's own driver (FANUC-CORPORATION, fanuc_driver, `packets.hpp` and `rmi.cpp`), which quotes
//! the clauses of B-84184EN/03 "Remote Motion Interface" ("B-84184EN"); what is newer than that
//! manual is from the driver alone. `FRC_SetPayLoad` as clients after the manual's earlier edition
//! send it.

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::Effect::{Command, Motion, Parameter, Reset};
use crate::table::Operation;

const SESSION: &str = "B-84184EN 2.2, communication packets";
const COMMAND: &str = "B-84184EN 2.3, command packets";
const INSTRUCTION: &str = "B-84184EN 2.4, instruction packets";
const ASCII: &str = "B-84184EN 5.3, ASCII string packets";
const DRIVER: &str = "fanuc_driver, packets.hpp, packets not in B-84184EN/03";
const CLIENTS: &str = "fanuc_ucl, RMI packets";

/// Packets by their names in lower case.
pub static PACKETS: &[Operation] = &[
    Operation::new(1, "frc_connect", Session, SESSION),
    Operation::new(2, "frc_disconnect", Session, SESSION),
    Operation::new(3, "frc_terminate", Session, SESSION),
    Operation::new(4, "frc_systemfault", Observe, SESSION),
    Operation::new(5, "frc_asbnready", Session, ASCII),
    Operation::new(6, "frc_connect_stmo", Session, DRIVER),
    // what runs
    Operation::new(10, "frc_initialize", Operate, COMMAND).with(Command),
    Operation::new(11, "frc_abort", Operate, COMMAND).with(Command),
    Operation::new(12, "frc_pause", Operate, COMMAND).with(Command),
    Operation::new(13, "frc_continue", Operate, COMMAND).with(Command),
    Operation::new(14, "frc_reset", Operate, COMMAND).with(Reset),
    Operation::new(15, "frc_setoverride", Operate, COMMAND).with(Command),
    // status and values
    Operation::new(20, "frc_getstatus", Observe, COMMAND),
    Operation::new(21, "frc_getextstatus", Observe, DRIVER),
    Operation::new(22, "frc_readerror", Observe, COMMAND),
    Operation::new(23, "frc_readcartesianposition", Observe, COMMAND),
    Operation::new(24, "frc_readjointangles", Observe, COMMAND),
    Operation::new(25, "frc_readtcpspeed", Observe, COMMAND),
    Operation::new(26, "frc_getuframeutool", Observe, COMMAND),
    Operation::new(27, "frc_readuframedata", Observe, COMMAND),
    Operation::new(28, "frc_readutooldata", Observe, COMMAND),
    Operation::new(29, "frc_readdin", Observe, COMMAND),
    Operation::new(30, "frc_readioport", Observe, DRIVER),
    Operation::new(31, "frc_readpositionregister", Observe, COMMAND),
    Operation::new(32, "frc_readregister", Observe, DRIVER),
    Operation::new(33, "frc_readvariable", Observe, DRIVER),
    // writes
    Operation::new(40, "frc_setuframeutool", Operate, COMMAND),
    Operation::new(41, "frc_writeuframedata", Program, COMMAND),
    Operation::new(42, "frc_writeutooldata", Program, COMMAND),
    Operation::new(43, "frc_writedout", Operate, COMMAND),
    Operation::new(44, "frc_writeioport", Operate, DRIVER),
    Operation::new(45, "frc_writepositionregister", Operate, COMMAND),
    Operation::new(46, "frc_writeregister", Operate, DRIVER),
    Operation::new(47, "frc_writevariable", Administer, DRIVER).with(Parameter),
    Operation::new(48, "frc_setpayload", Operate, CLIENTS),
    Operation::new(49, "frc_setpayloadid", Operate, INSTRUCTION),
    Operation::new(50, "frc_setpayloadvalue", Program, DRIVER).with(Parameter),
    Operation::new(51, "frc_setpayloadcomp", Program, DRIVER).with(Parameter),
    // instructions of the program that runs
    Operation::new(60, "frc_waitdin", Operate, INSTRUCTION),
    Operation::new(61, "frc_setuframe", Operate, INSTRUCTION),
    Operation::new(62, "frc_setutool", Operate, INSTRUCTION),
    Operation::new(63, "frc_waittime", Operate, INSTRUCTION),
    Operation::new(64, "frc_call", Operate, INSTRUCTION).with(Command),
    // motion
    Operation::new(70, "frc_linearmotion", Operate, INSTRUCTION).with(Motion),
    Operation::new(71, "frc_linearrelative", Operate, INSTRUCTION).with(Motion),
    Operation::new(72, "frc_linearmotionjrep", Operate, INSTRUCTION).with(Motion),
    Operation::new(73, "frc_linearrelativejrep", Operate, INSTRUCTION).with(Motion),
    Operation::new(74, "frc_jointmotion", Operate, INSTRUCTION).with(Motion),
    Operation::new(75, "frc_jointrelative", Operate, INSTRUCTION).with(Motion),
    Operation::new(76, "frc_jointmotionjrep", Operate, INSTRUCTION).with(Motion),
    Operation::new(77, "frc_jointrelativejrep", Operate, INSTRUCTION).with(Motion),
    Operation::new(78, "frc_circularmotion", Operate, INSTRUCTION).with(Motion),
    Operation::new(79, "frc_circularrelative", Operate, INSTRUCTION).with(Motion),
    Operation::new(80, "frc_splinemotion", Operate, INSTRUCTION).with(Motion),
    Operation::new(81, "frc_splinemotionjrep", Operate, INSTRUCTION).with(Motion),
    // a line of a TP program, which may be any of them
    Operation::new(90, "ascii", Operate, ASCII).with(Motion),
    Operation::new(91, "unknown", Observe, "B-84184EN 2.4.19, unknown packet handling"),
];

/// A packet that no row has, or that names several.
pub static UNLISTED: Operation = Operation::new(0, "unlisted packet", Unknown, COMMAND);

/// The row of a packet name, without regard to case: a rule must not be evaded by it.
pub(super) fn packet(name: &[u8]) -> &'static Operation {
    PACKETS.iter().find(|row| name.eq_ignore_ascii_case(row.name.as_bytes())).unwrap_or(&UNLISTED)
}

/// First of the interface's own errors.
const ERRORS: u32 = 2_556_929;

/// Name of an error (`rmi.cpp`, error codes); empty if unlisted.
pub fn error(code: u32) -> &'static str {
    let own = code.checked_sub(ERRORS).and_then(|place| usize::try_from(place).ok());
    match own {
        Some(place) => NAMES.get(place).copied().unwrap_or(""),
        None if code == 7004 => "program is in use",
        None if code == 7015 => "rmi_move is the selected program",
        None => "",
    }
}

const NAMES: &[&str] = &[
    "internal system error",
    "invalid utool number",
    "invalid uframe number",
    "invalid position register",
    "invalid speed override",
    "cannot execute tp program",
    "controller servo is off",
    "cannot execute tp program",
    "rmi is not running",
    "tp program is not paused",
    "cannot resume tp program",
    "cannot reset controller",
    "invalid rmi command",
    "rmi command fail",
    "invalid controller state",
    "please cycle power",
    "invalid payload schedule",
    "invalid motion option",
    "invalid vision register",
    "invalid rmi instruction",
    "invalid value",
    "invalid text string",
    "invalid position data",
    "rmi is in hold state",
    "remote device disconnected",
    "robot is already connected",
    "wait for command done",
    "wait for instruction done",
    "invalid sequence id number",
    "invalid speed type",
    "invalid speed value",
    "invalid term type",
    "invalid term value",
    "invalid lcb port type",
    "invalid acc value",
    "invalid destination position",
    "invalid via position",
    "invalid port number",
    "invalid group number",
    "invalid group mask",
    "joint motion with coord",
    "incremental motion with coord",
    "robot in single step mode",
    "invalid position data type",
    "ready for ascii packet",
    "ascii conversion failed",
    "invalid ascii instruction",
    "invalid number of groups",
    "invalid instruction packet",
    "invalid ascii string packet",
    "invalid ascii string size",
    "invalid application tool",
    "invalid call program name",
];
