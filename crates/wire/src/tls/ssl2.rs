//! Hellos in the form of SSL 2.0, which later clients sent too.
//!
//! Source: RFC 5246 appendix E.2; the server's by the SSL 2.0 draft (Hickman, 1995) clause 2.6.

use super::codes::Version;
use crate::{Reader, Side};

/// A hello of SSL 2.0, or one of a later version in its form: two bytes of length with the highest
/// bit set, type, version, and three lengths that must fill it (RFC 5246 appendix E.2).
pub(super) struct Ssl2 {
    pub(super) from: Side,
    pub(super) version: Version,
    /// Whole length.
    pub(super) bytes: usize,
}

impl Ssl2 {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let length = reader.be16()?.checked_sub(0x8000)?;
        let from = match reader.u8()? {
            1 => Side::Client,
            4 => Side::Server,
            _ => return None,
        };
        let server = from == Side::Server;
        if server && (reader.u8()? > 1 || reader.u8()? > 1) {
            return None; // session id hit, certificate type
        }
        let version = Version(reader.be16()?);
        let sum = u32::from(reader.be16()?) + u32::from(reader.be16()?) + u32::from(reader.be16()?);
        let fixed = if server { 11 } else { 9 };
        let known = version.0 == 2 || (!server && (0x0300..=0x0303).contains(&version.0));
        let fills = sum + fixed == u32::from(length);
        (known && fills).then_some(Self { from, version, bytes: 2 + usize::from(length) })
    }
}
