//! ARP for IPv4 over Ethernet.
//!
//! ```text
//!  0       2       4      5      6    8              14        18             24        28
//!  +-------+-------+------+------+----+--------------+---------+--------------+---------+
//!  | space | type  | hlen | plen | op | sender MAC   | its IP  | target MAC   | its IP  |
//!  +-------+-------+------+------+----+--------------+---------+--------------+---------+
//! ```
//! Whether the frame itself came from the sender address inside is not seen here: no frame
//! addresses are given. Each claim is a fact; `detect` compares them. Other hardware and protocol
//! spaces are shown as operation only. Sources: RFC 826, RFC 5227 (probe, announcement).

pub mod codes;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr};

use arrayvec::ArrayVec;
use plant::Mac;

use crate::Reader;
use crate::message::{Anomaly, Claim, Fact, Kind, Message, Object, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "arp",
    title: "ARP",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Ether(ETHERTYPE)],
    operations: &[
        codes::OPERATIONS,
        std::slice::from_ref(&codes::PROBE),
        std::slice::from_ref(&codes::ANNOUNCEMENT),
        std::slice::from_ref(&codes::GRATUITOUS_REPLY),
    ],
    identify: Some(identify),
    open: || Box::new(Arp),
};

/// EtherType of ARP (RFC 826).
const ETHERTYPE: u16 = 0x0806;
/// Bytes before the addresses.
const HEADER_BYTES: usize = 8;
/// Hardware space of Ethernet (IANA ARP parameters).
const ETHERNET: u16 = 1;
/// Protocol space of IPv4: its EtherType.
const IPV4: u16 = 0x0800;

const LENGTHS: Anomaly = Anomaly::malformed("address lengths are not those of Ethernet and IPv4");
const FOREIGN: Anomaly = Anomaly::oddity("address space is not IPv4 over Ethernet");
const GROUP: Anomaly = Anomaly::violation("sender hardware address is a group address");
const UNSET: Anomaly = Anomaly::violation("sender hardware address is zero");

/// One station of a packet.
#[derive(Clone, Copy)]
struct Station {
    mac: Mac,
    ip: Ipv4Addr,
}

impl Station {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mac = Mac(reader.array()?);
        Some(Self { mac, ip: Ipv4Addr::from(reader.array::<4>()?) })
    }
}

/// ARP keeps no state: a reply names all that its request did.
struct Arp;

impl Session for Arp {
    fn parse(&mut self, _: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let (Some(space), Some(family), Some([hlen, plen]), Some(opcode)) =
            (reader.be16(), reader.be16(), reader.array(), reader.be16())
        else {
            return Step::Need(HEADER_BYTES);
        };
        let plain = |anomaly| {
            let operation = listed(opcode);
            Message::new(Protocol::ARP, kind(opcode), operation, opcode.into())
                .with_anomalies(anomaly)
        };
        if (space, family) != (ETHERNET, IPV4) {
            out.message(&plain(&[FOREIGN]));
        } else if (hlen, plen) != (6, 4) {
            out.message(&plain(&[LENGTHS]));
        } else {
            match (Station::read(&mut reader), Station::read(&mut reader)) {
                (Some(sender), Some(target)) => emit(opcode, sender, target, out),
                _ => out.message(&plain(&[Anomaly::TRUNCATED])),
            }
        }
        Step::Read(bytes.len())
    }
}

fn emit(opcode: u16, sender: Station, target: Station, out: &mut dyn Sink) {
    let (operation, kind) = meaning(opcode, sender, target);
    let about = if codes::is_reply(opcode) { sender.ip } else { target.ip };
    let mut anomalies = ArrayVec::<Anomaly, 1>::new();
    if sender.mac.is_group() {
        anomalies.push(GROUP);
    } else if sender.mac.is_unset() && opcode != 3 {
        anomalies.push(UNSET);
    }
    let mut facts = ArrayVec::<Fact<'_>, 1>::new();
    if anomalies.is_empty() && !sender.ip.is_unspecified() && matches!(opcode, 1 | 2) {
        facts.push(Fact::Address {
            about: Subject::Mac(sender.mac),
            ip: IpAddr::V4(sender.ip),
            claim: Claim::Own,
        });
    }
    out.message(&Message {
        object: Object::Named(&about),
        values: codes::is_reply(opcode).then_some(&sender.mac as &dyn std::fmt::Display),
        anomalies: &anomalies,
        facts: &facts,
        ..Message::new(Protocol::ARP, kind, operation, opcode.into())
    });
}

/// What request and reply are, where their addresses make them more than that.
fn meaning(opcode: u16, sender: Station, target: Station) -> (&'static Operation, Kind) {
    match opcode {
        1 if sender.ip.is_unspecified() => (&codes::PROBE, Kind::Request),
        1 if sender.ip == target.ip => (&codes::ANNOUNCEMENT, Kind::Notice),
        2 if sender.ip == target.ip => (&codes::GRATUITOUS_REPLY, Kind::Notice),
        _ => (listed(opcode), kind(opcode)),
    }
}

fn listed(opcode: u16) -> &'static Operation {
    Operation::find(codes::OPERATIONS, opcode.into()).unwrap_or(&codes::UNLISTED)
}

const fn kind(opcode: u16) -> Kind {
    match opcode {
        2 | 4 | 9 => Kind::Response,
        1 | 3 | 8 => Kind::Request,
        _ => Kind::Notice,
    }
}

/// The EtherType alone says it.
fn identify(probe: &Probe<'_>) -> Guess {
    let Some(opcode) = probe.bytes.get(6..).and_then(|bytes| Reader::new(bytes).be16()) else {
        return Guess::No;
    };
    match probe.transport {
        Transport::Ether(ETHERTYPE) if codes::is_reply(opcode) => Guess::Yes(Some(Side::Server)),
        Transport::Ether(ETHERTYPE) => Guess::Yes(Some(Side::Client)),
        Transport::Ether(_) | Transport::Tcp | Transport::Udp | Transport::Ip(_) => Guess::No,
    }
}
