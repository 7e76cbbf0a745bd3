//! Syslog: what devices report to a log server.
//!
//! ```text
//!  <PRI>Mmm dd hh:mm:ss host tag: text           (RFC 3164)
//!  <PRI>1 time host app process id [data] text   (RFC 5424)
//! ```
//! Over TCP each message ends with a line feed or has its length before it (RFC 6587). The text is
//! shown in its beginning only. Sources: RFC 3164 4.1, RFC 5424 6, RFC 6587 3.4.

#[cfg(test)]
mod tests;

use std::fmt;

use plant::Intent;

use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "syslog",
    title: "Syslog",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Udp(514), Hint::Tcp(514), Hint::Tcp(601)],
    operations: &[OPERATIONS],
    identify: Some(identify),
    open: || Box::new(Syslog),
};

const REPORT: &Operation = &Operation::new(0, "report", Intent::Observe, "RFC 5424 6");
static OPERATIONS: &[Operation] = &[*REPORT];

/// Largest priority: facility 23, severity 7 (RFC 5424 6.2.1).
const PRIORITY_MAX: u8 = 191;
/// Longest message that is waited for over TCP: RFC 5424 6.1 wants 2048, some send more.
const MESSAGE_BYTES_MAX: usize = 16 * 1024;
/// Bytes of `Mmm dd hh:mm:ss ` (RFC 3164 4.1.2).
const TIME_BYTES: usize = 16;
/// Bytes of text that are shown.
const TEXT_BYTES_MAX: usize = 256;

const NO_TIME: Anomaly = Anomaly::oddity("report without a time");

/// One conversation; nothing needs to be kept.
struct Syslog;

impl Session for Syslog {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        if bytes.first().is_some_and(u8::is_ascii_digit) {
            return counted(bytes, out);
        }
        if priority(&mut reader).is_none() {
            return if begins(bytes) { Step::Need(bytes.len() + 1) } else { Step::Lost };
        }
        // a datagram is one report without a line feed; so is the rest of a stream at its end
        let mut lines = Reader::new(bytes);
        let line = lines.line().unwrap_or_else(|| lines.take_rest());
        if lines.is_empty() && !bytes.ends_with(b"\n") && bytes.len() > MESSAGE_BYTES_MAX {
            return Step::Lost;
        }
        report(line, out);
        Step::Read(bytes.len() - lines.len())
    }
}

/// Reads a message with its length before it (RFC 6587 3.4.1).
fn counted(bytes: &[u8], out: &mut dyn Sink) -> Step {
    let mut reader = Reader::new(bytes);
    let Some(digits) = reader.until(b' ') else {
        let wait = bytes.len() <= 5 && bytes.iter().all(u8::is_ascii_digit);
        return if wait { Step::Need(bytes.len() + 1) } else { Step::Lost };
    };
    let length = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<usize>().ok());
    let Some(length) = length.filter(|length| (1..=MESSAGE_BYTES_MAX).contains(length)) else {
        return Step::Lost;
    };
    let whole = digits.len() + 1 + length;
    let Some(message) = reader.take(length) else { return Step::Need(whole) };
    if priority(&mut Reader::new(message)).is_none() {
        return Step::Lost;
    }
    report(message, out);
    Step::Read(whole)
}

fn report(message: &[u8], out: &mut dyn Sink) {
    let mut reader = Reader::new(message);
    let Some(priority) = priority(&mut reader) else { return };
    let parts = Parts::read(reader);
    let (about, field) = (Subject::Sender, Field::Hostname);
    let host = Text(parts.host);
    let fact = (!host.0.is_empty()).then_some(Fact::Identity { about, field, value: &host });
    let text = Text::clipped(Text::trimmed(parts.text).0, TEXT_BYTES_MAX);
    let no_time: &[Anomaly] = if parts.timed { &[] } else { &[NO_TIME] };
    let message = Message::new(Protocol::SYSLOG, Kind::Notice, REPORT, priority.0.into());
    out.message(&Message {
        object: Object::Named(&priority),
        values: Some(&text),
        anomalies: no_time,
        facts: fact.as_slice(),
        ..message
    });
}

/// What stands behind the priority.
struct Parts<'a> {
    timed: bool,
    host: &'a [u8],
    text: &'a [u8],
}

impl<'a> Parts<'a> {
    fn read(reader: Reader<'a>) -> Self {
        let untimed = Self { timed: false, host: &[], text: reader.rest() };
        let mut ahead = reader;
        if let Some(rest) = reader.rest().strip_prefix(b"1 ") {
            ahead = Reader::new(rest);
            let Some(_time) = ahead.until(b' ') else { return untimed };
        } else if reader.rest().get(..TIME_BYTES).is_some_and(is_time) {
            let _ = ahead.skip(TIME_BYTES);
        } else {
            return untimed;
        }
        let text = ahead.rest();
        // a tag where the host should be, as some devices send, is no host
        match ahead.until(b' ') {
            Some(host) if is_host(host) => Self { timed: true, host, text: ahead.rest() },
            _ => Self { timed: true, host: &[], text },
        }
    }
}

fn is_time(time: &[u8]) -> bool {
    const SHAPE: &[u8; TIME_BYTES] = b"Mmm dd hh:mm:ss ";
    time.iter().zip(SHAPE).all(|(byte, shape)| match shape {
        b'M' => byte.is_ascii_uppercase(),
        b' ' | b':' => byte == shape,
        b'd' => byte.is_ascii_digit() || *byte == b' ',
        b'h' | b's' => byte.is_ascii_digit(),
        // months and minutes share the letter
        _ => byte.is_ascii_digit() || byte.is_ascii_lowercase(),
    })
}

fn is_host(word: &[u8]) -> bool {
    word.len() > 1
        && word
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// Facility and severity in one number.
#[derive(Clone, Copy)]
struct Priority(u8);

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facility = match self.0 >> 3 {
            0 => "kern",
            1 => "user",
            2 => "mail",
            3 => "daemon",
            4 => "auth",
            5 => "syslog",
            6 => "lpr",
            7 => "news",
            8 => "uucp",
            9 => "cron",
            10 => "authpriv",
            11 => "ftp",
            12 => "ntp",
            13 => "audit",
            14 => "alert",
            15 => "clock",
            local => return write!(f, "local{}.{}", local - 16, severity(self.0)),
        };
        write!(f, "{facility}.{}", severity(self.0))
    }
}

/// Name of the severity of a priority (RFC 5424 6.2.1).
const fn severity(priority: u8) -> &'static str {
    match priority & 7 {
        0 => "emergency",
        1 => "alert",
        2 => "critical",
        3 => "error",
        4 => "warning",
        5 => "notice",
        6 => "informational",
        _ => "debug",
    }
}

/// Reads `<PRI>`.
fn priority(reader: &mut Reader<'_>) -> Option<Priority> {
    let mut ahead = *reader;
    (ahead.u8()? == b'<').then_some(())?;
    let window = ahead.rest().get(..4).unwrap_or(ahead.rest());
    let digits = Reader::new(window).until(b'>')?;
    let plain = digits.iter().all(u8::is_ascii_digit);
    let number: u8 = std::str::from_utf8(digits).ok().filter(|_| plain)?.parse().ok()?;
    ahead.skip(digits.len() + 1)?;
    *reader = ahead;
    (number <= PRIORITY_MAX).then_some(Priority(number))
}

/// Whether more bytes could make a priority of these.
fn begins(bytes: &[u8]) -> bool {
    match bytes {
        [b'<', digits @ ..] => digits.len() < 4 && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// A priority with a time or a version behind it is beyond doubt; alone it wants a hint.
fn identify(probe: &Probe<'_>) -> Guess {
    let mut reader = Reader::new(probe.bytes);
    match probe.transport {
        Transport::Udp => {}
        Transport::Tcp if begins(probe.bytes) => return Guess::More,
        Transport::Tcp => {
            let digits = probe.bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits > 0 && reader.skip(digits).is_some() && reader.u8() != Some(b' ') {
                return Guess::No;
            }
        }
        Transport::Ether(_) | Transport::Ip(_) => return Guess::No,
    }
    if priority(&mut reader).is_none() {
        return Guess::No;
    }
    let rest = reader.rest();
    let sure = rest.starts_with(b"1 ") || rest.get(..TIME_BYTES).is_some_and(is_time);
    let text =
        rest.iter().take(64).all(|byte| *byte >= b' ' || *byte == 0 || byte.is_ascii_whitespace());
    let found = text && (sure || probe.hinted);
    if found { Guess::Yes(Some(Side::Client)) } else { Guess::No }
}
