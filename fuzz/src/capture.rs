//! A whole capture file of arbitrary bytes: the readers of both formats, link and IP decode,
//! fragments, reassembly, identification, and every dissector that it leads to.
//!
//! What must hold: no panic, and every message can be shown.
#![no_main]

#[path = "../../crates/cli/src/capture/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the reader is used as it is, not all of it")]
mod capture;

use std::io::Cursor;

use flow::{Frame, Limits, Observer, Seen, Tracker, World};
use libfuzzer_sys::fuzz_target;

/// Shows every message.
struct Shown(u64);

impl Observer for Shown {
    fn message(&mut self, _: &World, seen: &Seen<'_>) {
        self.0 += seen.message.to_string().len() as u64;
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(mut capture) = capture::Capture::open(Box::new(Cursor::new(data.to_vec()))) else {
        return;
    };
    let mut tracker = Tracker::new(Limits::default(), &[], 7);
    let mut shown = Shown(0);
    let mut number = 0;
    while let Ok(Some(record)) = capture.next() {
        number += 1;
        let Some(link) = record.link else { continue };
        let frame = Frame {
            number,
            time: record.time,
            link,
            bytes: record.bytes,
            wire_bytes: record.wire_bytes,
        };
        tracker.handle_frame(&frame, &mut shown);
    }
    tracker.finish(&mut shown);
});
