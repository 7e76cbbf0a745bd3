//! Dashboard lines from the vendor's command tables, and how their answers are paired and judged.

use plant::Intent;

use super::{ENTRY, codes};
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Effect, Guess, Side, Step};

const BANNER: &[u8] = b"Connected: Universal Robots Dashboard Server\n";

fn exchange(command: &str, answer: &str) -> Vec<Seen> {
    run(&ENTRY, &[(Side::Client, command.as_bytes()), (Side::Server, answer.as_bytes())])
}

#[test]
fn the_greeting_shows_a_robot_of_universal_robots() {
    let seen = run(&ENTRY, &[(Side::Server, BANNER)]);
    assert_eq!(seen[0].line(), "notice greeting [session]");
    assert_eq!(seen[0].facts, ["vendor=Universal Robots", "role=robot"]);
}

#[test]
fn a_play_that_the_robot_refuses_ends_with_its_words() {
    let seen = exchange("play\n", "Failed to execute: play\n");
    assert_eq!(seen[0].line(), "request play [operate]");
    assert_eq!(seen[1].line(), "response play [operate] = failed to execute");
    let seen = exchange("play\n", "Starting program\n");
    assert_eq!(seen[1].line(), "response play [operate] = ok");
}

#[test]
fn the_longest_command_that_begins_the_line_is_meant() {
    let seen = exchange("load installation default.installation\n", "Loading installation: x\n");
    assert_eq!(seen[0].line(), "request load installation [program] default.installation");
    assert_eq!(seen[1].line(), "response load installation [program] default.installation = ok");
    let seen = exchange("load weld.urp\n", "File not found: weld.urp\n");
    assert_eq!(seen[1].line(), "response load [operate] weld.urp = file not found");
    let seen = exchange("loadx\n", "could not understand: 'loadx'\n");
    assert_eq!(seen[0].line(), "request unlisted command [unknown] loadx");
    assert_eq!(seen[1].line(), "response unlisted command [unknown] loadx = could not understand");
}

#[test]
fn letter_case_evades_no_rule() {
    let seen = exchange("UNLOCK Protective stop\r\n", "Protective stop releasing\n");
    assert_eq!(seen[0].line(), "request unlock protective stop [safety]");
    assert_eq!(seen[1].line(), "response unlock protective stop [safety] = ok");
}

#[test]
fn commands_that_findings_depend_on_have_their_effect() {
    let effect = |name| codes::COMMANDS.iter().find(|row| row.name == name).unwrap().effect;
    assert_eq!(effect("unlock protective stop"), Effect::UnlockProtectiveStop);
    assert_eq!(effect("restart safety"), Effect::SafetyRestart);
    assert_eq!(effect("close safety popup"), Effect::SafetyRestart);
    for name in ["load", "play", "stop", "pause", "power on", "power off", "brake release"] {
        assert_eq!(effect(name), Effect::Command, "{name}");
    }
}

#[test]
fn every_query_only_observes() {
    let queries = ["robotmode", "running", "programState", "safetystatus", "safetymode"];
    for query in queries.into_iter().chain(["get loaded program", "is in remote control"]) {
        let seen = run(&ENTRY, &[(Side::Client, format!("{query}\n").as_bytes())]);
        assert_eq!((seen[0].intent, seen[0].anomalies.len()), (Intent::Observe, 0), "{query}");
    }
}

#[test]
fn answers_tell_model_serial_number_and_version() {
    let seen = exchange("get robot model\n", "UR10\n");
    assert_eq!(seen[1].facts, ["product=UR10", "role=robot"]);
    let seen = exchange("get serial number\n", "20195500321\n");
    assert_eq!(seen[1].facts, ["serial=20195500321", "role=robot"]);
    let seen = exchange("PolyscopeVersion\n", "URSoftware 5.15.2.1 (Aug 20 2023)\n");
    assert_eq!(seen[1].facts, ["firmware=5.15.2.1", "role=robot"]);
    let seen = exchange("get robot model\n", "could not understand: 'get robot model'\n");
    assert!(seen[1].facts.is_empty());
}

#[test]
fn answers_pair_in_order_and_realign_where_they_name_their_command() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, b"quit\nis in remote control\nrobotmode\n"),
            (Side::Server, b"Disconnected\ntrue\nRobotmode: RUNNING\n"),
        ],
    );
    let operations: Vec<_> = seen[3..].iter().map(|seen| seen.operation).collect();
    assert_eq!(operations, ["quit", "is in remote control", "robotmode"]);
    assert_eq!(seen[5].values, "Robotmode: RUNNING");
    let seen = run(
        &ENTRY,
        &[(Side::Client, b"popup hi\nrobotmode\n"), (Side::Server, b"Robotmode: IDLE\n")],
    );
    assert_eq!(seen[2].operation, "robotmode");
}

#[test]
fn an_answer_without_its_command_is_an_oddity() {
    let seen = run(&ENTRY, &[(Side::Server, b"Safetystatus: NORMAL\nwhatever\n")]);
    assert_eq!(seen[0].line(), "response safetystatus [observe] = ok");
    assert_eq!(seen[1].line(), "response unlisted answer [unknown] = ok");
    assert_eq!(seen[1].anomalies, ["response without a request seen"]);
}

#[test]
fn content_identifies_either_side() {
    assert_eq!(identify_tcp(&ENTRY, BANNER, false), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, b"Connected: Uni", false), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, b"programState\n", false), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, b"Robotmode: IDLE\n", false), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, b"stop\n", false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, b"stop\n", true), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify_tcp(&ENTRY, b"GET / HTTP/1.1\r\n", true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, b"\x00\x03S", true), Guess::No);
}

#[test]
fn a_line_is_waited_for_up_to_a_limit() {
    truncations(&ENTRY, Side::Client, b"unlock protective stop\n");
    let mut session = (ENTRY.open)();
    let mut sink = crate::testing::Collector::default();
    assert_eq!(session.parse(Side::Client, &[b'x'; 4095], &mut sink), Step::Need(4096));
    assert_eq!(session.parse(Side::Client, &[b'x'; 4096], &mut sink), Step::Lost);
    assert_eq!(session.parse(Side::Client, b"\x00\x10\n", &mut sink), Step::Lost);
}

#[test]
fn a_client_that_never_waits_is_bounded() {
    let commands = b"popup a\n".repeat(40);
    let seen = run(&ENTRY, &[(Side::Client, &commands), (Side::Server, b"showing popup\n")]);
    assert_eq!(seen.len(), 41);
    assert_eq!(seen[40].line(), "response popup [operate] a = ok");
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, b"load weld.urp\nplay\nrobotmode\n");
}
