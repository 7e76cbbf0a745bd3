//! FANUC Stream Motion (J519): positions for a robot, packet by packet over UDP.
//!
//! ```text
//!  0      4         8          12                    16                      88
//!  +------+---------+----------+------+--------+----+-------------- .. ------+---------- 344
//!  | 201  | version | sequence | last | motion | -- | 9 positions (double)   | i/o         to
//!  +------+---------+----------+------+--------+----+-------------- .. ------+----------
//!  | 202  | version | sequence | status, robot, contact stop, - | time stamp |         from
//!  +------+---------+----------+-------------------------------+------------+
//!   then 9 positions, 9 joint angles, 9 motor currents (float), safety scale (float), in 204
//!   also force and moment, and i/o                              all most significant byte first
//! ```
//! Every packet begins with its type and the version; its length follows from its type. Commands
//! go out every 4 or 8 ms and have no answer of their own but the next status. Source: [`codes`].

pub mod codes;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::Reader;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "fanuc-stream-motion",
    title: "FANUC Stream Motion",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("airo-fanuc"),
    hints: &[Hint::Udp(60015)],
    operations: &[codes::REQUESTS, codes::IO, codes::RESPONSES],
    identify: Some(identify),
    open: || Box::<StreamMotion>::default(),
};

/// Axes of a position.
const AXES: usize = 9;
/// Highest version that is taken for one; the driver speaks 3.
const VERSION_MAX: u32 = 9;

const LENGTH: Anomaly = Anomaly::malformed("packet does not have the length of its type");
const VERSION: Anomaly = Anomaly::violation("version is not listed");
const NUMBER: Anomaly = Anomaly::malformed("position is not a number");

/// One conversation.
#[derive(Default)]
struct StreamMotion {
    introduced: bool,
}

impl Session for StreamMotion {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let (Some(kind), Some(version)) = (reader.be32(), reader.be32()) else {
            return Step::Lost;
        };
        let packet = Packet { kind, version, bytes, body: reader };
        match from {
            Side::Client => packet.request(out),
            Side::Server => packet.response(&mut self.introduced, out),
        }
        Step::Read(bytes.len())
    }
}

/// One packet, from behind type and version.
struct Packet<'a> {
    kind: u32,
    version: u32,
    bytes: &'a [u8],
    body: Reader<'a>,
}

impl Packet<'_> {
    fn request(&self, out: &mut dyn Sink) {
        let command = Command::read(self.body).filter(|_| self.kind == codes::COMMAND_TYPE);
        let io = command.as_ref().is_some_and(|command| !command.moves);
        let row = if io { codes::IO.first() } else { Operation::find(codes::REQUESTS, self.kind) };
        let operation = row.unwrap_or(&codes::UNLISTED);
        let anomaly = self.fault(codes::request_bytes(self.kind)).or_else(|| {
            let wild = |command: &Command<'_>| command.positions().any(|axis| !axis.is_finite());
            command.as_ref().filter(|command| wild(command)).map(|_| NUMBER)
        });
        let message =
            Message::new(Protocol::FANUC_STREAM_MOTION, Kind::Request, operation, self.kind);
        out.message(&Message {
            id: command.as_ref().map(|command| command.sequence),
            values: command.as_ref().map(|command| command as &dyn fmt::Display),
            anomalies: anomaly.as_slice(),
            ..message
        });
    }

    fn response(&self, introduced: &mut bool, out: &mut dyn Sink) {
        let streams = codes::STATUS_TYPES.contains(&self.kind);
        let status = Status::read(self.body).filter(|_| streams);
        let operation = Operation::find(codes::RESPONSES, self.kind).unwrap_or(&codes::UNLISTED);
        let anomaly = self.fault(codes::response_bytes(self.kind));
        // the answer to a configuration has its result where others have the version
        let outcome = match (streams, self.kind) {
            (true, _) => Outcome::Open,
            (_, 203) => Outcome::from_code(self.version, ""),
            _ => Outcome::Ok,
        };
        let new = status.is_some() && !*introduced;
        *introduced |= new;
        let kind = if streams { Kind::Notice } else { Kind::Response };
        let message = Message::new(Protocol::FANUC_STREAM_MOTION, kind, operation, self.kind);
        out.message(&Message {
            outcome,
            id: status.as_ref().map(|status| status.sequence),
            values: status.as_ref().map(|status| status as &dyn fmt::Display),
            anomalies: anomaly.as_slice(),
            facts: if new { ROBOT } else { &[] },
            ..message
        });
    }

    /// What is wrong with a packet that should have `length` bytes; 0 if its type is not listed.
    const fn fault(&self, length: usize) -> Option<Anomaly> {
        match (length, self.kind) {
            (0, _) => None,
            (length, _) if length != self.bytes.len() => Some(LENGTH),
            (12, 203) => None,
            _ if self.version == 0 || self.version > VERSION_MAX => Some(VERSION),
            _ => None,
        }
    }
}

const ROBOT: &[Fact<'static>] = &[
    Fact::Identity { about: Subject::Sender, field: Field::Vendor, value: &"FANUC" },
    Fact::Role { about: Subject::Sender, role: Role::Robot, reason: "sends FANUC Stream Motion" },
];

/// A command to move, or to write outputs.
struct Command<'a> {
    sequence: u32,
    last: bool,
    moves: bool,
    axes: Reader<'a>,
}

impl<'a> Command<'a> {
    fn read(mut body: Reader<'a>) -> Option<Self> {
        let sequence = body.be32()?;
        let (last, moves) = (body.u8()? != 0, body.u8()? != 0);
        body.skip(2)?; // what the positions are: joint angles or a place
        Some(Self { sequence, last, moves, axes: body.sub(AXES * 8)? })
    }

    fn positions(&self) -> impl Iterator<Item = f64> {
        let mut axes = self.axes;
        std::iter::from_fn(move || axes.be64().map(f64::from_bits))
    }
}

impl fmt::Display for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", if self.moves { "move to" } else { "at" })?;
        self.positions().try_for_each(|axis| write!(f, " {axis:.3}"))?;
        f.write_str(if self.last { ", last" } else { "" })
    }
}

/// What a controller says in every cycle.
struct Status<'a> {
    sequence: u32,
    status: u8,
    robot: u8,
    contact_stop: u8,
    angles: Reader<'a>,
    safety_scale: f32,
}

impl<'a> Status<'a> {
    fn read(mut body: Reader<'a>) -> Option<Self> {
        let sequence = body.be32()?;
        let (status, robot, contact_stop) = (body.u8()?, body.u8()?, body.u8()?);
        body.skip(1 + 4 + AXES * 4)?; // unused, time stamp, place
        let angles = body.sub(AXES * 4)?;
        body.skip(AXES * 4)?; // currents
        let safety_scale = f32::from_bits(body.be32()?);
        Some(Self { sequence, status, robot, contact_stop, angles, safety_scale })
    }

    const fn contact_stop(&self) -> &'static str {
        match self.contact_stop {
            1 => ", contact stop safe",
            2 => ", contact stop",
            3 => ", contact stop disabled",
            4 => ", contact stop escape",
            _ => "",
        }
    }
}

impl fmt::Display for Status<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status 0x{:02x} 0x{:02x}{}", self.status, self.robot, self.contact_stop())?;
        write!(f, ", safety scale {:.2}, joints", self.safety_scale)?;
        let mut angles = self.angles;
        while let Some(angle) = angles.be32() {
            write!(f, " {:.3}", f32::from_bits(angle))?;
        }
        Ok(())
    }
}

/// Types whose length alone says enough want no port; short packets do.
fn identify(probe: &Probe<'_>) -> Guess {
    let mut reader = Reader::new(probe.bytes);
    let (Some(kind), Some(version)) = (reader.be32(), reader.be32()) else { return Guess::No };
    if probe.transport != Transport::Udp {
        return Guess::No;
    }
    let length = probe.bytes.len();
    let versioned = (1..=VERSION_MAX).contains(&version);
    let client = codes::request_bytes(kind) == length && versioned;
    let server = codes::response_bytes(kind) == length && (versioned || kind == 203);
    let side = match (client, server) {
        (true, true) => None,
        (true, false) => Some(Side::Client),
        (false, true) => Some(Side::Server),
        (false, false) => return Guess::No,
    };
    if probe.hinted || length > 300 { Guess::Yes(side) } else { Guess::No }
}
