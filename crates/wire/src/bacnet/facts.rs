//! What BACnet messages tell of a device: maker, model, versions, and passwords in clear.
//!
//! Devices behind a router have no address of their own here, so nothing is told of them.
//! Source: ANSI/ASHRAE 135-2020 clauses 12.11, 16.1, 16.4 and 16.10.

use std::fmt;

use arrayvec::ArrayVec;

use super::tag::{Class, Tags};
use super::{Asked, Frame, codes};
use crate::Text;
use crate::message::{Fact, Field, Kind, Subject};

/// Type of device objects.
const DEVICE: u32 = 8;
/// Facts that one message can hold.
const FACTS_MAX: usize = 8;

/// A maker by its BACnet number.
struct Vendor(u32);

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match codes::vendor(self.0) {
            "" => write!(f, "BACnet vendor {}", self.0),
            name => f.write_str(name),
        }
    }
}

/// What one message tells.
pub(super) struct Told<'a> {
    about: Subject,
    vendor: Option<Vendor>,
    texts: ArrayVec<(Field, Text<'a>), FACTS_MAX>,
    password: bool,
}

impl<'a> Told<'a> {
    pub(super) fn read(frame: &Frame, kind: Kind, asked: &Asked, data: &'a [u8]) -> Self {
        let about = frame.origin.map_or(Subject::Sender, Subject::Ip);
        let mut told = Self { about, vendor: None, texts: ArrayVec::new(), password: false };
        let object = asked.target.object;
        let device = object.is_some_and(|object| object >> 22 == DEVICE);
        match (kind, asked.service) {
            (Kind::Request, 17) => told.password = has(data, 2),
            (Kind::Request, 20) => told.password = has(data, 1),
            _ if frame.network.source.is_some() => {}
            (Kind::Notice, 0) if asked.operation.name == "i-am" => {
                told.vendor = Tags::new(data).nth(3).and_then(|tag| tag.unsigned()).map(Vendor);
            }
            (Kind::Response, 12) if device => {
                let value = Tags::new(data).find_map(|tag| tag.text());
                told.push(asked.target.property, value);
            }
            (Kind::Response, 14) => told.list(data),
            _ => {}
        }
        told
    }

    fn push(&mut self, property: Option<u32>, text: Option<Text<'a>>) {
        let field = property.and_then(codes::identity);
        if let (Some(field), Some(text)) = (field, text) {
            let _ = self.texts.try_push((field, Text::trimmed(text.0)));
        }
    }

    /// Answers of read-property-multiple: per object, properties in tag 2 and values in group 4.
    fn list(&mut self, data: &'a [u8]) {
        let (mut device, mut property) = (false, None);
        for tag in Tags::new(data) {
            if tag.is(0, 0) {
                device = tag.object().is_some_and(|object| object >> 22 == DEVICE);
            } else if tag.is(1, 2) {
                property = tag.unsigned();
            } else if tag.class == Class::Application && tag.depth == 2 && device {
                self.push(property, tag.text());
            }
        }
    }

    pub(super) fn facts(&self) -> ArrayVec<Fact<'_>, FACTS_MAX> {
        let about = self.about;
        let mut facts = ArrayVec::new();
        if let Some(vendor) = &self.vendor {
            facts.push(Fact::Identity { about, field: Field::Vendor, value: vendor });
        }
        if self.password {
            let scheme = "BACnet device password";
            facts.push(Fact::Credential {
                scheme,
                account: &"device",
                cleartext: true,
                default: false,
            });
        }
        for (field, text) in &self.texts {
            let _ = facts.try_push(Fact::Identity { about, field: *field, value: text });
        }
        facts
    }
}

/// Whether the context tag `number` is there and not empty.
fn has(data: &[u8], number: u8) -> bool {
    Tags::new(data).any(|tag| tag.is(0, number) && tag.content.len() > 1)
}
