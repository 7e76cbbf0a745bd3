//! SMB from constant bytes, composed after MS-SMB2 2.2, MS-CIFS 2.2 and MS-NLMP 2.2.

use super::ENTRY;
use crate::testing::{Collector, Seen, identify_tcp, never_panics, pieces, run, truncations};
use crate::{Guess, Side, Step};

fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[0][..], &length[1..], message].concat()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Header of SMB 2 with message id 5.
fn v2(command: u8, response: bool, status: u32, body: &[u8]) -> Vec<u8> {
    let head = [0xfe, b'S', b'M', b'B', 64, 0, 1, 0];
    let flags = [u8::from(response), 0, 0, 0];
    let rest = [&[0; 4][..], &[5, 0, 0, 0, 0, 0, 0, 0], &[0; 32]].concat();
    [&head[..], &status.to_le_bytes(), &[command, 0, 1, 0], &flags, &rest, body].concat()
}

/// Header of SMB 1 with UTF-16 and NT status.
fn v1(command: u8, response: bool, body: &[u8]) -> Vec<u8> {
    let flags = if response { 0x98 } else { 0x18 };
    let head = [0xff, b'S', b'M', b'B', command, 0, 0, 0, 0, flags, 0, 0xc0];
    [&head[..], &[0; 20], body].concat()
}

fn of(from: Side, message: &[u8]) -> Seen {
    run(&ENTRY, &[(from, &frame(message))]).remove(0)
}

#[test]
fn a_tree_connect_names_its_share() {
    let share = wide(r"\\robot-7\programs");
    let body = [&[9, 0, 0, 0, 72, 0, u8::try_from(share.len()).unwrap(), 0][..], &share].concat();
    let seen = of(Side::Client, &v2(3, false, 0, &body));
    assert_eq!(seen.line(), r"request tree connect [session] \\robot-7\programs");
    assert_eq!(seen.id, Some(5));
}

#[test]
fn a_create_is_judged_by_whether_it_makes_a_file() {
    let create = |disposition: u8| {
        let name = wide("a.mod");
        let mut body = [&[0; 56][..], &name].concat();
        body[36] = disposition;
        body[44] = 120;
        body[46] = 10;
        of(Side::Client, &v2(5, false, 0, &body)).line()
    };
    assert_eq!(create(1), "request create [observe] a.mod");
    assert_eq!(create(3), "request open or create [unknown] a.mod");
    assert_eq!(create(5), "request create file [program] a.mod");
}

#[test]
fn the_chosen_dialect_and_errors_have_names() {
    let seen = of(Side::Server, &v2(0, true, 0, &[65, 0, 1, 0, 0x11, 3]));
    assert_eq!(
        (seen.line().as_str(), seen.values.as_str()),
        ("response negotiate [session] = ok", "SMB 3.1.1")
    );
    let seen = of(Side::Server, &v2(1, true, 0xc000_006d, &[9, 0]));
    assert_eq!(seen.line(), "response session setup [session] = logon failure");
    assert_eq!(of(Side::Server, &v2(1, true, 0xc000_0016, &[9, 0])).outcome, "ok");
}

#[test]
fn the_login_tells_names_of_both_sides_and_no_secret() {
    let name = wide("CELL-PC");
    let information = [&[1, 0, 14, 0][..], &name, &[0, 0, 0, 0]].concat();
    let length = u8::try_from(information.len()).unwrap();
    let challenge = [
        &b"NTLMSSP\0\x02\0\0\0"[..],
        &[0; 28],
        &[length, 0, length, 0, 56, 0, 0, 0], // target information at 56
        &[10, 0, 0x61, 0x4a, 0, 0, 0, 15],    // 10.0, build 19041
        &information,
    ]
    .concat();
    let seen = of(Side::Server, &v2(1, true, 0xc000_0016, &challenge));
    assert_eq!(seen.facts, ["hostname=CELL-PC", "operating_system=Windows 10.0 build 19041"]);

    let (domain, user, station) = (wide("CELL"), wide("bob"), wide("EWS-1"));
    let authenticate = [
        &b"NTLMSSP\0\x03\0\0\0"[..],
        &[0; 16],
        &[8, 0, 8, 0, 64, 0, 0, 0],
        &[6, 0, 6, 0, 72, 0, 0, 0],
        &[10, 0, 10, 0, 78, 0, 0, 0],
        &[0; 12],
        &domain,
        &user,
        &station,
    ]
    .concat();
    let seen = of(Side::Client, &v2(1, false, 0, &authenticate));
    assert_eq!(seen.facts, [r"login=SMB NTLM CELL\bob", "hostname=EWS-1"]);
}

#[test]
fn several_messages_in_one_frame_are_all_read() {
    let mut first = v2(5, false, 0, &[0; 64]);
    first[20] = 128; // offset of the next
    let both = [first, v2(6, false, 0, &[0; 24])].concat();
    let seen = run(&ENTRY, &[(Side::Client, &frame(&both))]);
    assert_eq!(
        seen.iter().map(|seen| seen.operation).collect::<Vec<_>>(),
        ["create file", "close"]
    );
}

#[test]
fn version_1_is_obsolete_once_a_server_answers_in_it() {
    let question = v1(0x72, false, &[0, 2, 0, 2, 0]);
    assert!(of(Side::Client, &question).facts.is_empty());
    let seen = of(Side::Server, &v1(0x72, true, &[0, 0, 0]));
    assert_eq!(seen.facts, ["obsolete=SMB 1"]);
    let share =
        [&[4, 0xff, 0, 0, 0, 0, 0, 1, 0, 20, 0, 0][..], &wide("\\\\a\\b"), &[0, 0]].concat();
    // password of one byte, then padding to an even place
    let seen = of(Side::Client, &v1(0x75, false, &share));
    assert_eq!(seen.line(), r"request tree connect andx [session] \\a\b");
    let setup = [&[3, 0xff, 0, 0, 0, 0, 0, 9, 0, 0][..], &wide("Windows 5.1"), &[0, 0]].concat();
    let seen = of(Side::Server, &v1(0x73, true, &setup));
    assert_eq!(seen.facts, ["operating_system=Windows 5.1", "obsolete=SMB 1"]);
}

/// A create of `name` that opens what there is, and the answer: file 7 of `length` bytes.
fn opened(name: &str, length: u8) -> [Vec<u8>; 2] {
    let name = wide(name);
    let mut body = [&[0; 56][..], &name].concat();
    (body[36], body[44], body[46]) = (1, 120, u8::try_from(name.len()).unwrap());
    let mut answer = vec![0; 89];
    (answer[48], answer[72]) = (length, 7);
    [frame(&v2(5, false, 0, &body)), frame(&v2(5, true, 0, &answer))]
}

/// A write of `content` to file 7 at `offset`.
fn write(offset: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    let head = [&[49, 0, 112, 0][..], &length, &[offset, 0, 0, 0, 0, 0, 0, 0], &[0; 8]].concat();
    frame(&v2(9, false, 0, &[&head[..], &[7, 0, 0, 0, 0, 0, 0, 0], &[0; 16], content].concat()))
}

fn close() -> Vec<u8> {
    frame(&v2(6, false, 0, &[&[24, 0][..], &[0; 14], &[7, 0, 0, 0, 0, 0, 0, 0]].concat()))
}

#[test]
fn what_is_written_to_a_program_is_handed_on_and_judged() {
    let [ask, answer] = opened("jobs\\WELD.TP", 0);
    let (first, last) = (write(0, b"abc"), write(3, b"de"));
    let parts = [
        (Side::Client, &ask[..]),
        (Side::Server, &answer),
        (Side::Client, &first),
        (Side::Client, &last),
        (Side::Client, &close()),
    ];
    let lines: Vec<_> = run(&ENTRY, &parts).iter().map(Seen::line).collect();
    assert_eq!(lines[2], "request write [program] jobs\\WELD.TP");
    assert_eq!(
        pieces(&ENTRY, &parts),
        [
            "First FANUC TP program jobs\\WELD.TP to Server, 3 bytes at 0",
            "Next FANUC TP program jobs\\WELD.TP to Server, 2 bytes at 3",
            "Last FANUC TP program jobs\\WELD.TP to Server, 0 bytes",
        ]
    );
    let [ask, answer] = opened("notes.txt", 0);
    let parts = [(Side::Client, &ask[..]), (Side::Server, &answer), (Side::Client, &first)];
    assert!(pieces(&ENTRY, &parts).is_empty());
    assert_eq!(run(&ENTRY, &parts)[2].line(), "request write [unknown] notes.txt");
}

#[test]
fn what_is_read_of_a_program_ends_with_its_length() {
    let [ask, answer] = opened("a.mod", 5);
    let mut body = vec![0; 49];
    (body[4], body[24]) = (9, 7);
    let read = frame(&v2(8, false, 0, &body));
    let content = [&[17, 0, 80, 0, 5, 0, 0, 0][..], &[0; 8], b"abcde"].concat();
    let parts = [
        (Side::Client, &ask[..]),
        (Side::Server, &answer),
        (Side::Client, &read),
        (Side::Server, &frame(&v2(8, true, 0, &content))),
    ];
    assert_eq!(pieces(&ENTRY, &parts), ["Whole RAPID module a.mod to Client, 5 bytes at 0"]);
}

#[test]
fn long_contents_pass_in_parts_and_the_next_message_is_found() {
    let [ask, answer] = opened("fw.bin", 0);
    let long = [write(0, &[7; 20_000]), close()].concat();
    let mut session = (ENTRY.open)();
    let mut seen = Collector::default();
    session.parse(Side::Client, &ask, &mut seen);
    session.parse(Side::Server, &answer, &mut seen);
    let mut at = 0;
    let mut space = 9000;
    while at < long.len() {
        let end = long.len().min(at + space);
        match session.parse(Side::Client, &long[at..end], &mut seen) {
            Step::Read(count) => at += count,
            Step::Need(count) => space = count,
            Step::Lost => panic!("lost at {at}"),
        }
    }
    assert_eq!(seen.0[2].line(), "request write [administer] fw.bin");
    assert_eq!(seen.0[3].line(), "request close [session]");
    assert_eq!((at, seen.0.len()), (long.len(), 4));
}

#[test]
fn files_are_renamed_and_deleted_by_information_and_by_option() {
    let set = |class: u8, information: &[u8]| {
        let length = u32::try_from(information.len()).unwrap().to_le_bytes();
        let head = [&[33, 0, 1, class][..], &length, &[96, 0, 0, 0, 0, 0, 0, 0]].concat();
        of(Side::Client, &v2(0x11, false, 0, &[&head[..], &[0; 16], information].concat())).line()
    };
    let renamed = [&[0; 16][..], &[10, 0, 0, 0], &wide("b.mod")].concat();
    assert_eq!(set(10, &renamed), "request rename [program] b.mod");
    assert_eq!(set(13, &[1]), "request delete [program]");
    assert_eq!(set(13, &[0]), "request set info [unknown]");
    let create = |place: usize, value: u8| {
        let mut body = [&[0; 56][..], &wide("a.mod")].concat();
        (body[36], body[44], body[46]) = (1, 120, 10);
        body[place] = value;
        of(Side::Client, &v2(5, false, 0, &body)).line()
    };
    assert_eq!(create(41, 0x10), "request delete on close [program] a.mod");
    assert_eq!(create(24, 0x02), "request open to write [unknown] a.mod");
}

#[test]
fn pipes_are_read_as_remote_calls() {
    let share = wide(r"\\pc\IPC$");
    let body = [&[9, 0, 0, 0, 72, 0, u8::try_from(share.len()).unwrap(), 0][..], &share].concat();
    let connect = [frame(&v2(3, false, 0, &body)), frame(&v2(3, true, 0, &[16, 0, 2]))];
    let [ask, answer] = opened("svcctl", 0);
    let auth3 = [5, 0, 16, 3, 0x10, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &connect[0]),
            (Side::Server, &connect[1]),
            (Side::Client, &ask),
            (Side::Server, &answer),
            (Side::Client, &write(0, &auth3)),
        ],
    );
    assert_eq!(seen[4].line(), "request write [session] svcctl");
    assert_eq!((seen[5].protocol, seen[5].operation), ("dcerpc", "auth3"));
}

#[test]
fn contents_are_passed_over_and_encrypted_messages_reported_once() {
    let mut stream = frame(&v2(9, false, 0, &[7; 20_000]));
    let encrypted = frame(b"\xfdSMB0123456789");
    stream.extend([&encrypted[..], &encrypted].concat());
    let seen = run(&ENTRY, &[(Side::Client, &stream)]);
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(lines, ["request write [unknown]", "notice encrypted [unknown]"]);
}

#[test]
fn only_a_frame_that_names_smb_is_smb() {
    let request = frame(&v2(0, false, 0, &[36, 0]));
    assert_eq!(identify_tcp(&ENTRY, &request, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(
        identify_tcp(&ENTRY, &frame(&v1(0x72, true, &[])), false),
        Guess::Yes(Some(Side::Server))
    );
    assert_eq!(identify_tcp(&ENTRY, &request[..4], false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &request[..4], true), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, &[0, 1, 0, 0, 0, 6, 1, 3], true), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &frame(&v2(0, false, 0, &[36, 0])));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &frame(&v2(1, false, 0, b"NTLMSSP\0\x03\0\0\0")));
    never_panics(&ENTRY, &[opened("a.mod", 9).concat(), write(0, b"abc"), close()].concat());
    never_panics(&ENTRY, &frame(&v1(0x73, true, &[3, 0xff, 0, 0, 0, 0, 0, 9, 0])));
}
