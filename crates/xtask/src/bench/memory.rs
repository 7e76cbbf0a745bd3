//! `cargo xtask bench memory`: an endless stream of the worst case of every protocol.
//!
//! Builds and runs the benchmark of the crate `flow`: each protocol in a process of its own, with
//! the limits that the product has. Fails when one of them takes more memory than [`PEAK_MIB_MAX`].

use anyhow::{Context, Result};

use crate::shell;

/// What is run; the megabytes of each stream follow.
const ARGUMENTS: &[&str] =
    &["bench", "--quiet", "--locked", "-p", "lightcurtain-flow", "--bench", "memory", "--"];
/// Most memory of one process: 64 MiB that `flow::Limits` gives all sessions together, and as
/// much again for what the allocator wastes and for the tables of stations and conversations.
const PEAK_MIB_MAX: u64 = 128;

/// The command.
pub(super) fn run(arguments: &[String]) -> Result<bool> {
    let megabytes = arguments.first().map_or("1000", String::as_str);
    let arguments: Vec<&str> = ARGUMENTS.iter().copied().chain([megabytes]).collect();
    println!("{}\ncargo {}\n", super::machine(), arguments.join(" "));
    let text = shell::text(shell::cargo(&arguments))?;
    println!("{:<20} {:>10} {:>14} {:>10}", "", "MB sent", "messages", "peak MiB");
    let mut right = true;
    for line in text.lines() {
        let (name, [sent, messages, peak]) =
            row(line).context("the benchmark printed something else")?;
        let verdict = if peak > PEAK_MIB_MAX { "  above the bound" } else { "" };
        right &= peak <= PEAK_MIB_MAX;
        println!("{name:<20} {sent:>10} {messages:>14} {peak:>10}{verdict}");
    }
    println!("\nThe bound is {PEAK_MIB_MAX} MiB.");
    Ok(right)
}

fn row(line: &str) -> Option<(&str, [u64; 3])> {
    let mut cells = line.split('\t');
    let name = cells.next()?;
    let mut number = || cells.next()?.parse().ok();
    Some((name, [number()?, number()?, number()?]))
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn a_line_of_the_benchmark_is_a_row() {
        assert_eq!(row("modbus\t1000\t8000000\t4"), Some(("modbus", [1000, 8_000_000, 4])));
        assert_eq!(row("modbus\t1000"), None);
    }
}
