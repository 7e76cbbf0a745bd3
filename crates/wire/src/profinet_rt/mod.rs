//! PROFINET RT: cyclic process data, alarms and clock frames below IP.
//!
//! ```text
//!  0          2                                n-4            n-2      n-1
//!  +----------+--------------------------------+--------------+--------+----------+
//!  | frame id | process data (40 to 1440)      | cycle counter| status | transfer |   cyclic
//!  +----------+--------------------------------+--------------+--------+----------+
//! ```
//! What the process data mean stands in the device's description file (GSDML), so values are not
//! seen here. Safety PDUs inside are emitted as `profisafe` after the frame, where the connect of
//! `profinet-cm` and the F-parameters told their place. Who sends is all that tells commands from
//! measurements: cyclic data of the client side (the controller) operate, those of the server side
//! observe. Frames of `profinet-dcp` share EtherType and stations with these, so one session reads
//! both.
//! Source: IEC 61158-6-10:2019, RTC and RTA PDUs.

mod alarm;
pub mod codes;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;
use plant::Intent;

use crate::Reader;
use crate::message::{Anomaly, Kind, Message, Object};
use crate::profinet_dcp::Dcp;
use crate::profisafe;
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use codes::status;

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "profinet-rt",
    title: "PROFINET RT",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Ether(ETHERTYPE)],
    operations: &[
        std::slice::from_ref(&codes::CYCLIC),
        std::slice::from_ref(&codes::ISOCHRONOUS),
        std::slice::from_ref(&codes::MULTICAST),
        codes::ALARMS,
        codes::PTCP,
        codes::OTHERS,
    ],
    identify: Some(identify),
    open: || Box::<Frames>::default(),
};

/// EtherType of PROFINET below IP.
pub(crate) const ETHERTYPE: u16 = 0x8892;
/// Bytes of a cyclic frame without process data: frame id and APDU status.
const CYCLIC_MIN: usize = 6;
/// Cyclic frames of one pair of stations whose status is remembered.
const PROVIDERS_MAX: usize = 8;

const STOPPED: Anomaly = Anomaly::oddity("provider stopped");
const INVALID: Anomaly = Anomaly::oddity("process data became invalid");
const PROBLEM: Anomaly = Anomaly::oddity("station reports a problem");
const TRANSFER: Anomaly = Anomaly::violation("transfer status is not zero");
const RESERVED: Anomaly = Anomaly::violation("frame id is reserved");

/// The frames between two stations: RT and DCP.
#[derive(Default)]
pub(crate) struct Frames {
    dcp: Dcp,
    providers: Providers,
    /// Made with the first cyclic frame.
    safety: Option<Box<profisafe::cyclic::Watch>>,
}

impl Session for Frames {
    #[inline]
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let Some(frame_id) = reader.be16() else { return Step::Need(2) };
        match frame_id {
            0x8000..=0xbbff | 0xc000..=0xf7ff => {
                self.cyclic(from, frame_id, &codes::CYCLIC, bytes, out);
            }
            0x0100..=0x0fff => self.cyclic(from, frame_id, &codes::ISOCHRONOUS, bytes, out),
            0xbc00..=0xbfff | 0xf800..=0xfbff => {
                self.cyclic(from, frame_id, &codes::MULTICAST, bytes, out);
            }
            0xfefc..=0xfeff => return self.dcp.frame(frame_id, reader, bytes, out),
            codes::ALARM_HIGH | codes::ALARM_LOW => alarm::emit(frame_id, reader, out),
            _ => other(frame_id, out),
        }
        Step::Read(bytes.len())
    }

    fn held_bytes(&self) -> usize {
        self.safety.as_ref().map_or(0, |_| size_of::<profisafe::cyclic::Watch>())
    }
}

impl Frames {
    /// Most of the traffic of a cell: no allocation, and nothing rendered.
    #[inline]
    fn cyclic(
        &mut self,
        from: Side,
        frame_id: u16,
        operation: &'static Operation,
        bytes: &[u8],
        out: &mut dyn Sink,
    ) {
        let message = Message {
            intent: if from == Side::Client { Intent::Operate } else { Intent::Observe },
            object: Object::Range { space: "frame", first: frame_id.into(), count: 1 },
            ..Message::new(Protocol::PROFINET_RT, Kind::Notice, operation, frame_id.into())
        };
        match bytes.last_chunk() {
            Some(apdu) if bytes.len() >= CYCLIC_MIN => {
                let apdu = Apdu::read(*apdu);
                let changes = self.providers.changes(from, frame_id, apdu);
                out.message(&Message { values: Some(&apdu), anomalies: &changes, ..message });
                let process = bytes.get(2..bytes.len() - 4).unwrap_or_default();
                self.safety.get_or_insert_default().tell(from, frame_id, process, out);
            }
            _ => out.message(&message.with_anomalies(&[Anomaly::TRUNCATED])),
        }
    }
}

/// The APDU status at the end of each cyclic frame.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Apdu {
    cycle: u16,
    status: u8,
    transfer: u8,
}

impl Apdu {
    const fn read([high, low, status, transfer]: [u8; 4]) -> Self {
        Self { cycle: u16::from_be_bytes([high, low]), status, transfer }
    }
}

impl fmt::Display for Apdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |bit, set, clear| if self.status & bit != 0 { set } else { clear };
        write!(f, "cycle {}", self.cycle)?;
        write!(f, ", {}", word(status::VALID, "valid", "invalid"))?;
        write!(f, ", {}", word(status::RUN, "run", "stop"))?;
        f.write_str(word(status::PRIMARY, "", ", backup"))?;
        f.write_str(word(status::NORMAL, "", ", station problem"))
    }
}

/// The last status of each cyclic frame, so that only a change is an anomaly.
#[derive(Default)]
struct Providers {
    seen: ArrayVec<Provider, PROVIDERS_MAX>,
    next: usize,
}

#[derive(Clone, Copy)]
struct Provider {
    from: Side,
    frame_id: u16,
    status: u8,
    transfer: u8,
}

impl Providers {
    /// What became worse since the last frame with this id; of the first frame, what is not as in
    /// a running system.
    #[inline]
    fn changes(&mut self, from: Side, frame_id: u16, apdu: Apdu) -> ArrayVec<Anomaly, 4> {
        let Apdu { status, transfer, .. } = apdu;
        let now = Provider { from, frame_id, status, transfer };
        let same = |seen: &&mut Provider| seen.frame_id == frame_id && seen.from == from;
        if let Some(seen) = self.seen.iter_mut().find(same) {
            if (seen.status, seen.transfer) == (status, transfer) {
                return ArrayVec::new();
            }
            let (cleared, transfer_set) = (seen.status & !status, seen.transfer == 0);
            *seen = now;
            return worse(cleared, transfer_set && transfer != 0);
        }
        if self.seen.try_push(now).is_err() {
            if let Some(oldest) = self.seen.get_mut(self.next) {
                *oldest = now;
            }
            self.next = (self.next + 1) % PROVIDERS_MAX;
        }
        worse(!status, transfer != 0)
    }
}

fn worse(cleared: u8, transfer_set: bool) -> ArrayVec<Anomaly, 4> {
    let mut anomalies = ArrayVec::new();
    for (bit, anomaly) in
        [(status::VALID, INVALID), (status::RUN, STOPPED), (status::NORMAL, PROBLEM)]
    {
        if cleared & bit != 0 {
            anomalies.push(anomaly);
        }
    }
    if transfer_set {
        anomalies.push(TRANSFER);
    }
    anomalies
}

/// Clock frames, fragments, and what no range lists.
fn other(frame_id: u16, out: &mut dyn Sink) {
    let listed = match frame_id {
        0x0020 | 0x0021 => Operation::find(codes::PTCP, 0x0020),
        0x0080 | 0x0081 => Operation::find(codes::PTCP, 0x0080),
        0xff00 | 0xff01 => Operation::find(codes::PTCP, 0xff00),
        0xff20 | 0xff21 => Operation::find(codes::PTCP, 0xff20),
        0xff40..=0xff43 => Operation::find(codes::PTCP, frame_id.into()),
        0xfe02 => Operation::find(codes::OTHERS, 0xfe02),
        0xff80..=0xff8f => Operation::find(codes::OTHERS, 0xff80),
        _ => None,
    };
    let operation = listed.unwrap_or(&codes::RESERVED);
    let message = Message::new(Protocol::PROFINET_RT, Kind::Notice, operation, frame_id.into());
    let anomalies: &[Anomaly] = if listed.is_none() { &[RESERVED] } else { &[] };
    out.message(&message.with_anomalies(anomalies));
}

/// The EtherType, and a frame id that is not DCP's and that the standard does not reserve.
fn identify(probe: &Probe<'_>) -> Guess {
    let Some(frame_id) = Reader::new(probe.bytes).peek_be16() else { return Guess::No };
    match (probe.transport, frame_id) {
        (Transport::Ether(ETHERTYPE), 0xfefc..=0xfeff) => Guess::No,
        (Transport::Ether(ETHERTYPE), _) => Guess::Yes(None),
        (Transport::Ether(_) | Transport::Tcp | Transport::Udp | Transport::Ip(_), _) => Guess::No,
    }
}
