//! `lightcurtain completions` and `lightcurtain man`: made from the table that `--help` shows.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::CommandFactory as _;

use crate::args::{self, Args};

/// Prints completions.
pub(crate) fn completions(args: &args::Completions) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "lightcurtain", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the page of the command, or of one of its commands.
pub(crate) fn page(args: &args::Man) -> anyhow::Result<ExitCode> {
    let mut command = Args::command();
    command.build();
    if let Some(name) = &args.command {
        let one = command.find_subcommand(name).cloned();
        let Some(one) = one else {
            anyhow::bail!("no such command `{name}`; `lightcurtain --help` lists all");
        };
        let title = format!("lightcurtain-{}", one.get_name());
        command = one.display_name(&title);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    io::stdout().lock().write_all(&page)?;
    Ok(ExitCode::SUCCESS)
}
