//! Stations seen to assets and zones proposed.
//!
//! The addresses of one device become one asset: an Ethernet address that carries one IPv4 address
//! is that device's; one that carries several is a router's, and an asset of its own. Zones are
//! subnets by Purdue level, and the level comes from what a station shows itself to be or, where it
//! shows nothing, from what it does.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use flow::{Station, StationId, World};
use plant::{Address, Asset, AssetKind, Identity, Level, Mac, Network, Place, Plant, Zone, ZoneId};
use wire::{Field, Realm, Role};

use super::{Lesson, evidence};

/// Assets proposed; a cell has hundreds at most, and a scan must not make a plant of all targets.
const ASSETS_MAX: usize = 20_000;
/// IPv6 addresses beyond link-local that one device may have: temporary ones (RFC 8981) add up.
const IPV6_MAX: usize = 4;

/// Zones and assets, with the comment lines of each.
pub(super) struct Found {
    pub(super) plant: Plant,
    pub(super) zones: Vec<Vec<String>>,
    pub(super) assets: Vec<Vec<String>>,
}

/// One device as a set of stations.
#[derive(Default)]
struct Device<'a> {
    stations: Vec<&'a Station>,
    addresses: BTreeSet<Address>,
    acts: Part,
}

/// What part a device plays in conversations with machines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// None.
    #[default]
    Bystander,
    /// It asks them.
    Client,
    /// It is one: it is asked, or told what to do.
    Machine,
}

pub(super) fn find(world: &World, lessons: &[Vec<Lesson>]) -> Found {
    let parts = parts(world, lessons);
    let devices = devices(world, &parts);
    let mut plant = Plant::default();
    let (mut zones, mut assets) = (Vec::new(), Vec::new());
    let placed = place(&devices);
    let mut ids: BTreeMap<Key, ZoneId> = BTreeMap::new();
    for (subnet, level) in placed.iter().map(|placed| (placed.subnet, placed.level)) {
        let next = ZoneId::at(ids.len());
        ids.entry((subnet, level)).or_insert(next);
    }
    let mut ordered: Vec<_> = ids.iter().collect();
    ordered.sort_by_key(|(_, id)| **id);
    let owners = owners(&devices, &placed);
    for (&key, _) in ordered {
        let members = placed.iter().filter(|placed| (placed.subnet, placed.level) == key);
        let (zone, comment) = zone(key, &owners, members.count());
        plant.zones.push(zone);
        zones.push(comment);
    }
    let mut names = BTreeSet::new();
    for (device, placed) in devices.iter().zip(&placed) {
        let Some(zone) = ids.get(&(placed.subnet, placed.level)) else { continue };
        let name = unique(&mut names, &device.name(placed.role));
        plant.assets.push(device.asset(name, *zone, placed.role));
        assets.push(device.comment(placed));
    }
    Found { plant, zones, assets }
}

/// What part each station plays, by station.
fn parts(world: &World, lessons: &[Vec<Lesson>]) -> BTreeMap<StationId, Part> {
    let mut parts: BTreeMap<StationId, Part> = BTreeMap::new();
    for ((_, conversation), lessons) in world.conversations().zip(lessons) {
        if lessons.is_empty() {
            continue;
        }
        let machine = lessons.iter().any(|lesson| lesson.protocol.entry().realm == Realm::Machine);
        let ends = [(conversation.source, Part::Client), (conversation.target, Part::Machine)];
        for (id, part) in ends {
            let part = if machine { part } else { Part::Bystander };
            let known = parts.entry(id).or_default();
            *known = part.max(*known);
        }
    }
    parts
}

/// Whether the address is one device's of the plant: a private one, or any that is seen to be
/// `here`.
fn is_local(address: Address, here: bool) -> bool {
    match address {
        Address::Mac(mac) => !mac.is_group() && !mac.is_unset(),
        Address::Ip(ip) if ip.is_multicast() || ip.is_unspecified() => false,
        Address::Ip(IpAddr::V4(v4)) => {
            let shared = matches!(v4.octets(), [100, 64..128, ..]);
            let private = v4.is_private() || v4.is_link_local() || v4.is_loopback() || shared;
            !v4.is_broadcast() && (private || here)
        }
        Address::Ip(IpAddr::V6(v6)) => {
            v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_loopback() || here
        }
    }
}

/// Ethernet addresses that carry the addresses of one device only.
fn single(world: &World) -> BTreeSet<Mac> {
    let mut carried: BTreeMap<Mac, (usize, usize)> = BTreeMap::new();
    for (_, station) in world.stations.iter() {
        for mac in &station.macs {
            let (v4, v6) = carried.entry(*mac).or_default();
            match station.address {
                Address::Ip(IpAddr::V4(_)) => *v4 += 1,
                Address::Ip(IpAddr::V6(ip)) if !ip.is_unicast_link_local() => *v6 += 1,
                Address::Ip(IpAddr::V6(_)) | Address::Mac(_) => {}
            }
        }
    }
    let alone = carried.into_iter().filter(|(_, (v4, v6))| *v4 <= 1 && *v6 <= IPV6_MAX);
    alone.map(|(mac, _)| mac).collect()
}

fn devices<'a>(world: &'a World, parts: &BTreeMap<StationId, Part>) -> Vec<Device<'a>> {
    let single = single(world);
    let mut devices: Vec<Device<'a>> = Vec::new();
    let mut by_mac: BTreeMap<Mac, usize> = BTreeMap::new();
    // IPv4 first, so that a device's own address names it; then IPv6, then Ethernet.
    let family = |station: &Station| match station.address {
        Address::Ip(ip) if ip.is_ipv4() => 0,
        Address::Ip(_) => 1,
        Address::Mac(_) => 2,
    };
    let mut stations: Vec<_> = world.stations.iter().collect();
    stations.sort_by_key(|(_, station)| (family(station), station.address));
    for (id, station) in stations {
        let mac = match station.address {
            Address::Mac(mac) => Some(mac),
            Address::Ip(_) => station.macs.first().copied(),
        };
        let mac = mac.filter(|mac| single.contains(mac) || station.address == Address::Mac(*mac));
        let joins = mac.filter(|mac| single.contains(mac));
        let known = station.sent || parts.contains_key(&id);
        let silent_broadcast = !station.sent
            && matches!(station.address, Address::Ip(IpAddr::V4(v4)) if v4.octets()[3] == 255);
        let part = parts.get(&id).copied().unwrap_or_default();
        // Plants with public addresses exist; who answers a machine's protocol is a machine.
        let here = joins.is_some() || part == Part::Machine;
        if !known || silent_broadcast || !is_local(station.address, here) {
            continue;
        }
        let place = joins.and_then(|mac| by_mac.get(&mac).copied()).unwrap_or(devices.len());
        if place == devices.len() {
            if devices.len() == ASSETS_MAX {
                break;
            }
            devices.push(Device::default());
        }
        if let Some(mac) = joins {
            by_mac.insert(mac, place);
        }
        if let Some(device) = devices.get_mut(place) {
            device.stations.push(station);
            device.addresses.insert(station.address);
            device.addresses.extend(mac.map(Address::Mac));
            device.acts = device.acts.max(part);
        }
    }
    devices
}

/// Where a device belongs, and why.
struct Placed {
    subnet: Option<Network>,
    level: Level,
    role: Option<Role>,
    reason: &'static str,
}

fn place(devices: &[Device<'_>]) -> Vec<Placed> {
    let subnets: BTreeSet<_> = devices.iter().filter_map(Device::subnet).collect();
    // Devices without an IP address are on the segment that was recorded; if it has one subnet,
    // that is theirs.
    let only = subnets.first().copied().filter(|_| subnets.len() == 1);
    devices
        .iter()
        .map(|device| {
            let shown = device.role();
            let (level, reason) = match shown {
                Some((role, reason)) => (level(role), reason),
                None => match device.acts {
                    Part::Machine => (Level::Control, "it is asked or told what to do"),
                    Part::Client => {
                        (Level::Supervision, "it asks machines or tells them what to do")
                    }
                    Part::Bystander => (Level::Operations, "it takes no part in the process"),
                },
            };
            let role = shown.map(|(role, _)| role);
            Placed { subnet: device.subnet().or(only), level, role, reason }
        })
        .collect()
}

/// The Purdue level that a role belongs to; network devices stand with what they connect.
const fn level(role: Role) -> Level {
    match role {
        Role::Robot | Role::Plc | Role::Device => Level::Control,
        Role::Hmi | Role::Engineering | Role::Network => Level::Supervision,
        Role::Server | Role::Workstation => Level::Operations,
    }
}

/// A zone by what makes it: subnet and level.
type Key = (Option<Network>, Level);

/// The zones that have addresses in each subnet.
fn owners(devices: &[Device<'_>], placed: &[Placed]) -> BTreeMap<Network, BTreeSet<Key>> {
    let mut owners: BTreeMap<Network, BTreeSet<Key>> = BTreeMap::new();
    for (device, placed) in devices.iter().zip(placed) {
        for subnet in device.subnets() {
            owners.entry(subnet).or_default().insert((placed.subnet, placed.level));
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

    /// The role that says most: a robot that also serves web pages is a robot.
    fn role(&self) -> Option<(Role, &'static str)> {
        let roles = self.stations.iter().flat_map(|station| &station.roles);
        roles.min_by_key(|(role, _)| *role).copied()
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

    fn name(&self, role: Option<Role>) -> String {
        let told = [Field::Name, Field::Hostname].into_iter().find_map(|field| self.told(field));
        let told = told.map(word).filter(|name| name.chars().any(char::is_alphabetic));
        told.unwrap_or_else(|| {
            let kind = role.map_or("host", Role::name);
            let of = |family: fn(&Address) -> bool| self.addresses.iter().find(|a| family(a));
            let address = of(|address| matches!(address, Address::Ip(ip) if ip.is_ipv4()))
                .or_else(|| of(|address| matches!(address, Address::Ip(_))))
                .or_else(|| self.addresses.first());
            let address = address.map(ToString::to_string).unwrap_or_default();
            format!("{kind}-{}", word(&address))
        })
    }

    fn asset(&self, name: String, zone: ZoneId, role: Option<Role>) -> Asset {
        let told = |field| self.told(field).map(printable).filter(|text| !text.is_empty());
        Asset {
            name,
            zone,
            kind: role.and_then(|role| AssetKind::by_name(role.name())),
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
            place: Place::default(),
        }
    }

    /// IP addresses first.
    fn ordered(&self) -> Vec<Address> {
        let mut addresses: Vec<_> = self.addresses.iter().copied().collect();
        addresses.sort_by_key(|address| (matches!(address, Address::Mac(_)), *address));
        addresses
    }

    fn comment(&self, placed: &Placed) -> Vec<String> {
        let mut lines = vec![format!("level {} because {}", placed.level, placed.reason)];
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
