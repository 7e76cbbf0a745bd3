//! Alarms: RTA PDUs, with the alarm notification or acknowledgement that they carry.
//!
//! ```text
//!  0        2        4          5       6       8       10       12
//!  +--------+--------+----------+-------+-------+-------+--------+-----------
//!  | to     | from   | ver|type | flags | send# | ack#  | length | block ...
//!  +--------+--------+----------+-------+-------+-------+--------+-----------
//!  block: type, length, version, alarm type, API (4), slot, subslot, then by type
//! ```
//! The data behind an alarm (channel, extended channel, maker's own) are not read.
//! Source: IEC 61158-6-10:2019, RTA-PDU, AlarmNotification-PDU, AlarmAck-PDU.

use std::fmt;

use arrayvec::ArrayVec;

use super::codes::{self, rta};
use crate::Reader;
use crate::message::{Anomaly, Kind, Message, Object, Outcome};
use crate::profinet_cm::{Place, outcome};
use crate::session::Sink;
use crate::table::{Operation, Protocol};

const VERSION: Anomaly = Anomaly::violation("RTA version is not 1");
const TYPE: Anomaly = Anomaly::violation("RTA PDU type is reserved");
const BLOCK: Anomaly = Anomaly::violation("block is neither an alarm nor its acknowledgement");
const LENGTH: Anomaly = Anomaly::malformed("block length does not fit the alarm");

/// Low 11 bits of the alarm specifier: the number that pairs alarm and acknowledgement.
const SEQUENCE_MASK: u16 = 0x07ff;

/// Emits the message of one alarm frame whose frame id was read.
pub(super) fn emit(frame_id: u16, mut reader: Reader<'_>, out: &mut dyn Sink) {
    let mut anomalies = ArrayVec::<Anomaly, 4>::new();
    let Some(header) = Header::read(&mut reader) else {
        let message = base(0x0001, Kind::Notice).with_anomalies(&[Anomaly::TRUNCATED]);
        return out.message(&Message { code: frame_id.into(), ..message });
    };
    if header.version != 1 {
        anomalies.push(VERSION);
    }
    let body = reader.sub(header.length.into()).unwrap_or_else(|| {
        anomalies.push(Anomaly::TRUNCATED);
        reader
    });
    let code = frame_id.into();
    match header.kind {
        rta::DATA => data(code, body, &mut anomalies, out),
        rta::NACK | rta::ACK => {
            let number = u32::from(header.kind) << 8;
            let message = base(number, Kind::Notice).with_id(header.acknowledges.into());
            out.message(&Message { code, anomalies: &anomalies, ..message });
        }
        rta::ERROR => {
            let mut body = body;
            let outcome = body.be32().map_or(Outcome::Open, outcome);
            let message = base(0x0400, Kind::Notice).ended(outcome);
            out.message(&Message { code, anomalies: &anomalies, ..message });
        }
        _ => {
            anomalies.push(TYPE);
            let message = Message::new(Protocol::PROFINET_RT, Kind::Notice, &codes::RESERVED, code);
            out.message(&message.with_anomalies(&anomalies));
        }
    }
}

struct Header {
    version: u8,
    kind: u8,
    acknowledges: u16,
    length: u16,
}

impl Header {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.skip(4)?; // endpoints
        let kind = reader.u8()?;
        reader.skip(3)?; // flags, send number
        let acknowledges = reader.be16()?;
        let length = reader.be16()?;
        Some(Self { version: kind >> 4, kind: kind & 0x0f, acknowledges, length })
    }
}

fn data(code: u32, body: Reader<'_>, anomalies: &mut ArrayVec<Anomaly, 4>, out: &mut dyn Sink) {
    let Some(alarm) = Alarm::read(body) else {
        let _ = anomalies.try_push(Anomaly::TRUNCATED);
        return out.message(&Message { code, anomalies, ..base(0x0001, Kind::Notice) });
    };
    if alarm.block_kind() == BlockKind::Neither {
        let _ = anomalies.try_push(BLOCK);
    } else if usize::from(alarm.block_length) + 4 != body.len() {
        let _ = anomalies.try_push(LENGTH);
    }
    let message = match alarm.block_kind() {
        BlockKind::Ack => {
            base(0x8001, Kind::Response).ended(alarm.status.map_or(Outcome::Open, outcome))
        }
        BlockKind::Notification | BlockKind::Neither => base(0x0001, Kind::Notice),
    };
    out.message(&Message {
        code,
        object: Object::Named(&alarm.place),
        unit: Some(alarm.place.slot),
        id: Some((alarm.specifier & SEQUENCE_MASK).into()),
        values: Some(&alarm),
        anomalies,
        ..message
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum BlockKind {
    Notification,
    Ack,
    Neither,
}

/// What notification and acknowledgement have in common.
struct Alarm {
    block: u16,
    block_length: u16,
    kind: u16,
    place: Place,
    specifier: u16,
    /// Of an acknowledgement.
    status: Option<u32>,
}

impl Alarm {
    fn read(mut body: Reader<'_>) -> Option<Self> {
        let (block, block_length) = (body.be16()?, body.be16()?);
        body.skip(2)?; // version
        let kind = body.be16()?;
        let place = Place { api: body.be32()?, slot: body.be16()?, subslot: body.be16()? };
        let ack = block & 0x8000 != 0;
        if !ack {
            body.skip(8)?; // module and submodule ident numbers
        }
        let specifier = body.be16()?;
        let status = if ack { Some(body.be32()?) } else { None };
        Some(Self { block, block_length, kind, place, specifier, status })
    }

    /// Block types 0x0001 and 0x0002, and 0x8001 and 0x8002: high and low priority.
    const fn block_kind(&self) -> BlockKind {
        match self.block {
            0x0001 | 0x0002 => BlockKind::Notification,
            0x8001 | 0x8002 => BlockKind::Ack,
            _ => BlockKind::Neither,
        }
    }
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match codes::alarm(self.kind) {
            "" => write!(f, "alarm type 0x{:04x}", self.kind),
            name => f.write_str(name),
        }
    }
}

/// A message of the row of [`codes::ALARMS`] with this number.
fn base<'a>(number: u32, kind: Kind) -> Message<'a> {
    let operation = Operation::find(codes::ALARMS, number).unwrap_or(&codes::RESERVED);
    Message::new(Protocol::PROFINET_RT, kind, operation, number)
}
