//! Findings by severity: what it is, what it means, what to do, and the messages that show it.

use maud::{Markup, html};
use plant::Severity;

use super::tables::asset_link;
use crate::inspect::report::FindingRow;
use crate::inspect::view::View;
use crate::inspect::words;

/// Findings that are open when the page is; the others open at a click, and in print.
const OPEN_MAX: usize = 4;
/// Frame numbers shown of one finding.
const FRAMES_MAX: usize = 16;

/// The list.
pub(super) fn section(view: &View<'_>) -> Markup {
    let findings = view.findings();
    html! {
        section #findings aria-labelledby="findings-title" {
            h2 #findings-title { "Findings" }
            @if findings.is_empty() {
                p.empty { "Nothing was seen that should not be." }
            }
            @for (severity, count) in view.severities() {
                h3 id=(severity.name()) {
                    span class={ "dot s-" (severity.name()) } {} (capital(severity.name()))
                    " " span.count { (count) } " "
                    span.hint { (hint(severity)) }
                }
                @for (at, one) in findings.iter().enumerate() {
                    @if one.severity == severity { (finding(view, at, one)) }
                }
            }
        }
    }
}

const fn hint(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "the machine, or a person beside it, may be at risk at this moment",
        Severity::High => "somebody should look now",
        Severity::Medium => "look into it this week",
        Severity::Low => "tidy up when convenient",
        Severity::Info => "worth knowing, nothing to do",
    }
}

fn finding(view: &View<'_>, at: usize, one: &FindingRow) -> Markup {
    let open = at < OPEN_MAX && one.severity >= Severity::High;
    html! {
        details class={ "finding s-" (one.severity.name()) } id={ "finding-" (at + 1) } open[open] {
            summary {
                span.finding-title { (one.title) }
                span.finding-aside {
                    @if one.count > 1 { span.times { (words::number(one.count)) "×" } }
                    time datetime=(one.first_seen) { (clock(&one.first_seen)) }
                }
            }
            div.finding-body {
                div {
                    h4 { "What it means" }
                    p { (one.meaning) }
                    h4 { "What to do" }
                    p { (one.action) }
                    @if !one.reason.is_empty() {
                        h4 { "Why this severity" }
                        p { (one.reason) }
                    }
                }
                (details(view, one))
                (evidence(one))
            }
        }
    }
}

fn details(view: &View<'_>, one: &FindingRow) -> Markup {
    let frames: Vec<_> = one.frames.iter().map(u64::to_string).collect();
    html! {
        dl.details {
            dt { "Assets" }
            dd { @for id in &one.assets { div { (asset_link(view, id)) } } }
            @if let Some(technique) = &one.technique {
                dt { "ATT&CK for ICS" }
                dd { (technique.id) " " (technique.name) }
            }
            dt { "Seen" }
            dd {
                (words::counted(one.count, "time")) ", "
                (words::span(&one.first_seen, &one.last_seen))
            }
            @if !frames.is_empty() {
                dt { (if frames.len() == 1 { "Frame" } else { "Frames" }) }
                dd.numbers { (words::some(&frames, FRAMES_MAX)) }
            }
            dt { "Rule" }
            dd { code { (one.rule) } }
        }
    }
}

fn evidence(one: &FindingRow) -> Markup {
    html! {
        @if !one.messages.is_empty() {
            div.evidence {
                h4 { "Messages that show it" }
                ol tabindex="0" aria-label="Messages that show it" {
                    @for message in &one.messages {
                        li { span.quiet { "frame " (message.frame) } " " code { (message.text) } }
                    }
                }
            }
        }
    }
}

fn clock(time: &str) -> String {
    time.get(11..19).unwrap_or(time).to_owned()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
