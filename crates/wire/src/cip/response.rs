//! CIP responses: outcome, values and facts, on the object of the request that they answer.
//!
//! Source: CIP Networks Library Volume 1 clause 2-4 (Message Router response format).

use std::fmt;

use arrayvec::ArrayVec;

use super::identity::{FACTS_MAX, Identity};
use super::pairing::Connection;
use super::path::Target;
use super::request::{Request, SafetyConnections, Shown, service};
use super::values::Values;
use super::{
    DEPTH_MAX, Frame, INNER, NESTED, OTHER_SERVICE, codes, cyclic, file, open, pccc, pccc_object,
    status,
};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::table::Protocol;
use crate::{Reader, Sink, Text};

const REUSED: Anomaly = Anomaly::oddity("connection id was given to another connection before");

/// One response, read.
struct Response<'a> {
    service: u8,
    status: u8,
    extended: &'a [u8],
    data: &'a [u8],
}

impl<'a> Response<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let service = reader.u8()? & !codes::RESPONSE_BIT;
        reader.skip(1)?;
        let status = reader.u8()?;
        let words = usize::from(reader.u8()?);
        let extended = reader.take(words * 2)?;
        Some(Self { service, status, extended, data: reader.take_rest() })
    }

    const fn is_ok(&self) -> bool {
        matches!(self.status, status::SUCCESS | status::PARTIAL_TRANSFER)
    }

    fn outcome(&self) -> Outcome {
        if self.is_ok() {
            return Outcome::Ok;
        }
        let extended = Reader::new(self.extended).le16();
        let name = status::name(self.status, extended);
        Outcome::Error { code: self.status.into(), name }
    }

    fn values(&self, asked: Option<&Request<'_>>) -> Option<Values<'a>> {
        let data = Reader::new(self.data);
        match (self.service, asked) {
            _ if !self.extended.is_empty() => Some(Values::Extended(self.extended)),
            (service::READ_TAG | service::READ_FRAGMENT, Some(asked)) if asked.is_tag() => {
                Values::tag(data, false, false)
            }
            (service::MULTIPLE, _) => None,
            (_, Some(asked)) if asked.is_pccc() || asked.is_for_connection_manager() => None,
            _ => Values::bytes(self.data),
        }
    }
}

/// Emits a response and what it carries; `asked` are the bytes of its request, or their beginning.
/// The result is the connection that it grants.
pub(super) fn emit(
    frame: Frame,
    asked: Option<&[u8]>,
    bytes: &[u8],
    safety: &mut SafetyConnections,
    out: &mut dyn Sink,
) -> Option<Connection> {
    let code = bytes.first().map_or(0, |service| service & !codes::RESPONSE_BIT);
    let (mut asked, slot) = question(asked, code);
    if let Some(asked) = &mut asked {
        safety.mark(asked);
    }
    let frame = Frame { slot: slot.or(frame.slot), ..frame };
    let Some(response) = Response::read(bytes) else {
        let operation = codes::operation(code, &Target::default(), &[]);
        let message = Message::new(Protocol::CIP, Kind::Response, operation, code.into());
        out.message(&message.with_id(frame.id).with_anomalies(&[Anomaly::TRUNCATED]));
        return None;
    };
    let other = asked.is_some_and(|asked| asked.service != code);
    let asked = asked.filter(|_| !other);
    let mut anomalies = ArrayVec::<Anomaly, 4>::new();
    if other {
        anomalies.push(OTHER_SERVICE);
    } else if asked.is_none() {
        anomalies.push(Anomaly::UNASKED);
    }
    anomalies.extend(flaw(frame, &response));
    let granted = asked.as_ref().and_then(|asked| connection(asked, &response, out));
    let (connection, reused) = granted.unzip();
    if reused == Some(true) {
        anomalies.push(REUSED);
    }
    whole(frame, asked.as_ref(), &response, &anomalies, out);
    carried(frame, asked.as_ref(), &response, safety, out);
    connection
}

/// The request that this answers: what was sent unconnected is answered by its receiver.
fn question(asked: Option<&[u8]>, code: u8) -> (Option<Request<'_>>, Option<u16>) {
    let request = asked.and_then(Request::read);
    let forwarded = request.as_ref().and_then(Request::unconnected);
    match forwarded {
        Some((inner, route)) => {
            let slot = route.target().slot;
            let inner = Request::read(inner).filter(|inner| inner.service == code);
            (inner.or(request), slot)
        }
        None => (request, None),
    }
}

fn flaw(frame: Frame, response: &Response<'_>) -> Option<Anomaly> {
    if response.service != service::MULTIPLE || response.data.is_empty() {
        return None;
    }
    if frame.depth >= DEPTH_MAX {
        return Some(NESTED);
    }
    if open::Services::are_whole(response.data) { None } else { Some(INNER) }
}

/// The response itself.
fn whole(
    frame: Frame,
    asked: Option<&Request<'_>>,
    response: &Response<'_>,
    anomalies: &[Anomaly],
    out: &mut dyn Sink,
) {
    let operation = asked.map_or_else(
        || codes::operation(response.service, &Target::default(), &[]),
        |asked| asked.operation,
    );
    let intent = asked.map_or(operation.intent, Request::intent);
    let shown = asked.map(Request::object);
    let object = shown.as_ref().map_or(Object::Nothing, Shown::object);
    let values = response.values(asked);
    let identity = asked.and_then(|asked| identity(asked, response));
    let host = asked.and_then(|asked| host_name(asked, response));
    let mut facts = ArrayVec::<Fact<'_>, { FACTS_MAX + 1 }>::new();
    if let Some(identity) = &identity {
        facts.extend(identity.facts(frame.slot.is_some()));
    }
    if let Some(value) = &host {
        let about = Subject::Sender;
        facts.push(Fact::Identity { about, field: Field::Hostname, value });
    }
    let name = asked.map(file::Name::of);
    let file = asked.zip(name.as_ref()).filter(|_| response.is_ok());
    let piece = file.and_then(|(asked, name)| file::answered(asked, response.data, name));
    let opened = asked.and_then(Request::connection_slot);
    let protocol = asked.map_or(Protocol::CIP, Request::protocol);
    out.message(&Message {
        piece: piece.as_ref(),
        intent,
        object,
        outcome: response.outcome(),
        id: Some(frame.id),
        unit: opened.or(frame.slot),
        values: values.as_ref().map(|values| values as &dyn fmt::Display),
        anomalies,
        facts: &facts,
        ..Message::new(protocol, Kind::Response, operation, response.service.into())
    });
}

fn identity<'a>(asked: &Request<'_>, response: &Response<'a>) -> Option<Identity<'a>> {
    let of_device =
        asked.target.class == Some(codes::class::IDENTITY) && asked.target.instance == Some(1);
    if !of_device || !response.is_ok() {
        return None;
    }
    let data = Reader::new(response.data);
    match asked.service {
        service::GET_ALL => Identity::all(data),
        service::GET_LIST => Some(Identity::list(data)),
        service::GET_SINGLE => asked.target.attribute.map(|number| Identity::single(number, data)),
        _ => None,
    }
}

/// The host name attribute of the TCP/IP Interface object: a length and text.
fn host_name<'a>(asked: &Request<'_>, response: &Response<'a>) -> Option<Text<'a>> {
    let named = asked.target.class == Some(codes::class::TCP_IP)
        && asked.target.attribute == Some(codes::HOST_NAME_ATTRIBUTE)
        && asked.service == service::GET_SINGLE
        && response.is_ok();
    let mut data = Reader::new(response.data);
    let length = usize::from(data.le16().filter(|_| named)?);
    data.take(length).map(Text::trimmed).filter(|name| !name.0.is_empty())
}

/// What the response carries inside.
fn carried(
    frame: Frame,
    asked: Option<&Request<'_>>,
    response: &Response<'_>,
    safety: &mut SafetyConnections,
    out: &mut dyn Sink,
) {
    if response.service == service::MULTIPLE && frame.depth < DEPTH_MAX {
        let mut questions =
            asked.and_then(|asked| open::Services::read(asked.data)).into_iter().flatten();
        let answers = open::Services::read(response.data).into_iter().flatten();
        for answer in answers {
            let question = questions.next().flatten();
            if let Some(answer) = answer {
                emit(frame.inner(), question, answer, safety, out);
            }
        }
    } else if let Some(asked) = asked.filter(|asked| asked.is_pccc()) {
        answer(frame, asked, response, out);
    }
}

fn answer(frame: Frame, asked: &Request<'_>, response: &Response<'_>, out: &mut dyn Sink) {
    let (Some(command), Some(answer)) =
        (pccc::Command::read(asked.data), pccc::Answer::read(response.data))
    else {
        return;
    };
    let same =
        command.transaction == answer.transaction && command.code >> 8 == u32::from(answer.command);
    let anomalies: &[Anomaly] = if same { &[] } else { &[OTHER_SERVICE] };
    let values = answer.values();
    let name = answer.catalogue_number(command.code);
    let about = Subject::Sender;
    let mut facts = ArrayVec::<Fact<'_>, 2>::new();
    if let Some(value) = &name {
        facts.push(Fact::Identity { about, field: Field::Product, value });
        if pccc::is_controller(*value) {
            let reason = "answers PCCC diagnostic status as a processor";
            facts.push(Fact::Role { about, role: Role::Plc, reason });
        }
    }
    out.message(&Message {
        object: pccc_object(&command.address),
        outcome: answer.outcome,
        id: Some(answer.transaction.into()),
        unit: frame.slot,
        values: values.as_ref().map(|values| values as &dyn fmt::Display),
        anomalies,
        facts: &facts,
        ..Message::new(Protocol::CIP, Kind::Response, command.operation, command.code)
    });
}

/// The connection that is granted, and whether its number was another's. Of cyclic data other
/// flows are told.
fn connection(
    asked: &Request<'_>,
    response: &Response<'_>,
    out: &mut dyn Sink,
) -> Option<(Connection, bool)> {
    let opening = asked.opening().filter(|_| response.is_ok())?;
    let granted = open::granted(Reader::new(response.data))?;
    let (originator_to_target, target_to_originator) = granted;
    let reused = opening.is_cyclic() && cyclic::note(&opening, granted, out);
    let slot = opening.path.target().slot;
    Some((Connection { originator_to_target, target_to_originator, slot }, reused))
}
