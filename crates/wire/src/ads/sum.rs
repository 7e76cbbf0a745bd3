//! Sum commands: many reads or writes in one, told one by one.
//!
//! ```text
//! request   of each: group 4 · offset 4 · length 4, of f082 then another length 4; then data
//! response  of each: result 4, of f082 then a length 4; then data
//! ```
//! The index offset is the number of items. Source: Beckhoff/ADS, standalone/AdsDef.h.

use crate::message::{Anomaly, Kind, Message, Object};
use crate::session::Sink;
use crate::table::{Operation, Protocol};
use crate::{Reader, Text};
use plant::Intent;

use super::{Index, NAME_MAX, Packet, Target, codes};

/// Most items that are told of one command.
const ITEMS_MAX: u32 = 512;

/// The row of a sum command; `None` for other groups.
pub(super) fn operation(group: u32) -> Option<&'static Operation> {
    Operation::find(codes::SUMS, group)
}

/// Tells each item of a sum command; `data` begins behind the length of what is written. Returns
/// whether there was one.
pub(super) fn emit(
    packet: &Packet<'_>,
    index: Index,
    mut data: Reader<'_>,
    out: &mut dyn Sink,
) -> bool {
    let Some(operation) = operation(index.group) else { return false };
    let lengths = index.group == codes::SUM_READ_WRITE;
    let items = index.offset.min(ITEMS_MAX);
    let size = if lengths { 16 } else { 12 };
    let all = usize::try_from(index.offset).unwrap_or(usize::MAX).saturating_mul(size);
    let mut values = data;
    let cut = values.skip(all).is_none();
    let mut told = 0;
    for _ in 0..items {
        let Some(item) = Index::read(&mut data) else { break };
        let mut name = None;
        if lengths {
            let Some(length) = data.le32().and_then(|length| usize::try_from(length).ok()) else {
                break;
            };
            name = values.take(length).filter(|_| codes::takes_name(item.group));
        }
        let name = name.map(|name| Text::clipped(Text::trimmed(name).0, NAME_MAX));
        let target = Target { index: item, name };
        let asks = lengths && codes::asks(item.group);
        let anomalies: &[Anomaly] = if cut { &[Anomaly::TRUNCATED] } else { &[] };
        let message = Message::new(Protocol::ADS, Kind::Request, operation, packet.command.into());
        out.message(&Message {
            intent: if asks { Intent::Observe } else { operation.intent },
            object: Object::Named(&target),
            unit: Some(packet.target_port),
            id: Some(packet.invoke),
            ..message.with_anomalies(anomalies)
        });
        told += 1;
    }
    let more = index.offset - told;
    if told > 0 && more > 0 {
        // What is not told must not ride along behind what is.
        let message = Message::new(Protocol::ADS, Kind::Request, operation, packet.command.into());
        out.message(&Message {
            object: Object::Named(&format_args!("{more} more items")),
            unit: Some(packet.target_port),
            id: Some(packet.invoke),
            ..message
        });
    }
    told > 0
}

/// The first result of an item that is none of success, in the answer to a sum command.
pub(super) fn failure(index: Index, mut data: Reader<'_>) -> Option<u32> {
    operation(index.group)?;
    data.skip(4)?;
    for _ in 0..index.offset.min(ITEMS_MAX) {
        let result = data.le32()?;
        if result != 0 {
            return Some(result);
        }
        if index.group == codes::SUM_READ_WRITE {
            data.skip(4)?;
        }
    }
    None
}
