//! Verdicts of what is seen: who connects is asked for, and who acts unasked is, too.

#![cfg(test)]

use flow::{Frame, Limits, LinkType, Observer, Seen, Tracker, World};
use plant::{Source, Time};
use policy::{Policy, Watch};

struct Judging<'p>(Watch<'p>, Vec<&'static str>);

impl Observer for Judging<'_> {
    fn message(&mut self, world: &World, seen: &Seen<'_>) {
        self.1.push(self.0.judge(world, seen).decision().name());
    }
}

/// `EgmRobot`: header, feedback with two joints, states.
const ROBOT: &[u8] = b"\x0a\x07\x08\x01\x10\xec\x07\x18\x02\
    \x12\x14\x0a\x12\x09\0\0\0\0\0\0\0\0\x09\0\0\0\0\0\0\x25\x40\
    \x22\x02\x08\x01\x2a\x02\x08\x03\x30\x00\x42\x02\x08\x02";
/// `EgmSensor`: header, planned joints 1 and 2.
const GUIDE: &[u8] = b"\x0a\x06\x08\x07\x10\x05\x18\x03\
    \x12\x14\x0a\x12\x09\0\0\0\0\0\0\xf0\x3f\x09\0\0\0\0\0\0\0\x40";

/// From station to station and port to port.
fn udp([source, target]: [u8; 2], ports: [u16; 2], payload: &[u8]) -> Vec<u8> {
    let length = |more: usize| u16::try_from(payload.len() + more).unwrap().to_be_bytes();
    let mut bytes = vec![2, 0, 0, 0, 0, target, 2, 0, 0, 0, 0, source, 8, 0, 0x45, 0];
    bytes.extend(length(28));
    bytes.extend([0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, source, 10, 0, 0, target]);
    bytes.extend(ports.map(u16::to_be_bytes).concat());
    bytes.extend(length(8));
    bytes.extend([0, 0]);
    bytes.extend(payload);
    bytes
}

/// The verdicts on a robot that asks its sensor, and on the sensor that guides it, where the
/// plant has this conduit.
fn guided(sensor: u8, conduit: &str) -> Vec<&'static str> {
    let text = format!(
        "[plant]\nname = \"p\"\n[zone.cell]\nlevel = 1\nnetworks = [\"10.0.0.0/24\"]\n\
         [asset.robot]\nzone = \"cell\"\naddresses = [\"10.0.0.2\"]\n\
         [asset.sensor]\nzone = \"cell\"\naddresses = [\"10.0.0.5\"]\n\
         [[conduit]]\nname = \"guidance\"\n{conduit}\n"
    );
    let plant = plant::parse(&[Source { name: "p.toml".into(), text }]).unwrap();
    let policy = Policy::compile(&plant).unwrap();
    let mut judging = Judging(Watch::new(&policy), Vec::new());
    let mut tracker = Tracker::new(Limits::default(), &[], 1);
    let frames = [udp([2, sensor], [6511, 6510], ROBOT), udp([sensor, 2], [6510, 6511], GUIDE)];
    for (bytes, number) in frames.iter().zip(1_u64..) {
        let (time, link) = (Time::from_ns(number * 4_000_000), LinkType::Ethernet);
        let wire_bytes = u32::try_from(bytes.len()).unwrap();
        let frame = Frame { number, time, link, bytes, wire_bytes };
        tracker.handle_frame(&frame, &mut judging);
    }
    judging.1
}

#[test]
fn guiding_a_robot_that_connected_is_permitted_either_way_and_else_denied() {
    let forth = "from = [\"asset:robot\"]\nto = [\"asset:sensor\"]\n\
        allow = [\"abb-egm observe\", \"abb-egm operate\"]";
    assert_eq!(guided(5, forth), ["permit", "permit"], "as the robot connects");
    let back = "from = [\"asset:sensor\"]\nto = [\"asset:robot\"]\nallow = [\"abb-egm operate\"]";
    assert_eq!(guided(5, back)[1], "permit", "as the sensor acts");
    assert_eq!(guided(66, back)[1], "deny", "somebody else");
    let read = "from = [\"asset:sensor\"]\nto = [\"asset:robot\"]\nallow = [\"abb-egm observe\"]";
    assert_eq!(guided(5, read)[1], "deny");
}
