//! One cyclic frame of CIP Safety in each of its forms, and what two of a connection prove.
//!
//! ```text
//!  base, 1 or 2 bytes      data n | mode | s1 | s2 | time 2 | s1
//!  base, 3 to 250 bytes    data n | mode | s3 2 | inverted data n | s3 2 | time 2 | s1
//!  extended, 1 or 2 bytes  data n | mode | s5 low | s5 | time 2 | s5 high
//!  extended, 3 to 250      data n | mode | s3 2 | inverted data n | s5 low | s5 | time 2 | s5 high
//!  time, base              ack | time 2 | ack2 | s3 2
//!  time, extended          ack | time 2 | s5 3
//! ```
//! Multicast data ends with six more bytes of time correction. Checksums begin with the identity of
//! the connection, which only its Forward Open tells; it cancels out between two frames, so their
//! difference is checked. In the long base form it cancels out inside one frame. Little endian.
//! Source: CIPS, see `codes`.

use crate::Reader;
use crate::checksum::Polynomial;

const S1: Polynomial = Polynomial { bits: 8, terms: 0x37 };
const S2: Polynomial = Polynomial { bits: 8, terms: 0x3b };
const S3: Polynomial = Polynomial { bits: 16, terms: 0x080f };
const S5: Polynomial = Polynomial { bits: 24, terms: 0x5d_6dcb };

/// Bits of the mode byte that go into the checksums of the data, and of the time.
const DATA_BITS: u8 = 0xe0;
const TIME_BITS: u8 = 0x1f;

/// Bytes of a short data section beside its data.
const SHORT_EXTRA: usize = 6;
/// Bytes of a long data section beside its two copies.
const LONG_EXTRA: usize = 8;
/// Bytes of a time coordination, and of the time correction of multicast.
pub(super) const TIME_BYTES: usize = 6;

/// Which form a frame may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    BaseShort,
    BaseLong,
    ExtendedShort,
    ExtendedLong,
    BaseTime,
    ExtendedTime,
}

impl Form {
    pub(super) const ALL: [Self; 6] = [
        Self::BaseShort,
        Self::BaseLong,
        Self::ExtendedShort,
        Self::ExtendedLong,
        Self::BaseTime,
        Self::ExtendedTime,
    ];
}

/// What is remembered of a frame: all that the next one is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// Remainders of what the frame covers, without its seed, added to the sums that it carries.
    residue: [u32; 3],
    time: u16,
    /// The mode byte of data.
    pub(super) mode: Option<u8>,
}

impl Sums {
    /// What two frames of one connection and form prove: their residues are the seed's, and so
    /// equal. Frames of the same time may be one frame, and prove nothing.
    pub(super) fn proves(&self, before: &Self) -> Option<bool> {
        (self.time != before.time).then_some(self.residue == before.residue)
    }

    pub(super) const fn is_run(&self) -> bool {
        matches!(self.mode, Some(mode) if mode & 0x80 != 0)
    }
}

/// Reads `bytes` as a frame of this form: `None` if they cannot be one.
pub(super) fn sums(form: Form, bytes: &[u8]) -> Option<Sums> {
    match form {
        Form::BaseTime | Form::ExtendedTime => time(form, bytes),
        Form::BaseShort | Form::ExtendedShort => short(form, bytes),
        Form::BaseLong | Form::ExtendedLong => {
            long(form, bytes).or_else(|| long(form, uncorrected(bytes)?))
        }
    }
}

/// Without the time correction of multicast.
fn uncorrected(bytes: &[u8]) -> Option<&[u8]> {
    bytes.len().checked_sub(TIME_BYTES).and_then(|length| bytes.get(..length))
}

/// The three pairs of bits that the mode byte says twice.
fn mode_fits(mode: u8) -> bool {
    let bit = |number: u8| mode >> number & 1;
    bit(7) != bit(4) && bit(6) == bit(3) && bit(5) != bit(2)
}

fn time(form: Form, bytes: &[u8]) -> Option<Sums> {
    let mut reader = Reader::new(bytes);
    let ack = reader.u8()?;
    let stamp: [u8; 2] = reader.array()?;
    let [low, high] = stamp;
    let covered = [ack, low, high];
    let residue = if form == Form::BaseTime {
        reader.skip(1)?;
        S3.over(0, &covered) ^ u32::from(reader.le16()?)
    } else {
        let [a, b, c] = reader.array()?;
        S5.over(0, &covered) ^ u32::from_le_bytes([a, b, c, 0])
    };
    let time = u16::from_le_bytes(stamp);
    reader.is_empty().then_some(Sums { residue: [residue, 0, 0], time, mode: None })
}

fn short(form: Form, bytes: &[u8]) -> Option<Sums> {
    let length = bytes.len();
    let count = [length.wrapping_sub(SHORT_EXTRA), length.wrapping_sub(SHORT_EXTRA + TIME_BYTES)]
        .into_iter()
        .find(|count| matches!(count, 1 | 2))?;
    let mut reader = Reader::new(bytes);
    let data = reader.take(count)?;
    let mode = reader.u8().filter(|mode| mode_fits(*mode))?;
    let [first, second] = reader.array()?;
    let stamp: [u8; 2] = reader.array()?;
    let last = reader.u8()?;
    let residue = if form == Form::BaseShort {
        let inverted = data.iter().map(|byte| !byte);
        let s2 = inverted.fold(S2.over(0, &[!mode & DATA_BITS]), |sum, byte| S2.over(sum, &[byte]));
        [
            over(S1, [&[mode & DATA_BITS][..], data].into_iter()) ^ u32::from(first),
            s2 ^ u32::from(second),
            over(S1, [&[mode & TIME_BITS][..], &stamp].into_iter()) ^ u32::from(last),
        ]
    } else {
        let sum = over(S5, [&[mode & DATA_BITS][..], data, &stamp].into_iter());
        [sum ^ u32::from_le_bytes([first, second, last, 0]), 0, 0]
    };
    Some(Sums { residue, time: u16::from_le_bytes(stamp), mode: Some(mode) })
}

fn long(form: Form, bytes: &[u8]) -> Option<Sums> {
    let count = bytes.len().checked_sub(LONG_EXTRA).filter(|both| both % 2 == 0)? / 2;
    if !(3..=250).contains(&count) {
        return None;
    }
    let mut reader = Reader::new(bytes);
    let data = reader.take(count)?;
    let mode = reader.u8().filter(|mode| mode_fits(*mode))?;
    let s3 = u32::from(reader.le16()?);
    let inverted = reader.take(count)?;
    if !data.iter().zip(inverted).all(|(a, b)| a ^ b == 0xff) {
        return None;
    }
    let [first, second] = reader.array()?;
    let stamp: [u8; 2] = reader.array()?;
    let last = reader.u8()?;
    let plain = over(S3, [&[mode & DATA_BITS][..], data].into_iter()) ^ s3;
    let residue = if form == Form::BaseLong {
        let other = over(S3, [&[!mode & DATA_BITS][..], inverted].into_iter());
        let crossed = other ^ u32::from(u16::from_le_bytes([first, second]));
        if crossed != plain {
            return None; // both begin with the same seed
        }
        let time = over(S1, [&[mode & TIME_BITS][..], &stamp].into_iter()) ^ u32::from(last);
        [plain, crossed, time]
    } else {
        let sum = over(S5, [&[mode & TIME_BITS][..], inverted, &stamp].into_iter());
        [plain, sum ^ u32::from_le_bytes([first, second, last, 0]), 0]
    };
    Some(Sums { residue, time: u16::from_le_bytes(stamp), mode: Some(mode) })
}

fn over<'a>(one: Polynomial, parts: impl Iterator<Item = &'a [u8]>) -> u32 {
    parts.fold(0, |sum, part| one.over(sum, part))
}
