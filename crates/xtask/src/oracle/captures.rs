//! `oracle --captures`: every capture of the folder is inspected.
//!
//! Three things are looked at: that no bytes make the program fail (its exit codes are 0, 1 and 2
//! only), that memory stays bounded whatever the capture, and that benign captures (those whose
//! row of the index names no attack) raise nothing above `info`. The last is counted, not failed:
//! what a finding in a benign capture means is for people to judge. A fourth fails: an industrial
//! or robot protocol that neither tshark (the index has what it found), nor Zeek, nor nDPI knows
//! in that capture is a false claim, unless [`ALONE`] says why only we know it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{families, folder, identity, index, oracles, protocols, zeek};
use crate::measure::{Usage, measure};
use crate::shell;

/// Memory that no capture of the folder may need: far above what is used, far below a leak.
const PEAK_MAX_KIB: u64 = 256 * 1024;
/// Time that no capture of the folder may need.
const LIMIT: Duration = Duration::from_secs(60);

/// Claims that nobody else makes and that are right: a part of the capture's path, our protocol,
/// and why.
const ALONE: &[(&str, &str, &str)] = &[
    ("s7comm_synthetic.pcap", "s7comm-plus", "protocol id 72; tshark 4.0 does not decode it"),
    ("modbusBig.pcap", "s7comm-plus", "protocol id 72; tshark 4.0 does not decode it"),
    ("dnp3_read_p20001.pcap", "dnp3", "on port 20001; tshark decodes the same when told the port"),
    ("q-in-q.pcap", "bacnet", "two Who-Is on port 47808; tshark shows the same"),
    ("profinet_io_cm", "profisafe", "F-parameters in writes that ICSNPP shows without content"),
];

/// What all captures together gave.
#[derive(Default)]
struct Sum {
    captures: usize,
    codes: BTreeMap<String, usize>,
    peak: (u64, String),
    failures: Vec<String>,
    damaged: Vec<String>,
    /// What the program decodes; conversations that it does not are named by their port.
    decoded: BTreeSet<String>,
    /// Claims that were held against what others know.
    claims: usize,
    benign: usize,
    quiet: usize,
    /// Rule and severity to captures and findings.
    raised: BTreeMap<(String, String), (usize, usize, String)>,
}

/// Inspects every capture.
pub(super) fn run(binary: &Path, part: Option<&str>) -> Result<bool> {
    let folder = folder().context(super::ABSENT)?;
    let output = shell::target().join("xtask/inspect.json");
    std::fs::create_dir_all(output.parent().unwrap_or(&output))?;
    let decoded = protocols::names(&protocols::decoded(binary)?);
    let mut sum = Sum { decoded, ..Sum::default() };
    for row in index(&folder)? {
        if part.is_some_and(|part| !row.path.contains(part)) {
            continue;
        }
        let mut command = Command::new(binary);
        command.args(["inspect", "--json", "-"]).arg(folder.join(&row.path));
        let usage = measure(&command, Some(&output), LIMIT)?;
        let text = std::fs::read(&output)?;
        let report = serde_json::from_slice(&text).unwrap_or(Value::Null);
        sum.add(&row.path, row.attack.is_empty(), usage, &report);
        let mut known: BTreeSet<String> =
            row.protocols.to_lowercase().split(',').map(str::to_owned).collect();
        for path in oracles(&folder.join(&row.path))? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            known.extend(zeek::protocol(name).map(str::to_owned));
            if name == "conn.log" || name.ends_with(".out") {
                known.extend(identity::heard(&path));
            }
        }
        sum.claims(&row.path, &known, &report);
    }
    sum.print();
    Ok(sum.failures.is_empty())
}

impl Sum {
    fn add(&mut self, path: &str, benign: bool, usage: Usage, report: &Value) {
        self.captures += 1;
        let code = usage.code.map_or_else(|| "none".to_owned(), |code| code.to_string());
        if !matches!(usage.code, Some(0..=2)) {
            self.failures.push(format!("{path}: exit code {code}"));
        } else if usage.code != Some(2) && report.is_null() {
            self.failures.push(format!("{path}: no report"));
        }
        *self.codes.entry(code).or_default() += 1;
        if usage.peak_kib > PEAK_MAX_KIB {
            self.failures.push(format!("{path}: {} MiB", usage.peak_kib / 1024));
        }
        if usage.peak_kib > self.peak.0 {
            self.peak = (usage.peak_kib, path.to_owned());
        }
        let damage = report.pointer("/capture/damage").filter(|damage| !is_empty(damage));
        if let Some(damage) = damage {
            self.damaged.push(format!("{path}: {damage}"));
        }
        if benign && !report.is_null() {
            self.findings(path, report);
        }
    }

    /// Holds what is claimed of one capture against what others know of it.
    fn claims(&mut self, path: &str, known: &BTreeSet<String>, report: &Value) {
        let conversations = report.get("conversations").and_then(Value::as_array);
        let conversations = conversations.into_iter().flatten();
        let ours: BTreeSet<&str> =
            conversations.filter_map(|one| one.get("protocol")?.as_str()).collect();
        let ours = ours.into_iter().filter(|ours| self.decoded.contains(*ours));
        let ours: Vec<&str> = ours.filter(|ours| families::is_industrial(ours)).collect();
        for protocol in ours {
            self.claims += 1;
            let shared = known.iter().any(|theirs| families::is_same(theirs, protocol));
            let alone =
                ALONE.iter().any(|(part, ours, _)| path.contains(part) && *ours == protocol);
            if !shared && !alone {
                self.failures.push(format!("{path}: nobody else knows {protocol} in it"));
            }
        }
    }

    fn findings(&mut self, path: &str, report: &Value) {
        self.benign += 1;
        let mut here: BTreeMap<(String, String), usize> = BTreeMap::new();
        for finding in report.get("findings").and_then(Value::as_array).into_iter().flatten() {
            let text = |name| finding.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
            if text("severity") != "info" {
                *here.entry((text("severity"), text("rule"))).or_default() += 1;
            }
        }
        self.quiet += usize::from(here.is_empty());
        for (key, count) in here {
            let entry = self.raised.entry(key).or_insert((0, 0, path.to_owned()));
            entry.0 += 1;
            entry.1 += count;
        }
    }

    fn print(&self) {
        println!("{} captures inspected; exit codes {:?}", self.captures, self.codes);
        println!("most memory: {} MiB, {}", self.peak.0 / 1024, self.peak.1);
        println!(
            "{} claims of industrial and robot protocols held against tshark, Zeek and nDPI",
            self.claims
        );
        println!("{} damaged captures reported", self.damaged.len());
        self.damaged.iter().for_each(|line| println!("  {line}"));
        println!(
            "{} captures whose oracle shows no attack; {} raise nothing above info",
            self.benign, self.quiet
        );
        for ((severity, rule), (captures, findings, example)) in &self.raised {
            println!(
                "  {severity:<9} {rule:<28} {findings:>5} findings in {captures:>3} captures, \
                 as {example}"
            );
        }
        self.failures.iter().for_each(|line| println!("FAILED  {line}"));
    }
}

/// Nothing, or an empty list.
fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty) || value == &Value::Bool(false)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Sum;
    use crate::measure::Usage;
    use serde_json::{Value, json};

    #[test]
    fn a_crash_a_leak_and_a_missing_report_are_failures() {
        let failures = |code, peak_kib, report: &Value| {
            let mut sum = Sum::default();
            sum.add("a.pcap", true, Usage { cpu_s: 0.1, peak_kib, code }, report);
            sum.failures.len()
        };
        let report = json!({"findings": []});
        assert_eq!(failures(Some(0), 10_000, &report), 0);
        assert_eq!(failures(Some(101), 10_000, &report), 1);
        assert_eq!(failures(None, 10_000, &report), 1);
        assert_eq!(failures(Some(0), 10_000_000, &report), 1);
        assert_eq!(failures(Some(0), 10_000, &Value::Null), 1);
        assert_eq!(failures(Some(2), 10_000, &Value::Null), 0, "unusable input says so");
    }

    #[test]
    fn an_industrial_protocol_that_nobody_else_knows_is_a_failure() {
        let failures = |protocol: &str, known: &str| {
            let decoded = BTreeSet::from([protocol.to_owned()]);
            let mut sum = Sum { decoded, ..Sum::default() };
            let report = json!({"conversations": [{"protocol": protocol}]});
            sum.claims("a.pcap", &BTreeSet::from([known.to_owned()]), &report);
            sum.failures.len()
        };
        assert_eq!(failures("kuka-varproxy", "http"), 1);
        assert_eq!(failures("modbus", "modbus"), 0);
        assert_eq!(failures("ftp", "http"), 0, "no machine is moved by it");
    }

    #[test]
    fn only_findings_above_info_make_a_benign_capture_loud() {
        let mut sum = Sum::default();
        let usage = Usage { cpu_s: 0.1, peak_kib: 1, code: Some(0) };
        let finding = |severity| json!({"findings": [{"rule": "scan", "severity": severity}]});
        sum.add("a.pcap", true, usage, &finding("info"));
        sum.add("b.pcap", true, usage, &finding("high"));
        sum.add("c.pcap", false, usage, &finding("high"));
        assert_eq!((sum.benign, sum.quiet, sum.raised.len()), (2, 1, 1));
    }
}
