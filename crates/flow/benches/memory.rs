//! An endless stream of the worst case of every protocol, and the memory that it takes:
//! `cargo xtask bench memory`.
//!
//! With no arguments every protocol is a process of its own, so that its peak is its own. Prints
//! one line for each: name, megabytes sent, messages read, peak memory in MiB.

#![expect(clippy::print_stdout, reason = "a benchmark talks on standard output")]

#[path = "../samples/mod.rs"]
mod samples;

use std::process::Command;

use flow::Limits;
use wire::Protocol;

/// Bytes of each stream unless the first argument says another number of megabytes.
const MEGABYTES: u64 = 1000;

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    let megabytes = arguments.first().and_then(|number| number.parse().ok()).unwrap_or(MEGABYTES);
    if let Some(name) = arguments.get(1) {
        let protocol = Protocol::by_name(name).ok_or("no such protocol")?;
        let sent = samples::run(protocol, megabytes * 1_000_000, Limits::default())?;
        if sent.bytes > 0 {
            println!("{name}\t{}\t{}\t{}", sent.bytes / 1_000_000, sent.messages, peak_mib()?);
        }
        return Ok(());
    }
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    for protocol in Protocol::all() {
        let mut command = Command::new(&this);
        command.arg(megabytes.to_string()).arg(protocol.name());
        let status = command.status().map_err(|error| error.to_string())?;
        if !status.success() {
            return Err(format!("{protocol}: {status}"));
        }
    }
    Ok(())
}

/// Most memory of this process at any time, as the kernel counted it.
fn peak_mib() -> Result<u64, String> {
    let text = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().split(' ').next()?.parse::<u64>().ok());
    kib.map(|kib| kib / 1024).ok_or_else(|| "no VmHWM in /proc/self/status".to_owned())
}
