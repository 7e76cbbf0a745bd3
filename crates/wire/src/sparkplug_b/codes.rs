//! Sparkplug B code points: message types of the topic, and data types of metrics.
//!
//! Source: Eclipse Sparkplug Specification 3.0.0 ("Sparkplug 3.0").

use plant::Intent::{Administer, Observe, Operate, Session, Unknown};

use crate::table::{Effect, Operation};

/// Message types; the code is only the place in this list, since topics have words.
pub static TYPES: &[Operation] = &[
    Operation::new(1, "nbirth", Observe, "Sparkplug 3.0 4.1.3"),
    Operation::new(2, "dbirth", Observe, "Sparkplug 3.0 4.1.3"),
    Operation::new(3, "ndata", Observe, "Sparkplug 3.0 4.1.3"),
    Operation::new(4, "ddata", Observe, "Sparkplug 3.0 4.1.3"),
    Operation::new(5, "ncmd", Operate, "Sparkplug 3.0 4.1.3"),
    Operation::new(6, "dcmd", Operate, "Sparkplug 3.0 4.1.3"),
    Operation::new(7, "ndeath", Observe, "Sparkplug 3.0 4.1.3").with(Effect::Death),
    Operation::new(8, "ddeath", Observe, "Sparkplug 3.0 4.1.3").with(Effect::Death),
    Operation::new(9, "state", Observe, "Sparkplug 3.0 4.1.3"),
];

/// Node commands that are judged by the metric that they write; the first only asks the node to
/// send its birth again, the second restarts it.
pub static NODE_CONTROL: &[Operation] = &[REBIRTH, REBOOT];

pub(super) const REBIRTH: Operation =
    Operation::new(5, "ncmd", Session, "Sparkplug 3.0 4.2.1 (Node Control/Rebirth)");
pub(super) const REBOOT: Operation =
    Operation::new(5, "ncmd", Administer, "Sparkplug 3.0 4.2.1 (Node Control/Reboot)")
        .with(Effect::Restart);

/// A type that the topic namespace does not list.
pub static UNLISTED: Operation = Operation::new(0, "unlisted type", Unknown, "Sparkplug 3.0 4.1.3");

/// The row of a message type as in the topic.
pub(super) fn by_name(name: &[u8]) -> Option<&'static Operation> {
    let upper = name.iter().all(u8::is_ascii_uppercase);
    TYPES.iter().find(|row| upper && row.name.as_bytes().eq_ignore_ascii_case(name))
}

/// The name of a data type (Sparkplug 3.0 6.4.1, enum DataType); empty if unlisted.
pub fn data_type(code: u64) -> &'static str {
    const NAMES: [&str; 35] = [
        "Unknown",
        "Int8",
        "Int16",
        "Int32",
        "Int64",
        "UInt8",
        "UInt16",
        "UInt32",
        "UInt64",
        "Float",
        "Double",
        "Boolean",
        "String",
        "DateTime",
        "Text",
        "UUID",
        "DataSet",
        "Bytes",
        "File",
        "Template",
        "PropertySet",
        "PropertySetList",
        "Int8Array",
        "Int16Array",
        "Int32Array",
        "Int64Array",
        "UInt8Array",
        "UInt16Array",
        "UInt32Array",
        "UInt64Array",
        "FloatArray",
        "DoubleArray",
        "BooleanArray",
        "StringArray",
        "DateTimeArray",
    ];
    usize::try_from(code).ok().and_then(|code| NAMES.get(code)).copied().unwrap_or_default()
}
