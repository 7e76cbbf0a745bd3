//! What one conversation of a protocol leaves for another: which topic a writer writes, which
//! request waits for an answer from another port.
//!
//! Keys and values are bytes that only the dissector understands. The store is bounded: the oldest
//! note goes, and a key that is noted again keeps its place with the new value.

use hashbrown::HashTable;
use wire::{Noted, Protocol};

use crate::hash::Seeded;

/// Notes kept. At most 300 bytes each: 2.4 MiB.
const NOTES_MAX: usize = 8192;
/// Longest key: two GUIDs.
const KEY_BYTES_MAX: usize = 32;

#[derive(Debug)]
struct Note {
    protocol: Protocol,
    key: Box<[u8]>,
    value: Box<[u8]>,
}

/// All notes.
#[derive(Debug)]
pub(crate) struct Notes {
    /// A ring once it is full.
    all: Vec<Note>,
    /// Place of the oldest, when it is full.
    oldest: usize,
    index: HashTable<u32>,
    hash: Seeded,
    /// Notes that made room for later ones.
    pub(crate) shed: u64,
}

impl Notes {
    pub(crate) const fn new(hash: Seeded) -> Self {
        Self { all: Vec::new(), oldest: 0, index: HashTable::new(), hash, shed: 0 }
    }

    /// Notes `value` under `key`. What is too long is not kept. Allocates only for what is new.
    pub(crate) fn put(&mut self, protocol: Protocol, key: &[u8], value: &[u8]) {
        if key.len() > KEY_BYTES_MAX || value.len() > Noted::new_const().capacity() {
            return;
        }
        if let Some(place) = self.find(protocol, key) {
            if let Some(known) = self.all.get_mut(place).filter(|known| *known.value != *value) {
                known.value = value.into();
            }
            return;
        }
        let note = Note { protocol, key: key.into(), value: value.into() };
        let place = if self.all.len() < NOTES_MAX {
            self.all.push(note);
            self.all.len() - 1
        } else {
            let place = self.oldest;
            self.oldest = (place + 1) % NOTES_MAX;
            self.forget(place);
            self.shed += 1;
            if let Some(old) = self.all.get_mut(place) {
                *old = note;
            }
            place
        };
        let Ok(id) = u32::try_from(place) else { return };
        let (all, seeded) = (&self.all, &self.hash);
        self.index.insert_unique(seeded.of(&(protocol, key)), id, |id| {
            all.get(*id as usize).map_or(0, |note| seeded.of(&(note.protocol, &*note.key)))
        });
    }

    /// What was noted last under `key`.
    pub(crate) fn get(&self, protocol: Protocol, key: &[u8]) -> Option<Noted> {
        let note = self.all.get(self.find(protocol, key)?)?;
        Noted::try_from(&*note.value).ok()
    }

    fn find(&self, protocol: Protocol, key: &[u8]) -> Option<usize> {
        let is = |id: &u32| {
            let note = self.all.get(*id as usize);
            note.is_some_and(|note| note.protocol == protocol && *note.key == *key)
        };
        self.index.find(self.hash.of(&(protocol, key)), is).map(|id| *id as usize)
    }

    fn forget(&mut self, place: usize) {
        let Some(old) = self.all.get(place) else { return };
        let hash = self.hash.of(&(old.protocol, &*old.key));
        if let Ok(entry) = self.index.find_entry(hash, |id| *id as usize == place) {
            entry.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NOTES_MAX, Notes};
    use crate::hash::Seeded;
    use wire::Protocol;

    fn notes() -> Notes {
        Notes::new(Seeded::new(1))
    }

    #[test]
    fn the_latest_value_of_a_key_counts_and_protocols_do_not_mix() {
        let mut notes = notes();
        notes.put(Protocol::MODBUS, b"writer 1", b"/cmd_vel");
        notes.put(Protocol::MODBUS, b"writer 1", b"/odom");
        assert_eq!(notes.get(Protocol::MODBUS, b"writer 1").unwrap().as_slice(), b"/odom");
        assert_eq!(notes.get(Protocol::CIP, b"writer 1"), None);
        assert_eq!(notes.get(Protocol::MODBUS, b"writer 2"), None);
    }

    #[test]
    fn past_the_bound_the_oldest_goes() {
        let mut notes = notes();
        for number in 0..=NOTES_MAX {
            notes.put(Protocol::MODBUS, &number.to_be_bytes(), b"x");
        }
        assert_eq!((notes.all.len(), notes.index.len()), (NOTES_MAX, NOTES_MAX));
        assert_eq!(notes.shed, 1);
        assert_eq!(notes.get(Protocol::MODBUS, &0_usize.to_be_bytes()), None);
        assert!(notes.get(Protocol::MODBUS, &NOTES_MAX.to_be_bytes()).is_some());
        assert!(notes.get(Protocol::MODBUS, &1_usize.to_be_bytes()).is_some());
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        let mut notes = notes();
        notes.put(Protocol::MODBUS, &[0; 33], b"x");
        notes.put(Protocol::MODBUS, b"key", &[0; 256]);
        assert!(notes.all.is_empty());
        notes.put(Protocol::MODBUS, &[0; 32], &[7; 255]);
        assert_eq!(notes.get(Protocol::MODBUS, &[0; 32]).unwrap().len(), 255);
    }
}
