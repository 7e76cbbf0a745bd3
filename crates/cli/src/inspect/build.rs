//! From what was seen to the report.

use std::collections::BTreeMap;

use detect::{Finding, Review, Standing};
use flow::{
    Asset, Assets, Channel, Conversation, ConversationId, Missing, Program, StationId, Tracker,
    World,
};
use plant::{Address, Intent, Level};
use policy::Station as Declaration;
use wire::{Field, Role};

use super::observer::Inspection;
use super::report::{
    Amount, AssetRow, Capture, ConversationRow, DamageRow, EvidenceRow, FindingRow, OperationRow,
    PlantName, ProgramRow, ProtocolRow, Report, TechniqueRow, VerdictRow, ZoneRow,
};
use crate::declared::Declared;
use crate::run::Intake;

/// The report of an inspection that has ended.
pub(crate) fn report(
    mut inspection: Inspection<'_>,
    tracker: &Tracker,
    intake: &Intake,
    declared: Option<&Declared>,
) -> Report {
    let world = tracker.world();
    let merged = Assets::of(world);
    let (assets, zones) = assets(world, &merged, declared);
    let names = Names { world, merged: &merged, assets: &assets };
    inspection.judge_undecoded(world);
    let findings_shed = inspection.detector.shed();
    let detector = std::mem::take(&mut inspection.detector);
    let standing = |id: StationId| standing(world, declared, id);
    let permitted = |id: ConversationId| {
        inspection.verdicts(id).is_some_and(|verdicts| verdicts.deny + verdicts.unknown == 0)
    };
    let denied = |id: ConversationId| inspection.verdicts(id).is_some_and(|one| one.deny > 0);
    let review = Review { standing: &standing, permitted: &permitted, denied: &denied };
    let findings = detector.into_findings(world, &review);
    let findings = findings.iter().map(|finding| names.finding(finding)).collect();
    let conversations: Vec<_> = world
        .conversations()
        .filter(|(_, one)| one.frames > 0 || one.messages() > 0)
        .map(|(id, one)| names.conversation(one, &inspection, id))
        .collect();
    let protocols = protocols(&conversations);
    let programs = world.programs.all().iter();
    let programs = programs.map(|one| names.program(one, inspection.pins(world, one))).collect();
    Report {
        format: "lightcurtain-inspect/1",
        capture: capture(tracker, intake, findings_shed),
        plant: declared.map(|declared| PlantName {
            name: declared.plant.name.clone(),
            zones: declared.plant.zones.len(),
            assets: declared.plant.assets.len(),
            rules: declared.policy.rules().len(),
        }),
        zones,
        assets,
        conversations,
        findings,
        programs,
        protocols,
    }
}

fn capture(tracker: &Tracker, intake: &Intake, findings_shed: u64) -> Capture {
    let (world, counters) = (tracker.world(), tracker.counters());
    let damage = intake.damage.iter();
    Capture {
        inputs: intake.captures.clone(),
        frames: counters.frames + intake.unsupported,
        bytes: counters.bytes,
        first_seen: world.first_seen.map(|time| time.to_string()),
        last_seen: world.last_seen.map(|time| time.to_string()),
        duration_ns: world
            .last_seen
            .zip(world.first_seen)
            .map_or(0, |(last, first)| last.since(first)),
        damage: damage
            .map(|(input, what)| DamageRow { input: input.clone(), what: what.clone() })
            .collect(),
        undecoded: counters.undecoded + intake.unsupported,
        gaps: counters.gaps,
        shed: counters.flows_shed
            + counters.stations_shed
            + counters.conversations_shed
            + findings_shed
            + counters.programs_shed
            + counters.notes_shed
            + counters.fragments_shed,
        interrupted: intake.interrupted,
    }
}

fn declaration(world: &World, declared: &Declared, id: StationId) -> Declaration {
    declared.policy.station_of(world, id)
}

fn standing(world: &World, declared: Option<&Declared>, id: StationId) -> Option<Standing> {
    let declared = declared?;
    let station = declaration(world, declared, id);
    let zone = station.zone().and_then(|zone| declared.plant.zone(zone));
    Some(Standing { declared: station.is_declared(), level: zone.map(|zone| zone.level) })
}

fn speaks_ip(world: &World, id: StationId) -> bool {
    let station = world.stations.get(id);
    station.is_some_and(|station| matches!(station.address, Address::Ip(_)))
}

/// Rows of all assets, and of the zones that they are in.
fn assets(
    world: &World,
    merged: &Assets,
    declared: Option<&Declared>,
) -> (Vec<AssetRow>, Vec<ZoneRow>) {
    let mut zones = BTreeMap::<(Level, String), bool>::new();
    if let Some(declared) = declared {
        let all = declared.plant.zones.iter();
        zones.extend(all.map(|zone| ((zone.level, zone.name.clone()), true)));
    }
    let rows = merged.all().iter().map(|asset| {
        let mut row = (asset_row(world, merged, asset), asset.role.map(|role| role.role));
        let known = declared.map(|declared| {
            // Anybody may claim an IP address for a MAC address: where the asset has been seen
            // under an address of its own, the claims of the layer below do not rename it.
            let own = asset.stations.iter().filter(|id| speaks_ip(world, **id));
            let own: Vec<_> = own.copied().collect();
            let known_by = if own.is_empty() { &asset.stations } else { &own };
            let found = known_by.iter().map(|id| declaration(world, declared, *id));
            found.max_by_key(|one| (one.is_declared(), one.zone().is_some()))
        });
        row.0.declared = known.map(|known| known.is_some_and(Declaration::is_declared));
        let plant = declared.map(|declared| &declared.plant);
        let known = known.flatten().zip(plant);
        if let Some(asset) = known.and_then(|(known, plant)| plant.asset(known.asset()?)) {
            row.0.name.clone_from(&asset.name);
            if let Some(kind) = asset.kind {
                (row.0.role, row.0.role_reason) =
                    (Some(kind.name()), Some("declared in the plant"));
            }
        }
        match known.and_then(|(known, plant)| plant.zone(known.zone()?)) {
            Some(zone) => row.0.zone = Some(zone.name.clone()),
            None => {
                let (level, name) = guess_zone(&row.0, row.1, declared.is_some());
                zones.entry((level, name.clone())).or_insert(false);
                row.0.zone = Some(name);
            }
        }
        row.0
    });
    let rows = rows.collect();
    let zones = zones
        .into_iter()
        .map(|((level, name), declared)| ZoneRow { name, level: level.number(), declared })
        .collect();
    (rows, zones)
}

/// Without a plant, stations of one level and one network make a zone.
fn guess_zone(asset: &AssetRow, role: Option<Role>, planned: bool) -> (Level, String) {
    let ip = asset.ips.first().and_then(|text| text.parse().ok());
    if ip.is_some_and(|ip| detect::is_public(Address::Ip(ip))) && role.is_none_or(is_office) {
        return (Level::Enterprise, "internet".to_owned());
    }
    if planned {
        return (Level::Operations, "not in the plant".to_owned());
    }
    let level = role.map_or(Level::Supervision, flow::level);
    let network = match ip {
        Some(std::net::IpAddr::V4(ip)) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Some(std::net::IpAddr::V6(_)) => "IPv6".to_owned(),
        None => "Ethernet only".to_owned(),
    };
    (level, format!("level {} in {network}", level.number()))
}

const fn is_office(role: Role) -> bool {
    matches!(role, Role::Server | Role::Workstation)
}

fn asset_row(world: &World, merged: &Assets, asset: &Asset) -> AssetRow {
    let all: Vec<_> = asset.stations.iter().filter_map(|id| world.stations.get(*id)).collect();
    let mut macs: Vec<String> = Vec::new();
    let mut ips: Vec<String> = Vec::new();
    let mut vlans: Vec<u16> = Vec::new();
    let mut identity = BTreeMap::<&'static str, Vec<String>>::new();
    for station in &all {
        match station.address {
            Address::Mac(mac) => push(&mut macs, mac.to_string()),
            Address::Ip(ip) => push(&mut ips, ip.to_string()),
        }
        station.vlans.iter().for_each(|vlan| push(&mut vlans, *vlan));
        for (field, value) in &station.identity {
            push(identity.entry(field.name()).or_default(), value.clone());
        }
    }
    for id in &asset.stations {
        let own = merged.own_macs(&world.stations, *id);
        own.iter().for_each(|mac| push(&mut macs, mac.to_string()));
    }
    let id = ips.first().or(macs.first()).cloned().unwrap_or_default();
    let first =
        |field: Field| identity.get(field.name()).and_then(|values| values.first()).cloned();
    let name = first(Field::Name).or_else(|| first(Field::Hostname)).unwrap_or_else(|| id.clone());
    let vendor = first(Field::Vendor).or_else(|| macs.iter().find_map(|mac| vendor(mac)));
    AssetRow {
        id,
        name,
        vendor,
        role: asset.role.map(|told| told.role.name()),
        role_reason: asset.role.map(|told| told.reason),
        zone: None,
        declared: None,
        silent: !all.iter().any(|station| station.sent),
        frames: all.iter().map(|station| station.frames).sum(),
        bytes: all.iter().map(|station| station.bytes).sum(),
        first_seen: all.iter().map(|one| one.first_seen).min().unwrap_or_default().to_string(),
        last_seen: all.iter().map(|one| one.last_seen).max().unwrap_or_default().to_string(),
        macs,
        ips,
        vlans,
        identity,
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

/// The organisation that the IEEE gave this address block to.
fn vendor(mac: &str) -> Option<String> {
    let parsed: plant::Mac = mac.parse().ok()?;
    let record = oui_data::lookup(mac).filter(|_| !parsed.is_local())?;
    Some(record.organization().to_owned())
}

/// Names for stations, as people know them.
struct Names<'a> {
    world: &'a World,
    merged: &'a Assets,
    assets: &'a [AssetRow],
}

impl Names<'_> {
    fn asset(&self, id: StationId) -> Option<&AssetRow> {
        self.assets.get(self.merged.of_station(id)?)
    }

    /// Asset id, or the address itself for groups.
    fn id(&self, id: StationId) -> String {
        let address = || self.world.stations.get(id).map(|station| station.address.to_string());
        self.asset(id).map(|asset| asset.id.clone()).or_else(address).unwrap_or_default()
    }

    /// Name with address, as `weld-robot-7 (10.20.7.10)`.
    fn title(&self, id: StationId) -> String {
        match self.asset(id) {
            Some(asset) if asset.name != asset.id => format!("{} ({})", asset.name, asset.id),
            _ => self.id(id),
        }
    }

    fn conversation(
        &self,
        one: &Conversation,
        inspection: &Inspection<'_>,
        id: ConversationId,
    ) -> ConversationRow {
        let amounts = one.messages_by_intent.into_iter().zip(one.bytes_by_intent);
        let by_intent =
            Intent::ALL.into_iter().zip(amounts).filter(|(_, (messages, _))| *messages > 0);
        ConversationRow {
            source: self.id(one.source),
            target: self.id(one.target),
            protocol: channel(one.channel),
            messages: one.messages(),
            frames: one.frames,
            bytes: one.bytes,
            strongest: one.strongest(),
            by_intent: by_intent
                .map(|(intent, (messages, bytes))| (intent.name(), Amount { messages, bytes }))
                .collect(),
            operations: one.operations.iter().map(operation).collect(),
            verdicts: inspection.verdicts(id).map(|verdicts| VerdictRow {
                permit: verdicts.permit,
                unknown: verdicts.unknown,
                deny: verdicts.deny,
            }),
            first_seen: one.first_seen.to_string(),
            last_seen: one.last_seen.to_string(),
        }
    }

    fn program(&self, one: &Program, listed: Option<bool>) -> ProgramRow {
        ProgramRow {
            kind: one.kind,
            name: one.name.clone(),
            hash: one.hash.ok().map(|hash| hash.to_string()),
            missing: one.hash.err().map(Missing::name),
            bytes: one.bytes,
            protocol: one.protocol.name(),
            from: self.id(one.from),
            to: self.id(one.to),
            listed,
            count: one.count,
            frame: one.frame,
            first_seen: one.first_seen.to_string(),
            last_seen: one.last_seen.to_string(),
        }
    }

    fn finding(&self, finding: &Finding) -> FindingRow {
        let (source, target) = (finding.scope.source, finding.scope.target);
        let title = finding
            .rule
            .title
            .replace("{source}", &self.title(source))
            .replace("{target}", &self.title(target))
            .replace("{what}", &finding.what);
        let mut assets = vec![self.id(source)];
        push(&mut assets, self.id(target));
        FindingRow {
            rule: finding.rule.name,
            severity: finding.severity,
            title,
            reason: finding.reason,
            meaning: finding.rule.meaning,
            action: finding.rule.action,
            assets,
            technique: finding
                .rule
                .technique
                .map(|technique| TechniqueRow { id: technique.id, name: technique.name }),
            count: finding.count,
            first_seen: finding.first_seen.to_string(),
            last_seen: finding.last_seen.to_string(),
            frames: finding.frames.clone(),
            messages: finding.messages.iter().map(evidence).collect(),
        }
    }
}

fn evidence(message: &detect::Evidence) -> EvidenceRow {
    EvidenceRow { frame: message.frame, text: message.text.clone() }
}

fn operation(row: &flow::OperationCount) -> OperationRow {
    OperationRow {
        name: row.operation.name,
        code: row.code,
        intent: row.intent,
        requests: row.requests,
        responses: row.responses,
        errors: row.errors,
        notices: row.notices,
    }
}

fn channel(channel: Channel) -> String {
    match channel {
        Channel::Protocol(protocol) => protocol.name().to_owned(),
        Channel::Tcp(port) => format!("tcp/{port}"),
        Channel::Udp(port) => format!("udp/{port}"),
        Channel::Ether(ether_type) => format!("ether/0x{ether_type:04x}"),
        Channel::Ip(protocol) => format!("ip/{protocol}"),
    }
}

fn protocols(conversations: &[ConversationRow]) -> Vec<ProtocolRow> {
    let mut rows = BTreeMap::<&str, ProtocolRow>::new();
    for one in conversations {
        let row = rows.entry(&one.protocol).or_insert_with(|| ProtocolRow {
            name: one.protocol.clone(),
            conversations: 0,
            frames: 0,
            messages: 0,
            operations: BTreeMap::new(),
        });
        row.conversations += 1;
        row.frames += one.frames;
        row.messages += one.messages;
        for operation in &one.operations {
            *row.operations.entry(operation.name).or_default() +=
                operation.requests + operation.responses + operation.notices;
        }
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    rows.sort_by(|a, b| b.messages.cmp(&a.messages).then(b.frames.cmp(&a.frames)));
    rows
}
