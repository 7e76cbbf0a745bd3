//! Whether bytes begin an MQTT packet.
//!
//! CONNECT names its protocol and is known on any port, as is a publication to a Sparkplug topic,
//! or one that fills the bytes at hand with a topic of letters. All other packets are weak
//! evidence: they count where a port says MQTT, and when their inner lengths fill the packet.

use super::codes;
use super::packet::{Filters, Fixed, properties, string};
use crate::Reader;
use crate::session::{Guess, Probe, Side, Transport};

/// What the bytes at the start of a packet look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// As a packet of its type; nobody else writes this.
    Certain,
    /// As a packet of its type.
    Fitting,
    /// Nothing contradicts yet.
    Part,
    /// As no packet.
    Foreign,
}

/// Longest of the packets that have only identifiers, reasons and properties; real ones have
/// some tens of bytes.
const SHORT_BYTES_MAX: usize = 4096;

/// Letters of a topic that is evidence by itself.
const PLAIN_LETTERS_MIN: usize = 4;

/// The shape of the packet at the start of `bytes`.
pub(super) fn shape(bytes: &[u8], fixed: Fixed) -> Shape {
    if !fixed.flags_valid() {
        return Shape::Foreign;
    }
    let rest = fixed.bytes - fixed.head;
    let mut body = Reader::new(bytes.get(fixed.head..).unwrap_or_default());
    match fixed.kind {
        codes::CONNECT => connect(body.rest()),
        codes::PUBLISH => publish(body, fixed),
        codes::PINGREQ | codes::PINGRESP if rest == 0 => Shape::Fitting,
        codes::PINGREQ | codes::PINGRESP => Shape::Foreign,
        codes::DISCONNECT if rest == 0 => Shape::Fitting,
        0 => Shape::Foreign,
        _ if rest < 2 && !matches!(fixed.kind, codes::DISCONNECT | codes::AUTH) => Shape::Foreign,
        _ if rest > SHORT_BYTES_MAX => Shape::Foreign,
        codes::CONNACK if body.peek().is_some_and(|flags| flags > 1) => Shape::Foreign,
        _ => match body.sub(rest) {
            Some(body) if fits(fixed, body) => Shape::Fitting,
            Some(_) => Shape::Foreign,
            None => Shape::Part,
        },
    }
}

/// Protocol name and level of a CONNECT.
fn connect(body: &[u8]) -> Shape {
    let names: [&[u8]; 2] = [b"\0\x04MQTT", b"\0\x06MQIsdp"];
    if names.iter().any(|name| body.starts_with(name)) {
        Shape::Certain
    } else if names.iter().any(|name| name.starts_with(body)) {
        Shape::Part
    } else {
        Shape::Foreign
    }
}

fn publish(mut body: Reader<'_>, fixed: Fixed) -> Shape {
    let Some(length) = body.peek_be16().map(usize::from) else { return Shape::Part };
    if fixed.head + 2 + length > fixed.bytes {
        return Shape::Foreign;
    }
    let topic = string(&mut body);
    let at_hand = topic.unwrap_or_else(|| body.rest().get(2..).unwrap_or_default());
    let strange = |byte: &u8| *byte < 0x20 || matches!(byte, 0x7f | b'#' | b'+');
    match topic {
        _ if at_hand.iter().any(strange) => Shape::Foreign,
        Some(topic) if std::str::from_utf8(topic).is_err() => Shape::Foreign,
        Some(topic) if topic.starts_with(b"spBv1.0/") => Shape::Certain,
        Some(_) => Shape::Fitting,
        None => Shape::Part,
    }
}

/// Whether the body of a whole packet has the form of its type in one of the versions.
fn fits(fixed: Fixed, mut body: Reader<'_>) -> bool {
    let reason = |body: &mut Reader<'_>| {
        body.is_empty()
            || body.u8().is_some_and(|code| !codes::reason(code).is_empty())
                && (body.is_empty() || properties(body).is_some() && body.is_empty())
    };
    match fixed.kind {
        codes::CONNACK => {
            let flags = body.u8().is_some_and(|flags| flags <= 1);
            let code = body.u8().is_some_and(|code| {
                !codes::return_code(code).is_empty() || !codes::reason(code).is_empty()
            });
            flags && code && (body.is_empty() || properties(&mut body).is_some() && body.is_empty())
        }
        codes::DISCONNECT | codes::AUTH => reason(&mut body),
        codes::PUBACK | codes::PUBREC | codes::PUBREL | codes::PUBCOMP => {
            body.be16().is_some_and(|id| id != 0) && reason(&mut body)
        }
        codes::SUBSCRIBE | codes::UNSUBSCRIBE => {
            let options = fixed.kind == codes::SUBSCRIBE;
            let id = body.be16().is_some_and(|id| id != 0);
            let old = Filters::read(body, options).is_some();
            let new = properties(&mut body).is_some() && Filters::read(body, options).is_some();
            id && (old || new)
        }
        codes::SUBACK | codes::UNSUBACK => {
            let id = body.be16().is_some_and(|id| id != 0);
            let listed = |codes: &[u8]| codes.iter().all(|code| !codes::reason(*code).is_empty());
            let old = listed(body.rest());
            let new = properties(&mut body).is_some() && listed(body.rest());
            id && (old || new)
        }
        _ => false,
    }
}

/// The side that sends this type; `None` if both may.
const fn sender(kind: u8) -> Option<Side> {
    match kind {
        codes::CONNECT | codes::SUBSCRIBE | codes::UNSUBSCRIBE | codes::PINGREQ => {
            Some(Side::Client)
        }
        codes::CONNACK | codes::SUBACK | codes::UNSUBACK | codes::PINGRESP => Some(Side::Server),
        _ => None,
    }
}

/// Whether a PUBLISH has a topic of letters that people write, so that a stream joined midway is
/// known without a hint.
fn is_plain_topic(bytes: &[u8], fixed: Fixed) -> bool {
    let mut body = Reader::new(bytes.get(fixed.head..).unwrap_or_default());
    string(&mut body).is_some_and(|topic| {
        let letters = topic.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
        letters >= PLAIN_LETTERS_MIN && topic.iter().all(u8::is_ascii_graphic)
    })
}

pub(super) fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let fixed = match Fixed::read(probe.bytes) {
        Ok(Some(fixed)) => fixed,
        Ok(None) if probe.hinted => return Guess::More,
        Ok(None) | Err(()) => return Guess::No,
    };
    let connect = fixed.kind == codes::CONNECT;
    let alone = fixed.kind == codes::PUBLISH && fixed.bytes == probe.bytes.len();
    match shape(probe.bytes, fixed) {
        Shape::Certain => Guess::Yes(sender(fixed.kind)),
        Shape::Fitting if probe.hinted => Guess::Yes(sender(fixed.kind)),
        Shape::Fitting if alone && is_plain_topic(probe.bytes, fixed) => Guess::Yes(None),
        Shape::Part if probe.hinted || connect => Guess::More,
        Shape::Fitting | Shape::Part | Shape::Foreign => Guess::No,
    }
}
