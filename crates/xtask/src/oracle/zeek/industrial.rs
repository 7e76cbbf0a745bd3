//! How lines of Zeek's and ICSNPP's industrial logs, and our messages, become the same claims.
//!
//! Names are compared by code where the log has one. Fields that we read from others' logs but do
//! not decode ourselves (sender contexts, options) do not take part.

use super::fields::{CIP, CIP_IO, ENIP, PROFINET};
use std::collections::BTreeMap;

use super::super::claim::{Claim, plain};
use super::super::ours::{Message, number};
use super::{Edition, Log, Row};

pub(super) const LOGS: &[Log] = &[
    Log {
        file: "modbus.log",
        protocol: "modbus",
        columns: &[
            "ts",
            "uid",
            "id.orig_h",
            "id.orig_p",
            "id.resp_h",
            "id.resp_p",
            "func",
            "exception",
        ],
        theirs: modbus,
        ours: our_modbus,
    },
    Log {
        file: "modbus_detailed.log",
        protocol: "modbus",
        columns: &[],
        theirs: |row| vec![modbus_detailed(row)],
        ours: |messages, _| our_modbus_detailed(messages),
    },
    Log {
        file: "enip.log",
        protocol: "ethernet-ip",
        columns: ENIP,
        theirs: |row| vec![enip(row)],
        ours: |messages, _| {
            messages
                .iter()
                .filter(|m| m.protocol() == "ethernet-ip" && !is_io(m))
                .map(our_enip)
                .collect()
        },
    },
    Log {
        file: "cip.log",
        protocol: "cip",
        columns: CIP,
        theirs: |row| vec![cip(row)],
        ours: |messages, _| messages.iter().filter(|m| is_explicit(m)).map(our_cip).collect(),
    },
    Log {
        file: "cip_io.log",
        protocol: "cip",
        columns: CIP_IO,
        theirs: |row| vec![cip_io(row)],
        ours: |messages, _| messages.iter().filter(|m| is_io(m)).map(our_cip_io).collect(),
    },
    Log {
        file: "s7comm.log",
        protocol: "s7comm",
        columns: &[],
        theirs: |row| vec![s7comm(row)],
        ours: |messages, _| messages.iter().filter(|m| is_s7(m)).map(our_s7comm).collect(),
    },
    Log {
        file: "cotp.log",
        protocol: "s7comm",
        columns: &[],
        theirs: cotp,
        ours: |messages, _| {
            let cotp = messages.iter().filter(|m| m.text("operation").starts_with("cotp"));
            cotp.map(our_cotp).collect()
        },
    },
    Log {
        file: "s7comm_read_szl.log",
        protocol: "s7comm",
        columns: &[],
        theirs: |row| vec![szl(row)],
        ours: |messages, _| messages.iter().filter_map(our_szl).collect(),
    },
    Log {
        file: "s7comm_plus.log",
        protocol: "s7comm-plus",
        columns: &[],
        theirs: |row| vec![s7comm_plus(row)],
        ours: |messages, _| {
            messages.iter().filter(|m| m.protocol() == "s7comm-plus").map(our_s7comm_plus).collect()
        },
    },
    Log {
        file: "profinet_io_cm.log",
        protocol: "profinet-cm",
        columns: PROFINET,
        theirs: profinet,
        ours: |messages, _| our_profinets(messages),
    },
];

/// Modbus function names of the logs, by code (MODBUS Application Protocol V1.1b3
/// clause 6, and vendors' own codes).
const MODBUS: &[(u64, &str)] = &[
    (1, "READ_COILS"),
    (2, "READ_DISCRETE_INPUTS"),
    (3, "READ_HOLDING_REGISTERS"),
    (4, "READ_INPUT_REGISTERS"),
    (5, "WRITE_SINGLE_COIL"),
    (6, "WRITE_SINGLE_REGISTER"),
    (7, "READ_EXCEPTION_STATUS"),
    (8, "DIAGNOSTICS"),
    (11, "GET_COMM_EVENT_COUNTER"),
    (12, "GET_COMM_EVENT_LOG"),
    (15, "WRITE_MULTIPLE_COILS"),
    (16, "WRITE_MULTIPLE_REGISTERS"),
    (17, "REPORT_SLAVE_ID"),
    (20, "READ_FILE_RECORD"),
    (21, "WRITE_FILE_RECORD"),
    (22, "MASK_WRITE_REGISTER"),
    (23, "READ_WRITE_MULTIPLE_REGISTERS"),
    (24, "READ_FIFO_QUEUE"),
    (9, "PROGRAM_484"),
    (10, "POLL_484"),
    (13, "PROGRAM_584_984"),
    (14, "POLL_584_984"),
    (18, "PROGRAM_884_U84"),
    (19, "RESET_COMM_LINK_884_U84"),
    (40, "PROGRAM_CONCEPT"),
    (41, "MULTIPLE_FUNCTION_CODES"),
    (43, "ENCAP_INTERFACE_TRANSPORT"),
    (90, "PROGRAM_UNITY"),
    (91, "OBJECT_MESSAGING"),
    (125, "FIRMWARE_REPLACEMENT"),
];

/// The code of a function name; `unknown-156` is a code, too. The exception bit is left out.
fn modbus_code(name: &str) -> String {
    let name = name.strip_suffix("_EXCEPTION").unwrap_or(name);
    let known = MODBUS.iter().find(|(_, known)| *known == name).map(|(code, _)| *code);
    let code = known.or_else(|| name.strip_prefix("unknown-").and_then(number));
    code.map_or_else(|| name.to_owned(), |code| (code & 0x7f).to_string())
}

/// Editions without `pdu_type` write a line per response, and not one for every exception: they
/// are compared in what they do write.
fn modbus(row: &Row<'_>) -> Vec<Claim> {
    let function = row.cell("func");
    let kind = match row.cell("pdu_type") {
        "REQ" => "request",
        "RESP" => "response",
        _ if is_exception(function) || !row.cell("exception").is_empty() => {
            return Vec::new();
        }
        _ => "",
    };
    let claim = Claim::new(row.flow())
        .with("kind", kind)
        .with("id", row.cell("tid"))
        .with("unit", row.cell("unit"))
        .with("code", modbus_code(function))
        .with("exception", plain(row.cell("exception")));
    vec![claim]
}

fn is_exception(function: &str) -> bool {
    let code = function.strip_prefix("unknown-").and_then(number);
    function.ends_with("_EXCEPTION") || code.is_some_and(|code| code > 0x7f)
}

fn our_modbus(messages: &[Message], edition: &Edition<'_>) -> Vec<Claim> {
    let every = edition.columns.has("pdu_type");
    let fine = |m: &&Message| m.is("response") && m.text("outcome") == "ok";
    let spoken = messages.iter().filter(|m| m.protocol() == "modbus");
    let claim = |m: &Message| {
        let outcome = plain(m.text("outcome"));
        let shown = |text: String| if every { text } else { String::new() };
        Claim::new(m.flow())
            .with("kind", shown(m.text("kind").to_owned()))
            .with("id", shown(m.shown("id")))
            .with("unit", shown(m.shown("unit")))
            .with("code", m.shown("code"))
            .with("exception", if outcome == "ok" { String::new() } else { outcome })
    };
    spoken.filter(|m| every || fine(m)).map(claim).collect()
}

/// Functions whose address and quantity the log gives as they are on the wire.
fn is_ranged(code: &str) -> bool {
    matches!(code, "1" | "2" | "3" | "4" | "5" | "6" | "15" | "16")
}

fn modbus_detailed(row: &Row<'_>) -> Claim {
    let code = modbus_code(row.cell("func"));
    let ranged = is_ranged(&code);
    let cell = |name, wanted| if wanted { row.cell(name) } else { "" };
    let writes = matches!(code.as_str(), "5" | "6" | "15" | "16");
    let reads = matches!(code.as_str(), "1" | "2" | "3" | "4");
    Claim::new(row.flow())
        .with("id", row.cell("tid"))
        .with("unit", row.cell("unit"))
        .with("address", cell("address", ranged))
        .with("quantity", cell("quantity", ranged))
        .with("written", cell("request_values", writes))
        .with("read", cell("response_values", reads))
        .with("exception", plain(row.cell("exception_code")))
        .with("code", code)
}

/// One claim per exchange; functions that the log does not match have a line per message.
fn our_modbus_detailed(messages: &[Message]) -> Vec<Claim> {
    let mut asked: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut claims = Vec::new();
    for message in messages.iter().filter(|m| m.protocol() == "modbus") {
        let code = message.shown("code");
        let key = (message.flow(), message.shown("id"));
        let alone = matches!(code.as_str(), "7" | "11" | "12" | "17");
        if message.is("request") && !alone {
            asked.insert(key, values(message));
            continue;
        }
        let written = asked.remove(&key).unwrap_or_default();
        let (first, count) = range(message.text("object"));
        let ranged = is_ranged(&code);
        let shown = |text: String, wanted| if wanted { text } else { String::new() };
        let outcome = plain(message.text("outcome"));
        let failed = !message.is("request") && outcome != "ok";
        let writes = matches!(code.as_str(), "5" | "6" | "15" | "16");
        let reads = matches!(code.as_str(), "1" | "2" | "3" | "4");
        let claim = Claim::new(message.flow())
            .with("id", message.shown("id"))
            .with("unit", message.shown("unit"))
            .with("address", shown(first, ranged))
            .with("quantity", shown(count, ranged))
            .with("written", shown(written, writes))
            .with("read", shown(values(message), reads))
            .with("exception", shown(outcome, failed))
            .with("code", code);
        claims.push(claim);
    }
    claims
}

/// `[1, 0]` as `1,0`.
pub(in super::super) fn values(message: &Message) -> String {
    message.text("values").trim_matches(['[', ']']).replace(' ', "")
}

/// First number and count of `holding 100..109` or `holding 7`.
pub(in super::super) fn range(object: &str) -> (String, String) {
    let numbers = object.rsplit(' ').next().unwrap_or_default();
    let (first, last) = numbers.split_once("..").unwrap_or((numbers, numbers));
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) => (first.to_string(), (last + 1).saturating_sub(first).to_string()),
        _ => (String::new(), String::new()),
    }
}

fn hex(code: Option<u64>) -> String {
    code.map_or_else(String::new, |code| format!("0x{code:x}"))
}

fn enip(row: &Row<'_>) -> Claim {
    Claim::new(row.way()).with("command", hex(number(row.cell("command_code"))))
}

fn our_enip(message: &Message) -> Claim {
    Claim::new(message.way()).with("command", hex(message.number("code")))
}

/// Cyclic data of an I/O connection.
fn is_io(message: &Message) -> bool {
    message.protocol() == "ethernet-ip" && message.text("operation") == "io"
}

fn is_explicit(message: &Message) -> bool {
    message.protocol() == "cip"
}

fn cip_io(row: &Row<'_>) -> Claim {
    let id = number(row.cell("connection_id"));
    Claim::new(row.way()).with("connection", hex(id)).with("data", row.cell("data"))
}

fn our_cip_io(message: &Message) -> Claim {
    let data = message.text("values");
    Claim::new(message.way()).with("connection", hex(message.number("id"))).with("data", data)
}

fn cip(row: &Row<'_>) -> Claim {
    let kind = row.cell("direction").to_owned();
    let object = if kind == "request" {
        let part = |name, column| {
            let shown = hex(number(row.cell(column)));
            if shown.is_empty() { shown } else { format!("{name} {shown}") }
        };
        [part("class", "class_id"), part("instance", "instance_id")].join(" ").trim().to_owned()
    } else {
        String::new()
    };
    let status = number(row.cell("status_code"));
    Claim::new(row.way())
        .with("service", hex(number(row.cell("service_code"))))
        .with("ok", status.map_or("", |status| if status == 0 { "yes" } else { "no" }))
        .with("object", object)
        .with("kind", kind)
}

fn our_cip(message: &Message) -> Claim {
    let request = message.is("request");
    let object = if request { cip_object(message.text("object")) } else { String::new() };
    let ok = if message.text("outcome") == "ok" { "yes" } else { "no" };
    Claim::new(message.way())
        .with("service", hex(message.number("code").map(|code| code & 0x7f)))
        .with("ok", if request { "" } else { ok })
        .with("object", object)
        .with("kind", message.text("kind"))
}

/// Class and instance of `class 0x6b instance 0x1 attr 1`.
fn cip_object(object: &str) -> String {
    let words: Vec<&str> = object.split_whitespace().collect();
    let part = |name: &str| {
        let pair = words.windows(2).find(|pair| pair.first() == Some(&name))?;
        number(pair.get(1)?.trim_end_matches(',')).map(|id| format!("{name} 0x{id:x}"))
    };
    let parts = [part("class"), part("instance")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// COTP has a log of its own.
fn is_s7(message: &Message) -> bool {
    message.protocol() == "s7comm" && !message.text("operation").starts_with("cotp")
}

/// ICSNPP reads the PDU reference least significant byte first; the bytes are the same.
fn reference(row: &Row<'_>) -> String {
    let reference = row.cell("pdu_reference").parse::<u16>();
    reference.map_or_else(|_| String::new(), |reference| reference.swap_bytes().to_string())
}

/// Connection requests and confirmations; what data they carry is in the other logs.
fn cotp(row: &Row<'_>) -> Vec<Claim> {
    let name = plain(row.cell("pdu_name"));
    let name = name.split_once(' ').map_or("", |(_, name)| name);
    let taken = name.starts_with("connection") || name.starts_with("disconnect");
    if taken { vec![Claim::new(row.way()).with("pdu", name)] } else { Vec::new() }
}

fn our_cotp(message: &Message) -> Claim {
    let name = plain(message.text("operation")).replace("cotp connect", "connection");
    Claim::new(message.way()).with("pdu", name.trim_start_matches("cotp "))
}

fn s7comm(row: &Row<'_>) -> Claim {
    let function = row.cell("function_name");
    let userdata = row.cell("rosctr_code") == "7";
    let name = if userdata { row.cell("subfunction_name") } else { function };
    let failed = !matches!(number(row.cell("error_code")), None | Some(0));
    let kind = match row.cell("rosctr_code") {
        "1" => "request",
        "7" if function.starts_with("Request") => "request",
        "7" if !function.starts_with("Response") => "notice",
        _ => "response",
    };
    Claim::new(row.way())
        .with("kind", kind)
        .with("id", reference(row))
        .with("operation", s7_name(name))
        .with("refused", if failed { "yes" } else { "" })
}

fn our_s7comm(message: &Message) -> Claim {
    let failed = message.is("response") && message.text("outcome") != "ok";
    Claim::new(message.way())
        .with("kind", message.text("kind"))
        .with("id", message.shown("id"))
        .with("operation", s7_name(message.text("operation")))
        .with("refused", if failed { "yes" } else { "" })
}

/// Names of the same S7 operation in one spelling.
pub(in super::super) fn s7_name(name: &str) -> String {
    const SAME: &[(&str, &str)] = &[("read var", "read variable"), ("write var", "write variable")];
    let name = plain(name).replace("mode transition ", "");
    if name.starts_with("pi service") {
        return "plc control".to_owned();
    }
    let found = SAME.iter().find(|(theirs, _)| *theirs == name);
    found.map_or(name.clone(), |(_, ours)| (*ours).to_owned())
}

fn szl(row: &Row<'_>) -> Claim {
    Claim::new(row.way())
        .with("kind", row.cell("method").to_lowercase())
        .with("id", reference(row))
        .with("szl", hex(number(row.cell("szl_id"))))
        .with("index", hex(number(row.cell("szl_index"))))
}

/// `SZL 0x0011 index 0x0000`.
fn our_szl(message: &Message) -> Option<Claim> {
    if message.protocol() != "s7comm" || plain(message.text("operation")) != "read szl" {
        return None;
    }
    let mut numbers = message.text("object").split_whitespace().filter_map(number);
    let claim = Claim::new(message.way())
        .with("kind", message.text("kind"))
        .with("id", message.shown("id"))
        .with("szl", hex(numbers.next()))
        .with("index", hex(numbers.next()));
    Some(claim)
}

fn s7comm_plus(row: &Row<'_>) -> Claim {
    Claim::new(row.way())
        .with("kind", plain(row.cell("opcode_name")))
        .with("function", plain(row.cell("function_name")))
}

fn our_s7comm_plus(message: &Message) -> Claim {
    let notice = message.is("notice");
    let kind = if notice { "notification" } else { message.text("kind") };
    let function = if notice { String::new() } else { plain(message.text("operation")) };
    Claim::new(message.way()).with("kind", kind).with("function", function)
}

/// Requests and responses; the log also has a line per fragment, of which the first takes part.
fn profinet(row: &Row<'_>) -> Vec<Claim> {
    let kind = row.cell("packet_type").to_lowercase();
    let first = matches!(row.cell("fragment"), "0" | "");
    if !first || !matches!(kind.as_str(), "request" | "response") {
        return Vec::new();
    }
    let operation = plain(row.cell("operation"));
    vec![Claim::new(row.way()).with("operation", operation).with("kind", kind)]
}

/// One claim per PDU: a write of several records is one operation of the RPC interface.
fn our_profinets(messages: &[Message]) -> Vec<Claim> {
    let pdus: BTreeMap<Option<u64>, Claim> = messages
        .iter()
        .filter_map(|message| Some((message.number("frame"), our_profinet(message)?)))
        .collect();
    pdus.into_values().collect()
}

/// The log names the operation of the RPC interface; we also say which control or read it is.
fn our_profinet(message: &Message) -> Option<Claim> {
    const OPERATIONS: &[&str] =
        &["connect", "release", "read implicit", "read", "write", "control"];
    let ours = plain(message.text("operation"));
    // a ping and its answers are RPC packet types of their own, not requests
    let apart = matches!(ours.as_str(), "ping" | "working" | "nocall");
    // F-parameters are written as other records are; we tell them as PROFIsafe
    let ours_too = matches!(message.protocol(), "profinet-cm" | "profisafe");
    if !ours_too || message.is("notice") || apart {
        return None;
    }
    let operation = OPERATIONS.iter().find(|name| ours.starts_with(**name)).copied();
    let claim = Claim::new(message.way()).with("operation", operation.unwrap_or(&ours));
    Some(claim.with("kind", message.text("kind")))
}

#[cfg(test)]
mod tests {
    use super::{cip_object, modbus_code, our_modbus_detailed, range};
    use crate::oracle::ours::Message;

    #[test]
    fn names_and_unknown_codes_become_numbers_without_the_exception_bit() {
        assert_eq!(modbus_code("READ_COILS"), "1");
        assert_eq!(modbus_code("READ_COILS_EXCEPTION"), "1");
        assert_eq!(modbus_code("unknown-156"), "28");
    }

    #[test]
    fn objects_are_taken_apart() {
        assert_eq!(range("holding 100..109"), ("100".to_owned(), "10".to_owned()));
        assert_eq!(range("coils 7"), ("7".to_owned(), "1".to_owned()));
        assert_eq!(range(""), (String::new(), String::new()));
        assert_eq!(cip_object("class 0x6b instance 5 attr 1"), "class 0x6b instance 0x5");
    }

    #[test]
    fn an_exchange_is_one_claim_with_what_was_asked_and_answered() {
        let common = r#""source":"10.0.0.1:9","target":"10.0.0.2:502","protocol":"modbus",
            "id":1,"unit":2,"object":"holding 1..2""#;
        let request = format!(r#"{{{common},"kind":"request","code":16,"values":"[170, 187]"}}"#);
        let response = format!(r#"{{{common},"kind":"response","code":16,"outcome":"ok"}}"#);
        let claims = our_modbus_detailed(&[Message::of(&request), Message::of(&response)]);
        let [claim] = &claims[..] else { panic!("{claims:?}") };
        let shown: Vec<String> =
            claim.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let expected = ["id=1", "unit=2", "address=1", "quantity=2", "written=170,187", "code=16"];
        assert_eq!(shown, expected);
    }
}
