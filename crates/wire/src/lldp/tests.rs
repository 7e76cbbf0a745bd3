//! LLDP from constant bytes, laid out by hand after IEEE 802.1AB clause 8.

use super::ENTRY;
use crate::testing::{Seen, identify, never_panics, run};
use crate::{Guess, Side, Transport};

fn tlv(kind: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap();
    let head = u16::from(kind) << 9 | length;
    [&head.to_be_bytes(), value].concat()
}

/// Chassis `plc-1`, port `port-001`, both locally assigned, 20 s, then `more` and the end.
fn unit(more: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = [tlv(1, b"\x07plc-1"), tlv(2, b"\x07port-001"), tlv(3, &[0, 20])].concat();
    more.iter().for_each(|tlv| bytes.extend(tlv));
    bytes.extend([0, 0]);
    bytes
}

fn only(bytes: &[u8]) -> Seen {
    let seen = run(&ENTRY, &[(Side::Client, bytes)]);
    assert_eq!(seen.len(), 1);
    seen[0].clone()
}

#[test]
fn an_advertisement_names_port_and_chassis() {
    let seen = only(&unit(&[]));
    assert_eq!(seen.line(), "notice advertisement [session] port-001 of plc-1");
    assert_eq!(seen.values, "ttl 20 s");
    assert!(seen.facts.is_empty() && seen.anomalies.is_empty());
}

#[test]
fn a_profinet_chassis_is_the_station_name() {
    // port status TLV of PROFIBUS & PROFINET International
    let profinet = tlv(127, &[0, 0x0e, 0xcf, 2, 0, 0, 0, 0]);
    assert_eq!(only(&unit(std::slice::from_ref(&profinet))).facts, ["name=plc-1"]);
    let chassis = tlv(1, b"\x07SIMATIC  6ES7 1  V 2");
    let later = [chassis, tlv(2, b"\x07port-001.io-3"), tlv(3, &[0, 20]), profinet].concat();
    assert_eq!(only(&later).facts, ["name=io-3"]);
}

#[test]
fn a_labelled_description_is_taken_apart() {
    let text = b"Acme, RANGE S, CPU-12, 6XX7 212-1, HW: 2, FW: V.2.2.0, S C-1234";
    let facts = only(&unit(&[tlv(5, b"line-plc"), tlv(6, text)])).facts;
    assert_eq!(
        facts,
        [
            "name=line-plc",
            "vendor=Acme",
            "order_code=6XX7 212-1",
            "hardware=2",
            "firmware=V.2.2.0",
            "serial=C-1234",
            "product=CPU-12",
        ]
    );
}

#[test]
fn other_descriptions_are_the_product_or_the_operating_system() {
    assert_eq!(only(&unit(&[tlv(6, b"Switch X208 \0")])).facts, ["product=Switch X208"]);
    let facts = only(&unit(&[tlv(6, b"Debian Linux 6.1")])).facts;
    assert_eq!(facts, ["operating_system=Debian Linux 6.1"]);
}

fn management_address(ip: [u8; 4]) -> Vec<u8> {
    tlv(8, &[&[5, 1], &ip[..], &[2, 0, 0, 0, 1, 0]].concat())
}

#[test]
fn a_management_address_is_a_claim_only_of_the_interface_that_has_it() {
    let address = management_address([192, 0, 2, 7]);
    let seen = only(&unit(std::slice::from_ref(&address)));
    assert_eq!(seen.values, "ttl 20 s, management 192.0.2.7");
    assert!(seen.facts.is_empty());
    // interface MAC TLV of PROFIBUS & PROFINET International
    let interface = tlv(127, &[0, 0x0e, 0xcf, 5, 2, 0, 0, 0, 0, 7]);
    let facts = only(&unit(&[address, management_address([0; 4]), interface])).facts;
    assert_eq!(facts[0], "name=plc-1");
    assert_eq!(facts.len(), 2);
    assert!(facts[1].starts_with("address=Mac(") && facts[1].ends_with("192.0.2.7"));
}

#[test]
fn a_bridge_is_a_network_device_unless_it_is_a_profinet_station() {
    let bridge = tlv(7, &[0, 4, 0, 4]);
    assert_eq!(only(&unit(std::slice::from_ref(&bridge))).facts, ["role=network"]);
    let profinet = tlv(127, &[0, 0x0e, 0xcf, 2, 0, 0, 0, 0]);
    assert_eq!(only(&unit(&[bridge, profinet])).facts, ["name=plc-1"]);
}

#[test]
fn an_inventory_tells_vendor_model_and_serial() {
    let med = |subtype, text: &[u8]| tlv(127, &[&[0, 0x12, 0xbb, subtype], text].concat());
    let seen = only(&unit(&[med(9, b"Acme"), med(10, b"P1"), med(8, b"77")]));
    assert_eq!(seen.facts, ["vendor=Acme", "product=P1", "serial=77"]);
}

#[test]
fn a_time_to_live_of_zero_is_a_shutdown() {
    let bytes = [tlv(1, b"\x07plc-1"), tlv(2, b"\x07p1"), tlv(3, &[0, 0])].concat();
    assert_eq!(only(&bytes).operation, "shutdown");
}

#[test]
fn broken_lengths_and_order_are_told_apart() {
    let mut overrun = unit(&[]);
    overrun.truncate(overrun.len() - 2);
    overrun.extend([0x0a, 200, b'x']); // system name of 200 bytes, 1 at hand
    assert_eq!(only(&overrun).anomalies, ["TLV length passes the end of the frame"]);
    let swapped = [tlv(2, b"\x07p1"), tlv(1, b"\x07plc-1"), tlv(3, &[0, 9])].concat();
    let order = "chassis id, port id and time to live are not the first three TLVs";
    assert_eq!(only(&swapped).anomalies, [order]);
    let repeated = unit(&[tlv(1, b"\x07plc-2")]);
    assert_eq!(only(&repeated).anomalies, ["TLV stands more than once"]);
    assert_eq!(only(&repeated).object, "port-001 of plc-1");
    assert_eq!(only(&unit(&[tlv(7, &[0])])).anomalies, ["TLV is too short for its type"]);
    let cut = tlv(1, b"\x07plc-1");
    assert_eq!(only(&cut).anomalies, ["message is shorter than it announces"]);
}

#[test]
fn mac_and_network_identifiers_are_shown_as_such() {
    let bytes =
        [tlv(1, &[4, 0, 0x0e, 0x8c, 1, 2, 3]), tlv(2, &[4, 1, 192, 0, 2, 9]), tlv(3, &[0, 120])];
    assert_eq!(only(&bytes.concat()).object, "192.0.2.9 of 00:0e:8c:01:02:03");
}

#[test]
fn the_ethertype_and_a_chassis_id_decide() {
    let ether = Transport::Ether(0x88cc);
    assert_eq!(identify(&ENTRY, ether, &unit(&[]), true), Guess::Yes(Some(Side::Client)));
    assert_eq!(identify(&ENTRY, ether, &[4, 1, 7], true), Guess::No);
    assert_eq!(identify(&ENTRY, Transport::Ether(0x0806), &unit(&[]), true), Guess::No);
}

#[test]
fn arbitrary_bytes_never_panic() {
    let text = b"Acme, S7, CPU, 6ES7 1-1, HW: 2, FW: 1";
    never_panics(&ENTRY, &unit(&[tlv(6, text), tlv(8, &[5, 1, 192, 0, 2, 7, 0])]));
}
