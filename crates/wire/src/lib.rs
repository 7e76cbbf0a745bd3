//! Dissectors: bytes of the network in, borrowed messages out. One directory per protocol.
//!
//! A protocol is a [`Session`] that reads one PDU at a time and hands each application message
//! to a [`Sink`]. Everything a message says is borrowed from the packet; rendering happens only
//! when somebody looks. Pure, and it never panics on any bytes. It deliberately does not
//! reassemble, time or count: that is `flow`. To add a protocol, see
//! `docs/adding-a-protocol.md`: a directory here, its `mod` line, and one row in [`table`].

mod ber;
mod checksum;
mod credentials;
mod iso_tsap;
mod kuka_xml;
mod md5;
mod message;
mod ntlm;
mod pending;
mod piece;
mod protobuf;
mod reader;
mod session;
pub mod table;
#[cfg(test)]
mod testing;
mod text;
mod xml;

pub mod abb_egm;
pub mod abb_rws;
pub mod ads;
pub mod arp;
pub mod bacnet;
pub mod cclink_ief;
pub mod cip;
pub mod cip_safety;
pub mod codesys;
pub mod dcerpc;
pub mod denso_bcap;
pub mod dhcp;
pub mod dnp3;
pub mod dns;
pub mod ethercat;
pub mod ethernet_ip;
pub mod fanuc_rmi;
pub mod fanuc_snpx;
pub mod fanuc_stream_motion;
pub mod fins;
pub mod fsoe;
pub mod ftp;
pub mod ftp_data;
pub mod ge_srtp;
pub mod http;
pub mod iec104;
pub mod kerberos;
pub mod kuka_c3;
pub mod kuka_eki;
pub mod kuka_rsi;
pub mod kuka_varproxy;
pub mod ldap;
pub mod lldp;
pub mod llmnr;
pub mod mdns;
pub mod melsec;
pub mod mitsubishi_r3;
pub mod modbus;
pub mod mqtt;
pub mod nbns;
pub mod ntp;
pub mod opc_ua;
pub mod opensafety;
pub mod profinet_cm;
pub mod profinet_dcp;
pub mod profinet_rt;
pub mod profisafe;
pub mod ptp;
pub mod rdp;
pub mod ros1;
pub mod rtps;
pub mod s7comm;
pub mod s7comm_plus;
pub mod simple_message;
pub mod smb;
pub mod snmp;
pub mod sparkplug_b;
pub mod ssh;
pub mod staubli_soap;
pub mod syslog;
pub mod telnet;
pub mod tftp;
pub mod tls;
pub mod ufactory_xarm;
pub mod umas;
pub mod ur_dashboard;
pub mod ur_primary;
pub mod ur_robot_api;
pub mod ur_rtde;
pub mod vnc;
pub mod yaskawa_hses;

pub use message::{
    Anomaly, Blame, Claim, Fact, Field, Kind, Message, Object, Outcome, Role, Subject,
};
pub use pending::Pending;
pub use piece::{Part, Piece, program_kind};
pub use reader::Reader;
pub use session::{
    Basis, Depth, Entry, Guess, Hint, Noted, Probe, Realm, Session, Side, Sink, Step, Transport,
};
pub use table::{Effect, Operation, Protocol};
pub use text::{Text, Utf16};
