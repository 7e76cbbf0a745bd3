//! SSH: who speaks which version, with which algorithms, and that the rest is encrypted.
//!
//! ```text
//!  SSH-2.0-software SP comment CRLF, then packets:
//!  len (4), padding length (1), message (1), ...
//! ```
//! Read are the identification strings and the packets up to the new keys; after them nobody but
//! the ends can judge the stream, which is one message of unknown intent. Sources: RFC 4253
//! clauses 4.2, 5.1, 6, 7 and 12.

mod algorithms;
#[cfg(test)]
mod tests;

use plant::Intent;

use self::algorithms::{Choice, Offer};
use crate::message::{Fact, Field, Kind, Message, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ssh",
    title: "SSH",
    realm: crate::Realm::Service,
    depth: Depth::Metadata,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(22)],
    operations: &[OPERATIONS],
    identify: Some(identify),
    open: || Box::<Ssh>::default(),
};

const IDENTIFICATION: &Operation =
    &Operation::new(0, "identification", Intent::Session, "RFC 4253 4.2");
const KEY_EXCHANGE: &Operation = &Operation::new(20, "kexinit", Intent::Session, "RFC 4253 7.1");
const DISCONNECT: &Operation = &Operation::new(1, "disconnect", Intent::Session, "RFC 4253 11.1");
const ENCRYPTED: &Operation = &Operation::new(256, "encrypted", Intent::Unknown, "RFC 4253 6.3");

static OPERATIONS: &[Operation] = &[*IDENTIFICATION, *KEY_EXCHANGE, *DISCONNECT, *ENCRYPTED];

/// Message numbers (RFC 4253 12): the keys change after this packet.
const NEW_KEYS: u8 = 21;
/// Longest identification (RFC 4253 4.2), and lines that a server may write before it.
const LINE_BYTES_MAX: usize = 1024;
/// Longest packet before the keys change: what must be supported (RFC 4253 6.1).
const PACKET_BYTES_MAX: u32 = 35_000;
/// Random bytes before the lists of a key exchange (RFC 4253 7.1).
const COOKIE_BYTES: usize = 16;

/// What one side sends next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    #[default]
    Identification,
    Packets,
    Encrypted,
}

/// One SSH conversation.
#[derive(Default)]
struct Ssh {
    next: [Next; 2],
    encrypted_reported: bool,
    /// The offer of the side that made its own first.
    offer: Option<(Side, Vec<u8>)>,
}

impl Session for Ssh {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let [client, server] = self.next;
        match if from == Side::Client { client } else { server } {
            Next::Identification => self.identification(from, bytes, out),
            Next::Packets => self.packet(from, bytes, out),
            Next::Encrypted => self.encrypted(bytes, out),
        }
    }

    fn gap(&mut self, from: Side) {
        self.expect(from, Next::Encrypted);
        self.offer = None;
    }

    fn held_bytes(&self) -> usize {
        self.offer.as_ref().map_or(0, |(_, offer)| offer.capacity())
    }
}

impl Ssh {
    fn expect(&mut self, from: Side, next: Next) {
        let [client, server] = &mut self.next;
        *(if from == Side::Client { client } else { server }) = next;
    }

    fn identification(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let Some(line) = reader.line() else {
            let text = bytes.len() < LINE_BYTES_MAX && !bytes.contains(&0);
            return if text {
                Step::Need(bytes.len() + 1)
            } else {
                self.joined_later(from, bytes, out)
            };
        };
        let read = Step::Read(bytes.len() - reader.len());
        let Some(identification) = Identification::read(line) else {
            let other = from == Side::Server && !line.contains(&0);
            return if other { read } else { self.joined_later(from, bytes, out) };
        };
        self.expect(from, if identification.first { Next::Encrypted } else { Next::Packets });
        let software = Text::trimmed(identification.software);
        let (about, field) = (Subject::Sender, Field::Software);
        let facts =
            [Fact::Identity { about, field, value: &software }, Fact::Obsolete { name: "SSH 1" }];
        let facts = if identification.first { &facts[..] } else { facts.split_at(1).0 };
        let operation = IDENTIFICATION;
        let message = Message::new(Protocol::SSH, kind(from), operation, operation.code);
        out.message(&Message { values: Some(&Text(line)), facts, ..message });
        read
    }

    /// Bytes that are no text where text must be: the stream was joined after its start.
    fn joined_later(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        self.expect(from, Next::Encrypted);
        self.encrypted(bytes, out)
    }

    fn packet(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let (length, _padding, number) = (reader.be32(), reader.u8(), reader.u8());
        let Some(length) = length else { return Step::Need(6) };
        if !(2..=PACKET_BYTES_MAX).contains(&length) {
            return self.joined_later(from, bytes, out);
        }
        let whole = 4 + usize::try_from(length).unwrap_or(usize::MAX - 4);
        let Some(number) = number else { return Step::Need(6) };
        let operation = match number {
            20 => KEY_EXCHANGE,
            1 => DISCONNECT,
            NEW_KEYS => {
                self.expect(from, Next::Encrypted);
                return Step::Read(whole);
            }
            _ => return Step::Read(whole),
        };
        if bytes.len() < whole {
            return Step::Need(whole);
        }
        let message = Message::new(Protocol::SSH, kind(from), operation, number.into());
        let lists = bytes.get(6 + COOKIE_BYTES..whole).unwrap_or_default();
        match number {
            20 => self.exchange(from, lists, message, out),
            _ => out.message(&message),
        }
        Step::Read(whole)
    }

    /// The offer of one side; the second of two shows what is chosen.
    fn exchange(&mut self, from: Side, lists: &[u8], message: Message<'_>, out: &mut dyn Sink) {
        let mine = Offer::read(lists);
        let first = self.offer.take_if(|(side, _)| *side != from);
        let Some((_, theirs)) = first else {
            self.offer = Some((from, lists.to_vec()));
            return out.message(&Message { values: Some(&mine), ..message });
        };
        let theirs = Offer::read(&theirs);
        let choice = match from {
            Side::Client => Choice::of(&mine, &theirs),
            Side::Server => Choice::of(&theirs, &mine),
        };
        let facts = choice.facts();
        out.message(&Message { values: Some(&choice), facts: &facts, ..message });
    }

    fn encrypted(&mut self, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if self.encrypted_reported {
            return Step::PASS_OVER;
        }
        self.encrypted_reported = true;
        out.message(&Message::new(Protocol::SSH, Kind::Notice, ENCRYPTED, ENCRYPTED.code));
        Step::Read(bytes.len())
    }
}

const fn kind(from: Side) -> Kind {
    match from {
        Side::Client => Kind::Request,
        Side::Server => Kind::Response,
    }
}

/// An identification string (RFC 4253 4.2).
struct Identification<'a> {
    software: &'a [u8],
    /// Only version 1 is spoken; `1.99` also speaks 2 (RFC 4253 5.1).
    first: bool,
}

impl<'a> Identification<'a> {
    fn read(line: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(line.strip_prefix(b"SSH-")?);
        let version = reader.until(b'-')?;
        let first = version.starts_with(b"1.") && version != b"1.99";
        Some(Self { software: reader.rest(), first })
    }
}

/// Both sides begin alike, so the side is not known from it.
fn identify(probe: &Probe<'_>) -> Guess {
    const PREFIX: &[u8] = b"SSH-";
    let start = probe.bytes.get(..PREFIX.len()).unwrap_or(probe.bytes);
    if probe.transport != Transport::Tcp || !PREFIX.starts_with(start) {
        return Guess::No;
    }
    match probe.bytes.get(PREFIX.len()..) {
        Some([b'1' | b'2', b'.', b'0'..=b'9', ..]) => Guess::Yes(None),
        None | Some([] | [b'1' | b'2'] | [b'1' | b'2', b'.']) => Guess::More,
        Some(_) => Guess::No,
    }
}
