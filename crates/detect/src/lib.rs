//! Findings: what should not be possible, or should be looked at, in machine terms.
//!
//! A [`Detector`] is told of every message and event, with the plant's judgement where there is a
//! plant, and keeps deduplicated [`Finding`]s. Rules here are deterministic; each is a row of
//! [`RULES`] with what it means for the machine and what to do. Pure; memory is bounded; a message
//! that is nothing special costs a few comparisons.

mod addressing;
mod control;
mod detector;
mod effect;
mod fact;
mod finding;
mod flood;
mod review;
mod rule;
mod safety;
mod scan;
mod weigh;

pub use detector::{Detector, Judged};
pub use finding::{Evidence, Finding, Key, Scope};
pub use review::{Review, Standing, is_public};
pub use rule::{RULES, Rule, Technique};
