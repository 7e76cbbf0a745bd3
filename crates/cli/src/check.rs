//! `lightcurtain check`: the plant files are valid, or every error with its place and a hint.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::{args, declared};

/// Runs the command.
pub(crate) fn run(args: &args::Check) -> anyhow::Result<ExitCode> {
    let sources = declared::sources(&args.plant)?;
    let mut out = io::stdout().lock();
    match declared::compile(&sources) {
        Ok(declared) => {
            declared::tell(&sources, &declared.plant.warnings);
            let plant = &declared.plant;
            writeln!(
                out,
                "`{}` is valid: {} zones, {} assets, {} conduits with {} rules",
                args.plant.display(),
                plant.zones.len(),
                plant.assets.len(),
                plant.conduits.len(),
                declared.policy.rules().len(),
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Err(diagnostics) => {
            let errors = declared::tell(&sources, &diagnostics);
            let plural = if errors == 1 { "" } else { "s" };
            writeln!(out, "`{}` is not valid: {errors} error{plural}", args.plant.display())?;
            Ok(ExitCode::from(1))
        }
    }
}
