//! COTP connections as messages: who connects to which rack and slot, and how it ends.
//!
//! A two-byte called TSAP holds the kind of connection (1 programming device, 2 operator panel, 3
//! others) and rack and slot (3 and 5 bits). S7-1200/1500 take the names `SIMATIC-ROOT-ES` of
//! engineering stations and `SIMATIC-ROOT-HMI` of panels. Sources: X.224 13.3 to 13.12; SIMATIC
//! NET, "TSAP" of S7 connections.

use std::fmt;

use super::{Connection, codes};
use crate::iso_tsap::{self, Tpdu, Tsap};
use crate::message::{Fact, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Guess, Side, Sink};
use crate::table::Operation;

/// Whose connection requests are sought.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// S7comm: numbers as selectors.
    Classic,
    /// S7comm-plus: `SIMATIC-ROOT` selectors.
    Plus,
}

/// Prefix of the selectors of S7-1200/1500.
const ROOT: &[u8] = b"SIMATIC-ROOT";

/// Both ends of a connection.
struct Ends<'a> {
    calling: Option<Tsap<'a>>,
    called: Option<Tsap<'a>>,
}

impl fmt::Display for Ends<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(calling) = self.calling {
            write!(f, "{calling} to ")?;
        }
        self.called.map_or(Ok(()), |called| called.fmt(f))
    }
}

impl Connection {
    pub(super) fn cotp(&mut self, from: Side, tpdu: &Tpdu<'_>, out: &mut dyn Sink) {
        let mut header = tpdu.header;
        let (target_ref, source_ref) = (header.be16(), header.be16());
        let ends = Ends { calling: tpdu.calling(), called: tpdu.called() };
        let named = Object::Named(&ends);
        let object = if ends.called.is_some() { named } else { Object::Nothing };
        let (mut kind, mut outcome, mut id) = (Kind::Notice, Outcome::Open, None);
        let mut fact = None;
        match tpdu.code {
            iso_tsap::CONNECT_REQUEST => {
                kind = Kind::Request;
                id = source_ref;
                self.connecting = source_ref;
                self.unit = slot(ends.called);
                fact = self.caller(ends.called);
            }
            iso_tsap::CONNECT_CONFIRM => {
                (kind, outcome, id) = (Kind::Response, Outcome::Ok, target_ref);
                self.connecting = None;
                self.unit = self.unit.or(slot(ends.called));
            }
            iso_tsap::DISCONNECT_REQUEST => {
                let reason = header.u8().unwrap_or(0);
                let name = codes::disconnect_reason(reason);
                if let Some(reference) = self.connecting.take().filter(|_| from == Side::Server) {
                    (kind, id) = (Kind::Response, Some(reference));
                    outcome = Outcome::Error { code: reason.into(), name };
                }
            }
            _ => {}
        }
        let operation = Operation::find(codes::COTP, tpdu.code.into()).unwrap_or(&codes::UNLISTED);
        out.message(&Message {
            object,
            outcome,
            id: id.map(u32::from),
            unit: self.unit,
            facts: fact.as_slice(),
            ..Message::new(self.home, kind, operation, tpdu.code.into())
        });
    }

    /// What the caller of a `SIMATIC-ROOT` selector says that it is.
    fn caller(&mut self, called: Option<Tsap<'_>>) -> Option<Fact<'static>> {
        let (role, reason) = match called?.0.strip_prefix(ROOT)? {
            b"-ES" => (Role::Engineering, "connects to SIMATIC-ROOT-ES"),
            b"-HMI" => (Role::Hmi, "connects to SIMATIC-ROOT-HMI"),
            _ => return None,
        };
        self.client_told = true;
        Some(Fact::Role { about: Subject::Sender, role, reason })
    }
}

/// Rack and slot byte of a called TSAP.
fn slot(called: Option<Tsap<'_>>) -> Option<u16> {
    match called?.0 {
        [_, slot] => Some(u16::from(*slot)),
        _ => None,
    }
}

/// Judges a connection TPDU without user data behind it. RDP has no selectors, but a cookie or a
/// negotiation; MMS has selectors whose first byte is zero.
pub(crate) fn identify(bytes: &[u8], hinted: bool, caller: Caller) -> Guess {
    let Ok(tpdu) = iso_tsap::tpdu(bytes) else { return Guess::More };
    let side = match tpdu.code {
        iso_tsap::CONNECT_REQUEST => Side::Client,
        iso_tsap::CONNECT_CONFIRM => Side::Server,
        _ => return Guess::More,
    };
    let (calling, called) = (tpdu.calling(), tpdu.called());
    let (Some(calling), Some(called)) = (calling, called) else {
        let parameters = tpdu.header.len() > 5 && tpdu.parameter(0xc0).is_none();
        return if parameters { Guess::No } else { Guess::More };
    };
    let root = called.0.starts_with(ROOT);
    match caller {
        Caller::Plus if root => Guess::Yes(Some(side)),
        Caller::Classic if root => Guess::No,
        Caller::Plus => Guess::More,
        Caller::Classic => match (calling.0, called.0) {
            ([_, _], [kind, _]) if hinted && *kind != 0 => Guess::Yes(Some(side)),
            _ => Guess::More,
        },
    }
}
