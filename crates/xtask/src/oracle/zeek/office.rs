//! How lines of Zeek's logs of IT protocols, and our messages, become the same claims.
//!
//! Where Zeek sums a connection up in one line, our messages of that flow are summed up the same
//! way. Which protocol a flow carries (`conn.log`) is compared in `identity`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::claim::{Claim, plain};
use super::super::ours::Message;
use super::{Edition, Log, Row};

pub(super) const LOGS: &[Log] = &[
    Log {
        file: "http.log",
        protocol: "http",
        columns: &[],
        theirs: |row| vec![http(row)],
        ours: |messages, _| our_http(messages),
    },
    Log { file: "ftp.log", protocol: "ftp", columns: &[], theirs: ftp, ours: our_ftp },
    Log {
        file: "dns.log",
        protocol: "dns",
        columns: &[],
        theirs: |row| vec![dns(row)],
        ours: |messages, _| our_dns(messages),
    },
    Log {
        file: "ntp.log",
        protocol: "ntp",
        columns: &[],
        theirs: |row| vec![Claim::new(row.flow()).with("message", "yes")],
        ours: |messages, _| {
            let ntp = messages.iter().filter(|m| m.protocol() == "ntp");
            ntp.map(|m| Claim::new(m.flow()).with("message", "yes")).collect()
        },
    },
    Log {
        file: "syslog.log",
        protocol: "syslog",
        columns: &[],
        theirs: |row| vec![Claim::new(row.flow()).with("message", "yes")],
        ours: |messages, _| {
            let syslog = messages.iter().filter(|m| m.protocol() == "syslog");
            syslog.map(|m| Claim::new(m.flow()).with("message", "yes")).collect()
        },
    },
    Log {
        file: "dhcp.log",
        protocol: "dhcp",
        columns: &[],
        theirs: dhcp,
        ours: |messages, _| our_dhcp(messages),
    },
    Log {
        file: "ssh.log",
        protocol: "ssh",
        columns: &[],
        theirs: |row| vec![ssh(row)],
        ours: |messages, _| our_ssh(messages),
    },
    Log {
        file: "ssl.log",
        protocol: "tls",
        columns: &[],
        theirs: |row| vec![flow_of(row)],
        ours: |messages, _| flows(messages, "tls"),
    },
    Log {
        file: "snmp.log",
        protocol: "snmp",
        columns: &[],
        theirs: |row| vec![flow_of(row)],
        ours: |messages, _| flows(messages, "snmp"),
    },
    Log {
        file: "rdp.log",
        protocol: "rdp",
        columns: &[],
        theirs: |row| vec![flow_of(row)],
        ours: |messages, _| flows(messages, "rdp"),
    },
    Log {
        file: "rfb.log",
        protocol: "vnc",
        columns: &[],
        theirs: |row| vec![flow_of(row)],
        ours: |messages, _| flows(messages, "vnc"),
    },
];

/// Only that the flow is there.
fn flow_of(row: &Row<'_>) -> Claim {
    Claim::new(row.flow()).with("flow", "yes")
}

/// One claim per flow of a protocol.
fn flows(messages: &[Message], protocol: &str) -> Vec<Claim> {
    let ours = messages.iter().filter(|m| m.protocol() == protocol);
    let flows: BTreeSet<String> = ours.map(Message::flow).collect();
    flows.into_iter().map(|flow| Claim::new(flow).with("flow", "yes")).collect()
}

fn http(row: &Row<'_>) -> Claim {
    let status = row.cell("status_code");
    Claim::new(row.flow())
        .with("method", row.cell("method").to_lowercase())
        .with("status", if status == "0" { "" } else { status })
}

/// Requests and responses of a flow in order, paired.
fn our_http(messages: &[Message]) -> Vec<Claim> {
    let mut open: BTreeMap<String, Vec<Claim>> = BTreeMap::new();
    let mut claims = Vec::new();
    for message in messages.iter().filter(|m| m.protocol() == "http") {
        let flow = message.flow();
        let waiting = open.entry(flow.clone()).or_default();
        if message.is("request") {
            waiting.push(Claim::new(flow).with("method", message.text("operation").to_lowercase()));
        } else {
            let asked = if waiting.is_empty() { Claim::new(flow) } else { waiting.remove(0) };
            claims.push(asked.with("status", message.shown("code")));
        }
    }
    claims.extend(open.into_values().flatten());
    claims
}

/// Commands; `<init>` is Zeek's word for what the server says first.
fn ftp(row: &Row<'_>) -> Vec<Claim> {
    let command = row.cell("command").to_lowercase();
    if command.is_empty() || command.starts_with('<') {
        return Vec::new();
    }
    let claim = Claim::new(row.flow()).with("command", command);
    vec![claim.with("reply", row.cell("reply_code"))]
}

/// Which commands Zeek writes depends on its settings; so the commands of this log take part, each
/// with the reply that ended it.
fn our_ftp(messages: &[Message], edition: &Edition<'_>) -> Vec<Claim> {
    let fields = edition.theirs.iter().flat_map(|claim| &claim.fields);
    let written: BTreeSet<&str> =
        fields.filter(|(name, _)| *name == "command").map(|(_, value)| value.as_str()).collect();
    let mut open: BTreeMap<String, String> = BTreeMap::new();
    let mut claims = Vec::new();
    for message in messages.iter().filter(|m| m.protocol() == "ftp") {
        let flow = message.flow();
        if message.is("request") {
            let command = message.text("operation").to_lowercase();
            open.insert(flow, command.split(' ').next().unwrap_or_default().to_owned());
        } else if message.number("code").is_some_and(|code| code >= 200)
            && let Some(command) = open.remove(&flow)
            && written.contains(command.as_str())
        {
            let claim = Claim::new(flow).with("command", command);
            claims.push(claim.with("reply", message.shown("code")));
        }
    }
    claims
}

fn dns(row: &Row<'_>) -> Claim {
    Claim::new(row.flow())
        .with("id", row.cell("trans_id"))
        .with("query", row.cell("query").to_lowercase())
        .with("outcome", plain(row.cell("rcode_name")))
}

/// One claim per transaction: the question, and how it ended where that was seen.
fn our_dns(messages: &[Message]) -> Vec<Claim> {
    let mut open: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut claims: Vec<Claim> = Vec::new();
    for message in messages.iter().filter(|m| m.protocol() == "dns") {
        let key = (message.flow(), message.shown("id"));
        let name = message.text("object").split(' ').next().unwrap_or_default();
        let query = name.trim_end_matches('.').to_lowercase();
        let asked = Claim::new(message.flow()).with("id", message.shown("id"));
        let asked = asked.with("query", query);
        if message.is("request") {
            open.entry(key).or_insert(claims.len());
            claims.push(asked);
            continue;
        }
        let outcome = message.text("outcome");
        let outcome = plain(if outcome == "ok" { "noerror" } else { outcome });
        match open.remove(&key).and_then(|place| claims.get_mut(place)) {
            Some(claim) => claim.fields.push(("outcome", outcome)),
            None => claims.push(asked.with("outcome", outcome)),
        }
    }
    claims
}

/// The log has one line per lease conversation; its message types are compared one by one.
fn dhcp(row: &Row<'_>) -> Vec<Claim> {
    let types = row.cell("msg_types").to_lowercase();
    let types = types.split(',').filter(|name| !name.is_empty());
    types.map(|name| Claim::new("").with("type", name)).collect()
}

fn our_dhcp(messages: &[Message]) -> Vec<Claim> {
    let dhcp = messages.iter().filter(|m| m.protocol() == "dhcp");
    dhcp.map(|m| Claim::new("").with("type", plain(m.text("operation")))).collect()
}

fn ssh(row: &Row<'_>) -> Claim {
    Claim::new(row.flow()).with("client", row.cell("client")).with("server", row.cell("server"))
}

/// The banners of both sides.
fn our_ssh(messages: &[Message]) -> Vec<Claim> {
    let mut banners: BTreeMap<String, (String, String)> = BTreeMap::new();
    for message in messages.iter().filter(|m| m.protocol() == "ssh") {
        let entry = banners.entry(message.flow()).or_default();
        let banner = message.text("values").to_owned();
        if !banner.starts_with("SSH-") {
            continue;
        }
        if message.is("request") { entry.0 = banner } else { entry.1 = banner }
    }
    let claim = |(flow, (client, server)): (String, (String, String))| {
        Claim::new(flow).with("client", client).with("server", server)
    };
    banners.into_iter().map(claim).collect()
}
