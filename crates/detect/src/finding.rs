//! Findings, deduplicated: one for each rule, pair of stations and operation, with a count.

use std::collections::BTreeMap;

use flow::{ConversationId, StationId};
use plant::{Severity, Time};

use crate::rule::Rule;

/// Frame numbers kept as evidence of one finding: the first of them.
const FRAMES_MAX: usize = 16;
/// Messages kept in words as evidence of one finding.
const MESSAGES_MAX: usize = 5;
/// Bytes kept of each text: a message's words can be as long as the script that it carries.
const TEXT_BYTES_MAX: usize = 512;
/// Findings kept, of severity high and above and of all others each: who causes many small ones
/// must not hide a grave one. More is one incident, not more of them; the rest is counted.
const FINDINGS_MAX: usize = 10_000;

/// What a finding is about, as far as it tells findings of one rule apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// Who did it.
    pub source: StationId,
    /// To whom.
    pub target: StationId,
}

/// What tells findings apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Between whom; first, because comparing it decides mostly.
    pub scope: Scope,
    /// Place of the rule in [`RULES`](crate::RULES).
    pub rule: usize,
    /// The operation or other detail; static, so that a repeated finding costs no allocation.
    pub detail: &'static str,
}

/// One deviation.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How much it matters here.
    pub severity: Severity,
    /// Why the severity is not the rule's own; empty if it is.
    pub reason: &'static str,
    /// Between whom.
    pub scope: Scope,
    /// The conversation, if there is one.
    pub conversation: Option<ConversationId>,
    /// What fills `{what}` of the title.
    pub what: String,
    /// How often.
    pub count: u64,
    /// When it was first seen.
    pub first_seen: Time,
    /// When it was last seen.
    pub last_seen: Time,
    /// Numbers of the first frames that show it; at most 16.
    pub frames: Vec<u64>,
    /// The first messages that show it; at most 5.
    pub messages: Vec<Evidence>,
}

/// A message that shows a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Number of its frame.
    pub frame: u64,
    /// What it says, in words.
    pub text: String,
}

/// One sighting of something to be found.
pub(crate) struct Sighting<'a> {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) reason: &'static str,
    pub(crate) scope: Scope,
    pub(crate) conversation: Option<ConversationId>,
    pub(crate) detail: &'static str,
    pub(crate) frame: u64,
    pub(crate) time: Time,
    /// Renders `{what}`; called for the first sighting only.
    pub(crate) what: &'a dyn Fn() -> String,
    /// Renders the evidence; called for the first few only.
    pub(crate) message: &'a dyn Fn() -> String,
}

impl Sighting<'_> {
    fn evidence(&self) -> Option<Evidence> {
        let text = cut((self.message)());
        (!text.is_empty()).then_some(Evidence { frame: self.frame, text })
    }
}

/// The text, without what is past the bound.
fn cut(mut text: String) -> String {
    if text.len() > TEXT_BYTES_MAX {
        text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
        text.push_str(" ...");
    }
    text.shrink_to_fit();
    text
}

/// All findings.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    all: BTreeMap<Key, Finding>,
    /// How many began below high, and how many at high or above.
    kept: [usize; 2],
    pub(crate) shed: u64,
}

impl Findings {
    pub(crate) fn add(&mut self, sighting: &Sighting<'_>) {
        let key = Key { scope: sighting.scope, rule: sighting.rule.place, detail: sighting.detail };
        if let Some(finding) = self.all.get_mut(&key) {
            return finding.again(sighting);
        }
        let [small, grave] = &mut self.kept;
        let kept = if sighting.severity >= Severity::High { grave } else { small };
        if *kept >= FINDINGS_MAX {
            self.shed += 1;
        } else {
            *kept += 1;
            self.all.insert(key, Finding::new(sighting));
        }
    }

    pub(crate) fn into_sorted(self) -> Vec<Finding> {
        let mut all: Vec<_> = self.all.into_values().collect();
        all.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.first_seen.cmp(&b.first_seen)));
        all
    }

    /// Findings so far, in no order that means something.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Finding> {
        self.all.values_mut()
    }
}

impl Finding {
    fn new(sighting: &Sighting<'_>) -> Self {
        Self {
            rule: sighting.rule,
            severity: sighting.severity,
            reason: sighting.reason,
            scope: sighting.scope,
            conversation: sighting.conversation,
            what: cut((sighting.what)()),
            count: 1,
            first_seen: sighting.time,
            last_seen: sighting.time,
            frames: vec![sighting.frame],
            messages: sighting.evidence().into_iter().collect(),
        }
    }

    fn again(&mut self, sighting: &Sighting<'_>) {
        self.count += 1;
        // Messages that waited for a gap are told late, with the time that they had.
        self.first_seen = self.first_seen.min(sighting.time);
        self.last_seen = self.last_seen.max(sighting.time);
        if sighting.severity > self.severity {
            (self.severity, self.reason) = (sighting.severity, sighting.reason);
        }
        if self.frames.len() < FRAMES_MAX && self.frames.last() != Some(&sighting.frame) {
            self.frames.push(sighting.frame);
        }
        if self.messages.len() < MESSAGES_MAX {
            self.messages.extend(sighting.evidence());
        }
    }
}

#[cfg(test)]
mod tests {
    use plant::{Severity, Time};

    use super::{FINDINGS_MAX, Findings, Scope, Sighting, cut};
    use crate::rule;

    /// A sighting between two stations whose only difference is `detail`.
    fn sighting(scope: Scope, severity: Severity, detail: &'static str) -> Sighting<'static> {
        Sighting {
            rule: &rule::DENIED,
            severity,
            reason: "",
            scope,
            conversation: None,
            detail,
            frame: 1,
            time: Time::from_ns(1),
            what: &String::new,
            message: &String::new,
        }
    }

    #[test]
    fn many_small_findings_do_not_hide_a_grave_one() {
        let station = crate::flood::tests::station();
        let scope = Scope { source: station, target: station };
        let mut findings = Findings::default();
        for number in 0..=FINDINGS_MAX {
            let detail = String::leak(number.to_string());
            findings.add(&sighting(scope, Severity::Low, detail));
        }
        assert_eq!((findings.all.len(), findings.shed), (FINDINGS_MAX, 1));
        findings.add(&sighting(scope, Severity::Critical, "plc stop"));
        assert_eq!(findings.into_sorted()[0].severity, Severity::Critical);
    }

    #[test]
    fn a_script_as_evidence_is_cut_between_characters() {
        let text = cut(format!("x{}", "ä".repeat(40_000)));
        assert_eq!(text.len(), 511 + " ...".len());
        assert!(text.capacity() < 600);
        assert_eq!(cut("short".to_owned()), "short");
    }
}
