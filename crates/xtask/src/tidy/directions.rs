//! Which crate may depend on which, from `cargo metadata`.
//!
//! The table below is DESIGN section 4: an edge that is not in it does not exist. Also what pure
//! crates may not pull in, however deep. Dependencies of tests alone are free.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

use super::Breach;
use super::purity::PURE;
use crate::shell;

/// Every package of ours begins so.
const PREFIX: &str = "lightcurtain-";

/// A crate, and those that it may depend on. `*` stands for all pure crates.
const ALLOWED: &[(&str, &[&str])] = &[
    ("plant", &[]),
    ("wire", &["plant"]),
    ("flow", &["plant", "wire"]),
    ("policy", &["plant", "wire", "flow"]),
    ("detect", &["plant", "wire", "flow", "policy"]),
    ("ledger", &["plant"]),
    ("identity", &["plant"]),
    ("pki", &["plant"]),
    ("change", &["plant"]),
    ("supply", &["plant"]),
    ("respond", &["plant"]),
    ("assure", &["plant"]),
    ("nac", &["plant", "wire", "pki"]),
    ("conduit", &["plant", "wire", "flow", "policy", "pki"]),
    ("control", &["*"]),
    ("console", &["*"]),
    ("archive", &["*"]),
    ("node", &["*", "archive"]),
    ("fleet", &["*"]),
    ("simcell", &["plant", "wire"]),
    ("cli", &["*", "archive", "node", "console", "fleet", "simcell"]),
    ("xtask", &[]),
];

/// Packages that a pure crate may not reach by any way, and what they would bring.
const IMPURE: &[(&str, &str)] = &[
    ("tokio", "an async runtime"),
    ("async-std", "an async runtime"),
    ("smol", "an async runtime"),
    ("mio", "sockets"),
    ("socket2", "sockets"),
    ("rand", "randomness"),
    ("getrandom", "randomness"),
    ("libc", "the operating system"),
    ("nix", "the operating system"),
    ("rustix", "the operating system"),
];

/// The workspace as cargo sees it.
pub(super) fn metadata() -> Result<Value> {
    let text = shell::text(shell::cargo(&["metadata", "--format-version", "1", "--quiet"]))?;
    serde_json::from_str(&text).context("cargo metadata is no JSON")
}

/// Every edge that should not be.
pub(super) fn check(metadata: &Value) -> Result<Vec<Breach>> {
    let graph = Graph::new(metadata).context("cargo metadata has another shape than expected")?;
    let mut breaches = Vec::new();
    for id in &graph.members {
        let Some(name) = graph.ours(id) else { continue };
        let allowed = ALLOWED.iter().find(|(row, _)| *row == name);
        let Some((_, allowed)) = allowed else {
            let what = "is no crate of DESIGN section 4".to_owned();
            breaches.push(Breach::of_file("direction", name, what));
            continue;
        };
        for target in graph.direct(id).filter_map(|id| graph.ours(id)) {
            if !permits(allowed, name, target) {
                let what = format!("may not depend on `{target}`");
                breaches.push(Breach::of_file("direction", name, what));
            }
        }
        if PURE.contains(&name) {
            breaches.extend(graph.impure(id).map(|(package, brings)| {
                let what = format!("reaches `{package}`, which brings {brings}");
                Breach::of_file("direction", name, what)
            }));
        }
    }
    Ok(breaches)
}

fn permits(allowed: &[&str], from: &str, target: &str) -> bool {
    from == target
        || allowed.contains(&target)
        || (allowed.contains(&"*") && PURE.contains(&target))
}

/// Packages by id, and their edges that count for a build.
struct Graph<'a> {
    names: BTreeMap<&'a str, &'a str>,
    edges: BTreeMap<&'a str, Vec<&'a str>>,
    members: Vec<&'a str>,
}

impl<'a> Graph<'a> {
    fn new(metadata: &'a Value) -> Option<Self> {
        let packages = metadata.get("packages")?.as_array()?;
        let names = packages.iter().filter_map(|package| {
            Some((package.get("id")?.as_str()?, package.get("name")?.as_str()?))
        });
        let nodes = metadata.get("resolve")?.get("nodes")?.as_array()?;
        let edges = nodes.iter().filter_map(|node| {
            let targets = node.get("deps")?.as_array()?.iter().filter(|edge| counts(edge));
            let targets = targets.filter_map(|edge| edge.get("pkg")?.as_str()).collect();
            Some((node.get("id")?.as_str()?, targets))
        });
        let members = metadata.get("workspace_members")?.as_array()?;
        Some(Self {
            names: names.collect(),
            edges: edges.collect(),
            members: members.iter().filter_map(Value::as_str).collect(),
        })
    }

    /// The crate's name without our prefix; nothing for others' packages.
    fn ours(&self, id: &str) -> Option<&'a str> {
        self.names.get(id)?.strip_prefix(PREFIX)
    }

    fn direct(&self, id: &str) -> impl Iterator<Item = &'a str> {
        self.edges.get(id).into_iter().flatten().copied()
    }

    /// The impure packages that `id` reaches.
    fn impure(&self, id: &'a str) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
        let mut seen = BTreeSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(self.direct(id));
            }
        }
        let names: BTreeSet<&str> =
            seen.iter().filter_map(|id| self.names.get(id).copied()).collect();
        IMPURE.iter().filter(move |(package, _)| names.contains(package))
    }
}

/// Whether an edge is part of a normal build for this platform: not of tests or build scripts.
fn counts(edge: &Value) -> bool {
    let kinds = edge.get("dep_kinds").and_then(Value::as_array);
    kinds.is_some_and(|kinds| {
        kinds.iter().any(|kind| {
            kind.get("kind").is_none_or(Value::is_null)
                && kind.get("target").is_none_or(Value::is_null)
        })
    })
}
