//! RTPS from constant bytes, laid out by hand after RTPS 2.5 clauses 8.3, 9.4 and 9.6.

use super::writers::WRITERS_MAX;
use super::{ENTRY, codes, topic};
use crate::testing::{Collector, Seen, flows, identify, never_panics, run};
use crate::{Guess, Operation, Side, Transport};

/// Participant 1: host, process, instance.
const PREFIX: [u8; 12] = [1, 0x0f, 0, 1, 2, 2, 2, 2, 3, 3, 3, 3];
/// Participant 2.
const OTHER: [u8; 12] = [1, 0x0f, 0, 2, 2, 2, 2, 2, 3, 3, 3, 3];
/// A user's writer without key, number 4.
const WRITER: [u8; 4] = [0, 0, 4, 3];
const SPDP: [u8; 4] = [0, 1, 0, 0xc2];
const SEDP_WRITER: [u8; 4] = [0, 0, 3, 0xc2];
const SEDP_READER: [u8; 4] = [0, 0, 4, 0xc2];

/// Fast DDS, version 2.3.
fn message(submessages: &[Vec<u8>]) -> Vec<u8> {
    [&b"RTPS\x02\x03\x01\x0f"[..], &PREFIX, &submessages.concat()].concat()
}

/// Little endian.
fn submessage(id: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap().to_le_bytes();
    [&[id, flags | 1], &length[..], body].concat()
}

/// No extra flags, 16 octets to the parameters, any reader, writer, sequence number.
fn sample(writer: [u8; 4], sequence: u8) -> Vec<u8> {
    let head = [0, 0, 16, 0, 0, 0, 0, 0];
    [&head[..], &writer, &[0, 0, 0, 0, sequence, 0, 0, 0]].concat()
}

fn data(writer: [u8; 4], sequence: u8, payload: &[u8]) -> Vec<u8> {
    submessage(0x15, 0x04, &[&sample(writer, sequence), payload].concat())
}

/// A parameter, its value padded to four.
fn parameter(id: u16, value: &[u8]) -> Vec<u8> {
    let padding = value.len().wrapping_neg() % 4;
    let length = u16::try_from(value.len() + padding).unwrap();
    [&id.to_le_bytes()[..], &length.to_le_bytes(), value, &vec![0; padding]].concat()
}

fn string(text: &str) -> Vec<u8> {
    let padding = (text.len() + 1).wrapping_neg() % 4;
    let length = u32::try_from(text.len() + 1).unwrap().to_le_bytes();
    [&length[..], text.as_bytes(), &vec![0; 1 + padding]].concat()
}

/// A parameter list, little endian, with its sentinel.
fn list(parameters: &[Vec<u8>]) -> Vec<u8> {
    [&[0, 3, 0, 0][..], &parameters.concat(), &[1, 0, 0, 0]].concat()
}

fn guid(prefix: [u8; 12], entity: [u8; 4]) -> Vec<u8> {
    [&prefix[..], &entity].concat()
}

/// SEDP data of a writer of participant 1.
fn writer(entity: [u8; 4], topic: &str, type_name: &str) -> Vec<u8> {
    list(&[
        parameter(0x5a, &guid(PREFIX, entity)),
        parameter(0x05, &string(topic)),
        parameter(0x07, &string(type_name)),
    ])
}

fn seen(parts: &[Vec<u8>]) -> Vec<Seen> {
    let parts: Vec<_> = parts.iter().map(|bytes| (Side::Client, &bytes[..])).collect();
    run(&ENTRY, &parts)
}

fn one(submessages: &[Vec<u8>]) -> Seen {
    seen(&[message(submessages)]).remove(0)
}

/// UDP version 4, port, address in the last four bytes.
fn locator(port: u16, address: [u8; 4]) -> Vec<u8> {
    let [low, high] = port.to_le_bytes();
    [&[1, 0, 0, 0, low, high, 0, 0][..], &[0; 12], &address].concat()
}

/// The participant `line`, on host `cell7`, in the domain of port 7650.
fn participant() -> Vec<u8> {
    let host = [&[1, 0, 0, 0][..], &string("__Hostname"), &string("cell7")].concat();
    let announced = list(&[
        parameter(0x50, &guid(PREFIX, [0, 0, 1, 0xc1])),
        parameter(0x16, &[1, 0x0f]),
        parameter(0x02, &[20, 0, 0, 0, 0, 0, 0, 0]),
        parameter(0x33, &locator(7650, [239, 255, 0, 1])),
        parameter(0x59, &host),
        parameter(0x62, &string("line")),
    ]);
    message(&[data(SPDP, 1, &announced)])
}

#[test]
fn a_participant_tells_its_name_domain_software_and_locators() {
    let seen = seen(&[participant(), participant()]);
    assert_eq!(seen[0].line(), "notice announce participant [session] 010f00010202020203030303");
    assert_eq!(
        seen[0].values,
        "\"line\" domain 1 by its port eProsima Fast DDS lease 20 s 239.255.0.1:7650"
    );
    assert_eq!(
        seen[0].facts,
        [
            "software=eProsima Fast DDS",
            "hostname=cell7",
            "joined=DDS participant line (010f00010202020203030303)"
        ]
    );
    // it announces itself again every few seconds, and joins only once
    assert_eq!(seen[1].facts, ["software=eProsima Fast DDS", "hostname=cell7"]);
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn a_domain_that_is_told_counts_more_than_the_port() {
    let announced = list(&[
        parameter(0x50, &guid(PREFIX, [0, 0, 1, 0xc1])),
        parameter(0x0f, &[42, 0, 0, 0]),
        parameter(0x33, &locator(7400, [239, 255, 0, 1])),
        parameter(0x2c, &string("enclave=/cell/arm;")),
        parameter(0x1001, &[0; 4]),
    ]);
    let told = one(&[data(SPDP, 1, &announced)]);
    assert_eq!(told.values, "\"/cell/arm\" domain 42 eProsima Fast DDS secured 239.255.0.1:7400");
}

#[test]
fn a_command_topics_writer_is_marked_and_its_data_resolved() {
    let announced = writer(WRITER, "rt/cmd_vel", "geometry_msgs::msg::dds_::Twist_");
    let payload = [&[0, 1, 0, 0][..], &[0; 48]].concat();
    let seen = seen(&[
        message(&[data(WRITER, 1, &payload)]),
        message(&[data(SEDP_WRITER, 1, &announced)]),
        message(&[data(WRITER, 2, &payload), data(SEDP_WRITER, 1, &announced)]),
    ]);
    // before its announcement passed, nothing is known of the writer
    assert_eq!(
        seen[0].line(),
        "notice publish [unknown] writer 00000403 of 010f00010202020203030303"
    );
    assert_eq!(seen[1].line(), "notice announce writer [session] /cmd_vel");
    assert_eq!(
        seen[1].values,
        "type geometry_msgs/msg/Twist guid 00000403 of 010f00010202020203030303"
    );
    assert_eq!(seen[1].facts, ["joined=DDS writer /cmd_vel commands"]);
    assert_eq!(seen[2].line(), "notice publish motion [operate] /cmd_vel");
    assert_eq!(seen[2].values, "seq 2 52 bytes");
    assert!(seen[3].facts.is_empty());
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn a_reader_asks_to_see_and_does_not_join() {
    let announced = list(&[
        parameter(0x5a, &guid(PREFIX, [0, 0, 5, 4])),
        parameter(0x05, &string("Square")),
        parameter(0x07, &string("ShapeType")),
        parameter(0x29, &[&[2, 0, 0, 0][..], &string("cell7"), &string("line")].concat()),
    ]);
    let seen = one(&[data(SEDP_READER, 1, &announced)]);
    assert_eq!(seen.line(), "notice announce reader [observe] Square");
    assert_eq!(
        seen.values,
        "type ShapeType partition cell7,line guid 00000504 of 010f00010202020203030303"
    );
    assert!(seen.facts.is_empty());
}

#[test]
fn services_are_requests_and_responses_by_their_topic() {
    let [asks, answers] = [[0, 0, 6, 3], [0, 0, 7, 3]];
    let request = "example_interfaces::srv::dds_::AddTwoInts_Request_";
    let seen = seen(&[message(&[
        data(SEDP_WRITER, 1, &writer(asks, "rq/set_ioRequest", request)),
        data(SEDP_WRITER, 2, &writer(answers, "rr/set_ioReply", request)),
        data(asks, 1, &[0, 1, 0, 0]),
        data(answers, 1, &[0, 1, 0, 0]),
    ])]);
    assert_eq!(seen[0].facts, ["joined=DDS writer /set_io commands"]);
    assert_eq!(seen[1].facts, ["joined=DDS writer /set_io"]);
    assert_eq!(seen[2].line(), "request set_io [operate] /set_io");
    assert_eq!(seen[3].line(), "response set_io [operate] /set_io");
}

#[test]
fn topics_are_judged_by_the_words_of_their_last_level() {
    let row = |topic: &str| {
        let row = topic::Name::read(topic.as_bytes()).operation();
        format!("{} [{}]", row.name, row.intent)
    };
    for (topics, judged) in [
        (
            &[
                "rt/cmd_vel",
                "rt/base/cmd_vel_unstamped",
                "rt/arm/joint_trajectory",
                "rt/x/command",
                "rt/forward_position_controller/commands",
                "rt/servo_node/delta_twist_cmds",
                "rt/goal_pose",
                "fmu/in/trajectory_setpoint",
                "JointCommand",
            ][..],
            "publish motion [operate]",
        ),
        (&["rt/led_cmd", "fmu/in/vehicle_command"], "publish command [operate]"),
        (&["rt/urscript_interface/script_command"], "publish script [program]"),
        (
            &[
                "rt/joint_states",
                "rt/tf",
                "rt/tf_static",
                "rt/rosout",
                "ros_discovery_info",
                "rt/arm/_action/feedback",
                "rt/command_status",
                "RobotState",
            ],
            "publish state [observe]",
        ),
        (&["rt/chatter", "Square", "", "rt/", "/", "commander"], "publish [unknown]"),
        (&["rq/arm/follow_joint_trajectory/_action/send_goalRequest"], "send goal [operate]"),
        (&["rr/arm/follow_joint_trajectory/_action/cancel_goalReply"], "cancel goal [operate]"),
        (
            &["rq/arm/_action/get_resultRequest", "rq/n/list_parametersRequest"],
            "call query [observe]",
        ),
        (&["rq/n/set_parametersRequest"], "set parameters [operate]"),
        (&["rq/controller_manager/switch_controllerRequest"], "change state [operate]"),
        (&["rq/dashboard_client/unlock_protective_stopRequest"], "unlock_protective_stop [safety]"),
        // no action, and no service
        (&["rq/send_goalRequest"], "call service [unknown]"),
        (&["rq/cmd_vel", "rqRequest"], "publish motion [operate]"),
    ] {
        for topic in topics {
            let expected = if *topic == "rqRequest" { "publish [unknown]" } else { judged };
            assert_eq!(row(topic), expected, "{topic}");
        }
    }
}

#[test]
fn what_is_gone_is_told_by_its_name_and_what_it_still_sends_is_odd() {
    // inline parameters: key hash, and a status of disposed and unregistered
    let gone = |writer: [u8; 4], key: &[u8]| {
        let qos = [parameter(0x70, key), parameter(0x71, &[0, 0, 0, 3]), vec![1, 0, 0, 0]].concat();
        submessage(0x15, 0x02, &[&sample(writer, 9), &qos[..]].concat())
    };
    let announced = writer(WRITER, "rt/cmd_vel", "T");
    let seen = seen(&[
        message(&[data(SEDP_WRITER, 1, &announced)]),
        message(&[gone(WRITER, &[7; 16])]),
        message(&[gone(SEDP_WRITER, &guid(PREFIX, WRITER))]),
        message(&[data(WRITER, 3, &[0, 1, 0, 0])]),
        message(&[gone(SPDP, &guid(OTHER, [0, 0, 1, 0xc1]))]),
    ]);
    assert_eq!(seen[1].line(), "notice dispose instance [operate] /cmd_vel");
    assert_eq!(seen[2].line(), "notice dispose writer [session] /cmd_vel");
    assert_eq!(seen[3].line(), "notice publish motion [operate] /cmd_vel");
    assert_eq!(seen[3].anomalies, ["writer was disposed of before"]);
    assert_eq!(seen[4].line(), "notice dispose participant [session] 010f00020202020203030303");
    assert_eq!(seen[4].anomalies, ["speaks for another participant than the sender"]);
    assert!(seen[2].anomalies.is_empty());
}

#[test]
fn acknowledgements_name_the_topic_of_the_writer_that_they_are_for() {
    let info_dst = submessage(0x0e, 0, &PREFIX);
    // any reader, writer, base 3, no bits, count 1
    let ack = [&[0, 0, 4, 4][..], &WRITER, &[0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]];
    // first 1, last 2, count 1
    let beat =
        [&[0; 4][..], &WRITER, &[0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0]];
    let announced = writer(WRITER, "rt/chatter", "T");
    let seen = seen(&[message(&[
        data(SEDP_WRITER, 1, &announced),
        submessage(0x07, 0, &beat.concat()),
        info_dst,
        submessage(0x06, 0, &ack.concat()),
    ])]);
    assert_eq!(seen[1].line(), "notice heartbeat [session] /chatter");
    assert_eq!(seen[1].values, "seq 1..2");
    assert_eq!(seen[2].line(), "notice acknack [session] /chatter");
    assert_eq!(seen[2].values, "seq 3");
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn the_other_byte_order_is_read_by_its_flag() {
    // heartbeat, big endian: length 28, first 1, last 2
    let beat = [
        &[0x07, 0, 0, 28, 0, 0, 0, 0][..],
        &SEDP_WRITER,
        &[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1],
    ];
    // data of a parameter list, big endian: domain 5
    let announced = [
        &[0x15, 0x04, 0, 36, 0, 0, 0, 16, 0, 0, 0, 0][..],
        &SPDP,
        &[0, 0, 0, 0, 0, 0, 0, 1],
        &[0, 2, 0, 0, 0, 0x0f, 0, 4, 0, 0, 0, 5, 0, 1, 0, 0],
    ];
    let seen = seen(&[message(&[beat.concat(), announced.concat()])]);
    assert_eq!(seen[0].line(), "notice heartbeat [session] (announce writer)");
    assert_eq!(seen[0].values, "seq 1..2");
    assert_eq!(seen[1].values, "domain 5 eProsima Fast DDS");
}

#[test]
fn a_fragment_says_which_part_of_which_size_it_is() {
    // 28 octets to the parameters; fragments 2 and 3 of 1000 bytes, of 3500
    let mut head = sample(WRITER, 7);
    head[2] = 28;
    let fragment = [&head[..], &[2, 0, 0, 0, 2, 0, 0xe8, 3, 0xac, 0x0d, 0, 0], &[0; 20]];
    let seen = one(&[submessage(0x16, 0, &fragment.concat())]);
    assert_eq!(seen.values, "seq 7 fragment 2..3 of 3500 bytes");
}

#[test]
fn data_that_carries_its_topic_needs_no_announcement() {
    let qos = [parameter(0x05, &string("rt/joint_trajectory")), vec![1, 0, 0, 0]].concat();
    let body = [&sample(WRITER, 1)[..], &qos, &[0, 1, 0, 0]].concat();
    let seen = one(&[submessage(0x15, 0x06, &body)]);
    assert_eq!(seen.line(), "notice publish motion [operate] /joint_trajectory");
    assert_eq!(seen.values, "seq 1 4 bytes");
}

#[test]
fn a_script_that_a_topic_carries_is_a_program() {
    let payload = [&[0, 1, 0, 0][..], &string("movej([0,0,0,0,0,0])")].concat();
    let seen = seen(&[message(&[
        data(SEDP_WRITER, 1, &writer(WRITER, "rt/urscript_interface/script_command", "T")),
        data(WRITER, 1, &payload),
        data(WRITER, 2, &payload[..20]),
    ])]);
    assert_eq!(
        seen[1].piece.as_deref(),
        Some("Whole URScript /urscript_interface/script_command to Server, 20 bytes")
    );
    assert_eq!(seen[2].piece, None);
}

#[test]
fn what_security_hides_cannot_be_judged() {
    let seen = seen(&[message(&[
        submessage(0x31, 0, &[0; 20]),
        submessage(0x30, 0, &[0; 24]),
        submessage(0x32, 0, &[0; 20]),
        data([0xff, 0, 3, 0xc2], 1, &[0; 8]),
        data([0xff, 2, 2, 0xc3], 1, &[0; 8]),
    ])]);
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "notice sec body [unknown]",
            "notice announce secure writer [session] 010f00010202020203030303",
            "notice exchange keys [session] 010f00010202020203030303",
        ]
    );
}

#[test]
fn info_source_changes_whose_writers_the_following_are() {
    // unused, version 2.3, vendor Cyclone DDS, participant 2
    let source = submessage(0x0c, 0, &[&[0, 0, 0, 0, 2, 3, 1, 0x10][..], &OTHER].concat());
    let seen = one(&[source, data(WRITER, 1, &[0; 4])]);
    assert_eq!(seen.object, "writer 00000403 of 010f00020202020203030303");
}

#[test]
fn sequence_numbers_and_sets_out_of_bounds_are_violations() {
    let zero = one(&[data(WRITER, 0, &[0; 4])]);
    assert_eq!(zero.anomalies, ["sequence number is not positive"]);
    let ack = |bits: u16, words: usize| {
        let [low, high] = bits.to_le_bytes();
        let head = [&[0; 4][..], &WRITER, &[0, 0, 0, 0, 1, 0, 0, 0, low, high, 0, 0]].concat();
        one(&[submessage(0x06, 0, &[&head[..], &vec![0; words * 4], &[1, 0, 0, 0]].concat())])
    };
    assert!(ack(256, 8).anomalies.is_empty());
    assert_eq!(ack(257, 9).anomalies, ["set has more than 256 members"]);
    assert_eq!(ack(256, 6).anomalies, ["message is shorter than it announces"]);
    let beat = |last: u8| {
        let range = [0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, last, 0, 0, 0, 1, 0, 0, 0];
        one(&[submessage(0x07, 0, &[&[0; 4][..], &WRITER, &range].concat())])
    };
    // nothing to be had is last = first - 1
    assert!(beat(4).anomalies.is_empty());
    assert_eq!(beat(3).anomalies, ["sequence numbers are not a range"]);
}

#[test]
fn what_follows_a_broken_submessage_is_ignored() {
    let long = [0x15, 0x05, 0xff, 0x0f, 0, 0];
    let seen = seen(&[message(&[long.to_vec(), data(WRITER, 1, &[0; 4])])]);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].line(), "notice publish [unknown]");
    assert_eq!(seen[0].anomalies, ["message is shorter than it announces"]);
}

#[test]
fn every_truncation_is_said_to_be_one_or_ends_between_submessages() {
    let announced = writer(WRITER, "rt/cmd_vel", "T");
    let first = message(&[data(SEDP_WRITER, 1, &announced)]);
    let bytes = message(&[data(SEDP_WRITER, 1, &announced), data(WRITER, 1, &[0; 8])]);
    for end in 1..bytes.len() {
        let seen = seen(&[bytes[..end].to_vec()]);
        let told = seen.iter().any(|seen| !seen.anomalies.is_empty());
        assert_eq!(told, end >= 8 && end != 20 && end != first.len() && end != 16, "{end}");
    }
}

#[test]
fn a_list_without_an_end_is_malformed_and_told_as_far_as_it_goes() {
    let mut announced = writer(WRITER, "rt/a", "T");
    announced.truncate(announced.len() - 4);
    let seen = one(&[data(SEDP_WRITER, 1, &announced)]);
    assert_eq!(seen.line(), "notice announce writer [session] /a");
    assert_eq!(seen.anomalies, ["announcement is no parameter list"]);
}

#[test]
fn the_oldest_writer_gives_way_to_one_too_many_and_is_found_in_the_notes() {
    let entity = |number: usize| {
        let [.., high, low] = number.to_be_bytes();
        [0, high, low, 3]
    };
    let mut parts: Vec<_> = (0..=WRITERS_MAX)
        .map(|number| message(&[data(SEDP_WRITER, 1, &writer(entity(number), "rt/cmd_vel", "T"))]))
        .collect();
    parts.extend([0, 1, WRITERS_MAX].map(|number| message(&[data(entity(number), 1, &[0; 4])])));
    let mut session = (ENTRY.open)();
    let mut sink = Collector::default();
    for part in &parts {
        session.parse(Side::Client, part, &mut sink);
    }
    let held = session.held_bytes();
    assert!(sink.0.iter().rev().take(3).all(|seen| seen.operation == "publish motion"));
    sink.2.clear();
    session.parse(Side::Client, &message(&[data(entity(2), 1, &[0; 4])]), &mut sink);
    assert_eq!(sink.0.last().unwrap().operation, "publish", "pushed out by the oldest");
    assert_eq!(session.held_bytes(), held);
}

#[test]
fn long_names_are_clipped_and_still_judged() {
    let long = format!("rt/{}/cmd_vel", "x".repeat(200));
    let seen = seen(&[message(&[
        data(SEDP_WRITER, 1, &writer(WRITER, &long, "T")),
        data(WRITER, 1, &[0; 4]),
    ])]);
    assert_eq!(seen[1].operation, "publish motion");
    assert_eq!(seen[1].object.len(), 128);
    assert!(seen[1].object.ends_with("x.."));
}

#[test]
fn four_letters_version_and_a_first_submessage_identify_it_on_any_port() {
    let bytes = message(&[data(WRITER, 1, &[0; 4])]);
    let udp = |bytes: &[u8]| identify(&ENTRY, Transport::Udp, bytes, false);
    assert_eq!(udp(&bytes), Guess::Yes(None));
    assert_eq!(identify(&ENTRY, Transport::Tcp, &bytes, true), Guess::No);
    assert_eq!(udp(b"RTPS\x02\x01\x01\x01NDDSPING"), Guess::Yes(None));
    assert_eq!(udp(b"RTPS\x02\x01\x01\x01NDDSPONG"), Guess::No);
    assert_eq!(udp(b"RTPS\x03\x00\x01\x01............\x09\x01\x00\x00"), Guess::No);
    // an id that nobody assigned
    assert_eq!(udp(b"RTPS\x02\x01\x01\x01............\x50\x01\x00\x00"), Guess::No);
    assert_eq!(udp(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"), Guess::No);
}

#[test]
fn vendors_and_built_in_writers_are_listed_once() {
    assert_eq!(codes::vendor(0x0110), "Eclipse Cyclone DDS");
    assert_eq!(codes::vendor(0x0199), "");
    let rows = codes::BUILT_INS;
    assert!(rows.iter().all(|row| Operation::find(rows, row.code) == Some(row)));
}

/// A heartbeat of the writer for 1 and 2.
fn beat() -> Vec<u8> {
    let head = [&[0; 4][..], &WRITER].concat();
    let range = [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0];
    submessage(0x07, 0, &[&head[..], &range].concat())
}

/// Messages of numbered flows.
fn across(parts: &[(u8, Vec<u8>)]) -> Vec<Seen> {
    let parts: Vec<_> =
        parts.iter().map(|(flow, bytes)| (&ENTRY, *flow, Side::Client, &bytes[..])).collect();
    flows(&parts)
}

#[test]
fn an_announcement_in_one_flow_names_the_data_of_another() {
    let announced = writer(WRITER, "rq/set_ioRequest", "T");
    let seen = across(&[
        (0, participant()),
        (1, message(&[data([0, 0, 9, 3], 1, &[0; 4])])),
        (0, message(&[data(SEDP_WRITER, 1, &announced)])),
        (1, message(&[data(WRITER, 1, &[0; 4]), beat()])),
    ]);
    let line = "notice publish [unknown] writer 00000903 of line (010f00010202020203030303)";
    assert_eq!(seen[1].line(), line, "only its participant is known");
    assert_eq!(seen[3].line(), "request set_io [operate] /set_io");
    assert_eq!(seen[4].line(), "notice heartbeat [session] /set_io");
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()));
}

#[test]
fn a_reader_tells_the_topic_of_a_writer_that_was_not_announced_but_calls_nothing_harmless() {
    let reads = |topic| {
        let announced = list(&[
            parameter(0x5a, &guid(PREFIX, [0, 0, 5, 4])),
            parameter(0x05, &string(topic)),
            parameter(0x07, &string("T")),
        ]);
        let to = submessage(0x0e, 0, &PREFIX);
        let mut body = sample(WRITER, 1);
        body[6..8].copy_from_slice(&[5, 4]);
        let sent = message(&[to, submessage(0x15, 0x04, &[&body[..], &[0; 4]].concat())]);
        across(&[(0, message(&[data(SEDP_READER, 1, &announced)])), (1, sent)]).remove(1).line()
    };
    assert_eq!(reads("rt/cmd_vel"), "notice publish motion [operate] /cmd_vel");
    assert_eq!(reads("rt/odom"), "notice publish [unknown] /odom");
}

#[test]
fn nobody_can_talk_a_writer_harmless() {
    let says = |topic| message(&[data(SEDP_WRITER, 1, &writer(WRITER, topic, "T"))]);
    let sends = || message(&[data(WRITER, 1, &[0; 4])]);
    let motion = "notice publish motion [operate] /cmd_vel";
    let odd = ["was announced with another topic before"];
    let seen = across(&[
        (0, says("rt/cmd_vel")),
        (1, sends()),
        (2, says("rt/odom")),
        (1, sends()),
        (2, sends()),
        (3, sends()),
        (2, says("rt/other_cmd_vel")),
        (3, sends()),
    ]);
    assert_eq!(seen[2].anomalies, odd);
    assert_eq!(seen[2].facts, ["joined=DDS writer /odom"]);
    assert!([1, 3, 4, 5, 7].iter().all(|at| seen[*at].line() == motion), "{seen:?}");
    assert_eq!(seen[6].anomalies, odd);
    // announced first as something harmless: what is worse counts, at once or after 64 samples
    let mut parts = vec![(0, says("rt/odom")), (1, sends()), (0, says("rt/cmd_vel"))];
    parts.extend((0..64).map(|_| (1, sends())));
    parts.push((2, sends()));
    let seen = across(&parts);
    assert_eq!(seen[1].line(), "notice publish state [observe] /odom");
    assert_eq!(seen[2].anomalies, odd);
    assert_eq!(seen[66].line(), motion);
    assert_eq!(seen[67].line(), motion);
}

#[test]
fn who_disposes_of_a_writer_and_announces_it_anew_changes_nothing() {
    let says = |topic| message(&[data(SEDP_WRITER, 1, &writer(WRITER, topic, "T"))]);
    let key = parameter(0x70, &guid(PREFIX, WRITER));
    let qos = [key, parameter(0x71, &[0, 0, 0, 3]), vec![1, 0, 0, 0]].concat();
    let gone = submessage(0x15, 0x02, &[&sample(SEDP_WRITER, 9), &qos[..]].concat());
    let sends = || message(&[data(WRITER, 1, &[0; 4])]);
    let seen = across(&[
        (0, says("rt/cmd_vel")),
        (1, message(&[gone])),
        (2, sends()),
        (1, says("rt/odom")),
        (3, sends()),
    ]);
    assert_eq!(seen[2].anomalies, ["writer was disposed of before"]);
    assert_eq!(seen[3].anomalies, ["was announced with another topic before"]);
    assert_eq!(seen[4].line(), "notice publish motion [operate] /cmd_vel");
}

#[test]
fn arbitrary_bytes_never_panic() {
    let announced = writer(WRITER, "rt/cmd_vel", "T");
    let bytes = message(&[data(SEDP_WRITER, 1, &announced), data(WRITER, 1, &[0; 8])]);
    never_panics(&ENTRY, &bytes);
    never_panics(&ENTRY, &participant());
}
