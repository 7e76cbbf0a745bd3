//! Which protocol a flow carries, by nDPI's flow results and Zeek's `conn.log`.
//!
//! Two questions: do we find a protocol of ours where they find it, and do we claim an industrial
//! protocol where they know of another one. Flows that they do not know, or know only by port, do
//! not take part. Sources: the flow lines of `ndpiReader -v`, the `service` column of Zeek.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};

use super::claim::{Claim, Comparison};
use super::families;
use super::ours::{Endpoint, Message, flow};
use super::zeek;

/// Their names of protocols that are ours, lower case.
const NAMES: &[(&str, &str)] = &[
    ("modbus", "modbus"),
    ("umas", "modbus"),
    ("ethernetip", "ethernet-ip"),
    ("enip", "ethernet-ip"),
    ("cip", "ethernet-ip"),
    ("s7comm", "s7comm"),
    ("s7comm-plus", "s7comm-plus"),
    ("s7commplus", "s7comm-plus"),
    ("http", "http"),
    ("tls", "tls"),
    ("ssl", "tls"),
    ("ssh", "ssh"),
    ("ftp", "ftp"),
    ("ftp_control", "ftp"),
    ("dns", "dns"),
    ("mdns", "mdns"),
    ("dhcp", "dhcp"),
    ("ntp", "ntp"),
    ("snmp", "snmp"),
    ("syslog", "syslog"),
    ("telnet", "telnet"),
    ("vnc", "vnc"),
    ("rfb", "vnc"),
    ("rdp", "rdp"),
    ("smb", "smb"),
    ("smbv1", "smb"),
    ("smbv23", "smb"),
    ("dnp3", "dnp3"),
    ("dnp3_tcp", "dnp3"),
    ("dnp3_udp", "dnp3"),
    ("bacnet", "bacnet"),
    ("iec60870", "iec104"),
    ("mqtt", "mqtt"),
    ("opc-ua", "opc-ua"),
    ("opcua-binary", "opc-ua"),
    ("fins", "fins"),
    ("beckhoffads", "ads"),
    ("rtps", "rtps"),
    ("tftp", "tftp"),
    ("ptpv2", "ptp"),
    ("ldap", "ldap"),
    ("kerberos", "kerberos"),
];

/// Their names that say too little to contradict us: carriers and file transfers.
const CARRIERS: &[&str] =
    &["unknown", "dce_rpc", "dcerpc", "cotp", "tpkt", "ftp-data", "ftp_data", "geneve", "vxlan"];

/// The row of flows that are none of our protocols.
const OTHERS: &str = "(no false claim)";

/// Flows and their protocols by one oracle: flow name to lower-case protocol names.
type Flows = BTreeMap<String, BTreeSet<String>>;

/// Compares a `conn.log` or an nDPI result. `decoded` are the protocols that the program decodes:
/// one that it does not cannot be missed.
pub(super) fn compare(
    path: &Path,
    capture: &str,
    messages: &[Message],
    decoded: &BTreeSet<String>,
) -> Result<Vec<Comparison>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let zeek = path.ends_with("conn.log");
    let (oracle, flows) =
        if zeek { ("zeek conn.log", conn(&text)) } else { ("ndpi flows", ndpi(&text)) };
    let flows = (oracle, &flows);
    Ok(compare_flows(flows, capture, messages, decoded))
}

/// Every protocol that a `conn.log` or an nDPI result names, whatever the flow.
pub(super) fn heard(path: &Path) -> BTreeSet<String> {
    let text = std::fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let flows = if path.ends_with("conn.log") { conn(&text) } else { ndpi(&text) };
    flows.into_values().flatten().collect()
}

fn compare_flows(
    (oracle, flows): (&str, &Flows),
    capture: &str,
    messages: &[Message],
    decoded: &BTreeSet<String>,
) -> Vec<Comparison> {
    let mut ours: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for message in messages {
        ours.entry(message.flow()).or_default().insert(message.protocol());
    }
    let mut found: BTreeMap<&'static str, Comparison> = BTreeMap::new();
    for (flow, names) in flows {
        let known = names.iter().find_map(|name| {
            let rows = NAMES.iter().filter(|(_, ours)| decoded.contains(*ours));
            rows.into_iter().find(|(theirs, _)| theirs == name).map(|(_, ours)| *ours)
        });
        if known.is_none() && names.iter().any(|name| CARRIERS.contains(&name.as_str())) {
            continue;
        }
        let here = ours.get(flow).cloned().unwrap_or_default();
        let (theirs, ours) = match known {
            Some(known) => (known.to_owned(), spoken(&here, known)),
            None => ("none".to_owned(), industrial(&here, names)),
        };
        let comparison = found.entry(known.unwrap_or(OTHERS)).or_insert_with(|| Comparison {
            protocol: known.unwrap_or(OTHERS),
            oracle: oracle.to_owned(),
            capture: capture.to_owned(),
            theirs: Vec::new(),
            ours: Vec::new(),
        });
        let heard = names.iter().cloned().collect::<Vec<_>>().join(",");
        let place = format!("{flow} ({heard})");
        comparison.theirs.push(Claim::new(place.clone()).with("protocol", theirs));
        comparison.ours.push(Claim::new(place).with("protocol", ours));
    }
    found.into_values().collect()
}

/// The protocol that they know, when it is among ours; else what we say instead.
fn spoken(here: &BTreeSet<&str>, known: &str) -> String {
    // UMAS is Modbus function 90, which we tell as a protocol of its own.
    if here.contains(known) || known == "modbus" && here.contains("umas") {
        return known.to_owned();
    }
    let others: Vec<&str> = here.iter().copied().collect();
    if others.is_empty() { "nothing".to_owned() } else { others.join(",") }
}

/// The industrial protocols that we claim and they do not know, or `none`.
fn industrial(here: &BTreeSet<&str>, names: &BTreeSet<String>) -> String {
    let known = |ours: &str| names.iter().any(|theirs| families::is_same(theirs, ours));
    let false_claim = |ours: &&str| families::is_industrial(ours) && !known(ours);
    let claimed: Vec<&str> = here.iter().copied().filter(false_claim).collect();
    if claimed.is_empty() { "none".to_owned() } else { claimed.join(",") }
}

/// `\t1\tTCP 10.0.0.1:2074 <-> 10.0.0.2:502 [proto: 44/Modbus]...[Confidence: DPI]...`
fn ndpi(text: &str) -> Flows {
    let mut flows = Flows::new();
    for line in text.lines().filter(|line| line.contains("[Confidence: DPI")) {
        let mut words = line.split_whitespace().skip(2);
        let (Some(one), Some(_), Some(other)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let Some(proto) = line.split_once("[proto: ").and_then(|(_, rest)| rest.split_once(']'))
        else {
            continue;
        };
        let name = proto.0.split_once('/').map_or(proto.0, |(_, name)| name);
        let first = name.split('.').next().unwrap_or(name).to_lowercase();
        let flow = flow(&Endpoint::parse(one), &Endpoint::parse(other));
        flows.entry(flow).or_default().insert(first);
    }
    flows
}

fn conn(text: &str) -> Flows {
    let mut flows = Flows::new();
    let (columns, lines) = zeek::split(text, &[]);
    for line in lines {
        let row = zeek::Row { columns: &columns, cells: line.split('\t').collect() };
        let services = row.cell("service").split(',').filter(|name| !name.is_empty());
        let services = services.filter(|name| !name.starts_with('-'));
        flows.entry(row.flow()).or_default().extend(services.map(str::to_lowercase));
    }
    flows.retain(|_, services| !services.is_empty());
    flows
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{OTHERS, compare_flows, ndpi};
    use crate::oracle::ours::Message;

    const LINES: &str = "\
        \t1\tTCP 10.0.0.1:2074 <-> 10.0.0.2:502 [proto: 44/Modbus][Confidence: DPI]\n\
        \t2\tUDP 10.0.0.1:9 <-> 10.0.0.2:9 [proto: 91.3/QUIC.Web][Confidence: DPI]\n\
        \t3\tTCP 10.0.0.1:5 <-> 10.0.0.2:80 [proto: 7/HTTP][Confidence: Match by port]\n";

    #[test]
    fn only_flows_known_by_content_take_part() {
        let flows = ndpi(LINES);
        assert_eq!(flows.len(), 2);
        assert!(flows.values().any(|names| names.contains("quic")));
    }

    #[test]
    fn a_missed_protocol_and_a_false_claim_are_both_differences() {
        let message = |json: &str| vec![Message::of(json)];
        let claimed = message(
            r#"{"source":"10.0.0.1:9","target":"10.0.0.2:9","protocol":"modbus","kind":"request"}"#,
        );
        let decoded = BTreeSet::from(["modbus".to_owned()]);
        let found = compare_flows(("ndpi", &ndpi(LINES)), "a.pcap", &claimed, &decoded);
        let wrong = |name: &str| {
            let one = found.iter().find(|one| one.protocol == name).unwrap();
            one.outcome().differences.len()
        };
        assert_eq!((wrong("modbus"), wrong(OTHERS)), (1, 1));
        let right =
            message(r#"{"source":"10.0.0.2:502","target":"10.0.0.1:2074","protocol":"modbus"}"#);
        let found = compare_flows(("ndpi", &ndpi(LINES)), "a.pcap", &right, &decoded);
        assert!(found.iter().all(|one| one.outcome().differences.is_empty()));
    }
}
