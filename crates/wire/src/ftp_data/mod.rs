//! The data connection of FTP: one file, or one listing, from its first byte to its end.
//!
//! Nothing in it says what it is, so it is only read where the control connection announced it,
//! which also names the file. What is sent in ASCII mode has the line ends of the network. The
//! file ends with the connection. Source: RFC 959 clauses 3.2 to 3.4.

#[cfg(test)]
mod tests;

use plant::Intent;

use crate::message::{Kind, Message};
use crate::piece::{Part, Piece};
use crate::session::{Depth, Entry, Session, Side, Sink, Step};
use crate::table::{Operation, Protocol};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ftp-data",
    title: "FTP data",
    realm: crate::Realm::Service,
    depth: Depth::Recognised,
    basis: crate::Basis::Captures,
    hints: &[],
    operations: &[OPERATIONS],
    identify: None,
    open: || Box::<Transfer>::default(),
};

/// The control connection judges what is done with the file.
const DATA: &Operation = &Operation::new(0, "data", Intent::Session, "RFC 959 3.2");
static OPERATIONS: &[Operation] = &[*DATA];

/// One connection.
#[derive(Default)]
struct Transfer {
    reported: bool,
}

impl Session for Transfer {
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step {
        let piece = Piece {
            transfer: 0,
            kind: "file",
            name: &"",
            to: from.other(),
            offset: None,
            bytes,
            part: Part::Streamed,
        };
        if self.reported {
            out.piece(Protocol::FTP_DATA, &piece);
        } else {
            self.reported = true;
            let message = Message::new(Protocol::FTP_DATA, Kind::Notice, DATA, DATA.code);
            out.message(&message.carrying(&piece));
        }
        Step::Read(bytes.len())
    }
}
