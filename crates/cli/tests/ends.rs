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

#[test]
fn a_plant_that_is_too_large_or_too_wrong_is_told_in_short() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("large.toml"), "# a plant\n".repeat(500_000)).unwrap();
    let said = run(folder.path(), &["check", "large.toml"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("is larger than 4 MiB"), "{}", said.err);
    let wrong = (0..300).map(|n| format!("[zone.z{n}]\nwrong = 1\n")).collect::<String>();
    fs::write(folder.path().join("wrong.toml"), wrong).unwrap();
    let said = run(folder.path(), &["check", "wrong.toml"]);
    assert_eq!(said.err.matches("error: ").count(), 100);
    assert!(said.err.contains("and ") && said.err.contains(" more"), "{}", said.err);
}

#[test]
fn text_from_the_network_turns_no_line_of_decode_around() {
    // An FTP login as `USER root`, with a right-to-left override (U+202E) before the name.
    let command = "USER \u{202e}toor\r\n".as_bytes();
    let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0];
    let total = u8::try_from(40 + command.len()).unwrap();
    frame.extend([0x45, 0, 0, total, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
    frame.extend([0x9c, 0x40, 0, 21, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0]);
    frame.extend(command);
    let length = u32::try_from(frame.len()).unwrap().to_le_bytes();
    let mut bytes = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    bytes.extend([0, 0, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend(length);
    bytes.extend(length);
    bytes.extend(frame);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ftp.pcap"), bytes).unwrap();
    let said = run(folder.path(), &["decode", "ftp.pcap"]);
    assert!(said.out.contains("ftp request user"), "{}{}", said.out, said.err);
    assert!(!said.out.contains('\u{202e}'), "{}", said.out);
}
