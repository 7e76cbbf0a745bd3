//! The table of live flows: bounded, swept a little with every packet.

use hashbrown::HashTable;
use plant::Time;

use crate::hash::Seeded;
use crate::key::Key;
use crate::live::Flow;

/// Place of a flow in the table.
pub(crate) type Place = u32;

/// Flows by key. A sweep looks at one place with every few packets, so that letting go of silent
/// flows costs the same small time always.
pub(crate) struct Flows {
    slots: Vec<Option<Flow>>,
    free: Vec<Place>,
    index: HashTable<Place>,
    hash: Seeded,
    hand: usize,
    /// Sum of all weights.
    held_bytes: usize,
}

/// Places looked at for the longest unused flow when the table is full.
const CANDIDATES: usize = 16;
/// A closed flow is kept this long for packets that come late: twice the largest retransmission
/// time of a local network.
const CLOSED_NS: u64 = 5 * Time::SECOND_NS;

impl Flows {
    pub(crate) fn new(hash: Seeded) -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            index: HashTable::new(),
            hash,
            hand: 0,
            held_bytes: 0,
        }
    }

    #[inline]
    pub(crate) fn find(&self, key: &Key) -> Option<Place> {
        let same = |place: &Place| self.key(*place) == Some(key);
        self.index.find(self.hash.of(key), same).copied()
    }

    fn key(&self, place: Place) -> Option<&Key> {
        self.slots.get(place as usize)?.as_ref().map(|flow| &flow.key)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, place: Place) -> Option<&mut Flow> {
        self.slots.get_mut(place as usize)?.as_mut()
    }

    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    pub(crate) fn insert(&mut self, flow: Flow) -> Place {
        let hash = self.hash.of(&flow.key);
        self.held_bytes += flow.weight;
        let place = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            Place::try_from(self.slots.len() - 1).unwrap_or(Place::MAX)
        });
        if let Some(slot) = self.slots.get_mut(place as usize) {
            *slot = Some(flow);
        }
        let (slots, seeded) = (&self.slots, &self.hash);
        self.index.insert_unique(hash, place, |place| {
            let flow = slots.get(*place as usize).and_then(Option::as_ref);
            flow.map_or(0, |flow| seeded.of(&flow.key))
        });
        place
    }

    pub(crate) fn remove(&mut self, place: Place) -> Option<Flow> {
        let flow = self.slots.get_mut(place as usize)?.take()?;
        self.held_bytes -= flow.weight;
        if let Ok(entry) = self.index.find_entry(self.hash.of(&flow.key), |at| *at == place) {
            entry.remove();
        }
        self.free.push(place);
        Some(flow)
    }

    /// Looks at the next place; the flow there if it has been silent too long.
    #[inline]
    pub(crate) fn sweep(&mut self, now: Time, idle_ns: u64) -> Option<Flow> {
        self.hand = if self.hand + 1 < self.slots.len() { self.hand + 1 } else { 0 };
        let flow = self.slots.get(self.hand)?.as_ref()?;
        let silent = now.since(flow.last_seen);
        if silent > idle_ns || (flow.closed && silent > CLOSED_NS) {
            return self.remove(Place::try_from(self.hand).ok()?);
        }
        None
    }

    /// Lets go of the longest unused of a few flows.
    pub(crate) fn shed(&mut self) -> Option<Flow> {
        let start = self.hand.min(self.slots.len());
        let places = (start..self.slots.len()).chain(0..start);
        let oldest = places
            .filter_map(|place| {
                let flow = self.slots.get(place)?.as_ref()?;
                Some((!flow.closed, flow.last_seen, place))
            })
            .take(CANDIDATES)
            .min()?;
        self.hand = (oldest.2 + CANDIDATES) % self.slots.len().max(1);
        self.remove(Place::try_from(oldest.2).ok()?)
    }

    /// Weighs a flow anew, after something was read or kept.
    #[inline]
    pub(crate) fn weigh(&mut self, place: Place) {
        let Some(flow) = self.slots.get_mut(place as usize).and_then(Option::as_mut) else {
            return;
        };
        let weight = flow.held_bytes();
        self.held_bytes = self.held_bytes + weight - std::mem::replace(&mut flow.weight, weight);
    }

    /// Bytes that all flows together keep.
    pub(crate) const fn held_bytes(&self) -> usize {
        self.held_bytes
    }

    /// Lets go of the heaviest of a few flows: not the oldest, for one that keeps much is seldom a
    /// controller's.
    #[cold]
    pub(crate) fn lighten(&mut self) -> Option<Flow> {
        let start = self.hand.min(self.slots.len());
        let places = (start..self.slots.len()).chain(0..start);
        let weights = places.filter_map(|place| {
            let flow = self.slots.get(place)?.as_ref()?;
            (flow.weight > 0).then_some((flow.weight, place))
        });
        let (mut heaviest, mut last) = ((0, 0), 0);
        for candidate in weights.take(CANDIDATES) {
            (heaviest, last) = (heaviest.max(candidate), candidate.1);
        }
        self.hand = last + 1;
        let (_, heaviest) = (heaviest.0 > 0).then_some(heaviest)?;
        self.remove(Place::try_from(heaviest).ok()?)
    }

    /// Takes out any flow, for the end of the input.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Flow> {
        self.index.clear();
        self.free.clear();
        self.held_bytes = 0;
        std::mem::take(&mut self.slots).into_iter().flatten()
    }

    /// Every flow.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Flow> {
        self.slots.iter_mut().flatten()
    }
}
