//! TLS, and SSL before it.
//!
//! ```text
//!  0      1      3      5
//!  +------+------+------+---------      big endian; a handshake record holds messages of
//!  | type | vers | len  | body ...      type (1), length (3), body, which may cross records
//!  +------+------+------+---------
//! ```
//! What stands in the clear is read: hellos, certificates up to TLS 1.2, alerts. What follows is
//! encrypted, so it is one `application data` message of unknown intent per conversation, and the
//! rest is passed over by record. Sources: RFC 8446, RFC 5246, RFC 6101, RFC 6520.

mod certificate;
pub mod codes;
mod hello;
mod ssl2;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use self::certificate::Certificate;
use self::codes::Version;
use self::hello::Hello;
use self::ssl2::Ssl2;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "tls",
    title: "TLS",
    realm: crate::Realm::Service,
    depth: Depth::Metadata,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(443), Hint::Tcp(8443), Hint::Tcp(8883), Hint::Tcp(636)],
    operations: &[codes::OPERATIONS],
    identify: Some(identify),
    open: || Box::<Tls>::default(),
};

/// Bytes of a record's header.
const HEADER_BYTES: usize = 5;
/// Longest record: 2^14 of content and 2048 of protection (RFC 5246 6.2.3).
const RECORD_BYTES_MAX: u16 = 16384 + 2048;
/// Longest handshake message that is put together from several records; chains are shorter.
const HANDSHAKE_BYTES_MAX: usize = 64 * 1024;
/// Least padding of a heartbeat (RFC 6520 4).
const HEARTBEAT_PADDING_BYTES: usize = 16;

const OVERREAD: Anomaly = Anomaly::malformed("heartbeat asks for more than it carries");

/// One record cut out of the stream.
struct Record<'a> {
    kind: u8,
    version: Version,
    /// What is at hand of its body.
    body: &'a [u8],
    /// Whole length, with the header.
    bytes: usize,
}

/// Reads the header of the record at the start of `bytes`: `Err` says how to go on without one.
fn record(bytes: &[u8]) -> Result<Record<'_>, Step> {
    let mut reader = Reader::new(bytes);
    let (kind, version, length) = (reader.u8(), reader.be16(), reader.be16());
    if kind.is_some_and(|kind| !(20..=24).contains(&kind))
        || version.is_some_and(|version| !(0x0300..=0x0304).contains(&version))
        || length.is_some_and(|length| length > RECORD_BYTES_MAX)
    {
        return Err(Step::Lost);
    }
    let (Some(kind), Some(version), Some(length)) = (kind, version, length) else {
        return Err(Step::Need(HEADER_BYTES));
    };
    let bytes = HEADER_BYTES + usize::from(length);
    let rest = reader.rest();
    let body = rest.get(..length.into()).unwrap_or(rest);
    Ok(Record { kind, version: Version(version), body, bytes })
}

/// State of one direction.
#[derive(Default)]
struct Direction {
    /// Something was read, so no SSL 2.0 hello can follow.
    begun: bool,
    /// Whether handshake records are encrypted by now.
    encrypted: bool,
    /// Beginning of a handshake message that goes on in the next record.
    partial: Vec<u8>,
}

/// One TLS conversation; also stands inside protocols that change to TLS.
#[derive(Default)]
pub(crate) struct Tls {
    client: Direction,
    server: Direction,
    /// The version is known from the server's hello.
    agreed: bool,
    /// Encrypted content was reported.
    data_reported: bool,
}

impl Session for Tls {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if let Some(hello) = Ssl2::read(bytes).filter(|_| !self.direction(from).begun) {
            return self.ssl2_hello(&hello, bytes, out);
        }
        let record = match record(bytes) {
            Ok(record) => record,
            Err(step) => return step,
        };
        let read = Step::Read(record.bytes);
        let wanted = match record.kind {
            codes::RECORD_HANDSHAKE => !self.direction(from).encrypted || is_hello(record.body),
            codes::RECORD_ALERT => {
                !self.direction(from).encrypted && record.bytes == HEADER_BYTES + 2
            }
            codes::RECORD_HEARTBEAT => !self.direction(from).encrypted,
            _ => false,
        };
        if wanted && bytes.len() < record.bytes {
            return Step::Need(record.bytes);
        }
        self.direction(from).begun = true;
        match record.kind {
            codes::RECORD_HANDSHAKE if wanted => self.handshake(from, record.body, out),
            codes::RECORD_ALERT if wanted => alert(record.body, out),
            codes::RECORD_HEARTBEAT if wanted => heartbeat(record.body, out),
            codes::RECORD_CHANGE_CIPHER_SPEC => self.direction(from).encrypted = true,
            codes::RECORD_DATA => self.data(&record, out),
            _ => {}
        }
        read
    }

    fn gap(&mut self, from: Side) {
        self.direction(from).partial.clear();
    }

    fn held_bytes(&self) -> usize {
        self.client.partial.capacity() + self.server.partial.capacity()
    }
}

impl Tls {
    const fn direction(&mut self, from: Side) -> &mut Direction {
        match from {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    fn handshake(&mut self, from: Side, body: &[u8], out: &mut dyn Sink) {
        let mut held = std::mem::take(&mut self.direction(from).partial);
        let rest = if held.is_empty() {
            self.messages(from, body, out)
        } else {
            held.extend_from_slice(body);
            self.messages(from, &held, out)
        };
        if rest.is_empty() || rest.len() > HANDSHAKE_BYTES_MAX {
            held.clear();
            self.direction(from).partial = held;
        } else {
            self.direction(from).partial = rest.to_vec(); // only when a message crosses records
        }
    }

    /// Reads the whole handshake messages in `bytes`, and returns what is left.
    fn messages<'a>(&mut self, from: Side, bytes: &'a [u8], out: &mut dyn Sink) -> &'a [u8] {
        let mut reader = Reader::new(bytes);
        loop {
            let rest = reader.rest();
            let (Some(kind), Some(length)) = (reader.u8(), reader.be24()) else { return rest };
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let Some(body) = reader.take(length) else { return rest };
            match kind {
                1 if from == Side::Client => client_hello(body, out),
                2 if from == Side::Server => self.server_hello(body, out),
                11 => certificate(body, out),
                _ => {}
            }
        }
    }

    fn server_hello(&mut self, body: &[u8], out: &mut dyn Sink) {
        let Some(hello) = Hello::read(Side::Server, body) else {
            return broken(Kind::Response, codes::SERVER_HELLO, out);
        };
        self.agreed = true;
        emit(Kind::Response, codes::SERVER_HELLO, &hello, obsolete(hello.version).as_slice(), out);
    }

    fn data(&mut self, record: &Record<'_>, out: &mut dyn Sink) {
        if self.data_reported {
            return;
        }
        self.data_reported = true;
        // TLS 1.3 writes 1.2 here (RFC 8446 5.1); older versions write themselves
        let obsolete = obsolete(record.version).filter(|_| !self.agreed);
        let (operation, code) = (codes::DATA, codes::DATA.code);
        let message = Message::new(Protocol::TLS, Kind::Notice, operation, code);
        out.message(&message.with_facts(obsolete.as_slice()));
    }

    fn ssl2_hello(&mut self, hello: &Ssl2, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if bytes.len() < hello.bytes {
            return Step::Need(hello.bytes);
        }
        self.direction(hello.from).begun = true;
        let values = hello.version.name();
        if hello.from == Side::Server {
            self.agreed = true;
            let facts = obsolete(hello.version);
            emit(Kind::Response, codes::SERVER_HELLO, &values, facts.as_slice(), out);
        } else {
            emit(Kind::Request, codes::CLIENT_HELLO, &values, &[], out);
        }
        Step::Read(hello.bytes)
    }
}

fn client_hello(body: &[u8], out: &mut dyn Sink) {
    let operation = codes::CLIENT_HELLO;
    let Some(hello) = Hello::read(Side::Client, body) else {
        return broken(Kind::Request, operation, out);
    };
    let name = Text(hello.server_name);
    let object = if name.0.is_empty() { Object::Nothing } else { Object::Named(&name) };
    let message = Message::new(Protocol::TLS, Kind::Request, operation, operation.code);
    out.message(&Message { values: Some(&hello), ..message.on(object) });
}

fn certificate(body: &[u8], out: &mut dyn Sink) {
    let Some(certificate) = Certificate::first(body) else { return };
    let hosts: ArrayVec<Text<'_>, 4> = certificate.hosts().take(4).collect();
    let (about, field) = (Subject::Sender, Field::Hostname);
    let facts: ArrayVec<Fact<'_>, 4> =
        hosts.iter().map(|host| Fact::Identity { about, field, value: host }).collect();
    emit(Kind::Notice, codes::CERTIFICATE, &certificate, &facts, out);
}

fn alert(body: &[u8], out: &mut dyn Sink) {
    let [_level, description] = body else { return };
    let operation = codes::ALERT;
    let message = Message::new(Protocol::TLS, Kind::Notice, operation, (*description).into());
    let outcome = Outcome::from_code((*description).into(), codes::alert(*description));
    out.message(&message.ended(outcome));
}

fn heartbeat(body: &[u8], out: &mut dyn Sink) {
    let mut reader = Reader::new(body);
    let (kind, payload) = (reader.u8(), reader.be16());
    let most = reader.len().saturating_sub(HEARTBEAT_PADDING_BYTES);
    let overread = kind == Some(1) && payload.is_some_and(|payload| usize::from(payload) > most);
    let anomalies: &[Anomaly] = if overread { &[OVERREAD] } else { &[] };
    let message = Message::new(Protocol::TLS, Kind::Notice, codes::HEARTBEAT, 0x18);
    out.message(&message.with_anomalies(anomalies));
}

fn emit(
    kind: Kind,
    operation: &'static Operation,
    values: &dyn fmt::Display,
    facts: &[Fact<'_>],
    out: &mut dyn Sink,
) {
    let message = Message::new(Protocol::TLS, kind, operation, operation.code);
    out.message(&Message { values: Some(values), facts, ..message });
}

/// A hello that ends before its fixed part does.
fn broken(kind: Kind, operation: &'static Operation, out: &mut dyn Sink) {
    let message = Message::new(Protocol::TLS, kind, operation, operation.code);
    out.message(&message.with_anomalies(&[Anomaly::TRUNCATED]));
}

fn obsolete(version: Version) -> Option<Fact<'static>> {
    version.is_obsolete().then_some(Fact::Obsolete { name: version.name() })
}

/// Whether a handshake record is exactly one hello: a second one after a retry request is still in
/// the clear although its sender has changed its cipher already (RFC 8446 D.4).
fn is_hello(body: &[u8]) -> bool {
    let mut reader = Reader::new(body);
    let (kind, length) = (reader.u8(), reader.be24());
    matches!(kind, Some(1 | 2))
        && length.and_then(|length| usize::try_from(length).ok()) == Some(reader.len())
}

/// A hello is beyond doubt. Streams joined later show only record headers: a hint, or headers that
/// lead from one to the next up to the end of the bytes, must speak for them.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let first = match record(probe.bytes) {
        Ok(first) => first,
        Err(Step::Need(_)) => return Guess::More,
        Err(_) => {
            let hello = Ssl2::read(probe.bytes);
            return hello.map_or(Guess::No, |hello| Guess::Yes(Some(hello.from)));
        }
    };
    let mut body = Reader::new(first.body);
    match (first.kind, body.u8(), body.be24(), body.be16()) {
        (
            codes::RECORD_HANDSHAKE,
            Some(kind @ (1 | 2)),
            Some(4..=0xffff),
            Some(0x0300..=0x0304),
        ) => {
            return Guess::Yes(Some(if kind == 1 { Side::Client } else { Side::Server }));
        }
        (codes::RECORD_HANDSHAKE, None | Some(1 | 2), _, None) => return Guess::More,
        _ => {}
    }
    if first.bytes <= HEADER_BYTES {
        return Guess::No;
    }
    let mut rest = probe.bytes.get(first.bytes..);
    let mut records = 1;
    while let Some(next @ [_, ..]) = rest {
        match record(next) {
            Ok(record) if record.version == first.version => {
                records += 1;
                rest = next.get(record.bytes..);
            }
            _ => return Guess::No,
        }
    }
    let whole = rest.is_some() || records > 1;
    if whole || probe.hinted { Guess::Yes(None) } else { Guess::No }
}
