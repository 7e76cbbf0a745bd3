//! Safety connections that run, fall silent, fail and hurry, from frames to findings.

#![cfg(test)]

use detect::{Detector, Finding, Judged, Review};
use flow::{Event, Frame, Limits, LinkType, Observer, Seen, StationId, Tracker, World};
use plant::{Severity, Time};

const MS: u64 = 1_000_000;

#[derive(Default)]
struct Watcher {
    detector: Detector,
    permit: bool,
}

impl Observer for Watcher {
    fn message(&mut self, world: &World, seen: &Seen<'_>) {
        let judged = if self.permit { Judged::Permit } else { Judged::NoPlant };
        self.detector.handle_message(world, seen, judged);
    }

    fn event(&mut self, world: &World, frame: u64, time: Time, event: &Event) {
        self.detector.handle_event(world, frame, time, event);
    }

    fn packet(&mut self, time: Time, frame: u64, sender: StationId, receiver: StationId) {
        self.detector.handle_packet(time, frame, sender, receiver);
    }
}

/// A capture in the making.
struct Capture {
    tracker: Tracker,
    watcher: Watcher,
    now: u64,
    number: u64,
    timestamp: u16,
}

impl Capture {
    fn new() -> Self {
        Self {
            tracker: Tracker::new(Limits::default(), &[], 1),
            watcher: Watcher::default(),
            now: 1_700_000_000_000 * MS,
            number: 0,
            timestamp: 0,
        }
    }

    fn frame(&mut self, bytes: &[u8]) {
        self.number += 1;
        let frame = Frame {
            number: self.number,
            time: Time::from_ns(self.now),
            link: LinkType::Ethernet,
            bytes,
            wire_bytes: 60,
        };
        self.tracker.handle_frame(&frame, &mut self.watcher);
    }

    /// Cyclic data of node 5.
    fn spdo(&mut self) {
        self.frame(&udp(1, 2, 9877, &SPDO));
    }

    /// Safety data of a CIP connection, running or idle.
    fn cip(&mut self, run: bool) {
        self.timestamp += 78;
        let data = cip_safety(if run { 0x84 } else { 0x14 }, self.timestamp);
        self.frame(&udp(3, 4, 2222, &data));
    }

    /// Somebody else says something.
    fn other(&mut self) {
        self.frame(&udp(8, 9, 5000, b"hello"));
    }

    fn wait(&mut self, ns: u64) {
        self.now += ns;
    }

    /// Node 5 speaks `count` times, every 10 ms.
    fn runs(&mut self, count: usize) {
        for _ in 0..count {
            self.spdo();
            self.wait(10 * MS);
        }
    }

    fn findings(self) -> Vec<Finding> {
        let review = Review { standing: &|_| None, permitted: &|_| false, denied: &|_| false };
        let all = self.watcher.detector.into_findings(self.tracker.world(), &review);
        all.into_iter().filter(|one| one.rule.name.starts_with("safety-")).collect()
    }

    fn lines(self) -> Vec<String> {
        self.findings().iter().map(|one| format!("{} {}", one.rule.name, one.what)).collect()
    }
}

/// openSAFETY cyclic data of node 5 with 5 bytes, as in the dissector's own tests.
const SPDO: [u8; 21] = [
    0x05, 0xc4, 0x05, 0x00, 0x01, 0x02, 0x03, 0x04, 0x00, 0x1d, 0x04, 0xa4, 0x64, 0x13, 0x34, 0x57,
    0x02, 0x03, 0x04, 0x00, 0xec,
];
/// openSAFETY: the safety manager is set to stop.
const STOP: [u8; 13] =
    [0x01, 0xb0, 0x01, 0x09, 0x04, 0x28, 0x00, 0xb0, 0x00, 0x4d, 0x00, 0x04, 0x65];

/// openSAFETY: node 5 gets the id of its safety manager, as in the dissector's own tests.
const ASSIGN: [u8; 25] = [
    0x05, 0xb0, 0x07, 0x03, 0x0e, 0x00, 0x60, 0x65, 0x12, 0x34, 0x56, 0x6a, 0x04, 0xb0, 0x00, 0x01,
    0x00, 0x0e, 0x00, 0x60, 0x65, 0x12, 0x34, 0x56, 0xe5,
];

fn udp(source: u8, target: u8, port: u16, payload: &[u8]) -> Vec<u8> {
    let length = |more: usize| u16::try_from(payload.len() + more).expect("short").to_be_bytes();
    let mut bytes = vec![2, 0, 0, 0, 0, target, 2, 0, 0, 0, 0, source, 8, 0, 0x45, 0];
    bytes.extend(length(28));
    bytes.extend([0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, source, 10, 0, 0, target]);
    bytes.extend(port.to_be_bytes());
    bytes.extend(port.to_be_bytes());
    bytes.extend(length(8));
    bytes.extend([0, 0]);
    bytes.extend(payload);
    bytes
}

/// Remainder of a polynomial of `bits` bits, most significant bit first.
fn remainder(bits: u32, terms: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << (bits - 8), |sum, _| {
            let next = sum << 1;
            if next >> bits == 0 { next } else { (next ^ terms) & ((1 << bits) - 1) }
        })
    })
}

/// Base format, three bytes of data, on connection 7: data, mode, crc, inverted data, crc, time,
/// crc. The identity of the connection is all zeros, and so is what the checksums begin with.
fn cip_safety(mode: u8, timestamp: u16) -> Vec<u8> {
    let time = timestamp.to_le_bytes();
    let crc = |mode: u8, data: [u8; 3]| {
        let [a, b, c] = data;
        remainder(16, 0x080f, &[mode & 0xe0, a, b, c]).to_le_bytes()
    };
    let (plain, other) = (crc(mode, [1, 2, 3]), crc(!mode, [0xfe, 0xfd, 0xfc]));
    let last = remainder(8, 0x37, &[mode & 0x1f, time[0], time[1]]).to_le_bytes();
    let mut bytes = vec![2, 0, 0x02, 0x80, 8, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0xb1, 0, 14, 0];
    bytes.extend([1, 2, 3, mode, plain[0], plain[1], 0xfe, 0xfd, 0xfc, other[0], other[1]]);
    bytes.extend([time[0], time[1], last[0]]);
    bytes
}

#[test]
fn a_connection_that_runs_is_no_finding_and_neither_is_the_end_of_the_capture() {
    let mut capture = Capture::new();
    capture.runs(500);
    assert!(capture.lines().is_empty());
}

#[test]
fn a_connection_that_falls_silent_while_others_talk_is_lost() {
    let mut capture = Capture::new();
    capture.runs(100);
    for _ in 0..100 {
        capture.other();
        capture.wait(10 * MS);
    }
    assert_eq!(
        capture.lines(),
        ["safety-connection-lost opensafety connection 5 fell silent, usual every 10.0 ms"]
    );
}

#[test]
fn a_pause_shorter_than_the_limit_is_late_and_not_lost() {
    let mut capture = Capture::new();
    capture.runs(100);
    for _ in 0..10 {
        capture.other();
        capture.wait(10 * MS);
    }
    capture.runs(100);
    let lines = capture.lines();
    assert_eq!(lines, ["safety-rate opensafety connection 5 late: 110.0 ms, usual 10.0 ms"]);
}

#[test]
fn a_hole_in_the_capture_is_nobodys_silence() {
    let mut capture = Capture::new();
    capture.runs(100);
    capture.wait(3_600_000 * MS);
    capture.other();
    capture.runs(200);
    assert!(capture.lines().is_empty(), "neither lost nor late");
}

#[test]
fn few_packets_of_others_are_enough_in_the_end() {
    let mut capture = Capture::new();
    capture.runs(100);
    for _ in 0..6 {
        capture.wait(30_000 * MS);
        capture.other();
    }
    assert_eq!(capture.lines().len(), 1);
}

#[test]
fn a_connection_that_came_back_can_be_lost_again() {
    let mut capture = Capture::new();
    for _ in 0..3 {
        capture.runs(100);
        for _ in 0..60 {
            capture.other();
            capture.wait(10 * MS);
        }
    }
    let findings = capture.findings();
    assert_eq!((findings.len(), findings[0].count), (1, 3));
    assert_eq!(findings[0].severity, Severity::High);
}

#[test]
fn what_never_had_a_rate_cannot_be_lost() {
    let mut capture = Capture::new();
    capture.runs(20);
    for _ in 0..1000 {
        capture.other();
        capture.wait(10 * MS);
    }
    assert!(capture.lines().is_empty());
}

#[test]
fn frames_that_come_twice_as_often_leave_the_band() {
    let mut capture = Capture::new();
    capture.runs(100);
    for _ in 0..300 {
        capture.spdo();
        capture.wait(3 * MS);
    }
    assert_eq!(
        capture.lines(),
        ["safety-rate opensafety connection 5 every 3.2 ms, usual 10.0 ms"]
    );
}

#[test]
fn frames_that_come_slower_and_slower_leave_the_band() {
    let mut capture = Capture::new();
    capture.runs(100);
    for _ in 0..300 {
        capture.spdo();
        capture.wait(30 * MS);
    }
    let lines = capture.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("safety-rate opensafety connection 5 every 2"), "{lines:?}");
}

#[test]
fn jitter_is_within_the_band() {
    let mut capture = Capture::new();
    for number in 0..1000_u64 {
        capture.spdo();
        capture.wait((6 + number * 7 % 9) * MS);
    }
    assert!(capture.lines().is_empty());
}

#[test]
fn a_running_connection_that_turns_idle_has_failed() {
    let mut capture = Capture::new();
    for _ in 0..100 {
        capture.cip(true);
        capture.wait(10 * MS);
    }
    for _ in 0..100 {
        capture.cip(false);
        capture.wait(10 * MS);
    }
    assert_eq!(
        capture.lines(),
        ["safety-connection-lost cip-safety connection 7: safety data idle"],
        "once, and it is not silent"
    );
}

#[test]
fn a_connection_that_is_idle_from_the_start_has_lost_nothing() {
    let mut capture = Capture::new();
    for run in [false, true] {
        for _ in 0..100 {
            capture.cip(run);
            capture.wait(10 * MS);
        }
    }
    assert!(capture.lines().is_empty());
}

#[test]
fn stopping_the_safety_manager_is_a_finding_that_a_plant_can_permit() {
    for (permit, severity) in [(false, Severity::High), (true, Severity::Info)] {
        let mut capture = Capture::new();
        capture.watcher.permit = permit;
        capture.frame(&udp(1, 2, 9877, &STOP));
        let findings = capture.findings();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].rule.name, "safety-connection-lost");
        assert_eq!(findings[0].severity, severity);
        assert_eq!(findings[0].what, "opensafety connection 1: scm set to stop");
    }
}

#[test]
fn cyclic_safety_data_allocates_nothing_per_message() {
    let mut capture = Capture::new();
    capture.runs(300);
    let bytes = udp(1, 2, 9877, &SPDO);
    let counted = allocation_counter::measure(|| {
        for _ in 0..1000 {
            capture.frame(&bytes);
            capture.wait(10 * MS);
        }
    });
    assert_eq!(counted.count_total, 0, "{counted:?}");
    assert!(capture.lines().is_empty());
}

/// Rule and severity of what node 5 is told at its start, each after what `before` does.
fn starts(before: impl Fn(&mut Capture), source: u8) -> Vec<(&'static str, Severity)> {
    let mut capture = Capture::new();
    before(&mut capture);
    capture.frame(&udp(source, 2, 9877, &ASSIGN));
    capture.findings().iter().map(|one| (one.rule.name, one.severity)).collect()
}

#[test]
fn a_power_up_is_no_alarm_however_often_it_happens() {
    assert_eq!(starts(|_| (), 1), [("safety-start", Severity::Low)]);
    let again = |capture: &mut Capture| capture.frame(&udp(1, 2, 9877, &ASSIGN));
    assert_eq!(starts(again, 1), [("safety-start", Severity::Low)]);
    let ran = |capture: &mut Capture| {
        capture.runs(100);
        for _ in 0..100 {
            capture.other();
            capture.wait(10 * MS);
        }
    };
    let lost = ("safety-connection-lost", Severity::High);
    assert_eq!(starts(ran, 1), [lost, ("safety-start", Severity::Low)], "it was switched off");
}

#[test]
fn what_sets_up_a_connection_that_runs_changes_safety() {
    let runs = |capture: &mut Capture| capture.runs(100);
    assert_eq!(starts(runs, 1), [("safety-write", Severity::Critical)]);
    let learns = |capture: &mut Capture| capture.runs(20);
    assert_eq!(starts(learns, 1), [("safety-start", Severity::Low)]);
}

#[test]
fn another_station_that_sets_a_connection_up_is_foreign() {
    let first = |capture: &mut Capture| capture.frame(&udp(1, 2, 9877, &ASSIGN));
    let low = ("safety-start", Severity::Low);
    assert_eq!(starts(first, 3), [("safety-start", Severity::High), low]);
}

#[test]
fn a_start_that_the_plant_permits_is_worth_knowing() {
    let permitted = |capture: &mut Capture| capture.watcher.permit = true;
    assert_eq!(starts(permitted, 1), [("safety-start", Severity::Info)]);
}
