//! Addresses to stations: who of the plant an end of a conversation is.

use std::net::IpAddr;

use plant::{Address, AssetId, Network, Plant, ZoneId};

/// One end of a conversation, as far as the plant knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Station {
    /// A declared asset and its zone.
    Asset(AssetId, ZoneId),
    /// A station in a network of the zone that no asset declares.
    Zone(ZoneId),
    /// Many stations of one segment: broadcast or multicast. The zone where the address is the
    /// directed broadcast of a network of it; else the sender's own segment is meant.
    Group(Option<ZoneId>),
    /// Many stations of a /24 that no zone lists, but in which assets are declared: what is most
    /// likely its broadcast address.
    Subnet(Network),
    /// Not of the plant.
    Outside,
}

impl Station {
    /// Its zone, if it has one.
    pub const fn zone(self) -> Option<ZoneId> {
        match self {
            Self::Asset(_, zone) | Self::Zone(zone) => Some(zone),
            Self::Group(_) | Self::Subnet(_) | Self::Outside => None,
        }
    }

    /// The asset that it is, if it is declared.
    pub const fn asset(self) -> Option<AssetId> {
        match self {
            Self::Asset(asset, _) => Some(asset),
            Self::Zone(_) | Self::Group(_) | Self::Subnet(_) | Self::Outside => None,
        }
    }

    /// Whether the plant declares it as an asset.
    pub const fn is_declared(self) -> bool {
        self.asset().is_some()
    }
}

/// Finds stations by address.
pub(crate) struct Stations {
    /// By address.
    assets: Vec<(Address, Station)>,
    /// Assets that declare an Ethernet address, ascending.
    with_mac: Vec<AssetId>,
    /// By network.
    networks: Vec<(Network, ZoneId)>,
    /// The prefix lengths that occur, longest first, of IPv4 and of IPv6.
    lengths: [Vec<u8>; 2],
}

impl Stations {
    pub(crate) fn new(plant: &Plant) -> Self {
        let assets = plant.assets.iter().enumerate();
        let mut assets: Vec<_> = assets
            .flat_map(|(at, asset)| {
                let station = Station::Asset(AssetId::at(at), asset.zone);
                asset.addresses.iter().map(move |&address| (address, station))
            })
            .collect();
        assets.sort_unstable();
        let has_mac = |asset: &plant::Asset| {
            asset.addresses.iter().any(|address| matches!(address, Address::Mac(_)))
        };
        let with_mac = plant.assets.iter().enumerate().filter(|(_, asset)| has_mac(asset));
        let with_mac = with_mac.map(|(at, _)| AssetId::at(at)).collect();
        let zones = plant.zones.iter().enumerate();
        let mut networks: Vec<_> = zones
            .flat_map(|(at, zone)| zone.networks.iter().map(move |&n| (n, ZoneId::at(at))))
            .collect();
        networks.sort_unstable();
        let lengths = [true, false].map(|v4| {
            let of_family = networks.iter().filter(|(n, _)| n.first().is_ipv4() == v4);
            let mut lengths: Vec<u8> = of_family.map(|(network, _)| network.bits()).collect();
            lengths.sort_unstable_by(|a, b| b.cmp(a));
            lengths.dedup();
            lengths
        });
        Self { assets, with_mac, networks, lengths }
    }

    /// The station that talks from the first of these addresses; the others are further names of
    /// it. An Ethernet address beside an IP address says only who forwarded the packet, so it is
    /// not asked; an IP address that an Ethernet station claims counts only for an asset that
    /// declares no Ethernet address, or whoever claims an address would be its owner.
    pub(crate) fn find(&self, addresses: &[Address]) -> Station {
        let over_ip = matches!(addresses.first(), Some(Address::Ip(_)));
        let trusted = |address: &&Address| match address {
            Address::Ip(ip) => {
                over_ip || self.asset(Address::Ip(*ip)).is_some_and(|a| !self.has_mac(a))
            }
            Address::Mac(_) => !over_ip,
        };
        let own = addresses.iter().filter(trusted).find_map(|address| self.asset(*address));
        if let Some(asset) = own {
            return asset;
        }
        let (mut zone, mut group) = (None, false);
        for address in addresses {
            match *address {
                Address::Mac(mac) if mac.is_group() => group = true,
                Address::Mac(_) => {}
                Address::Ip(ip) if is_group(ip) => group = true,
                Address::Ip(ip) => match self.network(ip) {
                    Some((network, zone)) if is_directed_broadcast(network, ip) => {
                        return Station::Group(Some(zone));
                    }
                    None if self.is_likely_broadcast(ip) => {
                        return Station::Subnet(Network::of(ip, 24));
                    }
                    found => zone = zone.or(found),
                },
            }
        }
        if group {
            return Station::Group(None);
        }
        zone.map_or(Station::Outside, |(_, zone)| Station::Zone(zone))
    }

    fn asset(&self, address: Address) -> Option<Station> {
        let at = self.assets.binary_search_by_key(&address, |(address, _)| *address).ok()?;
        self.assets.get(at).map(|(_, station)| *station)
    }

    /// Whether `ip` is the last address of a /24 that no zone lists and in which an asset is
    /// declared: of an undeclared network the most common length is believed.
    fn is_likely_broadcast(&self, ip: IpAddr) -> bool {
        let subnet = Network::of(ip, 24);
        ip.is_ipv4() && subnet.last() == ip && !self.declared_in(subnet).is_empty()
    }

    /// Addresses of assets in a network.
    fn declared_in(&self, network: Network) -> &[(Address, Station)] {
        let first = Address::Ip(network.first());
        let last = Address::Ip(network.last());
        let from = self.assets.partition_point(|(address, _)| *address < first);
        let to = self.assets.partition_point(|(address, _)| *address <= last);
        self.assets.get(from..to).unwrap_or_default()
    }

    /// Whether an asset of `zone` is declared in a network.
    pub(crate) fn reaches(&self, zone: ZoneId, network: Network) -> bool {
        self.declared_in(network).iter().any(|(_, station)| station.zone() == Some(zone))
    }

    fn has_mac(&self, station: Station) -> bool {
        station.asset().is_some_and(|asset| self.with_mac.binary_search(&asset).is_ok())
    }

    /// The narrowest network with `ip`.
    fn network(&self, ip: IpAddr) -> Option<(Network, ZoneId)> {
        let [v4, v6] = &self.lengths;
        let lengths = if ip.is_ipv4() { v4 } else { v6 };
        lengths.iter().find_map(|&bits| {
            let network = Network::of(ip, bits);
            let at = self.networks.binary_search_by_key(&network, |(network, _)| *network).ok()?;
            self.networks.get(at).copied()
        })
    }
}

fn is_group(ip: IpAddr) -> bool {
    ip.is_multicast() || ip == std::net::Ipv4Addr::BROADCAST
}

/// RFC 919 section 7; networks of one or two addresses have no broadcast (RFC 3021).
fn is_directed_broadcast(network: Network, ip: IpAddr) -> bool {
    ip.is_ipv4() && network.bits() < 31 && network.last() == ip
}
