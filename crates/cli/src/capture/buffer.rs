//! A window over a stream that always shows whole records.

use std::io::{ErrorKind, Read};

use super::Damage;

/// Bytes asked for at a time: large enough that reads cost nothing beside the packets in them,
/// small enough to stay in the second-level cache.
const CHUNK_BYTES: usize = 256 * 1024;

pub(super) struct Buffer {
    source: Box<dyn Read>,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes of the stream before `start`.
    passed: u64,
    bytes_max: usize,
    ended: bool,
}

impl Buffer {
    pub(super) fn new(source: Box<dyn Read>, bytes_max: usize) -> Self {
        let bytes = vec![0; CHUNK_BYTES * 2];
        Self { source, bytes, start: 0, end: 0, passed: 0, bytes_max, ended: false }
    }

    /// What is at hand.
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Place in the stream of the first byte at hand.
    pub(super) const fn offset(&self) -> u64 {
        self.passed
    }

    /// Passes over `count` bytes that are at hand, and shows them.
    #[inline]
    pub(super) fn pass(&mut self, count: usize) -> &[u8] {
        let from = self.start;
        self.start = (from + count).min(self.end);
        self.passed += (self.start - from) as u64;
        self.bytes.get(from..self.start).unwrap_or_default()
    }

    /// Reads on until `count` bytes are at hand; `false` if the stream ends before.
    pub(super) fn want(&mut self, count: usize) -> Result<bool, Damage> {
        let offset = self.passed;
        if count > self.bytes_max {
            return Err(Damage::Format { what: "a record with an impossible length", offset });
        }
        while self.end - self.start < count && !self.ended {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
            if self.bytes.len() < count + CHUNK_BYTES {
                self.bytes.resize(count + CHUNK_BYTES, 0);
            }
            let space = self.bytes.get_mut(self.end..).unwrap_or_default();
            match self.source.read(space) {
                Ok(0) => self.ended = true,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(source) => return Err(Damage::Read { offset, source }),
            }
        }
        Ok(self.end - self.start >= count)
    }
}
