//! DATA and DATA_FRAG: what they carry, and user data by its topic.
//!
//! Of fragmented data each fragment is told; announcements are in `discovery`.

use std::fmt;

use arrayvec::ArrayVec;
use plant::Intent;

use super::codes::{self, id, parameter};
use super::read::{Cdr, Guid};
use super::topic::{self, Name, Role};
use super::writers::Participant;
use super::{Context, Rtps, Submessage, notice};
use crate::message::{Anomaly, Kind, Message, Object};
use crate::session::Sink;
use crate::table::Operation;
use crate::{Part, Piece};

const SEQUENCE: Anomaly = Anomaly::violation("sequence number is not positive");
const DISPOSED_OF: Anomaly = Anomaly::oddity("writer was disposed of before");

const FLAG_QOS: u8 = 0x02;
/// Of DATA: data follows; of DATA_FRAG it always does.
const FLAG_DATA: u8 = 0x04;
/// Of DATA: only the key follows.
const FLAG_KEY: u8 = 0x08;
/// Of DATA_FRAG the same.
const FLAG_FRAGMENT_KEY: u8 = 0x04;
/// Bits of the status that an instance has (RTPS 2.5 9.6.4.9).
const DISPOSED: u32 = 1;
const UNREGISTERED: u32 = 2;

/// Which part of a sample a submessage carries.
#[derive(Clone, Copy)]
pub(super) struct Fragment {
    first: u32,
    count: u16,
    sample_bytes: u32,
}

/// One sample, or a part of it.
pub(super) struct Sample<'a> {
    pub(super) guid: Guid,
    /// Whom it is for, where that is one reader of one participant.
    reader: Option<Guid>,
    sequence: i64,
    status: u32,
    pub(super) key_hash: Option<Guid>,
    /// The topic, where a reader wants it with all data (RTPS 2.5 8.7.1).
    topic: Option<&'a [u8]>,
    pub(super) fragment: Option<Fragment>,
    pub(super) payload: &'a [u8],
    key_only: bool,
}

impl<'a> Sample<'a> {
    fn read(context: &Context, submessage: &Submessage<'a>) -> Option<Self> {
        let mut body = submessage.body;
        body.u16()?;
        let mut to_qos = usize::from(body.u16()?).checked_sub(16)?;
        let reader = context.reader(body.bytes.be32()?);
        let writer = body.bytes.be32()?;
        let sequence = body.sequence()?;
        let mut fragment = None;
        if submessage.id == id::DATA_FRAG {
            let (first, count) = (body.u32()?, body.u16()?);
            body.u16()?;
            fragment = Some(Fragment { first, count, sample_bytes: body.u32()? });
            to_qos = to_qos.checked_sub(12)?;
        }
        // later versions may put more before the parameters (8.3.8.2)
        body.bytes.skip(to_qos)?;
        let (mut status, mut key_hash, mut topic) = (0, None, None);
        if submessage.flags & FLAG_QOS != 0 {
            body.parameters(&mut |id, mut value| match id {
                // always most significant byte first
                parameter::STATUS_INFO => status = value.bytes.be32().unwrap_or_default(),
                parameter::KEY_HASH => key_hash = value.guid(),
                parameter::TOPIC_NAME => topic = value.string(),
                _ => {}
            })?;
        }
        let (has_data, key_only) = match fragment {
            None => {
                (submessage.flags & (FLAG_DATA | FLAG_KEY) != 0, submessage.flags & FLAG_KEY != 0)
            }
            Some(_) => (true, submessage.flags & FLAG_FRAGMENT_KEY != 0),
        };
        let payload = if has_data { body.bytes.rest() } else { &[] };
        let guid = Guid::new(context.source, writer);
        Some(Self { guid, reader, sequence, status, key_hash, topic, fragment, payload, key_only })
    }

    /// The text of a sample that is whole and begins with one (CDR, RTPS 2.5 10.5).
    fn text(&self) -> Option<&'a [u8]> {
        match (self.payload, self.fragment) {
            ([0, kind @ (0 | 1 | 6 | 7), _, _, rest @ ..], None) if !self.key_only => {
                Cdr::new(rest, kind & 1 != 0).string()
            }
            _ => None,
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        self.status & (DISPOSED | UNREGISTERED) != 0
    }

    /// Whether the payload begins where the sample does.
    pub(super) fn begins(&self) -> bool {
        self.fragment.is_none_or(|fragment| fragment.first == 1)
    }

    pub(super) fn anomalies(&self) -> ArrayVec<Anomaly, 4> {
        let mut anomalies = ArrayVec::new();
        if self.sequence <= 0 {
            anomalies.push(SEQUENCE);
        }
        anomalies
    }
}

/// `seq 5 48 bytes`, `seq 6 fragment 1 of 40013 bytes`.
impl fmt::Display for Sample<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seq {}", self.sequence)?;
        match self.fragment {
            None if self.payload.is_empty() => Ok(()),
            None if self.key_only => write!(f, " key of {} bytes", self.payload.len()),
            None => write!(f, " {} bytes", self.payload.len()),
            Some(Fragment { first, count, sample_bytes }) => {
                write!(f, " fragment {first}")?;
                if count > 1 {
                    write!(f, "..{}", u64::from(first) + u64::from(count) - 1)?;
                }
                write!(f, " of {sample_bytes} bytes")
            }
        }
    }
}

impl Rtps {
    /// Reads DATA or DATA_FRAG; `None` if it is cut short.
    pub(super) fn data(
        &mut self,
        context: &Context,
        submessage: &Submessage<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        let sample = Sample::read(context, submessage)?;
        let entity = sample.guid.entity();
        let announces = matches!(
            entity,
            codes::SPDP | codes::SEDP_WRITER | codes::SEDP_READER | codes::SEDP_TOPIC
        );
        match Operation::find(codes::BUILT_INS, entity) {
            Some(row) if announces => self.announcement(context, submessage.id, &sample, row, out),
            Some(row) => built_in(submessage.id, &sample, row, out),
            None if sample.guid.is_built_in() => {
                built_in(submessage.id, &sample, &codes::BUILT_IN, out)
            }
            None => self.user_data(context, submessage.id, &sample, out),
        }
        Some(())
    }

    fn user_data(&mut self, context: &Context, id: u8, sample: &Sample<'_>, out: &mut dyn Sink) {
        let name = self.writers.name(sample.guid, sample.reader, out);
        let inline = sample.topic.map(Name::read);
        let of_topic = match (name.known, &inline, &name.read) {
            (Some(writer), ..) => writer.operation,
            (None, Some(name), _) => name.operation(),
            // who writes to a reader of commands commands; the reverse is not proven
            (None, None, Some(read)) if read.operation.intent > Intent::Unknown => read.operation,
            (None, None, _) => &topic::PUBLISH,
        };
        let operation = match sample.status {
            status if status & DISPOSED != 0 => &topic::DISPOSE,
            status if status & UNREGISTERED != 0 => &topic::UNREGISTER,
            _ => of_topic,
        };
        let known = name.known.or(name.read.as_ref().filter(|_| inline.is_none()));
        let role = known.map(|known| known.role).or(inline.map(|name| name.role));
        let kind = match role {
            Some(Role::Request) => Kind::Request,
            Some(Role::Reply) => Kind::Response,
            Some(Role::Topic) | None => Kind::Notice,
        };
        let mut anomalies = sample.anomalies();
        if name.known.is_some_and(|writer| writer.gone) {
            anomalies.push(DISPOSED_OF);
        }
        let object = match (name.known, &inline) {
            (None, Some(inline)) => Object::Named(inline),
            _ => Object::Named(&name),
        };
        let script = sample.text().filter(|_| *operation == topic::SCRIPT);
        let piece = script.map(|bytes| Piece {
            transfer: 0,
            kind: "URScript",
            name: &object,
            to: context.to,
            offset: None,
            bytes,
            part: Part::Whole,
        });
        out.message(&Message {
            kind,
            piece: piece.as_ref(),
            object,
            values: Some(sample),
            // to take away what commands is no less than to command
            intent: if sample.status & DISPOSED != 0 { of_topic.intent } else { operation.intent },
            ..notice(operation, id).with_anomalies(&anomalies)
        });
    }
}

/// Data of built-in writers that is not read further.
fn built_in(id: u8, sample: &Sample<'_>, row: &'static Operation, out: &mut dyn Sink) {
    let anomalies = sample.anomalies();
    let participant = Participant::new(sample.guid.prefix(), Some(out));
    out.message(&Message {
        object: Object::Named(&participant),
        values: Some(sample),
        ..notice(row, id).with_anomalies(&anomalies)
    });
}
