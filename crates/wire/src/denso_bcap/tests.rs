//! b-CAP from constant bytes, made by hand from the layout of bcap_common.

use super::ENTRY;
use crate::testing::{Seen, identify, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side, Step, Transport};

/// An argument: type, number of elements, elements.
fn arg(kind: u16, count: u32, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len() + 6).unwrap().to_le_bytes();
    [&length[..], &kind.to_le_bytes(), &count.to_le_bytes(), data].concat()
}

fn text(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    arg(8, 1, &[&u32::try_from(units.len()).unwrap().to_le_bytes()[..], &units].concat())
}

fn handle(number: u32) -> Vec<u8> {
    arg(19, 1, &number.to_le_bytes())
}

/// A packet: serial, function or result, arguments.
fn packet(serial: u16, id: u32, args: &[Vec<u8>]) -> Vec<u8> {
    let body = args.concat();
    let length = u32::try_from(body.len() + 16).unwrap().to_le_bytes();
    let count = u16::try_from(args.len()).unwrap().to_le_bytes();
    [&[1], &length[..], &serial.to_le_bytes(), &[0, 0], &id.to_le_bytes(), &count, &body, &[4]]
        .concat()
}

fn request(id: u32, args: &[Vec<u8>]) -> Seen {
    run(&ENTRY, &[(Side::Client, &packet(1, id, args))]).remove(0)
}

#[test]
fn variables_are_named_by_the_handle_that_was_given_for_them() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &packet(1, 9, &[handle(1), text("IO128"), text("")])),
            (Side::Server, &packet(1, 0, &[handle(5)])),
            (Side::Client, &packet(2, 102, &[handle(5), arg(11, 1, &[0xff, 0xff])])),
            (Side::Server, &packet(2, 0, &[])),
        ],
    );
    assert_eq!(seen[0].line(), "request controller get variable [observe] IO128");
    assert_eq!(seen[1].line(), "response controller get variable [observe] IO128 = ok");
    assert_eq!(seen[2].line(), "request variable put value [operate] IO128");
    assert_eq!(seen[2].values, "[5, true]");
    assert_eq!(seen[3].line(), "response variable put value [operate] IO128 = ok");
    assert_eq!((seen[3].id, seen[3].facts.join(" ")), (Some(2), "role=robot".into()));
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn a_command_of_execute_is_an_operation_of_its_own() {
    let mut joints = Vec::new();
    for angle in [0.0_f64, 45.5, 90.0] {
        joints.extend_from_slice(&angle.to_le_bytes());
    }
    let pose = arg(0x2005, 3, &joints);
    let moved = request(64, &[handle(2), text("slvMove"), pose]);
    assert_eq!(moved.line(), "request slvmove [operate] slvMove");
    assert_eq!(moved.values, "[2, \"slvMove\", (0, 45.5, 90)]");
    assert_eq!(request(64, &[handle(2), text("TakeArm"), text("")]).intent.name(), "operate");
    assert_eq!(request(17, &[handle(1), text("ClearError"), text("")]).operation, "clearerror");
    assert_eq!(request(17, &[handle(1), text("ResetStoState")]).intent.name(), "safety");
    let other = request(64, &[handle(2), text("Detonate"), text("")]);
    assert_eq!(other.line(), "request robot execute [unknown] Detonate");
}

#[test]
fn functions_carry_their_intent_and_effect() {
    let pose = || text("@P J(0, 0, 90, 0, 90, 0)");
    let moved = request(72, &[handle(2), arg(3, 1, &[1, 0, 0, 0]), pose(), text("")]);
    assert_eq!(moved.line(), "request robot move [operate]");
    let effect = |code| crate::Operation::find(super::codes::FUNCTIONS, code).unwrap().effect;
    assert_eq!(effect(72), crate::Effect::Motion);
    assert_eq!(effect(88), crate::Effect::Start);
    assert_eq!(effect(89), crate::Effect::Stop);
    assert_eq!(effect(43), crate::Effect::DeleteFile);
    let connect = [text(""), text("CaoProv.DENSO.VRC"), text("localhost"), text("")];
    assert_eq!(
        request(3, &connect).line(),
        "request controller connect [session] CaoProv.DENSO.VRC"
    );
    assert_eq!(request(500, &[]).line(), "request unlisted function [unknown]");
}

#[test]
fn every_function_up_to_the_last_is_listed_once() {
    let codes: Vec<u32> = super::codes::FUNCTIONS.iter().map(|row| row.code).collect();
    assert_eq!(codes, (1..=137).collect::<Vec<_>>());
}

#[test]
fn results_are_named_and_one_that_is_not_done_stays_open() {
    let ask = packet(3, 88, &[handle(7), arg(3, 1, &[1, 0, 0, 0]), text("")]);
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &ask),
            (Side::Server, &packet(3, 0x900, &[])),
            (Side::Server, &packet(3, 0x8007_0006, &[])),
            (Side::Server, &packet(3, 0, &[])),
        ],
    );
    assert_eq!(seen[1].line(), "response task start [operate]");
    assert_eq!(seen[2].line(), "response task start [operate] = E_HANDLE");
    assert_eq!(seen[3].anomalies, ["response without a request seen"]);
    let unlisted =
        run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &packet(3, 0x8350_1234, &[]))]);
    assert_eq!(unlisted[1].outcome, "error 0x83501234");
}

#[test]
fn a_program_that_is_written_is_handed_out() {
    let body = b"PROGRAM PRO1\r\nEND\r\n";
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &packet(1, 6, &[handle(1), text("PRO1.PAC"), text("")])),
            (Side::Server, &packet(1, 0, &[handle(9)])),
            (Side::Client, &packet(2, 53, &[handle(9), arg(0x2011, 19, body)])),
            (Side::Client, &packet(3, 52, &[handle(9)])),
            (Side::Server, &packet(3, 0, &[arg(0x2011, 19, body)])),
            (Side::Client, &packet(4, 53, &[handle(9), text("PROGRAM PRO1\r\nEND\r\n")])),
        ],
    );
    let written = "Whole Denso PAC program PRO1.PAC to Server, 19 bytes";
    assert_eq!(seen[5].piece.as_deref(), Some(written), "text is not counted in UTF-16");
    assert_eq!(seen[2].line(), "request file put value [program] PRO1.PAC");
    assert_eq!(
        seen[2].piece.as_deref(),
        Some("Whole Denso PAC program PRO1.PAC to Server, 19 bytes")
    );
    assert_eq!(
        seen[4].piece.as_deref(),
        Some("Whole Denso PAC program PRO1.PAC to Client, 19 bytes")
    );
}

#[test]
fn every_truncation_asks_for_more() {
    truncations(&ENTRY, Side::Client, &packet(1, 64, &[handle(2), text("Motor"), text("1")]));
    truncations(&ENTRY, Side::Server, &packet(1, 0, &[]));
}

#[test]
fn lengths_and_counts_at_their_limits_are_survived() {
    let mut seen = crate::testing::Collector::default();
    let mut parse = |bytes: &[u8]| (ENTRY.open)().parse(Side::Client, bytes, &mut seen);
    let length = |length: u32| {
        let mut bytes = packet(1, 72, &[]);
        bytes[1..5].copy_from_slice(&length.to_le_bytes());
        bytes
    };
    assert_eq!(parse(&length(15)), Step::Lost);
    assert_eq!(parse(&length(16)), Step::Read(16));
    assert_eq!(parse(&length(16 << 20)), Step::Need(64 * 1024));
    assert_eq!(parse(&length((16 << 20) + 1)), Step::Lost);
    let mut long = length(70_000);
    long.resize(65_536, 0);
    assert_eq!(parse(&long), Step::Read(70_000));
    let short = request(102, &[vec![0xff; 4]]);
    assert_eq!(short.anomalies, ["arguments do not fill the packet"]);
    let hostile = arg(0x2005, u32::MAX, &[0; 8]);
    assert_eq!(request(102, &[handle(1), hostile]).values, "[1, (0, ?)]");
    let nested = [0x0c, 0x20, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(request(102, &[arg(0x200c, 1, &nested)]).values, "[(?)]");
    let mut open = packet(1, 72, &[]);
    *open.last_mut().unwrap() = 5;
    let open = run(&ENTRY, &[(Side::Client, &open)]).remove(0);
    assert_eq!(open.anomalies, ["packet does not end with 04"]);
}

#[test]
fn handles_beyond_the_bound_forget_the_oldest() {
    let mut parts = Vec::new();
    for number in 0..70_u32 {
        let serial = u16::try_from(number).unwrap();
        parts.push((Side::Client, packet(serial, 9, &[handle(1), text(&format!("I{number}"))])));
        parts.push((Side::Server, packet(serial, 0, &[handle(number)])));
    }
    parts.push((Side::Client, packet(99, 101, &[handle(0)])));
    parts.push((Side::Client, packet(99, 101, &[handle(69)])));
    let parts: Vec<_> = parts.iter().map(|(side, bytes)| (*side, &bytes[..])).collect();
    let seen = run(&ENTRY, &parts);
    assert_eq!((seen[140].object.as_str(), seen[141].object.as_str()), ("", "I69"));
}

#[test]
fn whole_packets_are_recognised_on_any_port() {
    let ask = packet(1, 64, &[handle(2), text("Motor"), text("1")]);
    assert_eq!(identify_tcp(&ENTRY, &ask, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify(&ENTRY, Transport::Udp, &ask, false), Guess::Yes(Some(Side::Client)));
    let answer = packet(1, 0, &[handle(2)]);
    assert_eq!(identify_tcp(&ENTRY, &answer, false), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, &packet(1, 1, &[]), false), Guess::Yes(None));
    assert_eq!(identify_tcp(&ENTRY, &ask[..20], true), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, &ask[..20], false), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Udp, &ask[..20], true), Guess::No);
}

#[test]
fn bcap_and_melsec_on_port_5007_do_not_take_each_other() {
    let melsec = &crate::melsec::ENTRY;
    let asks = [packet(1, 64, &[handle(2), text("Motor"), text("1")]), packet(0x5000, 1, &[])];
    for transport in [Transport::Tcp, Transport::Udp] {
        for ask in &asks {
            assert_eq!(identify(melsec, transport, ask, true), Guess::No);
        }
        // SLMP read of D100, 3E and 4E binary, 3E ASCII, and a response
        let slmp: [&[u8]; 4] = [
            &[0x50, 0, 0, 0xff, 0xff, 3, 0, 12, 0, 16, 0, 1, 4, 0, 0, 100, 0, 0, 0xa8, 2, 0],
            &[0x54, 0, 1, 0, 0, 0, 0, 0xff, 0xff, 3, 0, 6, 0, 16, 0, 1, 1, 0, 0],
            b"500000FF03FF00001800100401000\x44*0001000002",
            &[0xd0, 0, 0, 0xff, 0xff, 3, 0, 2, 0, 0, 0],
        ];
        for frame in slmp {
            assert_eq!(identify(&ENTRY, transport, frame, true), Guess::No);
        }
    }
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &packet(1, 64, &[handle(2), text("slvMove"), arg(0x200c, 2, &[5, 0])]));
}
