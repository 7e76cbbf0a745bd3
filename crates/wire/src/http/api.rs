//! Protocols that ride on HTTP: which of them a request belongs to, and what is told of it.
//!
//! Their own modules read target and body; here is only what they share. A request that none of
//! them claims stays HTTP's.

use std::fmt;

use arrayvec::ArrayVec;

use super::head::{Head, contains};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::Sink;
use crate::table::{Operation, Protocol};
use crate::{Text, abb_rws, credentials, ros1, staubli_soap, ur_robot_api};

/// Bytes of a body that are waited for and read: remote calls and commands are shorter.
pub(crate) const BODY_BYTES_MAX: usize = 8 * 1024;
/// Bytes of a body that are shown.
const SHOWN_BYTES_MAX: usize = 160;

/// What an answer tells beyond its status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing that is read.
    #[default]
    Status,
    /// A short text.
    Text,
    /// A SOAP envelope.
    Soap,
    /// An XML-RPC response.
    XmlRpc,
}

/// Which interface a request may belong to, by its head alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interface {
    UrRobotApi,
    AbbRws,
    /// SOAP or XML-RPC: only the body tells whose.
    XmlCall,
}

impl Interface {
    /// By target and head. `abb`: an earlier message of the connection was ABB's.
    pub(super) fn of(method: &[u8], target: &[u8], head: &Head<'_>, abb: bool) -> Option<Self> {
        if ur_robot_api::claims(target) {
            Some(Self::UrRobotApi)
        } else if abb_rws::claims(target, || abb || is_abb(head)) {
            Some(Self::AbbRws)
        } else if method == b"POST" && is_xml(head.content) {
            Some(Self::XmlCall)
        } else {
            None
        }
    }

    /// Reads a request of this interface, `body` as far as it is at hand.
    pub(super) fn call<'a>(
        self,
        method: &'static Operation,
        target: &'a [u8],
        body: &'a [u8],
    ) -> Option<Call<'a>> {
        match self {
            Self::UrRobotApi => Some(ur_robot_api::call(method, target, body)),
            Self::AbbRws => Some(abb_rws::call(method, target, body)),
            Self::XmlCall => ros1::call(body).or_else(|| staubli_soap::call(target, body)),
        }
    }
}

/// Whether a head is of ABB's interface, whatever its target: its realm, its cookie, or the
/// version in its media types (RWS 2.0).
fn is_abb(head: &Head<'_>) -> bool {
    contains(head.authorization, b"@robapi.abb")
        || contains(head.cookie, b"ABBCX=")
        || head.content.ends_with(b";v=2.0")
        || head.accept.ends_with(b"json;v=2.0")
        || head.accept.ends_with(b"xml;v=2.0")
}

fn is_xml(content: &[u8]) -> bool {
    [&b"text/xml"[..], b"application/soap+xml", b"application/xml"]
        .iter()
        .any(|kind| content.get(..kind.len()).is_some_and(|is| is.eq_ignore_ascii_case(kind)))
}

/// One request of a protocol that rides on HTTP.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) protocol: Protocol,
    pub(crate) operation: &'static Operation,
    /// What it acts on; answers repeat it.
    pub(crate) object: &'a [u8],
    /// What it says beside, shown one after the other.
    pub(crate) values: [&'a [u8]; 3],
    /// Account and secret in the body.
    pub(crate) login: Option<[&'a [u8]; 2]>,
    /// A publisher of a network of equals joins; whether its topic commands machines.
    pub(crate) joins: Option<(&'static str, bool)>,
    pub(crate) answer: Answer,
    /// The name of the file that its body or, of a read, its answer is.
    pub(crate) file: &'a [u8],
    /// Further calls follow in the body.
    pub(crate) more: bool,
    /// It acts on something else beside, which its body names.
    pub(crate) beside: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn new(protocol: Protocol, operation: &'static Operation) -> Self {
        Self {
            protocol,
            operation,
            object: &[],
            values: [&[]; 3],
            login: None,
            joins: None,
            answer: Answer::Status,
            file: &[],
            more: false,
            beside: false,
        }
    }

    pub(crate) fn on(mut self, object: &'a [u8]) -> Self {
        self.object = object;
        self
    }

    pub(crate) fn saying(mut self, values: &'a [u8]) -> Self {
        self.values = [values, &[], &[]];
        self
    }

    /// Hands it on, with the facts and anomalies of the head that carried it.
    pub(super) fn tell(&self, anomalies: &[Anomaly], carried: &[Fact<'_>], out: &mut dyn Sink) {
        let object = Text(self.object);
        let values = Values(self.values);
        let account = self.login.map(|[account, _]| Text(account));
        let mut facts: ArrayVec<Fact<'_>, 6> = carried.iter().copied().take(4).collect();
        if let (Some([name, secret]), Some(account)) = (self.login, &account) {
            facts.push(Fact::Credential {
                scheme: "SOAP login",
                account,
                cleartext: true,
                default: credentials::is_default(name, secret),
            });
        }
        if let Some((what, commands)) = self.joins {
            facts.push(Fact::Joined { what, name: &object, commands });
        }
        let both = Both(object);
        out.message(&Message {
            object: if self.beside { Object::Named(&both) } else { named(&object) },
            values: values.any().then_some(&values as &dyn fmt::Display),
            anomalies,
            facts: &facts,
            ..Message::new(self.protocol, Kind::Request, self.operation, self.operation.code)
        });
    }
}

/// An object beside which the body names another.
struct Both<'a>(Text<'a>);

impl fmt::Display for Both<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, and 1 more", self.0)
    }
}

/// Texts with a space between them.
struct Values<'a>([&'a [u8]; 3]);

impl Values<'_> {
    fn any(&self) -> bool {
        self.0.iter().any(|value| !value.is_empty())
    }
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.iter().filter(|value| !value.is_empty());
        if let Some(first) = shown.next() {
            write!(f, "{}", Text::clipped(first, SHOWN_BYTES_MAX))?;
        }
        shown.try_for_each(|value| write!(f, " {}", Text::clipped(value, SHOWN_BYTES_MAX)))
    }
}

pub(super) fn named<'a>(object: &'a Text<'a>) -> Object<'a> {
    if object.0.is_empty() { Object::Nothing } else { Object::Named(object) }
}

/// How a call ended, and what its answer says.
pub(super) fn ended<'a>(answer: Answer, outcome: Outcome, body: &'a [u8]) -> (Outcome, Text<'a>) {
    let (outcome, told) = match answer {
        Answer::Status => (outcome, &[][..]),
        Answer::Text => (outcome, body.trim_ascii()),
        Answer::Soap => staubli_soap::ended(outcome, body),
        Answer::XmlRpc => ros1::ended(outcome, body),
    };
    (outcome, Text::clipped(told, SHOWN_BYTES_MAX))
}

/// What a station that answers such calls shows itself to be.
pub(super) fn makers(protocol: Protocol) -> &'static [Fact<'static>] {
    match protocol {
        Protocol::UR_ROBOT_API => UR,
        Protocol::ABB_RWS => ABB,
        Protocol::STAUBLI_SOAP => STAUBLI,
        _ => &[],
    }
}

macro_rules! maker {
    ($name:ident $vendor:literal $reason:literal) => {
        const $name: &[Fact<'static>] = &[
            Fact::Role { about: Subject::Sender, role: Role::Robot, reason: $reason },
            Fact::Identity { about: Subject::Sender, field: Field::Vendor, value: &$vendor },
        ];
    };
}
maker!(UR "Universal Robots" "answers the PolyScope X Robot API");
maker!(ABB "ABB" "answers ABB Robot Web Services");
maker!(STAUBLI "Staubli" "answers Staubli SOAP");
