//! A policy beside a tracker: the verdict of each message as it is seen.

use flow::{Conversation, ConversationId, Program, Seen, StationId, World};
use plant::Time;
use wire::{Kind, Side};

use crate::compile::Policy;
use crate::judge::Path;
use crate::stations::Station;
use crate::verdict::{Decision, Reason, Verdict};

/// A policy with the path of every conversation at hand.
pub struct Watch<'p> {
    policy: &'p Policy,
    /// By conversation.
    paths: Vec<Option<Path>>,
    /// The same the other way, for those whose answering side acts unasked.
    back: Vec<Option<Path>>,
}

impl<'p> Watch<'p> {
    /// Nothing seen yet.
    pub const fn new(policy: &'p Policy) -> Self {
        Self { policy, paths: Vec::new(), back: Vec::new() }
    }

    /// The policy.
    pub const fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// The verdict of one message. What the answering side does unasked, as guiding a robot that
    /// connected to it, may be permitted by a rule the one way, or is judged the other way.
    /// Allocates only for a conversation's first.
    pub fn judge(&mut self, world: &World, seen: &Seen<'_>) -> Verdict {
        let policy = self.policy;
        let path = self.path(world, seen.conversation);
        let told =
            path.map_or(Verdict::OUTSIDE, |path| policy.judge(path, seen.time, seen.message));
        let message = seen.message;
        let unasked = seen.from == Side::Server && message.kind == Kind::Notice;
        let ruled = matches!(told.reason(), Reason::Rule(_));
        if !unasked || !message.intent.acts() || ruled {
            return told;
        }
        let Some(back) = self.path_back(world, seen.conversation) else { return told };
        let back = policy.judge(back, seen.time, message);
        if back.decision() == Decision::Unknown { told } else { back }
    }

    fn path_back(&mut self, world: &World, id: ConversationId) -> Option<&Path> {
        let at = id.index();
        if self.back.len() <= at {
            self.back.resize(at + 1, None);
        }
        let slot = self.back.get_mut(at)?;
        if slot.is_none() {
            let conversation = world.conversation(id)?;
            let end = |id| self.policy.station_of(world, id);
            let path = self.policy.path(end(conversation.target), end(conversation.source));
            *slot = Some(path);
        }
        slot.as_ref()
    }

    /// The verdict of a conversation's bytes that no dissector reads.
    pub fn judge_undecoded(&mut self, world: &World, id: ConversationId, now: Time) -> Verdict {
        let policy = self.policy;
        let path = self.path(world, id);
        path.map_or(Verdict::OUTSIDE, |path| policy.judge_undecoded(path, now))
    }

    /// Whether the plant lists a program for who received it; `None` where it lists none for it.
    pub fn pins(&self, world: &World, program: &Program) -> Option<bool> {
        let station = self.policy.station_of(world, program.to);
        match program.hash {
            Ok(hash) => self.policy.pins(station, &hash.0),
            Err(_) => self.policy.pins(station, &[0; 32]),
        }
    }

    /// The path of a conversation; none if there is no such conversation.
    pub fn path(&mut self, world: &World, id: ConversationId) -> Option<&Path> {
        let at = id.index();
        if self.paths.len() <= at {
            self.paths.resize(at + 1, None);
        }
        let slot = self.paths.get_mut(at)?;
        if slot.is_none() {
            *slot = Some(self.policy.path_of(world, world.conversation(id)?));
        }
        slot.as_ref()
    }
}

impl Policy {
    /// The station of the plant that a tracker's station is: by its own address only, because a
    /// router's Ethernet address stands on the packets of all stations behind it.
    pub fn station_of(&self, world: &World, id: StationId) -> Station {
        let station = world.stations.get(id);
        station.map_or(Station::Outside, |station| self.station(&[station.address]))
    }

    /// The path of a tracker's conversation.
    pub fn path_of(&self, world: &World, conversation: &Conversation) -> Path {
        let end = |id| self.station_of(world, id);
        self.path(end(conversation.source), end(conversation.target))
    }
}
