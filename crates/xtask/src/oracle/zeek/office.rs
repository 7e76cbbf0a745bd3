//! How lines of Zeek's logs of IT protocols, and our messages, become the same claims.
//!
//! Where Zeek sums a connection up in one line, our messages of that flow are summed up the same
//! way. Which protocol a flow carries (`conn.log`) is compared in `identity`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::claim::{Claim, plain};
use super::super::ours::Message;
use super::{Log, Row};

pub(super) const LOGS: &[Log] = &[
    Log {
        file: "http.log",
        protocol: "http",
        columns: &[],
        theirs: |row| Some(http(row)),
        ours: |messages, _| our_http(messages),
    },
    Log {
        file: "ftp.log",
        protocol: "ftp",
        columns: &[],
        theirs: |row| Some(ftp(row)),
        ours: |messages, _| our_ftp(messages),
    },
    Log {
        file: "dns.log",
        protocol: "dns",
        columns: &[],
        theirs: |row| Some(dns(row)),
        ours: |messages, _| our_dns(messages),
    },
    Log {
        file: "ntp.log",
        protocol: "ntp",
        columns: &[],
        theirs: |row| Some(Claim::new(row.flow()).with("message", "yes")),
        ours: |messages, _| {
            let ntp = messages.iter().filter(|m| m.protocol() == "ntp");
            ntp.map(|m| Claim::new(m.flow()).with("message", "yes")).collect()
        },
    },
    Log {
        file: "syslog.log",
        protocol: "syslog",
        columns: &[],
        theirs: |row| Some(Claim::new(row.flow()).with("message", "yes")),
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
        theirs: |row| Some(ssh(row)),
        ours: |messages, _| our_ssh(messages),
    },
    Log {
        file: "ssl.log",
        protocol: "tls",
        columns: &[],
        theirs: |row| Some(flow_of(row)),
        ours: |messages, _| flows(messages, "tls"),
    },
    Log {
        file: "snmp.log",
        protocol: "snmp",
        columns: &[],
        theirs: |row| Some(flow_of(row)),
        ours: |messages, _| flows(messages, "snmp"),
    },
    Log {
        file: "rdp.log",
        protocol: "rdp",
        columns: &[],
        theirs: |row| Some(flow_of(row)),
        ours: |messages, _| flows(messages, "rdp"),
    },
    Log {
        file: "rfb.log",
        protocol: "vnc",
        columns: &[],
        theirs: |row| Some(flow_of(row)),
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

fn ftp(row: &Row<'_>) -> Claim {
    Claim::new(row.flow())
        .with("command", row.cell("command").to_lowercase())
        .with("reply", row.cell("reply_code"))
}

/// Zeek writes a line for commands of interest only; so only the same commands take part, and
/// each with the reply that ended it.
fn our_ftp(messages: &[Message]) -> Vec<Claim> {
    const WRITTEN: &[&str] =
        &["appe", "dele", "retr", "stor", "stou", "acct", "pasv", "port", "eprt", "epsv", "auth"];
    let mut open: BTreeMap<String, String> = BTreeMap::new();
    let mut claims = Vec::new();
    for message in messages.iter().filter(|m| m.protocol() == "ftp") {
        let flow = message.flow();
        if message.is("request") {
            let command = message.text("operation").to_lowercase();
            open.insert(flow, command.split(' ').next().unwrap_or_default().to_owned());
        } else if let Some(command) = open.get(&flow)
            && WRITTEN.contains(&command.as_str())
            && message.number("code").is_some_and(|code| code >= 200)
        {
            let claim = Claim::new(flow.clone()).with("command", command.clone());
            claims.push(claim.with("reply", message.shown("code")));
            open.remove(&flow);
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
    let mut seen: BTreeMap<(String, String), (String, String)> = BTreeMap::new();
    for message in messages.iter().filter(|m| m.protocol() == "dns") {
        let entry = seen.entry((message.flow(), message.shown("id"))).or_default();
        let name = message.text("object").split(' ').next().unwrap_or_default();
        entry.0 = name.trim_end_matches('.').to_lowercase();
        if message.is("response") {
            let outcome = message.text("outcome");
            entry.1 = plain(if outcome == "ok" { "noerror" } else { outcome });
        }
    }
    let claim = |((flow, id), (query, outcome)): (_, (String, String))| {
        let (flow, id): (String, String) = (flow, id);
        Claim::new(flow).with("id", id).with("query", query).with("outcome", outcome)
    };
    seen.into_iter().map(claim).collect()
}

/// The log has one line per lease conversation with all its message types.
fn dhcp(row: &Row<'_>) -> Option<Claim> {
    let mac = row.cell("mac");
    let types = row.cell("msg_types").to_lowercase();
    (!types.is_empty()).then(|| Claim::new(mac).with("types", types))
}

fn our_dhcp(messages: &[Message]) -> Vec<Claim> {
    let mut types: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for message in messages.iter().filter(|m| m.protocol() == "dhcp") {
        let mac = message.text("object").split_whitespace().find(|word| word.len() == 17);
        let operation = plain(message.text("operation")).replace("dhcp", "");
        types.entry(mac.unwrap_or_default().to_owned()).or_default().push(operation);
    }
    let claim =
        |(mac, types): (String, Vec<String>)| Claim::new(mac).with("types", types.join(","));
    types.into_iter().map(claim).collect()
}

fn ssh(row: &Row<'_>) -> Claim {
    Claim::new(row.flow()).with("client", row.cell("client")).with("server", row.cell("server"))
}

/// The banners of both sides.
fn our_ssh(messages: &[Message]) -> Vec<Claim> {
    let mut banners: BTreeMap<String, (String, String)> = BTreeMap::new();
    for message in messages.iter().filter(|m| m.protocol() == "ssh") {
        let entry = banners.entry(message.flow()).or_default();
        let object = message.text("object").to_owned();
        if !object.starts_with("SSH-") {
            continue;
        }
        if message.is("request") { entry.0 = object } else { entry.1 = object }
    }
    let claim = |(flow, (client, server)): (String, (String, String))| {
        Claim::new(flow).with("client", client).with("server", server)
    };
    banners.into_iter().map(claim).collect()
}
