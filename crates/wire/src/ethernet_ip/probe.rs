//! Whether bytes are EtherNet/IP, and who sent them.
//!
//! A header is 24 bytes of which most are 0, so its data must fit the command as well, and without
//! a hint there must be some. Cyclic data is beyond doubt: two items, their types and lengths.
//! Source: CIP Networks Library Volume 2 clauses 2-3, 2-4 and 2-6.

use super::codes::{self, command, item};
use super::cpf::{Item, Items};
use super::{Frame, HEADER_BYTES, STATUS_MAX, header, io, is_listed};
use crate::Reader;
use crate::cip::is_response;
use crate::session::{Guess, Probe, Side, Transport};

/// See the module.
pub(super) fn identify(probe: &Probe<'_>) -> Guess {
    match probe.transport {
        Transport::Udp => {
            if let Some(datagram) = io::Datagram::read(probe.bytes) {
                let sure = datagram.is_whole() || probe.hinted;
                return if sure { Guess::Yes(datagram.sender()) } else { Guess::No };
            }
        }
        Transport::Tcp => {}
        Transport::Ether(_) | Transport::Ip(_) => return Guess::No,
    }
    let listed = Reader::new(probe.bytes).le16().is_none_or(is_listed);
    let Some((head, length)) = header(probe.bytes).filter(|_| listed) else {
        let early = probe.transport == Transport::Tcp && probe.hinted && listed;
        return if early && probe.bytes.len() < HEADER_BYTES { Guess::More } else { Guess::No };
    };
    let data = probe.bytes.get(HEADER_BYTES..).unwrap_or_default();
    let seen = probe.hinted || length > 0 && data.len() >= length.min(SURE_BYTES);
    let sound = head.options == 0 && head.status <= STATUS_MAX;
    if seen && sound && plausible(&head, length, data, probe.hinted) {
        Guess::Yes(sender(&head, length, data))
    } else {
        Guess::No
    }
}

/// Bytes of data that settle it without a hint: interface, timeout, item count and the address.
const SURE_BYTES: usize = 16;

/// Whether the data, of which the beginning is at hand, fits the command.
fn plausible(head: &Frame<'_>, length: usize, data: &[u8], hinted: bool) -> bool {
    let mut reader = Reader::new(data);
    match head.command {
        command::NOP => hinted && head.session == 0 && head.status == 0,
        command::LIST_SERVICES | command::LIST_IDENTITY | command::LIST_INTERFACES => {
            length == 0 && data.is_empty() || length >= 2 && first_item_is_listed(&mut reader)
        }
        command::REGISTER_SESSION => {
            length == 4 && reader.le16().is_none_or(|version| version == 1) || head.status != 0
        }
        command::UNREGISTER_SESSION => length == 0 && head.session != 0,
        command::SEND_RR_DATA | command::SEND_UNIT_DATA => {
            let refused = head.session != 0 && head.status != 0 && length == 0;
            let carries = length >= SURE_BYTES
                && reader.le32().is_none_or(|interface| interface == 0)
                && reader.le16().is_none_or(|_| first_item_is_listed(&mut reader));
            refused || carries
        }
        _ => hinted,
    }
}

fn first_item_is_listed(reader: &mut Reader<'_>) -> bool {
    let few = reader.le16().is_none_or(|count| count <= 8);
    let Some(item) = Item::read(reader) else { return few && reader.len() < 4 };
    let fits = match item.kind {
        item::NULL_ADDRESS => item.data.is_empty(),
        item::CONNECTED_ADDRESS => item.data.len() == 4,
        item::SEQUENCED_ADDRESS => item.data.len() == 8,
        kind => codes::is_item(kind),
    };
    few && fits
}

/// Who sent it, where the content shows it.
fn sender(head: &Frame<'_>, length: usize, data: &[u8]) -> Option<Side> {
    let client = match head.command {
        _ if head.status != 0 => false,
        command::LIST_SERVICES | command::LIST_IDENTITY | command::LIST_INTERFACES => length == 0,
        command::REGISTER_SESSION => head.session == 0,
        command::UNREGISTER_SESSION => true,
        command::SEND_RR_DATA | command::SEND_UNIT_DATA => {
            let mut reader = Reader::new(data.get(..length).unwrap_or(data));
            reader.skip(6)?;
            let items = Items::read(reader);
            let (_, message) = items.message(head.context)?;
            !is_response(message)
        }
        _ => return None,
    };
    Some(if client { Side::Client } else { Side::Server })
}
