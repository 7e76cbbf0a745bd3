//! What `inspect` notes while packets pass: verdicts and findings.

use detect::{Detector, Judged};
use flow::{ConversationId, Event, Observer, Seen, Station, StationId, World};
use plant::{Address, Time};
use policy::{Decision, Path, Policy};

/// Messages of a conversation by what the plant says of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Verdicts {
    pub(crate) permit: u64,
    pub(crate) unknown: u64,
    pub(crate) deny: u64,
}

/// Judges and watches everything that is said.
pub(crate) struct Inspection<'p> {
    pub(crate) policy: Option<&'p Policy>,
    pub(crate) detector: Detector,
    /// By conversation: the way through the plant, and the verdicts.
    ways: Vec<Option<(Path, Verdicts)>>,
}

impl<'p> Inspection<'p> {
    pub(crate) fn new(policy: Option<&'p Policy>) -> Self {
        Self { policy, detector: Detector::default(), ways: Vec::new() }
    }

    /// Verdicts of a conversation; `None` without a plant.
    pub(crate) fn verdicts(&self, id: ConversationId) -> Option<Verdicts> {
        self.ways.get(id.index()).and_then(Option::as_ref).map(|(_, verdicts)| *verdicts)
    }

    #[inline]
    fn judge(&mut self, world: &World, seen: &Seen<'_>) -> Judged {
        let Some(policy) = self.policy else { return Judged::NoPlant };
        let place = seen.conversation.index();
        if self.ways.len() <= place {
            self.ways.resize_with(place + 1, || None);
        }
        let Some(way) = self.ways.get_mut(place) else { return Judged::Unknown };
        if way.is_none() {
            let conversation = world.conversation(seen.conversation);
            let ends = conversation.map(|one| (one.source, one.target));
            let (source, target) = ends.unwrap_or((seen.sender.station, seen.receiver.station));
            let [source, target] =
                [source, target].map(|id| policy.station(&addresses(world.stations.get(id))));
            *way = Some((policy.path(source, target), Verdicts::default()));
        }
        let Some((path, verdicts)) = way else { return Judged::Unknown };
        match policy.judge(path, seen.time, seen.message).decision() {
            Decision::Permit => {
                verdicts.permit += 1;
                Judged::Permit
            }
            Decision::Unknown => {
                verdicts.unknown += 1;
                Judged::Unknown
            }
            Decision::Deny => {
                verdicts.deny += 1;
                Judged::Deny
            }
        }
    }
}

/// Every address that a station is known by.
pub(crate) fn addresses(station: Option<&Station>) -> Vec<Address> {
    station.map_or_else(Vec::new, |station| {
        let macs = station.macs.iter().map(|mac| Address::Mac(*mac));
        let claims = station.claims.iter().map(|claim| Address::Ip(claim.ip));
        [station.address].into_iter().chain(claims).chain(macs.take(1)).collect()
    })
}

impl Observer for Inspection<'_> {
    #[inline]
    fn message(&mut self, world: &World, seen: &Seen<'_>) {
        let judged = self.judge(world, seen);
        self.detector.handle_message(world, seen, judged);
    }

    fn event(&mut self, world: &World, frame: u64, time: Time, event: &Event) {
        self.detector.handle_event(world, frame, time, event);
    }

    #[inline]
    fn packet(&mut self, time: Time, frame: u64, sender: StationId, receiver: StationId) {
        self.detector.handle_packet(time, frame, sender, receiver);
    }
}
