//! How much an act matters: what the plant permits, and what machines do all day.
//!
//! Who acts as a habit is not known here but in [`crate::control`].

use plant::{Intent, Severity};
use wire::{Effect, Fact, Message, Protocol, Realm};

use crate::detector::Judged;
use crate::effect;
use crate::rule::Rule;

/// How much an act matters: what the plant permits is worth knowing and no more.
pub(crate) fn weigh(
    rule: &'static Rule,
    message: &Message<'_>,
    judged: Judged,
) -> (Severity, &'static str) {
    match judged {
        Judged::Permit => (Severity::Info, "the plant permits it"),
        Judged::NoPlant | Judged::Unknown if is_routine(message) => {
            (rule.severity.min(Severity::Low), "a line starts, moves and resets its robots all day")
        }
        Judged::NoPlant | Judged::Unknown if registers(message) => {
            (rule.severity.min(Severity::Low), "nodes register when they start")
        }
        Judged::NoPlant | Judged::Unknown if quiets_first(message) => {
            (rule.severity.min(Severity::Low), "masters do this at every start")
        }
        Judged::NoPlant | Judged::Unknown | Judged::Deny => (rule.severity, ""),
    }
}

/// A robot started, stopped, moved or reset: what a line controller does in every cycle, while a
/// PLC that stops or starts is an event.
fn is_routine(message: &Message<'_>) -> bool {
    let everyday = effect::masters(message.effect) || message.effect == Effect::Reset;
    message.intent == Intent::Operate && everyday && is_robot(message)
}

/// A node says itself what it will publish or serve.
fn registers(message: &Message<'_>) -> bool {
    message.effect == Effect::Register
        && message.facts.iter().any(|fact| matches!(fact, Fact::Joined { .. }))
}

/// A DNP3 master stops unsolicited messages before it polls (IEEE 1815 clause 5.1.1.1.1).
fn quiets_first(message: &Message<'_>) -> bool {
    message.protocol == Protocol::DNP3 && message.operation.name == "disable unsolicited"
}

/// Where everybody publishes to everybody, nobody is a machine's controller by habit.
pub(crate) fn is_among_equals(message: &Message<'_>) -> bool {
    const EQUALS: [Protocol; 4] =
        [Protocol::MQTT, Protocol::SPARKPLUG_B, Protocol::RTPS, Protocol::ROS1];
    EQUALS.contains(&message.protocol)
}

/// Setpoints that come from a sensor's computer beside the one that commands the robot.
pub(crate) fn is_stream(message: &Message<'_>) -> bool {
    const STREAMS: [Protocol; 3] =
        [Protocol::ABB_EGM, Protocol::KUKA_RSI, Protocol::FANUC_STREAM_MOTION];
    STREAMS.contains(&message.protocol)
}

/// Robot interfaces have one master.
pub(crate) fn is_robot(message: &Message<'_>) -> bool {
    message.protocol.entry().realm == Realm::Robot
}
