//! The Common Packet Format: an address item, a data item, and what else belongs to a message.
//!
//! ```text
//!  count(2) then of each item: type(2) length(2) data
//! ```
//! Source: CIP Networks Library Volume 2 clause 2-6.

use arrayvec::ArrayVec;

use super::codes::item;
use crate::Reader;
use crate::cip::Carrier;
use crate::message::Anomaly;

/// Items of one packet: an address, data, and socket addresses of both directions; List Identity
/// and List Services responses have one or two.
const ITEMS_MAX: usize = 8;

const MANY: Anomaly = Anomaly::oddity("more items than this dissector reads");

/// One item.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) kind: u16,
    pub(super) data: &'a [u8],
}

/// The items of a packet, and what is wrong with them.
#[derive(Default)]
pub(super) struct Items<'a> {
    pub(super) items: ArrayVec<Item<'a>, ITEMS_MAX>,
    pub(super) anomaly: Option<Anomaly>,
}

impl<'a> Items<'a> {
    /// Reads all items.
    pub(super) fn read(mut reader: Reader<'a>) -> Self {
        let mut read = Self::default();
        let Some(count) = reader.le16() else {
            read.anomaly = Some(Anomaly::TRUNCATED);
            return read;
        };
        for _ in 0..count {
            let Some(item) = Item::read(&mut reader) else {
                read.anomaly = Some(Anomaly::TRUNCATED);
                return read;
            };
            if read.items.try_push(item).is_err() {
                read.anomaly = Some(MANY);
                return read;
            }
        }
        if !reader.is_empty() {
            read.anomaly = Some(Anomaly::TRAILING);
        }
        read
    }

    /// The data of the first item of this type.
    pub(super) fn find(&self, kind: u16) -> Option<&'a [u8]> {
        self.items.iter().find(|item| item.kind == kind).map(|item| item.data)
    }

    /// The CIP message, and what pairs it with its answer; `context` is the sender's.
    pub(super) fn message(&self, context: u64) -> Option<(Carrier, &'a [u8])> {
        if let Some(data) = self.find(item::UNCONNECTED_DATA) {
            return Some((Carrier::Unconnected { context }, data));
        }
        let mut data = Reader::new(self.find(item::CONNECTED_DATA)?);
        let connection = Reader::new(self.find(item::CONNECTED_ADDRESS)?).le32()?;
        let sequence = data.le16()?;
        Some((Carrier::Connected { connection, sequence }, data.take_rest()))
    }
}

impl<'a> Item<'a> {
    /// Reads one item.
    pub(super) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let mut ahead = *reader;
        let kind = ahead.le16()?;
        let length = ahead.le16()?;
        let data = ahead.take(length.into())?;
        *reader = ahead;
        Some(Self { kind, data })
    }
}
