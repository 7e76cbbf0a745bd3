//! A large capture out of small ones: industrial captures in a loop, each pass with later times
//! and other addresses, so that every pass is new flows between about a thousand hosts.
//!
//! Addresses are replaced in Ethernet, ARP, IPv4 and IPv6 headers, and IPv4 header checksums are
//! mended so that no program throws frames away. Checksums above IP are left wrong. Payloads that
//! name addresses keep the old ones.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::capture::{ETHERNET, Frame, read, write_frame, write_header};

/// Stations that the mix may name.
const HOSTS: usize = 1000;
/// Apart from all other passes as long as there are fewer than [`HOSTS`] of them: a prime.
const STRIDE: usize = 37;
/// The first frame's time: 2026-01-05 06:00 UTC, an early shift.
const START_NS: u64 = 1_767_592_800_000_000_000;
/// Between two captures of a pass.
const PAUSE_NS: u64 = 1_000_000;
/// Longest silence that is kept: captures of hours, and broken clocks, become minutes.
const GAP_MAX_NS: u64 = 10_000_000_000;
/// What makes a capture industrial, in the words of the index.
const INDUSTRIAL: &[&str] = &[
    "Modbus",
    "EtherNet/IP",
    "CIP",
    "S7comm",
    "PROFINET",
    "OPC-UA",
    "DNP3",
    "BACnet",
    "MELSEC",
    "FINS",
    "IEC104",
    "GOOSE",
    "MQTT",
];

/// One capture of the mix.
struct Part {
    frames: Vec<Frame>,
}

/// What was made.
pub(super) struct Made {
    pub(super) captures: usize,
    pub(super) passes: usize,
    pub(super) frames: u64,
    pub(super) bytes: u64,
}

/// Writes a mix of at least `bytes_min` to `target`.
pub(super) fn make(sources: &[PathBuf], bytes_min: u64, target: &Path) -> Result<Made> {
    let mut parts = Vec::new();
    for source in sources {
        let bytes =
            std::fs::read(source).with_context(|| format!("cannot read {}", source.display()))?;
        let mut frames = read(&bytes);
        frames.retain(|frame| frame.link == ETHERNET && frame.bytes.len() >= 14);
        if !frames.is_empty() {
            parts.push(Part { frames });
        }
    }
    ensure!(!parts.is_empty(), "no Ethernet capture to make a mix of");
    let file =
        File::create(target).with_context(|| format!("cannot write {}", target.display()))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    write_header(&mut out)?;
    let mut made = Made { captures: parts.len(), passes: 0, frames: 0, bytes: 24 };
    let mut now = START_NS;
    while made.bytes < bytes_min {
        for (place, part) in parts.iter().enumerate() {
            let mut names = Names::new(place * 101 + made.passes * STRIDE);
            let mut before = part.frames.first().map_or(0, |frame| frame.time_ns);
            for frame in &part.frames {
                now += frame.time_ns.saturating_sub(before).min(GAP_MAX_NS);
                before = frame.time_ns;
                let mut bytes = frame.bytes.clone();
                names.rename(&mut bytes);
                made.bytes += write_frame(&mut out, now, &bytes)?;
                made.frames += 1;
            }
            now += PAUSE_NS;
        }
        made.passes += 1;
    }
    out.flush()?;
    Ok(made)
}

/// The industrial captures of an index, by its own list of main protocols.
pub(super) fn industrial(folder: &Path) -> Result<Vec<PathBuf>> {
    let index = folder.join("INDEX.tsv");
    let text = std::fs::read_to_string(&index)
        .with_context(|| format!("cannot read {}", index.display()))?;
    let rows = text.lines().skip(1).filter_map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let protocols = cells.get(5)?;
        let wanted = INDUSTRIAL.iter().any(|name| protocols.contains(name));
        wanted.then(|| folder.join(cells.first().copied().unwrap_or_default()))
    });
    Ok(rows.filter(|path| path.is_file()).collect())
}

/// New addresses for the stations of one capture in one pass.
struct Names {
    offset: usize,
    /// Old addresses of every kind, and the number of the station that each became.
    stations: BTreeMap<Vec<u8>, usize>,
}

impl Names {
    fn new(offset: usize) -> Self {
        Self { offset, stations: BTreeMap::new() }
    }

    fn station(&mut self, old: &[u8]) -> usize {
        let next = self.stations.len();
        let number = *self.stations.entry(old.to_vec()).or_insert(next);
        (self.offset + number) % HOSTS
    }

    /// Replaces every address of a frame's headers.
    fn rename(&mut self, frame: &mut [u8]) {
        self.mac(frame, 0);
        self.mac(frame, 6);
        let mut at = 12;
        loop {
            match word(frame, at) {
                Some(0x8100 | 0x88a8 | 0x9100) => at += 4,
                Some(0x0800) => return self.ipv4(frame, at + 2),
                Some(0x86dd) => {
                    self.ipv6(frame, at + 2 + 8);
                    return self.ipv6(frame, at + 2 + 24);
                }
                Some(0x0806) => {
                    self.mac(frame, at + 2 + 8);
                    self.address(frame, at + 2 + 14);
                    self.mac(frame, at + 2 + 18);
                    return self.address(frame, at + 2 + 24);
                }
                _ => return,
            }
        }
    }

    fn mac(&mut self, frame: &mut [u8], at: usize) {
        let Some(bytes) = frame.get_mut(at..at + 6) else { return };
        let group = bytes.first().is_some_and(|byte| byte & 1 == 1);
        if !group && bytes.iter().any(|byte| *byte != 0) {
            let [_, high, low] = split(self.station(bytes));
            bytes.copy_from_slice(&[0x02, 0x4c, 0x43, 0, high, low]);
        }
    }

    fn address(&mut self, frame: &mut [u8], at: usize) {
        let Some(bytes) = frame.get_mut(at..at + 4) else { return };
        let kept = match bytes {
            [0 | 224..=255, ..] => true,
            [.., last] => *last == 255,
            [] => true,
        };
        if !kept {
            let station = self.station(bytes);
            let [_, third, fourth] = split(station / 250 * 256 + station % 250 + 1);
            bytes.copy_from_slice(&[10, 77, third, fourth]);
        }
    }

    fn ipv4(&mut self, frame: &mut [u8], at: usize) {
        self.address(frame, at + 12);
        self.address(frame, at + 16);
        let words = frame.get(at).map_or(0, |byte| usize::from(byte & 0x0f) * 2);
        if frame.len() < at + words * 2 || words < 10 {
            return;
        }
        if let Some(checksum) = frame.get_mut(at + 10..at + 12) {
            checksum.copy_from_slice(&[0, 0]);
        }
        let sum: u32 = (0..words).filter_map(|n| word(frame, at + n * 2)).map(u32::from).sum();
        let folded = (sum & 0xffff) + (sum >> 16);
        let folded = (folded & 0xffff) + (folded >> 16);
        let checksum = !u16::try_from(folded).unwrap_or(0);
        if let Some(bytes) = frame.get_mut(at + 10..at + 12) {
            bytes.copy_from_slice(&checksum.to_be_bytes());
        }
    }

    fn ipv6(&mut self, frame: &mut [u8], at: usize) {
        let Some(bytes) = frame.get_mut(at..at + 16) else { return };
        if bytes.first() != Some(&0xff) && bytes.iter().any(|byte| *byte != 0) {
            let [_, high, low] = split(self.station(bytes));
            let mut new = [0_u8; 16];
            new[0] = 0xfd;
            new[14] = high;
            new[15] = low;
            bytes.copy_from_slice(&new);
        }
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    let word: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(u16::from_be_bytes(word))
}

/// The lower three bytes of a number.
fn split(number: usize) -> [u8; 3] {
    let [.., third, second, first] = number.to_be_bytes();
    [third, second, first]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{HOSTS, Names, word};

    /// Ethernet, a VLAN tag, and an IPv4 header from 192.168.0.1 to `target`.
    fn frame(target: [u8; 4]) -> Vec<u8> {
        let mut frame = vec![0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 6, 0x81, 0, 0, 7, 0x08, 0];
        frame.extend([0x45, 0, 0, 20, 0, 1, 0, 0, 64, 6, 0, 0, 192, 168, 0, 1]);
        frame.extend(target);
        frame
    }

    #[test]
    fn a_header_checksum_is_right_after_renaming() {
        let mut bytes = frame([192, 168, 0, 2]);
        Names::new(5).rename(&mut bytes);
        let sum: u32 = (0..10).map(|n| u32::from(word(&bytes, 18 + n * 2).unwrap())).sum();
        assert_eq!((sum & 0xffff) + (sum >> 16), 0xffff);
        assert_eq!(bytes.get(30..32), Some(&[10, 77][..]));
    }

    #[test]
    fn groups_keep_their_address_and_stations_get_another_per_pass() {
        let mut one = frame([224, 0, 0, 1]);
        Names::new(0).rename(&mut one);
        assert_eq!(one.get(34..38), Some(&[224, 0, 0, 1][..]));
        let mut other = frame([224, 0, 0, 1]);
        Names::new(37).rename(&mut other);
        assert_ne!(one, other);
    }

    #[test]
    fn there_are_never_more_stations_than_promised() {
        let mut seen = BTreeSet::new();
        for pass in 0..50 {
            let mut names = Names::new(pass * 37);
            for host in 0..100_u8 {
                let mut bytes = frame([10, 1, host / 7, host]);
                names.rename(&mut bytes);
                seen.insert(bytes.get(34..38).unwrap().to_vec());
            }
        }
        assert!(seen.len() <= HOSTS, "{}", seen.len());
    }
}
