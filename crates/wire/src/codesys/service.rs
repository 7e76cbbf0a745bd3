//! The head of a CODESYS service, and what its tags say.
//!
//! ```text
//! 0-1   55 cd, or 57 75 if the content is encrypted
//! 2-3   length of the head behind these 4 bytes: 12 or 16
//! 4-5   group; 0x80 marks answers
//! 6-7   service
//! 8-11  session · 12-15 length of the content · 16-19 in heads of 16: more data; then tags
//! ```
//! Sources: CmpSrvItf, CmpDeviceItf, CmpAppItf and CmpPlcShellItf of the CODESYS runtime, CoDe16.

use super::codes;
use super::tags::{Tag, Tags};
use crate::message::Outcome;
use crate::{Reader, Text};

/// Marks answers in the group.
const REPLY: u16 = 0x80;
/// Tag of a general error, and of the result of a service.
const TAG_ERROR: u32 = 0xff7f;
const TAG_RESULT: u32 = 0x01;

/// One service.
#[derive(Clone, Copy)]
pub(super) struct Service<'a> {
    pub(super) encrypted: bool,
    pub(super) reply: bool,
    pub(super) group: u16,
    pub(super) id: u16,
    pub(super) content: &'a [u8],
    /// Whether the content is as long as the head says.
    pub(super) exact: bool,
}

impl<'a> Service<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let encrypted = match reader.le16()? {
            0xcd55 => false,
            0x7557 => true,
            _ => return None,
        };
        let head = usize::from(reader.le16()?);
        let (group, id) = (reader.le16()?, reader.le16()?);
        let _session = reader.le32()?;
        let length = reader.le32()?;
        reader.skip(head.checked_sub(12)?)?;
        let length = usize::try_from(length).ok()?;
        let exact = reader.len() == length;
        let content = reader.take(length).unwrap_or(reader.rest());
        let (reply, group) = (group & REPLY != 0, group & !REPLY);
        Some(Self { encrypted, reply, group, id, content, exact })
    }

    pub(super) const fn code(&self) -> u32 {
        (self.group as u32) << 16 | self.id as u32
    }

    pub(super) const fn tags(&self) -> Tags<'a> {
        Tags::new(if self.encrypted { &[] } else { self.content })
    }

    /// How an answer says that it ended.
    pub(super) fn outcome(&self) -> Outcome {
        if !self.reply {
            return Outcome::Open;
        }
        let tags = self.tags();
        let short = |tag: &Tag<'_>| tag.content.len() == 2;
        let result = match (self.group, self.id) {
            (codes::SG_DEVICE, 0x02) => tags.inside(0x82, 0x20),
            (codes::SG_FILE_TRANSFER, 0x02 | 0x03 | 0x05 | 0x06) => tags.inside(0x84, 0x08),
            (codes::SG_FILE_TRANSFER, _) => tags.find(0x08).filter(short),
            (codes::SG_DEVICE | codes::SG_APPLICATION, _) => tags.find(TAG_RESULT).filter(short),
            _ => None,
        };
        let code = tags.find(TAG_ERROR).or(result).and_then(|tag| tag.number()).unwrap_or(0);
        Outcome::from_code(code, codes::error(code))
    }

    /// The text that a request names: who logs in, which application, which file, which command.
    pub(super) fn named(&self) -> Option<Text<'a>> {
        let tags = self.tags();
        let tag = match (self.group, self.id) {
            (codes::SG_DEVICE, 0x02) => tags.inside(0x81, 0x10),
            (codes::SG_DEVICE, 0x09) => tags.find(0x58),
            (codes::SG_APPLICATION, 0x01..=0x04 | 0x08 | 0x23..=0x29) => tags.inside(0x81, 0x10),
            (codes::SG_FILE_TRANSFER, 0x0c | 0x10..=0x12) => tags.find(0x0b),
            (codes::SG_FILE_TRANSFER, 0x01..=0x03 | 0x05 | 0x06 | 0x0a | 0x0b | 0x0e | 0x0f) => {
                tags.find(0x01)
            }
            (codes::SG_PLCSHELL, 0x01) => tags.find(0x10),
            _ => None,
        };
        tag.map(|tag| Text::trimmed(tag.content)).filter(|text| !text.0.is_empty())
    }

    /// Which reset is asked for.
    pub(super) fn reset(&self) -> Option<&'static str> {
        let option = self
            .tags()
            .find(0x10)
            .filter(|_| (self.group, self.id, self.reply) == (codes::SG_APPLICATION, 0x12, false));
        option.and_then(|tag| tag.number()).map(codes::reset).filter(|name| !name.is_empty())
    }

    /// Whether a login carries a secret that a listener can take back: XOR with a known key
    /// (CmpDeviceItf, crypt types).
    pub(super) fn readable_secret(&self) -> bool {
        self.tags().inside(0x81, 0x11).is_some()
            && self.tags().find(0x22).and_then(|tag| tag.number()) == Some(1)
    }
}
