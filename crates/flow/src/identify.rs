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

/// Asks a protocol whether these bytes are its own.
type Ask = fn(&Probe<'_>) -> Guess;

/// The protocols that can be asked, and where they usually live.
#[derive(Debug)]
pub(crate) struct Identifier {
    /// By place; of one place in the order to ask in.
    hints: Vec<Hinted>,
    /// Everyone that can be asked, side by side: most bytes are shown to all of them.
    all: Vec<(Protocol, Ask)>,
}

/// That a protocol lives at a place.
#[derive(Clone, Copy, Debug)]
struct Hinted {
    place: Place,
    /// Who is asked first: the user's hints, then those of the table in its order.
    order: usize,
    protocol: Protocol,
}

/// What a hint is about: the kind of transport, and a port or number in it.
type Place = (u8, u16);

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
        let hints = user.chain(listed).enumerate().map(|(order, (hint, protocol))| Hinted {
            place: place_of_hint(hint),
            order,
            protocol,
        });
        let mut hints: Vec<_> = hints.collect();
        hints.sort_by_key(|hinted| (hinted.place, hinted.order));
        let all = Protocol::all().filter_map(|one| Some((one, one.entry().identify?)));
        Self { hints, all: all.collect() }
    }

    /// Asks hinted protocols first, then all others.
    pub(crate) fn find(&self, sample: &Sample<'_>) -> Found {
        let [from, to] = sample.ports.map(|port| self.at(place(sample.transport, port)));
        let mut more = false;
        let mut asked = 0_u128;
        for (hinted, at_receiver) in (Ordered { from, to }) {
            asked |= bit(hinted.protocol);
            let identify = hinted.protocol.entry().identify;
            match identify.map_or(Guess::No, |identify| sample.ask(identify, hinted.protocol, true))
            {
                Guess::Yes(side) => {
                    let by_port = if at_receiver { Side::Client } else { Side::Server };
                    return Found::Protocol(hinted.protocol, side.or(Some(by_port)));
                }
                Guess::More => more = true,
                Guess::No => {}
            }
        }
        for (protocol, identify) in &self.all {
            if asked & bit(*protocol) != 0 {
                continue;
            }
            match sample.ask(*identify, *protocol, false) {
                Guess::Yes(side) => return Found::Protocol(*protocol, side),
                Guess::More => more = true,
                Guess::No => {}
            }
        }
        if more { Found::More } else { Found::Nothing }
    }

    /// Whether a port is where some protocol usually answers.
    pub(crate) fn serves(&self, transport: Transport, port: u16) -> bool {
        !self.at(place(transport, port)).is_empty()
    }

    fn at(&self, place: Place) -> &[Hinted] {
        let start = self.hints.partition_point(|hinted| hinted.place < place);
        let rest = self.hints.get(start..).unwrap_or_default();
        let count = rest.iter().take_while(|hinted| hinted.place == place).count();
        rest.get(..count).unwrap_or_default()
    }
}

/// Hints of the sender's and the receiver's place in the order to ask in, and whether each is of
/// the receiver's.
struct Ordered<'a> {
    from: &'a [Hinted],
    to: &'a [Hinted],
}

impl Iterator for Ordered<'_> {
    type Item = (Hinted, bool);

    fn next(&mut self) -> Option<Self::Item> {
        let order = |hints: &[Hinted]| hints.first().map_or(usize::MAX, |hinted| hinted.order);
        let (from, to) = (order(self.from), order(self.to));
        if from <= to {
            let (first, rest) = self.from.split_first()?;
            self.from = rest;
            // one place for both, as of EtherTypes: it is the receiver's
            if from == to {
                self.to = self.to.get(1..).unwrap_or_default();
            }
            return Some((*first, from == to));
        }
        let (first, rest) = self.to.split_first()?;
        self.to = rest;
        Some((*first, true))
    }
}

const _: () = assert!(ENTRIES.len() <= 128, "the set of protocols asked has one bit for each");

const fn bit(protocol: Protocol) -> u128 {
    1 << (protocol.index() % 128)
}

const fn place_of_hint(hint: Hint) -> Place {
    match hint {
        Hint::Tcp(port) => (0, port),
        Hint::Udp(port) => (1, port),
        Hint::Ether(ether_type) => (2, ether_type),
        Hint::Ip(protocol) => (3, protocol as u16),
    }
}

const fn place(transport: Transport, port: u16) -> Place {
    match transport {
        Transport::Tcp => (0, port),
        Transport::Udp => (1, port),
        Transport::Ether(ether_type) => (2, ether_type),
        Transport::Ip(protocol) => (3, protocol as u16),
    }
}

impl Sample<'_> {
    #[inline]
    fn ask(&self, identify: Ask, protocol: Protocol, hinted: bool) -> Guess {
        if self.except == Some(protocol) {
            return Guess::No;
        }
        let Sample { transport, bytes, from, .. } = *self;
        identify(&Probe { transport, bytes, hinted, from })
    }
}

#[cfg(test)]
mod tests {
    use super::{Identifier, Ordered, UserHint};
    use wire::{Hint, Protocol, Transport};

    /// Protocols in the order that they are asked in, with whether the receiver's port says so.
    fn asked(identifier: &Identifier, from: u16, to: u16) -> Vec<(Protocol, bool)> {
        let [from, to] = [from, to].map(|port| identifier.at(super::place(Transport::Tcp, port)));
        Ordered { from, to }.map(|(hinted, receiver)| (hinted.protocol, receiver)).collect()
    }

    #[test]
    fn the_users_hints_come_first_and_then_the_order_of_the_table() {
        let user = UserHint { port: 502, protocol: Protocol::S7COMM };
        let identifier = Identifier::new(&[user]);
        let at = |from, to| asked(&identifier, from, to);
        let modbus_port = at(40_000, 502);
        assert_eq!(modbus_port.first(), Some(&(Protocol::S7COMM, true)));
        assert!(modbus_port.contains(&(Protocol::MODBUS, true)));
        let both = at(102, 502);
        let place = |one| both.iter().position(|found| *found == one).unwrap();
        assert_eq!(place((Protocol::S7COMM, true)), 0);
        assert!(place((Protocol::MODBUS, true)) < place((Protocol::S7COMM, false)));
        assert_eq!(at(502, 502).iter().filter(|one| one.0 == Protocol::MODBUS).count(), 1);
        assert!(at(502, 502).iter().all(|(_, receiver)| *receiver));
    }

    #[test]
    fn every_hint_of_the_table_is_found_at_its_place() {
        let identifier = Identifier::new(&[]);
        for protocol in Protocol::all() {
            for hint in protocol.entry().hints {
                let (transport, port) = match *hint {
                    Hint::Tcp(port) => (Transport::Tcp, port),
                    Hint::Udp(port) => (Transport::Udp, port),
                    Hint::Ether(ether_type) => (Transport::Ether(ether_type), 0),
                    Hint::Ip(number) => (Transport::Ip(number), 0),
                };
                let found = identifier.at(super::place(transport, port));
                assert!(found.iter().any(|one| one.protocol == protocol), "{protocol} {hint:?}");
                assert!(identifier.serves(transport, port));
            }
        }
        assert!(!identifier.serves(Transport::Tcp, 1));
    }
}
