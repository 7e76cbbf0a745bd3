//! S7comm code points: functions, PI services, userdata functions, and the COTP TPDUs beneath.
//!
//! Siemens publishes no specification of S7comm. Sources: the protocol's function names and codes
//! as in the Wireshark wiki ("wiki S7comm") and in ICSNPP-S7COMM's constants ("ICSNPP"); what each
//! does to the CPU from "System Software for S7-300/400, System and Standard Functions" ("SFM"),
//! "Statement of Communication with SIMATIC" and SINUMERIK's list of PI services ("PI list").

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::iso_tsap;
use crate::table::{Effect, Operation};

/// COTP TPDUs that are messages of their own.
pub static COTP: &[Operation] = &[
    Operation::new(iso_tsap::CONNECT_REQUEST as u32, "cotp connect request", Session, "X.224 13.3"),
    Operation::new(iso_tsap::CONNECT_CONFIRM as u32, "cotp connect confirm", Session, "X.224 13.4"),
    Operation::new(
        iso_tsap::DISCONNECT_REQUEST as u32,
        "cotp disconnect request",
        Session,
        "X.224 13.5",
    ),
    Operation::new(
        iso_tsap::DISCONNECT_CONFIRM as u32,
        "cotp disconnect confirm",
        Session,
        "X.224 13.6",
    ),
    Operation::new(iso_tsap::ERROR as u32, "cotp error", Session, "X.224 13.12"),
];

/// Functions of jobs, by their first parameter byte.
pub static FUNCTIONS: &[Operation] = &[
    Operation::new(0x00, "cpu services", Unknown, "wiki S7comm, functions"),
    Operation::new(0xf0, "setup communication", Session, "wiki S7comm, functions"),
    Operation::new(0x04, "read var", Observe, "wiki S7comm, functions; SFM, SFB 14 GET"),
    Operation::new(0x05, "write var", Operate, "wiki S7comm, functions; SFM, SFB 15 PUT"),
    Operation::new(0x1a, "request download", Program, "wiki S7comm, functions")
        .with(Effect::Download),
    Operation::new(0x1b, "download block", Program, "wiki S7comm, functions")
        .with(Effect::Download),
    Operation::new(0x1c, "download ended", Program, "wiki S7comm, functions")
        .with(Effect::Download),
    Operation::new(0x1d, "start upload", Observe, "wiki S7comm, functions").with(Effect::Upload),
    Operation::new(0x1e, "upload", Observe, "wiki S7comm, functions").with(Effect::Upload),
    Operation::new(0x1f, "end upload", Observe, "wiki S7comm, functions"),
    Operation::new(0x29, "plc stop", Administer, "wiki S7comm, functions; SFM, SFB 20 STOP")
        .with(Effect::Stop),
];

/// Function code of the PI services.
pub const PI_SERVICE: u8 = 0x28;

/// A PI service that its name does not tell, and the answer to one that was not seen.
pub static PI_UNLISTED: Operation =
    Operation::new(PI_SERVICE as u32, "pi-service", Unknown, "wiki S7comm, functions");

/// `P_PROGRAM` with parameter `C `: a cold restart.
pub static PI_COLD: Operation =
    pi("pi-service p_program (cold restart)", Operate, STARTS).with(Effect::Start);

const STARTS: &str = "ICSNPP, PLC control; SFM, SFB 19 START";
const BLOCKS: &str = "ICSNPP, PLC control";
const NC: &str = "SINUMERIK PI list";

const fn pi(name: &'static str, intent: plant::Intent, source: &'static str) -> Operation {
    Operation::new(PI_SERVICE as u32, name, intent, source)
}

/// PI services: the second word is the name on the wire, without the `_N_` of the NC's and without
/// underscores at its end.
pub static PI_SERVICES: &[Operation] = &[
    pi("pi-service p_program (warm restart)", Operate, STARTS).with(Effect::Start),
    PI_COLD,
    pi("pi-service _inse (activate blocks)", Program, BLOCKS).with(Effect::Download),
    pi("pi-service _ins2 (activate blocks)", Program, BLOCKS).with(Effect::Download),
    pi("pi-service _dele (delete blocks)", Program, BLOCKS).with(Effect::DeleteFile),
    pi("pi-service _modu (copy ram to rom)", Program, BLOCKS),
    pi("pi-service _garb (compress memory)", Administer, BLOCKS),
    pi("pi-service login", Administer, NC).with(Effect::Login),
    pi("pi-service logout", Session, NC),
    pi("pi-service cancel (alarms)", Operate, NC),
    pi("pi-service select (program)", Operate, NC),
    pi("pi-service asup (assign interrupt program)", Operate, NC),
    pi("pi-service f_open (file)", Observe, NC),
    pi("pi-service f_seek (file)", Observe, NC),
    pi("pi-service f_clos (file)", Session, NC),
    pi("pi-service f_dele (delete file)", Program, NC).with(Effect::DeleteFile),
    pi("pi-service f_delr (delete file)", Program, NC).with(Effect::DeleteFile),
    pi("pi-service f_copy (file)", Program, NC),
    pi("pi-service f_rena (file)", Program, NC).with(Effect::DeleteFile),
    pi("pi-service f_prot (protect file)", Administer, NC),
    pi("pi-service f_xfer (file)", Program, NC).with(Effect::Download),
    pi("pi-service extern (execute from outside)", Program, NC),
    pi("pi-service extmod (execute from outside)", Program, NC),
    pi("pi-service config (activate machine data)", Administer, NC),
    pi("pi-service setudt (activate user data)", Operate, NC),
    pi("pi-service setufr (activate user frame)", Operate, NC),
    pi("pi-service digion (digitizing)", Operate, NC),
    pi("pi-service digiof (digitizing)", Operate, NC),
    pi("pi-service dasave (save data)", Administer, NC),
    pi("pi-service ibn_ss (start-up switch)", Administer, NC).with(Effect::Restart),
    pi("pi-service strtlk (start lock)", Operate, NC),
    pi("pi-service strtul (start unlock)", Operate, NC),
    pi("pi-service tmrass (reset tool monitoring)", Operate, NC),
];

/// Jobs by which the PLC fetches the parts of a download: they ask the client and do nothing to it.
pub static FETCHES: &[Operation] = &[
    Operation::new(0x1b, "download block", Session, "wiki S7comm, download: asked by the PLC"),
    Operation::new(0x1c, "download ended", Session, "wiki S7comm, download: asked by the PLC"),
];

/// Whether a function is one that the PLC asks of the client.
pub const fn asks_the_client(function: u8) -> bool {
    matches!(function, 0x1b | 0x1c)
}

/// The row of a PI service by its name on the wire.
pub fn pi_service(name: &[u8], argument: &[u8]) -> &'static Operation {
    let name = name.strip_prefix(b"_N_").unwrap_or(name);
    if name.eq_ignore_ascii_case(b"P_PROGRAM") && argument.starts_with(b"C") {
        return &PI_COLD;
    }
    let wanted = trim(name);
    let listed = |row: &&Operation| {
        row.name.split(' ').nth(1).is_some_and(|word| wanted.eq_ignore_ascii_case(word.as_bytes()))
    };
    PI_SERVICES.iter().find(listed).unwrap_or(&PI_UNLISTED)
}

fn trim(mut name: &[u8]) -> &[u8] {
    while let [head @ .., b'_'] = name {
        name = head;
    }
    name
}

/// First byte of the codes of userdata functions here: ROSCTR 7, then group and subfunction.
pub const USERDATA: u32 = 0x0007_0000;

/// Code of subfunction `sub` of userdata group `group`.
pub const fn userdata(group: u8, sub: u8) -> u32 {
    USERDATA | (group as u32) << 8 | sub as u32
}

macro_rules! userdata {
    (
        $($group:literal $sub:literal $name:literal $intent:ident $($effect:ident)?, $source:expr;)*
    ) => {
        &[$(
            Operation::new(userdata($group, $sub), $name, $intent, $source)
                $(.with(Effect::$effect))?
        ),*]
    };
}

const WIKI: &str = "wiki S7comm, userdata functions";
const TEST: &str = "wiki S7comm, programmer commands; STEP 7 test functions";

/// Userdata functions: group, subfunction.
pub static USERDATA_FUNCTIONS: &[Operation] = userdata! {
    0 0x00 "mode-transition stop" Observe, WIKI;
    0 0x01 "mode-transition warm restart" Observe, WIKI;
    0 0x02 "mode-transition run" Observe, WIKI;
    0 0x03 "mode-transition hot restart" Observe, WIKI;
    0 0x04 "mode-transition hold" Observe, WIKI;
    0 0x06 "mode-transition cold restart" Observe, WIKI;
    0 0x09 "mode-transition run_r" Observe, WIKI;
    0 0x0b "mode-transition link-up" Observe, WIKI;
    0 0x0c "mode-transition update" Observe, WIKI;
    1 0x01 "block status" Observe, TEST;
    1 0x02 "variable status" Observe, TEST;
    1 0x03 "output istack" Observe, TEST;
    1 0x04 "output bstack" Observe, TEST;
    1 0x05 "output lstack" Observe, TEST;
    1 0x06 "time measurement from to" Observe, TEST;
    1 0x07 "force selection" Observe, TEST;
    1 0x08 "modify variable" Operate, TEST;
    1 0x09 "force" Operate, TEST;
    1 0x0a "breakpoint" Operate Stop, TEST;
    1 0x0b "exit hold" Operate Start, TEST;
    1 0x0c "memory reset" Administer FactoryReset, TEST;
    1 0x0d "disable job" Operate, TEST;
    1 0x0e "enable job" Operate, TEST;
    1 0x0f "delete job" Operate, TEST;
    1 0x10 "read job list" Observe, TEST;
    1 0x11 "read job" Observe, TEST;
    1 0x12 "replace job" Operate, TEST;
    1 0x13 "block status v2" Observe, TEST;
    1 0x16 "flash led" Operate, TEST;
    2 0x01 "cyclic transfer" Observe, WIKI;
    2 0x04 "unsubscribe" Observe, WIKI;
    2 0x05 "change driven transfer" Observe, WIKI;
    2 0x07 "change driven transfer modify" Observe, WIKI;
    2 0x08 "rdrec" Observe, WIKI;
    3 0x01 "list blocks" Observe Discover, WIKI;
    3 0x02 "list blocks of type" Observe Discover, WIKI;
    3 0x03 "get block info" Observe, WIKI;
    4 0x01 "read szl" Observe Discover, "wiki S7comm, userdata functions; SFM, SFC 51 RDSYSST";
    4 0x02 "message service" Observe, WIKI;
    4 0x03 "diagnostic message" Observe, WIKI;
    4 0x05 "alarm_8 indication" Observe, "SFM, SFB 34 ALARM_8";
    4 0x06 "notify indication" Observe, "SFM, SFB 36 NOTIFY";
    4 0x07 "alarm_8 lock" Operate Silence, "SFM, SFC 10 DIS_MSG";
    4 0x08 "alarm_8 unlock" Operate, "SFM, SFC 9 EN_MSG";
    4 0x09 "scan indication" Observe, WIKI;
    4 0x0b "alarm ack" Operate, "SFM, SFB 33 ALARM";
    4 0x0c "alarm ack indication" Observe, WIKI;
    4 0x0d "alarm lock indication" Observe, WIKI;
    4 0x0e "alarm unlock indication" Observe, WIKI;
    4 0x11 "alarm_sq indication" Observe, "SFM, SFC 17 ALARM_SQ";
    4 0x12 "alarm_s indication" Observe, "SFM, SFC 18 ALARM_S";
    4 0x13 "alarm query" Observe, WIKI;
    4 0x16 "notify_8 indication" Observe, "SFM, SFB 31 NOTIFY_8P";
    5 0x01 "plc password" Administer Login, "wiki S7comm, userdata functions, security";
    5 0x02 "plc password reset" Session, "Snap7 reference, ClearSessionPassword";
    6 0x00 "pbc bsend/brecv" Operate, "SFM, SFB 12 BSEND";
    7 0x01 "read clock" Observe, "wiki S7comm, userdata functions; SFM, SFC 1 READ_CLK";
    7 0x02 "set clock" Administer SetClock, "wiki S7comm; SFM, SFC 0 SET_CLK";
    7 0x03 "read clock (following)" Observe, WIKI;
    7 0x04 "set clock (following)" Administer SetClock, WIKI;
    15 0x01 "nc request download" Program Download, WIKI;
    15 0x02 "nc download block" Program Download, WIKI;
    15 0x03 "nc continue download" Program Download, WIKI;
    15 0x04 "nc download ended" Program Download, WIKI;
    15 0x06 "nc start upload" Observe Upload, WIKI;
    15 0x07 "nc upload" Observe Upload, WIKI;
    15 0x08 "nc continue upload" Observe Upload, WIKI;
};

/// Any function that no list here has.
pub static UNLISTED: Operation = Operation::new(0, "unlisted function", Unknown, "wiki S7comm");

/// An acknowledgement without parameters (ROSCTR 2) whose job was not seen.
pub static ACK: &[Operation] = &[Operation::new(0x02, "ack", Session, "wiki S7comm, ROSCTR")];

/// The row of a job's function; PI services are told apart by [`pi_service`].
pub fn function(code: u8) -> &'static Operation {
    if code == PI_SERVICE {
        return &PI_UNLISTED;
    }
    Operation::find(FUNCTIONS, code.into()).unwrap_or(&UNLISTED)
}

/// The row of a userdata function. BSEND's subfunction is chosen by the user program.
pub fn userdata_function(group: u8, sub: u8) -> &'static Operation {
    let sub = if group == 6 { 0 } else { sub };
    Operation::find(USERDATA_FUNCTIONS, userdata(group, sub)).unwrap_or(&UNLISTED)
}

/// Name of an item's return code; empty if unlisted.
pub const fn return_code(code: u8) -> &'static str {
    match code {
        0x00 => "reserved",
        0x01 => "hardware error",
        0x03 => "accessing the object not allowed",
        0x05 => "invalid address",
        0x06 => "data type not supported",
        0x07 => "data type inconsistent",
        0x0a => "object does not exist",
        0xff => "success",
        _ => "",
    }
}

/// Why a COTP connection ended (X.224 13.5.3); empty if unlisted.
pub const fn disconnect_reason(code: u8) -> &'static str {
    match code {
        0x00 => "reason not specified",
        0x01 => "congestion at tsap",
        0x02 => "session entity not attached to tsap",
        0x03 => "address unknown",
        0x80 => "normal disconnect",
        0x81 => "remote congestion at connect",
        0x82 => "connection negotiation failed",
        0x83 => "duplicate source reference",
        0x84 => "mismatched references",
        0x85 => "protocol error",
        0x87 => "reference overflow",
        0x88 => "connection refused on this network connection",
        0x8a => "header or parameter length invalid",
        _ => "",
    }
}
