//! Flows that others announce: the data connection of FTP, the answers of a TFTP server.
//!
//! Who announces could hide something: a flow that is taken for a file is not asked for its
//! protocol. So a station can announce ports of the two that talk only, none that a protocol
//! usually has, and only flows *to* the announced end count. All is bounded; the oldest goes.

use std::collections::VecDeque;

use plant::Address;
use wire::{Protocol, Transport};

/// Announcements kept.
const EXPECTED_MAX: usize = 256;

/// An announcement of this tracker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ExpectedId(u64);

/// One end of a flow.
type End = (Transport, Address, u16);

/// A flow that was announced.
#[derive(Debug)]
struct Expected {
    id: ExpectedId,
    end: End,
    protocol: Protocol,
    /// The file that it will carry; empty while unknown.
    name: String,
    /// The flow came.
    came: bool,
}

/// All announcements, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Expectations {
    all: VecDeque<Expected>,
    announced: u64,
    /// Announcements that made room for later ones before their flow came.
    pub(crate) shed: u64,
}

impl Expectations {
    /// Whether nothing was announced, which is the common case.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Notes an announcement. One with a name names the latest of its port, if that has none.
    pub(crate) fn announce(&mut self, end: End, protocol: Protocol, name: String) {
        let latest = self.all.iter_mut().rfind(|one| one.end == end && one.protocol == protocol);
        if let Some(latest) = latest.filter(|one| one.name.is_empty() && !name.is_empty()) {
            latest.name = name;
            return;
        }
        if self.all.len() >= EXPECTED_MAX {
            let oldest = self.all.pop_front();
            self.shed += u64::from(oldest.is_some_and(|one| !one.came));
        }
        let id = ExpectedId(self.announced);
        self.announced += 1;
        self.all.push_back(Expected { id, end, protocol, name, came: false });
    }

    /// What was announced last for this end of a flow.
    pub(crate) fn find(&mut self, end: End) -> Option<(ExpectedId, Protocol)> {
        let found = self.all.iter_mut().rfind(|one| one.end == end)?;
        found.came = true;
        Some((found.id, found.protocol))
    }

    /// The file of an announcement; empty if nobody named it.
    pub(crate) fn name(&self, id: ExpectedId) -> &str {
        self.all.iter().find(|one| one.id == id).map_or("", |one| one.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{EXPECTED_MAX, End, Expectations};
    use wire::{Protocol, Transport};

    fn end(port: u16) -> End {
        (Transport::Tcp, "10.0.0.1".parse().unwrap(), port)
    }

    #[test]
    fn a_name_that_comes_later_names_the_flow_that_was_announced() {
        let mut expected = Expectations::default();
        assert!(expected.is_empty());
        expected.announce(end(2000), Protocol::FTP, String::new());
        let (id, protocol) = expected.find(end(2000)).unwrap();
        assert_eq!((expected.name(id), protocol), ("", Protocol::FTP));
        expected.announce(end(2000), Protocol::FTP, "weld.tp".to_owned());
        assert_eq!(expected.name(id), "weld.tp");
        assert_eq!(expected.find(end(2001)), None);
    }

    #[test]
    fn a_port_that_is_announced_again_is_another_flow() {
        let mut expected = Expectations::default();
        expected.announce(end(2000), Protocol::FTP, "a.tp".to_owned());
        let (first, _) = expected.find(end(2000)).unwrap();
        expected.announce(end(2000), Protocol::FTP, String::new());
        let (second, _) = expected.find(end(2000)).unwrap();
        assert_eq!((expected.name(first), expected.name(second)), ("a.tp", ""));
    }

    #[test]
    fn announcements_are_bounded_and_the_oldest_goes() {
        let mut expected = Expectations::default();
        for port in 0..=u16::try_from(EXPECTED_MAX).unwrap() {
            expected.announce(end(port), Protocol::FTP, String::new());
        }
        assert_eq!((expected.all.len(), expected.shed), (EXPECTED_MAX, 1));
        assert_eq!(expected.find(end(0)), None);
    }
}
