//! ROS-Industrial simple message: drivers of industrial robots, as MotoROS of Yaskawa.
//!
//! The robot is the server: it streams its state as topics, takes trajectory points and commands as
//! requests, and answers each. The byte map is in [`frame`], types and commands in [`codes`].
//! Sources: see [`codes`].

pub mod codes;
mod frame;
mod shown;
#[cfg(test)]
mod tests;

use std::fmt;

use self::frame::{Comm, Frame};
use self::shown::{Point, Values};
use crate::Pending;
use crate::message::{Anomaly, Fact, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "simple-message",
    title: "ROS-Industrial simple message",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("industrial_core"),
    hints: &[
        Hint::Tcp(50240),
        Hint::Tcp(50241),
        Hint::Tcp(50242),
        Hint::Tcp(11000),
        Hint::Tcp(11001),
        Hint::Tcp(11002),
        Hint::Tcp(11003),
    ],
    operations: &[codes::TYPES, codes::COMMANDS, codes::SEQUENCES, codes::POSITIONS],
    identify: Some(identify),
    open: || Box::<SimpleMessage>::default(),
};

/// Requests kept for pairing; drivers wait for each answer, or stream points.
const REQUESTS_MAX: usize = 8;

const SIZE: Anomaly = Anomaly::malformed("body has not the size of its type");
const REPLY: Anomaly = Anomaly::violation("reply code in what is no reply");

/// What a request was about.
#[derive(Clone, Copy, Debug)]
struct Asked {
    operation: &'static Operation,
    target: Target,
}

/// What a message acts on.
#[derive(Clone, Copy, Debug)]
enum Target {
    Nothing,
    Cell { space: &'static str, first: u32 },
    Point(Point),
}

/// One conversation with a robot.
#[derive(Default)]
struct SimpleMessage {
    asked: Pending<u32, Asked, REQUESTS_MAX>,
}

impl Session for SimpleMessage {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let frame = match Frame::read(bytes) {
            Ok(frame) => frame,
            Err(step) => return step,
        };
        match frame.comm {
            Comm::Topic => said(&frame, (from, Kind::Notice), out),
            Comm::Request => {
                let asked = said(&frame, (from, Kind::Request), out);
                self.asked.insert(frame.kind, asked);
                asked
            }
            Comm::Reply => self.reply(&frame, out),
        };
        Step::Read(frame.bytes)
    }

    fn gap(&mut self, _from: Side) {
        self.asked.clear();
    }
}

impl SimpleMessage {
    fn reply(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) -> Asked {
        let word = |place| frame.body.get(place);
        let command = word(2).filter(|_| frame.kind == codes::MOTION_REPLY);
        let kind = match command {
            Some(code) if Operation::find(codes::COMMANDS, code).is_some() => codes::MOTION_CTRL,
            Some(kind) => kind,
            None => codes::asked(frame.kind),
        };
        let known = self.asked.take(&kind);
        let asked = known.unwrap_or_else(|| Asked {
            operation: command
                .and_then(|code| Operation::find(codes::COMMANDS, code))
                .unwrap_or_else(|| listed(kind)),
            target: Target::Nothing,
        });
        let values = Values::answered(frame);
        let point;
        let object = match asked.target {
            Target::Point(of) => {
                point = of;
                Object::Named(&point)
            }
            Target::Cell { space, first } => Object::Range { space, first, count: 1 },
            Target::Nothing => Object::Nothing,
        };
        let unasked: &[Anomaly] = if known.is_some() { &[] } else { &[Anomaly::UNASKED] };
        let message =
            Message::new(Protocol::SIMPLE_MESSAGE, Kind::Response, asked.operation, frame.kind);
        out.message(&Message {
            values: values.as_ref().map(|values| values as &dyn fmt::Display),
            anomalies: unasked,
            facts: &[ROBOT],
            ..message.on(object).ended(outcome(frame))
        });
        asked
    }
}

const ROBOT: Fact<'static> = Fact::Role {
    about: Subject::Sender,
    role: Role::Robot,
    reason: "answers as a simple message server",
};

/// A topic or a request.
fn said(frame: &Frame<'_>, (from, kind): (Side, Kind), out: &mut dyn Sink) -> Asked {
    let asked = Asked { operation: operation(frame, from), target: target(frame) };
    let object = match &asked.target {
        Target::Point(point) => Object::Named(point),
        Target::Cell { space, first } => Object::Range { space, first: *first, count: 1 },
        Target::Nothing => Object::Nothing,
    };
    let is_listed = *listed(frame.kind) != codes::UNLISTED;
    let sized =
        !is_listed || matches!(frame.kind, 20 | 21) || codes::fits(frame.kind, frame.body.bytes());
    let anomalies: &[Anomaly] = match (sized, frame.reply) {
        (false, _) => &[SIZE],
        (true, 0) => &[],
        (true, _) => &[REPLY],
    };
    let values = Values::said(frame);
    let message = Message::new(Protocol::SIMPLE_MESSAGE, kind, asked.operation, frame.kind);
    let robot = from == Side::Server;
    out.message(&Message {
        values: values.as_ref().map(|values| values as &dyn fmt::Display),
        anomalies,
        facts: if robot { &[ROBOT] } else { &[] },
        ..message.on(object)
    });
    asked
}

fn listed(kind: u32) -> &'static Operation {
    Operation::find(codes::TYPES, kind).unwrap_or(&codes::UNLISTED)
}

/// The row of a topic or request: that of its command or of what its sequence number means, where
/// the type has one.
fn operation(frame: &Frame<'_>, from: Side) -> &'static Operation {
    let word = |place| frame.body.get(place);
    let found = match frame.kind {
        codes::MOTION_CTRL => word(2).and_then(|code| Operation::find(codes::COMMANDS, code)),
        codes::TRAJ_PT => word(0).and_then(|code| Operation::find(codes::SEQUENCES, code)),
        codes::TRAJ_PT_FULL => word(1).and_then(|code| Operation::find(codes::SEQUENCES, code)),
        codes::JOINT if from == Side::Server => codes::POSITIONS.first(),
        _ => None,
    };
    found.unwrap_or_else(|| listed(frame.kind))
}

fn target(frame: &Frame<'_>) -> Target {
    let word = |place| frame.body.get(place);
    let cell = |space| word(0).map(|first| Target::Cell { space, first });
    let point = |group: Option<u32>, sequence: Option<u32>| {
        let special =
            sequence.is_some_and(|code| Operation::find(codes::SEQUENCES, code).is_some());
        let sequence = sequence.filter(|_| !special);
        Some(Target::Point(Point { group, sequence }))
    };
    let found = match frame.kind {
        codes::TRAJ_PT => point(None, word(0)),
        codes::TRAJ_PT_FULL => point(word(0), word(1)),
        codes::MOTION_CTRL | 15 | 2018 => point(word(0), None),
        2016 => point(None, word(1)),
        2003 | 2005 => cell("io"),
        2007 | 2009 => cell("io group"),
        2012 | 2013 => cell("M"),
        _ => None,
    };
    match found {
        Some(Target::Point(Point { group: None, sequence: None })) | None => Target::Nothing,
        Some(target) => target,
    }
}

/// The body says more than the header where it has a result.
fn outcome(frame: &Frame<'_>) -> Outcome {
    let word = |place| frame.body.get(place);
    let coded =
        match frame.kind {
            codes::MOTION_REPLY => word(3).map(|result| {
                if result == 0 { 0 } else { word(4).filter(|c| *c != 0).unwrap_or(result) }
            }),
            codes::IO_REPLY => word(0).map(|result| {
                if result == 0 { 0 } else { word(1).filter(|c| *c != 0).unwrap_or(result) }
            }),
            2004 | 2008 => word(1),
            2006 | 2010 => word(0),
            _ => None,
        };
    match (coded, frame.reply) {
        (Some(code), _) if code != 0 => Outcome::from_code(code, codes::result(code)),
        (_, 1) => Outcome::Ok,
        (_, code) => Outcome::Error {
            code,
            name: if code == 2 { "failure" } else { "reply without a reply code" },
        },
    }
}

/// Four words, of which most bytes are zero. Without a hint the type must be listed, the message
/// whole, and a body of just the size that its type has; replies must say how it went.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let frame = match Frame::read(probe.bytes) {
        Ok(frame) => frame,
        Err(Step::Need(_)) if probe.hinted => return Guess::More,
        Err(_) => return Guess::No,
    };
    let asked = codes::asked(frame.kind);
    let replies = matches!(frame.kind, codes::MOTION_REPLY | codes::IO_REPLY);
    let is_listed = *listed(asked) != codes::UNLISTED || replies;
    let sound = match frame.comm {
        Comm::Topic | Comm::Request => {
            frame.reply == 0 && codes::fits(frame.kind, frame.body.bytes())
        }
        Comm::Reply => frame.reply != 0 && is_listed,
    };
    if !(sound && frame.bytes <= probe.bytes.len() || probe.hinted) {
        return Guess::No;
    }
    match frame.comm {
        Comm::Request => Guess::Yes(Some(Side::Client)),
        Comm::Reply => Guess::Yes(Some(Side::Server)),
        Comm::Topic if matches!(frame.kind, 13 | 15 | 2017) => Guess::Yes(Some(Side::Server)),
        Comm::Topic if matches!(frame.kind, codes::TRAJ_PT | 12 | codes::TRAJ_PT_FULL) => {
            Guess::Yes(Some(Side::Client))
        }
        Comm::Topic => Guess::Yes(None),
    }
}
