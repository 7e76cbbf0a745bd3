//! The table of agreement, the differences behind it, and the floors below which it fails.
//!
//! A difference that is explained in `docs/decisions` is counted apart: it is still shown, and it
//! does not count against us. The floor of a row is what was reached when it was last recorded;
//! falling below it is a failed test.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::claim::{Comparison, Difference};
use super::live;
use super::protocols::{Protocol, makers};
use crate::shell;

/// Where the floors are.
const FLOORS: &str = "crates/xtask/oracle-floors.tsv";
/// Where remaining disagreements are explained.
const EXPLAINED: &str = "docs/decisions/005-oracle-disagreements.md";

/// One row: a protocol by one oracle.
#[derive(Default)]
struct Row {
    captures: usize,
    agreed: usize,
    explained: usize,
    disagreed: usize,
}

impl Row {
    fn compared(&self) -> usize {
        self.agreed + self.explained + self.disagreed
    }

    /// Agreement among what is not explained, in tenths of a percent, rounded down.
    fn permille(&self) -> usize {
        let counted = self.agreed + self.disagreed;
        (self.agreed * 1000).checked_div(counted).unwrap_or(1000)
    }
}

/// One line of the explanations: how many differences of one capture by one oracle are known.
struct Explanation {
    capture: String,
    oracle: String,
    count: usize,
}

/// All comparisons so far.
pub(super) struct Report {
    rows: BTreeMap<(String, String), Row>,
    shown: BTreeMap<(String, String), Vec<String>>,
    explanations: Vec<Explanation>,
    show: usize,
}

impl Report {
    /// A report that shows the first `show` differences of each row.
    pub(super) fn new(show: usize) -> Result<Self> {
        let path = shell::root().join(EXPLAINED);
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let explanations = explanations(&text)?;
        Ok(Self { rows: BTreeMap::new(), shown: BTreeMap::new(), explanations, show })
    }

    /// Takes one comparison in.
    pub(super) fn add(&mut self, comparison: &Comparison) {
        let outcome = comparison.outcome();
        if outcome.agreed == 0 && outcome.differences.is_empty() {
            return;
        }
        let key = (comparison.protocol.to_owned(), comparison.oracle.clone());
        let known = self.explanations.iter().filter(|row| {
            comparison.capture.contains(&row.capture) && comparison.oracle == row.oracle
        });
        let known: usize = known.map(|row| row.count).sum();
        let explained = known.min(outcome.differences.len());
        let row = self.rows.entry(key.clone()).or_default();
        row.captures += 1;
        row.agreed += outcome.agreed;
        row.explained += explained;
        row.disagreed += outcome.differences.len() - explained;
        let shown = self.shown.entry(key).or_default();
        let room = self.show.saturating_sub(shown.len());
        let unexplained = outcome.differences.iter().skip(explained);
        shown.extend(unexplained.take(room).map(|one| show(&comparison.capture, one)));
    }

    /// Prints the table; true when no row is below its floor. Without tshark its floors rest.
    pub(super) fn print(&self, filtered: bool, with_tshark: bool) -> Result<bool> {
        for ((protocol, oracle), differences) in &self.shown {
            if !differences.is_empty() {
                println!("\n{protocol} by {oracle}, first differences:");
                differences.iter().for_each(|one| println!("{one}"));
            }
        }
        let floors = floors()?;
        let counts = ["captures", "compared", "agreed", "explained", "disagreed"];
        let counts = counts.map(|name| format!("{name:>9}")).join(" ");
        println!("\n{:<18} {:<22} {counts} {:>7} {:>7}", "protocol", "oracle", "%", "floor");
        let mut right = true;
        for ((protocol, oracle), row) in &self.rows {
            let floor = floors.get(&(protocol.clone(), oracle.clone())).copied();
            let low = floor.is_some_and(|floor| row.permille() < floor) && !filtered;
            right &= !low;
            println!(
                "{protocol:<18} {oracle:<22} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7} {:>7}{}",
                row.captures,
                row.compared(),
                row.agreed,
                row.explained,
                row.disagreed,
                tenths(row.permille()),
                floor.map_or_else(|| "-".to_owned(), tenths),
                if low { "  below its floor" } else { "" },
            );
        }
        self.print_totals();
        let missing = floors.keys().filter(|key| {
            let rests = !with_tshark && key.1 == live::NAME;
            !self.rows.contains_key(*key) && !filtered && !rests
        });
        for (protocol, oracle) in missing {
            println!("{protocol} by {oracle} has a floor, and nothing was compared");
            right = false;
        }
        Ok(right)
    }

    fn print_totals(&self) {
        let sum = |part: fn(&Row) -> usize| self.rows.values().map(part).sum::<usize>();
        println!(
            "{:<18} {:<22} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "all",
            "",
            "",
            sum(Row::compared),
            sum(|row| row.agreed),
            sum(|row| row.explained),
            sum(|row| row.disagreed),
        );
    }

    /// Prints one line for each protocol that we decode: what was compared, by whom, or on what it
    /// rests instead.
    pub(super) fn print_protocols(&self, decoded: &[Protocol]) {
        let names = ["compared", "agreed", "explained", "open"];
        let names = names.map(|name| format!("{name:>9}")).join(" ");
        println!("\n{:<18} {names}  by", "protocol");
        let mut alone = Vec::new();
        for protocol in decoded {
            let rows = self.rows.iter().filter(|((name, _), _)| *name == protocol.name);
            let rows: Vec<(&str, &Row)> = rows.map(|((_, by), row)| (by.as_str(), row)).collect();
            if rows.is_empty() {
                alone.push(protocol);
                continue;
            }
            let sum =
                |part: fn(&Row) -> usize| rows.iter().map(|(_, row)| part(row)).sum::<usize>();
            println!(
                "{:<18} {:>9} {:>9} {:>9} {:>9}  {}",
                protocol.name,
                sum(Row::compared),
                sum(|row| row.agreed),
                sum(|row| row.explained),
                sum(|row| row.disagreed),
                makers(rows.iter().map(|(by, _)| *by)),
            );
        }
        println!("\n{} of {} protocols have an oracle", decoded.len() - alone.len(), decoded.len());
        for protocol in alone {
            println!("  {:<18} none; {}", protocol.name, protocol.basis);
        }
    }

    /// Writes what was reached as the new floors.
    pub(super) fn record(&self) -> Result<()> {
        let mut text = String::from(
            "# Agreement with others' decoders in percent, as recorded by\n\
             # `cargo xtask oracle --record`. Falling below a floor fails `cargo xtask test`.\n\
             # protocol\toracle\tpercent\n",
        );
        for ((protocol, oracle), row) in &self.rows {
            text += &format!("{protocol}\t{oracle}\t{}\n", tenths(row.permille()));
        }
        let path = shell::root().join(FLOORS);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

fn show(capture: &str, difference: &Difference) -> String {
    let Difference { place, theirs, ours } = difference;
    format!("  {capture}  {place}\n      theirs: {theirs}\n      ours:   {ours}")
}

/// Tenths of a percent as percent.
fn tenths(permille: usize) -> String {
    format!("{}.{}", permille / 10, permille % 10)
}

/// Protocol and oracle to tenths of a percent.
fn floors() -> Result<BTreeMap<(String, String), usize>> {
    let path = shell::root().join(FLOORS);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    rows.map(|line| floor(line).with_context(|| format!("{FLOORS}: `{line}` is no row"))).collect()
}

fn floor(line: &str) -> Option<((String, String), usize)> {
    let mut cells = line.split('\t');
    let key = (cells.next()?.to_owned(), cells.next()?.to_owned());
    let (whole, tenth) = cells.next()?.split_once('.')?;
    Some((key, whole.parse::<usize>().ok()? * 10 + tenth.parse::<usize>().ok()?))
}

/// Rows of the table `| capture | oracle | count | who is right, and why |`.
fn explanations(text: &str) -> Result<Vec<Explanation>> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [capture, oracle, count, reason] = &cells[..] else { continue };
        let Ok(count) = count.parse() else { continue };
        anyhow::ensure!(!reason.is_empty(), "{EXPLAINED}: `{line}` gives no reason");
        let clean = |cell: &str| cell.trim_matches('`').to_owned();
        found.push(Explanation { capture: clean(capture), oracle: clean(oracle), count });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{Report, Row, explanations, floor};
    use crate::oracle::claim::{Claim, Comparison};

    #[test]
    fn a_percentage_never_rounds_up_to_the_target() {
        let row = Row { agreed: 9899, disagreed: 101, ..Row::default() };
        assert_eq!(row.permille(), 989);
        assert_eq!(Row::default().permille(), 1000);
    }

    #[test]
    fn explained_differences_are_counted_apart() {
        let table = "| capture | oracle | count | why |\n|---|---|---|---|\n\
            | `a.pcap` | `zeek x.log` | 1 | masked |\n";
        let explanations = explanations(table).unwrap();
        let mut report =
            Report { rows: Default::default(), shown: Default::default(), explanations, show: 5 };
        let claim = |value: &str| Claim::new("flow").with("field", value);
        report.add(&Comparison {
            protocol: "x",
            oracle: "zeek x.log".to_owned(),
            capture: "folder/a.pcap".to_owned(),
            theirs: vec![claim("1"), claim("2"), claim("3")],
            ours: vec![claim("1")],
        });
        let row = report.rows.values().next().unwrap();
        assert_eq!((row.agreed, row.explained, row.disagreed), (1, 1, 1));
        assert_eq!(row.permille(), 500, "the explained one does not count");
    }

    #[test]
    fn floors_are_read_back_as_written() {
        let key = ("modbus".to_owned(), "ipal".to_owned());
        assert_eq!(floor("modbus\tipal\t99.4"), Some((key, 994)));
        assert_eq!(floor("modbus\tipal"), None);
    }
}
