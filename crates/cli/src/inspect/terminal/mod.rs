//! The report on a terminal: what was read, what is wrong, who is there, who says what to whom.
//!
//! Long lists are folded unless `--all` is given. The text of one report is the same for the same
//! screen; colour is only ever an addition.

mod map;
mod paper;

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use plant::Severity;

use super::report::{FindingRow, Report};
use super::view::{View, make, zone_title};
use super::words;
use crate::args;
use crate::screen::Screen;
use paper::{Cell, Ink, Paper};

/// Rows of each list that are shown without `--all`: what fits a look.
#[derive(Clone, Copy)]
struct Folds {
    findings: usize,
    assets: usize,
    conversations: usize,
    zones: usize,
    programs: usize,
    protocols: usize,
}

impl Folds {
    const SHORT: Self = Self {
        findings: 12,
        assets: 24,
        conversations: 48,
        zones: 16,
        programs: 12,
        protocols: 16,
    };
    const NONE: Self = Self {
        findings: usize::MAX,
        assets: usize::MAX,
        conversations: usize::MAX,
        zones: usize::MAX,
        programs: usize::MAX,
        protocols: usize::MAX,
    };
}

/// Prints the summary.
pub(crate) fn print(report: &Report, args: &args::Inspect) -> anyhow::Result<()> {
    let folds = if args.all { Folds::NONE } else { Folds::SHORT };
    let mut paper = Paper::new(Screen::stdout());
    let view = View::new(report);
    capture(&mut paper, report);
    findings(&mut paper, &view, folds);
    assets(&mut paper, &view, folds);
    map::print(&mut paper, &view, folds);
    programs(&mut paper, &view, folds);
    protocols(&mut paper, report, folds);
    next(&mut paper, args);
    io::stdout().lock().write_all(paper.text.as_bytes())?;
    Ok(())
}

fn capture(paper: &mut Paper, report: &Report) {
    let capture = &report.capture;
    let inputs: Vec<_> = capture.inputs.iter().map(|input| words::file(input)).collect();
    paper.heading("Capture", &words::some(&inputs, 3));
    let (frames, bytes) = (words::counted(capture.frames, "frame"), words::bytes(capture.bytes));
    let mut facts = format!("{frames}, {bytes}");
    if let (Some(first), Some(last)) = (&capture.first_seen, &capture.last_seen) {
        let duration = words::duration(capture.duration_ns);
        facts += &format!(", {duration}: {} UTC", words::span(first, last));
    }
    paper.put(Ink::Plain, "  ").wrapped(Ink::Plain, 2, &facts);
    if let Some(plant) = &report.plant {
        let (zones, assets) =
            (words::count(plant.zones, "zone"), words::count(plant.assets, "asset"));
        let rules = words::count(plant.rules, "rule");
        let text = format!("judged by the plant `{}`: {zones}, {assets}, {rules}", plant.name);
        paper.put(Ink::Plain, "  ").wrapped(Ink::Plain, 2, &text);
    }
    for limit in super::view::limits(capture) {
        paper.put(Ink::Plain, "  ").wrapped(Ink::Notice, 2, &limit);
    }
}

fn findings(paper: &mut Paper, view: &View<'_>, folds: Folds) {
    let counts: Vec<_> = view
        .severities()
        .into_iter()
        .map(|(severity, count)| format!("{count} {}", severity.name()))
        .collect();
    paper.heading("Findings", &counts.join(", "));
    let all = view.findings();
    if all.is_empty() {
        paper.line(Ink::Plain, "  nothing that should not be");
    }
    let mut explained = BTreeSet::new();
    for one in all.iter().take(folds.findings) {
        finding(paper, one);
        if one.severity >= Severity::High && explained.insert(one.rule) {
            let advice = format!("{} {}", one.meaning, one.action);
            paper.put(Ink::Plain, &" ".repeat(FINDING_INDENT));
            paper.wrapped(Ink::Plain, FINDING_INDENT, &advice);
        }
    }
    fold(paper, all.len(), folds.findings, "");
}

/// Columns of the severity and its gap, before a finding's text.
const FINDING_INDENT: usize = 12;

fn finding(paper: &mut Paper, one: &FindingRow) {
    let (ink, name) = (Ink::of_severity(one.severity), one.severity.name());
    let pad = " ".repeat(FINDING_INDENT - 2 - name.len());
    paper.put(Ink::Plain, "  ").put(ink, name).put(Ink::Plain, &pad);
    paper.wrapped(Ink::Plain, FINDING_INDENT, &one.title);
    let mut parts = Vec::new();
    if one.count > 1 {
        parts.push(format!("{} times", words::number(one.count)));
    }
    parts.push(words::span(&one.first_seen, &one.last_seen));
    let frames: Vec<_> = one.frames.iter().map(u64::to_string).collect();
    match frames.as_slice() {
        [] => {}
        [frame] => parts.push(format!("frame {frame}")),
        frames => parts.push(format!("frames {}", words::some(frames, 4))),
    }
    if let Some(technique) = &one.technique {
        parts.push(format!("{} {}", technique.id, technique.name));
    }
    let indent = " ".repeat(FINDING_INDENT);
    paper.put(Ink::Plain, &indent).wrapped(Ink::Faint, FINDING_INDENT, &parts.join(", "));
}

fn assets(paper: &mut Paper, view: &View<'_>, folds: Folds) {
    paper.heading("Assets", &view.roles());
    let all = view.assets();
    let rows: Vec<_> = all
        .iter()
        .take(folds.assets)
        .map(|asset| {
            let name = if asset.name == asset.id { "" } else { asset.name.as_str() };
            let zone =
                view.zone_of(asset).map(|zone| format!("{} {}", zone.level, zone_title(zone)));
            let mark = match asset.declared {
                Some(false) => "undeclared",
                Some(true) | None if asset.silent => "silent",
                Some(true) | None => "",
            };
            vec![
                Cell::new(Ink::Plain, &asset.id),
                Cell::new(Ink::Heading, name),
                Cell::new(Ink::Plain, make(asset)),
                Cell::new(Ink::Plain, asset.role.unwrap_or_default()),
                Cell::new(Ink::Plain, zone.unwrap_or_default()),
                Cell::new(Ink::Notice, mark),
            ]
        })
        .collect();
    paper.table(2, &["address", "name", "vendor, model", "role", "level, zone", ""], &rows);
    fold(paper, all.len(), folds.assets, "");
}

fn programs(paper: &mut Paper, view: &View<'_>, folds: Folds) {
    let all = view.programs();
    if all.is_empty() {
        return;
    }
    paper.heading("Programs on the wire", "");
    let rows: Vec<_> = all
        .iter()
        .take(folds.programs)
        .map(|one| {
            let hash = one.hash.as_deref().and_then(|hash| hash.get(..SHORT_HASH));
            let mark = if one.listed == Some(false) { "not listed" } else { "" };
            vec![
                Cell::new(Ink::Plain, one.kind),
                Cell::new(Ink::Heading, &one.name),
                Cell::number(Ink::Plain, words::bytes(one.bytes)),
                Cell::new(Ink::Faint, hash.unwrap_or(one.missing.unwrap_or_default())),
                Cell::new(Ink::Plain, format!("{} > {}", view.name(&one.from), view.name(&one.to))),
                Cell::new(Ink::Notice, mark),
            ]
        })
        .collect();
    paper.table(2, &["kind", "name", "size", "hash", "from > to", ""], &rows);
    fold(paper, all.len(), folds.programs, "");
}

/// `sha256:` and as many digits as people compare.
const SHORT_HASH: usize = 7 + 12;

fn protocols(paper: &mut Paper, report: &Report, folds: Folds) {
    let read: Vec<_> = report.protocols.iter().filter(|one| one.messages > 0).collect();
    let others: Vec<_> = report.protocols.iter().filter(|one| one.messages == 0).collect();
    paper.heading("Protocols", "");
    let rows: Vec<_> = read
        .iter()
        .take(folds.protocols)
        .map(|one| {
            let mut operations: Vec<_> = one.operations.iter().collect();
            operations.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
            let operations: Vec<_> = operations
                .into_iter()
                .map(|(name, count)| format!("{name} {}", words::number(*count)))
                .collect();
            vec![
                Cell::new(Ink::Heading, &one.name),
                Cell::number(Ink::Plain, words::number(one.messages)),
                Cell::new(Ink::Faint, operations.join(", ")),
            ]
        })
        .collect();
    paper.table(2, &["protocol", "messages", "operations"], &rows);
    fold(paper, read.len(), folds.protocols, "");
    if !others.is_empty() {
        let names: Vec<_> = others.iter().map(|one| one.name.clone()).collect();
        let text = format!("seen, no message read: {}", words::some(&names, folds.protocols));
        paper.put(Ink::Plain, "  ").wrapped(Ink::Faint, 2, &text);
    }
}

/// What to do with what was learned.
fn next(paper: &mut Paper, args: &args::Inspect) {
    let command = args.words();
    let mut hints = Vec::new();
    if args.html.is_none() {
        hints.push((format!("{command} --html report.html"), "the same with a zone map, to share"));
    }
    if args.plant.is_none() {
        let learn = format!("lightcurtain learn {} --into plant/", args.source.words());
        hints.push((learn, "propose a plant from this capture"));
        hints.push((format!("{command} --plant plant/"), "judge every message by it"));
    }
    if hints.is_empty() {
        return;
    }
    paper.heading("Next", "");
    for (command, why) in hints {
        paper.put(Ink::Plain, "  ").line(Ink::Faint, &format!("# {why}"));
        paper.put(Ink::Plain, "  ").line(Ink::Plain, &command);
    }
}

/// Says what a list does not show.
fn fold(paper: &mut Paper, all: usize, shown: usize, what: &str) {
    if all > shown {
        let more = words::number(u64::try_from(all - shown).unwrap_or(u64::MAX));
        let text = format!("  ... and {more} more{what} (--all shows them)");
        paper.line(Ink::Faint, &text);
    }
}
