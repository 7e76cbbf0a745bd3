//! Which writers a flow has announced, and their topics; bounded, the oldest gives way.
//!
//! A writer that joins anew costs one entry; announcements repeated, and data, cost nothing.

use std::fmt::{self, Write as _};

use arrayvec::ArrayString;

use super::codes;
use super::read::{Guid, Prefix};
use super::topic::{Name, PUBLISH, Role};
use crate::table::Operation;

/// Writers that are remembered: a ROS 2 node has about ten, a process some nodes.
pub(super) const WRITERS_MAX: usize = 256;
/// Participants whose joining is remembered.
const PARTICIPANTS_MAX: usize = 32;
/// Bytes of a topic's name that are kept.
const TOPIC_BYTES_MAX: usize = 128;

/// A writer that was announced.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    guid: Guid,
    topic: ArrayString<TOPIC_BYTES_MAX>,
    /// What data on its topic does.
    pub(super) operation: &'static Operation,
    pub(super) role: Role,
}

/// The writers and participants of a flow.
#[derive(Default)]
pub(super) struct Writers {
    writers: Vec<Writer>,
    next: usize,
    participants: [Prefix; PARTICIPANTS_MAX],
    next_participant: usize,
}

impl Writers {
    /// Remembers a participant; whether it is new.
    pub(super) fn join(&mut self, prefix: Prefix) -> bool {
        if self.participants.contains(&prefix) {
            return false;
        }
        if let Some(place) = self.participants.get_mut(self.next_participant) {
            *place = prefix;
        }
        self.next_participant = (self.next_participant + 1) % PARTICIPANTS_MAX;
        true
    }

    /// Forgets a participant and its writers.
    pub(super) fn leave(&mut self, prefix: Prefix) {
        for known in &mut self.participants {
            if *known == prefix {
                *known = Prefix::default();
            }
        }
        self.writers.retain(|writer| writer.guid.prefix() != prefix);
        self.next = 0;
    }

    /// Remembers a writer; whether it is new, or writes to another topic now.
    pub(super) fn announce(&mut self, guid: Guid, name: Name<'_>) -> bool {
        let mut topic = Clipped(ArrayString::new());
        let _ = write!(topic, "{name}");
        let writer = Writer { guid, topic: topic.0, operation: name.operation(), role: name.role };
        if let Some(known) = self.writers.iter_mut().find(|known| known.guid == guid) {
            let same = known.topic == writer.topic && known.role == writer.role;
            *known = writer;
            return !same;
        }
        if self.writers.len() < WRITERS_MAX {
            self.writers.push(writer);
        } else if let Some(oldest) = self.writers.get_mut(self.next) {
            *oldest = writer;
            self.next = (self.next + 1) % WRITERS_MAX;
        }
        true
    }

    /// Forgets a writer.
    pub(super) fn dispose(&mut self, guid: Guid) {
        self.writers.retain(|known| known.guid != guid);
        self.next = 0;
    }

    pub(super) fn find(&self, guid: Guid) -> Option<&Writer> {
        self.writers.iter().find(|known| known.guid == guid)
    }

    /// What a writer is called: its topic, what it announces, or its GUID.
    pub(super) fn name(&self, guid: Guid) -> Called<'_> {
        let known = self.find(guid);
        Called { guid, known, built_in: Operation::find(codes::BUILT_INS, guid.entity()) }
    }

    pub(super) fn held_bytes(&self) -> usize {
        self.writers.capacity() * size_of::<Writer>()
    }
}

impl Writer {
    /// The row of data on an unknown topic.
    pub(super) const UNKNOWN: &'static Operation = &PUBLISH;
}

/// A writer's name, as messages show it.
pub(super) struct Called<'a> {
    guid: Guid,
    known: Option<&'a Writer>,
    built_in: Option<&'static Operation>,
}

impl fmt::Display for Called<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.known, self.built_in) {
            (Some(writer), _) => f.write_str(&writer.topic),
            (None, Some(row)) => write!(f, "({})", row.name),
            (None, None) => write!(f, "writer {}", self.guid),
        }
    }
}

/// Takes text until its space is full, and ends it with two dots then.
struct Clipped(ArrayString<TOPIC_BYTES_MAX>);

impl fmt::Write for Clipped {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.0.remaining_capacity() < character.len_utf8() + 2 {
                self.0.push_str("..");
                return Err(fmt::Error);
            }
            self.0.push(character);
        }
        Ok(())
    }
}
