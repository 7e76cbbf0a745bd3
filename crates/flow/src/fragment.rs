//! IP fragments: datagrams put together again, first bytes win.
//!
//! Sources: RFC 791 section 3.2, RFC 8200 section 4.5, RFC 5722 (contradicts are an attack or a
//! fault: they are reported, and the bytes that came first are kept).

use std::ops::Range;

use crate::ip::{Fragment, Packet};

/// Largest IP payload (RFC 791: total length 65 535).
const DATAGRAM_BYTES_MAX: usize = 65_535;
/// Pieces kept apart of one datagram: every second of the largest payload's fragments of 32 bytes.
const PIECES_MAX: usize = 1024;

#[derive(Debug)]
struct Assembly {
    addresses: [u128; 2],
    protocol: u8,
    id: u32,
    /// The payload as far as it is known; what is not in `held` is without meaning.
    bytes: Vec<u8>,
    /// Which bytes are held: in order, apart from each other.
    held: Vec<Range<usize>>,
    /// Length of the whole, once the last fragment was seen.
    length: Option<usize>,
    contradicts: bool,
}

/// What became of a fragment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Collected {
    /// More are missing.
    Partial,
    /// The whole payload.
    Whole {
        payload: Vec<u8>,
        /// Fragments overlapped and contradicted each other.
        contradicts: bool,
    },
}

/// Datagrams whose fragments are being collected, in a bounded space.
#[derive(Debug, Default)]
pub(crate) struct Fragments {
    open: Vec<Assembly>,
    pub(crate) shed: u64,
}

impl Fragments {
    /// Takes one fragment. At most `open_max` datagrams are open; the oldest makes room.
    pub(crate) fn collect(
        &mut self,
        packet: &Packet<'_>,
        fragment: Fragment,
        open_max: usize,
    ) -> Collected {
        let place = self.place(packet, fragment.id, open_max);
        let Some(assembly) = self.open.get_mut(place) else { return Collected::Partial };
        assembly.add(fragment, packet.payload);
        match assembly.payload() {
            Some(payload) => {
                let contradicts = assembly.contradicts;
                self.open.remove(place);
                Collected::Whole { payload, contradicts }
            }
            None => Collected::Partial,
        }
    }

    fn place(&mut self, packet: &Packet<'_>, id: u32, open_max: usize) -> usize {
        let known = self.open.iter().position(|open| {
            (open.addresses, open.protocol, open.id) == (packet.addresses, packet.protocol, id)
        });
        known.unwrap_or_else(|| {
            if self.open.len() >= open_max.max(1) {
                self.open.remove(0);
                self.shed += 1;
            }
            self.open.push(Assembly {
                addresses: packet.addresses,
                protocol: packet.protocol,
                id,
                bytes: Vec::new(),
                held: Vec::new(),
                length: None,
                contradicts: false,
            });
            self.open.len() - 1
        })
    }

    /// Datagrams that are open.
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }
}

impl Assembly {
    /// Costs as much as the fragment is long, however many came before.
    fn add(&mut self, fragment: Fragment, bytes: &[u8]) {
        let (start, end) = (fragment.offset, fragment.offset + bytes.len());
        if end > DATAGRAM_BYTES_MAX || self.held.len() >= PIECES_MAX {
            return;
        }
        if !fragment.more {
            self.length.get_or_insert(end);
        }
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        // What is held from `start` on, up to the first piece that begins behind `end`.
        let first = self.held.partition_point(|held| held.end < start);
        let last = self.held.partition_point(|held| held.start <= end);
        let mut whole = start..end;
        let mut next = start;
        for held in self.held.get(first..last).unwrap_or_default() {
            put(&mut self.bytes, start, bytes, next..held.start);
            let shared = held.start.max(start)..held.end.min(end);
            let known = self.bytes.get(shared.clone());
            self.contradicts |= known != piece(start, bytes, shared);
            next = next.max(held.end);
            whole = whole.start.min(held.start)..whole.end.max(held.end);
        }
        put(&mut self.bytes, start, bytes, next..end);
        self.held.splice(first..last, [whole]);
    }

    /// The payload if no byte is missing.
    fn payload(&mut self) -> Option<Vec<u8>> {
        let length = self.length?;
        let [held] = self.held.as_slice() else { return None };
        if held.start > 0 || held.end < length {
            return None;
        }
        let mut payload = std::mem::take(&mut self.bytes);
        payload.truncate(length);
        Some(payload)
    }
}

/// The bytes of a fragment that begins at `start` that lie in `range` of the datagram.
fn piece(start: usize, bytes: &[u8], range: Range<usize>) -> Option<&[u8]> {
    bytes.get(range.start.checked_sub(start)?..range.end.checked_sub(start)?)
}

/// Copies what lies in `range` of the datagram; an empty or turned range copies nothing.
fn put(datagram: &mut [u8], start: usize, bytes: &[u8], range: Range<usize>) {
    let piece = piece(start, bytes, range.clone());
    if let Some((place, piece)) = datagram.get_mut(range).zip(piece) {
        place.copy_from_slice(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::{Collected, Fragments};
    use crate::ip::{Fragment, Packet};

    fn add(
        fragments: &mut Fragments,
        id: u32,
        offset: usize,
        more: bool,
        bytes: &[u8],
    ) -> Collected {
        let packet =
            Packet { addresses: [1, 2], protocol: 17, payload: bytes, cut: false, fragment: None };
        fragments.collect(&packet, Fragment { id, offset, more }, 2)
    }

    fn whole(bytes: &[u8], contradicts: bool) -> Collected {
        Collected::Whole { payload: bytes.to_vec(), contradicts }
    }

    #[test]
    fn fragments_in_any_order_make_the_datagram() {
        let mut fragments = Fragments::default();
        assert_eq!(add(&mut fragments, 1, 8, false, b"xyz"), Collected::Partial);
        assert_eq!(add(&mut fragments, 1, 0, true, b"01234567"), whole(b"01234567xyz", false));
        assert_eq!(fragments.len(), 0);
    }

    #[test]
    fn the_bytes_that_came_first_win_and_contradicts_are_told() {
        let mut fragments = Fragments::default();
        add(&mut fragments, 1, 0, true, b"01234567");
        add(&mut fragments, 1, 0, true, b"ATTACK!!");
        assert_eq!(add(&mut fragments, 1, 8, false, b"x"), whole(b"01234567x", true));
    }

    #[test]
    fn a_fragment_that_comes_twice_contradicts_nothing() {
        let mut fragments = Fragments::default();
        add(&mut fragments, 1, 8, false, b"x");
        add(&mut fragments, 1, 8, false, b"x");
        assert_eq!(add(&mut fragments, 1, 0, true, b"01234567"), whole(b"01234567x", false));
    }

    #[test]
    fn a_flood_of_overlapping_fragments_keeps_no_more_than_one_datagram() {
        let mut fragments = Fragments::default();
        for _ in 0..5000 {
            add(&mut fragments, 1, 0, true, &[7; 64_000]);
        }
        assert_eq!(fragments.open[0].bytes.len(), 64_000);
        for place in 0..5000 {
            add(&mut fragments, 2, place * 8, true, b"0123");
        }
        assert!(fragments.open[1].held.len() <= 1024);
    }

    #[test]
    fn a_fragment_over_several_pieces_fills_what_is_between_them() {
        let mut fragments = Fragments::default();
        add(&mut fragments, 1, 8, true, b"89");
        add(&mut fragments, 1, 12, true, b"XY");
        add(&mut fragments, 1, 20, false, b"ij");
        let all = b"0123456789abcdefghijkl";
        assert_eq!(
            add(&mut fragments, 1, 0, true, &all[..20]),
            whole(b"0123456789abXYefghijij", true)
        );
    }

    #[test]
    fn a_hole_is_never_filled_with_zeroes() {
        let mut fragments = Fragments::default();
        add(&mut fragments, 1, 0, true, b"01234567");
        add(&mut fragments, 1, 0, true, b"01234567");
        assert_eq!(add(&mut fragments, 1, 16, false, b"x"), Collected::Partial);
    }

    #[test]
    fn the_oldest_open_datagram_makes_room() {
        let mut fragments = Fragments::default();
        for id in 1..=3 {
            add(&mut fragments, id, 0, true, b"01234567");
        }
        assert_eq!((fragments.len(), fragments.shed), (2, 1));
        add(&mut fragments, 9, 65_528, false, b"01234567");
        assert_eq!(add(&mut fragments, 9, 0, true, b"x"), Collected::Partial);
    }
}
