//! One service request or response: what it acts on, how it ended, who asks.
//!
//! Objects and values are shown by reading the body again when somebody looks. A response repeats
//! neither; the text of the request's object is kept, in a fixed space. Source: Part 4 5 and 7.

use std::fmt::{self, Write as _};

use arrayvec::{ArrayString, ArrayVec};

use super::codes::{self, Policy, token};
use super::file::Access;
use super::schema::{REQUEST_HEADER, RESPONSE_HEADER, Shape, body as shapes};
use super::walk::{Event, NodeId, Value, blob, walk};
use super::{OpcUa, by_side, status};
use crate::credentials;
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Subject};
use crate::session::{Side, Sink};
use crate::table::{Operation, Protocol};
use crate::text::kept;
use crate::{Part, Piece, Reader, Text};

/// Nodes or values that are listed before the rest is only counted.
const LISTED_MAX: usize = 8;
/// Bytes of a request's object that its response repeats.
const OBJECT_BYTES: usize = 96;
/// Number of the value attribute (Part 6 A.1).
const VALUE_ATTRIBUTE: u32 = 13;

const INSECURE: Anomaly = Anomaly::oddity("session on a channel without security");
const ANONYMOUS: Anomaly = Anomaly::oddity("an anonymous session changes something");
const CUT: Anomaly = Anomaly::oddity("message is longer than what is read of it");
const MODE: Anomaly = Anomaly::violation("security mode contradicts the policy");

/// The row of a listed service.
pub(super) fn row(code: u32) -> &'static Operation {
    Operation::find(codes::SERVICES, code).unwrap_or(&codes::UNLISTED)
}

/// What a request said that its response does not repeat.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) operation: &'static Operation,
    object: ArrayString<OBJECT_BYTES>,
    /// Which of its nodes tell about the server, and what.
    told: ArrayVec<(usize, Field), 4>,
    /// What its answer will do to a file.
    access: Access<'static>,
}

/// Attributes of a server's build information (Part 6 A.3: `Server_ServerStatus_BuildInfo_*`).
const fn build_info(node: u32) -> Option<Field> {
    match node {
        2261 => Some(Field::Product),
        2263 => Some(Field::Vendor),
        2264 => Some(Field::Firmware),
        _ => None,
    }
}

/// The nodes, or the name, that a request is about.
struct Targets<'a> {
    shapes: &'static [Shape],
    body: Reader<'a>,
}

impl fmt::Display for Targets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut written = Ok(());
        let (mut count, mut last, mut owner, mut unread) = (0_usize, None, None, 0_u32);
        walk(self.shapes, &mut self.body.clone(), &mut |event| match event {
            Event::Name(name) => written = written.and_then(|()| write!(f, "{}", Text(name))),
            Event::Owner(node) => owner = Some(node),
            Event::Target(node) if last == Some((owner, node)) => {}
            Event::Target(node) => {
                if count < LISTED_MAX {
                    written = written.and_then(|()| target(f, count, node, owner));
                }
                last = Some((owner, node));
                count += 1;
            }
            Event::Unread(more) => unread = more,
            Event::Attribute(_)
            | Event::Status(_)
            | Event::Value(_)
            | Event::Told(..)
            | Event::Identity(..) => {}
        });
        written?;
        match count.checked_sub(LISTED_MAX) {
            None | Some(0) if unread == 0 => Ok(()),
            None => write!(f, ", and {unread} more"),
            Some(more) => write!(f, ", and {} more", u64::from(unread) + more as u64),
        }
    }
}

/// One node of the list, behind those before it.
fn target(
    f: &mut fmt::Formatter<'_>,
    before: usize,
    node: NodeId<'_>,
    owner: Option<NodeId<'_>>,
) -> fmt::Result {
    f.write_str(if before > 0 { ", " } else { "" })?;
    write!(f, "{node}")?;
    owner.map_or(Ok(()), |owner| write!(f, " of {owner}"))
}

/// The values that a body carries.
struct Values<'a> {
    shapes: &'static [Shape],
    body: Reader<'a>,
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut written = f.write_char('[');
        let mut count = 0_usize;
        walk(self.shapes, &mut self.body.clone(), &mut |event| {
            if let Event::Value(value) = event {
                let comma = if count > 0 { ", " } else { "" };
                if count < LISTED_MAX {
                    written = written.and_then(|()| write!(f, "{comma}{value}"));
                }
                count += 1;
            }
        });
        written?;
        f.write_str(if count > LISTED_MAX { ", ..]" } else { "]" })
    }
}

/// The user of a session (Part 4 7.36).
#[derive(Clone, Copy)]
enum User<'a> {
    Anonymous,
    Named { account: Text<'a>, cleartext: bool, default: bool },
    Certificate,
    Issued,
    Other,
}

impl<'a> User<'a> {
    fn read(kind: Option<u32>, body: &'a [u8]) -> Self {
        match kind {
            // a null token means an anonymous user
            Some(0 | token::ANONYMOUS) => Self::Anonymous,
            Some(token::USER_NAME) => {
                let mut body = Reader::new(body);
                let mut next = || blob(&mut body).unwrap_or_default();
                let (_, account, secret, algorithm) = (next(), next(), next(), next());
                let cleartext = algorithm.is_empty();
                let default = cleartext && credentials::is_default(account, secret);
                Self::Named { account: Text(account), cleartext, default }
            }
            Some(token::X509) => Self::Certificate,
            Some(token::ISSUED) => Self::Issued,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for User<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::Named { account, .. } => write!(f, "user {account}"),
            Self::Certificate => f.write_str("certificate"),
            Self::Issued => f.write_str("issued token"),
            Self::Other => f.write_str("token of unknown kind"),
        }
    }
}

/// What one walk through a body finds.
#[derive(Default)]
struct Found<'a> {
    /// It names a node or an endpoint.
    names: bool,
    values: usize,
    /// The first bad status.
    bad: Option<u32>,
    user: Option<User<'a>>,
    told: ArrayVec<(Field, Text<'a>), 6>,
    targets: usize,
    /// What the last target belongs to.
    owner: Option<NodeId<'a>>,
    /// The first values.
    arguments: ArrayVec<Value<'a>, 3>,
    build_info: ArrayVec<(usize, Field), 4>,
}

impl<'a> Found<'a> {
    /// Takes an event; `wanted` are the values that tell about the sender.
    fn see(&mut self, event: Event<'a>, last: &mut Option<u32>, wanted: &[(usize, Field)]) {
        match event {
            Event::Name(name) => self.names |= !name.is_empty(),
            Event::Target(node) => {
                self.names = true;
                self.targets += 1;
                *last = node.standard();
            }
            Event::Attribute(attribute) => {
                let field = last.and_then(build_info).filter(|_| attribute == VALUE_ATTRIBUTE);
                if let Some(field) = field {
                    let _ = self.build_info.try_push((self.targets - 1, field));
                }
            }
            Event::Status(code) if status::is_bad(code) => {
                self.bad.get_or_insert(code);
            }
            Event::Value(value) => {
                let field = wanted.iter().find(|(place, _)| *place == self.values);
                if let (Some((_, field)), Some(text)) = (field, value.text()) {
                    self.tell(*field, text);
                }
                self.values += 1;
                let _ = self.arguments.try_push(value);
            }
            Event::Told(field, text) => self.tell(field, text),
            Event::Identity(kind, body) => self.user = Some(User::read(kind, body)),
            Event::Owner(node) => self.owner = Some(node),
            Event::Status(_) | Event::Unread(_) => {}
        }
    }

    fn tell(&mut self, field: Field, text: &'a [u8]) {
        if !text.is_empty() && self.told.iter().all(|(known, _)| *known != field) {
            let _ = self.told.try_push((field, Text(text)));
        }
    }

    fn facts(&self) -> ArrayVec<Fact<'_>, 10> {
        let mut facts: ArrayVec<Fact<'_>, 10> = self
            .told
            .iter()
            .map(|(field, value)| Fact::Identity { about: Subject::Sender, field: *field, value })
            .collect();
        if let Some(User::Named { account, cleartext, default }) = &self.user {
            let _ = facts.try_push(Fact::Credential {
                scheme: "OPC UA user name",
                account,
                cleartext: *cleartext,
                default: *default,
            });
        }
        facts
    }
}

/// One body, at its type id.
struct Body<'a> {
    id: u32,
    type_id: u32,
    fields: Reader<'a>,
    cut: bool,
}

impl OpcUa {
    /// Emits the message of request `id` whose bytes from the type id on are `bytes`.
    pub(super) fn service(
        &mut self,
        (from, id): (Side, u32),
        bytes: &[u8],
        cut: bool,
        out: &mut dyn Sink,
    ) {
        let mut fields = Reader::new(bytes);
        let node = NodeId::read(&mut fields);
        let type_id = node.and_then(|node| node.standard()).unwrap_or(0);
        let body = Body { id, type_id, fields, cut };
        match codes::service(type_id) {
            Some((operation, Kind::Request)) => self.request(operation, &body, out),
            Some((operation, _)) => self.response(operation, &body, out),
            None if type_id == codes::SERVICE_FAULT => self.response(&codes::FAULT, &body, out),
            None => {
                let message =
                    Message::new(Protocol::OPC_UA, by_side(from), &codes::UNLISTED, type_id);
                let anomalies: &[Anomaly] =
                    if node.is_none() { &[Anomaly::TRUNCATED] } else { &[] };
                out.message(&message.with_id(id).with_anomalies(anomalies));
            }
        }
    }

    fn request(&mut self, operation: &'static Operation, body: &Body<'_>, out: &mut dyn Sink) {
        let mut fields = body.fields;
        let header = walk(REQUEST_HEADER, &mut fields, &mut |_| {});
        let shapes = header.and_then(|()| shapes(operation.code, Kind::Request));
        let start = fields;
        let mut found = Found::default();
        let mut last = None;
        let whole = header.and_then(|()| {
            walk(shapes.unwrap_or_default(), &mut fields, &mut |event| {
                found.see(event, &mut last, &[]);
            })
        });
        let left = shapes.is_some() && !fields.is_empty();
        let mut anomalies = self.framing(whole.is_some(), left, body.cut);
        let shapes = shapes.unwrap_or_default();
        let targets = Targets { shapes, body: start };
        let values = Values { shapes: targets.shapes, body: start };
        let mode = (operation.code == codes::OPEN_REQUEST).then(|| codes::mode_of(start)).flatten();
        let object = match &found.user {
            Some(user) => Object::Named(user),
            None if mode.is_some() => Object::Named(&"None"),
            None if found.names => Object::Named(&targets),
            None => Object::Nothing,
        };
        self.judge(operation, &found, &mut anomalies);
        if mode.is_some_and(|mode| mode != "None") {
            let _ = anomalies.try_push(MODE);
        }
        let shown = mode.as_ref().map(|mode| mode as &dyn fmt::Display);
        let carried = (found.values > 0).then_some(&values as &dyn fmt::Display);
        let calls = operation.code == codes::CALL && found.targets == 1;
        let access = if calls { self.files.called(&found.arguments) } else { Access::None };
        let file = found.owner;
        let name = file.as_ref().map_or(&"" as &dyn fmt::Display, |file| file);
        let piece = written(access, name);
        let mut facts = found.facts();
        for fact in self.unprotected(operation) {
            let _ = facts.try_push(fact);
        }
        out.message(&Message {
            values: shown.or(carried),
            object,
            piece: piece.as_ref(),
            ..Message::new(Protocol::OPC_UA, Kind::Request, operation, body.type_id)
                .with_id(body.id)
                .with_anomalies(&anomalies)
                .with_facts(&facts)
        });
        let told = found.build_info.clone();
        let access = match access {
            Access::Open => Access::Open,
            Access::Close { handle } => Access::Close { handle },
            Access::Write { .. } | Access::None => Access::None,
        };
        self.asked.insert(
            body.id,
            Asked { operation, object: kept(format_args!("{object}")), told, access },
        );
    }

    /// What works without the protection that the protocol has. That a channel without a policy
    /// only asks for endpoints is how every client begins; the first other request tells, once.
    fn unprotected(&mut self, operation: &'static Operation) -> ArrayVec<Fact<'static>, 2> {
        let mut facts = ArrayVec::new();
        let discovers = codes::DISCOVERY.contains(&operation.code);
        if self.policy == Policy::None && !discovers && !self.exposed {
            self.exposed = true;
            facts.push(Fact::Unprotected { what: "OPC UA security policy None", acts: false });
        }
        if self.anonymous && operation.intent >= plant::Intent::Operate {
            facts.push(Fact::Unprotected {
                what: "OPC UA anonymous session that writes",
                acts: true,
            });
        }
        facts
    }

    /// What is only worth knowing: sessions without security, and what they change.
    fn judge(
        &mut self,
        operation: &'static Operation,
        found: &Found<'_>,
        anomalies: &mut ArrayVec<Anomaly, 4>,
    ) {
        match operation.code {
            codes::CREATE_SESSION if self.policy == Policy::None => {
                let _ = anomalies.try_push(INSECURE);
            }
            codes::ACTIVATE_SESSION => {
                self.anonymous = matches!(found.user, Some(User::Anonymous));
            }
            _ if self.anonymous && operation.intent >= plant::Intent::Operate => {
                let _ = anomalies.try_push(ANONYMOUS);
            }
            _ => {}
        }
    }

    fn response(&mut self, operation: &'static Operation, body: &Body<'_>, out: &mut dyn Sink) {
        let fault = *operation == codes::FAULT;
        let asked = self.asked.take(&body.id);
        let asked = asked.filter(|asked| fault || *asked.operation == *operation);
        let mut fields = body.fields;
        let mut found = Found::default();
        let mut last = None;
        let wanted = asked.as_ref().map(|asked| asked.told.as_slice()).unwrap_or_default();
        let header = walk(RESPONSE_HEADER, &mut fields, &mut |event| {
            found.see(event, &mut last, &[]);
        });
        // a service that failed as a whole may leave out its fields
        let failed = header.is_some() && found.bad.is_some();
        let shapes = header.and_then(|()| shapes(operation.code, Kind::Response));
        let start = fields;
        let whole = header.and_then(|()| {
            walk(shapes.unwrap_or_default(), &mut fields, &mut |event| {
                found.see(event, &mut last, wanted);
            })
        });
        let left = shapes.is_some() && !fields.is_empty();
        let mut anomalies = self.framing(whole.is_some() || failed, left && !failed, body.cut);
        if asked.is_none() {
            let _ = anomalies.try_push(Anomaly::UNASKED);
        }
        let outcome = match found.bad {
            Some(code) => Outcome::Error { code, name: status::name(code) },
            None if header.is_none() => Outcome::Open,
            None => Outcome::Ok,
        };
        let values = Values { shapes: shapes.unwrap_or_default(), body: start };
        let object = asked.as_ref().map(|asked| &asked.object).filter(|text| !text.is_empty());
        let facts = found.facts();
        let access = asked.as_ref().map(|asked| asked.access).unwrap_or_default();
        let closed = if outcome == Outcome::Ok { self.settle(access, &found) } else { None };
        out.message(&Message {
            piece: closed.as_ref(),
            object: object.map_or(Object::Nothing, |text| Object::Named(text)),
            values: (found.values > 0).then_some(&values as &dyn fmt::Display),
            outcome,
            ..Message::new(
                Protocol::OPC_UA,
                Kind::Response,
                asked.as_ref().map_or(operation, |asked| asked.operation),
                body.type_id,
            )
            .with_id(body.id)
            .with_anomalies(&anomalies)
            .with_facts(&facts)
        });
    }

    /// What the answer of a call does to a file; the end of one that was written.
    fn settle(&mut self, access: Access<'_>, found: &Found<'_>) -> Option<Piece<'static>> {
        match access {
            Access::Open => self.files.opened(&found.arguments),
            // the position of a file is asked with the same argument, and answered
            Access::Close { handle } if found.values == 0 && self.files.closed(handle) => {
                return Some(piece(handle, &"", &[], Part::Last));
            }
            Access::Close { .. } | Access::Write { .. } | Access::None => {}
        }
        None
    }

    /// What is wrong with the length of a body.
    fn framing(&self, whole: bool, left: bool, cut: bool) -> ArrayVec<Anomaly, 4> {
        let mut anomalies = ArrayVec::new();
        match (whole, left) {
            (false, _) if cut => anomalies.push(CUT),
            (false, _) => anomalies.push(Anomaly::TRUNCATED),
            // behind the message may stand a signature
            (true, true) if !cut && self.policy != Policy::Unseen => {
                anomalies.push(Anomaly::TRAILING)
            }
            (true, _) => {}
        }
        anomalies
    }
}

/// The piece of a file that a call writes.
fn written<'a>(access: Access<'a>, name: &'a dyn fmt::Display) -> Option<Piece<'a>> {
    let Access::Write { handle, bytes, first } = access else { return None };
    Some(piece(handle, name, bytes, if first { Part::First } else { Part::Next }))
}

fn piece<'a>(handle: u32, name: &'a dyn fmt::Display, bytes: &'a [u8], part: Part) -> Piece<'a> {
    Piece { transfer: handle, kind: "file", name, to: Side::Server, offset: None, bytes, part }
}
