//! The upload in progress: its later jobs name only a number.
//!
//! One upload at a time is kept; CPUs allow few in parallel and tools use one. Source: wiki S7comm,
//! upload.

use super::target::{Kept, Shape, Target};
use crate::Reader;

/// An upload that was started.
pub(super) struct Upload {
    number: u32,
    block: Kept,
}

impl Upload {
    /// From the answer to `start upload`, which gives the block of the job a number.
    pub(super) fn started(answer: Reader<'_>, block: Kept) -> Option<Self> {
        Some(Self { number: number(answer)?, block })
    }

    /// The block of the upload that the parameters of an `upload` or `end upload` job number.
    pub(super) fn target<'a>(upload: Option<&'a Self>, params: Reader<'a>) -> Target<'a> {
        let Some(wanted) = number(params) else { return Target::default() };
        match upload.filter(|upload| upload.number == wanted) {
            Some(upload) => upload.block.target(),
            None => Target::new(Shape::Upload, params.rest().get(3..7).unwrap_or_default()),
        }
    }
}

/// The number behind function, status and two unused bytes; `params` begins after the function.
fn number(mut params: Reader<'_>) -> Option<u32> {
    params.skip(3)?;
    params.be32()
}
