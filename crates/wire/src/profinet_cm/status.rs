//! PNIO status and RPC fault codes by name.
//!
//! A PNIO status has four bytes: error code (which service), error decode (which list), and two of
//! that list. The outcome keeps all four. Sources: IEC 61158-6-10:2019 clause 5.2.6 "PNIOStatus";
//! C706 appendix E (fault and reject codes).

use crate::message::Outcome;

/// The outcome that a PNIO status tells.
pub(crate) const fn outcome(status: u32) -> Outcome {
    Outcome::from_code(status, name(status))
}

/// Name of a PNIO status; empty if unlisted.
pub(crate) const fn name(status: u32) -> &'static str {
    let [code, decode, first, second] = status.to_be_bytes();
    match (code, decode) {
        (_, 0x80) => record(first),
        (0xcf, 0x81) if first == 0xfd => protocol(second),
        (_, 0x81) => block(first),
        (_, 0x82) => "manufacturer specific error",
        _ => "",
    }
}

/// Error code 1 of decode PNIORW: reading and writing records.
const fn record(code: u8) -> &'static str {
    match code {
        0xa0 => "read error",
        0xa1 => "write error",
        0xa2 => "module failure",
        0xa7 => "busy",
        0xa8 => "version conflict",
        0xa9 => "feature not supported",
        0xb0 => "invalid index",
        0xb1 => "write length error",
        0xb2 => "invalid slot or subslot",
        0xb3 => "type conflict",
        0xb4 => "invalid area",
        0xb5 => "state conflict",
        0xb6 => "access denied",
        0xb7 => "invalid range",
        0xb8 => "invalid parameter",
        0xb9 => "invalid type",
        0xba => "backup",
        0xc0 => "read constrain conflict",
        0xc1 => "write constrain conflict",
        0xc2 => "resource busy",
        0xc3 => "resource unavailable",
        0xaa..=0xaf | 0xbb..=0xbf | 0xc8..=0xcf => "user specific error",
        _ => "",
    }
}

/// Error code 1 of decode PNIO: the block or protocol machine at fault.
const fn block(code: u8) -> &'static str {
    match code {
        1 => "faulty ar block request",
        2 => "faulty iocr block request",
        3 => "faulty expected submodule block request",
        4 => "faulty alarm cr block request",
        5 => "faulty parameter server block request",
        6 => "faulty multicast cr block request",
        7 => "faulty ar rpc block request",
        8 => "faulty record",
        9 => "faulty subframe block",
        10 => "faulty irt frame block",
        13 => "faulty rs info block",
        20 => "faulty control block connect",
        21 => "faulty control block plug",
        22 => "faulty control block after a connect",
        23 => "faulty control block after a plug alarm",
        24 => "faulty control block parameter begin",
        25 => "faulty submodule list block",
        40 => "faulty release block",
        50 => "faulty ar block response",
        51 => "faulty iocr block response",
        52 => "faulty alarm cr block response",
        53 => "faulty module difference block",
        54 => "faulty ar rpc block response",
        55 => "faulty ar server block response",
        56 => "faulty ar vendor block response",
        60 => "alarm ack error",
        61 => "cmdev state error",
        62 => "cmctl state error",
        63 => "ctldina error",
        64 => "cmrpc error",
        65 => "alpmi error",
        66 => "alpmr error",
        67 => "lmpm error",
        68 => "mac error",
        69 => "rpc error",
        70 => "apmr error",
        71 => "apms error",
        72 => "cpm error",
        73 => "ppm error",
        74 => "dcpucs error",
        _ => "",
    }
}

/// Error code 2 of RTA errors: why a relation ended.
const fn protocol(code: u8) -> &'static str {
    match code {
        1 => "sequence number error",
        2 => "instance closed",
        3 => "ar out of memory",
        4 => "ar add provider or consumer failed",
        5 => "ar consumer data hold time expired",
        6 => "ar connection monitoring timeout",
        7 => "ar alarm open failed",
        8 => "ar alarm send refused",
        9 => "ar alarm ack send refused",
        10 => "ar alarm data too long",
        11 => "ar alarm error",
        12 => "ar rpc client call refused",
        13 => "ar abort requested",
        14 => "ar re-run aborts existing",
        15 => "ar release received",
        16 => "ar device deactivated",
        17 => "ar removed",
        18 => "ar protocol violation",
        19 => "ar name resolution error",
        20 => "ar rpc bind error",
        21 => "ar rpc connect error",
        22 => "ar rpc read error",
        23 => "ar rpc write error",
        24 => "ar rpc control error",
        25 => "ar forbidden pull or plug",
        26 => "ar application removed",
        27 => "ar link down",
        28 => "ar could not register multicast address",
        29 => "ar not synchronized",
        30 => "ar wrong topology",
        31 => "ar station name changed by dcp",
        32 => "ar reset to factory by dcp",
        _ => "",
    }
}

/// Name of an RPC fault or reject code (C706 appendix E); empty if unlisted.
pub(crate) const fn fault(code: u32) -> &'static str {
    match code {
        0x1c00_0001 => "nca_s_fault_int_div_by_zero",
        0x1c00_0002 => "nca_s_fault_addr_error",
        0x1c00_0006 => "nca_s_fault_invalid_tag",
        0x1c00_0007 => "nca_s_fault_invalid_bound",
        0x1c00_0008 => "nca_s_rpc_version_mismatch",
        0x1c00_0009 => "nca_s_unspec_reject",
        0x1c00_000a => "nca_s_bad_actid",
        0x1c00_000b => "nca_s_who_are_you_failed",
        0x1c00_000c => "nca_s_manager_not_entered",
        0x1c00_000d => "nca_s_fault_cancel",
        0x1c00_0012 => "nca_s_fault_unspec",
        0x1c00_001a => "nca_s_fault_context_mismatch",
        0x1c00_001b => "nca_s_fault_remote_no_memory",
        0x1c01_0001 => "nca_s_comm_failure",
        0x1c01_0002 => "nca_s_op_rng_error",
        0x1c01_0003 => "nca_s_unk_if",
        0x1c01_0006 => "nca_s_wrong_boot_time",
        0x1c01_0009 => "nca_s_you_crashed",
        0x1c01_000b => "nca_s_proto_error",
        0x1c01_0013 => "nca_s_out_args_too_big",
        0x1c01_0014 => "nca_s_server_too_busy",
        0x1c01_0017 => "nca_s_unsupported_type",
        _ => "",
    }
}
