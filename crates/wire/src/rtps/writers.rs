//! Which writers were announced, and their topics; bounded, the oldest gives way.
//!
//! What a flow heard or was asked for it keeps itself; what other flows heard stands in notes:
//!
//! ```text
//!  GUID of a writer or reader -> gone (1) | role (1) | row of its topic (1) | topic, as shown
//!  prefix of a participant    -> its label
//! ```
//! **Nobody can talk a writer harmless:** one that is announced with another topic keeps what is
//! more dangerous of the two, also after its disposal, and the announcement is an oddity. A writer
//! that joins anew costs one entry; announcements repeated, and data, cost nothing.

use std::fmt::{self, Write as _};

use arrayvec::ArrayString;

use super::codes;
use super::read::{Guid, Prefix};
use super::topic::{self, Name, Role};
use crate::Text;
use crate::session::{Noted, Sink};
use crate::table::{Operation, Protocol};

/// Writers that are remembered: a ROS 2 node has about ten, a process some nodes.
pub(super) const WRITERS_MAX: usize = 256;
/// Participants whose joining is remembered.
const PARTICIPANTS_MAX: usize = 32;
/// Bytes of a topic's name that are kept.
const TOPIC_BYTES_MAX: usize = 128;

/// Bytes of a participant's label that are noted.
const LABEL_BYTES_MAX: usize = 96;
/// Data of a writer is read as other flows announced it; after so many, they are asked again.
const ASK_AGAIN: u8 = 64;

/// A writer or reader that was announced.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    guid: Guid,
    topic: ArrayString<TOPIC_BYTES_MAX>,
    /// What data on its topic does.
    pub(super) operation: &'static Operation,
    pub(super) role: Role,
    /// It was disposed of; what it still sends is read as before.
    pub(super) gone: bool,
    /// It was announced in this flow.
    here: bool,
    /// Times that it was looked for since other flows were asked.
    looks: u8,
}

impl Endpoint {
    fn new(guid: Guid, name: Name<'_>) -> Self {
        let topic = clipped(format_args!("{name}"));
        let (operation, role) = (name.operation(), name.role);
        Self { guid, topic, operation, role, gone: false, here: true, looks: 0 }
    }

    /// What this or another flow noted.
    fn noted(guid: Guid, out: &dyn Sink) -> Option<Self> {
        let value = out.noted(Protocol::RTPS, &guid.0)?;
        let [gone, role, row, topic @ ..] = value.as_slice() else { return None };
        let topic = ArrayString::from(std::str::from_utf8(topic).ok()?).ok()?;
        let (operation, role) = (topic::noted_row(*row)?, Role::noted(*role)?);
        Some(Self { guid, topic, operation, role, gone: *gone != 0, here: false, looks: 0 })
    }

    fn note(&self, out: &mut dyn Sink) {
        let Some(row) = topic::row_to_note(self.operation) else { return };
        let mut value = Noted::new();
        value.extend([u8::from(self.gone), self.role.to_note(), row]);
        if value.try_extend_from_slice(self.topic.as_bytes()).is_ok() {
            out.note(Protocol::RTPS, &self.guid.0, &value);
        }
    }

    fn is_on_the_topic_of(&self, other: &Self) -> bool {
        self.topic == other.topic && self.role == other.role
    }

    /// What counts when it was known as `before`: the same topic, or the more dangerous one; one
    /// that is gone may come back as something equal. And whether they contradict.
    fn over(self, before: Option<&Self>) -> (Self, bool) {
        let Some(before) = before.filter(|before| !before.is_on_the_topic_of(&self)) else {
            return (self, false);
        };
        let (now, then) = (self.operation.intent, before.operation.intent);
        let takes = now > then || before.gone && now == then;
        let kept = if takes { self } else { Self { gone: false, here: true, ..before.clone() } };
        (kept, !(before.gone && takes))
    }
}

/// What an announcement led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Joining {
    /// This flow did not know it, or not with this topic.
    pub(super) new: bool,
    /// It was announced with another topic.
    pub(super) contradicts: bool,
}

/// The writers and participants of a flow.
#[derive(Default)]
pub(super) struct Writers {
    writers: Vec<Endpoint>,
    next: usize,
    participants: [Prefix; PARTICIPANTS_MAX],
    next_participant: usize,
}

impl Writers {
    /// Remembers a participant and its label; whether this flow did not know it.
    pub(super) fn join(
        &mut self,
        prefix: Prefix,
        label: &dyn fmt::Display,
        out: &mut dyn Sink,
    ) -> bool {
        let text = clipped::<LABEL_BYTES_MAX>(format_args!("{label}"));
        if !text.is_empty() {
            out.note(Protocol::RTPS, &prefix.0, text.as_bytes());
        }
        if self.participants.contains(&prefix) {
            return false;
        }
        if let Some(place) = self.participants.get_mut(self.next_participant) {
            *place = prefix;
        }
        self.next_participant = (self.next_participant + 1) % PARTICIPANTS_MAX;
        true
    }

    /// A participant is gone, and its writers.
    pub(super) fn leave(&mut self, prefix: Prefix, out: &mut dyn Sink) {
        for known in &mut self.participants {
            if *known == prefix {
                *known = Prefix::default();
            }
        }
        for writer in self.writers.iter_mut().filter(|writer| writer.guid.prefix() == prefix) {
            writer.gone = true;
            writer.note(out);
        }
    }

    /// Remembers a writer, here and for other flows.
    pub(super) fn announce(&mut self, guid: Guid, name: Name<'_>, out: &mut dyn Sink) -> Joining {
        let known = self.writers.iter_mut().find(|known| known.guid == guid);
        let noted = Endpoint::noted(guid, out);
        let here = known.as_ref().is_some_and(|known| known.here && !known.gone);
        let (kept, contradicts) =
            Endpoint::new(guid, name).over(noted.as_ref().or(known.as_deref()));
        let again = noted.is_some_and(|noted| noted.is_on_the_topic_of(&kept) && !noted.gone);
        if !again {
            kept.note(out);
        }
        match known {
            Some(known) => *known = kept,
            None => self.keep(kept),
        }
        Joining { new: !here || contradicts, contradicts }
    }

    /// Notes a reader, whose topic tells that of a writer that was not announced; whether it was
    /// announced with another topic.
    pub(super) fn announce_reader(guid: Guid, name: Name<'_>, out: &mut dyn Sink) -> bool {
        let noted = Endpoint::noted(guid, out);
        let (kept, contradicts) = Endpoint::new(guid, name).over(noted.as_ref());
        kept.note(out);
        contradicts
    }

    fn keep(&mut self, writer: Endpoint) {
        if self.writers.len() < WRITERS_MAX {
            self.writers.push(writer);
        } else if let Some(oldest) = self.writers.get_mut(self.next) {
            *oldest = writer;
            self.next = (self.next + 1) % WRITERS_MAX;
        }
    }

    /// A writer is gone.
    pub(super) fn dispose(&mut self, guid: Guid, out: &mut dyn Sink) {
        self.find(guid, out);
        if let Some(known) = self.writers.iter_mut().find(|known| known.guid == guid) {
            known.gone = true;
            known.note(out);
        }
    }

    /// What is known of a writer, from this flow or others.
    pub(super) fn find(&mut self, guid: Guid, out: &dyn Sink) -> Option<&Endpoint> {
        if guid.is_built_in() {
            return None;
        }
        let place = self.writers.iter().position(|known| known.guid == guid);
        let Some(place) = place else {
            let place =
                if self.writers.len() < WRITERS_MAX { self.writers.len() } else { self.next };
            self.keep(Endpoint::noted(guid, out)?);
            return self.writers.get(place);
        };
        let known = self.writers.get_mut(place)?;
        known.looks = (known.looks + 1) % ASK_AGAIN;
        if let Some(noted) = (known.looks == 0).then(|| Endpoint::noted(guid, out)).flatten() {
            let (here, gone) = (known.here, noted.gone);
            *known = Endpoint { here, gone, ..noted.over(Some(known)).0 };
        }
        Some(known)
    }

    /// What a writer is called: its topic, what it announces, or its GUID. `reader` is whom it
    /// writes to, where that is one.
    pub(super) fn name(&mut self, guid: Guid, reader: Option<Guid>, out: &dyn Sink) -> Called<'_> {
        let built_in = Operation::find(codes::BUILT_INS, guid.entity());
        let known = self.find(guid, out);
        let unknown = known.is_none() && built_in.is_none();
        let read = reader.filter(|_| unknown).and_then(|guid| Endpoint::noted(guid, out));
        let of = Participant::new(guid.prefix(), if unknown { Some(out) } else { None });
        Called { guid, known, built_in, read, of }
    }

    pub(super) fn held_bytes(&self) -> usize {
        self.writers.capacity() * size_of::<Endpoint>()
    }
}

/// A participant by its prefix, and by its label where that was noted.
pub(super) struct Participant {
    prefix: Prefix,
    label: Option<Noted>,
}

impl Participant {
    pub(super) fn new(prefix: Prefix, out: Option<&dyn Sink>) -> Self {
        Self { prefix, label: out.and_then(|out| out.noted(Protocol::RTPS, &prefix.0)) }
    }
}

impl fmt::Display for Participant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.label {
            Some(label) => write!(f, "{} ({})", Text(label), self.prefix),
            None => self.prefix.fmt(f),
        }
    }
}

/// A writer's name, as messages show it.
pub(super) struct Called<'a> {
    guid: Guid,
    pub(super) known: Option<&'a Endpoint>,
    built_in: Option<&'static Operation>,
    /// The reader that it writes to, where it is unknown itself.
    pub(super) read: Option<Endpoint>,
    of: Participant,
}

impl fmt::Display for Called<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.known.or(self.read.as_ref()), self.built_in) {
            (Some(endpoint), _) => f.write_str(&endpoint.topic),
            (None, Some(row)) => write!(f, "({})", row.name),
            (None, None) => write!(f, "writer {:08x} of {}", self.guid.entity(), self.of),
        }
    }
}

fn clipped<const N: usize>(text: fmt::Arguments<'_>) -> ArrayString<N> {
    let mut clipped = Clipped(ArrayString::new());
    let _ = clipped.write_fmt(text);
    clipped.0
}

/// Takes text until its space is full, and ends it with two dots then.
struct Clipped<const N: usize>(ArrayString<N>);

impl<const N: usize> fmt::Write for Clipped<N> {
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
