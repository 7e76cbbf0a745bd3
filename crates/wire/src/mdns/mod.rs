//! Multicast DNS: stations of a segment tell their own names, models and services.
//!
//! Read by `dns`, whose message it shares. Sources: RFC 6762 clause 18, RFC 6763.

use crate::dns::{Dns, Flavour, codes, identify_hinted};
use crate::session::{Depth, Entry, Hint};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "mdns",
    title: "Multicast DNS",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Udp(5353)],
    operations: &[codes::OPCODES],
    identify: Some(identify_hinted),
    open: || Box::new(Dns::new(Flavour::Multicast)),
};
