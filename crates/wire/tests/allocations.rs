//! Reading allocates nothing in steady state, and a session says how much it holds: counted by an
//! allocator that counts.

#![cfg(test)]

#[path = "../samples/mod.rs"]
mod samples;

use wire::{Message, Protocol, Session, Side, Sink};

use samples::endless::{WORST, Worst, variants};

/// Protocols whose samples allocate at every round, how often, and why that is right.
const ALLOWED: &[(Protocol, u64, &str)] = &[
    (Protocol::UR_RTDE, 4, "every round sets recipes up anew; data after that costs nothing"),
    (Protocol::ABB_RWS, 3, "each file that crosses is followed in a box of its own"),
    (Protocol::SSH, 1, "the offer of one side is kept until the other has made its own"),
    (Protocol::RDP, 1, "a conversation that goes on as TLS gets a session of it"),
];

/// More than any session needs: the largest put PDUs of 64 KiB together in each direction.
const SESSION_BYTES_MAX: usize = 512 * 1024;
/// Rounds of each changed sample, and how many of them are looked at here: every one is by
/// `cargo xtask bench memory`.
const ROUNDS: u32 = 12;
const EVERY: usize = 7;
/// Parts of each stream that never ends.
const PARTS: u32 = 300;

/// Takes messages and says nothing of them.
struct Silence;

impl Sink for Silence {
    fn message(&mut self, message: &Message<'_>) {
        std::hint::black_box(message);
    }
}

#[test]
fn parse_allocates_nothing_after_the_first_rounds() {
    let mut wrong = Vec::new();
    for sample in samples::all().unwrap() {
        let mut session = sample.open();
        (0..8).for_each(|_| sample.round(&mut session, &mut Silence));
        let mut count = 0;
        for _ in 0..100 {
            if sample.once {
                session = sample.open();
            }
            let counted = allocation_counter::measure(|| sample.feed(&mut *session, &mut Silence));
            count += counted.count_total;
        }
        let allowed = ALLOWED.iter().filter(|(protocol, ..)| *protocol == sample.protocol);
        let allowed = allowed.map(|(_, each, _)| each * 100).sum::<u64>();
        if count > allowed {
            wrong.push(format!("{}: {count} times", sample.protocol));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A session beside the count of what it really holds.
struct Weighed {
    session: Box<dyn Session>,
    live: i64,
    /// Most that it said it held, and most that it held without saying.
    most: usize,
    hidden: i64,
}

impl Weighed {
    fn new(protocol: Protocol) -> Self {
        let mut session = None;
        let open = || session = Some((protocol.entry().open)());
        let live = allocation_counter::measure(open).bytes_current;
        let session = session.unwrap();
        Self { session, live, most: 0, hidden: 0 }
    }

    fn feed(&mut self, side: Side, bytes: &[u8]) {
        let session = &mut *self.session;
        let feed = || samples::feed(session, side, bytes, &mut Silence);
        self.live += allocation_counter::measure(feed).bytes_current;
        let said = size_of_val(&*self.session) + self.session.held_bytes();
        self.most = self.most.max(said);
        self.hidden = self.hidden.max(self.live - i64::try_from(said).unwrap());
    }
}

/// Said with the protocol if a session hides what it holds, or holds more than any needs.
fn judge(weighed: &Weighed, what: &str) -> Option<String> {
    let Weighed { most, hidden, .. } = weighed;
    let fine = *hidden <= 0 && *most <= SESSION_BYTES_MAX;
    (!fine).then(|| format!("{what}: says {most} bytes at most, hides {hidden}"))
}

#[test]
fn sessions_say_what_they_hold_whatever_changes_in_their_messages() {
    let mut wrong = Vec::new();
    for sample in samples::all().unwrap() {
        let mut parts = sample.parts.clone();
        let mut weighed = Weighed::new(sample.carrier);
        for (number, variant) in variants(&sample).step_by(EVERY).enumerate() {
            if number % 64 == 0 {
                weighed = Weighed::new(sample.carrier);
            }
            for round in 0..ROUNDS {
                variant.round(&mut parts, round, |side, bytes| weighed.feed(side, bytes));
            }
            if let Some(said) = judge(&weighed, sample.protocol.name()) {
                wrong.push(format!("{said}, {variant:?}"));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn streams_that_never_end_are_held_in_bounds() {
    let mut wrong = Vec::new();
    for worst in WORST {
        let protocol = Protocol::by_name(worst.protocol).unwrap();
        let samples = samples::all().unwrap();
        let carrier = samples.iter().find(|sample| sample.protocol == protocol).unwrap().carrier;
        let mut weighed = Weighed::new(carrier);
        let mut bytes = Vec::new();
        for number in 0..PARTS {
            bytes.clear();
            let side = (worst.next)(number, &mut bytes);
            weighed.feed(side, &bytes);
        }
        let Worst { about, holds_min, .. } = worst;
        wrong.extend(judge(&weighed, &format!("{protocol}, {about}")));
        if weighed.most < *holds_min {
            wrong.push(format!("{protocol}, {about}: only {} bytes are held", weighed.most));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
