//! `oracle --learn`: does a plant that was learned from the first half of a capture permit the
//! second half?
//!
//! Only benign captures of industrial traffic that are long enough to have two halves. The share
//! of denied messages is printed per capture; the target is below 0.1 %. Messages of stations that
//! the first half never showed are counted apart: some captures are several recordings in a row,
//! and a stranger is meant to be denied.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{folder, index};
use crate::measure::measure;
use crate::shell;

/// Shorter captures have no second half that says anything.
const FRAMES_MIN: u64 = 200;
/// What makes a capture one of a plant, in the index's own words.
const INDUSTRIAL: &[&str] = &["Modbus", "EtherNet/IP", "CIP", "S7comm", "PROFINET"];
/// Time that one run may take.
const LIMIT: Duration = Duration::from_secs(120);

/// Messages of the second half by verdict.
#[derive(Debug, Default, PartialEq, Eq)]
struct Verdicts {
    permitted: u64,
    denied: u64,
    /// Messages of or to stations that the first half did not show, whatever the verdict.
    strangers: u64,
    unknown: u64,
}

/// Learns from and judges each capture.
pub(super) fn run(binary: &Path, part: Option<&str>) -> Result<bool> {
    let folder = folder().context(super::ABSENT)?;
    let plant = shell::target().join("xtask/learned");
    let output = shell::target().join("xtask/judged.json");
    let columns = ["messages", "denied", "unknown", "strangers"];
    let columns = columns.map(|name| format!("{name:>9}")).join(" ");
    println!("{columns} {:>8}  capture", "% denied");
    let mut all = Verdicts::default();
    for row in index(&folder)? {
        let industrial = INDUSTRIAL.iter().any(|name| row.protocols.contains(name));
        let wanted = part.is_none_or(|part| row.path.contains(part));
        if !row.attack.is_empty() || !industrial || row.packets < FRAMES_MIN || !wanted {
            continue;
        }
        let _ = std::fs::remove_dir_all(&plant);
        std::fs::create_dir_all(&plant)?;
        let capture = folder.join(&row.path);
        let half = row.packets / 2;
        let mut learn = Command::new(binary);
        learn.arg("learn").arg(&capture).args(["--to-frame", &half.to_string(), "--into"]);
        learn.arg(&plant);
        let learned = measure(&learn, None, LIMIT)?;
        let mut before = Command::new(binary);
        before.arg("inspect").arg(&capture).args(["--to-frame", &half.to_string()]);
        before.args(["--json", "-"]);
        measure(&before, Some(&output), LIMIT)?;
        let known = stations(&report(&output)?);
        let mut inspect = Command::new(binary);
        inspect.arg("inspect").arg(&capture).args(["--from-frame", &(half + 1).to_string()]);
        inspect.arg("--plant").arg(&plant).args(["--json", "-"]);
        let judged = measure(&inspect, Some(&output), LIMIT)?;
        if !matches!((learned.code, judged.code), (Some(0 | 1), Some(0 | 1))) {
            println!("{:>38}  {}: {:?} {:?}", "failed", row.path, learned.code, judged.code);
            continue;
        }
        let verdicts = verdicts(&report(&output)?, &known);
        println!("{}  {}", verdicts.line(), row.path);
        all.permitted += verdicts.permitted;
        all.denied += verdicts.denied;
        all.unknown += verdicts.unknown;
        all.strangers += verdicts.strangers;
    }
    println!("{}  all", all.line());
    Ok(true)
}

impl Verdicts {
    fn line(&self) -> String {
        let messages = self.permitted + self.denied + self.unknown;
        let thousandths = (self.denied * 100_000).checked_div(messages).unwrap_or(0);
        let share = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
        let Self { denied, unknown, strangers, .. } = self;
        format!("{messages:>9} {denied:>9} {unknown:>9} {strangers:>9} {share:>8}")
    }
}

/// The report that a run left behind.
fn report(output: &Path) -> Result<Value> {
    Ok(serde_json::from_slice(&std::fs::read(output)?).unwrap_or(Value::Null))
}

fn list<'a>(report: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    report.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// Both ends of every conversation.
fn stations(report: &Value) -> BTreeSet<String> {
    let conversations = list(report, "conversations");
    conversations.flat_map(ends).map(str::to_owned).collect()
}

fn ends(conversation: &Value) -> impl Iterator<Item = &str> {
    ["source", "target"].into_iter().filter_map(|end| conversation.get(end)?.as_str())
}

/// Sums the verdict counts of all conversations.
fn verdicts(report: &Value, known: &BTreeSet<String>) -> Verdicts {
    let mut sum = Verdicts::default();
    for conversation in list(report, "conversations") {
        let count = |name: &str| {
            conversation.pointer(&format!("/verdicts/{name}")).and_then(Value::as_u64).unwrap_or(0)
        };
        if ends(conversation).any(|end| !known.contains(end)) {
            sum.strangers += count("permit") + count("deny") + count("unknown");
            continue;
        }
        sum.permitted += count("permit");
        sum.denied += count("deny");
        sum.unknown += count("unknown");
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{Verdicts, stations, verdicts};
    use serde_json::json;

    #[test]
    fn verdicts_are_summed_and_strangers_are_apart() {
        let one = json!({"source": "a", "target": "b", "verdicts": {"permit": 999, "deny": 1}});
        let other = json!({"source": "a", "target": "b", "verdicts": {"permit": 1000}});
        let stranger = json!({"source": "x", "target": "b", "verdicts": {"deny": 7}});
        let first = json!({"conversations": [other]});
        let report = json!({"conversations": [one, other, stranger]});
        let sum = verdicts(&report, &stations(&first));
        assert_eq!(sum, Verdicts { permitted: 1999, denied: 1, strangers: 7, unknown: 0 });
        assert!(sum.line().ends_with("0.050"), "{}", sum.line());
    }
}
