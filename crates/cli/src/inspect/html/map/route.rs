//! The ways of lines between boxes: through the space between two lines of boxes, and through the
//! gaps in them, never behind a box. Layered drawing after Sugiyama, Tagawa and Toda (1981), with
//! the gaps as the points that long lines pass.

use std::collections::BTreeMap;

use super::layout::{Layout, Rect, WIDTH, units};
use super::scene::Scene;

/// Distance of two lines in one gap, at most.
const GAP_STEP: i32 = 5;
/// Distance of two lines at one box, at most.
const PORT_STEP: i32 = 16;
/// A line touches a box no nearer than this to its corner.
const PORT_INSET: i32 = 12;
/// Depth of the bend between boxes of one line: three quarters of it show, above the next line.
const DIP_MAX: i32 = 48;
/// The left edge of where lines may pass: right of the names of the levels.
const LEFT: i32 = super::layout::MARGIN_LEFT - 22;

/// A line's way: an end at each box, and gaps between them.
pub(super) struct Way {
    /// From the source to the target.
    pub(super) points: Vec<Point>,
    /// Both ends are on the lower side of boxes that stand on one line.
    pub(super) level: bool,
}

/// A place that a way passes upright, from `top` to `bottom` or the other way around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) x: i32,
    pub(super) top: i32,
    pub(super) bottom: i32,
}

/// The sides of a box.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Top,
    Bottom,
}

/// Ways of all lines of a scene, in their order.
pub(super) fn ways(scene: &Scene, layout: &Layout) -> Vec<Way> {
    let mut ways: Vec<_> = scene.lines.iter().map(|line| way(layout, line.from, line.to)).collect();
    spread_gaps(layout, &mut ways);
    spread_ports(scene, layout, &mut ways);
    ways
}

fn rect(layout: &Layout, at: usize) -> Rect {
    layout.boxes.get(at).copied().unwrap_or_default()
}

fn line_of(layout: &Layout, at: usize) -> usize {
    layout.line_of.get(at).copied().unwrap_or_default()
}

/// A way through the nearest gaps, with its ends in the middle of the boxes.
fn way(layout: &Layout, from: usize, to: usize) -> Way {
    let (start, end) = (rect(layout, from), rect(layout, to));
    let (first, last) = (line_of(layout, from), line_of(layout, to));
    let mut points = vec![port(start, first <= last)];
    let between: Vec<_> =
        if first < last { (first + 1..last).collect() } else { (last + 1..first).rev().collect() };
    let steps = units(between.len()) + 1;
    let mut x = start.middle();
    for (at, line) in between.iter().filter_map(|at| layout.lines.get(*at)).enumerate() {
        // Straight towards the target from where it is now.
        let wanted = x + (end.middle() - x) / (steps - units(at)).max(1);
        x = gap(&line.boxes, wanted);
        let bottom = line.y + super::layout::BOX_HEIGHT;
        points.push(Point { x, top: line.y, bottom });
    }
    points.push(port(end, first >= last));
    Way { points, level: first == last }
}

/// An end at the lower or upper side of a box.
const fn port(rect: Rect, lower: bool) -> Point {
    let y = if lower { rect.bottom() } else { rect.y };
    Point { x: rect.middle(), top: y, bottom: y }
}

/// The middle of the gap in a line of boxes that is nearest to a place.
fn gap(boxes: &[Rect], wanted: i32) -> i32 {
    let gaps = gaps(boxes);
    let middles = gaps.iter().map(|(from, to)| {
        // The margins are wide: there, a line may pass at its own place.
        if to - from > 60 { wanted.clamp(from + 16, to - 16) } else { i32::midpoint(*from, *to) }
    });
    middles.min_by_key(|middle| (middle - wanted).abs()).unwrap_or(wanted)
}

/// Free spans of a line of boxes, from left to right.
fn gaps(boxes: &[Rect]) -> Vec<(i32, i32)> {
    let mut boxes = boxes.to_vec();
    boxes.sort_by_key(|rect| rect.x);
    let mut left = LEFT;
    let mut gaps = Vec::with_capacity(boxes.len() + 1);
    for rect in boxes {
        gaps.push((left, rect.x));
        left = rect.right();
    }
    gaps.push((left, WIDTH - 4));
    gaps.retain(|(from, to)| to - from >= 8);
    gaps
}

/// Puts lines that share a gap side by side, in the order of where they come from.
fn spread_gaps(layout: &Layout, ways: &mut [Way]) {
    let mut shared = BTreeMap::<(i32, i32), Vec<(i32, usize, usize)>>::new();
    for (at, way) in ways.iter().enumerate() {
        let inner = way.points.len().saturating_sub(1);
        for (step, point) in way.points.iter().enumerate().take(inner).skip(1) {
            let ends = way.points.first().zip(way.points.last());
            let lean = ends.map_or(0, |(first, last)| first.x + last.x);
            shared.entry((point.top, point.x)).or_default().push((lean, at, step));
        }
    }
    for ((top, x), mut users) in shared {
        users.sort_unstable();
        let boxes =
            layout.lines.iter().find(|line| line.y == top).map(|line| line.boxes.as_slice());
        let gaps = gaps(boxes.unwrap_or_default());
        let room = gaps.iter().find(|(from, to)| (*from..=*to).contains(&x));
        let room = room.map_or(8, |(from, to)| 2 * (x - from).min(to - x) - 4);
        for (place, (_, way, step)) in users.iter().enumerate() {
            let point = ways.get_mut(*way).and_then(|way| way.points.get_mut(*step));
            if let Some(point) = point {
                point.x = x + offset(place, users.len(), room, GAP_STEP);
            }
        }
    }
}

/// Puts ends at one side of a box side by side, in the order of where they lead.
fn spread_ports(scene: &Scene, layout: &Layout, ways: &mut [Way]) {
    let mut shared = BTreeMap::<(usize, Side), Vec<(i32, usize, bool)>>::new();
    for (at, (line, way)) in scene.lines.iter().zip(ways.iter()).enumerate() {
        let (first, second) = (way.points.first(), way.points.get(1));
        let (last, before) = (way.points.last(), way.points.iter().rev().nth(1));
        let ends = [(line.from, first, second, true), (line.to, last, before, false)];
        for (tile, end, next, is_first) in ends {
            let Some((end, next)) = end.zip(next) else { continue };
            let side = if end.top == rect(layout, tile).y { Side::Top } else { Side::Bottom };
            shared.entry((tile, side)).or_default().push((next.x, at, is_first));
        }
    }
    for ((tile, _), mut users) in shared {
        users.sort_unstable();
        let rect = rect(layout, tile);
        for (place, (_, way, is_first)) in users.iter().enumerate() {
            let Some(way) = ways.get_mut(*way) else { continue };
            let end = if *is_first { way.points.first_mut() } else { way.points.last_mut() };
            if let Some(end) = end {
                let room = rect.width - 2 * PORT_INSET;
                end.x = rect.middle() + offset(place, users.len(), room, PORT_STEP);
            }
        }
    }
}

/// Distance from the middle of one among several that share some room.
fn offset(place: usize, count: usize, room: i32, step_max: i32) -> i32 {
    let spaces = units(count.saturating_sub(1));
    if spaces == 0 {
        return 0;
    }
    // In hundredths, so that many lines in little room do not fall together.
    let step = (room.max(0) * 100 / spaces).min(step_max * 100);
    (units(place) * step - spaces * step / 2) / 100
}

impl Way {
    /// The way as a path: upright through gaps, in soft bends between lines.
    pub(super) fn path(&self) -> String {
        let Some((first, rest)) = self.points.split_first() else { return String::new() };
        let mut path = format!("M{} {}", first.x, first.bottom);
        let (mut x, mut y) = (first.x, first.bottom);
        for point in rest {
            if self.level {
                let dip = y + (20 + (point.x - x).abs() / 14).min(DIP_MAX);
                path += &format!("C{x} {dip} {} {dip} {} {}", point.x, point.x, point.bottom);
            } else {
                let down = point.top >= y;
                let (enter, leave) =
                    if down { (point.top, point.bottom) } else { (point.bottom, point.top) };
                let bend = (enter - y) / 2;
                let (a, b) = (y + bend, enter - bend);
                path += &format!("C{x} {a} {} {b} {} {enter}", point.x, point.x);
                if leave != enter {
                    path += &format!("V{leave}");
                }
                y = leave;
            }
            x = point.x;
        }
        path
    }

    /// A small arrow head at the target.
    pub(super) fn head(&self) -> String {
        let Some((before, end)) = self.points.iter().rev().nth(1).zip(self.points.last()) else {
            return String::new();
        };
        let up = self.level || before.top > end.top;
        let back = if up { 7 } else { -7 };
        format!("M{} {}l-4 {back}h8z", end.x, end.top)
    }
}
