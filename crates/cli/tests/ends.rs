//! How the command ends on what it cannot use, or when nobody listens any more.

#![cfg(test)]

#[allow(dead_code, reason = "each test file uses its part")]
mod scene;

use std::fs;
use std::io::Read as _;
use std::process::Stdio;

use scene::cell::{Cell, PANEL, PLC};
use scene::{command, expect, run};

#[test]
fn a_damaged_capture_is_used_up_to_its_damage_and_says_where_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = Cell::with_a_stranger().bytes;
    fs::write(folder.path().join("cut.pcap"), &whole[..whole.len() - 7]).expect("written");
    let said = run(folder.path(), &["inspect", "cut.pcap"]);
    assert_eq!(said.code, Some(1), "the restart comes before the damage");
    assert_eq!(said.err, "", "said once, in the summary");
    assert!(said.out.contains("  `cut.pcap` is damaged"), "{}", said.out);
    assert!(said.out.contains("34 frames"), "{}", said.out);
    let said = run(folder.path(), &["inspect", "cut.pcap", "--json", "-"]);
    assert!(said.err.contains("`cut.pcap` is damaged"), "{}", said.err);
    assert!(said.err.contains("34 frames before it were read"), "{}", said.err);
}

#[test]
fn what_is_no_capture_ends_with_2_and_a_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("empty.pcap"), "").expect("written");
    fs::write(folder.path().join("notes.txt"), "This is a letter and no capture.")
        .expect("written");
    for command in ["inspect", "decode"] {
        for file in ["empty.pcap", "notes.txt", "missing.pcap"] {
            let said = run(folder.path(), &[command, file]);
            assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{command} {file}");
            assert!(said.err.starts_with("lightcurtain: "), "{}", said.err);
            assert!(said.err.contains(file), "{}", said.err);
        }
    }
}

#[test]
fn a_broken_plant_shows_every_error_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("plant")).expect("made");
    let broken = "[plant]\nname = \"South works\"\n\n[zone.cell-7]\nlevel = 9\n\n\
                  [asset.plc]\nzone = \"cell-8\"\nkind = \"plc\"\naddresses = [\"10.20.7.999\"]\n";
    fs::write(folder.path().join("plant/cell.toml"), broken).expect("written");
    let said = run(folder.path(), &["check", "plant"]);
    assert_eq!(said.code, Some(1));
    expect("check-broken.txt", &format!("{}{}", said.err, said.out));
    fs::write(folder.path().join("cell.pcap"), Cell::with_a_stranger().bytes).expect("written");
    let said = run(folder.path(), &["inspect", "cell.pcap", "--plant", "plant"]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "nothing is judged by it");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut cell = Cell::new();
    cell.connect(PANEL, 40_002, PLC);
    for _ in 0..6000 {
        cell.exchange((PANEL, 40_002, PLC), &[3, 0, 100, 0, 1], &[3, 2, 0, 5]);
    }
    fs::write(folder.path().join("long.pcap"), cell.bytes).expect("written");
    let mut child = command(folder.path(), &["decode", "long.pcap"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = [0; 80];
    child.stdout.take().expect("a pipe").read_exact(&mut line).expect("a line");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
fn a_wrong_option_ends_with_2() {
    let folder = tempfile::tempdir().expect("a folder");
    for args in [
        &["inspect"][..],
        &["inspect", "--port", "x", "a.pcap"],
        &["nonsense"],
        &["man", "x"],
        &["inspect", "x", "--html", "-", "--json", "-"],
    ] {
        assert_eq!(run(folder.path(), args).code, Some(2), "{args:?}");
    }
}
