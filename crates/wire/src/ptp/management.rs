//! Management of PTP version 2: one action on one thing.
//!
//! ```text
//!  target: clock (8), port (2); hops (1 each of two), action (1), 1;
//!  TLV: type (2) 1, length (2), what (2), data  |  type 2, length, error (2), what (2), 4, text
//! ```
//! Source: IEEE 1588-2008 clauses 15.4 and 15.5.

use std::fmt;

use arrayvec::ArrayVec;

use super::{Clock, Header, codes};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::session::Sink;
use crate::table::{Operation, Protocol};
use crate::{Reader, Text};

/// Types of TLV (IEEE 1588-2008 table 34).
const MANAGEMENT: u16 = 1;
const ERROR_STATUS: u16 = 2;
/// Actions (IEEE 1588-2008 table 38).
const RESPONSE: u8 = 2;
const ACKNOWLEDGE: u8 = 4;

/// One management message.
pub(super) fn read(
    header: &Header,
    mut body: Reader<'_>,
    cut: bool,
    out: &mut dyn Sink,
) -> Option<()> {
    let target = body.be64().map(Clock);
    let action = body.skip(4).and_then(|()| body.u8()).map(|action| action & 0x0f);
    let (kind, code) = match action {
        Some(RESPONSE | ACKNOWLEDGE) => (Kind::Response, action),
        _ => (Kind::Request, action),
    };
    let code = 0xd00 + code.map_or(0xff, u32::from);
    let content = body.skip(1).and_then(|()| Content::read(body));
    let managed = content.as_ref().map(|content| Managed(content.what, target));
    let outcome = match (kind, &content) {
        (_, Some(Content { error: Some(code), .. })) => {
            Outcome::Error { code: (*code).into(), name: codes::error(*code) }
        }
        (Kind::Response, _) => Outcome::Ok,
        (Kind::Request | Kind::Notice, _) => Outcome::Open,
    };
    let described = content.as_ref().filter(|_| action == Some(RESPONSE)).map(|c| c.describe());
    let described = described.unwrap_or_default();
    let facts: ArrayVec<Fact<'_>, 5> = described
        .iter()
        .map(|(field, value)| Fact::Identity { about: Subject::Sender, field: *field, value })
        .collect();
    let cut = cut || content.is_none();
    out.message(&Message {
        object: managed.as_ref().map_or(Object::Nothing, |managed| Object::Named(managed)),
        outcome,
        id: Some(header.sequence.into()),
        anomalies: if cut { &[Anomaly::TRUNCATED] } else { &[] },
        facts: &facts,
        ..Message::new(
            Protocol::PTP,
            kind,
            Operation::find(codes::ACTIONS, code).unwrap_or(codes::UNLISTED),
            code,
        )
    });
    Some(())
}

/// What is managed, and of which clock; all ones is every clock.
struct Managed(u16, Option<Clock>);

impl fmt::Display for Managed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(what, clock) = self;
        match codes::managed(*what) {
            "" => write!(f, "0x{what:04x}")?,
            name => f.write_str(name)?,
        }
        match clock {
            Some(clock) if clock.0 != u64::MAX => write!(f, " of {clock}"),
            Some(_) | None => Ok(()),
        }
    }
}

/// The TLV of a management message.
struct Content<'a> {
    what: u16,
    error: Option<u16>,
    data: Reader<'a>,
}

impl<'a> Content<'a> {
    fn read(mut body: Reader<'a>) -> Option<Self> {
        let (kind, length) = (body.be16()?, body.be16()?);
        let mut data = body.sub(length.into())?;
        match kind {
            MANAGEMENT => Some(Self { what: data.be16()?, error: None, data }),
            ERROR_STATUS => {
                let error = Some(data.be16()?);
                Some(Self { what: data.be16()?, error, data })
            }
            _ => None,
        }
    }

    /// What a clock description says of the device: `maker;model;instance` and
    /// `hardware;firmware;software` (IEEE 1588-2008 15.5.3.1.2).
    fn describe(&self) -> ArrayVec<(Field, Text<'a>), 5> {
        let mut told = ArrayVec::new();
        if self.what != codes::CLOCK_DESCRIPTION || self.error.is_some() {
            return told;
        }
        let Some([product, revision]) = texts(self.data) else { return told };
        let fields = [Field::Vendor, Field::Product, Field::Serial];
        let revisions = [Field::Hardware, Field::Firmware];
        let parts = fields.into_iter().zip(product.split(|byte| *byte == b';'));
        let parts = parts.chain(revisions.into_iter().zip(revision.split(|byte| *byte == b';')));
        let parts = parts.map(|(field, text)| (field, Text::trimmed(text)));
        told.extend(parts.filter(|(_, text)| !text.0.is_empty()).take(5));
        told
    }
}

/// The product description and the revision of a clock description.
fn texts(mut data: Reader<'_>) -> Option<[&[u8]; 2]> {
    data.skip(2)?; // clock type
    text(&mut data)?; // physical layer
    let physical = data.be16()?;
    data.skip(physical.into())?;
    data.skip(2)?; // network protocol
    let address = data.be16()?;
    data.skip(address.into())?;
    data.skip(4)?; // manufacturer, reserved
    Some([text(&mut data)?, text(&mut data)?])
}

fn text<'a>(data: &mut Reader<'a>) -> Option<&'a [u8]> {
    let length = data.u8()?;
    data.take(length.into())
}
