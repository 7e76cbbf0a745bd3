//! Protocol Buffers as far as Sparkplug and EGM need them: fields of a message, one by one.
//!
//! ```text
//!  varint key = field << 3 | wire type   0 varint | 1 64 bit | 2 length + bytes | 5 32 bit
//! ```
//! Groups (wire types 3 and 4) are not read. Source: Protocol Buffers encoding guide.

use crate::Reader;

/// One field's value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Fixed32(u32),
}

/// Reads a varint of at most ten bytes; bits past the 64th are dropped.
fn varint(reader: &mut Reader<'_>) -> Option<u64> {
    let mut value = 0_u64;
    for place in 0..10 {
        let byte = reader.u8()?;
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// Reads one field: number and value; `None` if the bytes are none.
pub(crate) fn field<'a>(reader: &mut Reader<'a>) -> Option<(u64, Value<'a>)> {
    let key = varint(reader)?;
    let value = match key & 7 {
        0 => Value::Varint(varint(reader)?),
        1 => Value::Fixed64(reader.le64()?),
        2 => {
            let length = usize::try_from(varint(reader)?).ok()?;
            Value::Bytes(reader.take(length)?)
        }
        5 => Value::Fixed32(reader.le32()?),
        _ => return None,
    };
    (key >> 3 != 0).then_some((key >> 3, value))
}
