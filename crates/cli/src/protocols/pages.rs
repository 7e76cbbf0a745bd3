//! `docs/protocols/`: the operation tables as pages, rendered from the same rows that decide.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use wire::{Depth, Protocol};

use super::{operations, place};

const INDEX: &str = "README.md";

/// Every page by its file name.
fn pages() -> BTreeMap<String, String> {
    let mut pages: BTreeMap<_, _> =
        Protocol::all().map(|one| (format!("{}.md", one.name()), page(one))).collect();
    pages.insert(INDEX.to_owned(), index());
    pages
}

fn index() -> String {
    let mut text = "# Protocols\n\n\
        What is decoded, rendered from the tables that decide (`lightcurtain protocols`). \
        Ports are hints: content decides.\n\n\
        | name | protocol | depth | operations | rests on |\n|---|---|---|---:|---|\n"
        .to_owned();
    for protocol in Protocol::all() {
        let entry = protocol.entry();
        let (name, title, depth) = (entry.name, entry.title, entry.depth.name());
        let count = operations(protocol).count();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| [`{name}`]({name}.md) | {title} | {depth} | {count} | {} |",
            entry.basis
        );
    }
    text
}

fn page(protocol: Protocol) -> String {
    let entry = protocol.entry();
    let depth = match entry.depth {
        Depth::Message => "every message, with object and outcome",
        Depth::Metadata => "names, versions and logins",
        Depth::Recognised => "that it is this protocol",
    };
    let places: Vec<_> = entry.hints.iter().map(|hint| place(*hint)).collect();
    let places = if places.is_empty() { "found by content".to_owned() } else { places.join(", ") };
    let mut text = format!(
        "# {}\n\n`{}` in plant files and reports. Read: {depth}. Rests on: {}. Usual places: {places}.\n",
        entry.title, entry.name, entry.basis
    );
    if operations(protocol).next().is_some() {
        text.push_str(
            "\n| code | operation | intent | effect | source |\n|---:|---|---|---|---|\n",
        );
    }
    for row in operations(protocol) {
        let plain = row.effect == wire::Effect::Plain;
        let effect = if plain { String::new() } else { words(&format!("{:?}", row.effect)) };
        let _ = writeln!(
            text,
            "| {:#04x} | {} | {} | {effect} | {} |",
            row.code,
            row.name.replace('|', "\\|"),
            row.intent,
            row.source.replace('|', "\\|")
        );
    }
    text
}

/// `FactoryReset` as `factory reset`.
fn words(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(c.to_lowercase());
    }
    text
}

#[test]
fn the_readme_lists_every_protocol_once() {
    let readme = include_str!("../../../../README.md");
    let (_, table) = readme.split_once("| read are | protocols |\n|---|---|\n").unwrap();
    let (table, _) = table.split_once("\n\n").unwrap();
    let mut listed: Vec<_> = table.split('`').skip(1).step_by(2).collect();
    listed.sort_unstable();
    let mut known: Vec<_> = Protocol::all().map(Protocol::name).collect();
    known.sort_unstable();
    assert_eq!(listed, known);
}

#[test]
fn the_pages_are_what_the_tables_give() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocols");
    let pages = pages();
    if std::env::var_os("LIGHTCURTAIN_REWRITE").is_some() {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in &pages {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    let published = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap());
    let published: BTreeMap<_, _> = published
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect();
    let differ: Vec<_> = pages
        .keys()
        .chain(published.keys())
        .filter(|name| pages.get(*name) != published.get(*name))
        .collect();
    assert!(
        differ.is_empty(),
        "docs/protocols is not what the tables give ({differ:?}); look at what changed, then run \
         `LIGHTCURTAIN_REWRITE=1 cargo test -p lightcurtain-cli pages`"
    );
}
