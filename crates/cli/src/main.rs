//! The `lightcurtain` command: reads captures, says what is going on in them.
//!
//! The shell around the pure rooms: files, terminal, clock and exit codes live here and nowhere
//! else in this half of the house. Exit codes: 0 nothing of severity high or above, 1 such
//! findings (of `check`: errors in the plant), 2 unusable input.

mod args;
mod capture;
mod check;
mod declared;
mod decode;
mod help;
mod inspect;
mod learn;
mod manual;
mod protocols;
mod run;
mod screen;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};

fn main() -> ExitCode {
    let args = Args::parse();
    let result = match &args.command {
        Command::Inspect(inspect) => inspect::run(inspect),
        Command::Learn(learn) => learn::run(learn),
        Command::Check(check) => check::run(check),
        Command::Decode(decode) => decode::run(decode),
        Command::Protocols(protocols) => protocols::run(protocols),
        Command::Completions(completions) => manual::completions(completions),
        Command::Man(man) => manual::page(man),
    };
    match result {
        Ok(code) => code,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Whether the reader of our output went away (`lightcurtain decode x | head`): not an error.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

#[expect(clippy::print_stderr, reason = "the one place that talks to people about errors")]
fn complain(text: &str) {
    eprintln!("lightcurtain: {text}");
}
