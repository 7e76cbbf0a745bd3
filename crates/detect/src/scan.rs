//! Scans: one source that tries ports, addresses, units or operations one after the other.
//!
//! Each is a set of distinct things tried within a window; the set is small and dropped when the
//! window passes, so a scan slower than the window is not found (that takes a baseline).

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use flow::StationId;
use plant::Time;
use wire::{Object, Transport};

/// Distinct ports of one target within the window. Browsers and FTP clients stay below.
pub(crate) const PORTS_MIN: usize = 20;
/// Distinct targets of one port within the window. Masters poll their devices over connections
/// that stay open, so only the first minute of a start-up shows many; cells have 5 to 50 devices.
pub(crate) const TARGETS_MIN: usize = 32;
/// Distinct things asked of a whole segment within the window: addresses by ARP, names by DCP. A
/// router that comes up asks for the stations of a cell (5 to 50 on its machines' side).
const ASKED_MIN: usize = 56;
/// Units or slots asked of one target, of which most do not answer.
pub(crate) const UNITS_MIN: u32 = 12;
/// Operations refused as unknown by one target.
pub(crate) const REFUSED_MIN: u32 = 8;
/// The window.
const WINDOW_NS: u64 = 60 * Time::SECOND_NS;
/// Pairs of source and target (or port) watched at a time.
const WATCHED_MAX: usize = 4096;

/// Distinct things tried by one source, in a window.
#[derive(Debug)]
struct Tried<T> {
    since: Time,
    seen: Vec<T>,
    told: bool,
}

/// Counts distinct things per watched pair.
#[derive(Debug)]
pub(crate) struct Watch<K, T> {
    all: BTreeMap<K, Tried<T>>,
    enough: usize,
    /// Pairs that may still come before those whose window has passed are looked for again.
    patience: usize,
}

impl<K: Ord + Copy, T: PartialEq> Watch<K, T> {
    pub(crate) const fn new(enough: usize) -> Self {
        Self { all: BTreeMap::new(), enough, patience: 0 }
    }

    /// One more; `true` if there are now enough of them, and each time after.
    pub(crate) fn add(&mut self, key: K, thing: T, now: Time) -> bool {
        if self.all.len() >= WATCHED_MAX && !self.all.contains_key(&key) {
            self.make_room(now);
        }
        let tried = self.all.entry(key).or_insert_with(|| Tried {
            since: now,
            seen: Vec::new(),
            told: false,
        });
        if now.since(tried.since) > WINDOW_NS {
            (tried.since, tried.told) = (now, false);
            tried.seen.clear();
        }
        if !tried.told && !tried.seen.contains(&thing) {
            tried.seen.push(thing);
            if tried.seen.len() >= self.enough {
                tried.told = true;
                tried.seen = Vec::new();
            }
        }
        tried.told
    }

    /// Forgets what is past its window; looking for that costs much, so not with every new pair.
    #[cold]
    fn make_room(&mut self, now: Time) {
        if self.patience == 0 {
            self.patience = WATCHED_MAX / 8;
            self.all.retain(|_, tried| now.since(tried.since) <= WINDOW_NS || tried.told);
        }
        self.patience -= 1;
        if self.all.len() >= WATCHED_MAX {
            self.all.pop_first();
        }
    }
}

/// Ports and addresses tried.
#[derive(Debug)]
pub(crate) struct Scans {
    asked: Watch<StationId, u64>,
    ports: Watch<(StationId, StationId), (u8, u16)>,
    targets: Watch<(StationId, u8, u16), StationId>,
}

/// FNV-1a over rendered text, so that distinct objects are told apart without keeping them.
struct Fnv(u64);

impl fmt::Write for Fnv {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}

/// What a source is found doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    /// Many ports of one target.
    Ports,
    /// One port (0: echo or address resolution) of many targets.
    Targets,
}

impl Scans {
    pub(crate) const fn new() -> Self {
        Self {
            asked: Watch::new(ASKED_MIN),
            ports: Watch::new(PORTS_MIN),
            targets: Watch::new(TARGETS_MIN),
        }
    }

    /// `source` asks everybody who has `object`; `true` if it asks for one after the other.
    pub(crate) fn asked(&mut self, source: StationId, object: &Object<'_>, now: Time) -> bool {
        let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
        // Writing to a hash cannot fail.
        let _ = write!(hash, "{object}");
        self.asked.add(source, hash.0, now)
    }

    pub(crate) fn opened(
        &mut self,
        (source, target): (StationId, StationId),
        transport: Transport,
        port: u16,
        now: Time,
    ) -> [Option<Scan>; 2] {
        let kind = match transport {
            Transport::Tcp => 1,
            Transport::Udp => 2,
            Transport::Ip(_) => 3,
            Transport::Ether(_) => return [None; 2],
        };
        let ports = port != 0 && self.ports.add((source, target), (kind, port), now);
        // Servers that answer to many clients' high ports are not looking for anybody.
        let low = port < 32_768;
        let targets = low && self.targets.add((source, kind, port), target, now);
        [ports.then_some(Scan::Ports), targets.then_some(Scan::Targets)]
    }
}

/// Units or slots asked in one conversation, and those that answered.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Units {
    asked: [u64; 4],
    answered: [u64; 4],
    latest: Option<u16>,
}

impl Units {
    /// A request to `unit`; `true` if most of many units asked have not answered.
    #[inline]
    pub(crate) fn ask(&mut self, unit: u16) -> bool {
        if self.latest == Some(unit) {
            return false;
        }
        self.latest = Some(unit);
        mark(&mut self.asked, unit);
        let (asked, answered) = (count(&self.asked), count(&self.answered));
        asked >= UNITS_MIN && answered * 2 < asked
    }

    #[inline]
    pub(crate) fn answer(&mut self, unit: u16) {
        mark(&mut self.answered, unit);
    }

    pub(crate) fn asked(&self) -> u32 {
        count(&self.asked)
    }
}

fn mark(set: &mut [u64; 4], unit: u16) {
    let unit = usize::from(unit % 256);
    if let Some(word) = set.get_mut(unit / 64) {
        *word |= 1 << (unit % 64);
    }
}

fn count(set: &[u64; 4]) -> u32 {
    set.iter().map(|word| word.count_ones()).sum()
}

#[cfg(test)]
mod tests {
    use super::{UNITS_MIN, Units, Watch};
    use plant::Time;

    #[test]
    fn enough_distinct_things_within_the_window_are_a_scan() {
        let at = |seconds| Time::from_parts(seconds, 0);
        let mut watch = Watch::<u8, u16>::new(3);
        assert!(!watch.add(1, 80, at(0)) && !watch.add(1, 80, at(1)) && !watch.add(1, 81, at(2)));
        assert!(watch.add(1, 82, at(3)) && watch.add(1, 80, at(4)), "told from then on");
        assert!(!watch.add(2, 80, at(0)) && !watch.add(2, 81, at(59)));
        assert!(!watch.add(2, 82, at(61)), "the window has passed");
    }

    #[test]
    fn pairs_past_the_bound_make_room_for_each_other() {
        let mut watch = Watch::<u32, u16>::new(3);
        for pair in 0..100_000 {
            watch.add(pair, 80, Time::from_ns(1));
            assert!(watch.all.len() <= super::WATCHED_MAX);
        }
        assert!(
            !watch.add(7, 80, Time::from_parts(90, 0))
                && !watch.add(7, 81, Time::from_parts(90, 0))
        );
        assert!(watch.add(7, 82, Time::from_parts(90, 0)));
    }

    #[test]
    fn a_gateway_whose_units_answer_is_not_scanned() {
        let mut polled = Units::default();
        let mut walked = Units::default();
        let mut told = 0;
        for unit in 0..u16::try_from(UNITS_MIN).unwrap() * 2 {
            assert!(!polled.ask(unit));
            polled.answer(unit);
            told += u32::from(walked.ask(unit));
        }
        assert_eq!(told, UNITS_MIN + 1);
        assert_eq!(walked.asked(), UNITS_MIN * 2);
    }
}
