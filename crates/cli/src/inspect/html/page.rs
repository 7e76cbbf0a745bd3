//! The page around the sections: head, the capture's facts, and where it came from.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use plant::Severity;

use super::{findings, map, tables, talks};
use crate::inspect::report::Report;
use crate::inspect::view::{self, View};
use crate::inspect::words;

pub(super) const STYLE: &str = include_str!("style.css");
pub(super) const SCRIPT: &str = include_str!("script.js");

/// SHA-256 of the script and of the style, as CSP writes it; a test says what they must be.
pub(super) const SCRIPT_HASH: &str = "sha256-fs0H808hFb+HHIFyQJejYYnKt7KFxobJD3ZkiUFCGOo=";
pub(super) const STYLE_HASH: &str = "sha256-DrMeWrJ8VLQXyKT7MYTA2ngRv9IlUp9DB0hk7tTjyYc=";

/// Nothing is loaded and nothing is sent; the only script and style are those of this file.
fn policy() -> String {
    format!(
        "default-src 'none'; script-src '{SCRIPT_HASH}'; style-src '{STYLE_HASH}'; \
         base-uri 'none'; form-action 'none'"
    )
}

/// The whole page; `command` made it.
pub(super) fn page(view: &View<'_>, command: &str) -> Markup {
    let report = view.report;
    let title = title(report);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(concat!("lightcurtain ", env!("CARGO_PKG_VERSION")));
                title { (title) " · Lightcurtain" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#findings" { "Skip to the findings" }
                (navigation(report))
                header { div.wide { (masthead(view, &title)) } }
                main.wide {
                    (map::section(view))
                    (findings::section(view))
                    (tables::assets(view))
                    (talks::section(view))
                    (tables::programs(view))
                    (tables::protocols(report))
                }
                footer { div.wide { (colophon(command)) } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

fn title(report: &Report) -> String {
    if let Some(plant) = &report.plant {
        return plant.name.clone();
    }
    let inputs: Vec<_> = report.capture.inputs.iter().map(|input| words::file(input)).collect();
    words::some(&inputs, 2)
}

fn navigation(report: &Report) -> Markup {
    let items = [
        ("map", "Map", report.zones.len()),
        ("findings", "Findings", report.findings.len()),
        ("assets", "Assets", report.assets.len()),
        ("conversations", "Conversations", report.conversations.len()),
        ("programs", "Programs", report.programs.len()),
        ("protocols", "Protocols", report.protocols.len()),
    ];
    // What the report does not have, it does not lead to.
    let items = items.into_iter().filter(|(anchor, _, count)| *anchor != "programs" || *count > 0);
    html! {
        nav aria-label="Sections" {
            div.wide {
                span.brand { (mark()) "Lightcurtain" }
                @for (anchor, name, count) in items {
                    a href={ "#" (anchor) } {
                        (name) " " span.count { (words::number(wide(count))) }
                    }
                }
            }
        }
    }
}

/// The mark: beams of a light curtain between two posts.
fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" {
            path d="M3 2v16M17 2v16M3 5h14M3 10h14M3 15h14" {}
        }
    }
}

fn masthead(view: &View<'_>, title: &str) -> Markup {
    let report = view.report;
    let capture = &report.capture;
    html! {
        h1 { (title) }
        p.lead { (verdict(view)) }
        ul.severities aria-label="Findings by severity" {
            @for severity in Severity::ALL.into_iter().rev() {
                @let count = report.findings.iter().filter(|one| one.severity == severity).count();
                li class={ (if count == 0 { "none" } else { "some" }) " s-" (severity.name()) } {
                    @if count == 0 { (figure(count, severity)) } @else {
                        a href=(format!("#{}", severity.name())) { (figure(count, severity)) }
                    }
                }
            }
        }
        dl.facts {
            (fact("Capture", &inputs(report)))
            @if let (Some(first), Some(last)) = (&capture.first_seen, &capture.last_seen) {
                (fact("Seen (UTC)", &words::span(first, last)))
                (fact("Duration", &words::duration(capture.duration_ns)))
            }
            (fact("Frames", &words::number(capture.frames)))
            (fact("Bytes", &words::bytes(capture.bytes)))
            (fact("Assets", &words::number(wide(report.assets.len()))))
            (fact("Judged by", &plant(report)))
        }
        @let limits = view::limits(capture);
        @if !limits.is_empty() {
            ul.limits aria-label="What this report does not cover" {
                @for limit in limits {
                    li { (&limit) }
                }
            }
        }
    }
}

fn figure(count: usize, severity: Severity) -> Markup {
    html! { b { (words::number(wide(count))) } " " (severity.name()) }
}

fn fact(name: &str, value: &str) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

fn inputs(report: &Report) -> String {
    let inputs: Vec<_> = report.capture.inputs.iter().map(|input| words::file(input)).collect();
    words::some(&inputs, 2)
}

fn plant(report: &Report) -> String {
    report.plant.as_ref().map_or_else(
        || "no plant: by what is usual".to_owned(),
        |plant| format!("{} of {}", words::count(plant.rules, "rule"), plant.name),
    )
}

/// The report in one sentence.
fn verdict(view: &View<'_>) -> String {
    let serious: usize = view
        .severities()
        .into_iter()
        .filter(|(severity, _)| *severity >= Severity::High)
        .map(|(_, count)| count)
        .sum();
    let who = words::count(view.report.assets.len(), "asset");
    match (serious, view.report.findings.len()) {
        (0, 0) => format!("{who}, and nothing that should not be."),
        (0, all) => format!(
            "{who}. {} to tidy up, none that endangers a machine.",
            words::count(all, "finding")
        ),
        (1, _) => format!("{who}. One finding needs somebody to look now."),
        (n, _) => format!("{who}. {} need somebody to look now.", words::count(n, "finding")),
    }
}

fn colophon(command: &str) -> Markup {
    html! {
        p { "Made by lightcurtain " (env!("CARGO_PKG_VERSION")) ". Make it again:" }
        pre { code { (command) " --html report.html" } }
        p { "This file is complete: it loads nothing and sends nothing. The same facts for machines: "
            code { "--json" } ", with its schema in " code { "docs/formats/inspect.schema.json" }
            ". Techniques are those of MITRE ATT&CK for ICS." }
    }
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
