//! Lines of a known width: paint, padding, cutting, wrapping and tables.
//!
//! Width is counted in columns of a terminal, not in characters or bytes (UAX #11).

use std::fmt::Write as _;

use plant::{Intent, Severity};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::inspect::words::clean;
use crate::screen::Screen;

/// How a piece of text stands out; all of them stay readable on light and dark screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Plain,
    Heading,
    Faint,
    Calm,
    Notice,
    Warn,
    Alarm,
    Emergency,
}

impl Ink {
    /// Parameters of the SGR sequence (ECMA-48 section 8.3.117).
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Heading => "1",
            Self::Faint => "2",
            Self::Calm => "36",
            Self::Notice => "33",
            Self::Warn => "35",
            Self::Alarm => "1;31",
            Self::Emergency => "1;97;41",
        }
    }

    pub(crate) const fn of_severity(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Faint,
            Severity::Low => Self::Calm,
            Severity::Medium => Self::Notice,
            Severity::High => Self::Alarm,
            Severity::Critical => Self::Emergency,
        }
    }

    pub(crate) const fn of_intent(intent: Option<Intent>) -> Self {
        match intent {
            None | Some(Intent::Session) => Self::Faint,
            Some(Intent::Observe) => Self::Calm,
            Some(Intent::Unknown | Intent::Operate) => Self::Notice,
            Some(Intent::Program | Intent::Administer) => Self::Warn,
            Some(Intent::Safety) => Self::Alarm,
        }
    }
}

/// Text that grows line by line.
pub(crate) struct Paper {
    pub(crate) text: String,
    pub(crate) screen: Screen,
}

impl Paper {
    pub(crate) const fn new(screen: Screen) -> Self {
        Self { text: String::new(), screen }
    }

    /// Adds text as it is.
    pub(crate) fn put(&mut self, ink: Ink, text: &str) -> &mut Self {
        if self.screen.colour && ink != Ink::Plain && !text.is_empty() {
            let _ = write!(self.text, "\x1b[{}m{text}\x1b[0m", ink.code());
        } else {
            self.text.push_str(text);
        }
        self
    }

    /// Ends a line; blanks at its end are taken away.
    pub(crate) fn end(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    pub(crate) fn line(&mut self, ink: Ink, text: &str) {
        self.put(ink, text).end();
    }

    /// A heading with what belongs beside it, after an empty line.
    pub(crate) fn heading(&mut self, title: &str, aside: &str) {
        if !self.text.is_empty() {
            self.end();
        }
        self.put(Ink::Heading, title).put(Ink::Plain, "  ").put(Ink::Faint, aside).end();
    }

    /// Words over as many lines as they need, all indented; the first line's indent is there.
    pub(crate) fn wrapped(&mut self, ink: Ink, indent: usize, text: &str) {
        let room = self.screen.columns.saturating_sub(indent).max(20);
        let (mut line, mut first) = (String::new(), true);
        for word in clean(text).split(' ') {
            if !line.is_empty() && line.width() + 1 + word.width() > room {
                self.wrapped_line(ink, indent, &line, &mut first);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.wrapped_line(ink, indent, &line, &mut first);
    }

    fn wrapped_line(&mut self, ink: Ink, indent: usize, line: &str, first: &mut bool) {
        if !std::mem::take(first) {
            self.put(Ink::Plain, &" ".repeat(indent));
        }
        self.line(ink, line);
    }

    /// A table as wide as its widest cells, or as the screen: then the widest columns give way,
    /// but never the first, which says whom the row is about.
    pub(crate) fn table(&mut self, indent: usize, titles: &[&str], rows: &[Vec<Cell>]) {
        let widths = widths(titles, rows, self.screen.columns.saturating_sub(indent));
        if titles.iter().any(|title| !title.is_empty()) {
            let heads: Vec<_> = titles.iter().map(|title| Cell::new(Ink::Faint, title)).collect();
            self.row(indent, &heads, &widths);
        }
        for row in rows {
            self.row(indent, row, &widths);
        }
    }

    fn row(&mut self, indent: usize, cells: &[Cell], widths: &[usize]) {
        self.put(Ink::Plain, &" ".repeat(indent));
        for (cell, width) in cells.iter().zip(widths).filter(|(_, width)| **width > 0) {
            let text = cut(&cell.text, *width);
            let pad = " ".repeat(width - text.width().min(*width));
            if cell.right {
                self.put(Ink::Plain, &pad).put(cell.ink, &text);
            } else {
                self.put(cell.ink, &text).put(Ink::Plain, &pad);
            }
            self.put(Ink::Plain, &" ".repeat(GAP));
        }
        self.end();
    }
}

/// One cell of a table.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    ink: Ink,
    text: String,
    right: bool,
}

impl Cell {
    pub(crate) fn new(ink: Ink, text: impl AsRef<str>) -> Self {
        Self { ink, text: clean(text.as_ref()).into_owned(), right: false }
    }

    pub(crate) fn number(ink: Ink, text: impl AsRef<str>) -> Self {
        Self { right: true, ..Self::new(ink, text) }
    }
}

/// Columns between two cells.
const GAP: usize = 2;
/// A column is not cut below this many columns.
const COLUMN_MIN: usize = 8;

/// Width of each column; zero for one that no row fills.
fn widths(titles: &[&str], rows: &[Vec<Cell>], room: usize) -> Vec<usize> {
    let mut widths: Vec<_> = titles
        .iter()
        .enumerate()
        .map(|(at, title)| {
            let cells = rows.iter().filter_map(|row| row.get(at));
            let widest = cells.map(|cell| cell.text.width()).max().unwrap_or(0);
            if widest == 0 { 0 } else { widest.max(title.width()) }
        })
        .collect();
    loop {
        let total: usize = widths.iter().filter(|width| **width > 0).map(|width| width + GAP).sum();
        let over = total.saturating_sub(GAP).saturating_sub(room);
        let Some(widest) = widths.iter_mut().skip(1).max() else { return widths };
        if over == 0 || *widest <= COLUMN_MIN {
            return widths;
        }
        *widest -= 1;
    }
}

/// Text cut to a width, with an ellipsis where something is missing.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let (mut kept, mut used) = (String::new(), 0);
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > width {
            break;
        }
        used += wide;
        kept.push(c);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(columns: usize) -> Paper {
        Paper::new(Screen { columns, colour: false })
    }

    #[test]
    fn a_table_gives_way_where_it_is_widest() {
        let mut paper = paper(30);
        let row = |name: &str, what: &str| {
            vec![
                Cell::new(Ink::Plain, name),
                Cell::new(Ink::Plain, what),
                Cell::number(Ink::Plain, "7"),
            ]
        };
        paper.table(2, &["name", "what", "n"], &[row("plc-1", "a very long text that is cut")]);
        assert_eq!(paper.text, "  name   what                n\n  plc-1  a very long text …  7\n");
    }

    #[test]
    fn a_column_that_nobody_fills_is_not_there() {
        let mut paper = paper(30);
        let row =
            vec![Cell::new(Ink::Plain, "a"), Cell::new(Ink::Plain, ""), Cell::new(Ink::Plain, "b")];
        paper.table(0, &["one", "two", "three"], &[row]);
        assert_eq!(paper.text, "one  three\na    b\n");
    }

    #[test]
    fn wide_letters_count_twice_when_text_is_cut() {
        assert_eq!(cut("机器人控制器", 7), "机器人…");
        assert_eq!(cut("plc", 3), "plc");
    }

    #[test]
    fn wrapped_words_keep_their_indent() {
        let mut paper = paper(24);
        paper.put(Ink::Plain, "    ").wrapped(Ink::Plain, 4, "one two three four five six");
        assert_eq!(paper.text, "    one two three four\n    five six\n");
    }

    #[test]
    fn without_colour_no_escape_is_written() {
        let mut paper = paper(40);
        paper.line(Ink::Emergency, "critical");
        assert_eq!(paper.text, "critical\n");
    }
}
