//! The list of breaches that are known and not mended yet. It only shrinks.
//!
//! One row: `rule path limit reason`, as `file-lines crates/a/src/b.rs 640 until c is split off`;
//! `-` as limit for rules that measure nothing. A row that covers nothing, or allows more than is
//! used, is a breach: so nobody can hide new debt under an old row.

use anyhow::{Context, Result, ensure};

use super::Breach;

/// Where the list is.
pub(super) const PATH: &str = "crates/xtask/tidy-waivers.txt";
/// How many rows there may be: lower it with each row removed, never raise it.
pub(super) const ROWS_MAX: usize = 0;

/// One row.
struct Waiver {
    rule: String,
    path: String,
    limit: Option<usize>,
    line: usize,
}

/// The list.
pub(super) struct Waivers(Vec<Waiver>);

impl Waivers {
    /// Reads the list; `#` begins a comment line.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let rows = text.lines().zip(1..).filter(|(line, _)| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with('#')
        });
        rows.map(|(line, number)| row(line, number)).collect::<Result<_>>().map(Self)
    }

    /// The breaches that remain when the list is applied, and those of the list itself.
    pub(super) fn apply(self, breaches: Vec<Breach>) -> Vec<Breach> {
        let (covered, mut left): (Vec<_>, Vec<_>) =
            breaches.into_iter().partition(|breach| self.0.iter().any(|row| row.covers(breach)));
        for row in &self.0 {
            let used = covered.iter().filter(|breach| row.covers(breach));
            let most = used.map(|breach| breach.measured).max();
            let what = match (most, row.limit) {
                (None, _) => "covers nothing: delete it".to_owned(),
                (Some(Some(most)), Some(limit)) if most < limit => {
                    format!("allows {limit}, {most} are used: lower it")
                }
                _ => continue,
            };
            left.push(Breach::new("waivers", PATH, row.line, what));
        }
        if self.0.len() > ROWS_MAX {
            let what = format!("{} rows; the list had {ROWS_MAX} and only shrinks", self.0.len());
            left.push(Breach::of_file("waivers", PATH, what));
        }
        left
    }
}

impl Waiver {
    fn covers(&self, breach: &Breach) -> bool {
        let within = match (breach.measured, self.limit) {
            (Some(measured), Some(limit)) => measured <= limit,
            (None, None) => true,
            _ => false,
        };
        self.rule == breach.rule && self.path == breach.path && within
    }
}

fn row(line: &str, number: usize) -> Result<Waiver> {
    let mut words = line.split_whitespace();
    let mut word = |what| words.next().with_context(|| format!("{PATH}:{number}: no {what}"));
    let (rule, path) = (word("rule")?.to_owned(), word("path")?.to_owned());
    let limit = match word("limit (a number, or -)")? {
        "-" => None,
        limit => Some(limit.parse().with_context(|| format!("{PATH}:{number}: limit `{limit}`"))?),
    };
    ensure!(words.next().is_some(), "{PATH}:{number}: a waiver has a reason");
    Ok(Waiver { rule, path, limit, line: number })
}
