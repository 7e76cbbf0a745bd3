//! The payload: timestamp, sequence number and metrics with their values.
//!
//! Read anew whenever somebody looks, so nothing is kept. Data sets, templates, metadata and
//! property sets are named and not opened. Source: Sparkplug 3.0 clause 6.4.1.

use std::fmt;

use super::codes;
use crate::protobuf::{Value, field};
use crate::{Reader, Text};

/// Metrics that are shown; the rest is counted.
const SHOWN_MAX: usize = 8;
/// Bytes of a text value that are shown.
const TEXT_BYTES_MAX: usize = 64;

/// A payload whose fields were read to the end once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payload<'a> {
    bytes: &'a [u8],
    timestamp_ms: Option<u64>,
    sequence: Option<u64>,
    metrics: usize,
    /// Its fields fill it.
    pub(super) whole: bool,
}

impl<'a> Payload<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let mut payload =
            Self { bytes, timestamp_ms: None, sequence: None, metrics: 0, whole: true };
        let mut reader = Reader::new(bytes);
        while !reader.is_empty() {
            match field(&mut reader) {
                Some((1, Value::Varint(time))) => payload.timestamp_ms = Some(time),
                Some((3, Value::Varint(sequence))) => payload.sequence = Some(sequence),
                Some((2, Value::Bytes(metric))) => {
                    payload.metrics += 1;
                    payload.whole &= Metric::read(metric).is_some();
                }
                Some(_) => {}
                None => {
                    payload.whole = false;
                    break;
                }
            }
        }
        payload
    }

    /// The metrics that can be read.
    pub(super) fn metrics(self) -> impl Iterator<Item = Metric<'a>> {
        let mut reader = Reader::new(self.bytes);
        std::iter::from_fn(move || field(&mut reader)).filter_map(|(number, value)| {
            match (number, value) {
                (2, Value::Bytes(metric)) => Metric::read(metric),
                _ => None,
            }
        })
    }
}

/// `seq 3 [Temp Float = 21.5, #7 = 1, 4 more]`.
impl fmt::Display for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(time) = self.timestamp_ms {
            write!(f, "time {time} ms ")?;
        }
        if let Some(sequence) = self.sequence {
            write!(f, "seq {sequence} ")?;
        }
        f.write_str("[")?;
        for (place, metric) in self.metrics().take(SHOWN_MAX).enumerate() {
            write!(f, "{}{metric}", if place == 0 { "" } else { ", " })?;
        }
        match self.metrics.saturating_sub(SHOWN_MAX) {
            0 => f.write_str("]"),
            more => write!(f, ", {more} more]"),
        }
    }
}

/// One metric.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Metric<'a> {
    pub(super) name: Option<&'a [u8]>,
    alias: Option<u64>,
    data_type: Option<u64>,
    null: bool,
    /// Field number and value, where there is one.
    value: Option<(u64, Value<'a>)>,
}

const NAME: u64 = 1;
const ALIAS: u64 = 2;
const DATA_TYPE: u64 = 4;
const IS_NULL: u64 = 7;
const INT: u64 = 10;
const LONG: u64 = 11;
const FLOAT: u64 = 12;
const DOUBLE: u64 = 13;
const BOOLEAN: u64 = 14;
const STRING: u64 = 15;
const EXTENSION: u64 = 19;

impl<'a> Metric<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut metric = Self::default();
        let mut reader = Reader::new(bytes);
        while !reader.is_empty() {
            match field(&mut reader)? {
                (NAME, Value::Bytes(name)) => metric.name = Some(name),
                (ALIAS, Value::Varint(alias)) => metric.alias = Some(alias),
                (DATA_TYPE, Value::Varint(code)) => metric.data_type = Some(code),
                (IS_NULL, Value::Varint(null)) => metric.null = null != 0,
                (number @ INT..=EXTENSION, value) => metric.value = Some((number, value)),
                _ => {}
            }
        }
        Some(metric)
    }

    /// The value where it is text.
    pub(super) fn text(&self) -> Option<&'a [u8]> {
        match self.value {
            Some((STRING, Value::Bytes(text))) => Some(text),
            _ => None,
        }
    }

    /// An integer; of signed types it is the two's complement in 32 or 64 bits.
    fn integer(&self, f: &mut fmt::Formatter<'_>, value: u64, long: bool) -> fmt::Result {
        match self.data_type {
            Some(1..=4) if long => write!(f, "{}", value.cast_signed()),
            Some(1..=4) => {
                let low = u32::try_from(value & 0xffff_ffff).unwrap_or_default().cast_signed();
                match self.data_type {
                    // some writers keep only the bits of the type
                    Some(1) => write!(f, "{}", low.wrapping_shl(24) >> 24),
                    Some(2) => write!(f, "{}", low.wrapping_shl(16) >> 16),
                    _ => write!(f, "{low}"),
                }
            }
            _ => write!(f, "{value}"),
        }
    }
}

impl fmt::Display for Metric<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name, self.alias) {
            (Some(name), Some(alias)) => write!(f, "{} #{alias}", Text(name))?,
            (Some(name), None) => write!(f, "{}", Text(name))?,
            (None, Some(alias)) => write!(f, "#{alias}")?,
            (None, None) => f.write_str("unnamed")?,
        }
        match self.data_type {
            Some(code) if codes::data_type(code).is_empty() => write!(f, " type {code}")?,
            Some(code) => write!(f, " {}", codes::data_type(code))?,
            None => {}
        }
        match self.value {
            _ if self.null => f.write_str(" = null"),
            None => Ok(()),
            Some((number @ (INT | LONG), Value::Varint(value))) => {
                f.write_str(" = ")?;
                self.integer(f, value, number == LONG)
            }
            Some((FLOAT, Value::Fixed32(bits))) => write!(f, " = {}", f32::from_bits(bits)),
            Some((DOUBLE, Value::Fixed64(bits))) => write!(f, " = {}", f64::from_bits(bits)),
            Some((BOOLEAN, Value::Varint(value))) => write!(f, " = {}", value != 0),
            Some((STRING, Value::Bytes(text))) => {
                let more = if text.len() > TEXT_BYTES_MAX { ".." } else { "" };
                write!(f, " = \"{}{more}\"", Text::clipped(text, TEXT_BYTES_MAX))
            }
            Some((_, Value::Bytes(bytes))) => write!(f, " = ({} bytes)", bytes.len()),
            Some(_) => f.write_str(" = (value of another form)"),
        }
    }
}
