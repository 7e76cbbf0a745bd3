//! TPKT and COTP class 0: the ground under S7comm, MMS and RDP.
//!
//! ```text
//!  0    1    2    4    5                4 + 1 + LI
//!  +----+----+----+----+----+------------+------------
//!  | 3  | 0  | len| LI |code| header ..  | user data      len counts from byte 0, big endian
//!  +----+----+----+----+----+------------+------------
//! ```
//! Cuts TPDUs out of a stream and joins the user data of DT TPDUs up to the end-of-TSDU bit. What
//! the user data is, and whether it is anybody's, the protocols above decide. Classes 1 to 4 of
//! COTP, with their numbering and checksums, are not read. Sources: RFC 1006 and RFC 2126 clause
//! 4.3 (TPKT), ISO/IEC 8073 and ITU-T X.224 clause 13 (TPDUs).

use std::fmt;

use crate::{Reader, Step, Text};

/// Connection request (X.224 13.3).
pub(crate) const CONNECT_REQUEST: u8 = 0xe0;
/// Connection confirm (X.224 13.4).
pub(crate) const CONNECT_CONFIRM: u8 = 0xd0;
/// Disconnect request (X.224 13.5).
pub(crate) const DISCONNECT_REQUEST: u8 = 0x80;
/// Disconnect confirm (X.224 13.6).
pub(crate) const DISCONNECT_CONFIRM: u8 = 0xc0;
/// Data (X.224 13.7).
pub(crate) const DATA: u8 = 0xf0;
/// TPDU error (X.224 13.12).
pub(crate) const ERROR: u8 = 0x70;

/// TPKT header, length indicator and TPDU code.
const HEAD_BYTES: usize = 6;
/// Largest TSDU that is joined; S7 negotiates at most 64 KiB (16-bit length fields).
const TSDU_BYTES_MAX: usize = 64 * 1024;

/// One TPDU.
pub(crate) struct Tpdu<'a> {
    /// Its code, without the credit of classes 2 to 4 in the low half.
    pub(crate) code: u8,
    /// What follows the code inside the length indicator.
    pub(crate) header: Reader<'a>,
    /// What follows the header.
    pub(crate) data: &'a [u8],
    /// Size with the TPKT header.
    pub(crate) bytes: usize,
}

impl Tpdu<'_> {
    /// Whether a DT TPDU ends its TSDU.
    pub(crate) fn ends(&self) -> bool {
        self.header.peek().is_none_or(|number| number & 0x80 != 0)
    }

    /// The parameter `wanted` of a connection TPDU.
    pub(crate) fn parameter(&self, wanted: u8) -> Option<&[u8]> {
        let mut header = self.header;
        header.skip(5)?; // destination and source reference, class
        while let (Some(code), Some(length)) = (header.u8(), header.u8()) {
            let value = header.take(length.into())?;
            if code == wanted {
                return Some(value);
            }
        }
        None
    }

    /// The calling TSAP (X.224 13.3.4).
    pub(crate) fn calling(&self) -> Option<Tsap<'_>> {
        self.parameter(0xc1).map(Tsap)
    }

    /// The called TSAP (X.224 13.3.4).
    pub(crate) fn called(&self) -> Option<Tsap<'_>> {
        self.parameter(0xc2).map(Tsap)
    }
}

/// Reads the TPDU at the start of `bytes`: `Err` says how to go on when there is none.
pub(crate) fn tpdu(bytes: &[u8]) -> Result<Tpdu<'_>, Step> {
    let mut reader = Reader::new(bytes);
    if reader.u8() != Some(3) || reader.u8().is_some_and(|reserved| reserved != 0) {
        return Err(Step::Lost);
    }
    let Some(length) = reader.be16().map(usize::from) else { return Err(Step::Need(HEAD_BYTES)) };
    if length < HEAD_BYTES {
        return Err(Step::Lost);
    }
    let indicator = reader.u8().map(usize::from);
    if indicator.is_some_and(|header| header == 0 || header == 0xff || header + 5 > length) {
        return Err(Step::Lost);
    }
    let code = reader.u8().map(|code| if code == DATA { code } else { code & 0xf0 });
    let known =
        [CONNECT_REQUEST, CONNECT_CONFIRM, DISCONNECT_REQUEST, DISCONNECT_CONFIRM, DATA, ERROR];
    if code.is_some_and(|code| !known.contains(&code)) {
        return Err(Step::Lost);
    }
    let whole = || {
        let mut body = Reader::new(bytes.get(HEAD_BYTES..length)?);
        let header = body.sub(indicator?.checked_sub(1)?)?;
        Some(Tpdu { code: code?, header, data: body.rest(), bytes: length })
    };
    whole().ok_or(Step::Need(length.max(bytes.len() + 1)))
}

/// A transport selector. Shown as text if it is, else as Siemens tools do: `03.02`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tsap<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Tsap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() > 2 && self.0.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') {
            return Text(self.0).fmt(f);
        }
        for (place, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02x}", if place > 0 { "." } else { "" })?;
        }
        Ok(())
    }
}

/// Joins the user data of one direction's DT TPDUs.
#[derive(Default)]
pub(crate) struct Tsdu {
    joined: Vec<u8>,
    /// A TSDU that grew past the bound is passed over to its end.
    overflown: bool,
}

/// What a DT TPDU made of a TSDU.
pub(crate) enum Joined {
    /// More is to come.
    Open,
    /// The TSDU is this TPDU's data.
    Alone,
    /// The TSDU is [`Tsdu::bytes`]; [`Tsdu::clear`] when done.
    Whole,
    /// It was larger than the bound, and was not kept.
    TooLong,
}

impl Tsdu {
    /// Takes one DT TPDU.
    pub(crate) fn add(&mut self, tpdu: &Tpdu<'_>) -> Joined {
        if self.joined.len() + tpdu.data.len() > TSDU_BYTES_MAX {
            self.overflown = true;
        }
        match (tpdu.ends(), self.overflown) {
            (true, true) => {
                self.clear();
                return Joined::TooLong;
            }
            (true, false) if self.joined.is_empty() => return Joined::Alone,
            (_, true) => self.joined.clear(),
            (_, false) => self.joined.extend_from_slice(tpdu.data),
        }
        if tpdu.ends() { Joined::Whole } else { Joined::Open }
    }

    /// What has been joined.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.joined
    }

    pub(crate) const fn held_bytes(&self) -> usize {
        self.joined.capacity()
    }

    /// Begins anew, and keeps no more memory than ordinary TSDUs need.
    pub(crate) fn clear(&mut self) {
        self.overflown = false;
        self.joined.clear();
        self.joined.shrink_to(4096);
    }
}

/// The first user data in `bytes`, over connection TPDUs and parts of a TSDU that are empty: what
/// content identifies a protocol by. `Err` with `Step::Need` where none is at hand yet.
pub(crate) fn first_data(bytes: &[u8]) -> Result<&[u8], Step> {
    let mut rest = bytes;
    loop {
        if rest.is_empty() {
            return Err(Step::Need(bytes.len() + 1));
        }
        let tpdu = tpdu(rest)?;
        if tpdu.code == DATA && !tpdu.data.is_empty() {
            return Ok(tpdu.data);
        }
        rest = rest.get(tpdu.bytes..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::{Joined, Tsap, Tsdu, first_data, tpdu};
    use crate::Step;

    /// RFC 1006 clause 6 around X.224 13.3: connection request, TSAPs 01.00 and 03.02.
    const CR: &[u8] =
        &[3, 0, 0, 22, 17, 0xe0, 0, 0, 0, 7, 0, 0xc0, 1, 0x0a, 0xc1, 2, 1, 0, 0xc2, 2, 3, 2];

    fn data(bytes: &[u8], ends: bool) -> Vec<u8> {
        let [high, low] = u16::try_from(bytes.len() + 7).unwrap().to_be_bytes();
        [&[3, 0, high, low, 2, 0xf0, if ends { 0x80 } else { 0 }], bytes].concat()
    }

    #[test]
    fn a_connection_request_names_both_selectors() {
        let cr = tpdu(CR).unwrap_or_else(|_| panic!("whole"));
        assert_eq!(cr.called(), Some(Tsap(&[3, 2])));
        assert_eq!(cr.calling().map(|tsap| tsap.to_string()), Some("01.00".into()));
        assert_eq!(Tsap(b"SIMATIC-ROOT-ES").to_string(), "SIMATIC-ROOT-ES");
        assert_eq!(cr.bytes, 22);
    }

    #[test]
    fn parts_are_joined_up_to_the_end_of_the_tsdu() {
        let mut tsdu = Tsdu::default();
        let mut add = |bytes: &[u8], ends| {
            let bytes = data(bytes, ends);
            let joined = tsdu.add(&tpdu(&bytes).unwrap_or_else(|_| panic!("whole")));
            matches!(joined, Joined::Whole)
        };
        assert!(!add(b"", false) && !add(b"ab", false));
        assert!(add(b"cd", true));
        assert_eq!(tsdu.bytes(), b"abcd");
    }

    #[test]
    fn a_tsdu_past_the_bound_is_passed_over_as_a_whole() {
        let mut tsdu = Tsdu::default();
        let part = data(&[7; 60_000], false);
        let last = data(&[7; 10], true);
        let whole = |bytes| tpdu(bytes).unwrap_or_else(|_| panic!("whole"));
        assert!(matches!(tsdu.add(&whole(&part)), Joined::Open));
        assert!(matches!(tsdu.add(&whole(&part)), Joined::Open));
        assert!(tsdu.bytes().is_empty());
        assert!(matches!(tsdu.add(&whole(&last)), Joined::TooLong));
        assert!(matches!(tsdu.add(&whole(&last)), Joined::Alone));
    }

    #[test]
    fn the_first_data_stands_behind_connection_and_empty_parts() {
        let bytes = [CR, &data(b"", false), &data(b"\x32\x01", true)].concat();
        assert_eq!(first_data(&bytes), Ok(&b"\x32\x01"[..]));
        assert_eq!(first_data(CR), Err(Step::Need(23)));
        assert_eq!(first_data(b"GET / HTTP/1.1"), Err(Step::Lost));
    }
}
