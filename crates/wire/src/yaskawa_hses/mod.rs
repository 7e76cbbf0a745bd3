//! Yaskawa High-Speed Ethernet Server (HSES) of DX100, DX200, FS100 and YRC1000 controllers.
//!
//! Every command is one datagram and one answer, paired by request id; files travel in blocks, each
//! of which is answered. The header's byte map is in [`frame`], the operations in [`codes`]. The
//! older Ethernet server (text over TCP 80) is not read here. Sources: see [`codes`].

pub mod codes;
mod files;
mod frame;
mod object;
#[cfg(test)]
mod tests;

use arrayvec::ArrayVec;

use self::files::{Block, Transfer};
use self::frame::{Frame, HEADER_BYTES, PAYLOAD_BYTES_MAX, Sub};
use self::object::{Target, Values};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Piece, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "yaskawa-hses",
    title: "Yaskawa High-Speed Ethernet Server",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("fs100"),
    hints: &[Hint::Udp(10040), Hint::Udp(10041)],
    operations: &[codes::READS, codes::WRITES, codes::FILES, codes::BLOCK_RECEIVED],
    identify: Some(identify),
    open: || Box::<Hses>::default(),
};

/// Requests kept for pairing; clients wait for each answer.
const REQUESTS_MAX: usize = 8;
/// Division of robot commands.
const ROBOT: u8 = 1;
/// Division of file commands.
const FILE: u8 = 2;

const PAYLOAD: Anomaly = Anomaly::violation("payload is longer than 479 bytes");
const HEADER: Anomaly = Anomaly::violation("header size is not 32");
const DIVISION: Anomaly = Anomaly::violation("division is neither robot nor file");
const HOLE: Anomaly = Anomaly::oddity("blocks of the file are missing");

type Anomalies = ArrayVec<Anomaly, 6>;

/// What a robot command said that its response does not repeat.
#[derive(Clone, Debug)]
struct Asked {
    operation: &'static Operation,
    command: u16,
    target: Target,
}

/// One HSES conversation.
#[derive(Default)]
struct Hses {
    asked: Pending<u8, Asked, REQUESTS_MAX>,
    transfer: Transfer,
}

impl Session for Hses {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let Some(frame) = Frame::read(bytes) else {
            return if bytes.len() < HEADER_BYTES { Step::Need(HEADER_BYTES) } else { Step::Lost };
        };
        let anomalies = anomalies(&frame);
        match frame.sub {
            Sub::Request { command, instance, service } if frame.division != FILE => {
                let operation = codes::robot(command, service);
                let target = Target::read(command, instance, frame.payload);
                self.command(&frame, Asked { operation, command, target }, &anomalies, out);
            }
            Sub::Request { service, .. } if frame.ack => {
                self.block(&frame, service, anomalies, out);
            }
            Sub::Request { service, .. } => self.file(&frame, service, &anomalies, out),
            Sub::Response { service, status, added } => {
                let outcome = outcome(status, added);
                if frame.division == FILE {
                    self.file_response(&frame, (service, outcome), anomalies, out);
                } else {
                    self.response(&frame, outcome, anomalies, out);
                }
            }
        }
        Step::Read(bytes.len())
    }
}

impl Hses {
    fn command(&mut self, frame: &Frame<'_>, asked: Asked, marks: &[Anomaly], out: &mut dyn Sink) {
        let writes = asked.operation.intent != plant::Intent::Observe;
        let values = Values::read(frame, asked.command).filter(|_| writes);
        let message = base(frame, Kind::Request, asked.operation, asked.command.into());
        out.message(&Message {
            values: values.as_ref().map(|values| values as &dyn std::fmt::Display),
            anomalies: marks,
            ..message.on(asked.target.object())
        });
        self.asked.insert(frame.id, asked);
    }

    fn response(
        &mut self,
        frame: &Frame<'_>,
        outcome: Outcome,
        mut marks: Anomalies,
        out: &mut dyn Sink,
    ) {
        let Some(asked) = self.asked.take(&frame.id) else {
            let _ = marks.try_push(Anomaly::UNASKED);
            let message = base(frame, Kind::Response, &codes::RESPONSE, 0).ended(outcome);
            out.message(&message.with_anomalies(&marks));
            return;
        };
        let reads = asked.operation.intent == plant::Intent::Observe && outcome == Outcome::Ok;
        let values = Values::read(frame, asked.command).filter(|_| reads);
        let system = (reads && asked.command == 0x89).then(|| System::read(frame.payload));
        let told = system.as_ref().map(System::facts).unwrap_or_default();
        let message = base(frame, Kind::Response, asked.operation, asked.command.into());
        out.message(&Message {
            values: values.as_ref().map(|values| values as &dyn std::fmt::Display),
            anomalies: &marks,
            facts: if told.is_empty() { &[ROBOT_FACT] } else { &told },
            ..message.on(asked.target.object()).ended(outcome)
        });
    }

    /// A request of file control.
    fn file(&mut self, frame: &Frame<'_>, service: u8, marks: &[Anomaly], out: &mut dyn Sink) {
        self.transfer = Transfer::new(service, frame.payload);
        let name = self.transfer.name();
        let message = base(frame, Kind::Request, file_operation(service), service.into());
        out.message(&message.on(named(&name)).with_anomalies(marks));
    }

    /// What a client sends in the course of a transfer: a block to the controller, or the receipt
    /// of one from it.
    fn block(&mut self, frame: &Frame<'_>, service: u8, mut marks: Anomalies, out: &mut dyn Sink) {
        if service != codes::LOAD {
            let operation = codes::BLOCK_RECEIVED.first().unwrap_or(&codes::UNLISTED);
            let name = self.transfer.name();
            let message = base(frame, Kind::Notice, operation, service.into());
            out.message(&message.on(named(&name)).with_anomalies(&marks));
            return;
        }
        let part = self.part(frame, service, &mut marks);
        let name = self.transfer.name();
        let message = base(frame, Kind::Request, file_operation(service), service.into());
        let piece = part.map(|part| self.piece(frame, &name, (Side::Server, part)));
        out.message(&Message {
            piece: piece.as_ref(),
            ..message.on(named(&name)).with_anomalies(&marks)
        });
    }

    fn file_response(
        &mut self,
        frame: &Frame<'_>,
        (service, outcome): (u8, Outcome),
        mut marks: Anomalies,
        out: &mut dyn Sink,
    ) {
        let known = self.transfer.service == service;
        if !known {
            let _ = marks.try_push(Anomaly::UNASKED);
            self.transfer = Transfer::new(service, &[]);
        }
        let carries = service == codes::SAVE && outcome == Outcome::Ok;
        let part = if carries { self.part(frame, service, &mut marks) } else { None };
        let name = self.transfer.name();
        let message = base(frame, Kind::Response, file_operation(service), service.into());
        let piece = part.map(|part| self.piece(frame, &name, (Side::Client, part)));
        out.message(&Message {
            piece: piece.as_ref(),
            facts: &[ROBOT_FACT],
            ..message.on(named(&name)).ended(outcome).with_anomalies(&marks)
        });
    }

    /// Where the block in `frame` belongs; `None` if its bytes are not to be handed out.
    fn part(
        &mut self,
        frame: &Frame<'_>,
        service: u8,
        marks: &mut Anomalies,
    ) -> Option<crate::Part> {
        if self.transfer.service != service {
            self.transfer = Transfer::new(service, &[]);
        }
        match self.transfer.take(frame.block, frame.last) {
            Block::New(part) => Some(part),
            Block::Old => None,
            Block::Hole => {
                let _ = marks.try_push(HOLE);
                None
            }
        }
    }

    fn piece<'a>(
        &self,
        frame: &Frame<'a>,
        name: &'a Text<'a>,
        (to, part): (Side, crate::Part),
    ) -> Piece<'a> {
        let kind = self.transfer.kind();
        let transfer = u32::from(frame.id);
        Piece { transfer, kind, name, to, offset: None, bytes: frame.payload, part }
    }
}

const ROBOT_FACT: Fact<'static> = Fact::Role {
    about: Subject::Sender,
    role: Role::Robot,
    reason: "answers as a Yaskawa High-Speed Ethernet Server",
};

/// The answer to `read system information`: version, 24 bytes, model, 16, parameter version, 8.
struct System<'a> {
    version: Text<'a>,
    model: Text<'a>,
}

impl<'a> System<'a> {
    fn read(payload: &'a [u8]) -> Self {
        let field = |from, to| Text::trimmed(payload.get(from..to).unwrap_or_default());
        Self { version: field(0, 24), model: field(24, 40) }
    }

    fn facts(&self) -> ArrayVec<Fact<'_>, 4> {
        let about = Subject::Sender;
        let mut facts = ArrayVec::new();
        for (field, value) in [(Field::Firmware, &self.version), (Field::Product, &self.model)] {
            if !value.0.is_empty() {
                facts.push(Fact::Identity { about, field, value });
            }
        }
        facts.push(Fact::Identity { about, field: Field::Vendor, value: &"Yaskawa" });
        facts.push(ROBOT_FACT);
        facts
    }
}

fn base<'a>(
    frame: &Frame<'_>,
    kind: Kind,
    operation: &'static Operation,
    code: u32,
) -> Message<'a> {
    Message::new(Protocol::YASKAWA_HSES, kind, operation, code).with_id(frame.id.into())
}

const fn named<'a>(name: &'a Text<'a>) -> Object<'a> {
    if name.0.is_empty() { Object::Nothing } else { Object::Named(name) }
}

fn file_operation(service: u8) -> &'static Operation {
    Operation::find(codes::FILES, service.into()).unwrap_or(&codes::UNLISTED)
}

/// The added status says more than the status where there is one.
const fn outcome(status: u8, added: Option<u32>) -> Outcome {
    match (status, added) {
        (0, _) => Outcome::Ok,
        (_, Some(added)) if added != 0 => Outcome::Error { code: added, name: codes::added(added) },
        _ => Outcome::Error { code: status as u32, name: codes::status(status) },
    }
}

fn anomalies(frame: &Frame<'_>) -> Anomalies {
    let marks = [
        (frame.header_bytes as usize != HEADER_BYTES, HEADER),
        (!matches!(frame.division, ROBOT | FILE), DIVISION),
        (frame.announced > PAYLOAD_BYTES_MAX, PAYLOAD),
        (frame.payload.len() < frame.announced, Anomaly::TRUNCATED),
        (frame.left_over > 0, Anomaly::TRAILING),
    ];
    marks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, mark)| mark).collect()
}

/// Four letters, the header's size and division are signature enough on any port.
fn identify(probe: &Probe<'_>) -> Guess {
    match Frame::read(probe.bytes) {
        Some(frame)
            if probe.transport == Transport::Udp
                && usize::from(frame.header_bytes) == HEADER_BYTES
                && matches!(frame.division, ROBOT | FILE) =>
        {
            Guess::Yes(Some(if frame.is_response() { Side::Server } else { Side::Client }))
        }
        _ => Guess::No,
    }
}
