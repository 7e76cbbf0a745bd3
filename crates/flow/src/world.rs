//! What is known so far: stations and conversations.

use plant::Time;

use crate::conversation::{Conversation, ConversationId, Conversations};
use crate::hash::Seeded;
use crate::limits::Limits;
use crate::station::Stations;

/// Stations and conversations, as observers may read them.
#[derive(Debug)]
pub struct World {
    /// Every address seen.
    pub stations: Stations,
    pub(crate) conversations: Conversations,
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
            first_seen: None,
            last_seen: None,
        }
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
