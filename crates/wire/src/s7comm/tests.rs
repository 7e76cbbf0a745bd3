//! S7comm from constant bytes, made by hand from the layouts in the module headers.

use plant::Intent;

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Effect, Guess, Side, Step};

/// One TPKT with a COTP DT TPDU that ends its TSDU.
fn dt(data: &[u8]) -> Vec<u8> {
    part(data, true)
}

fn part(data: &[u8], ends: bool) -> Vec<u8> {
    let [high, low] = u16::try_from(data.len() + 7).unwrap().to_be_bytes();
    [&[3, 0, high, low, 2, 0xf0, if ends { 0x80 } else { 0 }], data].concat()
}

fn lengths(params: &[u8], data: &[u8]) -> [u8; 4] {
    let [a, b] = u16::try_from(params.len()).unwrap().to_be_bytes();
    let [c, d] = u16::try_from(data.len()).unwrap().to_be_bytes();
    [a, b, c, d]
}

/// Job with reference 7.
fn job(params: &[u8], data: &[u8]) -> Vec<u8> {
    dt(&[&[0x32, 1, 0, 0, 0, 7], &lengths(params, data)[..], params, data].concat())
}

/// Ack with data to it, with error class and code.
fn ack(error: [u8; 2], params: &[u8], data: &[u8]) -> Vec<u8> {
    dt(&[&[0x32, 3, 0, 0, 0, 7], &lengths(params, data)[..], &error, params, data].concat())
}

/// Userdata of reference 7; `tail` are the parameters behind the sequence number.
fn userdata(kind: u8, sub: u8, sequence: u8, tail: &[u8], data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(4 + tail.len()).unwrap();
    let method = if tail.is_empty() { 0x11 } else { 0x12 };
    let params = [&[0, 1, 0x12, length, method, kind, sub, sequence], tail].concat();
    dt(&[&[0x32, 7, 0, 0, 0, 7], &lengths(&params, data)[..], &params, data].concat())
}

fn payload(bytes: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(bytes.len()).unwrap().to_be_bytes();
    [&[0xff, 9, high, low], bytes].concat()
}

/// Connection request (0xe0) or confirm (0xd0) with calling and called TSAP.
fn connect(code: u8, calling: &[u8], called: &[u8]) -> Vec<u8> {
    let tsap = |code, tsap: &[u8]| [&[code, u8::try_from(tsap.len()).unwrap()], tsap].concat();
    let refs = if code == 0xe0 { [0, 0, 0, 5] } else { [0, 5, 0, 9] };
    let body =
        [&[code][..], &refs, &[0], &tsap(0xc1, calling), &tsap(0xc2, called), &[0xc0, 1, 10]]
            .concat();
    let length = u8::try_from(body.len()).unwrap();
    [&[3, 0, 0, length + 5, length], &body[..]].concat()
}

fn exchange(request: &[u8], response: &[u8]) -> Vec<Seen> {
    run(&ENTRY, &[(Side::Client, request), (Side::Server, response)])
}

/// S7ANY: type, count, DB, area, byte and bit.
fn any(kind: u8, count: u8, db: u8, area: u8, place: (u32, u32)) -> Vec<u8> {
    let [_, a, b, c] = (place.0 * 8 + place.1).to_be_bytes();
    vec![0x12, 0x0a, 0x10, kind, 0, count, 0, db, area, a, b, c]
}

/// Operation and effect of a job's function.
fn effect(code: u32, name: &str) -> Effect {
    let rows = ENTRY.operations.iter().flat_map(|table| table.iter());
    let mut found = rows.filter(|row| row.code == code && row.name.starts_with(name));
    found.next().unwrap().effect
}

#[test]
fn a_connection_names_selectors_rack_and_slot_and_all_that_follows_carries_the_slot() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &connect(0xe0, &[1, 0], &[3, 0x22])),
            (Side::Server, &connect(0xd0, &[1, 0], &[3, 0x22])),
            (Side::Client, &job(&[0xf0, 0, 0, 1, 0, 2, 1, 0xe0], &[])),
        ],
    );
    assert_eq!(seen[0].line(), "request cotp connect request [session] 01.00 to 03.22");
    assert_eq!(seen[1].line(), "response cotp connect confirm [session] 01.00 to 03.22 = ok");
    assert_eq!((seen[0].id, seen[1].id), (Some(5), Some(5)));
    assert_eq!(seen[2].values, "jobs 1/2, pdu 480 bytes");
    assert!(seen.iter().all(|seen| seen.unit == Some(0x22))); // rack 1, slot 2
}

#[test]
fn a_refused_connection_says_why() {
    let refused = [3, 0, 0, 11, 6, 0x80, 0, 5, 0, 0, 3];
    let seen = exchange(&connect(0xe0, &[1, 0], &[3, 2]), &refused);
    assert_eq!(seen[1].line(), "response cotp disconnect request [session] = address unknown");
}

#[test]
fn variables_are_named_as_people_write_them_and_values_as_their_types_say() {
    let items = [
        any(1, 4, 1, 0x84, (0, 0)),
        any(1, 1, 0, 0x83, (10, 3)),
        any(2, 2, 0, 0x83, (10, 0)),
        any(8, 1, 9, 0x84, (4, 0)),
        any(5, 2, 0, 0x81, (6, 0)),
        any(29, 1, 0, 0x1d, (0, 5)),
    ]
    .concat();
    let data = [
        &[0xff, 3, 0, 4, 0b0101][..],
        &[0], // bits, then a fill byte
        &[0xff, 3, 0, 1, 1],
        &[0],
        &[0xff, 4, 0, 16, 0xbe, 0xef],
        &[0xff, 7, 0, 4, 0x3f, 0xc0, 0, 0],
        &[0xff, 5, 0, 32, 0xff, 0xff, 0, 2],
        &[0xff, 9, 0, 2, 0, 17],
    ]
    .concat();
    let request = job(&[&[4, 6], &items[..]].concat(), &[]);
    let seen = exchange(&request, &ack([0, 0], &[4, 6], &data));
    let object = "DB1.DBX0.0 x4, M10.3, MB10 x2, DB9.DBD4, IW6 x2, T5";
    assert_eq!(seen[0].line(), format!("request read var [observe] {object}"));
    assert_eq!(seen[1].line(), format!("response read var [observe] {object} = ok"));
    assert_eq!(seen[1].values, "[5, 1, 0xbeef, 1.5, [-1, 2], 17]");
    assert_eq!(seen[1].facts, ["role=plc"]);
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty() && seen.id == Some(7)));
}

#[test]
fn optimized_blocks_and_stretches_of_blocks_have_names_too() {
    // S7-1200: DB 5, checksum, local id 16; then DB 1 bytes 10 to 13 and DB 2 byte 0
    let symbol = [0x12, 14, 0xb2, 0xff, 0x8a, 0x0e, 0, 5, 1, 2, 3, 4, 0x20, 0, 0, 16];
    let stretches = [0x12, 12, 0xb0, 2, 4, 0, 1, 0, 10, 1, 0, 2, 0, 0];
    let seen =
        run(&ENTRY, &[(Side::Client, &job(&[&[4, 2], &symbol[..], &stretches].concat(), &[]))]);
    assert_eq!(seen[0].object, "DB5 symbol 0x01020304.16, DB1.DBB10 x4, DB2.DBB0");
    assert!(seen[0].anomalies.is_empty());
}

#[test]
fn the_first_refused_item_is_the_outcome_of_a_write() {
    let items = [any(4, 1, 1, 0x84, (2, 0)), any(1, 1, 0, 0x82, (0, 7))].concat();
    let data = [&[0, 4, 0, 16, 0x12, 0x34][..], &[0, 3, 0, 1, 1]].concat();
    let request = job(&[&[5, 2], &items[..]].concat(), &data);
    let seen = exchange(&request, &ack([0, 0], &[5, 2], &[0xff, 3]));
    assert_eq!(seen[0].line(), "request write var [operate] DB1.DBW2, Q0.7");
    assert_eq!(seen[0].values, "[4660, 1]");
    assert!(seen[1].line().ends_with("DB1.DBW2, Q0.7 = accessing the object not allowed"));
}

#[test]
fn stop_start_and_blocks_are_told_apart_by_service_and_argument() {
    let service = |argument: &[u8], name: &[u8]| {
        let count = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
        let head = [0x28, 0, 0, 0, 0, 0, 0, 0xfd, 0, count(argument)];
        let params = [&head[..], argument, &[count(name)], name].concat();
        run(&ENTRY, &[(Side::Client, &job(&params, &[]))])[0].line()
    };
    let cases: [(&[u8], &[u8], &str); 6] = [
        (b"", b"P_PROGRAM", "p_program (warm restart) [operate]"),
        (b"C ", b"P_PROGRAM", "p_program (cold restart) [operate] C "),
        (
            b"\x02\x000800001P0A00010P",
            b"_INSE",
            "_inse (activate blocks) [program] OB 1 passive, DB 10 passive",
        ),
        (b"EP", b"_MODU", "_modu (copy ram to rom) [program] EP"),
        (b"", b"_N_F_DELE", "f_dele (delete file) [program]"),
        (b"x", b"_N_NEW___", " [unknown] _N_NEW___"),
    ];
    for (argument, name, expected) in cases {
        let line = service(argument, name);
        let expected = format!("request pi-service {expected}").replace("  ", " ");
        assert_eq!(line, expected);
    }
    let stop = job(&[&[0x29, 0, 0, 0, 0, 0, 9], &b"P_PROGRAM"[..]].concat(), &[]);
    let seen = exchange(&stop, &ack([0, 0], &[0x29], &[]));
    assert_eq!(seen[1].line(), "response plc stop [administer] = ok");
    assert_eq!(effect(0x29, "plc stop"), Effect::Stop);
    assert_eq!(effect(0x28, "pi-service p_program"), Effect::Start);
}

#[test]
fn a_download_is_the_clients_though_the_plc_fetches_it() {
    let file = b"\x09_0800001P";
    let announce = [&[0x1a, 0, 1, 0, 0, 0, 0, 0], &file[..], b"\x0d1000220000144"].concat();
    let fetch = [&[0x1b, 0, 0, 0, 0, 0, 0, 0], &file[..]].concat();
    let end = [&[0x1c, 0, 0, 0, 0, 0, 0, 0], &file[..]].concat();
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &job(&announce, &[])),
            (Side::Server, &ack([0, 0], &[0x1a], &[])),
            (Side::Server, &job(&fetch, &[])),
            (Side::Client, &ack([0, 0], &[0x1b, 0], &[0, 2, 0, 0xfb, 0x70, 0x70])),
            (Side::Server, &job(&end, &[])),
            (Side::Client, &ack([0, 0], &[0x1c], &[])),
        ],
    );
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request request download [program] OB 1 passive",
            "response request download [program] OB 1 passive = ok",
            "request download block [session] OB 1 passive",
            "response download block [program] OB 1 passive = ok",
            "request download ended [session] OB 1 passive",
            "response download ended [session] OB 1 passive = ok",
        ]
    );
    assert_eq!(seen[0].facts, ["role=engineering"]);
    assert_eq!(seen[3].values, "2 bytes");
    assert_eq!(seen[3].piece.as_deref(), Some("Whole S7 block OB 1 passive to Server, 2 bytes"));
    assert!(seen[3].facts.is_empty());
}

#[test]
fn the_parts_of_an_upload_carry_the_block_that_only_its_start_named() {
    let start = [&[0x1d, 0, 0, 0, 0, 0, 0, 0], &b"\x09_0B00000A"[..]].concat();
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &job(&start, &[])),
            (Side::Server, &ack([0, 0], &[0x1d, 0, 1, 0, 0, 0, 0, 7], &[])),
            (Side::Client, &job(&[0x1e, 0, 0, 0, 0, 0, 0, 7], &[])),
            (Side::Client, &job(&[0x1f, 0, 0, 0, 0, 0, 0, 8], &[])),
        ],
    );
    assert_eq!(seen[2].line(), "request upload [observe] SDB 0 active");
    assert_eq!(seen[3].line(), "request end upload [observe] upload 8");
}

#[test]
fn errors_are_named_by_class_and_code() {
    let seen = exchange(&job(&[0x29, 0, 0, 0, 0, 0, 0], &[]), &ack([0x81, 4], &[0x29], &[]));
    assert!(seen[1].line().ends_with("= service not implemented or frame error"));
    let refused = userdata(0x85, 1, 1, &[0, 0, 0xd6, 2], &[0x0a, 0, 0, 0]);
    let login = userdata(0x45, 1, 0, &[], &payload(&[0x21, 0x3a, 0x1b, 0x1d, 0x6e, 1, 2, 3]));
    let seen = exchange(&login, &refused);
    assert_eq!(seen[0].line(), "request plc password [administer]");
    assert_eq!(seen[0].facts, ["login=S7 PLC password (obfuscated)  cleartext"]);
    assert_eq!(seen[1].line(), "response plc password [administer] = incorrect password");
    assert_eq!(effect(0x0007_0501, "plc password"), Effect::Login);
}

#[test]
fn a_status_list_of_several_parts_tells_who_answers() {
    let record = |index: u8, text: &[u8]| {
        let mut record = vec![0, index];
        record.extend_from_slice(text);
        record.resize(34, 0);
        record
    };
    let list = [
        &[0, 0x1c, 0, 0, 0, 34, 0, 3][..],
        &record(1, b"cell 7"),
        &record(5, b"S C-X4U421302009"),
        &record(7, b"CPU 315-2 PN/DP"),
    ]
    .concat();
    let (first, second) = list.split_at(60);
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &userdata(0x44, 1, 0, &[], &payload(&[0, 0x1c, 0, 0]))),
            (Side::Server, &userdata(0x84, 1, 3, &[9, 1, 0, 0], &payload(first))),
            (Side::Client, &userdata(0x44, 1, 3, &[0, 0, 0, 0], &[0x0a, 0, 0, 0])),
            (Side::Server, &userdata(0x84, 1, 3, &[9, 0, 0, 0], &payload(second))),
        ],
    );
    assert_eq!(seen[0].line(), "request read szl [observe] SZL 0x001c index 0x0000");
    assert_eq!(seen[2].line(), seen[0].line());
    assert_eq!(seen[3].line(), "response read szl [observe] SZL 0x001c index 0x0000 = ok");
    assert_eq!(seen[1].facts, ["role=plc"]);
    let facts = ["name=cell 7", "serial=S C-X4U421302009", "product=CPU 315-2 PN/DP"];
    assert_eq!(seen[3].facts, facts);
}

#[test]
fn module_identification_tells_order_number_and_versions() {
    let record = |index: u8, order: &[u8; 20], versions: [u8; 4]| {
        [&[0, index], &order[..], &[0, 0xc0], &versions].concat()
    };
    let list = [
        &[0, 0x11, 0, 0, 0, 28, 0, 3][..],
        &record(1, b"6ES7 315-2EH14-0AB0 ", [0, 3, 0, 1]),
        &record(6, b"6ES7 315-2EH14-0AB0 ", [0, 3, 0, 1]),
        &record(7, b"                    ", [b'V', 3, 2, 7]),
    ]
    .concat();
    let seen = exchange(
        &userdata(0x44, 1, 0, &[], &payload(&[0, 0x11, 0, 0])),
        &userdata(0x84, 1, 1, &[0, 0, 0, 0], &payload(&list)),
    );
    let facts = ["role=plc", "order_code=6ES7 315-2EH14-0AB0", "hardware=3", "firmware=V3.2.7"];
    assert_eq!(seen[1].facts, facts);
}

#[test]
fn a_command_to_a_job_is_judged_by_what_the_job_does() {
    // sizes of parameters (20) and data (2), parameters, function and number of the job
    let enable = |function| {
        let data = [&[0, 20, 0, 2][..], &[0; 20], &[function, 2]].concat();
        let request = userdata(0x41, 0x0e, 0, &[0, 0, 0, 0], &payload(&data));
        run(&ENTRY, &[(Side::Client, &request)])[0].line()
    };
    assert_eq!(enable(8), "request enable job [operate] job 2 (modify variable)");
    assert_eq!(enable(2), "request enable job [observe] job 2 (variable status)");
    let items = [0, 3, 0x03, 1, 0, 0, 0, 0, 0x10, 1, 0, 0, 0, 8, 0x72, 2, 0, 9, 0, 4];
    let data = [&[0, 20, 0, 20][..], &[0; 20], &items].concat();
    let modify = userdata(0x41, 8, 0, &[0, 0, 0, 0], &payload(&data));
    let seen = run(&ENTRY, &[(Side::Client, &modify)]);
    assert_eq!(seen[0].line(), "request modify variable [operate] MD0, I8.1, DB9.DBW4 x2");
}

#[test]
fn setting_the_clock_shows_the_time_and_pushes_only_tell() {
    let clock = [0, 0x19, 0x16, 2, 8, 0x23, 8, 0x10, 0, 2];
    let seen = run(&ENTRY, &[(Side::Client, &userdata(0x47, 2, 0, &[], &payload(&clock)))]);
    assert_eq!(seen[0].line(), "request set clock [administer]");
    assert_eq!(seen[0].values, "2016-02-08 23:08:10");
    let stopped = dt(&[0x32, 7, 0, 0, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0x10, 0x10, 0, 0, 0]);
    let seen = run(&ENTRY, &[(Side::Server, &stopped)]);
    assert_eq!(seen[0].line(), "notice mode-transition stop [observe]");
    let result = userdata(0x01, 8, 2, &[0, 0, 0, 0], &payload(&[0, 0]));
    let seen = run(&ENTRY, &[(Side::Server, &result)]);
    assert_eq!(seen[0].line(), "notice modify variable [observe]");
}

#[test]
fn parts_of_one_pdu_make_one_message() {
    let whole = job(&[&[4, 1], &any(2, 1, 1, 0x84, (0, 0))[..]].concat(), &[]);
    let (head, tail) = whole[7..].split_at(9);
    let parts = [part(b"", false), part(head, false), part(tail, true)].concat();
    let seen = run(&ENTRY, &[(Side::Client, &parts)]);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].object, "DB1.DBB0");
}

#[test]
fn unlisted_functions_are_unknown_and_keep_their_code() {
    let seen = run(&ENTRY, &[(Side::Client, &job(&[0x77, 1], &[]))]);
    assert_eq!((seen[0].intent, seen[0].code), (Intent::Unknown, 0x77));
    let seen = run(&ENTRY, &[(Side::Client, &userdata(0x4e, 0x66, 0, &[], &[]))]);
    assert_eq!((seen[0].intent, seen[0].code), (Intent::Unknown, 0x0007_0e66));
}

#[test]
fn answers_in_a_stream_joined_midway_are_an_oddity_and_nothing_worse() {
    let seen = run(&ENTRY, &[(Side::Server, &ack([0, 0], &[4, 1], &[0xff, 4, 0, 8, 9]))]);
    assert_eq!(seen[0].line(), "response read var [observe] = ok");
    assert_eq!(seen[0].anomalies, ["response without a request seen"]);
    assert_eq!(seen[0].values, "[9]");
}

#[test]
fn contradictions_are_anomalies_of_a_message_that_is_still_shown() {
    let only = |bytes: &[u8]| run(&ENTRY, &[(Side::Client, bytes)])[0].anomalies.clone();
    assert_eq!(only(&job(&[4, 1, 0x12, 0x0a], &[])), ["message is shorter than it announces"]);
    let long = dt(&[0x32, 1, 0, 0, 0, 7, 0, 9, 0, 0, 0x29]);
    assert_eq!(only(&long), ["parameter and data lengths pass the end"]);
    let trailing = dt(&[0x32, 1, 0, 0, 0, 7, 0, 1, 0, 0, 0x29, 0]);
    assert_eq!(only(&trailing), ["bytes follow the end of the message"]);
    assert_eq!(only(&dt(&[0x32, 9, 0, 0, 0, 7, 0, 0, 0, 0])), ["unlisted kind of PDU"]);
    let request = job(&[&[4, 1], &any(2, 1, 1, 0x84, (0, 0))[..]].concat(), &[]);
    let seen = exchange(&request, &ack([0, 0], &[4, 2], &[0xff, 4, 0, 8, 9, 0, 0xff, 4, 0, 8, 9]));
    assert_eq!(seen[1].anomalies, ["items answered are not those asked for"]);
}

#[test]
fn more_variables_than_are_kept_are_counted() {
    let items = any(2, 1, 1, 0x84, (0, 0)).repeat(25);
    let seen = run(&ENTRY, &[(Side::Client, &job(&[&[4, 25], &items[..]].concat(), &[]))]);
    assert!(seen[0].object.ends_with("DB1.DBB0, and 5 more"), "{}", seen[0].object);
    assert!(seen[0].anomalies.is_empty());
}

#[test]
fn content_tells_s7_from_mms_and_rdp() {
    let setup = job(&[0xf0, 0, 0, 1, 0, 2, 1, 0xe0], &[]);
    assert_eq!(identify_tcp(&ENTRY, &setup, false), Guess::Yes(Some(Side::Client)));
    let answer = ack([0, 0], &[4, 1], &[0xff, 4, 0, 8, 9]);
    assert_eq!(identify_tcp(&ENTRY, &answer, false), Guess::Yes(Some(Side::Server)));
    let fetch = job(&[0x1b, 0, 0, 0, 0, 0, 0, 0, 0], &[]);
    assert_eq!(identify_tcp(&ENTRY, &fetch, false), Guess::Yes(Some(Side::Server)));

    let s7 = connect(0xe0, &[1, 0], &[3, 2]);
    assert_eq!(identify_tcp(&ENTRY, &s7, true), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, &s7, false), Guess::More);
    let whole = [&s7[..], &setup].concat();
    assert_eq!(identify_tcp(&ENTRY, &whole, false), Guess::Yes(Some(Side::Client)));

    let mms = connect(0xe0, &[0, 1], &[0, 1]);
    assert_eq!(identify_tcp(&ENTRY, &mms, true), Guess::More);
    let session = [&mms[..], &dt(&[0x0d, 0x9e, 5, 6])].concat();
    assert_eq!(identify_tcp(&ENTRY, &session, true), Guess::No);

    let cookie = b"\x03\x00\x00\x27\x22\xe0\0\0\0\0\0Cookie: mstshash=operator-pc\r\n";
    assert_eq!(identify_tcp(&ENTRY, cookie, true), Guess::No);
    let negotiation = [3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0];
    assert_eq!(identify_tcp(&ENTRY, &negotiation, true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, b"GET / HTTP/1.1\r\n", true), Guess::No);
}

#[test]
fn s7comm_plus_in_a_connection_of_s7comm_keeps_its_own_name() {
    let keep_alive = dt(&[0x72, 0xff, 1, 0]);
    let seen = exchange(&connect(0xe0, &[1, 0], &[3, 2]), &keep_alive);
    assert_eq!((seen[0].protocol, seen[1].protocol), ("s7comm", "s7comm-plus"));
    let seen = run(
        &crate::s7comm_plus::ENTRY,
        &[(Side::Client, &connect(0xe0, &[6, 0], b"SIMATIC-ROOT-HMI"))],
    );
    assert_eq!(seen[0].protocol, "s7comm-plus");
    assert_eq!(seen[0].facts, ["role=hmi"]);
}

#[test]
fn user_data_of_others_is_not_s7() {
    let mut session = (ENTRY.open)();
    let mut sink = crate::testing::Collector::default();
    assert_eq!(session.parse(Side::Client, &dt(&[0x0d, 1, 2]), &mut sink), Step::Lost);
    assert_eq!(session.parse(Side::Client, &dt(&[]), &mut sink), Step::Read(7));
    assert!(sink.0.is_empty());
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(
        &ENTRY,
        Side::Client,
        &job(&[&[4, 1], &any(2, 1, 1, 0x84, (0, 0))[..]].concat(), &[]),
    );
    truncations(&ENTRY, Side::Client, &connect(0xe0, &[1, 0], &[3, 2]));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &job(&[&[4, 1], &any(2, 1, 1, 0x84, (0, 0))[..]].concat(), &[]));
    never_panics(&ENTRY, &ack([0, 0], &[4, 1], &[0xff, 4, 0, 8, 9]));
    never_panics(
        &ENTRY,
        &userdata(0x84, 1, 3, &[9, 1, 0, 0], &payload(&[0, 0x1c, 0, 0, 0, 34, 0, 3])),
    );
    never_panics(&ENTRY, &connect(0xe0, &[1, 0], b"SIMATIC-ROOT-ES"));
}
