//! The parts that all packets are made of: fixed header, strings, properties.
//!
//! Nothing here knows of a conversation. Source: MQTT 5 clauses 1.5, 2.1 and 2.2.

use std::fmt;

use super::codes::{self, Shape};
use crate::{Reader, Text};

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

/// `line/+/state, alarms/#`: all of them, so that a rule judges what it is shown.
impl fmt::Display for Filters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.each().enumerate().try_for_each(|(place, (filter, _))| {
            write!(f, "{}{}", if place == 0 { "" } else { ", " }, TopicName(filter))
        })
    }
}

/// A topic or filter. Commas inside of it appear as `\x2c`, so that one is never taken for two.
#[derive(Clone, Copy)]
pub(crate) struct TopicName<'a>(pub(crate) &'a [u8]);

impl fmt::Display for TopicName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.split(|byte| *byte == b',').enumerate().try_for_each(|(place, part)| {
            write!(f, "{}{}", if place == 0 { "" } else { "\\x2c" }, Text(part))
        })
    }
}

/// What a SUBSCRIBE asks for, of each filter: `wants [qos 1, qos 0]`.
pub(super) struct Wanted<'a>(pub(super) Filters<'a>);

/// Filters whose quality is shown.
const WANTED_SHOWN_MAX: usize = 32;

impl fmt::Display for Wanted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wants [")?;
        for (place, (_, options)) in self.0.each().take(WANTED_SHOWN_MAX).enumerate() {
            write!(f, "{}qos {}", if place == 0 { "" } else { ", " }, options & 3)?;
        }
        let more = self.0.each().nth(WANTED_SHOWN_MAX).is_some();
        f.write_str(if more { ", ..]" } else { "]" })
    }
}
