//! A robot's commands in SRTP frames, made by hand, and who is told apart by what.

use plant::Intent;

use super::{COMMANDS, ENTRY};
use crate::ge_srtp;
use crate::ge_srtp::tests::{long, reply, short};
use crate::testing::{identify_tcp, never_panics, run};
use crate::{Guess, Side};

const CLIENT: Side = Side::Client;
const SERVER: Side = Side::Server;

/// Text written to %G, byte by byte from its first.
fn command(sequence: u16, text: &[u8]) -> Vec<u8> {
    let count = u16::try_from(text.len()).unwrap();
    if text.len() > 6 {
        long(sequence, 7, 0x38, [0, count], text)
    } else {
        short(sequence, 7, 0x38, [0, count], text)
    }
}

#[test]
fn commands_are_named_with_their_arguments() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &command(1, b"CLRASG")),
            (SERVER, &reply(1, 0xd4, [0, 0], &[])),
            (CLIENT, &command(2, b"SETASG 1 50 POS[G1:0] 0.0")),
            (CLIENT, &command(3, b"setvar $MCR.$GENOVERRIDE 100\r\nCLRALM\r\n")),
        ],
    );
    assert_eq!(seen[0].line(), "request clrasg [operate]");
    assert_eq!(seen[1].line(), "response clrasg [operate] = ok");
    assert_eq!(seen[1].facts, ["vendor=FANUC", "role=robot"]);
    assert_eq!(seen[2].line(), "request setasg [operate] 1 50 POS[G1:0] 0.0");
    assert_eq!(seen[3].line(), "request setvar [administer] $MCR.$GENOVERRIDE 100");
    assert_eq!(seen[4].line(), "request clralm [operate]");
    assert_eq!(seen.len(), 5);
}

#[test]
fn text_that_is_no_listed_command_is_unknown() {
    let seen = run(&ENTRY, &[(CLIENT, &command(1, b"SELPRG MAIN 1"))]);
    assert_eq!(seen[0].line(), "request unlisted command [unknown] SELPRG MAIN 1");
    // what is no text is shown as the write that it is
    let seen = run(&ENTRY, &[(CLIENT, &command(1, &[1, 2, 3]))]);
    assert_eq!(seen[0].line(), "request write system memory [operate] %G byte 1..3");
}

#[test]
fn registers_and_signals_are_memory_of_a_plc() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &long(1, 7, 0x08, [11_000, 2], b"adb\0")),
            (CLIENT, &short(2, 4, 0x48, [5_000, 8], &[])),
            (SERVER, &reply(2, 0xd4, [0, 0], &[0x81])),
        ],
    );
    assert_eq!(seen[0].line(), "request write system memory [operate] %R 11001..11002");
    assert_eq!((seen[0].protocol, seen[0].values.as_str()), ("fanuc-snpx", "25697 98"));
    assert_eq!(seen[2].line(), "response read system memory [observe] %Q 5001..5008 = ok");
    assert_eq!(seen[2].values, "81");
}

#[test]
fn a_stream_taken_for_a_plc_is_a_robots_from_its_first_command_on() {
    let seen = run(
        &ge_srtp::ENTRY,
        &[
            (CLIENT, &short(1, 4, 0x08, [0, 1], &[])),
            (SERVER, &reply(1, 0xd4, [0, 0], &[1, 0])),
            (CLIENT, &command(2, b"SETASG 1 2 R[1] 0")),
            (SERVER, &reply(2, 0xd4, [0, 0], &[])),
            (CLIENT, &short(3, 4, 0x08, [0, 1], &[])),
        ],
    );
    let protocols: Vec<_> = seen.iter().map(|seen| seen.protocol).collect();
    assert_eq!(protocols, ["ge-srtp", "ge-srtp", "fanuc-snpx", "fanuc-snpx", "fanuc-snpx"]);
    assert!(seen[1].facts.is_empty());
    assert_eq!(seen[3].facts, ["vendor=FANUC", "role=robot"]);
}

#[test]
fn robot_and_plc_are_told_apart_by_command_else_by_port() {
    let robot = |bytes: &[u8], hinted| identify_tcp(&ENTRY, bytes, hinted);
    let plc = |bytes: &[u8], hinted| identify_tcp(&ge_srtp::ENTRY, bytes, hinted);
    let clear = command(1, b"CLRASG");
    let read = short(1, 4, 0x08, [0, 1], &[]);
    // the content decides at any port, also at that of the other
    assert_eq!((robot(&clear, false), plc(&clear, true)), (Guess::Yes(Some(CLIENT)), Guess::No));
    assert_eq!(robot(&read, false), Guess::No);
    // where it does not, the port does
    assert_eq!(
        (robot(&read, true), plc(&read, false)),
        (Guess::Yes(Some(CLIENT)), Guess::Yes(Some(CLIENT)))
    );
    assert_eq!(
        (robot(&[0; 56], true), robot(&[0; 56], false)),
        (Guess::Yes(Some(CLIENT)), Guess::No)
    );
    assert_eq!((robot(&[0; 9], true), robot(&[0; 9], false)), (Guess::More, Guess::No));
    // a PLC's own text in %G is not a robot's command
    let text = command(1, b"STATION 7");
    assert_eq!((robot(&text, false), plc(&text, false)), (Guess::No, Guess::Yes(Some(CLIENT))));
    let seen = run(&ge_srtp::ENTRY, &[(CLIENT, &text)]);
    assert_eq!(seen[0].protocol, "ge-srtp");
}

#[test]
fn assigned_memory_shows_its_variable_until_it_is_cleared() {
    let write = long(3, 7, 0x08, [50, 2], &[0, 0, 0x80, 0x3f]);
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, &command(1, b"SETASG 1 50 POS[G1:0] 0.0\nSETASG 51 2 $ANGTOL[1] 0")),
            (CLIENT, &command(2, b"SETASG 51 2 R[1] 0\nSETASG x 2 R[2]\nSETASG 4294967295 9 R[3]")),
            (CLIENT, &write),
            (CLIENT, &short(4, 4, 0x08, [49, 1], &[])),
            (SERVER, &reply(4, 0xd4, [0, 0], &[7, 0])),
            (CLIENT, &command(5, b"CLRASG")),
            (CLIENT, &write),
            (CLIENT, &short(6, 4, 0x08, [0xffff, 1], &[])),
            (CLIENT, &command(7, b"SETASG 51 2 $ANGTOL[1] 0")),
            (CLIENT, &long(8, 7, 0x08, [40, 11], &[0; 22])), // %R41..51 reaches into it
        ],
    );
    assert_eq!(seen[12].intent, Intent::Administer);
    assert_eq!(seen[5].line(), "request write system memory [administer] %R 51..52");
    assert_eq!(seen[5].values, "$ANGTOL[1]: 0 16256");
    assert_eq!(seen[7].values, "POS[G1:0]: 7");
    assert_eq!((seen[9].intent, seen[9].values.as_str()), (Intent::Operate, "0 16256"));
}

#[test]
fn no_command_only_observes() {
    assert!(COMMANDS.iter().all(|row| row.intent >= Intent::Operate));
}

#[test]
fn no_command_hides_behind_others_or_behind_a_count() {
    let text = b"CLRALM\n".repeat(9_000);
    let seen = run(&ENTRY, &[(CLIENT, &command(1, &text))]);
    assert_eq!(seen.len(), 8_778); // what 60 KiB hold, the last of them cut short
    assert_eq!(seen[0].anomalies, ["text is longer than is read"]);
    // a listed command in the second line, and a count that ends before it
    let hidden = long(1, 7, 0x38, [0, 3], b"HI\nSETVAR $A 1");
    let seen = run(&ge_srtp::ENTRY, &[(CLIENT, &hidden)]);
    assert_eq!(seen[1].line(), "request setvar [administer] $A 1");
    assert_eq!(seen[0].line(), "request unlisted command [unknown] HI");
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &command(1, b"SETASG 1 2 R[1] 0\nCLRALM"));
}
