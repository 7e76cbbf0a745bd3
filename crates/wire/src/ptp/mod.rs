//! PTP (IEEE 1588), versions 1 and 2: whose clock leads, and who changes clocks.
//!
//! ```text
//!  v2: profile|type (1), version (1), length (2), domain (1), 1, flags (2), correction (8), 4,
//!      source: clock (8), port (2); sequence (2), control (1), interval (1); body
//!  v1: version (2), network (2), subdomain (16), class (1), 1, source: clock (6), port (2);
//!      sequence (2), control (1), 1, flags (2), 4; body
//! ```
//! Over UDP, or in Ethernet frames, which may be padded. Times are not read. Sources: IEEE
//! 1588-2008 clauses 13 and 15, annexes D to F; IEEE 1588-2002 clause 7 and annex D.

pub mod codes;
mod management;
mod old;
#[cfg(test)]
mod tests;

use std::fmt;

use codes::kind;

use crate::Reader;
use crate::message::{Anomaly, Fact, Kind, Message, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ptp",
    title: "PTP",
    realm: crate::Realm::Service,
    basis: crate::Basis::Captures,
    depth: Depth::Message,
    hints: &[Hint::Udp(319), Hint::Udp(320), Hint::Ether(ETHER_TYPE)],
    operations: &[codes::MESSAGES, codes::ACTIONS, codes::KEYS, codes::OTHERS],
    identify: Some(identify),
    open: || Box::new(Ptp),
};

/// EtherType of PTP (IEEE 1588-2008 annex F).
const ETHER_TYPE: u16 = 0x88f7;
/// Bytes of the header of version 2 (IEEE 1588-2008 13.3.1).
const HEADER_BYTES: usize = 34;

/// One conversation; nothing needs to be kept.
struct Ptp;

impl Session for Ptp {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let done = match bytes {
            [_, version, ..] if version & 0x0f == 2 => read(bytes, out),
            [0, 1, ..] => old::read(bytes, out),
            _ => None,
        };
        if done.is_some() { Step::Read(bytes.len()) } else { Step::Lost }
    }
}

/// What a header of version 2 says.
struct Header {
    kind: u8,
    length: usize,
    domain: u8,
    clock: Clock,
    sequence: u16,
}

impl Header {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let kind = reader.u8()? & 0x0f;
        reader.skip(1)?;
        let (length, domain) = (reader.be16()?.into(), reader.u8()?);
        reader.skip(15)?; // reserved, flags, correction, reserved
        let (clock, _port, sequence) = (Clock(reader.be64()?), reader.be16()?, reader.be16()?);
        reader.skip(2)?; // control, interval
        Some(Self { kind, length, domain, clock, sequence })
    }
}

/// One message of version 2.
fn read(bytes: &[u8], out: &mut dyn Sink) -> Option<()> {
    let mut reader = Reader::new(bytes);
    let header = Header::read(&mut reader)?;
    let cut = header.length > bytes.len();
    let body = header.length.checked_sub(HEADER_BYTES)?;
    let body = if cut { reader } else { reader.sub(body)? };
    if header.kind == kind::MANAGEMENT {
        return management::read(&header, body, cut, out);
    }
    let anomalies: &[Anomaly] = if cut { &[Anomaly::TRUNCATED] } else { &[] };
    let leader = (header.kind == kind::ANNOUNCE).then(|| Leader::read(body)).flatten();
    let missing = header.kind == kind::ANNOUNCE && leader.is_none();
    let anomalies = if missing { &[Anomaly::TRUNCATED] } else { anomalies };
    let source = Source { domain: header.domain, clock: header.clock };
    let values: &dyn fmt::Display = match &leader {
        Some(leader) => leader,
        None => &source,
    };
    let operation = Operation::find(codes::MESSAGES, header.kind.into()).unwrap_or(codes::UNLISTED);
    let leads = matches!(header.kind, kind::SYNC | kind::FOLLOW_UP | kind::ANNOUNCE);
    let kind = match header.kind {
        kind::DELAY_REQUEST | kind::PDELAY_REQUEST => Kind::Request,
        kind::DELAY_RESPONSE | kind::PDELAY_RESPONSE | kind::PDELAY_RESPONSE_FOLLOW_UP => {
            Kind::Response
        }
        _ => Kind::Notice,
    };
    out.message(&Message {
        outcome: if kind == Kind::Response { Outcome::Ok } else { Outcome::Open },
        id: Some(header.sequence.into()),
        values: Some(values),
        anomalies,
        facts: if leads { &[LEADS] } else { &[] },
        ..Message::new(Protocol::PTP, kind, operation, header.kind.into())
    });
    Some(())
}

/// The sender is a clock that others follow.
const LEADS: Fact<'static> =
    Fact::Role { about: Subject::Sender, role: Role::Server, reason: "serves time by PTP" };

/// A clock's identity, as `0080e1.fffe.000001`.
#[derive(Clone, Copy)]
struct Clock(u64);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(id) = *self;
        write!(f, "{:06x}.{:04x}.{:06x}", id >> 40, id >> 24 & 0xffff, id & 0xff_ffff)
    }
}

/// Who sent it.
struct Source {
    domain: u8,
    clock: Clock,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "domain {} clock {}", self.domain, self.clock)
    }
}

/// The clock at the root, as an announce tells it (IEEE 1588-2008 13.5).
struct Leader {
    clock: Clock,
    class: u8,
    accuracy: u8,
    priorities: [u8; 2],
    steps: u16,
    source: u8,
}

impl Leader {
    fn read(mut body: Reader<'_>) -> Option<Self> {
        body.skip(13)?; // time, offset to UTC, reserved
        let [first, class, accuracy, _, _, second] = body.array()?;
        let (clock, steps, source) = (Clock(body.be64()?), body.be16()?, body.u8()?);
        Some(Self { clock, class, accuracy, priorities: [first, second], steps, source })
    }
}

impl fmt::Display for Leader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { clock, class, accuracy, priorities: [first, second], steps, source } = self;
        write!(f, "grandmaster {clock} class {class} accuracy 0x{accuracy:02x} ")?;
        write!(f, "priority {first}/{second} steps {steps} source 0x{source:02x}")
    }
}

/// Few bits are fixed, so port or EtherType must hint at it, and the length must fit.
fn identify(probe: &Probe<'_>) -> Guess {
    let fits = |length: usize| match probe.transport {
        Transport::Udp => length == probe.bytes.len() || length + 2 == probe.bytes.len(),
        Transport::Ether(ETHER_TYPE) => length <= probe.bytes.len(),
        Transport::Ether(_) | Transport::Tcp | Transport::Ip(_) => false,
    };
    if !probe.hinted {
        return Guess::No;
    }
    let listed = |kind: u8| {
        kind == kind::MANAGEMENT || Operation::find(codes::MESSAGES, kind.into()).is_some()
    };
    match probe.bytes {
        [0, 1, 0, 1, ..] if probe.bytes.len() >= old::HEADER_BYTES => Guess::Yes(None),
        [_, version, ..] if version & 0x0f == 2 => {
            match Header::read(&mut Reader::new(probe.bytes)) {
                Some(header) if listed(header.kind) && fits(header.length) => Guess::Yes(None),
                Some(_) | None => Guess::No,
            }
        }
        _ => Guess::No,
    }
}
