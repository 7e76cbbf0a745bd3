//! Reports made up for tests of what is shown.

use std::collections::BTreeMap;

use plant::{Intent, Severity};

use super::report::{
    Amount, AssetRow, Capture, ConversationRow, EvidenceRow, FindingRow, Report, TechniqueRow,
    ZoneRow,
};

const TIME: &str = "2026-11-21T21:38:00.000000000Z";

/// Zones with this level, name and number of assets. Everybody talks with the next three; in each
/// conversation another intent is the strongest.
pub(crate) fn report(zones: &[(&'static str, &str, usize)]) -> Report {
    let mut report = Report {
        format: "lightcurtain-inspect/1",
        capture: Capture {
            inputs: vec!["cell.pcap".to_owned()],
            frames: 1000,
            bytes: 64_000,
            first_seen: Some(TIME.to_owned()),
            last_seen: Some(TIME.to_owned()),
            duration_ns: 0,
            damage: Vec::new(),
            undecoded: 0,
            gaps: 0,
            shed: 0,
            interrupted: false,
        },
        plant: None,
        zones: Vec::new(),
        assets: Vec::new(),
        conversations: Vec::new(),
        findings: Vec::new(),
        programs: Vec::new(),
        protocols: Vec::new(),
    };
    for (at, (level, name, count)) in zones.iter().enumerate() {
        report.zones.push(ZoneRow { name: (*name).to_owned(), level, declared: true });
        let assets = (0..*count).map(|number| asset(format!("10.0.{at}.{number}"), name));
        report.assets.extend(assets);
    }
    let ids: Vec<_> = report.assets.iter().map(|asset| asset.id.clone()).collect();
    for (at, source) in ids.iter().enumerate() {
        let targets = ids.iter().cycle().skip(at + 1).step_by(3).take(3);
        for (turn, target) in targets.enumerate().filter(|(_, target)| *target != source) {
            let intent = Intent::ALL[(at + turn) % Intent::ALL.len()];
            report.conversations.push(conversation(source, target, intent));
        }
    }
    report
}

fn asset(id: String, zone: &str) -> AssetRow {
    const ROLES: [Option<&str>; 3] = [Some("plc"), Some("device"), None];
    AssetRow {
        name: id.clone(),
        macs: vec!["00:30:d6:12:34:56".to_owned()],
        ips: vec![id.clone()],
        vlans: Vec::new(),
        vendor: Some("Acme".to_owned()),
        role: ROLES[id.len() % ROLES.len()],
        role_reason: None,
        zone: Some(zone.to_owned()),
        declared: None,
        identity: BTreeMap::new(),
        silent: false,
        frames: 10,
        bytes: 640,
        first_seen: TIME.to_owned(),
        last_seen: TIME.to_owned(),
        id,
    }
}

fn conversation(source: &str, target: &str, intent: Intent) -> ConversationRow {
    let amount = Amount { messages: 12, bytes: 120 };
    ConversationRow {
        source: source.to_owned(),
        target: target.to_owned(),
        protocol: "modbus".to_owned(),
        messages: 12,
        frames: 12,
        bytes: 720,
        strongest: Some(intent),
        by_intent: BTreeMap::from([(intent.name(), amount)]),
        operations: Vec::new(),
        verdicts: None,
        first_seen: TIME.to_owned(),
        last_seen: TIME.to_owned(),
    }
}

/// A critical finding about one asset.
pub(crate) fn finding(title: &str, asset: &str) -> FindingRow {
    FindingRow {
        rule: "controller-stop",
        severity: Severity::Critical,
        title: title.to_owned(),
        reason: "",
        meaning: "the machine stands",
        action: "go and look",
        assets: vec![asset.to_owned()],
        technique: Some(TechniqueRow { id: "T0858", name: "Change Operating Mode" }),
        count: 2,
        first_seen: TIME.to_owned(),
        last_seen: TIME.to_owned(),
        frames: vec![1, 2],
        messages: vec![EvidenceRow { frame: 7, text: title.to_owned() }],
    }
}
