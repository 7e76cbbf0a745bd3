//! R3 lines, made by hand from the examples' form of BFP-A4288.

use super::ENTRY;
use crate::testing::{Seen, identify, identify_tcp, never_panics, run};
use crate::{Effect, Guess, Operation, Side, Step, Transport};

fn only(line: &str) -> Seen {
    run(&ENTRY, &[(Side::Client, line.as_bytes())]).remove(0)
}

fn exchange(command: &str, answer: &str) -> Seen {
    let parts = [(Side::Client, command.as_bytes()), (Side::Server, answer.as_bytes())];
    run(&ENTRY, &parts).remove(1)
}

#[test]
fn an_answer_belongs_to_the_command_before_it() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, b"1;1;DSTATE\r"),
            (Side::Server, b"QoK09060;17;1\r"),
            (Side::Client, b"1;9;OUT=16;0001\r"),
            (Side::Server, b"QeR2420\r"),
        ],
    );
    assert_eq!(seen[0].line(), "request dstate [observe]");
    assert_eq!(seen[1].line(), "response dstate [observe] = ok");
    assert_eq!((seen[1].values.as_str(), seen[1].unit), ("09060;17;1", Some(0x0101)));
    assert_eq!(seen[2].line(), "request out= [operate] output 16");
    assert_eq!(seen[2].unit, Some(0x0109));
    assert_eq!(seen[3].line(), "response out= [operate] output 16 = QeR");
    assert_eq!((seen[3].values.as_str(), seen[3].facts.join(" ")), ("2420", "role=robot".into()));
    let unasked = run(&ENTRY, &[(Side::Server, b"QoK\r")]).remove(0);
    assert_eq!(unasked.line(), "response answer [unknown] = ok");
    assert_eq!(unasked.anomalies, ["response without a request seen"]);
}

#[test]
fn the_longest_command_wins_whatever_its_case() {
    assert_eq!(only("1;1;STOP").operation, "stop");
    assert_eq!(only("1;1;STOPON").operation, "stopon");
    assert_eq!(only("1;1;srvon").line(), "request srvon [operate]");
    assert_eq!(only("1;1;OVRD").line(), "request ovrd [observe]");
    assert_eq!(only("1;1;OVRD=50").line(), "request ovrd= [operate]");
    assert_eq!(only("1;1;IN=8;00ff").line(), "request in= [operate] input 8");
    assert_eq!(only("1;1;JPOSF").line(), "request jpos [observe]");
    assert_eq!(only("1;1;RUNWELD;1").line(), "request run [operate] WELD");
    assert_eq!(only("1;1;PRGLOAD=WELD").line(), "request prgload= [operate] WELD");
    assert_eq!(only("1;1;HOTWELD;M1=1").line(), "request hot [operate] WELD;M1");
    assert_eq!(only("1;9;VAL=M1=3").line(), "request val= [operate] M1");
    assert_eq!(only("1;1;XYZZY").line(), "request unlisted command [unknown]");
    assert_eq!(only(";;STATE").line(), "request state [observe]");
}

#[test]
fn direct_execution_is_a_script() {
    let moved = only("1;1;EXECMOV P1");
    assert_eq!(moved.line(), "request exec [program] MOV P1");
    let effect = |name| super::codes::COMMANDS.iter().find(|row| row.name == name).unwrap().effect;
    assert_eq!((effect("exec"), effect("exec2=")), (Effect::Script, Effect::Script));
    assert_eq!(
        (effect("jog"), effect("run"), effect("stop")),
        (Effect::Motion, Effect::Start, Effect::Stop)
    );
    assert_eq!((effect("rstalrm"), effect("rstpwr")), (Effect::Reset, Effect::Restart));
    assert_eq!((effect("fdel"), effect("prm=")), (Effect::DeleteFile, Effect::Parameter));
}

#[test]
fn every_clause_of_commands_is_listed() {
    let codes: Vec<u32> = super::codes::COMMANDS.iter().map(|row| row.code).collect();
    // clause 60 is the jog of another hand, by the same word
    assert!((1..=144).filter(|clause| *clause != 60).all(|clause| codes.contains(&clause)));
    let mut names: Vec<_> = super::codes::COMMANDS.iter().map(|row: &Operation| row.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), codes.len(), "no word stands for two commands");
}

#[test]
fn open_tells_the_robot() {
    let told =
        "QoK3F;3F;7,0;3,5,A,1E,32,46,64;MB5;PRM;RV-4A;CRn-5xx;MELFA;03-11-19;Ver.J4;ENG;C;1;1;8;";
    let seen = exchange("1;1;OPEN=USERTOOL", told);
    assert_eq!(seen.line(), "response open= [session] USERTOOL = ok");
    let facts = [
        "product=RV-4A",
        "hardware=CRn-5xx",
        "firmware=Ver.J4",
        "vendor=Mitsubishi Electric",
        "role=robot",
    ];
    assert_eq!(seen.facts, facts);
    assert_eq!(exchange("1;1;OPEN=A", "QoK").facts, ["role=robot"]);
}

#[test]
fn a_keyword_is_a_login_and_is_not_shown() {
    let seen = only("1;1;KEYWDpSECRET\r");
    assert_eq!(seen.line(), "request keywd [administer]");
    assert_eq!(seen.facts, ["login=MELFA parameter keyword keyword cleartext"]);
    assert!(seen.values.is_empty());
}

#[test]
fn a_file_is_handed_out_as_the_bytes_that_its_digits_write() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, b"1;1;FOPEN1.MB5;w\r"),
            (Side::Client, b"1;1;FWRITE4;524f4250\r"),
            (Side::Client, b"1;1;FWRITE2:0a0A\r"),
            (Side::Client, b"1;1;FWRITE2;0x\r"),
            (Side::Client, b"1;1;FCLOSE\r"),
            (Side::Client, b"1;1;FWRITE1;00\r"),
        ],
    );
    let pieces: Vec<_> = seen.iter().map(|seen| seen.piece.as_deref().unwrap_or("")).collect();
    let first = "First MELFA program 1.MB5 to Server, 4 bytes";
    let next = "Next MELFA program 1.MB5 to Server, 2 bytes";
    // what is not known whole does not end
    assert_eq!(pieces, ["", first, next, "", "", ""]);
    assert_eq!(seen[3].anomalies, ["block is not in hexadecimal digits"]);
    assert_eq!(seen[1].line(), "request fwrite [program]");
}

#[test]
fn a_file_that_is_read_goes_to_the_client() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, b"1;1;FOPEN1.MB5;r"),
            (Side::Server, b"QoK"),
            (Side::Client, b"1;1;FREAD"),
            (Side::Server, b"QoK524F4250;0"),
            (Side::Client, b"1;1;FCLOSE"),
        ],
    );
    let first = "First MELFA program 1.MB5 to Client, 4 bytes";
    assert_eq!(seen[3].piece.as_deref(), Some(first));
    assert_eq!(seen[4].piece.as_deref(), Some("Last MELFA program 1.MB5 to Client, 0 bytes"));
}

#[test]
fn lines_are_a_program_only_after_it_was_cleared() {
    let edit = |clear: &'static [u8]| {
        let lines: [(Side, &[u8]); 5] = [
            (Side::Client, b"1;9;LOAD=WELD\r"),
            (Side::Client, clear),
            (Side::Client, b"1;9;EMDAT10 MOV P1\x0b20 END\r"),
            (Side::Client, b"1;9;EDATA30 END\r"),
            (Side::Client, b"1;9;SAVE\r"),
        ];
        run(&ENTRY, &lines).into_iter().filter_map(|seen| seen.piece).collect::<Vec<_>>()
    };
    let whole = edit(b"1;9;ECLR\r");
    let expected = [
        "First MELFA program WELD to Server, 16 bytes",
        "Next MELFA program WELD to Server, 6 bytes",
        "Last MELFA program WELD to Server, 0 bytes",
    ];
    assert_eq!(whole, expected);
    assert!(edit(b"1;9;STATE\r").is_empty());
    let lines: [(Side, &[u8]); 4] = [
        (Side::Client, b"1;1;FDELMRL\r"),
        (Side::Client, b"1;1;NEW\r"),
        (Side::Client, b"1;1;LOAD=MRL\r"),
        (Side::Client, b"1;1;EDATA 1 END\r"),
    ];
    let piece = run(&ENTRY, &lines).remove(3).piece;
    assert_eq!(piece.as_deref(), Some("First MELFA program MRL to Server, 6 bytes"));
}

#[test]
fn a_line_ends_with_its_segment_until_a_terminator_was_seen() {
    let mut seen = crate::testing::Collector::default();
    let mut session = (ENTRY.open)();
    assert_eq!(session.parse(Side::Client, b"1;1;STATE", &mut seen), Step::Read(9));
    assert_eq!(session.parse(Side::Client, b"1;1;SRVON\r\n", &mut seen), Step::Read(11));
    assert_eq!(session.parse(Side::Client, b"1;1;SRV", &mut seen), Step::Need(8));
    assert_eq!(session.parse(Side::Server, b"QoK", &mut seen), Step::Read(3));
    assert_eq!(session.parse(Side::Server, b"QoK\0", &mut seen), Step::Read(4));
    assert_eq!(seen.0.len(), 4);
    assert_eq!(session.parse(Side::Client, &[b'x'; 2047], &mut seen), Step::Need(2048));
    assert_eq!(session.parse(Side::Client, &[b'x'; 2048], &mut seen), Step::Lost);
    assert_eq!(session.parse(Side::Client, b"1;1;\x01\r", &mut seen), Step::Lost);
    assert_eq!(session.parse(Side::Client, b"STATE\r", &mut seen), Step::Lost);
}

#[test]
fn a_command_beyond_255_bytes_is_said() {
    let long = |bytes: usize| only(&format!("1;1;EXEC{}\r", "x".repeat(bytes - 4))).anomalies;
    assert!(long(255).is_empty());
    assert_eq!(long(256), ["command is longer than 255 bytes"]);
}

#[test]
fn commands_are_recognised_on_any_port_and_answers_with_a_hint() {
    let probe = |bytes: &[u8], hinted| identify_tcp(&ENTRY, bytes, hinted);
    assert_eq!(probe(b"1;1;OPEN=USERTOOL\r", false), Guess::Yes(Some(Side::Client)));
    assert_eq!(probe(b"1;9;STATE", false), Guess::Yes(Some(Side::Client)));
    assert_eq!(probe(b"1;1;XYZZY", false), Guess::No);
    assert_eq!(probe(b"1;1;XYZZY", true), Guess::Yes(Some(Side::Client)));
    // lists of numbers, as any text protocol has them
    assert_eq!(probe(b"1;1;2;3\r\n", false), Guess::No);
    assert_eq!(probe(b"1;1;Internet\r\n", false), Guess::No);
    assert_eq!(probe(b"QoK3F;3F", true), Guess::Yes(Some(Side::Server)));
    assert_eq!(probe(b"QoK3F;3F", false), Guess::No);
    assert_eq!(probe(b"Qo", true), Guess::More);
    assert_eq!(probe(b"GET / HTTP/1.1\r\n", true), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Udp, b"1;1;STATE", true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, b"1;1;FOPEN1.MB5;w\r1;1;FWRITE2;0a0b\r1;1;FCLOSE\r");
    never_panics(&ENTRY, b"1;9;LOAD=A\r1;9;ECLR\r1;9;EMDAT10 END\r1;9;SAVE");
}
