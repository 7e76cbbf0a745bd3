//! FANUC SNPX: what HMIs and PLCs speak with a robot controller (option R553, HMI Device).
//!
//! The frames are those of GE SRTP, read in `ge_srtp`; the robot shows itself as a Series 90-30.
//! %R holds what assignments put there (registers, positions, variables; a write to a variable of
//! the system administers), %I its outputs and %Q its inputs. Text written to %G is a command, one
//! a line: only that tells a robot from a PLC by content. Without it the port decides: 60008 is the
//! robot's own server; 18245 is taken for a GE PLC until a command is seen, because robots answer
//! there, too (`--port 18245=fanuc-snpx` says it beforehand).
//! Sources: FANUC B-82604EN "CIMPLICITY HMI for Robots", chapter 6, as far as clients that follow
//! it show it (snpx-client, HslCommunication); packets published in Fanuc_GESRTP_Driver.

pub(crate) mod assignments;
#[cfg(test)]
mod tests;

use plant::Intent::{Administer, Operate, Unknown};

use crate::ge_srtp;
use crate::session::{Depth, Entry, Guess, Hint, Probe};
use crate::table::{Effect, Operation};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "fanuc-snpx",
    title: "FANUC SNPX (Robot IF, HMI Device)",
    realm: crate::Realm::Robot,
    depth: Depth::Message,
    basis: crate::Basis::Peer("snpx-client and fanuc-ucl"),
    hints: &[Hint::Tcp(60008)],
    operations: &[COMMANDS, ge_srtp::codes::SERVICES, ge_srtp::codes::CONNECTION],
    identify: Some(identify),
    open: ge_srtp::open_robot,
};

const MANUAL: &str = "B-82604EN, commands to %G";

/// Commands that are written as text to %G; the protocol has no numbers for them.
pub static COMMANDS: &[Operation] = &[
    Operation::new(0x201, "clrasg", Operate, MANUAL),
    Operation::new(0x202, "setasg", Operate, MANUAL),
    Operation::new(0x203, "setvar", Administer, MANUAL).with(Effect::Parameter),
    Operation::new(0x204, "clralm", Operate, MANUAL).with(Effect::Reset),
];

/// Text that begins with no command of the list.
pub static UNLISTED: Operation = Operation::new(0x200, "unlisted command", Unknown, MANUAL);

/// The command that begins a line, and its arguments.
pub(crate) fn command(line: &[u8]) -> (&'static Operation, &[u8]) {
    let line = crate::Text::trimmed(line).0;
    let end = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
    let (word, arguments) = line.split_at_checked(end).unwrap_or((line, &[]));
    let found = COMMANDS.iter().find(|row| word.eq_ignore_ascii_case(row.name.as_bytes()));
    found.map_or((&UNLISTED, line), |row| (row, crate::Text::trimmed(arguments).0))
}

/// At the robot's port every SRTP frame; elsewhere only one that carries a robot's command.
fn identify(probe: &Probe<'_>) -> Guess {
    match ge_srtp::sight(probe) {
        Some(sight) if sight.more => {
            if probe.hinted {
                Guess::More
            } else {
                Guess::No
            }
        }
        Some(sight) if sight.robot || probe.hinted => Guess::Yes(sight.side),
        Some(_) | None => Guess::No,
    }
}
