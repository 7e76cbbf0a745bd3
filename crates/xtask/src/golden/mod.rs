//! `cargo xtask golden`: what the program says of conversations that we wrote byte by byte.
//!
//! Each `golden/*.script` becomes a capture; beside it stands what `decode` and `inspect` said
//! when somebody last looked and agreed. `cargo xtask golden` writes these texts anew, for a
//! person to read the difference; `cargo xtask test` only compares.

mod script;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{capture, shell};

/// Where the scripts are.
const FOLDER: &str = "crates/xtask/golden";

/// The command: writes, or with `--check` compares.
pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let check = arguments == ["--check"];
    ensure!(check || arguments.is_empty(), "golden knows only --check");
    ensure!(
        shell::succeeds(shell::cargo(&["build", "--quiet", "--locked", "-p", "lightcurtain-cli"]))?,
        "the build failed"
    );
    let binary = shell::target().join("debug/lightcurtain");
    let folder = shell::root().join(FOLDER);
    let scripts = shell::files(&folder)?;
    let scripts = scripts.iter().filter(|path| path.extension().is_some_and(|e| e == "script"));
    let (mut same, mut different) = (0, 0);
    for path in scripts {
        let said = said(&binary, path)?;
        let expected = path.with_extension("expected.txt");
        let before = std::fs::read_to_string(&expected).unwrap_or_default();
        if before == said {
            same += 1;
            continue;
        }
        different += 1;
        println!("{}", differences(&expected, &before, &said));
        if !check {
            std::fs::write(&expected, said)?;
        }
    }
    let verb = if check { "differ" } else { "were written anew" };
    println!("golden: {same} as before, {different} {verb}");
    Ok(!check || different == 0)
}

/// All that the program says of a script.
fn said(binary: &Path, path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path)?;
    let played = script::play(&text).with_context(|| path.display().to_string())?;
    let folder = shell::target().join("xtask");
    std::fs::create_dir_all(&folder)?;
    let name = path.file_stem().unwrap_or_default();
    let target = folder.join(name).with_extension("pcap");
    write(&target, &played.frames)?;
    let decoded = output(binary, &["decode"], &target)?;
    let report = inspected(binary, &[], &target)?;
    let mut said = format!(
        "== decode\n{decoded}\n== assets\n{}\n== findings\n{}",
        assets(&report),
        findings(&report)
    );
    if !played.plant.is_empty() {
        let plant = target.with_extension("toml");
        std::fs::write(&plant, played.plant)?;
        let plant = plant.to_string_lossy();
        let report = inspected(binary, &["--plant", &plant], &target)?;
        said += &format!("\n== findings with the plant\n{}", findings(&report));
    }
    Ok(said)
}

fn inspected(binary: &Path, more: &[&str], capture: &Path) -> Result<Value> {
    let arguments = [&["inspect", "--json", "-"], more].concat();
    serde_json::from_str(&output(binary, &arguments, capture)?)
        .context("inspect --json printed no JSON")
}

fn write(target: &PathBuf, frames: &[script::Frame]) -> Result<()> {
    let mut bytes = Vec::new();
    capture::write_header(&mut bytes)?;
    for frame in frames {
        capture::write_frame(&mut bytes, frame.time_ns, &frame.bytes)?;
    }
    std::fs::write(target, bytes).with_context(|| format!("cannot write {}", target.display()))
}

fn output(binary: &Path, arguments: &[&str], capture: &Path) -> Result<String> {
    let output = Command::new(binary)
        .args(arguments)
        .arg(capture)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    ensure!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {}", output.status);
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The text of a field.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or("-")
}

fn list<'a>(report: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    report.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// One line per asset: who it is and what it is taken for.
fn assets(report: &Value) -> String {
    let line = |asset: &Value| {
        let role = asset.get("role").unwrap_or(&Value::Null);
        let role = role.as_str().map_or_else(
            || format!("{} ({})", text(role, "is"), text(role, "reason")),
            str::to_owned,
        );
        format!("{} {role}\n", text(asset, "id"))
    };
    list(report, "assets").map(line).collect()
}

/// One line per finding, and its evidence.
fn findings(report: &Value) -> String {
    let line = |finding: &Value| {
        let frames = finding.get("frames").map_or_else(String::new, Value::to_string);
        let count = finding.get("count").and_then(Value::as_u64).unwrap_or(0);
        format!(
            "{} {}: {} (x{count}, frames {frames})\n",
            text(finding, "severity"),
            text(finding, "rule"),
            text(finding, "title")
        )
    };
    list(report, "findings").map(line).collect()
}

/// The lines that are only in one of both texts.
fn differences(path: &Path, before: &str, after: &str) -> String {
    let only = |sign: char, one: &str, other: &str| -> String {
        let lines = one.lines().filter(|line| !other.lines().any(|same| same == *line));
        lines.map(|line| format!("  {sign} {line}\n")).collect()
    };
    format!("{}\n{}{}", path.display(), only('-', before, after), only('+', after, before))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{differences, findings};
    use serde_json::json;

    #[test]
    fn a_finding_is_one_line_with_its_evidence() {
        let finding = json!({"severity": "high", "rule": "scan", "title": "a scanned b",
            "count": 3, "frames": [1, 2]});
        let report = json!({"findings": [finding]});
        assert_eq!(findings(&report), "high scan: a scanned b (x3, frames [1,2])\n");
    }

    #[test]
    fn only_changed_lines_are_shown() {
        let shown = differences(Path::new("a"), "same\nold\n", "same\nnew\n");
        assert_eq!(shown, "a\n  - old\n  + new\n");
    }
}
