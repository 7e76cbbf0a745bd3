//! FTP data: whatever the bytes are, they are a file.

use super::ENTRY;
use crate::Side;
use crate::testing::{never_panics, pieces, run};

#[test]
fn every_byte_is_handed_on_and_the_connection_is_one_message() {
    let parts: [(Side, &[u8]); 2] = [(Side::Server, b"/PROG WELD"), (Side::Server, b"\n/END\n")];
    let seen = run(&ENTRY, &parts);
    assert_eq!((seen[0].line().as_str(), seen.len()), ("notice data [session]", 1));
    assert_eq!(seen[0].piece.as_deref(), Some("Streamed file  to Client, 10 bytes"));
    assert_eq!(pieces(&ENTRY, &parts), ["Streamed file  to Client, 6 bytes"]);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, b"RETR a\r\n");
}
