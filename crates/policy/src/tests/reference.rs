//! The semantics once more, slow and obvious: every rule of every conduit, by name.

use std::net::IpAddr;

use plant::{Act, Address, Allow, Asset, Calendar, Endpoint, Intent, Plant, Target, Time, ZoneId};
use wire::{Anomaly, Kind, Message, Object};

/// An end of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Asset(usize),
    Zone(usize),
    /// With the zone whose broadcast address it is.
    Group(Option<usize>),
    /// With the three numbers that the addresses of the subnet begin with.
    Subnet([u8; 3]),
    Outside,
}

/// The decision word.
pub(super) fn decide(
    plant: &Plant,
    (source, target): (&[Address], &[Address]),
    now: Time,
    message: &Message<'_>,
) -> &'static str {
    let (mut source, mut target) = (who(plant, source), who(plant, target));
    if let Who::Group(named) = source {
        source = named.map_or(Who::Outside, Who::Zone);
    }
    if matches!(source, Who::Subnet(_)) {
        source = Who::Outside;
    }
    let from_zone = zone(plant, source);
    if let Who::Subnet(start) = target {
        let neighbour = |asset: &Asset| {
            Some(asset.zone.index()) == from_zone
                && asset.addresses.iter().any(|address| begins(address, start))
        };
        target = if plant.assets.iter().any(neighbour) { Who::Group(None) } else { Who::Outside };
    }
    let group = matches!(target, Who::Group(_));
    if let Who::Group(named) = target {
        target = named.or(from_zone).map_or(Who::Outside, Who::Zone);
    }
    let to_zone = zone(plant, target);
    let same_zone = from_zone.is_some() && from_zone == to_zone;
    let itself = source == target && matches!(source, Who::Asset(_));
    if same_zone && (itself || !regulated_inside(plant, target, to_zone)) {
        let declared = |who| matches!(who, Who::Asset(_));
        let both = declared(source) && (declared(target) || group);
        return if both { "permit" } else { softened(message, "unknown") };
    }
    for conduit in &plant.conduits {
        let enters = conduit.from.iter().any(|end| covers(plant, *end, source));
        let leads = conduit.to.iter().any(|end| covers(plant, *end, target));
        if enters && leads && conduit.allow.iter().any(|r| permits(plant, r, target, now, message))
        {
            return "permit";
        }
    }
    let nowhere = from_zone.is_none() && to_zone.is_none();
    softened(message, if nowhere { "unknown" } else { "deny" })
}

fn softened(message: &Message<'_>, decision: &'static str) -> &'static str {
    let unasked = message.kind == Kind::Response
        && message.intent == Intent::Unknown
        && message.anomalies.contains(&Anomaly::UNASKED);
    if unasked { "unknown" } else { decision }
}

fn who(plant: &Plant, addresses: &[Address]) -> Who {
    let owner = |address: &Address| plant.assets.iter().position(|a| a.addresses.contains(address));
    let over_ip = matches!(addresses[0], Address::Ip(_));
    for address in addresses {
        if over_ip && matches!(address, Address::Mac(_)) {
            continue;
        }
        let Some(asset) = owner(address) else { continue };
        let macs = plant.assets[asset].addresses.iter().any(|a| matches!(a, Address::Mac(_)));
        let claimed = !over_ip && matches!(address, Address::Ip(_));
        if !(claimed && macs) {
            return Who::Asset(asset);
        }
    }
    let mut zones = Vec::new();
    let mut group = false;
    let declared = || plant.assets.iter().flat_map(|asset| &asset.addresses);
    for address in addresses {
        match address {
            Address::Mac(mac) if mac.is_group() => group = true,
            Address::Mac(_) => {}
            Address::Ip(ip) => {
                if ip.is_multicast() || ip.to_string() == "255.255.255.255" {
                    group = true;
                }
                let mut listed = plant.zones.iter().flat_map(|zone| &zone.networks);
                if let IpAddr::V4(v4) = ip
                    && let [a, b, c, 255] = v4.octets()
                    && !listed.any(|network| network.contains(*ip))
                    && declared().any(|address| begins(address, [a, b, c]))
                {
                    return Who::Subnet([a, b, c]);
                }
                for (at, zone) in plant.zones.iter().enumerate() {
                    for network in zone.networks.iter().filter(|n| n.contains(*ip)) {
                        zones.push((network.bits(), at, network.last() == *ip));
                    }
                }
            }
        }
    }
    match zones.into_iter().max() {
        Some((_, at, true)) => Who::Group(Some(at)),
        _ if group => Who::Group(None),
        Some((_, at, false)) => Who::Zone(at),
        None => Who::Outside,
    }
}

fn begins(address: &Address, start: [u8; 3]) -> bool {
    matches!(address, Address::Ip(IpAddr::V4(v4)) if v4.octets()[..3] == start)
}

fn zone(plant: &Plant, who: Who) -> Option<usize> {
    match who {
        Who::Asset(at) => Some(plant.assets[at].zone.index()),
        Who::Zone(at) => Some(at),
        Who::Group(_) | Who::Subnet(_) | Who::Outside => None,
    }
}

fn covers(plant: &Plant, end: Endpoint, station: Who) -> bool {
    match end {
        Endpoint::Any => true,
        Endpoint::Outside => zone(plant, station).is_none(),
        Endpoint::Zone(id) => zone(plant, station) == Some(id.index()),
        Endpoint::Asset(id) => station == Who::Asset(id.index()),
    }
}

/// Whether some conduit names both somebody of the zone as its start and the target as its end.
fn regulated_inside(plant: &Plant, target: Who, zone: Option<usize>) -> bool {
    let inside = |end: Endpoint| match end {
        Endpoint::Zone(id) => Some(id.index()) == zone,
        Endpoint::Asset(id) => plant.asset(id).map(|asset| asset.zone) == zone.map(ZoneId::at),
        Endpoint::Any | Endpoint::Outside => false,
    };
    plant.conduits.iter().any(|conduit| {
        conduit.from.iter().any(|end| inside(*end))
            && conduit.to.iter().any(|end| *end != Endpoint::Any && covers(plant, *end, target))
    })
}

fn permits(plant: &Plant, rule: &Allow, target: Who, now: Time, message: &Message<'_>) -> bool {
    let protocol = rule.protocol.text == "any" || rule.protocol.text == message.protocol.name();
    let on = rule.on.is_none_or(|asset| target == Who::Asset(asset.index()));
    let open = rule.during.is_none_or(|window| Calendar::new(plant).is_open(window, now));
    if !protocol || !on || !open || rule.with.is_some() {
        return false;
    }
    if message.intent == Intent::Session {
        return true;
    }
    let act = match &rule.act {
        Act::Intent(Intent::Session) => false,
        Act::Intent(intent) => message.intent == *intent || message.intent == Intent::Observe,
        Act::Operation(name) => {
            message.operation.name == name && message.intent <= message.operation.intent
        }
    };
    act && rule.target.as_ref().is_none_or(|target| acts_on(target, message))
}

fn acts_on(target: &Target, message: &Message<'_>) -> bool {
    let text = message.object.to_string();
    if text.is_empty() {
        return message.kind == Kind::Response;
    }
    match (target, message.object) {
        (Target::Space(space), Object::Range { space: of, .. }) => space == of,
        (Target::Cells { space, first, last }, Object::Range { space: of, first: at, count }) => {
            space == of && (at..at + count).all(|cell| (*first..=*last).contains(&cell))
        }
        // Patterns have tests of their own against a definition by cases; here a prefix will do.
        (Target::Pattern(pattern), _) => text.starts_with(pattern.strip_suffix('*').unwrap()),
        _ => false,
    }
}
