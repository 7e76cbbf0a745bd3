//! Logins of LDAP: simple, by SASL, and those of NTLM that Windows adds.
//!
//! Sources: RFC 4511 4.2, RFC 4513 5.1, RFC 4616 (PLAIN), MS-ADTS 5.1.1.1.3 (0x89 to 0x8b).

use std::fmt;

use arrayvec::ArrayVec;

use crate::ber::{self, OCTET_STRING};
use crate::message::Fact;
use crate::ntlm::Ntlm;
use crate::{Reader, Text, credentials};

/// One bind request.
pub(super) struct Bind<'a> {
    version: i64,
    pub(super) name: &'a [u8],
    login: Login<'a>,
    account: Text<'a>,
}

/// How it logs in.
enum Login<'a> {
    Simple { password: &'a [u8] },
    Sasl { mechanism: Text<'a>, password: Option<&'a [u8]>, ntlm: Option<Ntlm<'a>> },
    Ntlm(Option<Ntlm<'a>>),
    Unlisted(u8),
}

impl<'a> Bind<'a> {
    pub(super) fn read(mut content: Reader<'a>) -> Option<Self> {
        let version = ber::integer(&mut content)?;
        let name = ber::expect(&mut content, OCTET_STRING)?.rest();
        let (tag, _, mut body) = ber::opened(&mut content)?;
        let mut account = Text(name);
        let login = match tag {
            0x80 => Login::Simple { password: body.rest() },
            0xa3 => {
                let mechanism = Text(ber::expect(&mut body, OCTET_STRING)?.rest());
                let token = ber::opened(&mut body).map_or(&[] as &[u8], |(_, _, body)| body.rest());
                let plain = if mechanism.0 == b"PLAIN" { plain(token) } else { None };
                if let Some((name, _)) = plain {
                    account = Text(name);
                }
                let password = plain.map(|(_, password)| password);
                Login::Sasl { mechanism, password, ntlm: Ntlm::find(token) }
            }
            0x89..=0x8b => Login::Ntlm(Ntlm::find(body.rest())),
            other => Login::Unlisted(other),
        };
        Some(Self { version, name, login, account })
    }

    /// A name and no password: servers that accept it take whoever it is for nobody, and software
    /// that asks them takes it for a success (RFC 4513 5.1.2).
    pub(super) const fn is_without_password(&self) -> bool {
        matches!(self.login, Login::Simple { password: [] }) && !self.name.is_empty()
    }

    pub(super) fn facts(&self) -> ArrayVec<Fact<'_>, 3> {
        let (scheme, password) = match &self.login {
            Login::Simple { password } if !password.is_empty() => ("LDAP simple bind", *password),
            Login::Sasl { password: Some(password), .. } => ("LDAP SASL PLAIN", *password),
            Login::Sasl { ntlm: Some(ntlm), .. } | Login::Ntlm(Some(ntlm)) => {
                return ntlm.facts("LDAP NTLM");
            }
            Login::Simple { .. } | Login::Sasl { .. } | Login::Ntlm(None) | Login::Unlisted(_) => {
                return ArrayVec::new();
            }
        };
        let default = credentials::is_default(short(self.account.0), password);
        let account = &self.account;
        let fact = Fact::Credential { scheme, account, cleartext: true, default };
        [fact].into_iter().collect()
    }
}

impl fmt::Display for Bind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "version {} ", self.version)?;
        match &self.login {
            Login::Simple { password: [] } if self.name.is_empty() => f.write_str("anonymous"),
            Login::Simple { .. } => f.write_str("simple"),
            Login::Sasl { mechanism, .. } => write!(f, "sasl {mechanism}"),
            Login::Ntlm(_) => f.write_str("ntlm"),
            Login::Unlisted(tag) => write!(f, "authentication 0x{tag:02x}"),
        }
    }
}

/// Account and password of `identity NUL account NUL password` (RFC 4616 2).
fn plain(token: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = Reader::new(token);
    reader.until(0)?;
    Some((reader.until(0)?, reader.rest()))
}

/// The account in a distinguished name: the value of its first part.
fn short(name: &[u8]) -> &[u8] {
    let first = name.split(|byte| *byte == b',').next().unwrap_or(name);
    first.splitn(2, |byte| *byte == b'=').nth(1).unwrap_or(first)
}

/// What the server's answer to a bind tells by NTLM: in its SASL credentials, or, to a login that
/// Windows adds, in place of the matched name.
pub(super) fn challenge(rest: Reader<'_>) -> Option<Ntlm<'_>> {
    Ntlm::find(rest.rest())
}
