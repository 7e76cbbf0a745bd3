//! `lightcurtain inspect` on a small cell: what people see, what machines get, how it ends.

#![cfg(test)]

#[allow(dead_code, reason = "each test file uses its part")]
mod scene;

use std::fs;
use std::path::Path;

use scene::cell::{Cell, PANEL, PLANT, PLC};
use scene::{command, expect, run, said};
use tempfile::TempDir;

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("cell.pcap"), Cell::with_a_stranger().bytes).expect("written");
    fs::create_dir(folder.path().join("plant")).expect("made");
    fs::write(folder.path().join("plant/cell.toml"), PLANT).expect("written");
    folder
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("the file is there")
}

#[test]
fn a_stranger_who_restarts_the_controller_is_said_first_and_ends_with_1() {
    let folder = folder();
    let said = run(folder.path(), &["inspect", "cell.pcap"]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""));
    expect("inspect.txt", &said.out);
}

#[test]
fn with_a_plant_every_message_has_a_verdict() {
    let folder = folder();
    let said = run(folder.path(), &["inspect", "cell.pcap", "--plant", "plant"]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""));
    expect("inspect-plant.txt", &said.out);
}

#[test]
fn a_cell_where_only_reads_happen_ends_with_0() {
    let folder = folder();
    let mut calm = Cell::new();
    calm.connect(PANEL, 40_002, PLC);
    calm.exchange((PANEL, 40_002, PLC), &[3, 0, 100, 0, 1], &[3, 2, 0, 5]);
    fs::write(folder.path().join("calm.pcap"), calm.bytes).expect("written");
    let said = run(folder.path(), &["inspect", "calm.pcap"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert!(said.out.contains("nothing that should not be"), "{}", said.out);
}

#[test]
fn the_page_is_one_file_with_the_finding_and_the_map() {
    let folder = folder();
    let args = ["inspect", "cell.pcap", "--plant", "plant", "--html", "report.html"];
    assert_eq!(run(folder.path(), &args).code, Some(1));
    let page = read(folder.path(), "report.html");
    for part in ["<!DOCTYPE html>", "<svg", "weld-plc-7", "10.20.7.66", "i-administer", "denied"] {
        assert!(page.contains(part), "{part}");
    }
    for outside in ["http:", "https:", "src="] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(page.matches("<path class=\"denied\"").count(), 1, "the stranger's line is denied");
}

#[test]
fn json_on_standard_output_is_the_only_thing_there() {
    let folder = folder();
    let said = run(folder.path(), &["inspect", "cell.pcap", "--json", "-"]);
    let report: serde_json::Value = serde_json::from_str(&said.out).expect("one document");
    assert_eq!(report["format"], "lightcurtain-inspect/1");
    assert_eq!(report["capture"]["frames"], 35);
    assert_eq!(report["assets"].as_array().map(Vec::len), Some(4));
}

#[test]
fn all_unfolds_what_is_folded() {
    let folder = folder();
    let mut cell = Cell::new();
    for host in 100..160 {
        cell.connect(PLC, 40_000 + u16::from(host), host);
        cell.exchange((PLC, 40_000 + u16::from(host), host), &[3, 0, 0, 0, 1], &[3, 2, 0, 5]);
    }
    fs::write(folder.path().join("wide.pcap"), cell.bytes).expect("written");
    let short = run(folder.path(), &["inspect", "wide.pcap"]).out;
    let long = run(folder.path(), &["inspect", "wide.pcap", "--all"]).out;
    assert!(short.contains("... and 37 more (--all shows them)"), "{short}");
    assert!(!long.contains("--all shows"), "{long}");
    assert!(!short.contains("10.20.7.159") && long.contains("10.20.7.159"));
}

#[test]
fn no_line_is_wider_than_the_page() {
    let folder = folder();
    let said = run(folder.path(), &["inspect", "cell.pcap", "--plant", "plant", "--all"]);
    assert!(said.out.lines().all(|line| line.chars().count() <= 100), "{}", said.out);
}

#[test]
fn colour_is_never_written_to_a_file() {
    let folder = folder();
    let plain = run(folder.path(), &["inspect", "cell.pcap"]).out;
    let output = command(folder.path(), &["inspect", "cell.pcap"]).env("NO_COLOR", "1").output();
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(plain, said(&output.expect("it ran")).out);
}
