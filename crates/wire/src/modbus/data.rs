//! The data part of Modbus PDUs: addresses, quantities, values and identification objects.
//!
//! Source: MODBUS Application Protocol Specification V1.1b3 clause 6, one function after the other.

use std::fmt;

use arrayvec::ArrayVec;

use super::{BYTE_COUNT, COIL_VALUE, QUANTITY, codes};
use crate::message::{Anomaly, Field};
use crate::{Reader, Text};

/// What the data of a request says.
#[derive(Default)]
pub(super) struct Request<'a> {
    /// First cell that it acts on.
    pub(super) first: u16,
    /// How many; 0 where the function acts on no numbered cells.
    pub(super) count: u16,
    pub(super) values: Option<Values<'a>>,
    pub(super) anomalies: ArrayVec<Anomaly, 4>,
}

impl<'a> Request<'a> {
    pub(super) fn read(function: u8, mut data: Reader<'a>) -> Self {
        let mut request = Self::default();
        if request.fields(function, &mut data).is_none() {
            request.anomalies.push(Anomaly::TRUNCATED);
        } else if !data.is_empty() && codes::space(function).is_some() {
            let _ = request.anomalies.try_push(Anomaly::TRAILING);
        }
        request
    }

    fn fields(&mut self, function: u8, data: &mut Reader<'a>) -> Option<()> {
        if codes::space(function).is_none() {
            return Some(());
        }
        if function == 0x17 {
            data.skip(4)?; // the read range; what it writes is what it acts on
        }
        self.first = data.be16()?;
        self.count = 1;
        match function {
            0x01..=0x04 => self.count = self.quantity(function, data.be16()?),
            0x05 => {
                let value = data.take(2)?;
                if !matches!(value, [0x00 | 0xff, 0x00]) {
                    self.anomalies.push(COIL_VALUE);
                }
                self.values = Some(Values::Bits { bytes: value, count: 1 });
            }
            0x06 => self.values = data.take(2).map(Values::Registers),
            0x16 => self.values = data.take(4).map(Values::Registers),
            0x0f | 0x10 | 0x17 => {
                self.count = self.quantity(function, data.be16()?);
                let byte_count = data.u8()?;
                let bytes = data.take(byte_count.into())?;
                let bits = function == 0x0f;
                let expected =
                    if bits { self.count.div_ceil(8) } else { self.count.saturating_mul(2) };
                if u16::from(byte_count) != expected {
                    self.anomalies.push(BYTE_COUNT);
                }
                self.values = Some(Values::of(bits, bytes, self.count));
            }
            _ => {}
        }
        Some(())
    }

    fn quantity(&mut self, function: u8, quantity: u16) -> u16 {
        if quantity == 0 || quantity > codes::quantity_max(function) {
            self.anomalies.push(QUANTITY);
        }
        quantity
    }
}

/// What the data of a response says.
#[derive(Default)]
pub(super) struct Response<'a> {
    /// The first cell, where the response repeats it.
    pub(super) first: Option<u16>,
    pub(super) count: u16,
    pub(super) values: Option<Values<'a>>,
    pub(super) anomalies: ArrayVec<Anomaly, 2>,
}

impl<'a> Response<'a> {
    /// `asked` is the quantity of the request, if that was seen.
    pub(super) fn read(function: u8, mut data: Reader<'a>, asked: Option<u16>) -> Self {
        let mut response = Self::default();
        if response.fields(function, &mut data, asked).is_none() {
            response.anomalies.push(Anomaly::TRUNCATED);
        } else if !data.is_empty() && codes::space(function).is_some() {
            let _ = response.anomalies.try_push(Anomaly::TRAILING);
        }
        response
    }

    fn fields(&mut self, function: u8, data: &mut Reader<'a>, asked: Option<u16>) -> Option<()> {
        match function {
            0x01..=0x04 | 0x17 => {
                let byte_count = data.u8()?;
                let bytes = data.take(byte_count.into())?;
                let bits = function < 0x03;
                let expected = asked.filter(|_| function != 0x17);
                let expected = expected
                    .map(|count| if bits { count.div_ceil(8) } else { count.saturating_mul(2) });
                if expected.is_some_and(|expected| expected != u16::from(byte_count)) {
                    self.anomalies.push(BYTE_COUNT);
                }
                let held = u16::from(byte_count) * 8;
                self.values =
                    Some(Values::of(bits, bytes, asked.map_or(held, |count| count.min(held))));
            }
            0x05 | 0x06 | 0x16 => {
                self.first = data.be16();
                self.count = 1;
                data.skip(if function == 0x16 { 4 } else { 2 })?;
            }
            0x0f | 0x10 => {
                self.first = data.be16();
                self.count = data.be16()?;
            }
            0x18 => {
                let bytes = data.be16()?;
                self.values = data.take(bytes.into()).map(Values::Registers);
            }
            _ => {}
        }
        Some(())
    }
}

/// Values as the protocol carries them, printed as a list of numbers.
#[derive(Clone, Copy)]
pub(super) enum Values<'a> {
    /// Least significant bit first.
    Bits { bytes: &'a [u8], count: u16 },
    /// 16 bits each, most significant byte first.
    Registers(&'a [u8]),
}

impl<'a> Values<'a> {
    const fn of(bits: bool, bytes: &'a [u8], count: u16) -> Self {
        if bits { Self::Bits { bytes, count } } else { Self::Registers(bytes) }
    }
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        match self {
            Self::Bits { bytes, count } => {
                let bits = bytes.iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1));
                list.entries(bits.take((*count).into()));
            }
            Self::Registers(bytes) => {
                list.entries(bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)));
            }
        }
        list.finish()
    }
}

/// The identification objects of a response to function 0x2b MEI 0x0e (clause 6.21), and the
/// server id text of function 0x11 is left alone: its format is each maker's own (clause 6.13).
pub(super) fn identification(function: u8, mut data: Reader<'_>) -> ArrayVec<(Field, Text<'_>), 8> {
    let mut texts = ArrayVec::new();
    if function != codes::ENCAPSULATED_INTERFACE || data.u8() != Some(0x0e) {
        return texts;
    }
    // read device id code, conformity level, more follows, next object id, number of objects
    if data.skip(4).is_none() {
        return texts;
    }
    for _ in 0..data.u8().unwrap_or(0) {
        let (Some(object), Some(length)) = (data.u8(), data.u8()) else { break };
        let Some(text) = data.take(length.into()) else { break };
        if let Some(field) = codes::identification(object) {
            let _ = texts.try_push((field, Text::trimmed(text)));
        }
    }
    texts
}

/// Which of the two the data of a function can be, by its length alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Request,
    Response,
    Either,
    Neither,
}

pub(super) fn shape(function: u8, data: Reader<'_>) -> Shape {
    let (length, bytes) = (data.len(), data.rest());
    let counted =
        |at: usize| bytes.get(at).is_some_and(|count| length == at + 1 + usize::from(*count));
    let (request, response) = match function {
        0x01 | 0x02 => (length == 4, counted(0) && length > 1),
        0x03 | 0x04 => (length == 4, counted(0) && length > 1 && length % 2 == 1),
        0x05 | 0x06 => (length == 4, length == 4),
        0x07 => (length == 0, length == 1),
        0x08 => (length >= 2, length >= 2),
        0x0b => (length == 0, length == 4),
        0x0c | 0x11 => (length == 0, counted(0)),
        0x0f | 0x10 => (counted(4), length == 4),
        0x14 | 0x15 => (counted(0), counted(0)),
        0x16 => (length == 6, length == 6),
        0x17 => (counted(8), counted(0) && length % 2 == 1),
        0x18 => (length == 2, length >= 4),
        0x2b => (length == 3, length > 5),
        0x81..=0xff => {
            (false, length == 1 && !codes::exception(data.peek().unwrap_or(0)).is_empty())
        }
        _ => (false, false),
    };
    match (request, response) {
        (true, true) => Shape::Either,
        (true, false) => Shape::Request,
        (false, true) => Shape::Response,
        (false, false) => Shape::Neither,
    }
}
