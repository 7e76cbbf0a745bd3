//! Pure crates stay pure: no clock, randomness, files, sockets, threads, environment, processes.
//!
//! What their dependencies may be is checked in `directions`; this is what their own code may
//! name. Tests of pure crates may do what they like. Source: DESIGN section 4.

use super::Breach;
use super::shape::crate_of;
use super::source::Source;

/// Crates marked **P** in DESIGN section 4.
pub(super) const PURE: &[&str] = &[
    "plant", "wire", "flow", "policy", "detect", "identity", "pki", "nac", "conduit", "change",
    "supply", "respond", "assure", "ledger", "control",
];

/// A name that pure code may not use, and why. `std` modules are also found in grouped imports.
const FORBIDDEN: &[(&str, &str)] = &[
    ("std::fs", "files are opened in the shell"),
    ("std::thread", "threads are started in the shell"),
    ("std::env", "settings are arguments"),
    ("std::process", "processes are started in the shell"),
    ("TcpStream", "sockets are opened in the shell"),
    ("TcpListener", "sockets are opened in the shell"),
    ("UdpSocket", "sockets are opened in the shell"),
    ("Instant", "time is an argument"),
    ("SystemTime", "time is an argument"),
    ("tokio", "no async runtime here"),
    ("rand", "randomness is an argument"),
    ("getrandom", "randomness is an argument"),
    ("Zoned::now", "time is an argument"),
    ("Timestamp::now", "time is an argument"),
    ("println", "output is a value that the shell prints"),
    ("eprintln", "output is a value that the shell prints"),
];

/// Checks one file.
pub(super) fn check(source: &Source, breaches: &mut Vec<Breach>) {
    let pure = crate_of(&source.path).is_some_and(|name| PURE.contains(&name));
    if !pure || !source.path.contains("/src/") {
        return;
    }
    for (number, code, test) in source.lines() {
        let found = FORBIDDEN.iter().filter(|(name, _)| !test && names(code, name));
        for (name, why) in found {
            let what = format!("`{name}` in a pure crate: {why}");
            breaches.push(Breach::new("purity", &source.path, number, what));
        }
    }
}

/// Whether `code` uses `name` as a whole path, also as `use std::{fs, ..}`.
fn names(code: &str, name: &str) -> bool {
    if whole(code, name) {
        return true;
    }
    let (Some(module), Some((_, group))) = (name.strip_prefix("std::"), code.split_once("std::{"))
    else {
        return false;
    };
    whole(group, module)
}

/// Whether `word` stands in `code` with no identifier character on either side.
pub(super) fn whole(code: &str, word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let after = code.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}
