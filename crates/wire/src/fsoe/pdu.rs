//! One FSoE frame and its checksums.
//!
//! ```text
//!  0     1        3          5        7                     n
//!  +-----+--------+----------+--------+----------+-----+------------+
//!  | cmd | data 2 | crc0 2   | data 2 | crc1 2   | ... | connection |   little endian
//!  +-----+--------+----------+--------+----------+-----+------------+
//! ```
//! With one byte of data: command, data 1, crc0 2, connection 2. crc0 runs over the partner's last
//! crc0, connection, sequence number, command, data and three zeros; crc i has its number before
//! its data. The parts before the data are common to all, so each further checksum proves 16 bits
//! without any of them known; and with the partner's crc0, crc0 yields the sequence number.
//! Source: ETG.5100 clause 8.1.3, as in the FSoE implementations.

use super::codes::{self, command};
use crate::Reader;
use crate::checksum::Polynomial;
use crate::table::Operation;

/// x^16 + 0x39b7: written 0x139b7 (ETG.5100 8.1.3.2).
const CRC: Polynomial = Polynomial { bits: 16, terms: 0x39b7 };
/// Zeros that the checksum goes on over.
const ZEROS: [u8; 3] = [0; 3];
/// Pairs of data bytes of the longest frame that is looked for.
const PAIRS_MAX: usize = 62;

/// What a frame says, whatever its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pdu<'a> {
    pub(super) row: &'static Operation,
    pub(super) command: u8,
    pub(super) crc0: u16,
    pub(super) connection: u16,
    /// All of it.
    pub(super) bytes: &'a [u8],
}

impl<'a> Pdu<'a> {
    /// A frame of several pairs, which proves itself: 16 bits for each pair behind the first.
    pub(super) fn long(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let code = reader.u8()?;
        row(code)?;
        let data: [u8; 2] = reader.array()?;
        let common = undo(reader.le16()?, &data);
        let mut pairs = 1;
        loop {
            let mut ahead = reader;
            let next = ahead.array::<2>().zip(ahead.le16()).is_some_and(|([a, b], crc)| {
                let [low, high] = u16::try_from(pairs).unwrap_or(0).to_le_bytes();
                finish(CRC.over(common, &[low, high, a, b])) == crc
            });
            if !next || pairs >= PAIRS_MAX {
                break;
            }
            (reader, pairs) = (ahead, pairs + 1);
        }
        if pairs < 2 { None } else { Self::read(bytes.get(..3 + 4 * pairs)?) }
    }

    /// The frame that `bytes` are, unproven; `None` if the command does not fit its connection.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (code, rest) = bytes.split_first()?;
        let row = row(*code)?;
        let (rest, connection) = rest.split_last_chunk::<2>()?;
        let connection = u16::from_le_bytes(*connection);
        let crc0 = Reader::new(rest.get(if rest.len() == 3 { 1 } else { 2 }..)?).le16()?;
        let unconnected = matches!(*code, command::RESET | command::SESSION);
        (unconnected == (connection == 0)).then_some(Self {
            row,
            command: *code,
            crc0,
            connection,
            bytes,
        })
    }

    /// Data of the first pair: one byte in the shortest frame.
    pub(super) fn first_data(&self) -> &'a [u8] {
        let count = if self.bytes.len() == SHORTEST_BYTES { 1 } else { 2 };
        self.bytes.get(1..=count).unwrap_or_default()
    }

    /// The sequence number with which the checksum is right, if the partner's last was `start`.
    pub(super) fn sequence(&self, start: u16) -> u16 {
        let common = undo(self.crc0, self.first_data());
        let before = CRC.back(common) ^ u32::from(self.command) << 8;
        let [s0, s1] = start.to_le_bytes();
        let [c0, c1] = self.connection.to_le_bytes();
        // over(x, [a, b]) is over(x, [0, 0]) plus what the two bytes add
        let number = before ^ CRC.over(0, &[s0, s1, c0, c1, 0, 0]);
        u16::try_from(CRC.back(CRC.back(number))).unwrap_or(0).swap_bytes()
    }
}

/// Bytes of a frame with one byte of data, and with one pair.
pub(super) const SHORTEST_BYTES: usize = 6;
pub(super) const SHORT_BYTES: usize = 7;

pub(super) fn row(code: u8) -> Option<&'static Operation> {
    Operation::find(codes::COMMANDS, code.into())
}

/// What stood in the checksum's register before `data`.
fn undo(crc: u16, data: &[u8]) -> u32 {
    let end = ZEROS.iter().fold(u32::from(crc), |sum, _| CRC.back(sum));
    data.iter().rev().fold(end, |sum, byte| CRC.back(sum) ^ u32::from(*byte) << 8)
}

fn finish(sum: u32) -> u16 {
    u16::try_from(CRC.over(sum, &ZEROS)).unwrap_or(0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::{CRC, Pdu, finish};

    /// A frame as ETG.5100 describes it; `data` is one byte or pairs.
    pub(in super::super) fn frame(
        command: u8,
        connection: u16,
        (start, sequence): (u16, u16),
        data: &[u8],
    ) -> Vec<u8> {
        let ([s0, s1], [c0, c1]) = (start.to_le_bytes(), connection.to_le_bytes());
        let [n0, n1] = sequence.to_le_bytes();
        let common = CRC.over(0, &[s0, s1, c0, c1, n0, n1, command]);
        let mut bytes = vec![command];
        for (number, pair) in data.chunks(2).enumerate() {
            let index = u8::try_from(number).unwrap();
            let seed = if index == 0 { common } else { CRC.over(common, &[index, 0]) };
            bytes.extend(pair);
            bytes.extend(finish(CRC.over(seed, pair)).to_le_bytes());
        }
        bytes.extend([c0, c1]);
        bytes
    }

    #[test]
    fn the_checksum_is_that_of_the_published_tables() {
        // entries 1 and 128 of the two tables that FSoE implementations share: a byte shifted out
        // of the register, and a byte of data
        assert_eq!(CRC.over(0, &[1]), 0x39b7);
        assert_eq!(CRC.over(0, &[0x80]), 0x18fa);
        assert_eq!(finish(CRC.over(0, &[1])), 0x7648);
        assert_eq!(finish(CRC.over(0, &[0x80])), 0xd19a);
    }

    #[test]
    fn a_frame_of_pairs_proves_itself_whatever_the_partner_sent() {
        let bytes = frame(0x36, 5, (0xbeef, 77), &[1, 2, 3, 4, 5, 6]);
        let pdu = Pdu::long(&bytes).unwrap();
        assert_eq!((pdu.connection, pdu.bytes.len()), (5, 15));
        assert_eq!(pdu.sequence(0xbeef), 77);
        let mut more = bytes.clone();
        more.extend([0; 20]);
        assert_eq!(Pdu::long(&more).unwrap().bytes, bytes, "ends where its checksums end");
        for place in 1..bytes.len() - 2 {
            let mut other = bytes.clone();
            other[place] ^= 0x10;
            let found = Pdu::long(&other).map(|pdu| pdu.bytes.len());
            assert_ne!(found, Some(15), "byte {place}");
        }
    }

    #[test]
    fn the_shortest_frame_yields_its_sequence_number() {
        let bytes = frame(0x36, 9, (0x1234, 500), &[0xaa]);
        assert_eq!(bytes.len(), 6);
        assert_eq!(Pdu::read(&bytes).unwrap().sequence(0x1234), 500);
        assert_eq!(Pdu::long(&bytes), None);
    }

    #[test]
    fn a_reset_has_no_connection_and_data_has_one() {
        assert!(Pdu::read(&frame(0x2a, 0, (0, 1), &[0])).is_some());
        assert!(Pdu::read(&frame(0x2a, 7, (0, 1), &[0])).is_none());
        assert!(Pdu::read(&frame(0x36, 0, (0, 1), &[0])).is_none());
        assert!(Pdu::read(&frame(0x37, 1, (0, 1), &[0])).is_none());
    }
}
