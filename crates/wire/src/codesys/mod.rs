//! CODESYS V3: the protocol by which its engineering tools and gateways reach controllers.
//!
//! ```text
//! block driver (TCP)  ->  datagram, router  ->  name service
//!                                           ->  channel, blocks  ->  service  ->  tags
//! ```
//! Every layer has its map in its own file. Services are put together from blocks and named by
//! component; log-ins, applications, files, resets and shell commands are shown with what they act
//! on, programs and files as pieces. It deliberately does not read variables, nor the V2 protocol.
//! Sources: interface files of the CODESYS runtime (3S/CODESYS GmbH); microsoft/CoDe16 ("CoDe16").

mod channel;
pub mod codes;
mod datagram;
mod names;
mod service;
mod tags;
mod talk;
#[cfg(test)]
mod tests;

use arrayvec::ArrayVec;

use self::channel::{Assembly, Package};
use self::datagram::{Carries, Datagram};
use self::service::Service;
use self::talk::Talks;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::session::{
    Basis, Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport,
};
use crate::table::{Operation, Protocol};
use crate::{Pending, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "codesys",
    title: "CODESYS V3",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: Basis::Peer("microsoft/CoDe16"),
    hints: &[
        Hint::Tcp(11740),
        Hint::Tcp(11741),
        Hint::Tcp(11742),
        Hint::Tcp(11743),
        Hint::Udp(1740),
        Hint::Udp(1741),
        Hint::Udp(1742),
        Hint::Udp(1743),
    ],
    operations: &[
        codes::DEVICES,
        codes::APPLICATIONS,
        codes::FILES,
        codes::SERVICES,
        codes::NAME_SERVICE,
        codes::CHANNELS,
    ],
    identify: Some(identify),
    open: || Box::<Codesys>::default(),
};

/// Requests kept for pairing: a channel asks one thing at a time.
const REQUESTS_MAX: usize = 8;
/// Characters of a name that are shown.
const NAME_MAX: usize = 128;

const LENGTH: Anomaly = Anomaly::malformed("content length does not match the service");
const NO_SERVICE: Anomaly = Anomaly::malformed("blocks carry no service");
const UNLISTED: Anomaly = Anomaly::violation("datagram service is not listed");
pub(super) const UNKEPT: Anomaly = Anomaly::oddity("service is longer than is kept");

/// One conversation: the assembly of each direction, and what the channels are about.
#[derive(Default)]
struct Codesys {
    assembly: Assembly,
    talks: Talks,
    asked: Pending<(u16, u32), (), REQUESTS_MAX>,
}

impl Session for Codesys {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let (datagram, length) = match bytes {
            // A datagram of its own: UDP.
            [0xc5, ..] => (bytes, bytes.len()),
            _ => match datagram::block(bytes) {
                Ok(block) => block,
                Err(step) => return step,
            },
        };
        let Some(datagram) = Datagram::read(datagram) else { return Step::Lost };
        self.datagram(from, datagram, out);
        Step::Read(length)
    }

    fn gap(&mut self, from: Side) {
        self.assembly.gap(from);
        self.asked.clear();
    }

    fn held_bytes(&self) -> usize {
        self.assembly.held_bytes()
    }
}

impl Codesys {
    fn datagram(&mut self, from: Side, datagram: Datagram<'_>, out: &mut dyn Sink) {
        match datagram.carries {
            Carries::AddressNotification => {
                let row = Operation::find(codes::NAME_SERVICE, 1).unwrap_or(&codes::UNLISTED);
                out.message(&Message::new(Protocol::CODESYS, Kind::Notice, row, 1));
            }
            Carries::NameRequest => names::emit(datagram.body, false, out),
            Carries::NameAnswer => names::emit(datagram.body, true, out),
            Carries::Other(service) => {
                let (protocol, row) = (Protocol::CODESYS, &codes::UNLISTED);
                let message = Message::new(protocol, Kind::Notice, row, service.into());
                out.message(&message.with_anomalies(&[UNLISTED]));
            }
            Carries::Channel => match Package::read(datagram.body) {
                Some(Package::Other(notice)) => {
                    if let Some(channel) = notice.closed() {
                        self.talks.close(channel);
                    }
                    notice.emit(out);
                }
                Some(block) => self.block(from, &block, out),
                None => {
                    let (protocol, row) = (Protocol::CODESYS, &codes::UNLISTED);
                    let message = Message::new(protocol, Kind::Notice, row, 0);
                    out.message(&message.with_anomalies(&[Anomaly::TRUNCATED]));
                }
            },
        }
    }

    fn block(&mut self, from: Side, block: &Package<'_>, out: &mut dyn Sink) {
        let Some((channel, bytes, flaws)) = self.assembly.block(from, block) else { return };
        let mut anomalies: ArrayVec<Anomaly, 4> = flaws.iter().copied().collect();
        let Some(service) = Service::read(bytes) else {
            anomalies.push(NO_SERVICE);
            let (protocol, row) = (Protocol::CODESYS, &codes::UNLISTED);
            let message = Message::new(protocol, Kind::Notice, row, 0);
            return out.message(&message.with_id(channel.into()).with_anomalies(&anomalies));
        };
        if !service.exact && !anomalies.contains(&UNKEPT) {
            anomalies.push(LENGTH);
        }
        let key = (channel, service.code());
        let kind = if service.reply { Kind::Response } else { Kind::Request };
        if !service.reply {
            self.asked.insert(key, ());
        } else if self.asked.take(&key).is_none() {
            anomalies.push(Anomaly::UNASKED);
        }
        emit(&mut self.talks, (channel, &service), kind, &anomalies, out);
    }
}

/// Tells of a service, with what its channel is about.
fn emit(
    talks: &mut Talks,
    (channel, service): (u16, &Service<'_>),
    kind: Kind,
    anomalies: &[Anomaly],
    out: &mut dyn Sink,
) {
    let Some(talk) = talks.of(channel) else { return };
    talk.follow(service);
    let operation = match codes::operation(service.group, service.id) {
        row if service.encrypted && *row == codes::UNLISTED => &codes::ENCRYPTED,
        row => row,
    };
    let outcome = service.outcome();
    let anonymous = std::mem::take(&mut talk.anonymous);
    let user = service.named().filter(|_| !service.reply);
    let user = user.map(|name| Text::clipped(name.0, NAME_MAX));
    let login = (service.group, service.id) == (codes::SG_DEVICE, 0x02);
    let texts = identification(service);
    let mut facts: ArrayVec<Fact<'_>, 6> = texts.iter().map(fact).collect();
    match &user {
        Some(account) if login => facts.push(Fact::Credential {
            scheme: "CODESYS device login",
            account,
            cleartext: service.readable_secret(),
            default: false,
        }),
        _ if login && service.reply && anonymous && outcome == Outcome::Ok => {
            facts.push(Fact::Unprotected { what: "CODESYS login without a user", acts: false });
        }
        _ => talk.anonymous = anonymous,
    }
    let (file, application) = (talk.file, talk.application);
    let piece = talk.piece(service);
    let reset = service.reset();
    let object = match (&user, &reset) {
        (Some(name), _) => Object::Named(name),
        (None, Some(reset)) => Object::Named(reset),
        (None, None) => match service.group {
            codes::SG_FILE_TRANSFER if service.id <= 0x08 && !file.is_empty() => {
                Object::Named(&file)
            }
            codes::SG_APPLICATION if service.id <= 0x12 && !application.is_empty() => {
                Object::Named(&application)
            }
            _ => Object::Nothing,
        },
    };
    let message = Message::new(Protocol::CODESYS, kind, operation, service.code());
    out.message(&Message {
        id: Some(channel.into()),
        outcome,
        piece: piece.as_ref(),
        ..message.on(object).with_anomalies(anomalies).with_facts(&facts)
    });
}

/// What the answer to get target ident tells, by the tags of CmpDeviceItf.
fn identification<'a>(service: &Service<'a>) -> ArrayVec<(Field, crate::Utf16<'a>), 3> {
    if (service.group, service.id, service.reply) != (codes::SG_DEVICE, 0x01, true) {
        return ArrayVec::new();
    }
    let field = |id| match id {
        0x02 => Some(Field::Product),
        0x03 => Some(Field::Vendor),
        0x04 => Some(Field::Name),
        _ => None,
    };
    let text = |content: &'a [u8]| content.strip_suffix(&[0, 0]).unwrap_or(content);
    let texts = service.tags().filter_map(|tag| Some((field(tag.id)?, text(tag.content))));
    texts.filter(|(_, text)| !text.is_empty()).map(|(f, t)| (f, crate::Utf16(t))).take(3).collect()
}

fn fact<'a>((field, text): &'a (Field, crate::Utf16<'a>)) -> Fact<'a> {
    Fact::Identity { about: Subject::Sender, field: *field, value: text }
}

/// A block on TCP has a magic word. A datagram has only its first byte: away from the usual ports
/// it must be a well-formed package of the name service, or open or answer a channel.
fn identify(probe: &Probe<'_>) -> Guess {
    let datagram = match probe.transport {
        Transport::Tcp => match datagram::block(probe.bytes) {
            Ok((datagram, _)) => datagram,
            Err(Step::Need(_)) => return Guess::More,
            Err(_) => return Guess::No,
        },
        Transport::Udp => probe.bytes,
        Transport::Ether(_) | Transport::Ip(_) => return Guess::No,
    };
    let Some(datagram) = Datagram::read(datagram) else { return Guess::No };
    let sure = probe.transport == Transport::Tcp || probe.hinted;
    let named = || names::Package::read(datagram.body).is_some_and(|name| name.plausible());
    match datagram.carries {
        Carries::NameRequest if sure || named() => Guess::Yes(Some(Side::Client)),
        Carries::NameAnswer if sure || named() => Guess::Yes(Some(Side::Server)),
        Carries::AddressNotification if sure => Guess::Yes(None),
        Carries::Channel => match datagram.body.rest() {
            // type, flags, version 1.1
            [0xc3, _, 0x01, 0x01, ..] => Guess::Yes(Some(Side::Client)),
            [0x83, _, 0x01, 0x01, ..] => Guess::Yes(Some(Side::Server)),
            [0x01, 0x80 | 0x81, ..] if sure => Guess::Yes(Some(Side::Client)),
            [0x01, 0x00 | 0x01, ..] if sure => Guess::Yes(Some(Side::Server)),
            _ if sure => Guess::Yes(None),
            _ => Guess::No,
        },
        Carries::NameRequest
        | Carries::NameAnswer
        | Carries::AddressNotification
        | Carries::Other(_) => Guess::No,
    }
}
