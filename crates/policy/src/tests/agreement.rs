//! On generated plants and messages, the fast decision is the obvious one.

use plant::{Address, Intent, Time};
use proptest::prelude::*;
use wire::{Anomaly, Kind, Message};

use super::{addresses, modbus, plant, reference};
use crate::{Policy, Reason};

const GROUND: &str = r#"
[plant]
name = "generated"
timezone = "Europe/Berlin"
[zone.a]
level = 2
networks = ["10.0.0.0/24"]
[zone.b]
level = 1
networks = ["10.0.1.0/24", "fd00:1::/64"]
[zone.c]
level = 3
networks = ["10.0.0.0/16"]
[asset.a1]
zone = "a"
addresses = ["10.0.0.1"]
[asset.a2]
zone = "a"
addresses = ["10.0.0.2", "00:30:d6:00:00:02"]
[asset.a3]
zone = "a"
addresses = ["192.168.5.7"]
[asset.b1]
zone = "b"
addresses = ["10.0.1.1"]
[asset.b2]
zone = "b"
addresses = ["00:30:d6:00:00:12", "fd00:1::2"]
[window.early]
days = ["mon"]
from = "06:00"
to = "14:00"
"#;

fn end() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "zone:a", "zone:b", "zone:c", "asset:a1", "asset:a2", "asset:b1", "asset:b2", "outside",
        "any",
    ])
}

fn rule() -> impl Strategy<Value = String> {
    let act = prop::sample::select(vec![
        "session",
        "observe",
        "unknown",
        "operate",
        "program",
        "safety",
        "'write single register'",
        "umas",
    ]);
    let target = prop::sample::select(vec!["", " holding 10..19", " coils", " 'holding 1*'"]);
    let clause = prop::sample::select(vec!["", "", " during early", " with order"]);
    (prop::sample::select(vec!["any", "modbus"]), act, target, clause).prop_map(
        |(protocol, act, target, clause)| {
            // `any` has no operations.
            let protocol = if act.starts_with('\'') || act == "umas" { "modbus" } else { protocol };
            format!("\"{protocol} {act}{target}{clause}\"")
        },
    )
}

fn conduits() -> impl Strategy<Value = String> {
    let ends = || prop::collection::btree_set(end(), 1..3);
    let conduit = (ends(), ends(), prop::collection::btree_set(rule(), 0..4));
    prop::collection::vec(conduit, 0..4).prop_map(|conduits| {
        let quoted = |ends: std::collections::BTreeSet<&str>| {
            ends.into_iter().map(|end| format!("\"{end}\"")).collect::<Vec<_>>().join(", ")
        };
        conduits
            .into_iter()
            .enumerate()
            .map(|(at, (from, to, rules))| {
                let (from, to) = (quoted(from), quoted(to));
                let rules = rules.into_iter().collect::<Vec<_>>().join(", ");
                format!(
                    "[[conduit]]\nname = \"c{at}\"\nfrom = [{from}]\nto = [{to}]\n\
                     allow = [{rules}]\n"
                )
            })
            .collect()
    })
}

fn station() -> impl Strategy<Value = Vec<Address>> {
    prop::sample::select(vec![
        "10.0.0.1",
        "10.0.0.2",
        "00:30:d6:00:00:02",
        "10.0.0.9",
        "10.0.1.1",
        "fd00:1::2",
        "00:30:d6:00:00:12 10.0.1.77",
        "10.0.1.9",
        "fd00:1::9",
        "10.0.9.9",
        "8.8.8.8",
        "00:30:d6:00:00:99",
        "00:30:d6:00:00:99 10.0.0.1",
        "00:30:d6:00:00:99 10.0.0.2",
        "192.168.5.7",
        "192.168.5.255",
        "192.168.6.255",
        "10.0.9.9 00:30:d6:00:00:02",
        "10.0.1.255",
        "224.0.0.1",
        "01:0e:cf:00:00:00",
    ])
    .prop_map(addresses)
}

/// What a message is made of.
#[derive(Clone, Debug)]
struct Asked {
    kind: Kind,
    operation: &'static str,
    object: &'static str,
    intent: Option<Intent>,
    unasked: bool,
}

impl Asked {
    fn message(&self) -> Message<'static> {
        let message = modbus(self.kind, self.operation, self.object);
        let message = Message { intent: self.intent.unwrap_or(message.intent), ..message };
        if self.unasked { message.with_anomalies(&[Anomaly::UNASKED]) } else { message }
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let kind = prop::sample::select(vec![Kind::Request, Kind::Response, Kind::Notice]);
    let operation = prop::sample::select(vec![
        "read holding registers",
        "write single register",
        "write single coil",
        "umas",
        "write file record",
    ]);
    let object = prop::sample::select(vec![
        "",
        "holding 10..19",
        "holding 10",
        "holding 9..10",
        "holding 19..20",
        "coils 12",
    ]);
    let intent = prop::option::weighted(0.3, prop::sample::select(Intent::ALL.to_vec()));
    (kind, operation, object, intent, any::<bool>()).prop_map(
        |(kind, operation, object, intent, unasked)| Asked {
            kind,
            operation,
            object,
            intent,
            unasked,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 600,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn the_fast_decision_is_the_obvious_one(
        conduits in conduits(),
        asked in prop::collection::vec((station(), station(), asked(), any::<bool>()), 40),
    ) {
        let text = format!("{GROUND}{conduits}");
        // A conduit from a place to itself is refused; there is nothing to decide then.
        let source = plant::Source { name: String::new(), text: text.clone() };
        prop_assume!(plant::parse(&[source]).is_ok());
        let plant = plant(&text);
        let policy = Policy::compile(&plant).unwrap_or_else(|all| panic!("{all:#?}"));
        for (source, target, asked, monday) in asked {
            let message = asked.message();
            // Monday, 23 November 2026, 12:00 in Berlin, or the day before.
            let now = Time::from_parts(if monday { 1_795_431_600 } else { 1_795_345_200 }, 0);
            let path = policy.path(policy.station(&source), policy.station(&target));
            let verdict = policy.judge(&path, now, &message);
            let expected = reference::decide(&plant, (&source, &target), now, &message);
            prop_assert_eq!(
                verdict.decision().name(), expected,
                "{:?} > {:?} {} {} {}: {}\n{}", source, target, message.operation.name,
                message.intent, message.object, policy.explain(verdict), conduits
            );
            let named = if let Reason::Rule(id)
            | Reason::Target(id)
            | Reason::Window(id)
            | Reason::WorkOrder(id) = verdict.reason()
            {
                policy.rule(id).is_some()
            } else {
                true
            };
            prop_assert!(named);
        }
    }
}
