//! `lightcurtain protocols`: what is decoded, straight from the one table.

#[cfg(test)]
mod pages;

use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;
use wire::{Basis, Depth, Hint, Operation, Protocol};

use crate::args;

/// Runs the command.
pub(crate) fn run(args: &args::Protocols) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let wanted: Vec<_> = Protocol::all()
        .filter(|protocol| args.protocol.is_none_or(|one| one == *protocol))
        .collect();
    if args.json {
        let rows: Vec<_> = wanted.iter().map(|protocol| Row::new(*protocol)).collect();
        serde_json::to_writer_pretty(&mut out, &rows)?;
        writeln!(out)?;
    } else if let Some(protocol) = args.protocol {
        one(&mut out, protocol)?;
    } else {
        all(&mut out, &wanted)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn all(out: &mut impl Write, protocols: &[Protocol]) -> io::Result<()> {
    let width = protocols.iter().map(|protocol| protocol.name().len()).max().unwrap_or(0).max(4);
    let titles = protocols.iter().map(|protocol| protocol.entry().title.chars().count());
    let title_width = titles.max().unwrap_or(0).max(8);
    writeln!(
        out,
        "{:<width$}  {:<title_width$}  {:<10}  {:>10}  {:<9}  usual places",
        "name", "protocol", "depth", "operations", "rests on"
    )?;
    for protocol in protocols {
        let entry = protocol.entry();
        let count = operations(*protocol).count();
        let places: Vec<_> = entry.hints.iter().map(|hint| place(*hint)).collect();
        let places =
            if places.is_empty() { "found by content".to_owned() } else { places.join(", ") };
        let basis = match entry.basis {
            Basis::Captures => "captures",
            Basis::Peer(_) => "a peer",
            Basis::Documents => "documents",
        };
        let (name, title, depth) = (entry.name, entry.title, entry.depth.name());
        writeln!(
            out,
            "{name:<width$}  {title:<title_width$}  {depth:<10}  {count:>10}  {basis:<9}  {places}"
        )?;
    }
    writeln!(
        out,
        "\nPorts are hints: content decides. `lightcurtain protocols NAME` lists the operations of one\n\
         and says what their reading rests on: captures that others decoded, traffic of an\n\
         independent implementation, or documents only."
    )
}

fn one(out: &mut impl Write, protocol: Protocol) -> io::Result<()> {
    let entry = protocol.entry();
    let depth = match entry.depth {
        Depth::Message => "every message, with object and outcome",
        Depth::Metadata => "names, versions and logins",
        Depth::Recognised => "that it is this protocol",
    };
    writeln!(out, "{} ({}): {depth}", entry.title, entry.name)?;
    match entry.basis {
        Basis::Documents => writeln!(out, "{}\n", entry.basis)?,
        Basis::Captures | Basis::Peer(_) => writeln!(out, "rests on {}\n", entry.basis)?,
    }
    let width = operations(protocol).map(|row| row.name.len()).max().unwrap_or(0).max(9);
    writeln!(out, "{:>10}  {:<width$}  {:<10}  source", "code", "operation", "intent")?;
    for row in operations(protocol) {
        let code = format!("{:#04x}", row.code);
        writeln!(out, "{code:>10}  {:<width$}  {:<10}  {}", row.name, row.intent, row.source)?;
    }
    Ok(())
}

fn operations(protocol: Protocol) -> impl Iterator<Item = &'static Operation> {
    protocol.entry().operations.iter().flat_map(|table| table.iter())
}

fn place(hint: Hint) -> String {
    match hint {
        Hint::Tcp(port) => format!("tcp {port}"),
        Hint::Udp(port) => format!("udp {port}"),
        Hint::Ether(ether_type) => format!("ethertype 0x{ether_type:04x}"),
        Hint::Ip(protocol) => format!("ip protocol {protocol}"),
    }
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    title: &'static str,
    depth: &'static str,
    /// What the reading rests on.
    basis: String,
    places: Vec<String>,
    operations: Vec<OperationRow>,
}

#[derive(Serialize)]
struct OperationRow {
    code: u32,
    name: &'static str,
    intent: &'static str,
    source: &'static str,
}

impl Row {
    fn new(protocol: Protocol) -> Self {
        let entry = protocol.entry();
        Self {
            name: entry.name,
            title: entry.title,
            depth: entry.depth.name(),
            basis: entry.basis.to_string(),
            places: entry.hints.iter().map(|hint| place(*hint)).collect(),
            operations: operations(protocol)
                .map(|row| OperationRow {
                    code: row.code,
                    name: row.name,
                    intent: row.intent.name(),
                    source: row.source,
                })
                .collect(),
        }
    }
}
