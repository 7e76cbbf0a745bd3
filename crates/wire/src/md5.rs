//! MD5, for one purpose: to try the shipped passwords on a digest login that passed over the wire.
//!
//! Nothing is protected with it. Source: RFC 7616 clause 3.4, RFC 1321.

use md5::{Digest as _, Md5};

/// The digest of the parts, one behind the other, as 32 lower-case hexadecimal digits.
pub(crate) fn hex(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Md5::new();
    parts.iter().for_each(|part| hasher.update(part));
    let mut digits = [0; 32];
    let nibbles = hasher.finalize().into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    for (digit, nibble) in digits.iter_mut().zip(nibbles) {
        *digit = if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn digits_are_those_of_the_standard() {
        // RFC 1321 A.5
        assert_eq!(&hex(&[]), b"d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(&hex(&[b"a", b"", b"bc"]), b"900150983cd24fb0d6963f7d28e17f72");
    }
}
