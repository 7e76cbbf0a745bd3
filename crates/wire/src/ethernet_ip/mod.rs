//! EtherNet/IP: the encapsulation that carries CIP over TCP and UDP, and cyclic I/O over UDP.
//!
//! ```text
//!  0      2      4         8         12                  20        24
//!  +------+------+---------+---------+-------------------+---------+------------
//!  | cmd  | len  | session | status  | sender context    | options | data ...   little endian
//!  +------+------+---------+---------+-------------------+---------+------------
//! ```
//! `len` counts the data only. A response repeats command and context. CIP messages inside are
//! read by `cip`; of the encapsulation around them nothing but its status is judged. Datagrams of
//! cyclic data have no such header; see `io`. Source: CIP Networks Library Volume 2 ("CIP V2").

pub mod codes;
mod cpf;
mod io;
mod probe;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use arrayvec::ArrayVec;

use crate::cip::identity::{FACTS_MAX, Identity};
use crate::cip::{Explicit, is_response};
use crate::message::{Anomaly, Claim, Fact, Kind, Message, Outcome, Subject};
use crate::session::{Depth, Entry, Hint, Session, Side, Sink, Step};
use crate::table::{Operation, Protocol};
use crate::{Reader, Text};
use codes::{command, item};
use cpf::Items;

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ethernet-ip",
    title: "EtherNet/IP",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(44818), Hint::Udp(44818), Hint::Udp(2222)],
    operations: &[codes::COMMANDS, codes::IO_TABLE],
    identify: Some(probe::identify),
    open: || Box::<EtherNetIp>::default(),
};

/// Bytes of the encapsulation header.
const HEADER_BYTES: usize = 24;

const OPTIONS: Anomaly = Anomaly::violation("options are not 0");
const LENGTH: Anomaly = Anomaly::violation("length does not fit the command");
const STATUS: Anomaly = Anomaly::violation("request with a status");
const INTERFACE: Anomaly = Anomaly::oddity("interface is not CIP");
const NO_MESSAGE: Anomaly = Anomaly::malformed("items carry no message");

/// An encapsulated message, cut out of the stream.
struct Frame<'a> {
    command: u16,
    session: u32,
    status: u32,
    context: u64,
    options: u32,
    data: &'a [u8],
    bytes: usize,
}

/// The header, and the announced length of the data.
fn header(bytes: &[u8]) -> Option<(Frame<'static>, usize)> {
    let mut reader = Reader::new(bytes);
    let command = reader.le16()?;
    let length = usize::from(reader.le16()?);
    let frame = Frame {
        command,
        session: reader.le32()?,
        status: reader.le32()?,
        context: reader.le64()?,
        options: reader.le32()?,
        data: &[],
        bytes: HEADER_BYTES + length,
    };
    Some((frame, length))
}

/// Reads the message at the start of `bytes`: `Err` says how to go on when there is none.
/// `sure` that one begins here, a forbidden option or an unlisted command are shown as such.
fn frame(bytes: &[u8], sure: bool) -> Result<Frame<'_>, Step> {
    let Some(command) = Reader::new(bytes).le16() else { return Err(Step::Need(HEADER_BYTES)) };
    if !is_listed(command) && (!sure || command > COMMAND_MAX) {
        return Err(Step::Lost);
    }
    let Some((head, length)) = header(bytes) else { return Err(Step::Need(HEADER_BYTES)) };
    if head.options != 0 && (!sure || !is_listed(command)) || head.status > STATUS_MAX {
        return Err(Step::Lost);
    }
    let data = bytes.get(HEADER_BYTES..HEADER_BYTES + length).ok_or(Step::Need(head.bytes))?;
    Ok(Frame { data, ..head })
}

/// Commands above are not assigned; a stream that seems to carry one is out of step (CIP V2 2-3).
const COMMAND_MAX: u16 = 0xff;
/// Status codes above are not assigned (CIP V2 2-3).
const STATUS_MAX: u32 = 0xffff;

fn is_listed(command: u16) -> bool {
    Operation::find(codes::COMMANDS, command.into()).is_some()
}

/// One EtherNet/IP conversation.
#[derive(Default)]
struct EtherNetIp {
    /// Made when the first CIP message is seen: cyclic data needs none.
    explicit: Option<Box<Explicit>>,
    /// By side: bytes were lost, so a header must be beyond doubt.
    lost: [bool; 2],
    direction: io::Direction,
}

impl Session for EtherNetIp {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if let Some(step) = self.direction.parse(from, bytes, out) {
            return step;
        }
        let [client, server] = &mut self.lost;
        let lost = if from == Side::Client { client } else { server };
        let frame = match frame(bytes, !*lost) {
            Ok(frame) => frame,
            Err(step) => {
                *lost |= step == Step::Lost;
                return step;
            }
        };
        *lost = false;
        self.frame(from, &frame, out);
        Step::Read(frame.bytes)
    }

    fn gap(&mut self, from: Side) {
        let [client, server] = &mut self.lost;
        *(if from == Side::Client { client } else { server }) = true;
        if let Some(explicit) = &mut self.explicit {
            explicit.gap();
        }
    }

    fn held_bytes(&self) -> usize {
        self.explicit.as_ref().map_or(0, |_| size_of::<Explicit>()) + self.direction.held_bytes()
    }
}

impl EtherNetIp {
    fn frame(&mut self, from: Side, frame: &Frame<'_>, out: &mut dyn Sink) {
        let mut anomalies = ArrayVec::<Anomaly, 6>::new();
        if frame.options != 0 {
            anomalies.push(OPTIONS);
        }
        match frame.command {
            command::SEND_RR_DATA | command::SEND_UNIT_DATA => {
                self.carried(from, frame, anomalies, out);
            }
            command::LIST_IDENTITY if !frame.data.is_empty() => identities(frame, anomalies, out),
            _ => alone(from, frame, anomalies, out),
        }
    }

    /// The encapsulation, and after it the CIP message.
    fn carried(
        &mut self,
        from: Side,
        frame: &Frame<'_>,
        mut anomalies: ArrayVec<Anomaly, 6>,
        out: &mut dyn Sink,
    ) {
        let mut reader = Reader::new(frame.data);
        let interface = reader.le32();
        let timeout = reader.le16();
        let items = if interface == Some(0) && timeout.is_some() {
            Items::read(reader)
        } else {
            Items::default()
        };
        anomalies.extend(items.anomaly);
        let carried = items.message(frame.context);
        let kind = match carried {
            Some((_, message)) if is_response(message) => Kind::Response,
            Some(_) => Kind::Request,
            None => by_side(from),
        };
        let refused = frame.status != 0;
        match interface {
            None if !refused => anomalies.push(Anomaly::TRUNCATED),
            Some(interface) if interface != 0 => anomalies.push(INTERFACE),
            Some(_) if timeout.is_none() && !refused => anomalies.push(Anomaly::TRUNCATED),
            Some(_) if carried.is_none() && items.anomaly.is_none() && !refused => {
                anomalies.push(NO_MESSAGE);
            }
            None | Some(_) => {}
        }
        emit(frame, if refused { Kind::Response } else { kind }, &anomalies, &[], out);
        if let Some((carrier, message)) = carried.filter(|(_, message)| !message.is_empty()) {
            let explicit = self.explicit.get_or_insert_with(|| Box::new(Explicit::new()));
            explicit.read(carrier, message, out);
        }
    }
}

const fn by_side(from: Side) -> Kind {
    match from {
        Side::Client => Kind::Request,
        Side::Server => Kind::Response,
    }
}

/// Commands that carry no CIP.
fn alone(from: Side, frame: &Frame<'_>, mut anomalies: ArrayVec<Anomaly, 6>, out: &mut dyn Sink) {
    let length = frame.data.len();
    let (kind, fits) = match frame.command {
        command::NOP => (Kind::Notice, true),
        command::LIST_SERVICES | command::LIST_IDENTITY | command::LIST_INTERFACES => {
            let answered = length > 0 || frame.status != 0;
            (if answered { Kind::Response } else { Kind::Request }, true)
        }
        command::REGISTER_SESSION => {
            let kind = if frame.status == 0 { by_side(from) } else { Kind::Response };
            (kind, length == 4 || frame.status != 0)
        }
        command::UNREGISTER_SESSION if frame.status == 0 => (Kind::Request, length == 0),
        _ => (if frame.status == 0 { by_side(from) } else { Kind::Response }, true),
    };
    if !fits {
        anomalies.push(LENGTH);
    }
    if kind == Kind::Request && frame.status != 0 {
        anomalies.push(STATUS);
    }
    emit(frame, kind, &anomalies, &[], out);
}

/// A List Identity response: who the sender is. More than one item is not seen in practice; the
/// facts of the first are told.
fn identities(frame: &Frame<'_>, mut anomalies: ArrayVec<Anomaly, 6>, out: &mut dyn Sink) {
    let items = Items::read(Reader::new(frame.data));
    anomalies.extend(items.anomaly);
    let told = items.find(item::IDENTITY).and_then(Told::read);
    if told.is_none() && items.anomaly.is_none() {
        anomalies.push(Anomaly::TRUNCATED);
    }
    let mut facts = ArrayVec::<Fact<'_>, { FACTS_MAX + 1 }>::new();
    if let Some(told) = &told {
        facts.extend(told.identity.facts(false));
        if let Some(ip) = told.ip {
            let (about, ip) = (Subject::Sender, IpAddr::V4(ip));
            facts.push(Fact::Address { about, ip, claim: Claim::Own });
        }
    }
    emit(frame, Kind::Response, &anomalies, &facts, out);
}

/// The identity item (CIP V2 2-4, List Identity).
struct Told<'a> {
    ip: Option<Ipv4Addr>,
    identity: Identity<'a>,
}

impl<'a> Told<'a> {
    fn read(data: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(data);
        reader.skip(6)?; // protocol version, address family, port
        let ip = Ipv4Addr::from(reader.array::<4>()?);
        reader.skip(8)?; // unused part of the socket address
        let identity = Identity::all(reader)?;
        Some(Self { ip: Some(ip).filter(|ip| !ip.is_unspecified()), identity })
    }
}

fn emit(
    frame: &Frame<'_>,
    kind: Kind,
    anomalies: &[Anomaly],
    facts: &[Fact<'_>],
    out: &mut dyn Sink,
) {
    let code = u32::from(frame.command);
    let operation = Operation::find(codes::COMMANDS, code).unwrap_or(&codes::UNLISTED);
    let outcome = match kind {
        Kind::Response => Outcome::from_code(frame.status, codes::status(frame.status)),
        Kind::Request | Kind::Notice => Outcome::Open,
    };
    let told = Values::of(frame);
    let context = u32::try_from(frame.context & 0xffff_ffff).unwrap_or(0);
    out.message(&Message {
        outcome,
        id: Some(context).filter(|_| frame.context != 0),
        values: told.as_ref().map(|told| told as &dyn fmt::Display),
        anomalies,
        facts,
        ..Message::new(Protocol::ETHERNET_IP, kind, operation, code)
    });
}

/// What an encapsulated message says beside its CIP message.
enum Values<'a> {
    Session(u32),
    /// Name of a service that a List Services response offers.
    Service(Text<'a>),
}

impl<'a> Values<'a> {
    fn of(frame: &Frame<'a>) -> Option<Self> {
        if frame.command == command::LIST_SERVICES {
            let items = Items::read(Reader::new(frame.data));
            let name = items.find(item::SERVICES)?.get(4..)?; // version, capabilities
            return Some(Self::Service(Text::trimmed(name)));
        }
        if frame.session == 0 { None } else { Some(Self::Session(frame.session)) }
    }
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(handle) => write!(f, "session 0x{handle:08x}"),
            Self::Service(name) => name.fmt(f),
        }
    }
}
