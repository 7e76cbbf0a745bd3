//! OMRON FINS, in UDP datagrams and in FINS/TCP.
//!
//! ```text
//! FINS/TCP  0-3 "FINS" · 4-7 length of what follows · 8-11 command · 12-15 error · 16- frame
//! UDP       one frame per datagram
//! ```
//! Commands with the memory, parameters, program bytes or files that they act on, what they carry
//! of those (`carried.rs`), and end codes by name; the map of a frame is in `frame.rs`, that of
//! addresses in `area.rs`. Of several places the first is shown, and how many follow.
//! Sources: OMRON W342, W227, and W421 section 7-4.

mod area;
mod carried;
pub mod codes;
mod frame;
#[cfg(test)]
mod tests;

use arrayvec::ArrayVec;

use self::area::Values;
use self::carried::{Carried, FileName};
use self::frame::{FRAME_BYTES_MAX, Frame, HEADER_BYTES, Request, What};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "fins",
    title: "OMRON FINS",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Udp(9600), Hint::Tcp(9600)],
    operations: &[codes::COMMANDS, codes::TRANSPORT],
    identify: Some(identify),
    open: || Box::<Fins>::default(),
};

/// First bytes of every FINS/TCP header.
const MAGIC: &[u8; 4] = b"FINS";
/// Bytes of magic and length.
const PREFIX_BYTES: usize = 8;
/// What the length counts before the frame: command and error.
const LENGTH_MIN: u32 = 8;
/// Command of FINS/TCP that carries a frame.
const FRAME_SEND: u32 = 2;
/// Requests kept for pairing; clients keep few open, service ids tell them apart.
const REQUESTS_MAX: usize = 8;
/// Bytes of model and of version in the answer to CONTROLLER DATA READ (W342 5-3-17).
const TEXT_BYTES: usize = 20;

const SHORT: Anomaly = Anomaly::malformed("frame is shorter than a fins header");
const NO_END_CODE: Anomaly = Anomaly::malformed("response without an end code");
const RELAYED: Anomaly = Anomaly::oddity("end code tells an error in a relay");
const CPU: Anomaly = Anomaly::oddity("end code tells an error in the cpu unit");

/// What a response does not repeat.
#[derive(Clone, Copy)]
struct Asked {
    /// Space, first and count, if it named numbered cells.
    range: Option<(&'static str, u32, u32)>,
    place: Option<area::Place>,
    file: Option<FileName>,
    /// CONTROLLER DATA READ asked for the model, not for the second block.
    first_block: bool,
}

/// One conversation.
#[derive(Default)]
struct Fins {
    /// FINS/TCP headers were seen: bytes without one are no frame.
    stream: bool,
    asked: Pending<(u8, u16), Asked, REQUESTS_MAX>,
}

impl Session for Fins {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if bytes.len() < MAGIC.len() && MAGIC.starts_with(bytes) {
            return Step::Need(PREFIX_BYTES);
        }
        if !bytes.starts_with(MAGIC) {
            let frame = Frame::read(bytes).filter(|frame| !self.stream && frame.plausible());
            let Some(frame) = frame else { return Step::Lost };
            self.frame(&frame, out);
            return Step::Read(bytes.len());
        }
        let header = match Header::read(bytes) {
            Ok(header) => header,
            Err(step) => return step,
        };
        self.stream = true;
        match Frame::read(header.body) {
            Some(frame) if header.command == FRAME_SEND && header.error == 0 => {
                self.frame(&frame, out);
            }
            _ => transport(&header, from, out),
        }
        Step::Read(header.bytes)
    }
}

impl Fins {
    fn frame(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        if frame.is_response() {
            self.response(frame, out);
        } else {
            self.request(frame, out);
        }
    }

    fn request(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let request = Request::read(frame.command, frame.data);
        let (place, range) = match request.what {
            What::Memory(place) => (Some(place), None),
            What::Words { space, first, count } => (None, Some((space, first, count))),
            What::Nothing | What::Several(_) | What::File(_) | What::Named(_) => (None, None),
        };
        if frame.wants_response() {
            let first_block = frame.data.rest() != [1];
            let file = match request.what {
                What::File(file) => file.name.try_into().ok(),
                What::Nothing
                | What::Memory(_)
                | What::Several(_)
                | What::Words { .. }
                | What::Named(_) => None,
            };
            let asked = Asked { range, place, file, first_block };
            self.asked.insert((frame.service, frame.command), asked);
        }
        let carried = Carried::sent(frame.command, frame.data);
        let piece = carried.as_ref().map(|carried| carried.piece(Side::Server));
        let mut anomalies = request.anomalies;
        let _ = frame.anomaly().map(|anomaly| anomalies.try_push(anomaly));
        out.message(&Message {
            values: request.values.as_ref().map(|values| values as &dyn std::fmt::Display),
            anomalies: &anomalies,
            piece: piece.as_ref(),
            ..base(frame, Kind::Request).on(request.what.object())
        });
    }

    fn response(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let asked = self.asked.take(&(frame.service, frame.command));
        let mut anomalies = ArrayVec::<Anomaly, 6>::new();
        let _ = frame.anomaly().map(|anomaly| anomalies.try_push(anomaly));
        if asked.is_none() {
            anomalies.push(Anomaly::UNASKED);
        }
        let mut data = frame.data;
        let end_code = data.be16();
        let (code, flags) = end_code.map_or((0, 0), |end_code| {
            (end_code & !codes::END_CODE_FLAGS, end_code & codes::END_CODE_FLAGS)
        });
        if end_code.is_none() {
            anomalies.push(NO_END_CODE);
        }
        if flags & 0x8000 != 0 {
            anomalies.push(RELAYED);
        }
        if flags & 0x00c0 != 0 {
            anomalies.push(CPU);
        }
        let place = asked.and_then(|asked| asked.place);
        let object = match asked {
            Some(Asked { place: Some(_), .. }) => {
                place.as_ref().map_or(Object::Nothing, area::Place::object)
            }
            Some(Asked { range: Some((space, first, count)), .. }) => {
                Object::Range { space, first, count }
            }
            _ => Object::Nothing,
        };
        let values = place
            .filter(|_| frame.command == 0x0101 && code == 0)
            .map(|place| Values { cell: place.cell, bytes: data.rest() });
        let name = asked.and_then(|asked| asked.file);
        let carried = Carried::answered(frame.command, name, data).filter(|_| code == 0);
        let piece = carried.as_ref().map(|carried| carried.piece(Side::Client));
        let first_block = asked.is_none_or(|asked| asked.first_block);
        let told = Identity::read(frame.command, data).filter(|_| code == 0 && first_block);
        let facts = told.as_ref().map(Identity::facts);
        out.message(&Message {
            outcome: Outcome::from_code(code.into(), codes::end_code(code)),
            values: values.as_ref().map(|values| values as &dyn std::fmt::Display),
            anomalies: &anomalies,
            facts: facts.as_ref().map_or(&[], |facts| facts.as_slice()),
            piece: piece.as_ref(),
            ..base(frame, Kind::Response).on(object)
        });
    }
}

/// What request and response have in common.
fn base<'a>(frame: &Frame<'_>, kind: Kind) -> Message<'a> {
    let operation =
        Operation::find(codes::COMMANDS, frame.command.into()).unwrap_or(&codes::UNLISTED);
    let message = Message::new(Protocol::FINS, kind, operation, frame.command.into());
    Message { unit: Some(frame.unit()), ..message.with_id(frame.service.into()) }
}

/// What a controller tells of itself.
struct Identity<'a> {
    model: Text<'a>,
    version: Text<'a>,
}

impl<'a> Identity<'a> {
    fn read(command: u16, mut data: Reader<'a>) -> Option<Self> {
        if command != codes::CONTROLLER_DATA_READ {
            return None;
        }
        let (model, version) = (data.take(TEXT_BYTES)?, data.take(TEXT_BYTES)?);
        let text = |byte: &u8| matches!(byte, 0 | b' '..=b'~');
        let (model_text, version_text) = (Text::trimmed(model), Text::trimmed(version));
        (model.iter().chain(version).all(text) && !model_text.0.is_empty())
            .then_some(Self { model: model_text, version: version_text })
    }

    fn facts(&self) -> [Fact<'_>; 4] {
        let about = Subject::Sender;
        let identity = |field, value| Fact::Identity { about, field, value };
        [
            identity(Field::Vendor, &"OMRON"),
            identity(Field::Product, &self.model),
            identity(Field::Firmware, &self.version),
            Fact::Role { about, role: Role::Plc, reason: "answers FINS controller data read" },
        ]
    }
}

/// A FINS/TCP header and what it carries.
struct Header<'a> {
    command: u32,
    error: u32,
    body: &'a [u8],
    bytes: usize,
}

impl<'a> Header<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Step> {
        let mut reader = Reader::new(bytes);
        let _magic: Option<[u8; 4]> = reader.array();
        let length = reader.be32().ok_or(Step::Need(PREFIX_BYTES))?;
        let size = usize::try_from(length).map_err(|_| Step::Lost)?;
        if length < LENGTH_MIN || size > 8 + FRAME_BYTES_MAX {
            return Err(Step::Lost);
        }
        let bytes = PREFIX_BYTES + size;
        let mut body = reader.sub(size).ok_or(Step::Need(bytes))?;
        match (body.be32(), body.be32()) {
            (Some(command), Some(error)) => Ok(Self { command, error, body: body.rest(), bytes }),
            _ => Err(Step::Lost),
        }
    }
}

/// What FINS/TCP says itself: node addresses, and frames that cannot be read.
fn transport(header: &Header<'_>, from: Side, out: &mut dyn Sink) {
    let operation = Operation::find(codes::TRANSPORT, header.command).unwrap_or(&codes::UNLISTED);
    let kind = match (header.command, from) {
        (1, _) => Kind::Response,
        (3, _) => Kind::Notice,
        (_, Side::Client) => Kind::Request,
        (_, Side::Server) => Kind::Response,
    };
    let error = Outcome::from_code(header.error, codes::transport_error(header.error));
    let outcome = if kind == Kind::Request && header.error == 0 { Outcome::Open } else { error };
    let short = header.command == FRAME_SEND && header.body.len() < HEADER_BYTES;
    let anomalies: &[Anomaly] = if short { &[SHORT] } else { &[] };
    let message = Message::new(Protocol::FINS, kind, operation, header.command);
    out.message(&message.ended(outcome).with_anomalies(anomalies));
}

/// FINS/TCP has a magic word. A datagram has none: every field of its header must be one that a
/// node would send, and away from the usual port the command must be listed and the length fit.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport == Transport::Tcp {
        return match Header::read(probe.bytes) {
            _ if !MAGIC.starts_with(probe.bytes) && !probe.bytes.starts_with(MAGIC) => Guess::No,
            Ok(header) if header.command <= 6 => Guess::Yes(match header.command {
                0 => Some(Side::Client),
                1 => Some(Side::Server),
                _ => Frame::read(header.body).map(side),
            }),
            Err(Step::Need(_)) => Guess::More,
            Ok(_) | Err(_) => Guess::No,
        };
    }
    if probe.transport != Transport::Udp || probe.bytes.len() > FRAME_BYTES_MAX {
        return Guess::No;
    }
    match Frame::read(probe.bytes).filter(Frame::plausible) {
        Some(frame) if certain(&frame) || probe.hinted && frame.icf & 0x80 != 0 => {
            Guess::Yes(Some(side(frame)))
        }
        _ => Guess::No,
    }
}

const fn side(frame: Frame<'_>) -> Side {
    if frame.is_response() { Side::Server } else { Side::Client }
}

/// Whether a datagram away from the usual port can be nothing else.
fn certain(frame: &Frame<'_>) -> bool {
    let listed = Operation::find(codes::COMMANDS, frame.command.into()).is_some();
    let gateways = matches!(frame.gateways, 2 | 7);
    let fits = if frame.is_response() {
        let mut data = frame.data;
        data.be16().is_some_and(|code| {
            let code = code & !codes::END_CODE_FLAGS;
            code == 0 || !codes::end_code(code).is_empty()
        })
    } else {
        Request::read(frame.command, frame.data).anomalies.is_empty()
    };
    frame.icf & 0x80 != 0 && gateways && listed && fits
}
