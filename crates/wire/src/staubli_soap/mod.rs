//! SOAP server of Staubli CS8 and CS9 controllers.
//!
//! ```text
//!  POST /CS8ServerV3   <Envelope><Header>session</Header><Body><setPower><power>true</..
//! ```
//! Travels inside HTTP, whose session calls [`call`]. The operation is the first element of the
//! envelope's body; its object is the first text in it, and more of its texts are shown, except of
//! a login. Sources: SOAP 1.2 part 1 clause 5, SOAP 1.1 clause 4; see `codes`.

pub mod codes;
#[cfg(test)]
mod tests;

use arrayvec::ArrayVec;

use crate::http::api::{Answer, Call};
use crate::http::head::contains;
use crate::message::Outcome;
use crate::session::{Depth, Entry, Hint, Session, Side, Sink, Step};
use crate::table::Protocol;
use crate::xml::{Token, Xml};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "staubli-soap",
    title: "Staubli SOAP (CS8, CS9)",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Documents,
    hints: &[Hint::Tcp(851)],
    operations: &[codes::OPERATIONS, codes::OTHERS],
    identify: None,
    open: || Box::new(Carried),
};

/// Name that all its interfaces begin with, in paths and name spaces.
const SERVER: &[u8] = b"CS8Server";
/// Bytes of an envelope in which its name spaces stand.
const HEAD_BYTES: usize = 1024;

/// It never begins a stream: HTTP hands its requests over.
struct Carried;

impl Session for Carried {
    fn parse(&mut self, _from: Side, _bytes: &[u8], _out: &mut dyn Sink) -> Step {
        Step::Lost
    }
}

/// Reads a request; `None` if it is no envelope for this server.
pub(crate) fn call<'a>(target: &'a [u8], body: &'a [u8]) -> Option<Call<'a>> {
    let start = body.get(..HEAD_BYTES).unwrap_or(body);
    if !contains(target, SERVER) && !contains(start, SERVER) {
        return None;
    }
    let mut xml = in_body(body)?;
    let Some(Token::Open(element)) = xml.next() else { return None };
    let operation = codes::by_element(element);
    let texts = texts(xml, element);
    let text = |place| texts.get(place).copied().unwrap_or_default();
    let call =
        Call { answer: Answer::Soap, ..Call::new(Protocol::STAUBLI_SOAP, operation).on(text(0)) };
    Some(match operation.code {
        1 => Call { login: Some([text(0), text(1)]), ..call },
        // what its texts are, only its own definition tells: they may be secrets
        100 => Call { values: [element, &[], &[]], object: &[], ..call },
        _ => Call { values: [text(1), text(2), text(3)], ..call },
    })
}

/// The first texts inside `element`, whose start tag was read.
fn texts<'a>(xml: Xml<'a>, element: &[u8]) -> ArrayVec<&'a [u8], 4> {
    xml.take_while(|token| *token != Token::Close(element))
        .filter_map(|token| match token {
            Token::Text(text) => Some(text),
            Token::Open(_) | Token::Close(_) => None,
        })
        .take(4)
        .collect()
}

/// The place behind the start tag of the envelope's body.
fn in_body(envelope: &[u8]) -> Option<Xml<'_>> {
    let mut xml = Xml::new(envelope);
    xml.open(b"Envelope")?;
    xml.open(b"Body")?;
    Some(xml)
}

/// How a call ended by the envelope that answers it, and the first text in that.
pub(crate) fn ended(outcome: Outcome, body: &[u8]) -> (Outcome, &[u8]) {
    let Some(mut xml) = in_body(body) else { return (outcome, &[]) };
    let Some(Token::Open(element)) = xml.next() else { return (outcome, &[]) };
    if element != b"Fault" {
        let told = texts(xml, element).first().copied();
        return (outcome, told.unwrap_or_default());
    }
    let code = match outcome {
        Outcome::Error { code, .. } => code,
        Outcome::Open | Outcome::Ok => 0,
    };
    // faultcode, then faultstring (SOAP 1.1 4.4); Value, then Text (SOAP 1.2 5.4)
    let texts = texts(xml, element);
    let told = texts.get(1).or(texts.first()).copied();
    (Outcome::Error { code, name: "soap fault" }, told.unwrap_or_default())
}
