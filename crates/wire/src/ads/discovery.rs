//! Discovery and routes: what ADS says in datagrams on port 48899.
//!
//! ```text
//! 0-3 03 66 14 71 · 4-7 invoke id · 8-11 service, 0x80000000 in answers
//! 12-19 net id and port of the sender · 20-23 number of tags; then tags
//! tag: id 2 · length 2 · content
//! ```
//! A route makes the controller trust another station; account and password that allow it cross in
//! the clear. Source: Beckhoff/ADS, AdsLib.cpp (UdpServiceId, UdpTag, AddRemoteRoute).

use std::fmt;

use arrayvec::ArrayVec;

use super::codes;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Side, Sink, Step};
use crate::table::{Operation, Protocol};
use crate::{Reader, Text, credentials};

/// First bytes of every datagram.
pub(super) const COOKIE: &[u8; 4] = &[0x03, 0x66, 0x14, 0x71];
/// Marks answers in the service.
const RESPONSE: u32 = 0x8000_0000;
/// Most tags that are believed; a route has five.
const TAGS_MAX: u32 = 32;

/// The head of a datagram.
pub(super) struct Datagram<'a> {
    service: u32,
    response: bool,
    invoke: u32,
    net_id: NetId,
    tags: u32,
    rest: Reader<'a>,
}

/// The address of a router.
#[derive(Clone, Copy)]
struct NetId([u8; 6]);

impl fmt::Display for NetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a}.{b}.{c}.{d}.{e}.{g}")
    }
}

impl<'a> Datagram<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        (reader.array::<4>()? == *COOKIE).then_some(())?;
        let (invoke, service) = (reader.le32()?, reader.le32()?);
        let net_id = NetId(reader.array()?);
        let _port = reader.le16()?;
        let tags = reader.le32().unwrap_or(0);
        let (service, response) = (service & !RESPONSE, service & RESPONSE != 0);
        Some(Self { service, response, invoke, net_id, tags, rest: reader })
    }

    pub(super) const fn side(&self) -> Side {
        if self.response { Side::Server } else { Side::Client }
    }
}

/// The tags that are looked at.
#[derive(Default)]
struct Tags<'a> {
    result: Option<u32>,
    password: &'a [u8],
    computer: Text<'a>,
    net_id: Option<NetId>,
    route: Text<'a>,
    user: Text<'a>,
    cut: bool,
}

impl<'a> Tags<'a> {
    fn read(datagram: &Datagram<'a>) -> Self {
        let mut tags = Self::default();
        let mut reader = datagram.rest;
        for _ in 0..datagram.tags.min(TAGS_MAX) {
            if tags.one(&mut reader).is_none() {
                tags.cut = true;
                break;
            }
        }
        tags
    }

    fn one(&mut self, reader: &mut Reader<'a>) -> Option<()> {
        let (id, length) = (reader.le16()?, reader.le16()?);
        let content = reader.take(length.into())?;
        let text = Text::trimmed(content);
        match id {
            1 => self.result = Reader::new(content).le32(),
            2 => self.password = text.0,
            5 => self.computer = text,
            7 => self.net_id = Reader::new(content).array().map(NetId),
            12 => self.route = text,
            13 => self.user = text,
            _ => {}
        }
        Some(())
    }
}

/// A route: its name, who is trusted, and where that one is.
struct Route<'a> {
    name: Text<'a>,
    net_id: NetId,
    computer: Text<'a>,
}

impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.name, self.net_id)?;
        if self.computer.0.is_empty() { Ok(()) } else { write!(f, " at {}", self.computer) }
    }
}

/// Reads one datagram.
pub(super) fn parse(bytes: &[u8], out: &mut dyn Sink) -> Step {
    let Some(datagram) = Datagram::read(bytes) else { return Step::Lost };
    let tags = Tags::read(&datagram);
    let operation = Operation::find(codes::DISCOVERY, datagram.service).unwrap_or(&codes::UNLISTED);
    let kind = if datagram.response { Kind::Response } else { Kind::Request };
    let outcome = match (datagram.response, tags.result) {
        (false, _) => Outcome::Open,
        (true, Some(code)) => Outcome::from_code(code, codes::error(code)),
        (true, None) => Outcome::Ok,
    };
    let route = tags.net_id.filter(|_| !datagram.response);
    let route = route.map(|net_id| Route { name: tags.route, net_id, computer: tags.computer });
    let object = match &route {
        Some(route) => Object::Named(route),
        None if datagram.response => Object::Named(&datagram.net_id),
        None => Object::Nothing,
    };
    let about = Subject::Sender;
    let mut facts = ArrayVec::<Fact<'_>, 4>::new();
    if !datagram.response && !tags.user.0.is_empty() {
        facts.push(Fact::Credential {
            scheme: "ADS route",
            account: &tags.user,
            cleartext: true,
            default: credentials::is_default(tags.user.0, tags.password),
        });
    }
    if datagram.response && datagram.service == codes::SERVER_INFO {
        if !tags.computer.0.is_empty() {
            facts.push(Fact::Identity { about, field: Field::Hostname, value: &tags.computer });
        }
        facts.push(Fact::Identity { about, field: Field::Vendor, value: &"Beckhoff" });
        facts.push(Fact::Role { about, role: Role::Plc, reason: "answers ADS discovery" });
    }
    let anomalies: &[Anomaly] = if tags.cut { &[Anomaly::TRUNCATED] } else { &[] };
    let message = Message::new(Protocol::ADS, kind, operation, datagram.service);
    let message = message.on(object).ended(outcome).with_id(datagram.invoke);
    out.message(&message.with_anomalies(anomalies).with_facts(&facts));
    Step::Read(bytes.len())
}
