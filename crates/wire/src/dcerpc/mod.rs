//! DCE/RPC over connections: which interfaces of a computer are bound, and what is called.
//!
//! ```text
//!  version 5, minor (1), kind (1), flags (1), data representation (4), length (2),
//!  length of authentication (2), call (4), body, authentication
//! ```
//! Over TCP, on any port, and inside named pipes of SMB. Arguments are not read, but for the
//! endpoint mapper, which tells where an interface answers. Of a call in fragments the first is
//! read. The connectionless form, version 4, is PROFINET's and is `profinet-cm`. Sources: C706 DCE
//! 1.1 RPC clause 12.6, appendix L; MS-RPCE 2.2.2.

mod bind;
pub mod codes;
mod interfaces;
mod mapper;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;
use codes::ptype;

use crate::message::{Anomaly, Fact, Kind, Message, Object, Outcome};
use crate::ntlm::Ntlm;
use crate::profinet_cm::rpc::{Order, Uuid};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "dcerpc",
    title: "DCE/RPC",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(135), Hint::Tcp(593)],
    operations: interfaces::TABLES,
    identify: Some(identify),
    open: || Box::<Dcerpc>::default(),
};

/// Bytes of the header.
const HEADER_BYTES: usize = 16;
/// Bytes before the token of an authentication.
const AUTHENTICATION_BYTES: usize = 8;
/// Contexts of one connection that are kept; Windows binds 2 or 3 at once.
const CONTEXTS_MAX: usize = 16;
/// Calls kept for pairing.
const CALLS_MAX: usize = 8;
/// Flags: first fragment, an object's UUID precedes the arguments.
const FIRST: u8 = 0x01;
const OBJECT: u8 = 0x80;

/// What an answer repeats of its call.
#[derive(Clone, Copy)]
struct Call {
    operation: &'static Operation,
    interface: Option<Uuid>,
    opnum: u16,
}

/// One connection, or one named pipe.
#[derive(Default)]
pub(crate) struct Dcerpc {
    /// Interfaces by the number of their context.
    contexts: ArrayVec<(u16, Uuid), CONTEXTS_MAX>,
    calls: Pending<u32, Call, CALLS_MAX>,
}

impl Session for Dcerpc {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        if !bytes.starts_with(&[5]) {
            return Step::Lost;
        }
        if bytes.len() < HEADER_BYTES {
            return Step::Need(HEADER_BYTES);
        }
        let Some(header) = Header::read(&mut reader) else { return Step::Lost };
        let Some(body) = reader.sub(header.length - HEADER_BYTES) else {
            return Step::Need(header.length);
        };
        self.pdu(from, &header, body, out);
        Step::Read(header.length)
    }

    fn gap(&mut self, _from: Side) {
        self.calls.clear();
    }
}

impl Dcerpc {
    fn pdu(&mut self, from: Side, header: &Header, body: Reader<'_>, out: &mut dyn Sink) {
        let (body, token) = header.split(body);
        let told = Ntlm::find(token);
        let facts = told.as_ref().map(|told| told.facts("DCE/RPC NTLM")).unwrap_or_default();
        match header.kind {
            ptype::REQUEST => self.request(header, body, &facts, out),
            ptype::RESPONSE | ptype::FAULT => self.answer(header, body, out),
            ptype::BIND | ptype::ALTER_CONTEXT => self.bind(header, body, &facts, out),
            ptype::BIND_ACK | ptype::ALTER_CONTEXT_RESPONSE => {
                self.bound(header, body, &facts, out);
            }
            ptype::BIND_NAK => self.refused(header, body, out),
            kind => {
                let part = if from == Side::Client { Kind::Request } else { Kind::Notice };
                let code = 0x100 + u32::from(kind);
                let message = Message::new(Protocol::DCERPC, part, row(code), code);
                out.message(&message.with_id(header.call).with_facts(&facts));
            }
        }
    }

    fn request(
        &mut self,
        header: &Header,
        mut body: Reader<'_>,
        facts: &[Fact<'_>],
        out: &mut dyn Sink,
    ) {
        if header.flags & FIRST == 0 {
            return;
        }
        let _hint = body.skip(4);
        let (context, opnum) = (header.order.u16(&mut body), header.order.u16(&mut body));
        if header.flags & OBJECT != 0 {
            let _ = body.skip(16);
        }
        let interface = context.and_then(|number| self.interface(number));
        let known = interface.and_then(interfaces::find);
        let opnum_read = opnum.unwrap_or(u16::MAX);
        let listed = known.and_then(|known| Operation::find(known.operations, opnum_read.into()));
        let operation = listed.unwrap_or(codes::REQUEST);
        let call = Call { operation, interface, opnum: opnum_read };
        self.calls.insert(header.call, call);
        let mapped = mapper::Tower::of(&call, body);
        out.message(&Message {
            object: Object::Named(&call),
            id: Some(header.call),
            values: mapped.as_ref().map(|mapped| mapped as &dyn fmt::Display),
            anomalies: if opnum.is_none() { &[Anomaly::TRUNCATED] } else { &[] },
            facts,
            ..Message::new(Protocol::DCERPC, Kind::Request, operation, opnum_read.into())
        });
    }

    fn answer(&mut self, header: &Header, mut body: Reader<'_>, out: &mut dyn Sink) {
        if header.flags & FIRST == 0 {
            return;
        }
        let asked = self.calls.take(&header.call);
        let _ = body.skip(8); // allocation, context, cancels
        let outcome = match (header.kind, header.order.u32(&mut body.clone())) {
            (ptype::FAULT, Some(code)) => Outcome::Error { code, name: codes::fault(code) },
            (ptype::FAULT, None) => Outcome::Error { code: 0, name: "" },
            _ => Outcome::Ok,
        };
        let call =
            asked.unwrap_or(Call { operation: codes::REQUEST, interface: None, opnum: u16::MAX });
        let found = mapper::Tower::of(&call, body);
        out.message(&Message {
            object: if asked.is_some() { Object::Named(&call) } else { Object::Nothing },
            outcome,
            id: Some(header.call),
            values: found.as_ref().map(|found| found as &dyn fmt::Display),
            anomalies: if asked.is_none() { &[Anomaly::UNASKED] } else { &[] },
            ..Message::new(
                Protocol::DCERPC,
                Kind::Response,
                call.operation,
                if asked.is_some() { call.opnum.into() } else { codes::REQUEST.code },
            )
        });
    }

    fn interface(&self, context: u16) -> Option<Uuid> {
        self.contexts.iter().find(|(number, _)| *number == context).map(|(_, uuid)| *uuid)
    }

    fn remember(&mut self, context: u16, interface: Uuid) {
        if let Some(slot) = self.contexts.iter_mut().find(|(number, _)| *number == context) {
            slot.1 = interface;
        } else if self.contexts.try_push((context, interface)).is_err() {
            self.contexts.remove(0);
            self.contexts.push((context, interface));
        }
    }
}

fn row(code: u32) -> &'static Operation {
    Operation::find(codes::CALLS, code).unwrap_or(codes::REQUEST)
}

/// `svcctl`, `svcctl opnum 70`, or the UUID and the number.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.interface {
            Some(uuid) => bind::Named(uuid).fmt(f)?,
            None => f.write_str("unbound")?,
        }
        let listed = self.operation.code == u32::from(self.opnum);
        if listed { Ok(()) } else { write!(f, " opnum {}", self.opnum) }
    }
}

/// What a header says.
struct Header {
    kind: u8,
    flags: u8,
    order: Order,
    length: usize,
    authentication: usize,
    call: u32,
}

impl Header {
    /// The header, if these bytes can be one: version, kind, data representation, lengths.
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let [5, 0 | 1, kind, flags, integers, floats, 0, 0] = reader.array()? else { return None };
        let order = match integers {
            0x00 => Order::Big,
            0x10 => Order::Little,
            _ => return None,
        };
        let length = usize::from(order.u16(reader)?);
        let authentication = usize::from(order.u16(reader)?);
        let call = order.u32(reader)?;
        let listed = matches!(kind, 0 | 2 | 3 | 11..=ptype::MAX) && floats <= 3;
        let fits = length >= HEADER_BYTES && authentication <= length - HEADER_BYTES;
        (listed && fits).then_some(Self { kind, flags, order, length, authentication, call })
    }

    /// The body, and the token of the authentication behind it.
    fn split<'a>(&self, body: Reader<'a>) -> (Reader<'a>, &'a [u8]) {
        let behind = self.authentication + AUTHENTICATION_BYTES;
        let at = body.len().checked_sub(behind).filter(|_| self.authentication > 0);
        let mut reader = body;
        match at.and_then(|at| reader.sub(at)) {
            Some(before) => {
                let _ = reader.skip(AUTHENTICATION_BYTES);
                (before, reader.rest())
            }
            None => (body, &[]),
        }
    }
}

/// Seven bytes of a header are fixed or from short lists, and its lengths must fit.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    if probe.bytes.len() < HEADER_BYTES {
        let begins = [5, 0].starts_with(probe.bytes) || probe.bytes.starts_with(&[5, 0]);
        return if probe.hinted && begins { Guess::More } else { Guess::No };
    }
    match Header::read(&mut Reader::new(probe.bytes)) {
        Some(header) if header.length >= HEADER_BYTES + 2 => match header.kind {
            ptype::REQUEST | ptype::BIND | ptype::ALTER_CONTEXT | 16 => {
                Guess::Yes(Some(Side::Client))
            }
            ptype::RESPONSE
            | ptype::FAULT
            | ptype::BIND_ACK
            | ptype::BIND_NAK
            | ptype::ALTER_CONTEXT_RESPONSE => Guess::Yes(Some(Side::Server)),
            _ if probe.hinted => Guess::Yes(None),
            _ => Guess::No,
        },
        Some(_) | None => Guess::No,
    }
}
