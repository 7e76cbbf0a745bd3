//! IP fragments: datagrams put together again, first bytes win.
//!
//! Sources: RFC 791 section 3.2, RFC 8200 section 4.5, RFC 5722 (contradicts are an attack or a
//! fault: they are reported, and the bytes that came first are kept).

use crate::ip::{Fragment, Packet};

/// Largest IP payload (RFC 791: total length 65 535).
const DATAGRAM_BYTES_MAX: usize = 65_535;
/// Pieces kept of one datagram: the largest payload in fragments of 64 bytes.
const PIECES_MAX: usize = 1024;

#[derive(Debug)]
struct Assembly {
    addresses: [u128; 2],
    protocol: u8,
    id: u32,
    /// In arrival order: place and bytes.
    pieces: Vec<(usize, Vec<u8>)>,
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
                pieces: Vec::new(),
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
    fn add(&mut self, fragment: Fragment, bytes: &[u8]) {
        let end = fragment.offset + bytes.len();
        if end > DATAGRAM_BYTES_MAX || self.pieces.len() >= PIECES_MAX {
            return;
        }
        if !fragment.more {
            self.length.get_or_insert(end);
        }
        self.contradicts |= self
            .pieces
            .iter()
            .any(|(start, piece)| contradict((*start, piece), (fragment.offset, bytes)));
        self.pieces.push((fragment.offset, bytes.to_vec()));
    }

    /// The payload if no byte is missing.
    fn payload(&self) -> Option<Vec<u8>> {
        let length = self.length?;
        let held: usize = self.pieces.iter().map(|(_, piece)| piece.len()).sum();
        if held < length {
            return None;
        }
        let mut payload = vec![0; length];
        let mut filled = vec![false; length];
        for (start, piece) in &self.pieces {
            let places = payload.iter_mut().zip(&mut filled).skip(*start);
            for ((byte, filled), value) in places.zip(piece) {
                if !std::mem::replace(filled, true) {
                    *byte = *value;
                }
            }
        }
        filled.iter().all(|filled| *filled).then_some(payload)
    }
}

/// Whether two runs of bytes, each with its place, differ where they overlap. A fragment that
/// comes twice says the same twice.
fn contradict((a, first): (usize, &[u8]), (b, second): (usize, &[u8])) -> bool {
    let (low, high) = if a <= b { ((a, first), (b, second)) } else { ((b, second), (a, first)) };
    let shared = low.1.get(high.0 - low.0..).unwrap_or_default();
    shared.iter().zip(high.1).any(|(one, other)| one != other)
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
