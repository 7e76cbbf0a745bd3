//! What `inspect` notes while packets pass: verdicts and findings.

use detect::{Detector, Judged};
use flow::{ConversationId, Event, Observer, Program, ProgramId, Seen, StationId, World};
use plant::Time;
use policy::{Decision, Policy, Watch};

/// Messages of a conversation by what the plant says of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Verdicts {
    pub(crate) permit: u64,
    pub(crate) unknown: u64,
    pub(crate) deny: u64,
}

/// Judges and watches everything that is said.
pub(crate) struct Inspection<'p> {
    /// The plant at work, if there is one.
    watch: Option<Watch<'p>>,
    pub(crate) detector: Detector,
    /// By conversation.
    verdicts: Vec<Verdicts>,
}

impl<'p> Inspection<'p> {
    pub(crate) fn new(policy: Option<&'p Policy>) -> Self {
        let watch = policy.map(Watch::new);
        Self { watch, detector: Detector::default(), verdicts: Vec::new() }
    }

    /// Verdicts of a conversation; `None` without a plant.
    pub(crate) fn verdicts(&self, id: ConversationId) -> Option<Verdicts> {
        self.watch.as_ref()?;
        Some(self.verdicts.get(id.index()).copied().unwrap_or_default())
    }

    /// Judges the conversations whose bytes nobody could read, each once as a whole.
    pub(crate) fn judge_undecoded(&mut self, world: &World) {
        for (id, one) in world.conversations() {
            let Some(watch) = self.watch.as_mut() else { return };
            if one.protocol().is_none() && one.frames > 0 {
                let verdict = watch.judge_undecoded(world, id, one.first_seen);
                self.count(id, verdict.decision());
            }
        }
    }

    /// Whether the plant lists a program for who received it; `None` where it lists none for it.
    pub(crate) fn pins(&self, world: &World, program: &Program) -> Option<bool> {
        self.watch.as_ref().and_then(|watch| watch.pins(world, program))
    }

    /// A program was received whole.
    fn program(&mut self, world: &World, frame: u64, id: ProgramId) {
        let Some(program) = world.programs.get(id) else { return };
        let judged = match self.pins(world, program) {
            None => Judged::NoPlant,
            Some(true) => Judged::Permit,
            Some(false) => Judged::Deny,
        };
        self.detector.handle_program(program, frame, judged);
    }

    #[inline]
    fn count(&mut self, id: ConversationId, decision: Decision) -> Judged {
        if self.verdicts.len() <= id.index() {
            self.verdicts.resize(id.index() + 1, Verdicts::default());
        }
        let mut unplaced = Verdicts::default();
        let verdicts = self.verdicts.get_mut(id.index()).unwrap_or(&mut unplaced);
        match decision {
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

impl Observer for Inspection<'_> {
    #[inline]
    fn message(&mut self, world: &World, seen: &Seen<'_>) {
        let decision = self.watch.as_mut().map(|watch| watch.judge(world, seen).decision());
        let judged = match decision {
            Some(decision) => self.count(seen.conversation, decision),
            None => Judged::NoPlant,
        };
        self.detector.handle_message(world, seen, judged);
    }

    fn event(&mut self, world: &World, frame: u64, time: Time, event: &Event) {
        if let Event::Received { program } = event {
            self.program(world, frame, *program);
        }
        self.detector.handle_event(world, frame, time, event);
    }

    #[inline]
    fn packet(&mut self, time: Time, frame: u64, sender: StationId, receiver: StationId) {
        self.detector.handle_packet(time, frame, sender, receiver);
    }
}
