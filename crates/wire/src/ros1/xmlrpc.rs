//! Remote calls of master and nodes: method, and the first of its parameters.
//!
//! Sources: XML-RPC specification; `xmlrpc.client.MultiCall` as ROS uses it.

use arrayvec::ArrayVec;

use super::codes;
use crate::http::api::{Answer, Call};
use crate::http::head::contains;
use crate::message::Outcome;
use crate::table::{Operation, Protocol};
use crate::xml::{Token, Xml};

/// Parameters that are looked at: caller, topic, type, where to reach the caller.
const TEXTS_MAX: usize = 4;
/// The method name of many calls in one.
const NAME: &[u8] = b"methodName";

/// Words in names of parameters whose values are not shown.
const SECRET: [&[u8]; 3] = [b"passw", b"secret", b"token"];

/// Reads a call; `None` if it is none of ROS.
pub(crate) fn call(body: &[u8]) -> Option<Call<'_>> {
    let mut xml = Xml::new(body);
    xml.open(b"methodCall")?;
    xml.open(NAME)?;
    let operation = codes::by_method(xml.text())?;
    if operation.code == codes::MULTICALL {
        let mut calls = 0;
        inner(body, &mut |_| calls += 1);
        let call = Call::new(Protocol::ROS1, operation);
        return (calls > 0).then_some(Call { more: true, ..call });
    }
    let texts = values(xml, b"params");
    let caller = texts.first()?;
    let global = caller.starts_with(b"/");
    (global || !codes::COMMON.contains(&operation.code)).then(|| read(operation, &texts))
}

/// What a call with these parameters is.
fn read<'a>(operation: &'static Operation, texts: &[&'a [u8]]) -> Call<'a> {
    let text = |place| texts.get(place).copied().unwrap_or_default();
    let joins = match operation.code {
        codes::PUBLISHER => Some(("ROS publisher", codes::is_command(text(1), text(2)))),
        codes::SERVICE => Some(("ROS service", false)),
        _ => None,
    };
    let secret = SECRET.iter().any(|word| contains(text(1), word));
    Call {
        values: if secret { [text(0), &[], &[]] } else { [text(0), text(2), text(3)] },
        answer: Answer::XmlRpc,
        joins,
        ..Call::new(Protocol::ROS1, operation).on(text(1))
    }
}

/// The calls inside a multicall, as far as they are at hand.
pub(crate) fn inner<'a>(body: &'a [u8], found: &mut dyn FnMut(Call<'a>)) {
    let mut xml = Xml::new(body);
    let mut method = None;
    while let Some(token) = xml.next() {
        if token != Token::Open(b"name") {
            continue;
        }
        match xml.text() {
            NAME => {
                method = xml.open(b"value").and_then(|()| codes::by_method(scalar(&mut xml)));
            }
            b"params" => {
                let texts = values(xml, b"member");
                if let Some(method) = method.take().filter(|_| !texts.is_empty()) {
                    found(read(method, &texts));
                }
            }
            _ => {}
        }
    }
}

/// The text of the value whose start tag was read, with or without its type (XML-RPC, scalars).
fn scalar<'a>(xml: &mut Xml<'a>) -> &'a [u8] {
    match xml.next() {
        Some(Token::Text(text)) => text,
        Some(Token::Open(_)) => xml.text(),
        Some(Token::Close(_)) | None => &[],
    }
}

/// The first texts up to the end tag `end`; of an empty value, an empty one.
fn values<'a>(mut xml: Xml<'a>, end: &[u8]) -> ArrayVec<&'a [u8], TEXTS_MAX> {
    let mut texts = ArrayVec::new();
    while let Some(token) = xml.next() {
        match token {
            Token::Open(b"value") => {
                // arrays and structures are passed over to the scalars in them
                let mut ahead = xml;
                let text = match ahead.next() {
                    Some(Token::Open(b"array" | b"struct")) => continue,
                    Some(Token::Text(text)) => text,
                    Some(Token::Open(_)) => ahead.text(),
                    Some(Token::Close(_)) => &[],
                    None => break,
                };
                if texts.try_push(text).is_err() {
                    break;
                }
            }
            Token::Close(name) if name == end => break,
            Token::Open(_) | Token::Close(_) | Token::Text(_) => {}
        }
    }
    texts
}

/// How a call ended by the code and message of its answer (Master API: 1 is success).
pub(crate) fn ended(outcome: Outcome, body: &[u8]) -> (Outcome, &[u8]) {
    let mut xml = Xml::new(body);
    if xml.open(b"methodResponse").is_none() {
        return (outcome, &[]);
    }
    let fault = xml.next() == Some(Token::Open(b"fault"));
    let texts = values(xml, b"methodResponse");
    let text = |place| texts.get(place).copied().unwrap_or_default();
    let number = std::str::from_utf8(text(0)).ok().and_then(|text| text.parse::<i32>().ok());
    match number {
        Some(code) if fault => {
            (Outcome::Error { code: code.cast_unsigned(), name: "fault" }, text(1))
        }
        Some(1) => (outcome, text(1)),
        Some(0) => (Outcome::Error { code: 0, name: "failure" }, text(1)),
        Some(-1) => (Outcome::Error { code: u32::MAX, name: "error" }, text(1)),
        Some(_) | None => (outcome, &[]),
    }
}
