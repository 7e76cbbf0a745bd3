//! Messages of SMB 2 and 3, which may be several in one frame.
//!
//! Source: MS-SMB2 2.2.1 (header), 2.2.4, 2.2.5, 2.2.9, 2.2.13 to 2.2.22, 2.2.31, 2.2.39.

use std::fmt;

use super::codes;
use super::files::{File, Files, Passing};
use super::{Asked, Smb};
use plant::Intent;

use crate::message::{Fact, Kind, Message, Object, Outcome};
use crate::ntlm::Ntlm;
use crate::session::{Side, Sink};
use crate::table::{Effect, Operation, Protocol};
use crate::{Reader, Utf16};

/// Bytes of the header (MS-SMB2 2.2.1).
const HEADER_BYTES: usize = 64;
/// Flag: the server sent it.
const RESPONSE: u32 = 1;
/// Flag: behind it stands the number of an asynchronous command, and no tree.
const ASYNCHRONOUS: u32 = 2;
/// Most messages of one frame that are read; clients put 3 to 5 together.
const COMPOUND_MAX: usize = 16;
/// Places in the body of a create (MS-SMB2 2.2.13) and of its answer (2.2.14).
const CREATE_ACCESS_AT: usize = 24;
const CREATE_DISPOSITION_AT: usize = 36;
const CREATE_OPTIONS_AT: usize = 40;
const CREATE_NAME_AT: usize = 44;
const CREATED_LENGTH_AT: usize = 48;
const CREATED_FILE_AT: usize = 64;
/// Rights to write: data, append, all, generic (MS-SMB2 2.2.13.1.1).
const WRITE_ACCESS: u32 = 0x5000_0006;
/// Option: the file goes with its last handle.
const DELETE_ON_CLOSE: u32 = 0x1000;
/// Control: write to a pipe and read its answer (MS-FSCC 2.3).
const PIPE_TRANSCEIVE: u32 = 0x0011_c017;
/// Kind of information: of a file; its classes (MS-FSCC 2.4).
const FILE_INFORMATION: u8 = 1;
const RENAME: u8 = 10;
const DISPOSITION: u8 = 13;
const DISPOSITION_EX: u8 = 64;

/// One message's header and body.
struct Part<'a> {
    /// From its header on, to which places in bodies relate.
    bytes: &'a [u8],
    body: &'a [u8],
    command: u16,
    response: bool,
    status: u32,
    id: u64,
    tree: u32,
}

impl<'a> Part<'a> {
    fn read(bytes: &'a [u8]) -> Option<(Self, u32)> {
        let mut reader = Reader::new(bytes);
        reader.skip(8)?;
        let (status, command) = (reader.le32()?, reader.le16()?);
        reader.skip(2)?;
        let (flags, next, id) = (reader.le32()?, reader.le32()?, reader.le64()?);
        reader.skip(4)?;
        let tree = if flags & ASYNCHRONOUS == 0 { reader.le32()? } else { 0 };
        let body = bytes.get(HEADER_BYTES..)?;
        let response = flags & RESPONSE != 0;
        Some((Self { bytes, body, command, response, status, id, tree }, next))
    }

    fn u32(&self, at: usize) -> Option<u32> {
        Reader::new(self.body.get(at..)?).le32()
    }

    fn u64(&self, at: usize) -> Option<u64> {
        Reader::new(self.body.get(at..)?).le64()
    }

    /// What is at hand of the bytes that a place in the body leads to.
    fn data(&self, offset: usize, length: u32) -> &'a [u8] {
        let data = self.bytes.get(offset..).unwrap_or_default();
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        data.get(..length).unwrap_or(data)
    }

    /// The name at a 16-bit offset and length in the body.
    fn name(&self, at: usize) -> Option<&'a [u8]> {
        let mut reader = Reader::new(self.body.get(at..)?);
        let (offset, length) = (reader.le16()?, reader.le16()?);
        self.bytes.get(offset.into()..)?.get(..length.into())
    }

    /// The volatile half of the file's number.
    fn file(&self) -> Option<u64> {
        let at = match (self.command, self.response) {
            (codes::SMB2_CLOSE | codes::SMB2_IOCTL, _) => 8,
            (codes::SMB2_READ | codes::SMB2_WRITE | codes::SMB2_SET_INFO, false) => 16,
            _ => return None,
        };
        self.u64(at + 8)
    }
}

/// Reads the messages of one frame, as far as they are at hand. The content of the last may go on
/// behind that.
pub(super) fn read(smb: &mut Smb, from: Side, frame: &[u8], out: &mut dyn Sink) -> Option<Passing> {
    let mut rest = frame;
    for _ in 0..COMPOUND_MAX {
        let (part, next) = Part::read(rest)?;
        let next = usize::try_from(next).ok()?;
        let passing = smb.part(from, &part, out);
        match rest.get(next..) {
            Some(following) if next > 0 => rest = following,
            _ => return passing,
        }
    }
    None
}

impl Smb {
    fn part(&mut self, from: Side, part: &Part<'_>, out: &mut dyn Sink) -> Option<Passing> {
        let asked = if part.response && part.status != codes::PENDING {
            self.asked.take(&part.id)
        } else {
            None
        };
        let file = part.file().or_else(|| asked.as_ref().map(|asked| asked.file));
        let known = file.and_then(|file| self.files.get(file)).filter(|_| !part.response);
        let judged = Judged::of(part, known, self.pipes.contains(&part.tree));
        let target = part.target(judged.operation);
        let name = target.map(Utf16);
        let both = known.zip(name.as_ref()).map(|(file, name)| Renamed(file, name));
        let renames = part.command == codes::SMB2_SET_INFO;
        let object: Option<&dyn fmt::Display> = match (&name, known) {
            (Some(_), Some(_)) if renames => both.as_ref().map(|both| both as _),
            (Some(name), _) => Some(name),
            (None, Some(file)) if !matches!(part.command, codes::SMB2_CLOSE) => Some(file),
            (None, _) => None,
        };
        let message = part.message(&judged, named(object));
        part.tell(message, out);
        let passing = self.content(from, part, asked.as_ref(), out);
        self.follow(part, asked, out);
        passing
    }

    /// What a message carries: a piece of a file, or remote calls.
    fn content(
        &mut self,
        from: Side,
        part: &Part<'_>,
        asked: Option<&Asked>,
        out: &mut dyn Sink,
    ) -> Option<Passing> {
        let (file, offset, data, length) = match (part.command, part.response) {
            (codes::SMB2_WRITE, false) => {
                let mut reader = Reader::new(part.body.get(2..)?);
                let (at, length) = (reader.le16()?, reader.le32()?);
                (part.file()?, part.u64(8)?, part.data(at.into(), length), length)
            }
            (codes::SMB2_READ, true) => {
                let (at, length) = (*part.body.get(2)?, part.u32(4)?);
                (asked?.file, asked?.offset, part.data(at.into(), length), length)
            }
            (codes::SMB2_IOCTL, _) if part.u32(4)? == PIPE_TRANSCEIVE => {
                // input of requests, output of responses
                let at = if part.response { 32 } else { 24 };
                let (place, length) = (part.u32(at)?, part.u32(at + 4)?);
                let data = part.data(usize::try_from(place).ok()?, length);
                let file = part.file()?;
                self.files.call(file, from, data, out);
                return None;
            }
            _ => return None,
        };
        if part.response && !codes::is_progress(part.status) {
            return None;
        }
        if self.files.get(file)?.is_pipe() {
            self.files.call(file, from, data, out);
            return None;
        }
        let (piece, passing) = self.files.content((file, offset), from, (data, length.into()))?;
        out.piece(Protocol::SMB, &piece);
        Some(passing).filter(|passing| passing.left > 0)
    }

    /// Keeps what later messages need.
    fn follow(&mut self, part: &Part<'_>, asked: Option<Asked>, out: &mut dyn Sink) {
        match (part.command, part.response) {
            (codes::SMB2_TREE_CONNECT, false) => {
                let name = part.name(4).unwrap_or_default();
                let pipe = name.ends_with(b"I\0P\0C\0$\0");
                self.asked.insert(part.id, Asked { pipe, ..Asked::default() });
            }
            (codes::SMB2_TREE_CONNECT, true)
                if asked.as_ref().is_some_and(|asked| asked.pipe)
                    && !self.pipes.contains(&part.tree) =>
            {
                let _ = self.pipes.try_push(part.tree);
            }
            (codes::SMB2_CREATE, false) => {
                let name = Files::kept(part.name(CREATE_NAME_AT).unwrap_or_default());
                let pipe = self.pipes.contains(&part.tree);
                self.asked.insert(part.id, Asked { name: name.into(), pipe, ..Asked::default() });
            }
            (codes::SMB2_CREATE, true) if part.status == 0 => {
                let (Some(asked), Some(file)) = (asked, part.u64(CREATED_FILE_AT + 8)) else {
                    return;
                };
                let length = part.u64(CREATED_LENGTH_AT).unwrap_or(0);
                self.files.insert(file, &asked.name, length, asked.pipe);
            }
            (codes::SMB2_READ, false) => {
                let (file, offset) = (part.file().unwrap_or(0), part.u64(8).unwrap_or(0));
                self.asked.insert(part.id, Asked { file, offset, ..Asked::default() });
            }
            (codes::SMB2_CLOSE, false) => {
                if let Some(file) = part.file() {
                    self.files.close(file, out);
                }
            }
            _ => {}
        }
    }
}

/// A file, and the name that it is given.
struct Renamed<'a>(&'a dyn fmt::Display, &'a dyn fmt::Display);

impl fmt::Display for Renamed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, to {}", self.0, self.1)
    }
}

/// Nothing, or what has a name.
const fn named<'a>(object: Option<&'a dyn fmt::Display>) -> Object<'a> {
    match object {
        Some(object) => Object::Named(object),
        None => Object::Nothing,
    }
}

/// The operation, and what it would do to this file.
struct Judged {
    operation: &'static Operation,
    intent: Intent,
    effect: Effect,
}

impl Judged {
    fn of(part: &Part<'_>, file: Option<&File>, pipe_tree: bool) -> Self {
        let operation = operation(part, pipe_tree);
        let (mut intent, mut effect) = (operation.intent, operation.effect);
        let kind = file.and_then(File::kind);
        if part.command == codes::SMB2_WRITE && !part.response {
            (intent, effect) = match kind {
                Some("firmware") => (Intent::Administer, Effect::Firmware),
                Some(_) => (Intent::Program, Effect::Download),
                None if file.is_some_and(File::is_pipe) => (Intent::Session, effect),
                None => (intent, effect),
            };
        }
        Self { operation, intent, effect }
    }
}

fn operation(part: &Part<'_>, pipe_tree: bool) -> &'static Operation {
    let listed = Operation::find(codes::SMB2, part.command.into()).unwrap_or(codes::UNLISTED);
    match (part.command, part.response) {
        (codes::SMB2_CREATE, false) => {
            let access = part.u32(CREATE_ACCESS_AT).unwrap_or(0);
            let options = part.u32(CREATE_OPTIONS_AT).unwrap_or(0);
            match part.u32(CREATE_DISPOSITION_AT) {
                _ if pipe_tree => listed,
                _ if options & DELETE_ON_CLOSE != 0 => codes::DELETE_ON_CLOSE,
                Some(0 | 2 | 4 | 5) => codes::CREATE_FILE,
                Some(3) => codes::OPEN_OR_CREATE,
                _ if access & WRITE_ACCESS != 0 => codes::OPEN_TO_WRITE,
                _ => listed,
            }
        }
        (codes::SMB2_SET_INFO, false) if part.body.get(2) == Some(&FILE_INFORMATION) => {
            let deletes = part.information().first().is_some_and(|flags| flags & 1 != 0);
            match part.body.get(3) {
                Some(&RENAME) => codes::RENAME,
                Some(&(DISPOSITION | DISPOSITION_EX)) if deletes => codes::DELETE,
                _ => listed,
            }
        }
        _ => listed,
    }
}

impl<'a> Part<'a> {
    /// What a set info sets.
    fn information(&self) -> &'a [u8] {
        let mut reader = Reader::new(self.body.get(4..).unwrap_or_default());
        match (reader.le32(), reader.le16()) {
            (Some(length), Some(at)) => self.data(at.into(), length),
            _ => &[],
        }
    }

    /// The share of a tree connect, the file of a create, the new name of a rename.
    fn target(&self, operation: &Operation) -> Option<&'a [u8]> {
        let name = match self.command {
            _ if self.response => return None,
            codes::SMB2_TREE_CONNECT => self.name(4)?,
            codes::SMB2_CREATE => self.name(CREATE_NAME_AT)?,
            codes::SMB2_SET_INFO if operation.name == codes::RENAME.name => {
                // replace (1), 7, root (8), length (4), name
                let mut reader = Reader::new(self.information().get(16..)?);
                let length = usize::try_from(reader.le32()?).ok()?;
                reader.take(length)?
            }
            _ => return None,
        };
        (!name.is_empty()).then_some(name)
    }

    fn message<'m>(&self, judged: &Judged, object: Object<'m>) -> Message<'m> {
        let status = self.status;
        let (kind, outcome) = match (self.response, codes::is_progress(status)) {
            (false, _) => (Kind::Request, Outcome::Open),
            (true, true) => (Kind::Response, Outcome::Ok),
            (true, false) => {
                (Kind::Response, Outcome::Error { code: status, name: codes::status(status) })
            }
        };
        Message {
            object,
            outcome,
            intent: judged.intent,
            effect: judged.effect,
            id: u32::try_from(self.id & 0xffff_ffff).ok(),
            ..Message::new(Protocol::SMB, kind, judged.operation, self.command.into())
        }
    }

    /// Emits the message with what its body tells beside.
    fn tell(&self, message: Message<'_>, out: &mut dyn Sink) {
        let setup = self.command == codes::SMB2_SESSION_SETUP;
        let told = setup.then(|| Ntlm::find(self.body)).flatten();
        let facts = told.as_ref().map(|told| told.facts("SMB NTLM"));
        let chosen = self.response && self.command == codes::SMB2_NEGOTIATE;
        let dialect = chosen.then(|| dialect(self.body)).flatten();
        out.message(&Message {
            values: dialect.as_ref().map(|dialect| dialect as &dyn fmt::Display),
            facts: facts.as_ref().map_or(&[] as &[Fact<'_>], |facts| facts.as_slice()),
            ..message
        });
    }
}

/// The dialect that the server chose.
fn dialect(body: &[u8]) -> Option<&'static str> {
    let mut reader = Reader::new(body);
    reader.skip(4)?;
    Some(codes::dialect(reader.le16()?)).filter(|name| !name.is_empty())
}
