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

/// Plant files with one mistake each, and what is said of it: file, `---`, diagnostic, blank line.
const MISTAKES: &str = include_str!("mistakes.txt");

#[test]
fn each_mistake_is_pointed_at_with_a_hint() {
    let mut count = 0;
    for mistake in MISTAKES.trim_end().split("\n\n") {
        let (text, expected) = mistake.split_once("\n---\n").unwrap();
        assert_eq!(said(&[text]), [expected], "{text}");
        count += 1;
    }
    assert_eq!(count, 39);
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
