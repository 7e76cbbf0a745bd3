//! CIP Safety: connections with safety parameters, their cyclic data, and the safety objects.
//!
//! Cyclic frames travel as I/O of `ethernet-ip`, which hands every connection's data to [`Watch`];
//! their Forward Open went over another conversation. They are recognised by their checksums: where
//! frame after frame of a connection fits one of the six forms, it is a safety connection; see
//! `frame`. Frames before that count as I/O. Services on safety objects, and opens and closes whose
//! path has a safety segment, come from `cip`. Sources: CIP V5 and CIPS, see `codes`.

pub mod codes;
mod frame;
#[cfg(test)]
mod tests;

use std::fmt;

use arrayvec::ArrayVec;

use crate::cip::{codes as cip, hex};
use crate::message::{Kind, Message, Object};
use crate::session::{Depth, Entry, Session, Side, Sink, Step};
use crate::table::{Operation, Protocol};
use frame::{Form, Sums, sums};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "cip-safety",
    title: "CIP Safety",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Documents,
    hints: &[],
    operations: &[codes::CONNECTIONS, codes::CYCLIC, cip::SAFETY_SUPERVISOR, cip::SAFETY_VALIDATOR],
    identify: None,
    open: || Box::new(Carried),
};

/// CIP Safety never begins anything: CIP and EtherNet/IP hand over what is its own.
struct Carried;

impl Session for Carried {
    fn parse(&mut self, _from: Side, _bytes: &[u8], _out: &mut dyn Sink) -> Step {
        Step::Lost
    }
}

/// Connections of one conversation that are told apart; a further one takes a place in turn.
const CONNECTIONS_MAX: usize = 16;
/// Frames in a row that must fit each other: at least 16 bits each, so 64.
const PROVEN: u8 = 4;
/// Frames that fit no form, after which a connection is none of safety's.
const GIVEN_UP: u8 = 8;

/// What is known of a connection.
#[derive(Clone, Copy, Debug)]
enum Verdict {
    /// What it would be in each form, and how many frames in a row have fitted.
    Open { last: [Option<Sums>; 6], good: [u8; 6], bad: u8 },
    /// A safety connection of this form.
    Safe { form: Form, last: Sums, bad: u8 },
    /// Plain I/O.
    Plain,
}

const UNKNOWN: Verdict = Verdict::Open { last: [None; 6], good: [0; 6], bad: 0 };

/// Which connections of one conversation carry safety data.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    known: ArrayVec<(u32, Verdict), CONNECTIONS_MAX>,
    next: usize,
}

impl Watch {
    /// Tells of the data of a connection if it is safety's; `true` if it is.
    #[inline]
    pub(crate) fn tell(&mut self, connection: u32, data: &[u8], out: &mut dyn Sink) -> bool {
        let Some(verdict) = self.verdict(connection) else { return false };
        if matches!(verdict, Verdict::Plain) {
            return false;
        }
        *verdict = verdict.after(data);
        let Verdict::Safe { last, bad: 0..GIVEN_UP, form } = verdict else { return false };
        emit(connection, *form, last, data, out);
        true
    }

    #[inline]
    fn verdict(&mut self, connection: u32) -> Option<&mut Verdict> {
        let place = self.known.iter().position(|(known, _)| *known == connection);
        let place = place.unwrap_or_else(|| self.admit(connection));
        self.known.get_mut(place).map(|(_, verdict)| verdict)
    }

    /// A place for a connection that is not known.
    fn admit(&mut self, connection: u32) -> usize {
        if self.known.try_push((connection, UNKNOWN)).is_ok() {
            return self.known.len() - 1;
        }
        let place = self.next;
        self.next = (place + 1) % CONNECTIONS_MAX;
        if let Some(oldest) = self.known.get_mut(place) {
            *oldest = (connection, UNKNOWN);
        }
        place
    }
}

impl Verdict {
    fn after(self, data: &[u8]) -> Self {
        match self {
            Self::Plain => Self::Plain,
            Self::Safe { form, last, bad } => match sums(form, data) {
                // the seed changes when a connection is opened anew, and with each rollover
                Some(now) => {
                    let fits = now.proves(&last) != Some(false);
                    Self::Safe { form, last: now, bad: if fits { 0 } else { bad + 1 } }.kept()
                }
                None => Self::Safe { form, last, bad: GIVEN_UP },
            },
            Self::Open { last, good, bad } => Self::sought(last, good, bad, data),
        }
    }

    const fn kept(self) -> Self {
        if matches!(self, Self::Safe { bad: GIVEN_UP.., .. }) { UNKNOWN } else { self }
    }

    fn sought(mut last: [Option<Sums>; 6], mut good: [u8; 6], bad: u8, data: &[u8]) -> Self {
        let mut held = false;
        for (form, (last, good)) in Form::ALL.into_iter().zip(last.iter_mut().zip(&mut good)) {
            let now = sums(form, data);
            match now.as_ref().zip(last.as_ref()).and_then(|(now, last)| now.proves(last)) {
                Some(true) => *good += 1,
                Some(false) => *good = 0,
                None => {}
            }
            *last = now;
            if let (Some(now), PROVEN..) = (now, *good) {
                return Self::Safe { form, last: now, bad: 0 };
            }
            held |= now.is_some() && *good > 0;
        }
        let bad = if held { bad } else { bad + 1 };
        if bad >= GIVEN_UP { Self::Plain } else { Self::Open { last, good, bad } }
    }
}

fn emit(connection: u32, form: Form, sums: &Sums, data: &[u8], out: &mut dyn Sink) {
    let code = match form {
        Form::BaseTime | Form::ExtendedTime => codes::TIME,
        _ if sums.is_run() => codes::DATA,
        Form::BaseShort | Form::BaseLong | Form::ExtendedShort | Form::ExtendedLong => codes::IDLE,
    };
    let Some(operation) = Operation::find(codes::CYCLIC, code) else { return };
    let target = Target(connection);
    let content = Content(data);
    out.message(&Message {
        object: Object::Named(&target),
        id: Some(connection),
        values: Some(&content),
        ..Message::new(Protocol::CIP_SAFETY, Kind::Notice, operation, code)
    });
}

struct Target(u32);

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connection 0x{:08x}", self.0)
    }
}

struct Content<'a>(&'a [u8]);

impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(self.0, f)
    }
}
