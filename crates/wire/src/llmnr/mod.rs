//! Link-local multicast name resolution: how Windows stations ask a segment for a name.
//!
//! Read by `dns`, whose message it shares. Source: RFC 4795 clause 2.1.

use crate::dns::{Dns, Flavour, codes, identify_hinted};
use crate::session::{Depth, Entry, Hint};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "llmnr",
    title: "LLMNR",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Udp(5355)],
    operations: &[codes::OPCODES],
    identify: Some(identify_hinted),
    open: || Box::new(Dns::new(Flavour::LinkLocal)),
};
