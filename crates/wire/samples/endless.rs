//! Streams without end, made to let a session keep as much as it ever will.
//!
//! Every place of every sample is changed in turn: a counter gives ever new keys, names and
//! numbers, a flipped bit gives messages that always go on or never end. Beside them stand the
//! streams that need two changes at once, for the protocols that put messages together.

use wire::Side;

use super::Sample;

/// How one place of a sample changes from round to round.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    /// This bit is the other way round, always.
    Flip(u8),
    /// Two bytes count.
    Count,
    /// Three decimal digits count.
    Digits,
}

/// Every way to change one place.
const CHANGES: [Change; 10] = [
    Change::Flip(0),
    Change::Flip(1),
    Change::Flip(2),
    Change::Flip(3),
    Change::Flip(4),
    Change::Flip(5),
    Change::Flip(6),
    Change::Flip(7),
    Change::Count,
    Change::Digits,
];

/// A sample with one place that changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variant {
    part: usize,
    at: usize,
    change: Change,
    /// Nothing but the changed part is sent: it is never answered.
    alone: bool,
}

/// Every variant of a sample.
pub(crate) fn variants(sample: &Sample) -> impl Iterator<Item = Variant> + '_ {
    let places = sample.parts.iter().enumerate();
    let places = places.flat_map(|(part, (_, bytes))| (0..bytes.len()).map(move |at| (part, at)));
    places.flat_map(|(part, at)| {
        CHANGES
            .into_iter()
            .flat_map(move |change| [false, true].map(|alone| Variant { part, at, change, alone }))
    })
}

impl Variant {
    /// The parts of one round, given to `send`; `parts` is the sample's, changed in place.
    pub(crate) fn round(
        &self,
        parts: &mut [(Side, Vec<u8>)],
        number: u32,
        mut send: impl FnMut(Side, &[u8]),
    ) {
        let Some((side, bytes)) = parts.get_mut(self.part) else { return };
        let before = window(bytes, self.at);
        self.change.apply(bytes.get_mut(self.at..).unwrap_or_default(), number);
        if self.alone {
            send(*side, bytes);
        } else {
            parts.iter().for_each(|(side, bytes)| send(*side, bytes));
        }
        if let Some((_, bytes)) = parts.get_mut(self.part) {
            bytes.iter_mut().skip(self.at).zip(before).for_each(|(byte, old)| *byte = old);
        }
    }
}

fn window(bytes: &[u8], at: usize) -> [u8; 3] {
    let mut rest = bytes.iter().skip(at).copied();
    [(); 3].map(|()| rest.next().unwrap_or(0))
}

impl Change {
    fn apply(self, bytes: &mut [u8], number: u32) {
        let [low, high, ..] = number.to_le_bytes();
        let digit = |place: u32| b'0' + u8::try_from(number / place % 10).unwrap_or(0);
        let (new, width) = match self {
            Self::Flip(bit) => ([bytes.first().map_or(0, |byte| byte ^ 1 << bit), 0, 0], 1),
            Self::Count => ([low, high, 0], 2),
            Self::Digits => ([digit(100), digit(10), digit(1)], 3),
        };
        bytes.iter_mut().zip(new).take(width).for_each(|(byte, new)| *byte = new);
    }
}

/// A stream that never ends, for the protocol with this name.
pub(crate) struct Worst {
    /// Whose session keeps it, a name of the table.
    pub(crate) protocol: &'static str,
    /// What it is made of.
    pub(crate) about: &'static str,
    /// Bytes that it brings a session to hold, at least: less, and it is no worst case.
    pub(crate) holds_min: usize,
    /// The next bytes.
    pub(crate) next: fn(u32, &mut Vec<u8>) -> Side,
}

const fn worst(
    protocol: &'static str,
    about: &'static str,
    holds_min: usize,
    next: fn(u32, &mut Vec<u8>) -> Side,
) -> Worst {
    Worst { protocol, about, holds_min, next }
}

/// What keeps most, of the protocols that put messages together or remember names.
pub(crate) const WORST: &[Worst] = &[
    worst("opc-ua", "a message whose chunks never end", 131_072, opc_ua),
    worst("s7comm", "a PDU whose fragments never end", 65_536, cotp),
    worst("mqtt", "long topics under new aliases", 32_000, mqtt),
    worst("sparkplug-b", "long topics under new aliases", 32_000, mqtt),
    worst("http", "a form with one field that never ends", 0, form),
    worst("abb-rws", "paths of new names", 300, path),
    worst("ftp", "files that are never answered", 200, ftp),
    worst("ur-primary", "a script that never ends", 0, script),
    worst("ur-rtde", "recipes with long names", 8_000, recipe),
    worst("tls", "a handshake that never ends", 65_536, tls),
    worst("rtps", "new writers with long topics", 30_000, writer),
    worst("kuka-eki", "an element that never ends", 0, element),
    worst("fanuc-rmi", "objects inside objects", 0, objects),
    worst("telnet", "a line that never ends", 0, line),
    worst("ur-dashboard", "commands that are never answered", 0, commands),
];

fn opc_ua(number: u32, out: &mut Vec<u8>) -> Side {
    let size = 8192_u32;
    out.extend(b"MSGC");
    [size, 5, 1, number + 1, 7].iter().for_each(|word| out.extend(word.to_le_bytes()));
    // a write: what cannot be read from its start is not kept
    out.extend([1, 0, 0xa1, 2, 0, 0]);
    out.resize(8192, 0xaa);
    Side::Client
}

/// TPKT with 8,000 bytes of a COTP data unit that is not the last.
fn cotp(_: u32, out: &mut Vec<u8>) -> Side {
    out.extend([3, 0, 0x1f, 0x40, 2, 0xf0, 0x00, 0x32, 1, 0, 0]);
    out.resize(8000, 0xaa);
    Side::Client
}

/// A CONNECT of version 5 that allows 65,535 aliases each way, then publications.
fn mqtt(number: u32, out: &mut Vec<u8>) -> Side {
    let [low, high, ..] = number.to_le_bytes();
    if number == 0 {
        out.extend([0x10, 16, 0, 4, b'M', b'Q', b'T', b'T', 5, 2, 0, 60, 3, 0x22, 0xff, 0xff]);
        out.extend([0, 0]);
        return Side::Client;
    }
    // 506 bytes: a topic of 500, and the alias
    out.extend([0x30, 0xfa, 0x03, 0x01, 0xf4]);
    let head = out.len();
    out.resize(head + 500, b'a' + low % 26);
    out.extend([3, 0x23, high, low]);
    if number.is_multiple_of(2) { Side::Client } else { Side::Server }
}

fn form(number: u32, out: &mut Vec<u8>) -> Side {
    if number == 0 {
        out.extend(b"POST /upload HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n");
        out.extend(b"Content-Length: 999999999999\r\n\r\n--x\r\nContent-Disposition: form-data; ");
        out.extend(b"name=\"file\"; filename=\"");
    }
    let head = out.len();
    out.resize(head + 1400, b'a');
    Side::Client
}

fn path(number: u32, out: &mut Vec<u8>) -> Side {
    out.extend(b"PUT /fileservice/$home/");
    let head = out.len();
    out.resize(head + 400, b'a' + u8::try_from(number % 26).unwrap_or(0));
    out.extend(b".mod HTTP/1.1\r\nContent-Length: 4\r\n\r\nabcd");
    Side::Client
}

fn ftp(number: u32, out: &mut Vec<u8>) -> Side {
    out.extend(if number == 0 { &b"220 ready\r\n"[..] } else { b"STOR " });
    if number == 0 {
        return Side::Server;
    }
    let head = out.len();
    out.resize(head + 240, b'a');
    out.extend(b"\r\n");
    Side::Client
}

fn script(number: u32, out: &mut Vec<u8>) -> Side {
    if number == 0 {
        out.extend(b"def weld():\n");
    }
    for _ in 0..40 {
        out.extend(b"  movej([0,0,0,0,0,0])\n");
    }
    Side::Client
}

/// Request and answer in turn: a recipe with long names under a new number.
fn recipe(number: u32, out: &mut Vec<u8>) -> Side {
    let count = 400_u16;
    if number.is_multiple_of(2) {
        out.extend((3 + 10 * count).to_be_bytes());
        out.push(b'I');
        (0..count).for_each(|_| out.extend(b"abcdefghi,"));
        return Side::Client;
    }
    out.extend((4 + 6 * count).to_be_bytes());
    out.extend([b'I', u8::try_from(number / 2 % 256).unwrap_or(0)]);
    (0..count).for_each(|_| out.extend(b"INT32,"));
    Side::Server
}

/// Handshake records of one message of 16 MiB.
fn tls(number: u32, out: &mut Vec<u8>) -> Side {
    out.extend([0x16, 3, 3, 0x40, 0]);
    let start = out.len();
    if number == 0 {
        out.extend([0x0b, 0xff, 0xff, 0xff]);
    }
    out.resize(start + 0x4000, 0xaa);
    Side::Server
}

/// An announcement of a writer with a new key and a topic of 250 characters.
fn writer(number: u32, out: &mut Vec<u8>) -> Side {
    out.extend(b"RTPS\x02\x03\x01\x0f");
    out.extend([1, 15, 0, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
    let mut data = vec![0, 0, 16, 0, 0, 0, 0, 0, 0, 0x03, 0xc2, 0, 0, 0, 0, 1, 0, 0, 0];
    data.splice(8..9, [0, 0]);
    data.truncate(20);
    data.extend([0, 3, 0, 0, 0x5a, 0, 0x10, 0, 1, 15, 0, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
    data.extend(number.to_be_bytes());
    for (parameter, length) in [(5_u16, 256_u16), (7, 256)] {
        data.extend(parameter.to_le_bytes());
        data.extend((length + 4).to_le_bytes());
        data.extend(u32::from(length).to_le_bytes());
        let digits = format!("{number:0>255}\0");
        data.extend(digits.bytes());
    }
    data.extend([1, 0, 0, 0]);
    out.extend([0x15, 5]);
    out.extend(u16::try_from(data.len()).unwrap_or(0).to_le_bytes());
    out.extend(data);
    Side::Client
}

fn element(number: u32, out: &mut Vec<u8>) -> Side {
    out.extend(if number == 0 { &b"<RobotState>"[..] } else { b"<Pos A1=\"1\"/>" });
    (0..100).for_each(|_| out.extend(b"<a>"));
    Side::Server
}

fn objects(number: u32, out: &mut Vec<u8>) -> Side {
    if number == 0 {
        out.extend(b"{\"Command\": \"FRC_Connect\", \"a\": ");
    }
    (0..200).for_each(|_| out.extend(b"{\"a\":"));
    Side::Client
}

fn line(number: u32, out: &mut Vec<u8>) -> Side {
    if number == 0 {
        out.extend(b"\xff\xfd\x01login: ");
        return Side::Server;
    }
    out.resize(1400, b'a');
    Side::Client
}

fn commands(_: u32, out: &mut Vec<u8>) -> Side {
    (0..50).for_each(|_| out.extend(b"load /programs/a-name-that-is-long.urp\n"));
    Side::Client
}
