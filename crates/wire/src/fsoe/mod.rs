//! FSoE, Safety over EtherCAT (FailSafe over EtherCAT): inside the process image of EtherCAT.
//!
//! Where frames stand in the image is configured in the master and never told on the wire, so they
//! are searched for and believed when their checksums hold again and again; see `pdu` and `watch`.
//! A frame is repeated in every cycle until its partner answers: a message is one that changed.
//! Only what has passed the devices is looked at, so nothing is told twice. Frames in mailboxes are
//! not looked for. Source: ETG.5100 as in the FSoE implementations, see `codes`.

pub mod codes;
mod pdu;
#[cfg(test)]
mod tests;
mod watch;

use std::fmt;

use crate::message::{Kind, Message, Object};
use crate::session::{Depth, Entry, Session, Side, Sink, Step};
use crate::table::Protocol;
use pdu::Pdu;
pub(crate) use watch::{Watch, Window};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "fsoe",
    title: "Safety over EtherCAT (FSoE)",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Documents,
    hints: &[],
    operations: &[codes::COMMANDS],
    identify: None,
    open: || Box::new(Carried),
};

/// FSoE never begins anything: EtherCAT hands its process image over.
struct Carried;

impl Session for Carried {
    fn parse(&mut self, _from: Side, _bytes: &[u8], _out: &mut dyn Sink) -> Step {
        Step::Lost
    }
}

/// Tells of a proven frame at `place` of the image; a reset names no connection itself.
fn emit(pdu: &Pdu<'_>, connection: u16, place: u32, out: &mut dyn Sink) {
    let target = Target { connection, place };
    let content = Content(pdu);
    out.message(&Message {
        object: Object::Named(&target),
        id: Some(connection.into()),
        values: Some(&content),
        ..Message::new(Protocol::FSOE, Kind::Notice, pdu.row, pdu.command.into())
    });
}

struct Target {
    connection: u16,
    place: u32,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connection {} at logical 0x{:08x}", self.connection, self.place)
    }
}

struct Content<'a>(&'a Pdu<'a>);

impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Pdu { command, bytes, .. } = self.0;
        if let ([code, ..], codes::command::RESET) = (self.0.first_data(), *command) {
            return f.write_str(codes::reason(*code));
        }
        write!(f, "{} bytes", bytes.len())?;
        bytes.iter().take(32).try_for_each(|byte| write!(f, " {byte:02x}"))
    }
}
