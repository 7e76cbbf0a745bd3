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
mod frame;
mod set;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use crate::message::{Anomaly, Fact, Kind, Message, Object};
use crate::profinet_rt::{ETHERTYPE, Frames};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Side, Sink, Step, Transport};
use crate::table::Operation;
use crate::{Pending, Reader};
use block::{Blocks, Shape};
use codes::{option, service};
use frame::Frame;
use set::Target;

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "profinet-dcp",
    title: "PROFINET DCP",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Ether(ETHERTYPE)],
    operations: &[codes::SERVICES, std::slice::from_ref(&codes::IDENTIFY_ALL), codes::SETS],
    identify: Some(identify),
    open: || Box::<Frames>::default(),
};

/// Bytes from the frame id to the blocks.
const HEADER_BYTES: usize = 12;
/// Requests kept for their answers: tools set one option at a time.
const REQUESTS_MAX: usize = 4;

const CONFLICT: Anomaly = Anomaly::oddity("station reports an IP address conflict");

/// The DCP frames between two stations.
#[derive(Default)]
pub(crate) struct Dcp {
    /// By transaction, service and (of Set) option.
    asked: Pending<(u32, u8, u16), Target, REQUESTS_MAX>,
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
            let value = (frame.shape() != Shape::List).then(|| block.judge()).flatten();
            let conflict = (!asks && block.reports_conflict()).then_some(CONFLICT);
            for anomaly in [value, conflict].into_iter().flatten() {
                if !anomalies.contains(&anomaly) {
                    let _ = anomalies.try_push(anomaly);
                }
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

/// The EtherType and a frame id of DCP.
fn identify(probe: &Probe<'_>) -> Guess {
    let mut reader = Reader::new(probe.bytes);
    let (Transport::Ether(ETHERTYPE), Some(codes::frame::HELLO..=codes::frame::IDENTIFY_RESPONSE)) =
        (probe.transport, reader.peek_be16())
    else {
        return Guess::No;
    };
    let service_type = reader.skip(3).and_then(|()| reader.u8());
    Guess::Yes(service_type.map(|kind| if kind & 3 == 0 { Side::Client } else { Side::Server }))
}
