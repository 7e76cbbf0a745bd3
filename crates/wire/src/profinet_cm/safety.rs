//! Which bytes of which cyclic frames are a safety submodule's: connect, answer and F-parameters.
//!
//! ```text
//!  key:   A | AR UUID (16)
//!  value: MAC of the controller (6) | of the device (6) | relations: reference (2) frame id (2)
//!  key:   S | AR UUID (16) | API (4) | slot (2) | subslot (2)
//!  value: input, then output: reference (2) | offset (2) | bytes (1)                   big endian
//! ```
//! A connect names, of each submodule, the bytes of its data and their offsets in the relations;
//! its answer gives the frame ids that the device chose. A submodule that then gets F-parameters is
//! a safety submodule: its place is noted for `profinet-rt`. Only submodules with inputs and
//! outputs of 4 bytes or more can be one, and of one connect [`CANDIDATES_MAX`] are kept.
//! Multicast relations are not followed. Source: IEC 61158-6-10:2019 clause 5.2 (ARBlock,
//! IOCRBlock, ExpectedSubmoduleBlock), field order as Wireshark shows it.

use arrayvec::ArrayVec;
use plant::Mac;

use super::block::{self, Place};
use super::codes;
use crate::Reader;
use crate::profisafe::place::{self, Pdu, Way};
use crate::profisafe::{self};
use crate::session::{Noted, Sink};
use crate::table::Protocol;

/// Submodules of one connect that can be a safety submodule.
pub(super) const CANDIDATES_MAX: usize = 64;
/// Relations of one connect.
const RELATIONS_MAX: usize = 16;
/// A PDU has a byte of status and at least 3 of checksum, and at most 123 of data and 4 of
/// checksum (IEC 61784-3-3).
const PDU_BYTES: std::ops::RangeInclusive<u16> = 4..=128;
/// A relation whose frame id the device is to choose.
const CHOOSE: u16 = 0xffff;

type ArUuid = [u8; 16];

/// A relation: its reference and frame id.
type Cyclic = (u16, u16);

/// The data of a submodule in one relation.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    reference: u16,
    offset: u16,
    bytes: u16,
    /// A relation carries it.
    carried: bool,
}

struct Candidate {
    place: Place,
    /// Input and output.
    parts: [Part; 2],
}

/// What both ends agreed on.
struct Agreed {
    controller: [u8; 6],
    device: [u8; 6],
    relations: ArrayVec<Cyclic, RELATIONS_MAX>,
}

/// A connect was asked for.
pub(super) fn asked(blocks: Reader<'_>, out: &mut dyn Sink) {
    let mut agreed = None;
    let mut candidates = ArrayVec::<Candidate, CANDIDATES_MAX>::new();
    each(blocks, |kind, body| match kind {
        codes::block::AR => agreed = agreed.take().or(relation(body)),
        codes::block::EXPECTED => drop(expected(body, &mut candidates)),
        _ => {}
    });
    let Some((uuid, controller)) = agreed.filter(|_| !candidates.is_empty()) else { return };
    let mut agreed = Agreed { controller, device: [0; 6], relations: ArrayVec::new() };
    each(blocks, |kind, body| {
        if kind == codes::block::IOCR {
            let _ = cyclic(body, &mut agreed, &mut candidates);
        }
    });
    agreed.note(&uuid, out);
    for Candidate { place, parts } in &candidates {
        let mut value = Noted::new();
        for part in parts {
            value.extend(part.reference.to_be_bytes());
            value.extend(part.offset.to_be_bytes());
            value.extend(part.bytes.to_be_bytes());
        }
        if parts.iter().all(|part| part.carried) {
            out.note(Protocol::PROFINET_CM, &submodule(&uuid, *place), &value);
        }
    }
}

/// A connect was answered: the device's address and the frame ids that it chose.
pub(super) fn answered(blocks: Reader<'_>, out: &mut dyn Sink) {
    let mut from = None;
    each(blocks, |kind, body| {
        if kind == codes::block::AR | codes::block::RESPONSE {
            from = from.take().or(relation(body));
        }
    });
    let Some((uuid, device)) = from else { return };
    let Some(mut agreed) = Agreed::noted(&uuid, out) else { return };
    agreed.device = device;
    each(blocks, |kind, mut body| {
        if kind == codes::block::IOCR | codes::block::RESPONSE
            && let (Some(_), Some(reference), Some(frame_id)) =
                (body.be16(), body.be16(), body.be16())
        {
            let mut same = agreed.relations.iter_mut().filter(|one| one.0 == reference);
            if let Some(known) = same.next() {
                known.1 = frame_id;
            }
        }
    });
    agreed.note(&uuid, out);
}

/// F-parameters were written to a submodule; whether its PDUs stood elsewhere before.
pub(super) fn parameters(
    uuid: &ArUuid,
    place: Place,
    parameters: &profisafe::Parameters,
    out: &mut dyn Sink,
) -> bool {
    let noted = out.noted(Protocol::PROFINET_CM, &submodule(uuid, place));
    let (Some(noted), Some(agreed)) = (noted, Agreed::noted(uuid, out)) else { return false };
    let mut reader = Reader::new(&noted);
    let mut moved = false;
    for from_host in [false, true] {
        let Some(part) = Part::read(&mut reader) else { return moved };
        let Some(way) = agreed.way(part.reference, from_host) else { continue };
        let Ok(bytes) = u8::try_from(part.bytes) else { continue };
        let pdu = Pdu {
            offset: part.offset,
            bytes,
            checksum_bytes: parameters.checksum_bytes(),
            slot: place.slot,
            subslot: place.subslot,
            destination: parameters.destination(),
        };
        moved |= place::note(&way, pdu, out);
    }
    moved
}

impl Part {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let (reference, offset, bytes) = (reader.be16()?, reader.be16()?, reader.be16()?);
        Some(Self { reference, offset, bytes, carried: true })
    }
}

impl Agreed {
    /// The way of one relation, where both ends and the frame id are known.
    fn way(&self, reference: u16, from_host: bool) -> Option<Way> {
        let (_, frame_id) = self.relations.iter().find(|one| one.0 == reference).copied()?;
        let [controller, device] = [self.controller, self.device].map(Mac);
        let (sender, receiver) =
            if from_host { (controller, device) } else { (device, controller) };
        let known = self.device != [0; 6] && frame_id != CHOOSE;
        known.then_some(Way { frame_id, sender, receiver, from_host })
    }

    fn note(&self, uuid: &ArUuid, out: &mut dyn Sink) {
        let mut value = Noted::new();
        value.extend(self.controller);
        value.extend(self.device);
        for (reference, frame_id) in &self.relations {
            value.extend(reference.to_be_bytes());
            value.extend(frame_id.to_be_bytes());
        }
        out.note(Protocol::PROFINET_CM, &key(b'A', uuid), &value);
    }

    fn noted(uuid: &ArUuid, out: &dyn Sink) -> Option<Self> {
        let value = out.noted(Protocol::PROFINET_CM, &key(b'A', uuid))?;
        let mut reader = Reader::new(&value);
        let (controller, device) = (reader.array()?, reader.array()?);
        let mut relations = ArrayVec::new();
        while let (Some(reference), Some(frame_id)) = (reader.be16(), reader.be16()) {
            let _ = relations.try_push((reference, frame_id));
        }
        Some(Self { controller, device, relations })
    }
}

fn each(mut blocks: Reader<'_>, mut see: impl FnMut(u16, Reader<'_>)) {
    while let Some(block) = block::block(&mut blocks) {
        see(block.kind, block.body);
    }
}

/// AR UUID and Ethernet address of an AR block, request or response.
fn relation(mut body: Reader<'_>) -> Option<(ArUuid, [u8; 6])> {
    body.skip(2)?; // type
    let uuid = body.array()?;
    body.skip(2)?; // session key
    Some((uuid, body.array()?))
}

/// Submodules with inputs and outputs that could be PDUs.
fn expected(
    mut body: Reader<'_>,
    candidates: &mut ArrayVec<Candidate, CANDIDATES_MAX>,
) -> Option<()> {
    for _ in 0..body.be16()? {
        let (api, slot) = (body.be32()?, body.be16()?);
        body.skip(4 + 2)?; // module and its properties
        for _ in 0..body.be16()? {
            let subslot = body.be16()?;
            body.skip(4)?; // submodule
            let properties = body.be16()?;
            let both = properties & 3 == 3;
            let mut parts = [Part::default(); 2];
            for part in parts.iter_mut().take(if both { 2 } else { 1 }) {
                body.skip(2)?; // input or output, in this order
                part.bytes = body.be16()?;
                body.skip(2)?; // bytes of the consumer's and the provider's status
            }
            // reduced lengths and discarded status have offsets of their own
            let plain = properties & 0x38 == 0;
            if both && plain && parts.iter().all(|part| PDU_BYTES.contains(&part.bytes)) {
                let place = Place { api, slot, subslot };
                let _ = candidates.try_push(Candidate { place, parts });
            }
        }
    }
    Some(())
}

/// A relation, and where the candidates stand in it.
fn cyclic(mut body: Reader<'_>, agreed: &mut Agreed, candidates: &mut [Candidate]) -> Option<()> {
    let direction = match body.be16()? {
        1 => 0,
        2 => 1,
        _ => return None,
    };
    let reference = body.be16()?;
    body.skip(2 + 4 + 2)?; // EtherType, properties, bytes
    let frame_id = body.be16()?;
    // clock, ratio, phase, sequence, offset, watchdog, hold, tag, multicast address
    body.skip(2 * 4 + 4 + 2 * 3 + 6)?;
    agreed.relations.try_push((reference, frame_id)).ok()?;
    for _ in 0..body.be16()? {
        let api = body.be32()?;
        for _ in 0..body.be16()? {
            let (slot, subslot, offset) = (body.be16()?, body.be16()?, body.be16()?);
            let place = Place { api, slot, subslot };
            let candidate = candidates.iter_mut().find(|one| one.place == place);
            if let Some(part) = candidate.and_then(|one| one.parts.get_mut(direction)) {
                *part = Part { reference, offset, carried: true, ..*part };
            }
        }
        let status = usize::from(body.be16()?);
        body.skip(status * 6)?;
    }
    Some(())
}

fn key(letter: u8, uuid: &ArUuid) -> [u8; 17] {
    let mut key = [letter; 17];
    for (to, from) in key.iter_mut().skip(1).zip(uuid) {
        *to = *from;
    }
    key
}

fn submodule(uuid: &ArUuid, Place { api, slot, subslot }: Place) -> ArrayVec<u8, 25> {
    let mut whole: ArrayVec<u8, 25> = key(b'S', uuid).into_iter().collect();
    let place = [slot, subslot].map(u16::to_be_bytes);
    whole.extend(api.to_be_bytes().into_iter().chain(place.into_iter().flatten()));
    whole
}
