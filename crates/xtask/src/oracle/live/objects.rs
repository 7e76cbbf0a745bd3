//! Files that crossed the wire: tshark cuts them out of the capture, we tell their hash.
//!
//! Compared is the SHA-256 of each file that either side has whole. Of SMB tshark also exports what
//! went through pipes, and we hash programs only, so SMB takes part where both have the file.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

use crate::oracle::claim::{Claim, Comparison};
use crate::oracle::ours::Message;
use crate::shell;

/// The oracle's name in the table.
const NAME: &str = "tshark objects";

/// Our protocol, and tshark's name of the exporter.
const EXPORTERS: &[(&str, &str)] = &[("tftp", "tftp"), ("ftp-data", "ftp-data")];

/// Compares the files of one capture; `programs` are the lines of `decode --json` that tell them.
pub(super) fn compare(path: &Path, capture: &str, programs: &[Message]) -> Result<Vec<Comparison>> {
    let mut found = Vec::new();
    for (protocol, exporter) in EXPORTERS {
        let told: Vec<_> = programs.iter().filter(|one| one.protocol() == *protocol).collect();
        if told.is_empty() {
            continue;
        }
        // what was sent twice is exported once
        let ours: BTreeSet<_> = told.into_iter().map(|one| one.program("hash")).collect();
        let ours = ours.into_iter().map(claim).collect();
        let theirs = exported(path, exporter)?;
        let (oracle, capture) = (NAME.to_owned(), capture.to_owned());
        found.push(Comparison { protocol, oracle, capture, theirs, ours });
    }
    Ok(found)
}

fn claim(hash: impl Into<String>) -> Claim {
    Claim::new("files").with("hash", hash)
}

/// What tshark exports.
fn exported(path: &Path, exporter: &str) -> Result<Vec<Claim>> {
    let name = format!("objects-{exporter}-{}", std::process::id());
    let thread = format!("{:?}", std::thread::current().id());
    let into = shell::target().join("xtask").join(name + &thread.replace(['(', ')'], "-"));
    let _ = std::fs::remove_dir_all(&into);
    std::fs::create_dir_all(&into)?;
    let mut command = Command::new("tshark");
    command.arg("-n").arg("-q").arg("-r").arg(path);
    command.arg("--export-objects").arg(format!("{exporter},{}", into.display()));
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().context("cannot start tshark")?;
    let mut claims = Vec::new();
    for file in shell::files(&into)? {
        let digest = Sha256::digest(std::fs::read(&file)?);
        let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        claims.push(claim(format!("sha256:{digits}")));
    }
    std::fs::remove_dir_all(&into)?;
    Ok(claims)
}
