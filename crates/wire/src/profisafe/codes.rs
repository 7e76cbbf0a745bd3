//! What PROFIsafe sends that can be recognised: one record, and PDUs whose place is known.
//!
//! The codes of PDUs are ours: they have no operation but the bits of their status or control byte.

use plant::Intent::Safety;

use crate::table::{Effect, Operation};

const BITS: &str = "IEC 61784-3-3 status and control byte; Wireshark packet-pn-rtc-one.c";

/// The F-parameters, by the operation of `profinet-cm` that carries them.
pub static WRITE: Operation =
    Operation::new(3, "write f-parameters", Safety, "IEC 61784-3-3 F-parameters")
        .with(Effect::SafetyStart);

/// PDUs in cyclic frames.
pub static PDUS: &[Operation] = &[DATA, FAIL_SAFE, FAULT, CONTROL, FAIL_SAFE_CONTROL];
/// Of the device, which works.
pub static DATA: Operation =
    Operation::new(0x11, "safety data", Safety, BITS).with(Effect::SafetyCycle);
/// Of the device: fail-safe values are active.
pub static FAIL_SAFE: Operation =
    Operation::new(0x12, "fail safe data", Safety, BITS).with(Effect::SafetyStop);
/// Of the device: it, its connection or its watchdog has failed.
pub static FAULT: Operation =
    Operation::new(0x13, "safety fault", Safety, BITS).with(Effect::SafetyStop);
/// Of the host.
pub static CONTROL: Operation = Operation::new(0x14, "safety control", Safety, BITS);
/// Of the host: fail-safe values are to be activated. The device's answer is what is rated.
pub static FAIL_SAFE_CONTROL: Operation = Operation::new(0x15, "fail safe control", Safety, BITS);
