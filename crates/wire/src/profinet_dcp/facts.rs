//! What a station tells of itself in Identify, Get and Hello.

use std::fmt;
use std::net::IpAddr;

use arrayvec::ArrayVec;

use super::block::{Block, Blocks, IpParameter};
use super::codes::option;
use crate::message::{Claim, Fact, Field, Role, Subject};
use crate::profinet_cm::Vendor;
use crate::{Reader, Text};

/// Facts of one message: name, type, vendor, role, address, each once in well-formed messages.
pub(super) const FACTS_MAX: usize = 6;

/// One thing told, owned as far as a fact must borrow it.
pub(super) enum Told<'a> {
    Text(Field, Text<'a>),
    Vendor(Vendor),
    Role(Role, &'static str),
    Address(IpAddr),
}

impl<'a> Told<'a> {
    pub(super) fn read(blocks: Blocks<'a>) -> ArrayVec<Self, FACTS_MAX> {
        let mut told = ArrayVec::new();
        for one in blocks.filter_map(Self::block) {
            let _ = told.try_push(one);
        }
        told
    }

    fn block(block: Block<'a>) -> Option<Self> {
        let text = Text::trimmed(block.data);
        match block.option {
            option::NAME if !text.0.is_empty() => Some(Self::Text(Field::Name, text)),
            option::VENDOR_VALUE if !text.0.is_empty() => Some(Self::Text(Field::Product, text)),
            option::DEVICE_ID => Reader::new(block.data).be16().map(Vendor).map(Self::Vendor),
            option::ROLE => role(*block.data.first()?),
            option::IP | option::IP_SUITE => {
                let ip = IpParameter::read(block.data)?.ip;
                (!ip.is_unspecified()).then_some(Self::Address(IpAddr::V4(ip)))
            }
            _ => None,
        }
    }

    /// The fact about the sender.
    pub(super) fn fact(&self) -> Fact<'_> {
        let about = Subject::Sender;
        let identity = |field, value| Fact::Identity { about, field, value };
        match self {
            Self::Text(field, text) => identity(*field, text as &dyn fmt::Display),
            Self::Vendor(vendor) => identity(Field::Vendor, vendor),
            Self::Role(role, reason) => Fact::Role { about, role: *role, reason },
            Self::Address(ip) => Fact::Address { about, ip: *ip, claim: Claim::Own },
        }
    }
}

/// Bits: 0 IO device, 1 IO controller, 2 IO multidevice, 3 IO supervisor (6-10 DeviceRoleDetails).
const fn role<'a>(bits: u8) -> Option<Told<'a>> {
    match bits {
        bits if bits & 2 != 0 => Some(Told::Role(Role::Plc, "DCP role IO controller")),
        bits if bits & 8 != 0 => Some(Told::Role(Role::Engineering, "DCP role IO supervisor")),
        bits if bits & 5 != 0 => Some(Told::Role(Role::Device, "DCP role IO device")),
        _ => None,
    }
}
