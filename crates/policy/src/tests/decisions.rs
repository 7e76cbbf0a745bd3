//! Text to decision.

use plant::{Intent, Time};
use wire::{Anomaly, Kind, Message, Object, Protocol};

use super::{addresses, modbus, policy};
use crate::{Decision, Policy, Reason, Station};

const PLANT: &str = r#"
[plant]
name = "test"
timezone = "Europe/Berlin"

[zone.line]
level = 2
networks = ["10.20.0.0/24"]

[zone.cell]
level = 1
networks = ["10.20.7.0/24"]

[zone.site]
level = 3
networks = ["10.20.0.0/16"]

[asset.scada]
zone = "line"
addresses = ["10.20.0.5"]

[asset.panel]
zone = "line"
addresses = ["10.20.0.6"]

[asset.plc]
zone = "cell"
addresses = ["10.20.7.11", "00:30:d6:00:00:11"]

[asset.robot]
zone = "cell"
addresses = ["10.20.7.10", "00:30:d6:00:00:10"]

[asset.drive]
zone = "cell"
addresses = ["00:30:d6:00:00:12"]

[window.early]
days = ["mon", "tue", "wed", "thu", "fri"]
from = "06:00"
to = "14:00"
"#;

/// Saturday, 21 November 2026, 12:00 in Berlin.
const SATURDAY: Time = Time::from_parts(1_795_258_800, 0);
/// Monday, 23 November 2026, 12:00 in Berlin.
const MONDAY: Time = Time::from_parts(1_795_431_600, 0);

fn with(conduits: &str) -> Policy {
    policy(&format!("{PLANT}\n{conduits}"))
}

/// `decision: reason` for a request.
fn said(policy: &Policy, ends: &str, now: Time, message: &Message<'_>) -> String {
    let (source, target) = ends.split_once(" > ").unwrap();
    let path = policy.path(policy.station(&addresses(source)), policy.station(&addresses(target)));
    let verdict = policy.judge(&path, now, message);
    format!("{}: {}", verdict.decision().name(), policy.explain(verdict))
}

fn asked(policy: &Policy, ends: &str, operation: &str, object: &str) -> String {
    said(policy, ends, MONDAY, &modbus(Kind::Request, operation, object))
}

const LINE_TO_CELL: &str = r#"
[[conduit]]
name = "line to cell"
from = ["zone:line"]
to = ["asset:plc", "asset:robot"]
allow = [
  "modbus observe",
  "modbus operate holding 100..119 on plc",
  "modbus 'write single coil' coils 1..8 on robot during early",
  "modbus program with retrofit",
]
"#;

#[test]
fn a_conduit_permits_what_its_rules_say_and_nothing_else() {
    let policy = with(LINE_TO_CELL);
    let plc = "10.20.0.5 > 10.20.7.11";
    let robot = "10.20.0.5 > 10.20.7.10";
    let read = "permit: `modbus observe` of conduit `line to cell` (cell.toml:49)";
    let write = "`modbus operate holding 100..119 on plc` of conduit `line to cell` (cell.toml:50)";
    let elsewhere = format!("deny: {write} permits it on other objects only");
    for (ends, operation, object, expected) in [
        (plc, "read holding registers", "holding 5..10", read),
        (robot, "read coils", "coils 1", read),
        ("10.20.0.99 > 10.20.7.11", "read coils", "coils 1", read),
        (plc, "write single register", "holding 100", &format!("permit: {write}")),
        (plc, "write multiple registers", "holding 100..119", &format!("permit: {write}")),
        (plc, "write multiple registers", "holding 99..101", &elsewhere),
        (plc, "write multiple registers", "holding 119..120", &elsewhere),
        (plc, "write single coil", "coils 100", &elsewhere),
        (plc, "write single register", "", &elsewhere),
        (robot, "write single register", "holding 100", &elsewhere),
        (
            plc,
            "restart communications option",
            "",
            "deny: no rule of conduit `line to cell` permits it",
        ),
        (plc, "umas", "", "deny: no rule of conduit `line to cell` permits it"),
        (
            plc,
            "write file record",
            "",
            "deny: `modbus program with retrofit` of conduit \
          `line to cell` (cell.toml:52) permits it with a work order only, and none is open",
        ),
        ("10.20.7.11 > 10.20.0.5", "read coils", "coils 1", "deny: no conduit leads there"),
        ("10.20.0.5 > 10.20.7.12", "read coils", "coils 1", "deny: no conduit leads there"),
        ("10.20.9.9 > 10.20.7.11", "read coils", "coils 1", "deny: no conduit leads there"),
        ("8.8.8.8 > 10.20.7.11", "read coils", "coils 1", "deny: no conduit leads there"),
        ("8.8.8.8 > 9.9.9.9", "umas", "", "unknown: both are outside of the plant"),
    ] {
        assert_eq!(
            asked(&policy, ends, operation, object),
            expected,
            "{ends} {operation} {object}"
        );
    }
}

#[test]
fn a_window_is_open_on_the_plants_own_clock() {
    let policy = with(LINE_TO_CELL);
    let message = modbus(Kind::Request, "write single coil", "coils 8");
    let rule = "`modbus 'write single coil' coils 1..8 on robot during early` of conduit \
                `line to cell` (cell.toml:51)";
    let ends = "10.20.0.5 > 10.20.7.10";
    assert_eq!(said(&policy, ends, MONDAY, &message), format!("permit: {rule}"));
    assert_eq!(
        said(&policy, ends, SATURDAY, &message),
        format!("deny: {rule} permits it at other times only")
    );
    let outside = modbus(Kind::Request, "write single coil", "coils 9");
    assert!(said(&policy, ends, MONDAY, &outside).ends_with("on other objects only"));
}

#[test]
fn inside_a_zone_assets_talk_freely_until_a_conduit_regulates_the_target_from_inside() {
    let inside = "10.20.7.11 > 10.20.7.10";
    let act = |policy: &Policy, ends| asked(policy, ends, "write single register", "holding 1");
    let free = "permit: both are assets of zone `cell`";
    let policy = with(LINE_TO_CELL);
    assert_eq!(act(&policy, inside), free, "a conduit from elsewhere regulates nothing inside");
    assert_eq!(act(&policy, "00:30:d6:00:00:12 > 00:30:d6:00:00:10"), free, "by MAC address");
    let undeclared = "unknown: in zone `cell`, but not both are declared assets";
    assert_eq!(act(&policy, "10.20.7.66 > 10.20.7.10"), undeclared);
    assert_eq!(act(&policy, "10.20.7.11 > 10.20.7.66"), undeclared);
    let guarded = with(
        "[[conduit]]\nname = \"c\"\nfrom = [\"asset:plc\"]\nto = [\"asset:robot\"]\n\
         allow = [\"modbus observe\"]\n",
    );
    assert_eq!(act(&guarded, inside), "deny: no rule of conduit `c` permits it");
    assert!(asked(&guarded, inside, "read coils", "coils 1").starts_with("permit"));
    assert_eq!(act(&guarded, "00:30:d6:00:00:12 > 10.20.7.10"), "deny: no conduit leads there");
    assert_eq!(act(&guarded, "10.20.7.66 > 10.20.7.10"), "deny: no conduit leads there");
    assert_eq!(act(&guarded, "10.20.7.10 > 10.20.7.11"), free, "the other way is as before");
}

#[test]
fn what_goes_to_a_group_stays_in_its_senders_zone() {
    let policy = with("");
    let act = |ends: &str| asked(&policy, ends, "write single register", "holding 1");
    for group in ["01:0e:cf:00:00:00", "255.255.255.255", "10.20.7.255", "224.0.0.251", "ff02::1"] {
        let free = "permit: both are assets of zone `cell`";
        assert_eq!(act(&format!("10.20.7.11 > {group}")), free, "{group}");
        let unknown = "unknown: in zone `cell`, but not both are declared assets";
        assert_eq!(act(&format!("10.20.7.66 > {group}")), unknown, "{group}");
    }
    let crossing = act("10.20.0.5 > 10.20.7.255");
    assert_eq!(crossing, "deny: no conduit leads there", "another zone's broadcast");
    let elsewhere = policy.station(&addresses("192.168.5.255"));
    assert_eq!(elsewhere, Station::Outside, "no asset lives there");
    let outside = "unknown: both are outside of the plant";
    assert_eq!(act("0.0.0.0 > 255.255.255.255"), outside);
    assert_eq!(act("00:30:d6:00:00:99 > 01:0e:cf:00:00:00"), outside);
    let deny = "deny: no conduit leads there";
    assert_eq!(act("00:30:d6:00:00:99 > 00:30:d6:00:00:10"), deny);
}

#[test]
fn an_intent_brings_session_and_reads_along_and_no_other_act() {
    for (rule, expected) in [
        ("session", "session"),
        ("observe", "session observe"),
        ("unknown", "session observe unknown"),
        ("operate", "session observe operate"),
        ("program", "session observe program"),
        ("administer", "session observe administer"),
        ("safety", "session observe safety"),
    ] {
        let policy = with(&format!(
            "[[conduit]]\nname = \"c\"\nfrom = [\"any\"]\nto = [\"any\"]\nallow = [\"any {rule}\"]"
        ));
        let path = policy.path(
            policy.station(&addresses("10.20.0.5")),
            policy.station(&addresses("10.20.7.11")),
        );
        let permitted: Vec<_> = Intent::ALL
            .into_iter()
            .filter(|intent| {
                let message = modbus(Kind::Request, "read coils", "coils 1");
                policy.judge(&path, MONDAY, &Message { intent: *intent, ..message }).is_permit()
            })
            .map(Intent::name)
            .collect();
        assert_eq!(permitted.join(" "), expected, "{rule}");
        let undecoded = policy.judge_undecoded(&path, MONDAY).is_permit();
        assert_eq!(undecoded, rule == "unknown", "undecoded bytes are unknown");
    }
}

#[test]
fn a_named_operation_permits_no_message_whose_object_makes_it_stronger() {
    let policy = with(
        "[[conduit]]\nname = \"c\"\nfrom = [\"zone:line\"]\nto = [\"zone:cell\"]\n\
         allow = [\"modbus 'write single register'\"]",
    );
    let ends = "10.20.0.5 > 10.20.7.11";
    let message = modbus(Kind::Request, "write single register", "holding 1");
    assert!(said(&policy, ends, MONDAY, &message).starts_with("permit"));
    let session = Message { intent: Intent::Session, ..modbus(Kind::Request, "read coils", "") };
    assert!(said(&policy, ends, MONDAY, &session).starts_with("permit"), "session comes along");
    for stronger in [
        Message { intent: Intent::Safety, ..message },
        modbus(Kind::Request, "write multiple registers", "holding 1"),
        modbus(Kind::Request, "read holding registers", "holding 1"),
    ] {
        assert!(said(&policy, ends, MONDAY, &stronger).starts_with("deny"));
    }
}

#[test]
fn patterns_match_the_object_as_it_is_shown() {
    let policy = with(
        "[[conduit]]\nname = \"c\"\nfrom = [\"zone:line\"]\nto = [\"zone:cell\"]\n\
         allow = [\"modbus operate 'job *'\", \"modbus operate 'holding 7'\", \
         \"modbus operate coils\"]",
    );
    let ends = "10.20.0.5 > 10.20.7.11";
    let named = modbus(Kind::Request, "write single register", "").on(Object::Named(&"job 12"));
    assert!(said(&policy, ends, MONDAY, &named).starts_with("permit"));
    let other = named.on(Object::Named(&"program 12"));
    assert!(said(&policy, ends, MONDAY, &other).contains("on other objects only"));
    for (object, decision) in
        [("holding 7", "permit"), ("holding 7..8", "deny"), ("coils 9..99", "permit")]
    {
        let said = asked(&policy, ends, "write single register", object);
        assert!(said.starts_with(decision), "{object}");
    }
}

#[test]
fn an_answer_whose_question_was_not_seen_is_not_denied_for_what_it_does_not_say() {
    let policy = with(LINE_TO_CELL);
    let ends = "10.20.0.5 > 10.20.7.11";
    let unasked = [Anomaly::UNASKED];
    let write = modbus(Kind::Response, "write single register", "");
    let write = write.with_anomalies(&unasked);
    assert!(said(&policy, ends, MONDAY, &write).starts_with("permit"), "on which object is open");
    let unknown = Message { intent: Intent::Unknown, ..write };
    assert_eq!(
        said(&policy, ends, MONDAY, &unknown),
        "unknown: an answer whose question was not seen"
    );
    let request = Message { kind: Kind::Request, ..unknown };
    assert!(said(&policy, ends, MONDAY, &request).starts_with("deny"));
    let administer = Message { intent: Intent::Administer, ..write };
    assert!(said(&policy, ends, MONDAY, &administer).starts_with("deny"));
}

#[test]
fn stations_are_found_by_any_address_and_the_narrowest_network() {
    let policy = with("");
    let zone = |text: &str| policy.station(&addresses(text));
    let name = |station: Station| station.zone().map(|zone| zone.index());
    assert_eq!(zone("10.20.7.11"), zone("00:30:d6:00:00:11"));
    assert_eq!(zone("9.9.9.9 00:30:d6:00:00:11"), Station::Outside, "forwarded by the plc");
    let claims = zone("00:30:d6:00:00:99 10.20.0.5");
    assert_eq!(claims, zone("10.20.0.5"), "an asset without an Ethernet address");
    assert!(!zone("00:30:d6:00:00:99 10.20.7.11").is_declared(), "claims another's address");
    assert!(zone("10.20.7.11").is_declared() && !zone("10.20.7.12").is_declared());
    assert_eq!(name(zone("10.20.0.77")), Some(0), "line, not site");
    assert_eq!(name(zone("10.20.8.1")), Some(2), "site");
    assert_eq!(zone("10.21.0.1"), Station::Outside);
    assert_eq!(zone("00:30:d6:00:00:99"), Station::Outside);
    assert_eq!(policy.station(&[]), Station::Outside);
    assert_eq!(zone("00:30:d6:00:00:99 ff02::1"), Station::Group(None));
}

#[test]
fn unknown_words_are_pointed_at_with_a_hint() {
    for (rule, expected) in [
        (
            "modbuss observe",
            "cell.toml:47:11: error: there is no protocol `modbuss` (did you mean `modbus`?)",
        ),
        (
            "modbus reed",
            "cell.toml:47:18: error: `reed` is neither an intent nor an operation of modbus \
          (intents are: session, observe, unknown, operate, program, administer, safety)",
        ),
        (
            "modbus 'read coil'",
            "cell.toml:47:18: error: `read coil` is neither an intent nor an operation of modbus \
          (did you mean `read coils`?)",
        ),
        (
            "modbus read coils",
            "cell.toml:47:18: error: `read` is neither an intent nor an operation of modbus \
          (names of several words stand in quotes: `'read coils'`)",
        ),
        ("any observ", "cell.toml:47:15: error: `observ` is no intent (did you mean `observe`?)"),
    ] {
        let text = format!(
            "{PLANT}\n[[conduit]]\nname = \"c\"\nfrom = [\"any\"]\nto = [\"any\"]\n\
             allow = [\"{rule}\"]"
        );
        let all = Policy::compile(&super::plant(&text)).map(|_| ()).unwrap_err();
        let all: Vec<_> = all.iter().map(ToString::to_string).collect();
        assert_eq!(all, [expected], "{rule}");
    }
}

/// A request of the first operation of this protocol with this intent.
fn of(protocol: &str, intent: Intent) -> Message<'static> {
    let protocol = Protocol::by_name(protocol).unwrap_or_else(|| panic!("{protocol}"));
    let rows = protocol.entry().operations.iter().copied().flatten();
    let row = rows.into_iter().find(|row| row.intent == intent);
    let row = row.unwrap_or_else(|| panic!("{protocol} {intent}"));
    Message::new(protocol, Kind::Request, row, row.code)
}

#[test]
fn a_rule_brings_the_session_of_the_carrier_along() {
    let policy = with(
        "[[conduit]]\nname = \"c\"\nfrom = [\"zone:line\"]\nto = [\"asset:plc\"]\n\
         allow = [\"cip observe\"]",
    );
    let ends = "10.20.0.5 > 10.20.7.11";
    let session = of("ethernet-ip", Intent::Session);
    assert!(said(&policy, ends, MONDAY, &session).starts_with("permit"));
    let reads = of("ethernet-ip", Intent::Observe);
    assert!(said(&policy, ends, MONDAY, &reads).starts_with("deny"));
}

#[test]
fn housekeeping_of_the_segment_needs_no_rule_as_long_as_it_changes_nothing() {
    let policy = with("");
    for protocol in ["arp", "lldp"] {
        let rows = Protocol::by_name(protocol).unwrap().entry().operations;
        let row = rows.iter().copied().flatten().next().unwrap();
        let message = Message::new(Protocol::by_name(protocol).unwrap(), Kind::Notice, row, 0);
        let ends = "00:30:d6:00:00:99 > 00:30:d6:00:00:10";
        assert_eq!(
            said(&policy, ends, MONDAY, &Message { intent: Intent::Session, ..message }),
            "permit: housekeeping of the network segment"
        );
        let acting = Message { intent: Intent::Administer, ..message };
        assert!(said(&policy, ends, MONDAY, &acting).starts_with("deny"));
    }
}

#[test]
fn mistakes_of_files_and_of_rules_are_reported_together() {
    let text = "[zone.a]\nlevel = 9\n[[conduit]]\nname = \"c\"\nfrom = [\"any\"]\n\
                to = [\"zone:a\"]\nallow = [\"modbuss observe\"]\n[asset.x]\nzone = \"b\"\n\
                addresses = [\"10.0.0.1\"]\n";
    let source = plant::Source { name: "a.toml".into(), text: text.into() };
    let all = crate::load(&[source]).map(|_| ()).unwrap_err();
    let lines: Vec<_> = all.iter().map(|diagnostic| diagnostic.place.line).collect();
    assert_eq!(lines, [2, 7, 9], "{all:#?}");
    let source = plant::Source { name: "a.toml".into(), text: PLANT.into() };
    let (plant, policy) = crate::load(&[source]).unwrap_or_else(|all| panic!("{all:#?}"));
    assert!(!plant.warnings.is_empty() && policy.rules().is_empty());
}

#[test]
fn every_reason_belongs_to_one_decision() {
    assert_eq!(Reason::NoConduit.decision(), Decision::Deny);
    assert_eq!(Reason::Housekeeping.decision(), Decision::Permit);
    assert_eq!(Reason::Unasked.decision(), Decision::Unknown);
    assert!(Decision::Permit < Decision::Unknown && Decision::Unknown < Decision::Deny);
}
