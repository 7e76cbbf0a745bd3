//! `cargo xtask fuzz`: arbitrary bytes against every dissector and the capture readers.
//!
//! Coverage-guided by libFuzzer, on the stable compiler with its unstable flags let in, with the
//! address sanitizer; needs a C++ compiler. Seeds are the golden conversations and, where they
//! are, others' small captures. A failure is kept in `target/fuzz/artifacts` and ends with 1.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::{capture, oracle, shell};

/// For the coverage counters of libFuzzer, as `cargo fuzz` sets them.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Cllvm-args=-simplifycfg-branch-fold-threshold=0 -Zsanitizer=address --cfg fuzzing \
    -Ccodegen-units=1";
const TRIPLE: &str = "x86_64-unknown-linux-gnu";
/// The target of whole capture files; all other names are protocols.
const CAPTURE: &str = "capture";
/// Larger captures make slow seeds.
const SEED_BYTES_MAX: u64 = 16 * 1024;
/// Payloads of one capture that make a seed conversation.
const SEED_CHUNKS_MAX: usize = 24;

/// What the command was asked for.
struct Options {
    seconds: u64,
    only: Option<String>,
}

/// The command.
pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let options = options(arguments)?;
    let folder = build()?;
    let seeds = seeds()?;
    let mut targets = protocols()?;
    targets.push(CAPTURE.to_owned());
    if let Some(only) = &options.only {
        targets.retain(|name| name == only);
        ensure!(!targets.is_empty(), "`{only}` is neither a protocol nor `{CAPTURE}`");
    }
    let mut failed = Vec::new();
    for name in &targets {
        let line = fuzz(&folder, &seeds, name, options.seconds)?;
        println!("{name:<16} {}", line.as_deref().unwrap_or("FAILED"));
        if line.is_none() {
            failed.push(name.as_str());
        }
    }
    println!("fuzz: {} targets, {} failed {}", targets.len(), failed.len(), failed.join(" "));
    Ok(failed.is_empty())
}

fn options(arguments: &[String]) -> Result<Options> {
    let mut options = Options { seconds: 60, only: None };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--seconds" => {
                let value = rest.next().context("--seconds wants a number")?;
                options.seconds = value.parse().context("--seconds wants a number")?;
            }
            name if !name.starts_with('-') => options.only = Some(name.to_owned()),
            other => bail!("unknown option `{other}`"),
        }
    }
    Ok(options)
}

/// Builds both targets, and says where they are.
fn build() -> Result<PathBuf> {
    let manifest = shell::root().join("fuzz/Cargo.toml");
    let target = shell::target().join("fuzz/build");
    let mut command = shell::cargo(&["build", "--quiet", "--release", "--target", TRIPLE]);
    command.arg("--manifest-path").arg(manifest).arg("--target-dir").arg(&target);
    command.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", FLAGS);
    ensure!(shell::succeeds(command)?, "the fuzz targets do not build");
    Ok(target.join(TRIPLE).join("release"))
}

/// Names of all protocols.
fn protocols() -> Result<Vec<String>> {
    let arguments = ["run", "--quiet", "-p", "lightcurtain-cli", "--", "protocols", "--json"];
    let list: Value = serde_json::from_str(&shell::text(shell::cargo(&arguments))?)?;
    let rows = list.as_array().or_else(|| list.get("protocols")?.as_array());
    let names = rows.context("protocols --json is no list")?.iter();
    Ok(names.filter_map(|row| Some(row.get("name")?.as_str()?.to_owned())).collect())
}

/// Runs one target; its last statistics, or nothing when it failed.
fn fuzz(folder: &Path, seeds: &Path, name: &str, seconds: u64) -> Result<Option<String>> {
    let kind = if name == CAPTURE { CAPTURE } else { "session" };
    let work = shell::target().join("fuzz");
    let corpus = work.join("corpus").join(name);
    let artifacts = work.join("artifacts").join(name);
    std::fs::create_dir_all(&corpus)?;
    std::fs::create_dir_all(&artifacts)?;
    let mut command = shell::command("nice", &[]);
    command.arg(folder.join(kind)).arg(&corpus).arg(seeds.join(kind));
    command.arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.args(["-max_len=4096", "-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1"]);
    command.env("LIGHTCURTAIN_PROTOCOL", name).stdin(Stdio::null()).stdout(Stdio::null());
    let output = command.stderr(Stdio::piped()).output().context("cannot start the target")?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let shown = text.lines().filter(|line| !line.starts_with('#'));
        let shown: Vec<&str> = shown.collect();
        shown.iter().skip(shown.len().saturating_sub(40)).for_each(|line| println!("  {line}"));
        return Ok(None);
    }
    Ok(Some(statistics(&text)))
}

/// Runs and coverage from the output of libFuzzer.
fn statistics(text: &str) -> String {
    let runs = text.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    let covered = text.lines().rev().find_map(|line| {
        let (_, rest) = line.split_once("cov: ")?;
        rest.split(' ').next()
    });
    let runs = runs.map_or("?", str::trim);
    format!("{runs:>10} runs, {:>6} edges covered", covered.unwrap_or("?"))
}

/// Writes seeds for both targets: small captures as they are, and their payloads as chunks.
fn seeds() -> Result<PathBuf> {
    let seeds = shell::target().join("fuzz/seeds");
    let (whole, chunked) = (seeds.join(CAPTURE), seeds.join("session"));
    std::fs::create_dir_all(&whole)?;
    std::fs::create_dir_all(&chunked)?;
    let mut sources = Vec::new();
    let golden = shell::target().join("xtask");
    for folder in [Some(golden), oracle::folder()].into_iter().flatten() {
        if folder.is_dir() {
            sources.extend(shell::files(&folder)?);
        }
    }
    let captures = sources.into_iter().filter(|path| {
        let known = path.extension().is_some_and(|kind| kind == "pcap" || kind == "pcapng");
        known && path.metadata().is_ok_and(|data| data.len() <= SEED_BYTES_MAX)
    });
    for (path, number) in captures.zip(0..) {
        let bytes = std::fs::read(&path)?;
        std::fs::write(whole.join(format!("{number:04}")), &bytes)?;
        let chunks = chunks(&capture::read(&bytes));
        if !chunks.is_empty() {
            std::fs::write(chunked.join(format!("{number:04}")), chunks)?;
        }
    }
    Ok(seeds)
}

/// Payloads as the chunks that the session target reads: the lower port is the server's.
fn chunks(frames: &[capture::Frame]) -> Vec<u8> {
    let mut out = Vec::new();
    let payloads = frames.iter().filter(|frame| frame.link == capture::ETHERNET);
    let payloads = payloads.filter_map(|frame| payload(&frame.bytes));
    for (server, payload) in payloads.filter(|(_, p)| !p.is_empty()).take(SEED_CHUNKS_MAX) {
        let payload = payload.get(..payload.len().min(0x0fff)).unwrap_or_default();
        let length = u16::try_from(payload.len()).unwrap_or(0);
        let head = length | if server { 0x8000 } else { 0 };
        out.extend(head.to_be_bytes());
        out.extend(payload);
    }
    out
}

/// Whether the server sent it, and what follows TCP or UDP, or Ethernet where there is no IP.
fn payload(frame: &[u8]) -> Option<(bool, &[u8])> {
    let word = |at: usize| Some(u16::from_be_bytes(frame.get(at..at + 2)?.try_into().ok()?));
    let at = if word(12)? == 0x8100 { 16 } else { 12 };
    if word(at)? != 0x0800 {
        return Some((false, frame.get(at + 2..)?));
    }
    let ip = at + 2;
    let transport = ip + usize::from(frame.get(ip)? & 0x0f) * 4;
    let end = (ip + usize::from(word(ip + 2)?)).min(frame.len());
    let server = word(transport)? < word(transport + 2)?;
    let start = match *frame.get(ip + 9)? {
        6 => transport + usize::from(frame.get(transport + 12)? >> 4) * 4,
        17 => transport + 8,
        _ => return None,
    };
    Some((server, frame.get(start..end)?))
}

#[cfg(test)]
mod tests {
    use super::{payload, statistics};

    #[test]
    fn a_payload_is_found_without_padding_and_with_its_side() {
        let mut frame = vec![0; 12];
        frame.extend([0x08, 0]);
        frame.extend([0x45, 0, 0, 30, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        frame.extend([0, 161, 0x10, 0, 0, 10, 0, 0, 7, 8, 0, 0, 0]);
        assert_eq!(payload(&frame), Some((true, &[7, 8][..])));
    }

    #[test]
    fn statistics_are_read_from_the_last_lines() {
        let text = "#9 NEW cov: 12 ft: 3\n#10 DONE   cov: 15 ft: 4\n\
            stat::number_of_executed_units: 10\n";
        assert_eq!(statistics(text), "        10 runs,     15 edges covered");
    }
}
