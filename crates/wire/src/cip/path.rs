//! CIP paths: which object, attribute, tag or port a message means.
//!
//! ```text
//!  000 e pppp   port       e: link size follows, p: port (15: a 16-bit port follows)
//!  001 ttt ff   logical    t: class, instance, member, point, attribute, key, service, extended
//!  010 sssss    network    from 0x50 on a word count follows
//!  011 lllll    symbolic   l: characters
//!  100 sssss    data       0x80: a word count and data, 0x91: a length and ANSI characters
//! ```
//! Reads the padded form, the only one that messages on Ethernet use. Segments that cannot be read
//! end the walk and are shown as bytes. Source: CIP Volume 1 appendix C-1.4.

use std::fmt;

use crate::{Reader, Text};

/// One segment of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Segment<'a> {
    /// Leave through this port, to this link address.
    Port { port: u16, link: &'a [u8] },
    /// Class, instance, member ...: which of them, and its number.
    Logical(Logical, u32),
    /// A name: a Logix tag or one of its members.
    Symbol(&'a [u8]),
    /// Type and revision that the target must have.
    Key,
    /// Schedule, inhibit time or safety parameters of a connection.
    Network { safety: bool },
    /// Configuration data for the target.
    Data,
    /// What cannot be read, to the end of the path.
    Unread(&'a [u8]),
}

/// What a logical segment numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Logical {
    Class,
    Instance,
    Member,
    Point,
    Attribute,
    Service,
}

/// A path, as on the wire.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Path<'a>(pub(crate) &'a [u8]);

/// What decides about the meaning of a message: the last class and its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) class: Option<u32>,
    pub(crate) instance: Option<u32>,
    pub(crate) attribute: Option<u32>,
    /// The path names a tag.
    pub(crate) symbolic: bool,
    /// The path carries CIP Safety parameters.
    pub(crate) safety: bool,
    /// The path could not be read to its end.
    pub(crate) unread: bool,
    /// Last one-byte link address that the path leaves through: a slot of the backplane.
    pub(crate) slot: Option<u16>,
}

impl<'a> Path<'a> {
    /// The segments, in order.
    pub(crate) const fn segments(self) -> Segments<'a> {
        Segments(Reader::new(self.0))
    }

    /// What the path comes to.
    pub(crate) fn target(self) -> Target {
        let mut target = Target::default();
        for segment in self.segments() {
            match segment {
                Segment::Port { link: [slot], .. } => target.slot = Some(u16::from(*slot)),
                Segment::Port { .. } => target.slot = None,
                Segment::Logical(Logical::Class, number) => {
                    let Target { safety, slot, .. } = target;
                    target = Target { class: Some(number), safety, slot, ..Target::default() };
                }
                Segment::Logical(Logical::Instance, number) => target.instance = Some(number),
                Segment::Logical(Logical::Attribute, number) => target.attribute = Some(number),
                Segment::Symbol(_) => target.symbolic = true,
                Segment::Network { safety } => target.safety |= safety,
                Segment::Unread(_) => target.unread = true,
                Segment::Logical(..) | Segment::Key | Segment::Data => {}
            }
        }
        target
    }
}

/// See [`Path::segments`].
pub(crate) struct Segments<'a>(Reader<'a>);

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.rest();
        let kind = self.0.u8()?;
        let read = match kind >> 5 {
            0b000 => port(kind, &mut self.0),
            0b001 => logical(kind, &mut self.0),
            0b010 => network(kind, &mut self.0),
            0b011 => symbol(kind, &mut self.0),
            0b100 => data(kind, &mut self.0),
            _ => None,
        };
        Some(read.unwrap_or_else(|| {
            self.0.take_rest();
            Segment::Unread(rest)
        }))
    }
}

fn port<'a>(kind: u8, reader: &mut Reader<'a>) -> Option<Segment<'a>> {
    let link_bytes = if kind & 0x10 == 0 { 1 } else { usize::from(reader.u8()?) };
    let port = match kind & 0x0f {
        15 => reader.le16()?,
        port => u16::from(port),
    };
    let link = reader.take(link_bytes)?;
    if kind & 0x10 != 0 && link_bytes % 2 == 1 {
        reader.skip(1)?;
    }
    Some(Segment::Port { port, link })
}

fn logical<'a>(kind: u8, reader: &mut Reader<'a>) -> Option<Segment<'a>> {
    let which = match kind >> 2 & 0b111 {
        0 => Logical::Class,
        1 => Logical::Instance,
        2 => Logical::Member,
        3 => Logical::Point,
        4 => Logical::Attribute,
        5 => return key(kind, reader),
        6 => Logical::Service,
        _ => return extended(kind, reader),
    };
    let number = match kind & 0b11 {
        0 => u32::from(reader.u8()?),
        1 => {
            reader.skip(1)?;
            u32::from(reader.le16()?)
        }
        2 => {
            reader.skip(1)?;
            reader.le32()?
        }
        _ => return None,
    };
    Some(Segment::Logical(which, number))
}

fn key<'a>(kind: u8, reader: &mut Reader<'a>) -> Option<Segment<'a>> {
    let bytes = match (kind & 0b11, reader.u8()?) {
        (0, 4) => 8,  // vendor, device type, product code, revision
        (0, 5) => 12, // and the serial number
        _ => return None,
    };
    reader.skip(bytes)?;
    Some(Segment::Key)
}

/// Array index, bit index or structure member, each by its own number.
fn extended<'a>(kind: u8, reader: &mut Reader<'a>) -> Option<Segment<'a>> {
    reader.skip(1)?; // which of them
    let number = match kind & 0b11 {
        0 => u32::from(reader.le16()? & 0xff),
        1 => u32::from(reader.le16()?),
        2 => reader.le32()?,
        _ => return None,
    };
    Some(Segment::Logical(Logical::Member, number))
}

fn network<'a>(kind: u8, reader: &mut Reader<'a>) -> Option<Segment<'a>> {
    let bytes = if kind < 0x50 { 1 } else { usize::from(reader.u8()?) * 2 };
    reader.skip(bytes)?;
    Some(Segment::Network { safety: kind == 0x50 })
}

fn symbol<'a>(kind: u8, reader: &mut Reader<'a>) -> Option<Segment<'a>> {
    let length = usize::from(kind & 0x1f);
    if length == 0 {
        return None; // double-byte, triple-byte and numeric symbols
    }
    let name = reader.take(length)?;
    if length.is_multiple_of(2) {
        reader.skip(1)?; // the segment byte and an even name are odd together
    }
    Some(Segment::Symbol(name))
}

fn data<'a>(kind: u8, reader: &mut Reader<'a>) -> Option<Segment<'a>> {
    match kind {
        0x80 => {
            let words = usize::from(reader.u8()?);
            reader.skip(words * 2)?;
            Some(Segment::Data)
        }
        0x91 => {
            let length = usize::from(reader.u8()?);
            let name = reader.take(length)?;
            if length % 2 == 1 && !reader.is_empty() {
                reader.skip(1)?;
            }
            Some(Segment::Symbol(name))
        }
        _ => None,
    }
}

/// `class 0x01 instance 1 attr 7`, `Program:Main.Tag[3,1].Field`: without ports, keys and data.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        let (mut named, mut indexing) = (false, false);
        for segment in self.segments() {
            let member = matches!(segment, Segment::Logical(Logical::Member, _));
            if indexing && !member {
                f.write_str("]")?;
                indexing = false;
            }
            match segment {
                Segment::Port { .. } | Segment::Key | Segment::Network { .. } | Segment::Data => {
                    continue;
                }
                Segment::Symbol(name) => {
                    f.write_str(if space.is_empty() { "" } else { "." })?;
                    Text(name).fmt(f)?;
                    named = true;
                }
                Segment::Logical(Logical::Member, index) if named => {
                    write!(f, "{}{index}", if indexing { "," } else { "[" })?;
                    indexing = true;
                }
                Segment::Logical(which, number) => {
                    f.write_str(space)?;
                    number_of(which, number, f)?;
                }
                Segment::Unread(bytes) => {
                    f.write_str(space)?;
                    f.write_str("path ")?;
                    super::values::hex(bytes, f)?;
                }
            }
            space = " ";
        }
        f.write_str(if indexing { "]" } else { "" })
    }
}

fn number_of(which: Logical, number: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match which {
        Logical::Class => write!(f, "class 0x{number:02x}"),
        Logical::Instance => write!(f, "instance {number}"),
        Logical::Member => write!(f, "member {number}"),
        Logical::Point => write!(f, "point {number}"),
        Logical::Attribute => write!(f, "attr {number}"),
        Logical::Service => write!(f, "service 0x{number:02x}"),
    }
}

/// The ports of a path: `port 1 link 0, port 2 link 192.168.1.5`.
#[derive(Clone, Copy)]
pub(crate) struct Route<'a>(pub(crate) Path<'a>);

impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut comma = "";
        for segment in self.0.segments() {
            match segment {
                Segment::Port { port, link: [slot] } => {
                    write!(f, "{comma}port {port} link {slot}")?;
                }
                Segment::Port { port, link } => {
                    write!(f, "{comma}port {port} link {}", Text::trimmed(link))?;
                }
                Segment::Logical(..)
                | Segment::Symbol(_)
                | Segment::Key
                | Segment::Network { .. }
                | Segment::Data
                | Segment::Unread(_) => continue,
            }
            comma = ", ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, Route, Target};

    fn shown(bytes: &[u8]) -> String {
        Path(bytes).to_string()
    }

    #[test]
    fn logical_segments_of_every_width_are_numbers() {
        assert_eq!(shown(&[0x20, 0x01, 0x24, 1, 0x30, 7]), "class 0x01 instance 1 attr 7");
        assert_eq!(shown(&[0x20, 0x68, 0x25, 0, 0x20, 0x24]), "class 0x68 instance 9248");
        assert_eq!(
            shown(&[0x21, 0, 0x00, 3, 0x26, 0, 4, 3, 2, 1]),
            "class 0x300 instance 16909060"
        );
        assert_eq!(
            shown(&[0x20, 4, 0x24, 0x66, 0x2c, 100, 0x2d, 0, 1, 1]),
            "class 0x04 instance 102 point 100 point 257"
        );
        assert_eq!(shown(&[0x20, 0x6b, 0x30, 1]), "class 0x6b attr 1");
    }

    #[test]
    fn tags_print_as_programmers_write_them() {
        let mut path = vec![0x91, 12];
        path.extend_from_slice(b"Program:Main");
        path.extend_from_slice(&[0x91, 3, b'T', b'a', b'g', 0, 0x28, 3]);
        assert_eq!(shown(&path), "Program:Main.Tag[3]");
        path.extend_from_slice(&[0x29, 0, 0, 1, 0x91, 1, b'x', 0]);
        assert_eq!(shown(&path), "Program:Main.Tag[3,256].x");
        assert_eq!(shown(&[0x63, b'T', b'a', b'g']), "Tag");
        assert_eq!(shown(&[0x62, b'T', b'g', 0, 0x28, 1]), "Tg[1]");
    }

    #[test]
    fn ports_keys_and_network_segments_are_passed_over_and_the_slot_is_known() {
        // electronic key, slot 3 of the backplane, production inhibit time, message router
        let path = [
            0x34, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0x01, 3, 0x43, 10, 0x20, 2, 0x24, 1, 0x80, 1, 0xaa,
            0xbb,
        ];
        assert_eq!(shown(&path), "class 0x02 instance 1");
        let expected =
            Target { class: Some(2), instance: Some(1), slot: Some(3), ..Target::default() };
        assert_eq!(Path(&path).target(), expected);
        assert_eq!(Route(Path(&path)).to_string(), "port 1 link 3");
    }

    #[test]
    fn a_link_may_be_text_and_a_port_sixteen_bits() {
        let mut path = vec![0x12, 9];
        path.extend_from_slice(b"10.1.2.30\0");
        path.extend_from_slice(&[0x0f, 0x10, 0x27, 4]);
        assert_eq!(Route(Path(&path)).to_string(), "port 2 link 10.1.2.30, port 10000 link 4");
        assert_eq!(Path(&path).target().slot, Some(4));
    }

    #[test]
    fn what_cannot_be_read_is_shown_and_noted() {
        assert_eq!(shown(&[0x20, 0x01, 0xe0, 1]), "class 0x01 path e001");
        assert!(Path(&[0x20, 0x01, 0x25, 0]).target().unread);
        assert!(!Path(&[0x20, 0x01]).target().unread);
    }

    #[test]
    fn a_safety_segment_is_seen() {
        assert!(Path(&[0x20, 4, 0x50, 1, 0, 0]).target().safety);
        assert!(!Path(&[0x20, 4, 0x43, 1]).target().safety);
    }
}
