//! HTTP code points: methods and status codes.
//!
//! What a method does to a machine depends on the interface behind it: by RFC 9110 clause 9.2.1
//! only the safe methods are known to change nothing, so every other is `Unknown`.

use plant::Intent::{Observe, Program, Session, Unknown};

use super::rest::FILE_CONTENT;
use crate::table::{Effect, Operation};

/// Methods; the code is only the place in this list, since HTTP has words and no numbers.
pub static METHODS: &[Operation] = &[
    Operation::new(1, "get", Observe, "RFC 9110 9.3.1"),
    Operation::new(2, "head", Observe, "RFC 9110 9.3.2"),
    Operation::new(3, "post", Unknown, "RFC 9110 9.3.3"),
    Operation::new(4, "put", Unknown, "RFC 9110 9.3.4"),
    Operation::new(5, "delete", Unknown, "RFC 9110 9.3.5"),
    Operation::new(6, "connect", Unknown, "RFC 9110 9.3.6"),
    Operation::new(7, "options", Observe, "RFC 9110 9.3.7"),
    Operation::new(8, "trace", Observe, "RFC 9110 9.3.8"),
    Operation::new(9, "patch", Unknown, "RFC 5789 2"),
    Operation::new(10, "propfind", Observe, "RFC 4918 9.1"),
    Operation::new(11, "proppatch", Unknown, "RFC 4918 9.2"),
    Operation::new(12, "mkcol", Unknown, "RFC 4918 9.3"),
    Operation::new(13, "copy", Unknown, "RFC 4918 9.8"),
    Operation::new(14, "move", Unknown, "RFC 4918 9.9"),
    Operation::new(15, "lock", Unknown, "RFC 4918 9.10"),
    Operation::new(16, "unlock", Unknown, "RFC 4918 9.11"),
    Operation::new(17, "report", Observe, "RFC 3253 3.6"),
    Operation::new(18, "search", Observe, "RFC 5323 2"),
    Operation::new(19, "subscribe", Session, "UPnP Device Architecture 1.1 4.1.2"),
    Operation::new(20, "unsubscribe", Session, "UPnP Device Architecture 1.1 4.1.4"),
    Operation::new(21, "notify", Observe, "UPnP Device Architecture 1.1 4.3"),
];

/// A method that no list has.
pub const UNLISTED: &Operation = &Operation::new(0, "unlisted method", Unknown, "RFC 9110 9.1");
/// The connection preface of HTTP/2, whose frames are not read.
pub const HTTP_2: &Operation = &Operation::new(100, "http/2", Unknown, "RFC 9113 3.4");
/// A response whose request was not seen.
pub const UNASKED: &Operation = &Operation::new(101, "response", Unknown, "RFC 9110 15");

/// A POST or PUT of a file whose name is a program's.
pub const UPLOAD: &Operation =
    &Operation::new(102, "upload program", Program, "RFC 9110 9.3.3, 9.3.4, RFC 7578 4.2")
        .with(Effect::Download);
/// A GET of a file whose name is a program's.
pub const DOWNLOAD: &Operation =
    &Operation::new(103, "download program", Observe, "RFC 9110 9.3.1").with(Effect::Upload);

/// Rows that are no method.
pub static OTHERS: &[Operation] = &[*UNLISTED, *HTTP_2, *UNASKED, *UPLOAD, *DOWNLOAD, FILE_CONTENT];

/// The row of a method as on the wire, upper case.
pub fn method(name: &[u8]) -> &'static Operation {
    METHODS.iter().find(|row| name.eq_ignore_ascii_case(row.name.as_bytes())).unwrap_or(UNLISTED)
}

/// Name of a status code of 400 or above, by RFC 9110 clause 15; empty if unlisted.
pub const fn status(code: u16) -> &'static str {
    match code {
        400 => "bad request",
        401 => "unauthorized",
        402 => "payment required",
        403 => "forbidden",
        404 => "not found",
        405 => "method not allowed",
        406 => "not acceptable",
        407 => "proxy authentication required",
        408 => "request timeout",
        409 => "conflict",
        410 => "gone",
        411 => "length required",
        412 => "precondition failed",
        413 => "content too large",
        414 => "uri too long",
        415 => "unsupported media type",
        416 => "range not satisfiable",
        417 => "expectation failed",
        421 => "misdirected request",
        422 => "unprocessable content",
        426 => "upgrade required",
        429 => "too many requests",
        431 => "request header fields too large",
        500 => "internal server error",
        501 => "not implemented",
        502 => "bad gateway",
        503 => "service unavailable",
        504 => "gateway timeout",
        505 => "http version not supported",
        _ => "",
    }
}
