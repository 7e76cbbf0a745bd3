//! The hot path allocates nothing per packet: cyclic traffic through tracker and detector, after
//! its first rounds, counted by an allocator that counts.

#![cfg(test)]

use detect::{Detector, Judged};
use flow::{Event, Frame, Limits, LinkType, Observer, Seen, StationId, Tracker, World};
use plant::Time;

/// Everything that `inspect` does with a packet, without a plant.
#[derive(Default)]
struct Watcher {
    detector: Detector,
    messages: u64,
}

impl Observer for Watcher {
    fn message(&mut self, world: &World, seen: &Seen<'_>) {
        self.messages += 1;
        self.detector.handle_message(world, seen, Judged::NoPlant);
    }

    fn event(&mut self, world: &World, frame: u64, time: Time, event: &Event) {
        self.detector.handle_event(world, frame, time, event);
    }

    fn packet(&mut self, time: Time, frame: u64, sender: StationId, receiver: StationId) {
        self.detector.handle_packet(time, frame, sender, receiver);
    }
}

fn ethernet(source: u8, target: u8, ether_type: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, target, 2, 0, 0, 0, 0, source];
    bytes.extend(ether_type.to_be_bytes());
    bytes.extend(payload);
    bytes
}

fn ipv4(source: u8, target: u8, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let total = u16::try_from(20 + payload.len()).expect("a small packet").to_be_bytes();
    let mut bytes = vec![0x45, 0, total[0], total[1], 0, 0, 0, 0, 64, protocol, 0, 0];
    bytes.extend([10, 0, 0, source, 10, 0, 0, target]);
    bytes.extend(payload);
    ethernet(source, target, 0x0800, &bytes)
}

/// Port 40000 of station 1 and port 502 of station 2, in either direction.
fn tcp(up: bool, sequence: u32, acknowledged: u32, payload: &[u8]) -> Vec<u8> {
    let (client, server) = (40_000_u16.to_be_bytes(), 502_u16.to_be_bytes());
    let mut bytes = if up { [client, server].concat() } else { [server, client].concat() };
    bytes.extend(sequence.to_be_bytes());
    bytes.extend(acknowledged.to_be_bytes());
    bytes.extend([0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0]);
    bytes.extend(payload);
    if up { ipv4(1, 2, 6, &bytes) } else { ipv4(2, 1, 6, &bytes) }
}

/// One round of a cell: a Modbus write and its answer, cyclic PROFINET data, EtherNet/IP I/O.
fn round(number: u32) -> Vec<Vec<u8>> {
    let [.., high, low] = number.to_be_bytes();
    let request = [high, low, 0, 0, 0, 6, 1, 6, 0, 7, 0, 1];
    let (up, down) = (1000 + number * 12, 9000 + number * 12);
    // RT class 1 frame 0x8001: 40 bytes of data, cycle counter, data status 0x35, transfer status
    let mut cyclic = vec![0x80, 0x01];
    cyclic.extend([0; 40]);
    cyclic.extend([high, low, 0x35, 0]);
    // Two items: sequenced address (connection 7, sequence), connected data of 6 bytes
    let mut io = vec![0x08, 0xae, 0x08, 0xae, 0, 32, 0, 0, 2, 0, 0x02, 0x80, 8, 0, 7, 0, 0, 0];
    io.extend(number.to_le_bytes());
    io.extend([0xb1, 0, 6, 0, low, high, 1, 0, 0, 0]);
    vec![
        tcp(true, up, down, &request),
        tcp(false, down, up + 12, &request),
        ethernet(1, 3, 0x8892, &cyclic),
        ipv4(1, 4, 17, &io),
    ]
}

#[test]
fn cyclic_traffic_allocates_nothing_per_packet() {
    let rounds: Vec<_> = (0..1200).map(round).collect();
    let (first, rest) = rounds.split_at(200);
    let mut tracker = Tracker::new(Limits::default(), &[], 1);
    let mut watcher = Watcher::default();
    let mut number = 0;
    let mut run = |watcher: &mut Watcher, rounds: &[Vec<Vec<u8>>]| {
        for bytes in rounds.iter().flatten() {
            number += 1;
            let frame = Frame {
                number,
                time: Time::from_ns(number * 1_000_000),
                link: LinkType::Ethernet,
                bytes,
                wire_bytes: 60,
            };
            tracker.handle_frame(&frame, watcher);
        }
    };
    run(&mut watcher, first);
    let before = watcher.messages;
    let counted = allocation_counter::measure(|| run(&mut watcher, rest));
    assert_eq!(watcher.messages - before, 4 * 1000, "every packet is a message");
    assert_eq!(counted.count_total, 0, "{counted:?}");
}
