//! The report as one HTML page: no request leaves it, and nothing but reading it is needed.
//!
//! All text goes through `maud`, which escapes it, and through `words::clean`: names, banners and
//! object names come from whoever is on the network. The page's policy forbids every script and
//! style that is not this file's own (Content Security Policy Level 3). The script only filters,
//! sorts and highlights.

mod findings;
mod map;
mod page;
mod tables;
mod talks;
#[cfg(test)]
mod tests;

use super::report::Report;
use super::view::View;
use crate::args;

/// The page.
pub(crate) fn render(report: &Report, args: &args::Inspect) -> String {
    page::page(&View::new(report), &args.words()).into_string()
}
