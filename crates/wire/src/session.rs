//! How `flow` and a dissector talk: identify, open, parse one PDU at a time.

use std::fmt;

use arrayvec::ArrayVec;
use plant::Address;

use crate::message::Message;
use crate::piece::Piece;
use crate::table::{Operation, Protocol};

/// Which end of a conversation sent the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The end that opened the conversation, and asks.
    Client,
    /// The end that answers.
    Server,
}

impl Side {
    /// The other end.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    /// 0 for the client, 1 for the server: for pairs of per-direction state.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// What carries the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// A reassembled byte stream.
    Tcp,
    /// One datagram.
    Udp,
    /// One Ethernet payload behind this EtherType.
    Ether(u16),
    /// One IP payload of this protocol number.
    Ip(u8),
}

/// Where a protocol usually lives. Only a hint: content decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hint {
    /// A TCP port.
    Tcp(u16),
    /// A UDP port.
    Udp(u16),
    /// An EtherType.
    Ether(u16),
    /// An IP protocol number.
    Ip(u8),
}

/// To which depth a protocol is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// Every message, with object and outcome.
    Message,
    /// What inventory and findings need: names, versions, logins.
    Metadata,
    /// That it is this protocol.
    Recognised,
}

impl Depth {
    /// The word in `lightcurtain protocols`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Metadata => "metadata",
            Self::Recognised => "recognised",
        }
    }
}

/// The first bytes of something whose protocol is sought.
#[derive(Clone, Copy, Debug)]
pub struct Probe<'a> {
    /// What carries them.
    pub transport: Transport,
    /// First bytes of one direction, from a place where a message should begin. Not empty.
    pub bytes: &'a [u8],
    /// Whether a port, EtherType or the user says that it may be this protocol. A dissector whose
    /// content is weak evidence (few fixed bits) should want this.
    pub hinted: bool,
    /// The side that sent them, where the TCP handshake was seen.
    pub from: Option<Side>,
}

/// What a dissector says to a [`Probe`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// Not this protocol.
    No,
    /// It could be: ask again with more bytes.
    More,
    /// It is. The sender's side where the content shows it (a request opcode, a banner).
    Yes(Option<Side>),
}

/// What [`Session::parse`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One PDU of this many bytes (at least 1) was read. More than were at hand means that the
    /// rest of the PDU is not needed and is passed over unseen.
    Read(usize),
    /// At least this many bytes, counted from the start of the PDU, are needed. Of datagrams and
    /// frames: there will be no more, so a dissector reports the truncation itself and does not
    /// return this for them unless it has nothing at all to say.
    Need(usize),
    /// No PDU of this protocol starts here. The stream is searched again at the next segment.
    Lost,
}

impl Step {
    /// Nothing that follows in this direction is needed: an encrypted or foreign stream. After
    /// 1 GiB `parse` is asked again.
    pub const PASS_OVER: Self = Self::Read(1 << 30);
}

/// Takes the messages that a dissector reads.
pub trait Sink {
    /// One message was read.
    fn message(&mut self, message: &Message<'_>);

    /// Leaves a note for other conversations of `protocol`: what a name stands for, which request
    /// waits. Keys of at most 32 bytes and values of at most 255 are kept, and not for ever.
    fn note(&mut self, protocol: Protocol, key: &[u8], value: &[u8]) {
        let _ = (protocol, key, value);
    }

    /// What was noted last under `key`, in this or another conversation.
    fn noted(&self, protocol: Protocol, key: &[u8]) -> Option<Noted> {
        let _ = (protocol, key);
        None
    }

    /// The stations that the bytes at hand go from and to, where they are known: what a note is
    /// about that another flow of theirs needs.
    fn ends(&self) -> Option<[Address; 2]> {
        None
    }

    /// A piece of a program or file passed that is in no message of its own: a line of a script,
    /// a part of a body.
    fn piece(&mut self, protocol: Protocol, piece: &Piece<'_>) {
        let _ = (protocol, piece);
    }
}

/// The value of a note.
pub type Noted = ArrayVec<u8, 255>;

/// A dissector at work on one conversation: state of both directions.
///
/// State is bounded. `parse` allocates nothing in steady state and never panics, whatever the
/// bytes. Messages may be emitted for a PDU only when `Step::Read` is returned for it.
pub trait Session: Send {
    /// Reads the one PDU at the start of `bytes` (not empty), which `from` sent. Called again with
    /// what follows.
    fn parse(&mut self, from: Side, bytes: &[u8], out: &mut dyn Sink) -> Step;

    /// Bytes of `from` were lost; the next `parse` may begin in the middle of a PDU.
    fn gap(&mut self, from: Side) {
        let _ = from;
    }

    /// Bytes kept on the heap, beside the session itself: what `flow` weighs against its bound.
    /// Asked after every packet, so it only adds up capacities.
    fn held_bytes(&self) -> usize {
        0
    }
}

/// Whom a protocol serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Realm {
    /// Machines: whoever answers it is one, whoever asks works with one.
    Machine,
    /// Machines that are robots: they have one master.
    Robot,
    /// The network itself, and the services of IT.
    Service,
}

impl Realm {
    /// Whether it serves machines.
    pub const fn is_machine(self) -> bool {
        matches!(self, Self::Machine | Self::Robot)
    }
}

/// What the reading of a protocol rests on, beside the documents that its rows name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Captures of others, compared with others' decodes.
    Captures,
    /// Traffic of this independent implementation, recorded and compared.
    Peer(&'static str),
    /// Documents only: no independent implementation or capture was at hand.
    Documents,
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Captures => f.write_str("captures that others decoded"),
            Self::Peer(name) => write!(f, "traffic of {name}"),
            Self::Documents => f.write_str("from documents only"),
        }
    }
}

/// All that the rest of the system knows of a protocol: its row in the table.
pub struct Entry {
    /// The word in plant files and reports: `modbus`.
    pub name: &'static str,
    /// What people call it: `Modbus/TCP`.
    pub title: &'static str,
    /// Whom it serves.
    pub realm: Realm,
    /// How deep it is read.
    pub depth: Depth,
    /// What that rests on.
    pub basis: Basis,
    /// Where it usually lives.
    pub hints: &'static [Hint],
    /// Every listed operation, for `protocols`, rules and documentation.
    pub operations: &'static [&'static [Operation]],
    /// Whether these bytes begin a message of this protocol. Must be cheap and must not claim
    /// others' bytes; `None` for protocols that only travel inside another's session.
    pub identify: Option<fn(&Probe<'_>) -> Guess>,
    /// A dissector for a new conversation.
    pub open: fn() -> Box<dyn Session>,
}
