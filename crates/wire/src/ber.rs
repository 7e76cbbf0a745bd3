//! Basic Encoding Rules, as far as certificates, SNMP, LDAP and Kerberos need them.
//!
//! ```text
//!  tag, length: one byte below 0x80, or 0x81..0x84 and that many bytes, body
//! ```
//! Definite lengths and one-byte tags only; no schema. Source: ITU-T X.690 clauses 8.1, 8.3, 8.19.

use std::fmt;

use crate::Reader;

/// Tag of INTEGER.
pub(crate) const INTEGER: u8 = 0x02;
/// Tag of OCTET STRING.
pub(crate) const OCTET_STRING: u8 = 0x04;
/// Tag of OBJECT IDENTIFIER.
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
/// Tag of ENUMERATED.
pub(crate) const ENUMERATED: u8 = 0x0a;
/// Tag of SEQUENCE, SEQUENCE OF.
pub(crate) const SEQUENCE: u8 = 0x30;

/// Reads the next element: its tag, and its body as a cursor of its own.
pub(crate) fn element<'a>(reader: &mut Reader<'a>) -> Option<(u8, Reader<'a>)> {
    let mut ahead = *reader;
    let tag = ahead.u8()?;
    let length = length(&mut ahead)?;
    let body = ahead.sub(length)?;
    *reader = ahead;
    Some((tag, body))
}

/// Reads the next element, which must have this tag; else nothing moves.
pub(crate) fn expect<'a>(reader: &mut Reader<'a>, tag: u8) -> Option<Reader<'a>> {
    if reader.peek()? == tag { element(reader).map(|(_, body)| body) } else { None }
}

/// Reads the next element's tag and length, and as much of its body as is at hand.
pub(crate) fn opened<'a>(reader: &mut Reader<'a>) -> Option<(u8, usize, Reader<'a>)> {
    let mut ahead = *reader;
    let tag = ahead.u8()?;
    let length = length(&mut ahead)?;
    let body = ahead.sub(length.min(ahead.len()))?;
    *reader = ahead;
    Some((tag, length, body))
}

/// Reads a length (X.690 8.1.3).
pub(crate) fn length(reader: &mut Reader<'_>) -> Option<usize> {
    match reader.u8()? {
        short @ 0..=0x7f => Some(short.into()),
        long @ 0x81..=0x84 => {
            let bytes = reader.take(usize::from(long & 0x7f))?;
            Some(bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
        }
        _ => None,
    }
}

/// Reads an INTEGER of at most eight bytes.
pub(crate) fn integer(reader: &mut Reader<'_>) -> Option<i64> {
    signed(expect(reader, INTEGER)?.rest())
}

/// The value of an INTEGER's body of one to eight bytes (X.690 8.3.3).
pub(crate) fn signed(body: &[u8]) -> Option<i64> {
    let start = if body.first()? & 0x80 == 0 { 0 } else { -1 };
    (body.len() <= 8).then(|| body.iter().fold(start, |value, byte| value << 8 | i64::from(*byte)))
}

/// The body of an OBJECT IDENTIFIER, shown with dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Oid<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        let mut arc = 0_u64;
        for byte in self.0 {
            arc = (arc & (u64::MAX >> 7)) << 7 | u64::from(byte & 0x7f);
            if byte & 0x80 != 0 {
                continue;
            }
            if first {
                let root = (arc / 40).min(2); // X.690 8.19.4
                write!(f, "{root}.{}", arc - root * 40)?;
                first = false;
            } else {
                write!(f, ".{arc}")?;
            }
            arc = 0;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Oid, element, integer, signed};
    use crate::Reader;

    #[test]
    fn integers_keep_their_sign() {
        assert_eq!(signed(&[0x00, 0x80]), Some(128));
        assert_eq!(signed(&[0x80]), Some(-128));
        assert_eq!(signed(&[0xff; 8]), Some(-1));
        assert_eq!((signed(&[]), signed(&[0; 9])), (None, None));
        assert_eq!(integer(&mut Reader::new(&[4, 1, 7])), None);
    }

    #[test]
    fn object_identifiers_print_with_dots() {
        assert_eq!(Oid(&[0x2b, 6, 1, 4, 1, 0x82, 0x37]).to_string(), "1.3.6.1.4.1.311");
        assert_eq!(Oid(&[0x88, 0x37, 3]).to_string(), "2.999.3"); // X.690 8.19.5
        assert_eq!(Oid(&[0xff; 40]).to_string(), "");
    }

    #[test]
    fn an_element_that_does_not_fit_moves_nothing() {
        let mut reader = Reader::new(&[0x30, 0x82, 0x01, 0x00, 0]);
        assert!(element(&mut reader).is_none());
        assert_eq!(reader.len(), 5);
        let mut reader = Reader::new(&[0x30, 0x81, 0x01, 9, 8]);
        assert_eq!(element(&mut reader).unwrap().1.rest(), [9]);
        assert_eq!(reader.rest(), [8]);
    }
}
