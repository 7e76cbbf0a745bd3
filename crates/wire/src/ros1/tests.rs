//! Calls and connections composed after the documents of ROS.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side};

fn post(body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST /RPC2 HTTP/1.1\r\nHost: 10.0.0.1:11311\r\nContent-Type: text/xml\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn method(name: &str, parameters: &[&str]) -> String {
    let text: String = parameters
        .iter()
        .map(|text| format!("<param>\n<value><string>{text}</string></value>\n</param>\n"))
        .collect();
    format!(
        "<?xml version='1.0'?>\n<methodCall>\n<methodName>{name}</methodName>\n\
         <params>\n{text}</params>\n</methodCall>\n"
    )
}

fn called(name: &str, parameters: &[&str]) -> Seen {
    let bytes = post(&method(name, parameters));
    run(&crate::http::ENTRY, &[(Side::Client, &bytes)]).remove(0)
}

#[test]
fn a_call_shows_method_subject_and_caller() {
    let api = "http://10.0.0.7:41234/";
    let seen = called("registerPublisher", &["/talker", "/chatter", "std_msgs/String", api]);
    assert_eq!(
        (seen.protocol, seen.line().as_str()),
        ("ros1", "request register publisher [operate] /chatter")
    );
    assert_eq!(seen.values, "/talker std_msgs/String http://10.0.0.7:41234/");
    assert_eq!(seen.facts, ["joined=ROS publisher /chatter"]);
    let seen = called("setParam", &["/roslaunch", "/robot_description", "<![CDATA[<robot>]]>"]);
    assert_eq!(seen.line(), "request set param [operate] /robot_description");
    assert_eq!(seen.values, "/roslaunch <robot>");
    assert_eq!(called("setParam", &["/n", "/db/password", "s3cret"]).values, "/n");
    assert_eq!(
        called("getSystemState", &["/rostopic"]).line(),
        "request get system state [observe]"
    );
    assert_eq!(called("shutdown", &["/rosnode", "bye"]).intent, plant::Intent::Operate);
}

#[test]
fn a_publisher_of_commands_is_told_as_one() {
    for (topic, kind) in [
        ("/arm/joint_path_command", "trajectory_msgs/JointTrajectory"),
        ("/x", "geometry_msgs/Twist"),
        ("/base/cmd_vel", "*"),
    ] {
        let seen = called("registerPublisher", &["/n", topic, kind, "http://h:1/"]);
        assert_eq!(seen.facts, [format!("joined=ROS publisher {topic} commands")]);
    }
}

#[test]
fn calls_that_others_have_too_need_a_caller_of_ros() {
    assert_eq!(called("shutdown", &["now"]).protocol, "http");
    assert_eq!(called("getPid", &["/rosnode"]).protocol, "ros1");
    assert_eq!(called("wp.getPosts", &["/x"]).protocol, "http");
    assert_eq!(called("registerService", &[]).protocol, "http");
}

#[test]
fn the_code_of_an_answer_is_its_outcome() {
    let request = post(&method("lookupNode", &["/rosnode", "/nobody"]));
    let answered = |result: &str| {
        let body = format!("<?xml version='1.0'?>\n<methodResponse>\n{result}\n</methodResponse>");
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-type: text/xml\r\nContent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let parts = [(Side::Client, &request[..]), (Side::Server, answer.as_bytes())];
        let seen = run(&crate::http::ENTRY, &parts).remove(1);
        format!("{} {}", seen.outcome, seen.values)
    };
    let array = |code: i32| {
        format!(
            "<params>\n<param>\n<value><array><data>\n<value><int>{code}</int></value>\n\
             <value><string>why</string></value>\n<value>x</value>\n</data></array></value>\n\
             </param>\n</params>"
        )
    };
    assert_eq!(answered(&array(1)), "ok why");
    assert_eq!(answered(&array(0)), "failure why");
    assert_eq!(answered(&array(-1)), "error why");
    let fault = "<fault><value><struct><member><name>faultCode</name><value><int>4</int></value>\
        </member><member><name>faultString</name><value><string>too many</string></value>\
        </member></struct></value></fault>";
    assert_eq!(answered(fault), "fault too many");
}

#[test]
fn each_call_of_a_multicall_is_told() {
    let one = |key: &str| {
        format!(
            "<value><struct>\n<member>\n<name>methodName</name>\n\
             <value><string>setParam</string></value>\n</member>\n<member>\n\
             <name>params</name>\n<value><array><data>\n\
             <value><string>/roslaunch</string></value>\n<value><string>{key}</string></value>\n\
             <value><int>1</int></value>\n</data></array></value>\n</member>\n</struct></value>"
        )
    };
    let body = format!(
        "<methodCall><methodName>system.multicall</methodName><params><param>\
         <value><array><data>{}{}</data></array></value></param></params></methodCall>",
        one("/a"),
        one("/b")
    );
    let seen = run(&crate::http::ENTRY, &[(Side::Client, &post(&body))]);
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request multicall [session]",
            "request set param [operate] /a",
            "request set param [operate] /b"
        ]
    );
    assert_eq!(seen[2].values, "/roslaunch 1");
}

/// A connection header of these fields.
fn header(fields: &[&str]) -> Vec<u8> {
    let fields: Vec<u8> = fields
        .iter()
        .flat_map(|field| {
            let length = u32::try_from(field.len()).unwrap();
            [&length.to_le_bytes()[..], field.as_bytes()].concat()
        })
        .collect();
    [&u32::try_from(fields.len()).unwrap().to_le_bytes()[..], &fields].concat()
}

const SUBSCRIBER: &[&str] =
    &["callerid=/listener", "md5sum=*", "tcp_nodelay=1", "topic=/chatter", "type=std_msgs/String"];

#[test]
fn a_subscriber_connects_and_messages_are_counted() {
    let publisher = header(&["callerid=/talker", "latching=0", "md5sum=1", "type=std_msgs/String"]);
    let messages = b"\x02\0\0\0hi\x03\0\0\0all";
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &header(SUBSCRIBER)),
            (Side::Server, &publisher),
            (Side::Server, messages),
        ],
    );
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request connect to topic [observe] /chatter",
            "response connect to topic [observe] /chatter = ok",
            "notice message [observe] /chatter",
            "notice message [observe] /chatter",
        ]
    );
    assert_eq!(seen[0].values, "std_msgs/String from /listener");
}

#[test]
fn messages_of_a_command_topic_operate() {
    let any = header(&["callerid=/arm", "md5sum=*", "topic=/x", "type=*"]);
    let typed = header(&["callerid=/attacker", "md5sum=1", "type=geometry_msgs/Twist"]);
    let seen =
        run(&ENTRY, &[(Side::Client, &any), (Side::Server, &typed), (Side::Server, b"\0\0\0\0")]);
    assert_eq!(seen[2].line(), "notice command message [operate] /x");
}

#[test]
fn a_service_call_ends_with_its_first_byte() {
    let client = header(&["callerid=/c", "md5sum=*", "persistent=0", "service=/enable"]);
    let server = header(&["callerid=/s", "md5sum=1", "type=std_srvs/Trigger"]);
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, &client),
            (Side::Server, &server),
            (Side::Client, b"\0\0\0\0"),
            (Side::Server, b"\x01\x01\0\0\0x"),
            (Side::Client, b"\0\0\0\0"),
            (Side::Server, b"\x00\x02\0\0\0no"),
        ],
    );
    let lines: Vec<_> = seen.iter().skip(2).map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request service call [unknown] /enable",
            "response service call [unknown] /enable = ok",
            "request service call [unknown] /enable",
            "response service call [unknown] /enable = service failed",
        ]
    );
}

#[test]
fn a_refused_connection_says_why() {
    let error = header(&["error=client wants topic /a to have another type"]);
    let seen = run(&ENTRY, &[(Side::Client, &header(SUBSCRIBER)), (Side::Server, &error)]);
    assert_eq!(seen[1].line(), "response connect to topic [observe] /chatter = refused");
}

#[test]
fn a_header_is_known_by_its_first_key() {
    let bytes = header(SUBSCRIBER);
    assert_eq!(identify_tcp(&ENTRY, &bytes, false), Guess::Yes(Some(Side::Client)));
    for end in 4..16 {
        assert_eq!(identify_tcp(&ENTRY, &bytes[..end], false), Guess::More, "{end}");
    }
    let latching = header(&["callerid=/a", "latching=1"]);
    assert_eq!(identify_tcp(&ENTRY, &latching, false), Guess::Yes(Some(Side::Server)));
    for bytes in [
        &header(&["user=admin"])[..],
        b"\x10\0\0\0\x20\0\0\0callerid=/toolong",
        b"\0\0\0\0\0\0\0\0",
        b"POST /RPC2 HTTP/1.1\r\n",
        b"\xff\xff\xff\x7f\x0b\0\0\0callerid=/a",
    ] {
        assert_eq!(identify_tcp(&ENTRY, bytes, true), Guess::No, "{bytes:?}");
    }
}

#[test]
fn hostile_lengths_are_not_waited_for() {
    assert!(run(&ENTRY, &[(Side::Client, b"\xff\xff\xff\x7f")]).is_empty());
    let foreign = [&b"\x0a\0\0\0"[..], b"\xff\xff\xff\xffcaller"].concat();
    assert!(run(&ENTRY, &[(Side::Client, &foreign)]).is_empty());
    let broken = [&b"\x16\0\0\0\x0b\0\0\0callerid=/a"[..], b"\xff\xff\xff\xffxyz"].concat();
    assert_eq!(
        run(&ENTRY, &[(Side::Client, &broken)])[0].anomalies,
        ["connection header has a field without a key"]
    );
    let past = [&header(SUBSCRIBER)[..], &1_000_000_001_u32.to_le_bytes()].concat();
    assert_eq!(run(&ENTRY, &[(Side::Client, &past)]).len(), 1);
    let at = [&header(SUBSCRIBER)[..], &1_000_000_000_u32.to_le_bytes()].concat();
    assert_eq!(run(&ENTRY, &[(Side::Client, &at)]).len(), 2);
}

#[test]
fn every_truncation_waits_and_nothing_panics() {
    truncations(&ENTRY, Side::Client, &header(SUBSCRIBER));
    never_panics(&ENTRY, &header(SUBSCRIBER));
    let bytes = post(&method("registerPublisher", &["/t", "/c", "std_msgs/String", "http://h/"]));
    for end in 1..bytes.len() {
        assert!(run(&crate::http::ENTRY, &[(Side::Client, &bytes[..end])]).is_empty(), "{end}");
    }
    never_panics(&crate::http::ENTRY, &bytes);
}
