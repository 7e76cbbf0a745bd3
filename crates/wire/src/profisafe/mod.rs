//! PROFIsafe: the F-parameters that a controller gives to a safety device when it connects, and
//! where these are known, the safety PDUs in cyclic frames (`cyclic`).
//!
//! ```text
//!  0       1       2          4          6        (8)          8 or 12
//!  +-------+-------+----------+----------+--------+------------+-----------+
//!  | flag1 | flag2 | F_Source | F_Dest   | F_WD   | F_iPar_CRC | F_Par_CRC |   big endian
//!  +-------+-------+----------+----------+--------+------------+-----------+
//! ```
//! They are a record of `profinet-cm` below index 0x8000; which index, only the device's GSDML
//! says, so the record is recognised by its checksum. Blocks with a second watchdog time are not
//! read, and their submodules not found. Source: IEC 61784-3-3 F-parameters, as TR-Electronic's
//! PROFIsafe manuals tell layout and checksums.

pub mod codes;
pub(crate) mod cyclic;
pub(crate) mod place;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::checksum::Polynomial;
use crate::session::{Depth, Entry, Session, Side, Sink, Step};
use crate::{Reader, Realm};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "profisafe",
    title: "PROFIsafe",
    realm: Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Documents,
    hints: &[],
    operations: &[std::slice::from_ref(&codes::WRITE), codes::PDUS],
    identify: None,
    open: || Box::new(Carried),
};

/// x^16 + 0x4eab: written 0x14eab in the standard.
const CRC: Polynomial = Polynomial { bits: 16, terms: 0x4eab };
/// F_Par_Version of all devices in use: V2 mode.
const V2_MODE: u8 = 1;

/// PROFIsafe never begins anything: PROFINET hands its records over.
struct Carried;

impl Session for Carried {
    fn parse(&mut self, _from: Side, _bytes: &[u8], _out: &mut dyn Sink) -> Step {
        Step::Lost
    }
}

/// The F-parameters of one safety submodule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parameters {
    flag1: u8,
    source: u16,
    destination: u16,
    watchdog_ms: u16,
    device: Option<u32>,
    checksum: u16,
}

impl Parameters {
    /// Reads a whole record; `None` if its length, block id, version or checksum is another's.
    pub(crate) fn read(record: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(record);
        let [flag1, flag2] = reader.array()?;
        let (version, block) = (flag2 >> 6, flag2 >> 3 & 7);
        let (source, destination, watchdog_ms) = (reader.be16()?, reader.be16()?, reader.be16()?);
        let device = match block {
            0 => None,
            1 => Some(reader.be32()?),
            _ => return None,
        };
        let checksum = reader.be16()?;
        // the checksum begins with what stands last, if it stands there
        let first = device.map_or(0, |crc| CRC.over(0, &crc.to_be_bytes()));
        let sum = CRC.over(first, record.get(..8)?);
        let plausible = version == V2_MODE && source != 0 && destination != 0 && watchdog_ms != 0;
        (reader.is_empty() && plausible && sum == u32::from(checksum)).then_some(Self {
            flag1,
            source,
            destination,
            watchdog_ms,
            device,
            checksum,
        })
    }
}

impl Parameters {
    /// F_Dest_Add: what the submodule is called among all safety devices.
    pub(crate) const fn destination(&self) -> u16 {
        self.destination
    }

    /// Bytes of the checksum that each PDU ends with (F_CRC_Length).
    pub(crate) const fn checksum_bytes(&self) -> u8 {
        match self.flag1 >> 4 & 3 {
            1 => 2,
            2 => 4,
            _ => 3,
        }
    }
}

impl fmt::Display for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.flag1 >> 2 & 3 {
            0 => "SIL1",
            1 => "SIL2",
            2 => "SIL3",
            _ => "no SIL",
        };
        let Self { source, destination, watchdog_ms, checksum, .. } = self;
        write!(f, "F_Source_Add {source}, F_Dest_Add {destination}, F_WD_Time {watchdog_ms} ms")?;
        write!(f, ", {level}")?;
        if let Some(crc) = self.device {
            write!(f, ", F_iPar_CRC 0x{crc:08x}")?;
        }
        write!(f, ", F_Par_CRC 0x{checksum:04x}")
    }
}
