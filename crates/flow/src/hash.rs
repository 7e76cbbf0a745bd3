//! The one hash of this room: `foldhash` with a seed from the shell.
//!
//! Flow keys are chosen by whoever sends packets. The seed is secret and per process, so that
//! collisions cannot be prepared; the tables are bounded besides.

use std::hash::{BuildHasher, Hash};

/// Hashes keys with the seed of this process.
#[derive(Clone, Debug)]
pub(crate) struct Seeded(foldhash::quality::FixedState);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(foldhash::quality::FixedState::with_seed(seed))
    }

    pub(crate) fn of(&self, key: &impl Hash) -> u64 {
        self.0.hash_one(key)
    }
}
