//! Capture files: packets out of pcap and pcapng, up to the first damage.
//!
//! Both formats, both byte orders, micro- and nanoseconds, several interfaces, gzip and zstd. The
//! records are read by `pcap-parser`; the buffer is ours, so that the place of a damage is known
//! and a record with an absurd length cannot take the memory. Formats: the IETF drafts
//! `draft-ietf-opsawg-pcap` and `draft-ietf-opsawg-pcapng`.

mod buffer;
mod classic;
mod input;
mod next_generation;

use std::io::{self, Read};

use flow::LinkType;
use plant::Time;

use buffer::Buffer;

pub(crate) use input::{Input, expand};

/// Largest record that is believed: a maximal jumbo or offloaded frame with all its options is
/// below 1 MiB; Wireshark's own bound is 256 KiB of packet.
const RECORD_BYTES_MAX: usize = 4 * 1024 * 1024;

/// One packet of a capture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    pub(crate) time: Time,
    /// `None` if frames of its interface cannot be read.
    pub(crate) link: Option<LinkType>,
    pub(crate) bytes: &'a [u8],
    pub(crate) wire_bytes: u32,
}

/// Why reading stopped before the end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Damage {
    /// The bytes contradict the format.
    #[error("{what} at byte {offset}")]
    Format { what: &'static str, offset: u64 },
    /// The file ends inside a record.
    #[error("the file ends in the middle of a record that begins at byte {offset}")]
    Cut { offset: u64 },
    /// The compressed stream or the disk failed.
    #[error("cannot read on after byte {offset}: {source}")]
    Read { offset: u64, source: io::Error },
    /// Not a capture at all.
    #[error("this is not a capture file (neither pcap nor pcapng)")]
    NotACapture,
}

enum Format {
    Classic(classic::Header),
    NextGeneration(next_generation::Section),
}

/// An open capture.
pub(crate) struct Capture {
    buffer: Buffer,
    format: Format,
}

impl Capture {
    /// Reads the header of a capture.
    pub(crate) fn open(source: Box<dyn Read>) -> Result<Self, Damage> {
        let mut buffer = Buffer::new(source, RECORD_BYTES_MAX);
        buffer.want(24)?;
        let format = match buffer.bytes() {
            [0x0a, 0x0d, 0x0d, 0x0a, ..] => {
                Format::NextGeneration(next_generation::Section::default())
            }
            _ => Format::Classic(classic::Header::read(&mut buffer)?),
        };
        Ok(Self { buffer, format })
    }

    /// The next packet, `None` at the end.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Record<'_>>, Damage> {
        match &mut self.format {
            Format::Classic(header) => header.next(&mut self.buffer),
            Format::NextGeneration(section) => section.next(&mut self.buffer),
        }
    }
}

#[cfg(test)]
mod tests;
