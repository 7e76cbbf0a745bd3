//! ABB Robot Web Services: 1.0 of RobotWare 6 (HTTP, Digest) and 2.0 of OmniCore (mostly TLS,
//! Basic).
//!
//! ```text
//!  POST /rw/rapid/execution?action=start  regain=continue&...     1.0
//!  POST /rw/rapid/execution/start         regain=continue&...     2.0
//!  PUT  /fileservice/$home/Main.mod       the module itself
//! ```
//! Travels inside HTTP, whose session calls [`call`]. Files that are written or read are handed
//! out as pieces. What a subscription tells (WebSocket) is not read; over TLS nothing of it is
//! seen. Sources: see `codes`.

pub mod codes;
#[cfg(test)]
mod tests;

use crate::http::api::Call;
use crate::http::head::contains;
use crate::http::rest::{Request, last_segment, parameter, split};
use crate::session::{Depth, Entry, Session, Side, Sink, Step};
use crate::table::{Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "abb-rws",
    title: "ABB Robot Web Services",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("abb-robot-client (RWS 1.0)"),
    hints: &[],
    operations: &[codes::OPERATIONS, codes::OTHERS],
    identify: None,
    open: || Box::new(Carried),
};

/// Words of forms that are not shown: a PIN locks the operating mode or registers a station.
const SECRET: [&[u8]; 4] = [b"pin", b"pass", b"pwd", b"key="];

/// It never begins a stream: HTTP hands its requests over.
struct Carried;

impl Session for Carried {
    fn parse(&mut self, _from: Side, _bytes: &[u8], _out: &mut dyn Sink) -> Step {
        Step::Lost
    }
}

/// Whether a request with this target is of Robot Web Services. Paths that others have, too, need
/// something that is ABB's in the head or earlier in the connection.
pub(crate) fn claims(target: &[u8], is_abb: impl FnOnce() -> bool) -> bool {
    let mut segments = split(target).0.split(|byte| matches!(byte, b'/' | b';')).skip(1);
    match (segments.next(), segments.next()) {
        (Some(b"rw"), Some(service)) if codes::SERVICES.contains(&service) => true,
        (Some(b"fileservice"), Some(volume)) if volume.starts_with(b"$") => true,
        (
            Some(
                b"rw" | b"fileservice" | b"ctrl" | b"subscription" | b"users" | b"logout" | b"poll",
            ),
            _,
        ) => is_abb(),
        _ => false,
    }
}

/// Reads a request; `body` as far as it is at hand.
pub(crate) fn call<'a>(method: &'static Operation, target: &'a [u8], body: &'a [u8]) -> Call<'a> {
    let (path, query) = split(target);
    let action = parameter(query, b"action");
    let verb = action.unwrap_or_else(|| last_segment(path));
    let request = Request { method, path, verb, body };
    let found = request.find(codes::RULES, codes::OPERATIONS).unwrap_or(codes::UNLISTED);
    let file = path.strip_prefix(b"/fileservice/").unwrap_or_default();
    let directory = found.code == 92 && !last_segment(path).contains(&b'.');
    let operation = if directory { codes::DIRECTORY } else { found };
    let by_segment = action.is_none() && names(operation, verb);
    let object = if by_segment { without(path, verb) } else { path };
    let call = Call::new(Protocol::ABB_RWS, operation).on(object);
    match operation.code {
        83 | 92 => Call { file, ..call },
        85 | 86 | 89 | 90 => Call { beside: true, ..call }.saying(body),
        100 => call,
        _ if SECRET.iter().any(|word| contains(body, word)) => call,
        _ => call.saying(body),
    }
}

/// Whether the rule of `operation` is for this verb, not for any.
fn names(operation: &Operation, verb: &[u8]) -> bool {
    let place = codes::OPERATIONS.iter().position(|row| row.code == operation.code);
    let rule = place.and_then(|place| codes::RULES.get(place));
    rule.is_some_and(|rule| rule.verb.split('|').any(|one| one.as_bytes() == verb))
}

/// The path without its last segment.
fn without<'a>(path: &'a [u8], verb: &[u8]) -> &'a [u8] {
    let end = path.len().saturating_sub(verb.len() + 1);
    path.get(..end).unwrap_or(path)
}
