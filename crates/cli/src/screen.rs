//! What the terminal can do: the one place of the command that reads the environment.
//!
//! `NO_COLOR` (no-color.org: present and not empty) and `TERM=dumb` turn colour off; so does
//! output that is not a terminal. Nothing else of the environment changes what is printed.

use std::ffi::OsString;
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
        Self::new(out.is_terminal(), width)
    }

    /// Standard error.
    pub(crate) fn stderr() -> Self {
        let out = stderr();
        let width = terminal_size_of(&out).map(|(Width(columns), _)| usize::from(columns));
        Self::new(out.is_terminal(), width)
    }

    fn new(terminal: bool, columns: Option<usize>) -> Self {
        let plain = setting("NO_COLOR").is_some_and(|value| !value.is_empty())
            || setting("TERM").is_some_and(|value| value == "dumb");
        Self {
            columns: columns.unwrap_or(COLUMNS_USUAL).clamp(COLUMNS_MIN, COLUMNS_MAX),
            colour: terminal && !plain,
        }
    }
}

fn setting(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}
