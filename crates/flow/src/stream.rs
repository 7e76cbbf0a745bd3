//! One direction of a TCP connection: segments in any order, bytes in the right one.
//!
//! In-order bytes are handed on as the slices they came in. What came too early waits; what came
//! twice is dropped. A gap is given up when the other side acknowledges what is missing (the
//! capture lost it, not the connection), or when too much waits. Source: RFC 9293 section 3.4
//! (sequence arithmetic). Bytes that came first win; contradicting overlaps are reported.

use crate::observer::Moment;

/// A segment that waits for an earlier one.
#[derive(Debug)]
struct Waiting {
    sequence: u32,
    bytes: Vec<u8>,
    /// The frame that brought it: what it says was said then, not when the gap was given up.
    moment: Moment,
}

/// Segments that wait for an earlier one, by sequence number.
#[derive(Debug, Default)]
pub(crate) struct Late {
    segments: Vec<Waiting>,
}

/// Sequence state of one direction, and the bytes of a message that is not complete.
#[derive(Debug, Default)]
pub(crate) struct Half {
    /// Sequence number of the next byte; meaningless until `started`.
    next: u32,
    started: bool,
    /// Bytes handed on that did not make a message yet.
    pub(crate) partial: Vec<u8>,
    /// Bytes that `partial` must reach before parsing again is of use.
    pub(crate) need: usize,
    /// Bytes of the current message that nobody wants to see.
    pub(crate) skip: u64,
    late: Option<Box<Late>>,
}

/// What a segment brings.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Placed<'a> {
    /// These bytes are next.
    Ready(&'a [u8]),
    /// Nothing new.
    Old,
    /// An earlier segment is missing.
    Early,
}

/// Windows of local networks are far smaller; forged segments mostly miss it.
const NEAR_BYTES: u32 = 1 << 20;

/// `a` - `b` in sequence space.
#[expect(clippy::cast_possible_wrap, reason = "sequence numbers are compared modulo 2^32")]
const fn distance(a: u32, b: u32) -> i32 {
    a.wrapping_sub(b) as i32
}

fn advance(sequence: u32, bytes: usize) -> u32 {
    sequence.wrapping_add(u32::try_from(bytes).unwrap_or(0))
}

impl Half {
    /// The SYN was seen: its sequence number is one before the first byte.
    pub(crate) fn begin(&mut self, syn: u32) {
        *self = Self { next: syn.wrapping_add(1), started: true, ..Self::default() };
    }

    /// Whether a sequence number could be of this stream: near the next byte, or of a
    /// stream that has not started.
    pub(crate) fn is_near(&self, sequence: u32) -> bool {
        !self.started || distance(sequence, self.next).unsigned_abs() <= NEAR_BYTES
    }

    /// Whether a segment or the SYN has set the place in the stream.
    pub(crate) const fn started(&self) -> bool {
        self.started
    }

    /// Where a segment with at least one byte belongs. A stream joined midway starts here.
    #[inline]
    pub(crate) fn place<'a>(&mut self, sequence: u32, payload: &'a [u8]) -> Placed<'a> {
        if !self.started {
            (self.started, self.next) = (true, sequence);
        }
        let ahead = distance(sequence, self.next);
        if ahead > 0 {
            return Placed::Early;
        }
        let known = usize::try_from(ahead.unsigned_abs()).unwrap_or(usize::MAX);
        match payload.get(known..) {
            Some(fresh) if !fresh.is_empty() => {
                self.next = advance(self.next, fresh.len());
                Placed::Ready(fresh)
            }
            _ => Placed::Old,
        }
    }

    /// Keeps an early segment; `false` if it contradicts bytes that wait already.
    pub(crate) fn keep(&mut self, sequence: u32, payload: &[u8], moment: Moment) -> bool {
        let late = self.late.get_or_insert_default();
        let agrees =
            late.segments.iter().all(|one| agree(one.sequence, &one.bytes, sequence, payload));
        let place = late.segments.partition_point(|one| distance(one.sequence, sequence) <= 0);
        late.segments.insert(place, Waiting { sequence, bytes: payload.to_vec(), moment });
        agrees
    }

    /// Whether more waits than `segments_max` segments or `bytes_max` bytes.
    pub(crate) fn overfull(&self, segments_max: usize, bytes_max: usize) -> bool {
        self.late.as_ref().is_some_and(|late| {
            let bytes: usize = late.segments.iter().map(|one| one.bytes.len()).sum();
            late.segments.len() > segments_max || bytes > bytes_max
        })
    }

    /// Bytes on the heap.
    #[inline]
    pub(crate) fn held_bytes(&self) -> usize {
        let late = self.late.as_ref().map_or(0, |late| {
            let bytes: usize = late.segments.iter().map(|one| one.bytes.capacity()).sum();
            bytes + late.segments.capacity() * size_of::<Waiting>() + size_of::<Late>()
        });
        self.partial.capacity() + late
    }

    /// Whether the other side has acknowledged bytes that are missing here.
    #[inline]
    pub(crate) fn missed(&self, acknowledged: u32) -> bool {
        let first = self.late.as_ref().and_then(|late| late.segments.first());
        first.is_some_and(|one| distance(acknowledged, one.sequence) >= 0)
    }

    /// Whether a segment waits.
    #[inline]
    pub(crate) const fn waits(&self) -> bool {
        self.late.is_some()
    }

    /// The next waiting bytes that have become ready, and the frame that brought them.
    pub(crate) fn ready(&mut self) -> Option<(Vec<u8>, Moment)> {
        let late = self.late.as_mut()?;
        while let Some(first) = late.segments.first() {
            if distance(first.sequence, self.next) > 0 {
                return None;
            }
            let Waiting { sequence, mut bytes, moment } = late.segments.remove(0);
            let known = usize::try_from(distance(self.next, sequence)).unwrap_or(0);
            if known < bytes.len() {
                bytes.drain(..known);
                self.next = advance(self.next, bytes.len());
                return Some((bytes, moment));
            }
        }
        self.late = None;
        None
    }

    /// Gives up what is missing: the stream goes on at the first waiting segment. `false` if none.
    pub(crate) fn give_up(&mut self) -> bool {
        let first = self.late.as_ref().and_then(|late| late.segments.first());
        let Some(first) = first else { return false };
        self.next = first.sequence;
        self.partial.clear();
        (self.need, self.skip) = (0, 0);
        true
    }
}

/// Whether two runs of bytes say the same where they overlap.
fn agree(start: u32, held: &[u8], sequence: u32, payload: &[u8]) -> bool {
    let offset = distance(sequence, start);
    let (skip_held, skip_payload) = (offset.max(0), offset.min(0).unsigned_abs());
    let held = held.get(usize::try_from(skip_held).unwrap_or(0)..).unwrap_or_default();
    let payload = payload.get(usize::try_from(skip_payload).unwrap_or(0)..).unwrap_or_default();
    held.iter().zip(payload).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::{Half, Placed};
    use crate::observer::Moment;
    use plant::Time;
    use proptest::prelude::*;

    fn at(frame: u64) -> Moment {
        Moment { frame, time: Time::from_ns(frame) }
    }

    #[test]
    fn a_segment_that_overlaps_brings_only_its_new_bytes() {
        let mut half = Half::default();
        half.begin(99);
        assert_eq!(half.place(100, b"abcd"), Placed::Ready(b"abcd"));
        assert_eq!(half.place(102, b"cdef"), Placed::Ready(b"ef"));
        assert_eq!(half.place(100, b"abcdef"), Placed::Old);
        assert_eq!(half.place(105, b"x"), Placed::Old, "a keep-alive");
        assert_eq!(half.place(107, b"h"), Placed::Early);
    }

    #[test]
    fn sequence_numbers_wrap() {
        let mut half = Half::default();
        half.begin(u32::MAX - 2);
        assert_eq!(half.place(u32::MAX - 1, b"abcd"), Placed::Ready(b"abcd"));
        assert_eq!(half.place(2, b"ef"), Placed::Ready(b"ef"));
    }

    #[test]
    fn what_the_other_side_has_acknowledged_is_not_waited_for() {
        let mut half = Half::default();
        half.begin(99);
        assert!(half.keep(104, b"efgh", at(7)));
        assert!(!half.missed(100) && half.missed(104));
        assert!(half.ready().is_none());
        assert!(half.give_up());
        let (bytes, moment) = half.ready().unwrap();
        assert_eq!((&bytes[..], moment.frame), (&b"efgh"[..], 7), "with the frame that brought it");
        assert!(!half.waits() || half.ready().is_none());
    }

    #[test]
    fn contradicting_bytes_that_wait_are_told() {
        let mut half = Half::default();
        half.begin(99);
        assert!(half.keep(104, b"efgh", at(7)));
        assert!(half.keep(102, b"cdef", at(8)));
        assert!(!half.keep(106, b"XX", at(9)));
        assert!(half.overfull(2, 1000) && half.overfull(10, 9) && !half.overfull(3, 10));
    }

    proptest! {
        #[test]
        fn any_order_with_repeats_gives_the_bytes_once_and_in_order(
            bytes in prop::collection::vec(any::<u8>(), 1..200),
            cuts in prop::collection::vec((any::<prop::sample::Index>(), 1usize..40), 0..30),
            start in any::<u32>(),
        ) {
            // Every piece of a run of cuts, shuffled by proptest, and the whole at the end.
            let mut half = Half::default();
            half.begin(start.wrapping_sub(1));
            let mut read = Vec::new();
            let pieces = cuts.iter().map(|(index, length)| {
                let from = index.index(bytes.len());
                (from, (from + length).min(bytes.len()))
            });
            for (from, to) in pieces.chain([(0, bytes.len())]) {
                let sequence = start.wrapping_add(u32::try_from(from).unwrap());
                match half.place(sequence, &bytes[from..to]) {
                    Placed::Ready(fresh) => read.extend_from_slice(fresh),
                    Placed::Old => {}
                    Placed::Early => prop_assert!(half.keep(sequence, &bytes[from..to], at(1))),
                }
                while let Some((more, _)) = half.ready() {
                    read.extend(more);
                }
            }
            prop_assert_eq!(read, bytes);
        }
    }
}
