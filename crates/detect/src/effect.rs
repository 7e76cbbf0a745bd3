//! From what an operation does to the rule that speaks of it.

use wire::{Anomaly, Effect, Kind, Message, Outcome};

use crate::rule::{self, Rule};

/// The rule for an effect, if one looks at it.
pub(crate) const fn rule(effect: Effect) -> Option<&'static Rule> {
    match effect {
        Effect::Plain
        | Effect::Login
        | Effect::Discover
        | Effect::SafetyStart
        | Effect::SafetyCycle
        | Effect::SafetyStop => None,
        Effect::Command => Some(&rule::ROBOT_COMMAND),
        Effect::Motion => Some(&rule::ROBOT_MOTION),
        Effect::Reset => Some(&rule::FAULT_RESET),
        Effect::Parameter => Some(&rule::PARAMETER),
        Effect::Route => Some(&rule::ROUTE),
        Effect::Death => Some(&rule::NODE_DEATH),
        Effect::DirectOperate => Some(&rule::DIRECT_OPERATE),
        Effect::Register => Some(&rule::NAME_SERVICE),
        Effect::DeleteFile => Some(&rule::FILE_DELETED),
        Effect::Start => Some(&rule::CONTROLLER_START),
        Effect::Stop => Some(&rule::CONTROLLER_STOP),
        Effect::Restart => Some(&rule::CONTROLLER_RESTART),
        Effect::Download => Some(&rule::DOWNLOAD),
        Effect::Upload => Some(&rule::UPLOAD),
        Effect::Firmware => Some(&rule::FIRMWARE),
        Effect::FactoryReset => Some(&rule::FACTORY_RESET),
        Effect::SetName | Effect::SetAddress => Some(&rule::DEVICE_RENAMED),
        Effect::SetClock => Some(&rule::CLOCK),
        Effect::UnlockProtectiveStop => Some(&rule::PROTECTIVE_STOP),
        Effect::SafetyRestart => Some(&rule::SAFETY_RESTART),
        Effect::Script => Some(&rule::SCRIPT),
        Effect::Silence => Some(&rule::SILENCED),
    }
}

/// Whether the effect commands a robot or controller as its master would.
pub(crate) const fn masters(effect: Effect) -> bool {
    matches!(
        effect,
        Effect::Start | Effect::Stop | Effect::Script | Effect::Command | Effect::Motion
    )
}

/// Whether this message is the one that shows the effect: the request, which is what was tried,
/// or a success whose request was not captured.
pub(crate) fn shows(message: &Message<'_>) -> bool {
    match message.kind {
        Kind::Request | Kind::Notice => true,
        Kind::Response => {
            message.outcome == Outcome::Ok && message.anomalies.contains(&Anomaly::UNASKED)
        }
    }
}
