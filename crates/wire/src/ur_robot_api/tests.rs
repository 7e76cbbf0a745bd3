//! Requests as the maker's own clients send them, and how they are judged.

use crate::http::ENTRY;
use crate::testing::{Seen, never_panics, run, truncations};
use crate::{Effect, Protocol, Side};

const ROOT: &str = "/universal-robots/robot-api";

fn request(method: &str, path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "{method} {ROOT}{path} HTTP/1.1\r\nHost: robot\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn one(method: &str, path: &str, body: &str) -> Seen {
    let seen = run(&ENTRY, &[(Side::Client, &request(method, path, body))]).remove(0);
    assert_eq!(seen.protocol, "ur-robot-api");
    seen
}

fn effect(operation: &str) -> Effect {
    let tables = Protocol::UR_ROBOT_API.entry().operations;
    tables.iter().flat_map(|table| table.iter()).find(|row| row.name == operation).unwrap().effect
}

#[test]
fn commands_are_judged_by_resource_and_action() {
    for (path, body, line) in [
        (
            "/robotstate/v1/state",
            r#"{"action": "UNLOCK_PROTECTIVE_STOP"}"#,
            "request unlock protective stop [safety]",
        ),
        (
            "/robotstate/v1/state",
            r#"{"action": "RESTART_SAFETY"}"#,
            "request restart safety [safety]",
        ),
        ("/robotstate/v1/state/", r#"{"action":"POWER_ON"}"#, "request power on [operate]"),
        ("/robotstate/v1/state", r#"{"action":"MELT"}"#, "request set robot state [unknown]"),
        ("/program/v1/state", r#"{"action": "play"}"#, "request play [operate]"),
        ("/program/v1/state", r#"{"action": "stop"}"#, "request stop [operate]"),
        ("/program/v1/loaded", r#"{"name": "weld 7"}"#, "request load program [operate] weld 7"),
        ("/program/v1/load", r#"{"programName":"a"}"#, "request load program [operate] a"),
        ("/new/v1/thing", "{}", "request unlisted change [unknown] /new/v1/thing"),
    ] {
        assert_eq!(one("PUT", path, body).line(), line);
    }
    assert_eq!(effect("unlock protective stop"), Effect::UnlockProtectiveStop);
    assert_eq!(effect("upload program"), Effect::Download);
}

#[test]
fn reading_changes_nothing() {
    for (path, line) in [
        ("/robotstate/v1/robotmode", "request get robot mode [observe]"),
        ("/programs/v1/", "request list programs [observe]"),
        ("/programs/v1/weld", "request download program [observe] weld"),
        ("/robotstate/v1/new", "request read [observe] /robotstate/v1/new"),
        ("", "request read [observe]"),
    ] {
        assert_eq!(one("GET", path, "").line(), line);
    }
    let elsewhere = b"GET /universal-robots/robot-apis HTTP/1.1\r\n\r\n";
    assert_eq!(run(&ENTRY, &[(Side::Client, elsewhere)])[0].protocol, "http");
}

#[test]
fn an_answer_tells_what_it_says_and_whose_robot_it_is() {
    let get = request("GET", "/robotstate/v1/robotmode", "");
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{\"mode\":\"RUNNING\"}";
    let seen = run(&ENTRY, &[(Side::Client, &get), (Side::Server, answer)]);
    assert_eq!(seen[1].line(), "response get robot mode [observe] = ok");
    assert_eq!(seen[1].values, r#"{"mode":"RUNNING"}"#);
    assert_eq!(seen[1].facts, ["role=robot", "vendor=Universal Robots"]);
    let refused = b"HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n";
    let seen = run(&ENTRY, &[(Side::Client, &get), (Side::Server, refused)]);
    assert_eq!(seen[1].line(), "response get robot mode [observe] = conflict");
    assert!(seen[1].facts.is_empty());
}

#[test]
fn an_uploaded_program_is_handed_out_whatever_its_name_is() {
    let form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"filename\"\r\n\r\n\
                program\n\r\n--b--\r\n";
    let head = format!(
        "POST {ROOT}/programs/v1/ HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let seen = run(&ENTRY, &[(Side::Client, head.as_bytes())]);
    assert_eq!(seen[0].line(), "request upload program [program]");
    assert_eq!(seen[1].line(), "notice file content [program] filename");
    assert_eq!(seen[1].piece.as_deref(), Some("First UR program filename to Server, 8 bytes at 0"));
    assert_eq!(seen[2].piece.as_deref(), Some("Last UR program filename to Server, 0 bytes at 8"));
    assert!(seen.iter().all(|seen| seen.protocol == "ur-robot-api"));
}

#[test]
fn a_command_in_chunks_is_read_like_any_other() {
    let chunked = format!(
        "PUT {ROOT}/robotstate/v1/state HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\
         9\r\n{{\"action\"\r\n8\r\n:\"POWER_\r\n5\r\nOFF\"}}\r\n0\r\n\r\n"
    );
    let after = request("GET", "/program/v1/state", "");
    let both = [chunked.as_bytes(), &after].concat();
    for place in 1..chunked.len() {
        let mut session = (ENTRY.open)();
        let mut seen = crate::testing::Collector::default();
        // as `flow` does: what is not read is asked for again with more
        let mut rest = &both[..place];
        let mut kept = 0;
        while let crate::Step::Read(count) = session.parse(Side::Client, rest, &mut seen) {
            kept += count;
            rest = &both[kept.min(place)..place];
            if rest.is_empty() {
                break;
            }
        }
        let mut rest = &both[kept..];
        while !rest.is_empty() {
            let step = session.parse(Side::Client, rest, &mut seen);
            let crate::Step::Read(count) = step else { panic!("{place}: {step:?}") };
            rest = &rest[count..];
        }
        let lines: Vec<_> = seen.0.iter().map(Seen::line).collect();
        assert_eq!(
            lines,
            ["request power off [operate]", "request get program state [observe]"],
            "{place}"
        );
    }
}

#[test]
fn every_truncation_waits_and_nothing_panics() {
    let bytes = request("PUT", "/program/v1/state", r#"{"action": "play"}"#);
    let head = bytes.len() - r#"{"action": "play"}"#.len();
    for end in 1..bytes.len() {
        let seen = run(&ENTRY, &[(Side::Client, &bytes[..end])]);
        assert!(seen.is_empty(), "{end}");
    }
    truncations(&ENTRY, Side::Client, &request("GET", "/program/v1/state", ""));
    assert!(head > 0);
    never_panics(&ENTRY, &bytes);
}

#[test]
fn a_name_that_a_reader_of_json_could_find_elsewhere_is_no_object() {
    for body in [
        r#"{"name":"a","name":"b"}"#,
        r#"{"name":"a","programName":"b"}"#,
        r#"{"name":"a\u002fb"}"#,
        r#"{"name":"a","n\u0061me":"b"}"#,
        r#"{"other name":"a"}"#,
    ] {
        assert_eq!(one("PUT", "/program/v1/loaded", body).object, "", "{body}");
    }
}
