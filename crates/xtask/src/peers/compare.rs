//! A peer's account beside our messages: what both say, and what only one of them says.
//!
//! Requests and notices are one sequence, responses another, because a peer that asks several
//! things at once is answered in any order; where several peers act at once, each operation is a
//! sequence of its own. The longest common subsequence is what agrees; every
//! other statement is missing, every other message is extra. No message may be anomalous unless
//! the peer says that it is, and no other protocol may be claimed.

use std::collections::BTreeMap;

use super::account::{Account, Said};
use crate::oracle::{Decoded, Message};

/// What came of one comparison.
pub(super) struct Outcome {
    /// Messages and programs that we show.
    pub(super) messages: usize,
    /// Those of them that the peer says too.
    pub(super) agreed: usize,
    /// Those of them that peers do not tell their users of.
    pub(super) beside: usize,
    pub(super) differences: Vec<String>,
}

impl Outcome {
    /// A peer that could not be run.
    pub(super) fn failed(reason: String) -> Self {
        Self { messages: 0, agreed: 0, beside: 0, differences: vec![reason] }
    }
}

/// Compares the account with the messages of its recording.
pub(super) fn compare(account: &Account, decoded: &Decoded) -> Outcome {
    let messages = decoded.messages.len() + decoded.programs.len();
    let mut outcome = Outcome { messages, ..Outcome::failed(String::new()) };
    outcome.differences.clear();
    let (beside, told): (Vec<_>, Vec<_>) =
        decoded.messages.iter().partition(|message| is_beside(account, message));
    outcome.beside = beside.len();
    let damaged = beside.iter().filter(|message| message.texts("anomalies").next().is_some());
    outcome.differences.extend(damaged.map(|message| format!("anomalous: {}", shown(message))));
    let mut lanes: BTreeMap<String, (Vec<&Said>, Vec<&Message>)> = BTreeMap::new();
    for said in &account.said {
        let field = |name| said.text(name).unwrap_or_default();
        let lane = lane(account, field("kind"), field("operation"));
        lanes.entry(lane).or_default().0.push(said);
    }
    for message in told {
        let lane = lane(account, message.text("kind"), message.text("operation"));
        lanes.entry(lane).or_default().1.push(message);
    }
    for (said, ours) in lanes.values() {
        align(said, ours, same_message, &mut outcome);
    }
    let said: Vec<_> = account.programs.iter().collect();
    let programs: Vec<_> = decoded.programs.iter().collect();
    align(&said, &programs, same_program, &mut outcome);
    outcome
}

/// The sequence that a message belongs to.
fn lane(account: &Account, kind: &str, operation: &str) -> String {
    let kind = if kind == "response" { "response" } else { "request" };
    let operation = if account.at_once { operation } else { "" };
    format!("{kind} {operation}")
}

/// Whether the peer does this by itself: of a protocol of the account, and named in its head.
fn is_beside(account: &Account, message: &Message) -> bool {
    account.protocols.iter().any(|protocol| protocol == message.protocol())
        && account.beside.iter().any(|operation| operation == message.text("operation"))
}

/// Whether the message is what the peer says.
fn same_message(said: &Said, ours: &Message) -> bool {
    let fields = ["protocol", "kind", "operation", "object", "intent", "outcome"];
    let same = fields.iter().all(|field| said.text(field).is_none_or(|v| v == ours.text(field)));
    let values = said.texts("values").all(|value| ours.text("values").contains(value));
    let anomalies: Vec<&str> = ours.texts("anomalies").collect();
    let anomalous = said.text("anomaly").map_or(anomalies.is_empty(), |said| {
        anomalies.iter().any(|anomaly| anomaly.contains(said))
    });
    same && values && anomalous
}

/// Whether the program is the one that the peer sent or got: the same bytes under the same name.
fn same_program(said: &Said, ours: &Message) -> bool {
    let program = |field: &str| ours.within("program", field);
    let same = ["kind", "name", "hash"]
        .iter()
        .all(|field| said.text(field).is_none_or(|value| value == program(field)));
    same && said.text("protocol").is_none_or(|protocol| protocol == ours.protocol())
}

/// Adds what of two sequences agrees in order, and what does not.
fn align(
    said: &[&Said],
    ours: &[&Message],
    same: fn(&Said, &Message) -> bool,
    outcome: &mut Outcome,
) {
    let longest = longest(said, ours, same);
    let at = |i: usize, j: usize| longest.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0);
    let (mut i, mut j) = (0, 0);
    loop {
        match (said.get(i), ours.get(j)) {
            (Some(one), Some(message))
                if same(one, message) && at(i, j) == at(i + 1, j + 1) + 1 =>
            {
                outcome.agreed += 1;
                (i, j) = (i + 1, j + 1);
            }
            (Some(one), other) if other.is_none() || at(i + 1, j) >= at(i, j + 1) => {
                outcome.differences.push(format!("missing: {}", one.0));
                i += 1;
            }
            (_, Some(message)) => {
                outcome.differences.push(format!("extra: {}", shown(message)));
                j += 1;
            }
            (_, None) => return,
        }
    }
}

/// Length of the longest common subsequence of what is left from each pair of places.
fn longest(
    said: &[&Said],
    ours: &[&Message],
    same: fn(&Said, &Message) -> bool,
) -> Vec<Vec<usize>> {
    let mut below = vec![0; ours.len() + 1];
    let mut rows = vec![below.clone()];
    for one in said.iter().rev() {
        let mut row = vec![0];
        let mut diagonal = below.iter().rev();
        let mut right = 0;
        for message in ours.iter().rev() {
            let past = diagonal.next().copied().unwrap_or(0);
            let under = diagonal.clone().next().copied().unwrap_or(0);
            right = if same(one, message) { past + 1 } else { right.max(under) };
            row.push(right);
        }
        row.reverse();
        rows.push(row.clone());
        below = row;
    }
    rows.reverse();
    rows
}

/// A message as it is shown to a person who looks for the difference.
fn shown(message: &Message) -> String {
    let mut shown = format!("frame {} {}", message.shown("frame"), message.protocol());
    for field in ["kind", "operation", "object", "intent", "outcome", "values"] {
        let text = message.text(field);
        shown.push_str(&format!(" {}", if text.is_empty() { "-" } else { text }));
    }
    for field in ["kind", "name", "hash", "missing"] {
        shown.push_str(&format!(" {}", message.within("program", field)));
    }
    let anomalies: Vec<&str> = message.texts("anomalies").collect();
    format!("{} {}", shown.trim_end(), anomalies.join("; ")).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::account::{Account, Said};
    use super::compare;
    use crate::oracle::{Decoded, Message};
    use serde_json::json;

    fn account(operations: &[&str]) -> Account {
        let said = operations.iter().map(|operation| {
            Said(json!({"protocol": "modbus", "kind": "request", "operation": operation}))
        });
        let protocols = vec!["modbus".to_owned()];
        Account { said: said.collect(), protocols, ..Account::named("p") }
    }

    fn messages(operations: &[&str]) -> Decoded {
        let message = |operation: &&str| {
            Message::of(
                &json!({"protocol": "modbus", "kind": "request", "operation": operation,
                    "anomalies": []})
                .to_string(),
            )
        };
        Decoded { messages: operations.iter().map(message).collect(), ..Decoded::default() }
    }

    #[test]
    fn what_only_one_side_says_differs() {
        let both = compare(&account(&["read", "write"]), &messages(&["read", "write"]));
        assert_eq!((both.agreed, both.differences.len()), (2, 0));
        let missing = compare(&account(&["read", "write"]), &messages(&["write"]));
        assert_eq!((missing.agreed, missing.differences.len()), (1, 1));
        assert!(missing.differences.iter().all(|line| line.starts_with("missing")));
        let extra = compare(&account(&["write"]), &messages(&["read", "write"]));
        assert!(extra.differences.iter().all(|line| line.starts_with("extra")));
        assert_eq!(extra.differences.len(), 1);
        let order = compare(&account(&["read", "write"]), &messages(&["write", "read"]));
        assert_eq!((order.agreed, order.differences.len()), (1, 2), "the order counts");
    }

    #[test]
    fn an_anomaly_that_the_peer_does_not_say_differs() {
        let bad = Message::of(
            r#"{"protocol":"modbus","kind":"request","operation":"read","anomalies":["bad"]}"#,
        );
        let decoded = Decoded { messages: vec![bad], ..Decoded::default() };
        assert_eq!(compare(&account(&["read"]), &decoded).agreed, 0);
    }

    #[test]
    fn what_peers_do_by_themselves_is_counted_apart() {
        let mut account = account(&["read"]);
        account.beside = vec!["ping".to_owned()];
        let outcome = compare(&account, &messages(&["ping", "read", "ping"]));
        assert_eq!((outcome.agreed, outcome.beside), (1, 2));
        assert!(outcome.differences.is_empty());
    }

    #[test]
    fn a_program_agrees_by_its_hash() {
        let mut account = account(&[]);
        account.programs = vec![Said(json!({"protocol": "modbus", "hash": "sha256:aa"}))];
        let ours = |hash: &str| {
            let program = json!({"kind": "file", "name": "a", "hash": hash});
            let line = json!({"protocol": "modbus", "program": program}).to_string();
            Decoded { programs: vec![Message::of(&line)], ..Decoded::default() }
        };
        assert_eq!(compare(&account, &ours("sha256:aa")).agreed, 1);
        assert_eq!(compare(&account, &ours("sha256:ab")).differences.len(), 2);
    }
}
