//! Frames in, conversations out: link and IP decode, reassembly, protocol identification, and who
//! said what to whom.
//!
//! [`Tracker::handle_frame`] is the way in; an [`Observer`] is told of every message and event.
//! Pure: frames, times and the hash seed are arguments. On the common path a packet costs no
//! allocation: in-order segments go to the dissector as slices, and only gaps and partial messages
//! are kept. Every table has a bound in [`Limits`]; what is shed is counted in [`Counters`].

mod asset;
mod connection;
mod conversation;
mod deliver;
mod expect;
mod fragment;
mod hash;
mod identify;
mod ip;
mod key;
mod limits;
mod link;
mod live;
mod note;
mod observer;
mod program;
mod reading;
mod role;
mod station;
mod stream;
mod table;
#[cfg(test)]
mod tests;
mod tracker;
mod world;

pub use asset::{Asset, Assets};
pub use conversation::{Channel, Conversation, ConversationId, OperationCount};
pub use identify::UserHint;
pub use limits::{Counters, Limits};
pub use link::LinkType;
pub use observer::{Endpoint, Event, Observer, Seen};
pub use program::{Hash, Missing, Program, ProgramId, Programs};
pub use role::{Reasoned, level};
pub use station::{AddressClaim, Station, StationId, Stations};
pub use tracker::{Frame, Tracker};
pub use world::World;
