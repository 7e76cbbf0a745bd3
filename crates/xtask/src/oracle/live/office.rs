//! Protocols of offices and of networks themselves: tshark's fields and ours side by side.
//!
//! Names of fields are tshark's own (`tshark -G fields`).

use super::Subject;

pub(super) const SUBJECTS: &[Subject] = &[];
