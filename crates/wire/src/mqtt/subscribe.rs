//! SUBSCRIBE, UNSUBSCRIBE and their acknowledgements.
//!
//! Sources: MQTT 5 clauses 3.8 to 3.11; MQTT 3.1.1 the same.

use std::fmt;

use super::packet::{self, Filters, Fixed, Wanted, properties};
use super::{LEVEL_5, Mqtt, NO_ID, base, codes, wrong};
use crate::message::{Anomaly, Fact, Message, Object, Outcome};
use crate::session::{Side, Sink};
use crate::{Reader, Text};

const EVERYTHING: Anomaly = Anomaly::oddity("subscribes to every topic");

/// `granted qos [0, 1]`, a code of failure in its place.
struct Granted<'a>(&'a [u8]);

/// Codes that are shown.
const GRANTED_SHOWN_MAX: usize = 32;

impl fmt::Display for Granted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("granted [")?;
        for (place, code) in self.0.iter().take(GRANTED_SHOWN_MAX).enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            match code {
                0..=2 => write!(f, "{comma}qos {code}")?,
                _ => write!(f, "{comma}0x{code:02x}")?,
            }
        }
        f.write_str(if self.0.len() > GRANTED_SHOWN_MAX { ", ..]" } else { "]" })
    }
}

impl Mqtt {
    pub(super) fn subscribe(
        &mut self,
        from: Side,
        fixed: Fixed,
        mut body: Reader<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        let id = body.be16()?;
        let filters = self.filters(fixed, body)?;
        let subscribes = fixed.kind == codes::SUBSCRIBE;
        let takes_all = subscribes && filters.takes_all();
        let anomalies: &[Anomaly] = match wrong(from, fixed) {
            wrong @ [_, ..] => wrong,
            [] if id == 0 => &[NO_ID],
            [] if takes_all => &[EVERYTHING],
            [] => &[],
        };
        let fact = takes_all.then_some(Fact::Overreach { what: "MQTT subscription to #" });
        self.await_answer(from, id, &filters);
        let wanted = Wanted(filters);
        out.message(&Message {
            object: Object::Named(&filters),
            id: Some(id.into()),
            values: subscribes.then_some(&wanted as &dyn fmt::Display),
            anomalies,
            facts: fact.as_slice(),
            ..base(from, fixed)
        });
        Some(())
    }

    /// The filters; where the version is not known, the one that fits, which is then known.
    fn filters<'a>(&mut self, fixed: Fixed, body: Reader<'a>) -> Option<Filters<'a>> {
        let options = fixed.kind == codes::SUBSCRIBE;
        let old = || Filters::read(body, options);
        let new = || {
            let mut body = body;
            properties(&mut body)?;
            Filters::read(body, options)
        };
        match self.level {
            LEVEL_5 => new(),
            0 => old().or_else(|| {
                let filters = new()?;
                self.level = LEVEL_5;
                Some(filters)
            }),
            _ => old(),
        }
    }

    pub(super) fn granted(
        &mut self,
        from: Side,
        fixed: Fixed,
        mut body: Reader<'_>,
        out: &mut dyn Sink,
    ) -> Option<()> {
        let id = body.be16()?;
        if fixed.kind == codes::UNSUBACK && !body.is_empty() && self.level == 0 {
            self.level = LEVEL_5;
        }
        if self.level == LEVEL_5 {
            packet::properties(&mut body)?;
        }
        let granted = Granted(body.rest());
        let outcome = match granted.0.iter().find(|code| **code >= codes::FAILURE) {
            Some(code) if self.level == LEVEL_5 => super::outcome(*code),
            Some(code) => Outcome::Error { code: (*code).into(), name: "failure" },
            None => Outcome::Ok,
        };
        let topic = self.waiting.take(&(from.other(), id));
        let anomalies: &[Anomaly] = match wrong(from, fixed) {
            wrong @ [_, ..] => wrong,
            [] if topic.is_none() && !self.waiting.spilled() => &[Anomaly::UNASKED],
            [] => &[],
        };
        let named = topic.as_ref().map(|topic| Text(topic.as_bytes()));
        let grants = fixed.kind == codes::SUBACK && !granted.0.is_empty();
        out.message(&Message {
            object: named.as_ref().map_or(Object::Nothing, |topic| Object::Named(topic)),
            outcome,
            id: Some(id.into()),
            values: grants.then_some(&granted as &dyn fmt::Display),
            anomalies,
            ..base(from, fixed)
        });
        Some(())
    }
}
