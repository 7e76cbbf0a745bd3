//! openSAFETY: recognised inside whatever carries it, by its own redundancy.
//!
//! Carriers that are searched: UDP (openSAFETY over UDP, and what Sercos III sends over UDP), and
//! the EtherTypes of POWERLINK and Sercos III. A frame counts when so many of its bits had to be as
//! they are (checksum, repeated payload) that chance is out of the question; short cyclic frames
//! are believed where a longer one has shown the key of their network. Frames inside Modbus and
//! PROFINET are not looked for, nor is the second checksum where the manager's id hides it.
//! Source: OSS, see `codes`; layout in `frame`.

pub mod codes;
mod frame;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::message::{Kind, Message, Object};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::{Reader, Realm};
use frame::{FRAME_BYTES_MIN, Family, Frame};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "opensafety",
    title: "openSAFETY",
    realm: Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Documents,
    hints: &[Hint::Udp(9877), Hint::Udp(8755), Hint::Ether(POWERLINK), Hint::Ether(SERCOS)],
    operations: &[codes::MESSAGES, codes::SERVICES, codes::ACCESSES],
    identify: Some(identify),
    open: || Box::<OpenSafety>::default(),
};

/// EtherTypes of the carriers below IP (IEEE registry).
const POWERLINK: u16 = 0x88ab;
const SERCOS: u16 = 0x88cd;

/// Bits that prove a frame wherever it stands: one of 2^28 places looks like one by chance.
const PROOF_BITS: usize = 28;
/// At the start of a datagram, or behind another frame.
const PLACED_BITS: usize = 22;
/// With the key of the network, anywhere; and behind another frame.
const KEYED_BITS: usize = 16;
const KEYED_PLACED_BITS: usize = 8;

/// The frames between two stations.
#[derive(Default)]
struct OpenSafety {
    /// What the subframes of cyclic data differ by, once a long frame has shown it.
    key: Option<[u8; 2]>,
}

impl Session for OpenSafety {
    #[inline]
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let _ = from;
        let mut rest = bytes;
        let mut placed = true;
        while rest.len() >= FRAME_BYTES_MIN {
            let skipped = match Frame::read(rest).filter(|frame| self.believes(frame, placed)) {
                Some(frame) => {
                    if frame.family != Family::Management && frame.proof_bits >= PROOF_BITS {
                        self.key = Some(frame.key);
                    }
                    emit(&frame, out);
                    placed = true;
                    frame.bytes
                }
                None => {
                    placed = false;
                    1
                }
            };
            rest = rest.get(skipped..).unwrap_or_default();
        }
        Step::Read(bytes.len())
    }
}

impl OpenSafety {
    fn believes(&self, frame: &Frame<'_>, placed: bool) -> bool {
        let keyed = frame.family != Family::Management && self.key == Some(frame.key);
        let wanted = match (keyed, placed) {
            (true, true) => KEYED_PLACED_BITS,
            (true, false) => KEYED_BITS,
            (false, true) => PLACED_BITS,
            (false, false) => PROOF_BITS,
        };
        frame.proof_bits >= wanted
    }
}

fn emit(frame: &Frame<'_>, out: &mut dyn Sink) {
    let first = frame.payload.first().copied().unwrap_or(0);
    let (operation, code) = match (frame.family, frame.row.code) {
        (Family::Management, 0xb0 | 0xb4) => {
            let service = Operation::find(codes::SERVICES, first.into());
            (service.unwrap_or(&codes::UNLISTED), first.into())
        }
        (Family::Access | Family::Slim, _) => {
            let done = u32::from(if first & 0x04 != 0 { 0x04 } else { first & 0x01 });
            (Operation::find(codes::ACCESSES, done).unwrap_or(frame.row), done)
        }
        (Family::Management | Family::Data, code) => (frame.row, code),
    };
    let kind = match (frame.family, frame.row.code & 0x04) {
        (Family::Data, _) => Kind::Notice,
        (_, 0) => Kind::Request,
        _ => Kind::Response,
    };
    let target = Target { node: frame.address, object: object(frame, first) };
    let content = Content(frame);
    out.message(&Message {
        object: Object::Named(&target),
        id: Some(frame.address.into()),
        values: Some(&content),
        ..Message::new(Protocol::OPENSAFETY, kind, operation, code)
    });
}

/// Index and subindex, which stand in the frame that begins an access.
fn object(frame: &Frame<'_>, command: u8) -> Option<(u16, u8)> {
    let begins = command & 0x20 != 0 && command & 0x04 == 0;
    if !begins || !matches!(frame.family, Family::Access | Family::Slim) {
        return None;
    }
    let mut reader = Reader::new(frame.payload);
    reader.skip(1)?;
    Some((reader.le16()?, reader.u8()?))
}

/// A safety node, and an object in it.
struct Target {
    node: u16,
    object: Option<(u16, u8)>,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node {}", self.node)?;
        let Some((index, sub)) = self.object else { return Ok(()) };
        write!(f, " object 0x{index:04x}/{sub}")?;
        match codes::object(index) {
            "" => Ok(()),
            name => write!(f, " {name}"),
        }
    }
}

struct Content<'a>(&'a Frame<'a>);

impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Frame { family, valid, payload, .. } = self.0;
        if *family == Family::Data && !valid {
            f.write_str("connection not valid, ")?;
        }
        write!(f, "{} bytes", payload.len())?;
        payload.iter().take(32).try_for_each(|byte| write!(f, " {byte:02x}"))
    }
}

/// A frame that proves itself; at the start of a datagram to its own ports less is enough.
fn identify(probe: &Probe<'_>) -> Guess {
    let ours = match probe.transport {
        Transport::Udp => Frame::read(probe.bytes).is_some_and(|frame| {
            let wanted = if probe.hinted { PLACED_BITS } else { 2 * PROOF_BITS };
            frame.proof_bits >= wanted
        }),
        Transport::Ether(POWERLINK | SERCOS) => contains(probe.bytes),
        Transport::Ether(_) | Transport::Tcp | Transport::Ip(_) => false,
    };
    let searched = probe.transport == Transport::Udp && probe.hinted;
    if ours || (searched && contains(probe.bytes)) { Guess::Yes(None) } else { Guess::No }
}

/// Whether a proven frame stands anywhere in there.
fn contains(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while rest.len() >= FRAME_BYTES_MIN {
        if Frame::read(rest).is_some_and(|frame| frame.proof_bits >= PROOF_BITS) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}
