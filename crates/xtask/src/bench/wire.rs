//! `cargo xtask bench wire`: what every dissector reads in a second on one core.
//!
//! Builds and runs the benchmark of the crate `wire` over the exchanges in `crates/wire/samples`,
//! and prints its figures as a table. The slowest protocol in nanoseconds a message stands first.

use anyhow::{Context, Result};

use crate::shell;

/// What is run.
pub(super) const ARGUMENTS: &[&str] =
    &["bench", "--quiet", "--locked", "-p", "lightcurtain-wire", "--bench", "dissect"];

/// One protocol's figures for one round of its samples.
#[derive(Debug, PartialEq)]
struct Row<'a> {
    name: &'a str,
    messages: f64,
    bytes: f64,
    ns: f64,
}

/// The command.
pub(super) fn run() -> Result<bool> {
    println!("{}\ncargo {}\n", super::machine(), ARGUMENTS.join(" "));
    let text = shell::text(shell::cargo(ARGUMENTS))?;
    let rows: Option<Vec<Row<'_>>> = text.lines().map(row).collect();
    let mut rows = rows.context("the benchmark printed something else")?;
    rows.sort_by(|one, other| (other.ns / other.messages).total_cmp(&(one.ns / one.messages)));
    print(&rows);
    Ok(true)
}

fn row(line: &str) -> Option<Row<'_>> {
    let mut cells = line.split('\t');
    let name = cells.next()?;
    let [messages, bytes, ns] = [cells.next()?, cells.next()?, cells.next()?];
    let [messages, bytes, ns] = [messages.parse().ok()?, bytes.parse().ok()?, ns.parse().ok()?];
    Some(Row { name, messages, bytes, ns })
}

fn print(rows: &[Row<'_>]) {
    println!(
        "{:<20} {:>14} {:>10} {:>12} {:>14}",
        "", "messages/s", "MB/s", "ns/message", "bytes/message"
    );
    for Row { name, messages, bytes, ns } in rows {
        println!(
            "{name:<20} {:>14.0} {:>10.0} {:>12.0} {:>14.0}",
            messages / ns * 1e9,
            bytes / ns * 1e3,
            ns / messages,
            bytes / messages
        );
    }
    println!(
        "\nOne core, the fastest of many batches of 2 ms. The samples of a protocol are read again \
         and again by\nthe session that flow would have, without flow and without anybody who \
         looks at the messages."
    );
}

#[cfg(test)]
mod tests {
    use super::{Row, row};

    #[test]
    fn a_line_of_the_benchmark_is_a_row() {
        let expected = Row { name: "modbus", messages: 4.0, bytes: 60.0, ns: 120.5 };
        assert_eq!(row("modbus\t4.00\t60\t120.5"), Some(expected));
        assert_eq!(row("warning: unused"), None);
    }
}
