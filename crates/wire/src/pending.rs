//! Requests that wait for their answer, in a fixed space.

/// The latest `N` requests that wait for an answer; a newer one takes the oldest place.
///
/// Bounded by construction: a peer that never answers, or answers what was never asked, costs
/// nothing more. Finding a request looks at the newest first, so lock-step polling is one probe.
#[derive(Clone, Debug)]
pub struct Pending<K, V, const N: usize> {
    slots: [Option<(K, V)>; N],
    next: usize,
    spilled: bool,
}

impl<K: PartialEq, V, const N: usize> Pending<K, V, N> {
    /// No request waits.
    pub const fn new() -> Self {
        Self { slots: [const { None }; N], next: 0, spilled: false }
    }

    /// A request `key` was sent; `value` is what its answer will need.
    pub fn insert(&mut self, key: K, value: V) {
        if let Some(slot) = self.slots.get_mut(self.next) {
            self.spilled |= slot.is_some();
            *slot = Some((key, value));
        }
        self.next = (self.next + 1) % N.max(1);
    }

    /// The newest waiting request `key`, which waits no longer.
    pub fn take(&mut self, key: &K) -> Option<V> {
        let next = self.next;
        let (older, newer) = self.slots.split_at_mut_checked(next)?;
        older
            .iter_mut()
            .rev()
            .chain(newer.iter_mut().rev())
            .find(|slot| slot.as_ref().is_some_and(|(waiting, _)| waiting == key))?
            .take()
            .map(|(_, value)| value)
    }

    /// Nothing waits any more: the stream lost bytes or began anew.
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// Whether a waiting request lost its place to a newer one: an answer that finds nothing may
    /// be to that one.
    pub const fn spilled(&self) -> bool {
        self.spilled
    }
}

impl<K: PartialEq, V, const N: usize> Default for Pending<K, V, N> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::Pending;

    #[test]
    fn the_newest_of_equal_requests_is_answered_first() {
        let mut pending = Pending::<u16, char, 4>::new();
        pending.insert(7, 'a');
        pending.insert(7, 'b');
        assert_eq!(pending.take(&7), Some('b'));
        assert_eq!(pending.take(&7), Some('a'));
        assert_eq!(pending.take(&7), None);
        assert!(!pending.spilled());
    }

    #[test]
    fn a_peer_that_never_answers_pushes_out_its_own_oldest_requests() {
        let mut pending = Pending::<u16, u16, 4>::new();
        (0..6).for_each(|key| pending.insert(key, key * 10));
        assert!(pending.spilled());
        assert_eq!(pending.take(&1), None);
        assert_eq!(pending.take(&2), Some(20));
        assert_eq!(pending.take(&5), Some(50));
        pending.clear();
        assert_eq!(pending.take(&3), None);
        assert!(!pending.spilled(), "forgotten with the rest");
    }
}
