//! What facts show: logins that can be read or that everybody knows, protection that is missing or
//! no longer protects, clients that ask for everything, and peers that join.

use plant::Severity;
use wire::Fact;

use crate::detector::Judged;
use crate::rule::{self, Rule};

/// The rule and the detail for a fact, if one looks at it.
pub(crate) fn rule(fact: &Fact<'_>) -> Option<(&'static Rule, &'static str)> {
    match fact {
        Fact::Credential { scheme, default: true, .. } => Some((&rule::DEFAULT_LOGIN, scheme)),
        Fact::Credential { scheme, cleartext: true, .. } => Some((&rule::CLEARTEXT, scheme)),
        Fact::Obsolete { name } => Some((&rule::OBSOLETE, name)),
        Fact::Unprotected { what, .. } => Some((&rule::UNPROTECTED, what)),
        Fact::Overreach { what } => Some((&rule::OVERREACH, what)),
        Fact::Joined { commands: true, .. } => Some((&rule::JOINED, "command")),
        Fact::Joined { what, .. } => Some((&rule::JOINED, what)),
        Fact::Credential { .. }
        | Fact::Identity { .. }
        | Fact::Role { .. }
        | Fact::Address { .. }
        | Fact::Expects { .. } => None,
    }
}

/// Severity of a fact's finding, and why it is not the rule's own. SNMP's `public` is a default
/// that reads, and is on half of all switches; it is not a login.
pub(crate) fn severity(rule: &Rule, fact: &Fact<'_>, judged: Judged) -> (Severity, &'static str) {
    match fact {
        Fact::Credential { scheme, .. } if scheme.starts_with("SNMP") => (Severity::Low, ""),
        Fact::Joined { .. } if judged == Judged::Permit => (Severity::Info, "the plant permits it"),
        Fact::Joined { commands: true, .. } => (Severity::Medium, "what it writes moves machines"),
        Fact::Unprotected { acts: true, .. } => (Severity::Medium, "it acts"),
        Fact::Credential { .. }
        | Fact::Obsolete { .. }
        | Fact::Unprotected { .. }
        | Fact::Overreach { .. }
        | Fact::Joined { .. }
        | Fact::Identity { .. }
        | Fact::Role { .. }
        | Fact::Address { .. }
        | Fact::Expects { .. } => (rule.severity, ""),
    }
}

/// What fills `{what}`.
pub(crate) fn what(fact: &Fact<'_>) -> String {
    match fact {
        Fact::Credential { scheme, account, .. } => format!("{scheme} as {account}"),
        Fact::Obsolete { name: what }
        | Fact::Unprotected { what, .. }
        | Fact::Overreach { what } => (*what).to_owned(),
        Fact::Joined { what, name, commands: true } => format!("{what} {name}, a command topic"),
        Fact::Joined { what, name, commands: false } => format!("{what} {name}"),
        Fact::Identity { .. } | Fact::Role { .. } | Fact::Address { .. } | Fact::Expects { .. } => {
            String::new()
        }
    }
}
