//! FSoE inside EtherCAT: a start, then a run, as ETG.5100 describes them. No other decoder of it
//! was at hand; the checksum itself is held against the published tables in `pdu`.

use super::pdu::tests::frame;
use crate::testing::{Seen, never_panics, run};
use crate::{Side, ethercat};

/// A cyclic frame that has come back: one LRW at 0x0001_0000 whose working counter is 3.
fn returned(image: &[u8], counter: u8) -> Vec<u8> {
    let length = u16::try_from(image.len()).unwrap().to_le_bytes();
    let whole = (u16::try_from(image.len() + 12).unwrap() | 0x1000).to_le_bytes();
    let mut bytes = vec![whole[0], whole[1], 12, 7, 0, 0, 1, 0, length[0], length[1], 0, 0];
    bytes.extend(image);
    bytes.extend([counter, 0]);
    bytes
}

fn crc0(frame: &[u8]) -> u16 {
    let at = if frame.len() == 6 { 2 } else { 3 };
    u16::from_le_bytes([frame[at], frame[at + 1]])
}

/// Images of a conversation: outputs with the master's frame at 4, inputs with the device's at
/// 40. Each frame stands for three cycles, as its partner needs time.
struct Conversation {
    images: Vec<Vec<u8>>,
    master: Vec<u8>,
    device: Vec<u8>,
    sequence: [u16; 2],
}

impl Conversation {
    fn new() -> Self {
        Self { images: Vec::new(), master: Vec::new(), device: Vec::new(), sequence: [1, 1] }
    }

    fn cycle(&mut self) {
        for _ in 0..3 {
            let mut image = vec![0; 80];
            image[4..4 + self.master.len()].copy_from_slice(&self.master);
            image[40..40 + self.device.len()].copy_from_slice(&self.device);
            // other data that changes
            image[70] = u8::try_from(self.images.len() % 256).unwrap();
            self.images.push(image);
        }
    }

    /// The master sends, the device answers.
    fn exchange(&mut self, command: u8, connection: u16, data: &[u8]) {
        let unconnected = matches!(command, 0x2a | 0x4e);
        if unconnected {
            self.sequence = [1, 1];
        }
        let start = |bytes: &Vec<u8>| if unconnected { 0 } else { crc0(bytes) };
        let [master, device] = self.sequence;
        self.master = frame(command, connection, (start(&self.device), master), data);
        self.cycle();
        self.device = frame(command, connection, (start(&self.master), device), data);
        self.cycle();
        self.sequence = [master + 1, device + 1];
    }

    fn said(&self) -> Vec<Seen> {
        let frames: Vec<_> = self.images.iter().map(|image| returned(image, 3)).collect();
        let parts: Vec<_> = frames.iter().map(|bytes| (Side::Client, &bytes[..])).collect();
        let seen = run(&ethercat::ENTRY, &parts);
        seen.into_iter().filter(|one| one.protocol == "fsoe").collect()
    }
}

/// A start of a connection with this many data bytes, then `count` exchanges of process data.
fn started(width: usize, count: u8) -> Conversation {
    let mut one = Conversation::new();
    one.master = vec![0; 6];
    one.device = vec![0; 6];
    for (command, connection) in [(0x2a, 0), (0x4e, 0), (0x64, 9), (0x52, 9)] {
        one.exchange(command, connection, &vec![command; width]);
    }
    for number in 0..count {
        one.exchange(0x36, 9, &vec![number; width]);
    }
    one
}

#[test]
fn long_frames_are_told_when_three_changes_have_held() {
    let seen = started(4, 20).said();
    let data = seen.iter().filter(|one| one.operation == "process data").count();
    assert_eq!(data, 40, "every frame of master and device, once");
    assert_eq!(
        seen.last().unwrap().line(),
        "notice process data [safety] connection 9 at logical 0x00010028"
    );
    assert_eq!(seen.last().unwrap().id, Some(9));
}

#[test]
fn short_frames_are_proven_by_their_partner() {
    for width in [1, 2] {
        let seen = started(width, 20).said();
        assert!((30..=40).contains(&seen.len()), "{width}: {}", seen.len());
        assert!(seen.iter().all(|one| one.operation == "process data"));
        let places: Vec<_> = seen.iter().map(|one| one.object.as_str()).collect();
        assert!(places.contains(&"connection 9 at logical 0x00010004"), "{width}");
        assert!(places.contains(&"connection 9 at logical 0x00010028"), "{width}");
    }
}

#[test]
fn a_reset_of_a_proven_connection_says_why() {
    for width in [1, 2, 6] {
        let mut one = started(width, 10);
        let mut data = vec![0; width];
        data[0] = 5;
        one.exchange(0x2a, 0, &data);
        let seen = one.said();
        let reset = seen.iter().find(|one| one.operation == "reset").unwrap();
        assert_eq!((reset.id, reset.values.as_str()), (Some(9), "watchdog expired"), "{width}");
    }
}

#[test]
fn frames_that_have_not_passed_the_devices_are_not_looked_at() {
    let one = started(4, 20);
    let frames: Vec<_> = one.images.iter().map(|image| returned(image, 0)).collect();
    let parts: Vec<_> = frames.iter().map(|bytes| (Side::Client, &bytes[..])).collect();
    assert!(run(&ethercat::ENTRY, &parts).iter().all(|one| one.protocol == "ethercat"));
}

#[test]
fn bytes_that_look_like_commands_do_not_keep_a_short_frame_out() {
    let mut one = started(2, 250);
    for image in &mut one.images {
        // after the inputs, in place of nothing: the same three bytes over and over
        let copy = image.clone();
        *image = (0..60).map(|at| [0x08, 0x11, 0x36][at % 3]).collect();
        image.extend(copy);
    }
    assert!(one.said().len() > 100, "{}", one.said().len());
}

#[test]
fn images_of_other_data_hold_no_safety_frames() {
    let mut state = 12_345_u32;
    let mut one = Conversation::new();
    for _ in 0..3000 {
        let random = (0..120).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // mostly the bytes that commands begin with
            [0x36, 0x08, 0x2a, 0, 1, (state >> 24) as u8][(state >> 16) as usize % 6]
        });
        one.images.push(random.collect());
    }
    assert!(one.said().is_empty());
}

#[test]
fn a_wrong_checksum_is_not_told() {
    let mut one = started(4, 20);
    let good = one.said().len();
    one.exchange(0x36, 9, &[0xee; 4]);
    let last = one.images.len() - 6;
    for image in &mut one.images[last..] {
        image[5] ^= 0x40;
        image[41] ^= 0x40;
    }
    assert_eq!(one.said().len(), good);
}

#[test]
fn arbitrary_bytes_never_panic() {
    let one = started(4, 3);
    never_panics(&ethercat::ENTRY, &returned(one.images.last().unwrap(), 3));
}
