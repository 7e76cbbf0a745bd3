//! Learning: what was seen, as a plant that its owner reviews.
//!
//! The [`Learner`] watches a tracker and remembers, by conversation, which protocol did what with
//! which intent, on which cells, and in which frames. [`Learner::propose`] turns that into plant
//! text in which every zone, asset and rule says what it comes from. What the proposal permits is
//! at least what was seen; `docs/decisions/004-learning.md` says what more, and why.

mod assets;
mod cells;
mod conduits;
mod evidence;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use flow::{Observer, Seen, World};
use plant::{Intent, Item, Plant};
use wire::{Anomaly, Kind, Message, Object, Operation, Protocol};

use cells::Cells;
use evidence::Evidence;

use crate::judge::is_housekeeping;

/// Protocols and intents remembered per conversation: one protocol, what it carries, and every
/// intent of them; further ones are counted as not learned.
const LESSONS_MAX: usize = 64;
/// Operations remembered apart in one lesson; past them the rule is for the whole intent.
const OPERATIONS_MAX: usize = 32;

/// Remembers what was seen.
#[derive(Default)]
pub struct Learner {
    /// By conversation.
    conversations: Vec<Vec<Lesson>>,
    /// Messages that found no place.
    shed: u64,
}

/// What one protocol did with one intent in one conversation.
#[derive(Clone, Debug)]
struct Lesson {
    protocol: Protocol,
    intent: Intent,
    evidence: Evidence,
    /// On what, where the intent acts.
    acts: Acts,
}

/// Operations, each once, with what they come from.
type Operations = Vec<(&'static Operation, Evidence)>;

/// What was acted on.
#[derive(Clone, Debug, Default)]
struct Acts {
    cells: Cells,
    /// Operations on what is no numbered cell.
    operations: Operations,
    /// Operations of answers that do not say on what, and whose question may not have been seen.
    answers: Operations,
    /// Too many to keep apart.
    crowded: bool,
}

impl Observer for Learner {
    fn message(&mut self, _: &World, seen: &Seen<'_>) {
        let message = seen.message;
        if !teaches(message) {
            return;
        }
        let at = seen.conversation.index();
        if self.conversations.len() <= at {
            self.conversations.resize(at + 1, Vec::new());
        }
        let Some(lessons) = self.conversations.get_mut(at) else { return };
        let key = (message.protocol, message.intent);
        let place = lessons.iter().position(|lesson| (lesson.protocol, lesson.intent) == key);
        let place = place.unwrap_or(lessons.len());
        if place == LESSONS_MAX {
            self.shed += 1;
            return;
        }
        if place == lessons.len() {
            lessons.push(Lesson {
                protocol: message.protocol,
                intent: message.intent,
                evidence: Evidence::default(),
                acts: Acts::default(),
            });
        }
        let Some(lesson) = lessons.get_mut(place) else { return };
        lesson.evidence.add(seen.frame, seen.time);
        if message.intent.acts() {
            lesson.acts.add(message, &Evidence::of(seen.frame, seen.time));
        }
    }
}

/// Whether a rule can come from the message: housekeeping needs none, and an answer that does not
/// show what was asked teaches nothing.
fn teaches(message: &Message<'_>) -> bool {
    let unasked = message.kind == Kind::Response
        && message.intent == Intent::Unknown
        && message.anomalies.contains(&Anomaly::UNASKED);
    !unasked && !is_housekeeping(message.protocol, message.intent)
}

impl Acts {
    fn add(&mut self, message: &Message<'_>, evidence: &Evidence) {
        let operation = message.operation;
        match message.object {
            Object::Nothing if message.kind == Kind::Response => {
                remember(&mut self.answers, operation, evidence);
            }
            Object::Range { space, first, count } if plant::allow::is_word(space) => {
                self.crowded |= !self.cells.add(space, (first, count), evidence);
            }
            Object::Nothing | Object::Range { .. } | Object::Named(_) => {
                self.crowded |= !remember(&mut self.operations, operation, evidence);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.crowded |= other.crowded | !self.cells.merge(&other.cells);
        for (operation, evidence) in &other.operations {
            self.crowded |= !remember(&mut self.operations, operation, evidence);
        }
        for (operation, evidence) in &other.answers {
            remember(&mut self.answers, operation, evidence);
        }
    }
}

/// Adds what an operation comes from; `false` if it is new and there is no room.
fn remember(list: &mut Operations, operation: &'static Operation, evidence: &Evidence) -> bool {
    if let Some((_, known)) = list.iter_mut().find(|(known, _)| known.name == operation.name) {
        known.merge(evidence);
        return true;
    }
    let room = list.len() < OPERATIONS_MAX;
    if room {
        list.push((operation, evidence.clone()));
    }
    room
}

/// Programs of an asset that are told.
const PROGRAMS_MAX: usize = 32;

impl Learner {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Messages that were not learned because a conversation had too many protocols.
    pub const fn shed(&self) -> u64 {
        self.shed
    }

    /// The proposed plant as the text of one plant file. `world` is that of the tracker that the
    /// learner watched; `name` is the plant's name.
    pub fn propose(&self, world: &World, name: &str) -> String {
        let found = assets::find(world, &self.conversations);
        let mut plant = Plant { name: name.to_owned(), ..found.plant };
        let conduits = conduits::find(world, &self.conversations, &plant);
        plant.conduits = conduits.iter().map(|proposed| proposed.conduit.clone()).collect();
        let head = head(world, self.shed);
        plant::write(&plant, &|item| match item {
            Item::Plant => head.clone(),
            Item::Zone(id) => found.zones.get(id.index()).cloned().unwrap_or_default(),
            Item::Asset(id) => {
                let mut lines = found.assets.get(id.index()).cloned().unwrap_or_default();
                lines.extend(plant.asset(id).and_then(|asset| programs(world, asset)));
                lines
            }
            Item::Conduit(_) => Vec::new(),
            Item::Rule(id, at) => {
                conduits.get(id.index()).map(|found| found.comment(at)).unwrap_or_default()
            }
        })
    }
}

/// The programs that an asset received, as it could list them. They are only told: a list
/// forbids all others, which is for people to decide.
fn programs(world: &World, asset: &plant::Asset) -> Option<String> {
    let received = |one: &&flow::Program| {
        let station = world.stations.get(one.to);
        station.is_some_and(|station| asset.addresses.contains(&station.address))
    };
    let whole = world.programs.all().iter().filter(received).filter_map(|one| {
        let name = one.name.replace(|c: char| c.is_control() || c == '"', " ");
        one.hash.ok().map(|hash| format!("\"{hash} {}\"", name.trim()))
    });
    let whole: BTreeSet<_> = whole.take(PROGRAMS_MAX).collect();
    let list: Vec<_> = whole.into_iter().collect();
    (!list.is_empty()).then(|| format!("it received: programs = [{}]", list.join(", ")))
}

fn head(world: &World, shed: u64) -> Vec<String> {
    let mut lines = vec![
        "Proposed by `lightcurtain learn` from what was seen on the network.".to_owned(),
        "Review it: what was seen is not yet what should be. Each rule says what it comes from."
            .to_owned(),
    ];
    if let (Some(first), Some(last)) = (world.first_seen, world.last_seen) {
        let (first, last) = (evidence::seconds(first), evidence::seconds(last));
        lines.push(format!("Seen from {first} to {last}."));
    }
    if shed > 0 {
        lines.push(format!("{shed} messages found no place and were not learned."));
    }
    lines
}
