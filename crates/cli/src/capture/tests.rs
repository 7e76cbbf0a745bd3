//! Captures written here byte by byte, read back in every form and up to every damage.

use std::io::{Cursor, Write as _};

use super::{Capture, Damage};

/// Time in nanoseconds, bytes, length on the wire.
type Packet = (u64, Vec<u8>, u32);

fn read(bytes: &[u8]) -> (Vec<Packet>, Option<Damage>) {
    let mut packets = Vec::new();
    let mut capture = match Capture::open(Box::new(Cursor::new(bytes.to_vec()))) {
        Ok(capture) => capture,
        Err(damage) => return (packets, Some(damage)),
    };
    loop {
        match capture.next() {
            Ok(Some(record)) => {
                packets.push((record.time.ns(), record.bytes.to_vec(), record.wire_bytes));
            }
            Ok(None) => return (packets, None),
            Err(damage) => return (packets, Some(damage)),
        }
    }
}

fn word(value: u32, big: bool) -> [u8; 4] {
    if big { value.to_be_bytes() } else { value.to_le_bytes() }
}

/// A classic capture with packets `[1]`, `[2, 2]` at 7 s and 5 units.
fn classic(magic: u32, big: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    // magic, version 2.4 (two halves), zone, accuracy, snap length, Ethernet
    bytes.extend(word(magic, big));
    bytes.extend(if big { [0, 2, 0, 4] } else { [2, 0, 4, 0] });
    for value in [0, 0, 65_535, 1] {
        bytes.extend(word(value, big));
    }
    for count in [1_u8, 2] {
        for value in [7, 5, count.into(), 60] {
            bytes.extend(word(value, big));
        }
        bytes.extend(vec![count; count.into()]);
    }
    bytes
}

fn block(kind: u32, body: &[u8], big: bool) -> Vec<u8> {
    let length = u32::try_from(body.len() + 12).unwrap();
    [&word(kind, big)[..], &word(length, big), body, &word(length, big)].concat()
}

/// A section with two interfaces (microseconds; 2^-10 seconds with an offset of 100 s), a packet on
/// each, and a block that no reader knows between them.
fn next_generation(big: bool) -> Vec<u8> {
    let words = |values: &[u32]| values.iter().flat_map(|v| word(*v, big)).collect::<Vec<_>>();
    let halves = |a: u16, b: u16| {
        if big {
            [a.to_be_bytes(), b.to_be_bytes()].concat()
        } else {
            [a.to_le_bytes(), b.to_le_bytes()].concat()
        }
    };
    let section = [words(&[0x1a2b_3c4d]), halves(1, 0), words(&[u32::MAX, u32::MAX])].concat();
    let plain = [halves(1, 0), words(&[0])].concat();
    let offset = if big { 100_u64.to_be_bytes() } else { 100_u64.to_le_bytes() };
    let finer = [
        halves(1, 0),
        words(&[0]),
        halves(9, 1),
        vec![0x8a, 0, 0, 0],
        halves(14, 8),
        offset.to_vec(),
        halves(0, 0),
    ]
    .concat();
    let packet = |interface, low, byte: u8| {
        [words(&[interface, 0, low, 3, 60]), vec![byte, byte, byte, 0]].concat()
    };
    [
        block(0x0a0d_0d0a, &section, big),
        block(1, &plain, big),
        block(1, &finer, big),
        block(6, &packet(0, 7_000_005, 1), big),
        block(0x0bad, &[1, 2, 3, 4], big),
        block(6, &packet(1, 1024 + 512, 2), big),
        block(3, &[&word(2, big)[..], &[3, 3, 0, 0]].concat(), big),
    ]
    .concat()
}

#[test]
fn classic_captures_read_in_both_byte_orders_and_resolutions() {
    for (magic, unit) in [(0xa1b2_c3d4, 1000), (0xa1b2_3c4d, 1)] {
        for big in [false, true] {
            let (packets, damage) = read(&classic(magic, big));
            let time = 7_000_000_000 + 5 * unit;
            assert_eq!(packets, [(time, vec![1], 60), (time, vec![2, 2], 60)]);
            assert!(damage.is_none());
        }
    }
}

#[test]
fn interfaces_have_their_own_clock_and_unknown_blocks_are_passed_over() {
    for big in [false, true] {
        let (packets, damage) = read(&next_generation(big));
        assert!(damage.is_none(), "{damage:?}");
        assert_eq!(packets[0], (7_000_005_000, vec![1; 3], 60));
        assert_eq!(packets[1], (101_500_000_000, vec![2; 3], 60));
        assert_eq!(packets[2], (101_500_000_000, vec![3; 2], 2), "a packet without a time");
    }
}

#[test]
fn every_cut_gives_what_came_before_it_and_says_where() {
    for whole in [classic(0xa1b2_c3d4, false), next_generation(true)] {
        let (all, _) = read(&whole);
        for end in 0..whole.len() {
            let (packets, damage) = read(&whole[..end]);
            assert!(all.starts_with(&packets));
            match damage {
                Some(Damage::Cut { offset }) => assert!(offset < end as u64),
                Some(Damage::NotACapture) => assert!(end < 28, "{end}"),
                Some(other) => panic!("{end}: {other}"),
                None => assert!(packets.len() < all.len() || end >= 24),
            }
        }
    }
}

#[test]
fn impossible_lengths_are_damage_and_take_no_memory() {
    let mut huge = classic(0xa1b2_c3d4, false);
    huge[24 + 8..24 + 12].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut crooked = next_generation(false);
    let second = 28;
    crooked[second + 4] = 21;
    for bytes in [huge, crooked] {
        let (packets, damage) = read(&bytes);
        assert!(packets.is_empty() && matches!(damage, Some(Damage::Format { .. })), "{damage:?}");
    }
    assert!(matches!(read(b"GET / HTTP/1.1\r\nHost: plc\r\n").1, Some(Damage::NotACapture)));
}

#[test]
fn compressed_captures_read_as_they_are() {
    let folder = std::env::temp_dir().join(format!("lightcurtain-capture-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&classic(0xa1b2_c3d4, false)).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(
        &next_generation(false)[..],
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    for (name, bytes, count) in
        [("b.pcapng.zst", zstd, 3), ("a.pcap.gz", gzip.finish().unwrap(), 2)]
    {
        std::fs::write(folder.join(name), bytes).unwrap();
        let inputs = super::expand(&[folder.join(name)]).unwrap();
        let mut capture =
            Capture::open(inputs[0].open(&std::sync::Arc::default()).unwrap()).unwrap();
        for _ in 0..count {
            assert!(capture.next().unwrap().is_some());
        }
        assert!(capture.next().unwrap().is_none());
    }
    let names: Vec<_> = super::expand(std::slice::from_ref(&folder))
        .unwrap()
        .iter()
        .map(super::Input::name)
        .collect();
    assert!(names[0].ends_with("a.pcap.gz") && names[1].ends_with("b.pcapng.zst"));
    std::fs::remove_dir_all(folder).unwrap();
}
