//! Who holds which IP address: claims of Ethernet stations, and those that conflict.

use flow::{StationId, World};
use plant::Address;
use wire::Claim;

/// Whether `station`'s claim of `ip` conflicts with another's; the other one.
///
/// Only claims that stations make of themselves conflict. One device may have several MAC
/// addresses behind one IP over time (a replaced device, a redundant pair), so the finding says
/// who claimed, not who is right. Addresses that were never claimed on Ethernet are those of
/// stations behind routers, and say nothing.
pub(crate) fn conflict(
    world: &World,
    station: StationId,
    ip: StationId,
    claim: Claim,
) -> Option<StationId> {
    let address = world.stations.get(ip)?.address;
    let Address::Ip(wanted) = address else { return None };
    if claim != Claim::Own || wanted.is_unspecified() {
        return None;
    }
    world.stations.iter().find_map(|(other, known)| {
        let own = |held: &flow::AddressClaim| held.ip == wanted && held.claim == Claim::Own;
        (other != station && known.claims.iter().any(own)).then_some(other)
    })
}
