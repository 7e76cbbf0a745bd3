//! Where safety PDUs stand in the cyclic frames of `profinet-rt`, as noted by `profinet-cm`.
//!
//! ```text
//!  key:   F | frame id (2) | sender (6) | receiver (6)          Ethernet addresses
//!  value: from the host (1) | PDUs, each: offset (2) bytes (1) checksum bytes (1)
//!                             slot (2) subslot (2) F_Dest_Add (2)       all big endian
//! ```
//! Offsets count from behind the frame id. At most [`PDUS_MAX`] PDUs of one frame are kept.

use std::fmt;

use plant::{Address, Mac};

use crate::Reader;
use crate::session::{Noted, Sink};
use crate::table::Protocol;

/// Safety submodules of one frame: 1 and 10 bytes for each fit a note.
pub(crate) const PDUS_MAX: usize = 25;

/// One way of cyclic frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) frame_id: u16,
    pub(crate) sender: Mac,
    pub(crate) receiver: Mac,
    pub(crate) from_host: bool,
}

/// One safety PDU in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pdu {
    /// From behind the frame id.
    pub(crate) offset: u16,
    pub(crate) bytes: u8,
    pub(crate) checksum_bytes: u8,
    pub(crate) slot: u16,
    pub(crate) subslot: u16,
    pub(crate) destination: u16,
}

impl Pdu {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            offset: reader.be16()?,
            bytes: reader.u8()?,
            checksum_bytes: reader.u8()?,
            slot: reader.be16()?,
            subslot: reader.be16()?,
            destination: reader.be16()?,
        })
    }

    fn write(&self, value: &mut Noted) -> bool {
        let [offset, slot, subslot, destination] =
            [self.offset, self.slot, self.subslot, self.destination].map(u16::to_be_bytes);
        let mut write = |bytes: &[u8]| value.try_extend_from_slice(bytes).is_ok();
        write(&offset)
            && write(&[self.bytes, self.checksum_bytes])
            && write(&slot)
            && write(&subslot)
            && write(&destination)
    }

    /// The status or control byte: what stands before the checksum.
    pub(crate) fn state(&self, process: &[u8]) -> Option<u8> {
        let end = usize::from(self.offset) + usize::from(self.bytes);
        let place = end.checked_sub(usize::from(self.checksum_bytes) + 1)?;
        process.get(..end)?.get(place).copied()
    }
}

/// `slot 2 subslot 0x0001`, as the write of its parameters names it.
impl fmt::Display for Pdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "slot {} subslot 0x{:04x}", self.slot, self.subslot)
    }
}

/// Notes where a PDU stands; whether it stood elsewhere before.
pub(crate) fn note(way: &Way, pdu: Pdu, out: &mut dyn Sink) -> bool {
    let key = key(way.frame_id, way.sender, way.receiver);
    let before = out.noted(Protocol::PROFISAFE, &key).unwrap_or_default();
    let is = |one: &Pdu| (one.slot, one.subslot) == (pdu.slot, pdu.subslot);
    let moved = pdus(&before).any(|one| is(&one) && one != pdu);
    let mut value = Noted::new();
    value.push(u8::from(way.from_host));
    pdu.write(&mut value);
    for other in pdus(&before).filter(|one| !is(one)) {
        other.write(&mut value);
    }
    out.note(Protocol::PROFISAFE, &key, &value);
    moved
}

/// What was noted of frames with this id between the stations of `out`.
pub(crate) fn noted(frame_id: u16, out: &dyn Sink) -> Option<Noted> {
    let Some([Address::Mac(sender), Address::Mac(receiver)]) = out.ends() else { return None };
    out.noted(Protocol::PROFISAFE, &key(frame_id, sender, receiver))
}

/// Whether the frames are the host's.
pub(crate) fn from_host(value: &[u8]) -> bool {
    value.first().is_some_and(|byte| *byte != 0)
}

/// The PDUs of a note.
pub(crate) fn pdus(value: &[u8]) -> impl Iterator<Item = Pdu> {
    let mut reader = Reader::new(value.get(1..).unwrap_or_default());
    std::iter::from_fn(move || Pdu::read(&mut reader)).take(PDUS_MAX)
}

fn key(frame_id: u16, sender: Mac, receiver: Mac) -> [u8; 15] {
    let mut key = [b'F'; 15];
    let bytes = frame_id.to_be_bytes().into_iter().chain(sender.0).chain(receiver.0);
    for (to, from) in key.iter_mut().skip(1).zip(bytes) {
        *to = from;
    }
    key
}
