//! Permit, deny or unknown, with what decided.

use plant::{ConduitId, ZoneId};

/// A rule of one policy: an `allow` line of the plant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub(crate) u32);

impl RuleId {
    /// Its place in the policy's list, which is the order of the plant files.
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// What the plant says to one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// It may pass.
    Permit,
    /// The plant says nothing of it.
    Unknown,
    /// It must not pass.
    Deny,
}

impl Decision {
    /// The word in findings and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::Unknown => "unknown",
            Self::Deny => "deny",
        }
    }
}

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Permit: this rule.
    Rule(RuleId),
    /// Permit: both are declared assets of this zone, and no conduit regulates the target from
    /// inside the zone.
    SameZone(ZoneId),
    /// Permit: the segment's own housekeeping, as ARP and LLDP, which changes nothing.
    Housekeeping,
    /// Deny: a conduit leads there, but none of its rules is for this protocol and act.
    Unlisted(ConduitId),
    /// Deny: this rule would permit it, but on something else.
    Target(RuleId),
    /// Deny: this rule would permit it, but not at this time.
    Window(RuleId),
    /// Deny: this rule would permit it, but only with a work order, and none is open.
    WorkOrder(RuleId),
    /// Deny: no conduit leads there.
    NoConduit,
    /// Unknown: both are in this zone, but not both are declared.
    Undeclared(ZoneId),
    /// Unknown: both are outside of the plant.
    Outside,
    /// Unknown: an answer that does not show what was asked, and the question was not seen.
    Unasked,
}

impl Reason {
    /// The decision that this reason is for.
    pub const fn decision(self) -> Decision {
        match self {
            Self::Rule(_) | Self::SameZone(_) | Self::Housekeeping => Decision::Permit,
            Self::Unlisted(_)
            | Self::Target(_)
            | Self::Window(_)
            | Self::WorkOrder(_)
            | Self::NoConduit => Decision::Deny,
            Self::Undeclared(_) | Self::Outside | Self::Unasked => Decision::Unknown,
        }
    }
}

/// What the policy says to one message, and why. Only a policy makes verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict(pub(crate) Reason);

impl Verdict {
    /// The verdict on what the plant does not know at all.
    pub(crate) const OUTSIDE: Self = Self(Reason::Outside);

    /// Permit, deny or unknown.
    pub const fn decision(self) -> Decision {
        self.0.decision()
    }

    /// What decided.
    pub const fn reason(self) -> Reason {
        self.0
    }

    /// Whether the message may pass.
    pub fn is_permit(self) -> bool {
        self.decision() == Decision::Permit
    }

    /// Whether the message must not pass.
    pub fn is_deny(self) -> bool {
        self.decision() == Decision::Deny
    }
}
