//! Jobs and their acks: communication setup, variables, blocks, PI services, stop.
//!
//! Parameters begin with the function. A PLC that receives a download sends the jobs that fetch its
//! parts: those ask the client for something and do nothing to it, so they count as session; the
//! ack that brings a part is what programs.
//! Source: wiki S7comm, functions.

use std::fmt;

use super::block::Upload;
use super::item::Item;
use super::target::{Shape, Target};
use super::value::{DataItem, SUCCESS, Values};
use super::{ACK_DATA, Asked, Connection, ITEMS, Pdu, codes, object, outcome};
use crate::message::{Anomaly, Kind, Message, Outcome};
use crate::session::{Side, Sink};
use crate::table::{Operation, Protocol};
use crate::{Part, Piece, Reader};

/// What a job or an ack carries, for people.
enum Carried<'a> {
    Values(Values<'a>),
    /// Jobs in parallel, of caller and called, and bytes of a PDU.
    Setup([u16; 3]),
    /// Bytes of a block.
    Bytes(usize),
}

impl fmt::Display for Carried<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Values(values) => values.fmt(f),
            Self::Setup([calling, called, bytes]) => {
                write!(f, "jobs {calling}/{called}, pdu {bytes} bytes")
            }
            Self::Bytes(count) => write!(f, "{count} bytes"),
        }
    }
}

/// A job's parameters and data.
struct Job<'a> {
    operation: &'static Operation,
    target: Target<'a>,
    carried: Option<Carried<'a>>,
}

impl<'a> Job<'a> {
    fn new(function: u8) -> Self {
        Self { operation: codes::function(function), target: Target::default(), carried: None }
    }

    /// `params` begins after the function. `None` where it is cut short; what was read stays.
    fn read(
        &mut self,
        function: u8,
        mut params: Reader<'a>,
        data: Reader<'a>,
        upload: Option<&'a Upload>,
    ) -> Option<()> {
        match function {
            0xf0 => self.carried = Some(setup(params)?),
            0x04 | 0x05 => {
                self.target = Target::new(Shape::Items, params.rest());
                let count = params.u8()?;
                let items = params.rest();
                if function == 0x05 {
                    self.carried =
                        Some(Carried::Values(Values { count, data: data.rest(), items }));
                }
                for _ in 0..count {
                    Item::read(&mut params)?;
                }
            }
            0x1a..=0x1d => {
                params.skip(7)?;
                let length = params.u8()?;
                self.target = Target::new(Shape::Block, params.take(length.into())?);
            }
            0x1e | 0x1f => self.target = Upload::target(upload, params),
            codes::PI_SERVICE => {
                params.skip(7)?;
                let length = params.be16()?;
                let argument = params.take(length.into())?;
                let length = params.u8()?;
                let name = params.take(length.into())?;
                self.operation = codes::pi_service(name, argument);
                self.target = match argument {
                    _ if *self.operation == codes::PI_UNLISTED => Target::new(Shape::Text, name),
                    [] => Target::default(),
                    [_, 0, _, ..] => Target::new(Shape::Blocks, argument),
                    _ => Target::new(Shape::Text, argument),
                };
            }
            _ => {}
        }
        Some(())
    }
}

/// Two unused parameter bytes, then the three sizes of a connection.
fn setup(mut params: Reader<'_>) -> Option<Carried<'static>> {
    params.skip(1)?;
    Some(Carried::Setup([params.be16()?, params.be16()?, params.be16()?]))
}

impl Connection {
    pub(super) fn job(&mut self, from: Side, mut pdu: Pdu<'_>, out: &mut dyn Sink) {
        let mut params = pdu.params;
        let Some(function) = params.u8() else {
            pdu.note(Anomaly::TRUNCATED);
            return self.unlisted(Kind::Request, 0, &pdu.anomalies, out);
        };
        // The target may borrow from the upload, which this job does not change.
        let upload = self.upload.take();
        let mut job = Job::new(function);
        if job.read(function, params, pdu.data, upload.as_ref()).is_none() {
            pdu.note(Anomaly::TRUNCATED);
        }
        if from == Side::Server {
            let fetch = Operation::find(codes::FETCHES, function.into());
            job.operation = fetch.unwrap_or(job.operation);
        }
        match function {
            REQUEST_DOWNLOAD => self.fresh[DOWNLOADS] = true,
            START_UPLOAD => self.fresh[UPLOADS] = true,
            _ => {}
        }
        let asked = Asked {
            operation: job.operation,
            code: function.into(),
            intent: job.operation.intent,
            target: job.target.into(),
        };
        self.asked.insert((from, pdu.reference), asked);
        let role = self.role(from, Kind::Request, job.operation);
        out.message(&Message {
            object: object(&job.target),
            id: Some(pdu.reference.into()),
            unit: self.unit,
            values: job.carried.as_ref().map(|carried| carried as &dyn fmt::Display),
            anomalies: &pdu.anomalies,
            facts: role.as_slice(),
            ..Message::new(Protocol::S7COMM, Kind::Request, job.operation, function.into())
        });
        self.upload = upload;
    }

    pub(super) fn ack(&mut self, from: Side, mut pdu: Pdu<'_>, out: &mut dyn Sink) {
        let mut params = pdu.params;
        let function = params.u8();
        let asked = self.asked.take(&(from.other(), pdu.reference));
        let asked =
            asked.filter(|asked| function.is_none_or(|function| asked.code == u32::from(function)));
        if asked.is_none() {
            pdu.note(Anomaly::UNASKED);
        }
        let asked = asked.unwrap_or_else(|| unasked(function));
        let brings = from == Side::Client && function == Some(0x1b);
        let operation = if brings { codes::function(0x1b) } else { asked.operation };
        let target = asked.target.target();
        let mut answer = Answer { outcome: outcome(pdu.error), carried: None };
        if pdu.error == 0 && pdu.kind == ACK_DATA {
            answer.read(function.unwrap_or(0), params, &mut pdu, target);
        }
        if function == Some(0x1d) && answer.outcome == Outcome::Ok {
            self.upload = Upload::started(params, asked.target.clone());
        }
        let role = self.role(from, Kind::Response, operation);
        let part = self.part(function, &pdu, params);
        let piece = part.map(|(part, bytes)| Piece {
            transfer: function.unwrap_or(0).into(),
            kind: "S7 block",
            name: &target,
            to: from.other(),
            offset: None,
            bytes,
            part,
        });
        let message = Message::new(Protocol::S7COMM, Kind::Response, operation, asked.code);
        out.message(&Message {
            object: object(&target),
            outcome: answer.outcome,
            id: Some(pdu.reference.into()),
            unit: self.unit,
            values: answer.carried.as_ref().map(|carried| carried as &dyn fmt::Display),
            anomalies: &pdu.anomalies,
            facts: role.as_slice(),
            piece: piece.as_ref(),
            ..message
        });
    }

    /// The part of a block that an ack brings, and its bytes. `params` begins after the function,
    /// with the status: bit 0 says that more parts follow.
    fn part<'a>(
        &mut self,
        function: Option<u8>,
        pdu: &Pdu<'a>,
        mut params: Reader<'_>,
    ) -> Option<(Part, &'a [u8])> {
        let direction = match function? {
            DOWNLOAD_BLOCK => DOWNLOADS,
            UPLOAD => UPLOADS,
            _ => return None,
        };
        if pdu.error != 0 || pdu.kind != ACK_DATA {
            return None;
        }
        let more = params.u8()? & 1 == 1;
        let mut data = pdu.data;
        let length = data.be16()?;
        data.skip(2)?; // 0x00fb, whose meaning nobody has published
        let bytes = data.take(length.into())?;
        let fresh = self.fresh.get_mut(direction).is_some_and(std::mem::take);
        let part = match (fresh, more) {
            (true, true) => Part::First,
            (true, false) => Part::Whole,
            (false, true) => Part::Next,
            (false, false) => Part::Last,
        };
        Some((part, bytes))
    }
}

const REQUEST_DOWNLOAD: u8 = 0x1a;
const DOWNLOAD_BLOCK: u8 = 0x1b;
const START_UPLOAD: u8 = 0x1d;
const UPLOAD: u8 = 0x1e;
/// Places in `Connection::fresh`.
const DOWNLOADS: usize = 0;
const UPLOADS: usize = 1;

/// What an ack says of a job that was not seen.
fn unasked(function: Option<u8>) -> Asked {
    let operation = match function {
        Some(function) => codes::function(function),
        None => codes::ACK.first().unwrap_or(&codes::UNLISTED),
    };
    Asked {
        operation,
        code: function.map_or(operation.code, u32::from),
        intent: operation.intent,
        target: Default::default(),
    }
}

/// What an ack with data says.
struct Answer<'a> {
    outcome: Outcome,
    carried: Option<Carried<'a>>,
}

impl<'a> Answer<'a> {
    /// `params` begins after the function.
    fn read<'p: 'a>(
        &mut self,
        function: u8,
        mut params: Reader<'a>,
        pdu: &mut Pdu<'p>,
        target: Target<'a>,
    ) {
        let mut data = pdu.data;
        match function {
            0xf0 => self.carried = setup(params),
            0x04 | 0x05 => {
                let Some(count) = params.u8() else { return pdu.note(Anomaly::TRUNCATED) };
                if target.count().is_some_and(|asked| asked != count) {
                    pdu.note(ITEMS);
                }
                if function == 0x04 {
                    let (data, items) = (data.rest(), target.items());
                    self.carried = Some(Carried::Values(Values { count, data, items }));
                }
                for _ in 0..count {
                    let code = match function {
                        0x04 => DataItem::read(&mut data).map(|item| item.code),
                        _ => data.u8(),
                    };
                    let Some(code) = code else { return pdu.note(Anomaly::TRUNCATED) };
                    if code != SUCCESS && self.outcome == Outcome::Ok {
                        let name = codes::return_code(code);
                        self.outcome = Outcome::Error { code: code.into(), name };
                    }
                }
            }
            0x1b | 0x1e => self.carried = data.be16().map(|count| Carried::Bytes(count.into())),
            _ => {}
        }
    }
}
