//! The body of one PROFINET call: arguments, blocks, and the messages that they make.
//!
//! Connect, release and control are one message each; read and write are one per record, so that
//! each write of a multiple write is judged by its own index.

use std::fmt;

use arrayvec::ArrayVec;

use super::asked::{Asked, Wanted};
use super::block::{self, Content, Identification, Record, Relation, Summary};
use super::codes::{self, opnum};
use super::rpc::{Header, Order, ptype};
use super::{mapper, safety, status};
use crate::message::{Anomaly, Fact, Field, Kind, Message, Object, Outcome, Role, Subject};
use crate::session::Sink;
use crate::table::{Operation, Protocol};
use crate::{Reader, Text, profisafe};

pub(super) const LENGTHS: Anomaly = Anomaly::malformed("lengths of the arguments contradict");
pub(super) const OVERRUN: Anomaly = Anomaly::malformed("block or record passes the arguments");
pub(super) const MODULES: Anomaly = Anomaly::oddity("real modules differ from the expected ones");
pub(super) const OTHER: Anomaly =
    Anomaly::malformed("response is of another operation than its request");
pub(super) const CLASH: Anomaly =
    Anomaly::oddity("call has the number of another that was not answered");
pub(super) const MOVED: Anomaly =
    Anomaly::oddity("safety submodule stood elsewhere in the cyclic frames before");
pub(super) const NO_CONTROL: Anomaly = Anomaly::malformed("control without a control block");

/// Anomalies kept of one message.
type Anomalies = ArrayVec<Anomaly, 4>;

/// The arguments in front of the blocks.
struct Arguments<'a> {
    status: Option<u32>,
    blocks: Reader<'a>,
    anomaly: Option<Anomaly>,
}

impl<'a> Arguments<'a> {
    /// Requests begin with the largest answer that is taken, responses with the PNIO status.
    fn read(header: &Header, mut body: Reader<'a>) -> Option<Self> {
        let order: Order = header.order;
        let first = order.u32(&mut body)?;
        let length = order.u32(&mut body)?;
        let _maximum = order.u32(&mut body)?;
        let offset = order.u32(&mut body)?;
        let count = order.u32(&mut body)?;
        let status = (header.ptype == ptype::RESPONSE).then_some(first);
        let sub = usize::try_from(length).ok().and_then(|length| body.sub(length));
        let anomaly = (sub.is_none() || length != count || offset != 0).then_some(LENGTHS);
        Some(Self { status, blocks: sub.unwrap_or(body), anomaly })
    }
}

/// Emits the messages of a call to one of PROFINET's interfaces.
pub(super) fn emit(
    header: &Header,
    body: Reader<'_>,
    framing: Option<Anomaly>,
    base: Message<'_>,
    out: &mut dyn Sink,
) {
    let mut anomalies = Anomalies::new();
    anomalies.extend(framing);
    let Some(arguments) = Arguments::read(header, body) else {
        if framing.is_none() {
            anomalies.push(Anomaly::TRUNCATED);
        }
        return out.message(&base.with_anomalies(&anomalies));
    };
    if framing.is_none() {
        anomalies.extend(arguments.anomaly);
    }
    let outcome = arguments.status.map_or(Outcome::Open, status::outcome);
    let base = base.ended(outcome);
    if header.ptype == ptype::RESPONSE {
        return answer(header, arguments.blocks, anomalies, base, out);
    }
    // a clash is only known when all is read, so this pass tells nothing
    let mut asked = Asked::of(header);
    Call { base, header, anomalies: Anomalies::new(), asked: &mut asked, out: &mut Silent }
        .read(arguments.blocks);
    if asked.ask(header, out) {
        let _ = anomalies.try_push(CLASH);
    }
    Call { base, header, anomalies, asked: &mut asked, out }.read(arguments.blocks);
}

/// Nobody listens.
struct Silent;

impl Sink for Silent {
    fn message(&mut self, _: &Message<'_>) {}
}

/// A response, read with what its request said.
fn answer(
    header: &Header,
    blocks: Reader<'_>,
    mut anomalies: Anomalies,
    base: Message<'_>,
    out: &mut dyn Sink,
) {
    let asked = Asked::noted(header, out);
    let other = asked.as_ref().is_some_and(|asked| asked.opnum != header.opnum);
    if other || asked.is_none() {
        let _ = anomalies.try_push(if other { OTHER } else { Anomaly::UNASKED });
    }
    let mut base = base;
    if let Some(asked) = asked.as_ref().filter(|_| other) {
        let row = Operation::find(codes::OPERATIONS, asked.opnum.into());
        base.intent = base.intent.max(row.unwrap_or(&codes::UNLISTED).intent);
    }
    let mut paired = asked.clone().filter(|_| !other).unwrap_or_else(|| Asked::of(header));
    Call { base, header, anomalies, asked: &mut paired, out }.read(blocks);
    if let Some(asked) = asked.filter(|_| !other) {
        asked.answer(header, out);
    }
}

/// A fault or reject in answer to `asked`.
pub(super) fn fail(
    header: &Header,
    asked: &Asked,
    base: Message<'_>,
    framing: Option<Anomaly>,
    out: &mut dyn Sink,
) {
    let row = Operation::find(codes::OPERATIONS, asked.opnum.into()).unwrap_or(&codes::UNLISTED);
    let base = Message { operation: row, intent: row.intent, code: asked.opnum.into(), ..base };
    let anomalies = framing.into_iter().collect();
    Call { base, header, anomalies, asked: &mut asked.clone(), out }.read(Reader::new(&[]));
}

struct Call<'a> {
    base: Message<'a>,
    header: &'a Header,
    anomalies: Anomalies,
    /// Of a request, what it asks; of an answer, what was asked.
    asked: &'a mut Asked,
    out: &'a mut dyn Sink,
}

impl Call<'_> {
    fn read(&mut self, blocks: Reader<'_>) {
        match self.asked.opnum {
            2 | 3 | 5 => self.records(blocks),
            _ => self.relation(blocks),
        }
    }

    fn answers(&self) -> bool {
        self.base.kind == Kind::Response
    }

    /// Connect, release, control: one message.
    fn relation(&mut self, blocks: Reader<'_>) {
        let mut relation = None;
        let mut control = None;
        let mut reader = blocks;
        while let Some(block) = block::block(&mut reader) {
            let kind = block.kind & !codes::block::RESPONSE;
            match block.kind {
                codes::block::AR => relation = relation.or(Relation::read(block.body)),
                codes::block::MODULE_DIFF => {
                    let _ = self.anomalies.try_push(MODULES);
                }
                _ => {}
            }
            if (codes::block::CONTROL_FIRST..=codes::block::CONTROL_LAST).contains(&kind) {
                control = control.or(Some(kind));
            }
        }
        if !reader.is_empty() {
            let _ = self.anomalies.try_push(OVERRUN);
        }
        match (self.header.opnum, self.answers()) {
            (opnum::CONNECT, true) => safety::answered(blocks, self.out),
            (opnum::CONNECT, false) => safety::asked(blocks, self.out),
            _ => {}
        }
        if self.answers() {
            control = control.or(self.asked.control);
        } else {
            self.asked.control = control;
            if let Some(relation) = &relation {
                self.asked.relates(relation);
            }
        }
        let known = relation.or(self.asked.relation());
        let summary = Summary(blocks);
        let mut message = Message { anomalies: &self.anomalies, ..self.base };
        if let Some(operation) = self.control(control) {
            message.operation = operation;
            message.intent = operation.intent.max(self.base.intent);
            message.code = operation.code;
        }
        let lost = [NO_CONTROL];
        let failed = !matches!(message.outcome, Outcome::Open | Outcome::Ok);
        if self.header.opnum == opnum::CONTROL && control.is_none() && !failed {
            message.anomalies =
                if message.anomalies.is_empty() { &lost } else { message.anomalies };
        }
        if self.header.opnum == opnum::CONNECT {
            message.values = Some(&summary);
        }
        if let Some(relation) = &known {
            message.object = Object::Named(relation);
            if relation.device_access {
                message.intent = plant::Intent::Session;
            }
        }
        let vendors = (
            relation.and_then(|relation| block::vendor(relation.initiator)),
            block::vendor(self.header.object),
        );
        let facts = self.relation_facts(relation.as_ref(), &vendors);
        self.out.message(&message.with_facts(&facts));
    }

    /// The row of a control by its block.
    fn control(&self, block: Option<u16>) -> Option<&'static Operation> {
        let number = block.filter(|_| self.header.opnum == opnum::CONTROL)?;
        Operation::find(codes::CONTROLS, number.into())
    }

    /// Who connects to whom.
    fn relation_facts<'f>(
        &self,
        relation: Option<&'f Relation<'_>>,
        vendors: &'f (Option<block::Vendor>, Option<block::Vendor>),
    ) -> ArrayVec<Fact<'f>, 5> {
        let mut facts = ArrayVec::new();
        let (about_sender, about_receiver) = (Subject::Sender, Subject::Receiver);
        let vendor = |about, vendor: &'f block::Vendor| Fact::Identity {
            about,
            field: Field::Vendor,
            value: vendor,
        };
        if let Some(relation) = relation {
            if !relation.station.0.is_empty() {
                let value = &relation.station;
                facts.push(Fact::Identity { about: about_sender, field: Field::Name, value });
            }
            let (role, reason) = match relation.kind {
                6 => (Role::Engineering, "opens a PROFINET supervisor relation"),
                _ => (Role::Plc, "opens a PROFINET controller relation"),
            };
            facts.push(Fact::Role { about: about_sender, role, reason });
            let role = Role::Device;
            let reason = "a PROFINET controller connects to it";
            facts.push(Fact::Role { about: about_receiver, role, reason });
            facts.extend(vendors.0.as_ref().map(|found| vendor(about_sender, found)));
            facts.extend(vendors.1.as_ref().map(|found| vendor(about_receiver, found)));
        }
        facts
    }

    /// Read, write, read implicit: one message for each record.
    fn records(&mut self, mut blocks: Reader<'_>) {
        let mut any = false;
        while let Some((record, data)) = self.record(&mut blocks) {
            any = true;
            // of a multiple write the records inside are told; in its answer they follow
            let multiple = record.index == codes::MULTIPLE_WRITE;
            let answered = multiple && data.is_empty() && !blocks.is_empty();
            let told = answered || (multiple && self.multiple(data));
            if !told {
                self.emit_record(&record, data);
            }
        }
        if !any {
            if !blocks.is_empty() && self.anomalies.is_empty() {
                self.anomalies.push(OVERRUN);
            }
            self.nothing_told();
        }
    }

    /// No record is there: of a failed answer, those that were asked for have failed.
    fn nothing_told(&mut self) {
        let wanted = if self.answers() { self.asked.records.clone() } else { ArrayVec::new() };
        if wanted.is_empty() {
            return self.out.message(&self.base.with_anomalies(&self.anomalies));
        }
        for Wanted { place, index, .. } in wanted {
            let record = Record { relation: [0; 16], place, index, length: 0, status: None };
            self.emit_record(&record, Reader::new(&[]));
        }
    }

    /// The records inside a multiple write; whether there were any.
    fn multiple(&mut self, mut data: Reader<'_>) -> bool {
        let whole = data.len();
        let mut any = false;
        while let Some((inner, content)) = self.record(&mut data) {
            any = true;
            self.emit_record(&inner, content);
            // each but the last is padded to four bytes
            let _ = data.skip((whole - data.len()).wrapping_neg() % 4);
        }
        any
    }

    /// Reads a record header and the record behind it, as far as it is there.
    fn record<'r>(&mut self, reader: &mut Reader<'r>) -> Option<(Record, Reader<'r>)> {
        if reader.is_empty() {
            return None;
        }
        let block = block::block(reader)?;
        let record = match block.kind & !codes::block::RESPONSE {
            codes::block::READ | codes::block::WRITE => Record::read(block.kind, block.body)?,
            _ => return None,
        };
        // read requests and write responses name a length without having the record
        if !matches!(block.kind, codes::block::WRITE | codes::block::READ_RESPONSE) {
            return Some((record, Reader::new(&[])));
        }
        let length = usize::try_from(record.length).unwrap_or(usize::MAX);
        let data = reader.sub(length).unwrap_or_else(|| {
            if !self.anomalies.contains(&OVERRUN) {
                let _ = self.anomalies.try_push(OVERRUN);
            }
            Reader::new(reader.take_rest())
        });
        Some((record, data))
    }

    /// A request that writes records.
    const fn writes(&self) -> bool {
        self.header.opnum == 3 && self.header.ptype == ptype::REQUEST
    }

    fn emit_record(&mut self, record: &Record, data: Reader<'_>) {
        let content = Content { index: record.index, data: data.rest() };
        let outcome = match (self.base.outcome, record.status) {
            (Outcome::Ok, Some(status)) => status::outcome(status),
            (outcome, _) => outcome,
        };
        let intent = if self.asked.opnum == 3 {
            codes::write_intent(record.index)
        } else {
            self.base.intent
        };
        let told = Told::read(record, data);
        let facts = told.facts();
        let safety = (self.writes() && record.index < codes::DEVICE_INDEX)
            .then(|| profisafe::Parameters::read(data.rest()))
            .flatten();
        if let Some(parameters) = &safety
            && safety::parameters(&record.relation, record.place, parameters, self.out)
        {
            let _ = self.anomalies.try_push(MOVED);
        }
        if !self.answers() {
            let (place, index) = (record.place, record.index);
            self.asked.wants(Wanted { place, index, safety: safety.is_some() });
        }
        if safety.is_some() || self.answers() && self.asked.is_safety(record.place, record.index) {
            let operation = &profisafe::codes::WRITE;
            self.out.message(&Message {
                protocol: Protocol::PROFISAFE,
                operation,
                code: operation.code,
                intent: operation.intent,
                effect: operation.effect,
                object: Object::Named(record),
                unit: Some(record.place.slot),
                outcome,
                values: safety.as_ref().map(|parameters| parameters as &dyn fmt::Display),
                anomalies: &self.anomalies,
                ..self.base
            });
            return self.anomalies.clear();
        }
        let values = (!data.is_empty()).then_some(&content as &dyn fmt::Display);
        self.out.message(&Message {
            intent,
            object: Object::Named(record),
            unit: Some(record.place.slot),
            outcome,
            values,
            anomalies: &self.anomalies,
            facts: if self.header.ptype == ptype::RESPONSE { &facts } else { &[] },
            ..self.base
        });
        self.anomalies.clear();
    }
}

/// What a record tells of the device: I&M0 and I&M1 of slot 0, where the device itself stands.
#[derive(Default)]
struct Told<'a> {
    identification: Option<Identification<'a>>,
    location: Option<Text<'a>>,
}

impl<'a> Told<'a> {
    fn read(record: &Record, data: Reader<'a>) -> Self {
        let mut told = Self::default();
        match (record.place.slot, record.index) {
            (0, 0xaff0) => told.identification = Identification::read(data.rest()),
            (0, 0xaff1) => {
                // tag of the function (32), tag of the location (22)
                let location = block::block(&mut { data })
                    .filter(|block| block.kind == codes::block::IM1)
                    .and_then(|block| block.body.rest().get(32..));
                told.location = location.map(Text::trimmed).filter(|text| !text.0.is_empty());
            }
            _ => {}
        }
        told
    }

    fn facts(&self) -> ArrayVec<Fact<'_>, 6> {
        let about = Subject::Sender;
        let identity = |field, value| Fact::Identity { about, field, value };
        let mut facts = ArrayVec::new();
        if let Some(module) = &self.identification {
            facts.push(identity(Field::Vendor, &module.vendor as &dyn fmt::Display));
            facts.push(identity(Field::OrderCode, &module.order));
            facts.push(identity(Field::Serial, &module.serial));
            facts.push(identity(Field::Hardware, &module.hardware));
            facts.push(identity(Field::Firmware, &module.software));
        }
        facts.extend(self.location.as_ref().map(|text| identity(Field::Location, text)));
        facts
    }
}

/// A call to the endpoint mapper.
pub(super) fn mapped(header: &Header, body: Reader<'_>, base: Message<'_>, out: &mut dyn Sink) {
    let answers = header.ptype == ptype::RESPONSE;
    let columns = match header.opnum {
        2 if answers => mapper::columns(header.order, body),
        _ => ArrayVec::new(),
    };
    let facts: ArrayVec<Fact<'_>, 4> = columns
        .iter()
        .map(|(field, text)| Fact::Identity {
            about: Subject::Sender,
            field: *field,
            value: text as &Text<'_>,
        })
        .collect();
    let outcome = if answers { Outcome::Ok } else { Outcome::Open };
    out.message(&base.ended(outcome).with_facts(&facts));
}
