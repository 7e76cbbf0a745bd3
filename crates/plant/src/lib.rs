//! The words that every room of Lightcurtain shares, and the plant that its owner declares.
//!
//! Words here are used with one meaning in code, files, findings and pages; the glossary is
//! section 3 of the design. Pure: no clock, no randomness, no files, no sockets.

mod address;
pub mod allow;
mod calendar;
mod diagnostic;
pub mod hint;
mod intent;
mod level;
mod model;
mod network;
mod parse;
mod severity;
mod source;
mod time;
mod write;

pub use address::{Address, Mac};
pub use allow::{Act, Allow, Target};
pub use calendar::{Calendar, Window};
pub use diagnostic::{Diagnostic, Grade, Paint, render};
pub use intent::Intent;
pub use level::{Level, SecurityLevel};
pub use model::{
    Asset, AssetId, AssetKind, Conduit, ConduitId, Denial, Encryption, Endpoint, Identity, OnFault,
    Pin, Plant, WindowId, Zone, ZoneId,
};
pub use network::{Network, NotNetwork};
pub use parse::{parse, read};
pub use severity::Severity;
pub use source::{Place, Source, Word};
pub use time::Time;
pub use write::{Item, write};
