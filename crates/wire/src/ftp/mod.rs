//! FTP, the control connection.
//!
//! ```text
//!  VERB [SP argument] CRLF  |  ddd SP text CRLF  |  ddd-text CRLF ... ddd SP text CRLF
//! ```
//! Replies answer commands in order, and a 1xx reply announces another. Files travel in
//! connections of their own, `ftp-data`, which are announced here. From `AUTH TLS` to `CCC` the
//! stream is TLS. The password is compared with the shipped ones and is in no message. Sources: RFC
//! 959, RFC 4217 clause 4.

pub mod codes;
mod endpoint;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use self::endpoint::Endpoint;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::session::{Depth, Entry, Guess, Hint, Probe, Session, Side, Sink, Step, Transport};
use crate::table::{Operation, Protocol};
use crate::tls::Tls;
use crate::{Reader, Text, credentials};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ftp",
    title: "FTP",
    realm: crate::Realm::Service,
    depth: Depth::Message,
    basis: crate::Basis::Captures,
    hints: &[Hint::Tcp(21)],
    operations: &[codes::COMMANDS, codes::OTHERS],
    identify: Some(identify),
    open: || Box::<Ftp>::default(),
};

/// Commands that wait for their reply.
const COMMANDS_MAX: usize = 8;
/// Longest argument that a reply repeats: a path.
const ARGUMENT_BYTES_MAX: usize = 1024;
/// Longest account that is kept for its password.
const ACCOUNT_BYTES_MAX: usize = 64;
/// Longest command, and longest reply of many lines, that is waited for.
const REPLY_BYTES_MAX: usize = 16 * 1024;

/// Longest verb: the standard ones have 3 or 4 letters, makers added longer ones.
const VERB_BYTES_MAX: usize = 8;

/// A command that waits for its reply.
#[derive(Clone, Copy)]
struct Asked {
    operation: &'static Operation,
    /// Whether `Ftp::argument` holds its argument.
    argument_kept: bool,
}

/// One control connection.
#[derive(Default)]
struct Ftp {
    asked: ArrayVec<Asked, COMMANDS_MAX>,
    /// Argument of the oldest command that waits.
    argument: Vec<u8>,
    account: ArrayVec<u8, ACCOUNT_BYTES_MAX>,
    /// Where the next data connection will be.
    data: Option<Endpoint>,
    /// The next transfer begins in the middle of its file.
    restarted: bool,
    /// What the stream has become after `AUTH TLS`.
    tls: Option<Box<Tls>>,
}

impl Session for Ftp {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        if let Some(tls) = &mut self.tls {
            match tls.parse(from, bytes, out) {
                // the encrypted command `CCC` ends the encryption (RFC 4217 12.3)
                Step::Lost if is_clear(from, bytes) => self.tls = None,
                step @ (Step::Read(_) | Step::Need(_) | Step::Lost) => return step,
            }
        }
        let read = match from {
            Side::Client => self.command(bytes, out),
            Side::Server => self.reply(bytes, out),
        };
        match read {
            Some(Step::Need(_)) if bytes.len() >= REPLY_BYTES_MAX => Step::Lost,
            Some(step) => step,
            None => Step::Lost,
        }
    }

    fn gap(&mut self, from: Side) {
        self.asked.clear();
        if let Some(tls) = &mut self.tls {
            tls.gap(from);
        }
    }

    fn held_bytes(&self) -> usize {
        self.argument.capacity()
            + self.tls.as_ref().map_or(0, |tls| size_of::<Tls>() + tls.held_bytes())
    }
}

impl Ftp {
    fn command(&mut self, bytes: &[u8], out: &mut dyn Sink) -> Option<Step> {
        let mut reader = Reader::new(bytes);
        let Some(line) = reader.line() else {
            return verb(bytes).is_some().then_some(Step::Need(bytes.len() + 1));
        };
        let (name, argument) = verb(line)?;
        let operation = codes::command(name).unwrap_or(codes::UNLISTED);
        let secret = matches!(operation.name, "pass" | "acct" | "adat");
        let mut login = None;
        match operation.name {
            "user" => {
                self.account.clear();
                self.account.extend(argument.iter().copied().take(ACCOUNT_BYTES_MAX));
            }
            "pass" => login = Some(credentials::is_default(&self.account, argument)),
            _ => {}
        }
        self.remember(operation, if secret { &[] } else { argument });
        let named = Text(argument);
        let announced = self.announce(operation, argument);
        let account = Text(&self.account);
        let mut facts = ArrayVec::<Fact<'_>, 2>::new();
        facts.extend(login.map(|default| Fact::Credential {
            scheme: "FTP USER/PASS",
            account: &account,
            cleartext: true,
            default,
        }));
        facts.extend(announced.map(|(endpoint, file)| {
            expects(&endpoint, Side::Client, if file { &named } else { &"" })
        }));
        let hidden = secret || argument.is_empty();
        let message = Message::new(Protocol::FTP, Kind::Request, operation, operation.code);
        out.message(&Message {
            object: if hidden { Object::Nothing } else { Object::Named(&named) },
            facts: &facts,
            ..message
        });
        Some(Step::Read(bytes.len() - reader.len()))
    }

    /// The data connection that a command announces, and whether the argument names its file.
    fn announce(&mut self, operation: &Operation, argument: &[u8]) -> Option<(Endpoint, bool)> {
        match operation.name {
            "port" | "eprt" => {
                self.data = Endpoint::of_command(operation.name, argument);
                self.data.map(|endpoint| (endpoint, false))
            }
            "pasv" | "epsv" => {
                self.data = None;
                None
            }
            "rest" => {
                self.restarted = argument.trim_ascii() != b"0";
                None
            }
            "retr" | "stor" | "appe" => {
                // a part of a file is not that file
                let part = std::mem::take(&mut self.restarted) || operation.name == "appe";
                self.data.take().filter(|_| !part).map(|endpoint| (endpoint, true))
            }
            _ => None,
        }
    }

    fn remember(&mut self, operation: &'static Operation, argument: &[u8]) {
        let fits = !argument.is_empty() && argument.len() <= ARGUMENT_BYTES_MAX;
        let argument_kept = self.asked.is_empty() && fits;
        if argument_kept {
            self.argument.clear();
            self.argument.extend_from_slice(argument);
        }
        if self.asked.try_push(Asked { operation, argument_kept }).is_err() {
            self.asked.clear(); // nobody answers: pairing by order is lost
        }
    }

    fn reply(&mut self, bytes: &[u8], out: &mut dyn Sink) -> Option<Step> {
        let (code, text, length) = match reply(bytes) {
            Reply::None => return None,
            Reply::Part => return Some(Step::Need(bytes.len() + 1)),
            Reply::Whole { code, text, bytes } => (code, text, bytes),
        };
        let asked = self.asked.first().copied();
        let greets = asked.is_none() && matches!(code, 120 | 220 | 421);
        let operation = match asked {
            Some(asked) => asked.operation,
            None if greets => codes::GREETING,
            None => codes::UNASKED,
        };
        let text = Text::trimmed(text);
        let field = match (operation.name, code) {
            ("greeting", 220) => Some(Field::Software),
            ("syst", 215) => Some(Field::OperatingSystem),
            _ => None,
        };
        let fact = field.filter(|_| !text.0.is_empty()).map(|field| Fact::Identity {
            about: Subject::Sender,
            field,
            value: &text,
        });
        if let Some(endpoint) = Endpoint::of_reply(code, text.0) {
            self.data = Some(endpoint);
        }
        let announced = self.data.filter(|_| matches!(code, 227 | 229));
        let mut facts: ArrayVec<Fact<'_>, 2> = fact.into_iter().collect();
        facts.extend(announced.iter().map(|endpoint| expects(endpoint, Side::Server, &"")));
        let argument = Text(&self.argument);
        let kept = asked.is_some_and(|asked| asked.argument_kept);
        let unasked: &[Anomaly] =
            if asked.is_none() && !greets { &[Anomaly::UNASKED] } else { &[] };
        let error = Outcome::Error { code: code.into(), name: codes::reply(code) };
        out.message(&Message {
            object: if kept { Object::Named(&argument) } else { Object::Nothing },
            outcome: if code < 400 { Outcome::Ok } else { error },
            anomalies: unasked,
            facts: &facts,
            ..Message::new(Protocol::FTP, Kind::Response, operation, code.into())
        });
        if code >= 200 && asked.is_some() {
            self.asked.remove(0);
        }
        if operation.name == "auth" && code == 234 {
            self.tls = Some(Box::default());
        }
        Some(Step::Read(length))
    }
}

/// The data connection at `endpoint`, told by a message of `from`.
fn expects<'a>(endpoint: &Endpoint, from: Side, name: &'a dyn fmt::Display) -> Fact<'a> {
    Fact::Expects {
        about: endpoint.about(from == Side::Client),
        port: Some(endpoint.port),
        transport: Transport::Tcp,
        protocol: Protocol::FTP_DATA,
        name,
    }
}

/// Verb and argument of a command line; `None` if no verb can be there. An interrupt in the words
/// of Telnet may precede it (RFC 959 4.1.3, `ABOR`).
fn verb(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = line.iter().position(|byte| *byte < 0xf0).unwrap_or(line.len());
    let mut reader = Reader::new(line.get(start..)?);
    let rest = reader.rest();
    let verb = reader.until(b' ').unwrap_or_else(|| {
        reader.take_rest();
        rest.strip_suffix(b"\r").unwrap_or(rest)
    });
    let known = verb.len() <= VERB_BYTES_MAX && verb.iter().all(u8::is_ascii_alphabetic);
    known.then(|| (verb, reader.rest()))
}

enum Reply<'a> {
    None,
    Part,
    Whole {
        code: u16,
        /// Of the first line.
        text: &'a [u8],
        bytes: usize,
    },
}

/// Reads the reply at the start of `bytes`, of one line or many (RFC 959 4.2).
fn reply(bytes: &[u8]) -> Reply<'_> {
    let mut reader = Reader::new(bytes);
    let Some(line) = reader.line() else {
        let digits = bytes.iter().take(3).all(u8::is_ascii_digit);
        return if digits { Reply::Part } else { Reply::None };
    };
    let (digits, text) = line.split_at_checked(3).unwrap_or((line, &[]));
    let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<u16>().ok());
    let Some(code) = number.filter(|code| (100..700).contains(code)) else { return Reply::None };
    if text.first() == Some(&b'-') {
        let last = |line: &[u8]| line.starts_with(digits) && line.get(3) != Some(&b'-');
        loop {
            match reader.line() {
                Some(line) if last(line) => break,
                Some(_) => {}
                None => return Reply::Part,
            }
        }
    }
    Reply::Whole {
        code,
        text: text.get(1..).unwrap_or_default(),
        bytes: bytes.len() - reader.len(),
    }
}

/// Whether these bytes are a command or a reply after all.
fn is_clear(from: Side, bytes: &[u8]) -> bool {
    match from {
        Side::Client => Reader::new(bytes)
            .line()
            .and_then(verb)
            .is_some_and(|(name, _)| codes::command(name).is_some()),
        Side::Server => matches!(reply(bytes), Reply::Whole { .. }),
    }
}

/// Mail servers greet with the same number, and have commands of the same form: without a hint the
/// greeting must name FTP.
fn identify(probe: &Probe<'_>) -> Guess {
    if probe.transport != Transport::Tcp {
        return Guess::No;
    }
    match reply(probe.bytes) {
        Reply::Whole { code: 120 | 220, .. } if names_ftp(probe.bytes) => {
            Guess::Yes(Some(Side::Server))
        }
        Reply::Whole { .. } if probe.hinted => Guess::Yes(Some(Side::Server)),
        Reply::Part if probe.hinted || probe.bytes.starts_with(b"220") => Guess::More,
        Reply::Whole { .. } | Reply::Part => Guess::No,
        Reply::None if !probe.hinted => Guess::No,
        Reply::None => match verb(probe.bytes.split(|byte| *byte == b'\n').next().unwrap_or(&[])) {
            Some((name, _)) if codes::command(name).is_some() => Guess::Yes(Some(Side::Client)),
            _ => Guess::No,
        },
    }
}

fn names_ftp(greeting: &[u8]) -> bool {
    let has =
        |word: &[u8]| greeting.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    has(b"ftp") && !has(b"smtp")
}
