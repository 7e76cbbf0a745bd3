//! Messages of SMB 1, which nobody should speak any more.
//!
//! A client's first question may come in this form although both sides then speak SMB 2, so only
//! answers are told as obsolete. Source: MS-CIFS 2.2.3, 2.2.4.53, 2.2.4.55; MS-SMB 2.2.4.6.

use arrayvec::ArrayVec;

use super::codes;
use crate::message::{Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::ntlm::Ntlm;
use crate::session::Sink;
use crate::table::{Operation, Protocol};
use crate::{Reader, Text, Utf16};

/// Bytes of the header (MS-CIFS 2.2.3.1).
const HEADER_BYTES: usize = 32;
/// Flag: the server sent it.
const RESPONSE: u8 = 0x80;
/// Flag: texts are UTF-16, at even places.
const UNICODE: u16 = 0x8000;
/// Flag: the status is one of Windows NT.
const NT_STATUS: u16 = 0x4000;

/// A text in either encoding.
enum Name<'a> {
    Narrow(Text<'a>),
    Wide(Utf16<'a>),
}

impl std::fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Narrow(text) => text.fmt(f),
            Self::Wide(text) => text.fmt(f),
        }
    }
}

/// Reads one message, as far as it is at hand.
pub(super) fn read(message: &[u8], out: &mut dyn Sink) {
    let _ = parts(message, out);
}

fn parts(message: &[u8], out: &mut dyn Sink) -> Option<()> {
    let mut reader = Reader::new(message);
    reader.skip(4)?;
    let (command, status) = (reader.u8()?, reader.le32()?);
    let (flags, flags2) = (reader.u8()?, reader.le16()?);
    let response = flags & RESPONSE != 0;
    let (unicode, setup) = (flags2 & UNICODE != 0, command == codes::SMB1_SESSION_SETUP);
    let name = (!response && command == codes::SMB1_TREE_CONNECT)
        .then(|| share(message, unicode))
        .flatten();
    let told = setup.then(|| Ntlm::find(message)).flatten();
    let system = (response && setup).then(|| native_system(message, unicode)).flatten();
    let mut facts = ArrayVec::<Fact<'_>, 5>::new();
    facts.extend(told.iter().flat_map(|told| told.facts("SMB NTLM")));
    facts.extend(system.as_ref().map(|value| Fact::Identity {
        about: Subject::Sender,
        field: Field::OperatingSystem,
        value,
    }));
    if response {
        facts.push(Fact::Obsolete { name: "SMB 1" });
    }
    let named = if flags2 & NT_STATUS != 0 { codes::status(status) } else { "" };
    let (kind, outcome) = match (response, codes::is_progress(status)) {
        (false, _) => (Kind::Request, Outcome::Open),
        (true, true) => (Kind::Response, Outcome::Ok),
        (true, false) => (Kind::Response, Outcome::Error { code: status, name: named }),
    };
    let operation = Operation::find(codes::SMB1, command.into()).unwrap_or(codes::UNLISTED);
    out.message(&Message {
        object: name.as_ref().map_or(Object::Nothing, |name| Object::Named(name)),
        outcome,
        facts: &facts,
        ..Message::new(Protocol::SMB, kind, operation, command.into())
    });
    Some(())
}

/// The share of a tree connect.
fn share(message: &[u8], unicode: bool) -> Option<Name<'_>> {
    let mut reader = Reader::new(message.get(HEADER_BYTES..)?);
    (reader.u8()? == 4).then_some(())?; // words: next command (2), flags, length of the password
    reader.skip(6)?;
    let password = reader.le16()?;
    reader.skip(2)?;
    reader.skip(password.into())?;
    text(message, &mut reader, unicode)
}

/// The operating system that a server names in its answer to a session setup.
fn native_system(message: &[u8], unicode: bool) -> Option<Name<'_>> {
    let mut reader = Reader::new(message.get(HEADER_BYTES..)?);
    let words = reader.u8()?;
    reader.skip(6)?;
    let blob = match words {
        3 => 0,
        4 => reader.le16()?,
        _ => return None,
    };
    reader.skip(2)?;
    reader.skip(blob.into())?;
    text(message, &mut reader, unicode)
}

/// Reads a text up to its NUL; UTF-16 begins at an even place of the message.
fn text<'a>(message: &'a [u8], reader: &mut Reader<'a>, unicode: bool) -> Option<Name<'a>> {
    if !unicode {
        let text = Text::trimmed(reader.until(0)?);
        return (!text.0.is_empty()).then_some(Name::Narrow(text));
    }
    if (message.len() - reader.len()) % 2 == 1 {
        reader.skip(1)?;
    }
    let units = reader.rest().as_chunks::<2>().0;
    let length = units.iter().position(|unit| *unit == [0, 0])? * 2;
    let text = reader.take(length)?;
    (!text.is_empty()).then_some(Name::Wide(Utf16(text)))
}
