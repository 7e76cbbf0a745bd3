//! Protocols of offices and of networks themselves: tshark's fields and ours side by side.
//!
//! Names of fields are tshark's own (`tshark -G fields`).

use super::pdml::Pdu;
use super::{Subject, kind, our_code, our_id, our_kind, our_refusal, refused, row};
use crate::oracle::ours::{Message, number};

pub(super) const SUBJECTS: &[Subject] = &[
    row(
        "arp",
        &["arp"],
        &[("code", |p| p.number("arp.opcode"), our_code), ("object", arp_object, our_object)],
    ),
    row(
        "lldp",
        &["lldp"],
        &[("ttl", |p| p.number("lldp.time_to_live"), |m| behind(m.text("values"), "ttl "))],
    ),
    row(
        "dhcp",
        &["dhcp"],
        &[
            ("code", |p| p.number("dhcp.option.dhcp"), our_code),
            ("id", |p| p.number("dhcp.id"), our_id),
        ],
    ),
    row("dns", &["dns"], NAMES),
    row("mdns", &["mdns"], NAMES),
    row("llmnr", &["llmnr"], NAMES),
    row(
        "nbns",
        &["nbns"],
        &[
            ("id", |p| p.number("nbns.id"), our_id),
            ("code", |p| p.number("nbns.flags.opcode"), our_code),
        ],
    ),
    Subject {
        theirs: |pdu| pdu.has("snmp.request_id"),
        ours: |m| m.number("id").is_some(),
        ..row(
            "snmp",
            &["snmp"],
            &[
                ("code", |p| p.number("snmp.data"), our_code),
                ("id", |p| p.number("snmp.request_id"), our_id),
            ],
        )
    },
    row(
        "ntp",
        &["ntp"],
        &[
            ("mode", |p| p.number("ntp.flags.mode"), our_ntp_mode),
            ("version", ntp_version, |m| behind(m.text("values"), "version ")),
        ],
    ),
    Subject {
        theirs: |pdu| pdu.has("syslog.facility"),
        ..row("syslog", &["syslog"], &[("priority", syslog_priority, our_code)])
    },
    row(
        "profinet-dcp",
        &["pn_dcp"],
        &[
            ("code", |p| p.number("pn_dcp.service_id"), our_code),
            ("kind", |p| kind(p.number("pn_dcp.service_type") != "0"), our_kind),
            ("id", |p| p.number("pn_dcp.xid"), our_id),
        ],
    ),
    Subject {
        theirs: |pdu| !pdu.has("pn_dcp"),
        ..row(
            "profinet-rt",
            &["pn_rt", "pn_dcp"],
            &[("frame id", |p| p.number("pn_rt.frame_id"), our_code)],
        )
    },
    Subject {
        ours: |m| m.number("id").is_some(),
        ..row(
            "smb",
            &["smb2"],
            &[
                ("code", |p| p.number("smb2.cmd"), our_code),
                ("kind", |p| kind(p.text("smb2.flags.response") == "1"), our_kind),
                ("id", smb2_id, our_id),
            ],
        )
    },
    // the first version has no id that we tell
    Subject {
        ours: |m| m.number("id").is_none(),
        ..row(
            "smb",
            &["smb"],
            &[
                ("code", |p| p.number("smb.cmd"), our_code),
                ("kind", |p| kind(p.text("smb.flags.response") == "1"), our_kind),
            ],
        )
    },
    row(
        "tftp",
        &["tftp"],
        &[
            ("code", |p| p.number("tftp.opcode"), our_code),
            ("object", tftp_object, our_object),
            ("id", |p| p.number("tftp.block"), our_id),
        ],
    ),
    row(
        "ptp",
        &["ptp"],
        &[
            ("code", |p| p.number("ptp.v2.messagetype"), our_code),
            ("id", |p| p.number("ptp.v2.sequenceid"), our_id),
        ],
    ),
    row(
        "ldap",
        &["ldap"],
        &[
            ("code", |p| p.number("ldap.protocolOp"), our_code),
            ("id", |p| p.number("ldap.messageID"), our_id),
        ],
    ),
    row("kerberos", &["kerberos"], &[("code", |p| p.number("kerberos.msg_type"), our_code)]),
    Subject {
        theirs: |pdu| pdu.has("dcerpc.cn_call_id") && pdu.text("dcerpc.cn_flags.first_frag") != "0",
        ..row(
            "dcerpc",
            &["dcerpc"],
            &[("code", dcerpc_code, our_code), ("id", |p| p.number("dcerpc.cn_call_id"), our_id)],
        )
    },
];

/// DNS and its relatives.
const NAMES: &[super::Field] = &[
    ("id", |p| p.number("dns.id"), our_id),
    ("code", |p| p.number("dns.flags.opcode"), our_code),
    ("name", |p| p.text("dns.qry.name").to_owned(), our_name),
    ("refused", dns_refused, our_refusal),
];

fn our_object(message: &Message) -> String {
    message.text("object").to_owned()
}

/// The digits behind a label.
fn behind(text: &str, label: &str) -> String {
    let rest = text.split_once(label).map_or("", |(_, rest)| rest);
    rest.chars().take_while(char::is_ascii_digit).collect()
}

/// We tell the lower half of 64 bits.
fn smb2_id(pdu: &Pdu) -> String {
    let id = number(pdu.text("smb2.msg_id"));
    id.map_or_else(String::new, |id| (id & 0xffff_ffff).to_string())
}

/// Control and private messages (modes 6 and 7) have their own code in the lower byte.
fn our_ntp_mode(message: &Message) -> String {
    let code = message.number("code").unwrap_or(0);
    if code > 0xff { (code >> 8).to_string() } else { code.to_string() }
}

/// Of messages about time.
fn ntp_version(pdu: &Pdu) -> String {
    let timed = number(pdu.text("ntp.flags.mode")).is_some_and(|mode| mode < 6);
    if timed { pdu.number("ntp.flags.vn") } else { String::new() }
}

/// Whom a request asks for; who answers.
fn arp_object(pdu: &Pdu) -> String {
    let asked = pdu.number("arp.opcode") == "1";
    pdu.text(if asked { "arp.dst.proto_ipv4" } else { "arp.src.proto_ipv4" }).to_owned()
}

/// The name without the type behind it.
fn our_name(message: &Message) -> String {
    let object = message.text("object");
    object.rsplit_once(' ').map_or(object, |(name, _)| name).to_owned()
}

fn dns_refused(pdu: &Pdu) -> String {
    if pdu.text("dns.flags.response") == "1" {
        return refused(&pdu.number("dns.flags.rcode"));
    }
    String::new()
}

/// Facility and level as they are on the wire (RFC 5424 clause 6.2.1).
fn syslog_priority(pdu: &Pdu) -> String {
    let parts = number(pdu.text("syslog.facility")).zip(number(pdu.text("syslog.level")));
    parts.map_or_else(String::new, |(facility, level)| (facility * 8 + level).to_string())
}

/// Calls and their answers by the operation that is called, other messages by their kind, where
/// an answer goes with what it answers.
fn dcerpc_code(pdu: &Pdu) -> String {
    let kind = number(pdu.text("dcerpc.pkt_type")).unwrap_or(0);
    match kind {
        0 | 2 | 3 => pdu.number("dcerpc.opnum"),
        12 | 13 => (0x100 + 11).to_string(),
        15 => (0x100 + 14).to_string(),
        _ => (0x100 + kind).to_string(),
    }
}

/// tshark also names the file in what follows, over other ports, from the request.
fn tftp_object(pdu: &Pdu) -> String {
    if !matches!(pdu.text("tftp.opcode"), "1" | "2") {
        return String::new();
    }
    let read = pdu.text("tftp.source_file");
    if read.is_empty() { pdu.text("tftp.destination_file") } else { read }.to_owned()
}
