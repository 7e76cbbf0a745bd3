//! Programs on the wire: their hash is that of `sha256sum`, and a plant says which are released.

#![cfg(test)]

#[allow(dead_code, reason = "each test file uses its part")]
mod scene;

use std::fs;
use std::path::{Path, PathBuf};

use scene::{Said, run};
use serde_json::Value;

/// Of the script that the example's intruder sends, cut out of the capture by tshark:
/// `tshark -r examples/cell.pcapng -Y 'ip.src==10.20.7.66 && tcp.dstport==30002' -T fields
/// -e tcp.payload | xxd -r -p | sha256sum`.
const PROBE: &str = "sha256:a9da0e31dc96b5a784588b1f19b8ed6b10a275d1ada8c9da34376139f6f95d1c";

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// `inspect` of the example, judged by its plant, with another list of the robot's `programs`.
fn inspected(programs: Option<&str>) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    for file in fs::read_dir(examples().join("plant")).expect("the plant") {
        let path = file.expect("a file").path();
        let mut text = fs::read_to_string(&path).expect("readable");
        if let Some(programs) = programs {
            let other = |line: &str| match line.starts_with("programs") {
                true => format!("programs = [{programs}]\n"),
                false => format!("{line}\n"),
            };
            text = text.lines().map(other).collect();
        }
        fs::write(folder.path().join(path.file_name().expect("named")), text).expect("written");
    }
    let plant = folder.path().display().to_string();
    let args = ["inspect", "cell.pcapng", "--plant", &plant, "--json", "-"];
    let Said { out, .. } = run(&examples(), &args);
    serde_json::from_str(&out).expect("a report")
}

fn rules(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter_map(|finding| finding["rule"].as_str()).collect()
}

#[test]
fn a_program_that_the_plant_does_not_list_is_a_finding() {
    let report = inspected(None);
    let program = &report["programs"][0];
    assert_eq!(
        (program["kind"].as_str(), program["name"].as_str()),
        (Some("URScript"), Some("probe"))
    );
    assert_eq!((program["hash"].as_str(), program["listed"].as_bool()), (Some(PROBE), Some(false)));
    assert!(rules(&report).contains(&"program-unknown"));
}

#[test]
fn a_program_that_the_plant_lists_is_none_and_without_a_list_nothing_is_judged() {
    let listed = inspected(Some(&format!("\"{PROBE} probe\"")));
    assert_eq!(listed["programs"][0]["listed"].as_bool(), Some(true));
    assert!(!rules(&listed).contains(&"program-unknown"));
    let unlisted = inspected(Some(""));
    assert_eq!(unlisted["programs"][0]["listed"].as_bool(), None);
    assert!(!rules(&unlisted).contains(&"program-unknown"));
}

#[test]
fn decode_tells_when_a_program_was_whole() {
    let said = run(&examples(), &["decode", "cell.pcapng", "--protocol", "ur-primary"]);
    let line = said.out.lines().find(|line| line.contains(" received ")).expect("a program");
    assert!(
        line.ends_with(&format!("ur-primary received URScript probe 137 bytes {PROBE}")),
        "{line}"
    );
    let said = run(&examples(), &["decode", "cell.pcapng", "--json", "--protocol", "ur-primary"]);
    let line = said.out.lines().find(|line| line.contains("\"program\":{")).expect("an object");
    let object: Value = serde_json::from_str(line).expect("an object");
    assert_eq!(object["program"]["hash"].as_str(), Some(PROBE));
}
