//! HTTP/1.x from constant bytes, composed after the examples of RFC 9112.

use super::ENTRY;
use crate::testing::{Seen, identify, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Transport};

const GET: &[u8] = b"GET /rw/system HTTP/1.1\r\nHost: robot-7\r\nUser-Agent: curl/8.5\r\n\r\n";
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nServer: RobotServer/6.0\r\nContent-Length: 5\r\n\r\nhello";

fn lines(seen: &[Seen]) -> Vec<String> {
    seen.iter().map(Seen::line).collect()
}

fn of_client(bytes: &[u8]) -> Seen {
    run(&ENTRY, &[(Side::Client, bytes)]).remove(0)
}

#[test]
fn a_response_repeats_the_path_and_method_of_its_request() {
    let seen = run(&ENTRY, &[(Side::Client, GET), (Side::Server, OK)]);
    assert_eq!(
        lines(&seen),
        ["request get [observe] /rw/system", "response get [observe] /rw/system = ok"]
    );
    assert_eq!((seen[0].values.as_str(), seen[1].code), ("host robot-7", 200));
    assert_eq!(seen[0].facts, ["software=curl/8.5"]);
    assert_eq!(seen[1].facts, ["software=RobotServer/6.0"]);
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn pipelined_requests_are_answered_in_order_and_bodies_are_passed_over() {
    let requests = [b"POST /a HTTP/1.1\r\nContent-Length: 14\r\n\r\nGET / HTTP/1.1", GET].concat();
    let responses = [&b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"[..], OK].concat();
    let seen = run(&ENTRY, &[(Side::Client, &requests), (Side::Server, &responses)]);
    assert_eq!(
        lines(&seen),
        [
            "request post [unknown] /a",
            "request get [observe] /rw/system",
            "response post [unknown] /a = forbidden",
            "response get [observe] = ok",
        ]
    );
}

#[test]
fn chunks_and_their_trailer_are_passed_over() {
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n\
        4;x=y\r\nHTTP\r\n2\r\n/1\r\n0\r\nExpires: never\r\n\r\nHTTP/1.1 500 No\r\n\r\n";
    let seen = run(&ENTRY, &[(Side::Client, GET), (Side::Client, GET), (Side::Server, chunked)]);
    assert_eq!(seen.len(), 4);
    assert_eq!(seen[3].line(), "response get [observe] = internal server error");
}

#[test]
fn responses_without_a_body_do_not_swallow_the_next_one() {
    let head = b"HEAD /x HTTP/1.1\r\n\r\n";
    let sized = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n";
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n";
    let unchanged = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n";
    let answers = [&sized[..], interim, unchanged].concat();
    let seen = run(&ENTRY, &[(Side::Client, head), (Side::Client, GET), (Side::Server, &answers)]);
    assert_eq!(seen.iter().skip(2).map(|seen| seen.code).collect::<Vec<_>>(), [200, 100, 304]);
}

#[test]
fn basic_logins_tell_the_account_and_whether_the_password_is_the_shipped_one() {
    // Default User:robotics
    let seen = of_client(
        b"POST /rw HTTP/1.1\r\nAuthorization: Basic RGVmYXVsdCBVc2VyOnJvYm90aWNz\r\n\r\n",
    );
    assert_eq!(seen.facts, ["login=HTTP Basic Default User cleartext default"]);
    // bob:secret
    let seen = of_client(b"GET / HTTP/1.1\r\nauthorization: basic Ym9iOnNlY3JldA==\r\n\r\n");
    assert_eq!(seen.facts, ["login=HTTP Basic bob cleartext"]);
}

#[test]
fn digest_logins_are_not_cleartext_and_tokens_are() {
    let seen = of_client(
        b"GET / HTTP/1.1\r\nAuthorization: Digest realm=\"r\", username=\"Default User\", x=1\r\n\r\n",
    );
    assert_eq!(seen.facts, ["login=HTTP Digest Default User"]);
    let seen = of_client(b"GET / HTTP/1.1\r\nAuthorization: Bearer abc.def\r\n\r\n");
    assert_eq!(seen.facts, ["login=HTTP Bearer bearer cleartext"]);
}

#[test]
fn an_upgraded_stream_is_not_read_as_http() {
    let upgrade = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
    let seen = run(
        &ENTRY,
        &[(Side::Client, GET), (Side::Server, upgrade), (Side::Client, GET), (Side::Server, OK)],
    );
    assert_eq!(seen.len(), 2);
    let connect = b"CONNECT a.example:443 HTTP/1.1\r\n\r\n";
    let seen = run(&ENTRY, &[(Side::Client, connect), (Side::Server, OK), (Side::Client, GET)]);
    assert_eq!(seen.len(), 2);
}

#[test]
fn http_2_is_recognised_and_not_read() {
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    let seen = run(&ENTRY, &[(Side::Client, preface), (Side::Server, b"\0\0\0\x04\0\0\0\0\0")]);
    assert_eq!(lines(&seen), ["request http/2 [unknown]"]);
}

#[test]
fn commands_of_robots_are_judged_by_path_and_body() {
    let of = |method: &str, target: &str, body: &str| {
        let length = body.len();
        let bytes = format!("{method} {target} HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{body}");
        let seen = of_client(bytes.as_bytes());
        format!("{} {}", seen.operation, seen.intent)
    };
    let ur = "/universal-robots/robot-api/robotstate/v1/state";
    assert_eq!(
        of("PUT", ur, r#"{"action":"UNLOCK_PROTECTIVE_STOP"}"#),
        "ur unlock protective stop safety"
    );
    assert_eq!(of("PUT", ur, r#"{"action":"POWER_ON"}"#), "ur power or brake operate");
    let rapid = "/rw/rapid/execution?action=start";
    assert_eq!(of("POST", rapid, "regain=continue&stopatbp=x"), "rws start program operate");
    assert_eq!(
        of("POST", "/rw/rapid/execution/start", "regain=continue"),
        "rws start program operate"
    );
    let load = "/rw/rapid/tasks/T_ROB1?action=loadmod";
    assert_eq!(of("POST", load, "modulepath=a.mod"), "rws load module program");
    assert_eq!(of("POST", "/other", "x"), "post unknown");
    let whole = format!("PUT {ur} HTTP/1.1\r\nContent-Length: 4\r\n\r\nplay");
    truncations(&ENTRY, Side::Client, whole.as_bytes());
}

#[test]
fn reading_a_robot_changes_nothing() {
    let of = |target: &str| of_client(format!("GET {target} HTTP/1.1\r\n\r\n").as_bytes()).line();
    assert_eq!(of("/rw/rapid/execution"), "request get [observe] /rw/rapid/execution");
    assert_eq!(
        of("/fileservice/$home/a.mod"),
        "request rws read file [observe] /fileservice/$home/a.mod"
    );
}

#[test]
fn lengths_that_contradict_each_other_are_anomalies() {
    let of = |fields: &str| {
        of_client(format!("POST / HTTP/1.1\r\n{fields}\r\n\r\n").as_bytes()).anomalies
    };
    assert_eq!(
        of("Content-Length: 4\r\nTransfer-Encoding: chunked"),
        ["both a content length and chunks"]
    );
    assert_eq!(
        of("Content-Length: 4\r\nContent-Length: 5"),
        ["content lengths contradict each other"]
    );
    assert_eq!(of("Content-Length: 4x"), ["content length is no number"]);
    assert_eq!(of("Content Length 4"), ["header line without a colon"]);
    assert!(of("Content-Length: 4\r\nContent-Length: 4").is_empty());
}

#[test]
fn robot_commands_and_other_protocols_with_such_lines_are_not_http() {
    for bytes in [
        &b"OPTIONS rtsp://a/ RTSP/1.0\r\n\r\n"[..],
        b"INVITE sip:a@b SIP/2.0\r\n\r\n",
        b"play\n",
        b"PLAY 1\r\n",
        b"USER bob\r\n",
        b"HTTP/2.0 200",
    ] {
        assert_eq!(identify_tcp(&ENTRY, bytes, true), Guess::No, "{bytes:?}");
    }
    assert_eq!(identify_tcp(&ENTRY, GET, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, OK, false), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, b"GET /long", false), Guess::More);
    let search = b"M-SEARCH * HTTP/1.1\r\n\r\n";
    assert_eq!(identify(&ENTRY, Transport::Udp, search, false), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, GET);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, GET);
    never_panics(&ENTRY, OK);
}
