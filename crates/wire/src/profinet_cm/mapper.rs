//! What a PROFINET station answers to an endpoint lookup: a line of fixed columns.
//!
//! The first entry's annotation is `type (25) order code (20) hardware (5) prefix (1) software (9)`
//! with a blank between columns; C706 appendix O has the frame, IEC 61158-6-10 the columns. The
//! towers behind it (addresses and ports of each interface) are not read.

use arrayvec::ArrayVec;

use super::rpc::Order;
use crate::message::Field;
use crate::{Reader, Text};

/// The columns of the first entry, those that are not empty.
pub(super) fn columns(order: Order, mut body: Reader<'_>) -> ArrayVec<(Field, Text<'_>), 4> {
    let mut columns = ArrayVec::new();
    let Some(mut line) = annotation(order, &mut body).map(Reader::new) else { return columns };
    for (field, width) in [
        (Field::Product, 25),
        (Field::OrderCode, 20),
        (Field::Hardware, 5),
        (Field::Firmware, 11), // prefix, blank and version
    ] {
        let bytes = line.take(width).unwrap_or_else(|| line.take_rest());
        let _ = line.skip(1);
        let text = Text::trimmed(bytes);
        if !text.0.is_empty() {
            columns.push((field, text));
        }
    }
    columns
}

fn annotation<'a>(order: Order, body: &mut Reader<'a>) -> Option<&'a [u8]> {
    body.skip(4 + 16)?; // context handle
    let entries = order.u32(body)?;
    if entries == 0 {
        return None;
    }
    body.skip(12)?; // maximum, offset and count of the array
    body.skip(16 + 4 + 4)?; // object, tower reference, offset of the string
    let length = order.u32(body)?;
    body.take(usize::try_from(length).ok()?)
}
