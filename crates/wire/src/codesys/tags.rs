//! Tags: the content of CODESYS services.
//!
//! ```text
//! id, 7 bits a byte, least significant first; bit 7 says that more follow
//! length of the content, likewise · content
//! ```
//! An id of 0x80 and more has tags as its content. Ids and lengths may be written longer than they
//! need, to align what follows. Source: CmpBinTagUtilItf of the CODESYS runtime, CoDe16.

use crate::Reader;

/// One tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub(super) id: u32,
    pub(super) content: &'a [u8],
}

impl Tag<'_> {
    /// Its content as a number, least significant byte first; of at most 4 bytes.
    pub(super) fn number(&self) -> Option<u32> {
        if self.content.is_empty() || self.content.len() > 4 {
            return None;
        }
        Some(self.content.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }
}

/// The tags of some content, one after the other, up to the first that is cut short.
#[derive(Clone, Copy)]
pub(super) struct Tags<'a>(pub(super) Reader<'a>);

impl<'a> Tags<'a> {
    pub(super) const fn new(content: &'a [u8]) -> Self {
        Self(Reader::new(content))
    }

    /// The first tag `id`.
    pub(super) fn find(mut self, id: u32) -> Option<Tag<'a>> {
        Iterator::find(&mut self, |tag| tag.id == id)
    }

    /// The first tag `id` among those inside the first tag `parent`.
    pub(super) fn inside(self, parent: u32, id: u32) -> Option<Tag<'a>> {
        Self::new(self.find(parent)?.content).find(id)
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        let tag = number(&mut self.0).and_then(|id| {
            let length = usize::try_from(number(&mut self.0)?).ok()?;
            Some(Tag { id, content: self.0.take(length)? })
        });
        if tag.is_none() {
            self.0 = Reader::new(&[]);
        }
        tag
    }
}

/// A number of at most 32 bits in at most 6 bytes.
fn number(reader: &mut Reader<'_>) -> Option<u32> {
    let mut number = 0_u64;
    for place in 0..6 {
        let byte = reader.u8()?;
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return u32::try_from(number).ok();
        }
    }
    None
}
