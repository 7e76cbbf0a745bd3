//! The scales that a zone is placed on: Purdue level and IEC 62443 target security level.
//!
//! Levels are those of the Purdue enterprise reference architecture as IEC 62443-1-1 clause 5.2
//! and NIST SP 800-82r3 section 2.3.2 use them; 3.5 is the demilitarized zone between site
//! operations and the enterprise. Security levels are those of IEC 62443-3-3 annex A.

use std::fmt;
use std::str::FromStr;

/// A Purdue level, nearest to the machine first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 0: sensors, actuators, drives.
    Process,
    /// 1: controllers of machines: PLC, robot controller, safety controller.
    Control,
    /// 2: supervision of a cell or line: HMI, engineering station.
    Supervision,
    /// 3: site operations: MES, historian, plant servers.
    Operations,
    /// 3.5: what both sides may reach, and nothing passes through.
    Dmz,
    /// 4: business network of the site.
    Business,
    /// 5: enterprise and internet-facing services.
    Enterprise,
}

impl Level {
    /// Every level, nearest to the machine first.
    pub const ALL: [Self; 7] = [
        Self::Process,
        Self::Control,
        Self::Supervision,
        Self::Operations,
        Self::Dmz,
        Self::Business,
        Self::Enterprise,
    ];

    /// Place in [`Level::ALL`]: neighbours differ by one, also beside the demilitarized zone.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The number in plant files and reports.
    pub const fn number(self) -> &'static str {
        match self {
            Self::Process => "0",
            Self::Control => "1",
            Self::Supervision => "2",
            Self::Operations => "3",
            Self::Dmz => "3.5",
            Self::Business => "4",
            Self::Enterprise => "5",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.number())
    }
}

impl FromStr for Level {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|level| level.number() == text).ok_or(())
    }
}

/// A target security level of IEC 62443: whom the zone is to withstand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecurityLevel {
    /// Casual or coincidental violation.
    Sl1,
    /// Intentional, simple means, low resources.
    Sl2,
    /// Intentional, sophisticated means, moderate resources, knowledge of automation.
    Sl3,
    /// As before, with extended resources.
    Sl4,
}

impl SecurityLevel {
    /// Every security level, weakest first.
    pub const ALL: [Self; 4] = [Self::Sl1, Self::Sl2, Self::Sl3, Self::Sl4];

    /// The word in plant files and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sl1 => "SL1",
            Self::Sl2 => "SL2",
            Self::Sl3 => "SL3",
            Self::Sl4 => "SL4",
        }
    }
}

impl fmt::Display for SecurityLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for SecurityLevel {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|level| level.name() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, SecurityLevel};

    #[test]
    fn levels_read_back_and_stand_in_order() {
        for (place, level) in Level::ALL.into_iter().enumerate() {
            assert_eq!(level.index(), place);
            assert_eq!(level.number().parse(), Ok(level));
        }
        assert!(Level::Operations < Level::Dmz && Level::Dmz < Level::Business);
        assert_eq!("6".parse::<Level>(), Err(()));
        for level in SecurityLevel::ALL {
            assert_eq!(level.name().parse(), Ok(level));
        }
    }
}
