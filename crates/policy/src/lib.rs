//! The decision function over a declared plant: may this message pass, and which rule says so.
//!
//! [`Policy::compile`] resolves the words of a plant against the protocols that are decoded;
//! [`Policy::path`] looks up, once per conversation, which conduits lead from one station to
//! another; [`Policy::judge`] decides one message and allocates nothing. What the words mean is
//! on the page `docs/decisions/003-policy-semantics.md`. Pure; enforcement is not here.

mod compile;
mod glob;
mod judge;
mod learn;
mod stations;
#[cfg(test)]
mod tests;
mod topic;
mod verdict;
mod watch;

pub use compile::{Policy, Rule, load};
pub use judge::Path;
pub use learn::Learner;
pub use stations::Station;
pub use verdict::{Decision, Reason, RuleId, Verdict};
pub use watch::Watch;
