//! Mitsubishi MELSEC: SLMP, and the MC protocol in 3E and 4E frames, over TCP and UDP.
//!
//! Binary and ASCII frames with the devices that they read and write, remote control, files, and
//! end codes by name; the map of a frame is in `frame.rs`, those of devices in `device.rs` and
//! `several.rs`. It deliberately does not read MELSOFT, which engineering tools speak on ports
//! 5000 to 5562 (57 00 .. 11 11 and d7 00 ..), nor the older 1E frames, nor what files hold.
//! Source: Mitsubishi Electric SH-080956ENG "SLMP Reference Manual".

pub mod codes;
mod device;
mod frame;
mod several;
#[cfg(test)]
mod tests;

use arrayvec::ArrayVec;

use self::device::{Place, Values};
use self::frame::Frame;
use self::several::Several;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "melsec",
    title: "MELSEC SLMP / MC protocol",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Peer("pymcprotocol"),
    hints: &[
        Hint::Tcp(5000),
        Hint::Tcp(5001),
        Hint::Tcp(5002),
        Hint::Tcp(5006),
        Hint::Tcp(5007),
        Hint::Udp(5000),
        Hint::Udp(5001),
        Hint::Udp(5006),
        Hint::Udp(5007),
    ],
    operations: &[codes::COMMANDS],
    identify: Some(identify),
    open: || Box::<Melsec>::default(),
};

/// Requests kept for pairing: 3E clients ask one at a time, 4E clients number them.
const REQUESTS_MAX: usize = 8;
/// Characters of a CPU model (SLMP 5.6, read type name).
const MODEL_BYTES: usize = 16;

const DEVICE: Anomaly = Anomaly::violation("device is not listed or cut short");
const ROUTE: Anomaly = Anomaly::violation("access route is not listed");
const POINTS: Anomaly = Anomaly::malformed("number of points does not match the data");

/// What a response does not repeat.
#[derive(Clone, Copy)]
struct Asked {
    command: u16,
    place: Option<Place>,
}

/// One conversation.
#[derive(Default)]
struct Melsec {
    asked: Pending<Option<u16>, Asked, REQUESTS_MAX>,
}

impl Session for Melsec {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let frame = match Frame::read(bytes) {
            Ok(frame) => frame,
            Err(step) => return step,
        };
        if frame.response {
            self.response(&frame, out);
        } else if self.request(&frame, out).is_none() {
            return Step::Lost;
        }
        Step::Read(frame.bytes)
    }

    fn gap(&mut self, _from: Side) {
        self.asked.clear();
    }
}

impl Melsec {
    /// `None` if the body is no command: ASCII frames with other characters than digits.
    fn request(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) -> Option<()> {
        let mut data = frame.body;
        let (command, subcommand) = (data.u16()?, data.u16()?);
        let operation = operation(command);
        let mut anomalies = ArrayVec::<Anomaly, 4>::new();
        let mut place = None;
        let mut values = None;
        if matches!(command, 0x0401 | 0x1401) && subcommand & 0xfffc == 0 {
            place = Place::read(&mut data, subcommand);
            if place.is_none() {
                anomalies.push(DEVICE);
            }
        }
        if let (0x1401, Some(place)) = (command, place) {
            let bits = place.bits.then_some(place.count);
            values = Some(Values { data, bits });
            if place.bytes(frame.body.ascii) != data.reader.len() {
                anomalies.push(POINTS);
            }
        }
        let several = Several::read(command, subcommand, data);
        if several.is_some_and(|several| !several.fits()) {
            anomalies.push(POINTS);
        }
        if !frame.plausible() {
            anomalies.push(ROUTE);
        }
        self.asked.insert(frame.serial, Asked { command, place });
        let forced = matches!(command, 0x1001 | 0x1003) && data.u16() == Some(3);
        let object = match (&place, &several) {
            (Some(place), _) => place.object(),
            (None, Some(several)) => Object::Named(several),
            (None, None) if forced => Object::Named(&"forced"),
            (None, None) => Object::Nothing,
        };
        // The password follows its length; it crosses in the clear.
        let facts = [Fact::Credential {
            scheme: "SLMP remote password",
            account: &"remote password",
            cleartext: true,
            default: false,
        }];
        let message = base(frame, operation, command, Kind::Request).on(object);
        out.message(&Message {
            values: values.as_ref().map(|values| values as &dyn std::fmt::Display),
            anomalies: &anomalies,
            facts: if command == codes::REMOTE_PASSWORD_UNLOCK { &facts } else { &[] },
            ..message
        });
        Some(())
    }

    fn response(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let asked = self.asked.take(&frame.serial);
        let mut anomalies = ArrayVec::<Anomaly, 4>::new();
        if asked.is_none() {
            anomalies.push(Anomaly::UNASKED);
        }
        // an error repeats the route and the command that failed (SLMP 4.3)
        let repeated = (frame.end_code != 0).then(|| failed(frame)).flatten();
        let command = asked.map(|asked| asked.command).or(repeated);
        let operation = command.map_or(&codes::RESPONSE, operation);
        let place = asked.and_then(|asked| asked.place);
        let ok = frame.end_code == 0;
        let values = place
            .filter(|_| ok && command == Some(0x0401))
            .map(|place| Values { data: frame.body, bits: place.bits.then_some(place.count) });
        if let Some(place) = place.filter(|_| values.is_some())
            && place.bytes(frame.body.ascii) != frame.body.reader.len()
        {
            anomalies.push(POINTS);
        }
        let model = (ok && command == Some(codes::READ_TYPE_NAME)).then(|| {
            let mut reader = frame.body.reader;
            reader.take(MODEL_BYTES).map(Text::trimmed)
        });
        let facts = model.flatten().map(|model| (model, Subject::Sender));
        let facts = facts.as_ref().map(|(model, about)| identity(model, *about));
        let object = place.as_ref().map_or(Object::Nothing, Place::object);
        let message = base(frame, operation, command.unwrap_or(0), Kind::Response).on(object);
        out.message(&Message {
            outcome: Outcome::from_code(frame.end_code.into(), codes::end_code(frame.end_code)),
            values: values.as_ref().map(|values| values as &dyn std::fmt::Display),
            anomalies: &anomalies,
            facts: facts.as_ref().map_or(&[], |facts| facts.as_slice()),
            ..message
        });
    }
}

/// What the answer to READ TYPE NAME tells.
fn identity<'a>(model: &'a Text<'_>, about: Subject) -> [Fact<'a>; 3] {
    let vendor = Fact::Identity { about, field: Field::Vendor, value: &"Mitsubishi Electric" };
    let product = Fact::Identity { about, field: Field::Product, value: model };
    [vendor, product, Fact::Role { about, role: Role::Plc, reason: "answers SLMP read type name" }]
}

/// The command that an error response repeats behind the route.
fn failed(frame: &Frame<'_>) -> Option<u16> {
    let mut body = frame.body;
    body.number(2)?;
    body.number(3)?;
    body.u16()
}

fn operation(command: u16) -> &'static Operation {
    Operation::find(codes::COMMANDS, command.into()).unwrap_or(&codes::UNLISTED)
}

/// What request and response have in common.
fn base<'a>(
    frame: &Frame<'_>,
    operation: &'static Operation,
    command: u16,
    kind: Kind,
) -> Message<'a> {
    let message = Message::new(Protocol::MELSEC, kind, operation, command.into());
    let unit = Some(u16::from_be_bytes([frame.network, frame.station]));
    Message { unit, id: frame.serial.map(u32::from), ..message }
}

/// Subheader, length and route must fit; of requests also the command. A response away from the
/// usual ports must come by TCP and say that all is well, or why not: in datagrams CC-Link IE
/// Field Basic answers alike.
fn identify(probe: &Probe<'_>) -> Guess {
    if !matches!(probe.transport, Transport::Tcp | Transport::Udp) {
        return Guess::No;
    }
    let frame = match Frame::read(probe.bytes) {
        Ok(frame) => frame,
        Err(Step::Need(_)) if probe.hinted && probe.transport == Transport::Tcp => {
            return Guess::More;
        }
        Err(_) => return Guess::No,
    };
    let whole = frame.bytes == probe.bytes.len();
    if !frame.plausible() || !(whole || probe.hinted && probe.transport == Transport::Tcp) {
        return Guess::No;
    }
    if frame.response {
        let named = frame.end_code == 0 || !codes::end_code(frame.end_code).is_empty();
        let route = frame.module == 0x03ff && named && probe.transport == Transport::Tcp;
        return if probe.hinted || route { Guess::Yes(Some(Side::Server)) } else { Guess::No };
    }
    let mut body = frame.body;
    match body.u16() {
        Some(command) if *operation(command) != codes::UNLISTED => Guess::Yes(Some(Side::Client)),
        _ => Guess::No,
    }
}
