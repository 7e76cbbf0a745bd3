//! Which protocol it is: content decides, ports only say whom to ask first.

use wire::table::ENTRIES;
use wire::{Guess, Hint, Probe, Protocol, Side, Transport};

/// A hint that the user gave: `--port 10502=modbus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserHint {
    /// A TCP or UDP port.
    pub port: u16,
    /// What speaks there.
    pub protocol: Protocol,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// This protocol, and the sender's side where content or port tell it.
    Protocol(Protocol, Option<Side>),
    /// It may be one of several: more bytes are needed.
    More,
    /// None that is known.
    Nothing,
}

/// The protocols that can be asked, and where they usually live.
#[derive(Debug)]
pub(crate) struct Identifier {
    hints: Vec<(Hint, Protocol)>,
}

/// First bytes whose protocol is sought.
#[derive(Clone, Copy)]
pub(crate) struct Sample<'a> {
    pub(crate) transport: Transport,
    /// Ports of sender and receiver, 0 where the transport has none.
    pub(crate) ports: [u16; 2],
    pub(crate) bytes: &'a [u8],
    pub(crate) from: Option<Side>,
    /// Not this one: it has just failed to read these bytes.
    pub(crate) except: Option<Protocol>,
}

impl Identifier {
    pub(crate) fn new(user: &[UserHint]) -> Self {
        let user = user.iter().flat_map(|hint| {
            [(Hint::Tcp(hint.port), hint.protocol), (Hint::Udp(hint.port), hint.protocol)]
        });
        let listed = Protocol::all()
            .flat_map(|protocol| protocol.entry().hints.iter().map(move |hint| (*hint, protocol)));
        Self { hints: user.chain(listed).collect() }
    }

    /// Asks hinted protocols first, then all others.
    pub(crate) fn find(&self, sample: &Sample<'_>) -> Found {
        let [from, to] = sample.ports;
        let mut more = false;
        let mut asked = 0_u128;
        for (hint, protocol) in &self.hints {
            let at_receiver = hits(*hint, sample.transport, to);
            if !at_receiver && !hits(*hint, sample.transport, from) {
                continue;
            }
            asked |= bit(*protocol);
            match ask(*protocol, sample, true) {
                Guess::Yes(side) => {
                    let by_port = if at_receiver { Side::Client } else { Side::Server };
                    return Found::Protocol(*protocol, side.or(Some(by_port)));
                }
                Guess::More => more = true,
                Guess::No => {}
            }
        }
        for protocol in Protocol::all().filter(|protocol| asked & bit(*protocol) == 0) {
            match ask(protocol, sample, false) {
                Guess::Yes(side) => return Found::Protocol(protocol, side),
                Guess::More => more = true,
                Guess::No => {}
            }
        }
        if more { Found::More } else { Found::Nothing }
    }

    /// Whether a port is where some protocol usually answers.
    pub(crate) fn serves(&self, transport: Transport, port: u16) -> bool {
        self.hints.iter().any(|(hint, _)| hits(*hint, transport, port))
    }
}

const _: () = assert!(ENTRIES.len() <= 128, "the set of protocols asked has one bit for each");

const fn bit(protocol: Protocol) -> u128 {
    1 << (protocol.index() % 128)
}

fn hits(hint: Hint, transport: Transport, port: u16) -> bool {
    match (hint, transport) {
        (Hint::Tcp(hint), Transport::Tcp) | (Hint::Udp(hint), Transport::Udp) => hint == port,
        (Hint::Ether(hint), Transport::Ether(ether_type)) => hint == ether_type,
        (Hint::Ip(hint), Transport::Ip(protocol)) => hint == protocol,
        _ => false,
    }
}

fn ask(protocol: Protocol, sample: &Sample<'_>, hinted: bool) -> Guess {
    let Some(identify) = protocol.entry().identify else { return Guess::No };
    if sample.except == Some(protocol) {
        return Guess::No;
    }
    let Sample { transport, bytes, from, .. } = *sample;
    identify(&Probe { transport, bytes, hinted, from })
}
