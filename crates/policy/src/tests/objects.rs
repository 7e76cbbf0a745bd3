//! The page on objects in rules, `docs/formats/objects.md`, against the decision function.

use std::collections::BTreeSet;

use plant::{Act, Intent, allow};
use wire::{Kind, Message, Object, Operation, Protocol};

use super::vocabulary::{GRADED, judge, permitting};
use crate::compile::CARRIERS;
use crate::{Decision, Reason};

const PAGE: &str = include_str!("../../../../docs/formats/objects.md");

/// Rows of the tables with this head, as cells.
fn rows(head: &str) -> Vec<Vec<&'static str>> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in PAGE.lines() {
        if !line.starts_with('|') {
            inside = false;
        } else if line == head {
            inside = true;
        } else if inside && !line.starts_with("|---") {
            let inner = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')).unwrap();
            let cells: Vec<_> = inner.split('|').map(str::trim).collect();
            assert_eq!(cells.len(), head.matches(" | ").count() + 1, "{line}");
            found.push(cells);
        }
    }
    assert!(!found.is_empty(), "{head}");
    found
}

fn rules() -> Vec<Vec<&'static str>> {
    rows("| protocol | objects | rule | permits | denies | mind |")
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn operations(protocol: Protocol) -> impl Iterator<Item = &'static Operation> {
    protocol.entry().operations.iter().copied().flatten()
}

/// A message of `protocol` that does what `rule` says, on nothing yet.
fn message(protocol: Protocol, rule: &str) -> Message<'static> {
    let (row, intent) = match allow::parse(rule).unwrap().act.0 {
        Act::Intent(intent) => {
            let row = operations(protocol).find(|row| row.intent == intent);
            (row.or(operations(protocol).next()), intent)
        }
        Act::Operation(name) => {
            let row = operations(protocol).find(|row| row.name == name);
            (row, row.map_or(Intent::Unknown, |row| row.intent))
        }
    };
    let row = row.unwrap_or_else(|| panic!("{rule}"));
    Message { intent, ..Message::new(protocol, Kind::Request, row, row.code) }
}

/// `holding 100..119` as numbered cells; `None` if it ends in no number.
fn cells(text: &str) -> Option<(&str, u32, u32)> {
    let (space, numbers) = text.rsplit_once(' ')?;
    let (first, last) = numbers.split_once("..").unwrap_or((numbers, numbers));
    let (first, last) = (first.parse().ok()?, last.parse::<u32>().ok()?);
    Some((space, first, last.checked_sub(first)? + 1))
}

#[test]
fn every_rule_of_the_page_permits_and_denies_what_it_says() {
    let mut judged = 0;
    for row in rules() {
        let [protocol, _, rule, permits, denies, _] = row[..] else { panic!("{row:?}") };
        let protocol = Protocol::by_name(quoted(protocol)[0]).unwrap();
        let rule = quoted(rule)[0];
        assert!(rule.starts_with(&format!("{protocol} ")), "{rule}");
        let numbered = !rule.ends_with('\'');
        let policy = permitting(&[rule]);
        let base = message(protocol, rule);
        for (text, permitted) in quoted(permits)
            .into_iter()
            .map(|text| (text, true))
            .chain(quoted(denies).into_iter().map(|text| (text, false)))
        {
            let object = match cells(text).filter(|_| numbered) {
                Some((space, first, count)) => Object::Range { space, first, count },
                None => Object::Named(&text),
            };
            let verdict = judge(&policy, &base.on(object));
            let expected = if permitted { Decision::Permit } else { Decision::Deny };
            assert_eq!(verdict.decision(), expected, "{rule}: {text}");
            let target = matches!(verdict.reason(), Reason::Target(_));
            assert!(permitted || target, "{rule}: {text}: {}", policy.explain(verdict));
            judged += 1;
        }
    }
    assert!(judged > 150, "{judged}");
}

#[test]
fn the_page_speaks_of_every_protocol() {
    let nameless = PAGE.split_once("## Without objects").unwrap().1;
    let nameless = nameless.split_once("##").unwrap().0;
    let mut told: Vec<&str> = quoted(nameless);
    told.extend(rules().iter().map(|row| quoted(row[0])[0]));
    let told: BTreeSet<_> = told.into_iter().collect();
    let all: BTreeSet<_> = Protocol::all().map(Protocol::name).collect();
    assert_eq!(told, all);
}

#[test]
fn the_page_tells_what_comes_along() {
    let mut told = BTreeSet::new();
    for row in rows("| a rule for | permits the session of |") {
        for carried in quoted(row[0]) {
            told.extend(quoted(row[1]).into_iter().map(|carrier| (carried, carrier)));
        }
    }
    let known = CARRIERS.iter().map(|(carried, carrier)| (carried.name(), carrier.name()));
    assert_eq!(told, known.collect());
}

#[test]
fn the_page_names_what_stands_twice() {
    let told = rows("| protocol | operations |");
    for (protocol, operation) in GRADED {
        let row = told.iter().find(|row| quoted(row[0]) == [*protocol]);
        let names = quoted(row.unwrap_or_else(|| panic!("{protocol}"))[1]);
        assert!(names.iter().any(|name| operation.starts_with(name)), "{protocol} {operation}");
    }
}
