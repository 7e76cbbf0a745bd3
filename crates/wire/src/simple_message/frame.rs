//! The prefix and header of simple messages, in either byte order.
//!
//! ```text
//!  0      4      8      12     16
//!  +------+------+------+------+------------
//!  | len  | type | comm | reply| body ...       len counts type, comm, reply and body
//!  +------+------+------+------+------------
//! ```
//! `comm` is 1 topic, 2 request, 3 reply; `reply` 1 success, 2 failure, else 0. Integers and floats
//! are 32 bits wide, in the byte order of the controller, and the other side swaps: `comm` shows
//! which it is. Source: `simple_message.h` of `industrial_core`. The 64-bit build is not read.

use crate::session::Step;

/// Bytes of prefix and header.
pub(super) const HEADER_BYTES: usize = 16;
/// What the length counts beside the body.
const HEADER_COUNTED: u32 = 12;
/// Longest message: a trajectory of 200 points of 52 bytes.
const LENGTH_MAX: u32 = 16 * 1024;

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comm {
    Topic,
    Request,
    Reply,
}

/// 32-bit words of one byte order.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    bytes: &'a [u8],
    big: bool,
}

impl Words<'_> {
    /// The word at this place, counted in words.
    pub(super) fn get(&self, place: usize) -> Option<u32> {
        let word = *self.bytes.as_chunks::<4>().0.get(place)?;
        Some(if self.big { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) })
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes.len()
    }
}

/// One message.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) kind: u32,
    pub(super) comm: Comm,
    pub(super) reply: u32,
    pub(super) body: Words<'a>,
    pub(super) bytes: usize,
}

impl<'a> Frame<'a> {
    /// The message at the start of `bytes`: `Err` says how to go on when there is none.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Step> {
        let Some((header, _)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
            return if begins(bytes) { Err(Step::Need(HEADER_BYTES)) } else { Err(Step::Lost) };
        };
        let word = |big, place| Words { bytes: header, big }.get(place).unwrap_or(0);
        let big = match (word(false, 2), word(true, 2)) {
            (1..=3, _) => false,
            (_, 1..=3) => true,
            _ => return Err(Step::Lost),
        };
        let (length, kind, reply) = (word(big, 0), word(big, 1), word(big, 3));
        let comm = match word(big, 2) {
            1 => Comm::Topic,
            2 => Comm::Request,
            _ => Comm::Reply,
        };
        let body_bytes = length
            .checked_sub(HEADER_COUNTED)
            .filter(|_| length <= LENGTH_MAX && reply <= 2)
            .and_then(|bytes| usize::try_from(bytes).ok())
            .ok_or(Step::Lost)?;
        let end = HEADER_BYTES + body_bytes;
        let body = bytes.get(HEADER_BYTES..end).ok_or(Step::Need(end))?;
        Ok(Self { kind, comm, reply, body: Words { bytes: body, big }, bytes: end })
    }
}

/// Whether these bytes may begin a length: of its four bytes the two that count more are zero.
fn begins(bytes: &[u8]) -> bool {
    matches!(bytes, [0, 0, ..] | [_, _, 0, 0, ..] | [_, _, 0] | [_, _] | [_])
}
