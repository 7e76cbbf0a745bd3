//! What is known so far: stations and conversations.

use plant::Time;

use crate::conversation::{Channel, Conversation, ConversationId, Conversations, Parts};
use crate::expect::Expectations;
use crate::hash::Seeded;
use crate::limits::Limits;
use crate::note::Notes;
use crate::program::Programs;
use crate::station::{OTHERS, Stations};

/// Stations and conversations, as observers may read them.
#[derive(Debug)]
pub struct World {
    /// Every address seen.
    pub stations: Stations,
    pub(crate) conversations: Conversations,
    /// Programs and files that crossed the wire.
    pub programs: Programs,
    pub(crate) expected: Expectations,
    pub(crate) notes: Notes,
    /// Time of the first frame.
    pub first_seen: Option<Time>,
    /// Time of the latest frame.
    pub last_seen: Option<Time>,
}

impl World {
    pub(crate) fn new(hash: &Seeded, limits: &Limits) -> Self {
        Self {
            stations: Stations::new(hash.clone(), limits.stations_max),
            conversations: Conversations::new(hash.clone(), limits.conversations_max),
            programs: Programs::new(hash.clone()),
            expected: Expectations::default(),
            notes: Notes::new(hash.clone()),
            first_seen: None,
            last_seen: None,
        }
    }

    /// The conversation of these parts, made if it is new. Past the bound all further ones of a
    /// protocol are one, between stations without an address.
    pub(crate) fn between(&mut self, parts: Parts, now: Time) -> ConversationId {
        if let Some(id) = self.conversations.find(parts) {
            return id;
        }
        if !self.conversations.is_full() {
            return self.conversations.insert(parts, now);
        }
        self.conversations.shed += 1;
        let others = self.stations.at(OTHERS, now);
        let channel = match parts.2 {
            Channel::Protocol(protocol) => Channel::Protocol(protocol),
            Channel::Tcp(_) | Channel::Udp(_) | Channel::Ether(_) | Channel::Ip(_) => {
                Channel::Ip(u8::MAX)
            }
        };
        let shared = (others, others, channel);
        let known = self.conversations.find(shared);
        known.unwrap_or_else(|| self.conversations.insert(shared, now))
    }

    /// A conversation. Ids of another tracker may find none.
    pub fn conversation(&self, id: ConversationId) -> Option<&Conversation> {
        self.conversations.all.get(id.index())
    }

    /// Every conversation with its id, first seen first.
    pub fn conversations(&self) -> impl Iterator<Item = (ConversationId, &Conversation)> {
        (0..).map(ConversationId).zip(&self.conversations.all)
    }
}
