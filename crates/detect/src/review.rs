//! What can only be said of the whole: who is undeclared, and which ways should not be there.

use flow::{Channel, Conversation, ConversationId, Station, StationId, World};
use plant::{Address, Level, Mac, Severity};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::detector::{Detector, Spot};
use crate::finding::Scope;
use crate::rule;

/// What the plant says of a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// It is a declared asset.
    pub declared: bool,
    /// Level of its zone, also for undeclared stations inside a zone's networks.
    pub level: Option<Level>,
}

/// What the plant says, for the rules that look at everything once at the end.
pub struct Review<'a> {
    /// Of a station; `None` without a plant.
    pub standing: &'a dyn Fn(StationId) -> Option<Standing>,
    /// Whether every message of a conversation was permitted.
    pub permitted: &'a dyn Fn(ConversationId) -> bool,
    /// Whether something of a conversation was denied.
    pub denied: &'a dyn Fn(ConversationId) -> bool,
}

/// Stations that nobody declared.
pub(crate) fn stations(detector: &mut Detector, world: &World, review: &Review<'_>) {
    let behind: BTreeSet<Mac> =
        world.stations.iter().flat_map(|(_, station)| station.macs.iter().copied()).collect();
    for (id, station) in world.stations.iter() {
        let Some(standing) = (review.standing)(id) else { return };
        let outside = standing.level.is_none() && is_public(station.address);
        if standing.declared
            || !station.sent
            || station.is_group()
            || station.is_unset()
            || outside
            || is_behind(&behind, station)
        {
            continue;
        }
        let spot = Spot {
            scope: Scope { source: id, target: id },
            conversation: None,
            frame: detector.first_frame(id),
            time: station.first_seen,
        };
        let rule = &rule::NEW_ASSET;
        detector.add(rule, rule.severity, spot, "", &String::new, &String::new);
    }
}

/// Whether it is the Ethernet address of an IP station, and judged with that.
fn is_behind(macs: &BTreeSet<Mac>, station: &Station) -> bool {
    matches!(station.address, Address::Mac(mac) if macs.contains(&mac))
}

/// Conversations that go where they should not: over levels, or to the internet; and
/// floods and file transfers that hit no machine, which matter less.
pub(crate) fn ways(detector: &mut Detector, world: &World, review: &Review<'_>) {
    let machines = Machines::of(world);
    for (id, conversation) in world.conversations() {
        let target = world.stations.get(conversation.target);
        let routed = |station: &Station| matches!(station.address, Address::Ip(_));
        if target.is_some_and(|at| routed(at) && !at.is_group() && !at.is_unset() && at.sent) {
            let way = Way { id, conversation, world, review, machines: &machines };
            way.undecoded(detector);
            way.levels(detector);
            way.internet(detector);
        }
    }
    for finding in detector.findings.iter_mut() {
        let target = finding.scope.target;
        let declared = (review.standing)(target).is_some_and(|standing| standing.declared);
        let severity = match finding.rule.name {
            _ if declared || machines.contains(target) => continue,
            // It may yet be a machine of which nothing else was captured.
            name if name == rule::FIRMWARE.name => Severity::Medium,
            name if name == rule::DOWNLOAD.name || name == rule::FILE_DELETED.name => Severity::Low,
            name if name == rule::UPLOAD.name || name == rule::FLOOD.name => Severity::Info,
            _ => continue,
        };
        if severity < finding.severity {
            (finding.severity, finding.reason) =
                (severity, "the target speaks no machine protocol");
        }
    }
}

struct Way<'a> {
    id: ConversationId,
    conversation: &'a Conversation,
    world: &'a World,
    review: &'a Review<'a>,
    machines: &'a Machines,
}

impl Way<'_> {
    fn standing(&self, station: StationId) -> Option<Standing> {
        (self.review.standing)(station)
    }

    fn spot(&self, detector: &Detector) -> Spot {
        let Conversation { source, target, first_seen, .. } = *self.conversation;
        Spot {
            scope: Scope { source, target },
            conversation: Some(self.id),
            frame: detector.first_frame(source).max(detector.first_frame(target)),
            time: first_seen,
        }
    }

    /// Bytes that nobody can read go where no rule lets them.
    fn undecoded(&self, detector: &mut Detector) {
        if self.conversation.protocol().is_none() && (self.review.denied)(self.id) {
            let what = || format!("unknown bytes over {}", channel(self.conversation.channel));
            let spot = self.spot(detector);
            detector.add(&rule::DENIED, Severity::Medium, spot, "", &what, &String::new);
        }
    }

    fn levels(&self, detector: &mut Detector) {
        let level = |station| self.standing(station).and_then(|standing| standing.level);
        let levels = level(self.conversation.source).zip(level(self.conversation.target));
        if levels.is_none_or(|(a, b)| a.index().abs_diff(b.index()) < 2) {
            return;
        }
        let severity = if (self.review.permitted)(self.id) {
            Severity::Info
        } else {
            rule::LEVEL_SKIP.severity
        };
        let what = || channel(self.conversation.channel);
        let spot = self.spot(detector);
        detector.add(&rule::LEVEL_SKIP, severity, spot, "", &what, &String::new);
    }

    fn internet(&self, detector: &mut Detector) {
        let Conversation { source, target, channel: over, .. } = *self.conversation;
        let address = |station| self.world.stations.get(station).map(|known| known.address);
        let out = address(target).is_some_and(is_public) && address(source).is_some_and(is_private);
        let ours = self.machines.contains(source)
            || self.standing(source).is_some_and(|standing| standing.level.is_some());
        if out && ours && !self.machines.contains(target) && !(self.review.permitted)(self.id) {
            let (rule, what) = (&rule::INTERNET, || channel(over));
            let spot = self.spot(detector);
            detector.add(rule, rule.severity, spot, "", &what, &String::new);
        }
    }
}

/// Stations that speak an industrial protocol: one of the machine realm.
struct Machines(Vec<bool>);

impl Machines {
    fn of(world: &World) -> Self {
        let mut machines = vec![false; world.stations.len()];
        for (_, conversation) in world.conversations() {
            let machine = conversation.protocol().is_some_and(|p| p.entry().realm.is_machine());
            if machine && conversation.messages() > 0 {
                for station in [conversation.source, conversation.target] {
                    if let Some(machine) = machines.get_mut(station.index()) {
                        *machine = true;
                    }
                }
            }
        }
        Self(machines)
    }

    fn contains(&self, station: StationId) -> bool {
        self.0.get(station.index()).copied().unwrap_or(false)
    }
}

fn channel(channel: Channel) -> String {
    match channel {
        Channel::Protocol(protocol) => protocol.to_string(),
        Channel::Tcp(port) => format!("tcp {port}"),
        Channel::Udp(port) => format!("udp {port}"),
        Channel::Ether(ether_type) => format!("ethertype 0x{ether_type:04x}"),
        Channel::Ip(protocol) => format!("ip protocol {protocol}"),
    }
}

/// Whether only the internet routes this address: it is none of RFC 6890's special-purpose
/// registry.
pub fn is_public(address: Address) -> bool {
    match address {
        Address::Mac(_) => false,
        Address::Ip(IpAddr::V4(ip)) => {
            let [a, b, ..] = ip.octets();
            let shared = a == 100 && (64..128).contains(&b);
            let benchmark = a == 198 && (b == 18 || b == 19);
            !(is_private_v4(ip) || shared || benchmark || ip.is_multicast() || a == 0 || a >= 240)
        }
        Address::Ip(IpAddr::V6(ip)) => ip.segments()[0] & 0xe000 == 0x2000 && !is_documentation(ip),
    }
}

fn is_documentation(ip: Ipv6Addr) -> bool {
    matches!(ip.segments(), [0x2001, 0x0db8, ..])
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_documentation()
}

/// Addresses of a plant's own networks.
fn is_private(address: Address) -> bool {
    match address {
        Address::Mac(_) => true,
        Address::Ip(IpAddr::V4(ip)) => ip.is_private() || ip.is_link_local(),
        Address::Ip(IpAddr::V6(ip)) => ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_private, is_public};

    #[test]
    fn only_globally_routed_addresses_are_the_internet() {
        for (text, public) in [
            ("8.8.8.8", true),
            ("10.20.7.10", false),
            ("172.31.1.147", false),
            ("169.254.1.1", false),
            ("100.64.0.1", false),
            ("224.0.0.251", false),
            ("255.255.255.255", false),
            ("2606:4700::1", true),
            ("fe80::1", false),
            ("fd00::1", false),
            ("2001:db8::1", false),
            ("00:30:d6:12:34:56", false),
        ] {
            let address = text.parse().unwrap();
            assert_eq!(is_public(address), public, "{text}");
            assert!(!(public && is_private(address)), "{text}");
        }
    }
}
