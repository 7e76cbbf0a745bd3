//! Programs and files that cross the wire, known by their hash.
//!
//! Dissectors hand out the pieces; here they are hashed as they pass (SHA-256, FIPS 180-4) and let
//! go, so a transfer costs the same memory whatever its size. A hash is given only for what
//! was seen whole and in order: everything else says what is missing.

#[cfg(test)]
mod tests;

use std::fmt;

use hashbrown::HashTable;
use plant::Time;
use sha2::{Digest as _, Sha256};
use wire::{Part, Piece, Protocol, Side};

use crate::conversation::ConversationId;
use crate::hash::Seeded;
use crate::station::StationId;

/// Programs remembered, and transfers followed at a time.
const PROGRAMS_MAX: usize = 4096;
const TRANSFERS_MAX: usize = 1024;
/// Bytes kept of a name.
const NAME_BYTES_MAX: usize = 256;
/// Longest transfer that is hashed.
const HASHED_BYTES_MAX: u64 = 1 << 30;

/// A program of this tracker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProgramId(u32);

impl ProgramId {
    /// Its place in [`Programs::all`].
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// A SHA-256, shown as `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Why a transfer has no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// It was on its way when the capture began.
    Begin,
    /// Bytes of its stream never came.
    Gap,
    /// Its parts were not sent in the order of the file.
    Order,
    /// It was given up, or the capture ended before it.
    End,
    /// It is longer than what is hashed: 1 GiB.
    Size,
}

impl Missing {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Begin => "its beginning was not captured",
            Self::Gap => "bytes in the middle were not captured",
            Self::Order => "its parts were sent out of order",
            Self::End => "its end was not seen",
            Self::Size => "it is longer than 1 GiB",
        }
    }
}

/// A program or file that was on the wire, once or several times.
#[derive(Clone, Debug)]
pub struct Program {
    /// What it is: `URScript`, `S7 block`.
    pub kind: &'static str,
    /// Its name; empty if nobody said.
    pub name: String,
    /// Hash of the whole, or why there is none.
    pub hash: Result<Hash, Missing>,
    /// Bytes that were seen of it.
    pub bytes: u64,
    /// The protocol that carried it.
    pub protocol: Protocol,
    /// Who had it.
    pub from: StationId,
    /// Who got it.
    pub to: StationId,
    /// Where.
    pub conversation: ConversationId,
    /// Frame that completed it first.
    pub frame: u64,
    /// How often it was sent.
    pub count: u64,
    /// Begin of the first transfer.
    pub first_seen: Time,
    /// End of the latest.
    pub last_seen: Time,
    /// Before it, a whole one of its kind and name with another hash had gone to the same station.
    pub changed: bool,
}

/// Where a piece was seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passing {
    /// Number of the flow.
    pub(crate) lane: u64,
    pub(crate) frame: u64,
    pub(crate) time: Time,
    pub(crate) protocol: Protocol,
    pub(crate) conversation: ConversationId,
    /// Which side sent it.
    pub(crate) from: Side,
    /// Who sent it, and to whom.
    pub(crate) ends: [StationId; 2],
}

/// One transfer on its way.
#[derive(Debug)]
struct Transfer {
    lane: u64,
    number: u32,
    hasher: Sha256,
    missing: Option<Missing>,
    /// Only the end of its connection ends it.
    streamed: bool,
    program: Program,
}

/// Programs that were seen, and those on their way.
#[derive(Debug)]
pub struct Programs {
    all: Vec<Program>,
    /// Places in `all` by everything that makes one: ends, kind, name, hash.
    same: HashTable<u32>,
    /// Places in `all` of the latest whole one by receiver, kind and name.
    latest: HashTable<u32>,
    hash: Seeded,
    open: Vec<Transfer>,
    /// Place of the oldest program, when `all` is full and a ring.
    oldest: usize,
    /// Programs and transfers that made room for later ones.
    pub(crate) shed: u64,
}

impl Programs {
    pub(crate) fn new(hash: Seeded) -> Self {
        Self {
            all: Vec::new(),
            same: HashTable::new(),
            latest: HashTable::new(),
            hash,
            open: Vec::new(),
            oldest: 0,
            shed: 0,
        }
    }

    /// Every program, first completed first.
    pub fn all(&self) -> &[Program] {
        &self.all
    }

    /// A program.
    pub fn get(&self, id: ProgramId) -> Option<&Program> {
        self.all.get(id.index())
    }

    /// Takes a piece of a flow that was announced under this name, empty if it was not. Says which
    /// program it completes, if it does.
    pub(crate) fn take(
        &mut self,
        passing: &Passing,
        announced: &str,
        piece: &Piece<'_>,
    ) -> Option<ProgramId> {
        let place = self.place(passing, piece)?;
        let transfer = self.open.get_mut(place)?;
        transfer.add(passing, piece);
        match piece.part {
            Part::Whole | Part::Last => {
                let mut transfer = self.open.swap_remove(place);
                transfer.name_as(announced);
                self.finish(transfer)
            }
            Part::First | Part::Next | Part::Streamed => None,
        }
    }

    /// Place of the transfer that a piece belongs to.
    fn place(&mut self, passing: &Passing, piece: &Piece<'_>) -> Option<usize> {
        let lane = passing.lane;
        let known =
            self.open.iter().position(|one| one.lane == lane && one.number == piece.transfer);
        let begins = matches!(piece.part, Part::Whole | Part::First);
        match known {
            Some(place) if !begins => return Some(place),
            Some(place) => {
                let given_up = self.open.swap_remove(place);
                self.abandon(given_up);
            }
            None => {}
        }
        if self.open.len() >= TRANSFERS_MAX {
            self.give_up_oldest();
        }
        let mut transfer = Transfer::new(passing, piece);
        let begun = begins || piece.part == Part::Streamed || piece.offset == Some(0);
        transfer.missing = (!begun).then_some(Missing::Begin);
        self.open.push(transfer);
        Some(self.open.len() - 1)
    }

    /// Makes room: who fills the list with beginnings must not hide what comes after.
    fn give_up_oldest(&mut self) {
        let times = self.open.iter().enumerate();
        let oldest = times.min_by_key(|(_, one)| one.program.last_seen).map(|(place, _)| place);
        if let Some(place) = oldest {
            let given_up = self.open.swap_remove(place);
            self.abandon(given_up);
            self.shed += 1;
        }
    }

    /// Bytes of flow `lane` were lost.
    pub(crate) fn gap(&mut self, lane: u64) {
        for one in self.open.iter_mut().filter(|one| one.lane == lane) {
            one.missing.get_or_insert(Missing::Gap);
        }
    }

    /// The flow `lane` is let go; `closed` says that its connection was seen to end. What it had
    /// been announced as names what has no name of its own.
    pub(crate) fn close(&mut self, lane: u64, closed: bool, announced: &str) -> Vec<ProgramId> {
        let mut done = Vec::new();
        while let Some(place) = self.open.iter().position(|one| one.lane == lane) {
            let mut transfer = self.open.swap_remove(place);
            transfer.name_as(announced);
            if transfer.streamed && closed {
                done.extend(self.finish(transfer));
            } else {
                self.abandon(transfer);
            }
        }
        done
    }

    fn abandon(&mut self, mut transfer: Transfer) {
        transfer.missing.get_or_insert(Missing::End);
        self.finish(transfer);
    }

    fn finish(&mut self, transfer: Transfer) -> Option<ProgramId> {
        let Transfer { mut program, hasher, missing, .. } = transfer;
        program.hash = match missing {
            Some(missing) => Err(missing),
            None => Ok(Hash(hasher.finalize().into())),
        };
        if program.kind == "file" && program.name.is_empty() {
            return None;
        }
        let Self { all, same, .. } = self;
        let key = self.hash.of(&program.key());
        let is = |id: &u32| all.get(*id as usize).is_some_and(|one| one.key() == program.key());
        if let Some(id) = same.find(key, is).copied() {
            let known = self.all.get_mut(id as usize)?;
            known.count += 1;
            known.first_seen = known.first_seen.min(program.first_seen);
            known.last_seen = known.last_seen.max(program.last_seen);
            return Some(ProgramId(id));
        }
        let id = u32::try_from(self.room()).ok()?;
        let Self { all, same, hash, .. } = self;
        same.insert_unique(key, id, |id| {
            all.get(*id as usize).map_or(0, |one| hash.of(&one.key()))
        });
        if program.hash.is_ok() && !program.name.is_empty() {
            program.changed = self.supersede(&program, id);
        }
        match self.all.get_mut(id as usize) {
            Some(old) => *old = program,
            None => self.all.push(program),
        }
        Some(ProgramId(id))
    }

    /// Place for one more: past the bound that of the oldest, which is forgotten. What is new is
    /// never passed over, or whoever sends many programs could hide one.
    fn room(&mut self) -> usize {
        if self.all.len() < PROGRAMS_MAX {
            return self.all.len();
        }
        let place = self.oldest;
        self.oldest = (place + 1) % PROGRAMS_MAX;
        self.shed += 1;
        let Self { all, same, latest, hash, .. } = self;
        if let Some(old) = all.get(place) {
            let keys = [(hash.of(&old.key()), same), (hash.of(&old.slot()), latest)];
            for (key, index) in keys {
                if let Ok(entry) = index.find_entry(key, |id| *id as usize == place) {
                    entry.remove();
                }
            }
        }
        place
    }

    /// Makes `new` the latest of its name; whether it took the place of another.
    fn supersede(&mut self, new: &Program, id: u32) -> bool {
        let Self { all, latest, hash, .. } = self;
        let key = hash.of(&new.slot());
        let is = |id: &u32| all.get(*id as usize).is_some_and(|one| one.slot() == new.slot());
        if let Some(known) = latest.find_mut(key, is) {
            *known = id;
            return true;
        }
        latest.insert_unique(key, id, |id| {
            all.get(*id as usize).map_or(0, |one| hash.of(&one.slot()))
        });
        false
    }
}

impl Transfer {
    fn new(passing: &Passing, piece: &Piece<'_>) -> Self {
        let [sender, receiver] = passing.ends;
        let outward = piece.to == passing.from;
        let (from, to) = if outward { (receiver, sender) } else { (sender, receiver) };
        Self {
            lane: passing.lane,
            number: piece.transfer,
            hasher: Sha256::new(),
            missing: None,
            streamed: piece.part == Part::Streamed,
            program: Program {
                kind: piece.kind,
                name: String::new(),
                hash: Err(Missing::End),
                bytes: 0,
                protocol: passing.protocol,
                from,
                to,
                conversation: passing.conversation,
                frame: passing.frame,
                count: 1,
                first_seen: passing.time,
                last_seen: passing.time,
                changed: false,
            },
        }
    }

    /// What its flow was announced as names what has no name of its own.
    fn name_as(&mut self, announced: &str) {
        if self.program.name.is_empty() {
            self.program.name.push_str(announced);
            if let Some(kind) = wire::program_kind(announced) {
                self.program.kind = kind;
            }
        }
    }

    fn add(&mut self, passing: &Passing, piece: &Piece<'_>) {
        let Program { name, bytes, frame, last_seen, .. } = &mut self.program;
        (*frame, *last_seen) = (passing.frame, (*last_seen).max(passing.time));
        if name.is_empty() {
            *name = crate::station::clipped(piece.name, NAME_BYTES_MAX);
        }
        if piece.bytes.is_empty() {
            return;
        }
        if piece.offset.is_some_and(|offset| offset != *bytes) {
            self.missing.get_or_insert(Missing::Order);
        }
        *bytes += piece.bytes.len() as u64;
        if *bytes > HASHED_BYTES_MAX {
            self.missing.get_or_insert(Missing::Size);
        }
        if self.missing.is_none() {
            self.hasher.update(piece.bytes);
        }
    }
}

impl Program {
    /// What makes it one: sent again, it is the same.
    fn key(&self) -> impl PartialEq + std::hash::Hash + '_ {
        let bytes = if self.hash.is_ok() { 0 } else { self.bytes };
        (self.from, self.to, self.kind, self.protocol, &self.name, self.hash, bytes)
    }

    /// What it is there under: another of it takes its place.
    fn slot(&self) -> impl PartialEq + std::hash::Hash + '_ {
        (self.to, self.kind, &self.name)
    }
}
