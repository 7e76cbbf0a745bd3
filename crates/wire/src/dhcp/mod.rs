//! DHCP for IPv4, and BOOTP, whose frame it shares.
//!
//! ```text
//!  0    1       2      3      4     8           12       16      20       24      28       44
//!  +----+-------+------+------+-----+-----------+--------+-------+--------+-------+--------+------
//!  | op | htype | hlen | hops | xid | secs,flag | ciaddr | yiaddr| siaddr | giaddr| chaddr | ...
//!  +----+-------+------+------+-----+-----------+--------+-------+--------+-------+--------+------
//!   44: sname (64)   108: file (128)   236: 63 82 53 63   240: options (code, length, value)
//! ```
//! The op field tells request from response, not the ports. Leases are facts about the client's
//! Ethernet address. DHCPv6 is not read here. Sources: RFC 2131, RFC 2132, RFC 951.

pub mod codes;
mod options;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use arrayvec::ArrayVec;
use plant::Mac;

use crate::Reader;
use crate::message::{Anomaly, Claim, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use options::{Fixed, Options};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "dhcp",
    title: "DHCP",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Udp(67), Hint::Udp(68)],
    operations: &[codes::MESSAGES, codes::BOOTP],
    identify: Some(identify),
    open: || Box::new(Dhcp),
};

/// Bytes of the fixed part, before the magic cookie.
const FIXED_BYTES: usize = 236;
/// Says that options follow (RFC 2131 3).
const COOKIE: [u8; 4] = [0x63, 0x82, 0x53, 0x63];
/// Bytes of the field for the client's hardware address.
const HARDWARE_MAX: u8 = 16;

const HARDWARE: Anomaly = Anomaly::malformed("hardware address is longer than its field");
const DIRECTION: Anomaly = Anomaly::violation("message type contradicts the op field");

/// DHCP keeps no state: each message says what it is about.
struct Dhcp;

impl Session for Dhcp {
    fn parse(&mut self, _: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let Some(fixed) = Fixed::read(&mut reader).filter(|fixed| matches!(fixed.op, 1 | 2)) else {
            return if bytes.len() < FIXED_BYTES { Step::Need(FIXED_BYTES) } else { Step::Lost };
        };
        let options = match reader.array() {
            Some(COOKIE) => Options::read(&fixed, reader),
            _ => Options::default(),
        };
        emit(&fixed, &options, out);
        Step::Read(bytes.len())
    }
}

fn emit(fixed: &Fixed<'_>, options: &Options<'_>, out: &mut dyn Sink) {
    let (operation, code) = match options.message {
        Some(message) => {
            let listed = Operation::find(codes::MESSAGES, message.into());
            (listed.unwrap_or(&codes::UNLISTED), message)
        }
        None => {
            let bootp = Operation::find(codes::BOOTP, fixed.op.into());
            (bootp.unwrap_or(&codes::UNLISTED), fixed.op)
        }
    };
    let (kind, outcome) = match (fixed.op, options.message) {
        (1, _) => (Kind::Request, Outcome::Open),
        (_, Some(codes::NAK)) => {
            (Kind::Response, Outcome::Error { code: codes::NAK.into(), name: "nak" })
        }
        (_, Some(codes::OFFER | codes::ACK)) => (Kind::Response, Outcome::Ok),
        _ => (Kind::Response, Outcome::Open),
    };
    let mut anomalies = ArrayVec::<Anomaly, 3>::new();
    if fixed.hardware_bytes > HARDWARE_MAX {
        anomalies.push(HARDWARE);
    }
    if options.contradicts(fixed.op) {
        anomalies.push(DIRECTION);
    }
    anomalies.extend(options.anomaly);
    let lease = Lease::of(fixed, options);
    let system = options.vendor_class.and_then(|class| operating_system(class.0));
    let facts = facts(fixed, options, system.as_ref());
    out.message(&Message {
        object: if lease.is_nothing() { Object::Nothing } else { Object::Named(&lease) },
        outcome,
        id: Some(fixed.transaction),
        values: Some(options),
        anomalies: &anomalies,
        facts: &facts,
        ..Message::new(Protocol::DHCP, kind, operation, code.into())
    });
}

/// What a message is about: an address, and the client that wants or has it.
struct Lease {
    address: Option<Ipv4Addr>,
    client: Option<Mac>,
}

impl Lease {
    fn of(fixed: &Fixed<'_>, options: &Options<'_>) -> Self {
        let address = [fixed.yours, options.requested.unwrap_or(fixed.client), fixed.client]
            .into_iter()
            .find(|address| !address.is_unspecified());
        Self { address, client: fixed.mac() }
    }

    const fn is_nothing(&self) -> bool {
        self.address.is_none() && self.client.is_none()
    }
}

impl fmt::Display for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.address, self.client) {
            (Some(address), Some(client)) => write!(f, "{address} for {client}"),
            (Some(address), None) => address.fmt(f),
            (None, Some(client)) => client.fmt(f),
            (None, None) => Ok(()),
        }
    }
}

fn facts<'a>(
    fixed: &Fixed<'_>,
    options: &'a Options<'_>,
    system: Option<&'a &'static str>,
) -> ArrayVec<Fact<'a>, 4> {
    let mut facts = ArrayVec::new();
    if fixed.op == 2 {
        if matches!(options.message, Some(codes::OFFER | codes::ACK)) {
            facts.push(server(fixed, options));
        }
        if options.message == Some(codes::ACK) {
            facts.extend(address(fixed, fixed.yours, Claim::Leased));
        }
        return facts;
    }
    let Some(about) = fixed.mac().map(Subject::Mac) else { return facts };
    let texts: [(Field, Option<&dyn fmt::Display>); 3] = [
        (Field::Hostname, options.hostname.as_ref().map(|text| text as _)),
        (Field::Software, options.vendor_class.as_ref().map(|text| text as _)),
        (Field::OperatingSystem, system.map(|text| text as _)),
    ];
    for (field, value) in texts {
        facts.extend(value.map(|value| Fact::Identity { about, field, value }));
    }
    facts.extend(address(fixed, fixed.client, Claim::Own));
    facts
}

/// The server, which a relay's datagram does not come from.
fn server<'a>(fixed: &Fixed<'_>, options: &Options<'_>) -> Fact<'a> {
    let about = match options.server {
        Some(server) if !fixed.relay.is_unspecified() => Subject::Ip(IpAddr::V4(server)),
        _ => Subject::Sender,
    };
    Fact::Role { about, role: Role::Server, reason: "leases addresses by DHCP" }
}

fn address<'a>(fixed: &Fixed<'_>, ip: Ipv4Addr, claim: Claim) -> Option<Fact<'a>> {
    let about = fixed.mac().map(Subject::Mac).filter(|_| !ip.is_unspecified())?;
    Some(Fact::Address { about, ip: IpAddr::V4(ip), claim })
}

/// The operating system behind the vendor classes that well-known clients send.
fn operating_system(class: &[u8]) -> Option<&'static str> {
    let contains = |word: &[u8]| class.windows(word.len()).any(|window| window == word);
    if class.starts_with(b"MSFT ") {
        Some("Windows")
    } else if class.starts_with(b"android-dhcp") {
        Some("Android")
    } else if contains(b"Linux") {
        Some("Linux")
    } else {
        None
    }
}

/// The magic cookie at its place, or the shape of BOOTP at its ports.
fn identify(probe: &Probe<'_>) -> Guess {
    let mut reader = Reader::new(probe.bytes);
    let Some(fixed) = Fixed::read(&mut reader).filter(|_| probe.transport == Transport::Udp) else {
        return Guess::No;
    };
    let cookie = reader.array() == Some(COOKIE);
    let bootp = probe.hinted && fixed.hardware_bytes <= HARDWARE_MAX;
    match fixed.op {
        1 if cookie || bootp => Guess::Yes(Some(Side::Client)),
        2 if cookie || bootp => Guess::Yes(Some(Side::Server)),
        _ => Guess::No,
    }
}
