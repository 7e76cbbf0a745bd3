//! b-CAP packets and their arguments.
//!
//! ```text
//!  0      01
//!  1-4    length of the packet, from 01 to 04
//!  5-6    serial number · 7-8 version, or count of retries
//!  9-12   request: function id · response: result (HRESULT)
//!  13-14  number of arguments, each: length, 4 · type, 2 · number of elements, 4 · elements
//!  last   04
//! ```
//! Least significant byte first. A string is its length in bytes, 4, and UTF-16; a variant in an
//! array is type, number and elements. Source: `bcap_common.h` and `.c` of `denso_robot_ros`.

use std::fmt;

use super::codes;
use crate::session::Step;
use crate::{Reader, Utf16};

/// 01, the fields up to the number of arguments, and 04.
pub(super) const PACKET_BYTES_MIN: usize = 16;
/// Most bytes that are waited for; of a longer packet the first of them are read.
pub(super) const PACKET_BYTES_KEPT: usize = 64 * 1024;
/// Longest packet believed: files are the largest values.
const PACKET_BYTES_MAX: u32 = 16 * 1024 * 1024;

/// One packet.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) serial: u16,
    pub(super) id: u32,
    pub(super) args: Args<'a>,
    /// All of it is at hand, and ends as it should.
    pub(super) whole: bool,
    pub(super) closed: bool,
    pub(super) bytes: usize,
}

impl<'a> Frame<'a> {
    /// The packet at the start of `bytes`: `Err` says how to go on when there is none.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Step> {
        let mut reader = Reader::new(bytes);
        if reader.u8() != Some(0x01) {
            return Err(Step::Lost);
        }
        let length = reader.le32().ok_or(Step::Need(PACKET_BYTES_MIN))?;
        let total = usize::try_from(length).map_err(|_| Step::Lost)?;
        if total < PACKET_BYTES_MIN || length > PACKET_BYTES_MAX {
            return Err(Step::Lost);
        }
        let need = total.min(PACKET_BYTES_KEPT);
        if bytes.len() < need {
            return Err(Step::Need(need));
        }
        let whole = bytes.len() >= total;
        let packet = bytes.get(..total).unwrap_or(bytes);
        let body = if whole { packet.split_last() } else { None };
        let (last, body) = body.map_or((0, packet), |(last, body)| (*last, body));
        let mut reader = Reader::new(body);
        let fields = reader.skip(5).and_then(|()| Some((reader.le16()?, reader.le16()?)));
        let (Some((serial, _)), Some(id), Some(count)) = (fields, reader.le32(), reader.le16())
        else {
            return Err(Step::Lost);
        };
        let args = Args { reader, left: count };
        Ok(Self { serial, id, args, whole, closed: !whole || last == 0x04, bytes: total })
    }

    /// Whether the arguments fill the packet, and nothing is left over.
    pub(super) fn filled(&self) -> bool {
        let mut args = self.args;
        for arg in args.by_ref() {
            if codes::element(arg.kind & !codes::VT_ARRAY).is_none() {
                return false;
            }
        }
        args.left == 0 && args.reader.is_empty()
    }
}

/// The arguments that are left.
#[derive(Clone, Copy)]
pub(super) struct Args<'a> {
    reader: Reader<'a>,
    left: u16,
}

/// One argument.
#[derive(Clone, Copy)]
pub(super) struct Arg<'a> {
    kind: u16,
    count: u32,
    data: &'a [u8],
}

impl<'a> Iterator for Args<'a> {
    type Item = Arg<'a>;

    /// Stops early where an argument does not fit the packet.
    fn next(&mut self) -> Option<Arg<'a>> {
        let left = self.left.checked_sub(1)?;
        let mut rest = self.reader;
        let length = usize::try_from(rest.le32()?).ok()?;
        let mut body = rest.sub(length)?;
        let arg = Arg { kind: body.le16()?, count: body.le32()?, data: body.rest() };
        (self.reader, self.left) = (rest, left);
        Some(arg)
    }
}

impl<'a> Arg<'a> {
    /// A string's UTF-16.
    pub(super) fn text(&self) -> Option<&'a [u8]> {
        let mut reader = Reader::new(self.data);
        (self.kind == codes::VT_BSTR).then_some(())?;
        let bytes = usize::try_from(reader.le32()?).ok()?;
        reader.take(bytes)
    }

    /// A handle: a 32-bit integer.
    pub(super) fn handle(&self) -> Option<u32> {
        matches!(self.kind, 3 | 19).then(|| Reader::new(self.data).le32()).flatten()
    }

    /// An array of bytes: the content of a file.
    pub(super) fn content(&self) -> Option<&'a [u8]> {
        (self.kind == codes::VT_UI1 | codes::VT_ARRAY).then_some(())?;
        self.data.get(..usize::try_from(self.count).ok()?)
    }
}

/// Elements shown of one array.
const ELEMENTS_MAX: u32 = 12;
/// Arguments shown of one packet.
const ARGS_MAX: usize = 12;
/// Characters shown of one string, in bytes.
const TEXT_BYTES_MAX: usize = 256;

impl fmt::Display for Arg<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reader = Reader::new(self.data);
        if self.kind & codes::VT_ARRAY == 0 {
            return write_element(f, self.kind, &mut reader).unwrap_or_else(|| f.write_str("?"));
        }
        f.write_str("(")?;
        for place in 0..self.count.min(ELEMENTS_MAX) {
            if place > 0 {
                f.write_str(", ")?;
            }
            match write_element(f, self.kind & !codes::VT_ARRAY, &mut reader) {
                Some(written) => written?,
                None => return f.write_str("?)"),
            }
        }
        f.write_str(if self.count > ELEMENTS_MAX { ", ..)" } else { ")" })
    }
}

/// Writes one element; `None` if it is cut short or of no type that is known.
fn write_element(
    f: &mut fmt::Formatter<'_>,
    kind: u16,
    reader: &mut Reader<'_>,
) -> Option<fmt::Result> {
    Some(match kind {
        0 | 1 => f.write_str("-"),
        2 => write!(f, "{}", reader.le16()?.cast_signed()),
        3 => write!(f, "{}", reader.le32()?.cast_signed()),
        4 => write!(f, "{}", f32::from_bits(reader.le32()?)),
        5 => write!(f, "{}", f64::from_bits(reader.le64()?)),
        7 => write!(f, "date {}", f64::from_bits(reader.le64()?)),
        codes::VT_BSTR => {
            let bytes = usize::try_from(reader.le32()?).ok()?;
            let text = reader.take(bytes)?;
            write!(f, "\"{}\"", Utf16(text.get(..TEXT_BYTES_MAX).unwrap_or(text)))
        }
        10 => write!(f, "0x{:08x}", reader.le32()?),
        11 => f.write_str(if reader.le16()? == 0 { "false" } else { "true" }),
        // one level: arrays inside are named, not opened
        codes::VT_VARIANT => {
            let (inner, count) = (reader.le16()?, reader.le32()?);
            if inner & codes::VT_ARRAY != 0 || inner == codes::VT_VARIANT {
                let size = codes::element(inner & !codes::VT_ARRAY).filter(|size| *size > 0)?;
                reader.skip(size.checked_mul(usize::try_from(count).ok()?)?)?;
                return Some(write!(f, "array of {count}"));
            }
            return write_element(f, inner, reader);
        }
        codes::VT_UI1 => write!(f, "{}", reader.u8()?),
        18 => write!(f, "{}", reader.le16()?),
        19 => write!(f, "{}", reader.le32()?),
        6 | 20 => write!(f, "{}", reader.le64()?.cast_signed()),
        21 => write!(f, "{}", reader.le64()?),
        _ => return None,
    })
}

/// All arguments, as `decode` shows them.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a>(pub(super) Args<'a>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (place, arg) in self.0.take(ARGS_MAX).enumerate() {
            write!(f, "{}{arg}", if place > 0 { ", " } else { "" })?;
        }
        f.write_str(if usize::from(self.0.left) > ARGS_MAX { ", ..]" } else { "]" })
    }
}
