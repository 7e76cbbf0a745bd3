//! IEC 60870-5-104: telecontrol over TCP.
//!
//! ```text
//! 0    68 · 1 length of what follows, 4 to 253
//! 2-5  control: I-format (bit 0 of the first clear), S-format (01), U-format (bits 1-0 set)
//! 6    type · 7 number of objects, bit 7 sequence · 8 cause, bit 6 negative, bit 7 test
//! 9    originator · 10-11 common address · 12-14 first information object address, then elements
//! ```
//! Responses repeat type and address, so nothing waits for them. Values of measurements are not
//! shown. Sources: IEC 60870-5-104:2006 clause 5, IEC 60870-5-101:2003 clause 7.

pub mod codes;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use crate::Reader;
use crate::message::{Anomaly, Kind, Message, Object, Outcome};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Effect, Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "iec104",
    title: "IEC 60870-5-104",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(2404)],
    operations: &[codes::CONTROLS, codes::TYPES],
    identify: Some(identify),
    open: || Box::<Iec104>::default(),
};

/// Smallest and largest length field (IEC 104 5.1).
const LENGTHS: std::ops::RangeInclusive<u8> = 4..=253;

const SIZE: Anomaly = Anomaly::malformed("number of objects does not match the length");
const CAUSE: Anomaly = Anomaly::violation("cause of transmission is not listed");
const NONE: Anomaly = Anomaly::violation("no information object");
const CONTROL: Anomaly = Anomaly::violation("control field is not listed");

/// One frame.
struct Frame<'a> {
    control: [u8; 4],
    asdu: Reader<'a>,
    bytes: usize,
}

fn frame(bytes: &[u8]) -> Result<Frame<'_>, Step> {
    let mut reader = Reader::new(bytes);
    if reader.u8() != Some(0x68) {
        return Err(Step::Lost);
    }
    let length = reader.u8().ok_or(Step::Need(6))?;
    if !LENGTHS.contains(&length) {
        return Err(Step::Lost);
    }
    let bytes = 2 + usize::from(length);
    let mut asdu = reader.sub(length.into()).ok_or(Step::Need(bytes))?;
    let control = asdu.array().ok_or(Step::Lost)?;
    Ok(Frame { control, asdu, bytes })
}

/// What an ASDU says.
struct Asdu<'a> {
    kind: u8,
    sequence: bool,
    count: u8,
    cause: u8,
    negative: bool,
    station: u16,
    /// Addresses and elements.
    objects: Reader<'a>,
}

impl<'a> Asdu<'a> {
    fn read(mut reader: Reader<'a>) -> Option<Self> {
        let [kind, number, cause, _originator] = reader.array()?;
        let station = reader.le16()?;
        Some(Self {
            kind,
            sequence: number & 0x80 != 0,
            count: number & 0x7f,
            cause: cause & 0x3f,
            negative: cause & 0x40 != 0,
            station,
            objects: reader,
        })
    }

    fn first(&self) -> Option<u32> {
        let mut reader = self.objects;
        address(&mut reader)
    }

    /// Whether the objects fill the length; `None` where the size of the type is its own.
    fn fits(&self) -> Option<bool> {
        let element = codes::element_bytes(self.kind)?;
        let count = usize::from(self.count);
        let bytes = if self.sequence { 3 + count * element } else { count * (3 + element) };
        Some(bytes == self.objects.len())
    }

    /// Whether it comes from a controlling station, answers one, or neither.
    const fn role(&self) -> Kind {
        match (self.kind, self.cause) {
            (_, 44..=47) | (45..=69 | 71..=119, 7 | 9) => Kind::Response,
            (45..=69 | 71..=119, 5 | 6 | 8) => Kind::Request,
            _ => Kind::Notice,
        }
    }

    /// Whether a command selects (or executes) its point; `None` of what cannot be selected. The
    /// bit is the highest of the qualifier behind the value (IEC 101 7.2.6.26 and .39).
    fn selects(&self) -> Option<bool> {
        let value_bytes = match self.kind {
            45..=47 | 58..=60 => 0,
            48 | 49 | 61 | 62 => 2,
            50 | 63 => 4,
            _ => return None,
        };
        let mut reader = self.objects;
        reader.skip(3 + value_bytes)?;
        Some(reader.u8()? & 0x80 != 0)
    }

    fn outcome(&self) -> Outcome {
        match (self.cause, self.role()) {
            (44..=47, _) => {
                Outcome::Error { code: self.cause.into(), name: codes::cause(self.cause) }
            }
            (cause, Kind::Response) if self.negative => {
                Outcome::Error { code: u32::from(cause) | 0x40, name: "negative confirmation" }
            }
            (_, Kind::Response) => Outcome::Ok,
            (_, Kind::Request | Kind::Notice) => Outcome::Open,
        }
    }
}

fn address(reader: &mut Reader<'_>) -> Option<u32> {
    let [low, middle, high] = reader.array()?;
    Some(u32::from_le_bytes([low, middle, high, 0]))
}

/// Addresses of objects that have one each.
struct Addresses<'a>(&'a Asdu<'a>);

impl fmt::Display for Addresses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reader = self.0.objects;
        f.write_str("ioa ")?;
        for place in 0..self.0.count {
            let (Some(ioa), Some(element)) =
                (address(&mut reader), codes::element_bytes(self.0.kind))
            else {
                return write!(f, ", and {} more", self.0.count - place);
            };
            write!(f, "{}{ioa}", if place == 0 { "" } else { "," })?;
            let _ = reader.skip(element);
        }
        Ok(())
    }
}

/// Cause, and the state that a single or double command asks for.
struct Values<'a>(&'a Asdu<'a>);

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(codes::cause(self.0.cause))?;
        let mut reader = self.0.objects;
        let _ = reader.skip(3);
        let state = match (self.0.kind, reader.u8()) {
            (45 | 58, Some(octet)) => Some((octet & 1 == 1, octet)),
            (46 | 59, Some(octet)) => Some((octet & 3 == 2, octet)),
            _ => None,
        };
        let Some((on, octet)) = state else { return Ok(()) };
        let step = if octet & 0x80 != 0 { "select" } else { "execute" };
        write!(f, ", {step} {}", if on { "on" } else { "off" })
    }
}

/// Points that are selected at a time: masters select one, then execute.
const SELECTED_MAX: usize = 8;

/// One conversation: the points that were selected and not yet executed.
#[derive(Default)]
struct Iec104 {
    selected: ArrayVec<(u16, u32), SELECTED_MAX>,
}

impl Iec104 {
    /// What a command does beyond its intent: executing what was not selected.
    fn effect(&mut self, asdu: &Asdu<'_>, operation: &Operation) -> Effect {
        let point = asdu.first().map(|ioa| (asdu.station, ioa));
        let (Some(selects), Some(point), true) = (asdu.selects(), point, asdu.cause == 6) else {
            return operation.effect;
        };
        let known = self.selected.iter().position(|one| *one == point);
        match (selects, known) {
            (true, None) => {
                if self.selected.is_full() {
                    self.selected.remove(0);
                }
                self.selected.push(point);
                operation.effect
            }
            (true, Some(_)) => operation.effect,
            (false, Some(place)) => {
                self.selected.remove(place);
                operation.effect
            }
            (false, None) => Effect::DirectOperate,
        }
    }
}

impl Session for Iec104 {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let frame = match frame(bytes) {
            Ok(frame) => frame,
            Err(step) => return step,
        };
        let [control, ..] = frame.control;
        if control & 1 == 0 {
            self.information(&frame, out);
        } else {
            let kind = match control {
                0x07 | 0x13 | 0x43 => Kind::Request,
                0x0b | 0x23 | 0x83 => Kind::Response,
                _ => Kind::Notice,
            };
            let listed = Operation::find(codes::CONTROLS, control.into());
            let anomalies: &[Anomaly] = if listed.is_none() { &[CONTROL] } else { &[] };
            let operation = listed.unwrap_or(&codes::UNLISTED);
            let outcome = if kind == Kind::Response { Outcome::Ok } else { Outcome::Open };
            let message = Message::new(Protocol::IEC104, kind, operation, control.into());
            out.message(&message.ended(outcome).with_anomalies(anomalies));
        }
        Step::Read(frame.bytes)
    }
}

impl Iec104 {
    fn information(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let Some(asdu) = Asdu::read(frame.asdu) else {
            let message = Message::new(Protocol::IEC104, Kind::Notice, &codes::UNLISTED, 0);
            out.message(&message.with_anomalies(&[Anomaly::TRUNCATED]));
            return;
        };
        let mut anomalies = ArrayVec::<Anomaly, 4>::new();
        if asdu.fits() == Some(false) {
            anomalies.push(SIZE);
        }
        if codes::cause(asdu.cause).is_empty() {
            anomalies.push(CAUSE);
        }
        if asdu.count == 0 {
            anomalies.push(NONE);
        }
        let operation = Operation::find(codes::TYPES, asdu.kind.into()).unwrap_or(&codes::UNLISTED);
        let addresses = Addresses(&asdu);
        let values = Values(&asdu);
        let object = match (asdu.first(), asdu.count) {
            (Some(first), count) if asdu.sequence || count == 1 => {
                Object::Range { space: "ioa", first, count: count.into() }
            }
            (Some(_), 2..) => Object::Named(&addresses),
            _ => Object::Nothing,
        };
        let message = Message::new(Protocol::IEC104, asdu.role(), operation, asdu.kind.into());
        out.message(&Message {
            effect: self.effect(&asdu, operation),
            unit: Some(asdu.station),
            values: Some(&values),
            anomalies: &anomalies,
            ..message.on(object).ended(asdu.outcome())
        });
    }
}

/// An unnumbered frame is six fixed bytes. An information frame must have a listed type and cause,
/// and objects that fill it; the bare acknowledgement is believed only on the usual port.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let frame = match frame(probe.bytes) {
        Ok(frame) => frame,
        Err(Step::Need(_)) if probe.hinted => return Guess::More,
        Err(_) => return Guess::No,
    };
    let another = probe.bytes.get(frame.bytes).is_none_or(|next| *next == 0x68);
    match frame.control {
        _ if !another => Guess::No,
        [0x07 | 0x13 | 0x43, 0, 0, 0] if frame.bytes == 6 => Guess::Yes(Some(Side::Client)),
        [0x0b | 0x23 | 0x83, 0, 0, 0] if frame.bytes == 6 => Guess::Yes(Some(Side::Server)),
        [0x01, 0, low, _] if frame.bytes == 6 && low & 1 == 0 && probe.hinted => Guess::Yes(None),
        [control, ..] if control & 1 == 0 => match Asdu::read(frame.asdu) {
            Some(asdu) if asdu.fits() == Some(true) && !codes::cause(asdu.cause).is_empty() => {
                let server = asdu.role() != Kind::Request;
                Guess::Yes(Some(if server { Side::Server } else { Side::Client }))
            }
            _ => Guess::No,
        },
        _ => Guess::No,
    }
}
