//! HTTP/1.0 and HTTP/1.1; of HTTP/2 only that it is spoken.
//!
//! ```text
//!  METHOD target HTTP/1.1 CRLF  |  HTTP/1.1 200 reason CRLF
//!  field: value CRLF ...  CRLF  body: none, Content-Length bytes, chunks, or up to the close
//! ```
//! Heads are read. Bodies are passed over unseen, but for those of protocols that ride on HTTP
//! (`api`) and files that are programs (`body`). After an upgrade or a `CONNECT` the stream is
//! somebody else's and is passed over too. Responses carry no number: they answer requests in
//! order (RFC 9112 clause 9.3). Sources: RFC 9110, RFC 9112, RFC 9113 clause 3.4.

pub(crate) mod api;
mod auth;
mod body;
pub mod codes;
pub(crate) mod head;
mod identify;
mod multipart;
pub(crate) mod rest;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;
use plant::Intent;

use self::api::{Answer, Call, Interface};
use self::body::Transfer;
use self::head::{Head, Length};
use self::identify::{PREFACE, identify, starts_request, starts_response};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Session, Side, Sink, Step};
use crate::table::{Operation, Protocol};
use crate::{Text, ros1};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "http",
    title: "HTTP",
    realm: crate::Realm::Service,
    depth: Depth::Metadata,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(80), Hint::Tcp(8000), Hint::Tcp(8080)],
    operations: &[codes::METHODS, codes::OTHERS],
    identify: Some(identify),
    open: || Box::<Http>::default(),
};

/// Requests that wait for their answer; browsers pipelined at most 8.
const REQUESTS_MAX: usize = 8;
/// Longest object that a response repeats; longer ones are not kept.
const OBJECT_BYTES_MAX: usize = 1024;

/// What the next bytes of one direction are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    #[default]
    Head,
    Chunk,
    /// The line end behind a chunk.
    ChunkEnd,
    Trailer,
    /// So many bytes of a body, or of a chunk of it, that are looked at.
    Body {
        left: u64,
        chunked: bool,
    },
    /// A body up to the end of the stream that is looked at.
    OpenBody,
    /// Up to the end of the stream: a body without length, or another protocol.
    Foreign,
}

/// A request that waits for its answer.
#[derive(Clone, Copy)]
struct Asked {
    protocol: Protocol,
    operation: &'static Operation,
    /// Its answer has no body.
    is_head: bool,
    /// Whether `Http::object` holds its object.
    object_kept: bool,
    answer: Answer,
    /// Its answer is a file.
    download: bool,
}

/// One HTTP conversation.
#[derive(Default)]
struct Http {
    next: [Next; 2],
    asked: ArrayVec<Asked, REQUESTS_MAX>,
    /// Object of the oldest request that waits.
    object: Vec<u8>,
    /// Files on their way, by the side that sends them.
    transfers: [Option<Box<Transfer>>; 2],
    /// Chunks of a body that is waited for, put together.
    chunks: Vec<u8>,
    /// A message of the connection was ABB's for sure.
    abb: bool,
}

impl Session for Http {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let next = self.next.get(from.index()).copied().unwrap_or_default();
        match (next, from) {
            (Next::Foreign, _) => Step::PASS_OVER,
            (Next::Chunk, _) => self.chunk(from, bytes, out),
            (Next::Trailer, _) => self.trailer(from, bytes),
            (Next::Body { left, chunked }, _) => self.content(from, bytes, (left, chunked), out),
            (Next::OpenBody, _) => {
                self.transfer(from, bytes, false, out);
                Step::Read(bytes.len())
            }
            (Next::ChunkEnd, _) if !matches!(bytes, [b'\r' | b'\n', ..]) => self.lost(from),
            (Next::ChunkEnd, _) => {
                if bytes.first() == Some(&b'\n') {
                    self.expect(from, Next::Chunk);
                }
                Step::Read(1)
            }
            (Next::Head, _) if matches!(bytes, [b'\r' | b'\n', ..]) => Step::Read(1),
            (Next::Head, Side::Client) => self.request(bytes, out),
            (Next::Head, Side::Server) => self.response(bytes, out),
        }
    }

    fn gap(&mut self, from: Side) {
        self.asked.clear();
        self.transfers = [None, None];
        if !matches!(self.next, [Next::Foreign, _] | [_, Next::Foreign]) {
            self.expect(from, Next::Head);
        }
    }

    fn held_bytes(&self) -> usize {
        let transfers = self.transfers.iter().flatten();
        let held: usize = transfers.map(|one| size_of::<Transfer>() + one.held_bytes()).sum();
        self.object.capacity() + self.chunks.capacity() + held
    }
}

impl Http {
    fn expect(&mut self, from: Side, next: Next) {
        if let Some(place) = self.next.get_mut(from.index()) {
            *place = next;
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
        let Some((name, target)) = head::request_line(head.start) else { return Step::Lost };
        let interface = Interface::of(name, target, &head, self.abb);
        let mut chunks = std::mem::take(&mut self.chunks);
        let wanted = interface.is_some();
        let body = match body::beginning(bytes, &head, wanted, &mut chunks) {
            Ok(body) => body,
            Err(step) => {
                self.chunks = chunks;
                return step;
            }
        };
        self.abb |= interface == Some(Interface::AbbRws);
        let method = codes::method(name);
        let call = interface.and_then(|interface| interface.call(method, target, body));
        let login = auth::Login::read(head.authorization, name);
        let software = Text(head.software);
        let mut facts = ArrayVec::<Fact<'_>, 2>::new();
        facts.extend(login.as_ref().map(auth::Login::fact));
        facts.extend(identity(&software));
        match call {
            Some(call) => {
                self.remember(&Asked::of(&call, method), call.object);
                call.tell(&head.anomalies, &facts, out);
                if call.more {
                    ros1::inner(body, &mut |call| call.tell(&[], &[], out));
                }
                self.upload(&call, &head);
            }
            None => self.plain(method, target, (&head, &facts), out),
        }
        chunks.clear();
        self.chunks = chunks;
        self.body(Side::Client, &head, head.length != Length::Open)
    }

    /// A request that is only HTTP's.
    fn plain(
        &mut self,
        method: &'static Operation,
        target: &[u8],
        (head, facts): (&Head<'_>, &[Fact<'_>]),
        out: &mut dyn Sink,
    ) {
        let (path, _) = rest::split(target);
        let operation = match (body::kind(path), method.name) {
            (Some(_), "put" | "post") => codes::UPLOAD,
            (Some(_), "get") => codes::DOWNLOAD,
            _ => method,
        };
        let call = Call { file: path, ..Call::new(Protocol::HTTP, operation) };
        self.remember(&Asked::of(&call, method), target);
        if matches!(method.name, "put" | "post") {
            self.upload(&call, head);
        }
        let values = Host(Text(head.host));
        let message = Message::new(Protocol::HTTP, Kind::Request, operation, operation.code);
        out.message(&Message {
            object: Object::Named(&Text(target)),
            values: (!head.host.is_empty()).then_some(&values as &dyn fmt::Display),
            anomalies: &head.anomalies,
            facts,
            ..message
        });
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

    fn remember(&mut self, asked: &Asked, object: &[u8]) {
        let object_kept = self.asked.is_empty() && object.len() <= OBJECT_BYTES_MAX;
        if object_kept {
            self.object.clear();
            self.object.extend_from_slice(object);
        }
        if self.asked.try_push(Asked { object_kept, ..*asked }).is_err() {
            self.asked.clear(); // nobody answers: pairing by order is lost
        }
    }

    /// The body of `call` is handed out if a file is in it.
    fn upload(&mut self, call: &Call<'_>, head: &Head<'_>) {
        let intent = call.operation.intent;
        let transfer = Transfer::upload(call.protocol, intent, head, call.file);
        let [place, _] = &mut self.transfers;
        *place = transfer.map(Box::new);
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
        let interim = matches!(status, 100..=199) && status != 101;
        let asked = self.asked.first().copied();
        if interim && asked.is_none() {
            return Step::Read(head.bytes); // its request waits for its body
        }
        let answer = asked.map_or(Answer::Status, |asked| asked.answer);
        let mut chunks = std::mem::take(&mut self.chunks);
        let present = !interim && !empty(status) && !asked.is_some_and(|asked| asked.is_head);
        let wanted = present && answer != Answer::Status && !head.encoded;
        let body = match body::beginning(bytes, &head, wanted, &mut chunks) {
            Ok(body) => body,
            Err(step) => {
                self.chunks = chunks;
                return step;
            }
        };
        if asked.is_none() {
            let _ = head.anomalies.try_push(Anomaly::UNASKED);
        }
        self.answer(&head, status, (asked, body), out);
        chunks.clear();
        self.chunks = chunks;
        self.after(&head, status, asked, present)
    }

    /// Hands on a response to the request `asked`, if that was seen.
    fn answer(
        &self,
        head: &Head<'_>,
        status: u16,
        (asked, body): (Option<Asked>, &[u8]),
        out: &mut dyn Sink,
    ) {
        let (protocol, operation) = asked
            .map_or((Protocol::HTTP, codes::UNASKED), |asked| (asked.protocol, asked.operation));
        let object = Text(&self.object);
        let kept = asked.is_some_and(|asked| asked.object_kept);
        let software = Text(head.software);
        let mut facts: ArrayVec<Fact<'_>, 4> = identity(&software).into_iter().collect();
        let error = Outcome::Error { code: status.into(), name: codes::status(status) };
        let by_status = match status {
            100 | 102..=199 => Outcome::Open,
            101 | 200..=399 => Outcome::Ok,
            _ => error,
        };
        let answer = asked.map_or(Answer::Status, |asked| asked.answer);
        let (outcome, told) = api::ended(answer, by_status, body);
        if outcome == Outcome::Ok {
            facts.extend(api::makers(protocol).iter().copied());
        }
        out.message(&Message {
            object: if kept { api::named(&object) } else { Object::Nothing },
            outcome,
            values: (!told.0.is_empty()).then_some(&told as &dyn fmt::Display),
            anomalies: &head.anomalies,
            facts: &facts,
            ..Message::new(protocol, Kind::Response, operation, status.into())
        });
    }

    /// What follows the head of a response.
    fn after(&mut self, head: &Head<'_>, status: u16, asked: Option<Asked>, present: bool) -> Step {
        if matches!(status, 100..=199) && status != 101 {
            return Step::Read(head.bytes);
        }
        if let Some(asked) = asked {
            self.asked.remove(0);
            self.download(head, status, asked);
        }
        let connected = asked.is_some_and(|asked| asked.operation.name == "connect")
            && matches!(status, 200..=299);
        if status == 101 || connected {
            self.next = [Next::Foreign; 2];
            return Step::Read(head.bytes);
        }
        self.body(Side::Server, head, present)
    }

    /// The body of a response is handed out if it is a file.
    fn download(&mut self, head: &Head<'_>, status: u16, asked: Asked) {
        let [_, place] = &mut self.transfers;
        *place = None;
        let Asked { protocol, operation, .. } = asked;
        let asked_for = asked.download || operation == codes::DOWNLOAD;
        let whole = status == 200 && !head.encoded && operation.intent == Intent::Observe;
        if !whole || (!asked_for && head.disposition.is_empty()) {
            return;
        }
        let kept = if asked.object_kept { &self.object[..] } else { &[] };
        let named = head::parameter(head.disposition, b"filename=");
        let name = named.unwrap_or_else(|| rest::split(kept).0);
        if !name.is_empty() && (asked_for || body::kind(name).is_some()) {
            let transfer = Transfer::plain(protocol, operation.intent, Side::Client, name);
            *place = Some(Box::new(transfer));
        }
    }
}

impl Asked {
    fn of(call: &Call<'_>, method: &Operation) -> Self {
        Self {
            protocol: call.protocol,
            operation: call.operation,
            is_head: method.name == "head",
            object_kept: false,
            answer: call.answer,
            download: call.protocol != Protocol::HTTP
                && method.name == "get"
                && !call.file.is_empty(),
        }
    }
}

/// Whether a response with this status has no body (RFC 9112 6.3).
const fn empty(status: u16) -> bool {
    matches!(status, 204 | 304)
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
