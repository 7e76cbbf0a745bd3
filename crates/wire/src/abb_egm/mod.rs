//! ABB EGM, Externally Guided Motion: datagrams that stream positions to a robot at servo rate.
//!
//! ```text
//!  Protocol Buffers   1 header { 1 seqno  2 tm  3 type }
//!    type 2 EgmRobot            2 feedback  3 planned  4.. states      controller to sensor
//!    type 3 EgmSensor           2 planned   3 speed                    sensor to controller
//!    type 4 EgmSensorPathCorr   2 correction                           sensor to controller
//! ```
//! The controller is the client: it asks for references wherever RAPID told it to; 6510 and 6511
//! are only examples. Content decides: every field of the datagram must be one of its message.
//! Nothing of it is authenticated. Source: `egm.proto` (see `codes`).

pub mod codes;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::Reader;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Role, Subject};
use crate::protobuf::{Value, field};
use crate::session::{Depth, Entry, Guess, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "abb-egm",
    title: "ABB Externally Guided Motion (EGM)",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("abb-robot-client"),
    hints: &[],
    operations: &[codes::MESSAGES],
    identify: Some(identify),
    open: || Box::new(Egm),
};

const FIELDS: Anomaly = Anomaly::malformed("field is none of its message");

/// One datagram's message.
#[derive(Clone, Copy)]
struct Datagram<'a> {
    kind: u32,
    number: u32,
    /// Everything behind the header.
    body: &'a [u8],
}

/// Reads the header (field 1, first as every writer of Protocol Buffers has it) and its type.
fn read(bytes: &[u8]) -> Option<Datagram<'_>> {
    let mut reader = Reader::new(bytes);
    let (1, Value::Bytes(header)) = field(&mut reader)? else { return None };
    let (mut kind, mut number) = (None, None);
    let mut fields = Reader::new(header);
    while !fields.is_empty() {
        match field(&mut fields)? {
            (1, Value::Varint(seqno)) => number = u32::try_from(seqno).ok(),
            (2, Value::Varint(_)) => {}
            (3, Value::Varint(code @ 1..=4)) => kind = u32::try_from(code).ok(),
            _ => return None,
        }
    }
    Some(Datagram { kind: kind?, number: number?, body: reader.rest() })
}

impl Datagram<'_> {
    /// Whether every field is one of this message, with its wire type.
    fn fits(&self) -> bool {
        let mut reader = Reader::new(self.body);
        while !reader.is_empty() {
            let Some((number, value)) = field(&mut reader) else { return false };
            let own = match (self.kind, number, value) {
                (codes::DATA, 2 | 3, Value::Bytes(inner)) => is_planned(inner),
                (codes::DATA, 4 | 5 | 8, Value::Bytes(inner)) => state(inner).is_some(),
                (codes::DATA, 7 | 9, Value::Bytes(inner)) => is_numbers(inner),
                (codes::DATA, 6, Value::Varint(_)) | (codes::DATA, 10, Value::Fixed64(_)) => true,
                (codes::CORRECTION, 2, Value::Bytes(inner)) => is_planned(inner),
                (codes::CORRECTION, 3, Value::Bytes(inner)) => is_speed(inner),
                (codes::PATH_CORRECTION, 2, Value::Bytes(inner)) => is_correction(inner),
                _ => false,
            };
            if !own {
                return false;
            }
        }
        !self.body.is_empty()
    }
}

/// Whether all fields of a message pass `own`.
fn all(bytes: &[u8], own: impl Fn(u64, Value<'_>) -> bool) -> bool {
    let mut reader = Reader::new(bytes);
    while !reader.is_empty() {
        if !field(&mut reader).is_some_and(|(number, value)| own(number, value)) {
            return false;
        }
    }
    true
}

/// `EgmJoints` and others: repeated doubles, packed or not.
fn is_numbers(bytes: &[u8]) -> bool {
    all(bytes, |number, value| match value {
        Value::Fixed64(_) => number == 1,
        Value::Bytes(packed) => number == 1 && packed.len() % 8 == 0,
        Value::Varint(_) | Value::Fixed32(_) => false,
    })
}

/// `EgmCartesian`, `EgmQuaternion`, `EgmEuler`: up to four doubles.
fn is_vector(bytes: &[u8]) -> bool {
    all(bytes, |number, value| matches!((number, value), (1..=4, Value::Fixed64(_))))
}

/// Whether a field is a message that passes `own`.
fn holds(value: Value<'_>, own: fn(&[u8]) -> bool) -> bool {
    matches!(value, Value::Bytes(inner) if own(inner))
}

/// `EgmPose`.
fn is_pose(bytes: &[u8]) -> bool {
    all(bytes, |number, value| matches!(number, 1..=3) && holds(value, is_vector))
}

/// `EgmPlanned` and `EgmFeedBack`: joints, pose, external joints, time.
fn is_planned(bytes: &[u8]) -> bool {
    all(bytes, |number, value| match (number, value) {
        (1 | 3, Value::Bytes(inner)) => is_numbers(inner),
        (2, Value::Bytes(inner)) => is_pose(inner),
        (4, Value::Bytes(inner)) => {
            all(inner, |number, value| matches!((number, value), (1 | 2, Value::Varint(_))))
        }
        _ => false,
    })
}

/// `EgmSpeedRef`.
fn is_speed(bytes: &[u8]) -> bool {
    all(bytes, |number, value| matches!(number, 1..=3) && holds(value, is_numbers))
}

/// `EgmPathCorr`.
fn is_correction(bytes: &[u8]) -> bool {
    all(bytes, |number, value| match (number, value) {
        (1, Value::Bytes(inner)) => is_vector(inner),
        (2, Value::Varint(_)) => true,
        _ => false,
    })
}

/// The state in one of the messages that hold only that.
fn state(bytes: &[u8]) -> Option<u64> {
    let mut reader = Reader::new(bytes);
    match field(&mut reader)? {
        (1, Value::Varint(state)) if reader.is_empty() => Some(state),
        _ => None,
    }
}

/// Header and all fields must fit: some hundred bytes that no other protocol has by chance.
fn identify(probe: &Probe<'_>) -> Guess {
    // field 1 with a length: most datagrams of others end here
    if probe.transport != Transport::Udp || probe.bytes.first() != Some(&0x0a) {
        return Guess::No;
    }
    match read(probe.bytes).filter(Datagram::fits) {
        Some(message) => Guess::Yes(Some(sender(message.kind))),
        None => Guess::No,
    }
}

/// Who sends messages of a type.
const fn sender(kind: u32) -> Side {
    if kind == codes::DATA { Side::Client } else { Side::Server }
}

/// Nothing is kept: numbers of the two directions are counted apart.
struct Egm;

impl Session for Egm {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let Some(message) = read(bytes) else { return Step::Lost };
        let Some(operation) = Operation::find(codes::MESSAGES, message.kind) else {
            return Step::Lost;
        };
        let values = Shown(message);
        let object = values.object();
        let robot = message.kind == codes::DATA;
        out.message(&Message {
            object: if object.is_empty() { Object::Nothing } else { Object::Named(&object) },
            id: Some(message.number),
            values: Some(&values),
            anomalies: if message.fits() { &[] } else { &[FIELDS] },
            facts: if robot { ROBOT } else { &[] },
            ..Message::new(Protocol::ABB_EGM, Kind::Notice, operation, message.kind)
        });
        Step::Read(bytes.len())
    }
}

const ROBOT: &[Fact<'static>] = &[
    Fact::Role {
        about: Subject::Sender,
        role: Role::Robot,
        reason: "sends EGM feedback of a robot",
    },
    Fact::Identity { about: Subject::Sender, field: Field::Vendor, value: &"ABB" },
];

/// What a message says, field by field.
struct Shown<'a>(Datagram<'a>);

impl Shown<'_> {
    /// What is guided: the parts that the first message in the body has.
    fn object(&self) -> &'static str {
        if self.0.kind == codes::DATA {
            return "";
        }
        let mut reader = Reader::new(self.0.body);
        match (self.0.kind, field(&mut reader)) {
            (codes::PATH_CORRECTION, _) => "path",
            (_, Some((2, Value::Bytes(planned)))) => match field(&mut Reader::new(planned)) {
                Some((1, _)) => "joints",
                Some((2, _)) => "pose",
                Some((3, _)) => "external joints",
                _ => "",
            },
            (_, Some((3, _))) => "speed",
            _ => "",
        }
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seqno {}", self.0.number)?;
        let mut reader = Reader::new(self.0.body);
        while let Some((number, value)) = field(&mut reader) {
            match (self.0.kind, number, value) {
                (codes::DATA, 4, Value::Bytes(inner)) => named(f, inner, codes::motors)?,
                (codes::DATA, 5, Value::Bytes(inner)) => named(f, inner, codes::guidance)?,
                (codes::DATA, 8, Value::Bytes(inner)) => named(f, inner, codes::rapid)?,
                (codes::DATA, 2, Value::Bytes(inner)) => parts(f, "feedback", inner)?,
                (codes::CORRECTION, 2, Value::Bytes(inner)) => parts(f, "planned", inner)?,
                (codes::CORRECTION, 3, Value::Bytes(inner)) => parts(f, "speed", inner)?,
                (codes::PATH_CORRECTION, 2, Value::Bytes(inner)) => parts(f, "correction", inner)?,
                _ => {}
            }
        }
        Ok(())
    }
}

fn named(f: &mut fmt::Formatter<'_>, bytes: &[u8], name: fn(u64) -> &'static str) -> fmt::Result {
    state(bytes).map_or(Ok(()), |code| write!(f, " {}", name(code)))
}

/// `planned [0 10.5 20]`: the doubles in the first part, in degrees or millimetres.
fn parts(f: &mut fmt::Formatter<'_>, name: &str, bytes: &[u8]) -> fmt::Result {
    let Some((_, Value::Bytes(part))) = field(&mut Reader::new(bytes)) else { return Ok(()) };
    write!(f, " {name} [")?;
    let mut first = true;
    doubles(part, &mut |value| {
        let space = if std::mem::take(&mut first) { "" } else { " " };
        write!(f, "{space}{value:.3}")
    })?;
    f.write_str("]")
}

/// The doubles of a message, also those of the messages in it.
fn doubles(bytes: &[u8], show: &mut dyn FnMut(f64) -> fmt::Result) -> fmt::Result {
    let mut reader = Reader::new(bytes);
    while let Some((_, value)) = field(&mut reader) {
        match value {
            Value::Fixed64(bits) => show(f64::from_bits(bits))?,
            Value::Bytes(inner) => {
                let mut inner = Reader::new(inner);
                while let Some((_, value)) = field(&mut inner) {
                    if let Value::Fixed64(bits) = value {
                        show(f64::from_bits(bits))?;
                    }
                }
            }
            Value::Varint(_) | Value::Fixed32(_) => {}
        }
    }
    Ok(())
}
