//! Typical exchanges of every protocol, for benchmarks and for the tests of what all share.
//!
//! The bytes are in `exchanges.txt`, which says how it is written. This module is included by
//! path where it is needed and is no part of the library. A line that means nothing is an error
//! that names it.

#![allow(dead_code, reason = "each of those who include it needs a part")]

pub(crate) mod endless;

use wire::{Protocol, Session, Side, Sink, Step, Transport};

/// One exchange.
pub(crate) struct Sample {
    /// What it is a sample of.
    pub(crate) protocol: Protocol,
    /// Whose session reads it.
    pub(crate) carrier: Protocol,
    /// What carries that.
    pub(crate) transport: Transport,
    /// The port of the server; 0 where the transport has none.
    pub(crate) port: u16,
    /// It begins a conversation, and means nothing later.
    pub(crate) once: bool,
    /// What is sent, in order.
    pub(crate) parts: Vec<(Side, Vec<u8>)>,
}

impl Sample {
    /// A session that reads it.
    pub(crate) fn open(&self) -> Box<dyn Session> {
        (self.carrier.entry().open)()
    }

    /// Bytes of all parts.
    pub(crate) fn bytes(&self) -> usize {
        self.parts.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// Lets a session read it, a new one if that is what it is for.
    pub(crate) fn round(&self, session: &mut Box<dyn Session>, out: &mut dyn Sink) {
        if self.once {
            *session = self.open();
        }
        self.feed(&mut **session, out);
    }

    /// Lets a session read it.
    pub(crate) fn feed(&self, session: &mut dyn Session, out: &mut dyn Sink) {
        for (side, bytes) in &self.parts {
            feed(session, *side, bytes, out);
        }
    }
}

/// Lets a session read these bytes, to their end or as far as it can.
pub(crate) fn feed(session: &mut dyn Session, side: Side, bytes: &[u8], out: &mut dyn Sink) {
    let mut rest = bytes;
    while !rest.is_empty() {
        match session.parse(side, rest, out) {
            Step::Read(count) => rest = rest.get(count.max(1)..).unwrap_or_default(),
            Step::Need(_) | Step::Lost => return,
        }
    }
}

/// All of them, or the line that means nothing.
pub(crate) fn all() -> Result<Vec<Sample>, String> {
    let mut samples: Vec<Sample> = Vec::new();
    for (line, number) in include_str!("exchanges.txt").lines().zip(1..) {
        let known = match (line.as_bytes().first(), samples.last_mut()) {
            (None | Some(b'#'), _) => Some(()),
            (Some(b'['), _) => head(line).map(|sample| samples.push(sample)),
            (Some(b'>'), Some(sample)) => part(sample, Side::Client, line),
            (Some(b'<'), Some(sample)) => part(sample, Side::Server, line),
            (Some(b' '), Some(sample)) => {
                sample.parts.last_mut().and_then(|(_, bytes)| read(line, bytes))
            }
            _ => None,
        };
        known.ok_or_else(|| format!("exchanges.txt, line {number}: `{line}`"))?;
    }
    Ok(samples)
}

/// `[modbus tcp 502]`, `[cip in ethernet-ip tcp 44818]`, `[arp ether 0806]`.
fn head(line: &str) -> Option<Sample> {
    let line = line.strip_prefix('[')?.strip_suffix(']')?;
    let (line, once) = line.strip_suffix(" once").map_or((line, false), |line| (line, true));
    let words: Vec<&str> = line.split(' ').collect();
    let (protocol, carrier, transport, port) = match words[..] {
        [protocol, "in", carrier, transport, port] => (protocol, carrier, transport, port),
        [protocol, transport, port] => (protocol, protocol, transport, port),
        _ => return None,
    };
    let (transport, port) = match transport {
        "tcp" => (Transport::Tcp, port.parse().ok()?),
        "udp" => (Transport::Udp, port.parse().ok()?),
        "ether" => (Transport::Ether(u16::from_str_radix(port, 16).ok()?), 0),
        _ => return None,
    };
    let [protocol, carrier] = [protocol, carrier].map(Protocol::by_name);
    let (protocol, carrier) = (protocol?, carrier?);
    Some(Sample { protocol, carrier, transport, port, once, parts: Vec::new() })
}

fn part(sample: &mut Sample, side: Side, line: &str) -> Option<()> {
    let mut bytes = Vec::new();
    read(line.get(1..)?, &mut bytes)?;
    sample.parts.push((side, bytes));
    Some(())
}

/// Hexadecimal digits, `00*9`, and text in quotes.
fn read(line: &str, out: &mut Vec<u8>) -> Option<()> {
    let mut rest = line.trim();
    while !rest.is_empty() {
        rest = match rest.strip_prefix('"') {
            Some(text) => quoted(text, out)?,
            None => {
                let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
                digits(word, out)?;
                after
            }
        }
        .trim_start();
    }
    Some(())
}

/// Text up to its closing quote, and what follows that.
fn quoted<'a>(text: &'a str, out: &mut Vec<u8>) -> Option<&'a str> {
    let mut characters = text.chars();
    loop {
        let character = match characters.next()? {
            '"' => return Some(characters.as_str()),
            '\\' => match characters.next()? {
                'r' => '\r',
                'n' => '\n',
                same => same,
            },
            same => same,
        };
        out.push(u8::try_from(character).ok()?);
    }
}

fn digits(word: &str, out: &mut Vec<u8>) -> Option<()> {
    let (word, times) = word.split_once('*').unwrap_or((word, "1"));
    let start = out.len();
    for pair in word.as_bytes().chunks(2) {
        let [_, _] = pair else { return None };
        out.push(u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?);
    }
    let once = out.get(start..)?.to_vec();
    (1..times.parse::<usize>().ok()?).for_each(|_| out.extend(&once));
    Some(())
}
