//! F-parameters against the checksums that a vendor prints in its manuals.

use super::Parameters;
use crate::testing::{never_panics, run};
use crate::{Side, profinet_cm};

/// TR-Electronic CDH 75 M, manual TR-ECE-BA-GB-0095, defaults: SIL3, no check, checksum of 3 bytes;
/// block 1, V2 mode; addresses 1 and 1; 125 ms; F_iPar_CRC 1132081116; F_Par_CRC 17033.
const CDH: [u8; 14] = [0x08, 0x48, 0, 1, 0, 1, 0, 125, 0x43, 0x7a, 0x2f, 0xdc, 0x42, 0x89];

#[test]
fn checksums_that_a_vendor_prints_are_right() {
    let shown = Parameters::read(&CDH).unwrap().to_string();
    assert!(shown.starts_with("F_Source_Add 1, F_Dest_Add 1, F_WD_Time 125 ms, SIL3"), "{shown}");
    // TR-Electronic CDV582, manual TR-ECE-BA-GB-0139: F_iPar_CRC 3489011925, F_Par_CRC 9296 with a
    // checksum of 3 bytes and 35282 with one of 4
    for (flag1, sum) in [(0x04, 9296_u16), (0x24, 35282)] {
        let [high, low] = sum.to_be_bytes();
        let crc = 3_489_011_925_u32.to_be_bytes();
        let mut record = vec![flag1, 0x48, 0, 1, 0, 1, 0, 125];
        record.extend(crc);
        record.extend([high, low]);
        assert!(Parameters::read(&record).is_some(), "{sum}");
    }
}

#[test]
fn any_changed_bit_is_another_record() {
    for bit in 0..CDH.len() * 8 {
        let mut record = CDH;
        record[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(Parameters::read(&record), None, "bit {bit}");
    }
    assert_eq!(Parameters::read(&CDH[..13]), None);
    assert_eq!(Parameters::read(&[CDH.as_slice(), &[0]].concat()), None);
}

/// A write of one record, all of it of `profinet-cm`.
fn write(index: u16, record: &[u8]) -> Vec<u8> {
    // block IODWriteReqHeader, 60 bytes, version 1.0
    let mut blocks = vec![0, 8, 0, 60, 1, 0];
    blocks.extend([0, 1]); // sequence
    blocks.extend([7; 16]); // AR UUID
    blocks.extend([0, 0, 0, 0, 0, 3, 0, 1, 0, 0]); // API 0, slot 3, subslot 1, padding
    blocks.extend(index.to_be_bytes());
    blocks.extend(u32::try_from(record.len()).unwrap().to_be_bytes());
    blocks.extend([0; 24]);
    blocks.extend(record);
    let count = u32::try_from(blocks.len()).unwrap().to_le_bytes();
    // RPC version 4, request, flags, little endian, serial high
    let mut bytes = vec![4, 0, 0x20, 0, 0x10, 0, 0, 0];
    // object UUID of a PROFINET device, interface UUID of PNIO devices, activity UUID
    bytes.extend([0, 0, 0xa0, 0xde, 0x97, 0x6c, 0xd1, 0x11, 0x82, 0x71, 0, 0, 1, 2, 3, 4]);
    bytes.extend([
        1, 0, 0xa0, 0xde, 0x97, 0x6c, 0xd1, 0x11, 0x82, 0x71, 0, 0xa0, 0x24, 0x42, 0xdf, 0x7d,
    ]);
    bytes.extend([9; 16]);
    bytes.extend([0; 4]); // server boot time
    bytes.extend([1, 0, 0, 0]); // interface version
    bytes.extend([5, 0, 0, 0]); // sequence number
    bytes.extend([3, 0]); // operation: write
    bytes.extend([0xff; 4]); // hints
    bytes.extend(u16::try_from(20 + blocks.len()).unwrap().to_le_bytes());
    bytes.extend([0; 4]); // fragment, authentication, serial low
    bytes.extend([0, 16, 0, 0]); // argument maximum
    bytes.extend(count);
    bytes.extend([0, 16, 0, 0, 0, 0, 0, 0]); // array maximum, offset
    bytes.extend(count);
    bytes.extend(blocks);
    bytes
}

#[test]
fn f_parameters_are_seen_inside_a_write() {
    let seen = run(&profinet_cm::ENTRY, &[(Side::Client, &write(2, &CDH))]);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].protocol, "profisafe");
    assert_eq!(
        seen[0].line(),
        "request write f-parameters [safety] slot 3 subslot 0x0001 index 0x0002"
    );
    assert_eq!(
        seen[0].values,
        "F_Source_Add 1, F_Dest_Add 1, F_WD_Time 125 ms, SIL3, F_iPar_CRC 0x437a2fdc, \
         F_Par_CRC 0x4289"
    );
}

#[test]
fn another_record_of_that_length_stays_profinet() {
    let mut other = CDH;
    other[13] ^= 1;
    for (index, record) in [(2, &other), (0x8071, &CDH)] {
        let seen = run(&profinet_cm::ENTRY, &[(Side::Client, &write(index, record))]);
        assert_eq!(seen[0].protocol, "profinet-cm", "{index:#x}");
    }
}

#[test]
fn a_write_cut_anywhere_is_no_f_parameters() {
    let whole = write(2, &CDH);
    for end in 1..whole.len() {
        let seen = run(&profinet_cm::ENTRY, &[(Side::Client, &whole[..end])]);
        assert!(seen.iter().all(|one| one.protocol != "profisafe"), "{end}");
    }
    never_panics(&profinet_cm::ENTRY, &whole);
}
