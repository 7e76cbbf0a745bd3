//! Messages in several chunks, put together again.
//!
//! One message at a time and side: chunks of one message follow each other. What passes
//! [`MESSAGE_BYTES_MAX`] is cut off and said to be; the start, which names what a request acts on,
//! is kept. The buffer is kept from message to message. Source: Part 6 6.7.2.

/// Most bytes kept of a message: 128 KiB, some thousand nodes.
const MESSAGE_BYTES_MAX: usize = 128 * 1024;

/// The chunks of one message.
#[derive(Default)]
pub(super) struct Assembly {
    id: Option<u32>,
    bytes: Vec<u8>,
    cut: bool,
}

impl Assembly {
    /// Whether the start of message `id` is at hand.
    pub(super) fn holds(&self, id: u32) -> bool {
        self.id == Some(id)
    }

    /// Adds a chunk; of another message than before it begins anew.
    pub(super) fn add(&mut self, id: u32, body: &[u8], cut: bool) {
        if !self.holds(id) {
            self.clear();
            self.id = Some(id);
        }
        let room = MESSAGE_BYTES_MAX.saturating_sub(self.bytes.len());
        // behind a place where something is missing nothing can be read
        let kept = if self.cut { &[] } else { body.get(..room).unwrap_or(body) };
        self.cut |= cut || kept.len() < body.len();
        self.bytes.extend_from_slice(kept);
    }

    /// What is kept of the message.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Bytes on the heap.
    pub(super) const fn held_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    /// Whether some of it is not kept.
    pub(super) const fn cut(&self) -> bool {
        self.cut
    }

    /// Gives up the message at hand.
    pub(super) fn clear(&mut self) {
        self.id = None;
        self.cut = false;
        self.bytes.clear();
    }
}
