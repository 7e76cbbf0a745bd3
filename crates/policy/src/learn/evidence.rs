//! What a rule comes from: how many messages, in which frames, from when to when.

use std::fmt;

use arrayvec::ArrayVec;
use plant::Time;

/// Frames named first; the last one is always named.
const FRAMES_MAX: usize = 3;

/// Messages that a rule was learned from.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    messages: u64,
    /// The first frames, ascending.
    frames: ArrayVec<u64, FRAMES_MAX>,
    last_frame: u64,
    first_seen: Option<Time>,
    last_seen: Option<Time>,
}

impl Evidence {
    /// One message.
    pub(super) fn of(frame: u64, now: Time) -> Self {
        let mut evidence = Self::default();
        evidence.add(frame, now);
        evidence
    }

    /// One message more.
    pub(super) fn add(&mut self, frame: u64, now: Time) {
        self.messages += 1;
        if !self.frames.contains(&frame) {
            // Later frames than the first few are not named.
            let _ = self.frames.try_push(frame);
        }
        self.last_frame = self.last_frame.max(frame);
        self.first_seen = Some(self.first_seen.map_or(now, |first| first.min(now)));
        self.last_seen = self.last_seen.max(Some(now));
    }

    /// What `other` was learned from as well. Allocates nothing.
    pub(super) fn merge(&mut self, other: &Self) {
        self.messages += other.messages;
        for &frame in &other.frames {
            let at = self.frames.partition_point(|known| *known < frame);
            if self.frames.get(at) == Some(&frame) || at == FRAMES_MAX {
                continue;
            }
            if self.frames.is_full() {
                self.frames.pop();
            }
            // There is room now.
            let _ = self.frames.try_insert(at, frame);
        }
        self.last_frame = self.last_frame.max(other.last_frame);
        self.first_seen = match (self.first_seen, other.first_seen) {
            (Some(first), Some(other)) => Some(first.min(other)),
            (first, other) => first.or(other),
        };
        self.last_seen = self.last_seen.max(other.last_seen);
    }
}

/// `1204 messages, frames 12, 15, 18 .. 2210, 2026-11-21T21:38:00Z to 2026-11-21T21:40:07Z`.
impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count| if count == 1 { "" } else { "s" };
        write!(f, "{} message{}, ", self.messages, plural(self.messages))?;
        let more = self.frames.last().is_some_and(|last| *last < self.last_frame);
        let frames: Vec<_> = self.frames.iter().map(ToString::to_string).collect();
        let count = if more { 2 } else { self.frames.len() };
        write!(f, "frame{} {}", if count == 1 { "" } else { "s" }, frames.join(", "))?;
        if more {
            write!(f, " .. {}", self.last_frame)?;
        }
        match (self.first_seen, self.last_seen) {
            (Some(first), Some(last)) if seconds(first) != seconds(last) => {
                write!(f, ", {} to {}", seconds(first), seconds(last))
            }
            (Some(first), _) => write!(f, ", {}", seconds(first)),
            (None, _) => Ok(()),
        }
    }
}

/// A moment without its fraction.
pub(super) fn seconds(moment: Time) -> String {
    let text = moment.to_string();
    text.split_once('.').map_or_else(|| text.clone(), |(whole, _)| format!("{whole}Z"))
}

#[cfg(test)]
mod tests {
    use super::Evidence;
    use plant::Time;

    #[test]
    fn evidence_names_the_first_frames_and_the_last() {
        let mut evidence = Evidence::default();
        evidence.add(7, Time::from_parts(0, 5));
        assert_eq!(evidence.to_string(), "1 message, frame 7, 1970-01-01T00:00:00Z");
        evidence.add(7, Time::from_parts(0, 5));
        assert_eq!(evidence.to_string(), "2 messages, frame 7, 1970-01-01T00:00:00Z");
        for frame in 8..20 {
            evidence.add(frame, Time::from_parts(frame, 0));
        }
        let mut other = Evidence::default();
        other.add(3, Time::from_parts(2, 0));
        evidence.merge(&other);
        assert_eq!(
            evidence.to_string(),
            "15 messages, frames 3, 7, 8 .. 19, 1970-01-01T00:00:00Z to 1970-01-01T00:00:19Z"
        );
    }
}
