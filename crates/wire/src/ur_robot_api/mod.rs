//! Robot API of Universal Robots' PolyScope X: REST over HTTP, in place of the dashboard.
//!
//! ```text
//!  PUT /universal-robots/robot-api/robotstate/v1/state   {"action": "POWER_ON"}
//!  PUT /universal-robots/robot-api/program/v1/state      {"action": "play"}
//! ```
//! Travels inside HTTP, whose session calls [`call`]. Programs that are uploaded (multipart) or
//! downloaded are handed out as pieces. Over TLS nothing of it is seen. Sources: see `codes`.

pub mod codes;
#[cfg(test)]
mod tests;

use crate::Reader;
use crate::http::api::{Answer, Call};
use crate::http::rest::{Request, last_segment, split};
use crate::session::{Depth, Entry, Session, Side, Sink, Step};
use crate::table::{Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ur-robot-api",
    title: "Universal Robots Robot API (PolyScope X)",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Documents,
    hints: &[],
    operations: &[codes::OPERATIONS, codes::OTHERS],
    identify: None,
    open: || Box::new(Carried),
};

/// It never begins a stream: HTTP hands its requests over.
struct Carried;

impl Session for Carried {
    fn parse(&mut self, _from: Side, _bytes: &[u8], _out: &mut dyn Sink) -> Step {
        Step::Lost
    }
}

/// Where all its paths begin.
const ROOT: &[u8] = b"/universal-robots/robot-api";

/// Whether a request with this target is of the Robot API.
pub(crate) fn claims(target: &[u8]) -> bool {
    let rest = target.strip_prefix(ROOT);
    rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'/' | b'?')))
}

/// Reads a request; `body` as far as it is at hand.
pub(crate) fn call<'a>(method: &'static Operation, target: &'a [u8], body: &'a [u8]) -> Call<'a> {
    let (path, _) = split(target.strip_prefix(ROOT).unwrap_or(target));
    let verb = last_segment(path);
    let request = Request { method, path, verb, body };
    let found = request.find(codes::RULES, codes::OPERATIONS);
    let safe = method.intent == plant::Intent::Observe;
    let read = Operation::find(codes::OPERATIONS, 29).filter(|_| safe);
    let operation = found.or(read).unwrap_or(codes::UNLISTED);
    let program = path.strip_prefix(b"/programs/v1/").unwrap_or_default();
    let call = Call::new(Protocol::UR_ROBOT_API, operation);
    match operation.code {
        15 | 16 => {
            let name = match (text(body, b"\"name\""), text(body, b"\"programName\"")) {
                (Some(name), None) | (None, Some(name)) => name,
                (None, None) | (Some(_), Some(_)) => &[],
            };
            Call { answer: Answer::Text, ..call }.on(name)
        }
        18 | 19 => {
            Call { file: if program.is_empty() { b"program" } else { program }, ..call }.on(program)
        }
        20 => call.on(program),
        22 => Call { file: program, ..call }.on(program),
        21 | 26 => call,
        28 => Call { file: b"urcap", ..call }.on(path),
        27 | 29 | 100 => call.on(path),
        6 | 13 => call.saying(body),
        _ => Call { answer: Answer::Text, ..call },
    }
}

/// The text behind `key` (with its quotes) in a JSON object (RFC 8259 4). `None` where a reader of
/// JSON could find another: a second such key, an escape in it.
fn text<'a>(json: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut places = json.windows(key.len()).enumerate().filter(|(_, window)| *window == key);
    let (place, _) = places.next()?;
    let value = json.get(place + key.len()..)?.trim_ascii_start().strip_prefix(b":")?;
    let text = Reader::new(value.trim_ascii_start().strip_prefix(b"\"")?).until(b'"')?;
    (places.next().is_none() && !json.contains(&b'\\')).then_some(text)
}
