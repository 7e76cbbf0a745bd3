//! What a program costs: CPU seconds and peak memory of one child.
//!
//! The kernel sums up the children of a process, so each program runs below a process of its own:
//! this tool starts itself again as `measured`, which starts the program, waits, and prints what
//! the kernel counted. No other tool is needed.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sys::resource::{UsageWho, getrusage};

use crate::shell;

/// How often a running program is looked at.
const LOOK: Duration = Duration::from_millis(2);

/// What one run cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Usage {
    /// User and system time of one core.
    pub(crate) cpu_s: f64,
    /// Most memory at any moment.
    pub(crate) peak_kib: u64,
    /// How it ended; nothing when a signal or the time limit ended it.
    pub(crate) code: Option<i32>,
}

/// Runs a program with its output into a file (or nowhere) and measures it.
pub(crate) fn measure(command: &Command, output: Option<&Path>, limit: Duration) -> Result<Usage> {
    let output = output.map_or_else(|| Path::new("/dev/null").to_path_buf(), Path::to_path_buf);
    let text = Command::new(std::env::current_exe()?)
        .arg("measured")
        .arg(limit.as_secs().to_string())
        .arg(output)
        .arg(command.get_program())
        .args(command.get_args())
        .current_dir(shell::root())
        .stdin(Stdio::null())
        .output()?;
    let text = String::from_utf8_lossy(&text.stdout);
    let words: Vec<&str> = text.split_whitespace().collect();
    let [micros, peak, code] = &words[..] else {
        anyhow::bail!("cannot run `{}`: {text}", command.get_program().to_string_lossy())
    };
    let micros: u64 = micros.parse().context("no time measured")?;
    Ok(Usage {
        cpu_s: Duration::from_micros(micros).as_secs_f64(),
        peak_kib: peak.parse().context("no memory measured")?,
        code: code.parse().ok(),
    })
}

/// The inner process: `measured SECONDS OUTPUT PROGRAM ARGUMENTS..`.
pub(crate) fn measured(arguments: &[String]) -> Result<bool> {
    let [seconds, output, program, rest @ ..] = arguments else {
        anyhow::bail!("this command is for the other commands only");
    };
    let limit = Duration::from_secs(seconds.parse().context("no number of seconds")?);
    let output = std::fs::File::create(output).with_context(|| format!("cannot write {output}"))?;
    let mut child = Command::new(program)
        .args(rest)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > limit {
            child.kill()?;
        }
        std::thread::sleep(LOOK);
    };
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = [usage.user_time(), usage.system_time()]
        .map(|time| time.tv_sec() * 1_000_000 + time.tv_usec());
    let code = status.code().map_or_else(|| "-".to_owned(), |code| code.to_string());
    println!("{} {} {code}", micros.iter().sum::<i64>(), usage.max_rss());
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::measured;

    #[test]
    fn the_inner_process_wants_all_of_its_arguments() {
        assert!(measured(&["1".to_owned(), "/dev/null".to_owned()]).is_err());
    }
}
