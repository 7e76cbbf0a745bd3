//! What every dissector reads in a second on one core, over the samples: `cargo xtask bench wire`.
//!
//! A round is all samples of one protocol. Rounds run in short batches and the fastest batch
//! counts, so that other work on the machine does not. Messages go to a sink that looks at
//! nothing, as most of a cell's traffic does. Prints one line for each protocol: its name,
//! messages and bytes of a round, nanoseconds of a round.

#![expect(clippy::print_stdout, reason = "a benchmark talks on standard output")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads a clock")]

#[path = "../samples/mod.rs"]
mod samples;

use std::hint::black_box;
use std::time::{Duration, Instant};

use samples::Sample;
use wire::{Message, Protocol, Session, Sink};

/// Long enough for the clock, short enough to fall between what else runs.
const BATCH: Duration = Duration::from_millis(2);
/// How long one protocol is looked at.
const EACH: Duration = Duration::from_millis(300);

#[derive(Default)]
struct Count(u64);

impl Sink for Count {
    fn message(&mut self, message: &Message<'_>) {
        black_box(message);
        self.0 += 1;
    }
}

/// The samples of one protocol with a session for each.
struct Bench<'a>(Vec<(&'a Sample, Box<dyn Session>)>);

impl<'a> Bench<'a> {
    fn new(samples: &'a [Sample], protocol: Protocol) -> Self {
        let own = samples.iter().filter(|sample| sample.protocol == protocol);
        Self(own.map(|sample| (sample, sample.open())).collect())
    }

    fn round(&mut self, out: &mut Count) {
        for (sample, session) in &mut self.0 {
            sample.round(session, out);
        }
    }

    fn batch(&mut self, rounds: u32, out: &mut Count) -> Duration {
        let start = Instant::now();
        (0..rounds).for_each(|_| self.round(out));
        start.elapsed()
    }

    /// Messages and nanoseconds of one round.
    fn measure(&mut self) -> (f64, f64) {
        let mut count = Count::default();
        let mut rounds = 8;
        while self.batch(rounds, &mut count) < BATCH {
            rounds *= 2;
        }
        count.0 = 0;
        let (start, mut best, mut batches) = (Instant::now(), Duration::MAX, 0_u32);
        while start.elapsed() < EACH {
            best = best.min(self.batch(rounds, &mut count));
            batches += 1;
        }
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52 messages")]
        let messages = count.0 as f64 / f64::from(batches) / f64::from(rounds);
        (messages, best.as_secs_f64() * 1e9 / f64::from(rounds))
    }
}

fn main() -> Result<(), String> {
    let samples = samples::all()?;
    for protocol in Protocol::all() {
        let mut bench = Bench::new(&samples, protocol);
        let bytes: usize = bench.0.iter().map(|(sample, _)| sample.bytes()).sum();
        if bytes > 0 {
            let (messages, ns) = bench.measure();
            println!("{protocol}\t{messages:.2}\t{bytes}\t{ns:.1}");
        }
    }
    Ok(())
}
