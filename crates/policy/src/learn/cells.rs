//! Numbered cells that were acted on, as few ranges.
//!
//! Cells near each other are taken for one block, because a program that writes 100..105 and
//! 108..109 has the block in between for its own. How near is a choice; the page
//! `docs/decisions/004-learning.md` says why.

use plant::Target;

use super::evidence::Evidence;

/// Ranges kept of one space; past them the two nearest become one.
const RANGES_MAX: usize = 8;
/// Spaces kept; past them there is no room.
const SPACES_MAX: usize = 16;
/// Cells that may lie between two ranges of one block.
const GAP_MAX: u32 = 8;

/// Cells by space.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    spaces: Vec<Space>,
}

#[derive(Clone, Debug)]
struct Space {
    name: String,
    /// Ascending, with a gap between neighbours.
    ranges: Vec<Range>,
}

/// Cells from first to last, both included.
#[derive(Clone, Debug)]
struct Range {
    first: u32,
    last: u32,
    evidence: Evidence,
}

impl Cells {
    /// Adds `count` cells from `first`; `false` if there is no room for another space. Allocates
    /// only for cells that are new.
    pub(super) fn add(
        &mut self,
        space: &str,
        (first, count): (u32, u32),
        evidence: &Evidence,
    ) -> bool {
        let last = first.saturating_add(count.max(1) - 1);
        let place = self.spaces.iter().position(|known| known.name == space);
        let place = place.unwrap_or(self.spaces.len());
        if place == SPACES_MAX {
            return false;
        }
        if place == self.spaces.len() {
            self.spaces.push(Space { name: space.to_owned(), ranges: Vec::new() });
        }
        if let Some(space) = self.spaces.get_mut(place) {
            space.add(first, last, evidence);
        }
        true
    }

    /// Adds all cells of `other`; `false` if there is no room for all its spaces.
    pub(super) fn merge(&mut self, other: &Self) -> bool {
        let mut room = true;
        for space in &other.spaces {
            for Range { first, last, evidence } in &space.ranges {
                let count = (last - first).saturating_add(1);
                room &= self.add(&space.name, (*first, count), evidence);
            }
        }
        room
    }

    /// The targets of rules, with what they come from: near ranges as one.
    pub(super) fn targets(&self) -> Vec<(Target, Evidence)> {
        let mut targets = Vec::new();
        for Space { name, ranges } in &self.spaces {
            let mut blocks: Vec<Range> = Vec::new();
            for range in ranges {
                match blocks.last_mut() {
                    Some(block) if range.first - block.last - 1 <= GAP_MAX => block.join(range),
                    _ => blocks.push(range.clone()),
                }
            }
            targets.extend(blocks.into_iter().map(|Range { first, last, evidence }| {
                (Target::Cells { space: name.clone(), first, last }, evidence)
            }));
        }
        targets
    }
}

impl Range {
    fn join(&mut self, other: &Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.evidence.merge(&other.evidence);
    }
}

impl Space {
    fn add(&mut self, first: u32, last: u32, evidence: &Evidence) {
        let inside = |range: &&mut Range| range.first <= first && last <= range.last;
        if let Some(range) = self.ranges.iter_mut().find(inside) {
            range.evidence.merge(evidence);
            return;
        }
        // All ranges that overlap or touch the new one become one with it.
        let mut new = Range { first, last, evidence: evidence.clone() };
        self.ranges.retain(|range| {
            let apart =
                range.last.saturating_add(1) < first || last.saturating_add(1) < range.first;
            if !apart {
                new.join(range);
            }
            apart
        });
        let at = self.ranges.partition_point(|range| range.first < new.first);
        self.ranges.insert(at, new);
        if self.ranges.len() > RANGES_MAX {
            self.join_nearest();
        }
    }

    fn join_nearest(&mut self) {
        let neighbours = self.ranges.iter().zip(self.ranges.iter().skip(1));
        let gaps = neighbours.enumerate().map(|(at, (a, b))| (b.first - a.last, at));
        let Some((_, at)) = gaps.min() else { return };
        if at + 1 < self.ranges.len() {
            let next = self.ranges.remove(at + 1);
            if let Some(range) = self.ranges.get_mut(at) {
                range.join(&next);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cells, Evidence, GAP_MAX, RANGES_MAX, SPACES_MAX};
    use plant::{Target, Time};

    fn add(cells: &mut Cells, space: &str, first: u32, count: u32) -> bool {
        let evidence = Evidence::of(u64::from(first), Time::default());
        cells.add(space, (first, count), &evidence)
    }

    fn shown(cells: &Cells) -> String {
        cells.targets().iter().map(|(target, _)| target.to_string()).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn cells_that_overlap_or_touch_or_lie_near_are_one_block() {
        let mut cells = Cells::default();
        add(&mut cells, "holding", 100, 3);
        add(&mut cells, "holding", 103, 1);
        add(&mut cells, "holding", 101, 5);
        assert_eq!(shown(&cells), "holding 100..105");
        add(&mut cells, "holding", 106 + GAP_MAX, 1);
        assert_eq!(shown(&cells), format!("holding 100..{}", 106 + GAP_MAX));
        add(&mut cells, "holding", 108 + 2 * GAP_MAX, 0);
        assert_eq!(
            shown(&cells),
            format!("holding 100..{}, holding {}", 106 + GAP_MAX, 108 + 2 * GAP_MAX)
        );
        add(&mut cells, "coils", u32::MAX, u32::MAX);
        assert!(shown(&cells).ends_with("coils 4294967295"));
    }

    #[test]
    fn what_has_no_room_is_told_or_joined() {
        let mut cells = Cells::default();
        for at in 0..=u32::try_from(RANGES_MAX).unwrap() {
            assert!(add(&mut cells, "holding", at * 1000, 1));
        }
        assert_eq!(cells.targets().len(), RANGES_MAX);
        assert!(shown(&cells).starts_with("holding 0..1000, holding 2000"));
        for at in 1..SPACES_MAX {
            assert!(add(&mut cells, &format!("s{at}"), 0, 1));
        }
        assert!(!add(&mut cells, "one more", 0, 1));
    }

    proptest::proptest! {
        /// Whatever was added lies within one of the targets.
        #[test]
        fn targets_hold_all_that_was_added(
            added in proptest::collection::vec((0..200_u32, 1..9_u32), 1..60),
        ) {
            let mut cells = Cells::default();
            for (first, count) in &added {
                add(&mut cells, "holding", *first * 7, *count);
            }
            let targets = cells.targets();
            proptest::prop_assert!(targets.len() <= RANGES_MAX);
            for (first, count) in added {
                let within = targets.iter().any(|(target, _)| match target {
                    Target::Cells { first: low, last: high, .. } => {
                        *low <= first * 7 && first * 7 + count - 1 <= *high
                    }
                    Target::Space(_) | Target::Pattern(_) => false,
                });
                proptest::prop_assert!(within);
            }
        }
    }
}
