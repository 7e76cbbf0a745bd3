//! Endless streams of every protocol as frames for a tracker: what makes a session keep most.
//!
//! The bytes come from the samples of the crate `wire`; here they get addresses, ports and
//! sequence numbers. Each way to keep something is a conversation of its own that is never
//! closed, so that what one session may keep adds up over all of them.

#![allow(dead_code, reason = "each of those who include it needs a part")]

#[path = "../../wire/samples/mod.rs"]
mod exchanges;

use exchanges::Sample;
use exchanges::endless::{Variant, WORST, Worst, variants};
use flow::{Event, Frame, Limits, LinkType, Observer, Seen, Tracker, World};
use plant::Time;
use wire::{Protocol, Side, Transport};

/// Largest payload of a TCP segment here.
const SEGMENT_BYTES: usize = 1400;
/// Largest datagram.
const DATAGRAM_BYTES: usize = 65_000;
/// Client ports in use with one client address.
const PORTS: u32 = 20_000;
/// The share of a stream that the hand-made worst cases get, as a divisor.
const WORST_SHARE: u64 = 2;

/// Counts messages, and those of one protocol.
#[derive(Default)]
struct Count {
    all: u64,
    of: Option<Protocol>,
    own: u64,
}

impl Observer for Count {
    fn message(&mut self, _: &World, seen: &Seen<'_>) {
        self.all += 1;
        self.own += u64::from(Some(seen.message.protocol) == self.of);
    }

    fn event(&mut self, _: &World, _: u64, _: Time, event: &Event) {
        std::hint::black_box(event);
    }
}

/// What a stream was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Bytes of all frames.
    pub(crate) bytes: u64,
    /// Messages that were read from them.
    pub(crate) messages: u64,
}

/// A tracker, and the conversation that it hears at the moment.
struct Line {
    tracker: Tracker,
    count: Count,
    bytes: u64,
    number: u64,
    /// Conversations so far.
    flows: u32,
    transport: Transport,
    port: u16,
    sequence: [u32; 2],
    frame: Vec<u8>,
}

/// Sends at least `bytes` of everything that is bad for this protocol to a tracker with `limits`.
pub(crate) fn run(protocol: Protocol, bytes: u64, limits: Limits) -> Result<Sent, String> {
    let samples = exchanges::all()?;
    let own: Vec<&Sample> = samples.iter().filter(|one| one.protocol == protocol).collect();
    // what only an announcement leads to is read by nobody here
    let Some(first) = own.first().filter(|one| one.carrier.entry().identify.is_some()) else {
        return Ok(Sent::default());
    };
    let mut line = Line::new(limits);
    let worst: Vec<&Worst> = WORST.iter().filter(|one| one.protocol == protocol.name()).collect();
    let share = if worst.is_empty() { 0 } else { bytes / WORST_SHARE };
    for one in worst {
        line.endless(first, one, share);
    }
    let count: usize = own.iter().map(|sample| variants(sample).count()).sum();
    let each = (bytes - share) / u64::try_from(count).unwrap_or(1).max(1);
    // too few bytes for every variant: some of them
    let each_min = 2_000;
    let step = usize::try_from(each_min / each.max(1)).unwrap_or(0) + 1;
    for sample in own {
        for variant in variants(sample).step_by(step) {
            line.vary(sample, variant, each.max(each_min));
        }
    }
    Ok(Sent { bytes: line.bytes, messages: line.count.all })
}

/// The protocols whose samples a tracker does not know for what they are.
pub(crate) fn strange() -> Result<Vec<Protocol>, String> {
    let samples = exchanges::all()?;
    let known = |sample: &Sample| {
        let mut line = Line::new(Limits::default());
        line.count.of = Some(sample.protocol);
        line.open(sample);
        line.count.own > 0
    };
    // what only an announcement leads to is not known by its content
    let asked = samples.iter().filter(|sample| sample.carrier.entry().identify.is_some());
    Ok(asked.filter(|sample| !known(sample)).map(|sample| sample.protocol).collect())
}

impl Line {
    fn new(limits: Limits) -> Self {
        Self {
            tracker: Tracker::new(limits, &[], 1),
            count: Count::default(),
            bytes: 0,
            number: 0,
            flows: 0,
            transport: Transport::Tcp,
            port: 0,
            sequence: [0; 2],
            frame: Vec::new(),
        }
    }

    /// A new conversation, which begins as it should.
    fn open(&mut self, sample: &Sample) {
        self.flows += 1;
        self.transport = sample.transport;
        self.port = sample.port;
        self.sequence = [1, 1];
        if sample.transport == Transport::Tcp {
            self.frame(Side::Client, 0x02, &[]);
            self.frame(Side::Server, 0x12, &[]);
            self.sequence = [2, 2];
        }
        for (side, bytes) in &sample.parts {
            self.send(*side, bytes);
        }
    }

    fn endless(&mut self, sample: &Sample, worst: &Worst, bytes: u64) {
        let (end, mut next) = (self.bytes + bytes, Vec::new());
        while self.bytes < end {
            self.open(&Sample { parts: Vec::new(), ..*sample });
            // many conversations: the bound of all is reached by many that each reach their own
            let end = end.min(self.bytes + bytes / 64 + 1);
            for number in 0.. {
                next.clear();
                let side = (worst.next)(number, &mut next);
                self.send(side, &next);
                if self.bytes >= end {
                    break;
                }
            }
        }
    }

    fn vary(&mut self, sample: &Sample, variant: Variant, bytes: u64) {
        let end = self.bytes + bytes;
        let mut parts = sample.parts.clone();
        self.open(sample);
        for number in 0.. {
            variant.round(&mut parts, number, |side, bytes| self.send(side, bytes));
            if self.bytes >= end {
                break;
            }
        }
    }

    fn send(&mut self, from: Side, bytes: &[u8]) {
        let size = match self.transport {
            Transport::Tcp => SEGMENT_BYTES,
            Transport::Udp | Transport::Ether(_) | Transport::Ip(_) => DATAGRAM_BYTES,
        };
        for chunk in bytes.chunks(size) {
            self.frame(from, 0x18, chunk);
        }
    }

    /// One frame with this payload; `flags` are TCP's.
    fn frame(&mut self, from: Side, flags: u8, payload: &[u8]) {
        self.frame.clear();
        let host = u8::try_from(self.flows / PORTS).unwrap_or(0);
        // ports tell conversations apart; where there are none, stations do
        let [_, a, b, c] = match self.transport {
            Transport::Ether(_) => self.flows.to_be_bytes(),
            Transport::Tcp | Transport::Udp | Transport::Ip(_) => [0, 0, 0, host],
        };
        let (source, target) = turned(from, [2, 1, 0, a, b, c], [2, 2, 0, 0, 0, 0]);
        self.frame.extend(target.iter().chain(&source));
        match self.transport {
            Transport::Ether(ether_type) => self.frame.extend(ether_type.to_be_bytes()),
            Transport::Tcp | Transport::Udp | Transport::Ip(_) => {
                self.ip(from, host, flags, payload.len());
            }
        }
        self.frame.extend(payload);
        self.number += 1;
        self.bytes += self.frame.len() as u64;
        let frame = Frame {
            number: self.number,
            time: Time::from_ns(self.number * 1000),
            link: LinkType::Ethernet,
            bytes: &self.frame,
            wire_bytes: u32::try_from(self.frame.len()).unwrap_or(u32::MAX),
        };
        self.tracker.handle_frame(&frame, &mut self.count);
    }

    /// IPv4 and what is above it.
    fn ip(&mut self, from: Side, host: u8, flags: u8, length: usize) {
        let tcp = self.transport == Transport::Tcp;
        let (protocol, header) = if tcp { (6, 20) } else { (17, 8) };
        let length = u16::try_from(length).unwrap_or(0) + header;
        let (source, target) = turned(from, [10, 0, host, 1], [10, 0, 255, 2]);
        self.frame.extend([0x08, 0, 0x45, 0]);
        self.frame.extend((length + 20).to_be_bytes());
        self.frame.extend([0, 0, 0, 0, 64, protocol, 0, 0]);
        self.frame.extend(source.iter().chain(&target));
        let port = u16::try_from(40_000 + self.flows % PORTS).unwrap_or(0);
        let (source, target) = turned(from, port, self.port);
        self.frame.extend(source.to_be_bytes().iter().chain(&target.to_be_bytes()));
        if !tcp {
            self.frame.extend(length.to_be_bytes());
            return self.frame.extend([0, 0]);
        }
        let [up, down] = self.sequence;
        let (own, other) = turned(from, up, down);
        self.frame.extend(own.to_be_bytes().iter().chain(&other.to_be_bytes()));
        self.frame.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        if let Some(own) = self.sequence.get_mut(from.index()) {
            *own = own.wrapping_add(u32::from(length - header));
        }
    }
}

/// Sender's and receiver's of what client and server have.
fn turned<T>(from: Side, client: T, server: T) -> (T, T) {
    match from {
        Side::Client => (client, server),
        Side::Server => (server, client),
    }
}
