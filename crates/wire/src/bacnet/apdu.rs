//! BACnet application PDUs: requests, answers and refusals, paired by invoke id.
//!
//! Source: ANSI/ASHRAE 135-2020 clauses 20.1 and 21.

use arrayvec::ArrayVec;
use plant::Intent;

use super::tag::{Tags, Values};
use super::target::Target;
use super::{Asked, Bacnet, Frame, LENGTH, codes, facts, names};
use crate::Reader;
use crate::message::{Anomaly, Kind, Message, Object, Outcome};
use crate::session::Sink;
use crate::table::{Operation, Protocol};

const SEGMENTED: u8 = 0x08;
const MORE: u8 = 0x04;
/// In segment ack and abort: the server sent it.
const SERVER: u8 = 0x01;
/// Type of device objects.
const DEVICE: u32 = 8;

const UNLISTED: Anomaly = Anomaly::violation("service is not listed");
const TYPE: Anomaly = Anomaly::violation("apdu type is not listed");

/// What all APDUs become before they are a message.
struct Said<'a> {
    kind: Kind,
    asked: Asked,
    id: Option<u8>,
    outcome: Outcome,
    data: &'a [u8],
    anomaly: Option<Anomaly>,
}

impl Bacnet {
    /// Reads one APDU; `None` if it ends inside its header.
    pub(super) fn apdu(
        &mut self,
        frame: &Frame,
        mut reader: Reader<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        let first = reader.u8()?;
        match first >> 4 {
            0 => self.request(frame, first, reader, out)?,
            1 => unconfirmed(frame, reader, out)?,
            2 | 3 => self.acknowledged(frame, first, reader, out)?,
            4..=7 => self.refused(frame, first, reader, out)?,
            _ => {
                let asked = Asked::unlisted();
                let said = Said { anomaly: Some(TYPE), ..Said::new(Kind::Notice, asked) };
                emit(frame, &said, out);
            }
        }
        Some(())
    }

    fn request(
        &mut self,
        frame: &Frame,
        first: u8,
        mut reader: Reader<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        reader.skip(1)?;
        let id = reader.u8()?;
        let sequence = segment(first, &mut reader)?;
        let service = reader.u8()?;
        let key = (id, frame.from, frame.network.target);
        let data = if sequence == 0 { reader.rest() } else { &[] };
        let mut target = Target::confirmed(service, data);
        if first & SEGMENTED != 0 && first & MORE != 0 && matches!(service, 14 | 16) {
            target.goes_on();
        }
        let fresh = Asked { operation: confirmed(service, data), service, target };
        let before = if sequence == 0 { None } else { self.asked.take(&key) };
        let asked = before.unwrap_or(fresh);
        self.asked.insert(key, asked);
        emit(frame, &Said { id: Some(id), data, ..Said::new(Kind::Request, asked) }, out);
        Some(())
    }

    fn acknowledged(
        &mut self,
        frame: &Frame,
        first: u8,
        mut reader: Reader<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        let id = reader.u8()?;
        let complex = first >> 4 == 3;
        let sequence = if complex { segment(first, &mut reader)? } else { 0 };
        let service = reader.u8()?;
        let data = if sequence == 0 { reader.rest() } else { &[] };
        let key = (id, frame.from.other(), frame.network.source);
        let before = self.asked.take(&key).filter(|asked| asked.service == service);
        let mut asked = before.unwrap_or_else(|| Asked {
            operation: confirmed(service, &[]),
            service,
            target: Target::default(),
        });
        if asked.target.is_nothing() {
            asked.target = Target::answered(service, data);
        }
        if complex && first & SEGMENTED != 0 && first & MORE != 0 {
            self.asked.insert(key, asked);
        }
        let anomaly = before.is_none().then_some(Anomaly::UNASKED);
        let outcome = Outcome::Ok;
        let said =
            Said { id: Some(id), data, outcome, anomaly, ..Said::new(Kind::Response, asked) };
        emit(frame, &said, out);
        Some(())
    }

    /// Segment ack, error, reject and abort.
    fn refused(
        &mut self,
        frame: &Frame,
        first: u8,
        mut reader: Reader<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        let kind = first >> 4;
        let id = reader.u8()?;
        let own = matches!(kind, 4 | 7) && first & SERVER == 0;
        let key = if own {
            (id, frame.from, frame.network.target)
        } else {
            (id, frame.from.other(), frame.network.source)
        };
        let waiting = self.asked.take(&key);
        let named = if kind == 5 { Some(reader.u8()?) } else { None };
        let waiting = waiting.filter(|asked| named.is_none_or(|named| named == asked.service));
        let asked = waiting.unwrap_or_else(|| Asked {
            operation: named.map_or_else(
                || codes::row(codes::PDUS, kind.into()),
                |service| confirmed(service, &[]),
            ),
            service: named.unwrap_or(kind),
            target: Target::default(),
        });
        let anomaly = waiting.is_none().then_some(Anomaly::UNASKED);
        if kind == 4 {
            if let Some(waiting) = waiting {
                self.asked.insert(key, waiting);
            }
            let operation = codes::row(codes::PDUS, 4);
            let asked = Asked { operation, service: 4, ..asked };
            emit(frame, &Said { id: Some(id), ..Said::new(Kind::Notice, asked) }, out);
            return Some(());
        }
        let outcome = match kind {
            5 => error(reader.rest()),
            6 => named_error(names::REJECTS, reader.u8()?),
            _ => named_error(names::ABORTS, reader.u8()?),
        };
        let kind = if own { Kind::Notice } else { Kind::Response };
        emit(frame, &Said { id: Some(id), outcome, anomaly, ..Said::new(kind, asked) }, out);
        Some(())
    }
}

impl Asked {
    fn unlisted() -> Self {
        let operation = codes::row(codes::PDUS, 0xff);
        Self { operation, service: 0xff, target: Target::default() }
    }
}

impl Said<'_> {
    const fn new(kind: Kind, asked: Asked) -> Self {
        Self { kind, asked, id: None, outcome: Outcome::Open, data: &[], anomaly: None }
    }
}

/// Sequence number of a segment, 0 of whole messages; passes over the window size.
fn segment(first: u8, reader: &mut Reader<'_>) -> Option<u8> {
    if first & SEGMENTED == 0 {
        return Some(0);
    }
    let sequence = reader.u8()?;
    reader.skip(1)?;
    Some(sequence)
}

fn unconfirmed(frame: &Frame, mut reader: Reader<'_>, out: &mut dyn Sink) -> Option<()> {
    let service = reader.u8()?;
    let operation = codes::row(codes::UNCONFIRMED, service.into());
    let data = reader.rest();
    let asked = Asked { operation, service, target: Target::unconfirmed(service, data) };
    let kind = if matches!(service, 6..=10 | 13 | 14) { Kind::Request } else { Kind::Notice };
    emit(frame, &Said { data, ..Said::new(kind, asked) }, out);
    Some(())
}

/// The row of a confirmed service, for some by what its arguments ask for.
fn confirmed(service: u8, data: &[u8]) -> &'static Operation {
    let argument =
        |number| Tags::new(data).find(|tag| tag.is(0, number)).and_then(|tag| tag.unsigned());
    let special = match service {
        17 => argument(1).and_then(|code| Operation::find(codes::COMMUNICATION, code)),
        20 => argument(0).and_then(|code| Operation::find(codes::REINITIALIZE, code)),
        _ => None,
    };
    special.unwrap_or_else(|| codes::row(codes::CONFIRMED, service.into()))
}

/// Class and code of an error; some services wrap them into a group of their own.
fn error(data: &[u8]) -> Outcome {
    let mut numbers =
        Tags::new(data).filter(|tag| tag.number == 9).filter_map(|tag| tag.unsigned());
    let class = numbers.next().unwrap_or(0);
    let code = numbers.next().unwrap_or(0);
    Outcome::Error { code: class << 16 | code, name: names::name(names::ERRORS, code) }
}

fn named_error(list: &'static [&'static str], reason: u8) -> Outcome {
    Outcome::Error { code: reason.into(), name: names::name(list, reason.into()) }
}

/// Writes of a device object change the device, not the process.
fn intent(asked: &Asked, confirmed: bool) -> Intent {
    let device = asked.target.object.is_some_and(|object| object >> 22 == DEVICE);
    match asked.service {
        8 | 9 | 15 | 16 if confirmed && device => Intent::Administer,
        _ => asked.operation.intent,
    }
}

fn emit(frame: &Frame, said: &Said<'_>, out: &mut dyn Sink) {
    let asked = &said.asked;
    let confirmed = said.id.is_some();
    let mut anomalies = ArrayVec::<Anomaly, 3>::new();
    if !frame.exact {
        anomalies.push(LENGTH);
    }
    if asked.operation.code == 0xff && said.anomaly.is_none() {
        anomalies.push(UNLISTED);
    }
    anomalies.extend(said.anomaly);
    let values = Values(said.data);
    let told = facts::Told::read(frame, said.kind, asked, said.data);
    let facts = told.facts();
    out.message(&Message {
        intent: intent(asked, confirmed),
        object: if asked.target.is_nothing() {
            Object::Nothing
        } else {
            Object::Named(&asked.target)
        },
        outcome: said.outcome,
        id: said.id.map(u32::from),
        unit: frame.unit,
        values: if values.is_empty() { None } else { Some(&values) },
        anomalies: &anomalies,
        facts: &facts,
        ..Message::new(Protocol::BACNET, said.kind, asked.operation, asked.service.into())
    });
}
