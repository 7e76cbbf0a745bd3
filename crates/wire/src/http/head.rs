//! The head of an HTTP message: start line and header fields, and how long its body is.
//!
//! Source: RFC 9112 clauses 2 to 6. Header fields that nobody asks for are passed over.

use arrayvec::ArrayVec;

use crate::message::Anomaly;
use crate::session::Step;
use crate::{Reader, Text};

/// Longest head that is waited for: twice what common servers accept by default (16 KiB).
const HEAD_BYTES_MAX: usize = 32 * 1024;

const TWO_LENGTHS: Anomaly = Anomaly::violation("both a content length and chunks");
const DIFFERENT_LENGTHS: Anomaly = Anomaly::malformed("content lengths contradict each other");
const BAD_LENGTH: Anomaly = Anomaly::malformed("content length is no number");
const BAD_FIELD: Anomaly = Anomaly::malformed("header line without a colon");

/// How the end of a body is found (RFC 9112 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// Nothing says how long it is.
    Open,
    Bytes(u64),
    Chunked,
}

/// What the header fields say.
pub(super) struct Head<'a> {
    /// Start line, without its end.
    pub(super) start: &'a [u8],
    pub(super) length: Length,
    pub(super) host: &'a [u8],
    /// `Server` of responses, `User-Agent` of requests.
    pub(super) software: &'a [u8],
    /// Value of `Authorization` or `Proxy-Authorization`.
    pub(super) authorization: &'a [u8],
    /// Value of `Content-Type`.
    pub(super) content: &'a [u8],
    /// Value of `Content-Disposition`.
    pub(super) disposition: &'a [u8],
    /// Value of `Accept`.
    pub(super) accept: &'a [u8],
    /// Value of `Cookie` or `Set-Cookie`; the latest of several.
    pub(super) cookie: &'a [u8],
    /// The body is compressed.
    pub(super) encoded: bool,
    pub(super) anomalies: ArrayVec<Anomaly, 4>,
    /// Bytes of start line and header, with the empty line.
    pub(super) bytes: usize,
}

impl<'a> Head<'a> {
    /// Reads the head at the start of `bytes`: `Err` says how to go on when there is none.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Step> {
        let more = || {
            let waited = bytes.len() < HEAD_BYTES_MAX;
            if waited { Step::Need(bytes.len() + 1) } else { Step::Lost }
        };
        let mut reader = Reader::new(bytes);
        let start = reader.line().ok_or_else(more)?;
        let mut head = Self {
            start,
            length: Length::Open,
            host: &[],
            software: &[],
            authorization: &[],
            content: &[],
            disposition: &[],
            accept: &[],
            cookie: &[],
            encoded: false,
            anomalies: ArrayVec::new(),
            bytes: 0,
        };
        loop {
            match reader.line().ok_or_else(more)? {
                [] => break,
                [b' ' | b'\t', ..] => {} // a folded line (RFC 9112 5.2) belongs to no field we read
                line => head.field(line),
            }
        }
        head.bytes = bytes.len() - reader.len();
        Ok(head)
    }

    fn field(&mut self, line: &'a [u8]) {
        let mut reader = Reader::new(line);
        let Some(name) = reader.until(b':') else { return self.note(BAD_FIELD) };
        let value = || Text::trimmed(reader.rest()).0;
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        match name.len() {
            4 if is(b"host") => self.host = value(),
            6 if is(b"server") => self.software = value(),
            6 if is(b"accept") => self.accept = value(),
            6 if is(b"cookie") => self.cookie = value(),
            10 if is(b"user-agent") => self.software = value(),
            10 if is(b"set-cookie") => self.cookie = value(),
            12 if is(b"content-type") => self.content = value(),
            13 if is(b"authorization") => self.authorization = value(),
            14 if is(b"content-length") => self.content_length(value()),
            16 if is(b"content-encoding") => {
                self.encoded = !value().eq_ignore_ascii_case(b"identity");
            }
            17 if is(b"transfer-encoding") && contains(value(), b"chunked") => {
                if matches!(self.length, Length::Bytes(_)) {
                    self.note(TWO_LENGTHS);
                }
                self.length = Length::Chunked;
            }
            19 if is(b"proxy-authorization") => self.authorization = value(),
            19 if is(b"content-disposition") => self.disposition = value(),
            _ => {}
        }
    }

    fn content_length(&mut self, value: &[u8]) {
        let number = std::str::from_utf8(value).ok().and_then(|text| text.parse::<u64>().ok());
        match (number, self.length) {
            (None, _) => self.note(BAD_LENGTH),
            (Some(_), Length::Chunked) => self.note(TWO_LENGTHS),
            (Some(new), Length::Bytes(old)) if new != old => self.note(DIFFERENT_LENGTHS),
            (Some(new), Length::Bytes(_) | Length::Open) => self.length = Length::Bytes(new),
        }
    }

    fn note(&mut self, anomaly: Anomaly) {
        if !self.anomalies.contains(&anomaly) {
            let _ = self.anomalies.try_push(anomaly);
        }
    }
}

/// Whether `word` stands in `text`, in any case.
pub(crate) fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

/// The value of a parameter in a field (RFC 9110 5.6.6), without quotes. `key` ends in `=`.
pub(super) fn parameter<'a>(field: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let start = field.windows(key.len()).enumerate().position(|(at, window)| {
        let before = at.checked_sub(1).and_then(|before| field.get(before));
        window.eq_ignore_ascii_case(key)
            && before.is_none_or(|byte| matches!(byte, b';' | b' ' | b'\t' | b','))
    })?;
    let value = field.get(start + key.len()..)?;
    match value.strip_prefix(b"\"") {
        Some(quoted) => Reader::new(quoted).until(b'"'),
        None => {
            value.split(|byte| matches!(byte, b';' | b',' | b' ' | b'\t' | b'\r' | b'\n')).next()
        }
    }
}

/// Method and target of a request line; `None` if it is none of HTTP/1.x (RFC 9112 3).
pub(super) fn request_line(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = Reader::new(line);
    let method = reader.until(b' ').filter(|method| is_method(method))?;
    let rest = reader.rest();
    let end = rest.len().checked_sub(b" HTTP/1.x".len())?;
    let (target, version) = rest.split_at_checked(end)?;
    version.starts_with(b" HTTP/1.").then_some((method, target))
}

/// Whether `word` can be a method: upper case, 3 to 20 letters (the longest registered has 17).
pub(super) fn is_method(word: &[u8]) -> bool {
    (3..=20).contains(&word.len())
        && word.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_'))
}

/// Status code of a status line; `None` if it is none of HTTP/1.x (RFC 9112 4).
pub(super) fn status_line(line: &[u8]) -> Option<u16> {
    let mut reader = Reader::new(line.strip_prefix(b"HTTP/1.")?);
    reader.skip(2)?;
    let digits = reader.array::<3>()?;
    let number = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse::<u16>().ok();
    number(&digits).filter(|code| (100..1000).contains(code))
}

/// Size of the chunk that this line begins (RFC 9112 7.1).
pub(super) fn chunk_size(line: &[u8]) -> Option<u64> {
    let digits = line.split(|byte| matches!(byte, b';' | b' ' | b'\t')).next()?;
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
