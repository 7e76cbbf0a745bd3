//! Integers in either byte order, strings and parameter lists (RTPS 2.5 9.4.2.11, CDR).
//!
//! ```text
//!  parameter: id (2) | length (2) | value, padded to 4 .. until id 1, the sentinel
//!  string:    length with its NUL (4) | bytes | NUL, padded to 4
//! ```

use std::fmt;

use super::codes::parameter;
use crate::Reader;

/// A cursor over bytes of one byte order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cdr<'a> {
    pub(super) bytes: Reader<'a>,
    pub(super) little: bool,
}

impl<'a> Cdr<'a> {
    pub(super) const fn new(bytes: &'a [u8], little: bool) -> Self {
        Self { bytes: Reader::new(bytes), little }
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        if self.little { self.bytes.le16() } else { self.bytes.be16() }
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        if self.little { self.bytes.le32() } else { self.bytes.be32() }
    }

    /// A sequence number: its upper half first, in either order (9.3.2.4).
    pub(super) fn sequence(&mut self) -> Option<i64> {
        let mut ahead = *self;
        let (high, low) = (ahead.u32()?, ahead.u32()?);
        *self = ahead;
        Some((u64::from(high) << 32 | u64::from(low)).cast_signed())
    }

    /// A string without its NUL and padding.
    pub(super) fn string(&mut self) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let length = usize::try_from(ahead.u32()?).ok()?;
        let text = ahead.bytes.take(length)?;
        ahead.bytes.skip(length.wrapping_neg() % 4).unwrap_or_default();
        *self = ahead;
        Some(text.strip_suffix(&[0]).unwrap_or(text))
    }

    pub(super) fn guid(&mut self) -> Option<Guid> {
        self.bytes.array().map(Guid)
    }

    /// Tells `see` of each parameter of a list, id and value; `None` where the list has no end.
    pub(super) fn parameters(&mut self, see: &mut dyn FnMut(u16, Self)) -> Option<()> {
        loop {
            let (id, length) = (self.u16()?, self.u16()?);
            if id & !parameter::MUST_UNDERSTAND == parameter::SENTINEL {
                return Some(());
            }
            let value = self.bytes.take(length.into())?;
            let standard = id < 0x8000;
            let id = if standard { id & !parameter::MUST_UNDERSTAND } else { id };
            see(id, Self::new(value, self.little));
        }
    }
}

/// The first twelve bytes of a GUID: a participant. Shown as hexadecimal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prefix(pub(super) [u8; 12]);

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A participant, or a reader or writer of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Guid(pub(super) [u8; 16]);

impl Guid {
    pub(super) fn new(prefix: Prefix, entity: u32) -> Self {
        let mut guid = [0; 16];
        for (to, from) in guid.iter_mut().zip(prefix.0.iter().chain(&entity.to_be_bytes())) {
            *to = *from;
        }
        Self(guid)
    }

    pub(super) fn prefix(self) -> Prefix {
        Prefix(self.0.first_chunk().copied().unwrap_or_default())
    }

    /// Kinds with the upper bits set are built in or a vendor's own (RTPS 2.5 9.3.1.2).
    pub(super) fn is_built_in(self) -> bool {
        self.entity() & 0xc0 != 0
    }

    pub(super) fn entity(self) -> u32 {
        self.0.last_chunk().copied().map(u32::from_be_bytes).unwrap_or_default()
    }
}

/// `00000403 of 01103e2cb56531209b20fd7c`.
impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x} of {}", self.entity(), self.prefix())
    }
}
