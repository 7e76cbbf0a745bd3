//! The house rules that no other tool checks.
//!
//! Each rule looks at the whole project and names its breaches by file and line. A breach that
//! cannot be mended today has a row in `tidy-waivers.txt`; that list only shrinks: a row that is
//! no longer needed, or allows more than is used, is a breach itself. Source: DESIGN section 4,
//! STYLE "Shape", "Size", "Names", "Comments and docs".

mod directions;
mod names;
mod purity;
mod shape;
mod source;
#[cfg(test)]
mod tests;
mod waivers;

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};

use crate::shell;
use source::Source;
use waivers::Waivers;

/// One place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Breach {
    /// The rule's short name, as in the waiver list.
    rule: &'static str,
    /// File from the project's root, or a crate's name.
    path: String,
    /// Line, where there is one.
    line: Option<usize>,
    /// What was measured, for rules with a limit.
    measured: Option<usize>,
    /// What is wrong and what would be right.
    what: String,
}

impl Breach {
    fn new(rule: &'static str, path: &str, line: usize, what: String) -> Self {
        Self { rule, path: path.to_owned(), line: Some(line), measured: None, what }
    }

    fn of_file(rule: &'static str, path: &str, what: String) -> Self {
        Self { rule, path: path.to_owned(), line: None, measured: None, what }
    }

    fn measuring(mut self, measured: usize) -> Self {
        self.measured = Some(measured);
        self
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": [{}] {}", self.rule, self.what)
    }
}

/// The command.
pub(crate) fn run(_: &[String]) -> Result<bool> {
    let breaches = breaches()?;
    for breach in &breaches {
        println!("{breach}");
    }
    match breaches.len() {
        0 => println!("tidy: every rule holds"),
        count => println!("tidy: {count} breaches"),
    }
    Ok(breaches.is_empty())
}

/// Every breach of the project that no waiver covers.
fn breaches() -> Result<Vec<Breach>> {
    let root = shell::root();
    let mut breaches = directions::check(&directions::metadata()?)?;
    let mut crate_lines = shape::CrateLines::default();
    for path in shell::files(&root)? {
        let name = relative(&root, &path);
        let Some(text) = text_of(&path)? else { continue };
        names::check_text(&name, &text, &mut breaches);
        if path.extension().is_some_and(|extension| extension == "rs") {
            let source = Source::new(name, text);
            shape::check(&source, &mut breaches);
            names::check(&source, &mut breaches);
            purity::check(&source, &mut breaches);
            crate_lines.add(&source);
        }
    }
    crate_lines.check(&mut breaches);
    let list = root.join(waivers::PATH);
    let rows = std::fs::read_to_string(&list)
        .with_context(|| format!("cannot read {}", list.display()))?;
    Ok(Waivers::parse(&rows)?.apply(breaches))
}

/// The text of a file that people write, nothing for others.
fn text_of(path: &Path) -> Result<Option<String>> {
    const WRITTEN: &[&str] = &["rs", "md", "toml", "txt", "tsv", "json", "yml", "yaml", "sh", "py"];
    let extension = path.extension().and_then(|extension| extension.to_str());
    if !extension.is_some_and(|extension| WRITTEN.contains(&extension)) {
        return Ok(None);
    }
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(String::from_utf8(bytes).ok())
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
