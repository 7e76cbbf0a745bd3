//! Who holds which IP address: claims of Ethernet stations, and those that conflict.

use std::collections::BTreeMap;

use flow::StationId;
use wire::Claim;

/// The first station that claimed each IP address for itself.
///
/// Only claims that stations make of themselves conflict. One device may have several MAC
/// addresses behind one IP over time (a replaced device, a redundant pair), so a conflict says who
/// claimed, not who is right. Bounded by the stations that the tracker remembers.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    first: BTreeMap<StationId, StationId>,
}

impl Holders {
    /// `station` claims `ip`; another station that had claimed it before.
    pub(crate) fn claim(
        &mut self,
        station: StationId,
        ip: StationId,
        claim: Claim,
    ) -> Option<StationId> {
        if claim != Claim::Own {
            return None;
        }
        let first = *self.first.entry(ip).or_insert(station);
        (first != station).then_some(first)
    }
}
