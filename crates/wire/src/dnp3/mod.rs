//! DNP3 over TCP and UDP: link frames, transport segments, application fragments.
//!
//! ```text
//! 0    application control: bits 7 first, 6 final, 5 confirm, 4 unsolicited, 3-0 sequence
//! 1    function · of responses 2-3 internal indications
//! 2-   object headers, see `object.rs`; the map of a frame is in `link.rs`
//! ```
//! Fragments are put together from their segments, up to 2048 bytes per direction. Values of
//! points are not shown, controls are; secure authentication is not checked. Source: IEEE Std
//! 1815-2012.

pub mod codes;
mod link;
mod object;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::{ArrayString, ArrayVec};

use self::link::Link;
use self::object::{Header, Headers};
use crate::message::{Anomaly, Kind, Message, Object, Outcome};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Pending, Reader};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "dnp3",
    title: "DNP3",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(20000), Hint::Udp(20000)],
    operations: &[codes::FUNCTIONS, codes::WRITES, codes::LINK_FUNCTIONS],
    identify: Some(identify),
    open: || Box::<Dnp3>::default(),
};

/// Most bytes of a fragment that every station must take (IEEE 1815 4.2.2.1).
const FRAGMENT_BYTES_MAX: usize = 2048;
/// Requests kept for pairing; a master has one open to an outstation.
const REQUESTS_MAX: usize = 8;

const CHECKSUM: Anomaly = Anomaly::malformed("checksum of user data does not match");
const SEGMENT: Anomaly = Anomaly::violation("segment does not follow the one before");
const TOO_LONG: Anomaly = Anomaly::violation("fragment passes 2048 bytes");
const EMPTY: Anomaly = Anomaly::malformed("no application header");
const OBJECTS: Anomaly = Anomaly::malformed("object headers do not fit the message");
const LINK_FUNCTION: Anomaly = Anomaly::violation("link function is not listed");

/// A fragment under way in one direction.
#[derive(Default)]
struct Fragment {
    bytes: ArrayVec<u8, FRAGMENT_BYTES_MAX>,
    /// Sequence number of the next segment; `None` if none is awaited.
    next: Option<u8>,
    anomalies: ArrayVec<Anomaly, 4>,
}

impl Fragment {
    fn say(&mut self, anomaly: Anomaly) {
        if !self.anomalies.contains(&anomaly) {
            let _ = self.anomalies.try_push(anomaly);
        }
    }

    /// Takes one segment; whether it is the last.
    fn take(&mut self, link: &Link<'_>) -> bool {
        let mut last = false;
        for (place, (block, right)) in link.blocks().enumerate() {
            let block = if let ([header, rest @ ..], 0) = (block, place) {
                last = header & 0x80 != 0;
                self.begin(*header);
                rest
            } else {
                block
            };
            if !right {
                self.say(CHECKSUM);
            }
            let room = self.bytes.remaining_capacity();
            if block.len() > room {
                self.say(TOO_LONG);
            }
            let _ = self.bytes.try_extend_from_slice(block.get(..room).unwrap_or(block));
        }
        last
    }

    fn begin(&mut self, header: u8) {
        let sequence = header & 0x3f;
        if header & 0x40 != 0 {
            self.bytes.clear();
            self.anomalies.clear();
        } else if self.next != Some(sequence) {
            self.say(SEGMENT);
        }
        self.next = Some((sequence + 1) & 0x3f);
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.anomalies.clear();
        self.next = None;
    }
}

/// Master and outstation, then sequence number.
type Key = (u16, u16, u8);

/// One conversation.
#[derive(Default)]
struct Dnp3 {
    /// Of the master and of the outstation.
    fragments: [Fragment; 2],
    asked: Pending<Key, &'static Operation, REQUESTS_MAX>,
}

impl Session for Dnp3 {
    fn parse(&mut self, _from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let link = match Link::read(bytes) {
            Ok(link) => link,
            Err(step) => return step,
        };
        if !link.has_user_data() {
            status(&link, out);
            return Step::Read(link.bytes);
        }
        let [master, outstation] = &mut self.fragments;
        let fragment = if link.is_from_master() { master } else { outstation };
        if fragment.take(&link) {
            application(&mut self.asked, &link, fragment, out);
            fragment.clear();
        }
        Step::Read(link.bytes)
    }

    fn gap(&mut self, _from: Side) {
        self.fragments.iter_mut().for_each(Fragment::clear);
    }
}

/// A link frame without user data.
fn status(link: &Link<'_>, out: &mut dyn Sink) {
    let (kind, code) = match link.is_primary() {
        true => (Kind::Request, u32::from(link.function())),
        false => (Kind::Response, 0x100 + u32::from(link.function())),
    };
    let listed = Operation::find(codes::LINK_FUNCTIONS, code);
    let anomalies: &[Anomaly] = if listed.is_none() { &[LINK_FUNCTION] } else { &[] };
    let message = Message::new(Protocol::DNP3, kind, listed.unwrap_or(&codes::UNLISTED), code);
    let unit = Some(outstation(link));
    out.message(&Message { unit, ..message.with_anomalies(anomalies) });
}

const fn outstation(link: &Link<'_>) -> u16 {
    if link.is_from_master() { link.target } else { link.source }
}

/// One whole fragment.
fn application(
    asked: &mut Pending<Key, &'static Operation, REQUESTS_MAX>,
    link: &Link<'_>,
    fragment: &Fragment,
    out: &mut dyn Sink,
) {
    let mut anomalies = fragment.anomalies.clone();
    let mut reader = Reader::new(&fragment.bytes);
    let (Some(control), Some(function)) = (reader.u8(), reader.u8()) else {
        let _ = anomalies.try_push(EMPTY);
        let message = Message::new(Protocol::DNP3, Kind::Notice, &codes::UNLISTED, 255);
        out.message(&message.with_anomalies(&anomalies));
        return;
    };
    let master = if link.is_from_master() { link.source } else { link.target };
    let key = (master, outstation(link), control & 0x0f);
    let response = matches!(function, 129 | 131);
    let iin = (function >= 129).then(|| reader.be16().unwrap_or(0));
    // only these requests have headers without objects behind them
    let bare = matches!(function, 1 | 7..=12 | 20..=22);
    let mut headers = Headers::new(reader.rest(), bare);
    let all = headers;
    let first = headers.next();
    let own = operation(function, first.as_ref());
    let operation = if response {
        asked.take(&key).unwrap_or_else(|| {
            let _ = anomalies.try_push(Anomaly::UNASKED);
            own
        })
    } else {
        own
    };
    let mut rest = headers;
    let single = rest.next().is_none() && !rest.broken;
    rest.by_ref().for_each(drop);
    let broken = rest.broken;
    if broken && !anomalies.contains(&CHECKSUM) {
        let _ = anomalies.try_push(OBJECTS);
    }
    let kind = match function {
        0 | 130 => Kind::Notice,
        129 | 131 => Kind::Response,
        _ => Kind::Request,
    };
    if kind == Kind::Request && !matches!(function, 6 | 8 | 10 | 12 | 33) {
        asked.insert(key, own);
    }
    let space = first.map(|header| space(&header)).unwrap_or_default();
    let object = match first.and_then(|header| header.points) {
        Some((first, count)) if single => Object::Range { space: &space, first, count },
        _ if first.is_some() => Object::Named(&all),
        _ => Object::Nothing,
    };
    let values = Values { control: first.and_then(|header| header.control()), iin };
    let message = Message::new(Protocol::DNP3, kind, operation, function.into()).on(object);
    out.message(&Message {
        unit: Some(outstation(link)),
        id: Some((control & 0x0f).into()),
        outcome: if response { outcome(iin.unwrap_or(0), first) } else { Outcome::Open },
        values: values.any().then_some(&values),
        anomalies: &anomalies,
        ..message
    });
}

fn operation(function: u8, first: Option<&Header<'_>>) -> &'static Operation {
    let write = first.filter(|_| function == 2).and_then(|header| codes::write(header.group));
    write.or_else(|| Operation::find(codes::FUNCTIONS, function.into())).unwrap_or(&codes::UNLISTED)
}

/// The space of numbered points that a header names: `g12v1`.
fn space(header: &Header<'_>) -> ArrayString<8> {
    let mut space = ArrayString::new();
    let _ =
        fmt::Write::write_fmt(&mut space, format_args!("g{}v{}", header.group, header.variation));
    space
}

/// Refused by an indication, or by the status of the first control.
fn outcome(iin: u16, first: Option<Header<'_>>) -> Outcome {
    let refusal = codes::refusal(iin);
    if !refusal.is_empty() {
        return Outcome::Error { code: iin.into(), name: refusal };
    }
    let status = first.and_then(|header| header.status()).unwrap_or(0);
    Outcome::from_code(status.into(), codes::control_status(status))
}

/// What a control does, and what a response indicates.
struct Values {
    /// Operation code and status of the first control.
    control: Option<(u8, u8)>,
    iin: Option<u16>,
}

impl Values {
    fn any(&self) -> bool {
        self.control.is_some() || self.iin.is_some_and(|iin| iin != 0)
    }
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some((code, _)) = self.control {
            let name = match code & 0x0f {
                1 => "pulse on",
                2 => "pulse off",
                3 => "latch on",
                4 => "latch off",
                _ => "nul",
            };
            let trip = match code >> 6 {
                1 => " close",
                2 => " trip",
                _ => "",
            };
            write!(f, "{name}{trip}")?;
            separator = ", ";
        }
        let iin = self.iin.unwrap_or(0);
        for (bit, name) in codes::INDICATIONS.iter().enumerate().rev() {
            if iin >> bit & 1 == 1 {
                write!(f, "{separator}{name}")?;
                separator = ", ";
            }
        }
        Ok(())
    }
}

/// Two start bytes, and the checksum of the header.
fn identify(probe: &Probe<'_>) -> Guess {
    if !matches!(probe.transport, Transport::Tcp | Transport::Udp) {
        return Guess::No;
    }
    match Link::read(probe.bytes) {
        Ok(link) if link.is_from_master() => Guess::Yes(Some(Side::Client)),
        Ok(_) => Guess::Yes(Some(Side::Server)),
        Err(Step::Need(_)) if probe.transport == Transport::Tcp => Guess::More,
        Err(_) => Guess::No,
    }
}
