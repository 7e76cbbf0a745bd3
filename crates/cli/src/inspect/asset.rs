//! Stations to assets: the addresses of one device put together.
//!
//! An Ethernet address and an IP address belong to one device if the device said so (ARP, DCP), or
//! if packets of that IP address, and of no other IPv4 address, come from it. An Ethernet address
//! with several IPv4 addresses behind it that it never claimed is a router's, and stays alone.

use std::net::IpAddr;

use flow::{Station, StationId, Stations, World};
use plant::{Address, Mac};
use wire::Claim;

/// Which asset each station is.
pub(crate) struct Merged {
    /// Stations of each asset, in order of first sight.
    pub(crate) assets: Vec<Vec<StationId>>,
    /// By station; `None` for groups, unset addresses and those that nobody met.
    of: Vec<Option<usize>>,
}

impl Merged {
    /// The asset that a station is.
    pub(crate) fn asset(&self, station: StationId) -> Option<usize> {
        self.of.get(station.index()).copied().flatten()
    }

    /// Puts the stations of a world together.
    pub(crate) fn of(world: &World) -> Self {
        let stations = &world.stations;
        let mut met = vec![false; stations.len()];
        for (id, station) in stations.iter() {
            mark(&mut met, id, station.sent || !station.claims.is_empty());
        }
        for (_, conversation) in world.conversations() {
            mark(&mut met, conversation.source, true);
            mark(&mut met, conversation.target, true);
        }
        let mut merged = Self { assets: Vec::new(), of: vec![None; stations.len()] };
        // IP stations first, so that an asset's first station is what people call it by.
        for ethernet in [false, true] {
            for (id, station) in stations.iter() {
                let wanted = matches!(station.address, Address::Mac(_)) == ethernet;
                let here = met.get(id.index()).copied().unwrap_or(false);
                if wanted && here && !station.is_group() && !station.is_unset() {
                    let home = home(stations, station).and_then(|home| merged.asset(home));
                    merged.place(id, home);
                }
            }
        }
        merged
    }

    fn place(&mut self, id: StationId, home: Option<usize>) {
        let asset = home.unwrap_or(self.assets.len());
        match self.assets.get_mut(asset) {
            Some(stations) => stations.push(id),
            None => self.assets.push(vec![id]),
        }
        if let Some(place) = self.of.get_mut(id.index()) {
            *place = Some(asset);
        }
    }
}

fn mark(met: &mut [bool], id: StationId, value: bool) {
    if let Some(known) = met.get_mut(id.index()) {
        *known |= value;
    }
}

/// The station whose device this station also is, if it is known to be another's.
fn home(stations: &Stations, station: &Station) -> Option<StationId> {
    match station.address {
        Address::Mac(mac) => {
            let claimed = station.claims.iter().filter(|claim| claim.claim != Claim::Imposed);
            let claimed = claimed.filter_map(|claim| stations.find(Address::Ip(claim.ip)));
            claimed.chain(lone_ip(stations, mac)).next()
        }
        // A second address (IPv6 beside IPv4) behind the same Ethernet address.
        Address::Ip(IpAddr::V6(_)) => {
            let mac = station.macs.first().copied().filter(|_| station.macs.len() == 1)?;
            lone_ip(stations, mac).filter(|home| {
                stations.get(*home).is_some_and(|home| home.address != station.address)
            })
        }
        Address::Ip(IpAddr::V4(_)) => None,
    }
}

/// Ethernet addresses of an IP station that are its own and not a router's.
pub(crate) fn own_macs(stations: &Stations, id: StationId) -> impl Iterator<Item = Mac> {
    let macs = stations.get(id).map(|station| station.macs.as_slice()).unwrap_or_default();
    macs.iter().copied().filter(move |mac| lone_ip(stations, *mac) == Some(id))
}

/// The one IPv4 station behind an Ethernet address; failing that, its only IPv6 station.
fn lone_ip(stations: &Stations, mac: Mac) -> Option<StationId> {
    let behind = |v4: bool| {
        let mut all = stations.iter().filter(move |(_, other)| {
            matches!(other.address, Address::Ip(ip) if ip.is_ipv4() == v4)
                && other.macs.contains(&mac)
                && !other.is_unset()
        });
        let first = all.next().map(|(id, _)| id);
        if all.next().is_some() { Err(()) } else { Ok(first) }
    };
    match behind(true) {
        Ok(Some(id)) => Some(id),
        Ok(None) => behind(false).ok().flatten(),
        Err(()) => None,
    }
}
