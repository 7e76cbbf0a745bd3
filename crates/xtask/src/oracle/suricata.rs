//! Suricata's expectations: how many events of a kind, with which fields, a capture must give.
//!
//! Each filter of a `test.yaml` becomes one claim: our count of messages that match. A filter
//! takes part when all of its keys have a row in [`KEYS`]; alerts (they need rules), flows and
//! filters for old versions do not. The reader knows the few shapes of YAML that these files have.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};

use super::claim::{Claim, Comparison, plain};
use super::ours::Message;

/// Event types that we have messages for, and our protocol.
const EVENTS: &[(&str, &str)] = &[
    ("modbus", "modbus"),
    ("dns", "dns"),
    ("snmp", "snmp"),
    ("http", "http"),
    ("ssh", "ssh"),
    ("rfb", "vnc"),
    ("rdp", "rdp"),
    ("tls", "tls"),
    ("arp", "arp"),
    ("mqtt", "mqtt"),
    ("dnp3", "dnp3"),
];

/// How a key of a filter is looked up in a message.
type Look = fn(&Message, &str) -> bool;

const KEYS: &[(&str, Look)] = &[
    ("src_ip", |m, value| m.source().address() == value),
    ("dest_ip", |m, value| m.target().address() == value),
    ("src_port", |m, value| m.source().port() == value),
    ("dest_port", |m, value| m.target().port() == value),
    ("pcap_cnt", |m, value| m.shown("frame") == value),
    ("proto", |_, _| true),
    ("tx_id", |_, _| true),
    ("modbus.request.function_code", modbus_function),
    ("dns.id", |m, value| m.shown("id") == value),
    ("dns.type", dns_type),
    ("dns.version", |_, _| true),
    ("dns.tx_id", |_, _| true),
    ("dns.queries[0].rrname", |m, value| m.text("object").contains(value)),
    ("dns.rrname", |m, value| m.text("object").contains(value)),
    ("dns.rcode", |m, value| same_outcome(m.text("outcome"), value)),
    ("snmp.pdu_type", |m, value| plain(m.text("operation")).starts_with(&plain(value))),
    ("dnp3.type", dnp3_type),
    ("dnp3.application.control.sequence", |m, value| m.shown("id") == value),
    ("dnp3.application.control.fir", |_, _| true),
    ("dnp3.application.control.fin", |_, _| true),
    ("dnp3.application.control.con", |_, _| true),
    ("dnp3.application.control.uns", |_, _| true),
    ("dnp3.application.complete", |_, _| true),
    ("dnp3.application.function_code", |m, value| m.shown("code") == value),
    ("mqtt.connect.client_id", |m, value| m.text("object") == value),
    ("mqtt.publish.topic", |m, value| m.text("object") == value),
    ("mqtt.publish.qos", |m, value| m.text("values").starts_with(&format!("qos {value} "))),
    ("mqtt.publish.message", |m, value| m.text("values").contains(value)),
    ("mqtt.connack.return_code", |m, value| (m.text("outcome") == "ok") == (value == "0")),
    ("http.http_method", |m, value| m.text("operation").eq_ignore_ascii_case(value)),
    ("http.url", |m, value| m.text("object").ends_with(value)),
];

fn modbus_function(message: &Message, value: &str) -> bool {
    let code = match value {
        "RdCoils" => 1,
        "MEI" => 43,
        _ => return false,
    };
    message.number("code") == Some(code) && message.is("request")
}

/// Suricata calls a confirmation a request, and an unsolicited response a response.
fn dnp3_type(message: &Message, value: &str) -> bool {
    let response = message.number("code").is_some_and(|code| code > 128);
    matches!((value, response), ("request", false) | ("response" | "unsolicited_response", true))
}

fn dns_type(message: &Message, value: &str) -> bool {
    matches!((value, message.is("request")), ("request" | "query", true))
        || matches!((value, message.is("response")), ("response" | "answer", true))
}

fn same_outcome(ours: &str, theirs: &str) -> bool {
    ours == "ok" && theirs == "NOERROR" || plain(ours) == plain(theirs)
}

/// One expectation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Filter {
    count: Option<usize>,
    old: bool,
    /// The kind of message, where an event holds several.
    kind: String,
    keys: Vec<(String, String)>,
}

/// Compares one file.
pub(super) fn compare(path: &Path, capture: &str, messages: &[Message]) -> Result<Vec<Comparison>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let usable = filters(&text).into_iter().filter(|filter| !filter.old);
    let usable = usable.flat_map(|filter| divided(&filter));
    Ok(usable.filter_map(|filter| expectation(&filter, capture, messages)).collect())
}

/// What we say of MQTT in general: retained and repeated messages and properties are not decoded
/// in the same words, and do not take part.
fn mqtt_look(key: &str) -> Option<Look> {
    let known = KEYS.iter().find(|(name, _)| *name == key).map(|(_, look)| *look);
    let by_id: Look = |m, value| m.shown("id") == value;
    let id = key.ends_with(".message_id").then_some(by_id);
    known.or(id).or(Some(|_, _| true))
}

/// An event of MQTT holds several messages: a filter is one for each of them.
fn divided(filter: &Filter) -> Vec<Filter> {
    // how much of a message Suricata keeps is a setting of its own
    if filter.keys.iter().any(|(key, _)| key == "mqtt.publish.truncated") {
        return Vec::new();
    }
    let is_mqtt = filter.keys.iter().any(|(key, value)| key == "event_type" && value == "mqtt");
    if !is_mqtt || filter.count == Some(0) {
        return vec![filter.clone()];
    }
    let kind = |key: &str| {
        let (kind, _) = key.strip_prefix("mqtt.")?.split_once('.')?;
        Some(kind.to_owned())
    };
    let kinds: BTreeSet<String> = filter.keys.iter().filter_map(|(key, _)| kind(key)).collect();
    let part = |one: String| {
        let keys = filter.keys.iter().filter(|(key, _)| kind(key).is_none_or(|kind| kind == one));
        Filter { kind: one.clone(), keys: keys.cloned().collect(), ..*filter }
    };
    kinds.into_iter().map(part).collect()
}

fn expectation(filter: &Filter, capture: &str, messages: &[Message]) -> Option<Comparison> {
    let event = filter.keys.iter().find(|(key, _)| key == "event_type").map(|(_, value)| value)?;
    let (_, protocol) = EVENTS.iter().find(|(theirs, _)| theirs == event)?;
    let mut looks: Vec<(Look, &str)> = Vec::new();
    for (key, value) in filter.keys.iter().filter(|(key, _)| key != "event_type") {
        let look = match event.as_str() {
            "mqtt" => mqtt_look(key)?,
            _ => KEYS.iter().find(|(name, _)| name == key)?.1,
        };
        looks.push((look, value));
    }
    // an event is a transaction: without a key that tells a direction, requests stand for it
    let directed = event == "arp"
        || filter.keys.iter().any(|(key, _)| {
            matches!(key.as_str(), "dns.type" | "snmp.pdu_type" | "pcap_cnt" | "dns.rcode")
        });
    let spoken = messages.iter().filter(|message| message.protocol() == *protocol);
    let kind = filter.kind.as_str();
    let taken = spoken.filter(|message| match *protocol {
        "mqtt" => message.text("operation") == kind,
        // confirmations are no events of theirs, and the link layer has no sequence numbers
        "dnp3" => message.number("id").is_some() && message.number("code") != Some(0),
        _ => directed || message.is("request"),
    });
    let matching = taken.filter(|message| looks.iter().all(|(look, value)| look(message, value)));
    let count = matching.count();
    let wanted = filter.keys.iter().map(|(key, value)| format!("{key}={value}"));
    let place = wanted.collect::<Vec<_>>().join(" ");
    let claim = |count: usize| vec![Claim::new(place.clone()).with("count", count.to_string())];
    Some(Comparison {
        protocol,
        oracle: "suricata events".to_owned(),
        capture: capture.to_owned(),
        theirs: claim(filter.count?),
        ours: claim(count),
    })
}

/// The filters of a file: every `filter:` with what is indented below it.
fn filters(text: &str) -> Vec<Filter> {
    let mut found: Vec<(usize, Filter)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let content = line.trim_start_matches([' ', '-']);
        let indent = line.len() - content.len();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if content.starts_with("filter:") {
            found.push((indent, Filter::default()));
            inside = true;
            continue;
        }
        let Some((start, filter)) = found.last_mut().filter(|_| inside) else { continue };
        if indent <= *start {
            inside = false;
            continue;
        }
        let Some((key, value)) = content.split_once(": ") else { continue };
        let value = value.split(" #").next().unwrap_or(value).trim().trim_matches(['"', '\'']);
        match key {
            "count" => filter.count = value.parse().ok(),
            "lt-version" => filter.old = true,
            "min-version" | "feature" | "features" => {}
            _ => filter.keys.push((key.to_owned(), value.to_owned())),
        }
    }
    found.into_iter().map(|(_, filter)| filter).collect()
}

#[cfg(test)]
mod tests {
    use super::{Filter, filters};

    #[test]
    fn filters_are_read_with_their_keys_and_versions() {
        let text = "args:\n- -k none\nchecks:\n  - filter:\n      requires:\n        \
            lt-version: 8\n      count: 2\n      match:\n        event_type: dns   # why\n        \
            dns.flags: '8180'\n\n  - filter:\n      count: 1\n      match:\n         \
            event_type: ssh\n  - shell:\n      args: x\n";
        let key = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = [
            Filter {
                count: Some(2),
                old: true,
                kind: String::new(),
                keys: vec![key("event_type", "dns"), key("dns.flags", "8180")],
            },
            Filter {
                count: Some(1),
                old: false,
                kind: String::new(),
                keys: vec![key("event_type", "ssh")],
            },
        ];
        assert_eq!(filters(text), expected);
    }
}
