//! FTP code points: commands and reply codes.
//!
//! A file that is put on a robot or controller is a program or configuration of it, so storing,
//! deleting and renaming change what the machine does later. What `SITE` does is each maker's own.

use plant::Intent::{Observe, Program, Session, Unknown};

use crate::table::{Effect, Operation};

/// Commands; the code is only the place in this list, since FTP has words and no numbers.
pub static COMMANDS: &[Operation] = &[
    Operation::new(1, "user", Session, "RFC 959 4.1.1"),
    Operation::new(2, "pass", Session, "RFC 959 4.1.1").with(Effect::Login),
    Operation::new(3, "acct", Session, "RFC 959 4.1.1"),
    Operation::new(4, "cwd", Session, "RFC 959 4.1.1"),
    Operation::new(5, "cdup", Session, "RFC 959 4.1.1"),
    Operation::new(6, "smnt", Session, "RFC 959 4.1.1"),
    Operation::new(7, "rein", Session, "RFC 959 4.1.1"),
    Operation::new(8, "quit", Session, "RFC 959 4.1.1"),
    Operation::new(9, "port", Session, "RFC 959 4.1.2"),
    Operation::new(10, "pasv", Session, "RFC 959 4.1.2"),
    Operation::new(11, "type", Session, "RFC 959 4.1.2"),
    Operation::new(12, "stru", Session, "RFC 959 4.1.2"),
    Operation::new(13, "mode", Session, "RFC 959 4.1.2"),
    Operation::new(14, "retr", Observe, "RFC 959 4.1.3").with(Effect::Upload),
    Operation::new(15, "stor", Program, "RFC 959 4.1.3").with(Effect::Download),
    Operation::new(16, "stou", Program, "RFC 959 4.1.3").with(Effect::Download),
    Operation::new(17, "appe", Program, "RFC 959 4.1.3").with(Effect::Download),
    Operation::new(18, "allo", Session, "RFC 959 4.1.3"),
    Operation::new(19, "rest", Session, "RFC 959 4.1.3"),
    Operation::new(20, "rnfr", Program, "RFC 959 4.1.3").with(Effect::DeleteFile),
    Operation::new(21, "rnto", Program, "RFC 959 4.1.3").with(Effect::DeleteFile),
    Operation::new(22, "abor", Session, "RFC 959 4.1.3"),
    Operation::new(23, "dele", Program, "RFC 959 4.1.3").with(Effect::DeleteFile),
    Operation::new(24, "rmd", Program, "RFC 959 4.1.3").with(Effect::DeleteFile),
    Operation::new(25, "mkd", Program, "RFC 959 4.1.3"),
    Operation::new(26, "pwd", Observe, "RFC 959 4.1.3"),
    Operation::new(27, "list", Observe, "RFC 959 4.1.3"),
    Operation::new(28, "nlst", Observe, "RFC 959 4.1.3"),
    Operation::new(29, "site", Unknown, "RFC 959 4.1.3"),
    Operation::new(30, "syst", Observe, "RFC 959 4.1.3"),
    Operation::new(31, "stat", Observe, "RFC 959 4.1.3"),
    Operation::new(32, "help", Observe, "RFC 959 4.1.3"),
    Operation::new(33, "noop", Session, "RFC 959 4.1.3"),
    Operation::new(34, "auth", Session, "RFC 2228 3"),
    Operation::new(35, "adat", Session, "RFC 2228 3"),
    Operation::new(36, "pbsz", Session, "RFC 2228 3"),
    Operation::new(37, "prot", Session, "RFC 2228 3"),
    Operation::new(38, "ccc", Session, "RFC 2228 3"),
    Operation::new(39, "feat", Observe, "RFC 2389 3"),
    Operation::new(40, "opts", Session, "RFC 2389 4"),
    Operation::new(41, "eprt", Session, "RFC 2428 2"),
    Operation::new(42, "epsv", Session, "RFC 2428 3"),
    Operation::new(43, "mdtm", Observe, "RFC 3659 3"),
    Operation::new(44, "size", Observe, "RFC 3659 4"),
    Operation::new(45, "mlst", Observe, "RFC 3659 7"),
    Operation::new(46, "mlsd", Observe, "RFC 3659 7"),
    Operation::new(47, "xpwd", Observe, "RFC 775 2"),
    Operation::new(48, "xcwd", Session, "RFC 775 2"),
    Operation::new(49, "xcup", Session, "RFC 775 2"),
    Operation::new(50, "xmkd", Program, "RFC 775 2"),
    Operation::new(51, "xrmd", Program, "RFC 775 2").with(Effect::DeleteFile),
    Operation::new(52, "clnt", Session, "RFC 959 4.1; common use to name the client"),
];

/// A command that no list has.
pub const UNLISTED: &Operation = &Operation::new(0, "unlisted command", Unknown, "RFC 959 4.1");
/// The server says that it is ready, or that it goes.
pub const GREETING: &Operation = &Operation::new(220, "greeting", Session, "RFC 959 5.4");
/// A reply whose command was not seen.
pub const UNASKED: &Operation = &Operation::new(200, "reply", Unknown, "RFC 959 4.2");

/// Rows that are no command.
pub static OTHERS: &[Operation] = &[*UNLISTED, *GREETING, *UNASKED];

/// The row of a command, in any case (RFC 959 5.3); `None` if no list has it.
pub fn command(name: &[u8]) -> Option<&'static Operation> {
    COMMANDS.iter().find(|row| name.eq_ignore_ascii_case(row.name.as_bytes()))
}

/// Name of a reply code of 400 or above (RFC 959 4.2.2, RFC 2228 5.1); empty if unlisted.
pub const fn reply(code: u16) -> &'static str {
    match code {
        421 => "service not available",
        425 => "cannot open data connection",
        426 => "connection closed, transfer aborted",
        430 => "invalid user name or password",
        431 => "need some unavailable resource to process security",
        450 => "file unavailable",
        451 => "local error in processing",
        452 => "insufficient storage space",
        500 => "syntax error, command unrecognized",
        501 => "syntax error in parameters",
        502 => "command not implemented",
        503 => "bad sequence of commands",
        504 => "command not implemented for that parameter",
        530 => "not logged in",
        532 => "need account for storing files",
        533 => "command protection level denied",
        534 => "request denied for policy reasons",
        550 => "file unavailable or no access",
        551 => "page type unknown",
        552 => "exceeded storage allocation",
        553 => "file name not allowed",
        _ => "",
    }
}
