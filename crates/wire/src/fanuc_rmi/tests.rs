//! RMI packets made by hand from the packets of the vendor's driver.

use plant::Intent;

use super::codes::{self, PACKETS};
use super::{ENTRY, LINE_BYTES_MAX};
use crate::testing::{Collector, Seen, identify_tcp, never_panics, run, truncations};
use crate::{Effect, Guess, Side, Step};

const CLIENT: Side = Side::Client;
const SERVER: Side = Side::Server;

const MOVE: &[u8] = b"{\"Instruction\": \"FRC_LinearMotion\", \"SequenceID\": 4, \
    \"Configuration\": {\"UToolNumber\": 1, \"UFrameNumber\": 0}, \
    \"Position\": {\"X\": 10.5, \"Y\": 0, \"Z\": 3}, \"SpeedType\": \"mmSec\", \"Speed\": 50}\r\n";

fn sent(packets: &[u8]) -> Vec<Seen> {
    run(&ENTRY, &[(CLIENT, packets)])
}

#[test]
fn a_connection_tells_the_next_port_and_the_version() {
    let seen = run(
        &ENTRY,
        &[
            (CLIENT, b"{\"Communication\":\"FRC_Connect\"}\r\n"),
            (
                SERVER,
                b"{\"Communication\":\"FRC_Connect\",\"ErrorID\":0,\"PortNumber\":16002,\
                  \"MajorVersion\":1,\"MinorVersion\":4}\r\n",
            ),
        ],
    );
    assert_eq!(seen[0].line(), "request frc_connect [session]");
    assert_eq!(seen[1].line(), "response frc_connect [session] = ok");
    assert_eq!(seen[1].values, "PortNumber=16002 MajorVersion=1 MinorVersion=4");
    assert_eq!(seen[1].facts, ["vendor=FANUC", "role=robot", "software=RMI 1.4"]);
}

#[test]
fn motion_shows_where_and_how_fast() {
    let seen = sent(MOVE);
    assert_eq!(seen[0].line(), "request frc_linearmotion [operate]");
    assert_eq!(seen[0].id, Some(4));
    assert!(seen[0].values.contains("Position={\"X\": 10.5, \"Y\": 0, \"Z\": 3}"));
    assert!(seen[0].values.ends_with("SpeedType=mmSec Speed=50"));
    let motions = PACKETS.iter().filter(|row| row.effect == Effect::Motion);
    assert!(motions.count() >= 12);
}

#[test]
fn answers_are_paired_by_name_and_number_and_repeat_the_object() {
    let seen = run(
        &ENTRY,
        &[
            (
                CLIENT,
                b"{\"Command\":\"FRC_WriteRegister\",\"RegisterNumber\":12,\"RegisterValue\":3}\r\n\
                  {\"Instruction\":\"FRC_Call\",\"SequenceID\":1,\"ProgramName\":\"WELD\"}\r\n",
            ),
            (
                SERVER,
                b"{\"Instruction\":\"FRC_Call\",\"ErrorID\":2556981,\"SequenceID\":1}\r\n\
                  {\"Command\":\"FRC_WriteRegister\",\"ErrorID\":0}\r\n\
                  {\"Command\":\"FRC_Abort\",\"ErrorID\":0}\r\n",
            ),
        ],
    );
    assert_eq!(seen[0].line(), "request frc_writeregister [operate] register 12");
    assert_eq!(seen[1].line(), "request frc_call [operate] WELD");
    assert_eq!(seen[2].line(), "response frc_call [operate] WELD = invalid call program name");
    assert_eq!(seen[3].line(), "response frc_writeregister [operate] register 12 = ok");
    assert_eq!(seen[4].anomalies, ["response without a request seen"]);
    assert!(seen[2].anomalies.is_empty());
}

#[test]
fn what_the_controller_tells_unasked_is_a_notice() {
    let seen =
        run(&ENTRY, &[(SERVER, b"{\"Communication\":\"FRC_SystemFault\",\"SequenceID\":9}\r\n")]);
    assert_eq!(seen[0].line(), "notice frc_systemfault [observe]");
    assert!(seen[0].anomalies.is_empty());
}

#[test]
fn variables_are_named_and_writing_them_administers() {
    let seen = sent(
        b"{\"Command\":\"FRC_WriteVariable\",\"VariableName\":\"$MCR.$GENOVERRIDE\",\
          \"VariableType\":\"Integer\",\"VariableValue\":100}\r\n",
    );
    assert_eq!(seen[0].line(), "request frc_writevariable [administer] $MCR.$GENOVERRIDE");
    assert_eq!(codes::packet(b"FRC_WriteVariable").effect, Effect::Parameter);
}

#[test]
fn a_packet_with_several_names_is_judged_by_none() {
    let seen = sent(
        b"{\"Command\":\"FRC_GetStatus\",\"Instruction\":\"FRC_Call\",\"ProgramName\":\"A\"}\r\n",
    );
    assert_eq!(seen[0].intent, Intent::Unknown);
    assert_eq!(seen[0].anomalies, ["packet has several names"]);
    let seen = sent(b"{\"Command\":\"FRC_Dance\"}\r\n{}\r\n");
    assert_eq!((seen[0].intent, seen[1].intent), (Intent::Unknown, Intent::Unknown));
    assert_eq!(seen[1].anomalies, ["packet has no name"]);
}

#[test]
fn case_does_not_evade_a_rule_and_escapes_do_not_pass_as_known() {
    let seen = sent(b"{\"Command\":\"frc_abort\"}\r\n{\"Command\":\"FRC_\\u0041bort\"}\r\n");
    assert_eq!(seen[0].line(), "request frc_abort [operate]");
    assert_eq!(seen[1].intent, Intent::Unknown);
}

#[test]
fn an_ascii_packet_is_a_line_of_a_program() {
    let seen = sent(b"{\"ASCII\":\"L PR[1] 100mm/sec FINE\",\"SequenceID\":2}\r\n");
    assert_eq!(seen[0].line(), "request ascii [operate]");
    assert_eq!(seen[0].values, "ASCII=L PR[1] 100mm/sec FINE");
}

#[test]
fn broken_json_is_malformed_and_shown_as_far_as_it_goes() {
    for (line, what) in [
        (&b"{\"Command\":\"FRC_Abort\",\n"[..], "line is no JSON object"),
        (b"{\"Command\":\"FRC_Abort\"} x\n", "bytes follow the end of the message"),
        (
            b"{\"Command\":\"FRC_Abort\",\"A\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}\n",
            "line is no JSON object",
        ),
        (b"{\"Command\":\"FRC_Abort\",\"A\":]}\n", "line is no JSON object"),
        (b"{\"Command\":\"FRC_Abort\" \"A\":1}\n", "line is no JSON object"),
    ] {
        let seen = sent(line);
        assert_eq!((seen[0].operation, seen[0].anomalies.as_slice()), ("frc_abort", &[what][..]));
    }
    let mut sink = Collector::default();
    let mut parse = |bytes: &[u8]| (ENTRY.open)().parse(CLIENT, bytes, &mut sink);
    assert_eq!(parse(b"hello\n"), Step::Lost);
    assert_eq!(parse(&[0x16, 3, 1, 0, b'\n']), Step::Lost);
    assert_eq!(parse(&vec![b'{'; LINE_BYTES_MAX - 1]), Step::Need(LINE_BYTES_MAX));
    assert_eq!(parse(&vec![b'{'; LINE_BYTES_MAX]), Step::Lost);
}

#[test]
fn braces_and_quotes_inside_strings_do_not_end_a_value() {
    let seen = sent(
        b"{\"Position\":{\"A\":\"}\\\"]\"},\"Instruction\":\"FRC_Call\",\"ProgramName\":\"A\"}\n",
    );
    assert_eq!(seen[0].line(), "request frc_call [operate] A");
    assert!(seen[0].anomalies.is_empty());
}

#[test]
fn every_row_has_its_own_name() {
    for row in PACKETS {
        assert_eq!(codes::packet(row.name.as_bytes()), row);
    }
    assert_eq!(codes::error(2_556_929), "internal system error");
    assert_eq!(codes::error(2_556_981), "invalid call program name");
    assert_eq!(codes::error(2_556_982), "");
}

#[test]
fn a_naming_field_identifies_the_stream() {
    let ask = |bytes: &[u8], hinted| identify_tcp(&ENTRY, bytes, hinted);
    assert_eq!(ask(MOVE, false), Guess::Yes(Some(CLIENT)));
    let answer = b"{\"Command\":\"FRC_Abort\",\"ErrorID\":0}\r\n";
    assert_eq!(ask(answer, false), Guess::Yes(Some(SERVER)));
    assert_eq!(ask(&MOVE[..40], true), Guess::More);
    assert_eq!(ask(&MOVE[..40], false), Guess::No);
    assert_eq!(ask(b"{\"id\":1,\"cmd\":\"get\"}\r\n", true), Guess::No); // others' JSON
    assert_eq!(ask(b"{\"Command\":\"reset\"}\r\n", true), Guess::No);
    assert_eq!(ask(b"movej:6:25.0\n", true), Guess::No); // fanucpy, which is no RMI
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, CLIENT, MOVE);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, MOVE);
    never_panics(&ENTRY, b"{\"Command\":\"FRC_ReadError\",\"ErrorID\":2556981}\r\n");
}

#[test]
fn what_a_packet_names_twice_is_no_single_object() {
    let object = |fields: &str| {
        let line = format!("{{\"Instruction\":\"FRC_Call\",{fields}}}\r\n");
        sent(line.as_bytes())[0].object.clone()
    };
    assert_eq!(object("\"ProgramName\":\"WELD\""), "WELD");
    assert!(object("\"ProgramName\":\"WELD\",\"ProgramName\":\"X\"").ends_with(", and more"));
    assert!(object("\"ProgramName\":\"WELD\",\"RegisterNumber\":1").ends_with(", and more"));
    let twice = object("\"RegisterNumber\":1,\"RegisterNumber\":2");
    assert!(twice.is_empty() || twice.ends_with(", and more"), "{twice}");
    assert!(object(&format!("\"ProgramName\":\"{}\"", "A".repeat(65))).ends_with(", and more"));
}
