//! The protocols that we decode, as `lightcurtain protocols --json` lists them.
//!
//! They are the rows of the last table, so that a protocol that nobody else decodes is named and
//! not left out. It does not judge what a protocol rests on; the program says it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell;

/// One protocol that we decode.
pub(super) struct Protocol {
    pub(super) name: String,
    /// What its dissector was checked with, in the program's words.
    pub(super) basis: String,
}

/// All of them, in the program's order.
pub(super) fn decoded(binary: &Path) -> Result<Vec<Protocol>> {
    let mut command = Command::new(binary);
    command.args(["protocols", "--json"]);
    let text = shell::text(command)?;
    let list: Value = serde_json::from_str(&text).context("`protocols --json` is no JSON")?;
    let rows = list.as_array().into_iter().flatten();
    Ok(rows.map(protocol).collect())
}

/// Their names.
pub(super) fn names(protocols: &[Protocol]) -> BTreeSet<String> {
    protocols.iter().map(|protocol| protocol.name.clone()).collect()
}

fn protocol(row: &Value) -> Protocol {
    let text = |name| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let basis = match row.get("basis") {
        Some(Value::String(basis)) => format!("rests on: {basis}"),
        Some(other) if !other.is_null() => format!("rests on: {other}"),
        _ => "rests on its own tests only".to_owned(),
    };
    Protocol { name: text("name"), basis }
}

/// Who made the comparisons: `zeek modbus.log` and `zeek conn.log` are both Zeek's.
pub(super) fn makers<'a>(oracles: impl Iterator<Item = &'a str>) -> String {
    let maker = |oracle: &'a str| match oracle.split(' ').next().unwrap_or(oracle) {
        "zeek" => "Zeek/ICSNPP",
        "suricata" => "Suricata",
        "ndpi" => "nDPI",
        other => other,
    };
    let makers: BTreeSet<&str> = oracles.map(maker).collect();
    makers.into_iter().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{makers, protocol};
    use serde_json::json;

    #[test]
    fn makers_are_named_once() {
        assert_eq!(makers(["zeek a.log", "zeek b.log", "ipal"].into_iter()), "Zeek/ICSNPP, ipal");
    }

    #[test]
    fn a_protocol_says_what_it_rests_on() {
        let one = protocol(&json!({"name": "fins", "basis": "documents"}));
        assert_eq!((one.name.as_str(), one.basis.as_str()), ("fins", "rests on: documents"));
        assert_eq!(protocol(&json!({"name": "x"})).basis, "rests on its own tests only");
    }
}
