//! Scripted byte conversations, and the frames that they become.
//!
//! ```text
//! # comment
//! tcp 10.0.7.5:49152 > 10.0.7.2:502    opens a connection; both ends get a hardware address
//! udp 10.0.7.5:4000 > 10.0.7.2:161     what follows goes by UDP
//! eth 02:00:00:00:00:05 > 01:0e:cf:00:00:00 8892     what follows goes straight into Ethernet
//! > 0001 0000 0006 11 03 006b 0003     the first end sends these bytes, text in quotes too
//! < "200 ok\r\n"                       the other end does
//! | 'a="1"'                            and these, in the same segment
//! lose                                 the next segment is sent, but not in the capture
//! again                                the last segment is sent once more
//! again 40 every 10                    forty times more, 10 ms from one to the next
//! wait 250                             milliseconds
//! plant                                what follows, up to `end`, is a plant file: findings are
//! [zone.cell]                          told without it and with it
//! end
//! ```
//! Checksums are right. Sources: RFC 791, RFC 9293, RFC 768.

use std::net::{Ipv4Addr, SocketAddrV4};

use anyhow::{Context, Result, bail};

/// Time of the first frame: 2026-01-05 06:00 UTC.
const START_NS: u64 = 1_767_592_800_000_000_000;
/// Between two frames.
const STEP_NS: u64 = 1_000_000;

/// One frame of the capture.
pub(super) struct Frame {
    pub(super) time_ns: u64,
    pub(super) bytes: Vec<u8>,
}

/// A script that was played.
pub(super) struct Played {
    pub(super) frames: Vec<Frame>,
    /// The text of a plant file; empty without one.
    pub(super) plant: String,
}

/// What carries the bytes.
enum Carrier {
    Tcp { ends: [SocketAddrV4; 2], next: [u32; 2] },
    Udp { ends: [SocketAddrV4; 2] },
    Ethernet { ends: [[u8; 6]; 2], kind: u16 },
}

/// A script being played.
struct Player {
    now_ns: u64,
    carrier: Option<Carrier>,
    lose: bool,
    last: Option<Vec<u8>>,
    frames: Vec<Frame>,
}

/// Plays a script.
pub(super) fn play(script: &str) -> Result<Played> {
    let mut player =
        Player { now_ns: START_NS, carrier: None, lose: false, last: None, frames: Vec::new() };
    let mut plant = String::new();
    let mut lines = script.lines().zip(1..).peekable();
    while let Some((line, number)) = lines.next() {
        let mut line = without_comment(line).trim().to_owned();
        if line == "plant" {
            let declared = lines.by_ref().take_while(|(line, _)| *line != "end");
            declared.for_each(|(line, _)| plant += &format!("{line}\n"));
            continue;
        }
        while let Some((more, _)) = lines.next_if(|(next, _)| next.starts_with('|')) {
            line += without_comment(more).trim_start_matches('|');
        }
        if !line.is_empty() {
            player.line(&line).with_context(|| format!("line {number}: `{line}`"))?;
        }
    }
    Ok(Played { frames: player.frames, plant })
}

/// The line up to a `#` outside of quotes.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match quote {
            None if c == '#' => return line.get(..at).unwrap_or(line),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
    }
    line
}

impl Player {
    fn line(&mut self, line: &str) -> Result<()> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "tcp" => self.open(ends(rest)?),
            "udp" => self.carrier = Some(Carrier::Udp { ends: ends(rest)? }),
            "eth" => {
                let (pair, kind) = rest.trim().rsplit_once(' ').context("no EtherType")?;
                let (one, other) = pair.split_once('>').context("no `>`")?;
                let kind = u16::from_str_radix(kind, 16).context("EtherType")?;
                self.carrier = Some(Carrier::Ethernet { ends: [mac(one)?, mac(other)?], kind });
            }
            ">" => self.send(0, &bytes(rest)?)?,
            "<" => self.send(1, &bytes(rest)?)?,
            "lose" => self.lose = true,
            "again" => self.again(rest)?,
            "wait" => self.now_ns += rest.trim().parse::<u64>().context("wait")? * 1_000_000,
            _ => bail!("unknown word `{word}`"),
        }
        Ok(())
    }

    /// Once, or `40 every 10`.
    fn again(&mut self, rest: &str) -> Result<()> {
        let last = self.last.clone().context("nothing was sent before")?;
        let (count, every_ms) = rest.split_once(" every ").unwrap_or(("1", "0"));
        let pause_ns = every_ms.trim().parse::<u64>().context("every")? * 1_000_000;
        for _ in 0..count.trim().parse::<u32>().context("again")? {
            self.now_ns += pause_ns.saturating_sub(STEP_NS);
            self.push(last.clone());
        }
        Ok(())
    }

    fn push(&mut self, bytes: Vec<u8>) {
        self.last = Some(bytes.clone());
        if !std::mem::take(&mut self.lose) {
            self.frames.push(Frame { time_ns: self.now_ns, bytes });
        }
        self.now_ns += STEP_NS;
    }

    fn open(&mut self, ends: [SocketAddrV4; 2]) {
        let [client, server] = ends;
        let next = [1000, 5000];
        self.push(tcp(client, server, [next[0], 0], 0x02, &[]));
        self.push(tcp(server, client, [next[1], next[0] + 1], 0x12, &[]));
        self.push(tcp(client, server, [next[0] + 1, next[1] + 1], 0x10, &[]));
        self.carrier = Some(Carrier::Tcp { ends, next: [next[0] + 1, next[1] + 1] });
    }

    /// `from` is the place of the sending end.
    fn send(&mut self, from: usize, payload: &[u8]) -> Result<()> {
        let carrier = self.carrier.as_mut().context("nothing carries this yet")?;
        let frame = match carrier {
            Carrier::Tcp { ends, next } => {
                let ([one, other], [mine, its]) = (turned(*ends, from), turned(*next, from));
                let frame = tcp(one, other, [mine, its], 0x18, payload);
                let sent = u32::try_from(payload.len())?;
                if let Some(next) = next.get_mut(from) {
                    *next += sent;
                }
                frame
            }
            Carrier::Udp { ends } => {
                let [one, other] = turned(*ends, from);
                udp(one, other, payload)
            }
            Carrier::Ethernet { ends, kind } => {
                let [one, other] = turned(*ends, from);
                ethernet(other, one, *kind, payload)
            }
        };
        self.push(frame);
        Ok(())
    }
}

/// The pair as the sending end sees it.
fn turned<T: Copy>(pair: [T; 2], from: usize) -> [T; 2] {
    let [one, other] = pair;
    if from == 0 { [one, other] } else { [other, one] }
}

fn ends(text: &str) -> Result<[SocketAddrV4; 2]> {
    let (one, other) = text.split_once('>').context("no `>`")?;
    Ok([one.trim().parse()?, other.trim().parse()?])
}

fn mac(text: &str) -> Result<[u8; 6]> {
    let octets: Result<Vec<u8>, _> =
        text.trim().split(':').map(|octet| u8::from_str_radix(octet, 16)).collect();
    octets?.try_into().ok().context("a hardware address has six octets")
}

/// Hexadecimal digits with spaces, and text in either quotes with `\r`, `\n` and `\0`.
fn bytes(text: &str) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let quote = rest.find(['"', '\'']).unwrap_or(rest.len());
        let (digits, quoted) = rest.split_at(quote);
        hexadecimal(digits, &mut out)?;
        let Some(mark) = quoted.chars().next() else { break };
        let (piece, after) = quoted.split_at(1).1.split_once(mark).context("an open quote")?;
        let piece = piece.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
        out.extend(piece.bytes());
        rest = after;
    }
    Ok(out)
}

fn hexadecimal(text: &str, out: &mut Vec<u8>) -> Result<()> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    for pair in digits.chunks(2) {
        let pair = std::str::from_utf8(pair)?;
        anyhow::ensure!(pair.len() == 2, "an odd number of digits");
        out.push(u8::from_str_radix(pair, 16).with_context(|| format!("digits `{pair}`"))?);
    }
    Ok(())
}

/// A hardware address for an IP address.
fn mac_of(ip: Ipv4Addr) -> [u8; 6] {
    let [a, b, c, d] = ip.octets();
    [0x02, 0, a, b, c, d]
}

fn ethernet(target: [u8; 6], source: [u8; 6], kind: u16, payload: &[u8]) -> Vec<u8> {
    let mut frame = [&target[..], &source, &kind.to_be_bytes(), payload].concat();
    frame.resize(frame.len().max(60), 0);
    frame
}

/// The Internet checksum of RFC 1071.
fn checksum(parts: &[&[u8]]) -> u16 {
    let bytes = parts.concat();
    let mut sum: u32 = bytes
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u32::from(u16::from_be_bytes([*high, *low])),
            [high] => u32::from(*high) << 8,
            _ => 0,
        })
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap_or(0)
}

fn ipv4(source: Ipv4Addr, target: Ipv4Addr, protocol: u8, segment: &[u8]) -> Vec<u8> {
    let length = u16::try_from(20 + segment.len()).unwrap_or(u16::MAX).to_be_bytes();
    let start = [0x45, 0, length[0], length[1], 0, 1, 0x40, 0, 64, protocol];
    let ends = [source.octets(), target.octets()].concat();
    let sum = checksum(&[&start, &ends]).to_be_bytes();
    let packet = [&start[..], &sum, &ends, segment].concat();
    ethernet(mac_of(target), mac_of(source), 0x0800, &packet)
}

/// The segment with its checksum over the pseudo header put at `at`.
fn summed(one: SocketAddrV4, other: SocketAddrV4, protocol: u8, at: usize, bytes: &mut [u8]) {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes();
    let pseudo = [&one.ip().octets()[..], &other.ip().octets(), &[0, protocol], &length].concat();
    let sum = checksum(&[&pseudo, bytes]).to_be_bytes();
    if let Some(place) = bytes.get_mut(at..at + 2) {
        place.copy_from_slice(&sum);
    }
}

fn ports(one: SocketAddrV4, other: SocketAddrV4) -> Vec<u8> {
    [one.port().to_be_bytes(), other.port().to_be_bytes()].concat()
}

/// `numbers` are the sequence and the acknowledgement number.
fn tcp(
    one: SocketAddrV4,
    other: SocketAddrV4,
    numbers: [u32; 2],
    flags: u8,
    payload: &[u8],
) -> Vec<u8> {
    let numbers = numbers.map(u32::to_be_bytes).concat();
    let rest = [0x50, flags, 0x20, 0, 0, 0, 0, 0];
    let mut segment = [&ports(one, other)[..], &numbers, &rest, payload].concat();
    summed(one, other, 6, 16, &mut segment);
    ipv4(*one.ip(), *other.ip(), 6, &segment)
}

fn udp(one: SocketAddrV4, other: SocketAddrV4, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(8 + payload.len()).unwrap_or(u16::MAX).to_be_bytes();
    let mut segment = [&ports(one, other)[..], &length, &[0, 0], payload].concat();
    summed(one, other, 17, 6, &mut segment);
    ipv4(*one.ip(), *other.ip(), 17, &segment)
}

#[cfg(test)]
mod tests {
    use super::{bytes, play};

    #[test]
    fn digits_and_text_become_bytes() {
        assert_eq!(bytes("00 01ff \"a\\r\\n\" 2e").unwrap(), b"\x00\x01\xffa\r\n.");
        assert_eq!(bytes("'a=\"1\"' 00 \"it's\"").unwrap(), b"a=\"1\"\x00it's");
        assert!(bytes("0").is_err() && bytes("zz").is_err() && bytes("\"a").is_err());
    }

    #[test]
    fn a_connection_opens_with_three_frames_and_a_lost_segment_is_not_there() {
        let script = "tcp 10.0.0.1:4000 > 10.0.0.2:502\n> 01\nlose\n> 02\n< 03 # three\nagain\n";
        let frames = play(script).unwrap().frames;
        assert_eq!(frames.len(), 6);
        let payload = |place: usize| frames.get(place).and_then(|f| f.bytes.get(54)).copied();
        assert_eq!((payload(3), payload(4), payload(5)), (Some(1), Some(3), Some(3)));
        let times: Vec<u64> = frames.iter().map(|frame| frame.time_ns).collect();
        assert!(times.is_sorted());
    }

    #[test]
    fn a_message_goes_on_over_lines_and_is_repeated_in_its_rhythm() {
        let script = "udp 10.0.0.1:1 > 10.0.0.2:2\n> 01 # one\n| 02 # two\nagain 2 every 10\n";
        let frames = play(script).unwrap().frames;
        assert!(frames.iter().all(|frame| frame.bytes.get(42..44) == Some(&[1, 2][..])));
        let times: Vec<u64> =
            frames.iter().map(|frame| (frame.time_ns / 1_000_000) % 100).collect();
        assert_eq!(times, [0, 10, 20]);
    }

    #[test]
    fn a_plant_is_kept_as_it_stands() {
        let played = play("plant\n[zone.cell] # level\nlevel = 1\nend\nwait 1\n").unwrap();
        assert_eq!(played.plant, "[zone.cell] # level\nlevel = 1\n");
    }

    #[test]
    fn a_line_that_means_nothing_is_named() {
        let error = play("tcp 10.0.0.1:1 > 10.0.0.2:2\nsend 00\n").err().unwrap();
        assert!(format!("{error:#}").contains("line 2"), "{error:#}");
    }
}
