//! The text of plant files, and places in it.
//!
//! Places count as editors do: lines and columns from 1, columns in characters. The files
//! themselves are read by the caller.

use std::ops::Range;

/// One plant file, already read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What people call it: its path below the plant folder.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// A piece of one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which source, counted from 0 in the order they were given.
    pub source: u32,
    /// First line of the piece, from 1.
    pub line: u32,
    /// First column of the piece, from 1, in characters.
    pub column: u32,
    /// First byte of the piece.
    pub start: u32,
    /// First byte after the piece.
    pub end: u32,
}

impl Place {
    /// The bytes of the piece.
    pub fn span(&self) -> Range<usize> {
        at(self.start)..at(self.end)
    }
}

/// A word that the owner wrote, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, without quotes.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// Finds lines and columns in one source.
pub(crate) struct Lines<'a> {
    source: u32,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(source: usize, text: &'a str) -> Self {
        let after =
            text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at + 1);
        Self { source: short(source), text, starts: std::iter::once(0).chain(after).collect() }
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        let line = self.starts.partition_point(|&start| start <= span.start);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..span.start).unwrap_or_default();
        Place {
            source: self.source,
            line: short(line),
            column: short(before.chars().count() + 1),
            start: short(span.start),
            end: short(span.end),
        }
    }
}

/// Bytes of text beyond 4 GiB share the last place: no plant file is that long.
fn short(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn at(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        let lines = Lines::new(0, "a\nöb = 1\n");
        let place = |span| {
            let place = lines.place(span);
            (place.line, place.column)
        };
        assert_eq!(place(0..1), (1, 1));
        assert_eq!(place(2..4), (2, 1));
        assert_eq!(place(4..5), (2, 2));
        assert_eq!(place(10..10), (3, 1));
        assert_eq!(place(99..99), (3, 1));
    }
}
