//! CIP Safety: connections, cyclic data, and the services of the safety objects.
//!
//! Sources: ODVA CIP Networks Library Volume 5 ("CIP V5") by object, and the dissector that Pyramid
//! Solutions gave to Wireshark (`packet-cipsafety.c`, "CIPS") for what goes in cyclic frames.

use plant::Intent::Safety;

use crate::table::{Effect, Operation};

/// Connections whose path carries safety parameters, by the service of the Connection Manager.
pub static CONNECTIONS: &[Operation] = &[
    Operation::new(0x4e, "forward close", Safety, "CIP V1 3-5.5; CIP V5 safety network segment")
        .with(Effect::SafetyStop),
    Operation::new(0x54, "forward open", Safety, "CIP V1 3-5.5; CIP V5 safety network segment")
        .with(Effect::SafetyStart),
    Operation::new(
        0x5b,
        "large forward open",
        Safety,
        "CIP V1 3-5.5; CIP V5 safety network segment",
    )
    .with(Effect::SafetyStart),
];

/// Cyclic frames, by what they are; they have no codes.
pub static CYCLIC: &[Operation] = &[
    Operation::new(1, "safety data", Safety, "CIPS data sections").with(Effect::SafetyCycle),
    Operation::new(2, "safety data idle", Safety, "CIPS mode byte, run/idle")
        .with(Effect::SafetyStop),
    Operation::new(3, "time coordination", Safety, "CIPS time coordination message"),
];

/// Rows that code asks for.
pub(super) const DATA: u32 = 1;
pub(super) const IDLE: u32 = 2;
pub(super) const TIME: u32 = 3;

/// The row of a connection service.
pub(crate) fn connection(service: u8) -> Option<&'static Operation> {
    Operation::find(CONNECTIONS, service.into())
}
