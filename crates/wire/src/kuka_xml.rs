//! XML as KUKA controllers send it: elements, attributes, text.
//!
//! A scanner over borrowed bytes: it finds tags and counts how deep they nest, and resolves no
//! entities and no namespaces. Declarations, comments and processing instructions are passed over.

use std::fmt;

use crate::session::Step;
use crate::{Reader, Text};

/// Deepest nesting of a document; controllers limit their elements to a handful.
const DEPTH_MAX: usize = 16;
/// Elements shown of one document.
const SHOWN_MAX: usize = 24;

/// What comes next in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event<'a> {
    /// An element begins, and at once ends if `empty`.
    Start { name: &'a [u8], attributes: Attributes<'a>, empty: bool },
    /// An element ends.
    End,
    /// Text between tags, not blank.
    Text(&'a [u8]),
}

/// Name and value pairs of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attributes<'a>(&'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut reader = Reader::new(self.0.trim_ascii_start());
        let name = reader.until(b'=')?.trim_ascii();
        let mut reader = Reader::new(reader.rest().trim_ascii_start());
        let quote = reader.u8().filter(|byte| matches!(byte, b'"' | b'\''))?;
        let value = reader.until(quote)?;
        self.0 = reader.rest();
        Some((name, value))
    }
}

/// Walks through a document. Ends where it ends, or is no XML.
#[derive(Clone, Copy)]
pub(crate) struct Events<'a> {
    reader: Reader<'a>,
    /// What ended it: more bytes are needed, or it is no XML.
    cut: bool,
}

impl<'a> Events<'a> {
    pub(crate) const fn of(bytes: &'a [u8]) -> Self {
        Self { reader: Reader::new(bytes), cut: false }
    }

    fn event(&mut self) -> Option<Event<'a>> {
        loop {
            let mut ahead = self.reader;
            if ahead.peek()? != b'<' {
                let text = Self::text(&mut ahead);
                self.reader = ahead;
                if text.is_empty() {
                    continue;
                }
                return Some(Event::Text(text));
            }
            let rest = ahead.rest();
            let closed = match rest.get(1) {
                Some(b'?') => over(rest, b"?>"),
                Some(b'!') if rest.starts_with(b"<!--") => over(rest, b"-->"),
                Some(b'!') => over(rest, b">"),
                _ => {
                    let tag = tag(rest);
                    self.cut |= tag.is_none();
                    let (event, length) = tag?;
                    if event.is_some() {
                        self.reader.skip(length)?;
                    }
                    return event;
                }
            };
            self.cut |= closed.is_none();
            self.reader.skip(closed?)?;
        }
    }

    /// Text up to the next tag, or to the end.
    fn text(reader: &mut Reader<'a>) -> &'a [u8] {
        let rest = reader.rest();
        let end = rest.iter().position(|byte| *byte == b'<').unwrap_or(rest.len());
        Text::trimmed(reader.take(end).unwrap_or_default()).0
    }
}

impl<'a> Iterator for Events<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        self.event()
    }
}

/// Bytes up to and with `end`.
fn over(bytes: &[u8], end: &[u8]) -> Option<usize> {
    bytes.windows(end.len()).position(|window| window == end).map(|place| place + end.len())
}

/// The tag at the start of `bytes` and its length; an inner `None` if it has no name. Quoted
/// values may hold its end.
fn tag(bytes: &[u8]) -> Option<(Option<Event<'_>>, usize)> {
    let mut quote = None;
    let end = bytes.iter().position(|byte| match quote {
        Some(open) => {
            if *byte == open {
                quote = None;
            }
            false
        }
        None if matches!(byte, b'"' | b'\'') => {
            quote = Some(*byte);
            false
        }
        None => *byte == b'>',
    })?;
    let inner = bytes.get(1..end).unwrap_or_default();
    if inner.starts_with(b"/") {
        return Some((Some(Event::End), end + 1));
    }
    let (inner, empty) = inner.strip_suffix(b"/").map_or((inner, false), |inner| (inner, true));
    let length = inner.iter().position(u8::is_ascii_whitespace).unwrap_or(inner.len());
    let (name, attributes) = inner.split_at_checked(length).unwrap_or_default();
    let named = name.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    let event = Event::Start { name, attributes: Attributes(attributes), empty };
    Some((named.then_some(event), end + 1))
}

/// Length of the one document at the start of `bytes`, with blanks and NUL bytes before it.
pub(crate) fn document(bytes: &[u8]) -> Result<usize, Step> {
    let mut events = Events::of(bytes);
    let mut depth = 0_usize;
    while let Some(event) = events.next() {
        match event {
            Event::Start { empty, .. } => depth += usize::from(!empty),
            Event::End => depth = depth.checked_sub(1).ok_or(Step::Lost)?,
            Event::Text(_) if depth == 0 => return Err(Step::Lost),
            Event::Text(_) => continue,
        }
        if depth == 0 {
            return Ok(bytes.len() - events.reader.len());
        }
        if depth > DEPTH_MAX {
            return Err(Step::Lost);
        }
    }
    let ended = events.cut || events.reader.is_empty();
    Err(if ended { Step::Need(bytes.len() + 1) } else { Step::Lost })
}

/// Name and attributes of the outermost element.
pub(crate) fn root(bytes: &[u8]) -> Option<(&[u8], Attributes<'_>)> {
    match Events::of(bytes).next()? {
        Event::Start { name, attributes, .. } => Some((name, attributes)),
        Event::End | Event::Text(_) => None,
    }
}

/// The elements below the outermost, each with its attributes and text: `Pos A1=1 A2=2, IPOC 7`.
#[derive(Clone, Copy)]
pub(crate) struct Elements<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Elements<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = 0;
        for event in Events::of(self.0).skip(1) {
            match event {
                Event::Start { name, attributes, .. } => {
                    if shown == SHOWN_MAX {
                        return f.write_str(", ..");
                    }
                    let comma = if shown > 0 { ", " } else { "" };
                    write!(f, "{comma}{}", Text(name))?;
                    shown += 1;
                    for (name, value) in attributes {
                        write!(f, " {}={}", Text(name), Text(value))?;
                    }
                }
                Event::Text(text) => write!(f, " {}", Text(text))?,
                Event::End => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Elements, document, root};
    use crate::Step;

    #[test]
    fn a_document_ends_with_its_outermost_element() {
        let ends = |text: &str| document(text.as_bytes());
        assert_eq!(ends("<A><B/><C x='>'>1</C></A><D/>"), Ok(25));
        assert_eq!(ends("\r\n<?xml version=\"1.0\"?><!-- <Z> --><A/>"), Ok(39));
        assert_eq!(ends("<A><B>"), Err(Step::Need(7)));
        assert_eq!(ends("<A x=\">"), Err(Step::Need(8)));
        assert_eq!(ends("<!-- "), Err(Step::Need(6)));
        assert_eq!(ends("A<B/>"), Err(Step::Lost));
        assert_eq!(ends("</A>"), Err(Step::Lost));
        assert_eq!(ends("<1/>"), Err(Step::Lost));
        assert_eq!(ends(&"<A>".repeat(17)), Err(Step::Lost));
    }

    #[test]
    fn elements_show_attributes_and_text() {
        let text = b"<Rob Type='KUKA'><RIst X=\"1.5\" Y = '2'/><IPOC>77</IPOC><E a=1/></Rob>";
        assert_eq!(Elements(text).to_string(), "RIst X=1.5 Y=2, IPOC 77, E");
        let (name, mut attributes) = root(text).unwrap();
        assert_eq!((name, attributes.next()), (&b"Rob"[..], Some((&b"Type"[..], &b"KUKA"[..]))));
        let many = format!("<A>{}</A>", "<B/>".repeat(40));
        assert!(Elements(many.as_bytes()).to_string().ends_with("B, .."));
    }
}
