//! Conversations: who said what to whom, counted by operation and intent.

use hashbrown::HashTable;
use plant::{Intent, Time};
use wire::{Kind, Message, Operation, Outcome, Protocol};

use crate::hash::Seeded;
use crate::station::StationId;

/// Place of a conversation in the [`World`](crate::World).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConversationId(pub(crate) u32);

impl ConversationId {
    /// Its place, for tables beside the world's.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a conversation goes over: a protocol that was identified, or where it could not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// A protocol, by its content.
    Protocol(Protocol),
    /// Nothing identified on this TCP port of the target.
    Tcp(u16),
    /// Nothing identified on this UDP port of the target.
    Udp(u16),
    /// Ethernet frames with this EtherType, nothing identified.
    Ether(u16),
    /// IP packets of this protocol number, nothing identified.
    Ip(u8),
}

/// Messages of one operation in a conversation.
#[derive(Clone, Copy, Debug)]
pub struct OperationCount {
    /// The table row.
    pub operation: &'static Operation,
    /// The code on the wire.
    pub code: u32,
    /// The strongest intent that it had here.
    pub intent: Intent,
    /// Requests.
    pub requests: u64,
    /// Responses, also those that tell an error.
    pub responses: u64,
    /// Responses that tell an error.
    pub errors: u64,
    /// Notices.
    pub notices: u64,
}

impl OperationCount {
    /// All messages of it.
    pub const fn messages(&self) -> u64 {
        self.requests + self.responses + self.notices
    }
}

/// Everything between two stations over one channel.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// The station that asks.
    pub source: StationId,
    /// The station that answers.
    pub target: StationId,
    /// What it goes over.
    pub channel: Channel,
    /// When its first frame was seen.
    pub first_seen: Time,
    /// When its last frame was seen.
    pub last_seen: Time,
    /// Frames in both directions.
    pub frames: u64,
    /// Bytes of those frames, as on the wire.
    pub bytes: u64,
    /// Messages by [`Intent::index`].
    pub messages_by_intent: [u64; Intent::ALL.len()],
    /// Bytes of messages by [`Intent::index`].
    pub bytes_by_intent: [u64; Intent::ALL.len()],
    /// Messages with an anomaly that is worse than an oddity.
    pub anomalous: u64,
    /// By operation, in the order of first use; at most 256.
    pub operations: Vec<OperationCount>,
    /// Where the last message was counted; the next is mostly the same operation.
    last: usize,
}

/// Operations counted apart in one conversation. More than a protocol has; it bounds what a peer
/// that walks through all codes can cost. Further ones are counted by intent only.
const OPERATIONS_MAX: usize = 256;
/// Operations counted apart in all conversations together: two in each at their bound.
const ROWS_MAX: usize = 262_144;

impl Conversation {
    /// The strongest intent seen.
    pub fn strongest(&self) -> Option<Intent> {
        let counts = Intent::ALL.into_iter().zip(self.messages_by_intent);
        counts.rev().find(|(_, count)| *count > 0).map(|(intent, _)| intent)
    }

    /// All messages.
    pub fn messages(&self) -> u64 {
        self.messages_by_intent.iter().sum()
    }

    /// The protocol, if it was identified.
    pub const fn protocol(&self) -> Option<Protocol> {
        match self.channel {
            Channel::Protocol(protocol) => Some(protocol),
            Channel::Tcp(_) | Channel::Udp(_) | Channel::Ether(_) | Channel::Ip(_) => None,
        }
    }

    /// Counts a message, its operation apart while `rows_left`; `true` if it is the first of its
    /// operation and kind here.
    #[inline]
    pub(crate) fn count(&mut self, message: &Message<'_>, rows_left: &mut usize) -> bool {
        if let Some(count) = self.messages_by_intent.get_mut(message.intent.index()) {
            *count += 1;
        }
        let wanted = (std::ptr::from_ref(message.operation), message.code);
        let same = |row: &OperationCount| (std::ptr::from_ref(row.operation), row.code) == wanted;
        if !self.operations.get(self.last).is_some_and(same) {
            match self.operations.iter().position(same) {
                Some(place) => self.last = place,
                None if self.operations.len() < OPERATIONS_MAX && *rows_left > 0 => {
                    *rows_left -= 1;
                    if self.operations.is_empty() {
                        self.operations.reserve_exact(1);
                    }
                    self.last = self.operations.len();
                    self.operations.push(OperationCount {
                        operation: message.operation,
                        code: message.code,
                        intent: message.intent,
                        requests: 0,
                        responses: 0,
                        errors: 0,
                        notices: 0,
                    });
                }
                None => return false,
            }
        }
        let Some(row) = self.operations.get_mut(self.last) else { return false };
        row.intent = row.intent.max(message.intent);
        let count = match message.kind {
            Kind::Request => &mut row.requests,
            Kind::Response => &mut row.responses,
            Kind::Notice => &mut row.notices,
        };
        *count += 1;
        let first = *count == 1;
        row.errors += u64::from(matches!(message.outcome, Outcome::Error { .. }));
        first
    }
}

/// Every conversation, by id and by its parts.
#[derive(Debug)]
pub(crate) struct Conversations {
    pub(crate) all: Vec<Conversation>,
    index: HashTable<u32>,
    /// Who asks whom, over whatever channel.
    asked: HashTable<(StationId, StationId)>,
    hash: Seeded,
    max: usize,
    /// Operations that may still be counted apart.
    pub(crate) rows_left: usize,
    pub(crate) shed: u64,
}

pub(crate) type Parts = (StationId, StationId, Channel);

fn of(one: &Conversation) -> Parts {
    (one.source, one.target, one.channel)
}

impl Conversations {
    pub(crate) fn new(hash: Seeded, max: usize) -> Self {
        let (index, asked) = (HashTable::new(), HashTable::new());
        Self { all: Vec::new(), index, asked, hash, max, rows_left: ROWS_MAX, shed: 0 }
    }

    /// Whether `source` asks `target` in some conversation.
    pub(crate) fn has_asked(&self, source: StationId, target: StationId) -> bool {
        let pair = (source, target);
        self.asked.find(self.hash.of(&pair), |known| *known == pair).is_some()
    }

    /// Whether a further conversation would be past the bound.
    pub(crate) const fn is_full(&self) -> bool {
        self.all.len() >= self.max
    }

    /// The conversation of these parts, if there is one.
    pub(crate) fn find(&self, parts: Parts) -> Option<ConversationId> {
        let same = |id: &u32| self.all.get(*id as usize).is_some_and(|one| of(one) == parts);
        self.index.find(self.hash.of(&parts), same).map(|id| ConversationId(*id))
    }

    /// A new conversation of these parts.
    pub(crate) fn insert(&mut self, parts: Parts, now: Time) -> ConversationId {
        let hash = self.hash.of(&parts);
        let (source, target, channel) = parts;
        let id = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(Conversation {
            source,
            target,
            channel,
            first_seen: now,
            last_seen: now,
            frames: 0,
            bytes: 0,
            messages_by_intent: Default::default(),
            bytes_by_intent: Default::default(),
            anomalous: 0,
            operations: Vec::new(),
            last: 0,
        });
        let (all, seeded) = (&self.all, &self.hash);
        self.index.insert_unique(hash, id, |id| {
            all.get(*id as usize).map_or(0, |one| seeded.of(&of(one)))
        });
        let pair = (source, target);
        let same = |known: &(StationId, StationId)| *known == pair;
        self.asked.entry(seeded.of(&pair), same, |known| seeded.of(known)).or_insert(pair);
        ConversationId(id)
    }
}
