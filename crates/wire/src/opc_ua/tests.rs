//! OPC UA from constant bytes, laid out by hand after Part 6 clauses 5.2, 6.7 and 7.1.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Step};

/// Type id `[1, 0, low, high]`, null token, time, handle, no diagnostics, null audit entry,
/// timeout, null additional header.
const fn request_header(type_id: u16) -> [u8; 33] {
    let [low, high] = type_id.to_le_bytes();
    [
        1, 0, low, high, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 7, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0,
    ]
}

/// Type id, time, handle, result, no diagnostics, no strings, null additional header.
fn response_header(type_id: u16, result: u32) -> Vec<u8> {
    let mut header = vec![1, 0];
    header.extend(type_id.to_le_bytes());
    header.extend([9, 9, 9, 9, 9, 9, 9, 9, 7, 0, 0, 0]);
    header.extend(result.to_le_bytes());
    header.extend([0, 255, 255, 255, 255, 0, 0, 0]);
    header
}

/// A chunk of this type around a body.
fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8).unwrap().to_le_bytes();
    [&kind[..], &size, body].concat()
}

/// Channel 5, token 1, sequence number 51, request id 3.
fn message(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    chunk(kind, &[&[5, 0, 0, 0, 1, 0, 0, 0, 51, 0, 0, 0, 3, 0, 0, 0], body].concat())
}

fn string(text: &str) -> Vec<u8> {
    [&u32::try_from(text.len()).unwrap().to_le_bytes(), text.as_bytes()].concat()
}

const NULL: [u8; 4] = [255; 4];

/// Open secure channel with this policy; the body only where it is readable.
fn open(policy: &str, body: &[u8]) -> Vec<u8> {
    let uri = string(&format!("http://opcfoundation.org/UA/SecurityPolicy#{policy}"));
    let sequence = [50, 0, 0, 0, 2, 0, 0, 0];
    chunk(b"OPNF", &[&[5, 0, 0, 0], &uri[..], &NULL, &NULL, &sequence, body].concat())
}

/// Protocol version 0, issue, mode None, null nonce, lifetime.
fn open_plain() -> Vec<u8> {
    let fields = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 1, 0];
    open("None", &[&request_header(446)[..], &fields].concat())
}

/// `ns=2;s=Line.Speed`, value attribute, null index range, a double of 1.5.
fn write() -> Vec<u8> {
    let mut body = request_header(673).to_vec();
    body.extend([1, 0, 0, 0, 3, 2, 0]);
    body.extend(string("Line.Speed"));
    body.extend([13, 0, 0, 0, 255, 255, 255, 255, 1, 11]);
    body.extend(1.5_f64.to_le_bytes());
    body
}

/// Results of one operation, no diagnostics.
fn write_result(code: u32) -> Vec<u8> {
    let mut body = response_header(676, 0);
    body.extend([1, 0, 0, 0]);
    body.extend(code.to_le_bytes());
    body.extend(NULL);
    body
}

/// Activate session with a token of this type.
fn activate(token: u16, fields: &[u8]) -> Vec<u8> {
    let mut body = request_header(467).to_vec();
    body.extend([NULL, NULL, NULL, NULL].concat());
    body.extend([1, 0]);
    body.extend(token.to_le_bytes());
    body.push(1);
    body.extend(u32::try_from(fields.len()).unwrap().to_le_bytes());
    body.extend(fields);
    body.extend([NULL, NULL].concat());
    body
}

fn client(parts: &[Vec<u8>]) -> Vec<Seen> {
    let parts: Vec<_> = parts.iter().map(|bytes| (Side::Client, &bytes[..])).collect();
    run(&ENTRY, &parts)
}

#[test]
fn hello_names_the_endpoint_and_acknowledge_answers_it() {
    let hello = chunk(b"HELF", &[&[0; 20][..], &string("opc.tcp://cell:4840")].concat());
    let seen =
        run(&ENTRY, &[(Side::Client, &hello), (Side::Server, &chunk(b"ACKF", &[0; 20])[..])]);
    assert_eq!(seen[0].line(), "request hello [session] opc.tcp://cell:4840");
    assert_eq!(seen[1].line(), "response hello [session] = ok");
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
    let error = chunk(b"ERRF", &[&[0, 0, 0x83, 0x80][..], &string("no such path")].concat());
    let seen = run(&ENTRY, &[(Side::Client, &hello), (Side::Server, &error)]);
    assert_eq!(seen[1].line(), "response hello [session] = BadTcpEndpointUrlInvalid");
    let seen = run(&ENTRY, &[(Side::Server, &error)]);
    assert_eq!(seen[0].line(), "notice error [session] = BadTcpEndpointUrlInvalid");
    assert_eq!(seen[0].values, "no such path");
}

#[test]
fn a_write_names_its_node_and_its_value_and_the_answer_repeats_the_node() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &message(b"MSGF", &write())),
            (Side::Server, &message(b"MSGF", &write_result(0x801f_0000))),
            (Side::Client, &message(b"MSGF", &write())),
            (Side::Server, &message(b"MSGF", &write_result(0))),
        ],
    );
    assert_eq!(seen[0].line(), "request write [operate] ns=2;s=Line.Speed");
    assert_eq!((seen[0].values.as_str(), seen[0].id, seen[0].code), ("[1.5]", Some(3), 673));
    assert_eq!(seen[1].line(), "response write [operate] ns=2;s=Line.Speed = BadUserAccessDenied");
    assert_eq!(seen[3].line(), "response write [operate] ns=2;s=Line.Speed = ok");
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()), "{seen:?}");
}

#[test]
fn a_service_fault_answers_the_service_that_was_asked() {
    let fault = message(b"MSGF", &response_header(397, 0x8025_0000));
    let seen = run(&ENTRY, &[(Side::Client, &message(b"MSGF", &write())), (Side::Server, &fault)]);
    assert_eq!(seen[1].line(), "response write [operate] ns=2;s=Line.Speed = BadSessionIdInvalid");
    assert_eq!(seen[1].code, 397);
    let alone = run(&ENTRY, &[(Side::Server, &fault)]);
    assert_eq!(alone[0].line(), "response service fault [session] = BadSessionIdInvalid");
    assert_eq!(alone[0].anomalies, ["response without a request seen"]);
}

#[test]
fn a_call_names_the_method_and_its_object() {
    // i=1000 in namespace 2, method with a GUID in namespace 3, one argument
    let mut body = request_header(712).to_vec();
    body.extend([1, 0, 0, 0, 1, 2, 0xe8, 3, 4, 3, 0]);
    body.extend([4, 3, 2, 1, 6, 5, 8, 7, 9, 10, 11, 12, 13, 14, 15, 16]);
    body.extend([1, 0, 0, 0, 1, 1]);
    let seen = client(&[message(b"MSGF", &body)]);
    assert_eq!(
        seen[0].line(),
        "request call [operate] ns=3;g=01020304-0506-0708-090a-0b0c0d0e0f10 of ns=2;i=1000"
    );
    assert_eq!(seen[0].values, "[true]");
    assert!(seen[0].anomalies.is_empty());
}

#[test]
fn many_nodes_are_listed_to_a_bound_and_the_rest_counted() {
    let browse = |count: u8| {
        let mut body = request_header(527).to_vec();
        body.extend([0; 2 + 16]);
        body.extend([count, 0, 0, 0]);
        for node in 1..=count {
            body.extend([0, node, 0, 0, 0, 0, 0, 33, 1, 0, 0, 0, 0, 63, 0, 0, 0]);
        }
        client(&[message(b"MSGF", &body)]).remove(0)
    };
    assert_eq!(browse(2).line(), "request browse [observe] i=1, i=2");
    assert_eq!(browse(8).object, "i=1, i=2, i=3, i=4, i=5, i=6, i=7, i=8");
    assert_eq!(browse(9).object, "i=1, i=2, i=3, i=4, i=5, i=6, i=7, i=8, and 1 more");
    assert!(browse(9).anomalies.is_empty());
}

#[test]
fn an_anonymous_session_that_writes_is_marked_and_a_named_one_is_not() {
    let anonymous = message(b"MSGF", &activate(321, &string("0")));
    let seen = client(&[anonymous, message(b"MSGF", &write())]);
    assert_eq!(seen[0].line(), "request activate session [session] anonymous");
    assert_eq!(seen[1].anomalies, ["an anonymous session changes something"]);
    assert_eq!(seen[1].facts, ["unprotected=OPC UA anonymous session that writes"]);
    let token = [string("1"), string("joe"), string("pw"), NULL.to_vec()].concat();
    let seen = client(&[message(b"MSGF", &activate(324, &token)), message(b"MSGF", &write())]);
    assert_eq!(seen[0].line(), "request activate session [session] user joe");
    assert_eq!(seen[0].facts, ["login=OPC UA user name joe cleartext"]);
    assert!(seen[1].anomalies.is_empty() && seen[1].facts.is_empty());
}

#[test]
fn a_channel_without_security_is_told_once_and_not_for_discovery() {
    // get endpoints: null URL, locales and profiles
    let endpoints = [&request_header(428)[..], &NULL, &NULL, &NULL].concat();
    let discover = message(b"MSGF", &endpoints);
    let seen = client(&[open_plain(), discover.clone()]);
    assert!(seen.iter().all(|seen| seen.facts.is_empty()), "{seen:?}");
    let seen = client(&[
        open_plain(),
        discover,
        message(b"MSGF", &write()),
        open_plain(),
        message(b"MSGF", &write()),
    ]);
    let told: Vec<_> = seen.iter().map(|seen| seen.facts.join(" ")).collect();
    assert_eq!(told, ["", "", "unprotected=OPC UA security policy None", "", ""]);
    // of a channel that was opened before nothing is known
    assert!(client(&[message(b"MSGF", &write())])[0].facts.is_empty());
}

#[test]
fn an_encrypted_password_is_not_in_clear_and_a_known_one_is_default() {
    let token = |secret: &str, algorithm: &str| {
        let fields = [string("1"), string("admin"), string(secret), string(algorithm)].concat();
        client(&[message(b"MSGF", &activate(324, &fields))])[0].facts.clone()
    };
    let rsa = "http://www.w3.org/2001/04/xmlenc#rsa-oaep";
    assert_eq!(token("\u{1}\u{2}", rsa), ["login=OPC UA user name admin"]);
    assert_eq!(token("admin", ""), ["login=OPC UA user name admin cleartext default"]);
}

#[test]
fn the_policy_of_a_channel_is_shown_and_deprecated_ones_are_obsolete() {
    let seen = client(&[open_plain()]);
    assert_eq!(seen[0].line(), "request open secure channel [session] None");
    assert_eq!(seen[0].values, "None");
    assert!(seen[0].anomalies.is_empty());
    let seen = client(&[open("Basic128Rsa15", &[0xaa; 64])]);
    assert_eq!(seen[0].line(), "request open secure channel [session] Basic128Rsa15");
    assert_eq!(seen[0].facts, ["obsolete=OPC UA Basic128Rsa15"]);
    let seen = client(&[open("Basic256Sha256", &[0xaa; 64])]);
    assert!(seen[0].facts.is_empty() && seen[0].anomalies.is_empty());
}

#[test]
fn a_signed_channel_is_read_and_an_encrypted_one_only_noticed() {
    let signed = [&write()[..], &[0x5a; 32]].concat();
    let seen = client(&[open("Basic256Sha256", &[0xaa; 64]), message(b"MSGF", &signed)]);
    assert_eq!(seen[1].line(), "request write [operate] ns=2;s=Line.Speed");
    assert!(seen[1].anomalies.is_empty());
    let seen = client(&[open("Basic256Sha256", &[0xaa; 64]), message(b"MSGF", &[0xc3; 96])]);
    assert_eq!(seen[1].line(), "request encrypted message [unknown]");
    assert!(seen[1].anomalies.is_empty());
    let seen = client(&[open("Basic256Sha256", &[0xaa; 64]), message(b"CLOF", &[0xc3; 96])]);
    assert_eq!(seen[1].line(), "request close secure channel [session]");
}

#[test]
fn a_message_in_chunks_is_put_together_and_an_abort_drops_it() {
    let write = write();
    let (first, rest) = write.split_at(40);
    let (second, third) = rest.split_at(11);
    let seen =
        client(&[message(b"MSGC", first), message(b"MSGC", second), message(b"MSGF", third)]);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].line(), "request write [operate] ns=2;s=Line.Speed");
    assert!(seen[0].anomalies.is_empty());
    let abort = [&[0, 0, 0x03, 0x80][..], &NULL].concat();
    let seen = client(&[message(b"MSGC", first), message(b"MSGA", &abort)]);
    assert_eq!(seen[0].line(), "request abort [session] = BadOutOfMemory");
}

#[test]
fn a_message_past_the_bound_is_shown_in_part() {
    let filler = vec![0; 60 * 1024];
    let mut body = request_header(712).to_vec();
    // one call of ns=1;i=7 with a byte string of 180 KiB
    body.extend([1, 0, 0, 0, 0, 85, 1, 1, 7, 0, 1, 0, 0, 0, 15]);
    body.extend((180_u32 * 1024).to_le_bytes());
    let parts = [
        message(b"MSGC", &body),
        message(b"MSGC", &filler),
        message(b"MSGC", &filler),
        message(b"MSGF", &filler),
    ];
    let seen = client(&parts);
    assert_eq!(seen[0].line(), "request call [operate] ns=1;i=7 of i=85");
    assert_eq!(seen[0].anomalies, ["message is longer than what is read of it"]);
}

#[test]
fn a_server_describes_itself_in_its_endpoints_and_build_information() {
    let application =
        [string("urn:cell:ua"), string("urn:acme:plc"), vec![2], string("Cell PLC"), vec![0; 4]]
            .concat();
    let endpoint = [
        string("opc.tcp://cell:4840"),
        application,
        [NULL, NULL, NULL].concat(), // gateway, profile, no URLs
        NULL.to_vec(),               // certificate
        vec![1, 0, 0, 0],
        [NULL, NULL, NULL].concat(), // policy, no tokens, profile
        vec![0],
    ]
    .concat();
    let body = [response_header(431, 0), vec![1, 0, 0, 0], endpoint].concat();
    let seen = run(&ENTRY, &[(Side::Server, &message(b"MSGF", &body))]);
    assert_eq!(seen[0].facts, ["software=urn:cell:ua", "product=urn:acme:plc", "name=Cell PLC"]);
    assert_eq!(seen[0].anomalies, ["response without a request seen"]);

    // read the value of i=2264, software version
    let mut read = request_header(631).to_vec();
    read.extend([0; 12]);
    read.extend([1, 0, 0, 0, 1, 0, 0xd8, 8, 13, 0, 0, 0, 255, 255, 255, 255, 0, 0]);
    read.extend(NULL);
    let mut answer = response_header(634, 0);
    answer.extend([1, 0, 0, 0, 1, 12]);
    answer.extend(string("1.3.2"));
    answer.extend(NULL);
    let seen = run(
        &ENTRY,
        &[(Side::Client, &message(b"MSGF", &read)), (Side::Server, &message(b"MSGF", &answer))],
    );
    assert_eq!(seen[1].line(), "response read [observe] i=2264 = ok");
    assert_eq!(seen[1].values, "[\"1.3.2\"]");
    assert_eq!(seen[1].facts, ["firmware=1.3.2"]);
}

#[test]
fn what_is_short_or_too_long_is_an_anomaly_of_a_message_that_is_still_shown() {
    let short = write();
    let seen = client(&[open_plain(), message(b"MSGF", &short[..short.len() - 1])]);
    assert_eq!(seen[1].line(), "request write [operate] ns=2;s=Line.Speed");
    assert_eq!(seen[1].anomalies, ["message is shorter than it announces"]);
    let seen = client(&[open_plain(), message(b"MSGF", &[&write()[..], &[0]].concat())]);
    assert_eq!(seen[1].anomalies, ["bytes follow the end of the message"]);
    let seen = client(&[open_plain(), message(b"MSGF", &request_header(9999))]);
    assert_eq!(seen[1].line(), "request unlisted service [unknown]");
    assert_eq!(seen[1].code, 9999);
}

#[test]
fn values_nested_past_the_bound_are_given_up_without_a_panic() {
    let mut body = request_header(712).to_vec();
    body.extend([1, 0, 0, 0, 0, 85, 0, 86, 1, 0, 0, 0]);
    body.extend([24; 10_000]);
    let seen = client(&[open_plain(), message(b"MSGF", &body)]);
    assert_eq!(seen[1].line(), "request call [operate] i=86 of i=85");
    assert_eq!(seen[1].anomalies, ["message is shorter than it announces"]);
}

#[test]
fn sizes_are_believed_up_to_the_limit_and_not_past_it() {
    let step = |size: u32| {
        let bytes = [&b"MSGF"[..], &size.to_le_bytes()].concat();
        (ENTRY.open)().parse(Side::Client, &bytes, &mut crate::testing::Collector::default())
    };
    assert_eq!(step(7), Step::Lost);
    assert_eq!(step(1 << 24), Step::Need(128 * 1024));
    assert_eq!(step((1 << 24) + 1), Step::Lost);
}

#[test]
fn a_server_that_calls_its_client_is_still_the_one_that_answers() {
    let reverse = chunk(b"RHEF", &[string("urn:cell:ua"), string("opc.tcp://cell:4840")].concat());
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &reverse),
            (Side::Server, &message(b"MSGF", &write())),
            (Side::Client, &message(b"MSGF", &write_result(0))),
        ],
    );
    assert_eq!(seen[0].line(), "notice reverse hello [session] opc.tcp://cell:4840");
    assert_eq!(seen[1].line(), "request write [operate] ns=2;s=Line.Speed");
    assert_eq!(seen[2].line(), "response write [operate] ns=2;s=Line.Speed = ok");
}

#[test]
fn content_tells_opc_ua_at_any_port() {
    let hello = chunk(b"HELF", &[&[0; 20][..], &string("opc.tcp://cell:4840")].concat());
    assert_eq!(identify_tcp(&ENTRY, &hello, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(
        identify_tcp(&ENTRY, &chunk(b"ACKF", &[0; 20]), false),
        Guess::Yes(Some(Side::Server))
    );
    assert_eq!(
        identify_tcp(&ENTRY, &message(b"MSGF", &write()), false),
        Guess::Yes(Some(Side::Client))
    );
    assert_eq!(
        identify_tcp(&ENTRY, &message(b"MSGF", &write_result(0)), false),
        Guess::Yes(Some(Side::Server))
    );
    assert_eq!(identify_tcp(&ENTRY, &message(b"MSGF", &[0xc3; 96]), false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &message(b"MSGF", &[0xc3; 96]), true), Guess::Yes(None));
    assert_eq!(identify_tcp(&ENTRY, &open_plain(), false), Guess::Yes(None));
    assert_eq!(identify_tcp(&ENTRY, b"HELO mail.example.org\r\n", true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, b"HELF", false), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, b"MSG hello\r\n", true), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &message(b"MSGF", &write()));
    truncations(&ENTRY, Side::Client, &open_plain());
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &message(b"MSGF", &write()));
    never_panics(&ENTRY, &message(b"MSGF", &activate(324, &string("1"))));
    never_panics(&ENTRY, &open_plain());
}

/// A call of one method with these arguments, each a variant: type and bytes.
fn call(object: u8, arguments: &[&[u8]]) -> Vec<u8> {
    let count = u8::try_from(arguments.len()).unwrap();
    let head = [1, 0, 0, 0, 0, object, 0, 99, count, 0, 0, 0];
    message(b"MSGF", &[&request_header(712)[..], &head, &arguments.concat()].concat())
}

/// The answer of one call: good, no results of arguments, no diagnostics, and these outputs.
fn called(outputs: &[&[u8]]) -> Vec<u8> {
    let count = u8::try_from(outputs.len()).unwrap();
    let mut body = response_header(715, 0);
    body.extend([1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, count, 0, 0, 0]);
    body.extend(outputs.concat());
    body.extend(NULL);
    message(b"MSGF", &body)
}

#[test]
fn a_file_that_is_opened_written_and_closed_is_carried_in_pieces() {
    // a byte of 6: write, erase; handle 9; byte strings; a position of 4
    let (mode, handle): (&[u8], &[u8]) = (&[3, 6], &[7, 9, 0, 0, 0]);
    let (ab, cd) = (&[15, 2, 0, 0, 0, b'a', b'b'], &[15, 2, 0, 0, 0, b'c', b'd']);
    let position: &[u8] = &[9, 4, 0, 0, 0, 0, 0, 0, 0];
    let parts = [
        (call(50, &[mode]), called(&[handle])),
        (call(50, &[handle, ab]), called(&[])),
        (call(50, &[handle]), called(&[position])),
        (call(50, &[handle, cd]), called(&[])),
        (call(50, &[handle]), called(&[])),
        (call(50, &[handle, cd]), called(&[])),
    ];
    let parts: Vec<_> = parts
        .iter()
        .flat_map(|(asks, answers)| [(Side::Client, &asks[..]), (Side::Server, &answers[..])])
        .collect();
    let seen = run(&ENTRY, &parts);
    let pieces: Vec<_> = seen.iter().filter_map(|seen| seen.piece.as_deref()).collect();
    assert_eq!(
        pieces,
        [
            "First file i=50 to Server, 2 bytes",
            "Next file i=50 to Server, 2 bytes",
            "Last file  to Server, 0 bytes"
        ]
    );
    assert_eq!(seen[2].values, "[9, (2 bytes)]");
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()), "{seen:?}");
}

#[test]
fn bytes_for_a_handle_that_nobody_opened_are_no_file() {
    let seen = client(&[call(50, &[&[7, 9, 0, 0, 0], &[15, 1, 0, 0, 0, b'a']])]);
    assert_eq!(seen[0].piece, None);
}

#[test]
fn nodes_behind_what_is_read_are_counted() {
    let mut two = write();
    let count = request_header(673).len();
    two[count] = 2;
    let seen = client(&[open_plain(), message(b"MSGF", &two[..two.len() - 1])]);
    assert_eq!(seen[1].object, "ns=2;s=Line.Speed, and 1 more");
}
