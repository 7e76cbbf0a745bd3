//! SMB from constant bytes, composed after MS-SMB2 2.2, MS-CIFS 2.2 and MS-NLMP 2.2.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side};

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
    never_panics(&ENTRY, &frame(&v1(0x73, true, &[3, 0xff, 0, 0, 0, 0, 0, 9, 0])));
}
