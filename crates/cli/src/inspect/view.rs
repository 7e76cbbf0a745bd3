//! The report as people look at it: assets by id, zones from high to low, findings by severity.
//!
//! Shared by the terminal and the page, so that the two never tell different stories.

use std::collections::BTreeMap;
use std::net::IpAddr;

use plant::{Intent, Level, Severity};

use super::report::{AssetRow, Capture, ConversationRow, FindingRow, ProgramRow, Report, ZoneRow};
use super::words::counted;

/// A report with its cross references.
pub(crate) struct View<'r> {
    pub(crate) report: &'r Report,
    assets: BTreeMap<&'r str, &'r AssetRow>,
    zones: BTreeMap<&'r str, &'r ZoneRow>,
}

impl<'r> View<'r> {
    pub(crate) fn new(report: &'r Report) -> Self {
        Self {
            report,
            assets: report.assets.iter().map(|asset| (asset.id.as_str(), asset)).collect(),
            zones: report.zones.iter().map(|zone| (zone.name.as_str(), zone)).collect(),
        }
    }

    pub(crate) fn asset(&self, id: &str) -> Option<&'r AssetRow> {
        self.assets.get(id).copied()
    }

    pub(crate) fn zone_of(&self, asset: &AssetRow) -> Option<&'r ZoneRow> {
        self.zones.get(asset.zone.as_deref()?).copied()
    }

    /// What people call an asset; a group address is called by its address.
    pub(crate) fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.asset(id).map_or(id, |asset| asset.name.as_str())
    }

    /// Zones with assets, or declared, from the highest level down.
    pub(crate) fn zones(&self) -> Vec<&'r ZoneRow> {
        let mut zones: Vec<_> = self.report.zones.iter().collect();
        zones.sort_by(|a, b| level(b).cmp(&level(a)).then_with(|| network(a).cmp(&network(b))));
        zones
    }

    /// Assets of a zone, in order of address.
    pub(crate) fn members(&self, zone: &ZoneRow) -> Vec<&'r AssetRow> {
        let mut members: Vec<_> = self
            .report
            .assets
            .iter()
            .filter(|asset| asset.zone.as_deref() == Some(zone.name.as_str()))
            .collect();
        members.sort_by_key(|asset| place(asset));
        members
    }

    /// Assets with those nearest to the machines first.
    pub(crate) fn assets(&self) -> Vec<&'r AssetRow> {
        let mut assets: Vec<_> = self.report.assets.iter().collect();
        assets.sort_by_key(|asset| (self.zone_of(asset).map(level), place(asset)));
        assets
    }

    /// Findings with the worst first; equal ones in order of time.
    pub(crate) fn findings(&self) -> Vec<&'r FindingRow> {
        let mut findings: Vec<_> = self.report.findings.iter().collect();
        findings.sort_by(|a, b| {
            b.severity.cmp(&a.severity).then_with(|| a.first_seen.cmp(&b.first_seen))
        });
        findings
    }

    /// Programs with those first that the plant does not list, then the latest.
    pub(crate) fn programs(&self) -> Vec<&'r ProgramRow> {
        let mut all: Vec<_> = self.report.programs.iter().collect();
        all.sort_by(|a, b| {
            let unlisted = |one: &ProgramRow| one.listed == Some(false);
            unlisted(b).cmp(&unlisted(a)).then_with(|| b.last_seen.cmp(&a.last_seen))
        });
        all
    }

    /// Conversations with the strongest intent first; of equal ones, the most talkative.
    pub(crate) fn conversations(&self) -> Vec<&'r ConversationRow> {
        let mut all: Vec<_> = self.report.conversations.iter().collect();
        all.sort_by_key(|one| std::cmp::Reverse((denied(one) > 0, weight(one), one.messages)));
        all
    }

    /// How many assets of each role, most first: `12 plc, 3 hmi, 2 of unknown role`.
    pub(crate) fn roles(&self) -> String {
        let mut counts = BTreeMap::<&str, usize>::new();
        for asset in &self.report.assets {
            *counts.entry(asset.role.unwrap_or("of unknown role")).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let counts: Vec<_> = counts.into_iter().map(|(role, n)| format!("{n} {role}")).collect();
        counts.join(", ")
    }

    /// How many findings of each severity, worst first; none of those that are not there.
    pub(crate) fn severities(&self) -> Vec<(Severity, usize)> {
        let of = |severity| self.report.findings.iter().filter(move |one| one.severity == severity);
        let counts =
            Severity::ALL.into_iter().rev().map(|severity| (severity, of(severity).count()));
        counts.filter(|(_, count)| *count > 0).collect()
    }
}

/// What the reader must know about what the report does not cover.
pub(crate) fn limits(capture: &Capture) -> Vec<String> {
    let mut limits: Vec<_> = capture
        .damage
        .iter()
        .map(|damage| format!("`{}` is damaged: {}", damage.input, damage.what))
        .collect();
    if capture.interrupted {
        limits.push("the reading was stopped: what follows is about the part before".to_owned());
    }
    let counts = [
        (capture.undecoded, "frame", "with a link type or headers that cannot be read"),
        (capture.gaps, "gap", "in streams: bytes that the capture does not hold"),
        (capture.shed, "flow, address, program or fragment set", "let go at a memory bound"),
    ];
    let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
    limits.extend(counts.map(|(count, what, why)| format!("{} {why}", counted(count, what))));
    limits
}

/// Purdue level of a zone.
pub(crate) fn level(zone: &ZoneRow) -> Level {
    zone.level.parse().unwrap_or(Level::Supervision)
}

/// What stands on a level, in two words.
pub(crate) const fn level_title(level: Level) -> &'static str {
    match level {
        Level::Process => "process",
        Level::Control => "control",
        Level::Supervision => "supervision",
        Level::Operations => "site operations",
        Level::Dmz => "demilitarized zone",
        Level::Business => "business",
        Level::Enterprise => "enterprise",
    }
}

/// A zone's name; without the level that its heading says already, if the name was a guess.
pub(crate) fn zone_title(zone: &ZoneRow) -> &str {
    let name = zone.name.as_str();
    let guessed = name.strip_prefix("level ").filter(|_| !zone.declared);
    guessed.and_then(|guess| guess.split_once(" in ")).map_or(name, |(_, network)| network)
}

/// Order of zones of one level: by address, then by name.
fn network(zone: &ZoneRow) -> (Option<IpAddr>, &str) {
    let address = zone_title(zone).split('/').next().and_then(|text| text.parse().ok());
    (address, &zone.name)
}

/// Messages that the plant forbids.
pub(crate) fn denied(one: &ConversationRow) -> u64 {
    one.verdicts.map_or(0, |verdicts| verdicts.deny)
}

/// Rank of a conversation's strongest intent; zero if no message was read.
pub(crate) fn weight(one: &ConversationRow) -> usize {
    one.strongest.map_or(0, |intent| intent.index() + 1)
}

/// Messages of one intent.
pub(crate) fn messages(one: &ConversationRow, intent: Intent) -> u64 {
    one.by_intent.get(intent.name()).map_or(0, |amount| amount.messages)
}

/// Vendor and model in one, without saying the vendor twice.
pub(crate) fn make(asset: &AssetRow) -> String {
    let product = asset.identity.get("product").and_then(|values| values.first());
    match (asset.vendor.as_deref(), product) {
        (Some(vendor), Some(product)) if product.starts_with(vendor) => product.clone(),
        (Some(vendor), Some(product)) => format!("{vendor} {product}"),
        (vendor, product) => vendor.or(product.map(String::as_str)).unwrap_or_default().to_owned(),
    }
}

/// Order of addresses: by number, not by letter.
fn place(asset: &AssetRow) -> (Option<IpAddr>, &str) {
    (asset.id.parse().ok(), asset.id.as_str())
}
