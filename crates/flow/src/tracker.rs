//! The way of a frame through this room.

use plant::{Address, Mac, Time};
use wire::Transport;

use crate::deliver::{self, Emit, Read};
use crate::fragment::{Collected, Fragments};
use crate::hash::Seeded;
use crate::identify::{Found, Identifier, Sample, UserHint};
use crate::ip::{self, Packet};
use crate::key::{self, Direction, Key};
use crate::limits::{Counters, Limits};
use crate::link::{self, LinkType, Linked};
use crate::live::{App, Flow, Seeking, Speaking};
use crate::observer::{Event, Moment, Observer};
use crate::reading::{LOST_MAX, Reading, TRIES_MAX, gap, half, orient, ports};
use crate::station::StationId;
use crate::table::{Flows, Place};
use crate::world::World;

/// One captured frame.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Its number, counted from 1 over the whole input.
    pub number: u64,
    /// When it was captured.
    pub time: Time,
    /// How it begins.
    pub link: LinkType,
    /// The bytes that were captured.
    pub bytes: &'a [u8],
    /// How many bytes it had on the wire.
    pub wire_bytes: u32,
}

/// Follows everything that is said on a network.
pub struct Tracker {
    pub(crate) world: World,
    pub(crate) flows: Flows,
    fragments: Fragments,
    pub(crate) identifier: Identifier,
    pub(crate) limits: Limits,
    pub(crate) counters: Counters,
    /// Flows so far.
    opened: u64,
    /// The flow of the latest packet; the next is often its answer.
    pub(crate) latest: Option<(Key, Place)>,
}

/// What is known of a packet before its flow is found.
#[derive(Clone, Copy)]
pub(crate) struct Carried {
    pub(crate) moment: Moment,
    macs: [Mac; 2],
    vlan: u16,
    pub(crate) wire_bytes: u32,
}

/// Frames per step of the sweep.
const SWEEP_EVERY: u64 = 64;
/// Steps of the sweep per new flow: more than one, so that silent flows go faster than new ones
/// can come.
const SWEEP_PER_FLOW: usize = 2;

impl Tracker {
    /// Nothing seen yet. `seed` keys the hash tables: random per process on the wire, fixed in
    /// tests.
    pub fn new(limits: Limits, hints: &[UserHint], seed: u64) -> Self {
        let hash = Seeded::new(seed);
        Self {
            world: World::new(&hash, &limits),
            flows: Flows::new(hash),
            fragments: Fragments::default(),
            identifier: Identifier::new(hints),
            limits,
            counters: Counters::default(),
            opened: 0,
            latest: None,
        }
    }

    /// What is known. Counts of live flows are in it after [`Tracker::settle`].
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// What was seen and shed.
    pub fn counters(&self) -> Counters {
        Counters {
            stations_shed: self.world.stations.shed,
            conversations_shed: self.world.conversations.shed,
            programs_shed: self.world.programs.shed,
            notes_shed: self.world.notes.shed + self.world.expected.shed,
            fragments_shed: self.fragments.shed + self.fragments.len() as u64,
            ..self.counters
        }
    }

    /// Takes one frame.
    #[inline]
    pub fn handle_frame<O: Observer>(&mut self, frame: &Frame<'_>, observer: &mut O) {
        self.counters.frames += 1;
        self.counters.bytes += u64::from(frame.wire_bytes);
        self.world.first_seen.get_or_insert(frame.time);
        self.world.last_seen = self.world.last_seen.max(Some(frame.time));
        if self.counters.frames.is_multiple_of(SWEEP_EVERY) {
            self.sweep(Moment { frame: frame.number, time: frame.time }, observer);
        }
        let Some(linked) = link::decode(frame.link, frame.bytes) else {
            self.counters.undecoded += 1;
            return;
        };
        let carried = Carried {
            moment: Moment { frame: frame.number, time: frame.time },
            macs: linked.macs,
            vlan: linked.vlan,
            wire_bytes: frame.wire_bytes,
        };
        let packet = match linked.ether_type {
            link::IPV4 => ip::v4(linked.payload),
            link::IPV6 => ip::v6(linked.payload),
            _ => return self.handle_ether(&carried, &linked, frame, observer),
        };
        match packet {
            Some(packet) => self.handle_ip(&carried, &packet, observer),
            None => self.counters.undecoded += 1,
        }
    }

    /// The input has ended: reads what still waits for lost segments, and counts live flows.
    pub fn finish<O: Observer>(&mut self, observer: &mut O) {
        let flows: Vec<_> = self.flows.drain().collect();
        for flow in flows {
            self.let_go(flow, self.counters.frames, observer);
        }
    }

    /// Counts what live flows have carried so far to their conversations.
    pub fn settle(&mut self) {
        for flow in self.flows.iter_mut() {
            flow.settle(&mut self.world);
        }
    }

    fn sweep<O: Observer>(&mut self, moment: Moment, observer: &mut O) {
        if let Some(flow) = self.flows.sweep(moment.time, self.limits.idle_ns) {
            self.let_go(flow, moment.frame, observer);
        }
    }

    /// Weighs a flow that has read or kept something, and makes room if all keep too much.
    #[inline]
    pub(crate) fn weigh<O: Observer>(&mut self, place: Place, moment: Moment, observer: &mut O) {
        self.flows.weigh(place);
        while self.flows.held_bytes() > self.limits.held_bytes_max {
            let Some(flow) = self.flows.lighten() else { return };
            self.counters.flows_shed += u64::from(!flow.closed);
            self.let_go(flow, moment.frame, observer);
        }
    }

    pub(crate) fn let_go<O: Observer>(&mut self, mut flow: Flow, frame: u64, observer: &mut O) {
        let moment = Moment { frame, time: flow.last_seen };
        for endpoint in [0, 1] {
            while half(&mut flow, endpoint).waits() && half(&mut flow, endpoint).give_up() {
                self.counters.gaps += 1;
                gap(&mut flow, endpoint, &mut self.world);
                let Self { world, identifier, limits, .. } = self;
                flow.spoke = true;
                let mut reading = Reading { world, identifier, limits, observer, moment };
                reading.read_waiting(&mut flow, endpoint);
            }
        }
        if flow.lane.carries {
            self.end_programs(&flow, moment, observer);
        }
        flow.settle(&mut self.world);
        self.latest = None;
    }

    /// What was on its way in a flow is whole, or never will be.
    fn end_programs<O: Observer>(&mut self, flow: &Flow, moment: Moment, observer: &mut O) {
        let World { programs, expected, .. } = &mut self.world;
        let announced = flow.lane.expected.map_or("", |id| expected.name(id));
        for program in programs.close(flow.lane.serial, flow.closed, announced) {
            let event = Event::Received { program };
            observer.event(&self.world, moment.frame, moment.time, &event);
        }
    }

    /// A number for a new flow.
    pub(crate) const fn serial(&mut self) -> u64 {
        self.opened += 1;
        self.opened
    }

    fn handle_ether<O: Observer>(
        &mut self,
        carried: &Carried,
        linked: &Linked<'_>,
        frame: &Frame<'_>,
        observer: &mut O,
    ) {
        let transport = Transport::Ether(linked.ether_type);
        let cut = (frame.bytes.len() as u64) < u64::from(frame.wire_bytes);
        let (key, endpoint) = Key::of(transport, linked.macs.map(key::of_mac), [0, 0]);
        self.handle_datagram(carried, (key, endpoint, transport), linked.payload, cut, observer);
    }

    #[inline]
    fn handle_ip<O: Observer>(&mut self, carried: &Carried, packet: &Packet<'_>, observer: &mut O) {
        if let Some(fragment) = packet.fragment {
            let collected = self.fragments.collect(packet, fragment, self.limits.fragments_max);
            if let Collected::Whole { payload, contradicts } = collected {
                let whole = Packet { payload: &payload, fragment: None, ..*packet };
                if contradicts {
                    self.contradiction(carried, packet, observer);
                }
                self.handle_ip(carried, &whole, observer);
            }
            return;
        }
        match packet.protocol {
            ip::TCP => match ip::tcp(packet.payload) {
                Some(segment) => self.handle_segment(carried, packet, &segment, observer),
                None => self.counters.undecoded += 1,
            },
            ip::UDP => match ip::udp(packet.payload) {
                Some((ports, payload, cut)) => {
                    let (key, endpoint) = Key::of(Transport::Udp, packet.addresses, ports);
                    let found = (key, endpoint, Transport::Udp);
                    self.handle_datagram(carried, found, payload, cut || packet.cut, observer);
                }
                None => self.counters.undecoded += 1,
            },
            protocol => {
                let transport = Transport::Ip(protocol);
                let (key, endpoint) = Key::of(transport, packet.addresses, [0, 0]);
                let found = (key, endpoint, transport);
                self.handle_datagram(carried, found, packet.payload, packet.cut, observer);
            }
        }
    }

    pub(crate) fn contradiction<O: Observer>(
        &mut self,
        carried: &Carried,
        packet: &Packet<'_>,
        observer: &mut O,
    ) {
        self.counters.contradictions += 1;
        let [source, target] = packet.addresses.map(|address| Address::Ip(key::ip(address)));
        let sender = self.station(source, carried.moment, observer);
        let receiver = self.station(target, carried.moment, observer);
        let Moment { frame, time } = carried.moment;
        observer.event(&self.world, frame, time, &Event::Contradiction { sender, receiver });
    }

    fn station<O: Observer>(
        &mut self,
        address: Address,
        moment: Moment,
        observer: &mut O,
    ) -> StationId {
        let before = self.world.stations.len();
        let id = self.world.stations.at(address, moment.time);
        if self.world.stations.len() > before {
            observer.event(&self.world, moment.frame, moment.time, &Event::NewStation(id));
        }
        id
    }

    /// The flow of a packet, made if it is new, with the packet counted.
    #[inline]
    pub(crate) fn flow<O: Observer>(
        &mut self,
        carried: &Carried,
        (key, endpoint, transport): (Key, Direction, Transport),
        observer: &mut O,
    ) -> Option<(Place, bool)> {
        let known = match self.latest {
            Some((latest, place)) if latest == key => Some(place),
            _ => self.flows.find(&key),
        };
        let place = match known {
            Some(place) => place,
            None => self.open(carried, (key, endpoint, transport), observer),
        };
        self.latest = Some((key, place));
        let flow = self.flows.get_mut(place)?;
        flow.last_seen = flow.last_seen.max(carried.moment.time);
        let frames = flow.frames.get_mut(endpoint)?;
        *frames += 1;
        // The first answer comes from where the question went, which only looks like no move.
        let first = *frames == 1;
        *flow.bytes.get_mut(endpoint)? += u64::from(carried.wire_bytes);
        let [a, b] = flow.lane.stations;
        let (sender, receiver) = if endpoint == 0 { (a, b) } else { (b, a) };
        let moved = first
            || flow.lane.macs.get(endpoint) != carried.macs.first()
            || flow.vlan != carried.vlan;
        if moved {
            self.note_link(place, endpoint, carried, observer);
        }
        observer.packet(carried.moment.time, carried.moment.frame, sender, receiver);
        Some((place, known.is_none()))
    }

    fn open<O: Observer>(
        &mut self,
        carried: &Carried,
        (key, endpoint, transport): (Key, Direction, Transport),
        observer: &mut O,
    ) -> Place {
        for _ in 0..SWEEP_PER_FLOW {
            self.sweep(carried.moment, observer);
        }
        if self.flows.len() >= self.limits.flows_max
            && let Some(flow) = self.flows.shed()
        {
            self.counters.flows_shed += u64::from(!flow.closed);
            self.let_go(flow, carried.moment.frame, observer);
        }
        let stations = [0, 1].map(|at| self.station(key.address(at), carried.moment, observer));
        let mut flow = Flow::new(self.serial(), (key, transport), stations, carried.moment.time);
        let to = 1 - endpoint;
        let port = key.port(to);
        if !self.world.expected.is_empty() && !self.identifier.serves(transport, port) {
            let found = self.world.expected.find((transport, key.address(to), port));
            if let Some((id, protocol)) = found {
                flow.lane.expected = Some(id);
                flow.app = App::Speaking(Speaking::new(protocol));
            }
        }
        self.flows.insert(flow)
    }

    /// A packet came from another place than the one before it.
    #[cold]
    fn note_link<O: Observer>(
        &mut self,
        place: Place,
        endpoint: Direction,
        carried: &Carried,
        observer: &mut O,
    ) {
        let Some(flow) = self.flows.get_mut(place) else { return };
        let [source, target] = carried.macs;
        if let Some(mac) = flow.lane.macs.get_mut(endpoint) {
            *mac = source;
        }
        if let Some(mac) = flow.lane.macs.get_mut(1 - endpoint).filter(|mac| mac.is_unset()) {
            *mac = target;
        }
        flow.vlan = carried.vlan;
        let ether = matches!(flow.lane.transport, Transport::Ether(_));
        let [a, b] = flow.lane.stations;
        let id = if endpoint == 0 { a } else { b };
        let Some(station) = self.world.stations.get_mut(id) else { return };
        station.on_vlan(carried.vlan);
        if ether {
            return;
        }
        if let Some(before) = station.behind(source) {
            let event = Event::Moved { station: id, before, now: source };
            observer.event(&self.world, carried.moment.frame, carried.moment.time, &event);
        }
    }

    fn handle_datagram<O: Observer>(
        &mut self,
        carried: &Carried,
        found: (Key, Direction, Transport),
        payload: &[u8],
        cut: bool,
        observer: &mut O,
    ) {
        let Some((place, new)) = self.flow(carried, found, observer) else { return };
        let endpoint = found.1;
        if new {
            self.orient_datagrams(place, endpoint);
            self.tell_opened(place, endpoint, carried.moment, observer);
        }
        if !payload.is_empty() {
            self.read_datagram(carried, (place, endpoint), payload, cut, observer);
            self.weigh(place, carried.moment, observer);
        }
    }

    fn read_datagram<O: Observer>(
        &mut self,
        carried: &Carried,
        (place, endpoint): (Place, Direction),
        payload: &[u8],
        cut: bool,
        observer: &mut O,
    ) {
        let Self { flows, world, identifier, .. } = self;
        let Some(flow) = flows.get_mut(place) else { return };
        flow.spoke = true;
        if let App::Seeking(seeking) = &mut flow.app {
            let ports = ports(&flow.lane.ports, endpoint);
            let (transport, bytes) = (flow.lane.transport, payload);
            let sample = Sample { transport, ports, bytes, from: None, except: None };
            match identifier.find(&sample) {
                Found::Protocol(protocol, side) => {
                    orient(flow, endpoint, side);
                    flow.app = App::Speaking(Speaking::new(protocol));
                }
                Found::More | Found::Nothing => {
                    seeking.tries += 1;
                    if seeking.tries >= TRIES_MAX {
                        flow.app = App::Opaque;
                    }
                    return;
                }
            }
        }
        let App::Speaking(speaking) = &mut flow.app else { return };
        let mut emit = Emit::new(world, observer, &mut flow.lane, carried.moment, endpoint);
        if deliver::datagram(speaking, payload, cut, &mut emit) != Read::Fine {
            deliver::tell_unreadable(speaking, &mut emit);
            if speaking.lost >= LOST_MAX {
                flow.app = App::Seeking(Seeking::default());
            }
        }
    }

    /// Who asks in a flow of datagrams: the side that content or ports tell is set when the
    /// protocol is found; until then the first sender. Between two equal ports it is the station
    /// that has opened a connection to the other (EtherNet/IP I/O, PROFINET).
    fn orient_datagrams(&mut self, place: Place, endpoint: Direction) {
        let Some(flow) = self.flows.get_mut(place) else { return };
        let [port_a, port_b] = flow.lane.ports;
        let [a, b] = flow.lane.stations;
        let asked = |asker, target| self.world.conversations.has_asked(asker, target);
        flow.lane.client = Some(endpoint);
        if port_a == port_b && port_a != 0 {
            let (sender, receiver) = if endpoint == 0 { (a, b) } else { (b, a) };
            if asked(receiver, sender) && !asked(sender, receiver) {
                flow.lane.client = Some(1 - endpoint);
            }
        }
    }

    pub(crate) fn tell_opened<O: Observer>(
        &mut self,
        place: Place,
        endpoint: Direction,
        moment: Moment,
        observer: &mut O,
    ) {
        let Some(flow) = self.flows.get_mut(place) else { return };
        let [a, b] = flow.lane.stations;
        let (source, target) = if endpoint == 0 { (a, b) } else { (b, a) };
        let [from, to] = ports(&flow.lane.ports, endpoint);
        let transport = flow.lane.transport;
        // An answer whose question was not captured opens nothing.
        let answers = transport == Transport::Udp
            && self.identifier.serves(transport, from)
            && !self.identifier.serves(transport, to);
        if !answers {
            let event = Event::Opened { source, target, transport, port: to };
            observer.event(&self.world, moment.frame, moment.time, &event);
        }
    }
}
