//! What a peer says that it did: the JSON lines of its script.
//!
//! `head` names the peer and the protocols that may be seen, `said` is one message, `program` one
//! transferred file, and `end` is there only when the script came to its end. The lines are
//! written by `crates/xtask/peers/harness.py`.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Everything that a peer says of itself.
#[derive(Debug, Default)]
pub(super) struct Account {
    pub(super) peer: String,
    pub(super) version: String,
    /// All protocols that may be seen in the recording.
    pub(super) protocols: Vec<String>,
    /// Operations that the peer does by itself and tells nobody of.
    pub(super) beside: Vec<String>,
    /// Several peers act at once: only messages of one operation have an order.
    pub(super) at_once: bool,
    pub(super) said: Vec<Said>,
    pub(super) programs: Vec<Said>,
}

/// One statement: fields that our message must have, in its own words.
#[derive(Debug)]
pub(super) struct Said(pub(super) Value);

impl Said {
    /// Text of a field; nothing where the peer does not say it.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field).and_then(Value::as_str)
    }

    /// Texts of a field that is a list.
    pub(super) fn texts(&self, field: &str) -> impl Iterator<Item = &str> {
        let list = self.0.get(field).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str)
    }
}

impl Account {
    /// An account of which only the name is known.
    pub(super) fn named(name: &str) -> Self {
        Self { peer: name.to_owned(), ..Self::default() }
    }
}

/// Reads the lines of a script that came to its end.
pub(super) fn read(text: &str) -> Result<Account> {
    let mut account = Account::default();
    let mut ended = false;
    for line in text.lines() {
        let mut value: Value =
            serde_json::from_str(line).with_context(|| format!("no JSON: {line}"))?;
        let mut take = |kind: &str| value.get_mut(kind).map(Value::take);
        if let Some(head) = take("head") {
            read_head(&mut account, Said(head));
        } else if let Some(said) = take("said") {
            account.said.push(Said(said));
        } else if let Some(program) = take("program") {
            account.programs.push(Said(program));
        } else {
            ended |= value.get("end").is_some();
        }
    }
    ensure!(ended, "the script did not come to its end");
    ensure!(!account.said.is_empty(), "the peer says nothing");
    Ok(account)
}

fn read_head(account: &mut Account, head: Said) {
    let text = |field: &str| head.text(field).unwrap_or_default().to_owned();
    account.peer = text("peer");
    account.version = text("version");
    account.protocols = head.texts("protocols").map(str::to_owned).collect();
    account.at_once = head.0.get("at_once").and_then(Value::as_bool).unwrap_or(false);
    account.beside = head.texts("beside").map(str::to_owned).collect();
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn an_account_without_its_end_is_refused() {
        let head = r#"{"head":{"peer":"a","version":"1","protocols":["modbus"],"beside":[]}}"#;
        let said = r#"{"said":{"operation":"read coils"}}"#;
        let whole = read(&format!("{head}\n{said}\n{{\"end\":true}}")).unwrap();
        assert_eq!((whole.peer.as_str(), whole.said.len()), ("a", 1));
        assert!(read(&format!("{head}\n{said}")).is_err());
        assert!(read(&format!("{head}\n{{\"end\":true}}")).is_err(), "an empty account");
    }
}
