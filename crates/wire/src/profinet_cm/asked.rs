//! What a request said that its answer, which comes from another UDP port, does not repeat.
//!
//! ```text
//!  key:   Q | activity UUID (16) | sequence number (4)
//!  value: state | opnum (2) | relation (3) | control (2) | records, each
//!         kind | API (4) | slot (2) | subslot (2) | index (2)         all big endian
//! ```
//! **A number that is used for another call before its answer came is an oddity,** and an answer of
//! another operation than was asked is malformed and judged by the more dangerous one: neither can
//! make a write look like a read. Records beyond [`RECORDS_MAX`] are not kept. Source: C706 clause
//! 12.5.2 (activity and sequence number name one call).

use arrayvec::ArrayVec;

use super::block::{Place, Relation};
use super::rpc::{Header, Uuid};
use crate::session::{Noted, Sink};
use crate::table::Protocol;
use crate::{Reader, Text};

/// Records of one call that are kept: 8 and 11 bytes for each fit a note.
pub(super) const RECORDS_MAX: usize = 22;

/// A record that a request reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) place: Place,
    pub(super) index: u16,
    /// It was written with F-parameters.
    pub(super) safety: bool,
}

/// One request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    answered: bool,
    pub(super) opnum: u16,
    /// Type of the relation, and whether it is for records only.
    relation: Option<(u16, bool)>,
    pub(super) control: Option<u16>,
    pub(super) records: ArrayVec<Wanted, RECORDS_MAX>,
}

impl Asked {
    /// A call of which only the header is known.
    pub(super) fn of(header: &Header) -> Self {
        Self { opnum: header.opnum, ..Self::default() }
    }

    /// The request that this PDU belongs to.
    pub(super) fn noted(header: &Header, out: &dyn Sink) -> Option<Self> {
        Self::read(&out.noted(Protocol::PROFINET_CM, &key(header))?)
    }

    pub(super) fn relates(&mut self, relation: &Relation<'_>) {
        self.relation = Some((relation.kind, relation.device_access));
    }

    pub(super) fn wants(&mut self, wanted: Wanted) {
        let _ = self.records.try_push(wanted);
    }

    /// The relation that was asked for, as far as it is named.
    pub(super) fn relation(&self) -> Option<Relation<'static>> {
        let (kind, device_access) = self.relation?;
        Some(Relation { kind, initiator: Uuid(0), device_access, station: Text(&[]) })
    }

    /// Whether it wrote F-parameters to this record.
    pub(super) fn is_safety(&self, place: Place, index: u16) -> bool {
        let is = |one: &&Wanted| (one.place, one.index) == (place, index);
        self.records.iter().find(is).is_some_and(|one| one.safety)
    }

    /// Notes the request; whether another that waits for its answer has the same number.
    pub(super) fn ask(&self, header: &Header, out: &mut dyn Sink) -> bool {
        let before = Self::noted(header, out);
        let clashes = before.is_some_and(|before| !before.answered && before != *self);
        self.note(header, out);
        clashes
    }

    /// Notes that it was answered.
    pub(super) fn answer(mut self, header: &Header, out: &mut dyn Sink) {
        if !std::mem::replace(&mut self.answered, true) {
            self.note(header, out);
        }
    }

    fn note(&self, header: &Header, out: &mut dyn Sink) {
        let mut value = Noted::new();
        let (kind, access) = self.relation.unwrap_or_default();
        let [relation, control] = [kind, self.control.unwrap_or_default()].map(u16::to_be_bytes);
        let mut write = |bytes: &[u8]| value.try_extend_from_slice(bytes).is_ok();
        let head = write(&[u8::from(self.answered)])
            && write(&self.opnum.to_be_bytes())
            && write(&relation)
            && write(&[u8::from(access)])
            && write(&control);
        let whole = head
            && self.records.iter().all(|wanted| {
                let Place { api, slot, subslot } = wanted.place;
                write(&[u8::from(wanted.safety)])
                    && write(&api.to_be_bytes())
                    && write(&slot.to_be_bytes())
                    && write(&subslot.to_be_bytes())
                    && write(&wanted.index.to_be_bytes())
            });
        if whole {
            out.note(Protocol::PROFINET_CM, &key(header), &value);
        }
    }

    fn read(value: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(value);
        let answered = reader.u8()? != 0;
        let opnum = reader.be16()?;
        let relation = (reader.be16()?, reader.u8()? != 0);
        let control = reader.be16().map(|kind| (kind != 0).then_some(kind))?;
        let mut records = ArrayVec::new();
        while let Some(safety) = reader.u8() {
            let place =
                Place { api: reader.be32()?, slot: reader.be16()?, subslot: reader.be16()? };
            let _ = records.try_push(Wanted { place, index: reader.be16()?, safety: safety != 0 });
        }
        let relation = (relation.0 != 0).then_some(relation);
        Some(Self { answered, opnum, relation, control, records })
    }
}

fn key(header: &Header) -> [u8; 21] {
    let mut key = [b'Q'; 21];
    let number = header.activity.0.to_be_bytes().into_iter().chain(header.sequence.to_be_bytes());
    for (to, from) in key.iter_mut().skip(1).zip(number) {
        *to = from;
    }
    key
}
