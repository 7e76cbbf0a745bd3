//! What a message would do to the machine: one scale for every protocol and brand.
//!
//! The order is by strength, so that the strongest of several intents is their maximum.
//! `Unknown` stands above `Observe`: what cannot be judged is never silently harmless.

use std::fmt;
use std::str::FromStr;

/// What a message would do to the machine, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Intent {
    /// Housekeeping of the protocol itself: connect, register, keep alive.
    Session,
    /// Reads, changes nothing.
    Observe,
    /// Cannot be judged: undecodable, encrypted or unlisted.
    Unknown,
    /// Acts on the process within the loaded program: writes, start, stop, job selection.
    Operate,
    /// Changes what the machine will do later: program and job transfer.
    Program,
    /// Changes the device itself: firmware, name, address, users, clock, reboot.
    Administer,
    /// Touches a safety function.
    Safety,
}

impl Intent {
    /// Every intent, weakest first; `ALL[i].index() == i`.
    pub const ALL: [Self; 7] = [
        Self::Session,
        Self::Observe,
        Self::Unknown,
        Self::Operate,
        Self::Program,
        Self::Administer,
        Self::Safety,
    ];

    /// Place in [`Intent::ALL`], for counters indexed by intent.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The word used in plant files, findings and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Observe => "observe",
            Self::Unknown => "unknown",
            Self::Operate => "operate",
            Self::Program => "program",
            Self::Administer => "administer",
            Self::Safety => "safety",
        }
    }

    /// Whether the message would change something: `Operate` and stronger.
    pub const fn acts(self) -> bool {
        matches!(self, Self::Operate | Self::Program | Self::Administer | Self::Safety)
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Intent {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|intent| intent.name() == word).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::Intent;

    #[test]
    fn every_intent_reads_back_and_knows_its_place() {
        for (place, intent) in Intent::ALL.into_iter().enumerate() {
            assert_eq!(intent.index(), place);
            assert_eq!(intent.name().parse(), Ok(intent));
        }
        assert_eq!("reads".parse::<Intent>(), Err(()));
    }

    #[test]
    fn what_cannot_be_judged_is_stronger_than_a_read_and_does_not_act() {
        assert!(Intent::Unknown > Intent::Observe);
        assert!(!Intent::Unknown.acts());
        assert!(Intent::Operate.acts() && Intent::Safety.acts());
    }
}
