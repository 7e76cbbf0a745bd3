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
const NAMES: &[(&str, &str)] = &[("modbus", "modbus"), ("cip", "cip"), ("s7", "s7comm")];

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
    let ours = spoken.filter_map(|message| ours(protocol, message)).collect();
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
    let kind = match text("activity") {
        "interrogate" | "command" => "request",
        "inform" | "action" => "response",
        _ => return None,
    };
    let (source, target) = (endpoint(text("src")), endpoint(text("dest")));
    let claim = Claim::new(format!("{source} -> {target}")).with("kind", kind);
    let code = line.get("type").map(Value::to_string).unwrap_or_default();
    let data = line.get("data")?.as_object()?;
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
