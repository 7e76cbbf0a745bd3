//! Announcements of participants, writers, readers and topics, and what they teach.
//!
//! Of a fragmented announcement the first fragment is read as far as it goes.

use std::fmt;

use arrayvec::ArrayVec;

use super::announced::{Announced, Software};
use super::data::Sample;
use super::read::{Guid, Prefix};
use super::topic::{Name, Role};
use super::writers::{Participant, Writers};
use super::{Context, Rtps, codes, notice};
use crate::Text;
use crate::message::{Anomaly, Fact, Field, Message, Object, Subject};
use crate::session::Sink;
use crate::table::Operation;

const FOREIGN: Anomaly = Anomaly::oddity("speaks for another participant than the sender");
const CHANGED: Anomaly = Anomaly::oddity("was announced with another topic before");
const LIST: Anomaly = Anomaly::malformed("announcement is no parameter list");
/// The entity that a participant itself is (RTPS 2.5 table 9.3).
const PARTICIPANT: u32 = 0x0000_01c1;

impl Rtps {
    pub(super) fn announcement(
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
        let mut message = notice(row, id);
        message.object = match (said.topic.map(Name::read), guid) {
            (Some(_), _) | (None, Some(_)) => Object::Named(&subject),
            (None, None) => Object::Named(&fallback),
        };
        if sample.is_gone() {
            message.operation =
                Operation::find(codes::DISPOSALS, row.code).unwrap_or(&codes::BUILT_IN);
            message.intent = message.operation.intent;
            let known = guid.map(|guid| self.writers.name(guid, None, out));
            let participant = guid.map(|guid| Participant::new(guid.prefix(), Some(out)));
            match (&known, &participant, row.code) {
                (Some(known), _, codes::SEDP_WRITER) => message.object = Object::Named(known),
                (_, Some(participant), codes::SPDP) => message.object = Object::Named(participant),
                _ => {}
            }
            out.message(&message.with_anomalies(&anomalies));
            return self.forget(row.code, guid, out);
        }
        let facts = Facts::new(&said, guid.map(Guid::prefix).unwrap_or(fallback));
        let mut contradicts = false;
        let facts = match (row.code, guid, facts.name) {
            (codes::SPDP, ..) => {
                let label = facts.label.text.unwrap_or(Text(&[]));
                facts.participant(self.writers.join(facts.prefix, &label, out))
            }
            (codes::SEDP_WRITER, Some(guid), Some(name)) => {
                let joining = self.writers.announce(guid, name, out);
                contradicts = joining.contradicts;
                facts.writer(joining.new)
            }
            (codes::SEDP_READER, Some(guid), Some(name)) => {
                contradicts = Writers::announce_reader(guid, name, out);
                ArrayVec::new()
            }
            _ => ArrayVec::new(),
        };
        if contradicts {
            let _ = anomalies.try_push(CHANGED);
        }
        let message = message.with_anomalies(&anomalies);
        out.message(&Message { values: Some(&said), ..message.with_facts(&facts) });
    }

    fn forget(&mut self, code: u32, guid: Option<Guid>, out: &mut dyn Sink) {
        match (code, guid) {
            (codes::SPDP, Some(guid)) => self.writers.leave(guid.prefix(), out),
            (codes::SEDP_WRITER, Some(guid)) => self.writers.dispose(guid, out),
            _ => {}
        }
    }
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
            (None, Some(guid)) if guid.entity() == PARTICIPANT => guid.prefix().fmt(f),
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
    software: Option<Software>,
    host: Option<Text<'a>>,
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
    text: Option<Text<'a>>,
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
