//! Capture files, as far as benchmark and golden files need them: reading others', writing ours.
//!
//! Deliberately not the product's reader: an input must not depend on what it measures.
//! Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.

use std::io::{self, Write};

/// Ethernet, the only link type that goes into a mix.
pub(crate) const ETHERNET: u32 = 1;

/// One frame of a capture.
pub(crate) struct Frame {
    /// Nanoseconds since 1970.
    pub(crate) time_ns: u64,
    pub(crate) link: u32,
    pub(crate) bytes: Vec<u8>,
}

/// Reads words in the byte order of a file.
#[derive(Clone, Copy)]
struct Order {
    big: bool,
}

impl Order {
    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let word: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
        Some(if self.big { u16::from_be_bytes(word) } else { u16::from_le_bytes(word) })
    }

    fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let word: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(if self.big { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) })
    }

    fn size(self, bytes: &[u8], at: usize) -> Option<usize> {
        usize::try_from(self.u32(bytes, at)?).ok()
    }
}

/// All frames of a capture, up to the first damage.
pub(crate) fn read(bytes: &[u8]) -> Vec<Frame> {
    let mut frames = Vec::new();
    match bytes.get(..4) {
        Some([0xd4, 0xc3, 0xb2, 0xa1]) => classic(bytes, Order { big: false }, 1000, &mut frames),
        Some([0xa1, 0xb2, 0xc3, 0xd4]) => classic(bytes, Order { big: true }, 1000, &mut frames),
        Some([0x4d, 0x3c, 0xb2, 0xa1]) => classic(bytes, Order { big: false }, 1, &mut frames),
        Some([0xa1, 0xb2, 0x3c, 0x4d]) => classic(bytes, Order { big: true }, 1, &mut frames),
        Some([0x0a, 0x0d, 0x0d, 0x0a]) => blocks(bytes, &mut frames),
        _ => None,
    };
    frames
}

/// Classic pcap: a header of 24 bytes, then records with one of 16.
fn classic(bytes: &[u8], order: Order, unit_ns: u64, frames: &mut Vec<Frame>) -> Option<()> {
    let link = order.u32(bytes, 20)? & 0xffff;
    let mut at = 24;
    while at < bytes.len() {
        let seconds = u64::from(order.u32(bytes, at)?);
        let fraction = u64::from(order.u32(bytes, at + 4)?);
        let length = order.size(bytes, at + 8)?;
        let data = bytes.get(at + 16..at + 16 + length)?;
        let time_ns = seconds * 1_000_000_000 + fraction * unit_ns;
        frames.push(Frame { time_ns, link, bytes: data.to_vec() });
        at += 16 + length;
    }
    Some(())
}

/// One interface of a pcapng section: link type and length of a tick.
struct Interface {
    link: u32,
    tick_ns: f64,
}

/// pcapng: sections, interfaces, enhanced and simple packet blocks.
fn blocks(bytes: &[u8], frames: &mut Vec<Frame>) -> Option<()> {
    let mut order = Order { big: false };
    let mut interfaces: Vec<Interface> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let kind = order.u32(bytes, at)?;
        if kind == 0x0a0d_0d0a {
            order = Order { big: bytes.get(at + 8) == Some(&0x1a) };
            interfaces.clear();
        }
        let length = order.size(bytes, at + 4).filter(|length| *length >= 12)?;
        let body = bytes.get(at + 8..at + length - 4)?;
        match kind {
            1 => interfaces.push(Interface {
                link: u32::from(order.u16(body, 0)?),
                tick_ns: tick_ns(body.get(8..)?, order).unwrap_or(1000.0),
            }),
            6 => {
                let interface = interfaces.get(order.size(body, 0)?)?;
                let ticks = u64::from(order.u32(body, 4)?) << 32 | u64::from(order.u32(body, 8)?);
                let size = order.size(body, 12)?;
                let data = body.get(20..20 + size)?.to_vec();
                let time_ns = scaled(ticks, interface.tick_ns);
                frames.push(Frame { time_ns, link: interface.link, bytes: data });
            }
            3 => {
                let size = order.size(body, 0)?.min(body.len() - 4);
                let (link, data) = (interfaces.first()?.link, body.get(4..4 + size)?.to_vec());
                frames.push(Frame { time_ns: 0, link, bytes: data });
            }
            _ => {}
        }
        at += length;
    }
    Some(())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "benchmark times need no exact nanoseconds"
)]
fn scaled(ticks: u64, tick_ns: f64) -> u64 {
    (ticks as f64 * tick_ns) as u64
}

/// The option `if_tsresol` (9): a power of ten, or of two when its top bit is set.
fn tick_ns(mut options: &[u8], order: Order) -> Option<f64> {
    loop {
        let (code, length) = (order.u16(options, 0)?, usize::from(order.u16(options, 2)?));
        if code == 9 {
            let value = *options.get(4)?;
            let power = i32::from(value & 0x7f);
            let base = if value & 0x80 == 0 { 10_f64 } else { 2_f64 };
            return Some(base.powi(-power) * 1e9);
        }
        options = options.get(4 + length.next_multiple_of(4)..).filter(|_| code != 0)?;
    }
}

/// The header of a classic capture: little endian, microseconds, Ethernet.
pub(crate) fn write_header(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&0xa1b2_c3d4_u32.to_le_bytes())?;
    out.write_all(&[2, 0, 4, 0])?;
    out.write_all(&[0; 8])?;
    out.write_all(&0x4_0000_u32.to_le_bytes())?;
    out.write_all(&ETHERNET.to_le_bytes())
}

/// One record; gives its size in the file.
pub(crate) fn write_frame(out: &mut impl Write, time_ns: u64, bytes: &[u8]) -> io::Result<u64> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    let seconds = u32::try_from(time_ns / 1_000_000_000).unwrap_or(u32::MAX);
    let micros = u32::try_from(time_ns % 1_000_000_000 / 1000).unwrap_or(0);
    for word in [seconds, micros, length, length] {
        out.write_all(&word.to_le_bytes())?;
    }
    out.write_all(bytes)?;
    Ok(16 + u64::from(length))
}

#[cfg(test)]
mod tests {
    use super::{ETHERNET, read, write_frame, write_header};

    #[test]
    fn what_is_written_is_read_back_up_to_the_damage() {
        let mut file = Vec::new();
        write_header(&mut file).unwrap();
        write_frame(&mut file, 1_000_002_000, &[1, 2, 3]).unwrap();
        write_frame(&mut file, 3_000_000_000, &[4]).unwrap();
        let frames = read(&file);
        let seen: Vec<_> = frames.iter().map(|f| (f.time_ns, f.link, f.bytes.len())).collect();
        assert_eq!(seen, [(1_000_002_000, ETHERNET, 3), (3_000_000_000, ETHERNET, 1)]);
        file.pop();
        assert_eq!(read(&file).len(), 1);
    }

    #[test]
    fn pcapng_frames_carry_the_time_of_their_interface() {
        let mut file = Vec::new();
        let mut block = |kind: u32, body: &[u8]| {
            let length = u32::try_from(body.len() + 12).unwrap().to_le_bytes();
            file.extend([&kind.to_le_bytes()[..], &length, body, &length].concat());
        };
        // section header: byte order, version 1.0, length unknown
        block(
            0x0a0d_0d0a,
            &[0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        );
        // interface: Ethernet, if_tsresol = 9 (nanoseconds)
        block(1, &[1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0]);
        // enhanced packet: interface 0, 5 ns, 2 bytes
        block(6, &[0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 7, 8, 0, 0]);
        let frames = read(&file);
        let seen: Vec<_> = frames.iter().map(|f| (f.time_ns, f.link, f.bytes.as_slice())).collect();
        assert_eq!(seen, [(5, ETHERNET, &[7, 8][..])]);
    }
}
