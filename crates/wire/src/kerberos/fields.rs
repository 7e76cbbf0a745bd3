//! The fields of Kerberos messages that are read.
//!
//! Every type is a sequence of fields with numbers of their own, of which any may be missing.
//! Sources: RFC 4120 clauses 5.2 to 5.5 and 5.9, appendix A.

use std::fmt;

use arrayvec::ArrayVec;

use super::codes::{self, kind};
use crate::ber::{self, INTEGER, SEQUENCE};
use crate::{Reader, Text};

/// Most encryption types of an offer that are kept; clients offer 2 to 8.
const ETYPES_MAX: usize = 12;
/// Kind of address: a NetBIOS name (RFC 4120 7.5.3).
const NETBIOS_ADDRESS: i64 = 20;
/// Kind of pre-authentication: an encrypted time (RFC 4120 5.2.7.2).
const ENCRYPTED_TIME: i64 = 2;

/// What one message says.
#[derive(Default)]
pub(super) struct Read<'a> {
    pub(super) client: Name<'a>,
    pub(super) service: Name<'a>,
    /// Types that a client offers.
    offered: ArrayVec<i64, ETYPES_MAX>,
    /// Types that tickets, answers and proofs are encrypted with.
    used: ArrayVec<i64, 3>,
    /// A login proves that it has its key.
    pub(super) proved: bool,
    pub(super) error: Option<i64>,
    /// The client's NetBIOS name.
    pub(super) host: Option<Text<'a>>,
}

/// A principal and its realm.
#[derive(Default)]
pub(super) struct Name<'a> {
    pub(super) names: Reader<'a>,
    realm: &'a [u8],
}

impl<'a> Read<'a> {
    /// Reads a message of this kind from the body of its application tag.
    pub(super) fn new(code: u8, body: Reader<'a>) -> Self {
        let mut read = Self::default();
        for (field, body) in Fields::of(body) {
            match (code, field) {
                (kind::AS_REQ | kind::TGS_REQ, 3) => read.proofs(body),
                (kind::AS_REQ | kind::TGS_REQ, 4) => read.request(body),
                (kind::AS_REP | kind::TGS_REP, 3) => read.client.realm = string(body),
                (kind::AS_REP | kind::TGS_REP, 4) => read.client.names = names(body),
                (kind::AS_REP | kind::TGS_REP, 5) | (kind::AP_REQ, 3) => read.ticket(body),
                (kind::AS_REP | kind::TGS_REP, 6) => read.encrypted(body),
                (kind::ERROR, 6) => read.error = number(body),
                (kind::ERROR, 7) => read.client.realm = string(body),
                (kind::ERROR, 8) => read.client.names = names(body),
                (kind::ERROR, 9) => read.service.realm = string(body),
                (kind::ERROR, 10) => read.service.names = names(body),
                _ => {}
            }
        }
        read
    }

    /// The body of a request (RFC 4120 5.4.1).
    fn request(&mut self, body: Reader<'a>) {
        for (field, body) in Fields::of(body) {
            match field {
                1 => self.client.names = names(body),
                2 => (self.client.realm, self.service.realm) = (string(body), string(body)),
                3 => self.service.names = names(body),
                8 => self.offer(body),
                9 => self.addresses(body),
                _ => {}
            }
        }
    }

    fn offer(&mut self, mut body: Reader<'_>) {
        let Some((_, _, mut list)) = ber::opened(&mut body) else { return };
        while let Some(etype) = ber::integer(&mut list) {
            let _ = self.offered.try_push(etype);
        }
    }

    fn addresses(&mut self, mut body: Reader<'a>) {
        let Some((_, _, mut list)) = ber::opened(&mut body) else { return };
        while let Some((_, address)) = ber::element(&mut list) {
            let (mut kind, mut name) = (None, None);
            for (field, body) in Fields(address) {
                match field {
                    0 => kind = number(body),
                    1 => name = Some(Text::trimmed(string(body))),
                    _ => {}
                }
            }
            if kind == Some(NETBIOS_ADDRESS) {
                self.host = name.filter(|name| !name.0.is_empty());
            }
        }
    }

    /// Pre-authentication of a request (RFC 4120 5.2.7).
    fn proofs(&mut self, mut body: Reader<'a>) {
        let Some((_, _, mut list)) = ber::opened(&mut body) else { return };
        while let Some((_, proof)) = ber::element(&mut list) {
            let mut kind = 0;
            for (field, mut body) in Fields(proof) {
                match field {
                    1 => kind = number(body).unwrap_or(0),
                    2 if kind == ENCRYPTED_TIME => {
                        let value = ber::opened(&mut body).map(|(_, _, value)| value);
                        self.encrypted(value.unwrap_or_default());
                    }
                    _ => {}
                }
            }
            self.proved |= codes::proves(kind);
        }
    }

    /// A ticket (RFC 4120 5.3).
    fn ticket(&mut self, mut body: Reader<'a>) {
        let Some((_, _, ticket)) = ber::opened(&mut body) else { return };
        for (field, body) in Fields::of(ticket) {
            match field {
                1 => self.service.realm = string(body),
                2 => self.service.names = names(body),
                3 => self.encrypted(body),
                _ => {}
            }
        }
    }

    /// Encrypted data: its type (RFC 4120 5.2.9).
    fn encrypted(&mut self, body: Reader<'a>) {
        let etype = Fields::of(body).find(|(field, _)| *field == 0);
        if let Some(etype) = etype.and_then(|(_, body)| number(body)) {
            let _ = self.used.try_push(etype);
        }
    }

    /// What is weak about it: what is used, or an offer that has nothing better.
    pub(super) fn weak(&self) -> Option<&'static str> {
        let used = self.used.iter().find_map(|etype| codes::weak(*etype));
        used.or_else(|| {
            let strong = self.offered.iter().any(|etype| codes::weak(*etype).is_none());
            self.offered.first().filter(|_| !strong).and_then(|etype| codes::weak(*etype))
        })
    }

    pub(super) fn says_more(&self) -> bool {
        let nothing = self.offered.is_empty() && self.used.is_empty();
        !(self.client.names.is_empty() && nothing)
    }
}

/// `client bob@CELL offers rc4-hmac uses aes256-cts-hmac-sha1-96`
impl fmt::Display for Read<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lead = "";
        if !self.client.names.is_empty() {
            write!(f, "client {}", self.client)?;
            lead = " ";
        }
        for (word, list) in [("offers", &*self.offered), ("uses", &*self.used)] {
            for (place, etype) in list.iter().enumerate() {
                match place {
                    0 => write!(f, "{lead}{word} ")?,
                    _ => f.write_str(",")?,
                }
                match codes::etype(*etype) {
                    "" => write!(f, "{etype}")?,
                    name => f.write_str(name)?,
                }
                lead = " ";
            }
        }
        Ok(())
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = self.names;
        let mut lead = "";
        while let Some((_, name)) = ber::element(&mut names) {
            write!(f, "{lead}{}", Text(name.rest()))?;
            lead = "/";
        }
        if self.realm.is_empty() { Ok(()) } else { write!(f, "@{}", Text(self.realm)) }
    }
}

/// Numbered fields of a sequence; the last may be cut.
struct Fields<'a>(Reader<'a>);

impl<'a> Fields<'a> {
    /// Those of the sequence that begins here.
    fn of(mut body: Reader<'a>) -> Self {
        match ber::opened(&mut body) {
            Some((SEQUENCE, _, body)) => Self(body),
            Some(_) | None => Self(Reader::default()),
        }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u8, Reader<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (tag, _, body) = ber::opened(&mut self.0)?;
        (tag & 0xe0 == 0xa0).then_some((tag & 0x1f, body))
    }
}

/// The number in a field.
pub(super) fn number(mut body: Reader<'_>) -> Option<i64> {
    ber::signed(ber::expect(&mut body, INTEGER)?.rest())
}

/// The text or bytes in a field.
fn string(mut body: Reader<'_>) -> &[u8] {
    ber::element(&mut body).map(|(_, body)| body.rest()).unwrap_or_default()
}

/// The names of a principal (RFC 4120 5.2.2).
fn names(body: Reader<'_>) -> Reader<'_> {
    let names = Fields::of(body).find(|(field, _)| *field == 1);
    let names = names.and_then(|(_, mut body)| ber::expect(&mut body, SEQUENCE));
    names.unwrap_or_default()
}
