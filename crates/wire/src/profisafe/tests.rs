//! F-parameters against the checksums that a vendor prints in its manuals, and PDUs in frames whose
//! connect is laid out by hand after IEC 61158-6-10.

use plant::{Address, Mac};

use super::Parameters;
use crate::testing::{Collector, Seen, never_panics, run};
use crate::{Side, profinet_cm, profinet_rt};

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

/// Ethernet addresses of the controller and the device.
const HOST: [u8; 6] = [2, 0, 0, 0, 0, 1];
const DEVICE: [u8; 6] = [2, 0, 0, 0, 0, 2];

fn block(kind: u16, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&kind.to_be_bytes()[..], &length, &[1, 0], body].concat()
}

/// A relation of this type and reference: slot 3 subslot 1 of API 0 at an offset.
fn relation(kind: u8, reference: u8, frame: u16, offset: u8) -> Vec<u8> {
    let mut body = vec![0, kind, 0, reference, 0x88, 0x92, 0, 0, 0, 2, 0, 40];
    body.extend(frame.to_be_bytes());
    // clock, ratio, phase, sequence; offset; watchdog, hold, tag; multicast address
    body.extend([0, 32, 0, 4, 0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 3, 0, 3, 0xc0, 0]);
    body.extend([0; 6]);
    // one API, one object, no consumer status
    body.extend([0, 1, 0, 0, 0, 0, 0, 1, 0, 3, 0, 1, 0, offset, 0, 0]);
    block(0x0102, &body)
}

/// A call of `profinet-cm`: the frame of `write` with other blocks.
fn call(ptype: u8, opnum: u8, blocks: &[u8]) -> Vec<u8> {
    let mut bytes = write(2, &CDH)[..80].to_vec();
    (bytes[1], bytes[68]) = (ptype, opnum);
    let count = u32::try_from(blocks.len()).unwrap().to_le_bytes();
    bytes[74..76].copy_from_slice(&u16::try_from(20 + blocks.len()).unwrap().to_le_bytes());
    let first = if ptype == 2 { [0; 4] } else { count };
    bytes.extend([first, count, count, [0; 4], count].concat());
    bytes.extend(blocks);
    bytes
}

/// Inputs of 6 bytes at 5 in frame 0x8000, outputs of 5 bytes at an offset in a frame that the
/// device chooses.
fn connect(outputs_at: u8, bytes: u8) -> Vec<u8> {
    let mut ar = vec![0, 1];
    ar.extend([7; 16]); // AR UUID
    ar.extend([0, 1]); // session key
    ar.extend(HOST);
    ar.extend([0; 16]); // initiator
    ar.extend([0, 0, 0, 0x11, 2, 0x58, 0x88, 0x92, 0, 0]);
    // one API: slot 3, a module, one submodule with inputs and outputs
    let mut expected = vec![0, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0, 1];
    expected.extend([0, 1, 0, 0, 0, 1, 0, 3, 0, 1, 0, 6, 1, 1, 0, 2, 0, bytes, 1, 1]);
    let blocks = [
        block(0x0101, &ar),
        relation(1, 0x33, 0x8000, 5),
        relation(2, 0x34, 0xffff, outputs_at),
        block(0x0104, &expected),
    ];
    call(0, 0, &blocks.concat())
}

fn connected() -> Vec<u8> {
    let mut ar = vec![0, 1];
    ar.extend([7; 16]);
    ar.extend([0, 1]);
    ar.extend(DEVICE);
    ar.extend([0x88, 0x92]);
    let relations =
        [block(0x8102, &[0, 1, 0, 0x33, 0x80, 0]), block(0x8102, &[0, 2, 0, 0x34, 0x80, 7])];
    call(2, 0, &[block(0x8101, &ar), relations.concat()].concat())
}

/// A cyclic frame of 20 bytes of process data, all 0 but one.
fn frame(frame_id: u16, at: usize, value: u8) -> Vec<u8> {
    let mut process = [0; 20];
    process[at] = value;
    [&frame_id.to_be_bytes()[..], &process, &[0, 1, 0x35, 0]].concat()
}

/// The messages of calls in one flow, and then of frames from the device or the host in another.
fn across(calls: &[Vec<u8>], frames: &[([u8; 6], Vec<u8>)]) -> Vec<Seen> {
    let mut sink = Collector::default();
    for bytes in calls {
        (profinet_cm::ENTRY.open)().parse(Side::Client, bytes, &mut sink);
    }
    let mut rt = (profinet_rt::ENTRY.open)();
    for (from, bytes) in frames {
        let to = if *from == HOST { DEVICE } else { HOST };
        sink.3 = Some([*from, to].map(|mac| Address::Mac(Mac(mac))));
        let side = if *from == HOST { Side::Client } else { Side::Server };
        rt.parse(side, bytes, &mut sink);
    }
    sink.0
}

/// What `profisafe` says of frames, as line and values.
fn safety(calls: &[Vec<u8>], frames: &[([u8; 6], Vec<u8>)]) -> Vec<String> {
    let notices = across(calls, frames).into_iter().filter(|seen| seen.kind == "notice");
    let ours = notices.filter(|seen| seen.protocol == "profisafe");
    ours.map(|seen| format!("{}: {}", seen.line(), seen.values)).collect()
}

#[test]
fn the_connect_and_the_parameters_tell_where_safety_pdus_stand() {
    let calls = [connect(6, 5), connected(), write(2, &CDH)];
    let place = "slot 3 subslot 0x0001";
    let unchecked = "checksum not verifiable";
    // 6 bytes from 5: the status is before 3 bytes of checksum; 5 bytes from 6
    let frames = [
        (DEVICE, frame(0x8000, 7, 0x20)),
        (DEVICE, frame(0x8000, 7, 0x10)),
        (DEVICE, frame(0x8000, 7, 0x1a)),
        (HOST, frame(0x8007, 7, 0x21)),
        (HOST, frame(0x8007, 7, 0x10)),
    ];
    assert_eq!(
        safety(&calls, &frames),
        [
            format!("notice safety data [safety] {place}: toggle, {unchecked}"),
            format!("notice fail safe data [safety] {place}: fail-safe values, {unchecked}"),
            format!(
                "notice safety fault [safety] {place}: device fault, watchdog timeout, \
                 fail-safe values, {unchecked}"
            ),
            format!(
                "notice safety control [safety] {place}: iparameters enabled, toggle, {unchecked}"
            ),
            format!(
                "notice fail safe control [safety] {place}: activate fail-safe values, {unchecked}"
            ),
        ]
    );
    let seen = across(&calls, &frames);
    let first = seen.iter().position(|seen| seen.operation == "safety data").unwrap();
    assert_eq!(seen[first - 1].operation, "cyclic data", "the frame itself stays told");
    assert_eq!((seen[first].id, seen[first].unit), (Some(1), Some(3)), "F_Dest_Add and slot");
    assert!(seen.iter().all(|seen| !seen.anomalies.contains(&"frame ends before its safety PDU")));
}

#[test]
fn other_stations_frames_and_submodules_without_parameters_stay_cyclic_data() {
    let all = [connect(6, 5), connected(), write(2, &CDH)];
    let sent = [(DEVICE, frame(0x8000, 7, 0x20))];
    for missing in 0..3 {
        let mut calls = all.to_vec();
        calls.remove(missing);
        assert!(safety(&calls, &sent).is_empty(), "{missing}");
    }
    // the same frame id the other way, and another frame id
    assert!(safety(&all, &[(HOST, frame(0x8000, 7, 0))]).is_empty());
    assert!(safety(&all, &[(DEVICE, frame(0x8001, 7, 0))]).is_empty());
    // outputs too short for a PDU
    assert!(safety(&[connect(6, 3), connected(), write(2, &CDH)], &sent).is_empty());
}

#[test]
fn a_frame_that_is_too_short_for_its_pdu_is_malformed() {
    let calls = [connect(6, 5), connected(), write(2, &CDH)];
    let mut cut = frame(0x8000, 7, 0x20);
    cut.drain(12..22);
    let seen = across(&calls, &[(DEVICE, cut)]);
    let last = seen.last().unwrap();
    assert_eq!(last.protocol, "profisafe");
    assert_eq!(last.anomalies, ["frame ends before its safety PDU"]);
}

#[test]
fn a_second_connect_that_moves_the_pdus_is_an_oddity() {
    let first = [connect(6, 5), connected(), write(2, &CDH)];
    let again = [&first[..], &first].concat();
    assert!(across(&again, &[]).last().unwrap().anomalies.is_empty());
    let moved = [&first[..], &[connect(9, 5), connected(), write(2, &CDH)]].concat();
    let told = across(&moved, &[]).last().unwrap().anomalies.clone();
    assert_eq!(told, ["safety submodule stood elsewhere in the cyclic frames before"]);
    // frames stay told as operating, and as touching safety
    let seen = across(&moved, &[(HOST, frame(0x8007, 10, 0x20))]);
    let [.., data, pdu] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(data.line(), "notice cyclic data [operate] frame 32775");
    assert_eq!(pdu.values, "toggle, checksum not verifiable");
}

#[test]
fn connects_with_any_byte_changed_or_cut_do_no_harm() {
    let bytes = connect(6, 5);
    never_panics(&profinet_cm::ENTRY, &bytes);
    never_panics(&profinet_cm::ENTRY, &connected());
    for end in 100..bytes.len() {
        let cut = [bytes[..end].to_vec(), connected(), write(2, &CDH)];
        assert!(safety(&cut, &[(DEVICE, frame(0x8000, 7, 0x20))]).is_empty(), "{end}");
    }
}

#[test]
fn a_connect_late_in_the_capture_is_noticed_after_some_frames() {
    let mut sink = Collector {
        3: Some([DEVICE, HOST].map(|mac| Address::Mac(Mac(mac)))),
        ..Collector::default()
    };
    let mut rt = (profinet_rt::ENTRY.open)();
    let sent = frame(0x8000, 7, 0x20);
    rt.parse(Side::Server, &sent, &mut sink);
    for bytes in [connect(6, 5), connected(), write(2, &CDH)] {
        (profinet_cm::ENTRY.open)().parse(Side::Client, &bytes, &mut sink);
    }
    for _ in 0..64 {
        rt.parse(Side::Server, &sent, &mut sink);
    }
    assert_eq!(sink.0.last().unwrap().operation, "safety data");
}
