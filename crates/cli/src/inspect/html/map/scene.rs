//! What the map shows: rooms, boxes and lines, before anything has a place.
//!
//! A box is one asset. Where a room, or the whole map, would have more boxes than an eye can
//! follow, the assets of one role share a box; those with serious findings keep their own.

use std::collections::{BTreeMap, BTreeSet};

use plant::{Intent, Level, Severity};

use crate::inspect::report::{AssetRow, ConversationRow, ZoneRow};
use crate::inspect::view::{self, View};
use crate::inspect::words;

/// Boxes of one room before it folds.
const ROOM_BOXES_MAX: usize = 18;
/// Boxes of the whole map before the largest rooms fold.
const MAP_BOXES_MAX: usize = 56;
/// Assets of a folded room that keep a box of their own because of their findings.
const ALARMED_MAX: usize = 5;
/// Lines of the map; the weakest beyond that are only in the table.
const LINES_MAX: usize = 140;

/// A zone.
pub(super) struct Room {
    pub(super) title: String,
    pub(super) level: Level,
    pub(super) declared: bool,
    pub(super) assets: usize,
    /// Places in [`Scene::boxes`].
    pub(super) boxes: Vec<usize>,
}

/// One asset, or several of one role.
pub(super) struct Tile {
    pub(super) label: String,
    pub(super) aside: String,
    pub(super) hover: String,
    pub(super) role: Option<&'static str>,
    /// Where the page says more.
    pub(super) link: String,
    /// Worst finding that names it.
    pub(super) alarm: Option<Severity>,
    /// A plant is given, and it is not in it.
    pub(super) foreign: bool,
    pub(super) folded: bool,
}

/// All conversations from one box to another.
#[derive(Default)]
pub(super) struct Line {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) strongest: Option<Intent>,
    pub(super) messages: u64,
    pub(super) frames: u64,
    pub(super) denied: u64,
    protocols: BTreeMap<String, u64>,
    by_intent: BTreeMap<Intent, u64>,
}

/// Everything on the map.
pub(super) struct Scene {
    pub(super) rooms: Vec<Room>,
    pub(super) boxes: Vec<Tile>,
    pub(super) lines: Vec<Line>,
    /// Lines that found no place.
    pub(super) lines_left_out: usize,
}

impl Scene {
    pub(super) fn of(view: &View<'_>) -> Self {
        let zones = view.zones();
        let folded = folded(view, &zones);
        let alarms = alarms(view);
        let mut scene = Self { rooms: vec![], boxes: vec![], lines: vec![], lines_left_out: 0 };
        let mut box_of = BTreeMap::new();
        for zone in zones {
            let members = view.members(zone);
            let first = scene.boxes.len();
            let groups = if folded.contains(zone.name.as_str()) {
                fold(&members, &alarms)
            } else {
                members.iter().map(|asset| vec![*asset]).collect()
            };
            for group in groups {
                box_of.extend(group.iter().map(|asset| (asset.id.as_str(), scene.boxes.len())));
                scene.boxes.push(tile(&group, &alarms));
            }
            scene.rooms.push(Room {
                title: words::clean(view::zone_title(zone)).into_owned(),
                level: view::level(zone),
                declared: zone.declared,
                assets: members.len(),
                boxes: (first..scene.boxes.len()).collect(),
            });
        }
        scene.connect(view, &box_of);
        scene
    }

    fn connect(&mut self, view: &View<'_>, box_of: &BTreeMap<&str, usize>) {
        let mut lines = BTreeMap::<(usize, usize), Line>::new();
        for one in &view.report.conversations {
            let ends = box_of.get(one.source.as_str()).zip(box_of.get(one.target.as_str()));
            let Some((from, to)) = ends.filter(|(from, to)| from != to) else { continue };
            let line = lines.entry((*from, *to)).or_default();
            (line.from, line.to) = (*from, *to);
            line.add(one);
        }
        let mut lines: Vec<_> = lines.into_values().collect();
        lines.sort_by_key(|line| std::cmp::Reverse((line.denied > 0, line.strongest, line.frames)));
        self.lines_left_out = lines.len().saturating_sub(LINES_MAX);
        lines.truncate(LINES_MAX);
        // The strongest are drawn last, above the others.
        lines.reverse();
        self.lines = lines;
    }
}

impl Line {
    fn add(&mut self, one: &ConversationRow) {
        self.strongest = self.strongest.max(one.strongest);
        self.messages += one.messages;
        self.frames += one.frames;
        self.denied += view::denied(one);
        *self.protocols.entry(one.protocol.clone()).or_default() += one.frames;
        for intent in Intent::ALL {
            let messages = view::messages(one, intent);
            if messages > 0 {
                *self.by_intent.entry(intent).or_default() += messages;
            }
        }
    }

    /// What a pointer on the line shows.
    pub(super) fn hover(&self, boxes: &[Tile]) -> String {
        let label = |at: usize| boxes.get(at).map_or("", |tile| tile.label.as_str());
        let mut protocols: Vec<_> = self.protocols.iter().collect();
        protocols.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let protocols: Vec<_> = protocols.into_iter().map(|(name, _)| name.clone()).collect();
        let mut text = format!("{} → {}\n", label(self.from), label(self.to));
        text += &words::some(&protocols, 6);
        for (intent, messages) in self.by_intent.iter().rev() {
            text += &format!("\n{}: {}", intent.name(), words::counted(*messages, "message"));
        }
        if self.by_intent.is_empty() {
            text += &format!("\nno message read, {}", words::counted(self.frames, "frame"));
        }
        if self.denied > 0 {
            text += &format!("\ndenied by the plant: {}", words::number(self.denied));
        }
        text
    }
}

/// Names of the zones whose assets are put together.
fn folded<'r>(view: &View<'r>, zones: &[&'r ZoneRow]) -> BTreeSet<&'r str> {
    let mut sizes: Vec<_> =
        zones.iter().map(|zone| (view.members(zone).len(), zone.name.as_str())).collect();
    sizes.sort_by(|a, b| b.cmp(a));
    let mut total: usize = sizes.iter().map(|(size, _)| size).sum();
    let mut folded = BTreeSet::new();
    for (size, name) in sizes {
        if size > ROOM_BOXES_MAX || (total > MAP_BOXES_MAX && size > 2) {
            folded.insert(name);
            total -= size;
        }
    }
    folded
}

/// Worst finding by asset.
fn alarms<'r>(view: &View<'r>) -> BTreeMap<&'r str, Severity> {
    let mut alarms = BTreeMap::<&str, Severity>::new();
    for finding in &view.report.findings {
        for asset in &finding.assets {
            let worst = alarms.entry(asset).or_insert(finding.severity);
            *worst = (*worst).max(finding.severity);
        }
    }
    alarms
}

/// Assets by role, after those that have a serious finding.
fn fold<'r>(members: &[&'r AssetRow], alarms: &BTreeMap<&str, Severity>) -> Vec<Vec<&'r AssetRow>> {
    let alarm = |asset: &AssetRow| alarms.get(asset.id.as_str()).copied();
    let mut alarmed: Vec<_> =
        members.iter().copied().filter(|asset| alarm(asset) >= Some(Severity::High)).collect();
    alarmed.sort_by_key(|asset| std::cmp::Reverse(alarm(asset)));
    alarmed.truncate(ALARMED_MAX);
    let mut roles = BTreeMap::<_, Vec<_>>::new();
    for asset in members {
        if !alarmed.iter().any(|one| one.id == asset.id) {
            roles.entry(asset.role).or_default().push(*asset);
        }
    }
    alarmed.into_iter().map(|asset| vec![asset]).chain(roles.into_values()).collect()
}

fn tile(group: &[&AssetRow], alarms: &BTreeMap<&str, Severity>) -> Tile {
    let alarm = group.iter().filter_map(|asset| alarms.get(asset.id.as_str()).copied()).max();
    let foreign = group.iter().any(|asset| asset.declared == Some(false));
    let role = group.first().and_then(|asset| asset.role);
    let (label, aside, hover, link) = match group {
        [asset] => one(asset),
        several => many(several, role),
    };
    let folded = group.len() > 1;
    Tile { label, aside, hover, role, link, alarm, foreign, folded }
}

fn one(asset: &AssetRow) -> (String, String, String, String) {
    let make = view::make(asset);
    let named = asset.name != asset.id;
    let aside = if named { asset.id.clone() } else { make.clone() };
    let mut hover = vec![asset.name.clone()];
    hover.extend(asset.ips.iter().chain(&asset.macs).filter(|one| **one != asset.name).cloned());
    hover.push(make);
    if let (Some(role), Some(reason)) = (asset.role, asset.role_reason) {
        hover.push(format!("{role}: {reason}"));
    }
    if asset.declared == Some(false) {
        hover.push("not in the plant".to_owned());
    }
    hover.retain(|line| !line.is_empty());
    let hover: Vec<_> = hover.iter().map(|line| words::clean(line)).collect();
    let clean = |text: &str| words::clean(text).into_owned();
    (clean(&asset.name), clean(&aside), hover.join("\n"), format!("#{}", anchor(&asset.id)))
}

fn many(group: &[&AssetRow], role: Option<&str>) -> (String, String, String, String) {
    let role = role.unwrap_or("of unknown role");
    let label = format!("{} {role}", words::number(u64::try_from(group.len()).unwrap_or(0)));
    let first = group.first().map(|asset| asset.id.as_str()).unwrap_or_default();
    let names: Vec<_> = group.iter().map(|asset| words::clean(&asset.name).into_owned()).collect();
    (label, format!("{first} …"), words::some(&names, 12), "#assets".to_owned())
}

/// The page's name of an asset's row.
pub(in crate::inspect::html) fn anchor(id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("asset-{}", id.chars().map(plain).collect::<String>())
}
