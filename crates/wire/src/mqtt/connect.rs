//! CONNECT and CONNACK: who comes, with which name, and whether it is let in.
//!
//! The password is compared with the shipped ones and is in no message. Sources: MQTT 5 clauses
//! 3.1 and 3.2; MQTT 3.1.1 clauses 3.1 and 3.2; MQTT 3.1 clause 3.1 (protocol name `MQIsdp`).

use std::fmt;

use arrayvec::ArrayVec;

use super::packet::{Fixed, TopicName, properties, string};
use super::{LEVEL_5, Mqtt, Outcome, base, codes, wrong};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Subject};
use crate::session::{Side, Sink};
use crate::table::Protocol;
use crate::{Reader, Text, credentials};

const ANONYMOUS: Anomaly = Anomaly::oddity("no user name: the client does not say who it is");
const AGAIN: Anomaly = Anomaly::violation("second connect on one connection");
const LEVEL: Anomaly = Anomaly::violation("protocol level is not one of the name");
const RESERVED: Anomaly = Anomaly::violation("reserved connect flag is set");
const WILL_QOS: Anomaly = Anomaly::violation("will qos is 3");

const FLAG_RESERVED: u8 = 0x01;
const FLAG_CLEAN: u8 = 0x02;
const FLAG_WILL: u8 = 0x04;
const FLAG_PASSWORD: u8 = 0x40;
const FLAG_USER: u8 = 0x80;

/// What a CONNECT says.
struct Connect<'a> {
    level: u8,
    flags: u8,
    keep_alive_s: u16,
    client: &'a [u8],
    will: Option<&'a [u8]>,
    will_bytes: usize,
    user: Option<&'a [u8]>,
    password: Option<&'a [u8]>,
    auth_method: Option<&'a [u8]>,
    /// Whether the level is one that goes with the protocol name.
    level_known: bool,
}

impl<'a> Connect<'a> {
    fn read(body: &mut Reader<'a>) -> Option<Self> {
        let name = string(body)?;
        let level = body.u8()?;
        // the uppermost bit marks a bridge (a broker that connects to another) in Mosquitto
        let plain = level & 0x7f;
        let level_known = match name {
            b"MQTT" => plain == 4 || level == LEVEL_5,
            b"MQIsdp" => plain == 3,
            _ => return None,
        };
        let flags = body.u8()?;
        let keep_alive_s = body.be16()?;
        let auth_method = if level == LEVEL_5 { properties(body)?.auth_method } else { None };
        let client = string(body)?;
        let (mut will, mut will_bytes) = (None, 0);
        if flags & FLAG_WILL != 0 {
            if level == LEVEL_5 {
                properties(body)?;
            }
            will = Some(string(body)?);
            will_bytes = string(body)?.len();
        }
        let mut optional = |flag: u8| match flags & flag {
            0 => Some(None),
            _ => string(body).map(Some),
        };
        let user = optional(FLAG_USER)?;
        let password = optional(FLAG_PASSWORD)?;
        Some(Self {
            level: plain,
            flags,
            keep_alive_s,
            client,
            will,
            will_bytes,
            user,
            password,
            auth_method,
            level_known,
        })
    }
}

/// `version 3.1.1 user "press" will "press/state" (7 bytes) qos 1 keep alive 60 s clean`.
impl fmt::Display for Connect<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            3 => f.write_str("version 3.1")?,
            4 => f.write_str("version 3.1.1")?,
            other => write!(f, "version {other}")?,
        }
        match self.user {
            Some(user) => write!(f, " user \"{}\"", Text(user))?,
            None if self.auth_method.is_none() => f.write_str(" anonymous")?,
            None => {}
        }
        if let Some(method) = self.auth_method {
            write!(f, " by {}", Text(method))?;
        }
        if let Some(topic) = self.will {
            let (topic, qos) = (Text(topic), self.flags >> 3 & 3);
            write!(f, " will \"{topic}\" ({} bytes) qos {qos}", self.will_bytes)?;
            if self.flags & 0x20 != 0 {
                f.write_str(" retain")?;
            }
        }
        write!(f, " keep alive {} s", self.keep_alive_s)?;
        f.write_str(if self.flags & FLAG_CLEAN == 0 { "" } else { " clean" })
    }
}

/// `session present`.
struct Present(bool);

impl fmt::Display for Present {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 { "session present" } else { "new session" })
    }
}

impl Mqtt {
    pub(super) fn connect(
        &mut self,
        from: Side,
        fixed: Fixed,
        mut body: Reader<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        self.asked = true;
        let said = Connect::read(&mut body)?;
        let anonymous = said.user.is_none() && said.auth_method.is_none();
        let mut anomalies: ArrayVec<Anomaly, 8> = wrong(from, fixed).iter().copied().collect();
        for (is_so, anomaly) in [
            (anonymous, ANONYMOUS),
            (self.connected, AGAIN),
            (!said.level_known, LEVEL),
            (said.flags & FLAG_RESERVED != 0, RESERVED),
            (said.flags >> 3 & 3 == 3, WILL_QOS),
            (!body.is_empty(), Anomaly::TRAILING),
        ] {
            if is_so {
                let _ = anomalies.try_push(anomaly);
            }
        }
        *self = Self { aligned: self.aligned, connected: true, asked: true, ..Self::default() };
        self.anonymous = anonymous;
        self.level = said.level;
        let client = Text(said.client);
        self.client = std::str::from_utf8(said.client)
            .ok()
            .and_then(|text| super::Topic::from(text).ok())
            .unwrap_or_default();
        let account = said.user.map(Text);
        let mut facts = ArrayVec::<Fact<'_>, 2>::new();
        if !said.client.is_empty() {
            facts.push(Fact::Identity {
                about: Subject::Sender,
                field: Field::Name,
                value: &client,
            });
        }
        if let Some(account) = &account {
            facts.push(Fact::Credential {
                scheme: "MQTT CONNECT",
                account,
                cleartext: said.auth_method.is_none(),
                default: credentials::is_default(account.0, said.password.unwrap_or_default()),
            });
        }
        let named = !said.client.is_empty();
        out.message(&Message {
            object: if named { Object::Named(&client) } else { Object::Nothing },
            values: Some(&said),
            anomalies: &anomalies,
            facts: &facts,
            ..base(from, fixed)
        });
        if let (Some(topic), Some(row)) = (said.will, codes::PARTS.first()) {
            // it is a publication, only later: whoever may not publish may leave none
            let topic = TopicName(topic);
            let message = Message::new(Protocol::MQTT, Kind::Notice, row, row.code);
            out.message(&message.on(Object::Named(&topic)));
        }
        Some(())
    }

    pub(super) fn connack(
        &mut self,
        from: Side,
        fixed: Fixed,
        mut body: Reader<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        let present = Present(body.u8()? & 1 != 0);
        let code = body.u8()?;
        // only version 5 has more, and it has always a property length
        if !body.is_empty() && self.level == 0 {
            self.level = LEVEL_5;
        }
        let mut assigned = None;
        if self.level >= LEVEL_5 && !body.is_empty() {
            assigned = properties(&mut body)?.assigned_client;
        }
        let client = match assigned {
            Some(assigned) => Text(assigned),
            None => Text(self.client.as_bytes()),
        };
        let asked = std::mem::take(&mut self.asked);
        let outcome = match code {
            0 => Outcome::Ok,
            code if self.level >= LEVEL_5 || code >= codes::FAILURE => super::outcome(code),
            code => Outcome::Error { code: code.into(), name: codes::return_code(code) },
        };
        let mut facts = ArrayVec::<Fact<'_>, 2>::new();
        if assigned.is_some() {
            let about = Subject::Receiver;
            facts.push(Fact::Identity { about, field: Field::Name, value: &client });
        }
        // that a client says nothing is its right; that it is let in so is what counts
        if asked && self.anonymous && outcome == Outcome::Ok {
            facts.push(Fact::Unprotected { what: "MQTT without authentication", acts: false });
        }
        let anomalies: &[Anomaly] = match wrong(from, fixed) {
            wrong @ [_, ..] => wrong,
            [] if !body.is_empty() => &[Anomaly::TRAILING],
            [] if !asked => &[Anomaly::UNASKED],
            [] => &[],
        };
        out.message(&Message {
            object: if client.0.is_empty() { Object::Nothing } else { Object::Named(&client) },
            outcome,
            values: Some(&present),
            anomalies,
            facts: &facts,
            ..base(from, fixed)
        });
        Some(())
    }
}
