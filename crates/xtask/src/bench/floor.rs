//! The floor of the benchmark: read the file and parse to layer 4, nothing more.
//!
//! No program that says anything of a capture can be faster. It keeps nothing and prints only
//! sums, so that the work is not optimised away.

use std::fs::File;
use std::io::{BufReader, Read};

use anyhow::{Context, Result};

/// What was seen.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    frames: u64,
    tcp: u64,
    udp: u64,
    other: u64,
    payload_bytes: u64,
    /// Sum of ports: keeps the reads of them alive.
    ports: u64,
}

/// The command `floor FILE`.
pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let [path] = arguments else { anyhow::bail!("floor wants one capture") };
    let file = File::open(path).with_context(|| format!("cannot read {path}"))?;
    let mut input = BufReader::with_capacity(1 << 20, file);
    let mut header = [0_u8; 24];
    input.read_exact(&mut header)?;
    let mut seen = Seen::default();
    let mut record = [0_u8; 16];
    let mut frame = vec![0_u8; 0x4_0000];
    while input.read_exact(&mut record).is_ok() {
        let [_, _, _, _, _, _, _, _, a, b, c, d, ..] = record;
        let length = usize::try_from(u32::from_le_bytes([a, b, c, d]))?;
        let bytes = frame.get_mut(..length).context("a frame is too large")?;
        input.read_exact(bytes)?;
        seen.frame(bytes);
    }
    println!("{seen:?}");
    Ok(true)
}

impl Seen {
    fn frame(&mut self, frame: &[u8]) {
        self.frames += 1;
        if self.layers(frame).is_none() {
            self.other += 1;
        }
    }

    fn layers(&mut self, frame: &[u8]) -> Option<()> {
        let mut rest = frame.get(12..)?;
        let mut ethertype = take16(&mut rest)?;
        while matches!(ethertype, 0x8100 | 0x88a8) {
            rest = rest.get(2..)?;
            ethertype = take16(&mut rest)?;
        }
        let (protocol, segment) = match ethertype {
            0x0800 => {
                let header = usize::from(rest.first()? & 0x0f) * 4;
                let total = usize::from(u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]));
                (*rest.get(9)?, rest.get(header..total.min(rest.len()))?)
            }
            0x86dd => (*rest.get(6)?, rest.get(40..)?),
            _ => return None,
        };
        let mut ports = segment;
        let both = u64::from(take16(&mut ports)?) + u64::from(take16(&mut ports)?);
        let header = match protocol {
            6 => {
                self.tcp += 1;
                usize::from(segment.get(12)? >> 4) * 4
            }
            17 => {
                self.udp += 1;
                8
            }
            _ => return None,
        };
        self.ports += both;
        self.payload_bytes += segment.get(header..).map_or(0, |payload| payload.len() as u64);
        Some(())
    }
}

fn take16(bytes: &mut &[u8]) -> Option<u16> {
    let (word, rest) = bytes.split_first_chunk::<2>()?;
    *bytes = rest;
    Some(u16::from_be_bytes(*word))
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn tcp_behind_a_vlan_tag_is_read_to_its_payload() {
        let mut frame = vec![0; 12];
        frame.extend([0x81, 0, 0, 7, 0x08, 0]);
        // IPv4, 20 bytes of header, 43 in all, TCP
        frame.extend([0x45, 0, 0, 43, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        // ports 1 and 502, header of 5 words
        frame.extend([0, 1, 1, 0xf6, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0, 0, 0, 0, 0, 0, 0]);
        frame.extend([1, 2, 3, 0, 0, 0]);
        let mut seen = Seen::default();
        seen.frame(&frame);
        let expected = Seen { frames: 1, tcp: 1, payload_bytes: 3, ports: 503, ..Seen::default() };
        assert_eq!(seen, expected, "padding is no payload");
    }
}
