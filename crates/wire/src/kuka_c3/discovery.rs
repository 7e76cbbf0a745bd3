//! Discovery of VarProxy and C3 Bridge: text in single datagrams.
//!
//! ```text
//!  WHEREAREYOU?   @PROXY_TYPE   @PROXY_VERSION ..      KUKA|<model>|<serial>   <text>
//! ```
//! Answers to requests on port 6999 go to port 7000 of the sender, so they come by themselves;
//! those to port 7000 come back. Source: C3 2.

use super::{ROBOT, codes};
use crate::Text;
use crate::message::{Fact, Field, Kind, Message, Outcome, Subject};
use crate::session::{Guess, Probe, Side, Sink, Step};
use crate::table::{Operation, Protocol};

/// How the answer to WHEREAREYOU? begins.
const ANSWER: &[u8] = b"KUKA|";
/// The longest answer is a list of 256 digits.
const ANSWER_BYTES_MAX: usize = 300;

/// What was asked last.
#[derive(Default)]
pub(super) struct Discovery {
    asked: Option<&'static Operation>,
}

impl Discovery {
    /// Reads a datagram; `None` if it is no text of this kind.
    pub(super) fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Option<Step> {
        if let Some(operation) = request(bytes) {
            self.asked = Some(operation);
            let kind = Kind::Request;
            out.message(&Message::new(Protocol::KUKA_C3, kind, operation, operation.code));
            return Some(Step::Read(bytes.len()));
        }
        if bytes.starts_with(ANSWER) {
            presence(bytes, out);
            return Some(Step::Read(bytes.len()));
        }
        let waits = self.asked.is_some() && from == Side::Server;
        if !waits || bytes.len() > ANSWER_BYTES_MAX || !printed(bytes) {
            return None;
        }
        let operation = self.asked.take().unwrap_or(&codes::ANSWER);
        let text = Text::trimmed(bytes);
        let host = Fact::Identity { about: Subject::Sender, field: Field::Hostname, value: &text };
        let facts = [host];
        let named = operation.name == "@proxy_hostname";
        let message = Message::new(Protocol::KUKA_C3, Kind::Response, operation, operation.code);
        out.message(&Message {
            values: Some(&text),
            outcome: Outcome::Ok,
            facts: if named { &facts } else { &[] },
            ..message
        });
        Some(Step::Read(bytes.len()))
    }
}

/// `KUKA|<model>|<serial>`; the fields are empty where the controller did not tell them.
fn presence(bytes: &[u8], out: &mut dyn Sink) {
    let Some(operation) = codes::REQUESTS.first() else { return };
    let mut fields = bytes.split(|byte| *byte == b'|').skip(1);
    let mut field = || Text::trimmed(fields.next().unwrap_or_default());
    let (model, serial) = (field(), field());
    let about = Subject::Sender;
    let product = Fact::Identity { about, field: Field::Product, value: &model };
    let number = Fact::Identity { about, field: Field::Serial, value: &serial };
    let [vendor, role] = ROBOT;
    let facts = [vendor, role, product, number];
    let known = if model.0.is_empty() || serial.0.is_empty() { 2 } else { 4 };
    let message = Message::new(Protocol::KUKA_C3, Kind::Response, operation, operation.code);
    out.message(&Message {
        values: Some(&Text(bytes)),
        outcome: Outcome::Ok,
        facts: facts.get(..known).unwrap_or_default(),
        ..message
    });
}

fn request(bytes: &[u8]) -> Option<&'static Operation> {
    codes::REQUESTS.iter().find(|row| bytes.eq_ignore_ascii_case(row.name.as_bytes()))
}

fn printed(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, 0x20..=0x7e))
}

/// The words of a request, or the beginning of the answer with its two bars.
pub(super) fn guess(probe: &Probe<'_>) -> Guess {
    if request(probe.bytes).is_some() {
        return Guess::Yes(Some(Side::Client));
    }
    let bars = || probe.bytes.iter().filter(|byte| **byte == b'|').count();
    let presence = probe.bytes.starts_with(ANSWER) && bars() == 2 && printed(probe.bytes);
    if presence { Guess::Yes(Some(Side::Server)) } else { Guess::No }
}
