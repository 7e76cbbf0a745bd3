//! BACnet/IP: building automation, and the ventilation and power of a plant.
//!
//! ```text
//!  confirmed request  | 0:4 flags | max | id | (sequence window) | service | arguments
//!  unconfirmed        | 1:4       | service | arguments
//!  simple, complex ack| 2, 3:4    | id | (sequence window) | service | results
//!  error              | 5:4       | id | service | class | code
//!  reject, abort      | 6, 7:4    | id | reason
//! ```
//! Link and network headers are in [`npdu`], the encoding of arguments in [`tag`]. Of segmented
//! messages the first segment is read, the later ones are named. Reject and abort name no service:
//! theirs is that of the request. BACnet/SC and MS/TP are not read here.
//! Source: ANSI/ASHRAE 135-2020 ("135") clauses 20, 21 and Annex J.

mod apdu;
pub mod codes;
mod facts;
mod names;
mod npdu;
mod tag;
mod target;
#[cfg(test)]
mod tests;

use crate::Pending;
use crate::message::{Anomaly, Kind, Message, Outcome};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use npdu::{Link, Network, Station};
use target::Target;

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "bacnet",
    title: "BACnet/IP",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Udp(47808)],
    operations: &[
        codes::CONFIRMED,
        codes::UNCONFIRMED,
        codes::COMMUNICATION,
        codes::REINITIALIZE,
        codes::PDUS,
        codes::LINK,
        codes::NETWORK,
    ],
    identify: Some(identify),
    open: || Box::<Bacnet>::default(),
};

/// Requests kept for pairing: invoke ids are 8 bit, clients keep few open per device.
const REQUESTS_MAX: usize = 32;

const LENGTH: Anomaly = Anomaly::malformed("link length is not that of the datagram");

/// Who asked whom by which number.
type Key = (u8, Side, Option<Station>);

/// What a request said that its response does not repeat.
#[derive(Clone, Copy, Debug)]
struct Asked {
    operation: &'static Operation,
    service: u8,
    target: Target,
}

/// One BACnet/IP conversation.
#[derive(Default)]
struct Bacnet {
    asked: Pending<Key, Asked, REQUESTS_MAX>,
}

impl Session for Bacnet {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let Some(mut link) = npdu::link(bytes) else { return Step::Lost };
        let anomalies: &[_] = if link.exact { &[] } else { &[LENGTH] };
        if !npdu::carries(link.function) {
            link_message(from, &mut link, anomalies, out);
            return Step::Read(bytes.len());
        }
        let Some(network) = npdu::network(&mut link.body) else { return Step::Lost };
        let unit = network.target.or(network.source).map(|(network, _)| network);
        if let Some(code) = network.message {
            let operation = network_row(code);
            let message =
                Message::new(Protocol::BACNET, network_kind(code), operation, code.into());
            out.message(&Message { unit, anomalies, ..message });
            return Step::Read(bytes.len());
        }
        let frame = Frame { from, origin: link.origin, network, unit, exact: link.exact };
        if self.apdu(&frame, link.body, out).is_none() {
            cut(&frame, out);
        }
        Step::Read(bytes.len())
    }
}

/// What an APDU's headers say of it.
struct Frame {
    from: Side,
    origin: Option<std::net::IpAddr>,
    network: Network,
    unit: Option<u16>,
    exact: bool,
}

/// An APDU that ends inside its own header.
fn cut(frame: &Frame, out: &mut dyn Sink) {
    let message = Message::new(Protocol::BACNET, Kind::Notice, codes::row(codes::PDUS, 0xff), 0);
    out.message(&Message { unit: frame.unit, anomalies: &[Anomaly::TRUNCATED], ..message });
}

fn link_message(from: Side, link: &mut Link<'_>, anomalies: &[Anomaly], out: &mut dyn Sink) {
    let code = link.function;
    let kind = match code {
        0 | 3 | 7 => Kind::Response,
        _ if from == Side::Server => Kind::Notice,
        _ => Kind::Request,
    };
    let outcome = match (code, link.body.be16()) {
        (0, Some(result)) => Outcome::from_code(result.into(), codes::link_result(result)),
        (3 | 7, _) => Outcome::Ok,
        _ => Outcome::Open,
    };
    let operation = codes::row(codes::LINK, code.into());
    let message = Message::new(Protocol::BACNET, kind, operation, code.into());
    out.message(&Message { outcome, anomalies, ..message });
}

fn network_row(code: u8) -> &'static Operation {
    Operation::find(codes::NETWORK, code.into())
        .or(codes::NETWORK.last())
        .unwrap_or_else(|| codes::row(codes::PDUS, 0xff))
}

const fn network_kind(code: u8) -> Kind {
    match code {
        0x00 | 0x06 | 0x08 | 0x09 | 0x12 => Kind::Request,
        0x01 | 0x07 | 0x13 => Kind::Response,
        _ => Kind::Notice,
    }
}

/// The link header is a fixed byte, a listed function and a length; a network PDU also has its
/// version, and an APDU a type that is listed. Without a hint the length must be exact and an APDU
/// be there; on its port a wrong length is an anomaly that must be seen.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Udp {
        return Guess::No;
    }
    let Some(mut link) = npdu::link(probe.bytes).filter(|link| link.exact || probe.hinted) else {
        return Guess::No;
    };
    if !npdu::carries(link.function) {
        return if probe.hinted { Guess::Yes(None) } else { Guess::No };
    }
    let Some(network) = npdu::network(&mut link.body) else { return Guess::No };
    match (network.message, link.body.peek().map(|first| first >> 4)) {
        (Some(_), _) if probe.hinted => Guess::Yes(None),
        (None, Some(0)) => Guess::Yes(Some(Side::Client)),
        (None, Some(2 | 3 | 5 | 6)) => Guess::Yes(Some(Side::Server)),
        (None, Some(1 | 4 | 7)) => Guess::Yes(None),
        _ => Guess::No,
    }
}
