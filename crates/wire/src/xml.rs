//! Tags and text of XML as far as remote procedure calls need them: one after the other, without
//! checking that they nest.
//!
//! Comments, declarations, attributes and name space prefixes are passed over; entities stay as
//! they are. Sources: XML 1.0 clauses 2.4 to 2.7 and 3.1, Namespaces in XML 1.0 clause 4.

use crate::Reader;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A start tag, or an empty element, by its name without prefix.
    Open(&'a [u8]),
    /// An end tag; of an empty element, too.
    Close(&'a [u8]),
    /// Text between tags, without white space around it. Not empty.
    Text(&'a [u8]),
}

/// A cursor over a document, of which the end may be missing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Xml<'a> {
    rest: Reader<'a>,
    /// An empty element was opened and has yet to be closed.
    empty: Option<&'a [u8]>,
}

impl<'a> Xml<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: Reader::new(bytes), empty: None }
    }

    /// Passes over everything up to and with the next start tag `name`.
    pub(crate) fn open(&mut self, name: &[u8]) -> Option<()> {
        self.find(|token| *token == Token::Open(name)).map(|_| ())
    }

    /// The text of the element whose start tag was read last; empty if it has none.
    pub(crate) fn text(&mut self) -> &'a [u8] {
        match self.next() {
            Some(Token::Text(text)) => text,
            _ => &[],
        }
    }

    /// Passes over `end` and all before it.
    fn over(&mut self, end: &[u8]) -> Option<&'a [u8]> {
        let bytes = self.rest.rest();
        let place = bytes.windows(end.len()).position(|window| window == end)?;
        let before = self.rest.take(place)?;
        self.rest.skip(end.len())?;
        Some(before)
    }

    fn markup(&mut self) -> Option<Token<'a>> {
        let mut tag = self.over(b">")?.strip_prefix(b"<")?;
        if let Some(name) = tag.strip_prefix(b"/") {
            return Some(Token::Close(local(name)));
        }
        let empty = tag.ends_with(b"/");
        tag = tag.strip_suffix(b"/").unwrap_or(tag);
        self.empty = empty.then_some(local(tag));
        Some(Token::Open(local(tag)))
    }
}

impl<'a> Iterator for Xml<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.empty.take() {
            return Some(Token::Close(name));
        }
        loop {
            let bytes = self.rest.rest();
            if bytes.starts_with(b"<!--") {
                self.over(b"-->")?;
            } else if bytes.starts_with(b"<![CDATA[") {
                self.rest.skip(b"<![CDATA[".len())?;
                let text = self.over(b"]]>")?.trim_ascii();
                if !text.is_empty() {
                    return Some(Token::Text(text));
                }
            } else if bytes.starts_with(b"<?") || bytes.starts_with(b"<!") {
                self.over(b">")?;
            } else if bytes.starts_with(b"<") {
                return self.markup();
            } else {
                let end = bytes.iter().position(|byte| *byte == b'<')?;
                let text = self.rest.take(end)?.trim_ascii();
                if !text.is_empty() {
                    return Some(Token::Text(text));
                }
            }
        }
    }
}

/// The name in a tag, without attributes and prefix.
fn local(tag: &[u8]) -> &[u8] {
    let name = tag.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    name.rsplit(|byte| *byte == b':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Token, Xml};

    #[test]
    fn tags_and_text_come_one_after_the_other() {
        let tokens: Vec<_> = Xml::new(
            b"<?xml version='1.0'?>\n<!-- <x> --><a:b c='d'> hello <e/><![CDATA[1<2]]></a:b>",
        )
        .collect();
        assert_eq!(
            tokens,
            [
                Token::Open(b"b"),
                Token::Text(b"hello"),
                Token::Open(b"e"),
                Token::Close(b"e"),
                Token::Text(b"1<2"),
                Token::Close(b"b"),
            ]
        );
    }

    #[test]
    fn a_document_that_ends_early_only_ends() {
        let whole = b"<a><b>text</b><!-- c --><d/></a>";
        for end in 0..whole.len() {
            assert!(Xml::new(&whole[..end]).count() < 9);
        }
        assert_eq!(Xml::new(b"<a").next(), None);
        assert_eq!(Xml::new(b"<!--").next(), None);
    }
}
