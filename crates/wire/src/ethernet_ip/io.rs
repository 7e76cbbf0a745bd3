//! Cyclic data of class 0 and 1 connections: datagrams of two items without an encapsulation
//! header.
//!
//! ```text
//!  2(2) 0x8002(2) 8(2) connection id(4) sequence(4) 0x00b1(2) length(2) data
//!  2(2) 0x00a1(2) 4(2) connection id(4)             0x00b1(2) length(2) data
//! ```
//! Most packets of a cell are these, so nothing is kept and nothing is looked up. What the data
//! means stands in the Forward Open and the device's data sheet. Source: CIP Networks Library
//! Volume 2 clauses 2-6 and 3-2.

use std::fmt;

use super::codes::{self, item};
use crate::cip::hex;
use crate::message::{Anomaly, Kind, Message};
use crate::session::{Side, Sink};
use crate::table::Protocol;
use crate::{Reader, Step};

/// One datagram, read.
pub(super) struct Datagram<'a> {
    connection: u32,
    data: &'a [u8],
    /// The data has the length that it announces and ends the datagram.
    pub(super) whole: bool,
    announced: bool,
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
        let data = reader.rest();
        let whole = data.len() == length;
        let announced = data.len() > length;
        Some(Self { connection, data: data.get(..length).unwrap_or(data), whole, announced })
    }

    /// Emits it.
    #[inline]
    pub(super) fn emit(&self, from: Side, out: &mut dyn Sink) {
        let mut message =
            Message::new(Protocol::ETHERNET_IP, Kind::Notice, &codes::IO, codes::IO.code)
                .with_id(self.connection);
        if from == Side::Server {
            message.intent = plant::Intent::Observe;
        }
        let data = Data(self.data);
        message.values = Some(&data);
        if !self.whole {
            let one = if self.announced { [Anomaly::TRAILING] } else { [Anomaly::TRUNCATED] };
            out.message(&message.with_anomalies(&one));
        } else {
            out.message(&message);
        }
    }
}

/// Reads the datagram at hand to its end.
#[inline]
pub(super) fn parse(from: Side, bytes: &[u8], out: &mut dyn Sink) -> Option<Step> {
    let datagram = Datagram::read(bytes)?;
    datagram.emit(from, out);
    Some(Step::Read(bytes.len()))
}

struct Data<'a>(&'a [u8]);

impl fmt::Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(self.0, f)
    }
}
