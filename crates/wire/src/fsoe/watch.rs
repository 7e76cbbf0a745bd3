//! Where safety frames stand in a process image.
//!
//! Frames of several pairs prove themselves. A short frame is proven by its partner: two places
//! with the same connection id whose sequence numbers, worked out from each other's checksums, go
//! up one by one. Nothing is told before [`PROVEN`] changes in a row have held, which chance cannot
//! do: each is one of 65,536. Bounded; an image without safety frames is searched at its start and
//! then once in [`SEARCH_EVERY`] frames. An image with more than [`CANDIDATES_MAX`] bytes that look
//! like commands can hide short frames behind them.

use arrayvec::ArrayVec;

use super::emit;
use super::pdu::{Pdu, SHORT_BYTES, SHORTEST_BYTES, row};
use crate::session::Sink;

/// Changes in a row whose checksums held: 48 bits.
const PROVEN: u8 = 3;
/// Changes in a row that did not hold, after which a place is given up.
const GIVEN_UP: u8 = 8;
/// Frames at the start of a conversation that are all searched, and how often after them.
const SEARCH_FIRST: u32 = 64;
const SEARCH_EVERY: u32 = 64;
/// Long frames and pairs of short ones that are followed in one image; more are not seen.
const LONG_MAX: usize = 64;
const PAIRS_MAX: usize = 32;
/// Pairs of one connection: where a terminal is the safety master, each frame stands twice.
const PAIRS_EACH_MAX: usize = 6;
/// Short frames that one search compares with each other.
const CANDIDATES_MAX: usize = 256;
/// Frames after which an unproven pair makes room: its bytes only look like commands.
const IDLE_MAX: u16 = 512;

/// A piece of the process image.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window<'a> {
    /// Logical address of its first byte.
    pub(crate) first: u32,
    pub(crate) data: &'a [u8],
}

impl<'a> Window<'a> {
    fn at(&self, place: u32, count: usize) -> Option<&'a [u8]> {
        let offset = usize::try_from(place.checked_sub(self.first)?).ok()?;
        self.data.get(offset..offset.checked_add(count)?)
    }
}

/// How far a place is believed.
#[derive(Clone, Copy, Debug, Default)]
struct Belief {
    good: u8,
    bad: u8,
}

impl Belief {
    fn count(&mut self, holds: bool) {
        if holds {
            (self.good, self.bad) = (self.good.saturating_add(1), 0);
        } else {
            self.bad += 1;
        }
    }

    const fn proven(self) -> bool {
        self.good >= PROVEN
    }

    const fn given_up(self) -> bool {
        self.bad >= GIVEN_UP || (self.bad > 0 && self.good < PROVEN)
    }
}

/// A place where a frame of several pairs stands.
#[derive(Clone, Copy, Debug)]
struct Long {
    place: u32,
    bytes: usize,
    connection: u16,
    last: (u8, u16),
    belief: Belief,
}

/// One place of a short frame.
#[derive(Clone, Copy, Debug)]
struct Short {
    place: u32,
    bytes: usize,
    last: (u8, u16),
    sequence: Option<u16>,
}

/// Two places with the same connection.
#[derive(Clone, Copy, Debug)]
struct Pair {
    connection: u16,
    sides: [Short; 2],
    belief: Belief,
    /// Frames that it was looked at.
    looked: u16,
}

/// Safety frames in the image of one conversation.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    seen: u32,
    longs: ArrayVec<Long, LONG_MAX>,
    pairs: ArrayVec<Pair, PAIRS_MAX>,
}

impl Watch {
    /// Whether this frame should be looked at: something is followed, or it is time to search.
    #[inline]
    pub(crate) fn wants(&mut self) -> bool {
        self.seen = self.seen.wrapping_add(1);
        !self.longs.is_empty() || !self.pairs.is_empty() || self.searches()
    }

    const fn searches(&self) -> bool {
        self.seen < SEARCH_FIRST || self.seen.is_multiple_of(SEARCH_EVERY)
    }

    /// Looks at the image that one frame brought.
    pub(crate) fn look<'a>(
        &mut self,
        image: impl Iterator<Item = Window<'a>> + Clone,
        out: &mut dyn Sink,
    ) {
        let at = |place, count| image.clone().find_map(|window| window.at(place, count));
        for long in &mut self.longs {
            if let Some(bytes) = at(long.place, long.bytes) {
                long.look(bytes, out);
            }
        }
        for pair in &mut self.pairs {
            pair.look(&at, out);
        }
        self.longs.retain(|long| !long.belief.given_up());
        self.pairs.retain(|pair| !pair.is_over());
        if self.searches() {
            self.search(image);
        }
    }

    fn search<'a>(&mut self, image: impl Iterator<Item = Window<'a>>) {
        let mut shorts = ArrayVec::<(u16, Short), CANDIDATES_MAX>::new();
        for window in image {
            for (offset, code) in window.data.iter().enumerate() {
                if row(*code).is_none() {
                    continue;
                }
                let place = window.first.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
                let rest = window.data.get(offset..).unwrap_or_default();
                if let Some(pdu) = Pdu::long(rest) {
                    self.follow(place, &pdu);
                } else {
                    for bytes in [SHORTEST_BYTES, SHORT_BYTES] {
                        let pdu = rest.get(..bytes).and_then(Pdu::read);
                        shorts.extend(
                            pdu.and_then(|pdu| Short::new(place, &pdu))
                                .into_iter()
                                .take(shorts.remaining_capacity()),
                        );
                    }
                }
            }
        }
        // another begins each time, so that bytes which only look alike cannot keep others out
        let turn = usize::try_from(self.seen / SEARCH_EVERY).unwrap_or(0);
        let turn = turn % shorts.len().max(1);
        shorts.rotate_left(turn);
        self.compare(&shorts);
    }

    fn follow(&mut self, place: u32, pdu: &Pdu<'_>) {
        let known = self.longs.iter().any(|long| long.place == place);
        if !known {
            let belief = Belief { good: 1, bad: 0 };
            let (connection, last) = (pdu.connection, (pdu.command, pdu.crc0));
            let bytes = pdu.bytes.len();
            let _ = self.longs.try_push(Long { place, bytes, connection, last, belief });
        }
    }

    /// Makes pairs of short frames with the same connection.
    fn compare(&mut self, shorts: &[(u16, Short)]) {
        for (number, (connection, one)) in shorts.iter().enumerate() {
            let later = shorts.get(number + 1..).unwrap_or_default();
            for (_, other) in later.iter().filter(|(of, _)| of == connection) {
                let mut sides = [*one, *other];
                sides.sort_unstable_by_key(|side| (side.place, side.bytes));
                let same = |pair: &Pair| {
                    pair.sides
                        .iter()
                        .zip(&sides)
                        .all(|(a, b)| (a.place, a.bytes) == (b.place, b.bytes))
                };
                let apart = one.place.abs_diff(other.place) as usize >= one.bytes;
                let each = self.pairs.iter().filter(|pair| pair.connection == *connection).count();
                if apart && each < PAIRS_EACH_MAX && !self.pairs.iter().any(same) {
                    let belief = Belief::default();
                    let connection = *connection;
                    let pair = Pair { connection, sides, belief, looked: 0 };
                    let _ = self.pairs.try_push(pair);
                }
            }
        }
    }
}

impl Long {
    fn look(&mut self, bytes: &[u8], out: &mut dyn Sink) {
        let pdu = Pdu::long(bytes).filter(|pdu| pdu.bytes.len() == self.bytes);
        let now = pdu.map(|pdu| (pdu.command, pdu.crc0));
        if now == Some(self.last) {
            return;
        }
        self.belief.count(pdu.is_some());
        let Some(pdu) = pdu else { return };
        self.last = (pdu.command, pdu.crc0);
        if pdu.connection != 0 {
            self.connection = pdu.connection;
        }
        if self.belief.proven() {
            emit(&pdu, self.connection, self.place, out);
        }
    }
}

impl Short {
    /// A candidate with its connection, if it has one.
    fn new(place: u32, pdu: &Pdu<'_>) -> Option<(u16, Self)> {
        let last = (pdu.command, pdu.crc0);
        let short = Self { place, bytes: pdu.bytes.len(), last, sequence: None };
        (pdu.connection != 0).then_some((pdu.connection, short))
    }
}

impl Pair {
    const fn is_over(&self) -> bool {
        self.belief.given_up() || (self.looked >= IDLE_MAX && !self.belief.proven())
    }

    fn look<'a>(&mut self, at: &impl Fn(u32, usize) -> Option<&'a [u8]>, out: &mut dyn Sink) {
        self.looked = self.looked.saturating_add(1);
        for number in 0..2 {
            let [one, other] = &mut self.sides;
            let (side, partner) = if number == 0 { (one, other) } else { (other, one) };
            let Some(bytes) = at(side.place, side.bytes) else { continue };
            let pdu = Pdu::read(bytes)
                .filter(|pdu| pdu.connection == 0 || pdu.connection == self.connection);
            let now = pdu.map(|pdu| (pdu.command, pdu.crc0));
            if now == Some(side.last) {
                continue;
            }
            let Some(pdu) = pdu else {
                self.belief.count(false);
                continue;
            };
            if pdu.connection == 0 {
                // a reset begins the sequence anew, and has nothing before it
                side.sequence = None;
            } else {
                let sequence = pdu.sequence(partner.last.1);
                let next = side.sequence.map(|before| follows(before, sequence));
                side.sequence = Some(sequence);
                if let Some(holds) = next {
                    self.belief.count(holds);
                }
            }
            side.last = (pdu.command, pdu.crc0);
            if self.belief.proven() {
                emit(&pdu, self.connection, side.place, out);
            }
        }
    }
}

/// One further, or two where equal checksums made the sender pass one over; never 0.
fn follows(before: u16, now: u16) -> bool {
    matches!(now.wrapping_sub(before), 1..=3)
}
