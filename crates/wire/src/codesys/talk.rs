//! What a channel is about: who logged in, the application, and the file that is on its way.
//!
//! Starts of transfers name the file, blocks carry its bytes, and only the start's answer or file
//! information says how long it is. Source: CmpFileTransferItf of the CODESYS runtime ("FileInfo":
//! CRC-32 and size); where the bytes stand in answers, CoDe16. A download of an application is
//! all tags of its services but session and sequence number.

use arrayvec::ArrayString;

use super::codes;
use super::service::Service;
use super::tags::{Tag, Tags};
use crate::piece::{Part, Piece, program_kind};
use crate::session::Side;
use crate::{Reader, Text};

/// Longest name of a file or application that is kept.
const NAME_BYTES: usize = 128;
/// Channels that are remembered; a runtime offers few (CmpChannelServer, 4 by default).
const TALKS: usize = 8;

/// A name, as far as it is kept.
pub(super) type Name = ArrayString<NAME_BYTES>;

/// `text` without what does not fit.
fn name(text: Text<'_>) -> Name {
    let mut name = Name::new();
    // What does not fit is not written, and that is no fault.
    let _ = std::fmt::Write::write_fmt(&mut name, format_args!("{}", Text::clipped(text.0, 96)));
    name
}

/// What is known of one channel.
#[derive(Default)]
pub(super) struct Talk {
    channel: Option<u16>,
    /// A login without a user name waits for its answer.
    pub(super) anonymous: bool,
    pub(super) application: Name,
    pub(super) file: Name,
    /// Who receives the file.
    to: Option<Side>,
    /// Bytes that its start announced, and that have passed.
    size: Option<u64>,
    passed: u64,
    /// Services of a download of an application were seen.
    downloading: bool,
}

impl Talk {
    /// Follows a service: what it begins and what it ends.
    pub(super) fn follow(&mut self, service: &Service<'_>) {
        match (service.group, service.id, service.reply) {
            (codes::SG_DEVICE, 0x02, false) => self.anonymous = service.named().is_none(),
            (codes::SG_APPLICATION, 0x01 | 0x03, false) => {
                if let Some(text) = service.named() {
                    self.application = name(text);
                }
                self.downloading = false;
            }
            (codes::SG_FILE_TRANSFER, 0x02 | 0x03 | 0x05 | 0x06, false) => {
                self.file = service.named().map(name).unwrap_or_default();
                self.to = Some(if service.id < 0x05 { Side::Server } else { Side::Client });
                self.size = size(service.tags());
                self.passed = 0;
            }
            (codes::SG_FILE_TRANSFER, 0x05 | 0x06, true) => {
                let started = service.tags().find(0x84).map(|tag| Tags::new(tag.content));
                self.size = started.and_then(size);
            }
            (codes::SG_FILE_TRANSFER, 0x09, false) => self.to = None,
            _ => {}
        }
    }

    /// The piece that a service carries.
    pub(super) fn piece<'a>(&'a mut self, service: &Service<'a>) -> Option<Piece<'a>> {
        match (service.group, service.id, service.reply) {
            (codes::SG_FILE_TRANSFER, 0x04, false) if self.to == Some(Side::Server) => {
                self.bytes(data(service)?)
            }
            (codes::SG_FILE_TRANSFER, 0x07, true) if self.to == Some(Side::Client) => {
                self.bytes(data(service)?)
            }
            (codes::SG_FILE_TRANSFER, 0x08, false) => {
                let to = self.to.take().filter(|_| self.passed > 0)?;
                Some(self.carry(to, &[], Part::Last))
            }
            (codes::SG_APPLICATION, 0x05 | 0x06 | 0x30 | 0x34, false) => {
                let tags = service.tags();
                let last = tags.into_iter().any(|tag| matches!(tag.id, 0x06 | 0x86));
                let first = !std::mem::replace(&mut self.downloading, !last);
                Some(Piece {
                    transfer: 0x0001_0000 | u32::from(self.channel.unwrap_or(0)),
                    kind: "CODESYS application",
                    name: &self.application,
                    to: Side::Server,
                    offset: None,
                    bytes: code(service.content),
                    part: match (first, last) {
                        (true, true) => Part::Whole,
                        (true, false) => Part::First,
                        (false, true) => Part::Last,
                        (false, false) => Part::Next,
                    },
                })
            }
            _ => None,
        }
    }

    fn bytes<'a>(&'a mut self, bytes: &'a [u8]) -> Option<Piece<'a>> {
        let to = self.to?;
        let first = self.passed == 0;
        self.passed = self.passed.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let last = self.size.is_some_and(|size| self.passed >= size);
        if last {
            self.to = None;
        }
        let part = match (first, last) {
            (true, true) => Part::Whole,
            (true, false) => Part::First,
            (false, true) => Part::Last,
            (false, false) => Part::Next,
        };
        Some(self.carry(to, bytes, part))
    }

    fn carry<'a>(&'a self, to: Side, bytes: &'a [u8], part: Part) -> Piece<'a> {
        let kind = program_kind(&self.file).unwrap_or("file");
        let transfer = u32::from(self.channel.unwrap_or(0));
        Piece { transfer, kind, name: &self.file, to, offset: None, bytes, part }
    }
}

/// The size in a file information: CRC-32 and size.
fn size(tags: Tags<'_>) -> Option<u64> {
    let mut info = Reader::new(tags.find(0x02)?.content);
    info.skip(4)?;
    info.le32().filter(|size| *size > 0).map(u64::from)
}

/// The bytes of a file: as many as the data size says, from the end of the data.
fn data<'a>(service: &Service<'a>) -> Option<&'a [u8]> {
    let tags = service.tags();
    let data = tags.find(0x05).or_else(|| tags.find(0x07))?;
    let Some(size) = tags.find(0x06).and_then(|tag| tag.number()) else {
        return Some(data.content);
    };
    let start = data.content.len().checked_sub(usize::try_from(size).ok()?)?;
    data.content.get(start..).filter(|bytes| !bytes.is_empty())
}

/// The tags of a download from the first that says more than session and sequence number.
fn code(content: &[u8]) -> &[u8] {
    let mut tags = Tags::new(content);
    let mut rest = content;
    while let Some(Tag { id: 0x00 | 0x09 | 0x11, .. }) = tags.next() {
        rest = tags.0.rest();
    }
    rest
}

/// What is known of the channels.
#[derive(Default)]
pub(super) struct Talks {
    talks: [Talk; TALKS],
    next: usize,
}

impl Talks {
    /// What is known of `channel`; a new one takes the place of the oldest.
    pub(super) fn of(&mut self, channel: u16) -> Option<&mut Talk> {
        let known = self.talks.iter().position(|talk| talk.channel == Some(channel));
        let place = known.unwrap_or_else(|| {
            let place = self.next;
            self.next = (place + 1) % TALKS;
            place
        });
        let talk = self.talks.get_mut(place)?;
        if known.is_none() {
            *talk = Talk { channel: Some(channel), ..Talk::default() };
        }
        Some(talk)
    }

    pub(super) fn close(&mut self, channel: u16) {
        if let Some(talk) = self.talks.iter_mut().find(|talk| talk.channel == Some(channel)) {
            *talk = Talk::default();
        }
    }
}
