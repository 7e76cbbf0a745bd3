//! Names that say nothing, and words that do not belong into what is merged.
//!
//! Source: STYLE "Names" and "Comments and docs".

use super::Breach;
use super::purity::whole;
use super::source::Source;

/// Words that no type may end in or consist of.
const EMPTY_WORDS: &[&str] =
    &["Manager", "Helper", "Util", "Utils", "Data", "Info", "Handler", "Processor"];
/// Modules that collect what has no home.
const EMPTY_MODULES: &[&str] =
    &["manager", "helper", "helpers", "util", "utils", "misc", "common", "prelude"];
/// Names that the standard library gave the same shape.
const IDIOMS: &[&str] = &["get_mut", "get_ref", "get_or_insert_with"];
/// What declares a type.
const TYPES: &[&str] = &["struct", "enum", "trait", "union", "type"];

/// Marks of unfinished work. Spelled in halves, so that this file holds none.
const UNFINISHED: &[&str] =
    &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("unimple", "mented!")];
/// Traces of the machine that it was written on.
const MACHINE: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/tmp/", "brief"),
    concat!(".lib", "rary"),
];

/// Checks the names that a Rust file declares.
pub(super) fn check(source: &Source, breaches: &mut Vec<Breach>) {
    for (number, code, test) in source.lines() {
        let mut push = |rule, what| breaches.push(Breach::new(rule, &source.path, number, what));
        for (keyword, name) in declared(code) {
            if TYPES.contains(&keyword) && EMPTY_WORDS.iter().any(|word| name.ends_with(word)) {
                push("names", format!("type `{name}`: name what it is, not that it is something"));
            }
            if keyword == "mod" && EMPTY_MODULES.contains(&name) {
                push("names", format!("module `{name}`: name the idea that it holds"));
            }
            if keyword == "fn" && name.starts_with("get_") && !IDIOMS.contains(&name) {
                push("names", format!("function `{name}`: leave the `get_` out"));
            }
            if keyword == "fn" && test && name.starts_with("test_") {
                push("names", format!("test `{name}`: a test is named by a sentence"));
            }
        }
        if code.trim_start().starts_with("pub use") && code.trim_end().ends_with("::*;") {
            push("reexport", "glob re-export: list the paved path by name".to_owned());
        }
    }
}

/// Keyword and name of each item that a line declares.
fn declared(code: &str) -> impl Iterator<Item = (&str, &str)> {
    const KEYWORDS: &[&str] = &["struct", "enum", "trait", "union", "type", "mod", "fn"];
    let words = code.split_whitespace();
    let next = code.split_whitespace().skip(1);
    words.zip(next).filter(|(word, _)| KEYWORDS.contains(word)).map(|(word, name)| {
        let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
        (word, name.get(..end).unwrap_or_default())
    })
}

/// Checks the words of any written file.
pub(super) fn check_text(path: &str, text: &str, breaches: &mut Vec<Breach>) {
    for (line, number) in text.lines().zip(1..) {
        for word in UNFINISHED.iter().filter(|word| whole(line, word)) {
            let what = format!("`{word}`: finish it, or file an issue and leave the mark out");
            breaches.push(Breach::new("words", path, number, what));
        }
        for trace in MACHINE.iter().filter(|trace| line.contains(*trace)) {
            let what = format!("`{trace}`: a path of one machine means nothing on another");
            breaches.push(Breach::new("machine-path", path, number, what));
        }
    }
}
