//! Safety connections: that they run, and how often they speak.
//!
//! Cyclic messages of a safety protocol have a usual interval: the median of a connection's first
//! [`LEARNED`] ones. Afterwards it is lost when it falls silent or says itself that it has failed,
//! and out of its band when one message is late or many come too fast or too slowly. **Silence
//! counts only while the capture goes on:** where no packet of anybody is seen, time is excused, so
//! neither the end of a capture nor a hole in it is a lost connection. Bounded; after a connection
//! was first seen its messages allocate nothing, and a packet costs two comparisons.

use std::collections::BTreeMap;

use flow::{ConversationId, Seen, StationId};
use plant::Time;
use wire::{Effect, Kind, Outcome, Protocol, Side};

use crate::finding::Scope;

/// Intervals that the median is taken of.
const LEARNED: usize = 32;
/// Messages whose mean interval is compared with the median.
const WINDOW: u32 = 64;
/// The mean of a window leaves the band below half and above twice the median.
const BAND: u64 = 2;
/// A single message is late after so many intervals, and not before the shortest lateness that a
/// watchdog of safety protocols could care for.
const LATE: u64 = 5;
const LATE_MIN_NS: u64 = 5_000_000;
/// A connection is silent after so many intervals, and not before this time: more than the 125 and
/// 150 ms that watchdogs are set to (TR-Electronic's manuals; F-parameters in public captures).
const SILENT: u64 = 16;
const SILENT_MIN_NS: u64 = 200_000_000;
/// Parts of the silence that one packet of others can make up: a hole counts as a fourth of it.
const HOLE: u64 = 4;
/// Connections that are followed; what comes after them is not.
const CONNECTIONS_MAX: usize = 1024;

/// What setting a safety connection up means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// As at every power-up: by the station that did so first, before the connection runs.
    Usual,
    /// By another station.
    Foreign,
    /// While the connection runs.
    Running,
}

/// Which connection: its conversation, its number in it, and the station behind the address.
type Key = (ConversationId, u32, Option<u16>);

/// What is known of a connection.
#[derive(Debug)]
struct Cycle {
    protocol: Protocol,
    scope: Scope,
    frame: u64,
    last: Time,
    /// Intervals while the median is learned.
    intervals: [u64; LEARNED],
    count: usize,
    median_ns: u64,
    window: u32,
    window_began: Time,
    state: State,
    /// The time before its next message is partly a hole's.
    excused: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    /// It said so itself; it still speaks.
    Failed,
    Silent,
}

/// What is wrong with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It fell silent.
    Silent,
    /// It ended, failed or sends substitutes; the operation says which.
    Ended,
    /// One message came late, after this long.
    Late(u64),
    /// Many came too slowly, or too fast: the mean of their intervals.
    Slow(u64),
    Fast(u64),
}

impl Wrong {
    /// A word that tells findings apart.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Ended => "ended",
            Self::Late(_) => "late",
            Self::Slow(_) => "slow",
            Self::Fast(_) => "fast",
        }
    }
}

/// A connection and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub(crate) wrong: Wrong,
    pub(crate) protocol: Protocol,
    pub(crate) conversation: ConversationId,
    pub(crate) scope: Scope,
    pub(crate) id: u32,
    pub(crate) frame: u64,
    pub(crate) usual_ns: u64,
}

impl Told {
    /// What fills the title.
    pub(crate) fn what(&self, operation: &str) -> String {
        let Self { wrong, protocol, id, usual_ns, .. } = self;
        let usual = Ms(*usual_ns);
        match wrong {
            Wrong::Silent => format!("{protocol} connection {id} fell silent, usual every {usual}"),
            Wrong::Ended => format!("{protocol} connection {id}: {operation}"),
            Wrong::Late(ns) => {
                format!("{protocol} connection {id} late: {}, usual {usual}", Ms(*ns))
            }
            Wrong::Slow(ns) | Wrong::Fast(ns) => {
                format!("{protocol} connection {id} every {}, usual {usual}", Ms(*ns))
            }
        }
    }
}

/// Nanoseconds, shown as milliseconds.
struct Ms(u64);

impl std::fmt::Display for Ms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{} ms", self.0 / 1_000_000, self.0 / 100_000 % 10)
    }
}

/// All safety connections.
#[derive(Debug)]
pub(crate) struct Safety {
    all: BTreeMap<Key, Cycle>,
    /// Who first set up the connections of a station.
    starters: BTreeMap<(Protocol, StationId), StationId>,
    clock: Time,
    /// When the first of them may have been silent for too long.
    look_at: Time,
    /// A time without any packet that is longer than this is a hole.
    hole_ns: u64,
}

impl Default for Safety {
    fn default() -> Self {
        let (never, none) = (Time::from_ns(u64::MAX), u64::MAX);
        let (all, starters) = (BTreeMap::new(), BTreeMap::new());
        Self { all, starters, clock: Time::default(), look_at: never, hole_ns: none }
    }
}

impl Safety {
    /// A packet of anybody; `true` if connections may have fallen silent.
    #[inline]
    pub(crate) fn packet(&mut self, now: Time) -> bool {
        let passed = now.since(self.clock);
        self.clock = self.clock.max(now);
        if passed > self.hole_ns {
            self.excuse(passed);
        }
        now >= self.look_at
    }

    /// Nobody was heard for so long: it is nobody's silence, but for a part of it.
    #[cold]
    fn excuse(&mut self, passed: u64) {
        for cycle in self.all.values_mut().filter(|cycle| cycle.median_ns > 0) {
            let excused = passed.saturating_sub(cycle.limit_ns() / HOLE);
            cycle.last = after(cycle.last, excused);
            (cycle.window, cycle.excused) = (0, true);
        }
    }

    /// The next connection that has fallen silent; `None` when there is no further.
    pub(crate) fn silent(&mut self, now: Time) -> Option<Told> {
        let mut next = Time::from_ns(u64::MAX);
        for (key, cycle) in &mut self.all {
            if cycle.median_ns == 0 || cycle.state != State::Running {
                continue;
            }
            let due = after(cycle.last, cycle.limit_ns());
            if now >= due {
                cycle.state = State::Silent;
                return Some(cycle.told(*key, Wrong::Silent));
            }
            next = next.min(due);
        }
        self.look_at = next;
        None
    }

    /// A message; what it shows to be wrong with its connection.
    #[inline]
    pub(crate) fn message(&mut self, seen: &Seen<'_>) -> Option<Told> {
        match (seen.message.effect, seen.message.kind) {
            (Effect::SafetyCycle, Kind::Notice) => self.cycle(seen),
            // an answer with an outcome ends what its request has already ended
            (Effect::SafetyStop, Kind::Response) if seen.message.outcome != Outcome::Open => None,
            (Effect::SafetyStop, _) => self.stop(seen),
            _ => None,
        }
    }

    /// A request that sets a connection up.
    pub(crate) fn start(&mut self, seen: &Seen<'_>) -> Start {
        let (source, target) = (seen.sender.station, seen.receiver.station);
        let id = seen.message.id.unwrap_or(0);
        let runs = |((_, other, _), cycle): (&Key, &Cycle)| {
            let ends = [cycle.scope.source, cycle.scope.target];
            *other == id
                && cycle.protocol == seen.message.protocol
                && cycle.state == State::Running
                && cycle.median_ns > 0
                && seen.time < after(cycle.last, cycle.limit_ns())
                && (ends.contains(&source) || ends.contains(&target))
        };
        if self.all.iter().any(runs) {
            return Start::Running;
        }
        let place = (seen.message.protocol, target);
        if self.starters.len() >= CONNECTIONS_MAX && !self.starters.contains_key(&place) {
            return Start::Usual;
        }
        let usual = *self.starters.entry(place).or_insert(source) == source;
        if usual { Start::Usual } else { Start::Foreign }
    }

    fn cycle(&mut self, seen: &Seen<'_>) -> Option<Told> {
        let (key, now) = (key(seen), seen.time);
        let Some(cycle) = self.all.get_mut(&key) else {
            if self.all.len() < CONNECTIONS_MAX {
                self.all.insert(key, Cycle::new(seen));
            }
            return None;
        };
        let passed = now.since(cycle.last);
        cycle.last = cycle.last.max(now);
        cycle.frame = seen.frame;
        if cycle.state != State::Running {
            (cycle.state, cycle.window) = (State::Running, 0);
            self.due(key);
            return None;
        }
        if cycle.median_ns == 0 {
            if cycle.learn(passed) {
                self.due(key);
            }
            return None;
        }
        cycle.judge(passed, now).map(|wrong| cycle.told(key, wrong))
    }

    fn stop(&mut self, seen: &Seen<'_>) -> Option<Told> {
        let key = key(seen);
        let running = self.all.get_mut(&key).filter(|cycle| cycle.median_ns > 0);
        if seen.message.kind != Kind::Notice {
            let cycle = Cycle::new(seen);
            return Some(cycle.told(key, Wrong::Ended));
        }
        let cycle = running?;
        cycle.last = cycle.last.max(seen.time);
        cycle.frame = seen.frame;
        let before = std::mem::replace(&mut cycle.state, State::Failed);
        (before == State::Running).then(|| cycle.told(key, Wrong::Ended))
    }

    /// Silence of this connection is to be looked for.
    fn due(&mut self, key: Key) {
        let Some(cycle) = self.all.get(&key).filter(|cycle| cycle.median_ns > 0) else { return };
        let limit = cycle.limit_ns();
        self.look_at = self.look_at.min(after(cycle.last, limit));
        self.hole_ns = self.hole_ns.min(limit / HOLE);
    }
}

impl Cycle {
    fn new(seen: &Seen<'_>) -> Self {
        Self {
            protocol: seen.message.protocol,
            scope: match seen.from {
                Side::Client => {
                    Scope { source: seen.sender.station, target: seen.receiver.station }
                }
                Side::Server => {
                    Scope { source: seen.receiver.station, target: seen.sender.station }
                }
            },
            frame: seen.frame,
            last: seen.time,
            intervals: [0; LEARNED],
            count: 0,
            median_ns: 0,
            window: 0,
            window_began: seen.time,
            state: State::Running,
            excused: false,
        }
    }

    fn limit_ns(&self) -> u64 {
        self.median_ns.saturating_mul(SILENT).max(SILENT_MIN_NS)
    }

    /// One more interval; `true` when that was the last one needed.
    fn learn(&mut self, passed: u64) -> bool {
        if let Some(place) = self.intervals.get_mut(self.count) {
            *place = passed;
        }
        self.count += 1;
        if self.count < LEARNED {
            return false;
        }
        self.count = 0;
        self.intervals.sort_unstable();
        self.median_ns = self.intervals.get(LEARNED / 2).copied().unwrap_or(0);
        self.median_ns > 0
    }

    fn judge(&mut self, passed: u64, now: Time) -> Option<Wrong> {
        if std::mem::take(&mut self.excused) {
            return None;
        }
        if passed >= self.median_ns.saturating_mul(LATE).max(LATE_MIN_NS) {
            self.window = 0;
            return Some(Wrong::Late(passed));
        }
        if self.window == 0 {
            self.window_began = now;
        }
        self.window += 1;
        if self.window <= WINDOW {
            return None;
        }
        self.window = 0;
        let mean = now.since(self.window_began) / u64::from(WINDOW);
        if mean > self.median_ns.saturating_mul(BAND) {
            Some(Wrong::Slow(mean))
        } else if mean.saturating_mul(BAND) < self.median_ns {
            Some(Wrong::Fast(mean))
        } else {
            None
        }
    }

    const fn told(&self, (conversation, id, _): Key, wrong: Wrong) -> Told {
        let Self { protocol, scope, frame, median_ns: usual_ns, .. } = *self;
        Told { wrong, protocol, conversation, scope, id, frame, usual_ns }
    }
}

fn key(seen: &Seen<'_>) -> Key {
    (seen.conversation, seen.message.id.unwrap_or(0), seen.message.unit)
}

const fn after(time: Time, ns: u64) -> Time {
    Time::from_ns(time.ns().saturating_add(ns))
}
