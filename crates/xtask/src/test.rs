//! `cargo xtask test`: all that has to be right before a merge, in one command.
//!
//! Works on a fresh machine with only Rust (and the linker that Rust needs). A step whose tool is
//! not there is skipped with its reason; it never passes silently. The last line counts what
//! passed and failed: each test, and each step that is not made of tests.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::{golden, oracle, shell, tidy};

/// How a step went.
enum Ended {
    /// Tests, or 1 and 0 for a step that is one check.
    Counted { passed: u64, failed: u64 },
    /// Not run, and why.
    Skipped(String),
}

impl Ended {
    fn one(right: bool) -> Self {
        Self::Counted { passed: u64::from(right), failed: u64::from(!right) }
    }
}

/// A step: its name, and what it does.
struct Step {
    name: &'static str,
    run: fn() -> Result<Ended>,
}

const STEPS: &[Step] = &[
    Step { name: "format", run: format },
    Step { name: "lints", run: lints },
    Step { name: "tidy", run: || tidy::run(&[]).map(Ended::one) },
    Step { name: "licences", run: licences },
    Step { name: "tests", run: tests },
    Step { name: "doc tests", run: doc_tests },
    Step { name: "golden", run: || golden::run(&["--check".to_owned()]).map(Ended::one) },
    Step { name: "oracle", run: others },
];

/// The command.
pub(crate) fn run(_: &[String]) -> Result<bool> {
    let (mut passed, mut failed) = (0, 0);
    let mut table = Vec::new();
    for step in STEPS {
        println!("\n== {}", step.name);
        let start = Instant::now();
        let ended = (step.run)().unwrap_or_else(|error| {
            println!("{error:#}");
            Ended::one(false)
        });
        let seconds = start.elapsed().as_secs();
        let shown = match ended {
            Ended::Counted { passed: right, failed: wrong } => {
                passed += right;
                failed += wrong;
                format!("{right} passed, {wrong} failed")
            }
            Ended::Skipped(reason) => format!("skipped: {reason}"),
        };
        table.push(format!("  {:<10} {seconds:>4} s  {shown}", step.name));
    }
    println!("\n== summary");
    table.iter().for_each(|row| println!("{row}"));
    println!("\n{passed} passed, {failed} failed");
    Ok(failed == 0)
}

fn format() -> Result<Ended> {
    if !shell::is_installed("cargo", &["fmt", "--version"]) {
        return Ok(Ended::Skipped("rustfmt is not installed (rustup component add)".to_owned()));
    }
    shell::succeeds(shell::cargo(&["fmt", "--all", "--check"])).map(Ended::one)
}

fn lints() -> Result<Ended> {
    if !shell::is_installed("cargo", &["clippy", "--version"]) {
        return Ok(Ended::Skipped("clippy is not installed (rustup component add)".to_owned()));
    }
    let arguments =
        ["clippy", "--quiet", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    shell::succeeds(shell::cargo(&arguments)).map(Ended::one)
}

/// Licences, banned crates and sources. The advisory database is not asked: it needs a network
/// that a build machine of a plant does not have.
fn licences() -> Result<Ended> {
    if !shell::is_installed("cargo", &["deny", "--version"]) {
        let reason = "cargo-deny is not installed; `cargo install cargo-deny --locked` takes \
                      minutes and is left to you";
        return Ok(Ended::Skipped(reason.to_owned()));
    }
    let arguments = ["deny", "--log-level", "error", "check"];
    let checks = ["licenses", "bans", "sources"];
    shell::succeeds(shell::cargo(&[&arguments[..], &checks[..]].concat())).map(Ended::one)
}

fn tests() -> Result<Ended> {
    if shell::is_installed("cargo", &["nextest", "--version"]) {
        let arguments = ["nextest", "run", "--workspace", "--locked", "--no-fail-fast"];
        return count(shell::cargo(&arguments), Stream::Error);
    }
    let arguments = ["test", "--workspace", "--all-targets", "--locked", "--no-fail-fast"];
    count(shell::cargo(&arguments), Stream::Output)
}

fn doc_tests() -> Result<Ended> {
    count(shell::cargo(&["test", "--workspace", "--doc", "--locked", "-q"]), Stream::Output)
}

/// Agreement with others' decoders, where their captures are.
fn others() -> Result<Ended> {
    match oracle::folder() {
        None => Ok(Ended::Skipped(oracle::ABSENT.to_owned())),
        Some(_) => oracle::run(&["--show".to_owned(), "1".to_owned()]).map(Ended::one),
    }
}

/// Where a test runner prints its counts.
#[derive(Clone, Copy)]
enum Stream {
    Output,
    Error,
}

/// Runs a test runner, shows what it prints, and adds up its counts. A runner that fails without
/// a failed test (the code did not compile) counts as one failure.
fn count(mut command: Command, stream: Stream) -> Result<Ended> {
    match stream {
        Stream::Output => command.stdout(Stdio::piped()),
        Stream::Error => command.stderr(Stdio::piped()),
    };
    let mut child = command.spawn().context("cannot start the tests")?;
    let output: Box<dyn Read> = match (child.stdout.take(), child.stderr.take()) {
        (Some(output), _) => Box::new(output),
        (None, Some(error)) => Box::new(error),
        (None, None) => anyhow::bail!("the tests have no output"),
    };
    let (mut passed, mut failed) = (0, 0);
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        if !is_dull(&line) {
            println!("{line}");
        }
        let (right, wrong) = counts(&line);
        passed += right;
        failed += wrong;
    }
    let status = child.wait()?;
    if !status.success() && failed == 0 {
        failed = 1;
    }
    Ok(Ended::Counted { passed, failed })
}

/// Lines that only say that one more test is fine.
fn is_dull(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line.ends_with("... ok")
        || line.starts_with("PASS [")
        || (line.starts_with("running ") && line.ends_with("tests"))
}

/// Passed and failed in a summary line of cargo test or nextest; zeros in other lines.
fn counts(line: &str) -> (u64, u64) {
    let line = line.trim();
    let summary = line.strip_prefix("test result:").or_else(|| line.strip_prefix("Summary ["));
    let Some(summary) = summary else { return (0, 0) };
    let before = |word: &str| {
        let words: Vec<&str> =
            summary.split([' ', ',', ';', '.']).filter(|w| !w.is_empty()).collect();
        let pair = words.windows(2).find_map(|pair| match pair {
            [number, found] if *found == word => number.parse().ok(),
            _ => None,
        });
        pair.unwrap_or(0_u64)
    };
    (before("passed"), before("failed"))
}

#[cfg(test)]
mod tests {
    use super::counts;

    #[test]
    fn counts_are_read_from_both_runners() {
        let cargo = "test result: FAILED. 41 passed; 2 failed; 0 ignored; 0 measured; 0 filtered";
        assert_eq!(counts(cargo), (41, 2));
        let nextest = "     Summary [   1.9s] 43 tests run: 41 passed, 2 failed, 3 skipped";
        assert_eq!(counts(nextest), (41, 2));
        assert_eq!(counts("9 passed; 9 failed"), (0, 0), "only summary lines count");
    }
}
