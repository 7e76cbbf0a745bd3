//! Bytes to the dissector, messages to the observer.

use plant::{Address, Intent};
use wire::{
    Anomaly, Blame, Fact, Message, Noted, Piece, Protocol, Side, Sink, Step, Subject, Transport,
};

use crate::conversation::{ConversationId, Conversations};
use crate::key::Direction;
use crate::live::{Lane, Speaking};
use crate::observer::{Endpoint, Event, Moment, Observer, Seen};
use crate::program::Passing;
use crate::station::{AddressClaim, StationId, clipped};
use crate::stream::Half;
use crate::world::World;

/// Where messages of one frame go.
pub(crate) struct Emit<'a, O> {
    pub(crate) world: &'a mut World,
    pub(crate) observer: &'a mut O,
    pub(crate) lane: &'a mut Lane,
    pub(crate) moment: Moment,
    pub(crate) endpoint: Direction,
    /// The conversation and intent of the latest message, for counting its bytes.
    latest: Option<(ConversationId, Intent)>,
}

impl<'a, O: Observer> Emit<'a, O> {
    pub(crate) fn new(
        world: &'a mut World,
        observer: &'a mut O,
        lane: &'a mut Lane,
        moment: Moment,
        endpoint: Direction,
    ) -> Self {
        Self { world, observer, lane, moment, endpoint, latest: None }
    }

    pub(crate) fn from(&self) -> Side {
        self.lane.side(self.endpoint)
    }

    fn sender(&self) -> Endpoint {
        endpoint(self.lane, self.endpoint)
    }

    fn receiver(&self) -> Endpoint {
        endpoint(self.lane, 1 - self.endpoint)
    }

    pub(crate) fn event(&mut self, event: &Event) {
        self.observer.event(self.world, self.moment.frame, self.moment.time, event);
    }

    /// Tells that the bytes at hand are none of `protocol`.
    fn unreadable(&mut self, protocol: Protocol) {
        let conversation = self.lane.conversation(self.world, protocol, self.moment.time);
        if let Some(known) = self.world.conversations.all.get_mut(conversation.index()) {
            known.anomalous += 1;
        }
        let sender = self.sender().station;
        self.event(&Event::Unreadable { conversation, protocol, sender });
    }

    fn count_bytes(&mut self, bytes: usize) {
        let Some((id, intent)) = self.latest.take() else { return };
        let conversation = self.world.conversations.all.get_mut(id.index());
        let count = conversation.and_then(|one| one.bytes_by_intent.get_mut(intent.index()));
        if let Some(count) = count {
            *count += bytes as u64;
        }
    }

    fn learn(&mut self, fact: &Fact<'_>) {
        let now = self.moment.time;
        match fact {
            Fact::Identity { about, field, value } => {
                if let Some(id) = self.known(*about) {
                    self.world.stations.tell(id, *field, value);
                }
            }
            Fact::Role { about, role, reason } => {
                let id = self.known(*about);
                let station = id.and_then(|id| self.world.stations.get_mut(id));
                if let Some(station) = station.filter(|station| !station.is_group()) {
                    station.show(*role, reason);
                }
            }
            Fact::Address { about, ip, claim } => {
                let id = self.holder(*about);
                let holder = self.world.stations.get_mut(id).filter(|s| !s.is_group());
                if holder.is_some_and(|s| s.claim(AddressClaim { ip: *ip, claim: *claim })) {
                    let ip = self.world.stations.at(Address::Ip(*ip), now);
                    self.event(&Event::Claimed { station: id, ip, claim: *claim });
                }
            }
            Fact::Credential { .. }
            | Fact::Obsolete { .. }
            | Fact::Unprotected { .. }
            | Fact::Overreach { .. }
            | Fact::Joined { .. } => {}
            Fact::Expects { about, port, transport, protocol, name } => {
                let port = port.unwrap_or(self.sender().port);
                let ends = [self.sender().station, self.receiver().station];
                let mut ends = ends.into_iter().filter_map(|id| self.world.stations.get(id));
                let address = match about {
                    Subject::Ip(ip) => Some(Address::Ip(*ip))
                        .filter(|ip| ends.any(|station| station.address == *ip)),
                    Subject::Sender => ends.next().map(|station| station.address),
                    Subject::Receiver => ends.nth(1).map(|station| station.address),
                    Subject::Mac(_) => None,
                };
                if let Some(address) = address {
                    let name = clipped(name, EXPECTED_NAME_BYTES_MAX);
                    self.world.expected.announce((*transport, address, port), *protocol, name);
                }
            }
        }
    }

    fn carry(&mut self, protocol: Protocol, conversation: ConversationId, piece: &Piece<'_>) {
        self.lane.carries = true;
        let Moment { frame, time } = self.moment;
        let (lane, from) = (self.lane.serial, self.from());
        let ends = [self.sender().station, self.receiver().station];
        let passing = Passing { lane, frame, time, protocol, conversation, from, ends };
        let World { programs, expected, .. } = &mut *self.world;
        let announced = self.lane.expected.map_or("", |id| expected.name(id));
        if let Some(program) = programs.take(&passing, announced, piece) {
            self.event(&Event::Received { program });
        }
    }

    /// The one station that a fact is about. What is only said of an IP address (a name server's
    /// answer) makes no station of it; an Ethernet address is on this segment, and is one.
    fn known(&mut self, about: Subject) -> Option<StationId> {
        match about {
            Subject::Ip(ip) => self.world.stations.find(Address::Ip(ip)),
            Subject::Sender | Subject::Receiver | Subject::Mac(_) => Some(self.subject(about)),
        }
    }

    fn subject(&mut self, about: Subject) -> StationId {
        let now = self.moment.time;
        match about {
            Subject::Sender => self.sender().station,
            Subject::Receiver => self.receiver().station,
            Subject::Mac(mac) => self.world.stations.at(Address::Mac(mac), now),
            Subject::Ip(ip) => self.world.stations.at(Address::Ip(ip), now),
        }
    }

    /// The Ethernet station of a subject, which is what can hold an address.
    fn holder(&mut self, about: Subject) -> StationId {
        let endpoint = if about == Subject::Receiver { 1 - self.endpoint } else { self.endpoint };
        let mac = self.lane.macs.get(endpoint).copied().unwrap_or_default();
        match about {
            Subject::Sender | Subject::Receiver if !mac.is_unset() => {
                self.subject(Subject::Mac(mac))
            }
            Subject::Sender | Subject::Receiver | Subject::Mac(_) | Subject::Ip(_) => {
                self.subject(about)
            }
        }
    }
}

fn endpoint(lane: &Lane, at: Direction) -> Endpoint {
    let [a, b] = lane.stations;
    let [port_a, port_b] = lane.ports;
    if at == 0 {
        Endpoint { station: a, port: port_a }
    } else {
        Endpoint { station: b, port: port_b }
    }
}

impl<O: Observer> Sink for Emit<'_, O> {
    fn message(&mut self, message: &Message<'_>) {
        let Moment { frame, time } = self.moment;
        let conversation = self.lane.conversation(self.world, message.protocol, time);
        let mut first = false;
        let Conversations { all, rows_left, .. } = &mut self.world.conversations;
        if let Some(known) = all.get_mut(conversation.index()) {
            first = known.count(message, rows_left);
            known.last_seen = known.last_seen.max(time);
            known.anomalous += u64::from(message.anomalies.iter().any(worse_than_odd));
        }
        for fact in message.facts {
            self.learn(fact);
        }
        self.latest = Some((conversation, message.intent));
        let seen = Seen {
            frame,
            time,
            conversation,
            transport: self.lane.transport,
            sender: self.sender(),
            receiver: self.receiver(),
            from: self.from(),
            first,
            message,
        };
        self.observer.message(self.world, &seen);
        if let Some(piece) = message.piece {
            self.carry(message.protocol, conversation, piece);
        }
    }

    fn note(&mut self, protocol: Protocol, key: &[u8], value: &[u8]) {
        self.world.notes.put(protocol, key, value);
    }

    fn noted(&self, protocol: Protocol, key: &[u8]) -> Option<Noted> {
        self.world.notes.get(protocol, key)
    }

    fn ends(&self) -> Option<[Address; 2]> {
        let address = |end: Endpoint| Some(self.world.stations.get(end.station)?.address);
        Some([address(self.sender())?, address(self.receiver())?])
    }

    fn piece(&mut self, protocol: Protocol, piece: &Piece<'_>) {
        let conversation = self.lane.conversation(self.world, protocol, self.moment.time);
        self.carry(protocol, conversation, piece);
    }
}

fn worse_than_odd(anomaly: &Anomaly) -> bool {
    anomaly.blame != Blame::Oddity
}

/// Bytes kept of the name of a file that another flow will carry.
const EXPECTED_NAME_BYTES_MAX: usize = 256;

/// How reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// All bytes were read, or the rest is kept until more come.
    Fine,
    /// From this place in the new bytes on, nothing could be read.
    Lost(usize),
}

/// Room that a stream keeps between incomplete messages.
const KEPT_BYTES: usize = 16 * 1024;

/// Reads the next bytes of a stream.
pub(crate) fn stream<O: Observer>(
    speaking: &mut Speaking,
    half: &mut Half,
    bytes: &[u8],
    bytes_max: usize,
    emit: &mut Emit<'_, O>,
) -> Read {
    let mut fresh = bytes;
    if half.skip > 0 {
        let skipped = usize::try_from(half.skip).unwrap_or(usize::MAX).min(fresh.len());
        half.skip -= skipped as u64;
        fresh = fresh.get(skipped..).unwrap_or_default();
    }
    if half.partial.is_empty() {
        let (read, left) = pdus(speaking, half, fresh, bytes_max, emit);
        half.partial.extend_from_slice(left);
        return at(read, bytes.len() - fresh.len());
    }
    half.partial.extend_from_slice(fresh);
    if half.partial.len() < half.need {
        return Read::Fine;
    }
    let mut kept = std::mem::take(&mut half.partial);
    let before = kept.len() - fresh.len();
    let (read, left) = pdus(speaking, half, &kept, bytes_max, emit);
    let done = kept.len() - left.len();
    kept.drain(..done);
    // Room for the messages to come, but not for the largest that ever came.
    kept.shrink_to(KEPT_BYTES);
    half.partial = kept;
    match read {
        Read::Lost(place) => Read::Lost(place.saturating_sub(before)),
        Read::Fine => Read::Fine,
    }
}

fn at(read: Read, offset: usize) -> Read {
    match read {
        Read::Fine => Read::Fine,
        Read::Lost(place) => Read::Lost(place + offset),
    }
}

/// Reads PDUs while there are whole ones; what is left waits for more.
fn pdus<'b, O: Observer>(
    speaking: &mut Speaking,
    half: &mut Half,
    bytes: &'b [u8],
    bytes_max: usize,
    emit: &mut Emit<'_, O>,
) -> (Read, &'b [u8]) {
    let mut rest = bytes;
    while !rest.is_empty() {
        match speaking.session.parse(emit.from(), rest, emit) {
            Step::Read(count) => {
                let count = count.max(1);
                emit.count_bytes(count);
                speaking.read = speaking.read.saturating_add(1);
                speaking.lost = 0;
                half.skip = count.saturating_sub(rest.len()) as u64;
                rest = rest.get(count..).unwrap_or_default();
            }
            Step::Need(need) if need <= bytes_max => {
                half.need = need.max(rest.len() + 1);
                return (Read::Fine, rest);
            }
            Step::Need(_) | Step::Lost => {
                return (Read::Lost(bytes.len() - rest.len()), &[]);
            }
        }
    }
    (Read::Fine, &[])
}

/// Reads one datagram or frame; `cut` says that the capture holds only its beginning.
pub(crate) fn datagram<O: Observer>(
    speaking: &mut Speaking,
    bytes: &[u8],
    cut: bool,
    emit: &mut Emit<'_, O>,
) -> Read {
    let mut rest = bytes;
    while !rest.is_empty() {
        match speaking.session.parse(emit.from(), rest, emit) {
            Step::Read(count) => {
                let count = count.max(1);
                emit.count_bytes(count);
                speaking.read = speaking.read.saturating_add(1);
                speaking.lost = 0;
                rest = rest.get(count..).unwrap_or_default();
            }
            Step::Need(_) if cut => return Read::Fine,
            Step::Need(_) | Step::Lost => return Read::Lost(bytes.len() - rest.len()),
        }
    }
    Read::Fine
}

/// Tells that bytes were none of the protocol that was spoken before, if that is worth telling.
pub(crate) fn tell_unreadable<O: Observer>(speaking: &mut Speaking, emit: &mut Emit<'_, O>) {
    speaking.lost = speaking.lost.saturating_add(1);
    let padding = matches!(emit.lane.transport, Transport::Ether(_) | Transport::Ip(_));
    if speaking.read > 0 && speaking.lost == 1 && !padding {
        emit.unreadable(speaking.protocol);
    }
}
