//! What the map shows: rooms, boxes and lines, before anything has a place.

use std::collections::BTreeMap;

use plant::{Intent, Level, Severity};

use super::fold::{self, Alarms};
use crate::inspect::report::{AssetRow, ConversationRow};
use crate::inspect::view::{self, View};
use crate::inspect::words;

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
        let alarms = fold::alarms(view);
        let mut scene = Self { rooms: vec![], boxes: vec![], lines: vec![], lines_left_out: 0 };
        let mut box_of = BTreeMap::new();
        for draft in fold::drafts(view, &alarms) {
            let first = scene.boxes.len();
            for group in &draft.groups {
                box_of.extend(group.iter().map(|asset| (asset.id.as_str(), scene.boxes.len())));
                scene.boxes.push(tile(group, &alarms));
            }
            scene.rooms.push(Room {
                title: draft.title,
                level: draft.level,
                declared: draft.declared,
                assets: draft.groups.iter().map(Vec::len).sum(),
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

fn tile(group: &[&AssetRow], alarms: &Alarms<'_>) -> Tile {
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
    (asset.name.clone(), aside, hover.join("\n"), format!("#{}", anchor(&asset.id)))
}

fn many(group: &[&AssetRow], role: Option<&str>) -> (String, String, String, String) {
    let role = role.unwrap_or("unknown");
    let label = format!("{} {role}", words::number(u64::try_from(group.len()).unwrap_or(0)));
    let first = group.first().map(|asset| asset.id.as_str()).unwrap_or_default();
    let names: Vec<_> = group.iter().map(|asset| asset.name.clone()).collect();
    (label, format!("{first} …"), words::some(&names, 12), "#assets".to_owned())
}

/// The page's name of an asset's row.
pub(in crate::inspect::html) fn anchor(id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("asset-{}", id.chars().map(plain).collect::<String>())
}
