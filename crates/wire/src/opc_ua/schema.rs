//! The shapes of service bodies, as data.
//!
//! One list of fields per request and response, in the order of the standard's tables, with marks
//! on what a message tells: nodes that it acts on, results, names, values. `walk` reads by them.
//! Sources: Part 4 5 (parameters of the services) and 7 (common types); Part 6 5.2 (encoding).

use super::codes;
use crate::message::{Field, Kind};

/// One field of a structure.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// This many bytes of numbers, booleans or times.
    Skip(usize),
    /// String or byte string.
    Blob,
    /// Node id or expanded node id.
    Node,
    /// The node that the operation acts on.
    Target,
    /// What the target after it belongs to: the object of a method, the parent of a new node.
    Owner,
    /// Which attribute of the target is meant (Part 6 A.1).
    Attribute,
    /// A string that names what is asked for: an endpoint URL.
    Name,
    /// A status code that says how an operation ended.
    Status,
    /// Name with a namespace.
    Qualified,
    /// Text with a locale.
    Localized,
    /// A string that tells about the sender.
    Tell(Field),
    /// Localized text that tells about the sender.
    TellText(Field),
    /// Extension object: a structure with its type.
    Extension,
    /// Extension objects that begin with the node that they act on.
    Details,
    /// The user identity token.
    Identity,
    /// Value of any type.
    Variant,
    /// Value with status and times.
    DataValue,
    /// Diagnostic information.
    Diagnostic,
    /// These fields.
    Struct(&'static [Shape]),
    /// Array of structures of these fields.
    Each(&'static [Shape]),
}

use Shape::{
    Attribute, Blob, DataValue, Details, Diagnostic, Each, Extension, Identity, Localized, Name,
    Node, Owner, Qualified, Skip, Status, Struct, Target, Tell, TellText, Variant,
};

/// Token, time, handle, diagnostics wanted, audit entry, timeout, additional header (Part 4 7.28).
pub(super) static REQUEST_HEADER: &[Shape] = &[Node, Skip(16), Blob, Skip(4), Extension];
/// Time, handle, result, diagnostics, string table, additional header (Part 4 7.29).
pub(super) static RESPONSE_HEADER: &[Shape] =
    &[Skip(12), Status, Diagnostic, Each(&[Blob]), Extension];

const STRINGS: Shape = Each(&[Blob]);
const DIAGNOSTICS: Shape = Each(&[Diagnostic]);
const STATUSES: Shape = Each(&[Status]);
const IDS: Shape = Each(&[Skip(4)]);
/// Results and diagnostics: all that most changing services answer.
const RESULTS: &[Shape] = &[STATUSES, DIAGNOSTICS];

const URI: Shape = Tell(Field::Software);
const PRODUCT: Shape = Tell(Field::Product);
const TITLE: Shape = TellText(Field::Name);
/// Application description (Part 4 7.1).
const APPLICATION: Shape = Struct(&[URI, PRODUCT, TITLE, Skip(4), Blob, Blob, STRINGS]);

/// Endpoint description (Part 4 7.10), with user token policies (7.37) inside.
const ENDPOINT: &[Shape] = &[
    Blob,
    APPLICATION,
    Blob,
    Skip(4),
    Blob,
    Each(&[Blob, Skip(4), Blob, Blob, Blob]),
    Blob,
    Skip(1),
];
/// Read value id (Part 4 7.24).
const READ_VALUE: &[Shape] = &[Target, Attribute, Blob, Qualified];
/// Browse result (Part 4 7.3) with reference descriptions (7.25).
const BROWSE_RESULT: &[Shape] =
    &[Status, Blob, Each(&[Node, Skip(1), Node, Qualified, Localized, Skip(4), Node])];
/// Monitoring parameters (Part 4 7.16), their filter between skips.
const HANDLE_AND_INTERVAL: Shape = Skip(12);
const QUEUE: Shape = Skip(5);
const NODES: &[Shape] = &[Each(&[Target])];

/// The fields of this service's body after its header; none where the service is not listed.
pub(super) fn body(service: u32, kind: Kind) -> Option<&'static [Shape]> {
    match kind {
        Kind::Request => request(service),
        Kind::Response => response(service),
        Kind::Notice => None,
    }
}

fn request(service: u32) -> Option<&'static [Shape]> {
    Some(match service {
        422 | 428 => &[Name, STRINGS, STRINGS],
        12208 => &[Skip(8), STRINGS],
        437 | 12211 => return registration(service),
        446 => &[Skip(12), Blob, Skip(4)],
        452 => &[],
        461 => &[APPLICATION, Blob, Name, Blob, Blob, Blob, Skip(12)],
        467 => &[Blob, Blob, Each(&[Blob, Blob]), STRINGS, Identity, Blob, Blob],
        473 => &[Skip(1)],
        479 => &[Skip(4)],
        488 => &[Each(&[Owner, Node, Target, Qualified, Skip(4), Extension, Node])],
        494 => &[Each(&[Target, Node, Skip(1), Blob, Node, Skip(4)])],
        500 => &[Each(&[Target, Skip(1)])],
        506 => &[Each(&[Target, Node, Skip(1), Node, Skip(1)])],
        527 => &[Node, Skip(16), Each(&[Target, Skip(4), Node, Skip(9)])],
        533 => &[Skip(1), STRINGS],
        554 => &[Each(&[Target, Each(&[Node, Skip(2), Qualified])])],
        560 | 566 => NODES,
        621 => &[Skip(1), Blob],
        631 => &[Skip(12), Each(READ_VALUE)],
        664 => &[Extension, Skip(5), Each(&[Target, Blob, Qualified, Blob])],
        673 => &[Each(&[Target, Attribute, Blob, DataValue])],
        700 => &[Each(&[Details])],
        712 => &[Each(&[Owner, Target, Each(&[Variant])])],
        _ => return subscribing(service),
    })
}

/// Servers that register themselves (Part 4 7.32).
fn registration(service: u32) -> Option<&'static [Shape]> {
    Some(match service {
        437 => &[URI, PRODUCT, Each(&[TITLE]), Skip(4), Blob, STRINGS, Blob, Skip(1)],
        12211 => &[
            URI,
            PRODUCT,
            Each(&[TITLE]),
            Skip(4),
            Blob,
            STRINGS,
            Blob,
            Skip(1),
            Each(&[Extension]),
        ],
        _ => return None,
    })
}

/// Requests about subscriptions and monitored items.
fn subscribing(service: u32) -> Option<&'static [Shape]> {
    Some(match service {
        751 => &[
            Skip(8),
            Each(&[
                Target,
                Skip(4),
                Blob,
                Qualified,
                Skip(4),
                HANDLE_AND_INTERVAL,
                Extension,
                QUEUE,
            ]),
        ],
        763 => &[Skip(8), Each(&[Skip(4), HANDLE_AND_INTERVAL, Extension, QUEUE])],
        769 => &[Skip(8), IDS],
        775 => &[Skip(8), IDS, IDS],
        781 => &[Skip(4), IDS],
        787 => &[Skip(22)],
        793 => &[Skip(25)],
        799 => &[Skip(1), IDS],
        826 => &[Each(&[Skip(8)])],
        832 => &[Skip(8)],
        841 => &[IDS, Skip(1)],
        847 => &[IDS],
        _ => return None,
    })
}

fn response(service: u32) -> Option<&'static [Shape]> {
    Some(match service {
        422 => &[Each(&[Blob, Blob, Localized, Skip(4), Blob, Blob, STRINGS])],
        12208 => &[Skip(8), Each(&[Skip(4), Blob, Blob, STRINGS])],
        428 => &[Each(ENDPOINT)],
        437 | 452 | 473 => &[],
        12211 => RESULTS,
        446 => &[Skip(24), Blob],
        461 => &[
            Node,
            Node,
            Skip(8),
            Blob,
            Blob,
            Each(ENDPOINT),
            Each(&[Blob, Blob]),
            Blob,
            Blob,
            Skip(4),
        ],
        467 => &[Blob, STATUSES, DIAGNOSTICS],
        479 => &[Skip(4)],
        488 => &[Each(&[Status, Node]), DIAGNOSTICS],
        494 | 500 | 506 | 673 | 769 | 781 | 799 | 847 => RESULTS,
        527 | 533 => &[Each(BROWSE_RESULT), DIAGNOSTICS],
        554 => &[Each(&[Status, Each(&[Node, Skip(4)])]), DIAGNOSTICS],
        560 => &[Each(&[Node])],
        566 => &[],
        631 => &[Each(&[DataValue]), DIAGNOSTICS],
        664 => &[Each(&[Status, Blob, Extension]), DIAGNOSTICS],
        700 => &[Each(&[Status, STATUSES, DIAGNOSTICS]), DIAGNOSTICS],
        712 => &[Each(&[Status, STATUSES, DIAGNOSTICS, Each(&[Variant])]), DIAGNOSTICS],
        751 => &[Each(&[Status, Skip(16), Extension]), DIAGNOSTICS],
        763 => &[Each(&[Status, Skip(12), Extension]), DIAGNOSTICS],
        775 => &[STATUSES, DIAGNOSTICS, STATUSES, DIAGNOSTICS],
        787 => &[Skip(20)],
        793 => &[Skip(16)],
        826 => &[Skip(4), IDS, Skip(1), Skip(12), Each(&[Extension]), STATUSES, DIAGNOSTICS],
        832 => &[Skip(12), Each(&[Extension])],
        841 => &[Each(&[Status, IDS]), DIAGNOSTICS],
        codes::SERVICE_FAULT => &[],
        _ => return None,
    })
}
