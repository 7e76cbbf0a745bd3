//! Industrial protocols: tshark's fields and ours side by side.
//!
//! Names of fields are tshark's own (`tshark -G fields`).

use super::pdml::Pdu;
use super::{
    Subject, kind, named, our_code, our_id, our_kind, our_refusal, our_unit, refused, row,
};
use crate::oracle::claim::plain;
use crate::oracle::ours::{Message, number};

pub(super) const SUBJECTS: &[Subject] = &[
    Subject {
        told: Some(("tcp", "mqtt")),
        theirs: |pdu| pdu.has("mqtt.msgtype"),
        ours: |m| m.text("operation") != "will", // a part of a connect
        ..row(
            "mqtt",
            &["mqtt"],
            &[
                ("code", |p| p.number("mqtt.msgtype"), our_code),
                ("id", |p| p.number("mqtt.msgid"), our_id),
                ("object", mqtt_object, our_mqtt_object),
                ("qos", mqtt_qos, |m| word_after(m.text("values"), "qos ").to_owned()),
                (
                    "length",
                    |p| length(p.bytes("mqtt.msg")),
                    |m| inside(m.text("values"), " bytes)"),
                ),
                ("refused", mqtt_refused, our_refusal),
            ],
        )
    },
    Subject {
        told: Some(("tcp", "dnp3")),
        theirs: |pdu| pdu.has("dnp3.al.func"),
        ours: |m| !m.shown("id").is_empty(),
        ..row(
            "dnp3",
            &["dnp3"],
            &[
                ("code", |p| p.number("dnp3.al.func"), our_code),
                ("id", |p| p.number("dnp3.al.seq"), our_id),
                ("outstation", dnp3_outstation, our_unit),
                ("objects", dnp3_objects, our_dnp3_objects),
            ],
        )
    },
    Subject {
        told: Some(("tcp", "iec60870_104")),
        ..row(
            "iec104",
            &["iec60870_104", "iec60870_asdu"],
            &[
                ("code", iec104_code, our_code),
                ("station", |p| p.number("iec60870_asdu.addr"), our_unit),
                ("objects", iec104_objects, our_iec104_objects),
                ("cause", |p| iec104_cause(&p.number("iec60870_asdu.causetx")), our_iec104_cause),
                ("refused", iec104_refused, our_refusal),
            ],
        )
    },
    Subject {
        told: Some(("udp", "bvlc")),
        ..row(
            "bacnet",
            &["bvlc", "bacnet", "bacapp"],
            &[
                ("kind", bacnet_kind, our_kind),
                ("code", bacnet_code, our_code),
                ("id", |p| p.number("bacapp.invoke_id"), our_id),
                ("object", bacnet_object, |m| bacnet_first(m.text("object"))),
                ("property", bacnet_property, |m| bacnet_second(m.text("object"))),
                (
                    "error",
                    |p| plain(&named(p.label("bacapp.error_code"))),
                    |m| plain(m.text("outcome")),
                ),
            ],
        )
    },
    Subject {
        told: Some(("udp", "omron")),
        theirs: |pdu| pdu.has("omron.command"),
        ours: |m| m.number("code").is_some_and(|code| code > 255),
        ..row(
            "fins",
            &["omron"],
            &[
                ("code", |p| p.number("omron.command"), our_code),
                ("kind", |p| kind(p.number("omron.icf.dtb") == "1"), our_kind),
                ("id", |p| p.number("omron.sid"), our_id),
                ("refused", |p| refused(&p.number("omron.response.code")), our_refusal),
            ],
        )
    },
    Subject {
        told: Some(("tcp", "ams")),
        ..row(
            "ads",
            &["ams"],
            &[
                ("code", |p| p.number("ams.cmdid"), our_code),
                ("kind", |p| kind(p.text("ams.state_response") == "1"), our_kind),
                ("id", |p| p.number("ams.invokeid"), our_id),
                ("port", ads_port, our_unit),
                ("object", ads_object, |m| ads_place(m.text("object"))),
                ("refused", |p| refused(&p.number("ams.adsresult")), our_refusal),
            ],
        )
    },
    Subject {
        each: "EtherCAT datagram",
        joined: "; ",
        ..row(
            "ethercat",
            &["ecat"],
            &[
                ("command", ethercat_command, |m| our_ethercat(m)[0].clone()),
                ("place", ethercat_place, |m| our_ethercat(m)[1].clone()),
                ("data", ethercat_data, |m| our_ethercat(m)[2].clone()),
                ("counter", |p| p.number("ecat.cnt"), |m| our_ethercat(m)[3].clone()),
            ],
        )
    },
    Subject {
        each: "opcua.transport.type",
        told: Some(("tcp", "opcua")),
        theirs: |pdu| pdu.text("opcua.transport.chunk") != "C",
        ..row(
            "opc-ua",
            &["opcua"],
            &[
                ("message", opcua_message, our_opcua_message),
                ("id", opcua_id, our_id),
                (
                    "object",
                    |p| p.text("opcua.transport.endpoint").to_owned(),
                    |m| m.text("object").to_owned(),
                ),
                ("refused", opcua_refused, our_refusal),
            ],
        )
    },
    Subject {
        theirs: |pdu| pdu.number("modbus.func_code") == "90",
        ..row(
            "umas",
            &["mbtcp", "modbus"],
            &[
                ("id", |p| p.number("mbtcp.trans_id"), our_id),
                ("unit", |p| p.number("mbtcp.unit_id"), our_unit),
            ],
        )
    },
    Subject {
        theirs: |pdu| pdu.all("rtps.sm.wrEntityId").any(|writer| writer == PARTICIPANTS),
        ours: |m| m.text("operation").ends_with("participant"),
        ..row(
            "rtps",
            &["rtps"],
            &[
                ("code", |_| "21".to_owned(), our_code),
                (
                    "participant",
                    |p| p.bytes("rtps.guidPrefix.src").to_owned(),
                    |m| prefix(m.text("object")).to_owned(),
                ),
            ],
        )
    },
];

/// The writer that announces participants (DDSI-RTPS clause 9.3.1.5).
const PARTICIPANTS: &str = "0x000100c2";

/// The prefix of a participant, which stands behind its name where that was told: `name (prefix)`.
fn prefix(object: &str) -> &str {
    object.rsplit_once(" (").map_or(object, |(_, prefix)| prefix.trim_end_matches(')'))
}

/// The first of a list `a, b` or `a and 3 more`.
fn first(list: &str) -> &str {
    let list = list.split(", ").next().unwrap_or(list);
    list.split(" and ").next().unwrap_or(list)
}

fn word_after<'a>(text: &'a str, label: &str) -> &'a str {
    let rest = text.split_once(label).map_or("", |(_, rest)| rest);
    rest.split(' ').next().unwrap_or(rest)
}

/// The number between the last `(` and `end`.
fn inside(text: &str, end: &str) -> String {
    let (before, _) = text.rsplit_once(end).unwrap_or_default();
    before.rsplit_once('(').map_or("", |(_, number)| number).to_owned()
}

/// How many bytes hex text stands for.
fn length(hex: &str) -> String {
    if hex.is_empty() { String::new() } else { (hex.len() / 2).to_string() }
}

fn mqtt_object(pdu: &Pdu) -> String {
    let topic = pdu.text("mqtt.topic");
    if topic.is_empty() { pdu.text("mqtt.clientid") } else { topic }.to_owned()
}

fn our_mqtt_object(message: &Message) -> String {
    first(message.text("object")).to_owned()
}

fn mqtt_qos(pdu: &Pdu) -> String {
    if pdu.number("mqtt.msgtype") == "3" { pdu.number("mqtt.qos") } else { String::new() }
}

fn mqtt_refused(pdu: &Pdu) -> String {
    let code = pdu.number("mqtt.conack.val");
    let reason = pdu.number("mqtt.connack.reason_code");
    refused(if code.is_empty() { &reason } else { &code })
}

/// The address that is not the master's.
fn dnp3_outstation(pdu: &Pdu) -> String {
    pdu.number(if pdu.text("dnp3.ctl.dir") == "1" { "dnp3.dst" } else { "dnp3.src" })
}

fn dnp3_objects(pdu: &Pdu) -> String {
    let objects = pdu.all("dnp3.al.obj").filter_map(number);
    let names = objects.map(|code| format!("g{}v{}", code >> 8, code & 0xff));
    names.collect::<Vec<_>>().join(" ")
}

fn our_dnp3_objects(message: &Message) -> String {
    let parts = message.text("object").split(", ");
    parts.filter_map(|part| part.split(' ').next()).collect::<Vec<_>>().join(" ")
}

/// As in the first control byte: `STARTDT act` is 07.
fn iec104_code(pdu: &Pdu) -> String {
    let unnumbered = number(pdu.text("iec60870_104.utype"));
    match (unnumbered, pdu.number("iec60870_asdu.typeid")) {
        (Some(kind), _) => (kind << 2 | 3).to_string(),
        (None, code) if code.is_empty() => "1".to_owned(),
        (None, code) => code,
    }
}

fn iec104_objects(pdu: &Pdu) -> String {
    pdu.all("iec60870_asdu.ioa").collect::<Vec<_>>().join(" ")
}

/// `ioa 1,2` and `ioa 10..12` as a list.
fn our_iec104_objects(message: &Message) -> String {
    let list = message.text("object").trim_start_matches("ioa ");
    let Some((first, last)) = list.split_once("..") else { return list.replace(',', " ") };
    let (Ok(first), Ok(last)) = (first.parse::<u64>(), last.parse::<u64>()) else {
        return list.to_owned();
    };
    (first..=last).take(256).map(|one| one.to_string()).collect::<Vec<_>>().join(" ")
}

/// IEC 60870-5-101 clause 7.2.3: the causes that the captures hold.
fn iec104_cause(code: &str) -> String {
    let name = match code {
        "1" => "periodic",
        "2" => "background scan",
        "3" => "spontaneous",
        "4" => "initialized",
        "5" => "requested",
        "6" => "activation",
        "7" => "activation confirmation",
        "8" => "deactivation",
        "9" => "deactivation confirmation",
        "10" => "activation termination",
        "20" => "interrogated by station",
        other => other,
    };
    name.to_owned()
}

/// Only a confirmation can be negative.
fn iec104_refused(pdu: &Pdu) -> String {
    let confirms = matches!(pdu.number("iec60870_asdu.causetx").as_str(), "7" | "9");
    if confirms { refused(&pdu.number("iec60870_asdu.nega")) } else { String::new() }
}

fn our_iec104_cause(message: &Message) -> String {
    first(message.text("values")).to_owned()
}

fn bacnet_kind(pdu: &Pdu) -> String {
    match pdu.text("bacapp.type") {
        "0" => "request",
        "2" | "3" | "5" | "6" | "7" => "response",
        _ => "",
    }
    .to_owned()
}

fn bacnet_code(pdu: &Pdu) -> String {
    let names = ["bacapp.confirmed_service", "bacapp.unconfirmed_service", "bacnet.mesgtyp"];
    let codes = names.into_iter().map(|name| pdu.number(name));
    codes.into_iter().find(|code| !code.is_empty()).unwrap_or_default()
}

/// Type and instance of what is read or written; other services hold objects that are no targets.
fn bacnet_object(pdu: &Pdu) -> String {
    let targeted =
        matches!(pdu.number("bacapp.confirmed_service").as_str(), "12" | "14" | "15" | "16");
    if !targeted || !pdu.has("bacapp.objectType") {
        return String::new();
    }
    let kind = plain(&named(pdu.label("bacapp.objectType")));
    format!("{kind} {}", pdu.number("bacapp.instance_number"))
}

fn bacnet_property(pdu: &Pdu) -> String {
    let targeted = matches!(pdu.number("bacapp.confirmed_service").as_str(), "12" | "15");
    let name = plain(&named(pdu.label("bacapp.property_identifier")));
    if targeted && name != "unknown" { name } else { String::new() }
}

/// `analog-input 1 present-value and 3 more`: type and instance.
fn bacnet_first(object: &str) -> String {
    let mut words = object.split(' ');
    let (kind, instance) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    format!("{} {instance}", plain(kind))
}

/// The property, without the index that may follow it.
fn bacnet_second(object: &str) -> String {
    let property = object.split(' ').nth(2).unwrap_or_default();
    plain(property.split('[').next().unwrap_or(property))
}

/// The port that serves: where a request goes, where a response comes from.
fn ads_port(pdu: &Pdu) -> String {
    let response = pdu.text("ams.state_response") == "1";
    pdu.number(if response { "ams.senderport" } else { "ams.targetport" })
}

fn ads_object(pdu: &Pdu) -> String {
    let (group, offset) =
        (number(pdu.text("ams.ads_indexgroup")), number(pdu.text("ams.ads_indexoffset")));
    group.zip(offset).map_or_else(String::new, |(group, offset)| format!("{group:#x} {offset:#x}"))
}

/// `group 0x3 offset 0x2 length 4`.
fn ads_place(object: &str) -> String {
    let part = |label| number(word_after(object, label));
    let (group, offset) = (part("group "), part("offset "));
    group.zip(offset).map_or_else(String::new, |(group, offset)| format!("{group:#x} {offset:#x}"))
}

/// The data of a datagram: its bytes without header (10) and working counter (2).
fn ethercat_data(pdu: &Pdu) -> String {
    let block = pdu.blocks("EtherCAT datagram").next().unwrap_or_default();
    let end = block.len().saturating_sub(4);
    block.get(20..end).unwrap_or_default().to_owned()
}

/// A command that does nothing has no place.
fn ethercat_place(pdu: &Pdu) -> String {
    if pdu.number("ecat.cmd") == "0" {
        return String::new();
    }
    pdu.number(if pdu.has("ecat.lad") { "ecat.lad" } else { "ecat.ado" })
}

/// Names of the commands by code (ETG.1000.4 clause 5.4.1).
const ETHERCAT: &[&str] = &[
    "nop", "aprd", "apwr", "aprw", "fprd", "fpwr", "fprw", "brd", "bwr", "brw", "lrd", "lwr",
    "lrw", "armw", "frmw",
];

fn ethercat_command(pdu: &Pdu) -> String {
    let code = number(pdu.text("ecat.cmd")).and_then(|code| usize::try_from(code).ok());
    code.and_then(|code| ETHERCAT.get(code)).map_or("", |name| name).to_owned()
}

/// `lrd logical 0x09000000 1 bytes 00 wkc 0`, by words: command, place, data, counter.
fn our_ethercat(message: &Message) -> [String; 4] {
    let (head, counter) = message.text("values").rsplit_once(" wkc ").unwrap_or_default();
    let (head, data) = head.split_once(" bytes ").unwrap_or((head, ""));
    let mut words = head.split(' ');
    let command = words.next().unwrap_or_default();
    let place = words.rev().find_map(|word| number(word).filter(|_| word.starts_with("0x")));
    let place = place.map_or_else(String::new, |place| place.to_string());
    [command.to_owned(), place, data.replace(' ', ""), counter.to_owned()]
}

/// The service by its node id, or the three letters of a message without one.
fn opcua_message(pdu: &Pdu) -> String {
    let letters = pdu.text("opcua.transport.type").to_owned();
    let service = pdu.number("opcua.servicenodeid.numeric");
    if service.is_empty() { letters } else { service }
}

/// Encrypted messages have no id that could be read.
fn opcua_id(pdu: &Pdu) -> String {
    let clear = pdu.has("opcua.servicenodeid.numeric");
    if clear { pdu.number("opcua.security.rqid") } else { String::new() }
}

/// Whether the service or one of its items has a bad status (OPC UA Part 4 clause 7.39: the
/// highest bit); nothing for requests, and where the values read are status codes themselves.
fn opcua_refused(pdu: &Pdu) -> String {
    let label = pdu.label("opcua.variant.has_value");
    let of_codes = label.contains("StatusCode") || label.contains("DataValue");
    if !pdu.has("opcua.ServiceResult") || of_codes {
        return String::new();
    }
    let names = ["opcua.ServiceResult", "opcua.Results", "opcua.StatusCode"];
    let codes = names.iter().flat_map(|name| pdu.all(name)).filter_map(number);
    let bad = codes.into_iter().any(|code| code >> 31 == 1);
    if bad { "yes" } else { "no" }.to_owned()
}

/// Messages without a service have their three letters as code.
fn our_opcua_message(message: &Message) -> String {
    let code = message.number("code").unwrap_or(0);
    if code < 0x10000 {
        return code.to_string();
    }
    let letters = [code >> 16, code >> 8, code].map(|part| u8::try_from(part & 0xff).unwrap_or(0));
    letters.iter().map(|letter| char::from(*letter)).collect()
}
