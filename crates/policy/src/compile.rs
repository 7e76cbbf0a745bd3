//! Plant to policy: words resolved, rules laid out so that a verdict is a lookup.

use std::collections::{BTreeMap, BTreeSet};

use plant::{
    Act, Allow, AssetId, Calendar, ConduitId, Diagnostic, Endpoint, Grade, Intent, Place, Plant,
    Source, ZoneId, allow, hint,
};
use wire::Protocol;

use crate::judge::{Condition, Row};
use crate::stations::{Station, Stations};
use crate::verdict::{Reason, RuleId, Verdict};

/// Protocols that travel inside another's session: a rule for the first brings the second's
/// `session` along, or its messages could never get through. What carries them stands in the
/// dissectors that hand them on; a test knows which those are.
///
/// What merely wraps is not here: TLS inside of FTP or RDP carries anything, so it needs a rule of
/// its own.
pub(crate) const CARRIERS: &[(Protocol, Protocol)] = &[
    (Protocol::CIP, Protocol::ETHERNET_IP),
    // a transport connection begins as S7comm where its selectors do not say whose it is
    (Protocol::S7COMM_PLUS, Protocol::S7COMM),
    (Protocol::CIP_SAFETY, Protocol::CIP),
    (Protocol::CIP_SAFETY, Protocol::ETHERNET_IP),
    (Protocol::UMAS, Protocol::MODBUS),
    (Protocol::SPARKPLUG_B, Protocol::MQTT),
    (Protocol::FSOE, Protocol::ETHERCAT),
    (Protocol::PROFISAFE, Protocol::PROFINET_CM),
    (Protocol::PROFISAFE, Protocol::PROFINET_RT),
    (Protocol::UR_ROBOT_API, Protocol::HTTP),
    (Protocol::ABB_RWS, Protocol::HTTP),
    (Protocol::STAUBLI_SOAP, Protocol::HTTP),
    (Protocol::ROS1, Protocol::HTTP),
    (Protocol::KUKA_VARPROXY, Protocol::KUKA_C3),
    (Protocol::FANUC_SNPX, Protocol::GE_SRTP),
    (Protocol::DCERPC, Protocol::SMB),
    (Protocol::FTP_DATA, Protocol::FTP),
];

/// An allow rule, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The rule as written.
    pub text: String,
    /// The conduit that it belongs to.
    pub conduit: ConduitId,
    /// The file that it stands in.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// A plant, ready to decide.
pub struct Policy {
    pub(crate) stations: Stations,
    pub(crate) calendar: Calendar,
    /// Conduits by the ends that they may be entered at, each list ascending.
    pub(crate) from: BTreeMap<Endpoint, Vec<ConduitId>>,
    /// Conduits by the ends that they lead to, each list ascending.
    pub(crate) to: BTreeMap<Endpoint, Vec<ConduitId>>,
    /// Ends that a conduit from inside their own zone leads to.
    pub(crate) guarded: BTreeSet<(ZoneId, Endpoint)>,
    /// By conduit: what it permits, by protocol.
    pub(crate) rows: Vec<Vec<Row>>,
    rules: Vec<Rule>,
    /// Programs that an asset may receive, ascending.
    pins: Vec<(AssetId, [u8; 32])>,
    /// By conduit.
    names: Vec<String>,
    /// By zone.
    zones: Vec<String>,
}

impl Policy {
    /// Resolves the plant's protocols and operations and lays its rules out.
    ///
    /// # Errors
    /// Every protocol and operation that is not known.
    pub fn compile(plant: &Plant) -> Result<Self, Vec<Diagnostic>> {
        let mut policy = Self {
            stations: Stations::new(plant),
            calendar: Calendar::new(plant),
            from: BTreeMap::new(),
            to: BTreeMap::new(),
            guarded: BTreeSet::new(),
            rows: Vec::with_capacity(plant.conduits.len()),
            rules: Vec::new(),
            pins: pins(plant),
            names: plant.conduits.iter().map(|conduit| conduit.name.clone()).collect(),
            zones: plant.zones.iter().map(|zone| zone.name.clone()).collect(),
        };
        let mut wrong = Vec::new();
        for (at, conduit) in plant.conduits.iter().enumerate() {
            let id = ConduitId::at(at);
            list(&mut policy.from, &conduit.from, id);
            list(&mut policy.to, &conduit.to, id);
            policy.guard(plant, &conduit.from, &conduit.to);
            let mut rows = Rows::default();
            for rule in &conduit.allow {
                let number = policy.remember(plant, id, rule);
                match resolve(rule) {
                    Ok(resolved) => rows.add(rule, number, &resolved),
                    Err(fault) => wrong.push(fault.locate(plant)),
                }
            }
            policy.rows.push(rows.0.into_values().collect());
        }
        if wrong.is_empty() { Ok(policy) } else { Err(wrong) }
    }

    fn remember(&mut self, plant: &Plant, conduit: ConduitId, rule: &Allow) -> RuleId {
        let id = RuleId(u32::try_from(self.rules.len()).unwrap_or(u32::MAX));
        self.rules.push(Rule {
            text: rule.text.clone(),
            conduit,
            file: plant.file(rule.place).to_owned(),
            line: rule.place.line,
        });
        id
    }

    /// A conduit that begins and ends in one zone regulates that end from inside the zone.
    fn guard(&mut self, plant: &Plant, from: &[Endpoint], to: &[Endpoint]) {
        let zone_of = |end: &Endpoint| match *end {
            Endpoint::Zone(zone) => Some(zone),
            Endpoint::Asset(asset) => plant.asset(asset).map(|asset| asset.zone),
            Endpoint::Outside | Endpoint::Any => None,
        };
        let inside: BTreeSet<ZoneId> = from.iter().filter_map(zone_of).collect();
        for end in to {
            if let Some(zone) = zone_of(end).filter(|zone| inside.contains(zone)) {
                self.guarded.insert((zone, *end));
            }
        }
    }

    /// The station that talks from the first of these addresses; the others are further names of
    /// it: its Ethernet address, the IP addresses that it claims.
    pub fn station(&self, addresses: &[plant::Address]) -> Station {
        self.stations.find(addresses)
    }

    /// Whether the plant lists the program with this SHA-256 for a station; `None` where it lists
    /// none at all.
    pub fn pins(&self, station: Station, sha256: &[u8; 32]) -> Option<bool> {
        let asset = station.asset()?;
        let first = self.pins.partition_point(|(one, _)| *one < asset);
        self.pins.get(first).filter(|(one, _)| *one == asset)?;
        Some(self.pins.binary_search(&(asset, *sha256)).is_ok())
    }

    /// The rule with this id.
    pub fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.rules.get(id.index())
    }

    /// Every rule, in the order of the plant files; `RuleId::index` counts in it.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The verdict's reason in words.
    pub fn explain(&self, verdict: Verdict) -> String {
        let zone = |id: ZoneId| self.zones.get(id.index()).map_or("", String::as_str);
        let conduit = |id: ConduitId| self.names.get(id.index()).map_or("", String::as_str);
        let rule = |id: RuleId| {
            self.rule(id).map_or_else(String::new, |rule| {
                let name = conduit(rule.conduit);
                format!("`{}` of conduit `{name}` ({}:{})", rule.text, rule.file, rule.line)
            })
        };
        match verdict.reason() {
            Reason::Rule(id) => rule(id),
            Reason::SameZone(id) => format!("both are assets of zone `{}`", zone(id)),
            Reason::Housekeeping => "housekeeping of the network segment".to_owned(),
            Reason::Unlisted(id) => format!("no rule of conduit `{}` permits it", conduit(id)),
            Reason::Target(id) => format!("{} permits it on other objects only", rule(id)),
            Reason::Window(id) => format!("{} permits it at other times only", rule(id)),
            Reason::WorkOrder(id) => {
                format!("{} permits it with a work order only, and none is open", rule(id))
            }
            Reason::NoConduit => "no conduit leads there".to_owned(),
            Reason::Undeclared(id) => {
                format!("in zone `{}`, but not both are declared assets", zone(id))
            }
            Reason::Outside => "both are outside of the plant".to_owned(),
            Reason::Unasked => "an answer whose question was not seen".to_owned(),
        }
    }
}

/// Reads and compiles a plant in one go.
///
/// # Errors
/// Everything that is wrong with the files and with the words in their rules, in the order of files
/// and lines.
pub fn load(sources: &[Source]) -> Result<(Plant, Policy), Vec<Diagnostic>> {
    let (mut plant, mut diagnostics) = plant::read(sources);
    let compiled = Policy::compile(&plant);
    let sound = diagnostics.iter().all(|diagnostic| diagnostic.grade != Grade::Error);
    match compiled {
        Ok(policy) if sound => {
            plant.warnings = diagnostics;
            Ok((plant, policy))
        }
        compiled => {
            diagnostics.extend(compiled.err().into_iter().flatten());
            diagnostics.sort_by_key(|diagnostic| diagnostic.place);
            Err(diagnostics)
        }
    }
}

fn pins(plant: &Plant) -> Vec<(AssetId, [u8; 32])> {
    let assets = plant.assets.iter().enumerate();
    let mut pins: Vec<_> = assets
        .flat_map(|(at, asset)| asset.programs.iter().map(move |pin| (AssetId::at(at), pin.sha256)))
        .collect();
    pins.sort_unstable();
    pins.dedup();
    pins
}

fn list(into: &mut BTreeMap<Endpoint, Vec<ConduitId>>, ends: &[Endpoint], id: ConduitId) {
    for end in ends {
        let conduits = into.entry(*end).or_default();
        if conduits.last() != Some(&id) {
            conduits.push(id);
        }
    }
}

/// A rule's words, looked up.
struct Resolved {
    /// `None` is every protocol.
    protocol: Option<Protocol>,
    intents: Intents,
    operation: Option<&'static str>,
}

/// A set of intents, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Intents(u8);

impl Intents {
    pub(crate) const SESSION: Self = Self(1);

    /// What a rule with this intent permits: every intent but `session` brings `session` and
    /// `observe` along, and none brings another one that acts.
    fn granted(intent: Intent) -> Self {
        match intent {
            Intent::Session => Self::SESSION,
            Intent::Observe
            | Intent::Unknown
            | Intent::Operate
            | Intent::Program
            | Intent::Administer
            | Intent::Safety => {
                Self(Self::SESSION.0 | 1 << Intent::Observe.index() | 1 << intent.index())
            }
        }
    }

    /// `strongest` and all weaker ones.
    fn up_to(strongest: Intent) -> Self {
        Self((2 << strongest.index()) - 1)
    }

    pub(crate) const fn has(self, intent: Intent) -> bool {
        self.0 >> intent.index() & 1 == 1
    }
}

struct Fault {
    place: Place,
    message: String,
    hint: Option<String>,
}

impl Fault {
    fn locate(self, plant: &Plant) -> Diagnostic {
        Diagnostic {
            grade: Grade::Error,
            file: plant.file(self.place).to_owned(),
            place: self.place,
            message: self.message,
            hint: self.hint,
            related: None,
        }
    }
}

fn resolve(rule: &Allow) -> Result<Resolved, Fault> {
    let word = rule.protocol.text.as_str();
    let protocol = match Protocol::by_name(word) {
        None if word == allow::ANY_PROTOCOL => None,
        None => {
            let names: Vec<_> = Protocol::all().map(Protocol::name).collect();
            return Err(Fault {
                place: rule.protocol.place,
                message: format!("there is no protocol `{word}`"),
                hint: hint::suggest(word, names)
                    .or_else(|| Some("`lightcurtain protocols` lists them".into())),
            });
        }
        found => found,
    };
    match (&rule.act, protocol) {
        (Act::Intent(intent), _) => {
            Ok(Resolved { protocol, intents: Intents::granted(*intent), operation: None })
        }
        (Act::Operation(name), Some(known)) => {
            let (operation, strongest) = operation(rule, known, name)?;
            let intents = Intents::up_to(strongest);
            Ok(Resolved { protocol, intents, operation: Some(operation) })
        }
        (Act::Operation(name), None) => Err(Fault {
            place: rule.act_place,
            message: format!("`{name}` is no intent"),
            hint: hint::suggest(name, Intent::ALL.map(Intent::name)),
        }),
    }
}

/// The operation's name in the table, and its strongest intent where several rows share it.
fn operation(
    rule: &Allow,
    protocol: Protocol,
    name: &str,
) -> Result<(&'static str, Intent), Fault> {
    let rows = || protocol.entry().operations.iter().copied().flatten();
    let found = rows().filter(|row| row.name == name).max_by_key(|row| row.intent);
    if let Some(row) = found {
        return Ok((row.name, row.intent));
    }
    // `modbus read coils` without quotes reads as the operation `read` on `coils`.
    let unquoted = rule.target.as_ref().map(|target| format!("{name} {target}"));
    let split = unquoted.and_then(|text| {
        let row = rows().filter(|row| text.starts_with(row.name)).max_by_key(|row| row.name.len());
        row.map(|row| format!("names of several words stand in quotes: `'{}'`", row.name))
    });
    let words = || Intent::ALL.map(Intent::name).into_iter().chain(rows().map(|row| row.name));
    let near = || hint::nearest(name, words()).map(|near| format!("did you mean `{near}`?"));
    Err(Fault {
        place: rule.act_place,
        message: format!("`{name}` is neither an intent nor an operation of {protocol}"),
        hint: split
            .or_else(near)
            .or_else(|| Some(format!("intents are: {}", Intent::ALL.map(Intent::name).join(", ")))),
    })
}

/// The rows of one conduit.
#[derive(Default)]
struct Rows(BTreeMap<Option<Protocol>, Row>);

impl Rows {
    fn add(&mut self, rule: &Allow, id: RuleId, resolved: &Resolved) {
        let condition = Condition {
            rule: id,
            intents: resolved.intents,
            operation: resolved.operation,
            target: rule.target.clone(),
            on: rule.on,
            during: rule.during,
            order: rule.with.is_some(),
        };
        // The session is not bound to the operation or its target, but to asset and time.
        let session = Condition {
            intents: Intents::SESSION,
            operation: None,
            target: None,
            ..condition.clone()
        };
        let row = self.row(resolved.protocol);
        row.permit(condition);
        row.permit(session.clone());
        let Some(protocol) = resolved.protocol else { return };
        for (_, carrier) in CARRIERS.iter().filter(|(carried, _)| *carried == protocol) {
            self.row(Some(*carrier)).permit(session.clone());
        }
    }

    fn row(&mut self, protocol: Option<Protocol>) -> &mut Row {
        self.0.entry(protocol).or_insert_with(|| Row::new(protocol))
    }
}
