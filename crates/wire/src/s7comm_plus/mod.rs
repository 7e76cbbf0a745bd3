//! S7comm-plus, the protocol of SIMATIC S7-1200 and S7-1500.
//!
//! ```text
//!  0    1    2      4     (5 + digest)
//!  +----+----+------+-----+--------+---------------------------------+----------
//!  | 72 | ver| len  | digest       | opcode, 0, function, 0, seq ..  | 72 ver 0 0
//!  +----+----+------+-----+--------+---------------------------------+----------
//! ```
//! Big endian; `len` counts digest (version 3 only) and data. A PDU without the trailer goes on in
//! the next one, which is passed over: all that is judged stands in the first. Objects are numbers;
//! those with a known meaning (sessions, program, execution unit) decide the intent. Data protected
//! by TLS inside COTP is `tls record` and unknown. Sources: see [`codes`].

pub mod codes;
mod target;
#[cfg(test)]
mod tests;

use plant::Intent;

use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::s7comm::{Caller, Connection, connection_guess};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Side, Sink, Step, Transport};
use crate::table::{Effect, Operation, Protocol};
use crate::{Pending, Reader, Text, iso_tsap};
use target::{Kept, Target, vlq};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "s7comm-plus",
    title: "Siemens S7comm-plus",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(102)],
    operations: &[codes::FUNCTIONS, codes::SPECIAL, codes::NOTICES, crate::s7comm::codes::COTP],
    identify: Some(identify),
    open: || Box::new(Connection::new(Protocol::S7COMM_PLUS)),
};

/// First byte of every S7comm-plus PDU.
pub(crate) const PROTOCOL_ID: u8 = 0x72;
/// Requests kept for pairing.
const REQUESTS_MAX: usize = 8;

const REQUEST: u8 = 0x31;
const RESPONSE: u8 = 0x32;
const NOTIFICATION: u8 = 0x33;
const RESPONSE_2: u8 = 0x02;

const TRAILER: Anomaly = Anomaly::malformed("trailer is not that of the header");

/// What a request said that its response does not repeat.
#[derive(Clone, Debug)]
struct Asked {
    operation: &'static Operation,
    intent: Intent,
    function: u16,
    target: Kept,
}

/// The state of S7comm-plus in a connection.
#[derive(Default)]
pub(crate) struct Plus {
    asked: Pending<(Side, u16), Asked, REQUESTS_MAX>,
    /// The last PDU of each direction goes on in the next.
    goes_on: [bool; 2],
    server_told: bool,
}

/// A PDU cut out of its frame.
struct Frame<'a> {
    version: u8,
    data: Reader<'a>,
    /// Ends here; else the next PDU goes on.
    last: bool,
    intact: bool,
}

impl<'a> Frame<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        reader.skip(1)?;
        let version = reader.u8()?;
        if version >= 0xfe {
            return Some(Self { version, data: reader, last: true, intact: true });
        }
        let length = reader.be16()?;
        let mut data = reader.sub(length.into())?;
        if version >= 3 {
            let digest = data.u8()?;
            data.skip(digest.into())?;
        }
        let rest = reader.rest();
        let intact = rest.is_empty() || rest == [PROTOCOL_ID, version, 0, 0];
        Some(Self { version, data, last: !rest.is_empty(), intact })
    }
}

impl Plus {
    /// Reads one TSDU that begins with [`PROTOCOL_ID`].
    pub(crate) fn pdu(
        &mut self,
        unit: Option<u16>,
        from: Side,
        bytes: &[u8],
        out: &mut dyn Sink,
    ) -> Result<(), Step> {
        let frame = Frame::read(bytes).ok_or(Step::Lost)?;
        let went_on = match self.goes_on.get_mut(from.index()) {
            Some(goes_on) => std::mem::replace(goes_on, !frame.last),
            None => false,
        };
        if went_on {
            return Ok(());
        }
        let anomalies: &[Anomaly] = if frame.intact { &[] } else { &[TRAILER] };
        let head = Head { unit, from, anomalies };
        let mut data = frame.data;
        let opcode = if frame.version >= 0xfe { Some(frame.version) } else { data.u8() };
        let read = match opcode {
            Some(REQUEST) => self.request(&head, data, out),
            Some(RESPONSE | RESPONSE_2) => self.response(&head, data, out),
            Some(code @ (NOTIFICATION | 0xfe | 0xff)) => notice(&head, code, data, out),
            Some(_) | None => None,
        };
        if read.is_none() {
            let anomalies = &[Anomaly::TRUNCATED];
            // An opcode that is none is what an encrypted PDU looks like: nobody's fault.
            let anomalies = if opcode.is_none() { &anomalies[..] } else { head.anomalies };
            let code = opcode.map_or(0, u32::from);
            let message = Message::new(Protocol::S7COMM_PLUS, Kind::Notice, &codes::UNLISTED, code);
            out.message(&Message { unit, anomalies, ..message });
        }
        Ok(())
    }

    /// Data under TLS.
    pub(crate) fn secured(&mut self, unit: Option<u16>, out: &mut dyn Sink) {
        let operation = codes::notice(0x17);
        let message = Message::new(Protocol::S7COMM_PLUS, Kind::Notice, operation, operation.code);
        out.message(&Message { unit, ..message });
    }

    /// Bytes of `from` were lost.
    pub(crate) fn gap(&mut self, from: Side) {
        if let Some(goes_on) = self.goes_on.get_mut(from.index()) {
            *goes_on = false;
        }
    }

    fn request(&mut self, head: &Head<'_>, mut data: Reader<'_>, out: &mut dyn Sink) -> Option<()> {
        let (function, sequence) = function(&mut data)?;
        let session = data.be32()?;
        data.skip(1)?; // transport flags
        let target = Target::read(function, data);
        let (operation, intent) = judge(function, &target, session);
        let kept = Kept::from(&target);
        let asked = Asked { operation, intent, function, target: kept };
        self.asked.insert((head.from, sequence), asked);
        let session = Session(session);
        let login = Fact::Credential {
            scheme: "S7comm-plus legitimation",
            account: &"",
            cleartext: false,
            default: false,
        };
        let logs_in = operation.effect == Effect::Login;
        out.message(&Message {
            intent,
            object: target.object(),
            id: Some(sequence.into()),
            unit: head.unit,
            values: Some(&session),
            anomalies: head.anomalies,
            facts: if logs_in { std::slice::from_ref(&login) } else { &[] },
            ..Message::new(Protocol::S7COMM_PLUS, Kind::Request, operation, function.into())
        });
        Some(())
    }

    fn response(
        &mut self,
        head: &Head<'_>,
        mut data: Reader<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        let (function, sequence) = function(&mut data)?;
        data.skip(1)?; // transport flags
        let value = vlq(&mut data);
        let asked = self.asked.take(&(head.from.other(), sequence));
        let asked = asked.filter(|asked| asked.function == function);
        let unasked = [Anomaly::UNASKED];
        let anomalies = if asked.is_none() { &unasked[..] } else { head.anomalies };
        let asked = asked.unwrap_or_else(|| {
            let (operation, intent) = judge(function, &Target::Nothing, 0);
            Asked { operation, intent, function, target: Kept::default() }
        });
        let target = asked.target.target();
        let texts = identity(head.from, function, data.rest());
        let mut facts = arrayvec::ArrayVec::<Fact<'_>, 3>::new();
        if head.from == Side::Server && !self.server_told {
            self.server_told = true;
            let (about, role) = (Subject::Sender, Role::Plc);
            facts.push(Fact::Role { about, role, reason: "answers S7comm-plus" });
        }
        if let Some([order, firmware]) = &texts {
            for (field, value) in [(Field::OrderCode, order), (Field::Firmware, firmware)] {
                facts.push(Fact::Identity { about: Subject::Sender, field, value });
            }
        }
        out.message(&Message {
            intent: asked.intent,
            object: target.object(),
            outcome: value.map_or(Outcome::Ok, outcome),
            id: Some(sequence.into()),
            unit: head.unit,
            anomalies,
            facts: &facts,
            ..Message::new(Protocol::S7COMM_PLUS, Kind::Response, asked.operation, function.into())
        });
        Some(())
    }
}

/// What all messages of a PDU share.
struct Head<'a> {
    unit: Option<u16>,
    from: Side,
    anomalies: &'a [Anomaly],
}

/// Reserved word, function, reserved word, sequence number.
fn function(data: &mut Reader<'_>) -> Option<(u16, u16)> {
    data.skip(2)?;
    let function = data.be16()?;
    data.skip(2)?;
    Some((function, data.be16()?))
}

fn notice(head: &Head<'_>, code: u8, mut data: Reader<'_>, out: &mut dyn Sink) -> Option<()> {
    let subscription = Target::Object(data.be32().unwrap_or(0));
    let object = if code == NOTIFICATION { subscription.object() } else { Object::Nothing };
    let operation = codes::notice(code);
    out.message(&Message {
        object,
        unit: head.unit,
        anomalies: head.anomalies,
        ..Message::new(Protocol::S7COMM_PLUS, Kind::Notice, operation, code.into())
    });
    Some(())
}

/// The number of the session that a request belongs to.
struct Session(u32);

impl std::fmt::Display for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "session 0x{:x}", self.0)
    }
}

/// The row and the intent of `function` on `target`. What a client does to its own session and to
/// subscriptions is housekeeping; what other objects made at run time are is not known.
fn judge(function: u16, target: &Target<'_>, session: u32) -> (&'static Operation, Intent) {
    let row = Operation::find(codes::FUNCTIONS, function.into()).unwrap_or(&codes::UNLISTED);
    let special = special(function, target).unwrap_or(row);
    if special != row {
        return (special, special.intent);
    }
    let own = |object| object != 0 && object == session;
    let intent = match (function, *target) {
        (0x04ca, Target::Parent { class: codes::SUBSCRIPTION, .. }) => Intent::Observe,
        (0x04d4 | 0x04f2 | 0x0542, target) if target.of().is_some_and(own) => Intent::Session,
        (0x04f2, Target::Attribute { object, attribute, .. }) if target::is_dynamic(object) => {
            let known = codes::is_of_subscription(attribute);
            if known { Intent::Session } else { Intent::Unknown }
        }
        (0x0542, target) if target.of().is_some_and(target::is_dynamic) => Intent::Unknown,
        (0x04d4, Target::Object(object)) if target::is_block(object) => Intent::Program,
        _ => row.intent,
    };
    (row, intent)
}

/// The row of what `function` does to a well-known object.
fn special(function: u16, target: &Target<'_>) -> Option<&'static Operation> {
    match (function, *target) {
        (0x04ca, target) => match target.of()? {
            codes::SESSIONS => Some(&codes::CREATE_SESSION),
            codes::PROGRAM => Some(&codes::CREATE_BLOCK),
            _ => None,
        },
        (0x04f2, Target::Attribute { attribute, .. })
            if codes::LEGITIMATIONS.contains(&attribute) =>
        {
            Some(&codes::LEGITIMATION)
        }
        (0x04f2, Target::Attribute { object, attribute, value })
            if (object, attribute) == (codes::EXECUTION_UNIT, codes::OPERATING_STATE) =>
        {
            match value? {
                1 => Some(&codes::CPU_STOP),
                3 => Some(&codes::CPU_START),
                _ => None,
            }
        }
        _ => None,
    }
}

/// How a response ended: the low 16 bits of its return value are signed, and an error if negative.
fn outcome(value: u64) -> Outcome {
    let [.., high, low] = value.to_be_bytes();
    let code = i16::from_be_bytes([high, low]);
    if code >= 0 {
        return Outcome::Ok;
    }
    Outcome::Error { code: u16::from_be_bytes([high, low]).into(), name: codes::error(code) }
}

/// Order number and firmware in the answer to the creation of a session, where the server tells
/// its version: attribute 319, a text as `1;6ES7 211-1BE31-0XB0 ;V3.0`.
fn identity(from: Side, function: u16, data: &[u8]) -> Option<[Text<'_>; 2]> {
    const VERSION: &[u8] = &[0x82, 0x3f, 0x00, 0x15];
    if (from, function) != (Side::Server, 0x04ca) {
        return None;
    }
    let start = data.windows(VERSION.len()).position(|window| window == VERSION)?;
    let mut reader = Reader::new(data);
    reader.skip(start + VERSION.len())?;
    let length = reader.u8()?;
    let mut parts = reader.take(length.into())?.split(|byte| *byte == b';').skip(1);
    Some([Text::trimmed(parts.next()?), Text::trimmed(parts.next()?)])
}

/// Whether user data that begins so is a TLS record (content type, then version 3.1 to 3.4).
pub(crate) fn is_tls(bytes: &[u8]) -> bool {
    matches!(bytes, [0x14..=0x17, 3, 1..=4, ..])
}

/// The first byte and the version are weak, so length and opcode must fit too; a PDU that goes on
/// from one not seen, and TLS records, count with a hint only.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let data = match iso_tsap::first_data(probe.bytes) {
        Ok(data) => data,
        Err(Step::Need(_)) => return connection_guess(probe.bytes, probe.hinted, Caller::Plus),
        Err(Step::Lost | Step::Read(_)) => return Guess::No,
    };
    let weak = if probe.hinted { Guess::Yes(None) } else { Guess::No };
    if is_tls(data) {
        return weak;
    }
    let known = matches!(data, [PROTOCOL_ID, 1..=3 | 0xfe..=0xff, ..]);
    let Some(frame) = Frame::read(data).filter(|_| known) else { return Guess::No };
    match (frame.version, frame.data.rest()) {
        (1..=3, [REQUEST, 0, 0, ..]) => Guess::Yes(Some(Side::Client)),
        (1..=3, [RESPONSE | RESPONSE_2, 0, 0, ..] | [NOTIFICATION, ..]) => {
            Guess::Yes(Some(Side::Server))
        }
        _ => weak,
    }
}
