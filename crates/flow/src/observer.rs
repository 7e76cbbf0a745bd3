//! Who is told of what was seen.

use plant::{Mac, Time};
use wire::{Claim, Message, Protocol, Side, Transport};

use crate::conversation::ConversationId;
use crate::program::ProgramId;
use crate::station::StationId;
use crate::world::World;

/// The frame that is being handled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) frame: u64,
    pub(crate) time: Time,
}

/// One end of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The station.
    pub station: StationId,
    /// Its port, 0 where the transport has none.
    pub port: u16,
}

/// One message, and where it was seen.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// Number of the frame that completed the message, counted from 1.
    pub frame: u64,
    /// Time of that frame.
    pub time: Time,
    /// Where it belongs.
    pub conversation: ConversationId,
    /// What carried it.
    pub transport: Transport,
    /// Who sent it.
    pub sender: Endpoint,
    /// Who it was sent to.
    pub receiver: Endpoint,
    /// Which end of the conversation the sender is.
    pub from: Side,
    /// It is the first of its operation and kind in this conversation.
    pub first: bool,
    /// The message.
    pub message: &'a Message<'a>,
}

/// Something that is not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A station was seen for the first time, as sender or as receiver.
    NewStation(StationId),
    /// A station began to talk to another's port: a SYN, or the first datagram of a flow.
    Opened {
        /// Who began.
        source: StationId,
        /// To whom.
        target: StationId,
        /// What over.
        transport: Transport,
        /// Port of the target, 0 where the transport has none.
        port: u16,
    },
    /// A connection was refused: a reset answered the SYN.
    Refused {
        /// Who had begun.
        source: StationId,
        /// Who refused.
        target: StationId,
        /// Port of the target.
        port: u16,
    },
    /// Bytes that its protocol's dissector cannot read, in a stream or flow that it had read.
    Unreadable {
        /// Where it belongs.
        conversation: ConversationId,
        /// The protocol.
        protocol: Protocol,
        /// Who sent them.
        sender: StationId,
    },
    /// Segments or fragments that overlap and contradict each other.
    Contradiction {
        /// Who sent them.
        sender: StationId,
        /// To whom.
        receiver: StationId,
    },
    /// Packets of an IP address came from another Ethernet address than before.
    Moved {
        /// The IP address.
        station: StationId,
        /// Where it was.
        before: Mac,
        /// Where it is.
        now: Mac,
    },
    /// A program or file was received whole.
    Received {
        /// Which.
        program: ProgramId,
    },
    /// A station claims an IP address for the first time.
    Claimed {
        /// The Ethernet address that claims it.
        station: StationId,
        /// The IP address.
        ip: StationId,
        /// How it came to it.
        claim: Claim,
    },
}

/// Is told of messages and events as they are seen. Called on the hot path: observers do not
/// allocate for what they have seen before.
pub trait Observer {
    /// One message.
    fn message(&mut self, world: &World, seen: &Seen<'_>);

    /// One event in frame `frame`.
    fn event(&mut self, world: &World, frame: u64, time: Time, event: &Event) {
        let _ = (world, frame, time, event);
    }

    /// One packet of `wire_bytes` bytes went from `sender` to `receiver`: for rates. Called once a
    /// frame, before its messages.
    #[inline]
    fn packet(&mut self, time: Time, frame: u64, sender: StationId, receiver: StationId) {
        let _ = (time, frame, sender, receiver);
    }
}
