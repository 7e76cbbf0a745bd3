//! CC-Link IE Field Basic from constant bytes, made by hand from the layouts of `mod.rs`.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

/// A request to two stations of group 3, 10.0.0.2 and a place that it occupies too.
fn request() -> Vec<u8> {
    let head = [0x50, 0, 0, 0xff, 0xff, 3, 0, 0xd2, 0, 0, 0, 0x70, 0x0e, 0, 0];
    let cyclic = [&[1, 0, 0, 0, 36, 0][..], &[0; 14], &[1, 0, 0, 0], &[0; 8]].concat();
    // master 10.0.0.1, group 3, sequence 9, timeout 500, count 3, parameter 1, 2 stations
    let data = [1, 0, 0, 10, 3, 0, 9, 0, 0xf4, 1, 3, 0, 1, 0, 2, 0, 3, 0, 0, 0];
    let stations = [2, 0, 0, 10, 0xff, 0xff, 0xff, 0xff];
    [&head[..], &cyclic, &data, &stations, &[0; 2 * 72]].concat()
}

fn response(end_code: u16) -> Vec<u8> {
    let head = [0xd0, 0, 0, 0xff, 0xff, 3, 0, 0x7a, 0, 0, 0];
    let [low, high] = end_code.to_le_bytes();
    let cyclic = [&[1, 0, low, high, 40, 0][..], &[0; 14], &[0; 12], &[1, 0, 5, 0, 0, 0, 0, 0]];
    let data = [2, 0, 0, 10, 3, 0, 9, 0];
    [&head[..], &cyclic.concat(), &data, &[0; 72]].concat()
}

fn only(from: Side, bytes: &[u8]) -> Seen {
    run(&ENTRY, &[(from, bytes)]).remove(0)
}

#[test]
fn outputs_operate_and_inputs_observe() {
    let seen = only(Side::Client, &request());
    assert_eq!(seen.line(), "request cyclic data [operate] group 3 10.0.0.2");
    assert_eq!((seen.id, seen.values.as_str()), (Some(9), "running"));
    assert_eq!(seen.facts, ["role=plc"]);
    assert!(seen.anomalies.is_empty(), "{:?}", seen.anomalies);
    let seen = only(Side::Server, &response(0));
    assert_eq!(seen.line(), "response cyclic data [observe] group 3 10.0.0.2 = ok");
    assert_eq!(seen.values, "running, error 0x0005");
    assert!(seen.anomalies.is_empty(), "{:?}", seen.anomalies);
    let seen = only(Side::Server, &response(0xcfe0));
    assert_eq!(seen.outcome, "duplicate of the master");
}

#[test]
fn counts_are_judged_at_and_past_their_limit() {
    let with = |count: u8| {
        let mut bytes = request();
        bytes[61] = count;
        only(Side::Client, &bytes).anomalies
    };
    assert_eq!(with(2), [""; 0]);
    assert_eq!(with(16), [super::DATA.what]);
    assert_eq!(with(17), [super::STATIONS.what, super::DATA.what]);
    assert_eq!(with(0), [super::STATIONS.what, super::DATA.what]);
    let mut long = request();
    long.push(0);
    assert_eq!(only(Side::Client, &long).anomalies, [super::DATA.what, super::LENGTH.what]);
}

#[test]
fn every_truncation_is_shown_as_far_as_it_goes() {
    let whole = request();
    for end in 1..whole.len() {
        let seen = run(&ENTRY, &[(Side::Client, &whole[..end])]);
        assert!(end < 15 || !seen[0].anomalies.is_empty(), "{end}");
        assert!(end >= 15 || seen.is_empty(), "{end}");
    }
}

/// A 4E frame: serial 7, then what follows the length.
fn extended(response: bool, rest: &[u8]) -> Vec<u8> {
    let subheader = if response { 0xd4 } else { 0x54 };
    let length = u16::try_from(rest.len()).unwrap().to_le_bytes();
    [&[subheader, 0, 7, 0, 0, 0, 0, 0xff, 0xff, 3, 0][..], &length, rest].concat()
}

#[test]
fn searches_tell_addresses_and_settings_impose_them() {
    // the MAC of the master is 02:00:00:00:00:01, of the station 02:00:00:00:00:02
    let master = [1, 0, 0, 0, 0, 2, 4, 1, 0, 0, 10];
    let station = [2, 0, 0, 0, 0, 2, 4, 2, 0, 0, 10];
    let search = extended(false, &[&[0, 0, 0x30, 0x0e, 0, 0][..], &master].concat());
    let found = extended(true, &[&[0, 0][..], &master, &station].concat());
    let seen = run(&ENTRY, &[(Side::Client, &search), (Side::Server, &found)]);
    assert_eq!(seen[0].line(), "request node search [observe]");
    assert_eq!(seen[1].line(), "response node search [observe] 02:00:00:00:00:02 10.0.0.2 = ok");
    assert!(seen[1].facts[0].ends_with("10.0.0.2"));
    let set = extended(false, &[&[0, 0, 0x31, 0x0e, 0, 0][..], &master, &station].concat());
    let seen = only(Side::Client, &set);
    assert_eq!(seen.line(), "request ip address set [administer] 02:00:00:00:00:02 10.0.0.2");
    assert_eq!(only(Side::Server, &found).anomalies, ["response without a request seen"]);
}

#[test]
fn content_identifies_it_and_leaves_slmp_alone() {
    let udp = |bytes: &[u8], hinted| identify(&ENTRY, Transport::Udp, bytes, hinted);
    assert_eq!(udp(&request(), false), Guess::Yes(Some(Side::Client)));
    assert_eq!(udp(&response(0), false), Guess::Yes(Some(Side::Server)));
    assert_eq!(udp(&request()[..60], true), Guess::No);
    // SLMP: read D100, 1 word
    let read = [0x50, 0, 0, 0xff, 0xff, 3, 0, 12, 0, 0, 0, 1, 4, 0, 0, 100, 0, 0, 0xa8, 1, 0];
    assert_eq!(udp(&read, true), Guess::No);
    let answer = [0xd0, 0, 0, 0xff, 0xff, 3, 0, 4, 0, 0, 0, 1, 2];
    assert_eq!(udp(&answer, true), Guess::No);
    let search = extended(false, &[0, 0, 0x30, 0x0e, 0, 0]);
    assert_eq!(udp(&search, true), Guess::Yes(Some(Side::Client)));
    assert_eq!(udp(&search, false), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Tcp, &request(), true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &request());
    never_panics(&ENTRY, &response(0));
    never_panics(&ENTRY, &extended(true, &[0; 40]));
}
