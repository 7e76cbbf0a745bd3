//! KUKA VarProxy: KRL variables of a robot read and written over TCP.
//!
//! The frames, and the session that reads them, are those of `kuka_c3`: the C3 Bridge answers the
//! same messages and adds its own. Message types 0 to 3 are `kuka-varproxy`, whoever answers them;
//! all others are `kuka-c3`. There is no login: who reaches the port writes any variable.
//! Source: KukavarProxy (ImtsSrl), README and `basMain.bas`.

#[cfg(test)]
pub(crate) mod tests;

use plant::Intent::{Observe, Operate};

use crate::kuka_c3;
use crate::session::{Depth, Entry, Guess, Hint, Probe};
use crate::table::Operation;

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "kuka-varproxy",
    title: "KUKA VarProxy",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("py-openshowvar"),
    hints: &[Hint::Tcp(7000)],
    operations: &[MODES],
    identify: Some(identify),
    open: kuka_c3::open,
};

const SOURCE: &str = "KukavarProxy, basMain.bas, readMsg";

/// Modes of a request, which its answer repeats.
pub static MODES: &[Operation] = &[
    Operation::new(0, "read variable", Observe, SOURCE),
    Operation::new(1, "write variable", Operate, SOURCE),
    Operation::new(2, "read array", Observe, SOURCE),
    Operation::new(3, "write array", Operate, SOURCE),
];

/// Whether a message type is one of VarProxy.
pub(crate) const fn owns(kind: u8) -> bool {
    kind <= 3
}

fn identify(probe: &Probe<'_>) -> Guess {
    kuka_c3::guess(probe, owns)
}
