//! The fields of one JSON object, borrowed.
//!
//! A scanner, not a parser: it finds where strings, numbers and nested values begin and end, and
//! leaves them as they are. Escapes are not resolved. Source: RFC 8259.

use crate::Reader;

/// Deepest nesting that is followed; RMI nests once.
const DEPTH_MAX: usize = 16;

/// A value: a string without its quotes, or anything else as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Text(&'a [u8]),
    Bare(&'a [u8]),
    Nested(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The bytes between the quotes, or the value itself.
    pub(super) const fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Text(bytes) | Self::Bare(bytes) | Self::Nested(bytes) => bytes,
        }
    }

    /// A whole number, also if it was written as a string; fractions are cut off.
    pub(super) fn number(&self) -> Option<u32> {
        let digits = self.bytes().split(|byte| *byte == b'.').next()?;
        str::from_utf8(digits).ok()?.trim().parse().ok()
    }
}

/// The fields of an object in their order. Ends early where the text is no JSON.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    reader: Reader<'a>,
    first: bool,
    /// The object ended with its brace.
    pub(super) whole: bool,
}

impl<'a> Fields<'a> {
    /// The fields of the object that begins `text`; `None` if there is none.
    pub(super) fn of(text: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(text);
        blank(&mut reader);
        (reader.u8()? == b'{').then_some(Self { reader, first: true, whole: false })
    }

    /// What follows the object, once `whole`.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.reader.rest()
    }

    fn field(&mut self) -> Option<(&'a [u8], Value<'a>)> {
        if self.whole {
            return None;
        }
        blank(&mut self.reader);
        if self.reader.peek()? == b'}' {
            self.reader.skip(1)?;
            self.whole = true;
            return None;
        }
        if !self.first {
            if self.reader.u8()? != b',' {
                return None;
            }
            blank(&mut self.reader);
        }
        self.first = false;
        let name = string(&mut self.reader)?;
        blank(&mut self.reader);
        if self.reader.u8()? != b':' {
            return None;
        }
        blank(&mut self.reader);
        Some((name, value(&mut self.reader)?))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a [u8], Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.field()
    }
}

fn blank(reader: &mut Reader<'_>) {
    while reader.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
        if reader.skip(1).is_none() {
            return;
        }
    }
}

/// A string from its opening quote over its closing one.
fn string<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    if reader.u8()? != b'"' {
        return None;
    }
    let text = reader.rest();
    let mut length = 0;
    loop {
        match reader.u8()? {
            b'"' => return text.get(..length),
            b'\\' => {
                reader.skip(1)?;
                length += 2;
            }
            _ => length += 1,
        }
    }
}

fn value<'a>(reader: &mut Reader<'a>) -> Option<Value<'a>> {
    let start = reader.rest();
    match reader.peek()? {
        b'"' => string(reader).map(Value::Text),
        b'{' | b'[' => {
            let mut depth = 0_usize;
            loop {
                match reader.peek()? {
                    b'"' => {
                        string(reader)?;
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                reader.skip(1)?;
                if depth == 0 {
                    return start.get(..start.len() - reader.len()).map(Value::Nested);
                }
                if depth > DEPTH_MAX {
                    return None;
                }
            }
        }
        _ => {
            let end = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
            let length = start.iter().position(end)?;
            reader.skip(length)?;
            start.get(..length).filter(|bare| !bare.is_empty()).map(Value::Bare)
        }
    }
}
