//! What one decoder says, in a form that two decoders can be compared in.
//!
//! A [`Claim`] is a set of named fields about one message (or one flow). Claims are compared as
//! multisets per flow, because others' logs carry no usable time. A claim that finds no equal is
//! paired with the nearest one left, so that the report can show which field differs.

use std::collections::BTreeMap;

/// What is said of one message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
    /// Where: a flow, a frame, or a filter.
    pub(crate) place: String,
    /// What: field names and values.
    pub(crate) fields: Vec<(&'static str, String)>,
}

impl Claim {
    pub(crate) fn new(place: impl Into<String>) -> Self {
        Self { place: place.into(), fields: Vec::new() }
    }

    /// The same claim with one more field; `-` and nothing are the same: not said.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() && value != "-" {
            self.fields.push((name, value));
        }
        self
    }

    fn shown(&self) -> String {
        let fields = self.fields.iter().map(|(name, value)| format!("{name}={value}"));
        fields.collect::<Vec<_>>().join(" ")
    }

    /// Whether the other says all of this, and perhaps more.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.fields.iter().all(|field| other.fields.contains(field))
    }

    /// How many fields are the same.
    fn likeness(&self, other: &Self) -> usize {
        self.fields.iter().filter(|field| other.fields.contains(field)).count()
    }
}

/// Both sides of one comparison: one protocol, one oracle, one capture.
pub(crate) struct Comparison {
    /// Our name of the protocol.
    pub(crate) protocol: &'static str,
    /// The oracle's short name: `zeek modbus.log`.
    pub(crate) oracle: String,
    /// The capture's path from the captures folder.
    pub(crate) capture: String,
    pub(crate) theirs: Vec<Claim>,
    pub(crate) ours: Vec<Claim>,
}

/// One claim without an equal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) place: String,
    /// What they say, or `nothing`.
    pub(crate) theirs: String,
    /// What we say, or `nothing`.
    pub(crate) ours: String,
}

/// The result of one comparison.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) agreed: usize,
    pub(crate) differences: Vec<Difference>,
}

impl Comparison {
    /// Compares both sides, place by place.
    pub(crate) fn outcome(&self) -> Outcome {
        let mut places: BTreeMap<&str, (Vec<&Claim>, Vec<&Claim>)> = BTreeMap::new();
        for claim in &self.theirs {
            places.entry(&claim.place).or_default().0.push(claim);
        }
        for claim in &self.ours {
            places.entry(&claim.place).or_default().1.push(claim);
        }
        let mut outcome = Outcome::default();
        for (place, (theirs, ours)) in places {
            compare(place, theirs, ours, &mut outcome);
        }
        outcome
    }
}

fn compare(place: &str, theirs: Vec<&Claim>, ours: Vec<&Claim>, outcome: &mut Outcome) {
    let mut counts: BTreeMap<&Claim, (usize, usize)> = BTreeMap::new();
    theirs.into_iter().for_each(|claim| counts.entry(claim).or_default().0 += 1);
    ours.into_iter().for_each(|claim| counts.entry(claim).or_default().1 += 1);
    let (mut alone, mut left) = (Vec::new(), Vec::new());
    for (claim, (theirs, ours)) in counts {
        let both = theirs.min(ours);
        outcome.agreed += both;
        alone.extend(std::iter::repeat_n(claim, theirs - both));
        left.extend(std::iter::repeat_n(claim, ours - both));
    }
    for theirs in alone {
        // the first of the nearest, so that order within a flow is kept where it can be
        let nearest = (0..left.len()).max_by_key(|at| {
            let likeness = left.get(*at).map_or(0, |ours| theirs.likeness(ours));
            (likeness, std::cmp::Reverse(*at))
        });
        let ours = nearest.map_or_else(|| "nothing".to_owned(), |at| left.remove(at).shown());
        let place = place.to_owned();
        outcome.differences.push(Difference { place, theirs: theirs.shown(), ours });
    }
    for ours in left {
        let (place, theirs) = (place.to_owned(), "nothing".to_owned());
        outcome.differences.push(Difference { place, theirs, ours: ours.shown() });
    }
}

/// Lower-case words without punctuation: what two spellings of a name have in common.
pub(crate) fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Claim, Comparison, plain};

    fn claims(rows: &[(&str, &str, &str)]) -> Vec<Claim> {
        let claim = |(place, func, unit): &(&str, &str, &str)| {
            Claim::new(*place).with("func", *func).with("unit", *unit)
        };
        rows.iter().map(claim).collect()
    }

    fn compared(theirs: &[(&str, &str, &str)], ours: &[(&str, &str, &str)]) -> (usize, usize) {
        let outcome = Comparison {
            protocol: "modbus",
            oracle: String::new(),
            capture: String::new(),
            theirs: claims(theirs),
            ours: claims(ours),
        }
        .outcome();
        (outcome.agreed, outcome.differences.len())
    }

    #[test]
    fn order_does_not_matter_but_number_and_place_do() {
        let theirs = [("a", "1", "1"), ("a", "3", "1"), ("a", "3", "1")];
        assert_eq!(compared(&theirs, &[theirs[1], theirs[2], theirs[0]]), (3, 0));
        assert_eq!(compared(&theirs, &theirs[..2]), (2, 1), "one too few");
        assert_eq!(compared(&theirs[..2], &theirs), (2, 1), "one too many");
        assert_eq!(compared(&theirs[..1], &[("b", "1", "1")]), (0, 2), "another flow");
    }

    #[test]
    fn a_wrong_field_is_one_difference_beside_its_nearest() {
        let outcome = Comparison {
            protocol: "modbus",
            oracle: String::new(),
            capture: String::new(),
            theirs: claims(&[("a", "3", "7")]),
            ours: claims(&[("a", "9", "9"), ("a", "3", "8")]),
        }
        .outcome();
        let first = outcome.differences.first().unwrap();
        assert_eq!(
            (first.theirs.as_str(), first.ours.as_str()),
            ("func=3 unit=7", "func=3 unit=8")
        );
        assert_eq!(outcome.differences.len(), 2);
    }

    #[test]
    fn names_are_compared_by_their_words() {
        assert_eq!(plain("READ_HOLDING_REGISTERS"), plain("read holding registers"));
        assert_ne!(plain("read coils"), plain("read coil"));
    }
}
