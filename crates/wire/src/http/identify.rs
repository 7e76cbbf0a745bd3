//! Whether bytes begin an HTTP message.
//!
//! Other protocols have lines of the same form; only the version at the end of a request line, or
//! at the start of a status line, tells. Source: RFC 9112 clauses 3 and 4, RFC 9113 clause 3.4.

use super::head;
use crate::Reader;
use crate::session::{Guess, Probe, Side, Transport};

/// First bytes of a client that speaks HTTP/2 with prior knowledge (RFC 9113 3.4).
pub(super) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Longest request line that is waited for before the bytes are called HTTP.
const LINE_BYTES_MAX: usize = 8 * 1024;

pub(super) fn starts_request(bytes: &[u8]) -> Guess {
    if PREFACE.starts_with(bytes.get(..PREFACE.len()).unwrap_or(bytes)) {
        return if bytes.len() < PREFACE.len() { Guess::More } else { Guess::Yes(None) };
    }
    // A method begins with a capital letter: most bytes of others end here.
    if !bytes.first().is_some_and(u8::is_ascii_uppercase) {
        return Guess::No;
    }
    let mut reader = Reader::new(bytes);
    match (reader.line(), bytes.iter().position(|byte| *byte == b' ')) {
        (Some(line), _) if head::request_line(line).is_some() => Guess::Yes(Some(Side::Client)),
        (Some(_), _) => Guess::No,
        (None, Some(end)) if !bytes.get(..end).is_some_and(head::is_method) => Guess::No,
        (None, None) if !bytes.iter().all(u8::is_ascii_uppercase) || bytes.len() > 20 => Guess::No,
        // other protocols with such lines (RTSP, SIP) name themselves only at its end
        (None, _)
            if bytes.len() < LINE_BYTES_MAX
                && bytes.iter().all(|byte| *byte >= b' ' || *byte == b'\r') =>
        {
            Guess::More
        }
        (None, _) => Guess::No,
    }
}

pub(super) fn starts_response(bytes: &[u8]) -> Guess {
    const PREFIX: &[u8] = b"HTTP/1.";
    match bytes.get(..b"HTTP/1.1 200".len()) {
        Some(start) if head::status_line(start).is_some() => Guess::Yes(Some(Side::Server)),
        Some(_) => Guess::No,
        None if PREFIX.starts_with(bytes.get(..PREFIX.len()).unwrap_or(bytes)) => Guess::More,
        None => Guess::No,
    }
}

/// The version at the end of the request line, or at the start of the status line, is beyond
/// doubt on any port.
pub(super) fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    match starts_response(probe.bytes) {
        Guess::No => starts_request(probe.bytes),
        found @ (Guess::More | Guess::Yes(_)) => found,
    }
}
