//! Which protocols move machines, and what others call them.
//!
//! A protocol of ours that is not listed as one of offices and networks counts as industrial, so
//! that a new dissector is held to the rule without being named here: it may claim nothing in
//! traffic that somebody else knows as something else. Sources of the names: the columns of
//! `INDEX.tsv` (tshark's), nDPI's protocol list, the services of Zeek, `app_proto` of Suricata.

/// Our protocols of offices and of networks themselves. A false claim of one of these is a
/// mistake, and no alarm about a machine.
const OFFICE: &[&str] = &[
    "arp", "dcerpc", "dhcp", "dns", "ftp", "ftp-data", "http", "kerberos", "ldap", "lldp", "llmnr",
    "mdns", "nbns", "ntlm", "ntp", "ptp", "rdp", "smb", "snmp", "ssh", "syslog", "telnet", "tftp",
    "tls", "vnc",
];

/// Their names of our protocols, lower case, where they are not ours without the hyphen.
const NAMES: &[(&str, &str)] = &[
    ("umas", "modbus"),
    ("ethernetip", "ethernet-ip"),
    ("ethernet/ip", "ethernet-ip"),
    ("enip", "ethernet-ip"),
    ("cip", "ethernet-ip"),
    ("cip-io", "ethernet-ip"),
    ("ethernet/ip", "cip"),
    ("ethernetip", "cip"),
    ("enip", "cip"),
    ("ssl", "tls"),
    ("ftp_control", "ftp"),
    ("rfb", "vnc"),
    ("smbv1", "smb"),
    ("smbv23", "smb"),
    ("smb2", "smb"),
    ("beckhoffads", "ads"),
    ("dnp3_tcp", "dnp3"),
    ("dnp3_udp", "dnp3"),
    ("iec60870", "iec104"),
    ("opcua", "opc-ua"),
    ("opcua-binary", "opc-ua"),
    ("ptpv2", "ptp"),
    ("dce_rpc", "dcerpc"),
    ("dce/rpc", "dcerpc"),
    ("dce/rpc", "profinet-cm"),
    ("dcerpc", "profinet-cm"),
    ("profinet-io", "profinet-rt"),
    ("profinet-ptcp", "profinet-rt"),
    ("profinet-rt", "profinet-dcp"),
    ("cc-link", "cclink-ief"),
    ("modbus", "umas"),
    ("mqtt", "sparkplug-b"),
];

/// Carriers: who carries one of these inside may well be known by the carrier's name alone.
const INSIDE: &[(&str, &str)] = &[
    ("cip-safety", "cip"),
    ("fsoe", "ethercat"),
    ("profisafe", "profinet-rt"),
    ("abb-rws", "http"),
    ("ros1", "http"),
    ("staubli-soap", "http"),
    ("ur-robot-api", "http"),
];

/// Whether a claim of this protocol says that a machine is moved or told something.
pub(super) fn is_industrial(ours: &str) -> bool {
    !OFFICE.contains(&ours)
}

/// Whether their name can stand for our protocol.
pub(super) fn is_same(theirs: &str, ours: &str) -> bool {
    let carried = || INSIDE.iter().any(|(inside, by)| *inside == ours && is_same(theirs, by));
    theirs == ours
        || theirs == ours.replace('-', "")
        || NAMES.contains(&(theirs, ours))
        || carried()
}

#[cfg(test)]
mod tests {
    use super::{is_industrial, is_same};

    #[test]
    fn a_protocol_that_nobody_listed_is_held_to_the_rule() {
        assert!(is_industrial("kuka-varproxy") && is_industrial("modbus"));
        assert!(!is_industrial("http"));
    }

    #[test]
    fn names_are_the_same_in_every_spelling_and_inside_their_carrier() {
        assert!(is_same("s7commplus", "s7comm-plus") && is_same("iec60870", "iec104"));
        assert!(is_same("enip", "cip-safety"), "through cip");
        assert!(!is_same("http", "modbus") && !is_same("mqtt", "opc-ua"));
    }
}
