//! `oracle --learn`: does a plant that was learned from the first half of a capture permit the
//! second half?
//!
//! Only benign captures of industrial traffic that are long enough to have two halves. The share
//! of denied messages is printed per capture; the target is below 0.1 %.

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
    unknown: u64,
}

/// Learns from and judges each capture.
pub(super) fn run(binary: &Path, part: Option<&str>) -> Result<bool> {
    let folder = folder().context(super::ABSENT)?;
    let plant = shell::target().join("xtask/learned");
    let output = shell::target().join("xtask/judged.json");
    println!("{:>9} {:>9} {:>9} {:>8}  capture", "messages", "denied", "unknown", "% denied");
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
        let mut inspect = Command::new(binary);
        inspect.arg("inspect").arg(&capture).args(["--from-frame", &(half + 1).to_string()]);
        inspect.arg("--plant").arg(&plant).args(["--json", "-"]);
        let judged = measure(&inspect, Some(&output), LIMIT)?;
        let report = serde_json::from_slice(&std::fs::read(&output)?).unwrap_or(Value::Null);
        if !matches!((learned.code, judged.code), (Some(0 | 1), Some(0 | 1))) {
            println!("{:>38}  {}: {:?} {:?}", "failed", row.path, learned.code, judged.code);
            continue;
        }
        let verdicts = verdicts(&report);
        println!("{}  {}", verdicts.line(), row.path);
        all.permitted += verdicts.permitted;
        all.denied += verdicts.denied;
        all.unknown += verdicts.unknown;
    }
    println!("{}  all", all.line());
    Ok(true)
}

impl Verdicts {
    fn line(&self) -> String {
        let messages = self.permitted + self.denied + self.unknown;
        let thousandths = (self.denied * 100_000).checked_div(messages).unwrap_or(0);
        let share = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
        format!("{messages:>9} {:>9} {:>9} {share:>8}", self.denied, self.unknown)
    }
}

/// Sums the verdict counts of all conversations.
fn verdicts(report: &Value) -> Verdicts {
    let mut sum = Verdicts::default();
    let conversations = report.get("conversations").and_then(Value::as_array);
    for conversation in conversations.into_iter().flatten() {
        let count = |name: &str| {
            conversation.pointer(&format!("/verdicts/{name}")).and_then(Value::as_u64).unwrap_or(0)
        };
        sum.permitted += count("permit");
        sum.denied += count("deny");
        sum.unknown += count("unknown");
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{Verdicts, verdicts};
    use serde_json::json;

    #[test]
    fn verdicts_are_summed_over_conversations() {
        let one = json!({"verdicts": {"permit": 999, "deny": 1}});
        let report = json!({"conversations": [one, {"verdicts": {"permit": 1000}}, {}]});
        let sum = verdicts(&report);
        assert_eq!(sum, Verdicts { permitted: 1999, denied: 1, unknown: 0 });
        assert!(sum.line().ends_with("0.050"), "{}", sum.line());
    }
}
