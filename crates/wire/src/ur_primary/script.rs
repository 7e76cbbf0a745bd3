//! URScript as it is sent: lines of statements, and blocks from `def` or `sec` to their `end`.
//!
//! A block is told by its first line, before its end arrives, and its other lines are passed over;
//! nothing is buffered. What the script would do is not judged: it can do everything.

use std::fmt;

use super::codes;
use crate::Text;

/// Longest part of a line that is shown.
const SHOWN_BYTES_MAX: usize = 120;

/// Nesting of the block that the next line is in; 0 outside of any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Depth(u32);

/// What one line of script is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Nothing to tell: empty, a comment, or inside of a block.
    Inside,
    /// Begins a program (`def`) or a secondary program (`sec`).
    Block { word: &'static str, name: Text<'a> },
    /// A statement that is run by itself.
    Statement(Text<'a>),
}

impl Depth {
    /// Whether the next line is in a block.
    pub(super) const fn is_open(self) -> bool {
        self.0 > 0
    }

    /// Reads the next line.
    pub(super) fn line<'a>(&mut self, line: &'a [u8]) -> Line<'a> {
        let line = Text::trimmed(line).0;
        let word = word(line);
        let inside = self.0 > 0;
        match word {
            b"def" | b"sec" | b"if" | b"while" | b"for" | b"thread" => {
                self.0 = self.0.saturating_add(1);
            }
            b"end" => self.0 = self.0.saturating_sub(1),
            _ => {}
        }
        match word {
            _ if inside || line.is_empty() || line.starts_with(b"#") => Line::Inside,
            b"end" => Line::Inside,
            b"def" => Line::Block { word: "def", name: name(line) },
            b"sec" => Line::Block { word: "sec", name: name(line) },
            _ => Line::Statement(Text::clipped(line, SHOWN_BYTES_MAX)),
        }
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inside => Ok(()),
            Self::Block { word, name } => write!(f, "{word} {name}"),
            Self::Statement(text) => text.fmt(f),
        }
    }
}

/// The letters, digits and underscores at the start.
fn word(line: &[u8]) -> &[u8] {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let end = line.iter().position(|byte| !part(byte)).unwrap_or(line.len());
    line.get(..end).unwrap_or_default()
}

/// The name behind the first word.
fn name(line: &[u8]) -> Text<'_> {
    let rest = line.get(word(line).len()..).unwrap_or_default();
    Text::clipped(word(Text::trimmed(rest).0), SHOWN_BYTES_MAX)
}

/// Whether bytes can be script: no control characters but white space.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte >= 0x20 || matches!(byte, b'\t' | b'\r' | b'\n'))
}

/// Whether the first line has the shape of script: `def name(` or a call.
pub(super) fn shaped(line: &[u8]) -> bool {
    match Depth::default().line(line) {
        Line::Inside => false,
        Line::Block { name, .. } => !name.0.is_empty() && line.contains(&b'('),
        Line::Statement(text) => {
            let call = text.0.get(word(text.0).len()..).unwrap_or_default();
            !word(text.0).is_empty() && call.starts_with(b"(")
        }
    }
}

/// Whether a text calls a function that only URScript has.
pub(super) fn is_urscript(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'\n').any(|line| {
        let line = Text::trimmed(line).0;
        let called = word(line);
        let call = line.get(called.len()..).is_some_and(|rest| rest.starts_with(b"("));
        call && codes::FUNCTIONS.iter().any(|name| name.as_bytes() == called)
    })
}
