//! Logins in the `Authorization` header: Basic, Digest, Bearer.
//!
//! Sources: RFC 7617 clause 2 (Basic), RFC 7616 clause 3.4 (Digest), RFC 6750 clause 2.1 (Bearer).
//! The secret is only compared with the shipped ones, and never leaves this file.

use std::fmt;

use arrayvec::ArrayVec;

use crate::message::Fact;
use crate::{Reader, Text, credentials};

/// Longest `account:secret` that is decoded, in bytes.
const LOGIN_BYTES_MAX: usize = 192;

/// A login as the header says it.
pub(super) struct Login {
    scheme: &'static str,
    account: ArrayVec<u8, LOGIN_BYTES_MAX>,
    cleartext: bool,
    default: bool,
}

impl Login {
    /// Reads the value of the header; `None` for schemes that show no account.
    pub(super) fn read(value: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(value);
        let scheme = reader.until(b' ')?;
        if scheme.eq_ignore_ascii_case(b"basic") {
            let login = base64(Text::trimmed(reader.rest()).0);
            let mut parts = Reader::new(&login);
            let account = parts.until(b':')?;
            let default = credentials::is_default(account, parts.rest());
            let account = account.iter().copied().collect();
            Some(Self { scheme: "HTTP Basic", account, cleartext: true, default })
        } else if scheme.eq_ignore_ascii_case(b"digest") {
            let account = quoted(reader.rest(), b"username=\"")?;
            let account = account.iter().copied().take(LOGIN_BYTES_MAX).collect();
            Some(Self { scheme: "HTTP Digest", account, cleartext: false, default: false })
        } else if scheme.eq_ignore_ascii_case(b"bearer") {
            let account = b"bearer".iter().copied().collect();
            Some(Self { scheme: "HTTP Bearer", account, cleartext: true, default: false })
        } else {
            None
        }
    }

    pub(super) fn fact(&self) -> Fact<'_> {
        let Self { scheme, cleartext, default, .. } = *self;
        Fact::Credential { scheme, account: self, cleartext, default }
    }
}

/// The account, never the secret.
impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text(&self.account).fmt(f)
    }
}

/// What stands between `key` (which ends in a quote) and the next quote.
fn quoted<'a>(text: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let start = text.windows(key.len()).position(|window| window.eq_ignore_ascii_case(key))?;
    Reader::new(text.get(start + key.len()..)?).until(b'"')
}

/// Decodes base64 (RFC 4648 clause 4) up to its first byte that is none, or the space at hand.
fn base64(text: &[u8]) -> ArrayVec<u8, LOGIN_BYTES_MAX> {
    let mut bytes = ArrayVec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => break,
        };
        bits = (bits << 6 | u32::from(value)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            let [.., byte] = (bits >> held).to_be_bytes();
            if bytes.try_push(byte).is_err() {
                break;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_decodes_the_examples_of_the_standard() {
        // RFC 4648 clause 10
        let cases = [("Zg==", "f"), ("Zm8=", "fo"), ("Zm9vYmFy", "foobar"), ("", "")];
        for (text, bytes) in cases {
            assert_eq!(&base64(text.as_bytes())[..], bytes.as_bytes());
        }
    }
}
