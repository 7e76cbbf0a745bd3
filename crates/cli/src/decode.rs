//! `lightcurtain decode`: every application message, one a line.

use std::fmt;
use std::io::{self, BufWriter, StdoutLock, Write};
use std::process::ExitCode;

use flow::{Endpoint, Event, Observer, Program, Seen, World};
use plant::{Address, Time};
use serde::Serialize;
use serde::ser::{SerializeSeq as _, Serializer};
use wire::{Anomaly, Claim, Fact, Protocol};

use crate::inspect::words;
use crate::{args, complain, run};

/// Runs the command.
pub(crate) fn run(args: &args::Decode) -> anyhow::Result<ExitCode> {
    let mut printer = Printer {
        out: BufWriter::with_capacity(256 * 1024, io::stdout().lock()),
        json: args.json,
        only: args.protocol.clone(),
        failed: None,
    };
    let (_, intake) = run::read(&args.source, &mut printer)?;
    for (name, damage) in &intake.damage {
        complain(&format!("`{name}` is damaged: {damage}"));
    }
    if let Some(error) = printer.failed {
        return Err(error.into());
    }
    printer.out.flush()?;
    Ok(ExitCode::SUCCESS)
}

struct Printer {
    out: BufWriter<StdoutLock<'static>>,
    json: bool,
    only: Vec<Protocol>,
    /// The first error of writing; nothing is written after it.
    failed: Option<io::Error>,
}

impl Observer for Printer {
    fn message(&mut self, world: &World, seen: &Seen<'_>) {
        let wanted = self.only.is_empty() || self.only.contains(&seen.message.protocol);
        if !wanted || self.failed.is_some() {
            return;
        }
        let line = Line { world, seen };
        self.put(&Object::new(&line), &line);
    }

    fn event(&mut self, world: &World, frame: u64, time: Time, event: &Event) {
        let Event::Received { program } = event else { return };
        let Some(program) = world.programs.get(*program) else { return };
        let wanted = self.only.is_empty() || self.only.contains(&program.protocol);
        if wanted && self.failed.is_none() {
            let received = Received::new(world, frame, time, program);
            self.put(&received, &received);
        }
    }
}

impl Printer {
    fn put(&mut self, object: &impl Serialize, line: &impl fmt::Display) {
        let written = if self.json {
            serde_json::to_writer(&mut self.out, object)
                .map_err(io::Error::from)
                .and_then(|()| self.out.write_all(b"\n"))
        } else {
            // `wire` shows control characters as escapes; what turns the reading direction around
            // is text there, and an attack here.
            writeln!(self.out, "{}", words::clean(&line.to_string()))
        };
        self.failed = written.err();
    }
}

/// A program that was received whole, as a line and as an object.
#[derive(Serialize)]
struct Received<'a> {
    frame: u64,
    #[serde(serialize_with = "shown")]
    time: Time,
    #[serde(serialize_with = "shown")]
    source: Place<'a>,
    #[serde(serialize_with = "shown")]
    target: Place<'a>,
    protocol: &'static str,
    program: ReceivedProgram<'a>,
}

#[derive(Serialize)]
struct ReceivedProgram<'a> {
    kind: &'static str,
    name: &'a str,
    hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<&'static str>,
    bytes: u64,
}

impl<'a> Received<'a> {
    fn new(world: &'a World, frame: u64, time: Time, program: &'a Program) -> Self {
        let place = |station| Place { world, endpoint: Endpoint { station, port: 0 } };
        Self {
            frame,
            time,
            source: place(program.from),
            target: place(program.to),
            protocol: program.protocol.name(),
            program: ReceivedProgram {
                kind: program.kind,
                name: &program.name,
                hash: program.hash.ok().map(|hash| hash.to_string()),
                missing: program.hash.err().map(flow::Missing::name),
                bytes: program.bytes,
            },
        }
    }
}

impl fmt::Display for Received<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { frame, time, source, target, protocol, program } = self;
        let ReceivedProgram { kind, name, hash, missing, bytes } = program;
        write!(f, "{frame:>6} {time} {source} > {target} {protocol} received {kind} {name}")?;
        let hash = hash.as_deref().or(*missing).unwrap_or_default();
        write!(f, " {bytes} bytes {hash}")
    }
}

/// An endpoint as people write it.
pub(crate) struct Place<'a> {
    pub(crate) world: &'a World,
    pub(crate) endpoint: Endpoint,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = self.endpoint.port;
        match self.world.stations.get(self.endpoint.station).map(|station| station.address) {
            Some(Address::Ip(ip)) if port != 0 => std::net::SocketAddr::new(ip, port).fmt(f),
            Some(address) => address.fmt(f),
            None => f.write_str("?"),
        }
    }
}

/// One message as a line for people.
pub(crate) struct Line<'a> {
    pub(crate) world: &'a World,
    pub(crate) seen: &'a Seen<'a>,
}

impl Line<'_> {
    fn place(&self, endpoint: Endpoint) -> Place<'_> {
        Place { world: self.world, endpoint }
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Seen { frame, time, sender, receiver, message, .. } = self.seen;
        let (from, to) = (self.place(*sender), self.place(*receiver));
        write!(f, "{frame:>6} {time} {from} > {to} {} {message}", message.protocol)
    }
}

/// One message as an object; the fields are those of `docs/formats/decode.md`.
#[derive(Serialize)]
struct Object<'a> {
    frame: u64,
    #[serde(serialize_with = "shown")]
    time: Time,
    #[serde(serialize_with = "shown")]
    source: Place<'a>,
    #[serde(serialize_with = "shown")]
    target: Place<'a>,
    protocol: &'static str,
    kind: &'static str,
    operation: &'static str,
    code: u32,
    intent: &'static str,
    #[serde(serialize_with = "shown_if")]
    object: Option<&'a dyn fmt::Display>,
    #[serde(serialize_with = "shown_if")]
    outcome: Option<&'a dyn fmt::Display>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shown_if")]
    values: Option<&'a dyn fmt::Display>,
    anomalies: Anomalies<'a>,
    #[serde(skip_serializing_if = "Facts::is_empty")]
    facts: Facts<'a>,
}

impl<'a> Object<'a> {
    fn new(line: &'a Line<'a>) -> Self {
        let seen = line.seen;
        let message = seen.message;
        Self {
            frame: seen.frame,
            time: seen.time,
            source: line.place(seen.sender),
            target: line.place(seen.receiver),
            protocol: message.protocol.name(),
            kind: message.kind.name(),
            operation: message.operation.name,
            code: message.code,
            intent: message.intent.name(),
            object: (!message.object.is_nothing()).then_some(&message.object),
            outcome: (message.outcome != wire::Outcome::Open).then_some(&message.outcome),
            id: message.id,
            unit: message.unit,
            values: message.values,
            anomalies: Anomalies(message.anomalies),
            facts: Facts(message.facts),
        }
    }
}

fn shown<S: Serializer>(value: &impl fmt::Display, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

fn shown_if<S: Serializer>(value: &Option<&dyn fmt::Display>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => to.collect_str(value),
        None => to.serialize_none(),
    }
}

struct Anomalies<'a>(&'a [Anomaly]);

impl Serialize for Anomalies<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|anomaly| anomaly.what))
    }
}

struct Facts<'a>(&'a [Fact<'a>]);

impl Facts<'_> {
    const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(Some(self.0.len()))?;
        for fact in self.0 {
            list.serialize_element(&Shown(&FactText(fact)))?;
        }
        list.end()
    }
}

struct Shown<'a, T>(&'a T);

impl<T: fmt::Display> Serialize for Shown<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self.0)
    }
}

/// A fact in words: `vendor: Acme`, `role: plc (answers S7)`.
struct FactText<'a>(&'a Fact<'a>);

impl fmt::Display for FactText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Fact::Identity { field, value, .. } => write!(f, "{}: {value}", field.name()),
            Fact::Role { role, reason, .. } => write!(f, "role: {} ({reason})", role.name()),
            Fact::Address { ip, claim, .. } => {
                let how = match claim {
                    Claim::Own => "own",
                    Claim::Leased => "leased",
                    Claim::Imposed => "imposed",
                };
                write!(f, "address: {ip} ({how})")
            }
            Fact::Credential { scheme, account, cleartext, default } => {
                let clear = if *cleartext { ", in clear" } else { "" };
                let default = if *default { ", a default" } else { "" };
                write!(f, "login: {scheme} as {account}{clear}{default}")
            }
            Fact::Obsolete { name } => write!(f, "obsolete: {name}"),
            Fact::Unprotected { what, .. } => write!(f, "unprotected: {what}"),
            Fact::Overreach { what } => write!(f, "asks for everything: {what}"),
            Fact::Expects { port: Some(port), protocol, .. } => {
                write!(f, "{protocol} follows on port {port}")
            }
            Fact::Expects { port: None, protocol, .. } => write!(f, "{protocol} follows"),
            Fact::Joined { what, name, commands } => {
                write!(f, "joined: {what} {name}{}", if *commands { ", commands" } else { "" })
            }
        }
    }
}
