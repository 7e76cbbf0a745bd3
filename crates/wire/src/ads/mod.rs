//! Beckhoff ADS over TCP: commands between AMS routers, read by router, device and index.
//!
//! ```text
//!  0     2        6          14         22    24      26       30      34       38
//!  +-----+--------+----------+----------+-----+-------+--------+-------+--------+------
//!  | 0   | length | target   | source   | cmd | flags | length | error | invoke | data
//!  +-----+--------+----------+----------+-----+-------+--------+-------+--------+------
//! ```
//! Little endian; an address is a net id of 6 bytes and a port. Flag 1 marks responses, whoever
//! opened the connection. Items of sum commands, files of the system service, and the datagrams
//! of discovery and routes are in files of their own; the TLS of Secure ADS is not read here.
//! Sources: Beckhoff Information System, TE1000; the maker's library Beckhoff/ADS.

pub mod codes;
mod discovery;
mod file;
mod sum;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;
use plant::Intent;

use self::file::Files;

use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::piece::Piece;
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ads",
    title: "Beckhoff ADS",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(48898), Hint::Udp(48899)],
    operations: &[
        codes::COMMANDS,
        codes::CONTROL,
        codes::SUMS,
        codes::FILES,
        codes::DISCOVERY,
        codes::ROUTER,
    ],
    identify: Some(identify),
    open: || Box::<Ads>::default(),
};

/// Bytes of the AMS/TCP header, and of the AMS header behind it.
const TCP_BYTES: usize = 6;
const AMS_BYTES: usize = 32;
/// Largest packet: routers cut larger transfers (TE1000, AMS router memory defaults to 32 MB).
const PACKET_MAX: usize = 32 << 20;
/// Data bytes that are read of one packet; more is passed over unseen.
const SEEN_MAX: usize = 256;
/// The same of read writes, which carry files and sum commands.
const READ_WRITE_MAX: usize = 256 << 10;
const READ_WRITE: u16 = 9;
/// Requests kept for pairing.
const REQUESTS_MAX: usize = 32;
/// State flags: a response; an ADS command.
const RESPONSE: u16 = 0x0001;
const ADS_COMMAND: u16 = 0x0004;
/// Characters of a symbol or file name that are shown.
const NAME_MAX: usize = 96;

const LENGTH: Anomaly = Anomaly::malformed("ams length does not match the packet");
const UNLISTED: Anomaly = Anomaly::violation("command is not listed");

/// The AMS header, and what is at hand of the data.
struct Packet<'a> {
    target_port: u16,
    source_port: u16,
    command: u16,
    response: bool,
    error: u32,
    invoke: u32,
    data: Reader<'a>,
    /// Whether both length fields agree.
    exact: bool,
}

/// Reads the AMS header in the bytes after the AMS/TCP header; `length` is that header's.
fn packet(mut reader: Reader<'_>, length: usize) -> Option<Packet<'_>> {
    reader.skip(6)?;
    let target_port = reader.le16()?;
    reader.skip(6)?;
    let source_port = reader.le16()?;
    let (command, flags) = (reader.le16()?, reader.le16()?);
    let data = usize::try_from(reader.le32()?).ok()?;
    let (error, invoke) = (reader.le32()?, reader.le32()?);
    let response = flags & RESPONSE != 0;
    let exact = data.checked_add(AMS_BYTES) == Some(length) && flags & ADS_COMMAND != 0;
    Some(Packet { target_port, source_port, command, response, error, invoke, data: reader, exact })
}

/// What a request said that its response does not repeat.
#[derive(Clone, Copy, Debug)]
struct Asked {
    operation: &'static Operation,
    intent: Intent,
    index: Option<Index>,
    /// It goes to the system service.
    service: bool,
}

impl Asked {
    /// The handle of the file that it acts on.
    fn handle(&self) -> Option<u32> {
        let files = [codes::FILE_CLOSE, codes::FILE_READ, codes::FILE_WRITE];
        let index = self.index.filter(|_| self.service && files.contains(&self.operation.code));
        index.map(|index| index.offset)
    }
}

/// What a command acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Index {
    group: u32,
    offset: u32,
    length: u32,
}

/// Bytes of an index.
const INDEX_BYTES: usize = 12;

impl Index {
    fn read(data: &mut Reader<'_>) -> Option<Self> {
        Some(Self { group: data.le32()?, offset: data.le32()?, length: data.le32()? })
    }
}

/// An index, with the name that goes with it.
struct Target<'a> {
    index: Index,
    name: Option<Text<'a>>,
}

impl fmt::Display for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Index { group, offset, length } = self.index;
        if sum::operation(group).is_some() {
            return write!(f, "{offset} items");
        }
        match codes::group(group) {
            "" => write!(f, "group 0x{group:x}"),
            name => f.write_str(name),
        }?;
        match &self.name {
            Some(name) => write!(f, " {name}"),
            None => write!(f, " offset 0x{offset:x} length {length}"),
        }
    }
}

/// One ADS connection.
#[derive(Default)]
struct Ads {
    asked: Pending<(u32, u16, Side), Asked, REQUESTS_MAX>,
    files: Files,
}

impl Session for Ads {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if bytes.starts_with(discovery::COOKIE) {
            return discovery::parse(bytes, out);
        }
        let mut reader = Reader::new(bytes);
        let (Some(kind), Some(length)) = (reader.le16(), reader.le32()) else {
            return Step::Need(TCP_BYTES);
        };
        let Some(length) = usize::try_from(length).ok().filter(|length| *length <= PACKET_MAX)
        else {
            return Step::Lost;
        };
        let whole = TCP_BYTES + length;
        if kind != 0 {
            return router(kind, whole, bytes.len(), out);
        }
        if length < AMS_BYTES {
            return Step::Lost;
        }
        let Some(head) = packet(reader, length) else { return Step::Need(TCP_BYTES + AMS_BYTES) };
        let seen_max = if head.command == READ_WRITE { READ_WRITE_MAX } else { SEEN_MAX };
        let wanted = length.min(AMS_BYTES + seen_max);
        let Some(body) = reader.sub(wanted) else { return Step::Need(TCP_BYTES + wanted) };
        let Some(packet) = packet(body, length) else { return Step::Lost };
        if packet.response {
            self.response(from, &packet, out);
        } else {
            self.request(from, &packet, out);
        }
        Step::Read(whole)
    }

    fn gap(&mut self, _: Side) {
        self.asked.clear();
        self.files.clear();
    }
}

/// Messages to the router itself: only the four that are known.
fn router(kind: u16, whole: usize, have: usize, out: &mut dyn Sink) -> Step {
    let Some(operation) = Operation::find(codes::ROUTER, kind.into()) else { return Step::Lost };
    if have < whole {
        return Step::Need(whole);
    }
    out.message(&Message::new(Protocol::ADS, Kind::Request, operation, kind.into()));
    Step::Read(whole)
}

impl Ads {
    fn request(&mut self, from: Side, packet: &Packet<'_>, out: &mut dyn Sink) {
        let (asked, name) = asked(packet);
        self.asked.insert((packet.invoke, packet.command, from), asked);
        let anomalies = anomalies(packet);
        let mut data = packet.data;
        let _ = data.skip(INDEX_BYTES + 4);
        if let Some(index) = asked.index.filter(|_| packet.command == READ_WRITE)
            && sum::emit(packet, index, data, out)
        {
            return;
        }
        let handle = asked.handle();
        let known = handle.and_then(|handle| self.files.name(handle));
        let name = name.or(known.as_ref().map(|known| Text(known.as_bytes())));
        let closed;
        let piece = match (asked.operation.code, handle) {
            (codes::FILE_OPEN, _) if asked.service => {
                self.files.asked(packet.invoke, name.unwrap_or_default());
                None
            }
            (codes::FILE_WRITE, Some(handle)) => {
                self.files.moved(handle, from.other(), data.rest())
            }
            (codes::FILE_CLOSE, Some(handle)) => {
                closed = self.files.close(handle);
                closed.as_ref().map(|closed| file::end(closed, handle))
            }
            _ => None,
        };
        tell(packet, (asked, name), piece.as_ref(), anomalies, out);
    }

    fn response(&mut self, from: Side, packet: &Packet<'_>, out: &mut dyn Sink) {
        let waiting = self.asked.take(&(packet.invoke, packet.command, from.other()));
        let operation = codes::command(packet.command);
        let asked = waiting.unwrap_or(Asked {
            operation,
            intent: operation.intent,
            index: None,
            service: false,
        });
        let mut anomalies = anomalies(packet);
        if waiting.is_none() {
            anomalies.push(Anomaly::UNASKED);
        }
        let mut data = packet.data;
        let result = if packet.error != 0 { Some(packet.error) } else { data.le32() };
        let failed = asked.index.and_then(|index| sum::failure(index, data));
        let outcome = match result.filter(|code| *code != 0).or(failed).or(result) {
            Some(code) => Outcome::from_code(code, codes::error(code)),
            None => Outcome::Ok,
        };
        let known = asked.handle().and_then(|handle| self.files.name(handle));
        let name = known.as_ref().map(|known| Text(known.as_bytes()));
        let target = asked.index.map(|index| Target { index, name });
        let piece = self.answered(from, packet.invoke, asked, (outcome, data));
        let info = if outcome == Outcome::Ok && packet.command == 1 { info(data) } else { None };
        let facts = info.as_ref().map(facts).unwrap_or_default();
        let state = State::read(packet.command, outcome, data);
        out.message(&Message {
            intent: asked.intent,
            object: object(target.as_ref()),
            outcome,
            values: state.as_ref().map(|state| state as &dyn fmt::Display),
            anomalies: &anomalies,
            facts: &facts,
            piece: piece.as_ref(),
            unit: Some(packet.source_port),
            id: Some(packet.invoke),
            ..Message::new(Protocol::ADS, Kind::Response, asked.operation, packet.command.into())
        });
    }
}

impl Ads {
    /// What the answer of the file service does: a handle that was given, bytes that were read.
    fn answered<'a>(
        &'a mut self,
        from: Side,
        invoke: u32,
        asked: Asked,
        (outcome, mut data): (Outcome, Reader<'a>),
    ) -> Option<Piece<'a>> {
        if outcome != Outcome::Ok || !asked.service {
            return None;
        }
        match (asked.operation.code, asked.handle()) {
            (codes::FILE_OPEN, _) => {
                self.files.opened(invoke, data);
                None
            }
            (codes::FILE_READ, Some(handle)) => {
                data.skip(4)?;
                self.files.moved(handle, from.other(), data.rest())
            }
            _ => None,
        }
    }
}

/// Tells of a request.
fn tell(
    packet: &Packet<'_>,
    (asked, name): (Asked, Option<Text<'_>>),
    piece: Option<&Piece<'_>>,
    mut anomalies: ArrayVec<Anomaly, 4>,
    out: &mut dyn Sink,
) {
    if asked.index.is_none() && matches!(packet.command, 2 | 3 | 6 | 9) {
        anomalies.push(Anomaly::TRUNCATED);
    }
    let target = asked.index.map(|index| Target { index, name });
    // Notifications are requests in form, and nobody answers them.
    let kind = if packet.command == 8 { Kind::Notice } else { Kind::Request };
    out.message(&Message {
        intent: asked.intent,
        object: object(target.as_ref()),
        anomalies: &anomalies,
        unit: Some(packet.target_port),
        id: Some(packet.invoke),
        piece,
        ..Message::new(Protocol::ADS, kind, asked.operation, packet.command.into())
    });
}

fn object<'a>(target: Option<&'a Target<'_>>) -> Object<'a> {
    target.map_or(Object::Nothing, |target| Object::Named(target))
}

fn anomalies(packet: &Packet<'_>) -> ArrayVec<Anomaly, 4> {
    let mut anomalies = ArrayVec::new();
    if !packet.exact {
        anomalies.push(LENGTH);
    }
    if codes::command(packet.command).code == 0 {
        anomalies.push(UNLISTED);
    }
    anomalies
}

/// What a request asks for, and the name in its data where its group takes one.
fn asked<'a>(packet: &Packet<'a>) -> (Asked, Option<Text<'a>>) {
    let mut data = packet.data;
    let mut operation = codes::command(packet.command);
    if packet.command == 5 {
        let state = data.le16().map(u32::from);
        operation =
            state.and_then(|state| Operation::find(codes::CONTROL, state)).unwrap_or(operation);
    }
    let index = match packet.command {
        2 | 3 | 6 | 9 => Index::read(&mut data),
        _ => None,
    };
    let group = index.map_or(0, |index| index.group);
    let service = packet.target_port == codes::SYSTEM_SERVICE;
    if service {
        operation = Operation::find(codes::FILES, group).unwrap_or(operation);
    }
    if packet.command == READ_WRITE {
        operation = sum::operation(group).unwrap_or(operation);
    }
    let question =
        packet.command == 9 && (codes::asks(group) || (service && group == codes::REGISTRY));
    // Open modes 2 and 4 write and append.
    let opens = operation.name == "file open" && index.is_some_and(|index| index.offset & 6 != 0);
    let intent = match (question, opens) {
        (true, _) => Intent::Observe,
        (false, true) => Intent::Program,
        (false, false) if group == codes::RELEASE_HANDLE => Intent::Session,
        (false, false) => operation.intent,
    };
    let paths = [codes::FILE_OPEN, codes::FILE_DELETE, codes::FILE_FIND];
    let named = codes::takes_name(group) || (service && paths.contains(&group));
    // Read write has a second length before its data.
    let name = (packet.command == 9 && named).then(|| data.skip(4)).flatten();
    let name = name.map(|()| Text::clipped(Text::trimmed(data.rest()).0, NAME_MAX));
    (Asked { operation, intent, index, service }, name)
}

/// ADS and device state, as read state answers.
struct State(u16, u16);

impl State {
    fn read(command: u16, outcome: Outcome, mut data: Reader<'_>) -> Option<Self> {
        if command != 4 || outcome != Outcome::Ok {
            return None;
        }
        Some(Self(data.le16()?, data.le16()?))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Operation::find(codes::CONTROL, self.0.into()) {
            Some(row) => f.write_str(row.name.trim_start_matches("write control ")),
            None => write!(f, "state {}", self.0),
        }?;
        write!(f, ", device state {}", self.1)
    }
}

/// What read device info answers: name and version of the device.
struct Device<'a> {
    name: Text<'a>,
    version: Version,
}

struct Version(u8, u8, u16);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

fn info(mut data: Reader<'_>) -> Option<Device<'_>> {
    let version = Version(data.u8()?, data.u8()?, data.le16()?);
    let name = data.take(16)?.split(|byte| *byte == 0).next().unwrap_or_default();
    Some(Device { version, name: Text::trimmed(name) })
}

fn facts<'a>(info: &'a Device<'_>) -> ArrayVec<Fact<'a>, 4> {
    let about = Subject::Sender;
    ArrayVec::from([
        Fact::Identity { about, field: Field::Vendor, value: &"Beckhoff" },
        Fact::Identity { about, field: Field::Software, value: &info.name },
        Fact::Identity { about, field: Field::Firmware, value: &info.version },
        Fact::Role { about, role: Role::Plc, reason: "answers ADS read device info" },
    ])
}

/// Two lengths that agree, a listed command and the flag of ADS commands are strong evidence.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport == Transport::Udp {
        let datagram = discovery::Datagram::read(probe.bytes);
        return datagram.map_or(Guess::No, |datagram| Guess::Yes(Some(datagram.side())));
    }
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let mut reader = Reader::new(probe.bytes);
    let (kind, length) = (reader.le16(), reader.le32());
    let length = length.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    match packet(reader, length) {
        _ if kind.is_some_and(|kind| kind != 0) => Guess::No,
        None if probe.hinted && probe.bytes.len() < TCP_BYTES + AMS_BYTES => Guess::More,
        Some(packet) if packet.exact && codes::command(packet.command).code != 0 => {
            let side = if packet.response { Side::Server } else { Side::Client };
            Guess::Yes((packet.command != 8).then_some(side))
        }
        _ => Guess::No,
    }
}
