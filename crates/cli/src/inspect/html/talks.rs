//! Conversations, those with the strongest intent first.

use maud::{Markup, html};
use plant::Intent;

use super::tables::{asset_link, column, filter, seen};
use crate::inspect::report::ConversationRow;
use crate::inspect::view::{self, View};
use crate::inspect::words;

/// Rows of the table: a page with more is slow to open. The JSON report has all.
const ROWS_MAX: usize = 2000;
/// Operations shown of one conversation; the others are in the cell's title.
const OPERATIONS_MAX: usize = 6;

/// The table.
pub(super) fn section(view: &View<'_>) -> Markup {
    let all = view.conversations();
    let planned = view.report.plant.is_some();
    let shown = all.get(..ROWS_MAX).unwrap_or(&all);
    html! {
        section #conversations aria-labelledby="conversations-title" {
            div.title-row {
                h2 #conversations-title { "Conversations" }
                (filter("conversations-table", "conversations"))
            }
            @if all.len() > shown.len() {
                p.quiet {
                    "The " (words::count(ROWS_MAX, "conversation")) " that matter most; the other "
                    (words::count(all.len() - ROWS_MAX, "conversation")) " are in the JSON report."
                }
            }
            div.scroll tabindex="0" role="region" aria-label="Conversations, scrolls sideways" {
                table #conversations-table {
                    thead { tr {
                        (column("Source", false)) (column("Target", false))
                        (column("Protocol", false))
                        (column("Strongest intent", false)) (column("Messages", true))
                        @if planned { (column("Verdicts", true)) }
                        th scope="col" { "Operations" }
                        (column("Frames", true)) (column("Bytes", true)) (column("Seen", false))
                    } }
                    tbody { @for one in shown { (row(view, one, planned)) } }
                }
            }
        }
    }
}

fn row(view: &View<'_>, one: &ConversationRow, planned: bool) -> Markup {
    let intent = one.strongest.map_or("unread", Intent::name);
    let intent_title = one.strongest.map_or("not read", Intent::name);
    html! {
        tr {
            td.who { (asset_link(view, &one.source)) }
            td.who { (asset_link(view, &one.target)) }
            td.name { (one.protocol) }
            td data-key=(9 - view::weight(one)) {
                span.intent { span class={ "key i-" (intent) } {} (intent_title) }
            }
            td.num data-key=(one.messages) { (words::number(one.messages)) (by_intent(one)) }
            @if planned { (verdicts(one)) }
            td.operations { (operations(one)) }
            td.num data-key=(one.frames) { (words::number(one.frames)) }
            td.num data-key=(one.bytes) { (words::bytes(one.bytes)) }
            td.seen data-key=(one.first_seen) { (seen(&one.first_seen, &one.last_seen)) }
        }
    }
}

/// How many messages of each intent, where there are several.
fn by_intent(one: &ConversationRow) -> Markup {
    html! {
        @if one.by_intent.len() > 1 {
            @for intent in Intent::ALL.into_iter().rev() {
                @let messages = view::messages(one, intent);
                @if messages > 0 {
                    div.quiet { (intent.name()) " " (words::number(messages)) }
                }
            }
        }
    }
}

fn verdicts(one: &ConversationRow) -> Markup {
    html! {
        td.num data-key=(view::denied(one)) {
            @if let Some(verdicts) = &one.verdicts {
                @if verdicts.deny > 0 { div.denied { (words::number(verdicts.deny)) " denied" } }
                @if verdicts.unknown > 0 { div { (words::number(verdicts.unknown)) " unknown" } }
                @if verdicts.permit > 0 {
                    div.quiet { (words::number(verdicts.permit)) " permitted" }
                }
            }
        }
    }
}

fn operations(one: &ConversationRow) -> Markup {
    let all = by_name(one);
    let rest: Vec<_> = all.iter().skip(OPERATIONS_MAX).map(|one| one.name.to_owned()).collect();
    html! {
        @for operation in all.iter().take(OPERATIONS_MAX) {
            span class={ "op i-" (operation.intent.name()) } {
                (operation.name) " " b { (words::number(operation.messages)) }
                @if operation.errors > 0 {
                    " " span.warn { (words::counted(operation.errors, "error")) }
                }
            } " "
        }
        @if !rest.is_empty() {
            span.op title=(rest.join(", ")) { (rest.len()) " more" }
        }
    }
}

struct Operation {
    name: &'static str,
    intent: Intent,
    messages: u64,
    errors: u64,
}

/// Operations with the strongest first; codes of one name and intent are one operation to people.
fn by_name(one: &ConversationRow) -> Vec<Operation> {
    let mut all: Vec<Operation> = Vec::new();
    for row in &one.operations {
        let messages = row.requests + row.responses + row.notices;
        match all.iter_mut().find(|known| known.name == row.name && known.intent == row.intent) {
            Some(known) => {
                known.messages += messages;
                known.errors += row.errors;
            }
            None => all.push(Operation {
                name: row.name,
                intent: row.intent,
                messages,
                errors: row.errors,
            }),
        }
    }
    all.sort_by_key(|one| std::cmp::Reverse((one.intent, one.messages)));
    all
}
