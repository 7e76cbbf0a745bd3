//! A moment on the wire, as an argument: nothing below the shell asks a clock.

use std::fmt;

/// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted; up to the year 2554.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

impl Time {
    /// Nanoseconds in a second.
    pub const SECOND_NS: u64 = 1_000_000_000;

    /// The moment `ns` nanoseconds after 1970.
    pub const fn from_ns(ns: u64) -> Self {
        Self(ns)
    }

    /// The moment `seconds` and `ns` nanoseconds after 1970; saturates in 2554.
    pub const fn from_parts(seconds: u64, ns: u64) -> Self {
        Self(seconds.saturating_mul(Self::SECOND_NS).saturating_add(ns))
    }

    /// Nanoseconds since 1970.
    pub const fn ns(self) -> u64 {
        self.0
    }

    /// Whole seconds since 1970.
    pub const fn seconds(self) -> u64 {
        self.0 / Self::SECOND_NS
    }

    /// Nanoseconds from `earlier` to this moment; zero when the clock went back.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// RFC 3339 in UTC with nine decimals, as in `2026-11-21T21:38:00.000000000Z`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_nanosecond(i128::from(self.0)) {
            Ok(moment) => write!(f, "{moment:.9}"),
            Err(_) => f.write_str("out of calendar"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn moments_print_as_rfc_3339_over_leap_years_and_centuries() {
        // Oracle: `date -u -d @SECONDS +%FT%TZ`.
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00"),
            (951_782_400, "2000-02-29T00:00:00"),
            (1_352_718_180, "2012-11-12T11:03:00"),
            (4_107_542_399, "2100-02-28T23:59:59"),
            (4_107_542_400, "2100-03-01T00:00:00"),
        ] {
            let printed = Time::from_parts(seconds, 7).to_string();
            assert_eq!(printed, format!("{text}.000000007Z"));
        }
    }
}
