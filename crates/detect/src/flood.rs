//! Floods: a device that gets many times its own usual packets.
//!
//! Each station's packets are counted by the second against an exponentially weighted mean of
//! its seconds so far. Cost: one counter per packet; the rest happens when the second changes.

use flow::StationId;
use plant::Time;

/// Below this many packets in a second nothing counts as a flood: a small PLC's interface takes
/// some thousands of small frames a second before its cycle suffers.
const PACKETS_MIN: u32 = 2000;
/// Times the usual rate.
const FACTOR: f32 = 10.0;
/// Seconds of baseline before anything is judged.
const SECONDS_MIN: u32 = 10;
/// Weight of the newest second in the mean.
const WEIGHT: f32 = 0.05;

#[derive(Clone, Copy, Debug, Default)]
struct Rate {
    second: u64,
    packets: u32,
    seconds: u32,
    mean: f32,
}

/// A second in which a station was flooded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Flood {
    pub(crate) packets: u32,
    /// Packets in a usual second.
    pub(crate) usual: f32,
}

/// Packets per second of every station.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    all: Vec<Rate>,
}

impl Rates {
    /// One packet to `station`; tells when it makes a flood of this second.
    #[inline]
    pub(crate) fn count(&mut self, station: StationId, now: Time) -> Option<Flood> {
        if self.all.len() <= station.index() {
            self.all.resize(station.index() + 1, Rate::default());
        }
        let rate = self.all.get_mut(station.index())?;
        let second = now.seconds();
        if rate.second != second {
            rate.close(second);
        }
        rate.packets = rate.packets.saturating_add(1);
        (rate.packets == PACKETS_MIN.max(rate.threshold())).then_some(())?;
        (rate.seconds >= SECONDS_MIN).then_some(Flood { packets: rate.packets, usual: rate.mean })
    }
}

impl Rate {
    #[cold]
    fn close(&mut self, second: u64) {
        if self.second != 0 {
            #[expect(clippy::cast_precision_loss, reason = "a mean of counts below 2^24")]
            let packets = self.packets as f32;
            let calm = self.packets < PACKETS_MIN.max(self.threshold());
            // A flooded second does not raise what is usual.
            if calm || self.seconds < SECONDS_MIN {
                self.mean += (packets - self.mean) * if self.seconds < 20 { 0.3 } else { WEIGHT };
            }
            let passed = u32::try_from(second.saturating_sub(self.second)).unwrap_or(u32::MAX);
            self.seconds = self.seconds.saturating_add(passed);
        }
        (self.second, self.packets) = (second, 0);
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "float to integer casts saturate, and the mean is never negative"
    )]
    fn threshold(&self) -> u32 {
        (self.mean * FACTOR) as u32
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{PACKETS_MIN, Rates};
    use flow::{Limits, Observer, Seen, StationId, Tracker, World};
    use plant::Time;

    struct Nobody;
    impl Observer for Nobody {
        fn message(&mut self, _: &World, _: &Seen<'_>) {}
    }

    /// Any station.
    pub(crate) fn station() -> StationId {
        // Stations come from a tracker only: one frame makes two.
        let mut tracker = Tracker::new(Limits::default(), &[], 1);
        let bytes = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5, 1, 2, 3];
        let frame = flow::Frame {
            number: 1,
            time: Time::from_ns(1),
            link: flow::LinkType::Ethernet,
            bytes: &bytes,
            wire_bytes: 17,
        };
        tracker.handle_frame(&frame, &mut Nobody);
        tracker.world().stations.iter().next().unwrap().0
    }

    fn second(rates: &mut Rates, station: StationId, second: u64, packets: u32) -> usize {
        let at = Time::from_parts(second, 0);
        (0..packets).filter(|_| rates.count(station, at).is_some()).count()
    }

    #[test]
    fn a_device_is_measured_against_its_own_usual_rate() {
        let (mut busy, mut calm, station) = (Rates::default(), Rates::default(), station());
        for now in 1..=30 {
            assert_eq!(second(&mut busy, station, now, 1500), 0);
            assert_eq!(second(&mut calm, station, now, 20), 0);
        }
        assert_eq!(second(&mut busy, station, 31, 5000), 0, "not ten times its usual");
        assert_eq!(second(&mut calm, station, 31, 5000), 1, "told once a second");
        assert_eq!(second(&mut calm, station, 32, 5000), 1, "and again");
    }

    #[test]
    fn nothing_is_judged_before_there_is_a_baseline() {
        let (mut rates, station) = (Rates::default(), station());
        assert_eq!(second(&mut rates, station, 5, PACKETS_MIN * 4), 0);
    }
}
