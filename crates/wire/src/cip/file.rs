//! The File object: the parts of EDS files, firmware and configurations on their way.
//!
//! ```text
//!  +--------+------+------- ... -+----------+
//!  | number | type | file bytes  | checksum |   the checksum only in the last part
//!  +--------+------+------- ... -+----------+
//! ```
//! A download carries it in the request, an upload in the response. Source: CIP Networks Library
//! Volume 1 clause 5 (File Object); the types of parts as OpENer has them.

use std::fmt;

use super::request::Request;
use crate::session::Side;
use crate::{Part, Piece, Reader};

/// Class code.
pub(super) const CLASS: u16 = 0x37;
/// The instance that holds a device's own description and icons.
const EDS_INSTANCE: u32 = 0xc8;
const UPLOAD_TRANSFER: u8 = 0x4f;
const DOWNLOAD_TRANSFER: u8 = 0x50;
const CHECKSUM_BYTES: usize = 2;

/// How the file is called: its instance, for its name is told when the transfer begins only.
pub(super) struct Name(u32);

impl Name {
    pub(super) fn of(request: &Request<'_>) -> Self {
        Self(request.target.instance.unwrap_or(0))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "file instance {}", self.0)
    }
}

/// The part of a file that a request carries.
pub(super) fn requested<'a>(request: &Request<'a>, name: &'a Name) -> Option<Piece<'a>> {
    let downloads = request.service == DOWNLOAD_TRANSFER;
    downloads.then(|| piece(request, request.data, name, Side::Server)).flatten()
}

/// The part of a file that the response to `asked` carries.
pub(super) fn answered<'a>(
    asked: &Request<'_>,
    data: &'a [u8],
    name: &'a Name,
) -> Option<Piece<'a>> {
    (asked.service == UPLOAD_TRANSFER).then(|| piece(asked, data, name, Side::Client)).flatten()
}

fn piece<'a>(request: &Request<'_>, data: &'a [u8], name: &'a Name, to: Side) -> Option<Piece<'a>> {
    if request.target.class != Some(CLASS.into()) {
        return None;
    }
    let mut data = Reader::new(data);
    let _number = data.u8()?;
    let part = match data.u8()? {
        0 => Part::First,
        1 => Part::Next,
        2 => Part::Last,
        4 => Part::Whole,
        _ => return None, // 3 gives the transfer up
    };
    let bytes = data.rest();
    let ends = matches!(part, Part::Last | Part::Whole);
    let length = bytes.len().checked_sub(if ends { CHECKSUM_BYTES } else { 0 })?;
    Some(Piece {
        transfer: name.0,
        kind: if name.0 == EDS_INSTANCE { "EDS file" } else { "CIP file" },
        name,
        to,
        offset: None,
        bytes: bytes.get(..length)?,
        part,
    })
}
