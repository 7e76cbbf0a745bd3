//! One message, one verdict. Nothing here allocates but [`Policy::path`].

use plant::{AssetId, ConduitId, Endpoint, Intent, Target, Time, WindowId};
use wire::{Anomaly, Kind, Message, Object, Protocol};

use crate::compile::{Intents, Policy};
use crate::stations::Station;
use crate::verdict::{Decision, Reason, RuleId, Verdict};
use crate::{glob, topic};

/// Protocols without which no segment works and which never leave one. Their `session` and
/// `observe` messages need no rule; that somebody lies in them is for findings to say.
const HOUSEKEEPING: [&str; 2] = ["arp", "lldp"];

/// Protocols whose objects are topics, which `+` and `#` in a pattern stand for.
const TOPICS: [Protocol; 2] = [Protocol::MQTT, Protocol::SPARKPLUG_B];

/// Whether a message of this protocol and intent needs no rule.
pub(crate) fn is_housekeeping(protocol: Protocol, intent: Intent) -> bool {
    matches!(intent, Intent::Session | Intent::Observe) && HOUSEKEEPING.contains(&protocol.name())
}

/// The way from one station to another: which conduits lead along it. Look it up once per
/// conversation, client to server, and keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    target: Option<AssetId>,
    conduits: Box<[ConduitId]>,
    /// The verdict where no rule permits.
    otherwise: Reason,
}

impl Path {
    /// What is said where no rule permits.
    pub(crate) const fn otherwise(&self) -> Reason {
        self.otherwise
    }

    /// The conduits that lead along it, in the order of the plant files.
    pub fn conduits(&self) -> &[ConduitId] {
        &self.conduits
    }
}

/// What a conduit permits of one protocol.
#[derive(Debug)]
pub(crate) struct Row {
    /// `None` is every protocol.
    pub(crate) protocol: Option<Protocol>,
    /// By intent: the rule that permits it whatever the rest.
    always: [Option<RuleId>; Intent::ALL.len()],
    conditions: Vec<Condition>,
}

/// A rule that depends on more than protocol and intent.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) rule: RuleId,
    pub(crate) intents: Intents,
    pub(crate) operation: Option<&'static str>,
    pub(crate) target: Option<Target>,
    pub(crate) on: Option<AssetId>,
    pub(crate) during: Option<WindowId>,
    pub(crate) order: bool,
}

impl Row {
    pub(crate) const fn new(protocol: Option<Protocol>) -> Self {
        Self { protocol, always: [None; Intent::ALL.len()], conditions: Vec::new() }
    }

    /// Adds what a rule permits; of two rules that permit the same, the first is named.
    pub(crate) fn permit(&mut self, condition: Condition) {
        let Condition { operation, target, on, during, order, .. } = &condition;
        if operation.is_some() || target.is_some() || on.is_some() || during.is_some() || *order {
            self.conditions.push(condition);
            return;
        }
        for (intent, rule) in Intent::ALL.into_iter().zip(&mut self.always) {
            if condition.intents.has(intent) {
                rule.get_or_insert(condition.rule);
            }
        }
    }
}

/// What is judged: a message, or bytes that no dissector reads.
#[derive(Clone, Copy)]
struct Question<'a> {
    protocol: Option<Protocol>,
    intent: Intent,
    message: Option<&'a Message<'a>>,
    target: Option<AssetId>,
    now: Time,
}

impl Policy {
    /// The way from `source`, the client of a conversation, to `target`, its server. Costs a
    /// lookup per end and one allocation where conduits lead along it.
    pub fn path(&self, source: Station, target: Station) -> Path {
        // Whoever speaks is one station, even from an address that looks like a broadcast.
        let source = match source {
            Station::Group(named) => named.map_or(Station::Outside, Station::Zone),
            Station::Subnet(_) => Station::Outside,
            Station::Asset(..) | Station::Zone(_) | Station::Outside => source,
        };
        // What goes to a group stays on its sender's segment, if it does not name another.
        let (target, group) = match target {
            Station::Group(named) => {
                (named.or(source.zone()).map_or(Station::Outside, Station::Zone), true)
            }
            Station::Subnet(network) => {
                let own = source.zone().filter(|zone| self.stations.reaches(*zone, network));
                (own.map_or(Station::Outside, Station::Zone), own.is_some())
            }
            Station::Asset(..) | Station::Zone(_) | Station::Outside => (target, false),
        };
        let itself = source.is_declared() && source == target;
        if let Some(zone) = source.zone()
            && target.zone() == Some(zone)
            && (itself || !ends(target).any(|end| self.guarded.contains(&(zone, end))))
        {
            let declared = source.is_declared() && (group || target.is_declared());
            let otherwise =
                if declared { Reason::SameZone(zone) } else { Reason::Undeclared(zone) };
            return Path { target: target.asset(), conduits: Box::default(), otherwise };
        }
        let conduits = self.between(source, target);
        let otherwise = match conduits.first() {
            _ if source.zone().is_none() && target.zone().is_none() => Reason::Outside,
            Some(first) => Reason::Unlisted(*first),
            None => Reason::NoConduit,
        };
        Path { target: target.asset(), conduits, otherwise }
    }

    /// The conduits that may be entered at `source` and lead to `target`.
    fn between(&self, source: Station, target: Station) -> Box<[ConduitId]> {
        let entered = ends(source).filter_map(|end| self.from.get(&end)).flatten();
        let mut conduits: Vec<ConduitId> = entered
            .filter(|id| {
                ends(target)
                    .filter_map(|end| self.to.get(&end))
                    .any(|leading| leading.binary_search(id).is_ok())
            })
            .copied()
            .collect();
        conduits.sort_unstable();
        conduits.dedup();
        conduits.into()
    }

    /// Whether `message`, seen at `now` in a conversation on `path`, may pass. Responses and
    /// notices of the server are judged as part of their conversation, on the same path.
    pub fn judge(&self, path: &Path, now: Time, message: &Message<'_>) -> Verdict {
        self.decide(
            path,
            Question {
                protocol: Some(message.protocol),
                intent: message.intent,
                message: Some(message),
                target: path.target,
                now,
            },
        )
    }

    /// Whether bytes that no dissector reads may pass on `path`: only where a rule for protocol
    /// `any` permits `unknown`.
    pub fn judge_undecoded(&self, path: &Path, now: Time) -> Verdict {
        let target = path.target;
        let intent = Intent::Unknown;
        self.decide(path, Question { protocol: None, intent, message: None, target, now })
    }

    fn decide(&self, path: &Path, question: Question<'_>) -> Verdict {
        let mut otherwise = path.otherwise;
        for conduit in &path.conduits {
            let rows = self.rows.get(conduit.index()).map_or(&[][..], Vec::as_slice);
            for row in rows {
                if row.protocol.is_some() && row.protocol != question.protocol {
                    continue;
                }
                match self.row(row, question) {
                    Ok(rule) => return Verdict(Reason::Rule(rule)),
                    Err(Some(near)) if path.otherwise != Reason::Outside => {
                        otherwise = nearer(otherwise, near);
                    }
                    Err(_) => {}
                }
            }
        }
        Verdict(question.soften(otherwise))
    }

    /// The rule of the row that permits, or the nearest that does not.
    fn row(&self, row: &Row, question: Question<'_>) -> Result<RuleId, Option<Reason>> {
        if let Some(rule) = row.always.get(question.intent.index()).copied().flatten() {
            return Ok(rule);
        }
        let mut near = None;
        for condition in &row.conditions {
            match self.condition(condition, question) {
                Ok(()) => return Ok(condition.rule),
                Err(Some(miss)) => near = Some(near.map_or(miss, |near| nearer(near, miss))),
                Err(None) => {}
            }
        }
        Err(near)
    }

    fn condition(&self, rule: &Condition, question: Question<'_>) -> Result<(), Option<Reason>> {
        let operation = question.message.map(|message| message.operation.name);
        if !rule.intents.has(question.intent)
            || rule.operation.is_some_and(|name| operation != Some(name))
        {
            return Err(None);
        }
        let elsewhere = rule.on.is_some() && rule.on != question.target;
        if elsewhere || rule.target.as_ref().is_some_and(|target| !question.acts_on(target)) {
            return Err(Some(Reason::Target(rule.rule)));
        }
        if rule.during.is_some_and(|window| !self.calendar.is_open(window, question.now)) {
            return Err(Some(Reason::Window(rule.rule)));
        }
        if rule.order {
            return Err(Some(Reason::WorkOrder(rule.rule)));
        }
        Ok(())
    }
}

impl Question<'_> {
    /// Whether all that the message acts on lies within `target`. An answer that does not repeat
    /// what was asked, and whose question was not seen, is within every target.
    fn acts_on(&self, target: &Target) -> bool {
        let Some(message) = self.message else { return false };
        if message.kind == Kind::Response && message.object.is_nothing() {
            return true;
        }
        match (target, message.object) {
            (
                Target::Cells { space, first, last },
                Object::Range { space: of, first: at, count },
            ) => {
                let end = u64::from(at) + u64::from(count.max(1)) - 1;
                space == of && *first <= at && end <= u64::from(*last)
            }
            (Target::Space(space), Object::Range { space: of, .. }) => space == of,
            (Target::Pattern(pattern), object) => {
                let matches = match (TOPICS.contains(&message.protocol), topic::is_filter(pattern))
                {
                    (true, true) => topic::covers,
                    (true, false) => topic::matches,
                    (false, _) => glob::matches,
                };
                !object.is_nothing() && matches(pattern, object)
            }
            (Target::Cells { .. } | Target::Space(_), Object::Nothing | Object::Named(_)) => false,
        }
    }

    /// Where no rule permits: what needs none, and answers that cannot be judged.
    fn soften(&self, otherwise: Reason) -> Reason {
        let Some(message) = self.message else { return otherwise };
        if otherwise.decision() == Decision::Permit {
            return otherwise;
        }
        if is_housekeeping(message.protocol, self.intent) {
            return Reason::Housekeeping;
        }
        let unasked = message.kind == Kind::Response
            && self.intent == Intent::Unknown
            && message.anomalies.contains(&Anomaly::UNASKED);
        if unasked { Reason::Unasked } else { otherwise }
    }
}

/// The ends of conduits that a station is covered by.
fn ends(station: Station) -> impl Iterator<Item = Endpoint> {
    let (own, wider) = match station {
        Station::Asset(asset, zone) => (Some(Endpoint::Asset(asset)), Some(Endpoint::Zone(zone))),
        Station::Zone(zone) => (None, Some(Endpoint::Zone(zone))),
        Station::Outside | Station::Subnet(_) | Station::Group(_) => {
            (None, Some(Endpoint::Outside))
        }
    };
    own.into_iter().chain(wider).chain([Endpoint::Any])
}

/// Of two reasons not to permit, the one that says more: a work order that is missing before a
/// window, a window before a target, a target before none at all; of equals the first.
fn nearer(first: Reason, second: Reason) -> Reason {
    let rank = |reason| match reason {
        Reason::WorkOrder(_) => 3,
        Reason::Window(_) => 2,
        Reason::Target(_) => 1,
        Reason::Rule(_)
        | Reason::SameZone(_)
        | Reason::Housekeeping
        | Reason::Unlisted(_)
        | Reason::NoConduit
        | Reason::Undeclared(_)
        | Reason::Outside
        | Reason::Unasked => 0,
    };
    if rank(second) > rank(first) { second } else { first }
}
