//! RDP: who asks for a desktop, and how it is protected.
//!
//! ```text
//!  TPKT 3, 0, length (2, big endian); COTP length, 0xe0 request | 0xd0 confirm, 5 bytes;
//!  request: "Cookie: mstshash=name" CRLF; type 1, flags, length 8, protocols (4, little endian)
//!  confirm: type 2 chosen | 3 refused, flags, length 8, protocol or code (4)
//! ```
//! What follows is TLS, or RDP's own encryption, which protects against nobody. Nothing of a
//! desktop is read. Source: MS-RDPBCGR 2.2.1.1, 2.2.1.2, 5.3.

#[cfg(test)]
mod tests;

use std::fmt;

use plant::Intent;

use crate::message::{Fact, Kind, Message, Object, Outcome};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Effect, Operation, Protocol};
use crate::tls::Tls;
use crate::{Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "rdp",
    title: "RDP",
    realm: crate::Realm::Service,
    depth: Depth::Metadata,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(3389)],
    operations: &[OPERATIONS],
    identify: Some(identify),
    open: || Box::<Rdp>::default(),
};

const CONNECT: &Operation =
    &Operation::new(0xe0, "connect", Intent::Session, "MS-RDPBCGR 2.2.1.1").with(Effect::Login);
const DESKTOP: &Operation = &Operation::new(0x100, "desktop", Intent::Unknown, "MS-RDPBCGR 5.3");
static OPERATIONS: &[Operation] = &[*CONNECT, *DESKTOP];

/// Bytes of TPKT and of the fixed part of COTP.
const HEADER_BYTES: usize = 11;
/// Codes of COTP (X.224 13.3, 13.4).
const REQUEST: u8 = 0xe0;
const CONFIRM: u8 = 0xd0;
/// Types of negotiation (MS-RDPBCGR 2.2.1.1.1, 2.2.1.2.1, 2.2.1.2.2).
const NEGOTIATION_REQUEST: u8 = 1;
const NEGOTIATION_RESPONSE: u8 = 2;
const NEGOTIATION_FAILURE: u8 = 3;

/// What follows the connection confirm.
#[derive(Default)]
enum Next {
    #[default]
    Connect,
    Tls(Box<Tls>),
    Standard {
        reported: bool,
    },
}

/// One conversation.
#[derive(Default)]
struct Rdp {
    next: Next,
}

impl Session for Rdp {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        match &mut self.next {
            Next::Tls(tls) => tls.parse(from, bytes, out),
            Next::Standard { reported: true } => Step::PASS_OVER,
            Next::Standard { reported } => {
                *reported = true;
                out.message(&Message::new(Protocol::RDP, Kind::Notice, DESKTOP, DESKTOP.code));
                Step::Read(bytes.len())
            }
            Next::Connect => self.connect(bytes, out),
        }
    }

    fn gap(&mut self, from: Side) {
        match &mut self.next {
            Next::Tls(tls) => tls.gap(from),
            Next::Standard { .. } => {}
            Next::Connect => self.next = Next::Tls(Box::default()),
        }
    }

    fn held_bytes(&self) -> usize {
        match &self.next {
            Next::Tls(tls) => size_of::<Tls>() + tls.held_bytes(),
            Next::Standard { .. } | Next::Connect => 0,
        }
    }
}

impl Rdp {
    fn connect(&mut self, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let unit = match Unit::read(bytes) {
            Ok(unit) => unit,
            Err(step) => return step,
        };
        if unit.code == REQUEST {
            request(&unit, out);
        } else {
            self.confirm(&unit, out);
        }
        Step::Read(unit.bytes)
    }

    fn confirm(&mut self, unit: &Unit<'_>, out: &mut dyn Sink) {
        let message = Message::new(Protocol::RDP, Kind::Response, CONNECT, unit.code.into());
        if let Some((NEGOTIATION_FAILURE, code)) = unit.negotiation {
            let outcome = Outcome::Error { code, name: failure(code) };
            return out.message(&message.ended(outcome));
        }
        let chosen = unit.negotiation.map_or(0, |(_, protocol)| protocol);
        let standard = chosen == 0;
        self.next =
            if standard { Next::Standard { reported: false } } else { Next::Tls(Box::default()) };
        let obsolete = [Fact::Obsolete { name: "RDP standard security" }];
        out.message(&Message {
            outcome: Outcome::Ok,
            values: Some(&Protocols(chosen)),
            facts: if standard { &obsolete } else { &[] },
            ..message
        });
    }
}

fn request(unit: &Unit<'_>, out: &mut dyn Sink) {
    let account = Text(unit.account);
    let object = if account.0.is_empty() { Object::Nothing } else { Object::Named(&account) };
    let protocols = Protocols(unit.negotiation.map_or(0, |(_, protocols)| protocols));
    let message = Message::new(Protocol::RDP, Kind::Request, CONNECT, unit.code.into());
    out.message(&Message { values: Some(&protocols), ..message.on(object) });
}

/// A connection request or confirm.
struct Unit<'a> {
    code: u8,
    /// The name in the cookie of a request.
    account: &'a [u8],
    /// Type and value of the negotiation; `None` from software that knows none.
    negotiation: Option<(u8, u32)>,
    bytes: usize,
}

impl<'a> Unit<'a> {
    /// Reads the unit at the start of `bytes`: `Err` says how to go on when there is none.
    fn read(bytes: &'a [u8]) -> Result<Self, Step> {
        if bytes.first() != Some(&3) || bytes.get(1).is_some_and(|reserved| *reserved != 0) {
            return Err(Step::Lost);
        }
        let mut reader = Reader::new(bytes);
        let header = reader.skip(2).and_then(|()| reader.be16());
        let Some(whole) = header.map(usize::from) else { return Err(Step::Need(HEADER_BYTES)) };
        let body = whole.checked_sub(4).ok_or(Step::Lost)?;
        let mut unit = reader.sub(body).ok_or(Step::Need(whole))?;
        let (Some(length), Some(code)) = (unit.u8(), unit.u8()) else { return Err(Step::Lost) };
        let fits = usize::from(length) == body - 1 && matches!(code, REQUEST | CONFIRM);
        if !fits || unit.skip(5).is_none() {
            return Err(Step::Lost);
        }
        let account = cookie(&mut unit);
        let negotiation = match (unit.u8(), unit.u8(), unit.le16(), unit.le32()) {
            (Some(kind), Some(_), Some(8), Some(value)) => Some((kind, value)),
            (None, ..) => None,
            _ => return Err(Step::Lost),
        };
        let expected = |kind| match code {
            REQUEST => kind == NEGOTIATION_REQUEST,
            _ => matches!(kind, NEGOTIATION_RESPONSE | NEGOTIATION_FAILURE),
        };
        if negotiation.is_some_and(|(kind, _)| !expected(kind)) {
            return Err(Step::Lost);
        }
        Ok(Self { code, account, negotiation, bytes: whole })
    }
}

/// Reads the cookie line, if there is one; other routing tokens name nobody.
fn cookie<'a>(unit: &mut Reader<'a>) -> &'a [u8] {
    const PREFIX: &[u8] = b"Cookie: ";
    let mut ahead = *unit;
    let Some(line) = ahead.line().and_then(|line| line.strip_prefix(PREFIX)) else { return &[] };
    *unit = ahead;
    line.strip_prefix(b"mstshash=").unwrap_or_default()
}

/// Security protocols by name (MS-RDPBCGR 2.2.1.1.1).
struct Protocols(u32);

impl fmt::Display for Protocols {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [(1, "tls"), (2, "credssp"), (4, "rdstls"), (8, "credssp early"), (16, "aad")];
        if self.0 == 0 {
            return f.write_str("standard");
        }
        let mut lead = "";
        for (_, name) in names.into_iter().filter(|(bit, _)| self.0 & bit != 0) {
            write!(f, "{lead}{name}")?;
            lead = ",";
        }
        Ok(())
    }
}

/// Name of a negotiation failure (MS-RDPBCGR 2.2.1.2.2); empty if unlisted.
const fn failure(code: u32) -> &'static str {
    match code {
        1 => "tls required by server",
        2 => "tls not allowed by server",
        3 => "certificate not on server",
        4 => "inconsistent flags",
        5 => "credssp required by server",
        6 => "tls with user authentication required by server",
        _ => "",
    }
}

/// S7 and other users of TPKT name their access points behind the fixed part; RDP has a cookie, a
/// negotiation, or, from old software and only with a hint, nothing there.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    match Unit::read(probe.bytes) {
        Ok(unit) if probe.hinted || unit.negotiation.is_some() || !unit.account.is_empty() => {
            Guess::Yes(Some(if unit.code == REQUEST { Side::Client } else { Side::Server }))
        }
        Err(Step::Need(_)) if probe.hinted => Guess::More,
        Ok(_) | Err(_) => Guess::No,
    }
}
