//! Requests that wait for their response, and the connections that they travel on.
//!
//! A CIP response repeats neither path nor attribute, so the bytes of the request wait in a ring;
//! what is too old is overwritten. On a connection, request and response carry different
//! connection ids; they are one pair where the Forward Open was seen, and else only the sequence
//! count pairs them.

use arrayvec::ArrayVec;

use crate::Pending;

/// What pairs a request with its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// Unconnected: the sender context of the encapsulation.
    Unconnected { context: u64 },
    /// On a connection: its id in this direction, and the sequence count.
    Connected { connection: u32, sequence: u16 },
}

impl Carrier {
    /// The number that messages show.
    pub(crate) fn id(self) -> u32 {
        match self {
            // contexts are opaque; their first bytes are the ones that clients count in
            Self::Unconnected { context } => (context & 0xffff_ffff).try_into().unwrap_or(0),
            Self::Connected { sequence, .. } => sequence.into(),
        }
    }
}

/// Both ids of an explicit connection, and where it leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connection {
    pub(super) originator_to_target: u32,
    pub(super) target_to_originator: u32,
    /// Slot of the backplane behind the station.
    pub(super) slot: Option<u16>,
}

impl Connection {
    const fn is_request(&self, id: u32) -> bool {
        self.originator_to_target == id
    }

    /// Some targets answer with the id that they were asked under.
    const fn is_response(&self, id: u32) -> bool {
        self.target_to_originator == id || self.originator_to_target == id
    }
}

/// Bytes of requests that wait.
const RING_BYTES: usize = 4096;
/// Bytes kept of one request; paths are at the front, and connections carry 504 bytes or less
/// unless they are large (CIP Volume 1 clause 3-5.5).
const REQUEST_BYTES_MAX: usize = 1024;
/// Requests that wait for an answer.
const REQUESTS_MAX: usize = 32;
/// Connections known by both ids; the oldest makes room.
const CONNECTIONS_MAX: usize = 16;

/// Where a request lies in the ring: counted from the first byte ever written.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: u64,
    length: usize,
    slot: Option<u16>,
}

/// See the module.
pub(super) struct Requests {
    ring: [u8; RING_BYTES],
    written: u64,
    waiting: Pending<Carrier, Place, REQUESTS_MAX>,
    connections: ArrayVec<Connection, CONNECTIONS_MAX>,
}

impl Requests {
    pub(super) const fn new() -> Self {
        Self {
            ring: [0; RING_BYTES],
            written: 0,
            waiting: Pending::new(),
            connections: ArrayVec::new_const(),
        }
    }

    /// A request was sent; the result is the slot that its connection leads to.
    pub(super) fn insert(&mut self, carrier: Carrier, request: &[u8]) -> Option<u16> {
        let (key, slot) = self.key(carrier, Connection::is_request);
        let request = request.get(..REQUEST_BYTES_MAX).unwrap_or(request);
        let at = position(self.written);
        if at + request.len() > RING_BYTES {
            self.written += (RING_BYTES - at) as u64;
        }
        let at = position(self.written);
        if let Some(bytes) = self.ring.get_mut(at..at + request.len()) {
            bytes.copy_from_slice(request);
            let place = Place { start: self.written, length: request.len(), slot };
            self.waiting.insert(key, place);
            self.written += request.len() as u64;
        }
        slot
    }

    /// The bytes of the request that this answers, and its slot.
    pub(super) fn take(&mut self, carrier: Carrier) -> Option<(&[u8], Option<u16>)> {
        let (key, _) = self.key(carrier, Connection::is_response);
        let place = self.waiting.take(&key)?;
        if self.written - place.start > RING_BYTES as u64 {
            return None;
        }
        let at = position(place.start);
        Some((self.ring.get(at..at + place.length)?, place.slot))
    }

    /// A Forward Open was granted.
    pub(super) fn connect(&mut self, connection: Connection) {
        if self.connections.is_full() {
            self.connections.remove(0);
        }
        self.connections.push(connection);
    }

    /// Nothing waits any more; connections live on.
    pub(super) fn forget(&mut self) {
        self.waiting.clear();
    }

    /// Requests and responses of a connection that was seen to open wait under its first id,
    /// those of all others under none.
    fn key(&self, carrier: Carrier, is: fn(&Connection, u32) -> bool) -> (Carrier, Option<u16>) {
        let Carrier::Connected { connection, sequence } = carrier else { return (carrier, None) };
        let known = self.connections.iter().rev().find(|known| is(known, connection));
        let connection = known.map_or(0, |known| known.originator_to_target);
        (Carrier::Connected { connection, sequence }, known.and_then(|known| known.slot))
    }
}

fn position(written: u64) -> usize {
    usize::try_from(written % RING_BYTES as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Carrier, Connection, REQUESTS_MAX, Requests};

    const fn connected(connection: u32, sequence: u16) -> Carrier {
        Carrier::Connected { connection, sequence }
    }

    #[test]
    fn connections_seen_to_open_do_not_mix_their_sequence_counts() {
        let mut requests = Requests::new();
        for (id, slot) in [(1, 4), (2, 5)] {
            requests.connect(Connection {
                originator_to_target: id,
                target_to_originator: id + 10,
                slot: Some(slot),
            });
        }
        assert_eq!(requests.insert(connected(1, 7), b"one"), Some(4));
        assert_eq!(requests.insert(connected(2, 7), b"two"), Some(5));
        assert_eq!(requests.insert(connected(3, 7), b"other"), None);
        assert_eq!(requests.take(connected(11, 7)), Some((&b"one"[..], Some(4))));
        assert_eq!(requests.take(connected(2, 7)), Some((&b"two"[..], Some(5))), "its own id");
        assert_eq!(requests.take(connected(13, 7)), Some((&b"other"[..], None)));
        assert_eq!(requests.take(connected(13, 7)), None);
    }

    #[test]
    fn a_request_that_was_overwritten_is_not_found_as_another() {
        let mut requests = Requests::new();
        requests.insert(Carrier::Unconnected { context: 1 }, &[1; 100]);
        for context in 2..8 {
            requests.insert(Carrier::Unconnected { context }, &[2; 1000]);
        }
        const { assert!(6 < REQUESTS_MAX, "pushed out by bytes, not by count") };
        assert_eq!(requests.take(Carrier::Unconnected { context: 1 }), None);
        let found = requests.take(Carrier::Unconnected { context: 7 });
        assert_eq!(found, Some((&[2; 1000][..], None)));
    }
}
