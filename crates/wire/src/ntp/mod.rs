//! NTP: who asks whom for the time, and who changes a time server.
//!
//! ```text
//!  0            1        2     3          4           8           12         16
//!  +--+---+----+--------+-----+----------+-----------+-----------+----------+----------------
//!  |LI|ver|mode|stratum |poll |precision | delay     | dispersion| ref id   | 4 time stamps (8)
//!  +--+---+----+--------+-----+----------+-----------+-----------+----------+----------------
//!  mode 6: 1 byte of response, error, more, opcode; sequence, status, association, offset, count
//!  mode 7: 1 byte of sequence, implementation, request code
//! ```
//! Sources: RFC 5905 clause 7.3 and appendix A, RFC 1305 appendix B (mode 6), RFC 9327; mode 7 is
//! private to implementations, by `ntp_request.h` of the reference one.

#[cfg(test)]
mod tests;

use std::fmt;
use std::net::Ipv4Addr;

use plant::Intent::{Administer, Observe, Session as Keep, Unknown};

use crate::message::{Anomaly, Fact, Kind, Message, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Effect, Operation, Protocol};
use crate::{Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ntp",
    title: "NTP",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Udp(123)],
    operations: &[MODES, CONTROLS, PRIVATES, OTHERS],
    identify: Some(identify),
    open: || Box::new(Ntp),
};

/// Association modes (RFC 5905 3).
static MODES: &[Operation] = &[
    Operation::new(1, "symmetric active", Keep, "RFC 5905 3"),
    Operation::new(2, "symmetric passive", Keep, "RFC 5905 3"),
    Operation::new(3, "time", Observe, "RFC 5905 3"),
    Operation::new(5, "broadcast", Keep, "RFC 5905 3"),
];

/// Opcodes of mode 6, as `0x600 + opcode` (RFC 1305 B.2, RFC 9327 2).
static CONTROLS: &[Operation] = &[
    Operation::new(0x601, "read status", Observe, "RFC 9327 2"),
    Operation::new(0x602, "read variables", Observe, "RFC 9327 2").with(Effect::Discover),
    Operation::new(0x603, "write variables", Administer, "RFC 9327 2").with(Effect::SetClock),
    Operation::new(0x604, "read clock variables", Observe, "RFC 9327 2"),
    Operation::new(0x605, "write clock variables", Administer, "RFC 9327 2").with(Effect::SetClock),
    Operation::new(0x606, "set trap", Keep, "RFC 9327 2"),
    Operation::new(0x607, "trap response", Keep, "RFC 9327 2"),
    Operation::new(0x608, "configure", Administer, "RFC 9327 2").with(Effect::SetClock),
    Operation::new(0x609, "save configuration", Administer, "RFC 9327 2"),
    Operation::new(0x60a, "read most recently used list", Observe, "RFC 9327 2")
        .with(Effect::Discover),
    Operation::new(0x60b, "read ordered list", Observe, "RFC 9327 2"),
    Operation::new(0x60c, "request nonce", Keep, "RFC 9327 2"),
    Operation::new(0x61f, "unset trap", Keep, "RFC 9327 2"),
];

/// Requests of mode 7, as `0x700 + code` (`ntp_request.h` of the reference implementation, REQ_).
static PRIVATES: &[Operation] = &[
    Operation::new(0x700, "peer list", Observe, PRIVATE_SOURCE),
    Operation::new(0x701, "peer list summary", Observe, PRIVATE_SOURCE),
    Operation::new(0x702, "peer info", Observe, PRIVATE_SOURCE),
    Operation::new(0x703, "peer stats", Observe, PRIVATE_SOURCE),
    Operation::new(0x704, "system info", Observe, PRIVATE_SOURCE),
    Operation::new(0x705, "system stats", Observe, PRIVATE_SOURCE),
    Operation::new(0x706, "io stats", Observe, PRIVATE_SOURCE),
    Operation::new(0x707, "memory stats", Observe, PRIVATE_SOURCE),
    Operation::new(0x708, "loop info", Observe, PRIVATE_SOURCE),
    Operation::new(0x709, "timer stats", Observe, PRIVATE_SOURCE),
    Operation::new(0x70a, "add peers", Administer, PRIVATE_SOURCE).with(Effect::SetClock),
    Operation::new(0x70b, "remove peers", Administer, PRIVATE_SOURCE).with(Effect::SetClock),
    Operation::new(0x70c, "set system flags", Administer, PRIVATE_SOURCE).with(Effect::SetClock),
    Operation::new(0x70d, "clear system flags", Administer, PRIVATE_SOURCE).with(Effect::SetClock),
    Operation::new(0x70e, "monitor on", Administer, PRIVATE_SOURCE),
    Operation::new(0x70f, "monitor off", Administer, PRIVATE_SOURCE),
    Operation::new(0x710, "restriction list", Observe, PRIVATE_SOURCE),
    Operation::new(0x711, "add restriction", Administer, PRIVATE_SOURCE),
    Operation::new(0x712, "remove restriction flags", Administer, PRIVATE_SOURCE),
    Operation::new(0x713, "remove restriction", Administer, PRIVATE_SOURCE),
    Operation::new(0x714, "monitor list", Observe, PRIVATE_SOURCE).with(Effect::Discover),
    Operation::new(0x715, "reset stats", Administer, PRIVATE_SOURCE),
    Operation::new(0x716, "reset peer", Administer, PRIVATE_SOURCE),
    Operation::new(0x717, "reread keys", Administer, PRIVATE_SOURCE),
    Operation::new(0x71a, "trust key", Administer, PRIVATE_SOURCE),
    Operation::new(0x71b, "distrust key", Administer, PRIVATE_SOURCE),
    Operation::new(0x71c, "authentication info", Observe, PRIVATE_SOURCE),
    Operation::new(0x71d, "trap list", Observe, PRIVATE_SOURCE),
    Operation::new(0x71e, "add trap", Keep, PRIVATE_SOURCE),
    Operation::new(0x71f, "clear trap", Keep, PRIVATE_SOURCE),
    Operation::new(0x720, "set request key", Administer, PRIVATE_SOURCE),
    Operation::new(0x721, "set control key", Administer, PRIVATE_SOURCE),
    Operation::new(0x722, "control stats", Observe, PRIVATE_SOURCE),
    Operation::new(0x724, "clock info", Observe, PRIVATE_SOURCE),
    Operation::new(0x725, "set clock factors", Administer, PRIVATE_SOURCE).with(Effect::SetClock),
    Operation::new(0x727, "clock debug info", Observe, PRIVATE_SOURCE),
    Operation::new(0x72a, "monitor list", Observe, PRIVATE_SOURCE).with(Effect::Discover),
    Operation::new(0x72c, "interface stats", Observe, PRIVATE_SOURCE),
    Operation::new(0x72d, "reload interfaces", Administer, PRIVATE_SOURCE),
];
const PRIVATE_SOURCE: &str = "ntp_request.h, REQ_ codes";

const PRIVATE: &Operation = &Operation::new(0x7ff, "private", Unknown, "RFC 5905 3, mode 7");
const UNLISTED: &Operation = &Operation::new(0x600, "unlisted control", Unknown, "RFC 9327 2");
static OTHERS: &[Operation] = &[*PRIVATE, *UNLISTED];

/// Bytes of a message without extensions (RFC 5905 7.3); SNTP has the same.
const MESSAGE_BYTES: usize = 48;
/// Bytes of the header of mode 6.
const CONTROL_BYTES: usize = 12;

const VERSION: Anomaly = Anomaly::violation("version is none of 1 to 4");
const STRATUM: Anomaly = Anomaly::violation("stratum is reserved");

/// One conversation; nothing needs to be kept.
struct Ntp;

impl Session for Ntp {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let Some(first) = reader.u8() else { return Step::Lost };
        let version = first >> 3 & 7;
        let anomalies: &[Anomaly] = if matches!(version, 1..=4) { &[] } else { &[VERSION] };
        match first & 7 {
            6 => control(reader, anomalies, out),
            7 => private(first, reader, anomalies, out),
            0 => return Step::Lost,
            mode => time(mode, version, reader, out),
        }
        Step::Read(bytes.len())
    }
}

fn time(mode: u8, version: u8, mut reader: Reader<'_>, out: &mut dyn Sink) {
    let stratum = reader.u8().unwrap_or(0);
    let reference = reader.skip(10).and_then(|()| reader.array::<4>());
    let (kind, row) = match mode {
        3 => (Kind::Request, 3),
        4 => (Kind::Response, 3),
        mode => (Kind::Notice, u32::from(mode)),
    };
    let operation = Operation::find(MODES, row).unwrap_or(UNLISTED);
    let mut anomalies = arrayvec::ArrayVec::<Anomaly, 3>::new();
    if !matches!(version, 1..=4) {
        anomalies.push(VERSION);
    }
    if stratum > 16 {
        anomalies.push(STRATUM);
    }
    if reader.len() + 16 < MESSAGE_BYTES {
        anomalies.push(Anomaly::TRUNCATED);
    }
    let serves = matches!(mode, 4 | 5);
    let (about, role, reason) = (Subject::Sender, Role::Server, "serves time by NTP");
    let facts = [Fact::Role { about, role, reason }];
    let source = Source { version, stratum, reference: reference.unwrap_or_default() };
    out.message(&Message {
        outcome: if mode == 4 { Outcome::Ok } else { Outcome::Open },
        values: Some(&source),
        anomalies: &anomalies,
        facts: if serves { &facts } else { &[] },
        ..Message::new(Protocol::NTP, kind, operation, mode.into())
    });
}

fn control(mut reader: Reader<'_>, anomalies: &[Anomaly], out: &mut dyn Sink) {
    let flags = reader.u8().unwrap_or(0);
    let code = 0x600 + u32::from(flags & 0x1f);
    let operation = Operation::find(CONTROLS, code).unwrap_or(UNLISTED);
    let (response, error) = (flags & 0x80 != 0, flags & 0x40 != 0);
    let id = reader.be16();
    let status = reader.be16().map_or(0, |status| status >> 8);
    let kind = if response { Kind::Response } else { Kind::Request };
    let outcome = match (response, error) {
        (false, _) => Outcome::Open,
        (true, false) => Outcome::Ok,
        (true, true) => Outcome::Error { code: status.into(), name: control_error(status) },
    };
    let message = Message::new(Protocol::NTP, kind, operation, code);
    out.message(&Message { id: id.map(u32::from), outcome, anomalies, ..message });
}

/// Name of an error of mode 6 (RFC 9327 3.3); empty if unlisted.
const fn control_error(status: u16) -> &'static str {
    match status {
        1 => "authentication failure",
        2 => "invalid message length or format",
        3 => "invalid opcode",
        4 => "unknown association identifier",
        5 => "unknown variable name",
        6 => "invalid variable value",
        7 => "administratively prohibited",
        _ => "",
    }
}

fn private(first: u8, mut reader: Reader<'_>, anomalies: &[Anomaly], out: &mut dyn Sink) {
    let _ = reader.skip(2);
    let request = reader.u8().unwrap_or(0);
    let code = 0x700 + u32::from(request);
    let operation = Operation::find(PRIVATES, code).unwrap_or(PRIVATE);
    let response = first & 0x80 != 0;
    let kind = if response { Kind::Response } else { Kind::Request };
    let message = Message::new(Protocol::NTP, kind, operation, code);
    let outcome = if response { Outcome::Ok } else { Outcome::Open };
    out.message(&Message { outcome, anomalies, ..message });
}

/// Version, stratum, and where the time comes from.
struct Source {
    version: u8,
    stratum: u8,
    reference: [u8; 4],
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "version {} stratum {}", self.version, self.stratum)?;
        match self.stratum {
            // a clock by its name, or a kiss of death (RFC 5905 7.3, 7.4)
            0 | 1 if self.reference != [0; 4] => {
                write!(f, " {}", Text::trimmed(&self.reference))
            }
            2..=15 if self.version < 4 => write!(f, " {}", Ipv4Addr::from(self.reference)),
            _ => Ok(()),
        }
    }
}

/// Half a byte of version and mode is weak, so a port must hint at it; the lengths must be right.
fn identify(probe: &Probe<'_>) -> Guess {
    let (Transport::Udp, true, [first, rest @ ..]) = (probe.transport, probe.hinted, probe.bytes)
    else {
        return Guess::No;
    };
    let length = probe.bytes.len();
    if !matches!(first >> 3 & 7, 1..=4) {
        return Guess::No;
    }
    match first & 7 {
        3 if length >= MESSAGE_BYTES => Guess::Yes(Some(Side::Client)),
        4 if length >= MESSAGE_BYTES => Guess::Yes(Some(Side::Server)),
        1 | 2 | 5 if length >= MESSAGE_BYTES => Guess::Yes(None),
        6 if length >= CONTROL_BYTES => {
            let response = rest.first().is_some_and(|flags| flags & 0x80 != 0);
            Guess::Yes(Some(if response { Side::Server } else { Side::Client }))
        }
        7 if length >= 8 => {
            Guess::Yes(Some(if first & 0x80 != 0 { Side::Server } else { Side::Client }))
        }
        _ => Guess::No,
    }
}
