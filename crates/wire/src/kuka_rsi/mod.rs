//! KUKA Robot Sensor Interface (RSI): corrections for a moving robot, in XML over UDP.
//!
//! ```text
//!  robot:  <Rob Type="KUKA"> <RIst X= .. /> .. <IPOC>n</IPOC> </Rob>       every 4 or 12 ms
//!  sensor: <Sen Type="name"> <RKorr X= .. /> .. <IPOC>n</IPOC> </Sen>      at once, with its IPOC
//! ```
//! The robot sends first, but the sensor commands: it is the client here. Which elements there are
//! is configured in the controller; those with coordinates or axes correct the path or the axes,
//! whatever their name. Others may set outputs, or anything that the program makes of them.
//! Sources: ros-industrial kuka_experimental, `ros_rsi_ethernet.xml`, and kroshu kuka_drivers, RSI
//! driver, which follow KUKA.RobotSensorInterface.

#[cfg(test)]
mod tests;

use std::fmt;

use plant::Intent::{Observe, Operate, Session as Keeping};

use crate::Text;
use crate::kuka_xml::{Elements, Event, Events, document, root};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Effect, Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "kuka-rsi",
    title: "KUKA Robot Sensor Interface",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("RSIPI"),
    hints: &[Hint::Udp(49152), Hint::Udp(59152)],
    operations: &[OPERATIONS],
    identify: Some(identify),
    open: || Box::<Rsi>::default(),
};

const SOURCE: &str = "kuka_experimental, kuka_rsi_hw_interface; kuka_drivers, RSI driver";

/// What documents do; the protocol has no numbers.
pub static OPERATIONS: &[Operation] = &[
    Operation::new(1, "rob", Observe, SOURCE),
    Operation::new(2, "sen, correction", Operate, SOURCE).with(Effect::Motion),
    Operation::new(3, "sen, data", Operate, SOURCE),
    Operation::new(4, "sen, answer only", Keeping, SOURCE),
];

const ROB: u32 = 1;
const CORRECTION: u32 = 2;
const DATA: u32 = 3;
const ANSWER: u32 = 4;

const CYCLE: Anomaly = Anomaly::oddity("ipoc is not that of the robot's last cycle");
const IPOC: Anomaly = Anomaly::violation("document has no ipoc");

/// One conversation.
#[derive(Default)]
struct Rsi {
    cycle: Option<u64>,
    introduced: bool,
}

impl Session for Rsi {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let Some((name, mut attributes)) = root(bytes) else { return Step::Lost };
        let code = match name {
            b"Rob" => ROB,
            b"Sen" => purpose(bytes),
            _ => return Step::Lost,
        };
        let Some(operation) = Operation::find(OPERATIONS, code) else { return Step::Lost };
        let kind = if code == ROB { Kind::Notice } else { Kind::Request };
        let ipoc = ipoc(bytes);
        let late = code != ROB && self.cycle.is_some() && ipoc.is_some() && self.cycle != ipoc;
        let anomaly = match (document(bytes), ipoc) {
            (Err(_), _) => Some(Anomaly::TRUNCATED),
            (Ok(_), None) => Some(IPOC),
            (Ok(_), Some(_)) => late.then_some(CYCLE),
        };
        if code == ROB {
            self.cycle = ipoc.or(self.cycle);
        }
        let new = code == ROB && !self.introduced;
        self.introduced |= new;
        let system = Text(attributes.next().map_or(&[], |(_, value)| value));
        let elements = Elements(bytes);
        let message = Message::new(Protocol::KUKA_RSI, kind, operation, code);
        out.message(&Message {
            object: if system.0.is_empty() { Object::Nothing } else { Object::Named(&system) },
            id: ipoc.and_then(|ipoc| u32::try_from(ipoc).ok()),
            values: Some(&elements as &dyn fmt::Display),
            anomalies: anomaly.as_slice(),
            facts: if new { ROBOT } else { &[] },
            ..message
        });
        Step::Read(bytes.len())
    }

    fn gap(&mut self, _from: Side) {
        self.cycle = None;
    }
}

const ROBOT: &[Fact<'static>] = &[
    Fact::Identity { about: Subject::Sender, field: Field::Vendor, value: &"KUKA" },
    Fact::Role { about: Subject::Sender, role: Role::Robot, reason: "sends KUKA RSI" },
];

/// What a sensor's document does: elements whose attributes are coordinates or axes correct.
fn purpose(bytes: &[u8]) -> u32 {
    let mut purpose = ANSWER;
    for event in Events::of(bytes).skip(1) {
        let Event::Start { name, attributes, .. } = event else { continue };
        let mut moving = attributes;
        if moving.any(|(name, _)| is_axis(name)) || is_correction(name) {
            return CORRECTION;
        }
        if !matches!(name, b"IPOC" | b"EStr") {
            purpose = DATA;
        }
    }
    purpose
}

/// Whether an attribute is a coordinate (`X`, `C`) or an axis (`A1`, `E6`).
fn is_axis(name: &[u8]) -> bool {
    matches!(name, [b'X'..=b'Z' | b'A'..=b'C'] | [b'A' | b'E', b'1'..=b'6'])
}

/// Whether an element is a correction by its usual name.
fn is_correction(name: &[u8]) -> bool {
    matches!(name, b"RKorr" | b"AKorr" | b"EKorr" | b"AK" | b"EK")
}

/// The time stamp that pairs the documents of one cycle.
fn ipoc(bytes: &[u8]) -> Option<u64> {
    let mut events = Events::of(bytes);
    events.find(|event| matches!(event, Event::Start { name: b"IPOC", .. }))?;
    match events.next()? {
        Event::Text(text) => str::from_utf8(text).ok()?.parse().ok(),
        Event::Start { .. } | Event::End => None,
    }
}

/// The outermost element and the IPOC in it.
fn identify(probe: &Probe<'_>) -> Guess {
    let begun = probe.bytes.starts_with(b"<") || probe.bytes.starts_with(b"\r\n<");
    if probe.transport != Transport::Udp || !begun || ipoc(probe.bytes).is_none() {
        return Guess::No;
    }
    match root(probe.bytes) {
        Some((b"Rob", _)) => Guess::Yes(Some(Side::Server)),
        Some((b"Sen", _)) => Guess::Yes(Some(Side::Client)),
        _ => Guess::No,
    }
}
