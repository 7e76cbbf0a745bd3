//! A DCP frame: service, type, transaction, and what follows from them.
//!
//! Does not read the blocks. Source: IEC 61158-6-10:2019 ("6-10") clause 4.3, DCP header.

use super::block::Shape;
use super::codes::{frame, service};
use crate::Reader;
use crate::message::{Anomaly, Kind, Message, Outcome};
use crate::table::{Operation, Protocol};

const SERVICE: Anomaly = Anomaly::violation("service does not belong to the frame id");

/// A frame behind its frame id.
pub(super) struct Frame<'a> {
    id: u16,
    pub(super) service: u8,
    service_type: u8,
    pub(super) transaction: u32,
    pub(super) data: Reader<'a>,
    pub(super) anomaly: Option<Anomaly>,
}

impl<'a> Frame<'a> {
    pub(super) fn read(id: u16, mut reader: Reader<'a>) -> Option<Self> {
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

    pub(super) const fn kind(&self) -> Kind {
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
    pub(super) const fn is_refused(&self) -> bool {
        self.service_type & 4 != 0
    }

    pub(super) const fn shape(&self) -> Shape {
        match (self.service, self.kind()) {
            (service::GET, Kind::Request) => Shape::List,
            (service::IDENTIFY, Kind::Request) | (service::SET, Kind::Response) => Shape::Bare,
            _ => Shape::WithInfo,
        }
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self.kind() {
            Kind::Response if self.is_refused() => {
                Outcome::Error { code: self.service_type.into(), name: "service not supported" }
            }
            Kind::Response => Outcome::Ok,
            Kind::Request | Kind::Notice => Outcome::Open,
        }
    }

    pub(super) fn message<'m>(&self, operation: &'static Operation, code: u32) -> Message<'m> {
        Message::new(Protocol::PROFINET_DCP, self.kind(), operation, code)
            .with_id(self.transaction)
            .ended(self.outcome())
    }
}
