//! Stations to assets: the addresses of one device put together.
//!
//! An Ethernet address and an IP address belong to one device if the device said so (ARP, DCP), or
//! if packets of that IP address, and of no other IPv4 address, come from it. An Ethernet address
//! with several IPv4 addresses behind it that it never claimed is a router's, and stays alone.

use std::collections::BTreeMap;
use std::net::IpAddr;

use plant::{Address, Mac};
use wire::Claim;

use crate::role::{Deeds, Reasoned, role};
use crate::station::{Station, StationId, Stations};
use crate::world::World;

/// IP stations behind an Ethernet address.
#[derive(Clone, Copy, Default)]
struct Behind {
    /// The first IPv4 station, and whether there are more.
    v4: (Option<StationId>, bool),
    v6: (Option<StationId>, bool),
}

impl Behind {
    fn add(&mut self, id: StationId, v4: bool) {
        let place = if v4 { &mut self.v4 } else { &mut self.v6 };
        place.1 |= place.0.is_some();
        place.0.get_or_insert(id);
    }

    /// The one IPv4 station; failing that, the only IPv6 station.
    const fn lone(self) -> Option<StationId> {
        match (self.v4, self.v6) {
            ((Some(id), false), _) | ((None, _), (Some(id), false)) => Some(id),
            _ => None,
        }
    }
}

/// One device: its stations, and what it is.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its addresses; the first is what people call it by, an IP address if it has one.
    pub stations: Vec<StationId>,
    /// What it is and why we think so.
    pub role: Option<Reasoned>,
}

/// Every asset, and which asset each station is.
pub struct Assets {
    behind: BTreeMap<Mac, Behind>,
    all: Vec<Asset>,
    /// By station; `None` for groups, unset addresses and those that nobody met.
    of: Vec<Option<usize>>,
}

impl Assets {
    /// Place in [`Assets::all`] of the asset that a station is.
    pub fn of_station(&self, station: StationId) -> Option<usize> {
        self.of.get(station.index()).copied().flatten()
    }

    /// Puts the stations of a world together.
    pub fn of(world: &World) -> Self {
        let stations = &world.stations;
        let mut met = vec![false; stations.len()];
        for (id, station) in stations.iter() {
            mark(&mut met, id, station.sent || !station.claims.is_empty());
        }
        for (_, conversation) in world.conversations() {
            mark(&mut met, conversation.source, true);
            mark(&mut met, conversation.target, true);
        }
        let mut behind = BTreeMap::<Mac, Behind>::new();
        for (id, station) in stations.iter().filter(|(_, station)| !station.is_unset()) {
            if let Address::Ip(ip) = station.address {
                station.macs.iter().for_each(|mac| {
                    behind.entry(*mac).or_default().add(id, ip.is_ipv4());
                });
            }
        }
        let mut assets = Self { behind, all: Vec::new(), of: vec![None; stations.len()] };
        // IP stations first, so that an asset's first station is what people call it by.
        for ethernet in [false, true] {
            for (id, station) in stations.iter() {
                let wanted = matches!(station.address, Address::Mac(_)) == ethernet;
                let here = met.get(id.index()).copied().unwrap_or(false);
                if wanted && here && !station.is_group() && !station.is_unset() {
                    let home = assets.home(stations, station);
                    let home = home.and_then(|home| assets.of_station(home));
                    assets.place(id, home);
                }
            }
        }
        assets.judge_roles(world);
        assets
    }

    /// Every asset, first seen first.
    pub fn all(&self) -> &[Asset] {
        &self.all
    }

    fn judge_roles(&mut self, world: &World) {
        let deeds = Deeds::of(world, self);
        for (asset, deeds) in self.all.iter_mut().zip(deeds) {
            let stations = asset.stations.iter().filter_map(|id| world.stations.get(*id));
            let told: Vec<_> = stations.flat_map(|station| station.roles.iter().copied()).collect();
            asset.role = role(&told, deeds);
        }
    }

    fn place(&mut self, id: StationId, home: Option<usize>) {
        let asset = home.unwrap_or(self.all.len());
        match self.all.get_mut(asset) {
            Some(asset) => asset.stations.push(id),
            None => self.all.push(Asset { stations: vec![id], role: None }),
        }
        if let Some(place) = self.of.get_mut(id.index()) {
            *place = Some(asset);
        }
    }

    /// The station whose device this station also is, if it is known to be another's.
    fn home(&self, stations: &Stations, station: &Station) -> Option<StationId> {
        match station.address {
            Address::Mac(mac) => {
                let claimed = station.claims.iter().filter(|claim| claim.claim != Claim::Imposed);
                let claimed = claimed.filter_map(|claim| stations.find(Address::Ip(claim.ip)));
                // Who claims an address whose packets come from elsewhere is another device: a
                // spoofer must not hide inside its victim.
                let claimed = claimed.filter(|ip| {
                    let from = stations.get(*ip).and_then(|ip| ip.macs.first());
                    from.is_none_or(|from| *from == mac)
                });
                let lone = self.lone_ip(mac).filter(|ip| !claims_others(stations, mac, *ip));
                claimed.chain(lone).next()
            }
            // A second address (IPv6 beside IPv4) behind the same Ethernet address.
            Address::Ip(IpAddr::V6(_)) => {
                let [mac] = station.macs.as_slice() else { return None };
                self.lone_ip(*mac).filter(|home| {
                    stations.get(*home).is_some_and(|home| home.address != station.address)
                })
            }
            Address::Ip(IpAddr::V4(_)) => None,
        }
    }

    fn lone_ip(&self, mac: Mac) -> Option<StationId> {
        self.behind.get(&mac).and_then(|behind| behind.lone())
    }

    /// Ethernet addresses of an IP station that are its own and not a router's.
    pub fn own_macs(&self, stations: &Stations, id: StationId) -> Vec<Mac> {
        let macs = stations.get(id).map(|station| station.macs.as_slice()).unwrap_or_default();
        let own = |mac: &Mac| self.lone_ip(*mac) == Some(id) && !claims_others(stations, *mac, id);
        macs.iter().copied().filter(own).collect()
    }
}

/// Whether an Ethernet station claims addresses, and not this one: a router's, whose packets come
/// from elsewhere.
fn claims_others(stations: &Stations, mac: Mac, ip: StationId) -> bool {
    let station = stations.find(Address::Mac(mac)).and_then(|id| stations.get(id));
    let claims = station.map(|station| station.claims.as_slice()).unwrap_or_default();
    let wanted = stations.get(ip).map(|ip| ip.address);
    let same = |claim: &crate::AddressClaim| Some(Address::Ip(claim.ip)) == wanted;
    !claims.is_empty() && !claims.iter().any(same)
}

fn mark(met: &mut [bool], id: StationId, value: bool) {
    if let Some(known) = met.get_mut(id.index()) {
        *known |= value;
    }
}
