//! VNC (the RFB protocol): how a desktop or panel is protected, and who operates it.
//!
//! ```text
//!  both: "RFB 003.008\n"; server: count (1), types; client: type (1);
//!  challenge (16), response (16);
//!  server: result (4); client: shared (1); server: size (4), format (16), name with length (4)
//! ```
//! Keys and buttons that a client presses operate whatever the screen shows. Screen contents are
//! passed over. Source: RFC 6143 clauses 7.1 to 7.5; versions 3.3 and 3.7 by its appendix A.

#[cfg(test)]
mod tests;

use std::fmt;

use plant::Intent;

use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Effect, Operation, Protocol};
use crate::{Reader, Text};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "vnc",
    title: "VNC",
    realm: crate::Realm::Service,
    depth: Depth::Metadata,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(5900), Hint::Tcp(5901)],
    operations: &[OPERATIONS],
    identify: Some(identify),
    open: || Box::<Vnc>::default(),
};

const VERSION: &Operation = &Operation::new(0x100, "version", Intent::Session, "RFC 6143 7.1.1");
const SECURITY: &Operation =
    &Operation::new(0x101, "security", Intent::Session, "RFC 6143 7.1.2").with(Effect::Login);
const RESULT: &Operation = &Operation::new(0x102, "result", Intent::Session, "RFC 6143 7.1.3");
const DESKTOP: &Operation = &Operation::new(0x103, "desktop", Intent::Session, "RFC 6143 7.3.2");
const HIDDEN: &Operation = &Operation::new(0x104, "encrypted", Intent::Unknown, "RFC 6143 7.2");
const KEY: &Operation = &Operation::new(4, "key event", Intent::Operate, "RFC 6143 7.5.4");
const BUTTON: &Operation = &Operation::new(5, "pointer event", Intent::Operate, "RFC 6143 7.5.5");
const CUT: &Operation = &Operation::new(6, "client cut text", Intent::Operate, "RFC 6143 7.5.6");
static OPERATIONS: &[Operation] =
    &[*VERSION, *SECURITY, *RESULT, *DESKTOP, *HIDDEN, *KEY, *BUTTON, *CUT];

/// Bytes of a version.
const VERSION_BYTES: usize = 12;
/// Bytes of the challenge, and of the response to it, of VNC authentication (RFC 6143 7.2.2).
const CHALLENGE_BYTES: usize = 16;
/// Bytes before the name of the desktop: size, format, length (RFC 6143 7.3.2).
const DESKTOP_BYTES: usize = 24;
/// Longest name of a desktop, or reason of a refusal, that is waited for.
const TEXT_BYTES_MAX: u32 = 4096;
/// Security types (RFC 6143 8.1.2).
const NONE: u8 = 1;
const PASSWORD: u8 = 2;

const OPEN_DESKTOP: Anomaly = Anomaly::oddity("anybody may operate: no authentication");

/// What the next bytes of one direction are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    #[default]
    Version,
    /// Types that the server offers; of the client, its choice.
    Security,
    Challenge,
    Result,
    /// Of the server the desktop, of the client whether it shares it.
    Init,
    Running,
    /// Another security type: what follows is that type's own.
    Foreign,
}

/// One conversation.
#[derive(Default)]
struct Vnc {
    client: Next,
    server: Next,
    /// Minor version that the client chose: 3, 7 or 8.
    minor: u8,
    hidden_reported: bool,
    buttons: u8,
}

impl Session for Vnc {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let reader = Reader::new(bytes);
        let step = match (from, if from == Side::Client { self.client } else { self.server }) {
            (_, Next::Version) => self.version(from, reader, out),
            (_, Next::Foreign) => return self.foreign(bytes, out),
            (Side::Server, Next::Security) => self.offer(reader, out),
            (Side::Client, Next::Security) => self.choice(reader, out),
            (_, Next::Challenge) => self.challenge(from),
            (Side::Server, Next::Result) => self.result(reader, out),
            (Side::Server, Next::Init) => self.desktop(reader, out),
            (Side::Client, Next::Init | Next::Result) => {
                self.client = Next::Running;
                Step::Read(1)
            }
            (Side::Server, Next::Running) => Step::PASS_OVER,
            (Side::Client, Next::Running) => self.event(reader, out),
        };
        match step {
            Step::Read(count) if count > bytes.len() && count < DESKTOP_BYTES => Step::Need(count),
            step @ (Step::Read(_) | Step::Need(_) | Step::Lost) => step,
        }
    }

    fn gap(&mut self, from: Side) {
        match from {
            Side::Client => self.client = Next::Foreign,
            Side::Server => self.server = Next::Running,
        }
    }
}

impl Vnc {
    fn version(&mut self, from: Side, mut reader: Reader<'_>, out: &mut dyn Sink) -> Step {
        let Some(line) = reader.array::<VERSION_BYTES>() else { return Step::Need(VERSION_BYTES) };
        let Some(minor) = minor(&line) else { return Step::Lost };
        let text = Text::trimmed(&line);
        match from {
            Side::Client => {
                self.minor = minor;
                // 3.3 leaves the choice to the server
                self.client = if minor < 7 { Next::Init } else { Next::Security };
            }
            Side::Server => self.server = Next::Security,
        }
        let message = Message::new(Protocol::VNC, kind(from), VERSION, VERSION.code);
        out.message(&Message { values: Some(&text), ..message });
        Step::Read(VERSION_BYTES)
    }

    /// The server offers security types, or in 3.3 chooses one (RFC 6143 7.1.2, A.1).
    fn offer(&mut self, mut reader: Reader<'_>, out: &mut dyn Sink) -> Step {
        if self.minor < 7 && self.client != Next::Version {
            let Some(chosen) = reader.be32() else { return Step::Need(4) };
            let chosen = u8::try_from(chosen).unwrap_or(0);
            self.chosen(chosen, Kind::Response, out);
            return Step::Read(4);
        }
        let Some(count) = reader.u8() else { return Step::Need(1) };
        if count == 0 {
            self.server = Next::Foreign; // a reason follows, and the end
            return Step::Read(1);
        }
        let whole = 1 + usize::from(count);
        if reader.take(count.into()).is_none() {
            return Step::Need(whole);
        }
        self.server = Next::Challenge;
        Step::Read(whole)
    }

    fn choice(&mut self, mut reader: Reader<'_>, out: &mut dyn Sink) -> Step {
        let Some(chosen) = reader.u8() else { return Step::Need(1) };
        self.chosen(chosen, Kind::Request, out);
        Step::Read(1)
    }

    /// A security type was chosen: what both sides send next follows from it.
    fn chosen(&mut self, chosen: u8, kind: Kind, out: &mut dyn Sink) {
        let after = if self.minor < 8 { Next::Init } else { Next::Result };
        (self.client, self.server) = match chosen {
            NONE => (Next::Init, after),
            PASSWORD => (Next::Challenge, Next::Challenge),
            _ => (Next::Foreign, Next::Foreign),
        };
        let open = chosen == NONE;
        let unprotected = [Fact::Unprotected { what: "VNC without authentication", acts: false }];
        let name = security(chosen);
        out.message(&Message {
            object: Object::Named(&name),
            anomalies: if open { &[OPEN_DESKTOP] } else { &[] },
            facts: if open { &unprotected } else { &[] },
            ..Message::new(Protocol::VNC, kind, SECURITY, chosen.into())
        });
    }

    const fn challenge(&mut self, from: Side) -> Step {
        match from {
            Side::Client => self.client = Next::Init,
            Side::Server => self.server = Next::Result,
        }
        Step::Read(CHALLENGE_BYTES)
    }

    fn result(&mut self, mut reader: Reader<'_>, out: &mut dyn Sink) -> Step {
        let Some(code) = reader.be32() else { return Step::Need(4) };
        let name = match code {
            1 => "failed",
            2 => "too many attempts",
            _ => "",
        };
        self.server = if code == 0 { Next::Init } else { Next::Foreign };
        let message = Message::new(Protocol::VNC, Kind::Response, RESULT, RESULT.code);
        out.message(&message.ended(Outcome::from_code(code, name)));
        Step::Read(4)
    }

    fn desktop(&mut self, mut reader: Reader<'_>, out: &mut dyn Sink) -> Step {
        let length = reader.skip(DESKTOP_BYTES - 4).and_then(|()| reader.be32());
        let Some(length) = length else { return Step::Need(DESKTOP_BYTES) };
        if length > TEXT_BYTES_MAX {
            return Step::Lost;
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let Some(name) = reader.take(length) else { return Step::Need(DESKTOP_BYTES + length) };
        self.server = Next::Running;
        let name = Text::trimmed(name);
        let fact = Fact::Identity { about: Subject::Sender, field: Field::Name, value: &name };
        let message = Message::new(Protocol::VNC, Kind::Response, DESKTOP, DESKTOP.code);
        out.message(&message.on(Object::Named(&name)).with_facts(&[fact]));
        Step::Read(DESKTOP_BYTES + length)
    }

    /// One event of the client (RFC 6143 7.5).
    fn event(&mut self, mut reader: Reader<'_>, out: &mut dyn Sink) -> Step {
        let at_hand = reader.len();
        let kind = reader.u8().unwrap_or(0xff);
        let mut counted = |fixed: usize, each: usize| {
            let count = reader.skip(1).and_then(|()| reader.be16());
            count.map_or(Step::Need(4), |count| Step::Read(fixed + each * usize::from(count)))
        };
        match kind {
            0 => Step::Read(20),
            2 => counted(4, 4),
            3 => Step::Read(10),
            4 if at_hand < 8 => Step::Need(8),
            4 => {
                let pressed = reader.u8() == Some(1);
                if pressed {
                    out.message(&Message::new(Protocol::VNC, Kind::Request, KEY, 4));
                }
                Step::Read(8)
            }
            5 if at_hand < 6 => Step::Need(6),
            5 => {
                let buttons = reader.u8().unwrap_or(0);
                // moving and releasing do nothing, pressing does
                if buttons & !self.buttons != 0 {
                    out.message(&Message::new(Protocol::VNC, Kind::Request, BUTTON, 5));
                }
                self.buttons = buttons;
                Step::Read(6)
            }
            6 => {
                let length = reader.skip(3).and_then(|()| reader.be32());
                let Some(length) = length else { return Step::Need(8) };
                out.message(&Message::new(Protocol::VNC, Kind::Request, CUT, 6));
                Step::Read(8 + usize::try_from(length & 0x00ff_ffff).unwrap_or(0))
            }
            _ => {
                self.client = Next::Foreign; // an extension: its length is not known
                Step::Lost
            }
        }
    }

    fn foreign(&mut self, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if self.hidden_reported {
            return Step::PASS_OVER;
        }
        self.hidden_reported = true;
        out.message(&Message::new(Protocol::VNC, Kind::Notice, HIDDEN, HIDDEN.code));
        Step::Read(bytes.len())
    }
}

const fn kind(from: Side) -> Kind {
    match from {
        Side::Client => Kind::Request,
        Side::Server => Kind::Response,
    }
}

/// The minor version of `RFB 003.xxx\n`; others than 3, 7 and 8 are spoken as 3, except that
/// later ones (Apple 889, RealVNC 4.x and 5.x) are spoken as 8.
fn minor(line: &[u8; VERSION_BYTES]) -> Option<u8> {
    let [b'R', b'F', b'B', b' ', major @ .., b'.', a, b, c, b'\n'] = line else { return None };
    let digits = major.iter().chain([a, b, c]).all(u8::is_ascii_digit);
    digits.then_some(match (major, [*a, *b, *c]) {
        (b"003", [b'0', b'0', b'7']) => 7,
        (b"003", [b'0', b'0', b'0'..=b'6']) => 3,
        _ => 8,
    })
}

/// Name of a security type (RFC 6143 8.1.2 and the IANA list).
fn security(code: u8) -> impl fmt::Display {
    match code {
        0 => "refused",
        NONE => "none",
        PASSWORD => "vnc authentication",
        5 | 6 | 13 | 129 | 130 | 133 => "ra2",
        16 => "tight",
        18 => "tls",
        19 => "vencrypt",
        20 => "sasl",
        30..=35 => "apple",
        _ => "other",
    }
}

/// The version of the server is the first thing that is sent, and beyond doubt.
fn identify(probe: &Probe<'_>) -> Guess {
    const PREFIX: &[u8] = b"RFB ";
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    match probe.bytes.first_chunk::<VERSION_BYTES>() {
        Some(line) if minor(line).is_some() => Guess::Yes(None),
        None if PREFIX.starts_with(probe.bytes.get(..4).unwrap_or(probe.bytes)) => Guess::More,
        Some(_) | None => Guess::No,
    }
}
