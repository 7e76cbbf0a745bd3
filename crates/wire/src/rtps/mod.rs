//! RTPS, the wire protocol of DDS and with it of ROS 2.
//!
//! ```text
//!  RTPS | version (2) | vendor (2) | GUID prefix of the sender (12)
//!  then submessages:   id (1) | flags (1) | octets to the next header (2) | body
//!  INFO_DST, INFO_SRC  GUID prefix: whom the following are for, and from
//!  DATA, DATA_FRAG     extra flags (2) | octets to QoS (2) | reader (4) | writer (4)
//!                      | sequence (8) | fragments | parameters, if flag 2 | serialised data
//! ```
//! Bit 0 of the flags is the byte order. Which topic a writer writes to, only its announcement
//! says, in this flow or another: see `writers`. Data of a writer whose announcement was not seen
//! is of a bare writer. RTPS over TCP, DDS-XRCE (micro-ROS) and what user data holds are not read.
//! Sources: OMG DDSI-RTPS 2.5 ("RTPS 2.5") clauses 8.3 and 9.4; DDS Security 1.1 clause 7.3.

mod announced;
pub mod codes;
mod data;
mod discovery;
mod read;
#[cfg(test)]
mod tests;
pub mod topic;
mod writers;

use std::fmt;

use crate::Reader;
use crate::message::{Anomaly, Kind, Message, Object};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use codes::id;
use read::{Cdr, Guid, Prefix};
use writers::Writers;

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "rtps",
    title: "RTPS (DDS, ROS 2)",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Peer("cyclonedds and dust-dds"),
    hints: HINTS,
    operations: &[
        topic::TOPICS,
        topic::SERVICES,
        topic::DRIVER_SERVICES,
        codes::BUILT_INS,
        codes::DISPOSALS,
        codes::SUBMESSAGES,
        codes::OTHERS,
    ],
    identify: Some(identify),
    open: || Box::<Rtps>::default(),
};

/// Discovery by multicast, and discovery and user data of the first two participants, in the first
/// two domains (RTPS 2.5 9.6.2.3).
const HINTS: &[Hint] = &[
    Hint::Udp(7400),
    Hint::Udp(7401),
    Hint::Udp(7410),
    Hint::Udp(7411),
    Hint::Udp(7412),
    Hint::Udp(7413),
    Hint::Udp(7650),
    Hint::Udp(7651),
    Hint::Udp(7660),
    Hint::Udp(7661),
    Hint::Udp(7662),
    Hint::Udp(7663),
];

/// Bytes of the header, and of RTI's header without submessages.
const HEADER_BYTES: usize = 20;
const PING_BYTES: usize = 16;
/// Most members of a set of sequence or fragment numbers (RTPS 2.5 8.3.5.5).
const SET_MAX: u32 = 256;

const RANGE: Anomaly = Anomaly::violation("sequence numbers are not a range");
const SET: Anomaly = Anomaly::violation("set has more than 256 members");

/// Who speaks to whom, as the submessages so far say.
#[derive(Clone, Copy, Debug)]
struct Context {
    source: Prefix,
    /// All zero: whoever hears it.
    destination: Prefix,
    vendor: u16,
    /// Who receives what is sent.
    to: Side,
}

impl Context {
    /// The reader of this entity id, where both it and the participant are named.
    fn reader(&self, entity: u32) -> Option<Guid> {
        let named = entity != 0 && self.destination != Prefix::default();
        named.then(|| Guid::new(self.destination, entity))
    }
}

/// Reads the header; RTI's short one has no prefix.
fn header(reader: &mut Reader<'_>, from: Side) -> Option<Context> {
    let magic = reader.array::<4>()?;
    let [major, _] = reader.array::<2>()?;
    if !matches!(&magic, b"RTPS" | b"RTPX") || major != 2 {
        return None;
    }
    let vendor = reader.be16()?;
    let source = reader.array().map(Prefix).unwrap_or_default();
    Some(Context { source, destination: Prefix::default(), vendor, to: from.other() })
}

/// A submessage cut out of the message.
struct Submessage<'a> {
    id: u8,
    flags: u8,
    body: Cdr<'a>,
}

impl<'a> Submessage<'a> {
    /// Reads one; `Err` is the id of one that is longer than the message.
    fn read(reader: &mut Reader<'a>) -> Result<Self, Option<u8>> {
        let head = (reader.u8(), reader.u8());
        let (Some(id), Some(flags)) = head else { return Err(None) };
        let little = flags & 1 != 0;
        let length = if little { reader.le16() } else { reader.be16() }.ok_or(Some(id))?;
        // 0 means to the end of the message, except where nothing need follow (9.4.5.1.3)
        let bytes = match length {
            0 if !matches!(id, id::PAD | id::INFO_TS) => reader.take_rest(),
            length => reader.take(length.into()).ok_or(Some(id))?,
        };
        Ok(Self { id, flags, body: Cdr::new(bytes, little) })
    }
}

/// The row of a submessage that is listed.
fn row(id: u8) -> &'static Operation {
    Operation::find(codes::SUBMESSAGES, id.into()).unwrap_or(&codes::UNLISTED)
}

/// What participants of one flow told.
#[derive(Default)]
struct Rtps {
    writers: Writers,
}

impl Session for Rtps {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let Some(mut context) = header(&mut reader, from) else { return Step::Lost };
        if bytes.len() < HEADER_BYTES {
            let anomalies: &[Anomaly] =
                if bytes.len() == PING_BYTES { &[] } else { &[Anomaly::TRUNCATED] };
            out.message(&notice(&codes::PING, 0).with_anomalies(anomalies));
            return Step::Read(bytes.len());
        }
        while !reader.is_empty() {
            let read = Submessage::read(&mut reader);
            let whole = read.and_then(|submessage| {
                let id = Some(submessage.id);
                self.submessage(&mut context, submessage, out).ok_or(id)
            });
            // what follows an invalid submessage is to be ignored (8.3.4.1)
            if let Err(id) = whole {
                let row = id.map_or(&codes::BROKEN, |id| match id {
                    id::DATA | id::DATA_FRAG => &topic::PUBLISH,
                    _ => row(id),
                });
                let message = notice(row, id.unwrap_or_default());
                out.message(&message.with_anomalies(&[Anomaly::TRUNCATED]));
                break;
            }
        }
        Step::Read(bytes.len())
    }

    fn held_bytes(&self) -> usize {
        self.writers.held_bytes()
    }
}

/// A message of the submessage `id`.
fn notice(operation: &'static Operation, id: u8) -> Message<'static> {
    Message::new(Protocol::RTPS, Kind::Notice, operation, id.into())
}

impl Rtps {
    /// Reads one submessage; `None` if it is cut short.
    fn submessage(
        &mut self,
        context: &mut Context,
        submessage: Submessage<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        let mut body = submessage.body;
        match submessage.id {
            id::INFO_DST => context.destination = body.bytes.array().map(Prefix)?,
            id::INFO_SRC => {
                body.bytes.skip(6)?;
                context.vendor = body.bytes.be16()?;
                context.source = body.bytes.array().map(Prefix)?;
            }
            id::HEADER_EXTENSION
            | id::PAD
            | id::INFO_TS
            | id::INFO_REPLY
            | id::INFO_REPLY_IP4
            | id::SEC_PREFIX
            | id::SEC_POSTFIX
            | id::SRTPS_POSTFIX => {}
            id if id::VENDOR_HOUSEKEEPING.contains(&id) => {}
            id::DATA | id::DATA_FRAG => self.data(context, &submessage, out)?,
            id::HEARTBEAT | id::HEARTBEAT_FRAG | id::GAP | id::ACKNACK | id::NACK_FRAG => {
                self.reliability(context, &submessage, out)?
            }
            id => out.message(&notice(row(id), id)),
        }
        Some(())
    }

    /// Acknowledgements and what asks for them.
    fn reliability(
        &mut self,
        context: &Context,
        submessage: &Submessage<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        let mut body = submessage.body;
        let (reader, writer) = (body.bytes.be32()?, body.bytes.be32()?);
        let from_reader = matches!(submessage.id, id::ACKNACK | id::NACK_FRAG);
        let (prefix, reader) = if from_reader {
            (context.destination, Some(Guid::new(context.source, reader)))
        } else {
            (context.source, context.reader(reader))
        };
        let mut anomalies: &[Anomaly] = &[];
        let range = match submessage.id {
            id::ACKNACK => set(&mut body, &mut anomalies)?,
            id::HEARTBEAT => {
                let (first, last) = (body.sequence()?, body.sequence()?);
                if first <= 0 || last < first.saturating_sub(1) {
                    anomalies = &[RANGE];
                }
                Range { first, last }
            }
            id::GAP => {
                let first = body.sequence()?;
                let list = set(&mut body, &mut anomalies)?;
                if first <= 0 || list.first <= 0 {
                    anomalies = &[RANGE];
                }
                Range { first, last: list.first.saturating_sub(1) }
            }
            _ => {
                let sequence = body.sequence()?;
                body.u32()?;
                Range { first: sequence, last: sequence }
            }
        };
        let name = self.writers.name(Guid::new(prefix, writer), reader, out);
        out.message(&Message {
            object: Object::Named(&name),
            values: Some(&range),
            ..notice(row(submessage.id), submessage.id).with_anomalies(anomalies)
        });
        Some(())
    }
}

/// `seq 3..7`; of acknowledgements the first that is not yet there.
struct Range {
    first: i64,
    last: i64,
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seq {}", self.first)?;
        if self.last > self.first { write!(f, "..{}", self.last) } else { Ok(()) }
    }
}

/// A set of sequence numbers: the first, how many bits, the bits.
fn set(body: &mut Cdr<'_>, anomalies: &mut &[Anomaly]) -> Option<Range> {
    let (first, bits) = (body.sequence()?, body.u32()?);
    if bits > SET_MAX {
        *anomalies = &[SET];
    } else {
        body.bytes.skip(usize::try_from(bits.div_ceil(32)).ok()? * 4)?;
    }
    Some(Range { first, last: first })
}

/// Four letters, the major version, and a first submessage that fits.
fn identify(probe: &Probe<'_>) -> Guess {
    let mut reader = Reader::new(probe.bytes);
    if probe.transport != Transport::Udp || header(&mut reader, Side::Client).is_none() {
        return Guess::No;
    }
    if probe.bytes.len() == PING_BYTES {
        return if probe.bytes.ends_with(b"NDDSPING") { Guess::Yes(None) } else { Guess::No };
    }
    match Submessage::read(&mut reader) {
        Ok(first) if first.id >= id::VENDOR || first.id <= id::SRTPS_POSTFIX => Guess::Yes(None),
        _ if probe.hinted => Guess::Yes(None),
        _ => Guess::No,
    }
}
