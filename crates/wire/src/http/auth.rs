//! Logins in the `Authorization` header: Basic, Digest, Bearer.
//!
//! Of a digest the shipped secrets of its account are tried, since whoever listens can do so.
//! Sources: RFC 7617 clause 2 (Basic), RFC 7616 clause 3.4 (Digest), RFC 6750 clause 2.1 (Bearer).
//! The secret is only compared with the shipped ones, and never leaves this file.

use std::fmt;

use arrayvec::ArrayVec;

use super::head::parameter;
use crate::message::Fact;
use crate::{Reader, Text, credentials, md5};

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
    /// Reads the value of the header of a request with this method; `None` for schemes that show
    /// no account.
    pub(super) fn read(value: &[u8], method: &[u8]) -> Option<Self> {
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
            let digest = Digest { fields: reader.rest(), method };
            let account = parameter(reader.rest(), b"username=")?;
            let default = credentials::shipped(account).any(|secret| digest.is_of(account, secret));
            let account = account.iter().copied().take(LOGIN_BYTES_MAX).collect();
            Some(Self { scheme: "HTTP Digest", account, cleartext: false, default })
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

/// A digest login.
struct Digest<'a> {
    fields: &'a [u8],
    method: &'a [u8],
}

impl<'a> Digest<'a> {
    fn field(&self, key: &[u8]) -> &'a [u8] {
        parameter(self.fields, key).unwrap_or_default()
    }

    /// Whether `secret` gives this response (RFC 7616 3.4.1, and without qop RFC 2069 2.1.2).
    fn is_of(&self, account: &[u8], secret: &str) -> bool {
        let algorithm = self.field(b"algorithm=");
        if !algorithm.is_empty() && !algorithm.eq_ignore_ascii_case(b"md5") {
            return false;
        }
        let (colon, qop) = (&b":"[..], self.field(b"qop="));
        let known = md5::hex(&[account, colon, self.field(b"realm="), colon, secret.as_bytes()]);
        let asked = md5::hex(&[self.method, colon, self.field(b"uri=")]);
        let nonce = self.field(b"nonce=");
        let response = if qop.is_empty() {
            md5::hex(&[&known, colon, nonce, colon, &asked])
        } else {
            let (count, client) = (self.field(b"nc="), self.field(b"cnonce="));
            md5::hex(&[
                &known, colon, nonce, colon, count, colon, client, colon, qop, colon, &asked,
            ])
        };
        self.field(b"response=").eq_ignore_ascii_case(&response)
    }
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
    use super::{Login, base64};

    /// A login at an ABB controller with the shipped account, as others recorded it.
    const ABB: &str = "Digest username=\"Default User\", realm=\"validusers@robapi.abb\", \
        nonce=\"MGY0Yjc2MGY2Y2QyZjAwNzp2YWxpZHVzZXJzQHJvYmFwaS5hYmI6MTkwMjg5NjRlNGE6MA==\", \
        uri=\"/rw/rapid/execution\", algorithm=\"MD5\", qop=auth, nc=00000001, \
        cnonce=\"diddLOPR\", response=\"c36e30cdd2961584cd41f6f49f6bcbba\", opaque=\"799d5\"";

    #[test]
    fn a_digest_of_the_shipped_secret_is_known_as_such() {
        let default = |text: &str, method: &[u8]| {
            Login::read(text.as_bytes(), method).is_some_and(|login| login.default)
        };
        assert!(default(ABB, b"GET"));
        assert!(!default(ABB, b"PUT"));
        assert!(!default(&ABB.replace("c36e", "c36f"), b"GET"));
        assert!(!default(&ABB.replace("Default User", "Default Usex"), b"GET"));
        assert!(!default(&ABB.replace("MD5", "SHA-256"), b"GET"));
    }

    #[test]
    fn base64_decodes_the_examples_of_the_standard() {
        // RFC 4648 clause 10
        let cases = [("Zg==", "f"), ("Zm8=", "fo"), ("Zm9vYmFy", "foobar"), ("", "")];
        for (text, bytes) in cases {
            assert_eq!(&base64(text.as_bytes())[..], bytes.as_bytes());
        }
    }
}
