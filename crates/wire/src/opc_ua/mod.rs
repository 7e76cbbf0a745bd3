//! OPC UA over UA TCP: hello, secure channel, and the services inside it.
//!
//! ```text
//!  type (3) HEL ACK ERR RHE | F     | size (4) | body
//!  OPN     | F     | size | channel (4) | policy URI, certificate, thumbprint | sequence | body
//!  MSG CLO | F C A | size | channel (4) | token (4)                           | sequence | body
//!  sequence: number (4), request id (4)
//!  body: node id of the encoding, request or response header, fields, see `schema`
//! ```
//! Little-endian; sizes include the header. Bodies of channels that only sign are read; of those
//! that encrypt it is said that something passed. Type, not side, tells requests from responses.
//! Sources: OPC 10000-6 "Mappings" 1.04 ("Part 6") 6.7 and 7.1; OPC 10000-4 "Services" ("Part 4").

mod assembly;
pub mod codes;
mod file;
mod schema;
mod service;
mod status;
#[cfg(test)]
mod tests;
mod walk;

use crate::message::{Anomaly, Fact, Kind, Message, Object, Outcome};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader, Text};
use assembly::Assembly;
use codes::{Policy, kind};
use service::Asked;
use walk::{NodeId, blob};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "opc-ua",
    title: "OPC UA (binary)",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(4840)],
    operations: &[codes::SERVICES, codes::TRANSPORT, codes::OTHERS],
    identify: Some(identify),
    open: || Box::<OpcUa>::default(),
};

/// Type, chunk letter and size.
const HEADER_BYTES: usize = 8;
/// Largest chunk that is believed: 16 MiB, beyond what any stack allows.
const CHUNK_BYTES_MAX: usize = 1 << 24;
/// Bytes of a chunk that are read: stacks send 64 KiB at most unless set otherwise.
const CHUNK_READ_MAX: usize = 128 * 1024;
/// Requests kept for pairing: clients keep some ten publish requests open beside the one at work.
const REQUESTS_MAX: usize = 32;

/// A chunk cut out of the stream.
struct Chunk<'a> {
    kind: [u8; 3],
    letter: u8,
    body: Reader<'a>,
    bytes: usize,
    /// It is longer than what is read of it.
    cut: bool,
}

/// Reads the chunk at the start of `bytes`: `Err` says how to go on when there is none.
fn chunk(bytes: &[u8]) -> Result<Chunk<'_>, Step> {
    let kinds = [
        kind::HELLO,
        kind::ACKNOWLEDGE,
        kind::ERROR,
        kind::REVERSE_HELLO,
        kind::OPEN,
        kind::MESSAGE,
        kind::CLOSE,
    ];
    let begins = |kind: &[u8; 3]| kind.iter().zip(bytes).all(|(want, is)| want == is);
    if !kinds.iter().any(begins) {
        return Err(Step::Lost);
    }
    let mut reader = Reader::new(bytes);
    let (Some(kind), Some(letter)) = (reader.array::<3>(), reader.u8()) else {
        return Err(Step::Need(HEADER_BYTES));
    };
    let letters: &[u8] = if kind == kind::MESSAGE { b"FCA" } else { b"F" };
    if !letters.contains(&letter) {
        return Err(Step::Lost);
    }
    let Some(size) = reader.le32() else { return Err(Step::Need(HEADER_BYTES)) };
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if !(HEADER_BYTES..=CHUNK_BYTES_MAX).contains(&size) {
        return Err(Step::Lost);
    }
    let read = size.min(CHUNK_READ_MAX);
    let body = reader.sub(read - HEADER_BYTES).ok_or(Step::Need(read))?;
    Ok(Chunk { kind, letter, body, bytes: size, cut: read < size })
}

/// One connection: a secure channel, usually with one session in it.
#[derive(Default)]
struct OpcUa {
    policy: Policy,
    /// A hello waits for its answer.
    greeting: bool,
    /// The session's user is anonymous.
    anonymous: bool,
    /// It was said that nothing protects this channel.
    exposed: bool,
    files: file::Files,
    asked: Pending<u32, Asked, REQUESTS_MAX>,
    parts: [Assembly; 2],
}

impl Session for OpcUa {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let chunk = match chunk(bytes) {
            Ok(chunk) => chunk,
            Err(step) => return step,
        };
        match chunk.kind {
            kind::OPEN => self.open(from, &chunk, out),
            kind::MESSAGE | kind::CLOSE => self.symmetric(from, &chunk, out),
            _ => self.transport(&chunk, out),
        }
        Step::Read(chunk.bytes)
    }

    fn gap(&mut self, from: Side) {
        // request ids are unique in a channel, so what was asked can still be answered
        if let Some(parts) = self.parts.get_mut(from.index()) {
            parts.clear();
        }
    }

    fn held_bytes(&self) -> usize {
        self.parts.iter().map(Assembly::held_bytes).sum()
    }
}

/// A message by the type of its chunk alone.
fn by_kind<'a>(kind: Kind, operation: &'static Operation, letters: [u8; 3]) -> Message<'a> {
    let [a, b, c] = letters;
    Message::new(Protocol::OPC_UA, kind, operation, u32::from_be_bytes([0, a, b, c]))
}

/// What a message of this side is where its content is not readable.
const fn by_side(from: Side) -> Kind {
    match from {
        Side::Client => Kind::Request,
        Side::Server => Kind::Response,
    }
}

impl OpcUa {
    /// Hello, acknowledge, error, reverse hello (Part 6 7.1.2).
    fn transport(&mut self, chunk: &Chunk<'_>, out: &mut dyn Sink) {
        let mut body = chunk.body;
        let (operation, kind) = match chunk.kind {
            kind::HELLO => (&codes::HELLO, Kind::Request),
            kind::ACKNOWLEDGE => (&codes::HELLO, Kind::Response),
            kind::ERROR if self.greeting => (&codes::HELLO, Kind::Response),
            kind::ERROR => (&codes::ERROR, Kind::Notice),
            _ => (&codes::REVERSE_HELLO, Kind::Notice),
        };
        let mut outcome = Outcome::Open;
        let text = match chunk.kind {
            kind::HELLO => body.skip(20).and_then(|()| blob(&mut body)),
            kind::ACKNOWLEDGE => {
                outcome = Outcome::Ok;
                body.skip(20).map(|()| Default::default())
            }
            kind::ERROR => body.le32().and_then(|code| {
                outcome = Outcome::Error { code, name: status::name(code) };
                blob(&mut body)
            }),
            _ => blob(&mut body).and_then(|_| blob(&mut body)),
        };
        self.greeting = chunk.kind == kind::HELLO;
        let anomalies: &[Anomaly] = match text {
            None => &[Anomaly::TRUNCATED],
            Some(_) if !body.is_empty() => &[Anomaly::TRAILING],
            Some(_) => &[],
        };
        let text = Text(text.unwrap_or_default());
        let mut message = by_kind(kind, operation, chunk.kind);
        if chunk.kind == kind::ERROR {
            message.values = Some(&text);
        } else if !text.0.is_empty() {
            message.object = Object::Named(&text);
        }
        out.message(&message.ended(outcome).with_anomalies(anomalies));
    }

    /// Open secure channel: the policy is in clear, the rest only without one (Part 6 6.7.2).
    fn open(&mut self, from: Side, chunk: &Chunk<'_>, out: &mut dyn Sink) {
        let mut body = chunk.body;
        let header = body.skip(4).and_then(|()| {
            let uri = blob(&mut body)?;
            blob(&mut body)?;
            blob(&mut body)?;
            Some(uri)
        });
        let Some(uri) = header else {
            let message = by_kind(by_side(from), service::row(codes::OPEN_REQUEST), chunk.kind);
            return out.message(&message.with_anomalies(&[Anomaly::TRUNCATED]));
        };
        let policy = uri.strip_prefix(codes::POLICY_PREFIX).unwrap_or(uri);
        self.policy = Policy::of(policy);
        if self.policy == Policy::None {
            return self.whole(from, chunk, body, out);
        }
        let shown = Text(policy);
        let fact = codes::obsolete(policy).map(|name| Fact::Obsolete { name });
        let message = by_kind(by_side(from), service::row(codes::OPEN_REQUEST), chunk.kind);
        out.message(&message.on(Object::Named(&shown)).with_facts(fact.as_slice()));
    }

    /// Messages inside the channel, whole or in chunks (Part 6 6.7.2 and 6.7.3).
    fn symmetric(&mut self, from: Side, chunk: &Chunk<'_>, out: &mut dyn Sink) {
        let mut body = chunk.body;
        if body.skip(8).is_none() {
            let message = by_kind(by_side(from), &codes::UNLISTED, chunk.kind);
            return out.message(&message.with_anomalies(&[Anomaly::TRUNCATED]));
        }
        self.whole(from, chunk, body, out);
    }

    /// From the sequence header on.
    fn whole(&mut self, from: Side, chunk: &Chunk<'_>, body: Reader<'_>, out: &mut dyn Sink) {
        let mut body = body;
        let (Some(_), Some(id)) = (body.le32(), body.le32()) else {
            return self.opaque(from, chunk, out);
        };
        let signed = body.len().saturating_sub(self.policy.signature_bytes());
        let body = body.rest().get(..signed).unwrap_or_default();
        let Some(parts) = self.parts.get_mut(from.index()) else { return };
        let continued = parts.holds(id);
        if !continued && chunk.letter != b'A' && !self.readable(body) {
            return if chunk.letter == b'C' {
            } else {
                self.opaque(from, chunk, out)
            };
        }
        match chunk.letter {
            b'C' => {
                if let Some(parts) = self.parts.get_mut(from.index()) {
                    parts.add(id, body, chunk.cut);
                }
            }
            b'A' => self.abort(from, chunk, (id, body), out),
            _ if continued => {
                let mut whole = std::mem::take(&mut self.parts);
                if let Some(parts) = whole.get_mut(from.index()) {
                    parts.add(id, body, chunk.cut);
                    // signatures of chunks whose channel was not seen to open stand in between
                    let cut = parts.cut() || self.policy == Policy::Unseen;
                    self.service((from, id), parts.bytes(), cut, out);
                    parts.clear();
                }
                self.parts = whole;
            }
            _ => self.service((from, id), body, chunk.cut, out),
        }
    }

    /// Whether a message that begins so can be read: always where nothing encrypts.
    fn readable(&self, body: &[u8]) -> bool {
        self.policy == Policy::None || listed(body)
    }

    fn opaque(&self, from: Side, chunk: &Chunk<'_>, out: &mut dyn Sink) {
        let operation = if chunk.kind == kind::CLOSE {
            service::row(codes::CLOSE_REQUEST)
        } else {
            &codes::ENCRYPTED
        };
        let clear = self.policy == Policy::None;
        let anomalies: &[Anomaly] = if clear { &[Anomaly::TRUNCATED] } else { &[] };
        out.message(&by_kind(by_side(from), operation, chunk.kind).with_anomalies(anomalies));
    }

    /// The sender gives up the message of which this is the last chunk.
    fn abort(
        &mut self,
        from: Side,
        chunk: &Chunk<'_>,
        (id, body): (u32, &[u8]),
        out: &mut dyn Sink,
    ) {
        let code = Reader::new(body).le32().filter(|code| status::is_bad(*code));
        let Some(code) = code else { return self.opaque(from, chunk, out) };
        if let Some(parts) = self.parts.get_mut(from.index()) {
            parts.clear();
        }
        let outcome = Outcome::Error { code, name: status::name(code) };
        let asked = (from == Side::Server).then(|| self.asked.take(&id)).flatten();
        let operation = asked.as_ref().map_or(&codes::ABORT, |asked| asked.operation);
        out.message(&by_kind(by_side(from), operation, chunk.kind).with_id(id).ended(outcome));
    }
}

/// Whether a body begins with the type of a service that is known.
fn listed(body: &[u8]) -> bool {
    NodeId::read(&mut Reader::new(body))
        .and_then(|node| node.standard())
        .is_some_and(|id| id == codes::SERVICE_FAULT || codes::service(id).is_some())
}

/// Three letters and a chunk letter, and behind them what each type must hold.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let mut reader = Reader::new(probe.bytes);
    let head = (reader.array::<3>(), reader.u8(), reader.le32());
    match chunk(probe.bytes) {
        Err(Step::Lost) => return Guess::No,
        Err(_) if probe.bytes.len() < HEADER_BYTES => return Guess::More,
        Ok(_) | Err(_) => {}
    }
    let (Some(kind), Some(letter), Some(size)) = head else { return Guess::More };
    match kind {
        // version 0 and limits
        kind::HELLO | kind::ACKNOWLEDGE => {
            let side = if kind == kind::HELLO { Side::Client } else { Side::Server };
            match reader.le32() {
                None => Guess::More,
                Some(0) if size >= 28 => Guess::Yes(Some(side)),
                Some(_) => Guess::No,
            }
        }
        kind::REVERSE_HELLO => Guess::Yes(Some(Side::Server)),
        kind::ERROR => match reader.le32() {
            None => Guess::More,
            Some(code) if status::is_bad(code) => Guess::Yes(None),
            Some(_) => Guess::No,
        },
        kind::OPEN => match reader.skip(4).and_then(|()| blob(&mut reader)) {
            None if probe.bytes.len() < 128 => Guess::More,
            Some(uri) if uri.starts_with(codes::POLICY_PREFIX) => Guess::Yes(None),
            _ => Guess::No,
        },
        _ => joined_midway(probe, letter, reader),
    }
}

/// A channel that was opened before: a service that is known, or at the usual port anything.
fn joined_midway(probe: &Probe<'_>, letter: u8, mut reader: Reader<'_>) -> Guess {
    let body = reader.skip(16).map(|()| reader.rest());
    let type_id =
        body.and_then(|body| NodeId::read(&mut Reader::new(body))).and_then(|node| node.standard());
    let service = type_id.and_then(codes::service);
    match service {
        _ if body.is_none_or(|body| body.len() < 4) => Guess::More,
        Some((_, Kind::Request)) if letter != b'A' => Guess::Yes(Some(Side::Client)),
        Some((_, Kind::Response)) if letter != b'A' => Guess::Yes(Some(Side::Server)),
        _ if type_id == Some(codes::SERVICE_FAULT) => Guess::Yes(Some(Side::Server)),
        _ if probe.hinted => Guess::Yes(None),
        _ => Guess::No,
    }
}
