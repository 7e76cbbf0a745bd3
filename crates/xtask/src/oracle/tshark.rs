//! What tshark shows for each frame: the columns Protocol and Info of a recorded run.
//!
//! tshark shows the last message of a frame only, so a frame counts as agreed when we say the
//! same of one of its messages. Frames that it shows as plain TCP do not take part: it may have
//! waited for more, as we may not. Source: the recorded TSV beside each capture.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};

use super::claim::{Claim, Comparison, plain};
use super::ours::Message;
use super::zeek::s7_name;

/// One kind of Protocol column.
struct Shown {
    /// The column's text.
    column: &'static str,
    /// Our protocol.
    protocol: &'static str,
    /// What its Info says, without the frame; nothing when it says nothing comparable.
    theirs: fn(&str) -> Option<Claim>,
    /// What we say of one message in the same words.
    ours: fn(&Message, &Claim) -> Claim,
    /// Compared frame by frame; else by number, where tshark shows a message at its last segment.
    by_frame: bool,
}

const SHOWN: &[Shown] = &[
    Shown {
        column: "Modbus/TCP",
        protocol: "modbus",
        theirs: modbus,
        ours: our_modbus,
        by_frame: true,
    },
    Shown {
        column: "S7COMM",
        protocol: "s7comm",
        theirs: s7comm,
        ours: our_s7comm,
        by_frame: true,
    },
    Shown { column: "CIP", protocol: "cip", theirs: cip, ours: our_cip, by_frame: true },
    Shown { column: "CIP CM", protocol: "cip", theirs: cip, ours: our_cip, by_frame: true },
    Shown { column: "CIP PCCC", protocol: "cip", theirs: cip, ours: our_cip, by_frame: true },
    Shown { column: "ENIP", protocol: "ethernet-ip", theirs: enip, ours: our_enip, by_frame: true },
    Shown { column: "HTTP", protocol: "http", theirs: http, ours: our_http, by_frame: false },
];

/// Compares one recorded run.
pub(super) fn compare(path: &Path, capture: &str, messages: &[Message]) -> Result<Vec<Comparison>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let mut by_frame: BTreeMap<u64, Vec<&Message>> = BTreeMap::new();
    for message in messages {
        by_frame.entry(message.number("frame").unwrap_or(0)).or_default().push(message);
    }
    let mut found: BTreeMap<&str, Comparison> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let ([frame, ..], Some(column), Some(info)) = (&cells[..], cells.get(12), cells.get(13))
        else {
            continue;
        };
        let Some(shown) = SHOWN.iter().find(|shown| shown.column == *column) else { continue };
        let Some(theirs) = (shown.theirs)(info) else { continue };
        let place = if shown.by_frame { format!("frame {frame}") } else { String::new() };
        let theirs = Claim { place: place.clone(), ..theirs };
        let comparison = found.entry(shown.protocol).or_insert_with(|| Comparison {
            protocol: shown.protocol,
            oracle: "tshark frames".to_owned(),
            capture: capture.to_owned(),
            theirs: Vec::new(),
            ours: Vec::new(),
        });
        if shown.by_frame {
            let here = by_frame.get(&frame.parse().unwrap_or(0)).into_iter().flatten();
            let here = here.filter(|message| message.protocol() == shown.protocol);
            let ours: Vec<Claim> = here
                .map(|message| Claim { place: place.clone(), ..(shown.ours)(message, &theirs) })
                .collect();
            let chosen = ours.iter().find(|ours| **ours == theirs).or(ours.last()).cloned();
            comparison.ours.extend(chosen);
        }
        comparison.theirs.push(theirs);
    }
    for shown in SHOWN.iter().filter(|shown| !shown.by_frame) {
        if let Some(comparison) = found.get_mut(shown.protocol) {
            let spoken = messages.iter().filter(|message| message.protocol() == shown.protocol);
            comparison.ours.extend(spoken.map(|message| (shown.ours)(message, &Claim::new(""))));
        }
    }
    Ok(found.into_values().collect())
}

/// The number behind `label`, as in `Trans: 7;`.
fn behind(info: &str, label: &str) -> Option<String> {
    let (_, rest) = info.split_once(label)?;
    let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// The text between `open` and `close`.
fn between<'a>(info: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let (_, rest) = info.split_once(open)?;
    rest.split_once(close).map(|(inside, _)| inside)
}

fn modbus(info: &str) -> Option<Claim> {
    let kind = if info.contains("Query:") { "request" } else { "response" };
    let last = info.rsplit(" | ").next().unwrap_or(info);
    let refused = info.contains("Exception");
    Some(
        Claim::new("")
            .with("kind", kind)
            .with("id", behind(last, "Trans:")?)
            .with("unit", behind(last, "Unit:")?)
            .with("code", behind(last, "Func:")?)
            .with("refused", if refused { "yes" } else { "" }),
    )
}

fn our_modbus(message: &Message, _: &Claim) -> Claim {
    let refused = message.is("response") && message.text("outcome") != "ok";
    Claim::new("")
        .with("kind", message.text("kind"))
        .with("id", message.shown("id"))
        .with("unit", message.shown("unit"))
        .with("code", message.shown("code"))
        .with("refused", if refused { "yes" } else { "" })
}

/// `ROSCTR:[Job     ] Function:[Read Var]` and
/// `ROSCTR:[Userdata] Function:[Request] -> [CPU functions] -> [Read SZL]`.
fn s7comm(info: &str) -> Option<Claim> {
    let (_, info) = info.split_once("ROSCTR:")?;
    let kind = match between(info, "[", "]")?.trim() {
        "Job" => "request",
        "Ack_Data" | "Ack" => "response",
        _ => userdata_kind(info),
    };
    let name = match kind {
        _ if info.contains("[Userdata]") => info.split("-> [").nth(2)?.split(']').next()?,
        _ => between(info, "Function:[", "]")?,
    };
    Some(Claim::new("").with("kind", kind).with("operation", s7_name(name)))
}

fn userdata_kind(info: &str) -> &'static str {
    match between(info, "Function:[", "]").unwrap_or_default() {
        "Request" => "request",
        "Response" => "response",
        _ => "notice",
    }
}

fn our_s7comm(message: &Message, _: &Claim) -> Claim {
    let operation = s7_name(message.text("operation"));
    Claim::new("").with("kind", message.text("kind")).with("operation", operation)
}

/// `Class - Service (Class)`, `PCCC Class - Execute PCCC - command`, `Service (0x4b)`; a response
/// begins with its status, and a multiple service packet ends with the services in it.
fn cip(info: &str) -> Option<Claim> {
    let status = info.split_once(": ").map(|(status, _)| status);
    let request = status.is_none_or(|status| status.contains(" - "));
    let last = info.rsplit([',', ':']).next().unwrap_or(info).trim();
    let service = last.split(" - ").nth(1).unwrap_or(last);
    let service = if last.contains(" - Service (0x") || last.starts_with("Service (0x") {
        format!("0x{}", between(last, "Service (0x", ")")?)
    } else {
        plain(service.split(" (").next().unwrap_or(service))
    };
    let kind = if request { "request" } else { "response" };
    Some(Claim::new("").with("kind", kind).with("service", service))
}

/// By code where tshark shows no name.
fn our_cip(message: &Message, theirs: &Claim) -> Claim {
    let coded = theirs.fields.iter().any(|(_, value)| value.starts_with("0x"));
    let code = message.number("code").unwrap_or(0) & 0x7f;
    let named = plain(message.text("operation"));
    let service = if coded { format!("0x{code:x}") } else { named };
    Claim::new("").with("kind", message.text("kind")).with("service", service)
}

fn enip(info: &str) -> Option<Claim> {
    let kind = if info.contains("(Rsp)") { "response" } else { "request" };
    let command = info.split(" (").next()?.split(',').next()?;
    Some(Claim::new("").with("kind", kind).with("command", enip_name(command)))
}

/// Command names are written with and without spaces.
fn enip_name(name: &str) -> String {
    plain(name).replace(' ', "")
}

fn our_enip(message: &Message, _: &Claim) -> Claim {
    let command = enip_name(message.text("operation"));
    Claim::new("").with("kind", message.text("kind")).with("command", command)
}

fn http(info: &str) -> Option<Claim> {
    let info = info.rsplit("] ").next().unwrap_or(info);
    let mut words = info.split_whitespace();
    match words.next()? {
        version if version.starts_with("HTTP/") => {
            Some(Claim::new("").with("kind", "response").with("status", words.next()?))
        }
        "Continuation" => None,
        method if method.chars().all(|c| c.is_ascii_uppercase()) => {
            Some(Claim::new("").with("kind", "request").with("method", method.to_lowercase()))
        }
        _ => None,
    }
}

fn our_http(message: &Message, _: &Claim) -> Claim {
    let claim = Claim::new("").with("kind", message.text("kind"));
    if message.is("request") {
        return claim.with("method", message.text("operation").to_lowercase());
    }
    claim.with("status", message.shown("code"))
}
