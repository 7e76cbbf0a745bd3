//! `cargo xtask peers`: do we say of independent implementations' traffic what they say of it?
//!
//! Each script in `crates/xtask/peers` drives somebody else's client or server in a network
//! namespace of its own, records the traffic and writes what that peer did and got. Here the
//! recording is decoded and compared with that account: all that the peer says must be there, in
//! order, and nothing else. Not part of `cargo xtask test`: it needs root, tcpdump and PyPI.

mod account;
mod compare;
mod place;

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::{oracle, shell};
use account::Account;
use compare::Outcome;
use place::Place;

/// How one script went.
enum Ended {
    Compared(Account, Outcome),
    /// Not run, and why.
    Skipped(String),
}

/// What the command was asked for.
struct Options {
    names: Vec<String>,
    show: usize,
}

/// The command.
pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let options = options(arguments)?;
    place::check()?;
    let binary = build()?;
    let scripts = place::scripts()?;
    for name in &options.names {
        ensure!(scripts.contains(name), "no peer `{name}`; there are {}", scripts.join(", "));
    }
    let wanted = scripts.iter().filter(|name| {
        options.names.is_empty() || options.names.iter().any(|wanted| wanted == *name)
    });
    let mut rows = Vec::new();
    for name in wanted {
        println!("== {name}");
        let ended = one(name, &binary).unwrap_or_else(|error| {
            let failed = Outcome::failed(format!("{error:#}"));
            Ended::Compared(Account::named(name), failed)
        });
        match &ended {
            Ended::Compared(_, outcome) => show(outcome, options.show),
            Ended::Skipped(reason) => println!("  skipped: {reason}"),
        }
        rows.push((name.clone(), ended));
    }
    Ok(table(&rows))
}

fn options(arguments: &[String]) -> Result<Options> {
    let mut options = Options { names: Vec::new(), show: 20 };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--show" => {
                let value = rest.next().context("--show wants a value")?;
                options.show = value.parse().context("--show wants a number")?;
            }
            option if option.starts_with('-') => bail!("unknown option `{option}`"),
            name => options.names.push(name.to_owned()),
        }
    }
    Ok(options)
}

/// The program as it is now, without the time that a release build takes.
fn build() -> Result<std::path::PathBuf> {
    let arguments = ["build", "--quiet", "--locked", "-p", "lightcurtain-cli"];
    ensure!(shell::succeeds(shell::cargo(&arguments))?, "the build failed");
    Ok(shell::target().join("debug/lightcurtain"))
}

/// Installs, records, decodes and compares one peer.
fn one(name: &str, binary: &Path) -> Result<Ended> {
    let place = match Place::prepare(name)? {
        Ok(place) => place,
        Err(reason) => return Ok(Ended::Skipped(reason)),
    };
    let account = account::read(&place.record()?)?;
    let decoded = oracle::decode(binary, &place.capture())?;
    let outcome = compare::compare(&account, &decoded);
    Ok(Ended::Compared(account, outcome))
}

fn show(outcome: &Outcome, most: usize) {
    for line in outcome.differences.iter().take(most) {
        println!("  {line}");
    }
    let more = outcome.differences.len().saturating_sub(most);
    if more > 0 {
        println!("  and {more} more");
    }
}

/// Prints the table; true when no peer differs.
fn table(rows: &[(String, Ended)]) -> bool {
    println!("\n| script | peer | version | protocols | messages | agree | beside | differ |");
    println!("|---|---|---|---|---:|---:|---:|---:|");
    let mut right = true;
    for (name, ended) in rows {
        match ended {
            Ended::Compared(account, outcome) => {
                right &= outcome.differences.is_empty();
                println!(
                    "| {name} | {} | {} | {} | {} | {} | {} | {} |",
                    account.peer,
                    account.version,
                    account.protocols.join(", "),
                    outcome.messages,
                    outcome.agreed,
                    outcome.beside,
                    outcome.differences.len(),
                );
            }
            Ended::Skipped(reason) => println!("| {name} | skipped: {reason} | | | | | | |"),
        }
    }
    right
}
