//! IEC 60870-5-104 code points: control functions, type identifications, causes of transmission.
//!
//! Sources: IEC 60870-5-104:2006 (IEC 104) clause 5; IEC 60870-5-101:2003 (IEC 101) clause 7.

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

const CONTROL: &str = "IEC 104 5.3";
const MONITOR: &str = "IEC 101 7.3.1, process information in monitor direction";
const COMMAND: &str = "IEC 101 7.3.2 and IEC 104 8, process information in control direction";
const SYSTEM: &str = "IEC 101 7.3.4, system information in control direction";
const PARAMETER: &str = "IEC 101 7.3.5, parameter in control direction";
const FILE: &str = "IEC 101 7.3.6, file transfer";

/// Numbered and unnumbered control functions; the code is the first control octet.
pub static CONTROLS: &[Operation] = &[
    Operation::new(0x01, "s-format", Session, CONTROL),
    Operation::new(0x07, "startdt act", Session, CONTROL),
    Operation::new(0x0b, "startdt con", Session, CONTROL),
    Operation::new(0x13, "stopdt act", Session, CONTROL),
    Operation::new(0x23, "stopdt con", Session, CONTROL),
    Operation::new(0x43, "testfr act", Session, CONTROL),
    Operation::new(0x83, "testfr con", Session, CONTROL),
];

/// Type identifications.
pub static TYPES: &[Operation] = &[
    Operation::new(1, "m_sp_na_1", Observe, MONITOR),
    Operation::new(3, "m_dp_na_1", Observe, MONITOR),
    Operation::new(5, "m_st_na_1", Observe, MONITOR),
    Operation::new(7, "m_bo_na_1", Observe, MONITOR),
    Operation::new(9, "m_me_na_1", Observe, MONITOR),
    Operation::new(11, "m_me_nb_1", Observe, MONITOR),
    Operation::new(13, "m_me_nc_1", Observe, MONITOR),
    Operation::new(15, "m_it_na_1", Observe, MONITOR),
    Operation::new(20, "m_ps_na_1", Observe, MONITOR),
    Operation::new(21, "m_me_nd_1", Observe, MONITOR),
    Operation::new(30, "m_sp_tb_1", Observe, MONITOR),
    Operation::new(31, "m_dp_tb_1", Observe, MONITOR),
    Operation::new(32, "m_st_tb_1", Observe, MONITOR),
    Operation::new(33, "m_bo_tb_1", Observe, MONITOR),
    Operation::new(34, "m_me_td_1", Observe, MONITOR),
    Operation::new(35, "m_me_te_1", Observe, MONITOR),
    Operation::new(36, "m_me_tf_1", Observe, MONITOR),
    Operation::new(37, "m_it_tb_1", Observe, MONITOR),
    Operation::new(38, "m_ep_td_1", Observe, MONITOR),
    Operation::new(39, "m_ep_te_1", Observe, MONITOR),
    Operation::new(40, "m_ep_tf_1", Observe, MONITOR),
    Operation::new(45, "c_sc_na_1", Operate, COMMAND),
    Operation::new(46, "c_dc_na_1", Operate, COMMAND),
    Operation::new(47, "c_rc_na_1", Operate, COMMAND),
    Operation::new(48, "c_se_na_1", Operate, COMMAND),
    Operation::new(49, "c_se_nb_1", Operate, COMMAND),
    Operation::new(50, "c_se_nc_1", Operate, COMMAND),
    Operation::new(51, "c_bo_na_1", Operate, COMMAND),
    Operation::new(58, "c_sc_ta_1", Operate, COMMAND),
    Operation::new(59, "c_dc_ta_1", Operate, COMMAND),
    Operation::new(60, "c_rc_ta_1", Operate, COMMAND),
    Operation::new(61, "c_se_ta_1", Operate, COMMAND),
    Operation::new(62, "c_se_tb_1", Operate, COMMAND),
    Operation::new(63, "c_se_tc_1", Operate, COMMAND),
    Operation::new(64, "c_bo_ta_1", Operate, COMMAND),
    Operation::new(70, "m_ei_na_1", Observe, "IEC 101 7.3.3, end of initialization"),
    Operation::new(100, "c_ic_na_1", Observe, SYSTEM),
    Operation::new(101, "c_ci_na_1", Observe, SYSTEM),
    Operation::new(102, "c_rd_na_1", Observe, SYSTEM),
    Operation::new(103, "c_cs_na_1", Administer, SYSTEM).with(Effect::SetClock),
    Operation::new(104, "c_ts_na_1", Session, SYSTEM),
    Operation::new(105, "c_rp_na_1", Administer, SYSTEM).with(Effect::Restart),
    Operation::new(106, "c_cd_na_1", Session, SYSTEM),
    Operation::new(107, "c_ts_ta_1", Session, "IEC 104 8.6"),
    Operation::new(110, "p_me_na_1", Program, PARAMETER).with(Effect::Download),
    Operation::new(111, "p_me_nb_1", Program, PARAMETER).with(Effect::Download),
    Operation::new(112, "p_me_nc_1", Program, PARAMETER).with(Effect::Download),
    Operation::new(113, "p_ac_na_1", Program, PARAMETER).with(Effect::Download),
    Operation::new(120, "f_fr_na_1", Unknown, FILE),
    Operation::new(121, "f_sr_na_1", Unknown, FILE),
    Operation::new(122, "f_sc_na_1", Unknown, FILE),
    Operation::new(123, "f_ls_na_1", Unknown, FILE),
    Operation::new(124, "f_af_na_1", Unknown, FILE),
    Operation::new(125, "f_sg_na_1", Unknown, FILE),
    Operation::new(126, "f_dr_ta_1", Observe, FILE),
];

/// Any type that no list above has.
pub static UNLISTED: Operation = Operation::new(0, "unlisted type", Unknown, MONITOR);

/// Name of a cause of transmission, by IEC 101 7.2.3; empty if unlisted.
pub const fn cause(code: u8) -> &'static str {
    match code {
        1 => "periodic",
        2 => "background scan",
        3 => "spontaneous",
        4 => "initialized",
        5 => "request",
        6 => "activation",
        7 => "activation confirmation",
        8 => "deactivation",
        9 => "deactivation confirmation",
        10 => "activation termination",
        11 => "return by remote command",
        12 => "return by local command",
        13 => "file transfer",
        20 => "interrogated by station",
        21..=36 => "interrogated by group",
        37..=41 => "counter interrogation",
        44 => "unknown type identification",
        45 => "unknown cause of transmission",
        46 => "unknown common address",
        47 => "unknown information object address",
        _ => "",
    }
}

/// Bytes of one element behind its address, by IEC 101 7.3; `None` if its size is its own.
pub const fn element_bytes(kind: u8) -> Option<usize> {
    Some(match kind {
        102 => 0,
        1 | 3 | 45..=47 | 70 | 100 | 101 | 105 | 113 => 1,
        5 | 21 | 104 | 106 => 2,
        9 | 11 | 48 | 49 | 110 | 111 => 3,
        7 | 13 | 15 | 20 | 50 | 112 => 5,
        51 => 4,
        30 | 31 | 58..=60 => 8,
        32 | 107 => 9,
        34 | 35 | 61 | 62 | 38 => 10,
        33 | 36 | 37 | 63 => 12,
        39 | 40 | 64 => 11,
        103 => 7,
        _ => return None,
    })
}
