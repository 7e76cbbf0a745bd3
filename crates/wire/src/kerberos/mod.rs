//! Kerberos 5: who asks for a ticket to which service, and how well it is protected.
//!
//! ```text
//!  TCP: length (4, big endian) and as over UDP: [APPLICATION n] SEQUENCE { [0] .. [n] fields }
//! ```
//! Names, encryption types and errors; what is encrypted is not read. A ticket for a login that
//! proved no key can be attacked at leisure, so that is said. Sources: RFC 4120 clauses 5 and 7,
//! RFC 6649, RFC 8429.

pub mod codes;
mod fields;
#[cfg(test)]
mod tests;

use arrayvec::ArrayVec;
use codes::kind;

use self::fields::{Name, Read};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Reader, ber};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "kerberos",
    title: "Kerberos",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(88), Hint::Udp(88)],
    operations: &[codes::MESSAGES],
    identify: Some(identify),
    open: || Box::<Kerberos>::default(),
};

/// Longest message: Windows bounds tokens by 65535 bytes, and names beside one fit.
const MESSAGE_BYTES_MAX: u32 = 96 * 1024;
/// Bytes of the length before a message over TCP (RFC 4120 7.2.2).
const LENGTH_BYTES: usize = 4;

const NO_PROOF: &str = "Kerberos account without pre-authentication";

/// One conversation.
#[derive(Default)]
struct Kerberos {
    /// The latest login that waits for its answer proved that it has its key.
    proved: Option<bool>,
}

impl Session for Kerberos {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if bytes.first().is_some_and(|first| first & 0xe0 == 0x60) {
            let read = self.message(bytes, out);
            return if read.is_some() { Step::Read(bytes.len()) } else { Step::Lost };
        }
        let mut reader = Reader::new(bytes);
        let Some(length) = reader.be32() else { return Step::Need(LENGTH_BYTES) };
        if length > MESSAGE_BYTES_MAX {
            return Step::Lost;
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX - LENGTH_BYTES);
        let Some(message) = reader.take(length) else { return Step::Need(LENGTH_BYTES + length) };
        match self.message(message, out) {
            Some(()) => Step::Read(LENGTH_BYTES + length),
            None => Step::Lost,
        }
    }

    fn gap(&mut self, _from: Side) {
        self.proved = None;
    }
}

impl Kerberos {
    fn message(&mut self, bytes: &[u8], out: &mut dyn Sink) -> Option<()> {
        let mut reader = Reader::new(bytes);
        let (tag, length, body) = ber::opened(&mut reader)?;
        let code = tag & 0x1f;
        let operation = Operation::find(codes::MESSAGES, code.into())?;
        let read = Read::new(code, body);
        let mut facts = facts(code, &read);
        match code {
            kind::AS_REQ => self.proved = Some(read.proved),
            kind::AS_REP if self.proved.take() == Some(false) => {
                let _ = facts.try_push(Fact::Unprotected { what: NO_PROOF, acts: false });
            }
            kind::ERROR => self.proved = None,
            _ => {}
        }
        let named = !read.service.names.is_empty();
        let (part, outcome) = part(code, &read);
        let mut anomalies = ArrayVec::<Anomaly, 2>::new();
        if body.len() < length || !named && code != 15 && code < 20 {
            anomalies.push(Anomaly::TRUNCATED);
        }
        if !reader.is_empty() {
            anomalies.push(Anomaly::TRAILING);
        }
        out.message(&Message {
            object: if named { Object::Named(&read.service) } else { Object::Nothing },
            outcome,
            values: read.says_more().then_some(&read),
            anomalies: &anomalies,
            facts: &facts,
            ..Message::new(Protocol::KERBEROS, part, operation, code.into())
        });
        Some(())
    }
}

fn part(code: u8, read: &Read<'_>) -> (Kind, Outcome) {
    match code {
        kind::AS_REQ | kind::TGS_REQ | kind::AP_REQ => (Kind::Request, Outcome::Open),
        kind::AS_REP | kind::TGS_REP | 15 => (Kind::Response, Outcome::Ok),
        kind::ERROR => {
            let code = read.error.and_then(|code| u32::try_from(code).ok()).unwrap_or(60);
            (Kind::Response, Outcome::Error { code, name: codes::error(code) })
        }
        _ => (Kind::Notice, Outcome::Open),
    }
}

fn facts<'a>(code: u8, read: &'a Read<'a>) -> ArrayVec<Fact<'a>, 5> {
    let mut facts = ArrayVec::new();
    let about = Subject::Sender;
    if code == kind::AS_REQ && !read.client.names.is_empty() {
        let (scheme, account) = ("Kerberos", &read.client as &Name<'_>);
        facts.push(Fact::Credential { scheme, account, cleartext: false, default: false });
    }
    if let Some(host) = &read.host {
        facts.push(Fact::Identity { about, field: Field::Hostname, value: host });
    }
    if matches!(code, kind::AS_REP | kind::TGS_REP) {
        let reason = "issues Kerberos tickets";
        facts.push(Fact::Role { about, role: Role::Server, reason });
    }
    if let Some(name) = read.weak() {
        facts.push(Fact::Obsolete { name });
    }
    facts
}

/// An application tag of the list with a sequence whose first field is the version, 5, and whose
/// second, the type of message, equals the tag, is beyond doubt on any port; at the port of
/// Kerberos the first two need not be there.
fn identify(probe: &Probe<'_>) -> Guess {
    let bytes = match (probe.transport, probe.bytes) {
        (Transport::Udp, bytes) => bytes,
        (Transport::Tcp, [0, _, _, _, rest @ ..]) if rest.len() >= 2 => rest,
        (Transport::Tcp, [0, ..]) if probe.hinted => return Guess::More,
        (Transport::Tcp | Transport::Ether(_) | Transport::Ip(_), _) => return Guess::No,
    };
    match code(bytes, probe.hinted) {
        Some(kind::AS_REQ | kind::TGS_REQ | kind::AP_REQ) => Guess::Yes(Some(Side::Client)),
        Some(kind::AS_REP | kind::TGS_REP | 15 | kind::ERROR) => Guess::Yes(Some(Side::Server)),
        Some(_) => Guess::Yes(None),
        None => Guess::No,
    }
}

fn code(bytes: &[u8], hinted: bool) -> Option<u8> {
    let (tag, _, mut body) = ber::opened(&mut Reader::new(bytes))?;
    let (outer, _, mut body) = ber::opened(&mut body)?;
    let code = tag & 0x1f;
    let listed = Operation::find(codes::MESSAGES, code.into()).is_some();
    if tag & 0xe0 != 0x60 || outer != ber::SEQUENCE || !listed {
        return None;
    }
    // requests begin with field 1, all else with field 0
    let (first, version) = ber::element(&mut body)?;
    let (second, kind) = ber::element(&mut body)?;
    let numbers = (fields::number(version), fields::number(kind));
    let right = matches!(first, 0xa0 | 0xa1) && second == first + 1;
    let field = first & 0xe0 == 0xa0 && second & 0xe0 == 0xa0;
    (right && numbers == (Some(5), Some(code.into())) || hinted && field).then_some(code)
}
