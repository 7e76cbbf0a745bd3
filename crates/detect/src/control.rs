//! Who controls what: learned from who acts on a machine, where no plant declares it.
//!
//! A machine's controllers are the stations that act on it as a habit. A station that acts only
//! once in a while on a machine that another acts on all the time is foreign to it. Robots are
//! stricter: their command interfaces have one master.

use std::collections::BTreeMap;

use flow::{ConversationId, StationId};
use plant::Time;
use wire::Protocol;

/// Acts of the habitual controllers before anybody counts as foreign.
const HABIT_MIN: u64 = 50;
/// A foreign station has at most one act in so many.
const SHARE_MIN: u64 = 20;
/// Who alone acts on an EtherCAT segment is its master after so many acts.
const ALONE_MIN: u64 = 10;
/// Stations remembered per machine, and machines.
const CONTROLLERS_MAX: usize = 32;
const MACHINES_MAX: usize = 16_384;

/// One station's acts on one machine.
#[derive(Clone, Debug)]
pub(crate) struct Acts {
    pub(crate) controller: StationId,
    pub(crate) conversation: ConversationId,
    pub(crate) count: u64,
    pub(crate) first_seen: Time,
    pub(crate) last_seen: Time,
    pub(crate) frame: u64,
    /// The first act, in words.
    pub(crate) what: String,
    pub(crate) message: String,
}

/// Acts on all machines.
#[derive(Debug, Default)]
pub(crate) struct Control {
    machines: BTreeMap<StationId, Vec<Acts>>,
    /// Who commanded first: a robot, or a robot's stream of setpoints.
    masters: BTreeMap<(StationId, Option<Protocol>), StationId>,
}

impl Control {
    /// A station acts on a machine; `describe` gives title and evidence and is called once.
    pub(crate) fn act(
        &mut self,
        (controller, machine): (StationId, StationId),
        conversation: ConversationId,
        (frame, time): (u64, Time),
        describe: impl FnOnce() -> (String, String),
    ) {
        if self.machines.len() >= MACHINES_MAX && !self.machines.contains_key(&machine) {
            return;
        }
        let all = self.machines.entry(machine).or_default();
        if let Some(acts) = all.iter_mut().find(|acts| acts.controller == controller) {
            acts.count += 1;
            acts.last_seen = time;
        } else if all.len() < CONTROLLERS_MAX {
            let (what, message) = describe();
            all.push(Acts {
                controller,
                conversation,
                count: 1,
                first_seen: time,
                last_seen: time,
                frame,
                what,
                message,
            });
        }
    }

    /// A station commands a robot, by itself or by a stream of setpoints; `true` if another has
    /// done so before.
    pub(crate) fn second_master(
        &mut self,
        controller: StationId,
        robot: (StationId, Option<Protocol>),
    ) -> bool {
        if self.masters.len() >= MACHINES_MAX && !self.masters.contains_key(&robot) {
            return false;
        }
        *self.masters.entry(robot).or_insert(controller) != controller
    }

    /// Whether a station acts on a machine as a habit.
    pub(crate) fn is_usual(&self, controller: StationId, machine: StationId) -> bool {
        let all = self.machines.get(&machine).map_or(&[][..], |all| all);
        let habit = all.iter().map(|acts| acts.count).max().unwrap_or(0);
        let own = all.iter().find(|acts| acts.controller == controller);
        own.is_some_and(|acts| habit >= HABIT_MIN && acts.count * SHARE_MIN > habit)
    }

    /// Whether no other station acts on a machine.
    pub(crate) fn is_alone(&self, controller: StationId, machine: StationId) -> bool {
        let all = self.machines.get(&machine).map_or(&[][..], |all| all);
        matches!(all, [acts] if acts.controller == controller && acts.count >= ALONE_MIN)
    }

    /// Stations that have acted on a machine without being among its controllers.
    pub(crate) fn foreign(&self) -> impl Iterator<Item = (StationId, &Acts)> {
        self.machines.iter().flat_map(|(machine, all)| {
            let habit = all.iter().map(|acts| acts.count).max().unwrap_or(0);
            let foreign = move |acts: &&Acts| habit >= HABIT_MIN && acts.count * SHARE_MIN <= habit;
            all.iter().filter(foreign).map(|acts| (*machine, acts))
        })
    }
}
