//! The report: one document with everything that was learned. Its shape is public; the JSON
//! Schema in `docs/formats/inspect.schema.json` is made from these types.

use std::collections::BTreeMap;

use plant::{Intent, Severity};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// The document that `lightcurtain inspect --json` writes.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Report {
    /// Always `lightcurtain-inspect/1`.
    pub(crate) format: &'static str,
    pub(crate) capture: Capture,
    /// The plant that the capture was judged by.
    pub(crate) plant: Option<PlantName>,
    pub(crate) zones: Vec<ZoneRow>,
    pub(crate) assets: Vec<AssetRow>,
    pub(crate) conversations: Vec<ConversationRow>,
    pub(crate) findings: Vec<FindingRow>,
    /// Programs, firmware and files that crossed the wire.
    pub(crate) programs: Vec<ProgramRow>,
    pub(crate) protocols: Vec<ProtocolRow>,
}

/// What was read.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Capture {
    pub(crate) inputs: Vec<String>,
    pub(crate) frames: u64,
    /// As on the wire.
    pub(crate) bytes: u64,
    /// RFC 3339, nanoseconds.
    pub(crate) first_seen: Option<String>,
    pub(crate) last_seen: Option<String>,
    /// From the first to the last frame, in nanoseconds.
    pub(crate) duration_ns: u64,
    /// What is wrong with which input; what came before the damage was read.
    pub(crate) damage: Vec<DamageRow>,
    /// Frames whose link type or headers cannot be read.
    pub(crate) undecoded: u64,
    /// Bytes of streams that never came: how often.
    pub(crate) gaps: u64,
    /// Flows, stations, conversations, fragments, programs, notes and findings let go at a memory
    /// bound.
    pub(crate) shed: u64,
    /// The user stopped the reading.
    pub(crate) interrupted: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DamageRow {
    pub(crate) input: String,
    pub(crate) what: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PlantName {
    pub(crate) name: String,
    pub(crate) zones: usize,
    pub(crate) assets: usize,
    pub(crate) rules: usize,
}

/// A zone of the plant or, without one, a guess from network and role.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ZoneRow {
    pub(crate) name: String,
    /// Purdue level, as `3.5`.
    pub(crate) level: &'static str,
    pub(crate) declared: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AssetRow {
    /// An address that tells it apart: its first IP address, else its MAC address.
    pub(crate) id: String,
    /// What people call it: from the plant, from itself, or its id.
    pub(crate) name: String,
    pub(crate) macs: Vec<String>,
    pub(crate) ips: Vec<String>,
    pub(crate) vlans: Vec<u16>,
    /// From what it told, else from its MAC address.
    pub(crate) vendor: Option<String>,
    pub(crate) role: Option<&'static str>,
    pub(crate) role_reason: Option<&'static str>,
    /// Name of a row of `zones`.
    pub(crate) zone: Option<String>,
    /// It is in the plant; null without one.
    pub(crate) declared: Option<bool>,
    /// What it told about itself.
    pub(crate) identity: BTreeMap<&'static str, Vec<String>>,
    /// It was only talked to and never answered.
    pub(crate) silent: bool,
    pub(crate) frames: u64,
    pub(crate) bytes: u64,
    pub(crate) first_seen: String,
    pub(crate) last_seen: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ConversationRow {
    /// Asset id, or the group address.
    pub(crate) source: String,
    pub(crate) target: String,
    /// A protocol's name, or `tcp/1234`, `udp/1234`, `ether/0x88b5`, `ip/47` where none was
    /// identified.
    pub(crate) protocol: String,
    pub(crate) messages: u64,
    pub(crate) frames: u64,
    pub(crate) bytes: u64,
    /// Strongest intent seen; null where no message was read.
    #[serde(serialize_with = "intent")]
    #[schemars(with = "Option<String>")]
    pub(crate) strongest: Option<Intent>,
    pub(crate) by_intent: BTreeMap<&'static str, Amount>,
    pub(crate) operations: Vec<OperationRow>,
    /// What the plant says; null without one.
    pub(crate) verdicts: Option<VerdictRow>,
    pub(crate) first_seen: String,
    pub(crate) last_seen: String,
}

#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Amount {
    pub(crate) messages: u64,
    pub(crate) bytes: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OperationRow {
    pub(crate) name: &'static str,
    pub(crate) code: u32,
    #[serde(serialize_with = "intent_name")]
    #[schemars(with = "String", extend("enum" = names(&Intent::ALL, Intent::name)))]
    pub(crate) intent: Intent,
    pub(crate) requests: u64,
    pub(crate) responses: u64,
    pub(crate) errors: u64,
    pub(crate) notices: u64,
}

#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub(crate) struct VerdictRow {
    pub(crate) permit: u64,
    pub(crate) unknown: u64,
    pub(crate) deny: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct FindingRow {
    pub(crate) rule: &'static str,
    #[serde(serialize_with = "severity_name")]
    #[schemars(with = "String", extend("enum" = names(&Severity::ALL, Severity::name)))]
    pub(crate) severity: Severity,
    /// In machine terms.
    pub(crate) title: String,
    /// Why the severity differs from the rule's own; empty if it does not.
    pub(crate) reason: &'static str,
    /// What it means for the machine.
    pub(crate) meaning: &'static str,
    /// What to do.
    pub(crate) action: &'static str,
    /// Asset ids: who did it, and to whom.
    pub(crate) assets: Vec<String>,
    pub(crate) technique: Option<TechniqueRow>,
    pub(crate) count: u64,
    pub(crate) first_seen: String,
    pub(crate) last_seen: String,
    /// The first frames that show it.
    pub(crate) frames: Vec<u64>,
    /// The first messages that show it.
    pub(crate) messages: Vec<EvidenceRow>,
}

/// A program, firmware or file, sent once or several times between two assets.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ProgramRow {
    /// What it is: `URScript`, `S7 block`, `firmware`, `file`.
    pub(crate) kind: &'static str,
    /// Empty if nobody named it.
    pub(crate) name: String,
    /// `sha256:` and 64 hexadecimal digits; null where it was not seen whole.
    pub(crate) hash: Option<String>,
    /// Why there is no hash.
    pub(crate) missing: Option<&'static str>,
    /// Bytes seen.
    pub(crate) bytes: u64,
    pub(crate) protocol: &'static str,
    /// Asset ids: who had it, and who got it.
    pub(crate) from: String,
    pub(crate) to: String,
    /// The plant lists it for who got it; null without a plant, or where it lists no programs.
    pub(crate) listed: Option<bool>,
    /// Times that it was sent.
    pub(crate) count: u64,
    /// Frame that completed it first.
    pub(crate) frame: u64,
    pub(crate) first_seen: String,
    pub(crate) last_seen: String,
}

/// A message that shows a finding.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct EvidenceRow {
    pub(crate) frame: u64,
    /// What it says, in words.
    pub(crate) text: String,
}

/// A technique of MITRE ATT&CK for ICS.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TechniqueRow {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ProtocolRow {
    pub(crate) name: String,
    pub(crate) conversations: u64,
    pub(crate) frames: u64,
    pub(crate) messages: u64,
    /// Messages by operation.
    pub(crate) operations: BTreeMap<&'static str, u64>,
}

/// The words that a field may have, for the schema.
fn names<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|one| name(*one)).collect()
}

fn intent<S: Serializer>(intent: &Option<Intent>, to: S) -> Result<S::Ok, S::Error> {
    match intent {
        Some(intent) => to.serialize_str(intent.name()),
        None => to.serialize_none(),
    }
}

fn intent_name<S: Serializer>(intent: &Intent, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(intent.name())
}

fn severity_name<S: Serializer>(severity: &Severity, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(severity.name())
}
