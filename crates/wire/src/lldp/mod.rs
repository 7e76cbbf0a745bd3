//! LLDP: what stations tell their neighbours of themselves.
//!
//! ```text
//!  0                2
//!  +------+---------+--------------
//!  | type | length  | value ...       7 bits of type, 9 bits of length; then the next TLV
//!  +------+---------+--------------
//! ```
//! Chassis id, port id and time to live come first; what follows is read for names, products and
//! management addresses. Facts are about chassis or interface, for frames come from the address
//! of the port. Other organizations' TLVs are passed over. Sources: IEEE 802.1AB-2016 clauses 8
//! and 9; IEC 61158-6-10 4.12 (PROFINET); ANSI/TIA-1057 (LLDP-MED).

pub mod codes;
mod description;
#[cfg(test)]
mod tests;
mod unit;

use arrayvec::ArrayVec;

use crate::message::{Claim, Fact, Field, Kind, Message, Object, Role};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::Protocol;
use crate::{Reader, Text};
use unit::Unit;

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "lldp",
    title: "LLDP",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Ether(ETHERTYPE)],
    operations: &[
        std::slice::from_ref(&codes::ADVERTISEMENT),
        std::slice::from_ref(&codes::SHUTDOWN),
    ],
    identify: Some(identify),
    open: || Box::new(Lldp),
};

/// EtherType of LLDP (IEEE 802.1AB-2016 table 7-2).
const ETHERTYPE: u16 = 0x88cc;
/// Facts of one message: 6 of a description, 6 of an LLDP-MED inventory, name, addresses, role.
const FACTS_MAX: usize = 16;

/// LLDP keeps no state: every advertisement tells all.
struct Lldp;

impl Session for Lldp {
    fn parse(&mut self, _: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let unit = Unit::read(bytes);
        if unit.chassis.is_none() && unit.port.is_none() {
            return Step::Lost;
        }
        let texts = texts(&unit);
        let about = unit.station();
        let mut facts: ArrayVec<Fact<'_>, FACTS_MAX> = texts
            .iter()
            .map(|(field, text)| Fact::Identity { about, field: *field, value: text as &Text<'_> })
            .collect();
        // elsewhere the management address may be that of any interface, so it is no claim
        let own =
            unit.addresses.iter().filter(|ip| unit.interface.is_some() && !ip.is_unspecified());
        for ip in own {
            let _ = facts.try_push(Fact::Address { about, ip: *ip, claim: Claim::Own });
        }
        if let Some((role, reason)) = role(&unit) {
            let _ = facts.try_push(Fact::Role { about, role, reason });
        }
        let leaves = unit.time_to_live == Some(0);
        let operation = if leaves { &codes::SHUTDOWN } else { &codes::ADVERTISEMENT };
        let place = unit.place();
        out.message(&Message {
            object: Object::Named(&place),
            values: Some(&unit),
            anomalies: &unit.anomalies,
            facts: if leaves { &[] } else { &facts },
            ..Message::new(Protocol::LLDP, Kind::Notice, operation, operation.code)
        });
        Step::Read(bytes.len())
    }
}

/// What the unit tells as text, at most one of each field, the clearest source first.
fn texts<'a>(unit: &Unit<'a>) -> ArrayVec<(Field, Text<'a>), 12> {
    let mut texts = unit.inventory.clone();
    let mut tell = |field, text: Text<'a>| {
        if !text.0.is_empty() && texts.iter().all(|(known, _)| *known != field) {
            let _ = texts.try_push((field, text));
        }
    };
    if let Some(name) = unit.system_name {
        tell(Field::Name, name);
    } else if let Some(name) = unit.station_name() {
        tell(Field::Name, name);
    }
    for (field, text) in unit.description.map(description::fields).unwrap_or_default() {
        tell(field, text);
    }
    texts
}

/// What the enabled capabilities say of the station. Field devices with two ports are bridges too,
/// so PROFINET stations say nothing by that bit.
fn role(unit: &Unit<'_>) -> Option<(Role, &'static str)> {
    let enabled = unit.capabilities?;
    if enabled & codes::TELEPHONE != 0 {
        return Some((Role::Workstation, "LLDP capability telephone"));
    }
    if enabled & codes::ACCESS_POINT != 0 {
        return Some((Role::Network, "LLDP capability WLAN access point"));
    }
    if unit.profinet {
        return None;
    }
    if enabled & codes::ROUTER != 0 {
        Some((Role::Network, "LLDP capability router"))
    } else if enabled & codes::BRIDGE != 0 {
        Some((Role::Network, "LLDP capability bridge"))
    } else {
        None
    }
}

/// The EtherType and a first TLV of type chassis id.
fn identify(probe: &Probe<'_>) -> Guess {
    let first = Reader::new(probe.bytes).u8().map(|byte| byte >> 1);
    match probe.transport {
        Transport::Ether(ETHERTYPE) if first == Some(codes::tlv::CHASSIS) => {
            Guess::Yes(Some(Side::Client))
        }
        Transport::Ether(_) | Transport::Tcp | Transport::Udp | Transport::Ip(_) => Guess::No,
    }
}
