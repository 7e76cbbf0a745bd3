//! SMB, versions 1 to 3, over TCP or the NetBIOS session service.
//!
//! ```text
//!  type (1), length (3, big endian), then 0xff|0xfe|0xfd "SMB"; all behind is little endian
//!  v1: command (1), status (4), flags (1), flags2 (2), 12, tree, process, user, multiplex (2 each)
//!  v2: size 64 (2), credit (2), status (4), command (2), 2, flags (4), next (4), message id (8) ..
//! ```
//! Commands with their outcome; shares, files that are opened, and what the login tells of both
//! sides. In version 2 programs and firmware, by their names, are handed on as pieces, and pipes
//! are read as remote calls. What SMB 3 encrypts is one message of unknown intent.
//! Sources: MS-SMB2, MS-CIFS, RFC 1002 clause 4.3.

pub mod codes;
mod files;
#[cfg(test)]
mod tests;
mod v1;
mod v2;

use arrayvec::ArrayVec;

use self::files::{Files, Passing};
use crate::message::{Kind, Message};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::Protocol;
use crate::{Pending, Reader};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "smb",
    title: "SMB",
    realm: crate::Realm::Service,
    depth: Depth::Metadata,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(445), Hint::Tcp(139)],
    operations: &[codes::SMB2, codes::SMB1, codes::OTHERS],
    identify: Some(identify),
    open: || Box::<Smb>::default(),
};

/// Bytes of the frame's own header.
const FRAME_BYTES: usize = 4;
/// Bytes of a message that are waited for: heads, names and logins; contents come behind.
const WINDOW_BYTES: usize = 8 * 1024;
/// Longest message: 8 MiB of content (MS-SMB2 3.3.5.4) and a head.
const MESSAGE_BYTES_MAX: usize = 9 * 1024 * 1024;
/// Requests kept for pairing; clients send up to 30 reads at once.
const REQUESTS_MAX: usize = 32;
/// Trees of pipes in one conversation.
const PIPE_TREES_MAX: usize = 4;
/// First bytes of the versions.
const V1: &[u8; 4] = b"\xffSMB";
const V2: &[u8; 4] = b"\xfeSMB";
const ENCRYPTED: &[u8; 4] = b"\xfdSMB";
const COMPRESSED: &[u8; 4] = b"\xfcSMB";

/// One conversation.
#[derive(Default)]
struct Smb {
    encrypted_reported: bool,
    asked: Pending<u64, Asked, REQUESTS_MAX>,
    files: Files,
    /// Trees whose files are pipes.
    pipes: ArrayVec<u32, PIPE_TREES_MAX>,
    /// Content that goes on, of either side.
    passing: [Option<Passing>; 2],
}

/// What an answer does not repeat of its request.
#[derive(Default)]
struct Asked {
    name: Box<[u8]>,
    pipe: bool,
    file: u64,
    offset: u64,
}

impl Session for Smb {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if let Some(passing) = self.passing.get_mut(from.index()).and_then(Option::as_mut) {
            let count = self.files.more(passing, from, bytes, out);
            if passing.left > 0 {
                return Step::Read(count.max(1));
            }
            let count = count + passing.behind;
            self.gap(from);
            if count > 0 {
                return Step::Read(count);
            }
        }
        let mut reader = Reader::new(bytes);
        let (Some(kind), Some(length)) = (reader.u8(), reader.be24()) else {
            return Step::Need(FRAME_BYTES);
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let whole = FRAME_BYTES.saturating_add(length);
        match kind {
            0 if (4..=MESSAGE_BYTES_MAX).contains(&length) => {}
            0x81..=0x85 if length <= 80 => return netbios(bytes, whole, kind, out),
            _ => return Step::Lost,
        }
        let wanted = whole.min(WINDOW_BYTES);
        if bytes.len() < wanted {
            return Step::Need(wanted);
        }
        let rest = reader.rest();
        let message = rest.get(..length).unwrap_or(rest);
        match message.first_chunk::<4>() {
            Some(V2) => {
                let passing = v2::read(self, from, message, out);
                let more = whole.saturating_sub(bytes.len());
                let passing = passing.and_then(|passing| passing.within(more));
                if let (Some(_), Some(slot)) = (passing, self.passing.get_mut(from.index())) {
                    *slot = passing;
                    return Step::Read(bytes.len());
                }
            }
            Some(V1) => v1::read(message, out),
            Some(ENCRYPTED | COMPRESSED) => self.encrypted(out),
            _ => return Step::Lost,
        }
        Step::Read(whole)
    }

    fn gap(&mut self, from: Side) {
        if let Some(slot) = self.passing.get_mut(from.index()) {
            *slot = None;
        }
    }

    fn held_bytes(&self) -> usize {
        self.files.held_bytes()
    }
}

impl Smb {
    fn encrypted(&mut self, out: &mut dyn Sink) {
        if !self.encrypted_reported {
            self.encrypted_reported = true;
            let operation = codes::ENCRYPTED;
            out.message(&Message::new(Protocol::SMB, Kind::Notice, operation, operation.code));
        }
    }
}

/// A frame of the session service itself: request, answers, keep-alive (RFC 1002 4.3.1).
fn netbios(bytes: &[u8], whole: usize, kind: u8, out: &mut dyn Sink) -> Step {
    if bytes.len() < whole {
        return Step::Need(whole);
    }
    let part = match kind {
        0x81 => Kind::Request,
        0x85 => Kind::Notice,
        _ => Kind::Response,
    };
    out.message(&Message::new(Protocol::SMB, part, codes::NETBIOS, kind.into()));
    Step::Read(whole)
}

/// A frame with the name of SMB in it is beyond doubt. A request of the session service is so only
/// with a hint.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    match probe.bytes {
        [0, _, _, _, 0xff, b'S', b'M', b'B', rest @ ..] => match rest.get(5) {
            Some(flags) if flags & 0x80 != 0 => Guess::Yes(Some(Side::Server)),
            Some(_) => Guess::Yes(Some(Side::Client)),
            None => Guess::More,
        },
        [0, _, _, _, 0xfe, b'S', b'M', b'B', rest @ ..] => match rest.get(12) {
            Some(flags) if flags & 1 != 0 => Guess::Yes(Some(Side::Server)),
            Some(_) => Guess::Yes(Some(Side::Client)),
            None => Guess::More,
        },
        [0, _, _, _, 0xfc | 0xfd, b'S', b'M', b'B', ..] => Guess::Yes(None),
        [0x81, 0, 0, 68, 32, ..] if probe.hinted => Guess::Yes(Some(Side::Client)),
        [0x82, 0, 0, 0] if probe.hinted => Guess::Yes(Some(Side::Server)),
        [0] | [0, _] | [0, _, _] | [0, _, _, _] if probe.hinted => Guess::More,
        _ => Guess::No,
    }
}
