//! What PROFIsafe sends that can be recognised: one record.

use plant::Intent::Safety;

use crate::table::{Effect, Operation};

/// The F-parameters, by the operation of `profinet-cm` that carries them.
pub static WRITE: Operation =
    Operation::new(3, "write f-parameters", Safety, "IEC 61784-3-3 F-parameters")
        .with(Effect::SafetyStart);
