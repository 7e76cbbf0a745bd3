//! `docs/findings.md` has every rule, with the severity, technique and words of the table.
//!
//! What triggers a rule is written there by hand and is not compared.

use detect::RULES;

const PAGE: &str = include_str!("../../../docs/findings.md");

/// The page's sections by heading, each with its text on one line.
fn sections() -> Vec<(&'static str, String)> {
    let parts = PAGE.split("\n## ").skip(1);
    let titled = parts.map(|part| part.split_once('\n').unwrap_or((part, "")));
    titled
        .map(|(name, text)| (name, text.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect()
}

#[test]
fn the_page_has_the_rules_of_the_table_in_their_order() {
    let headings: Vec<_> = sections().into_iter().map(|(name, _)| name).collect();
    let rules: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(headings, rules);
}

#[test]
fn each_rule_is_described_in_the_words_of_the_table() {
    for (rule, (_, text)) in RULES.iter().zip(sections()) {
        let technique = rule.technique.map(|one| format!(", {} {}", one.id, one.name));
        let head = format!("{}{} ", rule.severity.name(), technique.unwrap_or_default());
        assert!(text.starts_with(&head), "{}: begins with `{head}`", rule.name);
        for words in [rule.meaning, rule.action] {
            assert!(text.contains(words), "{}: `{words}`", rule.name);
        }
        let when = text.split("**When.** ").nth(1).unwrap_or_default();
        assert!(when.len() > 40, "{}: says when", rule.name);
        let row = format!("| [`{0}`](#{0}) | {1} |", rule.name, rule.severity.name());
        assert!(PAGE.contains(&row), "{}: `{row}` in the overview", rule.name);
    }
}
