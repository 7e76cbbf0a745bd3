//! Telnet: option negotiation, logins, and the lines that a person types.
//!
//! ```text
//!  IAC WILL|WONT|DO|DONT option  |  IAC SB option ... IAC SE  |  IAC command  |  text
//! ```
//! A login is what is typed after a prompt for an account and one for a secret. The secret is
//! compared with the shipped ones and is in no message, and so is whatever is typed at any other
//! prompt that ends in a colon. What a typed line does cannot be judged. Sources: RFC 854, RFC 855.

#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;
use plant::Intent;

use crate::message::{Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Effect, Operation, Protocol};
use crate::{Reader, Text, credentials};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "telnet",
    title: "Telnet",
    realm: crate::Realm::Service,
    depth: Depth::Metadata,
    basis: crate::Basis::Documents,
    hints: &[Hint::Tcp(23)],
    operations: &[OPERATIONS],
    identify: Some(identify),
    open: || Box::<Telnet>::default(),
};

const NEGOTIATE: &Operation = &Operation::new(1, "negotiate", Intent::Session, "RFC 855");
const BANNER: &Operation = &Operation::new(2, "banner", Intent::Session, "RFC 854");
const LOGIN: &Operation =
    &Operation::new(3, "login", Intent::Session, "RFC 854; prompts by custom").with(Effect::Login);
const INPUT: &Operation = &Operation::new(4, "input", Intent::Unknown, "RFC 854");

static OPERATIONS: &[Operation] = &[*NEGOTIATE, *BANNER, *LOGIN, *INPUT];

/// Interpret as command.
const IAC: u8 = 0xff;
/// Begin and end of a subnegotiation.
const SB: u8 = 0xfa;
const SE: u8 = 0xf0;
/// Longest subnegotiation that is waited for: terminal names and environments are shorter.
const SUBNEGOTIATION_BYTES_MAX: usize = 1024;
/// Largest option in use (RFC 2217 and the IANA list up to 49), beside 255 for the extended list.
const OPTION_MAX: u8 = 49;
/// Longest line that is kept, typed or shown.
const LINE_BYTES_MAX: usize = 128;

type Line = ArrayVec<u8, LINE_BYTES_MAX>;

/// What the server waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Prompt {
    #[default]
    Any,
    Account,
    Secret,
    /// Some question: the answer may be a secret.
    Question,
}

/// One Telnet conversation.
#[derive(Default)]
struct Telnet {
    /// The line that the server is writing.
    shown: Line,
    /// The line that the client is typing.
    typed: Line,
    account: Line,
    prompt: Prompt,
    /// A login waits for its answer.
    login_waits: bool,
    /// The first line of the server was reported, or is past.
    banner_past: bool,
}

impl Session for Telnet {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if bytes.first() == Some(&IAC) && bytes.get(1) != Some(&IAC) {
            return negotiation(bytes, out);
        }
        let escaped = usize::from(bytes.first() == Some(&IAC)) * 2;
        let plain = bytes.get(escaped..).unwrap_or_default();
        let end = plain.iter().position(|byte| *byte == IAC).unwrap_or(plain.len());
        let text = plain.get(..end).unwrap_or_default();
        match from {
            Side::Client => text.iter().for_each(|byte| self.type_byte(*byte, out)),
            Side::Server => self.show(text, out),
        }
        Step::Read(escaped + end)
    }

    fn gap(&mut self, _from: Side) {
        self.typed.clear();
        self.shown.clear();
        self.prompt = Prompt::Question;
        self.login_waits = false;
    }
}

impl Telnet {
    fn type_byte(&mut self, byte: u8, out: &mut dyn Sink) {
        match byte {
            b'\r' | b'\n' => {
                self.enter(out);
                self.typed.clear();
            }
            0x08 | 0x7f => {
                self.typed.pop();
            }
            0 => {}
            byte => {
                let _ = self.typed.try_push(byte);
            }
        }
    }

    /// The client ended a line.
    fn enter(&mut self, out: &mut dyn Sink) {
        let message = Message::new(Protocol::TELNET, Kind::Request, INPUT, INPUT.code);
        match self.prompt {
            Prompt::Account => self.account = self.typed.clone(),
            Prompt::Secret => {
                self.login_waits = true;
                let account = Text::trimmed(&self.account);
                let fact = Fact::Credential {
                    scheme: "Telnet login",
                    account: &account,
                    cleartext: true,
                    default: credentials::is_default(account.0, &self.typed),
                };
                let object =
                    if account.0.is_empty() { Object::Nothing } else { Object::Named(&account) };
                let message = Message::new(Protocol::TELNET, Kind::Request, LOGIN, LOGIN.code);
                out.message(&message.on(object).with_facts(&[fact]));
            }
            _ if self.typed.is_empty() => {}
            Prompt::Question => out.message(&message),
            Prompt::Any => out.message(&message.on(Object::Named(&Text(&self.typed)))),
        }
        self.prompt = Prompt::Any;
    }

    fn show(&mut self, text: &[u8], out: &mut dyn Sink) {
        for byte in text {
            match byte {
                b'\n' | b'\r' => {
                    self.end_line(out);
                    self.shown.clear();
                }
                0 => {}
                byte => {
                    let _ = self.shown.try_push(*byte);
                }
            }
        }
        let line = Text::trimmed(&self.shown).0;
        let prompt = prompt(line);
        let refused = prompt == Prompt::Account;
        let accepted = matches!(line.last(), Some(b'$' | b'#' | b'>' | b'%'));
        if self.login_waits && (refused || accepted) {
            self.answer(accepted, out);
        }
        if prompt != Prompt::Any {
            self.prompt = prompt;
            self.banner_past |= prompt != Prompt::Question;
        }
    }

    /// The server ended a line.
    fn end_line(&mut self, out: &mut dyn Sink) {
        if self.login_waits && has_any(&self.shown, REFUSALS) {
            self.answer(false, out);
        }
        let line = Text::trimmed(&self.shown);
        if self.banner_past || line.0.len() < 4 {
            return;
        }
        self.banner_past = true;
        let (about, field) = (Subject::Sender, Field::Software);
        let message = Message::new(Protocol::TELNET, Kind::Notice, BANNER, BANNER.code);
        out.message(&message.with_facts(&[Fact::Identity { about, field, value: &line }]));
    }

    fn answer(&mut self, accepted: bool, out: &mut dyn Sink) {
        self.login_waits = false;
        let refused = Outcome::Error { code: 1, name: "login refused" };
        let account = Text::trimmed(&self.account);
        let object = if account.0.is_empty() { Object::Nothing } else { Object::Named(&account) };
        let message = Message::new(Protocol::TELNET, Kind::Response, LOGIN, LOGIN.code);
        out.message(&message.on(object).ended(if accepted { Outcome::Ok } else { refused }));
    }
}

/// Words that refuse a login, lower case.
static REFUSALS: &[&str] = &["incorrect", "invalid", "failed", "denied", "bad password"];
/// Words of prompts for an account.
static ACCOUNTS: &[&str] = &["login", "user", "account"];
/// Words of prompts for a secret.
static SECRETS: &[&str] = &["password", "passcode", "passwort", "kennwort", "secret", "pin"];

/// What the line that the server has begun asks for.
fn prompt(line: &[u8]) -> Prompt {
    if line.last() != Some(&b':') {
        Prompt::Any
    } else if has_any(line, SECRETS) {
        Prompt::Secret
    } else if has_any(line, ACCOUNTS) {
        Prompt::Account
    } else {
        Prompt::Question
    }
}

fn has_any(line: &[u8], words: &[&str]) -> bool {
    let has = |word: &&str| {
        line.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    words.iter().any(has)
}

/// Reads the commands at the start of `bytes` as one message.
fn negotiation(bytes: &[u8], out: &mut dyn Sink) -> Step {
    let mut reader = Reader::new(bytes);
    while command(&mut reader).is_some() {}
    let length = bytes.len() - reader.len();
    if length == 0 {
        let wait = bytes.len() < SUBNEGOTIATION_BYTES_MAX;
        return if wait { Step::Need(bytes.len() + 1) } else { Step::Lost };
    }
    let values = Commands(bytes.get(..length).unwrap_or_default());
    let message = Message::new(Protocol::TELNET, Kind::Notice, NEGOTIATE, NEGOTIATE.code);
    out.message(&Message { values: Some(&values), ..message });
    Step::Read(length)
}

/// Reads one command: its code and its option.
fn command(reader: &mut Reader<'_>) -> Option<(u8, Option<u8>)> {
    let mut ahead = *reader;
    let found = match (ahead.u8()?, ahead.u8()?) {
        (IAC, code @ 0xfb..=0xfe) => (code, Some(ahead.u8()?)),
        (IAC, SB) => {
            let option = ahead.u8()?;
            while ahead.until(IAC).is_some() {
                if ahead.u8()? == SE {
                    *reader = ahead;
                    return Some((SB, Some(option)));
                }
            }
            return None;
        }
        (IAC, code @ 0xf0..=0xf9) => (code, None),
        _ => return None,
    };
    *reader = ahead;
    Some(found)
}

/// Commands by name, options by number and, where common, by name.
struct Commands<'a>(&'a [u8]);

impl fmt::Display for Commands<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reader = Reader::new(self.0);
        let mut lead = "";
        while let Some((code, option)) = command(&mut reader) {
            let name = match code {
                0xfb => "will",
                0xfc => "wont",
                0xfd => "do",
                0xfe => "dont",
                SB => "sub",
                0xf3 => "break",
                0xf4 => "interrupt",
                0xf6 => "are you there",
                _ => "command",
            };
            write!(f, "{lead}{name}")?;
            lead = ", ";
            match option {
                None => {}
                Some(1) => write!(f, " echo")?,
                Some(3) => write!(f, " suppress go ahead")?,
                Some(24) => write!(f, " terminal type")?,
                Some(31) => write!(f, " window size")?,
                Some(37) => write!(f, " authentication")?,
                Some(39) => write!(f, " environment")?,
                Some(option) => write!(f, " option {option}")?,
            }
        }
        Ok(())
    }
}

/// Two negotiations in a row are Telnet on any port; one of them, or a login prompt, with a hint.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    let mut reader = Reader::new(probe.bytes);
    let mut count = 0;
    while let Some((0xfa..=0xfe, Some(option))) = command(&mut reader) {
        if option > OPTION_MAX && option != IAC {
            return Guess::No;
        }
        count += 1;
    }
    let begun =
        matches!(probe.bytes, [IAC] | [IAC, 0xfa..=0xfe] | [IAC, 0xfa..=0xfe, 0..=OPTION_MAX]);
    // Reading for words costs; only where a port says telnet is it worth it.
    let asks =
        || probe.bytes.is_ascii() && has_any(probe.bytes, &["login:", "username:", "password:"]);
    match (count, probe.hinted) {
        (2.., _) | (1, true) => Guess::Yes(None),
        (0, true) if asks() => Guess::Yes(Some(Side::Server)),
        (0 | 1, _) if begun => Guess::More,
        _ => Guess::No,
    }
}
