//! Context management from constant bytes, laid out by hand after C706 12.5.2 and IEC 61158-6-10.

use super::ENTRY;
use super::rpc::{Order, Uuid};
use crate::testing::{Seen, flows, identify, never_panics, run};
use crate::{Guess, Side, Transport};

/// `dea00000-6c97-11d1-8271-` instance 1, device 0x0301, vendor 0x002a.
const OBJECT: u128 = 0xdea0_0000_6c97_11d1_8271_0001_0301_002a;
/// The interface of devices.
const DEVICE: u128 = super::codes::INTERFACE;
const ACTIVITY: u128 = 0x1111_2222_3333_4444_5555_6666_7777_8888;

fn uuid(order: Order, value: u128) -> [u8; 16] {
    let mut bytes = value.to_be_bytes();
    if order == Order::Little {
        bytes[..4].reverse();
        bytes[4..6].reverse();
        bytes[6..8].reverse();
    }
    bytes
}

fn int32(order: Order, value: u32) -> [u8; 4] {
    if order == Order::Little { value.to_le_bytes() } else { value.to_be_bytes() }
}

fn int16(order: Order, value: u16) -> [u8; 2] {
    if order == Order::Little { value.to_le_bytes() } else { value.to_be_bytes() }
}

/// One RPC PDU: how it is framed.
struct Pdu {
    order: Order,
    ptype: u8,
    flags: u8,
    interface: u128,
    opnum: u16,
    fragment: u16,
}

/// A whole request in big endian.
const REQUEST: Pdu =
    Pdu { order: Order::Big, ptype: 0, flags: 0x20, interface: DEVICE, opnum: 0, fragment: 0 };
/// A whole response in little endian.
const RESPONSE: Pdu = Pdu { order: Order::Little, ptype: 2, flags: 0x0a, ..REQUEST };

impl Pdu {
    /// The PDU with sequence number 7 around a body.
    fn with(&self, body: &[u8]) -> Vec<u8> {
        let order = self.order;
        let drep = if order == Order::Little { 0x10 } else { 0 };
        let mut bytes = vec![4, self.ptype, self.flags, 0, drep, 0, 0, 0];
        bytes.extend(uuid(order, OBJECT));
        bytes.extend(uuid(order, self.interface));
        bytes.extend(uuid(order, ACTIVITY));
        bytes.extend(int32(order, 0)); // server boot time
        bytes.extend(int32(order, 1)); // interface version
        bytes.extend(int32(order, 7)); // sequence
        bytes.extend(int16(order, self.opnum));
        bytes.extend([0xff; 4]); // hints
        bytes.extend(int16(order, u16::try_from(body.len()).unwrap()));
        bytes.extend(int16(order, self.fragment));
        bytes.extend([0, 0]); // no authentication, serial
        bytes.extend(body);
        bytes
    }

    /// The arguments in front of the blocks, with the PNIO status in responses.
    fn arguments(&self, status: u32, blocks: &[u8]) -> Vec<u8> {
        let length = u32::try_from(blocks.len()).unwrap();
        let first = if self.ptype == 2 { status } else { length };
        let words = [first, length, length, 0, length].map(|word| int32(self.order, word));
        [&words.concat(), blocks].concat()
    }

    fn call(&self, status: u32, blocks: &[u8]) -> Vec<u8> {
        self.with(&self.arguments(status, blocks))
    }
}

/// Type, length, version 1.0, body.
fn block(kind: u16, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&kind.to_be_bytes()[..], &length, &[1, 0], body].concat()
}

/// A record header for slot 1, subslot 1; `status` for write responses.
fn record(kind: u16, index: u16, length: u32, status: u32) -> Vec<u8> {
    record_at(1, kind, index, length, status)
}

fn record_at(slot: u8, kind: u16, index: u16, length: u32, status: u32) -> Vec<u8> {
    let mut body = vec![0, 1];
    body.extend([9; 16]); // AR UUID
    body.extend([0, 0, 0, 0, 0, slot, 0, 1, 0, 0]); // API, slot, subslot, padding
    body.extend(index.to_be_bytes());
    body.extend(length.to_be_bytes());
    if kind == 0x8008 {
        body.extend([0; 4]);
        body.extend(status.to_be_bytes());
    }
    body.resize(58, 0);
    block(kind, &body)
}

/// An AR of this type for a controller named `plc`, and an input relation.
fn connect(ar_type: u8, properties: u32) -> Vec<u8> {
    let mut ar = vec![0, ar_type];
    ar.extend([9; 16]);
    ar.extend([0, 1]);
    ar.extend([2, 0, 0, 0, 0, 1]);
    ar.extend(0xdea0_0000_6c97_11d1_8271_0001_0002_00b0_u128.to_be_bytes());
    ar.extend(properties.to_be_bytes());
    ar.extend([0, 100, 0x88, 0x92, 0, 3]);
    ar.extend(b"plc");
    // input, reference 1, EtherType, properties, 40 bytes, frame 0x8001, 32 x 31.25 us, ratio 4
    let iocr = [0, 1, 0, 1, 0x88, 0x92, 0, 0, 0, 1, 0, 40, 0x80, 1, 0, 32, 0, 4];
    [block(0x0101, &ar), block(0x0102, &iocr)].concat()
}

fn control(kind: u16) -> Vec<u8> {
    block(kind, &[0; 26])
}

fn only(bytes: &[u8]) -> Seen {
    let seen = run(&ENTRY, &[(Side::Client, bytes)]);
    assert_eq!(seen.len(), 1);
    seen[0].clone()
}

fn opnum(opnum: u16) -> (Pdu, Pdu) {
    (Pdu { opnum, ..REQUEST }, Pdu { opnum, ..RESPONSE })
}

#[test]
fn a_connect_names_the_controller_and_the_cyclic_frames() {
    let seen = only(&REQUEST.call(0, &connect(1, 0x11)));
    assert_eq!(seen.line(), "request connect [operate] io controller ar");
    assert_eq!(seen.values, "io controller ar of plc, input frame 32769 40 bytes every 4000 us");
    assert_eq!(
        seen.facts,
        ["name=plc", "role=plc", "role=device", "vendor=Phoenix Contact", "vendor=Siemens"]
    );
    assert_eq!(seen.id, Some(7));
    assert!(seen.anomalies.is_empty());
}

#[test]
fn a_connect_for_records_only_is_session_and_shows_a_supervisor() {
    let seen = only(&REQUEST.call(0, &connect(6, 0x111)));
    assert_eq!(seen.line(), "request connect [session] io supervisor ar for device access");
    assert!(seen.facts.contains(&"role=engineering".to_owned()));
}

#[test]
fn byte_order_is_as_the_header_says() {
    let little = Pdu { order: Order::Little, ..REQUEST };
    let (big, little) =
        (only(&REQUEST.call(0, &connect(1, 0))), only(&little.call(0, &connect(1, 0))));
    assert_eq!(big.line(), little.line());
    assert_eq!(big.facts, little.facts);
}

#[test]
fn a_response_has_the_status_by_name() {
    assert_eq!(
        only(&RESPONSE.call(0, &block(0x8104, &[0, 0]))).anomalies,
        ["response without a request seen", "real modules differ from the expected ones"]
    );
    let seen = only(&RESPONSE.call(0xdb81_4003, &[]));
    assert_eq!(seen.line(), "response connect [operate] = cmrpc error");
    let big = Pdu { order: Order::Big, ..RESPONSE };
    assert_eq!(only(&big.call(0xdb81_0104, &[])).outcome, "faulty ar block request");
}

#[test]
fn controls_are_told_by_their_block() {
    let (request, response) = opnum(4);
    let line = |kind| only(&request.call(0, &control(kind))).line();
    assert_eq!(line(0x0110), "request control parameter end [session]");
    assert_eq!(line(0x0112), "request control application ready [session]");
    assert_eq!(line(0x0118), "request control parameter begin [session]");
    let seen = only(&response.call(0, &control(0x8110)));
    assert_eq!(seen.line(), "response control parameter end [session] = ok");
    assert_eq!(only(&request.call(0, &[])).anomalies, ["control without a control block"]);
    let (release, _) = opnum(1);
    assert_eq!(only(&release.call(0, &control(0x0114))).line(), "request release [operate]");
}

#[test]
fn a_read_names_the_record_and_its_answer_tells_what_the_device_is() {
    let (request, response) = opnum(5);
    let seen = only(&request.call(0, &record(0x0009, 0xaff0, 60, 0)));
    assert_eq!(
        seen.line(),
        "request read implicit [observe] slot 1 subslot 0x0001 index 0xaff0 i&m0"
    );
    assert_eq!(seen.unit, Some(1));
    let mut im0 = vec![0, 0x2a];
    im0.extend(b"6XX7 155-6AU00-0BN0 ");
    im0.extend(b"C-X1234567      ");
    im0.extend([0, 3, b'V', 4, 2, 1]);
    im0.resize(54, 0);
    let im0 = block(0x0020, &im0);
    let facts = |slot| {
        let blocks = [record_at(slot, 0x8009, 0xaff0, 60, 0), im0.clone()].concat();
        only(&response.call(0, &blocks)).facts
    };
    assert_eq!(
        facts(0),
        [
            "vendor=Siemens",
            "order_code=6XX7 155-6AU00-0BN0",
            "serial=C-X1234567",
            "hardware=3",
            "firmware=V4.2.1",
        ]
    );
    assert!(facts(1).is_empty(), "a module in a slot is not the device");
}

#[test]
fn a_write_is_judged_by_its_index() {
    let (request, response) = opnum(3);
    let line =
        |index| only(&request.call(0, &[record(0x0008, index, 2, 0), vec![1, 2]].concat())).line();
    assert_eq!(line(1), "request write [operate] slot 1 subslot 0x0001 index 0x0001");
    assert_eq!(
        line(0x8071),
        "request write [administer] slot 1 subslot 0x0001 index 0x8071 interface adjust"
    );
    assert_eq!(line(0xaff1), "request write [administer] slot 1 subslot 0x0001 index 0xaff1 i&m1");
    assert_eq!(line(0xb050), "request write [unknown] slot 1 subslot 0x0001 index 0xb050");
    let seen = only(&response.call(0, &record(0x8008, 1, 2, 0xdf80_b600)));
    assert_eq!(seen.outcome, "access denied");
}

#[test]
fn every_write_of_a_multiple_write_is_a_message() {
    let (request, response) = opnum(3);
    let inner = [
        record(0x0008, 5, 3, 0),
        vec![1, 2, 3, 0], // padded to four bytes
        record(0x0008, 0x802f, 2, 0),
        vec![7, 7],
    ]
    .concat();
    let length = u32::try_from(inner.len()).unwrap();
    let blocks = [record(0x0008, 0xe040, length, 0), inner].concat();
    let seen = run(&ENTRY, &[(Side::Client, &request.call(0, &blocks))]);
    let told: Vec<_> = seen.iter().map(|seen| (seen.intent, seen.values.as_str())).collect();
    use plant::Intent::{Administer, Operate};
    assert_eq!(told, [(Operate, "3 bytes: 010203"), (Administer, "2 bytes: 0707")]);
    let inner = [record(0x8008, 5, 3, 0), record(0x8008, 0x802f, 2, 0xdf80_b000)].concat();
    for length in [0, 128] {
        // devices differ in whether the outer length counts the results
        let blocks = [record(0x8008, 0xe040, length, 0), inner.clone()].concat();
        let seen = run(&ENTRY, &[(Side::Server, &response.call(0, &blocks))]);
        let outcomes: Vec<_> = seen.iter().map(|seen| seen.outcome.as_str()).collect();
        assert_eq!(outcomes, ["ok", "invalid index"]);
    }
}

#[test]
fn fragments_make_one_call_and_a_missing_one_is_told() {
    let (request, _) = opnum(3);
    let body = request.arguments(0, &[record(0x0008, 5, 40, 0), vec![0xab; 40]].concat());
    let part = |fragment: u16, flags, bytes: &[u8]| {
        Pdu { fragment, flags, ..Pdu { opnum: 3, ..REQUEST } }.with(bytes)
    };
    let first = part(0, 0x24, &body[..60]);
    let second = part(1, 0x24, &body[60..100]);
    let last = part(2, 0x26, &body[100..]);
    let client = |bytes| (Side::Client, bytes);
    let parts: [&[u8]; 4] = [&first, &second, &second, &last];
    let seen = run(&ENTRY, &parts.map(client));
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].object, "slot 1 subslot 0x0001 index 0x0005");
    assert!(seen[0].values.starts_with("40 bytes: abab") && seen[0].anomalies.is_empty());
    let parts: [&[u8]; 2] = [&first, &last];
    let seen = run(&ENTRY, &parts.map(client));
    assert_eq!(seen[0].anomalies, ["fragment of the call is missing"]);
    assert_eq!(seen[0].intent, plant::Intent::Operate);
    let parts: [&[u8]; 1] = [&last];
    assert_eq!(run(&ENTRY, &parts.map(client))[0].anomalies, ["fragment of the call is missing"]);
}

#[test]
fn a_call_past_the_limit_is_given_up() {
    let part = |fragment: u16, flags| Pdu { fragment, flags, ..REQUEST }.with(&[0; 1400]);
    let mut parts: Vec<_> = (0..48).map(|number| part(number, 0x24)).collect();
    parts.push(part(48, 0x26));
    let parts: Vec<_> = parts.iter().map(|part| (Side::Client, &part[..])).collect();
    let seen = run(&ENTRY, &parts);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].anomalies, ["fragment of the call is missing"]);
}

#[test]
fn faults_and_housekeeping_have_rows() {
    let fault = Pdu { ptype: 3, opnum: 2, ..RESPONSE };
    let seen = only(&fault.with(&0x1c01_0003_u32.to_le_bytes()));
    assert_eq!(seen.line(), "response read [observe] = nca_s_unk_if");
    let of = |ptype| only(&Pdu { ptype, ..REQUEST }.with(&[])).line();
    assert_eq!(of(1), "request ping [session]");
    assert_eq!(of(4), "notice working [session]");
    assert_eq!(of(9), "notice fragment ack [session]");
}

#[test]
fn an_endpoint_lookup_is_answered_with_what_the_device_is() {
    let pdu = Pdu { interface: super::codes::MAPPER, opnum: 2, ..RESPONSE };
    let mut body = vec![0; 20]; // context handle
    for word in [1_u32, 1, 0, 1] {
        body.extend(word.to_le_bytes()); // entries; maximum, offset, count
    }
    body.extend([0; 16 + 4 + 4]); // object, tower, string offset
    body.extend(64_u32.to_le_bytes());
    let columns = ["S-200", "6XX7 155-6AU00-0BN0", "    3", "V", "  4  2  1"];
    for (text, width) in columns.iter().zip([25, 20, 5, 1, 9]) {
        body.extend(format!("{text:width$} ").as_bytes());
    }
    let seen = only(&pdu.with(&body));
    assert_eq!(seen.line(), "response endpoint lookup [observe] = ok");
    assert_eq!(
        seen.facts,
        ["product=S-200", "order_code=6XX7 155-6AU00-0BN0", "hardware=3", "firmware=V   4  2  1"]
    );
    let request = Pdu { interface: super::codes::MAPPER, opnum: 2, ..REQUEST };
    assert_eq!(only(&request.with(&[0; 76])).line(), "request endpoint lookup [observe]");
}

#[test]
fn lengths_that_contradict_are_anomalies() {
    let (request, _) = opnum(2);
    let read = record(0x0009, 0x8001, 64, 0);
    let mut bytes = request.call(0, &read);
    bytes[80 + 19] = 1; // the array's count
    assert_eq!(only(&bytes).anomalies, ["lengths of the arguments contradict"]);
    let mut bytes = request.call(0, &read);
    bytes.push(0);
    assert_eq!(only(&bytes).anomalies, ["bytes follow the end of the message"]);
    let (write, _) = opnum(3);
    let seen = only(&write.call(0, &[record(0x0008, 5, 40, 0), vec![1]].concat()));
    assert_eq!(seen.anomalies, ["block or record passes the arguments"]);
    let mut blocks = connect(1, 0);
    blocks.extend([0x01, 0x03, 0, 99, 1, 0]);
    let seen = only(&REQUEST.call(0, &blocks));
    assert_eq!(seen.anomalies, ["block or record passes the arguments"]);
}

#[test]
fn unlisted_operations_and_interfaces_are_unknown() {
    let (request, _) = opnum(9);
    let seen = only(&request.call(0, &[]));
    assert_eq!((seen.intent, seen.code), (plant::Intent::Unknown, 9));
    let other = Pdu { interface: DEVICE + 1, ..REQUEST };
    assert_eq!(only(&other.call(0, &[])).intent, plant::Intent::Unknown);
}

#[test]
fn every_truncation_is_reported_or_waited_for() {
    let bytes = REQUEST.call(0, &connect(1, 0));
    for end in 1..80 {
        assert!(run(&ENTRY, &[(Side::Client, &bytes[..end])]).is_empty());
    }
    for end in 80..bytes.len() {
        let seen = only(&bytes[..end]);
        assert!(seen.anomalies.contains(&"message is shorter than it announces"), "{end}");
    }
}

#[test]
fn objects_and_interfaces_of_profinet_are_recognised_on_any_port() {
    let on_udp = |bytes: &[u8], hinted| identify(&ENTRY, Transport::Udp, bytes, hinted);
    let request = REQUEST.call(0, &[]);
    assert_eq!(on_udp(&request, false), Guess::Yes(Some(Side::Client)));
    assert_eq!(on_udp(&RESPONSE.call(0, &[]), false), Guess::Yes(Some(Side::Server)));
    assert_eq!(identify(&ENTRY, Transport::Tcp, &request, true), Guess::No);
    let mut foreign = Pdu { interface: super::codes::MAPPER, ..REQUEST }.with(&[]);
    foreign[8..24].fill(0);
    assert_eq!(on_udp(&foreign, false), Guess::No);
    assert_eq!(on_udp(&foreign, true), Guess::Yes(Some(Side::Client)));
    foreign[24..40].fill(0);
    assert_eq!(on_udp(&foreign, true), Guess::No);
    let mut other_version = request;
    other_version[0] = 5;
    assert_eq!(on_udp(&other_version, true), Guess::No);
}

/// A request in one flow, and what follows in others.
fn across(request: &[u8], others: &[&[u8]]) -> Vec<Seen> {
    let mut parts = vec![(&ENTRY, 0, Side::Client, request)];
    for (bytes, flow) in others.iter().zip(1..) {
        parts.push((&ENTRY, flow, Side::Server, *bytes));
    }
    flows(&parts)
}

#[test]
fn an_answer_from_another_port_is_of_its_requests_operation_and_object() {
    let seen = across(&REQUEST.call(0, &connect(6, 0x111)), &[&RESPONSE.call(0xdb81_4003, &[])]);
    let line = "response connect [session] io supervisor ar for device access = cmrpc error";
    assert_eq!(seen[1].line(), line);
    let (request, response) = opnum(4);
    let seen = across(&request.call(0, &control(0x0110)), &[&response.call(0xdd81_4003, &[])]);
    assert!(seen[1].line().starts_with("response control parameter end [session]"));
    let (request, response) = opnum(3);
    let write = [record(0x0008, 0x8071, 2, 0), vec![1, 2]].concat();
    let failed = response.call(0xdf80_b600, &[]);
    // the same number again is a repetition
    let seen = across(&request.call(0, &write), &[&request.call(0, &write), &failed, &failed]);
    let object = "[administer] slot 1 subslot 0x0001 index 0x8071 interface adjust";
    assert_eq!(seen[2].line(), format!("response write {object} = access denied"));
    assert_eq!(seen[3].line(), seen[2].line());
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()), "{seen:?}");
    let fault = Pdu { ptype: 3, opnum: 3, ..RESPONSE }.with(&0x1c01_0003_u32.to_le_bytes());
    let seen = across(&request.call(0, &write), &[&fault]);
    assert_eq!(seen[1].line(), format!("response write {object} = nca_s_unk_if"));
}

#[test]
fn each_record_of_a_multiple_write_that_failed_has_failed() {
    let (request, response) = opnum(3);
    let one = [record(0x0008, 5, 4, 0), vec![1, 2, 3, 0]].concat();
    let count = super::asked::RECORDS_MAX + 3;
    let inner = one.repeat(count);
    let length = u32::try_from(inner.len()).unwrap();
    let blocks = [record(0x0008, 0xe040, length, 0), inner].concat();
    let seen = across(&request.call(0, &blocks), &[&response.call(0xdf80_b600, &[])]);
    assert_eq!(seen.len(), count + super::asked::RECORDS_MAX);
    assert!(seen[count..].iter().all(|seen| seen.outcome == "access denied"));
}

#[test]
fn an_answer_of_another_operation_is_malformed_and_judged_by_the_worse() {
    let (write, _) = opnum(3);
    let (_, read) = opnum(2);
    let asked = write.call(0, &[record(0x0008, 5, 2, 0), vec![1, 2]].concat());
    let seen = across(&asked, &[&read.call(0, &record(0x8009, 5, 0, 0))]);
    assert_eq!(seen[1].intent, plant::Intent::Operate);
    assert_eq!(seen[1].anomalies, ["response is of another operation than its request"]);
}

#[test]
fn a_number_that_another_call_waits_under_is_an_oddity() {
    let (write, wrote) = opnum(3);
    let (read, _) = opnum(2);
    let asked = write.call(0, &[record(0x0008, 5, 2, 0), vec![1, 2]].concat());
    let other = read.call(0, &record(0x0009, 5, 2, 0));
    let seen = across(&asked, &[&other]);
    assert_eq!(seen[1].anomalies, ["call has the number of another that was not answered"]);
    let answer = wrote.call(0, &record(0x8008, 5, 2, 0));
    let seen = across(&asked, &[&answer, &other]);
    assert!(seen.iter().all(|seen| seen.anomalies.is_empty()), "it was answered: {seen:?}");
}

#[test]
fn a_uuid_is_shown_as_people_write_it() {
    assert_eq!(Uuid(DEVICE).to_string(), "dea00001-6c97-11d1-8271-00a02442df7d");
}

#[test]
fn arbitrary_bytes_never_panic() {
    never_panics(&ENTRY, &REQUEST.call(0, &connect(1, 0)));
    let (write, _) = opnum(3);
    let inner = [record(0x0008, 5, 3, 0), vec![1, 2, 3, 0]].concat();
    let blocks = [record(0x0008, 0xe040, 67, 0), inner].concat();
    never_panics(&ENTRY, &write.call(0, &blocks));
    let fragment = Pdu { flags: 0x24, ..REQUEST };
    never_panics(&ENTRY, &fragment.call(0, &blocks));
}
