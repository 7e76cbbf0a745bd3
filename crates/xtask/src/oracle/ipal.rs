//! IPAL transcripts: one JSON object per message, in industrial terms of their own.
//!
//! `activity` is interrogate or command (a request), inform or action (a response); `type` is the
//! function or service code; the keys of `data` name what is acted on. Files with masked lines
//! (`###IGNORE`) are other test baselines of the same captures and are left alone.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::claim::{Claim, Comparison};
use super::ours::{Endpoint, Message};
use super::zeek::values;

/// Their protocols that are ours.
const NAMES: &[(&str, &str)] = &[
    ("modbus", "modbus"),
    ("cip", "cip"),
    ("s7", "s7comm"),
    ("mqtt", "mqtt"),
    ("dnp3", "dnp3"),
    ("iec104", "iec104"),
    ("ethercat", "ethercat"),
];

/// Compares one transcript.
pub(super) fn compare(
    path: &Path,
    capture: &str,
    messages: &[Message],
) -> Result<Option<Comparison>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines: Vec<Value> =
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let protocol = lines.first().and_then(|line| line.get("protocol")?.as_str());
    let protocol = NAMES.iter().find(|(theirs, _)| protocol == Some(theirs)).map(|(_, ours)| *ours);
    let Some(protocol) = protocol else { return Ok(None) };
    let theirs = lines.iter().filter_map(|line| theirs(protocol, line)).collect();
    let spoken = messages.iter().filter(|message| message.protocol() == protocol);
    let joined = if protocol == "ethercat" { "; " } else { "" };
    let parts = spoken.flat_map(|message| message.parts("values", joined));
    let ours = parts.filter_map(|message| ours(protocol, &message)).collect();
    let (oracle, capture) = ("ipal".to_owned(), capture.to_owned());
    Ok(Some(Comparison { protocol, oracle, capture, theirs, ours }))
}

/// `10.0.0.1:502:255` without what follows the port.
fn endpoint(text: &str) -> Endpoint {
    let mut parts = text.split(':');
    Endpoint::new(parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

fn theirs(protocol: &str, line: &Value) -> Option<Claim> {
    let text = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or_default();
    let (source, target) = match protocol {
        // hardware addresses have no port
        "ethercat" => (Endpoint::parse(text("src")), Endpoint::parse(text("dest"))),
        _ => (endpoint(text("src")), endpoint(text("dest"))),
    };
    let place = Claim::new(format!("{source} -> {target}"));
    let code = line.get("type").map(Value::to_string).unwrap_or_default();
    let data = line.get("data")?.as_object()?;
    let first_key = data.keys().next().map_or("", String::as_str);
    match protocol {
        // their activity is an opinion about the function: it is not compared
        "mqtt" => return Some(place.with("code", code).with("topic", first_key)),
        "dnp3" => {
            let sequence = data.get("SEQ").map(Value::to_string).unwrap_or_default();
            return Some(place.with("code", code).with("id", sequence));
        }
        "ethercat" => return Some(place.with("code", code)),
        "iec104" => {
            let code = code.trim_matches('"');
            let code = code.split_once('-').map_or(code, |(_, code)| code);
            return Some(place.with("code", code));
        }
        _ => {}
    }
    let kind = match text("activity") {
        "interrogate" | "command" => "request",
        "inform" | "action" => "response",
        _ => return None,
    };
    let claim = place.with("kind", kind);
    Some(match protocol {
        "modbus" => {
            let keys = data.keys().filter_map(|key| key.rsplit('.').next()?.parse::<u64>().ok());
            let mut cells: Vec<(u64, &Value)> = keys.zip(data.values()).collect();
            cells.sort_by_key(|(cell, _)| *cell);
            let first = cells.first().map(|(cell, _)| cell.to_string()).unwrap_or_default();
            let written: Vec<String> = cells.iter().map(|(_, value)| value.to_string()).collect();
            let shown = kind == "response" && code.parse::<u64>().is_ok_and(|code| code <= 4);
            claim
                .with("code", code)
                .with("first", first)
                .with("count", cells.len().to_string())
                .with("values", if shown { written.join(",") } else { String::new() })
        }
        "cip" => {
            let tag = data.keys().next().cloned().unwrap_or_default();
            claim
                .with("service", code)
                .with("tag", if kind == "request" { tag } else { String::new() })
        }
        _ => claim,
    })
}

fn ours(protocol: &str, message: &Message) -> Option<Claim> {
    let place = Claim::new(message.way());
    match protocol {
        "mqtt" if message.text("operation") == "will" => return None, // a part of a connect
        "mqtt" => return Some(our_mqtt(message, place)),
        "dnp3" => {
            return Some(place.with("code", message.shown("code")).with("id", message.shown("id")));
        }
        "ethercat" => {
            let command = message.text("values").split(' ').next().unwrap_or_default();
            return Some(place.with("code", ethercat_code(command)));
        }
        "iec104" => {
            let code = message.number("code")?;
            let unnumbered = message.text("operation").contains("dt ") || code == 67 || code == 131;
            let shown = if unnumbered { "U".to_owned() } else { code.to_string() };
            // a bare acknowledgement is no activity
            let bare = message.text("operation") == "s-format";
            return (!bare).then(|| place.with("code", shown));
        }
        _ => {}
    }
    let claim = Claim::new(message.way()).with("kind", message.text("kind"));
    let code = message.number("code");
    let shown = message.is("response") && code.is_some_and(|code| code <= 4);
    Some(match protocol {
        "modbus" => {
            let (first, count) = super::zeek::range(message.text("object"));
            claim
                .with("code", message.shown("code"))
                .with("first", first)
                .with("count", count)
                .with("values", if shown { values(message) } else { String::new() })
        }
        "cip" => {
            // the transcriber shows the service inside an unconnected send, not the wrapper
            let service = code.map(|code| code & 0x7f)?;
            if service == 0x52 {
                return None;
            }
            let object = message.text("object");
            let tag = object.split(' ').next_back().unwrap_or_default();
            let tag = tag.split(':').next().unwrap_or(tag);
            claim
                .with("service", service.to_string())
                .with("tag", if message.is("request") { tag } else { "" })
        }
        _ => claim,
    })
}

/// Topics are named where a message carries them; answers name that of their request with us.
fn our_mqtt(message: &Message, place: Claim) -> Claim {
    let carries = matches!(message.text("operation"), "publish" | "subscribe" | "unsubscribe");
    let topic = message.text("object");
    place.with("code", message.shown("code")).with("topic", if carries { topic } else { "" })
}

/// Code of an EtherCAT command's name.
fn ethercat_code(name: &str) -> String {
    const NAMES: &[&str] = &[
        "nop", "aprd", "apwr", "aprw", "fprd", "fpwr", "fprw", "brd", "bwr", "brw", "lrd", "lwr",
        "lrw", "armw", "frmw",
    ];
    let place = NAMES.iter().position(|known| *known == name);
    place.map_or_else(|| name.to_owned(), |code| code.to_string())
}
