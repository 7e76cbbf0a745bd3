//! CODESYS V3 from constant bytes, made by hand from the runtime's interface files and CoDe16.

use super::ENTRY;
use crate::testing::{Seen, identify, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Transport};

/// A datagram between nodes with addresses of one component: header, addresses, padding.
fn datagram(service: u8, body: &[u8]) -> Vec<u8> {
    // 13 hops, 3 units of header, normal priority; sender 1 and receiver 1 component
    [&[0xc5, 0x6b, 0x40, service, 0x33, 0x11, 0, 1, 0, 2, 0, 0][..], body].concat()
}

fn block(service: u8, body: &[u8]) -> Vec<u8> {
    let datagram = datagram(service, body);
    let length = u32::try_from(datagram.len() + 8).unwrap().to_le_bytes();
    [&[0x00, 0x01, 0x17, 0xe8][..], &length, &datagram].concat()
}

/// Block `number` on channel 0x71: the first of `whole` bytes, or one that follows.
fn part(number: u8, whole: Option<usize>, content: &[u8]) -> Vec<u8> {
    let first = u8::from(whole.is_some());
    let mut body = vec![1, 0x80 | first, 0x71, 0, number, 0, 0, 0, 0, 0, 0, 0];
    if let Some(whole) = whole {
        body.extend(u32::try_from(whole).unwrap().to_le_bytes());
        body.extend([0; 4]); // the checksum is not looked at
    }
    block(0x40, &[&body[..], content].concat())
}

fn service(group: u8, id: u8, tags: &[u8]) -> Vec<u8> {
    let length = u32::try_from(tags.len()).unwrap().to_le_bytes();
    [&[0x55, 0xcd, 12, 0, group, 0, id, 0, 9, 0, 0, 0][..], &length, tags].concat()
}

fn whole(group: u8, id: u8, tags: &[u8]) -> Vec<u8> {
    let service = service(group, id, tags);
    part(1, Some(service.len()), &service)
}

fn tag(id: u8, content: &[u8]) -> Vec<u8> {
    let (low, high) = (content.len() & 0x7f, content.len() >> 7);
    let length = [u8::try_from(low).unwrap() | 0x80, u8::try_from(high).unwrap()];
    let id = if id < 0x80 { vec![id] } else { vec![id, 0x01] };
    [&id[..], &length, content].concat()
}

fn only(group: u8, id: u8, tags: &[u8]) -> Seen {
    run(&ENTRY, &[(Side::Client, &whole(group, id, tags))]).remove(0)
}

fn piece(seen: &Seen) -> &str {
    seen.piece.as_deref().unwrap_or("none")
}

#[test]
fn services_are_named_by_component_and_have_their_effect() {
    assert_eq!(only(2, 0x10, &[]).line(), "request app start [operate]");
    assert_eq!(only(2, 0x11, &[]).line(), "request app stop [administer]");
    assert_eq!(only(1, 0x04, &[]).line(), "request device reset origin [administer]");
    let reset = only(2, 0x12, &tag(0x10, &[2, 0, 0, 0]));
    assert_eq!(reset.line(), "request app reset [administer] origin");
    assert_eq!(only(3, 0x02, &[]).line(), "request monitor write variables [operate]");
    let strange = only(0x44, 0x99, &[]);
    assert_eq!(
        (strange.line().as_str(), strange.code),
        ("request unlisted service [unknown]", 0x44_0099)
    );
    let effect = |group, id| super::codes::operation(group, id).effect;
    assert_eq!(effect(2, 0x10), crate::Effect::Start);
    assert_eq!(effect(2, 0x11), crate::Effect::Stop);
    assert_eq!(effect(2, 0x05), crate::Effect::Download);
    assert_eq!(effect(1, 0x04), crate::Effect::FactoryReset);
}

#[test]
fn a_login_shows_who_and_whether_the_secret_can_be_read() {
    let credentials = tag(0x81, &[tag(0x10, b"Administrator\0"), tag(0x11, &[0; 32])].concat());
    let login = [tag(0x22, &[1, 0, 0, 0]), tag(0x23, &[0x78, 0x56, 0x34, 0x12]), credentials];
    let refused = tag(0x82, &tag(0x20, &[0x19, 0]));
    let seen = run(
        &ENTRY,
        &[(Side::Client, &whole(1, 2, &login.concat())), (Side::Server, &whole(0x81, 2, &refused))],
    );
    assert_eq!(seen[0].line(), "request device login [session] Administrator");
    assert_eq!(seen[0].facts, ["login=CODESYS device login Administrator cleartext"]);
    assert_eq!(seen[1].line(), "response device login [session] = no access rights");
    assert!(seen[1].anomalies.is_empty());
}

#[test]
fn a_login_without_a_user_that_succeeds_is_unprotected() {
    let granted = tag(0x82, &[tag(0x20, &[0, 0]), tag(0x21, &[1, 2, 3, 4])].concat());
    let login = [tag(0x22, &[1, 0, 0, 0]), tag(0x81, &tag(0x10, &[]))].concat();
    let (ask, answer) = (whole(1, 2, &login), whole(0x81, 2, &granted));
    let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)]);
    assert_eq!(seen[1].facts, ["unprotected=CODESYS login without a user"]);
    assert!(run(&ENTRY, &[(Side::Server, &answer)])[0].facts.is_empty());
}

#[test]
fn services_are_put_together_from_blocks() {
    let stop = service(2, 0x11, &tag(0x11, &[7; 40]));
    let (head, tail) = stop.split_at(20);
    let first = part(4, Some(stop.len()), head);
    let seen = run(
        &ENTRY,
        &[(Side::Client, &first), (Side::Client, &first), (Side::Client, &part(5, None, tail))],
    );
    assert_eq!(seen.len(), 1, "a first block that repeats begins anew");
    assert_eq!(seen[0].line(), "request app stop [administer]");
    assert!(seen[0].anomalies.is_empty());
    let twice =
        [part(4, Some(stop.len()), head), part(5, None, &tail[..9]), part(5, None, &tail[..9])];
    let rest = part(6, None, &tail[9..]);
    assert_eq!(run(&ENTRY, &[(Side::Client, &[&twice.concat()[..], &rest].concat())]).len(), 1);
    let gap = [first, part(6, None, tail)].concat();
    assert!(run(&ENTRY, &[(Side::Client, &gap)]).is_empty(), "a gap gives the service up");
}

#[test]
fn what_is_longer_than_is_kept_is_shown_and_says_so() {
    let content = vec![0; 200 << 10];
    let stop = service(2, 0x05, &content);
    let mut session = (ENTRY.open)();
    let mut seen = crate::testing::Collector::default();
    session.parse(Side::Client, &part(0, Some(stop.len()), &stop[..60_000]), &mut seen);
    for (number, chunk) in (1..).zip(stop[60_000..].chunks(60_000)) {
        session.parse(Side::Client, &part(number, None, chunk), &mut seen);
    }
    assert_eq!(seen.0[0].line(), "request app download [program]");
    assert_eq!(seen.0[0].anomalies, ["service is longer than is kept"]);
    assert!(session.held_bytes() <= 512 << 10);
}

#[test]
fn files_cross_as_pieces_in_both_directions() {
    // CRC-32, then the size: 6
    let info = tag(0x02, &[1, 2, 3, 4, 6, 0, 0, 0]);
    let named = tag(0x01, b"PlcLogic/Application.app\0");
    let data = |size: u8, data: &[u8]| [tag(0x06, &[size, 0, 0, 0]), tag(0x05, data)].concat();
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &whole(8, 2, &[named.clone(), info.clone()].concat())),
            (Side::Client, &whole(8, 4, &data(4, &[9, 0, 0, 0, 1, 2, 3, 4]))),
            (Side::Client, &whole(8, 4, &data(2, &[9, 0, 0, 0, 5, 6]))),
        ],
    );
    assert_eq!(seen[0].line(), "request file start download [program] PlcLogic/Application.app");
    assert_eq!(seen[1].line(), "request file download [program] PlcLogic/Application.app");
    let file = "PLC program PlcLogic/Application.app to Server";
    assert_eq!(piece(&seen[1]), format!("First {file}, 4 bytes"));
    assert_eq!(piece(&seen[2]), format!("Last {file}, 2 bytes"));
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &whole(8, 5, &[named, tag(0x02, &[0; 8])].concat())),
            (Side::Server, &whole(0x88, 5, &tag(0x84, &[tag(0x08, &[0, 0]), info].concat()))),
            (Side::Client, &whole(8, 7, &tag(0x05, &[1, 0, 0, 0, 0, 0, 0, 0]))),
            (Side::Server, &whole(0x88, 7, &data(6, b"abcdef"))),
        ],
    );
    assert_eq!(seen[1].outcome, "ok");
    let file = "PLC program PlcLogic/Application.app to Client";
    assert_eq!(piece(&seen[3]), format!("Whole {file}, 6 bytes"));
}

#[test]
fn a_download_of_an_application_is_one_transfer() {
    let login = tag(0x81, &tag(0x10, b"Application\0"));
    let one = [tag(0x00, &[7; 4]), tag(0x82, &[1, 2])].concat();
    let end = [tag(0x00, &[7; 4]), tag(0x86, &[3])].concat();
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &whole(2, 1, &login)),
            (Side::Client, &whole(2, 5, &one)),
            (Side::Client, &whole(2, 5, &end)),
        ],
    );
    assert_eq!(seen[1].line(), "request app download [program] Application");
    assert_eq!(piece(&seen[1]), "First CODESYS application Application to Server, 6 bytes");
    assert_eq!(piece(&seen[2]), "Last CODESYS application Application to Server, 5 bytes");
}

#[test]
fn nodes_tell_what_they_are() {
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let head = [0x80, 0xc2, 0x00, 0x04, 7, 0, 0, 0, 8, 0, 1, 0, 0, 0, 4, 0, 3, 0, 2, 0];
    let target = [0, 0x10, 0, 0, 0x11, 0, 0, 0, 0x20, 0x0a, 0x05, 0x03];
    let serial = [0, 0, 0, 0, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let names = [utf16("cell\0"), utf16("PLC\0"), utf16("3S\0"), b"S42\0".to_vec()].concat();
    let node = [&head[..], &target, &serial, &names].concat();
    let seen = run(&ENTRY, &[(Side::Server, &datagram(4, &node))]).remove(0);
    assert_eq!(seen.line(), "response identification [observe] cell = ok");
    assert_eq!(
        seen.facts,
        ["name=cell", "product=PLC", "vendor=3S", "serial=S42", "firmware=3.5.10.32", "role=plc"]
    );
    let ask = datagram(3, &[0x02, 0xc2, 0x00, 0x04, 7, 0, 0, 0]);
    let seen = run(&ENTRY, &[(Side::Client, &ask)]).remove(0);
    assert_eq!((seen.line().as_str(), seen.id), ("request resolve address [observe]", Some(7)));
}

#[test]
fn channels_open_and_close() {
    let open = [0xc3, 0, 1, 1, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0x40, 0x1f, 0, 5, 0, 0, 0];
    let opened = [0x83, 0, 1, 1, 0, 0, 0, 0, 5, 0, 0, 0, 0x87, 1, 0x71, 0, 0, 0, 0, 0];
    let close = [0xc4, 0, 1, 1, 0, 0, 0, 0, 0x71, 0, 0, 0];
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &block(0x40, &open)),
            (Side::Server, &block(0x40, &opened)),
            (Side::Client, &block(0x40, &close)),
        ],
    );
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request open channel [session]",
            "response open channel [session] = no more channels",
            "notice close channel [session]"
        ]
    );
}

#[test]
fn encrypted_services_keep_their_name_and_say_no_more() {
    let mut secret = service(2, 0x11, &[0xff; 9]);
    secret[..2].copy_from_slice(&[0x57, 0x75]);
    let seen = run(&ENTRY, &[(Side::Client, &part(1, Some(secret.len()), &secret))]).remove(0);
    assert_eq!(seen.line(), "request app stop [administer]");
    secret[4] = 0x55;
    let seen = run(&ENTRY, &[(Side::Client, &part(1, Some(secret.len()), &secret))]).remove(0);
    assert_eq!(seen.line(), "request encrypted service [unknown]");
}

#[test]
fn lengths_that_lie_are_said() {
    let mut short = service(2, 0x11, &[]);
    short[12] = 9;
    let seen = run(&ENTRY, &[(Side::Client, &part(1, Some(short.len()), &short))]).remove(0);
    assert_eq!(seen.anomalies, ["content length does not match the service"]);
    let nothing = run(&ENTRY, &[(Side::Client, &part(1, Some(3), &[1, 2, 3]))]).remove(0);
    assert_eq!(nothing.anomalies, ["blocks carry no service"]);
    let cut = run(&ENTRY, &[(Side::Client, &block(0x40, &[0xc3, 0]))]).remove(0);
    assert_eq!(cut.anomalies, ["message is shorter than it announces"]);
}

#[test]
fn content_identifies_it() {
    let stop = whole(2, 0x11, &[]);
    assert_eq!(identify_tcp(&ENTRY, &stop, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, &stop[..3], false), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, &[0, 1, 0, 0, 0, 6, 1, 3], true), Guess::No);
    let udp = |bytes: &[u8], hinted| identify(&ENTRY, Transport::Udp, bytes, hinted);
    let ask = datagram(3, &[0x02, 0xc2, 0x00, 0x04, 7, 0, 0, 0]);
    assert_eq!(udp(&ask, false), Guess::Yes(Some(Side::Client)));
    let announce = [0xc5, 0x0b, 0x40, 1, 0, 0x10, 0, 0xaf];
    assert_eq!(udp(&announce, true), Guess::Yes(None));
    assert_eq!(udp(&announce, false), Guess::No);
    assert_eq!(udp(&[0xc5; 40], true), Guess::No);
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, &whole(2, 0x11, &tag(0x11, &[1, 2])));
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &whole(8, 4, &tag(0x05, &[1, 2, 3])));
    never_panics(&ENTRY, &datagram(4, &[0x80, 0xc2, 0, 4, 0, 0, 0, 0, 8, 0, 1, 0, 0, 0, 2, 0]));
}
