//! The parts that all packets are made of: fixed header, strings, properties.
//!
//! Nothing here knows of a conversation. Source: MQTT 5 clauses 1.5, 2.1 and 2.2.

use super::codes::{self, Shape};
use crate::Reader;

/// Bytes of the longest remaining length (MQTT 5 1.5.5).
const VARINT_BYTES_MAX: usize = 4;

/// What a variable byte integer turned out to be.
pub(super) enum Varint {
    Value(usize),
    /// It goes on past the bytes at hand.
    Part,
    /// It goes on past its fourth byte.
    TooLong,
}

/// Reads a variable byte integer.
pub(super) fn varint(reader: &mut Reader<'_>) -> Varint {
    let mut value = 0_usize;
    for place in 0..VARINT_BYTES_MAX {
        let Some(byte) = reader.u8() else { return Varint::Part };
        value |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Varint::Value(value);
        }
    }
    Varint::TooLong
}

/// The first byte and the remaining length.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixed {
    /// Packet type, 0 to 15.
    pub(super) kind: u8,
    /// Lower half of the first byte.
    pub(super) flags: u8,
    /// Bytes of the fixed header.
    pub(super) head: usize,
    /// Bytes of the whole packet.
    pub(super) bytes: usize,
}

impl Fixed {
    /// `Ok(None)` asks for more bytes; `Err` if no length can stand there.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<Self>, ()> {
        let mut reader = Reader::new(bytes);
        let Some(first) = reader.u8() else { return Ok(None) };
        match varint(&mut reader) {
            Varint::Part => Ok(None),
            Varint::TooLong => Err(()),
            Varint::Value(rest) => {
                let head = bytes.len() - reader.len();
                Ok(Some(Self { kind: first >> 4, flags: first & 15, head, bytes: head + rest }))
            }
        }
    }

    /// Whether the flags are those that the packet type demands (MQTT 5 2.1.3).
    pub(super) const fn flags_valid(self) -> bool {
        match self.kind {
            codes::PUBLISH => self.flags & 6 != 6,
            codes::PUBREL | codes::SUBSCRIBE | codes::UNSUBSCRIBE => self.flags == 2,
            _ => self.flags == 0,
        }
    }

    /// Quality of service of a PUBLISH.
    pub(super) const fn qos(self) -> u8 {
        self.flags >> 1 & 3
    }
}

/// Reads text or bytes behind their 16-bit length.
pub(super) fn string<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let mut at = *reader;
    let length = at.be16()?;
    let text = at.take(length.into())?;
    *reader = at;
    Some(text)
}

/// What is used of a packet's properties.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Properties<'a> {
    pub(super) alias: Option<u16>,
    pub(super) assigned_client: Option<&'a [u8]>,
    pub(super) auth_method: Option<&'a [u8]>,
    pub(super) reason: Option<&'a [u8]>,
}

/// Reads the property length and the properties; `None` if they do not fit or are none.
pub(super) fn properties<'a>(reader: &mut Reader<'a>) -> Option<Properties<'a>> {
    let Varint::Value(length) = varint(reader) else { return None };
    let mut list = reader.sub(length)?;
    let mut found = Properties::default();
    while let Some(id) = list.u8() {
        match codes::property(id)? {
            Shape::Fixed(2) if id == codes::TOPIC_ALIAS => found.alias = Some(list.be16()?),
            Shape::Fixed(bytes) => list.skip(bytes)?,
            Shape::Varint => {
                let Varint::Value(_) = varint(&mut list) else { return None };
            }
            Shape::Pair => {
                string(&mut list)?;
                string(&mut list)?;
            }
            Shape::Bytes => {
                let text = Some(string(&mut list)?);
                match id {
                    codes::ASSIGNED_CLIENT => found.assigned_client = text,
                    codes::AUTH_METHOD => found.auth_method = text,
                    codes::REASON_STRING => found.reason = text,
                    _ => {}
                }
            }
        }
    }
    Some(found)
}

/// The topic filters of a SUBSCRIBE or UNSUBSCRIBE.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filters<'a> {
    list: Reader<'a>,
    /// Whether an options byte follows each.
    options: bool,
}

/// Filters that are shown; the rest is counted.
const FILTERS_SHOWN_MAX: usize = 8;

impl<'a> Filters<'a> {
    /// The filters in all of `list`; `None` if they do not fill it, or there is none.
    pub(super) fn read(list: Reader<'a>, options: bool) -> Option<Self> {
        let filters = Self { list, options };
        let mut at = list;
        while !at.is_empty() {
            let (_, options) = filters.next(&mut at)?;
            if options & 3 == 3 {
                return None;
            }
        }
        (!list.is_empty()).then_some(filters)
    }

    fn next(&self, at: &mut Reader<'a>) -> Option<(&'a [u8], u8)> {
        let filter = string(at).filter(|filter| !filter.is_empty())?;
        Some((filter, if self.options { at.u8()? } else { 0 }))
    }

    /// Each filter with its options.
    pub(super) fn each(self) -> impl Iterator<Item = (&'a [u8], u8)> {
        let mut at = self.list;
        std::iter::from_fn(move || self.next(&mut at))
    }

    /// Whether one of them takes every topic.
    pub(super) fn takes_all(self) -> bool {
        self.each().any(|(filter, _)| {
            let shared = filter.strip_prefix(b"$share/").and_then(|rest| {
                let group = rest.iter().position(|byte| *byte == b'/')?;
                rest.get(group + 1..)
            });
            matches!(shared.unwrap_or(filter), b"#" | b"+/#")
        })
    }
}

/// `line/+/state qos 1, alarms/# qos 0`.
impl std::fmt::Display for Filters<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, (filter, options)) in self.each().take(FILTERS_SHOWN_MAX).enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{}", crate::Text(filter))?;
            if self.options {
                write!(f, " qos {}", options & 3)?;
            }
        }
        match self.each().skip(FILTERS_SHOWN_MAX).count() {
            0 => Ok(()),
            more => write!(f, ", {more} more"),
        }
    }
}
