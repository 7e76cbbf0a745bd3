//! Binding interfaces: which a client wants to call, and what the server says to it.
//!
//! ```text
//!  bind: fragment sizes (2, 2), group (4), count (1), 3; contexts: number (2), count (1), 1,
//!        interface (16), version (4), transfer syntaxes (20 each)
//!  ack:  fragment sizes (2, 2), group (4), length (2), port, padding to 4, count (1), 3;
//!        results: result (2), reason (2), transfer syntax (20)      nak: reason (2)
//! ```
//! Source: C706 12.6.3.1, 12.6.4.3 to 12.6.4.5.

use std::fmt;

use arrayvec::ArrayVec;

use super::interfaces;
use super::{Call, Dcerpc, Header, codes, ptype, row};
use crate::message::{Anomaly, Fact, Kind, Message, Object, Outcome, Role, Subject};
use crate::profinet_cm::rpc::Uuid;
use crate::session::Sink;
use crate::table::Protocol;
use crate::{Reader, Text};

/// Bytes of a syntax: UUID and version.
const SYNTAX_BYTES: usize = 20;
/// Result of a context: accepted; the negotiation of features is no refusal (MS-RPCE 2.2.2.4).
const ACCEPTED: u16 = 0;
const NEGOTIATED: u16 = 3;

/// An interface by its name, or its UUID.
pub(super) struct Named(pub(super) Uuid);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match interfaces::find(self.0) {
            Some(interface) => f.write_str(interface.name),
            None => self.0.fmt(f),
        }
    }
}

/// The interfaces of a bind; most clients offer the same one with several transfer syntaxes.
#[derive(Default)]
struct Wanted(ArrayVec<Uuid, 4>);

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lead = "";
        for uuid in &self.0 {
            write!(f, "{lead}{}", Named(*uuid))?;
            lead = ",";
        }
        Ok(())
    }
}

impl Dcerpc {
    pub(super) fn bind(
        &mut self,
        header: &Header,
        mut body: Reader<'_>,
        facts: &[Fact<'_>],
        out: &mut dyn Sink,
    ) {
        let mut wanted = Wanted::default();
        let whole = self.contexts(header, &mut body, &mut wanted).is_some();
        let code = 0x100 + u32::from(header.kind);
        let interface = wanted.0.first().copied();
        let call = Call { operation: row(code), interface, opnum: u16::MAX };
        self.calls.insert(header.call, call);
        let named = interface.is_some();
        out.message(&Message {
            object: if named { Object::Named(&wanted) } else { Object::Nothing },
            id: Some(header.call),
            anomalies: if whole { &[] } else { &[Anomaly::TRUNCATED] },
            facts,
            ..Message::new(Protocol::DCERPC, Kind::Request, row(code), code)
        });
    }

    fn contexts(
        &mut self,
        header: &Header,
        body: &mut Reader<'_>,
        wanted: &mut Wanted,
    ) -> Option<()> {
        body.skip(8)?;
        let count = body.u8()?;
        body.skip(3)?;
        for _ in 0..count {
            let number = header.order.u16(body)?;
            let syntaxes = usize::from(body.u8()?);
            body.skip(1)?;
            let interface = header.order.uuid(body)?;
            body.skip(4 + syntaxes * SYNTAX_BYTES)?;
            self.remember(number, interface);
            if !wanted.0.contains(&interface) {
                let _ = wanted.0.try_push(interface);
            }
        }
        Some(())
    }

    /// An acknowledgement: it names the port or pipe, and accepts or refuses each context.
    pub(super) fn bound(
        &mut self,
        header: &Header,
        body: Reader<'_>,
        facts: &[Fact<'_>],
        out: &mut dyn Sink,
    ) {
        let asked = self.calls.take(&header.call);
        let answer = Answer::read(header, body);
        let refused = answer.as_ref().and_then(|answer| answer.refused);
        let outcome = match refused {
            Some(reason) => Outcome::Error { code: reason.into(), name: codes::rejection(reason) },
            None => Outcome::Ok,
        };
        let mut anomalies = ArrayVec::<Anomaly, 2>::new();
        if answer.is_none() {
            anomalies.push(Anomaly::TRUNCATED);
        }
        if asked.is_none() {
            anomalies.push(Anomaly::UNASKED);
        }
        let (about, role, reason) = (Subject::Sender, Role::Server, "answers remote calls");
        let mut all: ArrayVec<Fact<'_>, 4> = facts.iter().copied().take(3).collect();
        if refused.is_none() {
            all.push(Fact::Role { about, role, reason });
        }
        let port = answer.as_ref().map(|answer| Text::trimmed(answer.port));
        let named = asked.and_then(|call| call.interface).map(Named);
        let code = 0x100 + u32::from(header.kind) - 1;
        out.message(&Message {
            object: named.as_ref().map_or(Object::Nothing, |named| Object::Named(named)),
            outcome,
            id: Some(header.call),
            values: port.as_ref().filter(|port| !port.0.is_empty()).map(|port| port as _),
            anomalies: &anomalies,
            facts: &all,
            ..Message::new(Protocol::DCERPC, Kind::Response, row(code), code)
        });
    }

    /// A refusal of the whole association.
    pub(super) fn refused(&mut self, header: &Header, mut body: Reader<'_>, out: &mut dyn Sink) {
        let asked = self.calls.take(&header.call);
        let reason = header.order.u16(&mut body).unwrap_or(0);
        let named = asked.and_then(|call| call.interface).map(Named);
        let code = 0x100 + u32::from(ptype::BIND);
        out.message(&Message {
            object: named.as_ref().map_or(Object::Nothing, |named| Object::Named(named)),
            outcome: Outcome::Error { code: reason.into(), name: codes::refusal(reason) },
            id: Some(header.call),
            anomalies: if asked.is_none() { &[Anomaly::UNASKED] } else { &[] },
            ..Message::new(Protocol::DCERPC, Kind::Response, row(code), code)
        });
    }
}

/// An acknowledgement.
struct Answer<'a> {
    port: &'a [u8],
    /// Why no context is accepted.
    refused: Option<u16>,
}

impl<'a> Answer<'a> {
    fn read(header: &Header, mut body: Reader<'a>) -> Option<Self> {
        body.skip(8)?;
        let length = usize::from(header.order.u16(&mut body)?);
        let port = body.take(length)?;
        body.skip((2 + length).wrapping_neg() % 4)?;
        let count = body.u8()?;
        body.skip(3)?;
        let mut refused = None;
        for _ in 0..count {
            let (result, reason) = (header.order.u16(&mut body)?, header.order.u16(&mut body)?);
            body.skip(SYNTAX_BYTES)?;
            match result {
                ACCEPTED => return Some(Self { port, refused: None }),
                NEGOTIATED => {}
                _ => refused = refused.or(Some(reason)),
            }
        }
        Some(Self { port, refused })
    }
}
