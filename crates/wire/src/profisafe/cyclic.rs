//! Safety PDUs inside cyclic frames: their status or control byte.
//!
//! ```text
//!  safety data | status (device) or control (host) | checksum (3 or 4)
//! ```
//! **The checksum cannot be checked:** it covers a counter that is never sent, so what a PDU says
//! is what its sender put there. Where it stands, the connect and the F-parameters told (`place`);
//! frames whose connect was not seen are cyclic data like any other. Only the device's PDUs are
//! rated: what the host commands shows in them. Bits as Wireshark (`packet-pn-rtc-one.c`) names
//! them.

use std::fmt;

use arrayvec::ArrayVec;

use super::codes;
use super::place::{self, Pdu};
use crate::message::{Anomaly, Kind, Message, Object};
use crate::session::{Noted, Side, Sink};
use crate::table::{Operation, Protocol};

/// Frame ids of one pair of stations that are followed; the oldest gives way.
const FRAMES_MAX: usize = 8;
/// Frames after which notes are looked at again.
const ASK_AGAIN: u8 = 64;

/// Fail-safe values are sent, or shall be.
const FAIL_SAFE: u8 = 0x10;
/// Of the status: device fault, checksum fault, watchdog timeout.
const FAULTS: u8 = 0x0e;

/// The PDU does not fit the frame.
const SHORT: Anomaly = Anomaly::malformed("frame ends before its safety PDU");

/// Which frames between two stations hold safety PDUs.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    frames: ArrayVec<Frame, FRAMES_MAX>,
    next: usize,
}

#[derive(Debug)]
struct Frame {
    from: Side,
    frame_id: u16,
    looks: u8,
    pdus: Noted,
}

impl Watch {
    /// Tells of the safety PDUs in a frame; `process` is what follows its frame id.
    #[inline]
    pub(crate) fn tell(&mut self, from: Side, frame_id: u16, process: &[u8], out: &mut dyn Sink) {
        let known = |known: &&mut Frame| known.frame_id == frame_id && known.from == from;
        let Some(frame) = self.frames.iter_mut().find(known) else {
            return self.follow(from, frame_id, process, out);
        };
        frame.looks = (frame.looks + 1) % ASK_AGAIN;
        if frame.looks == 0
            && let Some(pdus) = place::noted(frame_id, out)
        {
            frame.pdus = pdus;
        }
        if !frame.pdus.is_empty() {
            tell(&frame.pdus, process, out);
        }
    }

    #[cold]
    fn follow(&mut self, from: Side, frame_id: u16, process: &[u8], out: &mut dyn Sink) {
        let pdus = place::noted(frame_id, out).unwrap_or_default();
        tell(&pdus, process, out);
        if let Err(full) = self.frames.try_push(Frame { from, frame_id, looks: 0, pdus }) {
            if let Some(oldest) = self.frames.get_mut(self.next) {
                *oldest = full.element();
            }
            self.next = (self.next + 1) % FRAMES_MAX;
        }
    }
}

fn tell(pdus: &[u8], process: &[u8], out: &mut dyn Sink) {
    let from_host = place::from_host(pdus);
    for pdu in place::pdus(pdus) {
        let state = pdu.state(process);
        let operation = operation(from_host, state.unwrap_or_default());
        let shown = state.map(|bits| State { bits, from_host });
        let anomalies: &[Anomaly] = if state.is_none() { &[SHORT] } else { &[] };
        out.message(&Message {
            object: Object::Named(&pdu as &Pdu),
            id: Some(pdu.destination.into()),
            unit: Some(pdu.slot),
            values: shown.as_ref().map(|shown| shown as &dyn fmt::Display),
            anomalies,
            ..Message::new(Protocol::PROFISAFE, Kind::Notice, operation, operation.code)
        });
    }
}

const fn operation(from_host: bool, state: u8) -> &'static Operation {
    match (from_host, state & FAIL_SAFE != 0, state & FAULTS != 0) {
        (true, false, _) => &codes::CONTROL,
        (true, true, _) => &codes::FAIL_SAFE_CONTROL,
        (false, _, true) => &codes::FAULT,
        (false, true, false) => &codes::FAIL_SAFE,
        (false, false, false) => &codes::DATA,
    }
}

/// `fail-safe values, device fault, toggle, checksum not verifiable`.
struct State {
    bits: u8,
    from_host: bool,
}

/// What the bits mean, lowest first; empty where they are reserved.
const STATUS: [&str; 8] = [
    "new iparameters assigned",
    "device fault",
    "checksum fault",
    "watchdog timeout",
    "fail-safe values",
    "toggle",
    "counter reset",
    "",
];
const CONTROL: [&str; 8] = [
    "iparameters enabled",
    "operator acknowledge requested",
    "reset counter",
    "",
    "activate fail-safe values",
    "toggle",
    "",
    "",
];

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = if self.from_host { CONTROL } else { STATUS };
        for (bit, name) in names.iter().enumerate() {
            if self.bits >> bit & 1 != 0 && !name.is_empty() {
                write!(f, "{name}, ")?;
            }
        }
        f.write_str("checksum not verifiable")
    }
}
