//! The bounds of everything that grows, and the count of what was shed at them.

/// Bounds of the tracker's tables.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Flows (one 5-tuple, or one pair of stations on a segment) followed at a time. At the bound
    /// the longest unused are let go. A flow with a session is about 700 bytes.
    pub flows_max: usize,
    /// Stations (addresses) remembered; further ones share one station without an address.
    pub stations_max: usize,
    /// Conversations remembered; further ones share one conversation per protocol.
    pub conversations_max: usize,
    /// Bytes of one direction kept for a message that is not complete: above the largest PDU of
    /// the protocols read (DCE/RPC and SMB 64 KiB, HTTP headers 64 KiB) with room for reordering.
    pub stream_bytes_max: usize,
    /// Segments of one direction kept while an earlier one is missing.
    pub late_segments_max: usize,
    /// Bytes that all flows together keep: sessions, incomplete messages, early segments. Past it
    /// the flow that keeps most of some is let go. A cell's traffic stays below 2 MiB.
    pub held_bytes_max: usize,
    /// Datagrams whose fragments are collected at a time.
    pub fragments_max: usize,
    /// A flow that is silent for this long is let go, in nanoseconds of capture time.
    pub idle_ns: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            flows_max: 32_768,
            stations_max: 65_536,
            conversations_max: 131_072,
            stream_bytes_max: 128 * 1024,
            late_segments_max: 32,
            held_bytes_max: 64 * 1024 * 1024,
            fragments_max: 64,
            idle_ns: 600 * plant::Time::SECOND_NS,
        }
    }
}

/// What was seen, and what had to be let go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Frames handled.
    pub frames: u64,
    /// Bytes of those frames as they were on the wire.
    pub bytes: u64,
    /// Frames whose link or IP header could not be read.
    pub undecoded: u64,
    /// Segments that brought nothing new.
    pub retransmitted: u64,
    /// Segments that came before an earlier one.
    pub reordered: u64,
    /// Gaps: bytes of a stream that never came.
    pub gaps: u64,
    /// Streams whose overlapping segments contradicted each other.
    pub contradictions: u64,
    /// Flows let go before their end, at the bound of their number or of what they keep.
    pub flows_shed: u64,
    /// Stations beyond the bound.
    pub stations_shed: u64,
    /// Conversations beyond the bound.
    pub conversations_shed: u64,
    /// Programs and transfers beyond their bounds.
    pub programs_shed: u64,
    /// Notes and announcements of conversations for others, let go at their bounds.
    pub notes_shed: u64,
    /// Fragmented datagrams that were never completed, or let go at the bound.
    pub fragments_shed: u64,
}
