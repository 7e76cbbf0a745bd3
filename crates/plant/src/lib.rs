//! The words that every room of Lightcurtain shares, and the plant that its owner declares.
//!
//! Words here are used with one meaning in code, files, findings and pages; the glossary is
//! section 3 of the design. Pure: no clock, no randomness, no files, no sockets.

mod address;
mod intent;
mod severity;
mod time;

pub use address::{Address, Mac};
pub use intent::Intent;
pub use severity::Severity;
pub use time::Time;
