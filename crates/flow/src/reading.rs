//! Reading a stream: finding its protocol, following it, and finding it again when it is lost.

use wire::Side;

use crate::deliver::{self, Emit, Read};
use crate::identify::{Found, Identifier, Sample};
use crate::key::Direction;
use crate::limits::Limits;
use crate::live::{App, Flow, Seeking, Speaking};
use crate::observer::{Moment, Observer};
use crate::stream::Half;
use crate::world::World;

/// Segments or datagrams of a flow that are tried before it counts as unknown.
pub(crate) const TRIES_MAX: u8 = 6;
/// First bytes of each endpoint that are kept while its protocol is sought.
const PREFIX_BYTES_MAX: usize = 2048;
/// Times in a row that a protocol may fail to read before it is sought anew.
pub(crate) const LOST_MAX: u8 = 4;

/// Everything that reading needs beside the flow.
pub(crate) struct Reading<'a, O> {
    pub(crate) world: &'a mut World,
    pub(crate) identifier: &'a Identifier,
    pub(crate) limits: &'a Limits,
    pub(crate) observer: &'a mut O,
    pub(crate) moment: Moment,
}

impl<O: Observer> Reading<'_, O> {
    /// Reads the next bytes of a stream.
    #[inline]
    pub(crate) fn read(&mut self, flow: &mut Flow, endpoint: Direction, bytes: &[u8]) {
        match &flow.app {
            App::Speaking(_) => self.follow(flow, endpoint, bytes),
            App::Seeking(_) => self.seek(flow, endpoint, bytes),
            App::Opaque => {}
        }
    }

    /// Reads what waited for bytes that have now come, or were given up.
    pub(crate) fn read_waiting(&mut self, flow: &mut Flow, endpoint: Direction) {
        let now = self.moment;
        while let Some((bytes, moment)) = half(flow, endpoint).ready() {
            self.moment = moment;
            self.read(flow, endpoint, &bytes);
        }
        self.moment = now;
    }

    fn follow(&mut self, flow: &mut Flow, endpoint: Direction, bytes: &[u8]) {
        let Flow { app, halves, lane, .. } = flow;
        let App::Speaking(speaking) = app else { return };
        let Some(half) = halves.get_mut(endpoint) else { return };
        let mut emit = Emit::new(self.world, self.observer, lane, self.moment, endpoint);
        let bytes_max = self.limits.stream_bytes_max;
        let Read::Lost(place) = deliver::stream(speaking, half, bytes, bytes_max, &mut emit) else {
            return;
        };
        // Another protocol may begin here: TLS after STARTTLS, a web socket after an upgrade.
        let rest = bytes.get(place..).unwrap_or_default();
        let except = Some(speaking.protocol);
        if !rest.is_empty() {
            let ports = ports(&emit.lane.ports, endpoint);
            let from = emit.lane.client.map(|_| emit.lane.side(endpoint));
            let transport = emit.lane.transport;
            let sample = Sample { transport, ports, bytes: rest, from, except };
            if let Found::Protocol(protocol, _) = self.identifier.find(&sample) {
                *app = App::Speaking(Speaking::new(protocol));
                return self.follow(flow, endpoint, rest);
            }
        }
        deliver::tell_unreadable(speaking, &mut emit);
        if speaking.lost >= LOST_MAX {
            let tries = if speaking.read > 0 { 0 } else { TRIES_MAX / 2 };
            *app = App::Seeking(Seeking { tries, ..Seeking::default() });
        }
    }

    fn seek(&mut self, flow: &mut Flow, endpoint: Direction, bytes: &[u8]) {
        let Flow { app, lane, .. } = flow;
        let App::Seeking(seeking) = app else { return };
        let Some(prefix) = seeking.prefix.get_mut(endpoint) else { return };
        let from = lane.client.map(|_| lane.side(endpoint));
        let (ports, transport) = (ports(&lane.ports, endpoint), lane.transport);
        let sample = |bytes| Sample { transport, ports, bytes, from, except: None };
        // Mostly nothing was kept before, and the segment itself tells.
        let mut found = Found::Nothing;
        if !prefix.is_empty() {
            prefix.extend_from_slice(bytes);
            found = self.identifier.find(&sample(prefix));
        }
        if found == Found::Nothing {
            // Also when joined in the middle of a message: this segment may begin a new one.
            found = self.identifier.find(&sample(bytes));
            if found != Found::Nothing {
                prefix.clear();
            }
            if found == Found::More {
                prefix.extend_from_slice(bytes);
            }
        }
        let kept = !prefix.is_empty();
        match found {
            Found::Protocol(protocol, side) => {
                orient(flow, endpoint, side);
                self.begin(flow, endpoint, Speaking::new(protocol));
                if !kept {
                    self.read(flow, endpoint, bytes);
                }
            }
            Found::More if prefix.len() < PREFIX_BYTES_MAX => {}
            Found::More | Found::Nothing => {
                // A first message that nobody knows may be read once the other side has answered.
                if found == Found::More || prefix.len() > PREFIX_BYTES_MAX {
                    prefix.clear();
                } else if !kept && bytes.len() <= PREFIX_BYTES_MAX {
                    prefix.extend_from_slice(bytes);
                }
                seeking.tries += 1;
                if seeking.tries >= TRIES_MAX {
                    *app = App::Opaque;
                }
            }
        }
    }

    /// Reads what was kept of both endpoints: the other's first, for it was there first.
    fn begin(&mut self, flow: &mut Flow, endpoint: Direction, speaking: Speaking) {
        let App::Seeking(seeking) = std::mem::replace(&mut flow.app, App::Speaking(speaking))
        else {
            return;
        };
        for from in [1 - endpoint, endpoint] {
            if let Some(prefix) = seeking.prefix.get(from).filter(|prefix| !prefix.is_empty()) {
                self.read(flow, from, prefix);
            }
        }
    }
}

/// Sets who asks, once content or ports tell it; a handshake that was seen knows better.
pub(crate) fn orient(flow: &mut Flow, endpoint: Direction, side: Option<Side>) {
    let by_syn = flow.lane.client.is_some() && flow.lane.transport == wire::Transport::Tcp;
    if by_syn {
        return;
    }
    let [port_a, port_b] = flow.lane.ports;
    let client = match side {
        Some(Side::Client) => endpoint,
        Some(Side::Server) => 1 - endpoint,
        None => flow.lane.client.unwrap_or(usize::from(port_a < port_b)),
    };
    if flow.lane.client != Some(client) {
        flow.lane.client = Some(client);
        flow.lane.forget();
    }
}

/// Ports of sender and receiver.
pub(crate) fn ports(of: &[u16; 2], endpoint: Direction) -> [u16; 2] {
    let [a, b] = *of;
    if endpoint == 0 { [a, b] } else { [b, a] }
}

/// The stream of an endpoint.
#[inline]
pub(crate) fn half(flow: &mut Flow, endpoint: Direction) -> &mut Half {
    let [a, b] = &mut flow.halves;
    if endpoint == 0 { a } else { b }
}

/// Tells the dissector that bytes of an endpoint are missing.
pub(crate) fn gap(flow: &mut Flow, endpoint: Direction, world: &mut World) {
    let side = flow.lane.side(endpoint);
    match &mut flow.app {
        App::Speaking(speaking) => {
            speaking.session.gap(side);
            if flow.lane.carries {
                world.programs.gap(flow.lane.serial);
            }
            speaking.lost = speaking.lost.max(1);
        }
        App::Seeking(seeking) => {
            if let Some(prefix) = seeking.prefix.get_mut(endpoint) {
                prefix.clear();
            }
        }
        App::Opaque => {}
    }
}
