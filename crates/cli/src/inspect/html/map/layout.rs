//! Where rooms and boxes stand: levels from top to bottom, rooms side by side, boxes in lines.
//!
//! All lengths are whole units of the drawing (pixels at 100 %). The same report always gives the
//! same drawing. Boxes of all rooms on one shelf stand on common lines, so that the space between
//! two lines is free for what is said.

use std::collections::BTreeMap;

use plant::Level;

use super::scene::Scene;

/// Width of the drawing.
pub(super) const WIDTH: i32 = 1270;
/// Left of it the levels are named.
pub(super) const MARGIN_LEFT: i32 = 110;
const MARGIN_RIGHT: i32 = 22;
pub(super) const BOX_WIDTH: i32 = 172;
pub(super) const BOX_HEIGHT: i32 = 40;
/// Between two boxes of a line; lines of conversations pass here.
const BOX_GAP: i32 = 16;
/// Between two lines of boxes in one room.
const LINE_GAP: i32 = 44;
pub(super) const ROOM_TITLE: i32 = 26;
const ROOM_PAD: i32 = 12;
const ROOM_GAP: i32 = 26;
const SHELF_GAP: i32 = 58;
/// Width of a room without assets.
const ROOM_EMPTY: i32 = 190;
/// Above the first stripe and below the last.
const FOOT: i32 = 12;
/// Boxes in one line of a room.
const LINE_BOXES_MAX: usize = 6;
/// Looks at the neighbours when ordering; more change nothing that an eye would see.
const SWEEPS: usize = 4;

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Rect {
    pub(super) const fn right(self) -> i32 {
        self.x + self.width
    }

    pub(super) const fn bottom(self) -> i32 {
        self.y + self.height
    }

    pub(super) const fn middle(self) -> i32 {
        self.x + self.width / 2
    }
}

/// Boxes that stand side by side, over all rooms of a shelf.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) y: i32,
    pub(super) boxes: Vec<Rect>,
}

/// A level's stripe.
pub(super) struct Stripe {
    pub(super) level: Level,
    pub(super) rect: Rect,
}

/// Everything in its place.
pub(super) struct Layout {
    pub(super) height: i32,
    pub(super) stripes: Vec<Stripe>,
    /// By room of the scene.
    pub(super) rooms: Vec<Rect>,
    /// By box of the scene.
    pub(super) boxes: Vec<Rect>,
    /// By box of the scene: its place in `lines`.
    pub(super) line_of: Vec<usize>,
    pub(super) lines: Vec<Line>,
}

impl Layout {
    /// Finds places; boxes and rooms of `scene` are put in the order that keeps lines short.
    pub(super) fn of(scene: &mut Scene) -> Self {
        let mut layout = Self::place(scene);
        for _ in 0..SWEEPS {
            let pull = layout.pull(scene);
            for room in &mut scene.rooms {
                if room.boxes.len() <= LINE_BOXES_MAX {
                    room.boxes.sort_by_key(|at| pull.get(*at).copied().unwrap_or_default());
                }
            }
            layout = Self::place(scene);
        }
        layout
    }

    /// Where each box would like to be: the mean of those that it talks with, itself among them.
    fn pull(&self, scene: &Scene) -> Vec<i32> {
        let x = |at: usize| self.boxes.get(at).map_or(0, |rect| rect.middle());
        let mut sums: Vec<_> = (0..scene.boxes.len()).map(|at| (x(at), 1)).collect();
        for line in &scene.lines {
            for (here, there) in [(line.from, line.to), (line.to, line.from)] {
                if let Some((sum, count)) = sums.get_mut(here) {
                    (*sum, *count) = (*sum + 2 * x(there), *count + 2);
                }
            }
        }
        sums.into_iter().map(|(sum, count)| sum / count).collect()
    }

    fn place(scene: &Scene) -> Self {
        let mut levels = BTreeMap::<std::cmp::Reverse<Level>, Vec<usize>>::new();
        for (at, room) in scene.rooms.iter().enumerate() {
            levels.entry(std::cmp::Reverse(room.level)).or_default().push(at);
        }
        let mut layout = Self {
            height: FOOT,
            stripes: Vec::new(),
            rooms: vec![Rect::default(); scene.rooms.len()],
            boxes: vec![Rect::default(); scene.boxes.len()],
            line_of: vec![0; scene.boxes.len()],
            lines: Vec::new(),
        };
        for (std::cmp::Reverse(level), rooms) in levels {
            let top = layout.height;
            for shelf in shelves(scene, &rooms) {
                layout.shelf(scene, &shelf);
            }
            let height = layout.height - top;
            let rect = Rect { x: 0, y: top, width: WIDTH, height };
            layout.stripes.push(Stripe { level, rect });
        }
        layout.height += FOOT;
        layout
    }

    /// Puts rooms side by side, in the middle, and moves on below them.
    fn shelf(&mut self, scene: &Scene, rooms: &[usize]) {
        let boxes = |at: &usize| scene.rooms.get(*at).map_or(0, |room| room.boxes.len());
        let total: i32 = rooms.iter().map(|at| room_width(boxes(at)) + ROOM_GAP).sum();
        let free = WIDTH - MARGIN_LEFT - MARGIN_RIGHT - (total - ROOM_GAP);
        let mut x = MARGIN_LEFT + free.max(0) / 2;
        let top = self.height + SHELF_GAP / 2;
        let lines = rooms.iter().map(|at| grid(boxes(at)).1).max().unwrap_or(1).max(1);
        let height = ROOM_TITLE + units(lines) * (BOX_HEIGHT + LINE_GAP) - LINE_GAP + ROOM_PAD;
        let first = self.lines.len();
        self.lines.extend((0..lines).map(|line| Line { y: line_y(top, line), boxes: vec![] }));
        for at in rooms {
            let width = room_width(boxes(at));
            if let Some(rect) = self.rooms.get_mut(*at) {
                *rect = Rect { x, y: top, width, height };
            }
            self.fill(scene, *at, first);
            x += width + ROOM_GAP;
        }
        self.height = top + height + SHELF_GAP / 2;
    }

    /// Puts the boxes of a room into it, line by line.
    fn fill(&mut self, scene: &Scene, room: usize, first_line: usize) {
        let Some((room, rect)) = scene.rooms.get(room).zip(self.rooms.get(room)) else { return };
        let columns = grid(room.boxes.len()).0.max(1);
        for (place, at) in room.boxes.iter().enumerate() {
            let (line, column) = (place / columns, place % columns);
            let x = rect.x + ROOM_PAD + units(column) * (BOX_WIDTH + BOX_GAP);
            let y = line_y(rect.y, line);
            let tile = Rect { x, y, width: BOX_WIDTH, height: BOX_HEIGHT };
            if let Some(slot) = self.boxes.get_mut(*at) {
                *slot = tile;
            }
            if let Some(slot) = self.line_of.get_mut(*at) {
                *slot = first_line + line;
            }
            if let Some(line) = self.lines.get_mut(first_line + line) {
                line.boxes.push(tile);
            }
        }
    }
}

fn line_y(room_top: i32, line: usize) -> i32 {
    room_top + ROOM_TITLE + units(line) * (BOX_HEIGHT + LINE_GAP)
}

/// Columns and lines for so many boxes, as even as they can be.
fn grid(boxes: usize) -> (usize, usize) {
    let lines = boxes.div_ceil(LINE_BOXES_MAX);
    (boxes.div_ceil(lines.max(1)), lines)
}

fn room_width(boxes: usize) -> i32 {
    match grid(boxes).0 {
        0 => ROOM_EMPTY,
        columns => {
            (2 * ROOM_PAD + units(columns) * (BOX_WIDTH + BOX_GAP) - BOX_GAP).max(ROOM_EMPTY)
        }
    }
}

/// Rooms of a level in as many shelves as they need.
fn shelves(scene: &Scene, rooms: &[usize]) -> Vec<Vec<usize>> {
    let mut shelves: Vec<Vec<usize>> = Vec::new();
    let mut free = 0;
    for at in rooms {
        let width = room_width(scene.rooms.get(*at).map_or(0, |room| room.boxes.len()));
        match shelves.last_mut().filter(|_| free >= width) {
            Some(shelf) => shelf.push(*at),
            None => {
                free = WIDTH - MARGIN_LEFT - MARGIN_RIGHT;
                shelves.push(vec![*at]);
            }
        }
        free -= width + ROOM_GAP;
    }
    shelves
}

/// A count as a length.
pub(super) fn units(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
