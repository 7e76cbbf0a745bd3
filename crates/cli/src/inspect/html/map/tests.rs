//! Nothing on the map hides something else, however many assets there are.

use super::layout::{Layout, Rect, WIDTH};
use super::route::ways;
use super::scene::Scene;
use crate::inspect::report::Report;
use crate::inspect::sample;
use crate::inspect::view::View;

/// Plants of many sizes: level, zone, assets.
const PLANTS: [&[(&str, &str, usize)]; 6] = [
    &[("1", "cell", 1)],
    &[("4", "office", 2), ("1", "cell", 3)],
    &[("5", "internet", 3), ("3", "site", 7), ("2", "line", 4), ("1", "a", 9), ("1", "b", 8)],
    &[("4", "office", 0), ("2", "line", 6), ("1", "cell", 18)],
    &[("3", "site", 40), ("2", "line", 60), ("1", "cell", 200)],
    &[
        ("1", "a", 13),
        ("1", "b", 13),
        ("1", "c", 13),
        ("1", "d", 13),
        ("0", "e", 13),
        ("0", "f", 13),
    ],
];

fn drawn(report: &Report) -> (Scene, Layout) {
    let mut scene = Scene::of(&View::new(report));
    let layout = Layout::of(&mut scene);
    (scene, layout)
}

fn apart(a: Rect, b: Rect) -> bool {
    a.right() <= b.x || b.right() <= a.x || a.bottom() <= b.y || b.bottom() <= a.y
}

fn inside(inner: Rect, outer: Rect) -> bool {
    outer.x <= inner.x
        && inner.right() <= outer.right()
        && outer.y <= inner.y
        && inner.bottom() <= outer.bottom()
}

#[test]
fn boxes_stand_apart_inside_their_rooms_and_rooms_on_the_page() {
    for plant in PLANTS {
        let (scene, layout) = drawn(&sample::report(plant));
        let page = Rect { x: 0, y: 0, width: WIDTH, height: layout.height };
        for (at, room) in layout.rooms.iter().enumerate() {
            assert!(inside(*room, page), "{plant:?}");
            assert!(layout.rooms[at + 1..].iter().all(|other| apart(*room, *other)), "{plant:?}");
            let boxes = scene.rooms[at].boxes.iter().map(|tile| layout.boxes[*tile]);
            assert!(boxes.into_iter().all(|tile| inside(tile, *room)), "{plant:?}");
        }
        for (at, tile) in layout.boxes.iter().enumerate() {
            assert!(layout.boxes[at + 1..].iter().all(|other| apart(*tile, *other)), "{plant:?}");
        }
    }
}

#[test]
fn lines_pass_between_boxes_and_never_behind_one() {
    for plant in PLANTS {
        let (scene, layout) = drawn(&sample::report(plant));
        for way in ways(&scene, &layout) {
            let inner = way.points.len() - 1;
            for point in &way.points[1..inner] {
                let upright =
                    Rect { x: point.x, y: point.top, width: 0, height: point.bottom - point.top };
                assert!((0..WIDTH).contains(&point.x), "{plant:?}");
                assert!(layout.boxes.iter().all(|tile| apart(*tile, upright)), "{plant:?}");
            }
        }
    }
}

#[test]
fn lines_start_and_end_at_different_places_of_a_box() {
    let (scene, layout) = drawn(&sample::report(PLANTS[2]));
    let ways = ways(&scene, &layout);
    let ends = ways.iter().flat_map(|way| [way.points[0], way.points[way.points.len() - 1]]);
    let mut ends: Vec<_> = ends.map(|end| (end.top, end.x)).collect();
    let all = ends.len();
    ends.sort_unstable();
    ends.dedup();
    assert!(all > 20);
    assert_eq!(ends.len(), all);
}

#[test]
fn the_same_report_gives_the_same_drawing() {
    let page = |report: &Report| super::section(&View::new(report)).into_string();
    let report = sample::report(PLANTS[2]);
    assert_eq!(page(&report), page(&report));
}

#[test]
fn three_hundred_assets_fold_to_roles_and_those_with_serious_findings_stay() {
    let mut report = sample::report(PLANTS[4]);
    let suspect = report.assets[150].id.clone();
    report.findings.push(sample::finding("something", &suspect));
    let (scene, _) = drawn(&report);
    assert!(scene.boxes.len() < 20, "{}", scene.boxes.len());
    assert_eq!(scene.rooms.iter().map(|room| room.assets).sum::<usize>(), 300);
    assert!(scene.boxes.iter().any(|tile| tile.label == suspect && !tile.folded));
}

#[test]
fn five_assets_do_not_fold() {
    let (scene, _) = drawn(&sample::report(PLANTS[1]));
    assert!(scene.boxes.iter().all(|tile| !tile.folded));
    assert_eq!(scene.boxes.len(), 5);
}
