//! TCP connections: how they begin, end and begin again, and what becomes of their segments.
//!
//! Sources: RFC 9293 section 3.5 (three-way handshake, half-open connections), RFC 5961 section 4
//! (a SYN in a live connection is challenged, not believed).

use wire::Transport;

use crate::ip::{Packet, Segment, flag};
use crate::key::{Direction, Key};
use crate::limits::Limits;
use crate::live::{Count, Flow};
use crate::observer::{Event, Moment, Observer};
use crate::reading::{Reading, gap, half, ports};
use crate::stream::Placed;
use crate::table::Place;
use crate::tracker::{Carried, Tracker};

impl Tracker {
    pub(crate) fn handle_segment<O: Observer>(
        &mut self,
        carried: &Carried,
        packet: &Packet<'_>,
        segment: &Segment<'_>,
        observer: &mut O,
    ) {
        let (key, endpoint) = Key::of(Transport::Tcp, packet.addresses, segment.ports);
        let found = (key, endpoint, Transport::Tcp);
        let Some((mut place, _)) = self.flow(carried, found, observer) else { return };
        if segment.flags & (flag::SYN | flag::RST | flag::FIN) != 0 {
            place = self.handle_flags(carried, place, endpoint, segment, observer);
        }
        let Some(flow) = self.flows.get_mut(place) else { return };
        let peer = 1 - endpoint;
        let waits = half(flow, peer).waits();
        let missed = waits
            && segment.flags & flag::ACK != 0
            && half(flow, peer).missed(segment.acknowledged);
        if missed {
            self.give_up(place, peer, carried.moment, observer);
        }
        if !segment.payload.is_empty() {
            self.handle_payload(carried, packet, segment, (place, endpoint), observer);
        }
        if missed || !segment.payload.is_empty() {
            self.weigh(place, carried.moment, observer);
        }
    }

    #[inline]
    fn handle_payload<O: Observer>(
        &mut self,
        carried: &Carried,
        packet: &Packet<'_>,
        segment: &Segment<'_>,
        (place, endpoint): (Place, Direction),
        observer: &mut O,
    ) {
        let Some(flow) = self.flows.get_mut(place) else { return };
        let half = half(flow, endpoint);
        // A SYN takes one number of the sequence before the bytes that it may carry.
        let sequence = segment.sequence.wrapping_add(u32::from(segment.flags & flag::SYN != 0));
        match half.place(sequence, segment.payload) {
            Placed::Ready(bytes) => {
                flow.spoke = true;
                self.read(place, endpoint, bytes, carried.moment, observer);
            }
            Placed::Old => self.counters.retransmitted += 1,
            Placed::Early => {
                self.counters.reordered += 1;
                if !half.keep(sequence, segment.payload, carried.moment) {
                    self.contradiction(carried, packet, observer);
                }
                self.relieve(place, endpoint, carried.moment, observer);
            }
        }
    }

    /// SYN, FIN and RST. Nothing that contradicts the stream so far is believed at once: whoever
    /// forges such a segment must not turn the roles of client and server around, or make the
    /// tracker forget the stream.
    #[cold]
    fn handle_flags<O: Observer>(
        &mut self,
        carried: &Carried,
        place: Place,
        endpoint: Direction,
        segment: &Segment<'_>,
        observer: &mut O,
    ) -> Place {
        let syn = segment.flags & flag::SYN != 0;
        let end = segment.flags & (flag::FIN | flag::RST) != 0;
        match (syn, end) {
            (true, false) => self.handle_syn(carried, place, endpoint, segment, observer),
            (false, true) => {
                self.handle_end(carried, place, endpoint, segment, observer);
                place
            }
            _ => place,
        }
    }

    fn handle_syn<O: Observer>(
        &mut self,
        carried: &Carried,
        mut place: Place,
        endpoint: Direction,
        segment: &Segment<'_>,
        observer: &mut O,
    ) -> Place {
        let answer = segment.flags & flag::ACK != 0;
        let client = if answer { 1 - endpoint } else { endpoint };
        let Some(flow) = self.flows.get_mut(place) else { return place };
        let live = flow.spoke && !flow.closed;
        let mut first = None;
        if live {
            // The same two ports may begin anew after an end that was not captured: believed when
            // the other side answers to exactly this SYN.
            if !answer {
                flow.knock = Some((endpoint, segment.sequence));
                return place;
            }
            let expected = segment.acknowledged.wrapping_sub(1);
            if flow.knock != Some((client, expected)) {
                return place;
            }
            first = Some(expected);
        }
        if live || (flow.closed && !answer) {
            place = self.reopen(carried, place, endpoint, observer);
        }
        let Some(flow) = self.flows.get_mut(place) else { return place };
        let opened = flow.lane.client.is_none();
        flow.lane.client = Some(client);
        half(flow, endpoint).begin(segment.sequence);
        if let Some(first) = first {
            half(flow, client).begin(first);
        }
        if opened && (!answer || live) {
            self.tell_opened(place, client, carried.moment, observer);
        }
        place
    }

    fn handle_end<O: Observer>(
        &mut self,
        carried: &Carried,
        place: Place,
        endpoint: Direction,
        segment: &Segment<'_>,
        observer: &mut O,
    ) {
        let Some(flow) = self.flows.get_mut(place) else { return };
        if !half(flow, endpoint).is_near(segment.sequence) {
            return;
        }
        let refused = segment.flags & flag::RST != 0
            && !flow.spoke
            && !flow.closed
            && half(flow, 1 - endpoint).started()
            && !half(flow, endpoint).started();
        flow.closed = true;
        if refused {
            let [a, b] = flow.lane.stations;
            let (target, source) = if endpoint == 0 { (a, b) } else { (b, a) };
            let [port, _] = ports(&flow.lane.ports, endpoint);
            let event = Event::Refused { source, target, port };
            let Moment { frame, time } = carried.moment;
            observer.event(&self.world, frame, time, &event);
        }
    }

    /// A new connection in the place of an old one between the same ports.
    fn reopen<O: Observer>(
        &mut self,
        carried: &Carried,
        place: Place,
        endpoint: Direction,
        observer: &mut O,
    ) -> Place {
        let Some(mut old) = self.flows.remove(place) else { return place };
        let (stations, time) = (old.lane.stations, carried.moment.time);
        let mut new = Flow::new(self.serial(), (old.key, Transport::Tcp), stations, time);
        (new.lane.macs, new.vlan) = (old.lane.macs, old.vlan);
        // The packet at hand was counted to the old connection; it belongs to the new one.
        old.count(endpoint, carried.wire_bytes, Count::Less);
        new.count(endpoint, carried.wire_bytes, Count::More);
        let key = new.key;
        self.let_go(old, carried.moment.frame, observer);
        let place = self.flows.insert(new);
        self.latest = Some((key, place));
        place
    }

    /// Gives up missing bytes if too much waits for them.
    fn relieve<O: Observer>(
        &mut self,
        place: Place,
        endpoint: Direction,
        moment: Moment,
        observer: &mut O,
    ) {
        let Limits { late_segments_max, stream_bytes_max, .. } = self.limits;
        let Some(flow) = self.flows.get_mut(place) else { return };
        if half(flow, endpoint).overfull(late_segments_max, stream_bytes_max) {
            self.give_up(place, endpoint, moment, observer);
        }
    }

    fn give_up<O: Observer>(
        &mut self,
        place: Place,
        endpoint: Direction,
        moment: Moment,
        observer: &mut O,
    ) {
        let Some(flow) = self.flows.get_mut(place) else { return };
        if half(flow, endpoint).give_up() {
            self.counters.gaps += 1;
            gap(flow, endpoint, &mut self.world);
            self.read(place, endpoint, &[], moment, observer);
        }
    }

    /// Reads bytes that are next, and what waited for them.
    #[inline]
    fn read<O: Observer>(
        &mut self,
        place: Place,
        endpoint: Direction,
        bytes: &[u8],
        moment: Moment,
        observer: &mut O,
    ) {
        let Self { flows, world, identifier, limits, .. } = self;
        let Some(flow) = flows.get_mut(place) else { return };
        let mut reading = Reading { world, identifier, limits, observer, moment };
        reading.read(flow, endpoint, bytes);
        if half(flow, endpoint).waits() {
            reading.read_waiting(flow, endpoint);
        }
    }
}
