//! Connections that cyclic data goes over: what a Forward Open, which went over TCP, says of them.
//!
//! ```text
//!  key:   O (originator to target) or T | connection id (4) | address of the target (16)
//!  value: interval in us (4) | serial (2) vendor (2) originator (4) | assembly, or path, as text
//! ```
//! The direction is in the key, so a connection that is announced anew changes its object and never
//! its direction; one that is announced both ways commands, and is an oddity. Forward Closes are
//! not followed: data that follows one is read as before. Source: CIP Volume 1 clause 3-5.5
//! (application paths: configuration, then what consumes, then what produces).

use std::fmt::{self, Write as _};
use std::net::IpAddr;

use arrayvec::{ArrayString, ArrayVec};
use plant::Address;

use super::codes::class;
use super::open::{Flow, Opening};
use super::path::{Logical, Path, Segment};
use crate::Reader;
use crate::session::{Noted, Sink};
use crate::table::Protocol;

/// Bytes of a path that are kept.
const NAME_BYTES_MAX: usize = 64;
/// Cyclic data has a direction by its connection, by this letter in the key.
const OUTPUTS: u8 = b'O';
const INPUTS: u8 = b'T';

/// A connection that cyclic data goes over.
#[derive(Clone, Debug)]
pub(crate) struct Cyclic {
    /// From the originator: what the target's outputs become.
    pub(crate) outputs: bool,
    /// It was announced in both directions.
    pub(crate) both: bool,
    rpi_us: u32,
    identity: [u8; 8],
    name: ArrayString<NAME_BYTES_MAX>,
}

impl Cyclic {
    /// What other flows noted of data with this connection id, between the stations of `out`.
    pub(crate) fn noted(connection: u32, out: &dyn Sink) -> Option<Self> {
        let [sender, receiver] = out.ends().map(|ends| ends.map(Some)).unwrap_or_default();
        let outputs = Self::read(&key(OUTPUTS, connection, receiver), out);
        let inputs = Self::read(&key(INPUTS, connection, sender), out);
        match (outputs, inputs) {
            (Some(outputs), inputs) => {
                Some(Self { outputs: true, both: inputs.is_some(), ..outputs })
            }
            (None, inputs) => inputs,
        }
    }

    fn read(key: &[u8], out: &dyn Sink) -> Option<Self> {
        let value = out.noted(Protocol::ETHERNET_IP, key)?;
        let mut reader = Reader::new(&value);
        let (rpi_us, identity) = (reader.le32()?, reader.array()?);
        let name = ArrayString::from(std::str::from_utf8(reader.rest()).ok()?).ok()?;
        Some(Self { outputs: false, both: false, rpi_us, identity, name })
    }

    /// How often it is sent, and who opened it: `every 10000 us for vendor 1 serial 0x0102aabb`.
    pub(crate) fn terms(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [_, _, low, high, a, b, c, d] = self.identity;
        let (vendor, serial) = (u16::from_le_bytes([low, high]), u32::from_le_bytes([a, b, c, d]));
        write!(f, "every {} us for vendor {vendor} serial 0x{serial:08x}", self.rpi_us)
    }
}

/// `assembly 100`.
impl fmt::Display for Cyclic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Notes both directions of a connection that was granted by the sender of the bytes at hand;
/// whether one of the ids belonged to another that led elsewhere.
pub(super) fn note(opening: &Opening<'_>, granted: (u32, u32), out: &mut dyn Sink) -> bool {
    let target = out.ends().map(|[sender, _]| sender);
    let assemblies = assemblies(opening.path);
    let mut reused = false;
    for (letter, id, flow, place) in
        [(OUTPUTS, granted.0, &opening.o_t, 1), (INPUTS, granted.1, &opening.t_o, 2)]
    {
        let key = key(letter, id, target);
        let name = name(opening.path, assemblies.as_ref().and_then(|all| all.get(place)));
        let before = Cyclic::read(&key, out);
        reused |=
            before.is_some_and(|before| before.identity != opening.identity && before.name != name);
        if !flow.null {
            out.note(Protocol::ETHERNET_IP, &key, &value(opening, flow, &name));
        }
    }
    reused
}

fn value(opening: &Opening<'_>, flow: &Flow, name: &str) -> Noted {
    let mut value = Noted::new();
    value.extend(flow.rpi_us.to_le_bytes());
    value.extend(opening.identity);
    let _ = value.try_extend_from_slice(name.as_bytes());
    value
}

fn key(letter: u8, connection: u32, target: Option<Address>) -> [u8; 21] {
    let address = match target {
        Some(Address::Ip(IpAddr::V4(ip))) => ip.to_ipv6_mapped().octets(),
        Some(Address::Ip(IpAddr::V6(ip))) => ip.octets(),
        Some(Address::Mac(_)) | None => [0; 16],
    };
    let mut key = [letter; 21];
    let bytes = connection.to_le_bytes().into_iter().chain(address);
    for (to, from) in key.iter_mut().skip(1).zip(bytes) {
        *to = from;
    }
    key
}

/// Configuration, consuming and producing assembly, if the path names these three.
fn assemblies(path: Path<'_>) -> Option<[u32; 3]> {
    let mut numbers = ArrayVec::<u32, 3>::new();
    for segment in path.segments() {
        match segment {
            Segment::Logical(Logical::Class, class::ASSEMBLY) => {}
            Segment::Logical(Logical::Instance | Logical::Point, number) => {
                numbers.try_push(number).ok()?;
            }
            Segment::Logical(..) | Segment::Symbol(_) | Segment::Unread(_) => return None,
            Segment::Port { .. } | Segment::Key | Segment::Network { .. } | Segment::Data => {}
        }
    }
    numbers.into_inner().ok()
}

fn name(path: Path<'_>, assembly: Option<&u32>) -> ArrayString<NAME_BYTES_MAX> {
    let mut name = Clipped(ArrayString::new());
    let _ = match assembly {
        Some(number) => write!(name, "assembly {number}"),
        None => write!(name, "{path}"),
    };
    name.0
}

/// Takes text until its space is full, and ends it with two dots then.
struct Clipped(ArrayString<NAME_BYTES_MAX>);

impl fmt::Write for Clipped {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.0.remaining_capacity() < character.len_utf8() + 2 {
                self.0.push_str("..");
                return Err(fmt::Error);
            }
            self.0.push(character);
        }
        Ok(())
    }
}
