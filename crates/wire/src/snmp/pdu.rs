//! SNMP messages of all three versions, read into one shape, and their variable bindings.
//!
//! ```text
//!  v1, v2c: SEQUENCE { version, community, PDU }
//!  v3:      SEQUENCE { version, SEQUENCE { id, size, flags, model }, OCTET STRING { security },
//!                      SEQUENCE { engine, context, PDU } or OCTET STRING (encrypted) }
//!  PDU:     [type] { id, error-status, error-index, SEQUENCE { SEQUENCE { object, value } ... } }
//! ```
//! Sources: RFC 1157 clause 4, RFC 1901 clause 3, RFC 3412 clause 6, RFC 3414 clause 2.4, RFC 3416.

use std::fmt;

use crate::ber::{self, Oid};
use crate::{Reader, Text};

/// Bit of the flags of SNMPv3: the PDU is encrypted.
const PRIVACY: u8 = 0x02;
/// Context-specific, constructed: the tags of PDUs.
const PDU_TAG: u8 = 0xa0;
/// Most bindings that are rendered; a bulk response may carry hundreds.
const BINDINGS_SHOWN_MAX: usize = 16;

/// One message.
pub(super) struct Packet<'a> {
    /// 1, 2 (for 2c) or 3.
    pub(super) version: u8,
    /// Community of versions 1 and 2c, user of version 3.
    pub(super) principal: &'a [u8],
    pub(super) content: Content<'a>,
    /// Bytes after its end.
    pub(super) trailing: bool,
}

/// What a message carries.
pub(super) enum Content<'a> {
    Clear(Pdu<'a>),
    Encrypted,
    /// Behind a head that is one of SNMP stands no PDU.
    Broken,
}

impl<'a> Content<'a> {
    fn read(reader: &mut Reader<'a>) -> Self {
        Pdu::read(reader).map_or(Self::Broken, Self::Clear)
    }
}

/// One PDU.
pub(super) struct Pdu<'a> {
    pub(super) kind: u8,
    pub(super) id: u32,
    pub(super) status: u32,
    pub(super) bindings: Bindings<'a>,
    /// Its list of bindings ends before it should.
    pub(super) truncated: bool,
}

impl<'a> Packet<'a> {
    /// Reads one datagram; `None` if it is no SNMP.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut outer = Reader::new(bytes);
        let mut message = ber::expect(&mut outer, ber::SEQUENCE)?;
        let version = match ber::integer(&mut message)? {
            0 => 1,
            1 => 2,
            3 => return Self::version_3(message, !outer.is_empty()),
            _ => return None,
        };
        let principal = ber::expect(&mut message, ber::OCTET_STRING)?.rest();
        let content = Content::read(&mut message);
        Some(Self { version, principal, content, trailing: !outer.is_empty() })
    }

    fn version_3(mut message: Reader<'a>, trailing: bool) -> Option<Self> {
        let mut header = ber::expect(&mut message, ber::SEQUENCE)?;
        ber::integer(&mut header)?;
        ber::integer(&mut header)?;
        let flags = ber::expect(&mut header, ber::OCTET_STRING)?.u8()?;
        let model = ber::integer(&mut header)?;
        let security = ber::expect(&mut message, ber::OCTET_STRING)?;
        let principal = if model == 3 { user(security).unwrap_or_default() } else { &[] };
        let content = if flags & PRIVACY != 0 {
            ber::expect(&mut message, ber::OCTET_STRING)?;
            Content::Encrypted
        } else {
            let mut scoped = ber::expect(&mut message, ber::SEQUENCE)?;
            ber::expect(&mut scoped, ber::OCTET_STRING)?;
            ber::expect(&mut scoped, ber::OCTET_STRING)?;
            Content::read(&mut scoped)
        };
        Some(Self { version: 3, principal, content, trailing })
    }
}

/// The user name in the security parameters of the user-based model (RFC 3414 2.4).
fn user(mut security: Reader<'_>) -> Option<&[u8]> {
    let mut fields = ber::expect(&mut security, ber::SEQUENCE)?;
    ber::expect(&mut fields, ber::OCTET_STRING)?; // engine
    ber::integer(&mut fields)?; // boots
    ber::integer(&mut fields)?; // time
    Some(ber::expect(&mut fields, ber::OCTET_STRING)?.rest())
}

impl<'a> Pdu<'a> {
    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let (tag, mut body) = ber::element(reader)?;
        let kind = tag.checked_sub(PDU_TAG).filter(|kind| *kind <= 8)?;
        let [mut id, mut status] = [0, 0];
        if kind == super::codes::PDU_TRAP_V1 {
            for _ in 0..5 {
                ber::element(&mut body)?; // enterprise, agent, generic, specific, time stamp
            }
        } else {
            id = number(&mut body)?;
            status = number(&mut body)?;
            number(&mut body)?;
        }
        let list = ber::expect(&mut body, ber::SEQUENCE);
        let truncated = list.is_none();
        let bindings = Bindings(list.unwrap_or(Reader::new(&[])));
        Some(Self { kind, id, status, bindings, truncated })
    }
}

/// An integer as its low 32 bits: ids are signed, and some senders use the sign.
fn number(reader: &mut Reader<'_>) -> Option<u32> {
    let value = ber::integer(reader)?;
    u32::try_from(value & 0xffff_ffff).ok()
}

/// Variable bindings, read as they are walked over.
#[derive(Clone, Copy)]
pub(super) struct Bindings<'a>(Reader<'a>);

/// One object and its value.
#[derive(Clone, Copy)]
pub(super) struct Binding<'a> {
    pub(super) object: &'a [u8],
    pub(super) value: Value<'a>,
}

impl<'a> Iterator for Bindings<'a> {
    type Item = Binding<'a>;

    fn next(&mut self) -> Option<Binding<'a>> {
        let mut pair = ber::expect(&mut self.0, ber::SEQUENCE)?;
        let object = ber::expect(&mut pair, ber::OBJECT_IDENTIFIER)?.rest();
        let (tag, body) = ber::element(&mut pair)?;
        Some(Binding { object, value: Value { tag, body: body.rest() } })
    }
}

/// The objects of the bindings.
pub(super) struct Objects<'a>(pub(super) Bindings<'a>);

impl fmt::Display for Objects<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bindings = self.0;
        for (place, binding) in bindings.by_ref().take(BINDINGS_SHOWN_MAX).enumerate() {
            let lead = if place == 0 { "" } else { ", " };
            write!(f, "{lead}{}", Oid(binding.object))?;
        }
        match bindings.count() {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}

/// The values of the bindings.
impl fmt::Display for Bindings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        let mut bindings = *self;
        for (place, binding) in bindings.by_ref().take(BINDINGS_SHOWN_MAX).enumerate() {
            let lead = if place == 0 { "" } else { ", " };
            write!(f, "{lead}{}", binding.value)?;
        }
        f.write_str(if bindings.next().is_some() { ", ...]" } else { "]" })
    }
}

/// A value as its type shows it (RFC 3416 3, RFC 2578 7.1).
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    tag: u8,
    pub(super) body: &'a [u8],
}

impl Value<'_> {
    pub(super) const fn is_text(&self) -> bool {
        self.tag == ber::OCTET_STRING && !self.body.is_empty()
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.tag, self.body) {
            (0x05, _) => f.write_str("null"),
            (0x80 | 0x81, _) => f.write_str("no such object"),
            (0x82, _) => f.write_str("end of view"),
            (ber::OBJECT_IDENTIFIER, body) => Oid(body).fmt(f),
            (0x40, [a, b, c, d]) => write!(f, "{a}.{b}.{c}.{d}"),
            (ber::INTEGER, body) => match ber::signed(body) {
                Some(value) => value.fmt(f),
                None => f.write_str("integer"),
            },
            // counters, gauges and time ticks are unsigned, whatever their first bit
            (0x41 | 0x42 | 0x43 | 0x46, body) if body.len() <= 9 => {
                body.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte)).fmt(f)
            }
            (_, body) => write!(f, "\"{}\"", Text::clipped(body, 256)),
        }
    }
}
