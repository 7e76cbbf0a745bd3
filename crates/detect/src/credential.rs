//! Logins that can be read, logins that everybody knows, and protection that no longer protects.

use plant::Severity;
use wire::Fact;

use crate::rule::{self, Rule};

/// The rule and the detail for a fact, if one looks at it.
pub(crate) fn rule(fact: &Fact<'_>) -> Option<(&'static Rule, &'static str)> {
    match fact {
        Fact::Credential { scheme, default: true, .. } => Some((&rule::DEFAULT_LOGIN, scheme)),
        Fact::Credential { scheme, cleartext: true, .. } => Some((&rule::CLEARTEXT, scheme)),
        Fact::Obsolete { name } => Some((&rule::OBSOLETE, name)),
        Fact::Credential { .. }
        | Fact::Identity { .. }
        | Fact::Role { .. }
        | Fact::Address { .. } => None,
    }
}

/// Severity of a fact's finding: SNMP's `public` is a default that reads, and is on half of all
/// switches; it is not a login.
pub(crate) fn severity(rule: &Rule, fact: &Fact<'_>) -> Severity {
    match fact {
        Fact::Credential { scheme, .. } if scheme.starts_with("SNMP") => Severity::Low,
        Fact::Credential { .. }
        | Fact::Obsolete { .. }
        | Fact::Identity { .. }
        | Fact::Role { .. }
        | Fact::Address { .. } => rule.severity,
    }
}

/// What fills `{what}`.
pub(crate) fn what(fact: &Fact<'_>) -> String {
    match fact {
        Fact::Credential { scheme, account, .. } => format!("{scheme} as {account}"),
        Fact::Obsolete { name } => (*name).to_owned(),
        Fact::Identity { .. } | Fact::Role { .. } | Fact::Address { .. } => String::new(),
    }
}
