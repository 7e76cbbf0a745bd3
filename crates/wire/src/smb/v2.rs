//! Messages of SMB 2 and 3, which may be several in one frame.
//!
//! Source: MS-SMB2 2.2.1 (header), 2.2.4, 2.2.5, 2.2.9, 2.2.13.

use std::fmt;

use super::codes;
use crate::message::{Anomaly, Fact, Kind, Message, Object, Outcome};
use crate::ntlm::Ntlm;
use crate::session::Sink;
use crate::table::{Operation, Protocol};
use crate::{Reader, Utf16};

/// Bytes of the header (MS-SMB2 2.2.1).
const HEADER_BYTES: usize = 64;
/// Flag: the server sent it.
const RESPONSE: u32 = 1;
/// Most messages of one frame that are read; clients put 3 to 5 together.
const COMPOUND_MAX: usize = 16;
/// Place of the name's offset in the body of a create (MS-SMB2 2.2.13).
const CREATE_NAME_AT: usize = 44;
/// Place of the create disposition.
const CREATE_DISPOSITION_AT: usize = 36;

/// Reads the messages of one frame, as far as they are at hand.
pub(super) fn read(frame: &[u8], out: &mut dyn Sink) {
    let mut rest = frame;
    for _ in 0..COMPOUND_MAX {
        let Some(next) = message(rest, out) else { return };
        match usize::try_from(next).ok().and_then(|next| rest.get(next..)) {
            Some(following) if next > 0 => rest = following,
            _ => return,
        }
    }
}

/// Reads one message, and returns the offset of the next or 0.
fn message(bytes: &[u8], out: &mut dyn Sink) -> Option<u32> {
    let mut reader = Reader::new(bytes);
    reader.skip(8)?;
    let (status, command) = (reader.le32()?, reader.le16()?);
    reader.skip(2)?;
    let (flags, next, id) = (reader.le32()?, reader.le32()?, reader.le64()?);
    let body = bytes.get(HEADER_BYTES..)?;
    let response = flags & RESPONSE != 0;
    let name = if response { None } else { name(bytes, body, command) };
    let told = (command == codes::SMB2_SESSION_SETUP).then(|| Ntlm::find(body)).flatten();
    let facts = told.as_ref().map(|told| told.facts("SMB NTLM"));
    let dialect = (response && command == codes::SMB2_NEGOTIATE).then(|| dialect(body)).flatten();
    let whole = bytes.first_chunk::<HEADER_BYTES>().is_some();
    let anomalies: &[Anomaly] = if whole { &[] } else { &[Anomaly::TRUNCATED] };
    let (kind, outcome) = match (response, codes::is_progress(status)) {
        (false, _) => (Kind::Request, Outcome::Open),
        (true, true) => (Kind::Response, Outcome::Ok),
        (true, false) => {
            (Kind::Response, Outcome::Error { code: status, name: codes::status(status) })
        }
    };
    out.message(&Message {
        object: name.as_ref().map_or(Object::Nothing, |name| Object::Named(name)),
        outcome,
        id: u32::try_from(id & 0xffff_ffff).ok(),
        values: dialect.as_ref().map(|dialect| dialect as &dyn fmt::Display),
        anomalies,
        facts: facts.as_ref().map_or(&[] as &[Fact<'_>], |facts| facts.as_slice()),
        ..Message::new(Protocol::SMB, kind, operation(command, body, response), command.into())
    });
    Some(next)
}

fn operation(command: u16, body: &[u8], response: bool) -> &'static Operation {
    if command == codes::SMB2_CREATE && !response {
        let at = body.get(CREATE_DISPOSITION_AT..);
        match at.and_then(|bytes| Reader::new(bytes).le32()) {
            Some(0 | 2 | 4 | 5) => return codes::CREATE_FILE,
            Some(3) => return codes::OPEN_OR_CREATE,
            _ => {}
        }
    }
    Operation::find(codes::SMB2, command.into()).unwrap_or(codes::UNLISTED)
}

/// The share of a tree connect, the file of a create.
fn name<'a>(message: &'a [u8], body: &[u8], command: u16) -> Option<Utf16<'a>> {
    let at = match command {
        codes::SMB2_TREE_CONNECT => 4,
        codes::SMB2_CREATE => CREATE_NAME_AT,
        _ => return None,
    };
    let mut reader = Reader::new(body.get(at..)?);
    let (offset, length) = (reader.le16()?, reader.le16()?);
    let name = message.get(offset.into()..)?.get(..length.into())?;
    (!name.is_empty()).then_some(Utf16(name))
}

/// The dialect that the server chose.
fn dialect(body: &[u8]) -> Option<&'static str> {
    let mut reader = Reader::new(body);
    reader.skip(4)?;
    Some(codes::dialect(reader.le16()?)).filter(|name| !name.is_empty())
}
