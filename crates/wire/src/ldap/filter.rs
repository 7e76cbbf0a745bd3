//! What a search looks for, shown as people write it: `(&(objectClass=user)(cn=a*))`.
//!
//! Nesting is bounded: what lies deeper is shown as `...`. Sources: RFC 4511 4.5.1.7 (bytes),
//! RFC 4515 clause 3 (text).

use std::fmt;

use crate::ber::{self, OCTET_STRING};
use crate::{Reader, Text};

/// Deepest nesting that is shown; searches of people and Windows stay below 6.
const DEPTH_MAX: u8 = 8;
/// Most bytes of a value that are shown; binary keys are 16 or 28.
const VALUE_BYTES_MAX: usize = 256;

/// A filter: the element that begins here.
#[derive(Clone, Copy)]
pub(super) struct Filter<'a>(pub(super) Reader<'a>);

impl fmt::Display for Filter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reader = self.0;
        one(&mut reader, 0, f)
    }
}

/// Shows the next filter of `reader`.
fn one(reader: &mut Reader<'_>, depth: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Some((tag, body)) = ber::element(reader).filter(|_| depth < DEPTH_MAX) else {
        reader.take_rest();
        return f.write_str("...");
    };
    let kind = match tag {
        0xa0 => return many("&", body, depth, f),
        0xa1 => return many("|", body, depth, f),
        0xa2 => return many("!", body, depth, f),
        0x87 => return write!(f, "({}=*)", Text(body.rest())),
        0xa4 => return substrings(body, f),
        0xa9 => return extensible(body, f),
        0xa3 => "=",
        0xa5 => ">=",
        0xa6 => "<=",
        0xa8 => "~=",
        _ => return f.write_str("(?)"),
    };
    let mut body = body;
    let (name, value) = (text(&mut body, OCTET_STRING), text(&mut body, OCTET_STRING));
    write!(f, "({name}{kind}{value})")
}

fn many(sign: &str, mut body: Reader<'_>, depth: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "({sign}")?;
    while !body.is_empty() {
        one(&mut body, depth + 1, f)?;
    }
    f.write_str(")")
}

fn substrings(mut body: Reader<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "({}=", text(&mut body, OCTET_STRING))?;
    let mut parts = ber::expect(&mut body, ber::SEQUENCE).unwrap_or(Reader::new(&[]));
    let mut last = None;
    while let Some((tag, part)) = ber::element(&mut parts) {
        // 0x80 initial, 0x81 any, 0x82 final
        let star = if tag == 0x80 { "" } else { "*" };
        write!(f, "{star}{}", Text::clipped(part.rest(), VALUE_BYTES_MAX))?;
        last = Some(tag);
    }
    f.write_str(if last == Some(0x82) { ")" } else { "*)" })
}

/// `(name:dn:rule:=value)`
fn extensible(mut body: Reader<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let rule = ber::expect(&mut body, 0x81).map(|rule| Text(rule.rest()));
    let name = text(&mut body, 0x82);
    let value = text(&mut body, 0x83);
    let dn = ber::expect(&mut body, 0x84).is_some_and(|flag| flag.rest() != [0]);
    write!(f, "({name}{}", if dn { ":dn" } else { "" })?;
    if let Some(rule) = rule {
        write!(f, ":{rule}")?;
    }
    write!(f, ":={value})")
}

fn text<'a>(reader: &mut Reader<'a>, tag: u8) -> Text<'a> {
    let body = ber::expect(reader, tag).map(|body| body.rest()).unwrap_or_default();
    Text::clipped(body, VALUE_BYTES_MAX)
}
