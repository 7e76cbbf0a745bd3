//! What an asset is, with the reason: what it showed itself to be, or what it does.

use plant::{Intent, Level};
use wire::Role;

use crate::asset::Assets;
use crate::conversation::Conversation;
use crate::world::World;

/// A role and why we think so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reasoned {
    /// What it is.
    pub role: Role,
    /// Why, in words: `answers as a Universal Robots dashboard server`.
    pub reason: &'static str,
}

/// Purdue level where machines of a role usually stand (NIST SP 800-82r3 section 2.3.2).
pub const fn level(role: Role) -> Level {
    match role {
        Role::Device => Level::Process,
        Role::Robot | Role::Plc => Level::Control,
        Role::Hmi | Role::Engineering | Role::Network => Level::Supervision,
        Role::Server => Level::Operations,
        Role::Workstation => Level::Business,
    }
}

/// What is told beats what is done; of several things told, the machine beats the service on it.
const PRECEDENCE: [Role; 8] = [
    Role::Robot,
    Role::Plc,
    Role::Device,
    Role::Hmi,
    Role::Engineering,
    Role::Network,
    Role::Server,
    Role::Workstation,
];

/// What an asset does in all its conversations.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Deeds {
    serves_industry: bool,
    answers_io: bool,
    observes: bool,
    operates: bool,
    programs: bool,
    serves_office: bool,
    asks: bool,
}

impl Deeds {
    /// The deeds of every asset.
    pub(crate) fn of(world: &World, assets: &Assets) -> Vec<Self> {
        let mut all = vec![Self::default(); assets.all().len()];
        for (_, conversation) in world.conversations() {
            let ends = [conversation.source, conversation.target].map(|id| assets.of_station(id));
            for (asset, asks) in ends.into_iter().zip([true, false]) {
                if let Some(deeds) = asset.and_then(|asset| all.get_mut(asset)) {
                    deeds.note(conversation, asks);
                }
            }
        }
        all
    }

    fn note(&mut self, conversation: &Conversation, asks: bool) {
        let entry = conversation.protocol().map(wire::Protocol::entry);
        let industrial = entry.is_some_and(|entry| entry.realm.is_machine());
        let answered = conversation.operations.iter().any(|row| row.responses > 0);
        let strongest = conversation.strongest().unwrap_or(Intent::Session);
        match (industrial, asks) {
            (true, true) => {
                self.observes |= strongest >= Intent::Observe;
                self.operates |= strongest == Intent::Operate;
                self.programs |= matches!(strongest, Intent::Program | Intent::Administer);
            }
            (true, false) => {
                self.serves_industry |= answered;
                self.answers_io |= conversation.operations.iter().any(|row| row.notices > 0);
            }
            (false, true) => self.asks = true,
            (false, false) => {
                self.serves_office |= answered && entry.is_some();
            }
        }
    }

    const fn role(self) -> Option<Reasoned> {
        let (role, reason) = if self.serves_industry {
            (Role::Plc, "answers industrial requests")
        } else if self.programs {
            (Role::Engineering, "programs or administers controllers")
        } else if self.operates {
            (Role::Hmi, "operates controllers")
        } else if self.observes {
            (Role::Hmi, "polls controllers")
        } else if self.answers_io {
            (Role::Device, "takes part in cyclic exchange")
        } else if self.serves_office {
            (Role::Server, "answers requests of IT services")
        } else if self.asks {
            (Role::Workstation, "uses IT services")
        } else {
            return None;
        };
        Some(Reasoned { role, reason })
    }
}

/// The role of an asset with these told roles and deeds.
pub(crate) fn role(told: &[(Role, &'static str)], deeds: Deeds) -> Option<Reasoned> {
    let told = PRECEDENCE.iter().find_map(|role| told.iter().find(|(known, _)| known == role));
    match told {
        // A machine that also serves IT (a robot with a web page) is a machine.
        Some((Role::Server | Role::Workstation, _)) if deeds.serves_industry => deeds.role(),
        Some((role, reason)) => Some(Reasoned { role: *role, reason }),
        None => deeds.role(),
    }
}
