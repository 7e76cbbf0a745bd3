//! Simple messages from constant words, made by hand from the structures of both sources.

use super::ENTRY;
use crate::testing::{Seen, identify, identify_tcp, never_panics, run, truncations};
use crate::{Effect, Guess, Side, Step, Transport};

/// A message: type, comm, reply, words of the body; least significant byte first.
fn message(kind: u32, comm: u32, reply: u32, body: &[u32]) -> Vec<u8> {
    words(u32::to_le_bytes, kind, comm, reply, body)
}

fn words(order: fn(u32) -> [u8; 4], kind: u32, comm: u32, reply: u32, body: &[u32]) -> Vec<u8> {
    let length = u32::try_from(body.len() * 4 + 12).unwrap();
    let head = [length, kind, comm, reply];
    head.iter().chain(body).flat_map(|word| order(*word)).collect()
}

/// A body of `count` words that begins with `first`.
fn body(first: &[u32], count: usize) -> Vec<u32> {
    let mut body = first.to_vec();
    body.resize(count, 0);
    body
}

fn only(from: Side, bytes: &[u8]) -> Seen {
    run(&ENTRY, &[(from, bytes)]).remove(0)
}

#[test]
fn a_point_is_read_in_either_byte_order() {
    // robot 0, point 3, valid 2, time, ten positions
    let point = body(&[0, 3, 2, 0, 0.5_f32.to_bits(), 1.0_f32.to_bits()], 34);
    for order in [u32::to_le_bytes as fn(u32) -> [u8; 4], u32::to_be_bytes] {
        let (ask, answer) = (words(order, 14, 2, 0, &point), words(order, 14, 3, 1, &[]));
        let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &answer)]);
        assert_eq!(seen[0].line(), "request joint traj pt full [operate] group 0 point 3");
        assert_eq!(seen[0].values, "[0.5, 1, 0, 0, 0, 0, 0, 0, 0, 0]");
        let line = "response joint traj pt full [operate] group 0 point 3 = ok";
        assert_eq!(seen[1].line(), line);
        assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
    }
}

#[test]
fn sequence_numbers_that_are_no_points_are_operations() {
    let stop = only(Side::Client, &message(11, 2, 0, &body(&[0xffff_fffc], 13)));
    assert_eq!(stop.line(), "request stop trajectory [operate]");
    let full = only(Side::Client, &message(14, 2, 0, &body(&[1, 0xffff_fffe], 34)));
    assert_eq!(full.line(), "request start trajectory streaming [operate] group 1");
    let point = only(Side::Client, &message(11, 2, 0, &body(&[7], 13)));
    assert_eq!(point.line(), "request joint traj pt [operate] point 7");
    assert_eq!(super::codes::SEQUENCES[3].effect, Effect::Stop);
}

#[test]
fn motion_control_is_named_by_its_command_and_answered_with_a_reason() {
    let ask = message(2001, 2, 0, &body(&[0, 5, 200_112], 13));
    // group, sequence, command, result not ready, subcode alarm
    let refused = message(2002, 3, 1, &body(&[0, 5, 200_112, 5, 5001], 15));
    let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &refused)]);
    assert_eq!(seen[0].line(), "request start servos [operate] group 0");
    let line = "response start servos [operate] group 0 = not ready: alarm";
    assert_eq!(seen[1].line(), line);
    let done = message(2002, 3, 1, &body(&[0, 5, 200_112], 15));
    let unasked = only(Side::Server, &done);
    assert_eq!(unasked.line(), "response start servos [operate] = ok");
    assert_eq!(unasked.anomalies, ["response without a request seen"]);
    let other = only(Side::Client, &message(2001, 2, 0, &body(&[0, 0, 7], 13)));
    assert_eq!(other.line(), "request motion ctrl [unknown] group 0");
    let effect = |code| crate::Operation::find(super::codes::COMMANDS, code).unwrap().effect;
    assert_eq!((effect(200_114), effect(200_121)), (Effect::Reset, Effect::Start));
}

#[test]
fn the_reply_to_a_point_of_motoros_finds_its_point() {
    let ask = message(14, 2, 0, &body(&[0, 9], 34));
    let busy = message(2002, 3, 1, &body(&[0, 9, 14, 1], 15));
    let seen = run(&ENTRY, &[(Side::Client, &ask), (Side::Server, &busy)]);
    let line = "response joint traj pt full [operate] group 0 point 9 = busy";
    assert_eq!(seen[1].line(), line);
    assert!(seen[1].anomalies.is_empty());
}

#[test]
fn io_names_its_address_and_value() {
    let write = message(2005, 2, 0, &[10_010, 1]);
    let (done, failed) = (message(2006, 3, 1, &[0]), message(2006, 3, 2, &[1002]));
    let seen = run(&ENTRY, &[(Side::Client, &write), (Side::Server, &done)]);
    assert_eq!(seen[0].line(), "request write io bit [operate] io 10010");
    assert_eq!(seen[0].values, "[1]");
    assert_eq!(seen[1].line(), "response write io bit [operate] io 10010 = ok");
    let seen = run(&ENTRY, &[(Side::Client, &write), (Side::Server, &failed)]);
    assert_eq!(seen[1].outcome, "write address invalid");
    let read = message(2003, 2, 0, &[20_010]);
    let seen = run(&ENTRY, &[(Side::Client, &read), (Side::Server, &message(2004, 3, 1, &[1, 0]))]);
    assert_eq!(seen[1].line(), "response read io bit [observe] io 20010 = ok");
    assert_eq!(seen[1].values, "[1]");
    let register = only(Side::Client, &message(2013, 2, 0, &[123, 7]));
    assert_eq!(register.line(), "request write mregister [operate] M 123");
}

#[test]
fn a_robot_tells_its_state_without_being_asked() {
    let status = message(13, 1, 0, &[1, 0, 4107, 1, 0, 2, u32::MAX]);
    let seen = only(Side::Server, &status);
    assert_eq!(seen.line(), "notice status [observe]");
    let said = "drives powered yes, e-stopped no, error 4107, in error yes, in motion no, mode 2, \
                motion possible unknown";
    assert_eq!((seen.values.as_str(), seen.facts.join(" ")), (said, "role=robot".into()));
    let joint = message(10, 1, 0, &body(&[0], 11));
    assert_eq!(only(Side::Server, &joint).line(), "notice joint position [observe]");
    assert_eq!(only(Side::Client, &joint).line(), "notice joint [operate]");
    assert_eq!(only(Side::Client, &message(1400, 2, 0, &[])).intent.name(), "unknown");
}

#[test]
fn what_does_not_fit_is_said() {
    let short = only(Side::Client, &message(14, 2, 0, &[0, 1]));
    assert_eq!(short.anomalies, ["body has not the size of its type"]);
    let reply = only(Side::Client, &message(1, 2, 1, &[]));
    assert_eq!(reply.anomalies, ["reply code in what is no reply"]);
    let open = [(Side::Client, &message(1, 2, 0, &[])[..]), (Side::Server, &message(1, 3, 0, &[]))];
    assert_eq!(run(&ENTRY, &open)[1].outcome, "reply without a reply code");
}

#[test]
fn every_truncation_asks_for_more() {
    truncations(&ENTRY, Side::Client, &message(2005, 2, 0, &[10_010, 1]));
    truncations(&ENTRY, Side::Server, &words(u32::to_be_bytes, 13, 1, 0, &[0; 7]));
}

#[test]
fn lengths_at_their_limits() {
    let mut seen = crate::testing::Collector::default();
    let mut parse = |length: u32| {
        let mut bytes = message(1, 2, 0, &[]);
        bytes[..4].copy_from_slice(&length.to_le_bytes());
        (ENTRY.open)().parse(Side::Client, &bytes, &mut seen)
    };
    assert_eq!(parse(11), Step::Lost);
    assert_eq!(parse(12), Step::Read(16));
    assert_eq!(parse(16 * 1024), Step::Need(16 * 1024 + 4));
    assert_eq!(parse(16 * 1024 + 1), Step::Lost);
    assert_eq!(parse(u32::MAX), Step::Lost);
}

#[test]
fn content_decides_and_a_hint_only_helps() {
    let status = message(13, 1, 0, &[0; 7]);
    assert_eq!(identify_tcp(&ENTRY, &status, false), Guess::Yes(Some(Side::Server)));
    let ping = words(u32::to_be_bytes, 1, 2, 0, &[]);
    assert_eq!(identify_tcp(&ENTRY, &ping, false), Guess::Yes(Some(Side::Client)));
    let reply = message(2002, 3, 1, &[0; 15]);
    assert_eq!(identify_tcp(&ENTRY, &reply, false), Guess::Yes(Some(Side::Server)));
    // a size that the type does not have, and a type that nobody lists
    assert_eq!(identify_tcp(&ENTRY, &message(13, 1, 0, &[0; 6]), false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &message(1400, 2, 0, &[]), false), Guess::No);
    assert_eq!(
        identify_tcp(&ENTRY, &message(1400, 2, 0, &[]), true),
        Guess::Yes(Some(Side::Client))
    );
    assert_eq!(identify_tcp(&ENTRY, &status[..9], true), Guess::More);
    assert_eq!(identify_tcp(&ENTRY, &status[..9], false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, &[0; 64], true), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Udp, &status, true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &message(2001, 2, 0, &body(&[0, 5, 200_112], 13)));
    never_panics(&ENTRY, &words(u32::to_be_bytes, 14, 2, 0, &body(&[0, 3], 34)));
}
