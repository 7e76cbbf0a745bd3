//! Who controls whom: masters, strangers, and networks in which everybody publishes.

#![cfg(test)]

use detect::{Detector, Judged, Review};
use flow::{Event, Frame, Limits, LinkType, Observer, Seen, StationId, Tracker, World};
use plant::{Severity, Time};

#[derive(Default)]
struct Watcher(Detector);

impl Observer for Watcher {
    fn message(&mut self, world: &World, seen: &Seen<'_>) {
        self.0.handle_message(world, seen, Judged::NoPlant);
    }

    fn event(&mut self, world: &World, frame: u64, time: Time, event: &Event) {
        self.0.handle_event(world, frame, time, event);
    }

    fn packet(&mut self, time: Time, frame: u64, sender: StationId, receiver: StationId) {
        self.0.handle_packet(time, frame, sender, receiver);
    }
}

/// The findings of these frames, one millisecond apart.
fn findings(frames: &[Vec<u8>]) -> Vec<(&'static str, Severity)> {
    let (mut tracker, mut watcher) = (Tracker::new(Limits::default(), &[], 1), Watcher::default());
    for (bytes, number) in frames.iter().zip(1_u64..) {
        let time = Time::from_ns(1_700_000_000_000_000_000 + number * 1_000_000);
        let wire_bytes = u32::try_from(bytes.len()).expect("short");
        let frame = Frame { number, time, link: LinkType::Ethernet, bytes, wire_bytes };
        tracker.handle_frame(&frame, &mut watcher);
    }
    let review = Review { standing: &|_| None, permitted: &|_| false, denied: &|_| false };
    let all = watcher.0.into_findings(tracker.world(), &review);
    all.into_iter().map(|one| (one.rule.name, one.severity)).collect()
}

fn ipv4(ends: [u8; 2], protocol: u8, segment: &[u8]) -> Vec<u8> {
    let [source, target] = ends;
    let length = u16::try_from(segment.len() + 20).expect("short").to_be_bytes();
    let mut bytes = vec![2, 0, 0, 0, 0, target, 2, 0, 0, 0, 0, source, 8, 0, 0x45, 0];
    bytes.extend(length);
    bytes.extend([0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 0, source, 10, 0, 0, target]);
    bytes.extend(segment);
    bytes
}

fn udp(ends: [u8; 2], ports: [u16; 2], payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 8).expect("short").to_be_bytes();
    let ports = ports.map(u16::to_be_bytes).concat();
    ipv4(ends, 17, &[&ports[..], &length, &[0, 0], payload].concat())
}

/// A connection's opening, and its client's bytes.
fn tcp(ends: [u8; 2], ports: [u16; 2], payload: &[u8]) -> Vec<Vec<u8>> {
    let segment = |[one, other]: [u16; 2], numbers: [u32; 2], flags: u8, payload: &[u8]| {
        let ports = [one.to_be_bytes(), other.to_be_bytes()].concat();
        let numbers = numbers.map(u32::to_be_bytes).concat();
        [&ports[..], &numbers, &[0x50, flags, 0x20, 0, 0, 0, 0, 0], payload].concat()
    };
    let ([source, target], [port, service]) = (ends, ports);
    vec![
        ipv4(ends, 6, &segment(ports, [100, 0], 2, &[])),
        ipv4([target, source], 6, &segment([service, port], [500, 101], 0x12, &[])),
        ipv4(ends, 6, &segment(ports, [101, 501], 0x18, payload)),
    ]
}

/// An EtherCAT datagram of this sender to the segment: command, station, register, data.
fn ethercat(sender: u8, head: (u8, u16, u16), data: &[u8]) -> Vec<u8> {
    let (command, station, offset) = head;
    let [length, whole] = [data.len(), (data.len() + 12) | 0x1000]
        .map(|count| u16::try_from(count).expect("short").to_le_bytes());
    let place = [station.to_le_bytes(), offset.to_le_bytes()].concat();
    [
        &[255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, sender, 0x88, 0xa4][..],
        &whole,
        &[command, 7],
        &place,
        &length,
        &[0, 0],
        data,
        &[0, 0],
    ]
    .concat()
}

/// CoE: sdo download of 0x8010:01 to station 1001.
fn parameter(sender: u8) -> Vec<u8> {
    let mailbox = [10, 0, 0, 0, 0, 0x13, 0, 0x20, 0x23, 0x10, 0x80, 1, 1, 0, 0, 0];
    ethercat(sender, (5, 1001, 0x1000), &mailbox)
}

/// A master: state init, a parameter, then the cyclic exchange.
fn master(cycles: usize) -> Vec<Vec<u8>> {
    let init = ethercat(1, (8, 0, 0x0120), &[1, 0]);
    let cycle = ethercat(1, (12, 0, 1), &[1, 2, 3, 4]);
    [vec![init, parameter(1)], vec![cycle; cycles]].concat()
}

#[test]
fn what_a_segment_begins_with_is_its_masters_business() {
    let low = [("controller-stop", Severity::Low), ("parameter-write", Severity::Low)];
    assert_eq!(findings(&master(60)), low);
    let few = [("controller-stop", Severity::Critical), ("parameter-write", Severity::Medium)];
    assert_eq!(findings(&master(5)), few, "not known yet as the master");
    assert_eq!(findings(&master(10)), low, "nobody else is there");
    let others = findings(&[master(10), vec![parameter(9)]].concat());
    assert!(others.contains(&("controller-stop", Severity::Critical)), "{others:?}");
}

#[test]
fn a_second_master_of_a_segment_is_foreign() {
    let found = findings(&[master(60), vec![parameter(9)]].concat());
    assert!(found.contains(&("foreign-control", Severity::High)), "{found:?}");
    assert!(found.contains(&("parameter-write", Severity::Medium)), "{found:?}");
}

/// CONNECT and `count` publications to `a`.
fn mqtt(sender: u8, count: usize) -> Vec<Vec<u8>> {
    let connect = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01x";
    let publish = b"\x30\x04\x00\x01ab".repeat(count);
    tcp([sender, 2], [40_000, 1883], &[&connect[..], &publish].concat())
}

#[test]
fn nobody_controls_a_broker_by_publishing_more_than_others() {
    let found = findings(&[mqtt(5, 100), mqtt(6, 1)].concat());
    assert!(found.iter().all(|(rule, _)| *rule != "foreign-control"), "{found:?}");
}

/// HSES: servo on, from this sender to robot 2.
fn servo_on(sender: u8) -> Vec<u8> {
    let head = b"YERC\x20\0\x04\0\x03\x01\0\x07\0\0\0\099999999";
    let command = [0x83, 0, 2, 0, 1, 0x10, 0, 0, 1, 0, 0, 0];
    udp([sender, 2], [50_000, 10_040], &[&head[..], &command].concat())
}

/// RSI: a correction from this sender to robot 2.
fn correction(sender: u8) -> Vec<u8> {
    let text = b"<Sen Type=\"ImFree\"><RKorr X=\"0.1\"/><IPOC>1</IPOC></Sen>";
    udp([sender, 2], [49_152, 50_000], text)
}

#[test]
fn a_sensor_beside_the_line_controller_is_no_second_master() {
    let masters = |frames: &[Vec<u8>]| {
        findings(frames).iter().filter(|(rule, _)| *rule == "robot-two-masters").count()
    };
    assert_eq!(masters(&[servo_on(5), correction(6)]), 0);
    assert_eq!(masters(&[correction(6), servo_on(5)]), 0);
    assert_eq!(masters(&[servo_on(5), servo_on(6)]), 1);
    assert_eq!(masters(&[correction(5), correction(6)]), 1);
}
