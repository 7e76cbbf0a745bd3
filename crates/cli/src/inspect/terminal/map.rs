//! The map in text: zones from the enterprise down to the process, and what is said from each.

use std::collections::{BTreeMap, BTreeSet};

use plant::Intent;

use super::paper::{Cell, Ink, Paper};
use super::{Folds, fold};
use crate::inspect::report::{ConversationRow, ZoneRow};
use crate::inspect::view::{View, denied, level, level_title, messages, zone_title};
use crate::inspect::words;

/// Prints the map.
pub(super) fn print(paper: &mut Paper, view: &View<'_>, folds: Folds) {
    paper.heading("Map", "who says what to whom, by zone of the asker; L1 is level 1");
    let by_zone = by_zone(view);
    let zones = view.zones();
    let speaking = zones.iter().filter(|zone| by_zone.contains_key(zone.name.as_str())).count();
    let each = (folds.conversations / speaking.max(1)).max(4);
    let mut last = None;
    for zone in zones.iter().take(folds.zones) {
        if last != Some(zone.level) {
            last = Some(zone.level);
            let title = format!("  Level {}, {}", zone.level, level_title(level(zone)));
            paper.line(Ink::Heading, &title);
        }
        let lines = by_zone.get(zone.name.as_str()).map(Vec::as_slice).unwrap_or_default();
        room(paper, view, zone, lines, each);
    }
    fold(paper, zones.len(), folds.zones, " zones");
}

/// What one asset says to another over one protocol, or to several where that tells little.
struct Talk<'r> {
    source: &'r str,
    targets: BTreeSet<&'r str>,
    protocols: BTreeSet<&'r str>,
    all: Vec<&'r ConversationRow>,
}

/// What is put together in one line, of one source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Join<'r> {
    /// With one asset, over one protocol.
    Not(&'r str, &'r str),
    /// With one asset, over protocols that were not read.
    Unread(&'r str),
    /// Housekeeping with anybody: address resolution, connections that nothing passes.
    Housekeeping,
    /// To broadcast and multicast addresses.
    Groups,
}

impl<'r> Join<'r> {
    fn of(view: &View<'_>, one: &'r ConversationRow) -> Self {
        let denied = denied(one) > 0;
        if view.asset(&one.target).is_none() {
            Self::Groups
        } else if one.strongest == Some(Intent::Session) && !denied {
            Self::Housekeeping
        } else if one.messages == 0 {
            Self::Unread(&one.target)
        } else {
            Self::Not(&one.target, &one.protocol)
        }
    }

    const fn is_aside(self) -> bool {
        matches!(self, Self::Housekeeping | Self::Groups)
    }
}

/// Talks by the zone of their source, strongest first; housekeeping and groups last.
fn by_zone<'r>(view: &View<'r>) -> BTreeMap<&'r str, Vec<Talk<'r>>> {
    let mut zones = BTreeMap::<&str, Vec<Talk<'_>>>::new();
    let mut places = BTreeMap::new();
    let all = view.conversations().into_iter().map(|one| (Join::of(view, one), one));
    let (aside, main): (Vec<_>, Vec<_>) = all.partition(|(join, _)| join.is_aside());
    for (join, one) in main.into_iter().chain(aside) {
        let Some(zone) = view.asset(&one.source).and_then(|asset| asset.zone.as_deref()) else {
            continue;
        };
        let talks = zones.entry(zone).or_default();
        let place = *places.entry((one.source.as_str(), join)).or_insert(talks.len());
        if place == talks.len() {
            talks.push(Talk {
                source: &one.source,
                targets: BTreeSet::new(),
                protocols: BTreeSet::new(),
                all: Vec::new(),
            });
        }
        if let Some(talk) = talks.get_mut(place) {
            let is_asset = view.asset(&one.target).is_some();
            talk.targets.extend(is_asset.then_some(one.target.as_str()));
            talk.protocols.insert(&one.protocol);
            talk.all.push(one);
        }
    }
    zones
}

fn room(paper: &mut Paper, view: &View<'_>, zone: &ZoneRow, talks: &[Talk<'_>], each: usize) {
    let members = words::count(view.members(zone).len(), "asset");
    paper.put(Ink::Plain, "    ").put(Ink::Heading, zone_title(zone));
    let silent = if talks.is_empty() { ", asks nobody" } else { "" };
    paper.put(Ink::Faint, &format!("  {members}{silent}")).end();
    let rows: Vec<_> = talks.iter().take(each).map(|talk| row(view, zone, talk)).collect();
    paper.table(6, &[""; 6], &rows);
    if talks.len() > each {
        paper.put(Ink::Plain, "    ");
        fold(paper, talks.len(), each, "");
    }
}

fn row(view: &View<'_>, zone: &ZoneRow, talk: &Talk<'_>) -> Vec<Cell> {
    let one = talk.targets.first().filter(|_| talk.targets.len() == 1);
    let target = match one {
        Some(target) => view.name(target).to_owned(),
        None if talk.targets.is_empty() => "groups".to_owned(),
        None => words::count(talk.targets.len(), "asset"),
    };
    let place = one.and_then(|target| view.zone_of(view.asset(target)?));
    let place = place.filter(|place| place.name != zone.name);
    let strongest = talk.all.iter().filter_map(|one| one.strongest).max();
    let names: Vec<_> = talk.protocols.iter().map(|name| (*name).to_owned()).collect();
    vec![
        Cell::new(Ink::Plain, view.name(talk.source)),
        Cell::new(Ink::Plain, format!("→ {target}")),
        Cell::new(Ink::Faint, place.map_or_else(String::new, |place| format!("L{}", place.level))),
        Cell::new(Ink::Plain, words::some(&names, 3)),
        Cell::new(Ink::of_intent(strongest), amounts(talk)),
        verdicts(talk),
    ]
}

/// `operate 12, observe 338`: strongest first.
fn amounts(talk: &Talk<'_>) -> String {
    let each = Intent::ALL.into_iter().rev().filter_map(|intent| {
        let sum: u64 = talk.all.iter().map(|one| messages(one, intent)).sum();
        (sum > 0).then(|| format!("{} {}", intent.name(), words::number(sum)))
    });
    let each: Vec<_> = each.collect();
    if each.is_empty() {
        let frames = talk.all.iter().map(|one| one.frames).sum();
        return format!("not read, {}", words::counted(frames, "frame"));
    }
    each.join(", ")
}

fn verdicts(talk: &Talk<'_>) -> Cell {
    let deny: u64 = talk.all.iter().map(|one| denied(one)).sum();
    let sum = |pick: fn(&crate::inspect::report::VerdictRow) -> u64| -> u64 {
        talk.all.iter().filter_map(|one| one.verdicts.as_ref()).map(pick).sum()
    };
    let counts = [
        ("denied", deny),
        ("unknown", sum(|one| one.unknown)),
        ("permitted", sum(|one| one.permit)),
    ];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let text: Vec<_> = counts.map(|(what, n)| format!("{} {what}", words::number(n))).collect();
    Cell::new(if deny > 0 { Ink::Alarm } else { Ink::Faint }, text.join(", "))
}
