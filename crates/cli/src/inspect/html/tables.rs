//! Tables of assets and protocols.

use std::net::{IpAddr, Ipv6Addr};

use maud::{Markup, html};

use super::map::glyph;
use super::map::scene::anchor;
use crate::inspect::report::{AssetRow, ProgramRow, ProtocolRow, Report};
use crate::inspect::view::{self, View};
use crate::inspect::words;

/// A cell that heads a column; the script makes it a button that sorts.
pub(super) fn column(name: &str, numbers: bool) -> Markup {
    html! { th.num[numbers] scope="col" data-sort { (name) } }
}

/// A link to an asset's row; a group address is only named.
pub(super) fn asset_link(view: &View<'_>, id: &str) -> Markup {
    let name = view.name(id);
    html! {
        @if view.asset(id).is_some() {
            a href=(format!("#{}", anchor(id))) { (name) }
            @if name != id { " " span.quiet { (id) } }
        } @else {
            span.quiet { (name) }
        }
    }
}

/// A field that narrows a table as somebody types; the script shows it.
pub(super) fn filter(table: &str, what: &str) -> Markup {
    html! {
        label.filter hidden {
            span.unseen { "Filter " (what) }
            input type="search" autocomplete="off" data-filter=(table)
                placeholder={ "Filter " (what) };
        }
    }
}

/// All assets.
pub(super) fn assets(view: &View<'_>) -> Markup {
    let assets = view.assets();
    let planned = view.report.plant.is_some();
    html! {
        section #assets aria-labelledby="assets-title" {
            div.title-row { h2 #assets-title { "Assets" } (filter("assets-table", "assets")) }
            p.quiet { (view.roles()) }
            div.scroll tabindex="0" role="region" aria-label="Assets, scrolls sideways" {
                table #assets-table {
                    thead { tr {
                        (column("Asset", false)) (column("Role", false))
                        (column("Vendor, model", false))
                        (column("Told about itself", false)) (column("Zone", false))
                        @if planned { (column("Plant", false)) }
                        (column("Frames", true)) (column("Bytes", true)) (column("Seen", false))
                    } }
                    tbody { @for asset in assets { (asset_row(view, asset, planned)) } }
                }
            }
        }
    }
}

fn asset_row(view: &View<'_>, asset: &AssetRow, planned: bool) -> Markup {
    let zone = view.zone_of(asset);
    html! {
        tr id=(anchor(&asset.id)) {
            th scope="row" data-key=(address_key(asset)) {
                b { (asset.name) }
                @for address in asset.ips.iter().chain(&asset.macs) {
                    @if *address != asset.name { div.address { (address) } }
                }
                @if !asset.vlans.is_empty() {
                    @let vlans: Vec<_> = asset.vlans.iter().map(u16::to_string).collect();
                    div.address { "VLAN " (words::some(&vlans, 6)) }
                }
            }
            td {
                @if let Some(role) = asset.role {
                    span.role {
                        svg.glyph viewBox="0 0 20 20" width="16" height="16" aria-hidden="true" {
                            path d=(glyph::paths(role)) {}
                        }
                        (role)
                    }
                }
                @if let Some(reason) = asset.role_reason.filter(|_| asset.declared != Some(true)) {
                    div.quiet { (reason) }
                }
                @if asset.silent { div.warn { "never answered" } }
            }
            td { (&view::make(asset)) }
            td.told { (identity(asset)) }
            td data-key=(zone.map_or("", |zone| zone.level)) {
                @if let Some(zone) = zone {
                    (view::zone_title(zone)) div.quiet { "level " (zone.level) }
                }
            }
            @if planned {
                td {
                    @if asset.declared == Some(true) { "declared" }
                    @else { span.warn { "not declared" } }
                }
            }
            td.num data-key=(asset.frames) { (words::number(asset.frames)) }
            td.num data-key=(asset.bytes) { (words::bytes(asset.bytes)) }
            td.seen data-key=(asset.first_seen) { (seen(&asset.first_seen, &asset.last_seen)) }
        }
    }
}

/// First and last moment, below each other.
pub(super) fn seen(first: &str, last: &str) -> Markup {
    let span = words::span(first, last);
    let (first, last) = span.split_once(" to ").unwrap_or((&span, ""));
    html! {
        (first)
        @if !last.is_empty() { div { "to " (last) } }
    }
}

/// What it told, beside what has a column of its own.
fn identity(asset: &AssetRow) -> Markup {
    let own = |field: &str| matches!(field, "vendor" | "product");
    html! {
        @if asset.identity.keys().any(|field| !own(field)) {
            dl.identity {
                @for (field, values) in asset.identity.iter().filter(|(field, _)| !own(field)) {
                    @for value in values {
                        div { dt { (field.replace('_', " ")) } dd { (value) } }
                    }
                }
            }
        }
    }
}

/// Sorts addresses by number when it is sorted by letter.
fn address_key(asset: &AssetRow) -> String {
    let ip = asset.id.parse().map(|ip| match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    });
    ip.map_or_else(|_| asset.id.clone(), |ip: Ipv6Addr| format!("{:032x}", ip.to_bits()))
}

/// All programs and files; nothing where there are none.
pub(super) fn programs(view: &View<'_>) -> Markup {
    let all = view.programs();
    html! {
        @if !all.is_empty() {
            section #programs aria-labelledby="programs-title" {
                div.title-row {
                    h2 #programs-title { "Programs" } (filter("programs-table", "programs"))
                }
                p.quiet { "What crossed the wire, by the hash of its bytes." }
                div.scroll tabindex="0" role="region" aria-label="Programs, scrolls sideways" {
                    table #programs-table {
                        thead { tr {
                            (column("Program", false)) (column("Kind", false))
                            (column("Bytes", true)) (column("SHA-256", false))
                            (column("From", false)) (column("To", false))
                            (column("Times", true)) (column("Seen", false))
                        } }
                        tbody { @for one in all { (program_row(view, one)) } }
                    }
                }
            }
        }
    }
}

fn program_row(view: &View<'_>, one: &ProgramRow) -> Markup {
    let hash = one.hash.as_deref().and_then(|hash| hash.strip_prefix("sha256:"));
    html! {
        tr {
            th scope="row" {
                @if one.name.is_empty() { span.quiet { "without a name" } } @else { (one.name) }
                @if one.listed == Some(false) { div.warn { "not listed in the plant" } }
            }
            td { (one.kind) div.quiet { (one.protocol) } }
            td.num data-key=(one.bytes) { (words::bytes(one.bytes)) }
            td.hash {
                @match hash {
                    Some(hash) => code { (hash) },
                    None => span.quiet { (one.missing.unwrap_or_default()) },
                }
            }
            td { (asset_link(view, &one.from)) }
            td { (asset_link(view, &one.to)) }
            td.num data-key=(one.count) { (words::number(one.count)) }
            td.seen data-key=(one.first_seen) { (seen(&one.first_seen, &one.last_seen)) }
        }
    }
}

/// All protocols.
pub(super) fn protocols(report: &Report) -> Markup {
    html! {
        section #protocols aria-labelledby="protocols-title" {
            h2 #protocols-title { "Protocols" }
            div.scroll tabindex="0" role="region" aria-label="Protocols, scrolls sideways" {
                table #protocols-table {
                    thead { tr {
                        (column("Protocol", false)) (column("Conversations", true))
                        (column("Frames", true)) (column("Messages", true))
                        th scope="col" { "Operations" }
                    } }
                    tbody { @for one in &report.protocols { (protocol_row(one)) } }
                }
            }
        }
    }
}

fn protocol_row(one: &ProtocolRow) -> Markup {
    let title = wire::Protocol::by_name(&one.name).map(|protocol| protocol.entry().title);
    let mut operations: Vec<_> = one.operations.iter().collect();
    operations.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    html! {
        tr {
            th scope="row" { (one.name) @if let Some(title) = title { div.quiet { (title) } } }
            td.num data-key=(one.conversations) { (words::number(one.conversations)) }
            td.num data-key=(one.frames) { (words::number(one.frames)) }
            td.num data-key=(one.messages) { (words::number(one.messages)) }
            td.operations {
                @for (name, count) in operations {
                    span.op { (name) " " b { (words::number(*count)) } } " "
                }
                @if one.operations.is_empty() { span.quiet { "no message read" } }
            }
        }
    }
}
