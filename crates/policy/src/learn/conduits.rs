//! What was said between assets to conduits with rules.
//!
//! Pairs of assets with the same rules share a conduit, but only as a full product: nobody gets a
//! right that was not seen. Inside a zone an asset that was acted on is regulated, and so all that
//! was said to it there is listed; other talk inside a zone needs no rule.

use std::collections::{BTreeMap, BTreeSet};

use flow::World;
use plant::{Act, Allow, Conduit, Endpoint, Intent, Place, Plant};
use wire::{Operation, Protocol};

use super::assets::unique;
use super::evidence::Evidence;
use super::{Acts, Lesson};
use crate::compile::Policy;
use crate::stations::Station;
use crate::verdict::Reason;

/// A conduit, with what each rule comes from.
pub(super) struct Proposed {
    pub(super) conduit: Conduit,
    bases: Vec<Basis>,
}

/// What a rule comes from.
#[derive(Clone, Debug)]
struct Basis {
    /// The intent of the messages.
    intent: Intent,
    evidence: Evidence,
}

type Pair = (Endpoint, Endpoint);
/// Sources and targets.
type Ends = (Vec<Endpoint>, Vec<Endpoint>);
type Lessons = BTreeMap<(Protocol, Intent), (Evidence, Acts)>;
/// Rules by their text.
type Rules = BTreeMap<String, (Allow, Basis)>;

pub(super) fn find(world: &World, lessons: &[Vec<Lesson>], plant: &Plant) -> Vec<Proposed> {
    // The assets alone are a policy that knows every station as the finished one will.
    let Ok(ground) = Policy::compile(plant) else { return Vec::new() };
    let pairs = pairs(world, lessons, &ground, plant);
    let mut groups: BTreeMap<Vec<String>, Vec<(Pair, Rules)>> = BTreeMap::new();
    for (pair, lessons) in pairs {
        let rules = rules(&lessons);
        let key = rules.keys().cloned().collect();
        groups.entry(key).or_default().push((pair, rules));
    }
    let mut proposed: Vec<_> =
        groups.into_values().flat_map(products).map(|(ends, rules)| conduit(ends, rules)).collect();
    proposed
        .sort_by(|a, b| (&a.conduit.from, &a.conduit.to).cmp(&(&b.conduit.from, &b.conduit.to)));
    let mut names = BTreeSet::new();
    for Proposed { conduit, .. } in &mut proposed {
        let name = format!("{} to {}", named(plant, &conduit.from), named(plant, &conduit.to));
        conduit.name = unique(&mut names, &name);
    }
    proposed
}

/// Everything said, by who said it to whom, where a rule is needed.
fn pairs(
    world: &World,
    lessons: &[Vec<Lesson>],
    ground: &Policy,
    plant: &Plant,
) -> BTreeMap<Pair, Lessons> {
    let mut pairs: BTreeMap<Pair, Lessons> = BTreeMap::new();
    let mut regulated = BTreeSet::new();
    let zone = |end: Endpoint| match end {
        Endpoint::Zone(zone) => Some(zone),
        Endpoint::Asset(asset) => plant.asset(asset).map(|asset| asset.zone),
        Endpoint::Outside | Endpoint::Any => None,
    };
    let inside = |(from, to): Pair| zone(from).is_some() && zone(from) == zone(to);
    for ((_, conversation), lessons) in world.conversations().zip(lessons) {
        let source = ground.station_of(world, conversation.source);
        let target = ground.station_of(world, conversation.target);
        let Some(pair) = ends(ground, source, target).filter(|_| !lessons.is_empty()) else {
            continue;
        };
        for lesson in lessons {
            let key = (lesson.protocol, lesson.intent);
            let (evidence, acts) = pairs.entry(pair).or_default().entry(key).or_default();
            evidence.merge(&lesson.evidence);
            acts.merge(&lesson.acts);
            if inside(pair) && lesson.intent.acts() {
                regulated.insert(pair.1);
            }
        }
    }
    pairs.retain(|pair, _| !inside(*pair) || regulated.contains(&pair.1));
    pairs
}

/// The ends of a conduit for what was said, where it needs one.
fn ends(ground: &Policy, source: Station, target: Station) -> Option<Pair> {
    let end = |station| match station {
        Station::Asset(asset, _) => Endpoint::Asset(asset),
        Station::Zone(zone) | Station::Group(Some(zone)) => Endpoint::Zone(zone),
        Station::Outside | Station::Subnet(_) | Station::Group(None) => Endpoint::Outside,
    };
    // Nothing is regulated on this ground, so what needs no conduit stays in its zone.
    let own_segment = match target {
        Station::Group(_) | Station::Subnet(_) => {
            ground.path(source, target).otherwise() != Reason::NoConduit
        }
        Station::Asset(..) | Station::Zone(_) | Station::Outside => false,
    };
    let pair = (end(source), end(target));
    let nowhere = pair == (Endpoint::Outside, Endpoint::Outside);
    (!own_segment && !nowhere && pair.0 != pair.1).then_some(pair)
}

fn rules(lessons: &Lessons) -> Rules {
    let mut rules = Rules::new();
    for (&(protocol, intent), (evidence, acts)) in lessons {
        let mut add = |act, target, evidence: &Evidence| {
            let rule = Allow::proposed(protocol.name(), act, target);
            let basis = Basis { intent, evidence: evidence.clone() };
            join(&mut rules, BTreeMap::from([(rule.text.clone(), (rule, basis))]));
        };
        let operations = if acts.operations.is_empty() { &acts.answers } else { &acts.operations };
        let targets = acts.cells.targets();
        let bounded = intent.acts()
            && !acts.crowded
            && operations.iter().all(|(operation, _)| is_named(protocol, operation, intent))
            && !(targets.is_empty() && operations.is_empty());
        if !bounded {
            // Who opens a session comes to read.
            add(Act::Intent(intent.max(Intent::Observe)), None, evidence);
            continue;
        }
        // Answers without an object only count where no question was seen.
        if targets.is_empty() || !acts.operations.is_empty() {
            for (operation, evidence) in operations {
                add(Act::Operation(operation.name.to_owned()), None, evidence);
            }
        }
        for (target, evidence) in targets {
            add(Act::Intent(intent), Some(target), &evidence);
        }
    }
    rules
}

/// Whether a rule by the operation's name permits it with this intent.
fn is_named(protocol: Protocol, operation: &Operation, intent: Intent) -> bool {
    let rows = protocol.entry().operations.iter().copied().flatten();
    rows.filter(|row| row.name == operation.name).any(|row| intent <= row.intent)
}

/// Pairs of equal rules as few full products: first sources that share a target, then targets that
/// share all those sources.
fn products(pairs: Vec<(Pair, Rules)>) -> Vec<(Ends, Rules)> {
    let mut by_target: BTreeMap<Endpoint, (Vec<Endpoint>, Rules)> = BTreeMap::new();
    for ((from, to), rules) in pairs {
        let (sources, known) = by_target.entry(to).or_default();
        sources.push(from);
        join(known, rules);
    }
    let mut by_sources: BTreeMap<Vec<Endpoint>, (Vec<Endpoint>, Rules)> = BTreeMap::new();
    for (to, (sources, rules)) in by_target {
        let (targets, known) = by_sources.entry(sources).or_default();
        targets.push(to);
        join(known, rules);
    }
    by_sources.into_iter().map(|(from, (to, rules))| ((from, to), rules)).collect()
}

fn join(known: &mut Rules, rules: Rules) {
    for (text, (rule, basis)) in rules {
        match known.get_mut(&text) {
            Some((_, both)) => {
                both.intent = both.intent.max(basis.intent);
                both.evidence.merge(&basis.evidence);
            }
            None => {
                known.insert(text, (rule, basis));
            }
        }
    }
}

impl Proposed {
    /// The comment lines of a rule: what it comes from, and what the owner should look at.
    pub(super) fn comment(&self, rule: usize) -> Vec<String> {
        let Some(Basis { intent, evidence }) = self.bases.get(rule) else { return Vec::new() };
        let mut lines = vec![evidence.to_string()];
        let outside = self.conduit.from.contains(&Endpoint::Outside);
        let review = match intent {
            _ if outside && *intent > Intent::Observe => {
                Some("from outside of the plant: should this pass at all?")
            }
            Intent::Unknown => Some("cannot be judged: find out what it is before you permit it"),
            Intent::Program | Intent::Administer | Intent::Safety => Some(
                "changes the machine: permit it only `during` a window or `with` a work order?",
            ),
            Intent::Session | Intent::Observe | Intent::Operate => None,
        };
        lines.extend(review.map(|review| format!("review: {review}")));
        lines
    }
}

fn conduit((from, to): Ends, rules: Rules) -> Proposed {
    let (allow, bases) = rules.into_values().unzip();
    let conduit = Conduit {
        name: String::new(),
        from,
        to,
        allow,
        deny: None,
        on_fault: None,
        encrypt: None,
        note: None,
        place: Place::default(),
    };
    Proposed { conduit, bases }
}

/// Ends in few words.
fn named(plant: &Plant, ends: &[Endpoint]) -> String {
    let name = |end: &Endpoint| match *end {
        Endpoint::Asset(asset) => plant.asset(asset).map_or("", |asset| asset.name.as_str()),
        Endpoint::Zone(zone) => plant.zone(zone).map_or("", |zone| zone.name.as_str()),
        Endpoint::Outside => "outside",
        Endpoint::Any => "any",
    };
    match ends {
        [] => String::new(),
        [one] => name(one).to_owned(),
        [one, two] => format!("{} and {}", name(one), name(two)),
        [one, more @ ..] => format!("{} and {} others", name(one), more.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Acts, Evidence, Lessons, rules};
    use plant::{Intent, Time};
    use wire::{Protocol, modbus::codes};

    /// The rules of one acting lesson: cells written, operations asked and answered without any.
    fn texts(cells: bool, asked: bool, answered: bool) -> Vec<String> {
        let evidence = Evidence::of(1, Time::default());
        let row = |name| codes::FUNCTIONS.iter().find(|row| row.name == name).unwrap();
        let mut acts = Acts::default();
        if cells {
            acts.cells.add("holding", (7, 1), &evidence);
        }
        if asked {
            acts.operations.push((row("write single coil"), evidence.clone()));
        }
        if answered {
            acts.answers.push((row("mask write register"), evidence.clone()));
        }
        let lessons = Lessons::from([((Protocol::MODBUS, Intent::Operate), (evidence, acts))]);
        rules(&lessons).into_keys().collect()
    }

    #[test]
    fn answers_without_an_object_count_only_where_no_question_was_seen() {
        let (cells, coil) = ("modbus operate holding 7", "modbus 'write single coil'");
        let mask = "modbus 'mask write register'";
        for (cells_asked_answered, expected) in [
            ((true, true, true), vec![coil, cells]),
            ((true, false, true), vec![cells]),
            ((false, true, true), vec![coil]),
            ((false, false, true), vec![mask]),
            ((false, false, false), vec!["modbus operate"]),
        ] {
            let (cells, asked, answered) = cells_asked_answered;
            assert_eq!(texts(cells, asked, answered), expected, "{cells_asked_answered:?}");
        }
    }
}
