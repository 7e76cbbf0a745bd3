//! DCP Set: each block of a request, and each result of its answer, is one message.
//!
//! The answer names only option and error, so the name or address that was set waits for it.
//! Source: IEC 61158-6-10:2019 ("6-10") clause 4.3, DCP-Set.

use std::fmt;

use arrayvec::ArrayVec;

use super::Dcp;
use super::block::{self, Block, Blocks, IpParameter, Name, Shape};
use super::codes::{self, option, service};
use super::frame::Frame;
use crate::message::{Anomaly, Claim, Fact, Field, Message, Object, Outcome, Subject};
use crate::session::Sink;
use crate::{Reader, Text};

/// Bytes kept of a name that was set, for the answer; DNS labels have no more (RFC 1035 2.3.4).
const NAME_MAX: usize = 63;

/// What a Set was about, as far as its answer should repeat it.
#[derive(Clone)]
pub(super) enum Target {
    Nothing,
    Name(ArrayVec<u8, NAME_MAX>),
    Address(IpParameter),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Name(name) => Text(name).fmt(f),
            Self::Address(address) => address.fmt(f),
        }
    }
}

impl Target {
    fn of(block: &Block<'_>) -> Self {
        match block.option {
            option::NAME => {
                let name = Text::clipped(Text::trimmed(block.data).0, NAME_MAX).0;
                Self::Name(name.iter().copied().collect())
            }
            option::IP | option::IP_SUITE => {
                IpParameter::read(block.data).map_or(Self::Nothing, Self::Address)
            }
            _ => Self::Nothing,
        }
    }

    /// The address that a request would give its receiver.
    fn imposed(&self) -> Option<Fact<'static>> {
        match self {
            Self::Address(address) if !address.ip.is_unspecified() => Some(Fact::Address {
                about: Subject::Receiver,
                ip: address.ip.into(),
                claim: Claim::Imposed,
            }),
            Self::Address(_) | Self::Name(_) | Self::Nothing => None,
        }
    }

    /// The name that the answering station now has, unless it was clipped or taken away.
    fn name(&self) -> Option<Text<'_>> {
        match self {
            Self::Name(name) => (1..NAME_MAX).contains(&name.len()).then_some(Text(name)),
            Self::Address(_) | Self::Nothing => None,
        }
    }

    /// `value` as the object, where it is worth naming.
    fn object<'o>(&self, value: &'o dyn fmt::Display) -> Object<'o> {
        match self {
            Self::Nothing => Object::Nothing,
            Self::Name(_) | Self::Address(_) => Object::Named(value),
        }
    }
}

impl Dcp {
    /// Each block of a Set request.
    pub(super) fn set(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let mut first = frame.anomaly;
        let mut empty = true;
        for block in Blocks::new(frame.data, Shape::WithInfo) {
            empty = false;
            let anomalies: ArrayVec<Anomaly, 2> =
                first.take().into_iter().chain(block.judge()).collect();
            let target = Target::of(&block);
            let facts: ArrayVec<Fact<'_>, 1> = target.imposed().into_iter().collect();
            let written = Written(&block);
            out.message(&Message {
                object: target.object(&block),
                values: Some(&written),
                anomalies: &anomalies,
                facts: &facts,
                ..frame.message(codes::set(block.option), code(block.option))
            });
            self.asked.insert((frame.transaction, service::SET, block.option), target);
        }
        if empty {
            unlisted(frame, &[first.unwrap_or(Anomaly::TRUNCATED)], out);
        }
    }

    /// Each result of a Set response.
    pub(super) fn set_result(&mut self, frame: &Frame<'_>, out: &mut dyn Sink) {
        let mut first = frame.anomaly;
        let mut empty = true;
        for block in Blocks::new(frame.data, Shape::Bare) {
            empty = false;
            let mut anomalies = ArrayVec::<Anomaly, 3>::new();
            anomalies.extend(first.take());
            anomalies.extend(block.anomaly);
            let mut result = Reader::new(block.data);
            match (result.be16(), result.u8()) {
                (Some(about), Some(error)) => self.result(frame, (about, error), anomalies, out),
                _ => {
                    anomalies.push(block::SHORT);
                    unlisted(frame, &anomalies, out);
                }
            }
        }
        if empty {
            unlisted(frame, first.as_slice(), out);
        }
    }

    /// One result: option and block error.
    fn result(
        &mut self,
        frame: &Frame<'_>,
        (about, error): (u16, u8),
        mut anomalies: ArrayVec<Anomaly, 3>,
        out: &mut dyn Sink,
    ) {
        let asked = self.asked.take(&(frame.transaction, service::SET, about));
        if asked.is_none() {
            anomalies.push(Anomaly::UNASKED);
        }
        let target = asked.unwrap_or(Target::Nothing);
        let message = frame.message(codes::set(about), code(about));
        let outcome = match (frame.is_refused(), error) {
            (true, 0) => message.outcome,
            _ => Outcome::from_code(error.into(), codes::error(error)),
        };
        let name = target.name().filter(|_| outcome == Outcome::Ok);
        let facts: ArrayVec<Fact<'_>, 1> = name
            .as_ref()
            .map(|name| Fact::Identity { about: Subject::Sender, field: Field::Name, value: name })
            .into_iter()
            .collect();
        out.message(&Message {
            object: target.object(&target),
            outcome,
            anomalies: &anomalies,
            facts: &facts,
            ..message
        });
    }
}

/// A Set that does not say of what.
fn unlisted(frame: &Frame<'_>, anomalies: &[Anomaly], out: &mut dyn Sink) {
    let message = frame.message(&codes::SET, service::SET.into());
    out.message(&message.with_anomalies(anomalies));
}

/// Service, option and suboption of a Set, as in [`codes::SETS`].
fn code(option: u16) -> u32 {
    u32::from(service::SET) << 16 | u32::from(option)
}

/// What a Set writes: whether it lasts, and the value.
struct Written<'a>(&'a Block<'a>);

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Name(self.0.option).fmt(f)?;
        if !self.0.data.is_empty() || self.0.option == option::RESET {
            write!(f, "={}", self.0)?;
        }
        match (self.0.option >> 8, self.0.info) {
            (5, _) | (_, None) => Ok(()),
            (_, Some(info)) => {
                f.write_str(if info & 1 == 1 { ", permanent" } else { ", temporary" })
            }
        }
    }
}
