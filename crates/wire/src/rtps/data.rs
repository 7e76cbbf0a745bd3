//! DATA and DATA_FRAG: announcements of discovery, and user data by its topic.
//!
//! Of fragmented data the first fragment is read as far as it goes.

use std::fmt;

use arrayvec::ArrayVec;

use super::announced::Announced;
use super::codes::{self, id, parameter};
use super::read::{Guid, Prefix};
use super::topic::{self, Name, Role};
use super::writers::Writer;
use super::{Context, Rtps, Submessage, notice};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Subject};
use crate::session::Sink;
use crate::table::Operation;

const SEQUENCE: Anomaly = Anomaly::violation("sequence number is not positive");
const FOREIGN: Anomaly = Anomaly::oddity("speaks for another participant than the sender");
const LIST: Anomaly = Anomaly::malformed("announcement is no parameter list");

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
struct Fragment {
    first: u32,
    count: u16,
    sample_bytes: u32,
}

/// One sample, or a part of it.
struct Sample<'a> {
    guid: Guid,
    sequence: i64,
    status: u32,
    key_hash: Option<Guid>,
    /// The topic, where a reader wants it with all data (RTPS 2.5 8.7.1).
    topic: Option<&'a [u8]>,
    fragment: Option<Fragment>,
    payload: &'a [u8],
    key_only: bool,
}

impl<'a> Sample<'a> {
    fn read(context: &Context, submessage: &Submessage<'a>) -> Option<Self> {
        let mut body = submessage.body;
        body.u16()?;
        let mut to_qos = usize::from(body.u16()?).checked_sub(16)?;
        body.u32()?;
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
        Some(Self { guid, sequence, status, key_hash, topic, fragment, payload, key_only })
    }

    fn is_gone(&self) -> bool {
        self.status & (DISPOSED | UNREGISTERED) != 0
    }

    /// Whether the payload begins where the sample does.
    fn begins(&self) -> bool {
        self.fragment.is_none_or(|fragment| fragment.first == 1)
    }

    fn anomalies(&self) -> ArrayVec<Anomaly, 4> {
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
            // kinds with the upper bits set are built in or a vendor's own (9.3.1.2)
            None if entity & 0xc0 != 0 => built_in(submessage.id, &sample, &codes::BUILT_IN, out),
            None => self.user_data(submessage.id, &sample, out),
        }
        Some(())
    }

    fn user_data(&self, id: u8, sample: &Sample<'_>, out: &mut dyn Sink) {
        let writer = self.writers.find(sample.guid);
        let inline = sample.topic.map(Name::read);
        let of_topic = match (writer, inline) {
            (Some(writer), _) => writer.operation,
            (None, Some(name)) => name.operation(),
            (None, None) => Writer::UNKNOWN,
        };
        let operation = match sample.status {
            status if status & DISPOSED != 0 => &topic::DISPOSE,
            status if status & UNREGISTERED != 0 => &topic::UNREGISTER,
            _ => of_topic,
        };
        let role = writer.map(|writer| writer.role).or(inline.map(|name| name.role));
        let kind = match role {
            Some(Role::Request) => Kind::Request,
            Some(Role::Reply) => Kind::Response,
            Some(Role::Topic) | None => Kind::Notice,
        };
        let name = self.writers.name(sample.guid);
        let anomalies = sample.anomalies();
        let object = match (writer, &inline) {
            (None, Some(inline)) => Object::Named(inline),
            _ => Object::Named(&name),
        };
        out.message(&Message {
            kind,
            object,
            values: Some(sample),
            // to take away what commands is no less than to command
            intent: if sample.status & DISPOSED != 0 { of_topic.intent } else { operation.intent },
            ..notice(operation, id).with_anomalies(&anomalies)
        });
    }

    fn announcement(
        &mut self,
        context: &Context,
        id: u8,
        sample: &Sample<'_>,
        row: &'static Operation,
        out: &mut dyn Sink,
    ) {
        let payload = if sample.begins() { sample.payload } else { &[] };
        let said = Announced::read(payload, context.vendor);
        let guid = said.guid.or(sample.key_hash);
        let mut anomalies = sample.anomalies();
        if guid.is_some_and(|guid| guid.prefix() != context.source) {
            let _ = anomalies.try_push(FOREIGN);
        }
        if !said.whole && !payload.is_empty() && sample.fragment.is_none() {
            let _ = anomalies.try_push(LIST);
        }
        let subject = Announcement { said: &said, guid };
        let fallback = sample.guid.prefix();
        let mut message = notice(row, id).with_anomalies(&anomalies);
        message.object = match (said.topic.map(Name::read), guid) {
            (Some(_), _) | (None, Some(_)) => Object::Named(&subject),
            (None, None) => Object::Named(&fallback),
        };
        if sample.is_gone() {
            message.operation =
                Operation::find(codes::DISPOSALS, row.code).unwrap_or(&codes::BUILT_IN);
            message.intent = message.operation.intent;
            let known = guid.map(|guid| self.writers.name(guid));
            if let (Some(known), codes::SEDP_WRITER) = (&known, row.code) {
                message.object = Object::Named(known);
            }
            out.message(&message);
            return self.forget(row.code, guid);
        }
        message.values = Some(&said);
        let facts = Facts::new(&said, guid.map(Guid::prefix).unwrap_or(fallback));
        let facts = match (row.code, guid) {
            (codes::SPDP, _) => facts.participant(self.writers.join(facts.prefix)),
            (codes::SEDP_WRITER, Some(guid)) => {
                let new = facts.name.is_some_and(|name| self.writers.announce(guid, name));
                facts.writer(new)
            }
            _ => ArrayVec::new(),
        };
        out.message(&message.with_facts(&facts));
    }

    fn forget(&mut self, code: u32, guid: Option<Guid>) {
        match (code, guid) {
            (codes::SPDP, Some(guid)) => self.writers.leave(guid.prefix()),
            (codes::SEDP_WRITER, Some(guid)) => self.writers.dispose(guid),
            _ => {}
        }
    }
}

/// Data of built-in writers that is not read further.
fn built_in(id: u8, sample: &Sample<'_>, row: &'static Operation, out: &mut dyn Sink) {
    let anomalies = sample.anomalies();
    let prefix = sample.guid.prefix();
    out.message(&Message {
        object: Object::Named(&prefix),
        values: Some(sample),
        ..notice(row, id).with_anomalies(&anomalies)
    });
}

/// What is announced: a topic by its name, a participant by its prefix, an endpoint by its GUID.
struct Announcement<'a, 'b> {
    said: &'b Announced<'a>,
    guid: Option<Guid>,
}

impl fmt::Display for Announcement<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.said.topic, self.guid) {
            (Some(topic), _) => Name::read(topic).fmt(f),
            // the entity of a participant (RTPS 2.5 table 9.3)
            (None, Some(guid)) if guid.entity() == 0x0000_01c1 => guid.prefix().fmt(f),
            (None, Some(guid)) => guid.fmt(f),
            (None, None) => Ok(()),
        }
    }
}

/// What an announcement teaches.
struct Facts<'a> {
    prefix: Prefix,
    name: Option<Name<'a>>,
    label: Label<'a>,
    software: Option<super::announced::Software>,
    host: Option<crate::Text<'a>>,
}

impl<'a> Facts<'a> {
    fn new(said: &Announced<'a>, prefix: Prefix) -> Self {
        Self {
            prefix,
            name: said.topic.map(Name::read),
            label: Label { text: said.label(), prefix },
            software: said.software(),
            host: said.host,
        }
    }

    fn participant(&self, new: bool) -> ArrayVec<Fact<'_>, 4> {
        let mut facts = ArrayVec::new();
        let mut tell = |field, value| {
            facts.push(Fact::Identity { about: Subject::Sender, field, value });
        };
        if let Some(software) = &self.software {
            tell(Field::Software, software as &dyn fmt::Display);
        }
        if let Some(host) = &self.host {
            tell(Field::Hostname, host as &dyn fmt::Display);
        }
        if new {
            facts.push(Fact::Joined {
                what: "DDS participant",
                name: &self.label,
                commands: false,
            });
        }
        facts
    }

    fn writer(&self, new: bool) -> ArrayVec<Fact<'_>, 4> {
        let joined = self.name.as_ref().filter(|_| new).map(|name| Fact::Joined {
            what: "DDS writer",
            name,
            // who answers a service commands nothing
            commands: name.role != Role::Reply && name.operation().intent >= plant::Intent::Operate,
        });
        joined.into_iter().collect()
    }
}

/// `RTI Shapes Demo (c0a87a0100003a4c00000001)`.
struct Label<'a> {
    text: Option<crate::Text<'a>>,
    prefix: Prefix,
}

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text {
            Some(text) => write!(f, "{text} ({})", self.prefix),
            None => self.prefix.fmt(f),
        }
    }
}
