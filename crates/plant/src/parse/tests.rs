//! Plant files that are right, and what is said of those that are not.

use super::parse;
use crate::diagnostic::{Grade, Paint, render};
use crate::level::{Level, SecurityLevel};
use crate::model::{AssetKind, Denial, Encryption, Endpoint, OnFault, Plant};
use crate::source::Source;

/// The plant of the design document, section 5, with the zones and assets that it refers to.
const CELL: &str = r#"
[plant]
name     = "South works, body shop"
timezone = "Europe/Berlin"

[zone.line]
level    = 2
networks = ["10.20.0.0/24"]

[zone.cell-7]
level    = 1                        # Purdue level
target   = "SL2"
networks = ["10.20.7.0/24"]
vlan     = 207

[asset.weld-robot-7]
zone = "cell-7"
kind = "robot"
vendor = "Universal Robots"
model = "UR10e"
firmware = "5.15.2"
addresses = ["10.20.7.10", "00:30:d6:12:34:56"]

[asset.weld-plc-7]
zone = "cell-7"
kind = "plc"
addresses = ["10.20.7.11"]

[window.early]
days = ["mon", "fri"]
from = "06:00"
to   = "14:00"

[[conduit]]
name    = "line control to weld cell"
from    = ["zone:line"]
to      = ["asset:weld-robot-7", "asset:weld-plc-7"]
allow   = [
  "modbus observe",
  "modbus operate holding 100..119 on weld-plc-7 during early with maintenance",
]
deny     = "answer"
on_fault = "pass"
encrypt  = "required"
"#;

fn sources(texts: &[&str]) -> Vec<Source> {
    let name = |at| format!("{}.toml", ["a", "b", "c"][at]);
    texts
        .iter()
        .enumerate()
        .map(|(at, text)| Source { name: name(at), text: (*text).to_owned() })
        .collect()
}

/// What is said of these files, one line for each.
fn said(texts: &[&str]) -> Vec<String> {
    let all = match parse(&sources(texts)) {
        Ok(plant) => plant.warnings,
        Err(diagnostics) => {
            assert!(diagnostics.iter().any(|d| d.grade == Grade::Error));
            diagnostics
        }
    };
    all.iter().map(ToString::to_string).collect()
}

fn good(texts: &[&str]) -> Plant {
    parse(&sources(texts)).unwrap_or_else(|all| panic!("{all:#?}"))
}

#[test]
fn the_plant_of_the_design_reads_as_written() {
    let plant = good(&[CELL]);
    assert_eq!(plant.warnings, []);
    assert_eq!(plant.name, "South works, body shop");
    assert_eq!(plant.timezone.as_deref(), Some("Europe/Berlin"));
    let [line, cell] = &plant.zones[..] else { panic!("{:?}", plant.zones) };
    assert_eq!((line.name.as_str(), line.level), ("line", Level::Supervision));
    assert_eq!((cell.target, cell.vlan), (Some(SecurityLevel::Sl2), Some(207)));
    let [robot, plc] = &plant.assets[..] else { panic!("{:?}", plant.assets) };
    assert_eq!(robot.kind, Some(AssetKind::Robot));
    assert_eq!(robot.identity.firmware.as_deref(), Some("5.15.2"));
    assert_eq!(robot.addresses.len(), 2);
    assert_eq!(plant.zone(plc.zone), Some(cell));
    let [conduit] = &plant.conduits[..] else { panic!("{:?}", plant.conduits) };
    assert!(matches!(conduit.from[..], [Endpoint::Zone(id)] if plant.zone(id) == Some(line)));
    assert_eq!(conduit.deny, Some(Denial::Answer));
    assert_eq!(conduit.on_fault, Some(OnFault::Pass));
    assert_eq!(conduit.encrypt, Some(Encryption::Required));
    let write = &conduit.allow[1];
    assert_eq!(write.on.and_then(|id| plant.asset(id)), Some(plc));
    assert_eq!(write.during.and_then(|id| plant.windows.get(id.index())).unwrap().name, "early");
    assert_eq!(write.with.as_ref().unwrap().text, "maintenance");
    let protocol = &write.protocol.place;
    assert_eq!(CELL.get(protocol.span()), Some("modbus"));
    assert_eq!((protocol.line, protocol.column), (40, 4));
    assert_eq!(plant.file(*protocol), "a.toml");
}

#[test]
fn files_may_be_split_in_any_order() {
    let (head, tail) = CELL.split_at(CELL.find("[asset.weld-plc-7]").unwrap());
    let plant = good(&[tail, head]);
    assert_eq!(plant.assets.len(), 2);
    assert_eq!(plant.file(plant.zones[0].place), "b.toml");
    assert!(good(&[]).zones.is_empty());
}

#[test]
fn each_mistake_is_pointed_at_with_a_hint() {
    let zone = "[zone.cell]\nlevel = 1\nnetworks = [\"10.0.7.0/24\"]\n";
    let asset = "[asset.plc]\nzone = \"cell\"\naddresses = [\"10.0.7.1\"]\n";
    let conduit = |body: &str| format!("{zone}{asset}[[conduit]]\nname = \"c\"\n{body}");
    let ends = "from = [\"any\"]\nto = [\"asset:plc\"]\n";
    for (text, expected) in [
        ("[zones.a]\n".to_owned(), "a.toml:1:2: error: unknown field `zones` in the file (did you mean `zone`?)"),
        ("zone = 5\n".into(), "a.toml:1:1: error: a section with a name was expected (as in `[zone.NAME]`)"),
        ("[zone.a]\nlevle = 1\nlevel = 1".into(), "a.toml:2:1: error: unknown field `levle` in zone `a` (did you mean `level`?)"),
        ("[zone.a]\n".into(), "a.toml:1:7: error: zone `a` has no `level` (as in `level = 1`)"),
        ("[zone.a]\nlevel = 6".into(), "a.toml:2:9: error: `level` is a Purdue level: 0, 1, 2, 3, 3.5, 4 or 5 (0 sensors and drives, 1 controllers, 2 supervision, 3 site, 3.5 DMZ, 4 and 5 offices)"),
        ("[zone.\"a b\"]\nlevel = 3.5".into(), "a.toml:1:7: error: `a b` is no name of a zone (letters, digits, `-`, `_` and `.`: `a-b`)"),
        ("[zone.a]\nlevel = 1\ntarget = \"SL5\"".into(), "a.toml:3:10: error: `SL5` is no `target` (did you mean `SL1`?)"),
        ("[zone.a]\nlevel = 1\nvlan = 4095".into(), "a.toml:3:8: error: `vlan` is a number from 1 to 4094"),
        ("[zone.a]\nlevel = 1\nnetworks = \"10.0.0.0/8\"".into(), "a.toml:3:12: error: `networks` is a list of texts, not string (`networks = [\"10.0.0.0/8\"]`)"),
        ("[zone.a]\nlevel = 1\nnetworks = [\"10.0.0.1/8\"]".into(), "a.toml:3:13: error: `10.0.0.1/8` has address bits beside its prefix (the network is `10.0.0.0/8`)"),
        ("[zone.a]\nlevel = 1\nnetworks = [\"10.0.0.1\"]".into(), "a.toml:3:13: error: `10.0.0.1` is no network (one address is `10.0.0.1/32`)"),
        (format!("{zone}[zone.b]\nlevel = 1\nnetworks = [\"10.0.7.0/24\"]"), "a.toml:4:7: error: `10.0.7.0/24` is also a network of zone `cell`"),
        (format!("{zone}[zone.b]\nlevel = 1\nnetworks = [\"10.0.0.0/16\"]"), "a.toml:1:7: warning: `10.0.7.0/24` lies in `10.0.0.0/16` of zone `b` (the narrower network decides to which zone it belongs)"),
        (format!("{zone}{asset}vendor = 5"), "a.toml:7:10: error: `vendor` is text, not integer (in quotes: `\"5\"`)"),
        (format!("{zone}{asset}vendor = \" \""), "a.toml:7:10: error: `vendor` is empty"),
        (format!("{zone}{asset}kind = \"robbot\""), "a.toml:7:8: error: `robbot` is no `kind` (did you mean `robot`?)"),
        (format!("{zone}[asset.p]\nzone = \"cel\"\naddresses = [\"10.0.7.1\"]"), "a.toml:5:8: error: there is no zone `cel` (did you mean `cell`?)"),
        (format!("{zone}[asset.p]\nzone = \"cell\""), "a.toml:4:8: error: asset `p` has no `addresses` (as in `addresses = [\"10.20.7.10\"]`)"),
        (format!("{zone}[asset.p]\nzone = \"cell\"\naddresses = [\"10.0.7.1/24\"]"), "a.toml:6:14: error: `10.0.7.1/24` is no IP or Ethernet address (without the prefix: networks belong to zones)"),
        (format!("{zone}[asset.p]\nzone = \"cell\"\naddresses = [\"10.0.8.1\"]"), "a.toml:4:8: warning: `10.0.8.1` of asset `p` is in no network of its zone (zone `cell` has 10.0.7.0/24)"),
        (format!("{zone}[zone.b]\nlevel = 1\nnetworks = [\"10.0.8.0/24\"]\n[asset.p]\nzone = \"cell\"\naddresses = [\"10.0.8.1\"]"), "a.toml:7:8: warning: `10.0.8.1` of asset `p` lies in `10.0.8.0/24` of zone `b`, not in zone `cell` (the asset's own `zone` decides; a fence by networks would see the other)"),
        (format!("{zone}{asset}[asset.q]\nzone = \"cell\"\naddresses = [\"10.0.7.1\"]"), "a.toml:7:8: error: assets `plc` and `q` both have `10.0.7.1`"),
        (format!("{zone}[asset.p]\nzone = \"cell\"\naddresses = [\"224.0.0.1\"]"), "a.toml:4:8: error: `224.0.0.1` of asset `p` is no station's address"),
        (conduit("from = [\"plc\"]\nto = [\"any\"]\nallow = [\"any observe\"]"), "a.toml:9:9: error: `plc` is no end of a conduit (did you mean `asset:plc`?)"),
        (conduit("from = [\"zone:plc\"]\nto = [\"any\"]\nallow = [\"any observe\"]"), "a.toml:9:9: error: there is no zone `plc` (known are: cell)"),
        (conduit("from = []\nto = [\"any\"]\nallow = [\"any observe\"]"), "a.toml:8:8: error: conduit `c` has no `from` (as in `from = [\"zone:line\"]`)"),
        (conduit(ends), "a.toml:8:8: warning: conduit `c` allows nothing (every message on it is denied; give it an `allow` list)"),
        (conduit("from = [\"asset:plc\"]\nto = [\"asset:plc\"]\nallow = [\"any observe\"]"), "a.toml:8:8: error: conduit `c` leads from a place to itself"),
        (conduit(&format!("{ends}allow = [\"any observe\"]\ndeny = \"answr\"")), "a.toml:12:8: error: `answr` is no `deny` (did you mean `answer`?)"),
        (conduit(&format!("{ends}allow = [\"any\"]")), "a.toml:11:11: error: the rule ends early: expected an intent or an operation after `any` (session, observe, operate, program, administer, safety)"),
        (conduit(&format!("{ends}allow = ['''any observe on  plv''']")), "a.toml:11:29: error: there is no asset `plv` (did you mean `plc`?)"),
        (conduit(&format!("{ends}allow = [\"any \\\"observe\\\" on plv\"]")), "a.toml:11:10: error: there is no asset `plv` (did you mean `plc`?)"),
        (conduit("from = [\"any\"]\nto = [\"outside\"]\nallow = [\"any observe on plc\"]"), "a.toml:11:10: error: conduit `c` does not lead to asset `plc` (add `asset:plc` to its `to`)"),
        (conduit(&format!("{ends}allow = [\"any observe\", \"any observe\"]")), "a.toml:11:25: warning: `any observe` is listed twice"),
        ("[window.w]\nfrom = \"06:00\"\nto = \"14:00\"".into(), "a.toml:1:9: error: windows need the plant's time zone (`timezone = \"Europe/Berlin\"` in `[plant]`)"),
        ("[plant]\nname = \"p\"\ntimezone = \"Europe/Berln\"".into(), "a.toml:3:12: error: `Europe/Berln` is no IANA time zone (did you mean `Europe/Berlin`?)"),
        ("[plant]\nname = \"p\"\ntimezone = \"UTC\"\n[window.w]\ndays = [\"mo\"]\nfrom = \"06:00\"\nto = \"14:00\"".into(), "a.toml:5:9: error: `mo` is no day (did you mean `mon`?)"),
        ("[plant]\nname = \"p\"\ntimezone = \"UTC\"\n[window.w]\nfrom = \"6\"\nto = \"14:00\"".into(), "a.toml:5:8: error: `6` is no time of day (two digits each, as in `06:30`; `24:00` ends the day)"),
        ("[plant]\n".into(), "a.toml:1:2: error: `[plant]` has no `name` (as in `name = \"South works, body shop\"`)"),
    ] {
        assert_eq!(said(&[&text]), [expected], "{text}");
    }
}

#[test]
fn all_mistakes_of_all_files_are_reported_in_order() {
    let first = "[zone.a]\nlevel = 9\nlevel = 1\nvaln = 3\n[zone.b\nlevel = 1\n";
    let second = "[zone.a]\nlevel = 1\n[asset.x]\nzone = \"c\"\naddresses = [\"10.0.0\"]\n";
    let said = said(&[first, second]);
    let starts: Vec<_> = said.iter().map(|line| line.split(": ").next().unwrap()).collect();
    for start in
        ["a.toml:2:9", "a.toml:3:1", "a.toml:4:1", "b.toml:1:7", "b.toml:4:8", "b.toml:5:14"]
    {
        assert!(starts.contains(&start), "{start} of {said:#?}");
    }
    assert!(starts.iter().any(|start| start.starts_with("a.toml:5")), "{said:#?}");
    assert!(starts.is_sorted());
}

#[test]
fn a_rendered_diagnostic_shows_the_line_and_both_places() {
    let files = sources(&["[zone.a]\nlevel = 1\n", "\n[zone.a]\nlevel = 1\n"]);
    let all = parse(&files).unwrap_err();
    let text = render(&files, &all[0], Paint::Plain);
    for part in [
        "error: zone `a` is declared twice",
        "b.toml:2:7",
        "a.toml:1:7",
        "^",
        "first declared here",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(render(&files, &all[0], Paint::Colour).contains('\u{1b}'));
}

proptest::proptest! {
    /// Files cut and changed anywhere never panic, and what is wrong has a place in them.
    #[test]
    fn damaged_files_never_panic(cut in 0..CELL.len(), at in 0..CELL.len(), by in "[\\PC\n]{0,3}") {
        let mut text = CELL.to_owned();
        if text.is_char_boundary(at) { text.insert_str(at, &by); }
        let text: String = text.chars().take(cut).collect();
        let files = sources(&[&text]);
        if let Err(all) = parse(&files) {
            for diagnostic in all {
                proptest::prop_assert!(diagnostic.place.line >= 1);
                render(&files, &diagnostic, Paint::Plain);
            }
        }
    }
}
