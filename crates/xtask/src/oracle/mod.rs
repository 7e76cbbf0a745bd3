//! `cargo xtask oracle`: do independent decoders say the same as we do?
//!
//! Runs over the captures that stand beside the project with others' decodes (`INDEX.tsv` lists
//! them), or over `LIGHTCURTAIN_CAPTURES`. They are used in place and never committed. Zeek and
//! ICSNPP logs, Suricata's expectations, IPAL transcripts, tshark frames and nDPI flows become
//! [`claim`]s, as do our messages; the table counts how many agree.

mod claim;
mod identity;
mod ipal;
mod ours;
mod report;
mod suricata;
mod tshark;
mod zeek;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell;
use claim::Comparison;
use report::Report;

/// What the command was asked for.
#[derive(Default)]
struct Options {
    protocol: Option<String>,
    capture: Option<String>,
    show: usize,
    record: bool,
}

/// The folder of captures, if there is one: the setting, or `../shared/captures` beside the project.
pub(crate) fn captures() -> Option<PathBuf> {
    let set = std::env::var_os("LIGHTCURTAIN_CAPTURES").map(PathBuf::from);
    let beside = shell::root().parent().map(|parent| parent.join("shared/captures"));
    set.or(beside).filter(|folder| folder.join("INDEX.tsv").is_file())
}

/// Why there is nothing to compare with.
pub(crate) const ABSENT: &str =
    "no captures: neither LIGHTCURTAIN_CAPTURES nor ../shared/captures has an INDEX.tsv";

/// The command.
pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let options = options(arguments)?;
    let Some(folder) = captures() else { bail!("{ABSENT}") };
    let binary = ours::binary()?;
    let mut report = Report::new(options.show)?;
    for capture in index(&folder)? {
        if options.capture.as_ref().is_some_and(|part| !capture.contains(part.as_str())) {
            continue;
        }
        let oracles = oracles(&folder.join(&capture))?;
        if oracles.is_empty() {
            continue;
        }
        let messages = ours::decode(&binary, &folder.join(&capture))?;
        for path in oracles {
            for comparison in compare(&path, &capture, &messages)? {
                let wanted = options.protocol.as_ref();
                if wanted.is_none_or(|wanted| wanted == comparison.protocol) {
                    report.add(&comparison);
                }
            }
        }
    }
    let right = report.print(options.protocol.is_some() || options.capture.is_some())?;
    if options.record {
        report.record()?;
    }
    Ok(right)
}

fn options(arguments: &[String]) -> Result<Options> {
    let mut options = Options { show: 3, ..Options::default() };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut value =
            || rest.next().cloned().with_context(|| format!("{argument} wants a value"));
        match argument.as_str() {
            "--protocol" => options.protocol = Some(value()?),
            "--capture" => options.capture = Some(value()?),
            "--show" => options.show = value()?.parse().context("--show wants a number")?,
            "--record" => options.record = true,
            other => bail!("unknown option `{other}`; see cargo xtask oracle --help"),
        }
    }
    Ok(options)
}

/// Paths of all captures, from the index.
fn index(folder: &Path) -> Result<Vec<String>> {
    let path = folder.join("INDEX.tsv");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let paths = text.lines().skip(1).filter_map(|line| line.split('\t').next());
    Ok(paths.filter(|path| folder.join(path).is_file()).map(str::to_owned).collect())
}

/// The files of others beside a capture: `<capture>.oracle/` and `<capture>.tshark/`.
fn oracles(capture: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for kind in ["oracle", "tshark"] {
        let folder = PathBuf::from(format!("{}.{kind}", capture.display()));
        if folder.is_dir() {
            found.extend(shell::files(&folder)?);
        }
    }
    Ok(found)
}

/// All comparisons that one file gives rise to.
fn compare(path: &Path, capture: &str, messages: &[ours::Message]) -> Result<Vec<Comparison>> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let within = path.to_string_lossy();
    if SET_ASIDE.iter().any(|(part, _)| within.contains(part)) {
        return Ok(Vec::new());
    }
    match name {
        "test.yaml" => suricata::compare(path, capture, messages),
        "conn.log" => identity::compare(path, capture, messages),
        _ if name.ends_with("_frames.tsv") => tshark::compare(path, capture, messages),
        _ if name.ends_with(".ipal") => {
            Ok(ipal::compare(path, capture, messages)?.into_iter().collect())
        }
        _ if name.ends_with(".pcap.out") || name.ends_with(".pcapng.out") => {
            identity::compare(path, capture, messages)
        }
        _ => Ok(zeek::compare(path, capture, messages)?.into_iter().collect()),
    }
}

/// Others' results that answer another question than ours, by a part of their path, and why.
const SET_ASIDE: &[(&str, &str)] = &[
    ("test_transcriber_", "masked variants of the transcript beside them"),
    ("test_parse_", "masked variants of the transcript beside them"),
    ("ftp-max-", "Zeek was told to cut commands and users short"),
    ("dhcp-prevent-large", "Zeek was told to cut its lists short"),
    ("dhcp-max-tracked", "Zeek was told to forget"),
];
