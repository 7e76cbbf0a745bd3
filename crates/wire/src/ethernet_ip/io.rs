//! Cyclic data of class 0 and 1 connections: datagrams of two items without an encapsulation
//! header.
//!
//! ```text
//!  2(2) 0x8002(2) 8(2) connection id(4) sequence(4) 0x00b1(2) length(2) data
//!  2(2) 0x00a1(2) 4(2) connection id(4)             0x00b1(2) length(2) data
//! ```
//! Most packets of a cell are these, so little is looked up: whether the connection is one of CIP
//! Safety, which `cip_safety` tells by its checksums, and what its Forward Open, which went over
//! TCP, said of it (`cip::cyclic`; asked for at first and then once in [`ASK_AGAIN`] datagrams).
//! What the data means stands in the device's data sheet. Both sides use the same port; where the
//! Forward Open was not seen, the run/idle header that its data begins with tells the originator.
//! Source: CIP Networks Library Volume 2 clauses 2-6 and 3-2; Volume 1 clause 3-6 (real time
//! formats).

use std::fmt;

use arrayvec::ArrayVec;

use super::codes::{self, item};
use crate::cip::cyclic::Cyclic;
use crate::cip::hex;
use crate::message::{Anomaly, Kind, Message, Object};
use crate::session::{Side, Sink};
use crate::table::Protocol;
use crate::{Reader, Step, cip_safety};

/// One datagram, read.
pub(super) struct Datagram<'a> {
    connection: u32,
    data: &'a [u8],
    anomaly: Option<Anomaly>,
}

/// What the beginning of the data says of its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// No data, a heartbeat; or a header that says run: the originator's.
    Originator,
    /// 0 where a header would say idle: anything.
    Either,
    /// No header: the target's, whose data has none.
    Target,
}

impl<'a> Datagram<'a> {
    /// `None` if these are not the items of cyclic data.
    #[inline]
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let address = (reader.le16()?, reader.le16()?, reader.le16()?);
        let sequence_bytes = match address {
            (2, item::SEQUENCED_ADDRESS, 8) => 4,
            (2, item::CONNECTED_ADDRESS, 4) => 0,
            _ => return None,
        };
        let connection = reader.le32()?;
        reader.skip(sequence_bytes)?;
        if reader.le16()? != item::CONNECTED_DATA {
            return None;
        }
        let length = usize::from(reader.le16()?);
        let rest = reader.rest();
        let anomaly = match rest.len() {
            at_hand if at_hand < length => Some(Anomaly::TRUNCATED),
            at_hand if at_hand > length => Some(Anomaly::TRAILING),
            _ => None,
        };
        Some(Self { connection, data: rest.get(..length).unwrap_or(rest), anomaly })
    }

    /// The data has the length that it announces and ends the datagram.
    pub(super) const fn is_whole(&self) -> bool {
        self.anomaly.is_none()
    }

    /// Behind the sequence count of 16 bits, the originator's data has a header of 32 bits of
    /// which only the run bit is in use.
    #[inline]
    fn shape(&self) -> Shape {
        let mut data = Reader::new(self.data);
        match (data.le16(), data.le32()) {
            (None, _) => Shape::Originator,
            (Some(_), None) if data.is_empty() => Shape::Originator,
            (Some(_), Some(1)) => Shape::Originator,
            (Some(_), Some(0)) => Shape::Either,
            (Some(_), _) => Shape::Target,
        }
    }

    /// The sender's side, as far as one datagram shows it.
    pub(super) fn sender(&self) -> Option<Side> {
        match self.shape() {
            Shape::Originator => Some(Side::Client),
            Shape::Either => None,
            Shape::Target => Some(Side::Server),
        }
    }
}

const BOTH: Anomaly = Anomaly::oddity("connection id was granted for both directions");

/// Connections of one flow that are followed; the oldest gives way.
const CONNECTIONS_MAX: usize = 16;
/// Datagrams of a connection after which its notes are looked at again.
const ASK_AGAIN: u8 = 64;

/// Which of the two sides sends outputs, and which connections are safety's.
#[derive(Debug, Default)]
pub(super) struct Direction {
    /// By side: data without a header was seen.
    free: [bool; 2],
    /// Made with the first datagram.
    safety: Option<Box<cip_safety::Watch>>,
    opened: Option<Box<Opened>>,
}

/// What is known of connections by their Forward Opens.
#[derive(Debug, Default)]
struct Opened {
    all: ArrayVec<Connection, CONNECTIONS_MAX>,
    next: usize,
}

#[derive(Debug)]
struct Connection {
    id: u32,
    from: Side,
    datagrams: u8,
    opened: Option<Cyclic>,
}

impl Opened {
    #[inline]
    fn find(&mut self, id: u32, from: Side, out: &dyn Sink) -> Option<&Cyclic> {
        let place = self.all.iter().position(|known| known.id == id && known.from == from);
        let Some(place) = place else { return self.follow(id, from, out) };
        let known = self.all.get_mut(place)?;
        known.datagrams = (known.datagrams + 1) % ASK_AGAIN;
        if known.datagrams == 0 {
            known.opened = Cyclic::noted(id, out).or(known.opened.take());
        }
        known.opened.as_ref()
    }

    fn follow(&mut self, id: u32, from: Side, out: &dyn Sink) -> Option<&Cyclic> {
        let fresh = Connection { id, from, datagrams: 0, opened: Cyclic::noted(id, out) };
        if let Err(full) = self.all.try_push(fresh) {
            let place = self.next;
            self.next = (place + 1) % CONNECTIONS_MAX;
            let oldest = self.all.get_mut(place)?;
            *oldest = full.element();
            return oldest.opened.as_ref();
        }
        self.all.last()?.opened.as_ref()
    }
}

impl Direction {
    /// Whether what `from` sends are outputs: it always had a header and the other side had not,
    /// or, where that does not tell, it is the client.
    #[inline]
    fn outputs(&mut self, from: Side, datagram: &Datagram<'_>) -> bool {
        let [client, server] = &mut self.free;
        *(if from == Side::Client { client } else { server }) |= datagram.shape() == Shape::Target;
        match self.free {
            [false, true] => from == Side::Client,
            [true, false] => from == Side::Server,
            [true, true] | [false, false] => from == Side::Client,
        }
    }

    /// Bytes on the heap.
    pub(super) fn held_bytes(&self) -> usize {
        self.safety.as_ref().map_or(0, |_| size_of::<cip_safety::Watch>())
            + self.opened.as_ref().map_or(0, |_| size_of::<Opened>())
    }

    /// Reads the datagram at hand to its end; `None` if it is not cyclic data.
    #[inline]
    pub(super) fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Option<Step> {
        let datagram = Datagram::read(bytes)?;
        let safety = self.safety.get_or_insert_with(Box::default);
        if datagram.is_whole() && safety.tell(datagram.connection, datagram.data, out) {
            return Some(Step::Read(bytes.len()));
        }
        let by_shape = self.outputs(from, &datagram);
        let opened = self.opened.get_or_insert_with(Box::default);
        let known = opened.find(datagram.connection, from, out);
        let outputs = known.map_or(by_shape, |known| known.outputs);
        let intent = if outputs { plant::Intent::Operate } else { plant::Intent::Observe };
        let data = Payload(datagram.data, known);
        let mut anomalies = ArrayVec::<Anomaly, 2>::new();
        anomalies.extend(datagram.anomaly);
        if known.is_some_and(|known| known.both) {
            anomalies.push(BOTH);
        }
        out.message(&Message {
            intent,
            object: known.map_or(Object::Nothing, |known| Object::Named(known)),
            id: Some(datagram.connection),
            values: Some(&data),
            anomalies: &anomalies,
            ..Message::new(Protocol::ETHERNET_IP, Kind::Notice, &codes::IO, codes::IO.code)
        });
        Some(Step::Read(bytes.len()))
    }
}

struct Payload<'a>(&'a [u8], Option<&'a Cyclic>);

impl fmt::Display for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(self.0, f)?;
        self.1.map_or(Ok(()), |known| {
            f.write_str(" ")?;
            known.terms(f)
        })
    }
}
