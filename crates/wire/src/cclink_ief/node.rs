//! Searches for stations, and the setting of their addresses, in SLMP 4E frames.
//!
//! ```text
//! both    master MAC 6 · 4 · master IP 4
//! answer  station MAC 6 · 4 · IP 4 · netmask 4 · gateway 4 · 0 · vendor 2 · model 4 · version 2 ..
//! set     station MAC 6 · 4 · new IP 4 · netmask 4 · gateway 4 · 0 ..
//! ```
//! Addresses are least significant byte first, MAC addresses too. Source: c-link, cl_types.h.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use arrayvec::ArrayVec;
use plant::Mac;

use super::{Frame, LENGTH, codes};
use crate::Reader;
use crate::message::{Anomaly, Claim, Fact, Kind, Message, Object, Outcome, Subject};
use crate::session::Sink;
use crate::table::{Operation, Protocol};

/// A station and its address.
struct Station {
    mac: Mac,
    ip: Ipv4Addr,
}

impl fmt::Display for Station {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.mac, self.ip)
    }
}

impl Station {
    fn read(body: &mut Reader<'_>) -> Option<Self> {
        let mut mac = body.array::<6>()?;
        mac.reverse();
        (body.u8()? == 4).then_some(())?;
        Some(Self { mac: Mac(mac), ip: Ipv4Addr::from(body.le32()?) })
    }
}

/// Tells of a search or setting; `command` is unknown for answers to what was not seen.
pub(super) fn emit(frame: &Frame<'_>, command: Option<u16>, serial: u16, out: &mut dyn Sink) {
    let mut anomalies = ArrayVec::<Anomaly, 2>::new();
    if !frame.exact {
        anomalies.push(LENGTH);
    }
    if command.is_none() {
        anomalies.push(Anomaly::UNASKED);
    }
    let code = u32::from(command.unwrap_or(0));
    let operation = Operation::find(codes::COMMANDS, code).unwrap_or(&codes::RESPONSE);
    let mut body = frame.body;
    let found = match (command, frame.response) {
        (Some(codes::NODE_SEARCH), true) => {
            Station::read(&mut body).and_then(|_| Station::read(&mut body))
        }
        (Some(codes::IP_ADDRESS_SET), false) => {
            Station::read(&mut body).and_then(|_| Station::read(&mut body))
        }
        _ => None,
    };
    let claim = if frame.response { Claim::Own } else { Claim::Imposed };
    let facts: ArrayVec<Fact<'_>, 1> = found
        .iter()
        .map(|station| Fact::Address {
            about: Subject::Mac(station.mac),
            ip: IpAddr::V4(station.ip),
            claim,
        })
        .collect();
    let kind = if frame.response { Kind::Response } else { Kind::Request };
    let ended = Outcome::from_code(frame.end_code.into(), codes::end_code(frame.end_code));
    let message = Message::new(Protocol::CCLINK_IEF, kind, operation, code);
    out.message(&Message {
        object: found.as_ref().map_or(Object::Nothing, |station| Object::Named(station)),
        outcome: if frame.response { ended } else { Outcome::Open },
        ..message.with_id(serial.into()).with_anomalies(&anomalies).with_facts(&facts)
    });
}
