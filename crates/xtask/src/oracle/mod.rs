//! `cargo xtask oracle`: do independent decoders say the same as we do?
//!
//! Runs over the captures that stand beside the project with others' decodes (`INDEX.tsv` lists
//! them), or over `LIGHTCURTAIN_CAPTURES`. They are used in place and never committed. Zeek and
//! ICSNPP logs, Suricata's expectations, IPAL transcripts, nDPI flows, recorded tshark frames and
//! what a tshark run on the spot shows become [`claim`]s, as do our messages; the tables count how
//! many agree, by oracle and by protocol.

mod captures;
mod claim;
mod families;
mod identity;
mod ipal;
mod learn;
mod live;
mod ours;
mod protocols;
mod report;
mod suricata;
mod tshark;
mod zeek;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};

pub(crate) use ours::{Decoded, Message, binary, decode};

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
    binary: Option<PathBuf>,
    work: Work,
}

/// What to do with the captures.
#[derive(Default)]
enum Work {
    #[default]
    Compare,
    Inspect,
    Learn,
}

/// The folder of captures, if there is one: the setting, or `../shared/captures` beside the
/// project.
pub(crate) fn folder() -> Option<PathBuf> {
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
    let Some(folder) = folder() else { bail!("{ABSENT}") };
    let binary = options.binary.clone().map_or_else(ours::binary, Ok)?;
    let part = options.capture.as_deref();
    match options.work {
        Work::Compare => compare_all(&folder, &binary, &options),
        Work::Inspect => captures::run(&binary, part),
        Work::Learn => learn::run(&binary, part),
    }
}

/// Compares every capture, several at a time.
fn compare_all(folder: &Path, binary: &Path, options: &Options) -> Result<bool> {
    let decoded = protocols::decoded(binary)?;
    let names = protocols::names(&decoded);
    let tshark = live::Tshark::find(names.clone());
    match &tshark {
        Some(tshark) => println!("with {}", tshark.version),
        None => println!("{}", live::ABSENT),
    }
    let rows: Vec<Row> = index(folder)?.into_iter().filter(|row| options.wants(row)).collect();
    let places = (folder, binary);
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Vec<Comparison>)>> {
        let mut found = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(row) = rows.get(place) else { return Ok(found) };
            found.push((place, compare_one(&places, tshark.as_ref(), &names, row)?));
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut found = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let mut found = Vec::new();
        for thread in threads {
            let worked = thread.join().unwrap_or_else(|_| bail!("a comparison panicked"));
            found.extend(worked?);
        }
        Ok::<_, anyhow::Error>(found)
    })?;
    found.sort_by_key(|(place, _)| *place);
    let mut report = Report::new(options.show)?;
    for comparison in found.into_iter().flat_map(|(_, comparisons)| comparisons) {
        let protocol = options.protocol.as_ref();
        if protocol.is_none_or(|protocol| protocol == comparison.protocol) {
            report.add(&comparison);
        }
    }
    let filtered = options.protocol.is_some() || options.capture.is_some();
    let right = report.print(filtered, tshark.is_some())?;
    if !filtered {
        report.print_protocols(&decoded);
    }
    if options.record {
        report.record()?;
    }
    Ok(right)
}

/// All comparisons of one capture.
fn compare_one(
    (folder, binary): &(&Path, &Path),
    tshark: Option<&live::Tshark>,
    decoded: &BTreeSet<String>,
    row: &Row,
) -> Result<Vec<Comparison>> {
    let capture = folder.join(&row.path);
    let ours::Decoded { messages, programs } = ours::decode(binary, &capture)?;
    let mut found = Vec::new();
    for path in oracles(&capture)? {
        found.extend(compare(&path, &row.path, &messages, decoded)?);
    }
    if let Some(tshark) = tshark {
        found.extend(tshark.compare(&capture, (&row.path, &row.protocols), &messages)?);
        found.extend(tshark.compare_files(&capture, &row.path, &programs)?);
    }
    Ok(found)
}

impl Options {
    fn wants(&self, row: &Row) -> bool {
        self.capture.as_ref().is_none_or(|part| row.path.contains(part.as_str()))
    }
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
            "--binary" => options.binary = Some(value()?.into()),
            "--captures" => options.work = Work::Inspect,
            "--learn" => options.work = Work::Learn,
            other => bail!("unknown option `{other}`; see cargo xtask oracle --help"),
        }
    }
    Ok(options)
}

/// One row of the index.
struct Row {
    /// Path from the folder.
    path: String,
    packets: u64,
    /// Main protocols, in the index's words.
    protocols: String,
    /// What attack it holds; empty when none.
    attack: String,
}

/// All captures of the index that are there.
fn index(folder: &Path) -> Result<Vec<Row>> {
    let path = folder.join("INDEX.tsv");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let rows = text.lines().skip(1).filter_map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |place: usize| cells.get(place).copied().unwrap_or_default();
        let attack = if cell(6) == "-" { "" } else { cell(6) };
        folder.join(cell(0)).is_file().then(|| Row {
            path: cell(0).to_owned(),
            packets: cell(4).parse().unwrap_or(0),
            protocols: cell(5).to_owned(),
            attack: attack.to_owned(),
        })
    });
    Ok(rows.collect())
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
fn compare(
    path: &Path,
    capture: &str,
    messages: &[ours::Message],
    decoded: &BTreeSet<String>,
) -> Result<Vec<Comparison>> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let within = path.to_string_lossy();
    if SET_ASIDE.iter().any(|(part, _)| within.contains(part)) {
        return Ok(Vec::new());
    }
    match name {
        "test.yaml" => suricata::compare(path, capture, messages),
        "conn.log" => identity::compare(path, capture, messages, decoded),
        _ if name.ends_with("_frames.tsv") => tshark::compare(path, capture, messages),
        _ if name.ends_with(".ipal") => {
            Ok(ipal::compare(path, capture, messages)?.into_iter().collect())
        }
        _ if name.ends_with(".pcap.out") || name.ends_with(".pcapng.out") => {
            identity::compare(path, capture, messages, decoded)
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
    ("cluster/manager", "the same log again"),
    ("analyzer-tcp-over-udp", "Zeek was told to read SSH over UDP"),
    ("/from_icsnpp", "the same logs again"),
];
