//! What pieces become a program with a hash, and what does not.

use plant::Time;
use wire::{Part, Piece, Protocol, Side};

use super::{Missing, PROGRAMS_MAX, Passing, Program, Programs, TRANSFERS_MAX};
use crate::conversation::ConversationId;
use crate::hash::Seeded;
use crate::station::StationId;

/// SHA-256 of `abc`: FIPS 180-4, example of the secure hash standard.
const ABC: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn programs() -> Programs {
    Programs::new(Seeded::new(1))
}

fn passing(lane: u64) -> Passing {
    Passing {
        lane,
        frame: 7,
        time: Time::from_parts(7, 0),
        protocol: Protocol::FTP,
        conversation: ConversationId(0),
        from: Side::Client,
        ends: [StationId(0), StationId(1)],
    }
}

fn piece<'a>(name: &'a &'static str, bytes: &'a [u8], part: Part) -> Piece<'a> {
    Piece { transfer: 0, kind: "file", name, to: Side::Server, offset: None, bytes, part }
}

fn hash(program: &Program) -> String {
    program.hash.map_or_else(|missing| missing.name().to_owned(), |hash| hash.to_string())
}

#[test]
fn parts_in_order_are_hashed_as_the_whole() {
    let mut programs = programs();
    let at = passing(1);
    assert_eq!(programs.take(&at, "", &piece(&"", b"a", Part::First)), None);
    assert_eq!(programs.take(&at, "", &piece(&"weld.tp", b"b", Part::Next)), None);
    let done = programs.take(&at, "", &piece(&"", b"c", Part::Last)).unwrap();
    let program = programs.get(done).unwrap();
    assert_eq!((hash(program).as_str(), program.name.as_str()), (ABC, "weld.tp"));
    assert_eq!((program.from, program.to, program.bytes), (StationId(0), StationId(1), 3));
    let again = programs.take(&at, "", &piece(&"weld.tp", b"abc", Part::Whole)).unwrap();
    assert_eq!((again, programs.get(done).unwrap().count), (done, 2));
}

#[test]
fn what_a_flow_was_announced_as_names_what_has_no_name() {
    let mut programs = programs();
    let at = passing(1);
    let done = programs.take(&at, "weld.tp", &piece(&"", b"abc", Part::Whole)).unwrap();
    let program = programs.get(done).unwrap();
    assert_eq!((program.name.as_str(), program.kind), ("weld.tp", "FANUC TP program"));
    let own = programs.take(&at, "weld.tp", &piece(&"own", b"abc", Part::Whole)).unwrap();
    assert_eq!(programs.get(own).unwrap().name, "own");
}

#[test]
fn what_was_not_seen_whole_has_no_hash_and_says_why() {
    let mut programs = programs();
    let at = passing(1);
    programs.take(&at, "", &piece(&"a", b"bc", Part::Last));
    programs.take(&at, "", &piece(&"b", b"a", Part::First));
    programs.gap(1);
    programs.take(&at, "", &piece(&"b", b"c", Part::Last));
    programs.take(&at, "", &piece(&"c", b"ab", Part::First));
    programs.take(&at, "", &Piece { offset: Some(9), ..piece(&"c", b"c", Part::Last) });
    programs.take(&at, "", &piece(&"d", b"a", Part::First));
    programs.take(&at, "", &piece(&"e", b"abc", Part::Whole));
    let seen: Vec<_> =
        programs.all().iter().map(|one| (one.name.as_str(), one.hash.err())).collect();
    let missing = [
        ("a", Some(Missing::Begin)),
        ("b", Some(Missing::Gap)),
        ("c", Some(Missing::Order)),
        ("d", Some(Missing::End)),
        ("e", None),
    ];
    assert_eq!(seen, missing);
}

#[test]
fn offsets_that_follow_each_other_are_in_order() {
    let mut programs = programs();
    let at = passing(1);
    programs.take(&at, "", &Piece { offset: Some(0), ..piece(&"x", b"ab", Part::Next) });
    let last = Piece { offset: Some(2), ..piece(&"x", b"c", Part::Last) };
    let done = programs.take(&at, "", &last).unwrap();
    assert_eq!(hash(programs.get(done).unwrap()), ABC);
}

#[test]
fn a_stream_is_whole_when_its_connection_was_closed_and_is_named_by_its_announcement() {
    let mut programs = programs();
    for lane in [1, 2] {
        programs.take(&passing(lane), "", &piece(&"", b"ab", Part::Streamed));
        programs.take(&passing(lane), "", &piece(&"", b"c", Part::Streamed));
    }
    let done = programs.close(1, true, "MAIN.TP");
    let program = programs.get(done[0]).unwrap();
    assert_eq!((hash(program).as_str(), program.kind), (ABC, "FANUC TP program"));
    assert!(programs.close(2, false, "MAIN.TP").is_empty(), "the capture ended before it");
    assert_eq!(programs.all()[1].hash, Err(Missing::End));
    programs.take(&passing(3), "", &piece(&"", b"listing", Part::Streamed));
    assert!(programs.close(3, true, "").is_empty(), "a listing is no file");
    assert_eq!(programs.all().len(), 2);
}

#[test]
fn another_content_under_one_name_is_a_change() {
    let mut programs = programs();
    let at = passing(1);
    let changed = |programs: &mut Programs, bytes| {
        let done = programs.take(&at, "", &piece(&"weld", bytes, Part::Whole)).unwrap();
        programs.get(done).unwrap().changed
    };
    assert!(!changed(&mut programs, b"one"));
    assert!(!changed(&mut programs, b"one"));
    assert!(changed(&mut programs, b"two"));
}

#[test]
fn transfers_and_programs_are_bounded_and_what_is_new_is_never_passed_over() {
    let mut programs = programs();
    for lane in 0..=u64::try_from(TRANSFERS_MAX).unwrap() {
        programs.take(&passing(lane), "", &piece(&"a", b"a", Part::First));
    }
    assert_eq!((programs.open.len(), programs.shed), (TRANSFERS_MAX, 1));
    let last = passing(u64::try_from(TRANSFERS_MAX).unwrap());
    assert!(programs.take(&last, "", &piece(&"a", b"bc", Part::Last)).is_some());

    let mut programs = self::programs();
    let send = |programs: &mut Programs, number: usize| {
        let bytes = number.to_be_bytes();
        let done = programs.take(&passing(1), "", &piece(&"a", &bytes, Part::Whole)).unwrap();
        programs.get(done).unwrap().clone()
    };
    for number in 0..=PROGRAMS_MAX {
        send(&mut programs, number);
    }
    assert_eq!((programs.all().len(), programs.shed), (PROGRAMS_MAX, 1));
    assert_eq!((programs.same.len(), programs.latest.len()), (PROGRAMS_MAX, 1));
    let again = send(&mut programs, 2);
    assert_eq!((again.count, programs.shed), (2, 1), "it is still known");
    let forgotten = send(&mut programs, 0);
    assert_eq!((forgotten.count, forgotten.changed, programs.shed), (1, true, 2));
}
