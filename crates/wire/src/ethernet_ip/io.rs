//! Cyclic data of class 0 and 1 connections: datagrams of two items without an encapsulation
//! header.
//!
//! ```text
//!  2(2) 0x8002(2) 8(2) connection id(4) sequence(4) 0x00b1(2) length(2) data
//!  2(2) 0x00a1(2) 4(2) connection id(4)             0x00b1(2) length(2) data
//! ```
//! Most packets of a cell are these, so little is looked up: whether the connection is one of CIP
//! Safety, which `cip_safety` tells by its checksums. What other data means stands in the Forward
//! Open, which went over TCP, and in the device's data sheet. Both sides use the same
//! port; what tells the originator is the run/idle header that its data begins with. Source: CIP
//! Networks Library Volume 2 clauses 2-6 and 3-2; Volume 1 clause 3-6 (real time formats).

use std::fmt;

use super::codes::{self, item};
use crate::cip::hex;
use crate::message::{Anomaly, Kind, Message};
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

/// Which of the two sides sends outputs, and which connections are safety's.
#[derive(Debug, Default)]
pub(super) struct Direction {
    /// By side: data without a header was seen.
    free: [bool; 2],
    /// Made with the first datagram.
    safety: Option<Box<cip_safety::Watch>>,
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
    }

    /// Reads the datagram at hand to its end; `None` if it is not cyclic data.
    #[inline]
    pub(super) fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Option<Step> {
        let datagram = Datagram::read(bytes)?;
        let safety = self.safety.get_or_insert_with(Box::default);
        if datagram.is_whole() && safety.tell(datagram.connection, datagram.data, out) {
            return Some(Step::Read(bytes.len()));
        }
        let data = Payload(datagram.data);
        let outputs = self.outputs(from, &datagram);
        let intent = if outputs { plant::Intent::Operate } else { plant::Intent::Observe };
        out.message(&Message {
            intent,
            id: Some(datagram.connection),
            values: Some(&data),
            anomalies: datagram.anomaly.as_slice(),
            ..Message::new(Protocol::ETHERNET_IP, Kind::Notice, &codes::IO, codes::IO.code)
        });
        Some(Step::Read(bytes.len()))
    }
}

struct Payload<'a>(&'a [u8]);

impl fmt::Display for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(self.0, f)
    }
}
