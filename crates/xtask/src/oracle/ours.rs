//! What Lightcurtain says of a capture: the objects of `lightcurtain decode --json`.
//!
//! The release binary is run as a user would run it, so that the oracle also checks the command.

use std::io::{BufRead, BufReader};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::shell;

/// Builds the release binary and says where it is.
pub(crate) fn binary() -> Result<PathBuf> {
    let arguments = ["build", "--quiet", "--release", "--locked", "-p", "lightcurtain-cli"];
    ensure!(shell::succeeds(shell::cargo(&arguments))?, "the release build failed");
    Ok(shell::target().join("release/lightcurtain"))
}

/// One object of `decode --json`.
#[derive(Clone)]
pub(crate) struct Message(Value);

impl Message {
    /// Text of a field; empty where there is none.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.0.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// Number of a field; codes may be written `0x10`.
    pub(crate) fn number(&self, field: &str) -> Option<u64> {
        match self.0.get(field)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => number(text),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// Texts of a field that is a list.
    pub(crate) fn texts(&self, field: &str) -> impl Iterator<Item = &str> {
        let list = self.0.get(field).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Text of a field of the object that another field is; empty where there is none.
    pub(crate) fn within(&self, object: &str, field: &str) -> &str {
        let object = self.0.get(object);
        object.and_then(|object| object.get(field)?.as_str()).unwrap_or_default()
    }

    /// The number of a field as text, or nothing.
    pub(crate) fn shown(&self, field: &str) -> String {
        self.number(field).map_or_else(String::new, |number| number.to_string())
    }

    /// This message as often as `separator` divides a field, each with one part of it.
    pub(crate) fn parts(&self, field: &str, separator: &str) -> Vec<Self> {
        if separator.is_empty() {
            return vec![self.clone()];
        }
        let parts = self.text(field).split(separator);
        let part = |part: &str| {
            let mut one = self.clone();
            if let Some(value) = one.0.get_mut(field) {
                *value = Value::from(part);
            }
            one
        };
        parts.map(part).collect()
    }

    pub(crate) fn protocol(&self) -> &str {
        self.text("protocol")
    }

    /// Text of a field of the program that this line tells.
    pub(crate) fn program(&self, field: &str) -> &str {
        let program = self.0.get("program");
        program.and_then(|one| one.get(field)).and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn is(&self, kind: &str) -> bool {
        self.text("kind") == kind
    }

    pub(crate) fn source(&self) -> Endpoint {
        Endpoint::parse(self.text("source"))
    }

    pub(crate) fn target(&self) -> Endpoint {
        Endpoint::parse(self.text("target"))
    }

    /// The flow that it belongs to, without direction.
    pub(crate) fn flow(&self) -> String {
        flow(&self.source(), &self.target())
    }

    /// Source and target, with direction.
    pub(crate) fn way(&self) -> String {
        format!("{} -> {}", self.source(), self.target())
    }
}

/// A decimal or `0x` number.
pub(crate) fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// An address and a port, or only an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Endpoint {
    address: String,
    port: String,
}

impl Endpoint {
    pub(crate) fn new(address: &str, port: &str) -> Self {
        let known = address.parse::<IpAddr>().map(|ip| ip.to_string());
        let address = known.unwrap_or_else(|_| address.to_lowercase());
        Self { address, port: port.to_owned() }
    }

    /// Reads `1.2.3.4:5`, `[::1]:5`, an address alone, or a hardware address.
    pub(crate) fn parse(text: &str) -> Self {
        if let Some((address, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(']'))
        {
            return Self::new(address, rest.trim_start_matches(':'));
        }
        match text.rsplit_once(':') {
            Some((address, port)) if !address.contains(':') => Self::new(address, port),
            _ => Self::new(text, ""),
        }
    }

    pub(crate) fn port(&self) -> &str {
        &self.port
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.address.contains(':') && !self.port.is_empty() {
            true => write!(f, "[{}]:{}", self.address, self.port),
            false if self.port.is_empty() => f.write_str(&self.address),
            false => write!(f, "{}:{}", self.address, self.port),
        }
    }
}

/// The name of a flow, the same from both ends.
pub(crate) fn flow(one: &Endpoint, other: &Endpoint) -> String {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    format!("{first} <-> {second}")
}

/// What `decode` says of one capture.
#[derive(Default)]
pub(crate) struct Decoded {
    pub(crate) messages: Vec<Message>,
    /// Programs and files that were received whole.
    pub(crate) programs: Vec<Message>,
}

/// Decodes one capture. Exit code 2 (unusable input) is an answer too: no messages.
pub(crate) fn decode(binary: &Path, capture: &Path) -> Result<Decoded> {
    let mut child = Command::new(binary)
        .args(["decode", "--json"])
        .arg(capture)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let output = child.stdout.take().context("no output")?;
    let mut decoded = Decoded::default();
    for line in BufReader::new(output).lines() {
        let line = line?;
        let value = serde_json::from_str(&line)
            .with_context(|| format!("{}: a line is no JSON: {line}", capture.display()))?;
        // a program that crossed the wire is told on a line of its own, which is no message
        let message = Message(value);
        let list = match message.text("kind") {
            "" => &mut decoded.programs,
            _ => &mut decoded.messages,
        };
        list.push(message);
    }
    let status = child.wait()?;
    ensure!(
        matches!(status.code(), Some(0..=2)),
        "decode of {} ended with {status}",
        capture.display()
    );
    Ok(decoded)
}

#[cfg(test)]
impl Message {
    /// A message from JSON text.
    pub(crate) fn of(json: &str) -> Self {
        Self(serde_json::from_str(json).unwrap())
    }
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, flow, number};

    #[test]
    fn endpoints_are_read_in_every_spelling() {
        for (text, shown) in [
            ("10.0.0.1:502", "10.0.0.1:502"),
            ("[2001:DB8:0:0::1]:53", "[2001:db8::1]:53"),
            ("2001:db8::1", "2001:db8::1"),
            ("00:1D:9c:a1:89:a4", "00:1d:9c:a1:89:a4"),
            ("10.0.0.1", "10.0.0.1"),
        ] {
            assert_eq!(Endpoint::parse(text).to_string(), shown);
        }
    }

    #[test]
    fn a_flow_is_the_same_from_both_ends() {
        let (a, b) = (Endpoint::parse("10.0.0.1:502"), Endpoint::parse("10.0.0.2:4000"));
        assert_eq!(flow(&a, &b), flow(&b, &a));
        assert_eq!(number("0x1f"), Some(31));
    }
}
