//! A flow while it lives: its endpoints, its streams, and what it speaks.

use plant::{Mac, Time};
use wire::{Protocol, Session, Side, Transport};

use crate::conversation::{Channel, ConversationId};
use crate::expect::ExpectedId;
use crate::key::{Direction, Key};
use crate::station::StationId;
use crate::stream::Half;
use crate::world::World;

/// The ends of a flow, as messages need them.
pub(crate) struct Lane {
    /// Number of the flow, never given twice.
    pub(crate) serial: u64,
    /// The announcement that it came by.
    pub(crate) expected: Option<ExpectedId>,
    /// It has carried pieces of programs.
    pub(crate) carries: bool,
    pub(crate) transport: Transport,
    pub(crate) stations: [StationId; 2],
    pub(crate) ports: [u16; 2],
    /// Where the latest packet of each endpoint came from.
    pub(crate) macs: [Mac; 2],
    /// Which endpoint asks, once known.
    pub(crate) client: Option<Direction>,
    /// Conversations of the protocols spoken here, latest first.
    spoken: [Option<(Protocol, ConversationId)>; 2],
}

impl Lane {
    /// The side of an endpoint; an endpoint of which nothing is known counts as the client.
    pub(crate) fn side(&self, endpoint: Direction) -> Side {
        if self.client.unwrap_or(endpoint) == endpoint { Side::Client } else { Side::Server }
    }

    /// The station that asks and the one that answers, with the answering port.
    pub(crate) fn ends(&self) -> (StationId, StationId, u16) {
        let [a, b] = self.stations;
        let [port_a, port_b] = self.ports;
        if self.client == Some(1) { (b, a, port_a) } else { (a, b, port_b) }
    }

    /// The conversation of `protocol` between these ends.
    #[inline]
    pub(crate) fn conversation(
        &mut self,
        world: &mut World,
        protocol: Protocol,
        now: Time,
    ) -> ConversationId {
        for spoken in self.spoken.iter().flatten() {
            if spoken.0 == protocol {
                return spoken.1;
            }
        }
        let (source, target, _) = self.ends();
        let id = world.between((source, target, Channel::Protocol(protocol)), now);
        self.spoken = [Some((protocol, id)), self.spoken[0]];
        id
    }

    /// Forgets which conversations it belongs to: its ends changed parts.
    pub(crate) fn forget(&mut self) {
        self.spoken = [None; 2];
    }
}

/// What a flow speaks.
pub(crate) enum App {
    /// Not known yet; the first bytes of each endpoint are kept.
    Seeking(Seeking),
    /// This protocol.
    Speaking(Speaking),
    /// Nothing that is known.
    Opaque,
}

/// The search for a protocol.
#[derive(Default)]
pub(crate) struct Seeking {
    /// First bytes of each endpoint (streams only).
    pub(crate) prefix: [Vec<u8>; 2],
    /// Segments or datagrams that could not be identified.
    pub(crate) tries: u8,
}

/// A protocol at work.
pub(crate) struct Speaking {
    pub(crate) protocol: Protocol,
    pub(crate) session: Box<dyn Session>,
    /// PDUs read so far, up to 255.
    pub(crate) read: u8,
    /// Times in a row that no PDU could be found.
    pub(crate) lost: u8,
}

impl Speaking {
    pub(crate) fn new(protocol: Protocol) -> Self {
        Self { protocol, session: (protocol.entry().open)(), read: 0, lost: 0 }
    }
}

/// Which way a packet is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    More,
    Less,
}

/// A flow.
pub(crate) struct Flow {
    pub(crate) key: Key,
    pub(crate) lane: Lane,
    pub(crate) first_seen: Time,
    pub(crate) last_seen: Time,
    /// Frames and bytes of each endpoint that are not yet counted to its conversation.
    pub(crate) frames: [u64; 2],
    pub(crate) bytes: [u64; 2],
    pub(crate) vlan: u16,
    /// Payload was seen.
    pub(crate) spoke: bool,
    /// The connection was closed or reset.
    pub(crate) closed: bool,
    /// A SYN in a live connection, until the other side answers to it: who, and its number.
    pub(crate) knock: Option<(Direction, u32)>,
    pub(crate) halves: [Half; 2],
    pub(crate) app: App,
    /// Bytes kept on the heap when it was last weighed.
    pub(crate) weight: usize,
}

impl Flow {
    pub(crate) fn new(
        serial: u64,
        (key, transport): (Key, Transport),
        stations: [StationId; 2],
        now: Time,
    ) -> Self {
        Self {
            key,
            lane: Lane {
                serial,
                expected: None,
                carries: false,
                transport,
                stations,
                ports: [key.port(0), key.port(1)],
                macs: [Mac::default(); 2],
                client: None,
                spoken: [None; 2],
            },
            first_seen: now,
            last_seen: now,
            frames: [0; 2],
            bytes: [0; 2],
            vlan: 0,
            spoke: false,
            closed: false,
            knock: None,
            halves: [Half::default(), Half::default()],
            app: App::Seeking(Seeking::default()),
            weight: 0,
        }
    }

    /// Bytes that it keeps on the heap.
    pub(crate) fn held_bytes(&self) -> usize {
        let [a, b] = &self.halves;
        let app = match &self.app {
            App::Seeking(seeking) => seeking.prefix.iter().map(Vec::capacity).sum(),
            App::Speaking(speaking) => {
                size_of_val(&*speaking.session) + speaking.session.held_bytes()
            }
            App::Opaque => 0,
        };
        a.held_bytes() + b.held_bytes() + app
    }

    /// Counts a packet of an endpoint, or takes it back.
    #[inline]
    pub(crate) fn count(&mut self, endpoint: Direction, wire_bytes: u32, count: Count) {
        let places = self.frames.get_mut(endpoint).zip(self.bytes.get_mut(endpoint));
        let Some((frames, bytes)) = places else { return };
        match count {
            Count::More => (*frames, *bytes) = (*frames + 1, *bytes + u64::from(wire_bytes)),
            Count::Less => {
                *frames = frames.saturating_sub(1);
                *bytes = bytes.saturating_sub(u64::from(wire_bytes));
            }
        }
    }

    /// What it goes over, for conversations.
    pub(crate) fn channel(&self) -> Channel {
        let (.., port) = self.lane.ends();
        match (&self.app, self.lane.transport) {
            (App::Speaking(speaking), _) => Channel::Protocol(speaking.protocol),
            (_, Transport::Tcp) => Channel::Tcp(port),
            (_, Transport::Udp) => Channel::Udp(port),
            (_, Transport::Ether(ether_type)) => Channel::Ether(ether_type),
            (_, Transport::Ip(protocol)) => Channel::Ip(protocol),
        }
    }

    /// Counts what it carried to its stations and, if anything was said, to its conversation.
    pub(crate) fn settle(&mut self, world: &mut World) {
        let frames = std::mem::take(&mut self.frames);
        let bytes = std::mem::take(&mut self.bytes);
        if frames == [0; 2] {
            return;
        }
        for ((station, frames), bytes) in self.lane.stations.into_iter().zip(frames).zip(bytes) {
            let Some(station) = world.stations.get_mut(station).filter(|_| frames > 0) else {
                continue;
            };
            station.frames += frames;
            station.bytes += bytes;
            station.sent = true;
            station.last_seen = station.last_seen.max(self.last_seen);
        }
        if !self.spoke {
            return;
        }
        let (source, target, _) = self.lane.ends();
        let id = world.between((source, target, self.channel()), self.first_seen);
        if let Some(conversation) = world.conversations.all.get_mut(id.index()) {
            conversation.frames += frames.iter().sum::<u64>();
            conversation.bytes += bytes.iter().sum::<u64>();
            conversation.first_seen = conversation.first_seen.min(self.first_seen);
            conversation.last_seen = conversation.last_seen.max(self.last_seen);
        }
    }
}
