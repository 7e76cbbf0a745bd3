//! Captures through the tracker: progress on a terminal, Ctrl-C, and damage that is reported.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{IsTerminal as _, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use flow::{Frame, Limits, Observer, Tracker};
use indicatif::{ProgressBar, ProgressStyle};

use crate::args::Source;
use crate::capture::{self, Capture, Damage, Input};

/// What was read, beside what the tracker knows.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    /// Captures that were opened, by name.
    pub(crate) captures: Vec<String>,
    /// What is wrong with which capture.
    pub(crate) damage: Vec<(String, String)>,
    /// Frames of link types that cannot be read.
    pub(crate) unsupported: u64,
    /// The user stopped the reading.
    pub(crate) interrupted: bool,
}

/// Files below this size are read before a bar could be seen.
const PROGRESS_BYTES_MIN: u64 = 64 * 1024 * 1024;
/// Frames between two moves of the bar.
const GLANCE_FRAMES: u64 = 1 << 14;

/// Reads all captures of `source` into a tracker. Fails if none of them can be used.
pub(crate) fn read<O: Observer>(
    source: &Source,
    observer: &mut O,
) -> anyhow::Result<(Tracker, Intake)> {
    let inputs = capture::expand(&source.captures)?;
    let seed = RandomState::new().hash_one(0);
    let mut reading = Reading {
        tracker: Tracker::new(Limits::default(), &source.port, seed),
        intake: Intake::default(),
        frames: 0,
        window: source.from_frame..=source.to_frame,
        read: Arc::default(),
        bar: progress(&inputs),
        stop: stop_on_interrupt(),
    };
    let mut unusable = Vec::new();
    for input in &inputs {
        match reading.capture(input, observer) {
            Ok(()) => reading.intake.captures.push(input.name()),
            Err(error) => unusable.push((input.name(), format!("{error:#}"))),
        }
        if reading.intake.interrupted {
            break;
        }
    }
    if let (true, Some((name, why))) = (reading.intake.captures.is_empty(), unusable.first()) {
        anyhow::bail!("cannot use `{name}`: {why}");
    }
    reading.intake.damage.extend(unusable);
    if let Some(bar) = reading.bar {
        bar.finish_and_clear();
    }
    reading.tracker.finish(observer);
    Ok((reading.tracker, reading.intake))
}

struct Reading {
    tracker: Tracker,
    intake: Intake,
    frames: u64,
    window: std::ops::RangeInclusive<u64>,
    read: Arc<AtomicU64>,
    bar: Option<ProgressBar>,
    stop: Arc<AtomicBool>,
}

impl Reading {
    fn capture<O: Observer>(&mut self, input: &Input, observer: &mut O) -> anyhow::Result<()> {
        let mut capture = Capture::open(input.open(&self.read)?)?;
        loop {
            let record = match capture.next() {
                Ok(Some(record)) => record,
                Ok(None) => return Ok(()),
                Err(damage) => {
                    self.damaged(input, &damage);
                    return Ok(());
                }
            };
            self.frames += 1;
            match record.link {
                Some(link) if self.window.contains(&self.frames) => {
                    let frame = Frame {
                        number: self.frames,
                        time: record.time,
                        link,
                        bytes: record.bytes,
                        wire_bytes: record.wire_bytes,
                    };
                    self.tracker.handle_frame(&frame, observer);
                }
                Some(_) => {}
                None => self.intake.unsupported += 1,
            }
            // Looked at with every frame, for on a live pipe the next may be long in coming.
            self.intake.interrupted = self.stop.load(Ordering::Relaxed);
            if self.intake.interrupted || self.frames >= *self.window.end() {
                return Ok(());
            }
            if self.frames.is_multiple_of(GLANCE_FRAMES)
                && let Some(bar) = &self.bar
            {
                bar.set_position(self.read.load(Ordering::Relaxed));
            }
        }
    }

    fn damaged(&mut self, input: &Input, damage: &Damage) {
        let after = format!("{damage}; the {} frames before it were read", self.frames);
        self.intake.damage.push((input.name(), after));
    }
}

fn progress(inputs: &[Input]) -> Option<ProgressBar> {
    let bytes: u64 = inputs.iter().map(Input::bytes).sum();
    if bytes < PROGRESS_BYTES_MIN || !stderr().is_terminal() {
        return None;
    }
    let style = ProgressStyle::with_template(
        "reading {bar:40} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left",
    );
    Some(ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
}

/// A flag that Ctrl-C sets; a second Ctrl-C ends the process as always.
fn stop_on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // If no handler can be set, Ctrl-C simply ends the process.
    let _ = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    stop
}
