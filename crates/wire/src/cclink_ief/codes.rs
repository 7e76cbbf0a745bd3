//! CC-Link IE Field Basic code points: SLMP commands and end codes.
//!
//! Sources: the header of CLPA's slave sample code ("CCIEF-BASIC sample", 2016); the stack of
//! rt-labs ("c-link"), which names the clauses of BAP-C2010ENG-004 that it implements.

use plant::Intent::{Administer, Observe, Operate, Unknown};

use crate::table::{Effect, Operation};

/// SLMP commands of the network. Cyclic data writes the outputs of the stations; their answer is
/// shown as observing.
pub static COMMANDS: &[Operation] = &[
    Operation::new(0x0e70, "cyclic data", Operate, "CCIEF-BASIC sample, CYCLIC_DATA"),
    Operation::new(0x0e30, "node search", Observe, "c-link, cciefb primer: commands")
        .with(Effect::Discover),
    Operation::new(0x0e31, "ip address set", Administer, "c-link, cciefb primer: commands")
        .with(Effect::SetAddress),
];

/// An answer whose request was not seen, and that is no cyclic data.
pub static RESPONSE: Operation = Operation::new(0, "response", Unknown, "c-link, SLMP header");

/// Command of cyclic data.
pub const CYCLIC: u16 = 0x0e70;
/// Command that searches for stations.
pub const NODE_SEARCH: u16 = 0x0e30;
/// Command that gives a station its address.
pub const IP_ADDRESS_SET: u16 = 0x0e31;

/// Name of an end code; empty if unlisted.
pub(super) const fn end_code(code: u16) -> &'static str {
    match code {
        0xcfe0 => "duplicate of the master",
        0xcfe1 => "invalid number of occupied stations",
        0xcff0 => "error of the slave",
        0xcfff => "disconnected by the slave",
        _ => "",
    }
}
