//! Stations: every address seen, what was counted of it, and what it told about itself.
//!
//! A station is an address, not yet an asset: the MAC and the IP addresses of one device are
//! stations of their own here and become one asset in the report.

use std::fmt::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr};

use hashbrown::HashTable;
use plant::{Address, Mac, Time};
use wire::{Claim, Field, Role};

use crate::hash::Seeded;

/// Place of a station in [`Stations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StationId(pub(crate) u32);

impl StationId {
    /// Its place, for tables beside [`Stations`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Values kept of one field, against senders that tell a new one each time.
const VALUES_MAX: usize = 4;
/// Bytes kept of one value: the longest that inventory needs (an LLDP or SNMP description).
const VALUE_BYTES_MAX: usize = 256;
/// Bytes of values kept of all stations: some 300,000 of usual length.
const TOLD_BYTES_MAX: usize = 24 * 1024 * 1024;
/// MAC addresses, VLANs and roles kept per station.
const LINKS_MAX: usize = 8;

/// Stands for all stations past the bound: an address that no station has.
pub(crate) const OTHERS: Address = Address::Ip(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

/// A claim that a station has an IP address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressClaim {
    /// The address.
    pub ip: IpAddr,
    /// How it came to it.
    pub claim: Claim,
}

/// One address, and what is known of it.
#[derive(Clone, Debug)]
pub struct Station {
    /// The address.
    pub address: Address,
    /// When its first frame was seen, sent or received.
    pub first_seen: Time,
    /// When its last frame was sent; equal to `first_seen` if it never sent one.
    pub last_seen: Time,
    /// Whether it has sent anything; others are only talked to.
    pub sent: bool,
    /// Frames that it sent.
    pub frames: u64,
    /// Bytes that it sent, as on the wire.
    pub bytes: u64,
    /// Ethernet addresses that its packets came from, first seen first; at most 8.
    pub macs: Vec<Mac>,
    /// VLAN ids that it was seen in, untagged not counted; at most 8.
    pub vlans: Vec<u16>,
    /// What it told about itself, in the order of telling; at most 4 values of each field.
    pub identity: Vec<(Field, String)>,
    /// What it showed itself to be, and why; at most 8.
    pub roles: Vec<(Role, &'static str)>,
    /// IP addresses that were claimed for it; only stations on Ethernet have them.
    pub claims: Vec<AddressClaim>,
}

impl Station {
    /// The first value of a field.
    pub fn told(&self, field: Field) -> Option<&str> {
        self.identity.iter().find(|(known, _)| *known == field).map(|(_, value)| value.as_str())
    }

    /// Whether it stands for many: a broadcast or multicast address.
    pub fn is_group(&self) -> bool {
        match self.address {
            Address::Mac(mac) => mac.is_group(),
            Address::Ip(IpAddr::V4(ip)) => {
                ip.is_multicast() || ip.is_broadcast() || ip.octets()[3] == 255
            }
            Address::Ip(IpAddr::V6(ip)) => ip.is_multicast(),
        }
    }

    /// Whether it is an address at all; `0.0.0.0` and `::` are those of stations without one.
    pub fn is_unset(&self) -> bool {
        match self.address {
            Address::Mac(mac) => mac.is_unset(),
            Address::Ip(ip) => ip.is_unspecified(),
        }
    }

    /// Notes what it told, if there is `room` for it; `true` if that is new.
    fn tell(&mut self, field: Field, value: &dyn fmt::Display, room: &mut usize) -> bool {
        let mut values = self.identity.iter().filter(|(known, _)| *known == field);
        if values.clone().any(|(_, known)| same(known, value))
            || values.nth(VALUES_MAX - 1).is_some()
        {
            return false;
        }
        let text = clipped(value, VALUE_BYTES_MAX);
        if text.is_empty() || values.any(|(_, known)| *known == text) {
            return false;
        }
        let Some(left) = room.checked_sub(text.len() + size_of::<(Field, String)>()) else {
            return false;
        };
        *room = left;
        self.identity.push((field, text));
        true
    }

    pub(crate) fn show(&mut self, role: Role, reason: &'static str) {
        if !self.roles.contains(&(role, reason)) && self.roles.len() < LINKS_MAX {
            self.roles.push((role, reason));
        }
    }

    pub(crate) fn claim(&mut self, claim: AddressClaim) -> bool {
        let new = !self.claims.iter().any(|known| known.ip == claim.ip);
        if new && self.claims.len() < LINKS_MAX * 4 {
            self.claims.push(claim);
        }
        new
    }

    pub(crate) fn on_vlan(&mut self, vlan: u16) {
        if vlan != 0 && !self.vlans.contains(&vlan) && self.vlans.len() < LINKS_MAX {
            self.vlans.push(vlan);
        }
    }

    /// Notes where its packets come from; the address known before if this one is new.
    pub(crate) fn behind(&mut self, mac: Mac) -> Option<Mac> {
        if mac.is_unset() || mac.is_group() || self.macs.contains(&mac) {
            return None;
        }
        let before = self.macs.last().copied();
        if self.macs.len() < LINKS_MAX {
            self.macs.push(mac);
        }
        before
    }
}

/// Compares rendered text with what is known, without allocating.
struct Compare<'a> {
    rest: &'a str,
}

impl fmt::Write for Compare<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.rest = self.rest.strip_prefix(part).ok_or(fmt::Error)?;
        Ok(())
    }
}

/// At most `max` bytes of a value, cut between characters.
pub(crate) fn clipped(value: &dyn fmt::Display, max: usize) -> String {
    let mut text = value.to_string();
    text.truncate(text.floor_char_boundary(max));
    // A long text leaves its room behind when it is cut.
    text.shrink_to_fit();
    text
}

fn same(known: &str, value: &dyn fmt::Display) -> bool {
    let mut compare = Compare { rest: known };
    write!(compare, "{value}").is_ok() && compare.rest.is_empty()
}

/// Every station, by id and by address.
#[derive(Debug)]
pub struct Stations {
    all: Vec<Station>,
    index: HashTable<u32>,
    hash: Seeded,
    max: usize,
    /// Bytes of values that may still be told.
    room: usize,
    pub(crate) shed: u64,
}

impl Stations {
    pub(crate) fn new(hash: Seeded, max: usize) -> Self {
        Self { all: Vec::new(), index: HashTable::new(), hash, max, room: TOLD_BYTES_MAX, shed: 0 }
    }

    /// The station of an address, made if it is new.
    pub(crate) fn at(&mut self, address: Address, now: Time) -> StationId {
        let hash = self.hash.of(&address);
        let all = &self.all;
        let known = |id: &u32| all.get(*id as usize).is_some_and(|known| known.address == address);
        if let Some(id) = self.index.find(hash, known) {
            return StationId(*id);
        }
        if self.all.len() >= self.max && address != OTHERS {
            self.shed += 1;
            return self.at(OTHERS, now);
        }
        let id = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(Station {
            address,
            first_seen: now,
            last_seen: now,
            sent: false,
            frames: 0,
            bytes: 0,
            macs: Vec::new(),
            vlans: Vec::new(),
            identity: Vec::new(),
            roles: Vec::new(),
            claims: Vec::new(),
        });
        let (all, seeded) = (&self.all, &self.hash);
        self.index.insert_unique(hash, id, |id| {
            all.get(*id as usize).map_or(0, |known| seeded.of(&known.address))
        });
        StationId(id)
    }

    /// The station of an address, if it was seen.
    pub fn find(&self, address: Address) -> Option<StationId> {
        let known =
            |id: &u32| self.all.get(*id as usize).is_some_and(|known| known.address == address);
        self.index.find(self.hash.of(&address), known).map(|id| StationId(*id))
    }

    /// Notes what a station told of itself; groups tell nothing.
    pub(crate) fn tell(&mut self, id: StationId, field: Field, value: &dyn fmt::Display) {
        let station = self.all.get_mut(id.index()).filter(|station| !station.is_group());
        if let Some(station) = station {
            station.tell(field, value, &mut self.room);
        }
    }

    /// A station. Ids of another tracker may find none.
    pub fn get(&self, id: StationId) -> Option<&Station> {
        self.all.get(id.index())
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, id: StationId) -> Option<&mut Station> {
        self.all.get_mut(id.index())
    }

    /// Every station with its id, first seen first.
    pub fn iter(&self) -> impl Iterator<Item = (StationId, &Station)> {
        (0..).map(StationId).zip(&self.all)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether nothing was seen.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::Stations;
    use crate::hash::Seeded;
    use plant::Time;
    use wire::Field;

    #[test]
    fn a_station_that_tells_something_new_each_time_is_bounded() {
        let mut stations = Stations::new(Seeded::new(1), 2);
        let id = stations.at("10.0.0.1".parse().unwrap(), Time::from_ns(1));
        let station = stations.get_mut(id).unwrap();
        let mut room = 1000;
        let mut tell = |field, value: &dyn fmt::Display| station.tell(field, value, &mut room);
        assert!(tell(Field::Name, &"robot-7"));
        assert!(!tell(Field::Name, &"robot-7"));
        assert!((0..9).filter(|n| tell(Field::Name, n)).count() == 3);
        assert!(!tell(Field::Product, &""));
        assert!(tell(Field::Product, &"ä".repeat(300)));
        assert!(
            (0..4).filter(|n| tell(Field::Vendor, &format!("{n}{}", "x".repeat(200)))).count() < 4
        );
        assert_eq!(station.told(Field::Product).unwrap().len(), 256);
        assert!(station.identity.iter().all(|(_, text)| text.capacity() <= 256));
    }

    #[test]
    fn stations_past_the_bound_share_one_without_an_address_and_are_counted() {
        let mut stations = Stations::new(Seeded::new(1), 2);
        let ids: Vec<_> = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.1"]
            .map(|text| stations.at(text.parse().unwrap(), Time::from_ns(1)))
            .into();
        assert_eq!(ids[0], ids[3]);
        assert!(stations.get(ids[2]).unwrap().is_unset(), "credited to no real station");
        assert_eq!((stations.len(), stations.shed), (3, 1));
    }
}
