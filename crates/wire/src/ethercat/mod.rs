//! EtherCAT, below IP and in UDP: datagrams, process image, registers, mailbox.
//!
//! ```text
//!  0            2       +1    +2        +6         +8    +10    +10+n
//!  +------------+-------+-----+---------+----------+-----+------+-----+---
//!  | length:11  | cmd   | idx | address | len:11,M | irq | data | wkc | ...   little endian
//!  | 0, type:4  |       |     |         |          |     |      |     |
//!  +------------+-------+-----+---------+----------+-----+------+-----+---
//! ```
//! A frame passes every device and comes back to its sender. Working counters are zero until a
//! device took part, so a frame with one above zero is the answer, and a zero beside it is a
//! failure. **At most one message per frame speaks for all its cyclic datagrams** (LRD, LWR, LRW,
//! ARMW, FRMW, BRD, NOP): it has the name of the one that acts most, covers all that is written
//! (else read), and lists them as values. Each other datagram is a message. What process data
//! mean and segmented SDO contents are not read; FSoE inside is `fsoe`'s. Source: IEC
//! 61158-4-12:2019.

pub mod codes;
mod datagram;
mod mailbox;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::message::{Anomaly, Fact, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::Protocol;
use crate::{Reader, fsoe};
use datagram::{Addressing, BARE_BYTES, Datagram};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ethercat",
    title: "EtherCAT",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Ether(ETHERTYPE), Hint::Udp(34980)],
    operations: &[
        codes::COMMANDS,
        codes::SPREAD,
        codes::STATES,
        codes::REGISTERS,
        codes::FRAMES,
        codes::COE,
        codes::OBJECTS,
        codes::FOE,
        codes::EOE,
        codes::SOE,
    ],
    identify: Some(identify),
    open: || Box::<EtherCat>::default(),
};

const ETHERTYPE: u16 = 0x88a4;
/// Frame types (IEC 61158-4-12 5.3.3): datagrams, network variables, mailbox.
const DATAGRAMS: u16 = 1;
const VARIABLES: u16 = 4;
const MAILBOX: u16 = 5;
/// Where the memory of a device begins, after its registers.
const MEMORY: u16 = 0x1000;

const NOT_TAKEN: Outcome = Outcome::Error { code: 0, name: "working counter is zero" };
const UNLISTED: Anomaly = Anomaly::violation("command is not listed");
const LAST: Anomaly = Anomaly::malformed("datagrams do not end where the frame does");
const MASTER: Fact<'static> =
    Fact::Role { about: Subject::Sender, role: Role::Plc, reason: "sends EtherCAT commands" };

/// The frames between two stations.
#[derive(Default)]
struct EtherCat {
    known: bool,
    /// Safety frames in the image; made when the first frame with process data comes back.
    safety: Option<Box<fsoe::Watch>>,
    files: mailbox::Files,
}

impl Session for EtherCat {
    #[inline]
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let mut reader = Reader::new(bytes);
        let Some(header) = reader.le16() else { return Step::Need(2) };
        let length = usize::from(header & 0x07ff);
        let whole = reader.len() >= length;
        let body = reader.take(length).unwrap_or_else(|| reader.take_rest());
        match header >> 12 {
            DATAGRAMS => self.datagrams(body, out),
            VARIABLES => {
                let operation = codes::row(codes::FRAMES, 4);
                let message = Message::new(Protocol::ETHERCAT, Kind::Notice, operation, 4);
                let anomalies: &[_] = if whole { &[] } else { &[Anomaly::TRUNCATED] };
                out.message(&message.with_anomalies(anomalies));
            }
            MAILBOX => {
                let kind = if from == Side::Client { Kind::Request } else { Kind::Response };
                if !mailbox::emit(body, kind, None, &mut self.files, out) {
                    return Step::Lost;
                }
            }
            _ => return Step::Lost,
        }
        Step::Read(bytes.len())
    }

    fn held_bytes(&self) -> usize {
        self.safety.as_ref().map_or(0, |_| size_of::<fsoe::Watch>())
    }
}

/// Which part of a frame's cyclic datagrams its one message covers.
#[derive(Clone, Copy)]
struct Cyclic<'a> {
    chief: Datagram<'a>,
    first: u32,
    end: u32,
    failed: bool,
}

impl EtherCat {
    fn datagrams(&mut self, body: &[u8], out: &mut dyn Sink) {
        let list = List(body);
        let returned = list.iter().any(|datagram| datagram.counter > 0);
        let kind = if returned { Kind::Response } else { Kind::Request };
        let mut cyclic: Option<Cyclic<'_>> = None;
        for datagram in list.iter() {
            if datagram.cyclic() {
                cyclic = Some(cover(cyclic, datagram));
            } else {
                single(&datagram, kind, &mut self.files, out);
            }
        }
        if returned && cyclic.is_some() {
            self.safety(list, out);
        }
        let anomalies = list.anomalies();
        let Some(cyclic) = cyclic else {
            return if !anomalies.is_empty() {
                let message = Message::new(Protocol::ETHERCAT, kind, &codes::UNLISTED, 0);
                out.message(&message.with_anomalies(anomalies));
            };
        };
        let chief = cyclic.chief;
        let facts: &[_] = if self.known || returned { &[] } else { &[MASTER] };
        self.known |= !returned;
        out.message(&Message {
            object: object(&chief, cyclic.first, cyclic.end.saturating_sub(cyclic.first)),
            outcome: outcome(returned, cyclic.failed),
            values: Some(&list),
            anomalies,
            facts,
            id: Some(chief.index.into()),
            unit: unit(&chief),
            ..Message::new(Protocol::ETHERCAT, kind, chief.operation(), chief.command.into())
        });
    }
}

impl EtherCat {
    /// FSoE frames in the process image that came back.
    #[inline]
    fn safety(&mut self, list: List<'_>, out: &mut dyn Sink) {
        let watch = self.safety.get_or_insert_with(Box::default);
        if watch.wants() {
            let logical = |datagram: &Datagram<'_>| datagram.addressing() == Addressing::Logical;
            let image = list.iter().filter(logical).filter(|datagram| datagram.counter > 0);
            let windows = image.map(|one| fsoe::Window { first: one.address, data: one.data });
            watch.look(windows, out);
        }
    }
}

/// `cyclic` with `datagram`: the one that ranks highest names it, those of its rank widen it.
fn cover<'a>(cyclic: Option<Cyclic<'a>>, datagram: Datagram<'a>) -> Cyclic<'a> {
    let first = match datagram.addressing() {
        Addressing::Logical => datagram.address,
        Addressing::Position | Addressing::Station | Addressing::All | Addressing::Nobody => {
            datagram.offset().into()
        }
    };
    let failed = datagram.counter == 0 && datagram.command != 0;
    let new =
        Cyclic { chief: datagram, first, end: first.saturating_add(datagram.length()), failed };
    let Some(old) = cyclic else { return new };
    let chief = if datagram.rank() > old.chief.rank() { datagram } else { old.chief };
    let failed = failed || old.failed;
    let alike = (datagram.writes(), datagram.addressing() == Addressing::Logical)
        == (old.chief.writes(), old.chief.addressing() == Addressing::Logical);
    if alike {
        let (first, end) = (old.first.min(new.first), old.end.max(new.end));
        Cyclic { chief, first, end, failed }
    } else if datagram.rank() > old.chief.rank() {
        Cyclic { failed, ..new }
    } else {
        Cyclic { failed, ..old }
    }
}

/// A datagram that is no part of the cycle: registers and mailboxes of devices.
fn single(datagram: &Datagram<'_>, kind: Kind, files: &mut mailbox::Files, out: &mut dyn Sink) {
    let returned = kind == Kind::Response;
    let offset = datagram.offset();
    let one = matches!(datagram.addressing(), Addressing::Position | Addressing::Station);
    // A mailbox is written on the way out and read on the way back: once each.
    if one
        && offset >= MEMORY
        && datagram.writes() != returned
        && (datagram.writes() || datagram.counter > 0)
        && mailbox::emit(datagram.data, kind, unit(datagram), files, out)
    {
        return;
    }
    let spread = if datagram.spreads() { codes::SPREAD.first() } else { None };
    let changes = datagram.writes() || spread.is_some();
    let known = changes.then(|| codes::register_write(offset, datagram.data)).flatten().or(spread);
    let operation = known.unwrap_or_else(|| datagram.operation());
    let unlisted: &[_] = if operation.code == codes::UNLISTED.code { &[UNLISTED] } else { &[] };
    out.message(&Message {
        object: object(datagram, offset.into(), datagram.length()),
        outcome: outcome(returned, datagram.counter == 0),
        values: Some(datagram),
        id: Some(datagram.index.into()),
        unit: unit(datagram),
        anomalies: unlisted,
        ..Message::new(Protocol::ETHERCAT, kind, operation, datagram.command.into())
    });
}

fn object<'a>(datagram: &Datagram<'_>, first: u32, count: u32) -> Object<'a> {
    match datagram.addressing() {
        Addressing::Nobody => Object::Nothing,
        Addressing::Logical => Object::Range { space: "logical", first, count },
        Addressing::Position | Addressing::Station | Addressing::All => {
            Object::Range { space: "register", first, count }
        }
    }
}

/// The station address, where the command goes to one.
fn unit(datagram: &Datagram<'_>) -> Option<u16> {
    (datagram.addressing() == Addressing::Station).then(|| datagram.device())
}

const fn outcome(returned: bool, failed: bool) -> Outcome {
    match (returned, failed) {
        (false, _) => Outcome::Open,
        (true, false) => Outcome::Ok,
        (true, true) => NOT_TAKEN,
    }
}

/// The datagrams of one frame; shown are the cyclic ones.
#[derive(Clone, Copy)]
struct List<'a>(&'a [u8]);

impl<'a> List<'a> {
    fn iter(self) -> impl Iterator<Item = Datagram<'a>> + Clone {
        let mut reader = Reader::new(self.0);
        let mut more = true;
        std::iter::from_fn(move || {
            let datagram = if more { Datagram::read(&mut reader) } else { None };
            more = datagram.is_some_and(|datagram| datagram.more);
            datagram
        })
    }

    /// Whether the last datagram ends the frame, and says so.
    fn anomalies(self) -> &'static [Anomaly] {
        let (mut bytes, mut more) = (0, true);
        for datagram in self.iter() {
            bytes += BARE_BYTES + datagram.data.len();
            more = datagram.more;
        }
        match (more, bytes == self.0.len()) {
            (false, true) => &[],
            (true, _) => &[Anomaly::TRUNCATED],
            (false, false) => &[LAST],
        }
    }
}

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for datagram in self.iter().filter(Datagram::cyclic) {
            write!(f, "{between}{datagram}")?;
            between = "; ";
        }
        Ok(())
    }
}

/// Behind its EtherType the type of the frame is enough; in UDP all lengths must agree too.
fn identify(probe: &Probe<'_>) -> Guess {
    let mut reader = Reader::new(probe.bytes);
    let Some(header) = reader.le16() else { return Guess::No };
    let length = usize::from(header & 0x07ff);
    let kind = header >> 12;
    let first = reader.peek().is_some_and(|command| command <= 14);
    let yes = match probe.transport {
        Transport::Ether(ETHERTYPE) => matches!(kind, DATAGRAMS | VARIABLES | MAILBOX),
        Transport::Udp if header & 0x0800 == 0 => {
            let exact = reader.take(length).is_some_and(|body| match kind {
                DATAGRAMS => first && List(body).anomalies().is_empty(),
                MAILBOX => mailbox::fits(body),
                _ => false,
            });
            probe.hinted && exact
        }
        Transport::Udp | Transport::Tcp | Transport::Ether(_) | Transport::Ip(_) => false,
    };
    if yes { Guess::Yes(None) } else { Guess::No }
}
