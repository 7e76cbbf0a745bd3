//! Link frames and transport segments.
//!
//! ```text
//! 0-1   05 64
//! 2     length: control, addresses and user data, without checksums
//! 3     control: bit 7 from the master, bit 6 primary, 3-0 function
//! 4-7   destination and source, least significant byte first
//! 8-9   checksum
//! 10-   blocks of 16 bytes of user data, each with its checksum; the first byte is the transport
//!       header: bit 7 final, bit 6 first, 5-0 sequence
//! ```
//! Source: IEEE 1815 clauses 8 and 9.

use crate::Reader;
use crate::session::Step;

/// Bytes of the header with its checksum.
pub(super) const HEADER_BYTES: usize = 10;
/// What the length counts at least.
const LENGTH_MIN: u8 = 5;
/// User data between two checksums.
const BLOCK_BYTES: usize = 16;

/// One frame.
#[derive(Clone, Copy)]
pub(super) struct Link<'a> {
    control: u8,
    pub(super) target: u16,
    pub(super) source: u16,
    /// User data with its checksums.
    blocks: &'a [u8],
    pub(super) bytes: usize,
}

impl<'a> Link<'a> {
    /// Reads the frame at the start of `bytes`: `Err` says how to go on when there is none.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Step> {
        if !bytes.starts_with(&[0x05, 0x64]) && bytes != [0x05] {
            return Err(Step::Lost);
        }
        let mut reader = Reader::new(bytes);
        let header = reader.take(HEADER_BYTES).ok_or(Step::Need(HEADER_BYTES))?;
        let mut fields = Reader::new(header);
        let (_, length, control) = (fields.be16(), fields.u8(), fields.u8());
        let (target, source, sum) = (fields.le16(), fields.le16(), fields.le16());
        let (Some(length), Some(control), Some(target), Some(source)) =
            (length, control, target, source)
        else {
            return Err(Step::Lost);
        };
        if length < LENGTH_MIN || sum != header.get(..8).map(checksum) {
            return Err(Step::Lost);
        }
        let user = usize::from(length - LENGTH_MIN);
        let size = user + 2 * user.div_ceil(BLOCK_BYTES);
        let bytes = HEADER_BYTES + size;
        let blocks = reader.take(size).ok_or(Step::Need(bytes))?;
        Ok(Self { control, target, source, blocks, bytes })
    }

    pub(super) const fn is_from_master(&self) -> bool {
        self.control & 0x80 != 0
    }

    pub(super) const fn is_primary(&self) -> bool {
        self.control & 0x40 != 0
    }

    pub(super) const fn function(&self) -> u8 {
        self.control & 0x0f
    }

    /// Whether it carries a transport segment.
    pub(super) const fn has_user_data(&self) -> bool {
        self.is_primary() && matches!(self.function(), 3 | 4)
    }

    /// User data without checksums, block by block, and whether the checksum of each is right.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (&'a [u8], bool)> {
        self.blocks.chunks(BLOCK_BYTES + 2).filter_map(|block| {
            let (data, sum) = block.split_last_chunk::<2>()?;
            Some((data, checksum(data) == u16::from_le_bytes(*sum)))
        })
    }
}

/// CRC-16 of IEEE 1815 clause 9.2.4.3: polynomial 0x3d65, reflected, inverted at the end.
pub(super) fn checksum(bytes: &[u8]) -> u16 {
    !bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(
            sum ^ u16::from(*byte),
            |sum, _| {
                if sum & 1 == 1 { sum >> 1 ^ 0xa6bc } else { sum >> 1 }
            },
        )
    })
}
