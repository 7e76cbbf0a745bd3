//! Headers and sizes. Limits from STYLE "Size": a file without its tests 600 lines, a function 70,
//! a crate 12,000, 100 columns. The aims below the limits are for reviewers.

use std::collections::BTreeMap;

use super::Breach;
use super::source::Source;

/// Lines of a file without its tests.
const FILE_LINES_MAX: usize = 600;
/// Lines of a function from `fn` to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;
/// Lines of a crate without its tests; of `wire`, lines of one protocol's directory, because it
/// is as large as there are protocols.
const CRATE_LINES_MAX: usize = 12_000;
/// Lines of one protocol.
const PROTOCOL_LINES_MAX: usize = 3_000;
/// Characters of a line.
const COLUMNS_MAX: usize = 100;
/// Lines of a file's header: long enough to say something, short enough to be read. Byte maps in
/// code fences are not counted.
const HEADER_LINES: std::ops::RangeInclusive<usize> = 1..=16;

/// Checks one file.
pub(super) fn check(source: &Source, breaches: &mut Vec<Breach>) {
    header(source, breaches);
    let lines = source.product_lines();
    if lines > FILE_LINES_MAX {
        let what = format!("{lines} lines without tests; the limit is {FILE_LINES_MAX}");
        breaches.push(Breach::of_file("file-lines", &source.path, what).measuring(lines));
    }
    for function in source.functions() {
        if function.lines > FUNCTION_LINES_MAX {
            let (name, lines) = (&function.name, function.lines);
            let what = format!("`{name}` has {lines} lines; the limit is {FUNCTION_LINES_MAX}");
            let place = format!("{}#{name}", source.path);
            let breach = Breach::new("function-lines", &place, function.first_line, what);
            breaches.push(breach.measuring(lines));
        }
    }
    for (line, number) in source.text.lines().zip(1..) {
        let columns = line.chars().count();
        if columns > COLUMNS_MAX && !ends_in_text(line) {
            let what = format!("{columns} columns; the limit is {COLUMNS_MAX}");
            breaches.push(Breach::new("columns", &source.path, number, what));
        }
    }
}

/// Whether the limit falls into a string, which rustfmt cannot break: rows of tables for people.
fn ends_in_text(line: &str) -> bool {
    let before: String = line.chars().take(COLUMNS_MAX).collect();
    let quotes = before.replace("\\\"", "").matches('"').count();
    quotes % 2 == 1 && !line.trim_start().starts_with("//")
}

fn header(source: &Source, breaches: &mut Vec<Breach>) {
    let mut fenced = false;
    let mut lines = 0_usize;
    for line in source.text.lines().map_while(|line| line.strip_prefix("//!")) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            lines += 1;
        }
    }
    if !HEADER_LINES.contains(&lines) {
        let what = format!(
            "the `//!` header has {lines} lines; it says in {} to {} what this is, what it is \
             not, and its source",
            HEADER_LINES.start(),
            HEADER_LINES.end()
        );
        breaches.push(Breach::new("header", &source.path, 1, what));
    }
}

/// Sums of lines per crate, and per protocol of `wire`.
#[derive(Default)]
pub(super) struct CrateLines(BTreeMap<String, usize>);

impl CrateLines {
    /// Counts one file.
    pub(super) fn add(&mut self, source: &Source) {
        let parts: Vec<&str> = source.path.split('/').collect();
        let unit = match parts[..] {
            ["crates", "wire", "src", protocol, _, ..] => format!("crates/wire/src/{protocol}"),
            ["crates", name, ..] => format!("crates/{name}"),
            _ => return,
        };
        *self.0.entry(unit).or_default() += source.product_lines();
    }

    /// Names the crates and protocols that are too large.
    pub(super) fn check(self, breaches: &mut Vec<Breach>) {
        for (unit, lines) in self.0 {
            let protocol = unit.starts_with("crates/wire/src/");
            let limit = if protocol { PROTOCOL_LINES_MAX } else { CRATE_LINES_MAX };
            if lines > limit {
                let what = format!("{lines} lines without tests; the limit is {limit}");
                breaches.push(Breach::of_file("crate-lines", &unit, what).measuring(lines));
            }
        }
    }
}

/// The crate that a path below `crates/` belongs to.
pub(super) fn crate_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.split('/').next()
}
