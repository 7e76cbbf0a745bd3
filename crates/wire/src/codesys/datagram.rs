//! The block driver and the router: what carries CODESYS packages from node to node.
//!
//! ```text
//! TCP   00 01 17 e8 · length 4, counts these 8 bytes too · datagram
//! UDP   datagram
//!
//! 0     c5
//! 1     hops left, 5 bits · length of the fixed header in units of 2 bytes, 3 bits
//! 2     priority 2 bits · signal · relative address · length of the data block 4 bits
//! 3     service: 1, 2 address · 3, 4 names · 40 channels
//! 4     message number
//! 5     components of the sender's address 4 bits · of the receiver's 4 bits
//! 6-    receiver, sender, 2 bytes a component; zeros to a multiple of 4; body
//! ```
//! Little endian. Sources: CmpRouterItf and CmpBlkDrv of the CODESYS runtime; microsoft/CoDe16.

use crate::Reader;
use crate::session::Step;

/// First bytes of a block on TCP.
pub(super) const MAGIC: &[u8; 4] = &[0x00, 0x01, 0x17, 0xe8];
/// Bytes of magic and length.
const BLOCK_BYTES: usize = 8;
/// Largest block that is believed; drivers cut at 512 bytes (CmpNameService.h) or a few thousand.
const BLOCK_MAX: usize = 1 << 16;
/// First byte of a datagram.
const DATAGRAM: u8 = 0xc5;
/// Units of the fixed header (CoDe16).
const HEADER_UNITS: u8 = 3;

/// Who a datagram is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carries {
    AddressNotification,
    NameRequest,
    NameAnswer,
    Channel,
    Other(u8),
}

/// A datagram without the addresses, which only routers need.
#[derive(Clone, Copy)]
pub(super) struct Datagram<'a> {
    pub(super) carries: Carries,
    pub(super) body: Reader<'a>,
}

impl<'a> Datagram<'a> {
    /// `None` if the bytes are no datagram or are cut short in its header.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let [magic, hops, _packet, service, _message, lengths] = reader.array()?;
        let units = hops & 0x07;
        if magic != DATAGRAM || units < HEADER_UNITS {
            return None;
        }
        let addresses = usize::from(lengths >> 4) + usize::from(lengths & 0x0f);
        let head = (usize::from(units) + addresses) * 2;
        reader.skip(head - 6)?;
        if !head.is_multiple_of(4) && !reader.is_empty() {
            reader.skip(2)?;
        }
        let carries = match service {
            1 | 2 => Carries::AddressNotification,
            3 => Carries::NameRequest,
            4 => Carries::NameAnswer,
            0x40 => Carries::Channel,
            other => Carries::Other(other),
        };
        Some(Self { carries, body: reader })
    }
}

/// The datagram in the block at the start of a stream, and the bytes of the block.
pub(super) fn block(bytes: &[u8]) -> Result<(&[u8], usize), Step> {
    let mut reader = Reader::new(bytes);
    let magic = reader.array::<4>();
    if magic.map_or(!MAGIC.starts_with(bytes), |magic| magic != *MAGIC) {
        return Err(Step::Lost);
    }
    let length = reader.le32().ok_or(Step::Need(BLOCK_BYTES))?;
    let length = usize::try_from(length).map_err(|_| Step::Lost)?;
    if !(BLOCK_BYTES..=BLOCK_MAX).contains(&length) {
        return Err(Step::Lost);
    }
    let body = reader.take(length - BLOCK_BYTES).ok_or(Step::Need(length))?;
    Ok((body, length))
}
