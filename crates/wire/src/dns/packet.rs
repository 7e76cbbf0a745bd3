//! DNS messages: header, names with compression, questions and records.
//!
//! ```text
//!  id (2), flags (2), counts of questions, answers, authorities, additionals (2 each), then
//!  question: name, type (2), class (2)      record: question, time to live (4), length (2), data
//! ```
//! Names are walked over when somebody looks; a pointer may only lead back, so every walk ends.
//! Source: RFC 1035 clauses 3.1, 4.1.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::codes;
use crate::{Reader, Text};

/// Bytes of the header.
pub(crate) const HEADER_BYTES: usize = 12;
/// Longest name (RFC 1035 3.1), which also bounds how often pointers are followed.
const NAME_BYTES_MAX: usize = 255;
/// Most records that are rendered.
const RECORDS_SHOWN_MAX: usize = 16;

/// One message, whose sections are read as they are walked over.
#[derive(Clone, Copy)]
pub(crate) struct Packet<'a> {
    bytes: &'a [u8],
    pub(crate) id: u16,
    pub(crate) flags: u16,
    /// Counts of questions, answers, authorities and additionals.
    pub(crate) counts: [u16; 4],
}

impl<'a> Packet<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let (id, flags) = (reader.be16()?, reader.be16()?);
        let counts = [reader.be16()?, reader.be16()?, reader.be16()?, reader.be16()?];
        Some(Self { bytes, id, flags, counts })
    }

    pub(crate) const fn is_response(&self) -> bool {
        self.flags & 0x8000 != 0
    }

    pub(crate) const fn opcode(&self) -> u16 {
        self.flags >> 11 & 0xf
    }

    pub(crate) const fn response_code(&self) -> u16 {
        self.flags & 0xf
    }

    /// The sender cut the message to fit (bit TC).
    pub(crate) const fn is_cut(&self) -> bool {
        self.flags & 0x0200 != 0
    }

    fn body(&self) -> Reader<'a> {
        Reader::new(self.bytes.get(HEADER_BYTES..).unwrap_or_default())
    }

    pub(crate) fn questions(&self) -> Questions<'a> {
        let [count, ..] = self.counts;
        Questions { packet: *self, reader: self.body(), left: count }
    }

    /// Records of all sections behind the questions.
    pub(crate) fn records(&self) -> Records<'a> {
        let mut questions = self.questions();
        questions.by_ref().for_each(drop);
        let [_, answers, authorities, additionals] = self.counts;
        let left = u32::from(answers) + u32::from(authorities) + u32::from(additionals);
        let broken = questions.left > 0;
        Records { packet: *self, reader: questions.reader, left: if broken { 0 } else { left } }
    }

    /// Records of the answer section alone.
    pub(crate) fn answers(&self) -> impl Iterator<Item = Record<'a>> {
        let [_, answers, ..] = self.counts;
        self.records().take(answers.into())
    }

    /// Bytes behind the last record; `None` if a section ends before its count.
    pub(crate) fn rest(&self) -> Option<&'a [u8]> {
        let mut questions = self.questions();
        questions.by_ref().for_each(drop);
        if questions.left > 0 {
            return None;
        }
        let mut records = self.records();
        records.by_ref().for_each(drop);
        (records.left == 0).then(|| records.reader.rest())
    }

    fn name(&self, reader: &mut Reader<'a>) -> Option<Name<'a>> {
        let start = self.bytes.len() - reader.len();
        let name = Name { message: self.bytes, start };
        loop {
            match reader.u8()? {
                0 => return Some(name),
                length @ 1..=63 => reader.skip(length.into())?,
                0xc0..=0xff => return reader.skip(1).map(|()| name),
                _ => return None,
            }
        }
    }
}

/// A name somewhere in a message.
#[derive(Clone, Copy)]
pub(crate) struct Name<'a> {
    message: &'a [u8],
    start: usize,
}

impl<'a> Name<'a> {
    pub(crate) fn labels(&self) -> Labels<'a> {
        let reader = Reader::new(self.message.get(self.start..).unwrap_or_default());
        Labels { message: self.message, reader, bound: self.start, read: 0, ended: false }
    }

    /// Whether it ends as a name must: no pointer leads ahead or in a circle.
    pub(crate) fn is_whole(&self) -> bool {
        let mut labels = self.labels();
        labels.by_ref().for_each(drop);
        labels.ended
    }

    /// The IPv4 address that a name of the reverse tree stands for (RFC 1035 3.5).
    pub(crate) fn reverse(&self) -> Option<IpAddr> {
        let mut labels = self.labels();
        let mut octets = [0_u8; 4];
        for octet in octets.iter_mut().rev() {
            *octet = std::str::from_utf8(labels.next()?).ok()?.parse().ok()?;
        }
        let tree = labels.next()?.eq_ignore_ascii_case(b"in-addr")
            && labels.next()?.eq_ignore_ascii_case(b"arpa");
        tree.then(|| Ipv4Addr::from(octets).into())
    }
}

/// The labels of a name; ends early where the name is broken.
pub(crate) struct Labels<'a> {
    message: &'a [u8],
    reader: Reader<'a>,
    /// The next pointer must lead before this place.
    bound: usize,
    read: usize,
    ended: bool,
}

impl<'a> Iterator for Labels<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            match self.reader.u8()? {
                0 => {
                    self.ended = true;
                    return None;
                }
                length @ 1..=63 => {
                    self.read += 1 + usize::from(length);
                    let label = self.reader.take(length.into())?;
                    return (self.read < NAME_BYTES_MAX).then_some(label);
                }
                high @ 0xc0..=0xff => {
                    let to = usize::from(high & 0x3f) << 8 | usize::from(self.reader.u8()?);
                    if to >= self.bound {
                        return None;
                    }
                    self.bound = to;
                    self.reader = Reader::new(self.message.get(to..)?);
                }
                _ => return None,
            }
        }
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lead = "";
        for label in self.labels() {
            write!(f, "{lead}{}", Text(label))?;
            lead = ".";
        }
        if lead.is_empty() { f.write_str(".") } else { Ok(()) }
    }
}

/// A question, or the head of a record.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) name: Name<'a>,
    pub(crate) kind: u16,
    pub(crate) class: u16,
}

impl fmt::Display for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match codes::record_type(self.kind) {
            "" => write!(f, "{} TYPE{}", self.name, self.kind),
            kind => write!(f, "{} {kind}", self.name),
        }
    }
}

pub(crate) struct Questions<'a> {
    packet: Packet<'a>,
    reader: Reader<'a>,
    left: u16,
}

impl<'a> Iterator for Questions<'a> {
    type Item = Question<'a>;

    fn next(&mut self) -> Option<Question<'a>> {
        let left = self.left.checked_sub(1)?;
        let mut ahead = self.reader;
        let name = self.packet.name(&mut ahead)?;
        let question = Question { name, kind: ahead.be16()?, class: ahead.be16()? };
        (self.reader, self.left) = (ahead, left);
        Some(question)
    }
}

/// One resource record.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    packet: Packet<'a>,
    pub(crate) head: Question<'a>,
    /// Place of the data in the message, where compressed names in it are read from.
    start: usize,
    data: Reader<'a>,
}

impl<'a> Record<'a> {
    /// Its data.
    pub(crate) const fn data(&self) -> Reader<'a> {
        self.data
    }

    /// The address of an A or AAAA record.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        match (self.head.kind, self.data.rest()) {
            (codes::A, bytes) => {
                <[u8; 4]>::try_from(bytes).ok().map(|octets| Ipv4Addr::from(octets).into())
            }
            (codes::AAAA, bytes) => {
                <[u8; 16]>::try_from(bytes).ok().map(|octets| Ipv6Addr::from(octets).into())
            }
            _ => None,
        }
    }

    /// The name that the data of a record with one begins with.
    pub(crate) fn target(&self) -> Option<Name<'a>> {
        let fixed = match self.head.kind {
            codes::SRV => 6, // priority, weight, port (RFC 2782)
            codes::NS | codes::CNAME | codes::PTR | codes::DNAME => 0,
            _ => return None,
        };
        let whole = self.packet.bytes.get(self.start + fixed..)?;
        self.packet.name(&mut Reader::new(whole))
    }

    /// The strings of a TXT record.
    pub(crate) fn strings(&self) -> impl Iterator<Item = &'a [u8]> {
        let mut data = if self.head.kind == codes::TXT { self.data } else { Reader::new(&[]) };
        std::iter::from_fn(move || {
            let length = data.u8()?;
            data.take(length.into())
        })
    }
}

impl fmt::Display for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match codes::record_type(self.head.kind) {
            "" => write!(f, "TYPE{}", self.head.kind)?,
            kind => f.write_str(kind)?,
        }
        if let Some(address) = self.address() {
            write!(f, " {address}")
        } else if let Some(target) = self.target() {
            write!(f, " {target}")
        } else {
            self.strings().take(4).try_for_each(|text| write!(f, " \"{}\"", Text(text)))
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Records<'a> {
    packet: Packet<'a>,
    reader: Reader<'a>,
    left: u32,
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let left = self.left.checked_sub(1)?;
        let mut ahead = self.reader;
        let name = self.packet.name(&mut ahead)?;
        let head = Question { name, kind: ahead.be16()?, class: ahead.be16()? };
        ahead.be32()?;
        let length = ahead.be16()?;
        let start = self.packet.bytes.len() - ahead.len();
        let data = ahead.sub(length.into())?;
        (self.reader, self.left) = (ahead, left);
        Some(Record { packet: self.packet, head, start, data })
    }
}

/// The answers of a response as its values.
pub(crate) struct Answers<'a>(pub(crate) Packet<'a>);

impl fmt::Display for Answers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (place, record) in self.0.answers().take(RECORDS_SHOWN_MAX).enumerate() {
            let lead = if place == 0 { "" } else { ", " };
            write!(f, "{lead}{record}")?;
        }
        f.write_str("]")
    }
}
