//! Files inside a multipart body, cut out as the bytes pass.
//!
//! ```text
//!  --boundary CRLF  fields CRLF CRLF  content  CRLF --boundary CRLF ... CRLF --boundary--
//! ```
//! Works a byte at a time across any split of the body: what may be the start of a delimiter is
//! held back, and since it then equals the delimiter's start it needs no space of its own.
//! Sources: RFC 2046 clause 5.1.1, RFC 7578 clause 4.2.

use arrayvec::ArrayVec;

use super::head::parameter;

/// CR LF, two hyphens, and a boundary of at most 70 characters (RFC 2046 5.1.1).
const DELIMITER_BYTES_MAX: usize = 74;
/// Longest header of a part that is kept; longer ones name no file.
const FIELDS_BYTES_MAX: usize = 1024;

/// Where the next byte belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the first delimiter, or in a part that is no file.
    Passed,
    /// Right behind a delimiter, up to the end of its line.
    Line,
    /// In the header of a part.
    Fields,
    /// In the content of a file.
    File,
}

/// What was cut out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut<'a> {
    /// A file with this name begins.
    Begin(&'a [u8]),
    /// More of it.
    Bytes(&'a [u8]),
    /// It ends.
    End,
}

/// A multipart body on its way.
#[derive(Debug)]
pub(super) struct Multipart {
    delimiter: ArrayVec<u8, DELIMITER_BYTES_MAX>,
    /// Bytes of the delimiter that the latest bytes equal.
    matched: usize,
    place: Place,
    fields: Vec<u8>,
}

impl Multipart {
    /// By the `Content-Type`; `None` if that is no multipart with a valid boundary.
    pub(super) fn new(content: &[u8]) -> Option<Self> {
        if !content.get(..10).is_some_and(|kind| kind.eq_ignore_ascii_case(b"multipart/")) {
            return None;
        }
        let boundary = parameter(content, b"boundary=").filter(|text| !text.is_empty())?;
        let mut delimiter = ArrayVec::new();
        delimiter.try_extend_from_slice(b"\r\n--").ok()?;
        delimiter.try_extend_from_slice(boundary).ok()?;
        // the first delimiter needs no line end before it
        Some(Self { delimiter, matched: 2, place: Place::Passed, fields: Vec::new() })
    }

    /// Bytes on the heap.
    pub(super) fn held_bytes(&self) -> usize {
        self.fields.capacity()
    }

    /// Takes the next bytes of the body.
    pub(super) fn push(&mut self, bytes: &[u8], cut: &mut dyn FnMut(Cut<'_>)) {
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = match self.place {
                Place::Line | Place::Fields => self.fields(rest, cut),
                Place::Passed | Place::File => self.content(rest, cut),
            };
        }
    }

    /// Passes over content up to a delimiter; what is left is behind it.
    fn content<'b>(&mut self, bytes: &'b [u8], cut: &mut dyn FnMut(Cut<'_>)) -> &'b [u8] {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if self.delimiter.get(self.matched) == Some(byte) {
                self.matched += 1;
                at += 1;
                if self.matched < self.delimiter.len() {
                    continue;
                }
                self.hand_out(bytes.get(..at.saturating_sub(self.matched)), cut);
                if self.place == Place::File {
                    cut(Cut::End);
                }
                (self.matched, self.place) = (0, Place::Line);
                return bytes.get(at..).unwrap_or_default();
            }
            // what was held back from earlier bytes was content
            self.hand_out(self.delimiter.get(..self.matched.saturating_sub(at)), cut);
            self.matched = 0;
            // a boundary has no CR: only this byte can begin a delimiter anew
            let ahead = bytes.get(at..).unwrap_or_default();
            at += ahead.iter().position(|byte| *byte == b'\r').unwrap_or(ahead.len());
            self.matched = usize::from(at < bytes.len());
            at += self.matched;
        }
        self.hand_out(bytes.get(..bytes.len().saturating_sub(self.matched)), cut);
        &[]
    }

    fn hand_out(&self, bytes: Option<&[u8]>, cut: &mut dyn FnMut(Cut<'_>)) {
        if let (Place::File, Some(bytes @ [_, ..])) = (self.place, bytes) {
            cut(Cut::Bytes(bytes));
        }
    }

    /// Collects the header of a part; what is left is behind it.
    fn fields<'b>(&mut self, bytes: &'b [u8], cut: &mut dyn FnMut(Cut<'_>)) -> &'b [u8] {
        let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        let (line, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
        if self.fields.len() + line.len() <= FIELDS_BYTES_MAX {
            self.fields.extend_from_slice(line);
        }
        if !line.ends_with(b"\n") {
            return rest;
        }
        match self.place {
            Place::Line => {
                self.place = Place::Fields;
                self.fields.clear();
            }
            _ if self.fields.ends_with(b"\r\n\r\n") || self.fields == b"\r\n" => self.begin(cut),
            Place::Fields | Place::Passed | Place::File => {}
        }
        rest
    }

    fn begin(&mut self, cut: &mut dyn FnMut(Cut<'_>)) {
        let name = parameter(&self.fields, b"filename=");
        self.place = if name.is_some() { Place::File } else { Place::Passed };
        if let Some(name) = name {
            cut(Cut::Begin(name));
        }
        self.fields.clear();
    }
}
