//! One openSAFETY frame, found and proven by its own redundancy.
//!
//! ```text
//!  0      1        2   3   4           4+n    subframe 1
//!  +------+--------+---+---+-----------+------+
//!  | adr  | id,adr | n | ct| payload n | crc1 |        crc: 8 bits, 16 where n is above 8
//!  +------+--------+---+---+-----------+------+
//!  | adr  | id,adr | ct high | tadr | tr,tadr | payload n | crc2 |   subframe 2; slim: no payload
//!  +------+--------+---------+------+---------+-----------+------+
//! ```
//! The first six bytes of subframe 2 are added (exclusive or) to the unique id of the safety
//! manager, except in network management, so crc2 can be checked there only. The repeated payload
//! counts instead. Little endian; addresses have 10 bits. Source: OSS, see `codes`.

use super::codes;
use crate::Reader;
use crate::checksum::Polynomial;
use crate::table::Operation;

/// Shortest frame: no payload.
pub(super) const FRAME_BYTES_MIN: usize = 11;
/// Longest payload that has checksums of 8 bits.
const SHORT_MAX: usize = 8;

const CRC8: Polynomial = Polynomial { bits: 8, terms: 0x2f };
const CRC16: [Polynomial; 2] =
    [Polynomial { bits: 16, terms: 0x755b }, Polynomial { bits: 16, terms: 0x5935 }];

/// What the id of a frame says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Network management.
    Management,
    /// Cyclic data.
    Data,
    /// Access to the object dictionary.
    Access,
    /// The same without the repeated payload.
    Slim,
}

/// One frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    pub(super) row: &'static Operation,
    pub(super) family: Family,
    /// Whose frame it is; of requests, to whom.
    pub(super) address: u16,
    /// Of cyclic data: the producer says that its connection is valid.
    pub(super) valid: bool,
    pub(super) payload: &'a [u8],
    /// Bytes of the whole frame.
    pub(super) bytes: usize,
    /// Sum of the two subframes' first bytes: one for all frames of a network but management.
    pub(super) key: [u8; 2],
    /// How many bits had to be as they are.
    pub(super) proof_bits: usize,
}

impl<'a> Frame<'a> {
    /// The frame at the start of `bytes`, if its redundancy agrees.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let [low, id, length, counter] = reader.array()?;
        let (row, family) = row(id)?;
        let address = u16::from(low) | u16::from(id & 3) << 8;
        let count = usize::from(length);
        if address == 0 || (count == 0 && family != Family::Data && family != Family::Management) {
            return None;
        }
        let payload = reader.take(count)?;
        let first = bytes.get(..4 + count)?;
        let crc1 = checksum(&mut reader, count)?;
        let second = reader.rest();
        let [low2, id2, ..] = reader.array::<5>()?;
        let repeated = if family == Family::Slim { &[] } else { reader.take(count)? };
        let head = second.get(..5 + repeated.len())?;
        let crc2 = checksum(&mut reader, count)?;
        if (count == 0 && counter == 0 && crc1 == 0) || !repeats(family, payload, repeated) {
            return None;
        }
        let managed = family == Family::Management;
        let sound = agrees(first, crc1, count)
            && (!managed || (id & 0xfc == id2 & 0xfc && agrees(head, crc2, count)));
        let width = if count > SHORT_MAX { 16 } else { 8 };
        let proof_bits = match family {
            Family::Management => 2 * width + 6 + 8 * count,
            Family::Data | Family::Access => width + 8 * count.saturating_sub(1),
            Family::Slim => width,
        };
        sound.then_some(Self {
            row,
            family,
            address,
            valid: id & 0x04 != 0,
            payload,
            bytes: bytes.len() - reader.len(),
            key: [low ^ low2, (id ^ id2) & 0xfc],
            proof_bits,
        })
    }
}

/// The row of an id; cyclic data uses the lowest bit of the id for itself.
fn row(id: u8) -> Option<(&'static Operation, Family)> {
    let (family, mask) = match id >> 3 {
        0x14..=0x17 => (Family::Management, 0xfc),
        0x18..=0x1a => (Family::Data, 0xf8),
        0x1c => (Family::Access, 0xfc),
        0x1d => (Family::Slim, 0xfc),
        _ => return None,
    };
    Some((Operation::find(codes::MESSAGES, u32::from(id & mask))?, family))
}

/// The first repeated byte is hidden by the manager's id, except in management.
fn repeats(family: Family, payload: &[u8], repeated: &[u8]) -> bool {
    match family {
        Family::Slim => true,
        Family::Management => payload == repeated,
        Family::Data | Family::Access => payload.iter().zip(repeated).skip(1).all(|(a, b)| a == b),
    }
}

fn checksum(reader: &mut Reader<'_>, count: usize) -> Option<u32> {
    if count > SHORT_MAX { reader.le16().map(u32::from) } else { reader.u8().map(u32::from) }
}

fn agrees(bytes: &[u8], sum: u32, count: usize) -> bool {
    if count > SHORT_MAX {
        CRC16.iter().any(|one| one.over(0, bytes) == sum)
    } else {
        CRC8.over(0, bytes) == sum
    }
}
