//! FTP from constant bytes, composed after the scenarios of RFC 959.

use super::ENTRY;
use crate::testing::{Seen, identify_tcp, never_panics, run, truncations};
use crate::{Guess, Side};

fn lines(parts: &[(Side, &[u8])]) -> Vec<String> {
    run(&ENTRY, parts).iter().map(Seen::line).collect()
}

#[test]
fn a_stored_file_programs_the_machine_and_both_replies_belong_to_it() {
    let seen = lines(&[
        (Side::Client, b"STOR /usr/job1.pgf\r\n"),
        (Side::Server, b"150 Opening\r\n226 Done\r\n"),
        (Side::Client, b"dele old.mod\r\n"),
        (Side::Server, b"550 No\r\n"),
    ]);
    assert_eq!(
        seen,
        [
            "request stor [program] /usr/job1.pgf",
            "response stor [program] /usr/job1.pgf = ok",
            "response stor [program] /usr/job1.pgf = ok",
            "request dele [program] old.mod",
            "response dele [program] old.mod = file unavailable or no access",
        ]
    );
}

#[test]
fn a_login_tells_its_account_and_never_its_password() {
    let login = |user: &str, secret: &str| {
        let stream = format!("USER {user}\r\nPASS {secret}\r\n");
        run(&ENTRY, &[(Side::Client, stream.as_bytes())])
    };
    let seen = login("Default User", "robotics");
    assert_eq!(seen[0].line(), "request user [session] Default User");
    assert_eq!(seen[1].line(), "request pass [session]");
    assert_eq!(seen[1].facts, ["login=FTP USER/PASS Default User cleartext default"]);
    assert_eq!(login("bob", "s3cret")[1].facts, ["login=FTP USER/PASS bob cleartext"]);
    assert_eq!(login("anonymous", "me@")[1].facts, ["login=FTP USER/PASS anonymous cleartext"]);
}

#[test]
fn a_greeting_of_many_lines_is_one_message_that_names_the_software() {
    let greeting = b"220-RobotFTP 1.2\r\n220-no entry\r\n  220 fake\r\n220 ready\r\n";
    let seen = run(&ENTRY, &[(Side::Server, greeting)]);
    assert_eq!(seen[0].line(), "response greeting [session] = ok");
    assert_eq!((seen[0].facts.clone(), seen.len()), (vec!["software=RobotFTP 1.2".to_owned()], 1));
    assert!(seen[0].anomalies.is_empty());
}

#[test]
fn the_answer_to_syst_is_the_operating_system() {
    let seen = run(&ENTRY, &[(Side::Client, b"SYST\r\n"), (Side::Server, b"215 VxWorks\r\n")]);
    assert_eq!(seen[1].facts, ["operating_system=VxWorks"]);
}

#[test]
fn the_data_connection_is_announced_and_then_named() {
    let facts = |parts: &[(Side, &[u8])]| -> Vec<_> {
        run(&ENTRY, parts).into_iter().flat_map(|seen| seen.facts).collect()
    };
    let passive = facts(&[
        (Side::Client, b"PASV\r\n"),
        (Side::Server, b"227 Passive (10,0,0,9,4,1)\r\n"),
        (Side::Client, b"STOR weld.tp\r\n"),
        (Side::Client, b"STOR again.tp\r\n"),
    ]);
    let at = "expects=ftp-data at Ip(10.0.0.9) 1025 ";
    assert_eq!(passive, [at.to_owned(), format!("{at}weld.tp")]);
    let active = facts(&[
        (Side::Client, b"EPRT |1|10.0.0.8|5282|\r\n"),
        (Side::Client, b"RETR weld.tp\r\n"),
    ]);
    let at = "expects=ftp-data at Ip(10.0.0.8) 5282 ";
    assert_eq!(active, [at.to_owned(), format!("{at}weld.tp")]);
    let extended = facts(&[
        (Side::Client, b"EPSV\r\n"),
        (Side::Server, b"229 Extended (|||6446|)\r\n"),
        (Side::Client, b"RETR weld.tp\r\n"),
    ]);
    let expected =
        ["expects=ftp-data at Sender 6446 ", "expects=ftp-data at Receiver 6446 weld.tp"];
    assert_eq!(extended, expected);
}

#[test]
fn a_part_of_a_file_is_announced_without_its_name() {
    let seen = run(&ENTRY, &[(Side::Client, b"PORT 10,0,0,8,4,1\r\nREST 100\r\nRETR weld.tp\r\n")]);
    assert_eq!(seen[0].facts, ["expects=ftp-data at Ip(10.0.0.8) 1025 "]);
    assert!(seen[2].facts.is_empty());
}

#[test]
fn after_auth_tls_the_stream_is_tls() {
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, b"AUTH TLS\r\n"),
            (Side::Server, b"234 go\r\n"),
            (Side::Server, &[21, 3, 3, 0, 2, 2, 40]),
            (Side::Client, b"STOR a.mod\r\n"), // after an encrypted CCC
        ],
    );
    assert_eq!(seen[3].line(), "request stor [program] a.mod");
    assert_eq!((seen[2].protocol, seen[2].outcome.as_str()), ("tls", "handshake failure"));
}

#[test]
fn pipelined_commands_are_answered_in_order() {
    let seen =
        lines(&[(Side::Client, b"CWD /a\r\nPWD\r\n"), (Side::Server, b"250 ok\r\n257 \"/a\"\r\n")]);
    assert_eq!(seen[2..], ["response cwd [session] /a = ok", "response pwd [observe] = ok"]);
}

#[test]
fn unlisted_commands_are_unknown_and_an_interrupt_precedes_abor() {
    assert_eq!(lines(&[(Side::Client, b"XFOO 1\r\n")]), ["request unlisted command [unknown] 1"]);
    let abort = b"\xff\xf4\xff\xf2ABOR\r\n";
    assert_eq!(lines(&[(Side::Client, abort)]), ["request abor [session]"]);
}

#[test]
fn mail_servers_and_others_are_not_ftp() {
    assert_eq!(identify_tcp(&ENTRY, b"220 mail.test ESMTP\r\n", false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, b"USER bob\r\n", false), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, b"GET / HTTP/1.1\r\n", true), Guess::No);
    assert_eq!(identify_tcp(&ENTRY, b"SSH-2.0-x\r\n", true), Guess::No);
    let greeting = b"220 VxWorks FTP server ready\r\n";
    assert_eq!(identify_tcp(&ENTRY, greeting, false), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify_tcp(&ENTRY, b"USER bob\r\n", true), Guess::Yes(Some(Side::Client)));
}

#[test]
fn every_truncation_waits_for_the_rest() {
    truncations(&ENTRY, Side::Client, b"RETR /hd0a/system.xml\r\n");
    truncations(&ENTRY, Side::Server, b"220-a\r\n220 b\r\n");
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, b"USER admin\r\nPASS admin\r\nAUTH TLS\r\n");
    never_panics(&ENTRY, b"220-a\r\n234 b\r\n");
}
