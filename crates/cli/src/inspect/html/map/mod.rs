//! The zone map: Purdue levels as stripes, zones as rooms, assets as boxes, and what is said
//! between them as lines in the colour of the strongest intent. Drawn here, not in the browser.

mod fold;
pub(super) mod glyph;
mod layout;
mod route;
pub(super) mod scene;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use maud::{Markup, html};
use plant::{Intent, Severity};

use crate::inspect::view::{View, level_title};
use crate::inspect::words;
use layout::{BOX_HEIGHT, Layout, Rect, WIDTH};
use route::Way;
use scene::{Line, Room, Scene, Tile};

/// The map with its legend.
pub(super) fn section(view: &View<'_>) -> Markup {
    let mut scene = Scene::of(view);
    let layout = Layout::of(&mut scene);
    let ways = route::ways(&scene, &layout);
    let planned = view.report.plant.is_some();
    html! {
        section #map aria-labelledby="map-title" {
            h2 #map-title { "Zone map" }
            figure.map {
                div.scroll tabindex="0" role="region" aria-label="Zone map, scrolls sideways" {
                    (drawing(&scene, &layout, &ways))
                }
                figcaption {
                    (legend(&scene, planned))
                    @if scene.lines_left_out > 0 {
                        p {
                            (words::count(scene.lines_left_out, "weaker line"))
                            " found no place; the table below has every conversation."
                        }
                    }
                }
            }
        }
    }
}

fn drawing(scene: &Scene, layout: &Layout, ways: &[Way]) -> Markup {
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {}", layout.height)) width=(WIDTH) height=(layout.height)
            role="group" aria-label="Zones by Purdue level, their assets and who talks to whom" {
            @for stripe in &layout.stripes {
                (self::stripe(stripe))
            }
            @for (room, rect) in scene.rooms.iter().zip(&layout.rooms) {
                rect.room.guess[!room.declared] x=(rect.x) y=(rect.y) width=(rect.width)
                    height=(rect.height) rx="8" {}
            }
            g.lines {
                @for (line, way) in scene.lines.iter().zip(ways) {
                    (self::line(scene, line, way))
                }
            }
            @for (room, rect) in scene.rooms.iter().zip(&layout.rooms) {
                (room_title(room, *rect))
            }
            @for (at, (tile, rect)) in scene.boxes.iter().zip(&layout.boxes).enumerate() {
                (self::tile(at, tile, *rect))
            }
        }
    }
}

fn stripe(stripe: &layout::Stripe) -> Markup {
    let Rect { y, height, .. } = stripe.rect;
    let middle = y + height / 2;
    html! {
        @if y > 20 {
            line.stripe x1="0" y1=(y) x2=(WIDTH) y2=(y) {}
        }
        text.level x="4" y=(middle - 4) { "Level " (stripe.level.number()) }
        text.level-title x="4" y=(middle + 12) { (level_title(stripe.level)) }
    }
}

fn line(scene: &Scene, line: &Line, way: &Way) -> Markup {
    let intent = line.strongest.map_or("unread", Intent::name);
    let width = 12 + 7 * line.messages.max(1).ilog10();
    let path = way.path();
    html! {
        g class={ "line i-" (intent) } data-from=(line.from) data-to=(line.to) {
            title { (line.hover(&scene.boxes)) }
            path.reach d=(path) {}
            path.way d=(path) stroke-width=(format!("{}.{}", width / 10, width % 10)) {}
            @if line.denied > 0 {
                path.denied d=(path) {}
            }
            path.head d=(way.head()) {}
        }
    }
}

fn room_title(room: &Room, rect: Rect) -> Markup {
    // 24 columns for the count; 6.6 units are a wide letter of this size.
    let letters = usize::try_from((rect.width - 84) * 10 / 66).unwrap_or(0);
    let title = shortened(&room.title, letters);
    let assets = if room.boxes.is_empty() {
        "no asset seen".to_owned()
    } else {
        words::count(room.assets, "asset")
    };
    html! {
        text.room-title x=(rect.x + 12) y=(rect.y + 17) {
            title { (room.title) }
            (title)
            tspan.room-count dx="8" { (assets) }
        }
    }
}

fn tile(at: usize, tile: &Tile, rect: Rect) -> Markup {
    let role = tile.role.unwrap_or("unknown role");
    let text = rect.x + 34;
    // 130 units for the text; a bold letter takes 8 in the widest usual font, a small one 6.5.
    let (label, aside) = (shortened(host(&tile.label), 16), shortened(&tile.aside, 20));
    html! {
        a.tile.foreign[tile.foreign] href=(tile.link) data-box=(at) {
            title { (tile.hover) }
            @if tile.folded {
                rect.under x=(rect.x + 4) y=(rect.y + 4) width=(rect.width) height=(BOX_HEIGHT) rx="5" {}
            }
            rect.box x=(rect.x) y=(rect.y) width=(rect.width) height=(BOX_HEIGHT) rx="5" {}
            path.glyph transform=(format!("translate({} {})", rect.x + 8, rect.y + 10))
                d=(glyph::paths(role)) {}
            text.label x=(text) y=(rect.y + if aside.is_empty() { 24 } else { 17 }) { (label) }
            text.aside x=(text) y=(rect.y + 31) { (aside) }
            @if let Some(alarm) = tile.alarm.filter(|alarm| *alarm >= Severity::Medium) {
                circle class={ "alarm s-" (alarm.name()) } cx=(rect.right() - 3) cy=(rect.y + 3) r="6" {
                    title { "worst finding: " (alarm.name()) }
                }
            }
        }
    }
}

fn legend(scene: &Scene, planned: bool) -> Markup {
    let seen = |wanted: Option<Intent>| scene.lines.iter().any(|line| line.strongest == wanted);
    let meanings = [
        (Intent::Session, "keeps the protocol itself going"),
        (Intent::Observe, "reads, changes nothing"),
        (Intent::Operate, "acts on the process"),
        (Intent::Program, "changes what the machine will do"),
        (Intent::Administer, "changes the device itself"),
        (Intent::Safety, "touches a safety function"),
        (Intent::Unknown, "cannot be judged"),
    ];
    html! {
        ul.legend aria-label="Colours of lines: the strongest intent seen" {
            @for (intent, meaning) in meanings.into_iter().filter(|(one, _)| seen(Some(*one))) {
                (key(intent.name(), intent.name(), meaning))
            }
            @if seen(None) {
                (key("unread", "not read", "no message was decoded"))
            }
            @if planned {
                li { span.key.i-denied {} b { "denied" } " some messages are not in the plant" }
            }
        }
        p { "A line leads from who asks to who answers; a wider one carries more messages. "
            "Messages to broadcast and multicast groups are not drawn." }
    }
}

fn key(class: &str, name: &str, meaning: &str) -> Markup {
    html! {
        li {
            label {
                input type="checkbox" checked hidden data-intent=(class);
                span class={ "key i-" (class) } {} b { (name) } " " (meaning)
            }
        }
    }
}

/// The first part of a long host name; all of a short one, of an address, and of other names.
fn host(name: &str) -> &str {
    let is_host = name.len() > 16 && !name.contains(' ') && name.parse::<IpAddr>().is_err();
    name.split('.').next().filter(|_| is_host).unwrap_or(name)
}

/// Text cut to so many letters, in the middle of nothing: names differ at their ends.
fn shortened(text: &str, letters: usize) -> String {
    let count = text.chars().count();
    if count <= letters {
        return text.to_owned();
    }
    let (head, tail) = (letters.saturating_sub(1) * 2 / 3, letters.saturating_sub(1) / 3);
    let head: String = text.chars().take(head).collect();
    let tail: String = text.chars().skip(count - tail).collect();
    format!("{}…{}", head.trim_end(), tail.trim_start())
}
