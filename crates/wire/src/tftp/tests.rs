//! TFTP from constant bytes, composed after RFC 1350 and RFC 2347.

use super::{ENTRY, near};
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

const READ: &[u8] = b"\0\x01jobs/WELD.TP\0octet\0";
const WRITE: &[u8] = b"\0\x02image.bin\0OCTET\0blksize\x001024\0tsize\x002000\0";

fn data(block: u16, content: &[u8]) -> Vec<u8> {
    [&[0, 3][..], &block.to_be_bytes(), content].concat()
}

fn pieces(seen: &[Seen]) -> Vec<&str> {
    seen.iter().filter_map(|seen| seen.piece.as_deref()).collect()
}

#[test]
fn a_read_names_its_file_and_its_blocks_are_pieces_of_it() {
    let (first, last) = (data(1, &[7; 512]), data(2, b"end"));
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, READ),
            (Side::Server, &first),
            (Side::Client, &[0, 4, 0, 1]),
            (Side::Server, &last),
        ],
    );
    let lines: Vec<_> = seen.iter().map(Seen::line).collect();
    assert_eq!(
        lines,
        [
            "request read request [observe] jobs/WELD.TP",
            "response data [observe] jobs/WELD.TP = ok",
            "request acknowledgment [session] jobs/WELD.TP",
            "response data [observe] jobs/WELD.TP = ok",
        ]
    );
    assert_eq!(seen[0].values, "octet");
    assert_eq!(
        pieces(&seen),
        [
            "First FANUC TP program jobs/WELD.TP to Client, 512 bytes at 0",
            "Last FANUC TP program jobs/WELD.TP to Client, 3 bytes at 512",
        ]
    );
}

#[test]
fn a_write_of_firmware_administers_and_its_options_set_the_block_size() {
    let (first, last) = (data(1, &[7; 1024]), data(2, &[7; 976]));
    let seen = run(
        &ENTRY,
        &[
            (Side::Client, WRITE),
            (Side::Server, b"\0\x06blksize\x001024\0"),
            (Side::Client, &first),
            (Side::Client, &last),
        ],
    );
    assert_eq!(seen[0].line(), "request write request [administer] image.bin");
    assert_eq!(seen[0].values, "OCTET blksize=1024 tsize=2000");
    assert_eq!(seen[1].line(), "response option acknowledgment [session] image.bin = ok");
    assert_eq!(seen[2].line(), "request data [program] image.bin");
    assert_eq!(
        pieces(&seen),
        [
            "First firmware image.bin to Server, 1024 bytes at 0",
            "Last firmware image.bin to Server, 976 bytes at 1024",
        ]
    );
    let other = run(&ENTRY, &[(Side::Client, b"\0\x02notes\0octet\0")]);
    assert_eq!(other[0].line(), "request write request [program] notes");
}

#[test]
fn a_transfer_whose_request_went_to_another_port_is_read_without_its_name() {
    let whole = data(1, b"short");
    let seen = run(&ENTRY, &[(Side::Server, &whole), (Side::Client, &[0, 4, 0, 1])]);
    assert_eq!(seen[0].line(), "response data [observe] = ok");
    assert_eq!(seen[0].piece.as_deref(), Some("Whole file  to Client, 5 bytes at 0"));
}

#[test]
fn in_an_announced_transfer_who_speaks_first_is_the_server() {
    let written = data(1, b"short");
    let seen = run(&ENTRY, &[(Side::Client, &[0, 4, 0, 0]), (Side::Server, &written)]);
    assert_eq!(seen[0].line(), "response acknowledgment [session] = ok");
    assert_eq!(seen[1].line(), "request data [program]");
    assert_eq!(seen[1].piece.as_deref(), Some("Whole file  to Client, 5 bytes at 0"));
    let facts = &run(&ENTRY, &[(Side::Client, READ)])[0].facts;
    assert_eq!(*facts, ["expects=tftp at Sender own jobs/WELD.TP"]);
}

#[test]
fn a_block_that_is_sent_again_is_no_piece_again() {
    let first = data(1, &[7; 512]);
    let parts = [(Side::Client, READ), (Side::Server, &first), (Side::Server, &first)];
    assert_eq!(pieces(&run(&ENTRY, &parts)).len(), 1);
}

#[test]
fn an_error_has_its_name_and_text() {
    let seen = run(&ENTRY, &[(Side::Server, b"\0\x05\0\x01gone\0")]);
    assert_eq!(seen[0].line(), "response error [session] = file not found");
    assert_eq!(seen[0].values, "gone");
}

#[test]
fn blocks_are_counted_on_over_their_16_bits() {
    assert_eq!(near(0, 1), 1);
    assert_eq!(near(65_535, 0), 65_536);
    assert_eq!(near(65_536, 65_535), 65_535);
    assert_eq!(near(70_000, 4465), 70_001);
    assert_eq!(near(0, 65_535), 0);
}

#[test]
fn a_block_longer_than_agreed_or_numbered_0_is_no_piece() {
    let (long, none) = (data(1, &[7; 513]), data(0, b"x"));
    assert!(pieces(&run(&ENTRY, &[(Side::Server, &long)])).is_empty());
    assert!(pieces(&run(&ENTRY, &[(Side::Server, &none)])).is_empty());
}

#[test]
fn every_truncation_of_a_request_is_shown() {
    for end in 2..READ.len() {
        let seen = run(&ENTRY, &[(Side::Client, &READ[..end])]);
        assert_eq!(seen[0].anomalies, ["message is shorter than it announces"], "{end}");
    }
    assert!(run(&ENTRY, &[(Side::Client, READ)])[0].anomalies.is_empty());
    assert!(run(&ENTRY, &[(Side::Client, &[0])]).is_empty());
    for cut in [&[0, 3, 0][..], &[0, 4, 0], &[0, 5, 0, 1, b'x']] {
        let seen = run(&ENTRY, &[(Side::Server, cut)]);
        assert_eq!(seen[0].anomalies, ["message is shorter than it announces"]);
    }
}

#[test]
fn only_requests_are_beyond_doubt() {
    let guess = |bytes: &[u8], hinted| identify(&ENTRY, Transport::Udp, bytes, hinted);
    assert_eq!(guess(READ, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(guess(b"\0\x01a\0binary\0", true), Guess::No);
    assert_eq!(guess(b"\0\x01\x03\0octet\0", true), Guess::No);
    assert_eq!(guess(&data(1, b"x"), false), Guess::No);
    assert_eq!(guess(&data(1, b"x"), true), Guess::Yes(Some(Side::Server)));
    assert_eq!(guess(&[0, 4, 0, 0], true), Guess::Yes(Some(Side::Server)));
    assert_eq!(guess(&[0, 4, 0, 0, 0], true), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Tcp, READ, true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, WRITE);
    never_panics(&ENTRY, &data(1, &[1; 20]));
}
