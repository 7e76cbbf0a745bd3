//! The report as one HTML page: no request leaves it, and nothing but reading it is needed.
//!
//! All text goes through `maud`, which escapes it, and the page through `words::clean_lines`:
//! names, banners and objects come from whoever is on the network. The page's policy forbids every
//! script and style that is not its own (Content Security Policy Level 3). The script only
//! filters, sorts and highlights.

mod findings;
mod map;
mod page;
mod tables;
mod talks;
#[cfg(test)]
mod tests;

use super::report::Report;
use super::view::View;
use super::words;
use crate::args;

/// The page.
pub(crate) fn render(report: &Report, args: &args::Inspect) -> String {
    let page = page::page(&View::new(report), &args.words()).into_string();
    words::clean_lines(&page)
}
