//! Industrial protocols: tshark's fields and ours side by side.
//!
//! Names of fields are tshark's own (`tshark -G fields`).

use super::pdml::Pdu;
use super::{Subject, always, kind, named, our_code, our_id, our_kind, our_refusal, our_unit};
use crate::oracle::claim::plain;
use crate::oracle::ours::{Message, number};

pub(super) const SUBJECTS: &[Subject] = &[
    Subject {
        protocol: "mqtt",
        layers: &["mqtt"],
        each: "mqtt",
        told: Some(("tcp", "mqtt")),
        theirs: |pdu| pdu.has("mqtt.msgtype"),
        ours: always,
        fields: &[
            ("code", |p| p.number("mqtt.msgtype"), our_code),
            ("id", |p| p.number("mqtt.msgid"), our_id),
            ("object", mqtt_object, |m| first(m.text("object")).to_owned()),
            ("qos", mqtt_qos, |m| word_after(m.text("values"), "qos ").to_owned()),
            ("length", |p| length(p.bytes("mqtt.msg")), |m| inside(m.text("values"), " bytes)")),
            ("refused", mqtt_refused, our_refusal),
        ],
    },
    Subject {
        protocol: "dnp3",
        layers: &["dnp3"],
        each: "dnp3",
        told: None,
        theirs: |pdu| pdu.has("dnp3.al.func"),
        ours: |m| m.number("code").is_some_and(|code| code < 256),
        fields: &[
            ("code", |p| p.number("dnp3.al.func"), our_code),
            ("id", |p| p.number("dnp3.al.seq"), our_id),
            ("outstation", dnp3_outstation, our_unit),
            ("objects", dnp3_objects, our_dnp3_objects),
        ],
    },
    Subject {
        protocol: "iec104",
        layers: &["iec60870_104", "iec60870_asdu"],
        each: "iec60870_104",
        told: Some(("tcp", "iec60870_104")),
        theirs: always,
        ours: always,
        fields: &[
            ("code", iec104_code, our_code),
            ("station", |p| p.number("iec60870_asdu.addr"), our_unit),
            ("objects", iec104_objects, our_iec104_objects),
            ("cause", |p| iec104_cause(&p.number("iec60870_asdu.causetx")), our_iec104_cause),
            ("refused", iec104_refused, our_refusal),
        ],
    },
    Subject {
        protocol: "bacnet",
        layers: &["bvlc", "bacnet", "bacapp"],
        each: "bvlc",
        told: Some(("udp", "bvlc")),
        theirs: always,
        ours: always,
        fields: &[
            ("kind", bacnet_kind, our_kind),
            ("code", bacnet_code, our_code),
            ("id", |p| p.number("bacapp.invoke_id"), our_id),
            ("object", bacnet_object, |m| bacnet_first(m.text("object"))),
            ("property", bacnet_property, |m| bacnet_second(m.text("object"))),
            ("error", |p| plain(&named(p.label("bacapp.error_code"))), |m| {
                plain(m.text("outcome"))
            }),
        ],
    },
    Subject {
        protocol: "fins",
        layers: &["omron"],
        each: "omron",
        told: Some(("udp", "omron")),
        theirs: |pdu| pdu.has("omron.command"),
        ours: |m| m.number("code").is_some_and(|code| code > 255),
        fields: &[
            ("code", |p| p.number("omron.command"), our_code),
            ("kind", |p| kind(p.number("omron.icf.dtb") == "1"), our_kind),
            ("id", |p| p.number("omron.sid"), our_id),
            ("refused", |p| refused(&p.number("omron.response.code")), our_refusal),
        ],
    },
    Subject {
        protocol: "ads",
        layers: &["ams"],
        each: "ams",
        told: Some(("tcp", "ams")),
        theirs: always,
        ours: always,
        fields: &[
            ("code", |p| p.number("ams.cmdid"), our_code),
            ("kind", |p| kind(p.text("ams.state_response") == "1"), our_kind),
            ("id", |p| p.number("ams.invokeid"), our_id),
            ("port", ads_port, our_unit),
            ("object", ads_object, |m| ads_place(m.text("object"))),
            ("refused", |p| refused(&p.number("ams.adsresult")), our_refusal),
        ],
    },
    Subject {
        protocol: "ethercat",
        layers: &["ecat"],
        each: "ecat",
        told: None,
        theirs: always,
        ours: always,
        fields: &[("datagrams", ethercat, our_ethercat)],
    },
    Subject {
        protocol: "opc-ua",
        layers: &["opcua"],
        each: "opcua.transport.type",
        told: Some(("tcp", "opcua")),
        theirs: |pdu| pdu.text("opcua.transport.chunk") != "C",
        ours: |m| m.text("operation") != "encrypted message",
        fields: &[
            ("message", opcua_message, our_opcua_message),
            ("id", |p| p.number("opcua.security.rqid"), our_id),
            ("object", |p| p.text("opcua.transport.endpoint").to_owned(), |m| m.text("object").to_owned()),
            ("refused", |p| refused(&p.number("opcua.ServiceResult")), our_refusal),
        ],
    },
];

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

/// Whether a code means an error; nothing where there is no code.
fn refused(code: &str) -> String {
    match code {
        "" => "",
        "0" => "no",
        _ => "yes",
    }
    .to_owned()
}

fn mqtt_object(pdu: &Pdu) -> String {
    let topic = pdu.text("mqtt.topic");
    if topic.is_empty() { pdu.text("mqtt.clientid") } else { topic }.to_owned()
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
    let targeted = matches!(pdu.number("bacapp.confirmed_service").as_str(), "12" | "14" | "15" | "16");
    if !targeted || !pdu.has("bacapp.objectType") {
        return String::new();
    }
    let kind = plain(&named(pdu.label("bacapp.objectType")));
    format!("{kind} {}", pdu.number("bacapp.instance_number"))
}

fn bacnet_property(pdu: &Pdu) -> String {
    let targeted = matches!(pdu.number("bacapp.confirmed_service").as_str(), "12" | "15");
    if targeted { plain(&named(pdu.label("bacapp.property_identifier"))) } else { String::new() }
}

/// `analog-input 1 present-value and 3 more`: type and instance.
fn bacnet_first(object: &str) -> String {
    let mut words = object.split(' ');
    let (kind, instance) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    format!("{} {instance}", plain(kind))
}

fn bacnet_second(object: &str) -> String {
    plain(object.split(' ').nth(2).unwrap_or_default())
}

/// The port that serves: where a request goes, where a response comes from.
fn ads_port(pdu: &Pdu) -> String {
    let response = pdu.text("ams.state_response") == "1";
    pdu.number(if response { "ams.senderport" } else { "ams.targetport" })
}

fn ads_object(pdu: &Pdu) -> String {
    let (group, offset) = (number(pdu.text("ams.ads_indexgroup")), number(pdu.text("ams.ads_indexoffset")));
    group.zip(offset).map_or_else(String::new, |(group, offset)| format!("{group:#x} {offset:#x}"))
}

/// `group 0x3 offset 0x2 length 4`.
fn ads_place(object: &str) -> String {
    let part = |label| number(word_after(object, label));
    let (group, offset) = (part("group "), part("offset "));
    group.zip(offset).map_or_else(String::new, |(group, offset)| format!("{group:#x} {offset:#x}"))
}

/// Command, place, data and working counter of every datagram.
fn ethercat(pdu: &Pdu) -> String {
    let datagrams = pdu.split("ecat.cmd");
    let shown = datagrams.iter().map(|one| {
        let name = one.label("ecat.cmd").split(": ").nth(1).unwrap_or_default().to_owned();
        let code = name.split(' ').next().unwrap_or_default().to_owned();
        let place = if one.has("ecat.lad") { "ecat.lad" } else { "ecat.ado" };
        let data = one.bytes("ecat.data");
        format!("{code} {} {data} {}", one.text(place), one.text("ecat.cnt"))
    });
    shown.collect::<Vec<_>>().join("; ")
}

/// `lrd logical 0x09000000 1 bytes 00 wkc 0; brd all 0x0130 2 bytes 00 00 wkc 0`.
fn our_ethercat(message: &Message) -> String {
    const CODES: &[(&str, u8)] = &[
        ("nop", 0),
        ("aprd", 1),
        ("apwr", 2),
        ("aprw", 3),
        ("fprd", 4),
        ("fpwr", 5),
        ("fprw", 6),
        ("brd", 7),
        ("bwr", 8),
        ("brw", 9),
        ("lrd", 10),
        ("lwr", 11),
        ("lrw", 12),
        ("armw", 13),
        ("frmw", 14),
    ];
    let shown = message.text("values").split("; ").map(|datagram| {
        let (head, counter) = datagram.rsplit_once(" wkc ").unwrap_or((datagram, ""));
        let (head, data) = head.split_once(" bytes ").unwrap_or((head, ""));
        let words: Vec<&str> = head.split(' ').collect();
        let code = words.first().and_then(|name| CODES.iter().find(|(known, _)| known == name));
        let place = words.iter().rev().find(|word| word.starts_with("0x")).unwrap_or(&"");
        let code = code.map_or(99, |(_, code)| *code);
        format!("{code} {place} {} {counter}", data.replace(' ', ""))
    });
    shown.collect::<Vec<_>>().join("; ")
}

/// The service by its node id, or the three letters of a message without one.
fn opcua_message(pdu: &Pdu) -> String {
    let letters = pdu.text("opcua.transport.type").to_owned();
    let service = pdu.number("opcua.servicenodeid.numeric");
    if service.is_empty() { letters } else { service }
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
