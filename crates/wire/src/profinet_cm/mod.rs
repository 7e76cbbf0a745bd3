//! PROFINET IO context management: connects, parameters and records, over connectionless DCE/RPC.
//!
//! ```text
//!  RPC header (80, see `rpc`) | request:  argument maximum, length, array maximum, offset, count
//!                             | response: PNIO status,      length, array maximum, offset, count
//!                             | blocks, see `block`
//! ```
//! Answers come from another UDP port than was asked, so request and response often are two flows;
//! notes pair them by activity and sequence number, see `asked`. The PDU type decides which it is,
//! not the side. What a record below 0x8000 means stands in the device's GSDML and is not seen
//! here, but for F-parameters, which are `profisafe`'s.
//! Sources: C706 DCE 1.1 RPC clause 12; IEC 61158-6-10:2019 ("6-10") clause 5.

mod asked;
mod assembly;
mod block;
mod call;
pub mod codes;
mod mapper;
pub(crate) mod rpc;
mod safety;
mod status;
#[cfg(test)]
mod tests;

use crate::Reader;
use crate::message::{Anomaly, Kind, Message, Outcome};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use asked::Asked;
use assembly::{Assembly, Next};
pub(crate) use block::{Place, Vendor};
use rpc::{HEADER_BYTES, Header, Uuid, ptype};
pub(crate) use status::{fault, outcome};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "profinet-cm",
    title: "PROFINET IO CM",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Udp(34964)],
    operations: &[codes::OPERATIONS, codes::CONTROLS, codes::ENDPOINT_MAPPER, codes::HOUSEKEEPING],
    identify: Some(identify),
    open: || Box::<Cm>::default(),
};

/// One conversation between two UDP ports.
#[derive(Default)]
struct Cm {
    assemblies: [Assembly; 2],
}

impl Session for Cm {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let Some(header) = Header::read(&mut reader) else {
            return if bytes.len() < HEADER_BYTES { Step::Need(HEADER_BYTES) } else { Step::Lost };
        };
        let (body, framing) = match reader.sub(header.length.into()) {
            None => (reader, Some(Anomaly::TRUNCATED)),
            Some(body) if reader.is_empty() || header.authentication != 0 => (body, None),
            Some(body) => (body, Some(Anomaly::TRAILING)),
        };
        if !header.is_fragment() || !carries_call(header.ptype) {
            pdu(&header, body, framing, out);
        } else if let Some(assembly) = self.assemblies.get_mut(from.index()) {
            match assembly.add(&header, body.rest()) {
                Next::Wait => {}
                Next::Whole(whole) => pdu(&header, Reader::new(whole), framing, out),
                Next::Lost => {
                    let message = Message::new(
                        Protocol::PROFINET_CM,
                        kind(header.ptype),
                        operation(&header),
                        header.opnum.into(),
                    );
                    let anomalies = &[assembly::MISSING];
                    out.message(&message.with_id(header.sequence).with_anomalies(anomalies));
                }
            }
        }
        Step::Read(bytes.len())
    }

    fn gap(&mut self, from: Side) {
        if let Some(assembly) = self.assemblies.get_mut(from.index()) {
            assembly.clear();
        }
    }

    fn held_bytes(&self) -> usize {
        self.assemblies.iter().map(Assembly::held_bytes).sum()
    }
}

/// Which interface a call goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Interface {
    Profinet,
    Mapper,
    Other,
}

const fn interface(uuid: Uuid) -> Interface {
    let number = uuid.0.wrapping_sub(codes::INTERFACE);
    if number.is_multiple_of(codes::INTERFACE_STEP) && number / codes::INTERFACE_STEP < 5 {
        Interface::Profinet
    } else if uuid.0 == codes::MAPPER {
        Interface::Mapper
    } else {
        Interface::Other
    }
}

const fn carries_call(kind: u8) -> bool {
    matches!(kind, ptype::REQUEST | ptype::RESPONSE)
}

const fn kind(kind: u8) -> Kind {
    match kind {
        ptype::REQUEST | ptype::PING => Kind::Request,
        ptype::RESPONSE | ptype::FAULT | ptype::REJECT => Kind::Response,
        _ => Kind::Notice,
    }
}

/// The row of a call by its interface and operation number.
fn operation(header: &Header) -> &'static Operation {
    let table = match interface(header.interface) {
        Interface::Profinet => codes::OPERATIONS,
        Interface::Mapper => codes::ENDPOINT_MAPPER,
        Interface::Other => &[],
    };
    Operation::find(table, header.opnum.into()).unwrap_or(&codes::UNLISTED)
}

/// One whole PDU.
fn pdu(header: &Header, mut body: Reader<'_>, framing: Option<Anomaly>, out: &mut dyn Sink) {
    let base = Message::new(
        Protocol::PROFINET_CM,
        kind(header.ptype),
        operation(header),
        header.opnum.into(),
    )
    .with_id(header.sequence);
    let anomalies = framing.as_slice();
    match header.ptype {
        ptype::REQUEST | ptype::RESPONSE => match interface(header.interface) {
            Interface::Profinet => call::emit(header, body, framing, base, out),
            Interface::Mapper => call::mapped(header, body, base.with_anomalies(anomalies), out),
            Interface::Other => out.message(&base.with_anomalies(anomalies)),
        },
        ptype::FAULT | ptype::REJECT => {
            let code = header.order.u32(&mut body);
            let outcome = code
                .map_or(Outcome::Open, |code| Outcome::Error { code, name: status::fault(code) });
            refused(header, base.ended(outcome), framing, out);
        }
        other => {
            let operation = Operation::find(codes::HOUSEKEEPING, other.into());
            let operation = operation.unwrap_or(&codes::UNLISTED);
            out.message(&Message {
                operation,
                code: other.into(),
                intent: operation.intent,
                anomalies,
                ..base
            });
        }
    }
}

/// An answer that says only why there is none.
fn refused(header: &Header, base: Message<'_>, framing: Option<Anomaly>, out: &mut dyn Sink) {
    let ours = interface(header.interface) == Interface::Profinet;
    let asked = Asked::noted(header, out).filter(|_| ours);
    let Some(asked) = asked else {
        return out.message(&base.with_anomalies(framing.as_slice()));
    };
    call::fail(header, &asked, base, framing, out);
    asked.answer(header, out);
}

/// A plausible RPC header with an object or interface UUID of PROFINET; the endpoint mapper is
/// everybody's, so it needs the port.
fn identify(probe: &Probe<'_>) -> Guess {
    let mut reader = Reader::new(probe.bytes);
    let Some(header) = Header::read(&mut reader).filter(|_| probe.transport == Transport::Udp)
    else {
        return Guess::No;
    };
    let ours = header.object.0 & codes::OBJECT_MASK == codes::OBJECT
        || match interface(header.interface) {
            Interface::Profinet => true,
            Interface::Mapper => probe.hinted,
            Interface::Other => false,
        };
    match (ours, header.ptype) {
        (false, _) => Guess::No,
        (true, ptype::REQUEST | ptype::PING) => Guess::Yes(Some(Side::Client)),
        (true, ptype::RESPONSE | ptype::FAULT | ptype::REJECT) => Guess::Yes(Some(Side::Server)),
        (true, _) => Guess::Yes(None),
    }
}
