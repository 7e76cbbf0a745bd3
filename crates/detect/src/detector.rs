//! The detector: what was seen in, findings out.

use flow::{ConversationId, Event, Program, Seen, StationId, World};
use plant::{Intent, Severity, Time};
use wire::{Blame, Effect, Kind, Message, Outcome, Protocol, Side};

use crate::addressing::Holders;
use crate::control::Control;
use crate::finding::{Finding, Findings, Scope, Sighting};
use crate::flood::Rates;
use crate::review::{self, Review};
use crate::rule::{self, Rule};
use crate::safety::{Safety, Start, Told, Wrong};
use crate::scan::{REFUSED_MIN, Scan, Scans, Units, Watch};
use crate::weigh::{is_among_equals, is_robot, is_stream, weigh};
use crate::{effect, fact};

/// What the plant says of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// There is no plant.
    NoPlant,
    /// A rule permits it.
    Permit,
    /// No rule permits it, or one forbids it.
    Deny,
    /// The plant does not say.
    Unknown,
}

/// Finds what should not be possible.
#[derive(Debug)]
pub struct Detector {
    pub(crate) findings: Findings,
    control: Control,
    holders: Holders,
    scans: Scans,
    refused: Watch<ConversationId, u32>,
    rates: Rates,
    safety: Safety,
    /// Units asked, by conversation.
    units: Vec<Units>,
    /// First frame of each station.
    first_frames: Vec<u64>,
}

impl Default for Detector {
    fn default() -> Self {
        Self {
            findings: Findings::default(),
            control: Control::default(),
            holders: Holders::default(),
            scans: Scans::new(),
            refused: Watch::new(REFUSED_MIN as usize),
            rates: Rates::default(),
            safety: Safety::default(),
            units: Vec::new(),
            first_frames: Vec::new(),
        }
    }
}

/// Where something was found.
#[derive(Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) scope: Scope,
    pub(crate) conversation: Option<ConversationId>,
    pub(crate) frame: u64,
    pub(crate) time: Time,
}

impl Spot {
    const fn of(seen: &Seen<'_>) -> Self {
        let scope = Scope { source: seen.sender.station, target: seen.receiver.station };
        Self { scope, conversation: Some(seen.conversation), frame: seen.frame, time: seen.time }
    }

    /// The same with who asks as source, whoever sent this message.
    const fn of_exchange(seen: &Seen<'_>) -> Self {
        let mut spot = Self::of(seen);
        if matches!(seen.from, Side::Server) {
            spot.scope = Scope { source: seen.receiver.station, target: seen.sender.station };
        }
        spot
    }

    /// The same with who acts as source: who asks, or who tells unasked.
    const fn of_act(seen: &Seen<'_>) -> Self {
        match seen.message.kind {
            Kind::Notice => Self::of(seen),
            Kind::Request | Kind::Response => Self::of_exchange(seen),
        }
    }
}

impl Detector {
    /// One message.
    #[inline]
    pub fn handle_message(&mut self, world: &World, seen: &Seen<'_>, judged: Judged) {
        let message = seen.message;
        if let Some(unit) = message.unit {
            self.unit(seen, unit);
        }
        let discovers = message.effect == Effect::Discover;
        if discovers && message.kind == Kind::Request {
            self.discovers(world, seen);
        }
        let plain = !message.intent.acts()
            && (discovers || message.effect == Effect::Plain)
            && message.anomalies.is_empty()
            && message.facts.is_empty()
            && judged != Judged::Deny
            && !matches!(message.outcome, Outcome::Error { .. });
        if !plain {
            self.look(world, seen, judged);
        }
    }

    /// Asks a whole segment; asking one station is what its master does.
    fn discovers(&mut self, world: &World, seen: &Seen<'_>) {
        let message = seen.message;
        let group = world.stations.get(seen.receiver.station).is_some_and(flow::Station::is_group);
        if group && self.scans.asked(seen.sender.station, &message.object, seen.time) {
            let mut spot = Spot::of(seen);
            spot.scope.target = spot.scope.source;
            let what = || format!("{} {}", message.protocol, message.operation.name);
            let rule = &rule::SWEEP;
            self.add(rule, rule.severity, spot, "", &what, &|| words(message));
        }
    }

    fn look(&mut self, world: &World, seen: &Seen<'_>, judged: Judged) {
        let message = seen.message;
        // What the answering side sends is judged with what it answers, unless it acts unasked.
        let unasked = message.kind == Kind::Notice && message.intent.acts();
        let own = seen.from == Side::Client || unasked;
        if judged == Judged::Deny && own && message.kind != Kind::Response {
            self.denied(seen);
        }
        if effect::shows(message) {
            self.effects(world, seen, judged);
        }
        if message.intent == Intent::Safety
            && let Some(told) = self.safety.message(seen)
        {
            let words = || words(message);
            let judged = if message.kind == Kind::Request { judged } else { Judged::NoPlant };
            let what = || told.what(message.operation.name);
            self.safety_told(&told, seen.time, judged, &what, &words);
        }
        if message.intent.acts() && judged == Judged::NoPlant && message.kind != Kind::Response {
            self.controls(world, seen);
        }
        self.anomalies(seen);
        self.facts(seen, judged);
        if matches!(message.outcome, Outcome::Error { .. })
            && self.refused.add(seen.conversation, message.code, seen.time)
        {
            let what = || format!("{} and others", message.operation.name);
            let spot = Spot::of_exchange(seen);
            self.add(&rule::CODE_SCAN, rule::CODE_SCAN.severity, spot, "", &what, &|| {
                words(message)
            });
        }
    }

    fn denied(&mut self, seen: &Seen<'_>) {
        let message = seen.message;
        let severity = match message.intent {
            Intent::Safety | Intent::Administer | Intent::Program => Severity::Critical,
            Intent::Operate => Severity::High,
            Intent::Unknown | Intent::Observe => Severity::Medium,
            Intent::Session => Severity::Low,
        };
        let detail = message.operation.name;
        let what = || format!("{} {}", message.protocol, detail);
        self.add(&rule::DENIED, severity, Spot::of(seen), detail, &what, &|| words(message));
    }

    /// What an operation does to a machine, whether it acts or only takes its program away.
    fn effects(&mut self, world: &World, seen: &Seen<'_>, judged: Judged) {
        let message = seen.message;
        let watched = matches!(message.effect, Effect::SafetyCycle | Effect::SafetyStop);
        let safety = message.intent == Intent::Safety && message.kind == Kind::Request && !watched;
        if message.effect == Effect::SafetyStart {
            if safety {
                self.safety_starts(seen, judged);
            }
            return;
        }
        let rule = effect::rule(message.effect);
        let Some(rule) = rule.or(safety.then_some(&rule::SAFETY_WRITE)) else { return };
        // To load, hold and run is a robot's day; it is a finding where the plant says who may.
        if rule == &rule::ROBOT_COMMAND && matches!(judged, Judged::NoPlant | Judged::Permit) {
            return;
        }
        let (severity, reason) = weigh(rule, message, judged);
        let (spot, detail) = (Spot::of_act(seen), message.operation.name);
        let behind = message.unit.filter(|_| is_group(world, spot.scope.target));
        let what = || match behind {
            Some(unit) => format!("{}, unit {unit}", named(message)),
            None => named(message),
        };
        self.findings.add(&Sighting {
            reason,
            ..sighting(rule, severity, spot, detail, &what, &|| words(message))
        });
    }

    /// A safety connection is set up: at every power-up, which nobody minds unless it is another
    /// station that does it, or the connection runs.
    fn safety_starts(&mut self, seen: &Seen<'_>, judged: Judged) {
        let (rule, severity, reason) = match (judged, self.safety.start(seen)) {
            (Judged::Permit, _) => (&rule::SAFETY_START, Severity::Info, "the plant permits it"),
            (Judged::Deny, _) => (&rule::SAFETY_WRITE, rule::SAFETY_WRITE.severity, ""),
            (_, Start::Running) => {
                (&rule::SAFETY_WRITE, rule::SAFETY_WRITE.severity, "the connection was running")
            }
            (_, Start::Foreign) => {
                (&rule::SAFETY_START, Severity::High, "another station had set it up before")
            }
            (_, Start::Usual) => (&rule::SAFETY_START, rule::SAFETY_START.severity, ""),
        };
        let (spot, detail) = (Spot::of(seen), seen.message.operation.name);
        let (what, words) = (|| named(seen.message), || words(seen.message));
        let sighting = sighting(rule, severity, spot, detail, &what, &words);
        self.findings.add(&Sighting { reason, ..sighting });
    }

    /// Something is wrong with a safety connection. Only who ends one can be permitted to.
    fn safety_told(
        &mut self,
        told: &Told,
        time: Time,
        judged: Judged,
        what: &dyn Fn() -> String,
        words: &dyn Fn() -> String,
    ) {
        let rule = match told.wrong {
            Wrong::Silent | Wrong::Ended => &rule::SAFETY_LOST,
            Wrong::Late(_) | Wrong::Slow(_) | Wrong::Fast(_) => &rule::SAFETY_RATE,
        };
        let Told { scope, frame, conversation, .. } = *told;
        let spot = Spot { scope, conversation: Some(conversation), frame, time };
        let permitted = judged == Judged::Permit;
        let severity = if permitted { Severity::Info } else { rule.severity };
        let reason = if permitted { "the plant permits it" } else { "" };
        let detail = told.wrong.name();
        let sighting = sighting(rule, severity, spot, detail, what, words);
        self.findings.add(&Sighting { reason, ..sighting });
    }

    /// Who acts on whom, where no plant says who may.
    fn controls(&mut self, world: &World, seen: &Seen<'_>) {
        let message = seen.message;
        let spot = Spot::of_act(seen);
        let Scope { source, target } = spot.scope;
        let what = || format!("{} {}", message.protocol, message.operation.name);
        // An EtherCAT segment has no address of its own but is one machine.
        let segment = message.protocol == Protocol::ETHERCAT;
        if is_among_equals(message) || (is_group(world, target) && !segment) {
            return;
        }
        let stream = is_stream(message).then_some(message.protocol);
        if effect::masters(message.effect)
            && is_robot(message)
            && self.control.second_master(source, (target, stream))
        {
            let severity = rule::TWO_MASTERS.severity;
            self.add(&rule::TWO_MASTERS, severity, spot, "", &what, &|| words(message));
        }
        let at = (seen.frame, seen.time);
        let describe = || (what(), words(message));
        self.control.act((source, target), seen.conversation, at, describe);
    }

    fn anomalies(&mut self, seen: &Seen<'_>) {
        for anomaly in seen.message.anomalies {
            let rule = match anomaly.blame {
                Blame::Malformed => &rule::MALFORMED,
                Blame::Violation => &rule::VIOLATION,
                Blame::Oddity => continue,
            };
            let what = || format!("{}: {}", seen.message.protocol, anomaly.what);
            let (spot, detail) = (Spot::of(seen), anomaly.what);
            self.add(rule, rule.severity, spot, detail, &what, &|| words(seen.message));
        }
    }

    fn facts(&mut self, seen: &Seen<'_>, judged: Judged) {
        for fact in seen.message.facts {
            let Some((rule, detail)) = fact::rule(fact) else { continue };
            let (severity, reason) = fact::severity(rule, fact, judged);
            let what = || fact::what(fact);
            let spot = Spot::of_exchange(seen);
            self.findings.add(&Sighting {
                reason,
                ..sighting(rule, severity, spot, detail, &what, &|| words(seen.message))
            });
        }
    }

    #[inline]
    fn unit(&mut self, seen: &Seen<'_>, unit: u16) {
        let place = seen.conversation.index();
        if self.units.len() <= place {
            self.units.resize(place + 1, Units::default());
        }
        let Some(units) = self.units.get_mut(place) else { return };
        match seen.message.kind {
            Kind::Request => {
                if units.ask(unit) {
                    let asked = units.asked();
                    let what = || format!("{asked} units");
                    let severity = rule::UNIT_SCAN.severity;
                    let message = || words(seen.message);
                    self.add(&rule::UNIT_SCAN, severity, Spot::of(seen), "", &what, &message);
                }
            }
            Kind::Response if !matches!(seen.message.outcome, Outcome::Error { .. }) => {
                units.answer(unit);
            }
            Kind::Response | Kind::Notice => {}
        }
    }

    /// One event.
    pub fn handle_event(&mut self, world: &World, frame: u64, time: Time, event: &Event) {
        let spot = |source, target, conversation| Spot {
            scope: Scope { source, target },
            conversation,
            frame,
            time,
        };
        match *event {
            Event::NewStation(station) => {
                if self.first_frames.len() <= station.index() {
                    self.first_frames.resize(station.index() + 1, 0);
                }
                if let Some(first) = self.first_frames.get_mut(station.index()) {
                    *first = frame;
                }
            }
            Event::Opened { source, target, transport, port } => {
                // What goes to everybody looks for nobody, and who has no address (of its own, or
                // past the bound of stations) is not one.
                let station = |id| world.stations.get(id);
                if station(target).is_none_or(|one| one.is_group() || one.is_unset())
                    || station(source).is_none_or(flow::Station::is_unset)
                {
                    return;
                }
                for scan in self.scans.opened((source, target), transport, port, time) {
                    self.scan(scan, spot(source, target, None), port);
                }
            }
            Event::Unreadable { conversation, protocol, sender } => {
                let Some(known) = world.conversation(conversation) else { return };
                let receiver = if known.source == sender { known.target } else { known.source };
                let what = || format!("bytes that are no {protocol} message");
                let spot = spot(sender, receiver, Some(conversation));
                let rule = &rule::MALFORMED;
                self.add(rule, rule.severity, spot, protocol.name(), &what, &String::new);
            }
            Event::Contradiction { sender, receiver } => {
                let rule = &rule::EVASION;
                let spot = spot(sender, receiver, None);
                self.add(rule, rule.severity, spot, "", &String::new, &String::new);
            }
            Event::Claimed { station, ip, claim } => {
                if let Some(other) = self.holders.claim(station, ip, claim) {
                    let rule = &rule::ADDRESS_CONFLICT;
                    let [ip, other_mac, mac] = [ip, other, station].map(|id| address(world, id));
                    let what = || format!("{ip} is at {other_mac} and at {mac}");
                    let spot = spot(station, other, None);
                    self.add(rule, rule.severity, spot, "", &what, &String::new);
                }
            }
            Event::Refused { .. } | Event::Moved { .. } | Event::Received { .. } => {}
        }
    }

    /// A program went to somebody; `judged` is what the plant's list of programs says.
    pub fn handle_program(&mut self, program: &Program, frame: u64, judged: Judged) {
        let rule = match judged {
            Judged::Deny => &rule::PROGRAM_UNKNOWN,
            Judged::NoPlant | Judged::Unknown if program.changed => &rule::PROGRAM_CHANGED,
            Judged::NoPlant | Judged::Unknown | Judged::Permit => return,
        };
        let spot = Spot {
            scope: Scope { source: program.from, target: program.to },
            conversation: Some(program.conversation),
            frame,
            time: program.last_seen,
        };
        let what = || {
            let name = if program.name.is_empty() { "without a name" } else { &program.name };
            match program.hash {
                Ok(hash) => format!("{} {name}, {hash}", program.kind),
                Err(missing) => format!("{} {name}, {}", program.kind, missing.name()),
            }
        };
        self.add(rule, rule.severity, spot, program.kind, &what, &String::new);
    }

    fn scan(&mut self, scan: Option<Scan>, mut spot: Spot, port: u16) {
        match scan {
            None => {}
            Some(Scan::Ports) => {
                let rule = &rule::PORT_SCAN;
                let what = || format!("{} ports or more", crate::scan::PORTS_MIN);
                self.add(rule, rule.severity, spot, "", &what, &String::new);
            }
            Some(Scan::Targets) => {
                let rule = &rule::SWEEP;
                let what = || {
                    if port == 0 { "to reach stations".to_owned() } else { format!("port {port}") }
                };
                // One finding for the whole sweep: it is about who does it.
                spot.scope.target = spot.scope.source;
                self.add(rule, rule.severity, spot, "", &what, &String::new);
            }
        }
    }

    /// Safety connections that have fallen silent by now.
    #[cold]
    fn silence(&mut self, now: Time) {
        while let Some(told) = self.safety.silent(now) {
            let what = || told.what("");
            self.safety_told(&told, now, Judged::NoPlant, &what, &String::new);
        }
    }

    /// One packet, for rates and silence.
    #[inline]
    pub fn handle_packet(
        &mut self,
        time: Time,
        frame: u64,
        sender: StationId,
        receiver: StationId,
    ) {
        if self.safety.packet(time) {
            self.silence(time);
        }
        if let Some(flood) = self.rates.count(receiver, time) {
            let scope = Scope { source: sender, target: receiver };
            let spot = Spot { scope, conversation: None, frame, time };
            let what = || {
                format!("{} packets and more in a second, usual {:.0}", flood.packets, flood.usual)
            };
            self.add(&rule::FLOOD, rule::FLOOD.severity, spot, "", &what, &String::new);
        }
    }

    /// The findings, most severe first, after a last look at the whole.
    pub fn into_findings(mut self, world: &World, review: &Review<'_>) -> Vec<Finding> {
        self.done_by_masters(world);
        self.foreign_controllers();
        review::stations(&mut self, world, review);
        review::ways(&mut self, world, review);
        self.findings.into_sorted()
    }

    /// Who controls a machine all the time also gives its drives their parameters at start-up, and
    /// an EtherCAT master all that its segment begins with: states, addresses, counters.
    fn done_by_masters(&mut self, world: &World) {
        const OF_SEGMENTS: [&Rule; 4] = [
            &rule::CONTROLLER_STOP,
            &rule::CONTROLLER_START,
            &rule::DEVICE_RENAMED,
            &rule::SILENCED,
        ];
        for finding in self.findings.iter_mut() {
            let Scope { source, target } = finding.scope;
            let protocol = finding.conversation.and_then(|id| world.conversation(id)?.protocol());
            let segment = protocol == Some(Protocol::ETHERCAT);
            let begins = finding.rule == &rule::PARAMETER
                || (segment && OF_SEGMENTS.contains(&finding.rule));
            let master = self.control.is_usual(source, target)
                || (segment && self.control.is_alone(source, target));
            if begins && master && finding.severity > Severity::Low {
                finding.severity = Severity::Low;
                finding.reason = "by who controls it all the time";
            }
        }
    }

    fn foreign_controllers(&mut self) {
        let control = std::mem::take(&mut self.control);
        for (machine, acts) in control.foreign() {
            let spot = Spot {
                scope: Scope { source: acts.controller, target: machine },
                conversation: Some(acts.conversation),
                frame: acts.frame,
                time: acts.first_seen,
            };
            let what = || format!("{} ({} times)", acts.what, acts.count);
            let rule = &rule::FOREIGN_CONTROL;
            self.add(rule, rule.severity, spot, "", &what, &|| acts.message.clone());
        }
    }

    /// Findings that had no place any more.
    pub const fn shed(&self) -> u64 {
        self.findings.shed
    }

    pub(crate) fn first_frame(&self, station: StationId) -> u64 {
        self.first_frames.get(station.index()).copied().unwrap_or(0)
    }

    pub(crate) fn add(
        &mut self,
        rule: &'static Rule,
        severity: Severity,
        spot: Spot,
        detail: &'static str,
        what: &dyn Fn() -> String,
        message: &dyn Fn() -> String,
    ) {
        self.findings.add(&sighting(rule, severity, spot, detail, what, message));
    }
}

fn sighting<'a>(
    rule: &'static Rule,
    severity: Severity,
    spot: Spot,
    detail: &'static str,
    what: &'a dyn Fn() -> String,
    message: &'a dyn Fn() -> String,
) -> Sighting<'a> {
    Sighting {
        rule,
        severity,
        reason: "",
        scope: spot.scope,
        conversation: spot.conversation,
        detail,
        frame: spot.frame,
        time: spot.time,
        what,
        message,
    }
}

/// Whether messages to this station go to many, or the station is not known.
fn is_group(world: &World, station: StationId) -> bool {
    world.stations.get(station).is_none_or(flow::Station::is_group)
}

/// A message in words, for evidence.
fn words(message: &Message<'_>) -> String {
    format!("{} {message}", message.protocol)
}

/// Operation and object, for titles.
fn named(message: &Message<'_>) -> String {
    let operation = message.operation.name;
    if message.object.is_nothing() {
        return format!("{} {operation}", message.protocol);
    }
    let mut object = message.object.to_string();
    if let Some((end, _)) = object.char_indices().nth(60) {
        object.truncate(end);
        object.push_str(" ...");
    }
    format!("{} {operation} {object}", message.protocol)
}

fn address(world: &World, station: StationId) -> String {
    world.stations.get(station).map(|station| station.address.to_string()).unwrap_or_default()
}
