//! Messages of PTP version 1.
//!
//! A sync names the clock at the root, which in version 2 is the work of announces. Source: IEEE
//! 1588-2002 clauses 7.2 to 7.12, annex D.

use std::fmt;

use super::{LEADS, codes};
use crate::message::{Anomaly, Kind, Message, Object, Outcome};
use crate::session::Sink;
use crate::table::{Operation, Protocol};
use crate::{Reader, Text};

/// Bytes of the header (IEEE 1588-2002 7.2).
pub(super) const HEADER_BYTES: usize = 40;
/// Values of the control field (IEEE 1588-2002 table 5).
const SYNC: u8 = 0;
const DELAY_REQUEST: u8 = 1;
const FOLLOW_UP: u8 = 2;
const DELAY_RESPONSE: u8 = 3;
const MANAGEMENT: u8 = 4;

/// One message.
pub(super) fn read(bytes: &[u8], out: &mut dyn Sink) -> Option<()> {
    let mut reader = Reader::new(bytes);
    reader.skip(4)?; // versions
    let subdomain = reader.take(16)?;
    reader.skip(2)?; // class of message, technology
    let (clock, _port, sequence) = (reader.array::<6>()?, reader.be16()?, reader.be16()?);
    let control = reader.u8()?;
    reader.skip(7)?; // reserved, flags, reserved
    let (kind, code) = match control {
        SYNC => (Kind::Notice, 0x0),
        DELAY_REQUEST => (Kind::Request, 0x1),
        FOLLOW_UP => (Kind::Notice, 0x8),
        DELAY_RESPONSE => (Kind::Response, 0x9),
        MANAGEMENT => return management(subdomain, sequence, reader, out),
        _ => (Kind::Notice, 0x200 + u32::from(control)),
    };
    let root = (control == SYNC).then(|| Root::read(reader)).flatten();
    let source = Source(subdomain, clock);
    let values: &dyn fmt::Display = match &root {
        Some(root) => root,
        None => &source,
    };
    let cut = control == SYNC && root.is_none();
    let leads = matches!(control, SYNC | FOLLOW_UP);
    let operation = Operation::find(codes::MESSAGES, code).unwrap_or(codes::UNLISTED);
    out.message(&Message {
        outcome: if kind == Kind::Response { Outcome::Ok } else { Outcome::Open },
        id: Some(sequence.into()),
        values: Some(values),
        anomalies: if cut { &[Anomaly::TRUNCATED] } else { &[] },
        facts: if leads { &[LEADS] } else { &[] },
        ..Message::new(Protocol::PTP, kind, operation, code)
    });
    Some(())
}

/// A management message: its target, then its key (IEEE 1588-2002 7.12).
fn management(
    subdomain: &[u8],
    sequence: u16,
    mut reader: Reader<'_>,
    out: &mut dyn Sink,
) -> Option<()> {
    // technology (2), clock (6), port (2), hops (2 each), reserved
    let key = reader.skip(15).and_then(|()| reader.u8());
    let code = 0x100 + u32::from(key.unwrap_or(0xff));
    let operation = Operation::find(codes::KEYS, code).unwrap_or(codes::UNLISTED);
    // data sets and the identity answer; all else asks
    let answers = matches!(key, Some(2 | 8 | 0xb | 0xd | 0xf | 0x11 | 0x15));
    let kind = if answers { Kind::Response } else { Kind::Request };
    let name = Text::trimmed(subdomain);
    out.message(&Message {
        object: Object::Named(&name),
        outcome: if answers { Outcome::Ok } else { Outcome::Open },
        id: Some(sequence.into()),
        anomalies: if key.is_none() { &[Anomaly::TRUNCATED] } else { &[] },
        ..Message::new(Protocol::PTP, kind, operation, code)
    });
    Some(())
}

/// Subdomain and clock of the sender.
struct Source<'a>(&'a [u8], [u8; 6]);

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "domain {} clock {}", Text::trimmed(self.0), plant::Mac(self.1))
    }
}

/// The clock at the root, as a sync tells it.
struct Root<'a> {
    clock: [u8; 6],
    stratum: u8,
    identifier: &'a [u8],
}

impl<'a> Root<'a> {
    fn read(mut body: Reader<'a>) -> Option<Self> {
        body.skip(14)?; // time (8), epoch (2), offset to UTC (2), reserved, technology
        let clock = body.array()?;
        body.skip(7)?; // port (2), sequence (2), reserved (3)
        Some(Self { clock, stratum: body.u8()?, identifier: body.take(4)? })
    }
}

impl fmt::Display for Root<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let identifier = Text::trimmed(self.identifier);
        write!(f, "grandmaster {} ", plant::Mac(self.clock))?;
        write!(f, "stratum {} identifier {identifier}", self.stratum)
    }
}
