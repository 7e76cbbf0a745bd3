//! Stations seen to assets and zones proposed.
//!
//! Which addresses are one asset, and what it is, is `flow`'s to say. Zones are subnets by the
//! Purdue level of that role.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use flow::{Assets, Station, World};
use plant::{Address, Asset, AssetKind, Identity, Level, Network, Place, Plant, Zone, ZoneId};
use wire::Field;

use super::{Lesson, evidence};

/// Assets proposed; a cell has hundreds at most, and a scan must not make a plant of all targets.
const ASSETS_MAX: usize = 20_000;

/// Zones and assets, with the comment lines of each.
pub(super) struct Found {
    pub(super) plant: Plant,
    pub(super) zones: Vec<Vec<String>>,
    pub(super) assets: Vec<Vec<String>>,
}

/// One asset to propose.
struct Device<'a> {
    stations: Vec<&'a Station>,
    addresses: BTreeSet<Address>,
    role: Option<flow::Reasoned>,
}

pub(super) fn find(world: &World, lessons: &[Vec<Lesson>]) -> Found {
    let devices = devices(world, lessons);
    let mut plant = Plant::default();
    let (mut zones, mut assets) = (Vec::new(), Vec::new());
    let keys = keys(&devices);
    let mut ids: BTreeMap<Key, ZoneId> = BTreeMap::new();
    for key in &keys {
        let next = ZoneId::at(ids.len());
        ids.entry(*key).or_insert(next);
    }
    let mut ordered: Vec<_> = ids.iter().collect();
    ordered.sort_by_key(|(_, id)| **id);
    let owners = owners(&devices, &keys);
    for (&key, _) in ordered {
        let members = keys.iter().filter(|other| **other == key);
        let (zone, comment) = zone(key, &owners, members.count());
        plant.zones.push(zone);
        zones.push(comment);
    }
    let mut names = BTreeSet::new();
    for (device, key) in devices.iter().zip(&keys) {
        let Some(zone) = ids.get(key) else { continue };
        let name = unique(&mut names, &device.name());
        plant.assets.push(device.asset(name, *zone));
        assets.push(device.comment(key.1));
    }
    Found { plant, zones, assets }
}

/// What part an asset has in what was learned.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Speaks,
    /// It answers a protocol of machines, or is asked in it.
    Serves,
}

/// The part of each asset in what was learned, by its place.
fn parts(world: &World, grouped: &Assets, lessons: &[Vec<Lesson>]) -> BTreeMap<usize, Part> {
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    for ((_, conversation), lessons) in world.conversations().zip(lessons) {
        if lessons.is_empty() {
            continue;
        }
        let of = |lesson: &Lesson| lesson.protocol.entry().realm.is_machine();
        let served = if lessons.iter().any(of) { Part::Serves } else { Part::Speaks };
        for (id, part) in [(conversation.source, Part::Speaks), (conversation.target, served)] {
            if let Some(asset) = grouped.of_station(id) {
                let known = parts.entry(asset).or_insert(part);
                *known = part.max(*known);
            }
        }
    }
    parts
}

fn devices<'a>(world: &'a World, lessons: &[Vec<Lesson>]) -> Vec<Device<'a>> {
    let grouped = Assets::of(world);
    let parts = parts(world, &grouped, lessons);
    let stations = &world.stations;
    // An address may be one asset's only; what a station itself speaks from comes first.
    let mut taken: BTreeSet<Address> =
        stations.iter().map(|(_, station)| station.address).collect();
    let mut devices = Vec::new();
    for (place, asset) in grouped.all().iter().enumerate() {
        let members: Vec<_> = asset.stations.iter().filter_map(|id| stations.get(*id)).collect();
        let mut addresses: BTreeSet<_> = members.iter().map(|station| station.address).collect();
        let macs = asset.stations.iter().flat_map(|id| grouped.own_macs(stations, *id));
        let macs: Vec<_> = macs.map(Address::Mac).collect();
        let part = parts.get(&place).copied();
        // Plants with public addresses exist; who answers a machine's protocol is a machine.
        let here = !macs.is_empty() || part == Some(Part::Serves);
        let known = part.is_some() || members.iter().any(|station| station.sent);
        if !known || !addresses.iter().any(|address| is_local(*address, here)) {
            continue;
        }
        if devices.len() == ASSETS_MAX {
            break;
        }
        addresses.extend(macs.into_iter().filter(|mac| taken.insert(*mac)));
        devices.push(Device { stations: members, addresses, role: asset.role });
    }
    devices.sort_by_key(|device| device.ordered().first().copied());
    devices
}

/// Whether the address is one device's of the plant: a private one, or any that is seen to be
/// `here`.
fn is_local(address: Address, here: bool) -> bool {
    match address {
        Address::Mac(_) => true,
        Address::Ip(IpAddr::V4(v4)) => {
            let shared = matches!(v4.octets(), [100, 64..128, ..]);
            here || shared || v4.is_private() || v4.is_link_local() || v4.is_loopback()
        }
        Address::Ip(IpAddr::V6(v6)) => {
            here || v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_loopback()
        }
    }
}

/// The zone of each device, by subnet and level.
fn keys(devices: &[Device<'_>]) -> Vec<Key> {
    let subnets: BTreeSet<_> = devices.iter().filter_map(Device::subnet).collect();
    // Devices without an IP address are on the segment that was recorded; if it has one subnet,
    // that is theirs.
    let only = subnets.first().copied().filter(|_| subnets.len() == 1);
    devices.iter().map(|device| (device.subnet().or(only), device.level())).collect()
}

/// A zone by what makes it: subnet and level.
type Key = (Option<Network>, Level);

/// The zones that have addresses in each subnet.
fn owners(devices: &[Device<'_>], keys: &[Key]) -> BTreeMap<Network, BTreeSet<Key>> {
    let mut owners: BTreeMap<Network, BTreeSet<Key>> = BTreeMap::new();
    for (device, key) in devices.iter().zip(keys) {
        for subnet in device.subnets() {
            owners.entry(subnet).or_default().insert(*key);
        }
    }
    owners
}

/// A zone lists its subnets only if all of them are its own: of a shared one nobody could say to
/// which zone an unknown station in it belongs.
fn zone(
    key: Key,
    owners: &BTreeMap<Network, BTreeSet<Key>>,
    members: usize,
) -> (Zone, Vec<String>) {
    let (subnet, level) = key;
    let mut comment = vec![format!("{members} asset{}", if members == 1 { "" } else { "s" })];
    let own = owners.iter().filter(|(_, zones)| zones.contains(&key));
    let (own, shared): (Vec<_>, Vec<_>) = own.partition(|(_, zones)| zones.len() == 1);
    let mut networks: Vec<_> = own.into_iter().map(|(network, _)| *network).collect();
    if let Some((network, _)) = shared.first() {
        networks.clear();
        comment.push(format!(
            "no networks: stations of other levels share {network}; separate them, then list it"
        ));
    }
    let place = subnet.map_or_else(|| "ethernet".to_owned(), |net| word(&net.first().to_string()));
    let name = format!("level-{level}-{place}");
    let place = Place::default();
    (Zone { name, level, target: None, networks, vlan: None, note: None, place }, comment)
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

/// The /24, of IPv6 the /64, that an address most likely lives in.
fn subnet_of(ip: IpAddr) -> Network {
    match ip {
        // RFC 3927 section 2.1: the whole /16 is one link.
        IpAddr::V4(v4) if v4.is_link_local() => Network::of(ip, 16),
        IpAddr::V4(_) => Network::of(ip, 24),
        IpAddr::V6(_) => Network::of(ip, 64),
    }
}

impl Device<'_> {
    fn told(&self, field: Field) -> Option<&str> {
        self.stations.iter().find_map(|station| station.told(field))
    }

    /// The level of its zone: what works on one subnet below, with or above supervision belongs
    /// together, so a cell is not cut between a controller and its devices. Without a role it
    /// takes no part in the process.
    fn level(&self) -> Level {
        match self.role.map_or(Level::Operations, |reasoned| flow::level(reasoned.role)) {
            Level::Process | Level::Control => Level::Control,
            Level::Supervision => Level::Supervision,
            Level::Operations | Level::Dmz | Level::Business | Level::Enterprise => {
                Level::Operations
            }
        }
    }

    fn ips(&self) -> impl Iterator<Item = IpAddr> {
        self.stations.iter().filter_map(|station| match station.address {
            Address::Ip(ip) => Some(ip),
            Address::Mac(_) => None,
        })
    }

    /// The subnet that it lives in: that of its first routed address, else of its first.
    fn subnet(&self) -> Option<Network> {
        self.ips().min_by_key(|ip| (is_link_local(*ip), ip.is_ipv6())).map(subnet_of)
    }

    /// The routed subnets that it has addresses in.
    fn subnets(&self) -> impl Iterator<Item = Network> {
        self.ips().filter(|ip| !is_link_local(*ip)).map(subnet_of)
    }

    fn name(&self) -> String {
        let told = [Field::Name, Field::Hostname].into_iter().find_map(|field| self.told(field));
        let told = told.map(word).filter(|name| name.chars().any(char::is_alphabetic));
        told.unwrap_or_else(|| {
            let kind = self.role.map_or("host", |reasoned| reasoned.role.name());
            let of = |family: fn(&Address) -> bool| self.addresses.iter().find(|a| family(a));
            let address = of(|address| matches!(address, Address::Ip(ip) if ip.is_ipv4()))
                .or_else(|| of(|address| matches!(address, Address::Ip(_))))
                .or_else(|| self.addresses.first());
            let address = address.map(ToString::to_string).unwrap_or_default();
            format!("{kind}-{}", word(&address))
        })
    }

    fn asset(&self, name: String, zone: ZoneId) -> Asset {
        let told = |field| self.told(field).map(printable).filter(|text| !text.is_empty());
        Asset {
            name,
            zone,
            kind: self.role.and_then(|reasoned| AssetKind::by_name(reasoned.role.name())),
            identity: Identity {
                vendor: told(Field::Vendor),
                model: told(Field::Product),
                order_code: told(Field::OrderCode),
                serial: told(Field::Serial),
                firmware: told(Field::Firmware),
                hardware: told(Field::Hardware),
                location: told(Field::Location),
                owner: None,
                note: None,
            },
            addresses: self.ordered(),
            programs: Vec::new(),
            place: Place::default(),
        }
    }

    /// IP addresses first.
    fn ordered(&self) -> Vec<Address> {
        let mut addresses: Vec<_> = self.addresses.iter().copied().collect();
        addresses.sort_by_key(|address| (matches!(address, Address::Mac(_)), *address));
        addresses
    }

    fn comment(&self, level: Level) -> Vec<String> {
        let reason = self.role.map_or("it shows no role", |reasoned| reasoned.reason);
        let mut lines = vec![format!("level {level}: {reason}")];
        let frames: u64 = self.stations.iter().map(|station| station.frames).sum();
        let first = self.stations.iter().map(|station| station.first_seen).min();
        let last = self.stations.iter().map(|station| station.last_seen).max();
        if let (Some(first), Some(last), 1..) = (first, last, frames) {
            let (first, last) = (evidence::seconds(first), evidence::seconds(last));
            lines.push(format!("{frames} frames sent, seen from {first} to {last}"));
        } else {
            lines.push("it sent nothing: it was only talked to".to_owned());
        }
        lines
    }
}

/// Text that a station told, without what does not belong in a file for people.
fn printable(text: &str) -> String {
    text.replace(char::is_control, " ").trim().to_owned()
}

/// Text as a name: lower case letters, digits and single dashes, 40 at most.
fn word(text: &str) -> String {
    const NAME_MAX: usize = 40;
    let mut name = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        let fits = c.is_ascii_alphanumeric() || c == '_';
        if fits {
            name.push(c);
        } else if !name.ends_with('-') {
            name.push('-');
        }
        if name.len() >= NAME_MAX {
            break;
        }
    }
    name.trim_matches('-').to_owned()
}

/// The name, with a number if it is taken.
pub(super) fn unique(taken: &mut BTreeSet<String>, name: &str) -> String {
    let numbered = (2_u64..).map(|number| format!("{name}-{number}"));
    let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
    let free = candidates.find(|candidate| !taken.contains(candidate)).unwrap_or_default();
    taken.insert(free.clone());
    free
}
