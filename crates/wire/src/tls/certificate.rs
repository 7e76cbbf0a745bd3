//! Names in the first certificate of a chain.
//!
//! ```text
//!  SEQUENCE { SEQUENCE { [0] version, serial, algorithm, issuer, validity, subject, key,
//!             [1] [2] identifiers, [3] extensions }, algorithm, signature }
//! ```
//! Nothing is verified: the names are what the sender claims. Source: RFC 5280 4.1, 4.2.1.6.

use std::fmt;

use crate::{Reader, Text, ber};

/// OBJECT IDENTIFIER of commonName, 2.5.4.3.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// OBJECT IDENTIFIER of organizationName, 2.5.4.10.
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];
/// OBJECT IDENTIFIER of subjectAltName, 2.5.29.17.
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];
/// Tag of the optional version.
const VERSION: u8 = 0xa0;
/// Tag of the extensions.
const EXTENSIONS: u8 = 0xa3;
/// Tag of a dNSName (RFC 5280 4.2.1.6).
const DNS_NAME: u8 = 0x82;

/// Who a certificate is for and from.
pub(super) struct Certificate<'a> {
    subject: Name<'a>,
    issuer: Name<'a>,
    extensions: Reader<'a>,
}

/// A distinguished name, as far as people read it.
#[derive(Clone, Copy, Default)]
struct Name<'a> {
    common: &'a [u8],
    organization: &'a [u8],
}

impl<'a> Certificate<'a> {
    /// The first certificate of the list in a handshake message's body (RFC 5246 7.4.2).
    pub(super) fn first(body: &'a [u8]) -> Option<Self> {
        let mut list = Reader::new(body);
        list.be24()?;
        let length = list.be24()?;
        Self::read(list.sub(usize::try_from(length).ok()?)?)
    }

    fn read(mut outer: Reader<'a>) -> Option<Self> {
        let mut certificate = ber::expect(&mut outer, ber::SEQUENCE)?;
        let mut body = ber::expect(&mut certificate, ber::SEQUENCE)?;
        let _ = ber::expect(&mut body, VERSION);
        ber::expect(&mut body, ber::INTEGER)?;
        ber::expect(&mut body, ber::SEQUENCE)?;
        let issuer = Name::read(ber::expect(&mut body, ber::SEQUENCE)?);
        ber::expect(&mut body, ber::SEQUENCE)?;
        let subject = Name::read(ber::expect(&mut body, ber::SEQUENCE)?);
        ber::expect(&mut body, ber::SEQUENCE)?;
        let mut extensions = Reader::new(&[]);
        while let Some((tag, mut inner)) = ber::element(&mut body) {
            if tag == EXTENSIONS {
                extensions = ber::expect(&mut inner, ber::SEQUENCE)?;
            }
        }
        Some(Self { subject, issuer, extensions })
    }

    /// Host names that it is for: the alternative names, or else a common name that looks like
    /// one (RFC 9525 no longer wants that, devices still do it). Wildcards name no host.
    pub(super) fn hosts(&self) -> impl Iterator<Item = Text<'a>> {
        let alternative = Hosts(self.alternative_names());
        let common = alternative.0.is_empty().then_some(self.subject.common);
        let hosts = alternative.chain(common).filter(|name| is_host(name));
        hosts.map(Text)
    }

    fn alternative_names(&self) -> Reader<'a> {
        let mut extensions = self.extensions;
        while let Some(mut extension) = ber::expect(&mut extensions, ber::SEQUENCE) {
            let kind = ber::expect(&mut extension, ber::OBJECT_IDENTIFIER);
            if kind.is_some_and(|kind| kind.rest() == SUBJECT_ALT_NAME) {
                let _ = ber::expect(&mut extension, 0x01); // critical
                let value = ber::expect(&mut extension, ber::OCTET_STRING);
                return value
                    .and_then(|mut value| ber::expect(&mut value, ber::SEQUENCE))
                    .unwrap_or(Reader::new(&[]));
            }
        }
        Reader::new(&[])
    }
}

/// The dNSNames of a list of alternative names.
struct Hosts<'a>(Reader<'a>);

impl<'a> Iterator for Hosts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let (DNS_NAME, name) = ber::element(&mut self.0)? {
                return Some(name.rest());
            }
        }
    }
}

fn is_host(name: &[u8]) -> bool {
    name.contains(&b'.')
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

impl<'a> Name<'a> {
    fn read(mut sets: Reader<'a>) -> Self {
        let mut name = Self::default();
        while let Some((_, mut set)) = ber::element(&mut sets) {
            let Some(mut pair) = ber::expect(&mut set, ber::SEQUENCE) else { break };
            let kind = ber::expect(&mut pair, ber::OBJECT_IDENTIFIER);
            let (Some(kind), Some((_, value))) = (kind, ber::element(&mut pair)) else { break };
            match kind.rest() {
                COMMON_NAME => name.common = value.rest(),
                ORGANIZATION => name.organization = value.rest(),
                _ => {}
            }
        }
        name
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.common, self.organization) {
            ([], organization) => write!(f, "O={}", Text(organization)),
            (common, []) => write!(f, "CN={}", Text(common)),
            (common, organization) => write!(f, "CN={}, O={}", Text(common), Text(organization)),
        }
    }
}

impl fmt::Display for Certificate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "subject {} issuer {}", self.subject, self.issuer)
    }
}
