//! PUBLISH: topic, topic alias, and the first bytes of the payload.
//!
//! Payloads may be images and files; only their beginning is waited for, the rest is passed over.
//! Source: MQTT 5 clause 3.3.

use std::fmt;

use arrayvec::ArrayVec;

use super::packet::{Fixed, Properties, TopicName, Varint, properties, string, varint};
use super::{LEVEL_5, LONG, Mqtt, base, emit_bare};
use crate::message::{Anomaly, Message, Object};
use crate::session::{Side, Sink, Step};
use crate::{Reader, Text, sparkplug_b};
use plant::Intent;

/// Payload bytes that are waited for and shown.
const SHOWN_BYTES_MAX: usize = 128;
/// Longest properties that are read.
const PROPERTIES_BYTES_MAX: usize = 32 * 1024;
/// Topic aliases kept for each side; Mosquitto offers 10 unless told otherwise.
const ALIASES_MAX: usize = 32;
/// Longest topic that is kept for an alias.
const ALIAS_BYTES_MAX: usize = 512;

const QOS: Anomaly = Anomaly::violation("qos is 3");
const TOPIC: Anomaly = Anomaly::violation("topic name holds a wildcard");
const NO_TOPIC: Anomaly = Anomaly::violation("topic name is empty");
const ALIAS: Anomaly = Anomaly::oddity("topic alias was set before the capture, or never");
const PROPERTIES: Anomaly = Anomaly::malformed("properties do not have their form");

/// Topics that one side has given a number (MQTT 5 3.3.2.3.4).
#[derive(Default)]
pub(super) struct Aliases(ArrayVec<(u16, Vec<u8>), ALIASES_MAX>);

impl Aliases {
    /// `topic` is `alias` from now on. Beyond the bounds it is forgotten, never mistaken.
    fn set(&mut self, alias: u16, topic: &[u8]) {
        let topic = topic.get(..ALIAS_BYTES_MAX).map_or(topic, |_| &[]);
        match self.0.iter_mut().find(|(known, _)| *known == alias) {
            Some((_, kept)) => {
                kept.clear();
                kept.extend_from_slice(topic);
            }
            None => {
                let _ = self.0.try_push((alias, topic.to_vec()));
            }
        }
    }

    /// Bytes on the heap.
    pub(super) fn held_bytes(&self) -> usize {
        self.0.iter().map(|(_, topic)| topic.capacity()).sum()
    }

    fn topic(&self, alias: u16) -> &[u8] {
        self.0.iter().find(|(known, _)| *known == alias).map_or(&[], |(_, topic)| topic)
    }
}

/// What stands before the payload, and the payload as far as it is at hand.
struct Publish<'a> {
    fixed: Fixed,
    topic: &'a [u8],
    id: Option<u16>,
    properties: Option<Properties<'a>>,
    payload: &'a [u8],
    payload_bytes: usize,
}

impl<'a> Publish<'a> {
    /// `Err(Some)` needs that many bytes, `Err(None)` if the parts do not fit into the packet.
    fn read(bytes: &'a [u8], fixed: Fixed, level: u8) -> Result<Self, Option<usize>> {
        let packet = bytes.get(..fixed.bytes).unwrap_or(bytes);
        let mut reader = Reader::new(packet);
        let need = |count: usize| if count <= fixed.bytes { Some(count) } else { None };
        reader.skip(fixed.head).ok_or_else(|| need(fixed.head + 2))?;
        let length = reader.peek_be16().ok_or_else(|| need(fixed.head + 2))?;
        let id_bytes = if fixed.qos() == 0 { 0 } else { 2 };
        let end = fixed.head + 2 + usize::from(length) + id_bytes;
        let topic = string(&mut reader).ok_or_else(|| need(end))?;
        let id = match id_bytes {
            0 => None,
            _ => Some(reader.be16().ok_or_else(|| need(end))?),
        };
        let mut found = Some(Properties::default());
        if level == LEVEL_5 {
            let mut ahead = reader;
            let Varint::Value(length) = varint(&mut ahead) else {
                return Err(need(packet.len() + 1));
            };
            let end = packet.len() - ahead.len() + length;
            if length <= PROPERTIES_BYTES_MAX && end <= fixed.bytes {
                ahead.skip(length).ok_or(Some(end))?;
                found = properties(&mut reader);
            } else {
                return Err(None);
            }
            reader = ahead;
        }
        let before = packet.len() - reader.len();
        Ok(Self {
            fixed,
            topic,
            id,
            properties: found,
            payload: reader.rest(),
            payload_bytes: fixed.bytes.saturating_sub(before),
        })
    }

    /// What should not be so with it; `topic` is its own or that of its alias.
    fn wrong(&self, topic: &[u8]) -> ArrayVec<Anomaly, 6> {
        let aliased = self.properties.is_some_and(|properties| properties.alias.is_some());
        [
            (self.fixed.qos() == 3, QOS),
            (self.id == Some(0), super::NO_ID),
            (self.properties.is_none(), PROPERTIES),
            (topic.is_empty() && !aliased, NO_TOPIC),
            (topic.is_empty() && aliased, ALIAS),
            (topic.iter().any(|byte| matches!(byte, b'#' | b'+')), TOPIC),
        ]
        .into_iter()
        .filter_map(|(is_so, anomaly)| is_so.then_some(anomaly))
        .collect()
    }

    /// Bytes of the packet that are waited for, as far as `payload_bytes_max` goes.
    fn wanted(&self, payload_bytes_max: usize) -> usize {
        self.fixed.bytes - self.payload_bytes + self.payload_bytes.min(payload_bytes_max)
    }
}

/// `qos 1 retain "on" (2 bytes)`; a payload that is no text is only counted.
impl fmt::Display for Publish<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "qos {}", self.fixed.qos())?;
        f.write_str(if self.fixed.flags & 1 == 0 { "" } else { " retain" })?;
        f.write_str(if self.fixed.flags & 8 == 0 { "" } else { " dup" })?;
        let shown = self.payload.get(..SHOWN_BYTES_MAX).unwrap_or(self.payload);
        // a character may be cut at the end of what is shown
        let valid = match std::str::from_utf8(shown) {
            Ok(text) => text,
            Err(error) if error.error_len().is_none() => shown
                .get(..error.valid_up_to())
                .and_then(|valid| std::str::from_utf8(valid).ok())
                .unwrap_or_default(),
            Err(_) => "",
        };
        let is_text =
            !valid.is_empty() && !valid.chars().any(|c| c.is_control() && !c.is_whitespace());
        if is_text {
            let more = if valid.len() < self.payload_bytes { ".." } else { "" };
            write!(f, " \"{}{more}\"", Text(valid.as_bytes()))?;
        }
        write!(f, " ({} bytes)", self.payload_bytes)
    }
}

impl Mqtt {
    pub(super) fn publish(
        &mut self,
        from: Side,
        bytes: &[u8],
        fixed: Fixed,
        out: &mut dyn Sink,
    ) -> Step {
        let said = match Publish::read(bytes, fixed, self.level) {
            Ok(said) => said,
            Err(Some(need)) => return Step::Need(need.max(bytes.len() + 1)),
            Err(None) => {
                emit_bare(
                    from,
                    fixed,
                    if fixed.bytes > 1 << 16 { LONG } else { super::BROKEN },
                    out,
                );
                return Step::Read(fixed.bytes);
            }
        };
        let alias = said.properties.and_then(|properties| properties.alias);
        let aliases = self.aliases.get(from.index());
        let topic = match (alias, aliases) {
            (Some(alias), Some(aliases)) if said.topic.is_empty() => aliases.topic(alias),
            _ => said.topic,
        };
        let sparkplug = sparkplug_b::Topic::read(topic);
        let payload_bytes_max = match sparkplug {
            Some(_) => sparkplug_b::PAYLOAD_BYTES_MAX,
            None => SHOWN_BYTES_MAX,
        };
        if bytes.len() < said.wanted(payload_bytes_max) {
            return Step::Need(said.wanted(payload_bytes_max));
        }
        let sparkplug =
            sparkplug.or_else(|| sparkplug_b::Topic::read_old_state(topic, said.payload));
        let anomalies = said.wrong(topic);
        let named = TopicName(topic);
        let base = base(from, fixed);
        let message = Message {
            intent: if from == Side::Server { Intent::Observe } else { base.intent },
            object: if topic.is_empty() { Object::Nothing } else { Object::Named(&named) },
            id: said.id.map(u32::from),
            values: Some(&said),
            anomalies: &anomalies,
            ..base
        };
        match sparkplug {
            Some(sparkplug) => {
                sparkplug.tell(from, said.payload, said.payload_bytes, &message, out)
            }
            None => out.message(&message),
        }
        // copied to the stack: the topic may live in the aliases
        let kept: ArrayVec<u8, { super::TOPIC_BYTES_MAX }> = topic
            .get(..super::TOPIC_BYTES_MAX)
            .map_or_else(|| topic.iter().copied().collect(), |_| ArrayVec::new());
        if let (Some(alias), false, Some(aliases)) =
            (alias, said.topic.is_empty(), self.aliases.get_mut(from.index()))
        {
            aliases.set(alias, said.topic);
        }
        if let Some(id) = said.id {
            self.await_answer(from, id, &TopicName(&kept));
        }
        Step::Read(fixed.bytes)
    }
}
