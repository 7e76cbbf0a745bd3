//! S7comm, the protocol of SIMATIC S7-300/400, and what else travels in its connections.
//!
//! ```text
//!  0    1    2        4           6            8          10         (12)
//!  +----+----+--------+-----------+------------+----------+-----------+----------+------
//!  | 32 |kind| 0      | reference | parameters | data     | error     | params.. | data ..
//!  +----+----+--------+-----------+------------+----------+-----------+----------+------
//! ```
//! Big endian; `error` only in kinds 2 and 3. Kind (ROSCTR): 1 job, 2 ack, 3 ack with data, 7
//! userdata. A connection is COTP class 0 over TPKT (`iso_tsap`); its connect and
//! disconnect TPDUs are messages here, and S7comm-plus PDUs in it go to [`crate::s7comm_plus`]. MMS
//! and RDP share the ground and are not read. Either side may ask: a PLC fetches the blocks of a
//! download with jobs of its own. Source: wiki S7comm (Wireshark); see [`codes`].

mod block;
pub mod codes;
mod cotp;
mod errors;
mod item;
mod job;
mod szl;
mod target;
#[cfg(test)]
mod tests;
mod userdata;
mod value;

use arrayvec::ArrayVec;

pub(crate) use cotp::{Caller, identify as connection_guess};

use crate::iso_tsap::{self, Joined, Tsdu};
use crate::message::{Anomaly, Fact, Kind, Message, Object, Outcome, Role, Subject};
use crate::s7comm_plus::{self, Plus};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Effect, Operation, Protocol};
use crate::{Pending, Reader};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "s7comm",
    title: "Siemens S7comm",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(102)],
    operations: &[
        codes::COTP,
        codes::FUNCTIONS,
        codes::FETCHES,
        codes::PI_SERVICES,
        codes::USERDATA_FUNCTIONS,
        codes::ACK,
    ],
    identify: Some(identify),
    open: || Box::new(Connection::new(Protocol::S7COMM)),
};

/// First byte of every S7comm PDU.
const PROTOCOL_ID: u8 = 0x32;
/// Requests kept for pairing; CPUs negotiate 1 to 16 parallel jobs.
const REQUESTS_MAX: usize = 16;

const JOB: u8 = 1;
const ACK: u8 = 2;
const ACK_DATA: u8 = 3;
const USERDATA: u8 = 7;

const TSDU: Anomaly = Anomaly::malformed("parts add up to more than 64 KiB");
const LENGTHS: Anomaly = Anomaly::malformed("parameter and data lengths pass the end");
const KIND: Anomaly = Anomaly::violation("unlisted kind of PDU");
const ITEMS: Anomaly = Anomaly::violation("items answered are not those asked for");
const RESERVED: Anomaly = Anomaly::violation("redundancy identification is not zero");

/// One PDU.
struct Pdu<'a> {
    kind: u8,
    reference: u16,
    /// Error class and code of kinds 2 and 3.
    error: u16,
    params: Reader<'a>,
    data: Reader<'a>,
    anomalies: ArrayVec<Anomaly, 4>,
}

impl<'a> Pdu<'a> {
    /// Reads what is there; `None` without a whole header.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        reader.skip(1)?;
        let kind = reader.u8()?;
        let reserved = reader.be16()?;
        let reference = reader.be16()?;
        let (params, data) = (usize::from(reader.be16()?), usize::from(reader.be16()?));
        let error = if matches!(kind, ACK | ACK_DATA) { reader.be16()? } else { 0 };
        let mut anomalies = ArrayVec::new();
        if reserved != 0 {
            anomalies.push(RESERVED);
        }
        if params + data > reader.len() {
            anomalies.push(LENGTHS);
        } else if params + data < reader.len() {
            anomalies.push(Anomaly::TRAILING);
        }
        let params = reader.sub(params.min(reader.len()))?;
        let data = reader.sub(data.min(reader.len()))?;
        Some(Self { kind, reference, error, params, data, anomalies })
    }

    fn note(&mut self, anomaly: Anomaly) {
        let _ = self.anomalies.try_push(anomaly);
    }
}

/// What a request said that its response does not repeat.
#[derive(Clone, Debug)]
struct Asked {
    operation: &'static Operation,
    code: u32,
    intent: plant::Intent,
    target: target::Kept,
}

/// One connection: S7comm, S7comm-plus, or one after the other.
pub(crate) struct Connection {
    /// Whose messages the connection's own are.
    home: Protocol,
    /// Rack and slot byte of the called TSAP.
    unit: Option<u16>,
    /// Source reference of a connection request that was not yet answered.
    connecting: Option<u16>,
    parts: [Tsdu; 2],
    asked: Pending<(Side, u16), Asked, REQUESTS_MAX>,
    /// Userdata functions whose answer comes in several PDUs, by code and sequence number.
    continued: Pending<(u32, u8), target::Kept, 2>,
    identity: szl::Assembly,
    upload: Option<block::Upload>,
    /// A block's transfer was asked for, and none of it has passed yet: of downloads, of uploads.
    fresh: [bool; 2],
    plus: Plus,
    /// The server's role has been told.
    server_told: bool,
    /// The client's role has been told.
    client_told: bool,
}

impl Connection {
    /// A connection that was identified as `home`.
    pub(crate) fn new(home: Protocol) -> Self {
        Self {
            home,
            unit: None,
            connecting: None,
            parts: Default::default(),
            asked: Pending::new(),
            continued: Pending::new(),
            identity: szl::Assembly::default(),
            upload: None,
            fresh: [false; 2],
            plus: Plus::default(),
            server_told: false,
            client_told: false,
        }
    }

    /// Reads one TSDU; `Lost` if it is neither protocol's.
    fn tsdu(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Result<(), Step> {
        match bytes.first() {
            None => Ok(()), // an empty TSDU keeps the connection alive
            Some(&PROTOCOL_ID) => {
                let pdu = Pdu::read(bytes).ok_or(Step::Lost)?;
                self.pdu(from, pdu, out);
                Ok(())
            }
            Some(&s7comm_plus::PROTOCOL_ID) => self.plus.pdu(self.unit, from, bytes, out),
            Some(_) if s7comm_plus::is_tls(bytes) => {
                self.plus.secured(self.unit, out);
                Ok(())
            }
            Some(_) => Err(Step::Lost),
        }
    }

    fn pdu(&mut self, from: Side, mut pdu: Pdu<'_>, out: &mut dyn Sink) {
        match pdu.kind {
            JOB => self.job(from, pdu, out),
            ACK | ACK_DATA => self.ack(from, pdu, out),
            USERDATA => self.userdata(from, pdu, out),
            other => {
                pdu.note(KIND);
                self.unlisted(Kind::Notice, other.into(), &pdu.anomalies, out);
            }
        }
    }

    /// A message of which nothing can be said.
    fn unlisted(&self, kind: Kind, code: u32, anomalies: &[Anomaly], out: &mut dyn Sink) {
        let message = Message::new(Protocol::S7COMM, kind, &codes::UNLISTED, code);
        out.message(&Message { unit: self.unit, ..message.with_anomalies(anomalies) });
    }

    /// What `from` shows itself to be by an answer or a request, the first time it does.
    fn role(&mut self, from: Side, kind: Kind, operation: &Operation) -> Option<Fact<'static>> {
        let fact = |role, reason| Some(Fact::Role { about: Subject::Sender, role, reason });
        match (from, kind) {
            (Side::Server, Kind::Response) if !self.server_told => {
                self.server_told = true;
                fact(Role::Plc, "answers S7 as server")
            }
            (Side::Client, Kind::Request)
                if !self.client_told && operation.effect == Effect::Download =>
            {
                self.client_told = true;
                fact(Role::Engineering, "downloads blocks over S7")
            }
            _ => None,
        }
    }
}

impl Session for Connection {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let tpdu = match iso_tsap::tpdu(bytes) {
            Ok(tpdu) => tpdu,
            Err(step) => return step,
        };
        if tpdu.code != iso_tsap::DATA {
            self.cotp(from, &tpdu, out);
            return Step::Read(tpdu.bytes);
        }
        let Some(parts) = self.parts.get_mut(from.index()) else { return Step::Lost };
        let read = match parts.add(&tpdu) {
            Joined::Open => Ok(()),
            Joined::Alone => self.tsdu(from, tpdu.data, out),
            Joined::Whole => {
                let mut whole = std::mem::take(parts);
                let read = self.tsdu(from, whole.bytes(), out);
                whole.clear();
                if let Some(parts) = self.parts.get_mut(from.index()) {
                    *parts = whole;
                }
                read
            }
            Joined::TooLong => {
                self.unlisted(Kind::Notice, 0, &[TSDU], out);
                Ok(())
            }
        };
        read.map_or_else(|step| step, |()| Step::Read(tpdu.bytes))
    }

    fn gap(&mut self, from: Side) {
        if let Some(parts) = self.parts.get_mut(from.index()) {
            parts.clear();
        }
        self.plus.gap(from);
        if from == Side::Server {
            self.identity.clear(); // only servers send status lists
        }
    }

    fn held_bytes(&self) -> usize {
        let [client, server] = &self.parts;
        client.held_bytes() + server.held_bytes() + self.identity.held_bytes()
    }
}

/// How an ack or a userdata response ended by its own error field.
fn outcome(error: u16) -> Outcome {
    Outcome::from_code(error.into(), errors::name(error))
}

/// `target` as a message's object.
fn object<'a>(target: &'a target::Target<'_>) -> Object<'a> {
    if target.shape == target::Shape::Nothing { Object::Nothing } else { Object::Named(target) }
}

/// The first byte of user data, the kind and the zero word fix 30 bits:
/// enough without a hint. A connection request alone is everybody's; with selectors as S7 has them
/// (two bytes, the first of which is not zero as MMS has it) and a hint it counts.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    match iso_tsap::first_data(probe.bytes) {
        Ok([PROTOCOL_ID, kind @ (JOB | ACK | ACK_DATA | USERDATA), 0, 0, rest @ ..]) => {
            Guess::Yes(side(*kind, rest))
        }
        Ok([PROTOCOL_ID] | [PROTOCOL_ID, _] | [PROTOCOL_ID, _, 0]) => Guess::More,
        Ok(_) | Err(Step::Lost | Step::Read(_)) => Guess::No,
        Err(Step::Need(_)) => connection_guess(probe.bytes, probe.hinted, Caller::Classic),
    }
}

/// Who sends such a PDU; `rest` begins with the reference.
fn side(kind: u8, rest: &[u8]) -> Option<Side> {
    let by_job = |function: Option<&u8>| {
        if function.is_some_and(|function| codes::asks_the_client(*function)) {
            Side::Server
        } else {
            Side::Client
        }
    };
    match kind {
        JOB => Some(by_job(rest.get(6))),
        ACK | ACK_DATA => Some(by_job(rest.get(8)).other()),
        _ => match rest.get(11).map(|kind| kind >> 4) {
            Some(4) => Some(Side::Client),
            Some(0 | 8) => Some(Side::Server),
            _ => None,
        },
    }
}
