//! What a system description tells, where makers write it clearly.
//!
//! The description is free text (IEEE 802.1AB-2016 8.5.7). Only one form is taken apart, that of
//! PROFINET stations: `vendor, family, type, order code, HW: n, FW: v, serial`; all others are the
//! product as they stand, and those of general-purpose systems tell the operating system.

use arrayvec::ArrayVec;

use crate::Text;
use crate::message::Field;

/// The fields of `description`.
pub(super) fn fields(description: &[u8]) -> ArrayVec<(Field, Text<'_>), 6> {
    let mut fields = ArrayVec::new();
    let contains = |word: &[u8]| description.windows(word.len()).any(|window| window == word);
    if contains(b", FW:") || contains(b", HW:") {
        labelled(description, &mut fields);
    } else if contains(b"Linux ") || contains(b"Windows") {
        fields.push((Field::OperatingSystem, Text::trimmed(description)));
    } else if !description.is_empty() {
        fields.push((Field::Product, Text::trimmed(description)));
    }
    fields
}

/// Parts between commas: `HW:` and `FW:` say what they are, a part that begins with a digit and has
/// a hyphen before the labels is the order code, `S ` behind them the serial number.
fn labelled<'a>(description: &'a [u8], fields: &mut ArrayVec<(Field, Text<'a>), 6>) {
    let mut labels = false;
    let mut middle = None;
    for (place, part) in description.split(|byte| *byte == b',').enumerate() {
        let part = Text::trimmed(part).0;
        let label = |word: &[u8]| part.strip_prefix(word).map(Text::trimmed);
        let field = if let Some(text) = label(b"HW:") {
            labels = true;
            Some((Field::Hardware, text))
        } else if let Some(text) = label(b"FW:") {
            labels = true;
            Some((Field::Firmware, text))
        } else if let (true, Some(text)) = (labels, label(b"S ")) {
            Some((Field::Serial, text))
        } else if place == 0 {
            Some((Field::Vendor, Text(part)))
        } else if !labels && part.first().is_some_and(u8::is_ascii_digit) && part.contains(&b'-') {
            Some((Field::OrderCode, Text(part)))
        } else {
            if !labels {
                middle = Some(part);
            }
            None
        };
        if let Some(field) = field {
            let _ = fields.try_push(field);
        }
    }
    if let Some(product) = middle {
        let _ = fields.try_push((Field::Product, Text(product)));
    }
}
