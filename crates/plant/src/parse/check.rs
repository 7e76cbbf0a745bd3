//! What sections say together: addresses, networks, conduits.

use std::collections::{BTreeMap, BTreeSet};

use std::net::IpAddr;

use super::section::Log;
use crate::address::Address;
use crate::model::{Asset, Conduit, Endpoint, Plant, ZoneId};
use crate::network::Network;
use crate::source::Place;

pub(super) fn check(plant: &Plant, log: &mut Log<'_>) {
    networks(plant, log);
    addresses(plant, log);
    let mut names: BTreeMap<&str, Place> = BTreeMap::new();
    for conduit in &plant.conduits {
        if conduit.name.is_empty() {
            continue;
        }
        let first = *names.entry(&conduit.name).or_insert(conduit.place);
        if first != conduit.place {
            let message = format!("conduit `{}` is declared twice", conduit.name);
            log.error(conduit.place, message).related = Some((first, "first declared here"));
        }
    }
    for conduit in &plant.conduits {
        self::conduit(plant, conduit, log);
    }
}

/// Every network with its zone, wider ones before those in them.
fn sorted(plant: &Plant) -> Vec<(Network, ZoneId)> {
    let rows = plant.zones.iter().enumerate();
    let mut all: Vec<_> = rows
        .flat_map(|(at, zone)| zone.networks.iter().map(move |n| (*n, ZoneId::at(at))))
        .collect();
    all.sort_by_key(|(network, _)| (network.first(), network.bits()));
    all
}

/// Two zones may not claim the same network; one within another is legal and worth a warning,
/// because a prefix typed too short swallows its neighbours.
fn networks(plant: &Plant, log: &mut Log<'_>) {
    let mut around: Vec<(Network, ZoneId)> = Vec::new();
    for (network, id) in sorted(plant) {
        while around.last().is_some_and(|(outer, _)| !outer.covers(network)) {
            around.pop();
        }
        if let Some(&(outer, other)) = around.last()
            && let (Some(zone), Some(wide)) = (plant.zone(id), plant.zone(other))
        {
            let related = Some((wide.place, "the other zone"));
            if outer == network && other == id {
                log.error(zone.place, format!("`{network}` is listed twice"));
            } else if outer == network {
                let message = format!("`{network}` is also a network of zone `{}`", wide.name);
                log.error(zone.place, message).related = related;
            } else if other != id {
                let message = format!("`{network}` lies in `{outer}` of zone `{}`", wide.name);
                let warning = log.warn(zone.place, message);
                warning.hint = Some("the narrower network decides to which zone it belongs".into());
                warning.related = related;
            }
        }
        around.push((network, id));
    }
}

/// The zone whose networks hold `ip`, by the narrowest.
fn home(sorted: &[(Network, ZoneId)], ip: IpAddr) -> Option<(Network, ZoneId)> {
    let after = sorted.partition_point(|(network, _)| network.first() <= ip);
    let before = sorted.get(..after).unwrap_or_default();
    // Ranges nest, so the last one that holds the address is the narrowest.
    before.iter().rev().find(|(network, _)| network.contains(ip)).copied()
}

fn addresses(plant: &Plant, log: &mut Log<'_>) {
    let networks = sorted(plant);
    let mut owners: BTreeMap<Address, &Asset> = BTreeMap::new();
    for asset in &plant.assets {
        for &address in &asset.addresses {
            if let Some(first) = owners.insert(address, asset) {
                let message = if std::ptr::eq(first, asset) {
                    format!("asset `{}` lists `{address}` twice", asset.name)
                } else {
                    format!("assets `{}` and `{}` both have `{address}`", first.name, asset.name)
                };
                log.error(asset.place, message).related = Some((first.place, "the other asset"));
            }
            address_alone(plant, &networks, (asset, address), log);
        }
    }
}

fn address_alone(
    plant: &Plant,
    networks: &[(Network, ZoneId)],
    (asset, address): (&Asset, Address),
    log: &mut Log<'_>,
) {
    let group = match address {
        Address::Mac(mac) => mac.is_group() || mac.is_unset(),
        Address::Ip(ip) => {
            ip.is_multicast() || ip.is_unspecified() || ip == std::net::Ipv4Addr::BROADCAST
        }
    };
    let name = &asset.name;
    if group {
        log.error(asset.place, format!("`{address}` of asset `{name}` is no station's address"));
        return;
    }
    let (Address::Ip(ip), Some(zone)) = (address, plant.zone(asset.zone)) else { return };
    let own = zone.networks.iter().any(|network| network.contains(ip));
    match home(networks, ip).filter(|(_, id)| *id != asset.zone) {
        Some((network, id)) if !own => {
            let other = plant.zone(id).map_or("", |zone| zone.name.as_str());
            let message = format!(
                "`{ip}` of asset `{name}` lies in `{network}` of zone `{other}`, not in zone `{}`",
                zone.name
            );
            log.warn(asset.place, message).hint = Some(
                "the asset's own `zone` decides; a fence by networks would see the other".into(),
            );
        }
        // Link-local addresses are of no routed network.
        _ if !own && !zone.networks.is_empty() && !is_link_local(ip) => {
            let message = format!("`{ip}` of asset `{name}` is in no network of its zone");
            let list: Vec<_> = zone.networks.iter().map(ToString::to_string).collect();
            log.warn(asset.place, message).hint =
                Some(format!("zone `{}` has {}", zone.name, list.join(", ")));
        }
        _ => {}
    }
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

fn conduit(plant: &Plant, conduit: &Conduit, log: &mut Log<'_>) {
    let name = &conduit.name;
    for (key, list) in [("from", &conduit.from), ("to", &conduit.to)] {
        let mut seen = BTreeSet::new();
        for end in list {
            if !seen.insert(end) {
                let end = plant.endpoint(*end);
                log.warn(conduit.place, format!("`{key}` lists `{end}` twice"));
            }
        }
    }
    let same = matches!((&conduit.from[..], &conduit.to[..]),
        ([Endpoint::Asset(from)], [Endpoint::Asset(to)]) if from == to);
    if same || (conduit.from == [Endpoint::Outside] && conduit.to == [Endpoint::Outside]) {
        log.error(conduit.place, format!("conduit `{name}` leads from a place to itself"));
    }
    for rule in &conduit.allow {
        let Some(asset) = rule.on.and_then(|id| plant.asset(id).map(|asset| (id, asset))) else {
            continue;
        };
        let reached = conduit.to.iter().any(|end| match end {
            Endpoint::Asset(id) => *id == asset.0,
            Endpoint::Zone(id) => *id == asset.1.zone,
            Endpoint::Any => true,
            Endpoint::Outside => false,
        });
        if !reached {
            let message = format!("conduit `{name}` does not lead to asset `{}`", asset.1.name);
            log.error(rule.place, message).hint =
                Some(format!("add `asset:{}` to its `to`", asset.1.name));
        }
    }
    let mut seen: BTreeMap<&str, Place> = BTreeMap::new();
    for rule in &conduit.allow {
        if let Some(first) = seen.insert(&rule.text, rule.place) {
            log.warn(rule.place, format!("`{}` is listed twice", rule.text)).related =
                Some((first, "first here"));
        }
    }
}
