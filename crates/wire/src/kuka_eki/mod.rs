//! KUKA Ethernet KRL (EKI): XML between a robot's program and another system, over TCP and UDP.
//!
//! ```text
//!  <Robot> <Element attribute="value">text</Element> .. </Robot>      one document after another
//! ```
//! Elements and ports are configured in the controller, and either end may have opened the
//! connection; what the robot does with data is its program's business. So only names that follow
//! KUKA's examples (`Robot..`, `Sensor`, `Ext..`, `..Command`) tell who sends to whom, and all else
//! is unknown. There is no signature: only a port of the range that controllers use (54600 to
//! 54615), 7000 or the user lets it be EKI. Binary data records are not read. Sources: KUKA,
//! "Ethernet KRL 3.0", as kuka_experimental (`EkiHwInterface.xml`) uses it.

#[cfg(test)]
mod tests;

use std::fmt;

use plant::Intent::{Observe, Operate, Unknown};

use crate::Text;
use crate::kuka_xml::{Elements, Event, Events, document, root};
use crate::message::{Kind, Message, Object};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Effect, Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "kuka-eki",
    title: "KUKA Ethernet KRL",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Documents,
    hints: &PORTS,
    operations: &[OPERATIONS],
    identify: Some(identify),
    open: || Box::new(Eki),
};

/// Ports of the range that a controller offers (kuka_experimental, krl/README), on both transports,
/// and 7000.
#[expect(clippy::indexing_slicing, reason = "evaluated when compiled: a wrong place is an error")]
const PORTS: [Hint; 33] = {
    let mut ports = [Hint::Tcp(7000); 33];
    let mut place = 0;
    let mut port = 54600;
    while port <= 54615 {
        ports[place] = Hint::Tcp(port);
        ports[place + 1] = Hint::Udp(port);
        place += 2;
        port += 1;
    }
    ports
};

/// Longest document that is waited for: the largest receive memory of a controller.
const DOCUMENT_BYTES_MAX: usize = 65_534;

const SOURCE: &str = "kuka_experimental, EkiHwInterface.xml; KUKA Ethernet KRL 3.0, examples";

/// What documents do; the protocol has no numbers.
pub static OPERATIONS: &[Operation] = &[
    Operation::new(1, "robot data", Observe, SOURCE),
    Operation::new(2, "external data", Operate, SOURCE),
    Operation::new(3, "external axes", Operate, SOURCE).with(Effect::Motion),
    Operation::new(4, "data", Unknown, SOURCE),
];

/// One conversation.
struct Eki;

impl Session for Eki {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let length = match document(bytes) {
            Ok(length) => length,
            Err(Step::Need(_)) if bytes.len() >= DOCUMENT_BYTES_MAX => return Step::Lost,
            Err(step) => return step,
        };
        let text = bytes.get(..length).unwrap_or_default();
        let Some((name, _)) = root(text) else { return Step::Lost };
        let Some(operation) = Operation::find(OPERATIONS, purpose(name, text)) else {
            return Step::Lost;
        };
        let kind = match (operation.intent, from) {
            (Observe, _) => Kind::Notice,
            (_, Side::Client) => Kind::Request,
            (_, Side::Server) => Kind::Notice,
        };
        let name = Text(name);
        let elements = Elements(text);
        let message = Message::new(Protocol::KUKA_EKI, kind, operation, operation.code);
        out.message(&Message {
            values: Some(&elements as &dyn fmt::Display),
            ..message.on(Object::Named(&name))
        });
        Step::Read(length)
    }
}

/// Who sends to whom, by the name of the outermost element; and whether a robot gets axes.
fn purpose(name: &[u8], text: &[u8]) -> u32 {
    let has = |word: &[u8]| name.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    let external = has(b"command") || has(b"cmd") || has(b"sensor") || has(b"ext");
    if external {
        return if axes(text) { 3 } else { 2 };
    }
    if has(b"robot") { 1 } else { 4 }
}

/// Whether an element carries axis positions: the first two at least.
fn axes(text: &[u8]) -> bool {
    Events::of(text).any(|event| {
        let Event::Start { attributes, .. } = event else { return false };
        let first = |axis: &[u8]| attributes.into_iter().any(|(name, _)| name == axis);
        first(b"A1") && first(b"A2")
    })
}

/// XML where a port says so, but no RSI, SOAP or XML-RPC.
fn identify(probe: &Probe<'_>) -> Guess {
    let carried = matches!(probe.transport, Transport::Tcp | Transport::Udp);
    if !carried || !probe.hinted || !probe.bytes.starts_with(b"<") {
        return Guess::No;
    }
    let others = match root(probe.bytes) {
        Some((b"Rob" | b"Sen", _)) => probe.transport == Transport::Udp,
        Some((name, _)) => name.starts_with(b"method") || name.contains(&b':'),
        None => false,
    };
    match document(probe.bytes) {
        _ if others => Guess::No,
        Ok(_) => Guess::Yes(None),
        Err(Step::Need(_)) if probe.transport == Transport::Tcp => {
            if probe.bytes.len() < DOCUMENT_BYTES_MAX { Guess::More } else { Guess::No }
        }
        Err(_) => Guess::No,
    }
}
