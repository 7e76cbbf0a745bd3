//! The report on a terminal.

use crate::args;

use super::report::Report;

/// Prints the summary.
pub(crate) fn print(report: &Report, args: &args::Inspect) -> anyhow::Result<()> {
    let _ = (report, args);
    Ok(())
}
