//! Each house rule finds its breach, and lets the right form pass.

use serde_json::{Value, json};

use super::source::{Function, Source, mask};
use super::waivers::Waivers;
use super::{Breach, directions, names, purity, shape};

const HEADER: &str = "//! What this is.\n//! What it is not.\n\n";

fn source(path: &str, body: &str) -> Source {
    Source::new(path.to_owned(), format!("{HEADER}{body}"))
}

/// The rules that `check` finds broken in `body`.
fn rules(check: fn(&Source, &mut Vec<Breach>), path: &str, body: &str) -> Vec<&'static str> {
    let mut breaches = Vec::new();
    check(&source(path, body), &mut breaches);
    breaches.iter().map(|breach| breach.rule).collect()
}

#[test]
fn masking_hides_text_and_keeps_code_and_lines() {
    let text =
        "let a = \"// {\\\" \"; // }\nlet r = r#\"\" } \"#; let c = '{'; &'a b\n/* { /* */ } */ x";
    let masked = mask(text);
    assert_eq!(masked.lines().count(), text.lines().count());
    assert!(!masked.contains(['{', '}', '/', '"']), "{masked}");
    assert!(masked.contains("let a =") && masked.contains("&'a b") && masked.ends_with(" x"));
}

#[test]
fn a_function_ends_at_its_own_brace() {
    let body = "fn one(a: [u8; 4]) {\n    if a { \"}\" }\n}\ntrait T {\n    fn none(&self);\n}\n";
    let found = source("crates/wire/src/a.rs", body).functions();
    assert_eq!(found, [Function { name: "one".to_owned(), first_line: 4, lines: 3 }]);
}

#[test]
fn inline_tests_are_not_product_lines() {
    let body = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\n";
    assert_eq!(source("crates/wire/src/a.rs", body).product_lines(), 4);
    assert_eq!(source("crates/wire/src/tests.rs", body).product_lines(), 0);
}

#[test]
fn sizes_are_allowed_at_the_limit_and_not_past_it() {
    let function = |lines: usize| format!("fn f() {{\n{}}}\n", "    g();\n".repeat(lines - 2));
    let check = |body: &str| rules(shape::check, "crates/wire/src/a.rs", body);
    assert_eq!(check(&function(70)), [""; 0]);
    assert_eq!(check(&function(71)), ["function-lines"]);
    assert_eq!(check(&"x();\n".repeat(597)), [""; 0]);
    assert_eq!(check(&"x();\n".repeat(598)), ["file-lines"]);
    assert_eq!(check(&format!("// {}\n", "x".repeat(97))), [""; 0]);
    assert_eq!(check(&format!("// {}\n", "x".repeat(98))), ["columns"]);
    assert_eq!(check(&format!("row(\"{}\"),\n", "x".repeat(120))), [""; 0], "text is text");
}

#[test]
fn a_file_needs_a_header_that_is_not_a_book() {
    let check = |text: &str| {
        let mut breaches = Vec::new();
        shape::check(
            &Source::new("crates/wire/src/a.rs".to_owned(), text.to_owned()),
            &mut breaches,
        );
        breaches.len()
    };
    assert_eq!(check("fn a() {}\n"), 1);
    assert_eq!(check(&"//! line\n".repeat(17)), 1);
    let map = format!("//! A format.\n//!\n//! ```text\n{}//! ```\n", "//! 0 1 2\n".repeat(30));
    assert_eq!(check(&map), 0, "a byte map may be long");
}

#[test]
fn pure_crates_may_not_name_the_world() {
    let wire = "crates/wire/src/a.rs";
    for line in [
        "use std::fs;",
        "use std::{fmt, thread};",
        "let now = Instant::now();",
        "let s = std::net::TcpStream::connect(a);",
        "println!(\"x\");",
    ] {
        assert_eq!(rules(purity::check, wire, line).len(), 1, "{line}");
        assert_eq!(rules(purity::check, "crates/cli/src/a.rs", line), [""; 0], "{line}");
    }
    for line in ["use std::net::IpAddr;", "// std::fs", "let instants = 1;", "fn operand() {}"] {
        assert_eq!(rules(purity::check, wire, line), [""; 0], "{line}");
    }
    let in_test = "#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
    assert_eq!(rules(purity::check, wire, in_test), [""; 0]);
}

#[test]
fn empty_names_are_found_and_meaningful_ones_pass() {
    let check = |body: &str| rules(names::check, "crates/flow/src/a.rs", body).len();
    for line in ["struct FlowManager;", "mod util;", "fn get_name() {}", "pub use a::*;"] {
        assert_eq!(check(line), 1, "{line}");
    }
    assert_eq!(check("#[cfg(test)]\nmod tests {\n    fn test_it() {}\n}"), 1);
    for line in ["struct Database;", "fn getter() {}", "pub use a::B;", "// struct FlowManager"] {
        assert_eq!(check(line), 0, "{line}");
    }
}

#[test]
fn marks_of_unfinished_work_are_found_in_any_file() {
    let found = |text: &str| {
        let mut breaches = Vec::new();
        names::check_text("docs/a.md", text, &mut breaches);
        breaches.len()
    };
    assert_eq!(found(concat!("see TO", "DO below")), 1);
    assert_eq!(found(concat!("in /wo", "rk/x")), 1);
    assert_eq!(found("todos are work"), 0);
}

/// A workspace of `wire` with these edges: package name, kind.
fn workspace(edges: &[(&str, Value)]) -> Value {
    let mut packages = vec![json!({"id": "0", "name": "lightcurtain-wire"})];
    let mut deps = Vec::new();
    for (id, (name, kind)) in (1..).zip(edges) {
        packages.push(json!({"id": format!("{id}"), "name": name}));
        deps.push(json!({"pkg": format!("{id}"), "dep_kinds": [{"kind": kind, "target": null}]}));
    }
    let nodes = json!([{"id": "0", "deps": deps}]);
    json!({"packages": packages, "workspace_members": ["0"], "resolve": {"nodes": nodes}})
}

#[test]
fn an_edge_outside_the_design_is_found() {
    let found = |edges: &[(&str, Value)]| directions::check(&workspace(edges)).unwrap().len();
    assert_eq!(found(&[("lightcurtain-plant", Value::Null)]), 0);
    assert_eq!(found(&[("lightcurtain-flow", Value::Null)]), 1);
    assert_eq!(found(&[("lightcurtain-flow", json!("dev"))]), 0, "tests may");
    assert_eq!(found(&[("tokio", Value::Null)]), 1);
    assert_eq!(found(&[("tokio", json!("dev"))]), 0, "tests may");
}

#[test]
fn a_waiver_covers_its_breach_and_must_shrink() {
    let breach = |lines| Breach::of_file("file-lines", "a.rs", String::new()).measuring(lines);
    let left = |row: &str, breaches| {
        let left = Waivers::parse(row).unwrap().apply(breaches);
        left.iter().filter(|breach| !breach.what.contains("only shrinks")).count()
    };
    assert_eq!(left("file-lines a.rs 640 reason", vec![breach(640)]), 0);
    assert_eq!(left("file-lines a.rs 640 reason", vec![breach(641)]), 2, "grown, and unused");
    assert_eq!(left("file-lines a.rs 640 reason", vec![breach(630)]), 1, "must be lowered");
    assert_eq!(left("file-lines a.rs 640 reason", vec![]), 1, "must be deleted");
    assert!(Waivers::parse("file-lines a.rs 640").is_err(), "a waiver has a reason");
}
