//! CC-Link IE Field Basic: cyclic inputs and outputs in UDP, and the search for stations.
//!
//! ```text
//! request   50 00 00 ff ff 03 00 · length 2 · 0 0 · 70 0e 00 00
//!           version 2 · 0 0 · offset 2 · 14 zeros · unit state 2 · 0 0 · clock 8
//!           master 4 · group · 0 · sequence 2 · timeout 2 · count 2 · parameter 2
//!           stations 2 · their states 2 · 0 0 · their addresses 4 each · RWw 64 each · RY 8 each
//! response  d0 00 00 ff ff 03 00 · length 2 · 0 0
//!           version 2 · end code 2 · offset 2 · 14 zeros · vendor 2 · 0 0 · model 4 · version 2
//!           0 0 · unit state 2 · error 2 · management 4
//!           station 4 · group · 0 · sequence 2 · RWr 64 each · RX 8 each
//! ```
//! Little endian. On port 61451 the search for stations and the setting of addresses are SLMP 4E
//! frames. Values of inputs and outputs are not shown. Sources: see `codes.rs`.

pub mod codes;
mod node;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::Ipv4Addr;

use arrayvec::ArrayVec;
use plant::Intent;

use crate::message::{Anomaly, Fact, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{
    Basis, Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport,
};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "cclink-ief",
    title: "CC-Link IE Field Basic",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: Basis::Captures,
    hints: &[Hint::Udp(61450), Hint::Udp(61451)],
    operations: &[codes::COMMANDS],
    identify: Some(identify),
    open: || Box::<Network>::default(),
};

/// Route of every frame: network 0, station ff, module 03ff, 0.
const ROUTE: [u8; 5] = [0, 0xff, 0xff, 0x03, 0];
/// Most stations in a group (c-link, MAX_OCCUPIED_STATIONS_PER_GROUP).
const STATIONS_MAX: u16 = 16;
/// Bytes of a station in requests: address, RWw, RY; and in responses: RWr, RX.
const STATION_REQUEST: usize = 4 + 64 + 8;
const STATION_RESPONSE: usize = 64 + 8;
/// Where the data header stands behind the SLMP header (c-link, CYCLIC_OFFSET).
const REQUEST_OFFSET: u16 = 36;
const RESPONSE_OFFSET: u16 = 40;
/// Stations that are shown of a group.
const SHOWN: usize = 4;
/// Searches kept for pairing.
const REQUESTS_MAX: usize = 4;

const LENGTH: Anomaly = Anomaly::malformed("length does not match the datagram");
const STATIONS: Anomaly = Anomaly::violation("number of stations is not 1 to 16");
const DATA: Anomaly = Anomaly::malformed("data does not match the number of stations");
const MASTER: Anomaly = Anomaly::violation("group is not 1 to 64");

/// The head of a frame.
#[derive(Clone, Copy)]
struct Frame<'a> {
    response: bool,
    /// Of 4E frames.
    serial: Option<u16>,
    /// Of requests.
    command: u16,
    /// Of 4E responses.
    end_code: u16,
    body: Reader<'a>,
    exact: bool,
}

impl<'a> Frame<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let (response, extended) = match reader.be16()? {
            0x5000 => (false, false),
            0xd000 => (true, false),
            0x5400 => (false, true),
            0xd400 => (true, true),
            _ => return None,
        };
        let mut serial = None;
        if extended {
            serial = reader.le16();
            (reader.le16()? == 0).then_some(())?;
        }
        (reader.array()? == ROUTE).then_some(())?;
        let length = usize::from(reader.le16()?);
        let exact = reader.len() == length;
        // timer of requests, which is 0; end code of 4E responses
        let end_code = reader.le16()?;
        let mut command = 0;
        if !response {
            command = reader.le16()?;
            (reader.le16()? == 0).then_some(())?;
        }
        Some(Self { response, serial, command, end_code, body: reader, exact })
    }
}

/// One group's cyclic data.
struct Cyclic<'a> {
    version: u16,
    offset: u16,
    end_code: u16,
    state: State,
    group: u8,
    sequence: u16,
    stations: Stations<'a>,
    anomalies: ArrayVec<Anomaly, 4>,
}

/// What a unit says of itself.
struct State {
    unit: u16,
    error: u16,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            0 => f.write_str("stopped"),
            1 => f.write_str("running"),
            2 => f.write_str("stopped by the user"),
            other => write!(f, "unit state {other}"),
        }?;
        if self.error == 0 { Ok(()) } else { write!(f, ", error 0x{:04x}", self.error) }
    }
}

/// A group and the stations in it.
struct Stations<'a> {
    group: u8,
    /// Addresses, 4 bytes each.
    addresses: &'a [u8],
}

impl fmt::Display for Stations<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "group {}", self.group)?;
        let (addresses, _) = self.addresses.as_chunks::<4>();
        let stations = addresses.iter().map(|address| u32::from_le_bytes(*address));
        // A station that occupies several places has all ones in those that follow.
        let mut stations = stations.filter(|address| !matches!(*address, 0 | u32::MAX));
        for (number, address) in stations.by_ref().take(SHOWN).enumerate() {
            let separator = if number == 0 { "" } else { "," };
            write!(f, "{separator} {}", Ipv4Addr::from(address))?;
        }
        match stations.count() {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}

impl<'a> Cyclic<'a> {
    fn request(mut body: Reader<'a>) -> Option<Self> {
        let (version, _, offset) = (body.le16()?, body.le16()?, body.le16()?);
        body.skip(14)?;
        let unit = body.le16()?;
        body.skip(2 + 8)?;
        let _master = body.le32()?;
        let (group, _) = (body.u8()?, body.u8()?);
        let sequence = body.le16()?;
        body.skip(6)?;
        let count = body.le16()?;
        body.skip(4)?;
        let mut anomalies = ArrayVec::new();
        if !(1..=STATIONS_MAX).contains(&count) {
            anomalies.push(STATIONS);
        }
        if body.len() != usize::from(count) * STATION_REQUEST {
            anomalies.push(DATA);
        }
        let addresses = body.take(usize::from(count) * 4).unwrap_or_default();
        let stations = Stations { group, addresses };
        let state = State { unit, error: 0 };
        Some(Self { version, offset, end_code: 0, state, group, sequence, stations, anomalies })
    }

    fn response(mut body: Reader<'a>) -> Option<Self> {
        let (version, end_code, offset) = (body.le16()?, body.le16()?, body.le16()?);
        body.skip(14 + 12)?;
        let state = State { unit: body.le16()?, error: body.le16()? };
        body.skip(4)?;
        let addresses = body.take(4)?;
        let (group, _) = (body.u8()?, body.u8()?);
        let sequence = body.le16()?;
        let mut anomalies = ArrayVec::new();
        if body.is_empty() || !body.len().is_multiple_of(STATION_RESPONSE) {
            anomalies.push(DATA);
        }
        let stations = Stations { group, addresses };
        Some(Self { version, offset, end_code, state, group, sequence, stations, anomalies })
    }

    /// Whether version and offset are those of the protocol.
    const fn plausible(&self, offset: u16) -> bool {
        matches!(self.version, 1 | 2) && self.offset == offset
    }
}

/// One conversation: cyclic data needs nothing of what went before.
#[derive(Default)]
struct Network {
    asked: Pending<u16, u16, REQUESTS_MAX>,
}

impl Session for Network {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let Some(frame) = Frame::read(bytes) else { return Step::Lost };
        match frame.serial {
            Some(serial) => self.node(&frame, serial, out),
            None => cyclic(&frame, out),
        }
        Step::Read(bytes.len())
    }
}

impl Network {
    /// Searches and settings of addresses.
    fn node(&mut self, frame: &Frame<'_>, serial: u16, out: &mut dyn Sink) {
        let command = if frame.response {
            self.asked.take(&serial)
        } else {
            self.asked.insert(serial, frame.command);
            Some(frame.command)
        };
        node::emit(frame, command, serial, out);
    }
}

fn cyclic(frame: &Frame<'_>, out: &mut dyn Sink) {
    let row = if frame.response { codes::CYCLIC } else { frame.command };
    let operation = Operation::find(codes::COMMANDS, row.into()).unwrap_or(&codes::RESPONSE);
    let kind = if frame.response { Kind::Response } else { Kind::Request };
    let message = Message::new(Protocol::CCLINK_IEF, kind, operation, row.into());
    let read = if frame.response { Cyclic::response } else { Cyclic::request };
    let Some(cyclic) = read(frame.body).filter(|_| row == codes::CYCLIC) else {
        return out.message(&message.with_anomalies(&[Anomaly::TRUNCATED]));
    };
    let mut anomalies = cyclic.anomalies;
    if !frame.exact {
        let _ = anomalies.try_push(LENGTH);
    }
    if !(1..=64).contains(&cyclic.group) {
        let _ = anomalies.try_push(MASTER);
    }
    let (role, reason) = if frame.response {
        (Role::Device, "answers CC-Link IE Field Basic cyclic data")
    } else {
        (Role::Plc, "sends CC-Link IE Field Basic cyclic data")
    };
    let facts = [Fact::Role { about: Subject::Sender, role, reason }];
    let ended = Outcome::from_code(cyclic.end_code.into(), codes::end_code(cyclic.end_code));
    out.message(&Message {
        intent: if frame.response { Intent::Observe } else { operation.intent },
        outcome: if frame.response { ended } else { Outcome::Open },
        values: Some(&cyclic.state),
        ..message
            .on(Object::Named(&cyclic.stations))
            .with_id(cyclic.sequence.into())
            .with_anomalies(&anomalies)
            .with_facts(&facts)
    });
}

/// Route, command, version and offset are strong evidence. Searches look like SLMP anywhere, so
/// they must come on their port.
fn identify(probe: &Probe<'_>) -> Guess {
    let Some(frame) = Frame::read(probe.bytes).filter(|frame| frame.exact) else {
        return Guess::No;
    };
    if probe.transport != Transport::Udp {
        return Guess::No;
    }
    match (frame.serial, frame.response) {
        (None, false)
            if frame.command == codes::CYCLIC
                && Cyclic::request(frame.body)
                    .is_some_and(|cyclic| cyclic.plausible(REQUEST_OFFSET)) =>
        {
            Guess::Yes(Some(Side::Client))
        }
        (None, true)
            if frame.end_code == 0
                && Cyclic::response(frame.body)
                    .is_some_and(|cyclic| cyclic.plausible(RESPONSE_OFFSET)) =>
        {
            Guess::Yes(Some(Side::Server))
        }
        (Some(_), false)
            if probe.hinted
                && matches!(frame.command, codes::NODE_SEARCH | codes::IP_ADDRESS_SET) =>
        {
            Guess::Yes(Some(Side::Client))
        }
        (Some(_), true) if probe.hinted => Guess::Yes(Some(Side::Server)),
        _ => Guess::No,
    }
}
