//! What tshark says of a capture when it is run on it: the fields of every message.
//!
//! tshark is optional: where it is absent the comparisons are left out, and said to be. A protocol
//! is a [`Subject`], a row of a table: which layer of tshark's it is, where a message begins, and
//! pairs of one field of theirs and the same of ours. Messages are compared frame by frame, both
//! ways; of a message only what tshark says is compared. tshark goes by port where we go by
//! content, so it is told the ports at which we saw the protocol. It does not take part where it
//! calls the message malformed or has not all of it.

mod objects;
mod office;
mod pdml;
mod plant;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::claim::{Claim, Comparison};
use super::ours::Message;
use pdml::Pdu;

/// The oracle's name in the table.
pub(super) const NAME: &str = "tshark fields";

/// What is said where there is no tshark.
pub(super) const ABSENT: &str =
    "tshark is not installed (apt-get install tshark): its own decoding is not compared";

/// A field's name, what tshark says, and what we say.
type Field = (&'static str, fn(&Pdu) -> String, fn(&Message) -> String);

/// One protocol.
struct Subject {
    /// Our name of it.
    protocol: &'static str,
    /// tshark's layers that hold its fields, the first is the display filter.
    layers: &'static [&'static str],
    /// The element that begins a message: a layer or a field.
    each: &'static str,
    /// Where tshark has to be told ports: the carrier and tshark's name of the dissector.
    told: Option<(&'static str, &'static str)>,
    /// What separates several messages of theirs in `values` of one of ours; mostly nothing.
    joined: &'static str,
    /// Whether a message of theirs takes part.
    theirs: fn(&Pdu) -> bool,
    /// Whether a message of ours takes part.
    ours: fn(&Message) -> bool,
    fields: &'static [Field],
}

/// A protocol that one layer of tshark's is, a message each, at the ports that tshark knows.
const fn row(
    protocol: &'static str,
    layers: &'static [&'static str],
    fields: &'static [Field],
) -> Subject {
    let each = match layers {
        [first, ..] => first,
        [] => "",
    };
    let (told, joined) = (None, "");
    Subject { protocol, layers, each, told, joined, theirs: |_| true, ours: |_| true, fields }
}

/// A tshark that can be run.
pub(super) struct Tshark {
    /// Its first line about itself.
    pub(super) version: String,
    /// What the program decodes: rows for other protocols rest.
    decoded: BTreeSet<String>,
}

impl Tshark {
    /// The one that is installed, for the protocols that the program decodes.
    pub(super) fn find(decoded: BTreeSet<String>) -> Option<Self> {
        let output = Command::new("tshark").arg("--version").stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let version = text.lines().next().filter(|_| output.status.success())?;
        Some(Self { version: version.trim_end_matches('.').to_owned(), decoded })
    }

    /// Compares the files that crossed the wire in one capture.
    pub(super) fn compare_files(
        &self,
        path: &Path,
        capture: &str,
        programs: &[Message],
    ) -> Result<Vec<Comparison>> {
        objects::compare(path, capture, programs)
    }

    /// Compares one capture: the protocols that we found in it, and those that `named` (its row of
    /// the index, where tshark wrote what it found) says are in it.
    pub(super) fn compare(
        &self,
        path: &Path,
        (capture, named): (&str, &str),
        messages: &[Message],
    ) -> Result<Vec<Comparison>> {
        let spoken: BTreeSet<&str> = messages.iter().map(Message::protocol).collect();
        let named = named.to_lowercase();
        let is_named = |subject: &Subject| {
            let bare = subject.protocol.replace('-', "");
            named.split(',').any(|name| name == bare || name == subject.protocol)
        };
        let subjects: Vec<&Subject> = plant::SUBJECTS
            .iter()
            .chain(office::SUBJECTS)
            .filter(|subject| self.decoded.contains(subject.protocol))
            .filter(|subject| spoken.contains(subject.protocol) || is_named(subject))
            .collect();
        if subjects.is_empty() {
            return Ok(Vec::new());
        }
        let packets = dissect(path, &subjects, messages)?;
        Ok(subjects.iter().map(|one| compare(one, &packets, capture, messages)).collect())
    }
}

/// Carriers and radio that are not unpacked (NetBIOS datagrams among them), and errors that quote
/// what was sent. `identity` counts the flows in them.
const INSIDE: &str = "vxlan or geneve or erspan or wlan or ppp or icmp or icmpv6 or nbdgm";

fn dissect(path: &Path, subjects: &[&Subject], messages: &[Message]) -> Result<Vec<Pdu>> {
    let layers: Vec<&str> = subjects.iter().flat_map(|one| one.layers.iter().copied()).collect();
    let filters: Vec<&str> =
        subjects.iter().filter_map(|one| one.layers.first().copied()).collect();
    let mut command = Command::new("tshark");
    command.arg("-n").arg("-r").arg(path).args(["-T", "pdml", "-J", &layers.join(" ")]);
    command.args(["-Y", &format!("({}) and not ({INSIDE})", filters.join(" or "))]);
    for (carrier, port, dissector) in told(subjects, messages) {
        command.arg("-d").arg(format!("{carrier}.port=={port},{dissector}"));
    }
    let output = command.env("TZ", "UTC").stdin(Stdio::null()).stderr(Stdio::null()).output();
    let output = output.context("cannot start tshark")?;
    // a capture that ends in the middle of a packet makes it fail after the packets before
    Ok(pdml::read(&String::from_utf8_lossy(&output.stdout)))
}

/// The ports that requests went to, for the dissectors that go by port.
fn told(
    subjects: &[&Subject],
    messages: &[Message],
) -> BTreeSet<(&'static str, String, &'static str)> {
    let mut ports = BTreeSet::new();
    for subject in subjects {
        let Some((carrier, dissector)) = subject.told else { continue };
        let spoken = messages.iter().filter(|one| one.protocol() == subject.protocol);
        for message in spoken.filter(|one| one.is("request")) {
            let port = message.target().port().to_owned();
            if !port.is_empty() {
                ports.insert((carrier, port, dissector));
            }
        }
    }
    ports
}

/// Claims of one frame, theirs and ours.
type Frames = BTreeMap<u64, (Vec<Claim>, Vec<Claim>)>;

fn compare(subject: &Subject, packets: &[Pdu], capture: &str, messages: &[Message]) -> Comparison {
    let mut frames = Frames::new();
    let broken = |packet: &&Pdu| BROKEN.iter().any(|sign| packet.has(sign));
    let left_out: BTreeSet<u64> =
        packets.iter().filter(broken).map(|packet| packet.frame).collect();
    for pdu in packets.iter().flat_map(|packet| packet.split(subject.each)) {
        if (subject.theirs)(&pdu) && !left_out.contains(&pdu.frame) {
            let claim = claim(subject, |field| (field.1)(&pdu));
            frames.entry(pdu.frame).or_default().0.push(claim);
        }
    }
    let spoken = messages.iter().filter(|one| one.protocol() == subject.protocol);
    let parts = spoken.flat_map(|message| message.parts("values", subject.joined));
    for message in parts.filter(|one| (subject.ours)(one)) {
        let frame = message.number("frame").unwrap_or(0);
        if !left_out.contains(&frame) {
            let claim = claim(subject, |field| (field.2)(&message));
            frames.entry(frame).or_default().1.push(claim);
        }
    }
    pair(&mut frames);
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for (frame, (their, our)) in frames {
        let placed = |claim| Claim { place: format!("frame {frame}"), ..claim };
        theirs.extend(their.into_iter().map(placed));
        ours.extend(our.into_iter().map(placed));
    }
    let (protocol, oracle) = (subject.protocol, NAME.to_owned());
    Comparison { protocol, oracle, capture: capture.to_owned(), theirs, ours }
}

/// What tshark adds to a frame that it could not read.
const BROKEN: &[&str] = &["_ws.malformed", "_ws.short", "_ws.unreassembled"];
/// A message of several frames stands at one of them: how far apart the two may put it.
const APART_MAX: u64 = 200;

fn claim(subject: &Subject, value: impl Fn(&Field) -> String) -> Claim {
    let fields = subject.fields.iter();
    fields.fold(Claim::new(""), |claim, field| claim.with(field.0, value(field)))
}

/// Leaves of ours only what is also said of theirs, message by message, and brings a message of
/// ours to the frame where theirs is the same and has no other of ours beside it.
fn pair(frames: &mut Frames) {
    let alone = |(their, our): &(Vec<Claim>, Vec<Claim>)| their.len() > our.len();
    let lacking: Vec<u64> =
        frames.iter().filter(|(_, both)| alone(both)).map(|(at, _)| *at).collect();
    for frame in lacking {
        let Some((their, our)) = frames.get(&frame).cloned() else { continue };
        for claim in their.iter().filter(|one| !our.iter().any(|our| one.is_within(our))) {
            let range = frame.saturating_sub(APART_MAX)..=frame + APART_MAX;
            let found = frames.range(range).find_map(|(at, (their, our))| {
                let spare = our.len() > their.len();
                let place = our.iter().position(|our| spare && claim.is_within(our))?;
                Some((*at, place))
            });
            let Some((at, place)) = found else { continue };
            let moved = frames.get_mut(&at).map(|(_, our)| our.remove(place));
            if let (Some(moved), Some((_, our))) = (moved, frames.get_mut(&frame)) {
                our.push(moved);
            }
        }
    }
    for (their, our) in frames.values_mut() {
        for (their, our) in their.iter().zip(our) {
            our.fields.retain(|(name, _)| their.fields.iter().any(|(said, _)| said == name));
        }
    }
}

/// The text behind the last ` (` or before it: tshark's labels are `Name: text (number)`.
fn named(label: &str) -> String {
    let (_, text) = label.split_once(": ").unwrap_or(("", label));
    text.rsplit_once(" (").map_or(text, |(name, _)| name).to_owned()
}

/// `request` or `response`.
fn kind(response: bool) -> String {
    if response { "response".to_owned() } else { "request".to_owned() }
}

fn our_kind(message: &Message) -> String {
    message.text("kind").to_owned()
}

fn our_code(message: &Message) -> String {
    message.shown("code")
}

fn our_id(message: &Message) -> String {
    message.shown("id")
}

fn our_unit(message: &Message) -> String {
    message.shown("unit")
}

/// Whether a response was an error.
fn our_refusal(message: &Message) -> String {
    match message.text("outcome") {
        "" => "",
        "ok" => "no",
        _ => "yes",
    }
    .to_owned()
}

/// Whether a code means an error; nothing where there is no code.
fn refused(code: &str) -> String {
    match code {
        "" => "",
        "0" => "no",
        _ => "yes",
    }
    .to_owned()
}
