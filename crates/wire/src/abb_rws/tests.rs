//! Requests of both generations as public clients send them, and how they are judged.

use crate::http::ENTRY;
use crate::testing::{Seen, never_panics, run};
use crate::{Effect, Protocol, Side};

fn request(method: &str, target: &str, fields: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("{method} {target} HTTP/1.1\r\n{fields}Content-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

fn one(method: &str, target: &str, body: &str) -> Seen {
    run(&ENTRY, &[(Side::Client, &request(method, target, "", body))]).remove(0)
}

fn effect(operation: &str) -> Effect {
    let tables = Protocol::ABB_RWS.entry().operations;
    tables.iter().flat_map(|table| table.iter()).find(|row| row.name == operation).unwrap().effect
}

#[test]
fn both_generations_name_the_same_operations() {
    for (first, second, body, line) in [
        (
            "/rw/rapid/execution?action=start",
            "/rw/rapid/execution/start",
            "regain=continue&execmode=continue",
            "request start program [operate] /rw/rapid/execution",
        ),
        (
            "/rw/rapid/execution?action=stop",
            "/rw/rapid/execution/stop?mastership=implicit",
            "stopmode=stop",
            "request stop program [operate] /rw/rapid/execution",
        ),
        (
            "/rw/rapid/tasks/T_ROB1?action=loadmod",
            "/rw/rapid/tasks/T_ROB1/loadmod",
            "modulepath=HOME/a.mod",
            "request load module [program] /rw/rapid/tasks/T_ROB1",
        ),
        (
            "/rw/iosystem/signals/Local/DRV_1/DO1?action=set",
            "/rw/iosystem/signals/Local/DRV_1/DO1/set-value",
            "lvalue=1",
            "request set signal [operate] /rw/iosystem/signals/Local/DRV_1/DO1",
        ),
        (
            "/rw/motionsystem?action=jog",
            "/rw/motionsystem/jog",
            "axis1=900&ccount=0",
            "request jog [operate] /rw/motionsystem",
        ),
        (
            "/rw/elog/0?action=clear",
            "/rw/elog/0/clear",
            "",
            "request clear event log [administer] /rw/elog/0",
        ),
    ] {
        assert_eq!(one("POST", first, body).line(), line);
        assert_eq!(one("POST", second, body).line(), line);
    }
    assert_eq!(effect("jog"), Effect::Motion);
    assert_eq!(effect("load module"), Effect::Download);
}

#[test]
fn motors_are_switched_by_a_word_in_the_body() {
    let old = one("POST", "/rw/panel/ctrlstate?action=setctrlstate", "ctrl-state=motoron");
    assert_eq!(old.line(), "request motors on [operate] /rw/panel/ctrlstate");
    assert_eq!(old.values, "ctrl-state=motoron");
    let new = one("POST", "/rw/panel/ctrl-state", "ctrl-state=motoroff");
    assert_eq!(new.line(), "request motors off [operate] /rw/panel/ctrl-state");
    let keyless = one("POST", "/rw/panel/ctrl-state/keyless-motoron", "");
    assert_eq!(keyless.line(), "request motors on [operate] /rw/panel/ctrl-state");
}

#[test]
fn a_pin_is_not_shown() {
    let seen = one("POST", "/rw/panel/opmode/lock", "pin=1234&permanent=1");
    assert_eq!(seen.line(), "request lock operating mode [administer] /rw/panel/opmode");
    assert_eq!(seen.values, "");
}

#[test]
fn reading_changes_nothing() {
    for (target, line) in [
        ("/rw/rapid/execution", "request read execution state [observe] /rw/rapid/execution"),
        ("/rw/system?json=1", "request read system [observe] /rw/system"),
        ("/fileservice/$home", "request list directory [observe] /fileservice/$home"),
        ("/fileservice/$home/a.mod", "request read file [observe] /fileservice/$home/a.mod"),
    ] {
        assert_eq!(one("GET", target, "").line(), line);
    }
    assert_eq!(
        one("POST", "/rw/newservice/x", "").protocol,
        "http",
        "a service that is not ABB's is not claimed"
    );
    assert_eq!(one("POST", "/rw/rapid/x", "").line(), "request change rapid [unknown] /rw/rapid/x");
}

#[test]
fn a_module_that_is_written_or_read_is_handed_out() {
    let put = request("PUT", "/fileservice/$home/Main.mod", "", "MODULE Main");
    let get = request("GET", "/fileservice/$home/Main.mod", "", "");
    let done = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
    let file = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nMODULE Main";
    let seen = run(
        &ENTRY,
        &[(Side::Client, &put), (Side::Server, done), (Side::Client, &get), (Side::Server, file)],
    );
    let pieces: Vec<_> = seen.iter().filter_map(|seen| seen.piece.as_deref()).collect();
    assert_eq!(
        pieces,
        [
            "Whole RAPID module Main.mod to Server, 11 bytes at 0",
            "Whole RAPID module Main.mod to Client, 11 bytes at 0",
        ]
    );
    assert_eq!(seen[0].line(), "request write file [program] /fileservice/$home/Main.mod");
    assert_eq!(seen[2].line(), "response write file [program] /fileservice/$home/Main.mod = ok");
    assert_eq!(seen[2].facts, ["role=robot", "vendor=ABB"]);
    assert!(seen.iter().all(|seen| seen.protocol == "abb-rws"));
}

#[test]
fn paths_that_others_have_need_something_of_abbs() {
    let plain = request("POST", "/ctrl/restart", "", "restart-mode=restart");
    assert_eq!(
        run(&ENTRY, &[(Side::Client, &plain)])[0].line(),
        "request post [unknown] /ctrl/restart"
    );
    for fields in [
        "Authorization: Digest username=\"u\", realm=\"validusers@robapi.abb\"\r\n",
        "Cookie: -http-session-=1::http.session::2; ABBCX=12\r\n",
        "Content-Type: application/x-www-form-urlencoded;v=2.0\r\n",
        "Accept: application/hal+json;v=2.0\r\n",
    ] {
        let bytes = request("POST", "/ctrl/restart", fields, "restart-mode=restart");
        assert_eq!(
            run(&ENTRY, &[(Side::Client, &bytes)])[0].line(),
            "request restart controller [administer] /ctrl/restart",
            "{fields}"
        );
    }
    let known = request("GET", "/rw/system", "", "");
    let seen = run(&ENTRY, &[(Side::Client, &known), (Side::Client, &plain)]);
    assert_eq!(seen[1].protocol, "abb-rws");
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &request("POST", "/rw/panel/ctrlstate", "", "ctrl-state=motoron"));
    never_panics(&ENTRY, &request("PUT", "/fileservice/$home/a.mod", "", "MODULE"));
}

#[test]
fn a_copy_and_a_new_name_act_on_more_than_the_path() {
    let body = "fs-action=rename&fs-newname=b.mod";
    let seen = one("POST", "/fileservice/$HOME/a.mod", body);
    assert_eq!(seen.line(), "request rename file [program] /fileservice/$HOME/a.mod, and 1 more");
    assert_eq!(seen.values, body);
}
