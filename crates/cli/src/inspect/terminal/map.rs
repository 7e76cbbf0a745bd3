//! The map in text: zones from the enterprise down to the process, and what is said from each.

use std::collections::BTreeMap;

use plant::Intent;

use super::paper::{Cell, Ink, Paper};
use super::{Folds, fold};
use crate::inspect::report::{ConversationRow, ZoneRow};
use crate::inspect::view::{View, denied, level, level_title, messages, zone_title};
use crate::inspect::words;

/// Prints the map.
pub(super) fn print(paper: &mut Paper, view: &View<'_>, folds: Folds) {
    paper.heading("Map", "who says what to whom, by zone of the asker");
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

/// What one asset says to another over one protocol, or over several that tell little.
struct Talk<'r> {
    source: &'r str,
    target: &'r str,
    protocols: Vec<String>,
    all: Vec<&'r ConversationRow>,
}

/// Target of messages to broadcast and multicast addresses.
const GROUPS: &str = "groups";

/// Conversations by the zone of their source, strongest first, groups last. Put together are those
/// of which no message was read, and those with groups.
fn by_zone<'r>(view: &View<'r>) -> BTreeMap<&'r str, Vec<Talk<'r>>> {
    let mut zones = BTreeMap::<&str, Vec<Talk<'_>>>::new();
    let mut joined = BTreeMap::<(&str, &str, bool), usize>::new();
    let (single, group): (Vec<_>, Vec<_>) =
        view.conversations().into_iter().partition(|one| view.asset(&one.target).is_some());
    for one in single.into_iter().chain(group) {
        let Some(zone) = view.asset(&one.source).and_then(|asset| asset.zone.as_deref()) else {
            continue;
        };
        let talks = zones.entry(zone).or_default();
        let source = one.source.as_str();
        let target = view.asset(&one.target).map_or(GROUPS, |asset| asset.id.as_str());
        let key = (source, target, one.messages == 0);
        let joins = one.messages == 0 || target == GROUPS;
        match joined.get(&key).filter(|_| joins).and_then(|at| talks.get_mut(*at)) {
            Some(talk) => {
                if !talk.protocols.contains(&one.protocol) {
                    talk.protocols.push(one.protocol.clone());
                }
                talk.all.push(one);
            }
            None => {
                joined.insert(key, talks.len());
                let protocols = vec![one.protocol.clone()];
                talks.push(Talk { source, target, protocols, all: vec![one] });
            }
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
    paper.table(6, &["", "", "", "", ""], &rows);
    if talks.len() > each {
        paper.put(Ink::Plain, "    ");
        fold(paper, talks.len(), each, "");
    }
}

fn row(view: &View<'_>, zone: &ZoneRow, talk: &Talk<'_>) -> Vec<Cell> {
    let place = view.asset(talk.target).and_then(|asset| view.zone_of(asset));
    let place = place.filter(|place| place.name != zone.name);
    let place = place.map(|place| format!(" (level {})", place.level)).unwrap_or_default();
    let strongest = talk.all.iter().filter_map(|one| one.strongest).max();
    vec![
        Cell::new(Ink::Plain, view.name(talk.source)),
        Cell::new(Ink::Plain, format!("→ {}{place}", view.name(talk.target))),
        Cell::new(Ink::Plain, words::some(&talk.protocols, 3)),
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
