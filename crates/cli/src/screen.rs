//! What the terminal can do: the one place of the command that reads the environment.
//!
//! `NO_COLOR` (no-color.org: present and not empty) and `TERM=dumb` turn colour off; so does
//! output that is not a terminal. Nothing else of the environment changes what is printed.

use std::ffi::OsStr;
use std::io::{IsTerminal, stderr, stdout};

use terminal_size::{Width, terminal_size_of};

/// Columns where the width is not known: files, pipes, logs. Fits a printed page.
const COLUMNS_USUAL: usize = 100;
/// Columns that a layout can rely on; a narrower terminal wraps.
const COLUMNS_MIN: usize = 60;
/// Columns beyond which longer lines are not easier to read.
const COLUMNS_MAX: usize = 160;

/// A place where text appears.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    pub(crate) columns: usize,
    pub(crate) colour: bool,
}

impl Screen {
    /// Standard output.
    pub(crate) fn stdout() -> Self {
        let out = stdout();
        let width = terminal_size_of(&out).map(|(Width(columns), _)| usize::from(columns));
        Self::new(out.is_terminal(), width, is_plain_wanted())
    }

    /// Standard error.
    pub(crate) fn stderr() -> Self {
        let out = stderr();
        let width = terminal_size_of(&out).map(|(Width(columns), _)| usize::from(columns));
        Self::new(out.is_terminal(), width, is_plain_wanted())
    }

    fn new(terminal: bool, columns: Option<usize>, plain: bool) -> Self {
        Self {
            columns: columns.unwrap_or(COLUMNS_USUAL).clamp(COLUMNS_MIN, COLUMNS_MAX),
            colour: terminal && !plain,
        }
    }
}

fn is_plain_wanted() -> bool {
    let (no_color, term) = (std::env::var_os("NO_COLOR"), std::env::var_os("TERM"));
    wants_plain(no_color.as_deref(), term.as_deref())
}

fn wants_plain(no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    no_color.is_some_and(|value| !value.is_empty()) || term.is_some_and(|value| value == "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_color_counts_only_if_it_is_not_empty() {
        let value = |text: &'static str| Some(OsStr::new(text));
        assert!(wants_plain(value("1"), value("xterm-256color")));
        assert!(!wants_plain(value(""), value("xterm-256color")));
        assert!(wants_plain(None, value("dumb")));
        assert!(!wants_plain(None, None));
    }

    #[test]
    fn colour_needs_a_terminal_and_nobody_against_it() {
        assert!(Screen::new(true, Some(80), false).colour);
        assert!(!Screen::new(true, Some(80), true).colour);
        assert!(!Screen::new(false, None, false).colour);
    }

    #[test]
    fn width_stays_where_layouts_work() {
        let columns = |width| Screen::new(true, width, false).columns;
        assert_eq!([None, Some(20), Some(120), Some(400)].map(columns), [100, 60, 120, 160]);
    }
}
