//! The name service: who is there, and what it is.
//!
//! ```text
//! 0-1 package type · 2-3 version · 4-7 request id; then of identifications since version 1.2
//! 8-9 channels · 10 byte order · 11 address difference · 12-13 components of the parent's address
//! 14-19 lengths of node, device and vendor name in characters, without their zero
//! 20-23 target type · 24-27 target id · 28-31 version
//! 32-47 since version 4.0: flags 4 · length of serial number · of OEM data · driver · 9 reserved
//! then the parent's address, node, device and vendor name in UTF-16, serial number
//! ```
//! Source: CmpNameService.h of the CODESYS runtime.

use std::fmt;

use arrayvec::ArrayVec;

use super::codes;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::Sink;
use crate::table::{Operation, Protocol};
use crate::{Reader, Text, Utf16};

/// Identifications are read in the layouts of these versions.
const NAMES_ONLY: [u16; 2] = [0x0102, 0x0103];
const WITH_SERIAL: u16 = 0x0400;
/// Longest name in characters (CmpNameService.h).
const NAME_MAX: u16 = 99;

/// The head of a package of the name service.
#[derive(Clone, Copy)]
pub(super) struct Package<'a> {
    pub(super) kind: u16,
    version: u16,
    id: u32,
    rest: Reader<'a>,
}

impl<'a> Package<'a> {
    pub(super) fn read(mut body: Reader<'a>) -> Option<Self> {
        let (kind, version, id) = (body.le16()?, body.le16()?, body.le32()?);
        Some(Self { kind, version, id, rest: body })
    }

    /// Whether the head is one that a node would send.
    pub(super) fn plausible(&self) -> bool {
        Operation::find(codes::NAME_SERVICE, self.kind.into()).is_some()
            && self.kind > 0xff
            && (NAMES_ONLY.contains(&self.version) || matches!(self.version, 0x0101 | WITH_SERIAL))
    }
}

/// What a node says of itself.
struct Node<'a> {
    name: Utf16<'a>,
    device: Utf16<'a>,
    vendor: Utf16<'a>,
    serial: Text<'a>,
    version: Version,
}

/// A target version, least significant byte first.
struct Version([u8; 4]);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [d, c, b, a] = self.0;
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

impl<'a> Node<'a> {
    fn read(package: &Package<'a>) -> Option<Self> {
        let mut body = package.rest;
        let with_serial = package.version == WITH_SERIAL;
        if package.kind != 0xc280 || !(with_serial || NAMES_ONLY.contains(&package.version)) {
            return None;
        }
        body.skip(4)?;
        let parent = body.le16()?;
        let lengths = [body.le16()?, body.le16()?, body.le16()?];
        if parent > 15 || lengths.iter().any(|length| *length > NAME_MAX) {
            return None;
        }
        body.skip(8)?;
        let version = Version(body.array()?);
        let mut serial_bytes = 0;
        if with_serial {
            body.skip(4)?;
            serial_bytes = body.u8()?;
            body.skip(11)?;
        }
        body.skip(usize::from(parent) * 2)?;
        let mut name = |characters: u16| {
            let name = body.take(usize::from(characters) * 2)?;
            body.skip(2)?;
            Some(Utf16(name))
        };
        let [node, device, vendor] = lengths;
        let (node, device, vendor) = (name(node)?, name(device)?, name(vendor)?);
        let serial = Text::trimmed(body.take(serial_bytes.into()).unwrap_or_default());
        Some(Self { name: node, device, vendor, serial, version })
    }

    fn facts(&self) -> ArrayVec<Fact<'_>, 6> {
        let about = Subject::Sender;
        let mut facts = ArrayVec::new();
        for (field, text) in [
            (Field::Name, &self.name),
            (Field::Product, &self.device),
            (Field::Vendor, &self.vendor),
        ] {
            if !text.0.is_empty() {
                facts.push(Fact::Identity { about, field, value: text });
            }
        }
        if !self.serial.0.is_empty() {
            facts.push(Fact::Identity { about, field: Field::Serial, value: &self.serial });
        }
        facts.push(Fact::Identity { about, field: Field::Firmware, value: &self.version });
        facts.push(Fact::Role { about, role: Role::Plc, reason: "answers CODESYS name service" });
        facts
    }
}

/// Tells what a package of the name service asks or answers.
pub(super) fn emit(body: Reader<'_>, answer: bool, out: &mut dyn Sink) {
    let Some(package) = Package::read(body) else {
        let kind = if answer { Kind::Response } else { Kind::Request };
        let message = Message::new(Protocol::CODESYS, kind, &codes::UNLISTED, 0);
        return out.message(&message.with_anomalies(&[Anomaly::TRUNCATED]));
    };
    let code = u32::from(package.kind);
    let operation = Operation::find(codes::NAME_SERVICE, code).unwrap_or(&codes::UNLISTED);
    let kind = if answer { Kind::Response } else { Kind::Request };
    let node = if answer { Node::read(&package) } else { None };
    let facts = node.as_ref().map(Node::facts).unwrap_or_default();
    // A node without a name of its own is known by its device.
    let object = node.as_ref().map_or(Object::Nothing, |node| {
        Object::Named(if node.name.0.is_empty() { &node.device } else { &node.name })
    });
    let outcome = if answer { Outcome::Ok } else { Outcome::Open };
    let message = Message::new(Protocol::CODESYS, kind, operation, code).with_id(package.id);
    out.message(&message.on(object).ended(outcome).with_facts(&facts));
}
