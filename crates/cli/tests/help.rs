//! Help, manual, completions and the list of protocols.

#![cfg(test)]

#[allow(dead_code, reason = "each test file uses its part")]
mod scene;

use std::path::Path;

use scene::{expect, run};

fn said(args: &[&str]) -> String {
    let said = run(Path::new("."), args);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{args:?}");
    said.out
}

#[test]
fn help_says_what_each_command_does_and_how_it_ends() {
    expect("help.txt", &said(&["--help"]));
    expect("help-inspect.txt", &said(&["inspect", "--help"]));
    expect("help-learn.txt", &said(&["learn", "--help"]));
    expect("help-check.txt", &said(&["check", "--help"]));
    expect("help-decode.txt", &said(&["decode", "--help"]));
}

#[test]
fn the_manual_has_the_same_options_as_the_help() {
    let (help, page) = (said(&["inspect", "--help"]), said(&["man", "inspect"]));
    let options: Vec<_> = help.split_whitespace().filter(|word| word.starts_with("--")).collect();
    assert!(options.len() > 7, "{options:?}");
    for option in options {
        assert!(page.contains(&option.replace('-', "\\-")), "{option}");
    }
    assert!(page.starts_with(".ie") || page.starts_with(".TH"), "{page}");
    assert!(said(&["man"]).contains("Exit codes"));
}

#[test]
fn every_shell_completes_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = said(&["completions", shell]);
        for command in ["inspect", "learn", "check", "decode", "protocols", "completions", "man"] {
            assert!(script.contains(command), "{shell} {command}");
        }
    }
}

#[test]
fn each_protocol_has_one_row_and_a_page_of_operations() {
    let list = said(&["protocols"]);
    assert!(list.starts_with("name "), "{list}");
    let names: Vec<_> = list
        .lines()
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.contains(&"modbus") && names.len() > 10, "{names:?}");
    for name in &names {
        assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name}");
        assert!(said(&["protocols", name]).contains(&format!("({name})")));
    }
    expect("protocols-modbus.txt", &said(&["protocols", "modbus"]));
}
