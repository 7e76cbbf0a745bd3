//! Calls that do not fit one datagram: fragments put together again.
//!
//! One call at a time and side, in order; fragments of an older or repeated number are passed over.
//! A call is dropped, and said to be, when a fragment is missing or it passes [`CALL_MAX_BYTES`].
//! The buffer is kept from call to call. Source: C706 clause 10.2 (fragmentation).

use super::rpc::Header;
use crate::message::Anomaly;

/// A fragment of a call that is not at hand.
pub(super) const MISSING: Anomaly = Anomaly::oddity("fragment of the call is missing");

/// Largest call: 64 KiB, twice what devices announce for MaxRecordSize (GSDML: 4068 to 32768).
const CALL_MAX_BYTES: usize = 64 * 1024;

/// The fragments of one call.
#[derive(Default)]
pub(super) struct Assembly {
    /// Activity and sequence number of the call, and the fragment that is next.
    call: Option<(u128, u32, u16)>,
    bytes: Vec<u8>,
}

/// What a fragment led to.
pub(super) enum Next<'a> {
    /// More fragments are to come, or this one was seen before.
    Wait,
    /// It was the last one.
    Whole(&'a [u8]),
    /// The call cannot be read.
    Lost,
}

impl Assembly {
    /// Adds a fragment.
    pub(super) fn add(&mut self, header: &Header, body: &[u8]) -> Next<'_> {
        let id = (header.activity.0, header.sequence);
        let next = match self.call {
            _ if header.fragment == 0 => {
                self.bytes.clear();
                0
            }
            Some((activity, sequence, next)) if (activity, sequence) == id => next,
            // the rest of a call that was given up, or whose start was not seen
            _ if header.is_last() => return Next::Lost,
            _ => return Next::Wait,
        };
        if header.fragment < next {
            return Next::Wait;
        }
        if header.fragment > next || self.bytes.len() + body.len() > CALL_MAX_BYTES {
            self.clear();
            return if header.is_last() { Next::Lost } else { Next::Wait };
        }
        self.bytes.extend_from_slice(body);
        if header.is_last() {
            self.call = None;
            return Next::Whole(&self.bytes);
        }
        self.call = Some((id.0, id.1, next.saturating_add(1)));
        Next::Wait
    }

    pub(super) const fn held_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    /// Gives up the call at hand.
    pub(super) fn clear(&mut self) {
        self.call = None;
        self.bytes.clear();
    }
}
