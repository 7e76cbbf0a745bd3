//! HTTP/1.0 and HTTP/1.1; of HTTP/2 only that it is spoken.
//!
//! ```text
//!  METHOD target HTTP/1.1 CRLF  |  HTTP/1.1 200 reason CRLF
//!  field: value CRLF ...  CRLF  body: none, Content-Length bytes, chunks, or up to the close
//! ```
//! Heads are read, bodies are passed over unseen. After an upgrade or a `CONNECT` the stream is
//! somebody else's and is passed over too. Responses carry no number: they answer requests in
//! order (RFC 9112 clause 9.3). Sources: RFC 9110, RFC 9112, RFC 9113 clause 3.4.

mod apis;
mod auth;
pub mod codes;
mod head;
mod identify;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use self::head::{Head, Length};
use self::identify::{PREFACE, identify, starts_request, starts_response};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Session, Side, Sink, Step};
use crate::table::{Operation, Protocol};
use crate::{Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "http",
    title: "HTTP",
    realm: crate::Realm::Service,
    depth: Depth::Metadata,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(80), Hint::Tcp(8000), Hint::Tcp(8080)],
    operations: &[codes::METHODS, codes::OTHERS, apis::OPERATIONS],
    identify: Some(identify),
    open: || Box::<Http>::default(),
};

/// Requests that wait for their answer; browsers pipelined at most 8.
const REQUESTS_MAX: usize = 8;
/// Longest target that a response repeats; longer ones are not kept.
const TARGET_BYTES_MAX: usize = 1024;
/// Longest line that begins a chunk: a number and extensions that nobody uses.
const CHUNK_LINE_BYTES_MAX: usize = 256;
/// What the next bytes of one direction are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    #[default]
    Head,
    Chunk,
    Trailer,
    /// Up to the end of the stream: a body without length, or another protocol.
    Foreign,
}

/// A request that waits for its answer.
#[derive(Clone, Copy)]
struct Asked {
    operation: &'static Operation,
    /// Its answer has no body.
    is_head: bool,
    /// Whether `Http::target` holds its target.
    target_kept: bool,
}

/// One HTTP conversation.
#[derive(Default)]
struct Http {
    next: [Next; 2],
    asked: ArrayVec<Asked, REQUESTS_MAX>,
    /// Target of the oldest request that waits.
    target: Vec<u8>,
}

impl Session for Http {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let next = match from {
            Side::Client => self.next[0],
            Side::Server => self.next[1],
        };
        match (next, from) {
            (Next::Foreign, _) => Step::PASS_OVER,
            (Next::Chunk, _) => self.chunk(from, bytes),
            (Next::Trailer, _) => self.trailer(from, bytes),
            (Next::Head, _) if matches!(bytes, [b'\r' | b'\n', ..]) => Step::Read(1),
            (Next::Head, Side::Client) => self.request(bytes, out),
            (Next::Head, Side::Server) => self.response(bytes, out),
        }
    }

    fn gap(&mut self, from: Side) {
        self.asked.clear();
        if !matches!(self.next, [Next::Foreign, _] | [_, Next::Foreign]) {
            self.expect(from, Next::Head);
        }
    }

    fn held_bytes(&self) -> usize {
        self.target.capacity()
    }
}

impl Http {
    fn expect(&mut self, from: Side, next: Next) {
        match from {
            Side::Client => self.next[0] = next,
            Side::Server => self.next[1] = next,
        }
    }

    fn request(&mut self, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if PREFACE.starts_with(bytes.get(..PREFACE.len()).unwrap_or(bytes)) && bytes.len() > 3 {
            return self.preface(bytes, out);
        }
        if starts_request(bytes) == Guess::No {
            return Step::Lost;
        }
        let head = match Head::read(bytes) {
            Ok(head) => head,
            Err(step) => return step,
        };
        let Some((method, target)) = head::request_line(head.start) else { return Step::Lost };
        let body = match command(bytes, &head, target) {
            Ok(body) => body,
            Err(step) => return step,
        };
        let operation = codes::method(method);
        let operation = apis::find(operation, target, body).unwrap_or(operation);
        self.remember(operation, target);
        let login = auth::Login::read(head.authorization);
        let software = Text(head.software);
        let mut facts = ArrayVec::<Fact<'_>, 2>::new();
        facts.extend(login.as_ref().map(auth::Login::fact));
        facts.extend(identity(&software));
        let values = Host(Text(head.host));
        let message = Message::new(Protocol::HTTP, Kind::Request, operation, operation.code);
        out.message(&Message {
            object: Object::Named(&Text(target)),
            values: (!head.host.is_empty()).then_some(&values as &dyn fmt::Display),
            anomalies: &head.anomalies,
            facts: &facts,
            ..message
        });
        self.body(Side::Client, &head, head.length != Length::Open)
    }

    fn preface(&mut self, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if bytes.len() < PREFACE.len() {
            return Step::Need(PREFACE.len());
        }
        self.next = [Next::Foreign; 2];
        let operation = codes::HTTP_2;
        out.message(&Message::new(Protocol::HTTP, Kind::Request, operation, operation.code));
        Step::Read(PREFACE.len())
    }

    fn remember(&mut self, operation: &'static Operation, target: &[u8]) {
        let target_kept = self.asked.is_empty() && target.len() <= TARGET_BYTES_MAX;
        if target_kept {
            self.target.clear();
            self.target.extend_from_slice(target);
        }
        if self
            .asked
            .try_push(Asked { operation, is_head: operation.name == "head", target_kept })
            .is_err()
        {
            self.asked.clear(); // nobody answers: pairing by order is lost
        }
    }

    fn response(&mut self, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if starts_response(bytes) == Guess::No {
            return Step::Lost;
        }
        let mut head = match Head::read(bytes) {
            Ok(head) => head,
            Err(step) => return step,
        };
        let Some(status) = head::status_line(head.start) else { return Step::Lost };
        let asked = self.asked.first().copied();
        if asked.is_none() {
            let _ = head.anomalies.try_push(Anomaly::UNASKED);
        }
        let operation = asked.map_or(codes::UNASKED, |asked| asked.operation);
        let target = Text(&self.target);
        let kept = asked.is_some_and(|asked| asked.target_kept);
        let software = Text(head.software);
        let facts: ArrayVec<Fact<'_>, 1> = identity(&software).into_iter().collect();
        let error = Outcome::Error { code: status.into(), name: codes::status(status) };
        out.message(&Message {
            object: if kept { Object::Named(&target) } else { Object::Nothing },
            outcome: if status < 400 { Outcome::Ok } else { error },
            anomalies: &head.anomalies,
            facts: &facts,
            ..Message::new(Protocol::HTTP, Kind::Response, operation, status.into())
        });
        let interim = matches!(status, 100..=199) && status != 101;
        if !interim && asked.is_some() {
            self.asked.remove(0);
        }
        let connected = operation.name == "connect" && matches!(status, 200..=299);
        if status == 101 || connected {
            self.next = [Next::Foreign; 2];
            return Step::Read(head.bytes);
        }
        let empty =
            interim || matches!(status, 204 | 304) || asked.is_some_and(|asked| asked.is_head);
        self.body(Side::Server, &head, !empty)
    }

    /// Passes over the body that follows `head`, if it has one (RFC 9112 6.3).
    fn body(&mut self, from: Side, head: &Head<'_>, present: bool) -> Step {
        match head.length {
            _ if !present => {}
            Length::Bytes(count) => {
                let count = usize::try_from(count.min(1 << 40)).unwrap_or(usize::MAX / 2);
                return Step::Read(head.bytes + count);
            }
            Length::Chunked => self.expect(from, Next::Chunk),
            Length::Open => self.expect(from, Next::Foreign),
        }
        Step::Read(head.bytes)
    }

    fn chunk(&mut self, from: Side, bytes: &[u8]) -> Step {
        let mut reader = Reader::new(bytes);
        let Some(line) = reader.line() else {
            let wait = bytes.len() < CHUNK_LINE_BYTES_MAX;
            return if wait { Step::Need(bytes.len() + 1) } else { self.lost(from) };
        };
        let read = bytes.len() - reader.len();
        match head::chunk_size(line) {
            Some(0) => {
                self.expect(from, Next::Trailer);
                Step::Read(read)
            }
            Some(size) => {
                let size = usize::try_from(size.min(1 << 40)).unwrap_or(usize::MAX / 2);
                Step::Read(read + size + b"\r\n".len())
            }
            None => self.lost(from),
        }
    }

    fn trailer(&mut self, from: Side, bytes: &[u8]) -> Step {
        let mut reader = Reader::new(bytes);
        match reader.line() {
            Some([]) => self.expect(from, Next::Head),
            Some(_) => {}
            None if bytes.len() < CHUNK_LINE_BYTES_MAX => return Step::Need(bytes.len() + 1),
            None => return self.lost(from),
        }
        Step::Read(bytes.len() - reader.len())
    }

    fn lost(&mut self, from: Side) -> Step {
        self.expect(from, Next::Head);
        Step::Lost
    }
}

/// The body of a request that must be seen to judge it, empty for others; `Err` asks for more.
fn command<'a>(bytes: &'a [u8], head: &Head<'_>, target: &[u8]) -> Result<&'a [u8], Step> {
    match head.length {
        Length::Bytes(count @ 1..=apis::BODY_BYTES_MAX) if apis::wants_body(target) => {
            let whole = head.bytes + usize::try_from(count).unwrap_or(usize::MAX);
            bytes.get(head.bytes..whole).ok_or(Step::Need(whole))
        }
        Length::Bytes(_) | Length::Chunked | Length::Open => Ok(&[]),
    }
}

fn identity<'a>(software: &'a Text<'a>) -> Option<Fact<'a>> {
    let (about, field) = (Subject::Sender, Field::Software);
    (!software.0.is_empty()).then_some(Fact::Identity { about, field, value: software })
}

/// The `Host` header as the values of a request.
struct Host<'a>(Text<'a>);

impl fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "host {}", self.0)
    }
}
