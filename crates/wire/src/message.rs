//! What a dissector says about one application PDU, on the same terms for every protocol.
//!
//! A [`Message`] borrows all it says: from the packet, from the dissector's stack, or from static
//! tables. Nothing is rendered or allocated until somebody asks for text.

use std::fmt;
use std::net::IpAddr;

use plant::{Intent, Mac};

use crate::piece::Piece;
use crate::session::Transport;
use crate::table::{Effect, Operation, Protocol};

/// What part a message plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Asks the other side to do or tell something.
    Request,
    /// Answers a request.
    Response,
    /// Neither: cyclic data, an alarm, an announcement.
    Notice,
}

impl Kind {
    /// The word in `decode` and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Notice => "notice",
        }
    }
}

/// What a message acts on. Shown with `Display`; ranges can be compared by rules.
#[derive(Clone, Copy, Default)]
pub enum Object<'a> {
    /// Nothing that the protocol names.
    #[default]
    Nothing,
    /// `count` numbered cells of one space from `first`, as `holding 100..109`; `count` is at
    /// least 1 in well-formed messages.
    Range {
        /// The protocol's word for the space: `holding`, `coils`, `DB1.DBB`.
        space: &'a str,
        /// First number.
        first: u32,
        /// How many.
        count: u32,
    },
    /// Whatever the protocol names otherwise: `class 0x6b attr 1`, a path, a job, a topic.
    Named(&'a dyn fmt::Display),
}

impl Object<'_> {
    /// Whether the message names nothing.
    pub const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}

impl fmt::Display for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Nothing => Ok(()),
            Self::Range { space, first, count: 0 | 1 } => write!(f, "{space} {first}"),
            Self::Range { space, first, count } => {
                write!(f, "{space} {first}..{}", u64::from(first) + u64::from(count) - 1)
            }
            Self::Named(name) => name.fmt(f),
        }
    }
}

/// How a request ended, as the response says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The message says nothing of an outcome: requests and notices.
    Open,
    /// Done.
    Ok,
    /// Refused or failed, in the protocol's own terms.
    Error {
        /// The protocol's code.
        code: u32,
        /// The protocol's name of the code; empty where the standard lists none.
        name: &'static str,
    },
}

impl Outcome {
    /// `Ok` for code 0, else the error `code` with its `name`.
    pub const fn from_code(code: u32, name: &'static str) -> Self {
        if code == 0 { Self::Ok } else { Self::Error { code, name } }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => Ok(()),
            Self::Ok => f.write_str("ok"),
            Self::Error { code, name: "" } => write!(f, "error 0x{code:02x}"),
            Self::Error { name, .. } => f.write_str(name),
        }
    }
}

/// Who is to blame for an anomaly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blame {
    /// Bytes that no peer of this protocol would send: lengths that contradict each other, a
    /// message cut short.
    Malformed,
    /// Well-formed, but the standard forbids it: a reserved value, a count out of bounds.
    Violation,
    /// Allowed, and worth knowing: an answer without its question in a stream joined midway.
    Oddity,
}

/// Something about a message that should not be so. Each protocol lists its own as constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Anomaly {
    /// Who is to blame.
    pub blame: Blame,
    /// What is wrong, lower case, in the protocol's terms: `byte count does not match quantity`.
    pub what: &'static str,
}

impl Anomaly {
    /// The message ends before what it announces.
    pub const TRUNCATED: Self = Self::malformed("message is shorter than it announces");
    /// Bytes follow the end of the message inside its own length.
    pub const TRAILING: Self = Self::malformed("bytes follow the end of the message");
    /// An answer to a question that was not seen.
    pub const UNASKED: Self = Self::oddity("response without a request seen");

    /// Bytes that no peer of this protocol would send.
    pub const fn malformed(what: &'static str) -> Self {
        Self { blame: Blame::Malformed, what }
    }

    /// Well-formed, but forbidden.
    pub const fn violation(what: &'static str) -> Self {
        Self { blame: Blame::Violation, what }
    }

    /// Allowed, and worth knowing.
    pub const fn oddity(what: &'static str) -> Self {
        Self { blame: Blame::Oddity, what }
    }
}

/// Whom a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The station that sent the message.
    Sender,
    /// The station that the message went to.
    Receiver,
    /// The station with this Ethernet address.
    Mac(Mac),
    /// The station with this IP address.
    Ip(IpAddr),
}

/// What a station tells about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Who made it.
    Vendor,
    /// What it is: model or product name.
    Product,
    /// The vendor's order number or product code.
    OrderCode,
    /// Serial number.
    Serial,
    /// Firmware or software version of the device.
    Firmware,
    /// Hardware revision.
    Hardware,
    /// Its name in the automation project: station name, plant designation, tag.
    Name,
    /// Its name on the IT side: DNS, DHCP, NetBIOS.
    Hostname,
    /// Operating system.
    OperatingSystem,
    /// A service's own banner: server software and version.
    Software,
    /// Where it stands, as configured in it.
    Location,
}

impl Field {
    /// The key in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::Product => "product",
            Self::OrderCode => "order_code",
            Self::Serial => "serial",
            Self::Firmware => "firmware",
            Self::Hardware => "hardware",
            Self::Name => "name",
            Self::Hostname => "hostname",
            Self::OperatingSystem => "operating_system",
            Self::Software => "software",
            Self::Location => "location",
        }
    }
}

/// What a station is, as far as a protocol shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A robot controller.
    Robot,
    /// A programmable controller.
    Plc,
    /// Remote I/O, drive, sensor or other field device.
    Device,
    /// Operator panel or SCADA station.
    Hmi,
    /// Engineering station.
    Engineering,
    /// Switch, router, access point.
    Network,
    /// A server of IT services: names, addresses, time, files, web.
    Server,
    /// A workstation or phone without a part in the process.
    Workstation,
}

impl Role {
    /// The word in plant files (`kind = "robot"`) and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Robot => "robot",
            Self::Plc => "plc",
            Self::Device => "device",
            Self::Hmi => "hmi",
            Self::Engineering => "engineering",
            Self::Network => "network",
            Self::Server => "server",
            Self::Workstation => "workstation",
        }
    }
}

/// How a station came to say that it has an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It said so itself, asked or not (ARP reply or announcement, DCP identify response).
    Own,
    /// A server gave it (DHCP acknowledgement).
    Leased,
    /// Another station set it (DCP Set IP).
    Imposed,
}

/// Something learned from a message beside what it does.
#[derive(Clone, Copy)]
pub enum Fact<'a> {
    /// A station tells what it is.
    Identity {
        /// Whom it is about.
        about: Subject,
        /// What is told.
        field: Field,
        /// The value, to be rendered only when new.
        value: &'a dyn fmt::Display,
    },
    /// What a station shows itself to be. The reason is text for people: `answers S7 SZL 0x0011`.
    Role {
        /// Whom it is about.
        about: Subject,
        /// What it is.
        role: Role,
        /// Why we think so.
        reason: &'static str,
    },
    /// A station has an IP address on its segment.
    Address {
        /// The station.
        about: Subject,
        /// Its address.
        ip: IpAddr,
        /// How it came to it.
        claim: Claim,
    },
    /// A login passed over the wire.
    Credential {
        /// How: `HTTP Basic`, `FTP USER/PASS`, `SNMP community`.
        scheme: &'static str,
        /// The account, never the secret.
        account: &'a dyn fmt::Display,
        /// The secret could be read by anyone on the wire.
        cleartext: bool,
        /// The secret is the one that the vendor ships or everybody knows.
        default: bool,
    },
    /// The stream is protected by a transport that is no longer safe. `name`: `TLS 1.0`, `SSH 1`.
    Obsolete {
        /// What is used.
        name: &'static str,
    },
    /// It works without the authentication or encryption that its protocol has: `OPC UA security
    /// policy None`, `MQTT without authentication`.
    Unprotected {
        /// What is missing where.
        what: &'static str,
        /// The message at hand acts on the machine.
        acts: bool,
    },
    /// It asks for everything that passes: `MQTT subscription to #`.
    Overreach {
        /// What is asked for.
        what: &'static str,
    },
    /// Another flow of this conversation will come, to this port of one of its stations. It is
    /// read by `protocol` without asking its content.
    Expects {
        /// Whose port it is.
        about: Subject,
        /// The port; `None` for the one that this message was sent from.
        port: Option<u16>,
        /// TCP or UDP.
        transport: Transport,
        /// What will be spoken.
        protocol: Protocol,
        /// The file that it will carry, empty if that is not known yet. A later fact about the same
        /// port names it.
        name: &'a dyn fmt::Display,
    },
    /// A network of equals has a new participant or publisher.
    Joined {
        /// What it is: `DDS participant`, `DDS writer`.
        what: &'static str,
        /// Its name, or the topic that it will write to.
        name: &'a dyn fmt::Display,
        /// What it writes moves machines.
        commands: bool,
    },
}

/// One application message, borrowed.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    /// Whose message it is; may differ from the protocol that carries it.
    pub protocol: Protocol,
    /// Request, response or notice.
    pub kind: Kind,
    /// The row of the protocol's table; for codes outside it, the table's row for unknown ones.
    pub operation: &'static Operation,
    /// The code as on the wire, also when the table does not list it.
    pub code: u32,
    /// What it would do; the operation's own unless the object makes it something else.
    pub intent: Intent,
    /// What a finding may depend on; the operation's own unless the object makes it something else.
    pub effect: Effect,
    /// What it acts on. Responses repeat their request's object where that was seen.
    pub object: Object<'a>,
    /// How it ended, for responses.
    pub outcome: Outcome,
    /// Number that pairs request and response in this stream, where the protocol has one.
    pub id: Option<u32>,
    /// Station behind the address: Modbus unit id, CIP slot, S7 rack and slot byte.
    pub unit: Option<u16>,
    /// The values that it carries, in the protocol's own order.
    pub values: Option<&'a dyn fmt::Display>,
    /// What should not be so.
    pub anomalies: &'a [Anomaly],
    /// What can be learned beside.
    pub facts: &'a [Fact<'a>],
    /// The piece of a program or file that it carries.
    pub piece: Option<&'a Piece<'a>>,
}

impl<'a> Message<'a> {
    /// A message with only what every message has; set the other fields with `..` or the
    /// builder-like methods below. `code` is the code on the wire.
    pub const fn new(
        protocol: Protocol,
        kind: Kind,
        operation: &'static Operation,
        code: u32,
    ) -> Self {
        Self {
            protocol,
            kind,
            operation,
            code,
            intent: operation.intent,
            effect: operation.effect,
            object: Object::Nothing,
            outcome: Outcome::Open,
            id: None,
            unit: None,
            values: None,
            anomalies: &[],
            facts: &[],
            piece: None,
        }
    }

    /// The same message on `object`.
    #[must_use]
    pub const fn on(mut self, object: Object<'a>) -> Self {
        self.object = object;
        self
    }

    /// The same message with `outcome`.
    #[must_use]
    pub const fn ended(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// The same message with its pairing number.
    #[must_use]
    pub const fn with_id(mut self, id: u32) -> Self {
        self.id = Some(id);
        self
    }

    /// The same message with `anomalies`.
    #[must_use]
    pub const fn with_anomalies(mut self, anomalies: &'a [Anomaly]) -> Self {
        self.anomalies = anomalies;
        self
    }

    /// The same message carrying `piece`.
    #[must_use]
    pub const fn carrying(mut self, piece: &'a Piece<'a>) -> Self {
        self.piece = Some(piece);
        self
    }

    /// The same message with `facts`.
    #[must_use]
    pub const fn with_facts(mut self, facts: &'a [Fact<'a>]) -> Self {
        self.facts = facts;
        self
    }
}

/// What it says without where and when: `request read coils [observe] coils 1..8 unit 5`.
impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} [{}]", self.kind.name(), self.operation.name, self.intent)?;
        if !self.object.is_nothing() {
            write!(f, " {}", self.object)?;
        }
        if let Some(unit) = self.unit {
            write!(f, " unit {unit}")?;
        }
        if let Some(values) = self.values {
            write!(f, " {values}")?;
        }
        if self.outcome != Outcome::Open {
            write!(f, " = {}", self.outcome)?;
        }
        self.anomalies.iter().try_for_each(|anomaly| write!(f, " !{}", anomaly.what))
    }
}

#[cfg(test)]
mod tests {
    use super::{Object, Outcome};

    #[test]
    fn objects_print_as_people_name_them() {
        let range = |first, count| Object::Range { space: "holding", first, count }.to_string();
        assert_eq!(range(100, 10), "holding 100..109");
        assert_eq!(range(7, 1), "holding 7");
        assert_eq!(range(u32::MAX, u32::MAX), "holding 4294967295..8589934589");
        assert_eq!(Object::Named(&"job 7").to_string(), "job 7");
        assert!(Object::Nothing.is_nothing());
    }

    #[test]
    fn an_unlisted_error_keeps_its_code() {
        assert_eq!(Outcome::from_code(0, "").to_string(), "ok");
        assert_eq!(Outcome::from_code(0x83, "").to_string(), "error 0x83");
        assert_eq!(
            Outcome::from_code(2, "illegal data address").to_string(),
            "illegal data address"
        );
    }
}
