//! Zeek and ICSNPP logs: tab-separated, one file per protocol.
//!
//! The logs beside the captures are test baselines: times are masked, some lost their header, and
//! some are from another edition with other columns. So each log is described by a row of a table:
//! the columns when the header is missing, and how a line and our messages become claims.
//! Sources: the `#fields` lines of the logs themselves and the `Info` records of their scripts.

mod fields;
mod industrial;
mod office;
mod plant;

pub(super) use industrial::{range, s7_name, values};

use std::path::Path;

use anyhow::{Context, Result};

use super::claim::{Claim, Comparison};
use super::ours::{Endpoint, Message, flow};

/// How one kind of log is compared.
pub(super) struct Log {
    /// The file's name.
    pub(super) file: &'static str,
    /// Our protocol.
    pub(super) protocol: &'static str,
    /// Columns where the header is missing.
    pub(super) columns: &'static [&'static str],
    /// What a line says; nothing for lines that do not take part.
    pub(super) theirs: fn(&Row<'_>) -> Vec<Claim>,
    /// What our messages say.
    pub(super) ours: fn(&[Message], &Edition<'_>) -> Vec<Claim>,
}

/// What a log is like: some are written with other columns or settings than others.
pub(super) struct Edition<'a> {
    pub(super) columns: &'a Columns,
    pub(super) theirs: &'a [Claim],
}

/// Names of a log's columns.
pub(super) struct Columns(Vec<String>);

impl Columns {
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|column| column == name)
    }
}

/// One line.
pub(super) struct Row<'a> {
    pub(super) columns: &'a Columns,
    pub(super) cells: Vec<&'a str>,
}

impl Row<'_> {
    /// The cell of a column; empty where unset or absent.
    pub(super) fn cell(&self, column: &str) -> &str {
        let place = self.columns.0.iter().position(|name| name == column);
        let cell = place.and_then(|place| self.cells.get(place)).copied().unwrap_or_default();
        if matches!(cell, "-" | "(empty)" | "<empty>") { "" } else { cell }
    }

    fn endpoint(&self, address: &str, port: &str) -> Endpoint {
        Endpoint::new(self.cell(address), self.cell(port))
    }

    /// The flow without direction.
    pub(super) fn flow(&self) -> String {
        let client = self.endpoint("id.orig_h", "id.orig_p");
        flow(&client, &self.endpoint("id.resp_h", "id.resp_p"))
    }

    /// Sender and receiver of one message, in logs that tell them.
    pub(super) fn way(&self) -> String {
        let source = self.endpoint("source_h", "source_p");
        let target = self.endpoint("destination_h", "destination_p");
        format!("{source} -> {target}")
    }
}

/// The kind of log that a file's name stands for.
fn log(name: &str) -> Option<&'static Log> {
    let logs = industrial::LOGS.iter().chain(plant::LOGS).chain(office::LOGS);
    logs.into_iter().find(|log| log.file == name)
}

/// Our protocol that a log of this name is about.
pub(super) fn protocol(name: &str) -> Option<&'static str> {
    log(name).map(|log| log.protocol)
}

/// Compares one log, if it is of a known kind.
pub(super) fn compare(
    path: &Path,
    capture: &str,
    messages: &[Message],
) -> Result<Option<Comparison>> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Some(log) = log(name) else { return Ok(None) };
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let (columns, lines) = split(&text, log.columns);
    let rows =
        lines.into_iter().map(|line| Row { columns: &columns, cells: line.split('\t').collect() });
    let theirs: Vec<Claim> = rows.flat_map(|row| (log.theirs)(&row)).collect();
    let ours = (log.ours)(messages, &Edition { columns: &columns, theirs: &theirs });
    let oracle = format!("zeek {}", log.file);
    let capture = capture.to_owned();
    Ok(Some(Comparison { protocol: log.protocol, oracle, capture, theirs, ours }))
}

/// Columns and data lines of a log.
pub(super) fn split<'a>(text: &'a str, otherwise: &[&str]) -> (Columns, Vec<&'a str>) {
    let header = text.lines().find_map(|line| line.strip_prefix("#fields\t"));
    let plain = text.lines().find(|line| line.starts_with("ts\tuid\t"));
    let columns = match header.or(plain) {
        Some(header) => header.split('\t').map(str::to_owned).collect(),
        None => otherwise.iter().map(|name| (*name).to_owned()).collect(),
    };
    let is_data = |line: &&str| !line.starts_with('#') && Some(*line) != plain && !line.is_empty();
    (Columns(columns), text.lines().filter(is_data).collect())
}

#[cfg(test)]
mod tests {
    use super::{Row, split};

    #[test]
    fn columns_come_from_the_header_or_the_table() {
        let with = "#separator \\x09\n#fields\tts\tfunc\n1\tREAD\n#close\n";
        let (columns, lines) = split(with, &["a"]);
        assert!(columns.has("func") && lines == ["1\tREAD"]);
        let row = Row { columns: &columns, cells: vec!["1", "-"] };
        assert_eq!((row.cell("func"), row.cell("absent")), ("", ""));
        let (columns, lines) = split("### baseline\n1\tREAD\n", &["ts", "func"]);
        assert!(columns.has("func") && lines.len() == 1);
    }
}
