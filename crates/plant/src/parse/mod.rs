//! Plant files: TOML text to a checked [`Plant`], or all that is wrong with it.
//!
//! Sections are gathered from every file first, so that the order of files and sections never
//! matters to what names mean; then each is read; then what they say together is checked.
//! The format is documented in `docs/formats/plant.md`.

mod assets;
mod check;
mod conduits;
mod section;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use crate::calendar::{self, Window};
use crate::diagnostic::{Diagnostic, Grade};
use crate::hint;
use crate::model::Plant;
use crate::source::{Lines, Place, Source, Word};
use section::{Log, Section};

/// Sections that a plant file may have.
const SECTIONS: [&str; 5] = ["plant", "zone", "asset", "conduit", "window"];

/// Reads a plant from its files.
///
/// # Errors
/// Everything that is wrong, and every warning, in the order of files and lines.
pub fn parse(sources: &[Source]) -> Result<Plant, Vec<Diagnostic>> {
    let (mut plant, diagnostics) = read(sources);
    if diagnostics.iter().any(|diagnostic| diagnostic.grade == Grade::Error) {
        return Err(diagnostics);
    }
    plant.warnings = diagnostics;
    Ok(plant)
}

/// Reads a plant as far as it can be read, with everything that is wrong in the order of files and
/// lines: for checks that go on after an error. A plant with errors must not decide anything.
pub fn read(sources: &[Source]) -> (Plant, Vec<Diagnostic>) {
    let lines: Vec<_> =
        sources.iter().enumerate().map(|(at, source)| Lines::new(at, &source.text)).collect();
    let names: Vec<_> = sources.iter().map(|source| source.name.clone()).collect();
    let mut log = Log::new(&lines, names.clone());
    let tables: Vec<_> = sources
        .iter()
        .map(|source| DeTable::parse_recoverable(source.text.as_str()))
        .enumerate()
        .map(|(file, (table, faults))| {
            for fault in faults {
                let place = log.place(file, fault.span().unwrap_or(0..0));
                log.error(place, fault.message().trim().replace('\n', ", "));
            }
            table.into_inner()
        })
        .collect();
    let mut found = Found::default();
    for (file, table) in tables.iter().enumerate() {
        found.gather(file, table, &mut log);
    }
    let mut plant = found.read(&mut log);
    plant.files = names;
    check::check(&plant, &mut log);
    let mut diagnostics = log.diagnostics;
    diagnostics.sort_by(|a, b| (a.place, &a.message).cmp(&(b.place, &b.message)));
    diagnostics.dedup();
    (plant, diagnostics)
}

/// The sections of all files.
#[derive(Default)]
struct Found<'a> {
    plant: Vec<Section<'a>>,
    zones: Vec<Named<'a>>,
    assets: Vec<Named<'a>>,
    windows: Vec<Named<'a>>,
    conduits: Vec<Section<'a>>,
}

/// A section with a name.
struct Named<'a> {
    name: Word,
    section: Section<'a>,
}

impl<'a> Found<'a> {
    fn gather(&mut self, file: usize, table: &'a DeTable<'a>, log: &mut Log<'_>) {
        let root = Section { title: "the file".into(), place: Place::default(), file, table };
        root.only(&SECTIONS, log);
        for (key, span, value) in root.fields() {
            let place = log.place(file, span);
            match (key, value.get_ref()) {
                ("plant", DeValue::Table(table)) => {
                    self.plant.push(Section { title: "`[plant]`".into(), place, file, table });
                }
                ("conduit", DeValue::Array(items)) => {
                    for item in items {
                        let place = log.place(file, item.span());
                        let DeValue::Table(table) = item.get_ref() else {
                            shape(key, place, log);
                            continue;
                        };
                        let title = "the conduit".into();
                        self.conduits.push(Section { title, place, file, table });
                    }
                }
                ("zone", DeValue::Table(table)) => {
                    named(&mut self.zones, key, file, table, log);
                }
                ("asset", DeValue::Table(table)) => {
                    named(&mut self.assets, key, file, table, log);
                }
                ("window", DeValue::Table(table)) => {
                    named(&mut self.windows, key, file, table, log);
                }
                _ if SECTIONS.contains(&key) => shape(key, place, log),
                _ => {}
            }
        }
    }

    fn read(&self, log: &mut Log<'_>) -> Plant {
        let mut plant = Plant::default();
        self.plant(&mut plant, log);
        plant.windows = self.windows.iter().map(|named| window(named, log)).collect();
        let said = self.plant.iter().any(|section| section.get("timezone").is_some());
        if let (Some(first), false) = (plant.windows.first(), said) {
            log.error(first.place, "windows need the plant's time zone").hint =
                Some("`timezone = \"Europe/Berlin\"` in `[plant]`".into());
        }
        plant.zones = self.zones.iter().map(|named| assets::zone(named, log)).collect();
        let zones = unique("zone", &self.zones, log);
        plant.assets = self.assets.iter().map(|named| assets::asset(named, &zones, log)).collect();
        let assets = unique("asset", &self.assets, log);
        let windows = unique("window", &self.windows, log);
        let words = conduits::Words { zones, assets, windows };
        plant.conduits =
            self.conduits.iter().map(|section| conduits::read(section, &words, log)).collect();
        plant
    }

    fn plant(&self, plant: &mut Plant, log: &mut Log<'_>) {
        let mut first: Option<Place> = None;
        for section in &self.plant {
            if let Some(first) = first {
                log.error(section.place, "`[plant]` stands in two files").related =
                    Some((first, "first here"));
                continue;
            }
            first = Some(section.place);
            section.only(&["name", "timezone"], log);
            match section.free("name", log) {
                Some(name) => plant.name = name,
                None if section.get("name").is_none() => {
                    section.missing("name", "\"South works, body shop\"", log);
                }
                None => {}
            }
            plant.timezone = section.text("timezone", log).and_then(|word| timezone(&word, log));
        }
    }
}

fn timezone(word: &Word, log: &mut Log<'_>) -> Option<String> {
    let known = calendar::known_timezone(&word.text);
    if known.is_none() {
        let message = format!("`{}` is no IANA time zone", word.text);
        log.error(word.place, message).hint = hint::suggest(&word.text, calendar::timezones())
            .or_else(|| Some("as in `Europe/Berlin`".into()));
    }
    known.map(str::to_owned)
}

fn shape(key: &str, place: Place, log: &mut Log<'_>) {
    let (message, hint) = match key {
        "plant" => ("`plant` is one section", "[plant]".to_owned()),
        "conduit" => ("conduits are a list of sections", "[[conduit]]".to_owned()),
        _ => ("a section with a name was expected", format!("[{key}.NAME]")),
    };
    log.error(place, message).hint = Some(format!("as in `{hint}`"));
}

fn named<'a>(
    into: &mut Vec<Named<'a>>,
    kind: &str,
    file: usize,
    table: &'a DeTable<'a>,
    log: &mut Log<'_>,
) {
    let all = Section { title: String::new(), place: Place::default(), file, table };
    for (name, span, value) in all.fields() {
        let place = log.place(file, span);
        let DeValue::Table(table) = value.get_ref() else {
            shape(kind, place, log);
            continue;
        };
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(fits) {
            let hint = name.replace(|c| !fits(c), "-");
            log.error(place, format!("`{name}` is no name of a {kind}")).hint =
                Some(format!("letters, digits, `-`, `_` and `.`: `{hint}`"));
        }
        let section = Section { title: format!("{kind} `{name}`"), place, file, table };
        into.push(Named { name: Word { text: name.to_owned(), place }, section });
    }
}

/// The place of each name in its list; a name that stands twice is logged.
fn unique<'n>(kind: &str, all: &'n [Named<'_>], log: &mut Log<'_>) -> BTreeMap<&'n str, usize> {
    let mut places = BTreeMap::new();
    for (at, Named { name, .. }) in all.iter().enumerate() {
        let first = *places.entry(name.text.as_str()).or_insert(at);
        if let (true, Some(first)) = (first != at, all.get(first)) {
            log.error(name.place, format!("{kind} `{}` is declared twice", name.text)).related =
                Some((first.name.place, "first declared here"));
        }
    }
    places
}

fn window(named: &Named<'_>, log: &mut Log<'_>) -> Window {
    let section = &named.section;
    section.only(&["days", "from", "to"], log);
    let mut days = [section.get("days").is_none(); 7];
    for word in section.texts("days", log) {
        let day = Window::DAYS.iter().position(|name| *name == word.text);
        match day.and_then(|day| days.get_mut(day)) {
            Some(day) => *day = true,
            None => {
                log.error(word.place, format!("`{}` is no day", word.text)).hint =
                    hint::suggest(&word.text, Window::DAYS);
            }
        }
    }
    if days == [false; 7] && section.texts("days", log).is_empty() {
        log.error(section.place, format!("{} opens on no day", section.title));
    }
    let mut minute = |key: &str, example: &str| {
        if section.get(key).is_none() {
            section.missing(key, example, log);
        }
        let word = section.text(key, log)?;
        let minute = calendar::minute(&word.text);
        if minute.is_none() {
            log.error(word.place, format!("`{}` is no time of day", word.text)).hint =
                Some("two digits each, as in `06:30`; `24:00` ends the day".into());
        }
        minute
    };
    let from_min = minute("from", "\"06:00\"").unwrap_or(0);
    let to_min = minute("to", "\"14:00\"").unwrap_or(0);
    Window { name: named.name.text.clone(), days, from_min, to_min, place: named.name.place }
}
