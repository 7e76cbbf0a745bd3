//! LDAP: who logs in at a directory, what is looked for, what is changed.
//!
//! ```text
//!  SEQUENCE { number, [APPLICATION n] operation, [0] controls }       BER, definite lengths
//!  after a login with a security layer: length (4, big endian), protected bytes
//! ```
//! The password of a simple bind is compared with the shipped ones and is in no message. After
//! `start tls` the stream is TLS. What a security layer protects is one message of unknown intent.
//! Sources: RFC 4511, RFC 4513, RFC 4422 clause 3.7, MS-ADTS 5.1.1.1 (logins of NTLM).

mod bind;
pub mod codes;
mod filter;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;
use codes::tag;

use self::bind::Bind;
use self::filter::Filter;
use crate::ber::{self, ENUMERATED, INTEGER, OCTET_STRING, SEQUENCE};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::tls::Tls;
use crate::{Pending, Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ldap",
    title: "LDAP",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(389), Hint::Udp(389), Hint::Tcp(3268)],
    operations: &[codes::OPERATIONS, codes::EXTENDED, codes::OTHERS],
    identify: Some(identify),
    open: || Box::<Ldap>::default(),
};

/// Bytes of a message that are waited for: names, filters, logins; values come behind.
const WINDOW_BYTES: usize = 8 * 1024;
/// Longest message; directories refuse more than a few megabytes.
const MESSAGE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of a frame of a security layer that are waited for: what a stream keeps is 128 KiB, and
/// the messages behind are passed over.
const FRAME_BYTES_MAX: usize = 96 * 1024;
/// Bytes of the head of a Kerberos token, and of an NTLM signature, before what they prove.
const TOKEN_BYTES: usize = 16;
/// Longest head of a message: tag, length of five bytes, number of up to six, tag, length.
const HEAD_BYTES: usize = 18;
/// Requests kept for pairing.
const REQUESTS_MAX: usize = 8;
/// Longest name that answers repeat.
const NAME_BYTES_MAX: usize = 128;

const NO_PASSWORD: Anomaly = Anomaly::oddity("bind with a name and no password");

/// What an answer repeats of its request.
struct Asked {
    operation: &'static Operation,
    name: ArrayVec<u8, NAME_BYTES_MAX>,
}

/// One conversation.
#[derive(Default)]
struct Ldap {
    asked: Pending<u32, Asked, REQUESTS_MAX>,
    /// What the stream has become after `start tls`.
    tls: Option<Box<Tls>>,
    protected_reported: bool,
}

impl Session for Ldap {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if let Some(tls) = &mut self.tls {
            return tls.parse(from, bytes, out);
        }
        if bytes.first() == Some(&0) {
            return self.protected(from, bytes, out);
        }
        let mut reader = Reader::new(bytes);
        let Some((SEQUENCE, length, body)) = ber::opened(&mut reader) else {
            let begins = bytes.first() == Some(&SEQUENCE) && bytes.len() < 6;
            return if begins { Step::Need(bytes.len() + 1) } else { Step::Lost };
        };
        let at_hand = bytes.len() - reader.len();
        let whole = at_hand - body.len() + length;
        if length > MESSAGE_BYTES_MAX {
            return Step::Lost;
        }
        if at_hand < whole.min(WINDOW_BYTES) {
            return Step::Need(whole.min(WINDOW_BYTES));
        }
        match self.message(from, body, out) {
            Some(()) => Step::Read(whole),
            None => Step::Lost,
        }
    }

    fn gap(&mut self, from: Side) {
        self.asked.clear();
        if let Some(tls) = &mut self.tls {
            tls.gap(from);
        }
    }

    fn held_bytes(&self) -> usize {
        self.tls.as_ref().map_or(0, |tls| size_of::<Tls>() + tls.held_bytes())
    }
}

impl Ldap {
    /// A frame of a security layer (RFC 4422 3.7): if it only proves who sent it, its messages are
    /// read.
    fn protected(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let Some(length) = reader.be32() else { return Step::Need(4) };
        let Ok(length) = usize::try_from(length) else { return Step::Lost };
        if !(8..=MESSAGE_BYTES_MAX).contains(&length) {
            return Step::Lost;
        }
        let wanted = length.min(FRAME_BYTES_MAX);
        let Some(frame) = reader.take(wanted) else { return Step::Need(4 + wanted) };
        let mut inside = Reader::new(wrapped(frame).unwrap_or_default());
        if side(inside.rest()).is_none() {
            self.hidden(out);
        }
        while side(inside.rest()).is_some() {
            let Some((_, _, body)) = ber::opened(&mut inside) else { break };
            if self.message(from, body, out).is_none() {
                break;
            }
        }
        Step::Read(4 + length)
    }

    fn hidden(&mut self, out: &mut dyn Sink) {
        if !self.protected_reported {
            self.protected_reported = true;
            let operation = codes::PROTECTED;
            out.message(&Message::new(Protocol::LDAP, Kind::Notice, operation, operation.code));
        }
    }

    fn message(&mut self, from: Side, mut body: Reader<'_>, out: &mut dyn Sink) -> Option<()> {
        let id = u32::try_from(ber::integer(&mut body)?).ok()?;
        let (tag, _, content) = ber::opened(&mut body)?;
        if tag & 0xc0 != 0x40 {
            return None;
        }
        let tag = tag & 0x1f;
        if let Some(asked) = codes::answered(tag) {
            self.result(id, asked, content, out);
        } else {
            match tag {
                tag::BIND => self.bind(id, content, out),
                tag::SEARCH => self.search(id, content, out),
                tag::ENTRY => entry(id, content, out),
                tag::EXTENDED => self.extended(id, content, out),
                _ => self.other(from, id, tag, content, out),
            }
        }
        Some(())
    }

    fn bind(&mut self, id: u32, content: Reader<'_>, out: &mut dyn Sink) {
        let bind = Bind::read(content);
        let name = bind.as_ref().map(|bind| bind.name).unwrap_or_default();
        let operation = row(tag::BIND);
        self.remember(id, operation, name);
        let facts = bind.as_ref().map(Bind::facts).unwrap_or_default();
        let nameless = bind.as_ref().is_some_and(Bind::is_without_password);
        let anomalies: &[Anomaly] = match bind {
            None => &[Anomaly::TRUNCATED],
            Some(_) if nameless => &[NO_PASSWORD],
            Some(_) => &[],
        };
        let text = Text(name);
        out.message(&Message {
            object: named(&text),
            values: bind.as_ref().map(|bind| bind as &dyn fmt::Display),
            anomalies,
            facts: &facts,
            ..request(id, operation, tag::BIND)
        });
    }

    fn search(&mut self, id: u32, content: Reader<'_>, out: &mut dyn Sink) {
        let search = Search::read(content);
        let base = search.as_ref().map(|search| search.base).unwrap_or_default();
        let operation = row(tag::SEARCH);
        self.remember(id, operation, base);
        let text = Text(base);
        out.message(&Message {
            object: named(&text),
            values: search.as_ref().map(|search| search as &dyn fmt::Display),
            anomalies: if search.is_none() { &[Anomaly::TRUNCATED] } else { &[] },
            ..request(id, operation, tag::SEARCH)
        });
    }

    fn extended(&mut self, id: u32, mut content: Reader<'_>, out: &mut dyn Sink) {
        let name = ber::expect(&mut content, 0x80).map(|name| name.rest());
        let operation = name.and_then(codes::extended).unwrap_or(row(tag::EXTENDED));
        self.remember(id, operation, name.unwrap_or_default());
        let text = Text(name.unwrap_or_default());
        let listed = operation.code >= 0x100;
        out.message(&Message {
            object: if listed { Object::Nothing } else { named(&text) },
            anomalies: if name.is_none() { &[Anomaly::TRUNCATED] } else { &[] },
            ..request(id, operation, tag::EXTENDED)
        });
    }

    /// Requests whose first part is the name of an entry, and what has no name.
    fn other(&mut self, from: Side, id: u32, tag: u8, mut content: Reader<'_>, out: &mut dyn Sink) {
        let name = match tag {
            tag::DELETE => content.rest(),
            6 | 8 | 12 | 14 => {
                ber::expect(&mut content, OCTET_STRING).map(|name| name.rest()).unwrap_or_default()
            }
            _ => &[],
        };
        let operation = Operation::find(codes::OPERATIONS, tag.into()).unwrap_or(codes::UNLISTED);
        let answers = matches!(tag, 19 | 25) || from == Side::Server;
        if !answers && !matches!(tag, 2 | 16) {
            self.remember(id, operation, name);
        }
        let text = Text(name);
        out.message(&Message {
            kind: if answers { Kind::Response } else { Kind::Request },
            object: named(&text),
            ..request(id, operation, tag)
        });
    }

    /// An answer with a result (RFC 4511 4.1.9).
    fn result(&mut self, id: u32, request: u8, mut content: Reader<'_>, out: &mut dyn Sink) {
        let asked = self.asked.take(&id);
        let code = ber::expect(&mut content, ENUMERATED).and_then(|code| ber::signed(code.rest()));
        let code = code.and_then(|code| u32::try_from(code).ok());
        let _matched = ber::expect(&mut content, OCTET_STRING);
        let text = ber::expect(&mut content, OCTET_STRING).map(|text| Text::trimmed(text.rest()));
        let outcome = match code {
            None => Outcome::Open,
            Some(code) if codes::is_progress(code) => Outcome::Ok,
            Some(code) => Outcome::Error { code, name: codes::result(code) },
        };
        let operation = asked.as_ref().map_or(row(request), |asked| asked.operation);
        let name = Text(asked.as_ref().map_or(&[], |asked| asked.name.as_slice()));
        let told = if request == tag::BIND { bind::challenge(content) } else { None };
        let mut facts: ArrayVec<Fact<'_>, 4> = told
            .as_ref()
            .map(|told| told.facts("LDAP NTLM"))
            .unwrap_or_default()
            .into_iter()
            .collect();
        let (about, role, reason) = (Subject::Sender, Role::Server, "serves a directory by LDAP");
        if outcome == Outcome::Ok {
            facts.push(Fact::Role { about, role, reason });
        }
        let mut anomalies = ArrayVec::<Anomaly, 2>::new();
        if code.is_none() {
            anomalies.push(Anomaly::TRUNCATED);
        }
        // 0 is the number of what the server says unasked (RFC 4511 4.4)
        if asked.is_none() && id != 0 {
            anomalies.push(Anomaly::UNASKED);
        }
        out.message(&Message {
            object: if operation.code < 0x100 { named(&name) } else { Object::Nothing },
            outcome,
            id: Some(id),
            values: text.as_ref().filter(|text| !text.0.is_empty()).map(|text| text as _),
            anomalies: &anomalies,
            facts: &facts,
            ..Message::new(Protocol::LDAP, Kind::Response, operation, request.into())
        });
        if operation.name == "start tls" && outcome == Outcome::Ok {
            self.tls = Some(Box::default());
        }
    }

    fn remember(&mut self, id: u32, operation: &'static Operation, name: &[u8]) {
        let name = ArrayVec::try_from(name).unwrap_or_default();
        self.asked.insert(id, Asked { operation, name });
    }
}

/// What stands in a frame that is not encrypted: behind the head of a Kerberos token, whose
/// checksum comes before or after it (RFC 4121 4.2.4), or behind a signature of NTLM (MS-NLMP
/// 2.2.2.9).
fn wrapped(frame: &[u8]) -> Option<&[u8]> {
    let mut reader = Reader::new(frame);
    match frame {
        [5, 4, flags, 0xff, ..] if flags & 2 == 0 => {
            reader.skip(4)?;
            let (checksum, rotated) = (usize::from(reader.be16()?), reader.be16()?.into());
            reader.skip(8)?;
            let all = reader.rest();
            match rotated {
                0 => all.get(..all.len().checked_sub(checksum)?),
                rotated if rotated == checksum => all.get(checksum..),
                _ => None,
            }
        }
        [1, 0, 0, 0, ..] => frame.get(TOKEN_BYTES..),
        _ => None,
    }
}

fn row(tag: u8) -> &'static Operation {
    Operation::find(codes::OPERATIONS, tag.into()).unwrap_or(codes::UNLISTED)
}

fn request<'a>(id: u32, operation: &'static Operation, tag: u8) -> Message<'a> {
    Message::new(Protocol::LDAP, Kind::Request, operation, tag.into()).with_id(id)
}

fn named<'a>(name: &'a Text<'a>) -> Object<'a> {
    if name.0.is_empty() { Object::Nothing } else { Object::Named(name) }
}

/// An entry that a search found; the one without a name is the server's own (RFC 4512 5.1).
fn entry(id: u32, mut content: Reader<'_>, out: &mut dyn Sink) {
    let name = ber::expect(&mut content, OCTET_STRING).map(|name| name.rest());
    let host = if name == Some(&[]) { host(content).map(Text::trimmed) } else { None };
    let (about, field) = (Subject::Sender, Field::Hostname);
    let fact = host.as_ref().map(|value| Fact::Identity { about, field, value });
    let text = Text(name.unwrap_or_default());
    out.message(&Message {
        kind: Kind::Response,
        object: named(&text),
        anomalies: if name.is_none() { &[Anomaly::TRUNCATED] } else { &[] },
        facts: fact.as_slice(),
        ..request(id, row(tag::ENTRY), tag::ENTRY)
    });
}

/// The name of the server in its own entry.
fn host(mut content: Reader<'_>) -> Option<&[u8]> {
    let (_, _, mut attributes) = ber::opened(&mut content)?;
    loop {
        let mut attribute = ber::expect(&mut attributes, SEQUENCE)?;
        let name = ber::expect(&mut attribute, OCTET_STRING)?;
        if name.rest().eq_ignore_ascii_case(b"dnsHostName") {
            let mut values = ber::expect(&mut attribute, 0x31)?;
            return ber::expect(&mut values, OCTET_STRING).map(|value| value.rest());
        }
    }
}

/// What a search asks for (RFC 4511 4.5.1).
struct Search<'a> {
    base: &'a [u8],
    scope: u8,
    filter: Filter<'a>,
}

impl<'a> Search<'a> {
    fn read(mut content: Reader<'a>) -> Option<Self> {
        let base = ber::expect(&mut content, OCTET_STRING)?.rest();
        let scope = ber::expect(&mut content, ENUMERATED)?.u8()?;
        ber::expect(&mut content, ENUMERATED)?; // aliases
        ber::expect(&mut content, INTEGER)?; // limits of size and time
        ber::expect(&mut content, INTEGER)?;
        ber::element(&mut content)?; // types only
        Some(Self { base, scope, filter: Filter(content) })
    }
}

impl fmt::Display for Search<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", codes::scope(self.scope), self.filter)
    }
}

/// A number and an operation whose first part is what it must be, inside lengths that fit: beyond
/// doubt on any port.
fn identify(probe: &Probe<'_>) -> Guess {
    if !matches!(probe.transport, Transport::Tcp | Transport::Udp) {
        return Guess::No;
    }
    let more = match (probe.transport, probe.bytes) {
        (Transport::Tcp, [SEQUENCE]) => probe.hinted,
        (Transport::Tcp, [SEQUENCE, ..]) => probe.bytes.len() < HEAD_BYTES && probe.hinted,
        _ => false,
    };
    match side(probe.bytes) {
        Some(side) => Guess::Yes(Some(side)),
        None if more => Guess::More,
        None => Guess::No,
    }
}

/// Who sends such a message.
fn side(bytes: &[u8]) -> Option<Side> {
    let (outer, length, mut body) = ber::opened(&mut Reader::new(bytes))?;
    let before = body.len();
    let id = ber::integer(&mut body).filter(|id| outer == SEQUENCE && *id >= 0)?;
    let (tag, inner, mut content) = ber::opened(&mut body)?;
    let head = before.checked_sub(body.len() + content.len())?;
    let first = content.peek();
    let fits = head + inner <= length && id <= i64::from(i32::MAX);
    let (side, right) = match tag {
        0x60 => (Side::Client, ber::integer(&mut content).is_some_and(|v| matches!(v, 2 | 3))),
        0x63 | 0x66 | 0x68 | 0x6c | 0x6e => (Side::Client, first == Some(OCTET_STRING)),
        0x77 => (Side::Client, first == Some(0x80)),
        0x42 => (Side::Client, inner == 0),
        0x61 | 0x65 | 0x67 | 0x69 | 0x6b | 0x6d | 0x6f | 0x78 => {
            (Side::Server, first == Some(ENUMERATED))
        }
        0x64 | 0x73 => (Side::Server, first == Some(OCTET_STRING)),
        _ => return None,
    };
    (fits && right).then_some(side)
}
