//! `cargo xtask bench inspect`: what a large capture costs us and our peers, in one run.
//!
//! Ratios in the same run on the same file say more than seconds; both are printed. Peers that are
//! not installed are left out and named. Slow peers get a cut of the file, and their packets per
//! second are what is compared. Budgets: DESIGN section 11.

pub(crate) mod floor;
mod memory;
mod mix;
mod wire;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::measure::{Usage, measure};
use crate::{oracle, shell};

/// Size of the large capture.
const BYTES_MIN: u64 = 500_000_000;
/// Size of the cut for slow peers.
const CUT_BYTES_MIN: u64 = 10_000_000;
/// No run of the benchmark may take longer.
const LIMIT: Duration = Duration::from_secs(1800);
/// How often each program runs; the cheapest run counts.
const RUNS: usize = 2;

/// One program to measure.
struct Contender {
    name: &'static str,
    /// The program and its arguments; `FILE` stands for the capture.
    words: &'static [&'static str],
    /// Gets the cut of the capture.
    slow: bool,
}

/// `US` stands for the release binary, `XTASK` for this tool.
const CONTENDERS: &[Contender] = &[
    Contender {
        name: "floor (read, parse to L4)",
        words: &["XTASK", "floor", "FILE"],
        slow: false,
    },
    Contender { name: "inspect", words: &["US", "inspect", "FILE"], slow: false },
    Contender {
        name: "inspect --json -",
        words: &["US", "inspect", "--json", "-", "FILE"],
        slow: false,
    },
    Contender { name: "decode --json", words: &["US", "decode", "--json", "FILE"], slow: false },
    Contender { name: "ndpiReader -q", words: &["ndpiReader", "-q", "-i", "FILE"], slow: false },
    Contender {
        name: "tshark -q -z conv,ip",
        words: &["tshark", "-q", "-z", "conv,ip", "-r", "FILE"],
        slow: true,
    },
    // beside `inspect`: memory must not grow with the number of finished flows
    Contender { name: "inspect, a cut", words: &["US", "inspect", "FILE"], slow: true },
    Contender { name: "tshark -T ek", words: &["tshark", "-T", "ek", "-r", "FILE"], slow: true },
];

/// A capture to run over.
struct Input {
    path: PathBuf,
    frames: u64,
}

/// One measured row.
struct Row {
    name: &'static str,
    slow: bool,
    frames: u64,
    usage: Usage,
}

impl Row {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52 frames")]
    fn per_second(&self) -> f64 {
        self.frames as f64 / self.usage.cpu_s.max(0.001)
    }
}

/// The command.
pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    match arguments {
        [what] if what == "inspect" => inspect(arguments),
        [what] if what == "wire" => wire::run(),
        [what, rest @ ..] if what == "memory" => memory::run(rest),
        _ => bail!("bench wants to know what: `inspect`, `wire` or `memory`"),
    }
}

/// The processor and the programs' version, for whoever compares figures.
fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("unknown processor", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = text.lines().filter(|line| line.starts_with("processor")).count();
    format!("{model}, {cores} cores")
}

fn inspect(arguments: &[String]) -> Result<bool> {
    let tool = release_tool()?;
    if cfg!(debug_assertions) {
        // an unoptimised floor would flatter everybody
        let mut command = Command::new(&tool);
        command.arg("bench").args(arguments).current_dir(shell::root());
        return shell::succeeds(command);
    }
    println!("{}", machine());
    let us = oracle::binary()?;
    let (large, cut) = inputs()?;
    let mut rows = Vec::new();
    for contender in CONTENDERS {
        let input = if contender.slow { &cut } else { &large };
        match best(contender, input, &us, &tool)? {
            Some(usage) => rows.push(Row {
                name: contender.name,
                slow: contender.slow,
                frames: input.frames,
                usage,
            }),
            None => println!("{}: not installed, or failed; left out", contender.name),
        }
    }
    print(&rows);
    Ok(true)
}

fn release_tool() -> Result<PathBuf> {
    let arguments = ["build", "--quiet", "--release", "--locked", "-p", "lightcurtain-xtask"];
    ensure!(shell::succeeds(shell::cargo(&arguments))?, "the release build failed");
    Ok(shell::target().join("release/lightcurtain-xtask"))
}

/// Makes both captures, or finds them made.
fn inputs() -> Result<(Input, Input)> {
    let folder = shell::target().join("bench");
    std::fs::create_dir_all(&folder)?;
    let sources = match oracle::folder() {
        Some(captures) => mix::industrial(&captures)?,
        None => vec![shell::root().join("examples/cell.pcapng")],
    };
    if !sources.iter().all(|path| path.is_file()) {
        bail!("{} and no examples/cell.pcapng", oracle::ABSENT);
    }
    let input = |name: &str, bytes_min| -> Result<Input> {
        let path = folder.join(name);
        let made = mix::make(&sources, bytes_min, &path)?;
        println!(
            "{name}: {} MB, {} frames: {} captures, {} passes",
            made.bytes / 1_000_000,
            made.frames,
            made.captures,
            made.passes
        );
        Ok(Input { path, frames: made.frames })
    };
    Ok((input("large.pcap", BYTES_MIN)?, input("cut.pcap", CUT_BYTES_MIN)?))
}

/// The cheapest of some runs; nothing when the program is not there or fails.
fn best(contender: &Contender, input: &Input, us: &Path, tool: &Path) -> Result<Option<Usage>> {
    let mut words = contender.words.iter().map(|word| match *word {
        "US" => us.as_os_str(),
        "XTASK" => tool.as_os_str(),
        "FILE" => input.path.as_os_str(),
        other => other.as_ref(),
    });
    let program = words.next().context("no program")?;
    let mut command = Command::new(program);
    command.args(words);
    let mut best: Option<Usage> = None;
    for _ in 0..if contender.slow { 1 } else { RUNS } {
        let Ok(usage) = measure(&command, None, LIMIT) else { return Ok(None) };
        if !matches!(usage.code, Some(0 | 1)) {
            return Ok(None);
        }
        if best.is_none_or(|best| usage.cpu_s < best.cpu_s) {
            best = Some(usage);
        }
    }
    Ok(best)
}

fn print(rows: &[Row]) {
    let speed = |name: &str| rows.iter().find(|row| row.name == name).map(Row::per_second);
    let (inspect, decode) = (speed("inspect"), speed("decode --json"));
    println!(
        "\n{:<26} {:>9} {:>9} {:>12} {:>9} {:>12} {:>12}",
        "", "frames", "CPU s", "frames/CPU s", "peak MiB", "inspect is", "decode is"
    );
    for row in rows {
        let times = |ours: Option<f64>| {
            ours.map_or_else(|| "-".to_owned(), |ours| format!("{:.2} x", ours / row.per_second()))
        };
        println!(
            "{:<26} {:>9} {:>9.2} {:>12.0} {:>9} {:>12} {:>12}{}",
            row.name,
            row.frames,
            row.usage.cpu_s,
            row.per_second(),
            row.usage.peak_kib / 1024,
            times(inspect),
            times(decode),
            if row.slow { "  (on the cut)" } else { "" }
        );
    }
    println!(
        "\nCPU seconds are user and system time of one core, the cheapest of {RUNS} runs (one on \
         the cut).\nRatios compare frames per CPU second."
    );
}
