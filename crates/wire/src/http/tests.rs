//! HTTP/1.x from constant bytes, composed after the examples of RFC 9112.

use super::ENTRY;
use crate::testing::{Collector, Seen, identify, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Step, Transport};

const GET: &[u8] = b"GET /status/a HTTP/1.1\r\nHost: robot-7\r\nUser-Agent: curl/8.5\r\n\r\n";
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
        ["request get [observe] /status/a", "response get [observe] /status/a = ok"]
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
            "request get [observe] /status/a",
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

/// The content of an upload of `b.mod` beside a field that is no file.
const FORM: &[u8] = b"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\
    --xyz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"b.mod\"\r\n\
    Content-Type: text/plain\r\n\r\nMODULE b\r\n--xy\r\nENDMODULE\r\n--xyz--\r\n";

fn post_form(from: usize) -> Vec<Vec<u8>> {
    let head = format!(
        "POST /up HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=xyz\r\n\
         Content-Length: {}\r\n\r\n",
        FORM.len()
    );
    let whole = [head.as_bytes(), FORM].concat();
    let (first, second) = whole.split_at(head.len() + from);
    vec![first.to_vec(), second.to_vec()]
}

#[test]
fn a_file_in_a_form_is_cut_out_wherever_the_segments_end() {
    for place in 0..FORM.len() {
        let parts = post_form(place);
        let parts: Vec<_> = parts.iter().map(|part| (Side::Client, &part[..])).collect();
        let seen = run(&ENTRY, &parts);
        let pieces: Vec<_> = seen.iter().filter_map(|seen| seen.piece.clone()).collect();
        let bytes: usize = pieces
            .iter()
            .map(|piece| {
                let words: Vec<_> = piece.split(", ").collect();
                words[1].split(' ').next().unwrap().parse::<usize>().unwrap()
            })
            .sum();
        assert_eq!(bytes, "MODULE b\r\n--xy\r\nENDMODULE".len(), "{place}: {pieces:?}");
        assert!(pieces[0].starts_with("First RAPID module b.mod to Server"), "{pieces:?}");
        assert!(pieces[pieces.len() - 1].starts_with("Last RAPID module b.mod"), "{pieces:?}");
        assert_eq!(seen[0].line(), "request post [unknown] /up");
        assert_eq!(seen[1].line(), "notice upload program [program] b.mod");
    }
}

#[test]
fn programs_are_handed_out_by_their_name_and_other_files_are_not() {
    let put = |target: &str| {
        let text = format!("PUT {target} HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello");
        run(&ENTRY, &[(Side::Client, text.as_bytes())])
    };
    let seen = put("/web/pick.script?x=1");
    assert_eq!(
        lines(&seen),
        [
            "request upload program [program] /web/pick.script?x=1",
            "notice file content [program] pick.script"
        ]
    );
    assert_eq!(
        seen[1].piece.as_deref(),
        Some("Whole URScript pick.script to Server, 5 bytes at 0")
    );
    assert_eq!(put("/web/photo.jpeg").len(), 1);
}

#[test]
fn a_downloaded_program_is_handed_out_chunk_by_chunk() {
    let get = b"GET /p/Main.mod HTTP/1.1\r\n\r\n";
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        4\r\nMODU\r\n2\r\nLE\r\n0\r\n\r\n";
    let seen = run(&ENTRY, &[(Side::Client, get), (Side::Server, chunked), (Side::Server, OK)]);
    let pieces: Vec<_> = seen.iter().filter_map(|seen| seen.piece.as_deref()).collect();
    assert_eq!(
        pieces,
        [
            "First RAPID module Main.mod to Client, 4 bytes at 0",
            "Next RAPID module Main.mod to Client, 2 bytes at 4",
            "Last RAPID module Main.mod to Client, 0 bytes at 6",
        ]
    );
    assert_eq!(seen[0].line(), "request download program [observe] /p/Main.mod");
    assert_eq!(seen[seen.len() - 1].line(), "response response [unknown] = ok");
}

#[test]
fn a_server_that_asks_for_the_body_first_answers_nothing_yet() {
    let head = b"PUT /rw/panel/ctrlstate HTTP/1.1\r\nExpect: 100-continue\r\n\
        Content-Length: 18\r\n\r\n";
    let whole = [&head[..], b"ctrl-state=motoron"].concat();
    let mut session = (ENTRY.open)();
    let mut seen = Collector::default();
    let step = session.parse(Side::Client, head, &mut seen);
    assert_eq!(step, Step::Need(whole.len()));
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n";
    assert_eq!(session.parse(Side::Server, interim, &mut seen), Step::Read(interim.len()));
    session.parse(Side::Client, &whole, &mut seen);
    assert_eq!(lines(&seen.0), ["request motors on [operate] /rw/panel/ctrlstate"]);
}

#[test]
fn what_is_no_whole_file_is_not_handed_out() {
    let get = b"GET /p/Main.mod HTTP/1.1\r\n\r\n";
    for head in [
        "HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n",
    ] {
        let answer = format!("{head}xx");
        let seen = run(&ENTRY, &[(Side::Client, get), (Side::Server, answer.as_bytes())]);
        assert_eq!(seen.len(), 2, "{head}");
    }
    let named = b"HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"a.urp\"\r\n\
        Content-Length: 2\r\n\r\nxx";
    let page = b"GET /page HTTP/1.1\r\n\r\n";
    let seen = run(&ENTRY, &[(Side::Client, page), (Side::Server, named)]);
    assert_eq!(seen[2].piece.as_deref(), Some("Whole UR program a.urp to Client, 2 bytes at 0"));
    let open = b"HTTP/1.0 200 OK\r\n\r\nMODULE";
    let seen = run(&ENTRY, &[(Side::Client, get), (Side::Server, open), (Side::Server, b"x")]);
    assert_eq!(
        seen[3].piece.as_deref(),
        Some("Next RAPID module Main.mod to Client, 1 bytes at 6")
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
    never_panics(&ENTRY, &post_form(0).concat());
}
