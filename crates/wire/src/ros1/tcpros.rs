//! TCPROS: the header with which two nodes connect, and the messages after it.
//!
//! ```text
//!  header   length(4) ( length(4) key=value )*         both sides, the one that connects first
//!  topic    length(4) data                             publisher to subscriber
//!  service  length(4) data   /   ok(1) length(4) data  request / response
//! ```
//! Little endian. The subscriber connects to the publisher. Data is passed over unseen. Sources:
//! ROS wiki, TCPROS and Connection Header; `Connection` of roscpp (largest length).

use arrayvec::ArrayVec;

use super::codes;
use crate::message::{Anomaly, Kind, Message, Object, Outcome};
use crate::session::{Guess, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Reader, Text};

/// Longest header that is read; a message definition of some thousand lines fits.
const HEADER_BYTES_MAX: usize = 256 * 1024;
/// Longest message that roscpp takes, in bytes.
const LENGTH_MAX: u32 = 1_000_000_000;
/// Longest name that is kept.
const NAME_BYTES_MAX: usize = 192;
/// Keys that a header begins with: writers sort them, or begin with the topic.
const KEYS: &[&[u8]] = &[
    b"callerid",
    b"error",
    b"latching",
    b"md5sum",
    b"message_definition",
    b"persistent",
    b"probe",
    b"request_type",
    b"response_type",
    b"service",
    b"tcp_nodelay",
    b"topic",
    b"type",
];

const BROKEN: Anomaly = Anomaly::malformed("connection header has a field without a key");

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Topic { commands: bool },
    Service,
}

/// One TCPROS connection.
#[derive(Default)]
pub(super) struct TcpRos {
    purpose: Option<Purpose>,
    /// Topic or service, as far as it fits.
    name: ArrayVec<u8, NAME_BYTES_MAX>,
    /// Per side, whether its header was read.
    introduced: [bool; 2],
    /// Per side, whether the next bytes may begin anywhere in a message.
    adrift: [bool; 2],
}

/// A header begins with two lengths that fit each other, and a known key.
pub(super) fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let mut reader = Reader::new(probe.bytes);
    // nodes write a header at once: fewer bytes are somebody else's
    let Some(length) = reader.le32().filter(|length| *length as usize <= HEADER_BYTES_MAX) else {
        return Guess::No;
    };
    let Some(first) = reader.le32() else { return Guess::More };
    if first < 6 || u64::from(first) + 4 > u64::from(length) {
        return Guess::No;
    }
    let text = reader.rest();
    let key = text.split(|byte| *byte == b'=').next().unwrap_or_default();
    if key.len() < text.len() {
        return if KEYS.contains(&key) { Guess::Yes(side(probe.bytes)) } else { Guess::No };
    }
    if KEYS.iter().any(|known| known.starts_with(text)) { Guess::More } else { Guess::No }
}

/// Who sends this header, as far as it is at hand: only who connects names a service, and only
/// who accepts tells of latching or the types of requests.
fn side(bytes: &[u8]) -> Option<Side> {
    let fields = Fields(Reader::new(bytes.get(4..)?));
    fields.into_iter().find_map(|(key, _)| match key {
        b"service" | b"tcp_nodelay" | b"persistent" | b"probe" => Some(Side::Client),
        b"latching" | b"request_type" | b"response_type" | b"error" => Some(Side::Server),
        _ => None,
    })
}

/// Fields of a header, up to the first that is none.
#[derive(Clone, Copy)]
struct Fields<'a>(Reader<'a>);

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut reader = self.0;
        let length = usize::try_from(reader.le32()?).ok()?;
        let mut field = reader.sub(length)?;
        let key = field.until(b'=')?;
        self.0 = reader;
        Some((key, field.rest()))
    }
}

impl Session for TcpRos {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let introduced = self.introduced.get(from.index()).copied().unwrap_or_default();
        if introduced { self.data(from, bytes, out) } else { self.header(from, bytes, out) }
    }

    fn gap(&mut self, from: Side) {
        if let Some(adrift) = self.adrift.get_mut(from.index()) {
            *adrift = true;
        }
    }
}

impl TcpRos {
    fn header(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let Some(length) = reader.le32() else { return Step::Need(4) };
        let length = length as usize;
        if length > HEADER_BYTES_MAX {
            return Step::Lost;
        }
        let Some(header) = reader.sub(length) else { return Step::Need(4 + length) };
        let mut fields = Fields(header);
        if !Fields(header).next().is_some_and(|(key, _)| KEYS.contains(&key)) {
            return Step::Lost;
        }
        let [mut topic, mut service, mut kind, mut caller, mut error] = [&[][..]; 5];
        for (key, value) in fields.by_ref() {
            match key {
                b"topic" => topic = value,
                b"service" => service = value,
                b"type" => kind = value,
                b"callerid" => caller = value,
                b"error" => error = value,
                b"request_type" => self.purpose = self.purpose.or(Some(Purpose::Service)),
                _ => {}
            }
        }
        if let Some(introduced) = self.introduced.get_mut(from.index()) {
            *introduced = true;
        }
        self.learn(topic, service, kind);
        let anomalies: &[Anomaly] = if fields.0.is_empty() { &[] } else { &[BROKEN] };
        let told = [if error.is_empty() { kind } else { error }, caller];
        let outcome = match from {
            Side::Client => Outcome::Open,
            Side::Server if error.is_empty() => Outcome::Ok,
            Side::Server => Outcome::Error { code: 0, name: "refused" },
        };
        self.emit(from, self.connects(), (outcome, told, anomalies), out);
        Step::Read(4 + length)
    }

    /// What a header tells of the connection; the one who connects comes first and is believed.
    fn learn(&mut self, topic: &[u8], service: &[u8], kind: &[u8]) {
        let name = if service.is_empty() { topic } else { service };
        if self.name.is_empty() {
            self.name = name.iter().copied().take(NAME_BYTES_MAX).collect();
        }
        let commands = codes::is_command(&self.name, kind);
        match self.purpose {
            // a subscriber may leave the type open (`*`)
            Some(Purpose::Topic { .. }) if commands => {
                self.purpose = Some(Purpose::Topic { commands });
            }
            Some(_) => {}
            None if !service.is_empty() => self.purpose = Some(Purpose::Service),
            None => self.purpose = Some(Purpose::Topic { commands }),
        }
    }

    fn connects(&self) -> &'static Operation {
        match self.purpose {
            Some(Purpose::Service) => codes::CONNECT,
            Some(Purpose::Topic { .. }) | None => codes::SUBSCRIBE,
        }
    }

    fn data(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let answers = self.purpose == Some(Purpose::Service) && from == Side::Server;
        let mut reader = Reader::new(bytes);
        let ok = if answers { reader.u8() } else { Some(1) };
        let head = if answers { 5 } else { 4 };
        let (Some(ok), Some(length)) = (ok, reader.le32()) else { return Step::Need(head) };
        if length > LENGTH_MAX || ok > 1 {
            return Step::Lost;
        }
        let whole = head + length as usize;
        if let Some(adrift) = self.adrift.get_mut(from.index())
            && *adrift
        {
            // after a loss only a message that ends with its segment is believed
            if whole != bytes.len() {
                return Step::Lost;
            }
            *adrift = false;
        }
        let operation = match self.purpose {
            Some(Purpose::Service) => codes::CALL,
            Some(Purpose::Topic { commands: true }) => codes::COMMAND,
            Some(Purpose::Topic { commands: false }) | None => codes::DATA,
        };
        let outcome = match (answers, ok) {
            (false, _) => Outcome::Open,
            (true, 1) => Outcome::Ok,
            (true, _) => Outcome::Error { code: 0, name: "service failed" },
        };
        self.emit(from, operation, (outcome, [&[], &[]], &[]), out);
        Step::Read(whole)
    }

    fn emit(
        &self,
        from: Side,
        operation: &'static Operation,
        (outcome, told, anomalies): (Outcome, [&[u8]; 2], &[Anomaly]),
        out: &mut dyn Sink,
    ) {
        let name = Text(&self.name);
        let told = Told(told);
        let kind = match (operation.code, from) {
            (62 | 63, _) => Kind::Notice,
            (_, Side::Client) => Kind::Request,
            (_, Side::Server) => Kind::Response,
        };
        out.message(&Message {
            object: if name.0.is_empty() { Object::Nothing } else { Object::Named(&name) },
            outcome,
            values: told
                .0
                .iter()
                .any(|text| !text.is_empty())
                .then_some(&told as &dyn std::fmt::Display),
            anomalies,
            ..Message::new(Protocol::ROS1, kind, operation, operation.code)
        });
    }
}

/// Type and caller of a header.
struct Told<'a>([&'a [u8]; 2]);

impl std::fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [kind, caller] = self.0;
        let space = if kind.is_empty() { "" } else { " " };
        write!(f, "{}{space}from {}", Text::clipped(kind, 160), Text(caller))
    }
}
