//! One dissector under arbitrary conversations. Which one: `LIGHTCURTAIN_PROTOCOL`.
//!
//! The input is a list of chunks: two bytes of head (top bit: the server sent it; next bit: bytes
//! were lost before it; twelve bits of length), then the bytes. What must hold: no panic, every
//! read at least one byte long, every wish for more larger than what is there, and every message
//! can be shown.
#![no_main]

use std::fmt::Write as _;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wire::{Message, Protocol, Side, Sink, Step};

/// What waits for more bytes is bounded, as `flow` bounds it.
const PARTIAL_BYTES_MAX: usize = 1 << 16;

static PROTOCOL: LazyLock<Protocol> = LazyLock::new(|| {
    let name = std::env::var("LIGHTCURTAIN_PROTOCOL").unwrap_or_else(|_| "modbus".to_owned());
    Protocol::by_name(&name).expect("LIGHTCURTAIN_PROTOCOL names a protocol")
});

/// Shows every message, so that whatever is rendered late is rendered here.
struct Shown(String);

impl Sink for Shown {
    fn message(&mut self, message: &Message<'_>) {
        self.0.clear();
        write!(self.0, "{message}").expect("a message can be shown");
        for fact in message.facts {
            if let wire::Fact::Identity { value, .. } = fact {
                write!(self.0, "{value}").expect("a fact can be shown");
            }
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let mut session = (PROTOCOL.entry().open)();
    let mut partial = [Vec::new(), Vec::new()];
    let mut out = Shown(String::new());
    let mut rest = data;
    while let [high, low, after @ ..] = rest {
        let head = u16::from_be_bytes([*high, *low]);
        let (bytes, next) = after.split_at(usize::from(head & 0x0fff).min(after.len()));
        rest = next;
        let (side, place) = if head & 0x8000 == 0 { (Side::Client, 0) } else { (Side::Server, 1) };
        if head & 0x4000 != 0 {
            session.gap(side);
            partial[place].clear();
        }
        partial[place].extend_from_slice(bytes);
        while !partial[place].is_empty() {
            match session.parse(side, &partial[place], &mut out) {
                Step::Read(read) => {
                    assert!(read > 0, "a PDU has at least one byte");
                    partial[place].drain(..read.min(partial[place].len()));
                }
                Step::Need(need) => {
                    assert!(need > partial[place].len(), "so many bytes are there");
                    break;
                }
                Step::Lost => partial[place].clear(),
            }
        }
        if partial[place].len() > PARTIAL_BYTES_MAX {
            partial[place].clear();
        }
    }
});
