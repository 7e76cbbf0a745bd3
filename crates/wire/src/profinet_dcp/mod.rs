//! PROFINET DCP: names and addresses of PROFINET stations, set by anyone on the segment.
//!
//! ```text
//!  0          2         3      4     8       10       12
//!  +----------+---------+------+-----+-------+--------+-----------
//!  | frame id | service | type | xid | delay | length | blocks ...    see `block`
//!  +----------+---------+------+-----+-------+--------+-----------
//! ```
//! DCP has no authentication. A Set may hold several blocks; each is a message of its own, for each
//! has its own effect and its own result. The service type decides request or response, not the
//! side. Source: IEC 61158-6-10:2019 ("6-10") clause 4.3.

mod block;
pub mod codes;
mod facts;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use crate::message::{Anomaly, Claim, Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::profinet_rt::{ETHERTYPE, Frames};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader, Text};
use block::{Block, Blocks, IpParameter, Name, Shape};
use codes::{frame, option, service};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "profinet-dcp",
    title: "PROFINET DCP",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    hints: &[Hint::Ether(ETHERTYPE)],
    operations: &[codes::SERVICES, std::slice::from_ref(&codes::IDENTIFY_ALL), codes::SETS],
    identify: Some(identify),
    open: || Box::<Frames>::default(),
};

/// Bytes from the frame id to the blocks.
const HEADER_BYTES: usize = 12;
/// Requests kept for their answers: tools set one option at a time.
const REQUESTS_MAX: usize = 4;
/// Bytes kept of a name that was set, for the answer; DNS labels have no more (RFC 1035 2.3.4).
const NAME_MAX: usize = 63;

const SERVICE: Anomaly = Anomaly::violation("service does not belong to the frame id");
const NAME: Anomaly = Anomaly::violation("name of station has bytes that the standard forbids");
const ADDRESS: Anomaly = Anomaly::violation("no station can have this address and mask");
const CONFLICT: Anomaly = Anomaly::oddity("station reports an IP address conflict");

/// The DCP frames between two stations.
#[derive(Default)]
pub(crate) struct Dcp {
    /// By transaction, service and (of Set) option.
    asked: Pending<(u32, u8, u16), Target, REQUESTS_MAX>,
}

/// What a Set was about, as far as its answer should repeat it.
#[derive(Clone)]
enum Target {
    Nothing,
    Name(ArrayVec<u8, NAME_MAX>),
    Address(IpParameter),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Name(name) => Text(name).fmt(f),
            Self::Address(address) => address.fmt(f),
        }
    }
}

/// A frame behind its frame id.
struct Frame<'a> {
    id: u16,
    service: u8,
    service_type: u8,
    transaction: u32,
    data: Reader<'a>,
    anomaly: Option<Anomaly>,
}

impl<'a> Frame<'a> {
    fn read(id: u16, mut reader: Reader<'a>) -> Option<Self> {
        let [service, service_type] = reader.array()?;
        let transaction = reader.be32()?;
        reader.skip(2)?; // response delay
        let length = usize::from(reader.be16()?);
        let (data, cut) = match reader.sub(length) {
            Some(data) => (data, None),
            None => (reader, Some(Anomaly::TRUNCATED)),
        };
        let mut frame = Self { id, service, service_type, transaction, data, anomaly: cut };
        if !frame.belongs() {
            frame.anomaly = cut.or(Some(SERVICE));
        }
        Some(frame)
    }

    const fn kind(&self) -> Kind {
        match (self.service, self.service_type & 3) {
            (service::HELLO, _) => Kind::Notice,
            (_, 0) => Kind::Request,
            _ => Kind::Response,
        }
    }

    /// Whether the service goes with this frame id (6-10 table "FrameID").
    const fn belongs(&self) -> bool {
        matches!(
            (self.id, self.service, self.service_type & 3),
            (frame::HELLO, service::HELLO, 0)
                | (frame::GET_SET, service::GET | service::SET, _)
                | (frame::IDENTIFY_REQUEST, service::IDENTIFY, 0)
                | (frame::IDENTIFY_RESPONSE, service::IDENTIFY, 1..)
        )
    }

    /// The answer says that the service is not supported (bit 2 of the service type).
    const fn is_refused(&self) -> bool {
        self.service_type & 4 != 0
    }

    const fn shape(&self) -> Shape {
        match (self.service, self.kind()) {
            (service::GET, Kind::Request) => Shape::List,
            (service::IDENTIFY, Kind::Request) | (service::SET, Kind::Response) => Shape::Bare,
            _ => Shape::WithInfo,
        }
    }

    fn outcome(&self) -> Outcome {
        match self.kind() {
            Kind::Response if self.is_refused() => {
                Outcome::Error { code: self.service_type.into(), name: "service not supported" }
            }
            Kind::Response => Outcome::Ok,
            Kind::Request | Kind::Notice => Outcome::Open,
        }
    }

    fn message<'m>(&self, operation: &'static Operation, code: u32) -> Message<'m> {
        Message::new(Protocol::PROFINET_DCP, self.kind(), operation, code)
            .with_id(self.transaction)
            .ended(self.outcome())
    }
}

impl Dcp {
    /// Reads the frame of `bytes`, whose frame id was read; `reader` stands behind it.
    pub(crate) fn frame(
        &mut self,
        id: u16,
        reader: Reader<'_>,
        bytes: &[u8],
        out: &mut dyn Sink,
    ) -> Step {
        let Some(frame) = Frame::read(id, reader) else { return Step::Need(HEADER_BYTES) };
        match (frame.service, frame.kind()) {
            (service::SET, Kind::Request) => self.set(&frame, out),
            (service::SET, Kind::Response) => self.set_result(&frame, out),
            _ => self.other(&frame, out),
        }
        Step::Read(bytes.len())
    }

    /// Each block of a Set request.
    fn set(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let mut first = frame.anomaly;
        let mut empty = true;
        for block in Blocks::new(frame.data, Shape::WithInfo) {
            empty = false;
            let mut anomalies = ArrayVec::<Anomaly, 4>::new();
            anomalies.extend(first.take());
            anomalies.extend(judge(&block));
            let target = target(&block);
            let object = match target {
                Target::Nothing => Object::Nothing,
                Target::Name(_) | Target::Address(_) => Object::Named(&block),
            };
            let imposed = match &target {
                Target::Address(address) if !address.ip.is_unspecified() => Some(Fact::Address {
                    about: Subject::Receiver,
                    ip: address.ip.into(),
                    claim: Claim::Imposed,
                }),
                Target::Address(_) | Target::Name(_) | Target::Nothing => None,
            };
            let facts: ArrayVec<Fact<'_>, 1> = imposed.into_iter().collect();
            let persistence = Persistence(&block);
            out.message(&Message {
                object,
                values: Some(&persistence),
                anomalies: &anomalies,
                facts: &facts,
                ..frame.message(codes::set(block.option), set_code(block.option))
            });
            self.asked.insert((frame.transaction, service::SET, block.option), target);
        }
        if empty {
            let anomalies = [first.unwrap_or(Anomaly::TRUNCATED)];
            let message = frame.message(&codes::SET, service::SET.into());
            out.message(&message.with_anomalies(&anomalies));
        }
    }

    /// Each result of a Set response.
    fn set_result(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let mut first = frame.anomaly;
        let mut empty = true;
        for block in Blocks::new(frame.data, Shape::Bare) {
            empty = false;
            let mut anomalies = ArrayVec::<Anomaly, 4>::new();
            anomalies.extend(first.take());
            anomalies.extend(block.anomaly);
            let mut result = Reader::new(block.data);
            let (Some(about), Some(error)) = (result.be16(), result.u8()) else {
                anomalies.push(block::SHORT);
                let message = frame.message(&codes::SET, service::SET.into());
                out.message(&message.with_anomalies(&anomalies));
                continue;
            };
            let asked = self.asked.take(&(frame.transaction, service::SET, about));
            if asked.is_none() {
                anomalies.push(Anomaly::UNASKED);
            }
            let target = asked.unwrap_or(Target::Nothing);
            let message = frame.message(codes::set(about), set_code(about));
            let outcome = match (frame.is_refused(), error) {
                (true, 0) => message.outcome,
                _ => Outcome::from_code(error.into(), codes::error(error)),
            };
            let named = match &target {
                Target::Name(name)
                    if outcome == Outcome::Ok && (1..NAME_MAX).contains(&name.len()) =>
                {
                    Some(Text(name))
                }
                Target::Name(_) | Target::Address(_) | Target::Nothing => None,
            };
            let fact = named.as_ref().map(|name| Fact::Identity {
                about: Subject::Sender,
                field: Field::Name,
                value: name,
            });
            let facts: ArrayVec<Fact<'_>, 1> = fact.into_iter().collect();
            let object = match target {
                Target::Nothing => Object::Nothing,
                Target::Name(_) | Target::Address(_) => Object::Named(&target),
            };
            let anomalies = &anomalies;
            out.message(&Message { object, outcome, anomalies, facts: &facts, ..message });
        }
        if empty {
            let message = frame.message(&codes::SET, service::SET.into());
            let anomalies: ArrayVec<Anomaly, 1> = first.into_iter().collect();
            out.message(&message.with_anomalies(&anomalies));
        }
    }

    /// Get, Identify, Hello, and what is none of the services.
    fn other(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let blocks = Blocks::new(frame.data, frame.shape());
        let mut anomalies = ArrayVec::<Anomaly, 4>::new();
        anomalies.extend(frame.anomaly);
        let asks = frame.kind() == Kind::Request;
        if frame.service == service::GET {
            let key = (frame.transaction, service::GET, 0);
            if asks {
                self.asked.insert(key, Target::Nothing);
            } else if self.asked.take(&key).is_none() {
                anomalies.push(Anomaly::UNASKED);
            }
        }
        let mut everyone = false;
        for block in blocks {
            everyone |= block.option == option::ALL;
            if let Some(anomaly) = judge(&block).filter(|found| !anomalies.contains(found)) {
                let _ = anomalies.try_push(anomaly);
            }
        }
        let operation = match frame.service {
            service::IDENTIFY if asks && everyone => &codes::IDENTIFY_ALL,
            service => Operation::find(codes::SERVICES, service.into()).unwrap_or(&codes::UNLISTED),
        };
        let facts = if asks { ArrayVec::new() } else { facts::Told::read(blocks) };
        let facts: ArrayVec<Fact<'_>, { facts::FACTS_MAX }> =
            facts.iter().map(facts::Told::fact).collect();
        out.message(&Message {
            object: if asks { Object::Named(&blocks) } else { Object::Nothing },
            values: (!asks).then_some(&blocks as &dyn fmt::Display),
            anomalies: &anomalies,
            facts: &facts,
            ..frame.message(operation, frame.service.into())
        });
    }
}

/// Service, option and suboption of a Set, as in [`codes::SETS`].
fn set_code(option: u16) -> u32 {
    u32::from(service::SET) << 16 | u32::from(option)
}

/// What is wrong with a block, the worst first.
fn judge(block: &Block<'_>) -> Option<Anomaly> {
    if block.anomaly.is_some() {
        return block.anomaly;
    }
    match block.option {
        option::NAME if !block.data.iter().all(|byte| is_name_byte(*byte)) => Some(NAME),
        option::IP | option::IP_SUITE => match IpParameter::read(block.data) {
            None => Some(block::SHORT),
            Some(address) if address.is_impossible() => Some(ADDRESS),
            Some(_) => (block.info.unwrap_or(0) & 0x80 != 0).then_some(CONFLICT),
        },
        _ => None,
    }
}

/// Names are DNS names in lower case (6-10 4.3 NameOfStation).
const fn is_name_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.')
}

fn target(block: &Block<'_>) -> Target {
    match block.option {
        option::NAME => {
            let name = Text::clipped(Text::trimmed(block.data).0, NAME_MAX).0;
            Target::Name(name.iter().copied().collect())
        }
        option::IP | option::IP_SUITE => {
            IpParameter::read(block.data).map_or(Target::Nothing, Target::Address)
        }
        _ => Target::Nothing,
    }
}

/// What a Set writes: whether it lasts, and the value.
struct Persistence<'a>(&'a Block<'a>);

impl fmt::Display for Persistence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Name(self.0.option).fmt(f)?;
        if !self.0.data.is_empty() || self.0.option == option::RESET {
            write!(f, "={}", self.0)?;
        }
        match (self.0.option >> 8, self.0.info) {
            (5, _) | (_, None) => Ok(()),
            (_, Some(info)) => {
                f.write_str(if info & 1 == 1 { ", permanent" } else { ", temporary" })
            }
        }
    }
}

/// The EtherType and a frame id of DCP.
fn identify(probe: &Probe<'_>) -> Guess {
    let mut reader = Reader::new(probe.bytes);
    let (Transport::Ether(ETHERTYPE), Some(frame::HELLO..=frame::IDENTIFY_RESPONSE)) =
        (probe.transport, reader.peek_be16())
    else {
        return Guess::No;
    };
    let service_type = reader.skip(3).and_then(|()| reader.u8());
    Guess::Yes(service_type.map(|kind| if kind & 3 == 0 { Side::Client } else { Side::Server }))
}
