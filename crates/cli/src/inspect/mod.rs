//! `lightcurtain inspect`: a capture in, the truth about the cell out.

mod build;
mod html;
mod observer;
pub(crate) mod report;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod schema;
mod terminal;
mod view;
pub(crate) mod words;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use plant::Severity;

use crate::{args, complain, declared, run};
use observer::Inspection;
use report::Report;

/// Runs the command.
pub(crate) fn run(args: &args::Inspect) -> anyhow::Result<ExitCode> {
    let declared = match &args.plant {
        Some(folder) => match declared::load(folder)? {
            Ok(declared) => Some(declared),
            Err(code) => return Ok(code),
        },
        None => None,
    };
    let mut inspection = Inspection::new(declared.as_ref().map(|declared| &declared.policy));
    let (tracker, intake) = run::read(&args.source, &mut inspection)?;
    let report = build::report(inspection, &tracker, &intake, declared.as_ref());
    let to_stdout = write(&report, args)?;
    if to_stdout {
        for (name, damage) in &intake.damage {
            complain(&format!("`{name}` is damaged: {damage}"));
        }
    } else {
        terminal::print(&report, args)?;
    }
    let serious = report.findings.iter().any(|finding| finding.severity >= Severity::High);
    Ok(ExitCode::from(u8::from(serious)))
}

/// Writes the files that were asked for; whether one of them was standard output.
fn write(report: &Report, args: &args::Inspect) -> anyhow::Result<bool> {
    let is_stdout = |path: &Option<PathBuf>| path.as_ref().is_some_and(|path| path == "-");
    anyhow::ensure!(
        !(is_stdout(&args.json) && is_stdout(&args.html)),
        "standard output takes one document: give --json or --html a file"
    );
    let mut to_stdout = false;
    if let Some(path) = &args.json {
        let mut json = serde_json::to_string_pretty(report)?;
        json.push('\n');
        to_stdout |= put(path, &json)?;
    }
    if let Some(path) = &args.html {
        to_stdout |= put(path, &html::render(report, args))?;
    }
    Ok(to_stdout)
}

fn put(path: &Path, text: &str) -> anyhow::Result<bool> {
    if path.as_os_str() == "-" {
        io::stdout().lock().write_all(text.as_bytes())?;
        return Ok(true);
    }
    fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(false)
}
