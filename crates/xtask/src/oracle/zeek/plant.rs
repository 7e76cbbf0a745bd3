//! How lines of the logs of MQTT, DNP3, FINS, BACnet and OPC UA, and our messages, become the same
//! claims.
//!
//! Names are compared by code where the log has one. Lists of nodes and points are compared where
//! a line stands for one message; sums over many are not.

use std::collections::BTreeMap;

use super::super::claim::{Claim, plain};
use super::super::ours::Message;
use super::{Log, Row};

pub(super) const LOGS: &[Log] = &[
    Log {
        file: "mqtt_connect.log",
        protocol: "mqtt",
        columns: &[],
        theirs: |row| vec![mqtt(row, "connect").with("object", row.cell("client_id"))],
        ours: |messages, _| our_mqtt(messages, "connect"),
    },
    Log {
        file: "mqtt_publish.log",
        protocol: "mqtt",
        columns: &[],
        theirs: |row| vec![mqtt_publish(row)],
        ours: |messages, _| our_mqtt(messages, "publish"),
    },
    Log {
        file: "mqtt_subscribe.log",
        protocol: "mqtt",
        columns: &[],
        theirs: |row| vec![mqtt(row, "subscribe").with("object", row.cell("topics"))],
        ours: |messages, _| our_mqtt(messages, "subscribe"),
    },
    Log {
        file: "dnp3.log",
        protocol: "dnp3",
        columns: &[],
        theirs: |row| vec![dnp3(row)],
        ours: |messages, _| our_dnp3(messages),
    },
    Log {
        file: "dnp3_control.log",
        protocol: "dnp3",
        columns: &[],
        theirs: |row| vec![dnp3_control(row)],
        ours: |messages, _| {
            let blocks = messages.iter().filter(|m| m.text("object").starts_with("g12v1"));
            blocks.filter(|m| m.protocol() == "dnp3").map(our_dnp3_control).collect()
        },
    },
    Log {
        file: "dnp3_objects.log",
        protocol: "dnp3",
        columns: &[],
        theirs: dnp3_objects,
        ours: |messages, _| {
            let spoken = messages.iter().filter(|m| m.protocol() == "dnp3");
            spoken.flat_map(our_dnp3_objects).collect()
        },
    },
    Log {
        file: "omron_fins_general.log",
        protocol: "fins",
        columns: FINS,
        theirs: |row| vec![fins(row)],
        ours: |messages, _| {
            let spoken = messages.iter().filter(|m| m.protocol() == "fins");
            spoken.filter(|m| m.number("code") > Some(255)).map(our_fins).collect()
        },
    },
    Log {
        file: "bacnet.log",
        protocol: "bacnet",
        columns: &[],
        theirs: bacnet,
        ours: |messages, _| {
            let spoken = messages.iter().filter(|m| m.protocol() == "bacnet");
            spoken.map(our_bacnet).collect()
        },
    },
    Log {
        file: "bacnet_property.log",
        protocol: "bacnet",
        columns: &[],
        theirs: bacnet_property,
        ours: |messages, _| messages.iter().filter_map(our_bacnet_property).collect(),
    },
    Log {
        file: "bacnet_discovery.log",
        protocol: "bacnet",
        columns: &[],
        theirs: |row| vec![bacnet_discovery(row)],
        ours: |messages, _| messages.iter().filter_map(our_bacnet_discovery).collect(),
    },
    Log {
        file: "bacnet_device_control.log",
        protocol: "bacnet",
        columns: &[],
        theirs: |row| vec![bacnet_control(row)],
        ours: |messages, _| messages.iter().filter_map(our_bacnet_control).collect(),
    },
    Log {
        file: "opcua_binary.log",
        protocol: "opc-ua",
        columns: OPCUA,
        theirs: opcua,
        ours: |messages, _| {
            messages.iter().filter(|m| m.protocol() == "opc-ua").map(our_opcua).collect()
        },
    },
    Log {
        file: "opcua_binary_read_nodes_to_read.log",
        protocol: "opc-ua",
        columns: OPCUA_NODE,
        theirs: opcua_node,
        ours: |messages, _| our_opcua_nodes(messages, "read"),
    },
    Log {
        file: "opcua_binary_write.log",
        protocol: "opc-ua",
        columns: OPCUA_NODE,
        theirs: opcua_node,
        ours: |messages, _| our_opcua_nodes(messages, "write"),
    },
];

/// As its analyzer writes them.
const FINS: &[&str] = &[
    "ts",
    "id.orig_h",
    "id.orig_p",
    "id.resp_h",
    "id.resp_p",
    "proto",
    "tcp_header",
    "tcp_length",
    "tcp_command",
    "tcp_error",
    "client_node",
    "server_node",
    "icf_gateway",
    "icf_data_type",
    "icf_response",
    "gateway_count",
    "dna",
    "da1",
    "da2",
    "sna",
    "sa1",
    "sa2",
    "sid",
    "command",
    "response_code",
];

/// The columns that are compared, by their place; the others have numbers for names.
const OPCUA: &[&str] = &[
    "ts",
    "uid",
    "id.orig_h",
    "id.orig_p",
    "id.resp_h",
    "id.resp_p",
    "msg_type",
    "is_final",
    "size",
    "10",
    "11",
    "12",
    "13",
    "14",
    "15",
    "16",
    "endpoint",
    "18",
    "19",
    "policy",
    "21",
    "22",
    "23",
    "24",
    "25",
    "26",
    "27",
    "28",
    "29",
    "request_code",
    "request_name",
    "32",
    "33",
    "34",
    "35",
    "36",
    "37",
    "38",
    "39",
    "40",
    "41",
    "42",
    "43",
    "44",
    "45",
    "46",
    "47",
    "48",
    "response_code",
];

/// A node id by its parts, as in the logs of reads and writes.
const OPCUA_NODE: &[&str] = &[
    "ts",
    "uid",
    "id.orig_h",
    "id.orig_p",
    "id.resp_h",
    "id.resp_p",
    "is_orig",
    "source_h",
    "source_p",
    "destination_h",
    "destination_p",
    "encoding",
    "namespace",
    "numeric",
    "string",
    "guid",
    "opaque",
    "attribute",
];

fn mqtt(row: &Row<'_>, operation: &str) -> Claim {
    Claim::new(row.flow()).with("operation", operation)
}

fn mqtt_publish(row: &Row<'_>) -> Claim {
    let qos = match row.cell("qos") {
        "at most once" => "0",
        "at least once" => "1",
        "exactly once" => "2",
        other => other,
    };
    let kind = if row.cell("from_client") == "T" { "request" } else { "notice" };
    mqtt(row, "publish")
        .with("object", row.cell("topic"))
        .with("kind", kind)
        .with("qos", qos)
        .with("length", row.cell("payload_len"))
}

/// `qos 0 "Hello" (5 bytes)`.
fn our_mqtt(messages: &[Message], operation: &str) -> Vec<Claim> {
    let spoken = messages.iter().filter(|m| m.protocol() == "mqtt");
    let claim = |m: &Message| {
        let object = m.text("object");
        let claim = Claim::new(m.flow()).with("operation", operation).with("object", object);
        if operation != "publish" {
            return claim;
        }
        let values = m.text("values");
        let (head, _) = values.rsplit_once(" bytes)").unwrap_or_default();
        let length = head.rsplit_once('(').map_or("", |(_, length)| length);
        claim
            .with("kind", m.text("kind"))
            .with("qos", values.split(' ').nth(1).unwrap_or_default())
            .with("length", length)
    };
    spoken.filter(|m| m.text("operation") == operation).map(claim).collect()
}

/// Functions of DNP3 in Zeek's names, from 0 (IEEE 1815 table 4-2).
const DNP3: &[&str] = &[
    "CONFIRM",
    "READ",
    "WRITE",
    "SELECT",
    "OPERATE",
    "DIRECT_OPERATE",
    "DIRECT_OPERATE_NR",
    "IMMED_FREEZE",
    "IMMED_FREEZE_NR",
    "FREEZE_CLEAR",
    "FREEZE_CLEAR_NR",
    "FREEZE_AT_TIME",
    "FREEZE_AT_TIME_NR",
    "COLD_RESTART",
    "WARM_RESTART",
    "INITIALIZE_DATA",
    "INITIALIZE_APPL",
    "START_APPL",
    "STOP_APPL",
    "SAVE_CONFIG",
    "ENABLE_UNSOLICITED",
    "DISABLE_UNSOLICITED",
    "ASSIGN_CLASS",
    "DELAY_MEASURE",
    "RECORD_CURRENT_TIME",
    "OPEN_FILE",
    "CLOSE_FILE",
    "DELETE_FILE",
    "GET_FILE_INFO",
    "AUTHENTICATE_FILE",
    "ABORT_FILE",
];

fn dnp3_code(name: &str) -> String {
    match name {
        "RESPONSE" => "129".to_owned(),
        "UNSOLICITED_RESPONSE" => "130".to_owned(),
        _ => {
            let place = DNP3.iter().position(|known| *known == name);
            place.map_or_else(|| name.to_owned(), |code| code.to_string())
        }
    }
}

fn dnp3(row: &Row<'_>) -> Claim {
    Claim::new(row.flow())
        .with("request", dnp3_code(row.cell("fc_request")))
        .with("reply", dnp3_code(row.cell("fc_reply")))
}

/// A line for every reply, with the last request of the flow before it, and one for a request that
/// has none.
fn our_dnp3(messages: &[Message]) -> Vec<Claim> {
    let mut asked: BTreeMap<String, String> = BTreeMap::new();
    let mut claims = Vec::new();
    // messages of the link layer have no sequence number
    let spoken = messages.iter().filter(|m| m.protocol() == "dnp3" && m.number("id").is_some());
    for message in spoken {
        let code = message.shown("code");
        if matches!(code.as_str(), "129" | "130") {
            let request = asked.remove(&message.flow()).unwrap_or_default();
            claims.push(Claim::new(message.flow()).with("request", request).with("reply", code));
        } else {
            asked.insert(message.flow(), code);
        }
    }
    claims.extend(asked.into_iter().map(|(flow, code)| Claim::new(flow).with("request", code)));
    claims
}

fn dnp3_control(row: &Row<'_>) -> Claim {
    let action = [row.cell("operation_type"), row.cell("trip_control_code")].join(" ");
    Claim::new(row.way())
        .with("code", dnp3_code(row.cell("function_code")))
        .with("point", row.cell("index_number"))
        .with("action", plain(&action))
}

fn our_dnp3_control(message: &Message) -> Claim {
    Claim::new(message.way())
        .with("code", message.shown("code"))
        .with("point", message.text("object").trim_start_matches("g12v1 "))
        .with("action", plain(message.text("values").split(", ").next().unwrap_or_default()))
}

/// Headers with a range; control blocks are in a log of their own.
fn dnp3_objects(row: &Row<'_>) -> Vec<Claim> {
    let (low, high) = (row.cell("range_low"), row.cell("range_high"));
    if low.is_empty() || high.is_empty() {
        return Vec::new();
    }
    let claim = Claim::new(row.way()).with("code", dnp3_code(row.cell("function_code")));
    vec![claim.with("low", low).with("high", high)]
}

/// `g1v2 0..119, g10v2 0..33`.
fn our_dnp3_objects(message: &Message) -> Vec<Claim> {
    let parts = message.text("object").split(", ");
    let ranges = parts.filter_map(|part| part.split(' ').nth(1)?.split_once(".."));
    let claim = |(low, high)| {
        Claim::new(message.way())
            .with("code", message.shown("code"))
            .with("low", low)
            .with("high", high)
    };
    ranges.map(claim).collect()
}

/// The number in `Memory Area Read (0x0101)`.
fn coded(cell: &str) -> String {
    let digits = cell.rsplit_once("(0x").map_or("", |(_, digits)| digits).trim_end_matches(')');
    let number = u64::from_str_radix(digits, 16);
    number.map_or_else(|_| String::new(), |number| number.to_string())
}

fn fins(row: &Row<'_>) -> Claim {
    let response = row.cell("icf_data_type").starts_with("Response");
    let code = row.cell("response_code");
    let fine = code.is_empty() || coded(code) == "0";
    let ok = if fine { "yes" } else { "no" };
    Claim::new(row.flow())
        .with("code", coded(row.cell("command")))
        .with("kind", if response { "response" } else { "request" })
        .with(
            "id",
            super::super::ours::number(row.cell("sid"))
                .map_or_else(String::new, |id| id.to_string()),
        )
        .with("ok", if response { ok } else { "" })
}

fn our_fins(message: &Message) -> Claim {
    let ok = if message.text("outcome") == "ok" { "yes" } else { "no" };
    Claim::new(message.flow())
        .with("code", message.shown("code"))
        .with("kind", message.text("kind"))
        .with("id", message.shown("id"))
        .with("ok", if message.is("response") { ok } else { "" })
}

fn bacnet(row: &Row<'_>) -> Vec<Claim> {
    let kind = match row.cell("pdu_type") {
        "CONFIRMED_REQUEST" => "request",
        "SEGMENT_ACK" => "notice",
        _ if row.cell("invoke_id").is_empty() => "",
        _ => "response",
    };
    let service = plain(row.cell("pdu_service"));
    let claim = Claim::new(row.way())
        .with("kind", kind)
        .with("service", if kind == "notice" { "segment ack".to_owned() } else { service })
        .with("id", row.cell("invoke_id"))
        .with("result", plain(row.cell("result_code")));
    vec![claim]
}

fn our_bacnet(message: &Message) -> Claim {
    let unconfirmed = message.number("id").is_none();
    let outcome = plain(message.text("outcome"));
    let service = message.text("operation").split(' ').next().unwrap_or_default();
    Claim::new(message.way())
        .with("kind", if unconfirmed { "" } else { message.text("kind") })
        .with("service", plain(service))
        .with("id", message.shown("id"))
        .with("result", if outcome == "ok" { String::new() } else { outcome })
}

/// Requests about one property; the others have a line for each of many.
fn bacnet_property(row: &Row<'_>) -> Vec<Claim> {
    if !matches!(row.cell("pdu_service"), "read-property-request" | "write-property") {
        return Vec::new();
    }
    let object = [row.cell("object_type"), row.cell("instance_number"), row.cell("property")];
    let claim = Claim::new(row.way())
        .with("id", row.cell("invoke_id"))
        .with("object", plain(&object.join(" ")).replace("vendor specific", "property"));
    vec![claim]
}

fn our_bacnet_property(message: &Message) -> Option<Claim> {
    let taken = matches!(message.text("operation"), "read-property" | "write-property");
    if message.protocol() != "bacnet" || !taken || !message.is("request") {
        return None;
    }
    let object = message.text("object").split('[').next().unwrap_or_default();
    let claim = Claim::new(message.way()).with("id", message.shown("id"));
    Some(claim.with("object", plain(object)))
}

fn bacnet_discovery(row: &Row<'_>) -> Claim {
    Claim::new(row.way()).with("service", plain(row.cell("pdu_service")))
}

fn our_bacnet_discovery(message: &Message) -> Option<Claim> {
    let service = message.text("operation");
    let taken = matches!(service, "who-is" | "i-am" | "who-has" | "i-have");
    let claim = || Claim::new(message.way()).with("service", plain(service));
    (message.protocol() == "bacnet" && taken).then(claim)
}

fn bacnet_control(row: &Row<'_>) -> Claim {
    let ok = match row.cell("result") {
        "SUCCESS" => "yes",
        "" => "",
        _ => "no",
    };
    Claim::new(row.way())
        .with("service", plain(row.cell("pdu_service")))
        .with("id", row.cell("invoke_id"))
        .with("ok", ok)
}

/// Our operation also says the state asked for: `device-communication-control enable`.
fn our_bacnet_control(message: &Message) -> Option<Claim> {
    let service = message.text("operation").split(' ').next().unwrap_or_default();
    let taken = matches!(service, "device-communication-control" | "reinitialize-device");
    let ok = if message.text("outcome") == "ok" { "yes" } else { "no" };
    let claim = || {
        Claim::new(message.way())
            .with("service", plain(service))
            .with("id", message.shown("id"))
            .with("ok", if message.is("response") { ok } else { "" })
    };
    (message.protocol() == "bacnet" && taken).then(claim)
}

/// A line is a message without an answer, or a request and its response.
fn opcua(row: &Row<'_>) -> Vec<Claim> {
    let claim = |message: &str| Claim::new(row.flow()).with("message", message);
    let (request, response) = (row.cell("request_code"), row.cell("response_code"));
    if request.is_empty() && response.is_empty() {
        return vec![claim(row.cell("msg_type"))];
    }
    let codes = [request, response].into_iter().filter(|code| !code.is_empty());
    codes.map(claim).collect()
}

/// Messages without a service have their three letters as code.
fn our_opcua(message: &Message) -> Claim {
    let code = message.number("code").unwrap_or(0);
    let letters = [code >> 16, code >> 8, code].map(|part| u8::try_from(part & 0xff).unwrap_or(0));
    let letters: String = letters.iter().map(|letter| char::from(*letter)).collect();
    Claim::new(message.flow())
        .with("message", if code < 0x10000 { code.to_string() } else { letters })
}

/// The node of a request, as OPC UA writes it (Part 6 clause 5.3.1.10).
fn opcua_node(row: &Row<'_>) -> Vec<Claim> {
    let id = match (row.cell("numeric"), row.cell("string")) {
        ("", "") => return Vec::new(),
        ("", text) => format!("s={text}"),
        (number, _) => format!("i={number}"),
    };
    let space = row.cell("namespace");
    let node = if matches!(space, "" | "0") { id } else { format!("ns={space};{id}") };
    vec![Claim::new(row.way()).with("node", node)]
}

fn our_opcua_nodes(messages: &[Message], operation: &str) -> Vec<Claim> {
    let spoken = messages.iter().filter(|m| m.protocol() == "opc-ua" && m.is("request"));
    let spoken = spoken.filter(|m| m.text("operation") == operation);
    spoken.map(|m| Claim::new(m.way()).with("node", m.text("object"))).collect()
}
